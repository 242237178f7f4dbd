"""What people say of locks, pay-outs and small amounts, of rules that change, and of the causes of a loss."""

from typing import Any

import numpy as np
import pytest

from stakingmodels import (
    APR,
    Constants,
    Entry,
    Event,
    ExchangeStaking,
    Factor,
    Failure,
    Halt,
    LiquidStakingToken,
    Market,
    MarketRatio,
    Payout,
    Price,
    Schedule,
    StakingPool,
    StakingReward,
    TimeGrid,
    catalogue,
    simulate,
)

GRID = TimeGrid.daily("2026-01-01", days=100)
ETH: dict[Factor, Any] = {Price("ETH"): 3000.0, StakingReward("ETH"): APR(0.0365)}
ON_DAY_50 = np.arange(101) == 49


def line(outcome, label):
    """Mean over the paths; 0 of a line that the terms never book."""
    return sum(float(np.mean(money)) for each, money in outcome.lines.items() if each.label == label)


def test_before_withdrawals_opened_a_token_could_only_be_sold():
    """On 2022-06-15 stETH was sold at 0.9367; who wanted the coins got none before 2023-05-15."""
    market: dict[Factor, Any] = {Price("ETH"): 1200.0, StakingReward("ETH"): APR(0.0), MarketRatio("stETH"): 0.9367}
    grid = TimeGrid.daily("2022-05-15", days=31, settlement_days=400)
    sold, redeemed = (
        LiquidStakingToken(exit_route=route).run(Market(grid, market), capital=12_000.0)
        for route in ("cheaper", "queue")
    )
    assert sold.closing[0] == pytest.approx(0.9367 * 12_000.0)
    assert sold.days_to_cash[0] == pytest.approx(0.0)
    assert redeemed.closing[0] == pytest.approx(12_000.0)
    wait = (np.datetime64("2023-05-15") - np.datetime64("2022-06-15")).astype(float)
    assert redeemed.days_to_cash[0] == pytest.approx(wait + 1.1, abs=1.0)
    later = TimeGrid.daily("2023-06-01", days=31, settlement_days=60)
    assert LiquidStakingToken().run(Market(later, market), capital=12_000.0).closing[0] == pytest.approx(12_000.0)


def test_fifty_dollars_for_thirty_days_show_when_rewards_come_and_what_gas_takes():
    """Four weekly pay-outs into the wallet, and 2 dollars of gas: 50,000 make it good."""
    pool = StakingPool(commission=0.0, entry=Entry(gas_usd=2.0), payout=Payout(7.0, to="holder"))
    grid = TimeGrid.daily("2026-01-01", days=30)
    for capital in (50.0, 50_000.0):
        held = simulate({"pool": pool}, Constants(ETH), grid, capital=capital, n_paths=1, keep="flows")["pool"]
        earned = (capital - 2.0) * 1e-4 * 30
        assert line(held, "consensus") == pytest.approx(earned)
        assert line(held, "network fee") == pytest.approx(-2.0)
        assert held.profit[0] == pytest.approx(earned - 2.0)
    assert [int(day) for day in np.flatnonzero(np.diff(paid(pool, grid)))] == [6, 13, 20, 27]


def paid(pool, grid):
    """Money in the wallet by the day: what a holder has if the pool takes all on the next day."""
    left = []
    for day in range(grid.n_times):
        gone = pool.replace(failures=(Failure(Event("x")),))
        strikes = np.arange(grid.n_times) == day
        left.append(gone.run(Market(grid, {**ETH, Event("x"): strikes}), capital=50.0).closing[0])
    return np.asarray(left[: grid.n_times - 1])


def test_gas_is_paid_for_entering_and_for_each_transaction_of_leaving():
    """3 dollars in; 2 for the request and 2 for the claim of a queue, 2 for a sale: 7 and 5 at any price."""
    grid = TimeGrid.daily("2026-01-01", days=30, settlement_days=10)
    for price in (3000.0, 1500.0):
        market = Market(grid, {**ETH, Price("ETH"): price, MarketRatio("stETH"): 1.0})
        pool = StakingPool(entry=Entry(gas_usd=3.0), unbonding_days=5.0, exit_gas_usd=2.0)
        token = LiquidStakingToken(entry=Entry(gas_usd=3.0), exit_route="sale", exit_gas_usd=2.0)
        paid_for = [line(each.run(market, capital=30_000.0), "network fee") for each in (pool, token)]
        assert paid_for == pytest.approx([-7.0, -5.0])


def test_gas_of_each_claim_decides_how_often_it_pays_to_claim():
    """50 cents a claim: twelve monthly ones cost 6 dollars, one a year 50 cents."""
    grid = TimeGrid.daily("2026-01-01", days=365)
    costs = [
        line(
            StakingPool(commission=0.0, payout=Payout(days, cost_usd=0.5)).run(Market(grid, ETH), capital=30_000.0),
            "network fee",
        )
        for days in (30.0, 365.0)
    ]
    assert costs == pytest.approx([-6.0, -0.5])


def test_rate_minimum_wait_and_fee_of_offers_side_by_side():
    rows = {each["sheet"]: each for each in catalogue.reference(coin="SOL").records()}
    assert (rows["jito-jitosol"]["fee"], rows["coinbase-sol"]["fee"]) == (0.04, 0.35)
    assert rows["jito-jitosol"]["published_rate"] == {"APY": 0.0663}
    assert rows["sol-delegation"]["minimum"] == pytest.approx(0.00228288)


def test_a_hack_an_exploit_and_a_slashing_strike_one_product():
    """Each by an event of its own: of the stake 5 % are slashed, half is exploited, and all but 30 % is gone."""
    causes = (
        Failure(Event("hack"), recovery=0.3),
        Failure(Event("exploit"), 0.5, line="exploit"),
        Failure(Event("slashing"), 0.05, line="slashing"),
    )
    for product in (StakingPool, LiquidStakingToken, ExchangeStaking):
        held = product(failures=causes)
        for name, label, lost in (("hack", "credit", 0.7), ("exploit", "exploit", 0.5), ("slashing", "slashing", 0.05)):
            events: dict[Factor, Any] = {
                Event(each): ON_DAY_50 & (each == name) for each in ("hack", "exploit", "slashing")
            }
            given = {**ETH, StakingReward("ETH"): APR(0.0), MarketRatio("stETH"): 1.0, **events}
            outcome = held.run(Market(GRID, given), capital=1e4)
            assert line(outcome, label) == pytest.approx(-lost * 1e4), (product, name)
            assert outcome.closing[0] == pytest.approx((1.0 - lost) * 1e4), (product, name)


def test_two_layers_of_contracts_take_their_parts_one_after_the_other():
    """A restaking layer that loses a tenth above a token that loses half: 0.45 is left."""
    layers = (Failure(Event("below"), 0.5, line="exploit"), Failure(Event("above"), 0.1, line="exploit"))
    given = {**ETH, StakingReward("ETH"): APR(0.0), MarketRatio("stETH"): 1.0}
    events: dict[Factor, Any] = {Event("below"): ON_DAY_50, Event("above"): ON_DAY_50}
    outcome = LiquidStakingToken(failures=layers).run(Market(GRID, {**given, **events}), capital=1e4)
    assert outcome.closing[0] == pytest.approx(0.5 * 0.9 * 1e4)


def test_a_rule_that_cuts_the_pay_on_a_date_is_a_schedule_of_one_product_alone():
    """35 % instead of 25 % from 2026-02-20 on; the other product of the same chain is not touched."""
    changed = StakingPool(commission=Schedule((0.25, 0.35), on="2026-02-20"), compounding=False)
    other = StakingPool(commission=0.25, compounding=False)
    results = simulate({"changed": changed, "other": other}, Constants(ETH), GRID, capital=30_000.0, n_paths=1)
    assert line(results["changed"], "commission") == pytest.approx(-(50 * 0.25 + 50 * 0.35) * 3.0)
    assert line(results["other"], "commission") == pytest.approx(-100 * 0.25 * 3.0)


def test_a_promotion_ends_and_the_base_rate_follows():
    earn = ExchangeStaking(posted_rate=Schedule((APR(0.10), APR(0.03)), after_days=30.0), compounding=False)
    outcome = earn.run(Market(GRID, ETH), capital=30_000.0)
    assert line(outcome, "interest") == pytest.approx(30_000.0 * (0.10 * 30 + 0.03 * 70) / 365)


@pytest.mark.few(2)
def test_a_regulator_may_stop_a_service_at_random_and_hand_the_coins_back():
    """Once in ten years by chance; on the paths that it strikes no more is earned, and no coin is lost."""
    rule = Event("regulator:us", hazard=0.1)
    pools = {
        "stopped": StakingPool(commission=0.0, compounding=False, halts=(Halt("wind-up", event=rule),)),
        "never": StakingPool(commission=0.0, compounding=False),
    }
    grid = TimeGrid.daily("2026-01-01", days=365)
    results = simulate(pools, Constants(ETH), grid, capital=30_000.0, n_paths=2_000, rng=1)
    profit, all_year = results["stopped"].profit, results["never"].profit[0]
    struck = (profit < all_year - 1e-6).mean()
    assert struck == pytest.approx(1.0 - np.exp(-0.1), abs=4.0 * np.sqrt(0.1 / 2_000))
    assert profit.min() >= 0.0
