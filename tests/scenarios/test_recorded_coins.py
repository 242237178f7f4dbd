"""The built-in scenario with ten coins: what it draws, what it pays, and its numbers against the files they are of."""

import csv
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from stakingmodels import Holding, InputError, InputTypeError, TimeGrid, simulate
from stakingmodels.market import Difficulty, MarketRatio, Price, StakingReward
from stakingmodels.protocols.chains import avalanche, cardano, cosmos, near, polkadot, polygon, solana, tezos
from stakingmodels.scenarios import (
    REFERENCE_COINS,
    REFERENCE_START,
    Constants,
    GeometricBrownianMotion,
    Joint,
    Streams,
    reference,
    reference_fit,
)
from stakingmodels.scenarios.calibration import estimates
from stakingmodels.scenarios.recorded_coins import BUILT_IN_COINS, CORRELATIONS, RECORDS, with_coins

NEW = tuple(RECORDS)
CHAINS = {
    "SOL": solana.Solana,
    "ATOM": cosmos.Cosmos,
    "ADA": cardano.Cardano,
    "DOT": polkadot.Polkadot,
    "AVAX": avalanche.Avalanche,
    "POL": polygon.Polygon,
    "NEAR": near.Near,
    "XTZ": tezos.Tezos,
}


def drawn(world) -> GeometricBrownianMotion:
    return next(part for part in world.parts if isinstance(part, GeometricBrownianMotion))


def levels_of(world, factors, days=365, n_paths=24, seed=1):
    """Levels of some factors, ``(n_times, n_paths)``."""
    grid = TimeGrid.daily(REFERENCE_START, days=days)
    market = world.market(grid, frozenset(factors), streams=Streams(seed), n_paths=n_paths)
    found: dict[Any, list[Any]] = {factor: [] for factor in factors}
    for chunk in market.chunks():
        for factor in factors:
            found[factor].append(chunk.rows[factor][: chunk.steps].copy())
    return {factor: np.concatenate(rows) for factor, rows in found.items()}


@pytest.fixture(scope="module")
def returns():
    """Log returns of 24 years of each coin."""
    prices = levels_of(reference(coins=REFERENCE_COINS), [Price(coin) for coin in REFERENCE_COINS])
    return {price.name: np.diff(np.log(rows), axis=0).ravel() for price, rows in prices.items()}


def whole_fit():
    return with_coins(reference_fit(), REFERENCE_COINS)


def test_it_has_ten_prices_and_the_rewards_of_nine_chains():
    factors = reference(coins=REFERENCE_COINS).factors
    assert {f.name for f in factors if isinstance(f, Price)} == set(REFERENCE_COINS)
    assert {f.name for f in factors if isinstance(f, StakingReward)} == set(REFERENCE_COINS) - {"BTC"}
    assert reference(coins=()).factors == reference().factors | {StakingReward("SOL")}
    assert reference(coins=("XTZ",)).factors == reference(coins=("SOL", "ETH", "XTZ", "BTC")).factors


@pytest.mark.parametrize("jumps", [False, True])
@pytest.mark.parametrize("coins", [("ATOM",), REFERENCE_COINS])
def test_more_coins_change_no_bit_of_the_others(coins, jumps):
    before, after = reference(jumps=jumps), reference(coins=coins, jumps=jumps)
    factors = [*map(Price, BUILT_IN_COINS), Difficulty("BTC"), MarketRatio("stETH"), StakingReward("ETH")]
    one, other = levels_of(before, factors, days=40), levels_of(after, factors, days=40)
    assert all(one[factor].tobytes() == other[factor].tobytes() for factor in factors)
    atom = [Price("ATOM")]
    whole = levels_of(reference(coins=REFERENCE_COINS), atom, days=40)
    assert levels_of(reference(coins=("ATOM",)), atom, days=40)[atom[0]].tobytes() == whole[atom[0]].tobytes()


@pytest.mark.parametrize("coin", REFERENCE_COINS)
def test_the_volatility_drawn_is_the_recorded_one_within_its_error(returns, coin):
    found = whole_fit().levels[Price(coin)].volatility
    assert abs(returns[coin].std() * 365**0.5 - found.value) < found.standard_error


@pytest.mark.parametrize(("one", "other"), tuple(combinations(REFERENCE_COINS, 2)))
def test_the_correlation_drawn_is_the_recorded_one_within_its_error(returns, one, other):
    pairs = whole_fit().correlation
    found = pairs[Price(one), Price(other)]
    assert abs(np.corrcoef(returns[one], returns[other])[0, 1] - found.value) < found.standard_error


@pytest.fixture(scope="module")
def jumping():
    """Log returns of 200 years of each coin, with jumps."""
    world = reference(coins=REFERENCE_COINS, jumps=True)
    prices = levels_of(world, [Price(coin) for coin in REFERENCE_COINS], n_paths=200)
    return {price.name: np.diff(np.log(rows), axis=0).ravel() for price, rows in prices.items()}


@pytest.mark.parametrize(("one", "other"), tuple(combinations(REFERENCE_COINS, 2)))
def test_jumps_leave_the_correlation_of_all_days_what_it_was(jumping, one, other):
    found = whole_fit().correlation[Price(one), Price(other)]
    assert abs(np.corrcoef(jumping[one], jumping[other])[0, 1] - found.value) < found.standard_error


@pytest.mark.parametrize("coin", REFERENCE_COINS)
def test_jumps_leave_the_volatility_of_all_days_what_it_was(jumping, coin):
    found = whole_fit().levels[Price(coin)].volatility
    assert abs(jumping[coin].std() * 365**0.5 - found.value) < found.standard_error


@pytest.mark.parametrize("pairs", ["correlation", "no_jump_correlation"])
def test_the_correlations_are_those_of_some_random_variables(pairs):
    found = whole_fit().jumping_together() if pairs == "no_jump_correlation" else whole_fit()
    factors = tuple(found.levels)
    matrix = np.eye(len(factors))
    for (a, b), rho in getattr(found, pairs).items():
        i, j = factors.index(a), factors.index(b)
        matrix[i, j] = matrix[j, i] = rho.value
    assert len(factors) == 11
    assert (matrix != 0.0).all()  # each pair is recorded
    assert np.linalg.eigvalsh(matrix).min() > 0.04


@pytest.mark.parametrize("coin", CHAINS)
def test_the_reward_is_that_of_the_chains_rule_at_its_stake(coin):
    world, chain = reference(coins=REFERENCE_COINS), CHAINS[coin]()
    rewards = next(part for part in world.parts if isinstance(part, Joint)).parts[0]
    assert isinstance(rewards, Constants)
    given = rewards.values
    assert given[StakingReward(coin)] == chain.realized_apr()
    assert (
        f"reward of {coin}: {chain.realized_apr().value:.2%} APR by the chain's rule at its stake of {chain.as_of}"
        in (world.describe())
    )


def test_prices_open_at_the_last_close_which_is_said_where_it_is_older():
    world = reference(coins=REFERENCE_COINS)
    assert {c: drawn(world).levels[Price(c)].initial_level for c in ("ATOM", "XTZ")} == {"ATOM": 2.069, "XTZ": 0.5831}
    assert world.as_of == np.datetime64("2025-11-12")
    assert 'Price("XTZ") opens at its last recorded close, of 2025-11-12' in world.describe()
    assert reference(coins=("ADA", "POL")).as_of == REFERENCE_START
    given = reference(coins=("XTZ",), initial_levels={Price("XTZ"): 0.6})
    assert drawn(given).levels[Price("XTZ")].initial_level == 0.6
    assert given.as_of == REFERENCE_START
    assert not any("last recorded close" in note for note in given.describe())


def test_prices_grow_with_cash_on_average():
    grid = TimeGrid.daily(REFERENCE_START, days=30)
    held = {coin: Holding(asset=coin) for coin in NEW}
    world = reference(coins=REFERENCE_COINS)
    for outcome in simulate(held, world, grid, capital=1.0, n_paths=4096, rng=1).values():
        error = np.std(outcome.profit) / np.sqrt(outcome.n_paths)
        assert abs(np.mean(outcome.profit) - 0.037 * 30 / 365) < 4.0 * error


def test_a_draw_of_all_parameters_runs():
    sample = whole_fit().sample_parameters(np.random.default_rng(1))
    world = reference(coins=REFERENCE_COINS, fitted=sample, jumps=True, miners=True)
    assert {f.name for f in world.factors if isinstance(f, Price)} == set(REFERENCE_COINS)
    assert sample.levels[Price("ADA")].volatility != RECORDS["ADA"].returns.volatility


@pytest.mark.parametrize(
    ("coins", "words"),
    [
        ("ADA", r"^reference: coins: must be a list of coins; write coins="),
        (3, "^reference: coins: must be a list of coins"),
        (["ada"], r"^reference: coins: must be of ETH, BTC, .*XTZ, got 'ada' \(did you mean ADA\?\)$"),
        (["ADA", 3], r"^reference: coins: must be of ETH, BTC, .*XTZ, got 3"),
    ],
)
def test_coins_without_a_record_are_refused(coins, words):
    with pytest.raises((InputError, InputTypeError), match=words):
        reference(coins=coins)


def read(path, first=0, value="close"):
    """Value by the date in the first column of a CSV file, where names of columns are there twice."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines)
        place = next(rows).index(value)
        return {_day(row[first]): float(row[place]) for row in rows}


def _day(text):
    return str(np.datetime64(int(text), "ms").astype("datetime64[D]")) if text.isdecimal() else text[:10]


@pytest.fixture(scope="module")
def closes(shared_data):
    """Daily closes by coin, and Bitcoin's hash rate, to the last whole day."""
    prices, network = shared_data / "data/chains/prices", shared_data / "data/btc_network/coinmetrics_btc_2020_2026.csv"
    found = {coin: read(prices / f"{coin}USDT.csv") for coin in REFERENCE_COINS if coin != "BTC"}
    matic = read(prices / "MATICUSDT_binance.csv")
    del matic["2024-09-10"], found["XTZ"]["2025-11-13"]
    found["POL"] = matic | found["POL"]
    return {**found, "BTC": read(network, value="PriceUSD"), "hash rate": read(network, value="HashRate")}


@pytest.fixture(scope="module")
def daily(closes):
    """Daily log returns of 2022-01-02 to 2026-01-01, NaN without a close."""
    days = np.arange("2022-01-01", "2026-01-02", dtype="datetime64[D]").astype(str)
    rows = {coin: np.array([closes[coin].get(day, np.nan) for day in days]) for coin in REFERENCE_COINS}
    return {coin: np.diff(np.log(row)) for coin, row in rows.items()}


def jump_days(row):
    found = np.zeros(row.size, dtype=bool)
    found[np.isfinite(row)] = estimates.jump_days("test", row[np.isfinite(row)], 4.0)
    return found


@pytest.mark.parametrize("coin", NEW)
def test_volatility_and_jumps_are_those_of_the_file(closes, daily, coin):
    record, row = RECORDS[coin], daily[coin]
    known = row[np.isfinite(row)]
    found = estimates.diffusion(known, a_year=365.0, start=closes[coin][record.last])
    assert found.n_observations == record.returns.n_observations
    assert found.initial_level == record.returns.initial_level
    for name, digits in (("volatility", 4), ("trend", 3)):
        one, other = getattr(found, name), getattr(record.returns, name)
        assert (one.value, one.standard_error) == pytest.approx(
            (other.value, other.standard_error), abs=0.51 * 0.1**digits
        )
    jumps = estimates.jumps(known, jump_days(row)[np.isfinite(row)], 4.0)
    assert jumps is not None
    assert jumps.count == record.jumps.count
    for name, digits in (("volatility", 4), ("jump_intensity", 2), ("mean", 4), ("standard_deviation", 4)):
        one, other = getattr(jumps, name), getattr(record.jumps, name)
        assert (one.value, one.standard_error) == pytest.approx(
            (other.value, other.standard_error), abs=0.51 * 0.1**digits
        )


@pytest.mark.parametrize("pair", CORRELATIONS)
def test_correlations_are_those_of_the_files(daily, pair):
    one, other = (daily[coin] for coin in pair)
    both = np.isfinite(one) & np.isfinite(other)
    calm = both & ~jump_days(one) & ~jump_days(other)
    for days, recorded in zip((both, calm), CORRELATIONS[pair], strict=True):
        found = estimates.correlation(one[days], other[days])
        assert (found.value, found.standard_error) == pytest.approx(
            (recorded.value, recorded.standard_error), abs=5.1e-5
        )


@pytest.mark.parametrize("coin", NEW)
def test_the_correlation_with_the_difficulty_is_that_of_monthly_means(closes, coin):
    first, last = RECORDS[coin].months
    months = np.arange(
        np.datetime64(first) - np.timedelta64(1, "M"), np.datetime64(last) + np.timedelta64(1, "M")
    ).astype(str)
    changes = [
        np.diff(np.log([np.mean([x for day, x in closes[name].items() if day[:7] == month]) for month in months]))
        for name in (coin, "hash rate")
    ]
    found = estimates.correlation(*changes)
    recorded = RECORDS[coin].with_difficulty
    assert (found.value, found.standard_error) == pytest.approx((recorded.value, recorded.standard_error), abs=5.1e-4)
