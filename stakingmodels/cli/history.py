"""``--history``: recorded series instead of drawn ones."""

import argparse
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from stakingmodels import checks
from stakingmodels.errors import InputError
from stakingmodels.market import (
    BlockFees,
    CashRate,
    Difficulty,
    EntryWait,
    ExecutionReward,
    ExitWait,
    Factor,
    Hashrate,
    MarketRatio,
    PowerPrice,
    Price,
    StakingReward,
    TimeGrid,
)
from stakingmodels.products import Product
from stakingmodels.rates import APR, APY
from stakingmodels.scenarios import Constants, DailyFile, History, Joint, Scenario
from stakingmodels.scenarios.reference import queue_waits, staking_and_fees
from stakingmodels.words import Note

FACTORS: Mapping[str, type[Factor]] = {
    kind.__name__: kind
    for kind in (
        Price,
        Difficulty,
        Hashrate,
        BlockFees,
        StakingReward,
        ExecutionReward,
        CashRate,
        MarketRatio,
        PowerPrice,
        EntryWait,
        ExitWait,
    )
}
"""Factors that ``--history`` reads from files, by the name before the colon."""

READING = ("shift", "unit", "rate_type", "dates")
"""Options of a file of ``--history``."""

_SHIFT = re.compile(r"[+-]?\d{1,4}", re.ASCII)
_HISTORY = re.compile(r"([^:=]+):([^=]+)=(.+)")


def recorded(
    arguments: argparse.Namespace,
    rows: Mapping[str, Product],
    days: int,
    tail: int,
    cash_rate: object,
    *,
    complete: Callable[[Scenario], Scenario] | None = None,
) -> tuple[Scenario, TimeGrid]:
    """Scenario of the files given, completed by the built-in scenario and by a function, and its windows.

    Cash earns nothing on recorded paths unless `--cash-rate` or a file gives a rate: the built-in rate is of one day.
    """
    if arguments.paths is not None:
        raise InputError("--paths: with --history every window of the files is a path; leave --paths out")
    read = read_by(rows.values(), arguments.currency)
    sources = sources_of(arguments.history, arguments, read=read, of="this comparison")
    history = History(sources, window_levels=arguments.levels or "rescaled", missing_days=arguments.fill or "refuse")
    constants: dict[Factor, float | APR | APY] = {
        f: x for f, x in staking_and_fees().items() if f not in history.factors
    }
    if arguments.cash_rate is not None and arguments.currency is None:
        if CashRate("USD") in history.factors:
            raise InputError("--cash-rate: is also a file of --history; leave one of them out")
        if isinstance(cash_rate, (APR, APY)):
            constants[CashRate("USD")] = cash_rate
    waits = queue_waits()
    more = [*([Constants(constants)] if constants else []), *([] if waits.factors <= history.factors else [waits])]
    world: Scenario = Joint([history, *more]) if more else history
    world = world if complete is None else complete(world)
    if all(product.asset == world.numeraire for product in _runnable(rows, world)):
        raise InputError("--history: no product can be run with these files; give a price, such as Price:ETH=FILE")
    return world, history.grid(days=days, settlement_days=tail)


def _runnable(rows: Mapping[str, Product], world: Scenario) -> list[Product]:
    return [product for product in rows.values() if not world.missing(product.factors)]


def read_by(products: Iterable[Product], currency: str | None) -> frozenset[Factor]:
    """Factors that these products read, with those that turn their money into a currency."""
    read = {CashRate(currency or "USD"), *(factor for product in products for factor in product.factors)}
    if currency is not None:
        read |= {Price("USD"), Price(currency)}  # the exchange rate, either way round
    return frozenset(read)


def sources_of(
    given: Sequence[str],
    arguments: argparse.Namespace,
    *,
    read: frozenset[Factor] | None = None,
    of: str = "",
    option: str = "--history",
) -> dict[Factor, DailyFile]:
    """Files with their options by factor, from every FACTOR:ASSET=FILE.

    Parameters
    ----------
    read
        Factors that are read; what is not among them is warned of. None where all are.
    of
        Who reads them, in that warning.
    option
        Beginning of messages.
    """
    sources: dict[Factor, DailyFile] = {}
    options = _options_of(arguments)
    for text in given:
        factor, path, column = _source(option, text)
        if factor in sources:
            checks.refuse(option, f"must give each factor once; {option_of(factor)} is there twice", text)
        if read is not None:
            _check_read(option, text, factor, read, of)
        said = {
            name: by_file[key] for name, by_file in options.items() for key in ("", option_of(factor)) if key in by_file
        }
        sources[factor] = DailyFile(path, column=column, **said)
    for name, by_file in options.items():
        for key in by_file.keys() - {"", *map(option_of, sources)}:
            checks.refuse(f"--{name.replace('_', '-')}", f"must name a series that {option} gives", key)
    return sources


def _check_read(option: str, text: str, factor: Factor, read: frozenset[Factor], of: str) -> None:
    """Refuse an asset in another case than a product reads it in; warn of a factor that none reads."""
    needed = Difficulty(factor.name) if isinstance(factor, Hashrate) else factor
    if needed not in read:
        alike = [f.name for f in read if type(f) is type(needed) and f.name.casefold() == factor.name.casefold()]
        if alike:
            checks.refuse(option, "no product reads this asset", text, f"did you mean {alike[0]}?")
        checks.warn(f"{option} {option_of(factor)}: no product of {of} reads it")


def _source(option: str, text: str) -> tuple[Factor, str, str | None]:
    factor, target = split_factor(option, text)
    file, mark, column = target.rpartition("#")
    with_column = bool(mark) and not Path(target).exists()
    return factor, file if with_column else target, column if with_column else None


def split_factor(option: str, text: str) -> tuple[Factor, str]:
    """Factor, and the text after the equals sign."""
    match = _HISTORY.fullmatch(text)
    if match is None:
        what, example = ("VALUE", "Price:ETH=3000") if option == "--market" else ("FILE", "Price:ETH=eth.csv")
        checks.refuse(option, f"must be written FACTOR:ASSET={what}", text, f"such as {example}")
    kind, asset, target = match.groups()
    if kind not in FACTORS:
        rule = "must begin with one of " + ", ".join(FACTORS)
        checks.refuse(option, rule, kind, checks.nearest_hint(kind, FACTORS))
    return FACTORS[kind](asset), target


def _options_of(arguments: argparse.Namespace) -> dict[str, dict[str, Any]]:
    """Values of the options of `DailyFile`, by option and FACTOR:ASSET; an empty name is for all files."""
    found: dict[str, dict[str, Any]] = {}
    for name in READING:
        for text in getattr(arguments, name):
            key, _, value = text.rpartition("=")
            if key in found.setdefault(name, {}):
                checks.refuse(f"--{name.replace('_', '-')}", "must be given once for each series", text)
            if name == "shift" and not _SHIFT.fullmatch(value):
                checks.refuse("--shift", "must be a whole number of days", text, "such as -1 or Price:ETH=-1")
            found[name][key] = int(value) if name == "shift" else value
    return found


def readings(history: History) -> tuple[str, ...]:
    """Notes on the reading of each file whose dates, column or unit were not plain."""
    read = (series for series in history.series.values() if series.remarks)
    return tuple(Note("note.read_as", record=series.name, remarks=series.remarks) for series in read)


def refuse_alone(arguments: argparse.Namespace, options: Iterable[str]) -> None:
    """Refuse options that say how files are read where none is given."""
    for option in (*options, "fill", *READING):
        if getattr(arguments, option):
            raise InputError(
                f"--{option.replace('_', '-')}: only goes with --history; without it nothing is read from files"
            )


def option_of(factor: Factor) -> str:
    """Factor in the form of the options."""
    return f"{type(factor).__name__}:{factor.name}"


def how_to_give(missing: frozenset[Factor]) -> str:
    """Reason for leaving out a product, in the words of the command line."""
    options = []
    for factor in sorted(missing, key=str):
        option = f"--history {option_of(factor)}=FILE"
        if isinstance(factor, Difficulty):
            option = Note("skipped.option_or", option=option, other=f"{option_of(Hashrate(factor.name))}=FILE")
        options.append(option)
    return Note("skipped.history", options=tuple(options))
