"""`callee_text`: a function as Python text, so that a call of it that a message tells can be pasted."""

import ast
import functools
import inspect
import types
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

_LONGEST = 200  # characters of an object or lambda that is written out
_LAMBDA = "<lambda>"
_LOCAL = "<locals>."


def callee_text(function: Callable[..., Any]) -> str:
    """A function, partial, method, lambda or callable object as text before the brackets of a call.

    A name as far as there is one; of a partial and of an object the text that makes it, of a lambda its source. An
    object whose text makes nothing has the name of its class in small letters.
    """
    if isinstance(function, functools.partial):
        return _partial_text(function)
    if isinstance(function, types.MethodType):
        return f"{_owner_text(function.__self__)}.{function.__name__}"
    name = getattr(function, "__qualname__", None)
    if not isinstance(name, str):
        return _owner_text(function)
    if name.endswith(_LAMBDA):
        return _lambda_text(function) or "reward"
    return name.rpartition(_LOCAL)[2]


def short_name(function: Callable[..., Any]) -> str:
    """Name of a function for ids and lists: of a partial that of what it calls, of an object that of its class."""
    if isinstance(function, functools.partial):
        return short_name(function.func)
    name = getattr(function, "__name__", type(function).__name__)
    return name if name.isidentifier() else "reward"


def _partial_text(function: "functools.partial[Any]") -> str:
    given = [_value_text(each) for each in function.args]
    named = [f"{name}={_value_text(each)}" for name, each in function.keywords.items()]
    return f"functools.partial({', '.join([callee_text(function.func), *given, *named])})"


def _owner_text(owner: object) -> str:
    """A class by its name; an object by the text that makes it, or in the name of its class."""
    if isinstance(owner, type):
        return owner.__qualname__.rpartition(_LOCAL)[2]
    text = _value_text(owner)
    return text if text.endswith(")") else type(owner).__name__.lower()


def _value_text(value: object) -> str:
    """Text that makes a value; of one whose repr is no Python, the name of its class."""
    if callable(value) and hasattr(value, "__qualname__"):
        return callee_text(value)
    text = f"np.array({value.tolist()})" if isinstance(value, np.ndarray) else " ".join(repr(value).split())
    try:
        ast.parse(text, mode="eval")
    except SyntaxError:
        return type(value).__name__.lower()
    return text if len(text) <= _LONGEST else type(value).__name__.lower()


@functools.lru_cache(maxsize=64)
def _lambda_text(function: Callable[..., Any]) -> str:
    """Source of a lambda in brackets; empty where it cannot be told, or is long."""
    code: types.CodeType | None = getattr(function, "__code__", None)
    if code is None:
        return ""
    try:
        lines, _ = inspect.findsource(code)
        tree = ast.parse("".join(lines))
    except (OSError, TypeError, SyntaxError, IndexError):
        return ""
    texts = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Lambda) and _is_of(node, code)}
    text = f"({texts.pop()})" if len(texts) == 1 else ""
    return text if len(text) <= _LONGEST else ""


def _is_of(node: ast.Lambda, code: types.CodeType) -> bool:
    """Whether a lambda in the source is the one that runs: its line, its arguments, and the names that it reads."""
    names = tuple(each.arg for each in _arguments(node.args))
    read = {each.id for each in ast.walk(node.body) if isinstance(each, ast.Name)}
    known = {*code.co_names, *code.co_varnames, *code.co_freevars, *code.co_cellvars}
    return node.lineno == code.co_firstlineno and names == code.co_varnames[: len(names)] and read <= known


def _arguments(given: ast.arguments) -> Iterator[ast.arg]:
    yield from (*given.posonlyargs, *given.args, *given.kwonlyargs)
