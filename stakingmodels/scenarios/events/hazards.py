"""`Hazards`: events whose intensities change in time, depend on each other, and rise when a price crashes."""

from collections.abc import Mapping
from functools import partial

import attrs
import numpy as np

from stakingmodels import checks, terms
from stakingmodels._types import BoolArray, FloatArray, IntArray
from stakingmodels.market import Event, Factor, TimeGrid
from stakingmodels.market.factors import HAZARD_LIMIT, as_event
from stakingmodels.market.now import Hits
from stakingmodels.rates import DAYS_PER_YEAR
from stakingmodels.replacing import Replaceable
from stakingmodels.scenarios.base import BlockInputs, Scenario, Setting
from stakingmodels.scenarios.drivers import Noise
from stakingmodels.scenarios.events.copulas import Copula
from stakingmodels.scenarios.events.crashes import Crash, CrashDetector
from stakingmodels.scenarios.rows import FillChunk, RowFiller, Rows
from stakingmodels.scenarios.sparse import joined
from stakingmodels.scenarios.strata import Exponentials
from stakingmodels.scenarios.streams import Streams
from stakingmodels.series import FrozenMap
from stakingmodels.words import Note

Intensity = Mapping[float, float]
"""Hazard a year by the day from the opening on which it starts; one of the days is 0. Empty: the event's own hazard."""


def _intensity(where: str, value: object) -> Intensity:
    if value is None:
        return FrozenMap({})
    if not isinstance(value, Mapping):
        return FrozenMap({0.0: checks.non_negative(where, value, HAZARD_LIMIT)})
    found = {
        checks.non_negative(f"{where}: day", day): checks.non_negative(f"{where}: from day {day}", hazard, HAZARD_LIMIT)
        for day, hazard in value.items()
    }
    if 0.0 not in found:
        checks.refuse(where, "must say the hazard from day 0 on", value, "write {0: 0.01, 180: 0.05}")
    return FrozenMap(dict(sorted(found.items())))


def _hazards(value: object) -> Mapping[Event, Intensity]:
    if not isinstance(value, Mapping) or not value:
        checks.refuse_type("Hazards.hazards", 'must be a mapping such as {Event("custodian:x"): 0.02}', value)
    found: dict[Event, Intensity] = {}
    for key, hazard in value.items():
        event = as_event("Hazards.hazards", key, 'Event("custodian:x")')
        found[event] = _intensity(f"Hazards: {event}", hazard)
        if event.hazard is not None and found[event] not in ({0.0: event.hazard}, {}):
            rule = f"one event name must have one hazard, and the event carries {event.hazard:g} itself"
            checks.refuse(f"Hazards: {event}", rule, hazard, f"write {event} without")
    return FrozenMap(found)


@terms.sheet
class Contagion(Replaceable):
    """Addition to the hazard of an event during a crash of a price.

    Parameters
    ----------
    crash
        Condition for the crash.
    hazard
        Intensity a year added to the event's during the crash, in [0, 1000].
    """

    crash: Crash = terms.field(
        "other", checks.instance, Crash, 'Crash(Price("BTC"), fall=0.3, within_days=7.0)', kw_only=False
    )
    hazard: float = terms.field("number", checks.non_negative, HAZARD_LIMIT, unit="1/year", low=0.0, high=HAZARD_LIMIT)


def _contagion(value: object) -> Mapping[Event, Contagion]:
    how = '{Event("custodian:x"): Contagion(crash, hazard=0.5)}'
    for key, contagion in checks.instance("Hazards.contagion", value, Mapping, how).items():
        as_event("Hazards.contagion", key, 'Event("custodian:x")')
        checks.instance("Hazards.contagion", contagion, Contagion, "Contagion(crash, hazard=0.5)")
    return FrozenMap(value)  # type: ignore[arg-type]


def _shared(value: object) -> Mapping[tuple[Event, ...], Intensity]:
    how = '{(Event("custodian:x"), Event("custodian:y")): 0.005}'
    found: dict[tuple[Event, ...], Intensity] = {}
    for group, hazard in checks.instance("Hazards.shared", value, Mapping, how).items():
        if not isinstance(group, tuple) or len(set(group)) < 2 or len(set(group)) < len(group):
            checks.refuse("Hazards.shared", f"must have two different events or more as a key; write {how}", group)
        for event in group:
            as_event("Hazards.shared", event, 'Event("custodian:x")')
        found[group] = _intensity(f"Hazards.shared[{', '.join(map(str, group))}]", hazard)
    return FrozenMap(found)


@attrs.frozen(eq=False)
class Hazards(Scenario):
    """Events with intensities of their own, which override those that the events carry.

    An event occurs when its cumulated hazard reaches a unit exponential draw, and then renews. So the probability that
    it has occurred by a time is exactly ``1 - exp(-hazard cumulated by then)``, whatever the copula; on paths where a
    price crashes, the added hazard counts. A shared cause triggers all events of its group at once, in addition.

    With ``event_sampling="stratified"`` the first occurrences of events and of shared causes are stratified; those of
    events in the copula stay independent from path to path.

    Parameters
    ----------
    hazards
        Hazard a year of 365 days by event; or hazards by their first day, such as ``{0: 0.01, 180: 0.05}``; or None for
        the hazard that the products' events carry.
    copula
        Dependence between first occurrences; None (default): independent.
    contagion
        Addition to the hazard during a crash of a price, by event; the price is from an earlier part of a `Joint`.
    shared
        Hazard of a cause that triggers a whole group of events, by group.

    Raises
    ------
    InputError
        Where an event carries another hazard than the one given here, or none where its own is to be used; where a
        mapping of days has no day 0, or an event of the copula, the contagion or a group has no hazard here.

    Examples
    --------
    >>> from stakingmodels import Event, Price
    >>> from stakingmodels.scenarios import Contagion, Copula, Crash, Hazards
    >>> one, other = Event("custodian:x"), Event("custodian:y")
    >>> crash = Crash(Price("BTC"), fall=0.3, within_days=7.0)
    >>> scenario = Hazards(
    ...     {one: 0.02, other: {0: 0.01, 180: 0.05}},
    ...     copula=Copula({(one, other): 0.5}, degrees_of_freedom=4),
    ...     contagion={one: Contagion(crash, hazard=1.0)},
    ... )
    >>> scenario.depends_on
    frozenset({Price("BTC")})
    """

    hazards: Mapping[Event, Intensity] = attrs.field(converter=_hazards)
    copula: Copula | None = attrs.field(
        default=None,
        validator=checks.field(checks.instance, Copula, "Copula({(one, other): 0.5})", optional=True),
        kw_only=True,
    )
    contagion: Mapping[Event, Contagion] = attrs.field(factory=dict, converter=_contagion, kw_only=True)
    shared: Mapping[tuple[Event, ...], Intensity] = attrs.field(factory=dict, converter=_shared, kw_only=True)

    def __attrs_post_init__(self) -> None:
        groups = {event for group in self.shared for event in group}
        named = {"contagion": set(self.contagion), "shared": groups}
        if self.copula is not None:
            named["copula"] = set(self.copula.events)
        for field, events in named.items():
            for event in sorted(events - set(self.hazards), key=str):
                checks.refuse(f"Hazards.{field}", "must name events that have a hazard here", str(event))

    @property
    def factors(self) -> frozenset[Factor]:
        """Factors of this scenario: the events."""
        return frozenset(self.hazards)

    @property
    def events(self) -> Mapping[Event, Setting]:
        """Events set by this scenario: by a hazard of their own, or by an addition to the hazard that they carry."""
        return {event: self._setting(event, hazard) for event, hazard in self.hazards.items()}

    def _setting(self, event: Event, hazard: Intensity) -> Setting:
        if not hazard:
            return "added"
        shared = any(any(rates.values()) for group, rates in self.shared.items() if event in group)
        spreads = event in self.contagion and self.contagion[event].hazard > 0.0
        return "hazard" if any(hazard.values()) or shared or spreads else "off"

    @property
    def depends_on(self) -> frozenset[Factor]:
        """Factors that this scenario depends on: the prices that may crash."""
        return frozenset(contagion.crash.price for contagion in self.contagion.values())

    def generate(
        self, grid: TimeGrid, factors: frozenset[Factor], *, streams: Streams, noise: Noise, n_paths: int
    ) -> BlockInputs:
        """Inputs with one source of the hits of the events requested; their hazard is its mean over the grid."""
        del noise
        asked = frozenset(f for f in factors if isinstance(f, Event))
        if not asked:
            return BlockInputs()
        end = float(grid.elapsed_days[-1]) / DAYS_PER_YEAR
        hazards = {event: self.hazards[event] or _carried(event) for event in asked}
        means = {event: float(_cumulated(hazard, grid)[-1]) / end for event, hazard in hazards.items()}
        for group, hazard in self.shared.items():
            for event in asked.intersection(group):
                means[event] += float(_cumulated(hazard, grid)[-1]) / end
        begin = partial(self._begin, grid, FrozenMap(hazards), streams, n_paths)
        return BlockInputs(sources=(RowFiller(factors=frozenset(hazards), begin=begin),), hazards=means)

    def _begin(
        self, grid: TimeGrid, hazards: Mapping[Event, Intensity], streams: Streams, paths: int, longest: int
    ) -> FillChunk:
        """Function that returns the hits of each event in a chunk: steps and paths."""
        del longest
        clocks = self._clocks(grid, hazards, streams, paths)
        watches = {c.crash: CrashDetector(c.crash, grid) for event, c in self.contagion.items() if event in hazards}

        def fill(start: int, stop: int, rows: Rows, filled: Rows) -> Mapping[Factor, Hits]:
            del rows
            found: dict[Factor, dict[int, IntArray]] = {event: {} for event in hazards}
            for step in range(start, stop):
                crashed = {c: _crashed(watch, step, filled[c.price][step - start :]) for c, watch in watches.items()}
                for clock, targets in clocks:
                    struck = clock.run(step, crashed)
                    for event in targets if struck.size else ():
                        found[event] = joined(found[event], {step: struck})
            return found

        return fill

    def _clocks(
        self, grid: TimeGrid, hazards: Mapping[Event, Intensity], streams: Streams, paths: int
    ) -> "list[tuple[_HazardClock, tuple[Event, ...]]]":
        """Clock of each event and of each shared cause, with the requested events that it triggers."""
        clocks = list[tuple[_HazardClock, tuple[Event, ...]]]()
        members = frozenset() if self.copula is None else self.copula.events & hazards.keys()
        first = {} if self.copula is None else self.copula.draw(members, streams, paths)
        for event in sorted(hazards, key=str):
            draws = _Draws(f"event:{event.name}", streams, paths, first.get(event))
            edges = _cumulated(hazards[event], grid)
            clocks.append((_HazardClock(draws, edges, grid, self.contagion.get(event)), (event,)))
        for group, hazard in self.shared.items():
            targets = tuple(event for event in group if event in hazards)
            if targets:
                draws = _Draws("events:" + ",".join(event.name for event in group), streams, paths, None)
                clocks.append((_HazardClock(draws, _cumulated(hazard, grid), grid, None), targets))
        return clocks

    def describe(self) -> tuple[str, ...]:
        """Notes on every hazard, and on the dependence on each other and on prices."""
        found = [Note("note.hazard", event=event, hazard=_words(h)) for event, h in self.hazards.items() if h]
        found += [
            Note("note.contagion", event=event, hazard=c.hazard, crash=c.crash.in_words())
            for event, c in self.contagion.items()
        ]
        found += [Note("note.shared", events=group, hazard=_words(h)) for group, h in self.shared.items()]
        return (*found, *(() if self.copula is None else (self.copula.in_words(),)))


def _carried(event: Event) -> Intensity:
    """Hazard that the run's event carries."""
    if event.hazard is None:
        rule = "must carry a hazard, since the scenario sets none"
        checks.refuse(f"Hazards: {event}", rule, None, f'Event("{event.name}", hazard=0.02) in the product')
    return {0.0: event.hazard}


def _words(hazard: Intensity) -> tuple[Note, ...]:
    return tuple(
        Note("note.hazard.from", rate=rate, day=day) if day else Note("note.hazard.rate", rate=rate)
        for day, rate in hazard.items()
    )


def _cumulated(hazard: Intensity, grid: TimeGrid) -> FloatArray:
    """Cumulated hazard at each time of the grid, ``(n_times,)``; days between the grid's times count in part."""
    if len(hazard) == 1:
        return np.asarray(grid.elapsed_days * (hazard[0.0] / DAYS_PER_YEAR))  # the same product as in `hazards.strike`
    total: FloatArray = np.zeros(grid.n_times)
    ends = [*list(hazard)[1:], np.inf]
    for (day, rate), end in zip(hazard.items(), ends, strict=True):
        total += np.clip(grid.elapsed_days - day, 0.0, end - day) * (rate / DAYS_PER_YEAR)
    return total


def _crashed(watch: CrashDetector, step: int, prices: FloatArray) -> BoolArray:
    """Whether the price has crashed on each path by the end of a step whose prices are the first two rows."""
    if step == 0:
        watch.update(0, prices[0])
    return watch.update(step + 1, prices[1])


class _Draws:
    """Unit exponentials for the occurrences of one event: first, second and so on, each drawn once."""

    def __init__(self, name: str, streams: Streams, paths: int, first: FloatArray | None) -> None:
        self._exponentials = Exponentials(streams, name, paths)
        self._rounds = [self._exponentials.round(0) if first is None else first]

    def round(self, number: int) -> FloatArray:
        """Draws for the n-th occurrence, ``(n_paths,)``."""
        while len(self._rounds) <= number:
            self._rounds.append(self._exponentials.round(len(self._rounds)))
        return self._rounds[number]


class _HazardClock:
    """Cumulated hazard of one event, and the value at which it occurs next on each path."""

    def __init__(self, draws: _Draws, edges: FloatArray, grid: TimeGrid, contagion: Contagion | None) -> None:
        self._draws = draws
        self._edges = edges
        self._years = grid.step_days / DAYS_PER_YEAR
        self._contagion = contagion
        self._next: FloatArray = draws.round(0).copy()
        self._struck: IntArray = np.zeros(self._next.size, dtype=np.int64)
        self._added: FloatArray = np.zeros(1 if contagion is None else self._next.size)

    def run(self, step: int, crashed: Mapping[Crash, BoolArray]) -> IntArray:
        """Move on by a step; returns the paths that the event hits in it, in order."""
        if self._contagion is not None:
            hit = np.nonzero(np.broadcast_to(crashed[self._contagion.crash], self._added.shape))[0]
            self._added[hit] += self._contagion.hazard * self._years[step]
        reached = self._added + self._edges[step + 1]
        struck = np.nonzero(self._next < reached)[0]
        again = struck
        while again.size:
            self._struck[again] += 1
            for number in np.unique(self._struck[again]):
                of_number = again[self._struck[again] == number]
                self._next[of_number] += self._draws.round(int(number))[of_number]
            again = again[self._next[again] < (reached[again] if reached.size > 1 else reached)]
        return struck
