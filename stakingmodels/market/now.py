"""`Now`: the interval that is closing, as a position sees it. No later row can be reached from it."""

import math
from collections.abc import Mapping, Sequence
from typing import Protocol, Self, TypeVar

import numpy as np

from stakingmodels import checks
from stakingmodels._types import BoolArray, FloatArray, IntArray, PathValue
from stakingmodels.display import packed
from stakingmodels.laws.binomial import binomial_quantile
from stakingmodels.market.factors import Event, Factor, Price
from stakingmodels.market.grid import TimeGrid
from stakingmodels.rates import DAYS_PER_YEAR

Hits = Mapping[int, IntArray]
"""Indices of the paths that an event hits, by step."""

TimeOffsets = np.ndarray[tuple[int], np.dtype[np.timedelta64]]
"""Offset added to the grid's times on each path."""


class UniformSource(Protocol):
    """One uniform draw in [0, 1) for every name, step and path, independent of the order of calls.

    A market makes no random numbers: a scenario gives it such a source.
    """

    def fresh(self) -> Self:
        """A copy with the same draws, for another reading of the market at the same time."""
        ...  # pragma: no cover

    def uniforms(self, name: str, step: int) -> FloatArray:
        """All draws of a step, ``(n_paths,)``."""
        ...  # pragma: no cover

    def successes(self, name: str, step: int, n: PathValue, p: PathValue) -> tuple[IntArray, FloatArray] | None:
        """Paths with any success in `n` trials of probability `p`, and the number of successes.

        None where successes are not rare on every path, so that all draws of the step are cheaper.
        """
        ...  # pragma: no cover


F = TypeVar("F", bound=Factor)
_HELD = 32  # factors of a chunk that are found by their identity
NO_PATHS: IntArray = np.empty(0, dtype=np.int64)
NO_PATHS.flags.writeable = False


class Chunk:
    """Rows of the steps [start, stop) for every factor of a market, shared by all products.

    Levels have rows start to stop, both included; interval quantities rows start to stop - 1, rates as the fraction
    accrued. A row has one value for all paths, or one per path. `hits` has the event hits up to the chunk's end at
    least; `uniforms` is the source of the products' draws in this reading, None in a market without randomness.
    """

    def __init__(
        self,
        start: int,
        stop: int,
        rows: Mapping[Factor, FloatArray],
        hits: Mapping[Event, Hits],
        uniforms: UniformSource | None,
    ) -> None:
        self.start = start
        self.stop = stop
        self.rows = rows
        self.hits = hits
        self.uniforms = uniforms
        self._positive: dict[Factor, BoolArray] = {}
        self._moves: dict[Factor, FloatArray] = {}
        self._rates_fall: bool | None = None

    def __repr__(self) -> str:
        return packed(f"Chunk(steps {self.start} to {self.stop}: ", sorted(map(str, self.rows)))

    @property
    def steps(self) -> int:
        """Number of steps."""
        return self.stop - self.start

    @property
    def rates_fall(self) -> bool:
        """Whether a rate is below 0 in some interval, on some path."""
        if self._rates_fall is None:
            self._rates_fall = any(f.is_rate and bool(rows.min() < 0.0) for f, rows in self.rows.items())
        return self._rates_fall

    def moves(self, factor: Factor) -> FloatArray:
        """Changes of a level over each step, ``(n_steps, width)``, computed once for all products."""
        found = self._moves.get(factor)
        if found is None:
            found = self._moves[factor] = np.diff(self.rows[factor], axis=0)
            found.flags.writeable = False
        return found

    def positive(self, factor: Factor) -> BoolArray:
        """Whether each row of a factor is above 0 on all paths, computed once for all products."""
        found = self._positive.get(factor)
        if found is None:
            found = self._positive[factor] = self.rows[factor].min(axis=1) > 0.0
        return found


NO_STEPS = Chunk(0, 0, {}, {}, None)
"""An empty chunk, for before the first and after the last."""


class _Series:
    """Rows of a factor in a chunk, each a number for all paths or an array, with cached answers about them."""

    __slots__ = ("moves", "positive", "rows", "shift")

    def __init__(self, shift: int, rows: Sequence[PathValue]) -> None:
        self.shift = shift  # offset from an interval to its row: 1 for levels
        self.rows = rows
        self.positive: list[bool] | None = None
        self.moves: Sequence[PathValue] | None = None


def _rows(table: FloatArray) -> Sequence[PathValue]:
    """Rows of a table, as numbers where there is one for all paths."""
    return list(table) if table.shape[1] > 1 else [float(number) for number in table[:, 0]]


class Now:
    """The interval that is closing, as a position sees it; the engine moves it on.

    Attributes
    ----------
    step
        Number k of the interval [k, k+1); -1 at the opening, when only levels (row 0) exist.
    days, elapsed_days
        Length of the interval in days, 0 at the opening; and days from the opening to the interval's end.
    n_paths
        Number of paths.
    numeraire
        The asset in which money is counted; its price is 1.
    scratch
        A buffer ``(n_paths,)`` for amounts that are posted at once. All products of a run and the engine share it, so
        that it stays in the processor's cache; the next product's step overwrites it.
    """

    days: float = 0.0
    elapsed_days: float = 0.0

    def __init__(
        self,
        grid: TimeGrid,
        numeraire: str,
        n_paths: int,
        *,
        hazards: Mapping[Event, float],
        time_offsets: TimeOffsets | None,
        scratch: FloatArray,
    ) -> None:
        self.step = -1
        self.numeraire = numeraire
        self.n_paths = n_paths
        self._grid = grid
        self._days = [*grid.step_days.tolist(), 0.0]
        self._times = grid.elapsed_days
        self._time_list: list[float] = grid.elapsed_days.tolist()
        self._unit = Price(numeraire)
        self._series: dict[int, _Series] = {}  # by identity, which is faster than by equality
        self._equal: dict[Factor, _Series] = {}
        self._held: list[Factor] = []  # so that no other object can get the id of one
        self._known: dict[Factor, Factor] = {}
        self._row = -1
        self._hits: Mapping[Event, Hits] = {}
        self._hazards = hazards
        self._uniforms: UniformSource | None = None
        self.time_offsets = time_offsets
        self.scratch, *self.book_scratch = scratch
        self._chunk = NO_STEPS
        self._never = np.zeros(n_paths, dtype=np.bool_)
        self._never.flags.writeable = False

    def __repr__(self) -> str:
        paths = "1 path" if self.n_paths == 1 else f"{self.n_paths:,} paths"
        return f"Now(step {self.step} of {self._grid.n_steps}, {paths}, numeraire {self.numeraire!r})"

    def at(self, chunk: Chunk, step: int) -> "Now":
        """Move on to an interval; only the engine does this."""
        if chunk is not self._chunk:
            self._chunk, self._hits, self._uniforms = chunk, chunk.hits, chunk.uniforms
            self._series.clear()
            self._equal.clear()
            self._held.clear()
        self.step = step
        self._row = step - chunk.start
        self.days, self.elapsed_days = self._days[step], self._time_list[step + 1]
        return self

    def __getitem__(self, factor: Factor) -> PathValue:
        """Value of a factor in this interval: a level at its end, a rate as the fraction accrued, or a quantity.

        Returns one float for all paths, or a read-only ``(n_paths,)`` array.
        """
        series = self._series.get(id(factor)) or self._look_up(factor)
        row = self._row + series.shift
        return 0.0 if row < 0 else series.rows[row]

    def known(self, factor: F) -> F:
        """First factor asked for that is equal to this one: what is read by it in each step is found by identity."""
        return self._known.setdefault(factor, factor)  # type: ignore[return-value]

    def move(self, factor: Factor) -> PathValue:
        """Change of a level over the interval; 0 of anything else."""
        series = self._series.get(id(factor)) or self._look_up(factor)
        if self.step < 0 or not series.shift:
            return 0.0
        moves = series.moves
        if moves is None:
            known = factor in self._chunk.rows
            moves = series.moves = _rows(self._chunk.moves(factor)) if known else [0.0] * len(series.rows)
        return moves[self._row]

    def positive(self, factor: Factor) -> bool:
        """Whether a factor is above 0 in this interval on all paths, so that it can be divided by."""
        series = self._series.get(id(factor)) or self._look_up(factor)
        positive = series.positive
        if positive is None:
            known = factor in self._chunk.rows
            positive = self._chunk.positive(factor).tolist() if known else [True] * len(series.rows)
            series.positive = positive
        return positive[max(self._row + series.shift, 0)]

    def opening(self, factor: Factor) -> PathValue:
        """Value of a level at the interval's start."""
        series = self._series.get(id(factor)) or self._look_up(factor)
        return series.rows[max(self._row, 0)]

    def _look_up(self, factor: Factor) -> "_Series":
        """Rows of a factor in the current chunk, cached until the chunk ends."""
        known = self._equal.get(factor)
        if known is not None:  # another instance of an equal factor, perhaps created at each step
            if len(self._held) < _HELD:
                self._series[id(factor)] = known
                self._held.append(factor)
            return known
        rows, shift = self._chunk.rows.get(factor), int(factor.kind == "level")
        if rows is not None:
            found = _Series(shift, _rows(rows))
        elif factor == self._unit or factor.optional:
            found = _Series(shift, [float(factor == self._unit)] * (self._chunk.steps + shift))
        else:
            checks.refuse(str(factor), "is not in this market", None, f"add {factor}: {factor.example}")
        self._series[id(factor)] = self._equal[factor] = found
        self._held.append(factor)
        return found

    def time_index(self, day: "FloatArray") -> IntArray:
        """Index of the first of the grid's times, from this interval's end on, that is on or after a day.

        The number of times where the grid ends before it.
        """
        return np.maximum(np.searchsorted(self._times, day, side="left"), self.step + 1)

    @property
    def exit_day(self) -> float:
        """Days from the opening to the day on which the holder leaves at the latest."""
        return float(self._times[self._grid.exit])

    @property
    def years(self) -> float:
        """Length of the interval in years of 365 days."""
        return self.days / DAYS_PER_YEAR

    @property
    def time(self) -> "np.datetime64 | np.ndarray[tuple[int], np.dtype[np.datetime64]]":
        """Time of the interval's end: one for all paths, or ``(n_paths,)`` where each path has dates of its own."""
        moment: np.datetime64 = self._grid.times[self.step + 1]
        return moment if self.time_offsets is None else moment + self.time_offsets

    @property
    def is_drawn(self) -> bool:
        """Whether outcomes of probability laws are drawn in this market; otherwise they are means."""
        return self._uniforms is not None

    def paths_with(self, event: Event) -> IntArray:
        """Indices of the paths that the event hits in this interval. Mostly empty, so cheaper than `occurs`."""
        hits = self._hits.get(event)
        return NO_PATHS if hits is None or self.step < 0 else hits.get(self.step, NO_PATHS)

    def occurs(self, event: Event) -> BoolArray:
        """Mask ``(n_paths,)`` of the paths on which the event occurs in this interval."""
        struck = self.paths_with(event)
        if not struck.size:
            return self._never
        mask = np.zeros(self.n_paths, dtype=np.bool_)
        mask[struck] = True
        return mask

    def occurrences(self, event: Event, n: PathValue) -> tuple[IntArray, FloatArray]:
        """Paths on which the event hits any of `n` independent units in this interval, and the number hit on each.

        Units are whole numbers; below one unit, a given event hits the part that exists.

        If the scenario has a hazard for the event, the number is Binomial(n, 1 - exp(-hazard * years)). Otherwise a
        given event hits one unit.
        """
        hazard = self._hazards.get(event)
        if hazard is None or self._uniforms is None:
            struck = np.minimum(self.occurs(event), n)
            paths = np.nonzero(struck)[0]
            return paths, struck[paths]
        return self.successes(f"count:{event.drawn_as}", n, -math.expm1(-hazard * self.years))

    def binomial(self, key: str, n: PathValue, p: PathValue) -> PathValue:
        """Successes in `n` trials of probability `p`, drawn from the binomial law and keyed by name and step.

        The same key in the same step gives the same draws, in any order of calls. On a market without randomness (flat
        or given): the mean ``n * p``.
        """
        if self._uniforms is None or self.step < 0:
            return n * p
        return binomial_quantile(self._uniforms.uniforms(key, self.step), n, p)

    def successes(self, key: str, n: PathValue, p: PathValue) -> tuple[IntArray, FloatArray]:
        """Paths with any success, and their number: the nonzero values of `binomial`, cheap where they are rare."""
        if self._uniforms is not None and self.step >= 0:
            found = self._uniforms.successes(key, self.step, n, p)
            if found is not None:
                return found
        drawn = np.broadcast_to(self.binomial(key, n, p), (self.n_paths,))
        paths = np.nonzero(drawn)[0]
        return paths, drawn[paths]
