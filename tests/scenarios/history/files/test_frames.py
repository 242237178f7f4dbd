"""Tables of other libraries and plain lists: taken where they are unambiguous, refused with a hint where not."""

# ruff: noqa: PD011 - messages in full; the values of a DailySeries

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.market import Price, StakingReward
from stakingmodels.scenarios import History, daily_series

ETH, REWARD = Price("ETH"), StakingReward("ETH")
DAYS = pd.date_range("2024-03-01", periods=4)
DATES = DAYS.date.tolist()
VALUES = [3000.5, 3100.25, 3050.0, 3200.75]
FRAME = pd.DataFrame({"Open": [1.0] * 4, "Close": VALUES}, index=DAYS)


def read(given, factor=ETH):
    history = History({factor: given})
    return history.dates.tolist(), history.recorded(factor).tolist()


TABLES = {
    "series": pd.Series(VALUES, DAYS),
    "series with a name": pd.Series(VALUES, DAYS, name="close"),
    "series of periods": pd.Series(VALUES, pd.period_range("2024-03-01", periods=4)),
    "series with text as index": pd.Series(VALUES, DAYS.strftime("%Y-%m-%d")),
    "series with dates as index": pd.Series(VALUES, DATES),
    "series of UTC": pd.Series(VALUES, DAYS.tz_localize("UTC")),
    "series of local midnights east": pd.Series(VALUES, DAYS.tz_localize("Asia/Taipei")),
    "series of local midnights west": pd.Series(VALUES, DAYS.tz_localize("America/New_York")),
    "series in reverse": pd.Series(VALUES, DAYS)[::-1],
    "frame": FRAME,
    "frame with a column of dates": FRAME.rename_axis("date").reset_index(),
    "frame with one column": FRAME[["Close"]].rename(columns={"Close": "anything"}),
    "frame of yfinance": pd.DataFrame(
        {("Close", "ETH-USD"): VALUES, ("Open", "ETH-USD"): [1.0] * 4}, index=DAYS.rename("Date")
    ),
    "mapping": dict(zip(DATES, VALUES, strict=True)),
    "mapping of text": {str(day): value for day, value in zip(DATES, VALUES, strict=True)},
    "list of pairs": list(zip(DATES, VALUES, strict=True)),
    "pairs of numpy": [(np.datetime64(day), np.float64(value)) for day, value in zip(DATES, VALUES, strict=True)],
}


def test_a_column_of_a_table_may_be_named():
    two = pd.DataFrame({"bid": [1.0] * 4, "ask": VALUES}, index=DAYS)
    with pytest.raises(
        InputError, match=r'2 columns hold numbers; write \(table, "column"\) to choose from \'bid\', \'ask\''
    ):
        read(two)
    assert read((two, "ask")) == (DATES, VALUES)
    with pytest.raises(InputError, match="has no value column 'mid'"):
        read((two, "mid"))


@pytest.mark.parametrize("given", TABLES.values(), ids=TABLES)
def test_what_holds_dates_beside_values_is_taken(given):
    assert read(given) == (DATES, VALUES)


def test_polars_is_taken():
    pl = pytest.importorskip("polars")
    frame = pl.DataFrame({"date": DATES, "open": [1.0] * 4, "close": VALUES})
    assert read(frame) == (DATES, VALUES)
    moments = [dt.datetime(day.year, day.month, day.day) for day in DATES]  # noqa: DTZ001 - naive is the point
    zoned = pl.Series("time", moments).dt.replace_time_zone("Europe/Paris")
    assert read(pl.DataFrame({"time": zoned, "close": VALUES})) == (DATES, VALUES)
    with pytest.raises(InputTypeError, match=r"must be a table with a column of dates, not one column"):
        read(pl.Series(VALUES))
    assert daily_series(frame["date"], frame["close"], name="polars").values.tolist() == VALUES


def test_xarray_is_taken():
    xr = pytest.importorskip("xarray")
    array = xr.DataArray(VALUES, coords={"time": DAYS}, dims="time")
    assert read(array) == (DATES, VALUES)
    assert read(array.rename("close").to_dataset()) == (DATES, VALUES)
    with pytest.raises(InputTypeError, match=r"must have one dimension, of dates; its dimensions are \['time', 'x'\]"):
        read(xr.DataArray(np.ones((4, 2)), coords={"time": DAYS}, dims=("time", "x")))


def test_names_of_columns_say_the_kind_of_rate():
    assert read(pd.Series([0.12] * 4, DAYS, name="apy"), REWARD)[1] == pytest.approx([0.11334624] * 4, rel=1e-6)
    assert read(pd.DataFrame({"apr_percent": [3.0] * 4}, index=DAYS), REWARD)[1] == pytest.approx([0.03] * 4)


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        (pd.Series(VALUES), InputTypeError, "must have dates as its index"),
        (pd.DataFrame({"a": VALUES, "b": VALUES}, index=DAYS), InputError, "2 columns hold numbers"),
        (FRAME.reset_index(drop=True), InputError, "must have a date column"),
        (FRAME.set_index("Open", append=True), InputTypeError, "must have one index, of dates"),
        (DAYS, InputTypeError, "must be a Series or DataFrame with dates"),
        (FRAME.iloc[:0], InputError, "must hold at least 2 days, got none"),
        (pd.Series(VALUES, DAYS + pd.Timedelta(hours=16)), InputError, r"rows stamped 16:00 UTC.*shift=0 takes each"),
        ([1.0, 2.0], InputTypeError, "must be a file or a daily series"),
        ([("2024-03-01", True)], InputTypeError, "must be a file or a daily series"),
        ({"soon": 1.0}, InputTypeError, "must be a file or a daily series"),
    ],
)
def test_what_is_ambiguous_is_refused_with_a_hint(given, error, message):
    with pytest.raises(error, match=message):
        read(given)


@pytest.mark.parametrize(
    "dates",
    [
        DATES,
        [str(day) for day in DATES],
        DAYS,
        DAYS.tz_localize("Asia/Taipei"),
        DAYS.to_period("D"),
        np.array([str(day) for day in DATES]),
        pd.Index(DATES),
        [dt.datetime(day.year, day.month, day.day, tzinfo=dt.timezone(dt.timedelta(hours=8))) for day in DATES],
    ],
)
@pytest.mark.parametrize("values", [VALUES, np.array(VALUES), pd.Series(VALUES)])
def test_lists_and_indices_make_a_daily_series(dates, values):
    series = daily_series(dates, values, name="mine")
    assert (series.dates.tolist(), series.values.tolist()) == (DATES, VALUES)


def test_values_stamped_at_noon_ask_whose_close_they_are():
    noon = np.array(DATES, "datetime64[s]") + np.timedelta64(12, "h")
    with pytest.raises(InputError, match=r"got rows stamped 12:00 UTC, neither begin nor end of a day"):
        daily_series(noon, VALUES, name="noon")
    assert daily_series(noon, VALUES, name="noon", shift=-1).dates[0] == np.datetime64("2024-02-29")


def test_units_of_a_series_are_converted_by_the_history():
    percent = daily_series(DATES, [3.0, 3.1, 3.2, 3.1], name="rates", unit="percent", rate_type="apr")
    assert History({REWARD: percent}).recorded(REWARD).tolist() == pytest.approx([0.03, 0.031, 0.032, 0.031])
    with pytest.raises(InputError, match=r"unit: must be a unit of Price"):
        History({ETH: percent})


def test_the_callers_table_stays_as_it_is():
    frame = FRAME.copy()
    read(frame)
    pd.testing.assert_frame_equal(frame, FRAME)
