"""`Comparison.rank`: the order, the bounds with their reasons, and what is refused."""

import math

import attrs
import numpy as np
import pytest

from stakingmodels import (
    GBM,
    Constants,
    GeometricBrownianMotion,
    Holding,
    InputError,
    InputTypeError,
    Joint,
    Price,
    StakingPool,
    StakingReward,
    TimeGrid,
    compare,
    simulate,
)
from stakingmodels.analysis import COLUMNS
from stakingmodels.analysis.ranking import HIGH_IS_BEST, LOW_IS_BEST
from stakingmodels.rates import APR


@pytest.fixture(scope="module")
def results():
    world = Joint(
        [
            GeometricBrownianMotion({Price("ETH"): GBM(3000.0, volatility=0.7)}),
            Constants({StakingReward("ETH"): APR(0.3)}),
        ]
    )
    rows = {
        "cash": Holding(asset="USD"),
        "slow": StakingPool(commission=0.0, unbonding_days=9.0),
        "dear": StakingPool(commission=0.5, unbonding_days=2.0),
        "hold": Holding(asset="ETH"),
        "stuck": StakingPool(commission=0.1, unbonding_days=99.0),
        "mine": Holding(asset="BTC"),
    }
    grid = TimeGrid.daily("2026-01-01", days=365, settlement_days=10)
    return simulate(rows, world, grid, capital=1000.0, n_paths=100, rng=7, on_missing="skip")


@pytest.fixture(scope="module")
def table(results):
    return compare(results)


def names(comparison):
    return [row.product for row in comparison.rows]


def infeasible(results, missing):
    """The results, with so much capital missing for "hold" on each path."""
    outcome = attrs.evolve(results["hold"], capital_shortfall=np.asarray(missing))
    return compare(attrs.evolve(results, outcomes={**results.outcomes, "hold": outcome}))


# Order


@pytest.mark.parametrize("by", sorted(HIGH_IS_BEST | LOW_IS_BEST))
def test_the_best_comes_first(table, by):
    ranked = table.rank(by)
    values = [getattr(row, by) for row in ranked.rows]
    known = [value for value in values if not math.isnan(value)]
    assert known == sorted(known, reverse=by in HIGH_IS_BEST)
    assert values[: len(known)] == known
    assert sorted(names(ranked)) == sorted(names(table))
    assert ranked.ranked_by == by


def test_every_numeric_column_has_one_direction(table):
    numeric = {name for name in COLUMNS if type(getattr(table.rows[0], name, None)) in (int, float)}
    assert numeric == HIGH_IS_BEST | LOW_IS_BEST
    assert not HIGH_IS_BEST & LOW_IS_BEST


def test_by_default_the_mean_return_decides(table):
    assert names(table.rank()) == names(table.rank("return_mean"))
    assert names(table.rank("net_coin_return"))[:3] == ["slow", "stuck", "dear"]


def test_equal_rows_keep_their_order_and_rows_without_a_number_come_last(table):
    assert names(table.rank("days_to_cash")) == ["cash", "hold", "dear", "slow", "stuck"]
    assert names(table.rank("days_to_cash_mean")) == ["cash", "hold", "dear", "slow", "stuck"]
    assert math.isnan(table.rank("days_to_cash_mean").rows[-1].days_to_cash_mean)


def test_the_comparison_itself_stays_as_it_was(table):
    table.rank("cost", max_days_to_cash=1.0)
    assert names(table) == ["cash", "slow", "dear", "hold", "stuck"]
    assert table.ranked_by is None
    assert [*table.skipped] == ["mine"]


# Bounds


def test_too_much_shortfall_is_left_out_with_the_number(table):
    hold = next(row for row in table.rows if row.product == "hold")
    ranked = table.rank(max_es=0.1)
    assert names(ranked) == ["cash"]
    assert ranked.skipped["hold"] == f"ES 95% of {hold.expected_shortfall:.2%} is above 10.00%"
    assert "hold" in names(table.rank(max_es=hold.expected_shortfall))


def test_too_many_days_are_left_out(table):
    ranked = table.rank(max_days_to_cash=2.0)
    assert sorted(names(ranked)) == ["cash", "dear", "hold"]
    assert ranked.skipped["slow"] == "9 days to cash at 95%, more than 2"
    assert ranked.skipped["stuck"] == "not all out by the last day at 95%, more than 2"


def test_all_reasons_are_told_and_older_ones_kept(table):
    ranked = table.rank(max_es=0.1, max_days_to_cash=2.0)
    assert ranked.skipped["slow"].count(";") == 1
    assert ranked.skipped["mine"] == table.skipped["mine"]


@pytest.mark.parametrize(
    ("capital", "share", "kept"),
    [(1000.0, 0.05, False), (1000.0, 0.3, True), (1000.0, 0.29, False), (1500.0, 0.3, True), (1500.0, 0.1, False)],
)
def test_what_the_capital_cannot_open_on_too_many_paths_is_left_out(results, capital, share, kept):
    missing = np.repeat([0.0, 500.0, 9000.0], [70, 20, 10])
    ranked = infeasible(results, missing).rank(min_capital=capital, max_infeasible=share)
    assert ("hold" in names(ranked)) == kept
    assert "cash" in names(ranked)


def test_the_reason_says_which_capital_and_on_how_many_paths(results):
    ranked = infeasible(results, np.repeat([0.0, 500.0], [80, 20])).rank(min_capital=1200.0)
    assert ranked.skipped["hold"] == "1,200 USD cannot open it on 20.00% of the paths"


def test_more_money_would_open_what_this_run_did_not(results):
    """The figures are those of idle money, whatever the holder has."""
    ranked = infeasible(results, np.repeat([0.0, 500.0], [80, 20])).rank(min_capital=1500.0)
    assert ranked.skipped["hold"] == "this run did not open it on 20.00% of the paths; run it with 1,500"


def test_without_a_capital_that_of_the_run_is_asked(results):
    unopened = infeasible(results, np.full(100, 5.0))
    assert "hold" not in names(unopened.rank())
    assert "hold" in names(unopened.rank(max_infeasible=1.0))


def test_a_ranking_can_be_ranked_again(table):
    twice = table.rank(max_days_to_cash=2.0).rank("cost", max_es=0.1)
    assert names(twice) == ["cash"]
    assert {*twice.skipped} == {"mine", "slow", "stuck", "dear", "hold"}


def test_the_dict_tells_the_order_and_the_reasons(table):
    about = table.rank("cost", max_days_to_cash=2.0).to_dict()
    assert about["ranked_by"] == "cost"
    assert {row["product"] for row in about["rows"] if row["skipped"]} == {"slow", "stuck", "mine"}


# Bad input


def test_an_unknown_column_is_refused_with_the_nearest(table):
    with pytest.raises(InputError, match=r"rank: by: must be a numeric column .* \(did you mean 'return_mean'\?\)"):
        table.rank("returns_mean")


@pytest.mark.parametrize("by", ["product", "coin", "main_loss_lines", "skipped", "shortfall_by_line", ""])
def test_a_column_without_numbers_is_refused(table, by):
    with pytest.raises(InputError, match=r"^Comparison\.rank: by: must be a numeric column"):
        table.rank(by)


def test_a_column_that_is_no_name_is_refused(table):
    with pytest.raises(InputTypeError, match=r"^Comparison\.rank: by: must be the name of a column \(str\), got int 3"):
        table.rank(3)


@pytest.mark.parametrize("name", ["max_es", "max_infeasible"])
def test_percents_are_refused(table, name):
    with pytest.raises(InputError, match=rf"^Comparison\.rank: {name}: must be a fraction .*write 0\.30"):
        table.rank(**{name: 30})


@pytest.mark.parametrize(
    ("name", "value"), [("max_days_to_cash", -1.0), ("max_days_to_cash", math.nan), ("min_capital", 0.0)]
)
def test_bounds_out_of_range_are_refused(table, name, value):
    with pytest.raises(InputError, match=rf"^Comparison\.rank: {name}: must be"):
        table.rank(**{name: value})


@pytest.mark.parametrize("name", ["max_es", "max_days_to_cash", "min_capital", "max_infeasible"])
def test_bounds_of_other_types_are_refused(table, name):
    with pytest.raises(InputTypeError, match=rf"^Comparison\.rank: {name}: must be a number"):
        table.rank(**{name: "5"})


def test_less_capital_than_that_of_the_run_is_refused(table):
    with pytest.raises(
        InputError, match=r"min_capital: must be at least the 1000 of the run.*simulate\(..., capital=5"
    ):
        table.rank(min_capital=500.0)
