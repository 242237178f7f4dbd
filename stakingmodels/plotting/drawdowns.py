"""`drawdown`: fall of a product below its highest value so far, by day."""

from typing import TYPE_CHECKING

import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray
from stakingmodels.ledger import Outcome
from stakingmodels.measures import Distribution
from stakingmodels.plotting.canvas import begin, percent, plain
from stakingmodels.plotting.given import opened, values_of
from stakingmodels.plotting.themes import Theme
from stakingmodels.words import Language, Note, label_note

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_DEEP = 0.05


def drawdown(
    outcome: Outcome, *, ax: "Axes | None" = None, language: Language = "en", theme: Theme = "light"
) -> "Axes":
    """Fall of a product's value below its highest so far, the capital included: median and deepest 5 % of the paths.

    Parameters
    ----------
    outcome
        Outcome of a run with ``keep="values"``.
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
    checks.instance("drawdown: outcome", outcome, Outcome, 'results["staking pool"] of a run with keep="values"')
    opened("drawdown", {outcome.product: outcome})
    middle, deep = _falls(outcome)
    canvas = begin("drawdown", ax, language, theme)
    days, mark = outcome.grid.elapsed_days, canvas.mark(0)
    area = canvas.axes.fill_between(days, deep, 0.0, color=mark.color, alpha=0.2, linewidth=0.0)
    (line,) = canvas.axes.plot(days, middle, color=mark.color, linewidth=2.0)
    canvas.axes.plot(days, deep, color=mark.color, linewidth=0.8)
    canvas.axis("x", Note("plot.day"), Note("plot.unit.days"), plain)
    canvas.axis("y", Note("plot.drawdown.axis"), Note("plot.unit.percent"), percent)
    canvas.axes.set_xlim(0.0, float(days[-1]))
    canvas.axes.set_ylim(top=0.0)
    canvas.legend([line, area], [Note("plot.drawdown.median"), Note("plot.drawdown.band")], loc="lower left")
    title = Note("plot.drawdown.title", product=label_note(outcome.product), n=outcome.n_paths)
    at_end = {"middle": percent(round(-float(middle[-1]), 3)), "deep": percent(round(-float(deep[-1]), 3))}
    told = Note("plot.drawdown.alt", day=float(days[-1]), **at_end)
    return canvas.finish(title, Note("plot.alt", title=title, figures=(told,)))


def _falls(outcome: Outcome) -> tuple[FloatArray, FloatArray]:
    """Median, and value that 5 % of the paths are below, of value over its highest so far less 1; (n_times,) each."""
    values = values_of("drawdown", outcome)
    peak = np.array(outcome.capital, dtype=np.float64)
    found = np.zeros((2, outcome.grid.n_times))
    for time, row in enumerate(values):
        np.maximum(peak, row, out=peak)
        spread = Distribution(row / peak - 1.0)
        found[:, time] = spread.median(), spread.quantile(_DEEP)
    return found[0], found[1]
