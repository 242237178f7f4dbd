"""Share of the capital at work, and yields on it, by hand."""

from typing import Any

import numpy as np
import pytest

from stakingmodels.market import (
    BlockFees,
    CashRate,
    Difficulty,
    ExecutionReward,
    Market,
    Price,
    StakingReward,
    TimeGrid,
)
from stakingmodels.products import CloudMiningContract, Holding, SoloValidator, StakingPool
from stakingmodels.rates import APR

ETH = Price("ETH")
SOLO = SoloValidator(
    entry_days=0.0, exit_days=0.0, withdrawal_days=0.0, uptime=1.0, random_duties=False, running_cost_usd_per_day=0.0
)


def market(price: Any = 10.0) -> Market:
    times = (np.datetime64("2026-01-01", "s") + np.arange(2) * np.timedelta64(365, "D")).astype("M8[s]")
    series: dict[Any, Any] = {ETH: price, StakingReward("ETH"): APR(0.1), ExecutionReward("ETH"): APR(0.0)}
    return Market(TimeGrid(times), series | {CashRate("USD"): APR(0.04)})


def test_whole_validators_leave_the_rest_idle():
    yields = SOLO.run(market(), capital=400.0).yields()
    assert yields.deployed.tolist() == pytest.approx([32.0 / 40.0])
    assert yields.net_apr.tolist() == pytest.approx([0.08])
    assert yields.net_apr_deployed.tolist() == yields.gross_apr_deployed.tolist() == pytest.approx([0.1])


def test_where_the_capital_is_too_little_nothing_is_at_work():
    yields = SOLO.run(market(np.array([[10.0, 20.0]])), capital=400.0).yields()
    assert yields.deployed.tolist() == pytest.approx([0.8, 0.0])
    assert yields.net_apr_deployed.tolist() == pytest.approx([0.1, np.nan], nan_ok=True)


def test_a_pool_puts_all_to_work_but_what_the_purchase_cost():
    yields = StakingPool(commission=0.2, buy_fee=0.25).run(market(), capital=1000.0).yields()
    assert yields.deployed.tolist() == pytest.approx([0.8])
    assert yields.gross_apr_deployed.tolist() == pytest.approx([0.1])
    assert yields.net_apr_deployed.tolist() == pytest.approx(yields.net_apr / 0.8)


@pytest.mark.parametrize("asset", ["ETH", "USD"])
def test_holding_puts_nothing_to_work(asset):
    yields = Holding(asset=asset).run(market(), capital=1000.0).yields()
    assert yields.deployed.tolist() == [0.0]
    assert np.isnan(yields.gross_apr_deployed).all()


def test_a_contract_puts_its_price_to_work():
    grid = TimeGrid.daily("2026-01-01", days=2)
    world = Market(grid, {Price("BTC"): 6e4, Difficulty("BTC"): 1.5e14, BlockFees("BTC"): 0.0})
    contract = CloudMiningContract(hashrate_th_s=25.0, price_usd_per_th_s=10.0)
    assert contract.run(world, capital=1000.0).deployed.tolist() == [0.25]
