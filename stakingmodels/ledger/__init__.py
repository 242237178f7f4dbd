"""Records of what happened to a product: accounts, lines, books and outcomes."""

from stakingmodels.display import displays
from stakingmodels.ledger.account import Account
from stakingmodels.ledger.book import Book
from stakingmodels.ledger.cashflows import CashFlow, CashFlows
from stakingmodels.ledger.lines import Group, Line
from stakingmodels.ledger.outcome import Outcome
from stakingmodels.ledger.queue import Queue
from stakingmodels.ledger.record import Entry
from stakingmodels.ledger.risk import Risk
from stakingmodels.ledger.yields import Yields
from stakingmodels.numerics import entrances

__all__ = [
    "Account",
    "Book",
    "CashFlow",
    "CashFlows",
    "Entry",
    "Group",
    "Line",
    "Outcome",
    "Queue",
    "Risk",
    "Yields",
]

displays(__name__)
entrances(__name__, inside=("Account", "Book", "Queue"))
