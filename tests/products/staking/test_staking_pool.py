"""`StakingPool`: rewards, commission, buffer, queue and slashing, by hand."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.ledger import Book, Line
from stakingmodels.market import CashRate, EntryWait, Event, Market, Price, StakingReward, TimeGrid
from stakingmodels.products import Failure, Holding, StakingPool
from stakingmodels.rates import APR, APY
from tests.products.plans import Planned

ETH, REWARD, SLASHED = Price("ETH"), StakingReward("ETH"), Event("slashed")
YEAR = TimeGrid.daily("2026-01-01", days=365)
FREE = StakingPool(commission=0.0)


def market(days=365, tail=0, *, price=3000.0, reward=APR(0.365)):
    """A market without events, by default with a reward of 0.1 % a day."""
    return Market(TimeGrid.daily("2026-01-01", days=days, settlement_days=tail), {ETH: price, REWARD: reward})


# Rewards


def test_ten_coins_at_four_percent_earn_0_4_in_a_year():
    outcome = FREE.run(market(reward=APY(0.04)), capital=30_000.0)
    assert outcome.native[Line.CONSENSUS, "ETH"][0] == pytest.approx(0.4, rel=1e-12)
    assert outcome.profit[0] == pytest.approx(1200.0, rel=1e-12)


@pytest.mark.parametrize(("apy", "left"), [(0.20, 0.60), (0.06, 0.53)])
def test_a_yield_does_not_save_from_a_halved_price(apy, left):
    price = np.concatenate([np.full(365, 3000.0), [1500.0]])
    outcome = FREE.run(market(price=price, reward=APY(apy)), capital=30_000.0)
    assert outcome.closing[0] / 30_000 == pytest.approx(left, rel=1e-12)


@pytest.mark.parametrize("apr", [0.01, 0.05, 0.5])
def test_an_apr_compounds_daily(apr):
    outcome = FREE.run(market(reward=APR(apr)), capital=3000.0)
    assert outcome.closing[0] / 3000 == pytest.approx((1 + apr / 365) ** 365, rel=1e-12)


@pytest.mark.parametrize("apr", [0.01, 0.05, 0.5])
def test_without_compounding_rewards_add_up(apr):
    outcome = StakingPool(commission=0.0, compounding=False).run(market(reward=APR(apr)), capital=3000.0)
    assert outcome.closing[0] / 3000 == pytest.approx(1 + apr, rel=1e-12)
    assert outcome.days_to_cash[0] == 0.0


@pytest.mark.parametrize(("earns", "until"), [(False, None), (True, 3.0)])
def test_only_coins_that_earn_in_the_queue_have_a_last_day_of_earning(earns, until):
    where = market(2, 3)
    chunk = next(where.chunks())
    now = where.now().at(chunk, -1)
    book = Book(now, "ETH")
    book.receive(book.cash, 3000.0)
    position = FREE.replace(unbonding_days=2.0, earns_while_unbonding=earns).open(book, now)
    position.exit(now.at(chunk, 0))
    assert position.earns_until_day == until


def test_rewards_that_wait_are_sold_at_once_while_the_stake_queues():
    pool = StakingPool(commission=0.0, compounding=False, unbonding_days=2.0)
    price = np.array([10.0, 10.0, 10.0, 10.0, 40.0])
    outcome = pool.run(market(2, 2, price=price), capital=100.0, keep="values")
    assert outcome.values is not None
    assert outcome.values[:, 0].tolist() == pytest.approx([100, 100.1, 100.2, 100.2, 0.2 + 400])
    assert outcome.native[Line.CONSENSUS, "ETH"][0] == pytest.approx(0.02)


def test_rewards_follow_the_rate_of_their_own_interval():
    outcome = FREE.run(market(3, reward=APR(np.array([0.365, 0.0, 0.73, 99.0]) / 10)), capital=3000.0)
    assert outcome.closing[0] / 3000 == pytest.approx(1.0001 * 1.0002, rel=1e-13)


def test_a_negative_rate_burns_coins_and_pays_no_commission():
    outcome = StakingPool(commission=0.5).run(market(2, reward=APR(-0.365)), capital=3000.0)
    assert outcome.closing[0] / 3000 == pytest.approx(0.999**2)
    assert outcome.lines[Line.COMMISSION].tolist() == [0.0]


def test_a_negative_reward_comes_out_of_the_stake_even_if_rewards_wait():
    world = Market(
        TimeGrid.daily("2026-01-01", days=3),
        {ETH: 10.0, REWARD: APR(np.array([-0.365, 0.365, 0.0, 0.0])), SLASHED: np.array([False, False, True, True])},
    )
    outcome = StakingPool(commission=0.5, compounding=False, failures=(Failure(SLASHED, 1.0, line="slashing"),)).run(
        world, capital=100.0
    )
    waiting = 100 * 0.999 * 0.001 / 2  # all else is slashed
    assert outcome.closing[0] == pytest.approx(waiting)
    assert outcome.native[Line.CONSENSUS, "ETH"][0] == pytest.approx(10 * (-0.001 + 0.999 * 0.001))


def test_zero_reward_leaves_the_coins_as_they_are():
    outcome = StakingPool().run(market(10, reward=APR(0.0), price=7.0), capital=21.0)
    assert outcome.closing.tolist() == [21.0]


# Commission and buffer


def test_the_commission_is_a_share_of_every_reward():
    outcome = StakingPool(commission=0.25).run(market(2), capital=3000.0)
    first, second = 0.001, 0.001 * 1.00075
    assert outcome.native[Line.CONSENSUS, "ETH"][0] == pytest.approx(first + second)
    assert outcome.native[Line.COMMISSION, "ETH"][0] == pytest.approx(-0.25 * (first + second))
    assert outcome.closing[0] / 3000 == pytest.approx(1.00075**2)


def test_a_commission_of_all_leaves_the_coins():
    outcome = StakingPool(commission=1.0).run(market(5), capital=3000.0)
    assert outcome.closing[0] == pytest.approx(3000.0, rel=1e-15)


def test_no_commission_no_line():
    assert Line.COMMISSION not in StakingPool(commission=0.0).run(market(5), capital=3000.0).lines


def test_commission_by_default_is_a_tenth():
    assert StakingPool().run(market(1), capital=3000.0).profit[0] == pytest.approx(2.7)


def test_the_buffer_earns_nothing():
    outcome = StakingPool(commission=0.0, buffer=0.2).run(market(2), capital=3000.0)
    assert outcome.closing[0] / 3000 == pytest.approx(1.0008**2)


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.floats(0.0, 0.9))
def test_a_lower_commission_is_never_worse(one, other, buffer):
    prices = np.random.default_rng(1).lognormal(0.0, 0.1, (31, 5))
    world = market(30, price=prices, reward=APR(0.9))
    low, high = (StakingPool(commission=c, buffer=buffer).run(world, capital=100.0) for c in sorted([one, other]))
    assert (low.closing >= high.closing).all()


# Trading fees


def test_fees_of_buying_and_selling():
    outcome = StakingPool(commission=0.0, buy_fee=0.25, sell_fee=0.1).run(market(1), capital=3750.0)
    assert outcome.closing[0] == pytest.approx(3000 * 1.001 * 0.9)
    assert outcome.lines[Line.TRADING][0] == pytest.approx(-750 - 300.3)


# The queue


@pytest.mark.parametrize(("unbonding", "days"), [(0.0, 0.0), (1.0, 1.0), (3.0, 3.0), (2.5, 3.0), (34.7, 35.0)])
def test_the_money_is_in_hand_when_the_queue_ends(unbonding, days):
    outcome = StakingPool(unbonding_days=unbonding).run(market(5, 40), capital=3000.0)
    assert outcome.days_to_cash.tolist() == [days]
    assert outcome.settled.all()
    assert outcome.units["ETH", "unbonding"][0] == 0.0 or unbonding == 0.0


def test_what_queues_earns_nothing_and_bears_the_price():
    price = np.array([10.0, 10.0, 10.0, 11.0, 12.0, 13.0, 99.0])
    pool = StakingPool(commission=0.0, unbonding_days=3.0, sell_fee=0.1)
    outcome = pool.run(market(2, 4, price=price), capital=100.0, keep="values")
    coins = 10 * 1.001**2
    assert outcome.values is not None
    assert outcome.values[1:, 0].tolist() == pytest.approx(
        [100.1, coins * 10, coins * 11, coins * 12, coins * 13 * 0.9, coins * 13 * 0.9]
    )
    assert outcome.native[Line.CONSENSUS, "ETH"][0] == pytest.approx(coins - 10)
    assert outcome.proceeds[0] == pytest.approx(coins * 13 * 0.9)


def test_the_benchmark_is_held_until_the_money_is_in_hand():
    price = np.array([10.0, 10.0, 20.0, 5.0, 5.0])
    outcome = StakingPool(commission=0.0, unbonding_days=2.0).run(market(2, 2, price=price), capital=100.0)
    assert outcome.asset_growth.tolist() == [0.5]
    assert outcome.asset_growth_at_exit.tolist() == [2.0]
    assert (outcome.day_asked.tolist(), outcome.day_out.tolist()) == ([2.0], [4.0])
    yields = outcome.yields()
    assert yields.exit_delay.tolist() == [-1.5]  # what the wait cost
    assert yields.excess_over_holding.tolist() == pytest.approx([0.5 * (1.001**2 - 1.0)])


def test_the_benchmark_of_what_is_not_out_is_held_to_the_end():
    price = np.array([10.0, 10.0, 20.0, 5.0, 7.0])
    outcome = StakingPool(unbonding_days=3.0).run(market(2, 2, price=price), capital=100.0)
    assert outcome.asset_growth.tolist() == [0.7]
    assert outcome.day_out.tolist() == [np.inf]


def test_cash_waits_after_the_queue_at_the_risk_free_rate():
    grid = TimeGrid.daily("2026-01-01", days=1, settlement_days=4)
    world = Market(grid, {ETH: 10.0, REWARD: APR(0.0), CashRate("USD"): APR(0.365)})
    outcome = StakingPool(commission=0.0, unbonding_days=2.0).run(world, capital=100.0)
    assert outcome.closing[0] == pytest.approx(100 * 1.001**2)


def test_a_queue_that_has_not_ended_is_said_so():
    price = np.array([10.0, 10.0, 12.0, 14.0])
    outcome = StakingPool(commission=0.0, unbonding_days=3.0).run(
        market(1, 2, price=price, reward=APR(0.0)), capital=100.0
    )
    assert outcome.settled.tolist() == [False]
    assert outcome.days_to_cash.tolist() == [np.inf]
    assert outcome.units["ETH", "unbonding"].tolist() == [10.0]
    assert outcome.closing.tolist() == outcome.proceeds.tolist() == [140.0]
    assert outcome.risk().unsettled == 1.0


def test_queues_of_different_length_in_one_run_do_not_mix():
    world = market(2, 6)
    days = {d: StakingPool(unbonding_days=d).run(world, capital=100.0).days_to_cash[0] for d in (0.0, 2.0, 5.0)}
    assert days == {0.0: 0.0, 2.0: 2.0, 5.0: 5.0}


# Slashing


def struck(days, tail, *steps):
    """A market of two paths, of which the second is struck in these steps; price 10, no reward."""
    events = np.zeros((days + tail + 1, 2), dtype=bool)
    events[list(steps), 1] = True
    grid = TimeGrid.daily("2026-01-01", days=days, settlement_days=tail)
    return Market(grid, {ETH: 10.0, REWARD: APR(0.0), SLASHED: events})


def pool(**terms):
    return StakingPool(commission=0.0, failures=(Failure(SLASHED, 0.1, line="slashing"),), **terms)


def test_a_slashing_takes_its_severity_of_the_stake_of_its_path():
    outcome = pool().run(struck(3, 0, 1), capital=100.0)
    assert outcome.closing.tolist() == [100.0, 90.0]
    assert outcome.lines[Line.SLASHING].tolist() == [0.0, -10.0]
    assert outcome.native[Line.SLASHING, "ETH"].tolist() == [0.0, -1.0]


def test_two_slashings_multiply():
    assert pool().run(struck(3, 0, 0, 2), capital=100.0).closing.tolist() == pytest.approx([100.0, 81.0])


def test_a_slashing_comes_after_the_reward_of_its_interval():
    world = Market(
        TimeGrid.daily("2026-01-01", days=1), {ETH: 10.0, REWARD: APR(0.365), SLASHED: np.array([True, False])}
    )
    assert pool().run(world, capital=100.0).closing[0] == pytest.approx(100 * 1.001 * 0.9)


def test_the_buffer_cannot_be_slashed():
    assert pool(buffer=0.25).run(struck(3, 0, 1), capital=100.0).closing.tolist() == pytest.approx([100.0, 92.5])


@pytest.mark.parametrize(("step", "left"), [(1, 90.0), (2, 90.0), (4, 90.0), (5, 100.0)])
def test_what_queues_can_be_slashed_until_it_is_out(step, left):
    outcome = pool(unbonding_days=3.0).run(struck(2, 4, step), capital=100.0)
    assert outcome.closing.tolist() == pytest.approx([100.0, left])
    assert outcome.days_to_cash.tolist() == [3.0, 3.0]


def test_slashed_while_staked_and_while_queueing():
    assert pool(unbonding_days=3.0).run(struck(2, 4, 0, 3), capital=100.0).closing.tolist() == pytest.approx(
        [100.0, 81.0]
    )


def test_a_slashing_of_everything_leaves_nothing():
    ruin = StakingPool(failures=(Failure(SLASHED, 1.0, line="slashing"),))
    assert ruin.run(struck(3, 0, 1), capital=100.0).closing.tolist() == [100.0, 0.0]


def test_a_pool_without_the_event_cannot_be_slashed():
    assert StakingPool().run(struck(3, 0, 1), capital=100.0).closing.tolist() == [100.0, 100.0]


def test_rewards_that_wait_are_not_slashed():
    world = Market(
        TimeGrid.daily("2026-01-01", days=2),
        {ETH: 10.0, REWARD: APR(0.365), SLASHED: np.array([False, True, False])},
    )
    outcome = pool(compounding=False).run(world, capital=100.0)
    assert outcome.closing[0] == pytest.approx(90.0 + 0.2)


# Other money


def test_another_numeraire():
    world = Market(YEAR, {ETH: 2500.0, REWARD: APY(0.04)}, "EUR")
    assert FREE.run(world, capital=25_000.0).closing[0] == pytest.approx(26_000.0)


def test_the_coin_itself_as_numeraire():
    world = Market(TimeGrid.daily("2026-01-01", days=2, settlement_days=3), {REWARD: APR(0.365), SLASHED: False}, "ETH")
    outcome = pool(buy_fee=0.5, sell_fee=0.5, unbonding_days=2.0).run(world, capital=32.0)
    assert outcome.closing[0] == pytest.approx(32 * 1.001**2)
    assert outcome.days_to_cash.tolist() == [2.0]
    assert Line.TRADING not in outcome.lines


def test_price_scaled_scales_money_and_leaves_coins():
    prices = np.random.default_rng(2).lognormal(3.0, 0.2, (31, 4))
    terms = StakingPool(unbonding_days=3.0, buffer=0.1, buy_fee=0.01)
    one = terms.run(market(25, 5, price=prices, reward=APR(0.5)), capital=64.0)
    double = terms.run(market(25, 5, price=8 * prices, reward=APR(0.5)), capital=512.0)
    assert double.closing.tolist() == (8 * one.closing).tolist()
    assert double.native[Line.CONSENSUS, "ETH"].tolist() == one.native[Line.CONSENSUS, "ETH"].tolist()


# Terms


@pytest.mark.parametrize("field", ["commission", "buffer", "buy_fee", "sell_fee"])
def test_fractions(field):
    terms: dict[str, Any] = {field: 10}
    with pytest.raises(InputError, match=rf"^StakingPool\.{field}: must be a fraction in \[0, 1\], got 10"):
        StakingPool(**terms)


@pytest.mark.parametrize(
    ("terms", "error"),
    [
        ({"unbonding_days": -1.0}, InputError),
        ({"unbonding_days": np.timedelta64(1, "D")}, InputTypeError),
        ({"compounding": 1}, InputTypeError),
        ({"failures": "slashed"}, InputTypeError),
        ({"asset": ""}, InputError),
    ],
)
def test_terms_are_refused(terms, error):
    with pytest.raises(error, match=rf"^StakingPool\.{next(iter(terms))}: "):
        StakingPool(**terms)


def test_what_it_reads():
    assert StakingPool().factors == {ETH, REWARD}
    assert StakingPool(asset="SOL", failures=(Failure(SLASHED, 0.1, line="slashing"),)).factors == {
        Price("SOL"),
        StakingReward("SOL"),
        SLASHED,
    }


# Leaving in part, and coming back, through a wrapper


def test_half_leaves_by_the_queue_and_comes_back():
    terms = StakingPool(commission=0.0, unbonding_days=2.0, buy_fee=0.25, sell_fee=0.1)
    half = 10 * 1.001 / 2
    paid = half * 9  # on day 3; the same amount is invested on day 4
    plan = Planned(terms, {0: (0.5, None)}, {3: (paid, None)}, kept=paid)
    outcome = plan.run(market(5, 3, price=10.0), capital=125.0 + paid, keep="values")
    back = half * 10 * 0.9 / 1.25 / 10
    day_4 = half * 1.001**3 + back
    assert outcome.values is not None
    assert (outcome.values[[1, 2, 3, 4, 5], 0] - paid).tolist() == pytest.approx(
        [100.1, (half + half * 1.001) * 10, half * 9 + half * 1.001**2 * 10, day_4 * 10, day_4 * 1.001 * 10]
    )
    assert outcome.closing[0] == pytest.approx(day_4 * 1.001 * 9 + paid)
    assert outcome.days_to_cash.tolist() == [2.0]


def test_a_pool_without_reward_is_holding():
    prices = np.random.default_rng(3).lognormal(3.0, 0.2, (31, 4))
    world = market(30, price=prices, reward=APR(0.0))
    pooled = StakingPool(buy_fee=0.01, sell_fee=0.02).run(world, capital=100.0)
    held = Holding(asset="ETH", buy_fee=0.01, sell_fee=0.02).run(world, capital=100.0)
    assert pooled.closing.tolist() == held.closing.tolist()


# Waits, pay in the queue, and exploits


@pytest.mark.parametrize(("entry", "days"), [(0.0, 3.0), (1.0, 2.0), (1.5, 1.5), (5.0, 0.0)])
def test_the_way_in_does_not_pay(entry, days):
    outcome = StakingPool(commission=0.0, compounding=False, entry_days=entry).run(
        Market(TimeGrid.daily("2026-01-01", days=3, settlement_days=4), {ETH: 10.0, REWARD: APR(0.365)}), capital=100.0
    )
    assert outcome.closing[0] == pytest.approx(100.0 + 0.1 * days)
    assert outcome.days_to_cash.tolist() == [max(entry - 3.0, 0.0)]


def test_pay_in_the_queue_is_a_term_and_ends_before_the_withdrawal():
    terms = StakingPool(commission=0.5, unbonding_days=2.5, withdrawal_days=1.0, earns_while_unbonding=True)
    grid = TimeGrid.daily("2026-01-01", days=1, settlement_days=5)
    outcome = terms.run(Market(grid, {ETH: 10.0, REWARD: APR(0.365)}), capital=100.0)
    assert outcome.closing[0] == pytest.approx(100.05 * (1 + 2.5 * 0.0005))
    assert outcome.days_to_cash.tolist() == [4.0]
    assert outcome.earning_years[0] == pytest.approx(3.5 / 365)


@pytest.mark.parametrize("step", [0, 1, 2])
def test_an_exploit_takes_of_all_there_is(step):
    """On the way in, staked with rewards waiting, and on the way out."""
    gone = Event("exploit:x")
    strikes = np.zeros((7, 2), dtype=bool)
    strikes[step, 1] = True
    terms = StakingPool(
        commission=0.0,
        entry_days=1.0,
        compounding=False,
        unbonding_days=2.0,
        failures=(Failure(gone, 0.25, line="exploit"),),
    )
    grid = TimeGrid.daily("2026-01-01", days=2, settlement_days=4)
    outcome = terms.run(Market(grid, {ETH: 10.0, REWARD: APR(0.365), gone: strikes}), capital=100.0)
    assert outcome.closing[0] == pytest.approx(100.1)
    left = {0: 0.75 * 100.1, 1: 0.75 * 100.1, 2: 0.75 * 100.0 + 0.1}[step]
    assert outcome.closing[1] == pytest.approx(left)
    assert outcome.lines[Line.EXPLOIT][1] == pytest.approx(-25.0 - 0.025 * (step == 1))


def test_a_negative_reward_is_borne_by_the_coins_in_a_queue_that_pays():
    terms = StakingPool(commission=0.1, unbonding_days=3.0, earns_while_unbonding=True, withdrawal_days=1.0)
    grid = TimeGrid.daily("2026-01-01", days=2, settlement_days=5)
    outcome = terms.run(Market(grid, {ETH: 10.0, REWARD: APR(-0.365)}), capital=100.0)
    assert outcome.closing[0] == pytest.approx(100.0 * 0.999**5)
    assert outcome.lines[Line.CONSENSUS][0] == pytest.approx(outcome.profit[0])
    assert outcome.days_to_cash.tolist() == [4.0]


def test_the_queue_of_another_chain_is_refused():
    with pytest.raises(InputError, match=r'^StakingPool\.entry_days: must be EntryWait\("ETH"\), the chain\'s own'):
        StakingPool(entry_days=EntryWait("SOL"))


def test_rewards_that_wait_are_in_a_place_of_their_own():
    outcome = StakingPool(commission=0.0, compounding=False).run(market(2), capital=3000.0, keep="ledger")
    places = [entry.place for entry in outcome.entries or () if entry.line is Line.CONSENSUS]
    assert places == ["rewards"] * 2
    assert {place for coin, place in outcome.units if coin == "ETH"} >= {"staked", "rewards"}
