"""Rewards of validators for their duties: attestations, seats of the sync committee, proposals.

Source of all rules: ethereum/consensus-specs at commit a08d8a6e2b45f0b8c0d379abc15583427c643689,
specs/altair/beacon-chain.md; for late targets specs/deneb/beacon-chain.md (EIP-7045). Amounts are Gwei; every division
rounds down, in the specification's order. Arguments are integers or int64 arrays, which broadcast.
"""

from typing import Any

import numpy as np

from stakingmodels import checks
from stakingmodels.protocols.chains.ethereum.rulesets import Ruleset
from stakingmodels.protocols.integers import INT64_MAX, isqrt, whole

TIMELY_SOURCE_FLAG_INDEX = 0
TIMELY_TARGET_FLAG_INDEX = 1
TIMELY_HEAD_FLAG_INDEX = 2
PARTICIPATION_FLAGS = 3
ALL_FLAGS = 2**PARTICIPATION_FLAGS - 1
"""Source, target and head, as bits: 7."""


def get_base_reward_per_increment(total_active_balance: Any, ruleset: Ruleset) -> Any:
    """Base reward of one increment (1 ETH) of effective balance in an epoch: ``64 * 10**9 // isqrt(total)``.

    An integer, so a step function of the total: 339 Gwei at 35.6 M ETH.

    Parameters
    ----------
    total_active_balance
        Sum of the effective balances of active validators, Gwei, at least one increment.

    Returns
    -------
    int, or an int64 array

    Raises
    ------
    InputError, InputTypeError
        For totals below one increment or past int64, or no integers.
    """
    total = _total("get_base_reward_per_increment", total_active_balance, ruleset)
    return ruleset.effective_balance_increment * ruleset.base_reward_factor // isqrt(total)


def get_base_reward(effective_balance: Any, total_active_balance: Any, ruleset: Ruleset) -> Any:
    """The base reward of a validator in an epoch: its increments times the base reward per increment.

    Raises
    ------
    InputError
        For an effective balance below 0 or above the total.
    """
    where = "get_base_reward"
    balance = _own("get_base_reward", effective_balance, _total(where, total_active_balance, ruleset))
    increments = balance // ruleset.effective_balance_increment
    return increments * get_base_reward_per_increment(total_active_balance, ruleset)


def get_flag_index_deltas(
    effective_balance: Any,
    flag_index: int,
    unslashed_participating_balance: Any,
    total_active_balance: Any,
    *,
    leak: bool,
    ruleset: Ruleset,
) -> tuple[Any, Any]:
    """Reward of a validator for a participation flag, and penalty without it.

    ``reward = base * weight * participating // (active * 64)`` with both balances in increments, nothing in a leak;
    ``penalty = base * weight // 64``, in and out of a leak, but none for a missing head. Slashed validators count as
    without.

    Parameters
    ----------
    effective_balance
        Gwei, of an eligible validator.
    flag_index
        0 source, 1 target, 2 head.
    unslashed_participating_balance
        Effective balance of the validators active in the previous epoch, unslashed, that have the flag, Gwei.
    total_active_balance
        Gwei, of the current epoch.
    leak
        Whether finality fails, see `is_in_inactivity_leak`.

    Returns
    -------
    tuple
        Reward and penalty, both at least 0.

    Raises
    ------
    InputError
        For balances outside their range, an unknown flag, or products past int64 (effective balances of millions of
        ETH, which no validator has).
    """
    where = "get_flag_index_deltas"
    _own(where, effective_balance, _total(where, total_active_balance, ruleset))
    return flag_index_deltas(
        effective_balance,
        flag_index,
        unslashed_participating_balance,
        total_active_balance,
        leak=leak,
        ruleset=ruleset,
    )


def flag_index_deltas(
    effective_balance: Any,
    flag_index: int,
    unslashed_participating_balance: Any,
    total_active_balance: Any,
    *,
    leak: bool,
    ruleset: Ruleset,
) -> tuple[Any, Any]:
    """`get_flag_index_deltas` also for validators that have left: those may have had more than who is left."""
    where = "get_flag_index_deltas"
    weight = ruleset.participation_flag_weights[
        checks.integer(f"{where}: flag_index", flag_index, 0, PARTICIPATION_FLAGS - 1)
    ]
    increments = whole(f"{where}: effective_balance", effective_balance) // ruleset.effective_balance_increment
    per_increment = get_base_reward_per_increment(total_active_balance, ruleset)
    _fits(f"{where}: effective_balance", increments, per_increment * weight)
    weighted = increments * per_increment * weight
    balance = whole(f"{where}: unslashed_participating_balance", unslashed_participating_balance)
    increment, denominator = ruleset.effective_balance_increment, ruleset.weight_denominator
    participating = _at_least_one(balance // increment)
    _fits(f"{where}: effective_balance", weighted, participating)
    active = whole(where, total_active_balance) // increment
    reward = weighted * participating // (active * denominator)
    penalty = weighted // denominator
    return (reward * 0 if leak else reward), (penalty * 0 if flag_index == TIMELY_HEAD_FLAG_INDEX else penalty)


def get_attestation_participation_flags(
    inclusion_delay: Any, ruleset: Ruleset, *, matching_target: bool = True, matching_head: bool = True
) -> Any:
    """The flags that an attestation with the right source earns, as bits: 1 source, 2 target, 4 head.

    Source within ``isqrt(32) = 5`` slots; target whenever it may still be included (before Deneb within 32 slots);
    head in the very next slot only. A wrong target costs the head too. With a wrong source it is no attestation.

    Parameters
    ----------
    inclusion_delay
        Slots from the one attested to that of the including block, 1 to 63: the end of the next epoch at the latest.
    matching_target, matching_head
        Whether these votes are right.

    Notes
    -----
    The specification's get_attestation_participation_flag_indices, as bits instead of a list of indices.
    """
    where = "get_attestation_participation_flags: inclusion_delay"
    soonest = ruleset.min_attestation_inclusion_delay
    delay = whole(where, inclusion_delay, soonest, 2 * ruleset.slots_per_epoch - 1)
    source = delay <= isqrt(ruleset.slots_per_epoch)
    target = (delay <= ruleset.slots_per_epoch) | ruleset.target_timely_in_next_epoch
    head = delay == soonest
    right = checks.flag(f"{where}: matching_target", matching_target)
    right_head = right and checks.flag(f"{where}: matching_head", matching_head)
    return (
        (source << TIMELY_SOURCE_FLAG_INDEX)
        + (target & right) * (1 << TIMELY_TARGET_FLAG_INDEX)
        + (head & right_head) * (1 << TIMELY_HEAD_FLAG_INDEX)
    )


def get_attestation_proposer_reward(
    attesting_balance: Any, new_flags: Any, total_active_balance: int, ruleset: Ruleset
) -> int:
    """Reward of the proposer for including one attestation: ``sum(base * weights of new flags) // 448``.

    Rounded once per attestation; an aggregate of a whole slot at 35.6 M ETH, a 32nd of the stake, pays 45,458,537 Gwei.

    Parameters
    ----------
    attesting_balance
        Effective balance of the attesters, Gwei: one number, or one for each group with the same new flags.
    new_flags
        Bits of the flags that this attestation sets and nothing set before, for each group; 0 pays nothing.
    total_active_balance
        Gwei.
    """
    where = "get_attestation_proposer_reward"
    flags = whole(f"{where}: new_flags", new_flags, 0, ALL_FLAGS)
    base = get_base_reward(attesting_balance, total_active_balance, ruleset)
    weights = sum((flags >> index & 1) * weight for index, weight in enumerate(ruleset.participation_flag_weights))
    others = ruleset.weight_denominator - ruleset.proposer_weight
    return int(np.sum(base * weights)) // (others * ruleset.weight_denominator // ruleset.proposer_weight)


def get_sync_participant_reward(total_active_balance: Any, ruleset: Ruleset) -> Any:
    """Reward of one sync committee seat in a slot with a block that has its vote, and penalty without the vote.

    ``brpi * total * 2 // 64 // 32 // 512``: 23,018 Gwei at 35.6 M ETH. A slot without a block gives and takes nothing.
    """
    total = _total("get_sync_participant_reward", total_active_balance, ruleset)
    increments = total // ruleset.effective_balance_increment
    total_base_rewards = get_base_reward_per_increment(total, ruleset) * increments
    max_participant_rewards = (
        total_base_rewards * ruleset.sync_reward_weight // ruleset.weight_denominator // ruleset.slots_per_epoch
    )
    return max_participant_rewards // ruleset.sync_committee_size


def get_sync_proposer_reward(total_active_balance: Any, ruleset: Ruleset, participants: Any = 1) -> Any:
    """Reward of the proposer for the sync votes in its block: ``participant reward * 8 // 56`` for each.

    Parameters
    ----------
    participants
        Votes in the block, 0 to 512.
    """
    seats = whole("get_sync_proposer_reward: participants", participants, 0, ruleset.sync_committee_size)
    others = ruleset.weight_denominator - ruleset.proposer_weight
    return seats * (get_sync_participant_reward(total_active_balance, ruleset) * ruleset.proposer_weight // others)


def attestation_reward(effective_balance: Any, total_active_balance: Any, ruleset: Ruleset) -> Any:
    """Reward of a validator in an epoch with all three flags if all validators have them, outside a leak, Gwei.

    The sum of the three rewards of `get_flag_index_deltas`: 9,153 Gwei less what rounding takes for 32 ETH at 35.6 M.
    """
    return sum(
        get_flag_index_deltas(
            effective_balance, flag, total_active_balance, total_active_balance, leak=False, ruleset=ruleset
        )[0]
        for flag in range(PARTICIPATION_FLAGS)
    )


def block_reward(total_active_balance: int, ruleset: Ruleset, participating_balance: int | None = None) -> int:
    """Reward of a block's proposer: a 32nd of the participating stake attests, all flags new, with the sync votes.

    About 0.0471 ETH at 35.6 M ETH, without the tips and MEV of the execution layer. Rounded once: a 32nd of the stake
    need not be whole ETH.

    Parameters
    ----------
    total_active_balance
        Gwei.
    participating_balance
        Effective balance of those who attest and vote, Gwei; default all.
    """
    total = total_active_balance
    having = total if participating_balance is None else participating_balance
    attestations = get_attestation_proposer_reward(having, ALL_FLAGS, total, ruleset) // ruleset.slots_per_epoch
    votes = ruleset.sync_committee_size * having // total
    return attestations + int(get_sync_proposer_reward(total, ruleset, votes))


def _total(where: str, total_active_balance: Any, ruleset: Ruleset) -> Any:
    return whole(f"{where}: total_active_balance", total_active_balance, ruleset.effective_balance_increment)


def _own(where: str, effective_balance: Any, total_active_balance: Any) -> Any:
    balance = whole(f"{where}: effective_balance", effective_balance)
    if np.any(balance > total_active_balance):
        checks.refuse(f"{where}: effective_balance", "must not be above total_active_balance", effective_balance)
    return balance


def _at_least_one(increments: Any) -> Any:
    # get_total_balance never returns less than one increment, to avoid divisions by zero.
    return max(increments, 1) if isinstance(increments, int) else np.maximum(increments, 1)


def _fits(where: str, one: Any, other: Any) -> None:
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        most = int(np.max(one, initial=0)) * int(np.max(other, initial=0))
        if most > INT64_MAX:
            checks.refuse(where, f"too large: a product passes int64, {INT64_MAX}", most)
