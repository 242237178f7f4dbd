"""`RegimeSwitching`: the chain and the levels against closed forms, and which numbers depend on which."""

import numpy as np
import pytest
from scipy import linalg, stats

from stakingmodels import Joint
from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.market import BlockFees, Price, TimeGrid
from stakingmodels.scenarios import GBM, GeometricBrownianMotion, RegimeGBM, RegimeSwitching, Streams

MANY = 8_192

ETH, BTC, SOL = Price("ETH"), Price("BTC"), Price("SOL")
GRID = TimeGrid.daily("2026-01-01", days=73)  # a fifth of a year
TWO = {("calm", "storm"): 4.0, ("storm", "calm"): 12.0}
THREE = {("a", "b"): 30.0, ("b", "c"): 20.0, ("c", "a"): 10.0, ("a", "c"): 5.0}
LEVEL = RegimeGBM(3000.0, volatility={"calm": 0.4, "storm": 1.4})
# without volatility the log return of a day says which regime rules: 0, 1, 2... times 1/365
MARKED = RegimeGBM(1.0, volatility={"calm": 0.0, "storm": 0.0}, drift={"calm": 0.0, "storm": 1.0})
MARKED_THREE = RegimeGBM(1.0, volatility={"a": 0.0, "b": 0.0, "c": 0.0}, drift={"a": 0.0, "b": 1.0, "c": 2.0})


def path_rows(world, factors, *, paths=MANY, grid=GRID, entropy=7, block=0):
    """All rows of some factors, joined over the chunks."""
    market = world.market(grid, frozenset(factors), streams=Streams(entropy, first_path=8_192 * block), n_paths=paths)
    parts = [[chunk.rows[factor].copy() for factor in factors] for chunk in market.chunks()]
    return [np.concatenate([parts[0][i], *(part[i][1:] for part in parts[1:])]) for i in range(len(factors))]


def regimes(world, grid=GRID, **how):
    """Which regime rules each step, ``(n_steps, n_paths)``, of a marked world."""
    (rows,) = path_rows(world, [ETH], grid=grid, **how)
    years = grid.step_days[:, None] / 365
    return np.rint(np.diff(np.log(rows), axis=0) / years).astype(int)


def generator(world):
    rates = world.rate_matrix()
    return rates - np.diag(rates.sum(axis=1))


# The chain


@pytest.mark.parametrize(
    ("level", "switches"), [(MARKED, TWO), (MARKED_THREE, THREE)], ids=["two regimes", "three regimes"]
)
def test_the_long_run_is_the_null_vector_of_the_generator(level, switches):
    world = RegimeSwitching({ETH: level}, transition_rates=switches)
    null = linalg.null_space(generator(world).T)[:, 0]
    assert list(world.stationary_distribution()) == list(level.volatility)
    assert list(world.stationary_distribution().values()) == pytest.approx(null / null.sum(), rel=1e-12)


def test_two_regimes_share_the_time_as_their_stays():
    assert RegimeSwitching({ETH: MARKED}, transition_rates=TWO).stationary_distribution() == {
        "calm": 0.75,
        "storm": 0.25,
    }


@pytest.mark.parametrize(
    ("level", "switches"), [(MARKED, TWO), (MARKED_THREE, THREE)], ids=["two regimes", "three regimes"]
)
def test_paths_open_in_the_long_run_and_stay_in_it(level, switches):
    world = RegimeSwitching({ETH: level}, transition_rates=switches)
    found = regimes(world)
    for step in (0, 1, 72):
        for number, share in enumerate(world.stationary_distribution().values()):
            error = np.sqrt(share * (1 - share) / MANY)
            assert abs((found[step] == number).mean() - share) < 4 * error


@pytest.mark.parametrize("opening", [0, 1, 2])
def test_the_chain_moves_by_the_exponential_of_its_generator(opening):
    grid = TimeGrid(np.datetime64("2026-01-01") + np.array([0, 1, 2, 9, 10, 40, 41]))
    world = RegimeSwitching({ETH: MARKED_THREE}, transition_rates=THREE, initial_regime="abc"[opening])
    found = regimes(world, grid)
    for step, day in enumerate((0, 1, 2, 9, 10, 40)):
        expected = linalg.expm(generator(world) * day / 365)[opening]
        for number, share in enumerate(expected):
            error = np.sqrt(share * (1 - share) / MANY)
            assert abs((found[step] == number).mean() - share) <= 4 * error + 1e-12


def test_switches_of_one_day_have_the_probabilities_of_one_day():
    world = RegimeSwitching({ETH: MARKED_THREE}, transition_rates=THREE)
    found = regimes(world)
    expected = linalg.expm(generator(world) / 365)
    for old in range(3):
        following = found[1:][found[:-1] == old]
        for new in range(3):
            error = np.sqrt(expected[old, new] * (1 - expected[old, new]) / following.size)
            assert abs((following == new).mean() - expected[old, new]) < 4 * error


def test_stays_are_as_long_as_the_switches_say():
    world = RegimeSwitching(
        {ETH: MARKED}, transition_rates={("calm", "storm"): 3.65, ("storm", "calm"): 36.5}, initial_regime="storm"
    )
    found = regimes(world, TimeGrid.daily("2026-01-01", days=200))
    first = np.argmax(found == 0, axis=0)[found.min(axis=0) == 0]
    leave = -np.expm1(-0.1)
    expected = [leave * (1 - leave) ** (day - 1) for day in range(1, 30)]
    found_days = [(first == day).sum() for day in range(1, 30)]
    counts = [*found_days, first.size - sum(found_days)]
    assert stats.chisquare(counts, first.size * np.array([*expected, 1 - sum(expected)])).pvalue > 1e-3


def test_very_frequent_switches_take_their_turns_within_a_step():
    world = RegimeSwitching({ETH: MARKED_THREE}, transition_rates=dict.fromkeys(THREE, 1_000.0), initial_regime="a")
    found = regimes(world)
    expected = linalg.expm(generator(world) / 365)[0]
    assert np.bincount(found[1], minlength=3) / MANY == pytest.approx(expected, abs=4 * 0.5 / np.sqrt(MANY))


def test_without_switches_the_opening_stays():
    world = RegimeSwitching({ETH: MARKED}, transition_rates={("calm", "storm"): 0.0}, initial_regime="storm")
    assert (regimes(world) == 1).all()


def test_one_regime_rules_all_levels_of_a_path():
    world = RegimeSwitching({ETH: MARKED, BTC: MARKED}, transition_rates=TWO)
    eth, btc = path_rows(world, [ETH, BTC])
    assert eth.tobytes() == btc.tobytes()


def test_chains_of_one_name_switch_together_and_others_do_not():
    same, other = (
        Joint(
            [
                RegimeSwitching({ETH: MARKED}, transition_rates=TWO),
                RegimeSwitching({BTC: MARKED}, transition_rates=TWO, name=chain),
            ]
        )
        for chain in ("regime", "another")
    )
    eth, btc = path_rows(same, [ETH, BTC])
    assert eth.tobytes() == btc.tobytes()
    eth, btc = (np.log(rows[-1]) for rows in path_rows(other, [ETH, BTC]))
    assert abs(np.corrcoef(eth, btc)[0, 1]) < 4 / np.sqrt(MANY)


# The levels


def test_one_drift_for_all_regimes_is_the_growth_of_the_mean():
    (rows,) = path_rows(
        RegimeSwitching({ETH: RegimeGBM(3000.0, volatility=LEVEL.volatility, drift=0.3)}, transition_rates=TWO), [ETH]
    )
    for day in (1, 30, 73):
        discounted = rows[day] / 3000.0 * np.exp(-0.3 * day / 365)
        assert abs(discounted.mean() - 1.0) < 4 * discounted.std() / np.sqrt(MANY)


def test_the_mean_with_a_drift_by_regime_is_that_of_the_chain():
    level = RegimeGBM(1.0, volatility=LEVEL.volatility, drift={"calm": 1.0, "storm": -3.0})
    world = RegimeSwitching({ETH: level}, transition_rates=TWO)
    (rows,) = path_rows(world, [ETH])
    step = np.diag(np.exp(np.array([1.0, -3.0]) / 365)) @ linalg.expm(generator(world) / 365)
    expected = np.array([0.75, 0.25]) @ np.linalg.matrix_power(step, 73) @ np.ones(2)
    assert abs(rows[-1].mean() - expected) < 4 * rows[-1].std() / np.sqrt(MANY)


def test_variance_and_fourth_moment_are_those_of_the_mixture():
    (rows,) = path_rows(RegimeSwitching({ETH: LEVEL}, transition_rates=TWO), [ETH])
    found = np.diff(np.log(rows), axis=0)
    shares, volatility = np.array([0.75, 0.25]), np.array([0.4, 1.4])
    centre, deviation = -(volatility**2) / 2 / 365, volatility / np.sqrt(365)
    for power in (1, 2, 4):
        expected = (shares * [stats.norm(c, d).moment(power) for c, d in zip(centre, deviation, strict=True)]).sum()
        # the paths are independent, the days of one are not
        by_path = (found**power).mean(axis=0)
        assert abs(by_path.mean() - expected) < 4 * by_path.std() / np.sqrt(MANY)
    assert stats.kurtosis(found, axis=None) > 2.0


def test_squared_returns_remember_the_regime():
    (rows,) = path_rows(RegimeSwitching({ETH: LEVEL}, transition_rates=TWO), [ETH])
    squares = np.diff(np.log(rows), axis=0) ** 2
    variances = np.array([0.4, 1.4]) ** 2 / 365
    kept = np.exp(-16.0 * 10 / 365)  # of the chain, over ten days
    expected = 0.75 * 0.25 * (variances[1] - variances[0]) ** 2 * kept
    products = (squares[10:] - squares.mean()) * (squares[:-10] - squares.mean())
    by_path = products.mean(axis=0)
    assert abs(by_path.mean() - expected) < 4 * by_path.std() / np.sqrt(MANY)


@pytest.mark.parametrize("rho", [-0.5, 0.8])
def test_levels_are_correlated_in_every_regime(rho):
    world = RegimeSwitching({ETH: LEVEL, BTC: LEVEL}, transition_rates=TWO, correlation={(ETH, BTC): rho})
    eth, btc = (np.diff(np.log(rows), axis=0).ravel() for rows in path_rows(world, [ETH, BTC]))
    assert np.corrcoef(eth, btc)[0, 1] == pytest.approx(rho, abs=0.02)


def test_equal_regimes_are_lognormal():
    level = RegimeGBM(3000.0, volatility={"calm": 0.7, "storm": 0.7}, drift=0.1)
    (found,) = path_rows(RegimeSwitching({ETH: level}, transition_rates=TWO), [ETH], paths=500)
    (expected,) = path_rows(GeometricBrownianMotion({ETH: GBM(3000.0, volatility=0.7, drift=0.1)}), [ETH], paths=500)
    np.testing.assert_allclose(found, expected, rtol=1e-12)


# What depends on what

WORLD = RegimeSwitching(
    {ETH: LEVEL, BTC: RegimeGBM(9e4, volatility={"calm": 0.3, "storm": 1.0})},
    transition_rates=TWO,
    correlation={(ETH, BTC): 0.8},
)


def test_adding_a_level_changes_no_number():
    more = RegimeSwitching(
        {**WORLD.levels, SOL: LEVEL}, transition_rates=TWO, correlation={(ETH, BTC): 0.8, (ETH, SOL): 0.3}
    )
    for found, before in zip(path_rows(more, [ETH, BTC]), path_rows(WORLD, [ETH, BTC]), strict=True):
        assert found.tobytes() == before.tobytes()


# Refused


@pytest.mark.parametrize(
    ("terms", "error", "words"),
    [
        ({"initial_level": 0.0}, InputError, r"^RegimeGBM\.initial_level: must be in \(0"),
        ({"volatility": 0.5}, InputTypeError, r"^RegimeGBM\.volatility: must map two or more regimes"),
        ({"volatility": {"calm": 0.5}}, InputTypeError, r"^RegimeGBM\.volatility: must map two or more regimes"),
        ({"volatility": {"calm": 0.5, 1: 0.5}}, InputTypeError, r"^RegimeGBM\.volatility: must be a text"),
        ({"volatility": {"calm": 0.5, "storm": 50.0}}, InputError, r"volatility\['storm'\]: .*percent\? write 0\.50"),
        ({"drift": {"calm": 0.5}}, InputError, r"^RegimeGBM\.drift: must name the regimes of the volatility"),
        ({"drift": {"calm": 0.5, "storm": float("nan")}}, InputError, r"^RegimeGBM\.drift\['storm'\]: must be finite"),
        ({"drift": "0.5"}, InputTypeError, r"^RegimeGBM\.drift: must be a number"),
    ],
)
def test_switchings(terms, error, words):
    with pytest.raises(error, match=words):
        RegimeGBM(**{"initial_level": 1.0, "volatility": {"calm": 0.5, "storm": 1.0}, **terms})


@pytest.mark.parametrize(
    ("levels", "switches", "terms", "error", "words"),
    [
        ({}, TWO, {}, InputTypeError, r"^RegimeSwitching\.levels: must be a mapping"),
        ({ETH: 1.0}, TWO, {}, InputTypeError, r'^RegimeSwitching: Price\("ETH"\): must be RegimeGBM'),
        ({BlockFees("BTC"): LEVEL}, TWO, {}, InputError, "must be a level"),
        ({ETH: LEVEL, BTC: MARKED_THREE}, TWO, {}, InputError, r'Price\("BTC"\): must have the regimes of Price\("ETH'),
        ({ETH: LEVEL}, {}, {}, InputTypeError, r"^RegimeSwitching\.transition_rates: must be a mapping"),
        (
            {ETH: LEVEL},
            {"calm": 1.0},
            {},
            InputError,
            r"^RegimeSwitching\.transition_rates: must have pairs of two different",
        ),
        ({ETH: LEVEL}, {("calm", "calm"): 1.0}, {}, InputError, "pairs of two different regimes of calm, storm"),
        ({ETH: LEVEL}, {("calm", "war"): 1.0}, {}, InputError, "pairs of two different regimes of calm, storm"),
        (
            {ETH: LEVEL},
            {("calm", "storm"): -1.0},
            {},
            InputError,
            r"transition_rates\['calm', 'storm'\]: must be in \[0, 1000",
        ),
        (
            {ETH: LEVEL},
            {("calm", "storm"): 1.0},
            {},
            InputError,
            r"must lead from every regime to every other.*initial_regime",
        ),
        (
            {ETH: LEVEL},
            TWO,
            {"initial_regime": "war"},
            InputError,
            r"^RegimeSwitching\.initial_regime: must be one of 'calm', 'storm'",
        ),
        ({ETH: LEVEL}, TWO, {"name": ""}, InputError, r"^RegimeSwitching\.name: "),
        ({ETH: LEVEL}, TWO, {"correlation": {(ETH, BTC): 0.1}}, InputError, r"^RegimeSwitching\.correlation"),
    ],
)
def test_worlds(levels, switches, terms, error, words):
    with pytest.raises(error, match=words):
        RegimeSwitching(levels, transition_rates=switches, **terms)


def test_a_regime_for_good_needs_an_opening():
    world = RegimeSwitching({ETH: MARKED}, transition_rates={("calm", "storm"): 10.0}, initial_regime="calm")
    found = regimes(world)
    assert (np.diff(found, axis=0) >= 0).all()
    assert abs((found[-1] == 0).mean() - np.exp(-10 * 72 / 365)) < 4 * 0.5 / np.sqrt(MANY)


def test_notes():
    level = RegimeGBM(3000.0, volatility={"calm": 0.4, "storm": 1.4}, drift={"calm": 0.09, "storm": 0.05})
    world = RegimeSwitching({ETH: level, BTC: LEVEL}, transition_rates=TWO, correlation={(ETH, BTC): 0.8})
    assert world.describe() == (
        (
            'Price("ETH") in regimes: start 3000, calm volatility 40.00% a year and mean growth +9.42% APY, '
            "storm volatility 140.00% a year and mean growth +5.13% APY"
        ),
        (
            'Price("BTC") in regimes: start 3000, calm volatility 40.00% a year and mean growth +0.00% APY, '
            "storm volatility 140.00% a year and mean growth +0.00% APY"
        ),
        "calm to storm: 4 times a year",
        "storm to calm: 12 times a year",
        'correlation Price("ETH"), Price("BTC"): 0.8000',
    )


def test_transition_rates_are_its_own():
    given = dict(TWO)
    world = RegimeSwitching({ETH: LEVEL}, transition_rates=given)
    given["calm", "storm"] = 40.0
    assert world.transition_rates == TWO
    with pytest.raises(TypeError):
        world.transition_rates["calm", "storm"] = 40.0  # type: ignore[index]
