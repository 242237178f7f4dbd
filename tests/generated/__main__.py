"""The command line: see `tests.generated`."""

import argparse
import json
import sys
from pathlib import Path


def main() -> int:
    """Call, count and tell; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.generated", description=__doc__)
    parser.add_argument("--against", type=Path, metavar="PATH", help="checkout whose library is called, if another")
    parser.add_argument("--only", default="", metavar="PREFIX", help="names after 'stakingmodels.' that begin so")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="every n-th call only")
    parser.add_argument("--offset", type=int, default=0, metavar="N", help="of which the first is another")
    parser.add_argument("--write", type=Path, metavar="FILE", help="every answer but errors of ours, as JSON")
    parser.add_argument("--quiet", action="store_true", help="counts only")
    asked = parser.parse_args()
    if asked.against is not None:
        sys.path.insert(0, str(asked.against.resolve()))
    from tests.generated.report import Tally, table  # the library is loaded here

    tally = Tally.of(asked.only, asked.every, asked.offset)
    if asked.write is not None:
        asked.write.write_text(json.dumps(tally.as_json(), indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(table(tally))
    if not asked.quiet:
        for line in tally.lines():
            sys.stdout.write(line + "\n")
    return 1 if tally.wrong() else 0


if __name__ == "__main__":
    sys.exit(main())
