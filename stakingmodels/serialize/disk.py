"""Files read within a limit, and written whole or not at all."""

import contextlib
import itertools
import os
import stat
from collections.abc import Callable, Generator
from pathlib import Path
from typing import IO

from stakingmodels import checks
from stakingmodels.errors import InputError

_BINARY = getattr(os, "O_BINARY", 0)  # Windows would turn \n into \r\n
_PRESENT = "is there already, and is left as it is (force=True replaces it)"
_MOST = 100
"""Most unfinished files of one process beside one another."""


def path_of(where: str, path: object) -> Path:
    """Path given as a text or a path."""
    if not isinstance(path, (str, bytes, os.PathLike)):
        checks.refuse_type(f"{where}: path", 'must be a path, such as "pool.json"', path)
    given: object = os.fspath(path)
    if not isinstance(given, str) or not given or "\0" in given:
        checks.refuse(f"{where}: path", 'must be a path, such as "pool.json"', given)
    return Path(given)


@contextlib.contextmanager
def opened(where: str, path: Path, limit: int) -> Generator[IO[bytes]]:
    """A regular file, open for reading, of at most so many bytes.

    Raises
    ------
    InputError
        For a file that cannot be read, is no regular file, or is too large.
    """
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):  # unopened: opening a pipe would wait for a writer
            raise InputError(f"{where}: must be a regular file, not a directory, pipe or device")
        if found.st_size > limit:
            checks.refuse(where, f"must have at most {limit:,} bytes", f"{found.st_size:,}")
        stream = path.open("rb")
    except OSError as error:
        raise InputError(f"{where}: cannot be read: {_reason(error)}") from error
    except ValueError as error:  # a lone surrogate
        if isinstance(error, InputError):
            raise
        raise InputError(f"{where}: must be a possible file name") from error
    with stream:
        yield stream


def read_text(where: str, path: Path, limit: int) -> str:
    """Text of a regular file in UTF-8, of at most so many bytes."""
    with opened(where, path, limit) as stream:
        data = stream.read(limit + 1)
    if len(data) > limit:
        checks.refuse(where, f"must have at most {limit:,} bytes", "more")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{where}: must be UTF-8, got 0x{data[error.start]:02x} at byte {error.start}") from error


def check_target(where: str, path: Path, *, force: bool) -> None:
    """Refuse a file that could not be written, as far as that is known before anything is computed for it.

    Parameters
    ----------
    where
        Beginning of messages.
    path
        The file.
    force
        Whether a file of that name is replaced.

    Raises
    ------
    InputError
        For a file that is there, without `force`; a folder that is not there, or in which nothing may be written.
    """
    if not force:
        _refuse_present(where, path)
    if not os.path.isdir(path.absolute().parent):  # noqa: PTH112 (False for a name too long)
        raise InputError(f"{where}: cannot be written: there is no folder {checks.show(str(path.parent))}")
    if not os.access(Path(os.path.realpath(path)).parent, os.W_OK | os.X_OK):
        raise InputError(f"{where}: cannot be written: permission denied")


def shown(path: Path) -> str:
    """Name of a file in messages; of one without a name, such as the current folder, its path."""
    return checks.show(path.name or str(path))[1:-1]


def _refuse_present(where: str, path: Path) -> None:
    if os.path.lexists(path):
        raise InputError(f"{where}: {_PRESENT}")


def write_whole(where: str, path: Path, fill: Callable[[IO[bytes]], object], *, force: bool) -> None:
    """Write a file: all of it appears under its name at once, or nothing does.

    The bytes go to an unfinished file in the same folder, which takes the name once they are on the disk. A file that
    is replaced leaves its permissions to the new one.

    Parameters
    ----------
    where
        Beginning of messages.
    path
        The file.
    fill
        Function that writes into the unfinished file, which it may read too.
    force
        Whether a file of that name is replaced.

    Raises
    ------
    InputError
        For a file that is there, without `force`, and one that cannot be written.
    """
    if not force:
        _refuse_present(where, path)
    target = Path(os.path.realpath(path))
    if os.path.isdir(target):  # noqa: PTH112 (a name too long is told below)
        raise InputError(f"{where}: must be a file, not a directory")
    unfinished: Path | None = None
    try:
        unfinished, number = _created(target)
        _take_owner_and_mode(unfinished, target)
        with os.fdopen(number, "w+b") as stream:
            fill(stream)
            stream.flush()
            os.fsync(stream.fileno())
        _name(unfinished, target, force=force)
    except FileExistsError as error:
        raise InputError(f"{where}: {_PRESENT}") from error
    except OSError as error:
        raise InputError(f"{where}: cannot be written: {_reason(error)}") from error
    except UnicodeEncodeError as error:  # a lone surrogate
        raise InputError(f"{where}: must be a possible file name") from error
    finally:
        if unfinished is not None:
            with contextlib.suppress(OSError):
                unfinished.unlink(missing_ok=True)


def _created(target: Path) -> tuple[Path, int]:
    """An unfinished file beside another, and its open descriptor."""
    for count in itertools.count():
        path = target.with_name(f".{target.name[:100]}.{os.getpid()}.{count}.unfinished")
        try:
            return path, os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | _BINARY, 0o666)
        except FileExistsError:
            if count == _MOST:
                raise PermissionError(f"{_MOST} unfinished files are there") from None
    raise AssertionError  # pragma: no cover


def _take_owner_and_mode(unfinished: Path, target: Path) -> None:
    """Give a file, while it is empty, the owner and permissions of the one that it will replace, as far as one may."""
    try:
        found = target.stat()
    except FileNotFoundError:
        return
    with contextlib.suppress(OSError, AttributeError):  # only an administrator may, and Windows has none
        os.chown(unfinished, found.st_uid, found.st_gid)
    unfinished.chmod(stat.S_IMODE(found.st_mode))


def _name(unfinished: Path, target: Path, *, force: bool) -> None:
    """Give a finished file its name; without `force` only where no other took it meanwhile."""
    if not force:
        try:
            os.link(unfinished, target)
        except FileExistsError:
            raise
        except (OSError, NotImplementedError, AttributeError):  # a file system without links
            if os.path.lexists(target):
                raise FileExistsError from None
        else:
            _sync_folder(target.parent)
            return
    unfinished.replace(target)
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    """Put the name on the disk too, where a folder can be opened."""
    with contextlib.suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
