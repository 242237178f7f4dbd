"""Outcomes of anything that has them, and the refusals that pictures share."""

from collections.abc import Iterable, Mapping
from typing import Any, NoReturn

import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray
from stakingmodels.analysis import Comparison
from stakingmodels.engine import Results
from stakingmodels.ledger import Outcome
from stakingmodels.words import label_note

_HOW = "results, a comparison, an outcome, or outcomes by name"


def outcomes_of(where: str, thing: object) -> dict[str, Outcome]:
    """Outcomes by name of results, of a comparison, of a mapping, or of one outcome under its class's label.

    Raises
    ------
    InputError, InputTypeError
        For anything else, and where no outcome was kept or given.
    """
    if isinstance(thing, Outcome):
        return {label_note(thing.product): thing}
    if isinstance(thing, Comparison):
        return {row.product: thing.results[row.product] for row in thing.rows}
    if isinstance(thing, Results) and not thing:
        checks.refuse(where, "must have kept outcomes", thing.keep, 'run simulate(..., keep="totals")')
    return {name: checks.instance(f"{where}[{name!r}]", each, Outcome, _HOW) for name, each in named(where, thing)}


def named(where: str, thing: object) -> Iterable[tuple[str, Any]]:
    """Items of a mapping by name, which must not be empty."""
    if not isinstance(thing, Mapping):
        checks.refuse_type(where, f"must be {_HOW}", thing)
    if not thing:
        checks.refuse(where, "must not be empty", thing, _HOW)
    return [(checks.text(f"{where}: name", name), each) for name, each in thing.items()]


def opened(where: str, outcomes: Mapping[str, Outcome]) -> dict[str, Outcome]:
    """Outcomes that the capital opened on some path; refused where there is none."""
    found = {name: outcome for name, outcome in outcomes.items() if outcome.feasible.any()}
    if not found:
        capital = float(np.mean(next(iter(outcomes.values())).capital))
        checks.refuse(where, "has no product that the capital opens", capital, "run it with more capital")
    return found


def values_of(where: str, outcome: Outcome) -> FloatArray:
    """Values of an outcome by time and path, ``(n_times, n_paths)``.

    Raises
    ------
    InputError
        Where the run kept none.
    """
    if outcome.values is None:
        refuse_without_values(where)
    return outcome.values


def refuse_without_values(where: str) -> NoReturn:
    """Raise `InputError` for a run that kept no values by day."""
    checks.refuse(where, "needs the value of each day, which the run did not keep", None, 'run it with keep="values"')
