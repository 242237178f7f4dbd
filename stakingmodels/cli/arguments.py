"""Arguments of the command line, and conversion of texts to numbers."""

import argparse
import re
import sys
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Literal, NoReturn

import stakingmodels
from stakingmodels import checks, products, termsheets
from stakingmodels.assumptions import NEWEST
from stakingmodels.capital import Units
from stakingmodels.cli.help import in_words
from stakingmodels.cli.hints import choice_meant, option_meant
from stakingmodels.cli.history import FACTORS, READING
from stakingmodels.cli.options import (
    LEVEL,
    add_breakeven,
    add_catalogue,
    add_chosen,
    add_offer,
    add_reading,
    add_saving,
    add_sets,
    add_solve,
)
from stakingmodels.cli.streams import write
from stakingmodels.cli.usual import Usual
from stakingmodels.engine.simulation import DEFAULT_PATHS, GROUP
from stakingmodels.errors import InputError
from stakingmodels.market.grid import STEPS_LIMIT
from stakingmodels.products import Product
from stakingmodels.rates import APR, APY
from stakingmodels.report.policy import LIMITS
from stakingmodels.report.writing import FORMS
from stakingmodels.scenarios import EXCHANGE_RATES, USD_CASH_RATE
from stakingmodels.words import LANGUAGES, Language, say

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_LIKE_A_FRACTION = 0.2  # US Treasury bills paid 16 % at most; 0.5 is rather half a percent
_COINS = re.compile(r"([-+]?[\d.,_]+(?:[eE][-+]?\d+)?)\s*((?![eE]\d)[A-Za-z][A-Za-z0-9.]*)")
"""Amount and name of a coin."""
_CAPITAL = "100000"
_CAPITAL_HINT = "write 100000, or coins such as 0.5ETH, without separators"
_MULTIPLES = {"k", "m", "mn", "mio", "b", "bn"}
"""Thousands and millions, which are no coins."""
_RATE = re.compile(r"([+-]?(?:\d+(?:\.\d*)?|\.\d+))\s*(%?)\s*(APR|APY)?", re.ASCII | re.IGNORECASE)
_WHOLE = re.compile(r"[+-]?\d{1,60}", re.ASCII)


class _Parser(argparse.ArgumentParser):
    """Parser with errors of one sentence, like those of the library."""

    def error(self, message: str) -> NoReturn:
        near = choice_meant(message)
        hint = f"did you mean {near}?" if near else f"{self.prog} --help lists all options"
        raise InputError(f"{message.removeprefix('argument ')} ({hint})")

    def _print_message(self, message: str, file: object = None) -> None:
        """Write help and version like results, or raise an error if they cannot be written."""
        del file
        write(message.removesuffix("\n"))


class _Command:
    """Parser, with the words of its help in one language."""

    def __init__(self, parser: _Parser, language: Language, *, is_one: bool = True) -> None:
        self.parser = parser
        self.language: Language = language
        self._options = parser.add_argument_group(say("help.options", language))
        self._options.add_argument("-h", "--help", action="help", help=say("help.help", language))
        if is_one:
            self.add_lang(argparse.SUPPRESS)

    def add_lang(self, default: str) -> None:
        """Add the option that chooses the language; the whole line sets the default, not a command."""
        self.add("--lang", choices=LANGUAGES, default=default, languages=LANGUAGES, value="en")

    def add(self, option: str, *, key: str = "", value: str = "", group: str = "", **more: Any) -> None:
        """Add an option whose help is stored under its name, or another `key`; `value` is the default shown."""
        words = {
            name: more.pop(name) for name in ("rate", "factors", "languages", "currencies", "limits") if name in more
        }
        shown = value or str(more.get("default") or "")
        if isinstance(more.get("default"), str) and more["default"] is not argparse.SUPPRESS:
            more["default"] = Usual(more["default"])
        text = say(f"help.{key or option[2:].replace('-', '_')}", self.language, default=shown, **words)
        place = self.group(group) if group else self._options
        place.add_argument(option, help=text.replace("%", "%%"), **more)

    def group(self, key: str) -> Any:
        """Group of options with a title; the same object on each call."""
        title = say(f"help.{key}", self.language)
        known = {group.title: group for group in self.parser._action_groups}  # noqa: SLF001  # there is no other way
        return known[title] if title in known else self.parser.add_argument_group(title)


def _parsers(language: Language) -> tuple[_Parser, Mapping[str, _Parser]]:
    """Parser of the whole line, with the parsers of the commands."""
    parser = _parser(language, "main", prog="stakingmodels")
    whole = _Command(parser, language, is_one=False)
    whole.add_lang("en")
    version = f"stakingmodels {stakingmodels.__version__}"
    whole.add("--version", action="version", version=version)
    places = parser.add_subparsers(dest="command", metavar="COMMAND", title=say("help.commands", language))
    commands = {name: _command(places, language, name, key) for name, key in _KEYS.items()}
    _add_money(commands["compare"], chooses=True)
    _add_draws(commands["compare"])
    add_reading(commands["compare"])
    _add_printing(commands["compare"])
    add_saving(commands["compare"])
    _add_report(commands["report"])
    for name in ("quote", "solve", "breakeven"):
        _add_opening(commands[name])
    _add_format(commands["quote"])
    add_solve(commands["solve"])
    add_breakeven(commands["breakeven"])
    _add_product(commands["products"], "help.list.product", nargs="?")
    commands["products"].add("--products", metavar="FILE")
    _add_assumptions(commands["products"])
    _add_fit(commands["fit"])
    _add_ratecard(commands["ratecard"])
    add_sets(commands["assumptions"])
    add_catalogue(commands["catalogue"])
    add_offer(commands["check-offer"])
    kind = say("help.schema.kind", language)
    commands["schema"].group("arguments").add_argument("kind", metavar="KIND", nargs="?", help=kind)
    return parser, {name: command.parser for name, command in commands.items()}


_FILE_FORM = "FACTOR:ASSET=FILE[#COLUMN]"
_KEYS = {
    "compare": "compare",
    "report": "report",
    "quote": "quote",
    "products": "list",
    "fit": "fit",
    "assumptions": "assumptions",
    "schema": "schema",
    "ratecard": "ratecard",
    "catalogue": "catalogue",
    "check-offer": "offer",
    "solve": "solve",
    "breakeven": "breakeven",
}
"""Keys of the help texts by command."""


def _parser(language: Language, key: str, **more: Any) -> _Parser:
    return _Parser(
        epilog=say(f"help.{key}.examples", language),
        description=say("help.main" if key == "main" else f"help.{key}.about", language),
        formatter_class=in_words(language),
        allow_abbrev=False,
        add_help=False,
        **more,
    )


def _command(places: Any, language: Language, name: str, key: str) -> _Command:
    parser = places.add_parser(
        name,
        help=say(f"help.{key}", language),
        description=say(f"help.{key}.about", language),
        epilog=say(f"help.{key}.examples", language),
        formatter_class=in_words(language),
        allow_abbrev=False,
        add_help=False,
    )
    return _Command(parser, language)


def _add_product(command: _Command, key: str, **more: Any) -> None:
    kinds = tuple(termsheets.KINDS)
    text = say(key, command.language, kinds=kinds)
    command.group("arguments").add_argument("product", metavar="KIND|ROW", help=text, **more)


def _add_opening(command: _Command) -> None:
    """Add a product with its terms, and the market of one day."""
    _add_product(command, "help.quote.product")
    command.add("--set", action="append", default=[], metavar="TERM=VALUE")
    command.add("--market", action="append", default=[], metavar="FACTOR:ASSET=VALUE")
    _add_money(command)
    _add_files(command)
    command.add("--as-of", metavar="YYYY-MM-DD")


def _add_money(command: _Command, *, chooses: bool = False) -> None:
    add = command.add
    add("--capital", value=_CAPITAL, metavar="MONEY")
    _add_currency(command)
    add("--days", default="365", metavar="N")
    add("--settlement-days", default="60", metavar="N")
    add("--cash-rate", metavar="RATE", rate=f"{USD_CASH_RATE.value:.2%}")
    if chooses:
        add_chosen(command)
    else:
        add("--products", metavar="FILE")
    _add_assumptions(command)


def _add_currency(command: _Command) -> None:
    command.add("--currency", metavar="CODE", type=str.upper, currencies=tuple(EXCHANGE_RATES))
    command.add("--exchange-rate", metavar="RATE")


def _add_ratecard(command: _Command) -> None:
    add = command.add
    add("--date", metavar="YYYY-MM-DD")
    add("--valid-days", default="7", metavar="N")
    add("--terms", default="30,90,180,365", metavar="DAYS,...")
    add("--capital", key="ratecard.capital", default="100:1000000", metavar="LOW:HIGH")
    _add_currency(command)
    add("--settlement-days", default="60", metavar="N")
    add("--cash-rate", metavar="RATE", rate=f"{USD_CASH_RATE.value:.2%}")
    add("--products", metavar="FILE")
    _add_assumptions(command)
    add("--rate-kind", choices=("APR", "APY"), default="APR")
    add("--paths", key="ratecard.paths", default="2000", metavar="N")
    add("--seed", default="1", metavar="N")
    add("--out", metavar="FILE")
    add("--force", action="store_true")


def _add_assumptions(command: _Command) -> None:
    command.add("--assumptions", key="assumption_set", metavar="SET", default=NEWEST)


def _add_draws(command: _Command) -> None:
    add = command.add
    add("--paths", metavar="N", value=str(DEFAULT_PATHS))
    add("--seed", default="1", metavar="N")
    add("--sampling", choices=("independent", "quasi"), default="independent", value=str(GROUP))
    _add_files(command)
    add("--levels", choices=("rescaled", "as_recorded"))


def _add_files(command: _Command) -> None:
    """Files of ``--history``, and how they are read."""
    key = "history" if command.parser.prog.endswith(("compare", "report")) else "quote.history"
    command.add("--history", key=key, action="append", default=[], metavar=_FILE_FORM, factors=tuple(FACTORS))
    _add_how_read(command)


def _add_how_read(command: _Command) -> None:
    for option in READING:
        command.add(f"--{option.replace('_', '-')}", action="append", default=[], metavar="[FACTOR:ASSET=]VALUE")
    command.add("--fill", choices=("refuse", "previous"))


def _add_fit(command: _Command) -> None:
    text = say("help.fit.files", command.language, factors=tuple(FACTORS))
    command.group("arguments").add_argument("files", metavar=_FILE_FORM, nargs="+", help=text)
    _add_how_read(command)
    command.add("--first", metavar="YYYY-MM-DD")
    command.add("--last", metavar="YYYY-MM-DD")
    command.add("--jump-threshold", default="4", metavar="N")
    command.add("--ratio-lags", default="30", metavar="N")
    _add_format(command)


def _add_printing(command: _Command) -> None:
    command.add("--verbose", group="reading", action="store_true")
    command.add("--width", group="reading", metavar="N")
    _add_format(command, group="reading")


def _add_report(command: _Command) -> None:
    command.add("--out", key="report.out", metavar="FILE", required=True)
    command.add("--form", choices=FORMS, default="full")
    command.add("--policy", metavar="FILE", limits=tuple(LIMITS))
    command.add("--force", action="store_true")
    command.add("--load", metavar="FILE")
    _add_money(command, chooses=True)
    _add_draws(command)
    add_reading(command)


def _add_format(command: _Command, group: str = "") -> None:
    command.add("--format", choices=("table", "json", "csv"), default="table", group=group)


def _language(argv: Sequence[str]) -> Language:
    """Language requested anywhere in the line; an unknown one is refused later with the other options."""
    said = [f"--lang={after}" if word == "--lang" else word for word, after in pairwise([*argv, ""])]
    found: list[Language] = [language for language in LANGUAGES if f"--lang={language}" in said]
    return found[0] if found else "en"


def _with_values(argv: Sequence[str]) -> list[str]:
    """The line with values such as ``-50%`` joined to their options: alone, they would be taken for options."""
    words: list[str] = []
    for word in argv:
        if words and re.match(r"-[\d.]", word) and re.fullmatch(r"--[a-z]+(?:-[a-z]+)*", words[-1]):
            words[-1] = f"{words[-1]}={word}"
        else:
            words.append(word)
    return words


def arguments_of(argv: Sequence[str] | None) -> argparse.Namespace:
    """Command and its options, as texts."""
    words = _with_values(sys.argv[1:] if argv is None else argv)
    parser, commands = _parsers(_language(words))
    arguments, unknown = parser.parse_known_args(words)
    command = commands.get(arguments.command)
    if unknown:
        options = re.findall(r"--[a-z]+(?:-[a-z]+)*", (parser if command is None else command).format_usage())
        given = unknown[0].partition("=")[0]
        near = option_meant(given, options)
        about = parser if command is None else command
        hint = f"did you mean {near}?" if near else f"{about.prog} --help lists all options"
        if arguments.command == "fit" and given == "--history":
            hint = "files need no option here: stakingmodels fit Price:ETH=eth.csv"
        what = "option" if unknown[0].startswith("-") else "argument"
        raise InputError(f"{checks.show(unknown[0])}: unknown {what} ({hint})")
    if command is None:
        raise InputError("a command is missing; write stakingmodels compare (stakingmodels --help explains it)")
    arguments.words = words  # which a report tells
    return arguments


def number(option: str, text: str, hint: str = "write 100000 or 0.95, without separators or units") -> float:
    """Number in English notation, without separators."""
    if not _NUMBER.fullmatch(text):
        checks.refuse(option, "must be a number", text, hint)
    return float(text)


def whole(option: str, text: str, low: int, high: int) -> int:
    """A whole number in [low, high]."""
    if not _WHOLE.fullmatch(text):
        checks.refuse(option, "must be a whole number", text)
    return checks.integer(option, int(text), low, high)


def cash_rate_of(arguments: argparse.Namespace) -> APR | APY | Literal["assumed"] | None:
    """Risk-free rate of USD; None for 0, "assumed" for that of the assumption set.

    With ``--currency`` the rate given is that of the currency.
    """
    given = None if arguments.currency is not None else arguments.cash_rate
    return "assumed" if given is None else rate("--cash-rate", given)


def rate(option: str, text: str) -> APR | APY | None:
    """Rate from its text, an APY unless given otherwise; None for 0."""
    match = _RATE.fullmatch(text.strip())
    if match is None:
        checks.refuse(option, "must be a rate", text, "write 3.7% or 0.037, an APY, or 3.65%APR")
    digits, percent, kind = match.groups()
    number = float(digits) / (100.0 if percent else 1.0)
    if not -1.0 < number < 1.0:
        hint = "" if percent else f"percent? write {digits}%"
        checks.refuse(option, "must be in (-100%, 100%) a year", text, hint)
    if not percent and abs(number) > _LIKE_A_FRACTION:
        hint = f"write {digits}% or {100.0 * number:g}%"
        checks.refuse(option, f"must have a % sign where it is above {_LIKE_A_FRACTION:g}", text, hint)
    if number == 0.0:
        return None
    return (APR if (kind or "").upper() == "APR" else APY)(number)


def capital_of(text: str) -> float | Units:
    """Capital of ``--capital``: money, or coins such as ``0.5ETH``."""
    match = _COINS.fullmatch(text.strip())
    if match is None or match[2].lower() in _MULTIPLES:
        return checks.capital("--capital", number("--capital", text, _CAPITAL_HINT))
    amount, coin = match.groups()
    return Units(checks.capital("--capital", number("--capital", amount, _CAPITAL_HINT)), coin)


def level_of(arguments: argparse.Namespace) -> float:
    """Confidence level of ``--confidence-level``."""
    given = LEVEL if arguments.confidence_level is None else arguments.confidence_level
    return checks.open_fraction("--confidence-level", number("--confidence-level", given))


def money_of(arguments: argparse.Namespace) -> tuple[float | Units, int, int]:
    """Capital, days until the exit, and days after it."""
    usual = f"{_CAPITAL}USD" if arguments.currency is not None else _CAPITAL  # the same money in any currency
    capital = capital_of(usual if arguments.capital is None else arguments.capital)
    days = whole("--days", arguments.days, 1, STEPS_LIMIT)
    return capital, days, whole("--settlement-days", arguments.settlement_days, 0, STEPS_LIMIT - days)


def rows_of(arguments: argparse.Namespace) -> dict[str, Product]:
    """Reference products with those of a file, which replace rows of the same name or follow the others."""
    currency = getattr(arguments, "currency", None) or "USD"
    rows = products.reference(currency=currency, assumptions=arguments.assumptions)
    return rows if arguments.products is None else rows | termsheets.read_products(arguments.products)
