"""Where a failure may be due to a promise that is wrong, the message says which one to change; then it passes."""

import itertools
from typing import Any

import numpy as np
import pytest

from stakingmodels.errors import ConformanceError, InputError
from stakingmodels.testing import check_reward

pytestmark = pytest.mark.once
SIMPLE: dict[str, Any] = {"amount": "principal", "apr": "rate", "days": "n", "compounds": "never", "homogeneous": True}


def cents(principal, rate, n):
    return round(principal * rate * n / 365, 2)


def single(principal, rate, n):
    return float(np.float32(principal) * np.float32(rate) * np.float32(n) / np.float32(365))


def balance(principal, rate, n):
    return float(np.float32(principal) * (np.float32(1) + np.float32(rate) * np.float32(n) / np.float32(365)))


def split(pot, shares):
    whole = np.float32(sum(shares) or 1.0)
    return [float(np.float32(pot) * np.float32(each) / whole) for each in shares]


def steps(principal, rates):
    return principal * np.cumprod(1 + np.array(rates))


def last(principal, rates):
    return float(principal * np.prod(1 + np.array(rates)))


def doubled(principal, rate, n):
    return 2 * principal * rate * n / 365


@pytest.mark.parametrize(
    ("function", "promises", "told", "mended"),
    [
        (cents, SIMPLE, "; if it is meant to round to 0.01, write unit=0.01", {"unit": 0.01}),
        (single, SIMPLE, "; if it is meant to compute in float32, write tolerance=1e-05", {"tolerance": 1e-5}),
        (
            balance,
            {**SIMPLE, "returns": "balance"},
            "; if it is meant to compute in float32, write tolerance=1e-05",
            {"tolerance": 1e-5},
        ),
        (
            split,
            {"pot": "pot", "shares": "shares", "returns": "parts", "additive": True, "homogeneous": True},
            "; if it is meant to compute in float32, write tolerance=1e-05",
            {"tolerance": 1e-5},
        ),
        (
            steps,
            {"amount": "principal", "rate_path": "rates", "returns": "balance", "compounds": "always"},
            "; if these are the steps, write by_step=True",
            {"by_step": True},
        ),
    ],
)
def test_a_promise_that_is_missing_is_named(function, promises, told, mended):
    with pytest.raises((ConformanceError, InputError)) as caught:
        check_reward(function, **promises)
    assert told in str(caught.value)
    check_reward(function, **promises, **mended)


def test_steps_that_are_promised_and_not_given_are_named():
    promises: dict[str, Any] = {
        "amount": "principal",
        "rate_path": "rates",
        "returns": "balance",
        "compounds": "always",
    }
    with pytest.raises((ConformanceError, InputError), match=r"leave by_step=True out"):
        check_reward(last, **promises, by_step=True)
    check_reward(last, **promises)


def test_a_fault_that_no_rounding_explains_gets_no_such_hint():
    with pytest.raises(ConformanceError) as caught:
        check_reward(doubled, **SIMPLE)
    assert "if it is meant to" not in str(caught.value)


def test_a_memory_is_not_taken_for_float32():
    calls = itertools.count()

    def counted(principal, rate, n):
        return principal * rate * n / 365 * (1.0 + 1e-7 * next(calls))

    with pytest.raises(ConformanceError, match=r"^deterministic: .* asked again, it gives another number$"):
        check_reward(counted, amount="principal", apr="rate", days="n", only=["deterministic"])


def test_a_tolerance_that_allows_anything_is_refused():
    with pytest.raises(InputError, match=r"RewardFunction.tolerance: too large: must be in \(0, 0.1\]"):
        check_reward(single, amount="principal", apr="rate", days="n", tolerance=1.0)


def test_no_check_at_all_is_refused():
    with pytest.raises(InputError, match=r"check_reward: only: must name a check, since none would be run, got \[\]"):
        check_reward(single, amount="principal", apr="rate", days="n", only=[])
