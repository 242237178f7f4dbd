"""What a change of terms, rates or prices does to a product: monotone, bounded, compounding."""

from itertools import pairwise

import numpy as np
import pytest

from stakingmodels import (
    APR,
    APY,
    GBM,
    BlockFees,
    CloudMiningContract,
    Constants,
    Difficulty,
    Event,
    GeometricBrownianMotion,
    Holding,
    Joint,
    Line,
    Market,
    Outcome,
    Price,
    Product,
    StakingPool,
    StakingReward,
    TimeGrid,
    simulate,
)
from stakingmodels.products import Failure

ETH, BTC, REWARD, FIRE = Price("ETH"), Price("BTC"), StakingReward("ETH"), Event("fire")
GRID = TimeGrid.daily("2026-01-01", days=40)
PATHS = 25
CAPITAL = 30_000.0
STEP = 1e-12
SUM = 1e-12
FREE = StakingPool(commission=0.0)
MINE = CloudMiningContract(minimum_payout_btc=0.0, stop_after_days=None, payout="hold", term_days=100.0)


def walk(start: float, seed: int, volatility: float = 0.05) -> np.ndarray:
    steps = np.random.default_rng(seed).standard_normal((GRID.n_times, PATHS))
    return start * np.exp(volatility * np.cumsum(steps, axis=0))


PRICES = walk(3_000.0, 1)
RATES = np.random.default_rng(2).uniform(0.0, 0.5, (GRID.n_times, PATHS))
STRIKES = np.random.default_rng(3).random((GRID.n_times, PATHS)) < 0.02
COINS = walk(60_000.0, 4)
WORK = walk(1.5e14, 5, 0.02)


def staking(prices: np.ndarray = PRICES, rates: np.ndarray = RATES) -> Market:
    return Market(GRID, {ETH: prices, REWARD: APY(rates), FIRE: STRIKES})


def mining(prices: np.ndarray = COINS, difficulty: np.ndarray = WORK) -> Market:
    return Market(GRID, {BTC: prices, Difficulty("BTC"): difficulty, BlockFees("BTC"): 0.05})


def coins(product: Product, market: Market) -> np.ndarray:
    """Coins held just before the exit, ``(n_paths,)``: what was bought, earned, paid and lost."""
    outcome = product.run(market, capital=CAPITAL, keep="ledger")
    steps = (entry for entry in outcome.entries or () if entry.asset == product.asset)
    sold = sum(entry.units for entry in steps if entry.line is None and entry.step == GRID.exit - 1)
    return -np.asarray(sold)


def grown(market: Market, product: StakingPool = FREE) -> np.ndarray:
    """Growth of the coins from the opening to the exit."""
    return coins(product, market) * PRICES[0] / CAPITAL


# Monotone


@pytest.mark.parametrize("compounding", [True, False])
def test_a_higher_reward_gives_no_fewer_coins(compounding):
    pool = StakingPool(compounding=compounding, failures=(Failure(FIRE, 0.3, line="slashing"),), buffer=0.1)
    more = pool.run(staking(rates=RATES + 0.05), capital=CAPITAL).closing
    assert (more > pool.run(staking(), capital=CAPITAL).closing).all()


@pytest.mark.parametrize(
    "product",
    [Holding(asset="ETH", sell_fee=0.01), StakingPool(failures=(Failure(FIRE, 0.3, line="slashing"),))],
    ids=str,
)
def test_higher_prices_after_the_opening_give_no_less_money(product):
    higher = PRICES.copy()
    higher[1:] *= np.random.default_rng(6).uniform(1.0, 1.5, higher[1:].shape)
    more = product.run(staking(higher), capital=CAPITAL).closing
    assert (more >= product.run(staking(), capital=CAPITAL).closing).all()


def test_a_larger_slashing_leaves_no_more_coins():
    severities = [0.1, 0.5, 1.0]
    slashed = [StakingPool(failures=(Failure(FIRE, s, line="slashing"),)) for s in severities]
    left = [coins(pool, staking()) for pool in (StakingPool(), *slashed)]
    struck = STRIKES[: GRID.exit].any(axis=0)
    for more, fewer in pairwise(left):
        assert (fewer[struck] < more[struck]).all()
        assert np.array_equal(fewer[~struck], more[~struck])
    assert not left[-1][struck].any()


def test_a_larger_hazard_leaves_no_more_coins_on_the_same_draws():
    world = Joint([GeometricBrownianMotion({ETH: GBM(3_000.0, volatility=0.5)}), Constants({REWARD: APY(0.04)})])
    # moderate ones, since two strikes that are brought forward into one step count once
    pools = [StakingPool(failures=(Failure(Event("x", hazard=h), 0.2, line="slashing"),)) for h in (0.0, 0.5, 2.0, 4.0)]
    closing = [simulate({"it": pool}, world, GRID, capital=CAPITAL, n_paths=200, rng=1)["it"].closing for pool in pools]
    for more, fewer in pairwise(closing):
        assert (fewer <= more * (1.0 + STEP)).all()
        assert (fewer < more * (1.0 - 0.1)).any()


@pytest.mark.parametrize(
    ("terms", "market"),
    [
        (MINE, mining(difficulty=1.1 * WORK)),
        (MINE, mining(prices=COINS / 1.2)),
        (MINE.replace(maintenance_usd_per_th_day=0.005), mining()),
    ],
    ids=["higher difficulty", "lower price, costs in money", "maintenance"],
)
def test_mined_coins_are_fewer(terms, market):
    plain, fewer = coins(MINE, mining()), coins(terms, market)
    assert (fewer <= plain).all()
    assert (fewer < plain)[plain > 0.0].all()
    assert (plain > 0.0).mean() > 0.5


def test_a_pool_that_keeps_all_rewards_leaves_the_coins_as_they_were():
    everything = grown(staking(), StakingPool(commission=1.0))
    assert np.abs(everything - 1.0).max() <= STEP


def test_a_pool_that_keeps_nothing_pays_the_chains_growth():
    years = GRID.step_days[:, None] / 365.0
    growth = np.prod((1.0 + RATES[:-1]) ** years, axis=0)
    assert np.abs(grown(staking()) / growth - 1.0).max() <= STEP


def test_mined_coins_are_linear_in_the_hash_rate():
    one, three = (
        MINE.replace(hashrate_th_s=h).run(mining(), capital=CAPITAL).native[Line.MINING, "BTC"] for h in (100.0, 300.0)
    )
    assert np.abs(three / one - 3.0).max() <= 3.0 * STEP


# Compounding


def test_growth_over_two_spans_multiplies():
    middle = 17
    first = Market(TimeGrid(GRID.times[: middle + 1]), {ETH: PRICES[: middle + 1], REWARD: APY(RATES[: middle + 1])})
    second = Market(TimeGrid(GRID.times[middle:]), {ETH: PRICES[middle:], REWARD: APY(RATES[middle:])})

    def growth(market: Market, start: np.ndarray, end: np.ndarray) -> np.ndarray:
        return FREE.run(market, capital=CAPITAL).closing / CAPITAL * start / end

    both = growth(first, PRICES[0], PRICES[middle]) * growth(second, PRICES[middle], PRICES[-1])
    assert np.abs(grown(staking()) / both - 1.0).max() <= STEP


@pytest.mark.parametrize("rate", [APY(0.07), APY(-0.02)])
def test_splitting_a_step_at_one_effective_rate_changes_nothing(rate):
    coarse = TimeGrid(GRID.times[::8])
    one, two = (FREE.run(Market(g, {ETH: 3_000.0, REWARD: rate}), capital=CAPITAL).closing for g in (coarse, GRID))
    assert abs(one[0] / two[0] - 1.0) <= STEP


def test_a_simple_rate_does_not_split():
    """The exception: an `APR` is paid at the end of each step, and then compounds."""
    coarse = TimeGrid(GRID.times[::8])
    one, two = (FREE.run(Market(g, {ETH: 3_000.0, REWARD: APR(0.5)}), capital=CAPITAL).closing for g in (coarse, GRID))
    assert two[0] > one[0] * (1.0 + 1e-6)


def test_rewards_that_are_not_staked_again_add_up():
    pool = StakingPool(commission=0.0, compounding=False)

    def rewards(days: int) -> float:
        world = Market(TimeGrid.daily("2026-01-01", days=days), {ETH: 3_000.0, REWARD: APR(0.3)})
        return float(pool.run(world, capital=CAPITAL).native[Line.CONSENSUS, "ETH"][0])

    assert rewards(50) == pytest.approx(rewards(20) + rewards(30), rel=STEP)


def test_the_order_of_the_rates_does_not_matter():
    shuffled = RATES.copy()
    shuffled[:-1] = np.random.default_rng(8).permutation(RATES[:-1], axis=0)
    assert np.abs(grown(staking(rates=shuffled)) / grown(staking()) - 1.0).max() <= STEP


def test_the_annualised_growth_lies_between_the_rates():
    annualised = grown(staking()) ** (1.0 / GRID.years_held) - 1.0
    held = RATES[:-1]
    assert (annualised >= held.min(axis=0) - STEP).all()
    assert (annualised <= held.max(axis=0) + STEP).all()


# Arithmetic by hand


def test_a_year_of_a_pool_is_that_of_its_terms():
    """Coins bought, rewarded, charged, slashed and sold, worked out with plain floats."""
    pool = StakingPool(
        commission=0.2, buffer=0.25, buy_fee=0.01, sell_fee=0.02, failures=(Failure(FIRE, 0.4, line="slashing"),)
    )
    path = 7
    units = CAPITAL / 1.01 / PRICES[0, path]
    for k in range(GRID.n_steps):
        accrued = (1.0 + RATES[k, path]) ** (1.0 / 365.0) - 1.0
        units += 0.75 * accrued * units * (1.0 - 0.2)
        if STRIKES[k, path]:
            units -= units * 0.75 * 0.4
    outcome: Outcome = pool.run(staking(), capital=CAPITAL)
    assert outcome.closing[path] == pytest.approx(units * PRICES[-1, path] * 0.98, rel=1e-11)
