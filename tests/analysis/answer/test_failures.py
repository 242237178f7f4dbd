"""The worst failure of each product."""

import attrs
import pytest

from stakingmodels import (
    APR,
    Constants,
    Event,
    ExchangeStaking,
    Holding,
    Joint,
    Price,
    SoloValidator,
    StakingPool,
    StakingReward,
    TimeGrid,
    simulate,
)
from stakingmodels.analysis.answer.failures import worst_failures
from stakingmodels.products import Failure, Falls, LeaveWhen
from stakingmodels.scenarios import Hazards

OFTEN = Failure(Event("slashing:x", hazard=0.5), severity=0.01, line="slashing")
RARE = Failure(Event("exploit:x", hazard=0.02), severity=0.6, line="exploit")
BACK = Failure(Event("custodian:x", hazard=0.1), recovery=0.99)


def worst(rows, *more):
    world = Joint([Constants({Price("ETH"): 3000.0, StakingReward("ETH"): APR(0.03)}), *more])
    grid = TimeGrid.daily("2026-01-01", days=5)
    return worst_failures(simulate(rows, world, grid, capital=1e5, n_paths=2, rng=1))


def test_it_is_the_one_with_the_largest_expected_loss():
    found = worst({"pool": StakingPool(failures=(OFTEN, RARE, BACK)), "hold": Holding("ETH")})
    assert attrs.astuple(found["pool"]) == ("exploit:x", 0.02, 0.6)
    assert found["hold"] is None


def test_what_comes_back_is_no_loss():
    found = worst({"earn": ExchangeStaking(failures=(Failure(BACK.event, recovery=0.4),))})
    assert attrs.astuple(found["earn"]) == ("custodian:x", 0.1, pytest.approx(0.6))


def test_the_slashing_of_a_validator_counts():
    found = worst({"solo": SoloValidator(slashing=Event("slashing:y", hazard=0.3), slashing_severity=0.2)})
    assert attrs.astuple(found["solo"]) == ("slashing:y", 0.3, 0.2)


def test_a_wrapper_has_the_failures_of_what_it_holds():
    held = LeaveWhen(StakingPool(failures=(RARE,)), Falls(Price("ETH"), 0.5))
    assert attrs.astuple(worst({"leaving": held})["leaving"]) == ("exploit:x", 0.02, 0.6)


def test_a_hazard_of_the_scenario_goes_before_that_of_the_product():
    found = worst({"pool": StakingPool(failures=(OFTEN, RARE))}, Hazards({Event("slashing:x"): 3.0}))
    assert attrs.astuple(found["pool"]) == ("slashing:x", 3.0, 0.01)
