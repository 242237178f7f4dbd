"""Runs of many paths: what is kept, reducers, executors, ways of drawing, and the edges of blocks."""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any

import numpy as np

from stakingmodels import APR, APY, Holding, Market, Product, Results, simulate
from stakingmodels.engine import ControlVariates, Moments, TailRiskReducer, processes
from stakingmodels.market import Factor, TimeGrid
from stakingmodels.scenarios import StationaryBootstrap, reference
from tests.corpus import worlds
from tests.corpus.products import EARN, MINING, POOL, SOLO, TOKEN
from tests.corpus.read import controlled_values, everything, moment_values, outcome_values, results_values, tail_values

WIDE = 8_192

ROWS: dict[str, Product] = {
    "hold": Holding(asset="ETH"),
    "pool": POOL,
    "token": TOKEN,
    "solo": SOLO,
    "earn": EARN,
    "mining": MINING,
    "cash": Holding(asset="USD"),
}
SHORT = TimeGrid.daily("2026-01-01", days=12, settlement_days=8)
MANY = 3 * WIDE + 700  # so many that flows are not all kept unasked
BOTH: dict[str, Product] = {"pool": POOL, "token": TOKEN}

LABEL = {"summary": "lines"}  # the hash was written under this name


def run(**how: Any) -> Results:
    given: dict[str, Any] = {
        "capital": 250_000.0,
        "n_paths": 120,
        "rng": 13,
        "grid": worlds.GRID,
        "products": ROWS,
    } | how
    return simulate(given.pop("products"), given.pop("world", worlds.WORLD), given.pop("grid"), **given)


def kept(keep: str) -> object:
    return results_values(run(keep=keep, grid=SHORT))


def one_market(keep: str) -> object:
    """A market of arrays, through `Product.run`."""
    n = SHORT.n_times
    eth = worlds.walk(8, n, 0.9, 3000.0)
    ratio = worlds.reverting(9, n)
    given: dict[Factor, Any] = {worlds.REWARD: APR(0.03), worlds.EXIT: 4.0, worlds.ENTRY: 1.0, worlds.CASH: APY(0.04)}
    given |= dict.fromkeys((worlds.SLASHING, worlds.EXPLOIT), np.arange(n) == n // 2)
    market = Market(SHORT, {worlds.ETH: eth, worlds.STETH: ratio, **given})
    return [everything(BOTH[name].run(market, capital=1e5, keep=keep)) for name in ("pool", "token")]  # type: ignore[arg-type]


def many(**how: Any) -> object:
    """More paths than a block, few steps."""
    found = run(**({"n_paths": MANY, "grid": SHORT, "products": BOTH, "keep": "totals"} | how))
    return [outcome_values(found[name]) for name in ("pool", "token")]


@contextmanager
def threads() -> Iterator[Executor]:
    with ThreadPoolExecutor(2) as executor:
        yield executor


@contextmanager
def spawned() -> Iterator[Executor]:
    with processes(2) as executor:
        yield executor


def executed(kind: Callable[[], Any]) -> object:
    with kind() as executor:
        return many(executor=executor)


def reduced(n_paths: int, **how: Any) -> object:
    """Every reducer, without outcomes."""
    reducers = {
        "moments": Moments(),
        "tail": TailRiskReducer(n_paths, confidence_level=0.95),
        "controlled": ControlVariates(),
    }
    found = run(n_paths=n_paths, grid=SHORT, products=BOTH, keep="none", reducers=reducers, **how).reduced
    return [
        [
            moment_values(found["moments"][name]),
            tail_values(found["tail"][name]),
            controlled_values(found["controlled"][name]),
        ]
        for name in ("pool", "token")
    ]


def recorded(**how: Any) -> object:
    """All windows of a record, which overlap."""
    held: dict[str, Product] = {"eth": Holding(asset="ETH"), "btc": Holding(asset="BTC", sell_fee=0.001)}
    return results_values(run(products=held, grid=SHORT, rng=1, **how))


def cases() -> dict[str, Callable[[], object]]:
    found: dict[str, Callable[[], object]] = {
        f"run/keep {LABEL.get(keep, keep)}": partial(kept, keep)
        for keep in ("summary", "totals", "flows", "values", "ledger")
    }
    for keep in ("summary", "values", "ledger"):
        found[f"run/arrays/{LABEL.get(keep, keep)}"] = partial(one_market, keep)
    return found | {
        "run/all": lambda: results_values(run()),
        "run/stratified": lambda: results_values(run(event_sampling="stratified")),
        "run/float32": lambda: results_values(run(precision="float32")),
        "run/other seed": lambda: results_values(run(rng=2**70 + 1, grid=SHORT)),
        "run/many": many,
        "run/many/flows": partial(many, keep="flows"),
        "run/many/values": partial(many, keep="values"),
        "run/many/stratified, float32": partial(many, event_sampling="stratified", precision="float32"),
        "run/many/threads": partial(executed, threads),
        "run/many/processes": partial(executed, spawned),
        "run/many/solo, mining": lambda: results_values(
            run(n_paths=WIDE + 33, grid=SHORT, products={"solo": SOLO, "mining": MINING})
        ),
        "run/reduced": partial(reduced, 500),
        "run/reduced/many": partial(reduced, MANY),
        "run/record": partial(recorded, world=worlds.RECORD, n_paths=None),
        "run/bootstrap": partial(recorded, world=StationaryBootstrap(worlds.RECORD, mean_block_days=9.0)),
        "run/left out": lambda: results_values(
            run(products=ROWS, world=worlds.PRICES, on_missing="skip", grid=SHORT, keep="summary")
        ),
        "run/reference, many": lambda: results_values(
            run(
                products=BOTH | {"hold": ROWS["hold"]},
                world=reference(),
                grid=SHORT,
                n_paths=WIDE + 1,
                on_missing="skip",
            )
        ),
    }
