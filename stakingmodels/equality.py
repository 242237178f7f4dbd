"""`ByValue`: frozen objects are equal where what they are made of is equal, arrays included."""

from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np


class ByValue:
    """Base of frozen attrs classes with ``eq=False`` that hold arrays, or mappings of them.

    Two are equal if they are of one class and all that they were made of is equal: arrays cell by cell, NaN beside NaN,
    mappings in any order. Those that are equal have one hash. A class that is no attrs class is equal to itself only.
    """

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        if other is self:
            return True
        if type(other) is not type(self) or not attrs.has(type(self)):
            return NotImplemented
        return all(same(getattr(self, name), getattr(other, name)) for name in _made_of(type(self)))

    def __hash__(self) -> int:
        if not attrs.has(type(self)):
            return object.__hash__(self)
        return hash((type(self), *(_digest(getattr(self, name)) for name in _made_of(type(self)))))


def _made_of(kind: type[Any]) -> list[str]:
    """The fields that the constructor takes; the others follow from them."""
    return [field.name for field in attrs.fields(kind) if field.init]


def same(one: Any, other: Any) -> bool:
    """Whether two values are equal, with arrays and NaN in them, and mappings and tuples of such."""
    if one is other:
        return True
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        return _same_arrays(one, other)
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return len(one) == len(other) and all(key in other and same(value, other[key]) for key, value in one.items())
    if isinstance(one, (tuple, list)) and isinstance(other, (tuple, list)):
        return type(one) is type(other) and len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, (Mapping, tuple, list)) or isinstance(other, (Mapping, tuple, list)):
        return False  # numpy's own scalars would compare with each item
    return bool(one == other) or (_is_nan(one) and _is_nan(other))


def _same_arrays(one: Any, other: Any) -> bool:
    if not (isinstance(one, np.ndarray) and isinstance(other, np.ndarray)):
        return False
    return one.dtype == other.dtype and np.array_equal(one, other, equal_nan=one.dtype.kind in "fcmM")


def _is_nan(value: object) -> bool:
    return isinstance(value, (float, np.datetime64)) and bool(value != value)  # noqa: PLR0124  # only NaN, NaT


def _digest(value: Any) -> int:
    """A hash, equal for what is the same."""
    if isinstance(value, np.ndarray):
        return hash((value.shape, value.dtype.str, _plain(value).tobytes()))
    if isinstance(value, Mapping):
        return hash(frozenset((key, _digest(each)) for key, each in value.items()))
    if isinstance(value, tuple):
        return hash(tuple(map(_digest, value)))
    return 0 if _is_nan(value) else hash(value)


def _plain(array: "np.ndarray[Any, np.dtype[Any]]") -> "np.ndarray[Any, np.dtype[Any]]":
    """The array with one NaN and one zero: what is equal has the same bytes."""
    return np.where(np.isnan(array), np.nan, array + 0.0) if array.dtype.kind == "f" else array
