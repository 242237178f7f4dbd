"""Figures gathered block by block against those of all paths at once."""

import pickle
from typing import Any, ClassVar

import attrs
import numpy as np
import pytest

from stakingmodels import GBM, GeometricBrownianMotion, Holding, Price, TimeGrid, simulate
from stakingmodels.engine import Moments, Reducer, TailRiskReducer, processes
from stakingmodels.engine.simulation import PART
from stakingmodels.errors import InputError, InputTypeError

MANY = 8_192

WORLD = GeometricBrownianMotion({Price("ETH"): GBM(3000.0, volatility=0.7), Price("BTC"): GBM(9e4, volatility=0.5)})
ROWS = {"eth": Holding(asset="ETH"), "btc": Holding(asset="BTC", buy_fee=0.01)}
GRID = TimeGrid.daily("2026-01-01", days=3)
PATHS = PART + MANY + 1_000  # two parts, four blocks


def run(n_paths=PATHS, **options):
    return simulate(ROWS, WORLD, GRID, capital=1000.0, n_paths=n_paths, rng=1, **options)


@pytest.fixture(scope="module")
def results():
    return run(reducers={"moments": Moments(), "tail": TailRiskReducer(PATHS, confidence_level=0.99)})


@pytest.mark.parametrize("name", ROWS)
def test_moments(results, name):
    returns = results[name].profit / results[name].invested
    moment = results.reduced["moments"][name]
    assert moment.n_paths == PATHS
    assert moment.mean == pytest.approx(returns.mean(), rel=1e-12)
    assert moment.variance == pytest.approx(returns.var(ddof=1), rel=1e-12)
    assert moment.standard_error == pytest.approx(returns.std(ddof=1) / PATHS**0.5, rel=1e-12)
    assert (moment.min, moment.max) == (returns.min(), returns.max())


def test_the_variance_of_one_path_is_unknown():
    assert np.isnan(run(n_paths=1, reducers={"m": Moments()}).reduced["m"]["eth"].variance)


@pytest.mark.parametrize("name", ROWS)
def test_tails_are_exact(results, name):
    risk, tail = results[name].risk(confidence_level=0.99), results.reduced["tail"][name]
    assert tail.value_at_risk == pytest.approx(risk.value_at_risk, rel=1e-12)
    assert tail.expected_shortfall == pytest.approx(risk.expected_shortfall, rel=1e-12)


@pytest.mark.parametrize("level", [0.5, 0.9, 0.95, 0.99, 0.999])
@pytest.mark.parametrize("n_paths", [1, 30, 1_000, MANY + 500])
def test_tails_have_the_standard_errors_of_all_paths(n_paths, level):
    results = run(
        n_paths=n_paths,
        reducers={
            "tail": TailRiskReducer(n_paths, confidence_level=level),
            "long": TailRiskReducer(3 * n_paths, confidence_level=level),
        },
    )
    risk = results["eth"].risk(confidence_level=level)
    for name in ("tail", "long"):
        tail = results.reduced[name]["eth"]
        for measure in ("value_at_risk_error", "expected_shortfall_error"):
            found, whole = getattr(tail, measure), getattr(risk, measure)
            assert found == pytest.approx(whole, rel=1e-9, nan_ok=True), (name, measure)


def test_a_tail_keeps_little():
    assert TailRiskReducer(1_000_000, confidence_level=0.99)._kept < 10_200


def test_a_tail_of_fewer_paths_than_the_run_is_refused():
    with pytest.raises(InputError, match=r"^TailRiskReducer\.paths: must be at least the 3 of the run, got 2"):
        run(n_paths=3, reducers={"tail": TailRiskReducer(2)})


@pytest.mark.parametrize("n_paths", [1, 7, 100])
def test_tails_of_few_paths(n_paths):
    results = run(n_paths=n_paths, reducers={"tail": TailRiskReducer(n_paths)})
    risk = results["eth"].risk(confidence_level=0.95)
    assert results.reduced["tail"]["eth"].expected_shortfall == pytest.approx(risk.expected_shortfall, rel=1e-12)


@attrs.frozen
class Order(Reducer[list[float]]):
    """The first closing value of each block: not commutative."""

    def summarize(self, outcomes):
        return [float(outcomes["eth"].closing[0])]

    def merge(self, first, second):
        return first + second

    def result(self, total):
        return np.array(total)


def test_blocks_are_merged_in_their_order(results):
    found = run(reducers={"order": Order()}).reduced["order"]
    assert found.tolist() == results["eth"].closing[[0, MANY, PART, PART + MANY]].tolist()


def test_nothing_per_path_need_be_kept(results):
    lean = run(keep="none", reducers={"moments": Moments()})
    assert dict(lean) == {}
    assert lean.reduced["moments"] == results.reduced["moments"]
    with pytest.raises(InputError, match=r"^simulate: keep: must not be 'none' without reducers"):
        run(keep="none")


def test_workers_send_summaries(results):
    with processes(2) as executor:
        found = run(keep="none", reducers={"moments": Moments()}, executor=executor)
    assert found.reduced["moments"] == results.reduced["moments"]


def test_reducers_are_small_values():
    assert len(pickle.dumps(Moments())) < 200
    assert TailRiskReducer(5) == TailRiskReducer(5)


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
        run(n_paths=1, reducers=reducers)


@attrs.frozen
class Dated(Order):
    """Number of times that the blocks keep values of."""

    keeps: ClassVar[Any] = "values"

    def summarize(self, outcomes):
        values = outcomes["eth"].values
        return [0.0 if values is None else float(values.shape[0])]


@attrs.frozen
class Kept(Order):
    keeps: ClassVar[Any] = "all of it"


def test_a_reducer_says_what_its_blocks_keep():
    assert Reducer.keeps == "summary"
    assert run(keep="none", n_paths=3, reducers={"d": Dated(), "o": Order()}).reduced["d"][0] > 1.0
    with pytest.raises(InputError, match=r"^simulate: reducers\['k'\]\.keeps: must be one of .*got 'all of it'"):
        run(keep="none", n_paths=3, reducers={"k": Kept()})


@pytest.mark.parametrize("level", [0.0, 1.0, 95])
def test_levels_of_a_tail(level):
    with pytest.raises(InputError, match=r"^TailRiskReducer\.confidence_level"):
        TailRiskReducer(5, confidence_level=level)


@attrs.frozen
class Sizes(Reducer):
    """How many paths it is shown at a time."""

    def summarize(self, outcomes):
        return [outcomes["eth"].n_paths]

    def merge(self, first, second):
        return first + second


@pytest.mark.once
def test_a_reducer_sees_blocks_whatever_the_parts_are():
    with processes(2) as executor:
        spread = run(keep="none", reducers={"sizes": Sizes(), "m": Moments()}, executor=executor, n_paths=2 * MANY)
    alone = run(keep="none", reducers={"sizes": Sizes(), "m": Moments()}, n_paths=2 * MANY)
    assert spread.reduced == alone.reduced
    assert alone.reduced["sizes"] == [MANY, MANY]


@pytest.mark.once
@pytest.mark.slow
def test_few_blocks_are_spread_over_workers():
    calls: list = []
    with processes(2) as executor:
        run(n_paths=MANY + 1, executor=executor, progress=lambda *done: calls.append(done))
    assert calls == [(1, 2), (2, 2)]
