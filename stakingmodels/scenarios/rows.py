"""`RowSource`: rows of a scenario's factors, chunk by chunk; each scenario says how one chunk is filled."""

from collections.abc import Callable, Iterator, Mapping

import attrs
import numpy as np

from stakingmodels._types import FloatArray
from stakingmodels.market import Factor
from stakingmodels.market.filled import Bounds, Buffers, Filled, buffer_for
from stakingmodels.market.now import Hits

Rows = Mapping[Factor, FloatArray]
"""Factor -> rows of one chunk, as wide as there are paths or 1: one for each step, and for levels one more."""

FillChunk = Callable[[int, int, Rows, Rows], Mapping[Factor, Hits] | None]
"""Fills the steps from the first number to before the second one: rows to be written, whose first row is there already
for levels, and rows that other sources have filled. Returns when events strike, if it decides on any."""


@attrs.frozen(eq=False, kw_only=True)
class RowSource:
    """A source with buffers that are used again, and levels that go on from the row that ended the chunk before.

    Parameters
    ----------
    factors
        What it gives.
    begin
        Called with the number of steps of the longest chunk at the start of each reading, for a function that fills
        one chunk after the other. What changes on the way belongs to that function, so that no reading sees another.
    widths
        Factor -> how many columns its rows have: the number of paths, or 1 where all paths are alike. Factors that are
        not given but needed on the way may be among them; events are not.
    openings
        Level -> what it is at the opening, for those that `begin` does not open by itself in its first chunk.
    together
        Whether the rows of a chunk must be contiguous, so that buffers which are part of wider ones do not fit.
    """

    factors: frozenset[Factor]
    begin: Callable[[int], FillChunk]
    widths: Mapping[Factor, int] = attrs.field(factory=dict)
    openings: Mapping[Factor, float] = attrs.field(factory=dict)
    together: bool = False

    def rows(self, bounds: Bounds, filled: Mapping[Factor, FloatArray], out: Buffers) -> Iterator[Filled]:
        """Rows of each chunk, in buffers that are used again; see `Source.rows`."""
        wanted = {f: table for f, table in out.items() if f in self.factors and not self.together}
        tables = {factor: buffer_for(factor, bounds, width, wanted) for factor, width in self.widths.items()}
        for factor, level in self.openings.items():
            tables[factor][0] = level
        fill = self.begin(max(stop - start for start, stop in bounds))
        for start, stop in bounds:
            n = stop - start
            rows = {factor: table[: n + (factor.kind == "level")] for factor, table in tables.items()}
            chunk: dict[Factor, FloatArray | Hits] = dict(fill(start, stop, rows, filled) or {})
            for factor, table in tables.items():
                if factor in self.factors:
                    chunk[factor] = table if table is wanted.get(factor) else rows[factor]
            yield chunk
            for factor, table in tables.items():
                if factor.kind == "level":
                    np.copyto(table[0], table[n])
