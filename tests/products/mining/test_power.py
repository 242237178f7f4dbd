"""Electricity of a mining contract by the kWh: at a fixed price, at the market's on its path, paid in advance."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from stakingmodels import simulate
from stakingmodels.errors import InputError, InputTypeError, UnitWarning
from stakingmodels.market import BlockFees, Difficulty, Market, PowerPrice, Price, TimeGrid
from stakingmodels.products import CloudMiningContract
from stakingmodels.products.mining.electricity import KWH_A_DAY
from stakingmodels.scenarios import (
    GBM,
    Constants,
    DailyFile,
    GeometricBrownianMotion,
    History,
    Joint,
    LogOrnsteinUhlenbeck,
    MeanRevertingFees,
    Shock,
    Shocked,
    Streams,
)
from stakingmodels.termsheets import read_products
from stakingmodels.testing import check_product

GRID = TimeGrid.daily("2026-01-01", days=4)
US = PowerPrice("US")
DIFFICULTY = 1e12 * 86_400 / 2**32 / 1e-6  # at which 1 TH/s finds a millionth of a block a day
BASE: Any = {Price("BTC"): 1e5, Difficulty("BTC"): DIFFICULTY, BlockFees("BTC"): 0.0}
BARE = CloudMiningContract(
    hashrate_th_s=100.0,
    price_usd_per_th_s=4.0,
    term_days=4.0,
    pool_fee=0.0,
    power_usd_per_kwh=US,
    joules_per_th=20.0,
    uptime=1.0,
    minimum_payout_btc=0.0,
    stop_after_days=None,
)


def world(power: Any = 0.05) -> Market:
    return Market(GRID, {**BASE, US: power})


def electricity(terms: CloudMiningContract, market: Market) -> Any:
    return terms.run(market, capital=1_000.0).lines["electricity"]


def test_a_watt_for_a_day_is_0_024_kwh():
    assert KWH_A_DAY == 24.0 / 1_000.0
    by_kwh = CloudMiningContract(power_usd_per_kwh=0.05)
    assert by_kwh.electricity_usd_per_th_day == 0.0
    default = CloudMiningContract(electricity_usd_per_th_day=0.021).run(Market(GRID, BASE), capital=1e3)
    assert by_kwh.run(Market(GRID, BASE), capital=1e3).closing.tolist() == pytest.approx(default.closing.tolist())


def test_each_day_costs_its_own_price():
    """100 TH/s at 20 J/TH draw 2 kW, 48 kWh a day: at 0.05, 0.10, 0 and 0.2 USD they cost 16.80 USD."""
    path = np.array([1.0, 0.05, 0.10, 0.0, 0.2])
    assert electricity(BARE, world(path)).tolist() == pytest.approx([-48.0 * 0.35])


def test_each_path_has_its_own_price():
    paths = np.linspace(0.0, 0.2, 3) * np.ones((5, 1))
    assert electricity(BARE, world(paths)).tolist() == pytest.approx([0.0, -19.2, -38.4])


def test_machines_that_stand_still_draw_no_power():
    assert electricity(BARE.replace(uptime=0.25), world()).tolist() == pytest.approx([-0.25 * 4 * 48 * 0.05])


def test_power_is_paid_in_dollars_whatever_the_money():
    market = Market(GRID, {**BASE, US: 0.05, Price("USD"): 0.9}, "EUR")
    assert electricity(BARE, market).tolist() == pytest.approx([-0.9 * 9.6])


def test_dearer_power_never_leaves_more():
    paths = np.linspace(0.0, 0.6, 25) * np.ones((5, 1))
    closing = BARE.run(world(paths), capital=400.0).closing
    assert (np.diff(closing) <= 1e-9).all()
    assert closing[0] > closing[-1]


def test_free_power_costs_nothing():
    free = BARE.replace(power_usd_per_kwh=None, electricity_usd_per_th_day=0.0)
    assert BARE.run(world(0.0), capital=1e3).closing == free.run(world(), capital=1e3).closing


def test_days_at_a_loss_are_counted_at_the_price_of_the_day():
    """A TH/s earns 0.3125 USD a day, and costs as much at 0.65 USD per kWh."""
    stops = BARE.replace(stop_after_days=2)
    path = np.array([0.0, 0.7, 0.6, 0.7, 0.7])
    assert stops.run(world(path), capital=400.0).lines["mining"].tolist() == pytest.approx([4 * 31.25])
    path = np.array([0.0, 0.7, 0.7, 0.6, 0.0])
    assert stops.run(world(path), capital=400.0).lines["mining"].tolist() == pytest.approx([2 * 31.25])


def test_waived_power_takes_no_more_than_the_output():
    waived = BARE.replace(costs_beyond_output="waived")
    assert electricity(waived, world(np.array([0.0, 5.0, 5.0, 0.05, 0.05]))).tolist() == pytest.approx([-62.5 - 4.8])


# Paid in advance


def test_prepaid_power_is_part_of_the_price_at_the_day_of_the_opening():
    """4 USD a TH/s, and 4 days of 0.48 kWh at 0.05 USD: 409.60 USD for 100 TH/s, and nothing for power later."""
    prepaid = BARE.replace(electricity_prepaid=True)
    outcome = prepaid.run(world(np.array([0.05, 9.0, 9.0, 9.0, 9.0])), capital=1_000.0)
    money = {line.label: float(amount[0]) for line, amount in outcome.lines.items() if amount[0]}
    assert money == pytest.approx({"mining": 125.0, "contract": -400.0 - 4 * 0.48 * 0.05 * 100.0})


def test_prepaid_power_and_power_by_the_day_come_to_the_same_where_it_stands_still():
    both = [BARE.replace(electricity_prepaid=way).run(world(), capital=1e3).closing[0] for way in (False, True)]
    assert both[0] == pytest.approx(both[1], rel=1e-12)


def test_prepaid_power_rents_less():
    found = BARE.replace(hashrate_th_s=None, electricity_prepaid=True).run(world(), capital=400.0)
    assert found.lines["mining"].tolist() == pytest.approx([125.0 * 4.0 / 4.096])


def test_an_amount_a_day_can_be_prepaid_too():
    terms = BARE.replace(power_usd_per_kwh=None, electricity_usd_per_th_day=0.1, electricity_prepaid=True)
    assert terms.run(world(), capital=440.0).lines["contract"].tolist() == pytest.approx([-440.0])
    with pytest.raises(InputError, match=r"too little"):
        terms.run(world(), capital=439.0)


@pytest.mark.parametrize("power", [0.05, 0.2])
def test_at_the_break_even_price_the_price_comes_back_with_prepaid_power(power):
    terms = BARE.replace(electricity_prepaid=True)
    market = world(power)
    even = terms.break_even_price_usd_per_th_s(market)
    assert even == pytest.approx(1.25 - 4 * 0.48 * power)
    assert even == pytest.approx(BARE.break_even_price_usd_per_th_s(market))
    at_it = terms.replace(price_usd_per_th_s=even)
    assert at_it.run(market, capital=1e3).profit.tolist() == pytest.approx([0.0], abs=1e-9)


# Where the price comes from


@pytest.mark.parametrize(
    "part",
    [
        MeanRevertingFees(US, LogOrnsteinUhlenbeck(0.05, standard_deviation=0.5, half_life_days=20.0)),
        GeometricBrownianMotion({US: GBM(0.05, volatility=0.5, drift=0.0)}),
    ],
)
def test_scenarios_draw_a_price_of_power_and_the_contract_pays_it(part):
    scenario = Joint([Constants(BASE), part])
    grid = TimeGrid.daily("2026-01-01", days=60)
    results = simulate({"it": BARE.replace(term_days=60.0)}, scenario, grid, capital=1e3, n_paths=64, rng=1)
    market = scenario.market(grid, frozenset({US}), streams=Streams(1), n_paths=64)
    power = np.concatenate([chunk.rows[US][1:] for chunk in market.chunks()])
    assert power.shape == (60, 64)
    assert results["it"].lines["electricity"] == pytest.approx(-48.0 * power.sum(axis=0))


def test_a_reverting_price_of_power_opens_where_it_is_told_and_has_its_moments():
    law = LogOrnsteinUhlenbeck(0.06, standard_deviation=0.4, half_life_days=5.0, initial_level=0.12)
    grid = TimeGrid.daily("2026-01-01", days=200)
    market = MeanRevertingFees(US, law).market(grid, frozenset({US}), streams=Streams(3), n_paths=4_000)
    rows = [chunk.rows[US].copy() for chunk in market.chunks()]
    assert rows[0][0] == pytest.approx(0.12)
    for one, other in pairwise(rows):
        assert (one[-1] == other[0]).all()
    last = np.log(rows[-1][-1])
    assert last.mean() == pytest.approx(np.log(0.06) - 0.08, abs=4 * 0.4 / 4_000**0.5)
    assert last.std() == pytest.approx(0.4, rel=4 / (2 * 4_000) ** 0.5)


def test_a_shock_raises_the_price_of_power():
    world = Shocked(Constants({**BASE, US: 0.05}), Shock(US, day=2, change=1.0))
    results = simulate({"it": BARE}, world, GRID, capital=1e3, n_paths=2, rng=1)
    assert results["it"].lines["electricity"].tolist() == pytest.approx([-48.0 * 0.05 * (1 + 2 + 2 + 2)] * 2)


@pytest.mark.parametrize(("head", "scale"), [("price", 1.0), ("usd_per_mwh", 1e3), ("cents", 100.0)])
def test_a_file_gives_it(tmp_path, head, scale):
    days = [f"2026-01-0{k}" for k in range(1, 8)]
    levels = [0.05, 0.06, 0.04, 0.05, 0.09, 0.02, 0.05]
    file = tmp_path / "power.csv"
    file.write_text(
        "\n".join([f"date,{head}", *(f"{d},{x * scale}" for d, x in zip(days, levels, strict=True))]) + "\n"
    )
    history = History({US: DailyFile(file)})
    assert history.series[US].values == pytest.approx(levels)
    results = simulate({"it": BARE}, Joint([history, Constants(BASE)]), history.grid(days=4), capital=1e3, rng=1)
    assert results["it"].lines["electricity"][0] == pytest.approx(-48.0 * sum(levels[1:5]))


# Bad terms


def test_power_by_the_kwh_and_by_the_day_is_refused():
    with pytest.raises(InputError, match=r"electricity_usd_per_th_day: must be 0 where power_usd_per_kwh gives the"):
        CloudMiningContract(power_usd_per_kwh=0.05, electricity_usd_per_th_day=0.02)
    with pytest.raises(InputError, match=r"write electricity_usd_per_th_day=0\.0"):
        CloudMiningContract().replace(power_usd_per_kwh=US)


def test_another_factor_is_no_price_of_power():
    with pytest.raises(InputTypeError, match=r'power_usd_per_kwh: .*PowerPrice\("US"\) or a number'):
        CloudMiningContract(power_usd_per_kwh=Price("US"))  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"power_usd_per_kwh"):
        CloudMiningContract(power_usd_per_kwh=-0.05)


def test_a_price_of_a_megawatt_hour_is_warned_of():
    with pytest.warns(UnitWarning, match=r"power at 50 USD per kWh: is it per MWh, or in cents\?"):
        CloudMiningContract(power_usd_per_kwh=50.0)
    with pytest.warns(UnitWarning, match=r"the median price of power is 50 USD per kWh: of a MWh, or in cents\?"):
        world(50.0)


def test_a_file_of_products_names_the_market_s_price(tmp_path):
    file = tmp_path / "it.toml"
    file.write_text('[it]\nkind = "CloudMiningContract"\npower_usd_per_kwh = {PowerPrice = "US"}\n')
    assert read_products(file)["it"] == CloudMiningContract(power_usd_per_kwh=US)


@pytest.mark.parametrize("prepaid", [False, True])
def test_a_contract_with_power_by_the_kwh_passes_every_check(prepaid):
    check_product(BARE.replace(hashrate_th_s=None, term_days=30.0, electricity_prepaid=prepaid))
