"""The check that quasi-random paths of a scenario depend on nothing but seed, name, number and replicates."""

from collections.abc import Iterator

from stakingmodels.market import TimeGrid
from stakingmodels.scenarios import Scenario
from stakingmodels.testing.readings import WIDE, ScenarioTrial
from stakingmodels.testing.trial import Numbers, difference

_REPLICATES = 16
_LANE = 512
_AT_ONCE = 7


def check_quasi_random(scenario: Scenario, grid: TimeGrid, *, seed: int = 1) -> None:
    """Quasi-random paths are the same in any part and in any chunks, where independent ones are."""
    if scenario.is_recorded or scenario.n_paths(grid) is not None:
        return
    plain = ScenarioTrial("quasi-random", scenario, grid, seed=seed)
    trial = ScenarioTrial("quasi-random", scenario, grid, n_replicates=_REPLICATES, seed=seed)
    for (got, want, _), (quasi, wanted, when) in zip(_pairs(plain), _pairs(trial), strict=True):
        if difference(got, want) is None:  # otherwise it is the fault of another check
            trial.same(quasi, wanted, when)


def _pairs(trial: ScenarioTrial) -> Iterator[tuple[Numbers, Numbers, str]]:
    """Numbers that must be the same, and when they are not."""
    market = trial.market()
    whole = trial.read(market)
    yield trial.read(market, _AT_ONCE), whole, f"when {_AT_ONCE} steps of quasi-random paths are read at once"
    few = {name: table[..., :_REPLICATES] for name, table in whole.items()}
    yield trial.numbers(n_paths=_REPLICATES), few, f"when {_REPLICATES} quasi-random paths are asked for, not {WIDE}"
    rest = {name: table[..., _LANE:] for name, table in whole.items()}
    alone = trial.numbers(n_paths=WIDE - _LANE, first_path=_LANE)
    yield alone, rest, f"(counted from path {_LANE}) when quasi-random paths are made by themselves"
