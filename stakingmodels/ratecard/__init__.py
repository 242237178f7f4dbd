"""Rate cards: one JSON document of rates, costs and waits for all users of a wallet, by product, term and amount.

Gains and costs are those of `Product.quote`, in a market that stands still at the scenario's opening and in which
nothing fails, as straight lines by amount: a gain of the card is never above that of the quote, and a cost never below,
at any amount from the lowest to the highest. A product whose gain is no straight line (lots of 32 ETH, a minimum
payout) has tiers. Averages over the assumed failures are those of `compare`, by runs at the beginning of up to 4 tiers;
between them the lower one counts, less what the net rate is lower by. Rates are a year of 365 days of the time that the
product pays for, rounded down to hundredths of a percent. Nothing reads the clock.

Products that just hold their coin or cash are left out; so are those that need more than the largest amount, and those
of which some money is not in hand at the end of the days to get out. Each is in ``left_out`` with the reason.

Examples
--------
>>> from stakingmodels import APR, Constants, Price, StakingPool, StakingReward
>>> from stakingmodels.ratecard import make
>>> world = Constants({Price("ETH"): 3000.0, StakingReward("ETH"): APR(0.03)})
>>> card = make({"pool": StakingPool("ETH")}, world, issued="2026-12-01", terms=[365], n_paths=1)
>>> card.offer("pool", 365, 5_000.0, today="2026-12-03").gain
136.84
"""

from stakingmodels.display import displays
from stakingmodels.numerics import entrances
from stakingmodels.ratecard.card import Offer, RateCard, read
from stakingmodels.ratecard.making import RateKind, make
from stakingmodels.ratecard.schema import SCHEMA, schema

__all__ = ["SCHEMA", "Offer", "RateCard", "RateKind", "make", "read", "schema"]

displays(__name__)
entrances(__name__)
