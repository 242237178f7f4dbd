"""When events strike."""

import numpy as np
import pytest

from stakingmodels.market import Event, Price, StakingReward, TimeGrid
from stakingmodels.products import Failure, StakingPool
from stakingmodels.rates import APR
from stakingmodels.scenarios import Constants, Streams
from stakingmodels.scenarios.events.occurrences import strike

MANY = 8_192

YEAR = TimeGrid.daily("2026-01-01", days=365)


def struck(hits, paths=MANY):
    """How often each path is struck."""
    count = np.zeros(paths)
    for indices in hits.values():
        count[indices] += 1
    return count


def first_strikes(hits, paths=MANY):
    """The first step in which each path is struck; a large number for never."""
    first = np.full(paths, 10**9)
    for step in sorted(hits, reverse=True):
        first[hits[step]] = step
    return first


@pytest.mark.parametrize("hazard", [0.01, 0.1, 1.0, 3.0])
def test_the_probability_of_an_event_is_that_of_its_hazard(hazard):
    expected = -np.expm1(-hazard)
    share = (struck(strike("x", hazard, YEAR, Streams(11), MANY)) > 0).mean()
    assert abs(share - expected) < 4 * np.sqrt(expected * (1 - expected) / MANY)


@pytest.mark.parametrize("days", [30, 200])
def test_the_probability_grows_with_the_length_of_the_grid(days):
    expected = -np.expm1(-2.0 * days / 365)
    hits = strike("x", 2.0, TimeGrid.daily("2026-01-01", days=days), Streams(11), MANY)
    assert abs((struck(hits) > 0).mean() - expected) < 4 * np.sqrt(expected * (1 - expected) / MANY)


def test_events_repeat_at_their_hazard():
    count = struck(strike("x", 2.0, YEAR, Streams(12), MANY))
    share = -np.expm1(-2.0 / 365) * 365  # two in one step are one
    assert abs(count.mean() - share) < 4 * np.sqrt(2.0 / MANY)
    assert count.var() == pytest.approx(2.0, rel=0.1)


def test_strikes_spread_evenly_over_the_year():
    hits = strike("x", 1.0, YEAR, Streams(13), MANY)
    steps = np.repeat(list(hits), [len(indices) for indices in hits.values()])
    assert abs(steps.mean() - 182) < 4 * 365 / np.sqrt(12 * steps.size)
    assert len(hits) == 365


def test_a_larger_hazard_only_brings_strikes_forward():
    low, high = (strike("x", hazard, YEAR, Streams(14), MANY) for hazard in (0.3, 0.6))
    assert (first_strikes(high) <= first_strikes(low)).all()
    assert (first_strikes(high) < first_strikes(low)).any()
    assert (struck(high) >= struck(low)).all()


def test_steps_of_different_length_strike_by_their_length():
    grid = TimeGrid(np.array(["2026-01-01", "2026-01-31", "2027-01-01"], dtype="M8[D]"))
    hits = strike("x", 1.0, grid, Streams(17), MANY)
    expected = -np.expm1(-30 / 365)
    assert abs(len(hits[0]) / MANY - expected) < 4 * np.sqrt(expected / MANY)


def test_names_strike_apart_and_equal_names_together():
    one, other = (strike(name, 1.0, YEAR, Streams(18), MANY) for name in ("x", "y"))
    again = strike("x", 1.0, YEAR, Streams(18), MANY)
    assert {k: v.tolist() for k, v in one.items()} == {k: v.tolist() for k, v in again.items()}
    together = np.corrcoef(struck(one) > 0, struck(other) > 0)[0, 1]
    assert abs(together) < 4 / np.sqrt(MANY)


def test_without_hazard_nothing_happens():
    assert strike("x", 0.0, YEAR, Streams(19), MANY) == {}


# In a scenario


FACTORS = {Price("ETH"), StakingReward("ETH")}
CALM = {Price("ETH"): 10.0, StakingReward("ETH"): APR(0.0)}


def losses(world, event):
    """Closing values of a pool that a slashing halves."""
    market = world.market(YEAR, frozenset({*FACTORS, event}), streams=Streams(20), n_paths=500)
    pool = StakingPool(commission=0.0, failures=(Failure(event, 0.5, line="slashing"),))
    return pool.run(market, capital=100.0).closing.tolist()


def test_the_hazard_may_stand_with_the_event_or_in_the_scenario():
    carried = losses(Constants(CALM), Event("x", hazard=1.0))
    assert losses(Constants({**CALM, Event("x"): 1.0}), Event("x")) == carried
    assert 0 < carried.count(100.0) < 500


def test_the_scenario_overrides_what_the_event_carries():
    assert losses(Constants({**CALM, Event("x"): 1.0}), Event("x", hazard=5.0)) == losses(
        Constants(CALM), Event("x", hazard=1.0)
    )
    assert losses(Constants({**CALM, Event("x"): 0.0}), Event("x", hazard=5.0)) == [100.0] * 500
