"""`concat_markets`: concatenates markets along the path axis."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import numpy as np

from stakingmodels._types import FloatArray, IntArray
from stakingmodels.market.factors import Event, Factor
from stakingmodels.market.filled import Bounds, Buffers, Filled, buffer_for
from stakingmodels.market.market import Market
from stakingmodels.market.now import Hits


def concat_markets(markets: Sequence[Market]) -> Market:
    """Concatenate markets along the path axis; they must agree in grid, factors and numeraire.

    Wider rows need fewer numpy calls for the same work; no number depends on it.
    """
    first = markets[0]
    if len(markets) == 1:
        return first
    uniforms = [market.uniforms for market in markets if market.uniforms is not None]
    starts = [market.time_offsets for market in markets if market.time_offsets is not None]
    growth = {factor: first.expected_growth(factor) for factor in first.factors}
    return Market.from_sources(
        first.grid,
        sum(market.n_paths for market in markets),
        _sources(markets),
        make_sources=partial(_sources, markets),
        hazards=first.hazards,
        uniforms=uniforms[0].concat(uniforms[1:]) if uniforms else None,
        time_offsets=np.concatenate(starts) if starts else None,
        expected_growth={factor: grown for factor, grown in growth.items() if grown is not None},
        frozen_levels=first.frozen_levels,
        numeraire=first.numeraire,
    )


def _sources(markets: Sequence[Market]) -> "tuple[_ConcatSource]":
    return (_ConcatSource(markets),)


class _ConcatSource:
    """Fills the rows of several markets side by side."""

    def __init__(self, markets: Sequence[Market]) -> None:
        self._markets = markets
        edges = [0, *np.cumsum([market.n_paths for market in markets]).tolist()]
        self._paths = [slice(first, end) for first, end in itertools.pairwise(edges)]
        self.factors: frozenset[Factor] = frozenset().union(*(market.factors for market in markets))

    def rows(self, bounds: Bounds, filled: Mapping[Factor, FloatArray], out: Buffers) -> Iterator[Filled]:
        """Rows of each chunk, in reused buffers; each market fills its own columns."""
        del filled, out
        n_paths = self._paths[-1].stop
        buffers = {f: buffer_for(f, bounds, n_paths, {}) for f in self.factors if f.kind != "event"}
        readings = [
            market.iter_rows(bounds, {f: buffer[:, paths] for f, buffer in buffers.items()})
            for market, paths in zip(self._markets, self._paths, strict=True)
        ]
        for (start, stop), *parts in zip(bounds, *readings, strict=True):
            chunk: dict[Factor, FloatArray | Hits] = {}
            for factor in parts[0][0]:
                chunk[factor] = self._joined([rows[factor] for rows, _ in parts], buffers[factor])
            for event in self.factors:
                if isinstance(event, Event):
                    chunk[event] = self._struck(event, start, stop, [hits for _, hits in parts])
            yield chunk

    def _joined(self, rows: list[FloatArray], buffer: FloatArray) -> FloatArray:
        """Rows of one factor; unchanged where all paths of all markets are equal."""
        if all(part.shape[1] == 1 for part in rows) and all(np.array_equal(part, rows[0]) for part in rows[1:]):
            return rows[0]
        wide = buffer[: len(rows[0])]
        for part, paths in zip(rows, self._paths, strict=True):
            if part.shape[1] == 1:  # wide rows are in their columns already
                wide[:, paths] = part
        return wide

    def _struck(self, event: Event, start: int, stop: int, struck: Sequence[Mapping[Event, Hits]]) -> Hits:
        """Steps in which an event occurs, with the paths it hits."""
        found: dict[int, list[IntArray]] = {}
        for each, paths in zip(struck, self._paths, strict=True):
            hits = each.get(event, {})
            for step in hits.keys() & range(start, stop):
                found.setdefault(step, []).append(hits[step] + paths.start)
        return {step: np.concatenate(parts) for step, parts in found.items()}
