"""Public callables of the library that is on the path, whatever its version."""

import enum
import functools
import importlib
import importlib.util
import inspect
import pkgutil
import sys
import types
import typing
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import attrs

ROOT = "stakingmodels"
MODULES = ("checks", "terms")
OPERATORS = {"__call__", "__contains__", "__getitem__"}


@attrs.frozen(eq=False)
class Callee:
    """A public function, constructor or method."""

    path: str
    """Name by which a user finds it, such as ``stakingmodels.market.TimeGrid.daily``."""
    function: Callable[..., Any]
    """What is called; of a method, the function that takes the object first."""
    owners: tuple[type, ...] = ()
    """Classes that have the method, of which one object is needed; empty for others."""

    @functools.cached_property
    def parameters(self) -> list[inspect.Parameter]:
        """Parameters that a user gives by name or position."""
        found = list(inspect.signature(self.function).parameters.values())[bool(self.owners) :]
        variable = {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD}
        return [each for each in found if each.kind not in variable]

    @functools.cached_property
    def hints(self) -> dict[str, Any]:
        """Types of the parameters, as far as they can be found."""
        if not isinstance(self.function, type):
            return hints_of(self.function)
        cls = self.function
        found = hints_of(inspect.getattr_static(cls, "__init__"), vars(sys.modules[cls.__module__]))
        for field in attrs.fields(cls) if attrs.has(cls) else ():  # attrs knows no type of what a converter takes
            if found.get(field.alias, Any) in {Any, object} and field.type is not None:
                found |= resolved({field.alias: field.type}, vars(sys.modules[cls.__module__]))
        return found

    @property
    def room(self) -> str:
        """Room to which the callable is counted."""
        parts = self.path.split(".")[1:]
        depth = 3 if parts[0] == "protocols" else 1
        return ".".join(part for part in parts[:depth] if not part[0].isupper() and len(parts) > 1) or "root"


def hints_of(function: Callable[..., Any], where: dict[str, Any] | None = None) -> dict[str, Any]:
    """Resolved annotations of a function."""
    inner = inspect.unwrap(function)
    return resolved(getattr(inner, "__annotations__", {}), {**getattr(inner, "__globals__", {}), **(where or {})})


def resolved(annotations: dict[str, Any], scope: dict[str, Any]) -> dict[str, Any]:
    """Annotations as types; those that name what cannot be found are left out."""
    found: dict[str, Any] = {}
    for name, hint in annotations.items():
        holder = types.SimpleNamespace(__annotations__={name: hint})
        try:
            found[name] = typing.get_type_hints(holder, {**known_classes(), **scope})[name]
        except Exception:  # noqa: BLE001, S112  # of an extra, or of a type checker only
            continue
    return found


@functools.cache
def known_classes() -> dict[str, Any]:
    """Classes of the library by name, for annotations that only type checkers resolve."""
    from collections import abc

    import numpy as np

    found: dict[str, Any] = {"np": np, "Any": Any, **{name: getattr(abc, name) for name in abc.__all__}}
    for module in packages():
        for name in module.__all__:
            if inspect.isclass(value := getattr(module, name)):
                found.setdefault(name, value)
    return found


@functools.cache
def packages() -> tuple[types.ModuleType, ...]:
    """Every public package, deepest names first at home."""
    root = importlib.import_module(ROOT)
    found = [each.name for each in pkgutil.walk_packages(root.__path__, f"{ROOT}.") if each.ispkg]
    plain = [f"{ROOT}.{name}" for name in MODULES if importlib.util.find_spec(f"{ROOT}.{name}")]
    modules = [importlib.import_module(name) for name in [*found, *plain, ROOT] if "._" not in name]
    return tuple(module for module in modules if hasattr(module, "__all__"))


def public() -> list[tuple[str, Any]]:
    """Public names and what they are, each at its first home."""
    seen: set[int] = set()
    found: list[tuple[str, Any]] = []
    for module in packages():
        for name in module.__all__:
            value = getattr(module, name)
            if not (inspect.isclass(value) or inspect.isfunction(value)) or id(value) not in seen:
                seen.add(id(value))
                found.append((f"{module.__name__}.{name}", value))
    return found


def callees() -> list[Callee]:
    """Every public callable that takes an argument, in the order of names."""
    found = {path: value for path, value in public() if getattr(value, "__module__", "").partition(".")[0] == ROOT}
    classes = [value for value in found.values() if inspect.isclass(value)]
    callables = [Callee(path, value) for path, value in found.items() if inspect.isfunction(value)]
    callables += [Callee(path, value) for path, value in found.items() if inspect.isclass(value) and is_made(value)]
    listed = recorded()
    callables += [
        each
        for each in methods({path: value for path, value in found.items() if inspect.isclass(value)}, set(classes))
        if not listed or each.path in listed
    ]
    return sorted((each for each in callables if each.parameters), key=lambda each: each.path)


@functools.cache
def recorded() -> set[str]:
    """Names that the checkout of the library records as public, of methods only those that its reference names."""
    file = Path(importlib.import_module(ROOT).__file__ or "").parents[1] / "tests" / "public_api.txt"
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return {line.partition(":")[0].partition(" =")[0] for line in lines}


def is_made(cls: type) -> bool:
    """Whether users call the class, with arguments of our own."""
    if issubclass(cls, (enum.Enum, BaseException)) or inspect.isabstract(cls) or getattr(cls, "_is_protocol", False):
        return False
    return any("__init__" in vars(base) for base in own_bases(cls))


def own_bases(cls: type) -> list[type]:
    return [base for base in cls.__mro__ if base.__module__.partition(".")[0] == ROOT]


def methods(classes: dict[str, type], public_classes: set[type]) -> Iterator[Callee]:
    """Methods once each, with all classes that have them."""
    owners: dict[Any, tuple[str, Any, list[type]]] = {}
    for path, cls in classes.items():
        if issubclass(cls, (enum.Enum, BaseException)):
            continue
        for base in own_bases(cls):
            for name, member in vars(base).items():
                if name.startswith("_") and name not in OPERATORS:
                    continue
                if isinstance(member, (classmethod, staticmethod)) and (base is cls or base not in public_classes):
                    owners[f"{path}.{name}"] = (f"{path}.{name}", getattr(cls, name), [])
                elif inspect.isfunction(member):
                    owners.setdefault(member, (f"{path}.{name}", member, []))[2].append(cls)
    for path, function, having in owners.values():
        yield Callee(path, function, tuple(having))
