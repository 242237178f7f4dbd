"""Slots, epochs and years: how long they take, and the years that inflation counts."""

from collections.abc import Mapping
from itertools import pairwise
from types import MappingProxyType

import attrs

from stakingmodels import checks

SLOTS_PER_EPOCH = 432_000
"""Source: anza-xyz/solana-sdk clock/src/lib.rs, DEFAULT_SLOTS_PER_EPOCH; SIMD-0525 keeps it."""
DAYS_PER_YEAR = 365.242_199
"""The protocol's year, of which a slot is a part. Source: anza-xyz/solana-sdk time-utils, SECONDS_PER_YEAR."""
INFLATION_START_EPOCH = 149
"""First epoch of year 0 on the main network: the epoch before the one in which full inflation was activated (slot
64,800,004, epoch 150). Source: anza-xyz/agave runtime/src/bank.rs, get_inflation_num_slots."""
_MS_PER_DAY = 86_400_000
_EPOCHS = 10**9
_SLOT_MS = 10_000

_SLOTS_PER_YEAR: Mapping[int, float] = MappingProxyType(
    {
        400: 78_892_314.984,
        350: 90_162_645.696,
        300: 105_189_753.312,
        250: 126_227_703.974,
        200: 157_784_629.968,
    }
)
"""Rounded as the banks hold them. Source: solana-foundation/solana-improvement-documents,
proposals/0525-reduce-slot-times.md at 6aa1a47, Timing Values."""


def slots_per_year(slot_ms: int) -> float:
    """Slots of the protocol's year of 365.242199 days: the table of SIMD-0525, and the exact quotient outside it."""
    ms = checks.integer("slots_per_year: slot_ms", slot_ms, 1, _SLOT_MS)
    return _SLOTS_PER_YEAR.get(ms, DAYS_PER_YEAR * _MS_PER_DAY / ms)


def epoch_days(slot_ms: int) -> float:
    """Days of an epoch: 2 at 400 ms, 1 at 200 ms."""
    return SLOTS_PER_EPOCH * checks.integer("epoch_days: slot_ms", slot_ms, 1, _SLOT_MS) / _MS_PER_DAY


def epoch_duration_in_years(slot_ms: int) -> float:
    """The part of a year for which an epoch is paid. Source: anza-xyz/agave runtime/src/bank.rs, the same name."""
    return SLOTS_PER_EPOCH / slots_per_year(slot_ms)


def _stage(where: str, value: object) -> tuple[int, int]:
    """A pair of first epoch and slot time."""
    if not (isinstance(value, tuple) and len(value) == 2):
        checks.refuse_type(where, "must hold pairs (first epoch, slot_ms)", value)
    first, ms = value
    return (
        checks.integer(f"{where}: first epoch", first, 0, _EPOCHS),
        checks.integer(f"{where}: slot_ms", ms, 1, _SLOT_MS),
    )


def _stages(where: str, value: object) -> tuple[tuple[int, int], ...]:
    """Pairs from epoch 0 on, in order."""
    stages = tuple(_stage(where, each) for each in checks.instance(where, value, tuple, "((0, 400), (1020, 350))"))
    epochs = [first for first, _ in stages]
    if epochs[:1] != [0] or any(later <= earlier for earlier, later in pairwise(epochs)):
        checks.refuse(where, "must begin at epoch 0 and be in order of their first epochs", epochs)
    return stages


@attrs.frozen
class SlotTimes:
    """Duration of slots, by epoch.

    Parameters
    ----------
    stages
        Pairs (first epoch, milliseconds a slot), in order, the first from epoch 0 on.
    """

    stages: tuple[tuple[int, int], ...] = attrs.field(validator=checks.field(_stages))

    def slot_ms(self, epoch: int) -> int:
        """Milliseconds a slot in an epoch."""
        number = checks.integer("SlotTimes.slot_ms: epoch", epoch, 0, _EPOCHS)
        return next(ms for first, ms in reversed(self.stages) if first <= number)

    def inflation_year(self, epoch: int, start_epoch: int = INFLATION_START_EPOCH) -> float:
        """Years of inflation before the first slot of an epoch; each slot counts by the slot time of its own epoch.

        Source: proposals/0525-reduce-slot-times.md, Runtime Changes; before it, slots since the start over slots a
        year (anza-xyz/agave runtime/src/bank.rs, slot_in_year_for_inflation).
        """
        where = "SlotTimes.inflation_year"
        start = checks.integer(f"{where}: start_epoch", start_epoch, 0, _EPOCHS)
        end = checks.integer(f"{where}: epoch", epoch, start, _EPOCHS)
        firsts = [first for first, _ in self.stages]
        years = 0.0
        for (first, ms), following in zip(self.stages, [*firsts[1:], end], strict=True):
            epochs = min(following, end) - max(first, start)
            years += max(epochs, 0) * SLOTS_PER_EPOCH / slots_per_year(ms)
        return years


MAINNET_SLOT_TIMES = SlotTimes(((0, 400), (1020, 350), (1024, 300), (1037, 250)))
"""The main network as of September 2026; 200 ms is coded and has no date. Sources: solana-foundation/solana-go pull
request 483 (350 ms from epoch 1020), solana-foundation/solana-com pull requests 1970 (300 ms from 1024) and 2123
(250 ms from 1037)."""
