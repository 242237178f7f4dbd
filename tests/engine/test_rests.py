"""A position that has paid out everything is not asked any more, and one path is run as one of two."""

import itertools
from typing import Any

import numpy as np
import pytest

from stakingmodels import simulate
from stakingmodels.ledger import Line
from stakingmodels.market import CashRate, Factor, Market, MarketRatio, Price, StakingReward, TimeGrid
from stakingmodels.products import Holding, LeaveWhen, Position, Product, StakingPool, reference
from stakingmodels.products import holding as holding_module
from stakingmodels.products.staking.staking_pool import StakingPoolPosition
from stakingmodels.products.wrappers.moments import After
from stakingmodels.rates import APR, APY
from stakingmodels.scenarios import Constants, Joint
from stakingmodels.scenarios import reference as world

ARRAYS = ("closing", "proceeds", "days_to_cash", "max_drawdown", "cash_growth", "asset_growth", "coins_net", "settled")
MAPPINGS = ("lines", "native", "coins", "units", "unpaid_by_day")

GRID = TimeGrid.daily("2026-01-01", days=30, settlement_days=30)
ETH = Price("ETH")
PRICES = np.random.default_rng(1).lognormal(7.0, 0.1, (GRID.n_times, 40))
POOL = StakingPool("ETH", unbonding_days=4.0, sell_fee=0.01)


def outcome_arrays(outcome):
    """Arrays of an outcome by a name of its own; of flows too."""
    found = {name: getattr(outcome, name) for name in ARRAYS}
    for table in MAPPINGS if outcome._native is not None else ("lines",):
        found |= {f"{table} {key}": array for key, array in getattr(outcome, table).items()}
    if outcome.flows is not None:
        found |= {"flow times": outcome.flows.time, "flow money": outcome.flows.money}
    return found


def market(rate: APR | APY | np.ndarray, paths: int = 40) -> Market:
    given = rate if isinstance(rate, (APR, APY)) else APY(rate)
    return Market(GRID, {ETH: PRICES[:, :paths], StakingReward("ETH"): APR(0.03), CashRate("USD"): given})


@pytest.fixture
def asked(monkeypatch):
    """Steps in which a pool's position is asked."""
    found: list[int] = []
    plain = StakingPoolPosition.step

    def step(self, now):
        found.append(now.step)
        plain(self, now)

    monkeypatch.setattr(StakingPoolPosition, "step", step)
    return found


def test_a_position_is_not_asked_once_all_is_paid_out(asked):
    POOL.run(market(APY(0.04)), capital=1e4)
    assert asked == list(range(34))  # 30 days and 4 in the queue


@pytest.mark.parametrize("keep", ["values", "ledger"])
def test_it_is_asked_to_the_end_where_every_step_is_kept(asked, keep):
    POOL.run(market(APY(0.04)), capital=1e4, keep=keep)
    assert asked == list(range(60))


def test_it_is_asked_again_while_interest_is_negative(asked):
    rates = np.full(GRID.n_times, 0.04)
    rates[40:43] = -0.9
    POOL.run(market(rates), capital=1e4)
    assert asked == [*range(34), 40, 41, 42]


RATES: dict[str, Any] = {
    "positive": APY(0.04),
    "none": APY(0.0),
    "negative": APY(-0.5),
    "changing": np.where(np.arange(GRID.n_times) % 7 < 3, -0.6, 0.5),
}


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("asset", ["ETH", "USD"])
def test_rest_changes_no_bit(monkeypatch, rate, asset):
    products: list[Product] = [Holding(asset, sell_fee=0.01)]
    if asset == "ETH":
        products += [POOL, LeaveWhen(POOL, After("2026-01-12"))]
    resting = [outcome_arrays(each.run(market(RATES[rate]), capital=1e4)) for each in products]
    monkeypatch.setattr(StakingPoolPosition, "rests_when_paid_out", False)
    monkeypatch.setattr(holding_module.HoldingPosition, "rests_when_paid_out", False)
    for product, found in zip(products, resting, strict=True):
        asked_to_the_end = outcome_arrays(product.run(market(RATES[rate]), capital=1e4))
        assert found.keys() == asked_to_the_end.keys()
        for name, array in found.items():
            assert array.tobytes() == asked_to_the_end[name].tobytes(), name


def test_a_position_of_somebody_else_is_always_asked():
    assert Position.rests_when_paid_out is False


def test_a_class_that_derives_from_one_that_rests_says_it_for_itself():
    class Custody(holding_module.HoldingPosition):
        def step(self, now):
            super().step(now)
            self._book.charge(Line.OPERATING, 1.0)

    class Kept(Holding):
        def open(self, book, now):
            return Custody(self, book, now)

    outcome = Kept("ETH").run(market(APY(0.0)), capital=1e4)
    assert outcome.lines["operating"].tolist() == [-60.0] * 40


# One path


def test_one_path_of_a_given_market_is_the_first_of_many():
    many, one = (POOL.run(market(APY(0.04), paths), capital=1e4) for paths in (40, 1))
    assert one.n_paths == 1
    first = outcome_arrays(many.slice_paths(0, 1))
    for name, array in outcome_arrays(one).items():
        assert array.shape == first[name].shape, name
        assert array.tobytes() == first[name].tobytes(), name


@pytest.mark.parametrize("keep", ["summary", "totals", "flows", "values", "ledger"])
def test_one_drawn_path_is_the_first_of_many(keep):
    grid = TimeGrid.daily("2026-01-01", days=40, settlement_days=60)
    results = [
        simulate(reference(), world(), grid, capital=2e5, n_paths=n, rng=3, keep=keep, reducers={}) for n in (1, 3)
    ]
    for name, outcome in results[0].outcomes.items():
        first = outcome_arrays(results[1][name].slice_paths(0, 1))
        for key, array in outcome_arrays(outcome).items():
            assert array.tobytes() == first.get(key, np.zeros_like(array)).tobytes(), (name, key)


class Seen(Product):
    """A product of somebody else, which notes how many paths it is opened on."""

    asset = "ETH"
    factors = frozenset({ETH})
    opened: list[int] = []  # noqa: RUF012  # for the tests

    def open(self, book, now):
        self.opened.append(now.n_paths)
        return Held(book)


class Held(Position):
    def __init__(self, book):
        self.book, self.coins = book, book.account("ETH")
        book.trade(book.cash, self.coins)

    def step(self, now):
        pass

    def exit(self, now, share=1.0, how=None, paths=None):
        self.book.pay_out(self.coins)


def test_a_product_of_somebody_else_sees_the_paths_that_were_asked_for():
    Seen.opened.clear()
    Seen().run(market(APY(0.0), 1), capital=1.0)
    simulate({"seen": Seen(), "ours": Holding("ETH")}, Constants({ETH: 10.0}), GRID, capital=1.0, n_paths=1)
    LeaveWhen(Seen(), After("2026-01-12")).run(market(APY(0.0), 1), capital=1.0)
    assert Seen.opened == [1, 1, 1]


class Counted(Constants):
    """A world of somebody else, which notes for how many paths it is asked."""

    asked: list[int] = []  # noqa: RUF012  # for the tests

    def generate(self, grid, factors, *, streams, noise, n_paths):
        self.asked.append(n_paths)
        return super().generate(grid, factors, streams=streams, noise=noise, n_paths=n_paths)


def test_a_world_of_somebody_else_is_asked_for_the_paths_of_the_run():
    Counted.asked.clear()
    simulate({"hold": Holding("ETH")}, Counted({ETH: 10.0}), GRID, capital=1.0, n_paths=1)
    simulate({"hold": Holding("ETH")}, Joint([Counted({ETH: 10.0})]), GRID, capital=1.0, n_paths=1)
    assert set(Counted.asked) == {1}


def test_an_error_of_the_second_path_is_nobodys(monkeypatch):
    plain = StakingPoolPosition.step

    def step(self, now):
        if now.n_paths > 1:
            raise ValueError("the second path")
        plain(self, now)

    monkeypatch.setattr(StakingPoolPosition, "step", step)
    found = simulate({"pool": POOL}, world(), GRID, capital=1e4, n_paths=1, rng=1)
    assert found.n_paths == 1
    with pytest.raises(ValueError, match="the second path"):
        simulate({"pool": POOL}, world(), GRID, capital=1e4, n_paths=2, rng=1)


# What products share


def test_moves_are_differences_of_rows_and_no_product_can_change_them():
    chunk = next(market(APY(0.0)).chunks(5))
    moves = chunk.moves(ETH)
    assert np.array_equal(moves, PRICES[1:6] - PRICES[:5])
    assert chunk.moves(ETH) is moves
    with pytest.raises(ValueError, match="read-only"):
        moves[0] = 0.0


def test_only_levels_move():
    given = market(APY(0.04))
    now = given.now().at(next(given.chunks(5)), 3)
    assert now.move(StakingReward("ETH")) == 0.0
    assert np.array_equal(np.asarray(now.move(ETH)), PRICES[4] - PRICES[3])


def test_a_move_that_is_kept_stays_what_it_was():
    first, second = itertools.islice(market(APY(0.0)).chunks(5), 2)
    kept = first.moves(ETH).copy()
    second.moves(ETH)
    assert np.array_equal(first.moves(ETH), kept)


def test_a_ratio_that_moves_is_booked_in_money_and_in_coins():
    ratio = np.linspace(1.0, 0.9, GRID.n_times)
    series: dict[Factor, Any] = {ETH: 2000.0, StakingReward("ETH"): APR(0.0), MarketRatio("stETH"): ratio}
    outcome = (
        reference()["liquid token"]
        .replace(exit_route="sale", failures=(), queue_days=1.0)
        .run(Market(GRID, series), capital=2e4)
    )
    at_exit = float(ratio[GRID.exit])
    assert outcome.lines["discount"][0] == pytest.approx(2e4 * (at_exit - 1.0))
    assert outcome.coins["discount"][0] == pytest.approx(10.0 * (at_exit - 1.0))
