"""`beside`: several markets as one that is as wide as all of them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

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
        _sources(markets),
        anew=partial(_sources, markets),
        hazards=first.hazards,
        luck=Luck(blocks) if blocks else None,
        starts=np.concatenate(starts) if starts else None,
        growth={factor: grown for factor, grown in growth.items() if grown is not None},
        still=first.still,
        numeraire=first.numeraire,
    )


def _sources(markets: Sequence[Market]) -> "tuple[_Beside]":
    return (_Beside(markets),)


class _Beside:
    """Fills the rows of several markets side by side."""

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
        readings = []
        for market, first, end in zip(self._markets, self._paths, self._paths[1:], strict=False):
            # a source in two markets has rows for one only
            alone = all(known[id(source)] == 1 for source in market.sources)
            into = {f: table[:, first:end] for f, table in buffers.items() if f.kind == "level"} if alone else None
            readings.append(market.worlds(bounds, into))
        worlds = zip(*readings, strict=True)
        for (start, stop), parts in zip(bounds, worlds, strict=True):
            filled: dict[Factor, FloatArray | Hits] = {}
            for factor in parts[0][0]:
                filled[factor] = self._joined([rows[factor] for rows, _ in parts], buffers[factor])
            for event in self.factors:
                if isinstance(event, Event):
                    filled[event] = self._struck(event, start, stop, [hits for _, hits in parts])
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

    def _struck(self, event: Event, start: int, stop: int, struck: Sequence[Mapping[Event, Hits]]) -> Hits:
        """When an event strikes in some steps."""
        found: dict[int, list[IntArray]] = {}
        for each, first in zip(struck, self._paths, strict=False):
            hits = each.get(event, {})
            for step in hits.keys() & range(start, stop):
                found.setdefault(step, []).append(hits[step] + first)
        return {step: np.concatenate(parts) for step, parts in found.items()}


def _is_same(one: FloatArray, other: FloatArray) -> bool:
    """Whether two arrays are the same cells of memory."""
    places = (array.__array_interface__["data"][0] for array in (one, other))
    return one.shape == other.shape and one.strides == other.strides and next(places) == next(places)
