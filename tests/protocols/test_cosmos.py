"""Cosmos: the SDK's decimal number, minting, distribution, slashing windows, unbonding, and the Hub."""

import math
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.protocols.chains import cosmos
from stakingmodels.protocols.chains.cosmos import (
    HUB_MINT,
    HUB_SLASHING,
    HUB_STAKING,
    SDK_MINT,
    SDK_SLASHING,
    SDK_STAKING,
    Cosmos,
    LegacyDec,
    SigningInfo,
    UnbondingEntry,
    Vote,
)

dec = LegacyDec.from_str
DECS = st.integers(-(10**40), 10**40).map(LegacyDec)
E = "0.000000000000000001"
LIMIT = 2**256 * 10**18 - 1


def rounded(value: Fraction, how: str) -> int:
    """Units of 10**-18, by the decimal module."""
    with localcontext() as context:
        context.prec = 300
        exact = Decimal(value.numerator * 10**18) / Decimal(value.denominator)
        return int(exact.to_integral_value(how))


@given(DECS, DECS)
def test_products_and_sums(a, b):
    product = a.fraction * b.fraction
    assert a.mul(b).units == rounded(product, ROUND_HALF_EVEN)
    assert a.mul_truncate(b).units == rounded(product, ROUND_DOWN)
    assert a.add(b).fraction == a.fraction + b.fraction
    assert a.sub(b).fraction == a.fraction - b.fraction
    if b.units:
        assert a.quo_truncate(b).units == rounded(a.fraction / b.fraction, ROUND_DOWN)


@pytest.mark.parametrize(
    ("a", "b", "product"),
    [  # halves go to the even neighbour, on either side of 0
        (E, "0.5", "0"),
        ("0.000000000000000003", "0.5", "0.000000000000000002"),
        ("0.000000000000000005", "0.5", "0.000000000000000002"),
        ("-0.000000000000000003", "0.5", "-0.000000000000000002"),
        ("-" + E, "0.5", "0"),
        ("0.000000000000000003", "-0.5", "-0.000000000000000002"),
        (E, "0.500000000000000001", E),
        (E, "0.499999999999999999", "0"),
        ("1.5", "-2", "-3"),
    ],
)
def test_bankers_rounding(a, b, product):
    assert dec(a).mul(dec(b)) == dec(product)


def test_a_quotient_is_cut_off_at_36_places_before_it_is_rounded():
    # the quotient is a hair above 0.5e-18; cut at 36 places it is a tie, whose even neighbour is 0
    divisor = LegacyDec(2 * 10**36 - 1)
    assert dec("1").fraction / divisor.fraction > Fraction(1, 2 * 10**18)
    assert dec("1").quo(divisor) == LegacyDec(0)
    assert dec("1").quo(LegacyDec(2 * 10**36 - 10**19)) == LegacyDec(1)
    assert dec("-1").quo(LegacyDec(2 * 10**36 - 10**19)) == LegacyDec(-1)
    assert str(dec("2").quo(dec("3"))) == "0.666666666666666667"
    assert str(dec("2").quo(dec("-3"))) == "-0.666666666666666667"


def test_whole_numbers():
    assert dec("-7.9").truncate_int() == -7
    assert dec("7.9").truncate_int() == 7
    assert [dec(text).round_int() for text in ("0.5", "1.5", "2.5", "-1.5", "-0.4", "2.51")] == [0, 2, 2, -2, 0, 3]
    assert [dec(text).round_int() for text in ("3.5", "4.5", "-3.5", "-4.5")] == [4, 4, -4, -4]
    assert dec("10").quo_int(4) == dec("2.5")
    assert LegacyDec(-7).quo_int(2) == LegacyDec(-3)
    assert LegacyDec(7).quo_int(-2) == LegacyDec(-3)
    assert LegacyDec(-7).quo_int(-2) == LegacyDec(3)
    assert dec("0.25").mul_int(-3) == dec("-0.75")
    assert LegacyDec.from_int(-3) == dec("-3")


def test_text():
    assert str(dec("0.13")) == "0.130000000000000000"
    assert str(dec("-12.5")) == "-12.500000000000000000"
    assert str(LegacyDec(-1)) == "-" + E
    assert str(dec(E)) == E
    assert float(dec("0.25")) == 0.25
    assert str(LegacyDec(0)) == "0.000000000000000000"
    assert dec("0.1").fraction == Fraction(1, 10)
    assert dec("1") > dec("0.9")


@given(DECS)
def test_text_comes_back(number):
    assert dec(str(number)) == number


@pytest.mark.parametrize(
    "text", ["", ".5", "5.", "1e3", "1_0", "+1", " 1", "0.0000000000000000001", "--1", "1.2.3", "nan", "\u0661", "1\n"]
)
def test_texts_that_are_no_decimal(text):
    with pytest.raises(InputError, match=r"^LegacyDec\.from_str: must be digits with at most 18 decimal places"):
        dec(text)


def test_the_rate_rests_at_the_goal():
    assert cosmos.next_inflation_rate(dec("0.1"), dec("0.67"), SDK_MINT) == dec("0.1")


@pytest.mark.parametrize(
    ("inflation", "bonded", "following"),
    [  # literals of x/mint/types/minter_test.go TestNextInflation: with 0 bonded 13 % a year more, and so on
        ("0.07", "0", Fraction(13, 100)),
        ("0.1", "1", (1 - 1 / Fraction(67, 100)) * Fraction(13, 100)),
        ("0.1", "0.5", (1 - Fraction(50, 67)) * Fraction(13, 100)),
        ("0.1", "0.75", (1 - Fraction(75, 67)) * Fraction(13, 100)),
    ],
)
def test_the_rate_changes_by_a_part_of_a_year(inflation, bonded, following):
    change = cosmos.next_inflation_rate(dec(inflation), dec(bonded), SDK_MINT).sub(dec(inflation)).fraction
    assert abs(change - following / 6_311_520) < Fraction(2, 10**18)


@given(st.integers(0, 10**18), st.integers(7 * 10**16, 20 * 10**16))
def test_the_rate_stays_within_its_bounds(bonded, inflation):
    rate = cosmos.next_inflation_rate(LegacyDec(inflation), LegacyDec(bonded), SDK_MINT)
    assert SDK_MINT.inflation_min <= rate <= SDK_MINT.inflation_max


def test_the_bounds_bind():
    assert cosmos.next_inflation_rate(dec("0.2"), dec("0"), SDK_MINT) == dec("0.2")
    assert cosmos.next_inflation_rate(dec("0.07"), dec("1"), SDK_MINT) == dec("0.07")
    assert cosmos.next_inflation_rate(dec("0.5"), dec("0.67"), SDK_MINT) == dec("0.2")
    assert cosmos.next_inflation_rate(dec("0"), dec("0.67"), SDK_MINT) == dec("0.07")


def test_provisions():
    annual = cosmos.next_annual_provisions(dec("0.13"), 1_000_001)
    assert annual == dec("130000.13")
    assert cosmos.block_provision(dec("12623039.9"), SDK_MINT) == 1
    assert cosmos.block_provision(dec("12623040"), SDK_MINT) == 2
    assert cosmos.block_provision(dec("0"), SDK_MINT) == 0
    assert cosmos.next_annual_provisions(dec("0"), 0) == LegacyDec(0)


def test_a_validator_and_its_delegators():
    reward = cosmos.allocate_tokens_to_validator(dec(E), dec("0.5"))
    assert (reward.outstanding, reward.commission, reward.current_rewards) == (dec(E), dec("0"), dec(E))
    reward = cosmos.allocate_tokens_to_validator(dec("10"), dec("0.3"))
    assert (reward.outstanding, reward.commission, reward.current_rewards) == (dec("10"), dec("3"), dec("7"))


def test_what_does_not_divide_goes_to_the_community():
    # allocation_test.go TestAllocateTokensTruncation: 634195840 in fees, three validators of 1/3 power
    votes = [Vote(11, dec("0.1")), Vote(10, dec("0.1")), Vote(10, dec("0.1"))]
    allocation = cosmos.allocate_tokens(634_195_840, dec("0.02"), votes)
    assert all(reward.outstanding.fraction > 0 for reward in allocation.validators)
    total = sum(reward.outstanding.fraction for reward in allocation.validators)
    assert total + allocation.community_pool.fraction == 634_195_840
    assert allocation.community_pool > dec("12683916.8")
    assert allocation.community_pool < dec("12683916.800001")


def test_the_part_of_the_absent_goes_to_the_community():
    allocation = cosmos.allocate_tokens(100, dec("0.02"), [Vote(1, dec("0"))], total_previous_power=4)
    assert allocation.validators[0].outstanding == dec("24.5")
    assert allocation.community_pool == dec("75.5")


@pytest.mark.parametrize("votes", [[], [Vote(0, dec("0.1"))]])
def test_without_power_everything_goes_to_the_community(votes):
    allocation = cosmos.allocate_tokens(100, dec("0.02"), votes)
    assert allocation.community_pool == dec("100")
    assert [reward.outstanding.units for reward in allocation.validators] == [0] * len(votes)
    assert [reward.current_rewards.units for reward in allocation.validators] == [0] * len(votes)


@given(
    st.integers(0, 10**30),
    st.integers(0, 10**18),
    st.lists(st.tuples(st.integers(0, 10**12), st.integers(0, 10**18)), max_size=5),
)
def test_nothing_is_lost(fees, tax, voters):
    votes = [Vote(power, LegacyDec(commission)) for power, commission in voters]
    allocation = cosmos.allocate_tokens(fees, LegacyDec(tax), votes)
    paid = [reward.commission.fraction + reward.current_rewards.fraction for reward in allocation.validators]
    assert allocation.community_pool.fraction + sum(paid) == fees
    assert allocation.community_pool.fraction >= Fraction(fees * tax, 10**18)
    assert all(part >= 0 for part in paid)


def test_signatures_that_must_be_there():
    assert (cosmos.min_signed_per_window(SDK_SLASHING), cosmos.max_missed_blocks(SDK_SLASHING)) == (50, 50)
    assert (cosmos.min_signed_per_window(HUB_SLASHING), cosmos.max_missed_blocks(HUB_SLASHING)) == (500, 9_500)
    odd = attrs.evolve(SDK_SLASHING, signed_blocks_window=5, min_signed_per_window=dec("0.5"))
    assert cosmos.min_signed_per_window(odd) == 2
    assert cosmos.blocks_down_until_jailed(SDK_SLASHING) == 51
    assert cosmos.blocks_down_until_jailed(HUB_SLASHING) == 9_501


def sign(pattern, params, start=0):
    """Heights at which a validator is punished, and its last record; True in the pattern is a signature."""
    info, punished = SigningInfo(start_height=start), []
    for height, signed in enumerate(pattern, start=start + 1):
        info, caught = cosmos.handle_validator_signature(info, height, params, signed=signed)
        if caught:
            punished.append(height)
    return punished, info


def test_a_validator_is_given_a_window_before_it_is_judged():
    # x/slashing keeper_test.go: 51 missed blocks of 100 are punished, but only past the first window
    punished, info = sign([False] * 101, SDK_SLASHING)
    assert punished == [101]
    assert (info.index_offset, info.missed_blocks, info.missed_blocks_counter) == (0, 0, 0)
    assert sign([False] * 100, SDK_SLASHING)[0] == []
    assert sign([False] * 101, SDK_SLASHING, start=1000)[0] == [1101]


def test_one_more_than_the_most_is_punished():
    assert sign([True] * 1000 + [False] * 50, SDK_SLASHING)[0] == []
    assert sign([True] * 1000 + [False] * 51, SDK_SLASHING)[0] == [1051]
    _, info = sign([True] * 1000 + [False] * 50, SDK_SLASHING)
    assert (info.missed_blocks_counter, info.index_offset, info.start_height) == (50, 1050, 0)


def test_blocks_that_leave_the_window_are_forgotten():
    pattern = [True] * 100 + [False] * 50 + [True] * 50 + [False] * 50
    assert sign(pattern, SDK_SLASHING)[0] == []
    _, info = sign([*pattern, *[True] * 100], SDK_SLASHING)
    assert info.missed_blocks_counter == 0
    assert sign([True] * 100 + [False] * 50 + [True] * 49 + [False], SDK_SLASHING)[0] == [200]


def test_after_a_punishment_the_record_starts_anew():
    assert sign([False] * 152, SDK_SLASHING)[0] == [101, 152]


def test_what_a_slash_asks():
    assert cosmos.slash_amount(1_000_000, dec("0.05")) == 50_000
    assert cosmos.slash_amount(1_999, dec("0.0005")) == 0
    assert cosmos.slash_amount(2_000, dec("0.0005")) == 1
    assert cosmos.slash_amount(0, dec("1")) == 0


def entry(height=10, until=100, initial=1000, balance=None):
    return UnbondingEntry(height, until, initial, initial if balance is None else balance)


@pytest.mark.parametrize(
    ("unbonding", "asked", "balance"),
    [
        (entry(height=10), 50, 950),
        (entry(height=9), 0, 1000),
        (entry(height=11), 50, 950),
        (entry(until=50), 0, 1000),
        (entry(until=51), 50, 950),
        (entry(balance=30), 50, 0),
        (entry(balance=50), 50, 0),
        (entry(balance=51), 50, 1),
    ],
)
def test_stake_on_its_way_out_is_slashed_for_what_came_before(unbonding, asked, balance):
    total, after = cosmos.slash_unbonding_delegation([unbonding], 10, 50, dec("0.05"))
    assert (total, after) == (asked, (attrs.evolve(unbonding, balance=balance),))


def test_a_slash_takes_from_what_left_before_it_takes_from_what_stayed():
    entries = [entry(initial=2_000), entry(height=5, initial=7_000), entry(initial=1_000, balance=10)]
    slashed = cosmos.slash(8_000, 10_000, dec("0.05"), entries, infraction_height=10, now=50)
    # 500 asked: 100 and 50 of what left, of which 110 is there to take; 350 of what stayed
    assert (slashed.validator, slashed.unbonding) == (350, 110)
    assert [each.balance for each in slashed.entries] == [1_900, 7_000, 0]


def test_a_slash_takes_no_more_than_there_is():
    assert cosmos.slash(100, 10_000, dec("0.05"), [], 10, 50).validator == 100
    assert cosmos.slash(1_000, 1_000, dec("0.05"), [entry(initial=2_000)], 10, 50).validator == 0
    assert cosmos.slash(10_000, 10_000, dec("0.05"), [], 10, 50) == cosmos.Slashed(500, 0, ())


def test_unbonding_takes_three_weeks():
    begun = cosmos.begin_unbonding(5, 7, 1_000, HUB_STAKING)
    assert begun == UnbondingEntry(7, 1_000 + 1_814_400, 5, 5)


def test_seven_at_once():
    assert cosmos.can_begin_unbonding(6, SDK_STAKING)
    assert not cosmos.can_begin_unbonding(7, SDK_STAKING)


def test_stake_may_not_hop_twice():
    assert cosmos.may_redelegate([], 50, 0, SDK_STAKING)
    assert cosmos.may_redelegate([49, 50], 50, 6, SDK_STAKING)
    assert not cosmos.may_redelegate([49, 51], 50, 0, SDK_STAKING)
    assert not cosmos.may_redelegate([], 50, 7, SDK_STAKING)


def test_the_parameters_on_record():
    mint = [str(each)[:6] for each in attrs.astuple(SDK_MINT, recurse=False)[:4]]
    assert mint == ["0.1300", "0.2000", "0.0700", "0.6700"]
    hub = [str(each)[:6] for each in attrs.astuple(HUB_MINT, recurse=False)[:4]]
    assert hub == ["1.0000", "0.1000", "0.0700", "0.6700"]
    assert (SDK_MINT.blocks_per_year, HUB_MINT.blocks_per_year) == (6_311_520, 4_360_000)
    assert SDK_SLASHING.signed_blocks_window == 100
    assert (SDK_SLASHING.slash_fraction_double_sign, SDK_SLASHING.slash_fraction_downtime) == (dec("0.05"), dec("0.01"))
    assert (HUB_SLASHING.slash_fraction_double_sign, HUB_SLASHING.slash_fraction_downtime) == (
        dec("0.05"),
        dec("0.0001"),
    )
    assert SDK_SLASHING.downtime_jail_duration == HUB_SLASHING.downtime_jail_duration == 600
    assert (SDK_STAKING.unbonding_time, SDK_STAKING.max_entries, SDK_STAKING.max_validators) == (1_814_400, 7, 100)
    assert (HUB_STAKING.unbonding_time, HUB_STAKING.max_entries, HUB_STAKING.max_validators) == (1_814_400, 7, 180)
    assert (SDK_MINT.valid_from, HUB_MINT.valid_from) == ("2019-03-13", "2023-11-26")
    assert SDK_SLASHING.valid_from == SDK_STAKING.valid_from == HUB_STAKING.valid_from == "2019-03-13"


def test_the_chain_answers():
    chain = Cosmos()
    assert (chain.asset, chain.supply, chain.staked, chain.as_of) == (
        "ATOM",
        521_135_314.0,
        332_484_330.332,
        "2026-07-24",
    )
    assert chain.bonded_ratio() == dec("0.638")
    assert chain.nominal_apr().value == pytest.approx(0.1 * 0.98 / 0.638, rel=1e-12)
    assert chain.nominal_apr().value == pytest.approx(0.1536, abs=5e-5)
    assert chain.minimum_stake() == 1e-6
    unbonding = chain.unbonding()
    assert (unbonding.days, unbonding.earns, unbonding.slashable) == (21.0, False, True)
    assert [(each.name, each.min, each.max) for each in chain.slashing()] == [
        ("double signing", 0.05, 0.05),
        ("downtime", 0.0001, 0.0001),
    ]
    assert chain.compounding() is False
    assert chain.attack_cost(1 / 3) == pytest.approx(332_484_330.332 / 2)


def test_more_blocks_than_the_parameters_count_mint_more():
    chain = Cosmos()
    assert chain.blocks_a_year / HUB_MINT.blocks_per_year == pytest.approx(1.26, rel=1e-12)
    assert chain.supply_growth().value == pytest.approx(0.126, rel=1e-12)
    assert chain.realized_apr().value == pytest.approx(0.1935, abs=5e-5)
    assert chain.real_apr().value == pytest.approx(1.1935 / 1.126 - 1, abs=5e-5)
    # 155 days between two readings of the supply: minted block by block it grows by exp(0.126 * days / 365)
    grown = 494.12e6 * math.exp(chain.supply_growth().value * 155 / 365)
    assert grown == pytest.approx(521.14e6, rel=1e-3)
    even = Cosmos(blocks_a_year=4_360_000.0)
    assert even.realized_apr() == even.nominal_apr()
    assert even.supply_growth().value == 0.1
    with pytest.raises(InputError, match=r"^Cosmos\.blocks_a_year: must be in"):
        Cosmos(blocks_a_year=0.0)


def test_tax_and_inflation_are_the_holders_to_set():
    chain = Cosmos(inflation=dec("0.2"), community_tax=dec("0.02"), supply=1000.0, staked=500.0)
    assert chain.nominal_apr().value == pytest.approx(0.2 * 0.98 / 0.5, rel=1e-12)
    assert chain.supply_growth().value == pytest.approx(0.2 * 1.26, rel=1e-12)


HALF: Any = dec("0.5")


raw: Any = cosmos  # what no type checker would let through
evolve: Any = attrs.evolve


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: raw.LegacyDec.from_str(0.13), InputTypeError, "LegacyDec.from_str: must be a text, got float 0.13"),
        (lambda: raw.LegacyDec.from_str(None), InputTypeError, "LegacyDec.from_str: must be a text"),
        (lambda: raw.LegacyDec(0.13), InputTypeError, "LegacyDec.units: must be an integer"),
        (lambda: LegacyDec(LIMIT + 1), InputError, "LegacyDec.units: must be an integer"),
        (lambda: raw.LegacyDec(-LIMIT - 1), InputError, "LegacyDec.units: must be an integer"),
        (lambda: raw.LegacyDec.from_int(1.0), InputTypeError, "LegacyDec.from_int: must be an integer"),
        (lambda: HALF.quo(raw.LegacyDec(0)), InputError, "LegacyDec.quo: the divisor must not be 0, got 0"),
        (lambda: HALF.quo_truncate(raw.LegacyDec(0)), InputError, "LegacyDec.quo: the divisor must not be 0"),
        (lambda: raw.LegacyDec.from_int(2**256), InputError, "LegacyDec.from_int: must be an integer"),
        (lambda: raw.LegacyDec.from_int(-(2**256)), InputError, "LegacyDec.from_int: must be an integer"),
        (lambda: HALF.mul_int(2**256), InputError, "LegacyDec.mul_int: must be an integer"),
        (lambda: HALF.mul_int(-(2**256)), InputError, "LegacyDec.mul_int: must be an integer"),
        (lambda: HALF.quo_int(0), InputError, "LegacyDec.quo: the divisor must not be 0"),
        (lambda: HALF.quo_int(1.5), InputTypeError, "LegacyDec.quo: must be an integer"),
        (lambda: HALF.mul_int(0.5), InputTypeError, "LegacyDec.mul_int: must be an integer"),
        (lambda: LegacyDec(LIMIT).add(raw.LegacyDec(1)), InputError, "LegacyDec.units"),
        (
            lambda: raw.next_inflation_rate(dec("-0.1"), HALF, SDK_MINT),
            InputError,
            "next_inflation_rate: inflation: must not be below 0, got '-0.1",
        ),
        (
            lambda: raw.next_inflation_rate(0.1, HALF, SDK_MINT),
            InputTypeError,
            r"next_inflation_rate: inflation: must be LegacyDec; write LegacyDec.from_str\(\"0.05\"\)",
        ),
        (
            lambda: raw.next_inflation_rate(HALF, dec("1.1"), SDK_MINT),
            InputError,
            r"next_inflation_rate: bonded_ratio: must be a fraction in \[0, 1\], got '1.1",
        ),
        (
            lambda: raw.next_inflation_rate(HALF, dec("-0.1"), SDK_MINT),
            InputError,
            "next_inflation_rate: bonded_ratio: must be",
        ),
        (
            lambda: raw.next_inflation_rate(HALF, 0.5, SDK_MINT),
            InputTypeError,
            "next_inflation_rate: bonded_ratio: must be LegacyDec",
        ),
        (lambda: raw.next_annual_provisions(HALF, -1), InputError, r"next_annual_provisions: total_supply: .*\[0, 1"),
        (lambda: raw.next_annual_provisions(HALF, 2**256), InputError, "next_annual_provisions: total_supply"),
        (lambda: raw.next_annual_provisions(HALF, 1.5), InputTypeError, "next_annual_provisions: total_supply"),
        (lambda: raw.next_annual_provisions(dec("-1"), 1), InputError, "next_annual_provisions: inflation"),
        (lambda: raw.block_provision(dec("-1"), SDK_MINT), InputError, "block_provision: annual_provisions"),
        (lambda: raw.allocate_tokens_to_validator(dec("-1"), HALF), InputError, "allocate_tokens_to_validator: tokens"),
        (
            lambda: raw.allocate_tokens_to_validator(HALF, dec("2")),
            InputError,
            "allocate_tokens_to_validator: commission",
        ),
        (lambda: raw.allocate_tokens(-1, HALF, []), InputError, r"allocate_tokens: fees: must be an integer in \[0, 1"),
        (lambda: raw.allocate_tokens(2**256, HALF, []), InputError, "allocate_tokens: fees"),
        (lambda: raw.allocate_tokens(1, dec("2"), []), InputError, "allocate_tokens: community_tax"),
        (
            lambda: raw.allocate_tokens(1, HALF, [raw.Vote(5, HALF)], 4),
            InputError,
            r"allocate_tokens: total_previous_power: must be an integer in \[5, 9223372036854775807\]",
        ),
        (lambda: raw.allocate_tokens(1, HALF, [], 2**63), InputError, "allocate_tokens: total_previous_power"),
        (lambda: raw.Vote(-1, HALF), InputError, r"Vote.power: must be an integer in \[0, 92"),
        (lambda: raw.Vote(2**63, HALF), InputError, "Vote.power"),
        (lambda: raw.Vote(1, dec("1.1")), InputError, "Vote.commission"),
        (
            lambda: evolve(SDK_MINT, inflation_max=dec("0.06")),
            InputError,
            "MintParams.inflation_max: must not be below 0.070000000000000000, got '0.06",
        ),
        (lambda: evolve(SDK_MINT, goal_bonded=dec("0")), InputError, "MintParams.goal_bonded: must be above 0"),
        (lambda: evolve(SDK_MINT, goal_bonded=dec("1.1")), InputError, "MintParams.goal_bonded"),
        (lambda: evolve(SDK_MINT, inflation_min=dec("-0.1")), InputError, "MintParams.inflation_min"),
        (lambda: evolve(SDK_MINT, inflation_max=dec("1.1")), InputError, "MintParams.inflation_max"),
        (lambda: evolve(SDK_MINT, inflation_rate_change=dec("-1")), InputError, "MintParams.inflation_rate_change"),
        (lambda: evolve(SDK_MINT, blocks_per_year=0), InputError, r"MintParams.blocks_per_year: .*\[1, 92"),
        (lambda: evolve(SDK_MINT, blocks_per_year=2**63), InputError, "MintParams.blocks_per_year"),
        (
            lambda: evolve(SDK_SLASHING, signed_blocks_window=0),
            InputError,
            r"SlashingParams.signed_blocks_window: .*\[1, 92",
        ),
        (lambda: evolve(SDK_SLASHING, signed_blocks_window=2**63), InputError, "SlashingParams.signed_blocks_window"),
        (
            lambda: evolve(SDK_SLASHING, min_signed_per_window=dec("2")),
            InputError,
            "SlashingParams.min_signed_per_window",
        ),
        (
            lambda: evolve(SDK_SLASHING, downtime_jail_duration=-1),
            InputError,
            r"SlashingParams.downtime_jail_duration: .*\[0, 92",
        ),
        (
            lambda: evolve(SDK_SLASHING, downtime_jail_duration=2**63),
            InputError,
            "SlashingParams.downtime_jail_duration",
        ),
        (
            lambda: evolve(SDK_SLASHING, slash_fraction_downtime=dec("2")),
            InputError,
            "SlashingParams.slash_fraction_downtime",
        ),
        (
            lambda: evolve(SDK_SLASHING, slash_fraction_double_sign=dec("2")),
            InputError,
            "SlashingParams.slash_fraction_double_sign",
        ),
        (lambda: raw.SigningInfo(start_height=-1), InputError, "SigningInfo.start_height"),
        (lambda: raw.SigningInfo(index_offset=-1), InputError, "SigningInfo.index_offset"),
        (lambda: raw.SigningInfo(missed_blocks=-1), InputError, "SigningInfo.missed_blocks"),
        (
            lambda: raw.handle_validator_signature(raw.SigningInfo(5), 4, SDK_SLASHING, signed=True),
            InputError,
            r"handle_validator_signature: height: must be an integer in \[5, 92",
        ),
        (
            lambda: raw.handle_validator_signature(SigningInfo(), 2**63, SDK_SLASHING, signed=True),
            InputError,
            "handle_validator_signature: height",
        ),
        (
            lambda: raw.handle_validator_signature(SigningInfo(), 1, SDK_SLASHING, signed=1),
            InputTypeError,
            "handle_validator_signature: signed: must be True or False",
        ),
        (lambda: raw.slash_amount(-1, HALF), InputError, r"slash_amount: tokens: must be an integer in \[0, 1"),
        (lambda: raw.slash_amount(2**256, HALF), InputError, "slash_amount: tokens"),
        (lambda: raw.slash_amount(1, dec("1.1")), InputError, "slash_amount: slash_factor"),
        (lambda: raw.slash(-1, 1, HALF, [], 1, 1), InputError, r"slash: bonded: must be an integer in \[0, 1"),
        (lambda: raw.slash(2**256, 1, HALF, [], 1, 1), InputError, "slash: bonded"),
        (lambda: raw.slash(1, -1, HALF, [], 1, 1), InputError, "slash_amount: tokens"),
        (
            lambda: raw.UnbondingEntry(1, 1, 5, 6),
            InputError,
            "UnbondingEntry.balance: must not be above the initial 5, got 6",
        ),
        (lambda: raw.UnbondingEntry(-1, 1, 5, 5), InputError, r"UnbondingEntry.creation_height: .*\[0, 92"),
        (lambda: raw.UnbondingEntry(2**63, 1, 5, 5), InputError, "UnbondingEntry.creation_height"),
        (lambda: raw.UnbondingEntry(1, -1, 5, 5), InputError, "UnbondingEntry.completion_time"),
        (lambda: raw.UnbondingEntry(1, 1, -5, -5), InputError, r"UnbondingEntry.initial_balance: .*\[0, 1"),
        (lambda: raw.UnbondingEntry(1, 1, 2**256, 5), InputError, "UnbondingEntry.initial_balance"),
        (lambda: raw.UnbondingEntry(1, 1, 5, -5), InputError, "UnbondingEntry.balance"),
        (lambda: raw.begin_unbonding(0, 1, 1, SDK_STAKING), InputError, r"begin_unbonding: tokens: .*\[1, 1"),
        (lambda: raw.begin_unbonding(2**256, 1, 1, SDK_STAKING), InputError, "begin_unbonding: tokens"),
        (lambda: raw.begin_unbonding(1, 1, -1, SDK_STAKING), InputError, r"begin_unbonding: now: .*\[0, 46"),
        (lambda: raw.begin_unbonding(1, 1, 2**62 + 1, SDK_STAKING), InputError, "begin_unbonding: now"),
        (lambda: raw.can_begin_unbonding(-1, SDK_STAKING), InputError, r"can_begin_unbonding: pending: .*\[0, 21"),
        (lambda: raw.can_begin_unbonding(2**31 + 1, SDK_STAKING), InputError, "can_begin_unbonding: pending"),
        (lambda: evolve(SDK_STAKING, unbonding_time=-1), InputError, "StakingParams.unbonding_time"),
        (lambda: evolve(SDK_STAKING, max_entries=-1), InputError, "StakingParams.max_entries"),
        (lambda: evolve(SDK_STAKING, max_validators=-1), InputError, "StakingParams.max_validators"),
        (lambda: raw.Cosmos(staked=6e8), InputError, r"Cosmos.staked: must not be above the supply of 5.21135e\+08"),
        (lambda: raw.Cosmos(supply=-5), InputError, "Cosmos.supply"),
        (lambda: raw.Cosmos(inflation=0.1), InputTypeError, "Cosmos.inflation: must be LegacyDec"),
        (lambda: raw.Cosmos(community_tax=dec("2")), InputError, "Cosmos.community_tax"),
        (
            lambda: raw.Cosmos(slashing_params=1),
            InputTypeError,
            "Cosmos.slashing_params: must be SlashingParams; write HUB_SL",
        ),
        (
            lambda: raw.Cosmos(staking_params=1),
            InputTypeError,
            "Cosmos.staking_params: must be StakingParams; write HUB_STA",
        ),
    ],
)
def test_bad_inputs(call, error, message):
    with pytest.raises(error, match=f"^{message}"):
        call()


def test_bounds_are_inside():
    top = 2**256 - 1
    assert LegacyDec(LIMIT).units == -LegacyDec(-LIMIT).units == LIMIT
    assert LegacyDec.from_int(top).truncate_int() == -LegacyDec.from_int(-top).truncate_int() == top
    assert dec("1").mul_int(-top).truncate_int() == -top
    assert attrs.astuple(SigningInfo()) == (0, 0, 0)
    assert cosmos.next_annual_provisions(dec("1"), top).truncate_int() == top
    assert cosmos.slash_amount(top, dec("1")) == top
    assert cosmos.slash(top, top, dec("1"), [], 0, 0).validator == top
    assert cosmos.allocate_tokens(top, dec("1"), [Vote(2**63 - 1, dec("1"))]).community_pool.truncate_int() == top
    assert cosmos.begin_unbonding(top, 2**63 - 1, 2**62, SDK_STAKING).balance == top
    assert cosmos.begin_unbonding(1, 0, 0, SDK_STAKING).completion_time == 1_814_400
    assert not cosmos.can_begin_unbonding(2**31, SDK_STAKING)
    assert cosmos.can_begin_unbonding(0, SDK_STAKING)
    attrs.evolve(SDK_MINT, blocks_per_year=1, inflation_max=dec("0.07"), goal_bonded=dec("1"))
    attrs.evolve(SDK_MINT, blocks_per_year=2**63 - 1, inflation_rate_change=dec("0"), inflation_max=dec("1"))
    attrs.evolve(SDK_SLASHING, signed_blocks_window=2**63 - 1, downtime_jail_duration=0)
    window = attrs.evolve(SDK_SLASHING, signed_blocks_window=1, downtime_jail_duration=2**63 - 1)
    assert cosmos.handle_validator_signature(SigningInfo(), 2**63 - 1, window, signed=True)[1] is False
    UnbondingEntry(2**63 - 1, 2**63 - 1, 0, 0)


def test_each_block_of_a_window_has_its_bit():
    first, _ = cosmos.handle_validator_signature(SigningInfo(), 1, SDK_SLASHING, signed=False)
    second, _ = cosmos.handle_validator_signature(first, 2, SDK_SLASHING, signed=True)
    third, _ = cosmos.handle_validator_signature(second, 3, SDK_SLASHING, signed=False)
    assert [each.missed_blocks for each in (first, second, third)] == [0b1, 0b1, 0b101]
    around = SigningInfo(index_offset=SDK_SLASHING.signed_blocks_window + 2, missed_blocks=0b101)
    assert cosmos.handle_validator_signature(around, 9, SDK_SLASHING, signed=True)[0].missed_blocks == 0b1
