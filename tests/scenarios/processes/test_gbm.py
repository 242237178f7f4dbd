"""`GeometricBrownianMotion`: moments against closed forms, and which numbers depend on which."""

import itertools
import tracemalloc

import numpy as np
import pytest

from stakingmodels.errors import InputError, InputTypeError, NumericalError
from stakingmodels.market import BlockFees, Difficulty, Factor, Hashrate, Price, TimeGrid
from stakingmodels.products import Holding
from stakingmodels.scenarios import GBM, GeometricBrownianMotion, Streams

MANY = 8_192

ETH, BTC, SOL = Price("ETH"), Price("BTC"), Price("SOL")
GRID = TimeGrid.daily("2026-01-01", days=73)  # a fifth of a year
YEARS = 0.2


def path_rows(world, factors, *, paths=MANY, grid=GRID, entropy=7, block=0):
    """All rows of some factors, joined over the chunks."""
    market = world.market(grid, frozenset(factors), streams=Streams(entropy, first_path=8_192 * block), n_paths=paths)
    parts = [[chunk.rows[factor].copy() for factor in factors] for chunk in market.chunks()]
    return [np.concatenate([parts[0][i], *(part[i][1:] for part in parts[1:])]) for i in range(len(factors))]


def logs(rows):
    return np.log(rows[-1] / rows[0])


# Moments, within 4 standard errors


@pytest.mark.parametrize(("volatility", "drift"), [(0.7, 0.0), (0.7, 0.5), (2.0, 0.0), (0.1, -1.0)])
def test_mean_and_deviation_of_the_logarithm(volatility, drift):
    (rows,) = path_rows(GeometricBrownianMotion({ETH: GBM(3000.0, volatility=volatility, drift=drift)}), [ETH])
    moved = logs(rows)
    deviation = volatility * np.sqrt(YEARS)
    assert abs(moved.mean() - (drift - volatility**2 / 2) * YEARS) < 4 * deviation / np.sqrt(MANY)
    assert abs(moved.std(ddof=1) - deviation) < 4 * deviation / np.sqrt(2 * MANY)


@pytest.mark.parametrize("drift", [0.0, 0.04, -0.5])
def test_the_mean_level_grows_at_the_drift(drift):
    (rows,) = path_rows(GeometricBrownianMotion({ETH: GBM(3000.0, volatility=0.7, drift=drift)}), [ETH])
    discounted = rows[-1] / 3000.0 * np.exp(-drift * YEARS)
    assert abs(discounted.mean() - 1.0) < 4 * discounted.std() / np.sqrt(MANY)


def test_steps_are_independent():
    (rows,) = path_rows(GeometricBrownianMotion({ETH: GBM(1.0, volatility=0.7)}), [ETH])
    moves = np.diff(np.log(rows), axis=0)
    assert abs(np.corrcoef(moves[:-1].ravel(), moves[1:].ravel())[0, 1]) < 4 / np.sqrt(moves[1:].size)


def test_steps_spread_by_their_length():
    grid = TimeGrid(np.array(["2026-01-01", "2026-01-02", "2026-04-11"], dtype="M8[D]"))
    (rows,) = path_rows(GeometricBrownianMotion({ETH: GBM(1.0, volatility=0.7)}), [ETH], grid=grid)
    for k, days in enumerate((1, 99)):
        deviation = 0.7 * np.sqrt(days / 365)
        assert np.log(rows[k + 1] / rows[k]).std() == pytest.approx(deviation, rel=4 / np.sqrt(2 * MANY))


@pytest.mark.parametrize("rho", [-0.9, 0.0, 0.5, 0.84])
def test_correlation_of_two(rho):
    world = GeometricBrownianMotion(
        {ETH: GBM(3000.0, volatility=0.7), BTC: GBM(9e4, volatility=0.5)}, correlation={(ETH, BTC): rho}
    )
    eth, btc = path_rows(world, [ETH, BTC])
    found = np.corrcoef(logs(eth), logs(btc))[0, 1]
    assert abs(found - rho) < 4 * (1 - rho**2) / np.sqrt(MANY) + 1e-12


def test_correlations_of_three():
    pairs: dict[tuple[Factor, Factor], float] = {(ETH, BTC): 0.84, (BTC, SOL): 0.74, (SOL, ETH): 0.745}
    world = GeometricBrownianMotion({f: GBM(1.0, volatility=0.7) for f in (ETH, BTC, SOL)}, correlation=pairs)
    moved: dict[Factor, np.ndarray] = dict(
        zip((ETH, BTC, SOL), map(logs, path_rows(world, [ETH, BTC, SOL])), strict=True)
    )
    for (one, other), rho in pairs.items():
        assert abs(np.corrcoef(moved[one], moved[other])[0, 1] - rho) < 4 * (1 - rho**2) / np.sqrt(MANY)
    assert moved[SOL].std() == pytest.approx(0.7 * np.sqrt(YEARS), rel=4 / np.sqrt(2 * MANY))


# What is certain


def test_without_volatility_it_is_a_trend_for_all_paths():
    world = GeometricBrownianMotion({ETH: GBM(100.0, volatility=0.0, drift=0.365), BTC: GBM(5.0, volatility=0.0)})
    eth, btc = path_rows(world, [ETH, BTC])
    assert eth.shape == (74, 1)
    assert eth[:, 0] == pytest.approx(100 * np.exp(0.001 * np.arange(74)), rel=1e-13)
    assert (btc == 5.0).all()


def test_it_opens_at_the_start_on_every_path():
    (rows,) = path_rows(GeometricBrownianMotion({ETH: GBM(3000.0, volatility=0.7)}), [ETH])
    assert (rows[0] == 3000.0).all()
    assert (rows > 0.0).all()


# What depends on what


def test_adding_a_factor_changes_no_number():
    two = GeometricBrownianMotion(
        {ETH: GBM(3000.0, volatility=0.7), BTC: GBM(9e4, volatility=0.5)}, correlation={(ETH, BTC): 0.8}
    )
    three = GeometricBrownianMotion(
        {**two.levels, SOL: GBM(100.0, volatility=1.0)},
        correlation={(ETH, BTC): 0.8, (BTC, SOL): 0.7, (ETH, SOL): 0.6},
    )
    first = GeometricBrownianMotion({SOL: GBM(100.0, volatility=1.0), **two.levels}, correlation={(ETH, BTC): 0.8})
    expected = [each.tobytes() for each in path_rows(two, [ETH, BTC], paths=50)]
    for more in (three, first):
        assert [each.tobytes() for each in path_rows(more, [ETH, BTC], paths=50)] == expected


def test_a_change_of_one_volatility_leaves_the_others():
    low, high = (
        GeometricBrownianMotion(
            {ETH: GBM(1.0, volatility=v), BTC: GBM(1.0, volatility=0.5)}, correlation={(ETH, BTC): 0.8}
        )
        for v in (0.1, 0.9)
    )
    assert path_rows(low, [BTC], paths=50)[0].tobytes() == path_rows(high, [BTC], paths=50)[0].tobytes()


@pytest.mark.usefixtures("ten_rows")
def test_the_prices_of_two_chunks_share_their_edge():
    market = GeometricBrownianMotion({ETH: GBM(1.0, volatility=0.7)}).market(
        GRID, frozenset({ETH}), streams=Streams(1), n_paths=MANY
    )
    edges = [(chunk.rows[ETH][0].copy(), chunk.rows[ETH][-1].copy()) for chunk in market.chunks()]
    assert len(edges) > 5
    for (_, end), (start, _) in itertools.pairwise(edges):
        assert (start == end).all()


def test_one_path_over_many_years_takes_little_memory():
    world = GeometricBrownianMotion({ETH: GBM(1.0, volatility=0.5)})
    market = world.market(TimeGrid.daily("2026-01-01", days=3650), frozenset({ETH}), streams=Streams(1), n_paths=1)
    tracemalloc.start()
    try:
        Holding(asset="ETH").run(market, capital=1.0)
        assert tracemalloc.get_traced_memory()[1] < 50 * 2**20
    finally:
        tracemalloc.stop()


# Refused


@pytest.mark.parametrize(
    ("terms", "error", "words"),
    [
        ({"volatility": -0.1}, InputError, r"^GBM\.volatility: "),
        ({"volatility": float("nan")}, InputError, r"^GBM\.volatility: must be finite"),
        ({"volatility": 50.0}, InputError, r"^GBM\.volatility: .*percent\? write 0\.50"),
        ({"volatility": "0.5"}, InputTypeError, r"^GBM\.volatility: "),
        ({"drift": -11.0}, InputError, r"^GBM\.drift: .*percent\? write 0\.11"),
        ({"drift": float("inf")}, InputError, r"^GBM\.drift: must be finite"),
        ({"initial_level": 0.0}, InputError, r"^GBM\.initial_level: must be in \(0"),
        ({"initial_level": -1.0}, InputError, r"^GBM\.initial_level: must be in \(0"),
    ],
)
def test_diffusions(terms, error, words):
    with pytest.raises(error, match=words):
        GBM(**{"initial_level": 1.0, "volatility": 0.5, **terms})


@pytest.mark.parametrize(
    ("levels", "error", "words"),
    [
        (None, InputTypeError, r"^GeometricBrownianMotion\.levels: must be a mapping"),
        ({}, InputTypeError, r"^GeometricBrownianMotion\.levels: must be a mapping"),
        ({"ETH": GBM(1.0, volatility=0.5)}, InputTypeError, r"^GeometricBrownianMotion\.levels: must be Factor"),
        ({ETH: 3000.0}, InputTypeError, r'^GeometricBrownianMotion: Price\("ETH"\): must be GBM'),
        (
            {BlockFees("BTC"): GBM(1.0, volatility=0.5)},
            InputError,
            r'^GeometricBrownianMotion: BlockFees\("BTC"\): must be a level',
        ),
    ],
)
def test_levels(levels, error, words):
    with pytest.raises(error, match=words):
        GeometricBrownianMotion(levels)


LEVELS = {ETH: GBM(1.0, volatility=0.5), BTC: GBM(1.0, volatility=0.5), SOL: GBM(1.0, volatility=0.5)}


@pytest.mark.parametrize(
    ("correlation", "error", "words"),
    [
        ([1], InputTypeError, r"^GeometricBrownianMotion\.correlation: must be Mapping"),
        ({ETH: 0.5}, InputTypeError, r"^GeometricBrownianMotion\.correlation: must have pairs of factors"),
        (
            {(ETH, BTC): 1.5},
            InputError,
            r'^GeometricBrownianMotion\.correlation\[Price\("ETH"\), Price\("BTC"\)\]: must be in \(-1, 1\)',
        ),
        ({(ETH, BTC): "0.5"}, InputTypeError, r"^GeometricBrownianMotion\.correlation\["),
        ({(ETH, ETH): 0.5}, InputError, "two different random factors"),
        ({(ETH, Price("ADA")): 0.5}, InputError, "two different random factors"),
        ({(ETH, BTC): 0.9, (BTC, SOL): 0.9, (ETH, SOL): -0.9}, InputError, "positive definite"),
        ({(ETH, BTC): 1.0}, InputError, r"must be in \(-1, 1\)"),
        ({(ETH, BTC): 0.5, (BTC, ETH): 0.4}, InputError, "once for a pair"),
    ],
)
def test_correlations_that_no_variables_have(correlation, error, words):
    with pytest.raises(error, match=words):
        GeometricBrownianMotion(LEVELS, correlation=correlation)


def test_overflow_is_an_error_and_no_warning():
    world = GeometricBrownianMotion({ETH: GBM(1e15, volatility=0.5, drift=10.0)})
    grid = TimeGrid(np.datetime64("2026-01-01", "s") + np.arange(101) * np.timedelta64(365, "D"))
    market = world.market(grid, frozenset({ETH}), streams=Streams(1), n_paths=3)
    with pytest.raises(NumericalError, match=r"^Holding: overflow"):
        Holding(asset="ETH").run(market, capital=1.0)


def test_levels_are_copied():
    levels = dict(LEVELS)
    world = GeometricBrownianMotion(levels)
    levels.clear()
    assert world.factors == set(LEVELS)


def test_notes():
    world = GeometricBrownianMotion(
        {ETH: GBM(3000.0, volatility=0.7, drift=0.04), Hashrate("BTC"): GBM(1e9, volatility=0.1)},
        correlation={(ETH, Hashrate("BTC")): 0.3},
    )
    assert world.describe() == (
        'Price("ETH") lognormal: start 3000, volatility 70.00% a year, mean growth +4.08% APY, median -18.54% APY',
        'Hashrate("BTC") lognormal: start 1e+09, volatility 10.00% a year, mean growth +0.00% APY, median -0.50% APY',
        'correlation Price("ETH"), Hashrate("BTC"): 0.3000',
    )


def test_a_hash_rate_that_is_drawn_is_no_difficulty():
    world = GeometricBrownianMotion({Hashrate("BTC"): GBM(1e9, volatility=0.1)})
    assert world.missing(frozenset({Difficulty("BTC")})) == {Difficulty("BTC")}
