"""Products side by side, and predictions beside what came."""

from stakingmodels.analysis.backtesting import backtest, fitted
from stakingmodels.analysis.comparison import Comparison, compare
from stakingmodels.analysis.coverage import Backtest, BacktestRow, Coverage
from stakingmodels.analysis.ladder import Ladder, LadderRow
from stakingmodels.analysis.row import COLUMNS, Row

__all__ = [
    "COLUMNS",
    "Backtest",
    "BacktestRow",
    "Comparison",
    "Coverage",
    "Ladder",
    "LadderRow",
    "Row",
    "backtest",
    "compare",
    "fitted",
]
