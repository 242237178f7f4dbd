"""`Stresses`: the products of a comparison, held through named episodes of the record."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import attrs
import numpy as np

from stakingmodels.analysis import Comparison
from stakingmodels.analysis.answer.again import first_paths, run_again
from stakingmodels.analysis.comparison_format import signed
from stakingmodels.analysis.comparison_report import held_days
from stakingmodels.engine import Results
from stakingmodels.errors import StakingModelsError
from stakingmodels.market import Event, Factor
from stakingmodels.scenarios import EPISODES, EventShock, Scenario, SetTo, Shock, stress
from stakingmodels.scenarios.events.stress import Episode
from stakingmodels.tables import Table
from stakingmodels.words import Note

STRESS_PATHS = 2_000
"""Paths of each episode, the first of the run."""
_DAY = 30.0
_EARLY = 0.25  # of the time to the exit, where that is short


@attrs.frozen(kw_only=True)
class Stresses:
    """Mean returns of rows in each episode that could be run, and why the others could not.

    Attributes
    ----------
    returns
        Mean return in money and mean difference from the coin just held, by row, by episode; the first is the run as it
        is, under the empty name.
    left_out
        Reason by episode.
    day
        Day on which the episodes begin.
    n_paths
        Number of paths.
    """

    returns: Mapping[str, Mapping[str, tuple[float, float]]]
    left_out: Mapping[str, str]
    day: float
    n_paths: int

    def table(self, money: str) -> Table:
        """Table of the rows by episode."""
        names = list(self.returns)
        columns = [Note("column.product"), *(name or Note("report.stress.none") for name in names)]
        rows = [[row, *(_cell(self.returns[name][row]) for name in names)] for row in next(iter(self.returns.values()))]
        notes = [Note("report.stress.note", day=self.day, n=self.n_paths), Note("report.stress.events")]
        notes += [Note("report.stress.left_out", name=name, why=why) for name, why in self.left_out.items()]
        return Table(Note("report.stress.title", money=money), columns, rows, notes)


def stresses_of(comparison: Comparison, n_paths: int = STRESS_PATHS) -> Stresses:
    """Rows of a comparison in every episode for which its scenario has the factors and some row the event."""
    results = comparison.results
    n, day = first_paths(results, n_paths), min(_DAY, math.floor(_EARLY * held_days(results.grid)))
    products = {row.product: results.products[row.product] for row in comparison.rows if row.opened}
    found: dict[str, Mapping[str, tuple[float, float]]] = {}
    if products:
        found[""] = _means(run_again(results, products, n), products)
    left_out: dict[str, str] = {}
    for name, episode in EPISODES.items():
        events = _events(episode, products)
        why = _missing(episode, results.scenario, events)
        if not why and products:
            try:
                world = stress(name, results.scenario, day=day, events=events or None)
                again = run_again(results, products, n, scenario=world)
                found[name] = _means(again, products)
            except StakingModelsError as error:
                why = str(error)
        if why:
            left_out[name] = why
    return Stresses(returns=found, left_out=left_out, day=day, n_paths=n)


def _missing(episode: Episode, scenario: Scenario, events: Sequence[Event]) -> str:
    """Reason why an episode cannot be run; empty if it can."""
    needed: list[Factor] = []
    for shock in episode.core:
        needed += shock.factors if isinstance(shock, Shock) else [shock.factor] if isinstance(shock, SetTo) else []
    missing = tuple(dict.fromkeys(str(factor) for factor in needed if factor not in scenario.factors))
    if missing:
        return Note("report.stress.no_factor", factors=missing)
    if _kinds(episode) and not events:
        return Note("report.stress.no_event", kinds=tuple(_kinds(episode)))
    return ""


def _kinds(episode: Episode) -> list[str]:
    """Kinds of the episode's events: what stands before the colon in their names."""
    shocks = [shock for shock in episode.core if isinstance(shock, EventShock)]
    return list(dict.fromkeys(event.name.partition(":")[0] for shock in shocks for event in shock.events))


def _events(episode: Episode, products: Mapping[str, Any]) -> tuple[Event, ...]:
    """Events of the rows that are of a kind of the episode's."""
    kinds = _kinds(episode)
    read = {factor for product in products.values() for factor in product.factors if isinstance(factor, Event)}
    return tuple(sorted((event for event in read if event.name.partition(":")[0] in kinds), key=lambda e: e.name))


def _means(results: Results, rows: Iterable[str]) -> dict[str, tuple[float, float]]:
    """Mean return in money, and mean difference from the coin just held, by row."""
    found = {}
    for row in rows:
        outcome = results[row]
        held = outcome.asset_growth - 1.0
        found[row] = float(np.mean(outcome.returns)), float(np.mean(outcome.returns - held))
    return found


def _cell(means: tuple[float, float]) -> str:
    return f"{signed(means[0])} ({signed(means[1])})"
