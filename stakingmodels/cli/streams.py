"""Output to the streams of the process, which may be closed, full, or abandoned by the reader."""

import contextlib
import io
import os
import signal
import stat
import sys
import threading
from collections.abc import Generator
from types import FrameType
from typing import TextIO

_MESSAGE = 400


class CannotWriteError(Exception):
    """The result could not be written; the message has the target and the reason."""


def write(text: str) -> None:
    """Write to the standard output; to a file completely or not at all.

    Raises
    ------
    CannotWriteError
        If it is closed or full. A reader that has left (``| head``) is no error.
    """
    stream = sys.stdout
    if stream is None:  # pyright: ignore[reportUnnecessaryComparison]  # so it is for a process without one
        raise CannotWriteError("the standard output: it is closed")
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="backslashreplace")  # a file's name may not fit the terminal's encoding
    before = _end_of_file(stream)
    try:
        print(text, file=stream, flush=True)
    except BrokenPipeError:
        _discard(stream)
    except (OSError, ValueError) as error:
        _take_back(stream, before)
        _discard(stream)
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "it is closed"
        raise CannotWriteError(f"the standard output: {reason.lower()}") from error


def tell(kind: str, sentence: str) -> None:
    """One line on the standard error, if there is one."""
    line = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in sentence)
    mutter(f"stakingmodels: {kind}: {line[:_MESSAGE]}\n")


def mutter(text: str) -> None:
    """Write an unimportant text to the standard error: if it cannot be written the run goes on."""
    stream = sys.stderr
    if stream is not None:  # pyright: ignore[reportUnnecessaryComparison]
        try:
            print(text, end="", file=stream, flush=True)
        except (OSError, ValueError):
            _discard(stream)


def is_watched() -> bool:
    """Whether the standard error is a terminal."""
    stream = sys.stderr
    try:
        return stream is not None and stream.isatty()  # pyright: ignore[reportUnnecessaryComparison]
    except ValueError:  # closed
        return False


def terminal_columns() -> int | None:
    """Columns of the terminal that the standard output goes to; None if it goes elsewhere."""
    with contextlib.suppress(OSError, ValueError, AttributeError):  # there may be none, or it may be closed
        return os.get_terminal_size(sys.stdout.fileno()).columns or None
    return None


def _end_of_file(stream: TextIO) -> tuple[int, int] | None:
    """Offset and size of the file that a stream writes to; None if it is no file."""
    with contextlib.suppress(OSError, ValueError):
        number = stream.fileno()
        state = os.fstat(number)
        if stat.S_ISREG(state.st_mode):
            return os.lseek(number, 0, os.SEEK_CUR), state.st_size
    return None


def _take_back(stream: TextIO, before: tuple[int, int] | None) -> None:
    """Cut a file to its former size, so that half a result cannot be taken for a complete one."""
    if before is not None:
        offset, size = before
        with contextlib.suppress(OSError, ValueError):
            number = stream.fileno()
            if os.fstat(number).st_size > size:
                os.ftruncate(number, size)
            os.lseek(number, offset, os.SEEK_SET)


def _discard(stream: TextIO) -> None:
    """Discard buffered text, so that it is not written at shutdown."""
    with contextlib.suppress(OSError, ValueError):
        number = stream.fileno()
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, number)
        if null != number:
            os.close(null)


@contextlib.contextmanager
def patient() -> Generator[None]:
    """Context in which the first and third Ctrl-C interrupt; the second does not, so that finished parts are shown."""
    presses = 0

    def heed(_number: int, _frame: FrameType | None) -> None:
        nonlocal presses
        presses += 1
        if presses != 2:
            raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():  # signals are the main thread's
        yield
        return
    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    before = signal.signal(signal.SIGINT, heed)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
