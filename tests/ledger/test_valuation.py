"""What a book's holdings are worth, and what observers are told."""

from types import SimpleNamespace
from typing import Any, cast

import numpy as np

from stakingmodels import Line, Market, Price, TimeGrid
from stakingmodels.ledger.account import Account
from stakingmodels.ledger.observers import Observers

MARKET = Market(TimeGrid.daily("2026-01-01", days=2), {Price("ETH"): np.full((1, 2), 10.0)})


def test_what_is_not_cash_is_added_up_over_all_places(script):
    def look(book, _now):
        book.trade(book.cash, book.account("ETH"), 60.0)
        book.move(book.account("ETH"), book.account("ETH", "staked"), 2.0)
        book.move(book.account("ETH"), book.account("ETH", "queue"), 1.0)
        for paths in (None, np.array([1])):
            found = np.zeros(2 if paths is None else 1)
            book.valuation.add_uncashed(found, paths)
            assert found.tolist() == [60.0] * found.size

    script(MARKET, {-1: look})


def test_observers_are_told_floats():
    told = []
    observers, account = Observers(), cast(Account, SimpleNamespace(units=np.zeros(3)))
    observers.add(lambda *entry: told.append(entry))
    whole: Any = 5
    observers.tell(0, Line.OPERATING, account, whole, None)
    ((_, _, _, units, _),) = told
    assert (units.dtype, units.tolist()) == (np.float64, [5.0] * 3)
