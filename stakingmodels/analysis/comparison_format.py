"""Formats of the numbers of a comparison."""

import math

_ROUNDS_TO_ZERO = 0.5e-4  # shown with two decimals of a percent, and without a sign


def signed(fraction: float) -> str:
    """A fraction as percent with its sign; a dash where there is no number."""
    if abs(fraction) < _ROUNDS_TO_ZERO or not math.isfinite(fraction):
        return share(fraction)
    return f"{fraction:+.2%}"


def share(fraction: float) -> str:
    """A fraction as percent; a dash where there is no number."""
    if not math.isfinite(fraction):
        return "-"
    return f"{0.0 if abs(fraction) < _ROUNDS_TO_ZERO else fraction:.2%}"
