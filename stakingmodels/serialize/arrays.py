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
MADE_FREE = 2**26
"""Bytes of arrays that any file may make in memory: a few bytes may say that a million numbers are the same."""
MADE_FOR_HELD = 16
"""Bytes more for each byte that it holds."""
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


class Allowance:
    """Bytes that the arrays of a file may take once they are made, by the bytes that the file holds.

    Equal arrays and equal cells are stored once, so that without it a small file could claim any number of paths. A
    writer stores what would go beyond it in full, so that every file of ours is read.

    Parameters
    ----------
    held
        Bytes that the file holds.
    """

    def __init__(self, held: int = 0) -> None:
        self.held = held
        self._made = 0

    def takes(self, n_bytes: int) -> bool:
        """Whether an array of so many bytes may be made too; it is counted."""
        self._made += n_bytes
        return self._made <= self._most

    def check(self, where: str, shape: tuple[int, ...], dtype: "np.dtype[Any]") -> None:
        """Refuse an array that is too large for the file."""
        if not self.takes(math.prod(shape) * dtype.itemsize):
            rule = f"must take at most {self._most:,} bytes with all other arrays of so small a file"
            checks.refuse(f"{where}: shape", rule, shape)

    @property
    def _most(self) -> int:
        return MADE_FREE + MADE_FOR_HELD * self.held


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
    """Arrays written out as lists of numbers within the JSON text; infinite ones are the words "inf" and "-inf".

    Parameters
    ----------
    held
        Characters of the text that is read; 0 to write one.
    """

    def __init__(self, held: int = 0) -> None:
        self._written = 0
        self._allowance = Allowance(held)

    def write(self, name: str, array: AnyArray) -> dict[str, Any]:
        """Type, shape and values of an array."""
        dtype = dtype_name(name, array)
        cells = stored(array).ravel()
        if cells.size < array.size and not self._allowance.takes(array.nbytes):
            cells = np.ascontiguousarray(array).ravel()
        self._allowance.held += 2 * cells.size  # a number takes two characters at least
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
        if len(values) < math.prod(shape):
            self._allowance.check(where, shape, dtype)
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
