"""`Payout`: coins of a balance that is paid out when it has reached a minimum."""

import numpy as np

from stakingmodels._types import BoolArray, IntArray, PathValue
from stakingmodels.ledger import Account, Book, Line, Outcome
from stakingmodels.market import Now
from stakingmodels.products.parts.per_path import left_of
from stakingmodels.tolerances import REL_TOL
from stakingmodels.values import highest, lowest


class Payout:
    """Pay-outs of a balance: into the holder's wallet, or sold at once.

    Parameters
    ----------
    book, balance
        The position's book, and the account that is paid out.
    minimum
        Balance at which all of it is paid out.
    sells
        Whether coins are sold when they are paid out.
    sell_fee
        Fee of selling them, a fraction.
    """

    def __init__(self, book: Book, balance: Account, *, minimum: float, sells: bool, sell_fee: float) -> None:
        self._book = book
        self._balance = balance
        self._wallet = book.account(balance.asset)
        self._minimum = minimum
        self._sell_fee = sell_fee
        self._kept: PathValue = 0.0 if sells else 1.0  # share of coins that is kept, one number or one per path

    def step(self, now: Now) -> None:
        """Pay out the balance where it has reached the minimum."""
        due = self._balance.units >= self._minimum
        count = np.count_nonzero(due)
        if not count:
            return
        paid = None if count == due.size else np.multiply(self._balance.units, due, out=now.scratch)
        if lowest(self._kept) == 1.0:
            self._book.move(self._balance, self._wallet, paid)
            return
        if highest(self._kept) > 0.0:
            kept = self._balance.units * due * self._kept
            self._book.move(self._balance, self._wallet, kept)
            paid = self._balance.units * due
        self._book.pay_out(self._balance, paid, self._sell_fee)

    def sell_share(self, share: PathValue, paths: IntArray | None) -> None:
        """Sell a share of all later pay-outs on some paths (None for all), since the holder has left with it."""
        self._kept = left_of(self._kept, share, paths, self._balance.units.size)


def never_paid_out(outcome: Outcome) -> BoolArray:
    """Paths on which coins were mined and all that was left of them was lost below the smallest pay-out.

    Returns
    -------
    BoolArray
        ``(n_paths,)``; False where nothing was mined, or anything of it was paid out.
    """
    found = np.zeros(outcome.n_paths, dtype=np.bool_)
    for line, coin in outcome.native:
        if line is Line.MINING and (Line.FORFEIT, coin) in outcome.native:
            lost = -outcome.native[Line.FORFEIT, coin]
            kept = sum(units for key, units in outcome.native.items() if key[1] == coin) + lost
            found |= (lost > 0.0) & (lost >= kept * (1.0 - REL_TOL))
    return found
