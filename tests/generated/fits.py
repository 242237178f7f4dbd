# ruff: noqa: PLR0911, C901  # tables of texts, and one return for each kind
"""Whether a value is of an annotated type, as a reader of the signature would say."""

import datetime as dt
import inspect
import numbers
import os
import types
import typing
from collections import abc
from typing import Any

import numpy as np


def fits(value: object, hint: Any) -> bool | None:
    """True, False, or None where the annotation leaves it open."""
    if hint is Any or hint is inspect.Parameter.empty or isinstance(hint, (typing.TypeVar, str)):
        return None
    if hint is object:
        return True
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in {typing.Union, types.UnionType}:
        found = [fits(value, each) for each in arguments]
        return True if True in found else None if None in found else False
    if origin is typing.Literal:
        return any(type(value) is type(each) and value == each for each in arguments)
    if origin is typing.Annotated:
        return fits(value, arguments[0])
    kind = origin or hint
    if hint is None or hint is types.NoneType:
        return value is None
    if kind is abc.Callable:
        return callable(value) and not isinstance(value, type)
    if not isinstance(kind, type):
        return None
    if getattr(kind, "_is_protocol", False):
        return None if callable(value) or not isinstance(value, (int, float, str, bytes, list, tuple)) else False
    return of_class(value, kind, arguments)


def of_class(value: object, kind: type, arguments: tuple[Any, ...]) -> bool | None:
    if kind is bool:
        return isinstance(value, (bool, np.bool_))
    if isinstance(value, (bool, np.bool_)):
        return False
    if kind is int:
        return isinstance(value, (int, np.integer))
    if kind is float:
        return isinstance(value, numbers.Real) and not np.isnan(float(value) if not isinstance(value, int) else 0.0)
    if kind is np.ndarray:
        return is_array(value, arguments)
    if kind in {dt.date, dt.datetime}:
        return isinstance(value, dt.date)
    if kind is os.PathLike:
        return isinstance(value, os.PathLike)
    if kind is type:
        return isinstance(value, type)
    if not isinstance(value, kind) or (isinstance(value, (str, bytes)) and kind not in {str, bytes}):
        return False
    items = list(value)[:5] if isinstance(value, (list, tuple, set, dict)) else []
    if items and arguments:
        return all(fits(each, arguments[0]) is not False for each in items)  # of a dictionary, its keys
    return True


def is_array(value: object, arguments: tuple[Any, ...]) -> bool:
    wanted = typing.get_args(arguments[-1]) if arguments else ()
    numeric = not wanted or wanted[0] in {Any, np.float64, np.int64, np.int32}
    if isinstance(value, np.ma.MaskedArray):
        return False
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "fiu" if numeric else True
    return isinstance(value, list) and all(isinstance(each, (int, float)) for each in value)
