"""`StationaryBootstrap`: recorded days resampled in blocks, the same days for all series."""

import itertools
from collections.abc import Mapping
from functools import partial

import attrs
import numpy as np

from stakingmodels import checks, terms
from stakingmodels._types import FloatArray, IntArray
from stakingmodels.market import Factor, TimeGrid
from stakingmodels.market.factors import FactorLike, as_factor
from stakingmodels.market.grid import as_time
from stakingmodels.rates import DAYS_PER_YEAR
from stakingmodels.scenarios.base import BlockInputs, Scenario
from stakingmodels.scenarios.drivers import Noise
from stakingmodels.scenarios.history.history import History
from stakingmodels.scenarios.levels import as_drift, growth_in_words
from stakingmodels.scenarios.rows import FillChunk, RowFiller, Rows
from stakingmodels.scenarios.sparse import Points
from stakingmodels.scenarios.streams import Streams
from stakingmodels.series import FrozenMap, frozen
from stakingmodels.words import Note


def _history(where: str, value: object) -> History:
    history = checks.instance(where, value, History, 'History({Price("ETH"): "eth.csv"})')
    if history.window_levels != "rescaled":
        checks.refuse(where, 'must have window_levels="rescaled": paths open at one level', history.window_levels)
    return history


def _days(where: str, value: object) -> float:
    number = checks.positive(where, value)
    if number < 1.0:
        checks.refuse(where, "must be at least 1 day", value)
    return number


@terms.sheet(eq=False)
class StationaryBootstrap(Scenario):
    """Stationary bootstrap of recorded days (Politis and Romano 1994).

    A path goes through the recorded days in order, from the last one on to the first, and at each step jumps with
    probability ``1 / mean_block_days`` to a day drawn uniformly from all. All series are taken from the same days, so
    that correlations between them and clusters of volatility survive.

    A price, difficulty or hash rate moves by the log return of the day and opens at the history's opening level.
    Ratios, rates and fees are taken as they were on the day: a market ratio may jump where a block begins.

    Parameters
    ----------
    history
        The recorded series, rescaled; its `first` and `last` bound the closes that are used.
    mean_block_days
        Days in a block on average, from 1 (days drawn one by one) to the number of recorded days.
    drift
        Continuous growth of the mean a year by factor: all returns of the factor are scaled by one number so that their
        mean over all recorded days is ``exp(drift / 365)``. Factors not named keep their recorded growth.

    Raises
    ------
    InputError
        Where blocks are longer than the record, the history is not rescaled, or a drift names no level of it.

    Notes
    -----
    With blocks of one day the mean after t years is ``start * exp(drift * t)``. With longer blocks the mean of each
    single day's return is the same, and the dependence between recorded days is kept in addition.

    Examples
    --------
    >>> import numpy as np
    >>> from stakingmodels import Price
    >>> from stakingmodels.scenarios import StationaryBootstrap, History, daily_series
    >>> days = np.arange("2025-01-01", "2025-01-11", dtype="datetime64[D]")
    >>> history = History({Price("ETH"): daily_series(days, np.linspace(3000.0, 3900.0, 10), name="made up")})
    >>> StationaryBootstrap(history, mean_block_days=5.0, drift={Price("ETH"): 0.0}).n_days
    9
    """

    history: History = terms.field("other", _history, kw_only=False)
    mean_block_days: float = terms.days(check=_days, low=1.0)
    drift: Mapping[Factor, float] = attrs.field(factory=dict, kw_only=True)
    _closes: slice = attrs.field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "_closes", _closes(self.history))
        if self.n_days < 1:
            rule = "must have at least 2 recorded days between first and last"
            checks.refuse("StationaryBootstrap.history", rule, self.n_days + 1)
        if self.mean_block_days > self.n_days:
            rule = f"must be at most the {self.n_days} recorded days"
            checks.refuse("StationaryBootstrap.mean_block_days", rule, self.mean_block_days)
        object.__setattr__(self, "drift", _drifts(self.drift, self.factors))

    @property
    def n_days(self) -> int:
        """Number of recorded days to draw from, each with the close before it."""
        return int(self._closes.stop - self._closes.start - 1)

    @property
    def factors(self) -> frozenset[Factor]:
        """Factors of the history."""
        return self.history.factors

    def generate(
        self, grid: TimeGrid, factors: frozenset[Factor], *, streams: Streams, noise: Noise, n_paths: int
    ) -> BlockInputs:
        """Inputs with one source that fills the factors requested."""
        if not (grid.step_days == 1.0).all():
            checks.refuse("StationaryBootstrap: grid", "must have steps of one day", None, "TimeGrid.daily(...)")
        if not factors:
            return BlockInputs()
        begin = partial(self._begin, tuple(sorted(factors, key=str)), grid.n_steps, streams, n_paths)
        return BlockInputs(sources=(RowFiller(factors=factors, begin=begin, widths=dict.fromkeys(factors, n_paths)),))

    def _begin(
        self, factors: tuple[Factor, ...], n_steps: int, streams: Streams, paths: int, longest: int
    ) -> FillChunk:
        """Function that fills a chunk from tables of the recorded days, continued for one chunk past the last day."""
        tables = {factor: self._table(factor, longest) for factor in factors}
        walk = _ResampledDays(self, streams.fresh(), paths, n_steps)

        def fill(start: int, stop: int, rows: Rows, filled: Rows) -> None:
            del filled
            for factor in factors if start == 0 else ():
                self._open(factor, walk.day, rows[factor][0])
            walk.draw(start, stop)
            for k in range(stop - start):
                for factor in factors:
                    _fill(factor, tables[factor], walk.day, rows[factor][k : k + 2])
                walk.step(k)

        return fill

    def _table(self, factor: Factor, longest: int) -> FloatArray:
        """Table by recorded day: multiplier of a level, otherwise the value itself; rates as the fraction accrued."""
        if factor.rescales:
            days = self.returns(factor)
        else:
            days = self.closes(factor)[1:] / (DAYS_PER_YEAR if factor.is_rate else 1.0)
        return np.resize(days, days.size + longest)

    def _open(self, factor: Factor, day: IntArray, row: FloatArray) -> None:
        if factor.rescales:
            row[:] = self.history.opening_level(factor)
        elif factor.kind == "level":
            row[:] = self.closes(factor)[day]  # the close before the day

    def closes(self, factor: FactorLike) -> FloatArray:
        """Recorded values of a factor, ``(n_days + 1,)``; the first is the close before the first day."""
        return self.history.recorded(factor)[self._closes]

    def returns(self, factor: FactorLike) -> FloatArray:
        """Gross return of a level on each recorded day, ``(n_days,)``, scaled where a drift is given."""
        factor = as_factor("StationaryBootstrap.returns: factor", factor)
        closes = self.closes(factor)
        growth: FloatArray = closes[1:] / closes[:-1]
        if factor in self.drift:
            growth *= np.exp(self.drift[factor] / DAYS_PER_YEAR) / growth.mean()
        return frozen(growth)

    def first_and_last(self) -> tuple[np.datetime64, np.datetime64]:
        """First and last day to draw from."""
        dates = self.history.dates[self._closes]
        return dates[1], dates[-1]

    def _recorded_drift(self, factor: Factor) -> float:
        return DAYS_PER_YEAR * float(np.log(self.returns(factor).mean()))

    def describe(self) -> tuple[str, ...]:
        """Notes of the history, on the drawing of days, and on the drift of every level."""
        first, last = self.first_and_last()
        blocks = Note("note.blocks", days=self.mean_block_days, first=first, last=last)
        drifts = tuple(
            Note("note.drift", factor=f, growth=growth_in_words(self.drift[f]))
            if f in self.drift
            else Note("note.drift_as_recorded", factor=f, growth=growth_in_words(self._recorded_drift(f)))
            for f in sorted(self.factors, key=str)
            if f.rescales
        )
        return (*self.history.describe(), blocks, *drifts)


def _closes(history: History) -> slice:
    """Indices of the closes from the history's `first` to its `last`, both included."""
    begin, end = 0, history.dates.size
    if history.first is not None:
        begin = int(np.searchsorted(history.dates, as_time("History.first", history.first)))
    if history.last is not None:
        end = int(np.searchsorted(history.dates, as_time("History.last", history.last), side="right"))
    return slice(begin, max(begin, end))


def _drifts(value: object, given: frozenset[Factor]) -> Mapping[Factor, float]:
    where = "StationaryBootstrap.drift"
    if not isinstance(value, Mapping):
        checks.refuse_type(where, 'must be a mapping; write {Price("ETH"): 0.0}', value)
    for factor in value:
        if factor not in given or not factor.rescales:
            checks.refuse(where, "must name a recorded price, difficulty or hash rate", str(factor))
    return FrozenMap({factor: as_drift(f"{where}[{factor}]", number) for factor, number in value.items()})


class _ResampledDays:
    """Recorded day of each path, moved on step by step."""

    def __init__(self, terms: StationaryBootstrap, streams: Streams, paths: int, n_steps: int) -> None:
        first, last = terms.first_and_last()
        name = f"bootstrap:{first}:{last}"
        self._n = terms.n_days
        self._always = terms.mean_block_days == 1.0
        # at least one point of a Poisson process with this mean has the probability of a jump
        leaps = 0.0 if self._always else -float(np.log1p(-1.0 / terms.mean_block_days))
        self._points = Points(streams, name, paths, np.full(n_steps, leaps), n_marks=1)
        self._streams = streams
        self._days = f"{name}:days"
        self._uniforms: FloatArray = np.empty(paths)
        self._landings: list[tuple[IntArray, IntArray]] = []
        self.day: IntArray = self._anywhere()

    def _anywhere(self) -> IntArray:
        self._streams.uniforms(self._days, self._uniforms)
        return self._of(self._uniforms)

    def _of(self, uniforms: FloatArray) -> IntArray:
        days: IntArray = (uniforms * self._n).astype(np.int64)
        return days

    def draw(self, start: int, stop: int) -> None:
        """Continue from the last recorded day to the first, and draw the jumps of the next steps, [start, stop)."""
        np.remainder(self.day, self._n, out=self.day)
        if not self._always:
            points = self._points.between(start, stop)
            day = self._of(points.marks[0])
            edges = np.searchsorted(points.step, np.arange(start, stop + 1))
            self._landings = [(points.path[a:b], day[a:b]) for a, b in itertools.pairwise(edges)]

    def step(self, k: int) -> None:
        """Move on by a day over the k-th of the steps drawn."""
        if self._always:
            self.day[:] = self._anywhere()
            return
        np.add(self.day, 1, out=self.day)
        path, day = self._landings[k]
        self.day[path] = day


def _fill(factor: Factor, table: FloatArray, day: IntArray, rows: FloatArray) -> None:
    """Fill the second of two rows of a level, or the first of another factor, for one step."""
    out = rows[1] if factor.kind == "level" else rows[0]
    table.take(day, out=out, mode="clip")  # "raise" would copy the row once more
    if factor.rescales:
        np.multiply(rows[0], out, out=out)
