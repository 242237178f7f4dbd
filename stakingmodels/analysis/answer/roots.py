"""`Bracket`: an interval in which a function changes its sign, narrowed by regula falsi, and halved where that is slow.

It asks for one value at a time and never calls the function, so that many searches can share a set of runs.
"""

from typing import Self

import attrs

_SLOW = 3
_ENCLOSING = 0.9  # of the tolerance


def _slope(bracket: "Bracket") -> float:
    return abs((bracket.f1 - bracket.f0) / (bracket.x1 - bracket.x0))


@attrs.frozen
class Bracket:
    """An interval with values of opposite signs at its ends.

    Attributes
    ----------
    x0, f0, x1, f1
        Ends and values there; `x1` is the end that was found last.
    tolerance
        Width at which the search ends; or where the value is so small that a line as steep as the first one has its
        root within it.
    slow
        Number of points in a row that hardly narrowed the interval.
    steep
        Slope of the line through the first ends.
    """

    x0: float
    f0: float
    x1: float
    f1: float
    tolerance: float
    slow: int = 0
    steep: float = attrs.field(default=attrs.Factory(_slope, takes_self=True), kw_only=True)

    @property
    def root(self) -> float:
        """Best estimate: where a straight line through both ends is 0."""
        return self.x1 - self.f1 * (self.x1 - self.x0) / (self.f1 - self.f0)

    def next(self) -> float:
        """Point at which the value is needed: the estimate, just off the ends, or the middle if that was slow.

        A root close to an end is enclosed by the next point, so that the search ends there.
        """
        if self.slow >= _SLOW:
            return 0.5 * (self.x0 + self.x1)
        margin = _ENCLOSING * self.tolerance * (1.0 if self.x1 > self.x0 else -1.0)
        low, high = sorted((self.x0 + margin, self.x1 - margin))
        return min(max(self.root, low), high) if low < high else 0.5 * (self.x0 + self.x1)

    def narrowed(self, x: float, f: float) -> Self:
        """The interval with a value within it."""
        same_side = (f > 0.0) == (self.f1 > 0.0)
        other, value = (self.x0, self.f0) if same_side else (self.x1, self.f1)
        narrow = abs(x - other) <= 0.5 * abs(self.x1 - self.x0)
        slow = 0 if narrow or self.slow >= _SLOW else self.slow + 1
        return attrs.evolve(self, x0=other, f0=value, x1=x, f1=f, slow=slow)


def closed(bracket: Bracket) -> bool:
    """Whether a search has come to its end."""
    near = bracket.tolerance * bracket.steep
    narrow = abs(bracket.x1 - bracket.x0) <= bracket.tolerance
    return narrow or abs(bracket.f0) <= near or abs(bracket.f1) <= near
