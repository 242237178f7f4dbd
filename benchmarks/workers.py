"""How much faster two workers are than one: threads, processes, and a Dask cluster on this machine, by the clock."""

import contextlib
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor

import attrs

from benchmarks import worlds
from benchmarks.timing import Held, Ratio, limits_table, ratio, take_turns
from stakingmodels.engine import processes, simulate
from stakingmodels.engine.simulation import GROUP
from stakingmodels.tables import Table


@contextlib.contextmanager
def _dask(workers: int) -> Iterator[Executor]:
    from distributed import Client, LocalCluster

    with (
        LocalCluster(
            n_workers=workers, threads_per_worker=1, dashboard_address=":0", silence_logs=50, memory_limit=0
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client.get_executor(pure=False)  # a run once more is work once more, not a result that is still there


KINDS: dict[str, tuple[Callable[[int], contextlib.AbstractContextManager[Executor]], float]] = {
    "threads": (ThreadPoolExecutor, 1.4),
    "processes": (processes, 1.7),
    "Dask": (_dask, 1.4),
}
"""How to start workers of each kind, and how much faster two of them must be than one."""


@attrs.frozen
class SpeedUp:
    """Times of one worker over two, and of none (the program's own thread) over two."""

    over_one: Ratio
    over_serial: Ratio


def run(paths: int, executor: Executor | None) -> None:
    """The five products on that many paths."""
    scenario = worlds.scenario_of(worlds.LEVELS)
    simulate(
        worlds.PRODUCTS,
        scenario,
        worlds.GRID,
        capital=worlds.CAPITAL,
        n_paths=paths,
        rng=worlds.SEED,
        executor=executor,
    )


def measure(kind: str, paths: int, rounds: int) -> SpeedUp:
    """Both numbers of workers and the program's own thread in turns; their first run, which starts them, is not timed.

    Workers of other kinds are not there meanwhile, so that nothing of theirs runs beside.
    """
    start, _ = KINDS[kind]
    with start(2) as two, start(1) as one:
        calls = [lambda executor=executor: run(paths, executor) for executor in (None, one, two)]
        serial, alone, both = take_turns(calls, rounds=rounds, clock=time.perf_counter)
    return SpeedUp(ratio(alone, both), ratio(serial, both))


def report(blocks: int, rounds: int) -> str:
    """The table of speed-ups, and how the limits are kept."""
    found = {kind: measure(kind, blocks * GROUP, rounds) for kind in KINDS}
    rows = [(f"2 {kind}", str(each.over_one), str(each.over_serial)) for kind, each in found.items()]
    table = Table("", (f"speed-up, {blocks} blocks, by the clock", "over 1 of the kind", "over none"), rows).to_text()
    limits = [Held(f"2 {kind}", each.over_one.median, KINDS[kind][1], least=True) for kind, each in found.items()]
    return f"{table}\n\n{limits_table('speed-up over one worker', limits)}"
