"""How far a rate counted from few events may be from the true one: the exact interval of a Poisson count."""

import math

import numpy as np

from stakingmodels import checks

EVENTS_LIMIT = 100_000
_HALVINGS = 100


def garwood(events: int, exposure: float, *, level: float = 0.95) -> tuple[float, float]:
    """The exact interval of Garwood for a rate, from independent events counted over an exposure.

    Its ends are the rates at which as many events or fewer, and as many or more, have a chance of
    ``(1 - level) / 2``. Events that come in clusters, such as validators of one operator, are not independent, and
    then the interval is too narrow.

    Parameters
    ----------
    events
        How many there were, in [0, 100,000].
    exposure
        Over how much time, as in exchange-years; above 0.
    level
        Confidence, a fraction in (0, 1).

    Returns
    -------
    tuple of float
        Lower and upper end, events per unit of exposure, to about 1e-12 of themselves; the lower is 0 where there was
        none.

    Raises
    ------
    InputError, InputTypeError
        For numbers that are no such counts, an exposure of 0 or less, and a level outside (0, 1).

    References
    ----------
    Garwood (1936), "Fiducial limits for the Poisson distribution", Biometrika 28(3/4).

    Examples
    --------
    >>> [round(end, 4) for end in garwood(3, 100.0)]
    [0.0062, 0.0877]
    """
    k = checks.integer("garwood: events", events, 0, EVENTS_LIMIT)
    years = checks.positive("garwood: exposure", exposure)
    tail = 0.5 * (1.0 - checks.open_fraction("garwood: level", level))
    lower = 0.0 if k == 0 else _mean_at(k - 1, 1.0 - tail)
    return lower / years, _mean_at(k, tail) / years


def _mean_at(k: int, chance: float) -> float:
    """The mean at which a Poisson count is `k` or less with this chance."""
    counts = np.arange(k + 1.0)
    factorials = np.array([math.lgamma(j + 1) for j in range(k + 1)])
    low, high = 0.0, k + 60.0 + 12.0 * math.sqrt(k + 1.0) - 2.0 * math.log(min(chance, 1.0 - chance))
    for _ in range(_HALVINGS):
        mean = 0.5 * (low + high)
        if mean in (low, high):
            break
        with np.errstate(under="ignore"):
            found = float(np.exp(counts * math.log(mean) - mean - factorials).sum())
        low, high = (mean, high) if found > chance else (low, mean)
    return 0.5 * (low + high)
