"""`Account`: units of one asset in one place, and `Holdings`, the accounts that share a value per unit."""

import numpy as np

from stakingmodels._types import FloatArray, IntArray, PathValue
from stakingmodels.ledger.lines import Cause
from stakingmodels.ledger.sums import Sums
from stakingmodels.market import Factor, Now, Price
from stakingmodels.market.now import NO_PATHS
from stakingmodels.values import at

WALLET = "wallet"
OWING = ("debt", "owed")
"""Places that may hold less than nothing."""
PREPAID = "prepaid"
"""The place of what was paid in advance: it counts in coins at the price of the day on which it was paid."""


def divide(amount: PathValue, by: PathValue, out: FloatArray, *, positive: bool, where_zero: float = 0.0) -> FloatArray:
    """``amount / by`` into `out`; where `by` may be 0 (not `positive`), `where_zero` stands there."""
    if positive:
        return np.divide(amount, by, out=out)
    amount = np.array(np.broadcast_to(amount, out.shape))  # `out` may be the same memory
    out.fill(where_zero)
    return np.divide(amount, by, out=out, where=np.greater(by, 0.0))


class Holdings:
    """All accounts of one asset with one mark: they share a value per unit and a price line."""

    def __init__(self, asset: str, mark: Factor | None, now: Now) -> None:
        self.asset = asset
        self.mark = mark
        self.is_money = asset == now.numeraire and mark is None
        self.price = Price(asset)
        self.value: PathValue = 1.0
        self.positive = True
        self.total: FloatArray | None = None
        self._sum, self._marked = np.empty(now.n_paths), np.empty(now.n_paths)
        self.revalue(now)

    def revalue(self, now: Now) -> None:
        """Take the value of one unit at the interval's end."""
        self.value = now[self.price]
        self.positive = now.positive(self.price)
        if self.mark is not None:
            self._marked = np.multiply(self.value, now[self.mark], out=self._marked)
            self.value = self._marked
            self.positive = self.positive and now.positive(self.mark)

    def add_up(self, accounts: "list[Account]") -> FloatArray | None:
        """Units over all its accounts, or None where there are none; kept for the next interval's price line."""
        active = [account for account in accounts if account.active]
        if len(active) < 2:
            self.total = active[0].units if active else None
            return self.total
        np.add(active[0].units, active[1].units, out=self._sum)
        for account in active[2:]:
            np.add(self._sum, account.units, out=self._sum)
        self.total = self._sum
        return self.total


class Account:
    """Units of one asset in one place. Only its book changes it.

    Attributes
    ----------
    units
        Read-only view of the units now held, ``(n_paths,)``, in whole coins (or money, for the numeraire).
    active
        False where all units are surely 0, on every path: a hint that spares work, never a condition of the terms,
        since one path switches it on for all.
    coins_a_unit
        What a unit that was paid in advance is in the product's own coin, at the prices of the days on which it was
        paid, ``(n_paths,)``; None elsewhere, where a unit counts at the price of its moment.
    """

    __slots__ = ("active", "asset", "coins_a_unit", "held", "holdings", "mark", "place", "slack", "sums", "units")

    def __init__(self, holdings: Holdings, place: str, n_paths: int) -> None:
        self.asset = holdings.asset
        self.place = place
        self.mark = holdings.mark
        self.holdings = holdings
        self.active = False  # False: surely all zero, so that sums can leave it out
        self.coins_a_unit: FloatArray | None = None
        self.sums: dict[Cause, Sums] = {}
        self.slack: PathValue = 0.0  # units of a transfer that left less than nothing, by which roundings are judged
        self.held = np.zeros(n_paths)
        self.units = self.held.view()
        self.units.flags.writeable = False

    @property
    def value(self) -> PathValue:
        """Value of one unit in the numeraire, at the interval's end."""
        return self.holdings.value

    def gross_value(self) -> FloatArray:
        """Absolute value of the units; infinite where they are worth nothing just now: they are there all the same."""
        worth: FloatArray = np.abs(self.units * self.holdings.value)
        if not self.holdings.positive:
            worth[(self.units != 0.0) & np.equal(self.holdings.value, 0.0)] = np.inf
        return worth

    def affords(self, due: PathValue, paths: IntArray | None, out: FloatArray) -> tuple[FloatArray, IntArray]:
        """Units that pay the money due on some paths (None for all), as far as there are; and where they fall short."""
        value = at(self.holdings.value, paths)
        units = self.units if paths is None else self.units[paths]
        positive = self.holdings.positive
        paid = divide(due, value, out[: units.size], positive=positive, where_zero=np.inf)
        lacking = paid > units
        short = np.nonzero(lacking)[0] if lacking.any() else NO_PATHS
        if short.size:
            np.minimum(paid, units, out=paid)
        if not positive:
            paid *= np.greater(value, 0.0)  # coins that are worth nothing pay nothing
        return paid, short

    def prepay(self, units: PathValue, coins: FloatArray) -> None:
        """Remember what units that are about to be paid in advance are in coins, averaged with those that lie there."""
        if self.coins_a_unit is not None:
            coins = coins + self.units * self.coins_a_unit
        self.coins_a_unit = divide(coins, self.units + units, np.empty(coins.shape), positive=False)

    def add_prepaid(self, coins: FloatArray, units: PathValue, paths: IntArray | None) -> None:
        """Add to a sum in coins what units that were paid in advance, one for each of the paths, were then."""
        if self.coins_a_unit is not None:
            coins[slice(None) if paths is None else paths] += units * at(self.coins_a_unit, paths)

    def detached(self, units: PathValue) -> PathValue:
        """The units as they are now, should they be a view of this account that is about to change."""
        return units.copy() if isinstance(units, np.ndarray) and units.base is self.held else units

    def __repr__(self) -> str:
        return f"Account({self.asset!r}, {self.place!r})"
