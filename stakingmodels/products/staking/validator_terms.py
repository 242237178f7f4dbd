"""`ValidatorTerms`: terms that a validator's position reads."""

from typing import Literal, Protocol

from stakingmodels.market import Event
from stakingmodels.products.parts.failures import Failure
from stakingmodels.products.parts.schedules import Schedule
from stakingmodels.products.parts.waits import EntryDays, ExitDays
from stakingmodels.products.staking.block_values import BlockLaw

CommissionOn = Literal["rewards", "execution"]
"""Base of an operator's commission: all rewards, or the execution rewards alone."""


class ValidatorTerms(Protocol):
    """Terms read by a position; `SoloValidator` defines each."""

    @property
    def asset(self) -> str:
        """Coin that is staked."""
        ...

    @property
    def validators(self) -> int | None:
        """Number of validators to open; None for as many as the capital pays for."""
        ...

    @property
    def compounding(self) -> bool:
        """Whether a validator earns on up to 2,048 ETH (0x02)."""
        ...

    @property
    def random_duties(self) -> bool:
        """Whether proposals and seats are drawn."""
        ...

    @property
    def uptime(self) -> float:
        """Share of the time online."""
        ...

    @property
    def network_validators(self) -> float:
        """Stake of the whole network, in validators of 32 ETH."""
        ...

    @property
    def commission(self) -> float | Schedule:
        """Fraction of the rewards that an operator keeps."""
        ...

    @property
    def commission_on(self) -> CommissionOn:
        """Rewards that the commission is on."""
        ...

    @property
    def own_stake(self) -> float:
        """Coins of the owner in each validator; the rest of 32 is borrowed."""
        ...

    @property
    def reward_share(self) -> float:
        """Fraction of a validator's reward that is the owner's."""
        ...

    @property
    def smoothing_fee(self) -> float | None:
        """Fee of a smoothing pool on execution rewards, a fraction; None for no pool."""
        ...

    @property
    def block_values(self) -> BlockLaw:
        """Law of the tips and MEV of a block."""
        ...

    @property
    def entry_days(self) -> EntryDays:
        """Days in the activation queue."""
        ...

    @property
    def exit_days(self) -> ExitDays:
        """Days in the exit queue."""
        ...

    @property
    def withdrawal_days(self) -> float:
        """Days from the end of the exit queue until the coins arrive."""
        ...

    @property
    def slashing(self) -> Event | None:
        """Event of a slashing, for each validator by itself."""
        ...

    @property
    def slashing_severity(self) -> float:
        """Fraction of its stake that a slashed validator loses."""
        ...

    @property
    def slashing_wait_days(self) -> float:
        """Days until the rest of a slashed stake is back."""
        ...

    @property
    def failures(self) -> tuple[Failure, ...]:
        """Failures that strike all validators together."""
        ...

    @property
    def hardware_usd(self) -> float:
        """Price of the machine in USD."""
        ...

    @property
    def running_cost_usd_per_day(self) -> float:
        """Running cost in USD a day for machine, power and connection."""
        ...

    @property
    def exit_gas_usd(self) -> float:
        """Network fee of the transaction by which a validator leaves."""
        ...

    @property
    def buy_fee(self) -> float:
        """Trading fee on purchases, a fraction."""
        ...

    @property
    def sell_fee(self) -> float:
        """Trading fee on sales, a fraction."""
        ...
