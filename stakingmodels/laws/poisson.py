"""The Poisson law: the mean at which small counts are rare."""

import math

import numpy as np

_HALVINGS = 100


def mean_of_at_most(k: int, share: float) -> float:
    """Mean at which a Poisson count is `k` or less with probability `share`.

    Parameters
    ----------
    k
        A count, at least 0.
    share
        In (0, 1).

    Returns
    -------
    float
        Above 0, by halving to about 1e-12 of itself.
    """
    counts = np.arange(k + 1.0)
    factorials = np.array([math.lgamma(j + 1) for j in range(k + 1)])
    low, high = 0.0, k + 60.0 + 12.0 * math.sqrt(k + 1.0) - 2.0 * math.log(min(share, 1.0 - share))
    for _ in range(_HALVINGS):
        mean = 0.5 * (low + high)
        if mean in (low, high):
            break
        with np.errstate(under="ignore"):
            found = float(np.exp(counts * math.log(mean) - mean - factorials).sum())
        low, high = (mean, high) if found > share else (low, mean)
    return 0.5 * (low + high)
