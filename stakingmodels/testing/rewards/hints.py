"""Promises that explain a difference: of roundings that are meant, named only where the check then passes."""

import functools
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from stakingmodels.testing.rewards.adapter import RewardFunction
from stakingmodels.testing.rewards.calling import Number, RaisedError, ask
from stakingmodels.testing.rewards.cases import fixed_cases

_DUST = 16  # base units that a few roundings of integers may cost
_UNITS = (1e-6, 1e-4, 0.01)
_ON_GRID = 1e-9
_SINGLE = 1e-5  # what a few operations of float32 lose, relatively
_ASKED = 40  # answers that must look rounded

Passes = Callable[[RewardFunction], bool]
"""Whether the check passes for a function of other promises."""


def rounding_hint(function: RewardFunction, got: Number, difference: Any, passes: Passes) -> str:
    """Promise to change where a difference may be a rounding that is meant, as the end of a message; or nothing.

    A fee that is taken twice differs by as little as a rounding where the reward is small. So the size of one
    difference is not enough: other answers must look rounded, too, and the check must pass with the promise.
    """
    size, off = abs(float(got)), abs(float(difference))
    if function.integers:
        for dust in _dusts(math.ceil(off)):
            if passes(function.replace(dust=dust)):
                return f"; if it is meant to round by so much, write dust={dust}"
        return ""
    for unit in _UNITS if function.unit == 0 else ():
        if off <= unit and _is_on_grid(size, unit) and _all_look(function, functools.partial(_is_on_grid, unit=unit)):
            is_meant = passes(function.replace(unit=unit))
            return f"; if it is meant to round to {unit:g}, write unit={unit:g}" if is_meant else ""
    if off <= _SINGLE * size and function.tolerance < _SINGLE and _all_look(function, _is_single):
        is_meant = passes(function.replace(tolerance=_SINGLE))
        return f"; if it is meant to compute in float32, write tolerance={_SINGLE:g}" if is_meant else ""
    return ""


def _dusts(least: int) -> list[int]:
    """Promises of base units to try: what one case needs, and more, as others may need more."""
    return sorted({least, *(each for each in (4, 8, _DUST) if each > least)}) if 1 < least <= _DUST else []


def _is_on_grid(size: float, unit: float) -> bool:
    steps = abs(size) / unit
    return abs(steps - round(steps)) <= _ON_GRID * max(steps, 1.0)


def _is_single(size: float) -> bool:
    with np.errstate(over="ignore"):
        return float(np.float32(size)) == size


def _all_look(function: RewardFunction, is_rounded: Callable[[float], bool]) -> bool:
    """Whether answers all over the domain look rounded, as far as there are any but 0."""
    seen = 0
    for case in fixed_cases(function)[::-1][:_ASKED]:
        try:
            answer = ask(function, case.values)
        except RaisedError:
            continue
        for number in answer.holders:
            if number and math.isfinite(number):
                seen += 1
                if not is_rounded(float(number)):
                    return False
    return seen > 1
