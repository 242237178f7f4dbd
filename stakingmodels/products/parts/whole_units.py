"""`WholeUnits`: share of a pool's coins that makes whole units, such as validators of 32 ETH; the rest is idle."""

import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray, PathValue
from stakingmodels.ledger import Account
from stakingmodels.market import Now
from stakingmodels.tolerances import REL_TOL


class WholeUnits:
    """Coins of all members of a pool, of which the share that makes whole units works, on each path.

    Each member has the same share at work. Units are made up anew at the end of each interval. A path's share depends
    on the coins of that path alone.

    Parameters
    ----------
    accounts
        Accounts of the member's coins in the pool, those in its queues included: whole units wait there.
    size
        Coins of a unit.
    others
        Coins of the other members at the opening.
    joining_per_day
        Coins that other members bring each day, less those that they take away; below 0 where more leave.
    buffer
        Share of all coins that is always idle.

    Attributes
    ----------
    whole
        Share in whole units of the coins that are not in the buffer, ``(n_paths,)``; the same array throughout.
    works
        Share of all coins that is at work, ``(n_paths,)``; the same array throughout.
    """

    def __init__(
        self, accounts: tuple[Account, ...], *, size: float, others: float, joining_per_day: float, buffer: float
    ) -> None:
        self._accounts = accounts
        self._size = size
        self._joining = joining_per_day
        self._most = 1.0 - buffer
        self._others = np.full(accounts[0].units.size, others)
        self.whole: FloatArray = np.ones_like(self._others)
        self.works: FloatArray = np.ones_like(self._others)

    def grow(self, now: Now, kept: PathValue) -> None:
        """Add rewards that are staked again, a fraction of the others' coins, and their new deposits."""
        self._others *= 1.0 + np.asarray(kept)
        if self._joining:
            np.maximum(self._others + self._joining * now.days, 0.0, out=self._others)

    def fill(self) -> None:
        """Set whole units of all coins to work, and leave the rest idle."""
        pooled = self._others + sum(account.units for account in self._accounts)
        stakeable = np.maximum(pooled * self._most, 0.0)
        coins = np.floor(stakeable / self._size * (1.0 + REL_TOL)) * self._size
        self.whole[:] = np.minimum(coins / np.maximum(stakeable, checks.SMALLEST), 1.0)
        self.works[:] = self.whole * self._most
