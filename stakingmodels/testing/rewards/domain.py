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

EXACT = 2**53
"""Whole numbers to which a float64 is exact."""
_ORDINARY = 2**40  # whole numbers of ordinary cases, whose products floats hold to a unit
_DIGITS = 4
_WIDE = 1_000.0


@attrs.frozen
class Bounds:
    """Lowest and highest value of an argument, and whether only whole numbers lie between them."""

    low: float
    high: float
    whole: bool

    @property
    def top(self) -> float:
        """Highest value of ordinary cases: for whole numbers beyond float64, one well within it."""
        return max(self.low, min(self.high, _ORDINARY)) if self.whole else self.high

    def holds(self, value: Any) -> bool:
        """Whether a value, or each of a list, lies between them."""
        return all(self.low <= each <= self.high for each in (value if isinstance(value, list) else [value]))

    def at(self, place: float) -> float:
        """The value at a place in [0, 1]: as many small ones as large ones, where the bounds are wide; few digits."""
        low, top = self.low, self.top
        span = top - low
        value = low + (math.expm1(place * math.log1p(span)) if span > _WIDE else place * span)
        if self.whole:
            return min(max(round(value), math.ceil(low)), math.floor(top))
        return min(max(float(f"{value:.{_DIGITS}g}"), low), top)

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
        return [each for each in found if self.low <= each <= self.high and _length(each) < _length(value)]


def _length(value: float) -> tuple[int, float]:
    return len(repr(value).removesuffix(".0")), value


def default_bounds(role: str, *, integers: bool, arrays: bool, rate_scale: float, fee_scale: float) -> Bounds:
    """Bounds of an argument of which none are given."""
    amounts = Bounds(0, _ORDINARY if arrays else 2**70, whole=True) if integers else Bounds(0.0, 1e9, whole=False)
    of_shares = amounts if integers else Bounds(0.0, 1e6, whole=False)
    days = 3_650
    found: dict[str, Bounds] = {
        "amount": amounts,
        "pot": amounts,
        "shares": of_shares,
        "apr": _scaled(1, rate_scale, whole=integers),
        "apy": _scaled(1, rate_scale, whole=integers),
        "period_rate": _scaled(Fraction(1, 100), rate_scale, whole=integers),
        "rate_path": _scaled(Fraction(1, 100), rate_scale, whole=integers),
        "days": Bounds(0, days, whole=True),
        "years": Bounds(0.0, 10.0, whole=False),
        "seconds": Bounds(0, days * 86_400, whole=True),
        "periods": Bounds(0, 1_000, whole=True),
        "fee": _scaled(1, fee_scale, whole=integers),
    }
    return found[role]


def _scaled(most: float | Fraction, scale: float, *, whole: bool) -> Bounds:
    """From 0 to a share of a scale; whole where the function computes in integers and the scale is fine enough."""
    high = most * scale
    return Bounds(0, int(high), whole=True) if whole and high >= 1 else Bounds(0.0, float(high), whole=False)
