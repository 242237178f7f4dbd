"""Polkadot and Kusama, each on one day."""

import attrs

from stakingmodels import checks
from stakingmodels.protocols.chains import amounts
from stakingmodels.protocols.chains.chain import Chain, Offense, Unbonding
from stakingmodels.protocols.chains.polkadot import staking
from stakingmodels.protocols.chains.polkadot.arithmetic import MILLISECONDS_PER_DAY, PERBILL
from stakingmodels.protocols.chains.polkadot.emission import (
    PLANCK_PER_DOT,
    REF_1909,
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


def _offenses(validators: int) -> tuple[Offense, ...]:
    alone = staking.equivocation_slash_fraction(1, validators) / PERBILL
    approved, backed = staking.SLASH_FOR_INVALID_APPROVED / PERBILL, staking.SLASH_FOR_INVALID_BACKED / PERBILL
    return (
        Offense("equivocation of the nominated validator", alone, 1.0, _EQUIVOCATION),
        Offense("approving an invalid block", approved, approved, _DISPUTES),
        Offense("backing an invalid block", backed, backed, _DISPUTES),
    )


@attrs.frozen
class Polkadot(Chain):
    """Polkadot on one day, for a nominator.

    Parameters
    ----------
    supply
        1,714,309,589.6 DOT on 2026-11-30 by the rule: the 1,674,342,153.331 of 14 March 2026 that the runtime's curve
        starts from (MARCH_2026_TI) and 261 days of 153,131.94; nothing burned [assumption].
    staked
        802,851,933.673 DOT: stake behind the validators elected at relay block 27,721,215, September 2025, as noted in
        polkadot-fellows/runtimes asset-hub-polkadot/src/staking/mod.rs. A later total was not found; a wallet that read
        2.87 % off the chain on 2026-07-29 (novasamatech/nova-spektr pull request 5973) implies some 880 million.
    as_of
        The day of the oldest of these, the stake: 182.5 days of blocks before the curve's start.
    rules
        `REF_1909` in force; `REF_1710`, `REF_1139_ASSET_HUB` and `REF_1139` before it.
    relay_block
        Block of the relay chain on 2026-11-30, 261 days of 14,400 blocks after the curve's start.
    validators
        600 (wiki.polkadot.network, chain state values, 2026).
    pool_minimum
        1 DOT to join a nomination pool (the same); 250 DOT to nominate alone.
    nominators_slashable
        The chain's AreNominatorsSlashable. False since Referendum 1910 (greentreeone.com/news/1168998; seen on chain
        by 2026-07-06, polkadot-cloud-apps pull request 3624); True before it. Validators' own stake is bound and
        slashable as before.
    rewards_restaked
        Whether the holder has chosen the payee `ActiveStake`.
    staking_rules
        Length of an era, and how long stake is bonded.
    """

    asset: str = attrs.field(default="DOT", validator=checks.TEXT)
    supply: float = attrs.field(default=1_714_309_589.6, validator=checks.POSITIVE)
    staked: float = attrs.field(default=802_851_933.673, validator=checks.POSITIVE)
    as_of: str = attrs.field(default="2025-09-12", validator=checks.TEXT)
    rules: EmissionRules = attrs.field(
        default=REF_1909, validator=checks.field(checks.instance, EmissionRules, "REF_1909")
    )
    staking_rules: StakingRules = attrs.field(
        default=POLKADOT_STAKING, validator=checks.field(checks.instance, StakingRules, "POLKADOT_STAKING")
    )
    relay_block: int = attrs.field(default=34_108_308, validator=checks.field(checks.integer, 0, 2**32 - 1))
    validators: int = attrs.field(default=600, validator=checks.field(checks.integer, 1, 2**32 - 1))
    pool_minimum: float = attrs.field(default=1.0, validator=checks.NON_NEGATIVE)
    nominators_slashable: bool = attrs.field(default=False, validator=checks.FLAG)
    rewards_restaked: bool = attrs.field(default=False, validator=checks.FLAG)

    def era(self) -> tuple[float, float]:
        """DOT that an era of the usual length mints for stakers, and for all others (`era_payout`)."""
        stakers, treasury = era_payout(self.rules, self.staking_rules.era_millis, self.relay_block)
        return stakers / PLANCK_PER_DOT, treasury / PLANCK_PER_DOT

    def nominal_apr(self) -> APR:
        """Nominal rate: a year's pay-outs to stakers over the stake, before commission (none since `REF_1909`)."""
        return APR(self.era()[0] * _eras_per_year(self.staking_rules) / self.staked)

    def supply_growth(self) -> APR:
        """Growth of the supply: a year's total emission over the issuance."""
        return APR(sum(self.era()) * _eras_per_year(self.staking_rules) / self.supply)

    def minimum_stake(self) -> float:
        """The least that joins a nomination pool."""
        return self.pool_minimum

    def unbonding(self) -> Unbonding:
        """2 days while nominators cannot be slashed; 28 where they can."""
        return _unbonding(self.staking_rules, nominators_slashable=self.nominators_slashable)

    def slashing(self) -> tuple[Offense, ...]:
        """Offenses that slash a nominator with its validator; empty while nominators cannot be slashed."""
        return _offenses(self.validators) if self.nominators_slashable else ()

    def compounding(self) -> bool:
        """Only for a nominator who chose it; members of a pool claim and bond again."""
        return self.rewards_restaked


@attrs.frozen
class Kusama(Chain):
    """Kusama on one day.

    Parameters
    ----------
    supply
        18,610,000 KSM, which the curve asks for beside `staked` when an era pays 907 KSM to stakers.
    staked
        8,598,700 KSM: an era paid 907 KSM, and that was 15.40 % a year, as read off the chain
        (novasamatech/nova-spektr pull request 5973, 2026-07-29). The runtime's notes have 8,062,560.594 at relay block
        29,939,392, September 2025 (polkadot-fellows/runtimes asset-hub-kusama/src/staking/mod.rs).
    as_of
        The day of that reading.
    params
        The inflation curve.
    validators
        1,000 [assumption].
    nominator_minimum
        0.1 KSM to nominate (polkadot.subsquare.io, post 1382).
    rewards_restaked
        Whether the holder has chosen the payee `ActiveStake`.
    staking_rules
        Length of an era, and how long stake is bonded.
    """

    asset: str = attrs.field(default="KSM", validator=checks.TEXT)
    supply: float = attrs.field(default=18_610_000.0, validator=checks.POSITIVE)
    staked: float = attrs.field(default=8_598_700.0, validator=checks.POSITIVE)
    as_of: str = attrs.field(default="2026-07-29", validator=checks.TEXT)
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
        """Nominal rate: a year's pay-outs to stakers over the stake, before a validator's commission."""
        return APR(self.era()[0] * _eras_per_year(self.staking_rules) / self.staked)

    def supply_growth(self) -> APR:
        """Growth of the supply: a year's emission over the issuance."""
        return APR(sum(self.era()) * _eras_per_year(self.staking_rules) / self.supply)

    def minimum_stake(self) -> float:
        """The least that may nominate."""
        return self.nominator_minimum

    def unbonding(self) -> Unbonding:
        """28 eras of six hours: 7 days."""
        return _unbonding(self.staking_rules, nominators_slashable=True)

    def slashing(self) -> tuple[Offense, ...]:
        """Offenses that slash a nominator with its validator."""
        return _offenses(self.validators)

    def compounding(self) -> bool:
        """Only for a nominator who chose it."""
        return self.rewards_restaked
