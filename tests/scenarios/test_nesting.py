"""Worlds lie in one another as deep as anybody needs, and deeper ones are refused in a sentence."""

import pytest

from stakingmodels import Constants, Holding, InputError, Joint, Price, Scenario, TimeGrid, simulate
from stakingmodels.scenarios import BlockInputs, Shock, Shocked, Streams
from stakingmodels.scenarios.nesting import NESTING_LIMIT, refuse_deep

ETH = Price("ETH")
GRID = TimeGrid.daily("2026-01-01", days=3)
WORLD = Constants({ETH: 3000.0})
SHOCK = Shock(ETH, day=1.0, change=0.01)


class Around(Scenario):
    """A world of somebody else around another."""

    def __init__(self, world):
        self.world = world

    @property
    def factors(self):
        return self.world.factors

    def generate(self, grid, factors, *, streams, noise, n_paths):
        return BlockInputs(series={ETH: 3000.0})


WRAPPERS = {
    "joint": lambda world: Joint([world]),
    "shocked": lambda world: Shocked(world, SHOCK),
    "another": Around,
    "mixed": lambda world: Joint([Shocked(Around(world), SHOCK)]),
}


def nested(wrap, times):
    world: Scenario = WORLD
    for _ in range(times):
        world = wrap(world)
    return world


@pytest.mark.parametrize(("name", "times"), [("joint", 31), ("shocked", 31), ("another", 31), ("mixed", 10)])
def test_as_deep_as_allowed_it_runs(name, times):
    world = nested(WRAPPERS[name], times)
    results = simulate({"hold": Holding(asset="ETH")}, world, GRID, capital=1.0, n_paths=2, rng=1)
    market = world.market(GRID, frozenset({ETH}), streams=Streams(1), n_paths=2)
    assert results["hold"].closing[0] == Holding(asset="ETH").run(market, capital=1.0).closing[0]


@pytest.mark.parametrize("times", [NESTING_LIMIT, 400, 3000])
@pytest.mark.parametrize("name", WRAPPERS)
def test_deeper_is_refused_in_a_sentence(name, times):
    with pytest.raises(
        InputError, match=r"must not have scenarios in one another more than 32 deep, got '33 or more' \(all"
    ):
        simulate({"hold": Holding(asset="ETH")}, nested(WRAPPERS[name], times), GRID, capital=1.0, n_paths=2)


def test_a_world_in_many_places_is_looked_at_once():
    world = Around(WORLD)
    for _ in range(30):
        world = Around((world, world))  # a billion ways down
    refuse_deep("here", [world], Scenario)
