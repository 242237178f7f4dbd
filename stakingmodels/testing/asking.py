"""Checks that a scenario gives what it is asked for, alike in any company and order, and on grids that end earlier."""

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from stakingmodels._types import FloatArray
from stakingmodels.errors import ConformanceError, InputError
from stakingmodels.market import Event, Factor, Price, TimeGrid
from stakingmodels.scenarios import BlockInputs, Drivers, Noise, Scenario, Streams
from stakingmodels.scenarios.base import Setting
from stakingmodels.testing.readings import FEW, ScenarioTrial


def check_each_alone(scenario: Scenario, grid: TimeGrid, *, seed: int = 1) -> None:
    """A factor has the same numbers alone, and with any others."""
    trial = ScenarioTrial("each-alone", scenario, grid, seed=seed)
    n = trial.paths(FEW)
    whole = trial.numbers(n_paths=n)
    for factor, asked in _subsets(scenario):
        some = trial.numbers(asked, n_paths=n)
        names = {str(each) for each in asked}
        when = f"when {factor} is {'all' if len(asked) == 1 else 'all but'} that is asked for"
        missing = sorted(names.intersection(whole) - some.keys())
        if missing:
            trial.fail(f"{missing[0]} is not given {when}")
        trial.same(
            {name: table for name, table in some.items() if name in names},
            {name: table for name, table in whole.items() if name in names},
            when,
        )


def _subsets(scenario: Scenario) -> Iterator[tuple[Factor, frozenset[Factor]]]:
    """Each factor, alone and left out."""
    for factor in sorted(scenario.factors, key=str):
        yield factor, frozenset({factor})
        yield factor, scenario.factors - {factor}


def check_asked_for(scenario: Scenario, grid: TimeGrid, *, seed: int = 1) -> None:
    """Only what is asked for is given: no other factor, but for those that it depends on."""
    trial = ScenarioTrial("asked-for", scenario, grid, seed=seed)
    for factor, asked in _subsets(scenario):
        market = trial.market(asked, n_paths=1)
        needed = {str(each) for each in scenario.needed(asked) | {Price(scenario.numeraire)}}
        given = {str(each) for each in market.factors}
        strange = sorted(given - needed)
        if strange:
            what = f"{factor} is {'all' if len(asked) == 1 else 'all but'} that is asked for"
            trial.fail(f"{strange[0]} is given when {what}, and would displace that of another part of a Joint")


class _Turned(frozenset[Factor]):
    """A set whose items come in the opposite order."""

    def __iter__(self) -> Iterator[Factor]:
        return reversed([*super().__iter__()])


@attrs.frozen(eq=False)
class _AskedInTurn(Scenario):
    """A scenario that is asked for its factors in the opposite order."""

    scenario: Scenario

    @property
    def factors(self) -> frozenset[Factor]:
        return self.scenario.factors

    @property
    def drivers(self) -> Drivers:
        return self.scenario.drivers

    @property
    def events(self) -> Mapping[Event, Setting]:
        return self.scenario.events

    @property
    def numeraire(self) -> str:
        return self.scenario.numeraire

    def needed(self, factors: frozenset[Factor]) -> frozenset[Factor]:
        return self.scenario.needed(factors)

    def n_paths(self, grid: TimeGrid) -> int | None:
        return self.scenario.n_paths(grid)

    def expected_growth(self, factor: Factor, grid: TimeGrid) -> FloatArray | None:
        return self.scenario.expected_growth(factor, grid)

    def generate(
        self, grid: TimeGrid, factors: frozenset[Factor], *, streams: Streams, noise: Noise, n_paths: int
    ) -> BlockInputs:
        asked: Any = _Turned(factors)
        return self.scenario.generate(grid, asked, streams=streams, noise=noise, n_paths=n_paths)


def check_permutation(scenario: Scenario, grid: TimeGrid, *, seed: int = 1) -> None:
    """Factors asked for in another order have the same numbers; the order of a set differs from process to process."""
    trial = ScenarioTrial("permutation", scenario, grid, seed=seed)
    n = trial.paths(FEW)
    turned = attrs.evolve(trial, scenario=_AskedInTurn(scenario)).numbers(n_paths=n)
    trial.same(turned, trial.numbers(n_paths=n), "when its factors are asked for in another order")


def check_truncation(scenario: Scenario, grid: TimeGrid, *, seed: int = 1) -> None:
    """A grid that ends earlier gives the same numbers up to its end: nothing is drawn from the last row backwards."""
    trial = ScenarioTrial("truncation", scenario, grid, seed=seed)
    last = grid.n_steps
    for stop in sorted({last - 1, grid.exit, (grid.exit + 1) // 2} - {0, last}):
        shorter = TimeGrid(grid.times[: stop + 1], min(grid.exit, stop))
        cut = attrs.evolve(trial, grid=shorter)
        if _refuses(cut):
            continue
        n = min(trial.paths(FEW), cut.paths(FEW))
        want = {
            name: table[: stop + (len(table) == grid.n_times)] if table.ndim > 1 else table  # levels, and intervals
            for name, table in trial.numbers(n_paths=n).items()
        }
        trial.same(cut.numbers(n_paths=n), want, f"when the grid ends at time {stop}, not {last}")


def _refuses(trial: ScenarioTrial) -> bool:
    """Whether the scenario refuses these times, such as those for which it has a number each."""
    try:
        trial.market(n_paths=1)
    except ConformanceError as error:
        return isinstance(error.__cause__, InputError)
    return False
