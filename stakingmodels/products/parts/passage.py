"""`Passage`: coins on their way into a stake and out of it."""

import math

import numpy as np

from stakingmodels._types import FloatArray, IntArray, PathValue
from stakingmodels.ledger import Account, Book, Line
from stakingmodels.market import Now
from stakingmodels.products.parts.per_path import put
from stakingmodels.values import at, is_zero, lowest


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
    can_pause
        Whether coins at the end of their wait may be held back: they wait in a queue of their own then, without pay.
    """

    def __init__(
        self,
        book: Book,
        staked: Account,
        way_out: str,
        *,
        withdrawal_days: float,
        pays: bool,
        sell_fee: float,
        can_pause: bool = False,
    ) -> None:
        asset = staked.asset
        self._book = book
        self._staked = staked
        self._entering = book.queue("entering", asset)
        self._leaving = book.queue(way_out, asset)
        self._returning = book.queue("returning", asset)
        is_apart = pays and (withdrawal_days > 0.0 or can_pause)
        self._withdrawing = book.queue("withdrawing", asset) if is_apart else self._leaving
        self._earned = book.account(asset, "earned") if pays else None
        self._withdrawal_days = withdrawal_days
        self._sell_fee = sell_fee

    @property
    def at_stake(self) -> tuple[Account, ...]:
        """Accounts on the way out, which can be slashed as the stake is."""
        return tuple({queue.account: None for queue in (self._leaving, self._withdrawing)})

    @property
    def others(self) -> tuple[Account, ...]:
        """Accounts of coins that were never at stake: on the way in, and on the way out right after it."""
        return self._entering.account, self._returning.account

    @property
    def works(self) -> bool:
        """Whether anything is staked or on its way in."""
        return self._staked.active or bool(self._entering)

    def earns_until(
        self, known: PathValue | None, day: PathValue, paths: IntArray | None, committed: PathValue = 1.0
    ) -> PathValue:
        """Last day of earning of each path: `known` so far, and `day` on some paths (None: all) that now leave.

        Where all has left before, or the product has ended (`committed` is 0), an exit changes nothing.
        """
        there = at(self._staked.units + self._entering.account.units, paths) != 0.0
        before = at(0.0 if known is None else known, paths)
        if not np.all(there):
            is_open = np.equal(before, 0.0) & np.not_equal(at(committed, paths), 0.0)  # a failure ends no commitment
            day = np.where(there | is_open, day, before)
        return put(known, day, paths, self._staked.units.size)

    def bring_in(
        self, now: Now, source: Account, units: PathValue | None, days: PathValue, paths: IntArray | None = None
    ) -> None:
        """Send coins (all by default) into the entry queue for so many days, or to the stake where there are none.

        Parameters
        ----------
        now
            The interval that closes.
        source
            Account of the coins.
        units, days
            Coins and days of the wait; one number, or one for each of the paths.
        paths
            Indices of the paths, if not all.
        """
        for wait, some, part in _by_wait(days, units, paths):
            if wait is None:
                self._book.move(source, self._staked, part, some)
            else:
                self._entering.enter(now, source, part, due_day=now.elapsed_days + wait, paths=some)

    def earning(self, now: Now, out: FloatArray, *, leaving: PathValue = 0.0, until: float = math.inf) -> FloatArray:
        """Units of the stake that earn, each for its part of the interval: coins staked, and coins activated in it.

        The share `leaving` of them, one number or one per path, earns only until the day `until`.
        """
        let_in = self._entering.maturing(now)
        if until >= now.elapsed_days:
            return self._staked.units if let_in is None else np.add(self._staked.units, let_in, out=out)
        late = min((now.elapsed_days - until) / now.days, 1.0)
        np.multiply(self._staked.units, 1.0 - np.multiply(leaving, late), out=out)
        if let_in is not None:
            out += let_in * (1.0 - np.asarray(leaving))
            before = self._entering.maturing(now, until=until)
            out += 0.0 if before is None else before * leaving
        return out

    def balance(self, now: Now) -> FloatArray:
        """Coins that earn in the interval, ``(n_paths,)``: in the stake as in `earning`, and in a queue that pays."""
        let_in = self._entering.maturing(now)
        units = self._staked.units if let_in is None else self._staked.units + let_in
        return units if self._earned is None else units + self._leaving.account.units

    def pay(self, now: Now, line: Line, rate: PathValue, commission: PathValue) -> None:
        """Pay the reward of the coins in the exit queue to the holder, if the terms pay it.

        A negative reward is booked under its line alone, and taken from those coins.
        """
        if self._earned is None or not self._leaving:
            return
        account = self._leaving.account
        past = self._leaving.maturing(now)
        earning = account.units if past is None else np.maximum(account.units - past, 0.0)
        if lowest(rate) < 0.0:
            lost = earning * np.minimum(rate, 0.0)
            rate = np.maximum(rate, 0.0)
            self._book.earn(line, self._earned, earning * rate, fee_line=Line.COMMISSION, fee=commission)
            self._book.post(line, account, lost)
        else:
            self._book.earn(line, self._earned, earning, rate, fee_line=Line.COMMISSION, fee=commission)
        self._book.pay_out(self._earned, cost=self._sell_fee)

    def let_in(self, now: Now, until: PathValue = math.inf) -> None:
        """Stake coins at the end of the entry queue, by the day `until` if that is in this interval."""
        self._entering.deliver(now, self._staked, until=until)

    def ask(
        self,
        now: Now,
        share: PathValue,
        days: PathValue,
        paths: IntArray | None = None,
        *,
        units: PathValue | None = None,
        since: float | None = None,
        until: PathValue = math.inf,
    ) -> None:
        """Send staked coins, and the same share of entering coins, into the exit queue.

        Parameters
        ----------
        now
            The interval that closes.
        share, days
            Share that leaves, and days in the exit queue; one number, or one for each of the paths.
        paths
            Indices of the paths that leave, if not all.
        units
            Staked coins that leave, if not that share of them.
        since, until
            Day from which the wait counts, by default the interval's end; and as in `pay_out`.
        """
        if units is None:
            units = self._staked.part(share, paths)
        day = now.elapsed_days if since is None else since
        then = 0.0 if self._withdrawing is self._leaving else self._withdrawal_days  # in a queue of its own
        for wait, some, part in _by_wait(np.add(days, self._withdrawal_days), units, paths):
            if wait is None:
                self._book.pay_out(self._staked, part, self._sell_fee, some)
            else:
                self._leaving.enter(now, self._staked, part, due_day=day + wait - then, paths=some)
        self._entering.hand_over(now, self._returning, share, np.add(days, self._withdrawal_days), paths)
        self.pay_out(now, until)

    def pay_rewards(
        self, now: Now, rewards: Account, units: PathValue | None, days: PathValue, paths: IntArray | None = None
    ) -> None:
        """Sell rewards (None: all) that are not staked, after so many days: one number, or one for each path."""
        for wait, some, part in _by_wait(days, units, paths):
            if wait is None:
                self._book.pay_out(rewards, part, self._sell_fee, some)
            else:
                self._returning.enter(now, rewards, part, due_day=now.elapsed_days + wait, paths=some)

    def pay_out(self, now: Now, until: PathValue = math.inf) -> None:
        """Sell coins at the end of the exit queue, by the day `until` if it is before the interval's end."""
        if self._withdrawing is not self._leaving:
            self._leaving.forward(now, self._withdrawing, self._withdrawal_days)
        for queue in (self._withdrawing, self._returning):
            if queue:
                queue.deliver(now, self._book.paid_out, self._sell_fee, until)


Part = tuple[PathValue | None, IntArray | None, PathValue | None]
"""Days of a wait (None: there is none), paths (None: all) and units (None: all) of a part of what is sent."""


def _by_wait(days: PathValue, units: PathValue | None, paths: IntArray | None) -> list[Part]:
    """Parts of what is sent: paths without a wait, which pass no queue, and all others.

    One path's queue so changes nothing on another.
    """
    if not isinstance(days, np.ndarray) or not days.ndim:
        return [(None if is_zero(float(days)) else float(days), paths, units)]
    waits = days > 0.0
    if waits.all() or not waits.any():
        return [(days if waits.any() else None, paths, units)]
    parts: list[Part] = []
    for some in (np.flatnonzero(~waits), np.flatnonzero(waits)):
        wait = days[some] if waits[some[0]] else None
        parts.append((wait, some if paths is None else paths[some], None if units is None else at(units, some)))
    return parts


def pay_reward(
    book: Book,
    line: Line,
    staked: Account,
    rewards: Account,
    units: FloatArray,
    rate: PathValue,
    commission: PathValue,
) -> None:
    """Pay the reward of staked units, less a commission: to the stake, or to rewards in an account of their own.

    A negative reward is taken from the stake, and pays no commission.
    """
    if rewards is not staked and lowest(rate) < 0.0:
        book.post(line, staked, units * np.minimum(rate, 0.0))
        rate = np.maximum(rate, 0.0)
    book.earn(line, rewards, units, rate, fee_line=Line.COMMISSION, fee=commission)
