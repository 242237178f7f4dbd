"""RedemptionHalt forms of waits against the queues run epoch by epoch."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.protocols.chains.ethereum import DENEB, FULU, GLOAS, GWEI_PER_ETH
from stakingmodels.protocols.chains.ethereum.churn import ChurnQueue, compute_exit_epoch_and_update_churn
from stakingmodels.protocols.chains.ethereum.deposits import (
    DepositQueue,
    PendingDeposit,
    activation,
    process_until_empty,
)
from stakingmodels.protocols.chains.ethereum.waits import activation_wait, exit_wait
from tests.examples import examples

ETH = GWEI_PER_ETH
TODAY = 35_600_000 * ETH
totals = st.integers(10_000_000 * ETH, 60_000_000 * ETH)
rulesets = st.sampled_from([FULU, GLOAS])


@given(total=totals, ahead=st.integers(0, 4_000_000 * ETH), own=st.integers(1, 2048 * ETH), ruleset=rulesets)
@example(total=TODAY, ahead=224 * ETH, own=32 * ETH, ruleset=FULU)
@example(total=TODAY, ahead=225 * ETH, own=32 * ETH, ruleset=FULU)
def test_an_exit_waits_as_long_as_the_queue_says(total, ahead, own, ruleset):
    queue = compute_exit_epoch_and_update_churn(ChurnQueue(), ahead, 0, total, ruleset)
    queue = compute_exit_epoch_and_update_churn(queue, own, 0, total, ruleset)
    wait = exit_wait(total, ahead, own, ruleset)
    assert wait.exit_epochs == queue.earliest_epoch
    assert wait.withdrawable_epochs == queue.earliest_epoch + 256


def test_an_exit_today():
    wait = exit_wait(TODAY, 0, 32 * ETH, FULU)
    assert (wait.exit_epochs, wait.withdrawable_epochs) == (5, 261)
    assert exit_wait(TODAY, 0, 2048 * ETH, FULU).exit_epochs == 12
    round_of_slots = -(-(35_600_000 * 901_697 // 42_228_608) // 16)
    assert wait.sweep_epochs == round_of_slots / 2 / 32
    assert wait.days == pytest.approx((261 + round_of_slots / 64) / 225)


def test_the_sweep_goes_round_validators_not_round_every_32_ether():
    today = exit_wait(42_228_608 * ETH, 0, 32 * ETH, FULU)
    assert today.days == pytest.approx(5.07, abs=5e-3)
    assert today.days == exit_wait(42_228_608 * ETH, 0, 32 * ETH, FULU, payable_validators=901_697).days
    most = exit_wait(42_228_608 * ETH, 0, 32 * ETH, FULU, payable_validators=42_228_608 // 32)
    assert most.days == pytest.approx(6.89, abs=5e-3)
    totals = np.array([42_228_608, 10, 2**33]) * ETH
    many = exit_wait(totals, 0, 10 * ETH, FULU)
    assert many.sweep_epochs.tolist() == [exit_wait(int(each), 0, 10 * ETH, FULU).sweep_epochs for each in totals]


def test_the_sweep_of_an_exit():
    soon = exit_wait(TODAY, 0, 32 * ETH, FULU, payable_validators=1_000_000, sweep_share=0.0)
    late = exit_wait(TODAY, 0, 32 * ETH, FULU, payable_validators=1_000_000, sweep_share=1)
    assert soon.days == 261 / 225
    assert late.sweep_epochs == 62_500 / 32
    assert late.days - soon.days == pytest.approx(62_500 / 7200)


def test_exits_of_many_paths_at_once():
    ahead = np.array([0, 224, 225, 3_500_000]) * ETH
    wait = exit_wait(TODAY, ahead, 32 * ETH, FULU, sweep_share=np.array([0.0, 0.5, 1.0, 0.0]))
    assert wait.exit_epochs.tolist() == [5, 5, 6, 13_676]
    one_by_one = [
        exit_wait(TODAY, int(each), 32 * ETH, FULU, sweep_share=share).days
        for each, share in zip(ahead, (0.0, 0.5, 1.0, 0.0), strict=True)
    ]
    assert wait.days.tolist() == one_by_one
    totals = np.array([10_000_000, 35_600_000]) * ETH
    assert exit_wait(totals, 100_000 * ETH, 32 * ETH, FULU).exit_epochs.tolist() == [5 + 658, 5 + 390]


@pytest.mark.parametrize(
    ("ask", "error", "named"),
    [
        (lambda: exit_wait(-1, 0, 1, FULU), InputError, "exit_wait: total_active_balance"),
        (lambda: exit_wait(TODAY, -1, 1, FULU), InputError, "exit_wait: queued_ahead"),
        (lambda: exit_wait(TODAY, 2**60 + 1, 1, FULU), InputError, "exit_wait: queued_ahead"),
        (lambda: exit_wait(TODAY, 0, 0, FULU), InputError, "exit_wait: effective_balance"),
        (lambda: exit_wait(2**63 - 1, 0, 2**60 + 1, FULU), InputError, "exit_wait: effective_balance"),
        (lambda: exit_wait(9, 0, 10, FULU), InputError, "effective_balance: must not be above total_active_balance"),
        (lambda: exit_wait(TODAY, 0.5, 1, FULU), InputTypeError, "exit_wait: queued_ahead"),
        (lambda: exit_wait(TODAY, 0, 1, FULU, sweep_share=1.5), InputError, "exit_wait: sweep_share"),
        (lambda: exit_wait(TODAY, 0, 1, FULU, sweep_share=np.array([2.0])), InputError, "exit_wait: sweep_share"),
        (lambda: exit_wait(TODAY, 0, 1, FULU, payable_validators=-1), InputError, "payable_validators"),
        (lambda: exit_wait(TODAY, 0, 1, DENEB), InputError, "ruleset"),
        (lambda: activation_wait(TODAY, 0, 32 * ETH - 1, FULU), InputError, "activation_wait: deposit"),
        (lambda: activation_wait(TODAY, 0, 2**53 + 1, FULU), InputError, "activation_wait: deposit"),
        (lambda: activation_wait(TODAY, -1, 32 * ETH, FULU), InputError, "activation_wait: queued_ahead"),
        (lambda: activation_wait(TODAY, 2**60 + 1, 32 * ETH, FULU), InputError, "activation_wait: queued_ahead"),
        (lambda: activation_wait(-1, 0, 32 * ETH, FULU), InputError, "total_active_balance"),
        (lambda: activation_wait(TODAY, 0, 32 * ETH, FULU, deposit_size=0), InputError, "deposit_size"),
        (lambda: activation_wait(TODAY, 0, 32 * ETH, FULU, deposit_size=2**53 + 1), InputError, "deposit_size"),
        (lambda: activation_wait(TODAY, 0, 32 * ETH, FULU, finality_lag=0), InputError, "finality_lag"),
        (lambda: activation_wait(TODAY, 0, 32 * ETH, FULU, finality_lag=2**53 + 1), InputError, "finality_lag"),
        (lambda: activation_wait(TODAY, 0, 32 * ETH, DENEB), InputError, "ruleset"),
    ],
)
def test_bad_waits_are_refused(ask, error, named):
    with pytest.raises(error, match=named):
        ask()


def test_own_stake_may_be_all_there_is():
    assert exit_wait(10, 0, 10, FULU).exit_epochs == 5


def _run(total, count, size, own, ruleset, lag):
    ahead = (PendingDeposit(0, size, 0),) * count
    queue = DepositQueue((*ahead, PendingDeposit(100 * 32 + 1, own)))
    *_, last = process_until_empty(queue, 100, total, ruleset, finality_lag=lag)
    return activation(last.epoch - 100, ruleset, finality_lag=lag)


# Around a 16th of 256 ETH, where churn and count bind in turn.
sizes = st.one_of(st.integers(1, 4096 * ETH), st.integers(15 * ETH, 18 * ETH), st.integers(128 * ETH // 16, 9 * ETH))


@examples(300)
@given(
    total=totals,
    count=st.integers(0, 300),
    size=sizes,
    own=st.integers(32 * ETH, 4096 * ETH),
    ruleset=rulesets,
    lag=st.integers(1, 4),
)
@example(total=TODAY, count=0, size=ETH, own=32 * ETH, ruleset=FULU, lag=1)
@example(total=TODAY, count=33, size=16 * ETH, own=32 * ETH, ruleset=FULU, lag=1)
@example(total=TODAY, count=200, size=16 * ETH + 1, own=32 * ETH, ruleset=FULU, lag=1)
@example(total=TODAY, count=200, size=33 * ETH // 2, own=32 * ETH, ruleset=FULU, lag=1)
@example(total=TODAY, count=93, size=17 * ETH, own=32 * ETH, ruleset=FULU, lag=1)
@example(total=17_000_000 * ETH, count=170, size=17 * ETH, own=40 * ETH, ruleset=FULU, lag=2)
@example(total=16_777_216 * ETH, count=64, size=256 * ETH // 15, own=32 * ETH, ruleset=FULU, lag=1)
def test_a_deposit_waits_as_long_as_the_queue_says(total, count, size, own, ruleset, lag):
    exact = _run(total, count, size, own, ruleset, lag)
    wait = activation_wait(total, count * size, own, ruleset, deposit_size=size, finality_lag=lag)
    assert wait.applied_at_end_of_epoch == exact.applied_at_end_of_epoch
    assert wait.activation_eligibility_epoch == exact.activation_eligibility_epoch
    assert wait.activation_epoch == exact.activation_epoch
    assert wait.days == exact.activation_epoch / 225


@pytest.mark.parametrize("count", [47, 48, 49])
def test_what_is_done_just_as_the_deposit_is_final(count):
    """Three epochs of 16 deposits each: the last of them is the first that sees the own deposit final."""
    for size in (ETH, 16 * ETH, 5 * ETH + 1):
        exact = _run(TODAY, count, size, 2048 * ETH, FULU, 1)
        assert activation_wait(TODAY, count * size, 2048 * ETH, FULU, deposit_size=size).activation_epoch == (
            exact.activation_epoch
        )


@pytest.mark.parametrize("own", [32, 256, 288, 2048, 2080])
@pytest.mark.parametrize("size", [1, 16, 17, 32, 100])
def test_churn_that_is_lost_while_the_deposit_is_not_final(own, size):
    counts = range(24)
    exact = [_run(TODAY, count, size * ETH, own * ETH, FULU, 1).activation_epoch for count in counts]
    ahead = np.array(counts) * size * ETH
    assert activation_wait(TODAY, ahead, own * ETH, FULU, deposit_size=size * ETH).activation_epoch.tolist() == exact


def test_waits_are_compared_by_identity():
    ahead = np.array([0, 1]) * ETH
    assert exit_wait(TODAY, ahead, ETH, FULU) != exit_wait(TODAY, ahead, ETH, FULU)
    assert activation_wait(TODAY, ahead, 32 * ETH, FULU) != activation_wait(TODAY, ahead, 32 * ETH, FULU)


def test_an_activation_today():
    wait = activation_wait(TODAY, 0, 32 * ETH, FULU)
    assert (wait.applied_at_end_of_epoch, wait.activation_eligibility_epoch, wait.activation_epoch) == (2, 4, 10)
    assert isinstance(wait.activation_epoch, int)
    assert wait.days * 24 * 60 == pytest.approx(64)


def test_deposits_ahead_are_of_32_eth_where_nothing_is_said():
    assert activation_wait(TODAY, 100_000 * ETH, 32 * ETH, FULU).activation_epoch == 390 + 8
    by_count = activation_wait(TODAY, 100_000 * ETH, 32 * ETH, FULU, deposit_size=ETH)
    assert by_count.activation_epoch == 6250 + 8


def test_what_is_ahead_is_rounded_up_to_whole_deposits():
    one, same = (activation_wait(TODAY, ahead * ETH, 32 * ETH, FULU).activation_epoch for ahead in (993, 1024))
    assert one == same
    assert activation_wait(TODAY, 992 * ETH, 32 * ETH, FULU).activation_epoch == one - 1


def test_activations_of_many_paths_at_once():
    ahead = np.array([0, 256, 100_000, 2_500_000]) * ETH
    size = np.array([32, 1, 17, 2048]) * ETH
    wait = activation_wait(TODAY, ahead, 32 * ETH, FULU, deposit_size=size)
    one_by_one = [
        activation_wait(TODAY, int(each), 32 * ETH, FULU, deposit_size=int(of)).activation_epoch
        for each, of in zip(ahead, size, strict=True)
    ]
    assert wait.activation_epoch.tolist() == one_by_one
    assert wait.days.tolist() == [epochs / 225 for epochs in one_by_one]


def test_the_longest_queue_does_not_overflow():
    wait = activation_wait(TODAY, 2**60, 32 * ETH, FULU, deposit_size=256 * ETH // 15 - 1)
    assert 0 < wait.activation_epoch < 2**60 // ETH
