"""Objects are equal by what they are made of; a copy and a pickle are equal to the original, with the same hash."""

import copy
import pickle
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels import (
    APR,
    Constants,
    Event,
    GeometricBrownianMotion,
    History,
    Joint,
    Market,
    Price,
    StakingPool,
    StakingReward,
    TimeGrid,
    compare,
    measures,
    products,
    scenarios,
    simulate,
)
from stakingmodels.equality import ByValue, same
from stakingmodels.scenarios import GBM, Scenario

ETH, BTC = Price("ETH"), Price("BTC")
DAYS = np.arange(np.datetime64("2024-01-01"), np.datetime64("2025-12-31"))


def grid(start="2026-01-01", days=30, settlement_days=5):
    return TimeGrid.daily(start, days=days, settlement_days=settlement_days)


def series(last=4_000.0, name="made up"):
    return scenarios.daily_series(DAYS, np.linspace(3_000.0, last, DAYS.size), name=name)


def record(**terms):
    return History({ETH: series()}, **terms)


def lognormal(volatility=0.7):
    return GeometricBrownianMotion(
        {ETH: GBM(3_000.0, volatility=volatility), BTC: GBM(9e4, volatility=0.5)}, correlation={(ETH, BTC): 0.8}
    )


def run(paths=50, rng=1):
    return simulate({"pool": StakingPool("ETH")}, scenarios.reference(), grid(), capital=1e5, n_paths=paths, rng=rng)


def of(seed):
    return run(rng=seed)["pool"]


def market():
    return Market(grid(), {ETH: 10.0, StakingReward("ETH"): APR(0.1)})


# What makes one thing, and what makes another of the kind that differs in one number.
MADE: dict[str, tuple[Any, Any]] = {
    "grid": (grid, lambda: grid(days=31, settlement_days=4)),
    "grid of other times": (grid, lambda: grid("2026-01-02")),
    "rate": (lambda: APR(0.1), lambda: APR(0.2)),
    "constants": (lambda: Constants({ETH: 3_000.0}), lambda: Constants({ETH: 3_001.0})),
    "constants of a rate": (
        lambda: Constants({StakingReward("ETH"): APR(0.03), Event("x"): 0.1}),
        lambda: Constants({StakingReward("ETH"): APR(0.031), Event("x"): 0.1}),
    ),
    "lognormal": (lognormal, lambda: lognormal(0.71)),
    "joint": (lambda: Joint([lognormal(), Constants({})]), lambda: Joint([Constants({}), lognormal()])),
    "shocked": (
        lambda: scenarios.Shocked(lognormal(), [scenarios.Shock(ETH, day=3.0, change=-0.5)]),
        lambda: scenarios.Shocked(lognormal(), [scenarios.Shock(ETH, day=4.0, change=-0.5)]),
    ),
    "pinned": (
        lambda: scenarios.Pinned(lognormal(), {ETH: -0.5}),
        lambda: scenarios.Pinned(lognormal(), {ETH: -0.4}),
    ),
    "hazards": (lambda: scenarios.Hazards({Event("x"): 0.1}), lambda: scenarios.Hazards({Event("x"): 0.2})),
    "daily series": (series, lambda: series(4_001.0)),
    "daily series of another name": (series, lambda: series(name="other")),
    "history": (record, lambda: record(first="2024-02-01")),
    "bootstrap": (
        lambda: scenarios.StationaryBootstrap(record(), mean_block_days=20.0),
        lambda: scenarios.StationaryBootstrap(record(), mean_block_days=21.0),
    ),
    "reference": (scenarios.reference, lambda: scenarios.reference(jumps=True)),
    "fit": (scenarios.reference_fit, lambda: scenarios.reference_fit().sample_parameters(1)),
    "distribution": (
        lambda: measures.Distribution(np.array([1.0, 2.0])),
        lambda: measures.Distribution(np.array([1.0, 2.5])),
    ),
    "products": (lambda: tuple(products.reference().values()), lambda: (StakingPool("ETH"),)),
    "outcome": (lambda: of(1), lambda: of(2)),
    "yields": (lambda: of(1).yields(), lambda: of(2).yields()),
    "risk": (lambda: of(1).risk(), lambda: of(2).risk()),
    "comparison": (lambda: compare(run()), lambda: compare(run(rng=2))),
    "quote": (
        lambda: StakingPool("ETH").quote(market(), capital=10.0),
        lambda: StakingPool("ETH").quote(market(), capital=11.0),
    ),
}
COPIES = {
    "made again": lambda make, _: make(),
    "copy": lambda _, one: copy.copy(one),
    "deep copy": lambda _, one: copy.deepcopy(one),
    "pickle": lambda _, one: pickle.loads(pickle.dumps(one)),  # noqa: S301
}


@pytest.mark.parametrize("copied", COPIES.values(), ids=COPIES)
@pytest.mark.parametrize("name", MADE)
def test_a_copy_is_equal_and_has_the_same_hash(name, copied):
    make, _ = MADE[name]
    one = make()
    again = copied(make, one)
    assert again == one
    assert hash(again) == hash(one)
    assert len({one, again}) == 1


@pytest.mark.parametrize("name", MADE)
def test_what_differs_in_one_number_is_not_equal(name):
    make, differs = MADE[name]
    assert make() != differs()
    assert make() != 3
    assert make() is not None


def test_a_run_is_equal_to_the_run_of_the_same_seed():
    assert run() == run()
    assert run() != run(rng=2)
    assert run() != run(paths=51)


def test_a_market_is_equal_to_itself_only():
    one = market()
    assert one == one  # noqa: PLR0124
    assert one != market()


def test_the_order_of_a_mapping_is_no_difference():
    one = GeometricBrownianMotion({ETH: GBM(3_000.0, volatility=0.7), BTC: GBM(9e4, volatility=0.5)})
    other = GeometricBrownianMotion({BTC: GBM(9e4, volatility=0.5), ETH: GBM(3_000.0, volatility=0.7)})
    assert one == other
    assert hash(one) == hash(other)


def test_a_class_that_is_no_attrs_class_is_equal_to_itself_only():
    class Own(Scenario):
        factors = frozenset()

        def generate(self, grid, factors, *, streams, noise, n_paths):
            raise NotImplementedError

    one = Own()
    assert one == one  # noqa: PLR0124
    assert one != Own()
    assert hash(one) == hash(one)


@attrs.frozen(eq=False)
class Thing(ByValue):
    value: Any


VALUES: Any = st.recursive(
    st.one_of(st.floats(), st.integers(), st.text(), st.none())
    | st.lists(st.floats(), max_size=3).map(np.array)
    | st.sampled_from([np.datetime64("NaT", "D"), np.datetime64("2026-01-01"), -0.0, 0.0]),
    lambda inner: st.lists(inner, max_size=3).map(tuple) | st.dictionaries(st.text(max_size=2), inner, max_size=3),
    max_leaves=5,
)


@given(VALUES, VALUES)
def test_what_is_equal_has_one_hash(one, other):
    again = pickle.loads(pickle.dumps(one))  # noqa: S301
    assert Thing(one) == Thing(again)
    assert hash(Thing(one)) == hash(Thing(again))
    assert (Thing(one) == Thing(other)) == (Thing(other) == Thing(one)) == same(one, other)
    if Thing(one) == Thing(other):
        assert hash(Thing(one)) == hash(Thing(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (np.zeros(3), np.zeros((1, 3))),
        (np.zeros(3), np.zeros(3, dtype=np.float32)),
        (np.zeros(3), (0.0, 0.0, 0.0)),
        (np.zeros(3), 0.0),
        (np.array([np.nan, 1.0]), np.array([1.0, np.nan])),
        ({"a": 1.0}, {"a": 1.0, "b": 2.0}),
        ({"a": 1.0}, {"b": 1.0}),
        ((1.0,), (1.0, 2.0)),
        (float("nan"), 1.0),
    ],
)
def test_what_is_not_equal(one, other):
    assert not same(one, other)
    assert not same(other, one)
    assert Thing(one) != Thing(other)


def test_zeros_of_either_sign_are_equal():
    assert Thing(np.array([0.0, np.nan])) == Thing(np.array([-0.0, -np.nan]))
    assert hash(Thing(np.array([0.0, np.nan]))) == hash(Thing(np.array([-0.0, -np.nan])))
