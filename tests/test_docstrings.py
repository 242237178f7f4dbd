"""A docstring's first line names the quantity: it does not open with a word that leaves it out."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

PACKAGE = Path(__file__).parents[1] / "stakingmodels"
REFUSED = (
    "What ",
    "That of ",
    "Those ",
    "As many ",
    "As much ",
    "How ",
    "Who ",
    "Whose ",
    "Which ",
    "Where ",
    "When ",
    "The same ",
)


def first_lines(body: list[ast.stmt]) -> Iterator[tuple[int, str]]:
    """Line and first line of every docstring of public names, those of constants and attributes among them."""
    for statement in body:
        match statement:
            case ast.Expr(value=ast.Constant(value=str(text))):
                yield statement.lineno, text.strip().partition("\n")[0]
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) if not name.startswith("_"):
                yield from first_lines(statement.body)


def refused(source: str) -> list[str]:
    return [f"{line}: {text}" for line, text in first_lines(ast.parse(source).body) if text.startswith(REFUSED)]


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_first_line_names_the_quantity(path):
    assert refused(path.read_text(encoding="utf-8")) == []


PLANTED = '''"""What this module is about."""

LIMIT = 3
"""As many as there may be."""


class Fund:
    """Money in one place."""

    @property
    def paid(self):
        """What has been paid.

        What follows is not looked at.
        """

    def _left(self):
        """What is left."""
'''


def test_a_planted_first_line_is_found():
    assert refused(PLANTED) == [
        "1: What this module is about.",
        "4: As many as there may be.",
        "12: What has been paid.",
    ]
