"""`Palette`: colors of a theme, their contrast, and the marks by which its series differ without color."""

from typing import Any, Literal, get_args

import attrs

Theme = Literal["light", "dark", "print"]
"""Colors for a light page, for a dark one, and shades with hatches for print in black and white."""

THEMES: tuple[Theme, ...] = get_args(Theme)

DASHES: tuple[Any, ...] = (
    "solid",
    (0, (5.0, 2.0)),
    (0, (1.3, 1.5)),
    (0, (7.0, 2.0, 1.5, 2.0)),
    (0, (11.0, 3.0)),
    (0, (2.8, 1.6)),
    (0, (7.0, 1.8, 1.4, 1.8, 1.4, 1.8)),
    (0, (1.3, 3.6)),
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


# Eight colors that people with the common color blindnesses tell apart, and that differ in lightness, as in a copy
# without color: how far is tested. The first two are those of Okabe and Ito (2008), "Color Universal Design", or
# lighter ones.
_PALETTES: dict[str, Palette] = {
    "light": Palette(
        face="#ffffff",
        text="#222222",
        grid="#d9d9d9",
        series=("#0072b2", "#d55e00", "#12a56a", "#ee6fe2", "#0a1a5c", "#681015", "#5a22a8", "#6d4d5b"),
        gain="#0072b2",
        loss="#d55e00",
        total="#444444",
    ),
    "dark": Palette(
        face="#1c1e24",
        text="#ececec",
        grid="#474a54",
        series=("#56b4e9", "#ff9d5c", "#1fb58c", "#f0b8d8", "#f0e442", "#c04a6a", "#8c78ff", "#ffffff"),
        gain="#56b4e9",
        loss="#ff9d5c",
        total="#cccccc",
    ),
    "print": Palette(
        face="#ffffff",
        text="#000000",
        grid="#cccccc",
        series=("#000000", "#8a8a8a", "#3b3b3b", "#636363", "#1f1f1f", "#767676", "#4e4e4e", "#949494"),
        gain="#ffffff",
        loss="#b0b0b0",
        total="#404040",
        is_hatched=True,
    ),
}


def palette(theme: Theme) -> Palette:
    """Colors of a theme."""
    return _PALETTES[theme]


def luminance(color: Any) -> float:
    """Relative luminance of a color, from 0 for black to 1 for white (WCAG 2.2)."""
    from matplotlib.colors import to_rgb

    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(color)]
    return float(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2])


def contrast(one: Any, other: Any) -> float:
    """Contrast of two colors, from 1 to 21 (WCAG 2.2)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)
