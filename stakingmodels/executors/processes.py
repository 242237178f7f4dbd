"""`processes`: worker processes that fit a run."""

import io
import multiprocessing
import os
import pickle
import sys
import threading
import types
from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

from stakingmodels import checks
from stakingmodels.numerics import entrances

_WORKERS_LIMIT = 10_000


def processes(workers: int | None = None) -> ProcessPoolExecutor:
    """Executor of worker processes, which end by themselves when this process is gone, however it ended.

    Workers are started afresh, not forked, so that locks and threads of this process cannot block them: a script must
    call this under ``if __name__ == "__main__":``.

    Parameters
    ----------
    workers
        Number of workers; None for one per core.

    Examples
    --------
    >>> with processes(1) as executor:
    ...     executor.submit(abs, -3).result()
    3
    """
    count = os.cpu_count() or 1 if workers is None else checks.integer("processes: workers", workers, 1, _WORKERS_LIMIT)
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(count, mp_context=context, initializer=_end_with_parent)


def refuse_homeless(executor: Executor, task: object) -> None:
    """Raise `InputTypeError` where a task contains definitions from a notebook or prompt.

    New worker processes import definitions from files; without a file they would die one by one.
    """
    context, main = getattr(executor, "_mp_context", None), sys.modules.get("__main__")
    if context is None or context.get_start_method() == "fork":
        return
    file = getattr(main, "__file__", None)
    if file is not None:
        if getattr(main, "__spec__", None) is None and not Path(file).exists():
            rule = "worker processes cannot read the program, which did not come from a file"
            checks.refuse_type("simulate: executor", rule, executor, "write it into a file and run that")
        return
    finder = _Finder()
    try:
        finder.dump(task)
    except Exception:  # noqa: BLE001  # the executor reports objects that cannot be pickled
        return
    for found in finder.found:
        rule = f"worker processes cannot find {found.__name__}, which was defined in a notebook or at a prompt"
        hint = "write it into a file, in a notebook by %%writefile mine.py, and import it; or leave executor out"
        checks.refuse_type("simulate: executor", rule, executor, hint)


class _Finder(pickle.Pickler):
    """Collects the classes and functions of the main module that a pickle refers to."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO())
        self.found: list[type | types.FunctionType] = []

    def reducer_override(self, obj: object) -> Any:
        """Pickle every object as usual."""
        if isinstance(obj, (type, types.FunctionType)) and obj.__module__ == "__main__":
            self.found.append(obj)
        return NotImplemented


def _end_with_parent() -> None:
    """Watch the parent from a thread: a waiting worker would not notice that its parent is gone."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_watch, args=(parent.sentinel,), daemon=True).start()


def _watch(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


entrances(__name__)  # here, since the room loads this when it is first used
