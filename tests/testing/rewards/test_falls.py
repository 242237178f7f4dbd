"""Small falls of a reward, at the edge of a tier: found by the slope that bends there."""

from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from stakingmodels import ConformanceError
from stakingmodels.testing import RewardFunction, check_reward


def tier_of_the_whole(coins, apr, days):
    return coins * (apr if coins < 12_345 else 0.9999 * apr) * days / 365


def coin_lost_at_a_kink(coins, apr, days):
    above = max(coins - 1_000, 0)
    return (min(coins, 1_000) * apr + above * apr / 2 - (1.0 * apr if above else 0.0)) * days / 365


def several_tiers(coins, apr, days):
    steps = [1_000 * 3**n for n in range(6)]  # each raises the rate but the last
    grown = sum(coins > step for step in steps)
    return coins * apr * (1.0 + 0.1 * grown - (0.105 if coins > steps[-1] else 0.0)) * days / 365


def lower_after_some_days(coins, apr, days):
    return coins * (apr if days <= 300 else 0.99 * apr) * days / 365


def capped_rate(coins, apr, days):
    return coins * (apr if apr < 0.2 else 0.999 * apr) * days / 365


def discount_on_the_fee(coins, apr, days, fee):
    return coins * apr * days / 365 * (1 - (fee if fee <= 0.25 else 0.995 * fee))


def in_wei(coins, bps, days):
    return coins * (bps if coins < 32 * 10**18 else bps - bps // 50) * days // (365 * 10_000)


def in_decimals(coins, apr, days):
    return coins * (apr if coins < 2_500 else apr * Decimal("0.998")) * days / 365


def in_arrays(coins, apr, days):
    return coins * np.where(np.asarray(coins) < 40_000, apr, 0.996 * apr) * days / 365


def of_a_pot(pot, mine):
    return pot * mine / 1e9 * (1.0 if pot < 7_000 else 0.99)


GIVEN: dict[str, Any] = {"amount": "coins", "apr": "apr", "days": "days"}
WEI: dict[str, Any] = {
    "amount": "coins",
    "apr": "bps",
    "days": "days",
    "rate_scale": 10_000,
    "integers": True,
    "homogeneous": True,
}
FALLS: list[tuple[Any, dict[str, Any], str, str]] = [
    (tier_of_the_whole, GIVEN, "monotone-in-amount", "coins"),
    (coin_lost_at_a_kink, GIVEN, "monotone-in-amount", "coins"),
    (several_tiers, GIVEN, "monotone-in-amount", "coins"),
    (lower_after_some_days, GIVEN, "monotone-in-time", "days"),
    (capped_rate, GIVEN, "monotone-in-rate", "apr"),
    (discount_on_the_fee, {**GIVEN, "fee": "fee"}, "monotone-in-fee", "fee"),
    (in_wei, WEI, "monotone-in-amount", "coins"),
    (in_decimals, {**GIVEN, "number": Decimal}, "monotone-in-amount", "coins"),
    (in_arrays, {**GIVEN, "takes": "both"}, "monotone-in-amount", "coins"),
    (of_a_pot, {"amount": "mine", "pot": "pot"}, "monotone-in-amount", "pot"),
]


@pytest.mark.parametrize(("function", "promises", "check", "name"), FALLS, ids=[each[0].__name__ for each in FALLS])
def test_a_small_fall_is_found(function, promises, check, name):
    with pytest.raises(ConformanceError, match=rf"^{check}: .*: more {name} than in "):
        check_reward(function, **promises)


def kinked(coins, apr, days):
    """Tiers of which each holds for what is above it."""
    edges = (0.0, 500.0, 2_000.0, 10_000.0, 1e6)
    parts = zip(edges, (*edges[1:], 1e12), (1.0, 0.7, 0.5, 0.3, 0.1), strict=True)
    return sum(max(min(coins, high) - low, 0.0) * part for low, high, part in parts) * apr * days / 365


def raised(coins, apr, days):
    """A rate that is higher for larger amounts, and for longer times."""
    return coins * apr * (1.0 + 0.2 * (coins >= 777.0)) * (1.0 + 0.01 * (days > 90)) * days / 365


def saturating(coins, apr, days):
    """A reward whose rate falls with the amount, and never the reward."""
    return coins / (1.0 + coins / 1e5) * apr * days / 365


def rounded(coins, apr, days):
    """Whole coins of which a reward pays cents."""
    return round(int(coins) * apr * days / 365, 2)


@pytest.mark.parametrize("function", [kinked, raised, saturating, rounded])
def test_a_bend_that_is_no_fall_passes(function):
    check_reward(function, **GIVEN, unit=0.01 if function is rounded else 0.0)


def test_large_integers_are_told_by_the_check_of_integers_when_floats_round_them():
    def by_floats(coins, bps, days):
        return int(coins * bps / 10_000 * days / 365)

    spec = RewardFunction(by_floats, **WEI, compounds="never")
    with pytest.raises(ConformanceError, match=r"^integers: "):
        check_reward(spec)


def test_a_probe_asks_a_few_hundred_times_only():
    asked = []

    def counted(coins, apr, days):
        asked.append(coins)
        return kinked(coins, apr, days)

    check_reward(counted, **GIVEN, only=["monotone-in-amount"])
    assert len(asked) < 3_000
