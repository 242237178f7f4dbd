"""Values that are one number for all paths, or an array with one per path."""

import numpy as np

from stakingmodels._types import AnyArray, FloatArray, IntArray, PathValue


def at(value: PathValue, paths: IntArray | None) -> PathValue:
    """Value on some paths (None for all)."""
    return value[paths] if isinstance(value, np.ndarray) and paths is not None else value


def any_of(values: AnyArray) -> bool:
    """Whether any value is not 0, or True; several times as fast as numpy's own `any` for few."""
    return bool(np.count_nonzero(values))


def is_zero(value: PathValue) -> bool:
    """Whether a value is 0 on all paths."""
    return np.count_nonzero(value) == 0 if isinstance(value, np.ndarray) else value == 0.0


def lowest(value: PathValue) -> float:
    """Smallest value on any path, 0 of no path; for few paths, finding its place is faster than numpy's `min`."""
    return (value.item(value.argmin()) if value.size else 0.0) if isinstance(value, np.ndarray) else value


def highest(value: PathValue) -> float:
    """Largest value on any path; 0 of no path."""
    return (value.item(value.argmax()) if value.size else 0.0) if isinstance(value, np.ndarray) else value


def fixed(values: FloatArray) -> FloatArray:
    """Array made read-only, so that results computed from it can be cached."""
    values.flags.writeable = False
    return values
