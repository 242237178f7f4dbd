"""`waterfall` and `loss_by_cause`: money by the lines of the ledger."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, get_args

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels.analysis import Comparison
from stakingmodels.engine import Results
from stakingmodels.ledger import Line, Outcome
from stakingmodels.plotting.canvas import HEIGHT, Canvas, begin, money, percent, signed, with_sign
from stakingmodels.plotting.given import opened, outcomes_of
from stakingmodels.plotting.themes import Theme
from stakingmodels.products import Quote
from stakingmodels.words import Language, Note, label_note

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Loss = Literal["holding", "money"]
"""Benchmark of a loss: the product's own coin just held, or the money put in."""

_WHOLE = 100.0  # amounts from this on are told without decimals
_LEAST = 0.002  # of the picture's width, below which a part is not to be seen and has no place in the legend


@attrs.frozen
class _Step:
    """One bar: from the sum so far, or from 0 for a sum."""

    name: str
    amount: float
    start: float
    is_sum: bool


def waterfall(
    thing: Quote | Outcome,
    *,
    ax: "Axes | None" = None,
    language: Language = "en",
    theme: Theme = "light",
) -> "Axes":
    """Profit from gross to net, line by line: each bar begins where the one above ends.

    Rewards come first and add up to the gross, then fees, costs, losses and price moves to the net: the mean over the
    paths of each line, without contributions, in money and as a share of the capital.

    Parameters
    ----------
    thing
        A quote, in a market that stands still; or an outcome of a run, with events and price moves.
    ax, language, theme
        Axes to draw on, None for new ones; ``"en"`` or ``"zh-TW"``; ``"light"``, ``"dark"`` or ``"print"``.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InputError, InputTypeError
        For anything else, and a product that the capital does not open.
    MissingExtraError
        Where matplotlib is not installed.

    See Also
    --------
    stakingmodels.products.Quote
    """
    if not isinstance(thing, (Quote, Outcome)):
        checks.refuse_type("waterfall", "must be a quote or an outcome", thing, "product.quote(market, capital=1000.0)")
    outcome = thing.outcome if isinstance(thing, Quote) else thing
    opened("waterfall", {outcome.product: outcome})
    steps = _steps(Quote(outcome))
    canvas = begin("waterfall", ax, language, theme, height=1.3 + 0.36 * len(steps))
    _draw_steps(canvas, steps, float(np.mean(outcome.capital)))
    canvas.axis("x", Note("plot.waterfall.axis"), Note("plot.unit.money", money=outcome.numeraire), money)
    canvas.axes.grid(visible=False, axis="y")
    kind = "quote" if isinstance(thing, Quote) else "outcome"
    given: dict[str, Any] = {"capital": money(round(float(np.mean(outcome.capital)), 2)), "money": outcome.numeraire}
    given |= {"product": label_note(outcome.product)} | ({} if kind == "quote" else {"n": outcome.n_paths})
    title = Note(f"plot.waterfall.{kind}", **given)
    told = tuple(Note("plot.named", name=step.name, figures=_amount(step.amount)) for step in steps)
    return canvas.finish(title, Note("plot.alt", title=title, figures=told))


def _steps(quote: Quote) -> list[_Step]:
    """Bars of the rows of a quote."""
    steps: list[_Step] = []
    reached = 0.0
    for name, amount in quote.rows:
        is_sum = name in {Note("quote.gross"), Note("quote.net")}
        steps.append(_Step(name, amount, 0.0 if is_sum else reached, is_sum))
        reached = amount if is_sum else reached + amount
    return steps


def _draw_steps(canvas: Canvas, steps: list[_Step], capital: float) -> None:
    axes, colors = canvas.axes, canvas.palette
    hatched = colors.is_hatched
    for place, step in enumerate(steps):
        color = colors.total if step.is_sum else colors.gain if step.amount >= 0.0 else colors.loss
        hatch = "////" if hatched and not step.is_sum and step.amount < 0.0 else ""
        axes.barh(
            place, step.amount, left=step.start, height=0.62, color=color, edgecolor=colors.text, lw=0.6, hatch=hatch
        )
        end = step.start + step.amount
        if place + 1 < len(steps):
            axes.plot([end, end], [place + 0.31, place + 0.69], color=colors.text, linewidth=0.8)
        share = signed(step.amount / capital, 3 if abs(step.amount) < 0.001 * capital else 2)
        canvas.beside(place, Note("plot.waterfall.cell", amount=_amount(step.amount), share=share))
    axes.axvline(0.0, color=colors.text, linewidth=1.0)
    canvas.roomy()
    canvas.rows([step.name for step in steps])


def _amount(value: float) -> str:
    return with_sign(value, 0 if abs(value) >= _WHOLE else 2)


def loss_by_cause(
    thing: Results | Comparison | Outcome | Mapping[str, Outcome],
    *,
    against: Loss = "holding",
    confidence_level: float = 0.95,
    ax: "Axes | None" = None,
    language: Language = "en",
    theme: Theme = "light",
) -> "Axes":
    """Expected shortfall of each product split over the lines of the ledger.

    The parts of a bar right of 0 are losses, those left of it gains that they are set against; a diamond marks their
    sum, `Risk.expected_shortfall_vs_holding` or `Risk.expected_shortfall`.

    Parameters
    ----------
    thing
        Results, a comparison, an outcome, or outcomes by name.
    against
        ``"holding"`` (default): the shortfall against the product's own coin just held, so that the price move that
        both share drops out. ``"money"``: the loss of the money put in.
    confidence_level
        Confidence level, a fraction in (0, 1); the mean is over the worst ``1 - confidence_level`` of the paths.
    ax, language, theme
        Axes to draw on, None for new ones; ``"en"`` or ``"zh-TW"``; ``"light"``, ``"dark"`` or ``"print"``.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InputError, InputTypeError
        For anything else, for no outcomes, and where the capital opens no product.
    MissingExtraError
        Where matplotlib is not installed.
    """
    outcomes = opened("loss_by_cause", outcomes_of("loss_by_cause", thing))
    checks.choice("loss_by_cause: against", against, get_args(Loss))
    level = checks.open_fraction("loss_by_cause: confidence_level", confidence_level)
    found = {name: _shortfall(outcome, against, level) for name, outcome in outcomes.items()}
    canvas = begin("loss_by_cause", ax, language, theme, height=max(HEIGHT, 2.4 + 0.42 * len(found)))
    _draw_parts(canvas, {name: parts for name, (_, parts) in found.items()})
    _draw_sums(canvas, [total for total, _ in found.values()])
    canvas.rows(list(found))
    canvas.axis("x", Note("plot.loss.axis"), Note("plot.unit.percent_put_in"), percent)
    canvas.axes.grid(visible=False, axis="y")
    given = {"rest": percent(1.0 - level)}
    if against == "money":
        given |= {"level": percent(level), "money": next(iter(outcomes.values())).numeraire}
    title = Note(f"plot.loss.title.{against}", **given)
    told = tuple(_told(name, total, parts) for name, (total, parts) in found.items())
    return canvas.finish(title, Note("plot.alt", title=title, figures=told))


def _shortfall(outcome: Outcome, against: Loss, level: float) -> tuple[float, Mapping[Line, float]]:
    """Expected shortfall of an outcome and its split over the lines."""
    risk = outcome.risk(confidence_level=level)
    if against == "holding":
        return risk.expected_shortfall_vs_holding, risk.expected_shortfall_vs_holding_by_line
    return risk.expected_shortfall, risk.shortfall_by_line


def _draw_sums(canvas: Canvas, totals: list[float]) -> None:
    """A diamond on the sum of each bar, and its figure beside it."""
    axes, colors = canvas.axes, canvas.palette
    mark = {"marker": "D", "markersize": 5, "color": colors.face, "markeredgecolor": colors.text}
    axes.plot(totals, range(len(totals)), linestyle="none", zorder=4, **mark)
    for place, total in enumerate(totals):
        canvas.beside(place, signed(total).replace("+", ""))
    axes.axvline(0.0, color=colors.text, linewidth=1.0)
    canvas.roomy()


def _draw_parts(canvas: Canvas, found: Mapping[str, Mapping[Line, float]]) -> None:
    """Stacked bars, losses to the right and gains to the left, one color a line that any product has."""
    lines = [line for line in Line if any(parts.get(line) for parts in found.values())]
    reached = {"loss": np.zeros(len(found)), "gain": np.zeros(len(found))}
    handles = []
    for place, line in enumerate(lines):
        amounts = np.array([parts.get(line, 0.0) for parts in found.values()])
        left = np.where(amounts >= 0.0, reached["loss"], reached["gain"])
        mark = canvas.mark(place)
        face = canvas.palette.face if canvas.palette.is_hatched else mark.color
        hatch = mark.hatch or ("////" if place >= len(canvas.palette.series) else "")
        handles.append(
            canvas.axes.barh(
                range(len(found)),
                amounts,
                left=left,
                height=0.6,
                color=face,
                edgecolor=canvas.palette.text,
                linewidth=0.5,
                hatch=hatch,
                label=line.label,
            )
        )
        reached["loss"] += np.maximum(amounts, 0.0)
        reached["gain"] += np.minimum(amounts, 0.0)
    names = [Note(f"line.{line.label}") for line in lines]
    span = max(float(reached["loss"].max() - reached["gain"].min()), 1e-12)
    large = [place for place, line in enumerate(lines) if _largest(found, line) > _LEAST * span]
    canvas.below([handles[place] for place in large], [names[place] for place in large], 5)


def _largest(found: Mapping[str, Mapping[Line, float]], line: Line) -> float:
    return max(abs(parts.get(line, 0.0)) for parts in found.values())


def _told(name: str, total: float, parts: Mapping[Line, float]) -> Note:
    most = sorted(((line, part) for line, part in parts.items() if part > 0.0), key=lambda item: -item[1])[:2]
    causes = (Note("plot.named", name=Note(f"line.{line.label}"), figures=percent(round(x, 4))) for line, x in most)
    return Note("plot.named", name=name, figures=(percent(round(total, 4)), *causes))
