"""`Picture`: a picture of the report as SVG within the page, whose colors are those of the reader's theme."""

import html
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import attrs

from stakingmodels import checks, plotting
from stakingmodels.analysis import Comparison
from stakingmodels.errors import InputError
from stakingmodels.plotting.themes import Theme, palette
from stakingmodels.words import Language, Note

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Draw = Callable[..., "Axes"]
_NARROW = 4.1  # inches, for a telephone
_HEIGHT = 4.6
_ROW = 0.62  # inches of a row with its flip points, on a telephone
_LOST = re.compile(r"<metadata>.*?</metadata>|<title>.*?</title>|<!--.*?-->|<style[^>]*>.*?</style>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_COLOR = re.compile(r"#[0-9a-f]{6}\b")
_USED = re.compile(r'(?:url\(#|href="#)([^)"]+)')
_SIZE = re.compile(r'<svg[^>]*viewBox="([^"]*)"[^>]*>')
_CIRCLES = re.compile(r'(<pattern [^>]*>\s*<rect [^>]*>\s*<path d=")([^"]*C [^"]*)("[^>]*>)')
_TILE = 'width="72" height="72"'
_PERIOD = 6.0  # of the circles in a tile
_REPEATED = 50  # times that a circle stands in a tile at least
_LONG = re.compile(r"(\d\.\d\d)\d+")


@attrs.frozen
class Picture:
    """A picture in words, and drawn for a screen, a telephone and a printer.

    Attributes
    ----------
    name
        Name of the function that drew it.
    alt
        The picture in words.
    screen, narrow, printed
        SVG to stand within a page; empty where it could not be drawn, and `alt` says why.
    """

    name: str
    alt: str
    screen: str = ""
    narrow: str = ""
    printed: str = ""


def pictures(comparison: Comparison, best: str | None, language: Language) -> list[Picture]:
    """The five pictures: ranges, distribution, loss by cause, money back, and the waterfall of a row."""
    level = comparison.confidence_level
    n = max(len(comparison.rows), 1)

    def narrow(height: float) -> Any:
        return plotting.new_axes(width=_NARROW, height=height)

    draws: dict[str, tuple[Draw, Any, Mapping[str, Any], float]] = {
        "answer_ranges": (plotting.answer_ranges, comparison, {}, 2.0 + 0.95 * n),
        "distribution": (plotting.distribution, comparison, {"confidence_level": level}, _HEIGHT + 0.2 * n),
        "loss_by_cause": (plotting.loss_by_cause, comparison, {"confidence_level": level}, 3.4 + 0.42 * n),
        "money_back": (plotting.money_back, comparison, {}, _HEIGHT + 0.2 * n),
    }
    if best is not None:
        draws["waterfall"] = (plotting.waterfall, comparison.results[best], {}, _HEIGHT)
    found = []
    for name, (draw, thing, given, height) in draws.items():
        try:
            with checks.muted(UserWarning):  # of fonts: the words stay text, and the browser has its own
                wide = draw(thing, language=language, **given)
                printed = draw(thing, language=language, theme="print", **given)
                small = draw(thing, language=language, ax=narrow(height), **given)
        except InputError as error:
            found.append(Picture(name, Note("report.not_drawn", why=str(error))))
            continue
        alt = plotting.alt(wide)
        made = [
            within_page(plotting.svg(axes), f"{name}-{kind}", alt, in_variables=kind != "print")
            for axes, kind in ((wide, "wide"), (small, "narrow"), (printed, "print"))
        ]
        found.append(Picture(name, alt, *made))
    return found


def within_page(svg: str, name: str, alt: str, *, in_variables: bool) -> str:
    """An SVG file as an element of a page.

    Without its head, metadata and namespaces, with names of its own for what it refers to, coordinates of two decimals,
    and colors as variables of the page's style, if wished.
    """
    body = _LOST.sub("", svg[svg.index("<svg") :]).replace("<defs>\n  \n </defs>", "")
    names = {old: f"{name}-{number}" for number, old in enumerate(dict.fromkeys(_USED.findall(body)))}
    opening = _SIZE.match(body)
    if opening is None:
        raise AssertionError(body[:100])
    head = f'<svg viewBox="{opening[1]}" role="img" aria-label="{html.escape(alt)}">'
    rest = body[opening.end() :]
    rest = _TAG.sub(lambda tag: _tag(tag[0], names, in_variables=in_variables), rest)
    return head + _CIRCLES.sub(_cropped, rest)


def _cropped(found: re.Match[str]) -> str:
    """A tile of circles cut down to one period of it: matplotlib draws hundreds of them in each tile, in 100 kB."""
    head, circles, tail = found[1], found[2].split("M ")[1:], found[3]
    places = [tuple(map(float, circle.split(" ", 2)[:2])) for circle in circles]
    distinct = {(round(x % _PERIOD, 1), round(y % _PERIOD, 1)) for x, y in places}
    if len(distinct) * _REPEATED > len(places):
        return found[0]  # not of that period
    kept = [f"M {circle}" for circle, at in zip(circles, places, strict=True) if max(at) <= _PERIOD + 1.0]
    size = f'width="{_PERIOD:g}" height="{_PERIOD:g}"'
    return f"{head.replace(_TILE, size)}{''.join(kept)}{tail}"


def _tag(tag: str, names: Mapping[str, str], *, in_variables: bool) -> str:
    """A tag with short names and coordinates; texts between tags, which users may have written, are left alone."""
    tag = re.sub(r' id="([^"]*)"', lambda m: f' id="{names[m[1]]}"' if m[1] in names else "", tag)
    tag = tag.replace("xlink:href", "href")
    tag = re.sub(r'(url\(#|href="#)([^)"]+)', lambda m: m[1] + names[m[2]], tag)
    tag = _LONG.sub(r"\1", re.sub(r"\s*\n\s*", " ", tag))
    tag = tag.replace("'DejaVu Sans'", "'DejaVu Sans', Verdana, sans-serif") if "'DejaVu Sans';" in tag else tag
    return _COLOR.sub(lambda m: f"var(--{variables()[m[0]]})", tag) if in_variables else tag


def variables(theme: Theme = "light") -> dict[str, str]:
    """Name of the variable by the color of a theme."""
    colors = palette(theme)
    found = {color: f"series-{place}" for place, color in enumerate(colors.series)}
    return {colors.face: "face", colors.text: "text", colors.grid: "grid", colors.total: "total", **found}


def style_of(theme: Theme) -> str:
    """Declarations of the variables in a theme."""
    return " ".join(f"--{name}: {color};" for color, name in variables(theme).items())
