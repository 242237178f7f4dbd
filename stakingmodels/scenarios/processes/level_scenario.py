"""`LevelScenario`: common base of scenarios of correlated prices and other levels that grow by log returns."""

from abc import abstractmethod
from collections.abc import Callable, Mapping
from functools import cached_property, partial
from typing import Any, ClassVar, final

import numpy as np

from stakingmodels._types import FloatArray
from stakingmodels.market import Factor, TimeGrid
from stakingmodels.rates import DAYS_PER_YEAR
from stakingmodels.scenarios.base import BlockInputs, Scenario
from stakingmodels.scenarios.drivers import Correlation, Drivers, Noise
from stakingmodels.scenarios.rows import FillChunk, Rows, RowSource
from stakingmodels.scenarios.streams import Streams

LogReturns = Callable[[int, Mapping[Factor, FloatArray]], None]
"""Called with the first step of a chunk and, for each level, rows to be filled with log returns."""


class LevelScenario(Scenario):
    """Scenario of levels, each with a noise of its own, that open at their `start` and grow by log returns.

    A subclass has `levels`, the terms of each level in the order in which the correlation is built up, and
    `correlation`; its `_log_returns` moves the levels.
    """

    levels: Mapping[Factor, Any]
    correlation: Correlation

    _rows_together: ClassVar[bool] = False
    """Whether the rows of log returns must be contiguous."""

    def __attrs_post_init__(self) -> None:
        _ = self._drivers  # refuses correlations that contradict each other

    @cached_property
    def _drivers(self) -> Drivers:
        return Drivers(tuple(self.levels), self.correlation, where=type(self).__name__)

    @property
    def drivers(self) -> Drivers:
        """A noise for each level, in the order of `levels`."""
        return self._drivers

    @property
    def factors(self) -> frozenset[Factor]:
        """The keys of `levels`."""
        return frozenset(self.levels)

    @abstractmethod
    def _is_random(self, factor: Factor) -> bool:
        """Whether a level differs between paths."""

    @abstractmethod
    def _log_returns(
        self, factors: tuple[Factor, ...], years: FloatArray, *, streams: Streams, noise: Noise, paths: int
    ) -> LogReturns:
        """Function that fills the log returns of some levels, chunk by chunk from the first on.

        Parameters
        ----------
        factors
            Levels requested, in the order of `levels`.
        years
            ``(n_steps,)`` length of each step.
        streams, noise, paths
            As for `generate`.
        """

    @final
    def generate(
        self, grid: TimeGrid, factors: frozenset[Factor], *, streams: Streams, noise: Noise, n_paths: int
    ) -> BlockInputs:
        """Inputs with one source that fills the levels requested."""
        asked = tuple(factor for factor in self.levels if factor in factors)
        if not asked:
            return BlockInputs()
        returns = partial(
            self._log_returns, asked, grid.step_days / DAYS_PER_YEAR, streams=streams, noise=noise, paths=n_paths
        )
        source = RowSource(
            factors=frozenset(asked),
            begin=partial(_begin, returns),
            widths={factor: n_paths if self._is_random(factor) else 1 for factor in asked},
            openings={factor: self.levels[factor].start for factor in asked},
            together=self._rows_together,
        )
        return BlockInputs(sources=(source,))


def _begin(log_returns: Callable[[], LogReturns], longest: int) -> FillChunk:
    """Function that turns log returns into levels, row by row, in place."""
    del longest
    fill_returns = log_returns()

    def fill(start: int, stop: int, rows: Rows, filled: Rows) -> None:
        del filled
        moves = {factor: table[1:] for factor, table in rows.items()}
        fill_returns(start, moves)
        for factor, table in rows.items():
            np.exp(moves[factor], out=moves[factor])
            for k in range(stop - start):
                np.multiply(table[k], table[k + 1], out=table[k + 1])

    return fill
