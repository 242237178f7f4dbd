"""The queue of pending deposits, and the way of a new validator."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.protocols.chains.ethereum import DENEB, FAR_FUTURE_EPOCH, FULU, GLOAS, GWEI_PER_ETH
from stakingmodels.protocols.chains.ethereum.deposits import (
    Activation,
    DepositQueue,
    PendingDeposit,
    activation,
    process_pending_deposits,
    process_until_empty,
)

ETH = GWEI_PER_ETH
TODAY = 35_600_000 * ETH
CHURN = 256 * ETH


def _queue(*amounts, slot=0, validator=None, carry=0):
    return DepositQueue(tuple(PendingDeposit(slot, amount, validator) for amount in amounts), carry)


def _process(queue, epoch=100, finalized=99, total=TODAY, ruleset=FULU, **more):
    return process_pending_deposits(queue, epoch, finalized, total, ruleset, **more)


def test_deposits_are_applied_in_order_until_one_does_not_fit():
    step = _process(_queue(100 * ETH, 150 * ETH, 7 * ETH, 1 * ETH))
    assert [each.amount for each in step.applied] == [100 * ETH, 150 * ETH]
    assert [each.amount for each in step.queue.deposits] == [7 * ETH, 1 * ETH]
    assert step.queue.balance_to_consume == 6 * ETH
    assert step.epoch == 100


def test_a_deposit_that_just_fits_is_applied():
    step = _process(_queue(CHURN))
    assert (len(step.applied), step.queue) == (1, DepositQueue())
    step = _process(_queue(CHURN + 1))
    assert (len(step.applied), step.queue.balance_to_consume) == (0, CHURN)


def test_the_carry_adds_up_until_a_large_deposit_fits():
    epochs = [step.epoch for step in process_until_empty(_queue(2048 * ETH), 10, TODAY, FULU) if step.applied]
    assert epochs == [17]


def test_what_is_left_is_not_carried_when_the_queue_is_done():
    step = _process(_queue(1 * ETH, carry=50 * ETH))
    assert step.queue == DepositQueue()


def test_the_carry_is_spent_with_the_churn():
    step = _process(_queue(CHURN + 50 * ETH, 1 * ETH, carry=50 * ETH))
    assert len(step.applied) == 1
    assert step.queue.balance_to_consume == 0


def test_sixteen_deposits_an_epoch_and_then_nothing_is_carried():
    step = _process(_queue(*[ETH] * 17))
    assert len(step.applied) == 16
    assert step.queue == _queue(ETH)
    step = _process(_queue(*[ETH] * 16, CHURN))
    assert step.queue.balance_to_consume == 0


def test_a_deposit_waits_until_its_slot_is_final():
    first_slot = 99 * 32
    assert len(_process(_queue(ETH, slot=first_slot)).applied) == 1
    step = _process(_queue(ETH, slot=first_slot + 1, carry=5 * ETH))
    assert step.applied == ()
    assert step.queue == _queue(ETH, slot=first_slot + 1)


def test_top_ups_of_a_leaving_validator_go_to_the_end():
    queue = DepositQueue((PendingDeposit(0, 300 * ETH, 7), PendingDeposit(0, ETH, 8)))
    step = _process(queue, withdrawable_epochs={7: 101})
    assert [each.validator for each in step.applied] == [8]
    assert step.queue == DepositQueue((PendingDeposit(0, 300 * ETH, 7),), 0)


def test_top_ups_of_a_withdrawable_validator_take_no_churn():
    queue = DepositQueue((PendingDeposit(0, 9_000 * ETH, 7), PendingDeposit(0, CHURN, 8)))
    step = _process(queue, withdrawable_epochs={7: 100})
    assert [each.validator for each in step.applied] == [7, 8]


def test_postponed_deposits_count_among_the_sixteen():
    queue = DepositQueue((*(PendingDeposit(0, ETH, 7) for _ in range(16)), PendingDeposit(0, ETH, 8)))
    step = _process(queue, withdrawable_epochs={7: 101})
    assert step.applied == ()
    assert [each.validator for each in step.queue.deposits] == [8, *[7] * 16]


def test_a_new_validator_is_no_leaving_one():
    assert len(_process(_queue(ETH), withdrawable_epochs={0: 200}).applied) == 1


def test_gloas_keeps_the_cap_for_deposits():
    assert _process(_queue(CHURN + 1), ruleset=GLOAS).queue.balance_to_consume == CHURN


@given(
    amounts=st.lists(st.integers(1, 600 * ETH), min_size=1, max_size=40),
    total=st.integers(10_000_000 * ETH, 40_000_000 * ETH),
)
def test_every_deposit_is_applied_once_in_order_and_within_the_churn(amounts, total):
    steps = list(process_until_empty(_queue(*amounts), 0, total, FULU))
    assert [each.amount for step in steps for each in step.applied] == amounts
    assert all(len(step.applied) <= 16 for step in steps)
    churn = steps[0].queue.balance_to_consume if not steps[0].applied else CHURN
    assert sum(amounts) <= len(steps) * max(churn, CHURN)
    assert steps[-1].queue == DepositQueue()


def test_draining_an_empty_queue_takes_no_epoch():
    assert list(process_until_empty(DepositQueue(), 0, TODAY, FULU)) == []


def test_draining_waits_for_finality():
    slot = 10 * 32 + 1
    assert [step.epoch for step in process_until_empty(_queue(ETH, slot=slot), 10, TODAY, FULU)] == [10, 11, 12]
    assert [step.epoch for step in process_until_empty(_queue(ETH, slot=slot), 10, TODAY, FULU, finality_lag=3)][
        -1
    ] == 14
    assert [step.epoch for step in process_until_empty(_queue(ETH, slot=0), 0, TODAY, FULU)] == [0]


def test_a_validator_is_active_eight_epochs_after_its_deposit_is_applied():
    assert activation(2, FULU) == Activation(2, 4, 10)
    assert activation(2, FULU, finality_lag=3) == Activation(2, 4, 12)


@pytest.mark.parametrize(
    ("epoch", "finalized", "total", "named"),
    [
        (-1, 0, TODAY, "current_epoch"),
        (10, -1, TODAY, "finalized_epoch"),
        (10, 11, TODAY, "finalized_epoch: must not be after current_epoch, 10, got 11"),
        (10, 9, -1, "total_active_balance"),
        (10, 9, 2**63, "total_active_balance"),
    ],
)
def test_bad_numbers_are_refused(epoch, finalized, total, named):
    with pytest.raises(InputError, match=f"process_pending_deposits: {named}"):
        _process(_queue(ETH), epoch, finalized, total)


def test_the_epoch_that_ends_may_be_final():
    assert len(_process(_queue(ETH, slot=100 * 32), finalized=100).applied) == 1


def test_there_is_no_queue_of_balance_before_electra():
    with pytest.raises(InputError, match="ruleset"):
        _process(_queue(ETH), ruleset=DENEB)


@pytest.mark.parametrize(
    ("slot", "amount", "validator"),
    [(-1, 1, 0), (0, 0, 0), (0, 1, -1), (2**53 + 1, 1, 0), (0, 2**63, 0), (0, 1, 2**53 + 1)],
)
def test_bad_deposits_are_refused(slot, amount, validator):
    with pytest.raises(InputError, match="PendingDeposit"):
        PendingDeposit(slot, amount, validator)


def test_bad_queues_are_refused():
    with pytest.raises(InputTypeError, match=r"DepositQueue\.deposits: must be a tuple"):
        DepositQueue({1, 2})  # type: ignore[arg-type]
    with pytest.raises(InputTypeError, match=r"DepositQueue\.deposits: must be a list, of which each is PendingDep"):
        _process(DepositQueue((1,)))  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"DepositQueue\.balance_to_consume"):
        DepositQueue((), -1)
    with pytest.raises(InputTypeError, match="total_active_balance"):
        _process(_queue(ETH), total=1.0)


def test_the_largest_deposits_are_taken():
    assert PendingDeposit(2**53, 2**63 - 1, 2**53).amount == 2**63 - 1
    assert DepositQueue((), 2**63 - 1).balance_to_consume == 2**63 - 1
    with pytest.raises(InputError, match=r"DepositQueue\.balance_to_consume"):
        DepositQueue((), 2**63)


def test_a_network_of_nobody_still_takes_deposits():
    assert len(_process(_queue(128 * ETH), total=0).applied) == 1


def test_a_list_of_deposits_becomes_a_tuple():
    assert DepositQueue([PendingDeposit(0, 1)]) == _queue(1)  # type: ignore[arg-type]


@pytest.mark.parametrize("lag", [0, 2**53 + 1])
def test_bad_lags_are_refused(lag):
    with pytest.raises(InputError, match="process_until_empty: finality_lag"):
        next(process_until_empty(_queue(ETH), 0, TODAY, FULU, finality_lag=lag))
    with pytest.raises(InputError, match="activation: finality_lag"):
        activation(0, FULU, finality_lag=lag)


def test_bad_epochs_are_refused():
    with pytest.raises(InputError, match="process_until_empty: first_epoch"):
        next(process_until_empty(_queue(ETH), -1, TODAY, FULU))
    with pytest.raises(InputError, match="activation: applied_at_end_of_epoch"):
        activation(-1, FULU)


@pytest.mark.parametrize(
    ("queue", "message"),
    [
        (
            _queue(ETH, slot=2**53),
            r"process_until_empty: queue: must hold slots that are final within 1000000 epochs of .* 7",
        ),
        (
            _queue(2**62),
            "process_until_empty: queue: must hold so few Gwei that they fit into the churn of 1000000 epochs",
        ),
    ],
)
def test_a_queue_that_would_never_be_empty_is_refused_at_once(queue, message):
    with pytest.raises(InputError, match=message):
        next(process_until_empty(queue, 7, TODAY, FULU))


def test_a_deposit_of_one_that_does_not_exit_is_applied():
    queue = DepositQueue((PendingDeposit(0, 32 * ETH, 5),))
    for never in (2**64 - 1, FAR_FUTURE_EPOCH):
        step = process_pending_deposits(queue, 10, 9, TODAY, FULU, {5: never})
        assert [deposit.validator for deposit in step.applied] == [5]
    assert process_pending_deposits(queue, 10, 9, TODAY, FULU, {5: 11}).applied == ()
