"""`MachineTerms`: terms that a position of owned machines reads."""

from typing import Protocol

from stakingmodels.products.mining.electricity import PowerUsd
from stakingmodels.products.parts.failures import Failure
from stakingmodels.products.parts.halts import Halt
from stakingmodels.products.parts.schedules import Schedule


class MachineTerms(Protocol):
    """Terms read by a position; the product defines each."""

    @property
    def machines(self) -> float | None:
        """Number of machines; None for as many as the capital pays for."""
        ...

    @property
    def usd_per_machine(self) -> float:
        """Price of a machine, USD."""
        ...

    @property
    def usd_to_begin(self) -> float:
        """Cost of a machine at the opening, USD: its price, duty, shipping and installation."""
        ...

    @property
    def hashrate_th_s(self) -> float:
        """Hash rate of a machine, TH/s."""
        ...

    @property
    def joules_per_th(self) -> float:
        """Energy of the machines, J/TH."""
        ...

    @property
    def delivery_days(self) -> float:
        """Days from the payment to the start of mining."""
        ...

    @property
    def useful_life_days(self) -> float | None:
        """Days over which the resale value falls evenly; None if it falls by a fraction a year."""
        ...

    @property
    def resale_loss_per_year(self) -> float | None:
        """Fraction of the resale value lost in a year; None if it falls evenly."""
        ...

    @property
    def salvage_share(self) -> float:
        """Share of the price that is left at last."""
        ...

    @property
    def resale_btc_share(self) -> float:
        """Share of the resale value that moves with the price of BTC."""
        ...

    @property
    def resale_fee(self) -> float:
        """Cost of selling machines, a fraction of what they bring."""
        ...

    @property
    def resale_days(self) -> float:
        """Days from the offer to the buyer's payment."""
        ...

    @property
    def pool_fee(self) -> float:
        """Fraction of the mined coins that the pool keeps."""
        ...

    @property
    def uptime(self) -> float:
        """Fraction of the time that machines run."""
        ...

    @property
    def power_usd_per_kwh(self) -> PowerUsd | Schedule:
        """Price of power, USD per kWh."""
        ...

    @property
    def hosting_usd_per_kwh(self) -> float:
        """Hosting, USD per kWh used."""
        ...

    @property
    def hosting_usd_per_month(self) -> float:
        """Hosting of a machine, USD a month, running or not."""
        ...

    @property
    def curtails(self) -> bool:
        """Whether machines are off while their output does not pay for their power."""
        ...

    @property
    def demand_response_share(self) -> float:
        """Fraction of the time off by contract with the grid."""
        ...

    @property
    def demand_response_usd_per_kwh(self) -> float:
        """Credit for power not used in that time, USD per kWh."""
        ...

    @property
    def minimum_payout_btc(self) -> float:
        """Balance at which coins are paid out."""
        ...

    @property
    def payout(self) -> str:
        """``"sell"`` or ``"hold"``."""
        ...

    @property
    def sell_fee(self) -> float:
        """Trading fee as a fraction of the coins sold."""
        ...

    @property
    def failures(self) -> tuple[Failure, ...]:
        """Failures of the host."""
        ...

    @property
    def halts(self) -> tuple[Halt, ...]:
        """Pauses and wind-ups."""
        ...
