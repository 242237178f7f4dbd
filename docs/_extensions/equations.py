"""Turns the equations of a page into MathML when the site is built, so that no script need be loaded to show them."""

import html
import re
from typing import Any

from latex2mathml.converter import convert

_EQUATION = re.compile(r'<(div|span) class="arithmatex">\\([\[(])(.*?)\\[\])]</\1>', re.DOTALL)


def on_page_content(content: str, **_: Any) -> str:
    """Called by mkdocs for the HTML of each page."""
    return with_mathml(content)


def with_mathml(content: str) -> str:
    """HTML whose equations, as pymdownx.arithmatex leaves them, are MathML."""
    return _EQUATION.sub(_mathml, content)


def _mathml(match: re.Match[str]) -> str:
    tag, mark, formula = match.groups()
    display = "block" if mark == "[" else "inline"
    return f'<{tag} class="equation">{convert(html.unescape(formula), display=display)}</{tag}>'
