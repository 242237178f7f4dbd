"""Coins just held, for the coins that rows have."""

import math

import numpy as np
import pytest

from stakingmodels import (
    APR,
    GBM,
    Constants,
    GeometricBrownianMotion,
    Holding,
    Joint,
    Price,
    StakingPool,
    StakingReward,
    TimeGrid,
    compare,
    simulate,
)
from stakingmodels.analysis.answer.coins import held_coins
from stakingmodels.products import Falls, LeaveWhen
from stakingmodels.scenarios import History, daily_series

GRID = TimeGrid.daily("2026-01-01", days=30, settlement_days=10)
WORLD = Joint(
    [
        GeometricBrownianMotion({Price("ETH"): GBM(3000.0, volatility=0.7), Price("BTC"): GBM(9e4, volatility=0.5)}),
        Constants({StakingReward("ETH"): APR(0.03)}),
    ]
)


def run(rows, **how):
    return compare(simulate(rows, WORLD, GRID, **{"capital": 1000.0, "n_paths": 400, "rng": 1} | how))


def test_the_ends_are_those_of_a_holding():
    found = run({"pool": StakingPool(unbonding_days=5.0)})
    (coin,) = held_coins(found.rows, found.results)
    ends = np.sort(run({"hold": Holding("ETH")}).results["hold"].closing)
    assert (coin.coin, coin.opening_price) == ("ETH", 3000.0)
    assert coin.low == pytest.approx(ends[20])
    assert coin.middle == pytest.approx(ends[199:201].mean())
    assert coin.high == pytest.approx(ends[-21])


def test_a_product_that_leaves_by_itself_does_not_end_the_holding():
    leaving = LeaveWhen(StakingPool(), Falls(Price("ETH"), 0.05))
    both = run({"leaving": leaving, "pool": StakingPool()})
    alone = run({"pool": StakingPool()})
    assert [x.middle for x in held_coins(both.rows, both.results)] == [
        x.middle for x in held_coins(alone.rows, alone.results)
    ]


def test_only_coins_of_rows_have_a_line():
    found = run({"hold ETH": Holding("ETH"), "hold BTC": Holding("BTC"), "cash": Holding("USD")})
    assert [x.coin for x in held_coins(found.rows, found.results)] == ["ETH", "BTC"]
    assert [x.coin for x in held_coins(found.rows[:1], found.results)] == ["ETH"]


def test_capital_path_by_path_counts_on_its_path():
    capital = np.where(np.arange(400) < 300, 1.0, 1e6)
    found = run({"hold": Holding("ETH")}, capital=capital)
    (coin,) = held_coins(found.rows, found.results)
    assert coin.middle < 10.0
    assert coin.high > 1e5


def test_a_price_that_differs_from_path_to_path_is_not_shown():
    days = np.datetime64("2025-01-01") + np.arange(100)
    series = daily_series(days, np.linspace(3000.0, 2000.0, 100), name="made up")
    history = History({Price("ETH"): series}, window_levels="as_recorded")
    results = simulate({"hold": Holding("ETH")}, history, history.grid(days=10), capital=1000.0, rng=3)
    (coin,) = held_coins(compare(results).rows, results)
    assert math.isnan(coin.opening_price)
