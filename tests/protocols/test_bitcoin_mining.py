"""What hashing earns and costs, and the laws by which pools pay it out."""

import datetime as dt
import math
from fractions import Fraction
from itertools import pairwise
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.protocols.chains import bitcoin

TERAHASH_DAY = Fraction(86_400 * 10**12, 2**32)
"""Blocks that 1 TH/s finds in a day at difficulty 1."""


def test_blocks_of_a_day():
    assert bitcoin.blocks_per_day(Fraction(1), Fraction(1)) == TERAHASH_DAY
    assert bitcoin.blocks_per_day(Fraction(6 * 10**8), Fraction(10**14)) == TERAHASH_DAY * 6 / 10**6
    assert bitcoin.blocks_per_day(1.0, 1.0) == float(TERAHASH_DAY)


def test_coins_stay_exact():
    exact = bitcoin.coins_per_th_s_day(Fraction(10**14), Fraction("3.125"))
    assert exact == Fraction("6.28642737865447998046875E-7")
    assert bitcoin.coins_per_th_s_day(1e14, 3.125) == pytest.approx(float(exact), rel=4e-16)


def test_whole_numbers_of_numpy_do_not_wrap():
    hashrates = np.array([10**9, 10**3])  # times 8.64e16 they would pass int64
    found = bitcoin.blocks_per_day(hashrates, np.array([10**14, 10**13]))
    assert found.tolist() == [bitcoin.blocks_per_day(1e9, 1e14), bitcoin.blocks_per_day(1e3, 1e13)]
    assert bitcoin.blocks_per_day(np.int64(10**9), np.uint64(10**14)) == bitcoin.blocks_per_day(1e9, 1e14)


def test_days_per_block_of_a_lone_miner():
    """200 TH/s are 2e14 hashes a second: 1e14 * 2**32 hashes take 2**31 s, 24,855 days, 68.1 years."""
    assert bitcoin.expected_days_per_block(200.0, 1e14) == pytest.approx(2**31 / 86_400, rel=1e-15)
    assert bitcoin.expected_days_per_block(Fraction(200), 10**14) == Fraction(2**31, 86_400)
    rates = np.array([1, 10, 10**6, 10**9])
    days = bitcoin.expected_days_per_block(rates, 1e14)
    assert days * bitcoin.blocks_per_day(rates, 1e14) == pytest.approx(1.0, rel=1e-15)
    assert (np.diff(days) < 0).all()  # more hash rate, fewer days
    for none in (0, 0.0, np.array([1.0, 0.0])):
        with pytest.raises(InputError, match=r"^expected_days_per_block: hashrate_th_s: must be above 0, or no block"):
            bitcoin.expected_days_per_block(none, 1e14)


def test_the_share_of_a_network_that_finds_a_block_in_600_seconds():
    """A difficulty of 2**-32 * 6e17 takes 6e17 hashes: 1,000 TH/s in 600 s."""
    whole = bitcoin.difficulty_of_hashrate(1_000.0)
    assert bitcoin.share_of_network(1_000.0, whole) == pytest.approx(1.0, rel=1e-15)
    assert bitcoin.share_of_network(250.0, whole) == pytest.approx(0.25, rel=1e-15)
    assert bitcoin.share_of_network(0.0, whole) == 0.0
    assert bitcoin.share_of_network(Fraction(1, 7), 10**14) == bitcoin.blocks_per_day(Fraction(1, 7), 10**14) / 144
    shares = bitcoin.share_of_network(np.array([1.0, 2.0, 3.0]), whole)
    assert (np.diff(shares) > 0).all()
    assert (bitcoin.share_of_network(2**40, np.array([whole, 2 * whole])) @ [1.0, -2.0]) == pytest.approx(0.0)


def test_hashprice():
    assert bitcoin.hashprice_coins_per_ph_s_day(1e14, 3.125) == pytest.approx(6.28642737865448e-4, rel=1e-15)
    assert bitcoin.hashprice_per_ph_s_day(1e14, 3.125, 100_000.0) == pytest.approx(62.8642737865448, rel=1e-15)
    published = 62.81  # rounded
    assert bitcoin.hashprice_per_ph_s_day(1e14, 3.125, 100_000.0) == pytest.approx(published, rel=2e-3)
    assert bitcoin.hashprice_per_th_s_day(1e14, 3.125, 100_000.0) == pytest.approx(0.0628642737865448, rel=1e-15)


def test_hash_cost():
    assert bitcoin.hashcost_per_ph_s_day(17.5, 0.05) == 21.0
    assert bitcoin.hashcost_per_th_s_day(17.5, 0.05) == 0.021
    assert bitcoin.hashcost_per_ph_s_day(np.array([10.0, 20.0]), 0.1).tolist() == [24.0, 48.0]


def test_electricity_of_a_coin():
    cost = bitcoin.electricity_cost_per_coin(85.3, 0.035, 15958652328578.91, 6.25)
    assert cost == pytest.approx(9094.747205145313, rel=1e-12)
    # at that price of the coin, hashprice and hash cost are equal
    assert bitcoin.hashprice_per_ph_s_day(15958652328578.91, 6.25, cost) == pytest.approx(
        bitcoin.hashcost_per_ph_s_day(85.3, 0.035), rel=1e-15
    )


def test_the_cost_of_a_majority():
    # half of all hashing, once joined, is as much again as the honest miners have
    assert bitcoin.attack_cost_per_day(1e9, 0.5, 40.0) == pytest.approx(1e6 * 40.0, rel=1e-15)
    assert bitcoin.attack_cost_per_day(1e9, 0.75, 40.0) == pytest.approx(3e6 * 40.0, rel=1e-15)
    assert bitcoin.attack_cost_per_day(1e9, 0.2, 40.0) == pytest.approx(1e6 / 4 * 40.0, rel=1e-15)
    assert bitcoin.attack_cost_per_day(1e9, 0.2, 0.0) == 0.0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0.0, 0.5, 40.0), r"network_th_s: must be in \(0, "),
        ((1e9, 0.0, 40.0), r"share: must be a fraction in \(0, 1\)"),
        ((1e9, 1.0, 40.0), r"share: must be a fraction in \(0, 1\)"),
        ((1e9, 51, 40.0), r"share: must be a fraction in \(0, 1\), got 51 \(percent\? write 0.51\)"),
        ((1e9, 0.5, -1.0), r"cost_per_ph_s_day: must be in \[0, "),
    ],
)
def test_attacks_refuse(arguments, message):
    with pytest.raises(InputError, match=r"^attack_cost_per_day: " + message):
        bitcoin.attack_cost_per_day(*arguments)


# Pay-out laws


MINER = bitcoin.Miner(hashrate_th_s=1_000.0, pool_hashrate_th_s=1e8, difficulty=1e14, subsidy=3.125, fees=0.05)
BLOCKS = float(TERAHASH_DAY) * 1_000 / 1e14
"""Expected blocks of the miner in a day."""
SCHEMES: list[Any] = [bitcoin.Solo, bitcoin.PPS, bitcoin.FPPS, bitcoin.PPSPlus, bitcoin.PPLNS]


def about(value):
    return pytest.approx(value, rel=1e-13)


def test_a_miner_and_its_pool():
    assert MINER.share == 1e-5
    assert MINER.blocks(2.0) == about(2 * BLOCKS)
    assert MINER.pool_blocks(2.0) == about(2e5 * BLOCKS)


@pytest.mark.parametrize(
    ("scheme", "mean", "variance"),
    [
        (bitcoin.Solo(0.0), BLOCKS * 3.175, BLOCKS * 3.175**2),
        (bitcoin.PPS(0.0), BLOCKS * 3.125, 0.0),
        (bitcoin.FPPS(0.0), BLOCKS * 3.175, 0.0),
        (bitcoin.PPSPlus(0.0), BLOCKS * 3.175, BLOCKS * 1e-5 * 0.05**2),
        (bitcoin.PPLNS(0.0), BLOCKS * 3.175, BLOCKS * 1e-5 * 3.175**2),
    ],
)
@pytest.mark.parametrize("fee", [0.0, 0.04, 1.0])
@pytest.mark.parametrize("days", [0.5, 1.0, 30.0])
def test_laws(scheme, mean, variance, fee, days):
    law = attrs.evolve(scheme, pool_fee=fee).coins(MINER, days)
    assert law.mean == about(mean * (1 - fee) * days)
    assert law.variance == about(variance * (1 - fee) ** 2 * days)
    assert law.standard_deviation == about(math.sqrt(variance * days) * (1 - fee))


def test_a_miner_is_written_by_name():
    with pytest.raises(TypeError, match="positional argument"):
        bitcoin.Miner(1_000.0, 1e8, 1e14, 3.125, 0.05)  # type: ignore[call-arg]


def test_a_day_is_the_default():
    for scheme in SCHEMES:
        assert scheme().coins(MINER) == scheme().coins(MINER, 1.0)
    assert bitcoin.Solo().probability_of_nothing(MINER) == about(math.exp(-BLOCKS))
    assert bitcoin.Solo().probability_of_nothing(MINER, 1_000.0) == about(math.exp(-1_000 * BLOCKS))


def test_default_fees_of_pools():
    assert [scheme().pool_fee for scheme in SCHEMES] == [0.0, 0.04, 0.02, 0.04, 0.02]


def test_who_mines_alone_in_its_pool_mines_solo():
    alone = attrs.evolve(MINER, pool_hashrate_th_s=1_000.0)
    assert alone.share == 1.0
    assert bitcoin.PPLNS(0.01).coins(alone, 7.0) == bitcoin.Solo(0.01).coins(alone, 7.0)


@given(st.floats(1.0, 1e5), st.floats(1.0, 1e4), st.floats(1e12, 1e16), st.floats(0.0, 10.0), st.floats(0.0, 10.0))
def test_luck_is_ordered(hashrate, times, difficulty, subsidy, fees):
    miner = bitcoin.Miner(
        hashrate_th_s=hashrate, pool_hashrate_th_s=hashrate * times, difficulty=difficulty, subsidy=subsidy, fees=fees
    )
    fpps, plus, pplns, solo = (
        scheme(0.0).coins(miner) for scheme in (bitcoin.FPPS, bitcoin.PPSPlus, bitcoin.PPLNS, bitcoin.Solo)
    )
    assert fpps.variance == 0.0
    for less, more in pairwise([fpps, plus, pplns, solo]):
        assert less.variance <= more.variance * (1 + 1e-9)
        assert less.mean == pytest.approx(more.mean, rel=1e-9, abs=1e-300)


def test_laws_agree_with_drawn_blocks():
    miner = bitcoin.Miner(hashrate_th_s=2e6, pool_hashrate_th_s=1e7, difficulty=1e14, subsidy=3.125, fees=0.4)
    rng, days, n = np.random.default_rng(20_261_122), 3.0, 200_000
    own = rng.poisson(miner.blocks(days), n) * 3.525
    pool = rng.poisson(miner.pool_blocks(days), n)
    drawn = {
        bitcoin.Solo(0.1): own * 0.9,
        bitcoin.PPLNS(0.1): pool * (0.2 * 3.525) * 0.9,
        bitcoin.PPSPlus(0.1): (miner.blocks(days) * 3.125 + pool * (0.2 * 0.4)) * 0.9,
    }
    for scheme, coins in drawn.items():
        law = scheme.coins(miner, days)
        assert abs(coins.mean() - law.mean) < 4 * law.standard_deviation / math.sqrt(n)
        assert coins.var() == pytest.approx(law.variance, rel=0.03)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"hashrate_th_s": 0.0}, r"hashrate_th_s: must be in \(0, 1e\+30\]"),
        ({"hashrate_th_s": 1e9}, "hashrate_th_s: must not be above pool_hashrate_th_s, which includes it, got 1"),
        ({"pool_hashrate_th_s": -1.0}, r"pool_hashrate_th_s: must be in \(0, "),
        ({"pool_hashrate_th_s": 2e30}, "pool_hashrate_th_s: too large"),
        ({"difficulty": 0.0}, r"difficulty: must be in \(0, "),
        ({"subsidy": -1.0}, r"subsidy: must be in \[0, "),
        ({"fees": -1.0}, r"fees: must be in \[0, "),
    ],
)
def test_miners_that_cannot_be(change, message):
    with pytest.raises(InputError, match=r"^Miner\." + message):
        attrs.evolve(MINER, **change)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_schemes_refuse(scheme):
    name = scheme.__name__
    with pytest.raises(InputError, match=rf"^{name}\.pool_fee: must be a fraction in \[0, 1\], got 2 \(percent"):
        scheme(2)
    with pytest.raises(InputError, match=rf"^{name}\.coins: days: must be in \(0, 1e\+06\], got 0"):
        scheme().coins(MINER, 0)
    with pytest.raises(InputError, match="too large"):
        scheme().coins(MINER, 1e6 + 1)
    assert scheme().coins(MINER, 1e6).mean > 0.0


def test_nothing_in_no_time_is_not_asked():
    with pytest.raises(InputError, match=r"^Solo\.probability_of_nothing: days: must be in \(0, 1e\+06\]"):
        bitcoin.Solo().probability_of_nothing(MINER, 0.0)


# The static calculator of cloud-mining contracts


PLAN: dict[str, Any] = {
    "hashrate_fee": 4_625.0,
    "hashrate_th_s": 500.0,
    "output_per_th_day": 0.06,
    "electricity_per_th_day": 0.035,
    "days": 360.0,
}


def test_the_static_calculator():
    found = bitcoin.static_calculator(**PLAN)
    assert found is not None
    assert found.breakeven_days == pytest.approx(370.0)
    assert found.net_revenue == pytest.approx(-125.0)
    assert found.revenue_rate == pytest.approx(-125 / 4_625)


def test_an_accelerator_plan_keeps_a_part_of_the_rest():
    whole = bitcoin.static_calculator(**(PLAN | {"days": 740.0}))
    part = bitcoin.static_calculator(**(PLAN | {"days": 740.0}), share_ratio=0.6)
    assert whole is not None
    assert part is not None
    assert whole.net_revenue == pytest.approx(4_625.0)
    assert whole.revenue_rate == pytest.approx(1.0)
    assert part.breakeven_days == whole.breakeven_days
    assert part.net_revenue == pytest.approx(0.6 * 4_625.0)
    assert part.revenue_rate == pytest.approx(0.6)


@pytest.mark.parametrize("output", [0.0, 0.03, 0.035])
def test_a_contract_that_never_pays(output):
    assert bitcoin.static_calculator(**(PLAN | {"output_per_th_day": output})) is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"hashrate_fee": 0.0}, r"hashrate_fee: must be in \(0, "),
        ({"hashrate_th_s": 0.0}, r"hashrate_th_s: must be in \(0, "),
        ({"output_per_th_day": -0.1}, r"output_per_th_day: must be in \[0, "),
        ({"electricity_per_th_day": -0.1}, r"electricity_per_th_day: must be in \[0, "),
        ({"days": 0.0}, r"days: must be in \(0, "),
        ({"share_ratio": 60}, r"share_ratio: must be a fraction in \[0, 1\]"),
    ],
)
def test_the_static_calculator_refuses(change, message):
    with pytest.raises(InputError, match=r"^static_calculator: " + message):
        bitcoin.static_calculator(**(PLAN | change))


def test_the_static_calculator_takes_numbers():
    with pytest.raises(InputTypeError, match=r"^static_calculator: days: must be a number"):
        bitcoin.static_calculator(**(PLAN | {"days": "360"}))
    free_power = bitcoin.static_calculator(**(PLAN | {"electricity_per_th_day": 0.0}))
    assert free_power is not None
    assert free_power.breakeven_days == pytest.approx(4_625 / 30)


@pytest.mark.parametrize("difficulty", [0.0, -1.0, float("nan"), float("inf")])
def test_a_difficulty_that_is_none_is_refused(difficulty):
    with pytest.raises(InputError, match=r"^coins_per_th_s_day: difficulty: must be"):
        bitcoin.coins_per_th_s_day(difficulty, 3.125)
    with pytest.raises(InputError, match=r"^blocks_per_day: difficulty: must be"):
        bitcoin.blocks_per_day(1.0, difficulty)


ASKED: dict[str, tuple[Any, tuple[str, ...]]] = {
    "blocks_per_day": (bitcoin.blocks_per_day, ("hashrate_th_s", "difficulty")),
    "coins_per_th_s_day": (bitcoin.coins_per_th_s_day, ("difficulty", "coins_per_block")),
    "difficulty_of_hashrate": (bitcoin.difficulty_of_hashrate, ("hashrate_th_s",)),
    "expected_days_per_block": (bitcoin.expected_days_per_block, ("hashrate_th_s", "difficulty")),
    "share_of_network": (bitcoin.share_of_network, ("hashrate_th_s", "difficulty")),
    "hashprice_coins_per_ph_s_day": (bitcoin.hashprice_coins_per_ph_s_day, ("difficulty", "coins_per_block")),
    "hashprice_per_ph_s_day": (bitcoin.hashprice_per_ph_s_day, ("difficulty", "coins_per_block", "price")),
    "hashprice_per_th_s_day": (bitcoin.hashprice_per_th_s_day, ("difficulty", "coins_per_block", "price")),
    "hashcost_per_ph_s_day": (bitcoin.hashcost_per_ph_s_day, ("joules_per_th", "price_per_kwh")),
    "hashcost_per_th_s_day": (bitcoin.hashcost_per_th_s_day, ("joules_per_th", "price_per_kwh")),
    "electricity_cost_per_coin": (
        bitcoin.electricity_cost_per_coin,
        ("joules_per_th", "price_per_kwh", "difficulty", "coins_per_block"),
    ),
}
EACH = [(function, arguments, name) for function, arguments in ASKED.values() for name in arguments]


@pytest.mark.parametrize("wrong", ["5", b"5", None, True, np.True_, ["5"], [[1], 2], np.array(["5"]), 1j, {}])
@pytest.mark.parametrize(("function", "arguments", "name"), EACH)
def test_what_is_no_number_is_refused_before_it_is_multiplied(function, arguments, name, wrong):
    with pytest.raises(InputTypeError, match=f"{name}: must be a number or an array of numbers"):
        function(**(dict.fromkeys(arguments, 2.0) | {name: wrong}))


@pytest.mark.parametrize("wrong", [-1.0, float("nan"), float("inf"), np.float64("nan")])
@pytest.mark.parametrize(("function", "arguments", "name"), EACH)
def test_a_number_that_cannot_be_is_refused(function, arguments, name, wrong):
    with pytest.raises(InputError, match=f"{name}: must"):
        function(**(dict.fromkeys(arguments, 2.0) | {name: wrong}))


@pytest.mark.parametrize(("function", "arguments", "name"), EACH)
def test_lists_and_whole_numbers_are_numbers_too(function, arguments, name):
    given = dict.fromkeys(arguments, 2.0)
    expected = function(**given)
    assert function(**(given | {name: [2, 2]})).tolist() == pytest.approx([expected] * 2, rel=1e-15)
    assert float(function(**(given | {name: np.int32(2)}))) == pytest.approx(expected, rel=1e-15)


def test_satoshi_where_coins_are_wanted_are_refused():
    subsidy = bitcoin.block_subsidy(840_000)
    words = r"coins_per_block: must be at most 2\.1e\+07 coins, .* \(satoshi\? divide by 10\*\*8\)"
    with pytest.raises(InputError, match=words):
        bitcoin.hashprice_per_ph_s_day(1e14, subsidy, 100_000.0)
    miner = {"hashrate_th_s": 1.0, "pool_hashrate_th_s": 1.0, "difficulty": 1e14, "fees": 0.0}
    with pytest.raises(InputError, match=words):
        bitcoin.coins_per_th_s_day(1e14, np.int64(312_500_000))
    with pytest.raises(InputError, match=r"^Miner\.subsidy: .*satoshi"):
        bitcoin.Miner(**miner, subsidy=float(subsidy))
    assert bitcoin.Miner(**miner, subsidy=subsidy / bitcoin.SATOSHI_PER_BITCOIN).subsidy == 3.125


@pytest.mark.parametrize("wrong", ["5", "2026-01-01", 5, True, None, [5], 1.5])
@pytest.mark.parametrize("ask", [bitcoin.subsidy_at, bitcoin.next_halving])
def test_what_is_no_time_is_refused(ask: Any, wrong: Any):
    with pytest.raises(InputTypeError, match=f"^{ask.__name__}: time: must be a datetime64 or an array of them"):
        ask(wrong)


def test_dates_are_times():
    assert bitcoin.subsidy_at(dt.date(2024, 4, 21)) == 3.125
    assert bitcoin.subsidy_at(dt.datetime(2024, 4, 20, 0, 9, 26)) == 6.25  # noqa: DTZ001 -- naive UTC is what is asked
    with pytest.raises(InputError, match=r"^subsidy_at: time: must be naive UTC"):
        bitcoin.subsidy_at(dt.datetime(2024, 4, 20, tzinfo=dt.UTC))


def test_less_than_one_of_a_unit_is_taken():
    assert bitcoin.blocks_per_day(0.5, 1.0) == 0.5 * bitcoin.blocks_per_day(1.0, 1.0)
    assert bitcoin.difficulty_of_hashrate(0.5) == 0.5 * bitcoin.difficulty_of_hashrate(1.0)
    assert bitcoin.coins_per_th_s_day(1.0, 0.5) == 0.5 * bitcoin.coins_per_th_s_day(1.0, 1.0)
    for price_of in (bitcoin.hashprice_per_ph_s_day, bitcoin.hashprice_per_th_s_day):
        assert price_of(1.0, 1.0, 0.5) == pytest.approx(0.5 * price_of(1.0, 1.0, 1.0), rel=1e-15)
    assert bitcoin.hashcost_per_ph_s_day(0.5, 0.5) == pytest.approx(0.5 * 0.5 * 24.0, rel=1e-15)


def test_no_electricity_earns_a_coin_where_blocks_pay_none():
    with pytest.raises(InputError, match=r"^electricity_cost_per_coin: coins_per_block: must be above 0, or no elec"):
        bitcoin.electricity_cost_per_coin(17.5, 0.05, 1e14, np.array([3.125, 0.0]))
