"""Draws by inversion."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from stakingmodels.market.laws import binomial_quantile

LUCK = np.linspace(0.0, 1.0, 2001, endpoint=False)[1:]


@pytest.mark.parametrize("p", [1e-12, 1e-4, 0.01, 0.3, 0.5, 0.7, 0.99, 1 - 1e-9])
@pytest.mark.parametrize("n", [1, 2, 7, 32, 500])
def test_it_is_the_quantile_of_scipy(n, p):
    drawn = binomial_quantile(LUCK, n, p)
    expected = stats.binom.ppf(LUCK, n, p)
    near = np.abs(stats.binom.cdf(expected, n, p) - LUCK) < 1e-12  # on the edge of a step roundings decide
    assert (drawn[~near] == expected[~near]).all()
    assert (np.abs(drawn - expected) <= 1).all()


@pytest.mark.parametrize(("n", "p"), [(10_000, 0.1), (10_000, 0.93), (100_000, 0.02), (10**6, 1e-3), (3000, 0.5)])
def test_many_trials_do_not_underflow(n, p):
    luck = LUCK[::20]
    assert (np.abs(binomial_quantile(luck, n, p) - stats.binom.ppf(luck, n, p)) <= 1).all()


@given(st.floats(0.0, 1.0 - 2.0**-53), st.integers(0, 60), st.floats(0.0, 1.0))
def test_draws_are_whole_and_within_range(luck, n, p):
    drawn = binomial_quantile(np.array([luck]), n, p)[0]
    assert drawn == int(drawn)
    assert 0 <= drawn <= n


@pytest.mark.parametrize(("n", "p", "expected"), [(5, 0.0, 0), (5, 1.0, 5), (0, 0.5, 0), (0, 0.0, 0), (0, 1.0, 0)])
def test_what_is_certain(n, p, expected):
    assert (binomial_quantile(LUCK, n, p) == expected).all()


def test_more_luck_is_never_fewer_successes():
    assert (np.diff(binomial_quantile(LUCK, 40, 0.3)) >= 0).all()
    assert (np.diff(binomial_quantile(LUCK, 40, 0.8)) >= 0).all()


def test_each_path_may_have_its_own_trials_and_chance():
    n, p = np.array([0.0, 3.0, 10.0, 10.0]), np.array([0.5, 0.2, 0.0, 0.9])
    together = binomial_quantile(np.full(4, 0.6), n, p)
    alone = [binomial_quantile(np.array([0.6]), float(a), float(b))[0] for a, b in zip(n, p, strict=True)]
    assert together.tolist() == alone


def test_a_path_does_not_depend_on_its_neighbours():
    alone = binomial_quantile(LUCK[:5], 20, 0.1)
    assert binomial_quantile(LUCK, 20, 0.1)[:5].tobytes() == alone.tobytes()


def test_arguments_are_left_alone():
    luck, n, p = np.array([0.3, 0.9]), np.array([4.0, 5.0]), np.array([0.6, 0.2])
    before = [each.tobytes() for each in (luck, n, p)]
    binomial_quantile(luck, n, p)
    assert [each.tobytes() for each in (luck, n, p)] == before


@pytest.mark.parametrize("p", [0.02, 0.6])
def test_mean_and_variance(p):
    n, size = 400, 200_000
    drawn = binomial_quantile(np.random.default_rng(1).random(size), n, p)
    deviation = np.sqrt(n * p * (1 - p))
    assert abs(drawn.mean() - n * p) < 4 * deviation / np.sqrt(size)
    assert drawn.var() == pytest.approx(deviation**2, rel=4 * np.sqrt(2 / size))
