"""Notes under the tables of a `Comparison`: legends and assumptions."""

import math
from collections.abc import Iterator

import numpy as np

from stakingmodels.analysis.comparison_format import share, signed
from stakingmodels.analysis.comparison_report import Report
from stakingmodels.analysis.row import ComparisonRow, mean_of
from stakingmodels.analysis.windows import FEW_WINDOWS, Windows, windows_of
from stakingmodels.ledger import Outcome
from stakingmodels.ledger.yields import contract_payout

_NO_DAY = 1e-6  # days are sums of floats


def notes_of(report: Report) -> Iterator[tuple[str, list[str]]]:
    """Captions with the notes under each: legends of the tables, and assumptions."""
    yield "How to read it", list(_legend(report))
    results = report.results
    hazards = [f'Event("{name}"): hazard {hazard:g} a year, by the product' for name, hazard in results.hazards.items()]
    yield "What it rests on", [*_run_notes(report), *results.remarks, *results.scenario.describe(), *hazards]


def _legend(report: Report) -> Iterator[str]:
    level = report.percent
    yield "mean, median, 5% end below, 5% end above: profit by the last day over all money paid in."
    yield "vs: mean difference to the benchmark, and to cash, path by path. (s.e.): its standard error."
    yield "eff. N: how many independent paths would give the mean the same standard error."
    yield (
        "gross, no event, net: coins a year, from the opening to the last day of pay, over the coins that the capital "
        "bought on the first day: rewards; all but the price on the paths that no loss event struck; and on all paths."
    )
    yield "cost: fees and costs over capital, paid from rewards or not. P(loss): share of paths that end with a loss."
    yield f"VaR, ES: loss over all money paid in not exceeded on {level} of the paths, and mean loss beyond, by causes."
    yield f"days to cash: from the exit until all money is in hand, not exceeded on {level} of the paths."
    if report.ladder is not None:
        yield "Share back: money in hand by then over all money paid in; - where the run ends too early to tell."


def _run_notes(report: Report) -> Iterator[str]:
    results = report.results
    n = results.n_paths
    yield _paths_note(windows_of(results))
    yield from _error_notes(report)
    if results.partial:
        yield f"Interrupted: {n:,} of {results.n_paths_requested:,} paths were run."
    if report.ranked_by is not None:
        yield f"Rows are ranked by {report.ranked_by}, best first."
    yield f"Seed {results.entropy} repeats the run."
    if report.benchmark is None:
        yield (
            "Benchmark of each row: its own coin, bought on the first day, held until that path's money is in hand, "
            "free of cost."
        )
        if any(has_control(results[row.product]) for row in report.rows):
            yield (
                "Differences to it are control-variate means: what the paths' prices did beyond their known mean is "
                "taken out. The other means are as the paths came out."
            )
    else:
        yield f"Benchmark of each row: {report.benchmark}."
    holding = ", ".join(f"{coin} {signed(mean)}" for coin, mean in sorted(report.holding.items()))
    yield f"Risk-free rate {share(report.risk_free_rate)} a year." + (
        f" Holding a coin free of cost returned on average: {holding}." if holding else ""
    )
    available = results.scenario.n_paths(results.grid)
    if available is not None and n < available:
        yield f"Only the first {n:,} of {available:,} windows were run: the oldest."
    bare = [row.product for row in report.rows if not results.failures.get(row.product, ("unknown",))]
    if bare:
        yield f"No failure is modelled for {', '.join(bare)}: neither slashing nor default nor exploit can strike them."
    for row in report.rows:
        yield from _row_notes(report, row)


def _error_notes(report: Report) -> Iterator[str]:
    if report.results.events == "stratified":
        yield (
            "First strikes of events are stratified, but for those of a copula. Standard errors are those of "
            "independent draws, and so too large."
        )
    errors = [(r, r.value_at_risk_error, r.expected_shortfall_error) for r in report.rows]
    if any(math.isfinite(es) for _, _, es in errors):
        told = "; ".join(f"{row.product} {share(var)}, {share(es)}" for row, var, es in errors)
        yield f"Standard errors of VaR and ES {report.percent}: {told}."


def _row_notes(report: Report, row: ComparisonRow) -> Iterator[str]:
    payout = mean_of(contract_payout(report.results[row.product]))
    if math.isfinite(payout):
        yield (
            f"{row.product}: paid out {share(payout)} of the contract's price after running costs, on average: "
            f"{signed(payout - 1.0)} net of that price."
        )
    if row.days_to_cash_mean > 0.0 and row.coin != report.money:
        out = " over the paths that are out" if row.unsettled else ""
        yield (
            f"{row.product}: in hand {row.days_to_cash_mean:.3g} days after the exit on average{out}. The wait gained "
            f"a holder of {row.coin} {signed(row.exit_delay)} ({share(row.exit_delay_error)}) against a sale at the "
            "exit."
        )
    held = report.results.grid.years_held
    later = float(np.mean(report.results[row.product].earning_years) - held) * 365.0
    if later > _NO_DAY and row.opened:
        yield f"{row.product}: earns for {later:.3g} days after the exit on average, which its year in coins includes."
    if not row.can_leave_early:
        yield f"{row.product}: cannot be left before its term ends; money comes with its pay-outs."
    if row.unsettled:
        yield f"{row.product}: not out by the last day on {share(row.unsettled)} of the paths, valued at market."
    if row.infeasible:
        yield (
            f"{row.product}: could not be opened with this capital on {share(row.infeasible)} of the paths, "
            "where nothing was at work; its rates in coins are of the others."
        )


def _paths_note(windows: Windows) -> str:
    n, lag, apart = windows.n_paths, windows.overlap, windows.apart
    if n == 1:
        return "N = 1 path, which tells nothing about chance."
    if windows.few:
        could = f", of which {apart:.1f} could lie apart" if lag else ""
        return f"N = {n:,} windows of one record{could}: fewer than {FEW_WINDOWS}, too few for standard errors."
    band = f"; a band of 95% is {windows.band:.2f} of them to either side" if windows.is_recorded else ""
    if lag:
        return (
            f"N = {n:,} overlapping windows of one record. Standard errors are Newey-West with lag {lag}, and no less "
            f"than those of the {apart:.1f} windows that could lie apart{band}."
        )
    if windows.is_recorded:
        return f"N = {n:,} windows of one record that do not overlap; errors take them as independent{band}."
    return f"N = {n:,} independent paths; standard errors are those of independent paths."


def has_control(outcome: Outcome) -> bool:
    """Whether the scenario gives the expected growth of the product's coin, and the coin's price varies."""
    return outcome.control_variate is not None and bool(np.ptp(outcome.control_variate) > 0.0)
