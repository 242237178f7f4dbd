"""Brownian sums of a noise set at some times of a grid, and the steps between them drawn given these sums."""

import itertools
import math
from typing import Any

import numpy as np

from stakingmodels._types import FloatArray
from stakingmodels.market import TimeGrid
from stakingmodels.scenarios.lanes import LANE, Raw
from stakingmodels.scenarios.nets import Net

_LEVELS_AFTER = 3  # halvings between exit and end
_LEVELS_BEFORE = 1
_DIMENSIONS = ((0, 5, 6, 8, 9), (1, 11, 10, 13, 16), (2, 7, 15, 14, 12), (3,), (4,))
# Dimensions of the first noises at their first knots: exit, end, the middle between, its first quarter and the other.
# Those of the exits are even together, and those of one noise with its exit (t is 4 at most for 2**7 to 2**13 points).

Knot = tuple[int, int, int | None]
"""Left neighbour, time and right neighbour of a time at which a sum is set; indices of the grid."""


def knots(grid: TimeGrid) -> tuple[Knot, ...]:
    """Times at which the sum of a noise is set, in the order of their dimensions: the exit, the end, times between.

    The right neighbour is None where no later sum is known yet.
    """
    found: list[Knot] = [(0, grid.exit, None)]
    if grid.exit < grid.n_steps:
        found.append((grid.exit, grid.n_steps, None))
        _halve(grid, grid.exit, grid.n_steps, _LEVELS_AFTER, found)
    _halve(grid, 0, grid.exit, _LEVELS_BEFORE, found)
    return tuple(found)


def _halve(grid: TimeGrid, first: int, last: int, levels: int, found: list[Knot]) -> None:
    """Add the times in the middle of a stretch, then of its halves, and so on, where the grid has any."""
    days, stretches = grid.elapsed_days, [(first, last)]
    for _ in range(levels):
        halves: list[tuple[int, int]] = []
        for left, right in stretches:
            if right - left > 1:
                near = int(np.searchsorted(days, 0.5 * (days[left] + days[right])))
                middle = min(max(near, left + 1), right - 1)
                found.append((left, middle, right))
                halves += [(left, middle), (middle, right)]
        stretches = halves


class Bridge:
    """Sums of one noise at the knots of a grid, and its steps given these sums.

    With ``tau`` days left to the next knot and a sum of ``D`` yet to come, a step of ``t`` days has the sum ``D t / tau
    + sqrt(t (1 - t / tau)) z`` with an independent normal z: over draws of the sums, steps are independent normals.

    Parameters
    ----------
    grid
        The times.
    net, name
        Source of the sums, and name of the noise in it.
    number
        Place of the noise among those of its scenario: the sums of the first few at exit and end take the first
        dimensions, which are even together; others an order of their own.
    n_lanes
        Number of lanes that the net's paths fill.
    """

    def __init__(self, grid: TimeGrid, net: Net, name: str, number: int, n_lanes: int) -> None:
        days = grid.elapsed_days
        sums: dict[int, FloatArray | float] = {0: 0.0}
        taken = _DIMENSIONS[number] if number < len(_DIMENSIONS) else ()
        for place, (left, time, right) in enumerate(knots(grid)):
            shared = place < len(taken)
            drawn = net.normals(name, taken[place] if shared else place, shared=shared)
            since = days[time] - days[left]
            if right is None:
                sums[time] = sums[left] + drawn * math.sqrt(since)
            else:
                share = since / (days[right] - days[left])
                mean = np.add(sums[left], share * np.subtract(sums[right], sums[left]))
                sums[time] = mean + drawn * math.sqrt(since * (1.0 - share))
        edges = sorted(sums)
        self._days = grid.step_days
        self._left = np.zeros(grid.n_steps)  # days from each step's end to the next knot
        self._starts: dict[int, FloatArray] = {}
        for first, last in itertools.pairwise(edges):
            self._left[first:last] = days[last] - days[first + 1 : last + 1]
            self._left[last - 1] = 0.0
            rate = np.subtract(sums[last], sums[first]) / (days[last] - days[first])
            self._starts[first] = np.asarray(rate * math.sqrt(self._days[first])).reshape(n_lanes, LANE)
        self._drift: Any = None

    def pin(self, start: int, rows: Raw) -> None:
        """Turn independent normals of the steps from `start` on, ``(n_lanes, n_steps, 512)``, into steps of the bridge.

        A reading that begins between two knots stays independent up to the second.
        """
        for k in range(rows.shape[1]):
            step, row = start + k, rows[:, k]
            if step in self._starts:
                self._drift = self._starts[step].astype(rows.dtype)
                self._tmp = np.empty_like(self._drift)
            elif self._drift is None:
                continue
            elif self._days[step] != self._days[step - 1]:
                self._drift *= rows.dtype.type(math.sqrt(self._days[step] / self._days[step - 1]))
            self._step(row, float(self._days[step]), float(self._left[step]))

    def _step(self, row: Raw, days: float, left: float) -> None:
        """One step: its noise is ``m + b z``, ``b**2 = left / (left + days)``; m then falls by ``b z days / left``."""
        if left == 0.0:
            np.copyto(row, self._drift)
            return
        np.multiply(row, row.dtype.type(math.sqrt(left / (left + days))), out=row)
        np.multiply(row, row.dtype.type(days / left), out=self._tmp)
        np.add(row, self._drift, out=row)
        np.subtract(self._drift, self._tmp, out=self._drift)
