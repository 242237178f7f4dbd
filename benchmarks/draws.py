"""Kernels that draw the paths of a world, one path at a time, and run products on them."""

import functools
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.kernels import (
    BTC,
    ETH,
    WORK,
    FloatArray,
    HoldingTerms,
    IntArray,
    MiningTerms,
    PoolTerms,
    World,
    compiled,
    hold,
    mine,
    stake,
)

MOST_STRIKES = 32
"""Strikes of one event on one path that there is room for; hazards are far below one a year."""


@compiled
def draw_eth(rng: np.random.Generator, world: World, rows: FloatArray) -> None:
    eth = world.start[ETH]
    rows[ETH, 0] = eth
    for k in range(rows.shape[1] - 1):
        eth *= math.exp(world.scale[ETH] * rng.standard_normal() + world.drift[ETH])
        rows[ETH, k + 1] = eth


@compiled
def draw_btc(rng: np.random.Generator, world: World, rows: FloatArray) -> None:
    btc = world.start[BTC]
    rows[BTC, 0] = btc
    for k in range(rows.shape[1] - 1):
        btc *= math.exp(world.scale[BTC] * rng.standard_normal() + world.drift[BTC])
        rows[BTC, k + 1] = btc


@compiled
def draw_mining(rng: np.random.Generator, world: World, rows: FloatArray) -> None:
    btc, work = world.start[BTC], world.start[WORK]
    rows[BTC, 0], rows[WORK, 0] = btc, work
    for k in range(rows.shape[1] - 1):
        btc *= math.exp(world.scale[BTC] * rng.standard_normal() + world.drift[BTC])
        work *= math.exp(world.scale[WORK] * rng.standard_normal() + world.drift[WORK])
        rows[BTC, k + 1], rows[WORK, k + 1] = btc, work


@compiled
def draw_all(rng: np.random.Generator, world: World, rows: FloatArray) -> None:
    eth, btc, work = world.start[ETH], world.start[BTC], world.start[WORK]
    rows[ETH, 0], rows[BTC, 0], rows[WORK, 0] = eth, btc, work
    rest = math.sqrt(1.0 - world.rho * world.rho)
    for k in range(rows.shape[1] - 1):
        first = rng.standard_normal()
        second = world.rho * first + rest * rng.standard_normal()
        eth *= math.exp(world.scale[ETH] * first + world.drift[ETH])
        btc *= math.exp(world.scale[BTC] * second + world.drift[BTC])
        work *= math.exp(world.scale[WORK] * rng.standard_normal() + world.drift[WORK])
        rows[ETH, k + 1], rows[BTC, k + 1], rows[WORK, k + 1] = eth, btc, work


@compiled
def draw_strikes(rng: np.random.Generator, hazard: float, n_steps: int, strikes: IntArray) -> None:
    """Steps in which an event strikes, each once, in order; then `n_steps`."""
    count = 0
    at = rng.standard_exponential() / hazard
    while at < n_steps and count < MOST_STRIKES - 1:
        step = int(at)
        if count == 0 or strikes[count - 1] != step:
            strikes[count] = step
            count += 1
        at += rng.standard_exponential() / hazard
    strikes[count] = n_steps


@compiled
def keep(results: Any, path: int, sums: FloatArray) -> None:
    for i in range(len(results)):
        sums[i, path] = results[i]


@compiled
def fill(rng: np.random.Generator, world: World, rows: FloatArray, strikes: IntArray) -> None:
    """Draw whole paths, for both sides of a comparison: (path, level, time) and (path, event, number)."""
    for path in range(rows.shape[0]):
        draw_all(rng, world, rows[path])
        for event in range(2):
            draw_strikes(rng, world.hazard[event], rows.shape[2] - 1, strikes[path, event])


@compiled
def worlds(rng: np.random.Generator, world: World, n_steps: int, last: FloatArray) -> None:
    """Draw three levels on every path, and keep the last of each."""
    rows = np.empty((3, n_steps + 1))
    for path in range(last.shape[1]):
        draw_all(rng, world, rows)
        for level in range(3):
            last[level, path] = rows[level, n_steps]


@functools.cache
def drawn(draw: Callable[..., None], book: Callable[..., Any], event: int | None) -> Callable[..., None]:
    """A kernel that draws the paths of one product, and runs it on them."""

    @compiled
    def run(rng: np.random.Generator, world: World, n_steps: int, terms: Any, sums: FloatArray) -> None:
        rows = np.empty((3, n_steps + 1))
        strikes = np.empty((2, MOST_STRIKES), dtype=np.int64)
        for path in range(sums.shape[1]):
            draw(rng, world, rows)
            if event is not None:
                draw_strikes(rng, world.hazard[event], n_steps, strikes[event])
            keep(book(rows, strikes, world, terms), path, sums)

    return run


@functools.cache
def given(book: Callable[..., Any]) -> Callable[..., None]:
    """A kernel that runs one product on given rows (path, level, time) and strikes (path, event, number)."""

    @compiled
    def run(rows: FloatArray, strikes: IntArray, world: World, terms: Any, sums: FloatArray) -> None:
        for path in range(sums.shape[1]):
            keep(book(rows[path], strikes[path], world, terms), path, sums)

    return run


@compiled
def whole(
    rng: np.random.Generator,
    world: World,
    n_steps: int,
    terms: tuple[HoldingTerms, HoldingTerms, PoolTerms, MiningTerms],
    sums: tuple[FloatArray, FloatArray, FloatArray, FloatArray],
) -> None:
    """All products on the same worlds, drawn once."""
    rows = np.empty((3, n_steps + 1))
    strikes = np.empty((2, MOST_STRIKES), dtype=np.int64)
    for path in range(sums[0].shape[1]):
        draw_all(rng, world, rows)
        for event in range(2):
            draw_strikes(rng, world.hazard[event], n_steps, strikes[event])
        keep(hold(rows, strikes, world, terms[0]), path, sums[0])
        keep(hold(rows, strikes, world, terms[1]), path, sums[1])
        keep(stake(rows, strikes, world, terms[2]), path, sums[2])
        keep(mine(rows, strikes, world, terms[3]), path, sums[3])
