"""`Halt` on the products that have it: pauses and wind-ups by hand, and what they never change."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from stakingmodels import (
    APR,
    After,
    Event,
    ExchangeStaking,
    Failure,
    Halt,
    InputError,
    InputTypeError,
    LeaveWhen,
    LiquidStakingToken,
    Market,
    MarketRatio,
    Price,
    StakingPool,
    StakingReward,
    TimeGrid,
)
from stakingmodels.ledger import Book
from stakingmodels.market import Factor
from stakingmodels.products.parts.halts import Stops
from stakingmodels.serialize import dumps, loads, to_toml
from stakingmodels.termsheets import read_products
from tests.products.conform import conform

STOP = Event("regulator:x")
GRID = TimeGrid.daily("2026-01-01", days=10, settlement_days=10)
CAPITAL = 30_000.0
"""10 ETH, which earn 0.01 a day where rewards are not staked."""


def pool(**terms):
    return StakingPool(commission=0.0, compounding=False, **terms)


def token(**terms):
    return LiquidStakingToken(protocol_fee=0.0, exit_route="queue", queue_days=0.0, **terms)


def earn(**terms):
    return ExchangeStaking(commission=0.0, compounding=False, **terms)


ALL = pytest.mark.parametrize("product", [pool, token, earn], ids=["pool", "token", "exchange"])


def market(struck=(), price: Any = 3000.0):
    """One price, 0.001 a day; the event strikes path 1 in some steps."""
    strikes = np.zeros((GRID.n_times, 2), dtype=np.bool_)
    strikes[list(struck), 1] = True
    series: dict[Factor, Any] = {Price("ETH"): price, StakingReward("ETH"): APR(0.365), STOP: strikes}
    return Market(GRID, {**series, MarketRatio("stETH"): 1.0})


def rewards(outcome):
    return outcome.coins_gross / 10.0


@pytest.mark.parametrize("product", [pool, earn], ids=["pool", "exchange"])
def test_a_pause_takes_its_days_of_pay_and_delays_the_exit(product):
    halt = Halt("pause", event=STOP, days=4.5)
    outcome = product(halts=(halt,)).run(market(struck=[7]), capital=CAPITAL)  # days 7 to 11.5; the exit is on day 10
    np.testing.assert_allclose(rewards(outcome), [0.010, 0.007])
    assert outcome.days_to_cash.tolist() == [0.0, 2.0]
    dated = product(halts=(Halt("pause", on="2026-01-04T12:00", days=4.25),)).run(market(), capital=CAPITAL)
    np.testing.assert_allclose(rewards(dated), 0.01 - 0.00425)
    assert dated.days_to_cash.tolist() == [0.0, 0.0]


def test_coins_due_in_a_pause_leave_when_it_ends_and_waits_begin_after_it():
    halt = Halt("pause", event=STOP, days=4.0)
    slow = pool(unbonding_days=3.0, halts=halt)
    asked_before = slow.run(market(struck=[10]), capital=CAPITAL)  # days 10 to 14; due on day 13
    assert asked_before.days_to_cash.tolist() == [3.0, 4.0]
    asked_within = slow.run(market(struck=[8]), capital=CAPITAL)  # days 8 to 12
    assert asked_within.days_to_cash.tolist() == [3.0, 5.0]


def test_a_token_is_sold_in_a_pause_and_redeemed_after_it():
    halt = Halt("pause", event=STOP, days=4.0)
    sold = token(halts=halt).replace(exit_route="sale").run(market(struck=[8]), capital=CAPITAL)
    redeemed = token(halts=halt).run(market(struck=[8]), capital=CAPITAL)
    assert sold.days_to_cash.tolist() == [0.0, 0.0]
    assert redeemed.days_to_cash.tolist() == [0.0, 2.0]


def test_pay_in_the_exit_queue_stops_in_a_pause_and_ends_on_the_day_due():
    """Left on day 10. Of six days in the queue one is paused, and of two the second; none is made up for."""
    terms: Any = {"earns_while_unbonding": True}
    half = pool(unbonding_days=6.0, halts=Halt("pause", on="2026-01-12T12:00", days=1.0), **terms)
    np.testing.assert_allclose(rewards(half.run(market(), capital=CAPITAL)), 0.010 + 0.005)
    held = pool(unbonding_days=2.0, halts=Halt("pause", on="2026-01-12", days=4.5), **terms)
    outcome = held.run(market(), capital=CAPITAL)
    np.testing.assert_allclose(rewards(outcome), 0.010 + 0.001)
    assert outcome.days_to_cash.tolist() == [6.0, 6.0]


def test_coins_in_the_exit_queue_are_committed_as_long_as_they_are_paid():
    for pays, days in ((False, 10.0), (True, 15.0)):
        outcome = pool(unbonding_days=5.0, earns_while_unbonding=pays).run(market(), capital=CAPITAL)
        np.testing.assert_allclose(outcome.earning_years * 365.0, days)


def test_an_exit_in_a_pause_lets_nothing_out_that_was_asked_for_before():
    where = market()
    chunk = next(where.chunks())
    now = where.now().at(chunk, -1)
    book = Book(now, "ETH")
    book.receive(book.cash, 30_000.0)
    halt = Halt("pause", on="2026-01-10", days=4.0)
    position = StakingPool(commission=0.0, unbonding_days=2.0, halts=(halt,)).open(book, now)
    for step in range(10):
        position.step(now.at(chunk, step))
        if step in (7, 9):
            position.exit(now, 0.5)
    assert book.paid_out.units.tolist() == [0.0, 0.0]


@ALL
def test_pauses_that_overlap_are_one(product):
    halts = (Halt("pause", on="2026-01-03", days=3.0), Halt("pause", on="2026-01-04T12:00", days=3.0))
    both = product(halts=halts).run(market(), capital=CAPITAL)
    one = product(halts=Halt("pause", on="2026-01-03", days=4.5)).run(market(), capital=CAPITAL)
    np.testing.assert_allclose(both.closing, one.closing, rtol=1e-14)


@ALL
def test_a_wind_up_ends_the_pay_and_hands_the_coins_back_after_its_days(product):
    halt = Halt("wind-up", event=STOP, days=5.0, returned=0.9)
    prices = np.linspace(3000.0, 3300.0, GRID.n_times)
    run = product(halts=halt).run(market(struck=[3]), capital=CAPITAL)
    grown = 10.0 * 1.001**4 if product is token else 10.04
    np.testing.assert_allclose(run.closing[1], 0.9 * grown * 3000.0)
    np.testing.assert_allclose(run.lines["credit"][1], -0.1 * grown * 3000.0)
    assert (run.day_asked[1], run.days_to_cash[1]) == (4.0, 5.0)
    assert run.lines["credit"][0] == 0.0
    moved = product(halts=halt).run(market([3], prices), capital=CAPITAL)
    np.testing.assert_allclose(moved.closing[1], 0.9 * grown * prices[9])  # sold on the day on which they arrive


@ALL
def test_a_wind_up_of_no_days_is_leaving_on_its_day(product):
    ended = product(halts=Halt("wind-up", on="2026-01-05")).run(market(), capital=CAPITAL)
    left = LeaveWhen(product(), After("2026-01-05")).run(market(), capital=CAPITAL)
    np.testing.assert_allclose(ended.closing, left.closing, rtol=1e-14)
    np.testing.assert_allclose(ended.day_asked, left.day_asked)
    np.testing.assert_allclose(ended.yields().net_apr, left.yields().net_apr)


def test_pauses_that_overlap_within_an_interval_are_one():
    """Days 2 to 5 and 3 to 6 of an interval of ten: four days without pay, whichever is named first."""
    grid = TimeGrid(["2026-01-01", "2026-01-11"], exit=1)
    series: dict[Factor, Any] = {Price("ETH"): 3000.0, StakingReward("ETH"): APR(0.365), MarketRatio("stETH"): 1.0}
    first, second = Halt("pause", on="2026-01-03", days=3.0), Halt("pause", on="2026-01-04", days=3.0)
    for halts in ((first, second), (second, first)):
        outcome = pool(halts=halts).run(Market(grid, series), capital=CAPITAL)
        np.testing.assert_allclose(rewards(outcome), 0.006)


def test_a_wait_counts_the_rest_of_a_pause_on_each_path_and_a_wind_up_is_refused_if_past_on_one():
    def at(elapsed_days: float, days: float = 1.0, *dates: str) -> Any:
        time: Any = np.array(dates or ["2026-01-01"], "M8[s]") + np.timedelta64(round(86_400 * elapsed_days), "s")
        return SimpleNamespace(elapsed_days=elapsed_days, days=days, n_paths=2, time=time if dates else time[0])

    stops = Stops("Deposit", (Halt("pause", on="2025-12-31", days=6.0),), at(0.0))
    assert stops.wait(np.array([1.0, 9.0])) == pytest.approx([4.0, 0.0])
    assert (stops.wait(2.0), stops.wait(5.0)) == (3.0, 0.0)
    assert np.asarray(stops.leaves_until(at(4.0))).tolist() == [-np.inf] * 2
    assert stops.leaves_until(at(5.0)) == np.inf
    ended = Halt("wind-up", on="2026-01-10")
    with pytest.raises(
        InputError, match=r"^Deposit\.halts: must have each wind-up after the opening.*got '2026-01-10T"
    ):
        Stops("Deposit", (ended,), at(0.0, 1.0, "2026-01-01", "2026-01-20"))
    Stops("Deposit", (ended,), at(0.0, 1.0, "2026-01-01", "2026-01-09"))


def test_what_is_no_halt_is_refused():
    with pytest.raises(InputTypeError, match=r"^StakingPool\.halts: must be Halt; write halts=\(Halt\(.*got str 'x'"):
        pool(halts=("x",))


def test_a_pause_is_a_part_of_the_wait_that_makes_a_sale_the_cheaper_way():
    """At 0.997 a token is worth less than a coin at once, and more than one after four days at 0.1 % a day."""
    series: dict[Factor, Any] = {Price("ETH"): 3000.0, StakingReward("ETH"): APR(0.0), MarketRatio("stETH"): 0.997}
    cheaper = token(waiting_cost_per_year=0.365).replace(exit_route="cheaper")
    for halts, closing in (((), 30_000.0), ((Halt("pause", on="2026-01-10", days=5.0),), 29_910.0)):
        outcome = cheaper.replace(halts=halts).run(Market(GRID, series), capital=CAPITAL)
        np.testing.assert_allclose([outcome.closing[0], outcome.days_to_cash[0]], [closing, 0.0])


WEEKS = TimeGrid(["2026-01-01", "2026-01-08", "2026-01-15", "2026-01-22", "2026-01-29"], exit=2)


def weekly(product, **terms):
    """Net rate a year in coins, at 0.001 a day without compounding, of steps of a week and an exit on day 14."""
    series: dict[Factor, Any] = {Price("ETH"): 3000.0, StakingReward("ETH"): APR(0.365), MarketRatio("stETH"): 1.0}
    outcome = product(**terms).run(Market(WEEKS, series), capital=CAPITAL)
    return float(outcome.yields().net_apr[0]), float(outcome.earning_years[0] * 365.0)


@ALL
def test_coin_rates_count_the_time_to_the_day_of_a_wind_up(product):
    apr, days = weekly(product, halts=Halt("wind-up", on="2026-01-05T12:00"))
    np.testing.assert_allclose([apr, days], [0.365, 4.5])
    apr, days = weekly(product, halts=Halt("wind-up", on="2026-01-12T12:00"))  # in the interval of the exit
    earned = 1.007 * 1.0045 - 1.0 if product is token else 0.0115
    np.testing.assert_allclose([days, apr], [11.5, earned * 365.0 / 11.5])
    assert weekly(product, halts=Halt("wind-up", on="2026-01-25"))[1] == 14.0  # all has left


@pytest.mark.parametrize(
    "product",
    [
        lambda **terms: pool(unbonding_days=10.0, earns_while_unbonding=True, **terms),
        lambda **terms: earn(redemption_days=10.0, earns_while_redeeming=True, **terms),
        lambda **terms: earn(term_days=24.0, early_redemption="refused", **terms),
    ],
    ids=["pool", "exchange", "term"],
)
def test_a_wind_up_after_the_exit_ends_the_time_of_earning(product):
    np.testing.assert_allclose(weekly(product)[1], 24.0)
    found = [weekly(product, halts=Halt("wind-up", on=day))[1] for day in ("2026-01-17T12:00", "2026-01-22")]
    np.testing.assert_allclose(found, [16.5, 21.0])


def on_dates_of_their_own():
    """Openings on 1 January, two days later, 30 days before it, and four days later; ten days of each."""
    offsets = np.array([0, 2, -30, 4], dtype="timedelta64[D]").astype("timedelta64[s]")
    series: dict[Factor, Any] = {Price("ETH"): 3000.0, StakingReward("ETH"): APR(0.365)}
    return Market.from_sources(GRID, 4, [], series=series, time_offsets=offsets)


@pytest.mark.parametrize("product", [pool, earn], ids=["pool", "exchange"])
def test_paths_with_dates_of_their_own_meet_a_pause_each_by_its_own(product):
    halt = Halt("pause", on="2026-01-04T12:00", days=1.75)  # to 06:00 on 6 January: on the last path 1.25 days are left
    outcome = product(halts=halt).run(on_dates_of_their_own(), capital=CAPITAL)
    np.testing.assert_allclose(rewards(outcome), [0.00825, 0.00825, 0.01, 0.00875])


@pytest.mark.parametrize("product", [pool, earn], ids=["pool", "exchange"])
def test_paths_with_dates_of_their_own_meet_a_wind_up_each_by_its_own(product):
    halt = Halt("wind-up", on="2026-01-07T12:00", days=1.0, returned=0.5)
    outcome = product(halts=halt).run(on_dates_of_their_own(), capital=CAPITAL)
    np.testing.assert_allclose(outcome.lines["credit"], [-0.5 * 10.065 * 3000.0, -0.5 * 10.045 * 3000.0, 0.0, -15037.5])
    np.testing.assert_allclose(outcome.closing, [15097.5, 15067.5, 30300.0, 15037.5])
    np.testing.assert_allclose(outcome.earning_years * 365.0, [6.5, 4.5, 10.0, 2.5])


@ALL
def test_the_days_left_of_a_pause_that_began_before_the_opening_count(product):
    part = product(halts=Halt("pause", on="2025-12-30", days=5.5)).run(market(), capital=CAPITAL)
    same = product(halts=Halt("pause", on="2026-01-01", days=3.5)).run(market(), capital=CAPITAL)
    assert part.closing.tolist() == same.closing.tolist()
    np.testing.assert_allclose(rewards(part), 1.001**6.5 - 1.0 if product is token else 0.0065, rtol=1e-3)
    held = product(halts=Halt("pause", on="2025-12-30", days=14.0)).run(market(), capital=CAPITAL)
    assert (rewards(held)[0], held.days_to_cash[0]) == (0.0, 2.0)
    over = product(halts=Halt("pause", on="2025-12-20", days=12.0)).run(market(), capital=CAPITAL)
    assert over.closing.tolist() == product().run(market(), capital=CAPITAL).closing.tolist()


@ALL
def test_a_product_that_has_ended_before_the_opening_is_refused(product):
    for day in ("2025-06-01", "2026-01-01"):
        with pytest.raises(InputError, match=r"halts: must have each wind-up after the opening, since a product that"):
            product(halts=Halt("wind-up", on=day, days=900.0)).run(market(), capital=CAPITAL)


@ALL
def test_dates_outside_of_the_run_change_nothing(product):
    plain = product().run(market(), capital=CAPITAL)
    for halt in (
        Halt("pause", on="2025-12-20", days=5.0),
        Halt("wind-up", on="2026-02-01"),
    ):
        halted = product(halts=halt).run(market(struck=[2, 5]), capital=CAPITAL)
        assert halted.closing.tolist() == plain.closing.tolist()
        assert halted.days_to_cash.tolist() == plain.days_to_cash.tolist()


@ALL
def test_longer_pauses_pay_less_and_smaller_shares_give_back_less(product):
    def closing(halt):
        return float(product(halts=halt).run(market(struck=[2]), capital=CAPITAL).closing[1])

    paused = [closing(Halt("pause", event=STOP, days=days)) for days in (0.5, 1.0, 3.0, 8.0, 100.0)]
    assert paused[:-1] == sorted(paused[:-1], reverse=True)
    assert paused[-2] > paused[-1] - 1e-9  # not paid out by the end, and worth the same
    ended = [closing(Halt("wind-up", event=STOP, days=2.0, returned=part)) for part in (0.0, 0.3, 0.9, 1.0)]
    assert ended == sorted(ended)
    assert ended[0] == 0.0  # and never below


@ALL
def test_a_failure_strikes_first_and_after_a_wind_up_there_is_nothing_to_lose(product):
    failure = Failure(STOP, 0.5)
    both = product(failures=failure, halts=Halt("wind-up", event=STOP, returned=0.5))
    outcome = both.run(market(struck=[0, 4]), capital=CAPITAL)
    np.testing.assert_allclose(outcome.closing[1], 0.25 * 10.01 * 3000.0)


def test_bad_halts_are_refused_in_one_sentence():
    with pytest.raises(InputError, match=r"Halt.event: must be given, or the date `on`, and not both"):
        Halt("pause", days=3.0)
    with pytest.raises(InputError, match=r"and not both"):
        Halt("pause", event=STOP, on="2026-01-01")
    with pytest.raises(InputError, match=r"Halt.returned: must be 1 in a pause, which takes no coins, got 0.5"):
        Halt("pause", event=STOP, returned=0.5)
    with pytest.raises(InputError, match=r"Halt.days: must be in \[0"):
        Halt("wind-up", event=STOP, days=-1.0)
    with pytest.raises(InputError, match=r"Halt.days: must be above 0 in a pause, which else is never felt, got 0"):
        Halt("pause", event=STOP)
    with pytest.raises(InputError, match=r"Halt.effect"):
        Halt("stop", event=STOP)  # type: ignore[arg-type]
    with pytest.raises(InputTypeError, match=r"StakingPool.halts: must be halts; write halts=\(Halt\("):
        StakingPool(halts="pause")  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"one hazard"):
        StakingPool(halts=tuple(Halt("pause", event=Event("a:x", hazard=each), days=1.0) for each in (0.1, 0.2)))


HALTS = (
    Halt("pause", event=Event("regulator:x", hazard=0.05), days=30.0),
    Halt("wind-up", on="2026-02-01", days=90.0, returned=0.95),
)


@ALL
def test_halts_are_the_same_after_files(product, tmp_path):
    sheet = product(halts=HALTS)
    assert loads(dumps(sheet)) == sheet
    file = tmp_path / "products.toml"
    file.write_text(to_toml({"a": sheet}), "utf-8")
    assert read_products(file) == {"a": sheet}


def test_a_halt_in_a_file_is_refused_as_it_is_written(tmp_path):
    file = tmp_path / "products.toml"
    file.write_text('[a]\nkind = "StakingPool"\nhalts = [{on = "2026-01-01", days = 3.0}]\n', "utf-8")
    with pytest.raises(InputError, match=r'must be a halt with its effect; write \[\{effect = "pause"'):
        read_products(file)
    event = '{name = "x", hazard = 0.1}'  # which a failure has too
    file.write_text(f'[a]\nkind = "StakingPool"\nhalts = [{{event = {event}, days = 3.0}}]\n', "utf-8")
    with pytest.raises(InputError, match=r"must be a halt with its effect"):
        read_products(file)
    file.write_text('[a]\nkind = "StakingPool"\npayout = {to = "holder"}\n', "utf-8")
    with pytest.raises(InputError, match=r"must be a payout with its days; write \{every_days = 7.0"):
        read_products(file)
    file.write_text('[a]\nkind = "StakingPool"\nhalts = [{effect = "pause", day = "2026-01-01"}]\n', "utf-8")
    with pytest.raises(InputError, match=r"'day' is no field of Halt"):
        read_products(file)


@conform
@ALL
def test_products_with_halts_conform(check, product):
    check(product(halts=(Halt("pause", event=STOP, days=2.5), Halt("wind-up", event=Event("end:x"), returned=0.5))))
    check(product(halts=(Halt("pause", on="2026-01-04T09:00", days=2.0), Halt("wind-up", on="2026-01-10", days=1.5))))
