"""Rows with other numbers, on the same paths: the same draws whatever the hazard, in one run."""

import numpy as np
import pytest

from stakingmodels import (
    APR,
    Constants,
    Event,
    ExchangeStaking,
    Failure,
    Holding,
    Joint,
    LeaveWhen,
    Occurs,
    Price,
    SoloValidator,
    StakingPool,
    StakingReward,
    TimeGrid,
    products,
    scenarios,
    simulate,
)
from stakingmodels.analysis.answer.bench import Bench, Trial, in_variant, mean_opened, yearly_coin_return
from stakingmodels.analysis.answer.held import is_held
from stakingmodels.assumptions import assumption_set
from stakingmodels.products.assumed_terms import assumed_terms
from stakingmodels.scenarios import Contagion, Crash, Hazards
from stakingmodels.scenarios.events.variants import EventVariant

GRID = TimeGrid.daily("2026-01-01", days=60, settlement_days=20)
BUST = Event("custodian:x", hazard=0.5)
WORLD = Constants({Price("ETH"): 3000.0, StakingReward("ETH"): APR(0.03)})


def earn(hazard=0.5, recovery=0.5):
    return ExchangeStaking(failures=(Failure(Event("custodian:x", hazard=hazard), recovery=recovery),))


def with_terms(rows, world=WORLD, **more):
    results = simulate(rows, world, GRID, capital=100_000.0, n_paths=600, rng=1, **more)
    numbers = assumption_set()
    return results, {name: assumed_terms(name, product, numbers) for name, product in rows.items()}


@pytest.mark.parametrize("sampling", ["independent", "stratified"])
def test_a_trial_of_fewer_paths_is_the_beginning_of_the_run(sampling):
    rows = products.reference()
    results = simulate(
        rows, scenarios.reference(), GRID, capital=100_000.0, n_paths=900, rng=3, event_sampling=sampling
    )
    bench = Bench(results, dict.fromkeys(rows, ()), n_paths=600)
    found = bench.returns(Trial(name) for name in rows)
    for name in rows:
        np.testing.assert_array_equal(found[Trial(name)], yearly_coin_return(results[name])[:600])


def test_float32_normals_are_drawn_again_as_they_were():
    results = simulate(
        {"pool": StakingPool()}, scenarios.reference(), GRID, capital=1e5, n_paths=600, rng=3, precision="float32"
    )
    assert results.precision == "float32"
    again = Bench(results, {"pool": ()}, n_paths=512).returns([Trial("pool")])[Trial("pool")]
    np.testing.assert_array_equal(again, yearly_coin_return(results["pool"])[:512])


def test_all_trials_of_hazards_are_one_run_and_equal_runs_of_their_own():
    rows = products.reference()
    results = simulate(rows, scenarios.reference(), GRID, capital=100_000.0, n_paths=512, rng=3)
    numbers = assumption_set()
    terms = {name: assumed_terms(name, product, numbers) for name, product in rows.items()}
    bench = Bench(results, terms)
    trials = [Trial.of("exchange earn", {"custodian.hazard": hazard}) for hazard in (0.0, 0.5, 3.0)]
    assert len(bench._groups(trials)) == 1
    found = bench.returns(trials)
    for trial, hazard in zip(trials, (0.0, 0.5, 3.0), strict=True):
        changed = products.with_term(rows["exchange earn"], "failures[0].event", hazard)
        alone = simulate({"x": changed}, scenarios.reference(), GRID, capital=100_000.0, n_paths=512, rng=3)
        np.testing.assert_array_equal(found[trial], yearly_coin_return(alone["x"]))
    struck = [np.mean(values < -0.1) for values in found.values()]
    assert struck[0] == 0.0 < struck[1] < struck[2]


def test_a_larger_hazard_strikes_the_same_paths_earlier_and_more():
    low, high = (in_variant(earn(hazard=h), str(h), frozenset()) for h in (0.5, 2.0))
    results = simulate({"low": low, "high": high}, WORLD, GRID, capital=1.0, n_paths=2000, rng=1)
    low_loss, high_loss = (results[name].lines["credit"] != 0.0 for name in ("low", "high"))
    assert 0 < low_loss.sum() < high_loss.sum()
    assert not (low_loss & ~high_loss).any()


def test_variants_reach_events_in_failures_rules_wrappers_and_terms_of_their_own():
    inner = SoloValidator(slashing=Event("slashing:mine", hazard=0.3), failures=(Failure(BUST),))
    wrapped = in_variant(LeaveWhen(inner, Occurs(BUST)), "7", frozenset())
    names = {event.name: event.drawn_as for event in wrapped.factors if isinstance(event, Event)}
    assert names == {"slashing:mine 7": "slashing:mine", "custodian:x 7": "custodian:x"}
    plain = Holding("ETH")
    assert in_variant(plain, "7", frozenset()) is plain
    assert in_variant(earn(), "7", frozenset({BUST})) == earn()


def test_events_with_long_names_stay_apart():
    events = [Event("custodian:" + 60 * "x" + end, hazard=hazard) for end, hazard in (("1", 0.2), ("2", 0.2))]
    found = in_variant(tuple(events), "123", frozenset())
    assert len({event.name for event in found}) == 2
    assert all(len(event.name) <= 80 for event in found)
    assert [event.drawn_as for event in found] == [event.name for event in events]


def test_slashings_of_many_validators_are_drawn_as_those_of_the_event_itself():
    solo = SoloValidator(slashing=Event("slashing:mine", hazard=2.0), slashing_severity=0.5)
    rows = {"itself": solo, "variant": in_variant(solo, "7", frozenset())}
    results = simulate(rows, scenarios.reference(), GRID, capital=1e6, n_paths=512, rng=5)
    assert results["itself"].lines["slashing"].any()
    np.testing.assert_array_equal(results["itself"].closing, results["variant"].closing)


def test_an_event_that_the_scenario_spreads_is_run_apart_and_keeps_its_law():
    crash = Crash(Price("ETH"), fall=0.2, within_days=14.0)
    hazards = Hazards(
        {Event("custodian:exchange"): None}, contagion={Event("custodian:exchange"): Contagion(crash, hazard=9.0)}
    )
    world = Joint([scenarios.reference(), hazards])
    rows = {"earn": products.reference()["exchange earn"]}
    results = simulate(rows, world, GRID, capital=1e5, n_paths=512, rng=2)
    terms = {"earn": assumed_terms("earn", rows["earn"], assumption_set())}
    trials = [Trial.of("earn", {"custodian.hazard": hazard}) for hazard in (0.0, 3.0)]
    bench = Bench(results, terms)
    assert len(bench._groups(trials)) == 2
    found = bench.means(trials)
    assert found[trials[1]] < found[trials[0]] < 0.0  # crashes strike without a hazard of its own


def test_a_variant_is_equal_by_its_name_and_pickles():
    import pickle

    event = EventVariant("x 1", hazard=0.1, of="x")
    assert pickle.loads(pickle.dumps(event)).drawn_as == "x"  # noqa: S301  # of our own making
    assert event != Event("x 1", hazard=0.1)
    assert Event("x").drawn_as == "x"


def test_returns_of_paths_that_were_not_opened_are_nan_and_left_out_of_the_mean():
    results = simulate({"solo": SoloValidator()}, scenarios.reference(), GRID, capital=1e3, n_paths=5, rng=1)
    found = yearly_coin_return(results["solo"])
    assert np.isnan(found).all()
    assert np.isnan(mean_opened(found))
    assert mean_opened(np.array([np.nan, 0.5])) == 0.5


def test_rows_that_are_just_held():
    rows = {
        "cash": Holding("USD"),
        "coin": Holding("ETH"),
        "that can fail": Holding("ETH", failures=(Failure(BUST),)),
        "with a fee": Holding("ETH", buy_fee=0.01),
        "pool": StakingPool(),
        "too little": SoloValidator(),
    }
    results = simulate(rows, scenarios.reference(), GRID, capital=1e3, n_paths=5, rng=1)
    assert [name for name in rows if is_held(results, name)] == ["cash", "coin"]
