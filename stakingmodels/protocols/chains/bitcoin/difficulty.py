"""Difficulty of a block: compact bits, targets, difficulty, and the retarget every 2,016 blocks."""

from collections.abc import Mapping
from fractions import Fraction

import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray
from stakingmodels.protocols.chains.bitcoin.params import MAIN, ConsensusParams
from stakingmodels.protocols.numbers import number

_MANTISSA = 0x007F_FFFF
_SIGN = 0x0080_0000
_MANTISSA_BYTES = 3
_TARGET_LIMIT = 2**256 - 1
_TIME_LIMIT = 2**32 - 1
"""A block header holds its time in 32 bits."""
_ADJUSTMENT = 4
"""A period counts as a quarter of the timespan at least, and as four times it at most."""
_TARGET_OF_DIFFICULTY_ONE = 0xFFFF << 208
_DIFFICULTY_LIMIT = float(_TARGET_OF_DIFFICULTY_ONE)  # of a target of 1


def target_of_bits(bits: int) -> int:
    """The target that a header's compact bits stand for: a byte of length, three of mantissa.

    Source: bitcoin/bitcoin src/arith_uint256.cpp, SetCompact; refused as src/pow.cpp, DeriveTarget, refuses.

    Raises
    ------
    InputError
        For a negative target, one of 0, or one past 256 bits: no block may carry it.
    """
    compact = checks.integer("target_of_bits: bits", bits, 0, 2**32 - 1)
    size, mantissa = compact >> 24, compact & _MANTISSA
    shift = 8 * (size - _MANTISSA_BYTES)
    target = mantissa << shift if shift >= 0 else mantissa >> -shift
    if target == 0:
        checks.refuse("target_of_bits: bits", "must not stand for a target of 0", hex(compact))
    if compact & _SIGN:
        checks.refuse("target_of_bits: bits", "must not stand for a negative target", hex(compact))
    if target > _TARGET_LIMIT:
        checks.refuse("target_of_bits: bits", "must stand for a target within 256 bits", hex(compact))
    return target


def bits_of_target(target: int) -> int:
    """The compact bits of a target; all but its 3 leading bytes are cut off (2 where the first has its top bit set).

    Source: bitcoin/bitcoin src/arith_uint256.cpp, GetCompact.
    """
    checked = checks.integer("bits_of_target: target", target, 1, _TARGET_LIMIT)
    size = checked.bit_length() // 8 + 1  # a whole number of bytes takes one of zeros more, since the top bit is a sign
    shift = 8 * (size - _MANTISSA_BYTES)
    mantissa = checked >> shift if shift >= 0 else checked << -shift
    return size << 24 | mantissa


def calculate_next_work_required(
    bits: int, first_block_time: int, last_block_time: int, params: ConsensusParams = MAIN
) -> int:
    """Compact bits of the period that follows one: the old target times the time it took over the time it should take.

    ``actual = clamp(last - first, timespan / 4, 4 * timespan)``; ``target = min(old * actual // timespan, pow_limit)``.
    Source: bitcoin/bitcoin src/pow.cpp, CalculateNextWorkRequired.

    Parameters
    ----------
    bits
        Compact bits of the period that ends.
    first_block_time, last_block_time
        Seconds since 1970 in the headers of its first and last block. They are 2,015 intervals apart, not 2,016: see
        `equilibrium_block_seconds`. The last may be earlier than the first; the clamp mends it.
    """
    where = "calculate_next_work_required"
    first = checks.integer(f"{where}: first_block_time", first_block_time, 0, _TIME_LIMIT)
    last = checks.integer(f"{where}: last_block_time", last_block_time, 0, _TIME_LIMIT)
    old_target = target_of_bits(bits)
    if old_target > params.pow_limit:
        checks.refuse(f"{where}: bits", f"must not be easier than {hex(bits_of_target(params.pow_limit))}", hex(bits))
    timespan = params.pow_target_timespan
    actual = min(max(last - first, timespan // _ADJUSTMENT), timespan * _ADJUSTMENT)
    return bits_of_target(min(old_target * actual // timespan, params.pow_limit))


def get_next_work_required(
    last_height: int, last_bits: int, times: Mapping[int, int], params: ConsensusParams = MAIN
) -> int:
    """Compact bits of the block after the last one: unchanged but at heights that are multiples of 2,016.

    Source: bitcoin/bitcoin src/pow.cpp, GetNextWorkRequired, without the special rules of test networks.

    Parameters
    ----------
    last_height, last_bits
        Height and compact bits of the last block.
    times
        Header times by height, seconds since 1970; read at a retarget only, at `last_height` and 2,015 blocks before.
    """
    where = "get_next_work_required"
    last = checks.integer(f"{where}: last_height", last_height, 0, 2**31 - 2)
    interval = params.difficulty_adjustment_interval
    if (last + 1) % interval:
        target_of_bits(last_bits)
        return last_bits
    first = last - (interval - 1)
    for height in (first, last):
        if height not in times:
            checks.refuse(f"{where}: times", f"must hold the time of block {height}", sorted(times))
    return calculate_next_work_required(last_bits, times[first], times[last], params)


def equilibrium_block_seconds(params: ConsensusParams = MAIN) -> Fraction:
    """Seconds a block takes under a constant hash rate: ``timespan / 2015``, not ``timespan / 2016``.

    The retarget compares the time of 2,015 intervals with the timespan meant for 2,016, so that the chain settles at
    600.298 s a block: 143.93 blocks a day instead of 144.
    """
    return Fraction(params.pow_target_timespan, params.difficulty_adjustment_interval - 1)


def difficulty_of_target(target: int) -> float:
    """Difficulty of a target, relative to the target of difficulty 1: ``0xffff * 2**208 / target``.

    Source: bitcoin/bitcoin src/rpc/blockchain.cpp, GetDifficulty, rounded once.
    """
    return _TARGET_OF_DIFFICULTY_ONE / checks.integer("difficulty_of_target: target", target, 1, _TARGET_LIMIT)


def target_of_difficulty(difficulty: float | Fraction) -> int:
    """The whole target of a difficulty, rounded down: ``0xffff * 2**208 // difficulty``.

    Raises
    ------
    InputError
        For a difficulty so small or so large that no target within 256 bits stands for it.
    """
    where = "target_of_difficulty: difficulty"
    checks.positive(where, difficulty, 1e70)
    exactly = Fraction(int(difficulty)) if isinstance(difficulty, np.integer) else Fraction(difficulty)
    target = int(_TARGET_OF_DIFFICULTY_ONE / exactly)
    if not 1 <= target <= _TARGET_LIMIT:
        checks.refuse(where, "must stand for a target in [1, 2**256 - 1]", difficulty)
    return target


def next_difficulty(difficulty: FloatArray, seconds: FloatArray, params: ConsensusParams = MAIN) -> FloatArray:
    """Difficulty of the period that follows one: `calculate_next_work_required` in floats, for many paths.

    ``difficulty * timespan / clamp(seconds, timespan / 4, 4 * timespan)``, no easier than the limit. The compact bits
    of the protocol cut the target down by less than 2**-15 of it, which is left out.

    Parameters
    ----------
    difficulty
        Of the period that ends, above 0.
    seconds
        Between the headers of its first and last block: 2,015 intervals.
    """
    old = number("next_difficulty: difficulty", difficulty)
    if not np.all((np.asarray(old) > 0.0) & (np.asarray(old) < _DIFFICULTY_LIMIT)):
        checks.refuse("next_difficulty: difficulty", f"must be above 0 and below {_DIFFICULTY_LIMIT:.3g}", difficulty)
    took = number("next_difficulty: seconds", seconds)
    timespan = float(params.pow_target_timespan)
    counted = np.clip(took, timespan / _ADJUSTMENT, timespan * _ADJUSTMENT)
    easiest = difficulty_of_target(params.pow_limit)
    return np.asarray(np.maximum(old * (timespan / counted), easiest))


def block_proof(bits: int) -> int:
    """Hashes that a block of these bits stands for, whole: ``2**256 // (target + 1)``.

    Source: bitcoin/bitcoin src/chain.cpp, GetBlockProof.
    """
    return 2**256 // (target_of_bits(bits) + 1)
