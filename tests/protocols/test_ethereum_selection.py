"""The exact walk that finds proposers and sync committees, and what it does not depend on."""

import hashlib
import inspect
import math
from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.protocols.chains.ethereum import DENEB, FULU, GWEI_PER_ETH, selection, selection_laws
from stakingmodels.protocols.chains.ethereum.selection import (
    DOMAIN_BEACON_PROPOSER,
    DOMAIN_SYNC_COMMITTEE,
    accepted_random_values,
    compute_proposer_index,
    compute_shuffled_index,
    get_next_sync_committee_indices,
    get_seed,
    proposer_seed,
)

ETH = GWEI_PER_ETH
SEED = bytes(range(32))


def _seed(number):
    return hashlib.sha256(b"seed" + number.to_bytes(8, "little")).digest()


@pytest.mark.parametrize(
    ("balance", "accepted"),
    [
        (0, 1),
        (1, 1),
        (ETH, 32),
        (16 * ETH, 512),
        (31 * ETH, 992),
        (32 * ETH, 1024),
        (2047 * ETH, 65_504),
        (2048 * ETH, 65_536),
    ],
)
def test_how_many_random_numbers_accept(balance, accepted):
    assert accepted_random_values(balance, FULU) == accepted


@pytest.mark.parametrize(("balance", "accepted"), [(0, 1), (16 * ETH, 128), (31 * ETH, 248), (32 * ETH, 256)])
def test_before_electra_random_numbers_had_one_byte(balance, accepted):
    assert accepted_random_values(balance, DENEB) == accepted


@given(st.integers(0, 2048 * ETH))
def test_the_count_is_that_of_the_rule(balance):
    accepted = accepted_random_values(balance, FULU)
    assert balance * 65_535 >= 2048 * ETH * (accepted - 1)
    assert accepted == 65_536 or balance * 65_535 < 2048 * ETH * accepted


@pytest.mark.parametrize(
    ("balance", "error"), [(-1, InputError), (2048 * ETH + 1, InputError), (32.0 * ETH, InputTypeError)]
)
def test_bad_balances_are_refused(balance, error):
    with pytest.raises(error, match="accepted_random_values: effective_balance"):
        accepted_random_values(balance, FULU)


@pytest.mark.parametrize("count", [1, 2, 10, 257, 600])
def test_a_shuffle_is_a_permutation(count):
    assert sorted(compute_shuffled_index(index, count, SEED) for index in range(count)) == list(range(count))


def test_a_shuffle_written_out():
    """The rounds one by one, as the specification's older text has them."""

    def shuffled(index, count, seed):
        for number in range(90):
            pivot = int.from_bytes(hashlib.sha256(seed + bytes([number])).digest()[:8], "little") % count
            flip = (pivot + count - index) % count
            position = max(index, flip)
            source = hashlib.sha256(seed + bytes([number]) + (position // 256).to_bytes(4, "little")).digest()
            index = flip if (source[(position % 256) // 8] >> (position % 8)) % 2 else index
        return index

    for count in (3, 255, 256, 257, 1000):
        for index in range(0, count, 7):
            assert compute_shuffled_index(index, count, SEED) == shuffled(index, count, SEED)


@pytest.mark.parametrize(
    ("index", "count", "seed", "error", "named"),
    [
        (3, 3, SEED, InputError, "index"),
        (-1, 3, SEED, InputError, "index"),
        (0, 0, SEED, InputError, "index_count"),
        (0, 2**40 + 1, SEED, InputError, "index_count"),
        (0, 3, SEED[1:], InputError, "seed: must be 32 bytes"),
        (0, 3, "0" * 32, InputTypeError, "seed: must be 32 bytes"),
    ],
)
def test_bad_shuffles_are_refused(index, count, seed, error, named):
    with pytest.raises(error, match=f"compute_shuffled_index: {named}"):
        compute_shuffled_index(index, count, seed)


def test_the_largest_shuffle():
    assert 0 <= compute_shuffled_index(2**40 - 1, 2**40, SEED) < 2**40


def test_seeds():
    assert (
        get_seed(1001, SEED, DOMAIN_SYNC_COMMITTEE)
        == hashlib.sha256(b"\x07\0\0\0" + (1001).to_bytes(8, "little") + SEED).digest()
    )
    epoch_seed = hashlib.sha256(bytes(4) + (7).to_bytes(8, "little") + SEED).digest()
    assert get_seed(7, SEED, DOMAIN_BEACON_PROPOSER) == epoch_seed
    assert proposer_seed(7, 230, SEED) == hashlib.sha256(epoch_seed + (230).to_bytes(8, "little")).digest()


@pytest.mark.parametrize(
    ("ask", "named"),
    [
        (lambda: get_seed(-1, SEED, DOMAIN_SYNC_COMMITTEE), "get_seed: epoch"),
        (lambda: get_seed(2**53 + 1, SEED, DOMAIN_SYNC_COMMITTEE), "get_seed: epoch"),
        (lambda: get_seed(1, SEED, b"\x07"), "get_seed: domain_type: must be 4 bytes"),
        (lambda: get_seed(1, b"", DOMAIN_SYNC_COMMITTEE), "get_seed: seed: must be 32 bytes"),
        (lambda: proposer_seed(1, -1, SEED), "proposer_seed: slot"),
        (lambda: proposer_seed(1, 2**53 + 1, SEED), "proposer_seed: slot"),
        (lambda: compute_proposer_index([], SEED, FULU), "compute_proposer_index: effective_balances: must be"),
        (lambda: compute_proposer_index([-1], SEED, FULU), "compute_proposer_index: effective_balances"),
        (lambda: compute_proposer_index([2048 * ETH + 1], SEED, FULU), "compute_proposer_index: effective_balances"),
        (lambda: compute_proposer_index(np.ones((2, 2), dtype=int), SEED, FULU), "must be a sequence of at least one"),
        (lambda: compute_proposer_index([ETH], SEED[:5], FULU), "compute_proposer_index: seed"),
        (lambda: get_next_sync_committee_indices([ETH], -1, SEED, FULU), "current_epoch"),
        (lambda: get_next_sync_committee_indices([], 1, SEED, FULU), "get_next_sync_committee_indices"),
    ],
)
def test_bad_draws_are_refused(ask, named):
    with pytest.raises(InputError, match=named):
        ask()


def test_balances_may_be_an_array():
    balances = [32 * ETH, 2048 * ETH, 100 * ETH]
    drawn = [compute_proposer_index(balances, _seed(number), FULU) for number in range(20)]
    array = np.array(balances)
    assert [compute_proposer_index(array, _seed(number), FULU) for number in range(20)] == drawn
    with pytest.raises(InputError, match="must be a sequence of at least one"):
        compute_proposer_index(32 * ETH, SEED, FULU)  # type: ignore[arg-type]
    with pytest.raises(InputTypeError, match="effective_balances"):
        compute_proposer_index([32.0], SEED, FULU)  # type: ignore[list-item]


@pytest.mark.parametrize("ruleset", [FULU, DENEB])
def test_the_walk_written_out(ruleset):
    """The first candidate of the shuffled list whose balance beats its random number."""
    width = 2 if ruleset is FULU else 1
    most = 2048 * ETH if ruleset is FULU else 32 * ETH
    balances = [most // 64 * (1 + index % 3) for index in range(40)]
    for number in range(30):
        seed, i = _seed(number), 0
        while True:
            drawn = hashlib.sha256(seed + (i * width // 32).to_bytes(8, "little")).digest()
            value = int.from_bytes(drawn[i * width % 32 :][:width], "little")
            candidate = compute_shuffled_index(i % 40, 40, seed)
            if balances[candidate] * (256**width - 1) >= most * value:
                break
            i += 1
        assert compute_proposer_index(balances, seed, ruleset) == candidate


def test_the_largest_random_number_accepts_the_largest_balance():
    seed = next(
        seed
        for seed in map(_seed, range(5000))
        if hashlib.sha256(seed + bytes(8)).digest()[0] == DENEB.max_random_value
    )
    assert compute_proposer_index([32 * ETH] * 9, seed, DENEB) == compute_shuffled_index(0, 9, seed)


def test_nothing_is_accepted_by_zero_only():
    assert compute_proposer_index([0], SEED, DENEB) == 0
    assert compute_proposer_index([0, 2048 * ETH], SEED, FULU) == 1


def test_genesis():
    zero = bytes(8)
    assert get_seed(0, SEED, DOMAIN_BEACON_PROPOSER) == hashlib.sha256(bytes(4) + zero + SEED).digest()
    assert proposer_seed(0, 0, SEED) == hashlib.sha256(get_seed(0, SEED, DOMAIN_BEACON_PROPOSER) + zero).digest()
    assert len(get_next_sync_committee_indices([2048 * ETH] * 3, 0, SEED, FULU)) == 512


def test_a_committee_has_512_seats_and_one_each_while_candidates_last():
    balances = [2048 * ETH] * 600
    seats = get_next_sync_committee_indices(balances, 100, SEED, FULU)
    assert len(set(seats)) == 512
    few = get_next_sync_committee_indices(balances[:100], 100, SEED, FULU)
    assert (len(few), max(Counter(few).values()), min(Counter(few).values())) == (512, 6, 5)


def test_the_committee_is_drawn_for_the_next_epoch():
    one = get_next_sync_committee_indices([2048 * ETH] * 600, 100, SEED, FULU)
    seed = get_seed(101, SEED, DOMAIN_SYNC_COMMITTEE)
    assert one == [compute_shuffled_index(index, 600, seed) for index in range(512)]


def test_small_networks_favour_large_validators():
    balances = [eth * ETH for eth in (32, 32, 33, 64, 100, 500, 1000, 2048)]
    wins = sum(compute_proposer_index(balances, _seed(number), FULU) == 7 for number in range(1000))
    share = 2048 / 3809
    assert wins / 1000 > share + 4 * math.sqrt(share * (1 - share) / 1000)


DRAWS = 3000
VALIDATORS = 16


@pytest.fixture(scope="module")
def proposers():
    """Exact draws in a network of equal validators: those with low indices joined first."""
    return [compute_proposer_index([1024 * ETH] * VALIDATORS, _seed(number), FULU) for number in range(DRAWS)]


@pytest.mark.once
def test_those_who_joined_first_are_not_chosen_more_often(proposers):
    law = selection_laws.Binomial(DRAWS, 0.5)
    early = sum(index < VALIDATORS // 2 for index in proposers)
    assert abs(early - law.mean) < 4 * law.standard_deviation


def test_waiting_does_not_raise_the_chance_of_being_chosen(proposers):
    waited = won = 0
    since = dict.fromkeys(range(VALIDATORS), 0)
    for chosen in proposers:
        patient = [index for index, slots in since.items() if slots >= VALIDATORS]
        waited, won = waited + len(patient), won + (chosen in patient)
        since = {index: 0 if index == chosen else slots + 1 for index, slots in since.items()}
    assert waited > 10_000
    assert abs(won / waited - 1 / VALIDATORS) < 4 * math.sqrt(1 / VALIDATORS / waited)


def test_counts_follow_the_binomial_law(proposers):
    law = selection_laws.proposals(1024 * ETH, VALIDATORS * 1024 * ETH, DRAWS)
    counts = Counter(proposers)
    assert all(abs(counts[index] - law.mean) < 4 * law.standard_deviation for index in range(VALIDATORS))


def test_no_rule_of_selection_asks_how_long_somebody_has_been_there():
    rules: list[Callable[..., object]] = [
        compute_proposer_index,
        get_next_sync_committee_indices,
        selection_laws.proposals,
        selection_laws.sync_seats,
    ]
    asked = {name for rule in rules for name in inspect.signature(rule).parameters}
    assert asked == {
        "effective_balances", "seed", "ruleset", "current_epoch", "randao_mix",
        "effective_balance", "total_active_balance", "slots", "periods", "validators",
    }  # fmt: skip
    assert selection.SHUFFLE_ROUND_COUNT == 90


@pytest.mark.parametrize("count", [1, 3, 1_000])
def test_ether_where_gwei_are_wanted_is_refused_at_once(count):
    message = r"effective_balances: must be Gwei of whole ETH, .*, got 32 \(ETH\? multiply by 10\*\*9\)"
    with pytest.raises(InputError, match="get_next_sync_committee_indices: " + message):
        get_next_sync_committee_indices([32] * count, 0, SEED, FULU)
    with pytest.raises(InputError, match="compute_proposer_index: " + message):
        compute_proposer_index([32] * count, SEED, FULU)


@pytest.mark.parametrize("balances", [[0], [0] * 1_000, [32 * ETH] + [0] * 10_000])
def test_a_committee_that_no_one_would_fill_is_refused_at_once(balances):
    with pytest.raises(InputError, match=r"effective_balances: must hold more stake: 512 winners would take .* draws"):
        get_next_sync_committee_indices(balances, 0, SEED, FULU)
    assert compute_proposer_index(balances[:2], SEED, FULU) in (0, 1)


def test_little_stake_still_fills_a_committee():
    seats = get_next_sync_committee_indices([ETH] * 64 + [0], 0, SEED, FULU)
    assert len(seats) == 512
    assert set(seats) <= set(range(65))
