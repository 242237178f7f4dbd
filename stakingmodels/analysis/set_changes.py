"""`assumption_changes`: what changed between two assumption sets, why, and what each product's average moved by."""

import os
from collections.abc import Mapping
from typing import Any

import attrs

from stakingmodels import checks
from stakingmodels._types import RNGLike
from stakingmodels.analysis.comparison import compare
from stakingmodels.analysis.row import number
from stakingmodels.assumptions import Assumption, AssumptionSet, assumption_set, basis_note
from stakingmodels.capital import CapitalLike
from stakingmodels.display import Summary
from stakingmodels.engine import simulate
from stakingmodels.market import TimeGrid
from stakingmodels.products import reference
from stakingmodels.scenarios import REFERENCE_START
from stakingmodels.scenarios import reference as built_in
from stakingmodels.scenarios.streams import as_entropy
from stakingmodels.tables import Notes, Shown, Table
from stakingmodels.words import Note

_SETTLEMENT_DAYS = 60
_AVERAGES = ("product", "average_before", "ends", "average_after", "ends", "moved")


def reference_grid() -> TimeGrid:
    """Times of the compared run: a year from the built-in scenario's day, and 60 days for exit queues."""
    return TimeGrid.daily(REFERENCE_START, days=365, settlement_days=_SETTLEMENT_DAYS)


@attrs.frozen(kw_only=True)
class AssumptionChange:
    """One number that differs between two sets.

    Attributes
    ----------
    key
        Key of the number.
    before, after
        The number in either set; None where a set does not have it.
    """

    key: str
    before: Assumption | None
    after: Assumption | None

    def to_dict(self) -> dict[str, Any]:
        """Key, and both numbers with all their fields, or None."""
        both = {"before": self.before, "after": self.after}
        return {"key": self.key} | {name: None if x is None else attrs.asdict(x) for name, x in both.items()}


@attrs.frozen(kw_only=True)
class MovedRow:
    """Average of one product with either set, and its range over the set's assumptions.

    Attributes
    ----------
    product
        Name of its row.
    before, after
        Average a year in its own coin, net (`ComparisonRow.net_coin_return`); NaN where there is none.
    range_before, range_after
        Average with all assumed numbers at their worse, and at their better ends (`RowRange`).
    """

    product: str
    before: float
    after: float
    range_before: tuple[float, float]
    range_after: tuple[float, float]

    @property
    def moved_by(self) -> float:
        """Average after less that before."""
        return self.after - self.before

    def to_dict(self) -> dict[str, Any]:
        """Product, averages with their ranges, and difference; None for a missing number."""
        numbers = {"before": self.before, "after": self.after, "moved_by": self.moved_by}
        ranges = {"range_before": self.range_before, "range_after": self.range_after}
        plain = {name: number(x) for name, x in numbers.items()}
        return {"product": self.product, **plain, **{name: [*map(number, x)] for name, x in ranges.items()}}


@attrs.frozen(kw_only=True, repr=False)
class AssumptionChanges(Shown):
    """Differences between two assumption sets. Print it, or show it in a notebook.

    Attributes
    ----------
    before, after
        The two sets.
    changes
        Numbers that differ, in the order of the sets.
    rows
        Averages of the compared products with either set, on the same draws; empty if nothing differs.
    n_paths, seed
        Number of paths and seed of the runs.
    """

    before: AssumptionSet
    after: AssumptionSet
    changes: tuple[AssumptionChange, ...]
    rows: tuple[MovedRow, ...]
    n_paths: int
    seed: int

    def to_dict(self) -> dict[str, Any]:
        """All contents as plain numbers and text, fit for JSON."""
        return {
            "before": self.before.label,
            "after": self.after.label,
            "changes": [change.to_dict() for change in self.changes],
            "rows": [row.to_dict() for row in self.rows],
            "n_paths": self.n_paths,
            "seed": self.seed,
        }

    def _parts(self) -> tuple[Table | Notes, ...]:
        if not self.changes:
            same = {"before": self.before.label, "after": self.after.label}
            return (Notes(Note("assumptions.same", **same)),)
        return self._numbers(), self._averages()

    def _numbers(self) -> Table:
        cells = [line for change in self.changes for line in _lines(change)]
        columns = [Note(f"assumptions.column.{each}") for each in ("key", "old", "new", "basis")]
        title = Note("assumptions.diff", before=self.before.label, after=self.after.label)
        return Table(title, columns, cells, left=4)

    def _averages(self) -> Table:
        columns = [Note(f"assumptions.column.{each}") for each in _AVERAGES]
        cells = [
            (
                row.product,
                _percent(row.before),
                _ends(row.range_before),
                _percent(row.after),
                _ends(row.range_after),
                _points(row.moved_by),
            )
            for row in self.rows
        ]
        note = Note("assumptions.moved_note", n_paths=f"{self.n_paths:,}", seed=str(self.seed))
        return Table(Note("assumptions.moved"), columns, cells, [note])

    def _shown(self) -> Summary:
        if not self.changes:
            return Summary(self._parts()[0].title)
        table = self._numbers()
        told = {change.key: cells[-1] for change in self.changes for cells in _lines(change)[1:]}
        rows = [row for row in table.rows if len(row) == len(table.columns)]
        notes = [f"{key}: {why}" for key, why in told.items()]
        return Summary(table.title, table.columns, rows, notes, left=table.left)


def _percent(value: float) -> str:
    return "-" if value != value else f"{value:+z.2%}"  # noqa: PLR0124  # NaN


def _ends(ends: tuple[float, float]) -> str:
    """Both ends of a range, or a dash where it is a point."""
    low, high = ends
    if not low < high:
        return "-"
    return Note("assumptions.ends", low=f"{100.0 * low:+z.2f}", high=f"{100.0 * high:+z.2f}")


def _points(value: float) -> str:
    return "-" if value != value else f"{100.0 * value:+z.2f}"  # noqa: PLR0124  # NaN


def _lines(change: AssumptionChange) -> list[tuple[str, ...]]:
    """Rows of a change: its numbers, and below them what the new one rests on."""
    both = [Note("assumptions.none") if each is None else _range(each) for each in (change.before, change.after)]
    told = change.after or change.before
    if told is None:
        return []
    why = Note("assumptions.why", evidence=told.evidence, source=told.source, date=told.date)
    return [(change.key, *both, basis_note(told.basis)), ("", why)]


def _range(each: Assumption) -> str:
    low, base, high = (f"{x:,.6g}" for x in (each.low, each.base, each.high))
    return base if each.low == each.high else Note("assumptions.range", base=base, low=low, high=high)


def assumption_changes(
    before: str | os.PathLike[str] | AssumptionSet,
    after: str | os.PathLike[str] | AssumptionSet,
    *,
    n_paths: int = 2_000,
    rng: RNGLike = 1,
    capital: CapitalLike = 100_000.0,
    grid: TimeGrid | None = None,
) -> AssumptionChanges:
    """Numbers that differ between two sets, and the averages of the compared products with either.

    Both runs have the same seed, so that the averages differ by the assumptions and not by luck: the same normals drive
    the prices, and an event that strikes at a low hazard strikes at a higher one too. First strikes are stratified.

    Parameters
    ----------
    before, after
        Two sets, or their names or files.
    n_paths, rng, capital
        As in `simulate`.
    grid
        Times; by default a year from `REFERENCE_START`, and 60 days for exit queues.

    Examples
    --------
    >>> from stakingmodels.analysis import assumption_changes
    >>> from stakingmodels.assumptions import assumption_set
    >>> mine = assumption_set().changed("mine", {"exchange_commission": 0.25})
    >>> found = assumption_changes("2026.11", mine, n_paths=50)
    >>> [change.key for change in found.changes]
    ['exchange_commission']
    >>> [row.product for row in found.rows if row.moved_by != 0.0]
    ['exchange earn']
    """
    one, other = assumption_set(before), assumption_set(after)
    paths = checks.integer("assumption_changes: n_paths", n_paths, 1, checks.PATHS_LIMIT)
    seed = as_entropy("assumption_changes: rng", rng)
    keys = dict.fromkeys((*one.numbers, *other.numbers))
    pairs = [(key, one.numbers.get(key), other.numbers.get(key)) for key in keys]
    changes = tuple(AssumptionChange(key=key, before=x, after=y) for key, x, y in pairs if x != y)
    rows: tuple[MovedRow, ...] = ()
    if changes:
        times = reference_grid() if grid is None else grid
        old, new = (_ranged(each, times, capital, paths, seed) for each in (one, other))
        rows = tuple(
            MovedRow(product=name, before=x, after=new[name][0], range_before=ends, range_after=new[name][1])
            for name, (x, ends) in old.items()
        )
    return AssumptionChanges(before=one, after=other, changes=changes, rows=rows, n_paths=paths, seed=seed)


def _ranged(
    numbers: AssumptionSet, grid: TimeGrid, capital: CapitalLike, n_paths: int, seed: int
) -> Mapping[str, tuple[float, tuple[float, float]]]:
    """Averages a year in coins, net, of the compared products with a set, and their ranges, by product."""
    rows, world = reference(assumptions=numbers), built_in(assumptions=numbers)
    results = simulate(rows, world, grid, capital=capital, n_paths=n_paths, rng=seed, event_sampling="stratified")
    found = compare(results, assumptions=numbers)
    ends = {name: (row.low, row.high) for name, row in found.ranges.items()}
    return {row.product: (row.net_coin_return, ends[row.product]) for row in found.rows}
