"""`Snapshot`: the numbers of a market, which can be changed and made into a market again."""

from collections.abc import Iterable, Iterator, Mapping

import attrs
import numpy as np

from stakingmodels._types import BoolArray, FloatArray, IntArray
from stakingmodels.market import EntryWait, Event, ExitWait, Factor, Market, Price, TimeGrid
from stakingmodels.market.filled import Bounds, Filled
from stakingmodels.market.now import TimeOffsets
from stakingmodels.market.plausible import LONGEST_WAIT
from stakingmodels.series import frozen


@attrs.frozen(eq=False)
class _Rows:
    """Source of recorded rows, chunk by chunk."""

    table: Mapping[Factor, FloatArray]

    @property
    def factors(self) -> frozenset[Factor]:
        return frozenset(self.table)

    def rows(self, bounds: Bounds, filled: Mapping[Factor, FloatArray]) -> Iterator[Filled]:
        del filled
        for start, stop in bounds:
            yield {f: rows[start : stop + (f.kind == "level")] for f, rows in self.table.items()}


@attrs.frozen(eq=False, kw_only=True)
class Snapshot:
    """Contents of a market: rows as steps read them, and the hits of some events.

    Random draws are not included: a market made from it gives their means.

    Attributes
    ----------
    grid, numeraire, n_paths
        As in `Market`.
    rows
        Rows by factor: ``(n_times, n_paths)`` for levels, ``(n_steps, n_paths)`` for interval quantities (rates as the
        fraction accrued); one column where all paths are equal.
    strikes
        Mask by event, ``(n_steps, n_paths)``: whether it occurs in the step.
    time_offsets
        Offsets added to the grid's times where each path has dates of its own, ``(n_paths,)``; otherwise None.
    """

    grid: TimeGrid
    numeraire: str
    n_paths: int
    rows: Mapping[Factor, FloatArray]
    strikes: Mapping[Event, BoolArray]
    time_offsets: TimeOffsets | None = None

    @classmethod
    def of(cls, market: Market, factors: Iterable[Factor]) -> "Snapshot":
        """Snapshot of all rows of a market, and the hits of those factors that are events."""
        now, grid = market.now(), market.grid
        events = sorted((f for f in factors if isinstance(f, Event)), key=str)
        strikes = {event: np.zeros((grid.n_steps, market.n_paths), dtype=np.bool_) for event in events}
        pieces: dict[Factor, list[FloatArray]] = {}
        for chunk in market.chunks():
            for factor, rows in chunk.rows.items():
                known = 1 if factor.kind == "level" and chunk.start else 0  # the last level of the chunk before
                pieces.setdefault(factor, []).append(rows[known:].copy())
            for step in range(chunk.start, chunk.stop):
                for event, mask in strikes.items():
                    mask[step] = now.at(chunk, step).occurs(event)
        return cls(
            grid=grid,
            numeraire=market.numeraire,
            n_paths=market.n_paths,
            rows={factor: frozen(np.concatenate(parts)) for factor, parts in pieces.items()},
            strikes=strikes,
            time_offsets=None if now.time_offsets is None else frozen(now.time_offsets),
        )

    def market(self) -> Market:
        """Market of these numbers, bit by bit."""
        hits = {
            event: {int(k): np.nonzero(mask[k])[0] for k in np.nonzero(mask.any(axis=1))[0]}
            for event, mask in self.strikes.items()
        }
        return Market.from_sources(
            self.grid,
            self.n_paths,
            [_Rows(self.rows)],
            event_hits=hits,
            time_offsets=self.time_offsets,
            numeraire=self.numeraire,
        )

    def unit_value(self, asset: str, mark: Factor | None) -> FloatArray:
        """Value of one unit at every time, ``(n_times, n_paths)``: its price, times its mark if it has one."""
        return self.level(Price(asset)) * (1.0 if mark is None else self.level(mark))

    def level(self, factor: Factor) -> FloatArray:
        """A level at every time, ``(n_times, n_paths)``; the numeraire's price is 1."""
        rows = np.ones((1, 1)) if factor == Price(self.numeraire) else self.rows[factor]
        return np.broadcast_to(rows, (self.grid.n_times, self.n_paths))

    def paths(self, chosen: IntArray) -> "Snapshot":
        """Some of the paths, in the order given."""
        return attrs.evolve(
            self,
            n_paths=chosen.size,
            rows={f: rows if rows.shape[1] == 1 else frozen(rows[:, chosen]) for f, rows in self.rows.items()},
            strikes={event: mask[:, chosen] for event, mask in self.strikes.items()},
            time_offsets=None if self.time_offsets is None else frozen(self.time_offsets[chosen]),
        )

    def cut(self, time: int) -> "Snapshot":
        """Snapshot that ends at a grid time; a later exit is moved to that time."""
        ends = {f: time + (f.kind == "level") for f in self.rows}
        return attrs.evolve(
            self,
            grid=TimeGrid(self.grid.times[: time + 1], min(self.grid.exit, time)),
            rows={f: rows[: ends[f]] for f, rows in self.rows.items()},
            strikes={event: mask[:time] for event, mask in self.strikes.items()},
        )

    def changed_after(self, time: int, *, rising: bool) -> "Snapshot":
        """Another future: levels after a grid time, interval quantities and events from the step that begins there."""
        rows: dict[Factor, FloatArray] = {}
        for factor, old in self.rows.items():
            first = time + (factor.kind == "level")
            rows[factor] = frozen(np.concatenate([old[:first], _changed(factor, old[first:], rising=rising)]))
        strikes = {event: mask.copy() for event, mask in self.strikes.items()}
        for mask in strikes.values():
            mask[time:] = ~mask[time:] if rising else False
        return attrs.evolve(self, rows=rows, strikes=strikes)

    def stilled(self, doublings: int) -> "Snapshot":
        """The market up to the exit, then frozen, without rates and events, with steps of 1, 2, 4, ... days.

        Queue waits are no longer than the longest on record, so that they end within the market.
        """
        exit_time, days = self.grid.exit, 2 ** np.arange(doublings)
        later = self.grid.times[exit_time] + np.cumsum(days) * np.timedelta64(86_400, "s")
        rows: dict[Factor, FloatArray] = {}
        for factor, given in self.rows.items():
            old = np.minimum(given, LONGEST_WAIT) if isinstance(factor, EntryWait | ExitWait) else given
            first = exit_time + (factor.kind == "level")
            still = np.repeat(old[first - 1 : first] * (0.0 if factor.is_rate else 1.0), doublings, axis=0)
            rows[factor] = frozen(np.concatenate([old[:first], still]))
        never = np.zeros((doublings, self.n_paths), dtype=np.bool_)
        return attrs.evolve(
            self,
            grid=TimeGrid(np.concatenate([self.grid.times[: exit_time + 1], later]), exit_time),
            rows=rows,
            strikes={event: np.concatenate([mask[:exit_time], never]) for event, mask in self.strikes.items()},
        )

    def quiet(self) -> "Snapshot":
        """Snapshot without events."""
        return attrs.evolve(self, strikes={event: np.zeros_like(mask) for event, mask in self.strikes.items()})

    def struck(self, event: Event, mask: BoolArray) -> "Snapshot":
        """Snapshot with other hits of one event, ``(n_steps, n_paths)``."""
        return attrs.evolve(self, strikes={**self.strikes, event: mask})


def _changed(factor: Factor, rows: FloatArray, *, rising: bool) -> FloatArray:
    """Other valid values of a factor; when rising, also where they were 0."""
    if factor.is_rate:  # accrued: a step of many years must not fall below -1
        return 0.5 * rows + 0.001 if rising else 0.25 * rows
    return 1.7 * rows + 0.3 if rising else np.maximum(0.6 * rows, factor.minimum)
