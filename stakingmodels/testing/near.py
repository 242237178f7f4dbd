"""`books_near`: the entries and holdings of a run around one step on one path, in a few lines."""

from stakingmodels.ledger import Entry, Outcome
from stakingmodels.testing.replay import Replay, Slot
from stakingmodels.testing.snapshot import Snapshot

ABOUT_BOOKS = frozenset(
    {"books-close", "replay", "summary", "booked-once", "sign", "commission-bounded", "non-negative"}
)
"""Names of the checks whose messages show the books."""
_ENTRIES = 6


def books_near(outcome: Outcome, snapshot: Snapshot, path: int, step: int | None) -> str:
    """Entries of a step (None for the last) and the one before it on a path, and the holdings after it, as lines."""
    last = snapshot.grid.n_steps - 1 if step is None else step
    near = [each for each in outcome.entries or () if last - 1 <= each.step <= last and each.units[path] != 0.0]
    lines = [f"books on path {path}:", *(f"  {_entry(each, path)}" for each in near[-_ENTRIES:])]
    for slot, units in Replay(outcome, snapshot).held.items():
        if units[last + 1, path] != 0.0:
            lines.append(f"  after step {last}: {float(units[last + 1, path]):.10g} {slot}")
    return "\n".join(lines)


def _entry(entry: Entry, path: int) -> str:
    cause = "moved" if entry.line is None else repr(entry.line)
    return f"step {entry.step}: {cause} {float(entry.units[path]):+.10g} {Slot.of(entry)}"
