"""The arguments of the command line: what there is, and how a text becomes a number."""

import argparse
import re
from collections.abc import Mapping, Sequence
from typing import NoReturn

import stakingmodels
from stakingmodels import checks, products, termsheets
from stakingmodels.cli.history import FACTORS, READING
from stakingmodels.cli.streams import write
from stakingmodels.engine.simulation import DEFAULT_PATHS
from stakingmodels.errors import InputError
from stakingmodels.market.grid import STEPS_LIMIT
from stakingmodels.products import Product
from stakingmodels.rates import APR, APY
from stakingmodels.scenarios import USD_CASH_RATE

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_LIKE_A_FRACTION = 0.2  # US Treasury bills paid 16 % at most; 0.5 is rather half a percent
_RATE = re.compile(r"([+-]?(?:\d+(?:\.\d*)?|\.\d+))\s*(%?)\s*(APR|APY)?", re.ASCII | re.IGNORECASE)
_WHOLE = re.compile(r"[+-]?\d{1,60}", re.ASCII)


class _Parser(argparse.ArgumentParser):
    """A parser whose complaints are one sentence, like those of the library."""

    def error(self, message: str) -> NoReturn:
        raise InputError(f"{message.removeprefix('argument ')} ({self.prog} --help lists all options)")

    def _print_message(self, message: str, file: object = None) -> None:
        """Help and version are results too: they are written, or it is said that they cannot be."""
        del file
        write(message.removesuffix("\n"))


def _parsers() -> tuple[_Parser, Mapping[str, _Parser]]:
    """The parser of the whole line, and those of the commands."""
    parser = _Parser(prog="stakingmodels", description=stakingmodels.__doc__, allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"stakingmodels {stakingmodels.__version__}")
    commands = parser.add_subparsers(dest="command", metavar="{compare,quote}", title="commands")
    command = commands.add_parser(
        "compare",
        help="compare holding, four ways of staking, cloud mining and cash",
        description="What the same money becomes when held, staked, put into cloud mining, or kept as cash. "
        "Without --history prices are drawn, from a small built-in world of January 2026.",
        allow_abbrev=False,
    )
    _add_money(command)
    _add_draws(command)
    _add_reading(command)
    quote = commands.add_parser(
        "quote",
        help="show how gross becomes net for one product",
        description="How gross becomes net, line by line, if the built-in world stood still on its first day and "
        "nothing failed.",
        allow_abbrev=False,
    )
    kinds = ", ".join(termsheets.KINDS)
    quote.add_argument("product", metavar="KIND|ROW", help=f"a row of compare or of --products, or one of {kinds}")
    quote.add_argument(
        "--set", action="append", default=[], metavar="FIELD=VALUE", help="a term to change; may be repeated"
    )
    _add_money(quote)
    return parser, {"compare": command, "quote": quote}


def _add_money(command: _Parser) -> None:
    add = command.add_argument
    add("--capital", default="100000", metavar="USD", help="money put into each product (default: %(default)s)")
    add("--days", default="365", metavar="N", help="days until the exit (default: %(default)s)")
    add("--settlement-days", default="60", metavar="N", help="days after it, for exit queues (default: %(default)s)")
    add(
        "--cash-rate",
        metavar="RATE",
        help="what cash in USD earns, and so how prices drift on average in the built-in world: 3.7%% or 0.037, a rate "
        f"that compounds (APY); 3.65%%APR says its kind; 0 for none (default: {_cash_rate()})",
    )
    add("--products", metavar="FILE", help="a TOML file with products of your own; a row of the same name is replaced")


def _add_draws(command: _Parser) -> None:
    add = command.add_argument
    add("--paths", metavar="N", help=f"paths drawn (default: {DEFAULT_PATHS}; with --history all windows)")
    add("--seed", default="1", metavar="N", help="seed of what is drawn (default: %(default)s, the same each time)")
    add(
        "--history",
        action="append",
        default=[],
        metavar="FACTOR:ASSET=FILE[#COLUMN]",
        help="a recorded daily series in a CSV or JSON file, such as Price:ETH=eth.csv; may be repeated. "
        f"Factors: {', '.join(FACTORS)}",
    )
    for option, words in READING.items():
        add(
            f"--{option}", action="append", default=[], metavar="[FACTOR:ASSET=]VALUE", help=f"{words}; may be repeated"
        )
    add("--levels", choices=("rescaled", "as_recorded"), help="how windows open (default: rescaled to the last day)")
    add("--fill", choices=("refuse", "previous"), help="what to do about missing days (default: refuse)")


def _add_reading(command: _Parser) -> None:
    add = command.add_argument_group("how it is read").add_argument
    add("--confidence-level", default="0.95", metavar="P", help="level of VaR, ES, days to cash (default: %(default)s)")
    add("--benchmark", metavar="ROW", help="row that all are compared with (default: holding each one's own coin)")
    add("--rank", metavar="COLUMN", help="best row first by a column (return_mean if only bounds are given)")
    add("--max-es", metavar="P", help="leave out rows with a larger expected shortfall, a fraction of the capital")
    add("--max-days-to-cash", metavar="N", help="leave out rows that are not money after so many days")
    add("--min-capital", metavar="USD", help="money you have, at least --capital: leave out what it cannot open")
    add("--max-infeasible", metavar="P", help="on at most this fraction of the paths (default: 0.05)")
    add("--format", choices=("table", "json", "csv"), default="table", help="(default: %(default)s)")


def arguments_of(argv: Sequence[str] | None) -> argparse.Namespace:
    """The command and its options, as texts."""
    parser, commands = _parsers()
    arguments, unknown = parser.parse_known_args(argv)
    command = commands.get(arguments.command)
    if unknown:
        options = re.findall(r"--[a-z]+(?:-[a-z]+)*", "" if command is None else command.format_help())
        near = checks.nearest(unknown[0].partition("=")[0], options)
        about = parser if command is None else command
        hint = f"did you mean {near}?" if near else f"{about.prog} --help lists all options"
        raise InputError(f"{checks.show(unknown[0])}: is no argument of this command ({hint})")
    if command is None:
        raise InputError("a command is missing; write stakingmodels compare (stakingmodels --help explains it)")
    return arguments


def number(option: str, text: str) -> float:
    """A number as it is written in English, without separators."""
    if not _NUMBER.fullmatch(text):
        checks.refuse(option, "must be a number", text, "write 100000 or 0.95, without separators or units")
    return float(text)


def whole(option: str, text: str, low: int, high: int) -> int:
    """A whole number in [low, high]."""
    if not _WHOLE.fullmatch(text):
        checks.refuse(option, "must be a whole number", text)
    return checks.integer(option, int(text), low, high)


def _cash_rate() -> str:
    return f"{USD_CASH_RATE.value:.2%}% APY, US Treasury bills of 2025-12-31; with --history none"


def cash_rate_of(arguments: argparse.Namespace) -> APR | APY | None:
    """What cash earns; None for nothing."""
    text = arguments.cash_rate
    if text is None:
        return USD_CASH_RATE
    match = _RATE.fullmatch(text.strip())
    if match is None:
        checks.refuse("--cash-rate", "must be a rate", text, "write 3.7% or 0.037, an APY, or 3.65%APR")
    digits, percent, kind = match.groups()
    rate = float(digits) / (100.0 if percent else 1.0)
    if not -1.0 < rate < 1.0:
        hint = "" if percent else f"percent? write {digits}%"
        checks.refuse("--cash-rate", "must be in (-100%, 100%) a year", text, hint)
    if not percent and abs(rate) > _LIKE_A_FRACTION:
        hint = f"write {digits}% or {100.0 * rate:g}%"
        checks.refuse("--cash-rate", f"must have a % sign where it is above {_LIKE_A_FRACTION:g}", text, hint)
    if rate == 0.0:
        return None
    return (APR if (kind or "").upper() == "APR" else APY)(rate)


def money_of(arguments: argparse.Namespace) -> tuple[float, int, int]:
    """Capital, days until the exit, and days after it."""
    capital = checks.capital("--capital", number("--capital", arguments.capital))
    days = whole("--days", arguments.days, 1, STEPS_LIMIT)
    return capital, days, whole("--settlement-days", arguments.settlement_days, 0, STEPS_LIMIT - days)


def rows_of(arguments: argparse.Namespace) -> dict[str, Product]:
    """The reference products, and those of a file, which replace rows of the same name and follow the others."""
    rows = products.reference()
    return rows if arguments.products is None else rows | termsheets.read_products(arguments.products)
