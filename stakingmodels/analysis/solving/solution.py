"""`Solution`: value of a term or factor at which a product meets a target, or that no value does."""

import math
from typing import TYPE_CHECKING, Any, Literal

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray
from stakingmodels.analysis.row import number
from stakingmodels.analysis.solving.path_values import QUANTILES, PathValues
from stakingmodels.analysis.solving.targets import Target
from stakingmodels.analysis.solving.unknowns import Unknown
from stakingmodels.display import Summary
from stakingmodels.equality import ByValue
from stakingmodels.errors import InputError
from stakingmodels.frames import data_frame
from stakingmodels.tables import Shown, Table
from stakingmodels.words import Note, class_name

if TYPE_CHECKING:
    import pandas as pd

Status = Literal["found", "never", "always"]
"""Whether there is a value in the bracket, or the target is met at none of its values, or at all."""


_ROWS = 12


@attrs.frozen(eq=False, repr=False, kw_only=True)
class Solution(ByValue, Shown):
    """Value of an unknown at which a product meets a target. Print it, or show it in a notebook.

    Attributes
    ----------
    unknown
        The term or factor asked for.
    product
        Class of the product.
    target
        The result to reach.
    between
        Lowest and highest value within which was searched.
    status
        ``"found"``, ``"never"`` or ``"always"``: the last two say that no value in the bracket changes the answer.
    values
        Values at which the target begins or ceases to be met, in order: one where the result goes one way, none without
        a crossing, several where it turns. On one path they are exact.
    or_less
        Whether the target is met at the first of `values` and below; False where it is met there and above.
    is_jump
        Whether the result jumps over the target at the first of `values`, as where a contract ends early.
    tried, gaps
        Values tried, in order, and the mean gap to the target at each, ``(n_tried,)``: see `Target.gap`.
    years
        Length of the grid in years of 365 days.
    n_paths, n_runs
        Number of paths, and of runs of the product.
    standard_error
        Standard error of the first of `values` over the paths; NaN on one path.
    interpolation_error
        Estimated error of the first of `values` by interpolation between runs: 0 on one path, where none is needed.
    paths
        Value of each path; None on one path.
    """

    unknown: Unknown
    product: str
    target: Target
    between: tuple[float, float]
    status: Status
    values: tuple[float, ...]
    or_less: bool
    is_jump: bool
    tried: FloatArray
    gaps: FloatArray
    years: float
    n_paths: int
    n_runs: int
    standard_error: float = math.nan
    interpolation_error: float = 0.0
    paths: PathValues | None = None

    @property
    def value(self) -> float:
        """The value at which the target is just met.

        Raises
        ------
        InputError
            Where it is met nowhere or everywhere in the bracket, or at several values: see `status` and `values`.
        """
        if self.status != "found":
            raise InputError(f"Solution.value: {self.sentence()} (look at Solution.status first)")
        if len(self.values) != 1:
            rule = "is not one value, as the result turns; take one of Solution.values"
            checks.refuse("Solution.value", rule, self.values)
        return self.values[0]

    def sentence(self) -> Note:
        """The answer in one sentence, "never" and "always" included."""
        low, high = map(self.unknown.text, self.between)
        mean = Note("solve.on_average") if self.paths is not None else ""
        given = {"product": class_name(self.product), "target": self.target.sentence(), "of": self.unknown.shown()}
        given["mean"] = mean
        if self.status != "found":
            best = self._best()
            ends = {"low": low, "high": high, "best": f"{self.target.reached(self.gaps[best], self.years):+z.4%}"}
            return Note(f"solve.{self.status}", **given, **ends, at=self.unknown.text(float(self.tried[best])))
        if len(self.values) != 1:
            return Note("solve.several", **given, values=tuple(map(self.unknown.text, self.values)))
        side = Note("solve.or_less" if self.or_less else "solve.or_more")
        return Note("solve.found", **given, value=self.unknown.text(self.values[0]), side=side)

    def _best(self) -> int:
        """Index of the value that comes nearest to changing the answer."""
        return int(np.argmax(self.gaps) if self.status == "never" else np.argmin(self.gaps))

    def curve(self) -> tuple[FloatArray, FloatArray]:
        """Values tried, in order, and the result at each in the target's own terms, ``(n_tried,)`` each.

        The result is a rate a year for targets that are rates, a return for returns, and the difference to the other
        for all else; means over the paths.
        """
        reached = [self.target.reached(float(gap), self.years) for gap in self.gaps]
        return self.tried, np.array(reached)

    def to_dict(self) -> dict[str, Any]:
        """All contents as plain numbers and text; None for a value that there is not."""
        tried, reached = self.curve()
        return {
            "of": str(self.unknown.of),
            "unit": self.unknown.unit(),
            "product": self.product,
            "target": str(self.target),
            "between": list(self.between),
            "status": self.status,
            "value": self.values[0] if len(self.values) == 1 else None,
            "values": list(self.values),
            "or_less": self.or_less,
            "is_jump": self.is_jump,
            "standard_error": number(self.standard_error),
            "interpolation_error": number(self.interpolation_error),
            "paths": None if self.paths is None else self.paths.to_dict(),
            "n_paths": self.n_paths,
            "n_runs": self.n_runs,
            "curve": [{"value": x, "reached": y} for x, y in zip(tried.tolist(), reached.tolist(), strict=True)],
        }

    def to_frame(self) -> "pd.DataFrame":
        """A pandas data frame of the curve: one row a value tried, with the result there.

        Raises
        ------
        MissingExtraError
            Where pandas is not installed.
        """
        tried, reached = self.curve()
        return data_frame("Solution.to_frame", {"value": tried, "reached": reached}, index="point")

    def table(self) -> Table:
        """The answer above the values tried, which is shown as text, HTML or Markdown."""
        columns = (self.unknown.shown(), self.target.column())
        tried, reached = (each[:: 1 + (each.size > _ROWS)].tolist() for each in self.curve())
        rows = [[self.unknown.text(x), f"{y:+z.4%}"] for x, y in zip(tried, reached, strict=True)]
        return Table(self.sentence(), columns, rows, self._notes())

    def _notes(self) -> tuple[Note, ...]:
        jump = (Note("solve.note.jump"),) if self.is_jump else ()
        if self.paths is None:
            return (*jump, Note("solve.note.runs", n=self.n_runs))
        errors = (self.unknown.error_text(x) for x in (self.standard_error, self.interpolation_error))
        told = dict(zip(("error", "apart"), errors, strict=True))
        found = (Note("solve.note.errors", **told),) if self.status == "found" else ()
        return (*found, Note("solve.note.paths", n=self.n_paths, runs=self.n_runs))

    def path_table(self) -> Table | None:
        """Quantiles of the values of the paths, and shares without one; None on one path."""
        if self.paths is None:
            return None
        paths, low, high = self.paths, *map(self.unknown.text, self.between)
        columns = [*(f"{share:.0%}" for share in QUANTILES), Note("solve.column.mean"), Note("solve.column.apart")]
        ends = {-math.inf: Note("solve.below", end=low), math.inf: Note("solve.above", end=high)}
        found = [ends.get(x) or self.unknown.text(x) for x in map(paths.quantile, QUANTILES)]
        cells = [*found, self.unknown.text(paths.mean), self.unknown.error_text(paths.interpolation_error)]
        shares = {name: f"{getattr(paths, name):.2%}" for name in ("never", "always", "several", "not_monotone")}
        notes = [Note("solve.note.shares", **shares)]
        if paths.several > 0.0:
            notes.append(Note("solve.note.lowest"))
        return Table(Note("solve.paths.title", of=self.unknown.shown()), columns, [cells], notes, left=0)

    def _parts(self) -> tuple[Table, ...]:
        paths = self.path_table()
        return (self.table(),) if paths is None else (self.table(), paths)

    def _shown(self) -> Summary:
        return Summary.of(self.table())

    def _repr_html_(self) -> str:
        return self._shown().html()
