"""`TokenTerms`: terms that a liquid token's position reads."""

import datetime as dt
from typing import Literal, Protocol

import numpy as np

from stakingmodels.products.parts.entries import Entry
from stakingmodels.products.parts.execution import Execution
from stakingmodels.products.parts.failures import Failure
from stakingmodels.products.parts.halts import Halt
from stakingmodels.products.parts.schedules import Schedule
from stakingmodels.products.parts.waits import EntryDays, ExitDays

Accounting = Literal["rebasing", "accruing"]
"""Form of a token's rewards: more tokens, or more coins behind each token."""
Exit = Literal["sale", "queue", "cheaper"]
"""Ways to leave: sale at the market's ratio, redemption, or the cheaper of the two."""


class TokenTerms(Protocol):
    """Terms read by a position; `LiquidStakingToken` defines each."""

    @property
    def asset(self) -> str:
        """Coin behind the token."""
        ...

    @property
    def token(self) -> str:
        """Name of the token."""
        ...

    @property
    def accounting(self) -> Accounting:
        """Form of the rewards."""
        ...

    @property
    def opening_rate(self) -> float:
        """Coins behind one token at the opening."""
        ...

    @property
    def protocol_fee(self) -> float | Schedule:
        """Fraction of the rewards that the protocol keeps."""
        ...

    @property
    def execution(self) -> Execution | None:
        """Tips and MEV under their own line; None for all rewards under one."""
        ...

    @property
    def entry_days(self) -> EntryDays:
        """Days until the coins of a deposit earn."""
        ...

    @property
    def mint(self) -> bool:
        """Whether tokens are minted, and not bought."""
        ...

    @property
    def exit_route(self) -> Exit:
        """Way out."""
        ...

    @property
    def queue_days(self) -> ExitDays:
        """Days in the exit queue."""
        ...

    @property
    def withdrawal_days(self) -> float:
        """Days of the protocol's own wait."""
        ...

    @property
    def earns_while_redeeming(self) -> bool:
        """Whether coins earn in the exit queue."""
        ...

    @property
    def redemption_window_days(self) -> float | None:
        """Days in which a request can be redeemed after its waits; None for as long as one likes."""
        ...

    @property
    def missed_windows(self) -> int:
        """Windows that the holder misses."""
        ...

    @property
    def redeemable_from(self) -> np.datetime64 | dt.date | str | None:
        """Day on which redemptions open; None for always open."""
        ...

    @property
    def waiting_cost_per_year(self) -> float:
        """Cost of waiting, a fraction a year."""
        ...

    @property
    def exit_gas_usd(self) -> float:
        """Network fee of a transaction of leaving."""
        ...

    @property
    def entry(self) -> Entry | None:
        """Smallest deposit and gas."""
        ...

    @property
    def failures(self) -> tuple[Failure, ...]:
        """Exploits and slashings."""
        ...

    @property
    def halts(self) -> tuple[Halt, ...]:
        """Stops of the protocol."""
        ...

    @property
    def buy_fee(self) -> float:
        """Trading fee on purchases, a fraction."""
        ...

    @property
    def sell_fee(self) -> float:
        """Trading fee on sales, a fraction."""
        ...
