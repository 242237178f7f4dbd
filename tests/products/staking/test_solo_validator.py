"""`SoloValidator`: each of its terms by hand, and its luck against the binomial law."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels._types import IntArray, PathValue
from stakingmodels.engine import simulate
from stakingmodels.errors import InputError, InputTypeError, UnitWarning
from stakingmodels.ledger import Book, Line
from stakingmodels.market import (
    CashRate,
    EntryWait,
    Event,
    ExecutionReward,
    ExitWait,
    Factor,
    Market,
    Now,
    Price,
    StakingReward,
    TimeGrid,
)
from stakingmodels.products import Failure, Holding, Position, Product, SoloValidator, StakingPool
from stakingmodels.protocols.chains.ethereum import FULU, issuance, reward_law
from stakingmodels.rates import APR, APY
from stakingmodels.scenarios import (
    GBM,
    Constants,
    GeometricBrownianMotion,
    Joint,
    QueueWaits,
    Shock,
    Shocked,
    WaitCell,
    reference,
)
from tests.products.conform import conform

ETH, USD, REWARD, EXECUTION = Price("ETH"), Price("USD"), StakingReward("ETH"), ExecutionReward("ETH")
SLASHED = Event("slashed")
LEAST = FULU.min_activation_balance
DAILY = APR(0.365)  # 0.1 % a day
# nothing but the stake; every test adds its own term
BARE = SoloValidator(
    entry_days=0.0, exit_days=0.0, withdrawal_days=0.0, uptime=1.0, random_duties=False, running_cost_usd_per_day=0.0
)


def bare(**terms: Any) -> SoloValidator:
    return BARE.replace(**terms)


def market(days=2, tail=0, *, price: Any = 10.0, reward: Any = DAILY, numeraire="USD", **more: Any) -> Market:
    """A market without events, by default with a price of 10 and a reward of 0.1 % a day."""
    names = {"usd": USD, "slashed": SLASHED, "execution": EXECUTION}
    series: dict[Any, Any] = {ETH: price, REWARD: reward, **{names[key]: value for key, value in more.items()}}
    if numeraire == "ETH":
        del series[ETH]
    return Market(TimeGrid.daily("2026-01-01", days=days, settlement_days=tail), series, numeraire)


def struck(days, tail, *steps, reward=APR(0.0), **more):
    """A market of two paths, of which the second is struck in these steps; price 10."""
    events = np.zeros((days + tail + 1, 2), dtype=bool)
    events[list(steps), 1] = True
    return market(days, tail, reward=reward, slashed=events, **more)


def coins(outcome, line):
    return float(outcome.native[line, "ETH"][0])


# Whole validators, and what is left over


@pytest.mark.parametrize(("held", "validators"), [(32, 1), (63.9, 1), (64, 2), (100, 3), (3200, 100)])
def test_capital_opens_whole_validators(held, validators):
    outcome = BARE.run(market(1), capital=10.0 * held)
    assert coins(outcome, Line.CONSENSUS) == pytest.approx(0.032 * validators, rel=1e-12)


def test_no_more_validators_than_asked_for():
    assert coins(bare(validators=2).run(market(1), capital=1000.0), Line.CONSENSUS) == pytest.approx(0.064)


def test_all_of_the_capital_is_put_to_work_however_much():
    outcome = BARE.run(market(1, price=1e-3), capital=1e12)
    assert coins(outcome, Line.CONSENSUS) == pytest.approx(0.001 * 1e15, rel=1e-12)
    assert outcome.feasible.all()


@pytest.mark.parametrize(
    ("held", "effective"), [(32.99, 32.0), (33.0, 33.0), (33.2, 33.0), (33.26, 33.0), (34.0, 34.0)]
)
def test_the_effective_balance_of_a_deposit_is_its_whole_coins(held, effective):
    outcome = bare(compounding=True, validators=1).run(market(1), capital=10.0 * held)
    assert coins(outcome, Line.CONSENSUS) == pytest.approx(effective * 0.001, rel=1e-12)


def test_a_chain_with_other_rules_is_refused_with_what_fits():
    with pytest.raises(InputError, match=r"^SoloValidator\.asset: must be 'ETH', .*got 'ADA' \(StakingPool\('ADA'"):
        SoloValidator(asset="ADA")


def test_coins_left_over_bear_the_price_and_are_sold_at_the_exit():
    outcome = bare(exit_days=2.0, sell_fee=0.1).run(
        market(1, 2, price=np.array([10.0, 20.0, 40.0, 80.0]), reward=APR(0.0)), capital=400.0, keep="values"
    )
    sold = 8 * 20 * 0.9
    assert outcome.values is not None
    assert outcome.values[:, 0].tolist() == pytest.approx([400, 32 * 20 + sold, 32 * 40 + sold, 32 * 80 * 0.9 + sold])


def test_fees_of_buying_and_selling():
    outcome = bare(buy_fee=0.25, sell_fee=0.1).run(market(1, reward=APR(0.0)), capital=400.0)
    assert outcome.closing[0] == pytest.approx(320 * 0.9)
    assert outcome.lines[Line.TRADING][0] == pytest.approx(-80 - 32)


@pytest.mark.parametrize(
    ("terms", "needed"), [({}, 320.0), ({"validators": 3}, 960.0), ({"hardware_usd": 50.0}, 370.0)]
)
def test_too_little_capital_says_how_much_is_missing(terms, needed):
    with pytest.raises(InputError) as caught:
        bare(**terms).run(market(), capital=needed - 12.5)
    assert str(caught.value).startswith("run: capital: is too little for SoloValidator: 12.50 USD are missing")


def test_where_the_price_is_too_high_coins_are_held():
    prices = np.array([[10.0, 20.0, 40.0], [10.0, 30.0, 60.0]])
    terms = bare(hardware_usd=60.0, running_cost_usd_per_day=1.0, buy_fee=0.25, validators=1)
    outcome = terms.run(market(1, price=prices, reward=APR(0.0)), capital=1000.0)
    assert outcome.feasible.tolist() == [True, True, False]
    assert outcome.capital_shortfall.tolist() == pytest.approx([0.0, 0.0, 32 * 40 * 1.25 + 60 - 1000])
    assert outcome.closing.tolist() == pytest.approx([940 * 0.8 - 1, 940 * 0.8 * 1.5 - 1, 1000 * 0.8 * 1.5])
    assert outcome.lines[Line.OPERATING].tolist() == pytest.approx([-61.0, -61.0, 0.0])


@given(
    st.integers(1, 1000),
    st.floats(0.01, 1e5),
    st.floats(0.0, 0.3),
    st.floats(0.0, 1e5),
)
def test_just_enough_capital_is_enough(validators, price, fee, hardware):
    capital = (32 * validators * price) * (1 + fee) + hardware
    terms = bare(buy_fee=fee, hardware_usd=hardware)
    for asked in (validators, None):
        outcome = terms.replace(validators=asked).run(market(1, price=price), capital=capital)
        assert outcome.feasible.all()
        assert coins(outcome, Line.CONSENSUS) == pytest.approx(0.032 * validators, rel=1e-9)


def test_a_coin_worth_nothing_opens_nothing():
    outcome = bare(hardware_usd=10.0).run(market(1, price=np.array([0.0, 10.0])), capital=100.0)
    assert outcome.closing.tolist() == [100.0]


# Rewards, which are skimmed or compound


def test_rewards_above_32_coins_are_skimmed_and_earn_nothing():
    outcome = BARE.run(market(3), capital=320.0)
    assert coins(outcome, Line.CONSENSUS) == pytest.approx(3 * 0.032, rel=1e-12)
    assert outcome.closing[0] == pytest.approx(10 * (32 + 3 * 0.032))


def test_compounding_validators_earn_on_their_rewards():
    """10 % a step: 35.2 coins after the first, of which 35 are effective; 38.7 after the second, 38 effective."""
    grid = TimeGrid(np.datetime64("2026-01-01") + 50 * np.arange(4), 3)
    outcome = bare(compounding=True).run(Market(grid, {ETH: 10.0, REWARD: APR(0.73)}), capital=320.0)
    assert coins(outcome, Line.CONSENSUS) == pytest.approx(3.2 + 3.5 + 3.8, rel=1e-12)


@pytest.mark.parametrize(("balance", "effective"), [(33.25, 32), (33.2501, 33), (34.2499, 34), (40.0, 40)])
def test_the_effective_balance_lags_behind_a_growing_one(balance, effective):
    """It moves, to whole coins, once the balance is more than 1.25 above it; the next day pays on it."""
    rates = APR(365 * np.array([balance / 32 - 1, 0.001, 0.0]))
    outcome = bare(compounding=True).run(market(2, reward=rates), capital=320.0)
    assert coins(outcome, Line.CONSENSUS) == pytest.approx(balance - 32 + effective * 0.001, rel=1e-9)


def test_coins_beyond_whole_ones_earn_nothing():
    outcome = bare(compounding=True).run(market(1), capital=339.9)
    assert coins(outcome, Line.CONSENSUS) == pytest.approx(0.033, rel=1e-12)


def test_small_rewards_do_not_move_the_effective_balance():
    outcome = bare(compounding=True).run(market(3), capital=320.0)
    assert outcome.closing[0] == pytest.approx(320 * 1.003, rel=1e-12)


def test_compounding_validators_hold_all_coins():
    outcome = bare(compounding=True).run(market(1), capital=500.0)  # 50 coins in one
    assert coins(outcome, Line.CONSENSUS) == pytest.approx(0.05)


def test_a_compounding_validator_is_full_at_2048_coins():
    outcome = bare(compounding=True, validators=1).run(market(2), capital=20_500.0)
    assert coins(outcome, Line.CONSENSUS) == pytest.approx(2 * 2.048, rel=1e-12)


def test_a_stake_below_32_coins_fills_up_before_it_is_skimmed():
    rates = APR(np.array([-0.73, 0.365, 0.365, 0.365, 0.365, 0.0]))
    outcome = BARE.run(market(5, reward=rates), capital=320.0)
    # 31.936 coins are 32 effective ones: two days fill up, and two are skimmed
    assert coins(outcome, Line.CONSENSUS) == pytest.approx(-0.064 + 4 * 0.032, rel=1e-12)
    assert outcome.closing[0] == pytest.approx(320.64, rel=1e-12)


def test_a_balance_more_than_a_quarter_below_lowers_the_effective_one():
    rates = APR(np.array([-0.9, -0.9, -0.9, -0.9, 0.365, 0.0]))  # 32 fall to 31.76, 31.68 on the fourth day
    outcome = BARE.run(market(5, reward=rates), capital=320.0)
    assert coins(outcome, Line.CONSENSUS) == pytest.approx(-4 * 32 * 0.9 / 365 + 0.031, rel=1e-12)


def test_rewards_follow_the_rate_of_their_own_interval():
    outcome = BARE.run(market(3, reward=APR(np.array([0.365, 0.0, 0.73, 99.0]) / 10)), capital=320.0)
    assert coins(outcome, Line.CONSENSUS) == pytest.approx(32 * 0.0003)


# Execution rewards


@pytest.mark.parametrize("compounding", [False, True])
def test_execution_rewards_are_a_part_of_the_reward_and_go_to_the_wallet(compounding):
    outcome = bare(compounding=compounding).run(market(2, execution=APR(0.073)), capital=320.0)
    assert coins(outcome, Line.CONSENSUS) == pytest.approx(64 * 0.0008, rel=1e-12)
    assert coins(outcome, Line.EXECUTION) == pytest.approx(64 * 0.0002, rel=1e-12)


def test_the_split_leaves_the_sum():
    whole, split = (BARE.run(world, capital=320.0) for world in (market(5), market(5, execution=APR(0.1))))
    assert split.closing[0] == pytest.approx(whole.closing[0], rel=1e-14)
    assert Line.EXECUTION not in whole.lines


@pytest.mark.parametrize(("total", "execution", "expected"), [(0.2, 0.3, 0.2), (-0.1, 0.1, 0.0), (0.2, -0.1, 0.0)])
def test_the_part_is_never_more_than_the_whole(total, execution, expected):
    outcome = BARE.run(market(1, reward=APR(total), execution=APR(execution)), capital=320.0)
    paid = outcome.native.get((Line.EXECUTION, "ETH"), np.zeros(1))[0]
    assert paid == pytest.approx(32 * expected / 365)
    assert coins(outcome, Line.CONSENSUS) + paid == pytest.approx(32 * total / 365)


# Downtime


def test_offline_time_is_fined_42_of_64_of_the_consensus_reward_missed():
    outcome = bare(uptime=0.75, compounding=True).run(market(1, execution=APR(0.073)), capital=320.0)
    assert coins(outcome, Line.CONSENSUS) == pytest.approx(32 * 0.0008 * 0.75)
    assert coins(outcome, Line.EXECUTION) == pytest.approx(32 * 0.0002 * 0.75)
    assert coins(outcome, Line.DOWNTIME) == pytest.approx(-32 * 0.0008 * 0.25 * 42 / 64)


def test_a_validator_always_offline_only_loses():
    outcome = bare(uptime=0.0).run(market(2), capital=320.0)
    daily = 0.001 * 42 / 64
    assert coins(outcome, Line.CONSENSUS) == 0.0
    assert outcome.closing[0] == pytest.approx(320 * (1 - 2 * daily), rel=1e-12)


def test_always_online_no_fine():
    assert Line.DOWNTIME not in BARE.run(market(), capital=320.0).lines


def test_no_fine_on_a_negative_reward():
    assert BARE.run(market(1, reward=APR(-0.365)), capital=320.0).closing[0] == pytest.approx(320 * 0.999)
    outcome = bare(uptime=0.5).run(market(1, reward=APR(-0.365)), capital=320.0)
    assert outcome.lines[Line.DOWNTIME].tolist() == [0.0]


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_more_uptime_is_never_worse(one, other):
    low, high = (bare(uptime=u).run(market(9, execution=APR(0.1)), capital=990.0) for u in sorted([one, other]))
    assert high.closing[0] >= low.closing[0] * (1 - 1e-14)


# The way in


@pytest.mark.parametrize(("entry", "days"), [(0.0, 4.0), (1.0, 3.0), (2.25, 1.75), (4.0, 0.0), (9.0, 0.0)])
def test_the_activation_queue_does_not_pay(entry, days):
    outcome = bare(entry_days=entry).run(market(4, 9), capital=320.0)
    earned = outcome.native.get((Line.CONSENSUS, "ETH"), np.zeros(1))[0]
    assert earned == pytest.approx(days * 0.032, rel=1e-12)


def test_what_waits_for_activation_bears_the_price():
    outcome = bare(entry_days=2.0).run(market(2, price=np.array([10.0, 5.0, 20.0])), capital=320.0, keep="values")
    assert outcome.values is not None
    assert outcome.values[:, 0].tolist() == [320.0, 160.0, 640.0]


def test_a_deposit_that_is_still_on_its_way_in_must_be_let_in_before_it_leaves():
    outcome = bare(entry_days=4.0, exit_days=1.5, withdrawal_days=1.0).run(market(2, 6), capital=320.0)
    assert outcome.days_to_cash.tolist() == [5.0]  # in on day 4, out on 5.5, paid on 6.5: seen on day 7
    assert coins(outcome, Line.CONSENSUS) == pytest.approx(1.5 * 0.032)


# The way out


@pytest.mark.parametrize(
    ("exit_days", "withdrawal", "days", "paid"),
    [(0.0, 0.0, 0.0, 0.0), (1.0, 0.0, 1.0, 1.0), (0.0, 2.0, 2.0, 0.0), (2.5, 1.0, 4.0, 2.5), (2.5, 0.5, 3.0, 2.5)],
)
def test_a_validator_works_in_the_exit_queue_but_not_while_its_coins_are_on_their_way(
    exit_days, withdrawal, days, paid
):
    terms = bare(exit_days=exit_days, withdrawal_days=withdrawal)
    outcome = terms.run(market(3, 6), capital=320.0)
    assert outcome.days_to_cash.tolist() == [days]
    assert coins(outcome, Line.CONSENSUS) == pytest.approx((3 + paid) * 0.032, rel=1e-12)
    assert outcome.settled.all()
    assert {place: float(units[0]) for place, units in outcome.units.items() if units[0]}.keys() == {
        ("USD", "paid_out")
    }


@pytest.mark.parametrize("compounding", [False, True])
def test_the_price_counts_until_the_coins_are_there(compounding):
    price = np.array([10.0, 10.0, 20.0, 40.0, 80.0, 160.0])
    terms = bare(exit_days=2.0, withdrawal_days=1.0, sell_fee=0.1, compounding=compounding)
    outcome = terms.run(market(1, 4, price=price), capital=320.0)
    skimmed = 32 * 80 + 0.032 * (10 + 20 + 40)  # rewards after the exit are sold as they come
    expected = 0.9 * (32 * 1.003 * 80 if compounding else skimmed)
    assert outcome.closing[0] == pytest.approx(expected, rel=1e-12)
    assert outcome.proceeds[0] == pytest.approx(expected, rel=1e-12)


def test_a_queue_that_has_not_ended_is_said_so():
    outcome = bare(exit_days=2.0, withdrawal_days=2.0).run(market(1, 3, reward=APR(0.0)), capital=320.0)
    assert outcome.settled.tolist() == [False]
    assert outcome.units["ETH", "withdrawing"].tolist() == [32.0]
    assert outcome.closing.tolist() == [320.0]


def test_long_steps_pay_for_the_very_days():
    times = np.array(["2026-01-01", "2026-01-11", "2026-02-10", "2026-03-12"], dtype="M8[D]")
    world = Market(TimeGrid(times, 1), {ETH: 10.0, REWARD: DAILY})
    outcome = bare(entry_days=4.0, exit_days=12.0, withdrawal_days=30.0, running_cost_usd_per_day=0.1).run(
        world, capital=1000.0
    )
    assert coins(outcome, Line.CONSENSUS) == pytest.approx(3 * 32 * 0.001 * (6 + 12))
    assert outcome.lines[Line.OPERATING][0] == pytest.approx(-0.1 * (10 + 12))
    assert outcome.days_to_cash.tolist() == [60.0]


# Hardware and running cost


def test_the_machine_is_paid_before_the_coins_are_bought():
    outcome = bare(hardware_usd=100.0, buy_fee=0.25).run(market(1, reward=APR(0.0)), capital=500.0)
    assert outcome.lines[Line.OPERATING].tolist() == [-100.0]
    assert outcome.closing[0] == pytest.approx(320.0)


def test_costs_take_the_skimmed_coins_and_then_the_holder_pays():
    price = np.array([10.0, 10.0, 5.0, 20.0])
    outcome = bare(running_cost_usd_per_day=0.3).run(market(3, price=price), capital=320.0)
    kept = 0.032 - 0.03  # the first day pays 0.32
    missing = 0.3 - (0.032 + kept) * 5  # the second 0.16, and the first day's rest
    assert outcome.contributions[0] == pytest.approx(missing, rel=1e-9)
    assert outcome.flows is not None
    assert outcome.flows.money[outcome.flows.time == 2].tolist() == pytest.approx([-missing], rel=1e-9)
    assert outcome.closing[0] == pytest.approx(32.032 * 20 - 0.3)
    assert outcome.lines[Line.OPERATING][0] == pytest.approx(-0.9)


def test_the_cost_is_that_of_the_set_up_however_many_validators():
    one, three = (bare(running_cost_usd_per_day=0.1).run(market(3), capital=c) for c in (320.0, 960.0))
    assert one.lines[Line.OPERATING][0] == three.lines[Line.OPERATING][0] == pytest.approx(-0.3)


def test_the_machine_runs_from_the_opening_until_the_last_validator_has_left():
    terms = bare(entry_days=1.0, exit_days=2.5, withdrawal_days=2.0, running_cost_usd_per_day=1.0)
    assert terms.run(market(2, 5), capital=990.0).lines[Line.OPERATING][0] == pytest.approx(-4.5)


def test_costs_are_in_dollars_whatever_the_numeraire():
    world = market(2, reward=APR(0.0), usd=np.array([0.5, 0.8, 0.9]), numeraire="EUR")
    outcome = bare(hardware_usd=10.0, running_cost_usd_per_day=1.0).run(world, capital=355.0)
    assert outcome.lines[Line.OPERATING][0] == pytest.approx(-(5 + 0.8 + 0.9))


# Slashing


def test_a_given_slashing_strikes_one_validator():
    terms = bare(slashing=SLASHED, slashing_severity=0.25, slashing_wait_days=2.0)
    outcome = terms.run(struck(5, 0, 1, reward=DAILY), capital=960.0)
    assert outcome.native[Line.SLASHING, "ETH"].tolist() == [0.0, -8.0]
    assert outcome.native[Line.CONSENSUS, "ETH"].tolist() == pytest.approx([5 * 0.096, 2 * 0.096 + 3 * 0.064])
    assert outcome.days_to_cash.tolist() == [0.0, 0.0]


def test_the_rest_of_a_slashed_stake_comes_back_to_the_wallet():
    terms = bare(slashing=SLASHED, slashing_severity=0.25, slashing_wait_days=2.0)
    outcome = terms.run(struck(5, 0, 1, price=np.array([10.0, 10, 10, 10, 10, 20])), capital=320.0)
    assert outcome.closing.tolist() == [640.0, 480.0]


def test_a_slashed_stake_that_still_waits_at_the_exit_is_sold_when_it_is_back():
    price = np.array([10.0, 10.0, 10.0, 20.0, 40.0, 80.0])
    terms = bare(slashing=SLASHED, slashing_severity=0.5, slashing_wait_days=2.5, validators=1)
    outcome = terms.run(struck(2, 3, 1, price=price), capital=320.0)
    assert outcome.days_to_cash.tolist() == [0.0, 3.0]
    assert outcome.closing.tolist() == pytest.approx([320.0, 16 * 80])


@pytest.mark.parametrize(("step", "lost"), [(1, 0.0), (2, 8.0), (3, 8.0), (5, 8.0), (6, 0.0)])
def test_only_a_validator_at_work_can_be_slashed(step, lost):
    terms = bare(
        entry_days=2.0, exit_days=2.0, withdrawal_days=2.0, slashing=SLASHED, slashing_severity=0.25, validators=1
    )
    outcome = terms.run(struck(4, 6, step), capital=320.0)
    assert -outcome.native.get((Line.SLASHING, "ETH"), np.zeros(2))[1] == lost


def test_each_strike_takes_another_validator_until_none_is_left():
    terms = bare(slashing=SLASHED, slashing_severity=0.1, slashing_wait_days=1.0, running_cost_usd_per_day=1.0)
    outcome = terms.run(struck(6, 0, 0, 1, 3), capital=650.0)
    assert outcome.native[Line.SLASHING, "ETH"].tolist() == pytest.approx([0.0, -6.4])
    assert outcome.lines[Line.OPERATING].tolist() == pytest.approx([-6.0, -2.0])
    assert outcome.settled.all()


def test_a_slashed_validator_leaves_no_dust_behind():
    terms = bare(slashing=SLASHED, slashing_severity=1 / 3, slashing_wait_days=1.0, compounding=True)
    world = market(4, price=np.array([7.0, 7, 7, 7, 7000]), slashed=np.array([False, True, False, False, False]))
    outcome = terms.run(world, capital=231.0)
    assert outcome.units["ETH", "staked"].tolist() == [0.0]
    assert outcome.units["ETH", "slashed"].tolist() == [0.0]


def test_a_slashing_of_everything():
    terms = bare(slashing=SLASHED, slashing_severity=1.0)
    assert terms.run(struck(2, 0, 0), capital=320.0).closing.tolist() == [320.0, 0.0]


# Luck


def world_of(**constants: Any) -> Joint:
    """A small generated world: a price that is drawn, rewards that are not."""
    names = {"reward": REWARD, "execution": EXECUTION, "slashed": SLASHED}
    return Joint(
        [
            GeometricBrownianMotion({ETH: GBM(10.0, volatility=0.5)}),
            Constants({names[k]: v for k, v in constants.items()}),
        ]
    )


def generated(terms, *, days=30, n_paths=4_000, capital=1e9, **constants):
    grid = TimeGrid.daily("2026-01-01", days=days)
    return simulate({"it": terms}, world_of(**constants), grid, capital=capital, n_paths=n_paths, rng=7)["it"]


def assert_moments(drawn, mean, variance, fourth):
    """Mean and variance within 4 standard errors; `fourth` is the central moment."""
    n = drawn.size
    assert abs(drawn.mean() - mean) < 4 * np.sqrt(variance / n)
    assert abs(drawn.var(ddof=1) - variance) < 4 * np.sqrt((fourth - variance**2) / n)


@pytest.mark.parametrize(("validators", "uptime", "compounding"), [(1, 1.0, False), (5, 0.6, False), (2, 1.0, True)])
def test_proposals_follow_the_binomial_law(validators, uptime, compounding):
    network, days = 20_000.0, 30
    terms = bare(
        random_duties=True, validators=validators, uptime=uptime, network_validators=network, compounding=compounding
    )
    tiny = APR(1e-9)  # so that stakes stay what they are
    outcome = generated(terms, days=days, reward=tiny, execution=tiny)
    each = 2_048.0 if compounding else 32.0
    pay = network * 32 / 7_200 * 1e-9 / 365  # of one proposal
    proposals = outcome.native[Line.EXECUTION, "ETH"] / pay
    trials, chance = validators * 7_200 * days, each / 32 / network * uptime
    mean, variance = trials * chance, trials * chance * (1 - chance)
    fourth = variance * (1 + 3 * variance - 6 * chance * (1 - chance))
    assert_moments(proposals, mean, variance, fourth)
    assert proposals == pytest.approx(np.rint(proposals), abs=1e-4)


def test_proposals_pay_an_eighth_of_the_consensus_reward():
    terms = bare(random_duties=True, validators=1, network_validators=20_000.0)
    outcome = generated(terms, reward=DAILY, execution=APR(1e-9))
    sure = 30 * 0.032 * 54 / 64
    proposals = outcome.native[Line.EXECUTION, "ETH"] / (20_000 * 32 / 7_200 * 1e-9 / 365)
    mean = 30 * 7_200 / 20_000
    assert_moments(proposals, mean, mean, mean + 3 * mean**2)
    rest = outcome.native[Line.CONSENSUS, "ETH"] - sure - np.rint(proposals) * (20_000 * 32 / 7_200 * 0.001 / 8)
    seats = rest / (20_000 * 32 / 512 * 8_192 / 7_200 * 0.001 * 2 / 64)
    assert seats == pytest.approx(np.rint(seats), abs=1e-4)
    chance = 512 / 20_000 * 7_200 / 8_192
    variance = 30 * chance * (1 - chance)
    assert_moments(seats, 30 * chance, variance, variance * (1 + 3 * variance - 6 * chance * (1 - chance)))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("validators", "network", "uptime"), [(1, 200_000, 1.0), (40, 200_000, 1.0), (2_000, 40_000, 0.9)]
)
def test_a_year_is_as_lucky_as_the_law_of_the_protocol_says(validators, network, uptime):
    total = network * LEAST
    law = reward_law(validators, LEAST, total, FULU)
    rate = issuance(total).apr().value
    terms = bare(random_duties=True, validators=validators, network_validators=float(network), uptime=uptime)
    paths = 8_000 if validators == 1 else 2_000
    outcome = generated(terms, days=365, n_paths=paths, reward=APR(rate), capital=1e7)
    gross = outcome.native[Line.CONSENSUS, "ETH"]
    spread = law.standard_deviation / 1e9
    if (validators, network) == (1, 200_000):
        assert spread == pytest.approx(0.1025, abs=1e-4)
    excess = np.mean(((gross - gross.mean()) / gross.std()) ** 4) - 3
    error = spread * np.sqrt((2 + excess) / (4 * paths))
    assert abs(gross.std(ddof=1) - spread * uptime**0.5) < 4 * error + (1 - uptime) * spread * 0.05
    assert abs(gross.mean() - law.mean / 1e9 * uptime) < 4 * spread / paths**0.5 + 2e-4 * law.mean / 1e9


@pytest.mark.parametrize("days", [1, 7, 40])
def test_seats_do_not_depend_on_the_length_of_steps(days):
    """Of 4,000 paths: mean and variance of a year's seats, whether looked at by day, week or 40 days."""
    grid = TimeGrid(np.datetime64("2026-01-01") + days * np.arange(280 // days + 1))
    terms = bare(random_duties=True, validators=1, network_validators=20_000.0)
    world = world_of(reward=APR(1e-6), execution=APR(1e-6 - 1e-15))  # all but nothing is execution
    found = simulate({"it": terms}, world, grid, capital=1e4, n_paths=4_000, rng=5)["it"]
    consensus = found.native[Line.CONSENSUS, "ETH"]
    pay = 20_000 * 32 * 1e-15 / 365
    variance = (
        280 * 7_200 / 20_000 * (pay / 7_200 / 8) ** 2
        + 280 * 7_200 / 8_192 * 0.0256 * 0.9744 * (pay * 2 / 64 / 512 * 8_192 / 7_200) ** 2
    )
    assert consensus.mean() == pytest.approx(280 * 32 * 1e-15 / 365, rel=0.05)
    assert consensus.var(ddof=1) == pytest.approx(variance, rel=0.15)


def test_a_seat_is_fined_while_offline():
    """At an uptime of 0.7 a seat pays 0.7 of its period and is fined for 0.3 of it, all else follows the mean."""
    luck, mean = (
        generated(bare(random_duties=luck, validators=3, uptime=0.7), reward=DAILY, n_paths=3_000)
        for luck in (True, False)
    )
    for line in (Line.CONSENSUS, Line.DOWNTIME):
        drawn = luck.native[line, "ETH"]
        assert np.ptp(drawn) > 0.0
        assert abs(drawn.mean() - mean.native[line, "ETH"].mean()) < 4 * drawn.std() / 3_000**0.5


def test_no_fine_takes_more_than_there_is():
    grid = TimeGrid(np.datetime64("2026-01-01") + 365 * np.arange(4))
    with pytest.warns(UnitWarning):
        world = Market(grid, {ETH: 10.0, REWARD: APR(40.0)})
    for luck, compounding in ((False, False), (True, True)):
        outcome = bare(uptime=0.0, random_duties=luck, compounding=compounding).run(world, capital=320.0, keep="values")
        assert outcome.values is not None
        assert outcome.values[1:, 0].tolist() == pytest.approx([0.0] * 3, abs=1e-9)
        assert (outcome.values >= 0.0).all()
    burnt = bare(random_duties=True).run(Market(grid, {ETH: 10.0, REWARD: APY(-0.999)}), capital=330.0, keep="values")
    assert burnt.values is not None
    assert (burnt.values > 0.0).all()


# Waits of the market


def test_each_path_waits_as_its_market_says():
    waits = {EntryWait("ETH"): np.array([[0.0, 1.5, 4.0]] * 9), ExitWait("ETH"): np.array([[2.0, 0.0, 1.25]] * 9)}
    grid = TimeGrid.daily("2026-01-01", days=5, settlement_days=3)
    terms = bare(entry_days=EntryWait("ETH"), exit_days=ExitWait("ETH"), withdrawal_days=0.5)
    outcome = terms.run(Market(grid, {ETH: 10.0, REWARD: DAILY, **waits}), capital=320.0)
    assert outcome.native[Line.CONSENSUS, "ETH"] == pytest.approx(0.032 * np.array([7.0, 3.5, 2.25]))
    assert outcome.days_to_cash.tolist() == [3.0, 1.0, 2.0]
    for path, (entry, leave) in enumerate([(0.0, 2.0), (1.5, 0.0), (4.0, 1.25)]):
        alone = bare(entry_days=entry, exit_days=leave, withdrawal_days=0.5, running_cost_usd_per_day=0.5)
        one = alone.run(market(5, 3), capital=320.0)
        many = terms.replace(running_cost_usd_per_day=0.5)
        together = many.run(Market(grid, {ETH: 10.0, REWARD: DAILY, **waits}), capital=320.0)
        assert together.closing[path] == pytest.approx(one.closing[0], rel=1e-14)


@pytest.mark.parametrize("day", [3, 8, 15])
def test_the_wait_of_the_deposit_is_that_of_the_deposit_whatever_the_queue_does_later(day):
    """A shock of the queue fills rows that are used again; what was read on the first day stays."""
    queue = QueueWaits([WaitCell(1, entry_days=20.0, exit_days=0.0, entry_spread=5.0)])
    world = Joint([Constants({ETH: 1.0, REWARD: APR(0.0365)}), queue])
    shocked = Shocked(world, Shock(EntryWait("ETH"), day=day, change=3.0))
    grid = TimeGrid.daily("2026-01-01", days=60)
    rows = {"solo": bare(entry_days=EntryWait("ETH"))}
    plain, later = (simulate(rows, each, grid, capital=32.0, n_paths=9, rng=1)["solo"] for each in (world, shocked))
    assert plain.coins_gross.min() > 0.0
    assert later.coins_gross.tolist() == plain.coins_gross.tolist()


def test_luck_is_drawn_for_the_days_of_each_path():
    waits = {EntryWait("ETH"): 20.5}
    terms = bare(random_duties=True, validators=1, network_validators=20_000.0)
    world = Joint([world_of(reward=DAILY), Constants(waits)])
    grid = TimeGrid.daily("2026-01-01", days=30)
    pair = {"market's": terms.replace(entry_days=EntryWait("ETH")), "own": terms.replace(entry_days=20.5)}
    results = simulate(pair, world, grid, capital=1e6, n_paths=500, rng=3)
    first, second = (results[name].closing for name in pair)
    assert first.tolist() == second.tolist()
    assert np.ptp(first) > 0.0


def test_luck_is_drawn_for_the_days_at_work_only():
    terms = bare(random_duties=True, validators=1, network_validators=20_000.0, entry_days=20.5)
    outcome = generated(terms, reward=APR(1e-9), execution=APR(1e-9))
    proposals = outcome.native[Line.EXECUTION, "ETH"] / (20_000 * 32 / 7_200 * 1e-9 / 365)
    mean = 9.5 * 7_200 / 20_000
    assert_moments(proposals, mean, mean, mean + 3 * mean**2)


def test_a_stake_larger_than_its_network_proposes_in_every_slot():
    terms = bare(random_duties=True, validators=1, compounding=True, network_validators=2.0)
    outcome = generated(terms, days=2, n_paths=10, reward=APR(1e-9), execution=APR(1e-9))
    assert outcome.native[Line.EXECUTION, "ETH"] == pytest.approx(2 * 64 * 1e-9 / 365)


def test_without_luck_the_rewards_are_the_same_on_every_path():
    outcome = generated(bare(random_duties=False, validators=1), reward=DAILY, execution=APR(0.1), n_paths=50)
    assert np.ptp(outcome.native[Line.CONSENSUS, "ETH"]) == 0.0


@pytest.mark.parametrize("network", [3.0, 1e3, 1e9])
def test_on_a_given_market_luck_is_its_mean(network):
    lucky = bare(random_duties=True, network_validators=network, uptime=0.9).run(
        market(3, execution=APR(0.1)), capital=990.0
    )
    mean = bare(uptime=0.9).run(market(3, execution=APR(0.1)), capital=990.0)
    assert lucky.closing[0] == pytest.approx(mean.closing[0], rel=1e-13)


def test_two_with_the_same_chances_have_the_same_luck():
    grid = TimeGrid.daily("2026-01-01", days=30)
    terms = bare(random_duties=True, validators=1)
    pair = {"one": terms, "other": terms.replace(sell_fee=0.01)}
    results = simulate(pair, world_of(reward=DAILY), grid, capital=1e6, n_paths=200, rng=3)
    one, other = (results[name].native[Line.CONSENSUS, "ETH"].tolist() for name in pair)
    assert one == other
    assert len(set(one)) > 1


def test_a_quote_shows_the_mean():
    quote = bare(random_duties=True, validators=1).quote(market(2), capital=320.0)
    assert quote.lines[Line.CONSENSUS] == pytest.approx(0.64)


def test_every_validator_is_slashed_for_itself_where_the_hazard_is_known():
    hazard, validators, days = 2.0, 20, 30
    terms = bare(
        validators=validators, slashing=SLASHED, slashing_severity=0.5, slashing_wait_days=0.0, random_duties=False
    )
    outcome = generated(terms, days=days, reward=APR(0.0), slashed=hazard)
    struck_down = -outcome.native[Line.SLASHING, "ETH"] / 16
    chance = 1 - np.exp(-hazard * days / 365)
    variance = validators * chance * (1 - chance)
    fourth = variance * (1 + 3 * variance - 6 * chance * (1 - chance))
    assert_moments(struck_down, validators * chance, variance, fourth)
    assert struck_down == pytest.approx(np.rint(struck_down), abs=1e-9)


# Beside others


def test_without_reward_and_cost_it_is_holding():
    prices = np.random.default_rng(3).lognormal(3.0, 0.1, (31, 4))
    world = market(30, price=prices, reward=APR(0.0))
    solo = bare(buy_fee=0.01, sell_fee=0.02).run(world, capital=5_000.0)
    held = Holding(asset="ETH", buy_fee=0.01, sell_fee=0.02).run(world, capital=5_000.0)
    assert solo.closing.tolist() == pytest.approx(held.closing.tolist(), rel=1e-12)


def test_one_compounding_validator_without_cost_is_a_pool_without_commission_but_for_what_lies_idle():
    prices = np.random.default_rng(4).lognormal(3.0, 0.1, (41, 4))
    world = market(30, 10, price=prices, reward=APR(0.3))
    solo = bare(compounding=True, validators=1, withdrawal_days=4.0).run(world, capital=5_000.0)
    pool = StakingPool(commission=0.0, unbonding_days=4.0).run(world, capital=5_000.0)
    share = solo.native[Line.CONSENSUS, "ETH"] / pool.native[Line.CONSENSUS, "ETH"]
    assert ((1.0 - 1.25 * prices[0] / 5_000.0 < share) & (share < 1.0)).all()


def test_the_coin_itself_as_numeraire():
    world = market(2, 3, numeraire="ETH")
    outcome = bare(buy_fee=0.5, sell_fee=0.5, withdrawal_days=2.0).run(world, capital=40.0)
    assert outcome.closing[0] == pytest.approx(40 + 2 * 0.032)
    assert outcome.days_to_cash.tolist() == [2.0]
    assert Line.TRADING not in outcome.lines


def test_cash_waits_after_the_withdrawal_at_the_risk_free_rate():
    grid = TimeGrid.daily("2026-01-01", days=1, settlement_days=4)
    world = Market(grid, {ETH: 10.0, REWARD: APR(0.0), CashRate("USD"): APR(0.365)})
    assert bare(exit_days=2.0).run(world, capital=320.0).closing[0] == pytest.approx(320 * 1.001**2)


# Leaving in part, through a wrapper


@attrs.frozen
class Trimmed(Product):
    """Puts the money into coins first, and asks for a share of the position on the first day."""

    part: Product
    share: float
    asset: str = "ETH"

    @property
    def factors(self) -> frozenset[Factor]:
        return self.part.factors

    def open(self, book: Book, now: Now) -> Position:
        book.trade(book.cash, book.account("ETH"))
        position, share = self.part.open(book, now), self.share

        class Trimming(Position):
            def step(self, now: Now) -> None:
                position.step(now)
                if now.step == 0:
                    position.exit(now, share=share)

            def exit(
                self, now: Now, share: PathValue = 1.0, how: str | None = None, paths: IntArray | None = None
            ) -> None:
                position.exit(now, share, how, paths)

        return Trimming()


@pytest.mark.parametrize(("share", "left"), [(0.0, 3), (0.2, 2), (1 / 3, 2), (0.5, 1), (2 / 3, 1), (0.9, 0)])
def test_a_share_leaves_in_whole_validators(share, left):
    outcome = Trimmed(bare(withdrawal_days=1.0), share).run(market(3, 2), capital=960.0)
    assert coins(outcome, Line.CONSENSUS) == pytest.approx(3 * 0.032 + 2 * left * 0.032)
    assert outcome.settled.all()


def test_validators_that_make_up_the_share_and_no_more():
    outcome = Trimmed(BARE, 0.07).run(market(2), capital=32_000.0)
    assert coins(outcome, Line.CONSENSUS) == pytest.approx((100 + 93) * 0.032)  # 100 * 0.07 > 7 in floats


def test_asked_to_leave_twice_the_first_day_counts():
    terms = bare(exit_days=4.5, running_cost_usd_per_day=0.1)
    outcome = Trimmed(terms, 1.0).run(market(3, 6), capital=960.0)
    assert coins(outcome, Line.CONSENSUS) == pytest.approx(5.5 * 3 * 0.032)
    assert outcome.lines[Line.OPERATING][0] == pytest.approx(-0.55)
    assert outcome.days_to_cash.tolist() == [3.0]


def test_a_share_waits_its_turn_and_is_then_sold():
    price = np.array([10.0, 10.0, 20.0, 40.0, 80.0, 80.0, 80.0])
    terms = bare(exit_days=1.0, withdrawal_days=1.0)
    outcome = Trimmed(terms, 0.5).run(market(4, 2, price=price, reward=APR(0.0)), capital=640.0)
    assert outcome.closing[0] == pytest.approx(32 * 40 + 32 * 80)


def test_it_opens_with_coins_that_are_there_already():
    outcome = Trimmed(bare(hardware_usd=10.0), 0.0).run(market(1, reward=APR(0.0)), capital=330.0)
    assert outcome.feasible.all()
    assert outcome.closing[0] == pytest.approx(320.0)


# Terms


@pytest.mark.parametrize("field", ["uptime", "slashing_severity", "buy_fee", "sell_fee"])
@pytest.mark.parametrize("value", [1.01, 99.9, -0.01])
def test_fractions(field, value):
    with pytest.raises(InputError, match=rf"^SoloValidator\.{field}: must be a fraction in \[0, 1\], got"):
        bare(**{field: value})


@pytest.mark.parametrize("number", [0, -1])
def test_at_least_one_validator(number):
    with pytest.raises(InputError, match=r"^SoloValidator\.validators: must be an integer in \[1"):
        bare(validators=number)


@pytest.mark.parametrize("number", [1.0, 2.5, float("nan"), True, "3", Decimal(3), np.array(3)], ids=repr)
def test_validators_are_counted_in_integers(number):
    with pytest.raises(InputTypeError, match=r"^SoloValidator\.validators: .*integer") as caught:
        bare(validators=number)
    assert type(number).__name__ in str(caught.value)


@pytest.mark.parametrize(
    "number", [10**7 + 1, 2**64, np.uint64(2**64 - 1), 10**10_000], ids=["one more", "2**64", "uint64", "10**10000"]
)
def test_too_many_validators(number):
    with pytest.raises(InputError, match=r"^SoloValidator\.validators: .*limit") as caught:
        bare(validators=number)
    assert len(str(caught.value)) <= 400


def test_a_numpy_integer_is_that_integer():
    assert bare(validators=np.int32(3)) == bare(validators=3)
    assert hash(bare(validators=np.int32(3))) == hash(bare(validators=3))


@pytest.mark.parametrize(
    ("terms", "error"),
    [
        ({"entry_days": -1.0}, InputError),
        ({"exit_days": np.timedelta64(1, "D")}, InputTypeError),
        ({"withdrawal_days": float("inf")}, InputError),
        ({"slashing_wait_days": "36"}, InputTypeError),
        ({"hardware_usd": -1.0}, InputError),
        ({"running_cost_usd_per_day": None}, InputTypeError),
        ({"network_validators": 0.0}, InputError),
        ({"compounding": 1}, InputTypeError),
        ({"random_duties": "yes"}, InputTypeError),
        ({"slashing": "slashed"}, InputTypeError),
        ({"asset": ""}, InputError),
    ],
)
def test_terms_are_refused(terms, error):
    with pytest.raises(error, match=rf"^SoloValidator\.{next(iter(terms))}: "):
        bare(**terms)


def test_what_it_reads():
    assert BARE.factors == {ETH, REWARD, EXECUTION}
    assert SoloValidator(slashing=SLASHED).factors == {ETH, REWARD, EXECUTION, USD, SLASHED}
    assert bare(hardware_usd=1.0, exit_days=ExitWait("ETH")).factors == {
        ETH, REWARD, EXECUTION, USD, ExitWait("ETH")
    }  # fmt: skip


def test_a_market_without_a_reward_is_refused():
    world = Market(TimeGrid.daily("2026-01-01", days=1), {ETH: 10.0, EXECUTION: APR(0.01)})
    with pytest.raises(InputError, match=r'^SoloValidator: reads StakingReward\("ETH"\)'):
        BARE.run(world, capital=320.0)


# What every product must hold to


@pytest.mark.parametrize(
    "terms",
    [
        {},
        {"entry_days": 2.5, "exit_days": 3.5, "withdrawal_days": 1.2},
        {"entry_days": 0.0, "exit_days": 0.0, "withdrawal_days": 0.0},
        {"compounding": True, "entry_days": 1.0, "random_duties": False},
        {"validators": 3, "entry_days": 0.0, "uptime": 1.0, "running_cost_usd_per_day": 500.0},
    ],
)
@conform
@pytest.mark.few(2)
def test_it_conforms(terms, check):
    common = {"slashing": SLASHED, "slashing_severity": 0.1, "slashing_wait_days": 3.0, "hardware_usd": 100.0}
    check(SoloValidator(**{**common, "buy_fee": 0.02, "sell_fee": 0.01, **terms}), capital=1e6)


@pytest.mark.parametrize("days", [10, 30, 365])
def test_an_exit_queue_that_pays_is_part_of_the_year(days):
    grid = TimeGrid.daily("2026-01-01", days=days, settlement_days=60)
    market = Market(grid, {Price("ETH"): 3000.0, StakingReward("ETH"): APR(0.0365)})
    terms = SoloValidator(entry_days=0.0, exit_days=30.0, uptime=1.0, running_cost_usd_per_day=0.0)
    outcome = terms.run(market, capital=96_000.0)
    assert outcome.earning_years == pytest.approx((days + 30) / 365)
    assert outcome.yields().gross_apr[0] == pytest.approx(0.0365, rel=1e-9)


@pytest.mark.parametrize("compounding", [False, True])
def test_the_sign_of_the_reward_on_one_path_changes_no_other(compounding):
    rewards = np.full((31, 6), 0.04)
    hurt = rewards.copy()
    hurt[5:20, 5] = -0.3
    prices = 3_000.0 * np.exp(np.cumsum(np.random.default_rng(2).normal(0.0, 0.03, (31, 6)), axis=0))
    grid = TimeGrid.daily("2026-01-01", days=30)
    terms = SoloValidator(
        compounding=compounding, entry_days=2.0, exit_days=0.0, withdrawal_days=0.0, random_duties=False
    )
    one, other = (
        terms.run(Market(grid, {Price("ETH"): prices, StakingReward("ETH"): APR(rates)}), capital=250_000.0)
        for rates in (rewards, hurt)
    )
    assert one.closing[:5].tobytes() == other.closing[:5].tobytes()
    assert {k: x[:5].tobytes() for k, x in one.native.items()} == {k: other.native[k][:5].tobytes() for k in one.native}
    assert one.closing[5] > other.closing[5]


@pytest.mark.parametrize("share", [1.7, -0.1])
def test_a_share_of_more_than_all_is_refused(share):
    from stakingmodels.ledger import Book

    market = Market(TimeGrid.daily("2026-01-01", days=1), {Price("ETH"): 10.0, StakingReward("ETH"): APR(0.03)})
    now = market.now().at(next(market.chunks()), -1)
    book = Book(now, "ETH")
    book.receive(book.cash, 1_000.0)
    position = bare().open(book, now)
    with pytest.raises(InputError, match=r"^SoloValidatorPosition\.exit: share: must be a fraction"):
        position.exit(now, share)


@pytest.mark.parametrize(
    "terms", [{"validators": 2, "running_cost_usd_per_day": 2_001.0}, {"running_cost_usd_per_day": 1e5}]
)
def test_running_costs_beyond_all_revenue_are_warned_of(terms):
    with pytest.warns(
        UnitWarning, match=r"^SoloValidator: running costs of .* USD a day are more than any validators earn"
    ) as caught:
        bare(**terms)
    assert [Path(each.filename).name for each in caught] == ["test_solo_validator.py"]  # the caller's line


@pytest.mark.parametrize("validators", [None, 10])
def test_running_costs_are_warned_of_above_a_thousand_a_validator_of_ten_if_their_number_is_open(validators):
    bare(validators=validators, running_cost_usd_per_day=10_000.0)
    with pytest.warns(UnitWarning, match=r"running costs of 10000\.1 USD a day"):
        bare(validators=validators, running_cost_usd_per_day=10_000.1)


def test_the_events_of_failures_are_among_the_factors():
    assert bare(failures=(Failure(SLASHED, 0.5),)).factors == {ETH, REWARD, EXECUTION, SLASHED}


def test_a_part_of_an_interval_is_that_of_the_path_whoever_else_leaves():
    """Whole intervals count as exactly whole, also where another path leaves in them."""
    hours = np.array([0, 1, 2, 26, 194, 195]) * np.timedelta64(1, "h")
    grid = TimeGrid(np.datetime64("2026-01-01T00:00:00") + hours.astype("timedelta64[s]"), exit=3)
    series: dict[Factor, Any] = {Price("ETH"): 1.0, StakingReward("ETH"): APR(0.0)}
    waits = np.tile([2.772308166684528, 10.860271104278112], (6, 1))
    terms = SoloValidator(exit_days=ExitWait("ETH"), entry_days=0.0, random_duties=False, running_cost_usd_per_day=0.06)
    both = terms.run(Market(grid, series | {ExitWait("ETH"): waits}), capital=1000.0)
    alone = terms.run(Market(grid, series | {ExitWait("ETH"): waits[:, 1:]}), capital=1000.0)
    assert both.lines["operating"][1] == alone.lines["operating"][0]


@pytest.mark.parametrize(("first", "last"), [(1.0, 1.0), (0.5, 1.0), (0.5, 0.5)])
def test_an_exit_for_which_no_validator_is_left_adds_no_days_of_pay(first, last):
    """One validator asks on day 2 with four days of queue: it earns until day 6, whatever is asked later."""

    class Leaver(Product):
        asset = "ETH"
        inner = SoloValidator(entry_days=0.0, exit_days=4.0, withdrawal_days=1.0, random_duties=False)
        factors = inner.factors

        def open(self, book, now):
            position = self.inner.open(book, now)
            step = position.step

            def leaves_on_the_second_day(now):
                step(now)
                if now.step == 1:
                    position.exit(now, first)
                elif now.step == 3:
                    position.exit(now, last)

            position.step = leaves_on_the_second_day  # type: ignore[method-assign]
            return position

    grid = TimeGrid.daily("2026-01-01", days=5, settlement_days=12)
    market = Market(grid, {Price("ETH"): 1.0, StakingReward("ETH"): APR(0.03)})
    assert Leaver().run(market, capital=32.0).earning_years[0] * 365.0 == pytest.approx(6.0)


def test_a_slashing_takes_something_and_a_severity_is_felt():
    with pytest.raises(
        InputError, match=r"^SoloValidator\.slashing_severity: is never felt without an event, got 0\.5"
    ):
        SoloValidator(slashing_severity=0.5)
    with pytest.raises(InputError, match=r"^SoloValidator\.slashing: must take something, but slashing_severity is 0"):
        SoloValidator(slashing=SLASHED, slashing_severity=0.0)


@pytest.mark.parametrize("compounding", [False, True])
def test_fines_of_a_validator_that_is_mostly_offline_take_no_more_than_its_stake(compounding):
    """Of a network of 2,000 validators seats of the sync committee are frequent, and the fine is four times the pay."""
    product = SoloValidator(
        compounding=compounding, uptime=0.2, network_validators=2_000, entry_days=0.0, running_cost_usd_per_day=0.0
    )
    grid = TimeGrid.daily("2026-01-01", days=60)
    outcome = simulate({"it": product}, reference(), grid, capital=300_000.0, n_paths=20, rng=1, keep="totals")["it"]
    paid, fined = outcome.native[Line.CONSENSUS, "ETH"], outcome.native[Line.DOWNTIME, "ETH"]
    assert (paid > 0.0).all()
    assert (fined < 0.0).all()
    assert (-fined / paid < 4.0 + 1e-9).all()
    assert (outcome.units["ETH", "staked"] >= -1e-9).all()


def test_the_queue_of_another_chain_is_refused_and_validators_are_lots():
    with pytest.raises(InputError, match=r"^SoloValidator\.entry_days: must be EntryWait\(\"ETH\"\), the chain's own"):
        SoloValidator(entry_days=EntryWait("SOL"))
    assert (SoloValidator().n_lots, SoloValidator(validators=3).n_lots) == (None, 3)
