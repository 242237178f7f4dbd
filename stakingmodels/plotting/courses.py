"""`fan` and `money_back`: a product's value, and the money that has come back, by day."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray
from stakingmodels.analysis import Comparison
from stakingmodels.engine import Results
from stakingmodels.ledger import Outcome
from stakingmodels.ledger.flows import refuse_without_flows
from stakingmodels.measures import Distribution
from stakingmodels.plotting.bands import ValueBands, bands_of
from stakingmodels.plotting.canvas import Canvas, begin, money, percent, plain
from stakingmodels.plotting.given import opened, outcomes_of, values_of
from stakingmodels.plotting.themes import Theme
from stakingmodels.words import Language, Note, label_note

if TYPE_CHECKING:
    from matplotlib.axes import Axes


_HOW = 'results["staking pool"] of a run with keep="values", or what the reducer Fan() made of it'


def fan(
    thing: Outcome | ValueBands,
    *,
    recorded: Outcome | None = None,
    ax: "Axes | None" = None,
    language: Language = "en",
    theme: Theme = "light",
) -> "Axes":
    """Value of a product by day: the median over the paths, with bands of 50 % and 90 % of them.

    Quantiles are those of `measures.Distribution`: of single days, so that no path need follow an edge.

    Parameters
    ----------
    thing
        An outcome of a run with ``keep="values"``, or what the reducer `Fan` made of a run.
    recorded
        Outcome of the same product on one recorded path, with its values, which is drawn over the fan. None for none.
    ax, language, theme
        Axes to draw on, None for new ones; ``"en"`` or ``"zh-TW"``; ``"light"``, ``"dark"`` or ``"print"``.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InputError, InputTypeError
        For anything else, a run that kept no values, and a recorded outcome of several paths or of another product.
    MissingExtraError
        Where matplotlib is not installed.
    """
    if isinstance(thing, Outcome):
        opened("fan", {thing.product: thing})
        bands = bands_of("fan", thing)
    else:
        bands = checks.instance("fan", thing, ValueBands, _HOW)
    line = None if recorded is None else _one_path(recorded, bands)
    canvas = begin("fan", ax, language, theme)
    handles, names = _draw_bands(canvas, bands)
    if recorded is not None and line is not None:
        days = recorded.grid.elapsed_days
        handles += canvas.axes.plot(days, line, color=canvas.palette.loss, linewidth=1.4, linestyle=(0, (4.0, 1.5)))
        names.append(Note("plot.fan.recorded"))
    handles.append(canvas.axes.axhline(bands.capital, color=canvas.palette.text, linewidth=0.8, linestyle=(0, (2, 2))))
    names.append(Note("plot.fan.put_in"))
    _mark_exit(canvas, bands.exit_day, float(bands.days[-1]))
    canvas.axis("x", Note("plot.day"), Note("plot.unit.days"), plain)
    canvas.axis("y", Note("plot.fan.axis"), Note("plot.unit.money", money=bands.numeraire), money)
    canvas.axes.set_xlim(0.0, float(bands.days[-1]))
    canvas.axes.set_ylim(bottom=0.0)
    canvas.legend(handles, names, loc=_free_corner(canvas, bands.capital))
    title = Note(
        "plot.fan.title",
        product=label_note(bands.product),
        money=bands.numeraire,
        capital=money(round(bands.capital, 2)),
        n=bands.n_paths,
    )
    return canvas.finish(title, Note("plot.alt", title=title, figures=(_fan_figures(bands),)))


def _free_corner(canvas: Canvas, opening: float) -> str:
    """Corner at the left that is away from where the values begin."""
    return "upper left" if opening < 0.6 * canvas.axes.get_ylim()[1] else "lower left"


def _one_path(recorded: object, bands: ValueBands) -> FloatArray:
    outcome = checks.instance("fan: recorded", recorded, Outcome, "the outcome of a run on one recorded path")
    if (outcome.product, outcome.numeraire) != (bands.product, bands.numeraire):
        rule = f"must be of {bands.product}, in {bands.numeraire}, as the fan is"
        checks.refuse("fan: recorded", rule, f"{outcome.product}, in {outcome.numeraire}")
    values = values_of("fan: recorded", outcome)
    if outcome.n_paths != 1:
        rule = "must be the outcome of one path"
        checks.refuse("fan: recorded", rule, outcome.n_paths, "outcome.slice_paths(0, 1)")
    return values[:, 0]


def _draw_bands(canvas: Canvas, bands: ValueBands) -> tuple[list[Any], list[str]]:
    colors, found = canvas.palette, bands.quantiles
    mark = canvas.mark(0)
    handles: list[Any] = []
    names: list[str] = []
    if bands.n_paths > 1:
        for low, high, strength in ((0.05, 0.95, 0.18), (0.25, 0.75, 0.38)):
            area = canvas.axes.fill_between(
                bands.days, found[low], found[high], color=mark.color, alpha=strength, linewidth=0.0
            )
            if colors.is_hatched:
                canvas.axes.plot(bands.days, found[low], bands.days, found[high], color=mark.color, linewidth=0.6)
            handles.append(area)
            names.append(Note("plot.fan.band", low=percent(low), high=percent(high)))
    handles += canvas.axes.plot(bands.days, found[0.5], color=mark.color, linewidth=2.0)
    names.append(Note("plot.fan.median") if bands.n_paths > 1 else Note("plot.fan.one"))
    return handles, names


def _mark_exit(canvas: Canvas, day: float, last: float) -> None:
    """A line on the day on which the holder asks to leave, where the run goes on after it."""
    if day < last:
        canvas.axes.axvline(day, color=canvas.palette.text, linewidth=0.8, linestyle=(0, (1, 2)))
        across = canvas.axes.get_xaxis_transform()
        words = {"transform": across, "ha": "right", "va": "bottom", "rotation": 90.0}
        canvas.write(day, 0.07, Note("plot.fan.exit"), **words)


def _fan_figures(bands: ValueBands) -> Note:
    at_end = {q: money(round(float(row[-1]), 2 if row[-1] < 100.0 else 0)) for q, row in bands.quantiles.items()}
    ends = {"low": percent(0.05), "rest": percent(0.05), "bottom": at_end[0.05], "top": at_end[0.95]}
    return Note("plot.fan.alt", day=float(bands.days[-1]), middle=at_end[0.5], **ends)


def money_back(
    thing: Results | Comparison | Outcome | Mapping[str, Outcome],
    *,
    confidence_level: float = 0.5,
    ax: "Axes | None" = None,
    language: Language = "en",
    theme: Theme = "light",
) -> "Axes":
    """Share of the money put in that has come back by each day from the opening on.

    For each day the largest share that ``confidence_level`` of the paths have reached: pay-outs up to then over capital
    and contributions. Money that is not paid out by the grid's end does not count.

    Parameters
    ----------
    thing
        Results, a comparison, an outcome, or outcomes by name, of a run that kept dated flows. Products without are
        left out, and named below the picture.
    confidence_level
        Share of the paths, a fraction in (0, 1); 0.5 (default) is the median.
    ax, language, theme
        Axes to draw on, None for new ones; ``"en"`` or ``"zh-TW"``; ``"light"``, ``"dark"`` or ``"print"``.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InputError, InputTypeError
        For anything else, for no outcomes, and a run that kept no flows of any.
    MissingExtraError
        Where matplotlib is not installed.
    """
    outcomes = opened("money_back", outcomes_of("money_back", thing))
    level = checks.open_fraction("money_back: confidence_level", confidence_level)
    kept = {name: outcome for name, outcome in outcomes.items() if outcome.flows is not None}
    if not kept:
        refuse_without_flows("money_back")
    courses = {name: back_by_day(outcome, level) for name, outcome in kept.items()}
    canvas = begin("money_back", ax, language, theme)
    handles = _draw_courses(canvas, kept, courses)
    canvas.axis("x", Note("plot.day"), Note("plot.unit.days"), plain)
    canvas.axis("y", Note("plot.back.axis"), Note("plot.unit.percent_put_in"), percent)
    names: list[str] = list(courses)
    if len(kept) < len(outcomes):
        handles += canvas.axes.plot([], [], linestyle="none")
        names.append(Note("plot.back.left_out", names=tuple(name for name in outcomes if name not in kept)))
    canvas.legend(handles, names, loc="upper left")
    title = Note("plot.back.title") if level == 0.5 else Note("plot.back.title.level", level=percent(level))
    told = tuple(Note("plot.named", name=n, figures=_back_figures(kept[n], shares)) for n, shares in courses.items())
    return canvas.finish(title, Note("plot.alt", title=title, figures=told))


def _draw_courses(canvas: Canvas, kept: Mapping[str, Outcome], courses: Mapping[str, FloatArray]) -> list[Any]:
    """A line of steps a product; markers stand apart, so that lines upon one another are told."""
    axes, handles = canvas.axes, []
    grid = next(iter(kept.values())).grid
    days = grid.elapsed_days
    every = max(days.size // 6, 1)
    for place, (name, shares) in enumerate(courses.items()):
        mark = canvas.mark(place)
        line = {"color": mark.color, "linestyle": mark.dash, "linewidth": 1.7}
        seen = {"marker": mark.marker, "markersize": 4.5, "markevery": (place * every // 8, every)}
        handles += axes.step(kept[name].grid.elapsed_days, shares, where="post", label=name, **line, **seen)
    axes.axhline(1.0, color=canvas.palette.text, linewidth=0.8, linestyle=(0, (2, 2)))
    _mark_exit(canvas, float(days[grid.exit]), float(days[-1]))
    axes.set_xlim(0.0, float(days[-1]))
    return handles


def back_by_day(outcome: Outcome, confidence_level: float) -> FloatArray:
    """Largest share of the money put in that so many of the paths have been paid out by each grid time, (n_times,)."""
    shares = np.empty(outcome.grid.n_times)
    paid, level = np.zeros(outcome.n_paths), 0.0
    for time, moved in _paid(outcome):
        if moved is not None:
            paid += moved
            level = _reached(paid / outcome.invested, confidence_level)
        shares[time] = level
    return shares


def _paid(outcome: Outcome) -> Iterator[tuple[int, FloatArray | None]]:
    """Times with the money paid out on each path then; None where there is none."""
    flows = outcome.flows
    if flows is None:
        refuse_without_flows("money_back")
    last = outcome.grid.n_times - 1
    counted = (flows.money > 0.0) & ((flows.time < last) | outcome.settled[flows.path])
    path, time, amount = flows.path[counted], flows.time[counted], flows.money[counted]
    order = np.argsort(time, kind="stable")
    bounds = np.searchsorted(time[order], np.arange(last + 2))
    for k in range(last + 1):
        part = order[bounds[k] : bounds[k + 1]]
        yield k, np.bincount(path[part], amount[part], outcome.n_paths).astype(np.float64) if part.size else None


def _reached(shares: FloatArray, confidence_level: float) -> float:
    """Largest share that so many of the paths have reached."""
    spread = Distribution(shares)
    return spread.median() if confidence_level == 0.5 else spread.lower_end(1.0 - confidence_level)


def _back_figures(outcome: Outcome, shares: FloatArray) -> Note:
    days, at_exit = outcome.grid.elapsed_days, outcome.grid.exit
    first, last = percent(round(float(shares[at_exit]), 3)), percent(round(float(shares[-1]), 3))
    return Note("plot.back.alt", first=first, day=float(days[at_exit]), last=last, end=float(days[-1]))
