"""`reward_against_stake`: a chain's yearly reward by the coins that the whole chain stakes."""

from typing import TYPE_CHECKING, Any

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray
from stakingmodels.errors import InputError
from stakingmodels.plotting.canvas import begin, money, percent, plain, signed
from stakingmodels.plotting.themes import Theme
from stakingmodels.protocols.chains import Chain
from stakingmodels.words import Language, Note

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_POINTS = 100
_LEAST, _MOST = 1.0 / 3.0, 2.0  # of the stake of the day
_MILLION = 1e6


def reward_against_stake(
    chain: Chain, *, ax: "Axes | None" = None, language: Language = "en", theme: Theme = "light"
) -> "Axes":
    """Yearly reward of a chain by the coins staked on it, by the protocol's rules, with the day of its numbers marked.

    A solid line is `Chain.realized_apr`, before commissions, and a dashed one `Chain.real_apr`, what is left of it
    after the growth of the supply: simple rates of 365 days. They run from a third of the stake of that day to twice
    it, or to the most that the chain's rules allow, with all else as on that day.

    Parameters
    ----------
    chain
        A chain, such as ``protocols.chains.ethereum.Ethereum()``: its `staked` and `as_of` are the point that is
        marked, whose source stands in the class.
    ax, language, theme
        Axes to draw on, None for new ones; ``"en"`` or ``"zh-TW"``; ``"light"``, ``"dark"`` or ``"print"``.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InputError, InputTypeError
        For anything else.
    MissingExtraError
        Where matplotlib is not installed.
    """
    given: Any = checks.instance("reward_against_stake: chain", chain, Chain, "protocols.chains.ethereum.Ethereum()")
    stakes, rewards, left = _curve(given)
    canvas = begin("reward_against_stake", ax, language, theme)
    is_large = given.staked >= _MILLION
    scale = _MILLION if is_large else 1.0
    mark, other = canvas.mark(0), canvas.mark(1)
    handles = canvas.axes.plot(stakes / scale, rewards, color=mark.color, linewidth=2.0)
    handles += canvas.axes.plot(stakes / scale, left, color=other.color, linewidth=1.6, linestyle=other.dash)
    today = given.realized_apr().value, given.real_apr().value
    point = {"linestyle": "none", "marker": "D", "markersize": 7, "color": canvas.palette.text, "zorder": 4}
    handles += canvas.axes.plot([given.staked / scale] * 2, today, **point)
    canvas.axes.axhline(0.0, color=canvas.palette.text, linewidth=0.8)
    unit = Note("plot.unit.million_coins" if is_large else "plot.unit.coins", coin=given.asset)
    canvas.axis("x", Note("plot.stake.axis"), unit, plain)
    canvas.axis("y", Note("plot.stake.reward"), Note("plot.unit.percent_a_year"), percent)
    amount = money(round(given.staked / scale, 1 if is_large else 0))
    staked = Note("plot.stake.amount", amount=amount, unit=unit)
    told = Note("plot.stake.day", day=given.as_of, staked=staked, reward=signed(today[0]), left=signed(today[1]))
    canvas.below(handles, [Note("plot.stake.gross"), Note("plot.stake.left"), told], 2)
    title = Note("plot.stake.title", coin=given.asset, day=given.as_of)
    share = Note("plot.stake.share", share=percent(round(given.staked / given.supply, 3)))
    figures = (told, share, *_ends(stakes, rewards, scale, unit))
    return canvas.finish(title, Note("plot.alt", title=title, figures=figures))


def _curve(chain: Any) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Stakes that the chain's rules allow, and both rates at each."""
    found = []
    for stake in np.linspace(_LEAST * chain.staked, min(_MOST * chain.staked, chain.supply), _POINTS).tolist():
        try:
            there = attrs.evolve(chain, staked=stake)
            found.append((stake, there.realized_apr().value, there.real_apr().value))
        except InputError:  # below or above what the rules allow
            continue
    stakes, rewards, left = np.array(found).T
    return stakes, rewards, left


def _ends(stakes: FloatArray, rewards: FloatArray, scale: float, unit: str) -> tuple[Note, ...]:
    """Rewards at both ends of the curve, in words."""
    return tuple(
        Note(
            "plot.stake.at",
            staked=Note("plot.stake.amount", amount=money(round(float(stakes[k]) / scale, 1)), unit=unit),
            reward=signed(float(rewards[k])),
        )
        for k in (0, -1)
    )
