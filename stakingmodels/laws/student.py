"""Student's t law of a whole number of degrees of freedom: its tail, for arrays."""

import math

import numpy as np

from stakingmodels._types import FloatArray


def t_tail(values: FloatArray, degrees_of_freedom: int) -> FloatArray:
    """Tail probability of a t variable beyond each value, on the value's side of 0: above 0 and at most one half.

    The distribution function is the finite sum in the angle ``atan(t / sqrt(n))`` (Abramowitz and Stegun, 26.7.3 and
    26.7.4), to 1e-14 absolutely.

    Parameters
    ----------
    values
        Any numbers.
    degrees_of_freedom
        At least 1.
    """
    n = degrees_of_freedom
    angle = np.arctan(np.abs(values) / math.sqrt(n))
    square = np.cos(angle) ** 2
    term: FloatArray = np.cos(angle) if n % 2 else np.ones_like(angle)
    total: FloatArray = np.zeros_like(angle)
    for j in range(3, n + 2, 2) if n % 2 else range(2, n + 1, 2):
        total += term
        term = term * square * ((j - 1) / j)
    inside = np.sin(angle) * total
    if n % 2:
        inside = (angle + inside) * (2.0 / math.pi)
    return np.maximum(0.5 * (1.0 - inside), np.finfo(np.float64).tiny)
