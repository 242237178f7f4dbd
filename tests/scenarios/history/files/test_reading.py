"""Daily series of files: never a wrong number, and messages that lead to the line."""

import datetime as dt
import time
import warnings
from random import Random

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from stakingmodels.errors import DataWarning, InputError
from stakingmodels.market import Difficulty
from stakingmodels.scenarios.history.files import DailySeries, read_daily
from tests.examples import examples

PRICE = ("close", "PriceUSD", "price", "y")
DAY = dt.date(2024, 1, 1)


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    path = tmp_path_factory.mktemp("files") / "a.csv"

    def read(content: str | bytes, **options) -> DailySeries:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_daily(path, **{"columns": PRICE, **options})

    return read


def rows(*values: object, header: str = "date,close") -> str:
    """A file with one row a day from 1 January 2024; None leaves the row out."""
    days = [DAY + dt.timedelta(days=i) for i in range(len(values))]
    return "\n".join([header, *(f"{d},{v}" for d, v in zip(days, values, strict=True) if v is not None)])


def read_day(read, text: str) -> str:
    """The day that a date cell is taken for, set beside a far later second row."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)  # of the days between
        series = read(f'date,close\n"{text}",1\n2030-01-01,1\n', missing_days="previous", shift=0)
    return str(series.dates[0])


# What is read


def test_values_dates_and_name(read):
    series = read(rows(1, 2.5, "3e1", "+20.5", "4.", "15E-01"))
    assert series.values.tolist() == [1.0, 2.5, 30.0, 20.5, 4.0, 1.5]
    assert series.dates.dtype == np.dtype("datetime64[D]")
    assert [str(series.dates[0]), str(series.dates[-1])] == ["2024-01-01", "2024-01-06"]
    assert series.name == "a.csv: close"


def test_newest_first_with_an_index_column(read):
    series = read(",date,open,close,adj close\n0,2024-01-02,9,2,8\n1,2024-01-01,9,1,8\n")
    assert series.values.tolist() == [1.0, 2.0]


def test_quoted_with_byte_order_mark_and_epoch_milliseconds(read):
    series = read(b'\xef\xbb\xbf"x","y"\n"1682812800000","48.5"\n"1682899200000","49"\n', factor=Difficulty("BTC"))
    assert str(series.dates[0]) == "2023-04-30"
    assert series.values.tolist() == [48.5, 49.0]


def test_date_column_without_a_name(read):
    # as pandas writes a Series that has no name
    assert read(",0\n2024-01-01,5.0\n2024-01-02,6.0\n").values.tolist() == [5.0, 6.0]


def test_date_column_of_an_unknown_name(read):
    text = "snapped_at,price,total_volume\n2024-01-01 00:00:00 UTC,5,1390000000\n2024-01-02 00:00:00 UTC,6,7\n"
    assert str(read(text, shift=0).dates[0]) == "2024-01-01"


def test_volume_is_not_taken_for_epoch_seconds(read):
    series = read("volume,when,price\n1390000000,2024-01-01,5\n1390000000,2024-01-02,6\n")
    assert str(series.dates[0]) == "2024-01-01"


def test_a_column_of_epoch_seconds_is_found(read):
    assert str(read("when,price\n1704067200,5\n1704153600,6\n", shift=0).dates[0]) == "2024-01-01"


@pytest.mark.parametrize("name", ["date", "Datetime", "TIMESTAMP", "time", "day", "unix", "x"])
def test_date_column_by_its_name(read, name):
    series = read(f"volume,{name},price\n1390000000,1704067200,5\n1390000000,1704153600,6\n", shift=0)
    assert str(series.dates[0]) == "2024-01-01"


def test_date_is_preferred_to_other_names_of_time(read):
    series = read("time,DATE,price\n00:00:00,2024-01-01,5\n00:00:00,2024-01-02,6\n")
    assert str(series.dates[0]) == "2024-01-01"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-01-31", "2024-01-31"),
        ("2024/01/31", "2024-01-31"),
        ("2024-01-31T00:00:00Z", "2024-01-31"),
        ("2024-01-31T00:00Z", "2024-01-31"),
        ("2024-01-31 00:00:00+00:00", "2024-01-31"),
        ("2024-01-31 23:59:59.999", "2024-01-31"),
        ("2024-01-31T23:59:59.999999999Z", "2024-01-31"),
        ("2024-01-31 00:00:00 UTC", "2024-01-31"),
        ("2024-01-31 00:59:59+01:00", "2024-01-30"),
        ("2024-01-31 01:00:00+0100", "2024-01-31"),
        ("2024-01-31 18:59:59-05:00", "2024-01-31"),
        ("2024-01-31 19:00:00-05:00", "2024-02-01"),
        ("2024-01-31 05:29:59+05:30", "2024-01-30"),
        ("1706659200", "2024-01-31"),
        ("1706745599", "2024-01-31"),
        ("1706659200000", "2024-01-31"),
        ("1706745599999", "2024-01-31"),
        ("100000000", "1973-03-03"),
        ("1706659200.0", "2024-01-31"),
        ("1706659200000000", "2024-01-31"),
        ("1706659200000000000", "2024-01-31"),
        ("Jan 31, 2024", "2024-01-31"),
        ("31 January 2024", "2024-01-31"),
        ("2024-02-29", "2024-02-29"),
    ],
)
def test_day_of_a_date(read, text, day):
    assert read_day(read, text) == day


@examples(40)
@given(seconds=st.integers(400_000_000, 1_800_000_000), minutes=st.integers(-1439, 1439))
def test_offset_is_converted_exactly_but_at_the_edges_of_a_local_day(read, seconds, minutes):
    local = np.datetime64(seconds + 60 * minutes, "s")
    assume(60 <= (local - local.astype("datetime64[D]")).astype(int) < 86_340)
    offset = "{}{:02d}:{:02d}".format("-" if minutes < 0 else "+", *divmod(abs(minutes), 60))
    assert read_day(read, f"{local}{offset}") == str(np.datetime64(seconds // 86_400, "D"))


@pytest.mark.filterwarnings("ignore:.*differ more than twentyfold")
@given(st.lists(st.floats(min_value=0, exclude_min=True, allow_infinity=False), min_size=2, max_size=20))
def test_every_float_is_read_as_it_was_written(read, values):
    assert read(rows(*values)).values.tolist() == values


@given(st.lists(st.integers(0, 9), min_size=2, max_size=30), st.randoms(use_true_random=False))
def test_shuffled_rows_read_the_same(read, values, random: Random):
    header, *body = rows(*values).splitlines()
    body += random.choices(body, k=3)  # rows that repeat a day and its value
    expected = read("\n".join([header, *body]), positive=False)
    random.shuffle(body)
    series = read("\n".join([header, *body]), positive=False)
    assert series.values.tolist() == expected.values.tolist() == values
    assert series.dates.tolist() == expected.dates.tolist()


def test_shift_moves_the_dates_only(read):
    series = read(rows(1, 2), shift=-1)
    assert str(series.dates[0]) == "2023-12-31"
    assert series.values.tolist() == [1.0, 2.0]


def test_any_sign_where_positive_is_false(read):
    series = read(rows(-1, 0, "-0"), positive=False)
    assert series.values.tolist() == [-1.0, 0.0, 0.0]
    assert not np.signbit(series.values[2])


# Which column


def test_columns_by_preference_in_any_letter_case(read):
    text = "date,PRICE,Close\n2024-01-01,1,2\n2024-01-02,1,2\n"
    assert read(text).values[0] == 2.0
    assert read(text, columns=("price", "close")).values[0] == 1.0


def test_column_overrides_columns(read):
    series = read("date,open,close\n2024-01-01,1,2\n2024-01-02,1,2\n", column="Open")
    assert (series.values[0], series.name) == (1.0, "a.csv: open")


def test_the_date_column_is_passed_over_among_columns(read):
    text = "time,price\n1704067200,5\n1704153600,6\n"
    assert read(text, columns=("time", "price"), shift=0).name == "a.csv: price"


def test_a_second_column_of_time_is_no_value_column(read):
    text = "unix,date,cost\n1704067200,2024-01-01,5\n1704153600,2024-01-02,6\n"
    assert read(text, shift=0).name == "a.csv: cost"


def test_the_only_column_of_numbers_is_taken(read):
    series = read(",date,asset,cost\n0,2024-01-01,btc,5\n1,2024-01-02,btc,6\n")
    assert series.name == "a.csv: cost"


@pytest.mark.parametrize("cell", ["5", "45.6T", '"1,234"', "$5"])
def test_two_columns_that_may_be_meant(read, cell):
    with pytest.raises(InputError, match=r"^History: a.csv: 2 columns .* write column=\"\.\.\.\" .* 'a', 'b'$"):
        read(f"date,a,b\n2024-01-01,{cell},5\n2024-01-02,{cell},6\n")


def test_no_column_of_numbers(read):
    with pytest.raises(InputError, match=r"no column holds numbers; write column=.* 'date', 'asset'"):
        read("date,asset\n2024-01-01,btc\n2024-01-02,btc\n")


@pytest.mark.parametrize("column", ["low", "date", ""])
def test_column_that_is_not_there(read, column):
    with pytest.raises(InputError, match=rf"no value column '{column}'; its columns are 'date', 'close'"):
        read(rows(1, 2), column=column)


def test_the_date_column_is_no_value_column(read):
    with pytest.raises(InputError, match="no value column 'x'"):
        read('"x","y"\n1682812800000,1\n1682899200000,2\n', column="x")


def test_name_that_stands_twice(read):
    with pytest.raises(InputError, match="column names must differ"):
        read("date,close,close\n2024-01-01,1,2\n2024-01-02,1,2\n")


def test_no_date_column(read):
    with pytest.raises(InputError, match=r"must have a date column \(.*ISO 8601.*'when', 'close'"):
        read("when,close\nbefore,1\nafter,2\n")


# Days that are missing or doubled


@pytest.mark.parametrize("cell", [None, "", "null", "NaN", "nan", "N/A", "-"])
def test_missing_day(read, cell):
    text = rows(1, 2, cell, cell, 5)
    hint = r'\(missing_days="previous" carries the last value forward\)$'
    with pytest.raises(InputError, match=f"none on 2 of 5 days: 2024-01-03, 2024-01-04 {hint}"):
        read(text)
    assert read(text, missing_days="previous").values.tolist() == [1, 2, 2, 2, 5]


def test_first_missing_days_are_named(read):
    with pytest.raises(InputError, match=r"none on 6 of 8 days: 2024-01-02, .*, 2024-01-06, \.\.\. "):
        read(rows(1, *[None] * 6, 8))


@pytest.mark.parametrize("missing", ["refuse", "previous"])
def test_empty_cells_before_the_first_value_are_cut_off(read, missing):
    series = read(rows("", "null", 3, 4), missing_days=missing)
    assert (str(series.dates[0]), series.values.tolist()) == ("2024-01-03", [3.0, 4.0])


def test_empty_cell_after_the_last_value_is_a_missing_day(read):
    with pytest.raises(InputError, match="none on 1 of 3 days: 2024-01-03"):
        read(rows(1, 2, ""))
    assert read(rows(1, 2, ""), missing_days="previous").values.tolist() == [1, 2, 2]


def test_value_is_carried_in_the_order_of_days(read):
    text = "date,close\n2024-01-04,4\n2024-01-03,\n2024-01-01,1\n"
    assert read(text, missing_days="previous").values.tolist() == [1, 1, 1, 4]


def test_same_day_and_value_twice(read):
    assert read(rows(1, 2) + "\n2024-01-01,1.0\n2024-01-02,").values.tolist() == [1, 2]


def test_same_day_with_two_values(read):
    got = "must hold one row a day, got 2.0 in line 3 and 2.5 in line 5 for 2024-01-02 UTC"
    with pytest.raises(InputError, match=got):
        read(rows(1, 2, 3) + "\n2024-01-02,2.5")


def test_several_times_of_one_utc_day(read):
    with pytest.raises(InputError, match=r"one row a day, got 1.0 in line 2 and 2.0 in line 3 for 2024-01-01 UTC"):
        read("time,close\n2024-01-01T23:00:00Z,1\n2024-01-02T00:30:00+01:00,2\n", shift=0)


def test_2500_rows_take_less_than_50_ms_of_the_processor(read):
    text = rows(*range(1, 2501))
    read(text)

    def seconds() -> float:
        start = time.process_time()  # a busy machine takes longer by the clock
        read(text)
        return time.process_time() - start

    assert min(seconds() for _ in range(5)) < 0.05
