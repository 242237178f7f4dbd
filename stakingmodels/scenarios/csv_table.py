"""A user's CSV file as a table of cells, each with its line: what is text, not yet what it means."""

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
"""Largest file that is read, in bytes."""
ROWS_LIMIT = 200_000
"""Most rows of a file."""

_COLUMNS_SHOWN = 12
_MESSAGE = 400
_BLANKS = " \t\xa0"  # a line break within a cell stays: nobody means it in a number
_HEADER = re.compile(r"[^\r\n]*")
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

    def place(self, row: int, column: int) -> str:
        """What a message calls a cell."""
        return f"{self.where}: line {self.lines[row]}, column {checks.show(self.header[column])}"

    def find(self, name: str) -> int | None:
        """The column of that name, else of that name in other letter case, else None."""
        exact = [i for i, head in enumerate(self.header) if head == name]
        found = exact or [i for i, head in enumerate(self.header) if head.casefold() == name.casefold()]
        if len(found) > 1:
            fail(self.where, f"column names must differ, got {len(found)} columns {checks.show(name)}")
        return found[0] if found else None

    def names(self, columns: Iterable[int] | None = None) -> str:
        """The names of these columns, or of all, for a message: the first twelve."""
        names = self.header if columns is None else [self.header[column] for column in columns]
        more = ", ..." if len(names) > _COLUMNS_SHOWN else ""
        return ", ".join(checks.show(name) for name in names[:_COLUMNS_SHOWN]) + more


def file_name(path: str | os.PathLike[str]) -> str:
    """The last part of a path, fit for messages; anything but a path is refused."""
    try:
        whole = Path(path)
    except TypeError:
        checks.refuse_type("History: path", "must be a path (str or pathlib.Path)", path)
    return plain(whole.name or str(whole))


def read_table(path: str | os.PathLike[str], where: str) -> Table:
    """Read a CSV file; messages begin with `where`.

    Parameters
    ----------
    path : str or path
        A regular file of at most 64 MiB, UTF-8 with or without a byte-order mark. The header tells whether
        tabs, semicolons or commas part the cells. Blank lines are passed over.
    where : str
        What messages call the file.

    Returns
    -------
    Table
        With a header; it may have no rows.

    Raises
    ------
    InputError
        If it is no such file, or a row has more or fewer cells than the header.
    OSError
        As the operating system raises it.
    """
    text = _decode(where, _read_bytes(where, path))
    delimiter = _delimiter(text)
    lines, rows = _cells(where, text, delimiter)
    if not rows:
        fail(where, "must hold a header and rows, got an empty file")
    for line, row in zip(lines, rows, strict=True):
        if len(row) != len(rows[0]):
            fail(where, f"line {line} must have {len(rows[0])} cells like the header, got {len(row)}")
        if delimiter == ";":
            _check_decimal_point(f"{where}: line {line}", row)
    return Table(where, rows[0], rows[1:], lines[1:])


def _read_bytes(where: str, path: str | os.PathLike[str]) -> bytes:
    file = Path(path)
    try:
        mode = file.stat().st_mode
    except ValueError:  # a NUL or a lone surrogate
        checks.refuse("History: path", "must be a possible file name", str(path))
    if stat.S_ISDIR(mode):
        fail(where, "must be a CSV file, got a directory")
    if not stat.S_ISREG(mode):
        # refused unopened: opening a pipe would wait for a writer
        fail(where, "must be a regular file, got a pipe, socket or device")
    with file.open("rb") as stream:
        data = stream.read(BYTES_LIMIT + 1)
    if len(data) > BYTES_LIMIT:
        fail(where, f"must be at most {BYTES_LIMIT} bytes (64 MiB), got more")
    return data


def _decode(where: str, data: bytes) -> str:
    hint = "save as CSV UTF-8"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        fail(where, f"must be UTF-8, got a UTF-16 byte-order mark at byte 0 ({hint})")
    if (offset := data.find(b"\0")) >= 0:
        fail(where, f"must be UTF-8 text, got a NUL byte at byte {offset} (UTF-16? {hint})")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        fail(where, f"must be UTF-8, got 0x{data[error.start]:02x} at byte {error.start} ({hint})")
    return text.removeprefix("\ufeff")


def _delimiter(text: str) -> str:
    match = _HEADER.match(text.lstrip("\r\n "))
    header = _QUOTED.sub("", match[0]) if match else ""
    return next((mark for mark in "\t;" if mark in header), ",")


def _cells(where: str, text: str, delimiter: str) -> tuple[list[int], list[list[str]]]:
    """Line numbers and stripped cells of all lines that are not blank."""
    source = io.StringIO(text, newline="")
    reader = csv.reader(source, delimiter=delimiter, skipinitialspace=True, strict=True)
    lines: list[int] = []
    rows: list[list[str]] = []
    line = 1
    try:
        for cells in reader:
            row = [cell.strip(_BLANKS) for cell in cells]
            if any(row):
                lines.append(line)
                rows.append(row)
            if len(rows) > ROWS_LIMIT + 1:
                fail(where, f"must hold one row a day and at most {ROWS_LIMIT} rows, got more")
            line = reader.line_num + 1
    except csv.Error as error:
        fail(where, f"line {line} must be CSV, got: {plain(str(error))}")
    return lines, rows


def _check_decimal_point(where: str, row: list[str]) -> None:
    # one decimal comma tells that a point elsewhere in the file may part thousands
    for cell in row:
        if _DECIMAL_COMMA.fullmatch(cell):
            rule = "must use a decimal point, not a decimal comma"
            checks.refuse(where, rule, cell, "write 1234.56, without separators")
