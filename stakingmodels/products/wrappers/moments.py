"""`After` and `Occurs`: from a day on, and in the interval of an event."""

import datetime as dt

import numpy as np

from stakingmodels import checks, terms
from stakingmodels._types import PathValue
from stakingmodels.market import Event, Factor, Now
from stakingmodels.market.factors import as_event
from stakingmodels.market.grid import as_time
from stakingmodels.products.wrappers.rules import Rule
from stakingmodels.products.wrappers.watch import Holds, Watch, answer
from stakingmodels.tolerances import DAY_TOL
from stakingmodels.values import lowest

_DAY = np.timedelta64(86_400, "s")


def _moment(where: str, value: object) -> float | np.datetime64:
    if isinstance(value, (str, dt.date, np.datetime64)):
        return as_time(where, value)
    if isinstance(value, bool) or not isinstance(value, (int, float, np.number)):
        checks.refuse_type(where, "must be a date or a number of days", value, 'write After("2026-06-01") or After(90)')
    return checks.positive(where, value)


@terms.sheet
class After(Rule):
    """Passing of a day: the rule holds at the ends of the intervals that end on that day or later.

    Parameters
    ----------
    when
        A date or moment, as `TimeGrid` takes it; where each path has dates of its own, as in `History`, it is met on
        each path by its own. Or a number of days from the opening, above 0.

    Examples
    --------
    >>> from stakingmodels import After, Falls, Price
    >>> Falls(Price("ETH"), 0.20) & After("2026-06-01")
    Falls(Price("ETH"), 0.2) & After("2026-06-01")
    """

    when: float | str | dt.date | np.datetime64 = terms.field("other", _moment, kw_only=False)

    @property
    def factors(self) -> frozenset[Factor]:
        """No factor: time is always seen."""
        return frozenset()

    def watch(self, now: Now) -> Watch:
        """Begin to watch: count the days from the opening."""
        if isinstance(self.when, (int, float)):
            return _Since(float(self.when))
        return _Since((as_time("After.when", self.when) - now.time) / _DAY)

    def __repr__(self) -> str:
        """Text of the rule as it is written in code."""
        return f"After({self.when!r})" if isinstance(self.when, (int, float)) else f'After("{_short(self.when)}")'


def _short(moment: object) -> str:
    """Date, with its time if it has one."""
    return str(moment).removesuffix("T00:00:00")


class _Since(Watch):
    def __init__(self, day: PathValue) -> None:
        self._day = day - DAY_TOL
        self.earliest_day = max(lowest(day), 0.0)

    def holds(self, now: Now) -> Holds:
        return answer(np.less_equal(self._day, now.elapsed_days))


@terms.sheet
class Occurs(Rule):
    """Occurrence of an event: the rule holds at the end of each interval in which the event occurs.

    Parameters
    ----------
    event
        The event, such as ``Event("custodian:x", hazard=0.02)``.
    """

    event: Event = terms.field("event", as_event, kw_only=False)

    @property
    def factors(self) -> frozenset[Factor]:
        """The event watched."""
        return frozenset({self.event})

    def watch(self, now: Now) -> Watch:
        """Begin to watch."""
        del now
        return _Struck(self.event)


class _Struck(Watch):
    def __init__(self, event: Event) -> None:
        self._event = event

    def holds(self, now: Now) -> Holds:
        return bool(now.paths_with(self._event).size) and now.occurs(self._event)
