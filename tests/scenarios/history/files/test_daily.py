"""Daily series of arrays, the series itself, and the real files."""

import datetime as dt
import pickle
from copy import deepcopy

import attrs
import numpy as np
import pytest

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.scenarios.history.files import daily_series, read_daily

DAY = dt.date(2024, 1, 1)
PRICE = ("close", "PriceUSD", "price", "y")
DATES = np.array(["2024-01-03", "2024-01-01", "2024-01-02"], "datetime64[D]")
VALUES = np.array([3.0, 1.0, 2.0])


@pytest.mark.parametrize("dtype", ["datetime64[D]", "datetime64[s]", "datetime64[ns]", ">M8[D]"])
@pytest.mark.parametrize("kind", ["f8", ">f8", "i4", "u8"])
def test_daily_series_of_arrays(dtype, kind):
    series = daily_series(DATES.astype(dtype), VALUES.astype(kind), name="mine")
    assert series.dates.tolist() == [DAY + dt.timedelta(days=i) for i in range(3)]
    assert (series.values.tolist(), series.values.dtype, series.name) == (
        [1.0, 2.0, 3.0],
        np.dtype("f8"),
        "mine",
    )


def test_daily_series_before_1970_is_of_the_day_that_holds_the_instant():
    dates = np.array(["1969-12-30T01:00", "1969-12-31T23:00"], "datetime64[h]")
    assert str(daily_series(dates, np.ones(2), name="old", shift=0).dates[-1]) == "1969-12-31"


def test_daily_series_carries_forward_over_nan():
    values = np.array([3.0, 1.0, np.nan])
    with pytest.raises(InputError, match="must have a value every day, got none on 1 of 3 days: 2024-01-02"):
        daily_series(DATES, values, name="mine")
    assert daily_series(DATES, values, name="mine", missing_days="previous").values.tolist() == [1, 1, 3]


def test_daily_series_has_no_negative_zero():
    assert not np.signbit(daily_series(DATES, VALUES * -0.0, name="mine").values).any()


def test_daily_series_leaves_its_arguments_alone():
    dates, values = DATES.copy(), VALUES.copy()
    series = daily_series(dates, values, name="mine")
    values[:] = 9.0
    assert series.values.tolist() == [1.0, 2.0, 3.0]
    assert (dates == DATES).all()


def test_daily_series_of_pandas():
    pandas = pytest.importorskip("pandas")
    index = pandas.date_range("2024-01-01", periods=3)
    series = pandas.Series([1.0, 2.0, 3.0], index)
    for values in (series, series.to_numpy()):
        assert daily_series(series.index, values, name="mine").values.tolist() == [1.0, 2.0, 3.0]
    for zoned in (index.tz_localize("Europe/Berlin"), index.tz_localize("UTC").tz_convert("Asia/Taipei")):
        assert daily_series(zoned, series, name="mine").dates.tolist() == index.date.tolist()
    with pytest.raises(InputTypeError, match=r"dates: must be midnights, of its zone or of UTC.*tz_localize\(None\)"):
        daily_series(index.tz_localize("Europe/Berlin") + pandas.Timedelta(hours=5), series, name="mine")


@pytest.mark.parametrize(
    ("dates", "values", "error", "message"),
    [
        (["2024-01-03", "soon", "2024-01-02"], VALUES, InputTypeError, r"dates\[1\]: must be a date or ISO 8601 text"),
        (DATES, [3.0, "1.0", 2.0], InputTypeError, r"values\[1\]: must be a number, got str '1.0'"),
        (DATES, "3.0", InputTypeError, r"values: must be a numpy array .*np.asarray"),
        (DATES, np.ma.masked_array(VALUES), InputTypeError, "values: must be a numpy array without a mask"),
        (VALUES, VALUES, InputTypeError, "dates: must be an array of datetime64"),
        (DATES, VALUES.astype("f4"), InputTypeError, "values: must be an array of float64 or integers"),
        (DATES, VALUES.astype(bool), InputTypeError, "values: must be an array of float64 or integers"),
        (DATES, VALUES.astype(str), InputTypeError, "values: must be an array of float64 or integers"),
        (DATES, VALUES.astype(object), InputTypeError, "values: must be an array of float64 or integers"),
        (DATES, np.array([1, 2, 2**53 + 1]), InputError, r"values: must be integers within 2\*\*53"),
        (DATES, np.array([1, 2, -(2**53) - 1]), InputError, r"values: must be integers within 2\*\*53"),
        (DATES, np.array([1.0, np.inf, 2.0]), InputError, r"values\[1\]: must be finite"),
        (
            np.array(["2024-01-01", "NaT"], "M8[D]"),
            np.ones(2),
            InputError,
            r"dates\[1\]: must be a date, got NaT",
        ),
        (DATES, VALUES[:2], InputError, r"must have one shape \(n,\), got \(3,\) and \(2,\)"),
        (DATES[None], VALUES[None], InputError, r"must have one shape \(n,\)"),
        (DATES[:1], VALUES[:1], InputError, "must hold at least 2 days"),
        (DATES[:0], VALUES[:0], InputError, "must hold numbers"),
        (DATES[[0, 0]], VALUES[:2], InputError, "got 3.0 in row 0 and 1.0 in row 1 for 2024-01-03"),
        (np.array([0, 2**62], "M8[D]"), np.ones(2), InputError, "must span at most 200000 days"),
    ],
)
def test_daily_series_refuses(dates, values, error, message):
    with pytest.raises(error, match=f"^History: mine: .*{message}"):
        daily_series(dates, values, name="mine")


@pytest.mark.parametrize("options", [{"name": ""}, {"name": "mine", "missing_days": None}])
def test_daily_series_refuses_arguments(options):
    with pytest.raises(InputError):
        daily_series(DATES, VALUES, **options)


@pytest.mark.parametrize("copy", [attrs.evolve, deepcopy, lambda series: pickle.loads(pickle.dumps(series))])  # noqa: S301
def test_arrays_stay_read_only(copy):
    series = copy(daily_series(DATES, VALUES, name="mine"))
    assert (series.values.tolist(), series.name) == ([1.0, 2.0, 3.0], "mine")
    for array in (series.dates, series.values):
        with pytest.raises(ValueError, match="WRITEABLE"):
            array.setflags(write=True)


REAL = [
    ("yahoo_2025/BTC-USD.csv", PRICE, "2020-01-01", "2025-11-20", 2151),
    ("yahoo_2025/ETH-USD.csv", PRICE, "2020-01-01", "2025-11-20", 2151),
    ("yahoo_2025/SOL-USD.csv", PRICE, "2020-04-10", "2025-11-20", 2051),
    ("yahoo_2024/ADA-USD.csv", PRICE, "2017-11-09", "2024-12-07", 2586),
    ("yahoo_2024/ETH-USD.csv", PRICE, "2017-11-09", "2024-12-07", 2586),
    ("yahoo_2024/STETH-USD.csv", PRICE, "2020-12-23", "2024-12-07", 1446),
    ("btc_network/coinmetrics_btc_2020_2026.csv", PRICE, "2020-01-01", "2026-06-01", 2344),
    ("btc_network/coinmetrics_btc_2020_2026.csv", ("HashRate",), "2020-01-01", "2026-06-01", 2344),
    ("btc_network/coinmetrics_btc_2020_2026.csv", ("FeeTotNtv",), "2020-01-01", "2026-06-01", 2344),
]


@pytest.mark.parametrize(("file", "columns", "first", "last", "days"), REAL)
def test_real_file(shared_data, file, columns, first, last, days):
    series = read_daily(shared_data / "data" / file, columns=columns)
    assert (str(series.dates[0]), str(series.dates[-1]), len(series.values)) == (first, last, days)
