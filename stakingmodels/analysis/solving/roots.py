"""`crossing`: where a function changes its sign within an interval, by the method of Brent (1973)."""

import sys
from collections.abc import Callable

import attrs

_ROUNDS = 200
_EPS = sys.float_info.epsilon
_JUMP = 1e-6


@attrs.frozen
class Crossing:
    """A change of sign.

    Attributes
    ----------
    value
        Where it is; of a function that jumps there, the last number on the side where it is no less than 0.
    is_jump
        Whether the function jumps over 0.
    n_calls
        Number of calls of the function.
    """

    value: float
    is_jump: bool
    n_calls: int


def crossing(function: Callable[[float], float], low: float, high: float, at_low: float, at_high: float) -> Crossing:
    """Change of sign of a function between two points, to the last digits of a float.

    Inverse quadratic interpolation or the secant, and halving wherever these are slow: Brent, Algorithms for
    Minimization without Derivatives, 1973, chapter 4. A function that jumps is halved to two neighbouring numbers.

    Parameters
    ----------
    function
        Function of one number, of which a value of 0 counts as positive.
    low, high
        The ends.
    at_low, at_high
        Values there, of different signs.
    """
    a, b, fa, fb = low, high, at_low, at_high
    c, fc = a, fa
    step = before = b - a
    calls = 0
    for _ in range(_ROUNDS):
        if abs(fc) < abs(fb):
            a, b, c = b, c, b
            fa, fb, fc = fb, fc, fb
        tolerance = 2.0 * _EPS * abs(b) + 0.5 * sys.float_info.min
        half = 0.5 * (c - b)
        if abs(half) <= tolerance or fb == 0.0:
            break
        tried = _interpolated(a, b, c, fa, fb, fc) if abs(before) >= tolerance and abs(fa) > abs(fb) else None
        fits = tried is not None and abs(tried) < min(1.5 * abs(half) - 0.5 * tolerance, 0.5 * abs(before))
        before, step = (step, tried) if fits and tried is not None else (half, half)
        a, fa = b, fb
        b += step if abs(step) > tolerance else (tolerance if half > 0.0 else -tolerance)
        fb = function(b)
        calls += 1
        if (fb >= 0.0) == (fc >= 0.0):
            c, fc = a, fa
            step = before = b - a
    is_jump = fb != 0.0 and abs(fb - fc) > _JUMP
    meets = c if is_jump and fb < 0.0 else b
    return Crossing(meets, is_jump, calls)


def _interpolated(a: float, b: float, c: float, fa: float, fb: float, fc: float) -> float:
    """Step from b by inverse quadratic interpolation, by the secant where two points are one."""
    half, s = 0.5 * (c - b), fb / fa
    if a == c:
        p, q = 2.0 * half * s, 1.0 - s
    else:
        q, r = fa / fc, fb / fc
        p = s * (2.0 * half * q * (q - r) - (b - a) * (r - 1.0))
        q = (q - 1.0) * (r - 1.0) * (s - 1.0)
    return p / -q if q != 0.0 else half
