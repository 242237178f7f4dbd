"""`compare`: its numbers against direct computations, its benchmark, and what it refuses."""

import json
import math
import sys

import attrs
import numpy as np
import pytest
import scipy.stats

import stakingmodels
from stakingmodels import (
    APR,
    APY,
    GBM,
    BlockFees,
    CashRate,
    CloudMiningContract,
    Constants,
    Difficulty,
    Event,
    GeometricBrownianMotion,
    History,
    Holding,
    InputError,
    InputTypeError,
    Joint,
    MissingExtraError,
    Price,
    StakingPool,
    StakingReward,
    TimeGrid,
    compare,
    simulate,
)
from stakingmodels.analysis import COLUMNS, control_variate_means
from stakingmodels.analysis.windows import Windows
from stakingmodels.engine import Moments
from stakingmodels.ledger import Line
from stakingmodels.measures import ControlVariateMean, effective_sample_size, newey_west
from stakingmodels.products import Failure
from stakingmodels.protocols.chains import ethereum
from stakingmodels.scenarios import daily_series

ETH = Price("ETH")
PRODUCTS = {
    "pool": StakingPool(asset="ETH", commission=0.10),
    "hold": Holding(asset="ETH"),
    "mine": CloudMiningContract(),
    "cash": Holding(asset="USD"),
}
REWARD = {StakingReward("ETH"): APR(0.03)}


def drawn(products=PRODUCTS, *, tail=0, n_paths=200):
    world = Joint([GeometricBrownianMotion({ETH: GBM(3000.0, volatility=0.7)}), Constants(REWARD)])
    grid = TimeGrid.daily("2026-01-01", days=30, settlement_days=tail)
    return simulate(products, world, grid, capital=1000.0, n_paths=n_paths, rng=7, on_missing="skip")


PRICES = 3000.0 * np.exp(np.cumsum(np.random.default_rng(1).normal(0.0, 0.04, 200)))


def recorded(days=30):
    dates = np.datetime64("2025-01-01") + np.arange(PRICES.size)
    history = History({ETH: daily_series(dates, PRICES, name="made up")})
    world = Joint([history, Constants(REWARD)])
    return simulate(PRODUCTS, world, history.grid(days=days), capital=1000.0, rng=7, on_missing="skip")


def row(comparison, name):
    return next(row for row in comparison.rows if row.product == name)


def test_rows_come_in_the_order_of_the_results():
    assert [row.product for row in compare(drawn()).rows] == ["pool", "hold", "cash"]


def test_holding_over_recorded_windows_is_the_ratio_of_prices():
    returns = PRICES[30:] / PRICES[:-30] - 1.0
    hold = row(compare(recorded()), "hold")
    assert hold.n_paths == returns.size == 170
    assert hold.return_mean == pytest.approx(returns.mean(), rel=1e-12)
    for share, found in ((0.05, hold.return_q05), (0.95, hold.return_q95)):
        assert found == pytest.approx(np.quantile(returns, share, method="inverted_cdf"), rel=1e-12)
    assert hold.return_median == pytest.approx(np.median(returns), rel=1e-12)
    assert hold.probability_of_loss == np.mean(returns < 0.0)


def test_errors_over_windows_are_newey_west_with_the_overlap():
    returns = PRICES[10:] / PRICES[:-10] - 1.0
    comparison = compare(recorded(days=10))
    hold = row(comparison, "hold")
    apart = (190 + 9) / 10  # windows without common days
    plain = max(newey_west(returns, 9), float(np.std(returns)) / math.sqrt(apart))
    assert hold.return_error == pytest.approx(plain * math.sqrt(apart / (apart - 1.0)), rel=1e-9)
    assert hold.effective_paths == pytest.approx(min(effective_sample_size(returns, 9), apart), rel=1e-9)
    assert hold.return_error > 2.0 * np.std(returns) / math.sqrt(returns.size)
    assert "a band of 95% is 2.09 of them to either side" in " ".join(comparison.details().to_text().split())


def test_few_windows_tell_no_error():
    comparison = compare(recorded(days=30))  # 6.6 of 30 days could lie apart
    for found in comparison.rows:
        names = [name for name in COLUMNS if name.endswith("_error")]
        assert len(names) == 7
        assert all(math.isnan(getattr(found, name)) for name in names)
        assert found.effective_paths <= 199 / 30 * (1.0 + 1e-12)
    text = " ".join(comparison.details().to_text().split())
    assert (
        "170 windows of one record, of which 6.6 could lie apart: fewer than 10, too few for standard errors." in text
    )


def test_few_windows_that_do_not_overlap_tell_no_error_either():
    days = np.datetime64("2025-01-01") + np.arange(9)
    history = History({ETH: daily_series(days, PRICES[:9], name="made up")})
    few = simulate({"hold": PRODUCTS["hold"]}, history, history.grid(days=1), capital=1.0, rng=1)
    assert few.overlap == 0
    assert math.isnan(compare(few).rows[0].return_error)


@pytest.mark.parametrize("apart", [10.0, 11.5, 20.0, 200.0])
def test_the_band_is_that_of_student(apart):
    windows = Windows(n_paths=round(apart * 30 - 29), overlap=29, is_recorded=True)
    assert windows.apart == apart
    assert windows.band == pytest.approx(scipy.stats.t.ppf(0.975, apart - 1.0), abs=4e-4)


def test_errors_over_drawn_paths_are_those_of_independent_paths():
    results = drawn()
    hold = row(compare(results), "hold")
    returns = results["hold"].profit / 1000.0
    assert hold.return_error == pytest.approx(np.std(returns, ddof=1) / math.sqrt(200), rel=1e-12)
    assert hold.effective_paths == 200.0


def test_by_default_the_benchmark_is_the_own_coin():
    results = drawn()
    comparison = compare(results)
    difference = results["pool"].yields().excess_over_holding
    controlled = ControlVariateMean.of(difference, results["pool"].control_variate)
    assert comparison.benchmark is None
    assert row(comparison, "pool").benchmark == "own coin"
    assert row(comparison, "pool").excess_return == pytest.approx(controlled.mean, rel=1e-12)
    assert row(comparison, "pool").excess_return_error == pytest.approx(controlled.standard_error, rel=1e-9)
    assert abs(difference.mean() - controlled.mean) > 2.0 * controlled.standard_error  # luck of the prices is out
    assert "Differences to it are control-variate means" in " ".join(comparison.details().to_text().split())
    assert row(comparison, "hold").excess_return == pytest.approx(0.0, abs=1e-15)


def test_a_paired_difference_has_a_smaller_error_than_its_parts():
    pool = row(compare(drawn()), "pool")
    assert pool.excess_return_error < 0.1 * pool.return_error


def test_a_named_benchmark_is_that_row():
    results = drawn()
    comparison = compare(results, benchmark="hold")
    difference = (results["pool"].profit - results["hold"].profit) / 1000.0
    assert [row.benchmark for row in comparison.rows] == ["hold"] * 3
    controlled = ControlVariateMean.of(difference, results["pool"].control_variate)
    assert row(comparison, "pool").excess_return == pytest.approx(controlled.mean, rel=1e-9)
    assert row(comparison, "hold").excess_return == row(comparison, "hold").excess_return_error == 0.0
    assert "vs hold (s.e.)" in comparison.details().to_text()


def test_cash_stands_beside_the_benchmark():
    hold = row(compare(drawn()), "hold")
    assert hold.excess_over_cash == pytest.approx(hold.return_mean, rel=1e-12)
    cash = Constants({CashRate("USD"): APY(0.05)})
    world = Joint([GeometricBrownianMotion({ETH: GBM(3000.0, volatility=0.7)}), cash])
    grid = TimeGrid.daily("2026-01-01", days=365)
    rich = compare(simulate({"hold": Holding(asset="ETH")}, world, grid, capital=1.0, n_paths=50, rng=1))
    assert rich.risk_free_rate == pytest.approx(0.05, rel=1e-9)
    assert rich.rows[0].excess_over_cash == pytest.approx(rich.rows[0].return_mean - 0.05, rel=1e-9)
    assert "Risk-free rate 5.00% a year" in rich.details().to_text()


def test_coins_and_cost():
    pool = row(compare(drawn()), "pool")
    gross = ((1.0 + 0.9 * 0.03 / 365) ** 30 - 1.0) * 365 / 30  # a year
    assert pool.net_coin_return == pytest.approx(gross, rel=1e-9)
    assert pool.gross_coin_return == pytest.approx(gross / 0.9, rel=1e-9)
    assert 0.0 < pool.cost < 0.1 * 0.03
    assert row(compare(drawn()), "hold").cost == 0.0


def test_risks_are_those_of_the_outcome():
    results = drawn()
    for level in (0.9, 0.99):
        risk, found = (
            results["pool"].risk(confidence_level=level),
            row(compare(results, confidence_level=level), "pool"),
        )
        assert found.value_at_risk == risk.value_at_risk
        assert found.expected_shortfall == risk.expected_shortfall
        assert sum(found.shortfall_by_line.values()) == pytest.approx(risk.expected_shortfall, rel=1e-12)


def test_the_shortfall_below_holding_is_that_of_the_outcome():
    results = drawn()
    risk, found = results["pool"].risk(), row(compare(results), "pool")
    assert found.expected_shortfall_vs_holding == risk.expected_shortfall_vs_holding < 0.0
    assert sum(found.expected_shortfall_vs_holding_by_line.values()) == pytest.approx(
        found.expected_shortfall_vs_holding
    )
    assert found.expected_shortfall_vs_holding_error == risk.expected_shortfall_vs_holding_error > 0.0


def test_contributions_are_over_the_capital():
    outcome = drawn()["hold"]
    paid = attrs.evolve(outcome, lines={**outcome.lines, Line.CONTRIBUTION: np.full(200, 50.0)})
    results = attrs.evolve(drawn(), outcomes={"hold": paid})
    assert compare(results).rows[0].contributions == pytest.approx(0.05)


def test_losses_are_named_by_size():
    slashed = StakingPool(asset="ETH", failures=(Failure(Event("slashing", hazard=900.0), 0.01, line="slashing"),))
    pool = compare(drawn({"pool": slashed})).rows[0]
    by_line = pool.shortfall_by_line
    whole = by_line["slashing"] + by_line["price"] + by_line["commission"]
    first, second = ("slashing", "price") if by_line["slashing"] > by_line["price"] else ("price", "slashing")
    assert pool.main_loss_lines == f"{first} {by_line[first] / whole:.0%}, {second} {by_line[second] / whole:.0%}"


def test_shares_of_the_loss_are_taken_before_what_was_gained():
    world = Constants({Price("BTC"): 6e4, Difficulty("BTC"): 1.5e14, BlockFees("BTC"): 0.02})
    grid = TimeGrid.daily("2026-01-01", days=360)
    contract = CloudMiningContract(electricity_usd_per_th_day=0.01, minimum_payout_btc=0.0)
    mining = compare(simulate({"mine": contract}, world, grid, capital=1000.0, n_paths=1, rng=1)).rows[0]
    taken = {label: part for label, part in mining.shortfall_by_line.items() if part > 0.0}
    assert 0.0 < mining.expected_shortfall < 0.5 * sum(taken.values())
    assert mining.main_loss_lines == ", ".join(
        f"{label} {taken[label] / sum(taken.values()):.0%}" for label in ("contract", "electricity")
    )


def test_where_nothing_is_lost_nothing_is_named():
    assert row(compare(drawn()), "cash").main_loss_lines == "no loss"


def test_days_to_cash_and_paths_that_are_not_out():
    queued = {"pool": StakingPool(asset="ETH", unbonding_days=10.0)}
    out, stuck = compare(drawn(queued, tail=20)), compare(drawn(queued, tail=5))
    assert (out.rows[0].days_to_cash, out.rows[0].days_to_cash_mean, out.rows[0].unsettled) == (10.0, 10.0, 0.0)
    assert (stuck.rows[0].days_to_cash, stuck.rows[0].unsettled) == (math.inf, 1.0)
    assert math.isnan(stuck.rows[0].days_to_cash_mean)
    assert ">5*" in str(stuck)
    assert "pool: not out by the last day on 100.00% of the paths" in str(stuck.details())
    assert stuck.to_dict()["rows"][0]["days_to_cash"] == math.inf
    frame = stuck.to_frame()
    assert frame["days_to_cash"].max() == math.inf


def test_a_mean_wait_says_that_it_is_over_the_paths_that_are_out():
    results = drawn({"pool": StakingPool(asset="ETH", unbonding_days=10.0)}, tail=20, n_paths=4)
    days = np.array([10.0, 10.0, 16.0, np.inf])
    outcome = attrs.evolve(results["pool"], days_to_cash=days, settled=np.isfinite(days))
    told = " ".join(compare(attrs.evolve(results, outcomes={"pool": outcome})).details().to_text().split())
    assert "pool: in hand 12 days after the exit on average over the paths that are out. The wait" in told


def test_paths_that_could_not_be_opened_are_told():
    results = drawn({"hold": PRODUCTS["hold"]}, n_paths=4)
    outcome = attrs.evolve(results["hold"], capital_shortfall=np.array([0.0, 0.0, 0.0, 9.0]))
    comparison = compare(attrs.evolve(results, outcomes={"hold": outcome}))
    assert comparison.rows[0].infeasible == 0.25
    assert "hold: could not be opened with this capital on 25.00% of the paths" in comparison.details().to_text()


# What was left out


def test_what_was_left_out_stands_there_with_its_reason_and_no_number():
    comparison = compare(drawn())
    reason = comparison.skipped["mine"]
    assert 'Difficulty("BTC")' in reason
    cells = comparison.to_dict()["rows"][-1]
    assert (cells.pop("product"), cells.pop("skipped")) == ("mine", reason)
    assert cells.pop("shortfall_by_line") == cells.pop("expected_shortfall_vs_holding_by_line") == {}
    assert set(cells.values()) == {None}
    assert [row["skipped"] for row in comparison.to_dict()["rows"][:-1]] == [None] * 3


# Shapes of the output


def test_columns_are_stable():
    assert COLUMNS == (
        "product",
        "product_class",
        "coin",
        "return_mean",
        "return_median",
        "return_q05",
        "return_q95",
        "return_error",
        "gross_coin_return",
        "net_coin_return",
        "cost",
        "benchmark",
        "excess_return",
        "excess_return_error",
        "excess_over_cash",
        "excess_over_cash_error",
        "probability_of_loss",
        "value_at_risk",
        "expected_shortfall",
        "main_loss_lines",
        "days_to_cash",
        "days_to_cash_mean",
        "unsettled",
        "infeasible",
        "n_paths",
        "effective_paths",
        "skipped",
        "expected_shortfall_vs_holding",
        "contributions",
        "deployed",
        "value_at_risk_error",
        "expected_shortfall_error",
        "expected_shortfall_vs_holding_error",
        "net_coin_return_no_event",
        "exit_delay",
        "exit_delay_error",
        "probability_below_holding",
        "can_leave_early",
        "real_coin_return",
    )
    for cells in compare(drawn()).to_dict()["rows"]:
        assert tuple(cells) == (*COLUMNS, "shortfall_by_line", "expected_shortfall_vs_holding_by_line")


def test_the_real_return_is_net_of_the_growth_of_the_supply():
    rows = {row.product: row for row in compare(drawn()).rows}
    growth = ethereum.Ethereum().supply_growth().value
    assert growth > 0.005
    pool = rows["pool"]
    assert pool.real_coin_return == pytest.approx((1.0 + pool.net_coin_return) / (1.0 + growth) - 1.0, rel=1e-12)
    assert rows["hold"].real_coin_return == pytest.approx(-growth / (1.0 + growth), abs=1e-12)  # diluted
    assert math.isnan(rows["cash"].real_coin_return)  # no chain
    ranked = compare(drawn()).rank("real_coin_return")
    assert [row.product for row in ranked.rows][:2] == ["pool", "hold"]


@pytest.mark.parametrize("make", [drawn, recorded, lambda: drawn(n_paths=1)], ids=["drawn", "recorded", "one path"])
def test_the_dict_is_json_without_nan(make):
    comparison = compare(make())
    assert json.loads(json.dumps(comparison.to_dict(), allow_nan=False)) == comparison.to_dict()


def test_the_dict_tells_how_to_repeat_the_run():
    comparison = compare(drawn(tail=3), confidence_level=0.9)
    about = comparison.to_dict()
    del about["rows"], about["holding"], about["liquidity"]
    assert {name: terms["kind"] for name, terms in about.pop("products").items()} == {
        name: type(product).__name__ for name, product in PRODUCTS.items() if name != "mine"
    }
    assert about.pop("version") == stakingmodels.__version__
    assert about == {
        "capital": 1000.0,
        "numeraire": "USD",
        "start": "2026-01-01",
        "days": 30.0,
        "settlement_days": 3.0,
        "n_paths": 200,
        "n_paths_requested": 200,
        "overlap": 0,
        "n_replicates": 0,
        "seed": 7,
        "confidence_level": 0.9,
        "benchmark": "own coin",
        "risk_free_rate": 0.0,
        "scenario": list(drawn(n_paths=1).scenario.describe()),
        "assumptions": None,
        "hazards": {},
        "keep": "flows",
        "ranked_by": None,
        "price_views": None,
        "ranges": comparison.ranges.to_dict(),
        "verdicts": comparison.verdicts.to_dict(),
    }


def test_the_frame_has_a_row_a_product():
    pandas = pytest.importorskip("pandas")
    comparison = compare(drawn())
    frame = comparison.to_frame()
    assert isinstance(frame, pandas.DataFrame)
    assert [frame.index.name, *frame.columns] == list(COLUMNS)
    assert list(frame.index) == ["pool", "hold", "cash", "mine"]
    assert frame.loc["pool", "return_mean"] == row(comparison, "pool").return_mean
    assert math.isnan(frame.loc["mine", "return_mean"])


def test_without_pandas_the_frame_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'stakingmodels\[pandas\]'"):
        compare(drawn(n_paths=2)).to_frame()


def test_results_are_frozen():
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        compare(drawn(n_paths=2)).confidence_level = 0.5  # type: ignore[misc]


# Bad input


@pytest.mark.parametrize("level", [95, 0.0, 1.0, -0.5])
def test_a_level_outside_zero_and_one_is_refused(level):
    with pytest.raises(InputError, match=r"compare: confidence_level: must be a fraction in \(0, 1\)"):
        compare(drawn(n_paths=2), confidence_level=level)


def test_results_of_another_kind_are_refused():
    with pytest.raises(InputTypeError, match=r"compare: results: must be Results; write compare\(simulate\(...\)\)"):
        compare({"hold": 1.0})  # type: ignore[arg-type]


def test_an_unknown_benchmark_is_refused_with_the_nearest():
    with pytest.raises(InputError, match=r"benchmark: must be one of 'pool', 'hold', 'cash', got 'hodl' .*'hold'\?"):
        compare(drawn(n_paths=2), benchmark="hodl")


def test_a_benchmark_that_was_left_out_is_refused_with_the_reason():
    with pytest.raises(InputError, match=r"benchmark: must have been run; it was left out: needs .*Difficulty"):
        compare(drawn(n_paths=2), benchmark="mine")


def test_a_benchmark_that_is_no_name_is_refused():
    with pytest.raises(InputTypeError, match=r"benchmark: must be the name of a row \(str\) or None, got int 1"):
        compare(drawn(n_paths=2), benchmark=1)  # type: ignore[arg-type]


@pytest.mark.parametrize("read", [compare, control_variate_means])
def test_a_run_that_kept_nothing_is_refused_at_once_with_the_way_out(read):
    how: dict = {"capital": 1e3, "n_paths": 10, "rng": 1, "keep": "none", "reducers": {"m": Moments()}}
    results = simulate(
        {"hold": PRODUCTS["hold"]}, Constants({ETH: 3000.0}), TimeGrid.daily("2026-01-01", days=2), **how
    )
    with pytest.raises(InputError, match=r"^\w+: results: must have kept outcomes, got (0|'none') \("):
        read(results)
    with pytest.raises(
        KeyError, match=r"^Results: must have kept outcomes, got 'hold' \(keep=\"none\" keeps none; write"
    ):
        results["hold"]
    assert "hold" not in results
