"""A rounding is offered as the cause of a difference only where it explains all differences, and looks like one."""

from typing import Any

import pytest

from stakingmodels.errors import ConformanceError
from stakingmodels.testing import check_reward

pytestmark = pytest.mark.once
FLOATS: dict[str, Any] = {"amount": "coins", "apr": "apr", "days": "days", "compounds": "never"}
UNITS: dict[str, Any] = {**FLOATS, "apr": "bps", "rate_scale": 10_000, "integers": True}


def fee_twice(coins, apr, days, fee):
    return coins * apr * days / 365 * (1 - fee) ** 2


def swapped(coins, apr, days, fee):
    return coins * fee * days / 365 * (1 - apr)


def fee_twice_in_units(coins, bps, days, fee):
    gross = coins * bps * days // 3_650_000
    return gross - 2 * (gross * fee // 10_000)


def swapped_in_units(coins, bps, days, fee):
    gross = coins * fee * days // 3_650_000
    return gross - gross * bps // 10_000


def of_another_year(coins, apr, days):
    return coins * apr * days / 365.0001


def pair_with_fee_twice(pot, fee):
    return pot - 2 * (pot * fee // 10_000), pot * fee // 10_000


FAULTS: list[tuple[Any, dict[str, Any]]] = [
    (fee_twice, {**FLOATS, "fee": "fee"}),
    (fee_twice, {**FLOATS, "fee": "fee", "domain": {"coins": (0.0, 10.0), "fee": (0.0, 0.01)}}),
    (swapped, {**FLOATS, "fee": "fee"}),
    (swapped, {**FLOATS, "fee": "fee", "domain": {"coins": (0.0, 10.0), "days": (0, 10)}}),
    (fee_twice_in_units, {**UNITS, "fee": "fee", "fee_scale": 10_000}),
    (swapped_in_units, {**UNITS, "fee": "fee", "fee_scale": 10_000}),
    (
        pair_with_fee_twice,
        {"pot": "pot", "fee": "fee", "fee_scale": 10_000, "integers": True} | {"returns": ("reward", "fee")},
    ),
    (of_another_year, FLOATS),
]


@pytest.mark.parametrize(("function", "promises"), FAULTS)
def test_a_fault_is_not_taken_for_a_rounding(function, promises):
    with pytest.raises(ConformanceError) as caught:
        check_reward(function, **promises, on_fail="collect")
    assert caught.value.failures
    for failure in caught.value.failures:
        assert "if it is meant to" not in failure


def rounded_often(coins, bps, n):
    for _ in range(n):
        coins += coins * bps // 10_000 // 3 * 3
    return coins


def test_roundings_of_several_units_are_named_and_pass_with_the_promise():
    promises: dict[str, Any] = {"amount": "coins", "period_rate": "bps", "rate_scale": 10_000, "periods": "n"}
    promises |= {"returns": "balance", "integers": True, "compounds": "always", "only": ["apr-apy"]}
    promises |= {"domain": {"n": (0, 6), "coins": (0, 2**40)}}
    with pytest.raises(ConformanceError, match=r"; if it is meant to round by so much, write dust=(\d+)$") as caught:
        check_reward(rounded_often, **promises)
    check_reward(rounded_often, **promises, dust=int(str(caught.value).rpartition("=")[2]))
