"""`Watch`: a rule on its way through one run, with its memory of each path."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np

from stakingmodels import checks
from stakingmodels._types import BoolArray
from stakingmodels.market import Factor, Now, Price

Holds = bool | BoolArray
"""Whether a rule holds: one answer for all paths, or a mask ``(n_paths,)``."""


class Watch(ABC):
    """A rule on its way through one run; it sees `Now`, and keeps arrays of one value per path.

    Attributes
    ----------
    earliest_day
        Days from the opening before which the rule holds on no path, where that is known at the opening; else 0.
    """

    earliest_day: float = 0.0

    @abstractmethod
    def holds(self, now: Now) -> Holds:
        """Whether the rule holds now; asked once at the opening, and once at the end of each interval."""


class Watches(Watch):
    """Several rules watched together.

    Parameters
    ----------
    parts
        The watches, at least one.
    wants_all
        Whether all must hold, or any.
    """

    def __init__(self, parts: Sequence[Watch], *, wants_all: bool) -> None:
        self._parts, self._wants_all = parts, wants_all
        self.earliest_day = (max if wants_all else min)(part.earliest_day for part in parts)

    def holds(self, now: Now) -> Holds:
        """Whether all hold, or any."""
        found, *others = [part.holds(now) for part in self._parts]  # each is asked, since some remember
        for other in others:
            found = found & other if self._wants_all else found | other
        return found


def answer(found: "Holds | np.bool_") -> Holds:
    """Result of a comparison as a mask, or as Python's own bool."""
    return found if isinstance(found, np.ndarray) else bool(found)


def refuse_numeraire(rule: object, factor: Factor, now: Now) -> None:
    """Refuse a rule on the price of money, which never moves."""
    if factor == Price(now.numeraire):
        checks.refuse(str(rule), "watches the numeraire's own price, which is always 1", now.numeraire, "another coin")
