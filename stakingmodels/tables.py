"""`Table` and `Notes`: printed output as plain text, HTML or Markdown. The only place that aligns."""

import html
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import Self

import attrs

from stakingmodels import checks
from stakingmodels.words import LANGUAGES, Language, in_language
from stakingmodels.wrapping import WRAP, in_cell, narrowed, placed, wrapped
from stakingmodels.wrapping import width as width_of

LEAST_WIDTH, MOST_WIDTH = 40, 10_000
"""Fewest and most columns that a text is asked for."""

_GAP = 2  # blanks between columns
_LEAST = 20  # columns of a cell that spans the rest
_FAR = 10**9
_PLAIN = "tex2jax_ignore mathjax_ignore"  # marks the content as free of formulas, for notebooks
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>|$~#])")


def _strings(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(values)


def _rows(values: Iterable[Iterable[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(map(tuple, values))


@attrs.frozen
class Notes:
    """Sentences under a caption, independent of any table.

    Parameters
    ----------
    title
        The caption.
    notes
        One sentence each.
    """

    title: str
    notes: tuple[str, ...] = attrs.field(default=(), converter=_strings)

    def to_text(self, *, language: Language = "en", width: int = WRAP) -> str:
        """Plain text: the caption, and a wrapped line with a dash for each sentence."""
        notes = _in_language(self.notes, language)
        return "\n".join([*_titled(in_language(self.title, language), width), *_items(notes, width)])

    def to_html(self, *, language: Language = "en") -> str:
        """Markup: the caption as a paragraph, and a list."""
        return f"<p>{in_html(in_language(self.title, language))}</p>{_list(_in_language(self.notes, language))}"

    def to_markdown(self, *, language: Language = "en") -> str:
        """Markup: the caption as a paragraph, and a list."""
        notes = _bullets(_in_language(self.notes, language))
        return "\n".join([_in_markdown(in_language(self.title, language)), *(["", *notes] if notes else [])])


@attrs.frozen
class Table:
    """A table of text cells; numbers are right-aligned, words left-aligned.

    Texts that are a `words.Note` are shown in the requested language, others unchanged.

    Parameters
    ----------
    title
        Title above it; empty for none.
    columns
        Headers.
    rows
        Cells, one per column in each row. In a row with fewer the last cell spans the rest.
    notes
        Sentences below it.
    left
        Number of first columns that are left-aligned; the others are right-aligned.
    left_last
        Number of last columns that are left-aligned.
    groups
        Headers above the headers, each with the number of columns that it spans; all columns together, or none.
    ruled
        Whether the text has a rule under the headers.

    Raises
    ------
    ValueError
        Where a row has no cells, or more cells than there are columns; where groups do not span all columns.

    Examples
    --------
    >>> rows = [["pool", "1.00"], ["質押池", "1,000.00"], ["x", "left out"]]
    >>> print(Table("Fees", ["product", "USD"], rows).to_text())
    Fees
    product       USD
    -------  --------
    pool         1.00
    質押池   1,000.00
    x        left out
    """

    title: str
    columns: tuple[str, ...] = attrs.field(converter=_strings)
    rows: tuple[tuple[str, ...], ...] = attrs.field(converter=_rows)
    notes: tuple[str, ...] = attrs.field(default=(), converter=_strings)
    left: int = attrs.field(default=1, kw_only=True)
    left_last: int = attrs.field(default=0, kw_only=True)
    groups: tuple[tuple[str, int], ...] = attrs.field(default=(), kw_only=True)
    ruled: bool = attrs.field(default=True, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if self.groups and sum(spanned for _, spanned in self.groups) != len(self.columns):
            raise ValueError(f"Table.groups: must span {len(self.columns)} columns, got {self.groups}")
        for row in self.rows:
            if not 1 <= len(row) <= len(self.columns):
                raise ValueError(f"Table.rows: a row must have 1 to {len(self.columns)} cells, got {len(row)}")

    def in_language(self, language: Language) -> Self:
        """A copy with every text in a language for which it has words."""
        if language == "en":
            return self
        return attrs.evolve(
            self,
            title=in_language(self.title, language),
            columns=_in_language(self.columns, language),
            groups=tuple((in_language(text, language), spanned) for text, spanned in self.groups),
            rows=[_in_language(row, language) for row in self.rows],
            notes=_in_language(self.notes, language),
        )

    def to_text(self, *, language: Language = "en", width: int = WRAP) -> str:
        """Plain text: the title; columns separated by two spaces, with a rule under the headers; the notes.

        In a table wider than `width` cells of several words are wrapped; if that does not suffice its columns stand in
        several blocks, each with the first one.
        """
        return self.in_language(language)._text(width)  # noqa: SLF001  # itself, in the language

    def _text(self, room: int) -> str:
        blocks = ("\n".join(block._lines(room)) for block in self._blocks(room))  # noqa: SLF001
        notes = ["", *_items(self.notes, room)] if self.notes else []
        return "\n".join([*_titled(self.title, room), "\n\n".join(blocks), *notes])

    def _lines(self, room: int) -> list[str]:
        widths = self._widths(room)
        rule = [["-" * columns for columns in widths]] if self.ruled else []
        above = [self._group_line(widths)] if self.groups else []
        return [
            *above,
            *(line for cells in (self.columns, *rule, *self.rows) for line in self._line(cells, widths, room)),
        ]

    def _blocks(self, room: int) -> list[Self]:
        """The table, or its columns in several tables that fit."""
        n = len(self.columns)
        if self.groups or n <= 2 or _total(self._widths(room)) <= room:
            return [self]
        natural = self._widths(None)
        most = max(room - natural[0] - _GAP, 1)
        parts, used = [[0]], 0
        for i in range(1, n):
            columns = min(natural[i], most)
            if len(parts[-1]) > 1 and used + columns > most:
                parts, used = [*parts, [0]], 0
            parts[-1].append(i)
            used += columns + _GAP
        return [self._block(part, is_first=part is parts[0]) for part in parts]

    def _block(self, part: Sequence[int], *, is_first: bool) -> Self:
        """Some of the columns; rows that span columns are in the first block."""
        rows = []
        for row in self.rows:
            if len(row) == len(self.columns):
                rows.append([row[i] for i in part])
            elif is_first:
                beyond = max(len(row) - len(part), 0)
                rows.append([*row[: len(row) - beyond - 1], "  ".join(row[len(row) - beyond - 1 :])])
        sides = [self._is_left(i) for i in part]
        left = sides.index(False) if False in sides else len(sides)
        last = sides[::-1].index(False) if False in sides else 0
        columns = [self.columns[i] for i in part]
        return attrs.evolve(self, title="", columns=columns, rows=rows, notes=(), left=left, left_last=last)

    def _widths(self, room: int | None) -> list[int]:
        """Width of each column, narrowed where there is little room; a wide group widens the first of its columns."""
        columns = [[name] for name in self.columns]
        for row in self.rows:
            whole = len(row) == len(self.columns)
            for cells, cell in zip(columns, row if whole else row[:-1], strict=False):
                cells.append(cell)
        most = _FAR if room is None else room - _GAP * (len(columns) - 1)
        words = [self._is_left(i) for i in range(len(columns))]
        widths = narrowed(columns, most, words=words)
        first = 0
        for text, spanned in self.groups:
            missing = width_of(text) - _total(widths[first : first + spanned])
            widths[first] += max(missing, 0)
            first += spanned
        return widths

    def _group_line(self, widths: Sequence[int]) -> str:
        """The headers above the headers: one that spans several columns begins with them, as do those of words."""
        shown, first = [], 0
        for text, spanned in self.groups:
            room = _total(widths[first : first + spanned])
            shown.append(placed(text, room, left=spanned > 1 or self._is_left(first)))
            first += spanned
        return (" " * _GAP).join(shown).rstrip()

    def _is_left(self, column: int) -> bool:
        return column < self.left or column >= len(self.columns) - self.left_last

    def _line(self, cells: Sequence[str], widths: Sequence[int], room: int) -> list[str]:
        """Lines of a row: several where cells are wrapped."""
        spans = len(cells) < len(self.columns)
        parts = [in_cell(cell, columns) for cell, columns in zip(cells, widths, strict=False)]
        rest = room - _total(widths[: len(cells) - 1]) - _GAP
        if spans:
            is_high = any(len(part) > 1 for part in parts[:-1])
            parts[-1] = wrapped(cells[-1], columns=max(rest, _LEAST)).splitlines() if is_high else [cells[-1]]
        lines = []
        for line in zip_longest(*parts, fillvalue=""):
            last = len(cells) - 1 if spans else -1
            shown = [
                placed(text, columns, left=i == last or self._is_left(i))
                for i, (text, columns) in enumerate(zip(line, widths, strict=False))
            ]
            lines.append((" " * _GAP).join(shown).rstrip())
        return wrapped(lines[0], columns=room).splitlines() if spans and len(lines) == 1 else lines

    def to_html(self, *, language: Language = "en") -> str:
        """HTML table with everything escaped, the title as its caption, and the notes as a list."""
        return self.in_language(language)._html()  # noqa: SLF001

    def _html(self) -> str:
        title = f"<caption>{in_html(self.title)}</caption>" if self.title else ""
        above = "".join(f'<th colspan="{spanned}">{in_html(text)}</th>' for text, spanned in self.groups)
        names = f"<tr>{''.join(self._html_cells('th', self.columns))}</tr>"
        head = f"{title}<thead>{f'<tr>{above}</tr>' if above else ''}{names}</thead>"
        body = "".join(f"<tr>{''.join(self._html_cells('td', row))}</tr>" for row in self.rows)
        return f'<table class="{_PLAIN}">{head}<tbody>{body}</tbody></table>{_list(self.notes)}'

    def _html_cells(self, tag: str, cells: Sequence[str]) -> Iterator[str]:
        rest = len(self.columns) - len(cells) + 1
        for i, cell in enumerate(cells):
            spans = rest > 1 and i == len(cells) - 1
            style = f' colspan="{rest}"' if spans else "" if self._is_left(i) else ' style="text-align:right"'
            yield f"<{tag}{style}>{in_html(cell)}</{tag}>"

    def to_markdown(self, *, language: Language = "en") -> str:
        """Markdown table for GitHub and MkDocs, with everything escaped; the title and the notes around it."""
        return self.in_language(language)._markdown()  # noqa: SLF001

    def _markdown(self) -> str:
        rule = [":--" if self._is_left(i) else "--:" for i in range(len(self.columns))]
        body = [[*map(_in_markdown, row), *[""] * (len(self.columns) - len(row))] for row in self.rows]
        lines = [f"| {' | '.join(cells)} |" for cells in (self._markdown_headers(), rule, *body)]
        title = [_in_markdown(self.title), ""] if self.title else []
        return "\n".join([*title, *lines, *(["", *_bullets(self.notes)] if self.notes else [])])

    def _markdown_headers(self) -> list[str]:
        """Headers in one line, as Markdown has no others: the first of a group begins with that."""
        names = list(map(_in_markdown, self.columns))
        first = 0
        for text, spanned in self.groups:
            names[first] = " ".join(filter(None, [_in_markdown(text), names[first]]))
            first += spanned
        return names


class Shown(ABC):
    """Base of objects shown as tables and notes, in any language: printed, in a notebook, or in a page."""

    __slots__ = ()

    @abstractmethod
    def _parts(self) -> Iterable[Table | Notes]:
        """Tables and notes of the object, in order."""

    def to_text(self, *, language: Language = "en", width: int = WRAP) -> str:
        """Plain text, as printed.

        Parameters
        ----------
        language
            ``"en"`` (default) or ``"zh-TW"``, Traditional Chinese. Names that a user gave stay as they are.
        width
            Most terminal columns of a line, from 40 on; default 100. Only a longer word, such as an address, is wider.

        Raises
        ------
        InputError
            For another language, or a width out of range.
        """
        chosen = self._language("to_text", language)
        columns = checks.integer(f"{type(self).__name__}.to_text: width", width, LEAST_WIDTH, MOST_WIDTH)
        return "\n\n".join(part.to_text(language=chosen, width=columns) for part in self._parts())

    def to_html(self, *, language: Language = "en") -> str:
        """HTML, with everything escaped; `language` as in `to_text`."""
        chosen = self._language("to_html", language)
        return "".join(part.to_html(language=chosen) for part in self._parts())

    def to_markdown(self, *, language: Language = "en") -> str:
        """Markdown for GitHub and MkDocs; `language` as in `to_text`."""
        chosen = self._language("to_markdown", language)
        return "\n\n".join(part.to_markdown(language=chosen) for part in self._parts())

    def _language(self, method: str, language: Language) -> Language:
        checks.choice(f"{type(self).__name__}.{method}: language", language, LANGUAGES)
        return language


def _in_language(texts: Iterable[str], language: Language) -> tuple[str, ...]:
    return tuple(in_language(text, language) for text in texts)


def _total(widths: Sequence[int]) -> int:
    """Width of columns side by side."""
    return sum(widths) + _GAP * (len(widths) - 1)


def _titled(title: str, columns: int) -> list[str]:
    """Lines of a title; none of an empty one."""
    return [line for each in title.split("\n") for line in wrapped(each, columns=columns).splitlines() if line]


def _items(notes: Iterable[str], columns: int) -> Iterator[str]:
    for note in notes:
        yield wrapped(f"- {note}", columns=columns)


def in_html(text: str) -> str:
    """Text escaped for a page or a notebook, which would typeset text between two dollar signs."""
    return html.escape(text).replace("$", "<span>&#36;</span>")


def _list(notes: Sequence[str]) -> str:
    items = "".join(f"<li>{in_html(note)}</li>" for note in notes)
    return f"<ul>{items}</ul>" if items else ""


def _in_markdown(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", text.replace("&", "&amp;")).replace("\n", " ")


def _bullets(notes: Sequence[str]) -> list[str]:
    return [f"- {_in_markdown(note)}" for note in notes]
