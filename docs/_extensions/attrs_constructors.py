"""Shows the constructors of attrs classes, which mkdocstrings cannot see: they are not in the source."""

import inspect
from collections.abc import Iterator
from typing import Any

import attrs
import griffe

KINDS = {
    inspect.Parameter.POSITIONAL_OR_KEYWORD: griffe.ParameterKind.positional_or_keyword,
    inspect.Parameter.KEYWORD_ONLY: griffe.ParameterKind.keyword_only,
}


class AttrsConstructors(griffe.Extension):
    """Adds the generated ``__init__`` to every attrs class, with the type hints as written in the source."""

    def on_package(self, *, pkg: griffe.Module, loader: griffe.GriffeLoader, **_: Any) -> None:
        for cls in classes_of(pkg):
            runtime = griffe.dynamic_import(cls.path, loader.finder.search_paths)
            if "__init__" not in cls.members and attrs.has(runtime):
                cls.set_member("__init__", constructor(cls, inspect.signature(runtime)))


def classes_of(scope: griffe.Module | griffe.Class) -> Iterator[griffe.Class]:
    for member in scope.members.values():
        if member.is_alias or not (member.is_module or member.is_class):
            continue
        if isinstance(member, griffe.Class):
            yield member
        yield from classes_of(member)


def constructor(cls: griffe.Class, signature: inspect.Signature) -> griffe.Function:
    shown = [parameter(cls, each) for each in signature.parameters.values()]
    first = griffe.Parameter("self", kind=griffe.ParameterKind.positional_or_keyword)
    return griffe.Function("__init__", parameters=griffe.Parameters(first, *shown), parent=cls)


def parameter(cls: griffe.Class, given: inspect.Parameter) -> griffe.Parameter:
    names = (given.name, f"_{given.name}")  # attrs asks for a private field without its underscore
    source = next(base.members[name] for base in [cls, *cls.mro()] for name in names if name in base.members)
    kind, default = KINDS[given.kind], default_text(given.default)
    return griffe.Parameter(given.name, annotation=source.annotation, kind=kind, default=default)


def default_text(value: object) -> str | None:
    if value is inspect.Parameter.empty:
        return None
    return "..." if value is attrs.NOTHING else repr(value)
