"""Draws by inversion: one uniform per path gives one draw, so no path's luck depends on another path."""

import numpy as np

from stakingmodels._types import FloatArray, PathValue
from stakingmodels.values import highest

_BELOW_ONE = float(np.nextafter(1.0, 0.0))


def binomial_quantile(uniform: FloatArray, n: PathValue, p: PathValue) -> FloatArray:
    """Smallest k with ``P(Binomial(n, p) <= k) > u``, by summing the probabilities upward.

    Parameters
    ----------
    uniform
        ``(n_paths,)`` in [0, 1).
    n, p
        Trials (whole numbers) and probability, the same for all paths or one per path.

    Returns
    -------
    FloatArray
        ``(n_paths,)`` whole numbers in [0, n]. The work grows with the largest draw.
    """
    most = highest(p)
    if most < 0.5 and highest(n) * most < 0.5:
        return _counted_up(uniform, n, p)
    trials = np.broadcast_to(np.asarray(n, dtype=np.float64), uniform.shape)
    chance = np.broadcast_to(np.asarray(p, dtype=np.float64), uniform.shape)
    mirrored = chance > 0.5  # count the rarer outcome
    chance = np.where(mirrored, 1.0 - chance, chance)
    level = np.where(mirrored, np.minimum(1.0 - uniform, _BELOW_ONE), uniform)
    mean = trials * chance
    # Below this lies less than 1e-30 of the probability; from 0 on, (1 - p)**n would underflow for large n * p.
    drawn = np.maximum(0.0, np.floor(mean - 12.0 * np.sqrt(mean) - 12.0))
    mass = _probability(drawn, trials, chance)
    odds = chance / (1.0 - chance)
    rest = level - mass
    while (todo := (rest >= 0.0) & (drawn < trials)).any():
        mass = mass * odds * (trials - drawn) / (drawn + 1.0)
        rest = np.where(todo, rest - mass, rest)
        drawn = drawn + todo
    return np.where(mirrored, trials - drawn, drawn)


def _counted_up(uniform: FloatArray, n: PathValue, p: PathValue) -> FloatArray:
    """The same for less than half a success on average, where the sum begins at 0: fewer calls, and the same bits."""
    mass = np.exp(n * np.log1p(-p))
    odds = p / (1.0 - p)
    rest = uniform - mass
    drawn = np.zeros(uniform.shape)
    for k in range(int(highest(n))):
        todo = rest >= 0.0
        if not todo.any():
            break
        drawn += todo
        mass = mass * odds * (n - k) / (k + 1.0)
        rest -= mass
    return np.minimum(drawn, n)


def _probability(k: FloatArray, n: FloatArray, p: FloatArray) -> FloatArray:
    """``P(Binomial(n, p) = k)``, by logarithms."""
    logarithm = (n - k) * np.log1p(-p)
    some = k > 0.0
    if some.any():
        choices = _log_factorial(n) - _log_factorial(k) - _log_factorial(n - k)
        logarithm += np.where(some, choices + k * np.log(np.where(some, p, 1.0)), 0.0)
    probability: FloatArray = np.exp(logarithm)
    return probability


def _log_factorial(k: FloatArray) -> FloatArray:
    """``log(k!)`` by Stirling's series from ``(k + 8)!`` down; relative error below 1e-12."""
    x = k + 9.0
    series = (x - 0.5) * np.log(x) - x + 0.5 * np.log(2.0 * np.pi)
    series += 1.0 / (12.0 * x) - 1.0 / (360.0 * x**3) + 1.0 / (1260.0 * x**5) - 1.0 / (1680.0 * x**7)
    for j in range(1, 9):
        series -= np.log(k + j)
    return np.asarray(series)
