# ruff: noqa: PLR0911, E501  # tables of texts, and one return for each kind
"""Runs generated calls in a child process, under limits of time and memory, and classifies what they answer."""

import json
import os
import resource
import select
import shutil
import signal
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from typing import Any, BinaryIO

import attrs

from tests.generated import fits
from tests.generated.good import GoodCall, LateError, within
from tests.generated.names import ROOT
from tests.generated.values import BAD

SECONDS = 5.0
STUCK = 20.0
"""Seconds without an answer after which the child is taken to hang where no signal reaches it."""
MEMORY = 2 * 2**30
VERDICTS = ("ours", "accepted", "unfit", "warned", "raw", "hang", "memory")
"""An error of ours; accepted; accepted though not of the annotated type; with a warning; a raw error; late; too large."""


@attrs.frozen
class Answer:
    """What one call answered."""

    callee: str
    room: str
    argument: str
    value: str
    verdict: str
    text: str = ""
    """Type and first words of an error, or what was returned where the argument was not of its type."""

    @property
    def place(self) -> str:
        """Callable and argument."""
        return f"{self.callee}({self.argument})"


def answers(call: GoodCall, every: int = 1, offset: int = 0) -> Iterator[Answer]:
    """Answers of a call with each argument replaced by each bad value, or by every n-th of them."""
    plan = [(each.name, value) for each in call.callee.parameters for value in BAD]
    left = [pair for place, pair in enumerate(plan) if (place + offset) % every == 0]
    while left:
        for verdict, text in in_child(call, left):
            name, value = left.pop(0)
            yield Answer(call.callee.path, call.callee.room, name, value, verdict, text)


def in_child(call: GoodCall, plan: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Verdicts in order; ends early, after the verdict "hang", where the child had to be killed."""
    reading, writing = os.pipe()
    sys.stdout.flush()
    folder = tempfile.mkdtemp()  # where the child may write
    child = os.fork()
    if child == 0:
        os.close(reading)
        os.chdir(folder)
        with os.fdopen(writing, "wb") as pipe:
            run(call, plan, pipe)
        os._exit(0)
    os.close(writing)
    try:
        yield from lines(reading, len(plan))
    finally:
        os.close(reading)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        shutil.rmtree(folder, ignore_errors=True)


def lines(reading: int, count: int) -> Iterator[tuple[str, str]]:
    """What the child writes, line by line."""
    text, read = b"", 0
    while read < count:
        if not select.select([reading], [], [], STUCK)[0]:
            yield "hang", "no answer, killed"
            return
        if not (more := os.read(reading, 65_536)):
            yield "raw", "the process died"
            return
        *whole, text = (text + more).split(b"\n")
        for line in whole:
            verdict, said = json.loads(line)
            read += 1
            yield verdict, said


def run(call: GoodCall, plan: list[tuple[str, str]], pipe: BinaryIO) -> None:
    """The child: every call, and a line for each answer."""
    quiet = os.open(os.devnull, os.O_RDWR)
    for place in (0, 1, 2):
        os.dup2(quiet, place)
    used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()  # noqa: PTH123, SIM115
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, used + MEMORY))
    hints = call.callee.hints
    for name, value in plan:
        verdict, text = one(call, name, value, hints.get(name))
        pipe.write(json.dumps([verdict, text]).encode() + b"\n")
        pipe.flush()


def one(call: GoodCall, name: str, value: str, hint: Any) -> tuple[str, str]:
    """Verdict of one call."""
    bad = BAD[value]()
    begun = time.monotonic()
    caught: list[warnings.WarningMessage] = []
    try:
        with within(SECONDS), warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            result = call.with_bad(name, bad)
    except LateError:
        return "hang", f"after {time.monotonic() - begun:.0f} s"
    except MemoryError as error:
        return "memory", words(error)
    except BaseException as error:  # noqa: BLE001  # what a user would see
        return ("ours" if is_ours(error) else "raw"), words(error)
    raw = [each for each in caught if each.category.__module__.partition(".")[0] != ROOT]
    if raw and not (result is not None and all(each.category is UserWarning for each in raw)):
        return "raw", words(raw[0].message)
    if caught:
        return "warned", words(caught[0].message)
    is_undefined = value == "NaN" and isinstance(call.callee.function, type)  # a field of a record may be undefined
    if not is_undefined and fits.fits(BAD[value](), hint) is False:
        return "unfit", shown(result)
    return "accepted", ""


def is_ours(error: BaseException) -> bool:
    """Whether it is an error of the library."""
    return any(cls.__module__ == f"{ROOT}.errors" for cls in type(error).__mro__)


def words(error: Any) -> str:
    """Type and first words of an error, and the innermost line of the library that it passed."""
    try:
        said = " ".join(str(error).split())[:160]
    except Exception:  # noqa: BLE001  # its own repr fails
        said = "..."
    trace, where = getattr(error, "__traceback__", None), ""
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if f"/{ROOT}/" in file:
            where = f" [{file.partition(f'/{ROOT}/')[2]}:{trace.tb_lineno}]"
        trace = trace.tb_next
    return f"{type(error).__name__}: {said}{where}"


def shown(result: object) -> str:
    try:
        return f"-> {result!r}"[:80]
    except Exception:  # noqa: BLE001  # what it holds has no repr
        return f"-> {type(result).__name__}"
