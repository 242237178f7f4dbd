"""Peak memory of a large run, each in a process of its own: ``python -m benchmarks.memory PATHS``."""

import resource
import subprocess
import sys
from pathlib import Path

PATHS = 100_000
LIMIT_MIB = 120.0
_ROOT = Path(__file__).parent.parent


def peak_mib() -> float:
    """The largest resident size that this process has had, in MiB.

    Linux counts the parent's memory in `ru_maxrss` of a child that was started by vfork, as `subprocess` does; the
    high-water mark of the address space itself does not have that flaw.
    """
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 2**10
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size / (2**20 if sys.platform == "darwin" else 2**10)


def run(paths: int) -> None:
    """Simulate and compare all products of `benchmarks.worlds`."""
    from benchmarks import worlds
    from stakingmodels import compare, simulate

    scenario = worlds.scenario_of(worlds.LEVELS)
    results = simulate(worlds.PRODUCTS, scenario, worlds.GRID, capital=worlds.CAPITAL, paths=paths, rng=1)
    str(compare(results))


def _peak_of(*arguments: str) -> float:
    command = [sys.executable, *arguments]
    done = subprocess.run(command, check=True, cwd=_ROOT, capture_output=True, text=True)  # noqa: S603  # our own
    return float(done.stdout)


def measure() -> dict[str, float]:
    """Peak of the imports that nothing can avoid, and of a run of 100,000 paths; in MiB."""
    return {
        "import numpy, attrs": _peak_of(
            "-c", "import numpy, attrs; from benchmarks.memory import peak_mib; print(peak_mib())"
        ),
        f"simulate and compare, {PATHS:,} paths": _peak_of("-m", "benchmarks.memory", str(PATHS)),
    }


if __name__ == "__main__":
    run(int(sys.argv[1]))
    print(peak_mib())
