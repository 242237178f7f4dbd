"""Comparisons of products, backtests against recorded returns, and checks of offers."""

from stakingmodels.analysis.answer.break_even import BreakEven, BreakEvenPrices, break_even_prices
from stakingmodels.analysis.answer.details import ComparisonDetails
from stakingmodels.analysis.answer.flips import FlipPoint, FlipPoints
from stakingmodels.analysis.answer.ranges import Ranges, RowRange
from stakingmodels.analysis.answer.verdicts import Verdict, Verdicts
from stakingmodels.analysis.answer.views import PriceViewRow, PriceViews
from stakingmodels.analysis.backtesting import backtest, fitted
from stakingmodels.analysis.betas import PRICE_BETA_COLUMNS, PriceBeta, PriceBetas, price_betas
from stakingmodels.analysis.comparison import Comparison, compare
from stakingmodels.analysis.concentration import Concentration
from stakingmodels.analysis.controlled import CONTROL_VARIATE_COLUMNS, ControlVariateMeans, control_variate_means
from stakingmodels.analysis.coverage import Backtest, BacktestRow, Coverage
from stakingmodels.analysis.liquidity import LiquidityProfile, LiquidityRow
from stakingmodels.analysis.offers.alternatives import OfferAlternative
from stakingmodels.analysis.offers.checking import OfferCheck, check_offer
from stakingmodels.analysis.offers.flags import OfferFlag
from stakingmodels.analysis.offers.offer import Offer
from stakingmodels.analysis.offers.promises import Promise
from stakingmodels.analysis.offers.reasons import OfferCondition, OfferReason
from stakingmodels.analysis.offers.yardsticks import OfferYardsticks
from stakingmodels.analysis.row import COLUMNS, ComparisonRow
from stakingmodels.analysis.set_bands import AssumptionBand, BandRow, assumption_band
from stakingmodels.analysis.set_changes import AssumptionChange, AssumptionChanges, MovedRow, assumption_changes
from stakingmodels.analysis.solving.breakeven import breakeven
from stakingmodels.analysis.solving.path_values import PathValues
from stakingmodels.analysis.solving.payback import PaybackDays, payback_days
from stakingmodels.analysis.solving.solution import Solution
from stakingmodels.analysis.solving.solve import solve
from stakingmodels.analysis.solving.targets import Target
from stakingmodels.display import displays
from stakingmodels.numerics import entrances

__all__ = [
    "COLUMNS",
    "CONTROL_VARIATE_COLUMNS",
    "PRICE_BETA_COLUMNS",
    "AssumptionBand",
    "AssumptionChange",
    "AssumptionChanges",
    "Backtest",
    "BacktestRow",
    "BandRow",
    "BreakEven",
    "BreakEvenPrices",
    "Comparison",
    "ComparisonDetails",
    "ComparisonRow",
    "Concentration",
    "ControlVariateMeans",
    "Coverage",
    "FlipPoint",
    "FlipPoints",
    "LiquidityProfile",
    "LiquidityRow",
    "MovedRow",
    "Offer",
    "OfferAlternative",
    "OfferCheck",
    "OfferCondition",
    "OfferFlag",
    "OfferReason",
    "OfferYardsticks",
    "PathValues",
    "PaybackDays",
    "PriceBeta",
    "PriceBetas",
    "PriceViewRow",
    "PriceViews",
    "Promise",
    "Ranges",
    "RowRange",
    "Solution",
    "Target",
    "Verdict",
    "Verdicts",
    "assumption_band",
    "assumption_changes",
    "backtest",
    "break_even_prices",
    "breakeven",
    "check_offer",
    "compare",
    "control_variate_means",
    "fitted",
    "payback_days",
    "price_betas",
    "solve",
]

displays(__name__)
entrances(__name__)
