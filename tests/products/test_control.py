"""`Outcome.control`: holding until the day of the money, over what was to be expected; its mean is 1."""

import copy

import numpy as np
import pytest

from stakingmodels import products as rooms
from stakingmodels.engine import simulate
from stakingmodels.market import Event, Market, Price, StakingReward, TimeGrid
from stakingmodels.products import ExchangeStaking, Failure, Holding, StakingPool
from stakingmodels.rates import APR, APY
from stakingmodels.scenarios import (
    GBM,
    REFERENCE_START,
    Constants,
    Contagion,
    Crash,
    GeometricBrownianMotion,
    Hazards,
    Joint,
    RegimeGBM,
    RegimeSwitching,
    Streams,
    reference,
)

MANY = 8_192

ETH = Price("ETH")
GRID = TimeGrid.daily("2026-01-01", days=20, settlement_days=10)
DRIFT = 1.5
WORLD = Joint(
    [
        GeometricBrownianMotion({ETH: GBM(3000.0, volatility=0.7, drift=DRIFT)}),
        Constants({StakingReward("ETH"): APR(0.03)}),
    ]
)


def run(product, world=WORLD, n_paths=300, grid=GRID):
    return simulate({"x": product}, world, grid, capital=100_000.0, n_paths=n_paths, rng=1)["x"]


def prices(world=WORLD, n_paths=300, grid=GRID):
    market = world.market(grid, frozenset({ETH}), streams=Streams(1), n_paths=n_paths)
    return np.concatenate([chunk.rows[ETH][1:].copy() for chunk in market.chunks()])  # row k - 1 is day k


def held(day, rows):
    return rows[day - 1] / 3000.0 / np.exp(DRIFT * day / 365.0)


@pytest.mark.parametrize(
    ("product", "day"),
    [(Holding(asset="ETH"), 20), (StakingPool(unbonding_days=4.0), 24), (StakingPool(unbonding_days=12.0), 30)],
)
def test_it_is_the_coin_on_the_day_of_the_money(product, day):
    outcome = run(product)
    assert outcome.control_variate == pytest.approx(held(day, prices()), rel=1e-12)
    assert outcome.settled.all() == (day < 30)


def test_each_path_has_a_day_of_its_own():
    gone = Event("gone", hazard=20.0)
    outcome = run(ExchangeStaking(redemption_days=4.0, failures=(Failure(gone, recovery=0.5, delay_days=5.0),)))
    days = np.where(outcome.settled, 20.0 + np.where(outcome.settled, outcome.days_to_cash, 0.0), 30.0).astype(int)
    assert len(set(days.tolist())) > 3
    assert outcome.control_variate == pytest.approx(held(days, prices())[np.arange(300), np.arange(300)], rel=1e-12)


def test_money_is_its_own_control():
    assert run(Holding(asset="USD")).control_variate.tolist() == [1.0] * 300


def test_where_the_growth_is_unknown_there_is_none():
    drifts = {"calm": 0.5, "storm": -0.5}
    regimes = RegimeSwitching(
        {ETH: RegimeGBM(3000.0, volatility={"calm": 0.4, "storm": 1.2}, drift=drifts)},
        transition_rates={("calm", "storm"): 4.0, ("storm", "calm"): 4.0},
    )
    assert run(Holding(asset="ETH"), regimes).control_variate is None
    assert run(Holding(asset="ETH"), regimes, n_paths=MANY + 5).control_variate is None
    assert Holding(asset="ETH").run(Market(GRID, {ETH: 3000.0}), capital=1.0).control_variate is None


def test_blocks_are_joined_and_copied():
    outcome = run(StakingPool(), n_paths=MANY + 5)
    assert outcome.control_variate.size == MANY + 5
    assert outcome.control_variate[:300].tolist() == run(StakingPool()).control_variate.tolist()
    assert copy.deepcopy(outcome).control_variate.tolist() == outcome.control_variate.tolist()
    with pytest.raises(ValueError, match="read-only"):
        outcome.control_variate[0] = 2.0


def off(control):
    return abs(control.mean() - 1.0) / (control.std() / np.sqrt(control.size))


@pytest.mark.once
def test_its_mean_is_1_for_every_product_of_the_built_in_world():
    grid = TimeGrid.daily(REFERENCE_START, days=90, settlement_days=60)
    found = simulate(rooms.reference(), reference(cash_rate=APY(0.5)), grid, capital=200_000.0, n_paths=2 * MANY, rng=3)
    for outcome in found.values():
        assert outcome.asset == "USD" or off(outcome.control_variate) < 4.0


def test_its_mean_is_1_where_the_day_depends_on_the_price():
    # a crash brings the default, so that paths whose price has fallen are the late ones
    gone, crash = Event("gone"), Crash(ETH, fall=0.1, within_days=7.0)
    world = Joint(
        [
            GeometricBrownianMotion({ETH: GBM(3000.0, volatility=1.0, drift=DRIFT)}),
            Constants({StakingReward("ETH"): APR(0.03)}),
            Hazards({gone: 0.0}, contagion={gone: Contagion(crash, hazard=50.0)}),
        ]
    )
    exchange = ExchangeStaking(redemption_days=0.0, failures=(Failure(gone, recovery=0.5, delay_days=12.0),))
    outcome = run(exchange, world, n_paths=2 * MANY)
    late = ~(outcome.days_to_cash == 0.0)
    assert 0.1 < late.mean() < 0.9
    assert outcome.control_variate[late].mean() < 0.95 < outcome.control_variate[~late].mean()
    assert off(outcome.control_variate) < 4.0
