"""Products side by side, and predictions beside what came."""

from stakingmodels.analysis.backtesting import backtest, fitted
from stakingmodels.analysis.comparison import Comparison, compare
from stakingmodels.analysis.controlled import CONTROL_COLUMNS, ControlledMeans, controlled_means
from stakingmodels.analysis.coverage import Backtest, BacktestRow, Coverage
from stakingmodels.analysis.ladder import Ladder, LadderRow
from stakingmodels.analysis.row import COLUMNS, Row
from stakingmodels.display import displays
from stakingmodels.numerics import entrances

__all__ = [
    "COLUMNS",
    "CONTROL_COLUMNS",
    "Backtest",
    "BacktestRow",
    "Comparison",
    "ControlledMeans",
    "Coverage",
    "Ladder",
    "LadderRow",
    "Row",
    "backtest",
    "compare",
    "controlled_means",
    "fitted",
]

displays(__name__)
entrances(__name__)
