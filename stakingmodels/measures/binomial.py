"""How far a share counted in a few trials may be from the true one: the exact binomial interval."""

import math

import numpy as np

from stakingmodels import checks

TRIALS_LIMIT = 1_000_000
_HALVINGS = 60  # of an interval of length 1: below the spacing of floats near 1


def clopper_pearson(successes: int, trials: int, *, level: float = 0.95) -> tuple[float, float]:
    """The exact interval of Clopper and Pearson for a probability, from independent trials.

    Its ends are the probabilities at which as many successes or fewer, and as many or more, have a chance of
    ``(1 - level) / 2``. Whatever the true probability, the interval holds it in a share of at least `level` of all
    experiments, and in few trials in clearly more.

    Parameters
    ----------
    successes
        How many of the trials succeeded, in [0, trials].
    trials
        How many there were, in [1, 1,000,000].
    level
        Confidence, a fraction in (0, 1).

    Returns
    -------
    tuple of float
        Lower and upper end, fractions in [0, 1], to about 1e-12; 0 where nothing succeeded and 1 where all did.

    Raises
    ------
    InputError, InputTypeError
        For numbers that are no such counts, and a level outside (0, 1).

    References
    ----------
    Clopper and Pearson (1934), "The use of confidence or fiducial limits illustrated in the case of the binomial",
    Biometrika 26(4).

    Examples
    --------
    >>> [round(end, 4) for end in clopper_pearson(50, 60)]
    [0.7148, 0.9171]
    """
    n = checks.integer("clopper_pearson: trials", trials, 1, TRIALS_LIMIT)
    k = checks.integer("clopper_pearson: successes", successes, 0, n)
    tail = 0.5 * (1.0 - checks.open_fraction("clopper_pearson: level", level))
    return 1.0 - _upper(n - k, n, tail), _upper(k, n, tail)


def _upper(k: int, n: int, tail: float) -> float:
    """The probability of success at which k or fewer of n trials succeed with a chance of `tail`."""
    if k == n:
        return 1.0
    counts = np.arange(k + 1.0)
    ways = math.lgamma(n + 1) - np.array([math.lgamma(j + 1) + math.lgamma(n - j + 1) for j in range(k + 1)])
    low, high = k / n, 1.0
    for _ in range(_HALVINGS):
        p = 0.5 * (low + high)
        if p == 1.0:
            break
        logs = ways + counts * math.log(p) + (n - counts) * math.log1p(-p)
        with np.errstate(under="ignore"):
            chance = float(np.exp(logs).sum())
        low, high = (p, high) if chance > tail else (low, p)
    return 0.5 * (low + high)
