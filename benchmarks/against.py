"""The fixed workload, by this version and by commit 0ebcfe6 in turns: ``python -m benchmarks.against``.

Each version runs in a process of its own that lives as long as the measurement; one works while the other waits, and
each gives the processor time that it took itself. A ratio is the median of those within rounds, with its quartiles.
"""

import argparse
from collections.abc import Callable, Iterator, Sequence

import attrs
import numpy as np

from benchmarks import machine, workload
from benchmarks.timing import Ratio, ratio
from benchmarks.version import OLD, ROOT, Version, checkout
from stakingmodels.tables import Table

SIZES = (1, 1_000, 10_000, 100_000)
LIMITS = {1: 0.30, 1_000: 0.50, 10_000: 0.70}
"""The most that all eight products may take of the time of 0ebcfe6, by paths."""
LARGE_LIMITS = {machine.WITHOUT: 0.80, machine.WITH: 1.10}
"""The same for 100,000 paths, by kind of machine."""
GOALS = {1: 0.15, 1_000: 0.35, 10_000: 0.60}
LARGE = 100_000
CLASSES_PATHS = 16_384
"""Paths of the row of five products."""
_WAITING = tuple(workload.read()["queues"]["products"])
_SOLO = ("solo validator",)
COSTS = (
    ("waits drawn for each path, over fixed ones", "drawn queues", "run", ()),
    ("the same, by the four products that wait", "drawn queues", "run", _WAITING),
    ("blocks and sync committees by luck, over their means", "run", "mean duties", ()),
    ("the same, by the solo validator", "run", "mean duties", _SOLO),
    ("sync committees by luck, over leaving their pay out", "run", "no seats", ()),
    ("the same, by the solo validator", "run", "no seats", _SOLO),
    ("books verified, over books that are not", "verified", "unverified", ()),
)
"""What right numbers cost, within this version: the job with it, the job without it, and the products."""
PARTS = ("whole", "products", "drawing", "classes", "costs")

Side = Callable[[], float]


@attrs.frozen
class Measured:
    """Milliseconds of both sides, and the ratio of the first over the second."""

    first: float
    second: float
    times: Ratio

    def cells(self) -> tuple[str, str, str]:
        return f"{self.first:,.1f}", f"{self.second:,.1f}", str(self.times)


def in_turns(first: Side, second: Side, rounds: int) -> Measured:
    """Both sides, A B, B A, A B, ..."""
    seconds = np.empty((2, rounds))
    for i in range(rounds):
        for side in (0, 1) if i % 2 == 0 else (1, 0):
            seconds[side, i] = (first, second)[side]()
    ours, theirs = np.median(seconds, axis=1) * 1e3
    return Measured(float(ours), float(theirs), ratio(*seconds))


def limit(n_paths: int, kind: str) -> float | None:
    """The most that the ratio of all products may be."""
    return LARGE_LIMITS[kind] if n_paths == LARGE else LIMITS.get(n_paths)


def whole(new: Version, old: Version, n_paths: int, rounds: int, kind: str) -> tuple[str, ...]:
    """The row of all eight products."""
    found = _both(new, old, ("run", "run"), n_paths, (), rounds)
    most, goal = limit(n_paths, kind), GOALS.get(n_paths)
    verdict = "" if most is None else "within" if found.times.median <= most else "missed"
    row = (f"{n_paths:,}", "eight products", *found.cells())
    return (*row, "" if most is None else f"{most:.2f}", verdict, "" if goal is None else f"{goal:.2f}")


def classes(new: Version, old: Version, rounds: int) -> Measured:
    """The five products other than plain holdings."""
    return _both(new, old, ("run", "run"), CLASSES_PATHS, list(workload.read()["products"]), rounds)


def _both(
    new: Version, old: Version, jobs: tuple[str, str], n_paths: int, names: Sequence[str], rounds: int
) -> Measured:
    job = {"n_paths": n_paths, "names": list(names)}
    return in_turns(lambda: new.seconds(jobs[0], **job), lambda: old.seconds(jobs[1], **job), rounds)


def rows(
    new: Version, old: Version, n_paths: int, rounds: int, kind: str, parts: Sequence[str]
) -> Iterator[tuple[str, ...]]:
    """The rows of one size: all products, each by itself, and drawing alone; the last two in fewer rounds if large."""
    if "whole" in parts:
        yield whole(new, old, n_paths, rounds, kind)
    fewer = rounds if n_paths < LARGE else max(3, rounds // 3)
    if "products" in parts:
        for name in (*workload.read()["products"], "hold ETH", "hold BTC", "cash"):
            yield ("", name, *_both(new, old, ("run", "run"), n_paths, [name], fewer).cells())
    if "drawing" in parts:
        yield ("", "drawing only", *_both(new, old, ("draw", "draw"), n_paths, (), fewer).cells())


def costs(new: Version, n_paths: int, rounds: int) -> Iterator[tuple[str, ...]]:
    """The rows of what right numbers cost in this version."""
    for what, with_it, without, names in COSTS:
        found = _both(new, new, (with_it, without), n_paths, names, rounds)
        yield (f"{n_paths:,}", what, *found.cells())


def check_kind(side: Version, kind: str) -> None:
    """Stop where the process is not of the kind that it was to play."""
    found = side.ask("vectors")
    if bool(machine.wide_of(found)) != (kind == machine.WITH):
        raise SystemExit(f"the processes were to run {kind}, but numpy there found {' '.join(found) or 'nothing'}")


def report(sizes: Sequence[int], rounds: int, parts: Sequence[str], commit: str = OLD) -> Iterator[str]:
    """The tables of every kind of machine that this one can play, size by size as they are measured."""
    headers = ("paths", "run", "this ms", f"{commit} ms", "this over it", "limit", "verdict", "goal")
    version = "old" if commit == OLD else "new"
    for kind, environment in machine.kinds():
        with (
            checkout(commit) as root,
            Version(root, version, environment) as old,
            Version(ROOT, "new", environment) as new,
        ):
            for side in (new, old):
                check_kind(side, kind)
            for n_paths in sizes:
                found = [*rows(new, old, n_paths, rounds, kind, parts)]
                if found:
                    yield Table(kind, headers, found).to_text()
            if "classes" in parts:
                row = (f"{CLASSES_PATHS:,}", "five products", *classes(new, old, rounds).cells())
                yield Table(kind, headers, [row]).to_text()
            dear = [n_paths for n_paths in sizes if "costs" in parts and 1 < n_paths < LARGE]
            found = [row for n_paths in dear for row in costs(new, n_paths, rounds)]
            if found:
                columns = ("paths", "within this version", "with ms", "without ms", "with over without")
                yield Table(f"what right numbers cost, {kind}", columns, found).to_text()
    if machine.WITH not in {kind for kind, _ in machine.kinds()}:
        yield f"{machine.WITH}: not measured"


def main() -> None:
    """Print a table for each size."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.against", description=__doc__)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="paths, with commas between")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--parts", default=",".join(PARTS), help=f"of {', '.join(PARTS)}; commas between")
    parser.add_argument("--commit", default=OLD, help="another commit, whose names are those of this version")
    given = parser.parse_args()
    parts = given.parts.split(",")
    if unknown := sorted(set(parts) - set(PARTS)):
        parser.error(f"there is no part {', '.join(unknown)}; there are {', '.join(PARTS)}")
    print(f"{machine.describe()}\n{given.rounds} rounds in turns, by processor time: median (quartiles)\n", flush=True)
    sizes = [int(size) for size in given.sizes.split(",")]
    for table in report(sizes, given.rounds, parts, given.commit):
        print(f"{table}\n", flush=True)


if __name__ == "__main__":
    main()
