"""Parts that pictures over the days of a run share: the axis, bands of quantiles, and the day of asking to leave."""

from collections.abc import Mapping
from typing import Any

from stakingmodels._types import FloatArray
from stakingmodels.plotting.canvas import Canvas, percent, plain
from stakingmodels.words import Note

_BANDS = ((0.05, 0.95, 0.18), (0.25, 0.75, 0.38))  # ends, and the strength of the color


def draw_bands(
    canvas: Canvas, days: FloatArray, quantiles: Mapping[float, FloatArray], n_paths: int
) -> tuple[list[Any], list[str]]:
    """Bands of 50 % and 90 % of the paths with their median, or the one path; the artists and names of a legend."""
    mark = canvas.mark(0)
    handles: list[Any] = []
    names: list[str] = []
    for low, high, strength in _BANDS if n_paths > 1 else ():
        ends = quantiles[low], quantiles[high]
        handles.append(canvas.axes.fill_between(days, *ends, color=mark.color, alpha=strength, linewidth=0.0))
        if canvas.palette.is_hatched:
            canvas.axes.plot(days, ends[0], days, ends[1], color=mark.color, linewidth=0.6)
        names.append(Note("plot.fan.band", low=percent(low), high=percent(high)))
    alone = {"marker": "o"} if len(days) == 1 else {}  # a line of one point is none
    handles += canvas.axes.plot(days, quantiles[0.5], color=mark.color, linewidth=2.0, **alone)
    names.append(Note("plot.fan.median") if n_paths > 1 else Note("plot.fan.one"))
    return handles, names


def draw_recorded(canvas: Canvas, days: FloatArray, line: FloatArray) -> tuple[list[Any], list[str]]:
    """A recorded path over the bands; the artist and name of a legend."""
    style = {"color": canvas.palette.loss, "linewidth": 1.4, "linestyle": (0, (4.0, 1.5))}
    return canvas.axes.plot(days, line, **style), [Note("plot.fan.recorded")]


def draw_days(canvas: Canvas, last: float) -> None:
    """The axis of days, from the opening to the last."""
    canvas.axis("x", Note("plot.day"), Note("plot.unit.days"), plain)
    canvas.axes.set_xlim(0.0, last)


def mark_exit(canvas: Canvas, day: float, last: float, height: float = 0.07) -> None:
    """A line on the day on which the holder asks to leave, where the run goes on after it."""
    if day < last:
        canvas.axes.axvline(day, color=canvas.palette.text, linewidth=0.8, linestyle=(0, (1, 2)))
        across = canvas.axes.get_xaxis_transform()
        place = {"xycoords": across, "xytext": (-2.0, 0.0), "textcoords": "offset points"}
        canvas.note(day, height, Note("plot.fan.exit"), ha="right", va="bottom", rotation=90.0, **place)


def exit_told(day: float, last: float) -> tuple[Note, ...]:
    """The day on which the holder asks to leave, in words, where the run goes on after it."""
    return (Note("plot.exit.alt", day=day),) if day < last else ()
