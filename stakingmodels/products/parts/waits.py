"""Waiting times as terms: a number of days, or the days of a chain's queue as the market has them on each path."""

from typing import Any

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import PathValue
from stakingmodels.market import EntryWait, ExitWait, Factor, Now
from stakingmodels.products.parts import assumed

EntryDays = float | EntryWait
"""Days until a deposit begins to earn: a number, or ``EntryWait("ETH")``."""
ExitDays = float | ExitWait
"""Days from the request to leave to its completion: a number, or ``ExitWait("ETH")``."""

ETH_ENTRY_DAYS = assumed.ENTRY_DAYS.base
"""Days in Ethereum's activation queue: the median of the 357 recorded days of 2025-08-23 to 2026-08-22, which range
from 1.9 to 71.4. etheralpha/validatorqueue-com @ f6a337c (MIT; upstream beaconcha.in)."""
ETH_EXIT_DAYS = assumed.EXIT_DAYS.base
"""Days in Ethereum's exit queue: the median of the same days, which range from 0 to 46.4."""


def days_of(now: Now, days: EntryDays | ExitDays) -> PathValue:
    """Days of wait for joining at the interval's end: a number, or one per path in an array of its own."""
    if not isinstance(days, Factor):
        return days
    wait = now[days]
    return wait.copy() if isinstance(wait, np.ndarray) else wait  # the rows of a market are reused


def waits_of(terms: Any) -> set[Factor]:
    """Queues that terms read from the market."""
    return {term for field in attrs.fields(type(terms)) if isinstance(term := getattr(terms, field.name), Wait)}


def check_waits(terms: Any) -> None:
    """Refuse the queue of another chain."""
    for field in attrs.fields(type(terms)):
        term = getattr(terms, field.name)
        if isinstance(term, Wait) and term.name != terms.asset:
            right = f'{type(term).__name__}("{terms.asset}")'
            checks.refuse(
                f"{type(terms).__name__}.{field.name}", f"must be {right}, the chain's own", term, "or a number of days"
            )


Wait = EntryWait | ExitWait
