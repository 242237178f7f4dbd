"""Series of one factor, drawn: a level that walks and jumps, a rate, the steps of an event."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from stakingmodels._types import FloatArray, SeriesLike
from stakingmodels.market import EntryWait, Event, ExitWait, Factor, PowerPrice
from stakingmodels.rates import APR, APY
from stakingmodels.testing.drawn_terms import amounts, hypothesis_strategies
from stakingmodels.testing.markets import typical

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn

STARTS: Mapping[str, tuple[float, float]] = {
    "Price": (1e-2, 1e5),
    "MarketRatio": (0.5, 1.5),
    "EntryWait": (0.0, 75.0),
    "ExitWait": (0.0, 50.0),
    "Difficulty": (1e12, 1e15),
    "Hashrate": (1e6, 1e10),
    "BlockFees": (1e-3, 5.0),
    "PowerPrice": (1e-3, 1.0),
}
"""Range of the opening values, by class of the factor."""
_JUMPS = (1.0, 0.5, 2.0, 0.0, 1e-6, 1e6)  # hypothesis shrinks to the first


def series_of(draw: "DrawFn", factor: Factor, n_times: int, n_paths: int) -> SeriesLike | APR | APY:
    """One series: its shape, a start, a walk from a drawn seed, and a few drawn jumps."""
    st = hypothesis_strategies()
    shapes = [(), (n_times,), (n_times, n_paths)] + ([(1, n_paths)] if n_paths > 1 else [])
    shape = draw(st.sampled_from(shapes))
    if isinstance(factor, Event):
        return _strikes(draw, shape)
    if factor.is_rate:
        random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
        fractions = draw(amounts(1.0)) * random.random(shape)
        kind: type[APR | APY] = draw(st.sampled_from((APR, APY)))
        return kind(fractions if shape else float(fractions))
    level: SeriesLike = walk_of(draw, factor, shape)
    return level


def walk_of(draw: "DrawFn", factor: Factor, shape: tuple[int, ...]) -> Any:
    """A level that walks from a drawn start and jumps; one number for an empty shape."""
    st = hypothesis_strategies()
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    start = draw(st.floats(*STARTS.get(type(factor).__name__, (0.1, 10.0))))
    walk = start * np.exp(draw(st.sampled_from((0.0, 0.01, 0.5))) * np.cumsum(random.standard_normal(shape), axis=0))
    return _jumped(draw, factor, walk) if shape else float(walk[0])


def _strikes(draw: "DrawFn", shape: tuple[int, ...]) -> SeriesLike:
    """Series of an event that occurs in up to three steps, or never."""
    st = hypothesis_strategies()
    strikes = np.zeros(shape, dtype=np.bool_)
    if not shape:
        return False
    for cell in draw(st.lists(st.integers(0, strikes.size - 1), max_size=3)):
        strikes.flat[cell] = True
    return strikes


def _jumped(draw: "DrawFn", factor: Factor, walk: FloatArray) -> FloatArray:
    """A walk with up to two drawn cells and all after one drawn row multiplied.

    Queues are no longer than any on record, and power no dearer, above which a market warns.
    """
    st = hypothesis_strategies()
    is_bounded = isinstance(factor, EntryWait | ExitWait | PowerPrice)
    jumps = [jump for jump in _JUMPS if (jump > 0.0 or factor.zero_allowed) and (jump <= 1.0 or not is_bounded)]
    for cell, jump in draw(st.lists(st.tuples(st.integers(0, walk.size - 1), st.sampled_from(jumps)), max_size=2)):
        walk.flat[cell] *= jump
    walk[draw(st.integers(0, len(walk))) :] *= draw(st.sampled_from(jumps))
    return walk


def recorded(draw: "DrawFn", factor: Factor, n_days: int) -> FloatArray:
    """Daily values of a factor: a walk from a typical one."""
    st = hypothesis_strategies()
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    if factor.is_rate:
        fractions: FloatArray = draw(amounts(0.3)) * random.uniform(0.5, 1.0, n_days)  # a twentyfold step warns
        return fractions
    sizes = draw(st.sampled_from((0.0, 0.02, 0.3))) * np.cumsum(random.standard_normal(n_days))
    walk: FloatArray = typical(factor) * np.exp(sizes)
    return walk
