"""`drawdown`: fall of a product below its highest value so far, by day."""

from typing import TYPE_CHECKING

from stakingmodels import checks
from stakingmodels.ledger import Outcome
from stakingmodels.plotting.canvas import begin, percent
from stakingmodels.plotting.days import draw_days, exit_told, mark_exit
from stakingmodels.plotting.drawdowns import DrawdownBands, drawdown_bands_of
from stakingmodels.plotting.given import opened
from stakingmodels.plotting.themes import Theme
from stakingmodels.words import Language, Note, label_note

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_HOW = 'results["staking pool"] of a run with keep="values", or what the reducer Drawdown() made of it'


def drawdown(
    thing: Outcome | DrawdownBands, *, ax: "Axes | None" = None, language: Language = "en", theme: Theme = "light"
) -> "Axes":
    """Fall of a product's value below its highest so far, the capital included: median and deepest 5 % of the paths.

    Parameters
    ----------
    thing
        Outcome of a run with ``keep="values"``, or what the reducer `Drawdown` made of a run.
    ax, language, theme
        Axes to draw on, None for new ones; ``"en"`` or ``"zh-TW"``; ``"light"``, ``"dark"`` or ``"print"``.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InputError, InputTypeError
        For anything else, and a run that kept no values.
    MissingExtraError
        Where matplotlib is not installed.
    """
    if isinstance(thing, Outcome):
        opened("drawdown", {thing.product: thing})
        bands = drawdown_bands_of("drawdown", thing)
    else:
        bands = checks.instance("drawdown", thing, DrawdownBands, _HOW)
    canvas = begin("drawdown", ax, language, theme)
    mark, last = canvas.mark(0), float(bands.days[-1])
    area = canvas.axes.fill_between(bands.days, bands.deep, 0.0, color=mark.color, alpha=0.2, linewidth=0.0)
    (line,) = canvas.axes.plot(bands.days, bands.middle, color=mark.color, linewidth=2.0)
    canvas.axes.plot(bands.days, bands.deep, color=mark.color, linewidth=0.8)
    mark_exit(canvas, bands.exit_day, last)
    draw_days(canvas, last)
    canvas.axis("y", Note("plot.drawdown.axis"), Note("plot.unit.percent"), percent)
    canvas.axes.set_ylim(top=0.0)
    canvas.legend([line, area], [Note("plot.drawdown.median"), Note("plot.drawdown.band")], loc="lower left")
    title = Note("plot.drawdown.title", product=label_note(bands.product), n=bands.n_paths)
    return canvas.finish(title, Note("plot.alt", title=title, figures=_figures(bands)))


def _figures(bands: DrawdownBands) -> tuple[Note, ...]:
    """Depths on the last day and, where it is another, on the day on which the holder asks to leave."""
    ends = {"middle": bands.middle[-1], "deep": bands.deep[-1]}
    depths = {name: percent(round(-float(depth), 3)) for name, depth in ends.items()}
    told = Note("plot.drawdown.alt", day=float(bands.days[-1]), **depths)
    return (*exit_told(bands.exit_day, float(bands.days[-1])), told)
