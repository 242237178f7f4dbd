"""`Chain`: the interface common to all chains."""

import datetime as dt
from abc import ABC, abstractmethod

import attrs

from stakingmodels import checks
from stakingmodels.display import shorten
from stakingmodels.rates import APR


@attrs.frozen
class Unbonding:
    """Unbonding rule of a chain, in days of 86,400 seconds.

    Parameters
    ----------
    days
        Days from the request to the arrival of the coins, with an empty queue.
    earns, slashable
        Whether the stake earns, and can be slashed, meanwhile.
    source
        Source of the rule, with its date.
    """

    days: float = attrs.field(validator=checks.NON_NEGATIVE)
    earns: bool = attrs.field(validator=checks.FLAG)
    slashable: bool = attrs.field(validator=checks.FLAG)
    source: str


@attrs.frozen
class Offense:
    """Slashable offense: its name, the smallest and largest fraction of the stake lost, the source."""

    name: str
    min: float = attrs.field(validator=checks.FRACTION)
    max: float = attrs.field(validator=checks.FRACTION)
    source: str


class Chain(ABC):
    """A proof-of-stake chain with the state of one dated day: supply and stake in whole coins.

    Subclasses are frozen attrs classes with these fields; each default carries its source in the class's docstring.
    `as_of` is the day of the oldest input among supply and stake, ``YYYY-MM-DD``.
    """

    asset: str
    supply: float
    staked: float
    as_of: str

    @classmethod
    def __attrs_init_subclass__(cls) -> None:
        shorten(cls)

    def __attrs_post_init__(self) -> None:
        """Refuse a stake above the supply, and an `as_of` that is no day; a subclass with its own calls this one."""
        where = type(self).__name__
        for name in ("supply", "staked"):
            checks.real(f"{where}.{name}", getattr(self, name))
        if self.staked > self.supply:
            checks.refuse(f"{where}.staked", f"must not be above the supply of {self.supply:g}", self.staked)
        checks.text(f"{where}.as_of", self.as_of)
        try:
            is_day = dt.date.fromisoformat(self.as_of).isoformat() == self.as_of
        except ValueError:
            is_day = False
        if not is_day:
            checks.refuse(f"{where}.as_of", "must be a day, YYYY-MM-DD", self.as_of, 'write "2026-08-22"')

    @abstractmethod
    def nominal_apr(self) -> APR:
        """Nominal reward rate: a year's rewards over the stake that earns them, simple, 365 days, before commission."""

    @abstractmethod
    def supply_growth(self) -> APR:
        """Growth of the supply: new coins of a year over the supply, 365 days, net of coins burned by rule."""

    @abstractmethod
    def minimum_stake(self) -> float:
        """Minimum stake without a custodian, whole coins: a delegator's, or a validator's without delegation."""

    @abstractmethod
    def unbonding(self) -> Unbonding:
        """Unbonding rule of the chain."""

    @abstractmethod
    def slashing(self) -> tuple[Offense, ...]:
        """Slashable offenses; empty if there are none."""

    @abstractmethod
    def compounding(self) -> bool:
        """Whether rewards earn rewards without the holder doing anything."""

    def realized_apr(self) -> APR:
        """Realised reward rate: the nominal rate at the chain's actual pace of blocks.

        The two differ if rewards are paid by blocks and the parameters assume another number of blocks a year.
        """
        return self.nominal_apr()

    def real_apr(self) -> APR:
        """The realised rate net of supply growth: ``(1 + realised) / (1 + growth) - 1``.

        Holders without stake are diluted by the growth; stakers gain this share of the supply.
        """
        realised, growth = self.realized_apr().value, self.supply_growth().value
        return APR((1.0 + realised) / (1.0 + growth) - 1.0)

    def attack_cost(self, share: float) -> float:
        """Cost of an attack: whole coins that then hold a share of all stake, ``staked * share / (1 - share)``.

        On chains with a two-thirds quorum a third stops finality, and two thirds control it. Times the price, a lower
        bound in money: buying that much moves the price.

        Parameters
        ----------
        share
            Fraction in (0, 1) of the stake after the attacker has joined.
        """
        fraction = checks.open_fraction(f"{type(self).__name__}.attack_cost: share", share)
        return self.staked * fraction / (1.0 - fraction)
