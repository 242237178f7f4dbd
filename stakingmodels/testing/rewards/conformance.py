"""`check_reward` and `REWARD_CHECKS`: the checks that a reward function must pass, as far as it promises them."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

import attrs

from stakingmodels import checks
from stakingmodels.errors import InputError
from stakingmodels.series import FrozenMap
from stakingmodels.testing.choosing import chosen
from stakingmodels.testing.rewards.adapter import RewardFunction, as_reward
from stakingmodels.testing.rewards.amounts import (
    check_additive,
    check_conservation,
    check_homogeneous,
    check_rebasing,
    check_within_pot,
    check_zero,
)
from stakingmodels.testing.rewards.cases import FixedCases, RewardCase, fixed_cases
from stakingmodels.testing.rewards.courses import (
    check_apr_apy,
    check_monotone_in_amount,
    check_monotone_in_fee,
    check_monotone_in_rate,
    check_monotone_in_time,
    check_no_look_ahead,
    check_split,
)
from stakingmodels.testing.rewards.drawn import drawn_cases
from stakingmodels.testing.rewards.integers import check_integers, check_rounding, unchecked
from stakingmodels.testing.rewards.manners import (
    check_answers,
    check_deterministic,
    check_finite,
    check_inputs_unchanged,
    check_scalar_vector,
    probe,
    refuse_not_finite,
)
from stakingmodels.testing.rewards.needs import missing, time_role
from stakingmodels.testing.rewards.trial import NothingToCheckError
from stakingmodels.testing.verdicts import OnFail, run_checks


class RewardCheck(Protocol):
    """A named check: returns if the reward function passes, and raises `ConformanceError` if not."""

    def __call__(self, function: RewardFunction, cases: Iterable[RewardCase] | None = None) -> None:
        """Check a function on these cases, by default on the fixed ones."""
        ...  # pragma: no cover


REWARD_CHECKS: Mapping[str, RewardCheck] = FrozenMap(
    {
        # the first, since a function that keeps the largest number so far answers alike once it has seen that
        "deterministic": check_deterministic,
        "answers": check_answers,
        "finite": check_finite,
        "inputs-unchanged": check_inputs_unchanged,
        "zero": check_zero,
        "conservation": check_conservation,
        "within-pot": check_within_pot,
        "monotone-in-amount": check_monotone_in_amount,
        "monotone-in-rate": check_monotone_in_rate,
        "monotone-in-time": check_monotone_in_time,
        "monotone-in-fee": check_monotone_in_fee,
        "homogeneous": check_homogeneous,
        "additive": check_additive,
        "apr-apy": check_apr_apy,
        "split": check_split,
        "no-look-ahead": check_no_look_ahead,
        "rebasing": check_rebasing,
        "integers": check_integers,
        "rounding": check_rounding,
        "scalar-vector": check_scalar_vector,
    }
)
"""Checks by name, in the order in which `check_reward` runs them."""


@attrs.frozen
class RewardReport:
    """Checks that a reward function passed, those that were not run on it, and those that failed as expected.

    Parameters
    ----------
    passed
        Names of the checks that were run, in their order.
    not_run
        Reason why a check was not run, by its name.
    failed
        Reason of each check that failed as expected, by its name.
    """

    passed: tuple[str, ...]
    not_run: Mapping[str, str]
    failed: Mapping[str, str] = FrozenMap({})

    def __str__(self) -> str:
        """Names of the checks that passed, and a line for each that failed as expected or was not run."""
        others = {"failed as expected": self.failed, "not run": self.not_run}
        lines = [f"{how}: {name}: {reason}" for how, told in others.items() for name, reason in told.items()]
        return "\n".join([f"passed: {', '.join(self.passed) or 'none'}", *lines])


def check_reward(
    function: RewardFunction | Callable[..., Any],
    *,
    expected_failures: Mapping[str, str] = FrozenMap({}),
    only: Iterable[str] | None = None,
    on_fail: OnFail = "raise",
    examples: int = 0,
    seed: int = 0,
    **promises: Any,
) -> RewardReport:
    """Check a reward function against the rules that it promises to keep.

    Every check runs on fixed cases; checks of what the function does not promise are not run, as the report says.

    Parameters
    ----------
    function
        A `RewardFunction`, or any function with its arguments and promises as further keywords.
    expected_failures
        Reason why a check fails, by its name. It is run, and must fail.
    only
        Names of the checks to run; None for all.
    on_fail
        Whether to raise the first failure, or to ``"collect"`` all into one error.
    examples, seed
        Number of cases drawn by hypothesis (the extra `testing`), at most 100,000, and their seed.
    **promises
        Parameters of `RewardFunction`, where a plain function is given.

    Raises
    ------
    ConformanceError
        For a check that fails, with the smallest call that was found, and for one that passes against expectation.
    InputError, InputTypeError
        For a description that does not fit, unknown names, no reason, and a check asked for that cannot be run.

    Examples
    --------
    >>> def earn(principal, rate, n):
    ...     return principal * rate * n / 365
    >>> report = check_reward(earn, amount="principal", apr="rate", days="n", compounds="never", homogeneous=True)
    >>> report.passed[-3:]
    ('homogeneous', 'apr-apy', 'split')
    >>> report.not_run["additive"]
    'additive=True is not promised'
    """
    spec = as_reward("check_reward", function, promises)
    wanted = only if only is None or isinstance(only, str) else [*only]
    names = chosen("check_reward", "REWARD_CHECKS", REWARD_CHECKS, expected_failures, wanted)
    more, cases = drawn_cases("check_reward", spec, examples, seed), fixed_cases(spec)
    _check_fit(spec, cases, is_finite=on_fail == "raise" and "finite" in {*names} - {*expected_failures})
    asked = {*names} if wanted is not None else {*expected_failures}
    run = _Runner(spec, cases, more, asked)
    how: dict[str, Any] = {"expected_failures": expected_failures, "on_fail": on_fail, "not_run": run.not_run}
    run_checks("check_reward", spec.name, names, run, **how)
    return _report(names, run.not_run, expected_failures)


@attrs.frozen(eq=False)
class _Runner:
    """Runs a check by its name, and keeps the reason why one was not run."""

    spec: RewardFunction
    cases: FixedCases
    more: list[RewardCase]
    asked: set[str]
    not_run: dict[str, str] = attrs.field(factory=dict)

    def __call__(self, name: str) -> None:
        lacks = _run(name, self.spec, self.cases, self.more, is_wanted=name in self.asked)
        self.not_run.update({name: lacks} if lacks else {})


def _report(names: list[str], not_run: Mapping[str, str], expected_failures: Mapping[str, str]) -> RewardReport:
    failed = {name: expected_failures[name] for name in names if name in expected_failures}
    passed = tuple(name for name in names if name not in not_run and name not in failed)
    return RewardReport(passed, FrozenMap(not_run), FrozenMap(failed))


def _check_fit(spec: RewardFunction, cases: FixedCases, *, is_finite: bool) -> None:
    """Refuse a function whose first answer is not what is described, and one that is no number where that is asked."""
    reason, answer = probe(spec, cases)
    if answer is None:
        raise InputError(checks.sentence(f"check_reward: {reason}", "see the arguments and returns of RewardFunction"))
    if is_finite:
        refuse_not_finite(answer)


def _run(name: str, spec: RewardFunction, cases: FixedCases, more: list[RewardCase], *, is_wanted: bool) -> str:
    """Run a check; the reason why it was not run, where it was not."""
    lacks = missing(name, spec)
    if lacks and not is_wanted:
        refuse_unchecked("check_reward", name, spec)
        return lacks
    try:
        REWARD_CHECKS[name](spec, cases)
    except NothingToCheckError:
        if is_wanted:
            raise
        return _no_case(name, spec)
    REWARD_CHECKS[name](spec, more)
    if name == "integers":
        refuse_unchecked("check_reward", name, spec)
    return ""


def _no_case(name: str, spec: RewardFunction) -> str:
    """Reason why a check had nothing to compare, with the promise that is left unchecked."""
    reason = "no case of its domain lets it compare two answers"
    time = time_role(spec)
    if name not in {"apr-apy", "split"} or spec.compounds is None or time is None:
        return reason
    low, high = spec.bounds[time].low, spec.bounds[time].high
    ends = "a duration" if name == "apr-apy" else "two durations and their sum,"
    why = f"it needs {ends} at whose end interest is paid, and {getattr(spec, time)} is in [{low:g}, {high:g}]"
    return f"compounds={spec.compounds!r} cannot be checked: {reason}; {why}"


def refuse_unchecked(where: str, name: str, spec: RewardFunction) -> None:
    """Refuse a promise that the named check would hold the function to, if it could be run."""
    lacks = unchecked(spec) if name == "integers" else missing(name, spec)
    promise = {"rounding": "rounds", "integers": "integers", "split": "compounds"}.get(name, "")
    value = getattr(spec, promise) if promise else None
    if not lacks or value in (None, False) or (name == "split" and not missing("apr-apy", spec)):
        return
    text = f"{where}: {promise}={value!r} is promised and cannot be checked on {spec.name}"
    raise InputError(checks.sentence(f"{text}: {lacks}"))
