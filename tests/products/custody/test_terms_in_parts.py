"""Parts that leave a term which cannot be left early: stake, rewards and wallet are each sold once."""

import numpy as np
import pytest

from stakingmodels import APR, ExchangeStaking, Market, Payout, Price, TimeGrid
from tests.products.plans import Planned

GRID = TimeGrid.daily("2026-01-01", days=12, settlement_days=10)
PRICES = 3000.0 + 10.0 * np.arange(GRID.n_times)
"""10 ETH are bought at the first, and earn 0.001 a day each."""


def closing(share: float, **terms) -> float:
    """Money of a share that asks on day 4, and of the rest that asks on day 12, in terms of 10 days."""
    earn = ExchangeStaking(posted_rate=APR(0.365), term_days=10.0, early_redemption="refused", **terms)
    outcome = Planned(earn, {3: (share, None)}).run(Market(GRID, {Price("ETH"): PRICES}), capital=3e4)
    assert outcome.settled.all()
    return float(outcome.closing[0])


@pytest.mark.parametrize("share", [0.5, 0.25])
@pytest.mark.parametrize(
    "terms", [{"compounding": False}, {"payout": Payout(1.0, to="holder")}], ids=["account", "wallet"]
)
def test_a_part_takes_its_own_share_of_the_rewards_at_the_end_of_the_term(terms, share):
    stays = 1.0 - share
    on_day_10 = share * (10.0 + 0.1)
    on_day_12 = stays * (0.1 + 0.02)
    on_day_20 = stays * (10.0 + 0.08)
    by_hand = on_day_10 * PRICES[10] + on_day_12 * PRICES[12] + on_day_20 * PRICES[20]
    np.testing.assert_allclose(closing(share, **terms), by_hand)


def test_who_leaves_wholly_has_the_rewards_of_the_day_at_once():
    by_hand = 0.04 * PRICES[4] + 10.06 * PRICES[10]
    np.testing.assert_allclose(closing(1.0, compounding=False), by_hand)
