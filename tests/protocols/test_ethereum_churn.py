"""Churn limits and the two queues that follow them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.protocols.chains.ethereum import BELLATRIX, DENEB, ELECTRA, FULU, GLOAS, GWEI_PER_ETH
from stakingmodels.protocols.chains.ethereum.churn import (
    ChurnQueue,
    compute_activation_exit_epoch,
    compute_consolidation_epoch_and_update_churn,
    compute_exit_epoch_and_update_churn,
    consolidations_enabled,
    get_activation_churn_limit,
    get_activation_exit_churn_limit,
    get_balance_churn_limit,
    get_consolidation_churn_limit,
    get_exit_churn_limit,
    get_validator_activation_churn_limit,
    get_validator_churn_limit,
)

ETH = GWEI_PER_ETH
TODAY = 35_600_000 * ETH
BALANCE_LIMITS = [
    get_activation_churn_limit,
    get_exit_churn_limit,
    get_consolidation_churn_limit,
]
totals = st.integers(0, 120_000_000 * ETH)


@pytest.mark.parametrize(
    ("total", "churn", "shared", "left"),
    [
        (0, 128, 128, 0),
        (8_454_143 * ETH, 128, 128, 0),
        (8_454_144 * ETH - 1, 128, 128, 0),
        (8_454_144 * ETH, 129, 129, 0),
        (16_777_216 * ETH - 1, 255, 255, 0),
        (16_777_216 * ETH, 256, 256, 0),
        (16_842_752 * ETH, 257, 256, 1),
        (TODAY, 543, 256, 287),
    ],
)
@pytest.mark.parametrize("ruleset", [ELECTRA, FULU])
def test_electra_shares_the_churn(total, churn, shared, left, ruleset):
    assert get_balance_churn_limit(total, ruleset) == churn * ETH
    assert get_activation_exit_churn_limit(total, ruleset) == shared * ETH
    assert get_activation_churn_limit(total, ruleset) == shared * ETH
    assert get_exit_churn_limit(total, ruleset) == shared * ETH
    assert get_consolidation_churn_limit(total, ruleset) == left * ETH


@pytest.mark.parametrize(
    ("total", "activations", "exits", "consolidations"),
    [
        (0, 128, 128, 0),
        (65_536 * ETH - 1, 128, 128, 0),
        (65_536 * ETH, 128, 128, 1),
        (4_194_304 * ETH, 128, 128, 64),
        (4_227_072 * ETH, 129, 129, 64),
        (8_388_608 * ETH, 256, 256, 128),
        (8_421_376 * ETH, 256, 257, 128),
        (TODAY, 256, 1086, 543),
    ],
)
def test_gloas_has_three_limits(total, activations, exits, consolidations):
    assert get_activation_churn_limit(total, GLOAS) == activations * ETH
    assert get_exit_churn_limit(total, GLOAS) == exits * ETH
    assert get_consolidation_churn_limit(total, GLOAS) == consolidations * ETH


@pytest.mark.parametrize(
    ("validators", "exits", "activations"),
    [(0, 4, 4), (327_679, 4, 4), (327_680, 5, 5), (524_288, 8, 8), (589_824, 9, 8), (1_000_000, 15, 8)],
)
def test_deneb_counts_validators(validators, exits, activations):
    assert get_validator_churn_limit(validators, DENEB) == exits
    assert get_validator_activation_churn_limit(validators, DENEB) == activations
    assert get_validator_activation_churn_limit(validators, BELLATRIX) == exits


def test_limits_of_many_totals_at_once():
    total = np.array([0, 8_454_144 * ETH, TODAY])
    assert get_exit_churn_limit(total, FULU).tolist() == [128 * ETH, 129 * ETH, 256 * ETH]
    assert get_consolidation_churn_limit(total, FULU).tolist() == [0, 0, 287 * ETH]
    assert consolidations_enabled(total, FULU).tolist() == [False, False, True]
    assert get_validator_churn_limit(np.array([0, 10**6]), DENEB).tolist() == [4, 15]
    assert get_validator_activation_churn_limit(np.array([0, 10**6]), DENEB).tolist() == [4, 8]


@pytest.mark.parametrize("limit", BALANCE_LIMITS)
@pytest.mark.parametrize("ruleset", [FULU, GLOAS])
@given(total=totals, more=totals)
def test_limits_are_whole_eth_and_grow_with_the_total(limit, ruleset, total, more):
    assert limit(total, ruleset) % ETH == 0
    assert limit(total, ruleset) <= limit(total + more, ruleset)


@pytest.mark.parametrize("limit", BALANCE_LIMITS)
def test_limits_before_electra_are_not_of_balance(limit):
    with pytest.raises(InputError, match=r"ruleset: must be .*, got 'deneb'"):
        limit(TODAY, DENEB)


@pytest.mark.parametrize("limit", [get_balance_churn_limit, get_activation_exit_churn_limit])
@pytest.mark.parametrize("ruleset", [DENEB, GLOAS])
def test_the_shared_limit_is_electras_and_fulus(limit, ruleset):
    with pytest.raises(InputError, match="get_balance_churn_limit: ruleset: must be electra or fulu, got"):
        limit(TODAY, ruleset)


@pytest.mark.parametrize("ruleset", [ELECTRA, FULU, GLOAS])
def test_limits_since_electra_are_not_of_validators(ruleset):
    with pytest.raises(InputError, match="get_validator_churn_limit: ruleset: must be of a fork before Electra"):
        get_validator_activation_churn_limit(1, ruleset)


@pytest.mark.parametrize("ruleset", [FULU, GLOAS])
@pytest.mark.parametrize("limit", BALANCE_LIMITS)
@pytest.mark.parametrize(("total", "error"), [(-1, InputError), (2**63, InputError), (1.0, InputTypeError)])
def test_bad_totals_are_refused(limit, ruleset, total, error):
    with pytest.raises(error, match="total_active_balance"):
        limit(total, ruleset)


@pytest.mark.parametrize(("count", "error"), [(-1, InputError), (True, InputTypeError), (1.5, InputTypeError)])
def test_bad_counts_are_refused(count, error):
    with pytest.raises(error, match="get_validator_churn_limit: active_validators"):
        get_validator_churn_limit(count, DENEB)


def test_consolidations_need_more_than_32_eth_of_churn():
    assert not consolidations_enabled((256 + 32) * 65_536 * ETH, FULU)
    assert consolidations_enabled((256 + 33) * 65_536 * ETH, FULU)
    assert not consolidations_enabled(32 * 65_536 * ETH, GLOAS)
    assert consolidations_enabled(33 * 65_536 * ETH, GLOAS)


def test_what_is_decided_now_takes_effect_five_epochs_on():
    assert compute_activation_exit_epoch(1000, FULU) == 1005
    with pytest.raises(InputError, match="compute_activation_exit_epoch: epoch"):
        compute_activation_exit_epoch(-1, FULU)
    with pytest.raises(InputError, match="compute_activation_exit_epoch: epoch"):
        compute_activation_exit_epoch(2**53 + 1, FULU)


def _exit(queue, balance, now=1000, total=TODAY, ruleset=FULU):
    return compute_exit_epoch_and_update_churn(queue, balance, now, total, ruleset)


@pytest.mark.parametrize(
    ("balance", "epoch", "left"),
    [(0, 1005, 256), (32, 1005, 224), (256, 1005, 0), (257, 1006, 255), (512, 1006, 0), (2048, 1012, 0)],
)
def test_exits_from_an_empty_queue(balance, epoch, left):
    assert _exit(ChurnQueue(), balance * ETH) == ChurnQueue(epoch, left * ETH)


def test_an_exit_uses_what_the_last_one_left():
    queue = ChurnQueue(1005, 10 * ETH)
    assert _exit(queue, 10 * ETH) == ChurnQueue(1005, 0)
    assert _exit(queue, 10 * ETH + 1) == ChurnQueue(1006, 256 * ETH - 1)
    assert _exit(ChurnQueue(1005, 0), 1) == ChurnQueue(1006, 256 * ETH - 1)


def test_the_queue_of_the_past_is_forgotten():
    assert _exit(ChurnQueue(1004, 10 * ETH), 32 * ETH) == ChurnQueue(1005, 224 * ETH)


def test_a_later_fork_lets_more_out():
    assert _exit(ChurnQueue(), 2048 * ETH, ruleset=GLOAS) == ChurnQueue(1006, 124 * ETH)


@given(parts=st.lists(st.integers(1, 3000 * ETH), min_size=1, max_size=8), total=totals)
def test_order_and_splitting_do_not_matter(parts, total):
    queue = ChurnQueue()
    for part in sorted(parts):
        queue = _exit(queue, part, total=total)
    assert queue == _exit(ChurnQueue(), sum(parts), total=total)


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 3000 * ETH)), max_size=12))
def test_no_epoch_lets_out_more_than_the_churn(steps):
    queue, now, out = ChurnQueue(), 0, 0
    for passed, balance in steps:
        now += passed
        after = _exit(queue, balance, now)
        assert after.earliest_epoch >= max(queue.earliest_epoch, now + 5)
        assert 0 <= after.balance_to_consume <= 256 * ETH
        queue, out = after, out + balance
    assert out <= (queue.earliest_epoch + 1) * 256 * ETH


def test_consolidations_queue_apart():
    queue = compute_consolidation_epoch_and_update_churn(ChurnQueue(), 32 * ETH, 1000, TODAY, FULU)
    assert queue == ChurnQueue(1005, 255 * ETH)
    queue = compute_consolidation_epoch_and_update_churn(queue, 2048 * ETH, 1000, TODAY, FULU)
    assert queue == ChurnQueue(1012, (8 * 287 - 2080) * ETH)


def test_an_empty_queue_stands_at_nothing():
    assert ChurnQueue() == ChurnQueue(0, 0)


def test_a_consolidation_of_nothing():
    assert compute_consolidation_epoch_and_update_churn(ChurnQueue(), 0, 7, TODAY, FULU) == ChurnQueue(12, 287 * ETH)
    with pytest.raises(InputError, match="must leave churn"):
        compute_consolidation_epoch_and_update_churn(ChurnQueue(), 0, 7, 0, FULU)


def test_consolidations_without_churn_are_refused():
    with pytest.raises(InputError, match="total_active_balance: must leave churn for consolidations"):
        compute_consolidation_epoch_and_update_churn(ChurnQueue(), 1, 0, 16_777_216 * ETH, FULU)


@pytest.mark.parametrize("join", [compute_exit_epoch_and_update_churn, compute_consolidation_epoch_and_update_churn])
@pytest.mark.parametrize(
    ("balance", "now", "total", "named"),
    [
        (-1, 0, TODAY, "_balance: must be"),
        (2**63, 0, TODAY, "_balance: must be"),
        (1, -1, TODAY, "epoch"),
        (1, 0, -1, "total_active_balance"),
        (1, 0, 2**63, "total_active_balance"),
    ],
)
def test_bad_numbers_of_queues_are_refused(join, balance, now, total, named):
    with pytest.raises(InputError, match=named):
        join(ChurnQueue(), balance, now, total, FULU)


@pytest.mark.parametrize("join", [compute_exit_epoch_and_update_churn, compute_consolidation_epoch_and_update_churn])
@pytest.mark.parametrize(("balance", "total"), [(1.0, TODAY), (1, float(TODAY)), (1, np.array([TODAY]))])
def test_queues_take_single_integers(join, balance, total):
    with pytest.raises(InputTypeError):
        join(ChurnQueue(), balance, 0, total, FULU)


def test_the_queue_before_electra_counted_validators():
    with pytest.raises(InputError, match="ruleset"):
        _exit(ChurnQueue(), ETH, ruleset=DENEB)


@pytest.mark.parametrize(("epoch", "left"), [(-1, 0), (0, -1), (2**53 + 1, 0), (0, 2**63)])
def test_bad_queues_are_refused(epoch, left):
    with pytest.raises(InputError, match="ChurnQueue"):
        ChurnQueue(epoch, left)


def test_the_largest_numbers_are_taken():
    total = 2**63 - 1
    assert get_exit_churn_limit(total, GLOAS) == total // 32_768 // ETH * ETH
    assert ChurnQueue(2**53, 2**63 - 1).earliest_epoch == 2**53
    assert _exit(ChurnQueue(), 2**63 - 1, total=total, ruleset=GLOAS).earliest_epoch > 1005
