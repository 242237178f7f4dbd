"""One running check of a reward function: its calls, its comparisons, and the smallest case that fails."""

import itertools
import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NoReturn

import attrs

from stakingmodels import checks
from stakingmodels.errors import ConformanceError, InputError
from stakingmodels.series import FrozenMap
from stakingmodels.testing.rewards.adapter import RewardFunction
from stakingmodels.testing.rewards.calling import (
    Answer,
    Number,
    RaisedError,
    ask,
    call_text,
    exact,
    given,
    vector_role,
)
from stakingmodels.testing.rewards.cases import FixedCases, RewardCase, Values, fixed_cases, simpler
from stakingmodels.testing.rewards.hints import rounding_hint
from stakingmodels.testing.rewards.needs import how_to_name, missing

_OF_AMOUNT = 1e-12  # of the amount: what floats lose where a small reward is a difference of large balances
_USUAL = 1e-9  # tolerance where none is promised
_TRIES = 1_000  # calls of a rule to find a smaller counterexample

_LONG = 10**12  # from here on, fractions of base units are not told


class SetAsideError(Exception):
    """The case says nothing here: it is outside of the domain, or another check names its fault."""


class DifferenceError(ConformanceError):
    """A number that is not the one wanted, which a rounding that is meant may explain."""

    def __init__(self, message: str, got: Number, difference: Any) -> None:
        super().__init__(message)
        self.got = got
        self.difference = difference


class NothingToCheckError(InputError):
    """No case of the domain lets a check compare anything."""


@attrs.frozen(eq=False)
class RewardTrial:
    """One running check of one reward function."""

    check: str
    function: RewardFunction

    def ask(self, values: Values, changed: Mapping[str, Any] = FrozenMap({})) -> Answer:
        """Answer with some arguments changed; set aside where it is not in the domain, raises or is not finite."""
        asked = self.within(values, changed)
        try:
            answer = ask(self.function, asked)
        except RaisedError as error:
            raise SetAsideError from error
        for numbers in answer.quantities.values():
            if not all(map(math.isfinite, numbers)):
                raise SetAsideError
        return answer

    def within(
        self, values: Values, changed: Mapping[str, Any] = FrozenMap({}), *, without_shares: bool = False
    ) -> Values:
        """Arguments with some of them changed; set aside where the function is not meant for them.

        That there is at least one share is asked, too, unless it is meant that there are none.
        """
        asked: dict[str, Any] = {**values, **changed}
        if not all(self.function.bounds[role].holds(value) for role, value in asked.items()):
            raise SetAsideError
        if not sum(asked.get("shares", [1])) > 0 and not without_shares:
            raise SetAsideError
        role = vector_role(self.function)
        for amount in asked[role] if isinstance(asked[role], list) else [asked[role]]:
            if not self._is_accepted({**asked, role: amount}):
                raise SetAsideError
        return asked

    def _is_accepted(self, values: Values) -> bool:
        accepts = self.function.accepts
        if accepts is None:
            return True
        try:
            answer = accepts(**given(self.function, values))
        except Exception as error:
            call = call_text(self.function, values)
            text = f"RewardFunction: accepts: raised {type(error).__name__}: {error}, asked for the arguments of {call}"
            raise InputError(checks.sentence(text)) from error
        return checks.flag("RewardFunction: accepts: its answer", answer)

    def fail(self, call: str, text: str) -> NoReturn:
        """Name the fault: the check, the call as Python text, and the words."""
        raise ConformanceError(f"{self.check}: {call} {text}")

    def fail_values(self, values: Values, text: str) -> NoReturn:
        """Name the fault of a call that has no answer."""
        self.fail(call_text(self.function, values), text)

    def wrong(self, answer: Answer, label: str, got: Number, want: Number, rule: str, *, bound: str = "") -> NoReturn:
        """Name the fault: call, got, want, difference and rule."""
        difference = exact(got) - exact(want)
        text = f"gives {label} {shown(got)}, want {bound}{shown(want)} (difference {shown(difference)}): {rule}"
        raise DifferenceError(f"{self.check}: {answer.text} {text}", got, difference)

    def slack(self, answer: Answer, *numbers: Number, units: int = 1) -> Any:
        """Difference that rounding explains: base units for integers, a relative one for others."""
        if self.function.integers:
            return (1 if self.function.dust is None else self.function.dust) * units
        size = max(abs(float(each)) for each in numbers)
        relative = self.function.tolerance * size + self.of_sums * answer.scale
        return relative + self.function.unit * units

    @property
    def of_sums(self) -> float:
        """Relative rounding of sums and copies of floats; the tolerance, where more than usual is promised."""
        return self.function.tolerance if self.function.tolerance > _USUAL else _OF_AMOUNT

    def same(
        self, answer: Answer, got: list[Number], want: list[Number], rule: str, *, name: str = "", units: int = 1
    ) -> None:
        """Numbers are those wanted, but for rounding."""
        for i, (one, other) in enumerate(zip(got, want, strict=True)):
            if not abs(exact(one) - exact(other)) <= self.slack(answer, one, other, units=units):
                self.wrong(answer, self.label(name or answer.held, i, len(got)), one, other, rule)

    def label(self, name: str, i: int, n: int) -> str:
        """Name of one number of an answer."""
        per = "step" if self.function.by_step else "holder"
        return name.replace("_", " ") if n == 1 else f"{name.replace('_', ' ')} of {per} {i}"


def shown(value: Any) -> str:
    """A number for messages: integers in full, others in twelve digits."""
    if not isinstance(value, float) and (value == int(value) or abs(value) >= _LONG):
        return str(round(value))
    return f"{float(value):.12g}"


Rule = Callable[[RewardTrial, RewardCase], None]
"""Comparison on one case: raises `ConformanceError`, or `SetAsideError` where the case says nothing."""


def run(
    check: str,
    function: RewardFunction,
    cases: Iterable[RewardCase] | None,
    rule: Rule,
    *,
    more: "Callable[[RewardTrial], Iterable[RewardCase]] | None" = None,
) -> None:
    """Run a rule on the cases, by default the fixed ones; the error tells of the smallest case that fails.

    With the fixed cases go those of `more`, a function of the running check.

    Raises
    ------
    ConformanceError
        Where a case fails.
    InputError, InputTypeError
        Where the function does not promise what is checked, or no fixed case lies within its domain.
    """
    checks.instance(f"{check}: function", function, RewardFunction, 'RewardFunction(earn, amount="principal")')
    lacks = missing(check, function)
    if lacks:
        raise InputError(checks.sentence(f"{check}: cannot be run on {function.name}: {lacks}", how_to_name(check)))
    trial = RewardTrial(check, function)
    compared = 0
    given_cases = fixed_cases(function) if cases is None else cases
    is_fixed = isinstance(given_cases, FixedCases)
    for case in itertools.chain(given_cases, more(trial) if is_fixed and more is not None else ()):
        checks.instance(f"{check}: cases", case, RewardCase, "reward_cases(function)")
        try:
            rule(trial, case)
        except SetAsideError:
            continue
        except ConformanceError as error:
            raise _with_hint(trial, case, rule, smallest(trial, case, rule, error)) from None
        compared += 1
    if is_fixed and not compared:
        raise NothingToCheckError(f"{check}: no case of the domain of {function.name} lets it compare two answers")


def _with_hint(trial: RewardTrial, case: RewardCase, rule: Rule, error: ConformanceError) -> ConformanceError:
    """The error, and the promise with which the check would pass, where a rounding explains all differences."""
    if not isinstance(error, DifferenceError) or trial.check == "deterministic":
        return error

    def passes(function: RewardFunction) -> bool:
        other = attrs.evolve(trial, function=function)
        return all(fault(other, each, rule) is None for each in (case, *fixed_cases(function)))

    hint = rounding_hint(trial.function, error.got, error.difference, passes)
    return ConformanceError(f"{error}{hint}")


def smallest(trial: RewardTrial, case: RewardCase, rule: Rule, error: ConformanceError) -> ConformanceError:
    """Fault of the smallest case that can be found from one that fails, one value at a time."""
    left = _TRIES
    found: ConformanceError | None = error
    while found is not None:
        error, found = found, None
        for each in simpler(trial.function, case):
            left -= 1
            if left < 0:
                return error
            found = fault(trial, each, rule)
            if found is not None:
                case = each
                break
    return error


def fault(trial: RewardTrial, case: RewardCase, rule: Rule) -> ConformanceError | None:
    """Fault that a rule finds on a case, if it does."""
    try:
        rule(trial, case)
    except SetAsideError:
        return None
    except ConformanceError as error:
        return error
    return None
