"""`Answer`: contents of the short table, before they are laid out for a width."""

import math
from collections.abc import Iterator, Sequence

import attrs
import numpy as np

from stakingmodels.analysis.answer.break_even import BreakEven
from stakingmodels.analysis.answer.cells import (
    NOT_OUT,
    PARTLY,
    SEVERAL_COINS,
    money_text,
    price_text,
    row_cells,
)
from stakingmodels.analysis.answer.coins import CoinHeld, held_coins
from stakingmodels.analysis.answer.failures import worst_failures
from stakingmodels.analysis.answer.held import is_held
from stakingmodels.analysis.answer.views import is_long
from stakingmodels.analysis.comparison_format import share, signed
from stakingmodels.analysis.comparison_report import Report
from stakingmodels.analysis.comparison_text import capital_text
from stakingmodels.analysis.ranking import HIGH_IS_BEST
from stakingmodels.analysis.row import SEVERAL, ComparisonRow
from stakingmodels.analysis.windows import windows_of
from stakingmodels.tables import Table
from stakingmodels.words import Note

_DRIFTS = {
    "note.cash_drift": Note("answer.drift.cash"),
    "note.no_drift": Note("answer.drift.none"),
    "note.drift_as_recorded": Note("answer.drift.recorded"),
}
"""Words for the trend of prices, by the key of a scenario's note."""


_VERDICT = 200  # letters of a sentence on what is sure, which otherwise needs room that rows have first
_LISTED = 8  # rows listed in a sentence
_SEED = 12  # digits of a seed that are shown


@attrs.frozen
class Sentence:
    """A sentence below the table.

    Attributes
    ----------
    text
        The sentence.
    rank
        0 for one that is always there, 1 for one for which rows are left out, 2 and more for others by importance.
    is_extra
        Whether it is of an unusual run, such as a ranked one, so that it has lines beyond the usual ones.
    """

    text: str
    rank: int
    is_extra: bool = False


@attrs.frozen(kw_only=True)
class Answer:
    """Contents of the short table.

    Attributes
    ----------
    title, cash, about
        Capital and time; what it becomes as cash; paths, seed, trend of prices and assumptions.
    coin_columns, coins
        Headers and rows of the coins just held.
    level
        Confidence level of the days, as percent.
    views
        Table of price views that stands before all else; None for none.
    rows
        Cells of the products; in a row with fewer, the last spans the rest.
    sentences
        What stands below, in order.
    """

    title: str
    cash: str
    about: tuple[str, ...]
    coin_columns: tuple[str, ...]
    coins: tuple[tuple[str, ...], ...]
    level: str
    views: Table | None
    rows: tuple[tuple[str, ...], ...]
    sentences: tuple[Sentence, ...]


def answer_of(report: Report) -> Answer:
    """Contents of the short table of a comparison."""
    results = report.results
    columns, coins = _coin_cells(report, held_coins(report.rows, results))
    worst = worst_failures(results)
    shown = [row for row in report.rows if not is_held(results, row.product)]
    rows = [row_cells(row, results[row.product], report, worst[row.product]) for row in shown]
    left_out = [[name, Note("cell.skipped", why=why)] for name, why in report.skipped.items()]
    return Answer(
        title=_title(report),
        cash=_cash(report),
        about=tuple(_about(report)),
        coin_columns=columns,
        coins=coins,
        level=report.percent,
        views=None if report.views is None else report.views.table(),
        rows=tuple(map(tuple, [*rows, *left_out])),
        sentences=(*_sentences(report), *_legend(report, shown), Sentence(Note("answer.more"), rank=0)),
    )


def _title(report: Report) -> str:
    results = report.results
    start = Note("answer.title.start", day=results.grid.times[0].astype("datetime64[D]"))
    return Note(
        "answer.title",
        capital=capital_text(results),
        money=report.money,
        start="" if results.scenario.is_recorded else start,
        days=report.held_days,
        tail=Note("answer.title.tail", days=report.tail_days) if report.tail_days else "",
    )


def _cash(report: Report) -> str:
    """Money at the end, if it was kept as cash."""
    outcome, rate = next(iter(report.results.values())), report.risk_free_rate
    end = money_text(float(np.mean(outcome.capital * outcome.cash_growth)), report.results.mean_capital)
    return Note("answer.cash", rate=share(rate), end=end) if rate else Note("answer.cash.bare", end=end)


def _about(report: Report) -> Iterator[str]:
    """Paths, seed, trend of prices, and the name of the assumptions."""
    results, windows = report.results, windows_of(report.results)
    if results.partial:
        yield Note("answer.partial", n=results.n_paths, asked=results.n_paths_requested)
    elif results.n_paths == 1:
        yield Note("answer.one_path")
    elif windows.overlap:
        yield Note("answer.windows_apart", n=windows.n_paths, apart=windows.apart)
    elif windows.n_replicates:
        yield Note("answer.quasi", n=results.n_paths)
    else:
        yield Note("answer.windows" if windows.is_recorded else "answer.paths", n=results.n_paths)
    yield Note("answer.seed", seed=_seed_text(results.entropy))
    yield from _on_prices([note for note in results.scenario.describe() if isinstance(note, Note)])
    label = str(getattr(results.scenario, "assumption_set", ""))
    if label:
        yield Note("answer.set", label=label)


def _seed_text(seed: int) -> str:
    """A seed, or the beginning of a long one; the details have all of it."""
    text = str(seed)
    return text if len(text) <= _SEED else f"{text[: _SEED - 3]}..."


def _on_prices(notes: Sequence[Note]) -> Iterator[str]:
    """Trend of prices, in the currency in which they have it, and a constant exchange rate."""
    old = next((note.values["old"] for note in notes if note.key == "currency.drift"), "")
    drifts = _DRIFTS | ({"note.cash_drift": Note("currency.answer_drift", old=old)} if old else {})
    yield from dict.fromkeys(drifts[note.key] for note in notes if note.key in drifts)
    for note in notes:
        if note.key in {"currency.dated", "currency.given"}:
            yield Note("currency.answer_rate", **{name: note.values[name] for name in ("rate", "old", "new")})


def _coin_cells(report: Report, coins: Sequence[CoinHeld]) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Headers and rows of the coins; one number where there is one path."""
    capital = report.results.mean_capital
    names = ("end",) if report.results.n_paths == 1 else ("low", "middle", "high")
    columns = tuple(Note(f"answer.column.{name}") for name in ("held", "price", *names))
    fields = ("middle",) if report.results.n_paths == 1 else names
    rows = tuple(
        (each.coin, price_text(each.opening_price), *(money_text(getattr(each, x), capital) for x in fields))
        for each in coins
    )
    return columns, rows


def _legend(report: Report, shown: Sequence[ComparisonRow]) -> Iterator[Sentence]:
    """Meaning of the columns and marks."""
    if any(found.terms for found in report.ranges.values()):
        yield Sentence(Note("answer.legend"), rank=0)
    if is_long(report.results.grid) and report.results.n_paths > 1:
        yield Sentence(Note("answer.long"), rank=2)
    late = [row.unsettled for row in shown if row.unsettled and row.can_leave_early]
    if late:
        key = "answer.not_out_of_several" if len(late) > 1 else "answer.not_out"
        yield Sentence(Note(key, mark=NOT_OUT, share=f"{max(late):.1%}", days=report.tail_days), rank=0)
    partly = [row.infeasible for row in shown if 0.0 < row.infeasible < 1.0]
    if partly:
        yield Sentence(Note("answer.partly", mark=PARTLY, share=f"{max(partly):.1%}"), rank=0, is_extra=True)
    if any(row.coin == SEVERAL for row in shown):
        yield Sentence(Note("answer.several", mark=SEVERAL_COINS), rank=0, is_extra=True)


def _sentences(report: Report) -> Iterator[Sentence]:
    """Warnings, what is sure, where money comes back, what the rows are ranked by, and how they compare with one."""
    yield from (Sentence(remark, rank=0, is_extra=True) for remark in report.results.remarks)
    yield from _verdicts(report)
    yield from (Sentence(_break_even(each), rank=4) for each in report.break_evens)
    if report.ranked_by is not None:
        ranked = [_named(row, _value(row, report.ranked_by)) for row in report.rows]
        yield Sentence(Note("answer.ranked", column=report.ranked_by, rows=_few(ranked)), rank=0, is_extra=True)
    if report.benchmark is not None:
        others = [row for row in report.rows if row.product != report.benchmark]
        rows = _few([_named(row, signed(row.excess_return)) for row in others])
        yield Sentence(Note("answer.versus", benchmark=report.benchmark, rows=rows), rank=0, is_extra=True)


def _verdicts(report: Report) -> Iterator[Sentence]:
    """What is sure under all assumptions, where rows rest on any."""
    if not any(found.terms for found in report.ranges.values()):
        return
    if report.apart:
        yield Sentence(Note("verdicts.apart", pairs=tuple(report.apart)), rank=0, is_extra=True)
    if not (report.sure or report.unsure):
        return
    text: str = Note("answer.unsure")
    if report.results.n_paths == 1:
        text = Note("answer.unsure.one_path")
    elif windows_of(report.results).few:
        text = Note("answer.unsure.few_windows")
    if report.sure:
        others = Note("answer.sure.others") if report.unsure else ""
        text = Note("answer.sure", clauses=tuple(report.sure), others=others)
    yield Sentence(text, rank=1 if len(text) <= _VERDICT else 5)


def _break_even(each: BreakEven) -> str:
    if not each.found or not each.or_more or math.isnan(each.price):
        return Note("answer.clause", clause=each.sentence())
    price = price_text(float(f"{each.price:.3g}"))
    return Note("answer.break_even", product=each.product, coin=each.coin, price=price)


def _few(names: Sequence[str]) -> tuple[str, ...]:
    """The first names, and how many others there are."""
    if len(names) <= _LISTED:
        return tuple(names)
    return (*names[: _LISTED - 1], Note("answer.others", n=len(names) - _LISTED + 1))


def _named(row: ComparisonRow, value: str) -> str:
    return Note("answer.named", product=row.product, value=value)


def _value(row: ComparisonRow, column: str) -> str:
    """Value of a column: fractions as percent, days and counts as numbers."""
    value = float(getattr(row, column))
    if column.startswith("days") or column in {"n_paths", "effective_paths"}:
        return f"{value:,.4g}"
    return signed(value) if column in HIGH_IS_BEST else share(value)
