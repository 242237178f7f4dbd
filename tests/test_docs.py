"""Runs every example of README.md and of the pages, and compares the output shown with the real one.

A ``text`` block that follows a ``python`` block is what it prints; the blocks of a page are one module. In a ``bash``
block the calls of ``stakingmodels`` are run, within this process; other commands, such as those that install,
are not. Their output may stand further down: a ``text`` block that follows no code is what the last of them printed.

To write the real output into pages: ``python -W error tests/test_docs.py docs/tutorial.md ...``.
"""

import contextlib
import inspect
import io
import os
import re
import shlex
import sys
import tempfile
import types
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import attrs
import pytest

import stakingmodels
from stakingmodels import cli

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("STAKINGMODELS_SHARED") or ROOT.parent / "shared")
ROOMS = ["analysis", "engine", "ledger", "market", "measures", "products", "protocols", "scenarios", "testing"]
CLASSES = {name: each for room in ROOMS for name, each in vars(getattr(stakingmodels, room)).items()}
PAGES = ["README.md", *sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs").rglob("*.md"))]
OUTPUT = r"^```text\n(?P<{}>.*?)^```\n"
CODE = rf"^```(?P<language>python|bash)\n(?P<source>.*?)^```\n(?:\n*{OUTPUT.format('shown')})?"
BLOCK = re.compile(f"{CODE}|{OUTPUT.format('alone')}", re.MULTILINE | re.DOTALL)


def renewed(page: str) -> str:
    """The page with the output that its blocks print now."""
    module = types.ModuleType("page")  # a real one, so that what a page defines can be pickled
    last_call = ""

    def run(block: re.Match[str]) -> str:
        nonlocal last_call
        language, source = block["language"], block["source"]
        if language is None:
            return text(last_call)
        if language == "python":
            printed = output(exec, compile(source, "<block>", "exec"), module.__dict__)
        else:
            calls = [*arguments(source)]
            if not calls or ("../shared" in source and not SHARED.is_dir()):
                return block[0]
            printed = last_call = "".join(output(call_cli, call) for call in calls)
            if block["shown"] is None:
                return block[0]
        return f"```{language}\n{source}```\n" + (f"\n{text(printed)}" if printed else "")

    with mock.patch.dict(sys.modules, {"page": module}):
        return BLOCK.sub(run, page)


def text(printed: str) -> str:
    return f"```text\n{printed}```\n"


def arguments(script: str) -> Iterator[list[str]]:
    """The arguments of each call of ``stakingmodels`` in a shell script."""
    for line in script.replace("\\\n", " ").splitlines():
        words = shlex.split(line, comments=True)
        for at, word in enumerate(words):
            called = Path(word).name == "stakingmodels"
            if called and (at == 0 or words[at - 1] in {"&&", "-m"}):
                yield words[at + 1 :]


def call_cli(call: list[str]) -> None:
    with contextlib.suppress(SystemExit):  # --help
        cli.main(call)


def output(function: object, *given: object) -> str:
    """What a call prints, errors too."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        function(*given)  # type: ignore[operator]
    return printed.getvalue()


@contextlib.contextmanager
def workshop() -> Iterator[None]:
    """A folder for the files of a page, with the shared data beside it where it exists, and a width for help texts."""
    with tempfile.TemporaryDirectory() as name, mock.patch.dict(os.environ, COLUMNS="80"):
        here = Path(name) / "stakingmodels"
        here.mkdir()
        if SHARED.is_dir():
            (here.parent / "shared").symlink_to(SHARED.resolve())
        with contextlib.chdir(here):
            yield


@pytest.mark.parametrize("name", PAGES)
def test_the_output_shown_is_the_real_one(name):
    path = ROOT / name
    if not path.exists():
        pytest.skip(f"{name} does not exist yet")
    page = path.read_text(encoding="utf-8")
    with workshop():
        assert renewed(page) == page


def test_a_wrong_output_is_found():
    page = "```python\nprint(1 + 1)\n```\n\n```text\n3\n```\n"
    assert renewed(page) == page.replace("3", "2")


def test_an_output_that_is_not_shown_is_found():
    page = "```python\nprint(1 + 1)\n```\n"
    assert renewed(page) != page


def test_installation_lines_are_not_run():
    script = "pip install stakingmodels && .venv/bin/stakingmodels compare \\\n  --days 30  # a month\n"
    assert [*arguments(script)] == [["compare", "--days", "30"]]


def test_output_may_stand_further_down():
    page = "```bash\nstakingmodels --version\n```\n\nIt prints:\n\n```text\nwrong\n```\n"
    assert renewed(page) == page.replace("wrong", f"stakingmodels {stakingmodels.__version__}")


def test_members_named_in_the_text_exist():
    pages = {page: (ROOT / page).read_text(encoding="utf-8") for page in [*PAGES, "CHANGELOG.md", "CONTRIBUTING.md"]}
    assert {page: found for page, text in pages.items() if (found := [*dead_names(text)])} == {}


def test_a_dead_name_is_found():
    page = "`Outcome.returned`, `Outcome.closing`, `results.paths`\n\n```python\nOutcome.late\n```\n"
    assert [*dead_names(page)] == ["Outcome.returned"]


def test_dead_names_are_not_looked_for_in_tables_of_old_names():
    assert [*dead_names("| `Outcome.returned` | `Outcome.late` |\n")] == ["Outcome.late"]


def dead_names(page: str) -> Iterator[str]:
    """Members in the text that their class lacks; in a table of two columns of names the first may hold old ones."""
    text = re.sub(r"^\| `[^`]*` \| (?=`)", "", re.sub(r"```.*?```", "", page, flags=re.DOTALL), flags=re.MULTILINE)
    for code in re.findall(r"`([^`\n]+)`", text):
        for name, member in re.findall(r"\b([A-Z]\w+)\.([a-z]\w*)", code):
            if isinstance(owner := CLASSES.get(name), type) and not has(owner, member):
                yield f"{name}.{member}"


def has(owner: type, member: str) -> bool:
    """Whether a class has a member: in its body, as a field, or set on each object."""
    given = {field.name for field in attrs.fields(owner)} if attrs.has(owner) else set()
    return hasattr(owner, member) or member in given or f"self.{member} = " in inspect.getsource(owner)


if __name__ == "__main__":
    for each in map(Path, sys.argv[1:] or PAGES):
        whole = each.read_text(encoding="utf-8")
        with workshop():
            whole = renewed(whole)
        each.write_text(whole, encoding="utf-8")
