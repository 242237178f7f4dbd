"""Products side by side."""

from stakingmodels.analysis.comparison import Comparison, compare
from stakingmodels.analysis.controlled import CONTROL_COLUMNS, ControlledMeans, controlled_means
from stakingmodels.analysis.ladder import Ladder, LadderRow
from stakingmodels.analysis.row import COLUMNS, Row

__all__ = [
    "COLUMNS",
    "CONTROL_COLUMNS",
    "Comparison",
    "ControlledMeans",
    "Ladder",
    "LadderRow",
    "Row",
    "compare",
    "controlled_means",
]
