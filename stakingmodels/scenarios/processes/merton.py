"""`MertonJumpDiffusion`: correlated diffusions of prices and other levels with jumps, some of them common."""

from collections.abc import Mapping

import attrs
import numpy as np

from stakingmodels import checks, terms
from stakingmodels._types import FloatArray, IntArray
from stakingmodels.market import Factor, TimeGrid
from stakingmodels.market.factors import HAZARD_LIMIT
from stakingmodels.replacing import Replaceable
from stakingmodels.scenarios.drivers import Correlation
from stakingmodels.scenarios.levels import (
    LIMIT,
    as_drift,
    as_log_jump,
    as_volatility,
    copied,
    diffuse,
    growth_in_words,
    level_map,
    steady_growth,
)
from stakingmodels.scenarios.processes.level_scenario import LevelScenario, LogReturns
from stakingmodels.scenarios.rows import Block
from stakingmodels.scenarios.sparse import Points
from stakingmodels.words import Note


def _intensity(where: str, value: object) -> float:
    return checks.non_negative(where, value, HAZARD_LIMIT)


@terms.sheet
class Merton(Replaceable):
    """Terms of one level that diffuses and jumps (Merton 1976).

    ``log(x[k+1] / x[k]) = (drift - volatility**2 / 2 - jump_intensity * m) dt + volatility sqrt(dt) z + sum of sizes``,
    N of them, where N is Poisson with mean ``jump_intensity * dt``, the sizes are normal, and ``m = exp(log_jump_mean +
    log_jump_volatility**2 / 2) - 1`` removes from the drift the jumps' addition to the mean.

    Parameters
    ----------
    initial_level
        Level at the opening, above 0.
    volatility
        Standard deviation of the log return a year between jumps, in [0, 10].
    drift
        Growth of the mean, jumps included, a year and continuous: the mean after t years is
        ``start * exp(drift * t)``. Default 0.
    jump_intensity
        Jumps a year of 365 days on average, in [0, 1000].
    log_jump_mean, log_jump_volatility
        Mean and standard deviation of the logarithm of one jump, in [-10, 10] and [0, 10].
    """

    initial_level: float = terms.positive(kw_only=False)
    volatility: float = terms.number(check=as_volatility, low=0.0, high=LIMIT)
    drift: float = terms.number(default=0.0, check=as_drift, low=-LIMIT, high=LIMIT)
    jump_intensity: float = terms.number(check=_intensity, unit="1/year", low=0.0, high=HAZARD_LIMIT)
    log_jump_mean: float = terms.number(check=as_log_jump, low=-LIMIT, high=LIMIT)
    log_jump_volatility: float = terms.number(check=as_volatility, low=0.0, high=LIMIT)

    @property
    def jump_drift(self) -> float:
        """Contribution of jumps to the growth of the mean a year: ``jump_intensity * m``."""
        return self.jump_intensity * float(np.expm1(self.log_jump_mean + 0.5 * self.log_jump_volatility**2))

    @property
    def total_volatility(self) -> float:
        """Standard deviation of the log return a year, jumps included."""
        jumps = self.jump_intensity * (self.log_jump_mean**2 + self.log_jump_volatility**2)
        return float(np.sqrt(self.volatility**2 + jumps))


def _levels(value: object) -> Mapping[Factor, Merton]:
    how = "Merton(3000.0, volatility=0.56, jump_intensity=11.6, log_jump_mean=0.0, log_jump_volatility=0.13)"
    return level_map("MertonJumpDiffusion", value, Merton, how)


@attrs.frozen(eq=False)
class MertonJumpDiffusion(LevelScenario):
    """Correlated geometric Brownian motions with Poisson jumps of lognormal size.

    Parameters
    ----------
    levels
        `Merton` terms by factor, in the order in which the correlation is built up.
    correlation
        Pairs of factors -> correlation of their log returns between jumps, in (-1, 1); pairs not named have 0.
    common_share
        Share of every level's jumps that occur at common times, in [0, 1]. The common times are those of the level with
        the most jumps; another level jumps at as many of them as it has common jumps. So with a share of 1 every jump
        of the rarer level comes with one of the more frequent level. Default 0.
    size_correlation
        Correlation of the logarithms of two levels' jumps at a common time, in [0, 1]. Default 0.

    Raises
    ------
    InputError
        Where the correlations are not those of any random variables (not positive definite).

    Notes
    -----
    The law of each level by itself depends neither on `common_share` nor on `size_correlation`.

    Examples
    --------
    >>> from stakingmodels import Price
    >>> from stakingmodels.scenarios import Merton, MertonJumpDiffusion
    >>> eth = Merton(3000.0, volatility=0.561, jump_intensity=11.6, log_jump_mean=0.0015, log_jump_volatility=0.1285)
    >>> btc = Merton(90_000.0, volatility=0.3995, jump_intensity=14.7, log_jump_mean=0.0013, log_jump_volatility=0.0896)
    >>> scenario = MertonJumpDiffusion(
    ...     {Price("ETH"): eth, Price("BTC"): btc},
    ...     correlation={(Price("ETH"), Price("BTC")): 0.8},
    ...     common_share=0.9,
    ...     size_correlation=0.8,
    ... )
    >>> round(eth.total_volatility, 3), round(btc.total_volatility, 3)
    (0.712, 0.527)
    """

    levels: Mapping[Factor, Merton] = attrs.field(converter=_levels)
    correlation: Correlation = attrs.field(factory=dict, converter=copied, kw_only=True)
    common_share: float = attrs.field(
        default=0.0, kw_only=True, **terms.rules("fraction", checks.fraction, low=0.0, high=1.0)
    )
    size_correlation: float = attrs.field(
        default=0.0, kw_only=True, **terms.rules("fraction", checks.fraction, low=0.0, high=1.0)
    )

    def _is_random(self, factor: Factor) -> bool:
        """Whether it has a volatility, or jumps."""
        level = self.levels[factor]
        return level.volatility > 0.0 or level.jump_intensity > 0.0

    def _log_returns(self, factors: tuple[Factor, ...], years: FloatArray, block: Block) -> LogReturns:
        """Function that fills a chunk: the diffusion, then its few jumps."""
        jumps = _Jumps(self, factors, years, block)

        def fill(start: int, moves: Mapping[Factor, FloatArray]) -> None:
            stop = start + len(moves[factors[0]])
            for factor in factors:
                level = self.levels[factor]
                growth = level.drift - level.jump_drift
                diffuse(factor, level.volatility, growth, start, years[start:stop, None], block.noise, moves[factor])
            jumps.strike(start, stop, moves)

        return fill

    def expected_growth(self, factor: Factor, grid: TimeGrid) -> FloatArray | None:
        """Expected growth of a level, ``exp(drift * t)``, jumps included, ``(n_times,)``."""
        level = self.levels.get(factor)
        return None if level is None else steady_growth(level.drift, grid)

    def describe(self) -> tuple[str, ...]:
        """Terms of every level, and their common jumps."""
        levels = tuple(
            Note(
                "note.jump_diffusion",
                factor=f,
                start=d.initial_level,
                volatility=d.volatility,
                growth=growth_in_words(d.drift),
                jumps=d.jump_intensity,
                mean=d.log_jump_mean,
                deviation=d.log_jump_volatility,
            )
            for f, d in self.levels.items()
        )
        together = Note("note.common_jumps", share=self.common_share, rho=self.size_correlation)
        pairs = tuple(Note("note.correlation", one=a, other=b, rho=rho) for (a, b), rho in self.correlation.items())
        return levels + ((together,) if self.common_share > 0.0 else ()) + pairs


class _Jumps:
    """Jumps, chunk by chunk, at common times and at a level's own.

    Common times are points of one Poisson process. Each comes with a uniform rank and a standard normal for the part
    of its size that levels share; a level takes part where the rank is below its share of the points.
    """

    def __init__(self, terms: MertonJumpDiffusion, asked: tuple[Factor, ...], years: FloatArray, block: Block) -> None:
        self._levels = {factor: terms.levels[factor] for factor in asked}
        self._share = terms.common_share
        self._shared_part = float(np.sqrt(terms.size_correlation))
        self._own_part = float(np.sqrt(1.0 - terms.size_correlation))
        lead = max(terms.levels, key=lambda factor: terms.levels[factor].jump_intensity)
        self._most = terms.levels[lead].jump_intensity
        name = f"common jumps:{lead}"
        sizes = tuple(f"{name}:sizes:{factor}" for factor in asked)
        expected = self._share * self._most * years
        self._common = Points(block.streams, name, block.n_paths, expected, n_marks=1, normals=("", *sizes))
        self._points = {
            factor: Points(
                block.streams,
                f"jumps:{factor}",
                block.n_paths,
                (1.0 - self._share) * level.jump_intensity * years,
                normals=("",),
            )
            for factor, level in self._levels.items()
        }

    def strike(self, start: int, stop: int, moves: Mapping[Factor, FloatArray]) -> None:
        """Add the jumps of the steps [start, stop) to the log returns of each level."""
        if self._share < 1.0:
            for factor, level in self._levels.items():
                points = self._points[factor].between(start, stop)
                _add(level, points.step - start, points.path, points.normals[0], moves[factor])
        if self._share > 0.0:
            self._strike_together(start, stop, moves)

    def _strike_together(self, start: int, stop: int, moves: Mapping[Factor, FloatArray]) -> None:
        points = self._common.between(start, stop)
        shared, *own = points.normals
        for (factor, level), each in zip(self._levels.items(), own, strict=True):
            sizes = self._own_part * each + self._shared_part * shared
            taken = np.nonzero(points.marks[0] * self._most < level.jump_intensity)[0]
            _add(level, points.step[taken] - start, points.path[taken], sizes[taken], moves[factor])


def _add(level: Merton, step: IntArray, path: IntArray, sizes: FloatArray, rows: FloatArray) -> None:
    """Add jumps whose sizes are given as standard normals; the rows must be contiguous."""
    cells = step * rows.shape[1] + path  # numpy adds at one index ten times as fast as at two
    np.add.at(rows.reshape(-1), cells, level.log_jump_mean + level.log_jump_volatility * sizes)
