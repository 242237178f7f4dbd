"""Runs every example of README.md and of the pages, and compares the output shown with the real one.

A ``text`` block that follows a ``python`` block is what it prints; the blocks of a page are one module. In a ``bash``
block the calls of ``stakingmodels`` are run, within this process; other commands, such as those that install,
are not. Their output may stand further down: a ``text`` block that follows no code is what the last of them printed.
A picture of ``pictures/`` is one that the page saves, or, straight under a block whose last line is axes, one that a
notebook would show there; its `plotting.alt` is its text.

To write the real output into pages: ``python -W error tests/test_docs.py docs/tutorial.md ...``.
"""

import ast
import contextlib
import functools
import hashlib
import html
import importlib
import inspect
import io
import os
import pickle
import re
import shlex
import shutil
import sys
import tempfile
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest import mock

import attrs
import pytest

import stakingmodels
from stakingmodels import cli, plotting
from stakingmodels.plotting.fonts import chinese_family
from tests.twins import bare, english

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("STAKINGMODELS_SHARED") or ROOT.parent / "shared")
ROOMS = ["analysis", "engine", "ledger", "market", "measures", "products", "protocols", "scenarios", "testing"]
CLASSES = {name: each for room in ROOMS for name, each in vars(getattr(stakingmodels, room)).items()}
FOUND = [str(path.relative_to(ROOT)) for path in (ROOT / "docs").rglob("*.md")]
PAGES = ["README.md", *sorted(FOUND, key=lambda page: (english(page), page))]  # each with its twin after it
OUTPUT = r"^```text\n(?P<{}>.*?)^```\n"
CODE = rf"^```(?P<language>python|bash)\n(?P<source>.*?)^```\n(?:\n*{OUTPUT.format('shown')})?"
BLOCK = re.compile(f"{CODE}|{OUTPUT.format('alone')}", re.MULTILINE | re.DOTALL)
PICTURE = r"!\[[^\n]*\]\(\S*pictures/([\w.-]+\.svg)\)"


class Runs:
    """What the simulations and checks of a page gave, for its twin: its code is the same but for what it prints.

    A run is known by all the code of the page up to it, texts outside of ``print`` among it, and by its number in its
    block; a simulation by its task as well.
    """

    SLOW = ("engine.simulation._collected", "extend.check_chain", "extend.check_product", "extend.check_scenario")
    of_page: "dict[str, Runs]" = {}  # noqa: RUF012 - of one page at a time, since results are large

    def __init__(self) -> None:
        self._kept: dict[tuple[object, ...], object] = {}
        self._code: list[str] = []
        self._calls = 0
        self._within = False

    @classmethod
    @contextlib.contextmanager
    def shared(cls, page: str) -> "Iterator[Runs]":
        """The runs of a page and its twin, kept until another page is asked for."""
        if english(page) not in cls.of_page:
            cls.of_page.clear()
            cls.of_page[english(page)] = cls()
        runs = cls.of_page[english(page)]
        runs._code.clear()
        with contextlib.ExitStack() as stack:
            for name in cls.SLOW:
                home, _, function = f"stakingmodels.{name}".rpartition(".")
                whole = getattr(importlib.import_module(home), function)
                stack.enter_context(mock.patch(f"{home}.{function}", runs.once(whole)))
            yield runs

    def begin(self, language: str, source: str) -> None:
        """The next block of the page."""
        self._code.append(bare(language, source, printed=True))
        self._calls = 0

    def once(self, function: Callable[..., object]) -> Callable[..., object]:
        """A function that is not called again where the twin has called it, unless it shares or tells its work."""

        @functools.wraps(function)
        def run(*given: object, **named: object) -> object:
            shows_progress = function.__name__ == "_collected" and given[1:] != (None, None)
            if self._within or shows_progress:
                return function(*given, **named)
            self._calls += 1
            keys: list[tuple[object, ...]] = [(*self._code, self._calls), *_digests(given[0])]
            known = next((key for key in keys if key in self._kept), None)
            if known is None:
                self._within = True
                try:
                    found = function(*given, **named)
                finally:
                    self._within = False
                self._kept |= dict.fromkeys(keys, found)
            return self._kept[known or keys[0]]

        return run


def _digests(thing: object) -> list[tuple[object, ...]]:
    """What a thing is written as, to be known again by; nothing for what cannot be written."""
    try:
        return [(type(thing).__name__, hashlib.sha256(pickle.dumps(thing)).hexdigest())]
    except (AttributeError, TypeError, pickle.PicklingError):
        return []


def renewed(page: str, runs: Runs | None = None) -> str:
    """The page with the output that its blocks print now."""
    module = types.ModuleType("page")  # a real one, so that what a page defines can be pickled
    last_call = ""

    def run(block: re.Match[str]) -> str:
        nonlocal last_call
        language, source = block["language"], block["source"]
        if language is None:
            return text(last_call)
        if runs is not None:
            runs.begin(language, source)
        if language == "python":
            below = re.match(rf"\n*{PICTURE}", block.string[block.end() :])
            printed = output(run_cell, source, module.__dict__, below[1] if below else None)
        else:
            calls = [*arguments(source)]
            if not calls or ("../shared" in source and not SHARED.is_dir()):
                return block[0]
            printed = last_call = "".join(output(call_cli, call) for call in calls)
            if block["shown"] is None:
                return block[0]
        return f"```{language}\n{source}```\n" + (f"\n{text(printed)}" if printed else "")

    sys.modules["page"] = module  # not patched in: that would drop what the page imports, to be imported twice
    try:
        return BLOCK.sub(run, page)
    finally:
        del sys.modules["page"]


def run_cell(source: str, module: dict[str, object], picture: str | None) -> None:
    """Run a block, as a notebook would: axes in its last line are the picture under it, which is saved."""
    *rest, last = ast.parse(source).body
    if picture is None or not isinstance(last, ast.Expr) or ast.unparse(last).startswith(("print(", "plotting.save(")):
        exec(compile(source, "<block>", "exec"), module)  # noqa: S102 (of our own pages)
        return
    exec(compile(ast.Module(rest, []), "<block>", "exec"), module)  # noqa: S102
    plotting.save(eval(compile(ast.Expression(last.value), "<block>", "eval"), module), picture)  # noqa: S307


def pictures(page: str) -> list[str]:
    """Names of the pictures that a page makes and shows."""
    shown = re.findall(f"^{PICTURE}", page, re.MULTILINE)
    cells = re.findall(f"^```\n\n{PICTURE}", page, re.MULTILINE)
    return [name for name in shown if f'"{name}"' in page or name in cells]


def with_alt(page: str) -> str:
    """The page with the words of each picture that it saved, which stand in its file."""

    def told(match: re.Match[str]) -> str:
        if not Path(match[2]).exists():  # of another page
            return match[0]
        found = re.search("<dc:title>(.*?)</dc:title>", Path(match[2]).read_text(encoding="utf-8"), re.DOTALL)
        return f"![{html.unescape(found[1])}]({match[1]}{match[2]})" if found else match[0]

    return re.sub(r"^!\[.*\]\((\S*pictures/)([\w.-]+\.svg)\)", told, page, flags=re.MULTILINE)


def differences(made: str, kept: str) -> list[str]:
    """What tells two pictures apart: their words; and numbers by more than half a pixel, where they are as many."""
    ours, theirs = (re.findall(r">([^<>\n]+)</text>", each) for each in (made, kept))
    if ours != theirs:
        return [f"{one!r}, kept {other!r}" for one, other in zip(ours, theirs, strict=False) if one != other] or [
            "words"
        ]
    one, other = (re.findall(r"(?<![\w#.])-?\d+\.\d+", each) for each in (made, kept))
    if len(one) != len(other):  # another version of matplotlib writes another file
        return []
    return [f"{a}, kept {b}" for a, b in zip(one, other, strict=True) if abs(float(a) - float(b)) > 0.5]


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
    if pictures(page) and "zh-TW" in name and chinese_family() is None:
        pytest.skip("no font for Chinese")
    with workshop(), Runs.shared(name) as runs:
        found = renewed(page, runs)
        assert with_alt(found) == page
        for picture in pictures(page):
            kept = path.parent / re.findall(rf"\((\S*pictures/{re.escape(picture)})\)", page)[0]
            made = Path(picture).read_text(encoding="utf-8")
            assert differences(made, kept.read_text(encoding="utf-8")) == [], picture


def test_every_picture_is_made_by_a_page_and_shown():
    pages = {path: (ROOT / path).read_text(encoding="utf-8") for path in PAGES}
    for folder in ("docs/pictures", "docs/zh-TW/pictures"):
        made = {
            name for path, page in pages.items() if ("zh-TW" in path) == ("zh-TW" in folder) for name in pictures(page)
        }
        assert made == {path.name for path in (ROOT / folder).iterdir()}
    for path, page in pages.items():
        for link in re.findall(r"^!\[.+\]\((\S+\.svg)\)", page, re.MULTILINE):
            assert (ROOT / path).parent.joinpath(link).is_file()
        assert not re.search(r"^!\[\]", page, re.MULTILINE), f"{path}: a picture without words"


def test_a_wrong_bar_a_wrong_word_and_a_missing_one_are_found():
    picture = '<svg><path d="M 10.5 20.25 L 30.0 1.5"/><text x="1.0">% a year</text></svg>'
    assert differences(picture, picture.replace("30.0", "30.4")) == []
    assert differences(picture, picture.replace("30.0", "31.0")) == ["30.0, kept 31.0"]
    assert differences(picture, picture.replace("% a year", "a year")) == ["'% a year', kept 'a year'"]
    assert differences(picture, "<svg></svg>") == ["words"]


def test_a_cell_that_shows_axes_makes_the_picture_under_it():
    page = """```python
from stakingmodels import StakingPool, StakingReward, Price, Market, APR, TimeGrid, plotting

market = Market(TimeGrid.daily("2026-01-01", days=9), {Price("ETH"): 3.0, StakingReward("ETH"): APR(0.03)})
plotting.waterfall(StakingPool("ETH").quote(market, capital=10.0))
```

![wrong words](../pictures/of-cell.svg)
"""
    assert pictures(page) == ["of-cell.svg"]
    with workshop():
        assert renewed(page) == page
        assert re.fullmatch(r"!\[staking pool, 10 USD put in.*net: \+.*\]\S+", with_alt(page).splitlines()[-1])


def test_a_wrong_output_is_found():
    page = "```python\nprint(1 + 1)\n```\n\n```text\n3\n```\n"
    assert renewed(page) == page.replace("3", "2")


def test_an_output_that_is_not_shown_is_found():
    page = "```python\nprint(1 + 1)\n```\n"
    assert renewed(page) != page


@pytest.mark.parametrize("changed", [("", ""), ("n_paths=2", "n_paths=3"), ('"a"', '"b"'), ("hold =", "held = hold =")])
def test_a_twin_runs_what_differs_by_more_than_what_it_prints(changed):
    page = """```python
from stakingmodels import GBM, GeometricBrownianMotion, Holding, Price, TimeGrid, simulate

hold = {"a": Holding("ETH")}
world, grid = GeometricBrownianMotion({Price("ETH"): GBM(3.0, volatility=0.5)}), TimeGrid.daily("2026-01-01", days=2)
results = simulate(hold, world, grid, capital=1.0, n_paths=2, rng=None)
print("seed", results.entropy)
```
"""
    twin = page.replace("seed", "種子").replace(*changed)
    seeds = []
    for name, each in {"docs/page.md": page, "docs/zh-TW/page.md": twin}.items():
        with Runs.shared(name) as runs:
            seeds.append(renewed(each, runs).split()[-2])
    assert (seeds[0] == seeds[1]) is (changed == ("", ""))


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
        with workshop(), Runs.shared(str(each)) as runs:
            whole = with_alt(renewed(whole, runs))
            for picture in pictures(whole):
                kept = (ROOT / each).parent / re.findall(rf"\((\S*pictures/{re.escape(picture)})\)", whole)[0]
                kept.parent.mkdir(exist_ok=True)
                shutil.copy(picture, kept)
        (ROOT / each).write_text(whole, encoding="utf-8")
