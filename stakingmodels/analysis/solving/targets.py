"""`Target`: what a product has to reach: a return, the money put in, its coin held, cash, or another product."""

from collections.abc import Mapping
from typing import Any, Literal

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray
from stakingmodels.engine.protocols import RunnableProduct, as_product
from stakingmodels.ledger import Outcome
from stakingmodels.ledger.yields import coin_return
from stakingmodels.rates import APR, APY, as_rate
from stakingmodels.words import Note, class_name

TargetKind = Literal["annual_return", "total_return", "coin_rate", "holding", "cash", "product"]
"""Kinds of target; see the methods of `Target` that make them."""
PRODUCT, OTHER = "product", "other"
"""Names of the product, and of one that it is compared with, in a run."""


@attrs.frozen(kw_only=True)
class Target:
    """Result that a product has to reach: it is met where the product's result is no less.

    Make one by a method: ``Target.annual_return(APY(0.075))``, ``Target.money_back()``, ``Target.holding()``. Of
    returns those of the whole grid count, on the capital and what the holder adds (`Outcome.returns`).

    Attributes
    ----------
    kind
        Name of the method that made it.
    goal
        Rate or return to reach; None for targets that the market sets.
    other
        Product to equal, for a target of this kind; otherwise None.

    Examples
    --------
    >>> from stakingmodels import APY
    >>> from stakingmodels.analysis import Target
    >>> str(Target.annual_return(APY(0.075)))
    'returns 7.5% a year (APY)'
    """

    kind: TargetKind
    goal: APR | APY | float | None = None
    other: RunnableProduct | None = None

    @classmethod
    def annual_return(cls, rate: APR | APY) -> "Target":
        """Return in money a year, over the length of the grid: an `APY` compounds, an `APR` does not."""
        return cls(kind="annual_return", goal=_one_rate("Target.annual_return: rate", rate))

    @classmethod
    def total_return(cls, share: float) -> "Target":
        """Return in money over the whole time, a fraction from -1 (0.1 is 10 % of the money put in)."""
        number = checks.real("Target.total_return: share", share)
        if not -1.0 <= number <= checks.RATE_LIMIT:
            rule = f"must be in [-1, {checks.RATE_LIMIT:g}] (0.1 means 10 %)"
            checks.refuse("Target.total_return: share", rule, share)
        return cls(kind="total_return", goal=number)

    @classmethod
    def money_back(cls) -> "Target":
        """The money put in: a total return of 0."""
        return cls(kind="total_return", goal=0.0)

    @classmethod
    def coin_rate(cls, rate: APR | APY) -> "Target":
        """Net rate a year in the product's own coin, as `Yields.net_apr` and `Yields.net_apy` have it."""
        return cls(kind="coin_rate", goal=_one_rate("Target.coin_rate: rate", rate))

    @classmethod
    def holding(cls) -> "Target":
        """The product's own coin, bought at the opening and held free of cost until the product's money is in hand."""
        return cls(kind="holding")

    @classmethod
    def cash(cls) -> "Target":
        """Money kept as cash, at the market's cash rate."""
        return cls(kind="cash")

    @classmethod
    def product(cls, other: RunnableProduct) -> "Target":
        """The return of another product, bought for the same money, on the same paths."""
        return cls(kind="product", other=as_product("Target.product: other", other))

    def gap(self, outcomes: Mapping[str, Outcome], name: str = PRODUCT) -> FloatArray:
        """Result of a product less the target, ``(n_paths,)``: as a share of the money put in, or a rate in coins.

        Parameters
        ----------
        outcomes
            Outcomes by name, with that of the other product as ``"other"`` where the target is one.
        name
            Name of the product.
        """
        outcome = outcomes[name]
        if self.kind == "coin_rate":
            return np.asarray(_coin_rate(outcome, self.goal) - _fraction(self.goal))
        return np.asarray(outcome.returns - self._needed(outcomes, outcome))

    def _needed(self, outcomes: Mapping[str, Outcome], outcome: Outcome) -> FloatArray | float:
        """Total return that meets the target."""
        if self.kind == "holding":
            return outcome.asset_growth - 1.0
        if self.kind == "cash":
            return outcome.cash_growth - 1.0
        if self.kind == "product":
            return outcomes[OTHER].returns
        years = outcome.grid.years
        return float(self.goal.accrued(years)) if isinstance(self.goal, (APR, APY)) else _fraction(self.goal)

    def reached(self, gap: float, years: float) -> float:
        """Result in the target's own terms from a gap: a rate a year, a return, or the difference to the other.

        Parameters
        ----------
        gap
            Gap of `gap`, of a path or a mean.
        years
            Length of the grid in years of 365 days.
        """
        if self.kind == "annual_return" and isinstance(self.goal, (APR, APY)):
            total = float(self.goal.accrued(years)) + gap
            return total / years if isinstance(self.goal, APR) else float(max(1.0 + total, 0.0) ** (1.0 / years)) - 1.0
        return gap + (0.0 if self.goal is None else _fraction(self.goal))

    def sentence(self) -> Note:
        """The target as words that follow the name of a product, such as "returns 7.5% a year (APY)"."""
        if self.kind == "product":
            return Note("target.product", product=class_name(type(self.other).__name__))
        if self.kind == "total_return" and self.goal == 0.0:
            return Note("target.money_back")
        if self.goal is None:
            return Note(f"target.{self.kind}")
        share = f"{100.0 * _fraction(self.goal):.6g}%"
        return Note(f"target.{self.kind}", share=share, rate=type(self.goal).__name__)

    def column(self) -> Note:
        """Header of results in the target's own terms."""
        return Note(f"solve.column.{self.kind}")

    def __str__(self) -> str:
        return self.sentence()


def as_target(where: str, value: object) -> Target:
    """The target, with a hint for what people write in its place."""
    how = "Target.annual_return(APY(0.075)) or Target.money_back()"
    return checks.instance(where, value, Target, how)


def _one_rate(where: str, rate: Any) -> APR | APY:
    given = as_rate(where, rate)
    if isinstance(given.value, np.ndarray):
        checks.refuse_type(where, "must be one rate, not an array", given.value)
    return given


def _fraction(goal: APR | APY | float | None) -> float:
    return float(goal.value if isinstance(goal, (APR, APY)) else goal or 0.0)


def _coin_rate(outcome: Outcome, goal: APR | APY | float | None) -> FloatArray:
    total, held = coin_return(outcome, gross=False), outcome.earning_years
    if isinstance(goal, APR):
        return np.asarray(total / held)
    return np.asarray(np.maximum(1.0 + total, 0.0) ** (1.0 / held) - 1.0)
