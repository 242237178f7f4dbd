"""`Settlement`: the day on which each path asks to leave, and the day on which its last money is in hand."""

import numpy as np

from stakingmodels._types import FloatArray, IntArray, PathValue
from stakingmodels.engine.benchmark import Benchmark
from stakingmodels.ledger import Book
from stakingmodels.ledger.account import OWING, Account
from stakingmodels.ledger.outcome import LIQUIDITY_DAYS
from stakingmodels.market import TimeGrid
from stakingmodels.market.now import NO_PATHS
from stakingmodels.tolerances import LIQUIDITY_DAY_TOL
from stakingmodels.values import any_of, at

_RUNGS = np.array(LIQUIDITY_DAYS) + LIQUIDITY_DAY_TOL
SETTLED = 1e-12
"""Rounding allowed in an emptied account, as a fraction of the capital."""


def in_hand(account: Account) -> bool:
    """Whether it is money in hand of the holder, net of debts."""
    return account.is_cash or account.place in OWING


class Settlement:
    """Paths that have asked to leave, and those whose money is all in hand.

    Parameters
    ----------
    grid
        The times.
    book, capital
        The position's book, and its capital, one number or one per path.
    benchmark
        Growth of the alternatives, kept on these days.
    value
        Value of the book at the end of the step, ``(n_paths,)``, which the run updates.
    looks
        Whether money in hand is looked at on the days of `LIQUIDITY_DAYS`, for `unpaid`.

    Attributes
    ----------
    day_asked
        Day after the opening on which each path asked to leave wholly; the grid's exit at the latest.
    days_to_cash
        Days from then until all is money in hand; infinite before.
    begun
        Whether any path has asked.
    settled
        Whether all is money in hand.
    proceeds
        Value on the day of settlement.
    """

    def __init__(
        self,
        grid: TimeGrid,
        book: Book,
        capital: PathValue,
        benchmark: Benchmark,
        value: FloatArray,
        *,
        looks: bool,
    ) -> None:
        self._days = grid.elapsed_days
        self._book = book
        self._capital = capital
        self._benchmark = benchmark
        self._value = value
        n = value.size
        self.day_asked = np.full(n, self._days[grid.exit])
        self.days_to_cash = np.full(n, np.inf)
        self.proceeds = np.empty(n)
        self.asked, self.settled = np.zeros(n, dtype=np.bool_), np.zeros(n, dtype=np.bool_)
        self._open: IntArray = NO_PATHS  # have asked, and wait for money
        self.begun = False
        self._rungs = LIQUIDITY_DAYS if looks else ()
        self._looks: dict[int, list[tuple[int, IntArray]]] = {}
        self._in_hand: dict[int, FloatArray] = {}

    @property
    def is_over(self) -> bool:
        """Whether all paths have asked, and wait for nothing."""
        return self.begun and not self._open.size and bool(self.asked.all())

    @property
    def some_wait(self) -> bool:
        """Whether any path has asked and waits for money."""
        return self._open.size > 0

    @property
    def waiting(self) -> IntArray | None:
        """Paths that have asked and wait for money; None for all."""
        return None if self._open.size == self.asked.size else self._open

    def ask(self, time: int, paths: IntArray) -> None:
        """Note that paths, none of which had, ask to leave wholly at a grid time."""
        if not paths.size:
            return
        self.asked[paths] = self.begun = True
        self.day_asked[paths] = self._days[time]
        whole = None if paths.size == self.asked.size else paths
        self._benchmark.ask(whole)
        self._book.sweep(whole)
        self._open = np.concatenate([self._open, paths])
        if self._open.size == self.asked.size:
            self._open.sort()  # all of them are read in their order
        if self._rungs:
            last = np.searchsorted(self._days, self._days[time] + _RUNGS, side="right") - 1
            for rung, look in zip(self._rungs, last.tolist(), strict=True):
                self._looks.setdefault(look, []).append((rung, paths))

    def close(self, time: int) -> None:
        """Mark the paths that are settled at a grid time, and keep the money in hand of paths a rung after asking."""
        if self._open.size:
            self._settle(time, self.waiting)
        if time in self._looks:
            self._look([(rung, paths[~self.settled[paths]]) for rung, paths in self._looks.pop(time)])
        if time + 1 == self._days.size and self._open.size:
            self._benchmark.settle(time, self._open)

    def _look(self, late: list[tuple[int, IntArray]]) -> None:
        """Keep the money in hand of paths that are not settled a rung after asking."""
        late = [(rung, paths) for rung, paths in late if paths.size]
        if not late:
            return
        hand = np.maximum(self._book.market_value(in_hand, np.concatenate([paths for _, paths in late])), 0.0)
        start = 0
        for rung, paths in late:
            if rung not in self._in_hand:
                self._in_hand[rung] = np.full(self.asked.size, np.nan)
            self._in_hand[rung][paths] = hand[start : start + paths.size]
            start += paths.size

    def _settle(self, time: int, paths: IntArray | None) -> None:
        left = self._book.uncashed_value(paths)
        done = left <= SETTLED * np.asarray(at(self._capital, paths))
        if not any_of(done):
            return
        arrived = self._open[done]
        self.days_to_cash[arrived] = self._days[time] - self.day_asked[arrived]
        self.proceeds[arrived] = self._value[arrived]
        self.settled[arrived] = True
        self._benchmark.settle(time, arrived if arrived.size < self.asked.size else None)
        self._open = self._open[~done]

    def finish(self) -> None:
        """Take the closing value as the proceeds of the paths that are not settled."""
        self.proceeds[~self.settled] = self._value[~self.settled]

    def unpaid(self) -> dict[int, FloatArray]:
        """Part of the proceeds not yet paid out on the days of `LIQUIDITY_DAYS`; 0 on paths settled by then."""
        return {rung: np.nan_to_num(self.proceeds - hand) for rung, hand in sorted(self._in_hand.items())}
