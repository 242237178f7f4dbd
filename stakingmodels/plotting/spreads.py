"""`distribution`: returns of products over the paths, with value at risk and expected shortfall."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray
from stakingmodels.analysis import Comparison
from stakingmodels.engine import Results
from stakingmodels.ledger import Outcome
from stakingmodels.plotting.canvas import Canvas, begin, percent, signed
from stakingmodels.plotting.given import named, outcomes_of
from stakingmodels.plotting.reduced import UNIT, ReturnCounts, counts_of
from stakingmodels.plotting.themes import Theme
from stakingmodels.words import Language, Note

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000)
_BINS = 100
_SHOWN = 0.985


@attrs.frozen
class _Shown:
    """Bins that are shown: their width and both ends, in thousandths of the return."""

    step: int
    low: int
    high: int

    @property
    def edges(self) -> FloatArray:
        return np.arange(self.low, self.high + self.step, self.step, dtype=np.float64) * UNIT


def distribution(
    thing: Results | Comparison | Outcome | Mapping[str, Outcome | ReturnCounts],
    *,
    confidence_level: float = 0.95,
    ax: "Axes | None" = None,
    language: Language = "en",
    theme: Theme = "light",
) -> "Axes":
    """Distribution of the return in money of products over the paths, with value at risk and expected shortfall.

    A step shows the share of the paths whose return lies in it, lower end included. A triangle marks the value at risk
    and a cross the expected shortfall, with their signs turned, as returns. The highest returns are cut off and
    counted. A product whose returns lie within a tenth of a percent on all paths is a vertical line.

    Parameters
    ----------
    thing
        Results, a comparison, an outcome, outcomes by name, or what the reducer `Histogram` made of a run.
    confidence_level
        Confidence level of the marks, a fraction in (0, 1); of counts it must be the reducer's.
    ax, language, theme
        Axes to draw on, None for new ones; ``"en"`` or ``"zh-TW"``; ``"light"``, ``"dark"`` or ``"print"``.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InputError, InputTypeError
        For anything else, for nothing to draw, and counts of another confidence level.
    MissingExtraError
        Where matplotlib is not installed.
    """
    level = checks.open_fraction("distribution: confidence_level", confidence_level)
    counts = _counts("distribution", thing, level)
    canvas = begin("distribution", ax, language, theme)
    spread = {name: each for name, each in counts.items() if not each.is_certain}
    shown = _bins(spread or counts)
    handles, names = _draw(canvas, counts, shown)
    for mark, key, given in (
        ("v", "plot.distribution.var", {"level": percent(level)}),
        ("X", "plot.distribution.es", {"level": percent(level), "rest": percent(1.0 - level)}),
    ):
        if spread:
            handles += canvas.axes.plot([], [], linestyle="none", marker=mark, color=canvas.palette.text)
            names.append(Note(key, **given))
    canvas.axis("x", Note("plot.distribution.axis"), Note("plot.unit.percent"), percent)
    step = Note("plot.distribution.share", step=percent(shown.step * UNIT))
    canvas.axis("y", step, Note("plot.unit.percent_of_paths"), percent)
    beyond = {name: each.above(shown.high) for name, each in spread.items()}
    most = max(beyond, key=beyond.__getitem__, default="")
    if most and beyond[most] > 0.0:
        handles += canvas.axes.plot([], [], linestyle="none")
        share, end = percent(round(beyond[most], 4)), percent(shown.high * UNIT)
        names.append(Note("plot.distribution.beyond", share=share, end=end, name=most))
    canvas.legend(handles, names, loc="upper right")
    first = next(iter(counts.values()))
    title = Note("plot.distribution.title", money=first.numeraire, n=first.n_paths)
    return canvas.finish(title, Note("plot.alt", title=title, figures=tuple(map(_told, counts, counts.values()))))


def _counts(where: str, thing: object, level: float) -> dict[str, ReturnCounts]:
    if isinstance(thing, Mapping) and not isinstance(thing, Results):
        given = dict(named(where, thing))
    else:
        given = outcomes_of(where, thing)
    found: dict[str, ReturnCounts] = {}
    for name, each in given.items():
        if isinstance(each, Outcome):
            if each.feasible.any():
                found[name] = counts_of(each, level)
            continue
        found[name] = checks.instance(f"{where}[{name!r}]", each, ReturnCounts, "outcomes, or results.reduced[...]")
        if found[name].confidence_level != level:
            rule = f"must be the {found[name].confidence_level:g} of the counts"
            checks.refuse(f"{where}: confidence_level", rule, level)
    if not found:
        checks.refuse(where, "has no product that the capital opens", 0, "run it with more capital")
    return found


def _bins(counts: Mapping[str, ReturnCounts]) -> _Shown:
    """Bins from the lowest return to a high quantile, of a round width."""
    low = min(each.lowest for each in counts.values())
    high = max(each.quantile_place(_SHOWN) for each in counts.values()) + 1
    step = next((step for step in _STEPS if (high - low) / step <= _BINS), _STEPS[-1])
    return _Shown(step, low // step * step, -(-high // step) * step)


def _draw(canvas: Canvas, counts: Mapping[str, ReturnCounts], shown: _Shown) -> tuple[list[Any], list[str]]:
    """Steps with their marks; the artists and names of a legend."""
    axes = canvas.axes
    handles: list[Any] = []
    names: list[str] = []
    shares = {n: c.shares(shown.low, shown.high, shown.step) for n, c in counts.items() if not c.is_certain}
    top = max((float(each.max()) for each in shares.values()), default=1.0)
    for place, (name, each) in enumerate(counts.items()):
        mark = canvas.mark(place)
        line = {"color": mark.color, "linestyle": mark.dash, "linewidth": 1.6}
        if each.is_certain:
            handles.append(axes.axvline(each.mean, **line))
            names.append(_certain(name, each))
            continue
        handles.append(axes.stairs(shares[name], shown.edges, label=name, **line))
        names.append(name)
        height = top * (1.08 + 0.07 * place)
        for loss, shape in ((each.value_at_risk, "v"), (each.expected_shortfall, "X")):
            axes.vlines(-loss, 0.0, height, color=mark.color, linewidth=0.7, linestyle=mark.dash)
            axes.plot([-loss], [height], linestyle="none", marker=shape, color=mark.color, markersize=7)
    if shares:
        axes.set_ylim(0.0, top * (1.2 + 0.07 * len(counts)))
        axes.set_xlim(shown.low * UNIT, shown.high * UNIT)
    return handles, names


def _certain(name: str, each: ReturnCounts) -> Note:
    """Return of a product whose paths all lie in one bin: one number, or the two ends between which they lie."""
    least, most = signed(each.least), signed(each.most)
    if least == most:
        return Note("plot.distribution.certain", name=name, value=most)
    return Note("plot.distribution.narrow", name=name, least=least, most=most)


def _told(name: str, each: ReturnCounts) -> Note:
    if each.is_certain:
        return _certain(name, each)
    losses = {"var": percent(round(each.value_at_risk, 4)), "es": percent(round(each.expected_shortfall, 4))}
    return Note(
        "plot.named",
        name=name,
        figures=Note("plot.distribution.alt", level=percent(each.confidence_level), **losses),
    )
