"""``--history``: recorded series instead of drawn ones."""

import argparse
import re
import warnings
from collections.abc import Mapping, Sequence
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
    Price,
    StakingReward,
    TimeGrid,
)
from stakingmodels.products import Product
from stakingmodels.rates import APR, APY
from stakingmodels.scenarios import Constants, History, Joint, Scenario
from stakingmodels.scenarios.reference import queue_waits, staking_and_fees

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
        EntryWait,
        ExitWait,
    )
}
"""What ``--history`` reads from files, by the name written before the colon."""

_HISTORY = re.compile(r"([^:=]+):([^=]+)=(.+)")


def recorded(
    arguments: argparse.Namespace, rows: Mapping[str, Product], days: int, tail: int, cash_rate: APR | APY | None
) -> tuple[Scenario, TimeGrid]:
    """The world of the files that were given, filled up with what the built-in world has else, and its windows.

    Cash earns nothing on recorded paths but what `--cash-rate` or a file says: the built-in rate is of one day.
    """
    if arguments.paths is not None:
        raise InputError("--paths: with --history every window of the files is a path; leave --paths out")
    sources = _sources(arguments.history, rows)
    history = History(sources, levels=arguments.levels or "rescaled", missing=arguments.fill or "refuse")
    constants: dict[Factor, object] = {f: x for f, x in staking_and_fees().items() if f not in history.gives}
    if arguments.cash_rate is not None:
        if CashRate("USD") in history.gives:
            raise InputError("--cash-rate: is also a file of --history; leave one of them out")
        if cash_rate is not None:
            constants[CashRate("USD")] = cash_rate
    waits = queue_waits()
    more = [*([Constants(constants)] if constants else []), *([] if waits.gives <= history.gives else [waits])]
    world = Joint([history, *more]) if more else history
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


def how_to_give(missing: frozenset[Factor]) -> str:
    """Why a product was left out, in the words of the command line."""
    options = []
    for factor in sorted(missing, key=repr):
        option = f"--history {_option(factor)}=FILE"
        if isinstance(factor, Difficulty):
            option += f" (or {_option(Hashrate(factor.name))}=FILE)"
        options.append(option)
    return f"needs {' and '.join(options)}"
