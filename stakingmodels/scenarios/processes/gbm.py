"""`GeometricBrownianMotion`: correlated geometric Brownian motion of prices and other levels."""

from collections.abc import Mapping

import attrs

from stakingmodels import terms
from stakingmodels._types import FloatArray
from stakingmodels.market import Factor, TimeGrid
from stakingmodels.replacing import Replaceable
from stakingmodels.scenarios.drivers import Correlation
from stakingmodels.scenarios.levels import (
    LIMIT,
    as_drift,
    as_volatility,
    copied,
    diffuse,
    growth_in_words,
    level_map,
    steady_growth,
)
from stakingmodels.scenarios.processes.level_scenario import LevelScenario, LogReturns
from stakingmodels.scenarios.rows import Block
from stakingmodels.words import Note


@terms.sheet
class GBM(Replaceable):
    """Terms of one level that diffuses.

    ``log(x[k+1] / x[k]) = (drift - volatility**2 / 2) dt + volatility sqrt(dt) z``.

    Parameters
    ----------
    initial_level
        Level at the opening, above 0.
    volatility
        Standard deviation of the log return a year of 365 days, in [0, 10]; 0 gives a smooth trend.
    drift
        Growth of the mean, a year and continuous: the mean after t years is ``start * exp(drift * t)``. Default 0.
    """

    initial_level: float = terms.positive(kw_only=False)
    volatility: float = terms.number(check=as_volatility, low=0.0, high=LIMIT)
    drift: float = terms.number(default=0.0, check=as_drift, low=-LIMIT, high=LIMIT)


def _levels(value: object) -> Mapping[Factor, GBM]:
    return level_map("GeometricBrownianMotion", value, GBM, "GBM(initial_level=3000.0, volatility=0.70)")


@attrs.frozen(eq=False)
class GeometricBrownianMotion(LevelScenario):
    """Correlated geometric Brownian motion.

    Parameters
    ----------
    levels
        `GBM` terms by factor, in the order in which the correlation is built up.
    correlation
        Pairs of factors -> correlation of their log returns, in (-1, 1); pairs that are not named have 0.

    Raises
    ------
    InputError
        Where the correlations are not those of any random variables (not positive definite).
    """

    levels: Mapping[Factor, GBM] = attrs.field(converter=_levels)
    correlation: Correlation = attrs.field(factory=dict, converter=copied, kw_only=True)

    def _is_random(self, factor: Factor) -> bool:
        """Whether it has a volatility."""
        return self.levels[factor].volatility > 0.0

    def _log_returns(self, factors: tuple[Factor, ...], years: FloatArray, block: Block) -> LogReturns:
        """Function that fills a chunk: noise at once, scaled and shifted in place."""

        def fill(start: int, moves: Mapping[Factor, FloatArray]) -> None:
            for factor in factors:
                terms, rows = self.levels[factor], moves[factor]
                steps = years[start : start + len(rows), None]
                diffuse(factor, terms.volatility, terms.drift, start, steps, block.noise, rows)

        return fill

    def expected_growth(self, factor: Factor, grid: TimeGrid) -> FloatArray | None:
        """Expected growth of a level, ``exp(drift * t)``, ``(n_times,)``."""
        level = self.levels.get(factor)
        return None if level is None else steady_growth(level.drift, grid)

    def describe(self) -> tuple[str, ...]:
        """Start, volatility and growth of every level, and the correlations."""
        levels = tuple(
            Note(
                "note.lognormal",
                factor=f,
                start=d.initial_level,
                volatility=d.volatility,
                growth=growth_in_words(d.drift, d.volatility),
            )
            for f, d in self.levels.items()
        )
        return levels + tuple(
            Note("note.correlation", one=a, other=b, rho=rho) for (a, b), rho in self.correlation.items()
        )
