"""A host that makes numpy raise gets the numbers that everybody gets, from everything public that computes."""

import doctest
import enum
import importlib
import inspect
import pickle
import pkgutil
import warnings
from typing import Any

import numpy as np
import pytest

import stakingmodels
from stakingmodels import (
    APR,
    GeometricBrownianMotion,
    Holding,
    Market,
    Price,
    StakingPool,
    StakingReward,
    TimeGrid,
    UnitWarning,
    backtest,
    compare,
    measures,
    scenarios,
    simulate,
)
from stakingmodels.analysis import control_variate_means
from stakingmodels.engine import ControlVariates, Moments, TailRiskReducer
from stakingmodels.numerics import OwnErrorState, entrances
from stakingmodels.products import reference
from stakingmodels.scenarios import GBM, Constants, History, Joint, Streams, daily_series

ETH, REWARD = Price("ETH"), StakingReward("ETH")
GRID = TimeGrid.daily("2026-01-01", days=30, settlement_days=10)
TINY = {
    "a commission of 2e-311": StakingPool(asset="ETH", commission=2e-311, unbonding_days=3.0),
    "slashing of 1e-320": StakingPool(asset="ETH", commission=1e-320, unbonding_days=0.0),
    "hold": Holding(asset="ETH"),
}
WORLD = Joint([GeometricBrownianMotion({ETH: GBM(3000.0, volatility=0.7)}), Constants({REWARD: APR(1e-308)})])


def read_off(results):
    """Everything that can be read off a run, as text with all digits."""
    found = [
        compare(results, confidence_level=0.99).to_text(),
        repr(compare(results).to_dict()),
        repr(compare(results).rank().to_dict()),
    ]
    found += [repr(control_variate_means(results).to_dict()), repr(dict(results.reduced))]
    for outcome in results.values():
        for part in (outcome, outcome.yields(), outcome.risk(), outcome.risk(confidence_level=0.999)):
            for name, member in inspect.getmembers(type(part)):
                if name[0] != "_" and (isinstance(member, property) or inspect.ismemberdescriptor(member)):
                    found.append(f"{name}: {getattr(part, name)!r}")
    return found


@pytest.fixture
def raising():
    with np.errstate(all="raise"):
        yield


def run(products, world, capital=1e-3):
    reducers: dict[str, Any] = {"moments": Moments(), "controlled": ControlVariates(), "tail": TailRiskReducer(400)}
    return simulate(products, world, GRID, capital=capital, n_paths=400, rng=1, reducers=reducers)


@pytest.mark.parametrize("capital", [1e-3, 1e5, 1e15])
def test_what_is_read_off_a_run_is_the_same_whatever_the_host_has_told_numpy(capital):
    usual = read_off(run(TINY, WORLD, capital))
    with np.errstate(all="raise"):
        raised = read_off(run(TINY, WORLD, capital))
    with np.errstate(all="ignore"):
        ignored = read_off(run(TINY, WORLD, capital))
    assert raised == usual
    assert ignored == usual


@pytest.mark.usefixtures("raising")
def test_a_run_that_was_made_before_may_be_read_after():
    with np.errstate(all="warn", under="ignore"):
        results = run(TINY, WORLD)
        usual = read_off(results)
    assert read_off(results) == usual


@pytest.mark.usefixtures("raising")
def test_the_reference_comparison():
    grid = TimeGrid.daily(scenarios.REFERENCE_START, days=30, settlement_days=10)
    results = simulate(reference(), scenarios.reference(), grid, capital=1e5, n_paths=200, rng=1)
    assert "staking pool" in compare(results).to_text()


@pytest.mark.usefixtures("raising")
def test_markets_by_hand_and_tiny_rates():
    market = Market(GRID, {ETH: np.linspace(1.0, 1e-29, GRID.n_times), REWARD: APR(2e-311)})
    outcome = StakingPool(asset="ETH", commission=1e-310).run(market, capital=1e-3)
    assert outcome.closing.shape == (1,)
    assert [chunk.stop for chunk in WORLD.market(GRID, WORLD.factors, streams=Streams(1), n_paths=3).chunks()][-1] == 40
    assert "market standing still" in str(StakingPool(asset="ETH").quote(market, capital=1e-3))


@pytest.mark.usefixtures("raising")
def test_fits_of_records_that_hardly_move():
    days = np.arange("2024-01-01", "2026-01-01", dtype="datetime64[D]")
    wave = 1.0 + 1e-12 * np.sin(np.arange(days.size) ** 1.1)
    history = History({ETH: daily_series(days, wave, name="eth")})
    assert scenarios.fit(history) is not None
    assert backtest(
        {"hold": Holding(asset="ETH")}, history, first="2025-06-01", capital=1e3, days=20, settlement_days=0, n_paths=50
    )


@pytest.mark.usefixtures("raising")
@pytest.mark.parametrize("scale", [1e-320, 1e-200, 1e-160, 1.0])
def test_measures_of_small_numbers(scale):
    returns = scale * np.array([-1.0, 0.5, 0.25, 3.0, -2.0] * 20)
    tail = measures.Distribution(returns)
    with np.errstate(all="warn", under="ignore"):
        usual = (
            tail.expected_shortfall(0.9),
            measures.newey_west(returns, 2),
            measures.annual_volatility(3.0 + returns),
        )
    again = (tail.expected_shortfall(0.9), measures.newey_west(returns, 2), measures.annual_volatility(3.0 + returns))
    assert repr(again) == repr(usual)


# The mechanism


MODULES_ONLY = {"stakingmodels.cli", "stakingmodels.protocols", "stakingmodels.protocols.contracts"}


def public():
    """Every public function, method and property of the library that is written in Python."""
    found = {}
    for info in pkgutil.walk_packages(stakingmodels.__path__, "stakingmodels."):
        if not info.ispkg or info.name in {
            "stakingmodels.cli",
            "stakingmodels.protocols",
            "stakingmodels.protocols.contracts",
        }:
            continue
        room = importlib.import_module(info.name)
        for name in room.__all__:
            value = getattr(room, name)
            if inspect.isfunction(value):
                found[f"{info.name}.{name}"] = value
            elif inspect.isclass(value) and not issubclass(value, (enum.Enum, BaseException)):
                for each, member in vars(value).items():
                    bare = member.fget if isinstance(member, property) else getattr(member, "__func__", member)
                    if each[0] != "_" and inspect.isfunction(bare):
                        found[f"{info.name}.{name}.{each}"] = bare
    return found


WITHIN_A_RUN = (
    *("Account", "Book", "Chunk", "Factor", "Noise", "Now", "Position", "Queue", "Streams"),
    *("Exposure", "Watch", "WrapperPosition"),
)


def test_no_public_name_computes_in_the_state_of_the_host():
    bare = [name for name, function in public().items() if not hasattr(function, "is_guarded")]
    factors = [cls.__name__ for cls in _below(stakingmodels.Factor)]
    left = [name for name in bare if not any(f".{each}." in name for each in (*WITHIN_A_RUN, *factors))]
    assert left == []
    assert len(public()) > 400


def _below(cls):
    return [cls, *(each for sub in cls.__subclasses__() for each in _below(sub))]


def test_what_is_guarded_keeps_its_name_its_examples_and_its_place_in_a_pickle():
    assert pickle.loads(pickle.dumps(measures.irr)) is measures.irr  # noqa: S301
    assert inspect.signature(measures.irr).parameters.keys() == {"flows", "times_years"}
    module = importlib.import_module("stakingmodels.protocols.chains.ethereum.issuance")
    assert any(found.examples for found in doctest.DocTestFinder().find(module) if found.name.endswith(".issuance"))


@pytest.mark.usefixtures("raising")
def test_the_state_of_the_host_is_back_afterwards():
    before = np.geterr()
    Market(GRID, {ETH: 1.0})
    with pytest.raises(stakingmodels.InputError):
        Market(GRID, {ETH: -1.0})
    assert np.geterr() == before
    chunks = Market(GRID, {ETH: 1.0}).chunks()
    next(chunks)
    assert np.geterr() == before
    with OwnErrorState():
        assert np.geterr() == {"divide": "warn", "over": "warn", "under": "ignore", "invalid": "warn"}
    assert np.geterr() == before


def test_what_is_read_within_a_run_keeps_the_state_of_the_run():
    market = WORLD.market(GRID, WORLD.factors, streams=Streams(1), n_paths=3)
    with OwnErrorState(), np.errstate(all="ignore"):
        before = np.geterr()
        for _ in market.chunks():
            assert np.geterr() == before
        source = market.chunks()
        assert 0 < next(source).stop <= GRID.n_steps
    world = GeometricBrownianMotion({ETH: GBM(1e15, volatility=0.5, drift=10.0)})
    grid = TimeGrid(np.datetime64("2026-01-01", "s") + np.arange(101) * np.timedelta64(365, "D"))
    with pytest.raises(stakingmodels.NumericalError, match="overflow"):
        Holding(asset="ETH").run(world.market(grid, frozenset({ETH}), streams=Streams(1), n_paths=3), capital=1.0)


def test_warnings_point_to_the_line_of_the_caller():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        Market(GRID, {REWARD: APR(4.2)})
        simulate({"cash": Holding(asset="USD")}, Constants({REWARD: APR(4.2)}), GRID, capital=1.0, n_paths=3)
        scenarios.Shock(ETH, day=1.0, change=50.0)
    assert {warning.filename for warning in caught} == {__file__}
    assert len(caught) >= 2
    assert all(issubclass(warning.category, UnitWarning) for warning in caught)


def test_guarding_twice_changes_nothing():
    before = measures.irr
    entrances("stakingmodels.measures")
    assert measures.irr is before
