"""Aave's rate curve, interest, health factor and close factor, against sums done by hand."""

import math
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.protocols.contracts import aave
from stakingmodels.rates import APR

RAY = 10**27
PERCENT = RAY // 100
YEAR = 31_536_000
CURVE = aave.InterestRateData(
    optimal_usage_ratio=8_000, base_variable_borrow_rate=100, variable_rate_slope1=400, variable_rate_slope2=6_000
)


def rates(debt, liquidity, *, reserve_factor=0, deficit=0, curve=CURVE):
    return aave.calculate_interest_rates(
        curve, total_debt=debt, available_liquidity=liquidity, reserve_factor=reserve_factor, deficit=deficit
    )


def test_constants():
    assert (aave.RAY, aave.WAD, aave.PERCENTAGE_FACTOR, aave.SECONDS_PER_YEAR) == (RAY, 10**18, 10_000, YEAR)


@pytest.mark.parametrize(
    ("product", "expected"),
    [
        (aave.ray_mul(RAY, RAY), RAY),
        (aave.ray_mul(1, RAY // 2), 1),
        (aave.ray_mul(1, RAY // 2 - 1), 0),
        (aave.ray_mul(3, RAY // 2), 2),
        (aave.ray_div(1, RAY), 1),
        (aave.ray_div(1, 2 * RAY), 1),
        (aave.ray_div(1, 2 * RAY + 2), 0),
        (aave.ray_div(1, 3), 333333333333333333333333333),
        (aave.ray_div(2, 3), 666666666666666666666666667),
        (aave.wad_div(1, 3), 333333333333333333),
        (aave.wad_div(2, 3), 666666666666666667),
        (aave.wad_div(1, 2 * 10**18), 1),
        (aave.wad_div(1, 2 * 10**18 + 2), 0),
        (aave.percent_mul(1, 5_000), 1),
        (aave.percent_mul(1, 4_999), 0),
        (aave.percent_mul(30_001, 2_500), 7_500),
    ],
)
def test_products_and_quotients_round_half_up(product, expected):
    assert product == expected


@pytest.mark.parametrize(
    ("debt", "liquidity", "borrow"),
    [(0, 100, 100), (40, 60, 300), (80, 20, 500), (90, 10, 3_500), (100, 0, 6_500)],
)
def test_the_borrow_rate_is_straight_on_both_sides_of_the_bend(debt, liquidity, borrow):
    supply, paid = rates(debt * 10**18, liquidity * 10**18)
    assert paid == borrow * PERCENT // 100
    assert supply == paid * debt // 100


def test_the_curve_does_not_jump_at_the_bend():
    debt, pool = 8 * 10**26, 10**27
    at_the_bend = rates(debt, pool - debt)[1]
    assert at_the_bend == 5 * PERCENT
    assert rates(debt + 1, pool - debt - 1)[1] - at_the_bend == 3  # 60 % over 20 % of use
    assert at_the_bend - rates(debt - 20, pool - debt + 20)[1] == 1  # 4 % over 80 % of use


def test_the_reserve_factor_is_taken_from_suppliers():
    supply, borrow = rates(40 * 10**18, 60 * 10**18, reserve_factor=2_500)
    assert borrow == 3 * PERCENT
    assert supply == borrow * 4 // 10 * 75 // 100
    assert rates(40 * 10**18, 60 * 10**18, reserve_factor=10_000) == (0, borrow)


def test_deficit_coins_share_the_interest_but_do_not_move_the_curve():
    supply, borrow = rates(40 * 10**18, 60 * 10**18, deficit=60 * 10**18)
    assert borrow == 3 * PERCENT
    assert supply == borrow // 4


@given(st.integers(0, 10**24), st.integers(0, 10**24), st.integers(0, 10_000))
def test_suppliers_never_get_more_than_borrowers_pay(debt, liquidity, reserve_factor):
    supply, borrow = rates(debt, liquidity, reserve_factor=reserve_factor)
    assert 0 <= supply <= borrow <= 65 * PERCENT
    assert borrow >= PERCENT


@given(st.integers(1, 10**24), st.integers(0, 10**24), st.integers(1, 10**24))
def test_more_debt_never_lowers_the_rate(debt, liquidity, more):
    assert rates(debt, liquidity)[1] <= rates(debt + more, liquidity)[1]


@pytest.mark.parametrize("name", ["total_debt", "available_liquidity", "deficit"])
@pytest.mark.parametrize(("amount", "error"), [(-1, InputError), (2**256, InputError), (1.0, InputTypeError)])
def test_amounts_are_checked(name, amount, error):
    amounts = {"total_debt": 1, "available_liquidity": 1, "deficit": 0} | {name: amount}
    with pytest.raises(error, match=f"^calculate_interest_rates: {name}: must be an integer"):
        aave.calculate_interest_rates(CURVE, reserve_factor=0, **amounts)


@pytest.mark.parametrize("factor", [-1, 10_001])
def test_the_reserve_factor_is_checked(factor):
    with pytest.raises(
        InputError, match=r"^calculate_interest_rates: reserve_factor: must be an integer in \[0, 10000\]"
    ):
        rates(1, 1, reserve_factor=factor)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"optimal_usage_ratio": 99}, r"InterestRateData.optimal_usage_ratio: must be an integer in \[100, 9900\]"),
        ({"optimal_usage_ratio": 9_901}, "InterestRateData.optimal_usage_ratio"),
        ({"base_variable_borrow_rate": -1}, "InterestRateData.base_variable_borrow_rate"),
        ({"variable_rate_slope1": 100_001}, "InterestRateData.variable_rate_slope1"),
        (
            {"variable_rate_slope1": 6_001},
            "InterestRateData.variable_rate_slope2: must be at least variable_rate_slope1 6001",
        ),
        ({"variable_rate_slope2": 99_501}, "InterestRateData.variable_rate_slope2: must keep base and slopes together"),
    ],
)
def test_curves_that_governance_could_not_set(changes, message):
    with pytest.raises(InputError, match=f"^{message}"):
        attrs.evolve(CURVE, **changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"optimal_usage_ratio": 100},
        {"optimal_usage_ratio": 9_900},
        {"base_variable_borrow_rate": 0},
        {"variable_rate_slope1": 6_000},
        {"variable_rate_slope2": 99_500},
        {"base_variable_borrow_rate": 100_000, "variable_rate_slope1": 0, "variable_rate_slope2": 0},
    ],
)
def test_curves_at_the_limits(changes):
    curve = attrs.evolve(CURVE, **changes)
    assert curve.slopes == (curve.variable_rate_slope1, curve.variable_rate_slope2)


def test_a_rate_in_rays_is_an_apr():
    assert aave.rate_as_apr(5 * PERCENT) == APR(0.05)
    with pytest.raises(InputError, match=r"^rate_as_apr: rate"):
        aave.rate_as_apr(-1)


def test_linear_interest_is_rounded_down():
    assert aave.calculate_linear_interest(5 * PERCENT, YEAR) == RAY + 5 * PERCENT
    assert aave.calculate_linear_interest(5 * PERCENT, 0) == RAY
    assert aave.calculate_linear_interest(YEAR - 1, 1) == RAY
    assert aave.calculate_linear_interest(YEAR, 1) == RAY + 1


def test_compounded_interest_is_three_terms_of_the_exponential():
    x = 10 * PERCENT
    assert aave.calculate_compounded_interest(x, YEAR) == 1105166666666666666666666667
    assert aave.calculate_compounded_interest(RAY, YEAR) == RAY + RAY + RAY // 2 + RAY // 6
    assert aave.calculate_compounded_interest(x, 0) == RAY
    assert aave.calculate_compounded_interest(YEAR - 1, 1) == RAY


@given(st.integers(0, RAY // 2), st.integers(0, YEAR))
def test_compounding_pays_at_least_the_linear_interest(rate, seconds):
    assert aave.calculate_compounded_interest(rate, seconds) >= aave.calculate_linear_interest(rate, seconds)


@pytest.mark.parametrize("interest", [aave.calculate_linear_interest, aave.calculate_compounded_interest])
def test_rates_and_times_are_checked(interest):
    with pytest.raises(InputError, match=f"^{interest.__name__}: rate: must be an integer"):
        interest(-1, 1)
    with pytest.raises(InputError, match=f"^{interest.__name__}: seconds: must be an integer in"):
        interest(1, -1)
    with pytest.raises(InputError, match=f"^{interest.__name__}: seconds"):
        interest(1, 2**40)
    assert interest(0, 2**40 - 1) == RAY


def test_the_health_factor_weighs_each_collateral():
    collaterals = [aave.Collateral(100_000, 8_000), aave.Collateral(50_000, 9_000)]
    assert aave.calculate_health_factor(collaterals, 100_000) == 1_250_000_000_000_000_000
    assert aave.calculate_health_factor(iter(collaterals), 125_000) == 10**18
    assert aave.calculate_health_factor([], 1) == 0
    assert aave.calculate_health_factor(collaterals, 0) == 2**256 - 1


@pytest.mark.parametrize(
    ("debt", "health_factor"),
    [(3, 33_333_333_333_333), (10**14, 1), (10**14 + 1, 1), (10**14 + 10**10, 0)],
)
def test_the_health_factor_rounds_half_up_before_it_rounds_down(debt, health_factor):
    # 10**18 / (10**14 + 1) is 9999.9999: rounded to 10,000 first, it is 1 and not 0 in the end
    assert aave.calculate_health_factor([aave.Collateral(1, 1)], debt) == health_factor


def test_collateral_is_checked():
    with pytest.raises(InputError, match=r"^Collateral.value: must be an integer"):
        aave.Collateral(-1, 8_000)
    with pytest.raises(InputError, match=r"^Collateral.liquidation_threshold: must be an integer in \[0, 10000\]"):
        aave.Collateral(1, 10_001)
    with pytest.raises(InputError, match=r"^calculate_health_factor: total_debt"):
        aave.calculate_health_factor([], -1)


def test_liquidation_begins_below_one():
    assert aave.is_liquidatable(10**18 - 1)
    assert not aave.is_liquidatable(10**18)
    with pytest.raises(InputError, match=r"^is_liquidatable: health_factor"):
        aave.is_liquidatable(-1)


USD = 10**8


@pytest.mark.parametrize(
    ("collateral", "debt", "total", "health_factor", "most"),
    [
        (10_000, 8_000, 8_000, 99, 4_000),
        (10_000, 8_000, 20_000, 99, 8_000),
        (10_000, 8_000, 10_000, 99, 5_000),
        (10_000, 8_000, 8_000, 95, 8_000),
        (10_000, 8_000, 8_000, 96, 4_000),
        (1_999, 8_000, 8_000, 99, 8_000),
        (2_000, 8_000, 8_000, 99, 4_000),
        (10_000, 1_999, 8_000, 99, 1_999),
        (10_000, 2_000, 2_000, 99, 1_000),
    ],
)
def test_how_much_a_liquidation_may_repay(collateral, debt, total, health_factor, most):
    assert most * USD == aave.max_liquidatable_debt(
        collateral_in_asset=collateral * USD,
        debt_in_asset=debt * USD,
        total_debt=total * USD,
        health_factor=health_factor * 10**16,
    )


def test_close_factors_are_parameters():
    rules = attrs.evolve(aave.LIQUIDATION_V3_3, default_liquidation_close_factor=2_500)
    amounts: dict[str, Any] = {
        "collateral_in_asset": 9_000 * USD,
        "debt_in_asset": 8_000 * USD,
        "total_debt": 8_000 * USD,
    }
    assert aave.max_liquidatable_debt(**amounts, health_factor=99 * 10**16, rules=rules) == 2_000 * USD
    assert aave.max_liquidatable_debt(**amounts, health_factor=95 * 10**16 + 1) == 4_000 * USD


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"collateral_in_asset": -1}, "collateral_in_asset: must be an integer"),
        ({"debt_in_asset": -1}, "debt_in_asset: must be an integer"),
        ({"total_debt": 9}, r"total_debt: must be an integer in \[10, "),
        ({"health_factor": 10**18}, r"health_factor: must be below 10\*\*18"),
    ],
)
def test_what_cannot_be_liquidated(changes, message):
    arguments: dict[str, Any] = {"collateral_in_asset": 10, "debt_in_asset": 10, "total_debt": 10, "health_factor": 1}
    with pytest.raises(InputError, match=f"^max_liquidatable_debt: {message}"):
        aave.max_liquidatable_debt(**(arguments | changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"default_liquidation_close_factor": 10_001},
        {"close_factor_hf_threshold": -1},
        {"min_base_max_close_factor_threshold": -1},
    ],
)
def test_liquidation_rules_are_checked(changes):
    with pytest.raises(InputError, match=f"^LiquidationRules.{next(iter(changes))}: must be an integer"):
        attrs.evolve(aave.LIQUIDATION_V3_3, **changes)


@pytest.mark.parametrize(("kind", "fields"), [(aave.InterestRateData, 4), (aave.LiquidationRules, 3)])
def test_parameters_are_given_by_name(kind, fields):
    with pytest.raises(TypeError, match="positional"):
        kind(*[1_000] * fields)


def test_nothing_is_deficit_unless_told():
    curve, amounts = CURVE, {"total_debt": 1, "available_liquidity": 1}
    told = aave.calculate_interest_rates(curve, **amounts, reserve_factor=0, deficit=0)
    assert aave.calculate_interest_rates(curve, **amounts, reserve_factor=0) == told


@given(st.integers(0, 1_000), st.integers(1, 50))
def test_quotients_of_few_units_are_rounded_to_the_nearest(a, b):
    for divided, unit in ((aave.ray_div, RAY), (aave.wad_div, 10**18)):
        assert divided(a, b) == math.floor(Fraction(a * unit, b) + Fraction(1, 2))
