"""Functions with a cache: one whose key forgets an argument is found, one with the whole key passes."""

from collections.abc import Callable
from typing import Any

import pytest

from stakingmodels import ConformanceError
from stakingmodels.testing import REWARD_CHECKS, RewardFunction, check_reward

NAMES = ("coins", "apr", "days", "fee")
PROMISES: dict[str, Any] = {"amount": "coins", "apr": "apr", "days": "days", "fee": "fee", "compounds": "never"}


def cached(*key: str, rounding: int = 12) -> Callable[..., float]:
    """Simple interest less a fee, kept by the arguments of a key."""
    kept: dict[Any, float] = {}

    def earn(coins, apr, days, fee):
        named = dict(zip(NAMES, (coins, apr, days, fee), strict=True))
        place = tuple(round(named[each], rounding) for each in key)
        if place not in kept:
            kept[place] = coins * apr * days / 365 * (1 - fee)
        return kept[place]

    return earn


@pytest.mark.parametrize(
    "key",
    [[each for each in NAMES if each != name] for name in NAMES] + [["coins"], ["apr", "days"], ["coins", "days"]],
    ids="-".join,
)
def test_a_cache_whose_key_forgets_an_argument_is_found(key):
    forgotten = "|".join({*NAMES} - {*key})
    with pytest.raises(ConformanceError, match=rf"^deterministic: .* forget or round ({forgotten})\?\)$"):
        check_reward(cached(*key), **PROMISES)
    used = cached(*key)
    for n in range(50):
        used(coins=n * 2e7, apr=n / 50, days=n * 73, fee=n / 50)
    with pytest.raises(ConformanceError, match=rf"^deterministic: .* forget or round ({forgotten})\?\)$"):
        REWARD_CHECKS["deterministic"](RewardFunction(used, **PROMISES))


@pytest.mark.parametrize("rounding", [1, 2, 3])
def test_a_cache_that_rounds_a_rate_is_found(rounding):
    kept: dict[Any, float] = {}

    def earn(coins, apr, days, fee):
        return kept.setdefault((coins, round(apr, rounding), days, fee), coins * apr * days / 365 * (1 - fee))

    with pytest.raises(ConformanceError, match=r"^deterministic: .* forget or round apr\?\)$"):
        check_reward(earn, **PROMISES)


def test_a_cache_with_the_whole_key_passes():
    report = check_reward(cached(*NAMES), **PROMISES)
    assert {"deterministic", "apr-apy", "monotone-in-fee"} <= {*report.passed}


def test_a_key_of_the_sum_of_shares_forgets_whose_they_are():
    kept: dict[Any, list[int]] = {}

    def divided(pot, shares):
        return kept.setdefault((pot, sum(shares)), [pot * each // sum(shares) for each in shares])

    spec: dict[str, Any] = {"pot": "pot", "shares": "shares", "returns": "parts", "integers": True}
    with pytest.raises(ConformanceError, match=r"^deterministic: .* forget or round shares\?\)$"):
        check_reward(divided, **spec, only=["deterministic"])


def test_a_key_of_the_length_of_a_path_forgets_its_rates():
    kept: dict[Any, float] = {}

    def grown(coins, rates):
        return kept.setdefault((coins, len(rates)), coins * sum(rates))

    with pytest.raises(ConformanceError, match=r"^deterministic: .* forget or round rates\?\)$"):
        check_reward(grown, amount="coins", rate_path="rates", only=["deterministic"])


def test_arguments_that_change_nothing_are_not_taken_for_forgotten():
    def capped(coins, apr, days, fee):
        del apr, fee
        return min(coins, 1e5) * 1e-6 * (days // 30)

    assert "deterministic" in check_reward(capped, **PROMISES, only=["deterministic"]).passed
