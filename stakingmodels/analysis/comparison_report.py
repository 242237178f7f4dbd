"""`Report`: contents of a comparison's tables and notes."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import attrs

from stakingmodels.analysis.answer.break_even import BreakEven
from stakingmodels.analysis.answer.views import PriceViews
from stakingmodels.analysis.liquidity import LiquidityProfile
from stakingmodels.analysis.row import ComparisonRow
from stakingmodels.engine import Results
from stakingmodels.market import TimeGrid


class Range(Protocol):
    """Lowest and highest average of a row over its assumptions."""

    @property
    def low(self) -> float:
        """All assumptions at their worse ends."""
        ...

    @property
    def high(self) -> float:
        """All assumptions at their better ends."""
        ...

    @property
    def terms(self) -> Sequence[Any]:
        """The assumptions."""
        ...


@attrs.frozen(eq=False, kw_only=True)
class Report:
    """Contents of a comparison's tables and notes, computed before rendering.

    Attributes
    ----------
    rows, skipped, results, level, benchmark, ranked_by, risk_free_rate, holding
        As in `Comparison`.
    ladder
        Liquidity profile; None where all products pay out at the exit, or the run kept no pay-outs.
    ranges
        Ranges of the averages over the assumptions, by product; without those that are not known.
    sure, unsure
        Clauses on pairs of products of which one is above under all assumptions, and on the others.
    break_evens
        Prices at which products that are paid in advance get their money back.
    views
        Views of prices that stand before all else; None for none.
    """

    rows: Sequence[ComparisonRow]
    skipped: Mapping[str, str]
    results: Results
    level: float
    benchmark: str | None
    ranked_by: str | None
    risk_free_rate: float
    holding: Mapping[str, float]
    ladder: LiquidityProfile | None
    ranges: Mapping[str, Range] = attrs.field(factory=dict)
    sure: Sequence[str] = ()
    unsure: Sequence[str] = ()
    apart: Sequence[str] = ()
    break_evens: Sequence[BreakEven] = ()
    views: PriceViews | None = None

    @property
    def held_days(self) -> float:
        """Days from the opening to the exit."""
        return held_days(self.results.grid)

    @property
    def tail_days(self) -> float:
        """Days from the exit to the grid's end."""
        return tail_days(self.results.grid)

    @property
    def money(self) -> str:
        """The asset in which money is counted."""
        return self.results.scenario.numeraire

    @property
    def percent(self) -> str:
        """The confidence level as percent."""
        return f"{100 * self.level:.4g}%"


def held_days(grid: TimeGrid) -> float:
    """Days from the opening to the exit."""
    return float(grid.elapsed_days[grid.exit])


def tail_days(grid: TimeGrid) -> float:
    """Days from the exit to the grid's end."""
    return float(grid.elapsed_days[-1]) - held_days(grid)


def has_ladder(rows: Sequence[ComparisonRow], results: Results) -> bool:
    """Whether any product pays out later than the exit day at this confidence level, if the run kept pay-outs."""
    told = [row for row in rows if not results[row.product].is_summary]
    return any(row.days_to_cash > 0.0 for row in told)
