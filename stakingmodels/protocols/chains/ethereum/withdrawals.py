"""Withdrawals: what each block pays out, and how long the sweep takes to come round.

Source: ethereum/consensus-specs at commit a08d8a6e2b45f0b8c0d379abc15583427c643689, specs/capella/beacon-chain.md and
specs/electra/beacon-chain.md. Gloas's payments to builders, which come first there, are left out. Amounts are Gwei.
"""

from collections.abc import Sequence
from typing import Any

import attrs

from stakingmodels import checks
from stakingmodels.protocols.chains.ethereum.rulesets import FAR_FUTURE_EPOCH, Ruleset
from stakingmodels.protocols.chains.ethereum.state import (
    BeaconState,
    Validator,
    get_max_effective_balance,
    has_execution_withdrawal_credential,
)
from stakingmodels.protocols.integers import whole


@attrs.frozen
class Withdrawal:
    """A payment of a block: of whom, and Gwei."""

    validator_index: int
    amount: int


@attrs.frozen
class ExpectedWithdrawals:
    """Withdrawals of the next block, and the number of entries processed from the two queues."""

    withdrawals: tuple[Withdrawal, ...]
    processed_partial_withdrawals_count: int
    processed_sweep_withdrawals_count: int


def is_fully_withdrawable_validator(validator: Validator, balance: int, epoch: int) -> bool:
    """Whether the sweep pays the whole balance: credentials 0x01 or 0x02, and the withdrawable epoch has come."""
    return has_execution_withdrawal_credential(validator) and validator.withdrawable_epoch <= epoch and balance > 0


def is_partially_withdrawable_validator(validator: Validator, balance: int, ruleset: Ruleset) -> bool:
    """Whether the sweep pays an excess: the effective balance is at its maximum, and the balance above that.

    So 0x02 credentials below 2,048 ETH, and 0x01 ones with an effective balance of 31 ETH, are passed over.
    """
    most = get_max_effective_balance(validator, ruleset)
    return has_execution_withdrawal_credential(validator) and validator.effective_balance == most and balance > most


def is_eligible_for_partial_withdrawals(validator: Validator, balance: int, ruleset: Ruleset) -> bool:
    """Whether a partial withdrawal that was asked for can still be paid: no exit since, and more than 32 ETH left."""
    return (
        validator.exit_epoch == FAR_FUTURE_EPOCH
        and validator.effective_balance >= ruleset.min_activation_balance
        and balance > ruleset.min_activation_balance
    )


def get_pending_partial_withdrawals(state: BeaconState, ruleset: Ruleset) -> tuple[tuple[Withdrawal, ...], int]:
    """The withdrawals asked for that the next block pays, 8 at most, and how many leave the queue.

    The queue stops at the first that is not yet withdrawable. Those no longer eligible leave it unpaid.
    """
    limit = min(ruleset.max_pending_partials_per_withdrawals_sweep, ruleset.max_withdrawals_per_payload - 1)
    paid: list[Withdrawal] = []
    processed = 0
    for pending in state.pending_partial_withdrawals:
        if pending.withdrawable_epoch > state.current_epoch or len(paid) >= limit:
            break
        validator = state.validators[pending.validator_index]
        balance = get_balance_after_withdrawals(state, pending.validator_index, paid)
        if is_eligible_for_partial_withdrawals(validator, balance, ruleset):
            amount = min(balance - ruleset.min_activation_balance, pending.amount)
            paid.append(Withdrawal(pending.validator_index, amount))
        processed += 1
    return tuple(paid), processed


def get_balance_after_withdrawals(state: BeaconState, index: int, withdrawals: Sequence[Withdrawal]) -> int:
    """The balance of a validator, Gwei, less what withdrawals of the same block take."""
    return state.validators[index].balance - sum(each.amount for each in withdrawals if each.validator_index == index)


def get_expected_withdrawals(state: BeaconState, ruleset: Ruleset) -> ExpectedWithdrawals:
    """Withdrawals of the next block: first those requested, then the sweep's, 16 in all.

    The sweep goes round the validators by index from where it stopped, and looks at 16,384 of them at most.

    Raises
    ------
    InputError
        For rule sets before Capella, which pay nothing out.
    """
    if ruleset.max_withdrawals_per_payload == 0:
        checks.refuse("get_expected_withdrawals: ruleset", "must be of Capella or a later fork", ruleset.name)
    partials, processed_partials = get_pending_partial_withdrawals(state, ruleset)
    paid = list(partials)
    count = len(state.validators)
    processed = 0
    for _ in range(min(count, ruleset.max_validators_per_withdrawals_sweep)):
        if len(paid) >= ruleset.max_withdrawals_per_payload:
            break
        index = (state.next_withdrawal_validator_index + processed) % count
        amount = _swept(state, index, partials, ruleset)
        if amount:
            paid.append(Withdrawal(index, amount))
        processed += 1
    return ExpectedWithdrawals(tuple(paid), processed_partials, processed)


def _swept(state: BeaconState, index: int, partials: Sequence[Withdrawal], ruleset: Ruleset) -> int:
    validator = state.validators[index]
    balance = get_balance_after_withdrawals(state, index, partials)
    if is_fully_withdrawable_validator(validator, balance, state.current_epoch):
        return balance
    if is_partially_withdrawable_validator(validator, balance, ruleset):
        return balance - get_max_effective_balance(validator, ruleset)
    return 0


def process_withdrawals(state: BeaconState, ruleset: Ruleset) -> tuple[BeaconState, tuple[Withdrawal, ...]]:
    """The state after a block has paid its withdrawals, and these.

    After a full set the next sweep starts behind the last one paid; else it moves on by 16,384 validators, however
    many it has looked at. A missed slot pays nothing and moves nothing.
    """
    expected = get_expected_withdrawals(state, ruleset)
    validators = list(state.validators)
    for each in expected.withdrawals:
        validator = validators[each.validator_index]
        validators[each.validator_index] = attrs.evolve(validator, balance=validator.balance - each.amount)
    if len(expected.withdrawals) == ruleset.max_withdrawals_per_payload:
        following = expected.withdrawals[-1].validator_index + 1
    else:
        following = state.next_withdrawal_validator_index + ruleset.max_validators_per_withdrawals_sweep
    after = attrs.evolve(
        state,
        validators=tuple(validators),
        next_withdrawal_validator_index=following % len(validators),
        pending_partial_withdrawals=state.pending_partial_withdrawals[expected.processed_partial_withdrawals_count :],
    )
    return after, expected.withdrawals


def sweep_slots(payable_validators: Any, ruleset: Ruleset) -> Any:
    """Slots of one round of the sweep when it finds that many to pay: ``ceil(payable / 16)``.

    Exact when no more than 16 of those without pay stand between two with, else a lower bound; missed slots, and
    blocks that pay withdrawals asked for, come on top.

    Parameters
    ----------
    payable_validators
        Number of validators that the sweep pays in a round, an integer or an array.

    Returns
    -------
    int, or an int64 array
    """
    count = whole("sweep_slots: payable_validators", payable_validators, high=2**53)
    if ruleset.max_withdrawals_per_payload == 0:
        checks.refuse("sweep_slots: ruleset", "must be of Capella or a later fork", ruleset.name)
    return -(-count // ruleset.max_withdrawals_per_payload)
