"""`Shocked`: any scenario with shocks on given days."""

from collections.abc import Iterator, Mapping

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray, IntArray
from stakingmodels.market import Event, Factor, RowSource, TimeGrid
from stakingmodels.market.factors import as_factor
from stakingmodels.market.filled import Bounds, Filled, checked
from stakingmodels.scenarios.base import BlockInputs, Scenario, Setting
from stakingmodels.scenarios.drivers import Drivers, Noise
from stakingmodels.scenarios.events.shocks import EventShock, SetTo, Shock
from stakingmodels.scenarios.nesting import refuse_deep
from stakingmodels.scenarios.sparse import joined
from stakingmodels.scenarios.streams import Streams
from stakingmodels.series import frozen, refuse_below

AnyShock = Shock | SetTo | EventShock


def _shocks(value: object) -> tuple[AnyShock, ...]:
    found: list[AnyShock] = []
    for shock in value if isinstance(value, (tuple, list)) and value else (value,):
        if not isinstance(shock, (Shock, SetTo, EventShock)):
            how = 'must be shocks; write Shock(Price("ETH"), day=30, change=-0.5) or EventShock(Event("x"), day=30)'
            checks.refuse_type("Shocked.shocks", how, shock)
        found.append(shock)
    return tuple(found)


def _besides(value: object) -> tuple[AnyShock, ...]:
    return () if isinstance(value, (tuple, list)) and not value else _shocks(value)


@attrs.frozen(eq=False)
class Shocked(Scenario):
    """A scenario with shocks and events on given days, on all paths.

    Only the shocked factors change, and those of parts that depend on them: around a `Joint`, a hash rate that follows
    a price follows the shocked price. Put it around the whole scenario: as a part of a `Joint` it owns the events that
    it sets, or loses them to an earlier part that has them.

    Parameters
    ----------
    scenario
        Any scenario.
    shocks
        `Shock`, `SetTo` and `EventShock`, one or several. Shocks of one factor multiply; a level that is set overrides
        them, and the last one set counts. Any event is allowed, also one that the scenario does not have.
    companions
        Further shocks, as `shocks`, but without a warning if they affect no product.

    Raises
    ------
    InputError
        Where the scenario lacks a factor; where a day is outside the grid (when the grid is known).

    Examples
    --------
    >>> from stakingmodels import Constants, Event, Price
    >>> from stakingmodels.scenarios import Shock, Shocked, EventShock
    >>> crash = Shock(Price("ETH"), day=30, change=-0.5)
    >>> gone = EventShock(Event("custodian:x"), day=30)
    >>> Shocked(Constants({Price("ETH"): 3000.0}), [crash, gone]).describe()
    ('Price("ETH") constant at 3000.0', 'Price("ETH") -50.00% on day 30', 'Event("custodian:x") on day 30')
    """

    scenario: Scenario = attrs.field()
    shocks: tuple[AnyShock, ...] = attrs.field(converter=_shocks)
    companions: tuple[AnyShock, ...] = attrs.field(default=(), converter=_besides, kw_only=True)

    def __attrs_post_init__(self) -> None:
        checks.instance("Shocked.scenario", self.scenario, Scenario, "GeometricBrownianMotion({...})")
        refuse_deep("Shocked.scenario", [self], Scenario)
        changed = (factor for shock in self._changes for factor in shock.factors)
        for factor in (*changed, *(level.factor for level in self._levels)):
            if factor not in self.scenario.factors:
                given = ", ".join(sorted(str(f) for f in self.scenario.factors if not isinstance(f, Event)))
                checks.refuse(f"Shocked: {factor}", "is not in the scenario that is shocked", given)

    @property
    def _all(self) -> tuple[AnyShock, ...]:
        return (*self.shocks, *self.companions)

    @property
    def changed(self) -> frozenset[Factor]:
        """Factors whose rows the shocks change, with those of `companions`."""
        moved = (factor for shock in self._changes for factor in shock.factors)
        return frozenset([*moved, *(level.factor for level in self._levels)])

    @property
    def _changes(self) -> tuple[Shock, ...]:
        return tuple(shock for shock in self._all if isinstance(shock, Shock))

    @property
    def _levels(self) -> tuple[SetTo, ...]:
        return tuple(shock for shock in self._all if isinstance(shock, SetTo))

    @property
    def _strikes(self) -> tuple[EventShock, ...]:
        return tuple(shock for shock in self._all if isinstance(shock, EventShock))

    @property
    def factors(self) -> frozenset[Factor]:
        """Factors of the scenario, and the events that are set."""
        return self.scenario.factors | {event for strike in self._strikes for event in strike.events}

    @property
    def drivers(self) -> Drivers:
        """Noises of the scenario."""
        return self.scenario.drivers

    @property
    def depends_on(self) -> frozenset[Factor]:
        """Factors that the scenario depends on."""
        return self.scenario.depends_on

    @property
    def events(self) -> Mapping[Event, Setting]:
        """Events of the scenario, and those that are set."""
        struck: dict[Event, Setting] = {event: "struck" for strike in self._strikes for event in strike.events}
        return {**struck, **self.scenario.events}

    @property
    def shocked(self) -> Mapping[str, frozenset[Factor]]:
        """Changes of the scenario, and each `Shock` and `SetTo` of `shocks`."""
        found = dict(self.scenario.shocked)
        for shock in self.shocks:
            if not isinstance(shock, EventShock):
                found[shock.in_words()] = frozenset(shock.factors if isinstance(shock, Shock) else {shock.factor})
        return found

    def needed(self, factors: frozenset[Factor]) -> frozenset[Factor]:
        """Some factors, and all factors of the scenario that they depend on."""
        return self.scenario.needed(factors)

    @property
    def as_of(self) -> np.datetime64 | None:
        """Day for which the numbers of the scenario hold."""
        return self.scenario.as_of

    @property
    def numeraire(self) -> str:
        """Asset in which money is counted, as in the scenario."""
        return self.scenario.numeraire

    @property
    def is_recorded(self) -> bool:
        """Whether the scenario is recorded."""
        return self.scenario.is_recorded

    def n_paths(self, grid: TimeGrid) -> int | None:
        """Number of paths of the scenario; refuses a day outside the grid before anything runs."""
        self._check_days(grid)
        return self.scenario.n_paths(grid)

    def overlap(self, grid: TimeGrid) -> int:
        """Number of neighbours of a path that share data with it, as in the scenario."""
        return self.scenario.overlap(grid)

    def expected_growth(self, factor: Factor, grid: TimeGrid) -> FloatArray | None:
        """Expected growth of the scenario times the shocks' multiplier.

        None if a shock takes the level to 0 or sets it.
        """
        factor = as_factor("Shocked.expected_growth: factor", factor)
        if any(level.factor == factor for level in self._levels):
            return None
        growth = self.scenario.expected_growth(factor, grid)
        shocked = self._multipliers(grid).get(factor)
        if growth is None or shocked is None:
            return growth
        return frozen(growth * shocked[:, 0] / shocked[0, 0]) if (shocked > 0.0).all() else None

    def describe(self) -> tuple[str, ...]:
        """Notes of the scenario, and the shocks."""
        return (*self.scenario.describe(), *(each.in_words() for each in self._all))

    def generate(
        self, grid: TimeGrid, factors: frozenset[Factor], *, streams: Streams, noise: Noise, n_paths: int
    ) -> BlockInputs:
        """Inputs of the scenario, with its sources wrapped and shocked constants turned into rows."""
        self._check_days(grid)
        given = frozenset(factor for factor in factors if factor in self.scenario.factors)
        inner = self.scenario.generate(grid, given, streams=streams, noise=noise, n_paths=n_paths)
        changes = _Changes(self._multipliers(grid), self._held(grid))
        struck = self._struck(grid, factors, n_paths)
        constant = frozenset(inner.series) & changes.factors
        sources = (*((_Constants(constant),) if constant else ()), *inner.sources)
        shocked = changes.factors | frozenset(struck)
        name = type(self.scenario).__name__
        wrapped = tuple(_Changed(s, name, changes, struck) if s.factors & shocked else s for s in sources)
        decided = frozenset(factor for source in inner.sources for factor in source.factors)
        rest = {e: joined(inner.event_hits.get(e, {}), hits) for e, hits in struck.items() if e not in decided}
        still = {f: changes.opening(f, level) for f, level in inner.frozen_levels.items()}
        return attrs.evolve(inner, sources=wrapped, event_hits={**inner.event_hits, **rest}, frozen_levels=still)

    def _check_days(self, grid: TimeGrid) -> None:
        end = float(grid.elapsed_days[-1])
        for shock in self._all:
            if shock.last_day > end:
                checks.refuse(
                    f"{type(shock).__name__}: {shock}", f"must be within the grid of {end:g} days", shock.last_day
                )

    def _multipliers(self, grid: TimeGrid) -> dict[Factor, FloatArray]:
        """Multiplier of each shocked factor at every time of the grid, ``(n_times, 1)``."""
        found: dict[Factor, FloatArray] = {}
        for shock in self._changes:
            for factor in shock.factors:
                found[factor] = found.get(factor, 1.0) * shock.multiplier(grid.elapsed_days)[:, None]
        return found

    def _held(self, grid: TimeGrid) -> dict[Factor, FloatArray]:
        """Level of each factor that is set at every time of the grid, ``(n_times, 1)``; NaN where it is not set."""
        found: dict[Factor, FloatArray] = {}
        for each in self._levels:
            levels = each.levels(grid.elapsed_days)[:, None]
            before = found.get(each.factor, levels)
            found[each.factor] = np.where(np.isnan(levels), before, levels)
        return found

    def _struck(self, grid: TimeGrid, factors: frozenset[Factor], paths: int) -> dict[Event, dict[int, IntArray]]:
        found: dict[Event, dict[int, IntArray]] = {}
        for strike in self._strikes:
            for event in factors.intersection(strike.events):
                if isinstance(event, Event):
                    found[event] = joined(found.get(event, {}), {strike.step(grid): np.arange(paths)})
        return found


@attrs.frozen(eq=False)
class _Changes:
    """Changes of some factors: multiplier and held level of each at every time of the grid."""

    multipliers: Mapping[Factor, FloatArray]
    held: Mapping[Factor, FloatArray]

    @property
    def factors(self) -> frozenset[Factor]:
        """Factors that are changed."""
        return frozenset(self.multipliers) | frozenset(self.held)

    def opening(self, factor: Factor, level: float) -> float:
        """Level at the opening, changed."""
        number = level * float(self.multipliers[factor][0, 0]) if factor in self.multipliers else level
        held = float(self.held[factor][0, 0]) if factor in self.held else np.nan
        return number if np.isnan(held) else held

    def of(self, factor: Factor, start: int, given: FloatArray, out: FloatArray | None) -> FloatArray:
        """Rows from a time on, changed; in `out` if it is given and anything changes."""
        changed = given
        if factor in self.multipliers:
            now = self.multipliers[factor][start : start + len(given)]
            if not (now == 1.0).all():
                changed = np.multiply(given, now, out=out)
        if factor in self.held:
            level = self.held[factor][start : start + len(given)]
            if not np.isnan(level).all():
                changed = np.where(np.isnan(level), changed, level)
        return changed


class _Constants:
    """Rows of the series given to the market, so that they can be changed like those of any source."""

    def __init__(self, factors: frozenset[Factor]) -> None:
        self.factors = factors

    def rows(self, bounds: Bounds, filled: Mapping[Factor, FloatArray]) -> Iterator[Filled]:
        """Rows that the scenario already has."""
        for _ in bounds:
            yield {factor: filled[factor] for factor in self.factors}


class _Changed:
    """A source with some of its rows multiplied, and hits added to its events."""

    def __init__(
        self, source: RowSource, scenario: str, changes: _Changes, struck: Mapping[Event, Mapping[int, IntArray]]
    ) -> None:
        self.factors = source.factors
        self._source = source
        self._scenario = scenario
        self._changes = changes
        self._struck = struck

    def rows(self, bounds: Bounds, filled: Mapping[Factor, FloatArray]) -> Iterator[Filled]:
        """Rows of the source, chunk by chunk; changed rows are in reused buffers."""
        buffers: dict[Factor, FloatArray] = {}
        inner = checked(self._source, bounds, filled, None, scenario=self._scenario)
        for (start, stop), chunk in zip(bounds, inner, strict=True):
            changed = dict(chunk)
            for factor, given in chunk.items():
                if isinstance(given, np.ndarray):
                    changed[factor] = self._change(factor, given, start, buffers)
                elif isinstance(factor, Event) and factor in self._struck:
                    due = {step: at for step, at in self._struck[factor].items() if start <= step < stop}
                    changed[factor] = joined(given, due)
            yield changed

    def _change(self, factor: Factor, given: FloatArray, start: int, buffers: dict[Factor, FloatArray]) -> FloatArray:
        if factor not in self._changes.factors:
            return given
        if factor not in buffers or buffers[factor].shape[1] != given.shape[1] or len(buffers[factor]) < len(given):
            buffers[factor] = np.empty(given.shape)
        out = self._changes.of(factor, start, given, buffers[factor][: len(given)])
        if factor.minimum < 0.0 and out is not given:
            refuse_below(f"Shock: {factor}: fraction accrued in a step", out, factor.minimum, strict=True)
        return out
