"""`over_paths`: the values at which each path, and their mean, meet a target, from nine runs on the same paths."""

import math

import numpy as np

from stakingmodels._types import BoolArray, FloatArray
from stakingmodels.analysis.solving.inverse import Curves
from stakingmodels.analysis.solving.path_values import PathValues
from stakingmodels.analysis.solving.runs import Runs
from stakingmodels.analysis.solving.solution import Solution, Status
from stakingmodels.analysis.solving.spread import Scale
from stakingmodels.analysis.windows import Windows

FIRST = 5
"""Runs across the bracket; four more go where the paths have their values."""
_WHERE = (0.1, 0.5, 0.9)
_NEAR = 1e-3  # of the bracket, within which a value is not tried again


def over_paths(runs: Runs, scale: Scale, tried: FloatArray, gaps: FloatArray) -> Solution:
    """Values of each path and of their mean.

    Five runs across the bracket say roughly where the paths have their values; three more go to the 10, 50 and 90 %
    quantiles of these, and one to where the mean meets the target. Between runs each path is interpolated.

    Parameters
    ----------
    runs, scale
        Runs of the product, and the scale of the bracket.
    tried, gaps
        Values tried across the bracket, and gaps there, ``(n_tried, n_paths)``.
    """
    for places in (_of_paths, _of_mean):
        more = scale.new(places(scale, tried, gaps), tried, _NEAR)
        if more.size:
            order = np.argsort(np.concatenate([tried, more]))
            gaps = np.concatenate([gaps, runs.gaps(more.tolist())])[order]
            tried = np.concatenate([tried, more])[order]
    whole = np.concatenate([gaps, gaps.mean(axis=1, keepdims=True)], axis=1)
    return _solution(runs, scale, tried, Curves(scale.to(tried), whole))


def _of_paths(scale: Scale, tried: FloatArray, gaps: FloatArray) -> FloatArray:
    """Points where the paths have their values; between those tried where none has one."""
    curves = Curves(scale.to(tried), gaps)
    values = curves.first_roots()
    inside = values[np.isfinite(values)]
    if inside.size:
        return np.quantile(inside, _WHERE)
    return np.asarray(0.5 * (curves.at[1:] + curves.at[:-1]))


def _of_mean(scale: Scale, tried: FloatArray, gaps: FloatArray) -> FloatArray:
    """Point where the mean meets the target; the median of the paths where it does nowhere."""
    mean = Curves(scale.to(tried), gaps.mean(axis=1, keepdims=True))
    turns = np.flatnonzero(mean.turns[:, 0])
    if turns.size:
        return mean.roots(turns[:1], np.zeros(1, dtype=np.int64))
    return np.quantile(_of_paths(scale, tried, gaps), [0.25])


def _solution(runs: Runs, scale: Scale, tried: FloatArray, curves: Curves) -> Solution:
    """Answer from the curves of the paths, of which the last is their mean."""
    mean, n = curves.values[:, -1], curves.values.shape[1] - 1
    turns = np.flatnonzero(curves.turns[:, -1])
    meets = mean >= 0.0
    last = np.full(turns.size, n)
    roots = curves.roots(turns, last)
    apart = np.abs(roots - curves.lines(turns, last))
    or_less = bool(meets[turns[0]]) if turns.size else bool(mean[0] > mean[-1])
    status: Status = "found" if turns.size else "always" if meets[0] else "never"
    return Solution(
        unknown=runs.unknown,
        product=type(runs.product).__name__,
        target=runs.target,
        between=(float(tried[0]), float(tried[-1])),
        status=status,
        values=tuple(
            runs.unknown.rounded(scale.back(root), or_less=or_less == (k % 2 == 0)) for k, root in enumerate(roots)
        ),
        or_less=or_less,
        is_jump=False,
        tried=tried,
        gaps=mean,
        years=runs.grid.years,
        n_paths=n,
        n_runs=runs.n_runs,
        standard_error=_error(runs.windows, curves, roots, scale) if turns.size else math.nan,
        interpolation_error=scale.width(roots[0], apart[0]) if turns.size else math.nan,
        paths=_path_values(runs, scale, curves, or_less=or_less),
    )


def _error(windows: Windows, curves: Curves, roots: FloatArray, scale: Scale) -> float:
    """Standard error of the value at which the mean meets the target: that of the mean there over its slope."""
    near = int(np.argmin(np.abs(curves.at - roots[0])))
    _, error = windows.mean(curves.values[near, :-1])
    mean = curves.values[:, -1]
    k = int(np.flatnonzero(curves.turns[:, -1])[0])
    slope = (mean[k + 1] - mean[k]) / (curves.at[k + 1] - curves.at[k])
    return scale.width(roots[0], error / abs(slope))


def _path_values(runs: Runs, scale: Scale, curves: Curves, *, or_less: bool) -> PathValues:
    paths = Curves(curves.at, curves.values[:, :-1])
    roots = paths.first_roots()
    apart = paths.moved_without(roots)
    inside = np.isfinite(roots)
    always, never = paths.meets.all(axis=0), ~paths.meets.any(axis=0)
    values = np.where(always == or_less, np.inf, -np.inf)  # beyond the end at which the answer would change
    values[inside] = runs.unknown.rounded_all(scale.back_all(roots[inside]), or_less=or_less)
    errors = np.zeros(values.size)
    errors[inside] = scale.widths(roots[inside], apart[inside])
    return PathValues(
        values=values,
        errors=errors,
        never=float(never.mean()),
        always=float(always.mean()),
        several=float((paths.turns.sum(axis=0) > 1).mean()),
        not_monotone=float((~paths.is_monotone).mean()),
        standard_error=_mean_error(runs.windows, values, inside),
    )


def _mean_error(windows: Windows, values: FloatArray, inside: BoolArray) -> float:
    """Standard error of the mean over the paths that have a value; NaN for overlapping windows some of which lack."""
    if inside.all():
        return windows.mean(values)[1]
    if windows.overlap or windows.n_replicates or inside.sum() < 2:
        return math.nan
    return float(np.std(values[inside], ddof=1) / math.sqrt(inside.sum()))
