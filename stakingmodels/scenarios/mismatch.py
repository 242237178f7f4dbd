"""Warnings about a run's scenario: events that hit no product, and numbers of another time."""

import difflib
from collections.abc import Mapping

from stakingmodels import checks
from stakingmodels.errors import ScenarioWarning
from stakingmodels.market import CashRate, Event, Factor, TimeGrid
from stakingmodels.scenarios.base import Scenario
from stakingmodels.words import Note

FAR_DAYS = 366
"""Days between a scenario's `as_of` and the grid's start beyond which a run warns."""
_NAMED = 6
_CUTOFF = 0.7


def failures(scenario: Scenario, factors: Mapping[str, frozenset[Factor]]) -> dict[str, tuple[str, ...]]:
    """Names of the events that may hit each product, by product and in order; empty where no failure is modelled.

    An event whose hazard is 0 never occurs, so it is not listed.
    """
    set_here = scenario.events

    def may_strike(event: Event) -> bool:
        return set_here[event] != "off" if event in set_here else event.hazard != 0.0

    return {
        name: tuple(sorted(f.name for f in read if isinstance(f, Event) and may_strike(f)))
        for name, read in factors.items()
    }


def remarks(scenario: Scenario, grid: TimeGrid, factors: Mapping[str, frozenset[Factor]]) -> tuple[str, ...]:
    """Remarks on a run, a sentence each; also given as warnings.

    Parameters
    ----------
    scenario, grid
        Scenario and times of the run.
    factors
        Factors that each product reads, by product.

    Raises
    ------
    InputError
        Where a hazard is set for an event that no product carries, with a name close to one that is carried.

    Warns
    -----
    ScenarioWarning
        For events and shocks that hit no product; for a grid that begins more than `FAR_DAYS` from the scenario's
        `as_of`.
    """
    carried = {f for read in factors.values() for f in read if isinstance(f, Event)}
    read = frozenset().union(*factors.values(), {CashRate(scenario.numeraire)})
    found = (*_far(scenario, grid), *_unheard(scenario, frozenset(carried)), *_unfelt(scenario, read))
    for sentence in found:
        checks.warn(sentence, ScenarioWarning)
    return found


def _far(scenario: Scenario, grid: TimeGrid) -> tuple[str, ...]:
    as_of = scenario.as_of
    if as_of is None:
        return ()
    start = grid.times[0].astype("datetime64[D]")
    days = int((start - as_of.astype("datetime64[D]")).astype(int))
    if abs(days) <= FAR_DAYS:
        return ()
    key = "world.far_after" if days > 0 else "world.far_before"
    return (Note(key, start=start, years=abs(days) / 365, day=as_of),)


def _unheard(scenario: Scenario, carried: frozenset[Event]) -> tuple[str, ...]:
    names = sorted(event.name for event in carried)
    unheard = {event: how for event, how in scenario.events.items() if event not in carried}
    found: list[str] = []
    for event, how in unheard.items():
        near = _near(event.name, set(names) - {e.name for e in scenario.events})
        if how in {"hazard", "off"}:
            if near:
                rule = f"no product carries this event, only {_listed(names)}"
                checks.refuse(f"{type(scenario).__name__}: {event}", rule, None, near)
            found.append(Note("world.no_product", event=event, carried=_carry(names)))
        elif how == "struck":
            terms = {"event": event, "carried": _carry(names)}
            note = (
                Note("world.strikes_other", near=near, **terms) if near else Note("world.strikes_no_product", **terms)
            )
            found.append(note)
        elif near:
            found.append(Note("world.added_near", event=event, carried=_carry(names), near=near))
    added = [event for event, how in scenario.events.items() if how == "added"]
    if added and all(event in unheard for event in added) and not found:
        found.append(Note("world.added", events=tuple(added), carried=_carry(names)))
    return tuple(found)


def _unfelt(scenario: Scenario, read: frozenset[Factor]) -> tuple[str, ...]:
    """Shocks of factors that no product reads, directly or through another factor."""
    felt = scenario.needed(read)
    return tuple(
        Note("world.unfelt", shock=words, factors=tuple(sorted(map(str, changed))))
        for words, changed in scenario.shocked.items()
        if felt.isdisjoint(changed)
    )


def _near(name: str, names: set[str]) -> str:
    """The name probably meant, whatever its letter case.

    Both its kind, before a colon, and its own name must be close.
    """
    kind, mark, own = name.lower().rpartition(":")
    found: list[tuple[float, str]] = []
    for each in sorted(names):
        its_kind, its_mark, its_own = each.lower().rpartition(":")
        alike = _alike(own, its_own) if mark and its_mark else _alike(name.lower(), each.lower())
        if not (mark and its_mark):
            alike = max(alike, _alike(own, its_own))
        elif _alike(kind, its_kind) < _CUTOFF:
            continue
        if alike >= _CUTOFF:
            found.append((alike, each))
    return Note("world.near", name=max(found)[1]) if found else ""


def _alike(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one, other).ratio()


def _carry(names: list[str]) -> str:
    return Note("world.carry", events=_listed(names)) if names else Note("world.carry_none")


def _listed(names: list[str]) -> str:
    shown = tuple(f'Event("{name}")' for name in names[:_NAMED])
    more = len(names) - _NAMED
    return Note("world.and_more", events=shown, more=more) if more > 0 else Note("world.listed", events=shown)
