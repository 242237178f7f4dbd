"""Arrays of callers as read-only float64 copies in C order, or refused with one line."""

import itertools
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import BoolArray, FloatArray
from stakingmodels.display import LINES, brief, displays, key_text, packed
from stakingmodels.equality import ByValue
from stakingmodels.errors import InputTypeError, UnitWarning

K = TypeVar("K")
V = TypeVar("V")

_REFUSED_KINDS = {
    "c": "complex",
    "O": "object",
    "U": "str",
    "S": "bytes",
    "M": "datetime64",
    "m": "timedelta64",
}


_NUMBERS = (int, float, np.integer, np.floating)
_QUOTES = str.maketrans("", "", "\"' ")
_TABLES = ("pandas", "polars", "xarray")


def frozen(values: "np.ndarray[Any, np.dtype[Any]]") -> "np.ndarray[Any, np.dtype[Any]]":
    """A C-ordered copy over immutable bytes: its write flag cannot be switched back on, unlike an array's own."""
    if not isinstance(values, (np.ndarray, np.generic)) or values.dtype.hasobject:
        checks.refuse_type("array", "must be a numpy array of numbers", values, "write np.asarray(..., dtype=float)")
    return np.frombuffer(values.tobytes(), dtype=values.dtype.newbyteorder("=")).reshape(values.shape)


def sealed(value: Any) -> Any:
    """Array as a frozen copy, unless it is immutable already; the same for arrays in tuples and dictionaries."""
    if isinstance(value, np.ndarray):
        return value if _is_sealed(value) else frozen(value)
    if type(value) is tuple:
        return tuple(map(sealed, value))
    if type(value) is dict:
        return {key: sealed(each) for key, each in value.items()}
    return value


def _is_sealed(array: "np.ndarray[Any, np.dtype[Any]]") -> bool:
    """Whether the memory of an array is immutable, so that its write flag cannot be switched on."""
    owner: object = array
    while isinstance(owner, np.ndarray):
        if owner.flags.writeable:
            return False
        owner = owner.base
    return isinstance(owner, bytes)


def _restored(kind: type[Any], fields: dict[str, Any]) -> Any:
    """Object of a frozen attrs class from the values of its fields, with its arrays read-only again."""
    made = object.__new__(kind)
    for name, value in fields.items():
        object.__setattr__(made, name, sealed(value))
    return made


class Sealed(ByValue):
    """Base of frozen attrs classes with arrays: read-only from the start, and after a copy or a pickle."""

    __slots__ = ()

    def __attrs_post_init__(self) -> None:
        kind: type[Any] = type(self)
        for field in attrs.fields(kind):
            object.__setattr__(self, field.name, sealed(getattr(self, field.name)))

    def __reduce__(self) -> tuple[Any, ...]:
        kind: type[Any] = type(self)
        return _restored, (kind, {field.name: getattr(self, field.name) for field in attrs.fields(kind)})


def _restored_map(kind: "type[FrozenMap[Any, Any]]", items: dict[Any, Any]) -> "FrozenMap[Any, Any]":
    return kind({key: sealed(value) for key, value in items.items()})


def _bare(text: str) -> str:
    return text.translate(_QUOTES)


class FrozenMap(Mapping[K, V]):
    """An immutable mapping that pickles, unlike `types.MappingProxyType`.

    An unknown key raises an error, also a `KeyError`, that lists the known ones.
    """

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[K, V]) -> None:
        self._items = dict(items)

    def __getitem__(self, key: K) -> V:
        try:
            return self._items[key]
        except KeyError:
            found = self._labelled(key)
        if found is None:
            checks.refuse_name("key", key, self._items)
        return self._items[found]

    def __contains__(self, key: object) -> bool:
        return key in self._items or self._labelled(key) is not None

    def _labelled(self, text: object) -> K | None:
        """The key shown as this text, such as the factor of ``"Price(ETH)"``; quotes and spaces do not matter."""
        if isinstance(text, str):
            for key in self._items:
                if not isinstance(key, str) and _bare(str(key)) == _bare(text):
                    return key
        return None

    def get(self, key: K, default: Any = None) -> Any:
        """Value of a key, or the default."""
        found = key if key in self._items else self._labelled(key)
        return default if found is None else self._items[found]

    def __iter__(self) -> Iterator[K]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __array__(self, *_: object, **__: object) -> Any:
        name = type(self).__name__
        raise InputTypeError(f"{name}: is a mapping, no table (write dict(...), or to_frame() of its owner)")

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored_map, (type(self), self._items)

    def __repr__(self) -> str:
        first = itertools.islice(self._items.items(), LINES)
        return packed("{", [f"{key_text(key)}: {brief(value)}" for key, value in first], "}", n_items=len(self))


def listed(where: str, value: object) -> object:
    """A list or tuple of numbers or truth values as an array; anything else unchanged.

    Raises
    ------
    InputTypeError
        For nested lists, whose axes are ambiguous, and for truth values among numbers.
    """
    if type(value) not in (list, tuple):
        return value
    items: list[Any] | tuple[Any, ...] = value  # type: ignore[assignment]
    if len(items) > checks.CELLS_LIMIT:
        checks.refuse(where, f"must have at most the limit of {checks.CELLS_LIMIT} cells", value, f"{len(items)} cells")
    kinds = set(map(type, items))
    flags = kinds & {bool, np.bool_}
    if (flags and kinds - flags) or not all(
        issubclass(kind, (bool, int, float, np.number, np.bool_)) for kind in kinds
    ):
        hint = "np.asarray(..., dtype=float)"
        checks.refuse_type(where, "must be a numpy ndarray, a number, or a plain list of numbers", value, hint)
    return np.asarray(items)


def _array(where: str, value: object) -> "np.ndarray[Any, np.dtype[Any]]":
    if isinstance(value, np.ma.MaskedArray):
        checks.refuse_type(where, "must be a plain ndarray, not a masked array", value, "use .filled(), or drop rows")
    if isinstance(value, np.matrix):
        checks.refuse_type(where, "must be a plain ndarray, not a matrix", value, "np.asarray(...)")
    value = listed(where, value)
    if not isinstance(value, np.ndarray):
        checks.refuse_type(where, "must be a numpy ndarray or a number", value, "np.asarray(..., dtype=float)")
    if value.size > checks.CELLS_LIMIT:  # before any copy: a 0-stride array claims any size for free
        checks.refuse(where, f"must have at most the limit of {checks.CELLS_LIMIT} cells", value, f"{value.size} cells")
    if value.ndim > 2:
        checks.refuse(where, "must have 0, 1 or 2 dimensions, time first", value)
    if value.size == 0:
        checks.refuse(where, "must not be empty", value)
    return np.asarray(value)


def as_series(where: str, value: object) -> FloatArray:
    """A numeric series as a frozen float64 copy; finite throughout.

    Raises
    ------
    InputTypeError
        For anything but numbers in an ndarray or a plain list: masked arrays, narrow floats, object and text dtypes.
    InputError
        For non-finite values (with their count and the first index), integers beyond 2**53, and too many cells.
    """
    if type(value).__module__.partition(".")[0] in _TABLES:
        value = getattr(value, "to_numpy", lambda: value)()
    array = _array(where, value)
    if array.dtype.kind in "iu":
        if array.max() > 2**53 or array.min() < -(2**53):
            checks.refuse(where, "integers must be within 2**53, or they are rounded silently", array)
    elif array.dtype.kind == "f" and array.dtype.itemsize >= 8:
        pass
    else:
        name = _REFUSED_KINDS.get(array.dtype.kind, str(array.dtype))
        checks.refuse_type(
            where, f"must be float64, not {name}", array, "write .astype(float) if the rounding is meant"
        )
    with np.errstate(over="ignore"):
        rows = array.astype(np.float64)
    bad = ~np.isfinite(rows)
    if bad.any():
        index = tuple(int(i) for i in np.argwhere(bad)[0])
        checks.refuse(where, f"has {int(bad.sum())} non-finite values, the first at index {index}", float(rows[index]))
    return frozen(rows)


def as_events(where: str, value: object) -> BoolArray:
    """An event series as a frozen copy: booleans, row k says whether it occurs in [k, k+1). 0 is never."""
    if isinstance(value, (bool, np.bool_)) or (isinstance(value, _NUMBERS) and value == 0):
        return frozen(np.asarray(bool(value)))
    if isinstance(value, _NUMBERS):
        hint = "a hazard a year goes into the event or into Constants"
        checks.refuse_type(where, "must be True, False, 0 or an array of booleans", value, hint)
    array = _array(where, value)
    if array.dtype.kind != "b":
        checks.refuse_type(where, "must be an array of booleans", array, "write values.astype(bool)")
    return frozen(array)


def refuse_below(where: str, rows: FloatArray, low: float, *, strict: bool = False) -> None:
    """Raise `InputError` where a value is below `low` (or equal to it, if strict), with count and first index."""
    bad = rows <= low if strict else rows < low
    if bad.any():
        index = tuple(int(i) for i in np.argwhere(bad)[0])
        bound = f"{'above' if strict else 'at least'} {low:g}"
        rule = f"must be {bound}; {int(bad.sum())} values are not, the first at index {index}"
        checks.refuse(where, rule, float(rows[index]))


def warn_if_percent(where: str, rates: FloatArray) -> None:
    """Warn where rates are valid but look like percent: a median above 1 is 100 % a year."""
    middle = float(np.median(rates))
    if middle > 1.0:
        text = f"{where}: the median rate is {middle:g}, as a fraction {middle:.0%} a year; percent? divide by 100"
        checks.warn(text + ' (a file: unit="percent")', UnitWarning)


displays(__name__)
