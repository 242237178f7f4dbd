"""`Market`: prices, rates and events of a run, given as arrays or filled chunk by chunk."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Self

import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray, IntArray, SeriesLike
from stakingmodels.display import packed
from stakingmodels.market.chunking import PART_PATHS, chunk_bounds
from stakingmodels.market.factors import Event, Factor, FactorLike, Price, as_factor, factor_keys
from stakingmodels.market.filled import Bounds, Filled, MakeSources, RowSource, check_supply, checked
from stakingmodels.market.given import as_hits, as_read, common_paths
from stakingmodels.market.grid import TimeGrid
from stakingmodels.market.now import Chunk, Hits, Now, TimeOffsets, UniformSource
from stakingmodels.market.plausible import warn_of_opening
from stakingmodels.market.sources import Sources
from stakingmodels.rates import APR, APY
from stakingmodels.series import frozen, sealed

World = tuple[Mapping[Factor, FloatArray], Mapping[Event, Hits]]
"""Rows of a chunk, and the hits of events."""


class Market:
    """Prices, rates and events on a time grid, over many paths.

    Parameters
    ----------
    grid
        The times.
    series
        Factor -> series: a number (constant), ``(n_times,)`` (the same for all paths), ``(1, n_paths)`` (constant in
        time) or ``(n_times, n_paths)``. Rates are `APR` or `APY` of those; events are booleans, row k for the interval
        [k, k+1). Arrays are copied. The numeraire's price is 1 and need not be given.
    numeraire
        The asset in which money is counted.

    Raises
    ------
    InputError, InputTypeError
        For wrong shapes, non-finite values, values below a factor's bound, bare numbers where a rate is wanted.

    Warns
    -----
    UnitWarning
        Where a series opens far from the record of its date, as a difficulty in another unit does; rates in percent.

    Examples
    --------
    >>> from stakingmodels import APR, Market, Price, StakingReward, TimeGrid
    >>> grid = TimeGrid.daily("2026-01-01", days=365)
    >>> Market(grid, {Price("ETH"): 3000.0, StakingReward("ETH"): APR(0.028)})
    Market(2026-01-01, 365 steps, 1 path, numeraire 'USD': Price("ETH"), StakingReward("ETH"))
    """

    def __init__(self, grid: TimeGrid, series: Mapping[Factor, SeriesLike | APR | APY], numeraire: str = "USD") -> None:
        self._grid = checks.instance("Market.grid", grid, TimeGrid, 'TimeGrid.daily("2026-01-01", days=365)')
        self._numeraire = checks.text("Market.numeraire", numeraire)
        self._is_flat = False
        self._rows: dict[Factor, FloatArray] = {}
        self._hits: dict[Event, dict[int, IntArray]] = {}
        self._hazards: dict[Event, float] = {}
        self._sources = Sources(())
        self._uniforms: UniformSource | None = None
        self._time_offsets: TimeOffsets | None = None
        self._growth: dict[Factor, FloatArray] = {}
        self._frozen_levels: dict[Factor, float] = {}
        self._scenario = ""
        if not isinstance(series, Mapping):
            checks.refuse_type("Market.series", 'must be a mapping such as {Price("ETH"): prices}', series)
        given = factor_keys("Market.series", series)
        self._copy(given)
        for factor in self._rows:
            warn_of_opening(str(factor), factor, self.grid.times[0], given[factor])

    def _copy(self, series: Mapping[Factor, SeriesLike | APR | APY]) -> None:
        """Copy the given series, refusing those that no step could read."""
        self._n_paths = common_paths(series)
        for factor, value in series.items():
            if factor == Price(self.numeraire):
                checks.refuse(f"Market: {factor}", "is 1, since it is the numeraire; leave it out", value)
            if isinstance(factor, Event):
                self._hits[factor] = as_hits(self.grid, self.n_paths, factor, value)
            else:
                self._rows[factor] = as_read(self.grid, factor, value)

    @classmethod
    def flat(cls, grid: TimeGrid, series: Mapping[Factor, SeriesLike | APR | APY], numeraire: str = "USD") -> Self:
        """A market of constants. Events that are not given never occur."""
        checks.instance("Market.flat: series", series, Mapping, 'a mapping such as {Price("ETH"): 3000.0}')
        for factor, value in series.items():
            inner = getattr(value, "value", value)
            if isinstance(inner, np.ndarray) and inner.ndim and inner.shape[0] != 1:
                checks.refuse(f"Market.flat: {factor}", "must be constant in time", inner, "Market(grid, ...)")
        market = cls(grid, series, numeraire)
        market._is_flat = True
        return market

    @classmethod
    def from_sources(
        cls,
        grid: TimeGrid,
        n_paths: int,
        sources: Sequence[RowSource],
        *,
        make_sources: MakeSources | None = None,
        series: Mapping[Factor, SeriesLike | APR | APY] | None = None,
        event_hits: Mapping[Event, Hits] | None = None,
        hazards: Mapping[Event, float] | None = None,
        uniforms: UniformSource | None = None,
        time_offsets: TimeOffsets | None = None,
        expected_growth: Mapping[Factor, FloatArray] | None = None,
        frozen_levels: Mapping[Factor, float] | None = None,
        numeraire: str = "USD",
        scenario: str = "",
    ) -> Self:
        """A market whose rows are filled chunk by chunk, so that no array of size steps x paths exists.

        Parameters
        ----------
        sources, make_sources
            Sources of the rows; and a function that makes new sources for each reading. Without it a new reading takes
            the sources over, and earlier readings are refused.
        series, uniforms
            Further factors given as in `Market`; and uniform draws by name, for outcomes drawn from probability laws.
        event_hits, hazards
            Paths hit by each event in each step, and each event's intensity a year.
        time_offsets
            Offsets added to the grid's times where each path has dates of its own, ``(n_paths,)`` timedelta64.
        expected_growth, frozen_levels, scenario
            Expected growth by level, as `expected_growth` returns it; values in `frozen_at_open` of levels whose
            opening is random; and the scenario's name in messages.

        Raises
        ------
        InputError
            For hits, dates or growth of a wrong shape or size; in a run for rows that break `RowSource.rows`.
        """
        market = cls(grid, {}, numeraire)
        market._copy(series or {})  # a scenario warned of its numbers when it was created
        market._n_paths, market._scenario = n_paths, scenario
        market._sources = Sources(sources, make_sources)
        check_supply(
            scenario or "Market.from_sources",
            market.grid,
            n_paths,
            market.sources,
            market.numeraire,
            event_hits or {},
            time_offsets,
            expected_growth or {},
        )
        market._hits.update({event: dict(struck) for event, struck in (event_hits or {}).items()})
        market._hazards.update(hazards or {})
        market._uniforms = uniforms
        market._time_offsets = time_offsets
        market._growth.update(expected_growth or {})
        market._frozen_levels.update(frozen_levels or {})
        return market

    @property
    def grid(self) -> TimeGrid:
        """The times."""
        return self._grid

    @property
    def numeraire(self) -> str:
        """The asset in which money is counted."""
        return self._numeraire

    @property
    def n_paths(self) -> int:
        """Number of paths."""
        return self._n_paths

    @property
    def is_flat(self) -> bool:
        """Whether it was made by `Market.flat`: events that are not given never occur."""
        return self._is_flat

    @property
    def factors(self) -> frozenset[Factor]:
        """Factors that it has."""
        return frozenset({*self._rows, *self._hits, *(f for source in self.sources for f in source.factors)})

    @property
    def sources(self) -> tuple[RowSource, ...]:
        """Sources of the rows in the first reading, where they are not given."""
        return self._sources.first

    @property
    def event_hits(self) -> Mapping[Event, Hits]:
        """Hits of each event, except events that a source decides: a `Chunk` has all. Not to be changed."""
        return MappingProxyType(self._hits)

    @property
    def hazards(self) -> Mapping[Event, float]:
        """Intensity a year of events drawn from their hazards."""
        return self._hazards

    @property
    def uniforms(self) -> UniformSource | None:
        """Uniform draws by name; None in a market without randomness."""
        return self._uniforms

    @property
    def time_offsets(self) -> TimeOffsets | None:
        """Offset added to the grid's times on each path, where paths have dates of their own."""
        return self._time_offsets

    @property
    def frozen_levels(self) -> Mapping[Factor, float]:
        """Values in `frozen_at_open` of levels whose opening is random."""
        return MappingProxyType(self._frozen_levels)

    def expected_growth(self, factor: FactorLike) -> FloatArray | None:
        """Expected growth of a level since the opening, ``(n_times,)``; None if not known.

        The level over it is a martingale.
        """
        level = as_factor("Market.expected_growth: factor", factor)
        return frozen(np.ones(self.grid.n_times)) if level == Price(self.numeraire) else self._growth.get(level)

    def frozen_at_open(self) -> "Market":
        """The market frozen at its opening: levels at row 0, rates of the first interval, no events.

        It has one path if all paths open alike, otherwise all of them. A level whose opening is random has the value
        that the scenario sets for this.
        """
        chunk = next(self.chunks())
        series: dict[Factor, SeriesLike | APR | APY] = {}
        for factor, rows in chunk.rows.items():
            if factor in self._frozen_levels:
                series[factor] = self._frozen_levels[factor]
                continue
            first = rows[:1] if (rows[0] != rows[0, 0]).any() else rows[:1, :1]
            opening = first if first.size > 1 else float(first[0, 0])
            series[factor] = _rate_of(opening, self.grid.step_days[0] / 365.0) if factor.is_rate else opening
        return Market.flat(self.grid, series, self.numeraire)

    def slice_paths(self, start: int, stop: int) -> "Market":
        """The market on the paths [start, stop). Only given series can be cut, not sources."""
        rows = {f: rows if rows.shape[1] == 1 else rows[:, start:stop] for f, rows in self._rows.items()}
        hits = {
            event: {k: i[(i >= start) & (i < stop)] - start for k, i in struck.items()}
            for event, struck in self._hits.items()
        }
        offsets = None if self._time_offsets is None else self._time_offsets[start:stop]
        return self._like(stop - start, rows, hits, offsets)

    def _like(
        self,
        n_paths: int,
        rows: dict[Factor, FloatArray],
        hits: dict[Event, dict[int, IntArray]],
        offsets: TimeOffsets | None,
    ) -> "Market":
        """A market of other paths with the grid and the laws of this one."""
        market = Market(self.grid, {}, self.numeraire)
        vars(market).update(
            _n_paths=n_paths,
            _is_flat=self._is_flat,
            _rows=rows,
            _hits=hits,
            _time_offsets=offsets,
            _growth=self._growth,
            _frozen_levels=self._frozen_levels,
        )
        return market

    def widened(self, n_paths: int) -> "Market":
        """The market on so many equal paths, where it has one path and its series are given."""
        if self.n_paths != 1 or self.sources or self._uniforms is not None:
            rule = "must be a market of one path that is given, not drawn, to be held by several holders"
            checks.refuse("Market.widened", rule, self, "one amount for each path of the market")
        everyone = np.arange(n_paths)
        hits = {event: {k: everyone for k, i in struck.items() if i.size} for event, struck in self._hits.items()}
        offsets = None if self._time_offsets is None else np.repeat(self._time_offsets, n_paths)
        return self._like(n_paths, self._rows, hits, offsets)

    def iter_blocks(self) -> Iterator["Market"]:
        """The market in parts of at most 16,384 paths, whose rows stay in the processor's cache."""
        if self.sources or self._uniforms is not None or self.n_paths <= PART_PATHS:
            yield self
        else:
            for start in range(0, self.n_paths, PART_PATHS):
                yield self.slice_paths(start, min(start + PART_PATHS, self.n_paths))

    def chunks(self, steps: int | None = None) -> Iterator[Chunk]:
        """Rows of all factors in time order, some steps at a time: given arrays as views, generated rows in buffers.

        Each call is an independent reading. Several may go on at once, in one thread or in several.

        Parameters
        ----------
        steps
            Steps of a chunk, the last of which may be shorter; None for as many as are read fastest.

        Raises
        ------
        ExecutionError
            Where another reading has begun since, if the market's sources serve one reading at a time.
        """
        bounds = chunk_bounds(self.grid.n_steps, self.n_paths, steps, is_filled=bool(self.sources))
        uniforms = None if self._uniforms is None else self._uniforms.fresh()
        for (start, stop), (rows, hits) in zip(bounds, self._iter_rows(bounds), strict=True):
            yield Chunk(start, stop, dict(rows), hits, uniforms)

    def _iter_rows(self, bounds: Bounds) -> Iterator[World]:
        """Rows of all factors and event hits so far, for each (start, stop); the mappings are reused."""
        world: dict[Factor, FloatArray] = {}
        hits = {event: dict(self._hits.get(event, {})) for event in self.factors if isinstance(event, Event)}
        reading = self._sources.reading()
        with reading.turn():
            filled = [
                checked(source, bounds, world, self.n_paths, scenario=self._scenario) for source in reading.sources
            ]
        for start, stop in bounds:
            world.clear()
            for f, r in self._rows.items():
                given = r[start : stop + 1] if f.kind == "level" else r[start:stop]
                world[f] = _read_only(given)
            with reading.turn():
                for rows in filled:
                    _take(next(rows), world, hits)
            yield world, hits
        reading.check()  # the last rows are right only if no other reading has taken the sources over since

    def now(self, scratch: FloatArray | None = None) -> Now:
        """View of one interval of the market, which the engine moves from interval to interval.

        Parameters
        ----------
        scratch
            ``(3, n_paths)`` buffers that all products of a run use in turn, one call after the other.
        """
        return Now(
            self.grid,
            self.numeraire,
            self.n_paths,
            hazards=self._hazards,
            time_offsets=self._time_offsets,
            scratch=np.empty((3, self.n_paths)) if scratch is None else scratch,
        )

    def require(self, factors: frozenset[Factor], reader: str) -> None:
        """Raise `InputError` where the market lacks a factor that `reader` reads."""
        checks.instance(f"{reader}.factors", factors, frozenset, 'frozenset({Price("ETH")})')
        have = self.factors | self._hazards.keys() | {Price(self.numeraire)}
        for factor in sorted(factors - have, key=str):
            if factor.kind == "event" and self.is_flat:
                continue
            if not factor.optional:
                how = f"add {factor}: {factor.example} to the market"
                checks.refuse(reader, f"reads {factor}, which the market must give", _named(have), how)

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(sealed(state))

    def __repr__(self) -> str:
        known = sorted(map(str, self.factors))
        paths = "1 path" if self.n_paths == 1 else f"{self.n_paths} paths"
        day = str(self.grid.times[0].astype("datetime64[D]"))
        return packed(f"Market({day}, {self.grid.n_steps} steps, {paths}, numeraire {self.numeraire!r}: ", known)


def _take(filled: Filled, world: dict[Factor, FloatArray], hits: dict[Event, dict[int, IntArray]]) -> None:
    for factor, given in filled.items():
        if isinstance(given, np.ndarray):
            world[factor] = _read_only(given)
        elif isinstance(factor, Event):
            hits.setdefault(factor, {}).update(given)


def _rate_of(accrued: FloatArray | float, years: float) -> APR | APY:
    """Annual rate that accrues a fraction over one step; an `APY` for a loss, which no `APR` above -1 may give."""
    if np.any(np.less(accrued, 0.0)):
        return APY(np.expm1(np.log1p(accrued) / years))
    return APR(accrued / years)


def _named(factors: frozenset[Factor]) -> tuple[str, ...]:
    return tuple(sorted(map(str, factors)))


def _read_only(rows: FloatArray) -> FloatArray:
    """Read-only view, since all products read the same rows."""
    view = rows.view()
    view.flags.writeable = False
    return view
