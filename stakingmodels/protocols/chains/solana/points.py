"""Points and credits: what a stake account has earned by its validator's votes, before it is turned into lamports."""

from collections.abc import Mapping, Sequence

import attrs

from stakingmodels import checks
from stakingmodels.protocols.chains.solana.units import u64, u128


@attrs.frozen
class EpochCredits:
    """A line of a vote account: the credits it had at the end of an epoch, and at its beginning.

    Parameters
    ----------
    epoch, final, initial
        Whole numbers of 64 bits; credits never fall, so `final` is `initial` at least.
    """

    epoch: int = attrs.field(validator=checks.field(u64))
    final: int = attrs.field(validator=checks.field(u64))
    initial: int = attrs.field(validator=checks.field(u64))

    def __attrs_post_init__(self) -> None:
        if self.final < self.initial:
            checks.refuse("EpochCredits.final", f"must not be below the initial {self.initial}", self.final)


@attrs.frozen
class StakePoints:
    """Points of a stake account and the credits it has then been paid for.

    Parameters
    ----------
    points
        Effective stake times credits, summed over the epochs.
    new_credits_observed
        The vote account's credits up to which the stake has been paid, if these points are.
    force_credits_update
        Whether the stake takes over the new credits though nothing is paid (the source's
        `force_credits_update_with_skipped_reward`).
    """

    points: int
    new_credits_observed: int
    force_credits_update: bool


def calculate_stake_points_and_credits(
    effective_stake: int | Mapping[int, int],
    credits_observed: int,
    epoch_credits: Sequence[EpochCredits],
    validator_stake: int | None = None,
) -> StakePoints:
    """Points that a stake has earned since it was last paid: its effective stake times the credits of each epoch.

    A vote account with fewer credits than the stake has seen was created anew: the stake goes back to its credits and
    is paid nothing. Source: anza-xyz/agave runtime/src/inflation_rewards/points.rs at 054da46, the same name.

    Parameters
    ----------
    effective_stake
        Lamports, the same in all epochs or by epoch (0 where one is missing).
    credits_observed
        The vote account's credits when the stake was last paid.
    epoch_credits
        The vote account's lines, oldest first; the last one's `final` is what it has now.
    validator_stake
        None for Tower's points (default). Under Alpenglow, all lamports that are staked with the validator: its
        credits grow with its stake, and each stake takes its part, ``credits * stake // validator_stake``.

    Raises
    ------
    InputError
        Where points do not fit 128 bits.
    """
    where = "calculate_stake_points_and_credits"
    observed = u64(f"{where}: credits_observed", credits_observed)
    of_validator = None if validator_stake is None else u64(f"{where}: validator_stake", validator_stake)
    if of_validator == 0:
        checks.refuse(f"{where}: validator_stake", "must be above 0 lamports", validator_stake)
    in_vote = epoch_credits[-1].final if epoch_credits else 0
    if in_vote <= observed:
        return StakePoints(0, in_vote, force_credits_update=in_vote < observed)
    points, seen = 0, observed
    for line in epoch_credits:
        earned = _earned_credits(line, observed, seen)
        points += _points(earned, _stake_of(where, effective_stake, line.epoch), of_validator)
        seen = max(seen, line.final)
    return StakePoints(u128(f"{where}: points", points), seen, force_credits_update=False)


def _earned_credits(line: EpochCredits, observed: int, seen: int) -> int:
    """Credits of an epoch that the stake has not been paid for yet."""
    if observed < line.initial:
        return line.final - line.initial
    if observed < line.final:
        return line.final - seen
    return 0


def _points(earned: int, stake: int, validator_stake: int | None) -> int:
    return earned * stake if validator_stake is None else earned * stake // validator_stake


def _stake_of(where: str, effective_stake: int | Mapping[int, int], epoch: int) -> int:
    lamports = effective_stake.get(epoch, 0) if isinstance(effective_stake, Mapping) else effective_stake
    return u64(f"{where}: effective_stake", lamports)
