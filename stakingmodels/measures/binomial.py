"""Exact confidence interval of a probability counted in a few trials, by the binomial law."""

from stakingmodels import checks
from stakingmodels.laws.binomial import chance_of_at_most

TRIALS_LIMIT = 1_000_000


def clopper_pearson(successes: int, trials: int, *, confidence_level: float = 0.95) -> tuple[float, float]:
    """Clopper and Pearson's exact confidence interval of a probability, from independent trials.

    At its upper end this many successes or fewer have probability ``(1 - confidence_level) / 2``; at its lower end this
    many or more have it. The interval contains the true probability in at least `confidence_level` of all experiments;
    with few trials, in clearly more.

    Parameters
    ----------
    successes
        Number of successes, in [0, trials].
    trials
        Number of trials, in [1, 1,000,000].
    confidence_level
        Confidence, a fraction in (0, 1).

    Returns
    -------
    tuple of float
        Lower and upper end, fractions in [0, 1], to about 1e-12; 0 where nothing succeeded and 1 where all did.

    Raises
    ------
    InputError, InputTypeError
        For invalid counts, and a level outside (0, 1).

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
    tail = 0.5 * (1.0 - checks.open_fraction("clopper_pearson: confidence_level", confidence_level))
    return 1.0 - chance_of_at_most(n - k, n, tail), chance_of_at_most(k, n, tail)
