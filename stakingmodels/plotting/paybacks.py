"""`money_back`: the money that has come back, by day."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from stakingmodels import checks
from stakingmodels.analysis import Comparison
from stakingmodels.engine import Results
from stakingmodels.ledger import Outcome
from stakingmodels.ledger.flows import refuse_without_flows
from stakingmodels.plotting.backshares import BackShares, back_shares_of
from stakingmodels.plotting.canvas import Canvas, begin, percent
from stakingmodels.plotting.days import draw_days, exit_told, mark_exit
from stakingmodels.plotting.given import named, opened, outcomes_of
from stakingmodels.plotting.themes import Theme
from stakingmodels.words import Language, Note

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def money_back(
    thing: Results | Comparison | Outcome | Mapping[str, Outcome | BackShares],
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
        Results, a comparison, an outcome, or outcomes by name, of a run that kept dated flows; or what the reducer
        `MoneyBack` made of a run. Products without flows are left out, and named below the picture.
    confidence_level
        Share of the paths, a fraction in (0, 1), such as 0.5 (default) for half of them; of what a reducer made it must
        be the reducer's.
    ax, language, theme
        Axes to draw on, None for new ones; ``"en"`` or ``"zh-TW"``; ``"light"``, ``"dark"`` or ``"print"``.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InputError, InputTypeError
        For anything else, for no outcomes, a run that kept no flows of any, and shares of another confidence level.
    MissingExtraError
        Where matplotlib is not installed.
    """
    level = checks.open_fraction("money_back: confidence_level", confidence_level)
    courses, left_out = _courses("money_back", thing, level)
    canvas = begin("money_back", ax, language, theme)
    handles = _draw_courses(canvas, courses)
    canvas.axis("y", Note("plot.back.axis"), Note("plot.unit.percent_put_in"), percent)
    names: list[str] = list(courses)
    if left_out:
        handles += canvas.axes.plot([], [], linestyle="none")
        names.append(Note("plot.back.left_out", names=left_out))
    canvas.legend(handles, names, loc="upper left")
    title = Note("plot.back.title") if level == 0.5 else Note("plot.back.title.level", level=percent(level))
    told = (Note("plot.named", name=name, figures=_figures(course)) for name, course in courses.items())
    first = next(iter(courses.values()))
    figures = (*exit_told(first.exit_day, float(first.days[-1])), *told)
    return canvas.finish(title, Note("plot.alt", title=title, figures=figures))


def _courses(where: str, thing: object, level: float) -> tuple[dict[str, BackShares], tuple[str, ...]]:
    """Shares by product, and the names of products that kept no flows."""
    if isinstance(thing, Mapping) and not isinstance(thing, Results):
        given = dict(named(where, thing))
        made = {name: each for name, each in given.items() if isinstance(each, BackShares)}
        if made:
            return {name: _of_level(where, name, each, level) for name, each in given.items()}, ()
    outcomes = opened(where, outcomes_of(where, thing))
    kept = {name: outcome for name, outcome in outcomes.items() if outcome.flows is not None}
    if not kept:
        refuse_without_flows(where)
    courses = {name: back_shares_of(where, outcome, level) for name, outcome in kept.items()}
    return courses, tuple(name for name in outcomes if name not in kept)


def _of_level(where: str, name: str, given: object, level: float) -> BackShares:
    made = checks.instance(f"{where}[{name!r}]", given, BackShares, "results.reduced[...], without outcomes beside it")
    if made.confidence_level != level:
        checks.refuse(f"{where}: confidence_level", f"must be the {made.confidence_level:g} of the reducer", level)
    return made


def _draw_courses(canvas: Canvas, courses: Mapping[str, BackShares]) -> list[Any]:
    """A line of steps a product; markers stand apart, so that lines upon one another are told."""
    axes, handles = canvas.axes, []
    first = next(iter(courses.values()))
    every = max(first.days.size // 6, 1)
    for place, (name, course) in enumerate(courses.items()):
        mark = canvas.mark(place)
        line = {"color": mark.color, "linestyle": mark.dash, "linewidth": 1.7}
        seen = {"marker": mark.marker, "markersize": 4.5, "markevery": (place * every // 8, every)}
        handles += axes.step(course.days, course.shares, where="post", label=name, **line, **seen)
    axes.axhline(1.0, color=canvas.palette.text, linewidth=0.8, linestyle=(0, (2, 2)))
    mark_exit(canvas, first.exit_day, float(first.days[-1]))
    draw_days(canvas, float(first.days[-1]))
    return handles


def _figures(course: BackShares) -> Note:
    first, last = percent(round(course.at_exit, 3)), percent(round(float(course.shares[-1]), 3))
    return Note("plot.back.alt", first=first, day=course.exit_day, last=last, end=float(course.days[-1]))
