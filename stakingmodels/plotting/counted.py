"""`DayCounts`: paths counted by day in bins of a quantity, and its quantiles, for any number of paths."""

import math
from collections.abc import Sequence

import attrs
import numpy as np

from stakingmodels._types import FloatArray, IndexArray, IntArray
from stakingmodels.market import TimeGrid

SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Quantiles of a fan, fractions of the paths below."""
N_TIMES = 128
"""Times of a grid that are looked at, unless another number is asked for."""


def shown_times(grid: TimeGrid, n_times: int = N_TIMES) -> IntArray:
    """Times of a grid that are looked at, evenly spread, at most so many; the exit and the last are among them."""
    spread = np.linspace(0, grid.n_times - 1, min(n_times, grid.n_times)).round().astype(np.int64)
    return np.union1d(spread, [grid.exit])


@attrs.frozen(eq=False)
class DayCounts:
    """Paths of a run counted by day: those in each bin, and those below all bins.

    Attributes
    ----------
    first
        Place of the first bin.
    counts
        Paths by day and bin, ``(n_times, n_bins)``.
    below
        Paths below all bins by day, such as those without value, ``(n_times,)``.
    """

    first: int
    counts: IndexArray
    below: IndexArray

    @classmethod
    def of(cls, days: Sequence[IntArray], below: Sequence[int] = ()) -> "DayCounts":
        """Counts of the bins in which the paths lie, and of those that lie in none, by day."""
        found = [places for places in days if places.size]
        first = min((int(places.min()) for places in found), default=0)
        n_bins = max((int(places.max()) for places in found), default=0) - first + 1
        counts = np.empty((len(days), n_bins), dtype=np.int32)  # half the memory: a run has fewer paths than 2**31
        for row, places in zip(counts, days, strict=True):
            row[:] = np.bincount(places - first, minlength=n_bins)
        return cls(first, counts, np.array(below or [0] * len(days), dtype=np.int32))

    def joined(self, other: "DayCounts") -> "DayCounts":
        """Counts of two stretches of paths together."""
        first = min(self.first, other.first)
        n_bins = max(each.first + each.counts.shape[1] for each in (self, other)) - first
        counts = np.zeros((self.counts.shape[0], n_bins), dtype=np.int32)
        for each in (self, other):
            start = each.first - first
            counts[:, start : start + each.counts.shape[1]] += each.counts
        return DayCounts(first, counts, self.below + other.below)

    @property
    def places(self) -> IntArray:
        """Places of the bins, ``(n_bins,)``."""
        return self.first + np.arange(self.counts.shape[1])

    def quantile(self, q: float, values: FloatArray, below: float = 0.0) -> FloatArray:
        """Quantile by day, ``(n_times,)``, by the rules of `Distribution.quantile` and `Distribution.median`.

        Parameters
        ----------
        q
            Share of the paths below, a fraction in (0, 1); 0.5 for the median.
        values
            Value of each bin, ``(n_bins,)``.
        below
            Value of the paths below all bins.
        """
        wanted = max(math.ceil(self._paths_in(q)), 1)
        found = self._ranked(wanted, values, below)
        if q == 0.5 and self.n_paths % 2 == 0:  # the mean of the two middle ones
            return 0.5 * (found + self._ranked(wanted + 1, values, below))
        return found

    def reached_by(self, share: float, values: FloatArray) -> FloatArray:
        """Largest value that a share of the paths reach by day, ``(n_times,)``, as `Distribution.lower_end`."""
        return self._ranked(min(math.floor(self._paths_in(1.0 - share)) + 1, self.n_paths), values, 0.0)

    @property
    def n_paths(self) -> int:
        """Number of paths."""
        return int(self.below[0] + self.counts[0].sum())

    def _paths_in(self, share: float) -> float:
        """Number of paths in a share, without the rounding by which 0.07 of 100 would be more than 7."""
        return round(share * self.n_paths, 6)

    def _ranked(self, rank: int, values: FloatArray, below: float) -> FloatArray:
        """Value by day of the path of a rank from below, the first of which is 1."""
        reached = np.cumsum(np.column_stack([self.below, self.counts]), axis=1)
        found = np.concatenate([[below], values])[(reached >= rank).argmax(axis=1)]
        return np.asarray(found, dtype=np.float64)
