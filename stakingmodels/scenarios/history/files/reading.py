"""`read_daily`: one column of a user's file as a daily series, read by its provider's rules or refused."""

import os
import re
from typing import get_args

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels.market import EntryWait, ExitWait, Factor, Hashrate, MarketRatio, Price
from stakingmodels.scenarios.history.files import daily
from stakingmodels.scenarios.history.files.columns import COLUMNS, date_column, refuse_several, value_column
from stakingmodels.scenarios.history.files.csv_table import (
    Table,
    check_rows,
    fail,
    file_name,
    plain,
    read_cells,
    read_text,
)
from stakingmodels.scenarios.history.files.dates import DateForm, read_stamps
from stakingmodels.scenarios.history.files.days import as_days, warn_of_midnight
from stakingmodels.scenarios.history.files.dialect import Column, Dialect
from stakingmodels.scenarios.history.files.dialects import dialect_of
from stakingmodels.scenarios.history.files.json_table import is_json, read_json
from stakingmodels.scenarios.history.files.layout import with_header
from stakingmodels.scenarios.history.files.ledgers import refuse_ledger
from stakingmodels.scenarios.history.files.numbers import read_numbers
from stakingmodels.scenarios.history.files.units import RateKind, check_unit, is_own, unit_of_name, unit_of_rate
from stakingmodels.words import Note

SHIFT_LIMIT = 366
_STEADY, _SMOOTH = 0.005, 0.03  # daily values move by 0.12, from 2020 to 2026, and their 7-day means by 0.018
_WEEKS = 4
_RATE = re.compile(r"ap[ry]", re.IGNORECASE)


@attrs.frozen
class DailyFile:
    """A file of daily values with the options of reading; options left out are inferred from the file.

    Parameters
    ----------
    path : str or path
        A regular file of at most 64 MiB and 200,000 rows: CSV in UTF-8, or a JSON answer of at most 16 MiB.
    column : str, optional
        Name of the value column. Letter case matters only if the file has the name in several cases.
    shift : int, optional
        Days added to the date of every row, in [-366, 366]: -1 for a source that labels a close by the day after it, 0
        where each row is the close of its date. By default the rule of the provider, if known.
    unit : str
        Unit of the numbers, such as ``"EH/s"``, ``"percent"`` or ``"satoshi/block"``; see `UNITS`.
    rate_type : {"", "apr", "apy"}
        Kind of rate. By default as in the column's name, else an APR.
    dates : {"", "month first", "day first"}
        Order of ``01/02/2024``. By default inferred from days after the 12th, for the whole column.

    Examples
    --------
    >>> from stakingmodels import Hashrate
    >>> scenario = {Hashrate("BTC"): DailyFile(path="network.csv", column="7-day", unit="EH/s", shift=-1)}
    """

    path: str | os.PathLike[str]
    column: str | None = attrs.field(default=None, kw_only=True)
    shift: int | None = attrs.field(default=None, kw_only=True)
    unit: str = attrs.field(default="", kw_only=True)
    rate_type: RateKind = attrs.field(default="", kw_only=True)
    dates: DateForm = attrs.field(default="", kw_only=True)


def read_daily(
    path: str | os.PathLike[str],
    *,
    factor: Factor | None = None,
    column: str | None = None,
    columns: tuple[str, ...] = (),
    missing_days: daily.Missing = "refuse",
    shift: int | None = None,
    unit: str = "",
    rate_type: RateKind = "",
    dates: DateForm = "",
    positive: bool = True,
) -> daily.DailySeries:
    """Read one column of a file as a daily series.

    The first line names the columns; commas, semicolons or tabs separate the cells. Rows may be in any order; a row
    that repeats a day and its value is dropped. Files of known providers are read by their rules for the day of a row,
    the unit, and the kind of rate (APR or APY). JSON answers are read too.

    Parameters
    ----------
    path : str or path
        As in `DailyFile`.
    factor : Factor, optional
        Factor that the file is read as. It decides the unit, and the rule if a provider has several.
    column, shift, unit, rate_type, dates
        As in `DailyFile`.
    columns : tuple of str
        Names to try when `column` is not given; by default those of the factor.
    missing_days : {"refuse", "previous"}
        Treatment of a day without a row or with an empty cell (``null``, ``NaN``, ``N/A``, ``-``, ``.``): refuse the
        file, or carry the last value forward. Empty cells before the first value are cut off.
    positive : bool
        Whether values of zero and below are refused.

    Raises
    ------
    InputError, InputTypeError
        If an argument, the file or a row breaks a rule; the message names the file and the line.
    OSError
        As the operating system raises it.

    Warns
    -----
    DataWarning, UnitWarning
        If a provider is guessed, a quote at 00:00 may be of the day before, many days are filled, or numbers look
        wrong.

    Notes
    -----
    Dates are ISO 8601, epoch seconds, milliseconds or microseconds, or have an English month. A row with an offset is
    converted to UTC, but keeps its local date where it begins or ends a day there.
    """
    file = DailyFile(path, column=column, shift=shift, unit=unit, rate_type=rate_type, dates=dates)
    if factor is not None:
        checks.instance(f"History: {file_name(path)}: factor", factor, Factor, 'Price("ETH")')
        columns = columns or COLUMNS.get(type(factor).__name__, ())
    return read_file(file, factor, columns=columns, missing=missing_days, positive=positive)


def read_file(
    file: DailyFile, factor: Factor | None, *, columns: tuple[str, ...], missing: str, positive: bool
) -> daily.DailySeries:
    """Read a `DailyFile` as `read_daily` does."""
    name = file_name(file.path)
    where = f"History: {name}"
    checks.choice(f"{where}: missing_days", missing, get_args(daily.Missing))
    check_options(where, file, factor)
    above_zero = checks.flag(f"{where}: positive", positive)
    return read_rows(
        _table(where, file, columns), name, file, factor, columns=columns, missing=missing, positive=above_zero
    )


def read_rows(
    table: Table,
    name: str,
    file: DailyFile,
    factor: Factor | None,
    *,
    columns: tuple[str, ...],
    missing: str,
    positive: bool,
) -> daily.DailySeries:
    """Series in the cells of a table, under the options of `file`."""
    date_at = date_column(table)
    value_at = value_column(table, date_at, file.column, columns)
    refuse_several(table, date_at, value_at)
    dialect, rule = dialect_of(table, date_at, value_at, factor, name=name, told=file.shift is not None)
    stamps = read_stamps(table, date_at, file.dates)
    values = read_numbers(table, value_at, positive=positive)
    is_close = factor is None or isinstance(factor, (Price, MarketRatio))
    days = as_days(table.where, stamps, rule, file.shift, close=is_close)
    if dialect is None and file.shift is None and is_close and table.line_name != "row":
        warn_of_midnight(table, stamps)
    kept = np.flatnonzero(days.kept)
    rows = daily.Rows(
        f"{name}: {plain(table.header[value_at])}",
        days.days[kept],
        values[kept],
        lambda row: f"{table.line_name} {table.lines[int(kept[row])]}",
        weekdays_do=factor is not None and factor.is_rate,
        may_jump=isinstance(factor, (EntryWait, ExitWait)),
    )
    series = daily.assemble(rows, missing)
    if isinstance(factor, Hashrate) and file.shift is None and rule is not None and rule.may_be_smoothed:
        _refuse_smoothed(table.where, series)
    unit, rate = _unit_and_rate(file, factor, rule, table.header[value_at])
    return attrs.evolve(
        series, unit=unit, rate_type=rate, remarks=_remarks(dialect, rule, days.remarks, _said(factor, unit))
    )


def check_options(where: str, file: DailyFile, factor: Factor | None) -> None:
    """Refuse invalid options of a file."""
    if file.shift is not None:
        checks.integer(f"{where}: shift", file.shift, -SHIFT_LIMIT, SHIFT_LIMIT)
    checks.choice(f"{where}: rate_type", file.rate_type, get_args(RateKind))
    checks.choice(f"{where}: dates", file.dates, get_args(DateForm))
    if factor is not None:
        check_unit(f"{where}: unit", factor, file.unit)
        if file.rate_type and not factor.is_rate:
            checks.refuse(f"{where}: rate_type", f"goes with a rate, which {factor} is not", file.rate_type)
    elif not isinstance(file.unit, str):
        checks.refuse_type(f"{where}: unit", "must be the name of a unit (str)", file.unit)


def _table(where: str, file: DailyFile, columns: tuple[str, ...]) -> Table:
    """The only table of dates and values in a file."""
    text = read_text(file.path, where)
    if is_json(text):
        table = _chosen(read_json(text, where), file.column, columns)
        refuse_ledger(table)
        return table
    table = read_cells(text, where)
    refuse_ledger(table)
    table = with_header(table)
    check_rows(table)
    if len(table.header) == 1:
        checks.refuse(where, "must have a date column and a value column", table.header[0])
    if not table.rows:
        fail(where, "must hold at least 2 days, got a header and no rows")
    return table


def _chosen(tables: list[Table], column: object, columns: tuple[str, ...]) -> Table:
    """The list with the requested column, among several in a JSON answer."""
    wanted = [column] if isinstance(column, str) else list(columns) if isinstance(columns, tuple) else []
    for name in wanted:
        for table in tables:
            if any(head.casefold() == str(name).casefold() for head in table.header):
                return table
    return tables[0]


def _refuse_smoothed(where: str, series: daily.DailySeries) -> None:
    """Refuse a hash rate that moves as little as a weekly mean: it would be smoothed twice, with a lag."""
    if len(series.values) < 7 * _WEEKS or (series.values <= 0.0).any():
        return
    if _STEADY < float(np.std(np.diff(np.log(series.values)))) < _SMOOTH:
        rule = "must be the hash rate of each day, got values that move like the mean of the 7 days before"
        fail(where, f"{rule} (take the raw chart, or a file of the difficulty; shift=0 takes it as it is)")


def _unit_and_rate(file: DailyFile, factor: Factor | None, rule: Column | None, name: str) -> tuple[str, str]:
    """Unit and kind of rate: the caller's, else the provider's, else as in the column's name."""
    if factor is not None:
        named_unit, named_rate = unit_of_name(factor, name)
    else:
        named_unit, named_rate = unit_of_rate(name) if _RATE.search(name) else ("", "")
    said = file.unit if factor is None else check_unit("unit", factor, file.unit)
    unit = said or (rule.unit if rule else "") or named_unit
    return unit, file.rate_type or (rule.rate if rule else "") or named_rate


def _said(factor: Factor | None, unit: str) -> str:
    """Remark on the unit, if numbers were converted."""
    return "" if factor is not None and is_own(factor, unit) else unit


def _remarks(dialect: Dialect | None, rule: Column | None, said: tuple[str, ...], unit: str) -> tuple[str, ...]:
    maker = (Note("file.maker", maker=dialect.maker),) if dialect is not None and rule is not None else ()
    more = (rule.remark,) if rule is not None and rule.remark else ()
    return (*maker, *said, *((Note("file.unit", unit=unit),) if unit else ()), *more)
