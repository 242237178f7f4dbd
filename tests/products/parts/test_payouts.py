"""`Payout` on pools and exchanges by hand, and the best interval of claims by its formula and by trying all."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels import (
    APR,
    Book,
    Entry,
    Event,
    ExchangeStaking,
    Failure,
    Halt,
    InputError,
    InputTypeError,
    Line,
    Market,
    Payout,
    Price,
    StakingPool,
    StakingReward,
    TimeGrid,
)
from stakingmodels.market import Factor
from stakingmodels.products import claim_interval_days
from stakingmodels.serialize import dumps, loads, to_toml
from stakingmodels.termsheets import read_products
from tests.products.conform import conform

GONE = Event("gone")
GRID = TimeGrid.daily("2026-01-01", days=10)
CAPITAL = 30_000.0
"""10 ETH, which earn 0.01 a day: 30 USD."""
BOTH = pytest.mark.parametrize("kind", [StakingPool, ExchangeStaking])


def market(struck=(), price: Any = 3000.0, grid=GRID):
    strikes = np.zeros((grid.n_times, 2), dtype=np.bool_)
    strikes[list(struck), 1] = True
    series: dict[Factor, Any] = {Price("ETH"): price, StakingReward("ETH"): APR(0.365), GONE: strikes}
    return Market(grid, series)


def run(kind, payout, where=None, **terms):
    return kind(commission=0.0, payout=payout, **terms).run(where or market(), capital=CAPITAL)


@BOTH
def test_what_is_paid_to_the_balance_earns_from_then_on(kind):
    outcome = run(kind, Payout(4.0))
    coins = 10.0  # two pay-outs of four days, and two days that are sold at the exit
    for days in (4, 4, 2):
        coins += coins * 0.001 * days
    np.testing.assert_allclose(outcome.closing, coins * 3000.0, rtol=1e-14)


@BOTH
def test_each_pay_out_costs_money_and_one_that_costs_more_than_it_pays_waits(kind):
    cheap = run(kind, Payout(2.0, to="holder", cost_usd=5.0))
    assert cheap.lines["network fee"].tolist() == pytest.approx([-25.0, -25.0])
    waits = run(kind, Payout(2.0, to="holder", cost_usd=100.0))  # 60 on day 2, 120 on day 4, again on day 8
    assert waits.lines["network fee"].tolist() == pytest.approx([-200.0, -200.0])
    never = run(kind, Payout(2.0, to="holder", cost_usd=1e6))
    assert never.closing.tolist() == pytest.approx([30_300.0] * 2)
    assert "network fee" not in never.lines or never.lines["network fee"].tolist() == [0.0, 0.0]


@BOTH
def test_each_of_several_pay_outs_in_an_interval_costs_where_the_rewards_suffice(kind):
    weeks = TimeGrid(np.datetime64("2026-01-01") + np.arange(3) * np.timedelta64(7, "D"), 2)
    each = run(kind, Payout(1.0, to="holder", cost_usd=5.0), market(grid=weeks))  # 30 a day
    np.testing.assert_allclose(each.lines["network fee"], -14 * 5.0)
    fewer = run(kind, Payout(1.0, to="holder", cost_usd=50.0), market(grid=weeks))  # 4 times 50 from 210, twice
    np.testing.assert_allclose(fewer.lines["network fee"], -8 * 50.0)
    least = run(kind, Payout(1.0, to="holder", cost_usd=5.0, minimum_coins=0.03), market(grid=weeks))  # 2 from 0.07
    np.testing.assert_allclose(least.lines["network fee"], -4 * 5.0)
    once = run(kind, Payout(7.0, to="holder", cost_usd=5.0), market(grid=weeks))
    np.testing.assert_allclose(once.lines["network fee"], -2 * 5.0)


@BOTH
def test_of_two_pay_outs_in_an_interval_each_costs_and_one_is_made_where_the_rewards_suffice_for_one(kind):
    weeks = TimeGrid(np.datetime64("2026-01-01") + np.arange(3) * np.timedelta64(7, "D"), 2)
    both = run(kind, Payout(3.5, to="holder", cost_usd=5.0), market(grid=weeks))
    np.testing.assert_allclose(both.lines["network fee"], -4 * 5.0)
    one = run(kind, Payout(3.5, to="holder", cost_usd=150.0), market(grid=weeks))  # 210 a week
    np.testing.assert_allclose(one.lines["network fee"], -2 * 150.0)


@BOTH
def test_a_cost_in_dollars_is_converted_to_the_money_of_the_market(kind):
    series: dict[Factor, Any] = {Price("ETH"): 3000.0, Price("USD"): 0.5, StakingReward("ETH"): APR(0.365)}
    outcome = run(kind, Payout(2.0, to="holder", cost_usd=5.0), Market(GRID, series, numeraire="EUR"))
    np.testing.assert_allclose(outcome.lines["network fee"], -5 * 2.5)


@BOTH
def test_what_a_pay_out_needs_to_know_is_the_price_of_a_dollar_where_it_costs_one(kind):
    assert Price("USD") in kind(payout=Payout(1.0, cost_usd=1.0)).factors
    assert Price("USD") not in kind(payout=Payout(1.0)).factors


@BOTH
def test_just_the_minimum_is_paid_out_and_less_stays_on_its_own_paths(kind):
    a_day = TimeGrid.daily("2026-01-01", days=1)
    least = float(kind(commission=0.0).run(market(grid=a_day), capital=CAPITAL).native[Line.CONSENSUS, "ETH"][0])
    assert least == pytest.approx(0.01)
    exact = run(kind, Payout(1.0, to="holder", cost_usd=1.0, minimum_coins=least))
    np.testing.assert_allclose(exact.lines["network fee"], -10.0)
    prices = np.broadcast_to([3000.0, 30.0], (GRID.n_times, 2))  # 10 ETH, and 1,000 that earn 1 a day
    outcome = run(kind, Payout(1.0, minimum_coins=0.5), market(price=prices))
    np.testing.assert_allclose(outcome.closing, [10.1 * 3000.0, 1000.0 * 1.001**10 * 30.0], rtol=1e-13)


def test_coins_that_were_too_few_to_be_deposited_leave_in_the_share_that_is_asked_for():
    """Rewards are for the balance, so that the coins in the wallet are none that were paid out."""
    where = market()
    chunk = next(where.chunks())
    now = where.now().at(chunk, -1)
    book = Book(now, "ETH")
    book.receive(book.account("ETH"), np.array([10.0, 200.0]))
    pool = StakingPool(payout=Payout(5.0), entry=Entry(minimum_deposit=100.0))
    position = pool.open(book, now)
    position.exit(now.at(chunk, 0), 0.5)
    assert book.account("ETH").units.tolist() == [5.0, 0.0]


def test_what_was_paid_to_the_holder_is_sold_once_in_the_share_that_leaves():
    where = market()
    chunk = next(where.chunks())
    now = where.now().at(chunk, -1)
    book = Book(now, "ETH")
    book.receive(book.cash, CAPITAL)
    pool = StakingPool(commission=0.0, payout=Payout(1.0, to="holder"), entry=Entry(minimum_deposit=1.0))
    position = pool.open(book, now)
    for step in range(4):
        position.step(now.at(chunk, step))
    position.exit(now, 0.5)
    assert book.account("ETH").units.tolist() == pytest.approx([0.02, 0.02])


@BOTH
def test_where_nothing_was_earned_no_pay_out_is_entered(kind):
    outcome = kind(commission=1.0, payout=Payout(2.0)).run(market(), capital=CAPITAL, keep="ledger")
    assert [each for each in outcome.entries or () if each.line is None and 0 <= each.step < 9] == []


@BOTH
def test_a_pause_does_not_hold_what_is_for_the_balance(kind):
    """On day 5, in a pause of days 4 to 6, what four days have earned is added, and earns from day 6 on."""
    outcome = run(kind, Payout(5.0), halts=Halt("pause", on="2026-01-05", days=2.0))
    np.testing.assert_allclose(outcome.closing, 10.04 * 1.004 * 3000.0, rtol=1e-14)


@BOTH
def test_less_than_the_minimum_waits(kind):
    outcome = run(kind, Payout(1.0, to="holder", cost_usd=1.0, minimum_coins=0.045))  # on days 5 and 10
    assert outcome.lines["network fee"].tolist() == pytest.approx([-2.0, -2.0])


@BOTH
def test_what_the_holder_has_been_paid_is_beyond_a_failure(kind):
    failure = Failure(GONE)
    cases: list[tuple[Any, float]] = [("holder", 0.06), ("balance", 0.0)]
    for to, kept in cases:
        outcome = run(kind, Payout(2.0, to=to), market(struck=[6]), failures=failure)
        np.testing.assert_allclose(outcome.closing[1], kept * 3000.0, atol=1e-9)
        np.testing.assert_allclose(
            outcome.lines["credit"][1], outcome.closing[1] - 30_000.0 - outcome.lines["consensus"][1]
        )


@BOTH
def test_coins_of_the_holder_keep_their_price_until_the_exit(kind):
    prices = np.linspace(3000.0, 4000.0, GRID.n_times)
    outcome = run(kind, Payout(2.0, to="holder"), market(price=prices))
    np.testing.assert_allclose(outcome.closing, 10.1 * 4000.0, rtol=1e-14)


@BOTH
def test_a_pause_holds_what_is_for_the_holder(kind):
    halt = Halt("pause", on="2026-01-05", days=2.0)
    payout = Payout(3.0, to="holder", cost_usd=1.0)
    outcome = run(kind, payout, halts=halt)  # on days 3 and 9; on day 6 the pause is over
    assert outcome.lines["network fee"][0] == pytest.approx(-3.0)
    longer = run(kind, payout, halts=halt.replace(days=3.0))  # until day 7
    assert longer.lines["network fee"][0] == pytest.approx(-2.0)


@BOTH
def test_a_pay_out_to_the_balance_in_each_interval_is_compounding(kind):
    each = run(kind, Payout(1.0))
    compounding = kind(commission=0.0).run(market(), capital=CAPITAL)
    np.testing.assert_allclose(each.closing, compounding.closing, rtol=1e-14)


@BOTH
def test_rarer_and_dearer_pay_outs_to_the_balance_leave_less(kind):
    def left(*numbers):
        return [float(run(kind, Payout(days, cost_usd=cost)).closing[0]) for days, cost in numbers]

    rarer = left((1.0, 0.0), (2.0, 0.0), (5.0, 0.0), (100.0, 0.0))
    assert rarer == sorted(rarer, reverse=True)
    np.testing.assert_allclose(rarer[-1], 30_300.0)  # never paid out: simple interest
    dearer = left((2.0, 0.0), (2.0, 1.0), (2.0, 20.0), (2.0, 59.0))
    assert dearer == sorted(dearer, reverse=True)


def test_a_term_that_cannot_be_left_pays_until_its_end_and_all_is_sold_then():
    grid = TimeGrid.daily("2026-01-01", days=10, settlement_days=10)
    locked = {"term_days": 15.0, "early_redemption": "refused"}
    outcome = run(ExchangeStaking, Payout(2.0, to="holder"), market(grid=grid), **locked)
    np.testing.assert_allclose(outcome.closing, 10.15 * 3000.0)
    assert outcome.days_to_cash.tolist() == [5.0, 5.0]


# The best interval


@pytest.mark.parametrize(("stake", "rate", "cost"), [(1e6, 0.1, 0.5), (1e5, 0.04, 0.2), (5e4, 0.2, 0.01)])
def test_the_closed_form_agrees_with_trying_all(stake, rate, cost):
    closed = claim_interval_days(stake, APR(rate), cost)
    days = min(365.0, 3_650.0 * 0.02 / rate)  # a stake that grows by little
    exact = claim_interval_days(stake, APR(rate), cost, days=days)
    assert closed == pytest.approx(365.0 * np.sqrt(2.0 * cost / stake) / rate)
    assert exact == pytest.approx(closed, rel=0.06)


def test_of_few_claims_the_best_number_is_that_of_a_loop():
    def left(k):
        stake = 2_000.0
        for _ in range(k):
            stake += stake * 0.3 / k - 5.0
        return stake

    best = max(range(1, 200), key=left)
    assert best > 2
    assert claim_interval_days(2_000.0, APR(0.3), 5.0, days=365.0) == pytest.approx(365.0 / best)


@pytest.mark.parametrize(
    ("stake", "rate", "cost", "days"),
    [
        (2_000.0, 0.3, 5.0, 365.0),
        (100.0, 4.0, 30.0, 365.0),  # the stake grows fivefold
        (1_000.0, 0.1, 60.0, 365.0),  # one claim is worth its cost, two are not
        (1.0, 0.5, 0.01, 365.0),  # of pennies
        (1e6, 1.0, 4e-3, 5.0),  # every hour
        (1_000.0, 0.1, 0.5, 20.0),  # many claims would lose
    ],
)
def test_the_best_number_of_claims_is_that_of_a_loop(stake, rate, cost, days):
    def left(k):
        held = stake
        for _ in range(k):
            held += held * rate * days / 365.0 / k - cost
        return held

    best = max(range(1, 400), key=left)
    assert claim_interval_days(stake, APR(rate), cost, days=days) == pytest.approx(days / best, rel=1e-12)


def test_a_pool_that_claims_in_the_best_interval_ends_with_most():
    grid = TimeGrid.daily("2026-01-01", days=360)
    best = claim_interval_days(CAPITAL, APR(0.365), 5.0, days=360.0)

    def closing(days):
        return float(run(StakingPool, Payout(days, cost_usd=5.0), market(grid=grid)).closing[0])

    near = min((each for each in range(1, 361) if 360 % each == 0), key=lambda each: abs(each - best))
    found = {days: closing(float(days)) for days in range(1, 361) if 360 % days == 0}
    assert near == max(found, key=lambda days: found[days])


@given(st.floats(100.0, 1e7), st.floats(0.001, 0.5), st.floats(0.001, 50.0), st.floats(1.1, 10.0))
def test_the_interval_grows_with_the_cost_and_falls_with_the_stake(stake, rate, cost, factor):
    one = claim_interval_days(stake, APR(rate), cost)
    assert claim_interval_days(stake, APR(rate), cost * factor) == pytest.approx(one * np.sqrt(factor))
    assert claim_interval_days(stake * factor, APR(rate), cost) == pytest.approx(one / np.sqrt(factor))
    assert claim_interval_days(stake, APR(rate), 0.0) == 0.0


# What is refused, and files


def test_bad_pay_outs_are_refused_in_one_sentence():
    with pytest.raises(InputError, match=r"Payout.every_days: must be above 0|Payout.every_days: must be in"):
        Payout(0.0)
    with pytest.raises(InputError, match=r"Payout.to"):
        Payout(1.0, to="bank")  # type: ignore[arg-type]
    with pytest.raises(InputTypeError, match=r"StakingPool.payout: .*Payout\(7.0"):
        StakingPool(payout=7.0)  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"StakingPool.compounding: must be True with a payout.*, got False \(pay"):
        StakingPool(compounding=False, payout=Payout(7.0))
    with pytest.raises(InputError, match=r"early_redemption: must leave rewards alone with a payout"):
        ExchangeStaking(term_days=30.0, early_redemption="forfeit_all", payout=Payout(7.0))
    with pytest.raises(
        InputTypeError, match=r"claim_interval_days: reward: must be APR; write APR\(0\.05\), got float"
    ):
        claim_interval_days(1.0, 0.05, 1.0)  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"claim_interval_days: stake_usd"):
        claim_interval_days(0.0, APR(0.05), 1.0)


@BOTH
def test_a_pay_out_is_the_same_after_files(kind, tmp_path):
    sheet = kind(payout=Payout(7.0, to="holder", cost_usd=0.5, minimum_coins=0.01))
    assert loads(dumps(sheet)) == sheet
    file = tmp_path / "products.toml"
    file.write_text(to_toml({"a": sheet}), "utf-8")
    assert read_products(file) == {"a": sheet}


@conform
@BOTH
def test_products_with_pay_outs_conform(check, kind):
    check(kind(payout=Payout(2.5, cost_usd=10.0)))
    check(kind(payout=Payout(2.0, to="holder", minimum_coins=0.001), failures=Failure(GONE, 0.5)))


def test_claims_that_never_pay_and_claims_too_many_to_try():
    assert claim_interval_days(1_000.0, APR(0.05), 100.0, days=365.0) == np.inf  # a claim brings 50
    assert claim_interval_days(10_000.0, APR(0.05), 0.0, days=365.0) == 0.0
    often = claim_interval_days(1e7, APR(0.05), 1e-5, days=3650.0)
    assert often == claim_interval_days(1e7, APR(0.05), 1e-5) == pytest.approx(0.0103, rel=0.01)
