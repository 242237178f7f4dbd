"""Dates of a file's column: day and second of each row."""

import datetime as dt
import re
from collections.abc import Sequence
from typing import Literal, NoReturn

import attrs

from stakingmodels import checks
from stakingmodels.scenarios.history.files.csv_table import Table

EPOCH = dt.date(1970, 1, 1).toordinal()
NO_TIME = -1
"""Second of a row dated without a time of day."""
DateForm = Literal["", "month first", "day first"]
"""Options of `dates` for dates such as 01/02/2024."""

_DAY = 86_400
_LAST_MINUTE = dt.time(23, 59)
_ISO = re.compile(r"\d{4}([-/])\d\d\1\d\d([T ]([01]\d|2[0-3]):\d\d(:\d\d(\.\d+)?)?(Z| UTC|[+-]\d\d:?\d\d)?)?", re.ASCII)
_NUMBERS = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d\d)(?:[ ,]+(\d{1,2}):(\d\d)(?::(\d\d))?)?", re.ASCII)
_HOUR = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d-[AP]M", re.ASCII)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_DAY = re.compile(r"([A-Za-z]{3,9})\.? (\d{1,2}),? (\d{4})", re.ASCII)
_DAY_MONTH = re.compile(r"(\d{1,2})[ -]([A-Za-z]{3,9})\.?[ -](\d{4})", re.ASCII)
# digits are counted: neither an index nor 20240131 may be taken for an instant
_EPOCHS = (
    (re.compile(r"([1-9]\d{8,9})(?:\.0*)?", re.ASCII), 1),
    (re.compile(r"([1-9]\d{11,12})(?:\.0*)?", re.ASCII), 1_000),
    (re.compile(r"([1-9]\d{14,15})(?:\.0*)?", re.ASCII), 1_000_000),
    (re.compile(r"([1-9]\d{17,18})", re.ASCII), 1_000_000_000),
)

Stamp = tuple[int, int]
"""Days from 1970-01-01, and the second of that day or `NO_TIME`."""


@attrs.frozen
class Stamps:
    """Time stamps of the rows of a file.

    Attributes
    ----------
    days : list of int
        Day of each row, from 1970-01-01: in UTC, but in its own zone if a zoned row begins or ends a day there.
    seconds : list of int
        Second of that day, or `NO_TIME`.
    zone : str
        First offset from UTC in which rows keep their local date; empty if none does.
    """

    days: list[int]
    seconds: list[int]
    zone: str = ""


def is_date(text: str) -> bool:
    """Whether a cell is a date in any form distinguishable from other numbers."""
    return _iso(text) is not None or _named(text) is not None or _NUMBERS.fullmatch(text) is not None


def is_instant(text: str) -> bool:
    """Whether a cell is epoch seconds, or thousandths, millionths or billionths of them (1973 to 2286)."""
    return epoch(text) is not None


def read_stamps(table: Table, column: int, form: str) -> Stamps:
    """Dates of a column; `form` gives the order of numbers with slashes, or is empty.

    Raises
    ------
    InputError
        With the line of the first cell that is no date, or that may be read in two ways.
    """
    cells = [row[column] for row in table.rows]
    numbers = [match for cell in cells if (match := _NUMBERS.fullmatch(cell))]
    order = _order(numbers, form) if numbers else form
    days: list[int] = []
    seconds: list[int] = []
    for index, cell in enumerate(cells):
        stamp = _stamp(cell, order) or _refuse(table.place(index, column), cell, numbers and not order)
        days.append(stamp[0])
        seconds.append(stamp[1])
    return Stamps(days, seconds, _zone(cells))


def stamp_of(text: str) -> Stamp | None:
    """Stamp of a cell that is an unambiguous date, or None."""
    return next((stamp for read in (_iso, epoch, _named) if (stamp := read(text)) is not None), None)


def _stamp(text: str, order: str) -> Stamp | None:
    stamp = stamp_of(text)
    if stamp is not None:
        return stamp
    match = _NUMBERS.fullmatch(text)
    return _numbered(match, order) if match and order else None


def _refuse(where: str, cell: str, ambiguous: object) -> NoReturn:
    rule, hint = "must be a date in ISO 8601, other forms can be misread", "write 2024-01-31"
    if _HOUR.fullmatch(cell):
        rule, hint = "must be a day, not an hour of one", "download the daily file of the same maker"
    elif ambiguous:
        hint += ', or dates="month first" or "day first"'
    checks.refuse(where, rule, cell, hint)


def day_of(text: str) -> int | None:
    """Days from 1970-01-01 to a date as found in an index, or None."""
    stamp = _iso(text)
    return None if stamp is None else stamp[0]


def _iso(text: str) -> Stamp | None:
    if not _ISO.fullmatch(text):
        return None
    try:
        time = dt.datetime.fromisoformat(text.removesuffix(" UTC").replace("/", "-"))
        in_utc = time if time.tzinfo is None else time.astimezone(dt.UTC)
    except (ValueError, OverflowError):  # 30 February; an offset that leads before year 1
        return None
    if time.tzinfo is not None and not is_a_days_edge(time.time()):
        time = in_utc
    return time.toordinal() - EPOCH, _second(time.time()) if len(text) > 10 else NO_TIME


def is_a_days_edge(time: dt.time) -> bool:
    """Whether a local time of day is the beginning or end of a daily bar, which then keeps its local date."""
    return time.replace(microsecond=0) == dt.time() or time >= _LAST_MINUTE


def _second(time: dt.time) -> int:
    return time.hour * 3600 + time.minute * 60 + time.second


def epoch(text: str) -> Stamp | None:
    """Stamp of epoch seconds or fractions of them, or None."""
    for pattern, per_second in _EPOCHS:
        if match := pattern.fullmatch(text):
            return divmod(int(match[1]) // per_second, _DAY)
    return None


def _named(text: str) -> Stamp | None:
    """Stamp of a date with its month in English."""
    if match := _MONTH_DAY.fullmatch(text):
        month, day, year = match.groups()
    elif match := _DAY_MONTH.fullmatch(text):
        day, month, year = match.groups()
    else:
        return None
    name = month.lower()
    found = next((i for i, short in enumerate(_MONTHS, 1) if name.startswith(short)), 0)
    return _dated(int(year), found, int(day), NO_TIME)


def _dated(year: int, month: int, day: int, second: int) -> Stamp | None:
    try:
        return dt.date(year, month, day).toordinal() - EPOCH, second
    except ValueError:
        return None


def _numbered(match: re.Match[str], order: str) -> Stamp | None:
    first, _, second, year, hour, minute, seconds = match.groups()
    month, day = (first, second) if order == "month first" else (second, first)
    time = NO_TIME if hour is None else int(hour) * 3600 + int(minute) * 60 + int(seconds or 0)
    if time >= _DAY:
        return None
    return _dated(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day), time)


def _order(dates: Sequence[re.Match[str]], form: str) -> str:
    """Position of the month: as given, else as days after the 12th prove for the whole column, else unknown."""
    if form or any(len(match[4]) == 2 for match in dates):
        return form
    first, second = (max(int(match[group]) for match in dates) for group in (1, 3))
    if (first > 12) == (second > 12):
        return ""
    return "day first" if first > 12 else "month first"


def _zone(cells: Sequence[str]) -> str:
    """First offset, such as +02:00, with which a row keeps its local date."""
    for cell in cells:
        tail = cell[-6:]
        if _ISO.fullmatch(cell) and tail[0] in "+-" and len(cell) > 16 and tail[1:] != "00:00":
            time = dt.datetime.fromisoformat(cell.replace("/", "-"))
            if is_a_days_edge(time.time()):
                return tail
    return ""
