"""`to_frame` and `to_xarray`: results as tables and labelled arrays of other libraries."""

import pickle
import sys

import numpy as np
import pytest

from stakingmodels import (
    APR,
    Holding,
    Line,
    MissingExtraError,
    Price,
    StakingPool,
    StakingReward,
    TimeGrid,
    __version__,
    compare,
    simulate,
)
from stakingmodels.engine import Moments
from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.scenarios import Constants, History, Streams, daily_series, fit
from tests.corpus import products, worlds

pytestmark = pytest.mark.filterwarnings("ignore::stakingmodels.errors.ScenarioWarning")  # events that hit none of these
NAMES = ("holding/eth", "pool/plain", "holding/cash")
PRODUCTS = {name: products.VARIANTS[name] for name in NAMES}


def run(**how):
    return simulate(PRODUCTS, worlds.WORLD, worlds.GRID, **({"capital": 1e5, "n_paths": 30, "rng": 3} | how))


@pytest.fixture(scope="module")
def results():
    return run(keep="values")


def test_an_outcome_is_a_row_a_path_and_a_column_a_line(results):
    outcome = results["pool/plain"]
    frame = outcome.to_frame()
    assert frame.index.name == "path"
    assert frame.shape[0] == 30
    assert [*frame.columns][: len(outcome.lines)] == [line.label for line in outcome.lines]
    assert (frame["closing"].to_numpy() == outcome.closing).all()
    assert frame["settled"].dtype == bool
    booked = frame[[line.label for line in outcome.lines]].sum(axis=1)
    assert booked.to_numpy() + outcome.capital == pytest.approx(outcome.closing)
    frame.loc[0, "closing"] = 0.0  # a copy
    assert outcome.closing[0] != 0.0


def test_an_outcome_over_line_path_and_time(results):
    outcome = results["pool/plain"]
    data = outcome.to_xarray()
    assert data["lines"].dims == ("line", "path")
    assert data["values"].dims == ("time", "path")
    assert (data["lines"].sel(line="price").to_numpy() == outcome.lines[Line.PRICE]).all()
    assert data.attrs["product"] == "StakingPool"
    assert "time" not in run()["pool/plain"].to_xarray().dims


@pytest.mark.parametrize("what", ["closing", "returns", "days_to_cash"])
def test_results_are_a_column_a_product(results, what):
    frame = results.to_frame(what)
    assert [*frame.columns] == [*NAMES]
    assert all((frame[name].to_numpy() == getattr(results[name], what)).all() for name in NAMES)


@pytest.mark.parametrize("line", [Line.COMMISSION, "commission"])
def test_a_line_of_results_is_0_where_nothing_is_booked(results, line):
    frame = results.to_frame(line)
    assert (frame["pool/plain"] == results["pool/plain"].lines[Line.COMMISSION]).all()
    assert (frame["holding/eth"] == 0.0).all()


@pytest.mark.parametrize(
    ("what", "error", "words"),
    [
        ("closng", InputError, "did you mean 'closing'"),
        (3, InputTypeError, "must be a Line or its label"),
    ],
)
def test_a_result_that_there_is_not(results, what, error, words):
    with pytest.raises(error, match=rf"^Results\.to_frame: what: .*{words}"):
        results.to_frame(what)


def test_results_over_product_line_path_and_time(results):
    data = results.to_xarray()
    assert data["lines"].dims == ("product", "line", "path")
    assert data["values"].dims == ("product", "time", "path")
    chosen = data.sel(product="pool/plain")
    assert (chosen["closing"].to_numpy() == results["pool/plain"].closing).all()
    assert (chosen["lines"].sel(line="commission").to_numpy() == results["pool/plain"].lines["commission"]).all()
    assert (data["values"].isel(time=-1) == data["closing"]).all()
    assert data.attrs["seed"] == "3"
    assert data.attrs["stakingmodels"] == results.version


def test_results_that_kept_nothing_say_so():
    nothing = run(keep="none", reducers={"moments": Moments()})
    with pytest.raises(InputError, match=r"^Results\.to_frame: must have kept outcomes"):
        nothing.to_frame()
    with pytest.raises(InputError, match=r"^Results\.to_xarray: must have kept outcomes"):
        nothing.to_xarray()


def test_yields_and_risk(results):
    outcome = results["pool/plain"]
    yields, risk = outcome.yields(), outcome.risk()
    assert (yields.to_frame()["net_apr"].to_numpy() == yields.net_apr).all()
    assert (yields.to_xarray()["net_apr"].to_numpy() == yields.net_apr).all()
    frame = risk.to_frame()
    assert frame.loc["expected_shortfall", "value"] == risk.expected_shortfall
    split = frame[frame.index.str.startswith("shortfall_by_line: ")]
    assert split["value"].sum() == pytest.approx(risk.expected_shortfall)
    assert float(risk.to_xarray()["shortfall_by_line"].sum()) == pytest.approx(risk.expected_shortfall)


def test_history_and_fit():
    days = np.arange("2024-01-01", "2025-01-01", dtype="datetime64[D]")
    closes = 100.0 * np.exp(np.cumsum(np.random.default_rng(1).normal(0.0, 0.02, days.size)))
    history = History({Price("ETH"): daily_series(days, closes, name="made up")})
    frame = history.to_frame()
    assert frame.index[0].year == 2024
    assert (frame['Price("ETH")'].to_numpy() == closes).all()
    assert (history.to_xarray()['Price("ETH")'].to_numpy() == closes).all()
    found = fit(history).to_frame()
    assert [*found.columns] == ["parameter", "value", "standard_error", "fit"]
    assert found.index[0] == 'Price("ETH")'


def test_a_quote():
    world = Constants({Price("ETH"): 3000.0, StakingReward("ETH"): APR(0.03)})
    grid = TimeGrid.daily("2026-01-01", days=365)
    market = world.market(grid, StakingPool("ETH").factors, streams=Streams(0), n_paths=1)
    frame = StakingPool("ETH").quote(market, capital=1000.0).to_frame()
    assert frame.loc["net", "money"] == pytest.approx(27.4, rel=1e-2)
    assert frame.loc["net", "of_capital"] == pytest.approx(frame["money"].iloc[-1] / 1000.0)


@pytest.mark.parametrize(
    ("library", "call"),
    [
        ("pandas", lambda results: results.to_frame()),
        ("pandas", lambda results: results["pool/plain"].to_frame()),
        ("pandas", lambda results: results["pool/plain"].yields().to_frame()),
        ("pandas", lambda results: results["pool/plain"].risk().to_frame()),
        ("pandas", lambda results: compare(results).to_frame()),
        ("xarray", lambda results: results.to_xarray()),
        ("xarray", lambda results: results["pool/plain"].to_xarray()),
    ],
)
def test_what_is_not_installed_is_told(results, monkeypatch, library, call):
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(MissingExtraError, match=rf"needs {library}; pip install 'stakingmodels\[{library}\]'$"):
        call(results)


def test_results_know_what_they_are_of(results):
    assert dict(results.products) == PRODUCTS
    assert (results.keep, results.version) == ("values", __version__)
    copy = pickle.loads(pickle.dumps(results))  # noqa: S301
    assert dict(copy.products) == PRODUCTS
    assert (copy.keep, copy.version, copy.entropy, copy.capital) == ("values", results.version, 3, 1e5)
    told = compare(results).to_dict()
    assert told["version"] == results.version
    assert told["products"]["pool/plain"]["kind"] == "StakingPool"
    assert told["products"]["holding/cash"]["asset"] == "USD"
    again = simulate(
        results.products, results.scenario, results.grid, capital=results.capital, n_paths=30, rng=results.entropy
    )
    assert (again["pool/plain"].closing == results["pool/plain"].closing).all()
    assert "seed 3, keep 'values'" in repr(results)
    assert results.version in repr(results)
    assert Holding(asset="ETH") == results.products["holding/eth"]
