"""Distribution of minted and collected coins of a Cosmos chain: community pool, validators by power, delegators."""

from collections.abc import Sequence

import attrs

from stakingmodels import checks
from stakingmodels.protocols.chains.cosmos.legacy_dec import ONE, UNIT_DEC, ZERO, LegacyDec, non_negative_dec, unit_dec
from stakingmodels.protocols.chains.cosmos.mint import TOKENS_LIMIT


@attrs.frozen
class Vote:
    """A validator that voted for the last block.

    Parameters
    ----------
    power
        Its voting power, at least 0.
    commission
        The part of its reward that it keeps, in [0, 1].
    """

    power: int = attrs.field(validator=checks.field(checks.integer, 0, 2**63 - 1))
    commission: LegacyDec = attrs.field(validator=UNIT_DEC)


@attrs.frozen
class ValidatorReward:
    """Allocation to one validator, in base units.

    Parameters
    ----------
    outstanding
        Total allocation.
    commission
        Part kept by the validator.
    current_rewards
        Part shared by its delegators by tokens, the validator's own included.
    """

    outstanding: LegacyDec
    commission: LegacyDec
    current_rewards: LegacyDec


@attrs.frozen
class Allocation:
    """Allocation of a block's fees and provisions, in base units; the parts add up to the total."""

    community_pool: LegacyDec
    validators: tuple[ValidatorReward, ...]


def allocate_tokens_to_validator(tokens: LegacyDec, commission: LegacyDec) -> ValidatorReward:
    """A validator's reward split by its commission; the validator's part is rounded to the nearest 10**-18.

    Parameters
    ----------
    tokens
        Base units, at least 0.
    commission
        In [0, 1].

    Notes
    -----
    Source: cosmos/cosmos-sdk x/distribution/keeper/allocation.go, AllocateTokensToValidator (commit 038dbeae).
    """
    reward = non_negative_dec("allocate_tokens_to_validator: tokens", tokens)
    kept = reward.mul(unit_dec("allocate_tokens_to_validator: commission", commission))
    return ValidatorReward(outstanding=reward, commission=kept, current_rewards=reward.sub(kept))


def allocate_tokens(
    fees: int,
    community_tax: LegacyDec,
    votes: Sequence[Vote],
    total_previous_power: int | None = None,
) -> Allocation:
    """A block's fees and provisions, less the community tax, shared by voting power.

    Each part is rounded towards zero; the community pool takes the tax, what is left over, and everything where nobody
    has power. There is no extra part for the proposer since SDK 0.46.

    Parameters
    ----------
    fees
        Base units that were collected, the block provision among them.
    community_tax
        In [0, 1].
    votes
        The validators that voted.
    total_previous_power
        Power of the whole set; by default what voted. Whoever did not vote leaves its part to the community pool.

    Notes
    -----
    Source: cosmos/cosmos-sdk x/distribution/keeper/allocation.go, AllocateTokens (commit 038dbeae).
    """
    collected = LegacyDec.from_int(checks.integer("allocate_tokens: fees", fees, 0, TOKENS_LIMIT))
    tax = unit_dec("allocate_tokens: community_tax", community_tax)
    voted = sum(vote.power for vote in votes)
    total = voted if total_previous_power is None else total_previous_power
    total = checks.integer("allocate_tokens: total_previous_power", total, voted, 2**63 - 1)
    if total == 0:
        # the SDK allocates nothing then, so every validator is named with 0
        nothing = allocate_tokens_to_validator(ZERO, ZERO)
        return Allocation(collected, tuple(nothing for _ in votes))
    for_validators = collected.mul_truncate(ONE.sub(tax))
    power = LegacyDec.from_int(total)
    rewards = tuple(
        allocate_tokens_to_validator(
            for_validators.mul_truncate(LegacyDec.from_int(vote.power).quo_truncate(power)), vote.commission
        )
        for vote in votes
    )
    allocated = sum(reward.outstanding.units for reward in rewards)
    return Allocation(LegacyDec(collected.units - allocated), rewards)
