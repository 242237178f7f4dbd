import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels.errors import InputError, InputTypeError, NumericalError
from stakingmodels.measures import annualized_return, real_yield, simple_rate, total_return

RETURNS = st.floats(-0.99, 100.0)
YEARS = st.floats(0.01, 100.0)


# Worked examples


def test_buying_half_an_eth_and_selling_it_with_fees():
    """0.5 ETH, 3,000 to 3,500 USD, 0.1 % on each side: 246.75 USD on 1,501.5."""
    assert total_return(1501.5, 1501.5 + 246.75) == pytest.approx(246.75 / 1501.5, rel=1e-15)


def test_a_reward_of_20_percent_at_half_the_price():
    assert total_return(1.0, 0.5 * 1.20) == pytest.approx(-0.40, rel=1e-15)


def test_20_percent_paid_daily_is_22_13_percent_a_year():
    assert annualized_return(0.20 / 365, 1 / 365) == pytest.approx(0.2213, abs=5e-5)


def test_eth_store_of_day_497():
    """apr 0.049083890: 1468.997980817 ETH of consensus rewards on 10,923,834 in one day."""
    assert simple_rate(1468.997980817 / 10_923_834, 1 / 365) == pytest.approx(0.049083890, abs=5e-10)


def test_a_share_of_all_coins_grows_by_the_yield_less_the_dilution():
    assert real_yield(0.0, 0.05) == pytest.approx(-0.05 / 1.05, rel=1e-15)
    assert real_yield(0.05, 0.05) == 0.0


# Properties


@given(st.floats(1e-3, 1e9), st.floats(-1e9, 1e9))
def test_total_return_leads_from_the_opening_to_the_closing(opening, closing):
    result = total_return(opening, closing)
    exact = Fraction(closing) / Fraction(opening) - 1
    assert result == pytest.approx(float(exact), rel=4e-16 * (2 + abs(closing / opening)), abs=1e-15)


@given(st.floats(-0.9, 100.0), st.floats(0.5, 100.0))
def test_an_annualised_return_compounds_back(period_return, years):
    rate = annualized_return(period_return, years)
    assert np.expm1(np.log1p(rate) * years) == pytest.approx(period_return, rel=1e-10, abs=1e-12)


@given(RETURNS)
def test_over_one_year_every_rate_is_the_return(period_return):
    assert annualized_return(period_return, 1.0) == pytest.approx(period_return, rel=4e-16 * 50, abs=1e-16)
    assert simple_rate(period_return, 1.0) == period_return


@given(st.floats(1e-18, 1e-3), st.floats(0.1, 10.0))
def test_small_returns_keep_their_digits(period_return, years):
    """(1 + r) ** (1 / years) - 1 by its series, r small: wrong by 100 % at 1e-17 if taken literally."""
    a = 1.0 / years
    series = a * period_return * (1.0 + (a - 1.0) / 2.0 * period_return * (1.0 + (a - 2.0) / 3.0 * period_return))
    assert annualized_return(period_return, years) == pytest.approx(series, rel=1e-7)


@given(RETURNS, YEARS)
def test_compounding_never_takes_a_higher_rate_after_the_first_year(period_return, years):
    compound = float(annualized_return(period_return, years))
    simple = float(simple_rate(period_return, years))
    slack = 1e-12 * (1.0 + abs(simple) + abs(compound))
    assert compound <= simple + slack if years >= 1.0 else compound >= simple - slack


@given(st.floats(-1.0, 10.0), st.floats(-0.9, 10.0))
def test_a_real_yield_times_the_dilution_is_the_nominal_one(nominal, supply_growth):
    real = real_yield(nominal, supply_growth)
    assert (1.0 + real) * (1.0 + supply_growth) == pytest.approx(1.0 + nominal, rel=1e-13, abs=1e-14)


def test_a_total_loss_is_a_total_loss_a_year():
    assert annualized_return(-1.0, 3.0) == -1.0
    assert annualized_return(np.array([-1.0, 0.0]), 0.5).tolist() == [-1.0, 0.0]  # type: ignore[union-attr]


def test_more_than_everything_can_be_lost_but_not_annualised():
    assert total_return(100.0, -50.0) == -1.5
    with pytest.raises(InputError, match=r"annualized_return: period_return: must be at least -1, got -1\.5"):
        annualized_return(-1.5, 1.0)


# Shapes


@pytest.mark.parametrize(
    ("function", "one", "other"),
    [
        (total_return, 100.0, 110.0),
        (annualized_return, 0.1, 2.0),
        (simple_rate, 0.1, 2.0),
        (real_yield, 0.1, 0.05),
    ],
)
class TestShapes:
    def test_numbers_give_a_float(self, function, one, other):
        assert type(function(one, other)) is float

    def test_arrays_give_one_value_per_path(self, function, one, other):
        expected = [function(one, other)] * 3
        assert function(np.full(3, one), np.full(3, other)).tolist() == expected
        assert function(np.full(3, one), other).tolist() == expected
        assert function(one, np.full(3, other)).tolist() == expected

    def test_lengths_agree(self, function, one, other):
        with pytest.raises(InputError, match="both must have one value per path, 3 here, got 2"):
            function(np.full(3, one), np.full(2, other))

    def test_text_is_refused(self, function, one, other):
        with pytest.raises(InputTypeError, match=r"must be a number, got str '0\.1'"):
            function("0.1", other)
        with pytest.raises(InputTypeError, match="must be a number, got NoneType"):
            function(one, None)

    def test_nan_is_refused(self, function, one, other):
        with pytest.raises(InputError, match="must be finite"):
            function(math.nan, other)
        with pytest.raises(InputError, match=r"must be finite; 1 of 3 are not, the first at index \(1,\), got nan"):
            function(np.full(3, one), np.array([other, math.nan, other]))


# What is refused


@pytest.mark.parametrize("opening", [0.0, -1.0])
def test_an_opening_is_above_0(opening):
    with pytest.raises(InputError, match=rf"total_return: opening: must be above 0, got {opening}"):
        total_return(opening, 1.0)


def test_an_opening_of_a_path_is_above_0():
    with pytest.raises(InputError, match=r"opening: must be above 0; 1 of 2 are not, the first at index \(1,\)"):
        total_return(np.array([1.0, 0.0]), 1.0)


@pytest.mark.parametrize("function", [annualized_return, simple_rate])
@pytest.mark.parametrize("years", [0.0, -1.0])
def test_years_are_above_0(function, years):
    with pytest.raises(InputError, match=f"{function.__name__}: years: must be above 0, got {years}"):
        function(0.1, years)


def test_a_real_yield_that_does_not_fit_a_float_is_an_error_and_no_warning():
    with pytest.raises(NumericalError, match="real_yield: overflow: the result does not fit"):
        real_yield(1e299, -0.9999999999999999)


def test_a_holder_cannot_lose_more_than_all_coins():
    with pytest.raises(InputError, match="real_yield: nominal: must be at least -1"):
        real_yield(-1.1, 0.0)


def test_coins_do_not_vanish_altogether():
    with pytest.raises(InputError, match="real_yield: supply_growth: must be above -1"):
        real_yield(0.1, -1.0)


@pytest.mark.parametrize(
    ("function", "one", "other"),
    [
        (total_return, 1e-200, 1e149),
        (annualized_return, 1e6, 1e-3),
        (simple_rate, 1e149, 1e-200),
    ],
)
def test_what_does_not_fit_a_float_is_an_error(function, one, other):
    with pytest.raises(NumericalError, match=f"{function.__name__}: overflow: the result does not fit"):
        function(one, other)
    with pytest.raises(NumericalError, match="the result at index 1 does not fit"):
        function(np.array([1.0, one]), np.array([1.0, other]))
