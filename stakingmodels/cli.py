"""The command line: ``stakingmodels compare`` and ``stakingmodels quote``."""

import argparse
import contextlib
import csv
import difflib
import io
import json
import os
import re
import sys
import warnings
from collections.abc import Callable, Generator, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

import attrs

import stakingmodels
from stakingmodels import checks, products, scenarios, termsheets
from stakingmodels.analysis import COLUMNS, Comparison, compare
from stakingmodels.engine import simulate
from stakingmodels.engine.simulation import DEFAULT_PATHS, Progress
from stakingmodels.errors import InputError, StakingModelsError
from stakingmodels.market import (
    BlockFees,
    CashRate,
    Difficulty,
    ExecutionReward,
    Factor,
    Hashrate,
    MarketRatio,
    Price,
    StakingReward,
    TimeGrid,
)
from stakingmodels.market.grid import STEPS_LIMIT
from stakingmodels.products import Product
from stakingmodels.scenarios import REFERENCE_START, Constants, History, Joint, Scenario, Streams
from stakingmodels.scenarios.reference import staking_and_fees

FACTORS: Mapping[str, type[Factor]] = {
    kind.__name__: kind
    for kind in (Price, Difficulty, Hashrate, BlockFees, StakingReward, ExecutionReward, CashRate, MarketRatio)
}
"""What ``--history`` reads from files, by the name written before the colon."""

_INTERRUPTED = 130  # 128 + SIGINT, as shells report it
_BAD_INPUT = 2
_MESSAGE = 400
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d{1,60}", re.ASCII)
_HISTORY = re.compile(r"([^:=]+):([^=]+)=(.+)")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # spreadsheets run what begins so


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    argv
        Arguments without the name of the program; by default those of the process.

    Returns
    -------
    int
        Exit code: 0; 2 for bad input, told in one sentence on the standard error; 130 after Ctrl-C.

    Raises
    ------
    SystemExit
        With code 0, for ``--help`` and ``--version``.
    """
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", UserWarning)
            arguments = _arguments(argv)
            text = _COMMANDS[arguments.command](arguments)
        for sentence in dict.fromkeys(str(warning.message) for warning in caught):
            _tell("warning", sentence)
        _write(text)
    except BrokenPipeError:
        # nobody reads on; what is still buffered must not be written at shutdown
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        return _INTERRUPTED
    except StakingModelsError as error:
        words = str(error).replace('missing="previous"', "--fill previous").replace('column="..."', "FILE#COLUMN")
        return _refuse(words)
    except OSError as error:
        name = "" if error.filename is None else f"{checks.show(str(error.filename))}: "
        return _refuse(f"--history: {name}{(error.strerror or str(error)).lower()}")
    return 0


def _refuse(sentence: str) -> int:
    _tell("error", sentence)
    return _BAD_INPUT


def _tell(kind: str, sentence: str) -> None:
    line = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in sentence)
    print(f"stakingmodels: {kind}: {line[:_MESSAGE]}", file=sys.stderr)


def _write(text: str) -> None:
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a file's name may not fit the terminal's encoding
    print(text, flush=True)


# Arguments


class _Parser(argparse.ArgumentParser):
    """A parser whose complaints are one sentence, like those of the library."""

    def error(self, message: str) -> NoReturn:
        raise InputError(f"{message.removeprefix('argument ')} ({self.prog} --help lists all options)")


def _parsers() -> tuple[_Parser, Mapping[str, _Parser]]:
    """The parser of the whole line, and those of the commands."""
    parser = _Parser(prog="stakingmodels", description=stakingmodels.__doc__, allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"stakingmodels {stakingmodels.__version__}")
    commands = parser.add_subparsers(dest="command", metavar="{compare,quote}", title="commands")
    command = commands.add_parser(
        "compare",
        help="compare holding, four ways of staking, cloud mining and cash",
        description="What the same money becomes when held, staked, put into cloud mining, or kept as cash. "
        "Without --history prices are drawn, from a small built-in world of November 2025.",
        allow_abbrev=False,
    )
    _add_money(command)
    _add_draws(command)
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
    add("--tail", default="60", metavar="N", help="days after it, for exit queues (default: %(default)s)")
    add("--products", metavar="FILE", help="a TOML file with products of your own; a row of the same name is replaced")


def _add_draws(command: _Parser) -> None:
    add = command.add_argument
    add("--paths", metavar="N", help=f"paths drawn (default: {DEFAULT_PATHS}; with --history all windows)")
    add("--seed", default="1", metavar="N", help="seed of what is drawn (default: %(default)s, the same each time)")
    add("--level", default="0.95", metavar="P", help="level of VaR, ES, days to cash (default: %(default)s)")
    add(
        "--history",
        action="append",
        default=[],
        metavar="FACTOR:ASSET=FILE[#COLUMN]",
        help="a recorded daily series in a CSV file, such as Price:ETH=eth.csv; may be repeated. "
        f"Factors: {', '.join(FACTORS)}",
    )
    add("--levels", choices=("rescaled", "as_recorded"), help="how windows open (default: rescaled to the last day)")
    add("--fill", choices=("refuse", "previous"), help="what to do about missing days (default: refuse)")
    add("--format", choices=("table", "json", "csv"), default="table", help="(default: %(default)s)")


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser, commands = _parsers()
    arguments, unknown = parser.parse_known_args(argv)
    command = commands.get(arguments.command)
    if unknown:
        options = re.findall(r"--[a-z]+", "" if command is None else command.format_help())
        near = difflib.get_close_matches(unknown[0].partition("=")[0], options, n=1)
        about = parser if command is None else command
        hint = f"did you mean {near[0]}?" if near else f"{about.prog} --help lists all options"
        raise InputError(f"{checks.show(unknown[0])}: is no argument of this command ({hint})")
    if command is None:
        raise InputError("a command is missing; write stakingmodels compare (stakingmodels --help explains it)")
    return arguments


def _number(option: str, text: str) -> float:
    if not _NUMBER.fullmatch(text):
        checks.refuse(option, "must be a number", text, "write 100000 or 0.95, without separators or units")
    return float(text)


def _whole(option: str, text: str, low: int, high: int) -> int:
    if not _WHOLE.fullmatch(text):
        checks.refuse(option, "must be a whole number", text)
    return checks.integer(option, int(text), low, high)


def _money(arguments: argparse.Namespace) -> tuple[float, int, int]:
    """Capital, days until the exit, and days after it."""
    capital = checks.positive("--capital", _number("--capital", arguments.capital))
    days = _whole("--days", arguments.days, 1, STEPS_LIMIT)
    return capital, days, _whole("--tail", arguments.tail, 0, STEPS_LIMIT - days)


def _rows(arguments: argparse.Namespace) -> dict[str, Product]:
    """The reference products, and those of a file, which replace rows of the same name and follow the others."""
    rows = products.reference()
    return rows if arguments.products is None else rows | termsheets.read_products(arguments.products)


# The comparison


def _compare(arguments: argparse.Namespace) -> str:
    capital, days, tail = _money(arguments)
    level = checks.open_fraction("--level", _number("--level", arguments.level))
    seed = _whole("--seed", arguments.seed, 0, 2**128 - 1)
    paths = None if arguments.paths is None else _whole("--paths", arguments.paths, 1, checks.PATHS_LIMIT)
    rows = _rows(arguments)
    world, grid = _recorded(arguments, rows, days, tail) if arguments.history else _built_in(arguments, days, tail)
    with _progress() as progress:
        results = simulate(rows, world, grid, capital=capital, paths=paths, rng=seed, progress=progress, leave_out=True)
    comparison = compare(results, level=level)
    told = _how_to_give if arguments.history else _not_built_in
    left_out = {name: told(world.missing(rows[name].factors)) for name in comparison.left_out}
    return _FORMATS[arguments.format](attrs.evolve(comparison, left_out=left_out))


def _built_in(arguments: argparse.Namespace, days: int, tail: int) -> tuple[Scenario, TimeGrid]:
    for option in ("levels", "fill"):
        if getattr(arguments, option) is not None:
            raise InputError(f"--{option}: only goes with --history; without it nothing is read from files")
    return scenarios.reference(), TimeGrid.daily(REFERENCE_START, days=days, tail=tail)


def _recorded(
    arguments: argparse.Namespace, rows: Mapping[str, Product], days: int, tail: int
) -> tuple[Scenario, TimeGrid]:
    if arguments.paths is not None:
        raise InputError("--paths: with --history every window of the files is a path; leave --paths out")
    sources = _sources(arguments.history, rows)
    history = History(sources, levels=arguments.levels or "rescaled", missing=arguments.fill or "refuse")
    constants = {factor: value for factor, value in staking_and_fees().items() if factor not in history.gives}
    world = Joint([history, Constants(constants)]) if constants else history
    if all(product.asset == world.numeraire for product in _runnable(rows, world)):
        raise InputError("--history: no product can be run with these files; give a price, such as Price:ETH=FILE")
    return world, history.grid(days=days, tail=tail)


def _runnable(rows: Mapping[str, Product], world: Scenario) -> list[Product]:
    return [product for product in rows.values() if not world.missing(product.factors)]


def _sources(given: Sequence[str], rows: Mapping[str, Product]) -> dict[Factor, Any]:
    """Factor -> file, or file and column, of every ``--history``."""
    sources: dict[Factor, Any] = {}
    read = {CashRate("USD"), *(factor for product in rows.values() for factor in product.factors)}
    for text in given:
        factor, source = _source(text)
        if factor in sources:
            checks.refuse("--history", f"must give each factor once; {_option(factor)} is there twice", text)
        needed = Difficulty(factor.name) if isinstance(factor, Hashrate) else factor
        if needed not in read:
            alike = [f.name for f in read if type(f) is type(needed) and f.name.casefold() == factor.name.casefold()]
            if alike:
                checks.refuse("--history", "no product reads this asset", text, f"did you mean {alike[0]}?")
            warnings.warn(f"--history {_option(factor)}: no product of this comparison reads it", stacklevel=2)
        sources[factor] = source
    return sources


def _source(text: str) -> tuple[Factor, object]:
    match = _HISTORY.fullmatch(text)
    if match is None:
        checks.refuse("--history", "must be written FACTOR:ASSET=FILE", text, "such as Price:ETH=eth.csv")
    kind, asset, target = match.groups()
    if kind not in FACTORS:
        rule = "must begin with one of " + ", ".join(FACTORS)
        checks.refuse("--history", rule, kind, checks.nearest_hint(kind, FACTORS))
    file, mark, column = target.rpartition("#")
    with_column = bool(mark) and not Path(target).exists()
    return FACTORS[kind](asset), (file, column) if with_column else target


def _option(factor: Factor) -> str:
    return f"{type(factor).__name__}:{factor.name}"


def _how_to_give(missing: frozenset[Factor]) -> str:
    """Why a product was left out, in the words of the command line."""
    options = []
    for factor in sorted(missing, key=repr):
        option = f"--history {_option(factor)}=FILE"
        if isinstance(factor, Difficulty):
            option += f" (or {_option(Hashrate(factor.name))}=FILE)"
        options.append(option)
    return f"needs {' and '.join(options)}"


def _not_built_in(missing: frozenset[Factor]) -> str:
    return f"needs {' and '.join(sorted(map(str, missing)))}, not in the built-in world"


# The quote


def _quote(arguments: argparse.Namespace) -> str:
    capital, days, tail = _money(arguments)
    product = _quoted(arguments)
    world, grid = scenarios.reference(), TimeGrid.daily(REFERENCE_START, days=days, tail=tail)
    missing = world.missing(product.factors)
    if missing:
        raise InputError(f"{checks.show(arguments.product)}: {_not_built_in(missing)}")
    market = world.market(grid, product.factors, streams=Streams(0), paths=1)  # a quote sees only its opening
    return str(product.quote(market, capital=capital))


def _quoted(arguments: argparse.Namespace) -> Product:
    """The product asked for by the name of its row or kind, with the terms that were set."""
    name, rows = arguments.product, _rows(arguments)
    terms: dict[str, object] = {}
    for text in arguments.set:
        field, mark, value = text.partition("=")
        if not mark:
            checks.refuse("--set", "must be written FIELD=VALUE", text, "such as commission=0.15")
        terms[field.strip()] = termsheets.read_value(value.strip())
    if name in rows:
        return termsheets.changed("--set", rows[name], terms)
    if name in termsheets.KINDS:
        return termsheets.product_of("--set", name, terms)
    names = (*rows, *termsheets.KINDS)
    return checks.refuse("quote", "must be one of " + ", ".join(names), name, checks.nearest_hint(name, names))


# What is printed


def _csv(comparison: Comparison) -> str:
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(COLUMNS)
    for row in comparison.to_dict()["rows"]:
        table.writerow([_cell(row[column]) for column in COLUMNS])
    return text.getvalue().rstrip("\n")


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _json(comparison: Comparison) -> str:
    return json.dumps(comparison.to_dict(), indent=2, allow_nan=False)


_FORMATS: Mapping[str, Callable[[Comparison], str]] = {"table": str, "json": _json, "csv": _csv}


@contextlib.contextmanager
def _progress() -> Generator[Progress | None]:
    """What `simulate` reports to: a bar or a line where a person watches, else nothing."""
    if not sys.stderr.isatty():
        yield None
        return
    try:
        from rich.console import Console
        from rich.progress import Progress as Bar
    except ImportError:
        try:
            yield _line
        finally:
            print(file=sys.stderr)
        return
    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("simulate", total=None)

        def advance(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield advance


def _line(done: int, total: int) -> None:
    print(f"\rsimulate: block {done} of {total}", end="", file=sys.stderr, flush=True)


_COMMANDS: Mapping[str, Callable[[argparse.Namespace], str]] = {"compare": _compare, "quote": _quote}
