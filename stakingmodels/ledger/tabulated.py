"""Outcomes as columns and labelled arrays, for `to_frame` and `to_xarray` of outcomes and results."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from stakingmodels import checks
from stakingmodels._types import AnyArray
from stakingmodels.frames import dataset
from stakingmodels.ledger.lines import Line, as_line
from stakingmodels.ledger.results import PathResults

if TYPE_CHECKING:
    import xarray as xr

COLUMNS = (
    "closing",
    "proceeds",
    "days_to_cash",
    "settled",
    "contributions",
    "profit",
    "returns",
    "cost",
    "max_drawdown",
    "deployed",
    "capital_shortfall",
    "opening_price",
    "earning_years",
    "coins_gross",
    "coins_net",
    "asset_growth",
    "cash_growth",
)
"""Results of an outcome that have one value a path, in the order of tables."""


def per_path(outcome: PathResults) -> dict[str, AnyArray]:
    """Lines by label, then the other results by name, ``(n_paths,)`` each."""
    lines: dict[str, AnyArray] = {line.label: amounts for line, amounts in outcome.lines.items()}
    return lines | {name: getattr(outcome, name) for name in COLUMNS}


def column(where: str, outcomes: Mapping[str, PathResults], what: object) -> dict[str, AnyArray]:
    """One result of several outcomes; of a line, 0 where nothing was booked.

    Raises
    ------
    InputError
        For a name that is neither a result nor a line, with the nearest.
    """
    if isinstance(what, str) and what in COLUMNS:
        return {name: getattr(outcome, what) for name, outcome in outcomes.items()}
    labels = [line.label for line in Line]
    if isinstance(what, str) and what not in labels:
        near = checks.nearest(what, [*COLUMNS, *labels])
        hint = f"did you mean {near!r}?" if near else f"{COLUMNS[0]!r}, {labels[0]!r}, ..."
        checks.refuse(where, "must be a result with one value a path, or the label of a line", what, hint)
    line = as_line(where, what)
    return {name: outcome.lines.get(line, np.zeros(outcome.n_paths)) for name, outcome in outcomes.items()}


def outcome_dataset(outcome: Any) -> "xr.Dataset":
    """One outcome over line, path and time."""
    variables, coordinates = _stacked([outcome], ())
    told = {"product": outcome.product, "asset": outcome.asset or "", **_money(outcome)}
    return dataset("Outcome.to_xarray", variables, coordinates, told)


def results_dataset(outcomes: Mapping[str, Any], told: Mapping[str, Any]) -> "xr.Dataset":
    """Several outcomes over product, line, path and time; `told` has the attributes."""
    variables, coordinates = _stacked(list(outcomes.values()), ("product",))
    return dataset("Results.to_xarray", variables, {"product": list(outcomes), **coordinates}, told)


def _money(outcome: Any) -> dict[str, Any]:
    return {"capital": float(np.mean(outcome.capital)), "numeraire": outcome.numeraire}


def _stacked(outcomes: Sequence[Any], outer: tuple[str, ...]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Variables with their dimensions, and the coordinates of all dimensions but the outermost."""

    def stack(arrays: Sequence[AnyArray]) -> AnyArray:
        return np.stack(arrays) if outer else arrays[0]

    first = outcomes[0]
    lines = [line for line in Line if any(line in each.lines for each in outcomes)]
    none = np.zeros(first.n_paths)
    booked = [np.array([each.lines.get(line, none) for line in lines]).reshape(-1, first.n_paths) for each in outcomes]
    variables: dict[str, Any] = {"lines": ((*outer, "line", "path"), stack(booked))}
    for name in COLUMNS:
        variables[name] = ((*outer, "path"), stack([getattr(each, name) for each in outcomes]))
    coordinates: dict[str, Any] = {"line": [line.label for line in lines], "path": np.arange(first.n_paths)}
    if all(each.values is not None for each in outcomes):
        variables["values"] = ((*outer, "time", "path"), stack([each.values for each in outcomes]))
        coordinates["time"] = first.grid.times.astype("datetime64[ns]")
    return variables, coordinates
