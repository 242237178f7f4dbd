"""Reducers: figures of a run gathered block by block, so that nothing per path need be kept."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Generic, TypeVar

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray
from stakingmodels.engine.keep import Keep
from stakingmodels.ledger import Outcome
from stakingmodels.measures import ControlVariateMean, Distribution
from stakingmodels.replicates import controlled, mean_error, means, tail_errors

S = TypeVar("S")


class Reducer(ABC, Generic[S]):
    """A figure of a run, made of a summary of each block and a rule that merges two neighbouring summaries.

    A subclass is a frozen value that can be pickled, since blocks are summarised where they are run. `merge` must be
    associative; blocks are merged in their order, so it need not be commutative.
    """

    keeps: ClassVar[Keep] = "summary"
    """Data that the blocks of a run that keeps none must keep while they are summarized."""

    @abstractmethod
    def summarize(self, outcomes: Mapping[str, Outcome]) -> S:
        """The summary of one block: the outcome of every product on at most 8,192 paths."""

    @abstractmethod
    def merge(self, first: S, second: S) -> S:
        """The summary of two neighbouring stretches of paths."""

    def result(self, total: S) -> Any:
        """Result reported from the summary of all paths; by default the summary itself."""
        return total


@attrs.frozen
class Moment:
    """Mean and spread of one product's return in money: profit over capital and contributions.

    Attributes
    ----------
    n_paths
        Number of paths.
    mean, variance
        Mean and variance of the return; the variance with ``ddof=1``, NaN for one path.
    min, max
        The smallest and the largest return.
    replicate_means
        Mean of each replicate of quasi-random paths; empty for independent paths.
    """

    n_paths: int
    mean: float
    m2: float = attrs.field(repr=False)
    min: float
    max: float
    replicate_means: tuple[float, ...] = attrs.field(default=(), repr=False)

    @property
    def variance(self) -> float:
        """Sample variance, ``ddof=1``."""
        return self.m2 / (self.n_paths - 1) if self.n_paths > 1 else float("nan")

    @property
    def standard_error(self) -> float:
        """Standard error of the mean: of independent paths, or from the spread over replicates (NaN for one)."""
        of = self.replicate_means
        return mean_error(np.array(of), len(of)) if of else float((self.variance / self.n_paths) ** 0.5)


@attrs.frozen
class Moments(Reducer[dict[str, Moment]]):
    """Mean, variance, minimum and maximum of every product's return, merged as in Chan, Golub and LeVeque (1979)."""

    def summarize(self, outcomes: Mapping[str, Outcome]) -> dict[str, Moment]:
        """The moments of one block."""
        return {name: _moment(outcome.returns, outcome.n_replicates) for name, outcome in outcomes.items()}

    def merge(self, first: dict[str, Moment], second: dict[str, Moment]) -> dict[str, Moment]:
        """Moments of two stretches together."""
        return {name: _joined(first[name], second[name]) for name in first}


def _moment(values: FloatArray, n_replicates: int) -> Moment:
    mean = float(np.mean(values))
    squares = float(np.sum((values - mean) ** 2))
    return Moment(
        values.size,
        mean,
        squares,
        float(values.min()),
        float(values.max()),
        tuple(means(values, n_replicates).tolist()),
    )


def _joined(a: Moment, b: Moment) -> Moment:
    paths = a.n_paths + b.n_paths
    gap = b.mean - a.mean
    return Moment(
        paths,
        a.mean + gap * b.n_paths / paths,
        a.m2 + b.m2 + gap * gap * a.n_paths * b.n_paths / paths,
        min(a.min, b.min),
        max(a.max, b.max),
        tuple(x + (y - x) * b.n_paths / paths for x, y in zip(a.replicate_means, b.replicate_means, strict=True)),
    )


@attrs.frozen
class ControlVariates(Reducer[dict[str, ControlVariateMean]]):
    """Mean of every product's return with holding its own coin as a control variate, from sums of each block.

    Equals `analysis.control_variate_means`, for runs that keep nothing else.
    """

    def summarize(self, outcomes: Mapping[str, Outcome]) -> dict[str, ControlVariateMean]:
        """The sums of one block."""
        return {
            name: controlled(outcome.returns, outcome.control_variate, outcome.n_replicates)
            for name, outcome in outcomes.items()
        }

    def merge(
        self, first: dict[str, ControlVariateMean], second: dict[str, ControlVariateMean]
    ) -> dict[str, ControlVariateMean]:
        """Sums of two stretches together."""
        return {name: first[name].merge(second[name]) for name in first}


@attrs.frozen
class TailRisk:
    """Value at risk and expected shortfall of one product: losses over all money paid in, positive.

    Attributes
    ----------
    value_at_risk, expected_shortfall
        As in `Distribution`.
    value_at_risk_error, expected_shortfall_error
        Their Monte Carlo standard errors, for independent paths; NaN where too few paths lie in the tail, and for
        quasi-random paths, whose replicates the worst paths alone do not tell: see `Outcome.risk`.
    """

    value_at_risk: float
    expected_shortfall: float
    value_at_risk_error: float
    expected_shortfall_error: float


@attrs.frozen
class TailRiskReducer(Reducer[tuple[int, dict[str, FloatArray], bool]]):
    """Value at risk and expected shortfall of every product's return, computed exactly from its worst paths alone.

    Parameters
    ----------
    n_paths
        Paths of the run, at most: they set how many of the worst are kept.
    confidence_level
        Confidence level, a fraction in (0, 1).
    """

    n_paths: int = attrs.field(validator=checks.field(checks.integer, 1, checks.PATHS_LIMIT))
    confidence_level: float = attrs.field(default=0.95, validator=checks.field(checks.open_fraction), kw_only=True)

    @property
    def _kept(self) -> int:
        """Size of the tail plus one standard deviation of it, which the error of the value at risk needs."""
        size = (1.0 - self.confidence_level) * self.n_paths
        return min(int(np.ceil(size + np.sqrt(size * self.confidence_level))) + 3, self.n_paths)

    def summarize(self, outcomes: Mapping[str, Outcome]) -> tuple[int, dict[str, FloatArray], bool]:
        """Number of paths, the worst returns of each product, and whether paths are independent."""
        worst = {name: np.sort(outcome.returns)[: self._kept] for name, outcome in outcomes.items()}
        return next(iter(outcomes.values())).n_paths, worst, not any(each.n_replicates for each in outcomes.values())

    def merge(
        self, first: tuple[int, dict[str, FloatArray], bool], second: tuple[int, dict[str, FloatArray], bool]
    ) -> tuple[int, dict[str, FloatArray], bool]:
        """Worst returns of two stretches together."""
        return (
            first[0] + second[0],
            {name: np.sort(np.concatenate([first[1][name], second[1][name]]))[: self._kept] for name in first[1]},
            first[2],
        )

    def result(self, total: tuple[int, dict[str, FloatArray], bool]) -> dict[str, TailRisk]:
        """Value at risk and expected shortfall by product."""
        paths, worst, independent = total
        if paths > self.n_paths:
            checks.refuse("TailRiskReducer.paths", f"must be at least the {paths} of the run", self.n_paths)
        return {name: self._risk(paths, returns, independent=independent) for name, returns in worst.items()}

    def _risk(self, paths: int, worst: FloatArray, *, independent: bool) -> TailRisk:
        # the other paths do not matter: they get the value of the last of the worst
        whole = Distribution(np.concatenate([worst, np.full(paths - worst.size, worst[-1])]))
        return TailRisk(
            whole.value_at_risk(self.confidence_level),
            whole.expected_shortfall(self.confidence_level),
            *(tail_errors(whole, self.confidence_level, 0) if independent else (np.nan, np.nan)),
        )
