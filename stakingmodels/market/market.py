"""`Market`: the series that products stand in, given as arrays or filled chunk by chunk."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol, Self

import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray, IntArray
from stakingmodels.market.factors import Event, Factor, Price
from stakingmodels.market.grid import TimeGrid
from stakingmodels.market.now import Chunk, Hits, Now, Starts, Streams
from stakingmodels.rates import APR, APY, as_rate
from stakingmodels.series import as_events, as_series, frozen, refuse_below, warn_if_percent

CHUNK_ROWS = 8
_CHUNK_CELLS = CHUNK_ROWS * 8_192
PATHS_PER_PART = 8_192


Filled = Mapping[Factor, "FloatArray | Hits"]
"""What a source gives for one chunk: rows, or for an event when it strikes."""


class Source(Protocol):
    """Fills rows of one or more factors, in time order; each call of `rows` begins anew with the same numbers."""

    @property
    def factors(self) -> frozenset[Factor]:
        """What it fills."""
        ...  # pragma: no cover

    def rows(self, bounds: Sequence[tuple[int, int]], world: Mapping[Factor, FloatArray]) -> Iterator[Filled]:
        """For each (start, stop): level rows start to stop included, interval rows start to stop - 1.

        Rows are ``(n_rows, n_paths)`` or ``(n_rows, 1)``; rates as the fraction accrued. Buffers may be reused.
        An event is given as its `Hits` in these steps. `world` is what sources before this one have filled of the
        same chunk, and what was given to the market.
        """
        ...  # pragma: no cover


def _shape(grid: TimeGrid, where: str, rows: "np.ndarray[Any, Any]") -> "np.ndarray[Any, Any]":
    """The series as (n_times or 1, n_paths or 1)."""
    n = grid.n_times
    if rows.ndim == 0:
        return rows.reshape(1, 1)
    if rows.shape[0] == n or (rows.ndim == 2 and rows.shape[0] == 1):
        return rows.reshape(rows.shape[0], -1)
    if rows.ndim == 1:
        rows = rows.reshape(-1, 1)
    if rows.shape[1] == n:
        hint = "time is axis 0; transposed?"
    elif rows.shape[0] == grid.n_steps:
        hint = "n_times rows are needed; rates too are given at every grid time"
    else:
        hint = "one row for each grid time"
    return checks.refuse(where, f"must have the shape (n_times, n_paths) with n_times = {n}", rows, hint)


def _as_read(grid: TimeGrid, factor: Factor, value: object) -> FloatArray:
    """A given series as a step reads it: levels at every time; rates accrued, and quantities, over every step."""
    where = str(factor)
    _check_index(grid, where, getattr(value, "value", value))
    years = grid.step_days[:, None] / 365.0
    if factor.is_rate:
        rate = as_rate(where, value)
        warn_if_percent(where, np.asarray(rate.value))
        rows = _shape(grid, where, np.asarray(rate.value))
        held = rows[:-1] if rows.shape[0] > 1 else rows
        accrued = np.asarray(type(rate)(held).accrued(years))
        if (accrued < -1.0).any():
            rule = "must not lose more than all within one step"
            checks.refuse(where, rule, float(accrued.min()), "write an APY, or take shorter steps")
        return frozen(accrued)
    if isinstance(value, (APR, APY)):
        checks.refuse_type(where, "is not a rate", value, f"write {where}: {factor.example}")
    given = as_series(where, value) if not _is_number(value) else np.asarray(checks.real(where, value))
    rows = _shape(grid, where, given)
    refuse_below(where, rows, factor.minimum, strict=not factor.zero_allowed)
    steps = grid.n_times if factor.kind == "level" else grid.n_steps
    return np.broadcast_to(rows, (steps, rows.shape[1])) if rows.shape[0] == 1 else rows[:steps]


def _is_number(value: object) -> bool:
    return isinstance(value, (bool, int, float, complex, np.generic)) or type(value).__name__ in (
        "Fraction",
        "Decimal",
    )


def _check_index(grid: TimeGrid, where: str, value: object) -> None:
    index = getattr(value, "index", None)
    if type(value).__module__.partition(".")[0] == "pandas" and index is not None:
        times = np.asarray(index.to_numpy())
        if times.dtype.kind != "M" or not np.array_equal(times.astype("datetime64[s]"), grid.times):
            checks.refuse(where, "the index must equal the grid's times", None, "reindex it to grid.times")


def _hits(grid: TimeGrid, n_paths: int, event: Event, value: object) -> dict[int, IntArray]:
    rows = _shape(grid, str(event), as_events(str(event), value))
    rows = np.broadcast_to(rows, (grid.n_times, n_paths))[: grid.n_steps]
    return {int(k): np.nonzero(rows[k])[0] for k in np.nonzero(rows.any(axis=1))[0]}


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

    Examples
    --------
    >>> from stakingmodels import APR, Market, Price, StakingReward, TimeGrid
    >>> grid = TimeGrid.daily("2026-01-01", days=365)
    >>> Market(grid, {Price("ETH"): 3000.0, StakingReward("ETH"): APR(0.028)})
    Market(2026-01-01, 365 steps, 1 path, numeraire 'USD': Price("ETH"), StakingReward("ETH"))
    """

    def __init__(self, grid: TimeGrid, series: Mapping[Factor, object], numeraire: str = "USD") -> None:
        self._grid = checks.instance("Market.grid", grid, TimeGrid, 'TimeGrid.daily("2026-01-01", days=365)')
        self._numeraire = checks.text("Market.numeraire", numeraire)
        self._is_flat = False
        self._rows: dict[Factor, FloatArray] = {}
        self._hits: dict[Event, dict[int, IntArray]] = {}
        self._hazards: dict[Event, float] = {}
        self._sources: tuple[Source, ...] = ()
        self._streams: Streams | None = None
        self._starts: Starts | None = None
        self._growth: dict[Factor, FloatArray] = {}
        if not isinstance(series, Mapping):
            checks.refuse_type("Market.series", 'must be a mapping such as {Price("ETH"): prices}', series)
        self._n_paths = _common_paths(series)
        for factor, value in series.items():
            if factor == Price(self.numeraire):
                checks.refuse(f"Market: {factor}", "is 1, since it is the numeraire; leave it out", value)
            if isinstance(factor, Event):
                self._hits[factor] = _hits(self.grid, self.n_paths, factor, value)
            else:
                checks.instance("Market.series", factor, Factor, 'a factor such as Price("ETH") as key')
                self._rows[factor] = _as_read(self.grid, factor, value)

    @classmethod
    def flat(cls, grid: TimeGrid, series: Mapping[Factor, object], numeraire: str = "USD") -> Self:
        """A market that stands still: constants only, and events that are not given never happen."""
        checks.instance("Market.flat: series", series, Mapping, 'a mapping such as {Price("ETH"): 3000.0}')
        for factor, value in series.items():
            inner = getattr(value, "value", value)
            if isinstance(inner, np.ndarray) and inner.ndim and inner.shape[0] != 1:
                checks.refuse(f"Market.flat: {factor}", "must be constant in time", inner, "Market(grid, ...)")
        market = cls(grid, series, numeraire)
        market._is_flat = True
        return market

    @classmethod
    def generated(
        cls,
        grid: TimeGrid,
        n_paths: int,
        sources: Sequence[Source],
        *,
        series: Mapping[Factor, object] | None = None,
        hits: Mapping[Event, Hits] | None = None,
        hazards: Mapping[Event, float] | None = None,
        streams: Streams | None = None,
        starts: Starts | None = None,
        growth: Mapping[Factor, FloatArray] | None = None,
        numeraire: str = "USD",
    ) -> Self:
        """A market whose rows are filled chunk by chunk, so that nothing of size steps x paths exists.

        Parameters
        ----------
        sources
            What fills the rows, each some factors.
        series
            Further factors that are given, as in `Market`.
        hits, hazards
            For each event the paths struck in each step, and its intensity a year.
        streams
            Random generators by name, for draws by law.
        starts
            ``(n_paths,)`` timedelta64 added to the grid's times where each path has dates of its own.
        growth
            Levels -> their expected growth, as `expected_growth` gives it.
        """
        market = cls(grid, series or {}, numeraire)
        market._n_paths = n_paths
        market._sources = tuple(sources)
        market._hits.update({event: dict(struck) for event, struck in (hits or {}).items()})
        market._hits.update({f: {} for source in sources for f in source.factors if isinstance(f, Event)})
        market._hazards.update(hazards or {})
        market._streams = streams
        market._starts = starts
        market._growth.update(growth or {})
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
        """Whether it was made by `Market.flat`: events that are not given never happen."""
        return self._is_flat

    def expected_growth(self, level: Factor) -> FloatArray | None:
        """``(n_times,)`` mean of a level over its opening, by which the level is a martingale; None if not known."""
        return np.ones(self.grid.n_times) if level == Price(self.numeraire) else self._growth.get(level)

    def flattened(self) -> "Market":
        """The market stopped at its opening: levels at row 0, rates of the first interval, no events.

        One path where all paths open alike, as scenarios do; else as many as there are.
        """
        chunk = next(self.chunks())
        series: dict[Factor, object] = {}
        for factor, rows in chunk.rows.items():
            first = rows[:1] if (rows[0] != rows[0, 0]).any() else rows[:1, :1]
            opening = first if first.size > 1 else float(first[0, 0])
            series[factor] = _rate_of(opening, self.grid.step_days[0] / 365.0) if factor.is_rate else opening
        return Market.flat(self.grid, series, self.numeraire)

    def part(self, start: int, stop: int) -> "Market":
        """The paths [start, stop) of what was given to the market; sources cannot be cut."""
        part = Market(self.grid, {}, self.numeraire)
        part._n_paths = stop - start
        part._is_flat = self._is_flat
        part._rows = {f: rows if rows.shape[1] == 1 else rows[:, start:stop] for f, rows in self._rows.items()}
        for event, hits in self._hits.items():
            part._hits[event] = {k: i[(i >= start) & (i < stop)] - start for k, i in hits.items()}
        part._starts = None if self._starts is None else self._starts[start:stop]
        part._growth = self._growth
        return part

    def parts(self) -> Iterator["Market"]:
        """The market in parts of at most 8,192 paths, which stay in the processor's cache."""
        if self._sources or self._streams is not None or self.n_paths <= PATHS_PER_PART:
            yield self
            return
        for start in range(0, self.n_paths, PATHS_PER_PART):
            yield self.part(start, min(start + PATHS_PER_PART, self.n_paths))

    def chunks(self) -> Iterator[Chunk]:
        """Rows of all factors in time order, some steps at a time; given arrays as views, generated ones in buffers."""
        size = CHUNK_ROWS if self._sources else max(CHUNK_ROWS, _CHUNK_CELLS // self.n_paths)
        n = self.grid.n_steps
        bounds = [(start, min(start + size, n)) for start in range(0, n, size)]
        world: dict[Factor, FloatArray] = {}
        filled = [source.rows(bounds, world) for source in self._sources]
        for start, stop in bounds:
            world.clear()
            for f, r in self._rows.items():
                world[f] = _read_only(r[start : stop + 1] if f.kind == "level" else r[start:stop])
            for source in filled:
                self._take(next(source), world)
            yield Chunk(start, stop, dict(world))

    def _take(self, filled: Filled, world: dict[Factor, FloatArray]) -> None:
        for factor, given in filled.items():
            if isinstance(given, np.ndarray):
                world[factor] = _read_only(given)
            elif isinstance(factor, Event):
                self._hits[factor].update(given)

    def now(self) -> Now:
        """A view of the market that the engine moves from interval to interval."""
        return Now(
            self.grid,
            self.numeraire,
            self.n_paths,
            hits=self._hits,
            hazards=self._hazards,
            streams=self._streams,
            starts=self._starts,
        )

    def require(self, factors: frozenset[Factor], reader: str) -> None:
        """Raise `InputError` where the market lacks a factor that `reader` reads."""
        checks.instance(f"{reader}.factors", factors, frozenset, 'frozenset({Price("ETH")})')
        have = set(self._rows) | set(self._hits) | set(self._hazards) | {Price(self.numeraire)}
        have |= {factor for source in self._sources for factor in source.factors}
        for factor in sorted(factors - have, key=repr):
            if factor.kind == "event" and self.is_flat:
                continue
            if not factor.optional:
                how = f"add {factor}: {factor.example} to the market"
                checks.refuse(reader, f"reads {factor}, which the market must give", _named(have), how)

    def __repr__(self) -> str:
        known = sorted(map(str, [*self._rows, *self._hits, *(f for s in self._sources for f in s.factors)]))
        paths = "1 path" if self.n_paths == 1 else f"{self.n_paths} paths"
        day = str(self.grid.times[0].astype("datetime64[D]"))
        return f"Market({day}, {self.grid.n_steps} steps, {paths}, numeraire {self.numeraire!r}: {', '.join(known)})"


def _rate_of(accrued: FloatArray | float, years: float) -> APR | APY:
    """The rate that accrues so much over one step; an `APY` where it is a loss, which no `APR` above -1 may give."""
    if np.any(np.less(accrued, 0.0)):
        return APY(np.expm1(np.log1p(accrued) / years))
    return APR(accrued / years)


def _named(factors: set[Factor]) -> tuple[str, ...]:
    return tuple(sorted(map(str, factors)))


def _read_only(rows: FloatArray) -> FloatArray:
    """A view that no position can write through: all products read the same rows."""
    view = rows.view()
    view.flags.writeable = False
    return view


def _common_paths(series: Mapping[Factor, object]) -> int:
    """The n_paths on which all two-dimensional series agree; 1 where there is none."""
    shapes: dict[Factor, tuple[int, ...]] = {}
    for factor, value in series.items():
        shape = getattr(getattr(value, "value", value), "shape", ())
        if isinstance(shape, tuple) and len(shape) == 2:
            shapes[factor] = shape
    for factor, shape in shapes.items():
        first = next(iter(shapes))
        if shape[1] != shapes[first][1]:
            rule = f"all series must have the same n_paths; {first} is {shapes[first]}, {factor} is {shape}"
            checks.refuse("Market.series", rule, shape[1], "(n_times,) and constants serve all paths")
    return max(1, next(iter(shapes.values()), (1, 1))[1])
