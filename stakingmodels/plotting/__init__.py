"""Pictures of answers, runs and worlds, drawn by matplotlib: free functions that take axes and return them.

No global style, no global list of figures: nothing here touches pyplot or rcParams. Needs ``stakingmodels[plot]``.
"""

from stakingmodels.display import displays
from stakingmodels.numerics import entrances
from stakingmodels.plotting.answers import answer_ranges
from stakingmodels.plotting.bands import Fan, ValueBands
from stakingmodels.plotting.canvas import new_axes
from stakingmodels.plotting.causes import loss_by_cause, waterfall
from stakingmodels.plotting.choices import price_views, risk_return
from stakingmodels.plotting.courses import fan, money_back
from stakingmodels.plotting.described import alt
from stakingmodels.plotting.drawdowns import drawdown
from stakingmodels.plotting.reduced import Histogram, ReturnCounts
from stakingmodels.plotting.saving import save, svg
from stakingmodels.plotting.spreads import distribution

__all__ = [
    "Fan",
    "Histogram",
    "ReturnCounts",
    "ValueBands",
    "alt",
    "answer_ranges",
    "distribution",
    "drawdown",
    "fan",
    "loss_by_cause",
    "money_back",
    "new_axes",
    "price_views",
    "risk_return",
    "save",
    "svg",
    "waterfall",
]

displays(__name__)
entrances(__name__)
