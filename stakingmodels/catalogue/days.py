"""Days of sheets: texts such as ``"2026-11-30"``, ``"2026-11"`` and ``"2026"``. Nothing reads the clock."""

import datetime as dt

from stakingmodels import checks
from stakingmodels._types import DateLike
from stakingmodels.market.grid import as_time

_MIDDLE = {4: "-07-01", 7: "-15"}
"""Ends by which a year and a month become the day in their middle."""
_FIRST = {4: "-01-01", 7: "-01", 10: ""}
YEAR_DAYS = 365


def first_day(text: str) -> str | None:
    """First day of a day, month or year; None for a text that is none."""
    whole = text + _FIRST.get(len(text), "?")
    try:
        return whole if dt.date.fromisoformat(whole).isoformat() == whole else None
    except ValueError:
        return None


def is_older(text: str, on: str) -> bool:
    """Whether a day, or the middle of a month or year, is more than 365 days before another day."""
    day = dt.date.fromisoformat(text + _MIDDLE.get(len(text), ""))
    return (dt.date.fromisoformat(on) - day).days > YEAR_DAYS


def day_text(where: str, day: DateLike) -> str:
    """A day given by a caller as a text ``YYYY-MM-DD``."""
    return str(as_time(where, day).astype("datetime64[D]"))


def checked_day(where: str, value: object, as_of: str, *, shorter: bool = False) -> str:
    """A day ``YYYY-MM-DD`` that is not after another; where `shorter`, a month or a year too."""
    text = str(value) if not isinstance(value, str) else value
    first = first_day(text) if shorter or len(text) == len("2026-11-30") else None
    if first is None:
        rule = "must be a day, a month or a year" if shorter else "must be a day"
        checks.refuse(where, rule, text, 'write "2026-11-30"')
    if as_of and first > as_of:
        checks.refuse(where, f"must not be after the sheet's as_of of {as_of}", text)
    return text
