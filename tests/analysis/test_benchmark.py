"""The own-coin benchmark: the coin held until that path's money is in hand, on drawn worlds and on the record."""

import csv
from typing import Any

import attrs
import numpy as np
import pytest

from stakingmodels import (
    APR,
    APY,
    CashRate,
    Constants,
    Event,
    History,
    Holding,
    Joint,
    Market,
    Price,
    StakingPool,
    StakingReward,
    TimeGrid,
    compare,
    products,
    scenarios,
    simulate,
)
from stakingmodels.engine import Moments, Reducer, TailRiskReducer
from stakingmodels.errors import InputError, UnknownNameError
from stakingmodels.ledger import Group, Line
from stakingmodels.products import Failure
from stakingmodels.scenarios import daily_series

YEAR = TimeGrid.daily(scenarios.REFERENCE_START, days=365, settlement_days=60)
SLASHING = Event("slashing:one pool", hazard=0.01)
SLASHED = StakingPool(unbonding_days=34.7, failures=(Failure(SLASHING, 0.05, line="slashing"),), commission=0.1)


@pytest.mark.parametrize("cash_rate", [APR(0.0), APR(0.0373)])
def test_a_slashed_pool_against_its_coin(cash_rate):
    """Slashing of 5 % once in a hundred years is all that can put it below holding, on about 1 % of the paths."""
    results = simulate({"pool": SLASHED}, scenarios.reference(cash_rate=cash_rate), YEAR, capital=100_000.0, rng=1)
    row = compare(results).rows[0]
    assert row.excess_return_error <= 1e-4
    # coins earned are worth what the coin's price is expected to be by the day on which the money is in hand
    grown = (1.0 + cash_rate.value / 365) ** 400
    assert row.excess_return == pytest.approx(row.net_coin_return * grown, abs=4.0 * row.excess_return_error)
    assert row.probability_below_holding == pytest.approx(0.01, abs=4.0 * np.sqrt(0.01 / 10_000))
    plain = results["pool"].yields().excess_over_holding
    assert row.excess_return_error < 0.5 * plain.std() / 100.0


def test_an_exploit_of_half_against_its_coin():
    exploited = products.LiquidStakingToken(
        failures=(
            Failure(Event("slashing:one token", hazard=0.01), 0.05, line="slashing"),
            Failure(Event("exploit:one token", hazard=0.01), 0.5, line="exploit"),
        ),
    )
    world = scenarios.reference(cash_rate=APR(0.0))
    row = compare(simulate({"token": exploited}, world, YEAR, capital=100_000.0, rng=1)).rows[0]
    assert row.excess_return_error <= 1e-3
    assert row.excess_return == pytest.approx(row.net_coin_return, abs=4.0 * row.excess_return_error)


def test_on_the_record_no_eventless_pool_is_below_holding(shared_data):
    with (shared_data / "data/yahoo_2025/ETH-USD.csv").open(encoding="utf-8", newline="") as lines:
        closes = {row["date"]: float(row["close"]) for row in csv.DictReader(lines)}
    days = np.array(sorted(closes), dtype="datetime64[D]")
    history = History({Price("ETH"): daily_series(days, np.array([closes[str(day)] for day in days]), name="record")})
    world = Joint([history, Constants({StakingReward("ETH"): APR(0.0289)})])
    pool = StakingPool(unbonding_days=34.7)
    results = simulate({"pool": pool}, world, history.grid(days=365, settlement_days=60), capital=100_000.0, rng=1)
    risk = results["pool"].risk()
    assert results.n_paths > 1_700
    assert risk.probability_below_holding == 0.0
    assert risk.expected_shortfall_vs_holding < 0.0
    growth = results["pool"].asset_growth
    in_coins = results["pool"].yields().excess_over_holding / growth
    assert in_coins == pytest.approx(in_coins[0], rel=1e-9)  # the same on every window


def test_the_lower_end_is_the_value_at_risk_in_every_row():
    results = simulate(products.reference(), scenarios.reference(), YEAR, capital=100_000.0, n_paths=2_000, rng=1)
    for row in compare(results).rows:
        outcome = results[row.product]
        assert row.return_q05 == -row.value_at_risk == -outcome.risk().value_at_risk
        assert row.return_median == np.median(outcome.returns)
        assert row.return_mean == pytest.approx(np.mean(outcome.profit / outcome.invested), rel=1e-12)


def test_risks_are_those_of_the_reducer():
    """With contributions too: a machine so dear that the holder has to add to the capital."""
    rows = {"solo": products.SoloValidator(running_cost_usd_per_day=400.0), "pool": SLASHED}
    gathered: dict[str, Reducer[Any]] = {"tail": TailRiskReducer(n_paths=1_000), "moments": Moments()}
    grid = TimeGrid.daily(scenarios.REFERENCE_START, days=60, settlement_days=60)
    results = simulate(rows, scenarios.reference(), grid, capital=110_000.0, n_paths=1_000, rng=1, reducers=gathered)
    assert results["solo"].contributions.max() > 0.0
    for name, outcome in results.items():
        risk, tail = outcome.risk(), results.reduced["tail"][name]
        assert (risk.value_at_risk, risk.expected_shortfall) == (tail.value_at_risk, tail.expected_shortfall)
        assert risk.value_at_risk_error == tail.value_at_risk_error
        assert risk.expected_shortfall_error == tail.expected_shortfall_error
        assert results.reduced["moments"][name].mean == pytest.approx(outcome.returns.mean(), rel=1e-12)
        assert sum(risk.shortfall_by_line.values()) == pytest.approx(risk.expected_shortfall, rel=1e-9)


def test_a_product_that_was_not_opened_is_no_row_like_another():
    rows = {"solo": products.SoloValidator(), "hold": Holding(asset="ETH")}
    results = simulate(rows, scenarios.reference(), YEAR, capital=5_000.0, n_paths=50, rng=1)
    comparison = compare(results)
    solo, hold = comparison.rows
    assert (solo.opened, hold.opened) == (False, True)
    assert (solo.infeasible, solo.main_loss_lines) == (1.0, "not opened")
    assert np.isnan(
        [solo.return_mean, solo.net_coin_return, solo.excess_return, solo.value_at_risk, solo.days_to_cash]
    ).all()
    line = next(line for line in comparison.details().to_text().splitlines() if line.startswith("solo"))
    assert "not opened" in line
    assert "%" not in line
    assert "solo: could not be opened with this capital on 100.00% of the paths" in " ".join(
        comparison.details().to_text().split()
    )
    cells = comparison.to_dict()["rows"][0]
    assert (cells["return_mean"], cells["infeasible"]) == (None, 1.0)


def test_a_coin_that_costs_nothing_opens_nothing():
    world = Constants({Price("ETH"): 0.0, StakingReward("ETH"): APR(0.03)})
    grid = TimeGrid.daily("2026-01-01", days=5)
    results = simulate({"pool": StakingPool()}, world, grid, capital=100.0, n_paths=3, rng=1)
    assert not results["pool"].feasible.any()
    assert compare(results).rows[0].main_loss_lines == "not opened"


def test_a_year_of_pay_is_the_same_year_for_every_product():
    """A validator is paid for its days in the exit queue too: more coins, not a higher rate."""
    rows = {
        "solo": products.SoloValidator(
            entry_days=0.0, exit_days=30.0, random_duties=False, running_cost_usd_per_day=0.0
        )
    }
    world = Constants({Price("ETH"): 3000.0, StakingReward("ETH"): APR(0.0365)})
    grid = TimeGrid.daily("2026-01-01", days=100, settlement_days=60)
    results = simulate(rows, world, grid, capital=96_000.0, n_paths=1, rng=1)
    outcome = results["solo"]
    assert outcome.earning_years.tolist() == pytest.approx([130 / 365])
    assert outcome.coin_years.tolist() == pytest.approx([32.0 * 130 / 365])
    row = compare(results).rows[0]
    assert row.gross_coin_return == pytest.approx(outcome.coins_gross[0] / outcome.coin_years[0])
    assert "solo: earns for 30 days after the exit on average" in compare(results).details().to_text()


def test_the_rate_on_paths_without_a_loss_event_stands_beside_the_mean():
    results = simulate({"pool": SLASHED}, scenarios.reference(), YEAR, capital=100_000.0, rng=1)
    row, outcome = compare(results).rows[0], results["pool"]
    spared = outcome.lines[Line.SLASHING] == 0.0
    assert 0.985 < spared.mean() < 0.995
    assert row.net_coin_return_no_event == pytest.approx(outcome.yields().net_apr[spared].mean())
    assert row.net_coin_return_no_event == pytest.approx(
        outcome.yields().net_apr[spared].min()
    )  # the same on all of them
    assert row.net_coin_return < row.net_coin_return_no_event


def test_groups_and_lines_go_by_their_names():
    outcome = SLASHED.run(_market(), capital=100.0)
    assert outcome.group("fee").tolist() == outcome.group(Group.FEE).tolist()
    assert outcome.group("fee")[0] < 0.0
    assert outcome.lines["commission"].tolist() == outcome.lines[Line.COMMISSION].tolist()
    assert "commission" in outcome.lines
    assert outcome.native["commission", "ETH"][0] < 0.0
    assert outcome.risk().shortfall_by_line["consensus"] < 0.0
    with pytest.raises(UnknownNameError, match=r"^key: must be one of .*commission.*did you mean 'commission'"):
        _ = outcome.lines["comission"]
    with pytest.raises(UnknownNameError, match=r"^Outcome\.group: must be one of reward, fee,.*did you mean 'fee'"):
        outcome.group("fees")
    with pytest.raises(KeyError):
        _ = outcome.lines[Line.MINING]
    assert outcome.lines.get("mining") is None


def test_results_go_by_their_names():
    results = simulate({"pool": SLASHED}, scenarios.reference(), YEAR, capital=1e5, n_paths=2, rng=1)
    with pytest.raises(InputError, match=r"did you mean 'pool'"):
        _ = results["pol"]


def _market():
    grid = TimeGrid.daily("2026-01-01", days=30, settlement_days=60)
    return Market(grid, {Price("ETH"): 10.0, StakingReward("ETH"): APR(0.03), SLASHING: False})


def test_what_waiting_came_to_is_a_measure_of_its_own():
    results = simulate({"pool": SLASHED}, scenarios.reference(), YEAR, capital=1e5, n_paths=3_000, rng=1)
    row, yields = compare(results).rows[0], results["pool"].yields()
    at_exit = yields.total_return - (results["pool"].asset_growth_at_exit - 1.0)
    assert yields.excess_over_holding + yields.exit_delay == pytest.approx(at_exit, abs=1e-12)
    assert abs(row.exit_delay) < 4.0 * row.exit_delay_error  # prices drift at the rate of cash
    assert row.exit_delay_error > 10.0 * row.excess_return_error


def test_cash_has_its_rate_whatever_the_tail():
    for tail in (0, 60):
        grid = TimeGrid.daily(scenarios.REFERENCE_START, days=365, settlement_days=tail)
        world = Constants({CashRate("USD"): APY(0.04)})
        row = compare(simulate({"cash": Holding(asset="USD")}, world, grid, capital=1.0, n_paths=1, rng=1)).rows[0]
        assert row.gross_coin_return == pytest.approx(0.04)
        assert row.net_coin_return == pytest.approx(0.04)


def test_a_row_without_a_failure_says_so():
    rows = {"safe": StakingPool(), "risky": SLASHED}
    text = compare(simulate(rows, scenarios.reference(), YEAR, capital=1e5, n_paths=5, rng=1)).details().to_text()
    assert "No failure is modelled for safe: neither slashing" in " ".join(text.split())


def test_rates_in_coins_are_of_the_paths_on_which_the_product_was_open():
    world = Joint(
        [
            scenarios.GeometricBrownianMotion({Price("ETH"): scenarios.GBM(3000.0, volatility=0.7)}),
            Constants({StakingReward("ETH"): APR(0.03)}),
        ]
    )
    grid = TimeGrid.daily("2026-01-01", days=30, settlement_days=60)
    outcome = simulate({"pool": StakingPool()}, world, grid, capital=1e5, n_paths=4, rng=1)
    half = attrs.evolve(
        outcome["pool"], capital_shortfall=np.array([0.0, 0.0, 9.0, 9.0]), coins_net=np.array([1.0, 1.0, 0.0, 0.0])
    )
    row = compare(attrs.evolve(outcome, outcomes={"pool": half})).rows[0]
    coins = 1e5 / 3000.0
    assert row.net_coin_return == pytest.approx(1.0 / coins * 365 / 30)
    assert row.net_coin_return_no_event == row.net_coin_return
    assert "its rates in coins are of the others" in " ".join(
        compare(attrs.evolve(outcome, outcomes={"pool": half})).details().to_text().split()
    )
