"""`TimeGrid`: when the steps of a run begin and end, and when the holder asks to leave."""

import datetime as dt
from typing import Any

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import DateArray, DateLike, FloatArray
from stakingmodels.equality import ByValue
from stakingmodels.errors import UnitWarning
from stakingmodels.rates import DAYS_PER_YEAR
from stakingmodels.replacing import Replaceable
from stakingmodels.series import frozen

STEPS_LIMIT = 100_000
_SECONDS_PER_DAY = 86_400.0
_FIRST, _LAST = np.datetime64("0001-01-01", "s"), np.datetime64("9999-12-31T23:59:59", "s")


def as_time(where: str, value: object) -> np.datetime64:
    """A moment as naive UTC seconds. Takes datetime64, date, datetime and ISO 8601 text.

    A zoned datetime is converted to UTC; but midnight in its zone is a daily bar there and keeps its date.
    """
    if isinstance(value, str):
        try:
            value = dt.datetime.fromisoformat(value)
        except ValueError:
            checks.refuse(where, "must be a date in ISO 8601", value, "write 2026-01-31")
    if isinstance(value, dt.datetime):
        if value.tzinfo is not None:
            value = _in_utc(where, value)
        return np.datetime64(value, "s")
    if isinstance(value, dt.date):
        return np.datetime64(value, "s")
    if isinstance(value, np.datetime64):
        if np.isnat(value):
            checks.refuse(where, "must be a moment, not NaT", value)
        seconds: np.datetime64 = value.astype("datetime64[s]")
        if not _FIRST <= seconds <= _LAST:
            checks.refuse(where, "must be in the years 1 to 9999", value, "milliseconds read as seconds?")
        return seconds
    return checks.refuse_type(where, "must be a date", value, 'write "2026-01-31" or numpy.datetime64("2026-01-31")')


def day_end(time: Any) -> Any:
    """Moment that a grid time stands for, datetime64.

    Midnight is a daily bar dated d, so it stands for the close of d.
    """
    moment = np.asarray(time, dtype="datetime64[s]")
    return np.where(moment == moment.astype("datetime64[D]"), moment + np.timedelta64(1, "D"), moment)


def _in_utc(where: str, value: dt.datetime) -> dt.datetime:
    """A zoned datetime as naive UTC, or as the local date whose midnight it is."""
    if value.utcoffset() is None:
        checks.refuse(where, "has a time zone without an offset", value)
    try:
        moment = value.astimezone(dt.UTC)
        there_and_back = moment.astimezone(value.tzinfo)
    except OverflowError:
        checks.refuse(where, "is out of the range of dates in UTC", value)
    if there_and_back.replace(tzinfo=None) != value.replace(tzinfo=None):
        checks.refuse(where, "does not exist in its time zone: clocks were put forward over it", value)
    if value.replace(fold=1 - value.fold).utcoffset() != value.utcoffset():
        text = f"{where}: {value} is ambiguous: clocks were put back over it; read with fold={value.fold}"
        checks.warn(text, UnitWarning)
    local = value.replace(tzinfo=None)
    return local if local.time() == dt.time() else moment.replace(tzinfo=None)


def _times(value: Any) -> DateArray:
    where = "TimeGrid.times"
    if isinstance(value, (list, tuple)):
        value = np.array([as_time(where, moment) for moment in value], dtype="datetime64[s]")
    value = value.to_numpy() if type(value).__module__.partition(".")[0] == "pandas" else value
    if not isinstance(value, np.ndarray) or value.dtype.kind != "M":
        checks.refuse_type(where, "must be an array of datetime64", value, "TimeGrid.daily(start, days=365)")
    if value.ndim != 1:
        checks.refuse(where, "must have one dimension; the dimensions are wrong", value)
    if value.size < 2:
        checks.refuse(where, "must have at least 2 points", value)
    if value.size > STEPS_LIMIT + 1:
        checks.refuse(where, f"must have at most the limit of {STEPS_LIMIT} steps", value)
    if np.isnat(value).any():
        checks.refuse(where, "must not hold NaT", value)
    times = value.astype("datetime64[s]")
    for moment in (times.min(), times.max()):
        as_time(where, moment)
    falls = np.nonzero(np.diff(times) <= np.timedelta64(0, "s"))[0]
    if falls.size:
        k = int(falls[0]) + 1
        checks.refuse(where, f"must be increasing; times[{k}] is not after times[{k - 1}]", str(times[k]))
    return frozen(times)


def _last(grid: "TimeGrid") -> int:
    return grid.times.size - 1


@attrs.frozen(eq=False, repr=False)
class TimeGrid(ByValue, Replaceable):
    """The times of a run; step k closes the interval [times[k], times[k+1]).

    Parameters
    ----------
    times
        ``(n_times,)`` datetime64, increasing, read as naive UTC; kept in seconds (polars wants milliseconds:
        ``times.astype("datetime64[ms]")``).
    exit
        Index of the time at which the holder asks to leave; by default the last. The settlement days follow: time for
        queues and delays, in which money paid out waits as cash.

    Examples
    --------
    >>> grid = TimeGrid.daily("2026-01-01", days=365, settlement_days=60)
    >>> grid.n_steps, grid.exit, grid.years
    (425, 365, 1.1643835616438356)
    """

    times: DateArray = attrs.field(converter=_times)
    exit: int = attrs.field(default=attrs.Factory(_last, takes_self=True))

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "exit", checks.integer("TimeGrid.exit", self.exit, 1, self.times.size - 1))

    def __repr__(self) -> str:
        first, last = self.times[0], self.times[-1]
        return f"TimeGrid({first} to {last}, {self.n_steps} steps, exit={self.exit})"

    def __reduce__(self) -> tuple[type["TimeGrid"], tuple[DateArray, int]]:
        return TimeGrid, (self.times, self.exit)  # through the constructor, which makes the times read-only again

    @classmethod
    def daily(cls, start: DateLike, *, days: int = 365, settlement_days: int = 0) -> "TimeGrid":
        """One step a day: `days` until the holder asks to leave, then `settlement_days` for queues.

        Parameters
        ----------
        start
            The close at which the money goes in: datetime64, date, datetime or ISO 8601 text. A zoned datetime is
            converted to UTC; midnight in its zone is a bar of its date there, which it keeps.
        days, settlement_days
            Whole numbers of days, from 1 and from 0.
        """
        first = as_time("TimeGrid.start", start)
        held = checks.integer("TimeGrid.days", days, 1, STEPS_LIMIT)
        waiting = checks.integer("TimeGrid.settlement_days", settlement_days, 0, STEPS_LIMIT - held)
        return cls(first + np.arange(held + waiting + 1) * np.timedelta64(86_400, "s"), held)

    @property
    def n_times(self) -> int:
        """Number of times."""
        return int(self.times.size)

    @property
    def n_steps(self) -> int:
        """Number of intervals, ``n_times - 1``."""
        return int(self.times.size) - 1

    @property
    def step_days(self) -> FloatArray:
        """Length of each interval in days, ``(n_steps,)``."""
        return frozen(np.diff(self.times).astype(np.float64) / _SECONDS_PER_DAY)

    @property
    def elapsed_days(self) -> FloatArray:
        """Days from the first time to each time, ``(n_times,)``."""
        return frozen((self.times - self.times[0]).astype(np.float64) / _SECONDS_PER_DAY)

    @property
    def years(self) -> float:
        """Whole length in years of 365 days, settlement days included."""
        return float(self.elapsed_days[-1]) / DAYS_PER_YEAR

    @property
    def years_held(self) -> float:
        """Years of 365 days from the first time to the exit."""
        return float(self.elapsed_days[self.exit]) / DAYS_PER_YEAR
