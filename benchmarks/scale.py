"""How time and memory grow with the number of paths; each run is in a process of its own.

``python -m benchmarks.scale PATHS KEEP`` measures one run, and prints it as JSON.
"""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import attrs
import numpy as np

from benchmarks.version import peak_bytes
from stakingmodels.tables import Table

SIZES = (1_000, 10_000, 100_000, 1_000_000)
REFERENCE = 100_000
"""The size whose time per path the others are held against."""
KEEP = "summary"
"""What a run keeps for each path."""
REDUCED = "none"
LINEAR = 0.10
KEPT_LIMIT_MIB, REDUCED_LIMIT_MIB = 100.0, 150.0
_EXTRA = 8
"""Arrays that are kept for each product beside its lines, at most."""
_LEAST_PATHS = 20_000  # short runs are repeated until they add up to so many
_MIB = 2.0**20
_ROOT = Path(__file__).parent.parent


@attrs.frozen
class Run:
    """One run: its size, processor seconds, peak memory, and bytes kept beside those that are allowed."""

    paths: int
    seconds: float
    peak: int
    kept: int
    allowed: int


def bytes_of(outcomes: Any) -> int:
    """Bytes of all arrays in some outcomes; those that are one in memory count once."""
    found: dict[int, int] = {}
    for outcome in outcomes:
        for field in attrs.fields(type(outcome)):
            value = getattr(outcome, field.name)
            for array in value.values() if hasattr(value, "values") else [value]:
                if isinstance(array, np.ndarray):
                    spread = array.itemsize if array.strides == (0,) else array.nbytes  # one number for all paths
                    found[array.__array_interface__["data"][0]] = spread
    return sum(found.values())


def run(paths: int, keep: str, times: int) -> Run:
    """Simulate the five products here some times, after a short run that is not timed."""
    from benchmarks import worlds
    from stakingmodels.engine import Moments, TailRiskReducer, simulate

    scenario = worlds.scenario_of(worlds.LEVELS)

    def once(paths: int) -> Any:
        reducers = {"moments": Moments(), "tail": TailRiskReducer(n_paths=paths)} if keep == REDUCED else None
        return simulate(
            worlds.PRODUCTS,
            scenario,
            worlds.GRID,
            capital=worlds.CAPITAL,
            n_paths=paths,
            rng=worlds.SEED,
            keep=keep,
            reducers=reducers,
        )

    once(1)
    seconds = []
    for _ in range(times):
        start = time.process_time()
        results = once(paths)
        seconds.append(time.process_time() - start)
    outcomes = list(results.outcomes.values())
    allowed = sum(8 * (len(outcome.lines) + _EXTRA) * paths for outcome in outcomes)
    return Run(paths, float(np.median(seconds)), peak_bytes(), bytes_of(outcomes), allowed)


def in_a_process(paths: int, keep: str) -> Run:
    """The same in a new process."""
    command = [sys.executable, "-m", "benchmarks.scale", str(paths), keep]
    done = subprocess.run(command, check=True, cwd=_ROOT, capture_output=True, text=True)  # noqa: S603  # our own
    return Run(**json.loads(done.stdout))


def report(most: int) -> str:
    """The tables of time and memory for all sizes up to the largest asked for."""
    tables = []
    for keep in (KEEP, REDUCED):
        found = [in_a_process(paths, keep) for paths in SIZES if paths <= most]
        per_path = {each.paths: each.seconds / each.paths for each in found}
        rows = [_row(each, per_path[each.paths] / per_path[REFERENCE], keep) for each in found]
        headers = ("paths", "us a path", f"over {REFERENCE:,}", "within 10 %", "kept MiB", "limit", "peak MiB", "limit")
        title = f"keep={keep!r}{' and reducers' * (keep == REDUCED)}"
        tables.append(Table(title, (*headers, "verdict"), rows).to_text())
    return "\n\n".join(tables)


def _row(each: Run, relative: float, keep: str) -> tuple[str, ...]:
    peak, kept, allowed = each.peak / _MIB, each.kept / _MIB, each.allowed / _MIB
    limit = REDUCED_LIMIT_MIB if keep == REDUCED else KEPT_LIMIT_MIB + kept
    return (
        f"{each.paths:,}",
        f"{each.seconds / each.paths * 1e6:.0f}",
        f"{relative:.2f}",
        "yes" if abs(relative - 1.0) <= LINEAR else "no",
        f"{kept:.1f}",
        f"{allowed:.1f}",
        f"{peak:.0f}",
        f"{limit:.0f}",
        "within" if peak <= limit and kept <= allowed else "missed",
    )


if __name__ == "__main__":
    size = int(sys.argv[1])
    print(json.dumps(attrs.asdict(run(size, sys.argv[2], max(1, _LEAST_PATHS // size)))))
