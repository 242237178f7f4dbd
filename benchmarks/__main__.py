"""``python -m benchmarks [--quick] [part ...]``: the library's speed and memory beside kernels and other libraries."""

import argparse
from collections.abc import Callable

import attrs
import numba

from benchmarks import agreement, books, coins, holders, imports, machine, measures, prices, scale, workers
from stakingmodels.engine.simulation import GROUP


@attrs.frozen
class Size:
    """How much is measured: blocks of paths, rounds in turns, and paths of the largest run."""

    blocks: int
    rounds: int
    workers_blocks: int
    workers_rounds: int
    starts: int
    most_paths: int


FULL = Size(blocks=2, rounds=15, workers_blocks=32, workers_rounds=3, starts=21, most_paths=1_000_000)
QUICK = Size(blocks=1, rounds=3, workers_blocks=4, workers_rounds=2, starts=5, most_paths=100_000)


def the_books(size: Size) -> str:
    """The main comparison, of which nothing is printed if the kernels do other work than the library."""
    worst = agreement.worst()
    found = f"largest relative difference {worst:.1e}"
    if worst > agreement.TOLERANCE:
        raise SystemExit(f"the kernels do not do the library's work: {found}, see tests/benchmarks")
    return f"Every sum of every product agrees with its kernels: {found}.\n\n{books.report(size.blocks, size.rounds)}"


PARTS: dict[str, tuple[str, Callable[[Size], str]]] = {
    "books": ("Five products, alone and together", the_books),
    "prices": ("Drawing prices", lambda size: prices.report(size.blocks, size.rounds)),
    "measures": ("Measures of paths", lambda size: measures.report(size.blocks, size.rounds)),
    "holders": ("Ten thousand holders on one market", lambda size: holders.report(size.rounds)),
    "coins": ("Ten coins beside three", lambda size: coins.report(size.blocks, size.rounds)),
    "workers": ("Two workers", lambda size: workers.report(size.workers_blocks, size.workers_rounds)),
    "scale": ("Time and memory by paths", lambda size: scale.report(size.most_paths)),
    "imports": ("Import", lambda size: imports.report(size.starts)),
}


def main() -> None:
    """Print the parts that are asked for, each as it is measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"of {', '.join(PARTS)}; all by default")
    parser.add_argument("--quick", action="store_true", help="a few minutes, with wider spreads and no largest run")
    asked = parser.parse_args()
    if unknown := sorted(set(asked.parts) - PARTS.keys()):
        parser.error(f"there is no part {', '.join(unknown)}; there are {', '.join(PARTS)}")
    size = QUICK if asked.quick else FULL
    print(f"{machine.describe()}\nnumba {numba.__version__}, attrs {attrs.__version__}")
    print(f"{size.blocks * GROUP:,} paths, {size.rounds} rounds in turns: median (quartiles)", flush=True)
    for part in asked.parts or PARTS:
        title, report = PARTS[part]
        print(f"\n{title}\n{'=' * len(title)}\n\n{report(size)}", flush=True)


if __name__ == "__main__":
    main()
