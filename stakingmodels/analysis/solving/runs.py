"""`Runs`: a product run at several values of an unknown, on the same paths."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from typing import Any, cast

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray
from stakingmodels.analysis.solving.changed_market import changed_market
from stakingmodels.analysis.solving.targets import OTHER, PRODUCT, Target
from stakingmodels.analysis.solving.unknowns import Unknown
from stakingmodels.analysis.windows import Windows, windows_of
from stakingmodels.capital import CapitalLike
from stakingmodels.engine import Reducer, Results, simulate
from stakingmodels.ledger import Outcome
from stakingmodels.market import Factor, Market, TimeGrid
from stakingmodels.scenarios import Scenario
from stakingmodels.scenarios.quasi import Sampling

World = Market | Scenario
_ONE: dict[str, Any] = {"n_paths": 1, "overlap": 0, "is_recorded": False}


@attrs.frozen
class GapReducer(Reducer[dict[str, FloatArray]]):
    """Gap of every product to its target on each path, so that a run keeps nothing else."""

    target: Target

    def summarize(self, outcomes: Mapping[str, Outcome]) -> dict[str, FloatArray]:
        """Gaps of one block, by name."""
        return {name: np.array(self.target.gap(outcomes, name)) for name in outcomes if name != OTHER}

    def merge(self, first: dict[str, FloatArray], second: dict[str, FloatArray]) -> dict[str, FloatArray]:
        """Gaps of two stretches of paths."""
        return {name: np.concatenate([gaps, second[name]]) for name, gaps in first.items()}


@attrs.define
class Runs:
    """Runs of a product at values of an unknown, each on the same paths.

    Attributes
    ----------
    unknown, product, world, target
        The question.
    capital, grid, n_paths, entropy, sampling
        Terms of the runs, as in `simulate`; a market has its own paths.
    executor
        As in `simulate`.
    n_runs
        Number of runs of the product up to now.
    windows
        Overlap of the paths of the last run, for standard errors.
    """

    unknown: Unknown
    product: Any
    world: World
    target: Target
    capital: CapitalLike
    grid: TimeGrid
    n_paths: int | None = None
    entropy: int = 0
    executor: Executor | None = None
    sampling: Sampling = "independent"
    n_runs: int = 0
    windows: Windows = attrs.field(factory=lambda: Windows(**_ONE))

    def gaps(self, values: Sequence[float]) -> FloatArray:
        """Gap to the target at each value, ``(n_values, n_paths)``."""
        self.n_runs += len(values)
        with checks.muted(UserWarning):
            if isinstance(self.world, Market):
                return np.stack([self._in_market(self.world, value) for value in values])
            if self.unknown.is_factor:
                return np.concatenate([self._simulated([value], value) for value in values])
            return self._simulated(values, 0.0)

    def alone(self) -> "Runs":
        """Runs of the first path only, with the number of runs up to now."""
        world = self.world.slice_paths(0, 1) if isinstance(self.world, Market) else self.world
        return attrs.evolve(self, world=world, n_paths=1, sampling="independent", windows=Windows(**_ONE))

    def gap(self, value: float) -> float:
        """Gap at a value on the first path."""
        return float(self.gaps([value])[0, 0])

    def _in_market(self, market: Market, value: float) -> FloatArray:
        product = self.unknown.changed_product(self.product, value)
        if isinstance(self.unknown.of, Factor):
            reads = frozenset.union(*(each.factors for each in (product, self.target.other) if each is not None))
            market = changed_market(market, self.unknown.of, value, reads)
        outcomes = {PRODUCT: product.run(market, capital=self.capital, keep="summary")}
        if self.target.other is not None:
            outcomes[OTHER] = cast("Any", self.target.other).run(market, capital=self.capital, keep="summary")
        return self.target.gap(outcomes)

    def _simulated(self, values: Sequence[float], changed: float) -> FloatArray:
        products = {f"{PRODUCT} {k}": self.unknown.changed_product(self.product, x) for k, x in enumerate(values)}
        if self.target.other is not None:
            products[OTHER] = self.target.other
        results = simulate(
            products,
            self.unknown.changed_world(cast("Scenario", self.world), changed, self.grid),
            self.grid,
            capital=self.capital,
            n_paths=self.n_paths,
            rng=self.entropy,
            executor=self.executor,
            keep="none",
            reducers={"gaps": GapReducer(self.target)},
            sampling=self.sampling,
        )
        self._note(results)
        gaps = results.reduced["gaps"]
        return np.stack([gaps[name] for name in products if name != OTHER])

    def _note(self, results: Results) -> None:
        self.windows = windows_of(results)
