"""Arrays that you get are read-only, also those of a copy, a deep copy or a pickle; and none is the caller's own."""

import copy
import pickle
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from typing import Any

import attrs
import numpy as np
import pytest

from stakingmodels import (
    APR,
    APY,
    Constants,
    Event,
    History,
    Market,
    Price,
    StakingModelsError,
    StakingPool,
    StakingReward,
    TimeGrid,
    analysis,
    compare,
    engine,
    measures,
    products,
    scenarios,
    simulate,
)
from stakingmodels.protocols.chains import ethereum
from stakingmodels.scenarios import Streams

ETH = Price("ETH")
GRID = TimeGrid.daily("2026-01-01", days=40, settlement_days=50)


def found(value: object, name: str, seen: set[int]) -> Iterator[tuple[str, np.ndarray]]:
    """All arrays that can be reached from an object by its public attributes and the keys of its mappings."""
    if isinstance(value, np.ndarray):
        yield name, value
        return
    ours = type(value).__module__.startswith("stakingmodels")
    if id(value) in seen or (not ours and not isinstance(value, (tuple, list, Mapping))):
        return
    seen.add(id(value))
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from found(each, f"{name}[{key}]", seen)
    elif isinstance(value, (tuple, list)):
        for number, each in enumerate(value[:40]):
            yield from found(each, f"{name}[{number}]", seen)
    if not ours:
        return
    kind = type(value)
    fields = {f.name for f in attrs.fields(kind)} if attrs.has(kind) else {*getattr(value, "__dict__", ())}
    properties = {key for base in kind.__mro__ for key, each in vars(base).items() if isinstance(each, property)}
    for key in sorted(fields | {key for key in properties if not key.startswith("_")}):
        with suppress(StakingModelsError):  # what was not kept says so
            yield from found(getattr(value, key), f"{name}.{key}", seen)


@cache
def samples() -> dict[str, object]:
    """One of each thing that a user is given."""
    world, sheets = scenarios.reference(), products.reference()
    few = simulate(sheets, world, GRID, capital=200_000.0, n_paths=20, rng=1, keep="ledger")
    more = simulate(
        sheets,
        world,
        GRID,
        capital=200_000.0,
        n_paths=300,
        rng=1,
        reducers={
            "moments": engine.Moments(),
            "tail": engine.TailRiskReducer(300),
            "controlled": engine.ControlVariates(),
        },
    )
    dates = np.arange(np.datetime64("2024-01-01"), np.datetime64("2025-12-31"))
    random = np.random.default_rng(1)
    prices = 3_000.0 * np.exp(np.cumsum(0.03 * random.standard_normal(dates.size)))
    history = History({ETH: scenarios.daily_series(dates, prices, name="made up")})
    market = Market(GRID, {ETH: np.linspace(1.0, 2.0, GRID.n_times), StakingReward("ETH"): APR(0.03)})
    outcome = StakingPool().run(market, capital=100.0, keep="ledger")
    return {
        "grid": GRID,
        "rate": APY(np.array([0.1, 0.2])),
        "history": history,
        "world": world,
        "bootstrap": scenarios.StationaryBootstrap(history, mean_block_days=20.0),
        "daily series": scenarios.daily_series(dates, prices, name="made up"),
        "fit": scenarios.reference_fit(),
        "results": few,
        "outcome": outcome,
        "yields": few["staking pool"].yields(),
        "risk": few["staking pool"].risk(),
        "more": more,
        "comparison": compare(more, price_views=(-0.5,)),
        "means": analysis.control_variate_means(more),
        "quote": StakingPool().quote(market, capital=100.0),
        "distribution": measures.Distribution(np.array([1.0, -2.0, 0.5])),
        "market": market,
        "validator runs": ethereum.simulate_validators(32 * 10**9, 3 * 10**16, 1, lives=3, epochs=300),
        "epoch state": epoch_state(),
    }


def epoch_state() -> object:
    eth = 32 * 10**9
    return ethereum.EpochState(
        epoch=5,
        registry=ethereum.Registry.of([eth] * 3, [eth] * 3, [eth] * 3),
        previous_participation=np.array([7, 7, 7]),
        current_participation=np.array([7, 7, 7]),
        finality=ethereum.Finality.finalizing(5),
        exits=ethereum.ChurnQueue(0, 0),
        slashings=ethereum.Slashings.empty(ethereum.FULU),
    )


@cache
def answers() -> dict[str, object]:
    """Arrays that methods return."""
    held: Any = samples()
    history, outcome, world = held["history"], held["outcome"], held["world"]
    jumps = scenarios.RegimeSwitching(
        {ETH: scenarios.RegimeGBM(3.0, volatility={"a": 0.1, "b": 0.2})},
        transition_rates={("a", "b"): 1.0, ("b", "a"): 1.0},
    )
    crash = scenarios.Shock(ETH, day=3.0, change=-0.5)
    worlds = {
        "constants": Constants({ETH: 3.0}),
        "gbm": scenarios.GeometricBrownianMotion({ETH: scenarios.GBM(3.0, volatility=0.5, drift=0.1)}),
        "reference": world,
        "shocked": scenarios.Shocked(world, [crash]),
        "pinned": scenarios.Pinned(world, {ETH: -0.5}),
    }
    return {
        "recorded": history.recorded(ETH),
        "closes": held["bootstrap"].closes(ETH),
        "returns of a bootstrap": held["bootstrap"].returns(ETH),
        "group": outcome.group("reward"),
        "growth of a market": world.market(GRID, frozenset({ETH}), streams=Streams(1), n_paths=3).expected_growth(ETH),
        **{f"growth of {name}": each.expected_growth(ETH, GRID) for name, each in worlds.items()},
        "tail weights": held["distribution"].tail_weights(0.5),
        "rate matrix": jumps.rate_matrix(),
        "levels": scenarios.SetTo(ETH, day=3.0, level=3.0).levels(GRID.elapsed_days),
        "multiplier": crash.multiplier(GRID.elapsed_days),
        "masses": ethereum.Binomial(10, 0.3).masses(),
        "masses of a certainty": ethereum.Binomial(10, 1.0).masses(),
        "mean": ethereum.Multinomial(10, (0.3, 0.7)).mean,
        "covariance": ethereum.Multinomial(10, (0.3, 0.7)).covariance,
    }


def restored(text: bytes) -> object:
    return pickle.loads(text)  # noqa: S301 (its own bytes)


COPIES = {
    "itself": lambda value: value,
    "copy": copy.copy,
    "deep copy": copy.deepcopy,
    "pickle": lambda value: restored(pickle.dumps(value)),
    "pickle of protocol 2": lambda value: restored(pickle.dumps(value, 2)),
    "copy of a pickle": lambda value: copy.deepcopy(restored(pickle.dumps(value))),
}


NAMES = (
    *("grid", "rate", "history", "world", "bootstrap", "daily series", "fit", "results", "outcome", "yields", "risk"),
    *("more", "comparison", "means", "quote", "distribution", "market"),
    *("validator runs", "epoch state"),
)


@pytest.mark.parametrize("copied", COPIES.values(), ids=COPIES)
@pytest.mark.parametrize("name", NAMES)
def test_arrays_can_neither_be_written_to_nor_made_so(name, copied):
    wrong = []
    for path, array in found(copied(samples()[name]), name, set()):
        try:
            array.setflags(write=True)
        except ValueError:
            continue
        wrong.append(path)
    assert wrong == []


@pytest.mark.parametrize("name", answers())
def test_what_methods_return_is_read_only(name):
    arrays = [array for _, array in found(answers()[name], name, set())]
    assert arrays
    for array in arrays:
        with pytest.raises(ValueError, match="WRITEABLE"):
            array.setflags(write=True)


OWN = {
    "Constants of one number": (np.array(3_000.0), lambda given: Constants({ETH: given}).values[ETH]),
    "Market of one number": (np.array(3_000.0), lambda given: opening(Market(GRID, {ETH: given}))),
    "Market of a series": (np.full(GRID.n_times, 5.0), lambda given: opening(Market(GRID, {ETH: given}))),
    "Market of paths": (np.full((1, 3), 5.0), lambda given: opening(Market(GRID, {ETH: given}))),
    "Market of an event": (np.array(False), lambda given: strikes(Market(GRID, {ETH: 1.0, Event("x"): given}))),
    "APR": (np.array([0.1, 0.2]), lambda given: APR(given).value),
    "APY": (np.array([0.1, 0.2]), lambda given: APY(given).value),
    "TimeGrid": (GRID.times.copy(), lambda given: TimeGrid(given).times),
    "Distribution": (np.array([1.0, 2.0]), lambda given: measures.Distribution(given).values),
}


def opening(market: Market) -> np.ndarray:
    return next(market.chunks()).rows[ETH]


def strikes(market: Market) -> np.ndarray:
    return np.array([path for _, paths in market.event_hits[Event("x")].items() for path in paths])


@pytest.mark.parametrize(("given", "read"), OWN.values(), ids=OWN)
def test_what_is_given_is_copied(given, read):
    before = given.copy()
    held = read(given)
    then = np.copy(held)
    given[...] = ~given if given.dtype == bool else given + given.dtype.type(1) if given.dtype.kind == "f" else given[0]
    assert np.array_equal(held, then)
    assert not np.array_equal(given, before)
    assert not np.shares_memory(given, held)


def test_every_sample_is_looked_at_and_most_hold_arrays():
    assert {*NAMES} == {*samples()}
    bare = [name for name in NAMES if not any(True for _ in found(samples()[name], name, set()))]
    assert bare == ["fit", "risk", "means"]
