"""`hashprice`: what a unit of hash rate earns a day against what it costs, and the stop of a contract."""

from typing import TYPE_CHECKING, Any

import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray
from stakingmodels.engine import Results
from stakingmodels.market import Market
from stakingmodels.plotting.canvas import Canvas, begin, percent
from stakingmodels.plotting.days import draw_bands, draw_days, draw_recorded
from stakingmodels.plotting.hashprices import HashpriceBands, factors_of_hashing, hash_prices, hashprice_bands_of
from stakingmodels.plotting.themes import Theme
from stakingmodels.plotting.worlds import one_path
from stakingmodels.products import CloudMiningContract
from stakingmodels.words import Language, Note

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MARKED = (0.05, 0.25, 0.5, 0.75, 0.95)
_APART = 0.13, 0.27  # of the width of a usual and a narrow picture, by which words at two marks stand apart

_EDGE = 0.12  # of the width, within which words do not stand on both sides of their mark


def hashprice(
    contract: CloudMiningContract,
    thing: Results | Market,
    *,
    recorded: Market | None = None,
    ax: "Axes | None" = None,
    language: Language = "en",
    theme: Theme = "light",
) -> "Axes":
    """Hash price by day against the running cost of a mining contract, with the days on which its rule stops it.

    The hash price is what 1 TH/s earns in a day, in USD: coins mined at the difficulty, subsidy and fees of the day, at
    its price. The median and bands of 50 % and 90 % of the paths stand against the hash price at which the contract's
    income, after the pool's fee and time offline, is its running cost. Crosses on that line mark the days by which
    ``stop_after_days`` has ended the contract on 5, 25, 50, 75 and 95 % of the paths. Failures of the provider are left
    out. Hash prices are counted in bins of 0.2 %, so that any number of paths can be drawn.

    Parameters
    ----------
    contract
        The contract: its costs, term and rule of stopping.
    thing
        Results of a run, whose paths are made again; or a market with the coin's price, difficulty and fees.
    recorded
        Market of one recorded path, which is drawn over the fan. None for none.
    ax, language, theme
        Axes to draw on, None for new ones; ``"en"`` or ``"zh-TW"``; ``"light"``, ``"dark"`` or ``"print"``.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InputError, InputTypeError
        For anything else, a market that lacks a factor, a recorded market of several paths, and a contract that leaves
        its holder nothing of what it mines.
    MissingExtraError
        Where matplotlib is not installed.
    """
    checks.instance("hashprice: contract", contract, CloudMiningContract, "CloudMiningContract()")
    if not isinstance(thing, Market):
        checks.instance("hashprice", thing, Results, "simulate(...)")
    bands = hashprice_bands_of("hashprice", contract, thing)
    line = None if recorded is None else _recorded(recorded)
    canvas = begin("hashprice", ax, language, theme)
    handles, names = draw_bands(canvas, bands.days, bands.quantiles, bands.n_paths)
    if line is not None:
        more = draw_recorded(canvas, *line)
        handles, names = handles + more[0], names + more[1]
    draw_days(canvas, float(bands.stop_days[-1]))
    canvas.axes.set_ylim(bottom=0.0)
    more = _draw_cost(canvas, contract, bands)
    handles, names = handles + more[0], names + more[1]
    canvas.axis("y", Note("plot.hashprice.axis"), Note("plot.unit.usd_per_th"), lambda value, _: f"{value:.3f}")
    canvas.below(handles, names, 2)
    title = Note("plot.hashprice.title", n=bands.n_paths)
    return canvas.finish(title, Note("plot.alt", title=title, figures=_figures(contract, bands)))


def _recorded(recorded: object) -> tuple[FloatArray, FloatArray]:
    """Days, and hash prices of a recorded path."""
    market = one_path("hashprice: recorded", recorded)
    market.require(factors_of_hashing(market.numeraire), "hashprice: recorded")
    prices = np.array([float(np.asarray(value).item()) for _, value in hash_prices(market)])
    return market.grid.elapsed_days[1:], prices


def _draw_cost(canvas: Canvas, contract: CloudMiningContract, bands: HashpriceBands) -> tuple[list[Any], list[str]]:
    """The line of the cost with the stops on it; the artists and names of a legend."""
    style = {"color": canvas.palette.text, "linewidth": 1.3, "linestyle": (0, (6.0, 2.0))}
    handles: list[Any] = [canvas.axes.axhline(bands.cost, **style)]
    names: list[str] = [Note("plot.hashprice.cost", cost=_usd(bands.cost))]
    if contract.stop_after_days is not None:
        handles += _mark_stops(canvas, bands, float(bands.stop_days[-1]))
        share = percent(round(float(bands.stopped[-1]), 3))
        names.append(Note("plot.hashprice.stop", days=contract.stop_after_days, share=share))
    return handles, names


def _mark_stops(canvas: Canvas, bands: HashpriceBands, last: float) -> list[object]:
    """Crosses on the line of the cost at the days by which so many of the paths have been stopped."""
    style: dict[str, Any] = {
        "linestyle": "none",
        "marker": "X",
        "markersize": 7,
        "color": canvas.palette.loss,
        "zorder": 5,
    }
    style["markeredgecolor"] = canvas.palette.text
    days = [(share, float(bands.stop_days[np.argmax(bands.stopped >= share)])) for share in _MARKED]
    there = [(share, day) for share, day in days if bands.stopped[-1] >= share]
    if there:
        canvas.axes.plot([day for _, day in there], [bands.cost] * len(there), **style)
    before = -last
    for share, day in there:
        if day - before >= _APART[canvas.is_narrow] * last:
            side = "left" if day < _EDGE * last else "right" if day > (1.0 - _EDGE) * last else "center"
            place = {"ha": side, "va": "top", "xytext": (0.0, -6.0), "textcoords": "offset points"}
            canvas.note(day, bands.cost, Note("plot.hashprice.stopped", share=percent(share)), **place)
            before = day
    handles: list[object] = [*canvas.axes.plot([], [], **style)]
    return handles


def _usd(value: float) -> str:
    return f"{value:,.4f}"


def _figures(contract: CloudMiningContract, bands: HashpriceBands) -> tuple[Note, ...]:
    """Hash prices on the last day, the cost, and the share of the paths that are stopped by then."""
    ends = {name: _usd(float(bands.quantiles[q][-1])) for name, q in (("low", 0.05), ("middle", 0.5), ("high", 0.95))}
    told = Note("plot.hashprice.alt", day=float(bands.days[-1]), cost=_usd(bands.cost), **ends)
    if contract.stop_after_days is None:
        return (told,)
    share = percent(round(float(bands.stopped[-1]), 3))
    return told, Note("plot.hashprice.stop", days=contract.stop_after_days, share=share)
