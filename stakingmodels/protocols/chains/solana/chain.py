"""Solana as a chain among others: a dated state, and the few questions that every chain answers."""

import attrs

from stakingmodels import checks
from stakingmodels.protocols.chains.chain import Chain, Offense, Unbonding
from stakingmodels.protocols.chains.solana.fees import JIP_24, LAMPORTS_PER_SIGNATURE, SIMD_0096, FeeRules, TipRules
from stakingmodels.protocols.chains.solana.inflation import MAINNET, InflationPath
from stakingmodels.protocols.chains.solana.slots import (
    DAYS_PER_YEAR,
    INFLATION_START_EPOCH,
    MAINNET_SLOT_TIMES,
    SlotTimes,
    epoch_days,
)
from stakingmodels.protocols.chains.solana.units import BASIS_POINTS_PER_UNIT, LAMPORTS_PER_SOL
from stakingmodels.rates import APR
from stakingmodels.rates import DAYS_PER_YEAR as LIBRARY_YEAR

_RENT_EXEMPT_RESERVE = 2_282_880
_MINIMUM_DELEGATION = 1


@attrs.frozen(kw_only=True)
class Solana(Chain):
    """Solana's main network on one day; amounts in whole SOL.

    Parameters
    ----------
    supply, staked
        All SOL, and the stake in effect. Defaults 632,969,682 and 436,884,837 (the main network's getSupply and
        getVoteAccounts, in the report "Heliograph" of 27 August 2026).
    as_of
        The day of `supply` and `staked`, the oldest inputs.
    epoch
        The epoch that is asked about; its slots set the wait, and its first the inflation rate. Default 1096, that of
        2026-11-30: 59 epochs of 1.25 days after 1037, which began about 2026-09-17 (solana-com pull request 2123).
    inflation, slot_times
        Schedules by year and by epoch; defaults: the main network's as of September 2026, without SIMD-0550.
    signatures_per_day
        Base fees are 5,000 lamports each. Default 380 million (transactions a day in the report "Solbeat" of
        27 September 2026, one signature each [assumption]).
    tips_per_day
        Jito tips of the whole network. Default 2,000 SOL (242,000 USD at 121.22 USD, the same report).
    commission, mev_commission
        An ordinary validator's fractions of inflation and of tips. Defaults 0.05 (median, the same report) and
        0.08 [assumption].
    fee_rules, tip_rules
        Rules of burned fees, and of Jito's part.
    """

    asset: str = attrs.field(default="SOL", init=False)
    supply: float = attrs.field(default=632_969_682.0, validator=checks.POSITIVE)
    staked: float = attrs.field(default=436_884_837.0, validator=checks.POSITIVE)
    as_of: str = attrs.field(default="2026-08-27", validator=checks.TEXT)
    epoch: int = attrs.field(default=1096, validator=checks.field(checks.integer, INFLATION_START_EPOCH, 10**9))
    inflation: InflationPath = attrs.field(
        default=MAINNET, validator=checks.field(checks.instance, InflationPath, "solana.MAINNET")
    )
    slot_times: SlotTimes = attrs.field(
        default=MAINNET_SLOT_TIMES, validator=checks.field(checks.instance, SlotTimes, "solana.MAINNET_SLOT_TIMES")
    )
    signatures_per_day: float = attrs.field(default=380e6, validator=checks.NON_NEGATIVE)
    tips_per_day: float = attrs.field(default=2_000.0, validator=checks.NON_NEGATIVE)
    commission: float = attrs.field(default=0.05, validator=checks.FRACTION)
    mev_commission: float = attrs.field(default=0.08, validator=checks.FRACTION)
    fee_rules: FeeRules = attrs.field(
        default=SIMD_0096, validator=checks.field(checks.instance, FeeRules, "solana.SIMD_0096")
    )
    tip_rules: TipRules = attrs.field(
        default=JIP_24, validator=checks.field(checks.instance, TipRules, "solana.JIP_24")
    )

    def inflation_rate(self) -> float:
        """New SOL for stakes a year over all SOL, by the protocol's year of 365.242199 days."""
        return self.inflation.validator(self.slot_times.inflation_year(self.epoch))

    def nominal_apr(self) -> APR:
        """Inflation of a year over the stake, 365 days, before commission, without tips."""
        return APR(self._inflation_of_365_days() * self.supply / self.staked)

    def delegator_apr(self, relative_credits: float = 1.0) -> APR:
        """Rate of an ordinary delegator a year, 365 days: inflation after commission, and its part of the tips.

        All inflation of an epoch is paid out over the points of that epoch, so a validator that votes better than the
        average of all stake earns more than the average, not less than a maximum.

        Parameters
        ----------
        relative_credits
            The validator's vote credits over the stake-weighted average; 1 (default) is ordinary.
        """
        credits_ratio = checks.non_negative("Solana.delegator_apr: relative_credits", relative_credits, 10.0)
        inflation = self._inflation_of_365_days() * self.supply / self.staked * (1.0 - self.commission)
        jito = (self.tip_rules.labs_bps + self.tip_rules.dao_bps) / BASIS_POINTS_PER_UNIT
        tips = self.tips_per_day * LIBRARY_YEAR * (1.0 - jito) * (1.0 - self.mev_commission) / self.staked
        return APR(inflation * credits_ratio + tips)

    def supply_growth(self) -> APR:
        """Inflation less the burned part of the base fees, 365 days, over the supply."""
        fees = self.signatures_per_day * LAMPORTS_PER_SIGNATURE / LAMPORTS_PER_SOL
        burned = fees * self.fee_rules.burn_percent / 100.0 * LIBRARY_YEAR / self.supply
        return APR(self._inflation_of_365_days() - burned)

    def minimum_stake(self) -> float:
        """One lamport, and the 0.00228288 SOL that a stake account must hold besides.

        The reserve is for 200 bytes by the rent before its reductions of 2026 [assumption].
        """
        return (_MINIMUM_DELEGATION + _RENT_EXEMPT_RESERVE) / LAMPORTS_PER_SOL

    def unbonding(self) -> Unbonding:
        """The rest of the epoch, at most one whole; longer only where over 9 % of all stake leaves at once."""
        days = epoch_days(self.slot_times.slot_ms(self.epoch))
        source = "solana-program/stake, Delegation: stake leaves at the end of the epoch; read November 2026"
        return Unbonding(days=days, earns=True, slashable=False, source=source)

    def slashing(self) -> tuple[Offense, ...]:
        """Nothing is slashed as of November 2026; a validator that does not vote only earns less."""
        return ()

    def compounding(self) -> bool:
        """Rewards join the delegation at once and earn from the next epoch on."""
        return True

    def _inflation_of_365_days(self) -> float:
        return self.inflation_rate() * LIBRARY_YEAR / DAYS_PER_YEAR
