"""`LeaveWhen` over every product of the library, and over a wrapper over it: each path is as a plain run of its own."""

from typing import Any

import numpy as np
import pytest

from stakingmodels import (
    APR,
    Above,
    BlockFees,
    CashRate,
    CloudMiningContract,
    Difficulty,
    ExchangeStaking,
    ExecutionReward,
    ExitWait,
    Falls,
    Holding,
    LeaveWhen,
    LiquidStakingToken,
    Market,
    MarketRatio,
    MiningMachines,
    Price,
    SoloValidator,
    StakingPool,
    StakingReward,
    TimeGrid,
    termsheets,
)
from stakingmodels.market import EntryWait
from tests.products.conform import conform

ETH, BTC = Price("ETH"), Price("BTC")
PRODUCTS = {
    "holding": Holding("ETH", buy_fee=0.001, sell_fee=0.002),
    "pool": StakingPool("ETH", unbonding_days=34.7, sell_fee=0.001),
    "paying pool": StakingPool(
        "ETH", compounding=False, entry_days=1.5, unbonding_days=ExitWait("ETH"), earns_while_unbonding=True
    ),
    "validator": SoloValidator("ETH", random_duties=False, entry_days=2.0, exit_days=3.3),
    "compounding validator": SoloValidator("ETH", compounding=True, random_duties=False, entry_days=0.0),
    "token": LiquidStakingToken("ETH", sell_fee=0.001),
    "accruing token": LiquidStakingToken("ETH", accounting="accruing", queue_days=ExitWait("ETH"), exit_route="queue"),
    "exchange": ExchangeStaking("ETH", posted_rate=APR(0.04), redemption_days=2.0),
    "term deposit": ExchangeStaking(
        "ETH", posted_rate=APR(0.04), term_days=9.0, early_redemption="forfeit_period", compounding=False
    ),
    "mining": CloudMiningContract(term_days=30.0, early_exit_loss=0.3, payout="hold"),
    "machines": MiningMachines(
        hosting_usd_per_month=90.0, resale_fee=0.02, resale_days=3.3, resale_btc_share=0.3, minimum_payout_btc=0.0
    ),
}
N = 10


LAST = 60
WALK = np.exp(np.cumsum(0.06 * np.random.default_rng(7).standard_normal((LAST + 1, N)), axis=0))


def world(exit_day):
    """Ten paths; the price and the exit queue differ on each, and all levels move."""
    first = np.datetime64("2026-01-01", "s") + np.arange(LAST + 1) * np.timedelta64(86_400, "s")
    random, last, walk = np.random.default_rng(8), LAST, WALK
    series: dict[Any, Any] = {
        ETH: 3_000.0 * walk,
        BTC: 90_000.0 * walk[:, ::-1],
        MarketRatio("stETH"): 1.0 - 0.003 * random.random((last + 1, N)),
        ExitWait("ETH"): 5.0 * random.random((last + 1, N)),
        EntryWait("ETH"): 5.0 * random.random((last + 1, N)),
        StakingReward("ETH"): APR(0.1 * random.random((last + 1, N))),
        ExecutionReward("ETH"): APR(0.001),
        Difficulty("BTC"): 1.5e14 * walk[:, 0],
        BlockFees("BTC"): 0.02,
        CashRate("USD"): APR(0.03),
    }
    return Market(TimeGrid(first, exit_day), series)


def rule_of(product):
    return Falls(Price(product.asset), 0.20)


def fall_days(product, exit_day):
    """Day on which each path has fallen by a fifth, or the exit."""
    prices = WALK if product.asset == "ETH" else WALK[:, ::-1]
    fallen = prices[1 : exit_day + 1] <= 0.8 * prices[0]
    return np.where(fallen.any(axis=0), fallen.argmax(axis=0) + 1, exit_day)


FIELDS = (
    "closing", "proceeds", "days_to_cash", "settled", "day_asked", "asset_growth", "asset_growth_at_exit",
    "earning_years", "coins_gross", "coins_net", "max_drawdown", "capital_shortfall",
)  # fmt: skip
WRAPPED = {"alone": lambda product: product, "wrapped": lambda product: LeaveWhen(product, Above(ETH, 1e9))}


def test_every_product_is_here():
    assert {type(product).__name__ for product in PRODUCTS.values()} == set(termsheets.KINDS)


@pytest.mark.parametrize("wrap", WRAPPED.values(), ids=WRAPPED)
@pytest.mark.parametrize("product", PRODUCTS.values(), ids=PRODUCTS)
def test_a_path_is_a_plain_run_whose_exit_is_its_day(product, wrap):
    exit_day, capital = 24, 400_000.0
    stopped = LeaveWhen(wrap(product), rule_of(product)).run(world(exit_day), capital=capital)
    days = fall_days(product, exit_day)
    assert stopped.day_asked.tolist() == days.tolist()
    assert 2 < len(set(days.tolist())) < N
    for day in sorted(set(days.tolist())):
        plain, paths = product.run(world(int(day)), capital=capital), np.flatnonzero(days == day)
        for name in FIELDS:
            got, want = getattr(stopped, name)[paths], getattr(plain, name)[paths]
            assert got == pytest.approx(want, rel=1e-9, abs=1e-9, nan_ok=True), name
        for line in {*plain.lines, *stopped.lines}:
            got, want = (each.lines.get(line, np.zeros(N))[paths] for each in (stopped, plain))
            assert got == pytest.approx(want, rel=1e-9, abs=1e-6), line
        for rung in {*plain.unpaid_by_day, *stopped.unpaid_by_day}:
            got, want = (each.unpaid_by_day.get(rung, np.zeros(N))[paths] for each in (stopped, plain))
            assert got == pytest.approx(want, rel=1e-9, abs=1e-6), rung
        mine, theirs = stopped.yields(), plain.yields()
        for name in ("gross_apr", "net_apr", "total_return", "excess_over_holding", "excess_over_cash", "exit_delay"):
            got, want = getattr(mine, name)[paths], getattr(theirs, name)[paths]
            assert got == pytest.approx(want, rel=1e-9, abs=1e-12, nan_ok=True), name


@pytest.mark.parametrize(
    "wrap", [WRAPPED["alone"], pytest.param(WRAPPED["wrapped"], marks=pytest.mark.slow)], ids=WRAPPED
)
@pytest.mark.parametrize("product", PRODUCTS.values(), ids=PRODUCTS)
@conform
@pytest.mark.few(4)
def test_it_conforms(product, wrap, check):
    check(LeaveWhen(wrap(product), rule_of(product)))


@pytest.mark.parametrize("share", [0.5, 0.25])
@pytest.mark.parametrize("product", PRODUCTS.values(), ids=PRODUCTS)
def test_what_leaves_in_part_and_what_stays_are_the_whole(product, share):
    """Of a product that deals in any amount, a share is the sum of two runs with that much of the capital."""
    if product.asset == "ETH" and isinstance(product, SoloValidator):
        pytest.skip("validators leave one by one")
    if isinstance(product, CloudMiningContract):
        pytest.skip("a contract has a minimum pay-out, which is of the whole")
    market = world(24)
    part = LeaveWhen(product, rule_of(product), share).run(market, capital=100_000.0)
    leaves = LeaveWhen(product, rule_of(product)).run(market, capital=100_000.0 * share)
    stays = product.run(market, capital=100_000.0 * (1.0 - share))
    assert part.closing == pytest.approx(leaves.closing + stays.closing, rel=1e-9)
