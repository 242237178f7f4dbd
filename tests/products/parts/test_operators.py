"""`among_operators`: one operator is as before, many have the mean, a common fault brings the tail back."""

import numpy as np
import pytest

from stakingmodels.engine import simulate
from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.market import Event, Price, StakingReward, TimeGrid
from stakingmodels.products import Failure, StakingPool, among_operators
from stakingmodels.rates import APR
from stakingmodels.scenarios import Constants

ONE = Failure(Event("slashing:pool", hazard=0.2), 0.5, line="slashing")
WORLD = Constants({Price("ETH"): 10.0, StakingReward("ETH"): APR(0.0)})
GRID = TimeGrid.daily("2026-01-01", days=365)


def named(name):
    return ONE.replace(event=Event(name, hazard=0.2))


def losses(n_paths=2_000, **operators):
    """Losses of a year, as a fraction of the capital, by name."""
    products = {name: StakingPool(failures=failures) for name, failures in operators.items()}
    results = simulate(products, WORLD, GRID, capital=1_000.0, n_paths=n_paths, rng=4)
    return {name: -results[name].returns for name in products}


def test_one_operator_is_the_failure_itself_and_so_is_a_fault_common_to_all():
    assert among_operators(ONE, 1) == (ONE,) == among_operators(ONE, [1.0], common=0.3)
    assert among_operators(ONE, 7, common=1.0) == (ONE,)
    assert [each.event.name for each in among_operators(ONE, 2)] == ["slashing:pool:1", "slashing:pool:2"]


def test_each_has_its_part_and_its_own_event():
    found = among_operators(ONE, (0.75, 0.25), common=0.5)
    assert [each.event.name for each in found] == ["slashing:pool:all", "slashing:pool:1", "slashing:pool:2"]
    assert [each.event.hazard for each in found] == [0.1, 0.1, 0.1]
    assert [each.severity for each in found] == [0.5, 0.375, 0.125]
    assert {each.line for each in found} == {"slashing"}


def test_the_mean_stays_and_the_tail_shrinks():
    found = losses(
        one=ONE,
        five=among_operators(ONE, 5),
        half=among_operators(named("half"), 5, common=0.5),
        many=among_operators(named("many"), 100),
    )
    means = {name: float(np.mean(loss)) for name, loss in found.items()}
    assert all(abs(mean - means["many"]) < 0.012 for mean in means.values())
    worst = {name: float(np.mean(np.sort(loss)[-100:])) for name, loss in found.items()}
    assert worst["one"] > worst["half"] > worst["five"] > worst["many"]


def test_of_many_operators_every_path_loses_the_mean():
    loss = losses(400, many=among_operators(ONE, 400))["many"]
    assert float(np.mean(loss)) == pytest.approx(1.0 - np.exp(-0.2 * 0.5), abs=0.003)
    assert float(np.std(loss)) < 0.012


def test_bad_operators_are_refused_in_a_sentence():
    for operators, message in (
        (0, "must be"),
        ((0.5, 0.4), "must be parts that sum to 1"),
        ((0.5, 0.500000005), "must be parts"),
    ):
        with pytest.raises(InputError, match=f"among_operators: operators: {message}"):
            among_operators(ONE, operators)
    with pytest.raises(InputError, match="among_operators: failure: must have an event with a hazard"):
        among_operators(Failure(Event("x")), 2)


def test_what_is_no_failure_is_refused():
    with pytest.raises(
        InputTypeError, match=r"^among_operators: failure: must be Failure; write Failure\(Event\(.*got str"
    ):
        among_operators("slashing", 2)  # type: ignore[arg-type]
