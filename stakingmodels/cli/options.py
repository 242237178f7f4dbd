"""Options of commands with few: sets of assumptions, and the catalogue."""

from typing import Any

from stakingmodels.assumptions import NEWEST
from stakingmodels.words import say


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


def add_chosen(command: Any) -> None:
    """Add the options by which rows are chosen from the catalogue."""
    command.add("--products", key="products_or_names", metavar="FILE|NAME,...")
    command.add("--coins", metavar="COIN,...")
    command.add("--rates", metavar="FILE")


def _help(command: Any, key: str, **values: str) -> str:
    """Help of an argument in the language of the command."""
    return say(f"help.{key}", command.language, **values)
