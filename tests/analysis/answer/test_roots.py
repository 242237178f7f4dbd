"""Searches for roots that ask for one value at a time."""

import math

import pytest

from stakingmodels.analysis.answer.roots import Bracket, closed


def root(function, low, high, tolerance=1e-6):
    bracket = Bracket(low, function(low), high, function(high), tolerance)
    calls = 0
    while not closed(bracket):
        x = bracket.next()
        assert min(bracket.x0, bracket.x1) < x < max(bracket.x0, bracket.x1)
        bracket = bracket.narrowed(x, function(x))
        assert bracket.f0 * bracket.f1 <= 0.0
        calls += 1
        assert calls < 60
    return bracket.root, calls


@pytest.mark.parametrize(
    ("function", "low", "high", "right"),
    [
        (lambda x: 3.0 * x - 1.0, 0.0, 1.0, 1.0 / 3.0),
        (lambda x: 1.0 - 3.0 * x, 0.0, 1.0, 1.0 / 3.0),
        (lambda x: x**9 - 0.5, 0.0, 1.0, 0.5 ** (1.0 / 9.0)),
        (lambda x: math.exp(-20.0 * x) - 0.5, 0.0, 1.0, math.log(2.0) / 20.0),
        (lambda x: x - 1e-3, 1.0, 0.0, 1e-3),
        (lambda x: x - 0.999, 0.0, 1.0, 0.999),
    ],
)
def test_finds_the_root_of_a_smooth_function_from_either_end(function, low, high, right):
    found, _ = root(function, low, high)
    assert found == pytest.approx(right, abs=3e-6)


def test_a_straight_line_takes_one_call():
    assert root(lambda x: 0.2 - x, 0.0, 1.0)[1] == 1


@pytest.mark.parametrize("step", [0.1, 0.01, 1e-4])
def test_finds_the_step_of_a_staircase_that_jumps_over_0(step):
    def stairs(x):
        return math.floor((x - 0.437) / step) + 0.5

    found, calls = root(stairs, 0.0, 1.0, tolerance=1e-5)
    assert abs(found - 0.437) <= step + 1e-4
    assert calls < 40
