"""`ranked`: rows of a comparison that fulfil bounds, best first, and reasons for the others."""

import math
from collections.abc import Sequence
from typing import NoReturn

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels.analysis.row import COLUMNS, ComparisonRow
from stakingmodels.engine import Results
from stakingmodels.words import Note

HIGH_IS_BEST = frozenset(
    {
        "return_mean",
        "return_median",
        "return_q05",
        "return_q95",
        "gross_coin_return",
        "net_coin_return",
        "excess_return",
        "excess_over_cash",
        "n_paths",
        "effective_paths",
        "deployed",
        "net_coin_return_no_event",
        "exit_delay",
        "real_coin_return",
    }
)
"""Columns in which more is better."""
LOW_IS_BEST = frozenset(
    {
        "return_error",
        "cost",
        "excess_return_error",
        "excess_over_cash_error",
        "probability_of_loss",
        "value_at_risk",
        "value_at_risk_error",
        "expected_shortfall",
        "expected_shortfall_error",
        "days_to_cash",
        "days_to_cash_mean",
        "unsettled",
        "infeasible",
        "expected_shortfall_vs_holding",
        "expected_shortfall_vs_holding_error",
        "contributions",
        "exit_delay_error",
        "probability_below_holding",
    }
)
"""Columns in which less is better."""
_WHERE = "Comparison.rank"


@attrs.frozen(kw_only=True)
class _Bounds:
    """Bounds on a row, checked; None for no bound."""

    max_es: float | None
    max_days_to_cash: float | None
    min_capital: float
    max_infeasible: float


def ranked(
    rows: Sequence[ComparisonRow],
    results: Results,
    level: float,
    by: object,
    *,
    max_es: object,
    max_days_to_cash: object,
    min_capital: object,
    max_infeasible: object,
) -> tuple[tuple[ComparisonRow, ...], dict[str, str]]:
    """Rows that fulfil the bounds, best first; and the reason by name for each of the others.

    `level` is the confidence level of the rows. See `Comparison.rank`.
    """
    column = _column(by)
    capital = results.mean_capital if min_capital is None else _capital(results.mean_capital, min_capital)
    bounds = _Bounds(
        max_es=None if max_es is None else checks.fraction(f"{_WHERE}: max_es", max_es),
        max_days_to_cash=None
        if max_days_to_cash is None
        else checks.non_negative(f"{_WHERE}: max_days_to_cash", max_days_to_cash),
        min_capital=capital,
        max_infeasible=checks.fraction(f"{_WHERE}: max_infeasible", max_infeasible),
    )
    reasons = {row.product: _reason(row, results, level, bounds) for row in rows}
    kept = [row for row in rows if not reasons[row.product]]
    best_first = tuple(sorted(kept, key=lambda row: _place(row, column)))
    return best_first, {name: why for name, why in reasons.items() if why}


def _column(by: object) -> str:
    where = f"{_WHERE}: by"
    if not isinstance(by, str):
        checks.refuse_type(where, "must be the name of a column (str)", by)
    if by not in HIGH_IS_BEST | LOW_IS_BEST:
        _refuse_column(where, by)
    return by


def _refuse_column(where: str, by: str) -> NoReturn:
    numeric = [name for name in COLUMNS if name in HIGH_IS_BEST | LOW_IS_BEST]
    near = checks.nearest(by, numeric)
    hint = f"did you mean {near!r}?" if near else "such as 'return_mean' or 'expected_shortfall'"
    checks.refuse(where, "must be a numeric column of the comparison", by, hint)


def _capital(run: float, value: object) -> float:
    """Money that the user has, at least the run's capital: a run says nothing about less."""
    where = f"{_WHERE}: min_capital"
    capital = checks.capital(where, value)
    if capital < run:
        checks.refuse(where, f"must be at least the {run:g} of the run", value, f"simulate(..., capital={capital:g})")
    return capital


def _place(row: ComparisonRow, column: str) -> tuple[bool, float]:
    """Sort key: best first, rows without a number last."""
    value = float(getattr(row, column))
    return (True, 0.0) if math.isnan(value) else (False, -value if column in HIGH_IS_BEST else value)


def _reason(row: ComparisonRow, results: Results, level: float, bounds: _Bounds) -> str:
    """Reason why a row is left out; empty if it stays."""
    percent = f"{100 * level:.4g}%"
    reasons: list[str] = []
    if bounds.max_es is not None and row.expected_shortfall > bounds.max_es:
        reasons.append(Note("rank.shortfall", level=percent, es=row.expected_shortfall, bound=bounds.max_es))
    if bounds.max_days_to_cash is not None and row.days_to_cash > bounds.max_days_to_cash:
        bound = bounds.max_days_to_cash
        never = math.isinf(row.days_to_cash)
        how = Note("rank.never", level=percent, bound=bound)
        reasons.append(how if never else Note("rank.days", days=row.days_to_cash, level=percent, bound=bound))
    reasons.append(_not_opened(row, results, bounds))
    found = tuple(filter(None, reasons))
    return Note("rank.reasons", reasons=found) if found else ""


def _not_opened(row: ComparisonRow, results: Results, bounds: _Bounds) -> str:
    """Reason why the product could not be opened, with the user's money or in this run; empty if it could."""
    missing = results[row.product].capital_shortfall
    short = float(np.mean(missing > bounds.min_capital - results.mean_capital))
    money = f"{bounds.min_capital:,.2f}".removesuffix(".00")
    if short > bounds.max_infeasible:
        return Note("rank.cannot_open", money=money, numeraire=results.scenario.numeraire, share=short)
    if row.infeasible > bounds.max_infeasible:
        return Note("rank.not_opened", share=row.infeasible, money=money)
    return ""
