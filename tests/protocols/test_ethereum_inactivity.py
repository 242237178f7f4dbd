import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.protocols.chains.ethereum import (
    FULU,
    GWEI_PER_ETH,
    SCORE_LIMIT,
    get_finality_delay,
    get_inactivity_penalty,
    is_in_inactivity_leak,
    process_inactivity_updates,
)


def updated(score, hit, *, leak):
    return process_inactivity_updates(score, hit, leak=leak, ruleset=FULU)


def test_finality_delay():
    assert get_finality_delay(100, 99) == 0
    assert get_finality_delay(100, 98) == 1
    assert get_finality_delay(1, 0) == 0
    with pytest.raises(InputError, match="finalized_epoch: must be before current_epoch 100, got 100"):
        get_finality_delay(100, 100)
    with pytest.raises(InputError, match="current_epoch"):
        get_finality_delay(0, 0)
    with pytest.raises(InputError, match="finalized_epoch"):
        get_finality_delay(5, -1)


def test_a_leak_starts_after_more_than_four_epochs():
    assert [is_in_inactivity_leak(delay, FULU) for delay in (0, 4, 5, 100)] == [False, False, True, True]
    with pytest.raises(InputError, match="finality_delay"):
        is_in_inactivity_leak(-1, FULU)


@pytest.mark.parametrize(
    ("score", "hit", "leak", "after"),
    [
        (0, True, True, 0),
        (1, True, True, 0),
        (10, True, True, 9),
        (0, False, True, 4),
        (10, False, True, 14),
        (0, True, False, 0),
        (17, True, False, 0),
        (18, True, False, 1),
        (0, False, False, 0),
        (12, False, False, 0),
        (13, False, False, 1),
    ],
)
def test_scores(score, hit, leak, after):
    assert updated(score, hit, leak=leak) == after
    assert type(updated(score, hit, leak=leak)) is int
    assert updated(np.array([score, 50]), np.array([hit, True]), leak=leak).tolist() == [after, 49 - 16 * (not leak)]


@given(st.integers(0, 10**6), st.booleans(), st.booleans())
def test_scores_never_fall_below_zero_nor_rise_by_more_than_four(score, hit, leak):
    after = updated(score, hit, leak=leak)
    assert 0 <= after <= score + 4
    assert leak or after <= score


def test_penalties():
    assert get_inactivity_penalty(32 * GWEI_PER_ETH, 4, FULU) == 32 * 10**9 * 4 // 2**26 == 1_907
    assert get_inactivity_penalty(32 * GWEI_PER_ETH, 0, FULU) == 0
    assert type(get_inactivity_penalty(32 * GWEI_PER_ETH, 4, FULU)) is int
    found = get_inactivity_penalty(np.array([32, 2_048]) * GWEI_PER_ETH, np.array([4, 20_000]), FULU)
    assert found.tolist() == [1_907, 2_048 * 10**9 * 20_000 // 2**26]


def test_bad_input():
    with pytest.raises(InputError, match=rf"inactivity_score: must be an integer in \[0, {SCORE_LIMIT}\]"):
        updated(-1, True, leak=False)
    with pytest.raises(InputError, match="inactivity_score"):
        updated(SCORE_LIMIT + 1, True, leak=False)
    assert updated(SCORE_LIMIT, True, leak=True) == 2**32 - 1
    with pytest.raises(InputTypeError, match="inactivity_score"):
        updated(1.0, True, leak=False)
    with pytest.raises(InputTypeError, match="leak"):
        updated(1, True, leak=1)
    with pytest.raises(InputError, match="effective_balance"):
        get_inactivity_penalty(-1, 1, FULU)
    most = (2**63 - 1) // 2**32
    assert get_inactivity_penalty(np.array([most]), 2**32, FULU).tolist() == [most * 2**32 // 2**26]
    with pytest.raises(InputError, match=r"too large: balance \* score passes int64"):
        get_inactivity_penalty(np.array([most + 1]), 2**32, FULU)
    assert get_inactivity_penalty(np.array([], dtype=np.int64), 1, FULU).tolist() == []


def test_each_product_is_held_against_int64_by_itself():
    balances, scores = np.array([10**15, 32 * 10**9]), np.array([0, 12_337])
    assert get_inactivity_penalty(balances, scores, FULU).tolist() == [0, 32 * 10**9 * 12_337 // 2**26]
    with pytest.raises(InputError, match="too large: balance \\* score passes int64"):
        get_inactivity_penalty(balances, scores[::-1], FULU)
