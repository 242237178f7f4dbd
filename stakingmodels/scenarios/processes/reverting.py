"""Mean reversion: steps of an Ornstein-Uhlenbeck process, and `LogOrnsteinUhlenbeck`, a law with bursts."""

import math

import attrs
import numpy as np

from stakingmodels import terms
from stakingmodels._types import FloatArray
from stakingmodels.market import Factor, TimeGrid
from stakingmodels.rates import DAYS_PER_YEAR
from stakingmodels.replacing import Replaceable
from stakingmodels.scenarios.drivers import Noise
from stakingmodels.scenarios.levels import LIMIT, as_half_life, as_volatility
from stakingmodels.words import Note


def _mean(terms: "LogOrnsteinUhlenbeck") -> float:
    return terms.mean


@terms.sheet
class LogOrnsteinUhlenbeck(Replaceable):
    """Terms of a quantity whose logarithm is a first-order autoregression.

    It is lognormal: heavy-tailed, above 0.

    With s the standard deviation, ``m = log(mean) - s**2 / 2`` and ``a = 0.5 ** (days / half_life_days)``, it is ``log
    x[k+1] = m + a (log x[k] - m) + s sqrt(1 - a**2) z``.

    Parameters
    ----------
    mean
        Long-run mean, above 0.
    standard_deviation
        Long-run standard deviation of the logarithm, in [0, 10].
    half_life_days
        Half-life of the logarithm's gap to its mean, in days; above 0.
    initial_level
        Value at the opening, above 0; by default the mean.
    """

    mean: float = terms.positive(kw_only=False)
    standard_deviation: float = terms.number(check=as_volatility, low=0.0, high=LIMIT)
    half_life_days: float = terms.days(check=as_half_life)
    initial_level: float = terms.positive(default=attrs.Factory(_mean, takes_self=True))

    def __str__(self) -> str:
        return self.in_words()

    def in_words(self) -> Note:
        """The terms as a sentence."""
        return Note(
            "note.log_reversion",
            start=self.initial_level,
            mean=self.mean,
            deviation=self.standard_deviation,
            half_life=self.half_life_days,
        )


@attrs.frozen(eq=False)
class ReversionSteps:
    """Steps of an Ornstein-Uhlenbeck process on a grid: ``gap[k+1] = kept[k] gap[k] + standard_deviation[k] z``.

    The gap may be between a logarithm and its mean, or a moving target.

    Parameters
    ----------
    kept
        Share of a gap that is left after each step, ``(n_steps,)``.
    standard_deviation
        Standard deviation of the noise of each step, ``(n_steps,)``.
    is_random
        Whether there is noise at all.
    """

    kept: FloatArray
    standard_deviation: FloatArray
    is_random: bool

    @classmethod
    def settling(cls, deviation: float, half_life_days: float | FloatArray, grid: TimeGrid) -> "ReversionSteps":
        """Steps given the long-run standard deviation of the gap; one half-life for all steps, or one for each."""
        kept = 0.5 ** (grid.step_days / half_life_days)
        return cls(kept, deviation * np.sqrt(1.0 - kept**2), deviation > 0.0)

    @classmethod
    def diffusing(cls, volatility: float, half_life_days: float, grid: TimeGrid) -> "ReversionSteps":
        """Steps given the standard deviation of a year's noise without reversion."""
        kept = 0.5 ** (grid.step_days / half_life_days)
        speed = math.log(2.0) * DAYS_PER_YEAR / half_life_days
        return cls(kept, volatility * np.sqrt((1.0 - kept**2) / (2.0 * speed)), volatility > 0.0)

    def fill_noise(self, noise: Noise, driver: Factor, start: int, rows: FloatArray) -> None:
        """Write the noise of the steps from `start` on into rows, ``(n_rows, n_paths)``."""
        if not self.is_random:
            rows[:] = 0.0
            return
        stop = start + len(rows)
        noise.fill(driver, start, stop, rows, self.standard_deviation[start:stop, None])

    def pull(self, start: int, gap: FloatArray, rows: FloatArray, tmp: FloatArray) -> None:
        """Turn the increments of the steps from `start` on into the gaps at their ends, row by row.

        Parameters
        ----------
        gap
            Gap at the start of the first step, ``(n_paths,)``.
        rows
            Increments, ``(n_rows, n_paths)``; overwritten with the gaps.
        tmp
            Workspace, ``(n_paths,)``.
        """
        for row, kept in zip(rows, self.kept[start : start + len(rows)], strict=True):
            np.multiply(gap, kept, out=tmp)
            np.add(row, tmp, out=row)
            gap = row

    def pull_to(self, target: FloatArray, step: int, level: FloatArray, row: FloatArray) -> None:
        """Add to the noise of one step the level at its start, pulled to a target.

        The target's array is overwritten.
        """
        kept = self.kept[step]
        target *= 1.0 - kept
        row += target
        np.multiply(level, kept, out=target)
        row += target


class LogOrnsteinUhlenbeckPath:
    """Rows of one `LogOrnsteinUhlenbeck` quantity, chunk by chunk; of an interval, the value at its start holds in it.

    Attributes
    ----------
    width
        Number of columns of its rows: 1 without noise.
    """

    def __init__(
        self, terms: LogOrnsteinUhlenbeck, driver: Factor, grid: TimeGrid, noise: Noise, paths: int, longest: int
    ) -> None:
        self._driver = driver
        self._is_level = driver.kind == "level"
        self._noise = noise
        self._steps = ReversionSteps.settling(terms.standard_deviation, terms.half_life_days, grid)
        self._centre = float(np.log(terms.mean)) - 0.5 * terms.standard_deviation**2
        self.width = paths if self._steps.is_random else 1
        self._gaps: FloatArray = np.zeros((longest + 1, self.width))
        self._gaps[0] = np.log(terms.initial_level) - self._centre

    def fill(self, start: int, rows: FloatArray) -> None:
        """Fill the rows of the steps from `start` on, ``(n_steps, width)``; of a level, one more, with the last end."""
        n = len(rows) - self._is_level
        gaps = self._gaps[: n + 1]
        self._steps.fill_noise(self._noise, self._driver, start, gaps[1:])
        self._steps.pull(start, gaps[0], gaps[1:], rows[0])
        np.add(gaps[: len(rows)], self._centre, out=rows)
        np.exp(rows, out=rows)
        np.copyto(gaps[0], gaps[n])
