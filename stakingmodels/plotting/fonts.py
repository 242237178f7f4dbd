"""Fonts for Chinese: the first family that is there, or a warning that says which to install."""

import contextlib
import unicodedata
import warnings
from collections.abc import Generator, Iterable

from stakingmodels import checks

FAMILIES = (
    "Noto Sans CJK TC",
    "Noto Sans TC",
    "Source Han Sans TC",
    "PingFang TC",
    "Heiti TC",
    "Microsoft JhengHei",
    "Noto Sans CJK JP",  # a collection goes by its first face, and has the letters of all
    "Noto Sans CJK SC",
    "Source Han Sans",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
    "AR PL UMing TW",
    "Arial Unicode MS",
)
"""Families with Traditional Chinese, best first."""
LATIN = "DejaVu Sans"
"""Family that comes with matplotlib."""
_HOW = "install one, such as apt-get install fonts-noto-cjk, and remove the lists in matplotlib.get_cachedir()"


def is_wide(text: str) -> bool:
    """Whether a text has letters that only a font for Chinese, Japanese or Korean has."""
    return not text.isascii() and any(unicodedata.east_asian_width(letter) in "WF" for letter in text)


def families(texts: Iterable[str]) -> tuple[str, ...]:
    """Families of fonts for some texts, tried in their order; a warning where no font has their Chinese letters."""
    if not any(map(is_wide, texts)):
        return (LATIN,)
    found = chinese_family()
    if found is None:
        checks.warn(
            f"plotting: no font for Chinese is known to matplotlib, so that boxes stand for its letters; {_HOW}"
        )
        return (LATIN,)
    return (LATIN, found)  # digits and signs look alike in pictures of both languages


@contextlib.contextmanager
def told_once() -> Generator[None]:
    """Without a font for Chinese, `families` has said so: leave out matplotlib's own warning of each letter."""
    if chinese_family() is not None:
        yield
        return
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"Glyph \d+ ", category=UserWarning)
        yield


def chinese_family() -> str | None:
    """First installed family with Chinese letters."""
    from matplotlib import font_manager

    known = {font.name for font in font_manager.fontManager.ttflist}
    return next((name for name in FAMILIES if name in known), None)
