"""Draws by inversion: one uniform per path gives one draw, so no path's luck depends on another path."""

import numpy as np

from stakingmodels._types import FloatArray, PathValue


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
    trials = np.broadcast_to(np.asarray(n, dtype=np.float64), uniform.shape)
    chance = np.broadcast_to(np.asarray(p, dtype=np.float64), uniform.shape)
    mirrored = chance > 0.5  # sum from the thin end, where (1 - p)**n does not underflow
    chance = np.where(mirrored, 1.0 - chance, chance)
    # (1 - p)**n underflows beyond n*p of about 700: such trials are drawn in equal parts by the caller
    mass = np.exp(trials * np.log1p(-chance))
    odds = chance / (1.0 - chance)
    level = np.where(mirrored, 1.0 - uniform, uniform)
    drawn = np.zeros(uniform.shape)
    rest = level - mass
    k = 0.0
    while True:
        todo = (rest >= 0.0) & (drawn < trials)
        if not todo.any():
            break
        drawn += todo
        k += 1.0
        mass = mass * odds * (trials - k + 1.0) / k
        rest -= mass
    return np.where(mirrored, trials - drawn, drawn)
