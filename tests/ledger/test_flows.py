"""`Flows`: dated money between product and holder, and the internal rate of return that follows."""

import datetime as dt
import math
import pickle
from typing import Any

import numpy as np
import pytest
import pyxirr

from stakingmodels import APR, InputError, TimeGrid, simulate
from stakingmodels.ledger import Line
from stakingmodels.ledger.flows import FEW, FlowLog, Flows
from stakingmodels.market import BlockFees, CashRate, Difficulty, Factor, Market, Price, StakingReward
from stakingmodels.products import CloudMiningContract, Holding, StakingPool, reference
from stakingmodels.scenarios import REFERENCE_START
from stakingmodels.scenarios import reference as world

ETH = Price("ETH")
OPENING = dt.date(2026, 1, 1)
DAYS = TimeGrid.daily("2026-01-01", days=365, settlement_days=60)


def flows_of_the_ledger(outcome, path):
    """Money paid out and in by the step ledger, by date; the last day has what is not in hand."""
    flows: dict[dt.date, float] = {}
    table = outcome.cashflows(path)
    paid_out = 0.0
    for row in table:
        day = dt.date.fromisoformat(row.date)
        if row.place == "paid_out":
            paid_out += row.units
            flows[day] = flows.get(day, 0.0) + row.units
        elif row.line == Line.CONTRIBUTION.label:
            flows[day] = flows.get(day, 0.0) - row.units
    opening = dt.date.fromisoformat(str(outcome.grid.times[0].astype("M8[D]")))
    flows[opening] = flows.get(opening, 0.0) - table.capital
    last = dt.date.fromisoformat(str(outcome.grid.times[-1].astype("M8[D]")))
    flows[last] = flows.get(last, 0.0) + float(outcome.closing[path]) - paid_out
    return {day: money for day, money in flows.items() if money}


@pytest.mark.parametrize("name", [name for name, terms in reference().items() if terms.asset != "USD"])
def test_the_irr_is_that_of_pyxirr_on_the_flows_of_the_ledger(name):
    grid = TimeGrid.daily(REFERENCE_START, days=200, settlement_days=80)
    rows = {name: reference()[name]}
    no_cash = world(cash_rate=APR(0.0))
    outcome = simulate(rows, no_cash, grid, capital=150_000.0, n_paths=12, rng=5, keep="ledger")[name]
    rates = outcome.yields().irr
    compared = 0
    for path in range(outcome.n_paths):
        flows = flows_of_the_ledger(outcome, path)
        expected = pyxirr.xirr(list(flows), list(flows.values()), silent=True)
        if expected is None or not math.isfinite(rates[path]):
            continue
        assert rates[path] == pytest.approx(expected, rel=1e-7, abs=1e-7)
        compared += 1
    assert compared >= 6  # mining may change sign more than once, and then tells no rate


def test_money_that_comes_evenly_counts_on_its_days(script):
    """A price of 100 that comes back as 110 in 360 equal parts, one a day: 21.6 % a year, not 10.1."""
    grid = TimeGrid.daily("2026-01-01", days=360)

    def pay_in(book, _now):
        book.move(book.cash, book.account("USD", "prepaid"))

    def pay_out(book, _now):
        prepaid = book.account("USD", "prepaid")
        book.post(Line.CONTRACT, prepaid, -100.0 / 360)
        book.post(Line.INTEREST, book.paid_out, 110.0 / 360)

    outcome = script(Market(grid, {ETH: 10.0}), {-1: pay_in, **dict.fromkeys(range(360), pay_out)})
    assert outcome.yields().irr.tolist() == pytest.approx([0.216], abs=5e-4)


def test_a_large_run_keeps_a_few_flows_a_path_and_refuses_a_rate_of_many():
    rows = {"pool": reference()["staking pool"], "mine": CloudMiningContract()}
    grid = TimeGrid.daily(REFERENCE_START, days=120, settlement_days=60)
    many = simulate(rows, world(), grid, capital=1e5, n_paths=5_000, rng=1)
    assert np.isfinite(many["pool"].yields().irr).all()
    assert many["mine"].flows is None
    said = rf"^Yields\.irr: needs dated flows, .* a large run by itself no more than {FEW} a path.*keep=\"flows\""
    with pytest.raises(InputError, match=said):
        _ = many["mine"].yields().irr
    told = simulate(rows, world(), grid, capital=1e5, n_paths=5_000, rng=1, keep="flows")
    assert told["mine"].yields().irr.shape == (5_000,)
    assert np.array_equal(told["pool"].yields().irr, many["pool"].yields().irr, equal_nan=True)


def test_a_small_run_keeps_them_all():
    grid = TimeGrid.daily(REFERENCE_START, days=100)
    few = simulate({"mine": CloudMiningContract()}, world(), grid, capital=1e5, n_paths=50, rng=1)["mine"]
    assert few.flows is not None
    assert np.bincount(few.flows.path).max() > FEW


def test_the_flows_of_parts_are_those_of_the_whole():
    grid = TimeGrid.daily(REFERENCE_START, days=20, settlement_days=60)
    rows = {"pool": reference()["staking pool"]}
    long, short = (simulate(rows, world(), grid, capital=1e5, n_paths=n, rng=1)["pool"] for n in (20_000, 9_000))
    assert long.flows is not None
    assert short.flows is not None
    assert long.flows.slice_paths(0, 9_000).path.tolist() == short.flows.path.tolist()
    assert long.flows.slice_paths(0, 9_000).money.tolist() == short.flows.money.tolist()
    part = long.slice_paths(8_500, 9_000)
    assert part.yields().irr.tolist() == long.yields().irr[8_500:9_000].tolist()
    again = pickle.loads(pickle.dumps(part))  # noqa: S301
    assert part.flows is not None
    assert again.flows.money.tolist() == part.flows.money.tolist()


def test_interest_on_money_in_hand_is_no_flow():
    series: dict[Factor, Any] = {ETH: 10.0, StakingReward("ETH"): APR(0.0), CashRate("USD"): APR(0.365)}
    outcome = StakingPool(unbonding_days=2.0).run(Market(DAYS, series), capital=100.0)
    assert outcome.flows is not None
    days, money = outcome.flows.of(0, 100.0, DAYS)
    assert days.tolist() == [0.0, 367.0]
    assert money.tolist() == pytest.approx([-100.0, 100.0])
    assert outcome.closing[0] > 105.0


def test_idle_money_pays_costs_first_and_comes_back_on_the_day_asked(script):
    def pay(book, _now):
        book.charge(Line.OPERATING, 30.0)

    outcome = script(Market(DAYS, {ETH: 10.0}), {9: pay, 380: pay}, capital=100.0)
    days, money = outcome.flows.of(0, 100.0, DAYS)
    assert (days.tolist(), money.tolist()) == ([0.0, 365.0, 381.0], [-100.0, 70.0, -30.0])


def test_money_that_comes_into_the_wallet_after_the_exit_is_a_flow_of_its_day(script):
    def buy(book, _now):
        book.trade(book.cash, book.account("ETH", "staked"))

    def sell(book, _now):
        book.trade(book.account("ETH", "staked"), book.cash, 4.0)

    grid = TimeGrid.daily("2026-01-01", days=2, settlement_days=4)
    outcome = script(Market(grid, {ETH: 10.0}), {-1: buy, 3: sell, 5: sell})
    assert outcome.flows.of(0, 100.0, grid)[0].tolist() == [0.0, 4.0, 6.0]
    assert outcome.flows.of(0, 100.0, grid)[1].tolist() == [-100.0, 40.0, 60.0]  # the last 20 are still ETH
    assert outcome.units["USD", "paid_out"].tolist() == [80.0]


def test_a_flow_keeps_its_amount_where_the_product_uses_its_array_again(script):
    def act(book, now):
        some = np.multiply(np.array([1.0, 2.0]), 5.0, out=now.scratch)
        book.move(book.account("USD", "balance"), book.paid_out, some)
        now.scratch.fill(7_000.0)

    def open_(book, _now):
        book.move(book.cash, book.account("USD", "balance"))

    grid = TimeGrid.daily("2026-01-01", days=3)
    outcome = script(Market(grid, {ETH: np.full((4, 2), 10.0)}), {-1: open_, 0: act})
    assert outcome.flows.money.tolist() == [5.0, 95.0, 10.0, 90.0]


def test_flows_of_coins_that_are_the_money_itself_add_up():
    grid = TimeGrid(np.datetime64("2026-01-01") + np.arange(0, 492, 12).astype("timedelta64[h]"))
    series: dict[Factor, Any] = {
        Difficulty("BTC"): np.full((41, 2), 1e14) * [1.0, 3.0],
        BlockFees("BTC"): 0.0,
        Price("USD"): 1 / 60_000,
    }
    terms = CloudMiningContract(price_usd_per_th_s=5.0, term_days=15.0, minimum_payout_btc=6e-5, payout="sell")
    outcome = terms.run(Market(grid, series, "BTC"), capital=0.01)
    assert outcome.flows is not None
    money = np.bincount(outcome.flows.path, outcome.flows.money)
    assert money == pytest.approx(outcome.closing - outcome.contributions, rel=1e-9)


def test_without_interest_flows_add_up_to_the_profit():
    rows = reference()
    grid = TimeGrid.daily(REFERENCE_START, days=100, settlement_days=40)
    results = simulate(rows, world(cash_rate=APR(0.0)), grid, capital=150_000.0, n_paths=20, rng=2)
    for outcome in results.values():
        assert outcome.flows is not None
        total = np.bincount(outcome.flows.path, outcome.flows.money, minlength=20) - outcome.capital
        assert total == pytest.approx(outcome.profit, abs=1e-9 * 150_000.0)


def test_holding_money_has_the_rate_of_cash():
    market = Market(TimeGrid.daily("2026-01-01", days=365), {CashRate("USD"): APR(0.04)})
    daily = (1.0 + 0.04 / 365) ** 365 - 1.0
    assert Holding(asset="USD").run(market, capital=100.0).yields().irr.tolist() == pytest.approx([daily])


# The log itself


def test_flows_of_one_time_are_one():
    log = FlowLog(3, None)
    log.add(0, [(np.array([0]), np.array([1.0]))])
    log.add(4, [(None, np.array([1.0, 2.0, 0.0])), (np.array([0]), np.array([1.0]))])
    found = log.flows()
    assert isinstance(found, Flows)
    assert list(zip(found.path, found.time, found.money, strict=True)) == [(0, 0, 1.0), (0, 4, 2.0), (1, 4, 2.0)]


def test_a_log_lets_go_where_any_path_has_too_many():
    log = FlowLog(2, 2)
    for time in range(3):
        assert not log.is_full
        log.add(time, [(None, np.array([0.0, 1.0]))])
    assert log.is_full
    assert log.flows() is None


def test_no_flow_at_all_is_a_total_loss():
    flows = FlowLog(2, None).flows()
    assert flows is not None
    assert flows.irr(100.0, DAYS, 2).tolist() == [-1.0, -1.0]


def of_paths(path, time, money):
    return Flows(np.array(path, dtype=np.int32), np.array(time, dtype=np.int32), np.array(money))


def test_flows_of_a_path_come_after_the_capital_and_join_it_on_the_first_day():
    flows = of_paths([0, 0, 1, 3], [0, 2, 1, 0], [5.0, 7.0, 3.0, 100.0])
    told = [[each.tolist() for each in flows.of(path, 100.0, DAYS)] for path in range(4)]
    assert told == [
        [[0.0, 2.0], [-95.0, 7.0]],
        [[0.0, 1.0], [-100.0, 3.0]],
        [[0.0], [-100.0]],
        [[0.0], [0.0]],
    ]


@pytest.mark.parametrize("cells", [1, 6, 65_536])
def test_the_rate_of_flows_by_hand_for_any_number_of_paths_at_a_time(monkeypatch, cells):
    monkeypatch.setattr("stakingmodels.ledger.flows._CELLS", cells)
    flows = of_paths([0, 1, 1, 3, 3, 3, 4], [365, 0, 365, 0, 73, 365, 0], [110.0, 50.0, 60.0, 10.0, 0.0, 180.0, 5.0])
    rates = flows.irr(100.0, DAYS, 5)
    assert rates == pytest.approx([0.1, 0.2, -1.0, 1.0, -1.0], rel=1e-12)


def test_a_first_payment_above_the_capital_is_a_gain_at_once():
    flows = of_paths([0, 0], [0, 365], [150.0, -55.0])
    assert flows.irr(np.array([100.0]), DAYS, 1) == pytest.approx([0.1], rel=1e-12)


def test_parts_are_joined_in_the_order_of_their_paths():
    later, first = of_paths([0, 1, 2], [1, 2, 3], [1.0, 2.0, 3.0]), of_paths([0, 1], [4, 5], [4.0, 5.0])
    merged = Flows.merge([(2, later), (0, first)], 4)
    assert (merged.path.tolist(), merged.time.tolist()) == ([0, 1, 2, 3], [4, 5, 1, 2])
    assert merged.money.tolist() == [4.0, 5.0, 1.0, 2.0]
    cut = merged.slice_paths(1, 3)
    assert (cut.path.tolist(), cut.time.tolist(), cut.money.tolist()) == ([0, 1], [5, 1], [5.0, 1.0])


def logged(log: FlowLog) -> Any:
    flows: Any = log.flows()
    return flows.path.tolist(), flows.time.tolist(), flows.money.tolist()


def test_a_log_keeps_one_flow_a_path_and_time_and_none_of_0():
    log = FlowLog(3, None)
    log.add(1, [(np.array([2, 0]), np.array([5.0, 7.0]))])
    log.add(2, [(np.array([0, 1, 2]), np.array([0.0, 1.0, 0.0]))])
    log.add(3, [(None, np.array([1.0, 0.0, -2.0])), (np.array([0, 2]), np.array([2.0, 2.0]))])
    log.add(4, [(np.array([1]), 4.0)])
    log.add(4, [(None, 1.0)])
    assert logged(log) == ([0, 0, 0, 1, 1, 2, 2], [1, 3, 4, 2, 4, 1, 4], [7.0, 3.0, 1.0, 1.0, 5.0, 5.0, 1.0])
    flows: Any = log.flows()
    assert flows.path.dtype == np.int32


def test_a_log_of_too_many_flows_stays_empty():
    log = FlowLog(2, 1)
    log.add(1, [(np.array([0]), 1.0)])
    log.add(2, [(np.array([1]), 1.0)])
    assert not log.is_full
    assert logged(log) == ([0, 1], [1, 2], [1.0, 1.0])
    log.add(3, [(np.array([1]), 1.0)])
    assert log.is_full
    log.add(4, [(np.array([0]), 1.0)])
    assert log.flows() is None
    assert not log._entries


def test_a_log_without_paths_is_never_full():
    log = FlowLog(0, 0)
    log.add(1, [(None, np.zeros(0))])
    assert logged(log) == ([], [], [])
