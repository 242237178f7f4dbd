"""Progress of a run, and protection of its results against Ctrl-C."""

import contextlib
import signal
import threading
from collections.abc import Callable, Generator
from types import FrameType

from stakingmodels import checks

Progress = Callable[[int, int], object]


class Told:
    """Reports progress to a caller's function. If it raises, it is not called again, and the run goes on."""

    def __init__(self, progress: Progress | None) -> None:
        if progress is not None and not callable(progress):
            checks.refuse_type("simulate: progress", "must be a function of (parts done, parts in all)", progress)
        self._progress = progress

    def __call__(self, done: int, total: int) -> None:
        """Report that so many parts are done, of so many."""
        if self._progress is None:
            return
        try:
            self._progress(done, total)
        except Exception as error:  # noqa: BLE001  # hours of work must not depend on it
            self._progress = None
            what = f"{type(error).__name__}: {checks.show(str(error))}"
            checks.warn(f"simulate: progress: raised {what}; it is called no more, and the run goes on")


@contextlib.contextmanager
def undisturbed() -> Generator[None]:
    """Hold back Ctrl-C while results are joined, so that a second Ctrl-C does not lose them.

    It does nothing in threads other than the main one, and where the host handles Ctrl-C itself.
    """
    is_ours = threading.current_thread() is threading.main_thread()
    if not is_ours or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    before = signal.signal(signal.SIGINT, _let_be)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _let_be(_number: int, _frame: FrameType | None) -> None:
    pass
