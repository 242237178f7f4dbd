"""`fan`: a product's value by day."""

from typing import TYPE_CHECKING

from stakingmodels import checks
from stakingmodels._types import FloatArray
from stakingmodels.ledger import Outcome
from stakingmodels.plotting.bands import ValueBands, bands_of
from stakingmodels.plotting.canvas import Canvas, begin, money, percent
from stakingmodels.plotting.days import draw_bands, draw_days, draw_recorded, exit_told, mark_exit
from stakingmodels.plotting.given import opened, values_of
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
    handles, names = draw_bands(canvas, bands.days, bands.quantiles, bands.n_paths)
    if recorded is not None and line is not None:
        more = draw_recorded(canvas, recorded.grid.elapsed_days, line)
        handles, names = handles + more[0], names + more[1]
    handles.append(canvas.axes.axhline(bands.capital, color=canvas.palette.text, linewidth=0.8, linestyle=(0, (2, 2))))
    names.append(Note("plot.fan.put_in"))
    mark_exit(canvas, bands.exit_day, float(bands.days[-1]))
    draw_days(canvas, float(bands.days[-1]))
    canvas.axis("y", Note("plot.fan.axis"), Note("plot.unit.money", money=bands.numeraire), money)
    canvas.axes.set_ylim(bottom=0.0)
    canvas.legend(handles, names, loc=_free_corner(canvas, bands.capital))
    title = Note(
        "plot.fan.title",
        product=label_note(bands.product),
        money=bands.numeraire,
        capital=money(round(bands.capital, 2)),
        n=bands.n_paths,
    )
    told = (*exit_told(bands.exit_day, float(bands.days[-1])), _fan_figures(bands))
    return canvas.finish(title, Note("plot.alt", title=title, figures=told))


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


def _fan_figures(bands: ValueBands) -> Note:
    at_end = {q: money(round(float(row[-1]), 2 if row[-1] < 100.0 else 0)) for q, row in bands.quantiles.items()}
    ends = {"low": percent(0.05), "rest": percent(0.05), "bottom": at_end[0.05], "top": at_end[0.95]}
    return Note("plot.fan.alt", day=float(bands.days[-1]), middle=at_end[0.5], **ends)
