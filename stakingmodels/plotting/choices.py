"""`risk_return` and `price_views`: products side by side, by what they risk and under views of prices."""

from typing import TYPE_CHECKING

from stakingmodels import checks
from stakingmodels.analysis import Comparison, PriceViews
from stakingmodels.analysis.answer.views import in_words, key_of
from stakingmodels.plotting.canvas import HEIGHT, Canvas, begin, money, percent, signed
from stakingmodels.plotting.themes import Theme
from stakingmodels.words import Language, Note

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def risk_return(
    comparison: Comparison, *, ax: "Axes | None" = None, language: Language = "en", theme: Theme = "light"
) -> "Axes":
    """Mean return of each product against its expected shortfall, both in money.

    Parameters
    ----------
    comparison
        A comparison; the confidence level is its own.
    ax, language, theme
        Axes to draw on, None for new ones; ``"en"`` or ``"zh-TW"``; ``"light"``, ``"dark"`` or ``"print"``.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InputError, InputTypeError
        For anything else, and where the capital opens no product.
    MissingExtraError
        Where matplotlib is not installed.
    """
    checks.instance("risk_return: comparison", comparison, Comparison, "compare(simulate(...))")
    rows = [row for row in comparison.rows if row.opened]
    if not rows:
        checks.refuse("risk_return: comparison", "has no product that the capital opens", 0, "run it with more capital")
    canvas = begin("risk_return", ax, language, theme)
    handles = []
    for place, row in enumerate(rows):
        mark = canvas.mark(place)
        point = {
            "linestyle": "none",
            "marker": mark.marker,
            "color": mark.color,
            "markersize": 10,
            "label": row.product,
        }
        point |= {"markeredgecolor": canvas.palette.face, "markeredgewidth": 0.5}  # told where they lie on one another
        handles += canvas.axes.plot([row.expected_shortfall], [row.return_mean], **point)
    canvas.axes.axhline(0.0, color=canvas.palette.text, linewidth=0.8)
    canvas.axes.margins(0.08)
    level = percent(comparison.confidence_level)
    canvas.axis("x", Note("plot.risk.axis", level=level), Note("plot.unit.percent_put_in"), percent)
    canvas.axis("y", Note("plot.risk.mean"), Note("plot.unit.percent_put_in"), percent)
    canvas.below(handles, [row.product for row in rows], 4)
    given = {"money": comparison.results.scenario.numeraire, "rest": percent(1.0 - comparison.confidence_level)}
    title = Note("plot.risk.title", **given)
    told = tuple(
        Note(
            "plot.named",
            name=row.product,
            figures=Note("plot.risk.alt", mean=signed(row.return_mean), loss=percent(round(row.expected_shortfall, 4))),
        )
        for row in rows
    )
    return canvas.finish(title, Note("plot.alt", title=title, figures=told))


def price_views(
    comparison: Comparison | PriceViews,
    *,
    ax: "Axes | None" = None,
    language: Language = "en",
    theme: Theme = "light",
) -> "Axes":
    """Money at the end of each product, mean over the paths, under each view of prices; thin lines begin at 1 in 20.

    Parameters
    ----------
    comparison
        A comparison, whose views are drawn (the coin halves, stays, doubles where it has none), or price views.
    ax, language, theme
        Axes to draw on, None for new ones; ``"en"`` or ``"zh-TW"``; ``"light"``, ``"dark"`` or ``"print"``.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InputError, InputTypeError
        For anything else, and where no product has a view.
    MissingExtraError
        Where matplotlib is not installed.
    """
    if isinstance(comparison, Comparison):
        found = comparison.price_views() if comparison.views is None else comparison.views
    else:
        found = checks.instance("price_views", comparison, PriceViews, "compare(...).price_views((-0.5, 0.0, 1.0))")
    if not found.products:
        checks.refuse("price_views", "has no product that a view concerns", 0, "compare one that has a coin")
    canvas = begin("price_views", ax, language, theme, height=max(HEIGHT, 1.9 + 0.45 * len(found.products)))
    _draw_views(canvas, found)
    canvas.rows(found.products)
    canvas.axis("x", Note("plot.views.axis"), Note("plot.unit.money", money=found.numeraire), money)
    canvas.axes.grid(visible=False, axis="y")
    title = Note("plot.views.title", capital=money(round(found.capital, 2)), money=found.numeraire)
    told = tuple(
        Note(
            "plot.named",
            name=name,
            figures=tuple(
                Note("plot.named", name=in_words(row.view), figures=money(round(row.money)))
                for row in found.rows
                if row.product == name
            ),
        )
        for name in found.products
    )
    return canvas.finish(title, Note("plot.alt", title=title, figures=told))


def _draw_views(canvas: Canvas, found: PriceViews) -> None:
    axes, handles = canvas.axes, []
    places = {name: place for place, name in enumerate(found.products)}
    width = 0.6 / len(found.views)
    for k, view in enumerate(found.views):
        rows = [row for row in found.rows if key_of(row.view) == key_of(view)]
        mark, shift = canvas.mark(k), (k - (len(found.views) - 1) / 2.0) * width
        heights = [places[row.product] + shift for row in rows]
        axes.hlines(heights, [row.money_q05 for row in rows], [row.money for row in rows], color=mark.color, lw=1.2)
        point = {"linestyle": "none", "marker": mark.marker, "color": mark.color, "markersize": 7}
        handles += axes.plot([row.money for row in rows], heights, label=str(in_words(view)), **point)
    handles.append(axes.axvline(found.capital, color=canvas.palette.text, linewidth=0.8, linestyle=(0, (2, 2))))
    canvas.below(handles, [*map(in_words, found.views), Note("plot.fan.put_in")], 4)
