"""`simulate(event_sampling="stratified")`: unbiased means and tails of a product, any executor, and what is told."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from stakingmodels import Constants, Event, Holding, Price, StakingPool, StakingReward, TimeGrid, compare, simulate
from stakingmodels.engine import Moments, TailRiskReducer, processes
from stakingmodels.errors import InputError
from stakingmodels.products import Failure
from stakingmodels.rates import APR

MANY = 8_192

GRID = TimeGrid.daily("2026-01-01", days=5)
SLASHED = Event("slashed", hazard=0.02 * 365 / 5)
WORLD = Constants({Price("ETH"): 3000.0, StakingReward("ETH"): APR(0.03)})
ROWS = {"pool": StakingPool(failures=(Failure(SLASHED, 0.5, line="slashing"),)), "hold": Holding(asset="ETH")}
REDUCERS = {"moments": Moments(), "tail": TailRiskReducer(MANY)}
SEEDS = 60


def run(event_sampling="stratified", rng=1, n_paths=MANY, **options):
    return simulate(
        ROWS, WORLD, GRID, capital=1000.0, n_paths=n_paths, rng=rng, event_sampling=event_sampling, **options
    )


@pytest.fixture(scope="module")
def drawn():
    """Mean, expected shortfall and its stated error of the pool in many runs, both ways."""
    found = {}
    for events in ("independent", "stratified"):
        runs = [run(events, seed, keep="none", reducers=REDUCERS).reduced for seed in range(SEEDS)]
        found[events] = np.array(
            [
                (r["moments"]["pool"].mean, r["tail"]["pool"].expected_shortfall, r["moments"]["pool"].standard_error)
                for r in runs
            ]
        )
    return found


@pytest.mark.once
@pytest.mark.parametrize("measure", [0, 1], ids=["mean", "expected shortfall"])
@pytest.mark.few(1)
def test_means_and_tails_are_those_of_independent_draws(drawn, measure):
    one, other = (drawn[events][:, measure] for events in ("independent", "stratified"))
    error = np.sqrt((one.var() + other.var()) / SEEDS)
    assert abs(one.mean() - other.mean()) < 4.0 * error


@pytest.mark.parametrize("measure", [0, 1], ids=["mean", "expected shortfall"])
def test_their_variance_is_cut_ten_times(drawn, measure):
    one, other = (drawn[events][:, measure] for events in ("independent", "stratified"))
    assert one.var() > 10.0 * other.var()


def test_stated_errors_are_those_of_independent_draws_and_so_too_large(drawn):
    stated = drawn["stratified"][:, 2].mean()
    assert stated == pytest.approx(drawn["independent"][:, 0].std(), rel=0.35)
    assert stated > 3.0 * drawn["stratified"][:, 0].std()


def test_any_executor_gives_the_same_bits():
    alone = run(n_paths=2 * MANY + 10)
    with ThreadPoolExecutor(2) as threads, processes(2) as workers:
        for executor in (threads, workers):
            shared = run(n_paths=2 * MANY + 10, executor=executor)
            assert shared["pool"].closing.tobytes() == alone["pool"].closing.tobytes()
    assert run(n_paths=50)["pool"].closing.tobytes() == alone["pool"].closing[:50].tobytes()


def test_results_and_the_notes_say_it():
    note = "Standard errors are those of independent draws, and so too large"
    assert run(n_paths=10).event_sampling == "stratified"
    assert note in " ".join(compare(run(n_paths=10)).details().to_text().split())
    assert run("independent", n_paths=10).event_sampling == "independent"
    assert note not in " ".join(compare(run("independent", n_paths=10)).details().to_text().split())


def test_nothing_but_events_changes():
    one, other = run("independent", n_paths=500), run("stratified", n_paths=500)
    assert one["hold"].closing.tobytes() == other["hold"].closing.tobytes()


def test_another_word_is_refused():
    with pytest.raises(InputError, match=r"^simulate: event_sampling: must be one of 'independent', 'stratified'"):
        run("antithetic")
