"""Runs the parts of a simulation, in this thread or on an executor, and returns their results in order."""

import os
from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from typing import TypeVar

from stakingmodels import checks
from stakingmodels.errors import ExecutionError

T = TypeVar("T")
_AHEAD = 2  # parts in flight for each worker: one at work, one waiting


def in_order(tasks: Sequence[Callable[[], T]], executor: Executor | None) -> Generator[T]:
    """Results of the tasks in their order, with a few in flight at a time.

    Parts lost with a dead worker are run again in this thread, and so is the rest if the executor accepts no more:
    every part gives the same bits wherever it runs. When the reader stops early, parts not yet begun are cancelled.

    Raises
    ------
    ExecutionError
        If the executor was shut down, or cancels its work.
    """
    if executor is None:
        yield from (task() for task in tasks)
        return
    flight: deque[tuple[Callable[[], T], Future[T] | None]] = deque()
    waiting = iter(tasks)
    taking, warned, ahead = True, False, _AHEAD * workers_of(executor)
    try:
        while True:
            while len(flight) < (ahead if taking else 1) and (task := next(waiting, None)) is not None:
                future = _submitted(executor, task) if taking else None
                flight.append((task, future))
                taking = taking and future is not None
            if not flight:
                return
            result, is_lost = _result(*flight.popleft())
            if is_lost and not warned:
                warned, taking = True, False
                checks.warn("simulate: executor: a worker died; its parts are run in this thread")
            yield result
    finally:
        for _, future in flight:
            if future is not None:
                future.cancel()


def workers_of(executor: Executor) -> int:
    """Number of parts that the executor works on at once, as far as known."""
    told = getattr(executor, "_max_workers", None)
    return told if isinstance(told, int) and told > 0 else os.cpu_count() or 1


def _submitted(executor: Executor, task: Callable[[], T]) -> Future[T] | None:
    """The future of a task; None where the executor is broken."""
    try:
        return executor.submit(_call, task)
    except BrokenExecutor:
        return None
    except RuntimeError as error:
        if "shutdown" not in str(error):
            raise
        raise ExecutionError(f"simulate: executor: takes no work ({error}); make a new one") from error


def _result(task: Callable[[], T], future: Future[T] | None) -> tuple[T, bool]:
    """The result of a task, and whether its worker was lost."""
    if future is None:
        return task(), True
    try:
        return future.result(), False
    except BrokenExecutor:
        return task(), True
    except CancelledError as error:
        raise ExecutionError("simulate: executor: cancelled its work; make a new one and run again") from error


def _call(task: Callable[[], T]) -> T:
    return task()
