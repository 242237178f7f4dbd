"""Bends of a curve: intervals whose move is not the one that the slopes beside them tell, as at a jump or a kink."""

from collections.abc import Callable, Iterator

import numpy as np

from stakingmodels._types import FloatArray

BESIDE = 2
"""Intervals on each side that tell the slope."""
PARTS = 12
"""Parts into which a bent interval and its neighbors are divided."""
LEVELS = 16
"""Times that they are divided, each of which leaves a fourth."""
_MOST = 4  # intervals of the most bent, and of those bent against the way, that are looked into
_LEAST = 2 * (BESIDE + 1)
_SCANNED = 65
_DEEP = 6  # divisions, after which a part is some 1e-5 of the value


def bent(places: FloatArray, numbers: FloatArray, slack: FloatArray) -> list[int]:
    """Indices of the intervals that are bent by more than rounding, the most bent first.

    Those that move by less than they should come first, as at a fall; then those that move by more, as at a kink, which
    may hide a fall.

    Parameters
    ----------
    places
        Values, rising, ``(n,)``.
    numbers
        Curves at these, ``(n, n_curves)``.
    slack
        Rounding of the move over each interval, ``(n - 1, n_curves)``.
    """
    if len(places) < _LEAST:
        return []
    off = np.zeros((len(places) - 1, numbers.shape[1]))
    off[BESIDE:-BESIDE] = _predicted(places, numbers) - np.diff(numbers, axis=0)[BESIDE:-BESIDE]
    size = np.abs(numbers[1:]) + np.abs(numbers[:-1])
    score = np.where(np.abs(off) > slack, np.abs(off) / np.where(size > 0.0, size, 1.0), 0.0)
    best = score.argmax(axis=1)
    every = np.arange(len(off))
    peaks: list[int] = []  # what one interval does shows in the prediction of those beside, too
    for index in np.argsort(-score[every, best], kind="stable").tolist():
        if score[index, best[index]] > 0.0 and all(abs(index - other) > BESIDE for other in peaks):
            peaks.append(index)
    less = [index for index in peaks if off[index, best[index]] > 0.0]
    more = [index for index in peaks if off[index, best[index]] <= 0.0]
    return less[:_MOST] + more[:_MOST]


def _predicted(places: FloatArray, numbers: FloatArray) -> FloatArray:
    """Moves over the intervals by the cubic through the slopes of two on each side; those at the ends left out."""
    widths = np.diff(places)
    slopes = np.diff(numbers, axis=0) / widths[:, None]
    centers = (places[1:] + places[:-1]) / 2.0
    n = len(widths) - 2 * BESIDE
    beside = [0, 1, 3, 4]
    here = centers[BESIDE : BESIDE + n]
    slope = np.zeros((n, numbers.shape[1]))
    for one in beside:
        weight = np.ones(n)
        for other in beside:
            if other != one:
                far = centers[other : other + n]
                weight *= (here - far) / (centers[one : one + n] - far)
        slope += weight[:, None] * slopes[one : one + n]
    found: FloatArray = slope * widths[BESIDE : BESIDE + n, None]
    return found


def risen(curve: Callable[[float], float], low: float, high: float, rounding: float) -> Iterator[tuple[float, float]]:
    """Neighboring values between which a curve that should never rise does, as far as they are found.

    The curve is NaN where it is not defined; `rounding` is what it may be wrong by, as a fraction.
    """
    pairs, windows = _risen(curve, np.geomspace(low, high, _SCANNED), rounding)
    yield from pairs
    for first in windows:
        left = [first]
        for _ in range(_DEEP):
            step = (left[0][1] - left[0][0]) / PARTS
            near: FloatArray = left[0][0] + step * np.arange(-BESIDE, PARTS + BESIDE + 1, dtype=np.float64)
            pairs, left = _risen(curve, np.unique(np.clip(near, low, high)), rounding)
            yield from pairs
            if not left:
                break


Pair = tuple[float, float]


def _risen(curve: Callable[[float], float], values: FloatArray, rounding: float) -> tuple[list[Pair], list[Pair]]:
    """The neighbors between which the curve rises most, none where it never does; and the bent intervals, widened."""
    numbers = np.array([curve(float(value)) for value in values])
    known = np.isfinite(numbers)
    values, numbers = values[known], numbers[known]
    moves = np.diff(numbers)
    at = int(np.argmax(moves)) if moves.size else 0
    rises = bool(moves.size) and bool(moves[at] > 0.0)
    pairs = [(float(values[at]), float(values[at + 1]))] if rises else []
    slack = rounding * np.maximum(np.abs(numbers[1:]), np.abs(numbers[:-1]))[:, None]
    found = bent(values - values[:1], -numbers[:, None], slack) if values.size else []
    return pairs, [(float(values[index - 1]), float(values[index + 2])) for index in found]
