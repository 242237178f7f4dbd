"""How a `Comparison` is shown: its tables, how to read them, and what they rest on; as plain text and as HTML."""

import html
import math
import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from stakingmodels.analysis.row import Row, mean_of
from stakingmodels.ledger.outcome import RUNGS
from stakingmodels.ledger.yields import contract_payout
from stakingmodels.tables import html_table, plain_table

if TYPE_CHECKING:
    from stakingmodels.analysis.comparison import Comparison

WIDTH = 116
"""Characters to which notes are wrapped; tables of short names stay below it too."""
_ROUNDS_TO_ZERO = 0.5e-4  # shown with two decimals of a percent, and without a sign


def as_text(comparison: "Comparison") -> str:
    """The comparison in plain text."""
    returns, risks = _return_table(comparison), _risk_table(comparison)
    width = max(map(len, ["product", *(row.product for row in comparison.rows)]))
    left_out = [_wrapped(f"{name:{width}}  left out: {why}") for name, why in comparison.left_out.items()]
    parts = [
        _title(comparison),
        "\n".join([f"Return in {_money(comparison)}", plain_table(*returns, left=2), *left_out]),
        "\n".join(["Rewards, costs and risk", plain_table(*risks)]),
    ]
    if _has_ladder(comparison):
        parts.append("\n".join([_ladder_caption(comparison), plain_table(*_ladder_table(comparison))]))
    for caption, notes in _notes(comparison):
        parts.append("\n".join([caption, *(_wrapped(f"- {note}") for note in notes)]))
    return "\n\n".join(parts)


def as_html(comparison: "Comparison") -> str:
    """The comparison as HTML, with every name escaped."""
    left_out = [f"{name} left out: {why}" for name, why in comparison.left_out.items()]
    late = _has_ladder(comparison)
    return "".join(
        [
            f"<p>{html.escape(_title(comparison))}</p>",
            html_table(*_return_table(comparison), left=2, caption=f"Return in {_money(comparison)}"),
            *(f"<p>{html.escape(line)}</p>" for line in left_out),
            html_table(*_risk_table(comparison), caption="Rewards, costs and risk"),
            *([html_table(*_ladder_table(comparison), caption=_ladder_caption(comparison))] if late else []),
            *(f"<p>{caption}</p><ul>{_items(notes)}</ul>" for caption, notes in _notes(comparison)),
        ]
    )


def _items(notes: Sequence[str]) -> str:
    return "".join(f"<li>{html.escape(note)}</li>" for note in notes)


def _wrapped(text: str) -> str:
    return textwrap.fill(text, WIDTH, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)


def _money(comparison: "Comparison") -> str:
    return comparison.results.scenario.numeraire


def _title(comparison: "Comparison") -> str:
    results = comparison.results
    capital = f"{results.capital:,.2f}".removesuffix(".00")
    day = "" if results.scenario.is_recorded else f" put in on {results.grid.times[0].astype('datetime64[D]')}"
    tail = f", then up to {tail_days(comparison):g} to get the money out" if tail_days(comparison) else ""
    return f"{capital} {_money(comparison)}{day} for {held_days(comparison):g} days{tail}"


def held_days(comparison: "Comparison") -> float:
    """Days from the opening to the exit."""
    grid = comparison.results.grid
    return float(grid.days[grid.exit])


def tail_days(comparison: "Comparison") -> float:
    """Days from the exit to the grid's end."""
    return float(comparison.results.grid.days[-1]) - held_days(comparison)


Table = tuple[Sequence[str], Sequence[Sequence[str]]]
"""Headers, and rows of cells."""


def _return_table(comparison: "Comparison") -> Table:
    versus = f"vs {comparison.benchmark or 'own coin'} (s.e.)"
    headers = ["product", "coin", "mean", "median", "5% end below", "5% end above", versus, "vs cash (s.e.)", "eff. N"]
    cells = [_return_cells(row) for row in comparison.rows]
    if headers.count(versus) == 1:
        return headers, cells
    return headers[:-2] + headers[-1:], [row[:-2] + row[-1:] for row in cells]  # the benchmark is the row of cash


def _risk_table(comparison: "Comparison") -> Table:
    level, rest = _level(comparison), f"{100 * (1 - comparison.level):.4g}%"
    headers = ["product", "coins gross", "coins net", "cost", "P(loss)"]
    headers += [f"VaR {level}", f"ES {level}", f"worst {rest} lost by", "days to cash"]
    return headers, [_risk_cells(row, tail_days(comparison)) for row in comparison.rows]


def _return_cells(row: Row) -> list[str]:
    return [
        row.product,
        row.coin,
        _signed(row.return_mean),
        _signed(row.return_median),
        _signed(row.return_5),
        _signed(row.return_95),
        f"{_signed(row.difference)} ({_share(row.difference_error)})",
        f"{_signed(row.over_cash)} ({_share(row.over_cash_error)})",
        f"{row.effective_paths:,.0f}" if row.effective_paths >= 100.0 else f"{row.effective_paths:.1f}",
    ]


def _risk_cells(row: Row, tail: float) -> list[str]:
    return [
        row.product,
        _signed(row.coins_gross),
        _signed(row.coins_net),
        _share(row.cost),
        _share(row.probability_of_loss),
        _share(row.value_at_risk),
        _share(row.expected_shortfall),
        row.loss_made_of,
        f"> {tail:g}" if math.isinf(row.days_to_cash) else f"{row.days_to_cash:g}",
    ]


def _has_ladder(comparison: "Comparison") -> bool:
    """Whether any product is not out on the day of the exit, on as many paths as the level takes, and the run tells."""
    rows = [row for row in comparison.rows if not comparison.results[row.product].only_lines]
    return any(row.days_to_cash > 0.0 for row in rows)


def _ladder_caption(comparison: "Comparison") -> str:
    return f"Share of the money put in that is back after the exit, on {_level(comparison)} of the paths at least"


def _ladder_table(comparison: "Comparison") -> Table:
    headers = ["product", *("1 day" if days == 1 else f"{days} days" for days in RUNGS)]
    return headers, [[row.product, *map(_share, row.shares)] for row in comparison.ladder.rows]


def _level(comparison: "Comparison") -> str:
    return f"{100 * comparison.level:.4g}%"


def _signed(fraction: float) -> str:
    return _share(fraction) if abs(fraction) < _ROUNDS_TO_ZERO else f"{fraction:+.2%}"


def _share(fraction: float) -> str:
    if not math.isfinite(fraction):
        return "-"
    return f"{0.0 if abs(fraction) < _ROUNDS_TO_ZERO else fraction:.2%}"


def _notes(comparison: "Comparison") -> Iterator[tuple[str, list[str]]]:
    yield "How to read it", list(_legend(comparison))
    results = comparison.results
    hazards = [f'Event("{name}"): hazard {hazard:g} a year, by the product' for name, hazard in results.hazards.items()]
    yield "What it rests on", [*_run_notes(comparison), *results.scenario.notes(), *hazards]


def _legend(comparison: "Comparison") -> Iterator[str]:
    level = _level(comparison)
    yield "mean, median, 5% end below, 5% end above: profit by the last day over all money paid in."
    yield "vs: mean difference to the benchmark, and to cash, path by path. (s.e.): its standard error."
    yield "eff. N: how many independent paths would give the mean the same standard error."
    yield "coins gross, net: rewards, and all but the price, over the coins that the capital bought on the first day."
    yield "cost: fees and costs over capital, paid from rewards or not. P(loss): share of paths that end with a loss."
    yield f"VaR, ES: loss over capital not exceeded on {level} of the paths, and mean loss on the others, by causes."
    yield f"days to cash: from the exit until all money is in hand, not exceeded on {level} of the paths."
    if _has_ladder(comparison):
        yield "Share back: money in hand by then over all money paid in; - where the run ends too early to tell."


def _run_notes(comparison: "Comparison") -> Iterator[str]:
    results = comparison.results
    n, lag = results.paths, results.overlap
    if n == 1:
        yield "N = 1 path, which tells nothing about chance."
    elif lag:
        yield (
            f"N = {n:,} overlapping windows of one record. Standard errors are Newey-West with lag {lag}, and no less "
            f"than those of the {(n + lag) / (lag + 1):.1f} windows that could lie apart."
        )
    elif results.scenario.is_recorded:
        yield f"N = {n:,} windows of one record that do not overlap; standard errors take them as independent."
    else:
        yield f"N = {n:,} independent paths; standard errors are those of independent paths."
    yield from _error_notes(comparison)
    if results.partial:
        yield f"Interrupted: {n:,} of {results.asked:,} paths were run."
    if comparison.ranked_by is not None:
        yield f"Rows are ranked by {comparison.ranked_by}, best first."
    yield f"Seed {results.entropy} repeats the run."
    if comparison.benchmark is None:
        yield "Benchmark of each row: its own coin, bought on the first day, sold at the exit, free of cost."
    else:
        yield f"Benchmark of each row: {comparison.benchmark}."
    holding = ", ".join(f"{coin} {_signed(mean)}" for coin, mean in sorted(comparison.holding.items()))
    yield f"Risk-free rate {_share(comparison.risk_free_rate)} a year." + (
        f" Holding a coin free of cost returned on average: {holding}." if holding else ""
    )
    available = results.scenario.n_paths(results.grid)
    if available is not None and n < available:
        yield f"Only the first {n:,} of {available:,} windows were run: the oldest."
    for row in comparison.rows:
        yield from _row_notes(comparison, row)


def _error_notes(comparison: "Comparison") -> Iterator[str]:
    if comparison.results.events == "stratified":
        yield (
            "First strikes of events are stratified, but for those of a copula. Standard errors are those of "
            "independent draws, and so too large."
        )
    errors = [(r, r.value_at_risk_error, r.expected_shortfall_error) for r in comparison.rows]
    if any(math.isfinite(es) for _, _, es in errors):
        told = "; ".join(f"{row.product} {_share(var)}, {_share(es)}" for row, var, es in errors)
        yield f"Standard errors of VaR and ES {_level(comparison)}: {told}."


def _row_notes(comparison: "Comparison", row: Row) -> Iterator[str]:
    payout = mean_of(contract_payout(comparison.results[row.product]))
    if math.isfinite(payout):
        yield (
            f"{row.product}: paid out {_share(payout)} of the contract's price after running costs, on average: "
            f"{_signed(payout - 1.0)} net of that price."
        )
    if row.days_to_cash_mean > 0.0 and comparison.benchmark is None:
        late = f"{row.days_to_cash_mean:.3g} days after its benchmark"
        yield f"{row.product}: sold {late} on average; the prices of those days are in the difference."
    later = (comparison.results[row.product].years_earning - comparison.results.grid.years_held) * 365.0
    if later > 0.0 and row.deployed > 0.0:
        yield f"{row.product}: earns for {later:.3g} days after the exit, which its coins gross and net include."
    if row.unsettled:
        yield f"{row.product}: not out by the last day on {_share(row.unsettled)} of the paths, valued at market."
    if row.infeasible:
        yield (
            f"{row.product}: could not be opened with this capital on {_share(row.infeasible)} of the paths, "
            "where nothing was at work."
        )
