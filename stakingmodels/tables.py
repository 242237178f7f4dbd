"""`Table` and `Notes`: printed output as plain text, HTML or Markdown. The only place that aligns and wraps."""

import html
import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import Self

import attrs

from stakingmodels import checks
from stakingmodels.words import LANGUAGES, Language, in_language

WRAP = 116
"""Width in terminal columns to which sentences are wrapped; tables of short names are narrower too."""

_PLAIN = "tex2jax_ignore mathjax_ignore"  # marks the content as free of formulas, for notebooks
_VOWELS = range(0x1160, 0x1200)  # of Hangul, drawn within the syllable that their consonant begins
_ENDS = "，。、；：！？）」』》〉】％…"  # no line begins with these
_BEGINS = "（「『《〈【"  # nor ends with these
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

    def to_text(self, *, language: Language = "en") -> str:
        """Plain text: the caption, and a wrapped line with a dash for each sentence."""
        notes = _in_language(self.notes, language)
        return "\n".join([in_language(self.title, language), *map(_item, notes)])

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

    def to_text(self, *, language: Language = "en") -> str:
        """Plain text: the title; columns separated by two spaces, with a rule under the headers; the notes."""
        return self.in_language(language)._text()  # noqa: SLF001  # itself, in the language

    def _text(self) -> str:
        widths = self._widths()
        rule = [["-" * columns for columns in widths]] if self.ruled else []
        lines = [self._line(cells, widths) for cells in (self.columns, *rule, *self.rows)]
        above = [self._group_line(widths)] if self.groups else []
        notes = ["", *map(_item, self.notes)] if self.notes else []
        return "\n".join([*filter(None, [self.title]), *above, *lines, *notes])

    def _widths(self) -> list[int]:
        """Width of each column; a group that is wider than its columns widens the first of them."""
        whole = [self.columns, *(row for row in self.rows if len(row) == len(self.columns))]
        widths = [max(map(width, column)) for column in zip(*whole, strict=True)]
        for row in self.rows:
            for i, cell in enumerate(row[:-1]):
                widths[i] = max(widths[i], width(cell))
        first = 0
        for text, spanned in self.groups:
            missing = width(text) - sum(widths[first : first + spanned]) - 2 * (spanned - 1)
            widths[first] += max(missing, 0)
            first += spanned
        return widths

    def _group_line(self, widths: Sequence[int]) -> str:
        """The headers above the headers: one that spans several columns begins with them, as do those of words."""
        placed, first = [], 0
        for text, spanned in self.groups:
            room = sum(widths[first : first + spanned]) + 2 * (spanned - 1)
            placed.append(_placed(text, room, left=spanned > 1 or self._is_left(first)))
            first += spanned
        return "  ".join(placed).rstrip()

    def _is_left(self, column: int) -> bool:
        return column < self.left or column >= len(self.columns) - self.left_last

    def _line(self, cells: Sequence[str], widths: Sequence[int]) -> str:
        spans = len(cells) < len(self.columns)
        placed = [
            _placed(cell, columns, left=self._is_left(i) or (spans and i == len(cells) - 1))
            for i, (cell, columns) in enumerate(zip(cells, widths, strict=False))
        ]
        line = "  ".join(placed).rstrip()
        return wrapped(line) if spans else line

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

    def to_text(self, *, language: Language = "en") -> str:
        """Plain text, as printed.

        Parameters
        ----------
        language
            ``"en"`` (default) or ``"zh-TW"``, Traditional Chinese. Names that a user gave stay as they are.

        Raises
        ------
        InputError
            For another language.
        """
        chosen = self._language("to_text", language)
        return "\n\n".join(part.to_text(language=chosen) for part in self._parts())

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


def width(text: str) -> int:
    """Width of a text in terminal columns: two for wide letters such as Chinese ones, none for accents.

    References
    ----------
    Unicode Standard Annex 11, "East Asian Width".
    """
    return len(text) if text.isascii() else sum(map(_columns, text))


def _columns(letter: str) -> int:
    if unicodedata.category(letter) in {"Mn", "Me", "Cf"} or ord(letter) in _VOWELS:
        return 0
    return 2 if _is_wide(letter) else 1


def _is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in "WF"


def _placed(cell: str, columns: int, *, left: bool) -> str:
    blanks = " " * (columns - width(cell))
    return cell + blanks if left else blanks + cell


def wrapped(text: str, indent: str = "  ", columns: int = WRAP) -> str:
    """Sentence in lines of at most so many columns, all but the first indented; a longer word has its own line.

    A line ends at a blank, or beside a wide letter.
    """
    lines, line = [], ""
    for piece in _pieces(" ".join(re.split(r"[\t\n\v\f\r]", text))):
        if line.strip() and width((line + piece).rstrip()) > columns:
            lines.append(line.rstrip())
            line = indent + piece.lstrip()
        else:
            line += piece
    return "\n".join([*lines, line.rstrip()])


def _pieces(text: str) -> Iterator[str]:
    """Pieces of a text after which a line may end."""
    for blanks, word in re.findall(r"( *)([^ ]*)", text):
        piece = blanks
        for letter, after in zip_longest(word, word[1:], fillvalue=""):
            piece += letter
            if after and (_is_wide(letter) or _is_wide(after)) and letter not in _BEGINS and after not in _ENDS:
                yield piece
                piece = ""
        yield piece


def beside(left: Sequence[str], right: Sequence[str], columns: int, gap: int = 3) -> list[str] | None:
    """Lines with others at their right; None where these are more, or do not fit into so many columns."""
    edge = max(map(width, left)) + gap
    if len(right) > len(left) or any(edge + width(other) > columns for other in right):
        return None
    pairs = zip_longest(left, right, fillvalue="")
    return [_placed(line, edge, left=True) + other if other else line for line, other in pairs]


def _item(note: str) -> str:
    return wrapped(f"- {note}")


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
