"""Unbonding times and slashing of a nominator's stake on Polkadot and Kusama."""

import attrs

from stakingmodels import checks
from stakingmodels.protocols.chains.polkadot import arithmetic
from stakingmodels.protocols.chains.polkadot.arithmetic import PERBILL

_COUNT = checks.field(checks.integer, 1, 2**32 - 1)

SLASH_FOR_INVALID_BACKED = PERBILL
"""Backing an invalid block costs everything. Source: polkadot-sdk runtime/parachains/src/disputes/slashing.rs."""
SLASH_FOR_INVALID_APPROVED = 2 * PERBILL // 100
"""Approving one, 2 %. Source: the same."""


@attrs.frozen
class StakingRules:
    """Rules of bonded stake, from a date on.

    Parameters
    ----------
    era_millis
        Milliseconds of an era.
    bonding_duration
        Eras from unbonding to withdrawal.
    nominator_fast_unbond_duration
        Eras from unbonding to withdrawal for nominators while they cannot be slashed.
    slash_defer_duration
        Eras in which governance can cancel a slash.
    max_nominations
        Validators that a nominator may name.
    max_exposure_page_size
        Nominators of a validator who are paid by one call.
    valid_from, source
        When and where.
    """

    era_millis: int = attrs.field(validator=_COUNT)
    bonding_duration: int = attrs.field(validator=_COUNT)
    nominator_fast_unbond_duration: int = attrs.field(validator=_COUNT)
    slash_defer_duration: int = attrs.field(validator=_COUNT)
    max_nominations: int = attrs.field(validator=_COUNT)
    max_exposure_page_size: int = attrs.field(validator=_COUNT)
    valid_from: str
    source: str


POLKADOT_STAKING = StakingRules(
    era_millis=24 * 3_600_000,
    bonding_duration=28,
    nominator_fast_unbond_duration=2,
    slash_defer_duration=27,
    max_nominations=16,
    max_exposure_page_size=512,
    valid_from="2026-03-14",
    source="polkadot-fellows/runtimes@cb16c08 (2026-07-23) asset-hub-polkadot/src/staking/mod.rs, BondingDuration",
)
"""Polkadot: eras of a day."""

KUSAMA_STAKING = attrs.evolve(
    POLKADOT_STAKING,
    era_millis=6 * 3_600_000,
    nominator_fast_unbond_duration=28,
    max_nominations=24,
    valid_from="2025-10-07",
    source="polkadot-fellows/runtimes@cb16c08 (2026-07-23) asset-hub-kusama/src/staking/mod.rs, BondingDuration",
)
"""Kusama: eras of six hours, and nominators meant to stay slashable."""


def nominator_bonding_duration(rules: StakingRules, *, nominators_slashable: bool) -> int:
    """Eras from a nominator's unbonding to withdrawal: a few while nominators cannot be slashed.

    Source: paritytech/polkadot-sdk pallet-staking-async, AreNominatorsSlashable, nominator_bonding_duration.
    """
    slashable = checks.flag("nominator_bonding_duration: nominators_slashable", nominators_slashable)
    return rules.bonding_duration if slashable else rules.nominator_fast_unbond_duration


def equivocation_slash_fraction(offenders: int, validators: int) -> int:
    """Slash of each of k validators that equivocate together: ``min(1, (3 k / n)**2)`` in parts of a billion.

    Parameters
    ----------
    offenders
        k, from 1.
    validators
        n, in the active set; not below k.

    Notes
    -----
    Source: paritytech/polkadot-sdk substrate/frame/babe/src/equivocation.rs, slash_fraction (grandpa and beefy alike).
    """
    n = checks.integer("equivocation_slash_fraction: validators", validators, 1, 2**32 - 1)
    k = checks.integer("equivocation_slash_fraction: offenders", offenders, 1, n)
    part = arithmetic.from_rational(3 * k, n, PERBILL)
    return part * part // PERBILL
