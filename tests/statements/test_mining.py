"""What people say of cloud mining: its deductions, its price, power, bans, and its return in BTC and in dollars."""

from typing import Any

import numpy as np
import pytest

from stakingmodels import (
    CloudMiningContract,
    Constants,
    Difficulty,
    Event,
    Factor,
    Halt,
    Holding,
    InCurrency,
    Market,
    PowerPrice,
    Price,
    TimeGrid,
    scenarios,
    simulate,
)
from stakingmodels.analysis import break_even_prices
from stakingmodels.market import BlockFees

GRID = TimeGrid.daily("2026-01-01", days=100)
BTC: dict[Factor, Any] = {Price("BTC"): 90_000.0, Difficulty("BTC"): 1.5e14, BlockFees("BTC"): 0.0}
A_DAY = 86_400e12 * 3.125 / (1.5e14 * 2.0**32) * 90_000.0
"""USD mined by a TH/s in a day."""
MINE = CloudMiningContract(
    hashrate_th_s=1_000.0,
    price_usd_per_th_s=1.0,
    term_days=100.0,
    uptime=1.0,
    minimum_payout_btc=0.0,
    stop_after_days=None,
    electricity_usd_per_th_day=0.0,
)


def line(outcome, label):
    """Mean over the paths; 0 of a line that the terms never book."""
    return sum(float(np.mean(money)) for each, money in outcome.lines.items() if each.label == label)


def test_the_pay_out_is_what_is_mined_less_pool_power_maintenance_and_platform():
    """Each under its own line, and together the whole profit."""
    mine = MINE.replace(
        electricity_usd_per_th_day=0.01,
        maintenance_usd_per_th_day=0.002,
        maintenance_share=0.1,
        platform_fee=0.05,
    )
    outcome = mine.run(Market(GRID, BTC), capital=1_000.0)
    mined = A_DAY * 1_000.0 * 100
    after_pool = 0.98 * mined
    expected = {
        "mining": mined,
        "commission": -0.02 * mined,
        "maintenance": -0.1 * after_pool - 0.002 * 1_000.0 * 100,
        "platform": -0.05 * after_pool * 0.9,
        "electricity": -0.01 * 1_000.0 * 100,
        "contract": -1_000.0,
    }
    assert {name: line(outcome, name) for name in expected} == pytest.approx(expected)
    assert outcome.profit[0] == pytest.approx(sum(expected.values()))


@pytest.mark.parametrize("apr", [0.05, 0.10])
def test_the_price_at_which_a_contract_earns_five_to_ten_percent_a_year(apr):
    """The price that just breaks even, less what 100 days of that rate are."""
    fair = MINE.break_even_price_usd_per_th_s(Market(GRID, BTC))
    assert fair == pytest.approx(0.98 * A_DAY * 100)
    price = fair / (1.0 + apr * 100 / 365)
    outcome = MINE.replace(price_usd_per_th_s=price).run(Market(GRID, BTC), capital=1e4)
    assert outcome.profit[0] / (1_000.0 * price) == pytest.approx(apr * 100 / 365)


def test_a_rise_of_the_price_of_power_is_a_path_that_costs():
    """17.5 J/TH are 0.42 kWh a day for each TH/s, at 5 cents, and at 10 cents from the 51st day on."""
    mine = MINE.replace(power_usd_per_kwh=PowerPrice("US"))
    steady, rising = (
        line(mine.run(Market(GRID, {**BTC, PowerPrice("US"): price}), capital=1_000.0), "electricity")
        for price in (0.05, np.where(np.arange(101) <= 50, 0.05, 0.10))
    )
    assert steady == pytest.approx(-0.42 * 1_000.0 * 100 * 0.05)
    assert rising == pytest.approx(steady * 1.5)


def test_a_ban_ends_the_whole_contract_with_little_recourse():
    """Banned on the 50th day: half of the price is unexpired, and a tenth of that comes back."""
    mine = MINE.replace(halts=(Halt("wind-up", event=Event("ban"), returned=0.1),))
    outcome = mine.run(Market(GRID, {**BTC, Event("ban"): np.arange(101) == 49}), capital=1_000.0)
    assert line(outcome, "mining") == pytest.approx(50 * 1_000.0 * A_DAY, rel=1e-6)
    assert line(outcome, "credit") == pytest.approx(-0.9 * 500.0)
    assert line(outcome, "contract") == pytest.approx(-500.0)
    kept = MINE.replace(halts=(Halt("wind-up", event=Event("ban"), returned=1.0),))
    assert kept.run(Market(GRID, {**BTC, Event("ban"): np.arange(101) == 49}), capital=1_000.0).profit > outcome.profit


def test_the_price_of_bitcoin_at_which_mining_pays_its_price_back():
    """With power by the day the output must pay price and power; half the subsidy needs twice the price."""
    mine = MINE.replace(price_usd_per_th_s=3.0, electricity_usd_per_th_day=0.01)
    market = Market(GRID, BTC)
    needed = 90_000.0 * (3.0 + 0.01 * 100) / (0.98 * A_DAY * 100)
    flat = mine.run(Market(GRID, {**BTC, Price("BTC"): needed}), capital=3_000.0)
    assert flat.profit[0] == pytest.approx(0.0, abs=1e-6)
    assert mine.break_even_price_usd_per_th_s(market) == pytest.approx(0.98 * A_DAY * 100 - 1.0)
    # after the halving of 2028 a day of the same difficulty mines half as much
    later = TimeGrid.daily("2028-06-01", days=100)
    assert line(mine.run(Market(later, BTC), capital=3_000.0), "mining") == pytest.approx(A_DAY * 1e5 / 2)
    half = mine.run(Market(later, {**BTC, Price("BTC"): 2.0 * needed}), capital=3_000.0)
    assert half.profit[0] == pytest.approx(0.0, abs=1e-6)


def test_the_break_even_price_is_searched_on_paths_too():
    """On a straight path from 90,000 the average price pays, so that the last one is above the flat break-even."""
    mine = MINE.replace(price_usd_per_th_s=3.0, electricity_usd_per_th_day=0.01)
    results = simulate({"mine": mine}, Constants(BTC), GRID, capital=3_000.0, n_paths=1)
    found = break_even_prices(results)["mine"]
    needed = 90_000.0 * 4.0 / (0.98 * A_DAY * 100)
    path = 90_000.0 * (found.price / 90_000.0) ** (np.arange(101) / 100)
    assert path[1:].mean() == pytest.approx(needed, rel=0.01)
    assert found.price > needed > 90_000.0


@pytest.mark.few(2)
def test_the_return_in_dollars_of_a_contract_counted_in_bitcoin():
    """In a world counted in BTC a dollar has a price; the coins gained are those of the world in dollars."""
    grid = TimeGrid.daily(scenarios.REFERENCE_START, days=100, settlement_days=10)
    mine = MINE.replace(stop_after_days=None, payout="hold")
    base = scenarios.reference(cash_rate=None)
    rows = {"mine": mine, "hold": Holding("BTC")}
    usd = simulate(rows, base, grid, capital=1_000.0, n_paths=50, rng=1)
    btc = simulate(rows, InCurrency(base, "BTC"), grid, capital=1_000.0 / usd["hold"].opening_price, n_paths=50, rng=1)
    assert btc["mine"].profit == pytest.approx(usd["mine"].coins_net, rel=1e-6)
