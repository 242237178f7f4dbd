"""Selection of proposers and sync committees: the exact walk over a shuffled list of candidates.

A candidate is accepted when its effective balance beats a random number, so that a chance is in proportion to effective
balance, and to nothing else: no rule here knows how long a validator has been there or when it was last chosen. The
laws of many draws are in `selection_laws`.

Source: ethereum/consensus-specs at commit a08d8a6e2b45f0b8c0d379abc15583427c643689, specs/phase0/beacon-chain.md,
specs/altair/beacon-chain.md and specs/electra/beacon-chain.md. Amounts are Gwei.
"""

import hashlib
from collections.abc import Iterator, Sequence

import numpy as np

from stakingmodels import checks
from stakingmodels.protocols.chains.ethereum.rulesets import Ruleset
from stakingmodels.protocols.integers import IntArray, whole

SHUFFLE_ROUND_COUNT = 90
"""Source: presets/mainnet/phase0.yaml; the same in every fork since."""
DOMAIN_BEACON_PROPOSER = bytes.fromhex("00000000")
DOMAIN_SYNC_COMMITTEE = bytes.fromhex("07000000")
_HASH_BYTES = 32
_POSITIONS_PER_HASH = 256
_LIMIT = 2**53
_DRAWS = 2_000_000
"""More draws than this are not waited for: the sync committee of a million validators of 32 ETH takes 33,000."""


def accepted_random_values(effective_balance: int, ruleset: Ruleset) -> int:
    """Number of the random values 0 .. 65,535 that accept a candidate: those r with ``eb * 65535 >= 2048 ETH * r``.

    Over 65,536 it is the probability of acceptance: exactly ``eb / 2048 ETH`` for whole ETH from 1 on, 1/65,536 for
    nothing. Before Electra r has one byte and 32 ETH stand in place of 2,048.

    Raises
    ------
    InputError
        Unless ``0 <= effective_balance <= max_effective_balance_electra``.
    """
    most = ruleset.max_effective_balance_electra
    balance = checks.integer("accepted_random_values: effective_balance", effective_balance, 0, most)
    return balance * ruleset.max_random_value // most + 1


def get_seed(epoch: int, randao_mix: bytes, domain_type: bytes) -> bytes:
    """The seed of an epoch's draws.

    Parameters
    ----------
    epoch
        The epoch the draws are for.
    randao_mix
        32 bytes: the mix at the end of epoch ``epoch - 2`` (two epochs ahead, so that draws are known in advance).
    domain_type
        `DOMAIN_BEACON_PROPOSER` or `DOMAIN_SYNC_COMMITTEE`.
    """
    number = checks.integer("get_seed: epoch", epoch, 0, _LIMIT)
    return _hash(_bytes("get_seed: domain_type", domain_type, 4) + _uint64(number) + _bytes32("get_seed", randao_mix))


def compute_shuffled_index(index: int, index_count: int, seed: bytes) -> int:
    """Shuffled position of an index among `index_count` by a seed of 32 bytes ("swap or not", 90 rounds)."""
    count = checks.integer("compute_shuffled_index: index_count", index_count, 1, 2**40)
    position = checks.integer("compute_shuffled_index: index", index, 0, count - 1)
    return _Shuffle(count, _bytes32("compute_shuffled_index", seed))(position)


def compute_proposer_index(effective_balances: Sequence[int] | IntArray, seed: bytes, ruleset: Ruleset) -> int:
    """The position of the one candidate that proposes.

    Parameters
    ----------
    effective_balances
        Of all candidates, Gwei, in order of index: those active in the epoch, and since Gloas not slashed (EIP-8045).
        The answer is a position in this sequence.
    seed
        32 bytes, one for each slot; see `proposer_seed`.

    Notes
    -----
    The walk visits nobody twice before everybody was visited once. In networks of a few validators that favours the
    large ones over ``eb / total``; with a million the two agree to about one part in 10,000.

    Raises
    ------
    InputError
        Also where the largest is below 1 ETH, the least that an effective balance above 0 can be.
    """
    return next(_accepted("compute_proposer_index", effective_balances, seed, ruleset))


def proposer_seed(epoch: int, slot: int, randao_mix: bytes) -> bytes:
    """The seed of a slot's proposer; `epoch` and `randao_mix` as for `get_seed`, `slot` counted from genesis."""
    number = checks.integer("proposer_seed: slot", slot, 0, _LIMIT)
    return _hash(get_seed(epoch, randao_mix, DOMAIN_BEACON_PROPOSER) + _uint64(number))


def get_next_sync_committee_indices(
    effective_balances: Sequence[int] | IntArray, current_epoch: int, randao_mix: bytes, ruleset: Ruleset
) -> list[int]:
    """The positions of the 512 seats of the sync committee after the coming one, with duplicates.

    The walk is that for proposers, until 512 are accepted: no validator has two seats before the walk starts over.

    Parameters
    ----------
    effective_balances
        Of all validators active in the next epoch, Gwei, in order of index. Answers are positions in this sequence.
    current_epoch
        The epoch in whose last transition the committee is drawn.
    randao_mix
        32 bytes: the mix of epoch ``current_epoch - 1``.

    Raises
    ------
    InputError
        Also where the largest is below 1 ETH, and where there is so little stake that 512 seats would take more than
        2,000,000 draws: a candidate without any is accepted once in 65,536.
    """
    epoch = checks.integer("get_next_sync_committee_indices: current_epoch", current_epoch, 0, _LIMIT)
    seed = get_seed(epoch + 1, randao_mix, DOMAIN_SYNC_COMMITTEE)
    seats = ruleset.sync_committee_size
    walk = _accepted("get_next_sync_committee_indices", effective_balances, seed, ruleset, seats)
    return [next(walk) for _ in range(seats)]


class _Shuffle:
    """One shuffle, index by index, so that a walk hashes only what it needs."""

    def __init__(self, count: int, seed: bytes) -> None:
        self._count = count
        self._rounds = [seed + bytes([each]) for each in range(SHUFFLE_ROUND_COUNT)]
        self._pivots = [int.from_bytes(_hash(each)[:8], "little") % count for each in self._rounds]
        self._sources: dict[tuple[int, int], bytes] = {}

    def __call__(self, index: int) -> int:
        for number, pivot in enumerate(self._pivots):
            flip = (pivot - index) % self._count
            position = max(index, flip)
            block, bit = divmod(position, _POSITIONS_PER_HASH)
            if self._source(number, block)[bit // 8] >> (bit % 8) & 1:
                index = flip
        return index

    def _source(self, number: int, block: int) -> bytes:
        key = number, block
        source = self._sources.get(key)
        if source is None:
            source = self._sources[key] = _hash(self._rounds[number] + block.to_bytes(4, "little"))
        return source


def _accepted(
    where: str, effective_balances: Sequence[int] | IntArray, seed: bytes, ruleset: Ruleset, winners: int = 1
) -> Iterator[int]:
    most = ruleset.max_effective_balance_electra
    candidates = np.asarray(effective_balances)
    if candidates.ndim != 1 or candidates.size == 0:
        checks.refuse(f"{where}: effective_balances", "must be a sequence of at least one", effective_balances)
    balances = np.asarray(whole(f"{where}: effective_balances", candidates, 0, most))
    _refuse_endless_walks(f"{where}: effective_balances", balances, winners, ruleset)
    shuffle = _Shuffle(balances.size, _bytes32(where, seed))
    order: list[int] = []
    for number, random_value in enumerate(_random_values(seed, ruleset)):  # pragma: no branch - they never end
        if number < balances.size:
            order.append(shuffle(number))
        candidate = order[number % balances.size]
        if int(balances[candidate]) * ruleset.max_random_value >= most * random_value:
            yield candidate


def _refuse_endless_walks(where: str, balances: IntArray, winners: int, ruleset: Ruleset) -> None:
    largest = int(balances.max())
    if 0 < largest < ruleset.effective_balance_increment:
        rule = "must be Gwei of whole ETH, of which a candidate must have at least 1 to win"
        checks.refuse(where, rule, largest, "ETH? multiply by 10**9")
    chances = balances.astype(np.float64) * ruleset.max_random_value // ruleset.max_effective_balance_electra + 1.0
    draws = winners * (ruleset.max_random_value + 1.0) / float(chances.mean())
    if draws > _DRAWS:
        rule = f"must hold more stake: {winners} winners would take {draws:.3g} draws, and {_DRAWS} is the limit"
        checks.refuse(where, rule, balances)


def _random_values(seed: bytes, ruleset: Ruleset) -> Iterator[int]:
    width = ruleset.max_random_value.bit_length() // 8
    number = 0
    while True:
        drawn = _hash(seed + _uint64(number))
        for offset in range(0, _HASH_BYTES, width):
            yield int.from_bytes(drawn[offset : offset + width], "little")
        number += 1


def _hash(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _uint64(number: int) -> bytes:
    return number.to_bytes(8, "little")


def _bytes32(where: str, value: bytes) -> bytes:
    return _bytes(f"{where}: seed", value, _HASH_BYTES)


def _bytes(where: str, value: bytes, length: int) -> bytes:
    if not isinstance(value, bytes):
        checks.refuse_type(where, f"must be {length} bytes", value)
    if len(value) != length:
        checks.refuse(where, f"must be {length} bytes", value)
    return value
