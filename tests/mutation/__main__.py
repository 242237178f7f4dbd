"""The command line: see `tests.mutation`."""

import argparse
import json
import os
import sys
import time
import traceback
from collections import Counter
from pathlib import Path
from typing import Any

from tests.mutation.rooms import ROOMS, sources, tests
from tests.mutation.survivors import excused

KEPT = Path("/tmp") / f"stakingmodels-mutation-{os.getuid()}"  # noqa: S108 - results that anyone may make again


def main() -> None:
    """Run or list."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("rooms", nargs="+", choices=ROOMS, metavar="ROOM", help=", ".join(ROOMS))
    parser.add_argument("--kept", type=Path, default=KEPT, help="folder of what was seen and of the results")
    parser.add_argument("--sample", type=int, help="so many faults of each room, always the same ones")
    parser.add_argument("--only", default="", help="faults of functions whose path::name holds this")
    parser.add_argument("--also", action="append", default=[], metavar="TESTS", help="tests beside the room's own")
    parser.add_argument("--again", action="store_true", help="the survivors again, with all examples of properties")
    parser.add_argument("--seconds", type=float, default=20.0, help="of tests that a fault is given (20)")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="no new fault is begun after so many")
    parser.add_argument("--list", action="store_true", help="scores and survivors of earlier runs; nothing is run")
    parser.add_argument("--more", action="append", default=[], metavar="TESTS", help="look at tests that are new, too")
    parser.add_argument("--branches", action="store_true", help="lines and branches that no test takes")
    args = parser.parse_args()
    began, wrong = time.time(), False
    for room in args.rooms:
        folder = args.kept / room
        folder.mkdir(parents=True, exist_ok=True)
        if args.branches or (not args.list and not (folder / "tests.json").exists()):
            wrong |= bool(_look(folder, [*tests(room), *args.also])) and args.branches
        elif args.more:
            _look(folder, args.more, more=True)
        if args.branches:
            from tests.mutation.branches import missed, unlike

            found, sums = missed(folder, sources(room))
            differences = unlike(room, found)
            print(*(each.told() for each in found), *differences, f"{room}: {sums}", sep="\n")  # noqa: T201
            wrong |= bool(differences)
        elif not args.list:
            from tests.mutation.forked import Plan, run

            until = began + 60 * args.minutes
            run(
                Plan(
                    room,
                    folder,
                    folder / "results.jsonl",
                    args.sample,
                    args.again,
                    args.seconds,
                    until,
                    args.only,
                    tuple(args.also),
                    frozenset(excused()),
                )
            )
        if not args.branches:
            wrong |= _tell(room, folder / "results.jsonl", everything=args.list)
    if wrong:
        sys.exit(1)


def _look(folder: Path, paths: list[str], *, more: bool = False) -> list[str]:
    """Run the tests and tell which fail: what only they take is said to be taken, and they kill nothing."""
    os.environ.setdefault("HYPOTHESIS_PROFILE", "brief")
    from tests.mutation.seen import look

    child = os.fork()  # what this run leaves in memory stays out of the forks
    if not child:
        code = 1
        try:
            look(paths, folder, more=more)
            code = 0
        except BaseException:  # noqa: BLE001 - the fork must end here, whatever happens
            traceback.print_exc()
        finally:
            os._exit(code)
    if os.waitpid(child, 0)[1]:
        message = "the tests did not come to their end"
        raise RuntimeError(message)
    failed: list[str] = json.loads((folder / "tests.json").read_text())["failed"]
    for each in failed:
        print("fails without a fault:", each)  # noqa: T201
    return failed


def _tell(room: str, path: Path, *, everything: bool) -> bool:
    """Print the score; whether a fault was killed that is said to be one that nobody can notice."""
    from tests.mutation.forked import keys, results

    kept = results(path)
    every = keys(room)
    told = {key: kept[key] for key in every if key in kept}  # lines of what has changed since are left out
    said = excused()
    states: Counter[str] = Counter()
    left: list[dict[str, Any]] = []
    for key, each in told.items():
        state = each["state"]
        if state in {"survived", "no test"}:
            state = "equivalent" if key in said else state
            if state != "equivalent":
                left.append(each)
        states[state] += 1
    killed = states["killed"] + states["timeout"]
    sums = killed + states["survived"] + states["no test"] + states["equivalent"]
    capped = sum(each["left_out"] > 0 and each["state"] == "survived" for each in told.values())
    minutes = sum(each["seconds"] for each in told.values()) / 60
    print(  # noqa: T201
        f"{room}: {sums} of {len(every)} faults tried, {killed} killed ({killed / max(sums, 1):.1%}; "
        f"{killed / max(sums - states['equivalent'], 1):.1%} of those that can be noticed), {dict(states)}, "
        f"{capped} survivors whose slower tests were left out, {minutes:.1f} minutes"
    )
    noticed = [key for key in told if key in said and told[key]["state"] in {"killed", "timeout"}]
    for key in noticed:
        print("  killed, but in survivors.toml:", *key, "by", told[key]["by"])  # noqa: T201
    for each in left if everything else []:
        where = f"{each['path']}::{each['function']}"
        print(f"  {where}  {each['line']}  [{each['change']}, {each['nth']}]  {each['state']}")  # noqa: T201
    return bool(noticed)


if __name__ == "__main__":
    main()
