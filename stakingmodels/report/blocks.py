"""`Section` and its blocks: what a page holds, before it is set."""

from typing import Any, Literal

import attrs

from stakingmodels.tables import Notes, Table

Kind = Literal["table", "notes", "picture", "text", "code", "verdict"]


@attrs.frozen
class Block:
    """One block of a page, with the kind by which the template sets it.

    Attributes
    ----------
    kind
        ``"table"``, ``"notes"``, ``"picture"``, a ``"text"`` of one paragraph, ``"code"`` to copy, or a ``"verdict"``,
        the sentence of the page.
    body
        A `Table`, `Notes`, `Picture` or text.
    """

    kind: Kind
    body: Any


@attrs.frozen
class Section:
    """Part of a page under a heading.

    Attributes
    ----------
    name
        Its anchor in the page.
    title
        Its heading.
    blocks
        Its contents, in order.
    """

    name: str
    title: str
    blocks: tuple[Block, ...]


def table(body: Table) -> Block:
    """Block of a table."""
    return Block("table", body)


def notes(body: Notes) -> Block:
    """Block of sentences under a caption."""
    return Block("notes", body)


def text(body: str) -> Block:
    """Block of a paragraph."""
    return Block("text", body)
