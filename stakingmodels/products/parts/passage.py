"""`Passage`: coins on their way into a stake and out of it."""

import math

import numpy as np

from stakingmodels._types import FloatArray, IntArray, PathValue
from stakingmodels.ledger import Account, Book, Line, Queue
from stakingmodels.ledger.lines import LineShares
from stakingmodels.market import Now
from stakingmodels.values import is_zero, lowest


class Passage:
    """Entry and exit queues of a stake: coins that will begin to earn, and coins that will be paid out.

    Coins earn from the day of their activation, also in the middle of a step. Coins still in the entry queue when the
    holder leaves are activated first and then join the exit queue; they never earn.

    Parameters
    ----------
    book, staked
        The position's book, and the account of the stake.
    way_out
        Name of the place of coins in the exit queue.
    withdrawal_days
        Days after the exit queue, always without pay.
    pays
        Whether coins earn in the exit queue.
    sell_fee
        Fee of selling coins that arrive, a fraction.
    """

    def __init__(
        self, book: Book, staked: Account, way_out: str, *, withdrawal_days: float, pays: bool, sell_fee: float
    ) -> None:
        self._book = book
        self._staked = staked
        self._entering = Queue(book, book.account(staked.asset, "entering"))
        self._leaving = Queue(book, book.account(staked.asset, way_out))
        self._returning = Queue(book, book.account(staked.asset, "returning"))
        self._withdrawal_days = withdrawal_days
        self._pays = pays
        self._sell_fee = sell_fee

    @property
    def queues(self) -> tuple[Queue, ...]:
        """Queues of the entry, of the exit, and of coins that exit right after their entry."""
        return self._entering, self._leaving, self._returning

    @property
    def works(self) -> bool:
        """Whether anything is staked or on its way in."""
        return self._staked.active or bool(self._entering)

    def bring_in(self, now: Now, source: Account, units: PathValue | None, days: PathValue) -> None:
        """Send coins (all by default) into the entry queue for so many days."""
        if is_zero(days):
            self._book.move(source, self._staked, units)
        else:
            self._entering.enter(source, units, now.elapsed_days + days)

    def earning(self, now: Now, out: FloatArray, *, leaving: float = 0.0, until: float = math.inf) -> FloatArray:
        """Units of the stake that earn, each for its part of the interval: coins staked, and coins activated in it.

        The share `leaving` of them earns only until the day `until`.
        """
        let_in = self._entering.past_due(now)
        if until >= now.elapsed_days:
            return self._staked.units if let_in is None else np.add(self._staked.units, let_in, out=out)
        late = min((now.elapsed_days - until) / now.days, 1.0)
        np.multiply(self._staked.units, 1.0 - leaving * late, out=out)
        if let_in is not None:
            out += let_in * (1.0 - leaving)
            before = self._entering.past_due(now, until=until)
            out += 0.0 if before is None else before * leaving
        return out

    def pay(self, now: Now, line: Line, cause: LineShares, rate: PathValue, wallet: Account) -> None:
        """Pay the reward of the coins in the exit queue into the wallet, if the terms pay it.

        A negative reward is booked under its line alone, and taken from those coins.
        """
        account = self._leaving.account
        if not (self._pays and self._leaving):
            return
        past = self._leaving.past_due(now, self._withdrawal_days)
        earning = account.units if past is None else np.maximum(account.units - past, 0.0)
        self._book.post(cause, wallet, earning * np.maximum(rate, 0.0))
        if lowest(rate) < 0.0:
            lost = earning * np.minimum(rate, 0.0)
            paths = np.flatnonzero(lost)
            self.shrink(self._leaving, line, paths, -lost[paths] / account.units[paths])

    def let_in(self, now: Now, until: float = math.inf) -> None:
        """Stake coins at the end of the entry queue, by the day `until` if that is in this interval."""
        units = self._entering.release(now, until)
        if units is not None:
            self._book.move(self._entering.account, self._staked, units)

    def ask(
        self, now: Now, units: FloatArray | None, share: float, days: PathValue, since: float | None = None
    ) -> None:
        """Send staked coins (all by default), and the same share of entering coins, into the exit queue.

        Their wait counts from the day `since`, by default the interval's end.
        """
        wait = days + self._withdrawal_days
        if is_zero(wait):
            self._book.trade(self._staked, self._book.cash, units, cost=self._sell_fee)
        else:
            self._leaving.enter(self._staked, units, (now.elapsed_days if since is None else since) + wait)
        self._entering.hand_over(self._returning, share, wait)
        self.pay_out(now)

    def pay_out(self, now: Now) -> None:
        """Sell coins at the end of the exit queue."""
        for queue in (self._leaving, self._returning):
            released = queue.release(now)
            if released is not None:
                self._book.trade(queue.account, self._book.cash, released, cost=self._sell_fee)

    def shrink(self, queue: Queue, cause: LineShares, paths: IntArray, severity: PathValue) -> None:
        """Cut the coins of a queue by a fraction on some paths."""
        if queue:
            self._book.post(cause, queue.account, -queue.shrink(paths, severity), paths)
