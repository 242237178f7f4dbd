"""A value that is one number for all paths, or an array with one per path."""

import numpy as np

from stakingmodels._types import FloatArray, IntArray, PathValue


def at(value: PathValue, paths: IntArray | None) -> PathValue:
    """The value on some paths (None for all)."""
    return value[paths] if isinstance(value, np.ndarray) and paths is not None else value


def is_zero(value: PathValue) -> bool:
    """Whether it is 0 on all paths."""
    return not value.any() if isinstance(value, np.ndarray) else value == 0.0


def lowest(value: PathValue) -> float:
    """The smallest on any path; numpy's own function takes longer for one number than for an array."""
    return float(value.min()) if isinstance(value, np.ndarray) else value


def highest(value: PathValue) -> float:
    """The largest on any path."""
    return float(value.max()) if isinstance(value, np.ndarray) else value


def fixed(values: FloatArray) -> FloatArray:
    """The same array, not to be written to any more: what follows from it need not be worked out again."""
    values.flags.writeable = False
    return values
