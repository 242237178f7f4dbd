"""`token_ratio`: market price of a liquid token over the coins behind it, by day."""

import functools
from typing import TYPE_CHECKING

import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray
from stakingmodels.engine import Results
from stakingmodels.market import Market, MarketRatio
from stakingmodels.plotting.canvas import begin, percent, signed
from stakingmodels.plotting.counted import SHARES, DayCounts, shown_times
from stakingmodels.plotting.days import draw_bands, draw_days, draw_recorded, exit_told, mark_exit
from stakingmodels.plotting.themes import Theme
from stakingmodels.plotting.worlds import intervals_of, markets_of, one_path
from stakingmodels.words import Language, Note

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_PER_UNIT = 50_000  # bins of the ratio, each of 0.002 %
_HIGHEST = 10 * _PER_UNIT


def token_ratio(
    thing: Results | Market,
    *,
    token: str | None = None,
    recorded: Market | None = None,
    ax: "Axes | None" = None,
    language: Language = "en",
    theme: Theme = "light",
) -> "Axes":
    """Premium (above 0) or discount (below) of a liquid token by day: market price over its redeemable coins, less 1.

    The median over the paths, with bands of 50 % and 90 % of them, of single days. Ratios are counted to the nearest
    0.002 %, so that any number of paths can be drawn.

    Parameters
    ----------
    thing
        Results of a run, whose paths are made again; or a market with ``MarketRatio(token)``.
    token
        Name of the token; None (default) where there is only one.
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
        For anything else, no token or several, and a recorded market of several paths or without the token.
    MissingExtraError
        Where matplotlib is not installed.
    """
    ratio = MarketRatio(_token("token_ratio", thing, token))
    counts, n_paths = _counted("token_ratio", thing, ratio)
    grid = thing.grid
    days = grid.elapsed_days[shown_times(grid)]
    quantiles = {q: counts.quantile(q, counts.places / _PER_UNIT - 1.0) for q in SHARES}
    line = None if recorded is None else _one(recorded, ratio)
    canvas = begin("token_ratio", ax, language, theme)
    handles, names = draw_bands(canvas, days, quantiles, n_paths)
    if line is not None and recorded is not None:
        more = draw_recorded(canvas, recorded.grid.elapsed_days, line)
        handles, names = handles + more[0], names + more[1]
    handles.append(canvas.axes.axhline(0.0, color=canvas.palette.text, linewidth=0.8, linestyle=(0, (2, 2))))
    names.append(Note("plot.ratio.level"))
    exit_day, last = float(grid.elapsed_days[grid.exit]), float(days[-1])
    mark_exit(canvas, exit_day, last)
    draw_days(canvas, last)
    canvas.axis("y", Note("plot.ratio.axis"), Note("plot.unit.percent_of_coins"), percent)
    canvas.below(handles, names, 3)
    title = Note("plot.ratio.title", token=ratio.name, n=n_paths)
    ends = {name: signed(float(quantiles[q][-1]), 3) for name, q in (("low", 0.05), ("middle", 0.5), ("high", 0.95))}
    told = (*exit_told(exit_day, last), Note("plot.ratio.alt", day=last, **ends))
    return canvas.finish(title, Note("plot.alt", title=title, figures=told))


def _token(where: str, thing: object, token: object) -> str:
    """Name of the token asked for, or of the only one that the products read or the market has."""
    if isinstance(thing, Market):
        factors = thing.factors
    else:
        results = checks.instance(where, thing, Results, "simulate(...), or a market")
        read = (product.factors for product in results.products.values())
        factors = frozenset().union(*read) if token is None else results.scenario.factors
    found = sorted(factor.name for factor in factors if isinstance(factor, MarketRatio))
    if not found:
        read_now = [str(factor) for factor in sorted(factors, key=str)]
        checks.refuse(where, "has no liquid token", read_now, "run a LiquidStakingToken")
    if token is not None:
        name = checks.text(f"{where}: token", token)
        return name if name in found else checks.refuse_name(f"{where}: token", name, found)
    if len(found) > 1:
        checks.refuse(f"{where}: token", f"must be one of {', '.join(found)}", token, f"token={found[0]!r}")
    return found[0]


def _counted(where: str, thing: Results | Market, ratio: MarketRatio) -> tuple[DayCounts, int]:
    """Ratios counted at the times that are shown, and the number of paths."""
    times = {*shown_times(thing.grid).tolist()}
    parts = (_counts(market, ratio, times) for market in markets_of(where, thing, {ratio}))
    counts = functools.reduce(DayCounts.joined, parts)
    return counts, counts.n_paths


def _counts(market: Market, ratio: MarketRatio, times: set[int]) -> DayCounts:
    rows = []
    for now in intervals_of(market):
        if now.step + 1 in times:
            found = np.broadcast_to(now[ratio], (market.n_paths,))
            rows.append(np.minimum(np.rint(found * _PER_UNIT), _HIGHEST).astype(np.int64))
    return DayCounts.of(rows)


def _one(recorded: object, ratio: MarketRatio) -> FloatArray:
    """Premium by time of a recorded path."""
    market = one_path("token_ratio: recorded", recorded)
    market.require(frozenset({ratio}), "token_ratio: recorded")
    return np.array([float(np.asarray(now[ratio]).item()) for now in intervals_of(market)]) - 1.0
