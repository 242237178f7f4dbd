"""Expected shortfall below holding the own coin, and its split, by hand."""

from typing import Any

import numpy as np
import pytest

from stakingmodels.ledger import Line
from stakingmodels.market import CashRate, Event, Factor, Market, Price, StakingReward, TimeGrid
from stakingmodels.measures import Distribution
from stakingmodels.products import Failure, Holding, StakingPool
from stakingmodels.rates import APR

ETH = Price("ETH")
N = 10
ENDS = 10.0 * (1.0 + np.array([0.5, -0.1, 0.0, 0.2, -0.6, 0.1, -0.3, 0.3, 0.05, 1.0]))
SLASHED = Event("slashed")
YEARS = (np.datetime64("2026-01-01", "s") + np.arange(3) * np.timedelta64(365, "D")).astype("M8[s]")


def market(reward=0.1, struck=(), cash=0.0):
    events = np.zeros((3, N), dtype=bool)
    events[0, list(struck)] = True
    prices = np.stack([np.full(N, 10.0), np.full(N, 10.0), ENDS])
    rates = {StakingReward("ETH"): APR(reward), CashRate("USD"): APR(cash)}
    series: dict[Factor, Any] = {ETH: prices, SLASHED: events, **rates}
    return Market(TimeGrid(YEARS), series)


def relative(outcome):
    return outcome.profit / outcome.capital - (ENDS / 10.0 - 1.0)


@pytest.mark.parametrize("cash", [0.0, 0.05])
@pytest.mark.parametrize("asset", ["ETH", "USD"])
def test_holding_is_not_below_itself(asset, cash):
    risk = Holding(asset=asset).run(market(cash=cash), capital=1000.0).risk()
    assert risk.expected_shortfall_vs_holding == 0.0
    assert sum(risk.expected_shortfall_vs_holding_by_line.values()) == pytest.approx(0.0, abs=1e-12)


def test_a_fee_on_the_sale_is_all_that_parts_it_from_holding():
    risk = Holding(asset="ETH", sell_fee=0.01).run(market(), capital=1000.0).risk(confidence_level=0.8)
    worst = np.sort(ENDS)[-2:]  # a fee takes most where most is sold
    assert risk.expected_shortfall_vs_holding == pytest.approx(0.01 * worst.mean() / 10.0)
    assert risk.expected_shortfall_vs_holding_by_line[Line.TRADING] == pytest.approx(risk.expected_shortfall_vs_holding)
    assert risk.expected_shortfall_vs_holding_by_line[Line.PRICE] == pytest.approx(0.0, abs=1e-15)


@pytest.mark.parametrize("level", [0.5, 0.8, 0.85, 0.9, 0.95])
def test_the_split_adds_up(level):
    pool = StakingPool(commission=0.5, sell_fee=0.01, failures=(Failure(SLASHED, 0.2, line="slashing"),))
    outcome = pool.run(market(struck=[3, 9]), capital=1000.0)
    risk = outcome.risk(confidence_level=level)
    behind = np.sort(-relative(outcome))[::-1]
    size = (1.0 - level) * N
    whole = int(size + 1e-9)
    part = behind[:whole].sum() + (size - whole) * behind[whole]
    assert risk.expected_shortfall_vs_holding == pytest.approx(part / size, rel=1e-9)
    split = risk.expected_shortfall_vs_holding_by_line
    assert sum(split.values()) == pytest.approx(risk.expected_shortfall_vs_holding, rel=1e-9)
    assert [*split] == [*risk.shortfall_by_line]


def test_the_worst_paths_are_those_furthest_behind_not_those_of_the_largest_loss():
    pool = StakingPool(commission=0.0, failures=(Failure(SLASHED, 0.5, line="slashing"),))
    outcome = pool.run(market(reward=0.0, struck=[0, 9]), capital=1000.0)
    risk = outcome.risk(confidence_level=0.8)
    assert risk.expected_shortfall_vs_holding == pytest.approx((0.5 * 1.5 + 0.5 * 2.0) / 2)
    assert risk.expected_shortfall_vs_holding_by_line[Line.SLASHING] == pytest.approx(0.5)  # at the price of its day
    assert risk.expected_shortfall_vs_holding_by_line[Line.PRICE] == pytest.approx((0.5 * 0.5 + 0.5 * 1.0) / 2)
    assert risk.expected_shortfall == pytest.approx((0.6 + 0.3) / 2)


def test_a_product_that_beats_holding_everywhere_has_a_negative_one():
    outcome = StakingPool(commission=0.0).run(market(), capital=1000.0)
    risk = outcome.risk(confidence_level=0.9)
    assert risk.expected_shortfall_vs_holding == pytest.approx(
        -0.21 * 0.4
    )  # on the path where least was left to gain on
    assert risk.expected_shortfall_vs_holding_by_line[Line.CONSENSUS] < 0.0


def test_its_error_is_that_of_the_shortfall_of_what_is_relative():
    pool = StakingPool(commission=0.5, sell_fee=0.01, failures=(Failure(SLASHED, 0.2, line="slashing"),))
    outcome = pool.run(market(struck=[3, 9]), capital=1000.0)
    risk = outcome.risk(confidence_level=0.5)
    behind = Distribution(relative(outcome))
    assert risk.expected_shortfall_vs_holding_error == pytest.approx(behind.standard_error_of_expected_shortfall(0.5))
    assert risk.expected_shortfall_vs_holding_error > 0.0
    assert np.isnan(outcome.risk(confidence_level=0.99).expected_shortfall_vs_holding_error)  # a tenth of a path
