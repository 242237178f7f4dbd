"""`Journal`: totals of one book by cause, in units, in money and in coins."""

from collections.abc import Iterable

import numpy as np

from stakingmodels._types import FloatArray, IntArray, PathValue
from stakingmodels.ledger.account import Account, divide
from stakingmodels.ledger.lines import Line, LineShares
from stakingmodels.ledger.sums import LineSums
from stakingmodels.ledger.totals import BookTotals
from stakingmodels.market import Now, Price
from stakingmodels.values import at


class Journal:
    """Totals of all postings and of all moves of prices and marks, over the steps of a run.

    Parameters
    ----------
    coin
        The book's own coin, in which entries of other assets are counted as well.
    now
        The opening.
    """

    def __init__(self, coin: str, now: Now) -> None:
        self._coin = Price(coin)
        self._n = now.n_paths
        self._tmp = now.book_scratch[0]
        self._posted: dict[tuple[LineShares, str, bool, bool], LineSums] = {}
        self._money: dict[Line, FloatArray] = {}  # of moves of prices and marks
        self._coins: dict[Line, FloatArray] = {}
        self.turnover: PathValue = 0.0
        """Largest value moved between marks, before or after the move: the scale by which roundings are judged."""

    def sums(self, cause: LineShares, account: Account, *, is_cash: bool) -> LineSums:
        """The totals of one cause of an account. Interest on cash is money on money and has no total in coins."""
        is_money = account.priced_group.is_money
        in_coins = account.asset != self._coin.name and not (cause is Line.INTEREST and is_cash)
        key = (cause, account.asset, in_coins, is_money)
        if key not in self._posted:
            self._posted[key] = LineSums(cause, account.asset, self._n, has_money=not is_money, has_coins=in_coins)
        return self._posted[key]

    def posted(self) -> Iterable[LineSums]:
        """Totals of all postings, by cause."""
        return self._posted.values()

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

    def remark(self, now: Now, units: PathValue, before: PathValue, after: PathValue) -> None:
        """Add the gain of units moved between marks, and keep their value as a scale for roundings."""
        self.turnover = np.maximum(self.turnover, np.abs(units) * np.maximum(before, after))
        self.discount(now, units * (np.asarray(after) - before))

    def discount(self, now: Now, money: PathValue) -> None:
        """Add the gain from a change of a mark, or from a move between marks."""
        self.add_money(Line.DISCOUNT, money)
        if Line.DISCOUNT not in self._coins:
            self._coins[Line.DISCOUNT] = np.zeros(self._n)
        self.add_coins(now, self._coins[Line.DISCOUNT], money)

    def add_money(self, line: Line, amount: PathValue) -> None:
        """Add the gain from a change of prices."""
        money = self._money.get(line)
        if money is None:
            money = self._money[line] = np.zeros(self._n)
        np.add(money, amount, out=money)

    def totals(self, accounts: Iterable[Account], below: Iterable[BookTotals]) -> BookTotals:
        """Totals of this book and its children."""
        return BookTotals.of(self._posted.values(), self._money, self._coins, accounts, below)
