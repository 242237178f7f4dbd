"""Products stay small and apart: files within their limits, no product knows another, and every line is posted."""

import ast
import importlib
import pkgutil
from pathlib import Path

import pytest

import stakingmodels
from stakingmodels import Line, Product, products, termsheets
from stakingmodels.ledger.guards import OWN_LINES

ROOM = Path(products.__path__[0])
FILES = sorted(ROOM.rglob("*.py"))
LIMIT, WRAPPER_LIMIT = 300, 150
"""Lines of a file of products, and of one of wrappers."""
KINDS = {kind.__name__: kind for kind in termsheets.KINDS.values()}
COLLECTORS = {"stakingmodels.products", "stakingmodels.products.reference"}
"""Modules that list the products."""


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOM.parents[1]).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOM)))
def test_files_stay_small(path):
    limit = WRAPPER_LIMIT if "wrappers" in path.parts else LIMIT
    assert len(path.read_text(encoding="utf-8").splitlines()) <= limit


def imported(path: Path) -> set[str]:
    """Modules that a file imports, by whatever way round, those in functions included."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


def test_no_product_imports_another():
    homes = {kind.__module__: name for name, kind in KINDS.items()}
    for path in FILES:
        if name_of(path) not in COLLECTORS:
            others = {homes[module] for module in imported(path) & set(homes)}
            assert not others, f"{name_of(path)} imports {others}"


def questions(source: str) -> list[str]:
    """Concrete products that a source asks for by ``isinstance`` or by their type."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"isinstance", "issubclass"}:
            found += [name for name in KINDS if name in ast.unparse(node.args[1]).replace("(", " ").split()]
        if isinstance(node, ast.Compare) and ast.unparse(node.left).startswith("type("):
            found += [name for name in KINDS if any(ast.unparse(each) == name for each in node.comparators)]
    return found


@pytest.mark.once
def test_nobody_asks_what_product_it_is():
    for path in sorted(ROOM.parent.rglob("*.py")):
        assert questions(path.read_text(encoding="utf-8")) == [], path
    assert questions("isinstance(x, StakingPool)") == ["StakingPool"]
    assert questions("type(x) is Holding") == ["Holding"]


def posted() -> set[str]:
    """Names of the lines that the library's own code names as ``Line.X``, other than where they are listed."""
    found = set()
    for module in pkgutil.walk_packages(stakingmodels.__path__, "stakingmodels."):
        path = Path(importlib.import_module(module.name).__file__ or "")
        if module.name.startswith(("stakingmodels.products", "stakingmodels.ledger.book")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "Line":
                    found.add(node.attr)
    return found


def test_every_line_is_posted_by_a_product_or_by_the_book():
    assert {line.name for line in Line} - {line.name for line in OWN_LINES} - posted() == set()


def test_every_product_is_one_of_the_files():
    for kind in KINDS.values():
        assert issubclass(kind, Product)
        assert kind.__module__.startswith("stakingmodels.products.")
