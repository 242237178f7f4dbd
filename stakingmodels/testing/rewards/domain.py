"""Values that the arguments of a reward function may take."""

import math
from fractions import Fraction
from typing import Any

import attrs

ROLES = (
    "amount",
    "apr",
    "apy",
    "period_rate",
    "rate_path",
    "days",
    "years",
    "seconds",
    "periods",
    "fee",
    "shares",
    "pot",
)
"""Meanings of the arguments of a reward function."""

SMALLEST = 1e-30
"""Smallest fraction above 0 that is asked for."""
EXACT = 2**53
"""Whole numbers to which a float64 is exact."""
_ORDINARY = 2**40  # whole numbers of ordinary cases, whose products floats hold to a unit
_DIGITS = 4
_LONGEST = {"days": 3_650, "years": 10.0, "seconds": 3_650 * 86_400, "periods": 1_000}
_WIDE = 1_000.0


@attrs.frozen
class Bounds:
    """Lowest and highest value of an argument, and whether only whole numbers lie between them.

    Of amounts, `top` is the highest of ordinary cases: for whole numbers beyond float64, one well within it.
    """

    low: float
    high: float
    whole: bool
    top: float

    @classmethod
    def of(cls, role: str, low: float, high: float, *, whole: bool) -> "Bounds":
        """Bounds of an argument, by its meaning."""
        is_capped = whole and role in {"amount", "pot", "shares"}
        return cls(low, high, whole, max(low, min(high, _ORDINARY)) if is_capped else high)

    def holds(self, value: Any) -> bool:
        """Whether a value, or each of a list, lies between them."""
        return all(self.low <= each <= self.high for each in (value if isinstance(value, list) else [value]))

    def at(self, place: float) -> float:
        """The value at a place in [0, 1]: as many small ones as large ones, where the bounds are wide; few digits."""
        low, top = self.low, self.top
        span = float(top - low)
        value = low + (math.expm1(place * math.log1p(span)) if span > _WIDE else place * span)
        if self.whole:
            return min(max(round(value), low), top)
        return self.without_dust(min(max(float(f"{value:.{_DIGITS}g}"), low), top))

    def without_dust(self, value: float) -> float:
        """A number; the lowest where it is so small that its products underflow."""
        return value if self.whole or value > SMALLEST else self.low

    def nearer(self, value: float) -> list[float]:
        """Shorter, or else smaller, values than one, the simplest first."""
        if self.whole:
            found: list[float] = [self.low, 0, 1, 2, 3, 10, 100, value // 10**6, value // 1_000, value // 2, value - 1]
        else:
            found = [
                self.low,
                0.0,
                1.0,
                2.0,
                0.5,
                0.1,
                0.01,
                *(float(f"{value:.{n}g}") for n in (1, 2, 3)),
                value / 2.0,
            ]
        near = [self.without_dust(each) for each in found]
        return [each for each in near if self.low <= each <= self.high and _length(each) < _length(value)]


def _length(value: float) -> tuple[int, float]:
    return len(repr(value).removesuffix(".0")), value


def default_bounds(role: str, *, integers: bool, arrays: bool, rate_scale: float, fee_scale: float) -> Bounds:
    """Bounds of an argument of which none are given."""
    most: Any
    if role in {"amount", "pot", "shares"}:
        whole = integers
        most = (_ORDINARY if arrays else 2**70) if integers else 1e6 if role == "shares" else 1e9
    elif role in _LONGEST:
        most, whole = _LONGEST[role], role != "years"
    else:
        scale = fee_scale if role == "fee" else rate_scale
        most = (Fraction(1, 100) if role in {"period_rate", "rate_path"} else 1) * Fraction(scale)
        whole = integers and most >= 1
    return Bounds.of(role, 0 if whole else 0.0, int(most) if whole else float(most), whole=whole)
