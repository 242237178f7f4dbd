"""One path, and few: ``python -m benchmarks.small``.

Each product of the fixed workload is run over one path in one `run`: on a market that is given as arrays, in which
nothing is drawn and duties are paid as their mean, and on a market of the scenario, which draws its path each time.
"""

import argparse
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks import machine, workload
from benchmarks.timing import Held, limits_table, ratio, take_turns
from benchmarks.version import ROOT, Version
from stakingmodels import simulate
from stakingmodels.market import CashRate, Event, Factor, Market, MarketRatio
from stakingmodels.rates import DAYS_PER_YEAR
from stakingmodels.scenarios import Streams
from stakingmodels.tables import Table

Call = Callable[[], object]
SIZES = (1, 10, 100, 1_000)
HOLDING = "hold ETH"
LIMITS = {"liquid token": 2.0, "solo validator": 3.0, "cloud mining": 3.0}
"""The most that a product may take over holding, one path in one run on a given market."""
MEMORY_LIMIT_MIB = 60.0
"""The most that a fresh process may ever have had in memory, Python and numpy included, for 1,000 paths."""
_LEAST_SECONDS = 0.05  # of one timing; shorter calls are repeated


def given_market(work: workload.Workload) -> Market:
    """One path of every level as an array, the constants, and no event."""
    rng, given = np.random.default_rng(work.seed), workload.read()
    levels, constants = workload.factors(given)
    shape = (work.grid.n_times, 1)
    series: dict[Factor, Any] = dict(constants)
    for name, level in given["levels"].items():
        moves = rng.standard_normal(shape) * level["volatility"] / np.sqrt(DAYS_PER_YEAR)
        series[levels[name]] = level["initial_level"] * np.exp(np.cumsum(moves, axis=0))
    peg = given["ratio"]
    series[MarketRatio(peg["token"])] = peg["mean"] + peg["standard_deviation"] * rng.standard_normal(shape)
    events = {f for product in work.products.values() for f in product.factors if isinstance(f, Event)}
    return Market(work.grid, series | dict.fromkeys(events, np.zeros(shape, dtype=np.bool_)))


def drawn_market(work: workload.Workload, name: str) -> Market:
    """One path of what a product reads, which the scenario draws anew at each reading."""
    factors = work.products[name].factors | {CashRate("USD")}
    return work.scenario.market(work.grid, factors, streams=Streams(work.seed), n_paths=1)


def _repeated(call: Call) -> tuple[Call, int]:
    """A call often enough to be timed, and how often that is."""
    call()
    start = time.process_time()
    call()
    times = max(1, round(_LEAST_SECONDS / max(time.process_time() - start, 1e-5)))

    def often() -> None:
        for _ in range(times):
            call()

    return often, times


def _seconds(calls: Sequence[Call], rounds: int) -> npt.NDArray[np.float64]:
    """Seconds of one call of each in every round, ``(calls, rounds)``, in turns."""
    often = [_repeated(call) for call in calls]
    return take_turns([call for call, _ in often], rounds=rounds) / np.array([[times] for _, times in often])


def one_path(work: workload.Workload, rounds: int) -> str:
    """The table of every product over one path, and how the limits are kept."""
    given, names = given_market(work), list(work.products)
    runs = [partial(work.products[name].run, given, capital=work.capital) for name in names]
    drawn = [partial(work.products[n].run, drawn_market(work, n), capital=work.capital) for n in names]
    quotes = [partial(work.products[name].quote, given, capital=work.capital) for name in names]
    kinds = np.split(_seconds([*runs, *drawn, *quotes], rounds), 3)
    at = names.index(HOLDING)
    over = [[ratio(row, seconds[at]) for row in seconds] for seconds in kinds[:2]]
    rows = []
    for i, name in enumerate(names):
        given_ms, drawn_ms, quote_ms = (f"{np.median(seconds[i]) * 1e3:.2f}" for seconds in kinds)
        rows.append((name, given_ms, str(over[0][i]), drawn_ms, str(over[1][i]), quote_ms))
    columns = ("one path in one run", "given ms", f"over {HOLDING}", "drawn ms", f"over {HOLDING}", "quote ms")
    held = [Held(f"{name}, given", over[0][names.index(name)].median, most) for name, most in LIMITS.items()]
    return f"{Table('', columns, rows).to_text()}\n\n{limits_table('times over holding', held)}"


def few(work: workload.Workload, rounds: int) -> str:
    """The table of simulations of all eight products."""
    how = {"capital": work.capital, "rng": work.seed}
    calls = [partial(simulate, work.products, work.scenario, work.grid, n_paths=n, **how) for n in SIZES]
    seconds = _seconds(calls, rounds)
    rows = [
        (f"{n:,}", f"{np.median(row) * 1e3:.1f}", str(ratio(row, seconds[0])))
        for n, row in zip(SIZES, seconds, strict=True)
    ]
    return Table("", ("paths of eight products", "ms", "over 1 path"), rows).to_text()


def memory() -> str:
    """The peak of a fresh process that simulates the largest size."""
    with Version(ROOT, "new") as fresh:
        fresh.ask("run", n_paths=SIZES[-1], times=1)
        peak = fresh.ask("peak") / 2.0**20
    return limits_table("MiB in all", [Held(f"{SIZES[-1]:,} paths in a fresh process", peak, MEMORY_LIMIT_MIB)])


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.small", description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    work = workload.build("new")
    print(f"{machine.describe()}\n{rounds} rounds in turns, by processor time: median (quartiles)", flush=True)
    for table in (one_path(work, rounds), few(work, rounds), memory()):
        print(f"\n{table}", flush=True)


if __name__ == "__main__":
    main()
