"""Products side by side."""

from stakingmodels.analysis.comparison import Comparison, compare
from stakingmodels.analysis.ladder import Ladder, LadderRow
from stakingmodels.analysis.row import COLUMNS, Row

__all__ = ["COLUMNS", "Comparison", "Ladder", "LadderRow", "Row", "compare"]
