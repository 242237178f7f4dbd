"""Sound reward functions pass, with any seed; each planted fault fails the check meant for it, and few others."""

from typing import Any

import pytest

from stakingmodels import ConformanceError
from stakingmodels.testing import REWARD_CHECKS, RewardFunction, check_reward
from stakingmodels.testing.rewards.cases import fixed_cases
from stakingmodels.testing.rewards.needs import missing
from tests.testing.rewards.planted import MORE, STATEFUL, TABLE
from tests.testing.rewards.sound import SOUND, adapted

EVERYWHERE = {"answers", "finite", "deterministic", "zero", "monotone-in-amount"}


def failing(spec: RewardFunction) -> dict[str, str]:
    """The message of each check that fails, of those that can be run."""
    cases, found = fixed_cases(spec), {}
    for name, check in REWARD_CHECKS.items():
        if missing(name, spec):
            continue
        try:
            check(spec, cases)
        except ConformanceError as error:
            found[name] = str(error)
    return found


@pytest.mark.parametrize("name", SOUND)
def test_sound_functions_pass(name):
    report = check_reward(adapted(name), examples=20, seed=1)
    assert set(report.passed) >= EVERYWHERE
    assert set(report.passed) | set(report.not_run) == set(REWARD_CHECKS)


def test_five_faults_are_planted_in_each():
    names = [name for name, _, _ in TABLE]
    assert {name: names.count(name) for name in SOUND} == dict.fromkeys(SOUND, 5)


@pytest.mark.parametrize(("name", "fault", "checks"), TABLE, ids=[fault.__name__ for _, fault, _ in TABLE])
def test_a_planted_fault_fails_the_check_meant_for_it(name, fault, checks):
    found = failing(adapted(name, fault))
    assert set(found) == set(checks)
    for check, text in found.items():
        assert text.startswith(f"{check}: {fault.__name__}(")
        assert "want" in text


@pytest.mark.parametrize(("fault", "promises", "checks"), MORE, ids=[fault.__name__ for fault, _, _ in MORE])
def test_a_small_fault_fails_the_check_meant_for_it(fault, promises, checks):
    assert set(failing(RewardFunction(fault, **promises))) == set(checks)


@pytest.mark.parametrize(("make", "promises", "checks"), STATEFUL, ids=[make.__name__ for make, _, _ in STATEFUL])
def test_a_function_that_remembers_is_found_by_the_first_check(make, promises, checks):
    with pytest.raises(ConformanceError, match=f"^{checks[0]}: .* asked again") as told:
        check_reward(make(), **promises)
    assert told.value.args[0].startswith("deterministic: ")


def test_each_check_has_a_fault():
    meant = [checks[0] for _, _, checks in (*TABLE, *MORE)]
    assert set(meant) == set(REWARD_CHECKS)


def test_a_fault_is_told_with_its_smallest_call():
    spec = adapted("supplied", TABLE[5][1])
    with pytest.raises(ConformanceError) as caught:
        check_reward(spec)
    assert str(caught.value) == (
        "apr-apy: rate_taken_for_an_apy(principal=1.0, apr=1.0, days=365) gives balance 2, want 2.71456748202"
        " (difference -0.714567482022): apr is the APR of 365 days, compounded 365 times a year"
    )


def test_a_fault_that_only_drawn_cases_have_is_found():
    def earn(coins, apr):
        return coins * apr * (1.0 if float(f"{apr:.4g}") == apr else -1.0)

    promises: dict[str, Any] = {"amount": "coins", "apr": "apr", "only": ["monotone-in-rate"]}
    assert check_reward(earn, **promises).passed == ("monotone-in-rate",)
    with pytest.raises(ConformanceError, match=r"^monotone-in-rate: earn\("):
        check_reward(earn, **promises, examples=50)
