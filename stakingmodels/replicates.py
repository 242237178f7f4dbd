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

    Of the value at risk it is that of independent paths, times the ratio of the errors of the share of the paths beyond
    it. The expected shortfall is ``v + E[max(loss - v, 0)] / (1 - confidence_level)``, v being the value at risk, of
    which an error cancels: so it is the error of this mean.
    """
    value_at_risk = results.standard_error_of_value_at_risk(confidence_level)
    if not n_replicates:
        return value_at_risk, results.standard_error_of_expected_shortfall(confidence_level)
    beyond = np.asarray(results.values + results.value_at_risk(confidence_level))
    share = mean_error(np.asarray(beyond < 0.0, dtype=np.float64), n_replicates)
    plain = math.sqrt(confidence_level * (1.0 - confidence_level) / beyond.size)
    excess = mean_error(np.maximum(-beyond, 0.0), n_replicates)
    return value_at_risk * share / plain, excess / (1.0 - confidence_level)


def controlled(results: PathArray, control: PathArray | None, n_replicates: int) -> ControlVariateMean:
    """Mean with a control variate, whose errors come from the replicates, if there are any."""
    found = ControlVariateMean.of(results, control)
    size = results.size // n_replicates * n_replicates if n_replicates else 0
    parts = tuple(
        ControlVariateMean.of(results[k:size:n_replicates], None if control is None else control[k:size:n_replicates])
        for k in range(n_replicates if size else 0)
    )
    return attrs.evolve(found, replicates=parts)
