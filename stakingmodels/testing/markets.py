"""`default_markets`: markets with a product's factors, the same each time."""

import warnings
import zlib
from collections.abc import Mapping

import attrs
import numpy as np

from stakingmodels._types import FloatArray, SeriesLike
from stakingmodels.errors import UnitWarning
from stakingmodels.market import CashRate, Event, Factor, Market, Price, TimeGrid
from stakingmodels.products import Product
from stakingmodels.rates import APR, APY

_PATHS = 12
_NUMERAIRE = "USD"
_DAYS = TimeGrid.daily("2026-01-01", days=30, settlement_days=15)


def default_markets(product: Product) -> Mapping[str, Market]:
    """Three markets with the factors that a product reads.

    Returns
    -------
    dict of str to Market
        ``"rough"``: 30 days and 15 settlement days on 12 paths, where levels fall to 0, jump a thousandfold and back,
        and events occur. ``"uneven"``: steps of hours to weeks on 6 paths, series shared by all of them, cash that
        earns, a negative reward. ``"still"``: constants on one path, and no events.
    """
    return {"rough": _rough(product), "uneven": _uneven(product), "still": _still(product)}


def unwarned(grid: TimeGrid, series: Mapping[Factor, SeriesLike | APR | APY]) -> Market:
    """A market of levels far from the record on purpose, without warnings."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UnitWarning)
        return Market(grid, series)


def _rough(product: Product, grid: TimeGrid = _DAYS) -> Market:
    shape = (grid.n_times, _PATHS)
    return unwarned(grid, {factor: _series(factor, shape, rough=True) for factor in _given(product)})


def _uneven(product: Product) -> Market:
    hours = np.cumsum([0, 6, 24, 1, 24 * 7, 24, 24, 24 * 30, 12, 24, 24 * 14, 24 * 7, 24, 24 * 3, 24])
    grid = TimeGrid(np.datetime64("2026-01-01", "s") + hours * np.timedelta64(3_600, "s"), 10)
    wide, shared = (grid.n_times, _PATHS // 2), (grid.n_times,)
    series = {f: _series(f, wide if isinstance(f, (Price, Event)) else shared, rough=False) for f in _given(product)}
    return unwarned(grid, {**series, CashRate(_NUMERAIRE): APY(0.04)})


def _still(product: Product) -> Market:
    grid = TimeGrid.daily("2026-01-01", days=5)
    series = {f: False if isinstance(f, Event) else _constant(f) for f in _given(product)}
    return unwarned(grid, series)


def _given(product: Product) -> list[Factor]:
    """Factors that a market must have, in an order that does not depend on hashes."""
    return sorted(product.factors - {Price(_NUMERAIRE), CashRate(_NUMERAIRE)}, key=str)


def _constant(factor: Factor) -> SeriesLike | APR | APY:
    return APR(0.05) if factor.is_rate else typical(factor)


def typical(factor: Factor) -> float:
    """Typical value of a factor: its example, if that is a plain number."""
    try:
        return float(factor.example)
    except ValueError:
        return 1.0


def _series(factor: Factor, shape: tuple[int, ...], *, rough: bool) -> SeriesLike | APR | APY:
    terms = ", ".join(f"{field.name}={getattr(factor, field.name)!r}" for field in attrs.fields(type(factor)))
    random = np.random.default_rng([2026, zlib.crc32(f"{type(factor).__name__}({terms})".encode())])
    if isinstance(factor, Event):
        strikes = random.random(shape) < 0.02
        strikes[0, :1] = strikes[-3, 1:2] = True
        return strikes
    if factor.is_rate:
        rates = random.uniform(0.0, 0.3, shape)
        if not rough:
            rates[2] = -0.1
        return APR(rates)
    walk = typical(factor) * np.exp(0.05 * np.cumsum(random.standard_normal(shape), axis=0))
    return _broken(factor, walk) if rough else walk


def _broken(factor: Factor, walk: FloatArray) -> FloatArray:
    """Random walks whose first four paths fall to 0 (where that is legal), jump, fall, and begin at 0."""
    n = len(walk)
    least = 0.0 if factor.zero_allowed else 1e-3
    walk[n // 2 :, 0] *= least
    walk[n // 3 : n // 2, 1] *= 1e3
    walk[n // 4 :, 2] *= 1e-3
    walk[: n // 4, 3] *= least
    return walk
