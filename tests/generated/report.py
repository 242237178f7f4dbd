"""Counts of answers by room, and those that are wrong by callable and argument."""

import collections
import sys
import time
from collections.abc import Iterator
from typing import Any

import attrs

from tests.generated.allowed import reason
from tests.generated.good import WHY, good_call
from tests.generated.names import ROOT, callees
from tests.generated.trial import VERDICTS, Answer, answers

BAD_VERDICTS = {"raw", "hang", "memory"}


@attrs.define
class Tally:
    """Answers of all calls."""

    answers: list[Answer]
    reached: dict[str, int]
    """Callables with a good call, by room."""
    callables: dict[str, int]
    missed: dict[str, str]
    """Callables without one, and the first error of those that were tried."""

    @classmethod
    def of(cls, only: str = "", every: int = 1, offset: int = 0) -> "Tally":
        """Every call of the names that begin with a text, of all rooms if it is empty."""
        tally = cls([], collections.Counter(), collections.Counter(), {})
        for place, callee in enumerate(each for each in callees() if each.path.startswith(f"{ROOT}.{only}")):
            tally.callables[callee.room] += 1
            begun = time.monotonic()
            call = good_call(callee)
            if call is None:
                tally.missed[callee.path] = WHY.get(callee.path, "no object that has it")
                continue
            tally.reached[callee.room] += 1
            tally.answers += answers(call, every, offset + place)
            if (took := time.monotonic() - begun) > 30:
                sys.stderr.write(f"{callee.path}: {took:.0f} s\n")
        return tally

    def wrong(self) -> list[Answer]:
        """Raw errors, hangs and lack of memory without a reason."""
        return [each for each in self.answers if each.verdict in BAD_VERDICTS and reason(each) is None]

    def lines(self) -> Iterator[str]:
        """Wrong answers, and arguments accepted though not of their type, by callable and argument."""
        for path, why in sorted(self.missed.items()):
            yield f"not reached  {path}: {why}"
        groups: dict[tuple[str, str, str], list[Answer]] = collections.defaultdict(list)
        for each in self.answers:
            if (each.verdict in BAD_VERDICTS or each.verdict == "unfit") and reason(each) is None:
                kind = each.text.partition(":")[0] if each.verdict == "raw" else ""
                groups[each.verdict, each.place, kind].append(each)
        for (verdict, place, _), found in sorted(groups.items()):
            yield f"{verdict}  {place}  {', '.join(each.value for each in found)}: {found[0].text}"

    def as_json(self) -> dict[str, Any]:
        """All but errors of ours and what was accepted."""
        kept = [attrs.asdict(each) for each in self.answers if each.verdict not in {"ours", "accepted"}]
        return {"reached": self.reached, "callables": self.callables, "missed": self.missed, "answers": kept}


def table(tally: Tally) -> str:
    """Counts by room, and their sum."""
    counts = collections.Counter((each.room, each.verdict) for each in tally.answers)
    rows: list[tuple[Any, ...]] = [
        (room, tally.callables[room], tally.reached[room], *(counts[room, verdict] for verdict in VERDICTS))
        for room in sorted(tally.callables)
    ]
    whole: tuple[Any, ...] = ("all", *(sum(row[place] for row in rows) for place in range(1, 3 + len(VERDICTS))))
    head: tuple[Any, ...] = ("room", "callables", "reached", *VERDICTS)
    lines = [
        f"{row[0]:34}{''.join(f'{each:>11}' for each in row[1:])}{sum(row[3:]) if row[0] != 'room' else 'calls':>11}"
        for row in (head, *rows, whole)
    ]
    return "\n".join(lines) + "\n"
