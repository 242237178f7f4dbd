"""Day that each row belongs to, from its time stamp and the rules of its provider."""

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import BoolArray, IntArray
from stakingmodels.errors import DataWarning
from stakingmodels.scenarios.history.files.csv_table import Table, fail
from stakingmodels.scenarios.history.files.dates import NO_TIME, Stamps, stamp_of
from stakingmodels.scenarios.history.files.dialect import Column
from stakingmodels.words import Note

_DAY = 86_400
_EDGE = 60
"""Seconds before midnight that still count as the end of a day, such as 23:59:59.999."""
_JITTER = 3_600
"""Largest distance in seconds of a quote from the midnight requested."""


@attrs.frozen
class Days:
    """Day of each row.

    Attributes
    ----------
    days : ndarray of int64, shape (n_rows,)
        Days from 1970-01-01.
    kept : ndarray of bool, shape (n_rows,)
        False for rows left out: of a day not yet over, or doubled by a change of the provider's rule.
    remarks : tuple of str
        Changes made, for the notes of a scenario.
    """

    days: IntArray
    kept: BoolArray
    remarks: tuple[str, ...]


def as_days(where: str, stamps: Stamps, rule: Column | None, shift: int | None, *, close: bool) -> Days:
    """Days of rows under the rule of their provider, or under the caller's shift, which overrides it.

    Parameters
    ----------
    where : str
        Name of the file in messages.
    stamps : Stamps
        Stamps read from it.
    rule : Column, optional
        Rule of the provider.
    shift : int, optional
        Days that the caller adds to the date of every row.
    close : bool
        Whether each value is of one moment, the close of its day, so that a stamp at noon is invalid.

    Raises
    ------
    InputError
        If stamps are neither the beginning nor the end of a day and no rule explains them.
    """
    days, seconds = np.array(stamps.days, np.int64), np.array(stamps.seconds, np.int64)
    kept = np.ones(len(days), dtype=bool)
    remarks: list[str] = []
    if stamps.zone:
        remarks.append(Note("file.zone", zone=stamps.zone))
    timed = seconds != NO_TIME
    running = _running(days, seconds)
    if running is not None and timed.sum() > 2:
        kept[running] = False
        remarks.append(Note("file.running", time=_clock(days[running], seconds[running])))
    if shift is not None:
        return Days(days + shift, kept, (*remarks, *([Note("file.shifted", days=shift)] if shift else [])))
    if close:
        _check_times(where, days[kept], seconds[kept], is_instant=rule is not None and rule.instant)
    if rule is None:
        return Days(days, kept, tuple(remarks))
    if rule.instant:
        days = days + (np.where(timed, seconds, 0) >= _DAY - _JITTER)
        kept &= _first_of_last_day(days, seconds)
    moved, doubled = _moved(days, rule)
    if rule.shift or rule.shift_before:
        remarks.append(rule.in_words())
    return Days(moved, kept & ~doubled, tuple(remarks))


def _moved(days: IntArray, rule: Column) -> tuple[IntArray, BoolArray]:
    """Days under the provider's shift, and a mask of rows that only repeat those of the following rule."""
    if rule.since is None:
        return days + rule.shift, np.zeros(len(days), dtype=bool)
    split = int(np.datetime64(rule.since, "D").astype(np.int64))
    old = days < split
    moved = days + np.where(old, rule.shift_before, rule.shift)
    return moved, old & (moved >= split + rule.shift) & bool((days >= split).any())


def _running(days: IntArray, seconds: IntArray) -> int | None:
    """Newest row, if it is the only one with a time of day other than midnight; otherwise None."""
    if len(days) < 2:
        return None
    newest = int(np.lexsort((seconds, days))[-1])
    others = np.delete(seconds, newest)
    off = not _at_edge(seconds[newest : newest + 1])[0]
    return newest if off and (others == 0).all() else None


def _at_edge(seconds: IntArray) -> BoolArray:
    return np.asarray((seconds == NO_TIME) | (seconds < _EDGE) | (seconds >= _DAY - _EDGE))


def _first_of_last_day(days: IntArray, seconds: IntArray) -> BoolArray:
    """Mask of all rows except later rows of the newest day, which are of the moment of the download."""
    kept = np.ones(len(days), dtype=bool)
    last = np.flatnonzero(days == days.max())
    if len(last) > 1:
        # an hour before midnight counts towards the next day
        distance = np.minimum(seconds[last], _DAY - seconds[last])
        kept[last] = False
        kept[last[np.argmin(distance)]] = True
    return kept


def _check_times(where: str, days: IntArray, seconds: IntArray, *, is_instant: bool) -> None:
    off = ~_at_edge(seconds)
    near = off & ((seconds < _JITTER) | (seconds > _DAY - _JITTER))
    if is_instant:  # 23:00 by winter time; otherwise it is the midnight of another zone, of the day after
        near |= seconds == _DAY - _JITTER
    if len(days) == 0 or (off & ~near).sum() * 2 <= len(days):
        return
    if np.unique(days).size * 1.5 < len(days):
        return  # several rows a day, reported with their lines
    times = np.unique(seconds[off])
    if len(times) == 1:
        time = _time(int(times[0]))
        rule = f"must have the close of each day, got rows stamped {time} UTC, neither begin nor end of a day"
        how = "shift=0 takes each as its day's close, shift=-1 as that of the day before"
        if times[0] > _DAY // 2:
            how += ", shift=1 as the midnight with which a zone's next day begins"
        fail(where, f"{rule} ({how})")
    clock = _clock_change(times)
    if clock:
        fail(where, f"must be in UTC, got rows stamped {clock}: the clock of a zone with summer time is in it")
    shown = ", ".join(_time(int(time)) for time in times[:3])
    fail(where, f"must hold one row a day, got rows at {len(times)} times of day: {shown}, ...: samples, or a ledger")


def _clock_change(times: IntArray) -> str:
    """Two times of day that are an hour apart, or an empty tuple."""
    if len(times) == 2 and times[1] - times[0] in (3_600, _DAY - 3_600):
        return f"{_time(int(times[0]))} and {_time(int(times[1]))}"
    return ""


def _time(second: int) -> str:
    return f"{second // 3600:02d}:{second // 60 % 60:02d}"


def _clock(day: np.int64, second: np.int64) -> str:
    return f"{np.datetime64(int(day), 'D')} {_time(int(second))}"


def warn_of_midnight(table: Table, stamps: Stamps) -> None:
    """Warn of quotes at 00:00 of an unknown provider: they may be the close of the day before."""
    names = {name.casefold() for name in table.header}
    if names & {"open", "high", "low", "close"} or stamps.zone:
        return
    beside = (stamp_of(cell) for cell in table.rows[0])  # if the date is given beside an instant
    seconds = [second for second in stamps.seconds if second != NO_TIME]
    seconds += [stamp[1] for stamp in beside if stamp is not None and stamp[1] != NO_TIME]
    if seconds and max(seconds) < _EDGE:
        text = (
            f"{table.where}: rows stamped 00:00 without open, high and low beside them: a quote at 00:00 is the close "
        )
        checks.warn(
            text + "of the day before; write shift=-1 if it is one, shift=0 if each row is its day's close", DataWarning
        )
