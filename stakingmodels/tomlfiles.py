"""Reading of TOML files of a user: regular files of limited size. Nothing in a file is evaluated."""

import re
import stat
import tomllib
from pathlib import Path
from typing import Any

from stakingmodels.errors import InputError

_LINE = re.compile(r"\(at line (\d+),")
_SHOWN = 60
_HINTS = {
    "Cannot overwrite": "each name may be given once",
    "Cannot declare": "each name may be given once",
    "Invalid value": 'texts stand in quotes: coin = "SOL"',
    "Expected '=' after a key": 'write coin = "SOL"',
}
"""Hints by the beginning of a fault."""
BYTES_LIMIT = 1_000_000
LINE_LIMIT = 1_000


def read_text(where: str, file: Path) -> str:
    """Text of a regular file of at most 1 MB, UTF-8.

    Parameters
    ----------
    where
        Beginning of messages.
    file
        The file.

    Raises
    ------
    InputError
        For a file that cannot be read, is no regular file, is too large or is not UTF-8.
    """
    try:
        if not stat.S_ISREG(file.stat().st_mode):  # unopened: opening a pipe would wait for a writer
            raise InputError(f"{where}: must be a regular file, not a directory, pipe or device")
        with file.open("rb") as stream:
            data = stream.read(BYTES_LIMIT + 1)
    except OSError as error:
        raise InputError(f"{where}: cannot be read: {(error.strerror or str(error)).lower()}") from error
    except ValueError as error:  # a NUL or a lone surrogate
        if isinstance(error, InputError):
            raise
        raise InputError(f"{where}: must be a possible file name") from error
    if len(data) > BYTES_LIMIT:
        raise InputError(f"{where}: must be at most {BYTES_LIMIT} bytes (1 MB), got more")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{where}: must be UTF-8, got 0x{data[error.start]:02x} at byte {error.start}") from error


def parsed(where: str, text: str) -> dict[str, Any]:
    """Tables of a text in TOML with lines of at most 1,000 characters.

    Raises
    ------
    InputError
        For a line that is too long, a text that is no TOML, and tables nested too deeply.
    """
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > LINE_LIMIT:  # the parser's time grows with the square of a dotted key's length
            raise InputError(f"{where}: line {number} must be at most {LINE_LIMIT} characters long, got {len(line)}")
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise InputError(f"{where}: must not be nested so deeply") from error
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{where}: must be TOML: {error}{_shown(text, str(error))}") from error


def _shown(text: str, fault: str) -> str:
    """The line of a fault, and what is usually meant by it."""
    number = _LINE.search(fault)
    lines = text.rstrip().split("\n")  # a fault at the end is of the last line
    line = lines[-1 if number is None else min(int(number[1]), len(lines)) - 1].strip()
    hints = [hint for words, hint in _HINTS.items() if fault.startswith(words)]
    got = f", got {line[:_SHOWN]!r}" if line else ""
    return got + (f" ({hints[0]})" if hints else "")
