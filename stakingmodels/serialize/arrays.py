"""Arrays in JSON: numbers in a list, with their type and shape, checked before an array is made."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np

from stakingmodels import checks
from stakingmodels._types import AnyArray
from stakingmodels.errors import InputError
from stakingmodels.serialize.jsontext import TEXT_LIMIT, refuse_long
from stakingmodels.series import sealed

DTYPES = ("float64", "int64", "int32", "bool", "datetime64[D]", "datetime64[s]", "timedelta64[s]")
"""Types of arrays in files."""
CELLS_LIMIT = 2**40
TEXT_CELLS_LIMIT = 10_000_000
"""Most cells of all arrays of terms, with those that are written once for all."""
_BITS = {1: np.uint8, 4: np.uint32, 8: np.uint64}
_INFINITE = {"inf": math.inf, "-inf": -math.inf}
_FIELDS = ("dtype", "shape", "values")


class ArrayWriter(Protocol):
    """Writer of arrays."""

    def write(self, name: str, array: AnyArray) -> dict[str, Any]:
        """Plain description of an array, which `ArrayReader.read` takes."""
        ...  # pragma: no cover


class ArrayReader(Protocol):
    """Source of arrays."""

    def read(self, where: str, table: Mapping[str, Any]) -> AnyArray:
        """Array of a plain description, read-only."""
        ...  # pragma: no cover


def stored(array: AnyArray) -> AnyArray:
    """The cells that must be stored: one, of an array with the same bits everywhere, otherwise all in C order."""
    if array.size > 1 and not any(array.strides):
        return array.ravel()[:1]
    whole = np.ascontiguousarray(array)
    bits = whole.reshape(-1).view(_BITS[whole.itemsize])
    return whole.reshape(-1)[:1] if bits.size > 1 and bool((bits == bits[0]).all()) else whole


def restored(values: AnyArray, shape: tuple[int, ...]) -> AnyArray:
    """Read-only array of a shape, from all its cells or from the one that all are."""
    kept: AnyArray = sealed(values)
    return np.broadcast_to(kept.reshape(()), shape) if kept.size == 1 else kept.reshape(shape)


def checked_dtype(where: str, name: object) -> "np.dtype[Any]":
    """Type of an array, one of few."""
    return np.dtype(checks.choice(f"{where}: dtype", name, DTYPES))


def checked_shape(where: str, shape: object) -> tuple[int, ...]:
    """Shape of an array: a list of up to two lengths."""
    if not isinstance(shape, list) or len(shape) > 2:
        checks.refuse(f"{where}: shape", "must be a list of up to two whole numbers", shape)
    return tuple(checks.integer(f"{where}: shape", each, 0, CELLS_LIMIT) for each in shape)


def dtype_name(where: str, array: AnyArray) -> str:
    """Name of an array's type in files."""
    name = array.dtype.newbyteorder("=").name
    if name not in DTYPES:
        checks.refuse_type(where, "must be an array of numbers, truth values or dates", array)
    return name


class InlineArrays:
    """Arrays written out as lists of numbers within the JSON text; infinite ones are the words "inf" and "-inf"."""

    def __init__(self) -> None:
        self._written = 0

    def write(self, name: str, array: AnyArray) -> dict[str, Any]:
        """Type, shape and values of an array."""
        dtype = dtype_name(name, array)
        cells = stored(array).ravel()
        self._written += cells.size
        if self._written > TEXT_LIMIT // 8:  # a number takes about 18 characters
            refuse_long("dumps", f"more than {TEXT_LIMIT // 8:,} numbers")
        values = np.datetime_as_string(cells).tolist() if dtype.startswith("date") else _plain(name, cells)
        return {"kind": "array", "dtype": dtype, "shape": list(array.shape), "values": values}

    def read(self, where: str, table: Mapping[str, Any]) -> AnyArray:
        """Array of its type, shape and values."""
        dtype, shape = checked_dtype(where, table.get("dtype")), checked_shape(where, table.get("shape"))
        check_keys(where, table, _FIELDS, "an array")
        values = table.get("values")
        if not isinstance(values, list):
            checks.refuse_type(f"{where}: values", "must be a list", values)
        if len(values) not in (1, math.prod(shape)):
            rule = f"must be as many as the shape {shape} says, or one for all"
            checks.refuse(f"{where}: values", rule, f"{len(values):,}")
        return restored(cells_of(where, values, dtype), shape)


def _plain(name: str, cells: AnyArray) -> list[Any]:
    if cells.dtype.kind == "m":
        return cells.astype(np.int64).tolist()  # type: ignore[no-any-return]
    if cells.dtype.kind == "f" and not np.isfinite(cells).all():
        if np.isnan(cells).any():
            checks.refuse(name, "must not hold NaN, which JSON has no word for", float("nan"), 'save(..., "x.npz")')
        return [x if math.isfinite(x) else str(x) for x in cells.tolist()]
    return cells.tolist()  # type: ignore[no-any-return]


def cells_of(where: str, values: Sequence[Any], dtype: "np.dtype[Any]") -> AnyArray:
    """Array of a list of plain values, all of the kind that its type wants."""
    kinds = set(map(type, values))
    if dtype.kind == "f":
        if str in kinds:
            values = [_INFINITE.get(x, x) if isinstance(x, str) else x for x in values]
            kinds = set(map(type, values))
        allowed: set[type] = {float, int}
    else:
        allowed = {str} if dtype.kind == "M" else {bool} if dtype.kind == "b" else {int}
    if wrong := kinds - allowed:
        bad = next(x for x in values if type(x) in wrong)
        checks.refuse_type(f"{where}: values", f"must all be {' or '.join(sorted(k.__name__ for k in allowed))}", bad)
    try:
        return np.array(values, dtype=dtype)
    except (ValueError, OverflowError) as error:
        raise InputError(f"{where}: values: must be of type {dtype.name}") from error


def check_keys(where: str, table: Mapping[str, Any], fields: Sequence[str], what: str) -> None:
    """Refuse keys that are no field, with the nearest, and missing ones."""
    for key in table:
        if key not in fields and key != "kind":
            hint = checks.nearest_hint(key, fields) or "its fields are " + ", ".join(fields)
            raise InputError(checks.sentence(f"{where}: {checks.show(key)} is no field of {what}", hint))
    for key in fields:
        if key not in table:
            raise InputError(f"{where}: {key} must be given")
