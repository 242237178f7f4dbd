import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.measures import effective_sample_size, newey_west

SERIES = hnp.arrays(np.float64, st.integers(2, 40), elements=st.floats(-1e6, 1e6, width=32))
LAGS = st.integers(0, 60)


def by_pairs(x, lag):
    """The same estimate as a sum over all pairs of values, weighted by their distance."""
    n = x.size
    lag = min(lag, n - 1)
    distance = np.abs(np.subtract.outer(np.arange(n), np.arange(n)))
    weight = np.maximum(1.0 - distance / (lag + 1), 0.0)
    deviation = x - x.mean()
    return math.sqrt(max((weight * np.outer(deviation, deviation)).sum(), 0.0)) / n


def windows(rng, n, width):
    """Sums over every window of independent steps, of variance 1."""
    steps = rng.normal(size=n + width - 1) / math.sqrt(width)
    return np.convolve(steps, np.ones(width), mode="valid")


@given(SERIES, LAGS)
def test_newey_west_is_the_weighted_sum_over_pairs(x, lag):
    slack = 1e-7 * np.abs(x).max()
    assert newey_west(x, lag) == pytest.approx(by_pairs(x, lag), rel=1e-9, abs=slack)


@given(SERIES)
def test_lag_0_is_the_error_of_independent_values(x):
    slack = 1e-14 * np.abs(x).max()
    assert newey_west(x, 0) == pytest.approx(x.std() / math.sqrt(x.size), rel=1e-9, abs=slack)
    assert effective_sample_size(x, 0) == x.size


@given(SERIES, st.integers(0, 10**6))
def test_a_lag_beyond_the_series_is_cut(x, beyond):
    assert newey_west(x, x.size + beyond) == newey_west(x, x.size - 1)


@given(SERIES, LAGS, st.integers(-30, 30), st.booleans())
def test_the_error_has_the_unit_of_the_series(x, lag, power, flip):
    x = np.round(x)
    factor = (-1.0 if flip else 1.0) * 2.0**power
    assert newey_west(factor * x, lag) == abs(factor) * newey_west(x, lag)
    assert effective_sample_size(factor * x, lag) == effective_sample_size(x, lag)


@given(SERIES, LAGS)
def test_the_effective_sample_size_gives_the_error_of_independent_values(x, lag):
    size, error = effective_sample_size(x, lag), newey_west(x, lag)
    assert 0.0 < size <= x.size
    if size < x.size:
        assert x.std() / math.sqrt(size) == pytest.approx(error, rel=1e-7)
    else:
        assert error <= x.std() / math.sqrt(x.size) * (1.0 + 1e-7) + 1e-9


@given(st.floats(-1e100, 1e100), st.integers(2, 50), LAGS)
def test_a_constant_series_has_no_error(value, n, lag):
    x = np.full(n, value)
    assert newey_west(x, lag) == 0.0
    assert effective_sample_size(x, lag) == n


def test_one_value_tells_nothing_about_its_error():
    assert math.isnan(newey_west(np.array([3.0]), 5))
    assert effective_sample_size(np.array([3.0]), 5) == 1.0


def test_values_that_alternate_are_not_credited():
    x = np.tile([1.0, -1.0], 50)
    assert newey_west(x, 1) < x.std() / 10.0
    assert effective_sample_size(x, 1) == 100.0


def test_values_given_in_runs_count_once():
    """Ten equal values each: with a lag that covers the runs they are worth about a tenth."""
    x = np.repeat(np.random.default_rng(1).normal(size=2_000), 10)
    assert effective_sample_size(x, 200) == pytest.approx(2_000, rel=0.15)


@pytest.mark.parametrize(("lags", "share"), [(1, 2 / 3), (2, 5 / 6), (4, 11 / 12)])
def test_how_much_of_the_variance_a_lag_of_so_many_windows_sees(lags, share):
    """The weights fall with the distance, so that a part of the overlap is not seen."""
    x = windows(np.random.default_rng(2), 200_000, 20)
    true_variance = 20 / x.size
    assert newey_west(x, 20 * lags) ** 2 / true_variance == pytest.approx(share, rel=0.1)


def test_windows_of_a_year_over_six_years_are_worth_a_handful():
    x = windows(np.random.default_rng(3), 5 * 365, 365)
    assert 2.0 < effective_sample_size(x, 365) < 20.0


@pytest.mark.parametrize("function", [newey_west, effective_sample_size])
class TestRefused:
    @pytest.mark.parametrize("lag", [1.0, True, "5", None])
    def test_a_lag_that_is_no_integer(self, function, lag):
        with pytest.raises(InputTypeError, match=f"^{function.__name__}: lag: must be an integer"):
            function(np.ones(3), lag)

    def test_a_negative_lag(self, function):
        with pytest.raises(InputError, match=f"^{function.__name__}: lag: must be an integer in"):
            function(np.ones(3), -1)

    def test_a_bad_lag_for_a_single_value(self, function):
        with pytest.raises(InputError, match=f"^{function.__name__}: lag: must be an integer in"):
            function(np.ones(1), -1)

    def test_nan(self, function):
        with pytest.raises(InputError, match=f"^{function.__name__}: x: must be finite; 1 of 3 are not"):
            function(np.array([1.0, np.nan, 2.0]), 1)

    def test_two_dimensions(self, function):
        with pytest.raises(InputError, match=f"^{function.__name__}: x: must have one dimension"):
            function(np.ones((3, 2)), 1)
