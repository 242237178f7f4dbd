"""Plain text and HTML tables of text cells; numbers stand right, words left."""

import html
from collections.abc import Sequence


def plain_table(headers: Sequence[str], rows: Sequence[Sequence[str]], *, left: int = 1) -> str:
    """A table in plain text: columns parted by two spaces, a rule under the headers; the first `left` columns left."""
    widths = [max(len(cell) for cell in column) for column in zip(headers, *rows, strict=True)]

    def line(cells: Sequence[str]) -> str:
        placed = [c.ljust(w) if i < left else c.rjust(w) for i, (c, w) in enumerate(zip(cells, widths, strict=True))]
        return "  ".join(placed).rstrip()

    return "\n".join([line(headers), line(["-" * width for width in widths]), *map(line, rows)])


def html_table(headers: Sequence[str], rows: Sequence[Sequence[str]], *, left: int = 1, caption: str = "") -> str:
    """The same as an HTML table, with every cell escaped."""

    def cells(tag: str, row: Sequence[str]) -> str:
        style = ["" if i < left else ' style="text-align:right"' for i in range(len(row))]
        return "".join(f"<{tag}{s}>{html.escape(cell)}</{tag}>" for s, cell in zip(style, row, strict=True))

    body = "".join(f"<tr>{cells('td', row)}</tr>" for row in rows)
    title = f"<caption>{html.escape(caption)}</caption>" if caption else ""
    return f"<table>{title}<thead><tr>{cells('th', headers)}</tr></thead><tbody>{body}</tbody></table>"
