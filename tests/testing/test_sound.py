"""Right products that a check once took for wrong ones."""

import numpy as np
import pytest

from stakingmodels import APR, APY, ExchangeStaking, Market, Payout, Price, TimeGrid
from stakingmodels.market import BlockFees, Difficulty, Event, StakingReward
from stakingmodels.products import CloudMiningContract, Failure
from stakingmodels.testing import check_product

DAY = TimeGrid.daily("2026-01-01", days=1)
ETH = {Price("ETH"): 2000.0, StakingReward("ETH"): APR(0.18)}
GONE = Event("gone")
MINING = {
    Price("BTC"): 26_000.0,
    Difficulty("BTC"): 1e14,
    BlockFees("BTC"): 0.1,
    GONE: np.array([[False, True], [False, True]]),
}


@pytest.mark.parametrize(
    ("product", "series", "capital", "check"),
    [
        (
            ExchangeStaking(posted_rate=APY(0.9), entry_days=1000.0, payout=Payout(0.5, cost_usd=40.0)),
            {Price("ETH"): 0.01},
            1000.0,
            "exit-share",  # half of it waits longer for rewards that are worth a claim
        ),
        (
            ExchangeStaking(commission=0.5, entry_days=90.0, payout=Payout(0.5, cost_usd=40.0)),
            ETH,
            1e8,
            "step-length",  # the one day of pay is in the last week
        ),
        (
            CloudMiningContract(hashrate_th_s=50.0, start_days=7.0, failures=(Failure(GONE),)),
            MINING,
            1000.0,
            "path-independence",  # nothing is written down before the start
        ),
    ],
)
def test_a_right_product_passes(product, series, capital, check):
    check_product(product, Market(DAY, series), capital=capital, only=[check])
