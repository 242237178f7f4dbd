"""The liquidity ladder: shares of the money back, by hand."""

import json
import math
import sys

import attrs
import numpy as np
import pytest

from stakingmodels import (
    Constants,
    Holding,
    Market,
    MissingExtraError,
    Price,
    SoloValidator,
    StakingPool,
    StakingReward,
    TimeGrid,
    compare,
    simulate,
)
from stakingmodels.ledger import Line
from stakingmodels.ledger.collector import OutcomeBuilder
from stakingmodels.ledger.outcome import LIQUIDITY_DAYS
from stakingmodels.products import Position, Product
from stakingmodels.rates import APR

DAYS = np.array([0.0, 1.0, 5.0, 7.0, 8.0, 30.0, 31.0, 40.0, np.inf, np.inf])
RETURNED = np.array([900.0, 800.0, 1100.0, 700.0, 1000.0, 600.0, 500.0, 1200.0, 50.0, 60.0])
BACK = ("paid_by_1d", "paid_by_7d", "paid_by_30d", "paid_by_90d", "paid_by_365d")


def results(tail=50, days=DAYS):
    world = Constants({Price("ETH"): 3000.0, StakingReward("ETH"): APR(0.03)})
    grid = TimeGrid.daily("2026-01-01", days=30, settlement_days=tail)
    run = simulate({"hold": Holding(asset="ETH")}, world, grid, capital=1000.0, n_paths=days.size, rng=1)
    returned = RETURNED[: days.size]
    late = {rung: np.where(days > rung, returned, 0.0) for rung in LIQUIDITY_DAYS}
    outcome = attrs.evolve(
        run["hold"], days_to_cash=days, settled=np.isfinite(days), proceeds=returned, unpaid_by_day=late
    )
    return attrs.evolve(run, outcomes={"hold": outcome})


def shares(level, **changes):
    return compare(results(**changes), confidence_level=level).liquidity.rows[0].shares


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (0.1, (0.9, 1.1, 1.1, 1.2, 1.2)),
        (0.2, (0.8, 0.9, 1.0, 1.1, 1.1)),
        (0.4, (0.0, 0.7, 0.8, 0.9, 0.9)),
        (0.7, (0.0, 0.0, 0.0, 0.6, 0.6)),
        (0.8, (0.0, 0.0, 0.0, 0.5, 0.5)),
        (0.75, (0.0, 0.0, 0.0, 0.5, 0.5)),
    ],
)
def test_so_much_is_back_on_so_many_paths(level, expected):
    assert shares(level) == pytest.approx(expected)


def test_what_was_never_opened_gives_nothing_back():
    world = Constants({Price("ETH"): 3000.0, StakingReward("ETH"): APR(0.03)})
    grid = TimeGrid.daily("2026-01-01", days=30, settlement_days=50)
    rows = {"solo": SoloValidator(), "hold": Holding(asset="ETH")}
    comparison = compare(simulate(rows, world, grid, capital=5_000.0, n_paths=3, rng=1))
    solo, hold = comparison.liquidity.rows
    assert np.isnan(solo.shares).all()
    assert hold.shares == (1.0,) * 5


def test_beyond_the_grid_nothing_is_known_where_too_many_are_not_out():
    found = shares(0.9)
    assert found[:3] == (0.0, 0.0, 0.0)
    assert all(map(math.isnan, found[3:]))


def test_as_many_as_the_level_leaves_may_not_be_out():
    assert not any(map(math.isnan, shares(0.8)))
    assert math.isnan(shares(0.81)[3])


def test_it_is_a_share_of_all_that_was_put_in():
    outcome = results()["hold"]
    paid = attrs.evolve(outcome, lines={**outcome.lines, Line.CONTRIBUTION: np.full(10, 250.0)})
    row = compare(attrs.evolve(results(), outcomes={"hold": paid}), confidence_level=0.1).liquidity.rows[0]
    assert row.paid_by_1d == pytest.approx(0.9 / 1.25)


def test_one_path_is_its_own_share():
    assert shares(0.95, days=np.array([0.0])) == (0.9,) * 5


@pytest.mark.parametrize(("days", "back"), [(1.0, 0), (7.0, 1), (8.0, 2), (30.0, 2), (30.5, 3)])
def test_a_queue_of_the_engine_is_back_at_its_rung(days, back):
    world = Constants({Price("ETH"): 3000.0, StakingReward("ETH"): APR(0.0)})
    grid = TimeGrid.daily("2026-01-01", days=30, settlement_days=40)
    pool = {"pool": StakingPool(unbonding_days=days)}
    row = compare(simulate(pool, world, grid, capital=1000.0, n_paths=3, rng=1)).liquidity.rows[0]
    assert row.shares == pytest.approx([0.0] * back + [1.0] * (5 - back), abs=1e-15)


@attrs.frozen
class Halves(Product):
    """Coins of which half are sold at the exit and the rest after `wait` days."""

    wait: float
    asset: str = "ETH"

    @property
    def factors(self):
        return frozenset({Price(self.asset)})

    def open(self, book, now):
        return HalvesPosition(self, book)


class HalvesPosition(Position):
    def __init__(self, terms, book):
        self._wait, self._book = terms.wait, book
        self._coins = book.account(terms.asset)
        self._queue = book.queue("leaving", terms.asset)
        book.trade(book.cash, self._coins)

    def step(self, now):
        self._queue.deliver(now, self._book.cash)

    def exit(self, now, share=1.0, how=None, paths=None):
        self._queue.enter(now, self._coins, self._coins.units * 0.5, due_day=now.elapsed_days + self._wait)
        self._book.trade(self._coins, self._book.cash)


@pytest.mark.parametrize(("wait", "back"), [(1.0, 0), (8.0, 2), (30.5, 3)])
def test_what_comes_at_once_is_back_at_once(wait, back):
    world = Constants({Price("ETH"): 3000.0})
    grid = TimeGrid.daily("2026-01-01", days=30, settlement_days=40)
    row = compare(simulate({"halves": Halves(wait)}, world, grid, capital=1000.0, n_paths=3, rng=1)).liquidity.rows[0]
    assert row.shares == pytest.approx([0.5] * back + [1.0] * (5 - back), abs=1e-15)


def test_a_part_that_never_comes_is_not_known_and_the_rest_is():
    world = Constants({Price("ETH"): 3000.0})
    grid = TimeGrid.daily("2026-01-01", days=30, settlement_days=40)
    row = compare(simulate({"halves": Halves(90.0)}, world, grid, capital=1000.0, n_paths=3, rng=1)).liquidity.rows[0]
    assert row.shares[:3] == pytest.approx([0.5] * 3)
    assert all(map(math.isnan, row.shares[3:]))


def test_money_that_is_in_hand_early_counts_at_the_price_of_its_sale():
    """Half is sold at 10, half after 8 days at 20: of 1,000 USD come 500 at once and 1,500 in all."""
    grid = TimeGrid.daily("2026-01-01", days=2, settlement_days=9)
    price = np.array([10.0] * 3 + [20.0] * 9)
    outcome = Halves(8.0).run(Market(grid, {Price("ETH"): price}), capital=1000.0)
    assert outcome.proceeds.tolist() == [1500.0]
    assert {rung: late.tolist() for rung, late in outcome.unpaid_by_day.items()} == {1: [1000.0], 7: [1000.0]}


@attrs.frozen
class OnCredit(Halves):
    """The same with borrowed money: its debt is paid when the second half is sold."""

    def open(self, book, now):
        debt = book.account("USD", "debt")
        book.move(debt, book.cash, 400.0)
        return OnCreditPosition(self, book)


class OnCreditPosition(HalvesPosition):
    def step(self, now):
        super().step(now)
        if not self._queue and self._left:
            self._book.move(self._book.cash, self._book.account("USD", "debt"), 400.0)
            self._left = False

    def exit(self, now, share=1.0, how=None, paths=None):
        super().exit(now, share, how)
        self._left = True

    _left = False


def test_what_is_owed_is_not_in_hand():
    """Of 1,400 USD, 700 come at once, and 400 are owed until day 8: 300 of 1,000 are the holder's."""
    grid = TimeGrid.daily("2026-01-01", days=2, settlement_days=9)
    outcome = OnCredit(8.0).run(Market(grid, {Price("ETH"): 10.0}), capital=1000.0)
    assert outcome.proceeds.tolist() == [1000.0]
    assert {rung: late.tolist() for rung, late in outcome.unpaid_by_day.items()} == {1: [700.0], 7: [700.0]}


def test_blocks_in_which_all_is_out_join_those_in_which_it_is_not():
    grid = TimeGrid.daily("2026-01-01", days=1, settlement_days=9)
    first, second = (Halves(wait).run(Market(grid, {Price("ETH"): 10.0}), capital=100.0) for wait in (8.0, 0.5))
    collector = OutcomeBuilder(2)
    collector.put(1, second)
    collector.put(0, first)
    assert {rung: late.tolist() for rung, late in collector.outcome().unpaid_by_day.items()} == {
        1: [50.0, 0.0],
        7: [50.0, 0.0],
    }


# Shapes of the output


def test_rows_follow_those_of_the_comparison():
    world = Constants({Price("ETH"): 3000.0, StakingReward("ETH"): APR(0.03)})
    grid = TimeGrid.daily("2026-01-01", days=30, settlement_days=5)
    rows = {"hold": Holding(asset="ETH"), "pool": StakingPool(unbonding_days=3.0)}
    comparison = compare(simulate(rows, world, grid, capital=1000.0, n_paths=2, rng=1), confidence_level=0.9)
    assert comparison.liquidity.confidence_level == 0.9
    assert [row.product for row in comparison.liquidity.rows] == ["hold", "pool"]
    assert [row.product for row in comparison.rank().liquidity.rows] == ["pool", "hold"]


def test_the_dict_is_json_without_nan():
    comparison = compare(results())
    ladder = comparison.to_dict()["liquidity"]
    assert json.loads(json.dumps(ladder, allow_nan=False)) == ladder
    assert [*ladder[0]] == ["product", *BACK]
    assert (ladder[0]["product"], ladder[0]["paid_by_30d"], ladder[0]["paid_by_90d"]) == ("hold", 0.0, None)


def test_the_frame_has_a_row_a_product():
    pandas = pytest.importorskip("pandas")
    frame = compare(results(), confidence_level=0.1).liquidity.to_frame()
    assert isinstance(frame, pandas.DataFrame)
    assert (frame.index.name, *frame.columns) == ("product", *BACK)
    assert frame.loc["hold"].tolist() == pytest.approx([0.9, 1.1, 1.1, 1.2, 1.2])


def test_without_pandas_the_frame_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(
        MissingExtraError, match=r"^LiquidityProfile\.to_frame: .*pip install 'stakingmodels\[pandas\]'"
    ):
        compare(results()).liquidity.to_frame()
