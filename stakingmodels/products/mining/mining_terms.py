"""`MiningTerms`: terms that a mining position reads."""

from typing import Protocol

from stakingmodels.products.mining.electricity import PowerTerms
from stakingmodels.products.parts.failures import Failure
from stakingmodels.products.parts.halts import Halt


class MiningTerms(PowerTerms, Protocol):
    """Terms read by a position; the product defines each."""

    @property
    def hashrate_th_s(self) -> float | None:
        """Hash rate in TH/s; None for as much as the capital pays for."""
        ...

    @property
    def usd_per_th_s(self) -> float:
        """Price for the whole term, USD per TH/s."""
        ...

    @property
    def price_usd_per_th_day(self) -> float | None:
        """Price by the day, USD per TH/s and day; None for a price paid at the opening."""
        ...

    @property
    def start_days(self) -> float:
        """Days from the opening to the start of mining."""
        ...

    @property
    def term_days(self) -> float:
        """Days of mining."""
        ...

    @property
    def early_exit_loss(self) -> float | None:
        """Fraction of the unexpired price lost by leaving early; None where that is not possible."""
        ...

    @property
    def guaranteed_per_day(self) -> float | None:
        """Fraction of the price paid a day whatever is mined; None for a contract that pays what it mines."""
        ...

    @property
    def pool_fee(self) -> float:
        """Fraction of the mined coins that the pool keeps."""
        ...

    @property
    def maintenance_share(self) -> float:
        """Maintenance as a fraction of the output after the pool's fee."""
        ...

    @property
    def platform_fee(self) -> float:
        """Fraction of what is then left that the platform keeps."""
        ...

    @property
    def electricity_prepaid(self) -> bool:
        """Whether the electricity of the whole term is paid at the opening."""
        ...

    @property
    def maintenance_usd_per_th_day(self) -> float:
        """USD per TH/s and day, always."""
        ...

    @property
    def costs_beyond_output(self) -> str:
        """``"billed"`` or ``"waived"``."""
        ...

    @property
    def uptime(self) -> float:
        """Fraction of the time that machines run."""
        ...

    @property
    def minimum_payout_btc(self) -> float:
        """Balance at which coins are paid out."""
        ...

    @property
    def stop_after_days(self) -> int | None:
        """Consecutive losing days that end the contract; None for a contract that runs to its term."""
        ...

    @property
    def payout(self) -> str:
        """``"sell"`` or ``"hold"``."""
        ...

    @property
    def sell_fee(self) -> float:
        """Trading fee as a fraction of the amount sold."""
        ...

    @property
    def failures(self) -> tuple[Failure, ...]:
        """Failures of the provider."""
        ...

    @property
    def halts(self) -> tuple[Halt, ...]:
        """Pauses and wind-ups."""
        ...

    @property
    def pause_extends_term(self) -> bool:
        """Whether the days of a pause are added to the term."""
        ...
