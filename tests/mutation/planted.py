"""Live functions whose code is exchanged for that of a mutant, wherever they are referred to."""

import ast
import functools
import gc
import importlib
import pkgutil
import types
from pathlib import Path
from typing import Any

import attrs

import stakingmodels
from tests.mutation.mutants import Function


def everything() -> None:
    """Import every module of the package, so that every function is alive."""
    for each in pkgutil.walk_packages(stakingmodels.__path__, "stakingmodels."):
        if not each.name.endswith("__main__"):
            importlib.import_module(each.name)


def alive() -> dict[types.CodeType, list[types.FunctionType]]:
    """The functions of the package by their code, through decorators and closures."""
    found: dict[types.CodeType, list[types.FunctionType]] = {}
    for each in gc.get_objects():
        if isinstance(each, types.FunctionType) and each.__module__ and each.__module__.startswith("stakingmodels"):
            found.setdefault(each.__code__, []).append(each)
    return found


def forget() -> None:
    """Empty what functions of the package have kept of earlier calls."""
    for each in gc.get_objects():
        if isinstance(each, functools._lru_cache_wrapper) and (each.__module__ or "").startswith("stakingmodels"):
            each.cache_clear()


@attrs.frozen
class Planting:
    """A function of a file, whose syntax tree is changed, and its code as it is."""

    path: Path
    classes: tuple[str, ...]
    function: Function
    original: types.CodeType

    def compiled(self) -> types.CodeType:
        """The code of the tree as it is now."""
        changed = {"decorator_list": [], "returns": None, "body": [*self.function.body, *self._kept()]}
        bare = ast.copy_location(ast.FunctionDef(**_fields(self.function) | changed), self.function)
        body: Any = bare
        for name in reversed(self.classes):
            body = ast.copy_location(ast.ClassDef(name, [], [], [body], []), self.function)
        module = compile(ast.Module([body], []), str(self.path), "exec", dont_inherit=True)
        return code_of(module, (*self.classes, self.function.name), None)

    def _kept(self) -> list[ast.stmt]:
        """A line that is never run: without it, a function whose call of ``super()`` is left out has other cells."""
        if "__class__" not in self.original.co_freevars:
            return []
        named = ast.If(ast.Constant(False), [ast.Expr(ast.Name("__class__", ast.Load()))], [])
        end = self.function.body[-1]
        for each in ast.walk(named):
            ast.copy_location(each, end)
        return [named]


def plant(old: types.CodeType, new: types.CodeType, functions: dict[types.CodeType, list[types.FunctionType]]) -> int:
    """Give the new code to every live function of the old, and of the functions inside it; how many there were."""
    changed = 0
    for each in functions.get(old, []):
        each.__code__ = new
        changed += 1
    inside = [each for each in new.co_consts if isinstance(each, types.CodeType)]
    for one in (each for each in old.co_consts if isinstance(each, types.CodeType)):
        place = one.co_name, one.co_firstlineno
        twin = next((each for each in inside if (each.co_name, each.co_firstlineno) == place), None)
        if twin is not None:
            inside.remove(twin)
            if one != twin:
                changed += plant(one, twin, functions)
    return changed


def code_of(module: types.CodeType, names: tuple[str, ...], line: int | None) -> types.CodeType:
    """The code of a function in that of its module, by its names and first line."""
    found = module
    for depth, name in enumerate(names, 1):
        inside = [each for each in found.co_consts if isinstance(each, types.CodeType) and each.co_name == name]
        found = next(each for each in inside if depth < len(names) or line in {None, each.co_firstlineno})
    return found


def _fields(node: ast.AST) -> dict[str, Any]:
    return dict(ast.iter_fields(node))
