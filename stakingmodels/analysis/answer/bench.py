"""`Bench`: rows of a run with some of their assumed numbers changed, run again on the same paths."""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor
from typing import Any, cast

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray
from stakingmodels.analysis.answer.again import first_paths, run_again
from stakingmodels.analysis.windows import windows_of
from stakingmodels.engine import Results
from stakingmodels.ledger import Outcome
from stakingmodels.ledger.yields import coin_return
from stakingmodels.market import Event
from stakingmodels.products.assumed_terms import AssumedTerm
from stakingmodels.products.term_paths import with_term
from stakingmodels.scenarios import Constants
from stakingmodels.scenarios.events.variants import EventVariant
from stakingmodels.series import frozen

RowTerms = Mapping[str, tuple[AssumedTerm, ...]]
"""Assumed numbers of each row, by its name."""
_NAME = 60  # characters of an event's name that a variant keeps; a name has at most 80


@attrs.frozen
class Trial:
    """One row with some of its assumed numbers changed.

    Attributes
    ----------
    row
        Name of the row.
    values
        Pairs of key and value, in the order of the keys; empty for the row as it is.
    """

    row: str
    values: tuple[tuple[str, float], ...] = ()

    @classmethod
    def of(cls, row: str, values: Mapping[str, float]) -> "Trial":
        """Trial with values by key."""
        return cls(row, tuple(sorted(values.items())))


class Bench:
    """Rows of a run, run again with other numbers, each only once.

    All trials see the paths of the run: the same seed, scenario, grid and capital. An event whose hazard changes keeps
    its draws, so that a higher hazard strikes the same paths earlier and others besides.

    Parameters
    ----------
    results
        The run.
    terms
        Assumed numbers by row.
    n_paths
        Number of paths of a trial: the first of the run.
    executor
        As in `simulate`.
    """

    def __init__(
        self, results: Results, terms: RowTerms, *, n_paths: int | None = None, executor: Executor | None = None
    ) -> None:
        self._results = results
        self._terms = terms
        self._executor = executor
        self.is_stratified = results.event_sampling == "stratified"
        self.windows = windows_of(results)
        self.n_paths = first_paths(results, n_paths)
        self._known: dict[Trial, FloatArray] = {}
        if self.n_paths == results.n_paths:
            self._known = {Trial(name): yearly_coin_return(outcome) for name, outcome in results.items()}

    @property
    def is_certain(self) -> bool:
        """Whether nothing is drawn: all factors are constant, and no row has an event."""
        read = (factor for product in self._results.products.values() for factor in product.factors)
        return isinstance(self._results.scenario, Constants) and not any(isinstance(each, Event) for each in read)

    def years_of(self, row: str) -> float:
        """Years until the exit for which a row pays, on average over the paths of the run."""
        return float(np.mean(np.minimum(self._results[row].earning_years, self._results.grid.years_held)))

    def first(self, n_paths: int) -> "Bench":
        """A bench on the first paths, which knows what this one has run."""
        found = Bench(self._results, self._terms, n_paths=n_paths, executor=self._executor)
        found._known.update({trial: frozen(values[: found.n_paths]) for trial, values in self._known.items()})
        return found

    def returns(self, trials: Iterable[Trial]) -> dict[Trial, FloatArray]:
        """Net return in coins a year on each path, ``(n_paths,)``; NaN on paths that the capital did not open."""
        asked = list(dict.fromkeys(trials))
        missing = [trial for trial in asked if trial not in self._known]
        for group in self._groups(missing):
            self._known.update(self._run(group))
        return {trial: self._known[trial] for trial in asked}

    def means(self, trials: Iterable[Trial]) -> dict[Trial, float]:
        """Mean of `returns` over the paths that the capital opened."""
        return {trial: mean_opened(values) for trial, values in self.returns(trials).items()}

    def _product(self, trial: Trial) -> Any:
        """Product of a row with the values of a trial."""
        product: Any = self._results.products[trial.row]
        changed = dict(trial.values)
        for each in self._terms.get(trial.row, ()):
            if each.key in changed:
                product = with_term(product, each.term, changed[each.key])
        return product

    def _groups(self, trials: Sequence[Trial]) -> list[dict[Trial, Any]]:
        """Trials with their products in as few runs as possible: in one run an event has one hazard.

        An event that the scenario leaves to its products comes in variants, so that all trials are one run.
        """
        groups: list[tuple[dict[str, float | None], dict[Trial, Any]]] = []
        left = self._results.scenario.factors
        for number, trial in enumerate(trials):
            with checks.muted(UserWarning):  # of numbers at the ends of their range
                product = in_variant(self._product(trial), f"{number}", left)
            hazards = {event.name: event.hazard for event in product.factors if isinstance(event, Event)}
            for taken, group in groups:
                if all(taken.get(name, hazard) == hazard for name, hazard in hazards.items()):
                    taken.update(hazards)
                    group[trial] = product
                    break
            else:
                groups.append((hazards, {trial: product}))
        return [group for _, group in groups]

    def _run(self, group: Mapping[Trial, Any]) -> dict[Trial, FloatArray]:
        named = {str(number): product for number, product in enumerate(group.values())}
        found = run_again(self._results, named, self.n_paths, executor=self._executor)
        return {trial: yearly_coin_return(found[name]) for name, trial in zip(named, group, strict=True)}


def yearly_coin_return(outcome: Outcome) -> FloatArray:
    """Net return in the product's own coin a year, ``(n_paths,)``; of a product of several coins over its basket.

    NaN on paths that the capital did not open.
    """
    if outcome.asset is None:
        excess = outcome.returns - (outcome.asset_growth - 1.0)
        yearly = np.asarray(excess / outcome.grid.years)
    else:
        yearly = np.asarray(coin_return(outcome, gross=False) / outcome.earning_years)
    return frozen(cast("FloatArray", np.where(outcome.feasible, yearly, np.nan)))


def mean_opened(values: FloatArray) -> float:
    """Mean over the paths that have a value; NaN if none has."""
    known = values[~np.isnan(values)]
    return float(np.mean(known)) if known.size else float("nan")


def _short(name: str) -> str:
    """Name of an event, or of a long one its beginning with a sum of all of it, which keeps names apart."""
    return name if len(name) <= _NAME else f"{name[: _NAME - 9]} {zlib.crc32(name.encode()):08x}"


def in_variant(part: Any, mark: str, given: frozenset[Any]) -> Any:
    """A product with its events replaced by variants of a mark, but for those that a scenario gives; so are its parts.

    Parts are looked for in the fields of attrs classes and in tuples.
    """
    if isinstance(part, Event):
        if part in given or part.hazard is None or isinstance(part, EventVariant):
            return part
        return EventVariant(f"{_short(part.name)} {mark}", hazard=part.hazard, of=part.name)
    if isinstance(part, tuple):
        parts = tuple(in_variant(each, mark, given) for each in part)
        return parts if any(new is not old for new, old in zip(parts, part, strict=True)) else part
    if not isinstance(part, type) and attrs.has(type(part)):
        fields = [field for field in attrs.fields(type(part)) if field.init]
        before = {field.alias: getattr(part, field.name) for field in fields}
        after = {name: in_variant(value, mark, given) for name, value in before.items()}
        changed = {name: value for name, value in after.items() if value is not before[name]}
        return attrs.evolve(part, **changed) if changed else part
    return part
