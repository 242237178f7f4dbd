"""Arguments held to the annotations of public functions and constructors, where a call comes from outside.

A function that checks an argument itself says more about it, so a call with a misfit is tried, and its own error is the
one that is told; a raw error, or a result, gives way to the sentence made here. Annotations are read at the first call.
"""

import functools
import inspect
import re
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

import numpy as np

from stakingmodels import checks
from stakingmodels._calls import place_of
from stakingmodels._kinds import NUMBERS, ONE_OF, Fits, Kind, either, kind_of, letters_of, unnamed
from stakingmodels.errors import InputError, InputTypeError, StakingModelsError

_OWN = f"{__name__.partition('.')[0]}."
_OF_NUMBERS = f"{_OWN}protocols."
_BITS = 64
_TOO_LONG = re.compile(r"too large (to convert )?(for|to) |cannot fit 'int'|integer string conversion")
"""Words of Python and numpy on an integer that neither a float nor an index can hold."""


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
            rule, _, hint = rule.removesuffix("]").rpartition(" [write ")
        shown = type(value).__name__ if value is None or isinstance(value, type) else _with_type(value)
        text = checks.sentence(f"{where}{between}{name}: must be {rule}, got {shown}", hint and f"write {hint}")
        is_choice = isinstance(value, str) and rule.startswith(ONE_OF)  # a text as it should be, but another one
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


def unfit(function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any], error: Exception) -> None:
    """Raise the error of numbers that Python or numpy could not take: integers too long, arrays of other shapes.

    Shapes are judged in rules of protocols only: elsewhere it may be an author's product or scenario that said so,
    whose line is what helps.
    """
    if type(error) in {OverflowError, IndexError, ValueError} and _TOO_LONG.search(str(error)):
        _refuse_long(function, args, kwargs)
    if type(error) is not ValueError or "broadcast" not in str(error) or not _has_numbers(function):
        return
    given = inspect.signature(function).bind(*args, **kwargs).arguments
    shapes = {name: np.shape(value) for name, value in given.items() if isinstance(value, (np.ndarray, list, tuple))}
    told = " and ".join(f"{name} {shape}" for name, shape in shapes.items()) or "others"
    where = place_of(function, None, bound=False)
    raise InputError(checks.sentence(f"{where}: arrays must have shapes that go together, got {told}", "")) from None


def _refuse_long(function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
    bound = next(iter(inspect.signature(function).parameters), "") in {"self", "cls"}
    where = place_of(function, args[0] if bound and args else None, bound=bound)
    between = "." if function.__name__ == "__init__" else ": "
    for name, value in inspect.signature(function).bind(*args, **kwargs).arguments.items():
        if isinstance(value, int) and value.bit_length() >= _BITS:
            sentence = f"{where}{between}{name}: must fit in {_BITS} bits, got {checks.show(value)}"
            raise InputError(checks.sentence(sentence, "")) from None


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
        kind = NUMBERS if _has_numbers(function) and (is_any or _is_of_floats(hint)) else kind_of(hint)
        if kind is not None:
            if each.default is not each.empty and not kind[0](each.default):
                kind = either([kind, (functools.partial(_is, each.default), "")])
            kinds[each.name] = kind
    return by_position, kinds


def _is(one: object, other: object) -> bool:
    return one is other


def _has_numbers(function: Any) -> bool:
    """Whether Any stands for a number or an array of them, exact ones among them: so it does in rules of protocols."""
    return str(getattr(function, "__module__", "")).startswith(_OF_NUMBERS)


def _is_of_floats(hint: Any) -> bool:
    """Whether an annotation is an array of floats, for which a rule of a protocol takes one number as well."""
    hint = unnamed(hint)
    return typing.get_origin(hint) is np.ndarray and letters_of(typing.get_args(hint)) == "biufO"


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
