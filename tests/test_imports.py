"""The house: imports point down, the core needs attrs and numpy only, files and functions stay short."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

ROOT = "stakingmodels"
PACKAGE = Path(__file__).resolve().parents[1] / ROOT

FILE_LINES = 400
FUNCTION_LINES = 60
CORE = {"attr", "attrs", "numpy"}

# A room is the first name below stakingmodels: a folder or a single file. Each may import itself and these.
SHOWN = {"tables", "display", "frames"}
GROUND = {*SHOWN, "errors", "_types", "checks", "series", "rates", "values", "numerics", "laws"}
GROUND |= {"_lazy", "_calls", "_version", "replacing"}
BELOW = {*GROUND, "measures", "market", "terms", "ledger", "protocols"}
FLOOR = {*BELOW, "products", "scenarios", "engine", "analysis"}
MAY_IMPORT = {
    "errors": set(),
    "_types": set(),
    "_lazy": set(),
    "_version": set(),
    "checks": {"errors", "_types"},
    "series": {"errors", "_types", "checks", "display"},
    "values": {"_types"},
    "_calls": {"errors", "checks"},
    "numerics": {"_calls", "_lazy"},
    "laws": {"errors", "_types", "checks", "values"},
    "replacing": {"errors", "_types", "checks"},
    "rates": {"errors", "_types", "checks", "series", "numerics", "display"},
    "tables": set(),
    "display": {"tables"},
    "frames": {"errors"},
    "measures": GROUND,
    "market": GROUND,
    "protocols": {"errors", "_types", "_lazy", "checks", "rates", "numerics", "laws", "display"},
    "ledger": {*GROUND, "measures", "market"},
    "terms": {*GROUND, "market"},
    "products": BELOW,
    "scenarios": {*GROUND, "market", "terms", "protocols"},
    "engine": FLOOR - {"analysis"},
    "analysis": FLOOR,
    # The edge, which nothing below imports.
    "testing": {*FLOOR, ROOT},
    "termsheets": FLOOR,
    "cli": {*FLOOR, "termsheets", ROOT},
    "__main__": {"cli"},
}

# Only scenarios draw; `protocols` is handed a generator, `analysis` seeds runs, `testing` makes examples.
MAY_NAME_GENERATORS = {"scenarios", "protocols", "analysis", "testing"}


def test_the_house_is_in_order():
    assert list(faults(PACKAGE)) == []


def test_every_room_of_the_list_exists():
    assert set(MAY_IMPORT) <= {path.stem for path in PACKAGE.iterdir()}


def faults(package: Path) -> Iterator[str]:
    """One line for each broken rule in a tree of modules."""
    rooms = {path.stem for path in package.iterdir()}
    for path in sorted(package.rglob("*.py")):
        name = path.relative_to(package.parent).as_posix()
        source = path.read_text(encoding="utf-8")
        tree = ast.parse(source, filename=name)
        for fault in (
            *length_faults(source, tree),
            *arrow_faults(room_of(path, package), tree, rooms),
            *third_party_faults(tree),
            *random_faults(room_of(path, package), tree),
        ):
            yield f"{name}{fault}"


def room_of(path: Path, package: Path) -> str:
    first = path.relative_to(package).parts[0].removesuffix(".py")
    return ROOT if first == "__init__" else first


def length_faults(source: str, tree: ast.Module) -> Iterator[str]:
    lines = len(source.splitlines())
    if lines > FILE_LINES:
        yield f": {lines} lines, the limit is {FILE_LINES}"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES:
                yield f":{node.lineno}: {node.name}() has {length} lines, the limit is {FUNCTION_LINES}"


def arrow_faults(room: str, tree: ast.Module, rooms: set[str]) -> Iterator[str]:
    """Imports of a room that this room must not see, wherever in the file they stand."""
    if room != ROOT and room not in MAY_IMPORT:
        yield f": {room} is a new room; give it a line in MAY_IMPORT of tests/test_imports.py"
        return
    allowed = {ROOT, *MAY_IMPORT} if room == ROOT else {room, *MAY_IMPORT[room]}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        if isinstance(node, ast.ImportFrom) and node.level:
            yield f":{node.lineno}: relative import; write it out from {ROOT} on"
        for target in imported_rooms(node, rooms) - allowed:
            yield f":{node.lineno}: {room} must not import {target}"


def imported_rooms(node: ast.Import | ast.ImportFrom, rooms: set[str]) -> set[str]:
    """The rooms that a statement reaches; the root itself for a name that is no room."""
    paths = [name.split(".") for name in imported_names(node)]
    return {path[1] if len(path) > 1 and path[1] in rooms else ROOT for path in paths if path[0] == ROOT}


def imported_names(node: ast.Import | ast.ImportFrom) -> list[str]:
    """What an absolute import names, written out: `from a.b import c` names a.b.c."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [] if node.level else [f"{node.module}.{alias.name}" for alias in node.names]


def third_party_faults(tree: ast.Module) -> Iterator[str]:
    """Imports of extras that run when the module is imported."""
    for node in imports_that_run(tree):
        for first in {name.partition(".")[0] for name in imported_names(node)}:
            if first not in {*CORE, ROOT, *sys.stdlib_module_names}:
                yield f":{node.lineno}: {first} is an extra; import it in the function that uses it"


def random_faults(room: str, tree: ast.Module) -> Iterator[str]:
    """Random numbers of numpy in a room that has no business with them."""
    for node in ast.walk(tree) if room not in MAY_NAME_GENERATORS else ():
        if isinstance(node, ast.Attribute) and ast.unparse(node) in {"np.random", "numpy.random"}:
            yield f":{node.lineno}: {room} must not draw; only scenarios do"


def imports_that_run(node: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    """The imports that run with the module: not those in a function or under TYPE_CHECKING."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child
        elif isinstance(child, ast.If) and ast.unparse(child.test).endswith("TYPE_CHECKING"):
            yield from imports_that_run(ast.Module(child.orelse, []))
        elif not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from imports_that_run(child)


MADE_UP = {
    "upward arrow": (
        "market/grid.py",
        "from stakingmodels.ledger.book import Book",
        "market must not import ledger",
    ),
    "upward arrow in a function": (
        "rates.py",
        "def f():\n    import stakingmodels.engine",
        "rates must not import engine",
    ),
    "upward arrow for types": (
        "market/grid.py",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from stakingmodels import ledger",
        "market must not import ledger",
    ),
    "the public names from inside": (
        "engine/simulate.py",
        "from stakingmodels import APR",
        "engine must not import stakingmodels",
    ),
    "a scenario that sees a product": (
        "scenarios/base.py",
        "from stakingmodels.products import Holding",
        "scenarios must not import products",
    ),
    "the edge from below": (
        "analysis/comparison.py",
        "import stakingmodels.termsheets",
        "analysis must not import termsheets",
    ),
    "relative import": ("market/grid.py", "from .factors import Price", "relative import"),
    "unknown room": ("attic/box.py", "import numpy", "attic is a new room"),
    "extra at the top": ("analysis/comparison.py", "import pandas as pd", "pandas is an extra"),
    "extra in a try": (
        "termsheets.py",
        "try:\n    from matplotlib import pyplot\nexcept ImportError:\n    pass",
        "matplotlib is an extra",
    ),
    "extra in a class": ("cli.py", "class Table:\n    import rich", "rich is an extra"),
    "a room that draws": ("market/now.py", "import numpy as np\nx = np.random.default_rng(1)", "market must not draw"),
    "long file": ("rates.py", "x = 1\n" * 401, "401 lines, the limit is 400"),
    "long function": ("rates.py", "def f():\n" + "    x = 1\n" * 60, "f() has 61 lines, the limit is 60"),
}


@pytest.mark.parametrize(("path", "source", "message"), MADE_UP.values(), ids=MADE_UP)
def test_a_fault_is_found(tmp_path, path, source, message):
    (fault,) = faults(made_up_package(tmp_path, {path: source}))
    assert path in fault
    assert message in fault


def test_what_is_allowed_passes(tmp_path):
    good = """
        import math
        from typing import TYPE_CHECKING

        import attrs
        import numpy as np

        from stakingmodels import checks
        from stakingmodels.ledger.book import Book

        if TYPE_CHECKING:
            import pandas as pd

        def to_frame():
            import pandas as pd

        class Table:
            def show(self):
                from rich.table import Table
    """
    package = made_up_package(tmp_path, {"products/base.py": good, "__init__.py": "from stakingmodels.cli import main"})
    assert list(faults(package)) == []


def made_up_package(folder: Path, files: dict[str, str]) -> Path:
    package = folder / ROOT
    for name in ("checks.py", "termsheets.py", "ledger/book.py", "engine/simulate.py", "products/base.py"):
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).touch()
    for name, source in files.items():
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text(dedent(source), encoding="utf-8")
    return package
