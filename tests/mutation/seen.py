"""One run of the tests under coverage: which test runs which line and branch, and how long each test takes."""

import json
import time
from collections import defaultdict
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.mutation.rooms import PACKAGE, ROOT

if TYPE_CHECKING:  # it is not among what the tests need
    import coverage

OPTIONS = ["-o", "addopts=--doctest-modules --import-mode=importlib -m 'not slow'", "-p", "no:cacheprovider"]
"""The project's own options without those of its terminal report."""


class Seen:
    """Plugin of pytest that names a context of coverage for each test and for each fixture that tests share."""

    def __init__(self, measured: "coverage.Coverage") -> None:
        self.measured, self.context = measured, ""
        self.seconds: dict[str, float] = defaultdict(float)
        self.shared: dict[str, list[str]] = {}  # fixtures by the tests that read them
        self.of_fixture: dict[int, str] = {}
        self.set_up: dict[str, float] = {}  # seconds of these fixtures, which each fork takes anew
        self.failed: list[str] = []

    def _switch(self, context: str) -> str:
        before, self.context = self.context, context
        self.measured.switch_context(context)
        return before

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Run a test in a context of its own."""
        before = self._switch(item.nodeid)
        try:
            return (yield)
        finally:
            self._switch(before)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any]) -> Generator[None, Any, Any]:
        """Run what several tests share in a context of its own."""
        if fixturedef.scope == "function":
            return (yield)
        name = f"fixture {len(self.of_fixture)} {fixturedef.argname}"
        self.of_fixture[id(fixturedef)] = name
        before, began = self._switch(name), time.perf_counter()
        try:
            return (yield)
        finally:
            self.set_up[name] = time.perf_counter() - began
            self._switch(before)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Note which shared fixtures a test has read."""
        info = getattr(item, "_fixtureinfo", None)
        read = [each for each in info.name2fixturedefs.values() for each in each] if info else []
        self.shared[item.nodeid] = [self.of_fixture[id(each)] for each in read if id(each) in self.of_fixture]
        return (yield)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add up the seconds of a test."""
        self.seconds[report.nodeid] += report.duration
        if report.failed:
            self.failed.append(report.nodeid)


def look(paths: list[str], kept: Path) -> list[str]:
    """Run tests under coverage, keep what was seen in a folder and return the tests that failed."""
    import coverage

    measured = coverage.Coverage(
        data_file=str(kept / "coverage.sqlite"), branch=True, source=[str(PACKAGE)], config_file=False
    )
    plugin = Seen(measured)
    measured.erase()
    measured.start()
    try:
        pytest.main([*OPTIONS, "-q", *paths], plugins=[plugin])
    finally:
        measured.stop()
        measured.save()
    (kept / "tests.json").write_text(
        json.dumps(
            {
                "seconds": {
                    test: seconds + sum(plugin.set_up.get(each, 0.0) for each in plugin.shared.get(test, []))
                    for test, seconds in plugin.seconds.items()
                },
                "shared": plugin.shared,
                "failed": plugin.failed,
            }
        )
    )
    return plugin.failed


class Map:
    """What a run has seen."""

    def __init__(self, kept: Path) -> None:
        import coverage

        self.data = coverage.CoverageData(str(kept / "coverage.sqlite"))
        self.data.read()
        told = json.loads((kept / "tests.json").read_text())
        self.seconds: dict[str, float] = defaultdict(lambda: 0.03, told["seconds"])  # of a test that is new: a guess
        self.failed: set[str] = set(told["failed"])
        self.of_fixture: dict[str, list[str]] = defaultdict(list)
        for test, fixtures in told["shared"].items():
            for fixture in fixtures:
                self.of_fixture[fixture].append(test)

    def lines(self, path: Path) -> dict[int, frozenset[str]]:
        """The tests that run each line of a file."""
        return {
            line: frozenset(test for each in contexts for test in self._tests(each))
            for line, contexts in self.data.contexts_by_lineno(str(path)).items()
        }

    def _tests(self, context: str) -> list[str]:
        if context.startswith("fixture "):
            return self.of_fixture[context]
        return [context] if context in self.seconds and context not in self.failed else []


def branches(kept: Path, files: list[Path]) -> list[str]:
    """The lines and branches of files that no test of a run has taken, one file a line, and the sum."""
    import coverage

    data, rules = str(kept / "coverage.sqlite"), str(ROOT / "pyproject.toml")
    measured = coverage.Coverage(data_file=data, branch=True, config_file=rules)
    measured.load()
    found = kept / "branches.json"
    measured.json_report(outfile=str(found), include=[str(each) for each in files])
    report = json.loads(found.read_text())
    told = []
    for name, file in report["files"].items():
        missed = [str(line) for line in file["missing_lines"]]
        missed += [f"{a}->{b if b > 0 else 'exit'}" for a, b in file["missing_branches"]]
        if missed:
            told.append(f"{Path(name).relative_to(ROOT) if Path(name).is_absolute() else name}: {', '.join(missed)}")
    sums = report["totals"]
    told.append(
        f"{len(report['files'])} files: {sums['covered_lines']} of {sums['num_statements']} statements, "
        f"{sums['covered_branches']} of {sums['num_branches']} branches"
    )
    return told
