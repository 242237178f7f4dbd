"""Figures gathered block by block against those of all paths at once."""

import pickle

import attrs
import numpy as np
import pytest

from stakingmodels import Diffusion, Holding, Lognormal, Price, TimeGrid, simulate
from stakingmodels.engine import Moments, Reducer, Tail, processes
from stakingmodels.engine.simulation import PART
from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.scenarios import BLOCK

WORLD = Lognormal({Price("ETH"): Diffusion(3000.0, 0.7), Price("BTC"): Diffusion(9e4, 0.5)})
ROWS = {"eth": Holding(asset="ETH"), "btc": Holding(asset="BTC", buy_fee=0.01)}
GRID = TimeGrid.daily("2026-01-01", days=3)
PATHS = PART + BLOCK + 1_000  # two parts, four blocks


def run(paths=PATHS, **options):
    return simulate(ROWS, WORLD, GRID, capital=1000.0, paths=paths, rng=1, **options)


@pytest.fixture(scope="module")
def results():
    return run(reducers={"moments": Moments(), "tail": Tail(PATHS, 0.99)})


@pytest.mark.parametrize("name", ROWS)
def test_moments(results, name):
    returns = results[name].profit / results[name].invested
    moment = results.reduced["moments"][name]
    assert moment.paths == PATHS
    assert moment.mean == pytest.approx(returns.mean(), rel=1e-12)
    assert moment.variance == pytest.approx(returns.var(ddof=1), rel=1e-12)
    assert moment.standard_error == pytest.approx(returns.std(ddof=1) / PATHS**0.5, rel=1e-12)
    assert (moment.least, moment.most) == (returns.min(), returns.max())


def test_the_variance_of_one_path_is_unknown():
    assert np.isnan(run(paths=1, reducers={"m": Moments()}).reduced["m"]["eth"].variance)


@pytest.mark.parametrize("name", ROWS)
def test_tails_are_exact(results, name):
    risk, tail = results[name].risk(level=0.99), results.reduced["tail"][name]
    assert tail.value_at_risk == pytest.approx(risk.value_at_risk, rel=1e-12)
    assert tail.expected_shortfall == pytest.approx(risk.expected_shortfall, rel=1e-12)


@pytest.mark.parametrize("level", [0.5, 0.9, 0.95, 0.99, 0.999])
@pytest.mark.parametrize("paths", [1, 30, 1_000, BLOCK + 500])
def test_tails_have_the_standard_errors_of_all_paths(paths, level):
    results = run(paths=paths, reducers={"tail": Tail(paths, level), "long": Tail(3 * paths, level)})
    risk = results["eth"].risk(level=level)
    for name in ("tail", "long"):
        tail = results.reduced[name]["eth"]
        for measure in ("value_at_risk_error", "expected_shortfall_error"):
            found, whole = getattr(tail, measure), getattr(risk, measure)
            assert found == pytest.approx(whole, rel=1e-9, nan_ok=True), (name, measure)


def test_a_tail_keeps_little():
    assert Tail(1_000_000, 0.99)._kept < 10_200


def test_a_tail_of_fewer_paths_than_the_run_is_refused():
    with pytest.raises(InputError, match=r"^Tail\.paths: must be at least the 3 of the run, got 2"):
        run(paths=3, reducers={"tail": Tail(2)})


@pytest.mark.parametrize("paths", [1, 7, 100])
def test_tails_of_few_paths(paths):
    results = run(paths=paths, reducers={"tail": Tail(paths)})
    risk = results["eth"].risk(level=0.95)
    assert results.reduced["tail"]["eth"].expected_shortfall == pytest.approx(risk.expected_shortfall, rel=1e-12)


@attrs.frozen
class Order(Reducer[list[float]]):
    """The first closing value of each block: not commutative."""

    def block(self, outcomes):
        return [float(outcomes["eth"].closing[0])]

    def merge(self, first, second):
        return first + second

    def result(self, total):
        return np.array(total)


def test_blocks_are_merged_in_their_order(results):
    found = run(reducers={"order": Order()}).reduced["order"]
    assert found.tolist() == results["eth"].closing[[0, BLOCK, PART, PART + BLOCK]].tolist()


def test_nothing_per_path_need_be_kept(results):
    lean = run(keep="nothing", reducers={"moments": Moments()})
    assert dict(lean) == {}
    assert lean.reduced["moments"] == results.reduced["moments"]
    with pytest.raises(InputError, match=r"^simulate: keep: must not be 'nothing' without reducers"):
        run(keep="nothing")


def test_workers_send_summaries(results):
    with processes(2) as executor:
        found = run(keep="nothing", reducers={"moments": Moments()}, executor=executor)
    assert found.reduced["moments"] == results.reduced["moments"]


def test_reducers_are_small_values():
    assert len(pickle.dumps(Moments())) < 200
    assert Tail(5) == Tail(5)


@pytest.mark.parametrize(
    ("reducers", "error", "words"),
    [
        ([Moments()], InputTypeError, r"^simulate: reducers: must be a mapping"),
        ({"m": np.mean}, InputTypeError, r"^simulate: reducers\['m'\]: must be Reducer; write Moments"),
        ({1: Moments()}, InputTypeError, r"^simulate: reducers: name"),
    ],
)
def test_what_is_no_reducer(reducers, error, words):
    with pytest.raises(error, match=words):
        run(paths=1, reducers=reducers)


@pytest.mark.parametrize("level", [0.0, 1.0, 95])
def test_levels_of_a_tail(level):
    with pytest.raises(InputError, match=r"^Tail\.level"):
        Tail(5, level)


@attrs.frozen
class Sizes(Reducer):
    """How many paths it is shown at a time."""

    def block(self, outcomes):
        return [outcomes["eth"].n_paths]

    def merge(self, first, second):
        return first + second


def test_a_reducer_sees_blocks_whatever_the_parts_are():
    with processes(2) as executor:
        spread = run(keep="nothing", reducers={"sizes": Sizes(), "m": Moments()}, executor=executor, paths=2 * BLOCK)
    alone = run(keep="nothing", reducers={"sizes": Sizes(), "m": Moments()}, paths=2 * BLOCK)
    assert spread.reduced == alone.reduced
    assert alone.reduced["sizes"] == [BLOCK, BLOCK]


def test_few_blocks_are_spread_over_workers():
    calls: list = []
    with processes(2) as executor:
        run(paths=BLOCK + 1, executor=executor, progress=lambda *done: calls.append(done))
    assert calls == [(1, 2), (2, 2)]
