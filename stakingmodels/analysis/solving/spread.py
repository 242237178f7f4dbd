"""`Scale`: values across a bracket, evenly or by their logarithm."""

import attrs
import numpy as np

from stakingmodels._types import FloatArray

_APART = 10.0


@attrs.frozen
class Scale:
    """Scale of a bracket: the logarithm where the upper end is more than ten times the lower, else the number.

    Attributes
    ----------
    low, high
        The ends.
    is_whole
        Whether only whole numbers count.
    is_change
        Whether values are changes of a factor, which are spread as multiples of it.
    """

    low: float
    high: float
    is_whole: bool = False
    is_change: bool = False

    @property
    def offset(self) -> float:
        """Number added to a value before its logarithm is taken."""
        return 1.0 if self.is_change else 0.0

    @property
    def is_log(self) -> bool:
        """Whether values are spread by their logarithm."""
        low, high = self.low + self.offset, self.high + self.offset
        return low > 0.0 and high > _APART * low

    def spread(self, n: int) -> FloatArray:
        """Values across the bracket, both ends among them exactly; of whole numbers perhaps fewer."""
        low, high = self.to(np.array([self.low, self.high])).tolist()
        values = np.array(self.back_all(np.linspace(low, high, n)))
        values[0], values[-1] = self.low, self.high
        return np.unique(np.round(values)) if self.is_whole else np.asarray(values)

    def to(self, values: FloatArray) -> FloatArray:
        """Values on the scale."""
        return np.asarray(np.log(values + self.offset) if self.is_log else values)

    def back(self, point: float) -> float:
        """Value of a point on the scale."""
        return float(self.back_all(np.array([point]))[0])

    def back_all(self, points: FloatArray) -> FloatArray:
        """Values of points on the scale."""
        return np.asarray(np.exp(points) - self.offset if self.is_log else points)

    def widths(self, points: FloatArray, apart: FloatArray) -> FloatArray:
        """Distances on the scale as distances of values."""
        return np.asarray(np.exp(points) * np.expm1(apart) if self.is_log else apart)

    def width(self, point: float, apart: float) -> float:
        """A distance on the scale as one of values."""
        return float(self.widths(np.array([point]), np.array([apart]))[0])

    def new(self, points: FloatArray, tried: FloatArray, near: float) -> FloatArray:
        """Values of points that are apart from one another and from those tried by a share of the bracket."""
        least = near * (float(self.to(np.array([self.high]))[0]) - float(self.to(np.array([self.low]))[0]))
        known = self.to(tried).tolist()
        kept: list[float] = []
        for point in points.tolist():
            value = self.back(point)
            there = float(self.to(np.array([round(value)]))[0]) if self.is_whole else point
            if min(abs(there - each) for each in known) > least:
                known.append(there)
                kept.append(float(round(value)) if self.is_whole else value)
        return np.array(kept)
