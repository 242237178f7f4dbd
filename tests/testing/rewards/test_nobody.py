"""A pot that is split among no shares: zeros pass, and so does an error with a sentence; nothing else does."""

import math
from typing import Any

import numpy as np
import pytest

from stakingmodels import ConformanceError
from stakingmodels.testing import check_reward

PROMISES: dict[str, Any] = {"pot": "pot", "shares": "stakes", "returns": "parts"}


def divides(pot, stakes):
    return [pot * each / sum(stakes) for each in stakes]


def by_numpy(pot, stakes):
    return pot * np.array(stakes) / np.sum(stakes)


def infinite(pot, stakes):
    whole = sum(stakes)
    return [pot * each / whole if whole else math.inf for each in stakes]


def to_all(pot, stakes):
    whole = sum(stakes)
    return [pot * each / whole if whole else pot / len(stakes) for each in stakes]


def of_a_table(pot, stakes):
    whole = {sum(stakes): sum(stakes)}
    return [pot * each / whole[sum(stakes) or "none"] for each in stakes]


def in_no_words(pot, stakes):
    if not sum(stakes):
        raise ValueError
    return divides(pot, stakes)


def answers_nothing(pot, stakes):
    return divides(pot, stakes) if sum(stakes) else None


@pytest.mark.parametrize(
    ("function", "told"),
    [
        (divides, "raised ZeroDivisionError: .*, want 0 or a clear error: stakes are all 0; give nobody anything, or"),
        (by_numpy, "gives parts nan, want 0 or a clear error"),
        (infinite, "gives parts inf, want 0 or a clear error"),
        (to_all, r"gives parts [\d.]+, want 0 .*: stakes are all 0"),
        (of_a_table, "raised KeyError: 'none', want 0 or a clear error"),
        (in_no_words, "raised ValueError, want 0 or a clear error"),
        (answers_nothing, "gave None, not |gave None as parts, not"),
    ],
)
def test_no_shares_are_asked_for(function, told):
    with pytest.raises(ConformanceError, match=rf"^zero: {function.__name__}\(pot=[\d.]+, stakes=\[0.0\]\) ({told})"):
        check_reward(function, **PROMISES)
    limits = {"domain": {"stakes": (1.0, 1e6)}}, {"accepts": lambda stakes, **_: sum(stakes) > 0}
    assert all("zero" in check_reward(function, **PROMISES, **limit).passed for limit in limits)


def zeros(pot, stakes):
    return [pot * each / (sum(stakes) or 1.0) for each in stakes]


def refuses(pot, stakes):
    if not sum(stakes):
        raise ValueError("nobody has a stake")
    return divides(pot, stakes)


@pytest.mark.parametrize("function", [zeros, refuses])
def test_zeros_and_a_clear_error_pass(function):
    assert "zero" in check_reward(function, **PROMISES, additive=True, homogeneous=True).passed
