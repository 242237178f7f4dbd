"""Standard errors of means over overlapping windows, whose results are not independent of each other."""

import math

import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray
from stakingmodels.measures import _arrays

_LAG_LIMIT = 2**63 - 1


def newey_west(x: FloatArray, lag: int) -> float:
    """Newey-West standard error of the mean of a series whose neighbours are correlated.

    With c_j the autocovariance ``sum(d[j:] * d[:-j]) / n`` of the deviations d from the mean, it is
    ``sqrt((c_0 + 2 * sum((1 - j / (lag + 1)) * c_j for j in 1..lag)) / n)``. Lag 0 is the standard error of
    independent values, with the population variance.

    Parameters
    ----------
    x
        Results in the order of time, evenly spaced, in any unit, shape ``(n,)``.
    lag
        Largest distance of correlation counted, in steps; cut to ``n - 1``. The weights fall with the distance: of the
        variance added by overlapping windows of w steps, lag w captures two thirds, 2 w five sixths and 4 w eleven
        twelfths. A series not much longer than its lag shows less still.

    Returns
    -------
    float
        Not negative, in the unit of `x`; exactly 0 for a constant series. NaN for a single value, which says nothing
        about its error.

    Raises
    ------
    InputError
        For an empty series, values that are not finite, and a negative lag.
    InputTypeError
        For anything but a numeric array, and a lag that is no integer.

    References
    ----------
    Newey and West (1987), "A simple, positive semi-definite, heteroskedasticity and autocorrelation
    consistent covariance matrix", Econometrica 55(3).

    Examples
    --------
    >>> round(newey_west(np.array([1.0, 1.0, 2.0, 2.0]), 1), 6)
    0.279508
    """
    n, _, long_run = _variances("newey_west", x, lag)
    return math.nan if n == 1 else math.sqrt(long_run / n)


def effective_sample_size(x: FloatArray, lag: int) -> float:
    """Effective sample size: number of independent values with the same standard error, ``variance / newey_west**2``.

    Parameters
    ----------
    x, lag
        As for `newey_west`.

    Returns
    -------
    float
        In (0, n]: n for lag 0, where correlation is negative (which is not credited), for a constant series
        and for a single value. Never NaN.

    Raises
    ------
    InputError
        For an empty series, values that are not finite, and a negative lag.
    InputTypeError
        For anything but a numeric array, and a lag that is no integer.

    Examples
    --------
    >>> round(effective_sample_size(np.array([1.0, 1.0, 2.0, 2.0]), 1), 6)
    3.2
    """
    n, variance, long_run = _variances("effective_sample_size", x, lag)
    return n * variance / long_run if long_run > variance else float(n)


def _variances(where: str, x: FloatArray, lag: int) -> tuple[int, float, float]:
    """Number of values, their variance, and their long-run variance: the variance of the mean times the number."""
    series = _arrays.floats(f"{where}: x", x)
    n = series.size
    reach = min(checks.integer(f"{where}: lag", lag, 0, _LAG_LIMIT), n - 1)
    with np.errstate(under="ignore"):
        deviations = series - series[0]  # equal values then cause no rounding
        deviations -= deviations.mean()
        variance = float((deviations * deviations).sum()) / n
        long_run = variance
        for j in range(1, reach + 1):
            covariance = float((deviations[j:] * deviations[:-j]).sum()) / n
            long_run += 2.0 * (1.0 - j / (reach + 1)) * covariance
    return n, variance, max(long_run, 0.0)  # below 0 by rounding only
