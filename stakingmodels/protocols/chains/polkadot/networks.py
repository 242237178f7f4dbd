"""Polkadot and Kusama, each on one day."""

import attrs

from stakingmodels import checks
from stakingmodels.protocols.chains import amounts
from stakingmodels.protocols.chains.chain import Chain, Offence, Unbonding
from stakingmodels.protocols.chains.polkadot import staking
from stakingmodels.protocols.chains.polkadot.arithmetic import MILLISECONDS_PER_DAY, PERBILL
from stakingmodels.protocols.chains.polkadot.emission import (
    PLANCK_PER_DOT,
    REF_1710,
    EmissionRules,
    era_payout,
)
from stakingmodels.protocols.chains.polkadot.npos import KUSAMA_NPOS, NposParameters, relay_era_payout
from stakingmodels.protocols.chains.polkadot.staking import KUSAMA_STAKING, POLKADOT_STAKING, StakingRules
from stakingmodels.rates import APR, DAYS_PER_YEAR

PLANCK_PER_KSM = 10**12
_EQUIVOCATION = "polkadot-sdk substrate/frame/babe/src/equivocation.rs (1 of the validators, to a third of them)"
_DISPUTES = "polkadot-sdk runtime/parachains/src/disputes/slashing.rs"


def _eras_per_year(rules: StakingRules) -> float:
    return DAYS_PER_YEAR * MILLISECONDS_PER_DAY / rules.era_millis


def _unbonding(rules: StakingRules, *, nominators_slashable: bool) -> Unbonding:
    eras = staking.nominator_bonding_duration(rules, nominators_slashable=nominators_slashable)
    days = eras * rules.era_millis / MILLISECONDS_PER_DAY
    return Unbonding(days=days, earns=False, slashable=nominators_slashable, source=rules.source)


def _offences(validators: int) -> tuple[Offence, ...]:
    alone = staking.equivocation_slash_fraction(1, validators) / PERBILL
    approved, backed = staking.SLASH_FOR_INVALID_APPROVED / PERBILL, staking.SLASH_FOR_INVALID_BACKED / PERBILL
    return (
        Offence("equivocation of the nominated validator", alone, 1.0, _EQUIVOCATION),
        Offence("approving an invalid block", approved, approved, _DISPUTES),
        Offence("backing an invalid block", backed, backed, _DISPUTES),
    )


@attrs.frozen
class Polkadot(Chain):
    """Polkadot on one day.

    Parameters
    ----------
    supply
        1,674,342,153.331 DOT: the issuance on 14 March 2026 that the runtime's curve starts from (MARCH_2026_TI).
    staked
        802,851,933.673 DOT: stake behind the validators elected at relay block 27,721,215, September 2025, as noted in
        polkadot-fellows/runtimes asset-hub-polkadot/src/staking/mod.rs.
    rules
        `REF_1710` in force, or `REF_1139`.
    relay_block
        Block of the relay chain on the day.
    validators
        600 (wiki.polkadot.network, chain state values, 2026).
    pool_minimum
        1 DOT to join a nomination pool (the same); 250 DOT to nominate alone.
    nominators_slashable
        The chain's AreNominatorsSlashable, true unless governance changes it.
    rewards_restaked
        Whether the holder has chosen the payee `Staked`.
    staking_rules
        Length of an era, and how long stake is bonded.
    """

    asset: str = attrs.field(default="DOT", validator=checks.TEXT)
    supply: float = attrs.field(default=1_674_342_153.331, validator=checks.POSITIVE)
    staked: float = attrs.field(default=802_851_933.673, validator=amounts.staked_within_supply)
    as_of: str = attrs.field(default="2026-03-14", validator=checks.TEXT)
    rules: EmissionRules = attrs.field(
        default=REF_1710, validator=checks.field(checks.instance, EmissionRules, "REF_1710")
    )
    staking_rules: StakingRules = attrs.field(
        default=POLKADOT_STAKING, validator=checks.field(checks.instance, StakingRules, "POLKADOT_STAKING")
    )
    relay_block: int = attrs.field(default=30_349_908, validator=checks.field(checks.integer, 0, 2**32 - 1))
    validators: int = attrs.field(default=600, validator=checks.field(checks.integer, 1, 2**32 - 1))
    pool_minimum: float = attrs.field(default=1.0, validator=checks.NON_NEGATIVE)
    nominators_slashable: bool = attrs.field(default=True, validator=checks.FLAG)
    rewards_restaked: bool = attrs.field(default=False, validator=checks.FLAG)

    def era(self) -> tuple[float, float]:
        """DOT that an era of the usual length mints for stakers and for the treasury."""
        stakers, treasury = era_payout(self.rules, self.staking_rules.era_millis, self.relay_block)
        return stakers / PLANCK_PER_DOT, treasury / PLANCK_PER_DOT

    def nominal_apr(self) -> APR:
        """What a year's eras pay to stakers over the stake, before a validator's commission."""
        return APR(self.era()[0] * _eras_per_year(self.staking_rules) / self.staked)

    def supply_growth(self) -> APR:
        """What a year's eras mint over the issuance."""
        return APR(sum(self.era()) * _eras_per_year(self.staking_rules) / self.supply)

    def minimum_stake(self) -> float:
        """The least that joins a nomination pool."""
        return self.pool_minimum

    def unbonding(self) -> Unbonding:
        """28 days; 2 while nominators cannot be slashed."""
        return _unbonding(self.staking_rules, nominators_slashable=self.nominators_slashable)

    def slashing(self) -> tuple[Offence, ...]:
        """What a nominator loses with its validator; nothing while nominators cannot be slashed."""
        return _offences(self.validators) if self.nominators_slashable else ()

    def compounding(self) -> bool:
        """Only for a nominator who chose it; members of a pool claim and bond again."""
        return self.rewards_restaked


@attrs.frozen
class Kusama(Chain):
    """Kusama on one day.

    Parameters
    ----------
    supply
        17,500,000 KSM [assumption: 10,000,000 in 2019, minted at about 10 % a year; no published figure was at hand].
    staked
        8,062,560.594 KSM: stake behind the validators elected at relay block 29,939,392, September 2025, as noted in
        polkadot-fellows/runtimes asset-hub-kusama/src/staking/mod.rs.
    params
        The inflation curve.
    validators
        1,000 [assumption].
    nominator_minimum
        0.1 KSM to nominate (polkadot.subsquare.io, post 1382).
    rewards_restaked
        Whether the holder has chosen the payee `Staked`.
    staking_rules
        Length of an era, and how long stake is bonded.
    """

    asset: str = attrs.field(default="KSM", validator=checks.TEXT)
    supply: float = attrs.field(default=17_500_000.0, validator=checks.POSITIVE)
    staked: float = attrs.field(default=8_062_560.594, validator=amounts.staked_within_supply)
    as_of: str = attrs.field(default="2025-10-07", validator=checks.TEXT)
    params: NposParameters = attrs.field(
        default=KUSAMA_NPOS, validator=checks.field(checks.instance, NposParameters, "KUSAMA_NPOS")
    )
    staking_rules: StakingRules = attrs.field(
        default=KUSAMA_STAKING, validator=checks.field(checks.instance, StakingRules, "KUSAMA_STAKING")
    )
    validators: int = attrs.field(default=1_000, validator=checks.field(checks.integer, 1, 2**32 - 1))
    nominator_minimum: float = attrs.field(default=0.1, validator=checks.NON_NEGATIVE)
    rewards_restaked: bool = attrs.field(default=False, validator=checks.FLAG)

    def era(self) -> tuple[float, float]:
        """KSM that an era of the usual length mints for stakers and for the treasury."""
        staked = amounts.base_units(self.staked, PLANCK_PER_KSM)
        issued = amounts.base_units(self.supply, PLANCK_PER_KSM)
        stakers, treasury = relay_era_payout(self.params, staked, issued, self.staking_rules.era_millis)
        return stakers / PLANCK_PER_KSM, treasury / PLANCK_PER_KSM

    def nominal_apr(self) -> APR:
        """What a year's eras pay to stakers over the stake, before a validator's commission."""
        return APR(self.era()[0] * _eras_per_year(self.staking_rules) / self.staked)

    def supply_growth(self) -> APR:
        """What a year's eras mint over the issuance."""
        return APR(sum(self.era()) * _eras_per_year(self.staking_rules) / self.supply)

    def minimum_stake(self) -> float:
        """The least that may nominate."""
        return self.nominator_minimum

    def unbonding(self) -> Unbonding:
        """28 eras of six hours: 7 days."""
        return _unbonding(self.staking_rules, nominators_slashable=True)

    def slashing(self) -> tuple[Offence, ...]:
        """What a nominator loses with its validator."""
        return _offences(self.validators)

    def compounding(self) -> bool:
        """Only for a nominator who chose it."""
        return self.rewards_restaked
