"""`Journal`: entries of one book, which change its accounts, and their totals by cause in units, money and coins."""

from collections.abc import Iterable

import numpy as np

from stakingmodels._types import FloatArray, IntArray, PathValue
from stakingmodels.ledger.account import PAID_OUT, PREPAID, Account, divide
from stakingmodels.ledger.lines import Line
from stakingmodels.ledger.observers import Observers
from stakingmodels.ledger.sums import Cause, LineSums
from stakingmodels.ledger.totals import BookTotals
from stakingmodels.market import Now, Price
from stakingmodels.values import at, lowest


class Journal:
    """Entries of one book, and the totals of all postings and of all moves of prices and marks over a run.

    Parameters
    ----------
    coin
        The book's own coin, in which entries of other assets are counted as well.
    now
        The opening.
    observers
        Functions told every entry.

    Attributes
    ----------
    is_dirty
        Whether an account has changed since this was last set to False.
    turnover
        Largest value moved between marks, before or after the move: the scale by which roundings are judged.
    """

    def __init__(self, coin: str, now: Now, observers: Observers) -> None:
        self._coin = now.known(Price(coin))
        self._now, self._n = now, now.n_paths
        self._tmp, self._observers = now.book_scratch[0], observers
        self._posted: dict[tuple[Cause, str, bool, bool, str], LineSums] = {}
        self._money: dict[Line, FloatArray] = {}  # of moves of prices and marks
        self._coins: dict[Line, FloatArray] = {}
        self.is_dirty = True
        self.turnover: PathValue = 0.0

    def sums(self, cause: Cause, account: Account, *, joins: bool = False) -> LineSums:
        """The totals of one cause of an account. Interest on cash is money on money and has no total in coins.

        A sum that `joins` a reward and its fee is one of its own, since it ends where the fee moves.
        """
        is_money, place = account.priced_group.is_money, f"{account.place} {account.mark}" if joins else ""
        in_coins = account.asset != self._coin.name and not (cause is Line.INTEREST and account.is_cash)
        key = (cause, account.asset, in_coins, is_money, place)
        if key not in self._posted:
            self._posted[key] = LineSums(
                cause, account.asset, self._n, has_money=not is_money, has_coins=in_coins, place=place
            )
        return self._posted[key]

    def posted(self) -> Iterable[LineSums]:
        """Totals of all postings, by cause."""
        return self._posted.values()

    # Entries

    def enter(
        self, sums: LineSums, account: Account, units: PathValue, paths: IntArray | None, *, flows: bool = True
    ) -> None:
        """Enter a gain or loss of an account under its cause; on money paid out it is a flow, unless told otherwise."""
        tickets = account.tickets
        before = None if tickets is None else account.units.copy() if paths is None else account.units[paths]
        worth = self._add(sums, account, units, paths)
        account.active = self.is_dirty = True
        if sums.coins is not None:
            if account.coins_a_unit is None:
                self.add_coins(self._now, sums.coins, worth, paths)
            else:
                account.add_prepaid(sums.coins, units, paths)
        if tickets is not None and before is not None:
            tickets.scale(paths, before)
        if account.place == PAID_OUT and flows and self._observers.flows is not None:
            self._observers.flows.append((paths, units * sums.net))
        if self._observers.all:
            for line, share in sums.entered:
                self._observers.tell(self._now.step, line, account, units * share, paths)

    def reward(
        self,
        line: Line | None,
        fee_line: Line,
        fee: PathValue,
        account: Account,
        units: PathValue,
        paths: IntArray | None,
    ) -> None:
        """Enter a reward, or the proceeds of a sale under no line, and the fee on it.

        In one sum while the fee is constant, in one for each when it moves.
        """
        key = (line, fee_line)
        if key not in account.rewards:
            account.rewards[key] = None
            if not isinstance(fee, np.ndarray):
                both = ((line, 1.0), (fee_line, -float(fee)))
                account.rewards[key] = (fee, self.sums(both, account, joins=True))
        known = account.rewards[key]
        if known is not None and (isinstance(fee, np.ndarray) or known[0] != fee):
            self._part(known[1], account)
            known = account.rewards[key] = None
        if known is not None:
            self.enter(known[1], account, units, paths)
            return
        taken = units * np.negative(fee)
        if line is None:
            self.shift(account, units, paths)
        else:
            self.enter(self.sums(line, account), account, units, paths)
        self.enter(self.sums(fee_line, account), account, taken, paths)

    def _part(self, sums: LineSums, account: Account) -> None:
        """Pass a sum of several lines on to the sums of each line."""
        for key in [key for key, known in self._posted.items() if known is sums]:
            del self._posted[key]
        for line, share in sums.shares:
            self.sums(line, account).take(sums, share)

    def _add(self, sums: LineSums, account: Account, units: PathValue, paths: IntArray | None) -> PathValue:
        """Add units to an account and to the totals of their cause; returns them in money."""
        if paths is not None:
            return self._add_some(sums, account, units, paths)
        tmp = self._tmp
        if sums.net == -1.0:
            np.subtract(account.raw_units, units, out=account.raw_units)
        else:
            kept = units if sums.net == 1.0 else np.multiply(units, sums.net, out=tmp)
            np.add(account.raw_units, kept, out=account.raw_units)
        np.add(sums.units, units, out=sums.units)
        if sums.money is None:
            return units
        worth: PathValue = np.multiply(units, account.priced_group.value, out=tmp)
        np.add(sums.money, worth, out=sums.money)
        return worth

    def _add_some(self, sums: LineSums, account: Account, units: PathValue, paths: IntArray) -> PathValue:
        """The same on some paths."""
        if sums.net != 0.0:  # else it is paid in, and spent at once
            account.raw_units[paths] += units if sums.net == 1.0 else units * sums.net
        sums.units[paths] += units
        if sums.money is None:
            return units
        worth = units * at(account.priced_group.value, paths)
        sums.money[paths] += worth
        return worth

    def shift(
        self, account: Account, units: PathValue, paths: IntArray | None, *, whole: bool = False, sign: float = 1.0
    ) -> None:
        """Add units to an account (or take them, with a sign of -1) that come from or go to another; it is no gain.

        If `whole`, all units of the account on these paths go.
        """
        self.is_dirty = True
        if account.place == PAID_OUT:
            if self._observers.flows is not None:  # a copy, as `units` may be a scratch buffer
                self._observers.flows.append((paths, sign * np.asarray(units)))
        elif account.place == PREPAID and sign > 0.0:
            self._prepay(account, units, paths)
        raw = account.raw_units
        if whole and paths is None:
            raw.fill(0.0)  # exactly 0, where a subtraction might leave a rounding
            account.active = False
        elif whole:
            raw[paths] = 0.0
        elif paths is None:
            change = np.add if sign > 0.0 else np.subtract
            change(raw, units, out=raw)
            account.active = True
        else:
            raw[paths] += units if sign > 0.0 else np.negative(units)
            account.active = True
        if sign < 0.0 and not whole and lowest(raw if paths is None else raw[paths]) < 0.0:
            account.allow(units, paths)
        if self._observers.all:
            self._observers.tell(self._now.step, None, account, sign * np.asarray(units), paths)

    def _prepay(self, account: Account, units: PathValue, paths: IntArray | None) -> None:
        wide = np.zeros(self._n)
        wide[slice(None) if paths is None else paths] = units
        account.prepay(wide, self.in_coins(self._now, wide * account.priced_group.value))

    def pay_in(self, amount: PathValue, paths: IntArray | None) -> None:
        """Keep money that the holder paid in, as a flow."""
        if self._observers.flows is not None:
            self._observers.flows.append((paths, np.negative(amount)))

    # Totals

    def in_coins(self, now: Now, money: PathValue) -> FloatArray:
        """Money converted to the book's own coin at the current price; 0 where that price is 0."""
        wide = np.broadcast_to(money, (self._n,))
        return divide(wide, now[self._coin], np.empty(self._n), positive=now.positive(self._coin))

    def add_coins(self, now: Now, coins: FloatArray, money: PathValue, paths: IntArray | None = None) -> None:
        """Add money to a sum in coins, at the current price; nothing is added where that price is 0."""
        price, positive = now[self._coin], now.positive(self._coin)
        if paths is None:
            np.add(coins, divide(money, price, self._tmp, positive=positive), out=coins)
        else:
            coins[paths] += divide(money, at(price, paths), np.empty(paths.shape), positive=positive)

    def remark(
        self, now: Now, units: PathValue, before: PathValue, after: PathValue, paths: IntArray | None = None
    ) -> None:
        """Add the gain of units moved between marks, and keep their value as a scale for roundings."""
        before, after = at(before, paths), at(after, paths)
        moved = np.abs(units) * np.maximum(before, after)
        wide = np.array(np.broadcast_to(self.turnover, (self._n,)))
        some = slice(None) if paths is None else paths
        wide[some] = np.maximum(wide[some], moved)
        self.turnover = wide
        self.discount(now, units * (np.asarray(after) - before), paths)

    def discount(self, now: Now, money: PathValue, paths: IntArray | None = None) -> None:
        """Add the gain from a move between marks."""
        self.add_money(Line.DISCOUNT, money, paths)
        self.add_coins(now, self._coins.setdefault(Line.DISCOUNT, np.zeros(self._n)), money, paths)

    def discount_of(self, now: Now, price: Price, units: FloatArray) -> None:
        """Add the gain from a change of a mark, in units of an asset, which are overwritten with the money."""
        if price is not self._coin:
            self.discount(now, np.multiply(units, now[price], out=units))
            return
        coins = self._coins.get(Line.DISCOUNT)
        if coins is None:
            coins = self._coins[Line.DISCOUNT] = np.zeros(self._n)
        # path by path, so that the bits of one do not depend on whether the coin is worth nothing on another
        np.add(coins, units, out=coins, where=now.positive(price) or np.greater(now[price], 0.0))
        self.add_money(Line.DISCOUNT, np.multiply(units, now[price], out=units))

    def add_money(self, line: Line, amount: PathValue, paths: IntArray | None = None) -> None:
        """Add the gain from a change of prices."""
        money = self._money.get(line)
        if money is None:
            money = self._money[line] = np.zeros(self._n)
        if paths is None:
            np.add(money, amount, out=money)
        else:
            money[paths] += amount

    def totals(self, accounts: Iterable[Account], below: Iterable[BookTotals]) -> BookTotals:
        """Totals of this book and its children."""
        return BookTotals.of(self._posted.values(), self._money, self._coins, accounts, below)
