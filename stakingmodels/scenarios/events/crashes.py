"""`Crash`: a large fall of a price within a few days, on which hazards and jumps may depend."""

import numpy as np

from stakingmodels import checks, terms
from stakingmodels._types import BoolArray, FloatArray
from stakingmodels.market import Price, TimeGrid
from stakingmodels.replacing import Replaceable
from stakingmodels.words import Note

_WINDOW_LIMIT = 90.0


def _price(where: str, value: object) -> Price:
    return checks.instance(where, value, Price, 'Price("ETH")')


def _window(where: str, value: object) -> float:
    return checks.positive(where, value, _WINDOW_LIMIT)


@terms.sheet
class Crash(Replaceable):
    """Condition that a price has fallen by more than a fraction below its high of the last days.

    The crash lasts until the price has recovered, or the high has left the window.

    Parameters
    ----------
    price
        Factor of the price, such as ``Price("ETH")``.
    fall
        Fraction below the high, in (0, 1), that must be exceeded.
    within_days
        Length of the window, in (0, 90] days; the high is over the grid's times in it, the present one included.

    Examples
    --------
    >>> from stakingmodels import Price
    >>> from stakingmodels.scenarios import Crash
    >>> str(Crash(Price("ETH"), fall=0.25, within_days=7.0))
    'Price("ETH") more than 25% below its high of 7 days'
    """

    price: Price = terms.field("factor", _price, kw_only=False)
    fall: float = terms.fraction(open_ends=True)
    within_days: float = terms.days(check=_window, high=_WINDOW_LIMIT)

    def __str__(self) -> str:
        return self.in_words()

    def in_words(self) -> Note:
        """The terms as a clause."""
        return Note("note.crash", price=self.price, fall=self.fall, days=self.within_days)


class CrashDetector:
    """Detector of crashes on a block of paths, fed with the price at one time after another."""

    def __init__(self, crash: Crash, grid: TimeGrid) -> None:
        days = grid.elapsed_days
        # number of times in the window of each time, itself included
        self._counts = np.arange(days.size) - np.searchsorted(days, days - crash.within_days, side="left") + 1
        self._kept = 1.0 - crash.fall
        self._recent: FloatArray = np.empty((0, 0))
        self._high: FloatArray = np.empty(0)

    def update(self, time: int, price: FloatArray) -> BoolArray:
        """Whether the price has crashed on each path, ``(n_paths,)``, or ``(1,)`` where all paths have one price.

        Parameters
        ----------
        time
            Index of the grid's time; each is given once, in order.
        price
            Price at that time.
        """
        if time == 0:
            self._recent = np.empty((int(self._counts.max()), price.size))
            self._high = np.empty(price.size)
        size = len(self._recent)
        self._recent[time % size] = price
        np.copyto(self._high, price)
        for before in range(1, int(self._counts[time])):
            np.maximum(self._high, self._recent[(time - before) % size], out=self._high)
        np.multiply(self._high, self._kept, out=self._high)
        crashed: BoolArray = price < self._high
        return crashed
