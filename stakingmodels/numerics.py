"""Error state of numpy inside the library, independent of the host's: see `entrances`."""

import enum
import functools
import inspect
import sys
import types
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, cast

import numpy as np

from stakingmodels._arguments import Misfit, misfit_of, refused, unfit
from stakingmodels._calls import explain
from stakingmodels._lazy import on_demand

_inside: ContextVar[bool] = ContextVar("inside", default=False)
_DUNDERS = frozenset({"__call__", "__getitem__", "__init__", "__repr__", "__str__", "_repr_html_"})


class OwnErrorState:
    """Context in which numpy's own defaults hold: underflow gives 0, other errors warn.

    A host that has called ``numpy.seterr(all="raise")`` gets the numbers that everybody gets.
    """

    def __enter__(self) -> None:
        self._state = np.errstate(divide="warn", over="warn", under="ignore", invalid="warn")
        self._state.__enter__()
        self._token = _inside.set(True)

    def __exit__(self, *raised: object) -> None:
        _inside.reset(self._token)
        self._state.__exit__(None, None, None)


def entrances(room: str, *, inside: tuple[str, ...] = ()) -> None:
    """Make every public function and method of a room compute in the library's own error state.

    Calls from outside enter through one of them; a call from within costs one check of a variable. An unknown name or
    argument gives an error with the nearest known one, at no cost to valid calls.

    Parameters
    ----------
    room
        Name of a package or module; its public names are those in ``__all__``, or else those that it defines.
    inside
        Names of classes used only within a run, thousands of times; with their subclasses.
    """
    module = sys.modules[room]
    if hasattr(module, "__path__") and not hasattr(module, "__getattr__"):
        module.__getattr__, module.__dir__ = on_demand(room)  # type: ignore[method-assign]
    own = [name for name, value in vars(module).items() if getattr(value, "__module__", "") == room and name[0] != "_"]
    for name in getattr(module, "__all__", own):
        value = vars(module).get(name)  # names loaded on first use belong to a room of their own
        if inspect.isfunction(value):
            guarded = _guarded(value)
            setattr(sys.modules[value.__module__], name, guarded)  # where pickle looks for it
            setattr(module, name, guarded)
        elif inspect.isclass(value) and not issubclass(value, (enum.Enum, BaseException)):
            for base in value.__mro__:
                hot = bool({each.__name__ for each in base.__mro__}.intersection(inside))
                _guard_members(base, hot=hot)


def _guard_members(cls: type, *, hot: bool) -> None:
    """Guard the members of a class; for a class used only within a run, only its constructor."""
    if cls.__module__.partition(".")[0] != __name__.partition(".")[0]:
        return
    if hot:
        made = vars(cls).get("__init__")
        if inspect.isfunction(made):
            cls.__init__ = _guarded(made, bound=True, hot=True)  # type: ignore[misc]
        return
    for name, member in list(vars(cls).items()):
        if name.startswith("_") and name not in _DUNDERS:
            continue
        if inspect.isfunction(member):
            setattr(cls, name, _guarded(member, bound=True))
        elif isinstance(member, (classmethod, staticmethod)):
            setattr(cls, name, type(member)(_guarded(member.__func__, bound=isinstance(member, classmethod))))
        elif isinstance(member, property) and member.fget is not None:
            setattr(cls, name, property(_guarded(member.fget), member.fset, member.fdel, member.__doc__))


def _guarded(function: Callable[..., Any], *, bound: bool = False, hot: bool = False) -> Callable[..., Any]:
    """Function wrapped to run in the library's error state; a wrong call gets a clear error."""
    if hasattr(function, "is_guarded") or not isinstance(function, types.FunctionType):
        return function
    told = functools.partial(explain, function, bound=bound)
    how = _made_by if hot else _items_of if inspect.isgeneratorfunction(function) else _result_of
    chosen = how(function, told, misfit_of(function, bound=bound))
    # with the globals of the function, by which doctest finds the module of these examples
    found = types.FunctionType(chosen.__code__, function.__globals__, function.__name__, None, chosen.__closure__)
    functools.update_wrapper(found, function)
    found.is_guarded = True  # type: ignore[attr-defined]
    return found


def _made_by(function: Callable[..., Any], told: Callable[..., None], misfit: Misfit) -> types.FunctionType:
    is_inside, refuse, judge = _inside.get, refused, unfit

    def made(*args: Any, **kwargs: Any) -> None:
        try:
            if not is_inside() and (wrong := misfit(args, kwargs)) is not None:
                told(args, kwargs)
                refuse(function, args, kwargs, wrong)
            function(*args, **kwargs)
        except TypeError as error:
            if error.__traceback__ is not None and error.__traceback__.tb_next is None:  # nothing of it has run
                told(args, kwargs)
            raise
        except (ValueError, OverflowError) as error:
            judge(function, args, kwargs, error)
            raise

    return cast("types.FunctionType", made)


def _result_of(function: Callable[..., Any], told: Callable[..., None], misfit: Misfit) -> types.FunctionType:
    state, is_inside, refuse, judge = OwnErrorState, _inside.get, refused, unfit

    def guarded(*args: Any, **kwargs: Any) -> Any:
        try:
            if is_inside():
                return function(*args, **kwargs)
            with state():
                if (wrong := misfit(args, kwargs)) is not None:
                    told(args, kwargs)
                    refuse(function, args, kwargs, wrong)
                return function(*args, **kwargs)
        except TypeError as error:
            if error.__traceback__ is not None and error.__traceback__.tb_next is None:  # nothing of it has run
                told(args, kwargs)
            raise
        except (ValueError, OverflowError, IndexError) as error:
            judge(function, args, kwargs, error)
            raise

    return cast("types.FunctionType", guarded)


def _items_of(function: Callable[..., Any], told: Callable[..., None], misfit: Misfit) -> types.FunctionType:
    state, is_inside, refuse = OwnErrorState, _inside.get, refused

    def generate(*args: Any, **kwargs: Any) -> Any:
        try:
            items = function(*args, **kwargs)
        except TypeError:  # nothing of it has run
            told(args, kwargs)
            raise
        if not is_inside() and (wrong := misfit(args, kwargs)) is not None:
            refuse(function, args, kwargs, wrong)
        while True:
            try:
                if is_inside():  # in the state of the reader, not of the first caller
                    item = next(items)
                else:
                    with state():
                        item = next(items)
            except StopIteration:
                return
            yield item

    return cast("types.FunctionType", generate)
