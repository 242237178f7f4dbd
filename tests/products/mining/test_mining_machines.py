"""Machines of one's own: what they mine, what they cost, what they bring, and when they are off."""

from typing import Any

import numpy as np
import pytest

from stakingmodels import Failure, Halt, Line, Schedule
from stakingmodels.errors import InputError, UnitWarning
from stakingmodels.market import BlockFees, CashRate, Difficulty, Event, Market, PowerPrice, Price, TimeGrid
from stakingmodels.products import After, LeaveWhen, MiningMachines
from stakingmodels.rates import APR
from stakingmodels.testing import check_product
from tests.products.conform import conform

GRID = TimeGrid.daily("2026-01-01", days=4)
DIFFICULTY = 1e12 * 86_400 / 2**32 / 1e-6  # at which 1 TH/s finds a millionth of a block a day
PRICE = 1e5
BASE: Any = {Price("BTC"): PRICE, Difficulty("BTC"): DIFFICULTY, BlockFees("BTC"): 0.0}
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
"""100 TH/s for 1,000 USD: 3.125e-4 BTC or 31.25 USD a day, 48 kWh a day."""
MINED, KWH = 31.25, 48.0


def world(grid: TimeGrid = GRID, **changed: Any) -> Market:
    rows = {"price": Price("BTC"), "fees": BlockFees("BTC"), "power": PowerPrice("US"), "difficulty": Difficulty("BTC")}
    return Market(grid, {**BASE, **{rows[name]: values for name, values in changed.items()}})


def lines(terms: MiningMachines, market: Market | None = None, capital: float = 1_000.0) -> dict[str, float]:
    outcome = terms.run(world() if market is None else market, capital=capital)
    found = {line.label: float(money[0]) for line, money in outcome.lines.items() if money[0] != 0.0}
    assert "contribution" not in found
    assert outcome.closing[0] == pytest.approx(capital + sum(found.values()))
    return found


def closing(terms: MiningMachines, market: Market | None = None, capital: float = 1_000.0) -> Any:
    return terms.run(world() if market is None else market, capital=capital).closing


# What they mine and cost.


def test_without_costs_and_age_the_machines_bring_their_price_and_what_they_mined():
    assert lines(BARE) == pytest.approx({"mining": 4 * MINED})
    assert closing(BARE) == pytest.approx([1_000.0 + 4 * MINED])


def test_power_by_the_kwh_a_pool_and_time_offline():
    terms = BARE.replace(power_usd_per_kwh=0.05, pool_fee=0.04, uptime=0.5)
    half = {"mining": 2 * MINED, "commission": -0.04 * 2 * MINED, "electricity": -0.05 * 2 * KWH}
    assert lines(terms) == pytest.approx(half)


def test_purchase_costs_are_gone_on_the_first_day():
    terms = BARE.replace(shipping_usd=20.0, import_duty=0.1, setup_usd=5.0)
    assert terms.usd_to_begin == 135.0
    assert lines(terms, capital=1_350.0) == pytest.approx({"mining": 4 * MINED, "operating": -350.0})
    outcome = terms.run(world(), capital=1_350.0, keep="values")
    assert outcome.values is not None
    assert outcome.values[:2, 0] == pytest.approx([1_000.0, 1_000.0 + MINED])
    assert outcome.deployed[0] == pytest.approx(1_000.0 / 1_350.0)


def test_as_many_machines_as_the_money_buys_or_the_number_that_is_asked_for():
    many = BARE.replace(machines=None, import_duty=0.25)
    assert lines(many, capital=5_000.0) == pytest.approx({"mining": 4 * 4 * MINED, "operating": -1_000.0})
    assert lines(BARE, capital=1_500.0) == pytest.approx({"mining": 4 * MINED})  # 500 USD stay cash
    with pytest.raises(InputError, match="too little"):
        BARE.run(world(), capital=999.0)


def test_a_price_per_th_s_is_that_of_a_machine_by_its_hash_rate():
    per_th_s = BARE.replace(price_usd=None, price_usd_per_th_s=10.0)
    assert per_th_s.usd_per_machine == BARE.usd_per_machine == 100.0
    assert closing(per_th_s) == pytest.approx(closing(BARE).tolist())


def test_nothing_is_mined_or_billed_before_delivery():
    terms = BARE.replace(delivery_days=1.5, power_usd_per_kwh=0.05, hosting_usd_per_month=36.5)
    days = 2.5
    assert lines(terms) == pytest.approx(
        {"mining": days * MINED, "electricity": -days * 0.05 * KWH, "operating": -days * 10 * 36.5 * 12 / 365}
    )


def test_hosting_is_by_the_kwh_or_by_the_month():
    terms = BARE.replace(hosting_usd_per_kwh=0.02, hosting_usd_per_month=18.25)
    assert lines(terms) == pytest.approx({"mining": 4 * MINED, "operating": -4 * (0.02 * KWH + 10 * 0.6)})


def test_power_moves_with_the_market_or_changes_on_a_day():
    path = np.array([1.0, 0.05, 0.10, 0.0, 0.2])
    moving = lines(BARE.replace(power_usd_per_kwh=PowerPrice("US")), world(power=path))
    assert moving["electricity"] == pytest.approx(-KWH * 0.35)
    dearer = lines(BARE.replace(power_usd_per_kwh=Schedule((0.05, 0.10), after_days=2.5)))
    assert dearer["electricity"] == pytest.approx(-KWH * (2.5 * 0.05 + 1.5 * 0.10))


def test_the_halving_and_fees_are_the_networks():
    grid = TimeGrid.daily("2024-04-18", days=4)  # halved on 2024-04-20
    assert lines(BARE, world(grid))["mining"] == pytest.approx(MINED * 2 * (1 + 0.5 + 0.5 + 0.5))
    assert lines(BARE, world(fees=3.125))["mining"] == pytest.approx(8 * MINED)
    assert lines(BARE, world(difficulty=2 * DIFFICULTY))["mining"] == pytest.approx(2 * MINED)


# What they bring.


def test_the_resale_value_falls_evenly_or_by_a_fraction_a_year():
    evenly = BARE.replace(resale_loss_per_year=None, useful_life_days=16.0, salvage_share=0.2)
    assert lines(evenly)["depreciation"] == pytest.approx(-1_000.0 * 0.8 * 4 / 16)
    assert lines(evenly.replace(useful_life_days=2.0))["depreciation"] == pytest.approx(-800.0)
    year = TimeGrid.daily("2026-01-01", days=730)
    by_year = lines(BARE.replace(resale_loss_per_year=0.3, salvage_share=0.5), world(year))
    assert by_year["depreciation"] == pytest.approx(-500.0 * (1.0 - 0.49))


def test_a_share_of_the_resale_value_moves_with_bitcoin():
    falls = np.array([PRICE, PRICE, PRICE / 2, PRICE / 2, PRICE / 2])
    terms = BARE.replace(resale_btc_share=0.5, uptime=0.0)
    assert lines(terms, world(price=falls)) == pytest.approx({"price": -250.0})
    aged = lines(terms.replace(resale_loss_per_year=None, useful_life_days=8.0), world(price=falls))
    assert sum(aged.values()) == pytest.approx(0.5 * (500.0 + 250.0) - 1_000.0)


def test_a_sale_costs_its_fee_and_takes_its_days():
    grid = TimeGrid.daily("2026-01-01", days=4, settlement_days=6)
    sold = BARE.replace(resale_fee=0.1, resale_days=3.0, resale_loss_per_year=None, useful_life_days=20.0)
    outcome = sold.run(world(grid), capital=1_000.0)
    assert outcome.lines[Line.TRADING][0] == pytest.approx(-0.1 * 800.0)
    assert outcome.lines[Line.DEPRECIATION][0] == pytest.approx(-200.0 - 720.0 * (1 - 13 / 16))
    assert outcome.lines[Line.MINING][0] == pytest.approx(4 * MINED)  # machines for sale are off
    assert outcome.days_to_cash[0] == 3.0
    assert outcome.settled.all()


def test_half_of_the_machines_can_be_sold():
    outcome = LeaveWhen(BARE, After(2.0), 0.5).run(world(), capital=1_000.0)
    assert outcome.lines[Line.MINING][0] == pytest.approx(MINED * (2 + 2 * 0.5))
    assert outcome.closing[0] == pytest.approx(1_000.0 + 3 * MINED)


# When they are off.


def test_machines_are_off_on_the_paths_and_days_on_which_power_costs_more_than_they_mine():
    limit = MINED / KWH
    path = limit * np.array([[1.0, 1.0], [0.9, 1.1], [1.1, 1.1], [1.0, 2.0], [0.5, 0.999]])
    outcome = BARE.replace(power_usd_per_kwh=PowerPrice("US")).run(world(power=path), capital=1_000.0)
    assert outcome.lines[Line.MINING] == pytest.approx([3 * MINED, MINED])
    assert outcome.lines[Line.ELECTRICITY] == pytest.approx([-2.4 * MINED, -0.999 * MINED])


def test_the_pools_fee_and_the_hosts_fee_count_for_the_decision():
    limit = MINED / KWH
    for changed, runs in (
        ({"pool_fee": 0.01, "power_usd_per_kwh": 0.989 * limit}, True),
        ({"pool_fee": 0.01, "power_usd_per_kwh": 0.991 * limit}, False),
        ({"hosting_usd_per_kwh": 0.1 * limit, "power_usd_per_kwh": 0.899 * limit}, True),
        ({"hosting_usd_per_kwh": 0.1 * limit, "power_usd_per_kwh": 0.901 * limit}, False),
    ):
        terms: Any = changed
        assert ("mining" in lines(BARE.replace(**terms))) is runs


def test_a_holder_who_does_not_curtail_mines_at_a_loss():
    terms = BARE.replace(power_usd_per_kwh=2 * MINED / KWH, curtails=False)
    with_cash = lines(terms, capital=1_125.0)  # which pays for the four days
    assert with_cash == pytest.approx({"mining": 4 * MINED, "electricity": -8 * MINED})
    assert closing(terms.replace(curtails=True), capital=1_125.0) == pytest.approx([1_125.0])


def test_time_off_by_contract_is_paid_by_the_kwh_not_used():
    terms = BARE.replace(
        power_usd_per_kwh=0.05, uptime=0.5, demand_response_share=0.25, demand_response_usd_per_kwh=0.2
    )
    assert lines(terms) == pytest.approx(
        {
            "mining": 4 * 0.5 * 0.75 * MINED,
            "electricity": -4 * 0.5 * 0.75 * KWH * 0.05,
            "curtailment": 4 * 0.5 * 0.25 * KWH * 0.2,
        }
    )


# Who pays.


def test_bills_are_paid_from_coins_then_cash_then_machines():
    """Rent of 100 USD a day: 31.25 from coins; then 100 USD of cash; then machines, sold at 80 % of their value."""
    terms = BARE.replace(hosting_usd_per_month=10.0 * 365 / 12, resale_fee=0.2)
    first = lines(terms, world(TimeGrid.daily("2026-01-01", days=1)), capital=1_100.0)
    assert first == pytest.approx({"mining": MINED, "operating": -100.0, "trading": -200.0})  # the exit's sale
    outcome = terms.run(world(TimeGrid.daily("2026-01-01", days=2)), capital=1_100.0, keep="values")
    assert outcome.values is not None
    due = 100.0 - (100.0 - 68.75) - MINED  # second day: what cash and coins leave
    left = 1_000.0 - due / 0.8
    assert outcome.values[1, 0] == pytest.approx(1_000.0 + 31.25)
    assert outcome.closing[0] == pytest.approx(0.8 * left)


def test_where_the_last_machine_is_sold_nothing_more_is_asked_for():
    """Rent of 60 % of the price a day takes 56.875 % of the machines each day; of 150 %, all on the first."""
    some = lines(BARE.replace(hosting_usd_per_month=60.0 * 365 / 12))
    left = [(1.0 - (600.0 - MINED) / 1_000.0) ** day for day in range(5)]
    assert some == pytest.approx({"mining": MINED * sum(left[:4]), "operating": -600.0 * sum(left[:4])})
    outcome = BARE.replace(hosting_usd_per_month=150.0 * 365 / 12).run(world(), capital=1_000.0)
    assert (outcome.closing[0], outcome.contributions[0]) == (0.0, 0.0)
    assert outcome.lines[Line.MINING][0] == pytest.approx(MINED)
    assert outcome.lines[Line.OPERATING][0] == pytest.approx(-1_000.0 - MINED)
    assert outcome.days_to_cash[0] == 0.0
    assert outcome.earning_years == pytest.approx(1 / 365)


def test_coins_that_are_kept_pay_bills_and_coins_that_are_sold_do_not():
    later = TimeGrid.daily("2026-01-01", days=3)
    power = np.array([0.0, 0.0, 0.0, 2 * MINED / KWH])
    terms = BARE.replace(power_usd_per_kwh=PowerPrice("US"), curtails=False)
    held = terms.replace(payout="hold").run(world(later, power=power), capital=1_000.0, keep="ledger")
    sold = terms.run(world(later, power=power), capital=1_000.0, keep="ledger")
    assert held.closing == pytest.approx(sold.closing.tolist())
    paid_by = [{e.place for e in run.entries or () if e.line is Line.ELECTRICITY} for run in (held, sold)]
    assert "wallet" in paid_by[0]


def test_the_balance_below_the_smallest_pay_out_is_lost():
    terms = BARE.replace(minimum_payout_btc=2.5 * 3.125e-4)
    assert lines(terms) == pytest.approx({"mining": 4 * MINED, "forfeit": -MINED})


# What hurts is never better.

PATHS = PRICE * np.exp(0.05 * np.cumsum(np.random.default_rng(5).standard_normal((61, 40)), axis=0))
LONG = TimeGrid.daily("2026-01-01", days=60)
ROUGH = BARE.replace(power_usd_per_kwh=0.4, resale_loss_per_year=0.4, resale_fee=0.05, resale_btc_share=0.3)


@pytest.mark.parametrize(
    ("term", "values"),
    [
        ("power_usd_per_kwh", (0.0, 0.2, 0.5, 0.6, 0.7, 1.0)),
        ("hosting_usd_per_kwh", (0.0, 0.1, 0.3, 1.0)),
        ("hosting_usd_per_month", (0.0, 5.0, 50.0, 500.0)),
        ("resale_loss_per_year", (0.0, 0.3, 0.9, 1.0)),
        ("resale_fee", (0.0, 0.1, 0.9, 1.0)),
        ("pool_fee", (0.0, 0.02, 0.5, 1.0)),
        ("delivery_days", (0.0, 10.0, 100.0)),
    ],
)
def test_a_term_that_hurts_is_never_better_on_any_path(term, values):
    found = np.array([closing(ROUGH.replace(**{term: value}), world(LONG, price=PATHS)) for value in values])
    assert (np.diff(found, axis=0) <= 1e-9).all()
    assert (np.diff(found, axis=0) < -1e-3).any()


def test_losses_never_exceed_what_was_put_in():
    worst = ROUGH.replace(curtails=False, hosting_usd_per_month=300.0)
    outcome = worst.run(world(LONG, price=PATHS), capital=1_000.0)
    assert (outcome.closing >= -1e-9).all()
    assert (outcome.contributions == 0.0).all()
    assert (outcome.closing < 1.0).any()


def test_power_that_nobody_can_pay_leaves_the_resale_value_alone():
    aged = ROUGH.replace(power_usd_per_kwh=1.0, resale_fee=0.0, resale_btc_share=0.0)
    outcome = aged.run(world(LONG, price=PATHS / 100.0), capital=1_000.0, keep="values")
    assert outcome.values is not None
    days = np.arange(61.0)[:, None]
    assert outcome.values == pytest.approx(np.broadcast_to(1_000.0 * 0.6 ** (days / 365), (61, 40)))


# The market's money, and other prices.


def test_the_result_is_the_same_counted_in_bitcoin():
    rows = {Difficulty("BTC"): DIFFICULTY, BlockFees("BTC"): 0.0}
    terms = ROUGH.replace(resale_btc_share=0.25)
    path = PATHS[:5, :1]
    usd = terms.run(Market(GRID, {**rows, Price("BTC"): path}), capital=1_000.0)
    btc = terms.run(Market(GRID, {**rows, Price("USD"): 1 / path}, "BTC"), capital=1_000.0 / float(path[0, 0]))
    assert (btc.closing * path[-1]) == pytest.approx(usd.closing.tolist(), rel=2e-2)  # paid-out money stays coins


def test_failures_and_halts_stop_machines():
    struck = Failure(Event("host"), 0.5)
    rows = {**BASE, Event("host"): np.array([False, True, False, False, False])}
    outcome = BARE.replace(failures=(struck,)).run(Market(GRID, rows), capital=1_000.0)
    assert outcome.lines[Line.MINING][0] == pytest.approx(MINED * (1 + 3 * 0.5))
    assert outcome.lines[Line.CREDIT][0] == pytest.approx(-500.0)
    paused = BARE.replace(halts=(Halt("pause", on="2026-01-02", days=2.0),), hosting_usd_per_month=3.65)
    assert lines(paused) == pytest.approx({"mining": 2 * MINED, "operating": -2 * 10 * 0.12})
    ended = BARE.replace(halts=(Halt("wind-up", on="2026-01-03", returned=0.9),))
    assert lines(ended) == pytest.approx({"mining": 2 * MINED, "credit": -100.0})


def test_prices_of_power_at_which_machines_stop_and_at_which_they_recover_their_cost():
    terms = BARE.replace(pool_fee=0.02, hosting_usd_per_kwh=0.01, resale_loss_per_year=None, useful_life_days=40.0)
    stop = terms.shutdown_power_usd_per_kwh(world())
    assert stop == pytest.approx(0.98 * MINED / KWH - 0.01)
    for power, runs in ((stop * 0.999, True), (stop * 1.001, False)):
        assert ("mining" in lines(terms.replace(power_usd_per_kwh=power))) is runs
    even = terms.break_even_power_usd_per_kwh(world())
    assert even == pytest.approx((0.98 * 4 * MINED - 100.0) / (4 * KWH) - 0.01)
    assert closing(terms.replace(power_usd_per_kwh=even)) == pytest.approx([1_000.0])
    interest = Market(GRID, {**BASE, CashRate("USD"): APR(0.05)})
    assert terms.break_even_power_usd_per_kwh(interest) == pytest.approx(even)
    with pytest.raises(InputError, match="must have its exit after the machines have run, got 4"):
        terms.replace(delivery_days=5.0).break_even_power_usd_per_kwh(world())


def test_an_s21_at_6_cents_costs_25_dollars_a_petahash_and_day():
    """The check of a reference table: 24 * 17.5 J/TH * 0.06 USD/kWh."""
    s21 = MiningMachines(machines=5.0, uptime=1.0, power_usd_per_kwh=0.06, curtails=False)
    outcome = s21.run(world(TimeGrid.daily("2026-01-01", days=1)), capital=20_000.0)
    assert -outcome.lines[Line.ELECTRICITY][0] == pytest.approx(25.2)


# What is refused.


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        ({"price_usd": 1.0, "price_usd_per_th_s": 1.0}, "MiningMachines.price_usd: must be given, or price_usd_per_th"),
        ({"resale_loss_per_year": 0.1, "useful_life_days": 9.0}, "MiningMachines.resale_loss_per_year: must be given"),
        ({"demand_response_usd_per_kwh": 0.1}, "MiningMachines.demand_response_usd_per_kwh: must be 0 without"),
        ({"power_usd_per_kwh": Schedule((0.1, -0.1), after_days=1.0)}, "power_usd_per_kwh.values.1.: must be in .0, "),
        ({"power_usd_per_kwh": -0.1}, "MiningMachines.power_usd_per_kwh: must be in .0, "),
        ({"machines": 0.0}, "MiningMachines.machines: must be in .0, "),
        ({"useful_life_days": 0.0}, "MiningMachines.useful_life_days: must be in .0, "),
        ({"resale_fee": 10}, "MiningMachines.resale_fee: must be a fraction in .0, 1., got 10"),
    ],
)
def test_terms_that_contradict_each_other_are_refused(terms, message):
    with pytest.raises(InputError, match=message):
        MiningMachines(**terms)


def test_a_price_of_power_in_cents_is_asked_for():
    with pytest.warns(UnitWarning, match="per MWh, or in cents"):
        MiningMachines(power_usd_per_kwh=5.0)


@conform
@pytest.mark.parametrize(
    "terms",
    [
        {},
        {"payout": "hold", "hosting_usd_per_month": 60.0, "resale_btc_share": 0.5, "resale_fee": 0.1},
        {"power_usd_per_kwh": PowerPrice("US"), "resale_days": 5.0, "delivery_days": 2.0, "resale_loss_per_year": 0.4},
        {"demand_response_share": 0.1, "demand_response_usd_per_kwh": 0.1, "failures": Failure(Event("host"), 0.5)},
    ],
)
def test_machines_conform(check, terms):
    check(MiningMachines(**terms))


def test_it_conforms_with_a_number_of_machines():
    check_product(MiningMachines(machines=3.0, price_usd=3_000.0), capital=10_000.0)
