"""Checks that a scenario reads how long a step is, and that seeds are independent of each other."""

import math

import attrs
import numpy as np

from stakingmodels._types import FloatArray
from stakingmodels.errors import ConformanceError, InputError
from stakingmodels.market import Factor, TimeGrid
from stakingmodels.scenarios import Scenario
from stakingmodels.testing.readings import ScenarioTrial, given_factors
from stakingmodels.testing.trial import AnyArray

_LANE = 512
_DAYS_PER_WEEK = 7
_WEEKS = 13
_SPREAD = 1.8
"""Most by which spreads may differ; they grow with the root of time, and would differ 2.65-fold."""
_TOTAL = 3.0
"""Most by which sums may differ; they would differ sevenfold."""
_DIGITS = 1e-9  # of the level or of 1: less is no move
_DEVIATIONS = 6.0


def check_step_length(scenario: Scenario, grid: TimeGrid, *, seed: int = 1) -> None:
    """A quarter of weeks moves levels and accrues rates as the same quarter of days does, whatever the steps are.

    These are times of its own, whatever grid is given; a scenario that refuses them passes. Three spreads between paths
    of the change of a level may not all differ 1.8-fold, and the mean sizes of what a rate accrues threefold.
    """
    del grid
    days = ScenarioTrial("step-length", scenario, _times(_WEEKS * _DAYS_PER_WEEK, 1), seed=seed)
    weeks = attrs.evolve(days, grid=_times(_WEEKS, _DAYS_PER_WEEK))
    try:
        n = min(weeks.paths(_LANE), days.paths(_LANE))
        by_day, by_week = days.numbers(n_paths=n), weeks.numbers(n_paths=n)
    except InputError:
        return
    except ConformanceError as error:
        if isinstance(error.__cause__, InputError):  # such as a bootstrap of days, which takes no weeks
            return
        raise
    for factor in given_factors(scenario):
        name = str(factor)
        if name in by_day and name in by_week:
            most = _TOTAL if factor.is_rate else _SPREAD
            one, other = _moved(factor, by_day[name]), _moved(factor, by_week[name])
            real = (one > _DIGITS) & (other > _DIGITS)
            if real.all() and ((one > most * other).all() or (other > most * one).all()):
                what = "what accrues" if factor.is_rate else "the spread of its changes"
                text = f"{what} over a quarter is {one[0]:.3g} in steps of days, {other[0]:.3g} in steps of weeks"
                days.fail(f"{factor}: {text}; multiply rates by the step, and volatilities by its root")


def _times(n_steps: int, days: int) -> TimeGrid:
    start = np.datetime64("2026-01-01", "s")
    return TimeGrid(start + np.arange(n_steps + 1) * np.timedelta64(86_400 * days, "s"), n_steps)


def _moved(factor: Factor, table: AnyArray) -> FloatArray:
    """Spreads of the change of a level in units of its mean, by quartiles, deciles and deviation; or what accrues.

    Where jumps are about as frequent as one quantile, this quantile alone says little.
    """
    if factor.is_rate:
        return np.array([np.abs(table).mean(axis=1).sum()])
    if factor.kind != "level":
        return np.zeros(1)
    change = table[-1] - table[0]
    low, lower, higher, high = np.quantile(change, (0.1, 0.25, 0.75, 0.9))
    return np.array([higher - lower, high - low, change.std()]) / max(float(np.abs(table[0]).mean()), _DIGITS)


def check_seed(scenario: Scenario, grid: TimeGrid, *, seed: int = 1) -> None:
    """Another seed, and later paths, give other numbers where a factor differs between paths, not if recorded.

    Nor do they follow those of the first: over 1,024 paths their correlation is within 6 standard errors of 0.
    """
    trial = ScenarioTrial("seed", scenario, grid, seed=seed)
    if scenario.n_paths(grid) is not None:
        return
    first, second = trial.numbers(), attrs.evolve(trial, seed=seed + 1).numbers()
    for name, table in first.items():
        if _is_random(table) and np.array_equal(table, second[name]):
            trial.fail(f"{name} differs between paths, and is the same for another seed")
        one, other = table[..., :_LANE], table[..., _LANE : 2 * _LANE]
        if _is_random(one) and np.array_equal(one, other):
            trial.fail(f"{name} of the paths from {_LANE} on is that of the first {_LANE} again")
        if _is_random(table) and table.dtype != np.bool_:
            for what, before, after in (
                ("of another seed", table, second[name]),
                (f"of the paths from {_LANE} on", one, other),
            ):
                found = _rank_correlation(before[-1], after[-1])
                if abs(found) > _DEVIATIONS / math.sqrt(before.shape[1]):
                    trial.fail(f"{name} {what} follows that of the first: their correlation is {found:.2g} in the end")


def _is_random(table: AnyArray) -> bool:
    return bool((table != table[..., :1]).any())


def _rank_correlation(one: AnyArray, other: AnyArray) -> float:
    """Correlation of ranks; 0 where either has many equal numbers, of which ranks say nothing."""
    if min(np.unique(one).size, np.unique(other).size) < one.size // 2:
        return 0.0
    first, second = (np.argsort(np.argsort(each)).astype(np.float64) for each in (one, other))
    return float(np.corrcoef(first, second)[0, 1])
