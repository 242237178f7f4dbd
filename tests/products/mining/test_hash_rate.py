"""`HashRate`: bills, cuts, and the paths with any machine; `LosingDays`: days in a row by hand."""

import numpy as np
import pytest

from stakingmodels.ledger import Line
from stakingmodels.market import BlockFees, Difficulty, Market, TimeGrid
from stakingmodels.products.mining.hash_rate import HashRate
from stakingmodels.products.mining.losing_days import LosingDays

GRID = TimeGrid.daily("2026-01-01", days=3)
MARKET = Market(GRID, {Difficulty("BTC"): 1e12, BlockFees("BTC"): 0.0})
POWER, CARE = Line.ELECTRICITY, Line.MAINTENANCE


@pytest.fixture
def rate():
    """Hash rate of 4, 0 and 2 TH/s."""
    return HashRate(MARKET.now().at(next(MARKET.chunks()), -1), np.array([4.0, 0.0, 2.0]), 1.0)


def test_paths_without_hash_rate_do_not_work(rate):
    assert rate.works.tolist() == [True, False, True]
    assert rate.any_works
    rate.cut(1.0, None)
    assert rate.works.tolist() == [False] * 3
    assert not rate.any_works


def test_a_bill_follows_the_hash_rate_and_the_price(rate):
    assert rate.bill(POWER, 0.5).tolist() == [2.0, 0.0, 1.0]
    assert rate.bill(CARE, 0.25).tolist() == [1.0, 0.0, 0.5]
    rate.cut(0.5, np.array([0]))
    assert rate.bill(POWER, 0.5).tolist() == [1.0, 0.0, 1.0]
    assert rate.bill(POWER, 1.5).tolist() == [3.0, 0.0, 3.0]
    rate.cut(np.array([0.5, 1.0]), np.array([2, 0]))
    assert rate.bill(CARE, 0.25).tolist() == [0.0, 0.0, 0.25]
    assert rate.works.tolist() == [False, False, True]


def test_a_bill_whose_price_differs_by_path(rate):
    for price in ([0.5, 0.5, 0.25], [0.25, 1.0, 2.0]):
        assert rate.bill(POWER, np.array(price)).tolist() == [4.0 * price[0], 0.0, 2.0 * price[2]]


def test_a_day_that_earns_its_cost_is_no_losing_day():
    days, works = LosingDays(3, 2), np.array([True, True, False])
    cost = np.array([1.0, 2.0, 3.0])
    assert days.over_limit(1.0, cost, works, 1.0).tolist() == []
    assert days.over_limit(1.0, cost, works, 0.5).tolist() == []
    assert days.over_limit(1.0, cost, works, 0.5).tolist() == [1]
    assert days.over_limit(2.0, cost, works, 5.0).tolist() == []
    assert days.over_limit(1.0, cost, works, 1.5).tolist() == []


def test_a_limit_is_reached_on_its_day_and_not_a_moment_before():
    days, works = LosingDays(1, 2), np.array([True])
    assert days.over_limit(0.0, 1.0, works, 1.0).tolist() == []
    assert days.over_limit(0.0, 1.0, works, 1.0).tolist() == [0]
    assert days.over_limit(0.0, 1.0, works, 1.0).tolist() == [0]
