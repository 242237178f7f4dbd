"""One run of the tests under coverage: which test runs which line and branch, and how long each test takes."""

import json
import time
from collections import defaultdict
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.mutation.rooms import PACKAGE

if TYPE_CHECKING:  # it is not among what the tests need
    import coverage

OPTIONS = ["-o", "addopts=--doctest-modules --import-mode=importlib -m 'not slow'", "-p", "no:cacheprovider"]
"""The project's own options without those of its terminal report."""


class Seen:
    """Plugin of pytest that names a context of coverage for each test and for each fixture that tests share."""

    def __init__(self, measured: "coverage.Coverage | None" = None) -> None:
        self.measured, self.context = measured, ""
        self.first = 0  # number of the first fixture
        self.seconds: dict[str, float] = defaultdict(float)
        self.shared: dict[str, list[str]] = {}  # fixtures by the tests that read them
        self.of_fixture: dict[int, str] = {}
        self.set_up: dict[str, float] = {}  # seconds of these fixtures, which each fork takes anew
        self.failed: list[str] = []

    def _switch(self, context: str) -> str:
        before, self.context = self.context, context
        if self.measured is not None:
            self.measured.switch_context(context)
        return before

    def told(self) -> dict[str, Any]:
        """The seconds of each test and of each shared fixture, which test reads which, and the tests that failed."""
        return {"seconds": self.seconds, "shared": self.shared, "set_up": self.set_up, "failed": self.failed}

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
        name = f"fixture {self.first + len(self.of_fixture)} {fixturedef.argname}"
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


def look(paths: list[str], kept: Path, *, more: bool = False) -> list[str]:
    """Run tests under coverage, keep what was seen in a folder and return the tests that failed.

    With `more` it is added to what earlier runs have seen, as long as the code has not changed since.
    """
    import coverage

    name, told = "coverage.sqlite", kept / "tests.json"
    before: dict[str, Any] = json.loads(told.read_text()) if more else {}
    measured = coverage.Coverage(
        data_file=str(kept / ("more.sqlite" if more else name)), branch=True, source=[str(PACKAGE)], config_file=False
    )
    plugin = Seen(measured)
    plugin.first = 100_000 * more + sum(map(len, before.get("shared", {}).values()))
    measured.erase()
    measured.start()
    try:
        code = pytest.main([*OPTIONS, "-q", *paths], plugins=[plugin])
    finally:
        measured.stop()
        measured.save()
    if code not in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED}:
        message = f"the tests were not run: {code!r}"
        raise RuntimeError(message)
    if more:
        whole = coverage.CoverageData(str(kept / name))
        whole.read()
        whole.update(measured.get_data())
        whole.write()
    now = plugin.told()
    merged = {key: before.get(key, {}) | now[key] for key in ("seconds", "shared", "set_up")}
    failed = {*before.get("failed", ())} - now["seconds"].keys() | {*now["failed"]}
    told.write_text(json.dumps(merged | {"failed": sorted(failed)}))
    return plugin.failed


class Map:
    """What a run has seen."""

    def __init__(self, kept: Path) -> None:
        import coverage

        self.data = coverage.CoverageData(str(kept / "coverage.sqlite"))
        self.data.read()
        told = json.loads((kept / "tests.json").read_text())
        self.known: set[str] = set(told["seconds"])
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
        return [context] if context in self.known and context not in self.failed else []


class Calm:
    """How long each test takes in a fork without a fault; those that fail there would kill every fault."""

    def __init__(self, path: Path) -> None:
        nothing: dict[str, Any] = {"seconds": {}, "shared": {}, "set_up": {}, "failed": []}
        told = json.loads(path.read_text()) if path.exists() else nothing
        self.path, self.told = path, told
        self.seconds: dict[str, float] = told["seconds"]
        self.shared: dict[str, list[str]] = told["shared"]
        self.set_up: dict[str, float] = told["set_up"]
        self.failed: set[str] = set(told["failed"])

    def add(self, plugin: Seen) -> None:
        """Write down what was seen of tests that are new, or were changed."""
        seen, run = plugin.told(), len(self.seconds)
        for test, fixtures in seen["shared"].items():  # names of fixtures are numbers within a run
            self.shared[test] = [f"{run} {each}" for each in fixtures]
        self.set_up |= {f"{run} {name}": seconds for name, seconds in seen["set_up"].items()}
        self.seconds |= seen["seconds"]
        self.told["failed"] = sorted((self.failed - seen["seconds"].keys()) | {*seen["failed"]})
        self.path.write_text(json.dumps(self.told))

    def alone(self, test: str) -> float:
        """Seconds of a test with the fixtures that it reads."""
        return self.seconds[test] + sum(self.set_up.get(each, 0.0) for each in self.shared.get(test, ()))

    def after(self, test: str, made: set[str]) -> float:
        """Seconds of a test after others, whose fixtures are there; adds its own to them."""
        new = {*self.shared.get(test, ())} - made
        made |= new
        return self.seconds[test] + sum(self.set_up.get(each, 0.0) for each in new)
