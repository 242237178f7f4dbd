"""Polkadot's emission since November 2024: fixed (Referendum 1139), then in steps (1710) that are split anew (1909)."""

from abc import ABC, abstractmethod

import attrs

from stakingmodels import checks
from stakingmodels.protocols.chains.polkadot import arithmetic
from stakingmodels.protocols.chains.polkadot.arithmetic import FIXED_DIV, PERBILL

PLANCK_PER_DOT = 10**10
RELAY_BLOCKS_PER_YEAR = 14_400 * 36525 // 100
"""Blocks of 6 s in a Julian year. Source: polkadot-fellows/runtimes relay/polkadot/constants/src/lib.rs, YEARS."""
_BLOCK = checks.field(checks.integer, 0, 2**32 - 1)
_BALANCE = checks.field(checks.integer, 0, arithmetic.FIXED_MAX)
_FIXED_PART = checks.field(checks.integer, 0, FIXED_DIV)


class YearlyEmission(ABC):
    """Emission a Julian year, by the relay chain's block number."""

    @abstractmethod
    def yearly_emission(self, relay_block: int) -> int:
        """Planck a Julian year at a block of the relay chain."""


@attrs.frozen
class FixedEmission(YearlyEmission):
    """A rate of an issuance that no longer grows.

    Parameters
    ----------
    fixed_total_issuance
        Planck.
    inflation_rate
        Parts of 10**18.
    """

    fixed_total_issuance: int = attrs.field(validator=_BALANCE)
    inflation_rate: int = attrs.field(validator=_FIXED_PART)

    def yearly_emission(self, relay_block: int) -> int:
        """Emission a Julian year, constant for every block."""
        return arithmetic.fixed_times(self.inflation_rate, self.fixed_total_issuance)


@attrs.frozen
class SteppedEmission(YearlyEmission):
    """Every two years a part of what is left up to the target is minted, evenly.

    Parameters
    ----------
    start
        Relay block of the first step.
    starting_issuance, target_issuance
        Planck at that block, and never reached; the second is not below the first.
    step_rate
        Part of what is left that a step mints, parts of a billion.
    step_blocks
        Blocks of a step, which count as two years.
    """

    start: int = attrs.field(validator=_BLOCK)
    starting_issuance: int = attrs.field(validator=_BALANCE)
    target_issuance: int = attrs.field(validator=_BALANCE)
    step_rate: int = attrs.field(validator=checks.field(checks.integer, 0, PERBILL))
    step_blocks: int = attrs.field(default=2 * RELAY_BLOCKS_PER_YEAR, validator=checks.field(checks.integer, 1, 2**31))

    def __attrs_post_init__(self) -> None:
        if self.target_issuance < self.starting_issuance:
            checks.refuse(
                "SteppedEmission.target_issuance",
                f"must not be below the starting issuance of {self.starting_issuance}",
                self.target_issuance,
            )

    def _fixed_issuance(self, steps: int) -> int:
        """Issuance after some whole steps, in 10**-18 planck: what the runtime subtracts before it cuts off."""
        left = arithmetic.fixed_power(FIXED_DIV - self.step_rate * (FIXED_DIV // PERBILL), steps)
        gap = (self.target_issuance - self.starting_issuance) * FIXED_DIV
        return self.target_issuance * FIXED_DIV - arithmetic.fixed_times(left, gap)

    def issuance_after(self, steps: int) -> int:
        """Planck in issue after some whole steps: ``target - (target - start) * (1 - rate)**steps``."""
        count = checks.integer("SteppedEmission.issuance_after: steps", steps, 0, 2**32 - 1)
        return self._fixed_issuance(count) // FIXED_DIV

    def step_emission(self, relay_block: int) -> int:
        """Planck minted over the two years to which a block belongs; 0 before the first.

        Source: polkadot-fellows/runtimes@cb16c08, asset-hub-polkadot/src/staking/stepped_curve.rs, last_step_size.
        """
        block = checks.integer("SteppedEmission.step_emission: relay_block", relay_block, 0, 2**32 - 1)
        if block < self.start:
            return 0
        step = (block - self.start) // self.step_blocks
        return (self._fixed_issuance(step + 1) - self._fixed_issuance(step)) // FIXED_DIV

    def yearly_emission(self, relay_block: int) -> int:
        """Half of a step's emission."""
        return self.step_emission(relay_block) // 2


@attrs.frozen
class EmissionRules:
    """Emission of an era and its split, from a date on.

    Parameters
    ----------
    emission
        Emission a Julian year.
    treasury_part
        Treasury's part, or since staking drips its buffer's, in parts of 10**18.
    max_era_emission
        Planck that an era mints at most, however long it took; None where there is no such limit.
    valid_from, source
        Date and source.
    validator_part
        Part paid to validators on their own stake, in addition to their part of the stakers'; parts of 10**18. The two
        parts together are at most the whole; the rest is the stakers'.
    """

    emission: YearlyEmission
    treasury_part: int = attrs.field(validator=_FIXED_PART)
    max_era_emission: int | None = attrs.field(
        validator=checks.field(checks.integer, 0, arithmetic.FIXED_MAX, optional=True)
    )
    valid_from: str
    source: str
    validator_part: int = attrs.field(default=0, validator=_FIXED_PART)

    def __attrs_post_init__(self) -> None:
        if self.treasury_part + self.validator_part > FIXED_DIV:
            rule = f"must leave a part of 0 or more beside treasury_part {self.treasury_part}"
            checks.refuse("EmissionRules.validator_part", rule, self.validator_part)


REF_1139 = EmissionRules(
    emission=FixedEmission(fixed_total_issuance=15_011_657_390_566_252_333, inflation_rate=8 * FIXED_DIV // 100),
    treasury_part=15 * FIXED_DIV // 100,
    max_era_emission=None,
    valid_from="2024-11-20",
    source="polkadot-fellows/runtimes@cb16c08 relay/polkadot/src/lib.rs, EraPayout",
)
"""Referendum 1139: 8 % of the issuance of November 2024, 85 % of it to stakers."""

MAX_ERA_EMISSION = 328_797 * PLANCK_PER_DOT * 7
"""A week of what was minted before the cap. Source: asset-hub-polkadot/src/staking/mod.rs, MAX_ERA_EMISSION."""

REF_1139_ASSET_HUB = attrs.evolve(
    REF_1139,
    max_era_emission=MAX_ERA_EMISSION,
    valid_from="2025-11-04",
    source="polkadot-fellows/runtimes@8e6e289 asset-hub-polkadot/src/staking/mod.rs, EraPayout",
)
"""Rules after staking moved to the Asset Hub, which limits an era."""

REF_1710 = EmissionRules(
    emission=SteppedEmission(
        start=30_349_908,
        starting_issuance=16_743_421_533_310_057_487,
        target_issuance=2_100_000_000 * PLANCK_PER_DOT,
        step_rate=262_800_000,
    ),
    treasury_part=REF_1139.treasury_part,
    max_era_emission=MAX_ERA_EMISSION,
    valid_from="2026-03-14",
    source=(
        "polkadot-fellows/runtimes@cb16c08 (2026-07-23) asset-hub-polkadot/src/staking/mod.rs, EraPayout; since "
        "runtime 2.3.0 (2026-06-05) pallet-dap mints in drips, split at first as "
        "before: src/migrations.rs, lines 34 to 50"
    ),
)
"""Referendum 1710: 26.28 % of what is left up to 2.1 billion DOT, every two years from 14 March 2026."""

REF_1909 = attrs.evolve(
    REF_1710,
    treasury_part=322 * FIXED_DIV // 1000,
    validator_part=226 * FIXED_DIV // 1000,
    valid_from="2026-07-13",
    source=(
        "polkadot.polkassembly.io/referenda/1909; seen on chain: 69,216 of 153,132 DOT a day to stakers "
        "(novasamatech/nova-wallet-ios issue 1836, 2026-07-13; nova-spektr pull request 5973, 2026-07-29)"
    ),
)
"""Referendum 1909: of the same mint 45.2 % to stakers, 22.6 % to validators for their own stake, 32.2 % to the buffer.
Validators take no commission since. `valid_from` is the first day on which it was seen; it was enacted before."""


def issue(rules: EmissionRules, elapsed_millis: int, relay_block: int) -> int:
    """Planck minted in an era: its part of a Julian year's emission, at most the era's limit.

    Parameters
    ----------
    rules
        `REF_1139`, `REF_1139_ASSET_HUB`, `REF_1710` or `REF_1909`.
    elapsed_millis
        The era's length.
    relay_block
        Block of the relay chain at its end.

    Notes
    -----
    Source: polkadot-fellows/runtimes@cb16c08 asset-hub-polkadot/src/staking/mod.rs, IssuanceCurve::issue.
    """
    era = arithmetic.era_millis("issue: elapsed_millis", elapsed_millis)
    block = checks.integer("issue: relay_block", relay_block, 0, 2**32 - 1)
    part_of_year = era * FIXED_DIV // arithmetic.MILLISECONDS_PER_YEAR
    minted = arithmetic.fixed_times(part_of_year, rules.emission.yearly_emission(block))
    return minted if rules.max_era_emission is None else min(minted, rules.max_era_emission)


def era_payout(rules: EmissionRules, era_duration_millis: int, relay_block: int) -> tuple[int, int]:
    """Emission of an era for stakers and for all others, in planck; the others' part is rounded down.

    Parameters
    ----------
    rules
        `REF_1139`, `REF_1139_ASSET_HUB`, `REF_1710` or `REF_1909`.
    era_duration_millis
        Milliseconds.
    relay_block
        Block of the relay chain at the era's end.

    Returns
    -------
    tuple of int
        The stakers' part; and the treasury's (or the buffer's) with what validators get for their own stake.

    Notes
    -----
    Source: polkadot-fellows/runtimes asset-hub-polkadot/src/staking/mod.rs, EraPayout::era_payout. The drips that mint
    since June 2026 round each by itself, which is not followed: some planck an era.
    """
    minted = issue(rules, era_duration_millis, relay_block)
    to_others = arithmetic.fixed_times(rules.treasury_part, minted)
    to_others += arithmetic.fixed_times(rules.validator_part, minted)
    return minted - to_others, to_others
