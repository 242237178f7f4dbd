"""Arrays given to a measure, read as float64 without a copy where possible."""

from typing import Any

import numpy as np

from stakingmodels import checks
from stakingmodels._types import BoolArray, FloatArray, PathValue
from stakingmodels.errors import NumericalError
from stakingmodels.series import listed

VALUE_LIMIT = 1e150
"""Largest value allowed: its square, and sums of ten million of them, fit a float64."""

_SHAPES = {1: "one dimension", 2: "one or two dimensions, time first"}


@np.errstate(all="ignore")
def floats(where: str, value: object, *, dimensions: int = 1) -> FloatArray:
    """A non-empty float64 array in C order, finite throughout, of at most so many dimensions."""
    array = _numeric(where, value)
    if not 1 <= array.ndim <= dimensions:
        checks.refuse(where, f"must have {_SHAPES[dimensions]}", value)
    if array.size == 0:
        checks.refuse(where, "must not be empty", value)
    if array.size > checks.CELLS_LIMIT:  # before any copy: a 0-stride array claims any size for free
        checks.refuse(where, f"must have at most the limit of {checks.CELLS_LIMIT} cells", value)
    if array.dtype.kind in "iu" and (array.max() > 2**53 or array.min() < -(2**53)):
        checks.refuse(where, "integers must be within 2**53, or they are rounded silently", value)
    numbers = np.ascontiguousarray(array, dtype=np.float64)
    if not (numbers.min() >= -VALUE_LIMIT and numbers.max() <= VALUE_LIMIT):  # false for NaN too
        refuse_where(where, ~np.isfinite(numbers), numbers, "must be finite")
        refuse_where(where, np.abs(numbers) > VALUE_LIMIT, numbers, f"must be within {VALUE_LIMIT:g}")
    return numbers


def _numeric(where: str, value: Any) -> "np.ndarray[Any, np.dtype[Any]]":
    if _is_pandas(value):
        value = value.to_numpy()
    value = listed(where, value)
    if not isinstance(value, np.ndarray) or isinstance(value, (np.ma.MaskedArray, np.matrix)):
        checks.refuse_type(where, "must be a plain numpy ndarray", value, "np.asarray(..., dtype=float)")
    kind, size = value.dtype.kind, value.dtype.itemsize
    if kind not in "iuf" or (kind == "f" and size < 8):
        hint = "write .astype(float) if the rounding is meant"
        checks.refuse_type(where, f"must be float64, not {value.dtype}", value, hint)
    return value


def _is_pandas(value: object) -> bool:
    return type(value).__module__.partition(".")[0] == "pandas"


def path_value(where: str, value: object) -> PathValue:
    """One number for all paths, as a float, or one for each, as an array (n_paths,)."""
    if isinstance(value, (np.ndarray, list, tuple)) or _is_pandas(value):
        return floats(where, value)
    return checks.real(where, value)


def refuse_where(where: str, bad: BoolArray | np.bool_, values: PathValue, rule: str) -> None:
    """Raise `InputError` if a value is bad; for an array with the number of bad values and the first index."""
    if not np.any(bad):
        return
    if not isinstance(values, np.ndarray):
        checks.refuse(where, rule, values)
    first = tuple(int(i) for i in np.argwhere(bad)[0])
    count = f"{np.count_nonzero(bad)} of {values.size} are not, the first at index {first}"
    checks.refuse(where, f"{rule}; {count}", float(values[first]))


def same_paths(where: str, one: PathValue, other: PathValue) -> None:
    """Raise `InputError` if both are arrays, but of different lengths."""
    if np.ndim(one) and np.ndim(other) and np.size(one) != np.size(other):
        checks.refuse(where, f"both must have one value per path, {np.size(one)} here", np.size(other))


def in_range(where: str, result: PathValue) -> PathValue:
    """The result, with a scalar as a float. Raise `NumericalError` if a value does not fit a float64."""
    lost = ~np.isfinite(result)
    if np.any(lost):
        place = f" at index {np.argmax(lost)}" if np.ndim(result) else ""
        raise NumericalError(f"{where}: overflow: the result{place} does not fit a float64")
    return result if isinstance(result, np.ndarray) else float(result)
