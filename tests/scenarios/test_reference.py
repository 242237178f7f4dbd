"""The built-in world: what it gives, its drift, and its numbers against the series they were taken from."""

import csv
import json
from typing import Any

import numpy as np
import pytest

from stakingmodels import (
    APR,
    APY,
    BlockFees,
    CashRate,
    Constants,
    Difficulty,
    Holding,
    InputTypeError,
    Lognormal,
    Price,
    StakingReward,
    TimeGrid,
    simulate,
)
from stakingmodels.scenarios import REFERENCE_START, reference

GIVEN = {Price("ETH"), Price("BTC"), Difficulty("BTC"), StakingReward("ETH"), BlockFees("BTC")}


def drawn(world) -> Lognormal:
    return next(part for part in world.parts if isinstance(part, Lognormal))


def levels(world):
    return drawn(world).levels


def constants(world) -> Any:
    return next(part.values for part in world.parts if isinstance(part, Constants))


def test_it_gives_what_the_reference_products_read():
    assert reference().gives == GIVEN


def test_prices_do_not_drift_without_a_cash_rate():
    assert [levels(reference())[Price(coin)].drift for coin in ("ETH", "BTC")] == [0.0, 0.0]


@pytest.mark.parametrize("rate", [APY(0.04), APR(0.04)])
def test_prices_drift_at_the_cash_rate(rate):
    world = reference(cash_rate=rate)
    grid = TimeGrid.daily(REFERENCE_START, days=365)
    cash = simulate({"cash": Holding(asset="USD")}, world, grid, capital=1.0, paths=1, rng=1)["cash"]
    assert CashRate("USD") in world.gives
    for coin in ("ETH", "BTC"):
        assert np.exp(levels(world)[Price(coin)].drift) == pytest.approx(cash.cash_growth[0], rel=1e-12)


def test_a_bare_cash_rate_is_refused():
    with pytest.raises(InputTypeError, match=r"reference: cash_rate: must be a rate; write APR\(0.04\)"):
        reference(cash_rate=0.04)  # type: ignore[arg-type]


def test_the_mean_return_of_holding_is_within_four_standard_errors_of_zero():
    grid = TimeGrid.daily(REFERENCE_START, days=30)
    products = {"ETH": Holding(asset="ETH"), "BTC": Holding(asset="BTC")}
    for outcome in simulate(products, reference(), grid, capital=1.0, paths=8192, rng=1).values():
        error = np.std(outcome.profit) / np.sqrt(outcome.n_paths)
        assert abs(np.mean(outcome.profit)) < 4.0 * error


def test_the_difficulty_doubles_in_about_21_months():
    growth = levels(reference())[Difficulty("BTC")]
    log_growth = growth.drift - 0.5 * growth.volatility**2
    assert 12.0 * np.log(2.0) / log_growth == pytest.approx(20.8, abs=0.1)


def test_notes_tell_drift_and_correlation():
    notes = reference().notes()
    assert 'Price("ETH") lognormal: start 3023.07, volatility 70.12%, drift 0.00% a year' in notes
    assert 'correlation Price("ETH"), Price("BTC"): 0.8375' in notes


def read(path, day, value):
    """Value by date, of a CSV file."""
    with path.open(encoding="utf-8", newline="") as lines:
        return {row[day][:10]: float(row[value]) for row in csv.DictReader(lines)}


@pytest.fixture(scope="module")
def network(shared_data):
    path = shared_data / "data/btc_network/coinmetrics_btc_2020_2026.csv"
    return {name: read(path, "time", name) for name in ("HashRate", "FeeTotNtv", "IssTotUSD", "PriceUSD")}


@pytest.fixture(scope="module")
def closes(shared_data):
    return {coin: read(shared_data / f"data/yahoo_2025/{coin}-USD.csv", "date", "close") for coin in ("ETH", "BTC")}


def between(series, first, last):
    return np.array([value for day, value in sorted(series.items()) if first <= day <= last])


def monthly_changes(series):
    """Log changes of monthly means from 2020-01 to 2025-10."""
    months = sorted({day[:7] for day in series if "2020-01" <= day[:7] <= "2025-10"})
    return np.diff(np.log([between(series, f"{month}-01", f"{month}-31").mean() for month in months]))


@pytest.mark.parametrize("coin", ["ETH", "BTC"])
def test_prices_open_at_the_close_of_the_start(closes, coin):
    assert levels(reference())[Price(coin)].start == closes[coin][str(REFERENCE_START)]


@pytest.mark.parametrize("coin", ["ETH", "BTC"])
def test_volatility_is_that_of_2022_to_the_start(closes, coin):
    returns = np.diff(np.log(between(closes[coin], "2021-12-31", str(REFERENCE_START))))
    assert len(returns) == 1419
    assert levels(reference())[Price(coin)].volatility == pytest.approx(np.std(returns, ddof=1) * 365**0.5, abs=5e-5)


def test_correlations_are_those_of_the_records(closes, network):
    part = drawn(reference())
    eth, btc, difficulty = Price("ETH"), Price("BTC"), Difficulty("BTC")
    daily = [np.diff(np.log(between(closes[c], "2021-12-31", str(REFERENCE_START)))) for c in ("ETH", "BTC")]
    rates = monthly_changes(network["HashRate"])
    assert len(rates) == 69
    assert part.correlation[eth, btc] == pytest.approx(np.corrcoef(*daily)[0, 1], abs=5e-5)
    price = monthly_changes(network["PriceUSD"])
    assert part.correlation[btc, difficulty] == pytest.approx(np.corrcoef(price, rates)[0, 1], abs=5e-4)
    price = monthly_changes(closes["ETH"])
    assert part.correlation[eth, difficulty] == pytest.approx(np.corrcoef(price, rates)[0, 1], abs=5e-4)


def test_the_difficulty_is_that_of_the_week_before_the_start(network):
    week = {name: between(series, "2025-11-13", "2025-11-19") for name, series in network.items()}
    blocks = np.mean(week["IssTotUSD"] / week["PriceUSD"]) / 3.125
    implied = np.mean(week["HashRate"]) * 1e12 * 86_400 / (2**32 * blocks)
    assert levels(reference())[Difficulty("BTC")].start == pytest.approx(implied, rel=5e-5)


def test_the_difficulty_grows_as_it_did(network):
    changes = monthly_changes(network["HashRate"])
    growth = levels(reference())[Difficulty("BTC")]
    assert growth.volatility == pytest.approx(np.std(changes, ddof=1) * 12**0.5, abs=5e-4)
    assert growth.drift - 0.5 * growth.volatility**2 == pytest.approx(12 * np.mean(changes), abs=5e-4)


def test_block_fees_are_those_of_the_month_before_the_start(network):
    month = {name: between(series, "2025-10-21", "2025-11-19") for name, series in network.items()}
    blocks = np.sum(month["IssTotUSD"] / month["PriceUSD"]) / 3.125
    assert constants(reference())[BlockFees("BTC")] == pytest.approx(month["FeeTotNtv"].sum() / blocks, abs=5e-5)


def test_the_staking_reward_is_that_of_the_week_before_the_start(shared_data):
    days = json.loads((shared_data / "data/eth_validators/historical_data.json").read_text(encoding="utf-8"))
    week = [day["apr"] for day in days if "2025-11-13" <= day["date"] <= "2025-11-19"]
    assert len(week) == 7
    assert constants(reference())[StakingReward("ETH")].value == pytest.approx(np.mean(week) / 100, abs=5e-6)
