"""Plain text and HTML tables of text cells; numbers stand right, words left."""

import html
import unicodedata
from collections.abc import Sequence

_PLAIN = "tex2jax_ignore mathjax_ignore"  # no formulas in here, for notebooks
_VOWELS = range(0x1160, 0x1200)  # of Hangul, drawn within the syllable that their consonant begins


def width(text: str) -> int:
    """Columns that a text takes on a terminal: two for wide letters such as those of Chinese, none for accents.

    References
    ----------
    Unicode Standard Annex 11, "East Asian Width".
    """
    return len(text) if text.isascii() else sum(map(_columns, text))


def _columns(letter: str) -> int:
    if unicodedata.category(letter) in {"Mn", "Me", "Cf"} or ord(letter) in _VOWELS:
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def in_html(text: str) -> str:
    """A text as it may stand in a page or a notebook, which would typeset what lies between two dollars."""
    return html.escape(text).replace("$", "<span>&#36;</span>")


def plain_table(headers: Sequence[str], rows: Sequence[Sequence[str]], *, left: int = 1) -> str:
    """A table in plain text: columns parted by two spaces, a rule under the headers; the first `left` columns left."""
    widths = [max(map(width, column)) for column in zip(headers, *rows, strict=True)]

    def line(cells: Sequence[str]) -> str:
        blanks = [" " * (w - width(c)) for c, w in zip(cells, widths, strict=True)]
        placed = [c + b if i < left else b + c for i, (c, b) in enumerate(zip(cells, blanks, strict=True))]
        return "  ".join(placed).rstrip()

    return "\n".join([line(headers), line(["-" * columns for columns in widths]), *map(line, rows)])


def html_table(headers: Sequence[str], rows: Sequence[Sequence[str]], *, left: int = 1, caption: str = "") -> str:
    """The same as an HTML table, with every cell escaped."""

    def cells(tag: str, row: Sequence[str]) -> str:
        style = ["" if i < left else ' style="text-align:right"' for i in range(len(row))]
        return "".join(f"<{tag}{s}>{in_html(cell)}</{tag}>" for s, cell in zip(style, row, strict=True))

    body = "".join(f"<tr>{cells('td', row)}</tr>" for row in rows)
    title = f"<caption>{in_html(caption)}</caption>" if caption else ""
    head = f"{title}<thead><tr>{cells('th', headers)}</tr></thead>"
    return f'<table class="{_PLAIN}">{head}<tbody>{body}</tbody></table>'
