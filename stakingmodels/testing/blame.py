"""`line_of`: the line of somebody's code in which an error was raised, for messages."""

import traceback
from pathlib import Path

_LIBRARY = str(Path(__file__).resolve().parents[1])
_INSTALLED = ("site-packages", "dist-packages")


def line_of(error: BaseException) -> str:
    """Words for the last line, outside of this library and of installed ones, that led to an error; or nothing."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        path = Path(frame.filename)
        is_installed = any(part in path.parts for part in _INSTALLED)
        if not is_installed and not frame.filename.startswith((_LIBRARY, "<frozen")):
            return f" (in {frame.name}, line {frame.lineno} of {path.name})"
    return ""
