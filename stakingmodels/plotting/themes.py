"""`Palette`: colors of a theme, and the marks by which its series differ without color."""

from typing import Any, Literal, get_args

import attrs

Theme = Literal["light", "dark", "print"]
"""Colors for a light page, for a dark one, and shades with hatches for print in black and white."""

THEMES: tuple[Theme, ...] = get_args(Theme)

DASHES: tuple[Any, ...] = (
    "solid",
    (0, (5.0, 2.0)),
    (0, (1.5, 1.5)),
    (0, (7.0, 2.0, 1.5, 2.0)),
    (0, (9.0, 3.0)),
    (0, (3.0, 1.5)),
    (0, (7.0, 2.0, 1.5, 2.0, 1.5, 2.0)),
    (0, (1.0, 3.0)),
)
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
HATCHES = ("", "////", "....", "\\\\\\\\", "xxxx", "----", "++++", "oooo")


@attrs.frozen
class Mark:
    """Color, dash, marker and hatch of one series; neighbors differ in each."""

    color: str
    dash: Any
    marker: str
    hatch: str


@attrs.frozen
class Palette:
    """Colors of a theme.

    Attributes
    ----------
    face, text, grid
        Background, words and axes, and faint lines.
    series
        Colors of series, which people with the common color blindnesses tell apart.
    gain, loss, total
        Colors of amounts that add, that take away, and of sums.
    is_hatched
        Whether areas carry hatches, as in print.
    """

    face: str
    text: str
    grid: str
    series: tuple[str, ...]
    gain: str
    loss: str
    total: str
    is_hatched: bool = False

    def mark(self, place: int) -> Mark:
        """Mark of the series at a place; colors and dashes repeat after the last, at different lengths."""
        return Mark(
            self.series[place % len(self.series)],
            DASHES[place % len(DASHES)],
            MARKERS[place % len(MARKERS)],
            HATCHES[place % len(HATCHES)] if self.is_hatched else "",
        )


# The seven colors of Okabe and Ito (2008), "Color Universal Design", without yellow on white; lighter ones on dark.
_PALETTES: dict[str, Palette] = {
    "light": Palette(
        face="#ffffff",
        text="#222222",
        grid="#d9d9d9",
        series=("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#a6761d", "#56b4e9", "#444444"),
        gain="#0072b2",
        loss="#d55e00",
        total="#444444",
    ),
    "dark": Palette(
        face="#1c1e24",
        text="#ececec",
        grid="#474a54",
        series=("#56b4e9", "#ff9d5c", "#2ed3a3", "#e6a3c7", "#f0e442", "#b9a7ff", "#cccccc"),
        gain="#56b4e9",
        loss="#ff9d5c",
        total="#cccccc",
    ),
    "print": Palette(
        face="#ffffff",
        text="#000000",
        grid="#cccccc",
        series=("#000000", "#555555", "#222222", "#777777", "#333333", "#666666", "#444444"),
        gain="#ffffff",
        loss="#b0b0b0",
        total="#404040",
        is_hatched=True,
    ),
}


def palette(theme: Theme) -> Palette:
    """Colors of a theme."""
    return _PALETTES[theme]
