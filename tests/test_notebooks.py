"""Notebooks are what their pages say, hold to the format, run in a kernel, and name no figure that nothing prints."""

import ast
import json
import re

import pytest

from tests.notebooks import CODE, PAGES, file_of, main, notebook, prose, stale, text
from tests.test_docs import differences
from tests.twins import DOCS

NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?(?!\w)")
ROOMS = {"stakingmodels", "numpy", "hypothesis", "pathlib", "tempfile", "textwrap", "warnings"}  # no clock, no network
every = pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.parent.parent.name}-{page.stem}")


def test_notebooks_are_what_their_pages_say():
    assert stale(PAGES) == [], "write them by: python -m tests.notebooks"


def test_every_notebook_has_a_page_and_a_link():
    for folder in (DOCS / "notebooks", DOCS / "zh-TW" / "notebooks"):
        assert {*folder.glob("*.ipynb")} == {file_of(page) for page in PAGES if page.parent == folder}
        listed = text(folder / "index.md")
        for page in PAGES:
            if page.parent == folder:
                assert f"]({file_of(page).name})" in text(page)
                assert f"]({page.name})" in listed


@every
def test_a_notebook_holds_to_the_format(page):
    nbformat = pytest.importorskip("nbformat")
    nbformat.validate(nbformat.reads(text(file_of(page)), as_version=nbformat.NO_CONVERT))


@every
def test_a_notebook_is_short_and_shows_a_table_and_a_picture(page):
    cells = json.loads(text(file_of(page)))["cells"]
    assert 8 <= len(cells) <= 14
    outputs = [each for cell in cells for each in cell.get("outputs", ())]
    assert any("image/svg+xml" in each.get("data", {}) for each in outputs)
    assert any(len(each.get("text", ())) >= 4 for each in outputs)


@every
def test_a_notebook_needs_neither_network_nor_clock(page):
    assert imported(text(page)) <= ROOMS


@every
def test_every_figure_of_the_prose_is_printed_or_given(page):
    assert unprinted(text(page), prose(page)) == []


def test_a_figure_that_nothing_prints_is_found():
    page = "It earns 2.5 %, not 3 %, on 1,000.\n\n```python\nprint(1000)\n```\n\n```text\n2.5\n```\n"
    assert unprinted(page, CODE.sub("", page)) == ["3"]


def test_a_module_that_reads_the_clock_is_found():
    assert imported("```python\nimport time\n```\n") == {"time"}


def test_a_page_that_changed_is_found(tmp_path, capsys, monkeypatch):
    page = tmp_path / "book.md"
    page.write_text("# A\n\n[Open it](book.ipynb).\n\n```python\nprint(1)\n```\n\n```text\n1\n```\n\n## B\n\nC\n")
    monkeypatch.setattr("tests.notebooks.PAGES", [page])
    monkeypatch.setitem(main.__globals__, "PAGES", [page])
    assert main(["--check"]) == 1
    assert main([]) == 0
    assert main(["--check"]) == 0
    cells = json.loads(notebook(page))["cells"]
    assert [cell["source"] for cell in cells] == [["# A"], ["print(1)"], ["## B\n", "\n", "C"]]
    assert cells[1]["outputs"] == [{"name": "stdout", "output_type": "stream", "text": ["1\n"]}]
    page.write_text(text(page).replace("print(1)", "print(2)"))
    assert main(["--check"]) == 1
    assert "book.ipynb" in capsys.readouterr().out


@pytest.mark.slow
@every
def test_a_kernel_of_its_own_gives_what_is_shown(page, tmp_path):
    nbformat, nbclient = pytest.importorskip("nbformat"), pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    kept = nbformat.read(file_of(page), as_version=4)
    ran = nbformat.from_dict(json.loads(json.dumps(kept)))
    nbclient.NotebookClient(ran, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    assert {path.name for path in tmp_path.iterdir()} <= {".hypothesis"}, "a notebook leaves files"
    for ours, theirs in zip(kept.cells, ran.cells, strict=True):
        assert printed(ours) == printed(theirs)
        for one, other in zip(drawn(ours), drawn(theirs), strict=True):
            assert differences(other, one) == []


def printed(cell) -> str:
    """What a cell prints, which a kernel may give in several parts."""
    return "".join(each.text for each in cell.get("outputs", []) if each.output_type == "stream")


def drawn(cell) -> list[str]:
    """The pictures that a cell shows."""
    return [each.data["image/svg+xml"] for each in cell.get("outputs", []) if "image/svg+xml" in each.get("data", {})]


def unprinted(page: str, words: str) -> list[str]:
    """Numbers in the words of a page that neither its code nor what that shows has."""
    shown = {plain(each) for block in CODE.finditer(page) for each in NUMBER.findall(block[0])}
    told = re.sub(r"\]\([^)]*\)", "]", re.sub(r"^```.*?^```$", "", words, flags=re.MULTILINE | re.DOTALL))
    return [each for each in NUMBER.findall(told) if plain(each) not in shown]


def plain(number: str) -> str:
    return number.replace(",", "").lstrip("0")


def imported(page: str) -> set[str]:
    """The modules that the code of a page imports, by their first name."""
    found: set[str] = set()
    for block in CODE.finditer(page):
        for node in ast.walk(ast.parse(block["source"])):
            if isinstance(node, ast.Import):
                found |= {each.name.partition(".")[0] for each in node.names}
            elif isinstance(node, ast.ImportFrom):
                found.add(str(node.module).partition(".")[0])
    return found
