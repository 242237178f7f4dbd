"""Series from objects instead of files: arrays, lists, and the tables of pandas, polars and xarray."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, get_args

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import DateArray, FloatArray
from stakingmodels.market import Factor
from stakingmodels.scenarios.history.files import daily
from stakingmodels.scenarios.history.files.columns import COLUMNS
from stakingmodels.scenarios.history.files.csv_table import Table, check_rows, fail, read_cells
from stakingmodels.scenarios.history.files.dates import EPOCH, NO_TIME, Stamps, day_of, is_a_days_edge
from stakingmodels.scenarios.history.files.days import as_days
from stakingmodels.scenarios.history.files.reading import SHIFT_LIMIT, DailyFile, read_rows
from stakingmodels.scenarios.history.files.units import RateKind

_EXACT_INTEGERS = 2**53
_DATES, _VALUES = "day", "values"  # names that no provider's files have
_HINT = "write np.array(dates, 'datetime64[D]'); a pandas index of local midnights: index.tz_localize(None)"


def daily_series(
    dates: Any,
    values: Any,
    *,
    name: str,
    missing_days: daily.Missing = "refuse",
    shift: int | None = None,
    unit: str = "",
    rate_type: RateKind = "",
) -> daily.DailySeries:
    """Daily series from arrays or lists, under the rules of `read_daily` for the rows of a file.

    Parameters
    ----------
    dates : array of datetime64, list of dates or ISO 8601 texts, or pandas index, shape (n,)
        Any unit, any order; naive is UTC. An index with a zone keeps its local dates where all stand at midnight there.
    values : array of float64 or integers, or list of numbers, shape (n,)
        NaN is a day without a value. Any sign.
    name : str
        Name of the series in messages.
    missing_days : {"refuse", "previous"}
        As in `read_daily`.
    shift : int, optional
        Days added to every date, in [-366, 366]; 0 means that a value stamped at noon is the close of its day.
    unit, rate_type : str
        As in `DailyFile`; `History` converts.

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
    checks.choice(f"{where}: missing_days", missing_days, get_args(daily.Missing))
    checks.choice(f"{where}: rate_type", rate_type, get_args(RateKind))
    moved = None if shift is None else checks.integer(f"{where}: shift", shift, -SHIFT_LIMIT, SHIFT_LIMIT)
    if not isinstance(unit, str):
        checks.refuse_type(f"{where}: unit", "must be the name of a unit (str)", unit)
    stamps = _as_stamps(f"{where}: dates", dates)
    numbers = _as_floats(f"{where}: values", values)
    if stamps.ndim != 1 or stamps.shape != numbers.shape:
        fail(where, f"dates and values must have one shape (n,), got {stamps.shape} and {numbers.shape}")
    dated = stamps.astype("datetime64[D]")
    seconds = (stamps - dated).astype("timedelta64[s]").astype(np.int64)
    whole = Stamps(dated.astype(np.int64).tolist(), np.where(seconds == 0, NO_TIME, seconds).tolist())
    found = as_days(where, whole, None, moved, close=True)
    kept = np.flatnonzero(found.kept)
    rows = daily.Rows(name, found.days[kept], numbers[kept], lambda row: f"row {kept[row]}")
    return attrs.evolve(daily.assemble(rows, missing_days), unit=unit, rate_type=rate_type, remarks=found.remarks)


def series_of(factor: Factor, given: Any, missing: str, *, positive: bool) -> daily.DailySeries | None:
    """Series of a pandas, polars or xarray object, a mapping of dates or a list of pairs; None for anything else.

    A table is read like a file with its columns, by the rules of known providers; ``(table, "column")`` names one.
    """
    where = f"History: {factor}"
    column = None
    if isinstance(given, tuple) and len(given) == 2 and isinstance(given[1], str) and not isinstance(given[0], str):
        given, column = given
    table = _table(where, given)
    if table is None:
        return None
    columns = COLUMNS.get(type(factor).__name__, ())
    file = DailyFile(str(factor), column=column)
    return read_rows(table, str(factor), file, factor, columns=columns, missing=missing, positive=positive)


def _table(where: str, given: Any) -> Table | None:
    library = type(given).__module__.partition(".")[0]
    if library == "xarray":
        given, library = _of_xarray(where, given), "pandas"
    if library == "pandas":
        return _of_text(where, _pandas_text(where, given))
    if library == "polars":
        if not hasattr(given, "write_csv"):
            checks.refuse_type(where, "must be a table with a column of dates, not one column", given, "pl.DataFrame")
        return _of_text(where, given.write_csv())
    pairs = list(given.items()) if isinstance(given, Mapping) else given
    if isinstance(pairs, (list, tuple)) and pairs and all(_is_dated_pair(pair) for pair in pairs):
        cells = [[_text(day), _text(value)] for day, value in pairs]
        return Table(where, [_DATES, _VALUES], cells, list(range(len(cells))), line_name="row")
    return None


def _of_text(where: str, text: str) -> Table:
    table = read_cells(text, where)
    check_rows(table)
    if not table.rows:
        fail(where, "must hold at least 2 days, got none")
    return attrs.evolve(table, lines=list(range(len(table.rows))), line_name="row")


def _pandas_text(where: str, given: Any) -> str:
    """Table as CSV: an index of dates is its first column, an index of row numbers is left out."""
    if not hasattr(given, "to_csv") or not hasattr(given, "index"):
        checks.refuse_type(where, "must be a Series or DataFrame with dates", given)
    index = given.index
    if getattr(index, "nlevels", 1) > 1:
        checks.refuse_type(where, "must have one index, of dates", given, "write frame.xs(...) or reset_index()")
    frame = given.to_frame(given.name if given.name is not None else _VALUES) if given.ndim == 1 else given
    if frame.columns.nlevels > 1:  # as from yfinance
        many = len(set(frame.columns.get_level_values(-1))) > 1
        names = [" ".join(map(str, name)) if many else str(name[0]) for name in frame.columns]
        frame = frame.set_axis(names, axis=1)
    numbered = index.dtype.kind in "iuf"
    if numbered and given.ndim == 1:
        hint = "set its index to dates"
        checks.refuse_type(where, "must have dates as its index, got a pandas Series numbered by rows:", given, hint)
    text: str = frame.to_csv(index=not numbered, index_label=None if numbered else index.name or _DATES)
    return text


def _of_xarray(where: str, given: Any) -> Any:
    dims = list(given.sizes)
    if len(dims) != 1:
        checks.refuse_type(where, f"must have one dimension, of dates; its dimensions are {dims}", given, ".sel(...)")
    if hasattr(given, "data_vars"):
        return given.to_dataframe()
    return given.to_series().rename(given.name or _VALUES)


def _is_dated_pair(pair: Any) -> bool:
    if not isinstance(pair, (list, tuple)) or len(pair) != 2:
        return False
    is_day = isinstance(pair[0], (dt.date, np.datetime64)) or (isinstance(pair[0], str) and day_of(pair[0]) is not None)
    return is_day and isinstance(pair[1], (int, float, np.integer, np.floating)) and not isinstance(pair[1], bool)


def _text(value: Any) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, np.datetime64):
        return str(value)
    return repr(float(value)) if isinstance(value, (int, float, np.integer, np.floating)) else str(value)


def _as_stamps(where: str, dates: Any) -> DateArray:
    """Naive datetime64 of any dates; a zoned time that is a midnight in its zone has its local date."""
    if hasattr(dates, "to_timestamp") and hasattr(dates, "freqstr"):  # periods of pandas
        if dates.freqstr != "D":
            checks.refuse(where, "must be periods of a day", dates.freqstr)
        dates = dates.to_timestamp()
    if getattr(dates, "tz", None) is not None:
        dates = _local_dates(where, dates)
    kind = getattr(getattr(dates, "dtype", None), "kind", "")
    if isinstance(dates, (list, tuple)) or kind in ("O", "U", "T"):
        return _days_of_list(where, list(dates))
    given = _array(where, dates)
    if given.dtype.kind != "M":
        checks.refuse_type(where, "must be an array of datetime64, naive UTC", given, _HINT)
    undated = np.flatnonzero(np.isnat(given))
    if len(undated):
        fail(f"{where}[{undated[0]}]", "must be a date, got NaT")
    return given


def _local_dates(where: str, index: Any) -> DateArray:
    """Local dates of an index with a zone, if all are midnights in it; UTC dates, if all are midnights in UTC."""
    for naive in (index.tz_localize(None), index.tz_convert(None)):
        times = naive.to_numpy()
        if (times == times.astype("datetime64[D]")).all():
            found: DateArray = times.astype("datetime64[D]")
            return found
    checks.refuse_type(where, "must be midnights, of its zone or of UTC", None, _HINT)


def _days_of_list(where: str, dates: list[Any]) -> DateArray:
    found = np.empty(len(dates), "datetime64[D]")
    for k, each in enumerate(dates):
        day = _day(each)
        if day is None:
            checks.refuse_type(f"{where}[{k}]", "must be a date or ISO 8601 text", each, _HINT)
        found[k] = np.datetime64(day, "D")
    return found


def _day(value: Any) -> int | None:
    if isinstance(value, str):
        return day_of(value)
    if isinstance(value, dt.datetime) and value.tzinfo is not None and not is_a_days_edge(value.time()):
        value = value.astimezone(dt.UTC)
    if isinstance(value, dt.date):
        return value.toordinal() - EPOCH if value == value else None  # noqa: PLR0124 - NaT of pandas is no date
    if isinstance(value, np.datetime64) and not np.isnat(value):
        return int(value.astype("datetime64[D]").astype(np.int64))
    return None


def _array(where: str, value: Any) -> "np.ndarray[Any, np.dtype[Any]]":
    if isinstance(value, (list, tuple)):
        return _of_numbers(where, value)
    # arrays and pandas objects have a dtype
    if np.ma.isMaskedArray(value) or not hasattr(value, "dtype"):
        checks.refuse_type(where, "must be a numpy array without a mask", value, "write np.asarray(...)")
    if type(value).__module__.partition(".")[0] == "polars":
        value = value.to_numpy()
    return np.asarray(value)


def _of_numbers(where: str, values: Any) -> "np.ndarray[Any, np.dtype[Any]]":
    if len(kinds := set(map(type, values))) == 1 and kinds <= {float, int}:
        return np.asarray(values)  # a long list takes no longer than an array
    found = np.empty(len(values))
    for k, each in enumerate(values):
        is_nan = each is None or (isinstance(each, float) and each != each)  # noqa: PLR0124
        found[k] = np.nan if is_nan else checks.real(f"{where}[{k}]", each)
    return found


def _as_floats(where: str, values: Any) -> FloatArray:
    given = _array(where, values)
    if given.dtype.kind in "iu":
        if ((given > _EXACT_INTEGERS) | (given < -_EXACT_INTEGERS)).any():
            fail(where, "must be integers within 2**53, which a float64 holds exactly")
    elif given.dtype.newbyteorder("=") != np.float64:
        checks.refuse_type(where, "must be an array of float64 or integers", given, "write values.astype(float)")
    numbers = given.astype(np.float64) + 0.0  # -0.0 becomes 0.0
    infinite = np.flatnonzero(np.isinf(numbers))
    if len(infinite):
        checks.refuse(f"{where}[{infinite[0]}]", "must be finite", float(numbers.flat[infinite[0]]))
    return numbers
