"""Epoch rewards: the lamports of an epoch, each stake's part of them, and the validator's commission."""

from collections.abc import Mapping, Sequence

import attrs

from stakingmodels import checks
from stakingmodels.protocols.chains.solana.points import EpochCredits, calculate_stake_points_and_credits
from stakingmodels.protocols.chains.solana.units import (
    BASIS_POINTS_PER_UNIT,
    U64_MAX,
    U128_MAX,
    commission_bps,
    u64,
    u128,
)


@attrs.frozen
class CommissionSplit:
    """A reward in two parts.

    Parameters
    ----------
    voter, staker
        Lamports of the validator and of the stake.
    is_split
        Whether both should have been paid, which a rounded part of 0 does not tell.
    """

    voter: int
    staker: int
    is_split: bool


@attrs.frozen
class PointValue:
    """The lamports of an epoch and the points of all stakes over which they go.

    Parameters
    ----------
    rewards
        Lamports, 64 bits.
    points
        128 bits.
    """

    rewards: int = attrs.field(validator=checks.field(u64))
    points: int = attrs.field(validator=checks.field(u128))


@attrs.frozen
class StakeRewards:
    """Rewards of a stake account and its validator, in lamports, and the credits settled by them."""

    staker: int
    voter: int
    new_credits_observed: int


def epoch_rewards(validator_rate: float, capitalization: int, epoch_duration_in_years: float) -> int:
    """Lamports for all stakes of an epoch: ``rate * capitalization * years``, in double precision, rounded down.

    The rate is of all SOL, not of what is staked. Source: anza-xyz/agave runtime/src/bank.rs,
    calculate_previous_epoch_inflation_rewards (SIMD-0607 would replace the doubles by integers).

    Parameters
    ----------
    validator_rate
        `Inflation.validator` at the first slot of the epoch in which the rewards are paid.
    capitalization
        All lamports at the end of the epoch that is paid for.
    epoch_duration_in_years
        `slots.epoch_duration_in_years` of that epoch.
    """
    rate = checks.fraction("epoch_rewards: validator_rate", validator_rate)
    lamports = u64("epoch_rewards: capitalization", capitalization)
    years = checks.fraction("epoch_rewards: epoch_duration_in_years", epoch_duration_in_years)
    return min(int(rate * float(lamports) * years), U64_MAX)


def commission_split(commission: int, rewards: int) -> CommissionSplit:
    """A reward split between validator and stake, both rounded down: up to one lamport is paid to nobody.

    Source: anza-xyz/agave runtime/src/inflation_rewards/mod.rs at 05e6c96, the same name (SIMD-0291).

    Parameters
    ----------
    commission
        Basis points; above 10,000 counts as 10,000.
    rewards
        Lamports.
    """
    share = commission_bps("commission_split: commission", commission)
    lamports = u64("commission_split: rewards", rewards)
    voter = lamports * share // BASIS_POINTS_PER_UNIT
    staker = lamports * (BASIS_POINTS_PER_UNIT - share) // BASIS_POINTS_PER_UNIT
    return CommissionSplit(voter, staker, is_split=0 < share < BASIS_POINTS_PER_UNIT)


def calculate_stake_rewards(
    *,
    effective_stake: int | Mapping[int, int],
    credits_observed: int,
    epoch_credits: Sequence[EpochCredits],
    point_value: PointValue,
    commission: int,
    just_activated: bool = False,
) -> StakeRewards | None:
    """Reward of a stake account for an epoch, or None: nothing is paid and its credits stay unchanged.

    Nothing is paid, but the credits move on, where inflation is off, in the epoch of activation, and where the vote
    account was created anew. Neither is touched where the reward, or one side of a split, rounds to 0: the credits
    then wait for the next epoch. Source: anza-xyz/agave runtime/src/inflation_rewards/mod.rs at 05e6c96, the same name.

    Parameters
    ----------
    effective_stake, credits_observed, epoch_credits
        As for `calculate_stake_points_and_credits`.
    point_value
        The epoch's lamports and the points of all stakes.
    commission
        The validator's, basis points.
    just_activated
        Whether the stake was activated in the epoch that is paid for.

    Raises
    ------
    InputError
        Where a product does not fit 128 bits or a reward 64, on which a validator would stop.
    """
    earned = calculate_stake_points_and_credits(effective_stake, credits_observed, epoch_credits)
    if checks.flag("calculate_stake_rewards: just_activated", just_activated) or point_value.rewards == 0:
        return StakeRewards(0, 0, earned.new_credits_observed)
    if earned.force_credits_update:
        return StakeRewards(0, 0, earned.new_credits_observed)
    split = commission_split(commission, _lamports_of_points(earned.points, point_value))
    paid_by_rule = split.voter + split.staker > 0
    one_side_lost = split.is_split and 0 in (split.voter, split.staker)
    if not paid_by_rule or one_side_lost:
        return None
    return StakeRewards(split.staker, split.voter, earned.new_credits_observed)


def _lamports_of_points(points: int, value: PointValue) -> int:
    """A stake's part of the epoch's lamports, rounded down; 0 where nobody has points."""
    product = points * value.rewards
    if product > U128_MAX:
        rule = "must leave points * rewards within 128 bits"
        checks.refuse("calculate_stake_rewards: point_value.rewards", rule, value.rewards)
    return u64("calculate_stake_rewards: rewards", product // value.points) if value.points else 0
