"""``python -m benchmarks [--quick]``: speed against numba kernels that do the same work, import time, peak memory."""

import argparse
import platform
from pathlib import Path

import attrs
import numba
import numpy as np

from benchmarks import agreement, imports, memory, sides, worlds
from benchmarks.timing import Ratio, ratio, take_turns
from stakingmodels.scenarios import BLOCK
from stakingmodels.tables import plain_table

LIMIT = 2.7


@attrs.frozen
class Size:
    """How long to measure."""

    blocks: int
    rounds: int
    starts: int


FULL = Size(blocks=2, rounds=31, starts=21)
QUICK = Size(blocks=1, rounds=7, starts=7)


@attrs.frozen
class Speed:
    """Product-path-steps a second of the library, and its time over that of the kernel."""

    steps_per_second: float
    over_numba: Ratio


def speed(calls: tuple[sides.Call, sides.Call], steps: int, rounds: int) -> Speed:
    """Measure the two sides of some work of this many product-path-steps."""
    ours, theirs = take_turns(calls, rounds=rounds)
    return Speed(steps / float(np.median(ours)), ratio(ours, theirs))


def machine() -> str:
    """Processor and versions."""
    processor = platform.processor() or platform.machine()
    described = Path("/proc/cpuinfo")
    if described.exists():
        names = [line.partition(":")[2] for line in described.read_text().splitlines() if line.startswith("model name")]
        processor = names[0].strip() if names else processor
    return (
        f"{processor}; Python {platform.python_version()}, numpy {np.__version__}, numba {numba.__version__}, "
        f"attrs {attrs.__version__}"
    )


def check_agreement() -> str:
    """The largest difference between kernels and library; ends the program where they do different work."""
    worst = agreement.worst()
    found = f"largest relative difference {worst:.1e}"
    if worst > agreement.TOLERANCE:
        raise SystemExit(f"the kernels do not do the library's work: {found}, see tests/benchmarks")
    return f"Every sum of every product agrees with its kernel: {found}."


def speeds(size: Size) -> str:
    """The table of speeds, and the largest ratio."""
    paths = size.blocks * BLOCK
    given = sides.given_paths(BLOCK)
    rows, ratios = [], {}
    for name in worlds.PRODUCTS:
        alone = speed(sides.product_sides(name, size.blocks), paths * sides.STEPS, size.rounds)
        books = speed(sides.books_sides(name, given), BLOCK * sides.STEPS, size.rounds)
        rows.append((name, _millions(alone), str(alone.over_numba), str(books.over_numba)))
        ratios[name] = alone.over_numba.median
    whole = speed(sides.whole_sides(size.blocks), paths * sides.STEPS * len(worlds.PRODUCTS), size.rounds)
    rows.append(("whole", _millions(whole), str(whole.over_numba), ""))
    ratios["whole"] = whole.over_numba.median
    drawing = speed(sides.worlds_sides(size.blocks), paths * sides.STEPS, size.rounds)
    rows.append(("drawing the levels only", _millions(drawing), str(drawing.over_numba), ""))
    worst = max(ratios, key=ratios.__getitem__)
    table = plain_table(("", "million steps/s", "time over numba", "... on given paths"), rows)
    return f"{table}\nLargest: {worst}, {ratios[worst]:.2f}, {_verdict(ratios[worst], LIMIT)} the limit of {LIMIT:g}"


def start_up(size: Size) -> str:
    """The table of import times."""
    found = imports.measure(size.starts)
    rows = [
        (case, str(times["processor"]), str(times["wall"]), _verdict(times["processor"].median, imports.LIMIT))
        for case, times in found.items()
    ]
    headers = (f"time over `{imports.BASE}`", "processor", "wall", f"limit {imports.LIMIT:g}")
    return plain_table(headers, rows)


def peaks() -> str:
    """The table of peak memory."""
    found = memory.measure()
    rows = [(case, f"{mib:.0f}", _verdict(mib, memory.LIMIT_MIB)) for case, mib in found.items()]
    return plain_table(("peak memory", "MiB", f"limit {memory.LIMIT_MIB:g}"), rows)


def _millions(found: Speed) -> str:
    return f"{found.steps_per_second / 1e6:.0f}"


def _verdict(value: float, limit: float) -> str:
    return "within" if value <= limit else "above"


def main() -> None:
    """Print everything, part by part as it is measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="under a minute, with wider spreads")
    size = QUICK if parser.parse_args().quick else FULL
    print(machine())
    print(f"{size.blocks * BLOCK:,} paths of {sides.STEPS} steps, {size.rounds} rounds in turns: median (quartiles)\n")
    print(check_agreement(), end="\n\n", flush=True)
    print(speeds(size), end="\n\n", flush=True)
    print(start_up(size), end="\n\n", flush=True)
    print(peaks())


if __name__ == "__main__":
    main()
