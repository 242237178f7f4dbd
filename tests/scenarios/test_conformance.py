"""The library's own scenarios pass the named checks, which stand for a test of each property of each of them."""

import inspect

import numpy as np
import pytest

from stakingmodels import TimeGrid, scenarios
from stakingmodels.scenarios import Scenario
from stakingmodels.testing import check_scenario, growth
from tests.scenarios.own import REASONS, WHOLE, WORLDS
from tests.scenarios.test_expected_growth import KNOWN

GRID = TimeGrid.daily("2026-01-01", days=30, settlement_days=15)
LONG = TimeGrid(np.array(["2026-01-01", "2026-02-15", "2026-04-01", "2026-09-01", "2027-06-01"], dtype="M8[D]"))


@pytest.mark.parametrize("name", WORLDS)
@pytest.mark.few(12)
def test_every_check_passes(name):
    check_scenario(WORLDS[name], GRID)


@pytest.mark.once
@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.few(3)
def test_every_check_passes_around_the_whole_reference(name):
    check_scenario(WHOLE[name], expected_failures=REASONS.get(name, {}))


@pytest.mark.once
@pytest.mark.parametrize("name", ["lognormal", "two that jump", "two in regimes", "redemption halted", "hash rate"])
@pytest.mark.few(3)
def test_every_check_passes_on_uneven_steps(name):
    check_scenario(WORLDS[name])


@pytest.mark.parametrize("name", KNOWN)
def test_means_grow_over_a_year_and_a_half_as_expected(name):
    for seed in (1, 2):
        check_scenario(KNOWN[name], LONG, only=["expected-growth"], seed=seed)


def kinds(scenario: Scenario) -> set[type[Scenario]]:
    """The class of a scenario, and of those within it."""
    within = [*getattr(scenario, "parts", ()), *(getattr(scenario, name, None) for name in ("scenario", "history"))]
    return {type(scenario)}.union(*(kinds(each) for each in within if isinstance(each, Scenario)))


def test_every_scenario_of_the_library_is_among_them():
    named = [getattr(scenarios, name) for name in scenarios.__all__]
    own = {each for each in named if inspect.isclass(each) and issubclass(each, Scenario) and each is not Scenario}
    found = [*WORLDS.values(), *WHOLE.values()]
    assert own - set().union(*map(kinds, found)) == set()


@pytest.mark.slow
@pytest.mark.parametrize("name", WORLDS)
def test_growth_is_that_of_the_mean_on_many_paths(name, monkeypatch):
    monkeypatch.setattr(growth, "_PATHS", 32_768)
    monkeypatch.setattr(growth, "_ERRORS", 4.0)
    growth.check_expected_growth(WORLDS[name], GRID)
