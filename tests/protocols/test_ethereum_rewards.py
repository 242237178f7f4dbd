import math

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.protocols.chains.ethereum import (
    ALL_FLAGS,
    BELLATRIX,
    DENEB,
    FULU,
    GWEI_PER_ETH,
    PARTICIPATION_FLAGS,
    attestation_reward,
    block_reward,
    get_attestation_participation_flags,
    get_attestation_proposer_reward,
    get_base_reward,
    get_base_reward_per_increment,
    get_flag_index_deltas,
    get_sync_participant_reward,
    get_sync_proposer_reward,
)

T = 35_600_000 * GWEI_PER_ETH
SMALL = 16_384 * 32 * GWEI_PER_ETH
ETH32 = 32 * GWEI_PER_ETH
totals = st.integers(GWEI_PER_ETH, 2**63 - 1)


def deltas(balance, flag, having=T, total=T, *, leak=False):
    return get_flag_index_deltas(balance, flag, having, total, leak=leak, ruleset=FULU)


def test_published_values_of_16384_validators():
    assert get_base_reward_per_increment(SMALL, FULU) == 2_795
    assert get_base_reward(ETH32, SMALL, FULU) == 89_440
    found = [deltas(ETH32, flag, SMALL, SMALL) for flag in range(PARTICIPATION_FLAGS)]
    assert found == [(19_565, 19_565), (36_335, 36_335), (19_565, 0)]
    assert attestation_reward(ETH32, SMALL, FULU) == 75_465


def test_values_at_35_6_million():
    assert get_base_reward_per_increment(T, FULU) == 339
    assert get_sync_participant_reward(T, FULU) == 23_018
    assert get_sync_proposer_reward(T, FULU) == 23_018 * 8 // 56 == 3_288
    assert get_sync_proposer_reward(T, FULU, 512) == 1_683_456
    assert get_attestation_proposer_reward(T // 32, ALL_FLAGS, T, FULU) == 45_458_537
    assert block_reward(T, FULU) == 45_458_537 + 1_683_456


@given(totals)
def test_the_base_reward_is_the_floor_of_the_root_of_the_total(total):
    assert get_base_reward_per_increment(total, FULU) == 64 * 10**9 // math.isqrt(total)
    assert get_base_reward_per_increment(np.array([total]), FULU).tolist() == [64 * 10**9 // math.isqrt(total)]


@given(st.integers(1, 10**9), st.integers(0, 2_048), st.integers(0, 2), st.floats(0, 1), st.booleans())
def test_deltas_are_the_formula_in_plain_integers(total_eth, eth, flag, share, leak):
    total_eth = max(total_eth, eth)
    total, having_eth = total_eth * GWEI_PER_ETH, int(share * total_eth)
    base = eth * (64 * 10**9 // math.isqrt(total))
    weight = (14, 26, 14)[flag]
    reward = 0 if leak else base * weight * max(having_eth, 1) // (total_eth * 64)
    penalty = 0 if flag == 2 else base * weight // 64
    balance, having = eth * GWEI_PER_ETH, having_eth * GWEI_PER_ETH
    assert deltas(balance, flag, having, total, leak=leak) == (reward, penalty)
    found = deltas(np.array([balance]), flag, np.array([having]), np.array([total]), leak=leak)
    assert [each.tolist() for each in found] == [[reward], [penalty]]


def test_results_are_plain_integers_for_plain_integers():
    for value in (*deltas(ETH32, 1), get_base_reward(ETH32, T, FULU), attestation_reward(ETH32, T, FULU)):
        assert type(value) is int
    for value in (get_sync_participant_reward(T, FULU), block_reward(T, FULU)):
        assert type(value) is int
    assert type(get_attestation_participation_flags(1, FULU)) is int
    assert type(get_attestation_proposer_reward(np.array([T]), 7, T, FULU)) is int


def test_the_balance_counts_in_whole_increments():
    assert get_base_reward(ETH32 + GWEI_PER_ETH - 1, T, FULU) == 32 * 339
    assert get_base_reward(GWEI_PER_ETH - 1, T, FULU) == 0
    assert get_base_reward(T, T, FULU) == 35_600_000 * 339


def test_rewards_grow_with_participation_and_never_exceed_the_base():
    shares = np.arange(0, 36) * 10**6 * GWEI_PER_ETH
    reward, _ = get_flag_index_deltas(np.full(36, ETH32), 1, shares, T, leak=False, ruleset=FULU)
    assert (np.diff(reward) >= 0).all()
    assert reward[-1] <= 32 * 339 * 26 // 64


def test_nobody_participating_counts_as_one_increment():
    assert deltas(2_048 * GWEI_PER_ETH, 1, 0, 2_048 * GWEI_PER_ETH) == deltas(
        2_048 * GWEI_PER_ETH, 1, GWEI_PER_ETH, 2_048 * GWEI_PER_ETH
    )
    assert deltas(2_048 * GWEI_PER_ETH, 1, 0, 2_048 * GWEI_PER_ETH)[0] > 0


@pytest.mark.parametrize(
    ("delay", "flags", "before_deneb"), [(1, 7, 7), (2, 3, 3), (5, 3, 3), (6, 2, 2), (32, 2, 2), (33, 2, 0), (63, 2, 0)]
)
def test_flags_by_inclusion_delay(delay, flags, before_deneb):
    assert get_attestation_participation_flags(delay, FULU) == flags
    assert get_attestation_participation_flags(delay, DENEB) == flags
    assert get_attestation_participation_flags(delay, BELLATRIX) == before_deneb
    assert get_attestation_participation_flags(np.array([delay, 1]), FULU).tolist() == [flags, 7]


def test_wrong_votes():
    assert get_attestation_participation_flags(1, FULU, matching_head=False) == 3
    assert get_attestation_participation_flags(1, FULU, matching_target=False) == 1
    assert get_attestation_participation_flags(6, FULU, matching_target=False) == 0
    assert get_attestation_participation_flags(np.array([1]), FULU, matching_target=False).tolist() == [1]


@pytest.mark.parametrize("delay", [0, 64, -1])
def test_delays_that_cannot_be(delay):
    with pytest.raises(InputError, match=r"inclusion_delay: must be an integer in \[1, 63\]"):
        get_attestation_participation_flags(delay, FULU)


@pytest.mark.parametrize("vote", ["matching_target", "matching_head"])
@pytest.mark.parametrize("value", [1, None])
def test_votes_are_true_or_false(vote, value):
    with pytest.raises(InputTypeError, match=f"{vote}: must be True or False"):
        get_attestation_participation_flags(1, FULU, **{vote: value})


def test_the_proposer_is_paid_by_new_flags():
    by_flag = [get_attestation_proposer_reward(T, 1 << flag, T, FULU) for flag in range(3)]
    base = 35_600_000 * 339
    assert by_flag == [base * weight // 448 for weight in (14, 26, 14)]
    assert get_attestation_proposer_reward(T, 0, T, FULU) == 0
    # Rounded once for all groups of an attestation.
    one = get_attestation_proposer_reward(GWEI_PER_ETH, 1, T, FULU)
    assert one == 339 * 14 // 448 == 10
    both = get_attestation_proposer_reward(np.array([GWEI_PER_ETH] * 2), np.array([1, 2]), T, FULU)
    assert both == 339 * (14 + 26) // 448 == 30
    assert one + 339 * 26 // 448 == 29


def test_a_block_with_fewer_attesters():
    half = block_reward(T, FULU, T // 2)
    base = 17_800_000 * 339
    assert half == base * 54 // 448 // 32 + 256 * 3_288
    assert block_reward(T, FULU, 0) == 0
    odd = 33_333_333 * GWEI_PER_ETH
    assert block_reward(odd, FULU) - get_sync_proposer_reward(odd, FULU, 512) == 43_945_312


def test_sync_rewards_take_arrays():
    found = get_sync_participant_reward(np.array([SMALL, T]), FULU)
    assert found.tolist() == [get_sync_participant_reward(SMALL, FULU), 23_018]
    assert get_sync_proposer_reward(T, FULU, np.array([0, 1, 512])).tolist() == [0, 3_288, 1_683_456]
    with pytest.raises(InputError, match=r"participants: must be an integer in \[0, 512\]"):
        get_sync_proposer_reward(T, FULU, 513)


def test_constants_come_from_the_rule_set():
    doubled = attrs.evolve(FULU, base_reward_factor=128, sync_reward_weight=4, sync_committee_size=256)
    assert get_base_reward_per_increment(T, doubled) == 678
    assert get_sync_participant_reward(T, doubled) == 678 * 35_600_000 * 4 // 64 // 32 // 256
    other = attrs.evolve(FULU, effective_balance_increment=2 * GWEI_PER_ETH)
    assert get_base_reward(ETH32, T, other) == 16 * 678


@pytest.mark.parametrize("total", [0, -1, GWEI_PER_ETH - 1, 2**63])
def test_totals_outside_their_range(total):
    for call in (
        lambda: get_base_reward_per_increment(total, FULU),
        lambda: get_base_reward(0, total, FULU),
        lambda: get_sync_participant_reward(total, FULU),
        lambda: deltas(0, 0, 0, total),
    ):
        with pytest.raises(
            InputError, match=r"total_active_balance: must be an integer in \[1000000000, 9223372036854775807\]"
        ):
            call()
    assert get_base_reward_per_increment(GWEI_PER_ETH, FULU) == 64 * 10**9 // 31_622


@pytest.mark.parametrize("balance", [T + 1, np.array([ETH32, T + 1])])
def test_a_balance_above_the_total(balance):
    with pytest.raises(InputError, match="get_base_reward: effective_balance: must not be above total_active_balance"):
        get_base_reward(balance, T, FULU)


def test_bad_input():
    with pytest.raises(InputTypeError, match="effective_balance: must be an integer"):
        get_base_reward(32e9, T, FULU)
    with pytest.raises(InputTypeError, match="effective_balance: must hold integers"):
        get_base_reward(np.array([32e9]), T, FULU)
    with pytest.raises(InputError, match="effective_balance"):
        get_base_reward(-1, T, FULU)
    with pytest.raises(InputError, match="unslashed_participating_balance"):
        deltas(ETH32, 0, -1)
    for flag in (-1, 3):
        with pytest.raises(InputError, match=r"flag_index: must be an integer in \[0, 2\]"):
            deltas(ETH32, flag)
    with pytest.raises(InputError, match=r"new_flags: must be an integer in \[0, 7\]"):
        get_attestation_proposer_reward(T, 8, T, FULU)


def test_products_past_int64_are_refused_in_arrays_and_exact_in_integers():
    exact = deltas(T, 1)[0]
    assert exact == 35_600_000 * 339 * 26 * 35_600_000 // (35_600_000 * 64)
    assert 35_600_000 * 339 * 26 * 35_600_000 > 2**63
    with pytest.raises(InputError, match=r"effective_balance: too large: a product passes int64"):
        deltas(np.array([T]), 1)
    # The largest balance whose product still fits.
    fits = (2**63 - 1) // (339 * 26 * 35_600_000) * GWEI_PER_ETH
    assert deltas(np.array([fits]), 1)[0].tolist() == [deltas(fits, 1)[0]]
    with pytest.raises(InputError, match="too large"):
        deltas(np.array([fits + GWEI_PER_ETH]), 1)


def test_participating_balance_is_counted_in_whole_increments():
    whole = get_flag_index_deltas(ETH32, 1, 1_000 * GWEI_PER_ETH, 2_000 * GWEI_PER_ETH, leak=False, ruleset=FULU)
    more = get_flag_index_deltas(ETH32, 1, 1_001 * GWEI_PER_ETH - 1, 2_000 * GWEI_PER_ETH, leak=False, ruleset=FULU)
    assert more == whole


def test_votes_of_a_part_of_the_stake_are_whole():
    having = T * 999 // 1_000  # 511.49 votes of 512
    attestations = get_attestation_proposer_reward(having, 7, T, FULU) // 32
    assert block_reward(T, FULU, having) == attestations + get_sync_proposer_reward(T, FULU, 511)
