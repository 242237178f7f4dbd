"""Whether a value fits the annotation of its field, for terms without a check of their own."""

import types
from collections.abc import Callable, Mapping
from typing import Any, Literal, Union, get_args, get_origin

_PLAIN: dict[Any, tuple[type, ...]] = {float: (float, int), int: (int,), bool: (bool,), str: (str,)}


def misfit(value: object, annotation: Any) -> str:
    """Words for the type that a value should have; empty if it fits, or if the annotation says nothing plain.

    Parameters
    ----------
    value
        A field's value.
    annotation
        Type of the field: plain types, ``Literal``, unions and tuples of these, mappings and classes are known.
    """
    return "" if _fits(value, annotation) else _words(annotation)


def plain_type(annotation: Any) -> Any:
    """The type that a name of a type stands for: the array of numpy's ``NDArray``, a ``type`` statement from 2.5 on.

    Parameters
    ----------
    annotation
        Type of a field, or a part of one.
    """
    while hasattr(annotation, "__value__"):
        annotation = annotation.__value__
    return annotation


def _fits(value: Any, annotation: Any) -> bool:
    annotation = plain_type(annotation)
    if annotation is Any or annotation in (None, type(None)):
        return annotation is Any or value is None
    if annotation in _PLAIN:
        return isinstance(value, _PLAIN[annotation]) and (annotation is bool or not isinstance(value, bool))
    origin = get_origin(annotation)
    if origin in _GENERIC:
        return _GENERIC[origin](value, get_args(annotation))
    found = origin or annotation
    return isinstance(value, found) if isinstance(found, type) else True


def _in_union(value: Any, kinds: tuple[Any, ...]) -> bool:
    return any(_fits(value, kind) for kind in kinds)


def _in_literal(value: Any, words: tuple[Any, ...]) -> bool:
    return any(value == word and type(value) is type(word) for word in words)


def _in_tuple(value: Any, kinds: tuple[Any, ...]) -> bool:
    if not isinstance(value, tuple):
        return False
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        return all(_fits(each, kinds[0]) for each in value)
    return len(value) == len(kinds) and all(map(_fits, value, kinds))


def _in_mapping(value: Any, kinds: tuple[Any, ...]) -> bool:
    if not isinstance(value, Mapping):
        return False
    return all(_fits(key, kinds[0]) and _fits(each, kinds[1]) for key, each in value.items())


_GENERIC: Mapping[Any, Callable[[Any, tuple[Any, ...]], bool]] = {
    Union: _in_union,
    types.UnionType: _in_union,
    Literal: _in_literal,
    tuple: _in_tuple,
    Mapping: _in_mapping,
}


def _words(annotation: Any) -> str:
    annotation = plain_type(annotation)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if annotation in (None, type(None)):
        return "null"
    if origin in (Union, types.UnionType):
        return " or ".join(dict.fromkeys(map(_words, arguments)))
    if origin is Literal:
        return "one of " + ", ".join(map(repr, arguments))
    if origin is tuple and arguments:
        return f"a list of {_words(arguments[0])}"
    if origin is Mapping and arguments:
        return f"a mapping to {_words(arguments[1])}"
    return str(getattr(origin or annotation, "__name__", annotation))
