"""Display of a comparison in any language: tables, legends and assumptions."""

import math
from collections.abc import Iterator

from stakingmodels.analysis.comparison_format import share, signed
from stakingmodels.analysis.comparison_notes import notes_of
from stakingmodels.analysis.comparison_report import Report
from stakingmodels.analysis.row import NOT_OPENED, OWN_COIN, ComparisonRow
from stakingmodels.capital import Units, spread_text
from stakingmodels.engine import Results
from stakingmodels.tables import Notes, Table
from stakingmodels.words import Note


def parts_of(report: Report) -> Iterator[Table | Notes]:
    """Title, tables and notes of a comparison."""
    yield Notes(title_of(report))
    yield _return_table(report)
    yield _risk_table(report)
    if report.ladder is not None:
        yield report.ladder.table()
    yield from notes_of(report)


def title_of(report: Report) -> str:
    """Title of a comparison: capital, opening day, and length."""
    results = report.results
    start = Note("compare.title.start", day=results.grid.times[0].astype("datetime64[D]"))
    return Note(
        "compare.title",
        capital=capital_text(results),
        money=report.money,
        start="" if results.scenario.is_recorded else start,
        days=report.held_days,
        tail=Note("compare.title.tail", days=report.tail_days) if report.tail_days else "",
    )


def capital_text(results: Results) -> str:
    """Capital in money: one amount, the range over the paths, or what coins were worth at the opening."""
    if not isinstance(results.capital, Units):
        return _whole(spread_text(results.capital))
    worth = next(iter(results.values())).capital
    return f"{results.capital} = {_whole(spread_text(worth))}"


def _whole(money: str) -> str:
    """Text of money without its decimals, where all of them are 0."""
    return money.replace(".00", "") if all(part.endswith(".00") for part in money.split(" to ")) else money


def _column(name: str, **values: object) -> str:
    return Note(f"compare.column.{name}", **values)


def _return_table(report: Report) -> Table:
    row = report.benchmark
    versus = _column("versus", benchmark=OWN_COIN) if row is None else _column("versus_row", benchmark=row)
    headers = [Note(f"column.{name}") for name in ("product", "coin", "mean", "median")]
    columns = [*headers, _column("low"), _column("high"), versus]
    columns += [_column("versus", benchmark=Note("cash")), _column("effective")]
    cells = [_return_cells(row) for row in report.rows]
    if columns.count(versus) > 1:  # the benchmark is the row of cash
        columns, cells = columns[:-2] + columns[-1:], [row[:-2] + row[-1:] for row in cells]
    skipped = [[name, Note("cell.skipped", why=why)] for name, why in report.skipped.items()]
    return Table(Note("compare.returns", money=report.money), columns, [*cells, *skipped], left=2)


def _risk_table(report: Report) -> Table:
    level, rest = report.percent, f"{100 * (1 - report.level):.4g}%"
    columns = [Note("column.product"), *map(_column, ("gross", "no_event", "net", "cost", "loss_probability"))]
    columns += [_column("var", level=level), _column("es", level=level), _column("worst", rest=rest), _column("days")]
    rows = [_risk_cells(row, report.tail_days) for row in report.rows]
    return Table(Note("compare.risks"), columns, rows)


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
        days_cell(row, tail),
    ]


def days_cell(row: ComparisonRow, tail: float) -> str:
    """Days from the exit to money in hand; `tail` of them are in the run."""
    if math.isnan(row.days_to_cash):
        return "-"
    days = f"> {tail:g}" if math.isinf(row.days_to_cash) else f"{row.days_to_cash:.4g}"
    return days if row.can_leave_early else Note("cell.no_exit", days=days)
