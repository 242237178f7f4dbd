"""The house: imports point down and in no circle, the core needs attrs and numpy only, files and functions short."""

import ast
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from textwrap import dedent

import numpy as np
import pytest

pytestmark = pytest.mark.once

ROOT = "stakingmodels"
PACKAGE = Path(__file__).resolve().parents[1] / ROOT

FILE_LINES = 400
FUNCTION_LINES = 60
CORE = {"attr", "attrs", "numpy"}

# A room is the first name below stakingmodels: a folder or a single file. Each may import itself and these.
SHOWN = {"words", "wrapping", "tables", "display", "frames"}
GROUND = {*SHOWN, "errors", "_types", "checks", "series", "tolerances", "rates", "values", "numerics", "laws"}
GROUND |= {"_lazy", "_calls", "_arguments", "_kinds", "_version", "replacing", "equality", "capital", "tomlfiles"}
BELOW = {*GROUND, "measures", "replicates", "market", "terms", "ledger", "protocols", "assumptions"}
FLOOR = {*BELOW, "products", "scenarios", "engine", "analysis"}
MAY_IMPORT = {
    "errors": set(),
    "_types": set(),
    "_lazy": set(),
    "_version": set(),
    "checks": {"errors", "_types"},
    "series": {"errors", "_types", "checks", "display", "equality"},
    "values": {"_types"},
    "equality": set(),
    "_calls": {"errors", "checks"},
    "tolerances": set(),
    "tomlfiles": {"errors"},
    "_kinds": set(),
    "_arguments": {"errors", "checks", "_calls", "_kinds"},
    "numerics": {"_arguments", "_calls", "_lazy"},
    "laws": {"errors", "_types", "checks", "values"},
    "replacing": {"errors", "_types", "checks"},
    "rates": {"errors", "_types", "checks", "series", "numerics", "display"},
    "capital": {"errors", "_types", "checks", "series", "numerics", "display", "equality"},
    "words": {"numerics"},
    "wrapping": set(),
    "tables": {"errors", "_types", "checks", "words", "wrapping"},
    "display": {"tables", "wrapping"},
    "frames": {"errors"},
    "measures": GROUND,
    "assumptions": {*GROUND, "measures"},
    "market": GROUND,
    "protocols": {"errors", "_types", "_lazy", "checks", "rates", "numerics", "laws", "display", "series"},
    "replicates": {*GROUND, "measures"},
    "ledger": {*GROUND, "measures", "replicates", "market"},
    "terms": {*GROUND, "market"},
    "scenarios": {*GROUND, "assumptions", "market", "terms", "protocols"},
    "executors": {"errors", "checks", "numerics"},
    "engine": {*GROUND, "executors", "measures", "replicates", "market", "ledger", "scenarios"},
    "products": {*BELOW, "engine"},
    "analysis": FLOOR,
    # The edge, which nothing below imports.
    "testing": {*FLOOR, ROOT},
    "extend": {*FLOOR, ROOT, "testing"},
    "termsheets": FLOOR,
    "catalogue": {*FLOOR, "termsheets"},
    "serialize": {*FLOOR, "termsheets"},
    "plotting": {*FLOOR, "serialize"},
    "ratecard": {*FLOOR, "serialize"},
    "report": {*FLOOR, "plotting", "serialize"},
    "cli": {*FLOOR, "catalogue", "termsheets", "plotting", "ratecard", "report", "serialize", ROOT},
    "__main__": {"cli"},
}

# Only scenarios draw. Others that name random numbers, and why.
MAY_DRAW = {
    "assumptions/drawing.py": "numbers of a set from their ranges, with the generator that it is handed",
    "protocols/chains/ethereum/life.py": "the life of validators, with the generator that it is handed",
    "analysis/set_bands.py": "seeds of the draws; it draws nothing",
    "analysis/backtesting.py": "seeds of the runs, one a day; it draws nothing",
    "testing/drawn_series.py": "examples, for hypothesis",
    "testing/drawn_terms.py": "examples, for hypothesis",
    "_types.py": "what a seed may be",
    "checks.py": "makes a generator of a seed; it draws nothing",
    "testing/markets.py": "examples to hold a product to",
    "testing/paths.py": "an order of paths",
    "testing/rewards/drawn.py": "examples, for hypothesis",
    "testing/strategies.py": "examples, for hypothesis",
    "testing/surroundings.py": "looks whether a product, a scenario or a chain draws",
}
DRAWS = set(dir(np.random.Generator)) - set(dir(object)) - {"bit_generator"}
"""Methods of a generator: random, normal, choice, shuffle, spawn ..."""


def test_the_house_is_in_order():
    assert list(faults(PACKAGE)) == []


def test_every_room_of_the_list_exists():
    assert set(MAY_IMPORT) <= {path.stem for path in PACKAGE.iterdir()}


def test_no_modules_import_one_another():
    assert circles(PACKAGE) == []


@pytest.mark.parametrize("path", MAY_DRAW)
def test_who_may_name_random_numbers_does(path):
    assert list(random_faults("elsewhere.py", ast.parse((PACKAGE / path).read_text(encoding="utf-8"))))


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
            *random_faults(path.relative_to(package).as_posix(), tree),
        ):
            yield f"{name}{fault}"


def circles(package: Path) -> list[list[str]]:
    """Groups of modules that import one another, by whatever way round; imports in functions and for types count."""
    modules = {module_of(path, package): path for path in sorted(package.rglob("*.py"))}
    arrows = {name: modules_imported(path, modules) - {name} for name, path in modules.items()}
    reached = {name: reach(name, arrows) for name in arrows}
    groups = {tuple(sorted(x for x in reached[name] if name in reached[x])) for name in arrows}
    return [list(group) for group in sorted(groups) if group]


def module_of(path: Path, package: Path) -> str:
    return ".".join(path.relative_to(package.parent).with_suffix("").parts).removesuffix(".__init__")


def modules_imported(path: Path, modules: Iterable[str]) -> set[str]:
    """What `from a.b import c` needs: the module a.b.c, or a.b where c is a name in it."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    names = [name for node in nodes if isinstance(node, ast.Import | ast.ImportFrom) for name in imported_names(node)]
    homes = {name if name in modules else name.rpartition(".")[0] for name in names}
    return homes.intersection(modules)


def reach(start: str, arrows: dict[str, set[str]]) -> set[str]:
    """All modules that are imported from one on; itself only where a way leads back."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        new = arrows[waiting.pop()] - found
        found |= new
        waiting += new
    return found


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


def random_faults(path: str, tree: ast.Module) -> Iterator[str]:
    """Random numbers, of numpy or of Python, in a file that has no business with them."""
    if path.startswith("scenarios/") or path in MAY_DRAW:
        return
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    for statement in imports:
        if any(f"{name}.".startswith(("random.", "numpy.random.")) for name in imported_names(statement)):
            yield f":{statement.lineno}: {path} must not draw; only scenarios do"
    known = {"self", *(alias.asname or alias.name for node in imports for alias in node.names)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node) in {"np.random", "numpy.random"}:
            yield f":{node.lineno}: {path} must not draw; only scenarios do"
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        owner, name = node.func.value, node.func.attr  # a module's function, or one's own method, is no draw
        if name in DRAWS and not (isinstance(owner, ast.Name) and owner.id in known):
            yield f":{node.lineno}: {path} must not draw, as {ast.unparse(node.func)}() may; only scenarios do"


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
    "a run that sees a product": (
        "engine/simulate.py",
        "from stakingmodels.products import Product",
        "engine must not import products",
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
    "a room that draws": (
        "market/now.py",
        "import numpy as np\nx = np.random.default_rng",
        "market/now.py must not draw",
    ),
    "numpy's draws by name": ("market/now.py", "from numpy.random import default_rng", "must not draw"),
    "Python's draws": ("protocols/evm.py", "def f():\n    import random", "must not draw"),
    "a generator that is handed over": (
        "market/now.py",
        "def f(rng):\n    return rng.normal(0, 1)",
        "as rng.normal() may",
    ),
    "a generator that is kept": ("products/base.py", "x = self._stream.integers(3)", "as self._stream.integers() may"),
    "long file": ("rates.py", "x = 1\n" * 401, "401 lines, the limit is 400"),
    "long function": ("rates.py", "def f():\n" + "    x = 1\n" * 60, "f() has 61 lines, the limit is 60"),
}


@pytest.mark.parametrize(("path", "source", "message"), MADE_UP.values(), ids=MADE_UP)
def test_a_fault_is_found(tmp_path, path, source, message):
    (fault,) = faults(made_up_package(tmp_path, {path: source}))
    assert path in fault
    assert message in fault


PLANTED = {
    "at the top": "from stakingmodels.ledger.outcome import Outcome",
    "in a function": "def f():\n    from stakingmodels.ledger.outcome import Outcome",
    "for types": "if TYPE_CHECKING:\n    from stakingmodels.ledger.outcome import Outcome",
    "of the module": "from stakingmodels.ledger import outcome",
    "as a whole": "import stakingmodels.ledger.outcome",
    "by way of another": "import stakingmodels.ledger.way",
}


@pytest.mark.parametrize("back", PLANTED.values(), ids=PLANTED)
def test_a_circle_is_found(tmp_path, back):
    files = {
        "ledger/outcome.py": "from stakingmodels.ledger.risk import Risk",
        "ledger/risk.py": back,
        "ledger/way.py": "from stakingmodels.ledger.outcome import Outcome",
        "ledger/apart.py": "from stakingmodels.ledger.risk import Risk",
    }
    way = ["stakingmodels.ledger.way"] if "way" in back else []
    (found,) = circles(made_up_package(tmp_path, files))
    assert found == ["stakingmodels.ledger.outcome", "stakingmodels.ledger.risk", *way]


def test_what_a_package_offers_of_its_modules_is_no_circle(tmp_path):
    files = {
        "ledger/__init__.py": "from stakingmodels.ledger.book import Book",
        "ledger/risk.py": "from stakingmodels.ledger.book import Book",
    }
    assert circles(made_up_package(tmp_path, files)) == []


def test_what_is_allowed_passes(tmp_path):
    good = """
        import math
        from typing import TYPE_CHECKING

        import attrs
        import numpy as np

        from stakingmodels import checks
        from stakingmodels.ledger.book import Book

        checks.choice("keep", "lines", ("summary", "totals"))

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
