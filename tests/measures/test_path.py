import csv
import math

import empyrical
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from stakingmodels.errors import InputError
from stakingmodels.measures import annual_volatility, max_drawdown, sharpe_ratio, sortino_ratio
from stakingmodels.measures.path import _BLOCK

MEASURES = [max_drawdown, annual_volatility, sharpe_ratio, sortino_ratio]
VALUES = hnp.arrays(
    np.float64, hnp.array_shapes(min_dims=2, max_dims=2, max_side=12), elements=st.floats(0.0, 1e6, width=32)
)


def prices(seed, n_times=366, n_paths=40, annual_volatility=0.04):
    steps = np.random.default_rng(seed).normal(0.0, annual_volatility, (n_times, n_paths))
    return 100.0 * np.exp(np.cumsum(steps, axis=0))


def returns(values):
    return np.diff(values, axis=0) / values[:-1]


def columns(measure, values):
    return [measure(column) for column in returns(values).T]


# empyrical, column by column: on a matrix it pools all paths


def test_drawdown_is_empyricals():
    values = prices(1)
    assert -max_drawdown(values) == pytest.approx(columns(empyrical.max_drawdown, values), rel=1e-9, abs=1e-12)


def test_volatility_is_empyricals():
    values = prices(2)
    expected = columns(lambda r: empyrical.annual_volatility(r, annualization=365), values)
    assert annual_volatility(values) == pytest.approx(expected, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("apy", [0.0, 0.05, -0.01])
def test_sharpe_is_empyricals(apy):
    values = prices(3)
    daily = (1.0 + apy) ** (1 / 365) - 1.0
    expected = columns(lambda r: empyrical.sharpe_ratio(r, risk_free=daily, annualization=365), values)
    assert sharpe_ratio(values, risk_free_apy=apy) == pytest.approx(expected, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("apy", [0.0, 0.05, -0.01])
def test_sortino_is_empyricals(apy):
    values = prices(4)
    daily = (1.0 + apy) ** (1 / 365) - 1.0
    expected = columns(lambda r: empyrical.sortino_ratio(r, required_return=daily, annualization=365), values)
    assert sortino_ratio(values, risk_free_apy=apy) == pytest.approx(expected, rel=1e-9, abs=1e-12)


# Published conventions


def test_a_daily_sharpe_ratio_is_the_mean_over_the_deviation_times_root_365():
    values = prices(5, n_paths=1)[:, 0]
    daily = returns(values)
    assert sharpe_ratio(values) == pytest.approx(daily.mean() / daily.std(ddof=1) * math.sqrt(365), rel=1e-12)


def test_a_year_of_252_days_shows_17_percent_less_volatility():
    """0.693 against 0.576 for the same closes: the convention alone moves the number."""
    values = prices(6)
    assert annual_volatility(values, periods_per_year=252) == pytest.approx(
        0.576 / 0.693 * annual_volatility(values), rel=1e-3
    )


def test_the_risk_free_rate_is_annual():
    """Taken for a daily rate, 5 % would make any Sharpe ratio absurd."""
    values = prices(7, annual_volatility=0.01)
    cost = sharpe_ratio(values) - sharpe_ratio(values, risk_free_apy=0.05)
    assert cost == pytest.approx(math.log(1.05) / annual_volatility(values), rel=1e-3)


@pytest.mark.parametrize(
    ("file", "start", "end", "fall"),
    [
        ("yahoo_2025/BTC-USD.csv", "2021-11-01", "2022-12-31", 0.766),
        ("yahoo_2025/ETH-USD.csv", "2021-11-01", "2022-12-31", 0.7935),
        ("yahoo_2025/SOL-USD.csv", "2021-11-01", "2022-12-31", 0.963),
    ],
)
def test_drawdown_of_2022(shared_data, file, start, end, fall):
    with (shared_data / "data" / file).open() as lines:
        rows = sorted((row["date"], float(row["close"])) for row in csv.DictReader(lines))
    closes = np.array([close for date, close in rows if start <= date <= end])
    assert len(closes) == 426
    assert max_drawdown(closes) == pytest.approx(fall, abs=6e-4)


# Drawdown


@given(VALUES)
def test_drawdown_is_the_deepest_fall_between_any_two_times(values):
    deepest = np.zeros(values.shape[1])
    for k in range(len(values)):
        for later in values[k:]:
            risen = values[k] > 0.0
            deepest[risen] = np.maximum(deepest[risen], 1.0 - later[risen] / values[k][risen])
    found = max_drawdown(values)
    assert np.all((found >= 0.0) & (found <= 1.0))
    assert found == pytest.approx(deepest, abs=1e-15)


@given(VALUES, st.integers(-40, 40))
def test_drawdown_does_not_depend_on_the_unit(values, power):
    assert np.array_equal(max_drawdown(values * 2.0**power), max_drawdown(values))


@given(VALUES)
def test_drawdown_is_no_less_than_the_final_fall(values):
    peak = values.max(axis=0)
    fall = np.where(peak > 0.0, 1.0 - values[-1] / np.where(peak > 0.0, peak, 1.0), 0.0)
    assert np.all(max_drawdown(values) >= fall)


@given(st.floats(0.0, 1e100), st.integers(3, 50))
def test_constant_values_neither_fall_nor_vary(value, n_times):
    values = np.full(n_times, value)
    assert max_drawdown(values) == 0.0
    assert annual_volatility(values) == 0.0


@pytest.mark.parametrize(
    ("values", "fall"),
    [
        ([5.0], 0.0),
        ([0.0, 0.0, 0.0], 0.0),
        ([0.0, 2.0, 1.0], 0.5),
        ([1.0, 2.0, 3.0], 0.0),
        ([2.0, 0.0, 5.0], 1.0),
    ],
)
def test_drawdown_in_small_cases(values, fall):
    assert max_drawdown(np.array(values)) == fall


# Where a ratio has no meaning


@pytest.mark.parametrize("growth", [1.0, 1.0001, 0.999])
def test_a_sharpe_ratio_of_even_growth_is_nan(growth):
    values = 100.0 * growth ** np.arange(400.0)
    assert math.isnan(sharpe_ratio(values))
    assert annual_volatility(values) == pytest.approx(0.0, abs=1e-13)


@pytest.mark.parametrize(("growth", "defined"), [(1.0, False), (1.0001, False), (0.999, True)])
def test_a_sortino_ratio_needs_a_shortfall(growth, defined):
    values = 100.0 * growth ** np.arange(400.0)
    assert math.isnan(sortino_ratio(values)) is not defined


def test_growth_at_the_risk_free_rate_falls_short_by_rounding_only():
    assert math.isnan(sortino_ratio(1.05 ** (np.arange(400) / 365), risk_free_apy=0.05))


def test_a_single_period_has_no_sample_deviation():
    values = np.array([1.0, 1.1])
    assert math.isnan(annual_volatility(values))
    assert math.isnan(sharpe_ratio(values))
    assert annual_volatility(values, ddof=0) == 0.0


def test_what_is_lost_stays_lost():
    """A value of 0 earns nothing from then on: a return of 0, not 0 / 0."""
    lost = np.array([4.0, 5.0, 0.0, 0.0])
    expected = np.array([0.25, -1.0, 0.0])
    assert annual_volatility(lost) == pytest.approx(expected.std(ddof=1) * math.sqrt(365), rel=1e-14)
    assert sharpe_ratio(lost) == pytest.approx(expected.mean() / expected.std(ddof=1) * math.sqrt(365), rel=1e-14)
    assert sortino_ratio(lost) == pytest.approx(-0.25 * math.sqrt(3) * math.sqrt(365), rel=1e-14)


@pytest.mark.parametrize("measure", [annual_volatility, sharpe_ratio, sortino_ratio])
@pytest.mark.parametrize("first", [0.0, 5e-324, 1e-160])
def test_a_rise_from_nothing_is_nan_on_that_path_only(measure, first):
    values = np.array([[first, 1.0], [1.0, 2.0], [2.0, 1.0], [1.0, 3.0]])
    found = measure(values)
    assert np.isnan(found).tolist() == [True, False]
    assert found[1] == measure(values[:, 1])


# Shapes and blocks


@pytest.mark.parametrize("measure", MEASURES)
def test_one_path_gives_a_float_and_many_an_array(measure):
    values = prices(8, n_times=10, n_paths=3)
    assert type(measure(values[:, 0])) is float
    assert np.shape(measure(values)) == (3,)
    assert np.shape(measure(values[:, :1])) == (1,)


@pytest.mark.parametrize("measure", MEASURES)
def test_a_path_alone_gives_the_same_bits(measure):
    values = prices(9, n_times=30, n_paths=_BLOCK + 3)
    values[:, 1] = 0.0
    found = measure(values)
    for k in (0, 1, 2, _BLOCK - 1, _BLOCK, _BLOCK + 2):
        assert np.array_equal(found[k], measure(values[:, k].copy()), equal_nan=True)


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("layout", [np.asfortranarray, lambda x: x[::-1][::-1], lambda x: x.astype(">f8")])
def test_the_layout_of_memory_is_of_no_account(measure, layout):
    values = prices(10, n_times=30)
    assert np.array_equal(measure(layout(values)), measure(values))


# What is refused


@pytest.mark.parametrize("measure", MEASURES)
class TestRefused:
    def test_a_negative_value(self, measure):
        name = measure.__name__
        with pytest.raises(InputError, match=rf"^{name}: values: must not be negative; 1 of 4 .* \(1, 0\), got -2"):
            measure(np.array([[1.0, 1.0], [-2.0, 1.0]]))

    def test_nan(self, measure):
        with pytest.raises(InputError, match=rf"^{measure.__name__}: values: must be finite; 1 of 2 are not"):
            measure(np.array([1.0, np.nan]))

    def test_three_dimensions(self, measure):
        with pytest.raises(InputError, match="must have one or two dimensions, time first"):
            measure(np.ones((2, 2, 2)))


@pytest.mark.parametrize("measure", [annual_volatility, sharpe_ratio, sortino_ratio])
def test_a_return_needs_two_times(measure):
    with pytest.raises(InputError, match=f"{measure.__name__}: values: must have at least 2 times"):
        measure(np.ones((1, 3)))


@pytest.mark.parametrize("measure", [annual_volatility, sharpe_ratio, sortino_ratio])
def test_periods_per_year_are_positive(measure):
    with pytest.raises(InputError, match=f"{measure.__name__}: periods_per_year: must be in"):
        measure(np.ones(3), periods_per_year=0)


@pytest.mark.parametrize("measure", [sharpe_ratio, sortino_ratio])
@pytest.mark.parametrize("apy", [-1.0, 1e10])
def test_a_risk_free_rate_is_above_minus_1(measure, apy):
    with pytest.raises(InputError, match=rf"{measure.__name__}: risk_free_apy: must be in \(-1, 1e\+09\]"):
        measure(np.ones(3), risk_free_apy=apy)


def test_ddof_is_0_or_1():
    with pytest.raises(InputError, match=r"annual_volatility: ddof: must be an integer in \[0, 1\]"):
        annual_volatility(np.ones(3), ddof=2)


def test_nothing_is_no_negative_value():
    with pytest.raises(
        InputError, match=r"^max_drawdown: values: must not be negative; 1 of 3 are not, .* \(2,\), got -1"
    ):
        max_drawdown(np.array([0.5, 0.0, -1.0]))
