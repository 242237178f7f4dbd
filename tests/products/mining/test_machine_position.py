"""`MiningMachinesPosition`: who pays in which money, roundings, ends of the machines, and what is left out."""

from typing import Any

import numpy as np
import pytest

from stakingmodels import Failure, Halt, Line, Units
from stakingmodels.market import BlockFees, Difficulty, Event, Market, Price, TimeGrid
from stakingmodels.products import After, LeaveWhen, MiningMachines

GRID = TimeGrid.daily("2026-01-01", days=4)
DIFFICULTY = 1e12 * 86_400 / 2**32 / 1e-6  # at which 1 TH/s finds a millionth of a block a day
ROWS: Any = {Difficulty("BTC"): DIFFICULTY, BlockFees("BTC"): 0.0}
BARE = MiningMachines(
    machines=10.0,
    price_usd=100.0,
    hashrate_th_s=10.0,
    joules_per_th=20.0,
    resale_loss_per_year=0.0,
    pool_fee=0.0,
    uptime=1.0,
    power_usd_per_kwh=0.0,
    minimum_payout_btc=0.0,
)
"""100 TH/s for 1,000 USD: 31.25 USD a day at 100,000 USD per BTC, 48 kWh a day."""
MINED, KWH = 31.25, 48.0


def usd(price: Any = 1e5, grid: TimeGrid = GRID) -> Market:
    return Market(grid, {**ROWS, Price("BTC"): price})


def test_dollars_are_the_markets_dollars():
    """Bills, credit, prices and the decision to run, with a dollar at half a euro and at 4."""
    terms = BARE.replace(
        power_usd_per_kwh=0.2,
        hosting_usd_per_kwh=0.1,
        hosting_usd_per_month=18.25,
        demand_response_share=0.25,
        demand_response_usd_per_kwh=0.2,
        resale_fee=0.1,
        shipping_usd=10.0,
        import_duty=0.05,
        setup_usd=5.0,
    )
    for power in (0.2, 0.6):  # above 0.55 they are off
        whole = terms.replace(power_usd_per_kwh=power).run(usd(), capital=1_200.0)
        assert bool(whole.lines[Line.MINING][0] > 0.0) is (power == 0.2)
        for rate in (0.5, 4.0):
            market = Market(GRID, {**ROWS, Price("BTC"): 1e5 * rate, Price("USD"): rate}, "EUR")
            again = terms.replace(power_usd_per_kwh=power).run(market, capital=1_200.0 * rate)
            assert again.closing == pytest.approx(whole.closing * rate)
            for line, money in whole.lines.items():
                assert again.lines[line] == pytest.approx(money * rate), line


def test_who_has_too_little_buys_nothing_and_a_rounding_is_enough():
    terms = BARE.replace(import_duty=0.2, uptime=0.0)
    outcome = terms.run(usd(), capital=np.array([1_200.0, 1_199.0, 1_300.0]))
    assert outcome.capital_shortfall == pytest.approx([0.0, 1.0, 0.0])
    assert outcome.deployed == pytest.approx([1_000.0 / 1_200.0, 0.0, 1_000.0 / 1_300.0])
    assert outcome.lines[Line.OPERATING] == pytest.approx([-200.0, 0.0, -200.0])
    assert 3e9 * 1.1 > 3.3e9
    many = BARE.replace(machines=3e9, price_usd=1.1, uptime=0.0)
    assert many.run(usd(), capital=3.3e9).capital_shortfall[0] == 0.0


def test_as_many_as_the_money_buys_leaves_nothing_over_to_the_last_rounding():
    for share in (0.0, 0.3, 1.0):
        terms = BARE.replace(machines=None, price_usd=3.7, resale_btc_share=share)
        for capital in 1_000.0 + np.arange(20) / 7:
            outcome = terms.run(usd(), capital=float(capital), keep="ledger")
            opening = sum(e.units[0] for e in outcome.entries or () if e.place == "wallet" and e.step < 0)
            assert opening == 0.0


def test_time_off_by_contract_does_not_count_for_the_decision():
    terms = BARE.replace(power_usd_per_kwh=0.64, demand_response_share=0.25)  # of 0.651 that a kWh earns
    assert terms.run(usd(), capital=1_000.0).lines[Line.MINING][0] == pytest.approx(3 * MINED)
    assert terms.replace(power_usd_per_kwh=0.66).run(usd(), capital=1_000.0).lines[Line.MINING][0] == 0.0


def test_a_part_that_is_not_there_has_no_account():
    def places(share: float) -> set[tuple[str, str]]:
        held = BARE.replace(resale_btc_share=share).run(usd(), capital=1_000.0).units
        return {key for key in held if key[1] in {"prepaid", "machines"}}

    assert places(0.0) == {("USD", "prepaid")}
    assert places(1.0) == {("BTC", "machines")}
    assert places(0.5) == {("USD", "prepaid"), ("BTC", "machines")}


class BoughtWithCoins(MiningMachines):
    """Machines that a wrapper opens with coins in the wallet."""

    def open(self, book, now):
        """Turn the money into coins before."""
        book.trade(book.cash, book.account("BTC"))
        return super().open(book, now)


def test_capital_in_coins_is_sold_for_the_machines_at_the_fee_of_sales():
    terms = BARE.replace(machines=None, sell_fee=0.5, uptime=0.0)
    outcome = terms.run(usd(), capital=Units(0.02, "BTC"))
    assert outcome.lines[Line.TRADING][0] == pytest.approx(-1_000.0)
    assert outcome.closing[0] == pytest.approx(1_000.0)
    given = BoughtWithCoins(sell_fee=0.5, uptime=0.0, resale_loss_per_year=0.0).run(usd(), capital=2_000.0)
    assert given.lines[Line.TRADING][0] == pytest.approx(-1_000.0)
    assert given.deployed[0] == pytest.approx(0.5)


def test_a_part_is_sold_at_its_part_of_the_cost():
    grid = TimeGrid.daily("2026-01-01", days=4, settlement_days=3)
    for days in (0.0, 1.0):
        terms = LeaveWhen(BARE.replace(resale_fee=0.1, resale_days=days), After(2.0), 0.25)
        outcome = terms.run(usd(grid=grid), capital=1_000.0, keep="values")
        assert outcome.values is not None
        assert outcome.values[3, 0] == pytest.approx(975.0 + 2.75 * MINED)
        assert outcome.lines[Line.TRADING][0] == pytest.approx(-100.0)
        assert outcome.closing[0] == pytest.approx(900.0 + 3.5 * MINED)


def test_coins_are_sold_as_they_come_or_kept_to_the_exit():
    grid = TimeGrid.daily("2026-01-01", days=2, settlement_days=2)
    path = np.array([1e5, 1e5, 2e5, 4e5, 4e5])
    sold = BARE.replace(sell_fee=0.1).run(usd(path, grid), capital=1_000.0, keep="ledger")
    held = BARE.replace(sell_fee=0.1, payout="hold").run(usd(path, grid), capital=1_000.0, keep="ledger")
    assert sold.closing[0] == pytest.approx(1_000.0 + 0.9 * MINED * (1 + 2))
    assert held.closing[0] == pytest.approx(1_000.0 + 0.9 * MINED * (2 + 2))
    assert held.settled.all()
    assert held.days_to_cash[0] == 0.0
    assert {entry.place for entry in sold.entries or () if entry.line is Line.MINING} == {"unpaid"}


def test_coins_that_a_host_gives_back_are_sold_at_the_fee_of_sales():
    fails = Failure(Event("host"), 1.0, recovery=0.5, recovery_in="coin")
    struck: Any = {Event("host"): np.array([False, True, False, False, False])}
    terms = BARE.replace(minimum_payout_btc=1.0, sell_fee=0.2, failures=(fails,))
    outcome = terms.run(Market(GRID, {**ROWS, Price("BTC"): 1e5, **struck}), capital=1_000.0)
    assert outcome.closing[0] == pytest.approx(500.0 + 0.8 * MINED / 2)


def test_no_machine_is_sold_for_a_rounding():
    """Power costs all that is mined, or a rounding more; nobody would pay anything for the machines."""
    many = BARE.replace(machines=1e7, resale_fee=1.0, curtails=False)
    for steps in range(6):
        power = MINED / KWH
        for _ in range(steps):
            power = float(np.nextafter(power, 1.0))
        outcome = many.replace(power_usd_per_kwh=power).run(usd(), capital=1e9, keep="values")
        assert outcome.values is not None
        assert outcome.values[:4, 0] == pytest.approx([1e9] * 4)


def test_machines_end_with_the_bill_that_takes_the_last_one_or_with_a_wind_up_on_its_day():
    rent = BARE.replace(hosting_usd_per_month=150.0 * 365 / 12)
    taken = rent.run(usd(), capital=1_000.0)
    assert taken.earning_years[0] == pytest.approx(1 / 365)
    assert taken.day_asked[0] == 1.0
    half = BARE.replace(hosting_usd_per_month=(50.0 + MINED / 10) * 365 / 12).run(usd(), capital=1_000.0)
    assert half.earning_years[0] == pytest.approx((1 + 0.5 + 0.25 + 0.125) / 365)
    ended = BARE.replace(halts=(Halt("wind-up", on="2026-01-03T12:00"),)).run(usd(), capital=1_000.0)
    assert ended.earning_years[0] == pytest.approx(2.5 / 365)
    assert ended.lines[Line.MINING][0] == pytest.approx(2.5 * MINED)


def test_lines_of_nothing_are_not_there():
    outcome = BARE.replace(uptime=0.0).run(usd(), capital=1_000.0)
    assert not {Line.CURTAILMENT, Line.DEPRECIATION, Line.TRADING, Line.OPERATING, Line.FORFEIT} & set(outcome.lines)
