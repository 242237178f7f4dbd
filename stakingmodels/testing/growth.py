"""Check that the expected growth that a scenario states is the growth of its mean, and that nothing is foreseen."""

import math

import numpy as np

from stakingmodels._types import FloatArray
from stakingmodels.market import TimeGrid
from stakingmodels.scenarios import Scenario
from stakingmodels.testing.readings import ScenarioTrial, given_factors

_PATHS = 4_096
_MORE = 16
"""Times as many paths are drawn where none of them has moved: a jump may be rarer."""
_ERRORS = 5.0
_ROUNDING = 1e-9
_FEW = 30
"""Fewer moves than these have no standard error that says how far their mean may be off."""
_UNSEEN = 25.0
"""Rare moves that a sample may lack, each of up to the level: what a mean of few moves may be off, times the paths."""


def check_expected_growth(scenario: Scenario, grid: TimeGrid, *, seed: int = 1) -> None:
    """A level over its expected growth is a martingale: means within 5 standard errors, whatever happened before.

    Where fewer than 30 paths move unlike the others, as when jumps are rare, 25 moves of the size of the level may be
    lacking in the sample, and a standard error says nothing of them. So a wrong growth of such a level is only found
    where it is above 0.6 %; of one that has jumped on none of 65,536 paths it is taken for one that cannot jump.
    """
    trial = ScenarioTrial("expected-growth", scenario, grid, seed=seed)
    for factor in given_factors(scenario):
        growth = scenario.expected_growth(factor, grid)
        if growth is None:
            continue
        if factor.kind != "level":
            trial.fail(f"{factor} is no level, and has no growth; give None")
        _check_numbers(trial, f"the expected growth of {factor}", growth)
        n = trial.paths(_PATHS)
        found = trial.numbers(frozenset({factor}), n_paths=n).get(str(factor))
        if found is not None and _stands(found):
            found = trial.numbers(frozenset({factor}), n_paths=trial.paths(_MORE * _PATHS))[str(factor)]
        if found is not None:  # a factor that is not given is a fault of its own
            _check_martingale(trial, f"{factor} over its expected growth", found / growth[:, None])


def _check_numbers(trial: ScenarioTrial, what: str, growth: FloatArray) -> None:
    grid = trial.grid
    if not isinstance(growth, np.ndarray) or growth.shape != (grid.n_times,):
        trial.fail(f"{what} has the shape {np.shape(growth)}, not {(grid.n_times,)}; or give None")
    if not (np.isfinite(growth) & (growth > 0.0)).all():
        trial.fail(f"{what} is not finite and above 0 at all times; or give None")
    if abs(growth[0] - 1.0) > _ROUNDING:
        trial.fail(f"{what} is {float(growth[0])!r} at the opening, not 1")


def _check_martingale(trial: ScenarioTrial, what: str, values: FloatArray) -> None:
    """Mean changes are 0: over all paths, and over the paths that were above, or not above, the mean before."""
    last, jumps = trial.grid.n_steps, not _stands(values)
    times = sorted({0, 1, trial.grid.exit // 2, trial.grid.exit, last})
    for before, after in [(0, time) for time in times[1:]] + [(times[i], last) for i in range(1, len(times) - 1)]:
        change, level = values[after] - values[before], values[before]
        above = level > level.mean()
        for chosen, where in ((slice(None), ""), (above, " where it was high before"), (~above, " where it was low")):
            text = f"the mean change of {what} from time {before} to {after}{where}"
            _check_mean(trial, text, change[chosen], level[chosen], float(np.abs(level).max()), jumps=jumps)


def _stands(values: FloatArray) -> bool:
    """Whether a level is the same on all paths at all times."""
    return bool((values == values[:, :1]).all())


def _check_mean(
    trial: ScenarioTrial, what: str, changes: FloatArray, before: FloatArray, most: float, *, jumps: bool
) -> None:
    if changes.size < 2:  # no standard error
        return
    mean, error = float(changes.mean()), float(changes.std(ddof=1)) / math.sqrt(changes.size)
    relative = np.divide(changes, before, out=np.zeros(changes.shape), where=before > 0.0)
    moved = np.count_nonzero(np.abs(relative - np.median(relative)) > _ROUNDING)
    unseen = _UNSEEN / changes.size * most if jumps and moved < _FEW else 0.0
    if not abs(mean) <= _ERRORS * error + _ROUNDING * most + unseen:
        trial.fail(f"{what} is {mean:.4g}, more than {_ERRORS:g} standard errors of {error:.2g} from 0")
