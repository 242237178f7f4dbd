"""Short table of a comparison: a row a product with the main columns, and warnings that change their reading."""

from collections.abc import Iterator

from stakingmodels.analysis.comparison_format import share, signed
from stakingmodels.analysis.comparison_report import Report
from stakingmodels.analysis.comparison_text import days_cell, title_of
from stakingmodels.analysis.row import NOT_OPENED, ComparisonRow
from stakingmodels.display import Summary, cut

_NAME = 24  # columns of a product's name that are shown
_SEE = "Everything, and how to read it: print(comparison.details()). Numbers: .to_frame(), .to_dict()."


def summary_of(report: Report) -> Summary:
    """The comparison in few lines."""
    versus = f"vs {cut(report.benchmark or 'own coin', 12)} (s.e.)"
    headers = ("product", "mean", "5% below", versus, "P(loss)", f"ES {report.percent}", "days to cash")
    rows = [_cells(row, report.tail_days) for row in report.rows]
    return Summary(title_of(report), headers, rows, [_SEE, *_notes(report)])


def _cells(row: ComparisonRow, tail_days: float) -> tuple[str, ...]:
    return (
        cut(row.product, _NAME),
        signed(row.return_mean) if row.opened else NOT_OPENED,
        signed(row.return_q05),
        f"{signed(row.excess_return)} ({share(row.excess_return_error)})",
        share(row.probability_of_loss),
        share(row.expected_shortfall),
        days_cell(row, tail_days),
    )


def _notes(report: Report) -> Iterator[str]:
    """How many paths, what was left out, and what is not as a reader expects it."""
    results = report.results
    paths = f"{results.n_paths:,} paths"
    if results.partial:
        paths = f"{results.n_paths:,} of {results.n_paths_requested:,} paths, interrupted"
    ranked = "" if report.ranked_by is None else f"; ranked by {report.ranked_by}"
    yield f"{paths}, seed {results.entropy}{ranked}. Returns are in {report.money}, over all money paid in."
    yield from (f"{name} left out: {why}" for name, why in report.skipped.items())
    yield from results.remarks
    for row in report.rows:
        if row.infeasible:
            yield f"{row.product}: could not be opened with this capital on {share(row.infeasible)} of the paths."
        if row.unsettled:
            yield f"{row.product}: not out by the last day on {share(row.unsettled)} of the paths, valued at market."
