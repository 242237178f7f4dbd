"""`irr`: the internal rate of return of dated flows, for all paths at once."""

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import BoolArray, FloatArray, IntArray, PathArray, PathValue
from stakingmodels.errors import NumericalError, UnitWarning
from stakingmodels.measures import _arrays

_EPS = float(np.finfo(np.float64).eps)
_CELLS = 65_536  # flows searched together, so that the search's arrays stay in the cache of a core
_SMALL_STEP = 1e-10  # of Newton, which leaves an error of about its square
_FREE_STEPS = 8  # from then on a Newton step must halve the one before, or it may go to and fro for ever
_LONG = 100.0  # years
_FAST = 1e6  # a year
_MAX_STEPS = 200  # halving the widest bracket down to neighbouring floats takes fewer


def irr(flows: FloatArray, times_years: FloatArray) -> PathValue:
    """Internal rate of return: the annual rate r with ``sum(flows / (1 + r) ** times_years) = 0``.

    A rate is given where there is one and no other above -1. That is so if the flows change sign once. If
    they do so more often, Norstrom's criterion decides: the sign changes of the cumulated flows bound the
    number of rates above 0, those of the flows cumulated from the end the number below 0, and the two (and a
    rate of 0, if the flows add up to 0) must make one.

    Parameters
    ----------
    flows
        Money of the holder, time first: ``(n_flows,)`` or ``(n_flows, n_paths)``. Payments in are negative, pay-outs
        positive; the closing value is the last flow.
    times_years
        Times of the flows in years of 365 days: 0 first, then increasing; ``(n_flows,)`` for all paths or ``(n_flows,
        n_paths)``.

    Returns
    -------
    float or ndarray, shape (n_paths,)
        Effective rate, a fraction a year; a float if both arguments have one dimension. Exactly -1 where
        money was paid in and none came back. NaN (so that `numpy.isnan` is the mask) where there is no rate
        or there may be several: nothing was paid in, or the criterion does not settle it.

    Raises
    ------
    InputError
        For values that are not finite, times that do not start at 0 and increase (flows of one day are to be added up
        first), and shapes that do not fit.
    InputTypeError
        For anything but numeric arrays.
    NumericalError
        If a rate does not fit a float64, as that of a large gain within minutes.

    Warns
    -----
    UnitWarning
        Where the last time lies beyond 100 years, or a rate above a million a year: times in another unit.

    References
    ----------
    Norstrom (1972), "A sufficient condition for a unique nonnegative internal rate of return", Journal of
    Financial and Quantitative Analysis 7(3).

    Examples
    --------
    >>> round(irr(np.array([-100.0, 104.0]), np.array([0.0, 366 / 365])), 6)
    0.039889
    """
    amounts = _arrays.floats("irr: flows", flows, dimensions=2)
    times = _arrays.floats("irr: times_years", times_years, dimensions=2)
    _check(amounts, times)
    rates = solve(amounts, times)
    fastest = float(np.nanmax(rates, initial=0.0))
    if fastest > _FAST:
        text = f"irr: times_years: the largest rate is {fastest:.3g} a year; are the times in years of 365 days?"
        checks.warn(text, UnitWarning)
    return float(rates[0]) if amounts.ndim == times.ndim == 1 else rates


def solve(amounts: FloatArray, times: FloatArray) -> PathArray:
    """Rates of `irr`, ``(n_paths,)``, for arrays already checked."""
    n_flows, n_paths = len(amounts), max(amounts[0].size, times[0].size)
    columns = np.broadcast_to(amounts.reshape(n_flows, -1), (n_flows, n_paths))
    dates = np.broadcast_to(times.reshape(n_flows, -1), (n_flows, n_paths))
    rates = np.empty(n_paths)
    width = max(_CELLS // n_flows, 1)
    for start in range(0, n_paths, width):
        block = slice(start, start + width)
        rates[block] = _rates(columns[:, block], dates[:, block])
    if np.isinf(rates).any():
        path = np.argmax(np.isinf(rates))
        raise NumericalError(f"irr: overflow: the rate of path {path} does not fit a float64")
    return rates


def _check(amounts: FloatArray, times: FloatArray) -> None:
    where = "irr: times_years"
    if len(amounts) != len(times):
        checks.refuse(where, f"must have one time per flow, {len(amounts)}", times)
    if amounts.ndim == times.ndim == 2 and amounts.shape != times.shape:
        checks.refuse(where, f"must have the shape of the flows, {amounts.shape}", times)
    _arrays.refuse_where(where, times[:1] != 0.0, times[:1], "must start at 0")
    stuck = np.zeros(times.shape, dtype=np.bool_)
    stuck[1:] = np.diff(times, axis=0) <= 0.0
    _arrays.refuse_where(where, stuck, times, "must increase: sort the flows, and add up those of one day")
    if times[-1].max() > _LONG:
        text = f"{where}: the last is {times[-1].max():g} years; if that is days, divide by 365"
        checks.warn(text, UnitWarning)


@np.errstate(all="ignore")
def _rates(flows: FloatArray, times: FloatArray) -> PathArray:
    rates = np.full(flows.shape[1], np.nan)
    rates[(flows <= 0.0).all(axis=0) & (flows < 0.0).any(axis=0)] = -1.0
    one = _has_one_rate(flows)
    if one.any():
        rates[one] = np.expm1(_log_growth(_Flows.between(_kept(flows, one), _kept(times, one))))
    return rates


def _has_one_rate(flows: FloatArray) -> BoolArray:
    changes = _sign_changes(flows)
    one: BoolArray = changes == 1
    unsettled = (changes > 1) & (changes % 2 == 1)  # an even number leaves no rate or several
    if unsettled.any():
        money = _kept(flows, unsettled)
        forwards, backwards = _cumulated(money), _cumulated(money[::-1])
        at_zero = forwards[-1] == 0.0
        one[unsettled] = _sign_changes(forwards) + _sign_changes(backwards) + at_zero == 1
    return one


def _sign_changes(rows: FloatArray) -> IntArray:
    """Number of sign changes of each column from row to row; zeros do not count."""
    last = np.zeros(rows.shape[1])
    changes = np.zeros(rows.shape[1], dtype=np.int64)
    for sign in np.sign(rows):
        changes += last * sign < 0.0
        np.copyto(last, sign, where=sign != 0.0)
    return changes


def _cumulated(flows: FloatArray) -> FloatArray:
    """Running sums, set to 0 where only rounding is left."""
    sums = np.cumsum(flows, axis=0)
    sums[np.abs(sums) <= len(flows) * _EPS * np.cumsum(np.abs(flows), axis=0)] = 0.0
    return sums


@attrs.frozen(eq=False)
class _Flows:
    """Flows of paths that have one rate, split by sign, from the first of each path to its last.

    The first is a cost and the last a gain: a borrower's flows have their signs flipped, which keeps the rate.
    """

    gains: FloatArray  # (n_flows, n_paths), as costs and ages
    costs: FloatArray
    ages: FloatArray  # in years since the first flow; times without a flow are moved between the first and the last
    span: PathArray

    @classmethod
    def between(cls, flows: FloatArray, times: FloatArray) -> "_Flows":
        first, last = _first(flows != 0.0), _last(flows != 0.0)
        money = flows * np.sign(flows[last])
        ages = np.clip(times, times[first], times[last]) - times[first]
        return cls(np.maximum(money, 0.0), np.maximum(-money, 0.0), ages, ages[last])

    def of(self, paths: BoolArray) -> "_Flows":
        """Flows of some paths."""
        parts = (self.gains, self.costs, self.ages, self.span)
        return _Flows(*(_kept(each, paths) for each in parts))

    def balance(self, growth: PathArray) -> tuple[PathArray, PathArray]:
        """Balance log(value of the gains / value of the costs), and minus its slope in the log growth.

        That is the gap between the mean age of the gains and of the costs, weighted by value.
        """
        late = np.where(growth < 0.0, self.span, 0.0)  # value at the end or the start: no weight is above 1
        weights = np.exp(growth * (late - self.ages))
        gains, costs = self.gains * weights, self.costs * weights
        gain, cost = _sums(gains), _sums(costs)
        gap = _sums(gains * self.ages) / gain - _sums(costs * self.ages) / cost
        return np.log(gain / cost), gap

    def bracket(self) -> tuple[PathArray, PathArray]:
        """Bracket of the log growth.

        At its low end the last gain outweighs all costs; at its high end the first cost outweighs all gains.
        """
        last_gain = np.log(self.gains[_last(self.gains > 0.0)])
        first_cost = np.log(self.costs[_first(self.costs > 0.0)])
        wait = self.ages[_first(self.gains > 0.0)]
        rest = self.span - self.ages[_last(self.costs > 0.0)]
        low = np.minimum(last_gain - np.log(_sums(self.costs)), 0.0) / rest
        high = np.maximum(np.log(_sums(self.gains)) - first_cost, 0.0) / wait
        return 1.01 * low - 1.0 / self.span, 1.01 * high + 1.0 / self.span  # room for rounding


def _log_growth(flows: _Flows) -> PathArray:
    """log(1 + r), by Newton's method within a bracket, which is halved where Newton does not help.

    Logarithms of values are compared: with one gain and one cost their difference is a straight line in log(1 + r),
    with more it is almost straight, so that few steps suffice.
    """
    low, high = flows.bracket()
    path = np.arange(low.size)
    found, growth, last_step = np.empty_like(low), np.zeros_like(low), np.full_like(low, np.inf)
    for k in range(_MAX_STEPS):
        excess, slope = flows.balance(growth)
        np.copyto(low, growth, where=excess > 0.0)
        np.copyto(high, growth, where=excess <= 0.0)
        newton = growth + excess / slope
        trusted = (newton >= low) & (newton <= high)
        if k >= _FREE_STEPS:
            trusted &= 2.0 * np.abs(newton - growth) <= last_step
        better = np.where(trusted, newton, 0.5 * (low + high))
        last_step = np.abs(better - growth)
        growth = better
        small = last_step <= _SMALL_STEP * (np.abs(growth) + 1.0 / flows.span)
        done = (trusted & small) | (last_step == 0.0)
        found[path[done]] = growth[done]
        if done.all():
            return found
        if done.any():
            flows, path = flows.of(~done), path[~done]
            low, high, growth, last_step = (each[~done] for each in (low, high, growth, last_step))
    raise NumericalError(f"irr: no rate found within {_MAX_STEPS} steps on {path.size} paths")


def _first(there: BoolArray) -> tuple[IntArray, IntArray]:
    """Index at which each column is true for the first time."""
    return np.argmax(there, axis=0), np.arange(there.shape[1])


def _last(there: BoolArray) -> tuple[IntArray, IntArray]:
    """Index at which each column is true for the last time."""
    return len(there) - 1 - np.argmax(there[::-1], axis=0), np.arange(there.shape[1])


def _kept(values: FloatArray, paths: BoolArray) -> FloatArray:
    """Selected paths in C order, which indexing by a mask would not keep."""
    return np.compress(paths, values, axis=-1)


def _sums(rows: FloatArray) -> PathArray:
    """Sums of columns, added row after row for any number of columns: numpy adds a single column in pairs."""
    sums: PathArray = np.sum(rows, axis=0) if rows.shape[1] > 1 else np.cumsum(rows, axis=0)[-1]
    return sums
