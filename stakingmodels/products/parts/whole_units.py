"""`WholeUnits`: a pool that stakes whole units of a coin only, such as validators of 32 ETH; the rest is idle."""

import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray, IntArray, PathValue
from stakingmodels.ledger import Account, Book
from stakingmodels.market import Now
from stakingmodels.products.parts.failures import Failure
from stakingmodels.tolerances import REL_TOL


class WholeUnits:
    """Coins of all members of a pool, of which the share that makes whole units is staked, on each path.

    Each member has the same share at stake. Units are made up anew at the end of each interval, after rewards,
    deposits and exits.

    Parameters
    ----------
    book, staked
        The position's book, and the account of its coins that are at stake.
    size
        Coins of a unit.
    others
        Coins of the other members at the opening.
    joining_per_day
        Coins that other members bring each day, less those that they take away; below 0 where more leave.
    """

    def __init__(self, book: Book, staked: Account, *, size: float, others: float, joining_per_day: float) -> None:
        self._book = book
        self._staked = staked
        self._size = size
        self._joining = joining_per_day
        self._others = np.full(staked.units.size, others)
        self._works = np.ones(staked.units.size)
        self.idle = book.account(staked.asset, "idle")

    @property
    def idle_share(self) -> FloatArray:
        """Share of the pool's coins that is idle, ``(n_paths,)``."""
        share: FloatArray = 1.0 - self._works
        return share

    def earn(self, now: Now, rate: PathValue, commission: float, *, compounding: bool) -> None:
        """Add the interval's rewards, if they are staked again, and new deposits to the coins of the others."""
        if compounding:
            kept = np.maximum(rate, 0.0) * (1.0 - commission) + np.minimum(rate, 0.0)
            self._others *= 1.0 + self._works * kept
        if self._joining:
            self._others = np.maximum(self._others + self._joining * now.days, 0.0)

    def strike(self, now: Now, failure: Failure, paths: IntArray) -> None:
        """Take from the others what a failure took from the member."""
        del now
        part = self._works[paths] if failure.line == "slashing" else 1.0
        self._others[paths] *= 1.0 - failure.severity * part

    def release(self, paths: IntArray | None = None) -> None:
        """Put idle coins to those at stake, with which they leave."""
        if self.idle.active:
            self._book.move(self.idle, self._staked, None if paths is None else self.idle.units[paths], paths)

    def fill(self) -> None:
        """Stake whole units of all coins, and leave the rest idle."""
        own = self._staked.units + self.idle.units
        pooled = own + self._others
        whole = np.floor(pooled / self._size * (1.0 + REL_TOL)) * self._size
        self._works = np.where(pooled > 0.0, np.minimum(whole / np.maximum(pooled, checks.SMALLEST), 1.0), 1.0)
        idle = own * (1.0 - self._works) - self.idle.units
        if np.any(idle > 0.0):
            self._book.move(self._staked, self.idle, np.maximum(idle, 0.0))
        if np.any(idle < 0.0):
            self._book.move(self.idle, self._staked, np.maximum(-idle, 0.0))
