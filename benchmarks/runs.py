"""Kernels that run products over many paths: on paths they draw, or on given ones; with a ledger, or without."""

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks import fused
from benchmarks.draws import MOST_STRIKES, draw_all, draw_events, draw_proposals, draw_seats, draw_strikes
from benchmarks.kernels_common import N_EVENTS, PROPOSALS, SEATS, FloatArray, IntArray, World, compiled
from benchmarks.kernels_exchange import entrust
from benchmarks.kernels_mining import mine
from benchmarks.kernels_pool import stake
from benchmarks.kernels_solo import solo
from benchmarks.kernels_token import liquid


@compiled
def buffers(n_steps: int) -> tuple[FloatArray, IntArray]:
    """Room for the levels and the events of one path."""
    return np.empty((4, n_steps + 1)), np.empty((N_EVENTS, MOST_STRIKES), dtype=np.int64)


@compiled
def keep(results: Any, path: int, sums: FloatArray) -> None:
    """Write the results of one path side by side, which costs a cache line or two and not one for each."""
    for i in range(len(results)):
        sums[path, i] = results[i]


@functools.cache
def drawn(draw: Callable[..., None], book: Callable[..., Any], events: tuple[int, ...]) -> Callable[..., None]:
    """A kernel that draws the paths of one product, and runs it on them."""

    @compiled
    def run(rng: np.random.Generator, world: World, n_steps: int, terms: Any, sums: FloatArray) -> None:
        rows, strikes = buffers(n_steps)
        for path in range(sums.shape[0]):
            draw(rng, world, rows)
            for event in events:
                if event == PROPOSALS:
                    draw_proposals(rng, world, n_steps, strikes[event])
                elif event == SEATS:
                    draw_seats(rng, world, n_steps, strikes[event])
                else:
                    draw_strikes(rng, world.hazard[event], n_steps, strikes[event])
            keep(book(rows, strikes, world, terms), path, sums)

    return run


@functools.cache
def given(book: Callable[..., Any]) -> Callable[..., None]:
    """A kernel that runs one product on given rows (path, level, time) and strikes (path, event, number)."""

    @compiled
    def run(rows: FloatArray, strikes: IntArray, world: World, terms: Any, sums: FloatArray) -> None:
        for path in range(sums.shape[0]):
            keep(book(rows[path], strikes[path], world, terms), path, sums)

    return run


@compiled
def whole(rng: np.random.Generator, world: World, n_steps: int, terms: Any, sums: Any) -> None:
    """All products with their ledgers, on the same worlds, drawn once."""
    rows, strikes = buffers(n_steps)
    for path in range(sums[0].shape[0]):
        draw_all(rng, world, rows)
        draw_events(rng, world, n_steps, strikes)
        keep(solo(rows, strikes, world, terms[0]), path, sums[0])
        keep(stake(rows, strikes, world, terms[1]), path, sums[1])
        keep(liquid(rows, strikes, world, terms[2]), path, sums[2])
        keep(entrust(rows, strikes, world, terms[3]), path, sums[3])
        keep(mine(rows, strikes, world, terms[4]), path, sums[4])


@compiled
def whole_fused(rng: np.random.Generator, world: World, n_steps: int, terms: Any, sums: Any) -> None:
    """All products without a ledger, on the same worlds, drawn once."""
    rows, strikes = buffers(n_steps)
    for path in range(sums[0].shape[0]):
        draw_all(rng, world, rows)
        draw_events(rng, world, n_steps, strikes)
        keep(fused.solo(rows, strikes, world, terms[0]), path, sums[0])
        keep(fused.stake(rows, strikes, world, terms[1]), path, sums[1])
        keep(fused.liquid(rows, strikes, world, terms[2]), path, sums[2])
        keep(fused.entrust(rows, strikes, world, terms[3]), path, sums[3])
        keep(fused.mine(rows, strikes, world, terms[4]), path, sums[4])
