"""Each fault in a fork of one process that has imported and collected everything; the quickest tests go first."""

import ast
import contextlib
import gc
import json
import mmap
import os
import random
import re
import resource
import signal
import sys
import time
import types
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any, NoReturn, TextIO

import attrs
import pytest

from tests.mutation import planted
from tests.mutation.mutants import Mutant, faults, functions
from tests.mutation.rooms import PACKAGE, sources, tests
from tests.mutation.seen import OPTIONS, Calm, Map, Seen

BATCH = 200
KILLED, SURVIVED = 3, 4
_MEMORY = 3 * 2**30


@attrs.frozen
class Plan:
    """What is tried and how long."""

    room: str
    kept: Path
    results: Path
    sample: int | None = None
    again: bool = False  # survivors of an earlier run only, with every example of the properties
    seconds: float = 20.0  # of tests a mutant
    until: float = float("inf")
    only: str = ""
    also: tuple[str, ...] = ()  # tests beside the room's own
    excused: frozenset[Any] = frozenset()  # keys of faults that nobody can notice, not tried again


class Order:
    """Which test of those that reach a fault goes first: the one with the best chance of a kill for its seconds."""

    def __init__(self, calm: Calm) -> None:
        self.calm = calm
        self.tried: Counter[tuple[str, str]] = Counter()
        self.kills: Counter[tuple[str, str]] = Counter()

    def of(self, mutant: Mutant, ran: Collection[str]) -> list[str]:
        """The tests in the order of what a kill by each is guessed to take."""
        places: Counter[str] = Counter()
        ranked = []
        for each in sorted(ran, key=lambda each: (self.calm.alone(each), each)):
            file = each.partition("::")[0]
            places[file] += 1  # the tests of one file may all ask the same
            ranked.append((self._price(mutant, each) * (1 + places[file] / 8), each))
        return [each for _, each in sorted(ranked)]

    def killed(self, mutant: Mutant, tests: list[str], by: str | None) -> None:
        """Note which test killed a fault, and which before it did not."""
        for each in tests if by is None else tests[: tests.index(by)]:
            self.tried[mutant.path, each] += 1
        if by is not None:
            self.kills[mutant.path, by] += 1
            self.kills[mutant.path + mutant.function, by] += 3

    def _price(self, mutant: Mutant, test: str) -> float:
        file = test.partition("::")[0]
        kills = float(self.kills[mutant.path, test] + self.kills[mutant.path + mutant.function, test])
        kills += _CHANCES[0] if _twins(mutant.path, file) else _CHANCES[2] if _BROAD.search(test) else _CHANCES[1]
        return (self.calm.alone(test) + 0.002) * (self.tried[mutant.path, test] + 4) / kills


_CHANCES = 3.0, 1.0, 0.3  # kills that are guessed before any: the file's own tests, others, and checks of everything
_BROAD = re.compile(r"conform|every_check|test_invariants|every_product")


def _twins(path: str, test: str) -> bool:
    """Whether a file of tests is named after a file of the package."""
    return Path(test).stem.removeprefix("test_") == Path(path).stem.lstrip("_") or test.endswith(
        f"stakingmodels/{path}"
    )


class Forked:
    """Plugin of pytest that plants faults instead of running the tests."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.map = plan, Map(plan.kept)
        self.calm = Calm(plan.kept / "calm.json")
        self.order = Order(self.calm)
        self.inside = False
        self.known: dict[Path, dict[int, frozenset[str]]] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self) -> None:
        """Let properties stop at the first failure, without a search for the smallest."""
        from hypothesis import Phase, settings  # not before pytest, which rewrites it

        told = settings.get_profile("same" if self.plan.again else "brief")
        settings.register_profile(
            "mutation", told, phases=(Phase.explicit, Phase.generate), report_multiple_bugs=False, print_blob=False
        )
        settings.load_profile("mutation")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[Any]) -> None:
        """End the fork at the first failure."""
        if not self.inside or call.excinfo is None or item.get_closest_marker("xfail"):
            return
        if not call.excinfo.errisinstance(pytest.skip.Exception):
            os._exit(KILLED)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Plant every fault that is asked for, and write a line about each."""
        planted.everything()
        self._rest(session)
        self.calm = self.order.calm = Calm(self.plan.kept / "calm.json")
        self.items = {each.nodeid: each for each in session.items if each.nodeid not in self.calm.failed}
        self.new = self.items.keys() - self.map.known
        self.at = mmap.mmap(-1, 8)
        live = planted.alive()
        gc.collect()
        gc.freeze()
        wanted = self._wanted(results(self.plan.results))
        with self.plan.results.open("a") as out:
            for first in range(0, len(wanted), BATCH):
                self._try(set(wanted[first : first + BATCH]), live, out)
        return True

    def _rest(self, session: pytest.Session) -> None:
        """Run tests without a fault, in a fork: the new ones, and those of which one failed so far."""
        known = self.calm.seconds.keys() - self.calm.failed
        new = [each for each in session.items if each.nodeid not in known]
        child = os.fork() if new else 0
        if new and not child:
            seen = Seen()
            session.config.pluginmanager.register(seen)
            for item, following in zip(new, [*new[1:], None], strict=True):
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            self.calm.add(seen)
            os._exit(0)
        if new and os.waitpid(child, 0)[1]:
            message = "the tests did not come to their end without a fault"
            raise RuntimeError(message)

    def _try(self, wanted: set[Any], live: Any, out: TextIO) -> None:
        for path in sources(self.plan.room):
            lines = self._lines(path)
            for mutant, planting in _each(path):
                if mutant.key in wanted and time.time() < self.plan.until:
                    told = self._tried(mutant, planting, lines, live)
                    out.write(json.dumps(attrs.asdict(mutant) | told) + "\n")
                    out.flush()

    def _lines(self, path: Path) -> dict[int, frozenset[str]]:
        if path not in self.known:
            self.known[path] = self.map.lines(path)
        return self.known[path]

    def _wanted(self, done: dict[Any, dict[str, Any]]) -> list[Any]:
        every = [key for key in keys(self.plan.room) if self.plan.only in f"{key[0]}::{key[1]}"]
        random.Random(16).shuffle(every)  # noqa: S311 - a run that is stopped has tried a fair sample, the same each time
        if self.plan.again:
            left = [key for key in every if key in done and key not in self.plan.excused]
            states = ("no test", "survived")  # the former first: new tests were written for them
            return [key for state in states for key in left if done[key]["state"] == state]
        return [key for key in every[: self.plan.sample] if key not in done]

    def _tried(
        self, mutant: Mutant, planting: planted.Planting, lines: dict[int, frozenset[str]], live: Any
    ) -> dict[str, Any]:
        ran = _reached(mutant, planting, lines).intersection(self.items)
        if not ran and lines.keys() & {*mutant.lines}:  # as modules are imported or tests are collected
            return {"tests": 0, "left_out": 0, "by": "", "state": "at import", "seconds": 0.0}
        if self.plan.again:  # tests written since the run that was looked at may reach it
            ran |= self.new
        order = self.order.of(mutant, ran)
        total, chosen, made = 0.0, list[str](), set[str]()
        for each in order:
            total += self.calm.after(each, made)
            if total > self.plan.seconds and chosen:
                break
            chosen.append(each)
        told: dict[str, Any] = {"tests": len(chosen), "left_out": len(order) - len(chosen), "by": ""}
        if not chosen:
            return told | {"state": "no test", "seconds": 0.0}
        try:
            apply = _applied(planting, live)
        except SyntaxError:
            return told | {"state": "no code", "seconds": 0.0}
        began = time.perf_counter()
        state = self._fork(apply, [self.items[each] for each in chosen])
        if state in {"killed", "timeout"}:
            told["by"] = chosen[int.from_bytes(self.at[:8], "little")]
            self.order.killed(mutant, chosen, told["by"])
        elif state == "survived":
            self.order.killed(mutant, chosen, None)
        return told | {"state": state, "seconds": round(time.perf_counter() - began, 3)}

    def _fork(self, apply: Callable[[], int], items: list[pytest.Item]) -> str:
        sys.stdout.flush()
        self.at[:8] = bytes(8)
        child = os.fork()
        if not child:
            self._child(apply, items)
        _, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status):
            return "timeout" if os.WTERMSIG(status) in {signal.SIGPROF, signal.SIGALRM} else "killed"
        return {KILLED: "killed", SURVIVED: "survived", 5: "not alive", 6: "not planted"}.get(
            os.WEXITSTATUS(status), "killed"
        )

    def _child(self, apply: Callable[[], int], items: list[pytest.Item]) -> NoReturn:
        self.inside = True
        try:
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, 1)
            os.dup2(null, 2)
            with contextlib.suppress(ValueError):
                resource.setrlimit(resource.RLIMIT_AS, (_size() + _MEMORY, resource.RLIM_INFINITY))
            try:
                applied = apply()
            except BaseException:  # noqa: BLE001 - such as a function that lost its __class__: nothing was tried
                os._exit(6)
            if not applied:
                os._exit(5)
            for place, (item, following) in enumerate(zip(items, [*items[1:], None], strict=True)):
                self.at[:8] = place.to_bytes(8, "little")
                long = 10 * self.calm.alone(item.nodeid) + 1
                signal.setitimer(signal.ITIMER_PROF, long)
                signal.setitimer(signal.ITIMER_REAL, 5 * long + 20)
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        except BaseException:  # noqa: BLE001 - whatever ends a test is a kill
            os._exit(KILLED)
        os._exit(SURVIVED)


def _each(path: Path) -> Iterator[tuple[Mutant, planted.Planting]]:
    name = str(path.relative_to(PACKAGE))
    tree = ast.parse(path.read_text())
    module = compile(path.read_text(), str(path), "exec", dont_inherit=True)
    for classes, function in functions(tree):
        first = min([function.lineno, *(each.lineno for each in function.decorator_list)])
        code = planted.code_of(module, (*classes, function.name), first)
        planting = planted.Planting(path, classes, function, code)
        for mutant in faults(path, name, classes, function):
            yield mutant, planting


def keys(room: str) -> list[Any]:
    """The key of every fault of a room, as its files are now."""
    return [key for path in sources(room) for key in faults_of(path)]


def faults_of(path: Path) -> list[Any]:
    """The key of every fault of a file."""
    return [mutant.key for mutant, _ in _each(path)]


def _reached(mutant: Mutant, planting: planted.Planting, lines: dict[int, frozenset[str]]) -> set[str]:
    whole = range(planting.function.body[0].lineno, (planting.function.end_lineno or 0) + 1)
    in_header = mutant.lines[0] < planting.function.body[0].lineno  # a default
    for each in (whole,) if in_header else (mutant.lines, mutant.around):
        found = {test for line in each for test in lines.get(line, ())}
        if found:
            return found
    return set()


def _applied(planting: planted.Planting, live: Any) -> Callable[[], int]:
    new, old = planting.compiled(), planting.original
    defaults = planting.function.args

    def apply() -> int:
        planted.forget()
        changed = planted.plant(old, new, live)
        for each in live.get(old, []):
            changed += _given(each, defaults)
        return changed

    return apply


def _given(function: types.FunctionType, args: ast.arguments) -> int:
    """Give a live function the defaults of the tree that are plain numbers, texts or flags."""
    for default, place in zip(reversed(args.defaults), range(-1, -len(args.defaults) - 1, -1), strict=True):
        with contextlib.suppress(ValueError):
            held = list(function.__defaults__ or ())
            held[place] = ast.literal_eval(default)
            function.__defaults__ = tuple(held)
    for name, given in zip(args.kwonlyargs, args.kw_defaults, strict=True):
        if given is not None and function.__kwdefaults__:
            with contextlib.suppress(ValueError):
                function.__kwdefaults__[name.arg] = ast.literal_eval(given)
    return 1


def _size() -> int:
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


def results(path: Path) -> dict[Any, dict[str, Any]]:
    """What a file holds, the last line about each fault."""
    told = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
    return {(each["path"], each["function"], each["line"], each["change"], each["nth"]): each for each in told}


def run(plan: Plan) -> None:
    """Try the faults of a room and write a line about each to the results."""
    pytest.main([*OPTIONS, "-s", "-p", "no:terminal", *tests(plan.room), *plan.also], plugins=[Forked(plan)])
