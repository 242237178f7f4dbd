"""`MertonJumpDiffusion`: its law against closed forms and other libraries, and which numbers depend on which."""

import numpy as np
import pytest
from scipy import stats

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.market import BlockFees, Price, TimeGrid
from stakingmodels.scenarios import GBM, GeometricBrownianMotion, Merton, MertonJumpDiffusion, Streams

MANY = 8_192

ETH, BTC, SOL = Price("ETH"), Price("BTC"), Price("SOL")
GRID = TimeGrid.daily("2026-01-01", days=73)  # a fifth of a year
YEARS = 0.2
MOODY = Merton(100.0, volatility=0.3, jump_intensity=12.0, log_jump_mean=-0.05, log_jump_volatility=0.15)
CALM = Merton(100.0, volatility=0.5, jump_intensity=6.0, log_jump_mean=0.03, log_jump_volatility=0.1)
STILL = {"initial_level": 1.0, "volatility": 0.0}


def path_rows(world, factors, *, paths=MANY, grid=GRID, entropy=7, block=0):
    """All rows of some factors, joined over the chunks."""
    market = world.market(grid, frozenset(factors), streams=Streams(entropy, first_path=8_192 * block), n_paths=paths)
    parts = [[chunk.rows[factor].copy() for factor in factors] for chunk in market.chunks()]
    return [np.concatenate([parts[0][i], *(part[i][1:] for part in parts[1:])]) for i in range(len(factors))]


def logs(rows):
    return np.log(rows[-1] / rows[0])


def moves(rows):
    return np.diff(np.log(rows), axis=0)


# The law of one level


@pytest.mark.parametrize("drift", [0.0, 0.04, -0.5])
@pytest.mark.parametrize(("jumps", "mean", "deviation"), [(12.0, -0.05, 0.15), (6.0, 0.2, 0.0), (270.0, 0.0, 0.03)])
def test_the_mean_level_grows_at_the_drift(drift, jumps, mean, deviation):
    level = Merton(
        3000.0, volatility=0.3, drift=drift, jump_intensity=jumps, log_jump_mean=mean, log_jump_volatility=deviation
    )
    (rows,) = path_rows(MertonJumpDiffusion({ETH: level}), [ETH])
    for day in (1, 20, 73):
        discounted = rows[day] / 3000.0 * np.exp(-drift * day / 365)
        assert abs(discounted.mean() - 1.0) < 4 * discounted.std() / np.sqrt(MANY)


def cumulants(level, years):
    """Of the log return: mean, variance, and the third and fourth."""
    m, d, n = level.log_jump_mean, level.log_jump_volatility, level.jump_intensity * years
    mean = (level.drift - level.volatility**2 / 2 - level.jump_drift) * years + n * m
    variance = level.volatility**2 * years + n * (m**2 + d**2)
    return mean, variance, n * (m**3 + 3 * m * d**2), n * (m**4 + 6 * m**2 * d**2 + 3 * d**4)


@pytest.mark.parametrize("level", [MOODY, CALM], ids=["moody", "calm"])
def test_moments_of_the_logarithm(level):
    moved = np.concatenate([logs(path_rows(MertonJumpDiffusion({ETH: level}), [ETH], block=b)[0]) for b in range(8)])
    mean, variance, third, fourth = cumulants(level, YEARS)
    n = moved.size
    assert abs(moved.mean() - mean) < 4 * np.sqrt(variance / n)
    spread = np.sqrt((fourth + 2 * variance**2) / n)
    assert abs(moved.var(ddof=1) - variance) < 4 * spread
    centred = moved - mean
    for power, expected in ((3, third), (4, fourth + 3 * variance**2)):
        values = centred**power
        assert abs(values.mean() - expected) < 4 * values.std() / np.sqrt(n)
    assert level.total_volatility == pytest.approx(np.sqrt(variance / YEARS))


def series_cdf(x, level, years):
    """The log return is normal given the number of jumps."""
    mean = (level.drift - level.volatility**2 / 2 - level.jump_drift) * years
    n = np.arange(60)
    weights = stats.poisson.pmf(n, level.jump_intensity * years)
    deviations = np.sqrt(level.volatility**2 * years + n * level.log_jump_volatility**2)
    return (weights * stats.norm.cdf(np.asarray(x)[:, None], mean + n * level.log_jump_mean, deviations)).sum(axis=1)


@pytest.mark.parametrize("days", [1, 73])
def test_the_distribution_is_the_series_of_merton(days):
    (rows,) = path_rows(MertonJumpDiffusion({ETH: MOODY}), [ETH])
    found = np.log(rows[days] / rows[0])
    assert stats.kstest(found, lambda x: series_cdf(x, MOODY, days / 365)).pvalue > 1e-3


@pytest.mark.parametrize("strike", [80.0, 100.0, 125.0])
def test_calls_cost_what_quantlib_says(strike):
    ql = pytest.importorskip("QuantLib")
    today = ql.Date(1, 1, 2026)
    ql.Settings.instance().evaluationDate = today

    cash, no_dividend = (
        ql.YieldTermStructureHandle(ql.FlatForward(today, rate, ql.Actual365Fixed())) for rate in (0.03, 0.0)
    )
    spot = ql.QuoteHandle(ql.SimpleQuote(100.0))
    # the model of Bates whose variance stands still is Merton's
    variance = {"v0": 0.09, "kappa": 1.0, "theta": 0.09, "sigma": 1e-4, "rho": 0.0}
    jumps = (MOODY.jump_intensity, MOODY.log_jump_mean, MOODY.log_jump_volatility)
    process = ql.BatesProcess(cash, no_dividend, spot, *variance.values(), *jumps)
    option = ql.VanillaOption(ql.PlainVanillaPayoff(ql.Option.Call, strike), ql.EuropeanExercise(today + 73))
    option.setPricingEngine(ql.BatesEngine(ql.BatesModel(process)))

    level = Merton(
        100.0, volatility=0.3, drift=0.03, jump_intensity=12.0, log_jump_mean=-0.05, log_jump_volatility=0.15
    )
    (rows,) = path_rows(MertonJumpDiffusion({ETH: level}), [ETH])
    paid = np.exp(-0.03 * YEARS) * np.maximum(rows[-1] - strike, 0.0)
    assert abs(paid.mean() - option.NPV()) < 4 * paid.std() / np.sqrt(MANY)


def test_jumps_are_as_many_as_said_and_independent_of_one_another():
    level = Merton(**STILL, jump_intensity=36.5, log_jump_mean=0.1, log_jump_volatility=0.0)
    (rows,) = path_rows(MertonJumpDiffusion({ETH: level}), [ETH])
    counts = np.rint((moves(rows) + level.jump_drift / 365) / 0.1)
    assert abs(counts.mean() - 0.1) < 4 * np.sqrt(0.1 / counts.size)
    totals = counts.sum(axis=0)
    assert abs(totals.var() - 7.3) < 4 * 7.3 * np.sqrt(2.2 / MANY)
    assert abs(np.corrcoef(counts[:-1].ravel(), counts[1:].ravel())[0, 1]) < 4 / np.sqrt(counts.size)
    assert counts.max() >= 2.0  # two jumps in one step on one path add up


def test_longer_steps_have_more_jumps():
    grid = TimeGrid(np.array(["2026-01-01", "2026-01-02", "2026-04-11"], dtype="M8[D]"))
    level = Merton(**STILL, jump_intensity=3.65, log_jump_mean=0.1, log_jump_volatility=0.0)
    (rows,) = path_rows(MertonJumpDiffusion({ETH: level}), [ETH], grid=grid)
    for k, days in enumerate((1, 99)):
        counts = np.rint((moves(rows)[k] + level.jump_drift * days / 365) / 0.1)
        assert abs(counts.mean() - 0.01 * days) < 4 * np.sqrt(0.01 * days / MANY)


def test_without_jumps_it_is_lognormal():
    level = Merton(3000.0, volatility=0.7, drift=0.1, jump_intensity=0.0, log_jump_mean=0.3, log_jump_volatility=0.2)
    (found,) = path_rows(MertonJumpDiffusion({ETH: level}, common_share=0.5), [ETH])
    (expected,) = path_rows(GeometricBrownianMotion({ETH: GBM(3000.0, volatility=0.7, drift=0.1)}), [ETH])
    assert found.tobytes() == expected.tobytes()


def test_without_jumps_and_volatility_all_paths_are_one():
    level = Merton(100.0, volatility=0.0, drift=0.365, jump_intensity=0.0, log_jump_mean=0.0, log_jump_volatility=0.2)
    (rows,) = path_rows(MertonJumpDiffusion({ETH: level}), [ETH])
    assert rows[:, 0] == pytest.approx(100 * np.exp(0.001 * np.arange(74)), rel=1e-13)
    assert rows.shape == (74, 1)


# Several levels


@pytest.mark.parametrize("share", [0.0, 0.4, 1.0])
@pytest.mark.parametrize("size_correlation", [0.0, 0.7])
def test_covariance_of_two(share, size_correlation):
    world = MertonJumpDiffusion(
        {ETH: MOODY, BTC: CALM}, correlation={(ETH, BTC): 0.6}, common_share=share, size_correlation=size_correlation
    )
    eth, btc = (moves(rows).ravel() for rows in path_rows(world, [ETH, BTC]))
    together = share * 6.0 * (-0.05 * 0.03 + size_correlation * 0.15 * 0.1)
    products = (eth - eth.mean()) * (btc - btc.mean())
    expected = (0.6 * 0.3 * 0.5 + together) / 365
    assert abs(products.mean() - expected) < 4 * products.std() / np.sqrt(products.size)


@pytest.mark.parametrize("share", [0.3, 1.0])
def test_the_law_of_one_level_does_not_depend_on_what_is_common(share):
    world = MertonJumpDiffusion({ETH: MOODY, BTC: CALM}, common_share=share, size_correlation=0.9)
    for rows, level in zip(path_rows(world, [ETH, BTC]), (MOODY, CALM), strict=True):
        assert stats.kstest(logs(rows), lambda x, level=level: series_cdf(x, level, YEARS)).pvalue > 1e-3
        growth = rows[-1] / rows[0]
        assert abs(growth.mean() - 1.0) < 4 * growth.std() / np.sqrt(MANY)


def jumped(rows, level):
    return np.abs(moves(rows) + level.jump_drift / 365) > 1e-9


def test_with_everything_common_the_rarer_jumps_with_the_more_frequent():
    often = Merton(**STILL, jump_intensity=20.0, log_jump_mean=0.1, log_jump_volatility=0.01)
    rare = Merton(**STILL, jump_intensity=5.0, log_jump_mean=-0.1, log_jump_volatility=0.01)
    world = MertonJumpDiffusion({ETH: rare, BTC: often}, common_share=1.0)
    eth, btc = path_rows(world, [ETH, BTC])
    one, other = jumped(eth, rare), jumped(btc, often)
    assert one.sum() > 1_000
    assert other[one].all()
    assert abs(one.sum() / other.sum() - 0.25) < 0.02


def test_half_of_the_jumps_are_common():
    level = Merton(**STILL, jump_intensity=5.0, log_jump_mean=0.1, log_jump_volatility=0.01)
    world = MertonJumpDiffusion({ETH: level, BTC: level}, common_share=0.5)
    eth, btc = (jumped(rows, level) for rows in path_rows(world, [ETH, BTC]))
    share = btc[eth].mean()
    alone = 2.5 / 365  # another jump of its own on the same day
    assert abs(share - (0.5 + 0.5 * alone)) < 4 * np.sqrt(0.25 / eth.sum()) + alone


def test_sizes_at_common_times_are_correlated():
    level = Merton(**STILL, jump_intensity=5.0, log_jump_mean=0.0, log_jump_volatility=0.1)
    world = MertonJumpDiffusion({ETH: level, BTC: level}, common_share=1.0, size_correlation=0.6)
    eth, btc = path_rows(world, [ETH, BTC])
    both = jumped(eth, level)
    found = np.corrcoef(moves(eth)[both], moves(btc)[both])[0, 1]
    assert abs(found - 0.6) < 4 * (1 - 0.36) / np.sqrt(both.sum())


# What depends on what

WORLD = MertonJumpDiffusion(
    {ETH: MOODY, BTC: CALM}, correlation={(ETH, BTC): 0.8}, common_share=0.6, size_correlation=0.5
)


def test_adding_a_level_that_jumps_less_changes_no_number():
    more = MertonJumpDiffusion(
        {**WORLD.levels, SOL: CALM}, correlation={(ETH, BTC): 0.8}, common_share=0.6, size_correlation=0.5
    )
    for found, before in zip(path_rows(more, [ETH, BTC]), path_rows(WORLD, [ETH, BTC]), strict=True):
        assert found.tobytes() == before.tobytes()


# Refused


@pytest.mark.parametrize(
    ("terms", "error", "words"),
    [
        ({"volatility": -0.1}, InputError, r"^Merton\.volatility: "),
        ({"drift": float("nan")}, InputError, r"^Merton\.drift: must be finite"),
        ({"initial_level": 0.0}, InputError, r"^Merton\.initial_level: must be in \(0"),
        ({"jump_intensity": -1.0}, InputError, r"^Merton\.jump_intensity: must be in \[0, 1000\]"),
        ({"jump_intensity": 1_001.0}, InputError, r"^Merton\.jump_intensity: too large"),
        ({"log_jump_mean": -11.0}, InputError, r"^Merton\.log_jump_mean: .*percent\? write 0\.11"),
        ({"log_jump_volatility": -0.1}, InputError, r"^Merton\.log_jump_volatility: "),
        ({"log_jump_volatility": "0.1"}, InputTypeError, r"^Merton\.log_jump_volatility: "),
    ],
)
def test_jump_diffusions(terms, error, words):
    good = {
        "initial_level": 1.0,
        "volatility": 0.5,
        "jump_intensity": 1.0,
        "log_jump_mean": 0.0,
        "log_jump_volatility": 0.1,
    }
    with pytest.raises(error, match=words):
        Merton(**{**good, **terms})


@pytest.mark.parametrize(
    ("levels", "terms", "error", "words"),
    [
        ({}, {}, InputTypeError, r"^MertonJumpDiffusion\.levels: must be a mapping"),
        (
            {ETH: GBM(1.0, volatility=0.5)},
            {},
            InputTypeError,
            r'^MertonJumpDiffusion: Price\("ETH"\): must be Merton',
        ),
        ({BlockFees("BTC"): CALM}, {}, InputError, r'^MertonJumpDiffusion: BlockFees\("BTC"\): must be a level'),
        ({ETH: CALM}, {"common_share": 1.1}, InputError, r"^MertonJumpDiffusion\.common_share: must be a fraction"),
        (
            {ETH: CALM},
            {"size_correlation": -0.1},
            InputError,
            r"^MertonJumpDiffusion\.size_correlation: must be a fraction",
        ),
        ({ETH: CALM}, {"correlation": {(ETH, BTC): 0.1}}, InputError, r"^MertonJumpDiffusion\.correlation"),
    ],
)
def test_worlds(levels, terms, error, words):
    with pytest.raises(error, match=words):
        MertonJumpDiffusion(levels, **terms)


def test_notes():
    eth, btc, together, correlation = WORLD.describe()
    assert eth.startswith('Price("ETH") jump diffusion: start 100, volatility 30.00% a year, mean growth +0.00% APY, ')
    assert eth.endswith(", 12 jumps a year of log mean -0.05 and deviation 0.15")
    assert btc.endswith(", 6 jumps a year of log mean 0.03 and deviation 0.1")
    assert together == "60% of jumps at common times, sizes correlated 0.5"
    assert correlation == 'correlation Price("ETH"), Price("BTC"): 0.8000'
    assert not any("common" in note for note in MertonJumpDiffusion({ETH: CALM}).describe())
