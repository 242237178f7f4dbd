"""Whole numbers of base units: checks and exact arithmetic in int64."""

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from stakingmodels import checks

IntArray = npt.NDArray[np.int64]
INT64_MAX = 2**63 - 1


def whole(where: str, value: object, low: int = 0, high: int = INT64_MAX) -> int | IntArray:
    """A whole number in [low, high] as an int, or an array of them as int64; never a rounded float.

    Parameters
    ----------
    where
        The argument, such as ``"get_base_reward: effective_balance"``.
    value
        int, numpy integer, or an array (or sequence) of a dtype that holds integers.

    Raises
    ------
    InputTypeError
        For floats, booleans and text, alone or in an array.
    InputError
        For numbers outside [low, high].
    """
    if not isinstance(value, np.ndarray | list | tuple):
        return checks.integer(where, value, low, high)
    try:
        array = np.asarray(value)
    except ValueError:
        checks.refuse_type(where, "must be a sequence of integers, not of sequences of other lengths", value)
    if array.dtype.kind not in "iu" and not (array.dtype.kind == "O" and all(_is_int(each) for each in array.flat)):
        checks.refuse_type(where, "must hold integers (base units, not whole coins)", value, "an array of dtype int64")
    outside = (array < low) | (array > high)
    if outside.any():
        index = tuple(int(i) for i in np.argwhere(outside)[0])
        checks.refuse(where, f"must be in [{low}, {high}]; the first that is not stands at {index}", int(array[index]))
    return array.astype(np.int64)


def _is_int(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def isqrt(value: Any) -> Any:
    """Whole square root, rounded down, exact for every int64; an int, or an int64 array of at least 0."""
    if isinstance(value, int):
        return math.isqrt(value)
    root = np.sqrt(value.astype(np.float64)).astype(np.int64)  # within 1 of the truth: float64 has 53 bits
    root -= root > value // np.maximum(root, 1)
    root += (root + 1) <= value // (root + 1)
    return root
