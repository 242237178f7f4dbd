"""How the numbers of a comparison are written, and what both its tables and its notes ask of it."""

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stakingmodels.analysis.comparison import Comparison

_ROUNDS_TO_ZERO = 0.5e-4  # shown with two decimals of a percent, and without a sign


def held_days(comparison: "Comparison") -> float:
    """Days from the opening to the exit."""
    grid = comparison.results.grid
    return float(grid.days[grid.exit])


def tail_days(comparison: "Comparison") -> float:
    """Days from the exit to the grid's end."""
    return float(comparison.results.grid.days[-1]) - held_days(comparison)


def money_of(comparison: "Comparison") -> str:
    """The asset in which money is counted."""
    return comparison.results.scenario.numeraire


def level_of(comparison: "Comparison") -> str:
    """The confidence level as percent."""
    return f"{100 * comparison.level:.4g}%"


def has_ladder(comparison: "Comparison") -> bool:
    """Whether any product is not out on the day of the exit, on as many paths as the level takes, and the run tells."""
    rows = [row for row in comparison.rows if not comparison.results[row.product].only_lines]
    return any(row.days_to_cash > 0.0 for row in rows)


def signed(fraction: float) -> str:
    """A fraction as percent with its sign; a dash where there is no number."""
    if abs(fraction) < _ROUNDS_TO_ZERO or not math.isfinite(fraction):
        return share(fraction)
    return f"{fraction:+.2%}"


def share(fraction: float) -> str:
    """A fraction as percent; a dash where there is no number."""
    if not math.isfinite(fraction):
        return "-"
    return f"{0.0 if abs(fraction) < _ROUNDS_TO_ZERO else fraction:.2%}"
