"""Options of commands with few: sets of assumptions, the catalogue, and the check of an offer."""

from typing import Any, get_args

from stakingmodels.analysis.offers.offer import Income
from stakingmodels.assumptions import NEWEST
from stakingmodels.words import say

LEVEL = "0.95"
"""Usual confidence level."""


def add_sets(command: Any) -> None:
    """Add the arguments of ``assumptions``."""
    given = command.group("arguments")
    given.add_argument("action", choices=("list", "show", "diff"), help=_help(command, "assumptions.action"))
    given.add_argument("sets", metavar="SET", nargs="*", help=_help(command, "assumptions.sets", default=NEWEST))
    command.add("--paths", key="assumptions.paths", metavar="N", value="2000")
    command.add("--seed", default="1", metavar="N")
    command.add("--format", choices=("table", "json", "toml"), default="table")


def add_catalogue(command: Any) -> None:
    """Add the arguments of ``catalogue``."""
    text = _help(command, "catalogue.sheet")
    command.group("arguments").add_argument("sheet", metavar="SHEET", nargs="?", help=text)
    command.add("--coin", key="catalogue.coin", metavar="COIN")
    command.add("--with", dest="having", key="catalogue.with", action="append", default=[], metavar="ATTRIBUTE")
    command.add("--as-of", key="catalogue.as_of", metavar="YYYY-MM-DD")
    command.add("--rates", key="rates", metavar="FILE")
    command.add("--format", choices=("table", "json"), default="table")


def add_offer(command: Any) -> None:
    """Add the options of ``check-offer``."""
    add = command.add
    add("--price", key="offer.price", metavar="USD")
    add("--hashrate", key="offer.hashrate", metavar="TH/S")
    add("--stake", key="offer.stake", metavar="COINS")
    add("--coin", key="offer.coin", metavar="COIN")
    add("--income", key="offer.income", choices=get_args(Income))
    add("--term", key="offer.term", metavar="DAYS")
    add("--promised", key="offer.promised", action="append", default=[], metavar="RATE/PERIOD")
    add("--guaranteed", key="offer.guaranteed", action="store_true")
    add("--returned", key="offer.returned", choices=("yes", "no"))
    add("--maintenance", key="offer.maintenance", metavar="USD")
    add("--costs-told", key="offer.costs_told", action="store_true")
    add("--withdrawal-fee", key="offer.withdrawal_fee", metavar="P")
    add("--minimum-withdrawal", key="offer.minimum_withdrawal", metavar="USD")
    add("--referral", key="offer.referral", metavar="P,...")
    add("--tier", key="offer.tier", action="append", default=[], metavar="DEPOSIT:BACK")
    add("--free-hashrate", key="offer.free_hashrate", metavar="TH/S")
    add("--as-of", key="offer.as_of", metavar="YYYY-MM-DD")
    add("--hashprice", key="offer.hashprice", metavar="USD")
    add("--btc", key="offer.btc", metavar="USD")
    add("--machine", key="offer.machine", metavar="USD")
    add("--staking-rate", key="offer.staking_rate", action="append", default=[], metavar="COIN=P")
    add("--format", choices=("table", "json"), default="table")


def add_chosen(command: Any) -> None:
    """Add the options by which rows are chosen from the catalogue."""
    command.add("--products", key="products_or_names", metavar="FILE|NAME,...")
    command.add("--coins", metavar="COIN,...")
    command.add("--rates", metavar="FILE")


def add_solve(command: Any) -> None:
    """Add the options of ``solve`` beside those of a quote."""
    command.add("--of", key="solve.of", metavar="TERM|FACTOR:ASSET", required=True)
    command.add("--target", key="solve.target", metavar="TARGET", required=True)
    _add_search(command)


def add_breakeven(command: Any) -> None:
    """Add the options of ``breakeven`` beside those of a quote."""
    command.add("--of", key="breakeven.of", metavar="price|day|TERM|FACTOR:ASSET", default="price")
    command.add("--against", key="breakeven.against", metavar="GOAL", default="capital")
    _add_search(command)


def _add_search(command: Any) -> None:
    command.add("--between", key="solve.between", metavar="LOW:HIGH")
    command.add("--paths", key="solve.paths", metavar="N")
    command.add("--seed", default="1", metavar="N")
    command.add("--format", choices=("table", "json"), default="table")


def add_reading(command: Any) -> None:
    """Add the options of how results are read."""

    def add(option: str, **more: Any) -> None:
        command.add(option, group="reading", **more)

    add("--confidence-level", value=LEVEL, metavar="P")
    add("--benchmark", metavar="ROW")
    add("--rank", metavar="COLUMN")
    add("--max-es", metavar="P")
    add("--max-days-to-cash", metavar="N")
    add("--min-capital", metavar="MONEY")
    add("--max-infeasible", metavar="P")
    add("--if", dest="views", action="append", default=[], metavar="COIN=CHANGE")


def add_saving(command: Any) -> None:
    """Add the options that keep results in files."""
    for option in ("--save", "--load", "--plot"):
        command.add(option, group="saving", metavar="FILE")
    command.add("--force", group="saving", action="store_true")


def _help(command: Any, key: str, **values: str) -> str:
    """Help of an argument in the language of the command."""
    return say(f"help.{key}", command.language, **values)
