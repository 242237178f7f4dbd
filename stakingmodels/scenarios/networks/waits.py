"""`QueueWaits`: waits in a chain's activation and exit queues, drawn together from recorded days."""

from collections.abc import Iterable

import attrs
import numpy as np

from stakingmodels import checks, terms
from stakingmodels._types import FloatArray, SeriesLike
from stakingmodels.market import EntryWait, ExitWait, Factor, TimeGrid
from stakingmodels.rates import APR, APY
from stakingmodels.replacing import Replaceable
from stakingmodels.scenarios.base import BlockInputs, Scenario
from stakingmodels.scenarios.drivers import Noise
from stakingmodels.scenarios.streams import WIDTH_LIMIT, Streams, opening_uniforms
from stakingmodels.series import FrozenMap, frozen
from stakingmodels.words import Note

_WAIT_LIMIT = 3_650.0  # ten years
_HOW = "WaitCell(7, entry_days=11.2, exit_days=45.5)"


def _wait(where: str, value: object) -> float:
    return checks.non_negative(where, value, _WAIT_LIMIT)


@terms.sheet
class WaitCell(Replaceable):
    """A group of recorded days with similar waits in both queues.

    Parameters
    ----------
    weight
        Number of days, or any weight above 0.
    entry_days, exit_days
        Mean days to enter and to exit in this group, in [0, 3650].
    entry_spread, exit_spread
        Half-width of the range around each mean: each wait is uniform in its range, independent of the other. From 0 to
        the mean; default 0.
    """

    weight: float = terms.positive(kw_only=False)
    entry_days: float = terms.days(check=_wait, low=0.0, high=_WAIT_LIMIT)
    exit_days: float = terms.days(check=_wait, low=0.0, high=_WAIT_LIMIT)
    entry_spread: float = terms.days(default=0.0, check=_wait, low=0.0, high=_WAIT_LIMIT)
    exit_spread: float = terms.days(default=0.0, check=_wait, low=0.0, high=_WAIT_LIMIT)

    def __attrs_post_init__(self) -> None:
        for name in ("entry", "exit"):
            spread, mean = getattr(self, f"{name}_spread"), getattr(self, f"{name}_days")
            if spread > mean:
                rule = f"must be at most the mean of {mean:g}, or waits fall below 0"
                checks.refuse(f"WaitCell.{name}_spread", rule, spread)


def _cells(value: object) -> tuple[WaitCell, ...]:
    is_number = isinstance(value, np.ndarray) and value.ndim == 0
    if isinstance(value, (str, bytes)) or not isinstance(value, Iterable) or is_number:
        checks.refuse_type("QueueWaits.cells", f"must be a list of cells; write [{_HOW}]", value)
    found = tuple(checks.instance("QueueWaits.cells", cell, WaitCell, _HOW) for cell in value)
    if not found:
        checks.refuse("QueueWaits.cells", "must not be empty", value, f"[{_HOW}]")
    return found


@attrs.frozen(eq=False)
class QueueWaits(Scenario):
    """Waits in a chain's queues, one pair for each path, as on a day drawn from a record.

    The two are correlated: while many exit, few enter, so long exit waits go with short entry waits. Each path keeps
    its pair from the opening to the end of the grid, so a holder who enters at the opening and leaves a year later
    meets both waits of one day.

    Parameters
    ----------
    cells
        Recorded days, as cells of similar days.
    asset
        The chain's coin, as in ``ExitWait("ETH")``. Default ETH.
    still
        Days to enter and to exit in a frozen market, as a `quote` uses it; by default the means.
    source
        Name of the record, for the notes.

    Examples
    --------
    >>> from stakingmodels.scenarios import QueueWaits, WaitCell
    >>> often = WaitCell(3, entry_days=10.0, exit_days=40.0, exit_spread=4.0)
    >>> waits = QueueWaits([often, WaitCell(1, entry_days=50.0, exit_days=0.0)])
    >>> waits.means
    (20.0, 30.0)
    >>> waits.describe()
    ('waits of ETH drawn for each path, one pair from 2 cells: to come in 20 days on average, to leave 30',)
    """

    cells: tuple[WaitCell, ...] = attrs.field(converter=_cells)
    asset: str = attrs.field(default="ETH", kw_only=True, **terms.rules("coin", checks.text))
    still: tuple[float, float] | None = attrs.field(default=None, kw_only=True)
    source: str = attrs.field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        if self.still is not None:
            if not isinstance(self.still, tuple) or len(self.still) != 2:
                checks.refuse_type("QueueWaits.still", "must be two numbers of days; write (15.7, 3.9)", self.still)
            for days in self.still:
                _wait("QueueWaits.still", days)

    @property
    def means(self) -> tuple[float, float]:
        """Mean days to enter and to exit."""
        total = sum(cell.weight for cell in self.cells)
        entry = sum(cell.weight * cell.entry_days for cell in self.cells) / total
        return entry, sum(cell.weight * cell.exit_days for cell in self.cells) / total

    @property
    def factors(self) -> frozenset[Factor]:
        """Factors of this scenario: both waits."""
        return frozenset({EntryWait(self.asset), ExitWait(self.asset)})

    def draw(self, streams: Streams, n_paths: int) -> tuple[FloatArray, FloatArray]:
        """Days to enter and to exit on every path, ``(n_paths,)`` each."""
        checks.integer("QueueWaits: n_paths", n_paths, 1, WIDTH_LIMIT)
        draws: FloatArray = np.empty((3, n_paths))
        opening_uniforms(streams, f"waits:{self.asset}", draws)
        table = np.array([attrs.astuple(cell) for cell in self.cells])
        edges = np.cumsum(table[:, 0])
        cell = np.searchsorted(edges, draws[0] * edges[-1], side="right")
        drawn = np.minimum(cell, len(self.cells) - 1)  # where the last edge is rounded below the draw
        _, entry, leave, entry_spread, exit_spread = table[drawn].T
        return entry + entry_spread * (2.0 * draws[1] - 1.0), leave + exit_spread * (2.0 * draws[2] - 1.0)

    def generate(
        self, grid: TimeGrid, factors: frozenset[Factor], *, streams: Streams, noise: Noise, n_paths: int
    ) -> BlockInputs:
        """Inputs with the waits requested, constant in time."""
        del grid, noise
        if not factors:
            return BlockInputs()
        entry, leave = (frozen(days.reshape(1, -1)) for days in self.draw(streams, n_paths))
        both: dict[Factor, SeriesLike | APR | APY] = {EntryWait(self.asset): entry, ExitWait(self.asset): leave}
        still = dict(zip(both, self.still or self.means, strict=True))
        return BlockInputs(
            series={f: days for f, days in both.items() if f in factors},
            frozen_levels=FrozenMap({f: days for f, days in still.items() if f in factors}),
        )

    def describe(self) -> tuple[str, ...]:
        """Notes on the record and the means."""
        entry, leave = self.means
        terms = {"asset": self.asset, "cells": len(self.cells), "entry": entry, "leave": leave}
        if self.source:
            return (Note("note.waits_of_record", source=self.source, **terms),)
        return (Note("note.waits", **terms),)
