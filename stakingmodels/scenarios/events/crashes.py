"""`Crash`: when a price has fallen far within a few days, and so what waits for it is due."""

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
    """A price that has fallen by more than a fraction below its highest of the last days.

    It goes on for as long as that is so: until the price has recovered, or the high is past the window.

    Parameters
    ----------
    price
        Which price, such as ``Price("ETH")``.
    fall
        The fraction below the highest, in (0, 1), that must be passed.
    days
        Length of the window, in (0, 90] days; the highest is over the grid's times in it, the present one included.

    Examples
    --------
    >>> from stakingmodels import Price
    >>> from stakingmodels.scenarios import Crash
    >>> str(Crash(Price("ETH"), fall=0.25, days=7.0))
    'Price("ETH") more than 25% below its high of 7 days'
    """

    price: Price = terms.field("factor", _price, kw_only=False)
    fall: float = terms.fraction(open_ends=True)
    days: float = terms.days(check=_window, high=_WINDOW_LIMIT)

    def __str__(self) -> str:
        return self.in_words()

    def in_words(self) -> Note:
        """The terms as a clause."""
        return Note("note.crash", price=self.price, fall=self.fall, days=self.days)


class CrashDetector:
    """Sees the price of one block of paths at one time after another, and says on which paths it has crashed."""

    def __init__(self, crash: Crash, grid: TimeGrid) -> None:
        days = grid.days
        # how many of the times before each, and itself, are in its window
        self._counts = np.arange(days.size) - np.searchsorted(days, days - crash.days, side="left") + 1
        self._kept = 1.0 - crash.fall
        self._recent: FloatArray = np.empty((0, 0))
        self._high: FloatArray = np.empty(0)

    def update(self, time: int, price: FloatArray) -> BoolArray:
        """Where the price has crashed, ``(n_paths,)``, or ``(1,)`` where all paths have one price.

        Parameters
        ----------
        time
            Number of the grid's time; each is seen once, in order.
        price
            The price then.
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
