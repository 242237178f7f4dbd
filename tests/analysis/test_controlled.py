"""`control_variate_means`: closed forms, long plain runs, how much it takes off the error, and what is shown."""

import json
import math

import attrs
import numpy as np
import pytest

from stakingmodels import products as rooms
from stakingmodels.analysis import CONTROL_VARIATE_COLUMNS, ControlVariateMeans, control_variate_means
from stakingmodels.engine import ControlVariates, simulate
from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.market import CashRate, Event, Price, StakingReward, TimeGrid
from stakingmodels.measures import ControlVariateMean
from stakingmodels.products import ExchangeStaking, Failure, Holding, StakingPool
from stakingmodels.rates import APR, APY
from stakingmodels.scenarios import (
    GBM,
    REFERENCE_START,
    Constants,
    GeometricBrownianMotion,
    History,
    Joint,
    daily_series,
    reference,
)
from stakingmodels.scenarios.levels import cash_drift

MANY = 8_192

ETH = Price("ETH")
CASH = APY(0.5)
WORLD = Joint(
    [
        GeometricBrownianMotion({ETH: GBM(3000.0, volatility=0.7, drift=cash_drift("x", CASH))}),
        Constants({StakingReward("ETH"): APR(0.3), CashRate("USD"): CASH}),
    ]
)
GRID = TimeGrid.daily("2026-01-01", days=30, settlement_days=5)
SLASHED = Event("slashed", hazard=1.0)
POOL = StakingPool(unbonding_days=3.0, failures=(Failure(SLASHED, 0.1, line="slashing"),))
EXCHANGE = ExchangeStaking(
    redemption_days=3.0, failures=(Failure(Event("gone", hazard=1.0), recovery=0.5, delay_days=700.0),)
)
ROWS = {"hold": Holding(asset="ETH", buy_fee=0.01), "pool": POOL, "exchange": EXCHANGE, "cash": Holding(asset="USD")}


def run(n_paths, rng=1, rows=None, **options):
    return simulate(ROWS if rows is None else rows, WORLD, GRID, capital=1e5, n_paths=n_paths, rng=rng, **options)


@pytest.fixture(scope="module")
def results():
    return run(25 * MANY, rng=9)


@pytest.mark.parametrize("rng", range(5))
def test_holding_has_its_closed_form_on_any_paths(rng):
    found = control_variate_means(run(100, rng))["hold"]
    # what the fee leaves grows as cash does
    assert found.mean == pytest.approx(1.5 ** (35 / 365) / 1.01 - 1.0, rel=1e-10)
    assert found.standard_error == 0.0
    assert abs(found.plain_mean - found.mean) > 1e-4


def test_a_pool_has_its_closed_form(results):
    calm = StakingPool(unbonding_days=3.0)
    market = Constants({ETH: 3000.0, StakingReward("ETH"): APR(0.3)})
    coins = 1.0 + float(simulate({"p": calm}, market, GRID, capital=1e5, n_paths=1, rng=1)["p"].returns[0])
    lost = (1.0 - 0.1 * -math.expm1(-1.0 / 365)) ** 33  # in each of 33 days with this chance
    found = control_variate_means(results)["pool"]
    assert abs(found.mean - (coins * lost * 1.5 ** (35 / 365) - 1.0)) < 4.0 * found.standard_error


@pytest.mark.parametrize("name", ["pool", "exchange"])
def test_few_paths_agree_with_a_long_plain_run(results, name):
    long = ControlVariateMean.of(results[name].returns, None)
    few = [control_variate_means(run(2_000, rng, rows={name: ROWS[name]}))[name] for rng in range(10)]
    mean = np.mean([f.mean for f in few])
    error = np.hypot(long.plain_error, np.sqrt(np.sum([f.standard_error**2 for f in few])) / len(few))
    assert abs(mean - long.plain_mean) < 4.0 * error


@pytest.mark.parametrize(("name", "size"), [("pool", 512), ("exchange", 512)])
def test_the_interval_of_small_runs_covers_the_mean(results, name, size):
    returns, control = results[name].returns, results[name].control_variate
    truth = ControlVariateMean.of(returns, control).mean  # of 400 runs together, 20 times as exact as one
    runs = [ControlVariateMean.of(returns[k : k + size], control[k : k + size]) for k in range(0, returns.size, size)]
    assert len(runs) == 400
    assert 0.92 < np.mean([abs(run.mean - truth) < 1.96 * run.standard_error for run in runs]) < 0.98


# The error that is left in the built-in scenario


def test_five_times_smaller_for_all_that_is_held_in_a_coin():
    grid = TimeGrid.daily(REFERENCE_START, days=365, settlement_days=60)
    world = reference(cash_rate=APY(0.04))
    rows = rooms.reference()
    waits = {"entry_days": 45.0, "unbonding_days": 1.0, "failures": ()}
    rows["quiet pool"] = attrs.evolve(rows["staking pool"], **waits)  # type: ignore[misc]
    found = control_variate_means(simulate(rows, world, grid, capital=200_000.0, n_paths=8_000, rng=1))
    cut = {name: mean.error_ratio for name, mean in found.items()}
    assert min(cut[name] for name in cut if name not in {"cloud mining", "cash"}) > 5.0
    assert cut["quiet pool"] > 100.0
    assert 1.2 < cut["cloud mining"] < 2.0  # sold day by day, and difficulty decides how much
    assert cut["cash"] == 1.0


# Gathered block by block


def test_the_reducer_gives_the_same():
    paths = 2 * MANY + 100
    whole, lean = run(paths), run(paths, keep="none", reducers={"controlled": ControlVariates()})
    ours, theirs = control_variate_means(whole), ControlVariateMeans(lean.reduced["controlled"])
    assert list(ours) == list(theirs)
    for name in ours:
        for column in CONTROL_VARIATE_COLUMNS[1:]:
            assert getattr(theirs[name], column) == pytest.approx(getattr(ours[name], column), rel=1e-9, abs=1e-15)


# What is shown, and refused


def test_a_table_in_full():
    found = ControlVariateMeans(
        {
            "pool": ControlVariateMean(
                n_paths=100,
                plain_mean=0.05,
                control_mean=1.02,
                m2=99.0,
                control_m2=100.0,
                comoment=98.0,
            ),
            "cash": ControlVariateMean.of(np.full(100, 0.04), None),
        }
    )
    assert str(found).startswith(
        "Mean return with holding as control\n"
        "product        mean (s.e.)  with control (s.e.)  beta  cut\n"
        "-------  -----------------  -------------------  ----  ---\n"
        "pool     +5.000% (10.000%)     +3.040% (1.738%)  0.98  5.8\n"
        "cash      +4.000% (0.000%)     +4.000% (0.000%)     -    -\n"
        "\n"
        "- Control of each row:"
    )
    text = " ".join(str(found).split())
    assert "its mean is exactly 1" in text
    assert "cash: has no control" in text
    assert "pool: has no control" not in text
    assert "<td>pool</td>" in found._repr_html_()
    assert repr(found) == str(found)
    assert max(map(len, str(found).splitlines())) <= 116


def test_what_is_explained_wholly_or_not_at_all_is_told():
    shown = [line.split() for line in str(control_variate_means(run(100))).splitlines()[3:7]]
    assert shown[0][-2:] == [">", "1000"]
    assert shown[3][-2:] == ["-", "-"]


def test_it_is_plain_numbers_and_a_frame():
    pytest.importorskip("pandas")
    found = control_variate_means(run(100))
    rows = json.loads(json.dumps(found.to_dict()))["rows"]
    assert tuple(rows[0]) == CONTROL_VARIATE_COLUMNS
    assert rows[0]["error_ratio"] == math.inf  # no error is left
    frame = found.to_frame()
    assert frame.loc["pool", "mean"] == found["pool"].mean
    assert tuple(frame.reset_index().columns) == CONTROL_VARIATE_COLUMNS


def test_overlapping_windows_are_refused():
    days = np.datetime64("2025-01-01") + np.arange(60)
    history = History({ETH: daily_series(days, np.linspace(3000.0, 2000.0, 60), name="made up")})
    results = simulate({"hold": Holding(asset="ETH")}, history, history.grid(days=30), capital=1.0, rng=1)
    with pytest.raises(InputError, match=r"^control_variate_means: results\.overlap: must have independent paths"):
        control_variate_means(results)
    apart = simulate({"hold": Holding(asset="ETH")}, history, history.grid(days=1), capital=1.0, rng=1)
    assert not control_variate_means(apart)["hold"].has_control


def test_other_things_are_refused():
    with pytest.raises(InputTypeError, match=r"^control_variate_means: results: must be Results"):
        control_variate_means({})  # type: ignore[arg-type]
    lean = run(10, keep="none", reducers={"c": ControlVariates()})
    with pytest.raises(InputError, match=r"^control_variate_means: results: must have kept outcomes"):
        control_variate_means(lean)
    with pytest.raises(InputTypeError, match=r"^ControlVariateMeans\.means\['a'\]: must be ControlVariateMean"):
        ControlVariateMeans({"a": 1.0})
