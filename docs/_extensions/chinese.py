"""Joins the lines of Chinese paragraphs when the site is built: a line's end would be shown as a space."""

import re
from typing import Any

_BLOCK = re.compile(r"^(```.*?^```$)", re.MULTILINE | re.DOTALL)
_LINE_END = re.compile(r"(?<=[。，、：；！？）」])\n(?!```)(?=[^\s#|>*:<\-\d])")


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Called by mkdocs for the text of each page."""
    return joined(markdown)


def joined(markdown: str) -> str:
    """A page without line ends between Chinese sentences of one paragraph; blocks of code stay as they are."""
    parts = _BLOCK.split(markdown)
    return "".join(part if part.startswith("```") else _LINE_END.sub("", part) for part in parts)
