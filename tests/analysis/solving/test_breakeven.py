"""`breakeven` against what is known by hand, and `payback_days` by adding up the pay-outs."""

from typing import Any

import numpy as np
import pytest

from stakingmodels import (
    APR,
    APY,
    BlockFees,
    CloudMiningContract,
    Constants,
    Difficulty,
    ExchangeStaking,
    Holding,
    InputError,
    InputTypeError,
    Market,
    Price,
    StakingPool,
    StakingReward,
    TimeGrid,
    scenarios,
)
from stakingmodels.analysis import breakeven, payback_days
from stakingmodels.market import Factor

YEAR = TimeGrid.daily("2026-01-01", days=365)
ETH: dict[Factor, Any] = {Price("ETH"): 3000.0, StakingReward("ETH"): APR(0.03)}
BTC: dict[Factor, Any] = {Price("BTC"): 90_000.0, Difficulty("BTC"): 1.5e14, BlockFees("BTC"): 0.0}
EARN = ExchangeStaking(posted_rate=APY(0.20), commission=0.0, failures=())
POOL = StakingPool(commission=0.0, compounding=False, failures=(), unbonding_days=0.0)
RUN: dict[str, Any] = {"capital": 1e4, "n_paths": 1}


def test_the_fall_that_a_yield_pays_for():
    world = Constants(ETH)
    assert breakeven(EARN, world, YEAR, **RUN).value == pytest.approx(1 / 1.2 - 1, abs=1e-12)
    assert breakeven(POOL, world, YEAR, **RUN).value == pytest.approx(1 / 1.03 - 1, abs=1e-12)
    assert breakeven(Holding("ETH", buy_fee=0.0, sell_fee=0.1), world, YEAR, **RUN).value == pytest.approx(1 / 0.9 - 1)


def test_against_the_coin_no_price_changes_the_answer():
    """Staking in coins is above holding at every price: the price is no break-even, the fee is one."""
    world = Constants(ETH)
    assert breakeven(POOL, world, YEAR, against="holding", **RUN).status == "always"
    fee = breakeven(POOL, world, YEAR, of="sell_fee", against="holding", **RUN)
    assert fee.value == pytest.approx(0.03 / 1.03, rel=1e-9)


def test_against_another_product_and_cash():
    """20 % in coins against cash of 5 %: a fall of 1.05/1.2 - 1; against a product without a price, so too."""
    world = Constants({**ETH, scenarios_cash(): APY(0.05)})
    assert breakeven(EARN, world, YEAR, against="cash", **RUN).value == pytest.approx(1.05 / 1.2 - 1, rel=1e-9)
    found = breakeven(EARN, world, YEAR, of="posted_rate", against=POOL, between=(0.0, 0.2), **RUN)
    assert found.value == pytest.approx(0.03, rel=1e-9)


def scenarios_cash():
    return next(factor for factor in scenarios.reference().factors if type(factor).__name__ == "CashRate")


def test_what_it_refuses():
    with pytest.raises(InputError, match=r"^breakeven: against: must be one of 'capital', 'holding', 'cash', got"):
        breakeven(POOL, Constants(ETH), YEAR, against="coin", **RUN)  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"^payback_days: counted: must be one of 'paid_out', 'value'"):
        payback_days(POOL, Constants(ETH), YEAR, counted="money", **RUN)  # type: ignore[arg-type]
    with pytest.raises(InputTypeError, match=r"^payback_days: world: must be a Market, or a Scenario"):
        payback_days(POOL, None, YEAR, **RUN)  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"^payback_days: grid: must be left out with a market"):
        payback_days(POOL, Market(YEAR, ETH), YEAR, capital=1e4)


def test_the_day_on_which_a_contract_has_paid_its_price_back():
    """Pay-outs of each day in the ledger, added up until they are the capital."""
    grid = TimeGrid.daily("2026-01-01", days=360)
    mine = CloudMiningContract(price_usd_per_th_s=2.0, minimum_payout_btc=0.0)
    market = Market(grid, BTC)
    run = mine.run(market, capital=1e4, keep="flows")
    assert run.flows is not None
    days, money = run.flows.of(0, 1e4, grid)
    expected = days[np.argmax(np.cumsum(money) >= -1e-6)]
    found = payback_days(mine, market, capital=1e4)
    assert found.days.tolist() == [expected]
    assert 100.0 < expected < 200.0
    assert payback_days(mine, Constants(BTC), grid, capital=1e4, n_paths=3, rng=1).days.tolist() == [expected] * 3
    dear = mine.replace(price_usd_per_th_s=20.0)
    never = payback_days(dear, market, capital=1e4)
    assert np.isinf(never.days).all()
    assert never.never == 1.0
    assert never.quantile(0.5) == np.inf
    assert "after 360" in never.to_text()


def test_the_day_from_which_the_value_is_above_the_money_put_in():
    """A price that falls and comes back on day 20: the value is there from then on."""
    prices = 3000.0 * np.where(np.arange(31) < 20, 0.9, 1.1)
    prices[0] = 3000.0
    market = Market(TimeGrid.daily("2026-01-01", days=30), {Price("ETH"): prices})
    held = Holding("ETH", buy_fee=0.0, sell_fee=0.0)
    assert payback_days(held, market, capital=1e4, counted="value").days.tolist() == [20.0]
    assert payback_days(held, market, capital=1e4).days.tolist() == [30.0]
    falling = Market(TimeGrid.daily("2026-01-01", days=30), {Price("ETH"): 3000.0 - np.arange(31.0)})
    assert np.isinf(payback_days(held, falling, capital=1e4, counted="value").days).all()
    told = payback_days(held, market, capital=1e4).to_dict()
    assert told["never"] == 0.0
    assert told["quantiles"]["0.5"] == 30.0


def test_the_days_of_drawn_paths_are_those_of_their_values():
    held, world = Holding("ETH", buy_fee=0.0, sell_fee=0.0), scenarios.reference()
    grid = TimeGrid.daily("2026-01-01", days=20)
    found = payback_days(held, world, grid, capital=1e4, counted="value", n_paths=20, rng=2)
    assert found.days.shape == (20,)
    assert 0.0 < found.never < 1.0
    assert found.quantile(0.0) <= found.quantile(0.5)
    assert list(found.to_frame().columns) == ["day"]
    assert "永遠不會" in found.to_text(language="zh-TW")
