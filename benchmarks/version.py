"""A version of the library that runs the workload in a long-lived process of its own.

The process is this file as a program, ``version.py CHECKOUT VERSION``: it takes jobs as lines of JSON, answers each
with a line, and ends with its input. It imports the library from the checkout, and of the benchmarks only `workload`.
"""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).parent.parent
OLD = "0ebcfe6"
"""The commit that the workload is measured against."""
_LEAST_SECONDS = 0.2  # of processor time; shorter jobs are repeated

Job = Callable[..., object]


@contextlib.contextmanager
def checkout(commit: str = OLD) -> Iterator[Path]:
    """The library as of a commit of this repository, in a temporary folder that is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="stakingmodels-") as name:
        command = ["git", "-C", str(ROOT), "archive", commit, "stakingmodels"]
        found = subprocess.run(command, capture_output=True, check=False)  # noqa: S603
        if found.returncode:
            said = found.stderr.decode().strip()
            raise SystemExit(f"commit {commit} must be in the history of {ROOT}; fetch all of it: {said}")
        subprocess.run(["tar", "-x", "-C", name], input=found.stdout, check=True)  # noqa: S603, S607
        yield Path(name)


class Version:
    """The process; a context manager that ends it.

    Attributes
    ----------
    exit_code
        Its exit code, once it has ended.
    """

    def __init__(self, root: Path, version: str, environment: dict[str, str] | None = None) -> None:
        command = [sys.executable, "-W", "ignore", __file__, str(root), version]
        self._process = subprocess.Popen(  # noqa: S603  # this file
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=root,
            env={**os.environ, "PYTHONPATH": "", **(environment or {})},
        )
        self._times: dict[str, int] = {}
        self.exit_code: int | None = None

    def ask(self, what: str, **job: Any) -> Any:
        """The answer to a job."""
        pipes = self._process.stdin, self._process.stdout
        if pipes[0] is None or pipes[1] is None:
            raise TypeError("the process has no pipes")
        pipes[0].write(json.dumps({"what": what, **job}) + "\n")
        pipes[0].flush()
        line = pipes[1].readline()
        if not line:
            raise SystemExit(f"the process with the library of {self._process.args!r} ended with {what} {job}")
        return json.loads(line)

    def seconds(self, what: str, **job: Any) -> float:
        """Processor time of a job in its process; the first time it is made once before, and repeated if short."""
        key = json.dumps([what, job])
        if key not in self._times:
            first = self.ask(what, times=1, **job)
            if first < _LEAST_SECONDS:
                first = self.ask(what, times=1, **job)
            self._times[key] = max(1, round(_LEAST_SECONDS / max(first, 1e-4)))
        return float(self.ask(what, times=self._times[key], **job))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.stdin is not None:
            self._process.stdin.close()
        self.exit_code = self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()


def _jobs(version: str) -> dict[str, Job]:
    """What the process can be asked to do with the library that it has imported."""
    workload = _workload()
    run, work = workload.load(version), workload.build(version)
    jobs: dict[str, Job] = {
        "run": lambda n_paths, names=(): run(n_paths, tuple(names)),
        "draw": lambda n_paths, names=(): _draw(version, work, n_paths, names),
    }
    if version == "new":
        jobs |= _costs(workload)
    return jobs


def _workload() -> Any:
    """The module beside this file, without the other modules there."""
    import importlib.util

    found = importlib.util.spec_from_file_location("workload", Path(__file__).with_name("workload.py"))
    if found is None or found.loader is None:
        raise ImportError(f"there is no workload.py beside {__file__}")
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def _read(work: Any, names: Any) -> frozenset[Any]:
    """The factors that a run of some products reads."""
    from stakingmodels.market import CashRate

    asked = [work.products[name].factors for name in names or work.products]
    return frozenset({CashRate("USD")}).union(*asked)


def _draw(version: str, work: Any, n_paths: int, names: Any) -> None:
    """Draw what the products read in parts as a run does, and do nothing with it."""
    for market in (_markets if version == "new" else _old_markets)(work, n_paths, _read(work, names)):
        for _ in market.chunks():
            pass


def _markets(work: Any, n_paths: int, factors: frozenset[Any]) -> Iterator[Any]:
    from stakingmodels.engine.simulation import PART
    from stakingmodels.scenarios import Streams

    for start in range(0, n_paths, PART):
        streams = Streams(work.seed, first_path=start)
        yield work.scenario.market(work.grid, factors, streams=streams, n_paths=min(PART, n_paths - start))


def _old_markets(work: Any, n_paths: int, factors: frozenset[Any]) -> Iterator[Any]:
    import importlib

    width = importlib.import_module("stakingmodels.scenarios").BLOCK
    streams = importlib.import_module("stakingmodels.scenarios").Streams
    beside = importlib.import_module("stakingmodels.market.beside").beside
    for start in range(0, n_paths, 2 * width):
        blocks = range(start // width, -(-min(start + 2 * width, n_paths) // width))
        yield beside(
            [
                work.scenario.market(
                    work.grid,
                    factors,
                    streams=streams(work.seed, block=block),
                    paths=min(width, n_paths - block * width),
                )
                for block in blocks
            ]
        )


def _costs(workload: Any) -> dict[str, Job]:
    """Runs of this version with and without what right numbers cost."""
    import attrs
    import numpy as np

    from stakingmodels import simulate
    from stakingmodels.engine.run import run_block
    from stakingmodels.products.staking.duty_draws import DutyDraws

    work, drawn = workload.build("new"), workload.with_queues()
    mean_duties = {"solo validator": {"random_duties": False}}

    def simulated(of: Any, n_paths: int, names: Any, changed: dict[str, Any] | None = None) -> None:
        products = {name: of.products[name] for name in names or of.products}
        for name, terms in (changed or {}).items():
            products[name] = attrs.evolve(products[name], **terms)
        simulate(products, of.scenario, of.grid, capital=of.capital, rng=of.seed, n_paths=n_paths)

    def without_seats(n_paths: int, names: Any = ()) -> None:
        none, kept = (np.empty(0, dtype=np.int64), np.empty(0)), DutyDraws.seats
        DutyDraws.seats = lambda *_: none  # type: ignore[method-assign]  # this process alone, and not for long
        try:
            simulated(work, n_paths, names)
        finally:
            DutyDraws.seats = kept  # type: ignore[method-assign]

    def blocks(n_paths: int, names: Any = (), *, verified: bool) -> None:
        products = {name: work.products[name] for name in names or work.products}
        for market in _markets(work, n_paths, _read(work, names)):
            run_block(products, market, work.capital, "totals", verified=verified)

    return {
        "drawn queues": lambda n_paths, names=(): simulated(drawn, n_paths, names),
        "mean duties": lambda n_paths, names=(): simulated(work, n_paths, names, mean_duties),
        "no seats": without_seats,
        "verified": lambda n_paths, names=(): blocks(n_paths, names, verified=True),
        "unverified": lambda n_paths, names=(): blocks(n_paths, names, verified=False),
    }


def _serve(root: str, version: str) -> None:
    """Answer jobs until the input ends."""
    sys.path[0] = root  # in place of the folder of this file
    import stakingmodels

    if not Path(stakingmodels.__file__).is_relative_to(Path(root)):
        raise SystemExit(f"{stakingmodels.__file__} was imported in place of that of {root}")
    answers, jobs = sys.stdout, _jobs(version)
    sys.stdout = sys.stderr  # nothing but answers goes into the pipe
    for line in sys.stdin:
        job = json.loads(line)
        what = job.pop("what")
        told = _TOLD[what]() if what in _TOLD else _timed(jobs[what], **job)
        answers.write(json.dumps(told) + "\n")
        answers.flush()


def _vectors() -> list[str]:
    """Features of the processor that numpy found beyond those that it was built for."""
    import numpy as np

    return list(np.show_config(mode="dicts")["SIMD Extensions"].get("found", []))


def _timed(work: Job, *, times: int, **job: Any) -> float:
    start = time.process_time()
    for _ in range(times):
        work(**job)
    return (time.process_time() - start) / times


def peak_bytes() -> int:
    """The largest resident size that this process has had.

    Linux counts the parent's memory in `ru_maxrss` of a child that was started by vfork, as `subprocess` does; the
    high-water mark of the address space itself does not have that flaw.
    """
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 2**10
    import resource  # not there on Windows

    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size if sys.platform == "darwin" else size * 2**10


_TOLD: dict[str, Callable[[], object]] = {"peak": peak_bytes, "vectors": _vectors}
"""What a process tells of itself."""

if __name__ == "__main__":
    _serve(*sys.argv[1:])
