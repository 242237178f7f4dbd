"""What people say of staking and mining, each computed from the public face in a few lines."""

from typing import Any, Literal

import numpy as np
import pytest

from stakingmodels import (
    APR,
    CloudMiningContract,
    Difficulty,
    Entry,
    Event,
    ExchangeStaking,
    Halt,
    Holding,
    InputError,
    LiquidStakingToken,
    Market,
    Payout,
    Price,
    StakingPool,
    StakingReward,
    TimeGrid,
    catalogue,
    compare,
    scenarios,
    simulate,
)
from stakingmodels.analysis import Concentration, price_betas
from stakingmodels.market import BlockFees, Factor
from stakingmodels.products import Failure, token_history

GRID = TimeGrid.daily("2026-01-01", days=100)
ETH: dict[Factor, Any] = {Price("ETH"): 3000.0, StakingReward("ETH"): APR(0.0365)}
BTC: dict[Factor, Any] = {Price("BTC"): 90_000.0, Difficulty("BTC"): 1.5e14, BlockFees("BTC"): 0.0}


def line(outcome, label):
    return float(outcome.lines[label][0])


def test_a_pool_stakes_whole_validators_only():
    """Of 40 ETH 32 earn: 100 days at a ten-thousandth each."""
    pool = StakingPool(commission=0.0, compounding=False, validator_size=32.0)
    earned = line(pool.run(Market(GRID, ETH), capital=120_000.0), "consensus")
    assert earned == pytest.approx(32.0 * 1e-4 * 100 * 3000.0)


def test_a_token_stands_for_stake_and_reward():
    """An accruing token: the count stays, the coins behind it grow."""
    token = LiquidStakingToken(accounting="accruing", protocol_fee=0.0)
    history = token_history(token, Market(GRID, {**ETH, scenarios_ratio(): 1.0}), capital=3000.0)
    tokens, coins = np.asarray(history.tokens).ravel(), np.asarray(history.coins_per_token).ravel()
    assert np.allclose(tokens[:-1], tokens[0])
    assert coins[-1] / coins[0] == pytest.approx(1.0001**100, rel=1e-3)


def scenarios_ratio():
    return next(f for f in LiquidStakingToken().factors if type(f).__name__ == "MarketRatio")


def test_rewards_go_out_every_week_by_themselves():
    """The platform fails with all coins on its last day: 14 pay-outs are in the wallet."""
    earn = ExchangeStaking(posted_rate=APR(0.0365), payout=Payout(7.0, to="holder"), failures=(Failure(Event("x")),))
    strikes = np.arange(101) == 99
    left = earn.run(Market(GRID, {**ETH, Event("x"): strikes}), capital=30_000.0).closing[0]
    assert left == pytest.approx(98 * 3.0)


def test_a_term_that_cannot_be_left_pays_at_its_end():
    locked = ExchangeStaking(posted_rate=APR(0.0365), term_days=120.0, early_redemption="refused", compounding=False)
    grid = TimeGrid.daily("2026-01-01", days=30, settlement_days=100)
    outcome = locked.run(Market(grid, ETH), capital=30_000.0)
    assert float(np.ravel(outcome.days_to_cash)[0]) == pytest.approx(90.0, abs=0.1)
    assert line(outcome, "interest") == pytest.approx(120 * 3.0)


def test_a_rule_ends_the_service_and_the_coins_come_back():
    ended = StakingPool(commission=0.0, compounding=False, halts=(Halt("wind-up", on="2026-01-31"),))
    outcome = ended.run(Market(GRID, ETH), capital=30_000.0)
    assert line(outcome, "consensus") == pytest.approx(30 * 3.0)
    assert outcome.closing[0] == pytest.approx(30_090.0)


def test_gas_is_cents_of_a_large_stake_and_a_tenth_of_a_small_one():
    pool = StakingPool(commission=0.0, entry=Entry(gas_usd=5.0))
    small, large = (line(pool.run(Market(GRID, ETH), capital=c), "network fee") / c for c in (50.0, 50_000.0))
    assert (small, large) == (pytest.approx(-0.1), pytest.approx(-0.0001))


def test_less_than_the_minimum_is_not_deposited():
    pool = StakingPool(entry=Entry(minimum_deposit=0.1))
    with pytest.raises(InputError, match=r"1\.00 USD are missing"):
        pool.run(Market(GRID, ETH), capital=299.0)
    assert line(pool.run(Market(GRID, ETH), capital=301.0), "consensus") > 0.0


def test_costs_are_a_share_of_revenue_at_any_price():
    """Maintenance of 30 % of what is mined after the pool's fee, at a price of 90,000 and of 45,000."""
    mine = CloudMiningContract(maintenance_share=0.3)
    for price in (90_000.0, 45_000.0):
        outcome = mine.run(Market(GRID, {**BTC, Price("BTC"): price}), capital=1e4)
        assert -line(outcome, "maintenance") / (line(outcome, "mining") + line(outcome, "commission")) == pytest.approx(
            0.3
        )


def test_what_is_paid_is_what_is_mined_less_costs_and_never_a_bill():
    """Power of 6 cents per TH/s and day is more than is mined: one contract sends a bill of the rest."""
    costs: tuple[tuple[Literal["billed", "waived"], bool], ...] = (("billed", True), ("waived", False))
    for how, asked in costs:
        mine = CloudMiningContract(costs_beyond_output=how, electricity_usd_per_th_day=0.06)
        outcome = mine.run(Market(GRID, BTC), capital=1e4)
        bill = sum(float(money[0]) for each, money in outcome.lines.items() if each.label == "contribution")
        assert (bill > 100.0) is asked, how
        assert outcome.closing[0] == pytest.approx(0.0, abs=1e-6)


def test_mining_moves_with_its_coin_more_than_holding_does():
    """Power takes 56 % of what is mined: a tenth on the price adds more than a tenth to what is left."""
    left = []
    for price in (90_000.0, 99_000.0):
        outcome = CloudMiningContract().run(Market(GRID, {**BTC, Price("BTC"): price}), capital=1e4)
        left.append(sum(line(outcome, label) for label in ("mining", "commission", "electricity")))
    assert left[1] / left[0] - 1.0 == pytest.approx(0.23, abs=0.01)


@pytest.mark.few(2)
def test_the_beta_of_holding_is_one_and_that_of_mining_is_above_zero():
    rows = {"mine": CloudMiningContract(), "hold": Holding("BTC")}
    grid = TimeGrid.daily("2026-01-01", days=90, settlement_days=30)
    betas = price_betas(simulate(rows, scenarios.reference(), grid, capital=1e4, n_paths=200, rng=1))
    assert betas["hold"].beta == pytest.approx(1.0)
    assert betas["mine"].beta > 2.0 * betas["mine"].standard_error


def test_the_fewest_operators_with_a_third_of_the_stake():
    found = Concentration({"a": 0.25, "b": 0.10, "c": 0.05, "d": 0.60})
    assert found.nakamoto(1 / 3) == 1
    assert found.herfindahl == pytest.approx(0.25**2 + 0.1**2 + 0.05**2 + 0.6**2)


def test_three_causes_with_recoveries_of_their_own():
    """Hack 90 %, insolvency 30 % and a rule that hands all back, one product."""
    causes = (Failure(Event("hack"), recovery=0.9), Failure(Event("insolvency"), recovery=0.3))
    for name, left in (("hack", 0.9), ("insolvency", 0.3)):
        events: dict[Factor, Any] = {
            Event(each): (np.arange(101) == 50) & (each == name) for each in ("hack", "insolvency")
        }
        earn = ExchangeStaking(posted_rate=APR(0.0), failures=causes)
        assert earn.run(Market(GRID, {**ETH, **events}), capital=1e4).closing[0] == pytest.approx(1e4 * left)


@pytest.mark.few(2)
def test_six_chains_side_by_side_with_their_real_rates():
    sheets = {coin: catalogue.native(coin) for coin in ("ETH", "SOL", "ATOM", "ADA", "DOT", "AVAX")}
    world = catalogue.world(sheets.values(), scenarios.reference(coins=scenarios.REFERENCE_COINS))
    grid = TimeGrid.daily("2026-01-01", days=365, settlement_days=60)
    run = simulate({k: s.product() for k, s in sheets.items()}, world, grid, capital=1e5, n_paths=20, rng=1)
    found = {each["row"]: each for each in catalogue.beside(compare(run), sheets).records()}
    atom = found["ATOM"]
    assert atom["real"] == pytest.approx((1.0 + atom["here"]) / (1.0 + atom["growth"]) - 1.0)
    assert atom["here"] > 0.1 > atom["real"] > 0.0


def test_as_many_coins_are_earned_at_any_price_while_the_money_swings():
    """100 days of 1e12 * 86,400 * 3.125 / (1.5e14 * 2**32) BTC a TH/s, for 9.25 USD of the opening's coins."""
    prices = 90_000.0 * np.linspace([1.0, 1.0, 1.0], [0.25, 1.0, 4.0], 101)
    mine = CloudMiningContract(electricity_usd_per_th_day=0.0, term_days=100.0, minimum_payout_btc=0.0, uptime=1.0)
    outcome = mine.run(Market(GRID, {**BTC, Price("BTC"): prices}), capital=9_250.0)
    mined = 0.98 * 1_000.0 * 100 * 86_400e12 * 3.125 / (1.5e14 * 2.0**32)
    assert outcome.coins_net == pytest.approx([mined - 9_250.0 / 90_000.0] * 3)
    assert np.ptp(outcome.yields().net_apr) == pytest.approx(0.0, abs=1e-12)
    assert outcome.profit[0] < outcome.profit[1] < outcome.profit[2]
    assert outcome.profit[2] - outcome.profit[0] > 1_000.0


def test_a_locked_contract_is_less_liquid_than_staking():
    """Half-way through its term the contract still runs for 50 days; a pool pays after its wait."""
    grid = TimeGrid.daily(scenarios.REFERENCE_START, days=50, settlement_days=60)
    rows = {"mine": CloudMiningContract(term_days=100.0, stop_after_days=None), "pool": StakingPool(unbonding_days=3.0)}
    results = simulate(rows, scenarios.reference(), grid, capital=10_000.0, n_paths=20, rng=1)
    assert results["mine"].days_to_cash == pytest.approx([50.0] * 20, abs=1.0)
    assert results["pool"].days_to_cash.max() < 10.0
    assert not rows["mine"].can_leave_early
    assert rows["pool"].can_leave_early
    assert [row.product for row in compare(results).rank(max_days_to_cash=10.0).rows] == ["pool"]


@pytest.mark.parametrize(("effect", "how"), [("pause", "resume"), ("wind-up", "refund")])
def test_a_rule_stops_the_miner_who_resumes_or_is_paid_back(effect: Literal["pause", "wind-up"], how: str) -> None:
    """From the 31st day on: 20 days that come later, or 70 % of the price back."""
    mine = CloudMiningContract(
        hashrate_th_s=100.0, price_usd_per_th_s=1.0, term_days=80.0, minimum_payout_btc=0.0, stop_after_days=None
    )
    grid = TimeGrid.daily("2026-01-01", days=110)
    days = 20.0 if effect == "pause" else 0.0
    returned = 1.0 if effect == "pause" else 0.7
    stopped = mine.replace(
        halts=(Halt(effect, on="2026-01-31", days=days, returned=returned),), pause_extends_term=True
    )
    before, after = (each.run(Market(grid, BTC), capital=100.0) for each in (mine, stopped))
    if how == "resume":
        assert line(after, "mining") == pytest.approx(line(before, "mining"))
        assert after.profit == pytest.approx(before.profit)
    else:
        assert line(after, "mining") == pytest.approx(line(before, "mining") * 30 / 80, rel=0.05)
        assert line(after, "credit") == pytest.approx(-0.3 * (100.0 + line(after, "contract")))
