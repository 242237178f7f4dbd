"""`offer_money_back`: a promise beside the most that its bound allows, and what the money makes elsewhere."""

import re
from typing import TYPE_CHECKING

from stakingmodels import checks
from stakingmodels.analysis import OfferCheck
from stakingmodels.plotting.canvas import Canvas, begin, money
from stakingmodels.plotting.themes import Theme
from stakingmodels.words import Language, Note

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BREAKS = re.compile(r" ?(?=\()|(?<=，)|(?<=,) |(?<=\)),? ?|(?=（)")
"""Places at which a long name is broken in a narrow picture."""
_PAID = ("hash rate", "machine", "rented")
"""Bounds on what is paid of the price, which is spent."""


def offer_money_back(
    check: OfferCheck,
    *,
    ax: "Axes | None" = None,
    language: Language = "en",
    theme: Theme = "light",
) -> "Axes":
    """Money that comes back of an offer: as promised, at most by its bound, and elsewhere, over its term.

    Below the bar of what is promised stands that of the most that hash rate, machines or the chain pay, read in favour
    of the offer, where one figure is promised and bounded. The line is the money put in.

    Parameters
    ----------
    check
        From `analysis.check_offer`.
    ax, language, theme
        Axes to draw on, None for new ones; ``"en"`` or ``"zh-TW"``; ``"light"``, ``"dark"`` or ``"print"``.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InputTypeError
        For anything else.
    MissingExtraError
        Where matplotlib is not installed.
    """
    found = checks.instance("offer_money_back: check", check, OfferCheck, "check_offer(Offer(...))")
    rows = _rows(found)
    canvas = begin("offer_money_back", ax, language, theme, height=1.5 + 0.4 * len(rows))
    _draw(canvas, found, rows)
    names = [canvas.say(name) for name, _ in rows]
    canvas.rows(["\n".join(filter(None, _BREAKS.split(name))) for name in names] if canvas.is_narrow else names)
    canvas.axis("x", Note("offers.plot.axis"), Note("plot.unit.money", money="USD"), money)
    canvas.axes.grid(visible=False, axis="y")
    given = {"money": f"{found.money:,.2f}", "days": f"{found.days:g}"}
    title = Note("offers.plot.title", **given, grade=found.grade_note)
    told = tuple(Note("plot.named", name=name, figures=_amount(value)) for name, value in rows)
    return canvas.finish(title, Note("plot.alt", title=title, figures=told))


def _rows(check: OfferCheck) -> list[tuple[Note, float]]:
    """Name and money of each bar, from above."""
    rows = [(each.label(), each.money) for each in check.elsewhere]
    if len(check.offer.promises) == 1:
        promised = check.elsewhere[0].money
        for reason in check.reasons:
            if reason.bound in _PAID:
                rows.insert(1, (Note("offers.plot.bound"), promised / reason.ratio))
            elif reason.bound == "staking":
                rows.insert(1, (Note("offers.plot.bound"), check.money + (promised - check.money) / reason.ratio))
    return rows


def _draw(canvas: Canvas, check: OfferCheck, rows: list[tuple[Note, float]]) -> None:
    axes, colors = canvas.axes, canvas.palette
    for place, (name, value) in enumerate(rows):
        own = name.key in {"offers.elsewhere.promised", "offers.plot.bound"}
        hatch = "////" if colors.is_hatched and own else ""
        color = colors.loss if name.key == "offers.elsewhere.promised" else colors.gain if own else colors.total
        axes.barh(place, value, height=0.62, color=color, edgecolor=colors.text, lw=0.6, hatch=hatch)
        canvas.beside(place, _amount(value))
    axes.axvline(check.money, color=colors.text, linewidth=1.0, linestyle="--")
    canvas.roomy()


def _amount(value: float) -> str:
    return f"{value:,.2f}" if value < 100.0 else f"{value:,.0f}"
