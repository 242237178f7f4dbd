"""`alt`: a picture in words, which its axes carry; and the refusal where matplotlib is not installed."""

import importlib
from typing import TYPE_CHECKING

from stakingmodels import checks
from stakingmodels.errors import MissingExtraError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ALT = "stakingmodels_alt"


def require(where: str) -> None:
    """Refuse to draw where matplotlib is not installed.

    Raises
    ------
    MissingExtraError
        With the command that installs it.
    """
    try:
        importlib.import_module("matplotlib")
    except ImportError as error:
        raise MissingExtraError(f"{where}: needs matplotlib; pip install 'stakingmodels[plot]'") from error


def set_alt(axes: "Axes", text: str) -> None:
    """Let axes carry the sentence for those who do not see the picture."""
    setattr(axes, _ALT, text)


def alt(ax: "Axes") -> str:
    """Picture in words, with its main figures, for people who do not see it.

    Parameters
    ----------
    ax
        Axes on which a function of this room has drawn.

    Raises
    ------
    InputError
        For any other axes.
    """
    return words_of("alt: ax", ax)


def words_of(where: str, ax: "Axes") -> str:
    """Picture in words, or `InputError` for any other axes."""
    found = getattr(ax, _ALT, None)
    if not isinstance(found, str):
        checks.refuse(where, "must be the axes of a picture of stakingmodels.plotting", ax, "plotting.fan(...)")
    return found
