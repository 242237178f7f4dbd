"""How far a rate counted from few events may be from the true one: the exact interval of a Poisson count."""

from stakingmodels import checks
from stakingmodels.laws.poisson import mean_of_at_most

EVENTS_LIMIT = 100_000


def garwood(events: int, exposure: float, *, confidence_level: float = 0.95) -> tuple[float, float]:
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
    confidence_level
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
    tail = 0.5 * (1.0 - checks.open_fraction("garwood: confidence_level", confidence_level))
    lower = 0.0 if k == 0 else mean_of_at_most(k - 1, 1.0 - tail)
    return lower / years, mean_of_at_most(k, tail) / years
