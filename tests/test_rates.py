"""`APR` and `APY`: conversion, exactness at the ends of the range, and that they cannot be mixed up."""

import math
import pickle
import sys
from decimal import Decimal, getcontext
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels.errors import InputError, InputTypeError, NumericalError
from stakingmodels.rates import APR, APY, as_rate

RATES = st.floats(1e-18, 5.0)
PERIODS = st.integers(1, 8766)
ULP = sys.float_info.epsilon


def exact_apy(apr: float, n: int) -> float:
    """(1 + r/n)**n - 1 in 60 digits."""
    with_context = getcontext().copy()
    with_context.prec = 60
    ratio = Fraction(apr) / n
    base = with_context.divide(Decimal(ratio.numerator), Decimal(ratio.denominator))
    return float(with_context.subtract(with_context.power(with_context.add(Decimal(1), base), n), Decimal(1)))


# Values by hand


@pytest.mark.parametrize(
    ("apr", "n", "apy"), [(0.20, 1, 0.20), (0.20, 2, 0.21), (1.0, 2, 1.25), (-0.5, 2, -0.4375), (0.0, 365, 0.0)]
)
def test_to_apy(apr, n, apy):
    assert APR(apr).to_apy(compounding=n).value == pytest.approx(apy, rel=1e-14)


@pytest.mark.parametrize(("apy", "n", "apr"), [(0.21, 2, 0.20), (1.25, 2, 1.0), (0.04, 1, 0.04), (0.0, 12, 0.0)])
def test_to_apr(apy, n, apr):
    assert APY(apy).to_apr(compounding=n).value == pytest.approx(apr, rel=1e-14)


def test_accrued_is_linear_for_apr_and_compound_for_apy():
    assert APR(0.10).accrued(0.5) == pytest.approx(0.05, rel=1e-15)
    assert APY(0.21).accrued(0.5) == pytest.approx(0.10, rel=1e-14)
    assert APY(0.21).accrued(2.0) == pytest.approx(0.4641, rel=1e-14)


def test_arrays_convert_element_by_element():
    converted = APR(np.array([0.20, 1.0])).to_apy(compounding=2)
    assert isinstance(converted, APY)
    assert converted.value == pytest.approx(np.array([0.21, 1.25]), rel=1e-14)


def test_the_kind_changes_with_the_conversion():
    assert type(APR(0.1).to_apy(compounding=1)) is APY
    assert type(APY(0.1).to_apr(compounding=1)) is APR


# Exactness


@given(RATES, PERIODS)
def test_there_and_back(apr, n):
    assert APR(apr).to_apy(compounding=n).to_apr(compounding=n).value == pytest.approx(apr, rel=1e-12)


@given(st.floats(1e-18, 1e-3), PERIODS)
def test_small_rates_are_exact_to_the_last_digits(apr, n):
    exact = exact_apy(apr, n)
    assert APR(apr).to_apy(compounding=n).value == pytest.approx(exact, rel=4 * ULP, abs=0.0)


@given(RATES, PERIODS)
def test_compounding_never_lowers_the_yield(apr, n):
    once, more = APR(apr).to_apy(compounding=n).value, APR(apr).to_apy(compounding=n + 1).value
    assert once >= apr * (1 - 4 * ULP)
    assert more >= once * (1 - 64 * ULP)
    assert more <= math.expm1(apr) * (1 + 64 * ULP)


@pytest.mark.parametrize("n", [2, 365])
def test_a_negative_rate_compounds_to_less_of_a_loss(n):
    assert APR(-0.5).to_apy(compounding=n).value > -0.5


def test_a_tiny_rate_survives():
    assert APR(1e-17).to_apy(compounding=365).value == pytest.approx(1e-17, rel=4 * ULP)


@pytest.mark.parametrize("years", [1 / 365, 1.0, 10.0])
def test_a_near_total_loss_stays_finite_and_above_minus_one(years):
    left = 1.0 + APY(-0.999999999).accrued(years)
    assert np.isfinite(left)
    assert left == pytest.approx(1e-9**years, abs=1e-9)
    assert left >= 0.0


@pytest.mark.parametrize("value", [1e6, np.array([0.1, 1e6])])
def test_overflow_is_an_error_and_no_infinity(value):
    with pytest.raises(NumericalError, match=r"^APR\.to_apy: overflow"):
        APR(value).to_apy(compounding=10**6)


@pytest.mark.parametrize("years", [400.0, np.array([1.0, 400.0])])
def test_growth_beyond_float64_is_an_error_and_no_infinity(years):
    with pytest.raises(NumericalError, match=r"^APY\.accrued: overflow: apy .* over 400 years$"):
        APY(9.0).accrued(years)


@pytest.mark.parametrize("apy", [-0.7, -0.999999999])
def test_a_loss_that_no_apr_compounds_to(apy):
    with pytest.raises(InputError, match=rf"^APY\.to_apr: loses more than any apr .*365 times a year, got {apy}"):
        APY(apy).to_apr(compounding=365)


def test_one_such_loss_in_a_series_is_refused():
    with pytest.raises(InputError, match=r"^APY\.to_apr: loses more than any apr above -1 compounded 2 times a year"):
        APY(np.array([0.1, -0.9])).to_apr(compounding=2)


def test_a_loss_of_a_whole_apr_is_refused():
    with pytest.raises(InputError, match=r"^APY\.to_apr: loses more"):
        APY(-0.75).to_apr(compounding=2)  # of an apr of exactly -1


# What cannot be mixed


@pytest.mark.parametrize(
    "mix",
    [
        lambda: APR(0.04) + APY(0.04),
        lambda: APR(0.04) + 0.01,
        lambda: 0.01 + APR(0.04),
        lambda: APR(0.04) - APR(0.01),
        lambda: APR(0.04) * 2,
        lambda: 2 / APY(0.04),
        lambda: float(APR(0.04)),
        lambda: APR(0.04) < APR(0.05),
        lambda: APR(0.04) >= 0.01,
        lambda: np.float64(1.0) * APR(0.04),
    ],
)
def test_rates_are_no_numbers(mix):
    with pytest.raises(TypeError, match="rate"):
        mix()


def test_equality_holds_within_one_kind_only():
    assert APR(0.04) == APR(0.04)
    assert APR(0.04) != APY(0.04)
    assert APR(0.04) != 0.04
    assert hash(APR(1)) == hash(APR(1.0))
    assert hash(APR(0.04)) != hash(APY(0.04))


def test_arrays_compare_as_a_whole_and_do_not_hash():
    series = APR(np.array([0.1, 0.2]))
    assert series == APR(np.array([0.1, 0.2]))
    assert series != APR(np.array([0.1, 0.3]))
    assert series != APR(np.array([0.1]))
    with pytest.raises(InputTypeError, match="APR: a rate that holds an array cannot be hashed"):
        hash(series)


def test_as_rate_says_what_to_write():
    assert as_rate("X.y", APY(0.04)) == APY(0.04)
    with pytest.raises(
        InputTypeError, match=r"^X\.y: must be a rate; write APR\(0.04\) or APY\(0.04\), got float 0.04"
    ):
        as_rate("X.y", 0.04)


# Domain


@pytest.mark.parametrize("rate", [APR, APY])
@pytest.mark.parametrize("value", [-1.0, -3.0, 1.1e9])
def test_domain(rate, value):
    with pytest.raises(InputError, match=rf"^{rate.__name__}: {rate.__name__.lower()} must be in \(-1, 1e\+09\] "):
        rate(value)


def test_domain_of_arrays_names_the_first_index():
    with pytest.raises(InputError, match=r"^APR: .* at index \(1, 0\), got -1.5"):
        APR(np.array([[0.1, 0.2], [-1.5, -2.0]]))


@pytest.mark.parametrize("rate", [APR(1e7), APY(1e7), APR(np.array([0.1, 1e7]))])
def test_conversion_has_a_limit(rate):
    with pytest.raises(InputError, match="below the limit 1e\\+07"):
        (rate.to_apy if isinstance(rate, APR) else rate.to_apr)(compounding=1)


def test_a_simple_rate_may_not_take_more_than_everything_in_one_period():
    assert APR(-0.9).to_apy(compounding=1).value == pytest.approx(-0.9)


@pytest.mark.parametrize("rate", [APR, APY])
@pytest.mark.parametrize("value", [1e9, np.array([0.1, 1e9])])
def test_the_highest_rate_is_one(rate, value):
    assert np.max(rate(value).value) == 1e9


def test_a_series_may_not_reach_minus_one():
    with pytest.raises(InputError, match=r"at index \(1,\), got -1\.0$"):
        APR(np.array([0.1, -1.0]))


@pytest.mark.parametrize("convert", [APR(0.5).to_apy, APY(0.5).to_apr])
def test_periods_of_a_year_are_counted_to_a_billion(convert):
    assert convert(compounding=10**9).value == pytest.approx(0.5, abs=0.2)
    for wrong in (0, 10**9 + 1):
        with pytest.raises(InputError, match=r"compounding: must be an integer in \[1, 1000000000\]"):
            convert(compounding=wrong)


def test_a_number_stays_a_float():
    assert type(APR(0.1).to_apy(compounding=1).value) is float
    assert type(APY(0.1).accrued(2.0)) is float


def test_the_limit_of_conversion_names_the_kind():
    with pytest.raises(InputError, match=r"^apr: must be below"):
        APR(1e7).to_apy(compounding=1)
    with pytest.raises(InputError, match=r"^apy: must be below"):
        APY(1e7).to_apr(compounding=1)


def test_as_rate_shows_a_number_given_and_else_an_example():
    with pytest.raises(InputTypeError, match=r"write APR\(3\) or APY\(3\), got int 3"):
        as_rate("x", 3)
    with pytest.raises(InputTypeError, match=r"write APR\(0\.04\) or APY\(0\.04\), got str"):
        as_rate("x", "five")


# Immutability


def test_the_array_is_copied_and_read_only():
    given_array = np.array([0.1, 0.2])
    rate = APR(given_array)
    given_array[0] = 9.0
    assert isinstance(rate.value, np.ndarray)
    assert rate.value[0] == 0.1
    with pytest.raises(ValueError, match="WRITEABLE"):
        rate.value.setflags(write=True)


@pytest.mark.parametrize("rate", [APR(0.04), APY(-0.5)])
def test_pickle(rate):
    assert pickle.loads(pickle.dumps(rate)) == rate  # noqa: S301
