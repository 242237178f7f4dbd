"""What importing the library costs, against the two packages that it stands on."""

import resource
import subprocess
import sys
import time
from collections.abc import Callable

from benchmarks.timing import Ratio, ratio, take_turns
from stakingmodels.tables import Table

BASE = "import numpy, attrs"
CASES = {
    "import stakingmodels (names load when used)": "import stakingmodels",
    "import every room of it": "import stakingmodels.engine, stakingmodels.analysis",
}
LIMIT = 1.25


def _child(code: str) -> Callable[[], object]:
    return lambda: subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603  # code of this file


def _children() -> float:
    """Processor time of all children that have ended, in user and kernel mode."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def measure(rounds: int) -> dict[str, dict[str, Ratio]]:
    """Ratios of fresh interpreters that import the library to ones that import numpy and attrs only.

    Returns
    -------
    dict
        Case -> kind of time -> ratio.
    """
    calls = [_child(code) for code in (BASE, *CASES.values())]
    found: dict[str, dict[str, Ratio]] = {case: {} for case in CASES}
    for kind, clock in (("processor", _children), ("wall", time.perf_counter)):
        base, *others = take_turns(calls, rounds=rounds, clock=clock)
        for case, seconds in zip(CASES, others, strict=True):
            found[case][kind] = ratio(seconds, base)
    return found


def report(rounds: int) -> str:
    """The table of import times."""
    rows = [
        (
            case,
            str(times["processor"]),
            str(times["wall"]),
            "within" if times["processor"].median <= LIMIT else "missed",
        )
        for case, times in measure(rounds).items()
    ]
    return Table("", (f"time over `{BASE}`", "processor", "wall", f"limit {LIMIT:g}"), rows).to_text()
