"""What authors may import, and that the pages obey it and name all of it."""

import importlib
import inspect
import pkgutil
import re
import types
from collections.abc import Iterator
from pathlib import Path

import pytest

import stakingmodels
from stakingmodels import extend

DOCS = Path(__file__).resolve().parents[1] / "docs"
REFERENCE = DOCS / "reference"
PYTHON = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
IMPORT = re.compile(r"^ *from (stakingmodels[\w.]*) import (?:\(([^)]*)\)|(.*))$", re.MULTILINE)
DIRECTIVE = re.compile(r"^::: ([\w.]+)\n((?:    .*\n)*)", re.MULTILINE)
PRINTED = {"DIALECTS", "COLUMNS", "KINDS", "cli"}  # tables that a page prints, and the command that it calls
NOT_IN_REFERENCE = {"stakingmodels.cli": "its page tells the options", "stakingmodels.words": "texts, in two languages"}


def rooms() -> list[types.ModuleType]:
    """The packages that have public names."""
    found = pkgutil.walk_packages(stakingmodels.__path__, "stakingmodels.")
    packages = [importlib.import_module(each.name) for each in found if each.ispkg and "._" not in each.name]
    return [room for room in packages if room.__all__ and room.__name__ not in NOT_IN_REFERENCE]


def test_each_name_is_that_of_a_room():
    homes = [stakingmodels, *rooms()]
    for name in extend.__all__:
        value = getattr(extend, name)
        assert any(value is getattr(home, name) for home in homes if name in home.__all__), name


def test_the_page_of_extend_names_all_of_it_and_nothing_else():
    page = (REFERENCE / "extend.md").read_text(encoding="utf-8")
    table = "\n".join(line for line in page.splitlines() if line.startswith("|"))
    assert set(re.findall(r"`(\w+)`", table)) == set(extend.__all__)


def test_every_public_name_of_a_room_is_in_the_reference():
    shown = directives()
    missing = []
    for room in rooms():
        narrowed = re.search(r"members: \[([^\]]*)\]", shown.get(room.__name__, "members: []"))
        named = narrowed[1].split(", ") if narrowed else room.__all__
        values = {name for name in room.__all__ if not inspect.ismodule(getattr(room, name))} - {*named}
        elsewhere = [other for other in rooms() if other is not room and other.__name__ in shown]
        missing += [
            f"{room.__name__}.{name}"
            for name in sorted(values)
            if not any(getattr(room, name) is vars(other).get(name) for other in elsewhere if name in other.__all__)
        ]
    assert missing == []


def directives() -> dict[str, str]:
    """Modules whose names the reference shows, and the options of that."""
    pages = "".join(page.read_text(encoding="utf-8") for page in sorted(REFERENCE.glob("*.md")))
    return dict(DIRECTIVE.findall(pages))


def imported(text: str) -> Iterator[tuple[str, str]]:
    """Module and name of everything that a page imports from the library."""
    for block in PYTHON.findall(text):
        for module, several, one in IMPORT.findall(block):
            for name in (several or one).replace("\n", " ").split(","):
                if name.strip():
                    yield module, name.split(" as ")[0].strip()


def test_pages_import_public_names_only():
    wrong = set()
    for page in sorted(DOCS.rglob("*.md")):
        for module, name in imported(page.read_text(encoding="utf-8")):
            public = name in getattr(importlib.import_module(module), "__all__", ())
            if not public and module not in directives() and name not in PRINTED:
                wrong.add(f"{page.name}: {module}.{name}")
    assert wrong == set()


def test_an_import_is_found():
    block = "from stakingmodels.ledger.book import Book\nfrom stakingmodels import (\n    Line,\n    Now,\n)\n"
    text = f"```python\n{block}```\n"
    assert [*imported(text)] == [
        ("stakingmodels.ledger.book", "Book"),
        ("stakingmodels", "Line"),
        ("stakingmodels", "Now"),
    ]


@pytest.mark.parametrize("name", ["Journal", "run_market"])
def test_internals_are_no_names_of_it(name):
    with pytest.raises(AttributeError, match=rf"^module 'stakingmodels.extend' has no attribute '{name}'"):
        getattr(extend, name)


# The pages that show how to write one: whoever has nothing else must be able to follow them

OWN = sorted(path.name for path in (DOCS / "how-to").glob("own-*.md"))
CODE_LINES = 40


@pytest.mark.parametrize("name", OWN)
def test_the_thing_itself_takes_few_lines(name):
    first = PYTHON.findall((DOCS / "how-to" / name).read_text(encoding="utf-8"))[0]
    assert len([line for line in first.splitlines() if line.strip()]) <= CODE_LINES


@pytest.mark.parametrize("name", OWN)
def test_authors_import_from_two_places_only(name):
    text = (DOCS / "how-to" / name).read_text(encoding="utf-8")
    modules = {
        module
        for block in PYTHON.findall(text)
        for module in re.findall(r"^ *(?:from|import) (\S+)", block, re.MULTILINE)
    }
    assert modules <= {"stakingmodels", "stakingmodels.extend", "numpy"}
    assert {name for module, name in imported(text) if module == "stakingmodels.extend"} <= {*extend.__all__}


@pytest.mark.parametrize("name", OWN)
def test_a_page_ends_with_the_check_that_passes_and_a_mistake_that_is_named(name):
    text = (DOCS / "how-to" / name).read_text(encoding="utf-8")
    check = name.removeprefix("own-").removesuffix(".md").replace("wrapper", "product")
    assert f"\ncheck_{check}(" in text
    assert "```text\nall checks passed\n```" in text
    assert re.findall(r"^```text\n([\w-]+): ", text, re.MULTILINE)[-1:]
