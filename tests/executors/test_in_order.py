"""How blocks are run: a few at a time, in order, again where a worker died, and no further after Ctrl-C."""

import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
import time
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial

import numpy as np
import pytest

from stakingmodels import GBM, GeometricBrownianMotion, Holding, Price, TimeGrid, simulate
from stakingmodels.engine import processes
from stakingmodels.engine.simulation import PART
from stakingmodels.errors import ExecutionError, InputError, InputTypeError
from stakingmodels.executors.in_order import in_order

WORLD = GeometricBrownianMotion({Price("ETH"): GBM(3000.0, volatility=0.7)})
GRID = TimeGrid.daily("2026-01-01", days=5)


def run(**options):
    options = {"n_paths": 5 * PART + 3} | options
    return simulate({"hold": Holding(asset="ETH")}, WORLD, GRID, capital=1000.0, rng=1, **options)


@pytest.fixture(scope="module")
def whole():
    return run()["hold"].closing


def number(k):
    return k


def die(k, parent):
    """Ends the worker that runs it, unless that is the parent itself."""
    if os.getpid() != parent:
        os._exit(1)
    return k


class Watched(Executor):
    """Runs at once, and counts how many results nobody has taken yet."""

    def __init__(self, workers=2):
        self._max_workers = workers
        self.begun, self.taken, self.most = 0, 0, 0

    def submit(self, fn, /, *args, **kwargs):
        watched = self

        class Counted(Future):
            def result(self, timeout=None):
                watched.taken += 1
                return super().result(timeout)

        future: Future = Counted()
        future.set_result(fn(*args, **kwargs))
        self.begun += 1
        self.most = max(self.most, self.begun - self.taken)
        return future


def test_a_few_blocks_are_in_flight_at_a_time():
    executor = Watched(workers=3)
    assert list(in_order([partial(number, k) for k in range(50)], executor)) == list(range(50))
    assert executor.most == 6


def test_what_has_not_begun_is_cancelled_when_the_reader_stops():
    with ThreadPoolExecutor(1) as executor:
        done: list[int] = []
        blocks = in_order([partial(done.append, k) for k in range(100)], executor)
        next(blocks)
        blocks.close()
    assert len(done) <= 3


# Workers that die


class Broken(Executor):
    """An executor that breaks on its n-th task, as a process pool does when a worker is killed."""

    _max_workers = 2

    def __init__(self, good):
        self.good = good

    def submit(self, fn, /, *args, **kwargs):
        future: Future = Future()
        self.good -= 1
        if self.good < -1:
            raise BrokenProcessPool("a child process terminated abruptly")
        if self.good < 0:
            future.set_exception(BrokenProcessPool("a child process terminated abruptly"))
        else:
            future.set_result(fn(*args, **kwargs))
        return future


@pytest.mark.parametrize("good", range(7))
def test_blocks_of_a_broken_executor_are_run_here(whole, good):
    if good > 5:
        assert np.array_equal(run(executor=Broken(good))["hold"].closing, whole)
        return
    with pytest.warns(UserWarning, match="a worker died; its parts are run in this thread"):
        results = run(executor=Broken(good))
    assert np.array_equal(results["hold"].closing, whole)


def test_a_worker_that_is_killed_changes_nothing():
    with processes(2) as executor, pytest.warns(UserWarning, match="a worker died"):
        found = list(
            in_order([partial(die, k, os.getpid()) if k == 3 else partial(number, k) for k in range(9)], executor)
        )
    assert found == list(range(9))


def test_an_executor_that_cancels_its_work():
    class Cancels(Executor):
        def submit(self, fn, /, *args, **kwargs):
            future: Future = Future()
            future.cancel()
            return future

    with pytest.raises(ExecutionError, match="cancelled its work; make a new one"):
        list(in_order([partial(number, 1)], Cancels()))


def test_other_errors_of_an_executor_are_its_own():
    class Odd(Executor):
        def submit(self, fn, /, *args, **kwargs):
            raise RuntimeError("no room")

    with pytest.raises(RuntimeError, match="no room"):
        list(in_order([partial(number, 1)], Odd()))


def test_an_error_in_a_block_is_raised_as_it_is():
    with ThreadPoolExecutor(2) as executor, pytest.raises(ZeroDivisionError):
        list(in_order([partial(divmod, 1, 0)], executor))


# Ctrl-C


def interrupt_after(parts):
    def progress(done, _total):
        if done == parts:
            raise KeyboardInterrupt

    return progress


@pytest.mark.parametrize(("threads", "done"), [(False, 2 * PART), (True, 3 * PART)])
def test_ctrl_c_returns_the_parts_that_are_done(whole, threads, done):
    with ThreadPoolExecutor(2) as executor:  # which take half of it each, in whole blocks
        results = run(progress=interrupt_after(1 if threads else 2), executor=executor if threads else None)
    assert (results.partial, results.n_paths, results.n_paths_requested) == (True, done, 5 * PART + 3)
    assert np.array_equal(results["hold"].closing, whole[:done])


def test_a_whole_run_is_not_partial():
    assert not run(n_paths=3).partial


def test_ctrl_c_before_the_first_block_is_raised():
    class Interrupted(Executor):
        def submit(self, fn, /, *args, **kwargs):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(executor=Interrupted())


# Processes of our own


@pytest.mark.parametrize(("workers", "error"), [(0, InputError), (-1, InputError), (1.5, InputTypeError)])
def test_numbers_of_workers(workers, error):
    with pytest.raises(error, match=r"^processes: workers: must be an integer"):
        processes(workers)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs signals of POSIX")
def test_workers_end_when_the_parent_is_killed(tmp_path):
    script = tmp_path / "parent.py"
    script.write_text(
        textwrap.dedent("""
            import os, time
            from stakingmodels.engine import processes
            if __name__ == "__main__":
                with processes(2) as executor:
                    print(*{f.result() for f in [executor.submit(os.getpid) for _ in range(9)]}, flush=True)
                    time.sleep(60)
        """)
    )
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        workers = [int(word) for word in parent.stdout.readline().split()]
        parent.kill()
    assert workers
    deadline = time.monotonic() + 120.0
    while any(_lives(worker) for worker in workers):
        assert time.monotonic() < deadline, "a worker outlived its parent"
        time.sleep(0.05)


def _lives(process):
    """Whether a process is there, and is not only waiting to be buried."""
    try:
        with open(f"/proc/{process}/stat") as file:  # noqa: PTH123
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_processes_are_spawned():
    with processes(1) as executor:
        assert executor.submit(multiprocessing.get_start_method).result() is not None
