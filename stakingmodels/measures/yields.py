"""Rates of return from opening and closing amounts. A year has 365 days."""

import numpy as np

from stakingmodels._types import PathValue
from stakingmodels.measures import _arrays


def total_return(opening: PathValue, closing: PathValue) -> PathValue:
    """Total return over the whole time, not annualised: ``closing / opening - 1``.

    Parameters
    ----------
    opening
        Amount put in, above 0: one number, or one per path ``(n_paths,)``, in money or in coins.
    closing
        Amount at the end, in the same unit; below 0 if the holder is left with a debt.

    Returns
    -------
    float or ndarray, shape (n_paths,)
        Fraction: 0.1 is a gain of 10 %, -1 a total loss, less than -1 a loss of more than was put in. Never
        NaN.

    Raises
    ------
    InputError
        For an opening that is not above 0, values that are not finite, and arrays of different lengths.
    NumericalError
        If a return does not fit a float64.

    Examples
    --------
    >>> total_return(1_500.0, 1_650.0)
    0.1
    """
    start = _arrays.path_value("total_return: opening", opening)
    end = _arrays.path_value("total_return: closing", closing)
    _arrays.refuse_where("total_return: opening", np.less_equal(start, 0.0), start, "must be above 0")
    _arrays.same_paths("total_return: opening and closing", start, end)
    with np.errstate(all="ignore"):
        return _arrays.in_range("total_return", np.divide(np.subtract(end, start), start))


def annualized_return(period_return: PathValue, years: PathValue) -> PathValue:
    """Effective annual return: ``(1 + period_return) ** (1 / years) - 1``.

    Parameters
    ----------
    period_return
        Fraction over the whole time, from -1, one number or one per path ``(n_paths,)``. A return below -1
        has no annual rate and is refused: measure it against all the money that was put in.
    years
        Time in years of 365 days, above 0, one number or one per path.

    Returns
    -------
    float or ndarray, shape (n_paths,)
        Fraction a year; -1 for a return of -1. Never NaN.

    Raises
    ------
    InputError
        For a return below -1, years that are not above 0, values that are not finite, and arrays of different
        lengths.
    NumericalError
        If a rate does not fit a float64, as that of a large gain within minutes.

    Examples
    --------
    >>> round(annualized_return(0.21, 2.0), 12)
    0.1
    """
    total = _arrays.path_value("annualized_return: period_return", period_return)
    time = _years("annualized_return", years, total)
    _arrays.refuse_where("annualized_return: period_return", np.less(total, -1.0), total, "must be at least -1")
    with np.errstate(all="ignore"):
        return _arrays.in_range("annualized_return", np.expm1(np.divide(np.log1p(total), time)))


def simple_rate(period_return: PathValue, years: PathValue) -> PathValue:
    """Simple annual rate, without compounding: ``period_return / years``.

    Parameters
    ----------
    period_return
        Fraction over the whole time, of any sign, one number or one per path ``(n_paths,)``.
    years
        Time in years of 365 days, above 0, one number or one per path.

    Returns
    -------
    float or ndarray, shape (n_paths,)
        Fraction a year. Never NaN.

    Raises
    ------
    InputError
        For years that are not above 0, values that are not finite, and arrays of different lengths.
    NumericalError
        If a rate does not fit a float64.

    Examples
    --------
    >>> simple_rate(0.02, 0.5)
    0.04
    """
    total = _arrays.path_value("simple_rate: period_return", period_return)
    time = _years("simple_rate", years, total)
    with np.errstate(all="ignore"):
        return _arrays.in_range("simple_rate", np.divide(total, time))


def real_yield(nominal: PathValue, supply_growth: PathValue) -> PathValue:
    """Real yield: growth of the holder's share of all coins, ``(1 + nominal) / (1 + supply_growth) - 1``.

    Parameters
    ----------
    nominal
        Growth of the holder's coins, a fraction from -1, one number or one per path ``(n_paths,)``.
    supply_growth
        Growth of all coins over the same time, a fraction above -1, one number or one per path.

    Returns
    -------
    float or ndarray, shape (n_paths,)
        Fraction over the same time: 0 if the holder just keeps up with the dilution. Never NaN.

    Raises
    ------
    InputError
        For `nominal` below -1, `supply_growth` not above -1, values that are not finite, and arrays of
        different lengths.
    NumericalError
        If a yield does not fit a float64.

    Examples
    --------
    >>> round(real_yield(0.071, 0.05), 12)
    0.02
    """
    coins = _arrays.path_value("real_yield: nominal", nominal)
    supply = _arrays.path_value("real_yield: supply_growth", supply_growth)
    _arrays.refuse_where("real_yield: nominal", np.less(coins, -1.0), coins, "must be at least -1")
    _arrays.refuse_where("real_yield: supply_growth", np.less_equal(supply, -1.0), supply, "must be above -1")
    _arrays.same_paths("real_yield: nominal and supply_growth", coins, supply)
    with np.errstate(all="ignore"):
        # the difference first: small yields keep their digits
        return _arrays.in_range("real_yield", np.divide(np.subtract(coins, supply), np.add(1.0, supply)))


def _years(where: str, years: PathValue, total: PathValue) -> PathValue:
    time = _arrays.path_value(f"{where}: years", years)
    _arrays.refuse_where(f"{where}: years", np.less_equal(time, 0.0), time, "must be above 0")
    _arrays.same_paths(f"{where}: period_return and years", total, time)
    return time
