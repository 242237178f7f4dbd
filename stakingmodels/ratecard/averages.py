"""`Average`: average a year of products over the assumed failures, and at the ends of all assumptions, at an amount."""

from collections.abc import Mapping

import attrs

from stakingmodels.analysis import compare
from stakingmodels.analysis.answer.failures import WorstFailure, worst_failures
from stakingmodels.analysis.answer.held import is_held
from stakingmodels.assumptions import AssumptionSet
from stakingmodels.engine import simulate
from stakingmodels.market import TimeGrid
from stakingmodels.products import Product
from stakingmodels.scenarios import Scenario

CONFIDENCE_LEVEL = 0.95
"""Confidence level of the days to cash."""


@attrs.frozen(kw_only=True)
class Average:
    """Averages of a product at one amount: net return in its own coin a year, simple, a fraction; NaN for none.

    Attributes
    ----------
    low, average, high
        With all assumptions at their bad ends, as they are, and at their good ends.
    days_out
        Days to cash at the confidence level; infinite where too many paths are not settled.
    worst
        Failure with the largest expected loss; None for none.
    is_held
        Whether it just holds its coin or cash.
    """

    low: float
    average: float
    high: float
    days_out: float
    worst: WorstFailure | None
    is_held: bool


@attrs.frozen(kw_only=True, eq=False)
class Drawn:
    """Runs with events for the averages: scenario, assumption set, number of paths where they are drawn, seed.

    A run is made for each amount and set of products once it is asked for.
    """

    scenario: Scenario
    numbers: AssumptionSet
    n_paths: int
    seed: int

    def paths(self, grid: TimeGrid) -> int:
        """Number of paths of a run: as asked for, or all that the scenario has."""
        return self.scenario.n_paths(grid) or self.n_paths

    def averages(self, products: Mapping[str, Product], grid: TimeGrid, amount: float) -> dict[str, Average]:
        """Averages of some products at an amount, by name."""
        results = simulate(
            products,
            self.scenario,
            grid,
            capital=amount,
            n_paths=self.paths(grid),
            rng=self.seed,
            event_sampling="stratified",
        )
        comparison = compare(results, confidence_level=CONFIDENCE_LEVEL, assumptions=self.numbers)
        ranges, worst = comparison.ranges, worst_failures(results)
        return {
            row.product: Average(
                low=ranges[row.product].low,
                average=ranges[row.product].base,
                high=ranges[row.product].high,
                days_out=row.days_to_cash,
                worst=worst[row.product],
                is_held=is_held(results, row.product),
            )
            for row in comparison.rows
        }
