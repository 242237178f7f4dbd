"""Notes under the tables of a `Comparison`: legends and assumptions."""

import math
import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

import numpy as np

from stakingmodels.analysis.comparison_format import share, signed
from stakingmodels.analysis.comparison_report import Report
from stakingmodels.analysis.row import ComparisonRow, mean_of
from stakingmodels.analysis.windows import FEW_WINDOWS, Windows, windows_of
from stakingmodels.engine import Results
from stakingmodels.ledger import Outcome
from stakingmodels.ledger.yields import contract_payout
from stakingmodels.market import CashRate, Difficulty, EntryWait, ExitWait, Hashrate, Price
from stakingmodels.products.parts.payout import never_paid_out
from stakingmodels.tables import Notes
from stakingmodels.words import Note

_FACTOR = re.compile(r'\b[A-Z]\w*\("[^"]*"\)')  # such as Price("ETH"), as notes name it
_NO_DAY = 1e-6  # days are sums of floats


def notes_of(report: Report) -> Iterator[Notes]:
    """Legends of the tables, and assumptions."""
    yield Notes(Note("legend.caption"), _legend(report))
    results = report.results
    struck = {event for row in report.rows for event in results.failures.get(row.product, ())}
    hazards = (
        Note("run.hazard", event=f'Event("{name}")', hazard=hazard)
        for name, hazard in results.hazards.items()
        if name in struck
    )
    notes = [*_run_notes(report), *results.remarks, *scenario_notes(report.rows, results), *hazards]
    yield Notes(Note("run.caption"), notes)


def scenario_notes(rows: Sequence[ComparisonRow], results: Results) -> list[str]:
    """Notes of a scenario on itself, without those on factors that no row reads or depends on.

    A note of several factors stays if a row reads any of them, a correlation if rows read both.
    """
    world = results.scenario
    read = {factor for row in rows for factor in results.products[row.product].factors}
    read |= {CashRate(world.numeraire), Price(world.numeraire)}
    read |= world.needed(frozenset(read & world.factors))
    read |= {Hashrate(factor.name) for factor in read if isinstance(factor, Difficulty)}  # made of it
    unread = {str(factor) for factor in world.factors - read}
    return [note for note in world.describe() if not _is_unread(note, unread)]


def _is_unread(note: str, unread: AbstractSet[str]) -> bool:
    key, values = (note.key, note.values) if isinstance(note, Note) else ("", {})
    if key in {"note.waits", "note.waits_of_record"}:
        return {str(EntryWait(values["asset"])), str(ExitWait(values["asset"]))} <= unread
    if key == "note.contagion":
        return str(values["event"]) in unread
    named = set(_FACTOR.findall(note))
    return bool(named) and (named <= unread or (key == "note.correlation" and not named.isdisjoint(unread)))


def _legend(report: Report) -> Iterator[str]:
    level = report.percent
    for name in ("returns", "versus", "effective", "coins", "cost"):
        yield Note(f"legend.{name}")
    yield Note("legend.risk", level=level)
    yield Note("legend.days", level=level)
    if report.ladder is not None:
        yield Note("legend.ladder")


def _run_notes(report: Report) -> Iterator[str]:
    results = report.results
    n = results.n_paths
    yield _paths_note(windows_of(results))
    yield from _error_notes(report)
    if results.partial:
        yield Note("run.interrupted", n=n, asked=results.n_paths_requested)
    if report.ranked_by is not None:
        yield Note("run.ranked", column=report.ranked_by)
    yield Note("run.seed", seed=results.entropy)
    if report.benchmark is None:
        yield Note("run.own_coin")
        if any(has_control(results[row.product]) for row in report.rows):
            yield Note("run.control")
    else:
        yield Note("run.benchmark", benchmark=report.benchmark)
    yield _rate_note(report)
    available = results.scenario.n_paths(results.grid)
    if available is not None and n < available:
        yield Note("run.oldest", n=n, available=available)
    bare = tuple(row.product for row in report.rows if not results.failures.get(row.product, ("unknown",)))
    if bare:
        yield Note("run.bare", products=bare)
    for row in report.rows:
        yield from _row_notes(report, row)


def _rate_note(report: Report) -> str:
    coins = tuple(f"{coin} {signed(mean)}" for coin, mean in sorted(report.holding.items()))
    rate = share(report.risk_free_rate)
    return Note("run.risk_free_and_holding", rate=rate, coins=coins) if coins else Note("run.risk_free", rate=rate)


def _error_notes(report: Report) -> Iterator[str]:
    if report.results.event_sampling == "stratified" and report.results.sampling == "independent":
        yield Note("run.stratified")
    errors = [(r, r.value_at_risk_error, r.expected_shortfall_error) for r in report.rows]
    if any(math.isfinite(es) for _, _, es in errors):
        rows = tuple(Note("run.risk_error", product=r.product, var=share(var), es=share(es)) for r, var, es in errors)
        yield Note("run.risk_errors", level=report.percent, rows=rows)


def _row_notes(report: Report, row: ComparisonRow) -> Iterator[str]:
    name, outcome = row.product, report.results[row.product]
    payout = mean_of(contract_payout(outcome))
    if math.isfinite(payout):
        yield Note("row.payout", product=name, share=share(payout), net=signed(payout - 1.0))
    never = float(np.mean(never_paid_out(outcome)))
    if never:
        yield Note("row.never_paid_out", product=name, share=share(never))
    if row.days_to_cash_mean > 0.0 and row.coin != report.money:
        yield Note(
            "row.wait_where_out" if row.unsettled else "row.wait",
            product=name,
            days=row.days_to_cash_mean,
            coin=row.coin,
            gain=signed(row.exit_delay),
            error=share(row.exit_delay_error),
        )
    later = float(np.mean(outcome.earning_years) - report.results.grid.years_held) * 365.0
    if later > _NO_DAY and row.opened:
        yield Note("row.earns_after", product=name, days=later)
    if not row.can_leave_early:
        yield Note("row.no_exit", product=name)
    if row.unsettled:
        yield Note("row.unsettled", product=name, share=share(row.unsettled))
    if row.infeasible:
        yield Note("row.infeasible", product=name, share=share(row.infeasible))


def _paths_note(windows: Windows) -> str:
    n, lag, apart = windows.n_paths, windows.overlap, windows.apart
    if n == 1:
        return Note("run.one_path")
    if windows.n_replicates:
        each = {"n_replicates": windows.n_replicates, "points": n // windows.n_replicates, "width": windows.band}
        return Note("run.quasi", n=n, **each) if windows.n_replicates > 1 else Note("run.quasi_alone", n=n)
    if windows.few and lag:
        return Note("run.few_windows_apart", n=n, apart=apart, few=FEW_WINDOWS)
    if windows.few:
        return Note("run.few_windows", n=n, few=FEW_WINDOWS)
    band = Note("run.band", width=windows.band) if windows.is_recorded else ""
    if lag:
        return Note("run.overlapping", n=n, lag=lag, apart=apart, band=band)
    return Note("run.windows", n=n, band=band) if windows.is_recorded else Note("run.paths", n=n)


def has_control(outcome: Outcome) -> bool:
    """Whether the scenario gives the expected growth of the product's coin, and the coin's price varies."""
    return outcome.control_variate is not None and bool(np.ptp(outcome.control_variate) > 0.0)
