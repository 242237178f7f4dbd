"""Values at which many monotone curves reach 0, from the same few points of each, without a loop over the curves.

Between its points a curve is the monotone cubic of Fritsch and Carlson (1980), with the slopes of Fritsch and Butland
(1984), as in scipy's ``PchipInterpolator``: it turns nowhere but at a point.
"""

import attrs
import numpy as np

from stakingmodels._types import BoolArray, FloatArray, IntArray

_HALVINGS = 50


@attrs.frozen(eq=False)
class Curves:
    """Curves by their values at common points.

    Attributes
    ----------
    at
        The points, increasing, ``(n_points,)``.
    values
        Values of each curve there, ``(n_points, n_curves)``.
    """

    at: FloatArray
    values: FloatArray

    @property
    def meets(self) -> BoolArray:
        """Whether each value is no less than 0."""
        return self.values >= 0.0

    @property
    def turns(self) -> BoolArray:
        """Whether a curve changes its sign between two points, ``(n_points - 1, n_curves)``."""
        meets = self.meets
        return np.asarray(meets[1:] != meets[:-1])

    @property
    def is_monotone(self) -> BoolArray:
        """Whether a curve goes one way from point to point, flat stretches allowed, ``(n_curves,)``."""
        steps = np.diff(self.values, axis=0)
        least = 1e-12 * (1.0 + np.abs(self.values).max(axis=0))
        return np.asarray((steps >= -least).all(axis=0) | (steps <= least).all(axis=0))

    def roots(self, interval: IntArray, curves: IntArray) -> FloatArray:
        """Root of some curves, each in an interval in which it changes its sign, ``(n,)``.

        Parameters
        ----------
        interval, curves
            Index of the interval, and of the curve, of each root.
        """
        width = np.diff(self.at)[interval]
        low, high = self.values[interval, curves], self.values[interval + 1, curves]
        slopes = _slopes(self.at, self.values)
        left, right = slopes[interval, curves] * width, slopes[interval + 1, curves] * width
        a, b = np.zeros(curves.size), np.ones(curves.size)
        rising = high > low
        for _ in range(_HALVINGS):
            middle = 0.5 * (a + b)
            above = (_cubic(middle, low, high, left, right) >= 0.0) == rising
            b, a = np.where(above, middle, b), np.where(above, a, middle)
        return np.asarray(self.at[interval] + width * 0.5 * (a + b))

    def lines(self, interval: IntArray, curves: IntArray) -> FloatArray:
        """Roots as in `roots`, of the straight line between the ends of each interval."""
        low, high = self.values[interval, curves], self.values[interval + 1, curves]
        return np.asarray(self.at[interval] + np.diff(self.at)[interval] * low / (low - high))

    def first_roots(self) -> FloatArray:
        """Lowest root of each curve, ``(n_curves,)``; infinite where it has none."""
        turns = self.turns
        some = np.flatnonzero(turns.any(axis=0))
        found = np.full(turns.shape[1], np.inf)
        found[some] = self.roots(turns[:, some].argmax(axis=0), some)
        return found

    def moved_without(self, roots: FloatArray) -> FloatArray:
        """Distance by which each root moves if the inner point nearest to it is left out, ``(n_curves,)``.

        It is the error of a coarser set of points, and so no less than that of this one, jumps included. 0 for curves
        without a root.
        """
        moved = np.zeros(roots.size)
        inside = np.isfinite(roots)
        if self.at.size < 3:
            return moved
        nearest = np.full(roots.size, -1)
        nearest[inside] = 1 + np.abs(roots[inside] - self.at[1:-1, None]).argmin(axis=0)
        for k in range(1, self.at.size - 1):
            here = np.flatnonzero(nearest == k)
            if here.size:
                rest = Curves(np.delete(self.at, k), np.delete(self.values[:, here], k, axis=0)).first_roots()
                moved[here] = np.where(np.isfinite(rest), np.abs(rest - roots[here]), 0.0)
        return moved


def _cubic(t: FloatArray, low: FloatArray, high: FloatArray, left: FloatArray, right: FloatArray) -> FloatArray:
    """Cubic of Hermite on [0, 1] from its values and slopes at the ends."""
    rise = high - low
    return np.asarray(low + t * (left + t * (3.0 * rise - 2.0 * left - right + t * (left + right - 2.0 * rise))))


def _slopes(at: FloatArray, values: FloatArray) -> FloatArray:
    """Slopes at the points that keep each curve monotone between them, ``(n_points, n_curves)``."""
    width = np.diff(at)[:, None]
    steep = np.diff(values, axis=0) / width
    found = np.empty_like(values)
    if len(at) == 2:
        found[:] = steep
        return found
    one, other = 2.0 * width[1:] + width[:-1], width[1:] + 2.0 * width[:-1]
    before, after = steep[:-1], steep[1:]
    same = before * after > 0.0
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        found[1:-1] = np.where(same, (one + other) / (one / before + other / after), 0.0)
    found[0] = _end(width[0], width[1], steep[0], steep[1])
    found[-1] = _end(width[-1], width[-2], steep[-1], steep[-2])
    return found


def _end(near: FloatArray, far: FloatArray, steep: FloatArray, next_steep: FloatArray) -> FloatArray:
    """Slope at an end, by three points, and no steeper than keeps the curve monotone."""
    found = ((2.0 * near + far) * steep - near * next_steep) / (near + far)
    found = np.where(found * steep > 0.0, found, 0.0)
    return np.where((steep * next_steep < 0.0) & (np.abs(found) > 3.0 * np.abs(steep)), 3.0 * steep, found)
