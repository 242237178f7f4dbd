"""`Ladder`: how much of the money put in is back so many days after the exit."""

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np

from stakingmodels._types import FloatArray
from stakingmodels.analysis.comparison_format import share
from stakingmodels.analysis.row import number
from stakingmodels.display import Summary
from stakingmodels.frames import frame_of_rows
from stakingmodels.ledger import Outcome
from stakingmodels.ledger.outcome import RUNGS
from stakingmodels.tables import Table

if TYPE_CHECKING:
    import pandas as pd

_SAME_DAY = 1e-6  # days are sums of floats
_SAME_PATH = 1e-9


@attrs.frozen(eq=False, kw_only=True)
class LadderRow:
    """One product on the ladder.

    Attributes
    ----------
    product
        Its name.
    back_1, back_7, back_30, back_90, back_365
        Share of the money put in, contributions included, that is in hand within so many days of the exit, at least,
        on `Ladder.level` of the paths. It is above 1 where that many paths end with a gain, and below where money is
        lost or on its way. NaN where the grid ends before that day, with more paths that are not wholly out than the
        level leaves, where the capital opened the product on no path, and in a run that kept lines only.
    """

    product: str
    back_1: float
    back_7: float
    back_30: float
    back_90: float
    back_365: float

    @property
    def shares(self) -> tuple[float, ...]:
        """The shares, in the order of `RUNGS`."""
        return self.back_1, self.back_7, self.back_30, self.back_90, self.back_365


_COLUMNS = tuple(field.name for field in attrs.fields(LadderRow))


@attrs.frozen(eq=False, kw_only=True)
class Ladder:
    """The liquidity ladder of a comparison: one `LadderRow` a product.

    Attributes
    ----------
    level
        Share of the paths on which at least so much is back.
    rows
        In the order of the comparison.
    """

    level: float
    rows: tuple[LadderRow, ...]

    def table(self) -> Table:
        """The shares as a table, which is shown as text, HTML or Markdown."""
        title = (
            f"Share of the money put in that is back after the exit, on {100 * self.level:.4g}% of the paths at least"
        )
        columns = ["product", *("1 day" if days == 1 else f"{days} days" for days in RUNGS)]
        return Table(title, columns, [[row.product, *map(share, row.shares)] for row in self.rows])

    def _shown(self) -> Summary:
        return Summary.of(self.table())

    def to_dict(self) -> list[dict[str, Any]]:
        """The rows as plain numbers and text; what does not exist is None, and infinite stays infinite."""
        return [{name: number(getattr(row, name)) for name in _COLUMNS} for row in self.rows]

    def to_frame(self) -> "pd.DataFrame":
        """A pandas data frame: one row a product, by name, and a column a rung.

        Raises
        ------
        MissingExtraError
            Where pandas is not installed.
        """
        return frame_of_rows("Ladder.to_frame", self.to_dict(), _COLUMNS)


def ladder_of(names: Iterable[str], outcomes: Mapping[str, Outcome], level: float) -> Ladder:
    """The ladder of some products of a run, in the order of their names."""
    return Ladder(level=level, rows=tuple(_row(name, outcomes[name], level) for name in names))


def _row(name: str, outcome: Outcome, level: float) -> LadderRow:
    grid = outcome.grid
    if not outcome.feasible.any():
        return LadderRow(product=name, **dict.fromkeys(_COLUMNS[1:], math.nan))
    tail = float(grid.days[-1] - grid.days[grid.exit])
    many_stuck = float(np.mean(~outcome.settled)) > 1.0 - level + _SAME_PATH
    back: list[float] = []
    for days in RUNGS:
        if outcome.only_lines or (many_stuck and days > tail + _SAME_DAY):
            back.append(math.nan)
        else:
            back.append(_reached((outcome.returned - outcome.late.get(days, 0.0)) / outcome.invested, level))
    return LadderRow(product=name, back_1=back[0], back_7=back[1], back_30=back[2], back_90=back[3], back_365=back[4])


def _reached(values: FloatArray, level: float) -> float:
    """The largest value that `level` of the paths reach."""
    reached = math.ceil(level * values.size * (1.0 - _SAME_PATH))
    return float(np.sort(values)[values.size - max(reached, 1)])
