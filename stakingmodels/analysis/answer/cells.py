"""Cells of the short table: numbers as a first reader needs them, and marks for what is not as expected."""

import math
from collections.abc import Mapping

from stakingmodels.analysis.answer.failures import WorstFailure
from stakingmodels.analysis.comparison_format import signed
from stakingmodels.analysis.comparison_report import Report
from stakingmodels.analysis.row import SEVERAL, ComparisonRow
from stakingmodels.display import cut
from stakingmodels.ledger import Outcome
from stakingmodels.words import Note

NOT_OUT, PARTLY, SEVERAL_COINS = "*", "^", "#"
"""Marks of rows, explained below the table."""
_KINDS: Mapping[str, str] = {
    "exploit": Note("failure.exploit"),
    "slashing": Note("failure.slashing"),
    "custodian": Note("failure.custodian"),
    "provider": Note("failure.provider"),
}
"""Words for kinds of events: what stands before the colon of their names."""
_EVENT = 16  # columns of the name of another event
_COIN = 8
_NUMBER = 13  # columns of a number
_LEADING = 3  # digits after the first one of the capital that money is rounded to
_WIDE, _WIDER = 10.0, 100.0  # percent from which a range has one decimal less each


def money_text(money: float, capital: float) -> str:
    """Money rounded to a thousandth of the capital's power of ten: 26,200 of 100,000."""
    return "-" if not math.isfinite(money) else _rounded(money, math.floor(math.log10(capital)) - _LEADING)


def price_text(price: float) -> str:
    """Price in whole units, or with four digits where it is below 1,000."""
    if not math.isfinite(price):
        return "-"
    return _rounded(price, min(0, math.floor(math.log10(price)) - _LEADING) if price > 0.0 else 0)


def _rounded(number: float, power: int) -> str:
    """Number rounded to a power of ten, with as many decimals as that has; a long one with four digits."""
    text = f"{round(number, -power):,.{max(0, -power)}f}"
    return text if len(text) <= _NUMBER else f"{number:.4g}"


def row_cells(row: ComparisonRow, outcome: Outcome, report: Report, failure: WorstFailure | None) -> list[str]:
    """Cells of a product: name, coin, coins a year in three numbers, share below holding, days, worst failure."""
    name, mark = row.product, PARTLY if 0.0 < row.infeasible < 1.0 else ""
    coin = row.coin if row.coin == SEVERAL else cut(row.coin, _COIN)
    if not row.opened:
        return [name, coin, _not_opened(outcome, report.money)]
    return [
        name,
        coin,
        average_text(row.net_coin_return_no_event) + mark,
        average_text(row.excess_return / report.results.grid.years) + SEVERAL_COINS
        if row.coin == SEVERAL
        else average_text(row.net_coin_return),
        range_text(row.product, report),
        below_text(row),
        days_text(row, report.tail_days),
        failure_text(failure),
    ]


def _not_opened(outcome: Outcome, money: str) -> str:
    least = float((outcome.capital + outcome.capital_shortfall).min())
    if not math.isfinite(least):
        return Note("answer.not_opened_at_all")
    return Note("answer.not_opened", money=f"{math.ceil(least):,} {money}")


def average_text(fraction: float) -> str:
    """A fraction as percent with its sign, with two decimals below 100 % and fewer above."""
    if not abs(fraction) >= 1.0 or math.isinf(fraction):
        return signed(fraction)
    return f"{fraction:+,.1%}" if abs(fraction) < _WIDE else f"{fraction:+,.0%}"


def _decimals(percent: float) -> int:
    """Decimals of a percentage at the end of a range: 2 below 10, 1 below 100, none above."""
    return 2 if abs(percent) < _WIDE else 1 if abs(percent) < _WIDER else 0


def range_text(name: str, report: Report) -> str:
    """Range of the average over a row's assumptions, in percent: both ends with as many decimals."""
    if name not in report.ranges:
        return "-"
    found = report.ranges[name]
    if not (math.isfinite(found.low) and math.isfinite(found.high)):
        return "-"
    if not found.terms:
        return Note("answer.no_assumptions")
    ends = [100.0 * found.low, 100.0 * found.high]
    decimals = min(map(_decimals, ends))
    low, high = (f"{end:+z,.{decimals}f}" for end in ends)
    return Note("answer.range", low=low, high=high)


def below_text(row: ComparisonRow) -> str:
    """Share of the paths that end below holding the coin; yes or no for one path."""
    share = row.probability_below_holding
    if not math.isfinite(share):
        return "-"
    if row.n_paths == 1:
        return Note("answer.yes") if share else Note("answer.no")
    return f"{share:.1%}"


def days_text(row: ComparisonRow, tail: float) -> str:
    """Days from asking to money in hand; `tail` of them are in the run."""
    mark = NOT_OUT if row.unsettled else ""
    if not row.can_leave_early:
        return Note("answer.no_exit")
    if math.isnan(row.days_to_cash):
        return "-"
    return (f">{tail:g}" if math.isinf(row.days_to_cash) else f"{row.days_to_cash:.4g}") + mark


def failure_text(failure: WorstFailure | None) -> str:
    """Failure with its chance a year and its loss."""
    if failure is None:
        return Note("answer.failure.none")
    kind = failure.event.partition(":")[0]
    said = {"event": _KINDS.get(kind, cut(failure.event, _EVENT))}
    hazard, loss = _percent(failure.hazard), _percent(failure.loss)
    if math.isnan(failure.hazard):
        return said["event"] if math.isnan(failure.loss) else Note("answer.failure.loss", loss=loss, **said)
    if math.isnan(failure.loss):
        return Note("answer.failure.hazard", hazard=hazard, **said)
    return Note("answer.failure", hazard=hazard, loss=loss, **said)


def _percent(fraction: float) -> str:
    """Fraction as percent with two digits."""
    return "-" if math.isnan(fraction) else f"{float(f'{100.0 * fraction:.2g}'):g}%"
