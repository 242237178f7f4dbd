"""`TimeGrid`: when steps begin and end, and when the holder asks to leave."""

import datetime as dt
import pickle
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels.errors import InputError, InputTypeError, UnitWarning
from stakingmodels.market import TimeGrid
from stakingmodels.market.grid import STEPS_LIMIT, as_time

NEW_YEAR = np.datetime64("2026-01-01", "s")


# Making one


def test_daily_without_a_tail():
    grid = TimeGrid.daily("2026-01-01", days=2)
    assert grid.times.tolist() == [dt.datetime(2026, 1, day) for day in (1, 2, 3)]  # noqa: DTZ001  naive UTC is meant
    assert (grid.n_times, grid.n_steps, grid.exit) == (3, 2, 2)
    assert grid.years == grid.years_held == 2 / 365


def test_daily_with_a_tail():
    grid = TimeGrid.daily("2026-01-01", days=365, settlement_days=60)
    assert (grid.n_times, grid.n_steps, grid.exit) == (426, 425, 365)
    assert grid.years_held == 1.0
    assert grid.years == 425 / 365


def test_a_year_by_default():
    assert TimeGrid.daily("2026-01-01").exit == 365


def test_steps_of_other_lengths():
    grid = TimeGrid(np.array(["2026-01-01T00", "2026-01-01T06", "2026-01-03T06"], dtype="M8[h]"))
    assert grid.step_days.tolist() == [0.25, 2.0]
    assert grid.elapsed_days.tolist() == [0.0, 0.25, 2.25]
    assert grid.exit == 2


@pytest.mark.parametrize("unit", ["D", "h", "s", "ms", "ns"])
def test_the_unit_of_the_times_does_not_matter(unit):
    times = np.arange("2026-01-01", "2026-01-05", dtype="M8[D]").astype(f"M8[{unit}]")
    assert TimeGrid(times).times.tobytes() == TimeGrid.daily("2026-01-01", days=3).times.tobytes()


@given(st.integers(1, 2000), st.integers(0, 500))
def test_lengths_add_up(days, tail):
    grid = TimeGrid.daily("2020-02-28", days=days, settlement_days=tail)
    assert grid.exit == days
    assert grid.n_steps == days + tail
    assert grid.step_days.sum() == grid.elapsed_days[-1] == days + tail


def test_times_are_copied_and_read_only():
    times = np.arange("2026-01-01", "2026-01-04", dtype="M8[D]").astype("M8[s]")
    grid = TimeGrid(times)
    times[0] = np.datetime64("1999-01-01")
    assert grid.times[0] == NEW_YEAR
    with pytest.raises(ValueError, match="WRITEABLE"):
        grid.times.setflags(write=True)


def test_pickle_keeps_the_times_read_only():
    grid = TimeGrid.daily("2026-01-01", days=5, settlement_days=2)
    copy = pickle.loads(pickle.dumps(grid))  # noqa: S301
    assert (copy.times.tobytes(), copy.exit) == (grid.times.tobytes(), 5)
    with pytest.raises(ValueError, match="WRITEABLE"):
        copy.times.setflags(write=True)


# Moments


@pytest.mark.parametrize(
    "value",
    [
        "2026-01-01",
        "2026-01-01T00:00:00",
        "2026-01-01T00:00:00Z",
        "2026-01-01T02:00:00+02:00",
        dt.date(2026, 1, 1),
        dt.datetime(2026, 1, 1),  # noqa: DTZ001
        dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        dt.datetime(2025, 12, 31, 19, tzinfo=dt.timezone(dt.timedelta(hours=-5))),
        dt.datetime(2026, 1, 1, 9, tzinfo=ZoneInfo("Asia/Tokyo")),
        dt.datetime(2026, 1, 1, tzinfo=ZoneInfo("Asia/Tokyo")),  # midnight of a zone is a bar of its date
        dt.datetime(2026, 1, 1, tzinfo=ZoneInfo("America/New_York")),
        "2026-01-01T00:00:00+09:00",
        np.datetime64("2026-01-01"),
        np.datetime64("2026-01-01T00:00:00.000000000"),
    ],
    ids=repr,
)
def test_one_moment_written_in_many_ways(value):
    moment = as_time("x", value)
    assert moment == NEW_YEAR
    assert moment.dtype == np.dtype("M8[s]")


def test_a_zone_moves_a_grid_by_its_offset_only():
    berlin = dt.datetime(2026, 7, 1, 2, tzinfo=ZoneInfo("Europe/Berlin"))
    assert TimeGrid.daily(berlin, days=3).times.tobytes() == TimeGrid.daily("2026-07-01", days=3).times.tobytes()


@pytest.mark.parametrize(
    "value", [1_700_000_000, 1.7e9, None, dt.timedelta(days=1), np.timedelta64(1, "D"), True, b"2026"]
)
def test_what_is_no_moment(value):
    with pytest.raises(InputTypeError, match=rf"^TimeGrid\.start: must be a date, got {type(value).__name__}"):
        TimeGrid.daily(value, days=1)


@pytest.mark.parametrize("value", ["31/12/2026", "", "today", "2026-02-30", "2026-13-01", "2016-12-31T23:59:60Z"])
def test_text_that_is_no_iso_date(value):
    with pytest.raises(InputError, match=r"^TimeGrid\.start: must be a date in ISO 8601, got "):
        TimeGrid.daily(value, days=1)


class Nowhere(dt.tzinfo):
    def utcoffset(self, _moment):
        return None

    def tzname(self, _moment):
        return "nowhere"

    def dst(self, _moment):
        return None


@pytest.mark.parametrize(
    ("value", "word"),
    [
        (dt.datetime(2026, 1, 1, tzinfo=Nowhere()), "offset"),
        (dt.datetime(1, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=14))), "range"),
        (np.datetime64("NaT", "s"), "NaT"),
    ],
)
def test_moments_that_do_not_exist(value, word):
    with pytest.raises(InputError, match=rf"^TimeGrid\.start: .*{word}"):
        TimeGrid.daily(value, days=1)


@pytest.mark.parametrize("value", [np.datetime64(1_700_000_000_000, "s"), np.datetime64(-(10**11), "s")])
def test_years_out_of_range(value):
    with pytest.raises(InputError, match=r"^TimeGrid\.start: must be in the years 1 to 9999.*milliseconds"):
        TimeGrid.daily(value, days=1)


def test_an_hour_that_clocks_skip():
    with pytest.raises(InputError, match=r"^TimeGrid\.start: does not exist"):
        TimeGrid.daily(dt.datetime(2026, 3, 29, 2, 30, tzinfo=ZoneInfo("Europe/Berlin")), days=1)


@pytest.mark.parametrize(("fold", "utc"), [(0, "2026-10-25T00:30:00"), (1, "2026-10-25T01:30:00")])
def test_an_hour_that_comes_twice(fold, utc):
    moment = dt.datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"), fold=fold)
    with pytest.warns(UnitWarning, match=rf"ambiguous.*fold={fold}"):
        grid = TimeGrid.daily(moment, days=1)
    assert str(grid.times[0]) == utc


# Lengths


@pytest.mark.parametrize(
    ("days", "tail", "name"),
    [(0, 0, "days"), (-1, 0, "days"), (STEPS_LIMIT + 1, 0, "days"), (1, -1, "settlement_days")],
)
def test_lengths_out_of_range(days, tail, name):
    with pytest.raises(InputError, match=rf"^TimeGrid\.{name}: must be an integer in \["):
        TimeGrid.daily("2026-01-01", days=days, settlement_days=tail)


@pytest.mark.parametrize("days", [365.0, "365", None, True])
def test_lengths_are_whole_numbers(days):
    with pytest.raises(InputTypeError, match=r"^TimeGrid\.days: must be an integer"):
        TimeGrid.daily("2026-01-01", days=days)


def test_held_and_tail_share_one_limit():
    with pytest.raises(InputError, match=r"^TimeGrid\.settlement_days"):
        TimeGrid.daily("2026-01-01", days=STEPS_LIMIT - 1, settlement_days=2)


# Times


DAYS = np.arange("2026-01-01", "2026-01-06", dtype="M8[D]")


@pytest.mark.parametrize(
    ("times", "error", "words"),
    [
        (DAYS[:1], InputError, "at least 2"),
        (DAYS[:0], InputError, "at least 2"),
        (DAYS[::-1], InputError, r"increasing; times\[1\]"),
        (DAYS[[0, 1, 1, 3]], InputError, r"increasing; times\[2\]"),
        (DAYS[[0, 1, 3, 2]], InputError, r"increasing; times\[3\]"),
        (np.array(["2026-01-01", "NaT"], dtype="M8[D]"), InputError, "NaT"),
        (np.array([0, 1_700_000_000_000]).astype("M8[s]"), InputError, "milliseconds"),
        (DAYS[:4].reshape(2, 2), InputError, r"dimension.*\(2, 2\)"),
        (DAYS[0:1].reshape(()), InputError, r"dimension.*\(\)"),
        ([3.0], InputTypeError, "must be a date, got float"),
        (np.arange(3.0), InputTypeError, "array of datetime64, got ndarray"),
        (np.array([dt.date(2026, 1, 1)], dtype=object), InputTypeError, "array of datetime64"),
        (None, InputTypeError, "array of datetime64, got NoneType"),
    ],
)
def test_times_are_refused(times, error, words):
    with pytest.raises(error, match=rf"^TimeGrid\.times: .*{words}"):
        TimeGrid(times)


def test_too_many_times():
    with pytest.raises(InputError, match="limit of 100000 steps"):
        TimeGrid(np.arange(STEPS_LIMIT + 2).astype("M8[D]"))


@pytest.mark.parametrize("step", [0, 5, -2])
def test_exit_lies_within_the_grid(step):
    with pytest.raises(InputError, match=r"^TimeGrid\.exit: must be an integer in \[1, 4\]"):
        TimeGrid(DAYS, exit=step)


@pytest.mark.parametrize("step", [True, "2", 2.5])
def test_exit_is_a_whole_number(step):
    with pytest.raises(InputTypeError, match=r"^TimeGrid\.exit: must be an integer"):
        TimeGrid(DAYS, exit=step)


def test_a_grid_says_its_first_and_last_time_and_its_exit():
    grid = TimeGrid.daily("2026-01-01", days=3, settlement_days=2)
    assert repr(grid) == "TimeGrid(2026-01-01T00:00:00 to 2026-01-06T00:00:00, 5 steps, exit=3)"
