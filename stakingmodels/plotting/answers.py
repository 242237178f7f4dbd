"""`answer_ranges`: the answer of a comparison over the ranges of its assumptions, with flip points."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import attrs

from stakingmodels import checks
from stakingmodels.analysis import Comparison, FlipPoint
from stakingmodels.analysis.answer.flip_search import HOLDING
from stakingmodels.analysis.answer.flips import FLIP_PATHS
from stakingmodels.analysis.answer.numbers import number_name, number_text
from stakingmodels.plotting.canvas import Canvas, begin, percent, signed
from stakingmodels.plotting.themes import Theme
from stakingmodels.words import Language, Note

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_DIGITS = 2
_MOST = 3  # flip points that are written below a bar


@attrs.frozen
class _Row:
    """One bar: its ends, the average as assumed, and the numbers that alone make it 0."""

    name: str
    low: float
    base: float
    high: float
    flips: tuple[FlipPoint, ...] = ()


def answer_ranges(
    comparison: Comparison,
    *,
    versus: str | None = None,
    n_paths: int | None = FLIP_PATHS,
    ax: "Axes | None" = None,
    language: Language = "en",
    theme: Theme = "light",
) -> "Axes":
    """Coins gained a year by product over the ranges of the assumptions, and the numbers at which the better changes.

    A bar runs from all assumptions bad to all good, `Comparison.ranges`; a tick marks the average as assumed. At 0 the
    product is level with holding its coin: below each bar stand the values of single numbers that alone bring it there,
    `Comparison.flip_points`.

    Parameters
    ----------
    comparison
        A comparison.
    versus
        Name of a row: bars and flip points are those of the difference from it, `Comparison.verdicts`. None (default)
        for holding each row's own coin.
    n_paths
        Paths on which flip points are searched, the first of the run; None for all. Where what they tell contradicts a
        bar, which is of all paths, those of that row are searched on all.
    ax, language, theme
        Axes to draw on, None for new ones; ``"en"`` or ``"zh-TW"``; ``"light"``, ``"dark"`` or ``"print"``.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InputError, InputTypeError
        For a comparison without a row that is not just held, an interrupted run, and a name that is no row or the
        only one.
    MissingExtraError
        Where matplotlib is not installed.
    """
    checks.instance("answer_ranges: comparison", comparison, Comparison, "compare(simulate(...))")
    rows = _rows(comparison, versus, n_paths)
    lines = max(min(len(row.flips), _MOST + 1) for row in rows)
    canvas = begin("answer_ranges", ax, language, theme, height=1.9 + (0.42 + 0.17 * lines) * len(rows))
    handles = _bars(canvas, rows)
    axes = canvas.axes
    axes.axvline(0.0, color=canvas.palette.text, linewidth=1.0, zorder=3)
    canvas.rows([row.name for row in rows])
    canvas.axis("x", Note("plot.ranges.axis"), Note("plot.unit.percent_a_year"), percent)
    axes.grid(visible=False, axis="y")
    names = [Note("plot.ranges.range"), Note("plot.ranges.base"), Note("plot.ranges.flip")]
    canvas.roomy()
    canvas.below(handles, names[: len(handles)], 3)
    title = Note("plot.ranges.title") if versus is None else Note("plot.ranges.versus", other=versus)
    return canvas.finish(title, Note("plot.alt", title=title, figures=tuple(map(_figures, rows))))


def _rows(comparison: Comparison, versus: str | None, n_paths: int | None) -> list[_Row]:
    names = comparison.compared
    if not names:
        checks.refuse("answer_ranges: comparison", "has no product that is not just held", 0, "compare one that is")
    if comparison.results.partial:
        rule = "has no ranges, since its run was interrupted"
        checks.refuse("answer_ranges: comparison", rule, comparison.results.n_paths, "run it to its end")
    if versus is not None and versus not in names:
        checks.refuse_name("answer_ranges: versus", versus, names)
    if versus is None:
        found = comparison.ranges
        flips = {name: comparison.flip_points(name, HOLDING, n_paths=n_paths) for name in names}
        rows = [_Row(name, found[name].low, found[name].base, found[name].high) for name in names]
    else:
        flips = {n: comparison.flip_points(n, versus, n_paths=n_paths) for n in names if n != versus}
        rows = [_against(comparison, name, versus) for name in flips]
        if not rows:
            checks.refuse(
                "answer_ranges: versus", "has no other row to be compared with", versus, "compare two products"
            )
    other = HOLDING if versus is None else versus
    return [attrs.evolve(row, flips=_agreeing(comparison, row, flips[row.name], other)) for row in rows]


def _agreeing(comparison: Comparison, row: _Row, found: Sequence[FlipPoint], other: str) -> tuple[FlipPoint, ...]:
    """Flip points of a row that do not contradict its bar, which is of all paths.

    On few paths the average may lie on the other side of 0, or an end beyond it: then they are searched on all paths.
    """
    there = tuple(point for point in found if not point.is_never)
    may_flip = row.low <= 0.0 <= row.high
    if there and (not may_flip or any(_difference(point, row) * row.base < 0.0 for point in there)):
        there = tuple(p for p in comparison.flip_points(row.name, other, n_paths=None) if not p.is_never)
    return there if may_flip else ()


def _difference(point: FlipPoint, row: _Row) -> float:
    """Average of the row less that of the other, on the paths of the search."""
    return point.difference if point.first == row.name else -point.difference


def _against(comparison: Comparison, name: str, versus: str) -> _Row:
    verdict = comparison.verdicts.of(name, versus)
    if verdict.first == name:
        return _Row(name, verdict.low, verdict.base, verdict.high)
    return _Row(name, 0.0 - verdict.high, 0.0 - verdict.base, 0.0 - verdict.low)


def _bars(canvas: Canvas, rows: list[_Row]) -> list[Any]:
    """Bars with their ticks, flip points and figures; the artists of a legend."""
    axes, colors = canvas.axes, canvas.palette
    places = range(len(rows))
    widths, left = [row.high - row.low for row in rows], [row.low for row in rows]
    outline = {"edgecolor": colors.text, "linewidth": 0.6}
    handles = [axes.barh(places, widths, left=left, height=0.3, color=colors.gain, alpha=0.85, **outline)]
    tick = {"linestyle": "none", "marker": "|", "mew": 2.6, "color": colors.text}
    axes.plot([row.base for row in rows], places, markersize=17, **tick)
    handles += axes.plot([], [], markersize=10, **tick)
    flipped = [place for place, row in enumerate(rows) if row.flips]
    if flipped:
        point = {"linestyle": "none", "marker": "D", "color": colors.loss, "markeredgecolor": colors.text}
        handles += axes.plot([0.0] * len(flipped), flipped, markersize=6, zorder=4, **point)
    for place, row in enumerate(rows):
        ends = {"low": signed(row.low), "base": signed(row.base), "high": signed(row.high)}
        cell = Note("plot.ranges.cell", **ends)
        if not canvas.is_narrow:
            canvas.beside(place, cell)
        _write_below(canvas, place, row.flips, [cell] if canvas.is_narrow else [])
    return handles


def _write_below(canvas: Canvas, place: int, flips: tuple[FlipPoint, ...], lines: list[str]) -> None:
    """Lines below a bar, then its flip points, a line each."""
    lines += map(_flip, flips[:_MOST])
    if len(flips) > _MOST:
        lines.append(Note("plot.ranges.more", n=len(flips) - _MOST))
    if not lines:
        return
    text = "\n".join(map(canvas.say, lines))
    behind = {"facecolor": canvas.palette.face, "edgecolor": "none", "pad": 0.6}
    given = {"va": "top", "fontsize": 7.5, "linespacing": 1.1, "bbox": behind, "zorder": 3.5}
    if canvas.is_narrow:
        canvas.write(1.0, place + 0.2, text, ha="right", transform=canvas.axes.get_yaxis_transform(), **given)
    else:
        canvas.write(0.0, place + 0.2, text, ha="center", **given)


def _flip(point: FlipPoint) -> Note:
    value = number_text(point.number, point.value, _DIGITS)
    return Note("plot.ranges.flip_at", number=number_name(point.number), value=value)


def _figures(row: _Row) -> Note:
    ends = Note("plot.ranges.alt", low=signed(row.low), base=signed(row.base), high=signed(row.high))
    return Note("plot.named", name=row.name, figures=(ends, *map(_flip, row.flips)))
