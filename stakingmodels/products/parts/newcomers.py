"""`Newcomers`: coins of a stake that do not earn yet, while their tokens are there already."""

import numpy as np

from stakingmodels._types import FloatArray, IntArray, PathValue
from stakingmodels.market import Now
from stakingmodels.products.parts.per_path import put
from stakingmodels.tolerances import DAY_TOL
from stakingmodels.values import highest, is_zero


class Newcomers:
    """Coins that have come in and do not earn yet, with the day on which they begin to.

    Parameters
    ----------
    n_paths
        Number of paths.
    """

    def __init__(self, n_paths: int) -> None:
        self._n = n_paths
        self._lots: list[tuple[PathValue, FloatArray]] = []

    def __bool__(self) -> bool:
        return bool(self._lots)

    def add(self, now: Now, coins: FloatArray, days: PathValue, paths: IntArray | None = None) -> None:
        """Let coins, one number for each of the paths, wait for so many days of every path: one number, or all."""
        if not is_zero(days):
            self._lots.append((np.add(now.elapsed_days, days), np.array(put(0.0, coins, paths, self._n))))

    def scale(self, kept: PathValue, paths: IntArray | None = None) -> None:
        """Leave a share of the coins on some paths (None for all)."""
        for _, coins in self._lots:
            coins[slice(None) if paths is None else paths] *= kept

    def idle(self, now: Now) -> FloatArray:
        """Coins that do not earn in the interval, ``(n_paths,)``, each for its part of it; those that begin are let go.

        It is asked once an interval.
        """
        found, start = np.zeros(self._n), now.elapsed_days - now.days
        for begins, coins in self._lots:
            found += coins * np.clip(np.subtract(begins, start) / now.days, 0.0, 1.0)
        self._lots = [lot for lot in self._lots if highest(lot[0]) > now.elapsed_days + DAY_TOL]
        return found
