"""Kernels that draw what drives a path: levels day by day, events, and a validator's blocks and seats."""

import math

import numpy as np

from benchmarks.kernels_common import BTC, ETH, PROPOSALS, RATIO, SEATS, WORK, FloatArray, IntArray, World, compiled

MOST_STRIKES = 32
"""Strikes of one event on one path that there is room for; hazards, and blocks proposed, are a few a year at most."""


@compiled
def draw_eth(rng: np.random.Generator, world: World, rows: FloatArray) -> None:
    eths = rows[ETH]
    eth, scale, drift = world.start[ETH], world.scale[ETH], world.drift[ETH]
    eths[0] = eth
    for k in range(1, len(eths)):
        eth *= math.exp(scale * rng.standard_normal() + drift)
        eths[k] = eth


@compiled
def draw_token(rng: np.random.Generator, world: World, rows: FloatArray) -> None:
    eths, ratios = rows[ETH], rows[RATIO]
    eth, scale, drift, gap = world.start[ETH], world.scale[ETH], world.drift[ETH], 0.0
    eths[0], ratios[0] = eth, world.ratio
    for k in range(1, len(eths)):
        eth *= math.exp(scale * rng.standard_normal() + drift)
        gap = world.ratio_kept * gap + world.ratio_scale * rng.standard_normal()
        eths[k], ratios[k] = eth, world.ratio * math.exp(gap)


@compiled
def draw_mining(rng: np.random.Generator, world: World, rows: FloatArray) -> None:
    btcs, works = rows[BTC], rows[WORK]
    btc, work = world.start[BTC], world.start[WORK]
    scale, drift, work_scale, work_drift = world.scale[BTC], world.drift[BTC], world.scale[WORK], world.drift[WORK]
    btcs[0], works[0] = btc, work
    for k in range(1, len(btcs)):
        btc *= math.exp(scale * rng.standard_normal() + drift)
        work *= math.exp(work_scale * rng.standard_normal() + work_drift)
        btcs[k], works[k] = btc, work


@compiled
def draw_all(rng: np.random.Generator, world: World, rows: FloatArray) -> None:
    eths, btcs, works, ratios = rows[ETH], rows[BTC], rows[WORK], rows[RATIO]
    eth, btc, work, gap = world.start[ETH], world.start[BTC], world.start[WORK], 0.0
    eth_scale, btc_scale, work_scale = world.scale[ETH], world.scale[BTC], world.scale[WORK]
    eth_drift, btc_drift, work_drift = world.drift[ETH], world.drift[BTC], world.drift[WORK]
    rest = math.sqrt(1.0 - world.rho * world.rho)
    eths[0], btcs[0], works[0], ratios[0] = eth, btc, work, world.ratio
    for k in range(1, len(eths)):
        first = rng.standard_normal()
        second = world.rho * first + rest * rng.standard_normal()
        eth *= math.exp(eth_scale * first + eth_drift)
        btc *= math.exp(btc_scale * second + btc_drift)
        work *= math.exp(work_scale * rng.standard_normal() + work_drift)
        gap = world.ratio_kept * gap + world.ratio_scale * rng.standard_normal()
        eths[k], btcs[k], works[k], ratios[k] = eth, btc, work, world.ratio * math.exp(gap)


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
def draw_proposals(rng: np.random.Generator, world: World, n_steps: int, strikes: IntArray) -> None:
    """Steps in which the validator proposes, one entry a block, in order; then `n_steps`.

    Each slot is its own with one chance, so the slots between two blocks are geometric: an exponential rounded down.
    This is the binomial law of every step, drawn exactly and with three numbers a year.
    """
    count = 0
    slot = world.first_slot + int(rng.standard_exponential() * world.slots_per_proposal)
    while slot < world.last_slot and count < MOST_STRIKES - 1:
        strikes[count] = slot // world.slots_per_step
        count += 1
        slot += 1 + int(rng.standard_exponential() * world.slots_per_proposal)
    strikes[count] = n_steps


@compiled
def draw_seats(rng: np.random.Generator, world: World, n_steps: int, strikes: IntArray) -> None:
    """Steps in which the validator has a seat in a sync committee, in order; then `n_steps`.

    A step has one trial, so the steps between two seats are geometric; of the two steps in which the validator works
    for a part alone, a seat counts with the probability of that part.
    """
    count = 0
    step = world.first_step + int(rng.standard_exponential() * world.steps_per_seat)
    while step <= world.last_step and count < MOST_STRIKES - 1:
        part = world.first_part if step == world.first_step else world.last_part if step == world.last_step else 1.0
        if part == 1.0 or rng.random() < part:
            strikes[count] = step
            count += 1
        step += 1 + int(rng.standard_exponential() * world.steps_per_seat)
    strikes[count] = n_steps


@compiled
def draw_events(rng: np.random.Generator, world: World, n_steps: int, strikes: IntArray) -> None:
    """All events of a path."""
    for event in range(len(world.hazard)):
        draw_strikes(rng, world.hazard[event], n_steps, strikes[event])
    draw_proposals(rng, world, n_steps, strikes[PROPOSALS])
    draw_seats(rng, world, n_steps, strikes[SEATS])


@compiled
def fill(rng: np.random.Generator, world: World, rows: FloatArray, strikes: IntArray) -> None:
    """Draw whole paths, for both sides of a comparison: (path, level, time) and (path, event, number)."""
    for path in range(rows.shape[0]):
        draw_all(rng, world, rows[path])
        draw_events(rng, world, rows.shape[2] - 1, strikes[path])


@compiled
def levels(rng: np.random.Generator, world: World, n_steps: int, last: FloatArray) -> None:
    """Draw all levels on every path, and keep the last of each."""
    rows = np.empty((4, n_steps + 1))
    for path in range(last.shape[1]):
        draw_all(rng, world, rows)
        for level in range(4):
            last[level, path] = rows[level, n_steps]
