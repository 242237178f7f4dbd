"""Frozen values: none of their fields can be changed, copies are equal, and NaN is refused."""

import copy
import pickle
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NoReturn

import attrs

from stakingmodels import checks
from stakingmodels.errors import StakingModelsError

Fail = Callable[[str], NoReturn]
"""Raises `ConformanceError` with a message."""

_COPIES: Mapping[str, Callable[[Any], Any]] = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "pickle of protocol 2": lambda value: pickle.loads(pickle.dumps(value, 2)),  # noqa: S301 (its own bytes)
    "pickle": lambda value: pickle.loads(pickle.dumps(value)),  # noqa: S301 (its own bytes)
}


def check_locked(value: Any, fail: Fail) -> None:
    """Fields cannot be set, added or deleted; tried on a copy."""
    twin = copy.copy(value)
    kind: type[Any] = type(twin)
    names = [field.name for field in attrs.fields(kind)] if attrs.has(kind) else [*vars(twin)]
    for name in [*names, "a_new_term"]:
        try:
            setattr(twin, name, getattr(twin, name, 0))
        except AttributeError:
            continue
        fail(f"{name} can be set; write @terms.sheet")
    for name in names:
        try:
            delattr(twin, name)
        except AttributeError:
            continue
        fail(f"{name} can be deleted; write @terms.sheet")


def equal_copies(value: Any, fail: Fail) -> Iterator[tuple[str, Any]]:
    """Copies and pickles of a value, each equal to it and of the same hash, with the way in which it was made.

    Equal to all that there is it must not be.
    """
    for other in (None, object()):
        try:
            alike = bool(value == other)
        except Exception as error:  # noqa: BLE001 (whatever its own methods raise)
            fail(f"comparing it with {checks.show(other)} raises {type(error).__name__}: {error}")
        if alike:
            fail(f"it is equal to {checks.show(other)}; leave __eq__ to @terms.sheet")
    for name, copied in _COPIES.items():
        try:
            twin = copied(value)
            alike = bool(twin == value) and hash(twin) == hash(value)
        except Exception as error:  # noqa: BLE001 (whatever its own methods raise)
            local = "<locals>" in type(value).__qualname__ and "pickle" in name
            hint = "; define the class at the top of a module, not within a function" if local else ""
            fail(f"{name} raises {type(error).__name__}: {error}{hint}")
        if not alike:
            fail(f"{name} gives one that is not equal to it, or hashes differently")
        yield name, twin


def check_nan_refused(value: Any, fail: Fail) -> None:
    """Every number among the fields refuses NaN, with an error of the library that names the field.

    That of a field which may be left out, ``float | None``, too; the error may be about another, which excludes it.
    """
    kind: type[Any] = type(value)
    if not attrs.has(kind):
        fail("is not an attrs class; write @terms.sheet")
    left_out = _optional_numbers(kind)
    for field in attrs.fields(kind):
        given = getattr(value, field.name)
        is_number = isinstance(given, (int, float)) or (given is None and field.name in left_out)
        if not field.init or isinstance(given, bool) or not is_number:
            continue
        try:
            kind(**{**arguments_of(value), field.alias: float("nan")})
        except StakingModelsError as error:
            if given is not None and field.alias not in str(error):
                fail(f"{field.alias}: the refusal of NaN does not name the field: {error}")
        except Exception as error:  # noqa: BLE001 (whatever its own checks raise)
            fail(f"{field.alias}: NaN is refused with {type(error).__name__}, which is no error of the library")
        else:
            fail(f"{field.alias}: NaN is taken; use a check, such as terms.fraction()")


def _optional_numbers(kind: type[Any]) -> set[str]:
    """Names of the fields annotated as one number or None."""
    try:
        hints = typing.get_type_hints(kind)
    except Exception:  # noqa: BLE001 (names that only checkers of types load)
        return set()
    return {name for name, hint in hints.items() if _is_union(hint) and {float, int} & {*typing.get_args(hint)}}


def _is_union(hint: Any) -> bool:
    return typing.get_origin(hint) in {typing.Union, types.UnionType}


def arguments_of(value: Any) -> dict[str, Any]:
    """Arguments that make a frozen value again."""
    kind: type[Any] = type(value)
    return {field.alias: getattr(value, field.name) for field in attrs.fields(kind) if field.init}
