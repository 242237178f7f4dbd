"""A path of an entry, a halt or a pay-out is what it is, whatever lies beside it."""

from typing import Any, cast

import numpy as np
import pytest

from stakingmodels import APR, ExchangeStaking, Market, Price, StakingPool, StakingReward, TimeGrid, Units
from stakingmodels.market import Event, MarketRatio
from stakingmodels.products import Entry, Halt, LiquidStakingToken, Payout

ENDS = Halt("wind-up", event=Event("h", hazard=0.0), days=5.0)
WOUND_UP = {
    "pool": StakingPool(
        commission=0.0, compounding=False, unbonding_days=20.0, earns_while_unbonding=True, halts=(ENDS,)
    ),
    "exchange": ExchangeStaking(
        commission=0.0, compounding=False, redemption_days=20.0, earns_while_redeeming=True, halts=(ENDS,)
    ),
}


def market(mask: list[bool], days: int = 60) -> Market:
    grid = TimeGrid.daily("2026-01-01", days=days, settlement_days=60)
    strikes = np.zeros((grid.n_times, len(mask)), dtype=bool)
    strikes[19] = mask
    series: dict[Any, Any] = {Price("ETH"): 3_000.0, StakingReward("ETH"): APR(0.365), Event("h", hazard=0.0): strikes}
    return Market(grid, series)


@pytest.mark.parametrize("name", WOUND_UP)
def test_the_coin_rate_of_a_path_that_is_wound_up_does_not_depend_on_others(name):
    product = WOUND_UP[name]
    alone = product.run(market([True]), capital=3_000.0).yields().net_apr
    both = product.run(market([True, False]), capital=3_000.0).yields().net_apr
    assert both[0] == alone[0] == pytest.approx(0.365)


@pytest.mark.parametrize(
    "product",
    [
        StakingPool(entry=Entry(minimum_deposit=1.0)),
        StakingPool(entry=Entry(minimum_deposit=1.0), payout=Payout(7.0, to="holder")),
        LiquidStakingToken(entry=Entry(minimum_deposit=1.0)),
        ExchangeStaking(entry=Entry(minimum_deposit=1.0)),
    ],
)
def test_coins_too_few_for_the_smallest_deposit_are_sold_at_the_exit(product):
    grid = TimeGrid.daily("2026-01-01", days=20, settlement_days=60)
    series: dict[Any, Any] = {
        Price("ETH"): np.full((grid.n_times, 2), 3_000.0),
        StakingReward("ETH"): APR(0.03),
        MarketRatio("stETH"): 1.0,
        Price("USD"): 1.0,
    }
    series = {factor: value for factor, value in series.items() if factor in product.factors}
    outcome = product.run(Market(grid, series), capital=Units(np.array([0.5, 2.0]), "ETH"))
    assert outcome.settled.tolist() == [True, True]
    assert outcome.days_to_cash[0] == 0.0
    assert outcome.proceeds[0] == pytest.approx(1_500.0)


def test_others_grow_only_by_what_is_staked_again():
    grid = TimeGrid.daily("2026-01-01", days=370)
    flat = Market(grid, {Price("ETH"): 3_000.0, StakingReward("ETH"): APR(0.10)})
    terms: dict[str, Any] = {"validator_size": 32.0, "other_coins": 60.0, "commission": 0.0}
    paid, kept = (
        StakingPool(**terms, **more).run(flat, capital=48_000.0).lines["consensus"][0]
        for more in cast("tuple[dict[str, Any], ...]", ({"payout": Payout(7.0, to="holder")}, {"compounding": False}))
    )
    assert paid == pytest.approx(kept)
