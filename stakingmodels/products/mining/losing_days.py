"""`LosingDays`: consecutive days on which a contract's running costs exceed its revenue."""

import numpy as np

from stakingmodels._types import BoolArray, IntArray, PathValue
from stakingmodels.market.now import NO_PATHS
from stakingmodels.tolerances import DAY_TOL
from stakingmodels.values import any_of, at, is_zero


class LosingDays:
    """Days in a row, on each path, of cost above revenue.

    Parameters
    ----------
    n_paths
        Number of paths.
    limit
        Days that end the contract; None for a contract that runs to its term.
    """

    def __init__(self, n_paths: int, limit: int | None) -> None:
        self._days = np.zeros(n_paths)
        self._some = False  # whether any path has such days
        self._limit = np.inf if limit is None else limit - DAY_TOL

    def over_limit(self, revenue: PathValue, cost: PathValue, works: BoolArray, days: PathValue) -> IntArray:
        """Count an interval of so many days, and return the paths on which the limit is reached.

        Parameters
        ----------
        revenue, cost
            Of 1 TH/s in the interval, in money.
        works
            Paths with any hash rate.
        days
            Days of mining in the interval, one number or one per path; where there are none, the count stands still.
        """
        if is_zero(days):
            return NO_PATHS
        losing = ((revenue < cost) & works).nonzero()[0]
        if not losing.size and not self._some:
            return losing
        in_a_row = self._days[losing] + at(days, losing)
        self._days *= np.equal(days, 0.0)
        self._some = losing.size > 0 or any_of(self._days)
        self._days[losing] = in_a_row
        return losing[in_a_row >= self._limit]
