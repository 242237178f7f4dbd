"""Time of `solve` over paths, as a multiple of one run of the product: ``python -m benchmarks.solving``."""

import argparse
import time
from collections.abc import Callable
from typing import Any

import attrs

from benchmarks.timing import Ratio, ratio, take_turns
from stakingmodels import APY, CloudMiningContract, Difficulty, Price, StakingPool, TimeGrid, scenarios, simulate
from stakingmodels.analysis import Solution, Target, solve
from stakingmodels.products import Product

LIMIT = 10.0
MINE = CloudMiningContract(term_days=730.0)
POOL = StakingPool()


@attrs.frozen
class Case:
    """A question over paths.

    Attributes
    ----------
    of, product, between
        Arguments of `solve`.
    days
        Days held.
    """

    of: Any
    product: Product
    between: tuple[float, float] | None = None
    days: int = 730

    def asked(self, n_paths: int) -> Solution:
        """Answer over the paths."""
        return solve(self.of, self.product, scenarios.reference(), self._grid(), target=TARGET, between=self.between,
                     **_run(n_paths))  # fmt: skip

    def run(self, n_paths: int) -> object:
        """One run of the product, without keeping more than a comparison does."""
        return simulate({"one": self.product}, scenarios.reference(), self._grid(), keep="summary", **_run(n_paths))

    def _grid(self) -> TimeGrid:
        return TimeGrid.daily(scenarios.REFERENCE_START, days=self.days)


TARGET = Target.annual_return(APY(0.075))
CASES = (
    Case("price_usd_per_th_s", MINE, (1.0, 100.0)),
    Case("power_usd_per_kwh", MINE.replace(price_usd_per_th_s=5.0), (0.0, 0.2)),
    Case(Difficulty("BTC"), MINE.replace(price_usd_per_th_s=5.0)),
    Case(Price("BTC"), MINE),
    Case("commission", POOL, days=365),
    Case(Price("ETH"), POOL, days=365),
)


def _run(n_paths: int) -> dict[str, Any]:
    return {"capital": 10_000.0, "n_paths": n_paths, "rng": 1}


def measured(case: Case, n_paths: int, rounds: int) -> Ratio:
    """Ratio of the times of a question and of a run, in turns."""
    calls: list[Callable[[], object]] = [lambda: case.asked(n_paths), lambda: case.run(n_paths)]
    asked, one = take_turns(calls, rounds=rounds, clock=time.process_time)
    return ratio(asked, one)


def main() -> None:
    """Measure all cases; the answers with their errors stand beside."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--paths", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    for case in CASES:
        times = measured(case, given.paths, given.rounds)
        found = case.asked(given.paths)
        errors = f"s.e. {found.standard_error:.2g}, interpolation {found.interpolation_error:.2g}"
        paths = "" if found.paths is None else f"; of a path {found.paths.interpolation_error:.2g}"
        print(f"{case.of!s:22}{times!s:>22} runs, at most {LIMIT:g}; {found.values} {errors}{paths}", flush=True)


if __name__ == "__main__":
    main()
