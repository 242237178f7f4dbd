"""`Execution`: tips and MEV of a stake, as a term; `Rewards`, the parts of a reward and what is kept of each."""

from typing import Any

import numpy as np

from stakingmodels import checks, terms
from stakingmodels._types import PathValue
from stakingmodels.display import shorten
from stakingmodels.ledger import Line
from stakingmodels.market import ExecutionReward, Factor, Now, StakingReward
from stakingmodels.products.parts.schedules import Schedule, Scheduled, fraction_or_schedule
from stakingmodels.rates import APR, APY, as_rate
from stakingmodels.replacing import Replaceable
from stakingmodels.series import warn_if_percent

_HOW = "execution=Execution(commission=0.04)"
Reward = tuple[Line, PathValue, PathValue]
"""Line of a reward, the rate of an interval, and the fraction of it that is kept."""


def _share(where: str, value: object) -> float:
    share = checks.fraction(where, value)
    if share == 0.0:
        checks.refuse(where, "must be in (0, 1], else nothing of it is felt", value, "execution=None")
    return share


def _rate(where: str, value: object) -> APR | APY:
    rate = as_rate(where, value)
    number = checks.real(where, rate.value)
    if number <= 0.0:
        checks.refuse(where, "must be above 0, else nothing of it is felt", rate, "execution=None")
    warn_if_percent(where, np.asarray(number))
    return rate


@terms.sheet
class Execution(Replaceable):
    """Execution rewards of a stake, its tips and MEV, under `Line.EXECUTION` and with a commission of their own.

    By default they are the market's `ExecutionReward`, which is a part of its `StakingReward`; a market without one has
    none. All is paid as the other rewards are, into the same place.

    Parameters
    ----------
    share
        Fraction of the chain's reward that is tips and MEV, in (0, 1], in place of the market's. Nothing of a negative
        reward is.
    rate
        Tips and MEV a year as an `APR` or `APY` above 0, beyond the market's reward, for a chain whose reward is that
        of its consensus alone: the MEV of Solana beside its inflation. Only one of `share` and `rate` is given.
    commission
        Fraction of the execution rewards that is kept, in [0, 1], or a `Schedule`: of a pool under `Line.COMMISSION`,
        of a token under `Line.PROTOCOL`. None (default) for the fraction that is kept of all other rewards.

    Examples
    --------
    >>> from stakingmodels import APR, Execution, Market, Price, StakingPool, StakingReward, TimeGrid
    >>> market = Market(TimeGrid.daily("2026-01-01", days=1), {Price("SOL"): 100.0, StakingReward("SOL"): APR(0.0365)})
    >>> pool = StakingPool("SOL", commission=0.5, execution=Execution(rate=APR(0.00365), commission=0.1))
    >>> outcome = pool.run(market, capital=100_000.0)  # 1,000 SOL: 10 USD of inflation, 1 USD of MEV
    >>> {line.label: round(float(money[0]), 6) for line, money in outcome.lines.items() if money[0]}
    {'consensus': 10.0, 'execution': 1.0, 'commission': -5.1}
    """

    share: float | None = terms.field("fraction", _share, default=None, optional=True, low=checks.SMALLEST, high=1.0)
    rate: APR | APY | None = terms.rate(check=_rate, default=None, optional=True, instead_of=("share",))
    commission: float | Schedule | None = terms.field(
        "fraction", fraction_or_schedule, default=None, optional=True, low=0.0, high=1.0, scheduled=True
    )

    def __attrs_post_init__(self) -> None:
        """Refuse two sources of the same rewards."""
        if self.share is not None and self.rate is not None:
            checks.refuse("Execution.rate", "must not be given beside a share of the reward", self.rate, "one of both")


shorten(Execution)


def execution() -> Any:
    """A term for the execution rewards of a product; by default None, for all rewards under one line."""
    return terms.field("execution", checks.instance, Execution, _HOW, default=None, optional=True)


def execution_factors(product: Any) -> frozenset[Factor]:
    """Factors that the execution rewards of a product read: the market's, if no term says how much they are."""
    given: Execution | None = product.execution
    is_read = given is not None and given.share is None and given.rate is None
    return frozenset({ExecutionReward(product.asset)} if is_read else ())


class Rewards:
    """Rewards of a stake in the intervals of a position, one of each line, with the fraction that is kept of each.

    Parameters
    ----------
    asset, execution, commission
        The coin, the execution rewards of the terms, and the fraction that is kept of all others.
    now
        The opening, from which the days of a schedule count.
    """

    def __init__(self, asset: str, execution: Execution | None, commission: float | Schedule, now: Now) -> None:
        self._reward, self._tips = StakingReward(asset), ExecutionReward(asset)
        self._execution = execution
        self._kept = Scheduled(commission, now)
        own = None if execution is None else execution.commission
        self._kept_of_tips = Scheduled(commission if own is None else own, now)

    def parts(self, now: Now) -> tuple[Reward, ...]:
        """Rewards of the interval, each a rate on the stake; execution first, since consensus may be negative."""
        total, kept, given = now[self._reward], self._kept.fraction(now), self._execution
        if given is None:
            return ((Line.CONSENSUS, total, kept),)
        if given.rate is not None:
            rest, tips = total, given.rate.accrued(now.years)
        else:
            gained = np.maximum(total, 0.0)
            tips = np.clip(now[self._tips], 0.0, gained) if given.share is None else gained * given.share
            rest = total - tips
        return ((Line.EXECUTION, tips, self._kept_of_tips.fraction(now)), (Line.CONSENSUS, rest, kept))
