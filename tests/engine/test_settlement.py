"""Days on which single paths ask to leave and are settled, and what hangs on them."""

from typing import Any

import attrs
import numpy as np
import pytest

from stakingmodels import Book, Line, Market, Now, Position, Price, Product, TimeGrid, terms
from stakingmodels.market import CashRate
from stakingmodels.rates import APR

ETH = Price("ETH")
DAYS = 20


@terms.sheet
class Leaver(Product):
    """Coins that earn, and leave on a day of their own on each path through a queue."""

    asset: str = terms.coin(default="ETH")
    days: Any = attrs.field(default=(np.inf,))
    wait: float = terms.days(default=3.0)

    @property
    def factors(self):
        return frozenset({Price(self.asset)})

    def open(self, book: Book, now: Now) -> Position:
        return LeaverPosition(self, book, now)


class LeaverPosition(Position):
    def __init__(self, terms: Leaver, book: Book, now: Now) -> None:
        self._book, self._terms = book, terms
        self._staked = book.account("ETH", "staked")
        self._days = np.asarray(terms.days, dtype=np.float64)
        self.committed = np.ones(now.n_paths)
        book.trade(book.cash, self._staked, book.cash.units * 0.9)

    def step(self, now):
        self._book.earn(Line.CONSENSUS, self._staked, self._staked.units, 0.001, fee_line=Line.COMMISSION, fee=0.1)
        self._leave(now, np.flatnonzero(self._days == now.elapsed_days))

    def exit(self, now, share=1.0, how=None, paths=None):
        share, paths = self.check_exit(now, share, how, paths=paths)
        self._leave(now, np.arange(now.n_paths) if paths is None else paths)

    def _leave(self, now, paths):
        self._book.queue("unbonding").enter(
            now, self._staked, None, due_day=now.elapsed_days + self._terms.wait, paths=paths
        )
        self._book.queue("unbonding").deliver(now, self._book.paid_out, cost=0.01)
        left = np.array(self.committed)
        left[paths] = 0.0
        self.committed = left


def market(n_paths=1, days=DAYS, settlement=40):
    grid = TimeGrid.daily("2026-01-01", days=days, settlement_days=settlement)
    prices = 3000.0 * np.exp(np.cumsum(np.random.default_rng(3).normal(0.0, 0.05, (DAYS + 41, n_paths)), axis=0))
    return Market(grid, {ETH: prices[: grid.n_times], CashRate("USD"): APR(0.04)})


@pytest.mark.parametrize("wait", [0.0, 3.0, 8.5])
@pytest.mark.parametrize("day", [1, 7, 19])
def test_a_path_that_leaves_early_is_that_of_a_grid_that_ends_then(wait, day):
    paths = market(4)
    days = np.array([np.inf, day, np.inf, 11.0])
    several = Leaver(days=days, wait=wait).run(paths, capital=1000.0)
    alone = Leaver(wait=wait).run(market(4, days=day, settlement=DAYS + 40 - day), capital=1000.0)
    assert several.day_asked.tolist() == [20.0, float(day), 20.0, 11.0]
    assert several.days_to_cash.tolist() == [np.ceil(wait)] * 4
    for name in (
        "closing",
        "proceeds",
        "asset_growth",
        "asset_growth_at_exit",
        "cash_growth",
        "coins_net",
        "days_to_cash",
    ):
        assert getattr(several, name)[1] == pytest.approx(getattr(alone, name)[1], rel=1e-12), name
    assert several.earning_years[1] == pytest.approx(day / 365.0)
    assert several.yields().net_apr[1] == pytest.approx(alone.yields().net_apr[1], rel=1e-12)
    assert several.yields().irr[1] == pytest.approx(alone.yields().irr[1], rel=1e-9)
    for rung, unpaid in alone.unpaid_by_day.items():
        assert several.unpaid_by_day[rung][1] == pytest.approx(unpaid[1], rel=1e-12, abs=1e-9)


def test_others_are_not_touched_by_a_path_that_leaves():
    paths = market(4)
    one = Leaver(days=np.array([np.inf, 5.0, np.inf, np.inf])).run(paths, capital=1000.0, keep="values")
    none = Leaver(days=np.full(4, np.inf)).run(paths, capital=1000.0, keep="values")
    others = [0, 2, 3]
    assert one.values is not None
    assert none.values is not None
    assert (one.values[:, others] == none.values[:, others]).all()
    for name in ("closing", "days_to_cash", "asset_growth", "earning_years", "proceeds"):
        assert (getattr(one, name)[others] == getattr(none, name)[others]).all(), name


def test_coin_years_count_the_share_that_is_still_committed():
    class Half(LeaverPosition):
        def _leave(self, now, paths):
            if paths.size:
                self.committed = np.where(self.committed == 1.0, 0.5, 0.0)

    class Halves(Leaver):
        def open(self, book, now):
            return Half(self, book, now)

    outcome = Halves(days=np.array([5.0])).run(market(), capital=1000.0)
    assert outcome.earning_years[0] == pytest.approx((5.0 + 0.5 * 15.0) / 365.0)


def test_a_commitment_changed_in_place_would_go_unseen_and_is_refused():
    class Careless(LeaverPosition):
        def _leave(self, now, paths):
            assert isinstance(self.committed, np.ndarray)
            if paths.size:
                self.committed[paths] = 0.0

    class Leaves(Leaver):
        def open(self, book, now):
            return Careless(self, book, now)

    with pytest.raises(ValueError, match="read-only"):
        Leaves(days=np.array([5.0])).run(market(), capital=1000.0)


def test_the_wallet_is_paid_out_on_the_day_asked_and_bills_come_from_the_pocket_then():
    class Billed(LeaverPosition):
        def step(self, now):
            super().step(now)
            self._book.charge(Line.OPERATING, 1.0)

    class Bills(Leaver):
        def open(self, book, now):
            return Billed(self, book, now)

    outcome = Bills(days=np.array([5.0])).run(market(), capital=1000.0)
    assert outcome.contributions[0] == pytest.approx(60.0 - 5.0)
    assert outcome.units["USD", "wallet"].tolist() == [0.0]


def test_a_basket_is_the_benchmark_where_the_product_says_so():
    class Both(Leaver):
        @property
        def benchmark(self):
            return {"ETH": 0.25, "BTC": 0.75}

    grid = TimeGrid.daily("2026-01-01", days=2)
    moving = Market(grid, {ETH: np.array([10.0, 11.0, 12.0]), Price("BTC"): np.array([100.0, 100.0, 80.0])})
    outcome = Both(wait=0.0).run(moving, capital=100.0)
    assert outcome.asset_growth[0] == pytest.approx(0.25 * 1.2 + 0.75 * 0.8)

    class Wrong(Leaver):
        @property
        def benchmark(self):
            return {"ETH": 0.25, "BTC": 0.5}

    with pytest.raises(Exception, match=r"Wrong\.benchmark: weights must have the sum 1, got 0\.75"):
        Wrong().run(moving, capital=100.0)
