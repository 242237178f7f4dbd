"""The products in whole arrays of numpy, as one writes them in a notebook: closing value, drawdown and three sums.

Every level, event and block is drawn at once for all steps and paths, ``(n_steps, n_paths)``. What hangs on the day
before is a loop over days on rows of all paths, everything else is in whole arrays. No ledger says where money went.
"""

from collections.abc import Callable, Iterable
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from benchmarks.fused import Figures
from benchmarks.kernels_common import (
    BTC,
    CUSTODIAN,
    ETH,
    EXPLOIT,
    PROPOSALS,
    PROVIDER,
    RATIO,
    SEATS,
    SLASHING,
    SOLO,
    WORK,
    FloatArray,
    World,
)
from benchmarks.kernels_exchange import ExchangeTerms
from benchmarks.kernels_mining import MiningTerms
from benchmarks.kernels_pool import PoolTerms
from benchmarks.kernels_solo import SoloTerms
from benchmarks.kernels_token import TokenTerms

BoolArray = npt.NDArray[np.bool_]
LUCK = (PROPOSALS, SEATS)
"""Rows of the events that are a validator's duties."""


@attrs.frozen(eq=False)
class Drawn:
    """Levels, ``(n_times, n_paths)`` each, and how often each event struck, ``(n_steps, n_paths)`` each."""

    levels: dict[int, FloatArray]
    events: dict[int, npt.NDArray[Any]]


def draw(
    rng: np.random.Generator, world: World, n_steps: int, paths: int, levels: Iterable[int], events: Iterable[int]
) -> Drawn:
    """Draw what some products read."""
    asked, shape = set(levels), (n_steps, paths)
    normals = {level: rng.standard_normal(shape) for level in sorted(asked)}
    if {ETH, BTC} <= asked:
        normals[BTC] = world.rho * normals[ETH] + np.sqrt(1.0 - world.rho**2) * normals[BTC]
    found = {}
    for level, noise in normals.items():
        if level == RATIO:
            found[level] = _ratios(world, noise)
            continue
        logs = np.cumsum(world.scale[level] * noise + world.drift[level], axis=0)
        found[level] = world.start[level] * np.exp(np.vstack([np.zeros(paths), logs]))
    struck = {event: rng.random(shape) < -np.expm1(-world.hazard[event]) for event in events if event not in LUCK}
    return Drawn(found, struck | {event: _duties(rng, world, event, shape) for event in events if event in LUCK})


def _ratios(world: World, noise: FloatArray) -> FloatArray:
    gaps = np.zeros((len(noise) + 1, noise.shape[1]))
    for k, row in enumerate(noise):
        gaps[k + 1] = world.ratio_kept * gaps[k] + world.ratio_scale * row
    return world.ratio * np.exp(gaps)


def _duties(rng: np.random.Generator, world: World, event: int, shape: tuple[int, int]) -> npt.NDArray[Any]:
    """Blocks of each step, of its slots; or seats, of which a step has one at most."""
    part = np.zeros(shape[0])
    part[world.first_step : world.last_step + 1] = 1.0
    part[world.first_step], part[world.last_step] = world.first_part, world.last_part
    if event == SEATS:
        return rng.random(shape) < -np.expm1(-part / world.steps_per_seat)[:, None]
    chance = -np.expm1(-1.0 / world.slots_per_proposal)
    return rng.binomial(world.slots_per_step, part[:, None] * chance, shape)


def _figures(
    values: FloatArray, capital: float, rewards: FloatArray, costs: FloatArray, days: Any, added: Any = 0.0
) -> Figures:
    """The figures of values at all times, the opening included."""
    peaks = np.maximum(np.maximum.accumulate(values, axis=0), capital)
    worst = np.minimum((values / peaks).min(axis=0), 1.0)
    days = np.broadcast_to(days, worst.shape)
    return Figures(values[-1] - added, 1.0 - worst, rewards, costs, days)  # type: ignore[arg-type]  # arrays here


def solo(drawn: Drawn, world: World, terms: SoloTerms) -> Figures:
    price = drawn.levels[ETH]
    n_steps, paths = len(price) - 1, price.shape[1]
    blocks, seats, slashings = (drawn.events[event] for event in (PROPOSALS, SEATS, SOLO))
    coins, locked = terms.capital / (1.0 + terms.buy_fee) / price[0] - terms.stake, np.full(paths, terms.stake)
    cash, added, rewards, costs = (np.zeros(paths) for _ in range(4))
    works, back, days = np.ones(paths, dtype=np.bool_), np.full(paths, terms.withdrawn), np.full(paths, np.inf)
    values = np.empty_like(price)
    values[0] = (coins + locked) * price[0]
    one = terms.proposal + terms.proposal_execution
    for k in range(n_steps):
        end = price[k + 1]
        earned = works * ((terms.sure + terms.sure_execution) * terms.days[k] + one * blocks[k] + terms.seat * seats[k])
        due = works * terms.cost[k]
        rewards += earned
        costs += due
        coins = coins + earned - works * (terms.fine * terms.days[k] + terms.seat_fine * seats[k]) - due / end
        short = np.minimum(coins, 0.0)
        added -= short * end
        coins -= short
        if k >= terms.entered:
            struck = works & slashings[k]
            locked = np.where(struck, locked * (1.0 - terms.severity), locked)
            back = np.where(struck, k + 1 + terms.slashed_steps, back)
            works &= ~struck
        works &= k + 1 != terms.left
        coins = np.where(back == k + 1, coins + locked, coins)
        locked = np.where(back == k + 1, 0.0, locked)
        if k + 1 >= world.exit:
            cash += coins * end * (1.0 - terms.sell_fee)
            coins = np.zeros(paths)
            days = np.minimum(days, np.where(locked == 0.0, k + 1 - world.exit, np.inf))
        values[k + 1] = cash + (coins + locked) * end
    return _figures(values, terms.capital, rewards, costs, days, added)


def _grown(opening: FloatArray, growth: float, world: World, kept: FloatArray) -> FloatArray:
    """Units at all times, ``(n_times, n_paths)``, that grow to the exit, and of which each step keeps a part."""
    steps = kept.copy()
    steps[: world.exit] *= growth
    return np.vstack([opening, opening * np.cumprod(steps, axis=0)])


def stake(drawn: Drawn, world: World, terms: PoolTerms) -> Figures:
    last = world.exit + terms.unbonding_steps
    price = drawn.levels[ETH][: last + 1]
    opening = terms.capital / (1.0 + terms.buy_fee) / price[0]
    growth = 1.0 + terms.reward * (1.0 - terms.commission)
    units = _grown(opening, growth, world, 1.0 - terms.severity * drawn.events[SLASHING][:last])
    earned = terms.reward * units[: world.exit]
    values = units * price
    values[-1] *= 1.0 - terms.sell_fee
    costs = (terms.commission * earned * price[1 : world.exit + 1]).sum(axis=0)
    return _figures(values, terms.capital, earned.sum(axis=0), costs, float(terms.unbonding_steps))


def liquid(drawn: Drawn, world: World, terms: TokenTerms) -> Figures:
    last = world.exit + terms.queue_steps
    price, ratio = drawn.levels[ETH][: last + 1], drawn.levels[RATIO][: last + 1]
    opening = terms.capital / (1.0 + terms.buy_fee) / price[0]
    kept = 1.0 - terms.slashing_severity * drawn.events[SLASHING][:last]
    kept *= 1.0 - terms.exploit_severity * drawn.events[EXPLOIT][:last]
    units = _grown(opening, 1.0 + terms.reward * (1.0 - terms.fee), world, kept)
    earned = terms.reward * units[: world.exit]
    costs = (terms.fee * earned * (price * ratio)[1 : world.exit + 1]).sum(axis=0)
    sold = ratio[world.exit] >= terms.sell_from
    values = units * price
    values[: world.exit] *= ratio[: world.exit]
    values[world.exit] *= np.where(sold, ratio[world.exit] * (1.0 - terms.sell_fee), 1.0)
    values[-1] *= 1.0 - terms.sell_fee
    values[world.exit :, sold] = values[world.exit, sold]
    days = np.where(sold, 0.0, terms.queue_steps)
    return _figures(values, terms.capital, earned.sum(axis=0), costs, days)


def entrust(drawn: Drawn, world: World, terms: ExchangeTerms) -> Figures:
    last = world.exit + terms.redemption_steps
    price = drawn.levels[ETH][: last + 1]
    fails = drawn.events[CUSTODIAN][:last]
    gone = np.vstack([np.zeros((1, fails.shape[1])), np.cumsum(fails, axis=0)]) > 0.0  # from the end of its step on
    opening = terms.capital / (1.0 + terms.buy_fee) / price[0]
    units = _grown(opening, 1.0 + terms.reward * (1.0 - terms.commission), world, np.ones(fails.shape))
    earned = terms.reward * units[: world.exit] * ~gone[: world.exit]
    costs = (terms.commission * earned * price[1 : world.exit + 1]).sum(axis=0)
    values = units * price
    failed = gone[-1]
    values[-1] *= np.where(failed, 1.0, 1.0 - terms.sell_fee)
    claims = terms.recovery * values[gone.argmax(axis=0), np.arange(fails.shape[1])]
    values = np.where(gone, claims, values)
    days = np.where(failed, np.inf, terms.redemption_steps)
    return _figures(values, terms.capital, earned.sum(axis=0), costs, days)


def mine(drawn: Drawn, world: World, terms: MiningTerms) -> Figures:
    btc, work, vanishes = drawn.levels[BTC], drawn.levels[WORK], drawn.events[PROVIDER]
    paths = btc.shape[1]
    th_s, share = terms.capital / terms.price, 1.0 - terms.sell_fee
    power = th_s * terms.electricity
    least, write_down = power / (1.0 - terms.pool_fee), terms.capital / terms.term_steps
    prepaid = np.full(paths, terms.capital)
    cash, unpaid, added, losing, rewards, costs = (np.zeros(paths) for _ in range(6))
    runs = np.ones(paths, dtype=np.bool_)
    values = np.empty((world.exit + 1, paths))
    values[0] = terms.capital
    for k in range(world.exit):
        end = btc[k + 1]
        gone = runs & vanishes[k]
        prepaid, unpaid, runs = np.where(gone, 0.0, prepaid), np.where(gone, 0.0, unpaid), runs & ~gone
        mined = runs * th_s * terms.coins[k] / work[k + 1]
        revenue = mined * end
        rewards += mined
        costs += terms.pool_fee * revenue + power * runs
        unpaid = unpaid + (1.0 - terms.pool_fee) * mined - power / end * runs
        short = np.minimum(unpaid, 0.0)
        added -= short * end
        unpaid -= short
        due = unpaid >= terms.minimum
        cash += np.where(due, unpaid * end * share, 0.0)
        unpaid = np.where(due, 0.0, unpaid)
        prepaid = prepaid - write_down * runs
        losing = np.where(revenue < least, losing + 1.0, 0.0)
        ends = runs & ((losing >= terms.stop_after) | (k + 1 in {terms.term_steps, world.exit}))
        prepaid, unpaid, runs = np.where(ends, 0.0, prepaid), np.where(ends, 0.0, unpaid), runs & ~ends
        values[k + 1] = cash + prepaid + unpaid * end
    return _figures(values, terms.capital, rewards, costs, 0.0, added)


BOOKS: dict[str, Callable[..., Figures]] = {each.__name__: each for each in (solo, stake, liquid, entrust, mine)}
"""By the names of the kernels."""
