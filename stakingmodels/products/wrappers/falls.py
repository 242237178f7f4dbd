"""`Falls` and `Drawdown`: how far a level has fallen, from the opening or from its highest value."""

import numpy as np

from stakingmodels import checks, terms
from stakingmodels._types import PathValue
from stakingmodels.market import Event, Factor, Now
from stakingmodels.market.factors import as_factor
from stakingmodels.products.wrappers.rules import Rule
from stakingmodels.products.wrappers.watch import Holds, Watch, answer, refuse_numeraire
from stakingmodels.tolerances import REL_TOL


def _level(where: str, value: object) -> Factor:
    factor = as_factor(where, value)
    if factor.kind != "level" or factor.minimum < 0.0:
        fix = f"Occurs({factor})" if isinstance(factor, Event) else f"Below({factor}, {factor.example})"
        checks.refuse(where, "must be a price or another level that is never below 0", factor, f"write {fix}")
    return factor


@terms.sheet
class Falls(Rule):
    """Fall from the opening: the rule holds while a level is at least that much below its first value.

    Parameters
    ----------
    factor
        A level, such as ``Price("ETH")`` or ``MarketRatio("stETH")``.
    fraction
        Fall as a fraction of the level at the opening, in (0, 1). On paths where that was 0 the rule never holds.

    Examples
    --------
    >>> from stakingmodels import Below, Falls, Price
    >>> Falls(Price("ETH"), 0.20) | Below(Price("ETH"), 1000.0)
    Falls(Price("ETH"), 0.2) | Below(Price("ETH"), 1000.0)
    """

    factor: Factor = terms.field("factor", _level, kw_only=False)
    fraction: float = terms.fraction(open_ends=True, kw_only=False)

    @property
    def factors(self) -> frozenset[Factor]:
        """The factor watched."""
        return frozenset({self.factor})

    def watch(self, now: Now) -> Watch:
        """Begin to watch, from the level of the opening."""
        refuse_numeraire(self, self.factor, now)
        return _Fall(now, self.factor, self.fraction, trails=False)


@terms.sheet
class Drawdown(Rule):
    """Fall from the top: the rule holds while a level is at least that much below its highest value so far.

    Parameters
    ----------
    factor
        A level, such as ``Price("ETH")``.
    fraction
        Fall as a fraction of the highest level at the opening and at the ends of intervals since, in (0, 1).
    """

    factor: Factor = terms.field("factor", _level, kw_only=False)
    fraction: float = terms.fraction(open_ends=True, kw_only=False)

    @property
    def factors(self) -> frozenset[Factor]:
        """The factor watched."""
        return frozenset({self.factor})

    def watch(self, now: Now) -> Watch:
        """Begin to watch, from the level of the opening."""
        refuse_numeraire(self, self.factor, now)
        return _Fall(now, self.factor, self.fraction, trails=True)


class _Fall(Watch):
    """A trigger below the first level, or trailing below the highest."""

    def __init__(self, now: Now, factor: Factor, fraction: float, *, trails: bool) -> None:
        self._factor, self._trails = now.known(factor), trails
        self._kept = (1.0 - fraction) * (1.0 + REL_TOL)
        self._trigger: PathValue = now[factor] * self._kept

    def holds(self, now: Now) -> Holds:
        level = now[self._factor]
        if self._trails:
            self._trigger = np.maximum(self._trigger, level * self._kept)
        found = np.less_equal(level, self._trigger)
        if not now.positive(self._factor):  # from 0 nothing can fall
            found = np.logical_and(found, np.greater(self._trigger, 0.0))
        return answer(found)
