"""Checks of numbers and arrays in functions that only compute: anything else is refused before it is multiplied."""

import math
from fractions import Fraction
from typing import Any

import numpy as np

from stakingmodels import checks

_LARGEST = int(np.finfo(np.float64).max)
_RULE = "must be a number or an array of numbers"


def number(where: str, value: Any, low: float | None = None) -> Any:
    """A number, or an array of them, of a type that can be computed with; exact types stay exact.

    numpy's integers become floats, since their products wrap in silence, and lists become arrays. Text is refused here,
    which as a factor would be repeated (``"5" * 3`` is ``"555"``), and so are booleans.

    Parameters
    ----------
    where
        The argument, such as ``"hashcost_per_ph_s_day: joules_per_th"``.
    value
        int, float, Fraction, a numpy number, or an array, list or column of them.
    low
        Lower bound of a single number; arrays are not checked against it.

    Raises
    ------
    InputTypeError
        For what is no number.
    InputError
        For one number that is not finite, or below `low`.
    """
    if isinstance(value, list | tuple) or hasattr(value, "to_numpy"):
        value = _array(where, value)
    if isinstance(value, np.ndarray):
        if value.dtype.kind not in "iuf":
            checks.refuse_type(where, _RULE, value)
        return value if value.dtype.kind == "f" else value.astype(np.float64)
    if isinstance(value, np.integer) and not isinstance(value, np.timedelta64):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float | np.floating | Fraction):
        checks.refuse_type(where, _RULE, value)
    if isinstance(value, float | np.floating) and not math.isfinite(value):
        checks.refuse(where, "must be finite", value)
    if isinstance(value, int | Fraction) and not -_LARGEST <= value <= _LARGEST:
        checks.refuse(where, "too large: must fit a float64", value)
    if low is not None and value < low:
        checks.refuse(where, f"must not be below {low:g}", value)
    return value


def _array(where: str, value: object) -> Any:
    try:
        return np.asarray(value)
    except ValueError:
        checks.refuse_type(where, _RULE, value)
