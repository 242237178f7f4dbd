"""`beside`: several markets as one that is as wide as all of them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from stakingmodels._types import FloatArray, IntArray
from stakingmodels.market.factors import Event, Factor
from stakingmodels.market.filled import Filled
from stakingmodels.market.luck import Luck
from stakingmodels.market.market import Market
from stakingmodels.market.now import Hits


def beside(markets: Sequence[Market]) -> Market:
    """One market with the paths of several in their order, which are alike in grid, factors and numeraire.

    Wider rows make fewer calls of numpy for the same work; no number depends on it.
    """
    first = markets[0]
    if len(markets) == 1:
        return first
    blocks = [block for market in markets if market.luck is not None for block in market.luck.blocks]
    starts = [market.starts for market in markets if market.starts is not None]
    growth = {factor: first.expected_growth(factor) for factor in first.factors}
    return Market.generated(
        first.grid,
        sum(market.n_paths for market in markets),
        (_Beside(markets),),
        hazards=first.hazards,
        luck=Luck(blocks) if blocks else None,
        starts=np.concatenate(starts) if starts else None,
        growth={factor: grown for factor, grown in growth.items() if grown is not None},
        numeraire=first.numeraire,
    )


class _Beside:
    """Fills the rows of several markets side by side."""

    is_checked = True  # each market has looked at what its sources give

    def __init__(self, markets: Sequence[Market]) -> None:
        self._markets = markets
        self._paths = [0, *np.cumsum([market.n_paths for market in markets]).tolist()]
        self.factors: frozenset[Factor] = frozenset().union(*(market.factors for market in markets))

    def rows(self, bounds: Sequence[tuple[int, int]], world: Mapping[Factor, FloatArray]) -> Iterator[Filled]:
        """Rows of each chunk, in buffers that are used again."""
        del world
        longest = max(stop - start for start, stop in bounds) + 1
        buffers = {f: np.empty((longest, self._paths[-1])) for f in self.factors if f.kind != "event"}
        known = Counter(id(source) for market in self._markets for source in market.sources)
        for market, first, end in zip(self._markets, self._paths, self._paths[1:], strict=False):
            for source in market.sources:
                if hasattr(source, "into") and known[id(source)] == 1:  # one in two markets has rows for one only
                    here = {f: buffers[f][:, first:end] for f in source.factors if f.kind == "level"}
                    setattr(source, "into", here)  # noqa: B010  # not every source has it
        worlds = zip(*(market.worlds(bounds) for market in self._markets), strict=True)
        for (start, stop), parts in zip(bounds, worlds, strict=True):
            filled: dict[Factor, FloatArray | Hits] = {}
            for factor in parts[0]:
                filled[factor] = self._joined([part[factor] for part in parts], buffers[factor])
            for event in self.factors:
                if isinstance(event, Event):
                    filled[event] = self._hits(event, start, stop)
            yield filled

    def _joined(self, rows: list[FloatArray], buffer: FloatArray) -> FloatArray:
        """Rows of one factor; as they are where all paths of all markets have the same."""
        if all(part.shape[1] == 1 for part in rows) and all(np.array_equal(part, rows[0]) for part in rows[1:]):
            return rows[0]
        wide = buffer[: len(rows[0])]
        for part, first, end in zip(rows, self._paths, self._paths[1:], strict=False):
            here = wide[:, first:end]
            if not _is_same(part, here):
                here[:] = part
        return wide

    def _hits(self, event: Event, start: int, stop: int) -> Hits:
        """When an event strikes in some steps."""
        found: dict[int, list[IntArray]] = {}
        for market, first in zip(self._markets, self._paths, strict=False):
            hits = market.hits.get(event, {})
            for step in hits.keys() & range(start, stop):
                found.setdefault(step, []).append(hits[step] + first)
        return {step: np.concatenate(parts) for step, parts in found.items()}


def _is_same(one: FloatArray, other: FloatArray) -> bool:
    """Whether two arrays are the same cells of memory."""
    places = (array.__array_interface__["data"][0] for array in (one, other))
    return one.shape == other.shape and one.strides == other.strides and next(places) == next(places)
