"""Many holders with amounts of their own on one market, beside one run of as many paths."""

from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks import worlds
from benchmarks.timing import Held, limits_table, ratio, take_turns
from stakingmodels.market import EntryWait, Event, ExitWait, Factor, Market
from stakingmodels.tables import Table

HOLDERS = 10_000
LEVELS: dict[Factor, float] = {worlds.ETH: 3000.0, worlds.BTC: 90_000.0, worlds.WORK: 1.5e14}
MOST = 1.2
"""Most that the holders may take, in times of the run of as many paths."""


def report(rounds: int) -> str:
    """Each product: ten thousand holders on one path, and on as many paths, in times of one amount on as many paths."""
    amounts = np.geomspace(100.0, 1e7, HOLDERS)
    rows, held = [], []
    for name, product in worlds.PRODUCTS.items():
        one, many = _given(1), _given(HOLDERS)
        calls: list[Callable[[], object]] = [
            lambda product=product, many=many: product.run(many, capital=worlds.CAPITAL),
            lambda product=product, one=one: product.run(one, capital=amounts),
            lambda product=product, many=many: product.run(many, capital=amounts),
        ]
        base, on_one, on_many = take_turns(calls, rounds=rounds)
        found = ratio(on_one, base), ratio(on_many, base)
        rows.append((name, f"{np.median(base) * 1e3:.0f} ms", *map(str, found)))
        held += [
            Held(f"{name}, {where}", each.median, MOST)
            for where, each in zip(("one path", "paths"), found, strict=True)
        ]
    columns = ("product", "one amount", "holders on one path", "holders on paths")
    return Table("", columns, rows).to_text() + "\n\n" + limits_table("times one amount", held)


def _given(n_paths: int) -> Market:
    """One path of prices, given, so many times; no event occurs."""
    moves = np.random.default_rng(1).normal(0.0, 0.03, (3, worlds.GRID.n_times))
    factors = sorted(frozenset[Factor]().union(*(each.factors for each in worlds.PRODUCTS.values())), key=str)
    series: dict[Factor, Any] = {
        factor: np.repeat(level * np.exp(np.cumsum(move))[:, None], n_paths, axis=1)
        for (factor, level), move in zip(LEVELS.items(), moves, strict=True)
    }
    series |= {factor: False for factor in factors if isinstance(factor, Event)}
    series |= {factor: 10.0 for factor in factors if isinstance(factor, EntryWait | ExitWait)}
    return Market(worlds.GRID, series | {worlds.RATIO: 0.9986} | worlds.CONSTANTS)
