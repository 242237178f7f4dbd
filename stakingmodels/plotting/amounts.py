"""`reward_against_amount`: net yearly reward of products by the amount put in, in a market that stands still."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import BoolArray, FloatArray
from stakingmodels.market import Market
from stakingmodels.plotting.canvas import Canvas, begin, money, percent, signed
from stakingmodels.plotting.given import named
from stakingmodels.plotting.themes import Theme
from stakingmodels.products import Product
from stakingmodels.words import Language, Note

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_POINTS = 600
_SECTIONS, _ROUNDS = 65, 3  # of the search for the least amount that opens a product
_PART = 100.0  # money, below which parts of a unit are told
_ROOM = 1.5  # of the height of the highest lines, that lines far below them may take


@attrs.frozen
class _Course:
    """Net rewards of a product by the amount, from the least amount that opens it; empty where none does."""

    amounts: FloatArray
    rewards: FloatArray


def reward_against_amount(
    products: Mapping[str, Product],
    market: Market,
    *,
    low: float = 100.0,
    high: float = 1_000_000.0,
    ax: "Axes | None" = None,
    language: Language = "en",
    theme: Theme = "light",
) -> "Axes":
    """Net yearly reward in coins of products by the amount put in, as `Quote.coin_rate` tells it, after all costs.

    Fixed costs weigh on small amounts; a minimum is where a line begins, and whole validators make it jump. The market
    stands still at its opening, and no loss event occurs.

    Parameters
    ----------
    products
        Products by name.
    market
        A market of one path, such as that of a quote; its opening counts.
    low, high
        Amounts in money between which the reward is told, ``0 < low < high``; the axis is logarithmic.
    ax, language, theme
        Axes to draw on, None for new ones; ``"en"`` or ``"zh-TW"``; ``"light"``, ``"dark"`` or ``"print"``.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InputError, InputTypeError
        For anything else, a market that opens in several ways, and amounts that open no product.
    MissingExtraError
        Where matplotlib is not installed.
    """
    where = "reward_against_amount"
    given = {
        n: checks.instance(f"{where}[{n!r}]", each, Product, "StakingPool()") for n, each in named(where, products)
    }
    amounts = _amounts(where, low, high)
    flat = checks.instance(f"{where}: market", market, Market, "Market(grid, {...})").frozen_at_open()
    if flat.n_paths != 1:
        checks.refuse(f"{where}: market", "must open in one way on all paths", flat.n_paths, "a market of one path")
    courses = {name: _course(product, flat, amounts) for name, product in given.items()}
    if not any(course.amounts.size for course in courses.values()):
        checks.refuse(f"{where}: high", "opens none of the products", high, "give a larger amount")
    canvas = begin(where, ax, language, theme)
    handles = _draw(canvas, courses)
    canvas.axes.set_xlim(amounts[0], amounts[-1])
    canvas.axis("x", Note("plot.amount.axis"), Note("plot.unit.money", money=flat.numeraire), money)
    canvas.axis("y", Note("plot.amount.reward"), Note("plot.unit.percent_a_year"), percent)
    canvas.axes.set_ylim(bottom=_bottom(courses))
    canvas.below(handles, list(courses), 3)
    title = Note("plot.amount.title", day=str(flat.grid.times[0].astype("datetime64[D]")))
    told = tuple(_told(name, course, flat.numeraire) for name, course in courses.items())
    return canvas.finish(title, Note("plot.alt", title=title, figures=told))


def _draw(canvas: Canvas, courses: Mapping[str, _Course]) -> list[Any]:
    """A line for each product, by the logarithm of the amount; the artists of a legend."""
    handles = []
    for place, (name, course) in enumerate(courses.items()):
        mark = canvas.mark(place)
        line = {"color": mark.color, "linestyle": mark.dash, "linewidth": 1.8, "label": name}
        handles += canvas.axes.plot(course.amounts, course.rewards, **line)
    canvas.axes.axhline(0.0, color=canvas.palette.text, linewidth=0.8)
    canvas.axes.set_xscale("log")
    return handles


def _amounts(where: str, low: object, high: object) -> FloatArray:
    first = checks.positive(f"{where}: low", low, checks.CAPITAL_LIMIT)
    last = checks.positive(f"{where}: high", high, checks.CAPITAL_LIMIT)
    if first >= last:
        checks.refuse(f"{where}: low", f"must be below high, {last:g}", first)
    return np.clip(np.geomspace(first, last, _POINTS), first, last)


def _course(product: Product, flat: Market, amounts: FloatArray) -> _Course:
    """Rewards at each amount that opens a product, and at the least one."""
    opened = _opened(product, flat, amounts)
    first = int(opened.argmax())
    if first:
        between = amounts[first - 1 : first + 1]
        for _ in range(_ROUNDS):
            tried = np.linspace(between[0], between[1], _SECTIONS)
            place = int(_opened(product, flat, tried).argmax())
            between = tried[place - 1 : place + 1]
        amounts, opened = np.append(between[1], amounts), np.append(True, opened)
    told = np.sort(amounts[opened])
    return _Course(told, product.run(flat, capital=told, keep="summary").yields().net_apr if told.size else told)


def _opened(product: Product, flat: Market, amounts: FloatArray) -> BoolArray:
    """Whether each amount opens the product; each is that of one holder."""
    with_most = np.append(amounts, checks.CAPITAL_LIMIT)  # a run that opens for nobody is refused
    return product.run(flat, capital=with_most, keep="summary").feasible[:-1]


def _bottom(courses: Mapping[str, _Course]) -> float | None:
    """Lower end of the axis, where a line that falls without end would leave no room for the others; None for all."""
    ends = [(float(each.rewards.min()), float(each.rewards.max())) for each in courses.values() if each.amounts.size]
    top, lowest_top = max(high for _, high in ends), min([0.0, *(high for _, high in ends)])
    least = lowest_top - _ROOM * (top - lowest_top)
    return least if min(low for low, _ in ends) < least else None


def _told(name: str, course: _Course, numeraire: str) -> Note:
    if not course.amounts.size:
        return Note("plot.named", name=name, figures=Note("plot.amount.never"))
    ends = {"amount": _whole(float(course.amounts[0])), "end": _whole(float(course.amounts[-1]))}
    rewards = {"first": signed(float(course.rewards[0])), "last": signed(float(course.rewards[-1]))}
    return Note("plot.named", name=name, figures=Note("plot.amount.alt", money=numeraire, **ends, **rewards))


def _whole(amount: float) -> str:
    """An amount in whole units of money, where it has three digits of them; in coins it may be a part of one."""
    return money(round(amount) if amount >= _PART else float(f"{amount:.3g}"))
