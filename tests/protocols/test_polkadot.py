"""Polkadot and Kusama: the NPoS curve twice, fixed and stepped emission, bonding, slashing."""

import json
import math
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.protocols.chains import polkadot
from stakingmodels.protocols.chains.polkadot import (
    KUSAMA_NPOS,
    KUSAMA_STAKING,
    PERQUINTILL,
    PLANCK_PER_DOT,
    POLKADOT_NPOS,
    POLKADOT_STAKING,
    REF_1139,
    REF_1139_ASSET_HUB,
    REF_1710,
    REF_1909,
    CurveInput,
    Kusama,
    Polkadot,
    SteppedEmission,
    arithmetic,
    npos,
)

DAY = 86_400_000
YEAR = 365 * DAY
JULIAN_YEAR = 31_557_600_000
START = 30_349_908
TWO_YEARS = 2 * 5_259_600
TARGET = 2_100_000_000 * PLANCK_PER_DOT
MARCH = 16_743_421_533_310_057_487
I_NPOS = CurveInput(min_inflation=25_000, max_inflation=100_000, ideal_stake=500_000, falloff=50_000)
POINTS = polkadot.compute_points(I_NPOS)
HALF_IDEAL = attrs.evolve(POLKADOT_NPOS, ideal_stake=PERQUINTILL // 2)
STEPS = SteppedEmission(START, MARCH, TARGET, 262_800_000)
VECTORS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "golden" / "polkadot.json").read_text(encoding="utf-8")
)["vectors"]


@pytest.mark.parametrize("vector", [each for each in VECTORS if "exact_from_code_transcription" in each])
def test_ref_1139_to_the_last_planck(vector):
    exact = vector["exact_from_code_transcription"]
    stakers, treasury = polkadot.era_payout(REF_1139, vector["inputs"]["era_ms"], 0)
    assert (str(stakers), str(treasury)) == (exact["stakers_planck"], exact["treasury_planck"])


@pytest.mark.parametrize("vector", [each for each in VECTORS if "float_formula_value" in each])
def test_the_curve_without_pieces(vector):
    given_ = vector["inputs"]
    params = attrs.evolve(HALF_IDEAL, ideal_stake=round(given_["ideal"] * PERQUINTILL))
    # ten digits more than the vector's own unit, so that rounding to whole units does not show
    staked, total = given_["staked"] * 10**10, given_["total"] * 10**10
    payout, _ = polkadot.relay_era_payout(params, staked, total, given_["era_ms"])
    assert payout / 10**10 == pytest.approx(vector["float_formula_value"], rel=1e-9)


# --- the curve in pieces ---


@pytest.mark.parametrize(
    ("staked", "era", "payout"),
    [  # literals of substrate/frame/staking/src/inflation.rs npos_curve_is_sensible
        (0, YEAR, 2_498),
        (5_000, YEAR, 3_248),
        (25_000, YEAR, 6_246),
        (40_000, YEAR, 8_494),
        (50_000, YEAR, 9_993),
        (60_000, YEAR, 4_379),
        (75_000, YEAR, 2_733),
        (95_000, YEAR, 2_513),
        (100_000, YEAR, 2_505),
        (25_000, DAY, 17),
        (50_000, DAY, 27),
        (75_000, DAY, 7),
        (25_000, DAY // 4, 4),
        (50_000, DAY // 4, 7),
        (75_000, DAY // 4, 2),
        (50_000, 2 * JULIAN_YEAR, 10_000),
    ],
)
def test_the_curve_in_pieces(staked, era, payout):
    assert polkadot.compute_total_payout(I_NPOS, staked, 100_000, era)[0] == payout


def test_the_most_that_an_era_mints():
    assert polkadot.compute_total_payout(I_NPOS, 0, 100_000, YEAR)[1] == 9_993
    assert polkadot.compute_total_payout(I_NPOS, 100_000, 100_000, JULIAN_YEAR) == (2_507, 10_000)


def test_large_numbers_stay_exact():
    payout, _ = polkadot.compute_total_payout(I_NPOS, 25 * 10**26, 5 * 10**27, DAY // 24)
    assert payout == 57_038_500_000_000_000_000_000


def test_the_corners_of_the_curve():
    points = POINTS
    assert points[:4] == ((0, 25_000), (500_000, 100_000), (514_743, 86_136), (529_486, 74_835))
    assert len(points) - 1 == 36
    assert max(x1 - x0 for (x0, _), (x1, _) in pairwise(points[1:])) <= (75_000 + 500_000) // 39
    falling = [y for _, y in points[1:]]
    assert falling == sorted(falling, reverse=True)


@pytest.mark.parametrize("pieces", [2, 3, 10, 1_000])
@pytest.mark.parametrize(("ideal", "falloff"), [(100_000, 10_000), (900_000, 1_000_000), (750_000, 50_000)])
def test_any_curve_ends_where_all_is_staked(pieces, ideal, falloff):
    points = polkadot.compute_points(CurveInput(25_000, 100_000, ideal, falloff, pieces))
    assert points[0] == (0, 25_000)
    assert points[1] == (ideal, 100_000)
    assert points[-1][0] == 1_000_000
    assert 25_000 <= points[-1][1] <= 100_000
    assert len(points) - 1 <= pieces + 1


def test_a_curve_of_few_pieces_ends_at_the_minimum():
    assert polkadot.compute_points(CurveInput(25_000, 100_000, 500_000, 50_000, 2))[-1][0] == 1_000_000
    steep = polkadot.compute_points(CurveInput(1, 3, 500_000, 10_000, 1_000))
    assert steep == ((0, 1), (500_000, 3), (1_000_000, 1))


@given(st.integers(0, 10**6))
def test_the_pieces_are_close_to_the_curve(millionths):
    pieces = polkadot.calculate_for_fraction_times_denominator(POINTS, millionths, 10**6)
    smooth, _ = polkadot.relay_era_payout(HALF_IDEAL, millionths * 10**12, 10**18, JULIAN_YEAR)
    assert pieces == pytest.approx(smooth / 10**12, rel=5e-3)


def test_pieces_between_two_corners():
    points = ((0, 500_000), (500_000, 1_000_000), (1_000_000, 0))
    values = [polkadot.calculate_for_fraction_times_denominator(points, n, 8) for n in range(10)]
    assert values == [4, 5, 6, 7, 8, 6, 4, 2, 0, 0]
    assert polkadot.calculate_for_fraction_times_denominator(points, 0, 0) == 0


@pytest.mark.parametrize(
    ("p", "q", "expected"),
    [
        (5, 5, 0),
        (2, 1, 1_000_000),
        (8, 1, 3_000_000),
        (10**6, 1, 19_931_564),
        (3, 2, 584_961),
        (1_999, 1_000, 999_275),
        (10**6, 10**6 - 1, 1),
    ],
)
def test_log2(p, q, expected):
    assert polkadot.log2(p, q) == expected


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_log2_is_close_to_the_logarithm(p, q):
    p, q = max(p, q), min(p, q)
    assert abs(polkadot.log2(p, q) - math.log2(p / q) * 1e6) <= 6


# --- the curve without pieces ---


def test_the_logarithm_of_two_on_record():
    with localcontext() as context:
        context.prec = 30
        assert int(Decimal(2).ln() * PERQUINTILL) == npos.LN2


def percent(number):
    return PERQUINTILL * number // 100


@pytest.mark.parametrize(
    ("stake", "ideal", "expected"),
    [  # literals of compute_inflation_should_give_sensible_results
        (percent(75), percent(75), PERQUINTILL),
        (percent(50), percent(75), PERQUINTILL * 2 // 3),
        (percent(80), percent(75), PERQUINTILL // 2),
        (0, percent(75), 0),
        (0, 0, PERQUINTILL),
    ],
)
def test_compute_inflation(stake, ideal, expected):
    assert abs(polkadot.compute_inflation(stake, ideal, percent(5)) - expected) <= 10


@given(st.integers(0, PERQUINTILL), st.integers(0, percent(90)), st.integers(percent(2), percent(30)))
def test_compute_inflation_follows_the_formula(stake, ideal, falloff):
    x, x_ideal, d = stake / 1e18, ideal / 1e18, falloff / 1e18
    smooth = x / x_ideal if stake < ideal else 2 ** ((x_ideal - x) / d)
    # where the series alternates in large terms its rounding adds up; far out the runtime says 0
    assert polkadot.compute_inflation(stake, ideal, falloff) / 1e18 == pytest.approx(smooth, abs=1e-6)


def test_far_above_the_ideal_the_series_may_fail_and_says_zero():
    values = [polkadot.compute_inflation(percent(x), 0, percent(1)) for x in range(1, 101)]
    assert all(0 <= value <= PERQUINTILL for value in values)
    assert values[0] == pytest.approx(PERQUINTILL // 2, abs=10)
    assert 0 in values


@pytest.mark.parametrize(("staked", "expected"), [(75, (10, 0)), (80, (6, 4)), (0, (2, 8)), (100, (3, 7))])
def test_era_payout_of_a_year(staked, expected):
    # the first two are literals of era_payout_should_give_sensible_results
    assert polkadot.relay_era_payout(POLKADOT_NPOS, staked, 100, JULIAN_YEAR) == expected


def test_stakers_and_treasury_share_what_is_minted():
    stakers, treasury = polkadot.relay_era_payout(KUSAMA_NPOS, 8 * 10**18, 17 * 10**18, DAY // 4)
    minted = 17 * 10**18 * Fraction(1, 10) * Fraction(DAY // 4, JULIAN_YEAR)
    assert stakers + treasury == pytest.approx(float(minted), rel=1e-12)
    inflation = Fraction(25, 1000) + Fraction(75, 1000) * Fraction(8, 17) / Fraction(75, 100)
    assert stakers == pytest.approx(float(inflation * 17 * 10**18 * Fraction(DAY // 4, JULIAN_YEAR)), rel=1e-12)


def test_leased_slots_lower_the_ideal():
    assert polkadot.legacy_auction_proportion(0) == 0
    assert polkadot.legacy_auction_proportion(50) == percent(25)
    assert polkadot.legacy_auction_proportion(60) == polkadot.legacy_auction_proportion(61) == percent(30)
    # staked 50 of an ideal of 75 - 25: stakers get everything
    reserved = polkadot.legacy_auction_proportion(50)
    assert polkadot.relay_era_payout(POLKADOT_NPOS, 50_000, 100_000, JULIAN_YEAR, reserved) == (10_000, 0)
    assert polkadot.relay_era_payout(POLKADOT_NPOS, 50_000, 100_000, JULIAN_YEAR) == (7_500, 2_500)
    low = attrs.evolve(POLKADOT_NPOS, ideal_stake=percent(10))
    same = polkadot.relay_era_payout(low, 50_000, 100_000, JULIAN_YEAR, percent(10))
    assert polkadot.relay_era_payout(low, 50_000, 100_000, JULIAN_YEAR, percent(30)) == same


def test_an_empty_network_mints_nothing():
    assert polkadot.relay_era_payout(POLKADOT_NPOS, 0, 0, DAY) == (0, 0)


# --- fixed point ---


def test_parts_round_as_substrate_rounds():
    assert arithmetic.from_rational(989, 1000, 100) == 98
    assert arithmetic.from_rational(2, 1, 100) == arithmetic.from_rational(0, 0, 100) == 100
    assert arithmetic.from_rational(1, 1, 100) == 100
    assert (arithmetic.times(34, 10, 100), arithmetic.times(36, 10, 100), arithmetic.times(35, 10, 100)) == (3, 4, 3)
    assert arithmetic.times(51, 1, 100) == 1
    assert arithmetic.product(50, 51, 100) == 25
    assert arithmetic.fixed_times(10**18 // 2, 3) == 1
    assert arithmetic.fixed_power(2 * 10**18, 10) == 1024 * 10**18
    assert arithmetic.fixed_power(5 * 10**17, 3) == 125 * 10**15
    assert arithmetic.fixed_power(5 * 10**17, 0) == 10**18
    # (1/3)**3 by squares, rounded down twice
    assert arithmetic.fixed_power(333333333333333333, 3) == 37037037037037036
    assert (arithmetic.MILLISECONDS_PER_YEAR, arithmetic.MILLISECONDS_PER_DAY) == (JULIAN_YEAR, DAY)
    assert (polkadot.PERBILL, PERQUINTILL, arithmetic.FIXED_DIV) == (10**9, 10**18, 10**18)
    assert arithmetic.FIXED_MAX == (2**128 - 1) // 10**18


# --- emission ---


def test_ref_1139_is_the_same_every_day_and_in_proportion():
    one, two = (sum(polkadot.era_payout(REF_1139, days * DAY, 0)) for days in (1, 2))
    assert one == pytest.approx(328_797 * PLANCK_PER_DOT, rel=1e-3)
    assert two == pytest.approx(2 * one, rel=1e-15)
    assert polkadot.issue(REF_1139, JULIAN_YEAR, 0) == 15_011_657_390_566_252_333 * 8 // 100
    ten_years = polkadot.issue(REF_1139, 10 * JULIAN_YEAR, START) + 15_011_657_390_566_252_333
    assert ten_years == pytest.approx(2_700_000_000 * PLANCK_PER_DOT, rel=2e-3)


@pytest.mark.parametrize("rules", [REF_1139_ASSET_HUB, REF_1710])
def test_an_era_that_takes_a_century_mints_a_week(rules):
    stakers, treasury = polkadot.era_payout(rules, 36_525 * DAY, START)
    assert stakers + treasury == polkadot.MAX_ERA_EMISSION
    assert stakers + treasury == 23_015_790_000_000_000
    assert treasury == stakers * 15 // 85


def test_the_cap_starts_where_it_is_reached():
    rules = attrs.evolve(REF_1139, max_era_emission=polkadot.issue(REF_1139, DAY, 0))
    assert polkadot.issue(rules, DAY, 0) == polkadot.issue(REF_1139, DAY, 0)
    assert polkadot.issue(rules, DAY + 1, 0) == polkadot.issue(REF_1139, DAY, 0)
    assert polkadot.issue(rules, DAY - 1, 0) < polkadot.issue(REF_1139, DAY, 0)


def test_the_treasury_rounds_down():
    tiny = attrs.evolve(REF_1139, emission=polkadot.FixedEmission(199, 10**18))
    assert polkadot.era_payout(tiny, JULIAN_YEAR, 0) == (199 - 29, 29)


def test_the_steps_of_ref_1710():
    assert REF_1710.emission == STEPS
    assert STEPS.issuance_after(0) == MARCH
    assert STEPS.issuance_after(2) == 18_686_703_521_231_371_752
    assert STEPS.issuance_after(4) == 19_742_807_012_589_922_821
    assert STEPS.issuance_after(6) == 20_316_761_071_441_047_805
    assert STEPS.step_emission(START) == (TARGET - MARCH) * 2628 // 10_000 == 1_118_628_821_046_116_892
    assert STEPS.yearly_emission(START) == 559_314_410_523_058_446
    assert polkadot.issue(REF_1710, DAY, START) == 1_531_319_399_104_882


def test_emission_changes_every_two_years_and_not_between():
    first, last = STEPS.step_emission(START), STEPS.step_emission(START + TWO_YEARS - 1)
    assert first == last
    assert STEPS.step_emission(START + TWO_YEARS) == pytest.approx(first * (1 - 0.2628), rel=1e-12)
    assert STEPS.step_emission(START - 1) == 0
    assert polkadot.issue(REF_1710, DAY, START - 1) == 0
    assert polkadot.RELAY_BLOCKS_PER_YEAR == 5_259_600


def test_emission_ends_below_the_cap():
    issued = MARCH
    for step in range(250):
        issued += polkadot.issue(REF_1710, DAY, START + step * TWO_YEARS) * 7305 // 10
    assert TARGET - PLANCK_PER_DOT < issued < TARGET
    assert polkadot.issue(REF_1710, DAY, START + 40 * TWO_YEARS) < PLANCK_PER_DOT
    assert polkadot.issue(REF_1710, DAY, START + 250 * TWO_YEARS) == 0


def test_a_stepped_curve_of_small_numbers():
    # stepped_curve.rs: from 50 to 100 at 20 % every 10 blocks
    curve = SteppedEmission(110, 50, 100, 200_000_000, step_blocks=10)
    assert [curve.step_emission(block) for block in (50, 105, 109, 110, 115, 119, 120)] == [0, 0, 0, 10, 10, 10, 8]
    assert [curve.issuance_after(steps) for steps in range(4)] == [50, 60, 68, 74]
    assert [curve.yearly_emission(block) for block in (109, 110, 120)] == [0, 5, 4]
    assert SteppedEmission(0, 100, 100, 10**9).step_emission(5) == 0


def test_the_rules_on_record():
    assert [each.treasury_part for each in (REF_1139, REF_1139_ASSET_HUB, REF_1710)] == [15 * 10**16] * 3
    assert REF_1139.max_era_emission is None
    assert REF_1139.emission == polkadot.FixedEmission(15_011_657_390_566_252_333, 8 * 10**16)
    assert [each.valid_from for each in (REF_1139, REF_1139_ASSET_HUB, REF_1710)] == [
        "2024-11-20",
        "2025-11-04",
        "2026-03-14",
    ]
    assert attrs.astuple(POLKADOT_NPOS)[:4] == (percent(5) // 2, percent(10), percent(75), percent(5))
    assert attrs.astuple(KUSAMA_NPOS)[:4] == attrs.astuple(POLKADOT_NPOS)[:4]
    assert (POLKADOT_NPOS.valid_from, KUSAMA_NPOS.valid_from) == ("2020-06-18", "2025-10-07")
    assert attrs.astuple(POLKADOT_STAKING)[:6] == (DAY, 28, 2, 27, 16, 512)
    assert attrs.astuple(KUSAMA_STAKING)[:6] == (DAY // 4, 28, 28, 27, 24, 512)
    assert (POLKADOT_STAKING.valid_from, KUSAMA_STAKING.valid_from) == ("2026-03-14", "2025-10-07")
    assert (polkadot.PLANCK_PER_DOT, polkadot.PLANCK_PER_KSM) == (10**10, 10**12)


# --- bonding and slashing ---


def test_who_cannot_be_slashed_leaves_sooner():
    assert polkadot.nominator_bonding_duration(POLKADOT_STAKING, nominators_slashable=True) == 28
    assert polkadot.nominator_bonding_duration(POLKADOT_STAKING, nominators_slashable=False) == 2
    assert polkadot.nominator_bonding_duration(KUSAMA_STAKING, nominators_slashable=False) == 28


@pytest.mark.parametrize(
    ("offenders", "validators", "billionths"),
    [
        (1, 600, 25_000),
        (200, 600, 10**9),
        (199, 600, 990_025_000),
        (1, 1, 10**9),
        (1, 1000, 9_000),
        (1, 7, 183_673_468),
    ],
)
def test_equivocation_costs_more_the_more_take_part(offenders, validators, billionths):
    assert polkadot.equivocation_slash_fraction(offenders, validators) == billionths


def test_polkadot_answers():
    chain = Polkadot()
    assert (chain.asset, chain.as_of, chain.relay_block) == ("DOT", "2025-09-12", START + 261 * 14_400)
    assert (chain.supply, chain.staked) == (1_714_309_589.6, 802_851_933.673)
    assert chain.supply == pytest.approx(1_674_342_153.331 + 261 * 153_131.9399104882, abs=1.0)
    assert chain.era() == pytest.approx((153_131.9399104882 * 0.452, 153_131.9399104882 * 0.548), rel=1e-12)
    assert chain.era()[0] == pytest.approx(69_216, abs=1.0)  # as read off the chain in July 2026
    assert chain.nominal_apr().value == pytest.approx(0.0315, abs=5e-5)
    assert chain.supply_growth().value == pytest.approx(153_131.9399104882 * 365 / 1_714_309_589.6, rel=1e-12)
    assert chain.minimum_stake() == 1.0
    assert chain.compounding() is False
    assert Polkadot(rewards_restaked=True).compounding() is True
    unbonding = chain.unbonding()
    assert (unbonding.days, unbonding.earns, unbonding.slashable) == (2.0, False, False)
    assert chain.slashing() == ()


def test_polkadot_while_nominators_could_be_slashed():
    chain = Polkadot(rules=REF_1710, nominators_slashable=True)
    assert chain.nominal_apr().value == pytest.approx(153_131.9399104882 * 0.85 * 365 / 802_851_933.673, rel=1e-12)
    unbonding = chain.unbonding()
    assert (unbonding.days, unbonding.earns, unbonding.slashable) == (28.0, False, True)
    assert [(each.name, each.min, each.max) for each in chain.slashing()] == [
        ("equivocation of the nominated validator", 2.5e-5, 1.0),
        ("approving an invalid block", 0.02, 0.02),
        ("backing an invalid block", 1.0, 1.0),
    ]


def test_polkadot_under_the_rule_before():
    before = Polkadot(rules=REF_1139)
    assert before.nominal_apr().value == pytest.approx(279_477.81042 * 365 / 802_851_933.673, rel=1e-9)
    # the emission fell by 53 % in March 2026
    assert Polkadot().supply_growth().value / before.supply_growth().value == pytest.approx(0.466, abs=1e-3)


def test_referendum_1909_splits_the_same_mint_anew():
    assert attrs.evolve(REF_1909, treasury_part=REF_1710.treasury_part, validator_part=0).emission == REF_1710.emission
    minted = polkadot.issue(REF_1909, DAY, START)
    stakers, others = polkadot.era_payout(REF_1909, DAY, START)
    assert stakers + others == minted == polkadot.issue(REF_1710, DAY, START)
    assert (REF_1909.treasury_part, REF_1909.validator_part) == (322 * 10**15, 226 * 10**15)
    assert stakers == pytest.approx(0.452 * minted, rel=1e-12)
    assert REF_1710.validator_part == 0
    with pytest.raises(InputError, match=r"^EmissionRules.validator_part: must leave a part of 0 or more"):
        attrs.evolve(REF_1909, validator_part=678 * 10**15 + 1)
    assert polkadot.era_payout(attrs.evolve(REF_1909, validator_part=678 * 10**15), DAY, START)[0] <= 2


def test_kusama_answers():
    chain = Kusama()
    assert (chain.asset, chain.as_of, chain.supply, chain.staked) == ("KSM", "2026-07-29", 18.61e6, 8_598_700.0)
    assert chain.era()[0] == pytest.approx(907, abs=0.5)  # with 15.40 % a year, as read off the chain
    assert chain.nominal_apr().value == pytest.approx(0.1540, abs=5e-5)
    assert sum(chain.era()) == pytest.approx(18.61e6 * 0.1 * 0.25 / 365.25, rel=1e-9)
    share = 8_598_700.0 / 18.61e6
    inflation = 0.025 + 0.075 * share / 0.75
    assert chain.nominal_apr().value == pytest.approx(inflation / share * 365 / 365.25, rel=1e-9)
    assert chain.supply_growth().value == pytest.approx(0.1 * 365 / 365.25, rel=1e-9)
    assert chain.minimum_stake() == 0.1
    unbonding = chain.unbonding()
    assert (unbonding.days, unbonding.earns, unbonding.slashable) == (7.0, False, True)
    assert chain.slashing()[0].min == 9e-6
    assert chain.compounding() is False
    assert Kusama(rewards_restaked=True).compounding() is True


raw: Any = polkadot  # what no type checker would let through
evolve: Any = attrs.evolve


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: raw.compute_inflation(-1, 0, percent(5)), InputError, r"compute_inflation: stake: .*\[0, 1000"),
        (lambda: raw.compute_inflation(PERQUINTILL + 1, 0, percent(5)), InputError, "compute_inflation: stake"),
        (lambda: raw.compute_inflation(0.5, 0, percent(5)), InputTypeError, "compute_inflation: stake"),
        (lambda: raw.compute_inflation(0, -1, percent(5)), InputError, r"compute_inflation: ideal_stake: .*\[0, 1"),
        (lambda: raw.compute_inflation(0, PERQUINTILL + 1, percent(5)), InputError, "compute_inflation: ideal_stake"),
        (lambda: raw.compute_inflation(0, 0, percent(1) - 1), InputError, r"compute_inflation: falloff: .*\[100"),
        (lambda: raw.compute_inflation(0, 0, PERQUINTILL + 1), InputError, "compute_inflation: falloff"),
        (
            lambda: raw.relay_era_payout(POLKADOT_NPOS, 101, 100, 1),
            InputError,
            r"relay_era_payout: total_staked: .*\[0, 100\]",
        ),
        (lambda: raw.relay_era_payout(POLKADOT_NPOS, -1, 100, 1), InputError, "relay_era_payout: total_staked"),
        (
            lambda: raw.relay_era_payout(POLKADOT_NPOS, 0, -1, 1),
            InputError,
            r"relay_era_payout: total_stakable: .*\[0, 3",
        ),
        (lambda: raw.relay_era_payout(POLKADOT_NPOS, 0, 2**128, 1), InputError, "relay_era_payout: total_stakable"),
        (lambda: raw.relay_era_payout(POLKADOT_NPOS, 0, 1.5, 1), InputTypeError, "relay_era_payout: total_stakable"),
        (
            lambda: raw.relay_era_payout(POLKADOT_NPOS, 0, 1, -1),
            InputError,
            r"relay_era_payout: era_duration_millis: .*\[0, 18",
        ),
        (lambda: raw.relay_era_payout(POLKADOT_NPOS, 0, 1, 2**64), InputError, "relay_era_payout: era_duration_millis"),
        (
            lambda: raw.relay_era_payout(POLKADOT_NPOS, 0, 1, 1, -1),
            InputError,
            r"relay_era_payout: auction_proportion: .*\[0, 1000",
        ),
        (
            lambda: raw.relay_era_payout(POLKADOT_NPOS, 0, 1, 1, PERQUINTILL + 1),
            InputError,
            "relay_era_payout: auction_proportion",
        ),
        (
            lambda: raw.legacy_auction_proportion(-1),
            InputError,
            r"legacy_auction_proportion: auctioned_slots: .*\[0, 4",
        ),
        (lambda: raw.legacy_auction_proportion(2**32), InputError, "legacy_auction_proportion: auctioned_slots"),
        (
            lambda: raw.compute_total_payout(I_NPOS, 2, 1, 1),
            InputError,
            r"compute_total_payout: npos_token_staked: .*\[0, 1\]",
        ),
        (lambda: raw.compute_total_payout(I_NPOS, -1, 1, 1), InputError, "compute_total_payout: npos_token_staked"),
        (lambda: raw.compute_total_payout(I_NPOS, 0, -1, 1), InputError, "compute_total_payout: total_tokens"),
        (lambda: raw.compute_total_payout(I_NPOS, 0, 1, -1), InputError, "compute_total_payout: era_duration"),
        (lambda: polkadot.log2(0, 1), InputError, r"log2: p: must be an integer in \[1, 1000000\]"),
        (lambda: polkadot.log2(10**6 + 1, 1), InputError, "log2: p"),
        (lambda: polkadot.log2(5, 6), InputError, r"log2: q: must be an integer in \[1, 5\]"),
        (lambda: polkadot.log2(5, 0), InputError, "log2: q"),
        (
            lambda: evolve(I_NPOS, max_inflation=25_000),
            InputError,
            "CurveInput.max_inflation: must be above the minimum of 25000, got 25000",
        ),
        (lambda: evolve(I_NPOS, min_inflation=0), InputError, r"CurveInput.min_inflation: .*\[1, 1000000\]"),
        (lambda: evolve(I_NPOS, min_inflation=10**6 + 1), InputError, "CurveInput.min_inflation"),
        (lambda: evolve(I_NPOS, max_inflation=0), InputError, r"CurveInput.max_inflation: .*\[1, 1000000\]"),
        (lambda: evolve(I_NPOS, max_inflation=10**6 + 1), InputError, "CurveInput.max_inflation"),
        (lambda: evolve(I_NPOS, ideal_stake=99_999), InputError, r"CurveInput.ideal_stake: .*\[100000, 900000\]"),
        (lambda: evolve(I_NPOS, ideal_stake=900_001), InputError, "CurveInput.ideal_stake"),
        (lambda: evolve(I_NPOS, falloff=9_999), InputError, r"CurveInput.falloff: .*\[10000, 1000000\]"),
        (lambda: evolve(I_NPOS, falloff=10**6 + 1), InputError, "CurveInput.falloff"),
        (lambda: evolve(I_NPOS, max_piece_count=1), InputError, r"CurveInput.max_piece_count: .*\[2, 1000\]"),
        (lambda: evolve(I_NPOS, max_piece_count=1_001), InputError, "CurveInput.max_piece_count"),
        (
            lambda: evolve(POLKADOT_NPOS, max_annual_inflation=percent(2)),
            InputError,
            "NposParameters.max_annual_inflation: must not be below the minimum of 25000000000000000, got 2000000000",
        ),
        (
            lambda: evolve(POLKADOT_NPOS, min_annual_inflation=-1),
            InputError,
            r"NposParameters.min_annual_inflation: .*\[0, 1",
        ),
        (
            lambda: evolve(POLKADOT_NPOS, max_annual_inflation=PERQUINTILL + 1),
            InputError,
            "NposParameters.max_annual_inflation",
        ),
        (lambda: evolve(POLKADOT_NPOS, ideal_stake=PERQUINTILL + 1), InputError, "NposParameters.ideal_stake"),
        (lambda: evolve(POLKADOT_NPOS, falloff=percent(1) - 1), InputError, r"NposParameters.falloff: .*\[100"),
        (lambda: evolve(POLKADOT_NPOS, falloff=PERQUINTILL + 1), InputError, "NposParameters.falloff"),
        (lambda: raw.issue(REF_1710, -1, 1), InputError, r"issue: elapsed_millis: .*\[0, 18"),
        (lambda: raw.issue(REF_1710, 2**64, 1), InputError, "issue: elapsed_millis"),
        (lambda: raw.issue(REF_1710, 1.0, 1), InputTypeError, "issue: elapsed_millis"),
        (lambda: raw.issue(REF_1710, 1, -1), InputError, r"issue: relay_block: .*\[0, 4294967295\]"),
        (lambda: raw.issue(REF_1139, 1, 2**32), InputError, "issue: relay_block"),
        (lambda: raw.era_payout(REF_1139, -1, 1), InputError, "issue: elapsed_millis"),
        (
            lambda: STEPS.step_emission(-1),
            InputError,
            r"SteppedEmission.step_emission: relay_block: .*\[0, 4294967295\]",
        ),
        (lambda: STEPS.step_emission(2**32), InputError, "SteppedEmission.step_emission: relay_block"),
        (lambda: STEPS.issuance_after(-1), InputError, r"SteppedEmission.issuance_after: steps: .*\[0, 4294967295\]"),
        (lambda: STEPS.issuance_after(2**32), InputError, "SteppedEmission.issuance_after: steps"),
        (
            lambda: evolve(STEPS, target_issuance=MARCH - 1),
            InputError,
            f"SteppedEmission.target_issuance: must not be below the starting issuance of {MARCH}, got {MARCH - 1}",
        ),
        (
            lambda: evolve(STEPS, starting_issuance=-1),
            InputError,
            r"SteppedEmission.starting_issuance: .*\[0, 3402823669",
        ),
        (
            lambda: evolve(STEPS, target_issuance=arithmetic.FIXED_MAX + 1),
            InputError,
            "SteppedEmission.target_issuance",
        ),
        (lambda: evolve(STEPS, step_rate=10**9 + 1), InputError, r"SteppedEmission.step_rate: .*\[0, 1000000000\]"),
        (lambda: evolve(STEPS, step_rate=-1), InputError, "SteppedEmission.step_rate"),
        (lambda: evolve(STEPS, step_blocks=0), InputError, r"SteppedEmission.step_blocks: .*\[1, 2147483648\]"),
        (lambda: evolve(STEPS, step_blocks=2**31 + 1), InputError, "SteppedEmission.step_blocks"),
        (lambda: evolve(STEPS, start=-1), InputError, r"SteppedEmission.start: .*\[0, 4294967295\]"),
        (lambda: evolve(STEPS, start=2**32), InputError, "SteppedEmission.start"),
        (lambda: raw.FixedEmission(-1, 1), InputError, "FixedEmission.fixed_total_issuance"),
        (lambda: raw.FixedEmission(1, 10**18 + 1), InputError, r"FixedEmission.inflation_rate: .*\[0, 10000"),
        (lambda: raw.FixedEmission(1, -1), InputError, "FixedEmission.inflation_rate"),
        (lambda: evolve(REF_1710, treasury_part=10**18 + 1), InputError, "EmissionRules.treasury_part"),
        (lambda: evolve(REF_1710, max_era_emission=-1), InputError, r"EmissionRules.max_era_emission: .*\[0, 34"),
        (
            lambda: evolve(REF_1710, max_era_emission=arithmetic.FIXED_MAX + 1),
            InputError,
            "EmissionRules.max_era_emission",
        ),
        (
            lambda: raw.nominator_bonding_duration(POLKADOT_STAKING, nominators_slashable=1),
            InputTypeError,
            "nominator_bonding_duration: nominators_slashable: must be True or False",
        ),
        (
            lambda: raw.equivocation_slash_fraction(0, 1),
            InputError,
            r"equivocation_slash_fraction: offenders: .*\[1, 1\]",
        ),
        (lambda: raw.equivocation_slash_fraction(2, 1), InputError, "equivocation_slash_fraction: offenders"),
        (
            lambda: raw.equivocation_slash_fraction(1, 0),
            InputError,
            r"equivocation_slash_fraction: validators: .*\[1, 4294967295\]",
        ),
        (lambda: raw.equivocation_slash_fraction(1, 2**32), InputError, "equivocation_slash_fraction: validators"),
        (lambda: evolve(POLKADOT_STAKING, era_millis=0), InputError, r"StakingRules.era_millis: .*\[1, 4294967295\]"),
        (lambda: evolve(POLKADOT_STAKING, bonding_duration=2**32), InputError, "StakingRules.bonding_duration"),
        (
            lambda: raw.Polkadot(staked=2e9),
            InputError,
            r"Polkadot.staked: must not be above the supply of 1.71431e\+09",
        ),
        (lambda: raw.Polkadot(supply=-1), InputError, "Polkadot.supply"),
        (lambda: raw.Polkadot(rules=1), InputTypeError, "Polkadot.rules: must be EmissionRules; write REF_1909"),
        (lambda: raw.Polkadot(staking_rules=1), InputTypeError, "Polkadot.staking_rules: .*; write POLKADOT_STAKING"),
        (lambda: raw.Polkadot(relay_block=-1), InputError, r"Polkadot.relay_block: .*\[0, 4294967295\]"),
        (lambda: raw.Polkadot(relay_block=2**32), InputError, "Polkadot.relay_block"),
        (lambda: raw.Polkadot(validators=0), InputError, r"Polkadot.validators: .*\[1, 4294967295\]"),
        (lambda: raw.Polkadot(validators=2**32), InputError, "Polkadot.validators"),
        (lambda: raw.Polkadot(pool_minimum=-1), InputError, "Polkadot.pool_minimum"),
        (lambda: raw.Polkadot(nominators_slashable=1), InputTypeError, "Polkadot.nominators_slashable"),
        (lambda: raw.Polkadot(rewards_restaked=1), InputTypeError, "Polkadot.rewards_restaked"),
        (lambda: raw.Kusama(staked=2e7), InputError, "Kusama.staked: must not be above the supply"),
        (lambda: raw.Kusama(params=1), InputTypeError, "Kusama.params: must be NposParameters; write KUSAMA_NPOS"),
        (lambda: raw.Kusama(staking_rules=1), InputTypeError, "Kusama.staking_rules: .*; write KUSAMA_STAKING"),
        (lambda: raw.Kusama(validators=0), InputError, r"Kusama.validators: .*\[1, 4294967295\]"),
        (lambda: raw.Kusama(validators=2**32), InputError, "Kusama.validators"),
        (lambda: raw.Kusama(nominator_minimum=-1), InputError, "Kusama.nominator_minimum"),
        (lambda: raw.Kusama(rewards_restaked=1), InputTypeError, "Kusama.rewards_restaked"),
    ],
)
def test_bad_inputs(call, error, message):
    with pytest.raises(error, match=f"^{message}"):
        call()


def test_bounds_are_inside():
    top = 2**128 - 1
    assert polkadot.relay_era_payout(POLKADOT_NPOS, 0, top, 2**64 - 1)[0] > 0
    assert polkadot.compute_inflation(PERQUINTILL, PERQUINTILL, PERQUINTILL) == PERQUINTILL
    assert polkadot.relay_era_payout(POLKADOT_NPOS, 0, 1, 0, PERQUINTILL) == (0, 0)
    assert polkadot.legacy_auction_proportion(2**32 - 1) == percent(30)
    assert STEPS.issuance_after(2**32 - 1) == TARGET
    assert STEPS.step_emission(2**32 - 1) == 0
    assert polkadot.issue(REF_1139, 2**64 - 1, 2**32 - 1) > 0
    assert (
        SteppedEmission(2**32 - 1, 0, arithmetic.FIXED_MAX, 10**9, 1).step_emission(2**32 - 1) == arithmetic.FIXED_MAX
    )
    assert SteppedEmission(0, 5, 5, 0, 2**31).step_emission(0) == 0
    assert polkadot.FixedEmission(arithmetic.FIXED_MAX, 10**18).yearly_emission(0) == arithmetic.FIXED_MAX
    attrs.evolve(REF_1710, treasury_part=10**18, max_era_emission=arithmetic.FIXED_MAX)
    attrs.evolve(REF_1710, treasury_part=0, max_era_emission=0)
    attrs.evolve(POLKADOT_NPOS, min_annual_inflation=percent(10), ideal_stake=0, falloff=percent(1))
    attrs.evolve(POLKADOT_NPOS, max_annual_inflation=PERQUINTILL, ideal_stake=PERQUINTILL, falloff=PERQUINTILL)
    CurveInput(1, 10**6, 100_000, 10_000, 1_000)
    CurveInput(999_999, 10**6, 900_000, 10**6, 2)
    assert polkadot.equivocation_slash_fraction(2**32 - 1, 2**32 - 1) == 10**9
    assert Polkadot(relay_block=2**32 - 1, validators=2**32 - 1).era() == (0.0, 0.0)
    assert Polkadot(validators=1, relay_block=0, nominators_slashable=True).slashing()[0].min == 1.0
    Kusama(validators=2**32 - 1)


def test_the_corners_of_the_curve_are_computed_anew():
    assert polkadot.compute_points(I_NPOS) == POINTS
    assert len(POINTS) > 20
