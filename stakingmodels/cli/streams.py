"""Writing to the streams of the process, any of which may be closed, full, or left by its reader."""

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
    """The result could not be written; the message says where to and why."""


def write(text: str) -> None:
    """Write to the standard output, wholly or not at all where that is a file.

    Raises
    ------
    CannotWriteError
        Where it is closed or full. A reader that has left (``| head``) has seen enough.
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
    """Write to the standard error what nobody need see: where it cannot be written the run goes on."""
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


def _end_of_file(stream: TextIO) -> tuple[int, int] | None:
    """Offset and size of what a stream writes to, if that is a file; else None."""
    with contextlib.suppress(OSError, ValueError):
        number = stream.fileno()
        state = os.fstat(number)
        if stat.S_ISREG(state.st_mode):
            return os.lseek(number, 0, os.SEEK_CUR), state.st_size
    return None


def _take_back(stream: TextIO, before: tuple[int, int] | None) -> None:
    """Cut a file to what it was, so that half a result cannot be taken for a whole one."""
    if before is not None:
        offset, size = before
        with contextlib.suppress(OSError, ValueError):
            number = stream.fileno()
            if os.fstat(number).st_size > size:
                os.ftruncate(number, size)
            os.lseek(number, offset, os.SEEK_SET)


def _discard(stream: TextIO) -> None:
    """What is still buffered must not be written at shutdown."""
    with contextlib.suppress(OSError, ValueError):
        number = stream.fileno()
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, number)
        if null != number:
            os.close(null)


@contextlib.contextmanager
def patient() -> Generator[None]:
    """The first Ctrl-C interrupts; the second does not, so that what is done is shown; the third does."""
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
