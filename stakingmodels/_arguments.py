"""Arguments held to the annotations of public functions and constructors, where a call comes from outside.

A function that checks an argument itself says more about it, so a call with a misfit is tried, and its own error is the
one that is told; a raw error, or a result, gives way to the sentence made here. Annotations are read at the first call.
"""

import datetime as dt
import enum
import functools
import inspect
import itertools
import os
import types
import typing
from collections import abc
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, Literal, NoReturn, Union

import numpy as np

from stakingmodels import checks
from stakingmodels._calls import place_of
from stakingmodels.errors import InputError, InputTypeError, StakingModelsError

Fits = Callable[[Any], bool]
Kind = tuple[Fits, str]
"""Whether a value is of a kind, and the words for it."""

_LOOKED_AT = 64
"""Items of a long list that are looked at, beside the last."""
_LISTS: tuple[Any, ...] = (list, tuple, abc.Sequence, abc.Collection, abc.Iterable)
_OWN = f"{__name__.partition('.')[0]}."
_OF_NUMBERS = f"{_OWN}protocols."
_ONE_OF = "one of "
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


Misfit = Callable[[Sequence[Any], Mapping[str, Any]], StakingModelsError | None]
"""The error of the first argument of a call that does not fit, if there is one."""


def misfit_of(function: Callable[..., Any], *, bound: bool) -> Misfit:
    """A function of the arguments of a call: the error of the first that does not fit, or None.

    Parameters
    ----------
    function
        Function whose annotations hold.
    bound
        Whether its first argument is the object or class.
    """
    plan: tuple[list[Fits | None], dict[str, Fits]] | None = None
    kinds: dict[str, Kind] = {}

    def misfit(args: Sequence[Any], kwargs: Mapping[str, Any]) -> StakingModelsError | None:
        nonlocal plan, kinds
        if plan is None:
            if _called_by_the_library():  # rooms as they load
                return None
            names, kinds = _kinds(function)
            plan = [kinds[name][0] if name in kinds else None for name in names], {n: k[0] for n, k in kinds.items()}
        for place, (fits, value) in enumerate(zip(plan[0], args, strict=False)):
            if fits is not None and not fits(value):
                return told(args, list(inspect.signature(function).parameters)[place], value)
        by_name = plan[1]
        for name, value in kwargs.items():
            if name in by_name and not by_name[name](value):
                return told(args, name, value)
        return None

    def told(args: Sequence[Any], name: str, value: object) -> StakingModelsError:
        where = place_of(function, args[0] if bound and args else None, bound=bound)
        between = "." if function.__name__ == "__init__" else ": "
        rule, hint = kinds[name][1], ""
        if " [write " in rule:
            rule, _, hint = rule.rpartition(" [")
        shown = type(value).__name__ if value is None or isinstance(value, type) else _with_type(value)
        text = checks.sentence(f"{where}{between}{name}: must be {rule}, got {shown}", hint.removesuffix("]"))
        is_choice = isinstance(value, str) and rule.startswith(_ONE_OF)  # a text as it should be, but another one
        return InputError(text) if is_choice else InputTypeError(text)

    return misfit


def _called_by_the_library() -> bool:
    """Whether the guarded function that asks was called from a module of the library; not so by a thread itself."""
    frame = inspect.currentframe()
    for _ in range(3):  # this one, that of the check and that of the guarded function
        frame = frame and frame.f_back
    caller = frame
    return caller is not None and str(caller.f_globals.get("__name__", "")).startswith(_OWN)


def _with_type(value: object) -> str:
    shown = checks.show(value)
    return shown if isinstance(value, np.ndarray) else f"{type(value).__name__} {shown}"


def refused(
    function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any], error: StakingModelsError
) -> NoReturn:
    """Raise the error of a call with a misfit: the function's own, where it has one."""
    try:
        found = function(*args, **kwargs)
        if hasattr(found, "__next__") and inspect.isgeneratorfunction(function):
            next(found, None)
    except StakingModelsError:
        raise
    except Exception:  # noqa: BLE001, S110  # what a misfit does inside is of no use to the caller
        pass
    raise error


def misshapen(function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any], error: ValueError) -> None:
    """Raise the error of arrays of which numpy said that they don't go together, in a rule of a protocol.

    Elsewhere it may be an author's product or scenario that said so, whose line is what helps.
    """
    if type(error) is not ValueError or "broadcast" not in str(error) or not _has_numbers(function):
        return
    given = inspect.signature(function).bind(*args, **kwargs).arguments
    shapes = {name: np.shape(value) for name, value in given.items() if isinstance(value, (np.ndarray, list, tuple))}
    told = " and ".join(f"{name} {shape}" for name, shape in shapes.items()) or "others"
    where = place_of(function, None, bound=False)
    raise InputError(checks.sentence(f"{where}: arrays must have shapes that go together, got {told}", "")) from None


def _kinds(function: Callable[..., Any]) -> tuple[list[str], dict[str, Kind]]:
    """Names of the parameters by position, and the kinds of those that are checked."""
    by_position: list[str] = []
    kinds: dict[str, Kind] = {}
    for each in inspect.signature(function).parameters.values():
        if each.kind in {each.VAR_POSITIONAL, each.VAR_KEYWORD}:
            continue
        if each.kind is not each.KEYWORD_ONLY:
            by_position.append(each.name)
        hint = _resolved(function, each.name, each.annotation)
        is_any = hint is Any and each.annotation is Any
        kind = _NUMBERS_OF_ANY_KIND if _has_numbers(function) and (is_any or _is_of_floats(hint)) else _kind(hint)
        if kind is not None:
            if each.default is not each.empty and not kind[0](each.default):
                kind = _either([kind, (functools.partial(_is, each.default), "")])
            kinds[each.name] = kind
    return by_position, kinds


def _is(one: object, other: object) -> bool:
    return one is other


def _has_numbers(function: Any) -> bool:
    """Whether Any stands for a number or an array of them, exact ones among them: so it does in rules of protocols."""
    return str(getattr(function, "__module__", "")).startswith(_OF_NUMBERS)


def _is_of_floats(hint: Any) -> bool:
    """Whether an annotation is an array of floats, for which a rule of a protocol takes one number as well."""
    hint = _unnamed(hint)
    return typing.get_origin(hint) is np.ndarray and _dtypes(typing.get_args(hint)) == "biufO"


def _resolved(function: Any, name: str, hint: Any) -> Any:
    """Annotation without forward references; Any where it names what only type checkers load."""
    if hint is inspect.Parameter.empty:
        return Any
    if hint is Any or hint == "Any":
        return Any
    if isinstance(hint, type) and typing.get_origin(hint) is None:
        return hint
    holder = types.SimpleNamespace(__annotations__={name: hint})
    try:
        return typing.get_type_hints(holder, getattr(function, "__globals__", {}))[name]
    except Exception:  # noqa: BLE001  # a name under TYPE_CHECKING, or of an extra
        return Any


def _unnamed(hint: Any) -> Any:
    """What a named type stands for: numpy's ``NDArray`` is one from 2.5 on."""
    while True:
        origin = typing.get_origin(hint)
        if hasattr(origin, "__value__"):
            hint = origin.__value__[typing.get_args(hint)]
        elif origin is None and hasattr(hint, "__value__"):
            hint = hint.__value__
        else:
            return hint


def _kind(hint: Any) -> Kind | None:  # noqa: PLR0911  # one for each form of an annotation
    """Kind of an annotation; None for one that says nothing."""
    hint = _unnamed(hint)
    if hint is Any or hint is object or isinstance(hint, typing.TypeVar):
        return None
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in {Union, types.UnionType}:
        found = [_kind(each) for each in inner]
        return None if None in found else _either([each for each in found if each is not None])
    if origin is Literal:
        return functools.partial(_is_one_of, inner), f"{_ONE_OF}{', '.join(map(repr, inner))}"
    if origin is type:
        return _of_type((type,)), "a class"
    if origin in _LISTS or origin in _SETS:
        return _listed(origin, inner)
    if isinstance(origin, type) and issubclass(origin, abc.Mapping):
        return _mapped(inner)
    return _plain(origin or hint, inner)


def _plain(kind: Any, inner: tuple[Any, ...]) -> Kind | None:  # noqa: PLR0911  # one for each sort of class
    """Kind of a class."""
    if kind is abc.Callable:
        return callable, "a function"
    if not isinstance(kind, type) or getattr(kind, "_is_protocol", False):
        return None
    if kind is float:
        return _is_number, "a number"
    if kind is int:
        return _is_integer, "an integer"
    if kind is np.ndarray:
        return functools.partial(_is_array, _dtypes(inner)), "an array"
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


def _or_text(kind: type) -> tuple[type, ...]:
    """A class, and that of texts if a text may stand for its object, as for a factor."""
    return (kind, str) if any(each.__name__ == "Factor" for each in kind.__mro__) else (kind,)


def _either(kinds: Iterable[Kind]) -> Kind:
    """One of several kinds, said with the fix of the first that has one."""
    found = [(fits, *words.partition(" [write ")[::2]) for fits, words in kinds]
    tests = tuple(fits for fits, _, _ in found)
    named = [words for _, words, _ in found if words and words != "None"]
    named += ["None"] if any(words == "None" for _, words, _ in found) else []
    fix = next((hint for _, _, hint in found if hint), "")
    words = " or ".join(dict.fromkeys(named)) + (f" [write {fix}" if fix else "")
    return functools.partial(_fits_any, tests), words


def _fits_any(tests: tuple[Fits, ...], value: object) -> bool:
    return any(fits(value) for fits in tests)


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


def _dtypes(inner: tuple[Any, ...]) -> str:
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
        return not isinstance(value, np.ma.MaskedArray) and (not dtypes or value.dtype.kind in dtypes)
    if isinstance(value, (list, tuple, range)):
        return all(isinstance(each, _SCALARS) for each in _some(value)) or _is_table(value)
    return hasattr(value, "to_numpy")


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
        return not isinstance(value, np.ma.MaskedArray) and value.dtype.kind in "biufOM"
    if isinstance(value, (list, tuple, range)):
        return all(isinstance(each, _SCALARS) for each in _some(value)) or _is_table(value)
    return isinstance(value, _SCALARS) or hasattr(value, "to_numpy")


_SCALARS = (int, float, np.number, np.bool_, np.datetime64, dt.date, Fraction)
_NUMBERS_OF_ANY_KIND: Kind = _is_any_number, "a number or an array of numbers"


def _some(items: Any) -> Iterable[Any]:
    """First items of a collection, and its last if it is a sequence."""
    first = itertools.islice(items, _LOOKED_AT)
    return itertools.chain(first, items[-1:]) if isinstance(items, (list, tuple)) else first


def _listed(origin: Any, inner: tuple[Any, ...]) -> Kind:
    """A list, tuple or set of a kind; of what can be read only once, nothing is read."""
    is_pair = origin is tuple and (not inner or inner[-1] is not ...)
    each = _kind(inner[0]) if inner and not is_pair else None
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

    words, _, hint = each[1].partition(" [") if each else ("", "", "")
    name = "a set" if outer is abc.Set else f"a tuple of {len(inner)}" if is_pair and inner else "a list"
    return is_listed, name + (f", of which each is {words}" if words else "") + (f" [{hint}" if hint else "")


def _mapped(inner: tuple[Any, ...]) -> Kind:
    """A mapping, of kinds of keys and values."""
    kinds = [_kind(each) for each in inner]
    of_keys, of_values = (kind and kind[0] for kind in kinds) if len(kinds) == 2 else (None, None)

    def is_mapped(value: object) -> bool:
        if not isinstance(value, abc.Mapping):
            return False
        return (of_keys is None or all(map(of_keys, _some(value)))) and (
            of_values is None or all(map(of_values, _some(value.values())))
        )

    words = [kind[1].partition(" [")[0] if kind else "anything" for kind in kinds]
    return is_mapped, f"a mapping from {words[0]} to {words[1]}" if len(words) == 2 else "a mapping"
