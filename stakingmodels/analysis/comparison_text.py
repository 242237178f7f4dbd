"""Display of a comparison as plain text and HTML: tables, legends and assumptions."""

import math
from collections.abc import Iterator

from stakingmodels.analysis.comparison_format import share, signed
from stakingmodels.analysis.comparison_notes import notes_of
from stakingmodels.analysis.comparison_report import Report
from stakingmodels.analysis.row import NOT_OPENED, ComparisonRow
from stakingmodels.tables import Notes, Table


def as_text(report: Report) -> str:
    """The comparison in plain text."""
    return "\n\n".join(part.to_text() for part in parts_of(report))


def as_html(report: Report) -> str:
    """The comparison as HTML, with every name escaped."""
    return "".join(part.to_html() for part in parts_of(report))


def parts_of(report: Report) -> Iterator[Table | Notes]:
    """Title, tables and notes of a comparison."""
    yield Notes(_title(report))
    yield _return_table(report)
    yield _risk_table(report)
    if report.ladder is not None:
        yield report.ladder.table()
    for caption, notes in notes_of(report):
        yield Notes(caption, notes)


def _title(report: Report) -> str:
    results = report.results
    capital = f"{results.capital:,.2f}".removesuffix(".00")
    day = "" if results.scenario.is_recorded else f" put in on {results.grid.times[0].astype('datetime64[D]')}"
    tail = f", then up to {report.tail_days:g} to get the money out" if report.tail_days else ""
    return f"{capital} {report.money}{day} for {report.held_days:g} days{tail}"


def _return_table(report: Report) -> Table:
    versus = f"vs {report.benchmark or 'own coin'} (s.e.)"
    headers = ["product", "coin", "mean", "median", "5% end below", "5% end above", versus, "vs cash (s.e.)", "eff. N"]
    cells = [_return_cells(row) for row in report.rows]
    if headers.count(versus) > 1:  # the benchmark is the row of cash
        headers, cells = headers[:-2] + headers[-1:], [row[:-2] + row[-1:] for row in cells]
    skipped = [[name, f"left out: {why}"] for name, why in report.skipped.items()]
    return Table(f"Return in {report.money}", headers, [*cells, *skipped], left=2)


def _risk_table(report: Report) -> Table:
    level, rest = report.percent, f"{100 * (1 - report.level):.4g}%"
    headers = ["product", "gross", "no event", "net", "cost", "P(loss)"]
    headers += [f"VaR {level}", f"ES {level}", f"worst {rest} lost by", "days to cash"]
    rows = [_risk_cells(row, report.tail_days) for row in report.rows]
    return Table("Rewards, costs and risk", headers, rows)


def _return_cells(row: ComparisonRow) -> list[str]:
    return [
        row.product,
        row.coin,
        signed(row.return_mean),
        signed(row.return_median),
        signed(row.return_q05),
        signed(row.return_q95),
        f"{signed(row.excess_return)} ({share(row.excess_return_error)})",
        f"{signed(row.excess_over_cash)} ({share(row.excess_over_cash_error)})",
        _count(row.effective_paths) if row.opened else NOT_OPENED,
    ]


def _count(paths: float) -> str:
    return f"{paths:,.0f}" if paths >= 100.0 else f"{paths:.1f}"


def _risk_cells(row: ComparisonRow, tail: float) -> list[str]:
    return [
        row.product,
        signed(row.gross_coin_return),
        signed(row.net_coin_return_no_event),
        signed(row.net_coin_return),
        share(row.cost),
        share(row.probability_of_loss),
        share(row.value_at_risk),
        share(row.expected_shortfall),
        row.main_loss_lines,
        _days_cell(row, tail),
    ]


def _days_cell(row: ComparisonRow, tail: float) -> str:
    if math.isnan(row.days_to_cash):
        return "-"
    days = f"> {tail:g}" if math.isinf(row.days_to_cash) else f"{row.days_to_cash:.4g}"
    return days if row.can_leave_early else f"{days}, no exit"
