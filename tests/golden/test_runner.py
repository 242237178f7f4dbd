"""The runner fails on whatever it does not understand."""

import json
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from tests.golden import runner
from tests.golden.runner import Inputs

CASES: Mapping[str, Any] = {
    "sum": lambda inputs: {"total": inputs["a"] + inputs["b"]},
    "ops": {"double": lambda inputs: {"total": 2 * inputs.integer("a")}},
    "parts": lambda inputs: [part["x"] for part in inputs["parts"]],
    "ethereum_sequence": lambda inputs: [[epoch, amount + 1] for epoch, amount in inputs["ops"]],
}
GOOD = {"kind": "formula", "inputs": {"a": 1, "b": 2}, "expected": {"total": 3}, "source": "by hand"}


def test_a_right_answer_passes():
    runner.run("sum", GOOD, CASES)
    runner.run("ops", {**GOOD, "op": "double", "inputs": {"a": "4"}, "expected": {"total": "8"}}, CASES)


@pytest.mark.parametrize(
    ("stem", "changes", "words"),
    [
        ("unknown", {}, "no case knows this file"),
        ("sum", {"kind": "hearsay"}, "unknown kind 'hearsay'"),
        ("sum", {"kind": None}, "unknown kind None"),
        ("sum", {"op": "minus"}, "unknown op 'minus'"),
        ("ops", {"op": "halve"}, "unknown op 'halve'"),
        ("ops", {}, "unknown op ''"),
        ("sum", {"inputs": {"a": 1, "b": 2, "c": 3}}, r"inputs nobody knows: inputs\.c"),
        ("sum", {"result": 3}, r"unknown keys \['result'\]"),
        ("sum", {"outputs": {"total": 3}}, "must have one of"),
        ("sum", {"expected": {"total": 4}}, r"result\.total: 3 instead of 4"),
        ("sum", {"expected": {"total": 3, "more": 1}}, "keys"),
        ("sum", {"expected": {"total": 3.0}}, "instead of 3.0"),
        ("sum", {"expected": [3]}, "instead of a list"),
        ("parts", {"inputs": {"parts": [{"x": 1, "y": 2}]}, "expected": [1]}, r"inputs\.parts\.y"),
        ("parts", {"inputs": {"parts": [{"x": 1}]}, "expected": [1, 2]}, "1 entries instead of 2"),
    ],
)
def test_what_is_not_understood_or_wrong_fails(stem, changes, words):
    with pytest.raises(AssertionError, match=words):
        runner.run(stem, {**GOOD, **changes}, CASES)


def test_an_input_that_is_missing_fails():
    with pytest.raises(KeyError):
        runner.run("sum", {**GOOD, "inputs": {"a": 1}}, CASES)


def test_steps_of_one_state():
    vector = {"inputs": {}, "ops": [[5, 10, 5, 11]]}
    runner.run("ethereum_sequence", vector, CASES)
    with pytest.raises(AssertionError):
        runner.run("ethereum_sequence", {"inputs": {}, "ops": [[5, 10, 5, 12]]}, CASES)


@pytest.mark.parametrize(
    ("actual", "expected", "tolerance", "same"),
    [
        (1, 1, 0.0, True),
        (True, 1, 0.0, False),
        (1.0, 1, 0.0, False),
        (1, 1.0, 0.0, False),
        (0.1, 0.1, 0.0, True),
        (0.1, 0.1000001, 0.0, False),
        (0.1, 0.1000001, 1e-5, True),
        (10**30, str(10**30), 0.0, True),
        (Fraction(1, 8), "0.125", 0.0, True),
        (Decimal("0.125"), "0.125", 0.0, True),
        (0.125, "0.125", 0.0, False),
        ("0x1d", "0x1d", 0.0, True),
        ("0x1d", "0x1e", 1.0, False),
        (None, None, 0.0, True),
        (0, None, 0.0, False),
        (True, True, 0.0, True),
        (None, 0, 1.0, False),
    ],
)
def test_what_counts_as_the_same(actual, expected, tolerance, same):
    if same:
        runner.compare(actual, expected, rel_tol=tolerance, abs_tol=0.0)
    else:
        with pytest.raises(AssertionError):
            runner.compare(actual, expected, rel_tol=tolerance, abs_tol=0.0)


def test_inputs_tell_what_was_not_read():
    inputs = Inputs({"a": 1, "b": {"c": 2, "d": 3}})
    assert inputs.unread() == ["inputs.a", "inputs.b"]
    assert inputs["b"]["c"] == 2
    assert inputs.unread() == ["inputs.a", "inputs.b.d"]
    assert inputs["b"]["d"] + inputs["a"] == 4
    assert inputs.unread() == []


def test_a_folder_without_files_fails(tmp_path):
    with pytest.raises(FileNotFoundError, match="STAKINGMODELS_GOLDEN"):
        runner.files(tmp_path)


@pytest.mark.parametrize("content", [{"meta": {}, "vectors": []}, {"vectors": [GOOD]}, {"meta": {}, "tests": [GOOD]}])
def test_files_of_another_layout_fail(tmp_path, content):
    path = tmp_path / "sum.json"
    path.write_text(json.dumps(content))
    with pytest.raises(ValueError, match=r"^sum\.json: must hold meta"):
        runner.vectors(path)
