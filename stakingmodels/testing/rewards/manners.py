"""Checks of how a reward function answers: always, with numbers, the same each time, and alone as among others."""

import contextlib
import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from stakingmodels.testing.rewards.adapter import RewardFunction
from stakingmodels.testing.rewards.calling import (
    Answer,
    RaisedError,
    WrongKindError,
    ask,
    call_text,
    exact,
    flat,
    given,
    invoke,
    vector_role,
)
from stakingmodels.testing.rewards.cases import FixedCases, RewardCase
from stakingmodels.testing.rewards.memory import check_orders
from stakingmodels.testing.rewards.trial import RewardTrial, SetAsideError, run, shown
from stakingmodels.testing.surroundings import restored_generators, seed_generators

Cases = Iterable[RewardCase] | None
_ULPS = 8 * 2.0**-52
_MANY = 5
_OF_THE_CODE = (TypeError, NameError, ImportError, NotImplementedError)  # whatever the numbers


def check_answers(function: RewardFunction, cases: Cases = None) -> None:
    """Every case of its domain has an answer, of the kind and shape that `RewardFunction` says."""
    run("answers", function, cases, _answers)


def _answers(trial: RewardTrial, case: RewardCase) -> None:
    values = trial.within(case.values)
    try:
        ask(trial.function, values)
    except RaisedError as error:
        trial.fail_values(values, f"{error}; set the domain of its arguments if it is not meant for this")


def check_finite(function: RewardFunction, cases: Cases = None) -> None:
    """Finite arguments give finite numbers."""
    run("finite", function, cases, _finite)


def _finite(trial: RewardTrial, case: RewardCase) -> None:
    try:
        answer = ask(trial.function, trial.within(case.values))
    except RaisedError as error:
        raise SetAsideError from error
    _check_numbers(trial, answer)


def _check_numbers(trial: RewardTrial, answer: Answer) -> None:
    for name, numbers in answer.quantities.items():
        for i, number in enumerate(numbers):
            if not math.isfinite(number):
                trial.fail(answer.text, f"gives {trial.label(name, i, len(numbers))} {number}, want a finite number")


def check_deterministic(function: RewardFunction, cases: Cases = None) -> None:
    """Answers have the same bits each time, whatever was asked before and however global generators stand.

    The first case is asked again after all others, since a faucet runs dry only after some time; calls that differ in
    one argument are asked in both orders, since a cache may forget it.
    """
    asked: list[Answer] = []
    run("deterministic", function, cases, lambda trial, case: _deterministic(trial, case, asked))
    trial = RewardTrial("deterministic", function)
    for first in asked[:1]:
        try:
            again = trial.ask(first.values)
        except SetAsideError:
            trial.fail(first.text, "has no answer when it is asked again after all others; an answer needs no memory")
        _check_bits(trial, again, first, "asked again after all others, it gives another number")
        if cases is None or isinstance(cases, FixedCases):
            check_orders(trial, first.values)


def _deterministic(trial: RewardTrial, case: RewardCase, asked: list[Answer]) -> None:
    with restored_generators():
        seed_generators(1)
        first = trial.ask(case.values)
        with contextlib.suppress(SetAsideError):
            trial.ask(case.others)
        seed_generators(2)
        second = trial.ask(case.values)
    asked.append(first)
    _check_bits(trial, second, first, "asked again, it gives another number")


def _check_bits(trial: RewardTrial, second: Answer, first: Answer, rule: str) -> None:
    for name, numbers in first.quantities.items():
        for i, (one, two) in enumerate(zip(numbers, second.quantities[name], strict=True)):
            if repr(one) != repr(two):
                trial.wrong(second, trial.label(name, i, len(numbers)), two, one, rule)


def check_inputs_unchanged(function: RewardFunction, cases: Cases = None) -> None:
    """Lists, arrays and constants that go in are as they were afterwards, and no answer is a view of them."""
    run("inputs-unchanged", function, cases, _inputs_unchanged)


def _inputs_unchanged(trial: RewardTrial, case: RewardCase) -> None:
    function, values = trial.function, trial.within(case.values)
    if function.takes != "numbers":
        values = {**values, vector_role(function): [values[vector_role(function)]] * 2}
    before, handed = given(function, values), given(function, values)
    try:
        raw = invoke(function, handed)
    except RaisedError as error:
        raise SetAsideError from error
    call = call_text(function, values)
    for name, value in before.items():
        if not _alike(value, handed[name]):
            trial.fail(call, f"changes its argument {name}, want it as it was; compute with a copy")
    for item in raw if isinstance(raw, tuple) else (raw,):
        for name, value in handed.items():
            shares = isinstance(item, np.ndarray) and isinstance(value, np.ndarray) and np.shares_memory(item, value)
            if shares or (item is value and isinstance(item, list)):
                trial.fail(call, f"answers with its own argument {name}, or a view of it; return a copy")


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray):
        return isinstance(other, np.ndarray) and one.dtype == other.dtype and one.tobytes() == other.tobytes()
    return repr(one) == repr(other)


def check_scalar_vector(function: RewardFunction, cases: Cases = None) -> None:
    """A number has the same answer alone as among others in an array."""
    run("scalar-vector", function, cases, _scalar_vector)


def _scalar_vector(trial: RewardTrial, case: RewardCase) -> None:
    function = trial.function
    role = vector_role(function)
    one, other = case.values[role], case.others[role]
    bounds = function.bounds[role]
    middle = bounds.at(case.place)
    amounts = [one, other, middle, other, one][: 2 + case.factor % (_MANY - 1)]
    alone = [trial.ask(case.values, {role: amount}) for amount in amounts]
    values = trial.within(case.values, {role: amounts})
    call = call_text(function, values)
    try:
        raw = invoke(function, given(function, values))
        items: Any = raw if isinstance(function.returns, tuple) else (raw,)
        for name, item in zip(function.quantities, items, strict=True):
            _check_columns(trial, call, name, item, alone)
    except RaisedError as error:
        trial.fail(call, f"{error}; alone each amount has an answer")


def _check_columns(trial: RewardTrial, call: str, name: Any, item: Any, alone: list[Answer]) -> None:
    """Column i of an answer for many amounts is the answer for amount i."""
    n_rows = len(alone[0].quantities[name])
    n = len(alone)
    by_step = trial.function.by_step
    shape = ((n_rows, n) if trial.function.step_axis == 0 else (n, n_rows)) if by_step else (n,)
    got_shape, numbers = flat(name, item)
    if got_shape != shape:
        trial.fail(call, f"gives {name} of shape {got_shape}, want {shape}")
    table = [numbers[i::n] if trial.function.step_axis == 0 else numbers[i * n_rows :][:n_rows] for i in range(n)]
    for i, (column, answer) in enumerate(zip(table, alone, strict=True)):
        for row, (got, want) in enumerate(zip(column, answer.quantities[name], strict=True)):
            size = max(abs(float(got)), abs(float(want)))
            slack = 0.0 if trial.function.integers else _ULPS * max(size, answer.scale if name == "balance" else size)
            if not abs(exact(got) - exact(want)) <= slack:
                where = f"{name}{f' of step {row}' if n_rows > 1 else ''} at index {i}"
                difference = shown(exact(got) - exact(want))
                rule = f"alone, {answer.text} gives another number"
                trial.fail(call, f"gives {where} {shown(got)}, want {shown(want)} (difference {difference}): {rule}")


def probe(function: RewardFunction, cases: Iterable[RewardCase]) -> tuple[str, Answer | None]:
    """Reason why no case has an answer, empty where one does, and that answer.

    An answer of the wrong kind, and an error that no other numbers would mend, are told at the first call; other
    errors only if no case of the domain has an answer.
    """
    reason = ""
    trial = RewardTrial("answers", function)
    for case in cases:
        try:
            values = trial.within(case.values)
        except SetAsideError:
            continue
        try:
            return "", ask(function, values)
        except RaisedError as error:
            reason = reason or f"{call_text(function, values)} {error}"
            if isinstance(error, WrongKindError) or isinstance(error.__cause__, _OF_THE_CODE):
                return reason, None
    return reason or f"no case lies within its domain; {_widen(function)}", None


def _widen(function: RewardFunction) -> str:
    return "widen its domain" if function.accepts is None else "accepts is true of none of them, widen it or the domain"


def refuse_not_finite(answer: Answer) -> None:
    """Fail at once where the first answer is no number that others can be compared with."""
    _check_numbers(RewardTrial("finite", answer.function), answer)
