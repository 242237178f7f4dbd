"""`processes`: worker processes that fit a run."""

import multiprocessing
import os
import threading
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.connection import wait

from stakingmodels import checks

_WORKERS_LIMIT = 10_000


def processes(workers: int | None = None) -> ProcessPoolExecutor:
    """An executor of worker processes, which end by themselves when this process is gone, however it ended.

    Workers are started afresh, not forked, so that locks and threads of this process cannot block them: a script must
    call this under ``if __name__ == "__main__":``.

    Parameters
    ----------
    workers
        How many; None for as many as there are cores.

    Examples
    --------
    >>> with processes(1) as executor:
    ...     executor.submit(abs, -3).result()
    3
    """
    count = os.cpu_count() or 1 if workers is None else checks.integer("processes: workers", workers, 1, _WORKERS_LIMIT)
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(count, mp_context=context, initializer=_end_with_parent)


def _end_with_parent() -> None:
    """Watch the parent from a thread: a worker that waits for work would not notice that nobody is left."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_watch, args=(parent.sentinel,), daemon=True).start()


def _watch(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)
