"""Ethereum's vectors, second half: churn, exits, deposits, withdrawals, consolidations, selection."""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Mapping

from stakingmodels.protocols.chains.ethereum import (
    DENEB,
    FAR_FUTURE_EPOCH,
    FULU,
    GLOAS,
    GWEI_PER_ETH,
    Ruleset,
    requests,
    selection,
    withdrawals,
)
from stakingmodels.protocols.chains.ethereum import churn as limits
from stakingmodels.protocols.chains.ethereum import deposits as pending
from stakingmodels.protocols.chains.ethereum.churn import ChurnQueue
from stakingmodels.protocols.chains.ethereum.state import BeaconState, Validator
from tests.golden.runner import Answer, Inputs

_MANY = 10**18
"""A total, in Gwei, that lets any single validator through where the vector names none."""
_EPOCH = 1000
"""The epoch of the states in which committees were drawn and consolidations asked for."""
_SHOWN_SLOTS, _SHOWN_EPOCHS, _SHOWN_DRAWS = 40, 50, 200
_SLOT = re.compile(r"slot (\d+) of epoch E0")
_SEEDS = re.compile(r"sha256\(b'seed' \+ k as 8-byte little endian\), k=(\d+)\.\.(\d+)")
_MIX = "mix r = sha256(b'mix'+r as 8-byte LE)"
_FINALITY = re.compile(r"e-(\d+)")


def _match(pattern: re.Pattern[str], text: str) -> tuple[int, ...]:
    found = pattern.fullmatch(text)
    if found is None:
        raise ValueError(f"a text that nobody can read: {text}")
    return tuple(int(group) for group in found.groups())


def _gwei(eth: object) -> int:
    return int(str(eth)) * GWEI_PER_ETH


def _limits(*names: str, ruleset: Ruleset) -> Answer:
    def answer(inputs: Inputs) -> object:
        total = inputs.integer("total_active_balance")
        return {name: getattr(limits, name)(total, ruleset) for name in names}

    return answer


def _legacy_limits(inputs: Inputs) -> object:
    count = inputs["n_active_validators"]
    names = ("get_validator_churn_limit", "get_validator_activation_churn_limit")
    return {name: getattr(limits, name)(count, DENEB) for name in names}


def _exit(inputs: Inputs, ruleset: Ruleset) -> object:
    total, now = inputs.integer("total_active_balance"), inputs["now_epoch"]
    queue, lump, then = ChurnQueue(), _gwei(inputs["queued_ahead_eth"]), inputs["queued_at_epoch"]
    if lump:
        queue = limits.compute_exit_epoch_and_update_churn(queue, lump, then, total, ruleset)
    before = ChurnQueue(inputs["earliest_exit_epoch_before"], inputs.integer("exit_balance_to_consume_before"))
    if queue != before:
        raise AssertionError(f"the queue ahead is {queue}, not {before}")
    answers = {}
    for eth in inputs["validator_eb_eth"]:
        validator = Validator(_gwei(eth), _gwei(eth), 1)
        state = BeaconState(current_epoch=now, total_active_balance=total, validators=(validator,), exits=before)
        after = requests.initiate_validator_exit(state, 0, ruleset)
        answers[eth] = {
            "exit_epoch_minus_now": after.validators[0].exit_epoch - now,
            "withdrawable_epoch_minus_now": after.validators[0].withdrawable_epoch - now,
            "earliest_exit_epoch_after": after.exits.earliest_epoch,
            "exit_balance_to_consume_after": after.exits.balance_to_consume,
        }
    return answers


def _exit_sequence(inputs: Inputs) -> object:
    total, queue = inputs.integer("total_active_balance"), ChurnQueue()
    steps = []
    for now, balance in inputs["ops"]:
        queue = limits.compute_exit_epoch_and_update_churn(queue, balance, now, total, FULU)
        steps.append([queue.earliest_epoch, queue.balance_to_consume])
    return steps


def _activation(inputs: Inputs, ruleset: Ruleset) -> object:
    start = inputs["E0"]
    (offset,) = _match(_SLOT, inputs["deposit_slot"])
    size = _gwei(inputs["queue_deposit_size_eth"])
    count = _gwei(inputs["queue_eth"]) // size  # what makes no whole deposit was not queued
    slot = start * ruleset.slots_per_epoch + offset
    ahead = [pending.PendingDeposit(slot, size, 0)] * count
    own = pending.PendingDeposit(slot, _gwei(inputs["focus_deposit_eth"]))
    queue = pending.DepositQueue((*ahead, own))
    *_, last = pending.process_until_empty(queue, start, inputs.integer("total_active_balance"), ruleset)
    way = pending.activation(last.epoch, ruleset)
    return {
        "applied_at_end_of_epoch": way.applied_at_end_of_epoch - start,
        "activation_eligibility_epoch": way.activation_eligibility_epoch - start,
        "activation_epoch": way.activation_epoch - start,
        "deposit_epoch": own.slot // ruleset.slots_per_epoch - start,
    }


def _deposit_queue(inputs: Inputs) -> object:
    top_ups = tuple(pending.PendingDeposit(slot, amount, 0) for slot, amount in inputs["deposits_slot_amount"])
    queue = pending.DepositQueue(top_ups)
    (lag,) = _match(_FINALITY, inputs["finalized_epoch_at_end_of_epoch_e"])
    first, total = inputs["first_transition_at_end_of_epoch"], inputs.integer("total_active_balance")
    steps = list(pending.process_until_empty(queue, first, total, FULU, finality_lag=lag))
    return {
        "applied_at_end_of_epoch_minus_E0": [step.epoch - inputs["E0"] for step in steps for _ in step.applied],
        "deposit_balance_to_consume_after_first_50_epochs": [
            step.queue.balance_to_consume for step in steps[:_SHOWN_EPOCHS]
        ],
    }


def _sweep(inputs: Inputs) -> object:
    count = inputs["n_validators"]
    if "all_eligible" in inputs:
        slots = withdrawals.sweep_slots(count if inputs["all_eligible"] else 0, FULU)
        return {"slots_full_sweep": slots, "days": slots / FULU.slots_per_epoch / FULU.epochs_per_day}
    full, every, excess = FULU.min_activation_balance, inputs["eligible_if_index_mod"], inputs["excess_each"]
    validators = tuple(Validator(full, full + excess * (index % every == 0), 1) for index in range(count))
    left, paid = inputs["n_eligible"], 0
    state = BeaconState(
        current_epoch=_EPOCH,
        total_active_balance=_MANY,
        validators=validators,
        next_withdrawal_validator_index=inputs["start_index"],
    )
    visited = [state.next_withdrawal_validator_index]
    while left:
        state, payments = withdrawals.process_withdrawals(state, FULU)
        left -= len(payments)
        paid += sum(each.amount for each in payments)
        visited.append(state.next_withdrawal_validator_index)
    return {
        "slots_until_all_eligible_swept": len(visited) - 1,
        "total_withdrawn": paid,
        "next_withdrawal_validator_index_by_slot": visited[:_SHOWN_SLOTS],
    }


def _eligibility(inputs: Inputs) -> object:
    exit_epoch, withdrawable = inputs["exit"], inputs["wd"]
    validator = Validator(
        effective_balance=inputs["eb"],
        balance=inputs["bal"],
        withdrawal_prefix=inputs["prefix"],
        exit_epoch=FAR_FUTURE_EPOCH if exit_epoch is None else exit_epoch,
        withdrawable_epoch=FAR_FUTURE_EPOCH if withdrawable is None else withdrawable,
        slashed=inputs["slashed"],
    )
    state = BeaconState(current_epoch=inputs["current_epoch"], total_active_balance=_MANY, validators=(validator,))
    paid = withdrawals.get_expected_withdrawals(state, FULU).withdrawals
    return {"withdrawal_amounts": [each.amount for each in paid]}


def _withdrawal_requests(inputs: Inputs) -> object:
    total, now = inputs.integer("total_active_balance"), inputs["current_epoch"]
    validator = Validator(inputs["effective_balance"], inputs["balance"], inputs["credential_prefix"])
    queue, lump = ChurnQueue(), _gwei(inputs["exit_queue_ahead_eth"])
    if lump:
        queue = limits.compute_exit_epoch_and_update_churn(queue, lump, now, total, FULU)
    before = BeaconState(current_epoch=now, total_active_balance=total, validators=(validator,), exits=queue)
    first = requests.process_withdrawal_request(before, 0, inputs["request_amount"], FULU)
    second = requests.process_withdrawal_request(first, 0, inputs["request_amount"], FULU)
    gone = first.validators[0].exit_epoch
    return {
        "pending_after_first_request_amount_and_withdrawable_epoch_minus_now": _waiting(first),
        "exit_epoch_minus_now": None if gone == FAR_FUTURE_EPOCH else gone - now,
        "pending_after_second_identical_request": _waiting(second),
        "sweep_payout_at_last_withdrawable_epoch": _payout(second),
    }


def _waiting(state: BeaconState) -> list[list[int]]:
    return [[each.amount, each.withdrawable_epoch - state.current_epoch] for each in state.pending_partial_withdrawals]


def _payout(state: BeaconState) -> list[int] | None:
    if not state.pending_partial_withdrawals:
        return None
    then = BeaconState(
        current_epoch=state.pending_partial_withdrawals[-1].withdrawable_epoch,
        total_active_balance=state.total_active_balance,
        validators=state.validators,
        pending_partial_withdrawals=state.pending_partial_withdrawals,
    )
    return [each.amount for each in withdrawals.get_expected_withdrawals(then, FULU).withdrawals]


def _consolidation(inputs: Inputs) -> object:
    total, lump = inputs.integer("total_active_balance"), _gwei(inputs["queue_ahead_eth"])
    answer: dict[str, object] = {"limit": limits.get_consolidation_churn_limit(total, FULU)}
    if not limits.consolidations_enabled(total, FULU):
        return answer
    ahead = ChurnQueue()
    if lump:
        ahead = limits.compute_consolidation_epoch_and_update_churn(ahead, lump, _EPOCH, total, FULU)
    epochs = {}
    for eth in inputs["eb"]:
        state = BeaconState(
            current_epoch=_EPOCH,
            total_active_balance=total,
            validators=(Validator(_gwei(eth), _gwei(eth), 2), Validator(_gwei(32), _gwei(32), 2)),
            consolidations=ahead,
        )
        after = requests.process_consolidation_request(state, 0, 1, FULU)
        epochs[eth] = after.validators[0].exit_epoch - _EPOCH
    return {**answer, "exit_epoch_minus_now_by_eb": epochs}


def _selection(inputs: Inputs) -> object:
    asked: Mapping[str, Callable[[Inputs], object]] = {
        "effective_balance_eth": _acceptance,
        "effective_balances_eth": _proposers,
        "classes_count_eb_eth": _committees,
    }
    (answer,) = (each for key, each in asked.items() if key in inputs)
    return answer(inputs)


def _acceptance(inputs: Inputs) -> object:
    balance, draws = _gwei(inputs["effective_balance_eth"]), FULU.max_random_value + 1
    accepted = selection.accepted_random_values(balance, FULU)
    share = balance / FULU.max_effective_balance_electra
    return {
        "accepted_random_values_of_65536": accepted,
        "prob": accepted / draws,
        "prob_over_eb_div_2048": accepted / draws / share if balance else None,
    }


def _numbered(word: bytes, number: int) -> bytes:
    return hashlib.sha256(word + number.to_bytes(8, "little")).digest()


def _proposers(inputs: Inputs) -> object:
    balances = [_gwei(eth) for eth in inputs["effective_balances_eth"]]
    first, last = _match(_SEEDS, inputs["seeds"])
    drawn = [
        selection.compute_proposer_index(balances, _numbered(b"seed", number), FULU)
        for number in range(first, last + 1)
    ]
    counts = Counter(drawn)
    return {
        "counts": [counts[index] for index in range(len(balances))],
        "first_200": drawn[:_SHOWN_DRAWS],
        "expected_share": [balance / sum(balances) for balance in balances],
    }


def _committees(inputs: Inputs) -> object:
    if inputs["randao"] != _MIX:
        raise ValueError(f"a text that nobody can read: {inputs['randao']}")
    classes = [(count, _gwei(eth)) for count, eth in inputs["classes_count_eb_eth"]]
    balances = [balance for count, balance in classes for _ in range(count)]
    draws = [
        selection.get_next_sync_committee_indices(balances, _EPOCH, _numbered(b"mix", number), FULU)
        for number in range(inputs["draws"])
    ]
    class_of = [number for number, (count, _) in enumerate(classes) for _ in range(count)]
    seats = Counter(class_of[seat] for draw in draws for seat in draw)
    return {
        "seats_by_class": [seats[number] for number in range(len(classes))],
        "expected_share_by_class": [count * balance / sum(balances) for count, balance in classes],
        "max_seats_of_one_validator": max(max(Counter(draw).values()) for draw in draws),
        "distinct_members_per_draw": [len(set(draw)) for draw in draws],
    }


def _with(answer: Callable[[Inputs, Ruleset], object], ruleset: Ruleset) -> Answer:
    return lambda inputs: answer(inputs, ruleset)


_ELECTRA_LIMITS = ("get_balance_churn_limit", "get_activation_exit_churn_limit", "get_consolidation_churn_limit")
_GLOAS_LIMITS = ("get_activation_churn_limit", "get_exit_churn_limit", "get_consolidation_churn_limit")

CASES: Mapping[str, Answer | Mapping[str, Answer]] = {
    "ethereum_05a_churn_limits": _limits(*_ELECTRA_LIMITS, ruleset=FULU),
    "ethereum_05a_churn_limits_GLOAS_FUTURE": _limits(*_GLOAS_LIMITS, ruleset=GLOAS),
    "ethereum_05b_exit_queue": _with(_exit, FULU),
    "ethereum_05b_exit_queue_GLOAS_FUTURE": _with(_exit, GLOAS),
    "ethereum_05c_activation_queue": _with(_activation, FULU),
    "ethereum_05c_activation_queue_GLOAS_FUTURE": _with(_activation, GLOAS),
    "ethereum_05d_legacy_validator_churn_DENEB": _legacy_limits,
    "ethereum_07a_withdrawal_sweep": _sweep,
    "ethereum_07b_withdrawal_eligibility": _eligibility,
    "ethereum_07c_eip7002_requests": _withdrawal_requests,
    "ethereum_07d_consolidation_queue": _consolidation,
    "ethereum_08_selection": _selection,
    "ethereum_09b_random_exit_sequences": _exit_sequence,
    "ethereum_09c_random_deposit_queues": _deposit_queue,
}
