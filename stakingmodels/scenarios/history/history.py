"""`History`: recorded prices, difficulty and rates, and every window of them as a path."""

import itertools
import os
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, get_args

import attrs
import numpy as np

from stakingmodels import checks, terms
from stakingmodels._types import DateLike, FloatArray
from stakingmodels.display import LINES, Summary
from stakingmodels.errors import InputError
from stakingmodels.frames import data_frame, dataset
from stakingmodels.market import Difficulty, Event, Factor, Hashrate, MarketRatio, TimeGrid
from stakingmodels.market.factors import FactorLike, as_factor, factor_keys
from stakingmodels.market.grid import as_time
from stakingmodels.market.plausible import warn_of_record
from stakingmodels.protocols.chains import bitcoin
from stakingmodels.rates import DAYS_PER_YEAR
from stakingmodels.scenarios.base import BlockInputs, Scenario
from stakingmodels.scenarios.drivers import Noise
from stakingmodels.scenarios.history.files import DailyFile, DailySeries
from stakingmodels.scenarios.history.files.columns import COLUMNS
from stakingmodels.scenarios.history.files.daily import Missing
from stakingmodels.scenarios.history.files.frames import series_of
from stakingmodels.scenarios.history.files.reading import read_file
from stakingmodels.scenarios.history.files.units import RateKind, check_unit, in_units_of
from stakingmodels.scenarios.rows import FillChunk, RowFiller, Rows
from stakingmodels.scenarios.streams import Streams
from stakingmodels.series import FrozenMap, Sealed, frozen, refuse_below
from stakingmodels.words import Note

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

_HASHRATE_DAYS = 14  # 2,016 blocks, as for difficulty; a single day's estimate is off by a tenth
Levels = Literal["rescaled", "as_recorded"]
"""Whether paths open at one level, or where the record has them."""


def _read(factor: Factor, given: object, missing: str) -> DailySeries:
    """Series of a factor in its own unit, checked against its bound and plausible range."""
    series = _as_given(factor, given, missing)
    where = f"History: {series.name}"
    unit = check_unit(f"{where}: unit", factor, series.unit)
    values = in_units_of(
        factor, series.values, unit, checks.choice(f"{where}: rate_type", series.rate_type, get_args(RateKind))
    )
    refuse_below(where, values, factor.minimum, strict=not factor.zero_allowed)
    warn_of_record(where, factor, series.dates, values)
    return attrs.evolve(series, values=values, unit="", rate_type="apr" if factor.is_rate else "")


def _as_given(factor: Factor, given: object, missing: str) -> DailySeries:
    if isinstance(given, DailySeries):
        return given
    above_zero = factor.rescales or isinstance(factor, MarketRatio)  # fees and waits may be 0
    found = series_of(factor, given, missing, positive=above_zero)
    if found is not None:
        return found
    path, column = given if isinstance(given, tuple) and len(given) == 2 else (given, None)
    file = given if isinstance(given, DailyFile) else None
    if file is None and isinstance(path, (str, os.PathLike)):
        file = DailyFile(path, column=column)
    if file is None:
        how = 'write a path, ("file.csv", "column"), DailyFile(...), daily_series(dates, values, name=...) or a table'
        checks.refuse_type(f"History: {factor}", "must be a file or a daily series", given, how)
    columns = COLUMNS.get(type(factor).__name__, ())
    return read_file(file, factor, columns=columns, missing=missing, positive=above_zero)


@attrs.frozen(eq=False)
class History(Sealed, Scenario):
    """Recorded daily series, aligned by date; path i is the window that starts on the i-th day.

    Parameters
    ----------
    series
        Series by factor: a file, ``(file, column)``, `DailyFile` with the options of reading, `DailySeries`, or a table
        of pandas, polars or xarray with dates, or ``(table, column)``. Files of known providers are read by their
        rules. A `Hashrate` (TH/s) is turned into `Difficulty` by its mean over the last 14 days, at 600 s a block; fees
        of a day are divided by 144 blocks. Rates become `APR`, in fractions; an APY becomes the APR with the same daily
        rate. A level dated d is the close of d; a rate or fee dated d is that of the day that ends with this close.
    window_levels
        ``"rescaled"`` (default): each window of a price, difficulty or hash rate is scaled to open at one level, so
        that terms in money have the same meaning in all; ratios and rates stay as recorded. ``"as_recorded"``: each
        window keeps its own levels and dates.
    initial_levels
        Levels at which rescaled windows open, by factor; by default the last one recorded.
    missing_days
        Treatment of missing days: ``"refuse"`` (default), or ``"previous"`` to carry the last value forward.
    first, last
        Bounds of the windows' first days, both included; by default all that fit.

    Examples
    --------
    >>> import numpy as np
    >>> from stakingmodels import Price
    >>> from stakingmodels.scenarios import History, daily_series
    >>> days = np.arange("2025-01-01", "2025-01-11", dtype="datetime64[D]")
    >>> history = History({Price("ETH"): daily_series(days, np.linspace(3000.0, 3900.0, 10), name="made up")})
    >>> history.n_paths(history.grid(days=7))
    3
    """

    series: Mapping[Factor, Any] = attrs.field()
    window_levels: Levels = attrs.field(
        default="rescaled",
        kw_only=True,
        **terms.rules("choice", checks.choice, get_args(Levels), choices=get_args(Levels)),
    )
    initial_levels: Mapping[Factor, float] = attrs.field(factory=dict, kw_only=True)
    missing_days: Missing = attrs.field(
        default="refuse",
        kw_only=True,
        **terms.rules("choice", checks.choice, get_args(Missing), choices=get_args(Missing)),
    )
    first: DateLike | None = attrs.field(default=None, kw_only=True)
    last: DateLike | None = attrs.field(default=None, kw_only=True)
    dates: "np.ndarray[tuple[int], np.dtype[np.datetime64]]" = attrs.field(init=False, repr=False)
    _recorded: Mapping[Factor, FloatArray] = attrs.field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        given: object = self.series
        if not isinstance(given, Mapping) or not given:
            checks.refuse_type("History.series", 'must be a mapping such as {Price("ETH"): "eth.csv"}', given)
        given = factor_keys("History.series", given)
        for factor in given:
            if isinstance(factor, Event):
                checks.refuse(
                    f"History: {factor}",
                    "events cannot be read from a file",
                    None,
                    "Constants({event: hazard})",
                )
        series = {factor: _read(factor, value, self.missing_days) for factor, value in given.items()}
        object.__setattr__(self, "series", FrozenMap(series))
        dates, recorded = _align(series)
        self._check_opening()
        if self.window_levels == "rescaled":
            for factor, source in series.items():
                if factor.rescales:
                    refuse_below(f"History: {source.name} (to be rescaled)", recorded[factor], 0.0, strict=True)
        object.__setattr__(self, "initial_levels", FrozenMap(self.initial_levels))
        object.__setattr__(self, "dates", frozen(dates))
        for name in ("first", "last"):
            if getattr(self, name) is not None:
                as_time(f"History.{name}", getattr(self, name))
        object.__setattr__(self, "_recorded", recorded)

    def _check_opening(self) -> None:
        given: object = self.initial_levels
        if not isinstance(given, Mapping):
            checks.refuse_type("History.initial_levels", 'must be a mapping such as {Price("ETH"): 3000.0}', given)
        for factor, level in given.items():
            checks.positive(f"History.initial_levels: {factor}", level)
            if factor not in self.series or not factor.rescales:
                checks.refuse(
                    "History.initial_levels", "must name a recorded price, difficulty or hash rate", str(factor)
                )
        if given and self.window_levels == "as_recorded":
            checks.refuse(
                "History.initial_levels", "goes with rescaled levels", self.window_levels, 'window_levels="rescaled"'
            )

    @property
    def factors(self) -> frozenset[Factor]:
        """Factors recorded, and `Difficulty` where a `Hashrate` is recorded."""
        return frozenset(self.series) | {Difficulty(f.name) for f in self.series if isinstance(f, Hashrate)}

    @property
    def is_recorded(self) -> bool:
        """Whether paths are recorded: True, path i is the window from the i-th day."""
        return True

    def grid(self, *, days: int = 365, settlement_days: int = 0) -> TimeGrid:
        """Daily grid for the windows: from the last recorded day if rescaled, otherwise from the first window's."""
        steps = checks.integer("History.grid: days", days, 1, 10**6) + checks.integer(
            "History.grid: settlement_days", settlement_days, 0, 10**6
        )
        start = self.dates[-1] if self.window_levels == "rescaled" else self.dates[self._bounds(steps)[0]]
        return TimeGrid.daily(start, days=days, settlement_days=settlement_days)

    def n_paths(self, grid: TimeGrid) -> int:
        """Number of windows that fit."""
        if not (grid.step_days == 1.0).all():
            checks.refuse("History: grid", "must have steps of one day", None, "TimeGrid.daily(...)")
        begin, end = self._bounds(grid.n_steps)
        return end - begin

    def overlap(self, grid: TimeGrid) -> int:
        """Number of neighbours of a window that share days with it: those that start within its length."""
        return grid.n_steps - 1

    def generate(
        self, grid: TimeGrid, factors: frozenset[Factor], *, streams: Streams, noise: Noise, n_paths: int
    ) -> BlockInputs:
        """Rows of the block's windows, cut from the recorded series."""
        if not factors:
            return BlockInputs()
        start = self._bounds(grid.n_steps)[0] + streams.first_path
        starts = None
        if self.window_levels == "as_recorded":
            starts = self.dates[start : start + n_paths].astype("datetime64[s]") - grid.times[0]
        record = {factor: self.recorded(factor) for factor in factors}
        scales = {
            factor: self.opening_level(factor) / record[factor][start : start + n_paths]
            for factor in factors
            if self.window_levels == "rescaled" and factor.rescales
        }
        begin = partial(_begin, record, scales, grid.step_days / DAYS_PER_YEAR, start, n_paths)
        source = RowFiller(factors=factors, begin=begin, widths=dict.fromkeys(factors, n_paths))
        return BlockInputs(sources=(source,), time_offsets=starts)

    def to_frame(self) -> "pd.DataFrame":
        """A pandas data frame: one row a day that all series have, and a column a factor.

        Raises
        ------
        MissingExtraError
            Where pandas is not installed.
        """
        columns = {str(factor): self.recorded(factor) for factor in self.series}
        return data_frame("History.to_frame", columns, index="date", labels=list(self.dates.astype("datetime64[s]")))

    def to_xarray(self) -> "xr.Dataset":
        """An xarray dataset: a variable a factor, over the dimension ``date``.

        Raises
        ------
        MissingExtraError
            Where xarray is not installed.
        """
        variables = {str(factor): (("date",), self.recorded(factor)) for factor in self.series}
        return dataset("History.to_xarray", variables, {"date": self.dates.astype("datetime64[ns]")}, {})

    def _shown(self) -> Summary:
        first = itertools.islice(self.series.items(), LINES)
        rows = [(str(f), s.name, *(f"{self.recorded(f)[i]:,.6g}" for i in (0, -1))) for f, s in first]
        title = (
            f"History, {self.dates.size:,} days from {self.dates[0]} to {self.dates[-1]}, levels {self.window_levels}"
        )
        return Summary(title, ("factor", "source", "first", "last"), rows, left=2, n_rows=len(self.series))

    def describe(self) -> tuple[str, ...]:
        """Files, dates and the treatment of levels."""
        how = Note("note.as_recorded" if self.window_levels == "as_recorded" else "note.rescaled")
        return tuple(self._note(f, s, how if f.rescales else "") for f, s in self.series.items())

    def _note(self, factor: Factor, series: DailySeries, how: str) -> Note:
        """Notes on a factor: its source, the reading of its file, and the number of days that repeat the day before."""
        inside = (series.filled_days >= self.dates[0]) & (series.filled_days <= self.dates[-1])
        filled = int(inside.sum())
        days = self.dates.size
        remarks = series.remarks
        if filled:
            remarks = (*remarks, Note("note.filled", filled=filled, days=days, share=filled / days))
        ends = {"first": self.dates[0], "last": self.dates[-1]}
        record = Note("note.record", factor=factor, file=series.name, how=how, **ends)
        return Note("note.read_as", record=record, remarks=remarks) if remarks else record

    def recorded(self, factor: FactorLike) -> FloatArray:
        """Aligned series of a factor, ``(n_dates,)``, read-only; `Difficulty` also from a hash rate."""
        factor = as_factor("History.recorded: factor", factor)
        found = self._recorded.get(factor)
        if found is None:
            smooth = _trailing_mean(self._recorded[Hashrate(factor.name)], _HASHRATE_DAYS)
            return frozen(np.asarray(bitcoin.difficulty_of_hashrate(smooth)))
        return found

    def opening_level(self, factor: FactorLike) -> float:
        """Level at which rescaled windows open."""
        factor = as_factor("History.opening_level: factor", factor)
        hashrate = Hashrate(factor.name)
        if isinstance(factor, Difficulty) and factor not in self.series and hashrate in self.initial_levels:
            return float(bitcoin.difficulty_of_hashrate(self.initial_levels[hashrate]))
        return self.initial_levels.get(factor, float(self.recorded(factor)[-1]))

    def _bounds(self, n_steps: int) -> tuple[int, int]:
        """Indices of the first window's first day, and of the day after the last window's first day."""
        n = self.dates.size
        if n <= n_steps:
            rule = f"must be longer than the window of {n_steps} days and its first close; {n} days are recorded"
            checks.refuse(
                "History", rule, f"{self.dates[0]} to {self.dates[-1]}", "fewer days, a shorter tail or a longer record"
            )
        begin, end = 0, n - n_steps
        if self.first is not None:
            begin = int(np.searchsorted(self.dates, as_time("History.first", self.first)))
        if self.last is not None:
            end = min(end, int(np.searchsorted(self.dates, as_time("History.last", self.last), side="right")))
        if begin >= end:
            raise InputError(
                f"History: no window of {n_steps} days starts from {self.first} to {self.last}; "
                f"the last that fits starts on {self.dates[n - n_steps - 1]}"
            )
        return begin, end


def _align(
    series: Mapping[Factor, DailySeries],
) -> tuple["np.ndarray[tuple[int], np.dtype[np.datetime64]]", dict[Factor, FloatArray]]:
    """Common days of all series, and each series on these days."""
    latest = max(series.values(), key=lambda each: each.dates[0])
    earliest = min(series.values(), key=lambda each: each.dates[-1])
    first, last = latest.dates[0], earliest.dates[-1]
    if first >= last:
        rule = f"series must share at least 2 days; {latest.name} begins on {first}"
        checks.refuse("History.series", rule, f"{earliest.name} ending on {last}")
    days = np.arange(first, last + np.timedelta64(1, "D"))
    cut = {factor: s.values[int((first - s.dates[0]).astype(int)) :][: days.size] for factor, s in series.items()}  # noqa: PD011
    return days, cut


def _trailing_mean(values: FloatArray, days: int) -> FloatArray:
    """Trailing mean of each day over up to `days` days."""
    sums = np.concatenate([np.zeros(1), np.cumsum(values)])
    begin = np.maximum(np.arange(1, values.size + 1) - days, 0)
    return np.asarray((sums[1:] - sums[begin]) / (np.arange(1, values.size + 1) - begin))


def _begin(
    record: Mapping[Factor, FloatArray],
    scales: Mapping[Factor, FloatArray],
    years: FloatArray,
    first: int,
    paths: int,
    longest: int,
) -> FillChunk:
    """Function that fills windows starting one day apart.

    Row k over the paths is a slice of the record, k days later.
    """
    del longest
    windows = {f: np.lib.stride_tricks.sliding_window_view(series, paths) for f, series in record.items()}

    def fill(start: int, stop: int, rows: Rows, filled: Rows) -> None:
        del filled
        for factor, window in windows.items():
            # accrual over [k, k+1) was recorded on the day that ends with the close k+1
            begin = first + start + (factor.kind != "level")
            recorded = window[begin : first + stop + 1]
            if factor.is_rate:
                np.multiply(recorded, years[start:stop, None], out=rows[factor])
            elif factor in scales:
                np.multiply(recorded, scales[factor], out=rows[factor])
            else:
                np.copyto(rows[factor], recorded)

    return fill
