"""Measures of a path of values: maximum drawdown, annual volatility, Sharpe and Sortino ratio."""

import math
from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray, PathArray, PathValue
from stakingmodels.measures import _arrays

_BLOCK = 8_192  # paths worked on together, so that a row's arrays stay in the cache of a core
_ROUNDING = 4.0 * float(np.finfo(np.float64).eps)  # of a simple return, which is a quotient less 1


def max_drawdown(values: FloatArray) -> PathValue:
    """Maximum drawdown: the deepest fall below the highest value so far, as a share of it.

    Parameters
    ----------
    values
        Value of the holdings, not negative, in any unit, time first: ``(n_times,)`` or
        ``(n_times, n_paths)``.

    Returns
    -------
    float or ndarray, shape (n_paths,)
        Fraction in [0, 1], positive for a fall: 0.3 is a fall by 30 %, 0 no fall. A value that starts at 0
        cannot fall before it has risen: a path of zeros has a drawdown of 0. Never NaN.

    Raises
    ------
    InputError
        For values that are negative or not finite.
    InputTypeError
        For anything but a numeric array.

    Examples
    --------
    >>> max_drawdown(np.array([100.0, 120.0, 90.0, 130.0]))
    0.25
    """
    return _by_block(_drawdown, _values("max_drawdown", values))


def annual_volatility(values: FloatArray, *, periods_per_year: float = 365, ddof: int = 1) -> PathValue:
    """Annualised volatility: standard deviation of the simple returns per period, times the root of the periods a year.

    Parameters
    ----------
    values
        Value of the holdings, not negative, in any unit, time first and evenly spaced: ``(n_times,)`` or
        ``(n_times, n_paths)``, at least two times. The return of a period is ``after / before - 1``, and 0
        where both are 0.
    periods_per_year
        365 for daily values.
    ddof
        0 or 1: the sum of squares is divided by the number of periods less this.

    Returns
    -------
    float or ndarray, shape (n_paths,)
        0.5 is 50 % a year; not negative, exactly 0 for constant values. NaN where the value rises from 0, or
        from so little that the square of the return overflows, and with a single period if `ddof` is 1.

    Raises
    ------
    InputError
        For values that are negative or not finite, fewer than two times, and other arguments out of range.
    InputTypeError
        For anything but a numeric array.

    Examples
    --------
    >>> round(annual_volatility(np.array([100.0, 110.0, 99.0])), 6)
    2.701851
    """
    rows = _values("annual_volatility", values, n_times=2)
    periods = checks.positive("annual_volatility: periods_per_year", periods_per_year)
    spare = checks.integer("annual_volatility: ddof", ddof, 0, 1)

    def measure(block: FloatArray) -> PathArray:
        return _deviation(block, _mean_return(block), spare) * math.sqrt(periods)

    return _by_block(measure, rows)


def sharpe_ratio(values: FloatArray, *, risk_free_apy: float = 0.0, periods_per_year: float = 365) -> PathValue:
    """Annualised Sharpe ratio: mean excess return per period over its standard deviation (``ddof=1``).

    With f the risk-free rate of one period, ``(1 + risk_free_apy) ** (1 / periods_per_year) - 1``, it is
    ``mean(returns - f) / std(returns) * sqrt(periods_per_year)``.

    Parameters
    ----------
    values
        As for `annual_volatility`.
    risk_free_apy
        Effective annual rate, a fraction above -1; converted to the period here.
    periods_per_year
        365 for daily values.

    Returns
    -------
    float or ndarray, shape (n_paths,)
        Positive if the mean return is above the risk-free rate. NaN where `annual_volatility` is NaN, and where the
        returns vary by no more than their rounding: the ratio has no meaning then.

    Raises
    ------
    InputError
        For values that are negative or not finite, fewer than two times, and other arguments out of range.
    InputTypeError
        For anything but a numeric array.

    References
    ----------
    Sharpe (1994), "The Sharpe ratio", Journal of Portfolio Management 21(1).
    """
    rows = _values("sharpe_ratio", values, n_times=2)
    periods, risk_free = _per_period("sharpe_ratio", risk_free_apy, periods_per_year)

    def measure(block: FloatArray) -> PathArray:
        mean = _mean_return(block)
        return _ratio(mean - risk_free, _deviation(block, mean, 1), mean) * math.sqrt(periods)

    return _by_block(measure, rows)


def sortino_ratio(values: FloatArray, *, risk_free_apy: float = 0.0, periods_per_year: float = 365) -> PathValue:
    """Annualised Sortino ratio: mean excess return per period over its downside deviation.

    With f as for `sharpe_ratio` and d the root of the mean of ``min(returns - f, 0)**2`` over all periods, it is
    ``mean(returns - f) / d * sqrt(periods_per_year)``.

    Parameters
    ----------
    values
        As for `annual_volatility`.
    risk_free_apy
        Effective annual rate, which is the target too, a fraction above -1; converted to the period here.
    periods_per_year
        365 for daily values.

    Returns
    -------
    float or ndarray, shape (n_paths,)
        Positive if the mean return is above the risk-free rate. NaN where the value rises from 0 (as for
        `annual_volatility`), and where no return falls short of f by more than its rounding.

    Raises
    ------
    InputError
        For values that are negative or not finite, fewer than two times, and other arguments out of range.
    InputTypeError
        For anything but a numeric array.

    References
    ----------
    Sortino and Price (1994), "Performance measurement in a downside risk framework", Journal of Investing
    3(3).
    """
    rows = _values("sortino_ratio", values, n_times=2)
    periods, risk_free = _per_period("sortino_ratio", risk_free_apy, periods_per_year)

    def measure(block: FloatArray) -> PathArray:
        mean = _mean_return(block)
        return _ratio(mean - risk_free, _shortfall(block, risk_free), mean) * math.sqrt(periods)

    return _by_block(measure, rows)


def _values(where: str, values: object, *, n_times: int = 1) -> FloatArray:
    rows = _arrays.floats(f"{where}: values", values, dimensions=2)
    if len(rows) < n_times:
        checks.refuse(f"{where}: values", f"must have at least {n_times} times", rows)
    if rows.min() < 0.0:  # spares a mask of the size of the values
        _arrays.refuse_where(f"{where}: values", rows < 0.0, rows, "must not be negative")
    return rows


def _per_period(where: str, risk_free_apy: float, periods_per_year: float) -> tuple[float, float]:
    periods = checks.positive(f"{where}: periods_per_year", periods_per_year)
    apy = checks.real(f"{where}: risk_free_apy", risk_free_apy)
    if not -1.0 < apy <= checks.RATE_LIMIT:
        checks.refuse(f"{where}: risk_free_apy", f"must be in (-1, {checks.RATE_LIMIT:g}] (0.05 means 5 %)", apy)
    return periods, float(np.expm1(np.log1p(apy) / periods))


def _by_block(measure: Callable[[FloatArray], PathArray], rows: FloatArray) -> PathValue:
    columns = rows.reshape(len(rows), -1)
    with np.errstate(all="ignore"):
        blocks = [measure(columns[:, k : k + _BLOCK]) for k in range(0, columns.shape[1], _BLOCK)]
    result = np.concatenate(blocks)
    return float(result[0]) if rows.ndim == 1 else result


def _drawdown(rows: FloatArray) -> PathArray:
    peak: PathArray = rows[0].copy()
    level, lowest = np.empty_like(peak), np.ones_like(peak)
    smaller = np.minimum if peak.all() else np.fmin  # which passes over the 0 / 0 before the first money
    for row in rows:
        np.maximum(peak, row, out=peak)
        np.divide(row, peak, out=level)
        smaller(lowest, level, out=lowest)
    return 1.0 - lowest


def _returns(rows: FloatArray) -> Iterator[PathArray]:
    """Simple returns of each period, in one array that the next period overwrites."""
    change = np.empty(rows.shape[1])
    may_be_empty = not rows.all()
    for before, after in pairwise(rows):
        np.subtract(after, before, out=change)
        change /= before
        if may_be_empty:
            change[(before == 0.0) & (after == 0.0)] = 0.0
        yield change


def _mean_return(rows: FloatArray) -> PathArray:
    """Mean of the returns; NaN where one is infinite or its square would be."""
    total = np.zeros(rows.shape[1])
    for change in _returns(rows):
        total += change
    total[total > _arrays.VALUE_LIMIT] = np.nan
    return total / (len(rows) - 1)


def _deviation(rows: FloatArray, mean: PathArray, ddof: int) -> PathArray:
    total = np.zeros_like(mean)
    for change in _returns(rows):
        np.subtract(change, mean, out=change)
        np.multiply(change, change, out=change)
        total += change
    deviation: PathArray = np.sqrt(total / (len(rows) - 1 - ddof))  # 0 / 0 with one period
    return deviation


def _shortfall(rows: FloatArray, target: float) -> PathArray:
    """Downside deviation: root mean square of the returns' shortfalls below the target."""
    total = np.zeros(rows.shape[1])
    for change in _returns(rows):
        np.subtract(change, target, out=change)
        np.minimum(change, 0.0, out=change)
        np.multiply(change, change, out=change)
        total += change
    deviation: PathArray = np.sqrt(total / (len(rows) - 1))
    return deviation


def _ratio(excess: PathArray, deviation: PathArray, mean: PathArray) -> PathArray:
    """Ratio of mean to deviation; NaN where the deviation is only rounding."""
    return np.where(deviation > _ROUNDING * (1.0 + np.abs(mean)), excess / deviation, np.nan)
