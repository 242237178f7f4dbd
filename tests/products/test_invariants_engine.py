"""Runs do not depend on how paths are cut into blocks, on who runs them, or on what else is run."""

import os
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

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
    Market,
    MiningMachines,
    Price,
    Results,
    StakingPool,
    StakingReward,
    TimeGrid,
    simulate,
)
from stakingmodels.products import Failure
from stakingmodels.testing.trial import difference, fields, numbers

ETH, BTC, REWARD, FIRE = Price("ETH"), Price("BTC"), StakingReward("ETH"), Event("fire", hazard=2.0)
GRID = TimeGrid.daily("2026-01-01", days=12, settlement_days=4)
BLOCK = 8_192
PRODUCTS = {
    "hold": Holding(asset="ETH", sell_fee=0.01),
    "pool": StakingPool(unbonding_days=2.0, failures=(Failure(FIRE, 0.3, line="slashing"),)),
    "mine": CloudMiningContract(term_days=9.0, failures=(Failure(Event("provider", hazard=1.0)),), payout="hold"),
    "machines": MiningMachines(hosting_usd_per_month=50.0, resale_days=1.5, resale_btc_share=0.4),
}
WORLD = Joint(
    [
        GeometricBrownianMotion(
            {
                ETH: GBM(3_000.0, volatility=0.8),
                BTC: GBM(60_000.0, volatility=0.6),
                Difficulty("BTC"): GBM(1.5e14, volatility=0.1),
            },
            correlation={(ETH, BTC): 0.8},
        ),
        Constants({REWARD: APR(0.03), BlockFees("BTC"): 0.02}),
    ]
)


def run(names=tuple(PRODUCTS), world=WORLD, paths=300, rng=11, **more) -> Results:
    return simulate({n: PRODUCTS[n] for n in names}, world, GRID, capital=10_000.0, n_paths=paths, rng=rng, **more)


def refuse_difference(one: Results, two: Results, paths: int | None = None) -> None:
    """Fail where the products that both have differ in any bit, on the first `paths` of the second."""
    for name in set(one) & set(two):
        whole = {key: array[..., :paths] for key, array in fields(two[name]).items()}
        assert difference(fields(one[name]), whole) is None, name


def wide_market(n_paths: int) -> Market:
    random = np.random.default_rng(2)
    prices = 3_000.0 * np.exp(np.cumsum(random.normal(0.0, 0.05, (GRID.n_times, n_paths)), axis=0))
    strikes = random.random((GRID.n_times, n_paths)) < 0.02
    return Market(GRID, {ETH: prices, REWARD: APY(random.uniform(0.0, 0.2, GRID.n_times)), FIRE: strikes})


@pytest.mark.parametrize("name", ["hold", "pool"])
def test_a_market_of_more_paths_than_a_block_is_the_sum_of_its_parts(name):
    market = wide_market(BLOCK + 500)
    whole = fields(PRODUCTS[name].run(market, capital=10_000.0, keep="values"))
    for start, stop in ((0, BLOCK), (BLOCK, BLOCK + 500), (8_000, 8_400)):
        part = fields(PRODUCTS[name].run(market.slice_paths(start, stop), capital=10_000.0, keep="values"))
        assert difference(part, {key: array[..., start:stop] for key, array in whole.items()}) is None


def test_a_column_alone_gives_the_same_bits_across_chunks():
    """A thousand paths pass in several chunks of rows, one path in a single one."""
    market = wide_market(1_000)
    random = np.random.default_rng(3)
    whole = numbers(PRODUCTS["pool"].run(market, capital=10_000.0, keep="ledger"))
    for path in random.integers(0, 1_000, 3):
        alone = numbers(PRODUCTS["pool"].run(market.slice_paths(path, path + 1), capital=10_000.0, keep="ledger"))
        assert difference(alone, {key: array[..., path : path + 1] for key, array in whole.items()}) is None


CODE = """
import hashlib
from tests_of_stakingmodels import PRODUCTS, run
from stakingmodels.testing.trial import fields
digest = hashlib.sha256()
for name, outcome in run().items():
    for key, array in fields(outcome).items():
        digest.update(key.encode() + array.tobytes())
print(digest.hexdigest())
"""


def test_other_processes_with_other_hash_seeds_give_the_same_bytes(tmp_path):
    (tmp_path / "tests_of_stakingmodels.py").symlink_to(__file__)
    digests = set()
    for seed in ("0", "12345"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path])}
        done = subprocess.run([sys.executable, "-c", CODE], env=environment, capture_output=True, text=True, check=True)
        digests.add(done.stdout)
    assert len(digests) == 1


def test_a_seed_repeats_a_run():
    refuse_difference(run(), run())
    assert not np.array_equal(run()["hold"].closing, run(rng=12)["hold"].closing)


def test_the_recorded_entropy_repeats_a_run_without_a_seed():
    one = run(rng=None)
    refuse_difference(one, run(rng=one.entropy))


def test_eight_threads_give_the_bytes_of_none():
    paths = 2 * BLOCK + 100
    with ThreadPoolExecutor(8) as executor:
        refuse_difference(run(("pool",), paths=paths, executor=executor), run(("pool",), paths=paths))


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
def test_worker_processes_give_the_same_bytes(workers):
    paths = 2 * BLOCK + 100
    with ProcessPoolExecutor(workers) as executor:
        refuse_difference(run(paths=paths, executor=executor), run(paths=paths))


@pytest.mark.parametrize(("few", "many"), [(1, 300), (299, 300), (BLOCK - 1, BLOCK + 1), (BLOCK, BLOCK + 40)])
def test_a_run_is_the_prefix_of_a_longer_one(few, many):
    refuse_difference(run(paths=few), run(paths=many), few)


@pytest.mark.parametrize("name", PRODUCTS)
def test_other_products_change_nothing(name):
    refuse_difference(run((name,)), run())
    refuse_difference(run((name,)), run(tuple(reversed(PRODUCTS))))


def test_other_factors_change_nothing():
    more = GeometricBrownianMotion({Price("SOL"): GBM(150.0, volatility=1.0)})
    refuse_difference(run(world=Joint([more, WORLD])), run())


def test_all_products_see_the_same_paths():
    results = simulate(
        {"one": Holding(asset="ETH"), "two": StakingPool(commission=1.0)}, WORLD, GRID, capital=1.0, n_paths=50, rng=5
    )
    one, two = results["one"], results["two"]
    assert np.array_equal(one.asset_growth, two.asset_growth)
    assert np.abs(one.closing / two.closing - 1.0).max() <= 1e-12
