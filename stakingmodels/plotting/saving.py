"""`svg` and `save`: a picture as text, and as a file, the same bytes each time."""

import io
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stakingmodels import checks
from stakingmodels.plotting.described import require, words_of
from stakingmodels.plotting.fonts import told_once
from stakingmodels.serialize.disk import check_target, shown, write_whole

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SUFFIXES = (".svg", ".png", ".pdf")
_AT_SAVING = ("savefig.", "svg.", "pdf.", "path.", "text.", "hatch.", "agg.")
"""Beginnings of the settings that matplotlib reads when it saves, so that a caller's style changes no file."""


def svg(ax: "Axes") -> str:
    """Picture as the text of an SVG file: its words stay text, and the same picture gives the same bytes.

    Parameters
    ----------
    ax
        Axes on which a function of this room has drawn; the whole figure is taken.

    Raises
    ------
    InputError
        For other axes.
    """
    return _rendered("svg: ax", ax, "svg").decode("utf-8")


def save(ax: "Axes", path: str | os.PathLike[str], *, force: bool = False) -> None:
    """Write a picture to a file, whole or not at all: ``.svg``, ``.png`` (150 dots an inch) or ``.pdf``.

    Parameters
    ----------
    ax
        Axes on which a function of this room has drawn; the whole figure is taken.
    path
        The file.
    force
        Whether a file that exists is replaced.

    Raises
    ------
    InputError, InputTypeError
        For another suffix, other axes, a file that exists without `force`, and one that cannot be written.
    """
    checks.flag("save: force", force)
    if not isinstance(path, (str, os.PathLike)) or "\0" in str(path):
        checks.refuse_type("save: path", 'must be a path; write "picture.svg"', path)
    file = Path(path)
    check_path("save: path", file, force=force)
    made = _rendered("save: ax", ax, file.suffix.lower()[1:])
    write_whole(shown(file), file, lambda stream: stream.write(made), force=force)


def check_path(where: str, file: Path, *, force: bool) -> None:
    """Refuse a path with a suffix that is no picture's, or of a file that could not be written."""
    if file.suffix.lower() not in SUFFIXES:
        checks.refuse(where, f"must end with one of {', '.join(SUFFIXES)}", str(file), "write picture.svg")
    check_target(shown(file), file, force=force)


def _rendered(where: str, ax: "Axes", form: str) -> bytes:
    require("save")
    import matplotlib as mpl

    title = words_of(where, ax)
    part: Any = ax.get_figure()
    figure = part.figure  # the whole of a subfigure; `get_figure(root=True)` is of matplotlib 3.10
    text = title.encode("ascii", "xmlcharrefreplace").decode()
    told: dict[str, dict[str, str | None]] = {
        "svg": {"Date": None, "Creator": "stakingmodels", "Title": title},
        "png": {"Software": "stakingmodels", "Description": text},
        "pdf": {"CreationDate": None, "Creator": "stakingmodels", "Producer": "stakingmodels", "Title": title},
    }
    made = io.BytesIO()
    usual: Any = {name: value for name, value in mpl.rcParamsDefault.items() if name.startswith(_AT_SAVING)}
    usual |= {"svg.hashsalt": "stakingmodels", "svg.fonttype": "none", "pdf.fonttype": 42}
    with mpl.rc_context(usual), told_once():
        figure.savefig(made, format=form, dpi=150, facecolor=figure.get_facecolor(), metadata=told[form])
    return made.getvalue()
