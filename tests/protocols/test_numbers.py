"""What is no number does not become one: not in `number`, and not in any public function of the protocols."""

import importlib
import inspect
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.protocols import chains, contracts
from stakingmodels.protocols.numbers import number

FILLINGS = (3, 10**18, 2.5)
"""What the other arguments are; a call need not be a sensible one to tell whether text is taken for a number."""
NAMES = {"ruleset"}
"""Functions that are asked by a name."""


def public_functions() -> list[Callable[..., Any]]:
    found: dict[str, Callable[..., Any]] = {}
    for room in (chains, contracts):
        for place in room.__all__:
            module = importlib.import_module(f"{room.__name__}.{place}") if place.islower() else room
            for name in getattr(module, "__all__", None) or vars(module):
                function = getattr(module, name)
                if inspect.isfunction(function) and function.__module__.startswith(module.__name__):
                    found[f"{function.__module__}.{function.__name__}"] = function
    return [function for key, function in sorted(found.items()) if not function.__name__.startswith("_")]


FUNCTIONS = public_functions()


def test_functions_are_found():
    names = {function.__name__ for function in FUNCTIONS}
    assert {"blocks_per_day", "mul_wad", "ray_div", "exit_wait", "ether_of", "epoch_total_reward"} <= names
    assert len(FUNCTIONS) > 150


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: f"{function.__module__[24:]}.{function.__name__}")
def test_text_is_never_taken_for_a_number(function):
    parameters = inspect.signature(function).parameters.values()
    needed = [each.name for each in parameters if each.default is each.empty]
    for parameter in parameters:
        if function.__name__ in NAMES:
            continue
        for filling in FILLINGS:
            arguments = dict.fromkeys(needed, filling) | {parameter.name: "5"}
            answer = None
            try:
                answer = function(**arguments)
                if inspect.isgenerator(answer):
                    next(answer)
            except (InputError, InputTypeError, TypeError, ValueError, AttributeError):
                continue
            # an argument that is not looked at may be anything; one that is multiplied may not be text
            without = function(**(arguments | {parameter.name: filling}))
            assert type(answer) is type(without), parameter.name
            assert answer == without, parameter.name


@pytest.mark.parametrize("value", [3, 2.5, Fraction(1, 3), np.float32(0.5), np.float64(0.5)])
def test_numbers_stay_what_they_are(value):
    assert number("here", value) is value


def test_whole_numbers_of_numpy_become_floats_and_lists_arrays():
    for value in (np.int8(5), np.uint64(5)):
        assert (number("here", value), type(number("here", value))) == (5.0, float)
    for values in ([1, 2], (1.0, 2.0), np.array([1, 2], dtype=np.uint8)):
        found = number("here", values)
        assert (found.dtype, found.tolist()) == (np.float64, [1.0, 2.0])
    kept = np.array([0.5], dtype=np.float32)
    assert number("here", kept) is kept


@pytest.mark.parametrize(
    "value", ["5", None, True, np.False_, 1j, np.datetime64("2026-01-01"), np.timedelta64(1, "D"), [[1], 2], ["a"], {}]
)
def test_what_is_no_number_is_refused(value):
    with pytest.raises(InputTypeError, match=r"^here: must be a number or an array of numbers, got"):
        number("here", value)


@pytest.mark.parametrize(("value", "words"), [(float("nan"), "finite"), (np.float32("inf"), "finite"), (-1, "below 0")])
def test_numbers_out_of_bounds_are_refused(value, words):
    with pytest.raises(InputError, match=f"^here: must .*{words}"):
        number("here", value, 0)
    assert number("here", -1) == -1


def test_a_list_of_rows_of_other_lengths_is_refused_as_it_is():
    with pytest.raises(InputTypeError, match=r"^x: must be a number.*, got list \[\[1\], \[1, 2\]\]"):
        number("x", [[1], [1, 2]])


@pytest.mark.parametrize("value", [2**1024, -(2**1024), Fraction(10**400, 3)])
def test_what_no_float_can_hold_is_refused(value):
    with pytest.raises(InputError, match=r"^where: too large: must fit a float64"):
        number("where", value)
    assert number("where", 2**1023) == 2**1023
