"""Why days are missing or doubled, and what a stamp is worth: the cause is named, and no hint does harm."""

import datetime as dt
import json
import time

import numpy as np
import pytest

from stakingmodels.errors import DataWarning, InputError, UnitWarning
from stakingmodels.market import Price, StakingReward
from stakingmodels.scenarios import History, read_daily
from stakingmodels.scenarios.history.files.ledgers import LEDGERS

ETH = Price("ETH")
YEAR = [dt.date(2018, 1, 1) + dt.timedelta(days=k) for k in range(365)]
PRICES = 100.0 * np.exp(0.02 * np.cumsum(np.random.default_rng(3).standard_normal(365)))


@pytest.fixture
def read(tmp_path):
    def read(text, factor=ETH, name="a.csv", **options):
        path = tmp_path / name
        path.write_text(text if isinstance(text, str) else json.dumps(text), encoding="utf-8")
        return read_daily(path, factor=factor, **options)

    return read


def rows(days, values, header="date,close") -> str:
    return "\n".join([header, *(f"{day},{float(value)!r}" for day, value in zip(days, values, strict=True))])


# Clocks


@pytest.mark.parametrize(
    ("zone", "begin", "end"),
    [
        ("Europe", dt.date(2018, 3, 25), dt.date(2018, 10, 28)),
        ("North America", dt.date(2018, 3, 11), dt.date(2018, 11, 4)),
    ],
)
def test_the_clock_of_a_zone_is_named_and_nothing_else_is_advised(read, zone, begin, end):
    # from spring to autumn the rows are a day early: the first of them doubles a day, the last leaves one out
    labels = [day - dt.timedelta(days=1) if begin < day <= end else day for day in YEAR]
    text = rows(labels, PRICES)
    with pytest.raises(
        InputError, match=rf"for {begin} UTC \(the clock of {zone} is in it.*do not delete one\)$"
    ) as caught:
        read(text)
    assert "previous" not in str(caught.value)
    assert "keep the day" not in str(caught.value)
    without = [row for row in text.splitlines() if row != f"{begin},{float(PRICES[YEAR.index(begin)])!r}"]
    with pytest.raises(
        InputError, match=rf"none on 1 of 365 days: {end}: the clock of {zone} is in it.*take a file in UTC"
    ):
        read("\n".join(without))


def test_stamps_that_change_with_the_season_are_told(read):
    text = "\n".join(
        [
            "date,close",
            *(f"{day} {'22' if 4 <= day.month <= 9 else '23'}:00:00,{p}" for day, p in zip(YEAR, PRICES, strict=True)),
        ]
    )
    with pytest.raises(
        InputError, match=r"got rows stamped 22:00 and 23:00: the clock of a zone with summer time is in it"
    ):
        read(text)


@pytest.mark.parametrize("time_of_day", ["12:00:00", "16:00:00", "08:30"])
def test_a_stamp_at_noon_is_no_close(read, time_of_day):
    days = [f"{day}T{time_of_day}Z" for day in YEAR[:9]]
    text = rows(days, PRICES[:9])
    with pytest.raises(
        InputError, match=rf"got rows stamped {time_of_day[:5]} UTC.*\(shift=0 takes each as its day's close"
    ):
        read(text)
    assert str(read(text, shift=0).dates[0]) == "2018-01-01"
    assert str(read(text, shift=-1).dates[0]) == "2017-12-31"


def test_midnights_of_another_zone_in_utc_are_asked_about(read):
    """Winter in Berlin: 23:00 UTC begins the next day there, and is not an hour before the close of its own."""
    days = [f"{day}T23:00:00Z" for day in YEAR[:9]]
    with pytest.raises(InputError, match=r"got rows stamped 23:00 UTC.*shift=1 as the midnight with which a zone's"):
        read(rows(days, PRICES[:9]))
    assert str(read(rows(days, PRICES[:9]), shift=1).dates[0]) == "2018-01-02"
    mostly_winter = [f"{day}T{'22' if k < 3 else '23'}:00:00Z" for k, day in enumerate(YEAR[:9])]
    with pytest.raises(InputError, match=r"got rows stamped 22:00 and 23:00: the clock of a zone with summer time"):
        read(rows(mostly_winter, PRICES[:9]))


def test_a_rate_may_be_stamped_at_noon(read):
    days = [f"{day}T12:00:23Z" for day in YEAR[:9]]
    assert str(read(rows(days, [0.03] * 9, "date,apr"), StakingReward("ETH")).dates[0]) == "2018-01-01"


def test_samples_at_many_times_are_no_series(read):
    days = [f"{day}T{k % 24:02d}:{k % 60:02d}:00Z" for k, day in enumerate(YEAR[:40], 5)]
    with pytest.raises(InputError, match=r"got rows at \d+ times of day: .*samples, or a ledger"):
        read(rows(days, PRICES[:40]))


def test_the_row_of_a_day_that_still_runs_is_left_out_and_told(read):
    days = [*(f"{day}T00:00:00Z" for day in YEAR[:9]), "2018-01-09T17:23:00Z"]
    text = (
        rows(days, [*PRICES[:9], 9e9], "open_time,close")
        .replace("close", "open,high,low,close")
        .replace("Z,", "Z,1,1,1,")
    )
    series = read(text)
    assert (str(series.dates[-1]), series.values[-1]) == ("2018-01-09", PRICES[8])
    assert "without the row of 2018-01-09 17:23, when that day still ran" in series.remarks


def test_a_newest_day_that_stands_there_twice(read):
    with pytest.raises(
        InputError, match=r"for 2018-01-09 UTC \(the newest day is there twice: delete the row of the day"
    ):
        read(rows([*YEAR[:9], YEAR[8]], [*PRICES[:9], 1.0]))


# Gaps


def test_a_weekly_file_is_told_and_gets_no_hint(read):
    text = rows(YEAR[::7], PRICES[::7])
    with pytest.raises(
        InputError, match=r"got none on 312 of 365 days: .*: one row each 7 days \(take a daily file\)$"
    ):
        read(text)
    with pytest.warns(
        DataWarning, match=r"312 of 365 days \(85%\) are filled with the day before: one row each 7 days"
    ):
        series = read(text, missing_days="previous")
    assert len(series.filled_days) == 312
    (note,) = History({ETH: series}).describe()
    assert note.endswith("312 of 365 days (85.5%) filled with the day before")


def test_a_monthly_file_is_told(read):
    days = [day for day in YEAR if day.day == 1]
    with pytest.raises(InputError, match=r"one row each month \(take a daily file\)"):
        read(rows(days, PRICES[: len(days)]))


def test_every_third_day_missing_gets_no_hint(read):
    kept = [k for k in range(365) if k % 3]
    with pytest.raises(InputError, match=r"none on 121 of \d+ days: .*cannot be filled without inventing them"):
        read(rows([YEAR[k] for k in kept], PRICES[kept]))


def test_a_few_days_missing_may_be_filled_and_are_counted(read):
    kept = [k for k in range(365) if k not in (40, 41, 200)]
    text = rows([YEAR[k] for k in kept], PRICES[kept])
    with pytest.raises(
        InputError, match=r'none on 3 of 365 days: .* \(missing_days="previous" carries the last value forward\)$'
    ):
        read(text)
    series = read(text, missing_days="previous")
    assert series.filled_days.tolist() == [YEAR[40], YEAR[41], YEAR[200]]
    assert "3 of 365 days (0.8%) filled with the day before" in History({ETH: series}).describe()[0]


def test_only_filled_days_in_use_are_counted(read):
    kept = [k for k in range(365) if k != 3]
    series = read(rows([YEAR[k] for k in kept], PRICES[kept]), missing_days="previous")
    other = read(rows(YEAR[10:], PRICES[10:]), name="b.csv")
    assert "filled" not in History({ETH: series, Price("BTC"): other}).describe()[0]


# Numbers that look odd


@pytest.mark.parametrize(
    ("text", "warned"),
    [
        ("date;close\n2024-01-01;998\n2024-01-02;1.002\n2024-01-03;1.010\n", "three digits after it"),
        ("date,close\n2024-01-01,998\n2024-01-02,1.002\n2024-01-03,1.010\n", "three digits after it"),
        ("date;close\n2024-01-01;1.002\n2024-01-02;1.010\n", "three digits after it"),
        ("date,close\n2024-01-01,3100.5\n2024-01-02,3105.25\n2024-01-03,31", "more than twentyfold"),
        ("date,close\n2024-01-01,0.31\n2024-01-02,31\n2024-01-03,31.5\n", "more than twentyfold"),
    ],
)
@pytest.mark.filterwarnings("ignore:.*more than twentyfold", "ignore:.*three digits after it")
def test_thousands_and_cut_lines_are_warned_of(read, text, warned):
    with pytest.warns(UnitWarning, match=warned):
        read(text)


@pytest.mark.parametrize(
    "cells", [("1.002", "1.010", "1.013"), ("0.998", "1", "1.002"), ("4.755", "4.39", "5"), ("998", "1002")]
)
def test_prices_of_three_decimals_are_not(read, cells):
    text = "date,close\n" + "".join(f"2024-01-0{k},{cell}\n" for k, cell in enumerate(cells, 1))
    assert read(text).values.tolist() == [float(cell) for cell in cells]


# Ledgers and several things in one file


@pytest.mark.parametrize(("maker", "names"), [(m, names) for m, signs in LEDGERS.items() for names in signs])
@pytest.mark.parametrize("before", ["", "\nTransactions\nUser,Somebody,12345\n", "You can use this file\n\n"])
def test_exports_of_accounts_are_named(read, maker, names, before):
    text = (
        before + ",".join(name.title() for name in names) + "\n" + ",".join(["2024-01-01", *["1.5"] * (len(names) - 1)])
    )
    for factor in (ETH, StakingReward("ETH")):
        with pytest.raises(InputError, match=rf"is a ledger, not a daily series: it looks like an export of {maker}"):
            read(text, factor)


def test_an_unknown_ledger_is_told_by_what_it_holds(read):
    text = "date,type,asset,amount,tx hash\n2024-01-01,reward,ETH,0.01,0xab\n2024-01-02,reward,ETH,0.01,0xac\n"
    with pytest.raises(InputError, match=r"is a ledger, not a daily series: it has a row for each 'type'"):
        read(text, StakingReward("ETH"), column="amount")


@pytest.mark.parametrize("column", ["asset", "Coin", "validator", "symbol", "Validator Index"])
def test_rows_of_several_things_are_refused(read, column):
    text = f"date,{column},apr\n2024-01-01,1,0.03\n2024-01-01,2,0.03\n2024-01-02,1,0.03\n2024-01-02,2,0.03\n"
    with pytest.raises(
        InputError, match=rf"must hold the rows of one thing, got 2 of them in column '{column}': '1', '2'"
    ):
        read(text, StakingReward("ETH"))


def test_one_coin_a_day_of_two_is_refused(read):
    text = "time,asset,PriceUSD\n2024-01-01,btc,42000\n2024-01-02,eth,2300\n2024-01-03,btc,43000\n"
    with pytest.raises(InputError, match=r"got 2 of them in column 'asset': 'btc', 'eth'"):
        read(text)


def test_many_rows_that_repeat_a_day_are_several_things(read):
    text = rows([day for day in YEAR[:40] for _ in range(2)], [0.03] * 80, "date,apr")
    with pytest.raises(
        InputError, match=r"got 40 of 80 rows that repeat a day \(hours, or rows of several coins or accounts"
    ):
        read(text, StakingReward("ETH"))


def test_identifiers_are_no_numbers(read):
    header = "date,id,tx hash,reserve,block_number,a,b"
    text = header + "\n2024-01-01,1,0x51,0xC02a,5,1,2\n2024-01-02,2,0x52,0xC02a,6,1,2\n"
    with pytest.raises(InputError, match=r"2 columns hold numbers; write column=\"...\" to choose from 'a', 'b'$"):
        read(text)


# Sizes


BIG = {
    "line ends": "\n" * 2**26,
    "one endless line": "a," * 2**25,
    "lines of commas": (",\n") * 2**24,
    "quotation marks": '"' * 2**26,
    "columns": "date," + "a," * 2_000 + "\n",
    "brackets": "[" * 100_000,
    "a list of brackets": "[" + "[[]]," * 100_000 + "[]]",
    "a long list": "[" + "1," * 2**23 + "1]",
}


@pytest.mark.parametrize("text", BIG.values(), ids=BIG)
@pytest.mark.few(4)
def test_files_that_only_cost_time_are_refused_soon(read, text):
    begin = time.perf_counter()
    with pytest.raises(InputError):
        read(text)
    assert time.perf_counter() - begin < 10.0
