"""Compound III: kinked rates, indices, and COMP that is paid to lenders and borrowers but not for staking."""

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.protocols.contracts import compound
from stakingmodels.rates import APR

ONE = 10**18
YEAR = 31_536_000
CURVE = compound.Curve(kink=8 * ONE // 10, base=5 * ONE // 1_000, slope_low=ONE // 10, slope_high=3 * ONE)


def annual(rate_per_second):
    return rate_per_second * YEAR / ONE


def test_constants():
    assert (compound.FACTOR_SCALE, compound.SECONDS_PER_YEAR, compound.BASE_ACCRUAL_SCALE) == (ONE, YEAR, 10**6)


@pytest.mark.parametrize(
    ("percent", "rate"), [(0, 0.005), (10, 0.015), (80, 0.085), (90, 0.385), (100, 0.685), (110, 0.985)]
)
def test_the_rate_rises_faster_beyond_the_kink(percent, rate):
    assert annual(CURVE.rate_per_second(percent * ONE // 100)) == pytest.approx(rate, abs=3e-10)


@pytest.mark.parametrize(
    ("percent", "rate"), [(0, 0.0), (10, 0.00135), (80, 0.0612), (90, 0.31185), (100, 0.6165), (110, 0.8865)]
)
def test_suppliers_got_what_was_lent_less_reserves(percent, rate):
    supply = compound.supply_rate_after_reserves(CURVE, ONE // 10, percent * ONE // 100)
    assert annual(supply) == pytest.approx(rate, abs=1e-9)


def test_without_reserves():
    assert annual(compound.supply_rate_after_reserves(CURVE, 0, ONE // 10)) == pytest.approx(0.0015, abs=1e-10)
    assert compound.supply_rate_after_reserves(CURVE, ONE, ONE // 10) == 0


def test_rates_are_whole_numbers_a_second():
    curve = compound.Curve(kink=ONE // 2, base=YEAR + YEAR - 1, slope_low=4 * YEAR, slope_high=10 * YEAR)
    assert curve.rate_per_second(0) == 1
    assert curve.rate_per_second(ONE // 2) == 1 + 2
    assert curve.rate_per_second(ONE // 2 - 1) == 1 + 1
    assert curve.rate_per_second(ONE // 2 + ONE // 10) == 1 + 2 + 1
    assert curve.rate_per_second(ONE // 2 + ONE // 10 - 1) == 1 + 2


def test_a_product_with_a_factor_is_rounded_down():
    assert compound.mul_factor(3, ONE // 2) == 1
    assert compound.mul_factor(ONE, 7) == 7


@given(st.integers(0, 2 * ONE), st.integers(0, ONE))
def test_a_higher_use_never_lowers_the_rate(utilization, more):
    assert CURVE.rate_per_second(utilization) <= CURVE.rate_per_second(utilization + more)


@given(st.integers(0, 2 * ONE), st.integers(0, ONE))
def test_reserves_take_from_suppliers_only(utilization, reserve_rate):
    assert compound.supply_rate_after_reserves(CURVE, reserve_rate, utilization) <= CURVE.rate_per_second(utilization)


def test_a_deployed_market_has_two_curves():
    market = compound.USDC_MAINNET_LAUNCH
    at_the_kink = 8 * ONE // 10
    assert annual(market.borrow.rate_per_second(at_the_kink)) == pytest.approx(0.015 + 0.035 * 0.8, abs=1e-9)
    assert annual(market.borrow.rate_per_second(ONE)) == pytest.approx(0.043 + 0.25 * 0.2, abs=1e-9)
    assert annual(market.supply.rate_per_second(at_the_kink)) == pytest.approx(0.0325 * 0.8, abs=1e-9)
    assert annual(market.supply.rate_per_second(ONE)) == pytest.approx(0.026 + 0.4 * 0.2, abs=1e-9)
    assert market.supply.rate_per_second(0) == 0
    assert (market.borrow.kink, market.supply.kink) == (at_the_kink, at_the_kink)


@pytest.mark.parametrize("name", ["kink", "base", "slope_low", "slope_high"])
def test_curves_are_checked(name):
    with pytest.raises(InputError, match=f"^Curve.{name}: must be an integer"):
        attrs.evolve(CURVE, **{name: -1})
    with pytest.raises(InputTypeError, match=f"^Curve.{name}: must be an integer"):
        attrs.evolve(CURVE, **{name: 0.1})  # type: ignore[arg-type]


def test_utilization():
    assert compound.get_utilization(1, 3) == 333_333_333_333_333_333
    assert compound.get_utilization(11, 10) == 11 * ONE // 10
    assert compound.get_utilization(0, 1) == 0
    assert compound.get_utilization(1, 0) == 0


def test_an_index_grows_linearly_between_touches():
    assert compound.accrue_index(10**15, ONE // 10, 1) == 11 * 10**14
    assert compound.accrue_index(10**15, ONE // 10, 3) == 13 * 10**14
    assert compound.accrue_index(10**15, ONE // 10, 0) == 10**15
    assert compound.accrue_index(10, ONE // 10 - 1, 1) == 10


def test_rate_as_apr():
    assert compound.rate_as_apr(ONE // YEAR).value == pytest.approx(1.0, rel=1e-10)
    assert compound.rate_as_apr(0) == APR(0.0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: CURVE.rate_per_second(-1), "Curve.rate_per_second: utilization"),
        (lambda: compound.supply_rate_after_reserves(CURVE, -1, 0), "supply_rate_after_reserves: reserve_rate"),
        (lambda: compound.supply_rate_after_reserves(CURVE, ONE + 1, 0), "supply_rate_after_reserves: reserve_rate"),
        (lambda: compound.supply_rate_after_reserves(CURVE, 0, -1), "supply_rate_after_reserves: utilization"),
        (lambda: compound.get_utilization(-1, 1), "get_utilization: total_borrow"),
        (lambda: compound.get_utilization(1, -1), "get_utilization: total_supply"),
        (lambda: compound.accrue_index(-1, 1, 1), "accrue_index: index"),
        (lambda: compound.accrue_index(1, -1, 1), "accrue_index: rate_per_second"),
        (lambda: compound.accrue_index(1, 1, -1), r"accrue_index: seconds: must be an integer in \[0, "),
        (lambda: compound.accrue_index(1, 1, 2**40), "accrue_index: seconds"),
        (lambda: compound.rate_as_apr(-1), "rate_as_apr: rate_per_second"),
    ],
)
def test_arguments_are_checked(call, message):
    with pytest.raises(InputError, match=f"^{message}"):
        call()


def test_the_last_second_of_time():
    assert compound.accrue_index(1, 0, 2**40 - 1) == 1


USDC = 10**6
TRACKING = compound.Tracking(speed=2 * 10**12, base_min_for_rewards=1_000_000 * USDC, base_scale=USDC)
"""0.002 COMP a second, 172.8 a day."""


def test_comp_earns_nothing_by_itself():
    assert APR(0.0) == compound.COMP_STAKING_APR


def test_a_days_rewards_are_shared_by_principal():
    total = 200_000_000 * USDC
    increase = TRACKING.index_increase(86_400, total)
    assert increase == 2 * 10**12 * 86_400 * USDC // total == 864_000_000
    assert TRACKING.accrued(total, increase) == 172_800_000  # millionths of a COMP
    assert TRACKING.accrued(total // 4, increase) == 43_200_000
    assert TRACKING.accrued(0, increase) == 0


def test_nothing_accrues_below_the_minimum():
    assert TRACKING.index_increase(86_400, 1_000_000 * USDC - 1) == 0
    assert TRACKING.index_increase(86_400, 1_000_000 * USDC) == 172_800_000_000
    assert TRACKING.index_increase(0, 1_000_000 * USDC) == 0
    small = attrs.evolve(TRACKING, base_min_for_rewards=1)
    assert small.index_increase(1, 0) == 0
    assert small.index_increase(1, 1) == 2 * 10**18


def test_dust_is_lost_twice():
    ether = compound.Tracking(speed=10**15, base_min_for_rewards=1, base_scale=ONE)
    assert ether.index_increase(1, 3 * ONE) == 333_333_333_333_333
    assert ether.accrued(3 * ONE, 333_333_333_333_333) == 999_999
    assert ether.accrued(10**12, 10**15 - 1) == 0
    assert ether.accrued(10**12, 10**15) == 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"speed": -1}, "speed: must be an integer"),
        ({"base_min_for_rewards": 0}, r"base_min_for_rewards: must be an integer in \[1, "),
        ({"base_scale": 10**6 - 1}, r"base_scale: must be an integer in \[1000000, "),
        ({"index_scale": 0}, r"index_scale: must be an integer in \[1, "),
    ],
)
def test_tracking_is_checked(changes, message):
    with pytest.raises(InputError, match=f"^Tracking.{message}"):
        attrs.evolve(TRACKING, **changes)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: TRACKING.index_increase(-1, 1), r"Tracking.index_increase: seconds: must be an integer in \[0, "),
        (lambda: TRACKING.index_increase(2**40, 1), "Tracking.index_increase: seconds"),
        (lambda: TRACKING.index_increase(1, -1), "Tracking.index_increase: total_principal"),
        (lambda: TRACKING.accrued(-1, 1), "Tracking.accrued: principal"),
        (lambda: TRACKING.accrued(1, -1), "Tracking.accrued: index_increase"),
        (lambda: compound.reward_apr(TRACKING, -1, comp_price=1.0), "reward_apr: total_principal"),
        (lambda: compound.reward_apr(TRACKING, 1, comp_price=-1.0), "reward_apr: comp_price"),
    ],
)
def test_rewards_are_checked(call, message):
    with pytest.raises(InputError, match=f"^{message}"):
        call()


def test_what_rewards_are_a_year():
    total = 200_000_000 * USDC
    # 172.8 COMP a day at 50 USD are 3.15 M USD a year on 200 M
    assert compound.reward_apr(TRACKING, total, comp_price=50.0).value == pytest.approx(172.8 * 365 * 50 / 200e6)
    assert compound.reward_apr(TRACKING, total, comp_price=0.0) == APR(0.0)
    assert compound.reward_apr(TRACKING, 1_000_000 * USDC - 1, comp_price=50.0) == APR(0.0)
    assert compound.reward_apr(TRACKING, 1_000_000 * USDC, comp_price=50.0).value > 0.0
    assert TRACKING.index_increase(2**40 - 1, total) > 0


def test_the_scale_of_the_index_is_a_parameter():
    coarse = attrs.evolve(TRACKING, speed=2 * 10**9, index_scale=10**12)
    total = 200_000_000 * USDC
    assert compound.reward_apr(coarse, total, comp_price=50.0) == compound.reward_apr(TRACKING, total, comp_price=50.0)


@pytest.mark.parametrize(("kind", "fields"), [(compound.Curve, 4), (compound.Tracking, 4)])
def test_parameters_are_given_by_name(kind, fields):
    with pytest.raises(TypeError, match="positional"):
        kind(*[ONE] * fields)
    with pytest.raises(TypeError, match="positional"):
        compound.Market(CURVE, CURVE)  # type: ignore[call-arg]


def test_the_first_suppliers_began_at_nothing():
    assert compound.USDC_MAINNET_LAUNCH.supply.base == 0


def test_a_scale_that_is_no_whole_number_of_millionths_is_rounded_down():
    odd = compound.Tracking(speed=1, base_min_for_rewards=1, base_scale=1_999_999)
    assert odd.accrued(10**15, 7) == 7
