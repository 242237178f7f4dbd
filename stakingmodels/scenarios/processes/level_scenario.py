"""`LevelScenario`: common base of scenarios of correlated prices and other levels that grow by log returns."""

from abc import abstractmethod
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, final

import numpy as np

from stakingmodels._types import FloatArray
from stakingmodels.market import Factor
from stakingmodels.rates import DAYS_PER_YEAR
from stakingmodels.scenarios.drivers import Correlation, Drivers
from stakingmodels.scenarios.rows import Block, FillChunk, Rows, RowScenario

LogReturns = Callable[[int, Mapping[Factor, FloatArray]], None]
"""Called with the first step of a chunk and, for each level, rows to be filled with log returns."""


class LevelScenario(RowScenario):
    """Scenario of levels, each with a noise of its own, that open at their `initial_level` and grow by log returns.

    A subclass has `levels`, the terms of each level in the order in which the correlation is built up, and
    `correlation`; its `_log_returns` moves the levels.
    """

    levels: Mapping[Factor, Any]
    correlation: Correlation

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

    @property
    def _openings(self) -> Mapping[Factor, float]:
        return {factor: level.initial_level for factor, level in self.levels.items()}

    def _widths(self, block: Block) -> Mapping[Factor, int]:
        return {factor: block.n_paths if self._is_random(factor) else 1 for factor in self._asked(block)}

    def _asked(self, block: Block) -> tuple[Factor, ...]:
        return tuple(factor for factor in self.levels if factor in block.factors)

    @abstractmethod
    def _log_returns(self, factors: tuple[Factor, ...], years: FloatArray, block: Block) -> LogReturns:
        """Function that fills the log returns of some levels, chunk by chunk from the first on.

        Parameters
        ----------
        factors
            Levels requested, in the order of `levels`.
        years
            ``(n_steps,)`` length of each step.
        block
            Random numbers and width of the block.
        """

    @final
    def _begin(self, block: Block, longest: int) -> FillChunk:
        """Function that turns log returns into levels, row by row, in place."""
        del longest
        fill_returns = self._log_returns(self._asked(block), block.grid.step_days / DAYS_PER_YEAR, block)

        def fill(start: int, stop: int, rows: Rows, filled: Rows) -> None:
            del filled
            moves = {factor: table[1:] for factor, table in rows.items()}
            fill_returns(start, moves)
            for factor, table in rows.items():
                np.exp(moves[factor], out=moves[factor])
                for k in range(stop - start):
                    np.multiply(table[k], table[k + 1], out=table[k + 1])

        return fill
