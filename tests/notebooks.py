"""Notebooks, made of the pages in ``docs/notebooks/`` and ``docs/zh-TW/notebooks/``.

A page is the one source: `tests.test_docs` runs its code and compares what is printed and drawn, and this makes a
notebook of what the page shows, outputs and pictures included, the same bytes each time. So the two cannot differ.

``python -m tests.notebooks`` writes all notebooks; with ``--check`` it names those that are not what their page says.
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.twins import DOCS

PAGES = sorted(
    page
    for folder in (DOCS / "notebooks", DOCS / "zh-TW" / "notebooks")
    for page in folder.glob("*.md")
    if page.stem != "index"
)
CODE = re.compile(
    r"^```python\n(?P<source>.*?)^```\n"
    r"(?:\n^```text\n(?P<printed>.*?)^```\n)?"
    r"(?:\n^!\[(?P<alt>[^\n]*)\]\((?P<picture>\S+\.svg)\)\n)?",
    re.MULTILINE | re.DOTALL,
)
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def notebook(page: Path) -> str:
    """The notebook of a page, as the text of its file."""
    cells = [*_cells(page)]
    for place, cell in enumerate(cells, 1):
        cell["id"] = f"cell-{place:02}"
    book = {
        "cells": cells,
        "metadata": {"kernelspec": KERNEL, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(book, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def stale(pages: list[Path]) -> list[str]:
    """The notebooks that are not what their page says, or not there."""
    return [str(file) for page in pages if not (file := file_of(page)).is_file() or text(file) != notebook(page)]


def file_of(page: Path) -> Path:
    """Where the notebook of a page is kept: beside it, so that the site offers it."""
    return page.with_suffix(".ipynb")


def text(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def prose(page: Path) -> str:
    """A page without its code and what that shows."""
    return CODE.sub("", text(page))


def _cells(page: Path) -> Iterator[dict[str, Any]]:
    whole, end = text(page), 0
    for count, block in enumerate(CODE.finditer(whole), 1):
        yield from _words(whole[end : block.start()], page)
        yield _code(block, page, count)
        end = block.end()
    yield from _words(whole[end:], page)


def _words(part: str, page: Path) -> Iterator[dict[str, Any]]:
    """Prose as a cell, without the paragraph that offers the notebook itself."""
    offer = f"]({file_of(page).name})"
    kept = "\n\n".join(each for each in part.strip().split("\n\n") if offer not in each)
    if kept:
        yield {"cell_type": "markdown", "metadata": {}, "source": _lines(kept)}


def _code(block: re.Match[str], page: Path, count: int) -> dict[str, Any]:
    outputs: list[dict[str, Any]] = []
    if block["printed"]:
        outputs.append({"name": "stdout", "output_type": "stream", "text": _lines(block["printed"])})
    if block["picture"]:
        drawn = text(page.parent / block["picture"])
        outputs.append(
            {
                "data": {"image/svg+xml": _lines(drawn), "text/plain": [block["alt"]]},
                "execution_count": count,
                "metadata": {},
                "output_type": "execute_result",
            }
        )
    source = _lines(block["source"].rstrip("\n"))
    return {"cell_type": "code", "execution_count": count, "metadata": {}, "outputs": outputs, "source": source}


def _lines(whole: str) -> list[str]:
    """A text as notebooks keep it: its lines, each with its end."""
    return whole.splitlines(keepends=True)


def main(arguments: list[str]) -> int:
    if arguments == ["--check"]:
        found = stale(PAGES)
        sys.stdout.writelines(f"{each}: not what its page says; python -m tests.notebooks\n" for each in found)
        return bool(found)
    for page in PAGES:
        file_of(page).write_text(notebook(page), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
