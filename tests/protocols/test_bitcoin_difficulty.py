"""Bitcoin's compact bits, targets, difficulty and retarget."""

import re
from fractions import Fraction
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.protocols.chains import bitcoin

TIMESPAN = 1_209_600


@pytest.mark.parametrize(  # bitcoin/bitcoin src/test/arith_uint256_tests.cpp, bignum_SetCompact
    ("bits", "target", "canonical"),
    [
        (0x01123456, 0x12, 0x01120000),
        (0x02123456, 0x1234, 0x02123400),
        (0x03123456, 0x123456, 0x03123456),
        (0x04123456, 0x12345600, 0x04123456),
        (0x05009234, 0x92340000, 0x05009234),
        (0x20123456, 0x123456 << 232, 0x20123456),
        (0x1D00FFFF, 0xFFFF << 208, 0x1D00FFFF),
        (0x207FFFFF, 0x7FFFFF << 232, 0x207FFFFF),
        (0x2100FFFF, 0xFFFF << 240, 0x2100FFFF),
        (0x220000FF, 0xFF << 248, 0x2100FF00),
    ],
)
def test_compact_bits(bits, target, canonical):
    assert bitcoin.target_of_bits(bits) == target
    assert bitcoin.bits_of_target(target) == canonical


@pytest.mark.parametrize(
    "bits", [0, 0x00123456, 0x01003456, 0x02000056, 0x03000000, 0x04000000, 0x01803456, 0xFF000000]
)
def test_bits_of_a_target_of_zero(bits):
    with pytest.raises(InputError, match=r"^target_of_bits: bits: must not stand for a target of 0, got '" + hex(bits)):
        bitcoin.target_of_bits(bits)


@pytest.mark.parametrize("bits", [0x01FEDCBA, 0x04923456, 0x1D80FFFF, 0xFF800001])
def test_bits_of_a_negative_target(bits):
    with pytest.raises(
        InputError, match=r"^target_of_bits: bits: must not stand for a negative target, got '" + hex(bits)
    ):
        bitcoin.target_of_bits(bits)


@pytest.mark.parametrize("bits", [0xFF123456, 0x21010000, 0x22000100, 0x23000001])
def test_bits_past_256_bits(bits):
    with pytest.raises(InputError, match=r"^target_of_bits: bits: must stand for a target within 256 bits, got '0x"):
        bitcoin.target_of_bits(bits)


@pytest.mark.parametrize("bits", [-1, 2**32])
def test_bits_are_32(bits):
    with pytest.raises(InputError, match=r"^target_of_bits: bits: must be an integer in \[0, 4294967295\]"):
        bitcoin.target_of_bits(bits)


@pytest.mark.parametrize(
    ("target", "bits"),
    [
        (1, 0x01010000),
        (0x7F, 0x017F0000),
        (0x80, 0x02008000),  # the top bit of the first byte is the sign: one more byte of zeros
        (0xFF, 0x0200FF00),
        (0x100, 0x02010000),
        (0x8000, 0x03008000),
        (0x7FFFFF, 0x037FFFFF),
        (0x800000, 0x04008000),
        (0x1234567, 0x04012345),
        (0x12345678, 0x04123456),
        (2**256 - 1, 0x2100FFFF),
    ],
)
def test_bits_of_targets(target, bits):
    assert bitcoin.bits_of_target(target) == bits


@pytest.mark.parametrize("target", [0, -1, 2**256])
def test_targets_out_of_range(target):
    for function in (bitcoin.bits_of_target, bitcoin.difficulty_of_target):
        with pytest.raises(InputError, match=rf"^{function.__name__}: target: must be an integer in \[1, "):
            function(target)


def test_targets_are_whole():
    with pytest.raises(InputTypeError, match=r"^bits_of_target: target: must be an integer"):
        bitcoin.bits_of_target(1e9)  # type: ignore[arg-type]


@given(st.integers(1, 2**256 - 1))
def test_compact_bits_keep_two_or_three_bytes(target):
    bits = bitcoin.bits_of_target(target)
    kept = bitcoin.target_of_bits(bits)
    assert kept <= target < kept + kept / 2**15 + 1
    assert bitcoin.bits_of_target(kept) == bits


@pytest.mark.parametrize(  # bitcoin/bitcoin src/test/pow_tests.cpp
    ("bits", "first", "last", "following"),
    [
        (0x1D00FFFF, 1261130161, 1262152739, 0x1D00D86A),
        (0x1D00FFFF, 1231006505, 1233061996, 0x1D00FFFF),  # get_next_work_pow_limit
        (0x1C05A3F4, 1279008237, 1279297671, 0x1C0168FD),  # get_next_work_lower_limit_actual
        (0x1C387F6F, 1263163443, 1269211443, 0x1D00E1FD),  # get_next_work_upper_limit_actual
    ],
)
def test_published_retargets(bits, first, last, following):
    assert bitcoin.calculate_next_work_required(bits, first, last) == following


BITS = 0x1B0FFFFF


def after(seconds):
    return bitcoin.calculate_next_work_required(BITS, 10**9, 10**9 + seconds)


def test_the_clamp_of_the_retarget():
    target = bitcoin.target_of_bits(BITS)
    assert after(TIMESPAN) == BITS
    assert after(TIMESPAN // 4) == after(TIMESPAN // 4 - 1) == after(0) == after(-600)
    assert after(TIMESPAN // 4) == bitcoin.bits_of_target(target // 4)
    assert after(TIMESPAN // 4 + 600) > after(TIMESPAN // 4)
    assert after(4 * TIMESPAN) == after(4 * TIMESPAN + 1) == after(10 * TIMESPAN)
    assert after(4 * TIMESPAN) == bitcoin.bits_of_target(4 * target)
    assert after(4 * TIMESPAN - 600) < after(4 * TIMESPAN)


def test_the_easiest_target_is_a_target():
    params = attrs.evolve(bitcoin.MAIN, pow_limit=bitcoin.target_of_bits(BITS))
    assert bitcoin.calculate_next_work_required(BITS, 0, 2 * TIMESPAN, params) == BITS
    with pytest.raises(InputError, match="must not be easier than 0x1b0fffff, got '0x1b100000'"):
        bitcoin.calculate_next_work_required(BITS + 1, 0, TIMESPAN, params)


@given(st.integers(0, 10 * TIMESPAN), st.integers(0, TIMESPAN))
def test_slower_blocks_never_make_it_harder(seconds, more):
    assert bitcoin.target_of_bits(after(seconds + more)) >= bitcoin.target_of_bits(after(seconds))


@pytest.mark.parametrize(
    ("bits", "first", "last", "message"),
    [
        (0x1D010000, 0, 1, "bits: must not be easier than 0x1d00ffff, got '0x1d010000'"),
        (BITS, -1, 1, r"first_block_time: must be an integer in \[0, 4294967295\]"),
        (BITS, 2**32, 1, "first_block_time: must be an integer in"),
        (BITS, 1, -1, "last_block_time: must be an integer in"),
        (BITS, 1, 2**32, "last_block_time: must be an integer in"),
    ],
)
def test_retargets_refuse(bits, first, last, message):
    with pytest.raises(InputError, match=rf"^calculate_next_work_required: {message}"):
        bitcoin.calculate_next_work_required(bits, first, last)


def test_retargets_take_the_edges_of_a_header_time():
    assert bitcoin.calculate_next_work_required(BITS, 0, 2**32 - 1) == after(4 * TIMESPAN)
    assert bitcoin.calculate_next_work_required(BITS, 2**32 - 1, 0) == after(0)


def test_bits_change_every_2016_blocks():
    times = {30_240: 1261130161, 32_255: 1262152739}
    assert bitcoin.get_next_work_required(32_255, 0x1D00FFFF, times) == 0x1D00D86A
    for height in (0, 32_254, 32_256, 2_014):
        assert bitcoin.get_next_work_required(height, 0x1D00FFFF, {}) == 0x1D00FFFF
    assert bitcoin.get_next_work_required(2_015, 0x1D00FFFF, {0: 1231006505, 2_015: 1233061996}) == 0x1D00FFFF


def test_bits_of_a_network_with_a_shorter_period():
    params = attrs.evolve(bitcoin.MAIN, pow_target_timespan=6_000)
    assert bitcoin.get_next_work_required(19, BITS, {10: 0, 19: 6_000}, params) == BITS
    assert bitcoin.get_next_work_required(19, BITS, {10: 0, 19: 3_000}, params) == bitcoin.bits_of_target(
        bitcoin.target_of_bits(BITS) // 2
    )


def test_a_retarget_needs_its_two_times():
    with pytest.raises(
        InputError, match=r"^get_next_work_required: times: must hold the time of block 0, got \[2015\]$"
    ):
        bitcoin.get_next_work_required(2_015, BITS, {2_015: 1})
    with pytest.raises(InputError, match=r"must hold the time of block 2015, got \[0\]$"):
        bitcoin.get_next_work_required(2_015, BITS, {0: 1})
    with pytest.raises(
        InputError, match=r"^get_next_work_required: last_height: must be an integer in \[0, 2147483646\]"
    ):
        bitcoin.get_next_work_required(-1, BITS, {})
    with pytest.raises(InputError, match="last_height"):
        bitcoin.get_next_work_required(2**31 - 1, BITS, {})
    assert bitcoin.get_next_work_required(2**31 - 2, BITS, {}) == BITS
    with pytest.raises(InputError, match="target of 0"):
        bitcoin.get_next_work_required(1, 0, {})


def test_a_constant_hash_rate_settles_above_600_seconds():
    seconds = bitcoin.equilibrium_block_seconds()
    assert seconds == Fraction(1_209_600, 2_015)
    assert float(86_400 / seconds) == pytest.approx(143.9286, abs=1e-4)
    # 2,015 intervals of that length leave the target as it is, 2,015 of 600 s make it harder
    assert after(round(2_015 * seconds)) == BITS
    assert after(2_015 * 600) < BITS


@pytest.mark.parametrize(  # bitcoin/bitcoin src/test/blockchain_tests.cpp
    ("bits", "difficulty"),
    [
        (0x1F111111, 0.000001),
        (0x1EF88F6F, 0.000016),
        (0x1DF88F6F, 0.004023),
        (0x1CF88F6F, 1.029916),
        (0x12345678, 5913134931067755359633408.0),
    ],
)
def test_published_difficulties(bits, difficulty):
    # its bits are read without their sign, which some have set, as no valid block has
    target = (bits & 0xFFFFFF) << 8 * ((bits >> 24) - 3)
    assert bitcoin.difficulty_of_target(target) == pytest.approx(difficulty, rel=1e-12, abs=1e-6)


def test_difficulty_one():
    assert bitcoin.difficulty_of_target(bitcoin.target_of_bits(0x1D00FFFF)) == 1.0
    assert bitcoin.target_of_difficulty(1.0) == 0xFFFF << 208
    assert bitcoin.target_of_difficulty(Fraction(3, 2)) == (0xFFFF << 209) // 3
    assert bitcoin.target_of_difficulty(2) == 0xFFFF << 207
    of_numpy: Any = np.int64(2)
    assert bitcoin.target_of_difficulty(of_numpy) == 0xFFFF << 207


@given(st.integers(2**100, 2**224))
def test_difficulty_and_target_are_inverse(target):
    assert bitcoin.target_of_difficulty(bitcoin.difficulty_of_target(target)) == pytest.approx(target, rel=1e-15)


@pytest.mark.parametrize(
    ("difficulty", "message"),
    [
        (0.0, r"must be in \(0, 1e\+70\]"),
        (-1.0, r"must be in \(0, 1e\+70\]"),
        (2e70, "too large"),
        (float("inf"), "must be finite"),
        (1e68, r"must stand for a target in \[1, 2\*\*256 - 1\], got 1e\+68"),
        (1e-10, r"must stand for a target in \[1, "),
    ],
)
def test_difficulties_without_a_target(difficulty, message):
    with pytest.raises(InputError, match=r"^target_of_difficulty: difficulty: " + message):
        bitcoin.target_of_difficulty(difficulty)


def test_difficulties_at_the_edge():
    assert bitcoin.target_of_difficulty(0xFFFF << 208) == 1
    assert bitcoin.target_of_difficulty(Fraction(0xFFFF << 208, 2**256 - 1)) == 2**256 - 1
    with pytest.raises(InputError, match=re.escape("[1, 2**256 - 1]")):
        bitcoin.target_of_difficulty(Fraction(0xFFFF << 208, 2**256))
    with pytest.raises(InputError, match=re.escape("[1, 2**256 - 1]")):
        bitcoin.target_of_difficulty((0xFFFF << 208) * Fraction(1_000_001, 1_000_000))


def test_work_of_a_block():
    assert bitcoin.block_proof(0x1D00FFFF) == 0x100010001
    assert bitcoin.block_proof(0x207FFFFF) == 2
    assert bitcoin.block_proof(0x01010000) == 2**255
    assert bitcoin.block_proof(0x1D00FFFF) == pytest.approx(2**48 / 0xFFFF, rel=1e-9)


@pytest.mark.parametrize(
    ("took", "factor"), [(1, 1.0), (2, 0.5), (0.5, 2.0), (4, 0.25), (40, 0.25), (0.25, 4.0), (0.01, 4.0)]
)
def test_the_next_difficulty_in_floats(took, factor):
    found = bitcoin.next_difficulty(np.array([1e14, 2e14]), np.array([took * TIMESPAN, TIMESPAN]))
    assert found == pytest.approx(np.array([factor * 1e14, 2e14]), rel=1e-15)


def test_the_next_difficulty_is_no_easier_than_the_limit():
    easiest = bitcoin.difficulty_of_target(bitcoin.MAIN.pow_limit)
    assert bitcoin.next_difficulty(np.array([2.0]), np.array([4.0 * TIMESPAN])).tolist() == [easiest]


@pytest.mark.parametrize("difficulty", [0.0, -1.0, 1e70, np.array([1.0, 0.0])])
def test_a_period_has_a_difficulty_above_0_that_a_target_stands_for(difficulty):
    with pytest.raises(InputError, match=r"^next_difficulty: difficulty: must be above 0 and below "):
        bitcoin.next_difficulty(difficulty, np.array(1.2e6))
