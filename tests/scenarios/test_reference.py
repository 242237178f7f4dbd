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
    InputError,
    InputTypeError,
    Lognormal,
    MarketRatio,
    Price,
    StakingReward,
    TimeGrid,
    simulate,
)
from stakingmodels.market import ExecutionReward, Hashrate
from stakingmodels.products import SoloValidator
from stakingmodels.scenarios import (
    REFERENCE_START,
    Diffusion,
    HashrateResponse,
    Joint,
    MeanReverting,
    MertonJumps,
    Streams,
    reference,
    reference_fit,
)
from stakingmodels.scenarios.reference import BTC_BLOCK_FEES, BTC_HEIGHT, STAKED_ETH, staking_and_fees

COINS = ("ETH", "BTC", "SOL")
GIVEN = {
    *map(Price, COINS),
    MarketRatio("stETH"),
    Difficulty("BTC"),
    StakingReward("ETH"),
    ExecutionReward("ETH"),
    BlockFees("BTC"),
}


def drawn(world) -> Lognormal:
    return next(part for part in world.parts if isinstance(part, Lognormal))


def levels(world):
    return drawn(world).levels


def constants(world) -> Any:
    return next(part.values for part in world.parts if isinstance(part, Constants))


def test_it_gives_what_the_reference_products_read():
    assert reference().gives == GIVEN


def test_prices_do_not_drift_without_a_cash_rate():
    assert [levels(reference())[Price(coin)].drift for coin in COINS] == [0.0, 0.0, 0.0]


@pytest.mark.parametrize("rate", [APY(0.04), APR(0.04)])
def test_prices_drift_at_the_cash_rate(rate):
    world = reference(cash_rate=rate)
    grid = TimeGrid.daily(REFERENCE_START, days=365)
    cash = simulate({"cash": Holding(asset="USD")}, world, grid, capital=1.0, paths=1, rng=1)["cash"]
    assert CashRate("USD") in world.gives
    for coin in COINS:
        assert np.exp(levels(world)[Price(coin)].drift) == pytest.approx(cash.cash_growth[0], rel=1e-12)


def test_a_bare_cash_rate_is_refused():
    with pytest.raises(InputTypeError, match=r"reference: cash_rate: must be a rate; write APR\(0.04\)"):
        reference(cash_rate=0.04)  # type: ignore[arg-type]


def test_the_mean_return_of_holding_is_within_four_standard_errors_of_zero():
    grid = TimeGrid.daily(REFERENCE_START, days=30)
    products = {coin: Holding(asset=coin) for coin in COINS}
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


def rows(world, seed=1):
    """Every number of 40 paths of a world, by factor."""
    grid = TimeGrid.daily(REFERENCE_START, days=60)
    market = world.market(grid, frozenset(world.gives), streams=Streams(seed), paths=40)
    found: dict[Any, list[bytes]] = {factor: [] for factor in world.gives}
    for chunk in market.chunks():
        for factor, values in chunk.rows.items():
            found[factor].append(values.tobytes())
    return found


def test_the_fit_gives_the_world_that_is_written_out_by_hand():
    eth, btc, sol, difficulty = Price("ETH"), Price("BTC"), Price("SOL"), Difficulty("BTC")
    by_hand = Lognormal(
        {
            eth: Diffusion(3_023.07, 0.7012, 0.0),
            btc: Diffusion(91_465.99, 0.5186, 0.0),
            difficulty: Diffusion(1.5227e14, 0.234, 0.399 + 0.5 * 0.234**2),
            sol: Diffusion(136.77, 0.9930, 0.0),
        },
        {
            (eth, btc): 0.8375,
            (btc, difficulty): 0.310,
            (eth, difficulty): 0.261,
            (eth, sol): 0.7447,
            (btc, sol): 0.7427,
            (sol, difficulty): 0.292,
        },
    )
    peg = MeanReverting(MarketRatio("stETH"), mean=0.9986, deviation=0.0014, half_life_days=27.3)
    world = Joint([by_hand, peg, Constants(dict(staking_and_fees()))])
    assert world.notes() == reference().notes()
    assert rows(world) == rows(reference())
    assert rows(world) != rows(reference(), seed=2)


def test_a_draw_of_the_parameters_makes_another_world_of_the_same_kind():
    drawn_fit = reference_fit().draw(np.random.default_rng(1))
    world = reference(fitted=drawn_fit, staked_eth=4e7)
    assert world.gives == GIVEN
    assert levels(world)[Price("ETH")].volatility == drawn_fit.levels[Price("ETH")].volatility.value != 0.7012
    assert levels(world)[Price("ETH")].start == 3_023.07
    assert constants(world) == constants(reference(staked_eth=4e7))


def test_the_built_in_world_with_jumps():
    part = next(part for part in reference(jumps=True).parts if isinstance(part, MertonJumps))
    assert [part.levels[Price(coin)].jumps_a_year for coin in COINS] == [8.49, 9.26, 3.86]
    assert part.levels[Difficulty("BTC")].jumps_a_year == 0.0
    for coin in COINS:
        total = part.levels[Price(coin)].total_volatility
        assert total == pytest.approx(levels(reference())[Price(coin)].volatility, rel=0.02)


def test_the_built_in_world_with_miners():
    world = reference(miners=True, cash_rate=APY(0.04))
    assert world.gives == {*GIVEN, Hashrate("BTC"), CashRate("USD")}
    assert Difficulty("BTC") not in levels(world)
    miners = next(part for part in world.parts if isinstance(part, HashrateResponse))
    assert (miners.height, miners.difficulty, miners.volatility) == (BTC_HEIGHT, 1.5227e14, 0.219)
    assert miners.elasticity == pytest.approx(0.185 / 0.815, rel=1e-12)
    assert constants(world)[BlockFees("BTC")] == BTC_BLOCK_FEES


def test_draws_of_all_parameters_run():
    grid = TimeGrid.daily(REFERENCE_START, days=20)
    rng = np.random.default_rng(1)
    for _ in range(20):
        world = reference(fitted=reference_fit().draw(rng), jumps=True, miners=True)
        market = world.market(grid, frozenset(world.gives), streams=Streams(1), paths=5)
        for chunk in market.chunks():
            assert all(np.isfinite(values).all() for values in chunk.rows.values())


@pytest.mark.parametrize(("argument", "value"), [("jumps", 1), ("miners", "yes"), ("fitted", reference())])
def test_what_is_no_such_thing_is_refused(argument, value):
    with pytest.raises(InputTypeError, match=f"reference: {argument}: must be"):
        reference(**{argument: value})


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
    return {coin: read(shared_data / f"data/yahoo_2025/{coin}-USD.csv", "date", "close") for coin in COINS}


def between(series, first, last):
    return np.array([value for day, value in sorted(series.items()) if first <= day <= last])


def monthly_changes(series, first="2020-01"):
    """Log changes of monthly means from `first` to 2025-10."""
    months = sorted({day[:7] for day in series if first <= day[:7] <= "2025-10"})
    return np.diff(np.log([between(series, f"{month}-01", f"{month}-31").mean() for month in months]))


@pytest.mark.parametrize("coin", COINS)
def test_prices_open_at_the_close_of_the_start(closes, coin):
    assert levels(reference())[Price(coin)].start == closes[coin][str(REFERENCE_START)]


@pytest.mark.parametrize("coin", COINS)
def test_volatility_is_that_of_2022_to_the_start(closes, coin):
    returns = np.diff(np.log(between(closes[coin], "2021-12-31", str(REFERENCE_START))))
    assert len(returns) == 1419
    assert levels(reference())[Price(coin)].volatility == pytest.approx(np.std(returns, ddof=1) * 365**0.5, abs=5e-5)


def test_correlations_are_those_of_the_records(closes, network):
    part = drawn(reference())
    difficulty = Difficulty("BTC")
    daily = {c: np.diff(np.log(between(closes[c], "2021-12-31", str(REFERENCE_START)))) for c in COINS}
    for first, second in (("ETH", "BTC"), ("ETH", "SOL"), ("BTC", "SOL")):
        found = np.corrcoef(daily[first], daily[second])[0, 1]
        assert part.correlation[Price(first), Price(second)] == pytest.approx(found, abs=5e-5)
    prices = {"ETH": closes["ETH"], "BTC": network["PriceUSD"], "SOL": closes["SOL"]}
    for coin, months in (("ETH", 69), ("BTC", 69), ("SOL", 65)):
        first = "2020-05" if coin == "SOL" else "2020-01"
        rates, moves = monthly_changes(network["HashRate"], first), monthly_changes(prices[coin], first)
        assert len(rates) == len(moves) == months
        pair = (difficulty, Price(coin)) if (difficulty, Price(coin)) in part.correlation else (Price(coin), difficulty)
        assert part.correlation[pair] == pytest.approx(np.corrcoef(moves, rates)[0, 1], abs=5e-4)


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


def test_the_height_is_that_of_the_blocks_since_the_halving(network):
    since = {name: between(series, "2024-04-20", str(REFERENCE_START)) for name, series in network.items()}
    blocks = np.sum(since["IssTotUSD"] / since["PriceUSD"]) / 3.125
    # the blocks of 2024-04-20 before the halving count twice here
    assert pytest.approx(839_999 + blocks, abs=10) == BTC_HEIGHT


def test_block_fees_are_those_of_the_month_before_the_start(network):
    month = {name: between(series, "2025-10-21", "2025-11-19") for name, series in network.items()}
    blocks = np.sum(month["IssTotUSD"] / month["PriceUSD"]) / 3.125
    assert constants(reference())[BlockFees("BTC")] == pytest.approx(month["FeeTotNtv"].sum() / blocks, abs=5e-5)


@pytest.fixture(scope="module")
def week(shared_data):
    """The days of 2025-11-13 to 2025-11-19 of Ethereum's validators."""
    days = json.loads((shared_data / "data/eth_validators/historical_data.json").read_text(encoding="utf-8"))
    found = [day for day in days if "2025-11-13" <= day["date"] <= "2025-11-19"]
    assert len(found) == 7
    return found


def test_the_staking_reward_is_that_of_the_week_before_the_start(week):
    mean = np.mean([day["apr"] for day in week])
    assert constants(reference())[StakingReward("ETH")].value == pytest.approx(mean / 100, abs=5e-6)


def test_the_stake_is_that_of_the_week_before_the_start(week):
    assert pytest.approx(np.mean([day["staked_amount"] for day in week]), abs=0.5) == STAKED_ETH


def test_the_solo_validator_takes_the_same_network():
    assert 32.0 * SoloValidator().network_validators == pytest.approx(STAKED_ETH, abs=32.0)


def test_the_whole_reward_is_consensus_and_execution():
    found = constants(reference())
    consensus = 166.32 / STAKED_ETH**0.5 * 365.0 / 365.25  # the published factor is that of 365.25 days
    whole, execution = found[StakingReward("ETH")].value, found[ExecutionReward("ETH")].value
    assert consensus * (1.0 - 1.0 / 340) < whole - execution < consensus  # the base reward is whole Gwei: 340 of 340.3
    assert execution == pytest.approx(0.00098, abs=5e-6)


def test_twice_the_stake_pays_less_by_the_root_of_two_and_the_same_tips():
    once, twice = constants(reference()), constants(reference(staked_eth=2.0 * STAKED_ETH))
    reward, execution = StakingReward("ETH"), ExecutionReward("ETH")
    assert once[execution] == twice[execution]
    consensus = [found[reward].value - found[execution].value for found in (once, twice)]
    assert consensus[0] / consensus[1] == pytest.approx(2.0**0.5, rel=1.0 / 240)  # base rewards of 340 and 240 Gwei


@pytest.mark.parametrize("stake", [0.0, -1.0, 31.9, np.nan])
def test_a_stake_of_nothing_is_refused(stake):
    with pytest.raises(InputError, match="reference: staked_eth: must be"):
        reference(staked_eth=stake)


def test_the_peg_is_that_of_the_days_since_withdrawals_opened(shared_data):
    closes = [read(shared_data / f"data/yahoo_2024/{coin}-USD.csv", "Date", "Close") for coin in ("STETH", "ETH")]
    steth, eth = (between(series, "2023-05-15", "2024-12-07") for series in closes)
    assert len(steth) == len(eth) == 573
    gaps = np.log(steth / eth)
    y = gaps - gaps.mean()
    lags = np.arange(1, 31)
    covariances = [y[:-lag] @ y[lag:] / y.size for lag in lags]
    slope, at_zero = np.polyfit(lags, np.log(covariances), 1)
    peg = next(part for part in reference().parts if isinstance(part, MeanReverting))
    assert peg.start == peg.mean == pytest.approx(np.exp(gaps.mean()), abs=5e-5)
    assert peg.deviation == pytest.approx(np.exp(at_zero / 2.0), abs=5e-5)
    assert peg.half_life_days == pytest.approx(-np.log(2.0) / slope, abs=0.05)
    assert 1.0 - np.exp(at_zero) / y.var() == pytest.approx(0.62, abs=0.005)
