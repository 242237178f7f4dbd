"""Leveraged staking loop: stake, borrow against it, stake the borrowed coins, and repeat.

Collateral is a staking token, debt the coin that it stands for; all amounts are per unit of the holder's own capital.
"""

import math

import attrs

from stakingmodels import checks
from stakingmodels.display import displays
from stakingmodels.numerics import entrances
from stakingmodels.rates import APR

LOOPS_LIMIT = 1_000


@attrs.frozen(kw_only=True)
class Loop:
    """A position opened by borrowing `ltv` of the last deposit, `loops` times over.

    Parameters
    ----------
    ltv
        Loan to value: what is borrowed against each deposit, a fraction in [0, 1) and not above the threshold.
    liquidation_threshold
        The fraction of the collateral's worth that the debt may reach, in (0, 1].
    loops
        Number of rounds of borrowing and staking again, 0 to 1,000.

    Examples
    --------
    >>> loop = Loop(ltv=0.9, liquidation_threshold=0.93, loops=3)
    >>> round(loop.leverage, 3), round(loop.health_factor, 4), round(loop.liquidation_price_ratio, 4)
    (3.439, 1.3113, 0.7626)
    """

    ltv: float = attrs.field(validator=checks.FRACTION)
    liquidation_threshold: float = attrs.field(validator=checks.FRACTION)
    loops: int = attrs.field(validator=checks.field(checks.integer, 0, LOOPS_LIMIT))

    def __attrs_post_init__(self) -> None:
        if self.liquidation_threshold == 0.0:
            checks.refuse("Loop.liquidation_threshold", "must be a fraction in (0, 1]", self.liquidation_threshold)
        if self.ltv == 1.0 or self.ltv > self.liquidation_threshold:
            rule = f"must be below 1 and at most the liquidation threshold {self.liquidation_threshold}"
            checks.refuse("Loop.ltv", rule, self.ltv)

    @property
    def leverage(self) -> float:
        """Collateral per unit of own capital: ``1 + ltv + ltv**2 + ... + ltv**loops``."""
        return 1.0 + self.debt

    @property
    def leverage_limit(self) -> float:
        """Limit of the leverage for many loops: ``1 / (1 - ltv)``."""
        return 1.0 / (1.0 - self.ltv)

    @property
    def debt(self) -> float:
        """Debt per unit of own capital: ``ltv + ltv**2 + ... + ltv**loops``."""
        return math.fsum(self.ltv**step for step in range(1, self.loops + 1))

    @property
    def health_factor(self) -> float:
        """``leverage * liquidation_threshold / debt``, infinite without debt; liquidatable below 1.

        Source: the definition of Aave's GenericLogic, calculateUserAccountData, at a price ratio of 1.
        """
        return self.leverage * self.liquidation_threshold / self.debt if self.debt else math.inf

    @property
    def liquidation_price_ratio(self) -> float:
        """Price of the collateral in the debt's coin, over that at opening, at which the health factor is 1.

        ``debt / (leverage * liquidation_threshold)``; 0 without debt. A staking token that the market sells at this
        fraction of its coin is liquidated, whatever the coin does.
        """
        return self.debt / (self.leverage * self.liquidation_threshold)

    def net_apr(self, *, staking_apr: APR, borrow_apr: APR) -> APR:
        """Net rate of the own capital: ``leverage * staking_apr - debt * borrow_apr``, which may be negative.

        Parameters
        ----------
        staking_apr, borrow_apr
            Simple rates of the collateral and of the debt, both per 365 days.
        """
        earned = checks.instance("Loop.net_apr: staking_apr", staking_apr, APR, "APR(0.03)").value
        paid = checks.instance("Loop.net_apr: borrow_apr", borrow_apr, APR, "APR(0.025)").value
        return APR(self.leverage * earned - self.debt * paid)


displays(__name__)
entrances(__name__)
