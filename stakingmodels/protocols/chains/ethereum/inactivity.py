"""Inactivity leak: penalties of validators that miss the target while finality fails.

Source: ethereum/consensus-specs at commit a08d8a6e2b45f0b8c0d379abc15583427c643689, specs/altair/beacon-chain.md
(is_in_inactivity_leak, process_inactivity_updates, get_inactivity_penalty_deltas); the quotient of
specs/bellatrix/beacon-chain.md. Downtime is not slashing: this is the most that being offline can cost.
"""

from typing import Any

import numpy as np

from stakingmodels import checks
from stakingmodels.protocols.chains.ethereum.rulesets import Ruleset
from stakingmodels.protocols.integers import INT64_MAX, whole

SCORE_LIMIT = 2**32
"""Scores rise by 4 an epoch: this one takes more than ten thousand years."""


def get_finality_delay(current_epoch: int, finalized_epoch: int) -> int:
    """Epochs from the last finalised one to the previous one, which is the latest that can be final.

    Raises
    ------
    InputError
        Where the finalised epoch is not before the current one.
    """
    where = "get_finality_delay"
    current = checks.integer(f"{where}: current_epoch", current_epoch, 1, INT64_MAX)
    finalized = checks.integer(f"{where}: finalized_epoch", finalized_epoch, 0, INT64_MAX)
    if finalized >= current:
        checks.refuse(f"{where}: finalized_epoch", f"must be before current_epoch {current}", finalized)
    return current - 1 - finalized


def is_in_inactivity_leak(finality_delay: int, ruleset: Ruleset) -> bool:
    """Whether finality has failed for more than 4 epochs."""
    delay = checks.integer("is_in_inactivity_leak: finality_delay", finality_delay, 0, INT64_MAX)
    return delay > ruleset.min_epochs_to_inactivity_penalty


def process_inactivity_updates(inactivity_score: Any, timely_target: Any, *, leak: bool, ruleset: Ruleset) -> Any:
    """The score of an eligible validator after an epoch: 1 less with the target, else 4 more; outside a leak 16 less.

    Runs before the epoch's rewards and penalties, which use the new score. Never below 0.

    Parameters
    ----------
    inactivity_score
        Integer or int64 array.
    timely_target
        Whether the validator has the target flag of the previous epoch and is not slashed; bool or array.
    leak
        See `is_in_inactivity_leak`.

    Returns
    -------
    int, or an int64 array
    """
    score = _score("process_inactivity_updates", inactivity_score)
    hit = np.asarray(timely_target, dtype=np.bool_)
    updated = np.where(hit, np.maximum(score - 1, 0), score + ruleset.inactivity_score_bias)
    if not checks.flag("process_inactivity_updates: leak", leak):
        updated = np.maximum(updated - ruleset.inactivity_score_recovery_rate, 0)
    return updated if updated.ndim else int(updated)


def get_inactivity_penalty(effective_balance: Any, inactivity_score: Any, ruleset: Ruleset) -> Any:
    """Inactivity penalty of a validator that missed the target or is slashed: ``balance * score // (4 * 2**24)`` Gwei.

    Also outside a leak, as long as the score has not come down.

    Parameters
    ----------
    effective_balance
        Gwei.
    inactivity_score
        The score after `process_inactivity_updates`.

    Raises
    ------
    InputError
        For numbers outside their range, or arrays whose product passes int64.
    """
    where = "get_inactivity_penalty"
    balance = whole(f"{where}: effective_balance", effective_balance)
    score = _score(where, inactivity_score)
    too_large = balance > INT64_MAX // np.maximum(score, 1)
    if np.any(too_large):
        most = int(np.max(np.broadcast_to(score, np.shape(too_large))[too_large]))
        checks.refuse(f"{where}: inactivity_score", f"too large: balance * score passes int64, {INT64_MAX}", most)
    return balance * score // (ruleset.inactivity_score_bias * ruleset.inactivity_penalty_quotient)


def _score(where: str, inactivity_score: Any) -> Any:
    return whole(f"{where}: inactivity_score", inactivity_score, 0, SCORE_LIMIT)
