"""`LiquidityProfile`: share of the money put in that is paid out N days after the exit."""

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np

from stakingmodels._types import FloatArray
from stakingmodels.analysis.comparison_format import share
from stakingmodels.analysis.row import number
from stakingmodels.display import Summary
from stakingmodels.equality import ByValue
from stakingmodels.frames import frame_of_rows
from stakingmodels.ledger import Outcome
from stakingmodels.ledger.outcome import LIQUIDITY_DAYS
from stakingmodels.tables import Shown, Table
from stakingmodels.tolerances import LIQUIDITY_DAY_TOL
from stakingmodels.words import Note

if TYPE_CHECKING:
    import pandas as pd

_SAME_PATH = 1e-9


@attrs.frozen(eq=False, kw_only=True)
class LiquidityRow(ByValue):
    """Shares of the money paid out in time for one product.

    Attributes
    ----------
    product
        Its name.
    paid_by_1d, paid_by_7d, paid_by_30d, paid_by_90d, paid_by_365d
        Share of the money put in, contributions included, that is paid out within N days of the exit, reached on
        `LiquidityProfile.confidence_level` of the paths. Above 1 after a gain, below 1 where money is lost or not yet
        paid out. NaN if the grid ends earlier and more than ``1 - confidence_level`` of the paths are unsettled, if the
        capital opened the product on no path, and with ``keep="summary"``.
    """

    product: str
    paid_by_1d: float
    paid_by_7d: float
    paid_by_30d: float
    paid_by_90d: float
    paid_by_365d: float

    @property
    def shares(self) -> tuple[float, ...]:
        """Shares paid out, in the order of `LIQUIDITY_DAYS`."""
        return self.paid_by_1d, self.paid_by_7d, self.paid_by_30d, self.paid_by_90d, self.paid_by_365d


_COLUMNS = tuple(field.name for field in attrs.fields(LiquidityRow))


@attrs.frozen(eq=False, repr=False, kw_only=True)
class LiquidityProfile(ByValue, Shown):
    """Liquidity profile of a comparison: one `LiquidityRow` a product.

    Attributes
    ----------
    confidence_level
        Share of the paths on which at least the shares shown are paid out.
    rows
        In the order of the comparison.
    """

    confidence_level: float
    rows: tuple[LiquidityRow, ...]

    def table(self) -> Table:
        """Table of the shares, which is shown as text, HTML or Markdown."""
        rungs = (Note("ladder.day") if days == 1 else Note("ladder.days", days=days) for days in LIQUIDITY_DAYS)
        rows = [[row.product, *map(share, row.shares)] for row in self.rows]
        title = Note("ladder.title", level=f"{100 * self.confidence_level:.4g}%")
        return Table(title, [Note("column.product"), *rungs], rows)

    def _parts(self) -> tuple[Table]:
        return (self.table(),)

    def _shown(self) -> Summary:
        return Summary.of(self.table())

    def to_dict(self) -> list[dict[str, Any]]:
        """The rows as plain numbers and text; None for missing numbers, infinite stays infinite."""
        return [{name: number(getattr(row, name)) for name in _COLUMNS} for row in self.rows]

    def to_frame(self) -> "pd.DataFrame":
        """A pandas data frame: one row a product, by name, and a column for each number of days.

        Raises
        ------
        MissingExtraError
            Where pandas is not installed.
        """
        return frame_of_rows("LiquidityProfile.to_frame", self.to_dict(), _COLUMNS)


def ladder_of(names: Iterable[str], outcomes: Mapping[str, Outcome], level: float) -> LiquidityProfile:
    """Liquidity profile of some products of a run, in the order of their names."""
    return LiquidityProfile(confidence_level=level, rows=tuple(_row(name, outcomes[name], level) for name in names))


def _row(name: str, outcome: Outcome, confidence_level: float) -> LiquidityRow:
    grid = outcome.grid
    if not outcome.feasible.any():
        return LiquidityRow(product=name, **dict.fromkeys(_COLUMNS[1:], math.nan))
    tail = float(grid.elapsed_days[-1] - grid.elapsed_days[grid.exit])
    many_stuck = float(np.mean(~outcome.settled)) > 1.0 - confidence_level + _SAME_PATH
    back: list[float] = []
    for days in LIQUIDITY_DAYS:
        if outcome.is_summary or (many_stuck and days > tail + LIQUIDITY_DAY_TOL):
            back.append(math.nan)
        else:
            back.append(
                _reached((outcome.proceeds - outcome.unpaid_by_day.get(days, 0.0)) / outcome.invested, confidence_level)
            )
    return LiquidityRow(
        product=name,
        paid_by_1d=back[0],
        paid_by_7d=back[1],
        paid_by_30d=back[2],
        paid_by_90d=back[3],
        paid_by_365d=back[4],
    )


def _reached(values: FloatArray, confidence_level: float) -> float:
    """Largest value reached on `confidence_level` of the paths."""
    reached = math.ceil(confidence_level * values.size * (1.0 - _SAME_PATH))
    return float(np.sort(values)[values.size - max(reached, 1)])
