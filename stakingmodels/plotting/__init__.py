"""Pictures of answers, runs and worlds, drawn by matplotlib: free functions that take axes and return them.

No global style, no global list of figures: nothing here touches pyplot or rcParams. Needs ``stakingmodels[plot]``.
"""

from stakingmodels.display import displays
from stakingmodels.numerics import entrances
from stakingmodels.plotting.amounts import reward_against_amount
from stakingmodels.plotting.answers import answer_ranges
from stakingmodels.plotting.backshares import BackShares, MoneyBack
from stakingmodels.plotting.bands import Fan, ValueBands
from stakingmodels.plotting.canvas import new_axes
from stakingmodels.plotting.causes import loss_by_cause, waterfall
from stakingmodels.plotting.choices import price_views, risk_return
from stakingmodels.plotting.described import alt
from stakingmodels.plotting.drawdowns import Drawdown, DrawdownBands
from stakingmodels.plotting.falls import drawdown
from stakingmodels.plotting.fans import fan
from stakingmodels.plotting.hashing import hashprice
from stakingmodels.plotting.offers import offer_money_back
from stakingmodels.plotting.paybacks import money_back
from stakingmodels.plotting.ratios import token_ratio
from stakingmodels.plotting.reduced import Histogram, ReturnCounts
from stakingmodels.plotting.saving import save, svg
from stakingmodels.plotting.spreads import distribution
from stakingmodels.plotting.stakes import reward_against_stake

__all__ = [
    "BackShares",
    "Drawdown",
    "DrawdownBands",
    "Fan",
    "Histogram",
    "MoneyBack",
    "ReturnCounts",
    "ValueBands",
    "alt",
    "answer_ranges",
    "distribution",
    "drawdown",
    "fan",
    "hashprice",
    "loss_by_cause",
    "money_back",
    "new_axes",
    "offer_money_back",
    "price_views",
    "reward_against_amount",
    "reward_against_stake",
    "risk_return",
    "save",
    "svg",
    "token_ratio",
    "waterfall",
]

displays(__name__)
entrances(__name__)
