"""`check_reward`: which checks it runs, on what, and what it says of those it does not run."""

import inspect
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from stakingmodels import ConformanceError, InputError, InputTypeError
from stakingmodels.testing import REWARD_CHECKS, RewardCase, RewardFunction, check_reward, reward_cases
from stakingmodels.testing.rewards.cases import fixed_cases
from tests.examples import examples
from tests.testing.rewards.sound import adapted


def earn(principal, rate, n):
    return principal * rate * n / 365


SIMPLE = RewardFunction(earn, amount="principal", apr="rate", days="n", compounds="never", homogeneous=True)


@pytest.mark.parametrize("name", REWARD_CHECKS)
def test_each_check_has_its_name_and_a_sentence(name):
    check = REWARD_CHECKS[name]
    assert getattr(check, "__name__", "") == "check_" + name.replace("-", "_")
    assert (inspect.getdoc(check) or "").endswith(".")


def test_the_report_says_what_was_not_run_and_why():
    report = check_reward(SIMPLE)
    assert report.not_run["additive"] == "additive=True is not promised"
    assert [*report.passed, *report.not_run] != [*REWARD_CHECKS]
    assert {*report.passed} | {*report.not_run} == {*REWARD_CHECKS}
    assert str(report).startswith("passed: deterministic, answers, finite, zero, monotone-in-amount")
    assert "\nnot run: additive: additive=True is not promised\n" in str(report)


def bonus(principal, rate, n):
    return principal * rate * n / 365 + 5.0


def test_expected_failures_are_run_and_told_of_where_they_pass():
    welcome = RewardFunction(bonus, amount="principal", apr="rate", days="n")
    report = check_reward(welcome, expected_failures={"zero": "a bonus at the opening"})
    assert report.failed == {"zero": "a bonus at the opening"}
    assert "zero" not in {*report.passed, *report.not_run}
    assert "\nfailed as expected: zero: a bonus at the opening\n" in str(report)
    with pytest.raises(ConformanceError, match=r"^zero: .*: passes again; remove it from expected_failures, where it"):
        check_reward(SIMPLE, expected_failures={"zero": "a bonus at the opening"})
    with pytest.raises(InputError, match=r"^additive: cannot be run on earn: additive=True is not promised$"):
        check_reward(SIMPLE, expected_failures={"additive": "holders round apart"})
    with pytest.raises(ConformanceError) as found:
        check_reward(welcome, on_fail="collect")
    assert [failure.partition(":")[0] for failure in found.value.failures] == ["zero"]


def test_a_check_that_is_asked_for_and_cannot_be_run_is_refused():
    with pytest.raises(InputError, match=r"^additive: cannot be run on earn: additive=True is not promised$"):
        check_reward(SIMPLE, only=["additive"])
    with pytest.raises(InputError, match=r"^additive: cannot be run on earn"):
        REWARD_CHECKS["additive"](SIMPLE)


def test_checks_that_were_not_run_are_not_counted_among_those_that_pass():
    with pytest.raises(ConformanceError) as found:
        check_reward(SIMPLE.replace(function=bonus), on_fail="collect")
    first, *lines = str(found.value).splitlines()
    report = check_reward(SIMPLE)
    n_run, failed = len(report.passed), len(found.value.failures)
    assert first == f"{failed} of {n_run} checks run fail; {len(report.not_run)} not run: 'earn'".replace(
        "earn", "bonus"
    )
    assert lines[-len(report.not_run) :] == [f"- not run: {name}: {why}" for name, why in report.not_run.items()]


@pytest.mark.parametrize("name", ["within-pot", "monotone-in-fee", "scalar-vector", "rounding", "inputs-unchanged"])
def test_a_refused_check_says_how_it_could_be_run(name):
    with pytest.raises(InputError, match=rf"^{name}: cannot be run on earn: .* \((write|leave) .*\)$"):
        check_reward(SIMPLE, only=[name])


def test_a_domain_of_one_value_lets_nothing_be_compared():
    narrow = RewardFunction(earn, amount="principal", apr="rate", days="n", domain={"rate": (0.05, 0.05)})
    assert check_reward(narrow).not_run["monotone-in-rate"] == "no case of its domain lets it compare two answers"
    with pytest.raises(InputError, match=r"^monotone-in-rate: no case of the domain of earn lets it compare"):
        check_reward(narrow, only=["monotone-in-rate"])


def test_nothing_is_asked_outside_of_the_domain():
    def careful(principal, rate, n):
        assert 5 <= principal <= 5_000
        assert 0.01 <= rate <= 0.04
        assert 30 <= n <= 800
        assert n >= rate
        return principal * rate * n / 365

    domain = {"principal": (5, 5_000), "rate": (0.01, 0.04), "n": (30, 800)}
    promises: dict[str, Any] = {"homogeneous": True, "additive": True, "compounds": "never", "domain": domain}
    report = check_reward(careful, amount="principal", apr="rate", days="n", **promises, examples=20)
    assert {"homogeneous", "additive", "apr-apy", "split"} <= {*report.passed}


def test_accepts_leaves_out_what_it_is_not_meant_for():
    def share(pot, mine, total):
        assert mine <= total
        return pot * mine / total

    for accepts in (lambda mine, total, **_: mine <= total, lambda **_: False):
        promises: dict[str, Any] = {"pot": "pot", "amount": "mine", "constants": {"total": 1e6}, "accepts": accepts}
        if accepts(mine=1, total=2):
            assert "within-pot" in check_reward(share, **promises).passed
        else:
            with pytest.raises(InputError, match="no case lies within its domain"):
                check_reward(share, **promises)


def test_accepts_that_cannot_answer_is_told():
    spec = SIMPLE.replace(accepts=lambda principal: principal > 0)
    with pytest.raises(InputError, match=r"^RewardFunction: accepts: raised TypeError: .* asked for .* earn\(princ"):
        check_reward(spec)
    with pytest.raises(InputTypeError, match=r"^RewardFunction: accepts: its answer: must be True or False, got str"):
        check_reward(SIMPLE.replace(accepts=lambda **_: "yes"))


def test_a_constant_that_cannot_be_copied_is_handed_over():
    def earn_by(coins, apr, engine):
        return coins * engine.exp(engine.log(1.0 + apr)) - coins

    assert "inputs-unchanged" in check_reward(earn_by, amount="coins", apr="apr", constants={"engine": math}).passed


@pytest.mark.parametrize("reason", ["", None])
def test_an_expected_failure_needs_a_reason(reason):
    with pytest.raises(InputError, match=r"^check_reward: expected_failures\['zero'\]: must say why"):
        check_reward(SIMPLE, expected_failures={"zero": reason})


def test_unknown_names_are_refused():
    with pytest.raises(InputError, match=r"must be one of .*REWARD_CHECKS`, got 'zeros' \(did you mean zero\?\)$"):
        check_reward(SIMPLE, only=["zeros"])
    with pytest.raises(InputTypeError):
        check_reward(SIMPLE, only="zero")


@pytest.mark.parametrize("argument", [{"examples": -1}, {"examples": 1.5}, {"seed": -1}])
def test_wrong_numbers_of_examples_are_refused(argument):
    with pytest.raises((InputError, InputTypeError), match=r"^check_reward: (examples|seed): must be"):
        check_reward(SIMPLE, **argument)


def test_fixed_cases_are_the_same_each_time():
    assert fixed_cases(SIMPLE) == fixed_cases(SIMPLE)


@given(reward_cases(adapted("report")))
@examples(20)
def test_cases_are_for_hypothesis(case):
    assert isinstance(case, RewardCase)
    REWARD_CHECKS["conservation"](adapted("report"), [case])


def test_a_case_that_fails_is_found_among_those_given():
    broken = RewardFunction(lambda coins, apr: -coins * apr, amount="coins", apr="apr")
    with pytest.raises(ConformanceError, match=r"^monotone-in-amount: \(lambda .*\)\(coins=.*\) gives reward -"):
        REWARD_CHECKS["monotone-in-amount"](
            broken, [RewardCase({"amount": 5.0, "apr": 0.5}, {"amount": 7.0, "apr": 0.1})]
        )
    with pytest.raises(InputTypeError, match=r"^zero: cases: must be RewardCase"):
        REWARD_CHECKS["zero"](broken, [{"amount": 5.0}])  # type: ignore[list-item]


def test_a_vectorised_function_of_arrays_only():
    def columns(stakes, rates, cut):
        return np.outer(stakes, rates) * (1.0 - cut), np.outer(stakes, rates) * cut

    report = check_reward(
        columns,
        amount="stakes",
        rate_path="rates",
        fee="cut",
        takes="arrays",
        returns=("reward", "fee"),
        by_step=True,
        step_axis=-1,
        compounds="never",
        additive=True,
    )
    assert {"conservation", "scalar-vector", "no-look-ahead", "split", "inputs-unchanged"} <= {*report.passed}
