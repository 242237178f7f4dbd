"""`Below` and `Above`: a level, a rate or another quantity on one side of a bound."""

import numpy as np

from stakingmodels import checks, terms
from stakingmodels.market import Event, Factor, Now
from stakingmodels.market.factors import as_factor
from stakingmodels.products.wrappers.rules import Rule
from stakingmodels.products.wrappers.watch import Holds, Watch, answer, refuse_numeraire
from stakingmodels.rates import APR, APY, as_rate
from stakingmodels.tolerances import REL_TOL

Level = float | APR | APY
"""A number; or a rate a year, for a factor that is a rate."""


def _quantity(where: str, value: object) -> Factor:
    factor = as_factor(where, value)
    if isinstance(factor, Event):
        checks.refuse(where, "must be a price, a rate or another quantity", factor, f"write Occurs({factor})")
    return factor


def _level(where: str, value: object) -> Level:
    if isinstance(value, (APR, APY)):
        checks.real(where, value.value)
        return value
    return checks.real(where, value)


def _check_fit(rule: "Above | Below") -> None:
    """Refuse a number for a rate, a rate for a number, and a level at or below the factor's least."""
    where, factor, level = f"{type(rule).__name__}.level", rule.factor, rule.level
    if factor.is_rate:
        as_rate(where, level)
    elif isinstance(level, (APR, APY)):
        checks.refuse(where, f"must be a number, as {factor} is no rate", level, factor.example)
    elif level <= factor.minimum:
        checks.refuse(where, f"must be above {factor.minimum:g}, below which {factor} never is", level)


@terms.sheet
class Below(Rule):
    """Value at or below a level, at the end of an interval or over it.

    Parameters
    ----------
    factor
        A level such as ``Price("ETH")`` or ``ExitWait("ETH")``, read at the end of the interval; or a rate or another
        quantity of the interval, which has no value yet at the opening.
    level
        A number in the factor's unit; for a rate an `APR` or `APY`.

    Examples
    --------
    >>> from stakingmodels import APR, Below, StakingReward
    >>> Below(StakingReward("ETH"), APR(0.02))
    Below(StakingReward("ETH"), APR(0.02))
    """

    factor: Factor = terms.field("factor", _quantity, kw_only=False)
    level: Level = terms.field("other", _level, kw_only=False)

    def __attrs_post_init__(self) -> None:
        _check_fit(self)

    @property
    def factors(self) -> frozenset[Factor]:
        """The factor watched."""
        return frozenset({self.factor})

    def watch(self, now: Now) -> Watch:
        """Begin to watch."""
        refuse_numeraire(self, self.factor, now)
        return _Side(self.factor, self.level, below=True)

    def excludes(self, other: Rule) -> bool:
        """Whether the other is `Above` a higher level of the same factor."""
        return isinstance(other, Above) and self.factor == other.factor and _is_less(self.level, other.level)


@terms.sheet
class Above(Rule):
    """Value at or above a level, at the end of an interval or over it.

    Parameters
    ----------
    factor, level
        As in `Below`.
    """

    factor: Factor = terms.field("factor", _quantity, kw_only=False)
    level: Level = terms.field("other", _level, kw_only=False)

    def __attrs_post_init__(self) -> None:
        _check_fit(self)

    @property
    def factors(self) -> frozenset[Factor]:
        """The factor watched."""
        return frozenset({self.factor})

    def watch(self, now: Now) -> Watch:
        """Begin to watch."""
        refuse_numeraire(self, self.factor, now)
        return _Side(self.factor, self.level, below=False)


def _is_less(one: Level, other: Level) -> bool:
    """Whether a level is below another; False for rates of two conventions."""
    if isinstance(one, (APR, APY)) or isinstance(other, (APR, APY)):
        return type(one) is type(other) and bool(getattr(one, "value", 0.0) < getattr(other, "value", 0.0))
    return one < other


class _Side(Watch):
    def __init__(self, factor: Factor, level: Level, *, below: bool) -> None:
        self._factor, self._below = factor, below
        self._rate = level if isinstance(level, (APR, APY)) else None
        self._years, self._bound = 0.0, 0.0 if isinstance(level, (APR, APY)) else level

    def holds(self, now: Now) -> Holds:
        if self._factor.kind == "interval" and now.step < 0:
            return False
        if self._rate is not None and now.years != self._years:
            self._years, self._bound = now.years, float(self._rate.accrued(now.years))
        slack, value = abs(self._bound) * REL_TOL, now[self._factor]
        if self._below:
            return answer(np.less_equal(value, self._bound + slack))
        return answer(np.greater_equal(value, self._bound - slack))
