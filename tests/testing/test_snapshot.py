"""`Snapshot`: what it takes from a market, and the markets it makes."""

import numpy as np
import pytest

from stakingmodels import (
    APY,
    BlockFees,
    CloudMiningContract,
    Difficulty,
    Event,
    Market,
    MarketRatio,
    Price,
    StakingPool,
    StakingReward,
    TimeGrid,
)
from stakingmodels.products import Failure
from stakingmodels.testing import check_product
from stakingmodels.testing.snapshot import Snapshot
from stakingmodels.testing.trial import difference, numbers

ETH, REWARD, FIRE = Price("ETH"), StakingReward("ETH"), Event("fire")
POOL = StakingPool(commission=0.2, failures=(Failure(FIRE, 0.3, line="slashing"),), unbonding_days=2.0)
N_TIMES, N_PATHS = 12, 4


def given() -> tuple[TimeGrid, np.ndarray, np.ndarray, Market]:
    grid = TimeGrid.daily("2026-01-01", days=8, settlement_days=3)
    random = np.random.default_rng(3)
    prices = random.uniform(1.0, 2.0, (N_TIMES, N_PATHS))
    strikes = random.random((N_TIMES, N_PATHS)) < 0.2
    market = Market(grid, {ETH: prices, REWARD: APY(random.uniform(0.0, 0.1, N_TIMES)), FIRE: strikes})
    return grid, prices, strikes, market


def test_it_holds_the_numbers_of_the_market():
    _, prices, strikes, market = given()
    taken = Snapshot.of(market, POOL.factors)
    assert np.array_equal(taken.rows[ETH], prices)
    assert np.array_equal(taken.strikes[FIRE], strikes[:-1])
    assert taken.rows[REWARD].shape == (N_TIMES - 1, 1)


def test_its_market_gives_the_same_bits():
    market = given()[-1]
    again = Snapshot.of(market, POOL.factors).market()
    one, two = (numbers(POOL.run(m, capital=100.0, keep="ledger")) for m in (market, again))
    assert difference(one, two) is None


def test_paths_are_taken_in_order():
    _, prices, strikes, market = given()
    some = Snapshot.of(market, POOL.factors).paths(np.array([3, 1]))
    assert some.n_paths == 2
    assert np.array_equal(some.rows[ETH], prices[:, [3, 1]])
    assert np.array_equal(some.strikes[FIRE], strikes[:-1, [3, 1]])
    assert some.rows[REWARD].shape == (N_TIMES - 1, 1)


@pytest.mark.parametrize(("time", "leaves"), [(1, 1), (8, 8), (10, 8)])
def test_a_cut_ends_the_grid(time, leaves):
    _, prices, strikes, market = given()
    cut = Snapshot.of(market, POOL.factors).cut(time)
    assert (cut.grid.n_steps, cut.grid.exit) == (time, leaves)
    assert np.array_equal(cut.rows[ETH], prices[: time + 1])
    assert len(cut.rows[REWARD]) == time
    assert np.array_equal(cut.strikes[FIRE], strikes[:time])


@pytest.mark.parametrize("rising", [True, False])
@pytest.mark.parametrize("time", [0, 5, 10])
def test_another_future_changes_every_later_row_and_no_earlier_one(time, rising):
    market = given()[-1]
    one = Snapshot.of(market, POOL.factors)
    two = one.changed_after(time, rising=rising)
    for factor, first in ((ETH, time + 1), (REWARD, time)):
        assert np.array_equal(one.rows[factor][:first], two.rows[factor][:first])
        assert (one.rows[factor][first:] != two.rows[factor][first:]).all()
    assert np.array_equal(one.strikes[FIRE][:time], two.strikes[FIRE][:time])
    assert (one.strikes[FIRE][time:] != two.strikes[FIRE][time:]).all() == rising


def test_a_future_that_rises_leaves_no_zeros():
    market = Market(given()[0], {ETH: 0.0, REWARD: APY(0.0)})
    other = Snapshot.of(market, {ETH, REWARD}).changed_after(0, rising=True)
    assert (other.rows[ETH][1:] > 0.0).all()
    assert (other.rows[REWARD] > 0.0).all()


def test_the_value_of_a_unit_is_price_times_mark():
    ratio = MarketRatio("stETH")
    market = Market(given()[0], {ETH: 2_000.0, ratio: 0.99})
    taken = Snapshot.of(market, {ETH, ratio})
    assert np.all(taken.unit_value("ETH", ratio) == 2_000.0 * 0.99)
    assert np.all(taken.unit_value("USD", None) == 1.0)
    assert taken.unit_value("ETH", None).shape == (N_TIMES, 1)


def test_paths_keep_dates_of_their_own():
    """A mining contract is paid by the date, which differs by path where windows of a history are used."""
    era = np.array([0, 100], dtype="timedelta64[D]").astype("timedelta64[s]")
    mine = CloudMiningContract(minimum_payout_btc=0.0, stop_after_days=None)
    grid = TimeGrid.daily("2024-03-01", days=5)
    given = {Price("BTC"): 60_000.0, Difficulty("BTC"): 8e13, BlockFees("BTC"): 0.1}
    market = Market.from_sources(grid, 2, [], series=given, time_offsets=era)
    taken = Snapshot.of(market, mine.factors)
    whole, again, late = (
        mine.run(m, capital=1_000.0).closing for m in (market, taken.market(), taken.paths(np.array([1])).market())
    )
    assert whole[1] < whole[0]  # a halving lies between them
    assert np.array_equal(again, whole)
    assert np.array_equal(late, whole[1:])
    for name in ("permutation", "path-independence", "prefix-blocks", "outputs-read-only"):
        check_product(mine, market, only=[name])
