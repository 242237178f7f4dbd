"""Calls timed in turns, so that what disturbs the machine disturbs all of them."""

import time
from collections.abc import Callable, Sequence

import attrs
import numpy as np
import numpy.typing as npt

from stakingmodels.tables import Table


def take_turns(
    calls: Sequence[Callable[[], object]], *, rounds: int, clock: Callable[[], float] = time.process_time
) -> npt.NDArray[np.float64]:
    """Seconds that each call took in each round, ``(calls, rounds)``; every round starts with another call.

    Before the first round each call is made once without being timed: compilation by numba, imports and first touches
    of memory fall there.
    """
    for call in calls:
        call()
    seconds = np.empty((len(calls), rounds))
    for i in range(rounds):
        for j in np.roll(np.arange(len(calls)), -i).tolist():
            start = clock()
            calls[j]()
            seconds[j, i] = clock() - start
    return seconds


@attrs.frozen
class Ratio:
    """Median and quartiles of the ratios within rounds."""

    median: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.median:.2f} ({self.low:.2f} to {self.high:.2f})"


def ratio(over: npt.NDArray[np.float64], under: npt.NDArray[np.float64]) -> Ratio:
    """How many times `under` fits into `over`, both ``(rounds,)``."""
    low, median, high = np.quantile(over / under, (0.25, 0.5, 0.75))
    return Ratio(float(median), float(low), float(high))


@attrs.frozen
class Held:
    """A figure held against a limit: the most it may be, or the least."""

    what: str
    value: float
    limit: float
    least: bool = attrs.field(default=False, kw_only=True)

    @property
    def verdict(self) -> str:
        return "within" if (self.value >= self.limit if self.least else self.value <= self.limit) else "missed"


def limits_table(measured: str, found: Sequence[Held]) -> str:
    """How limits are kept."""
    rows = [
        (each.what, f"{each.value:.2f}", f"{'at least' if each.least else 'at most'} {each.limit:g}", each.verdict)
        for each in found
    ]
    return Table("", (measured, "value", "limit", "verdict"), rows).to_text()
