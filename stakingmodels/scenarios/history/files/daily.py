"""`DailySeries`: one number a day, and reasons for missing or doubled days."""

import datetime as dt
from collections.abc import Callable
from typing import Literal

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import BoolArray, DateArray, FloatArray, IntArray
from stakingmodels.display import brief, number, packed
from stakingmodels.equality import ByValue
from stakingmodels.errors import DataWarning, UnitWarning
from stakingmodels.scenarios.history.files.csv_table import fail
from stakingmodels.series import frozen

DAYS_LIMIT = 200_000
"""Most days from the first to the last of a series: more means a mistyped year."""
Missing = Literal["refuse", "previous"]
"""Treatments of missing days."""

_DAYS_SHOWN = 5
_FEW_DAYS = 4
_LARGE_SHARE = 0.05
_JUMP = 20.0
_NONE = np.empty(0, dtype="datetime64[D]")


@attrs.frozen(eq=False)
class DailySeries(ByValue):
    """Daily series without gaps, made by `read_daily` and `daily_series`.

    Attributes
    ----------
    dates : ndarray of datetime64[D], shape (n_days,)
        UTC days, each one day after the one before. Read-only.
    values : ndarray of float64, shape (n_days,)
        Value of each day in `unit`; a price is the close of its day. Read-only.
    name : str
        File and column, for messages.
    unit : str
        Unit of `values`, as in `UNITS`; empty for the factor's own. `History` converts.
    rate_type : str
        ``"apr"`` or ``"apy"`` if the kind of rate is known; empty if unknown, read as APR.
    filled_days : ndarray of datetime64[D], shape (n_filled,)
        Days filled with the value of the day before. Read-only.
    remarks : tuple of str
        Notes on the reading of the file, for `History.describe`.
    """

    dates: DateArray = attrs.field(converter=frozen)
    values: FloatArray = attrs.field(converter=frozen)
    name: str
    unit: str = ""
    rate_type: str = ""
    filled_days: DateArray = attrs.field(default=_NONE, converter=frozen)
    remarks: tuple[str, ...] = ()

    def __repr__(self) -> str:
        values = f"{number(float(self.values[0]))} ... {number(float(self.values[-1]))}"
        days = f"{self.dates.size:,} days", f"{self.dates[0]} to {self.dates[-1]}"
        return packed("DailySeries(", [brief(self.name, 40), *days, values])

    def __reduce__(self) -> tuple[type["DailySeries"], tuple[object, ...]]:
        # the constructor makes the arrays read-only again
        return DailySeries, (
            self.dates,
            self.values,
            self.name,
            self.unit,
            self.rate_type,
            self.filled_days,
            self.remarks,
        )


@attrs.frozen
class Rows:
    """Days and values before they are reduced to one a day; `place` gives the position of a row."""

    name: str
    days: IntArray
    values: FloatArray
    place: Callable[[int], str]
    weekdays_do: bool = False
    """Whether a series of weekdays counts as complete, such as interest rates."""
    may_jump: bool = False
    """Whether neighbours may differ twentyfold, such as waits in a queue."""

    @property
    def where(self) -> str:
        """Name of the series in messages."""
        return f"History: {self.name}"


def assemble(rows: Rows, missing: str) -> DailySeries:
    """Sort, drop repeated days, and fill or refuse gaps; days count from 1970-01-01, NaN is no value.

    Raises
    ------
    InputError
        If days are missing or have two values, with the cause as far as the days show it.
    """
    days, values = rows.days, rows.values
    order = np.flatnonzero(~np.isnan(values))
    if len(order) == 0:
        fail(rows.where, "must hold numbers, got none")
    order = order[np.argsort(days[order], kind="stable")]
    _check_one_a_day(rows, order)
    # an empty cell after the last value is a missing day, one before the first is not
    first, last = int(days[order[0]]), int(days.max())
    if last - first >= DAYS_LIMIT:
        fail(rows.where, f"must span at most {DAYS_LIMIT} days, got {_date(first)} to {_date(last)}")
    every = np.arange(first, last + 1)
    latest = order[np.searchsorted(days[order], every, side="right") - 1]
    gaps = every[days[latest] != every]
    if len(gaps):
        _refuse_or_warn(rows, gaps, every, missing)
    if len(every) == 1:
        fail(rows.where, f"must hold at least 2 days, got only {_date(first)}")
    found = values[latest]
    if not rows.may_jump:
        _warn_of_jumps(rows.where, every, found)
    return DailySeries(every.astype("datetime64[D]"), found, rows.name, filled_days=gaps.astype("datetime64[D]"))


def _refuse_or_warn(rows: Rows, gaps: IntArray, every: IntArray, missing: str) -> None:
    """Refuse missing days, or warn if filled days would be a large part of the series."""
    share = len(gaps) / len(every)
    large = len(gaps) >= _FEW_DAYS and share > _LARGE_SHARE
    cause, fix = _cause(gaps, every, large=large, weekdays_do=rows.weekdays_do)
    if missing == "refuse":
        shown = ", ".join(map(_date, gaps[:_DAYS_SHOWN])) + (", ..." if len(gaps) > _DAYS_SHOWN else "")
        rule = f"must have a value every day, got none on {len(gaps)} of {len(every)} days: {shown}"
        fail(rows.where, f"{rule}{cause} ({fix})")
    if large and not (rows.weekdays_do and _on_weekends(gaps)):
        text = f"{rows.where}: {len(gaps)} of {len(every)} days ({share:.0%}) are filled with the day before{cause}"
        checks.warn(text, DataWarning)


def _cause(gaps: IntArray, every: IntArray, *, large: bool, weekdays_do: bool) -> tuple[str, str]:
    """Likely cause of missing days, and a remedy."""
    carried = 'missing_days="previous" carries the last value forward'
    kept = np.setdiff1d(every, gaps)
    steps = np.diff(kept)
    if _on_weekends(gaps) and (len(gaps) > 1 or large):
        if weekdays_do:
            return ": a file of weekdays", carried
        return (
            ": a file of weekdays, as of a stock exchange or Stooq",
            "a coin trades every day: take a whole file",
        )
    if len(steps) > 1 and steps.min() > 1 and (steps.max() == steps.min() or (steps.min() > 27 and steps.max() < 32)):
        every_how = "month" if steps.min() > 27 else f"{steps.min()} days"
        return f": one row each {every_how}", "take a daily file"
    if zone := _clock_zone(gaps, 0):
        what = f": the clock of {zone} is in it, a row of summer is a day early or late"
        return what, "take a file in UTC, or move the rows of summer yourself"
    if large:
        return "", "so many days cannot be filled without inventing them: take a whole file"
    return "", carried


def _on_weekends(days: IntArray) -> bool:
    return bool(((days + 3) % 7 >= 5).all())  # 1970-01-01 was a Thursday


def _clock_zone(days: IntArray, spring: int) -> str:
    """Region whose clock changes on all of these days, at most a day off: in spring, or else in autumn."""
    dates = [dt.date(1970, 1, 1) + dt.timedelta(days=int(day)) for day in days]
    for zone, change in (("Europe", _europe), ("North America", _north_america)):
        if dates and all(abs((date - change(date.year)[1 - spring]).days) <= (0 if spring else 1) for date in dates):
            return zone
    return ""


def _europe(year: int) -> tuple[dt.date, dt.date]:
    """Last Sundays of March and October."""
    march, october = dt.date(year, 3, 31), dt.date(year, 10, 31)
    return tuple(day - dt.timedelta(days=(day.weekday() + 1) % 7) for day in (march, october))  # type: ignore[return-value]


def _north_america(year: int) -> tuple[dt.date, dt.date]:
    """Second Sunday of March and first of November."""
    march, november = dt.date(year, 3, 14), dt.date(year, 11, 7)
    return tuple(day - dt.timedelta(days=(day.weekday() + 1) % 7) for day in (march, november))  # type: ignore[return-value]


def _check_one_a_day(rows: Rows, order: IntArray) -> None:
    """Refuse two values for one day, and rows of several series that happen to agree; `order` sorts the days."""
    days, values = rows.days, rows.values
    one, next_one = order[:-1], order[1:]
    repeated = days[one] == days[next_one]
    clash = np.flatnonzero(repeated & (values[one] != values[next_one]))
    if len(clash):
        a, b = int(one[clash[0]]), int(next_one[clash[0]])
        got = f"{float(values[a])} in {rows.place(a)} and {float(values[b])} in {rows.place(b)}"
        rule = f"must hold one row a day, got {got} for {_date(days[a])} UTC"
        fail(rows.where, f"{rule} ({_why_doubled(days[one[clash]], days[order], repeated)})")
    if repeated.sum() > 10 and repeated.mean() > _LARGE_SHARE:
        rule = f"must hold one row a day, got {int(repeated.sum())} of {len(order)} rows that repeat a day"
        fail(rows.where, f"{rule} (hours, or rows of several coins or accounts? take one a day)")


def _why_doubled(clash: IntArray, days: IntArray, repeated: BoolArray) -> str:
    if zone := _clock_zone(np.unique(clash), 1):
        return f"the clock of {zone} is in it: the rows of summer are a day off; take a file in UTC, do not delete one"
    if np.unique(clash).size == 1 and clash[0] == days[-1]:
        return "the newest day is there twice: delete the row of the day that still ran"
    if repeated.sum() > 1 and repeated.mean() > _LARGE_SHARE:
        return "several rows a day: hours, a ledger, or several coins; take a daily file of one"
    return "which of the two is right cannot be told here: compare with a second source"


def _warn_of_jumps(where: str, days: IntArray, values: FloatArray) -> None:
    """Warn of neighbouring values of which one is twenty times the other."""
    before, after = np.abs(values[:-1]), np.abs(values[1:])
    with np.errstate(over="ignore"):
        jump = (before > 0.0) & (after > 0.0) & ((after > _JUMP * before) | (before > _JUMP * after))
    found = np.flatnonzero(jump)
    if len(found):
        k = int(found[0])
        text = f"{where}: {values[k]:g} on {_date(days[k])} and {values[k + 1]:g} on the next day"
        more = f", and {len(found) - 1} more such pairs" if len(found) > 1 else ""
        text += f" differ more than twentyfold{more}: a point that parts thousands, a line cut off, another unit?"
        checks.warn(text, UnitWarning)


def _date(day: int | np.int64) -> str:
    return str(np.datetime64(int(day), "D"))
