"""Processor time of what a comparison runs again, as a multiple of the run: ``python -m benchmarks.answer``."""

import argparse
import statistics
import time
from collections.abc import Callable

from stakingmodels import Comparison, Results, TimeGrid, compare, products, scenarios, simulate

PARTS = ("run", "ranges", "verdicts", "flip points", "price views", "break-even prices")


def run(n_paths: int) -> Results:
    """Hold the products compared for a year in the built-in scenario."""
    grid = TimeGrid.daily(scenarios.REFERENCE_START, days=365, settlement_days=60)
    rows = products.reference()
    return simulate(
        rows, scenarios.reference(), grid, capital=100_000.0, n_paths=n_paths, rng=1, event_sampling="stratified"
    )


def one_round(n_paths: int) -> list[float]:
    """Processor times of a run, and of each part that is computed from it, in the order of `PARTS`."""
    times = []
    start = time.process_time()
    comparison = compare(run(n_paths))
    times.append(time.process_time() - start)
    parts: list[Callable[[Comparison], object]] = [
        lambda c: c.ranges,
        lambda c: c.verdicts,
        lambda c: c.flip_points(),
        lambda c: c.price_views(),
        lambda c: c.break_even_prices,
    ]
    for part in parts:
        start = time.process_time()
        part(comparison)
        times.append(time.process_time() - start)
    return times


def main() -> None:
    """Measure all parts in turns, a run first in each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--paths", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=7)
    given = parser.parse_args()
    one_round(512)
    rounds = [one_round(given.paths) for _ in range(given.rounds)]
    for number, part in enumerate(PARTS):
        seconds = statistics.median(times[number] for times in rounds)
        ratio = statistics.median(times[number] / times[0] for times in rounds)
        print(f"{part:20}{seconds:8.2f} s {ratio:8.2f} runs", flush=True)


if __name__ == "__main__":
    main()
