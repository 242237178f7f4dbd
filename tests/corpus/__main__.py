"""The command line: see `tests.corpus`."""

import argparse
import json
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

from tests.corpus import analyses, markets, products, protocols, runs
from tests.corpus.digest import digest


def cases() -> dict[str, Callable[[], object]]:
    """Every case by its name."""
    found: dict[str, Callable[[], object]] = {}
    for part in (products.cases(), markets.cases(), runs.cases(), analyses.cases(), protocols.cases()):
        if found.keys() & part.keys():
            raise ValueError(f"two cases of one name: {sorted(found.keys() & part.keys())}")
        found |= part
    return found


def computed(only: str, *, slowest: int = 0) -> dict[str, str]:
    """The hash of each case whose name holds a text."""
    found: dict[str, str] = {}
    seconds: dict[str, float] = {}
    with warnings.catch_warnings(action="ignore"):
        for name, case in cases().items():
            if only in name:
                begun = time.perf_counter()
                found[name] = digest(case())
                seconds[name] = time.perf_counter() - begun
    for name in sorted(seconds, key=seconds.__getitem__, reverse=True)[:slowest]:
        sys.stdout.write(f"{seconds[name]:6.2f} s  {name}\n")
    return found


def main() -> int:
    """Write, or check; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.corpus", description=sys.modules["tests.corpus"].__doc__)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--write", type=Path, metavar="FILE")
    what.add_argument("--check", type=Path, metavar="FILE")
    parser.add_argument("--only", default="", metavar="SUBSTRING")
    parser.add_argument("--slowest", type=int, default=0, metavar="N", help="tell the slowest cases")
    asked = parser.parse_args()
    found = computed(asked.only, slowest=asked.slowest)
    if asked.write is not None:
        asked.write.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        sys.stdout.write(f"{len(found)} cases written\n")
        return 0
    known = {name: x for name, x in json.loads(asked.check.read_text("utf-8")).items() if asked.only in name}
    wrong = {name: "differs" for name in known.keys() & found.keys() if known[name] != found[name]}
    wrong |= dict.fromkeys(known.keys() - found.keys(), "is not computed any more")
    wrong |= dict.fromkeys(found.keys() - known.keys(), "is not in the file")
    for name in sorted(wrong):
        sys.stdout.write(f"{name}: {wrong[name]}\n")
    sys.stdout.write(f"{len(found)} cases, {len(wrong)} wrong\n")
    return 1 if wrong or not found else 0


if __name__ == "__main__":  # worker processes import this file
    sys.exit(main())
