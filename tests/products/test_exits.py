"""Exits and investments on some paths and days, of every product: by hand, and against runs of all paths alike."""

import warnings
from typing import Any

import numpy as np
import pytest

from stakingmodels import (
    APR,
    CloudMiningContract,
    ExchangeStaking,
    Holding,
    Line,
    LiquidStakingToken,
    Market,
    MarketRatio,
    MiningMachines,
    Price,
    SoloValidator,
    StakingPool,
    StakingReward,
    TimeGrid,
)
from stakingmodels.errors import InputError, UnitWarning
from stakingmodels.market import BlockFees, Difficulty, ExitWait
from stakingmodels.products import Schedule
from tests.oracles import terms, worlds
from tests.oracles.test_by_hand import BY_HAND
from tests.products.plans import Planned

ETH, REWARD = Price("ETH"), StakingReward("ETH")
DAILY = APR(0.365)  # 0.1 % a day


def world(days, tail, price: Any = 10.0):
    """A market of three paths on which a coin earns 0.1 % a day."""
    grid = TimeGrid.daily("2026-01-01", days=days, settlement_days=tail)
    return Market(grid, {ETH: np.broadcast_to(np.asarray(price), (days + tail + 1, 3)), REWARD: DAILY})


def values(outcome):
    assert outcome.values is not None
    return outcome.values


def test_holding_leaves_on_some_paths_and_days():
    price = np.array([[10.0], [20.0], [40.0], [80.0]])
    plan = Planned(Holding(asset="ETH", sell_fee=0.1), {0: (0.5, [1]), 1: (np.array([1.0, 0.25]), [2, 1])})
    outcome = plan.run(world(3, 0, price), capital=100.0)
    # 10 coins; path 1: 5 at 20, a quarter of 5 at 40, the rest at 80; path 2: all at 40
    assert outcome.closing.tolist() == pytest.approx([720.0, 0.9 * (100 + 50 + 300), 360.0])
    assert outcome.units["USD", "paid_out"].tolist() == outcome.closing.tolist()


def test_a_pool_sends_a_share_of_every_path_into_its_queue():
    pool = StakingPool(commission=0.0, unbonding_days=2.0)
    outcome = Planned(pool, {0: (0.5, [1]), 1: (0.5, [1, 2])}).run(world(3, 3), capital=1e4, keep="values")
    g = 1.001
    assert outcome.closing.tolist() == pytest.approx(
        [1e4 * g**3, 1e4 * (g / 2 + g**2 / 4 + g**3 / 4), 1e4 * (g**2 / 2 + g**3 / 2)]
    )
    assert outcome.days_to_cash.tolist() == [2.0, 2.0, 2.0]
    assert values(outcome)[1].tolist() == pytest.approx([1e4 * g] * 3)


def test_a_queue_that_pays_pays_for_what_is_in_it():
    pool = StakingPool(commission=0.0, unbonding_days=2.0, earns_while_unbonding=True, withdrawal_days=1.0)
    outcome = Planned(pool, {0: (0.5, [1])}).run(world(3, 4), capital=1e4)
    g, half = 1.001, 1e4 * 1.001 / 2
    stayed = 1e4 * g**3
    left = half + half * 0.002 + half * g**2 * 1.002  # each part earns for two more days, paid out as it comes
    assert outcome.closing.tolist() == pytest.approx([stayed * 1.002, left, stayed * 1.002])
    assert outcome.days_to_cash.tolist() == [3.0, 3.0, 3.0]


@pytest.mark.parametrize(
    ("product", "day"),
    [
        (StakingPool(unbonding_days=2.0, earns_while_unbonding=True), 22.0),
        (ExchangeStaking(redemption_days=2.0, earns_while_redeeming=True), 22.0),
        (ExchangeStaking(term_days=7.0, early_redemption="refused"), 21.0),
    ],
)
def test_an_exit_after_everything_has_left_lengthens_no_earning(product, day):
    outcome = Planned(product, {4: (1.0, [0, 2]), 12: (0.0, None)}).run(world(20, 10), capital=1e4)
    assert outcome.earning_years * 365 == pytest.approx([20.0, day, 20.0])


def test_one_paths_queue_changes_nothing_on_another():
    pool = StakingPool(commission=0.0, unbonding_days=ExitWait("ETH"))
    waits = np.broadcast_to(np.array([[0.0, 2.0, 0.0]]), (7, 3))
    grid = TimeGrid.daily("2026-01-01", days=3, settlement_days=3)
    market = Market(grid, {ETH: 10.0, REWARD: DAILY, ExitWait("ETH"): waits})
    mixed = pool.run(market, capital=1e4, keep="ledger")
    assert mixed.days_to_cash.tolist() == [0.0, 2.0, 0.0]
    there = [entry for entry in mixed.entries or () if entry.place == "unbonding"]
    assert there
    assert all(entry.units[[0, 2]].tolist() == [0.0, 0.0] for entry in there)


def test_a_token_is_sold_or_redeemed_on_the_paths_that_leave():
    token = LiquidStakingToken(exit_route="cheaper", queue_days=2.0, waiting_cost_per_year=0.0, protocol_fee=0.0)
    ratio = np.broadcast_to(np.array([[0.9, 0.9, 1.1]]), (6, 3))
    grid = TimeGrid.daily("2026-01-01", days=2, settlement_days=3)
    market = Market(grid, {ETH: 10.0, REWARD: APR(0.0), MarketRatio("stETH"): ratio})
    outcome = Planned(token, {0: (0.5, [1, 2])}).run(market, capital=100.0, keep="values")
    # path 1 redeems half, which comes on day 3; path 2 sells half at 1.1 on day 1
    assert values(outcome)[[1, 2, 3], 1].tolist() == pytest.approx([50 + 45, 50 + 50, 100])
    assert outcome.units["USD", "paid_out"].tolist() == pytest.approx([100.0, 100.0, 110.0])
    assert values(outcome)[1].tolist() == pytest.approx([90.0, 95.0, 110.0])


def test_an_exchange_forfeits_by_path():
    terms_of_locked: dict[str, Any] = {"term_days": 10.0, "early_redemption": "forfeit_all"}
    exchange = ExchangeStaking(posted_rate=DAILY, compounding=False, **terms_of_locked)
    outcome = Planned(exchange, {1: (0.5, [1]), 2: (1.0, [1, 2])}).run(world(10, 0), capital=1e4)
    # 1,000 coins earn one a day. Path 1 forfeits half of two, and then of the rest (one and a half) all.
    assert outcome.lines[Line.FORFEIT].tolist() == pytest.approx([0.0, -10.0 - 15.0, -30.0])
    assert outcome.closing.tolist() == pytest.approx([1e4 + 100.0, 1e4, 1e4])


def test_a_locked_term_keeps_a_share_until_it_ends():
    terms_of_locked: dict[str, Any] = {"term_days": 4.0, "early_redemption": "refused"}
    exchange = ExchangeStaking(posted_rate=DAILY, compounding=False, **terms_of_locked)
    plan: dict[int, Any] = {0: (0.5, [1]), 1: (np.array([0.5, 1.0]), [1, 2])}
    outcome = Planned(exchange, plan).run(world(7, 2), capital=1e4, keep="values")
    paid = 1e4 * 0.001
    # on day 4 three quarters of path 1 and all of path 2 leave; the rest is locked until day 8
    assert outcome.units["USD", "paid_out"].tolist() == pytest.approx(
        [1e4 + 8 * paid, 1e4 + 4 * paid + 0.25 * 4 * paid, 1e4 + 4 * paid]
    )
    assert outcome.days_to_cash.tolist() == [1.0, 1.0, 0.0]


def mined(**others: Any):
    grid = TimeGrid.daily("2026-01-01", days=3, settlement_days=2)
    rows: dict[Any, Any] = {Price("BTC"): np.full((6, 3), 1e5), Difficulty("BTC"): 1e14, BlockFees("BTC"): 0.0}
    base: dict[str, Any] = {
        "price_usd_per_th_s": 1.0, "term_days": 4.0, "pool_fee": 0.0, "electricity_usd_per_th_day": 0.0, "uptime": 1.0,
        "minimum_payout_btc": 0.0, "stop_after_days": None,
    }  # fmt: skip
    return CloudMiningContract(**{**base, **others}), Market(grid, rows)


def test_a_contract_is_ended_in_part_for_its_refund():
    contract, market = mined(early_exit_loss=0.2)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UnitWarning)
        day = float(contract.run(market, capital=100.0).lines[Line.MINING][0]) / 3.0
        outcome = Planned(contract, {0: (0.5, [1]), 1: (1.0, [1, 2])}).run(market, capital=100.0)
    # refunds of 80 % of the unexpired price: 25 is left on day 3; half of 75 and then half of 50; 50 on day 2
    assert outcome.closing.tolist() == pytest.approx([3 * day + 20, 1.5 * day + 30 + 20, 2 * day + 40])
    assert outcome.lines[Line.CONTRACT].tolist() == pytest.approx([-75 - 5, -25 - 12.5 - 7.5 - 5, -50 - 10])


def test_a_contract_that_cannot_be_ended_runs_on_and_sells_a_share_of_its_pay_outs():
    contract, market = mined(payout="hold")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UnitWarning)
        day = float(contract.run(market, capital=100.0).lines[Line.MINING][0]) / 4.0
        outcome = Planned(contract, {0: (0.5, [1]), 1: (1.0, [2])}).run(market, capital=100.0, keep="ledger")
    paid: dict[int, Any] = {}
    for entry in outcome.entries or ():
        if entry.place == "paid_out":
            paid[entry.step] = paid.get(entry.step, 0.0) + entry.units
    # path 1 sells half of what it has, then half of each pay-out; path 2 all of it from the second day on
    assert {step: units.tolist() for step, units in paid.items()} == {
        0: pytest.approx([0.0, 0.5 * day, 0.0]),
        1: pytest.approx([0.0, 0.5 * day, 2 * day]),
        2: pytest.approx([3 * day, 2 * day, day]),
        3: pytest.approx([day] * 3),
    }
    assert outcome.closing.tolist() == pytest.approx([4 * day] * 3)


def test_machines_are_sold_by_path_and_those_that_stay_mine_on():
    _, market = mined()
    machines = MiningMachines(
        price_usd=100.0, hashrate_th_s=10.0, resale_loss_per_year=0.0, resale_fee=0.1, resale_days=1.0, pool_fee=0.0,
        uptime=1.0, power_usd_per_kwh=0.0, minimum_payout_btc=0.0,
    )  # fmt: skip
    day = float(machines.run(market, capital=100.0).lines[Line.MINING][0]) / 3.0
    plan: dict[int, Any] = {0: (0.5, [1]), 1: (np.array([0.5, 1.0]), [1, 2])}
    outcome = Planned(machines, plan).run(market, capital=100.0)
    assert outcome.lines[Line.MINING].tolist() == pytest.approx([3 * day, (1 + 0.5 + 0.25) * day, 2 * day])
    assert outcome.lines[Line.TRADING].tolist() == pytest.approx([-10.0] * 3)
    assert outcome.closing.tolist() == pytest.approx([90.0 + 3 * day, 90.0 + 1.75 * day, 90.0 + 2 * day])


def test_whole_validators_leave_by_path_and_those_in_the_queue_are_not_counted_twice():
    solo = SoloValidator(
        entry_days=0.0,
        exit_days=1.0,
        withdrawal_days=0.0,
        uptime=1.0,
        running_cost_usd_per_day=0.0,
        random_duties=False,
    )
    plan = Planned(solo, {0: (0.5, [1, 2]), 1: (0.5, [1])})
    outcome = plan.run(world(4, 3), capital=4 * 320.0)
    reward = 0.32  # of a validator a day; the rewards above 32 ETH are kept as coins, and sold in part or at the exit
    # 4 validators: two of paths 1 and 2 work for 2 days; one more of path 1 for 3 days
    worked = [4 * 5, 2 * 2 + 1 * 3 + 1 * 5, 2 * 2 + 2 * 5]
    assert outcome.lines[Line.CONSENSUS].tolist() == pytest.approx([reward * days for days in worked])
    assert outcome.closing.tolist() == pytest.approx([1280 + reward * days for days in worked])
    assert outcome.settled.all()


def test_money_comes_in_on_some_paths():
    for product in (
        Holding(asset="ETH", buy_fee=0.25),
        StakingPool(commission=0.0, buy_fee=0.25),
        LiquidStakingToken(protocol_fee=0.0, buy_fee=0.25),
        ExchangeStaking(commission=0.0, buy_fee=0.25),
    ):
        plan = Planned(product, {}, {0: (np.array([50.0, 100.0]), [2, 1])}, kept=100.0)
        price = np.array([[10.0], [10.0], [20.0]])
        grid = TimeGrid.daily("2026-01-01", days=2)
        rows: dict[Any, Any] = {ETH: np.broadcast_to(price, (3, 3)), REWARD: APR(0.0), MarketRatio("stETH"): 1.0}
        outcome = plan.run(Market(grid, rows), capital=225.0)
        # 10 coins for 125; 8 more on path 1, 4 on path 2, where 50 is left
        assert outcome.closing.tolist() == pytest.approx([300.0, 360.0, 280.0 + 50.0])


@pytest.mark.parametrize(
    ("money", "sentence"),
    [
        (-1.0, r"^StakingPoolPosition\.add: money: must be in \[0"),
        (float("nan"), r"^StakingPoolPosition\.add: money: must be finite"),
        (1e3, r"^StakingPoolPosition\.add: money: must be in the wallet, which has 10, got 1000"),
        (np.array([1.0, np.nan, 1.0]), r"^StakingPoolPosition\.add: money: must be 0 or more on each of the 3 paths"),
        (np.array([1.0, 1.0]), r"^StakingPoolPosition\.add: money: must be 0 or more on each of the 3 paths"),
    ],
)
def test_amounts_that_are_not_there_are_refused(money, sentence):
    class Adding(Planned):
        def open(self, book, now):
            position = super().open(book, now)
            book.move(book.account("USD", "reserve"), book.cash)
            inner = position.inner
            position.step = lambda now: inner.add(now, money)  # type: ignore[method-assign]
            return position

    with pytest.raises(InputError, match=sentence):
        Adding(StakingPool(), kept=10.0).run(world(1, 0), capital=100.0)


# Against runs of all paths alike

FEW = 36


def figures(outcome, path):
    units = {key: amount[path] for key, amount in outcome.units.items()}
    lines = {line: amount[path] for line, amount in outcome.lines.items() if amount[path] != 0.0}
    return outcome.values[:, path].tolist(), {k: u for k, u in units.items() if u != 0.0}, lines


@pytest.mark.parametrize("name", BY_HAND)
def test_a_path_that_leaves_is_the_same_whoever_else_does_and_the_others_notice_nothing(name):
    """Twice, with a half and then the rest: on the first path alone, on all paths, and on none."""
    tried = 0
    for seed in range(FEW):
        random = np.random.default_rng([seed, 8])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UnitWarning)
            product = getattr(terms, name)(random)
            market, paths = worlds.draw(random, product, terms.capital)
            if market.n_paths == 1 or market.grid.n_steps < 3:
                continue
            first, second = sorted(random.choice(market.grid.exit, 2)) if market.grid.exit > 1 else (0, 0)
            plans = [
                Planned(
                    product, {first: (0.5, some)} | {second: (1.0, some)} if first != second else {first: (0.5, some)}
                )
                for some in ([0], None)
            ]
            try:
                one, everyone, nobody = (
                    each.run(market, capital=paths[0].capital, keep="values") for each in (*plans, Planned(product))
                )
            except InputError as error:
                assert worlds.is_refused(error)  # noqa: PT017  # no path opens
                continue
        tried += 1
        if isinstance(getattr(product, "commission", None), Schedule):  # sums of several commissions, in another order
            mine, theirs = (figures(each, 0)[2] for each in (one, everyone))
            assert mine == pytest.approx(theirs, rel=1e-14), (seed, product)
            continue
        assert figures(one, 0) == figures(everyone, 0), (seed, product)
        for path in range(1, market.n_paths):
            assert figures(one, path) == figures(nobody, path), (seed, product)
    assert tried > FEW / 4
