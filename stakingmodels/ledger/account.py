"""`Account`: units of one asset in one place, and `PricedGroup`, the accounts that share a value per unit."""

from typing import Protocol

import numpy as np

from stakingmodels._types import FloatArray, IntArray, PathValue
from stakingmodels.ledger.lines import Line, LineShares
from stakingmodels.ledger.sums import LineSums
from stakingmodels.market import Factor, Now, Price
from stakingmodels.values import at

WALLET = "wallet"
PAID_OUT = "paid_out"
"""Place of money that has been paid out to the holder: it is never charged, nor invested again."""
OWING = ("debt", "owed")
"""Places whose accounts may be negative."""
PREPAID = "prepaid"
"""Place of money paid in advance. In coins it counts at the price of the day on which it was paid."""


def divide(amount: PathValue, by: PathValue, out: FloatArray, *, positive: bool, where_zero: float = 0.0) -> FloatArray:
    """``amount / by`` into `out`; where `by` may be 0 (not `positive`), `where_zero` is put there."""
    if positive:
        return np.divide(amount, by, out=out)
    amount = np.array(np.broadcast_to(amount, out.shape))  # `out` may be the same memory
    out.fill(where_zero)
    return np.divide(amount, by, out=out, where=np.greater(by, 0.0))


class PricedGroup:
    """All accounts of one asset with one mark: they share a value per unit and a price line."""

    def __init__(self, asset: str, mark: Factor | None, now: Now) -> None:
        self.asset, self.mark = asset, mark
        self.is_money = asset == now.numeraire and mark is None
        self.price = now.known(Price(asset))
        self.value: PathValue = 1.0
        self.total: FloatArray | None = None
        self._now = now
        self._sum, self._marked = np.empty(now.n_paths), np.empty(now.n_paths)
        self.revalue(now)

    def revalue(self, now: Now) -> None:
        """Take the value of one unit at the interval's end."""
        self.value = now[self.price]
        if self.mark is not None:
            self.value = np.multiply(self.value, now[self.mark], out=self._marked)

    @property
    def positive(self) -> bool:
        """Whether the value of one unit is above 0 on all paths, so that it can be divided by."""
        if self.mark is None:
            return self.is_money or self._now.positive(self.price)
        return self._now.positive(self.price) and self._now.positive(self.mark)

    def worth(self, units: FloatArray, paths: IntArray | None) -> FloatArray:
        """Value of units, 0 or more, one for each of the paths (None: all).

        Infinite where the price is 0, so that units without a price still count as unsold.
        """
        value = at(self.value, paths)
        worth: FloatArray = units * value
        if not self.positive:
            worth[(units != 0.0) & np.equal(value, 0.0)] = np.inf
        return worth

    def add_up(self, accounts: "list[Account]") -> FloatArray | None:
        """Units over all its accounts, or None where there are none; kept for the next interval's price line."""
        total: FloatArray | None = None
        for account in accounts:
            if account.active:
                total = account.units if total is None else np.add(total, account.units, out=self._sum)
        self.total = total
        return total


class Tickets(Protocol):
    """Claims on the units of an account by their due days, which a gain or loss of the account changes in proportion.

    `Queue` is one.
    """

    def scale(self, paths: IntArray | None, before: FloatArray) -> None:
        """Change the tickets of some paths (None for all) as the account's units have, which were `before`."""
        ...  # pragma: no cover


class Account:
    """Units of one asset in one place. Only its book changes it.

    Attributes
    ----------
    units
        Read-only view of the units now held, ``(n_paths,)``, in whole coins (or money, for the numeraire).
    book
        Name of its book.
    is_cash
        Whether it is money in the wallet or paid out.
    tickets
        Queue of the units, if they wait in one.
    active
        False if all units are known to be 0 on every path. It only saves work: one path switches it on for all, so no
        term may depend on it.
    coins_a_unit
        Value of a prepaid unit in the product's own coin, at the prices of the days on which it was paid,
        ``(n_paths,)``. None for other accounts, whose units count at the current price.
    """

    __slots__ = (
        "active",
        "asset",
        "book",
        "coins_a_unit",
        "is_cash",
        "mark",
        "place",
        "priced_group",
        "raw_units",
        "rewards",
        "slack",
        "sums",
        "tickets",
        "units",
    )

    def __init__(self, priced_group: PricedGroup, place: str, n_paths: int, book: str = "") -> None:
        self.asset, self.mark = priced_group.asset, priced_group.mark
        self.place, self.book = place, book
        self.is_cash = priced_group.is_money and place in (WALLET, PAID_OUT)
        self.tickets: Tickets | None = None
        self.priced_group = priced_group
        self.active = False  # False: surely all zero, so that sums can leave it out
        self.coins_a_unit: FloatArray | None = None
        self.sums: dict[LineShares, LineSums] = {}
        # their constant fee, and the total of both; None: it moves
        self.rewards: dict[tuple[Line | None, Line], tuple[float, LineSums] | None] = {}
        self.slack: PathValue = 0.0  # scale of roundings: units of a transfer that left less than 0
        self.raw_units = np.zeros(n_paths)
        self.units = self.raw_units.view()
        self.units.flags.writeable = False

    @property
    def value(self) -> PathValue:
        """Value of one unit in the numeraire, at the interval's end."""
        return self.priced_group.value

    def affords(self, due: PathValue, paths: IntArray | None, out: FloatArray) -> tuple[FloatArray, IntArray]:
        """Units needed to pay the money due on some paths (None for all), at most those held.

        And the paths left short.
        """
        value = at(self.priced_group.value, paths)
        units = self.units if paths is None else self.units[paths]
        positive = self.priced_group.positive
        paid = divide(due, value, out[: units.size], positive=positive, where_zero=np.inf)
        short: IntArray = np.greater(paid, units).nonzero()[0]
        if short.size:
            np.minimum(paid, units, out=paid)
        if not positive:
            paid *= np.greater(value, 0.0)  # coins without a price pay nothing
        return paid, short

    def part(self, share: PathValue, paths: IntArray | None = None) -> PathValue | None:
        """Units that make up a share, in [0, 1]: None where that is all, as the verbs of a book take it.

        Parameters
        ----------
        share
            One number, or one for each of the paths.
        paths
            Indices of the paths, if not all.
        """
        if not isinstance(share, np.ndarray) and share == 1.0:
            return None
        return (self.units if paths is None else self.units[paths]) * share

    def prepay(self, units: FloatArray, coins: FloatArray) -> None:
        """Update the average value in coins of the prepaid units with those about to be added on every path."""
        if self.coins_a_unit is not None:
            coins = coins + self.units * self.coins_a_unit
        self.coins_a_unit = divide(coins, self.units + units, np.empty(coins.shape), positive=False)

    def add_prepaid(self, coins: FloatArray, units: PathValue, paths: IntArray | None) -> None:
        """Add prepaid units, one value for each of the paths, to a sum in coins, at the prices when they were paid."""
        if self.coins_a_unit is not None and paths is None:
            np.add(coins, units * self.coins_a_unit, out=coins)
        elif self.coins_a_unit is not None:  # pragma: no branch - the journal has looked; for type checkers
            coins[paths] += units * at(self.coins_a_unit, paths)

    def allow(self, units: PathValue, paths: IntArray | None) -> None:
        """Allow an overdraft by rounding, in proportion to a transfer that left less than 0 on some paths."""
        wide = np.array(np.broadcast_to(self.slack, self.units.shape))
        some = slice(None) if paths is None else paths
        wide[some] = np.maximum(wide[some], np.abs(units))
        self.slack = wide

    def unaliased(self, units: PathValue) -> PathValue:
        """A copy if `units` is a view of this account, which is about to change; otherwise `units` itself."""
        return units.copy() if isinstance(units, np.ndarray) and units.base is self.raw_units else units

    def __repr__(self) -> str:
        return f"Account({self.asset!r}, {self.place!r})"
