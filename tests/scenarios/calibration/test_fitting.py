"""`fit`: the built-in scenario's numbers come out of the real records, and drawn records give back what drew them."""

import csv

import attrs
import numpy as np
import pytest

from stakingmodels import (
    Difficulty,
    InputError,
    InputTypeError,
    MarketRatio,
    Price,
    StakingReward,
)
from stakingmodels.market import ExitWait, Hashrate
from stakingmodels.scenarios import History, daily_series, read_daily, reference_fit
from stakingmodels.scenarios.calibration.estimates import Estimate
from stakingmodels.scenarios.calibration.fitting import fit

ETH, BTC, SOL = Price("ETH"), Price("BTC"), Price("SOL")
HASHRATE, DIFFICULTY, STETH = Hashrate("BTC"), Difficulty("BTC"), MarketRatio("stETH")


def history(series, first="2015-01-01", **how):
    """A history of arrays, from one day on."""
    days = {f: np.datetime64(first) + np.arange(len(values)) for f, values in series.items()}
    return History(
        {f: daily_series(days[f], np.asarray(v, dtype=float), name=str(f)) for f, v in series.items()}, **how
    )


def near(estimate, truth):
    """Within 4 standard errors, and these are of some use."""
    assert 0.0 < estimate.standard_error < 10.0
    assert abs(estimate.value - truth) < 4.0 * estimate.standard_error


def walk(rng, days, volatility, log_drift=0.0, start=100.0):
    moves = rng.standard_normal(days) * volatility / 365**0.5 + log_drift / 365
    return start * np.exp(np.concatenate([[0.0], np.cumsum(moves)]))


# the real records


def first_column(path, first="2020-01-01", last="2026-01-01"):
    """Closes by the date in the first column of a CSV file, from a day to another."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines)
        place = next(rows).index("close")
        found = {row[0][:10]: float(row[place]) for row in rows if first <= row[0][:10] <= last}
    return daily_series(np.array(list(found), dtype="datetime64[D]"), np.array(list(found.values())), name=path.name)


@pytest.fixture(scope="module")
def prices(shared_data, network):
    binance = {Price(coin): shared_data / f"data/chains/prices/{coin}USDT.csv" for coin in ("ETH", "SOL")}
    read = {price: first_column(path) for price, path in binance.items()}
    return {ETH: read[ETH], BTC: (network, "PriceUSD"), SOL: read[SOL]}


@pytest.fixture(scope="module")
def network(shared_data):
    return shared_data / "data/btc_network/coinmetrics_btc_2020_2026.csv"


@pytest.fixture(scope="module")
def daily(prices):
    return fit(History(prices, first="2022-01-01", last="2026-01-01"))


@pytest.fixture(scope="module")
def monthly(prices, network):
    record = {BTC: prices[BTC], ETH: prices[ETH], HASHRATE: (network, "HashRate")}
    return fit(History(record, first="2020-01-01", last="2025-12-31"), response_lags=2)


@pytest.fixture(scope="module")
def peg(shared_data):
    files = [shared_data / f"data/yahoo_2024/{coin}-USD.csv" for coin in ("STETH", "ETH")]
    steth, eth = (read_daily(path, column="Close", missing_days="previous") for path in files)
    ratios = steth.values / eth.values[np.isin(eth.dates, steth.dates)]
    series = daily_series(steth.dates, ratios, name="stETH over ETH")
    return fit(History({STETH: series}, first="2023-05-15", last="2024-12-07"))


def same_digits(found, printed):
    """Every number of a fit, values and errors alike, rounds to the one printed."""
    if isinstance(printed, float):
        decimals = len(repr(printed).partition(".")[2])
        assert abs(found - printed) <= 0.5001 * 10.0**-decimals, (found, printed)
    elif isinstance(printed, tuple):
        assert len(found) == len(printed)
        for one, other in zip(found, printed, strict=True):
            same_digits(one, other)
    elif isinstance(printed, int):
        assert found == printed
    else:
        assert type(found) is type(printed)
        for name in (field.name for field in attrs.fields(type(printed)) if field.name != "initial_level"):
            same_digits(getattr(found, name), getattr(printed, name))


PRINTED = reference_fit()


def test_a_wrong_digit_is_found():
    same_digits(Estimate(0.70123, 0.03102), Estimate(0.7012, 0.031))
    for wrong in (Estimate(0.7013, 0.031), Estimate(0.7012, 0.032)):
        with pytest.raises(AssertionError):
            same_digits(Estimate(0.70123, 0.03102), wrong)


@pytest.mark.parametrize("coin", [ETH, BTC, SOL], ids=str)
def test_prices_of_the_built_in_world_come_out_to_their_digits(daily, coin):
    assert (daily.first, daily.last) == ("2022-01-01", PRINTED.last)
    assert daily.levels[coin].initial_level == pytest.approx(PRINTED.levels[coin].initial_level, abs=0.005)
    same_digits(daily.levels[coin], PRINTED.levels[coin])
    same_digits(daily.jumps[coin], PRINTED.jumps[coin])


def test_correlations_of_the_built_in_world_come_out_to_their_digits(daily):
    for pair in ((ETH, BTC), (ETH, SOL), (BTC, SOL)):
        same_digits(daily.correlation[pair], PRINTED.correlation[pair])
        same_digits(daily.no_jump_correlation[pair], PRINTED.no_jump_correlation[pair])
    same_digits(daily.common_share, PRINTED.common_share)
    same_digits(daily.size_correlation, PRINTED.size_correlation)


def test_daily_returns_are_no_normals_and_less_wild_between_jumps(daily):
    for coin, jumps in daily.jumps.items():
        limit = 0.886 / 1461**0.5
        assert daily.levels[coin].ks_statistic > 2.0 * limit > 2.0 * jumps.expected_false_jumps / 1461
        assert 0.0 < jumps.excess_kurtosis < 1.0
        assert daily.levels[coin].excess_kurtosis > 3.5
        assert jumps.ks_statistic < daily.levels[coin].ks_statistic
    assert daily.size_correlation.value > 0.9


def test_the_difficulty_of_the_built_in_world_comes_out_to_its_digits(monthly):
    same_digits(monthly.levels[DIFFICULTY], PRINTED.levels[DIFFICULTY])
    for price in (BTC, ETH):
        for pairs, printed in (
            (monthly.correlation, PRINTED.correlation),
            (monthly.no_jump_correlation, PRINTED.no_jump_correlation),
        ):
            same_digits(pairs[price, DIFFICULTY], printed[price, DIFFICULTY])


def test_the_response_of_the_built_in_world_comes_out_to_its_digits(monthly):
    same_digits(monthly.responses[HASHRATE], PRINTED.responses[HASHRATE])


def test_the_correlation_with_sol_is_of_63_months(prices, network):
    found = fit(History({SOL: prices[SOL], HASHRATE: (network, "HashRate")}, last="2025-12-31"))
    assert found.levels[DIFFICULTY].n_observations == 63  # SOL's record begins on 11 August 2020: August is not whole
    same_digits(found.correlation[SOL, DIFFICULTY], PRINTED.correlation[SOL, DIFFICULTY])


def test_the_peg_of_the_built_in_world_comes_out_to_its_digits(peg):
    same_digits(peg.ratios[STETH], PRINTED.ratios[STETH])


def test_every_estimate_of_the_built_in_world_was_compared(daily, monthly, peg):
    """What is printed has its like in one of the four fits above."""
    for name in ("levels", "jumps", "ratios", "responses"):
        assert set(getattr(PRINTED, name)) <= {f for found in (daily, monthly, peg) for f in getattr(found, name)}
    assert set(PRINTED.correlation) == set(PRINTED.no_jump_correlation)
    assert len(PRINTED.correlation) == 6


# drawn records


@pytest.mark.parametrize("seed", range(4))
def test_a_drawn_diffusion_is_recovered(seed):
    rng = np.random.default_rng(seed)
    z = rng.standard_normal((2, 3000))
    moves = z[0] * 0.03, (0.6 * z[0] + 0.8 * z[1]) * 0.05 + 0.001
    found = fit(history({f: 100.0 * np.exp(np.cumsum(m)) for f, m in zip((ETH, BTC), moves, strict=True)}))
    near(found.levels[ETH].volatility, 0.03 * 365**0.5)
    near(found.levels[BTC].volatility, 0.05 * 365**0.5)
    near(found.levels[ETH].trend, 0.0)
    near(found.levels[BTC].trend, 0.365)
    near(found.correlation[ETH, BTC], 0.6)
    for terms in found.levels.values():
        assert terms.ks_statistic < 1.3 * 0.886 / 2999**0.5
        assert abs(terms.excess_kurtosis) < 4.0 * (24.0 / 2999) ** 0.5
    assert found.jumps == {}  # a normal is beyond 4 deviations once in 43 years


def test_errors_are_those_of_textbooks_for_independent_normals():
    z = np.random.default_rng(5).multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], size=20_000).T * 0.02
    found = fit(history({ETH: np.exp(np.cumsum(z[0])), BTC: np.exp(np.cumsum(z[1]))}, first="1970-01-01"))
    n, volatility = 19_999, 0.02 * 365**0.5
    assert found.levels[ETH].volatility.standard_error == pytest.approx(volatility / (2 * n) ** 0.5, rel=0.15)
    assert found.levels[ETH].trend.standard_error == pytest.approx(365 * 0.02 / n**0.5, rel=0.15)
    assert found.correlation[ETH, BTC].standard_error == pytest.approx(0.75 / n**0.5, rel=0.15)


def test_errors_are_wider_where_volatility_clusters():
    rng = np.random.default_rng(6)
    calm = rng.standard_normal(4000) * 0.03
    clustered = calm * np.where(np.arange(4000) // 50 % 2, 1.4, 0.2)
    errors = [
        fit(history({ETH: np.exp(np.cumsum(r))})).levels[ETH].volatility
        for r in (clustered, rng.permutation(clustered))
    ]
    assert errors[0].standard_error > 1.5 * errors[1].standard_error


@pytest.mark.parametrize("seed", range(4))
def test_drawn_jumps_are_recovered(seed):
    rng = np.random.default_rng(seed)
    n = 6000
    jumps = rng.random(n) < 10.0 / 365
    moves = 0.02 * rng.standard_normal(n) + jumps * (-0.25 + 0.04 * rng.standard_normal(n))
    found = fit(history({ETH: np.exp(np.cumsum(np.concatenate([[5.0], moves])))})).jumps[ETH]
    assert found.count == jumps.sum()
    near(found.jump_intensity, 10.0)
    near(found.mean, -0.25)
    near(found.standard_deviation, 0.04)
    near(found.volatility, 0.02 * 365**0.5)
    assert abs(found.excess_kurtosis) < 0.3
    assert found.expected_false_jumps == pytest.approx(6000 * 6.33e-5, rel=1e-2)


def test_common_jumps_are_counted():
    rng = np.random.default_rng(1)
    moves = 0.01 * rng.standard_normal((2, 2000))
    sizes = -0.3 + 0.05 * rng.standard_normal(40)
    moves[0, 50 * np.arange(40)] = sizes
    moves[1, 50 * np.arange(20)] = 2.0 * sizes[:20]
    moves[1, 50 * np.arange(5) + 25] = -0.5
    series = {f: np.exp(np.concatenate([[9.0], 9.0 + np.cumsum(m)])) for f, m in zip((ETH, BTC), moves, strict=True)}
    found = fit(history(series))
    # the first move of both comes on top of the leap from 9 to 18
    assert (found.jumps[ETH].count, found.jumps[BTC].count) == (40, 25)
    assert found.common_share.value == 0.8
    assert found.common_share.standard_error == pytest.approx((0.8 * 0.2 / 25) ** 0.5, rel=1e-12)
    assert found.size_correlation.value > 0.95
    assert abs(found.no_jump_correlation[ETH, BTC].value) < 0.1 < found.correlation[ETH, BTC].value
    world = found.merton_jump_diffusion()
    assert (world.common_share, world.size_correlation) == (found.common_share.value, found.size_correlation.value)


def test_jumps_that_never_meet_share_nothing():
    moves = 0.01 * np.random.default_rng(1).standard_normal((2, 1000))
    moves[0, 10::100] -= 0.3
    moves[1, 60::100] -= 0.3
    found = fit(history({f: np.exp(np.cumsum(m)) for f, m in zip((ETH, BTC), moves, strict=True)}))
    assert found.common_share == found.size_correlation == Estimate(0.0, 0.0)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("noise", [0.0, 0.002])
def test_a_drawn_peg_is_recovered(seed, noise):
    rng = np.random.default_rng(seed)
    n, kept = 4000, 0.5 ** (1 / 20.0)
    y = rng.standard_normal(n) * 0.004
    for k in range(1, n):
        y[k] = kept * y[k - 1] + (1.0 - kept**2) ** 0.5 * y[k]
    found = fit(history({STETH: 0.99 * np.exp(y + noise * rng.standard_normal(n))})).ratios[STETH]
    near(found.mean, 0.99)
    near(found.standard_deviation, 0.004)
    near(found.half_life_days, 20.0)
    assert found.noise_share == pytest.approx(noise**2 / (noise**2 + 0.004**2), abs=0.05)
    assert found.r_squared > 0.8


@pytest.mark.parametrize("seed", range(3))
def test_a_drawn_response_of_the_hash_rate_is_recovered(seed):
    rng = np.random.default_rng(seed)
    dates = np.arange("2000-01-01", "2026-01-01", dtype="datetime64[D]")
    month = (dates.astype("datetime64[M]") - np.datetime64("2000-01")).astype(int)
    moves = 0.2 * rng.standard_normal(month[-1] + 1)
    lagged = 0.3 * moves + 0.2 * np.roll(moves, 1) + 0.02 + 0.05 * rng.standard_normal(moves.size)
    series = {BTC: 100.0 * np.exp(np.cumsum(moves))[month], HASHRATE: 1e8 * np.exp(np.cumsum(lagged))[month]}
    jitter = {f: v * np.exp(1e-4 * rng.standard_normal(v.size)) for f, v in series.items()}
    found = fit(history(jitter, first="2000-01-01")).responses[HASHRATE]
    for estimate, truth in zip(found.by_lag, (0.3, 0.2, 0.0, 0.0), strict=True):
        near(estimate, truth)
    near(found.elasticity, 0.5)
    near(found.growth, 0.24)
    near(found.volatility, 0.05 * 12**0.5)
    assert found.hashprice_elasticity == pytest.approx(
        found.elasticity.value / (1.0 - found.elasticity.value), rel=1e-12
    )
    assert found.months == 12 * 26 - 1 - 3
    assert str(fit(history(jitter, first="2000-01-01"))).count("at a lag of") == 4
    assert found.r_squared == pytest.approx(0.13 * 0.04 / (0.13 * 0.04 + 0.0025), abs=0.1)


def test_a_difficulty_that_wanders_daily_comes_out_low_by_the_root_of_two_thirds():
    found = fit(history({DIFFICULTY: walk(np.random.default_rng(2), 30_000, 0.4)}, first="1930-01-01"))
    near(found.levels[DIFFICULTY].volatility, 0.4 * (2 / 3) ** 0.5)


def test_a_recorded_difficulty_goes_before_the_hash_rate():
    rng = np.random.default_rng(3)
    series = {HASHRATE: walk(rng, 1500, 0.3), DIFFICULTY: walk(rng, 1500, 0.3), BTC: walk(rng, 1500, 0.3)}
    both, alone = fit(history(series)), fit(history({f: series[f] for f in (DIFFICULTY, BTC)}))
    assert both.levels == alone.levels
    assert set(both.responses) == {HASHRATE}
    assert alone.responses == {}


def test_distance_and_kurtosis_are_those_of_scipy():
    stats = pytest.importorskip("scipy.stats")
    closes = walk(np.random.default_rng(4), 500, 0.6)
    returns = np.diff(np.log(closes))
    found = fit(history({ETH: closes})).levels[ETH]
    whole = stats.kstest((returns - returns.mean()) / returns.std(ddof=1), "norm").statistic
    assert found.ks_statistic == pytest.approx(whole, rel=1e-9)
    assert found.excess_kurtosis == pytest.approx(stats.kurtosis(returns), rel=1e-9)


def test_openings_are_the_last_levels_used_or_those_given():
    closes = walk(np.random.default_rng(1), 99, 0.5)
    assert fit(history({ETH: closes})).levels[ETH].initial_level == closes[-1]
    assert fit(history({ETH: closes}, last="2015-03-31")).levels[ETH].initial_level == closes[89]
    assert fit(history({ETH: closes}, initial_levels={ETH: 7.0})).levels[ETH].initial_level == 7.0
    recorded = fit(history({ETH: closes}, window_levels="as_recorded"))
    assert recorded.levels == fit(history({ETH: closes})).levels


# what is refused


def test_a_short_history_is_refused():
    closes = walk(np.random.default_rng(1), 60, 0.5)
    assert fit(history({ETH: closes})).levels[ETH].n_observations == 60
    with pytest.raises(InputError, match="fit: history: must have at least 61 days, got '60 days"):
        fit(history({ETH: closes[1:]}))


def test_a_window_without_days_is_refused():
    with pytest.raises(InputError, match="fit: history: must have at least 61 days, got 'none from first to last'"):
        fit(history({ETH: walk(np.random.default_rng(1), 99, 0.5)}, last="2010-01-01"))


def test_a_ratio_of_nothing_has_no_logarithm():
    ratios = np.ones(200)
    ratios[7] = 0.0
    with pytest.raises(InputError, match=r'fit: MarketRatio\("stETH"\): must be above 0; 1 values are not'):
        fit(history({STETH: ratios}))


def test_few_months_are_refused():
    values = walk(np.random.default_rng(1), 365 + 366 + 30, 0.5)  # of 2015, 2016 and January 2017
    assert fit(history({DIFFICULTY: values}, first="2015-01-01")).levels[DIFFICULTY].n_observations == 24
    with pytest.raises(InputError, match=r'fit: Difficulty\("BTC"\): must have at least 25 whole months, got 24'):
        fit(history({DIFFICULTY: values[:-1]}, first="2015-01-01"))


def test_few_days_of_a_ratio_are_refused():
    ratios = np.exp(0.01 * np.random.default_rng(1).standard_normal(80).cumsum())
    with pytest.raises(InputError, match="must have at least 90 days, got 80"):
        fit(history({STETH: ratios}))


def test_a_ratio_that_does_not_return_is_refused():
    with pytest.raises(InputError, match=r'fit: MarketRatio\("stETH"\): must return to a mean'):
        fit(history({STETH: 1.0 + 0.1 * (-1.0) ** np.arange(200)}))


@pytest.mark.parametrize("factor", [ETH, DIFFICULTY, STETH])
def test_a_constant_series_is_refused(factor):
    with pytest.raises(InputError, match=r"must move, got 3\.0"):
        fit(history({factor: np.full(1000, 3.0)}))


def test_a_price_that_mostly_stands_still_is_refused():
    closes = np.where(np.arange(100) % 30 == 0, 1.1, 1.0)
    with pytest.raises(InputError, match="more than half of its daily returns are the same"):
        fit(history({ETH: closes}))


def test_rates_and_waits_are_not_measured():
    prices = walk(np.random.default_rng(1), 99, 0.5)
    for factor, values in ((StakingReward("ETH"), np.full(100, 0.03)), (ExitWait("ETH"), np.arange(100.0))):
        with pytest.raises(InputError, match=f'fit: {type(factor).__name__}."ETH".: must be a price, difficulty, hash'):
            fit(history({ETH: prices, factor: values}))


@pytest.mark.parametrize("arguments", [{"jump_threshold": 1.9}, {"jump_threshold": 21.0}, {"ratio_lags": 1}])
@pytest.mark.parametrize("more", [{}, {"response_lags": 7}])
def test_arguments_out_of_range_are_refused(arguments, more):
    with pytest.raises(InputError, match=r"fit: (jump_threshold|ratio_lags|response_lags): must be"):
        fit(history({ETH: walk(np.random.default_rng(1), 99, 0.5)}), **(more or arguments))


def test_what_is_no_history_is_refused():
    with pytest.raises(InputTypeError, match="fit: history: must be History"):
        fit({ETH: "eth.csv"})  # type: ignore[arg-type]
