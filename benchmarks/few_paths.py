"""Processor time and memory of runs of few paths beside one of 8,192: ``python -m benchmarks.few_paths``."""

import argparse
import statistics
import subprocess
import sys
import time
import tracemalloc

from stakingmodels import Factor, TimeGrid, products, scenarios, simulate

PATHS = (1, 512, 1_000, 1_024, 8_192)


def run(n_paths: int) -> None:
    """Hold the products compared for a year in the built-in scenario."""
    grid = TimeGrid.daily(scenarios.REFERENCE_START, days=365, settlement_days=60)
    simulate(products.reference(), scenarios.reference(), grid, capital=200_000.0, n_paths=n_paths, rng=1)


def draw(n_paths: int) -> None:
    """Only draw what the products read, and do nothing with it."""
    grid = TimeGrid.daily(scenarios.REFERENCE_START, days=365, settlement_days=60)
    factors = frozenset[Factor]().union(*(product.factors for product in products.reference().values()))
    market = scenarios.reference().market(grid, factors, streams=scenarios.Streams(1), n_paths=n_paths)
    for _ in market.chunks():
        pass


def measure(n_paths: int, rounds: int) -> None:
    """Print the median processor time of a run and of its draws, and the peak of memory that Python and numpy took."""
    found: list[str] = []
    for work in (run, draw):
        work(n_paths)
        times = []
        for _ in range(rounds):
            start = time.process_time()
            work(n_paths)
            times.append(time.process_time() - start)
        tracemalloc.start()
        work(n_paths)
        peak = tracemalloc.get_traced_memory()[1] / 2**20
        tracemalloc.stop()
        found.append(f"{statistics.median(times) * 1e3:10.1f} ms {peak:8.1f} MiB")
    print(f"{n_paths:8,}" + "".join(found), flush=True)


def main() -> None:
    """Measure each number of paths in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("n_paths", nargs="?", type=int, help="measure this number of paths alone")
    parser.add_argument("--rounds", type=int, default=11)
    given = parser.parse_args()
    if given.n_paths is not None:
        measure(given.n_paths, given.rounds)
        return
    print("   paths   run: time and peak        draws alone: time and peak", flush=True)
    for n_paths in PATHS:
        command = [sys.executable, "-m", "benchmarks.few_paths", str(n_paths), "--rounds", str(given.rounds)]
        subprocess.run(command, check=True)  # noqa: S603  # this program


if __name__ == "__main__":
    main()
