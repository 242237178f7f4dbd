"""`RowFiller`: rows of a scenario's factors, chunk by chunk, filled by a function of the scenario."""

from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, final

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray
from stakingmodels.market import Factor, TimeGrid
from stakingmodels.market.filled import Bounds, Filled
from stakingmodels.market.now import Hits
from stakingmodels.scenarios.base import BlockInputs, Scenario
from stakingmodels.scenarios.drivers import Noise
from stakingmodels.scenarios.streams import Streams

Rows = Mapping[Factor, FloatArray]
"""Rows of one chunk by factor, with one column per path or one for all: a row for each step, for levels one more."""

FillChunk = Callable[[int, int, Rows, Rows], Mapping[Factor, Hits] | None]
"""Function that fills the steps from the first number to before the second.

The first mapping has the rows to be written, whose first row is already set for levels; the second has rows filled by
other sources. It returns the event hits, if it decides on any.
"""


@attrs.frozen(eq=False, kw_only=True)
class RowFiller:
    """Rows of some factors in reused buffers, filled by a function; levels continue from the chunk before.

    Parameters
    ----------
    factors
        Factors that it fills.
    begin
        Called with the number of steps of the longest chunk at the start of each reading, for a function that fills one
        chunk after the other. State that changes on the way belongs to that function, so that readings are independent.
    widths
        Number of columns of each factor's rows: the number of paths, or 1 where all paths are equal. Factors needed
        only on the way may be among them; events are not.
    openings
        Opening levels, for those that `begin` does not set by itself in its first chunk.
    """

    factors: frozenset[Factor]
    begin: Callable[[int], FillChunk]
    widths: Mapping[Factor, int] = attrs.field(factory=dict)
    openings: Mapping[Factor, float] = attrs.field(factory=dict)

    @property
    def author(self) -> str:
        """Module of the function that fills: rows of the library's own are not checked in every run."""
        function: Any = self.begin
        while isinstance(function, partial):
            function = function.func
        owner = getattr(function, "__self__", None)
        return str(function.__module__ if owner is None else type(owner).__module__)

    def rows(self, bounds: Bounds, filled: Mapping[Factor, FloatArray]) -> Iterator[Filled]:
        """Rows of each chunk, in reused buffers; see `stakingmodels.market.RowSource`."""
        longest = max(stop - start for start, stop in bounds)
        tables = {f: np.empty((longest + (f.kind == "level"), width)) for f, width in self.widths.items()}
        for factor, table in tables.items():
            if factor.kind == "level":  # a level that nobody opens is refused, not whatever was in the memory
                table[0] = self.openings.get(factor, np.nan)
        fill = self.begin(longest)
        for start, stop in bounds:
            n = stop - start
            rows = {factor: table[: n + (factor.kind == "level")] for factor, table in tables.items()}
            found = fill(start, stop, rows, filled)
            if not isinstance(found, (Mapping, type(None))):
                checks.refuse_type("RowFiller: fill", "must return None, or hits as {event: {step: paths}}", found)
            chunk: dict[Factor, FloatArray | Hits] = dict(found or {})
            chunk.update((factor, table) for factor, table in rows.items() if factor in self.factors)
            yield chunk
            for factor, table in tables.items():
                if factor.kind == "level":
                    np.copyto(table[0], table[n])


@attrs.frozen(eq=False, kw_only=True)
class Block:
    """Arguments of `Scenario.generate`: requested factors, grid and random numbers of one market."""

    grid: TimeGrid
    factors: frozenset[Factor]
    streams: Streams
    noise: Noise
    n_paths: int


class RowScenario(Scenario):
    """Scenario whose factors one `RowFiller` fills; a subclass has the function that fills a chunk."""

    @abstractmethod
    def _begin(self, block: Block, longest: int) -> FillChunk:
        """Function that fills rows chunk by chunk, in chunks of at most `longest` steps."""

    @final
    def _begun(self, block: Block, longest: int) -> FillChunk:
        """Function that fills from the start of every stream, however often the source is read."""
        return self._begin(attrs.evolve(block, streams=block.streams.fresh()), longest)

    @property
    def _openings(self) -> Mapping[Factor, float]:
        """Value of each level at the opening, of those that `_begin` does not open itself."""
        return {}

    def _widths(self, block: Block) -> Mapping[Factor, int]:
        """Number of columns of each factor's rows; by default one per path."""
        return dict.fromkeys(block.factors, block.n_paths)

    @final
    def generate(
        self, grid: TimeGrid, factors: frozenset[Factor], *, streams: Streams, noise: Noise, n_paths: int
    ) -> BlockInputs:
        """Inputs with one source that fills the requested factors."""
        if not factors:
            return BlockInputs()
        block = Block(grid=grid, factors=factors, streams=streams, noise=noise, n_paths=n_paths)
        widths = self._widths(block)
        source = RowFiller(
            factors=factors,
            begin=partial(self._begun, block),
            widths=widths,
            openings={factor: level for factor, level in self._openings.items() if factor in widths},
        )
        return BlockInputs(sources=(source,))
