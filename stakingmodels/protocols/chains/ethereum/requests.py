"""Requests of a staker from the execution layer: exits, partial withdrawals, consolidations.

Each function takes the state and returns the state after the request. The protocol drops a request that fails any
check without a word (and keeps its fee): the very same state comes back. That whoever asks owns the validator is taken
for granted here.

Source: ethereum/consensus-specs at commit a08d8a6e2b45f0b8c0d379abc15583427c643689, specs/electra/beacon-chain.md
(EIP-7002, EIP-7251). Amounts are Gwei.
"""

import attrs

from stakingmodels import checks
from stakingmodels.protocols.chains.ethereum.churn import (
    compute_consolidation_epoch_and_update_churn,
    compute_exit_epoch_and_update_churn,
    consolidations_enabled,
)
from stakingmodels.protocols.chains.ethereum.deposits import DepositQueue, PendingDeposit
from stakingmodels.protocols.chains.ethereum.rulesets import FAR_FUTURE_EPOCH, Ruleset
from stakingmodels.protocols.chains.ethereum.state import (
    COMPOUNDING_WITHDRAWAL_PREFIX,
    ETH1_ADDRESS_WITHDRAWAL_PREFIX,
    BeaconState,
    PendingConsolidation,
    PendingPartialWithdrawal,
    Validator,
    has_compounding_withdrawal_credential,
    has_execution_withdrawal_credential,
    is_active_validator,
)

FULL_EXIT_REQUEST_AMOUNT = 0
GENESIS_SLOT = 0
PENDING_CONSOLIDATIONS_LIMIT = 2**18
"""Source: presets/mainnet/electra.yaml; the same in every fork since."""


def get_pending_balance_to_withdraw(state: BeaconState, index: int) -> int:
    """Gwei that a validator has asked for and not yet been paid."""
    return sum(each.amount for each in state.pending_partial_withdrawals if each.validator_index == index)


def initiate_validator_exit(state: BeaconState, index: int, ruleset: Ruleset) -> BeaconState:
    """Put a validator into the exit queue with its effective balance; one that has left already stays as it is.

    It can withdraw 256 epochs after its exit epoch, until which it has duties and rewards.
    """
    validator = state.validator("initiate_validator_exit: index", index)
    if validator.exit_epoch != FAR_FUTURE_EPOCH:
        return state
    exits = compute_exit_epoch_and_update_churn(
        state.exits, validator.effective_balance, state.current_epoch, state.total_active_balance, ruleset
    )
    leaving = _leaving(validator, exits.earliest_epoch, ruleset)
    return attrs.evolve(state.with_validator(index, leaving), exits=exits)


def process_withdrawal_request(state: BeaconState, index: int, amount: int, ruleset: Ruleset) -> BeaconState:
    """Ask for a full exit (amount 0) or a partial withdrawal (EIP-7002).

    Both want credentials 0x01 or 0x02, a validator active for 256 epochs and no exit under way. A full exit wants no
    partial withdrawal pending. A partial one wants 0x02 credentials and an effective balance of 32 ETH or more; it is
    cut down to what exceeds 32 ETH and is not asked for yet, takes its turn in the exit queue, and can be paid 256
    epochs later.

    Parameters
    ----------
    state
        The state before.
    index
        Index of the validator.
    amount
        Gwei.

    Returns
    -------
    BeaconState
        `state` itself where the request is dropped.
    """
    where = "process_withdrawal_request"
    validator = state.validator(f"{where}: index", index)
    wanted = checks.integer(f"{where}: amount", amount, 0, 2**64 - 1)
    full = wanted == FULL_EXIT_REQUEST_AMOUNT
    crowded = len(state.pending_partial_withdrawals) == ruleset.pending_partial_withdrawals_limit
    if (crowded and not full) or not _may_leave(validator, state.current_epoch, ruleset):
        return state
    pending = get_pending_balance_to_withdraw(state, index)
    if full:
        return initiate_validator_exit(state, index, ruleset) if pending == 0 else state
    excess = validator.balance - ruleset.min_activation_balance - pending
    sufficient = validator.effective_balance >= ruleset.min_activation_balance
    if not (has_compounding_withdrawal_credential(validator) and sufficient and excess > 0):
        return state
    return _queue_partial_withdrawal(state, index, min(excess, wanted), ruleset)


def _queue_partial_withdrawal(state: BeaconState, index: int, amount: int, ruleset: Ruleset) -> BeaconState:
    exits = compute_exit_epoch_and_update_churn(
        state.exits, amount, state.current_epoch, state.total_active_balance, ruleset
    )
    withdrawable = exits.earliest_epoch + ruleset.min_validator_withdrawability_delay
    entry = PendingPartialWithdrawal(index, amount, withdrawable)
    return attrs.evolve(state, exits=exits, pending_partial_withdrawals=(*state.pending_partial_withdrawals, entry))


def process_consolidation_request(
    state: BeaconState, source_index: int, target_index: int, ruleset: Ruleset
) -> BeaconState:
    """Ask to move a validator's stake into another (EIP-7251); with itself as target: to switch to compounding.

    Wants: room in the queue; consolidation churn above 32 ETH; a source that may leave (as for a full exit) with no
    partial withdrawal pending; a target with 0x02 credentials; both active and without an exit under way. The source
    queues with its effective balance in a queue apart from exits.

    Returns
    -------
    BeaconState
        `state` itself where the request is dropped.
    """
    source = state.validator("process_consolidation_request: source_index", source_index)
    target = state.validator("process_consolidation_request: target_index", target_index)
    if source_index == target_index:
        return switch_to_compounding_validator(state, source_index, ruleset)
    total, now = state.total_active_balance, state.current_epoch
    room = len(state.pending_consolidations) < PENDING_CONSOLIDATIONS_LIMIT and consolidations_enabled(total, ruleset)
    accepted = has_compounding_withdrawal_credential(target) and _stays(target, now)
    free = get_pending_balance_to_withdraw(state, source_index) == 0
    if not (room and accepted and free and _may_leave(source, now, ruleset)):
        return state
    queue = compute_consolidation_epoch_and_update_churn(
        state.consolidations, source.effective_balance, now, total, ruleset
    )
    pending = (*state.pending_consolidations, PendingConsolidation(source_index, target_index))
    after = state.with_validator(source_index, _leaving(source, queue.earliest_epoch, ruleset))
    return attrs.evolve(after, consolidations=queue, pending_consolidations=pending)


def switch_to_compounding_validator(state: BeaconState, index: int, ruleset: Ruleset) -> BeaconState:
    """Change the credentials from 0x01 to 0x02; what exceeds 32 ETH goes to the end of the deposit queue.

    Dropped for other credentials, and for validators not active or exiting. Takes effect at once, with no churn but
    that of the deposit queue.
    """
    validator = state.validator("switch_to_compounding_validator: index", index)
    first = validator.withdrawal_prefix == ETH1_ADDRESS_WITHDRAWAL_PREFIX
    if not (first and _stays(validator, state.current_epoch)):
        return state
    kept = min(validator.balance, ruleset.min_activation_balance)
    excess = validator.balance - kept
    compounding = attrs.evolve(validator, withdrawal_prefix=COMPOUNDING_WITHDRAWAL_PREFIX, balance=kept)
    after = state.with_validator(index, compounding)
    if excess == 0:
        return after
    queue = state.pending_deposits
    deposits = (*queue.deposits, PendingDeposit(GENESIS_SLOT, excess, index))
    return attrs.evolve(after, pending_deposits=DepositQueue(deposits, queue.balance_to_consume))


def process_pending_consolidations(state: BeaconState) -> BeaconState:
    """At the end of an epoch, move the stake of sources that are withdrawable in the next: ``min(balance, effective)``.

    The rest of a source's balance is swept like any withdrawable validator's. A slashed source leaves the queue and
    keeps its balance. The first that is not yet withdrawable holds up all behind it.
    """
    validators = list(state.validators)
    processed = 0
    for pending in state.pending_consolidations:
        source = validators[pending.source_index]
        if not source.slashed:
            if source.withdrawable_epoch > state.current_epoch + 1:
                break
            moved = min(source.balance, source.effective_balance)
            validators[pending.source_index] = attrs.evolve(source, balance=source.balance - moved)
            target = validators[pending.target_index]
            validators[pending.target_index] = attrs.evolve(target, balance=target.balance + moved)
        processed += 1
    remaining = state.pending_consolidations[processed:]
    return attrs.evolve(state, validators=tuple(validators), pending_consolidations=remaining)


def _stays(validator: Validator, epoch: int) -> bool:
    return is_active_validator(validator, epoch) and validator.exit_epoch == FAR_FUTURE_EPOCH


def _may_leave(validator: Validator, epoch: int, ruleset: Ruleset) -> bool:
    long_enough = epoch >= validator.activation_epoch + ruleset.shard_committee_period
    return has_execution_withdrawal_credential(validator) and _stays(validator, epoch) and long_enough


def _leaving(validator: Validator, exit_epoch: int, ruleset: Ruleset) -> Validator:
    withdrawable = exit_epoch + ruleset.min_validator_withdrawability_delay
    return attrs.evolve(validator, exit_epoch=exit_epoch, withdrawable_epoch=withdrawable)
