"""Bitcoin's subsidy, halvings, and the work behind a block."""

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.protocols.chains import bitcoin

COIN = 100_000_000


@pytest.mark.parametrize(
    ("height", "satoshi"),
    [
        (0, 50 * COIN),
        (1, 50 * COIN),
        (209_999, 50 * COIN),
        (210_000, 25 * COIN),
        (419_999, 25 * COIN),
        (420_000, 12_50000000),
        (630_000, 6_25000000),
        (839_999, 6_25000000),
        (840_000, 3_12500000),
        (1_050_000, 1_56250000),
        (32 * 210_000, 1),
        (33 * 210_000, 0),
        (63 * 210_000, 0),
        (64 * 210_000, 0),
        (65 * 210_000, 0),
        (2**63 - 1, 0),
    ],
)
def test_subsidy_by_height(height, satoshi):
    assert bitcoin.block_subsidy(height) == satoshi


def test_all_subsidies_add_up_to_the_supply():
    assert sum(210_000 * bitcoin.block_subsidy(era * 210_000) for era in range(70)) == 2_099_999_997_690_000


@given(st.integers(0, 70 * 210_000))
def test_the_subsidy_never_rises(height):
    assert bitcoin.block_subsidy(height) >= bitcoin.block_subsidy(height + 1)
    assert bitcoin.block_subsidy(height) == int(50 * COIN) // 2 ** (height // 210_000)


@pytest.mark.parametrize("height", [-1, 2**63])
def test_heights_out_of_range(height):
    with pytest.raises(InputError, match=r"^block_subsidy: height: must be an integer in \[0, "):
        bitcoin.block_subsidy(height)


@pytest.mark.parametrize("height", [1.0, True, "1", None])
def test_heights_are_whole_numbers(height):
    with pytest.raises(InputTypeError, match=r"^block_subsidy: height: must be an integer"):
        bitcoin.block_subsidy(height)


@pytest.mark.parametrize(
    ("time", "coins"),
    [
        ("2009-01-03T18:15:05", 50.0),
        ("2012-11-28T15:24:37", 50.0),
        ("2012-11-28T15:24:38", 25.0),
        ("2016-07-09T16:46:12", 25.0),
        ("2016-07-09T16:46:13", 12.5),
        ("2020-05-11T19:23:42", 12.5),
        ("2020-05-11T19:23:43", 6.25),
        ("2024-04-20T00:09:26", 6.25),
        ("2024-04-20T00:09:27", 3.125),
        ("2026-01-01", 3.125),
        ("2030-01-01", 1.5625),
    ],
)
def test_subsidy_by_time(time, coins):
    assert bitcoin.subsidy_at(np.datetime64(time)) == coins


def test_subsidy_by_times():
    times = np.array(["2016-01-01", "2021-01-01", "2026-01-01"], dtype="M8[D]")
    assert np.asarray(bitcoin.subsidy_at(times)).tolist() == [25.0, 6.25, 3.125]


def test_later_halvings_come_every_four_years_of_blocks():
    gap = np.timedelta64(210_000 * 600, "s")
    fifth = np.datetime64("2024-04-20T00:09:27") + gap
    for k in range(6):
        assert bitcoin.subsidy_at(fifth + k * gap) == (50 * COIN >> (5 + k)) / COIN
        assert bitcoin.subsidy_at(fifth + k * gap - np.timedelta64(1, "s")) == (50 * COIN >> (4 + k)) / COIN


def test_in_the_far_future_there_is_no_subsidy():
    assert bitcoin.subsidy_at(np.datetime64("9999-01-01")) == 0.0


@pytest.mark.parametrize(
    ("time", "following"),
    [
        ("2011-01-01", "2012-11-28T15:24:38"),
        ("2024-04-20T00:09:26", "2024-04-20T00:09:27"),
        ("2020-05-11T19:23:43", "2024-04-20T00:09:27"),
        ("2024-04-20T00:09:27", "2028-04-17T08:09:27"),
    ],
)
def test_next_halving(time, following):
    assert bitcoin.next_halving(np.datetime64(time)) == np.datetime64(following)


def test_coins_of_a_terahash_and_day():
    per_th = bitcoin.coins_per_th_s_day(1e14, 3.125)
    assert per_th == pytest.approx(1e12 * 86_400 / (1e14 * 2**32) * 3.125, rel=1e-15)
    assert per_th * 1000 * 100_000 == pytest.approx(62.864, abs=5e-4)  # hashprice in USD per PH/s and day


def test_a_network_at_its_difficulty_finds_144_blocks_a_day():
    hashrate = 6e8
    difficulty = bitcoin.difficulty_of_hashrate(hashrate)
    assert bitcoin.coins_per_th_s_day(difficulty, 1.0) * hashrate == pytest.approx(144.0, rel=1e-14)
    assert difficulty == pytest.approx(hashrate * 1e12 * 600 / 2**32, rel=1e-15)


def test_arrays_are_taken_element_by_element():
    found = bitcoin.coins_per_th_s_day(np.array([1e13, 1e14]), np.array([6.25, 3.125]))
    assert found.tolist() == [bitcoin.coins_per_th_s_day(1e13, 6.25), bitcoin.coins_per_th_s_day(1e14, 3.125)]


@pytest.mark.parametrize(
    ("height", "satoshi"),
    [
        (0, 50 * COIN),
        (1, 100 * COIN),
        (209_998, 209_999 * 50 * COIN),
        (209_999, 210_000 * 50 * COIN),
        (210_000, 210_000 * 50 * COIN + 25 * COIN),
        (839_999, 19_687_500 * COIN),
        (840_000, 19_687_500 * COIN + 3_12500000),
        (33 * 210_000 - 2, 2_099_999_997_690_000 - 1),
        (33 * 210_000 - 1, 2_099_999_997_690_000),
        (64 * 210_000, 2_099_999_997_690_000),
        (70 * 210_000, 2_099_999_997_690_000),
        (2**63 - 1, 2_099_999_997_690_000),
    ],
)
def test_issued_by_height(height, satoshi):
    assert bitcoin.issued(height) == satoshi


@given(st.integers(1, 35 * 210_000))
def test_issued_grows_by_the_subsidy(height):
    assert bitcoin.issued(height) - bitcoin.issued(height - 1) == bitcoin.block_subsidy(height)


@pytest.mark.parametrize("height", [-1, 2**63])
def test_issued_refuses_heights_out_of_range(height):
    with pytest.raises(InputError, match=r"^issued: height: must be an integer in \[0, 9223372036854775807\]"):
        bitcoin.issued(height)


def test_issued_takes_whole_heights():
    with pytest.raises(InputTypeError, match=r"^issued: height: must be an integer"):
        bitcoin.issued(1.0)  # type: ignore[arg-type]


def test_a_network_with_another_interval():
    params = attrs.evolve(bitcoin.MAIN, subsidy_halving_interval=150)
    assert [bitcoin.block_subsidy(height, params) for height in (149, 150, 450)] == [50 * COIN, 25 * COIN, 6_25000000]
    assert bitcoin.issued(299, params) == 150 * 75 * COIN


def test_constants_of_the_main_network():
    assert (bitcoin.HALVING_INTERVAL, bitcoin.BLOCK_SECONDS) == (210_000, 600)
    assert bitcoin.MAIN.pow_limit == 2**224 - 1
    assert bitcoin.MAIN.pow_target_timespan == 1_209_600
    assert bitcoin.MAIN.difficulty_adjustment_interval == 2_016
    assert bitcoin.bits_of_target(bitcoin.MAIN.pow_limit) == 0x1D00FFFF
    assert bitcoin.SATOSHI_PER_BITCOIN == COIN
    assert not bitcoin.HALVINGS.flags.writeable


def test_the_last_halving_of_the_schedule():
    last = np.datetime64("2024-04-20T00:09:27") + 60 * np.timedelta64(210_000 * 600, "s")
    assert bitcoin.next_halving(last - np.timedelta64(1, "s")) == last
    assert bitcoin.next_halving(last) == np.datetime64("9999-12-31")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"subsidy_halving_interval": 0}, r"subsidy_halving_interval: must be an integer in \[1, 2147483647\]"),
        ({"subsidy_halving_interval": 2**31}, r"subsidy_halving_interval: must be an integer in \[1, "),
        ({"pow_limit": 0}, r"pow_limit: must be an integer in \[1, "),
        ({"pow_limit": 2**256}, r"pow_limit: must be an integer in \[1, "),
        ({"pow_limit": 2**234}, r"pow_limit: must leave 4 \* pow_target_timespan \* pow_limit within 256 bits"),
        ({"pow_target_timespan": 3}, r"pow_target_timespan: must be an integer in \[4, "),
        ({"pow_target_timespan": 1_199}, r"pow_target_timespan: must hold two blocks of pow_target_spacing"),
        ({"pow_target_timespan": 2**31}, r"pow_target_timespan: must be an integer in \[4, 2147483647\]"),
        ({"pow_target_spacing": 0}, r"pow_target_spacing: must be an integer in \[1, "),
        ({"pow_target_spacing": 2**31}, r"pow_target_spacing: must be an integer in \[1, 2147483647\]"),
    ],
)
def test_networks_that_cannot_be(change, message):
    with pytest.raises(InputError, match=r"^ConsensusParams\." + message):
        attrs.evolve(bitcoin.MAIN, **change)


def test_networks_at_the_edge():
    assert attrs.evolve(bitcoin.MAIN, pow_target_timespan=1_200).difficulty_adjustment_interval == 2
    limit = 2**256 // (4 * 1_209_600)
    assert attrs.evolve(bitcoin.MAIN, pow_limit=limit).pow_limit == limit
    with pytest.raises(InputError, match="within 256 bits"):
        attrs.evolve(bitcoin.MAIN, pow_limit=limit + 1)
    assert attrs.evolve(bitcoin.MAIN, subsidy_halving_interval=1, pow_target_spacing=1).pow_target_spacing == 1
    assert attrs.evolve(bitcoin.MAIN, subsidy_halving_interval=2**31 - 1).subsidy_halving_interval == 2**31 - 1
    slow = attrs.evolve(bitcoin.MAIN, pow_limit=1, pow_target_timespan=2**31 - 1, pow_target_spacing=2**30 - 1)
    assert slow.difficulty_adjustment_interval == 2
    shortest = attrs.evolve(bitcoin.MAIN, pow_target_timespan=4, pow_target_spacing=2)
    assert shortest.difficulty_adjustment_interval == 2


def test_a_network_is_written_by_name():
    with pytest.raises(TypeError, match="positional argument"):
        bitcoin.ConsensusParams(210_000, 2**224 - 1, 1_209_600, 600)  # type: ignore[call-arg]
