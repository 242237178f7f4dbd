"""Standard errors of figures of quasi-random paths, from the spread over their independent replicates."""

import math
from collections.abc import Mapping
from typing import Any, TypeVar, cast

import attrs
import numpy as np

from stakingmodels._types import FloatArray, PathArray
from stakingmodels.measures import ControlVariateMean, Distribution

T = TypeVar("T")


def labelled(outcomes: Mapping[str, T], n_replicates: int) -> dict[str, T]:
    """Outcomes with the number of replicates that their paths belong to in turn; 0 for independent paths."""
    if not n_replicates:
        return dict(outcomes)
    return {name: attrs.evolve(cast("Any", outcome), n_replicates=n_replicates) for name, outcome in outcomes.items()}


def means(values: PathArray, n_replicates: int) -> FloatArray:
    """Mean of each replicate, ``(n_replicates,)``, none for independent paths.

    Path k is in replicate ``k % n_replicates``. Paths beyond the last whole round of the replicates are left out.
    """
    rounds = values.size // max(n_replicates, 1)
    kept = values[: rounds * n_replicates].reshape(rounds, n_replicates)
    return np.asarray(kept.mean(axis=0)) if rounds else np.full(n_replicates, math.nan)


def mean_error(values: PathArray, n_replicates: int) -> float:
    """Standard error of the mean of all paths; NaN for one replicate."""
    if n_replicates < 2:
        return math.nan
    return float(np.std(means(values, n_replicates), ddof=1)) / math.sqrt(n_replicates)


def tail_errors(results: Distribution, confidence_level: float, n_replicates: int) -> tuple[float, float]:
    """Standard errors of value at risk and expected shortfall; those of independent paths if there are no replicates.

    Of the value at risk it is the error of the share of the paths beyond it, times how much results rise with their
    share, as they do one standard deviation of independent paths to either side; NaN if that is beyond the last path.
    The expected shortfall is ``v + E[max(loss - v, 0)] / (1 - confidence_level)``, v being the value at risk, of
    which an error cancels: so it is the error of this mean.
    """
    if not n_replicates:
        return (
            results.standard_error_of_value_at_risk(confidence_level),
            results.standard_error_of_expected_shortfall(confidence_level),
        )
    tail, n = 1.0 - confidence_level, results.values.size
    beyond = np.asarray(results.values + results.value_at_risk(confidence_level))
    # all may have as many beyond: the place of one path in its stratum is uniform, with this deviation
    least = math.sqrt(n_replicates / 12.0) / beyond.size
    share = float(np.maximum(mean_error(np.asarray(beyond < 0.0, dtype=np.float64), n_replicates), least))
    low, high = (tail * n + side * math.sqrt(n * tail * confidence_level) for side in (-1.0, 1.0))
    ends = np.interp([low, high], np.arange(n), np.sort(results.values), left=math.nan, right=math.nan)
    excess = mean_error(np.maximum(-beyond, 0.0), n_replicates)
    return share * float(ends[1] - ends[0]) / (high - low) * n, excess / tail


def controlled(results: PathArray, control: PathArray | None, n_replicates: int) -> ControlVariateMean:
    """Mean with a control variate, whose errors come from the replicates, if there are any."""
    found = ControlVariateMean.of(results, control)
    size = results.size // n_replicates * n_replicates if n_replicates else 0
    parts = tuple(
        ControlVariateMean.of(results[k:size:n_replicates], None if control is None else control[k:size:n_replicates])
        for k in range(n_replicates if size else 0)
    )
    return attrs.evolve(found, replicates=parts)
