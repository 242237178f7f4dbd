"""The two sides of every measure: what the library is asked to do, and the kernel that does the same."""

from collections.abc import Callable
from typing import Any, NamedTuple

import attrs
import numpy as np

from benchmarks import draws, kernels, worlds
from stakingmodels.engine import simulate
from stakingmodels.market import BlockFees, Factor, Market, StakingReward
from stakingmodels.products import CloudMiningContract, Holding, StakingPool
from stakingmodels.protocols.chains import bitcoin
from stakingmodels.rates import DAYS_PER_YEAR
from stakingmodels.scenarios import BLOCK, Streams

SEED = 1
STEPS = worlds.GRID.n_steps
Call = Callable[[], object]


@attrs.frozen(eq=False)
class Given:
    """The same paths for both sides.

    Attributes
    ----------
    market
        For the library.
    rows, strikes
        For the kernels: (path, level, time), and (path, event, number) as steps.
    """

    market: Market
    rows: kernels.FloatArray
    strikes: kernels.IntArray


@attrs.frozen
class Kernel:
    """How a product is run by numba: its loop over steps, its results, and what its paths are drawn with."""

    book: Callable[..., Any]
    sums: type[NamedTuple]
    draw: Callable[..., None]
    event: int | None = None


KERNELS = {
    worlds.HOLD_ETH: Kernel(kernels.hold, kernels.HoldingSums, draws.draw_eth),
    worlds.HOLD_BTC: Kernel(kernels.hold, kernels.HoldingSums, draws.draw_btc),
    worlds.POOL: Kernel(kernels.stake, kernels.PoolSums, draws.draw_eth, kernels.SLASHING),
    worlds.MINE: Kernel(kernels.mine, kernels.MiningSums, draws.draw_mining, kernels.PROVIDER),
}


def kernel_world(*, hard: bool = False) -> kernels.World:
    """`benchmarks.worlds` in the kernels' own terms; hard: with cheap coins and many events, so that all happens."""
    years = 1.0 / DAYS_PER_YEAR
    levels = worlds.LEVELS.values()
    events = (worlds.SLASHING, worlds.PROVIDER)
    cheaper, likelier = (0.62, 20.0) if hard else (1.0, 1.0)
    return kernels.World(
        start=np.array([d.start * (1.0 if f == worlds.WORK else cheaper) for f, d in worlds.LEVELS.items()]),
        scale=np.array([d.volatility * np.sqrt(years) for d in levels]),
        drift=np.array([(d.drift - 0.5 * d.volatility**2) * years for d in levels]),
        rho=worlds.CORRELATION[worlds.ETH, worlds.BTC],
        hazard=np.array([float(event.hazard or 0.0) * likelier * years for event in events]),
        exit=worlds.GRID.exit,
    )


def kernel_terms(name: str) -> NamedTuple:
    """A product's terms as its kernel takes them."""
    product = worlds.PRODUCTS[name]
    if isinstance(product, Holding):
        level = kernels.ETH if product.asset == "ETH" else kernels.BTC
        return kernels.HoldingTerms(level, worlds.CAPITAL, product.buy_fee, product.sell_fee)
    if isinstance(product, StakingPool):
        return kernels.PoolTerms(
            worlds.CAPITAL,
            product.buy_fee,
            product.sell_fee,
            float(worlds.REWARD.accrued(1.0 / DAYS_PER_YEAR)),
            product.commission,
            product.slashing_severity,
            int(product.unbonding_days),
        )
    return _mining_terms(product)


def _mining_terms(product: Any) -> kernels.MiningTerms:
    terms: CloudMiningContract = product
    per_block = bitcoin.subsidy_at(worlds.GRID.times[1:]) + worlds.BLOCK_FEES
    return kernels.MiningTerms(
        worlds.CAPITAL,
        terms.price_usd_per_th_s,
        int(terms.term_days),
        bitcoin.coins_per_th_s_day(1.0, per_block * terms.uptime),
        terms.pool_fee,
        terms.electricity_usd_per_th_day * terms.uptime,
        terms.minimum_payout_btc,
        int(terms.stop_after_days or 0),
        terms.sell_fee,
    )


def given_paths(paths: int, *, hard: bool = False) -> Given:
    """Paths drawn by numba, in the shapes that each side reads."""
    rows = np.empty((paths, len(worlds.LEVELS), STEPS + 1))
    strikes = np.empty((paths, 2, draws.MOST_STRIKES), dtype=np.int64)
    draws.fill(_generator(), kernel_world(hard=hard), rows, strikes)
    series: dict[Factor, Any] = {f: np.ascontiguousarray(rows[:, i].T) for i, f in enumerate(worlds.LEVELS)}
    series |= {StakingReward("ETH"): worlds.REWARD, BlockFees("BTC"): worlds.BLOCK_FEES}
    for row, event in enumerate((worlds.SLASHING, worlds.PROVIDER)):
        happens = np.zeros((STEPS + 1, paths), dtype=np.bool_)
        for path in range(paths):
            steps = strikes[path, row]
            happens[steps[: np.argmax(steps == STEPS)], path] = True
        series[event] = happens
    return Given(Market(worlds.GRID, series), rows, strikes)


def _generator() -> np.random.Generator:
    return np.random.Generator(np.random.SFC64(SEED))


def worlds_sides(blocks: int) -> tuple[Call, Call]:
    """Drawing all levels of the world, and doing nothing with them."""
    scenario, factors = worlds.scenario_of(worlds.LEVELS), frozenset(worlds.LEVELS)
    rng, world, last = _generator(), kernel_world(), np.empty((3, blocks * BLOCK))

    def ours() -> None:
        for block in range(blocks):
            streams = Streams(SEED, block)
            for _ in scenario.market(worlds.GRID, factors, streams=streams, paths=BLOCK).chunks():
                pass

    return ours, lambda: draws.worlds(rng, world, STEPS, last)


def product_sides(name: str, blocks: int) -> tuple[Call, Call]:
    """One product alone, in a world of just the levels it reads."""
    kernel, paths = KERNELS[name], blocks * BLOCK
    scenario = worlds.scenario_of(worlds.levels_of([name]))
    run = draws.drawn(kernel.draw, kernel.book, kernel.event)
    rng, world, terms = _generator(), kernel_world(), kernel_terms(name)
    sums = np.empty((len(kernel.sums._fields), paths))
    products = {name: worlds.PRODUCTS[name]}
    return (
        lambda: simulate(products, scenario, worlds.GRID, capital=worlds.CAPITAL, paths=paths, rng=SEED),
        lambda: run(rng, world, STEPS, terms, sums),
    )


def whole_sides(blocks: int) -> tuple[Call, Call]:
    """All products on the same worlds."""
    paths = blocks * BLOCK
    scenario = worlds.scenario_of(worlds.LEVELS)
    rng, world = _generator(), kernel_world()
    terms: Any = tuple(map(kernel_terms, worlds.PRODUCTS))
    sums: Any = tuple(np.empty((len(KERNELS[name].sums._fields), paths)) for name in worlds.PRODUCTS)
    return (
        lambda: simulate(worlds.PRODUCTS, scenario, worlds.GRID, capital=worlds.CAPITAL, paths=paths, rng=SEED),
        lambda: draws.whole(rng, world, STEPS, terms, sums),
    )


def books_sides(name: str, given: Given) -> tuple[Call, Call]:
    """One product on paths that are there already, so that its books alone are measured."""
    kernel = KERNELS[name]
    run, world, terms = draws.given(kernel.book), kernel_world(), kernel_terms(name)
    sums = np.empty((len(kernel.sums._fields), given.market.n_paths))
    return (
        lambda: worlds.PRODUCTS[name].run(given.market, capital=worlds.CAPITAL),
        lambda: run(given.rows, given.strikes, world, terms, sums),
    )
