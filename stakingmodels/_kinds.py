"""Kinds of values that annotations ask for: whether a value fits, and the words for one that would."""

import datetime as dt
import enum
import functools
import itertools
import os
import types
import typing
from collections import abc
from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any, Literal, Union

import numpy as np

Fits = Callable[[Any], bool]
Kind = tuple[Fits, str]
"""Whether a value is of a kind, and the words for it."""

_LOOKED_AT = 64
"""Items of a long list that are looked at, beside the last."""
_LISTS: tuple[Any, ...] = (list, tuple, abc.Sequence, abc.Collection, abc.Iterable)
_OWN = f"{__name__.partition('.')[0]}."
ONE_OF = "one of "
_SETS: tuple[Any, ...] = (set, frozenset, abc.Set)
_WRITE = {
    "AssumptionSet": "assumption_set()",
    "Book": "the book that open is given",
    "Comparison": "compare(results)",
    "Event": 'Event("custodian:x")',
    "Factor": 'Price("ETH")',
    "Market": 'Market(grid, {Price("ETH"): 3000.0})',
    "Now": "the now that open and step are given",
    "Outcome": 'results["name"]',
    "Product": 'StakingPool(asset="ETH")',
    "Results": "simulate(...)",
    "Ruleset": 'ruleset("fulu")',
    "Scenario": "scenarios.reference()",
    "TimeGrid": 'TimeGrid.daily("2026-01-01", days=365)',
}
"""Ways to come by an object of a class, where its constructor is none."""


def unnamed(hint: Any) -> Any:
    """Annotation that a named type stands for: numpy's ``NDArray`` is one from 2.5 on."""
    while True:
        origin = typing.get_origin(hint)
        if hasattr(origin, "__value__"):
            hint = origin.__value__[typing.get_args(hint)]
        elif origin is None and hasattr(hint, "__value__"):
            hint = hint.__value__
        else:
            return hint


def kind_of(hint: Any) -> Kind | None:  # noqa: PLR0911  # one for each form of an annotation
    """Kind of an annotation; None for one that says nothing."""
    hint = unnamed(hint)
    if hint is Any or hint is object or isinstance(hint, typing.TypeVar):
        return None
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in {Union, types.UnionType}:
        found = [None if getattr(each, "_is_protocol", False) else kind_of(each) for each in inner]
        return None if None in found else either([each for each in found if each is not None])
    if origin is Literal:
        return functools.partial(_is_one_of, inner), f"{ONE_OF}{', '.join(map(repr, inner))}"
    if origin is type:
        return _of_type((type,)), "a class"
    if origin in _LISTS or origin in _SETS:
        return _listed(origin, inner)
    if isinstance(origin, type) and issubclass(origin, abc.Mapping):
        return _mapped(inner)
    if getattr(origin or hint, "_is_protocol", False):
        return _shaped(origin or hint)
    return _plain(origin or hint, inner)


def _plain(kind: Any, inner: tuple[Any, ...]) -> Kind | None:  # noqa: PLR0911  # one for each sort of class
    """Kind of a class."""
    if kind is abc.Callable:
        return callable, "a function"
    if not isinstance(kind, type):
        return None
    if kind is float:
        return _is_number, "a number"
    if kind is int:
        return _is_integer, "an integer"
    if kind is np.ndarray:
        return functools.partial(_is_array, letters_of(inner)), "an array"
    simple: dict[type, tuple[tuple[type, ...], str]] = {
        bool: ((bool, np.bool_), "True or False"),
        str: ((str,), "a text"),
        bytes: ((bytes, bytearray), "bytes"),
        types.NoneType: ((types.NoneType,), "None"),
        os.PathLike: ((os.PathLike,), "a path"),
        Fraction: ((Fraction, int, float), "a Fraction"),
        dt.date: ((dt.date,), "a date"),
        np.datetime64: ((np.datetime64,), "a datetime64"),
    }
    if kind in simple:
        classes, words = simple[kind]
        return _of_type(classes), words
    if issubclass(kind, (abc.Mapping, abc.Iterable)) and kind.__module__ in {"collections.abc", "builtins"}:
        return None
    name = kind.__name__
    if kind.__module__.partition(".")[0] != __name__.partition(".")[0]:
        return _of_type((kind,)), name
    if issubclass(kind, enum.Enum):
        return _of_type((kind,)), f"{name} [write {name}.{next(iter(kind)).name}]"
    return _of_type(_or_text(kind)), f"{name} [write {_WRITE.get(name, f'{name}(...)')}]"


def _shaped(kind: type) -> Kind | None:
    """What has the methods of a protocol of the library; None for another's."""
    if not kind.__module__.startswith(_OWN):
        return None
    parts = [each for each in kind.__mro__ if getattr(each, "_is_protocol", False) and each is not typing.Protocol]
    # attributes may be read only sometimes, such as the coin of a product
    methods = (name for each in parts for name, member in vars(each).items() if isinstance(member, types.FunctionType))
    members = tuple(name for name in dict.fromkeys(methods) if not name.startswith("_"))

    def fits(value: object) -> bool:
        return not isinstance(value, type) and all(hasattr(value, name) for name in members)

    return fits, f"{kind.__name__}, which has {', '.join(members)}"


def _or_text(kind: type) -> tuple[type, ...]:
    """A class, and that of texts if a text may stand for its object, as for a factor."""
    return (kind, str) if any(each.__name__ == "Factor" for each in kind.__mro__) else (kind,)


def either(kinds: Iterable[Kind]) -> Kind:
    """One of several kinds, said with the fix of the first that has one."""
    found = [(fits, *words.partition(" [write ")[::2]) for fits, words in kinds]
    tests = tuple(fits for fits, _, _ in found)
    named = [words for _, words, _ in found if words and words != "None"]
    named += ["None"] if any(words == "None" for _, words, _ in found) else []
    fix = next((hint for _, _, hint in found if hint), "")
    words = " or ".join(dict.fromkeys(named)) + (f" [write {fix}" if fix else "")
    if len(tests) == 2:  # most often, and at each call
        one, other = tests
        return lambda value: one(value) or other(value), words
    return lambda value: any(fits(value) for fits in tests), words


def _of_type(classes: tuple[type, ...]) -> Fits:
    def fits(value: object) -> bool:
        return isinstance(value, classes)

    return fits


def _is_one_of(options: tuple[Any, ...], value: object) -> bool:
    return isinstance(value, (str, int, types.NoneType)) and value in options


def _is_number(value: object) -> bool:
    if type(value) is float or type(value) is int:
        return True
    return isinstance(value, (int, float, np.integer, np.floating, Fraction)) and not isinstance(
        value, (bool, np.timedelta64)
    )


def _is_integer(value: object) -> bool:
    if type(value) is int:
        return True
    return isinstance(value, (int, np.integer)) and not isinstance(value, (bool, np.timedelta64))


def letters_of(inner: tuple[Any, ...]) -> str:
    """Kinds of the numbers of an array, by the letters of numpy; empty for any."""
    wanted = typing.get_args(inner[-1]) if inner else ()
    scalar = wanted[0] if wanted else Any
    if not isinstance(scalar, type):
        return ""
    letters: dict[Any, str] = {np.float64: "biufO", np.int64: "biuO", np.int32: "biuO", np.bool_: "b"}
    return letters.get(scalar, "")


def _is_array(dtypes: str, value: object) -> bool:
    """An array, or what is read as one: a list of numbers, a column."""
    if isinstance(value, np.ndarray):
        return _holds(value, dtypes)
    if isinstance(value, (list, tuple, range)):
        return all(isinstance(each, _SCALARS) for each in _some(value)) or _is_table(value)
    return hasattr(value, "to_numpy")


def _holds(array: np.ndarray[Any, Any], dtypes: str) -> bool:
    """Whether an array is of numbers of these sorts; objects may be exact numbers, but nothing else."""
    if isinstance(array, np.ma.MaskedArray) or (dtypes and array.dtype.kind not in dtypes):
        return False
    return not dtypes or array.dtype.kind != "O" or all(isinstance(each, _SCALARS) for each in _some(array.flat))


def _is_table(rows: Any) -> bool:
    """Whether lists in a list are as long as one another, down to numbers."""
    try:
        return np.asarray(rows).dtype.kind in "biuf"
    except ValueError:
        return False


def _is_any_number(value: object) -> bool:
    if type(value) is int or type(value) is float:
        return True
    if isinstance(value, np.ndarray):
        return _holds(value, "biufOM")
    if isinstance(value, (list, tuple, range)):
        return all(isinstance(each, _SCALARS) for each in _some(value)) or _is_table(value)
    return isinstance(value, _SCALARS) or hasattr(value, "to_numpy")


_SCALARS = (int, float, np.number, np.bool_, np.datetime64, dt.date, Fraction)
NUMBERS: Kind = _is_any_number, "a number or an array of numbers"


def _some(items: Any) -> Iterable[Any]:
    """First items of a collection, and its last if it is a sequence."""
    first = itertools.islice(items, _LOOKED_AT)
    return itertools.chain(first, items[-1:]) if isinstance(items, (list, tuple)) else first


def _listed(origin: Any, inner: tuple[Any, ...]) -> Kind:
    """A list, tuple or set of a kind; of what can be read only once, nothing is read."""
    is_pair = origin is tuple and (not inner or inner[-1] is not ...)
    each = kind_of(inner[0]) if inner and not is_pair else None
    fits = each[0] if each else None
    outer = abc.Set if origin in _SETS else abc.Iterable if origin is abc.Iterable else abc.Collection

    def is_listed(value: object) -> bool:
        if isinstance(value, (str, bytes)) or not isinstance(value, (outer, np.ndarray)):
            return False
        if isinstance(value, np.ndarray):
            if value.ndim != 1 or isinstance(value, np.ma.MaskedArray) or outer is abc.Set:
                return False
            return fits is None or all(map(fits, _some(value.tolist() if value.size < _LOOKED_AT else value)))
        if is_pair and inner and (not isinstance(value, abc.Sized) or len(value) != len(inner)):
            return False
        return fits is None or not isinstance(value, abc.Collection) or all(map(fits, _some(value)))

    words, _, hint = each[1].partition(" [write ") if each else ("", "", "")
    name = "a set" if outer is abc.Set else f"a tuple of {len(inner)}" if is_pair and inner else "a list"
    fix = f" [write {_in_list(hint.removesuffix(']'), is_set=outer is abc.Set)}]" if hint else ""
    return is_listed, name + (f", of which each is {words}" if words else "") + fix


def _in_list(item: str, *, is_set: bool) -> str:
    """How to write a list, or a set, of an item; words that are no code stay as they are."""
    if not item.endswith(")"):
        return item
    return f"frozenset({{{item}}})" if is_set else f"[{item}]"


def _mapped(inner: tuple[Any, ...]) -> Kind:
    """A mapping, of kinds of keys and values."""
    kinds = [kind_of(each) for each in inner]
    of_keys, of_values = (kind and kind[0] for kind in kinds) if len(kinds) == 2 else (None, None)

    def is_mapped(value: object) -> bool:
        if not isinstance(value, abc.Mapping):
            return False
        return (of_keys is None or all(map(of_keys, _some(value)))) and (
            of_values is None or all(map(of_values, _some(value.values())))
        )

    words = [kind[1].partition(" [")[0] if kind else "anything" for kind in kinds]
    return is_mapped, f"a mapping from {words[0]} to {words[1]}" if len(words) == 2 else "a mapping"
