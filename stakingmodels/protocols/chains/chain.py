"""The few questions that every chain answers, under the same names."""

from abc import ABC, abstractmethod

import attrs

from stakingmodels import checks
from stakingmodels.display import shorten
from stakingmodels.rates import APR


@attrs.frozen
class Unbonding:
    """How stake comes back, in days of 86,400 seconds.

    Parameters
    ----------
    days
        From asking for it to having it, with nothing ahead in a queue.
    earns, slashable
        Whether the stake is paid, and can be slashed, meanwhile.
    source
        Where the rule stands, with its date.
    """

    days: float = attrs.field(validator=checks.NON_NEGATIVE)
    earns: bool = attrs.field(validator=checks.FLAG)
    slashable: bool = attrs.field(validator=checks.FLAG)
    source: str


@attrs.frozen
class Offense:
    """Something that costs stake: its name, the least and most of the stake that it takes (fractions), the source."""

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

    @abstractmethod
    def nominal_apr(self) -> APR:
        """What a year's rewards are of the stake that earns them, simple, 365 days, before any commission."""

    @abstractmethod
    def supply_growth(self) -> APR:
        """New coins of a year over the supply, 365 days, net of what the protocol burns by rule."""

    @abstractmethod
    def minimum_stake(self) -> float:
        """Whole coins that suffice without a custodian: a delegator's minimum, or a validator's where none delegate."""

    @abstractmethod
    def unbonding(self) -> Unbonding:
        """How stake comes back."""

    @abstractmethod
    def slashing(self) -> tuple[Offense, ...]:
        """What costs stake; empty where nothing does."""

    @abstractmethod
    def compounding(self) -> bool:
        """Whether rewards earn rewards without the holder doing anything."""

    def realized_apr(self) -> APR:
        """What a year's rewards really are of the stake: the nominal rate at the pace that the chain keeps.

        The two differ where rewards go by blocks and the parameters count other blocks to a year than are made.
        """
        return self.nominal_apr()

    def real_apr(self) -> APR:
        """The realised rate net of supply growth: ``(1 + realised) / (1 + growth) - 1``.

        Whoever does not stake is diluted by the growth; who stakes gains this share of the whole supply.
        """
        realised, growth = self.realized_apr().value, self.supply_growth().value
        return APR((1.0 + realised) / (1.0 + growth) - 1.0)

    def attack_cost(self, share: float) -> float:
        """Whole coins that hold a share of all stake once they are staked too: ``staked * share / (1 - share)``.

        A third stops finality, two thirds finalise what they like, on chains with a two-thirds quorum.
        Times the price, a lower bound in money: buying that much moves the price.

        Parameters
        ----------
        share
            Fraction in (0, 1) of the stake after the attacker has joined.
        """
        fraction = checks.open_fraction(f"{type(self).__name__}.attack_cost: share", share)
        return self.staked * fraction / (1.0 - fraction)
