"""`GeometricBrownianMotion`: correlated geometric Brownian motion of prices and other levels."""

from collections.abc import Iterator, Mapping

import attrs

from stakingmodels import checks
from stakingmodels._types import FloatArray
from stakingmodels.market import Factor, TimeGrid
from stakingmodels.market.filled import Bounds, Buffers, Filled
from stakingmodels.rates import DAYS_PER_YEAR
from stakingmodels.scenarios.base import BlockInputs, Scenario
from stakingmodels.scenarios.drivers import Correlation, Drivers, Noise
from stakingmodels.scenarios.levels import (
    as_drift,
    as_volatility,
    diffuse,
    grow,
    growth_in_words,
    level_map,
    steady_growth,
)
from stakingmodels.scenarios.streams import Streams


@attrs.frozen
class GBM:
    """One level that moves at random: ``log(x[k+1] / x[k]) = (drift - volatility**2 / 2) dt + volatility sqrt(dt) z``.

    Parameters
    ----------
    start
        Level at the opening, above 0.
    volatility
        Standard deviation of the log return a year of 365 days, in [0, 10]; 0 makes a smooth trend.
    drift
        Growth of the mean, a year and continuous: the mean after t years is ``start * exp(drift * t)``. Default 0.
    """

    start: float = attrs.field(validator=checks.POSITIVE)
    volatility: float = attrs.field(validator=checks.field(as_volatility))
    drift: float = attrs.field(default=0.0, validator=checks.field(as_drift))


def _levels(value: object) -> Mapping[Factor, GBM]:
    return level_map("GeometricBrownianMotion", value, GBM, "GBM(start=3000.0, volatility=0.70)")


@attrs.frozen(eq=False)
class GeometricBrownianMotion(Scenario):
    """Correlated geometric Brownian motion.

    Parameters
    ----------
    levels
        Factor -> `GBM`, in the order in which the correlation is built up.
    correlation
        Pairs of factors -> correlation of their log returns, in (-1, 1); pairs that are not named have 0.

    Raises
    ------
    InputError
        Where the correlations are not those of any random variables (not positive definite).
    """

    levels: Mapping[Factor, GBM] = attrs.field(converter=_levels)
    correlation: Correlation = attrs.field(factory=dict)
    _drivers: Drivers = attrs.field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        drivers = Drivers(tuple(self.levels), self.correlation, where="GeometricBrownianMotion")
        object.__setattr__(self, "_drivers", drivers)
        object.__setattr__(self, "correlation", drivers.correlation)

    @property
    def drivers(self) -> Drivers:
        """A noise for each level, in the order of `levels`."""
        return self._drivers

    @property
    def factors(self) -> frozenset[Factor]:
        """The keys of `levels`."""
        return frozenset(self.levels)

    def generate(
        self, grid: TimeGrid, factors: frozenset[Factor], *, streams: Streams, noise: Noise, n_paths: int
    ) -> BlockInputs:
        """One source that fills the levels asked for."""
        del streams
        return BlockInputs(sources=(_Source(self.levels, grid, factors, noise, n_paths),) if factors else ())

    def expected_growth(self, factor: Factor, grid: TimeGrid) -> FloatArray | None:
        """``exp(drift * t)`` of a level, ``(n_times,)``."""
        level = self.levels.get(factor)
        return None if level is None else steady_growth(level.drift, grid)

    def describe(self) -> tuple[str, ...]:
        """Start, volatility and growth of every level, and the correlations."""
        levels = tuple(
            f"{f} lognormal: start {d.start:g}, volatility {d.volatility:.2%} a year, "
            f"{growth_in_words(d.drift, d.volatility)}"
            for f, d in self.levels.items()
        )
        return levels + tuple(f"correlation {a}, {b}: {rho:.4f}" for (a, b), rho in self.correlation.items())


class _Source:
    """Fills rows of levels: noise for a chunk at once, then a product row by row, all in place."""

    def __init__(
        self, levels: Mapping[Factor, GBM], grid: TimeGrid, asked: frozenset[Factor], noise: Noise, paths: int
    ) -> None:
        self.factors = asked
        self._levels = {factor: terms for factor, terms in levels.items() if factor in asked}
        self._years = grid.step_days / DAYS_PER_YEAR
        self._noise = noise
        self._paths = paths

    def rows(self, bounds: Bounds, filled: Mapping[Factor, FloatArray], out: Buffers) -> Iterator[Filled]:
        """Rows of each chunk, in buffers that are used again."""
        del filled
        starts = {factor: terms.start for factor, terms in self._levels.items()}
        widths = {factor: self._paths if terms.volatility > 0.0 else 1 for factor, terms in self._levels.items()}
        return grow(starts, widths, bounds, self._fill, out)

    def _fill(self, start: int, moves: Mapping[Factor, FloatArray]) -> None:
        for factor, terms in self._levels.items():
            rows = moves[factor]
            years = self._years[start : start + len(rows), None]
            diffuse(factor, terms.volatility, terms.drift, start, years, self._noise, rows)
