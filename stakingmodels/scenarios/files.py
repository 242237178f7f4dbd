"""Daily series from a user's CSV file: read exactly, or refused with the line that is wrong."""

import datetime as dt
import math
import os
import re
from collections.abc import Callable
from typing import Any

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import DateArray, FloatArray, IntArray
from stakingmodels.scenarios.csv_table import Table, fail, file_name, plain, read_table
from stakingmodels.series import frozen

DAYS_LIMIT = 200_000
"""Most days from the first to the last of a series: more is a mistyped year."""

_MISSING = ("refuse", "previous")
_DATE_NAMES = ("date", "datetime", "timestamp", "time", "day", "unix", "x")
_NO_VALUE = frozenset({"", "null", "nan", "n/a", "-"})
_EPOCH = dt.date(1970, 1, 1).toordinal()
_EXACT_INTEGERS = 2**53
_DAYS_SHOWN = 5

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_LIKE_A_NUMBER = re.compile(r"\W*\d", re.ASCII)
_ISO_DATE = re.compile(
    r"\d{4}([-/])\d\d\1\d\d([T ]([01]\d|2[0-3]):\d\d(:\d\d(\.\d+)?)?(Z| UTC|[+-]\d\d:?\d\d)?)?", re.ASCII
)
_OTHER_DATE = re.compile(r"\d{1,2}([-/.])\d{1,2}\1(\d{4}|\d\d)\b.*", re.ASCII)
# counted digits: neither an index nor 20240131 may pass for an instant
_SECONDS = re.compile(r"[1-9]\d{8,9}", re.ASCII)
_MILLISECONDS = re.compile(r"[1-9]\d{11,12}", re.ASCII)


@attrs.frozen(eq=False)
class DailySeries:
    """One number a day without gaps, as `read_daily` and `daily_series` make it.

    Attributes
    ----------
    dates : ndarray of datetime64[D], shape (n_days,)
        UTC days, each one day after the one before. Read-only.
    values : ndarray of float64, shape (n_days,)
        The value of each day, in the unit of the source; a price is the close of its day. Read-only.
    name : str
        File and column, for messages.
    """

    dates: DateArray = attrs.field(converter=frozen)
    values: FloatArray = attrs.field(converter=frozen)
    name: str

    def __reduce__(self) -> tuple[type["DailySeries"], tuple[DateArray, FloatArray, str]]:
        return DailySeries, (self.dates, self.values, self.name)  # the constructor freezes the arrays again


def read_daily(
    path: str | os.PathLike[str],
    *,
    column: str | None = None,
    columns: tuple[str, ...] = (),
    missing: str = "refuse",
    shift_days: int = 0,
    positive: bool = True,
) -> DailySeries:
    """Read one column of a CSV file as a daily series.

    The first line names the columns; commas, semicolons or tabs part the cells; the text is UTF-8. Rows may stand in
    any order; one that repeats a day and its value is dropped.

    Parameters
    ----------
    path : str or path
        A regular file of at most 64 MiB and 200,000 rows.
    column : str, optional
        Name of the value column. Letter case counts only where the file holds the name in several.
    columns : tuple of str
        Names to try in this order when `column` is not given. Where the file has none of them, its only
        column of numbers beside the date is taken.
    missing : {"refuse", "previous"}
        What to do about a day without a row or with an empty cell (``null``, ``NaN``, ``N/A``, ``-``): refuse the
        file, or carry the last value forward. Empty cells before the first value are cut off either way.
    shift_days : int
        Days added to every date, in [-366, 366]; -1 for a source that labels a close by the day after it.
    positive : bool
        Whether values of zero and below are refused.

    Returns
    -------
    DailySeries

    Raises
    ------
    InputError, InputTypeError
        If an argument, the file, the header, a row or a cell breaks a rule; the message names the file and the line.
    FileNotFoundError, PermissionError
        As the operating system raises them.

    Notes
    -----
    The date column is found by its name (date, datetime, timestamp, time, day, unix, x), else it is the first column
    whose first cell is a date. Dates are ISO 8601 (also with slashes or a time of day, UTC unless an offset follows) or
    epoch seconds or milliseconds. ``01/02/2024``, which may mix up day and month, and decimal commas are refused.
    """
    file = file_name(path)
    where = f"History: {file}"
    checks.choice(f"{where}: missing", missing, _MISSING)
    shift = checks.integer(f"{where}: shift_days", shift_days, -366, 366)
    above_zero = checks.flag(f"{where}: positive", positive)
    table = read_table(path, where)
    _check_header(table)
    date_at = _date_column(table)
    value_at = _value_column(table, date_at, column, columns)
    days, values = _read_cells(table, date_at, value_at, positive=above_zero)
    name = f"{file}: {plain(table.header[value_at])}"
    return _assemble(name, days + shift, values, missing, lambda row: f"line {table.lines[row]}")


def daily_series(dates: DateArray, values: FloatArray, *, name: str, missing: str = "refuse") -> DailySeries:
    """Make a daily series of arrays, under the rules that `read_daily` has for the rows of a file.

    Parameters
    ----------
    dates : array of datetime64, shape (n,)
        Naive UTC, any unit, any order. The index of a pandas Series will do.
    values : array of float64 or integers, shape (n,)
        NaN is a day without a value. Any sign.
    name : str
        What messages call the series.
    missing : {"refuse", "previous"}
        As in `read_daily`.

    Returns
    -------
    DailySeries

    Raises
    ------
    InputError, InputTypeError
        If a rule is broken.
    """
    name = checks.text("daily_series: name", name)
    where = f"History: {name}"
    checks.choice(f"{where}: missing", missing, _MISSING)
    days = _as_days(f"{where}: dates", dates)
    numbers = _as_floats(f"{where}: values", values)
    if days.ndim != 1 or days.shape != numbers.shape:
        fail(where, f"dates and values must have one shape (n,), got {days.shape} and {numbers.shape}")
    return _assemble(name, days, numbers, missing, lambda row: f"row {row}")


def _check_header(table: Table) -> None:
    header = table.header
    if any(_day(cell) is not None or _OTHER_DATE.fullmatch(cell) for cell in header):
        rule, hint = "must begin with a header that names the columns", "add a line such as date,close"
        checks.refuse(table.where, rule, ",".join(header), hint)
    if len(header) == 1:
        checks.refuse(table.where, "must have a date column and a value column", header[0])
    if not table.rows:
        fail(table.where, "must hold at least 2 days, got a header and no rows")


def _date_column(table: Table) -> int:
    for name in _DATE_NAMES:
        if (found := table.find(name)) is not None:
            return found
    # digits last: a traded volume may look like epoch seconds
    for read in (_iso_day, _epoch_day):
        for column, cell in enumerate(table.rows[0]):
            if read(cell) is not None:
                return column
    hint = "name it date and write ISO 8601, such as 2024-01-31"
    fail(table.where, f"must have a date column ({hint}), got {table.names()}")


def _value_column(table: Table, date_at: int, column: object, columns: tuple[str, ...] | str) -> int:
    if column is not None:
        if not isinstance(column, str):
            checks.refuse_type(f"{table.where}: column", "must be the name of a column (str)", column)
        found = table.find(column.strip())
        if found is None or found == date_at:
            fail(table.where, f"has no value column {checks.show(column)}; its columns are {table.names()}")
        return found
    if isinstance(columns, str):
        checks.refuse_type(f"{table.where}: columns", "must be a tuple of names", columns)
    for name in columns:
        found = table.find(name)
        if found is not None and found != date_at:
            return found
    return _only_column_of_numbers(table, date_at)


def _only_column_of_numbers(table: Table, date_at: int) -> int:
    # 3.5M or 1,234 counts as a number here: left out, it would leave a wrong column as the only one
    found = [
        column
        for column, head in enumerate(table.header)
        if column != date_at
        and head
        and head.casefold() not in _DATE_NAMES
        and any(_LIKE_A_NUMBER.match(row[column]) for row in table.rows)
    ]
    if len(found) != 1:
        some = f"{len(found)} columns hold" if found else "no column holds"
        fail(table.where, f'{some} numbers; write column="..." to choose from {table.names(found or None)}')
    return found[0]


def _read_cells(table: Table, date_at: int, value_at: int, *, positive: bool) -> tuple[IntArray, FloatArray]:
    days = np.empty(len(table.rows), np.int64)
    values = np.empty(len(table.rows))
    for index, row in enumerate(table.rows):
        day, value = _day(row[date_at]), _value(row[value_at])
        if day is None:
            rule = "must be a date in ISO 8601, other forms can be misread"
            checks.refuse(table.place(index, date_at), rule, row[date_at], "write 2024-01-31")
        if value is None:
            hint = "write 1234.56, without separators or units"
            checks.refuse(table.place(index, value_at), "must be a finite number", row[value_at], hint)
        if positive and value <= 0.0:
            checks.refuse(table.place(index, value_at), "must be above 0", row[value_at])
        days[index], values[index] = day, value
    return days, values


def _day(text: str) -> int | None:
    day = _iso_day(text)
    return _epoch_day(text) if day is None else day


def _iso_day(text: str) -> int | None:
    """Days from 1970-01-01 to the UTC day of an ISO 8601 date or time, or None."""
    if not _ISO_DATE.fullmatch(text):
        return None
    try:
        time = dt.datetime.fromisoformat(text.removesuffix(" UTC").replace("/", "-"))
        if time.tzinfo is not None:
            time = time.astimezone(dt.UTC)
    except (ValueError, OverflowError):  # 30 February; an offset that leads out of year 1
        return None
    return time.toordinal() - _EPOCH


def _epoch_day(text: str) -> int | None:
    """Days from 1970-01-01 to the UTC day of epoch seconds or milliseconds (1973 to 2286), or None."""
    if _SECONDS.fullmatch(text):
        return int(text) // 86_400
    return int(text) // 86_400_000 if _MILLISECONDS.fullmatch(text) else None


def _value(text: str) -> float | None:
    """The number, NaN for a cell without one, None for anything else."""
    if text.casefold() in _NO_VALUE:
        return float("nan")
    # float() alone would also take inf, 1_000 and the digits of other scripts
    if not _NUMBER.fullmatch(text) or not math.isfinite(number := float(text)):
        return None
    return number + 0.0  # -0.0 becomes 0.0


def _array(where: str, value: Any) -> "np.ndarray[Any, np.dtype[Any]]":
    # arrays and pandas objects have a dtype; a list is refused here as everywhere in the library
    if np.ma.isMaskedArray(value) or not hasattr(value, "dtype"):
        checks.refuse_type(where, "must be a numpy array without a mask", value, "write np.asarray(...)")
    return np.asarray(value)


def _as_days(where: str, dates: object) -> IntArray:
    given = _array(where, dates)
    if given.dtype.kind != "M":
        hint = "write np.array(dates, 'datetime64[D]'); a pandas index with a zone: index.tz_convert(None)"
        checks.refuse_type(where, "must be an array of datetime64, naive UTC", given, hint)
    undated = np.flatnonzero(np.isnat(given))
    if len(undated):
        fail(f"{where}[{undated[0]}]", "must be a date, got NaT")
    return given.astype("datetime64[D]").astype(np.int64)


def _as_floats(where: str, values: object) -> FloatArray:
    given = _array(where, values)
    if given.dtype.kind in "iu":
        if ((given > _EXACT_INTEGERS) | (given < -_EXACT_INTEGERS)).any():
            fail(where, "must be integers within 2**53, which a float64 holds exactly")
    elif given.dtype.newbyteorder("=") != np.float64:
        checks.refuse_type(where, "must be an array of float64 or integers", given)
    numbers = given.astype(np.float64) + 0.0  # -0.0 becomes 0.0
    infinite = np.flatnonzero(np.isinf(numbers))
    if len(infinite):
        checks.refuse(f"{where}[{infinite[0]}]", "must be finite", float(numbers.flat[infinite[0]]))
    return numbers


def _assemble(name: str, days: IntArray, values: FloatArray, missing: str, place: Callable[[int], str]) -> DailySeries:
    """Sort, drop repeated days, and fill or refuse gaps; `days` count from 1970-01-01, NaN is no value."""
    where = f"History: {name}"
    rows = np.flatnonzero(~np.isnan(values))
    if len(rows) == 0:
        fail(where, "must hold numbers, got none")
    rows = rows[np.argsort(days[rows], kind="stable")]
    _check_one_a_day(where, days, values, rows, place)
    # an empty cell after the last value is a missing day, one before the first is not
    first, last = int(days[rows[0]]), int(days.max())
    if last - first >= DAYS_LIMIT:
        fail(where, f"must span at most {DAYS_LIMIT} days, got {_date(first)} to {_date(last)}")
    every = np.arange(first, last + 1)
    latest = rows[np.searchsorted(days[rows], every, side="right") - 1]
    gaps = every[days[latest] != every]
    if len(gaps) and missing == "refuse":
        shown = ", ".join(map(_date, gaps[:_DAYS_SHOWN])) + (", ..." if len(gaps) > _DAYS_SHOWN else "")
        rule = f"must have a value every day, got none on {len(gaps)} of {len(every)} days: {shown}"
        fail(where, f'{rule} (missing="previous" carries the last value forward)')
    if len(every) == 1:
        fail(where, f"must hold at least 2 days, got only {_date(first)}")
    return DailySeries(every.astype("datetime64[D]"), values[latest], name)


def _check_one_a_day(
    where: str, days: IntArray, values: FloatArray, rows: IntArray, place: Callable[[int], str]
) -> None:
    """Refuse two values for one day; `rows` are in the order of days."""
    one, next_one = rows[:-1], rows[1:]
    clash = np.flatnonzero((days[one] == days[next_one]) & (values[one] != values[next_one]))
    if len(clash):
        a, b = int(one[clash[0]]), int(next_one[clash[0]])
        got = f"{float(values[a])} in {place(a)} and {float(values[b])} in {place(b)}"
        fail(where, f"must hold one row a day, got {got} for {_date(days[a])} UTC (keep the day's close)")


def _date(day: int | np.int64) -> str:
    return str(np.datetime64(int(day), "D"))
