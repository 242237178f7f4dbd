"""Exact confidence interval of a rate counted from few events, by the Poisson law."""

from stakingmodels import checks
from stakingmodels.laws.poisson import mean_of_at_most

EVENTS_LIMIT = 100_000


def garwood(count: int, exposure: float, *, confidence_level: float = 0.95) -> tuple[float, float]:
    """Garwood's exact confidence interval of a rate, from independent events counted over an exposure.

    Its upper end is the rate at which this many events or fewer have probability ``(1 - confidence_level) / 2``; its
    lower end that at which this many or more have it. Events that come in clusters, such as validators of one operator,
    are not independent, and then the interval is too narrow.

    Parameters
    ----------
    count
        Number of events, in [0, 100,000].
    exposure
        Time observed, such as exchange-years; above 0.
    confidence_level
        Confidence, a fraction in (0, 1).

    Returns
    -------
    tuple of float
        Lower and upper end, events per unit of exposure, to about 1e-12 of themselves; the lower is 0 without events.

    Raises
    ------
    InputError, InputTypeError
        For invalid counts, an exposure of 0 or less, and a level outside (0, 1).

    References
    ----------
    Garwood (1936), "Fiducial limits for the Poisson distribution", Biometrika 28(3/4).

    Examples
    --------
    >>> [round(end, 4) for end in garwood(3, 100.0)]
    [0.0062, 0.0877]
    """
    k = checks.integer("garwood: count", count, 0, EVENTS_LIMIT)
    years = checks.positive("garwood: exposure", exposure)
    tail = 0.5 * (1.0 - checks.open_fraction("garwood: confidence_level", confidence_level))
    lower = 0.0 if k == 0 else mean_of_at_most(k - 1, 1.0 - tail)
    return lower / years, mean_of_at_most(k, tail) / years
