"""What each block pays out, who is passed over, and how long the sweep takes."""

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.protocols.chains.ethereum import BELLATRIX, DENEB, FAR_FUTURE_EPOCH, FULU, GWEI_PER_ETH
from stakingmodels.protocols.chains.ethereum.churn import ChurnQueue
from stakingmodels.protocols.chains.ethereum.deposits import DepositQueue
from stakingmodels.protocols.chains.ethereum.state import (
    BeaconState,
    PendingConsolidation,
    PendingPartialWithdrawal,
    Validator,
    get_max_effective_balance,
    has_execution_withdrawal_credential,
    is_active_validator,
)
from stakingmodels.protocols.chains.ethereum.withdrawals import (
    Withdrawal,
    get_expected_withdrawals,
    get_pending_partial_withdrawals,
    is_eligible_for_partial_withdrawals,
    is_fully_withdrawable_validator,
    is_partially_withdrawable_validator,
    process_withdrawals,
    sweep_slots,
)

ETH = GWEI_PER_ETH
NOW = 1000
PLAIN = Validator(32 * ETH, 32 * ETH, 1)
COMPOUNDING = Validator(2048 * ETH, 2048 * ETH, 2)


def _state(*validators, **more):
    return BeaconState(current_epoch=NOW, total_active_balance=35_600_000 * ETH, validators=validators, **more)


def _paid(*validators, ruleset=FULU, **more):
    expected = get_expected_withdrawals(_state(*validators, **more), ruleset)
    return [(each.validator_index, each.amount) for each in expected.withdrawals]


def _with_excess(count, excess=5, every=1):
    return [attrs.evolve(PLAIN, balance=32 * ETH + excess * (index % every == 0)) for index in range(count)]


@pytest.mark.parametrize(
    ("effective", "balance", "prefix", "withdrawable", "amount"),
    [
        (32, 32 * ETH, 1, FAR_FUTURE_EPOCH, 0),
        (32, 32 * ETH + 1, 1, FAR_FUTURE_EPOCH, 1),
        (32, 32 * ETH + 1, 0, FAR_FUTURE_EPOCH, 0),
        (32, 32 * ETH + 1, 3, FAR_FUTURE_EPOCH, 0),
        (31, 33 * ETH, 1, FAR_FUTURE_EPOCH, 0),
        (32, 100 * ETH, 2, FAR_FUTURE_EPOCH, 0),
        (2047, 2049 * ETH, 2, FAR_FUTURE_EPOCH, 0),
        (2048, 2049 * ETH, 2, FAR_FUTURE_EPOCH, ETH),
        (31, 31 * ETH, 1, NOW, 31 * ETH),
        (31, 31 * ETH, 2, NOW - 1, 31 * ETH),
        (31, 31 * ETH, 1, NOW + 1, 0),
        (31, 31 * ETH, 0, NOW, 0),
        (0, 0, 1, NOW, 0),
        (0, 1, 1, NOW, 1),
        (32, 33 * ETH, 1, NOW, 33 * ETH),
    ],
)
def test_whom_the_sweep_pays(effective, balance, prefix, withdrawable, amount):
    validator = Validator(effective * ETH, balance, prefix, withdrawable_epoch=withdrawable)
    assert _paid(validator) == ([(0, amount)] if amount else [])


def test_withdrawals_asked_for_come_first():
    pending = (PendingPartialWithdrawal(1, 100 * ETH, NOW), PendingPartialWithdrawal(1, 7, NOW))
    assert _paid(attrs.evolve(PLAIN, balance=33 * ETH), COMPOUNDING, pending_partial_withdrawals=pending) == [
        (1, 100 * ETH),
        (1, 7),
        (0, ETH),
    ]


def test_the_sweep_pays_what_withdrawals_asked_for_leave():
    validator = attrs.evolve(COMPOUNDING, balance=2049 * ETH)
    pending = (PendingPartialWithdrawal(0, ETH // 4, NOW),)
    assert _paid(validator, pending_partial_withdrawals=pending) == [(0, ETH // 4), (0, ETH - ETH // 4)]


def test_withdrawals_asked_for_leave_32_eth():
    validator = attrs.evolve(COMPOUNDING, balance=33 * ETH)
    pending = (PendingPartialWithdrawal(0, ETH - 1, NOW), PendingPartialWithdrawal(0, ETH, NOW))
    assert _paid(validator, pending_partial_withdrawals=pending) == [(0, ETH - 1), (0, 1)]


def test_at_most_eight_withdrawals_asked_for_in_a_block():
    pending = tuple(PendingPartialWithdrawal(0, each + 1, NOW) for each in range(10))
    state = _state(COMPOUNDING, pending_partial_withdrawals=pending)
    paid, processed = get_pending_partial_withdrawals(state, FULU)
    assert ([each.amount for each in paid], processed) == (list(range(1, 9)), 8)
    after, _ = process_withdrawals(state, FULU)
    assert after.pending_partial_withdrawals == pending[8:]


def test_one_place_is_kept_for_the_sweep():
    rules = attrs.evolve(FULU, max_pending_partials_per_withdrawals_sweep=20)
    pending = tuple(PendingPartialWithdrawal(0, 1, NOW) for _ in range(20))
    assert get_pending_partial_withdrawals(_state(COMPOUNDING, pending_partial_withdrawals=pending), rules)[1] == 15


def test_a_withdrawal_that_is_not_due_holds_up_the_rest():
    pending = (PendingPartialWithdrawal(0, 1, NOW + 1), PendingPartialWithdrawal(0, 2, NOW))
    assert get_pending_partial_withdrawals(_state(COMPOUNDING, pending_partial_withdrawals=pending), FULU) == ((), 0)


@pytest.mark.parametrize(
    "changed",
    [
        {"exit_epoch": NOW + 5},
        {"effective_balance": 31 * ETH},
        {"balance": 32 * ETH},
    ],
)
def test_a_withdrawal_no_longer_possible_is_dropped(changed):
    pending = (PendingPartialWithdrawal(0, 1, NOW),)
    state = _state(attrs.evolve(COMPOUNDING, **changed), pending_partial_withdrawals=pending)
    assert get_pending_partial_withdrawals(state, FULU) == ((), 1)
    after, _ = process_withdrawals(state, FULU)
    assert after.pending_partial_withdrawals == ()


def test_a_withdrawal_at_exactly_32_eth_of_effective_balance_is_paid():
    state = _state(
        Validator(32 * ETH, 32 * ETH + 1, 2), pending_partial_withdrawals=(PendingPartialWithdrawal(0, 5, NOW),)
    )
    assert get_pending_partial_withdrawals(state, FULU)[0] == (Withdrawal(0, 1),)


def test_a_full_block_goes_on_behind_the_last_one_paid():
    state = _state(*_with_excess(40))
    after, paid = process_withdrawals(state, FULU)
    assert [each.validator_index for each in paid] == list(range(16))
    assert after.next_withdrawal_validator_index == 16
    after, paid = process_withdrawals(after, FULU)
    assert [each.validator_index for each in paid] == list(range(16, 32))
    after, paid = process_withdrawals(after, FULU)
    assert [each.validator_index for each in paid] == list(range(32, 40))
    assert after.next_withdrawal_validator_index == (32 + 16_384) % 40
    assert all(each.balance == 32 * ETH for each in after.validators)


def test_the_sweep_goes_round():
    state = _state(*_with_excess(20), next_withdrawal_validator_index=10)
    after, paid = process_withdrawals(state, FULU)
    assert [each.validator_index for each in paid] == [*range(10, 20), *range(6)]
    assert after.next_withdrawal_validator_index == 6


def test_a_full_block_whose_last_is_the_last_validator_goes_on_at_the_first():
    after, _ = process_withdrawals(_state(*_with_excess(16)), FULU)
    assert after.next_withdrawal_validator_index == 0


def test_the_sweep_looks_at_so_many_validators_only():
    rules = attrs.evolve(FULU, max_validators_per_withdrawals_sweep=4)
    state = _state(*_with_excess(10, every=3))
    expected = get_expected_withdrawals(state, rules)
    assert [each.validator_index for each in expected.withdrawals] == [0, 3]
    assert expected.processed_sweep_withdrawals_count == 4
    after, _ = process_withdrawals(state, rules)
    assert after.next_withdrawal_validator_index == 4


def test_nobody_is_paid_twice_in_a_block():
    expected = get_expected_withdrawals(_state(*_with_excess(3)), FULU)
    assert (len(expected.withdrawals), expected.processed_sweep_withdrawals_count) == (3, 3)


def test_payments_are_counted_and_taken_from_balances():
    pending = (PendingPartialWithdrawal(1, 100, NOW),)
    state = _state(attrs.evolve(PLAIN, balance=33 * ETH), COMPOUNDING, pending_partial_withdrawals=pending)
    expected = get_expected_withdrawals(state, FULU)
    assert expected.processed_partial_withdrawals_count == 1
    after, paid = process_withdrawals(state, FULU)
    assert paid == expected.withdrawals
    assert [each.balance for each in after.validators] == [32 * ETH, 2048 * ETH - 100]


@given(
    balances=st.lists(st.integers(0, 3000 * ETH), min_size=1, max_size=30),
    prefixes=st.lists(st.integers(0, 3), min_size=30, max_size=30),
    start=st.integers(0, 29),
)
def test_what_is_paid_is_what_balances_lose(balances, prefixes, start):
    validators = [
        Validator(min(balance // ETH * ETH, 2048 * ETH), balance, prefix)
        for balance, prefix in zip(balances, prefixes, strict=False)
    ]
    state = _state(*validators, next_withdrawal_validator_index=start % len(validators))
    after, paid = process_withdrawals(state, FULU)
    lost = sum(before.balance - then.balance for before, then in zip(state.validators, after.validators, strict=True))
    assert sum(each.amount for each in paid) == lost
    assert len(paid) <= 16
    assert all(each.amount > 0 for each in paid)
    assert len({each.validator_index for each in paid}) == len(paid)


def test_before_electra_the_sweep_stands_alone():
    pending = (PendingPartialWithdrawal(0, 1, NOW),)
    assert _paid(attrs.evolve(PLAIN, balance=33 * ETH), ruleset=DENEB, pending_partial_withdrawals=pending) == [
        (0, ETH)
    ]


@pytest.mark.parametrize("ask", [lambda: _paid(PLAIN, ruleset=BELLATRIX), lambda: sweep_slots(1, BELLATRIX)])
def test_before_capella_nothing_is_paid(ask):
    with pytest.raises(InputError, match="ruleset: must be of Capella or a later fork, got 'bellatrix'"):
        ask()


def test_a_round_of_the_sweep():
    assert [sweep_slots(count, FULU) for count in (0, 1, 16, 17, 1_000_000)] == [0, 1, 1, 2, 62_500]
    assert sweep_slots(np.array([16, 17]), FULU).tolist() == [1, 2]


@pytest.mark.parametrize(("count", "every"), [(100, 1), (333, 7), (100, 17)])
def test_a_round_takes_as_long_as_running_it(count, every):
    state, slots, left = _state(*_with_excess(count, every=every)), 0, len(range(0, count, every))
    payable = left
    while left:
        state, paid = process_withdrawals(state, FULU)
        left, slots = left - len(paid), slots + 1
    assert slots == sweep_slots(payable, FULU)


@pytest.mark.parametrize(("count", "error"), [(-1, InputError), (1.5, InputTypeError), (2**53 + 1, InputError)])
def test_bad_counts_are_refused(count, error):
    with pytest.raises(error, match="sweep_slots: payable_validators"):
        sweep_slots(count, FULU)


def test_credentials():
    prefixes = [0, 1, 2, 3]
    validators = [attrs.evolve(PLAIN, withdrawal_prefix=prefix) for prefix in prefixes]
    assert [has_execution_withdrawal_credential(each) for each in validators] == [False, True, True, False]
    assert [get_max_effective_balance(each, FULU) // ETH for each in validators] == [32, 32, 2048, 32]


def test_who_is_active():
    validator = attrs.evolve(PLAIN, activation_epoch=10, exit_epoch=20)
    assert [is_active_validator(validator, epoch) for epoch in (9, 10, 19, 20)] == [False, True, True, False]


@pytest.mark.parametrize(
    "field",
    ["effective_balance", "balance", "withdrawal_prefix", "activation_epoch", "exit_epoch", "withdrawable_epoch"],
)
def test_bad_validators_are_refused(field):
    for value in (-1, 2**64):
        with pytest.raises(InputError, match=f"Validator.{field}"):
            attrs.evolve(PLAIN, **{field: value})  # type: ignore[arg-type]
    with pytest.raises(InputTypeError, match=f"Validator.{field}"):
        attrs.evolve(PLAIN, **{field: 1.0})  # type: ignore[arg-type]


def test_limits_of_validators():
    attrs.evolve(
        PLAIN, effective_balance=2**63 - 1, balance=2**63 - 1, withdrawal_prefix=255, exit_epoch=FAR_FUTURE_EPOCH
    )
    for changed in ({"balance": 2**63}, {"withdrawal_prefix": 256}, {"exit_epoch": FAR_FUTURE_EPOCH + 1}):
        with pytest.raises(InputError, match="Validator"):
            attrs.evolve(PLAIN, **changed)  # type: ignore[arg-type]
    with pytest.raises(InputTypeError, match=r"Validator\.slashed"):
        attrs.evolve(PLAIN, slashed=1)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "error", "named"),
    [
        ({"current_epoch": -1}, InputError, "BeaconState.current_epoch"),
        ({"total_active_balance": -1}, InputError, "BeaconState.total_active_balance"),
        ({"total_active_balance": 2**63}, InputError, "BeaconState.total_active_balance"),
        ({"validators": ()}, InputError, "BeaconState.validators: must hold at least one"),
        ({"validators": (1,)}, InputTypeError, "BeaconState.validators: must be Validator"),
        ({"validators": {1}}, InputTypeError, "BeaconState.validators: must be a tuple of Validator"),
        ({"next_withdrawal_validator_index": 1}, InputError, "next_withdrawal_validator_index"),
        (
            {"pending_partial_withdrawals": (PendingPartialWithdrawal(1, 1, 1),)},
            InputError,
            "PendingPartialWithdrawal.validator_index",
        ),
        (
            {"pending_consolidations": (PendingConsolidation(1, 0),)},
            InputError,
            "PendingConsolidation.source_index",
        ),
        (
            {"pending_consolidations": (PendingConsolidation(0, 1),)},
            InputError,
            "PendingConsolidation.target_index",
        ),
        ({"pending_consolidations": (1,)}, InputTypeError, "pending_consolidations: must be PendingConsolidation"),
        (
            {"pending_partial_withdrawals": (1,)},
            InputTypeError,
            "pending_partial_withdrawals: must be PendingPartialWithdrawal",
        ),
    ],
)
def test_bad_states_are_refused(changed, error, named):
    with pytest.raises(error, match=named):
        attrs.evolve(_state(PLAIN), **changed)


def test_the_largest_total_is_taken():
    assert attrs.evolve(_state(PLAIN), total_active_balance=2**63 - 1).total_active_balance == 2**63 - 1


def test_limits_of_states():
    entry = PendingPartialWithdrawal(0, 2**63 - 1, 2**53)
    state = attrs.evolve(_state(PLAIN), current_epoch=2**53, pending_partial_withdrawals=(entry,))
    assert state.current_epoch == 2**53
    with pytest.raises(InputError, match="current_epoch"):
        attrs.evolve(state, current_epoch=2**53 + 1)
    with pytest.raises(InputError, match="withdrawable_epoch"):
        PendingPartialWithdrawal(0, 1, 2**53 + 1)
    with pytest.raises(InputError, match="amount"):
        PendingPartialWithdrawal(0, 2**63, 0)


def test_defaults():
    assert Validator(1, 2, 1) == Validator(1, 2, 1, 0, FAR_FUTURE_EPOCH, FAR_FUTURE_EPOCH, slashed=False)
    total = PLAIN.effective_balance
    assert BeaconState(current_epoch=1, total_active_balance=total, validators=(PLAIN,)) == BeaconState(
        current_epoch=1,
        total_active_balance=total,
        validators=(PLAIN,),
        next_withdrawal_validator_index=0,
        pending_partial_withdrawals=(),
        pending_consolidations=(),
        pending_deposits=DepositQueue(),
        exits=ChurnQueue(),
        consolidations=ChurnQueue(),
    )
    with pytest.raises(TypeError, match="positional"):
        BeaconState(1, 1, (PLAIN,))  # type: ignore[call-arg]


def test_nothing_is_no_withdrawal():
    gone = attrs.evolve(PLAIN, withdrawable_epoch=NOW)
    assert not is_fully_withdrawable_validator(gone, 0, NOW)
    assert is_fully_withdrawable_validator(gone, 1, NOW)
    assert not is_partially_withdrawable_validator(PLAIN, 32 * ETH, FULU)
    assert is_partially_withdrawable_validator(PLAIN, 32 * ETH + 1, FULU)
    assert not is_eligible_for_partial_withdrawals(COMPOUNDING, 32 * ETH, FULU)


def test_an_unknown_validator_is_refused():
    state = _state(PLAIN, PLAIN)
    assert state.validator("here: index", 1) is state.validators[1]
    for index in (-1, 2):
        with pytest.raises(InputError, match="here: index"):
            state.validator("here: index", index)


def test_one_validator_is_replaced():
    state = _state(PLAIN, PLAIN, PLAIN).with_validator(1, COMPOUNDING)
    assert state.validators == (PLAIN, COMPOUNDING, PLAIN)


def test_a_total_below_an_active_validator_is_refused():
    with pytest.raises(
        InputError, match=r"^BeaconState\.total_active_balance: must not be below the balance of an active"
    ):
        BeaconState(current_epoch=1, total_active_balance=PLAIN.effective_balance - 1, validators=(PLAIN,))
    gone = attrs.evolve(PLAIN, exit_epoch=1, withdrawable_epoch=257)
    assert BeaconState(current_epoch=1, total_active_balance=1, validators=(gone,)).validators == (gone,)
