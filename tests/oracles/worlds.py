"""Random term sets and random markets, with their edges: seeded, and the same market once for each side."""

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np

from stakingmodels import APR, APY, Market, Price, Product, StakingReward, TimeGrid
from stakingmodels.market import (
    BlockFees,
    CashRate,
    Difficulty,
    EntryWait,
    Event,
    ExecutionReward,
    ExitWait,
    Factor,
    MarketRatio,
    PowerPrice,
)
from tests.oracles.hand_book import World

Random = np.random.Generator
STARTS = ("2026-01-01", "2024-04-10", "2024-04-19T18:00", "2012-11-20", "2028-04-01", "2009-02-01")
CapitalOf = Callable[[Random, Any, dict[str, float]], float]


def pick(random: Random, *choices: Any) -> Any:
    """One of several, none more likely than another; a function is called for a number."""
    chosen = choices[int(random.integers(len(choices)))]
    return chosen() if callable(chosen) and not isinstance(chosen, type) else chosen


def fraction(random: Random) -> float:
    """A fraction in [0, 1], often on an edge."""
    return float(pick(random, 0.0, 1.0, 1e-9, 1.0 - 1e-9, 0.1, random.random, random.random, random.random))


def fee(random: Random) -> float:
    return float(pick(random, 0.0, 0.0, 0.001, random.random, lambda: 0.02 * random.random()))


def wait(random: Random) -> float:
    """Days of a wait: none, whole, broken, and beyond any grid."""
    some = 40 * random.random()
    return float(pick(random, 0.0, 0.0, 1.0, 5.0, 0.25, 34.7, 1e4, some, some / 15))


def entry(random: Random, asset: str = "ETH") -> float | EntryWait:
    """A wait of the terms, or that of the market's queue."""
    return EntryWait(asset) if random.random() < 0.4 else wait(random)


def leaving(random: Random, asset: str = "ETH") -> float | ExitWait:
    return ExitWait(asset) if random.random() < 0.4 else wait(random)


def event(random: Random, name: str) -> Event | None:
    return pick(random, None, Event(name), Event(name))


def grid(random: Random) -> TimeGrid:
    """Daily with and without a tail, or uneven steps of an hour to months."""
    start = np.datetime64(pick(random, *STARTS), "s")
    if random.random() < 0.6:
        days, tail = int(random.integers(1, 60)), int(pick(random, 0, 0, 1, 20, lambda: random.integers(0, 60)))
        return TimeGrid.daily(start, days=days, settlement_days=tail)
    hours = random.choice([1, 6, 24, 24, 24, 100, 168, 2_000], size=int(random.integers(1, 40)))
    times = start + np.cumsum([0, *hours.tolist()]) * np.timedelta64(3_600, "s")
    return TimeGrid(times, int(random.integers(1, len(hours) + 1)))


def level(random: Random, shape: tuple[int, int], low: float, high: float, *, zero: bool) -> np.ndarray:
    """A level that walks, stands still, jumps or falls to next to nothing."""
    start = low * (high / low) ** random.random()
    spread = pick(random, 0.0, 0.01, 0.05, 0.5)
    walk = start * np.exp(spread * np.cumsum(random.standard_normal(shape), axis=0))
    for _ in range(int(pick(random, 0, 0, 0, 1, 2)) if shape[0] > 1 else 0):
        jump = pick(random, 1e-6, 0.5, 2.0, 1e3, *([0.0] if zero else []))
        path, first = int(random.integers(shape[1])), int(random.integers(1, shape[0]))
        last = int(pick(random, first + 1, shape[0]))
        walk[first:last, path] *= jump
    return walk


def rates(random: Random, shape: tuple[int, int]) -> APR | APY:
    """A rate that stands still or changes each day; now and then below 0, or on both sides of it."""
    size = pick(random, 0.0, 0.03, 0.03, 0.3, 0.9)
    values = size * (np.ones(shape) if random.random() < 0.3 else random.random(shape))
    if random.random() < 0.15:
        values = random.random(shape) * 0.9 - pick(random, 0.9, 0.45)
    kind: type[APR | APY] = pick(random, APR, APY)
    return kind(values)


def strikes(random: Random, shape: tuple[int, int]) -> np.ndarray:
    """An event that never strikes, strikes once, in a row, often, or on the day of the exit."""
    chance = pick(random, 0.0, 0.01, 0.05, 0.3)
    struck = random.random(shape) < chance
    if random.random() < 0.3:
        struck[int(random.integers(shape[0])), int(random.integers(shape[1]))] = True
    return np.asarray(struck)


BOUNDS: dict[type[Factor], tuple[float, float, bool]] = {
    Price: (1e-2, 1e5, True),
    MarketRatio: (0.5, 1.5, True),
    Difficulty: (1e10, 1e15, False),
    BlockFees: (1e-3, 5.0, True),
    PowerPrice: (1e-3, 1.0, True),
}


def draw(random: Random, product: Product, capital_of: CapitalOf) -> tuple[Market, list[World]]:
    """A market that gives what the product reads, and each of its paths as a world by hand."""
    paths = int(random.integers(1, 4))
    times = grid(random)
    numeraire = pick(random, "USD", "USD", "USD", "EUR", product.asset)
    full = times.n_times, paths
    shapes = [full, full, full, (times.n_times, 1), (1, paths), (1, 1)]
    series: dict[Factor, Any] = {}
    for factor in sorted(product.factors, key=repr):
        if factor != Price(numeraire) and not factor.optional:
            series[factor] = _series(random, factor, shapes[int(random.integers(len(shapes)))])
    for factor in product.factors:
        if isinstance(factor, ExecutionReward) and random.random() < 0.6:
            reward = series[StakingReward(factor.name)]
            series[factor] = type(reward)(reward.value * pick(random, lambda: fraction(random), random.random, 1.1))
    if random.random() < 0.4:
        series[CashRate(numeraire)] = rates(random, full)
    opening = {factor.name: float(values[0, 0]) for factor, values in series.items() if isinstance(factor, Price)}
    capital = capital_of(random, product, opening)
    market = Market(times, {factor: _as_given(values) for factor, values in series.items()}, numeraire)
    worlds = [_world(times, series, path, capital, numeraire) for path in range(market.n_paths)]
    return market, worlds


def _series(random: Random, factor: Factor, shape: tuple[int, int]) -> Any:
    if isinstance(factor, Event):
        return strikes(random, shape)
    if factor.is_rate:
        return rates(random, shape)
    if isinstance(factor, EntryWait | ExitWait):
        return pick(random, 0.0, 1.0, 5.0, 40.0) * random.choice([0.0, 0.5, 1.0, random.random()], shape)
    if isinstance(factor, MarketRatio) and random.random() < 0.2:
        return np.ones(shape)
    low, high, zero = BOUNDS[type(factor)]
    return level(random, shape, low, high, zero=zero and factor != Price("USD"))


def _as_given(values: Any) -> Any:
    """A series as one would write it: a number that is always the same is a number, a row for all paths a row."""
    if isinstance(values, APR | APY):
        return type(values)(_as_given(values.value))
    if values.size == 1:
        return values.item()
    return values[:, 0] if values.shape[1] == 1 else values


def _world(times: TimeGrid, series: dict[Factor, Any], path: int, capital: float, numeraire: str) -> World:
    def of_path(values: Any) -> Any:
        return np.broadcast_to(values, (times.n_times, max(path + 1, values.shape[1])))[:, path].tolist()

    days = [float(seconds) / 86_400.0 for seconds in (times.times - times.times[0]).astype(np.int64)]
    world = World(
        days=days,
        moments=[str(time) for time in times.times],
        exit=times.exit,
        capital=capital,
        prices={},
        numeraire=numeraire,
    )
    names: dict[type[Factor], str] = {StakingReward: "reward", ExecutionReward: "execution", CashRate: "cash"}
    for factor, values in series.items():
        if isinstance(factor, Price):
            world.prices[factor.name] = of_path(values)
        elif isinstance(factor, MarketRatio):
            world.ratios[factor.name] = of_path(values)
        elif isinstance(factor, Event):
            world.strikes[factor.name] = of_path(values)
        elif factor.is_rate:
            world.accrued[names[type(factor)]] = _accrued(type(values), of_path(values.value), days)
        else:
            world.levels[type(factor).__name__] = of_path(values)
    return world


def _accrued(kind: type[APR | APY], values: list[float], days: list[float]) -> list[float]:
    """The fraction that an annual rate pays in each interval, a year being 365 days."""
    lengths = [(after - before) / 365.0 for before, after in itertools.pairwise(days)]
    if kind is APR:
        return [value * years for value, years in zip(values, lengths, strict=False)]
    return [(1.0 + value) ** years - 1.0 for value, years in zip(values, lengths, strict=False)]


def is_refused(error: Exception) -> bool:
    """Whether drawn terms do not fit a drawn market: no path opens, or the product has ended before one does."""
    return any(text in str(error) for text in ("too little", "must have each wind-up after the opening"))
