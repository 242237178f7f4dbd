"""Comparisons of products, and backtests of predictions against recorded returns."""

from stakingmodels.analysis.backtesting import backtest, fitted
from stakingmodels.analysis.comparison import Comparison, compare
from stakingmodels.analysis.controlled import CONTROL_VARIATE_COLUMNS, ControlVariateMeans, control_variate_means
from stakingmodels.analysis.coverage import Backtest, BacktestRow, Coverage
from stakingmodels.analysis.liquidity import LiquidityProfile, LiquidityRow
from stakingmodels.analysis.row import COLUMNS, ComparisonRow
from stakingmodels.display import displays
from stakingmodels.numerics import entrances

__all__ = [
    "COLUMNS",
    "CONTROL_VARIATE_COLUMNS",
    "Backtest",
    "BacktestRow",
    "Comparison",
    "ComparisonRow",
    "ControlVariateMeans",
    "Coverage",
    "LiquidityProfile",
    "LiquidityRow",
    "backtest",
    "compare",
    "control_variate_means",
    "fitted",
]

displays(__name__)
entrances(__name__)
