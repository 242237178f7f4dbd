"""Widths of texts in a terminal: sentences in lines of a width, texts side by side, and columns that are narrowed."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import zip_longest

WRAP = 100
"""Width in terminal columns to which text is wrapped where no other is asked for."""

_VOWELS = range(0x1160, 0x1200)  # of Hangul, drawn within the syllable that their consonant begins
_ENDS = "，。、；：！？）」』》〉】％…"  # no line begins with these
_BEGINS = "（「『《〈【"  # nor ends with these
_LONG = 24  # letters of a word that may be parted after a slash
_NARROW = 6
"""Columns to which a column is narrowed at most, though its letters may be parted anywhere."""


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
    return letter != "" and unicodedata.east_asian_width(letter) in "WF"


def placed(cell: str, columns: int, *, left: bool) -> str:
    """Text with blanks to a width, at the left or at the right."""
    blanks = " " * (columns - width(cell))
    return cell + blanks if left else blanks + cell


def wrapped(text: str, indent: str = "  ", columns: int = WRAP, *, slashes: bool = False) -> str:
    """Sentence in lines of at most so many columns, all but the first indented; a longer word has its own line.

    A line ends at a blank, or beside a wide letter; with `slashes` in a long word after a slash, too.
    """
    lines, line = [], ""
    for piece in _pieces(" ".join(re.split(r"[\t\n\v\f\r]", text)), slashes=slashes):
        if line.strip() and width((line + piece).rstrip()) > columns:
            lines.append(line.rstrip())
            line = indent + piece.lstrip()
        else:
            line += piece
    return "\n".join([*lines, line.rstrip()])


def _pieces(text: str, *, slashes: bool) -> Iterator[str]:
    """Pieces of a text after which a line may end."""
    for blanks, word in re.findall(r"( *)([^ ]*)", text):
        piece = blanks
        after_slash = "/" if slashes and len(word) > _LONG else ""
        for letter, after in zip_longest(word, word[1:], fillvalue=""):
            piece += letter
            is_beside = (_is_wide(letter) or _is_wide(after)) and letter not in _BEGINS and after not in _ENDS
            if after and (is_beside or (letter == after_slash and after != "/")):
                yield piece
                piece = ""
        yield piece


def beside(left: Sequence[str], right: Sequence[str], columns: int, gap: int = 3) -> list[str] | None:
    """Lines with others at their right; None where these are more, or do not fit into so many columns."""
    edge = max(map(width, left)) + gap
    if len(right) > len(left) or any(edge + width(other) > columns for other in right):
        return None
    pairs = zip_longest(left, right, fillvalue="")
    return [placed(line, edge, left=True) + other if other else line for line, other in pairs]


def narrowed(columns: Sequence[Sequence[str]], room: int, *, words: Sequence[bool]) -> list[int]:
    """Widths of columns whose cells are wrapped, so that they take as few lines as fit into a room.

    Headers are wrapped before other cells, and words before numbers. The widest column is narrowed first, down to its
    longest word, so that the sum may stay above the room.

    Parameters
    ----------
    columns
        Cells of each column, its header first.
    room
        Most terminal columns for all of them, without the gaps.
    words
        Whether a column is of words, for each.
    """
    widths = [max(map(width, cells)) for cells in columns]
    longest = [[_longest(cell) for cell in cells] for cells in columns]
    least = [max(parts) for parts in longest]
    headers = [max([parts[0], *map(width, cells[1:])]) for parts, cells in zip(longest, columns, strict=True)]
    texts = [few if is_words else more for few, more, is_words in zip(least, headers, words, strict=True)]
    for fewest in (headers, texts, least):
        while sum(widths) > room:
            wide = [i for i, most in enumerate(widths) if most > fewest[i]]
            if not wide:
                break
            widths[max(wide, key=lambda i: widths[i])] -= 1
    return widths


def in_cell(cell: str, columns: int) -> list[str]:
    """Lines of a cell of a narrowed column; an address or path may go on after a slash."""
    return [cell] if width(cell) <= columns else wrapped(cell, "", columns, slashes=True).splitlines()


def _longest(cell: str) -> int:
    """Width of the longest piece of a cell; of one that may be parted anywhere, a few letters."""
    return max(*(width(piece.strip()) for piece in _pieces(cell, slashes=True)), min(width(cell), _NARROW))
