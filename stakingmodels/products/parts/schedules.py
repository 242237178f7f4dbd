"""`Schedule`: a rate or a commission that changes on stated dates or some days after the opening, as a term."""

import datetime as dt
import itertools
from collections.abc import Callable
from typing import Any, cast

import attrs
import numpy as np

from stakingmodels import checks, terms
from stakingmodels._types import FloatArray, PathValue
from stakingmodels.display import shorten
from stakingmodels.market import Now
from stakingmodels.market.grid import as_time
from stakingmodels.products.parts.tiers import Tiers, as_tuple, several
from stakingmodels.rates import APR, APY, as_rate
from stakingmodels.replacing import Replaceable
from stakingmodels.series import warn_if_percent
from stakingmodels.tolerances import DAY_TOL
from stakingmodels.values import highest, lowest

_HOW = 'Schedule((APR(0.10), APR(0.03)), after_days=30.0) or Schedule((0.25, 0.35), on="2026-07-01")'
_DAY = np.timedelta64(1, "D")
Date = np.datetime64 | dt.date | str
"""A day or a moment, as `TimeGrid` takes them."""


def _values(where: str, value: object) -> object:
    found = cast("tuple[object, ...]", value)
    if not found:
        checks.refuse(where, "must hold a value at least", value, _HOW)
    for number, each in enumerate(found):
        if not isinstance(each, (APR, APY, Tiers)):
            checks.real(f"{where}[{number}]", each)
    return value


def _dates(where: str, value: object) -> object:
    times = [as_time(f"{where}[{number}]", each) for number, each in enumerate(cast("tuple[object, ...]", value))]
    _check_order(where, [str(each) for each in times], [float(each.astype(np.int64)) for each in times])
    return value


def _numbers(where: str, value: object) -> object:
    days = [checks.positive(f"{where}[{n}]", each) for n, each in enumerate(cast("tuple[object, ...]", value))]
    _check_order(where, days, days)
    return value


def _check_order(where: str, shown: list[Any], numbers: list[float]) -> None:
    """Refuse numbers that do not grow."""
    for number, (before, after) in enumerate(itertools.pairwise(numbers)):
        if after <= before:
            rule = f"must come after the one before it, {checks.show(shown[number])}"
            checks.refuse(f"{where}[{number + 1}]", rule, shown[number + 1], "from first to last")


_VALUES = terms.rules("other", _values)


@terms.sheet
class Schedule(Replaceable):
    """Values of a term one after another: a commission, or a posted rate, that changes on stated days.

    Parameters
    ----------
    values
        Values in their order, the first from the opening on: fractions of a commission, or rates of a posted rate, an
        `APR`, `APY` or `Tiers` each.
    on
        Dates on which each of the further values begins, in their order; one alone needs no tuple. On a date before the
        opening the change has been made already.
    after_days
        Days after the opening, above 0, on which each begins, in place of `on`: a promotion for the first days.

    Notes
    -----
    A change is met exactly, within an interval too: the interval pays each value by the days that it holds. Where coins
    begin or cease to earn within the same interval, each value still counts by its days of the whole interval.

    Examples
    --------
    >>> from stakingmodels import APR, ExchangeStaking, Market, Price, Schedule, TimeGrid
    >>> promotion = Schedule((APR(0.0365), APR(0.0)), after_days=4.5)
    >>> earn = ExchangeStaking(posted_rate=promotion, compounding=False)
    >>> market = Market(TimeGrid.daily("2026-01-01", days=10), {Price("ETH"): 3000.0})
    >>> outcome = earn.run(market, capital=30_000.0)  # 10 ETH earn 0.001 a day on four days and a half
    >>> round(float(outcome.lines["interest"][0]), 6)
    13.5
    """

    values: tuple[float | APR | APY | Tiers, ...] = attrs.field(
        kw_only=False, converter=as_tuple, validator=_VALUES["validator"], metadata=_VALUES["metadata"]
    )
    on: Date | tuple[Date, ...] = several(_dates)
    after_days: float | tuple[float, ...] = several(_numbers, unit="days")

    def __attrs_post_init__(self) -> None:
        """Refuse a schedule of which a value has no beginning, or two."""
        if self.on and self.after_days:
            checks.refuse("Schedule.after_days", "must not be given beside dates", self.after_days, "leave out one")
        name, days = ("after_days", self.after_days) if self.after_days else ("on", self.on)
        if len(cast("tuple[object, ...]", days)) != len(self.values) - 1:
            rule = f"must have a beginning for each of the values but the first, {len(self.values) - 1}"
            checks.refuse(f"Schedule.{name}", rule, days, _HOW)

    def begins(self, now: Now) -> list[PathValue]:
        """Days on which the values begin, as `Now.elapsed_days` counts, if the product opens now.

        Of each value one number, or one per path where each path has dates of its own.
        """
        days: list[PathValue] = [now.elapsed_days + each for each in cast("tuple[float, ...]", self.after_days)]
        return [-np.inf, *(_days_to(each, now) for each in cast("tuple[Date, ...]", self.on)), *days]


shorten(Schedule)


def fraction_or_schedule(where: str, value: object) -> object:
    """A fraction, or a `Schedule` of fractions."""
    if not isinstance(value, Schedule):
        return checks.fraction(where, value)
    for number, each in enumerate(value.values):
        checks.fraction(f"{where}.values[{number}]", each)
    return value


def posted_rate(where: str, value: object) -> object:
    """A rate of 0 or more, `Tiers` of these, or a `Schedule` of either."""
    if isinstance(value, Schedule):
        for number, each in enumerate(value.values):
            posted_rate(f"{where}.values[{number}]", each)
        return value
    if isinstance(value, Tiers):
        for number, each in enumerate(value.rates):
            posted_rate(f"{where}.rates[{number}]", each)
        return value
    rate = as_rate(where, value)
    value = checks.real(where, rate.value)
    if value < 0.0:
        checks.refuse(where, "must be 0 or more", rate, "losses come from failures")
    warn_if_percent(where, np.asarray(value))
    return rate


def commission(*, default: Any, **about: Any) -> Any:
    """A term for a commission: a fraction, or a `Schedule` of fractions."""
    about = {"low": 0.0, "high": 1.0, "scheduled": True, **about}
    return terms.field("fraction", fraction_or_schedule, default=default, **about)


class Scheduled:
    """Values of a term that may be a `Schedule`, in the intervals of a position.

    Parameters
    ----------
    term
        The term.
    now
        The opening, from which the days of a schedule count.
    """

    def __init__(self, term: float | APR | APY | Tiers | Schedule | None, now: Now) -> None:
        self._term = term
        self._begins = term.begins(now) if isinstance(term, Schedule) else []

    def fraction(self, now: Now) -> PathValue:
        """Fraction of the interval: one number, the same object while it stays the same, or one per path."""
        if not isinstance(self._term, Schedule):
            return cast("float", self._term)
        return _sum([(cast("float", value), share) for value, share in self._parts(self._term, now)])

    def accrued(self, now: Now, balance: Callable[[Now], FloatArray]) -> PathValue:
        """Fraction that a rate accrues in the interval: one number, or one per path.

        The balance, ``(n_paths,)``, is asked for only where there are tiers.
        """

        def of(rate: Any) -> PathValue:
            found: PathValue = (
                rate.accrued(now.years, balance(now)) if isinstance(rate, Tiers) else rate.accrued(now.years)
            )
            return found

        if not isinstance(self._term, Schedule):
            return of(self._term)
        return _sum([(of(value), share) for value, share in self._parts(self._term, now)])

    def _parts(self, schedule: Schedule, now: Now) -> list[tuple[float | APR | APY | Tiers, PathValue]]:
        """Values of the interval, each with its share of the days; a value without any is left out."""
        end = now.elapsed_days
        start = end - now.days
        found: list[tuple[float | APR | APY | Tiers, PathValue]] = []
        for value, begins, ends in zip(schedule.values, self._begins, [*self._begins[1:], np.inf], strict=True):
            if lowest(begins) < end - DAY_TOL and highest(ends) > start + DAY_TOL:
                if highest(begins) <= start + DAY_TOL and lowest(ends) >= end - DAY_TOL:
                    return [(value, 1.0)]
                found.append((value, _share(np.minimum(ends, end) - np.maximum(begins, start), now.days)))
        return found


def _days_to(date: object, now: Now) -> PathValue:
    """Days from the opening to a date: one number, or one per path where each has dates of its own."""
    days = now.elapsed_days + (as_time("Schedule.on", date) - now.time) / _DAY
    return days if np.ndim(days) else float(days)


def _share(part: PathValue, days: float) -> PathValue:
    """Share of an interval, exactly 0 or 1 but for what is more than rounding."""
    least = DAY_TOL / days
    share = np.clip(np.divide(part, days), 0.0, 1.0)
    share = np.where(share < least, 0.0, np.where(share > 1.0 - least, 1.0, share))
    return share if share.ndim else float(share)


def _sum(parts: list[tuple[PathValue, PathValue]]) -> PathValue:
    """Sum of values by their shares; the value itself where it has all."""
    if len(parts) == 1 and not isinstance(parts[0][1], np.ndarray):
        return parts[0][0]
    total: PathValue = 0.0
    for value, share in parts:
        total = total + value * share
    return total
