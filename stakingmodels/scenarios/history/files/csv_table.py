"""A user's file as a table of text cells, each with its line."""

import csv
import io
import os
import re
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn

import attrs

from stakingmodels import checks
from stakingmodels.errors import InputError

BYTES_LIMIT = 64 * 2**20
"""Largest file accepted, in bytes."""
ROWS_LIMIT = 200_000
"""Most rows of a file."""
LINES_LIMIT = 1_000_000
"""Most lines of a file, blank ones among them."""
COLUMNS_LIMIT = 1_000
"""Most cells of a line."""
HEADER_LIMIT = 100_000
"""Most characters of a line before the data."""
CELLS_LIMIT = 10_000_000
"""Most cells of a file."""

_COLUMNS_SHOWN = 12
_MESSAGE = 400
_BLANKS = " \t\xa0"  # a line break within a cell stays: it belongs in no number
_PREAMBLE_LINES = 100
_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|\Z)")
_COMMENT = re.compile(r"#(?!\s*[,;\t\"])")  # a column may be called #
_SEPARATOR = re.compile(r"\"?sep=(.)\"?", re.IGNORECASE)
_BANNER = re.compile(r"[^,;\t]*(, ?)?\"?https?://[^,;\t]*[,;\t]*", re.IGNORECASE)
_PACKED = {
    b"PK\x03\x04": "a zip archive or a workbook (unpack it, or save as CSV UTF-8)",
    b"\x1f\x8b": "a gzip archive (unpack it)",
    b"<": "a web page (save the data, not the page that shows them)",
}
_QUOTED = re.compile(r'"[^"]*"')
_DECIMAL_COMMA = re.compile(r"[+-]?\d[\d.\s']*,\d+\W*")


def fail(where: str, sentence: str) -> NoReturn:
    """Raise `InputError` with one line of at most 400 characters."""
    text = f"{where}: {sentence}"
    raise InputError(text if len(text) <= _MESSAGE else text[: _MESSAGE - 3] + "...")


def plain(text: str) -> str:
    """At most 80 characters of `text`, control characters escaped."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text[:80])[:80]


@attrs.frozen
class Table:
    """The cells of a file without blanks at their ends; every row is as long as the header."""

    where: str
    header: list[str]
    rows: list[list[str]]
    lines: list[int]
    delimiter: str = ","
    line_name: str = "line"

    def place(self, row: int, column: int) -> str:
        """Name of a cell in messages."""
        return f"{self.where}: {self.line_name} {self.lines[row]}, column {checks.show(self.header[column])}"

    def find(self, name: str) -> int | None:
        """Index of the column of that name, else of that name in other letter case, else None."""
        exact = [i for i, head in enumerate(self.header) if head == name]
        found = exact or [i for i, head in enumerate(self.header) if head.casefold() == name.casefold()]
        if len(found) > 1:
            fail(self.where, f"column names must differ, got {len(found)} columns {checks.show(name)}")
        return found[0] if found else None

    def names(self, columns: Iterable[int] | None = None) -> str:
        """First twelve names of these columns, or of all, for a message."""
        names = self.header if columns is None else [self.header[column] for column in columns]
        more = ", ..." if len(names) > _COLUMNS_SHOWN else ""
        return ", ".join(checks.show(name) for name in names[:_COLUMNS_SHOWN]) + more


def file_name(path: str | os.PathLike[str]) -> str:
    """Last part of a path, fit for messages; anything but a path is refused."""
    try:
        whole = Path(path)
    except TypeError:
        checks.refuse_type("History: path", "must be a path (str or pathlib.Path)", path)
    return plain(whole.name or str(whole))


def read_text(path: str | os.PathLike[str], where: str) -> str:
    """Text of a regular file of at most 64 MiB, UTF-8 with or without a byte-order mark.

    Raises
    ------
    InputError
        If it is no such file; messages begin with `where`.
    OSError
        As the operating system raises it.
    """
    return _decode(where, _read_bytes(where, path))


def read_cells(text: str, where: str) -> Table:
    """Cells of a CSV text; the first line that is neither blank nor a comment nor an address is the header.

    That line decides whether tabs, semicolons or commas separate the cells. Rows may still differ in length.

    Raises
    ------
    InputError
        If it is empty, too long or too wide, or no CSV.
    """
    _check_size(where, text)
    begin, line = _preamble(where, text)
    delimiter = _delimiter(text, begin)
    lines, rows = _cells(where, text[begin:], delimiter, line)
    if not rows:
        fail(where, "must hold a header and rows, got an empty file")
    return Table(where, rows[0], rows[1:], lines[1:], delimiter)


def check_rows(table: Table) -> None:
    """Refuse a row that is longer or shorter than the header, and decimal commas between semicolons."""
    for line, row in zip(table.lines, table.rows, strict=True):
        if len(row) != len(table.header):
            fail(table.where, f"line {line} must have {len(table.header)} cells like the header, got {len(row)}")
        if table.delimiter == ";":
            _check_decimal_point(f"{table.where}: line {line}", row)


def _unreadable(file: Path, error: OSError) -> NoReturn:
    raise InputError(checks.sentence(f"{file}: cannot be read: {(error.strerror or str(error)).lower()}")) from None


def _read_bytes(where: str, path: str | os.PathLike[str]) -> bytes:
    file = Path(path)
    try:
        mode = file.stat().st_mode
    except ValueError:  # a NUL or a lone surrogate
        checks.refuse("History: path", "must be a possible file name", str(path))
    except OSError as error:
        _unreadable(file, error)
    if stat.S_ISDIR(mode):
        fail(where, "must be a CSV file, got a directory")
    if not stat.S_ISREG(mode):
        # refused unopened: opening a pipe would wait for a writer
        fail(where, "must be a regular file, got a pipe, socket or device")
    try:
        with file.open("rb") as stream:
            data = stream.read(BYTES_LIMIT + 1)
    except OSError as error:
        _unreadable(file, error)
    if len(data) > BYTES_LIMIT:
        fail(where, f"must be at most {BYTES_LIMIT} bytes (64 MiB), got more")
    return data


def _decode(where: str, data: bytes) -> str:
    hint = "save as CSV UTF-8"
    for begin, what in _PACKED.items():
        if data.startswith(begin):
            fail(where, f"must be CSV or JSON, got {what}")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        fail(where, f"must be UTF-8, got a UTF-16 byte-order mark at byte 0 ({hint})")
    if (offset := data.find(b"\0")) >= 0:
        fail(where, f"must be UTF-8 text, got a NUL byte at byte {offset} (UTF-16? {hint})")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        fail(where, f"must be UTF-8, got 0x{data[error.start]:02x} at byte {error.start} ({hint})")
    return text.removeprefix("\ufeff")


def _preamble(where: str, text: str) -> tuple[int, int]:
    """Position and line of the header: after blank lines, comments, sep= and a banner with an address."""
    begin, line = 0, 1
    while (match := _LINE.match(text, begin)) and match.end() > begin and line <= _PREAMBLE_LINES:
        if len(match[1]) > HEADER_LIMIT:
            fail(where, f"must begin with lines of at most {HEADER_LIMIT} characters, got {len(match[1])} in one")
        words = match[1].strip(_BLANKS)
        if words and not any(pattern.match(words) for pattern in (_COMMENT, _SEPARATOR)) and not _is_banner(words):
            break
        begin, line = match.end(), line + 1
    return begin, line


def _is_banner(words: str) -> bool:
    return words.lower().startswith("created on") or _BANNER.fullmatch(words) is not None


def _check_size(where: str, text: str) -> None:
    # counted before the cells are made: a file of line ends alone would take a minute
    if max(text.count(end) for end in "\n\r") > LINES_LIMIT:
        fail(where, f"must have at most {LINES_LIMIT} lines, got more")
    if max(text.count(mark) for mark in ",;\t") > CELLS_LIMIT:
        fail(where, f"must have at most {CELLS_LIMIT} cells, got more")


def _delimiter(text: str, begin: int) -> str:
    match = _LINE.match(text, begin)
    header = _QUOTED.sub("", match[1]) if match else ""
    return next((mark for mark in "\t;" if mark in header), ",")


def _cells(where: str, text: str, delimiter: str, line: int) -> tuple[list[int], list[list[str]]]:
    """Line numbers and stripped cells of all lines that are not blank; the first line has a number already."""
    source = io.StringIO(text, newline="")
    reader = csv.reader(source, delimiter=delimiter, skipinitialspace=True, strict=True)
    lines: list[int] = []
    rows: list[list[str]] = []
    before = line - 1
    try:
        for cells in reader:
            if len(cells) > COLUMNS_LIMIT:
                fail(where, f"must have at most {COLUMNS_LIMIT} columns, got {len(cells)} cells in line {line}")
            row = [cell.strip(_BLANKS) for cell in cells]
            if any(row):
                lines.append(line)
                rows.append(row)
            if len(rows) > ROWS_LIMIT + 1:
                fail(where, f"must hold one row a day and at most {ROWS_LIMIT} rows, got more")
            line = before + reader.line_num + 1
    except csv.Error as error:
        fail(where, f"line {line} must be CSV, got: {plain(str(error))}")
    return lines, rows


def _check_decimal_point(where: str, row: list[str]) -> None:
    # one decimal comma means that a point elsewhere in the file may separate thousands
    for cell in row:
        if _DECIMAL_COMMA.fullmatch(cell):
            rule = "must use a decimal point, not a decimal comma"
            checks.refuse(where, rule, cell, "write 1234.56, without separators")
