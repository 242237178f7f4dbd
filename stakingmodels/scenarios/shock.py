"""`Shocked`: any world, struck by shocks on given days."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Self

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray, IntArray
from stakingmodels.errors import UnitWarning
from stakingmodels.market import Event, Factor, MarketRatio, Price, Source, TimeGrid
from stakingmodels.market.factors import as_event
from stakingmodels.market.filled import Filled, checked
from stakingmodels.scenarios.base import Scenario, Supply
from stakingmodels.scenarios.drivers import Drivers, Noise
from stakingmodels.scenarios.levels import as_half_life
from stakingmodels.scenarios.sparse import joined
from stakingmodels.scenarios.streams import Streams
from stakingmodels.series import refuse_below

_CHANGE_LIMIT = 1e6
_LIKE_PERCENT = 10.0  # fees do rise so much, prices and ratios hardly


def _several(value: object) -> tuple[object, ...]:
    """One thing or several, as a tuple; an empty one is kept as a thing, to be refused."""
    return tuple(value) if isinstance(value, (tuple, list)) and value else (value,)


def _factors(value: object) -> tuple[Factor, ...]:
    how = 'Price("ETH") or (Price("ETH"), Price("BTC"))'
    factors = tuple(checks.instance("Shock.factors", factor, Factor, how) for factor in _several(value))
    for factor in factors:
        if isinstance(factor, Event):
            checks.refuse("Shock.factors", "must be levels, rates or fees", str(factor), f"Strike({factor}, day=30)")
    return factors


def _change(where: str, value: object) -> float:
    number = checks.real(where, value)
    if not -1.0 <= number <= _CHANGE_LIMIT:
        rule = f"must be in [-1, {_CHANGE_LIMIT:g}], or the factor falls below 0"
        checks.refuse(where, rule, value, f"percent? write {number / 100:g}" if -100.0 <= number < -1.0 else "")
    return number


def _in_words(factors: Sequence[Factor]) -> str:
    return ", ".join(map(str, factors))


@attrs.frozen
class Shock:
    """A change of levels, rates or fees by a fraction: at once or by and by, for good or passing.

    Parameters
    ----------
    factors
        What changes: one factor or several, such as ``Price("ETH")``, ``MarketRatio("stETH")``, ``Difficulty("BTC")``
        or ``StakingReward("ETH")``.
    day
        When it begins: days from the opening of the grid, 0 or more. A level is changed at the grid's times from
        `day` on; a rate or fee in the intervals that begin on `day` or later.
    change
        By what fraction, from -1: -0.5 halves, 1.0 doubles.
    until
        Day on which the change is complete, after `day`; up to it, it grows in a straight line. By default at once.
    half_life_days
        Days in which half of the change is gone, counted from its being complete; above 0. By default it stays.

    Examples
    --------
    >>> from stakingmodels import MarketRatio, Price
    >>> from stakingmodels.scenarios import Shock
    >>> crash = Shock((Price("ETH"), Price("BTC")), day=30, change=-0.5)
    >>> depeg = Shock(MarketRatio("stETH"), day=30, change=-0.06, until=38, half_life_days=30)
    >>> depeg.multiplier(np.array([30.0, 34.0, 38.0, 68.0]))
    array([1.  , 0.97, 0.94, 0.97])
    """

    factors: tuple[Factor, ...] = attrs.field(converter=_factors)
    day: float = attrs.field(validator=checks.NON_NEGATIVE, kw_only=True)
    change: float = attrs.field(validator=checks.field(_change), kw_only=True)
    until: float | None = attrs.field(
        default=None, validator=checks.field(checks.non_negative, optional=True), kw_only=True
    )
    half_life_days: float | None = attrs.field(
        default=None, validator=checks.field(as_half_life, optional=True), kw_only=True
    )

    def __attrs_post_init__(self) -> None:
        if self.until is not None and self.until <= self.day:
            checks.refuse("Shock.until", f"must be after the day of {self.day:g}", self.until)
        self._warn_of_percent()
        for factor in self.factors:
            if self.change == -1.0 and factor.minimum == 0.0 and not factor.zero_allowed:
                checks.refuse(f"Shock.change: {factor}", "must be above -1: the factor must stay above 0", self.change)

    def _warn_of_percent(self) -> None:
        for factor in self.factors:
            if self.change > _LIKE_PERCENT and isinstance(factor, (Price, MarketRatio)):
                text = f"Shock.change: {self.change:g} multiplies {factor} by {1.0 + self.change:g}"
                hint = f"percent? write {self.change / 100:g}"
                checks.warn(f"{text} ({hint})", UnitWarning)

    @property
    def last_day(self) -> float:
        """The day on which the change is complete."""
        return self.day if self.until is None else self.until

    def later(self, days: float) -> Self:
        """The same, some days later."""
        until = None if self.until is None else self.until + days
        return attrs.evolve(self, day=self.day + days, until=until)

    def multiplier(self, days: FloatArray) -> FloatArray:
        """What the factors are multiplied by at some times, in days from the opening."""
        complete = self.last_day
        if self.until is None:
            part = (days >= self.day).astype(np.float64)
        else:
            part = np.clip((days - self.day) / (self.until - self.day), 0.0, 1.0)
        if self.half_life_days is not None:
            part *= 0.5 ** (np.maximum(days - complete, 0.0) / self.half_life_days)
        return np.asarray(1.0 + self.change * part)

    def __str__(self) -> str:
        when = f"on day {self.day:g}" if self.until is None else f"from day {self.day:g} to {self.until:g}"
        gone = "" if self.half_life_days is None else f", half of it gone in {self.half_life_days:g} days"
        return f"{_in_words(self.factors)} {self.change:+.2%} {when}{gone}"


def _events(value: object) -> tuple[Event, ...]:
    return tuple(as_event("Strike.events", event, 'Event("custodian:x")') for event in _several(value))


@attrs.frozen
class Strike:
    """Named events that strike on all paths on a given day, beside when they strike anyway.

    Parameters
    ----------
    events
        One event or several, such as ``Event("custodian:x")``.
    day
        Days from the opening of the grid, above 0. The events strike in the interval that holds the day, the one
        that ends on it where it is a time of the grid: the same in which a level is changed by a `Shock` of that day.
    """

    events: tuple[Event, ...] = attrs.field(converter=_events)
    day: float = attrs.field(validator=checks.POSITIVE, kw_only=True)

    @property
    def last_day(self) -> float:
        """The day."""
        return self.day

    def later(self, days: float) -> Self:
        """The same, some days later."""
        return attrs.evolve(self, day=self.day + days)

    def step(self, grid: TimeGrid) -> int:
        """Number of the interval in which the events strike."""
        return int(np.searchsorted(grid.days, self.day, side="left")) - 1

    def __str__(self) -> str:
        return f"{_in_words(self.events)} on day {self.day:g}"


def _shocks(value: object) -> tuple[Shock | Strike, ...]:
    found: list[Shock | Strike] = []
    for shock in _several(value):
        if not isinstance(shock, (Shock, Strike)):
            how = 'must be shocks; write Shock(Price("ETH"), day=30, change=-0.5) or Strike(Event("x"), day=30)'
            checks.refuse_type("Shocked.shocks", how, shock)
        found.append(shock)
    return tuple(found)


@attrs.frozen(eq=False)
class Shocked(Scenario):
    """A world, and what befalls it on given days, on all paths.

    No number of the world changes but those that are shocked, and those of parts that follow them: around a `Joint`,
    a hash rate that follows a price follows the shocked price. Put it around the whole world: as a part of a `Joint`
    it owns the events that it strikes, or loses them to a part before it that gives them.

    Parameters
    ----------
    world
        Any scenario.
    shocks
        `Shock` and `Strike`, one or several. Shocks of one factor multiply. Events may be any, also such that the
        world does not know.

    Raises
    ------
    InputError
        Where the world does not give a factor; where a day is outside the grid (when the grid is known).

    Examples
    --------
    >>> from stakingmodels import Constants, Event, Price
    >>> from stakingmodels.scenarios import Shock, Shocked, Strike
    >>> crash = Shock(Price("ETH"), day=30, change=-0.5)
    >>> gone = Strike(Event("custodian:x"), day=30)
    >>> Shocked(Constants({Price("ETH"): 3000.0}), [crash, gone]).notes()
    ('Price("ETH") constant at 3000.0', 'Price("ETH") -50.00% on day 30', 'Event("custodian:x") on day 30')
    """

    world: Scenario = attrs.field()
    shocks: tuple[Shock | Strike, ...] = attrs.field(converter=_shocks)

    def __attrs_post_init__(self) -> None:
        checks.instance("Shocked.world", self.world, Scenario, "Lognormal({...})")
        for factor in (factor for shock in self._changes for factor in shock.factors):
            if factor not in self.world.gives:
                given = _in_words(sorted((f for f in self.world.gives if not isinstance(f, Event)), key=repr))
                checks.refuse(f"Shocked: {factor}", "is not in the world that is shocked", given)

    @property
    def _changes(self) -> tuple[Shock, ...]:
        return tuple(shock for shock in self.shocks if isinstance(shock, Shock))

    @property
    def _strikes(self) -> tuple[Strike, ...]:
        return tuple(shock for shock in self.shocks if isinstance(shock, Strike))

    @property
    def gives(self) -> frozenset[Factor]:
        """What the world gives, and the events that strike."""
        return self.world.gives | {event for strike in self._strikes for event in strike.events}

    @property
    def drivers(self) -> Drivers:
        """Those of the world."""
        return self.world.drivers

    @property
    def reads(self) -> frozenset[Factor]:
        """What the world reads."""
        return self.world.reads

    @property
    def numeraire(self) -> str:
        """The world's."""
        return self.world.numeraire

    @property
    def is_recorded(self) -> bool:
        """Whether the world is."""
        return self.world.is_recorded

    def n_paths(self, grid: TimeGrid) -> int | None:
        """As many as the world has; refuses a day outside the grid before anything runs."""
        self._check_days(grid)
        return self.world.n_paths(grid)

    def overlap(self, grid: TimeGrid) -> int:
        """The world's."""
        return self.world.overlap(grid)

    def expected_growth(self, factor: Factor, grid: TimeGrid) -> FloatArray | None:
        """The world's, times what shocks make of the level by each time; None if one takes it to 0."""
        growth = self.world.expected_growth(factor, grid)
        shocked = self._multipliers(grid).get(factor)
        if growth is None or shocked is None:
            return growth
        return growth * shocked[:, 0] / shocked[0, 0] if (shocked > 0.0).all() else None

    def notes(self) -> tuple[str, ...]:
        """The world's notes and the shocks."""
        return (*self.world.notes(), *map(str, self.shocks))

    def supply(
        self, grid: TimeGrid, factors: frozenset[Factor], *, streams: Streams, noise: Noise, paths: int
    ) -> Supply:
        """What the world supplies, with its sources wrapped and its constants made rows where they are shocked."""
        self._check_days(grid)
        inner = self.world.supply(grid, factors & self.world.gives, streams=streams, noise=noise, paths=paths)
        changes = self._multipliers(grid)
        struck = self._struck(grid, factors, paths)
        constant = frozenset(inner.series) & frozenset(changes)
        sources = (*((_Constants(constant),) if constant else ()), *inner.sources)
        shocked = frozenset(changes) | frozenset(struck)
        name = type(self.world).__name__
        wrapped = tuple(_Changed(s, name, changes, struck) if s.factors & shocked else s for s in sources)
        decided = frozenset(factor for source in inner.sources for factor in source.factors)
        rest = {e: joined(inner.struck.get(e, {}), hits) for e, hits in struck.items() if e not in decided}
        return attrs.evolve(inner, sources=wrapped, struck={**inner.struck, **rest})

    def _check_days(self, grid: TimeGrid) -> None:
        end = float(grid.days[-1])
        for shock in self.shocks:
            if shock.last_day > end:
                checks.refuse(
                    f"{type(shock).__name__}: {shock}", f"must be within the grid of {end:g} days", shock.last_day
                )

    def _multipliers(self, grid: TimeGrid) -> dict[Factor, FloatArray]:
        """For each shocked factor what it is multiplied by at every time of the grid, ``(n_times, 1)``."""
        found: dict[Factor, FloatArray] = {}
        for shock in self._changes:
            for factor in shock.factors:
                found[factor] = found.get(factor, 1.0) * shock.multiplier(grid.days)[:, None]
        return found

    def _struck(self, grid: TimeGrid, factors: frozenset[Factor], paths: int) -> dict[Event, dict[int, IntArray]]:
        found: dict[Event, dict[int, IntArray]] = {}
        for strike in self._strikes:
            for event in factors.intersection(strike.events):
                if isinstance(event, Event):
                    found[event] = joined(found.get(event, {}), {strike.step(grid): np.arange(paths)})
        return found


class _Constants:
    """Rows of what was given to the market, so that they can be changed like those of any source."""

    def __init__(self, factors: frozenset[Factor]) -> None:
        self.factors = factors

    def rows(self, bounds: Sequence[tuple[int, int]], world: Mapping[Factor, FloatArray]) -> Iterator[Filled]:
        """The rows that are in the world already."""
        for _ in bounds:
            yield {factor: world[factor] for factor in self.factors}


class _Changed:
    """A source with some of its rows multiplied, and strikes added to its events."""

    def __init__(
        self,
        source: Source,
        world: str,
        changes: Mapping[Factor, FloatArray],
        struck: Mapping[Event, Mapping[int, IntArray]],
    ) -> None:
        self.factors = source.factors
        self._source = source
        self._world = world
        self._changes = changes
        self._struck = struck

    def rows(self, bounds: Sequence[tuple[int, int]], world: Mapping[Factor, FloatArray]) -> Iterator[Filled]:
        """The source's rows of each chunk; those that change in buffers that are used again."""
        buffers: dict[Factor, FloatArray] = {}
        for (start, stop), filled in zip(bounds, checked(self._source, bounds, world, None, self._world), strict=True):
            changed = dict(filled)
            for factor, given in filled.items():
                if isinstance(given, np.ndarray):
                    changed[factor] = self._change(factor, given, start, buffers)
                elif isinstance(factor, Event) and factor in self._struck:
                    due = {step: at for step, at in self._struck[factor].items() if start <= step < stop}
                    changed[factor] = joined(given, due)
            yield changed

    def _change(self, factor: Factor, given: FloatArray, start: int, buffers: dict[Factor, FloatArray]) -> FloatArray:
        if factor not in self._changes:
            return given
        now = self._changes[factor][start : start + len(given)]
        if (now == 1.0).all():
            return given
        if factor not in buffers or buffers[factor].shape[1] != given.shape[1] or len(buffers[factor]) < len(given):
            buffers[factor] = np.empty(given.shape)
        out = np.multiply(given, now, out=buffers[factor][: len(given)])
        if factor.minimum < 0.0:
            refuse_below(f"Shock: {factor}: fraction accrued in a step", out, factor.minimum, strict=True)
        return out
