"""The sides of the main comparison: what the library is asked to do, and the kernels that do the same or less."""

from collections.abc import Callable
from typing import Any, NamedTuple

import attrs
import numpy as np

from benchmarks import draws, fused, kernels_exchange, kernels_mining, kernels_pool, kernels_solo, kernels_token, worlds
from benchmarks.draws import MOST_STRIKES
from benchmarks.kernels_common import (
    CUSTODIAN,
    EXPLOIT,
    N_EVENTS,
    PROPOSALS,
    PROVIDER,
    SEATS,
    SLASHING,
    SOLO,
    FloatArray,
    IntArray,
)
from benchmarks.terms import kernel_world
from stakingmodels.engine.simulation import GROUP
from stakingmodels.market import Factor, Market
from stakingmodels.scenarios import Streams

STEPS = worlds.GRID.n_steps
Call = Callable[[], object]


@attrs.frozen
class Kernel:
    """How a product is run by numba: with its ledger, its results, without, and what its paths are drawn with."""

    book: Callable[..., Any]
    sums: type[NamedTuple]
    fused: Callable[..., Any]
    draw: Callable[..., None]
    events: tuple[int, ...]


KERNELS = {
    worlds.SOLO: Kernel(kernels_solo.solo, kernels_solo.SoloSums, fused.solo, draws.draw_eth, (SOLO, PROPOSALS, SEATS)),
    worlds.POOL: Kernel(kernels_pool.stake, kernels_pool.PoolSums, fused.stake, draws.draw_eth, (SLASHING,)),
    worlds.TOKEN: Kernel(
        kernels_token.liquid, kernels_token.TokenSums, fused.liquid, draws.draw_token, (SLASHING, EXPLOIT)
    ),
    worlds.EXCHANGE: Kernel(
        kernels_exchange.entrust, kernels_exchange.ExchangeSums, fused.entrust, draws.draw_eth, (CUSTODIAN,)
    ),
    worlds.MINE: Kernel(kernels_mining.mine, kernels_mining.MiningSums, fused.mine, draws.draw_mining, (PROVIDER,)),
}


@attrs.frozen(eq=False)
class Given:
    """The same paths for both sides.

    Attributes
    ----------
    market
        For the library.
    rows, strikes
        For the kernels: (path, level, time), and (path, event, number) as steps. There are no blocks or seats by luck,
        since a market that is given has none.
    hard
        Whether the paths are of the hard world, and the products those of hard times.
    """

    market: Market
    rows: FloatArray
    strikes: IntArray
    hard: bool


def generator() -> np.random.Generator:
    """The generator of the kernels' paths, of the library's kind."""
    return np.random.Generator(np.random.SFC64(worlds.SEED))


def given_paths(paths: int, *, hard: bool = False) -> Given:
    """Paths drawn by numba, in the shapes that each side reads."""
    rows = np.empty((paths, len(worlds.LEVELS), STEPS + 1))
    strikes = np.empty((paths, N_EVENTS, MOST_STRIKES), dtype=np.int64)
    draws.fill(generator(), kernel_world(hard=hard), rows, strikes)
    strikes[:, [PROPOSALS, SEATS]] = STEPS
    series: dict[Factor, Any] = {f: np.ascontiguousarray(rows[:, i].T) for i, f in enumerate(worlds.LEVELS)}
    series |= worlds.CONSTANTS
    for row, event in enumerate(worlds.EVENTS):
        happens = np.zeros((STEPS + 1, paths), dtype=np.bool_)
        for path in range(paths):
            steps = strikes[path, row]
            happens[steps[: np.argmax(steps == STEPS)], path] = True
        series[event] = happens
    return Given(Market(worlds.GRID, series), rows, strikes, hard)


def draw_levels(paths: int, noise: str) -> None:
    """Let the library draw all levels of its world, block by block, and do nothing with them."""
    scenario, factors = worlds.scenario_of(worlds.LEVELS), frozenset(worlds.LEVELS)
    for block in range(paths // GROUP):
        streams = Streams(worlds.SEED, first_path=GROUP * block, precision=noise)
        for _ in scenario.market(worlds.GRID, factors, streams=streams, n_paths=GROUP).chunks():
            pass
