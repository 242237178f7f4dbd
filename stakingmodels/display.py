"""Display of objects: at most `LINES` lines of at most `COLUMNS` columns, computed cheaply."""

import enum
import inspect
import itertools
import sys
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import attrs
import numpy as np

from stakingmodels.tables import Notes, Table, in_html
from stakingmodels.wrapping import width

LINES = 25
COLUMNS = 100

_VALUE = 72  # columns of one value among others
_ITEMS = 3  # items shown of a collection
_DEEP = 2  # levels shown of nested collections
_CELLS = 4  # numbers of an array up to which all are shown
_ROWS = 10  # rows of a table that notes leave room for
_BITS = 256  # Python does not print an integer of more than 4,300 digits
_ROUNDING = 1e-9  # of a share of the paths
_PRE = "tex2jax_ignore mathjax_ignore"


def cut(text: str, columns: int = COLUMNS) -> str:
    """Text, or its beginning with an ellipsis, in at most so many columns."""
    if width(text) <= columns:
        return text
    kept = text[: columns - 3]
    while width(kept) > columns - 3:
        kept = kept[:-1]
    return f"{kept}..."


def kind_of(thing: object) -> str:
    """Name of an object's class; of a class of the library's own that watches a product, the product's."""
    name, held = type(thing).__name__, getattr(thing, "product", None)
    return kind_of(held) if name.startswith("_") and held is not None else name


def brief(value: object, columns: int = _VALUE) -> str:
    """Text of a value in one line of at most so many columns; for an array its shape, first and last number."""
    text = " ".join(_line(value, _DEEP).split()).replace("( ", "(")
    return cut(text if text.isprintable() else text.encode("unicode_escape").decode(), columns)


def _line(value: Any, depth: int) -> str:
    is_mapping = isinstance(value, Mapping) and not attrs.has(type(value))
    if is_mapping or isinstance(value, (tuple, list, set, frozenset)):
        return _few(value, depth)
    if isinstance(value, np.ndarray):
        return _array(value)
    if isinstance(value, np.datetime64):
        return str(value)
    if isinstance(value, int) and value.bit_length() > _BITS:
        return f"an integer of {value.bit_length()} bits"
    return _own(value)


def _own(value: Any) -> str:
    """Beginning of an object's repr; a numpy number is shown as Python's own."""
    if isinstance(value, (str, bytes)):
        return repr(value[: 2 * COLUMNS])
    try:
        return repr(value.item() if isinstance(value, np.generic) else value)
    except Exception:  # noqa: BLE001  # a broken repr of a third party's class must not hide the rest
        return f"<{type(value).__name__}>"


def _array(values: "np.ndarray[Any, np.dtype[Any]]") -> str:
    if values.size <= _CELLS:
        return f"[{', '.join(map(number, values.flat))}]"
    shape = " x ".join(f"{n:,}" for n in values.shape)
    return f"[{number(values.flat[0])} ... {number(values.flat[-1])}] ({shape})"


def number(value: Any) -> str:
    """Number of an array in six digits; anything else as text."""
    return f"{value:,.6g}" if isinstance(value, float) else str(value)


def _few(items: Any, depth: int) -> str:
    """First items of a collection, and the number of further ones."""
    opening, closing = ("{", "}") if isinstance(items, (Mapping, set, frozenset)) else ("[", "]")
    if isinstance(items, tuple):
        opening, closing = "(", ")"
    if depth == 0 and items:
        return f"{opening}...{closing}"
    first = itertools.islice(items.items() if isinstance(items, Mapping) else items, _ITEMS)
    shown = [
        f"{key_text(item[0])}: {_line(item[1], depth - 1)}" if isinstance(items, Mapping) else _line(item, depth - 1)
        for item in first
    ]
    more = [f"... {len(items) - _ITEMS:,} more"] if len(items) > _ITEMS else []
    comma = "," if isinstance(items, tuple) and len(items) == 1 else ""
    return f"{opening}{', '.join([*shown, *more])}{comma}{closing}"


def key_text(key: object) -> str:
    """Key of a mapping as text: a line by its label, a factor as written in code."""
    if isinstance(key, tuple):
        return f"({', '.join(map(key_text, key))})"
    return (
        repr(getattr(key, "label", key.value))
        if isinstance(key, enum.Enum)
        else (str(key) if attrs.has(type(key)) else brief(key))
    )


def default_of(field: "attrs.Attribute[Any]", owner: object) -> object:
    """Default of a field, which may depend on the object's other fields; `attrs.NOTHING` without one."""
    default: Any = field.default
    if not isinstance(default, attrs.Factory):  # type: ignore[arg-type]
        return default
    try:
        return default.factory(owner) if default.takes_self else default.factory()
    except ValueError:  # there is no default for these terms
        return attrs.NOTHING


def _is_default(value: object, default: object) -> bool:
    if value is default:
        return True
    return type(value) is type(default) and not isinstance(value, np.ndarray) and bool(value == default)


def fields_text(shown: Any) -> str:
    """Class of an object and its fields that differ from their defaults, in a few lines."""
    items = []
    for field in attrs.fields(type(shown)):
        value = getattr(shown, field.name)
        if field.init and field.repr and not _is_default(value, default_of(field, shown)):
            text = field.repr(value) if callable(field.repr) else brief(value)
            items.append(f"{field.alias}={text}")
    return packed(f"{type(shown).__name__}(", items)


def packed(head: str, items: Sequence[str], end: str = ")", *, n_items: int | None = None) -> str:
    """Items separated by commas, in as few lines as possible; the number left out is given.

    Parameters
    ----------
    head, end
        Text before and after them.
    items
        The texts.
    n_items
        Number of items, if `items` has only the first of them.
    """
    n = len(items) if n_items is None else n_items
    whole = f"{head}{', '.join(items)}{end}"
    if n == len(items) and width(whole) <= COLUMNS:
        return whole
    found = [head]
    shown = 0
    for item in items:
        text = cut(item, COLUMNS - 8) + ("," if shown + 1 < n else "")
        if len(found) > 1 and width(found[-1]) + 1 + width(text) < COLUMNS:
            found[-1] += f" {text}"
        elif len(found) < LINES - 1:
            found.append(f"    {text}")
        else:
            break
        shown += 1
    if shown < n:
        found.append(f"    ... {n - shown:,} more")
    return "\n".join(found) + end


@attrs.frozen
class Summary:
    """Summary of an object for display: a title, a table, and sentences below it.

    Parameters
    ----------
    title
        Kind of object.
    columns, rows
        Columns and rows of the table; as many rows are shown as there is room for.
    notes
        Sentences below it, the most important first: the last are left out where there is no room.
    left
        Number of first columns with words, which are left-aligned.
    n_rows
        Number of rows, if `rows` has only the first of them.
    """

    title: str
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    notes: Sequence[str] = ()
    left: int = 1
    n_rows: int | None = None

    @classmethod
    def of(cls, table: Table) -> "Summary":
        """Summary from the beginning of a table and its notes.

        Rows that explain why they have no cells are notes as well.
        """
        rows = [row for row in table.rows if len(row) == len(table.columns)]
        others = ["  ".join(row) for row in table.rows if len(row) < len(table.columns)]
        return cls(table.title, table.columns, rows, [*others, *table.notes], left=table.left)

    def _parts(self) -> tuple[list[str], list[list[str]], str, list[str]]:
        """Title, the rows that fit with the headers first, the number of further rows, and the notes."""
        title = [line for text in self.title.split("\n") for line in wrapped(text)]
        notes = [f"- {note}" for note in self.notes]
        n = len(self.rows) if self.n_rows is None else self.n_rows
        room = LINES - len(title) - (3 if n else 0)  # the headers, their rule, and a line for more
        while notes and sum(len(wrapped(note)) for note in notes) + 1 > room - min(n, _ROWS):
            notes.pop()
        room -= sum(len(wrapped(note)) for note in notes) + bool(notes)
        rows = self.rows if n <= room + 1 else self.rows[:room]
        more = f"... and {n - len(rows):,} more" if n > len(rows) else ""
        return title, fitted([self.columns, *rows]), more, notes

    def text(self) -> str:
        """Plain text of the summary."""
        title, (headers, *rows), more, notes = self._parts()
        table = [Table("", headers, rows, left=self.left).to_text()] if rows else []
        below = ["", *(line for note in notes for line in wrapped(note))] if notes else []
        return "\n".join([*filter(None, title), *table, *([more] if more else []), *below])

    def html(self) -> str:
        """HTML of the summary, with everything escaped."""
        title, (headers, *rows), more, notes = self._parts()
        sentences = [*([more] if more else []), *(note.removeprefix("- ") for note in notes)]
        if rows:
            return Table(" ".join(title), headers, rows, sentences, left=self.left).to_html()
        return Notes(" ".join(title), sentences).to_html()


def spread(values: "np.ndarray[Any, np.dtype[Any]]", form: str) -> tuple[str, str, str]:
    """Mean of the numbers, and their 5 % and 95 % quantiles, in a format; dashes without numbers.

    The quantiles are numbers of the array, by the rule of every other quantile here (`measures.Distribution`).
    """
    known = values[np.isfinite(values)]
    if not known.size:
        return "-", "-", "-"
    beyond = int(0.05 * known.size + _ROUNDING)
    ordered = np.partition(known, (beyond, known.size - 1 - beyond))
    with np.errstate(under="ignore"):  # displays of mappings go through no entrance
        mean = known.mean()
    return f"{mean:{form}}", f"{ordered[beyond]:{form}}", f"{ordered[-1 - beyond]:{form}}"


def wrapped(text: str) -> list[str]:
    """Sentence in lines of at most `COLUMNS` columns."""
    lines = textwrap.wrap(text, COLUMNS, subsequent_indent="  ", break_on_hyphens=False)
    return [cut(line) for line in lines]


def fitted(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """Cells of a table, with the widest columns cut so that it is no wider than `COLUMNS`."""
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    room = COLUMNS - 2 * max(len(widths) - 1, 0)
    while sum(widths) > room:
        widths[widths.index(max(widths))] -= 1
    return [[cut(cell, w) for cell, w in zip(row, widths, strict=True)] for row in rows]


def _fields_repr(self: Any) -> str:
    return fields_text(self)


def _summary_repr(self: Any) -> str:
    text: str = self._shown().text()
    return text


def _repr_html(self: Any) -> str:
    """HTML of an object for notebooks: its text, or its summary as a table."""
    if hasattr(self, "_shown"):
        page: str = self._shown().html()
        return page
    return f'<pre class="{_PRE}">{in_html(repr(self))}</pre>'


def shorten(cls: type) -> None:
    """Give a class a brief display: by its ``_shown()`` if it has one, else by its fields.

    A ``__repr__`` or ``_repr_html_`` written by its author stays.
    """
    made = vars(cls).get("__repr__")
    if made is None or _is_generated(made):
        chosen = _repr_of(cls)
        if chosen is not None:
            setattr(cls, "__repr__", chosen)  # noqa: B010  # to mypy it is a method
    if not hasattr(cls, "_repr_html_"):
        setattr(cls, "_repr_html_", _repr_html)  # noqa: B010


def _repr_of(cls: type) -> Callable[[Any], str] | None:
    """Repr function for a class without one by its author; None for the default."""
    if hasattr(cls, "_shown"):
        return _summary_repr
    for base in cls.__mro__[1:]:
        written: Callable[[Any], str] | None = vars(base).get("__repr__")
        if _is_ours(base) and written is not None and written is not _fields_repr and not _is_generated(written):
            return written
    return _fields_repr if attrs.has(cls) else None


def _is_generated(function: Any) -> bool:
    """Whether a method was generated by attrs."""
    code = getattr(inspect.unwrap(function), "__code__", None)
    return code is not None and "attrs generated" in code.co_filename


def _is_ours(cls: type) -> bool:
    return cls.__module__.partition(".")[0] == __name__.partition(".")[0]


def displays(room: str) -> None:
    """Give every public class of a room, and its base classes, a brief display.

    Parameters
    ----------
    room
        Name of a package or module; its public names are those in ``__all__``, or else those that it defines.
    """
    module = sys.modules[room]
    own = [name for name, value in vars(module).items() if getattr(value, "__module__", "") == room and name[0] != "_"]
    for cls in _classes(vars(module).get(name) for name in getattr(module, "__all__", own)):
        shorten(cls)


def _classes(values: Iterable[object]) -> Iterable[type]:
    """Classes among some names, with their base classes in this library, without errors and protocols."""
    for value in values:
        if inspect.isclass(value) and not issubclass(value, BaseException):
            for base in reversed(value.__mro__):
                if _is_ours(base) and not getattr(base, "_is_protocol", False):
                    yield base
