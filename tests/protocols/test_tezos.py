"""Tezos' adaptive issuance against the protocol's own tests and documentation, and the chain's face."""

from fractions import Fraction

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.protocols.chains import tezos
from stakingmodels.protocols.chains.tezos import PARIS, QUEBEC, RIO, AdaptiveMaximum, Tezos

LATE = 2_000
DAY = attrs.evolve(PARIS, seconds_per_cycle=86_400)
"""The parameters of the protocol's own tests: a cycle is a day, no adaptive maximum."""
SMALL = Fraction(1, 200)
STEP = Fraction(1, 10_000)
ratios = st.integers(0, 10_000).map(lambda share: Fraction(share, 10_000))


def curve(stake_ratio, *, bonus=Fraction(0), low=Fraction(0), high=Fraction(1_000_000)):
    return tezos.compute_reward_coeff_ratio(stake_ratio, bonus=bonus, issuance_ratio_min=low, issuance_ratio_max=high)


@pytest.mark.parametrize(
    ("stake_ratio", "rate"),
    [
        (Fraction(1), Fraction(1, 1600)),
        (Fraction(1, 10), Fraction(1, 16)),
        (Fraction(1, 100), Fraction(100, 16)),
        (Fraction(1, 2), Fraction(1, 400)),
        (Fraction(3, 50_000), Fraction(1, 1600) / Fraction(3, 50_000) ** 2),
    ],
)
def test_the_static_curve(stake_ratio, rate):
    # source: test_adaptive_issuance.ml, test_reward_coeff_ratio
    assert curve(stake_ratio) == rate
    assert curve(stake_ratio, bonus=SMALL) == rate + SMALL


def test_the_curve_is_bounded():
    bound = Fraction(1, 30)
    assert curve(Fraction(1, 10), high=bound) == bound
    assert curve(Fraction(1), low=bound, high=Fraction(100)) == bound
    assert curve(Fraction(0), high=bound) == bound
    assert curve(Fraction(1), low=bound, high=bound / 2) == bound


def bonus(stake_ratio, before, params=DAY):
    return tezos.compute_bonus(params, new_cycle=LATE, stake_ratio=stake_ratio, previous_bonus=before)


@pytest.mark.parametrize(
    ("percent", "moved"),
    [
        (Fraction(48), 0),
        (Fraction(50), 0),
        (Fraction(52), 0),
        (Fraction(47), 1),
        (Fraction(40), 8),
        (Fraction(53), -1),
        (Fraction(60), -8),
        (Fraction(479_999, 10_000), Fraction(1, 10_000)),
        (Fraction(520_001, 10_000), -Fraction(1, 10_000)),
    ],
)
def test_the_bonus_moves_outside_a_dead_zone(percent, moved):
    # source: test_adaptive_issuance.ml, test_compute_bonus
    assert bonus(percent / 100, SMALL) == SMALL + moved * STEP


def test_the_bonus_moves_in_proportion_to_time():
    for days in (Fraction(1, 2), Fraction(2), Fraction(128, 45)):
        params = attrs.evolve(DAY, seconds_per_cycle=int(days * 86_400))
        assert bonus(Fraction(47, 100), SMALL, params) == SMALL + days * STEP
    assert RIO.seconds_per_cycle == 86_400
    assert PARIS.seconds_per_cycle == QUEBEC.seconds_per_cycle == 245_760


def test_the_bonus_has_bounds():
    # source: test_adaptive_issuance.ml, test_compute_bonus
    assert bonus(Fraction(60, 100), Fraction(0)) == 0
    assert bonus(Fraction(40, 100), Fraction(5, 100)) == Fraction(5, 100)
    static = Fraction(1, 1600) / Fraction(1, 100)
    assert bonus(Fraction(10, 100), Fraction(4, 100)) == Fraction(10, 100) - static
    assert bonus(Fraction(1, 100), Fraction(4, 100)) == 0


def test_the_adaptive_maximum_bounds_the_bonus():
    staked = Fraction(40, 100)
    room = AdaptiveMaximum().at(staked) - Fraction(1, 1600) / staked**2
    assert bonus(staked, Fraction(2, 100), RIO) == room
    assert bonus(staked, Fraction(0), RIO) == 8 * STEP
    assert bonus(Fraction(55, 100), Fraction(5, 100), RIO) == Fraction(1, 100) - Fraction(25, 10_000)


@pytest.mark.parametrize(
    ("percent", "maximum"),
    [(0, 0.1), (5, 0.1), (8, 0.1), (10, 0.0916), (20, 0.0559), (30, 0.0304), (40, 0.0151), (50, 0.01), (70, 0.01)],
)
def test_the_published_points_of_the_adaptive_maximum(percent, maximum):
    # source: docs/ushuaia/adaptive_issuance.rst, figure 3 (9.2 %, 5.6 %, 3 %, 1.5 %)
    assert float(AdaptiveMaximum().at(Fraction(percent, 100))) == pytest.approx(maximum, abs=6e-5)


def test_the_adaptive_maximum_is_exact():
    assert AdaptiveMaximum().at(Fraction(29, 100)) == Fraction(1, 100) * (1 + Fraction(9, 4))
    assert AdaptiveMaximum().at(Fraction(7, 100)) == Fraction(10, 100)
    assert AdaptiveMaximum().at(Fraction(8, 100) + STEP) < Fraction(10, 100)
    assert AdaptiveMaximum().at(Fraction(499, 1_000)) == Fraction(1, 100) * (1 + 9 * Fraction(1, 420) ** 2)
    steep = AdaptiveMaximum(low_stake=Fraction(30, 100), highest=Fraction(9, 100))
    assert steep.at(Fraction(30, 100)) == Fraction(9, 100)
    assert steep.at(Fraction(31, 100)) < Fraction(3, 100)
    assert AdaptiveMaximum(high_stake=Fraction(40, 100)).at(Fraction(40, 100)) == Fraction(1, 100)


@given(ratios, ratios)
def test_more_stake_never_raises_the_maximum(one, other):
    low, high = sorted((one, other))
    assert AdaptiveMaximum().at(low) >= AdaptiveMaximum().at(high)


@pytest.mark.parametrize(
    ("cycle", "least", "most"),
    [
        (0, Fraction(45, 1000), Fraction(55, 1000)),
        (748, Fraction(45, 1000), Fraction(55, 1000)),
        (758, Fraction(45, 1000), Fraction(55, 1000)),
        (759, Fraction(45, 1000) - Fraction(425, 10_000) / 51, Fraction(55, 1000) + Fraction(45, 1000) / 51),
        (808, Fraction(25, 10_000) + Fraction(425, 10_000) / 51, Fraction(10, 100) - Fraction(45, 1000) / 51),
        (809, Fraction(25, 10_000), Fraction(10, 100)),
        (810, Fraction(25, 10_000), Fraction(10, 100)),
        (LATE, Fraction(25, 10_000), Fraction(10, 100)),
    ],
)
def test_bounds_move_in_a_straight_line(cycle, least, most):
    assert tezos.compute_min(PARIS, new_cycle=cycle) == least
    assert tezos.compute_max(PARIS, new_cycle=cycle, stake_ratio=Fraction(0)) == most


def test_the_maximum_is_the_lesser_of_two_but_never_below_the_minimum():
    staked = Fraction(20, 100)
    assert tezos.compute_max(RIO, new_cycle=LATE, stake_ratio=staked) == AdaptiveMaximum().at(staked)
    assert tezos.compute_max(PARIS, new_cycle=LATE, stake_ratio=staked) == Fraction(10, 100)
    assert tezos.compute_max(QUEBEC, new_cycle=748, stake_ratio=staked) == Fraction(55, 1000)
    assert tezos.compute_max(QUEBEC, new_cycle=748, stake_ratio=Fraction(50, 100)) == Fraction(45, 1000)


def rate(stake_ratio, extra, params=RIO):
    return tezos.issuance_rate(params, new_cycle=LATE, stake_ratio=stake_ratio, bonus=extra)


def test_the_issuance_rate():
    assert rate(Fraction(1, 2), Fraction(0)) == Fraction(25, 10_000)
    assert rate(Fraction(1, 2), SMALL) == Fraction(75, 10_000)
    assert rate(Fraction(1, 2), Fraction(2, 100)) == Fraction(1, 100)
    assert rate(Fraction(1, 4), Fraction(0)) == Fraction(1, 100)
    assert rate(Fraction(0), Fraction(0)) == Fraction(10, 100)


def test_the_two_parts_are_bounded_one_after_the_other():
    # the static part, 1/1600, is raised to the minimum before the bonus is added
    assert rate(Fraction(1), STEP) == Fraction(25, 10_000) + STEP
    assert curve(Fraction(1), bonus=STEP, low=Fraction(25, 10_000)) == Fraction(25, 10_000)


@given(ratios, ratios, st.integers(0, 500).map(lambda share: Fraction(share, 10_000)), st.integers(748, LATE))
def test_a_larger_stake_never_raises_issuance(one, other, extra, cycle):
    low, high = sorted((one, other))
    rates = [tezos.issuance_rate(RIO, new_cycle=cycle, stake_ratio=staked, bonus=extra) for staked in (low, high)]
    assert rates[0] >= rates[1]
    least = tezos.compute_min(RIO, new_cycle=cycle)
    assert least <= rates[1] <= tezos.compute_max(RIO, new_cycle=cycle, stake_ratio=high)


@pytest.mark.parametrize(
    ("percent", "lost"), [(0, 0), (1, 9), (5, 225), (10, 900), (20, 3_600), (33, 9_796), (34, 10_000), (100, 10_000)]
)
def test_the_published_table_of_slashing(percent, lost):
    # source: docs/ushuaia/adaptive_slashing.rst; a committee of 7,000 has a threshold of 2,334
    assert tezos.for_double_attestation(70 * percent, 7_000) == pytest.approx(lost, abs=3)


def test_slashing_is_rounded_up_to_a_hundredth_of_a_percent():
    assert tezos.for_double_attestation(1, 7_000) == 1
    assert tezos.for_double_attestation(2_333, 7_000) == 9_992
    assert tezos.for_double_attestation(2_334, 7_000) == 10_000
    assert tezos.for_double_attestation(1, 3) == 10_000
    assert tezos.for_double_attestation(1, 4) == 2_500
    assert tezos.for_double_attestation(1, 6) == 2_500
    assert tezos.for_double_attestation(1, 1) == 10_000
    assert tezos.for_double_attestation(1, 4, max_slashing_threshold=Fraction(1)) == 625
    assert tezos.for_double_attestation(1, 4, max_slashing_threshold=Fraction(2, 3)) == 1_112
    assert tezos.for_double_attestation(0, 2**31 - 1) == 0
    assert tezos.ONE_HUNDRED_PERCENT == 10_000


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: curve(Fraction(2)), "compute_reward_coeff_ratio: stake_ratio: must be a ratio in"),
        (lambda: curve(Fraction(1), bonus=Fraction(-1)), "compute_reward_coeff_ratio: bonus"),
        (lambda: curve(Fraction(1), bonus=Fraction(1_000_001)), "compute_reward_coeff_ratio: bonus"),
        (lambda: curve(Fraction(1), low=Fraction(-1)), "compute_reward_coeff_ratio: issuance_ratio_min"),
        (lambda: curve(Fraction(1), low=Fraction(1_000_001)), "compute_reward_coeff_ratio: issuance_ratio_min"),
        (lambda: curve(Fraction(1), high=Fraction(1_000_001)), "compute_reward_coeff_ratio: issuance_ratio_max"),
        (lambda: bonus(Fraction(1), Fraction(-1)), "compute_bonus: previous_bonus: must be a ratio in"),
        (
            lambda: bonus(Fraction(1), Fraction(6, 100)),
            "compute_bonus: previous_bonus: must be at most 1/20, got '3/50'",
        ),
        (lambda: bonus(Fraction(2), Fraction(0)), "compute_max: stake_ratio"),
        (lambda: rate(Fraction(2), Fraction(0)), "compute_max: stake_ratio: must be a ratio in"),
        (lambda: rate(Fraction(1), Fraction(2)), "issuance_rate: bonus: must be a ratio in"),
        (lambda: AdaptiveMaximum().at(Fraction(2)), "AdaptiveMaximum.at: stake_ratio"),
        (lambda: AdaptiveMaximum(width=Fraction(0)), "AdaptiveMaximum.width: must be above 0, got '0'"),
        (lambda: AdaptiveMaximum(curvature=-1), "AdaptiveMaximum.curvature"),
        (lambda: AdaptiveMaximum(curvature=1_001), "AdaptiveMaximum.curvature"),
        (lambda: AdaptiveMaximum(highest=Fraction(2)), "AdaptiveMaximum.highest"),
        (lambda: tezos.compute_min(RIO, new_cycle=-1), "compute_min: new_cycle: must be an integer in"),
        (lambda: tezos.compute_min(RIO, new_cycle=2**31), "compute_min: new_cycle"),
        (lambda: tezos.compute_max(RIO, new_cycle=-1, stake_ratio=Fraction(0)), "compute_max: new_cycle"),
        (lambda: tezos.compute_max(RIO, new_cycle=2**31, stake_ratio=Fraction(0)), "compute_max: new_cycle"),
        (lambda: tezos.for_double_attestation(-1, 1), "for_double_attestation: denounced"),
        (
            lambda: tezos.for_double_attestation(2, 1),
            r"for_double_attestation: denounced: must be an integer in \[0, 1\]",
        ),
        (lambda: tezos.for_double_attestation(0, 0), "for_double_attestation: committee_size"),
        (lambda: tezos.for_double_attestation(0, 2**31), "for_double_attestation: committee_size"),
        (
            lambda: tezos.for_double_attestation(0, 1, max_slashing_threshold=Fraction(2)),
            "for_double_attestation: max_slashing_threshold",
        ),
        (
            lambda: tezos.for_double_attestation(0, 1, max_slashing_threshold=Fraction(0)),
            "for_double_attestation: max_slashing_threshold: must be above 0, got '0'",
        ),
        (lambda: attrs.evolve(RIO, seconds_per_cycle=2**31), "AdaptiveRewardsParams.seconds_per_cycle"),
        (lambda: attrs.evolve(RIO, seconds_per_cycle=0), "AdaptiveRewardsParams.seconds_per_cycle"),
        (lambda: attrs.evolve(RIO, initial_period=-1), "AdaptiveRewardsParams.initial_period"),
        (lambda: attrs.evolve(RIO, max_bonus=Fraction(2)), "AdaptiveRewardsParams.max_bonus"),
        (lambda: attrs.evolve(RIO, protocol=""), "AdaptiveRewardsParams.protocol"),
    ],
)
def test_arguments_are_checked(call, message):
    with pytest.raises(InputError, match=f"^{message}"):
        call()


def test_floats_are_no_ratios():
    with pytest.raises(InputTypeError, match=r"^compute_reward_coeff_ratio: stake_ratio: must be Fraction"):
        curve(0.5)
    with pytest.raises(InputTypeError, match=r"^Tezos.params: must be AdaptiveRewardsParams; write tezos\.RIO"):
        Tezos(params="Rio")  # type: ignore[arg-type]


def test_parameters_by_protocol():
    assert [params.protocol for params in (PARIS, QUEBEC, RIO)] == ["Paris", "Quebec", "Rio"]
    assert [params.since for params in (PARIS, QUEBEC, RIO)] == ["2024-06-04", "2025-01", "2025-05"]
    assert PARIS.adaptive_maximum is None
    assert QUEBEC.adaptive_maximum == RIO.adaptive_maximum == AdaptiveMaximum()


def test_what_a_staked_coin_earns():
    chain = Tezos(supply=1_000.0, staked=250.0, delegated=300.0, bonus=Fraction(0))
    assert chain.supply_growth().value == pytest.approx(0.01, rel=1e-12)
    assert chain.nominal_apr().value == pytest.approx(0.01 * 1_000 / 350, rel=1e-12)
    assert attrs.evolve(chain, delegated=0.0).nominal_apr().value == pytest.approx(0.04, rel=1e-12)
    assert attrs.evolve(chain, edge_of_staking_over_delegation=2).nominal_apr().value == pytest.approx(10 / 400)
    assert attrs.evolve(chain, cycle=748).supply_growth().value == pytest.approx(0.045)


def test_after_years_below_the_target_the_adaptive_maximum_rules():
    chain = Tezos()
    staked = Fraction(chain.staked) / Fraction(chain.supply)
    assert chain.supply_growth().value == float(AdaptiveMaximum().at(staked))
    assert 0.03 < chain.supply_growth().value < 0.04


def test_the_rest_of_the_face():
    chain = Tezos()
    assert (chain.asset, chain.supply, chain.staked, chain.as_of) == ("XTZ", 1.083e9, 3.03e8, "2025-05-01")
    assert (chain.delegated, chain.cycle, chain.bonus, chain.params) == (4e8, 1_200, Fraction(1, 20), RIO)
    assert (chain.edge_of_staking_over_delegation, chain.minimal_stake) == (3, 6_000.0)
    assert chain.minimum_stake() == 1e-6
    assert chain.compounding() is True
    unbonding = chain.unbonding()
    assert (unbonding.days, unbonding.earns, unbonding.slashable) == (4.0, False, True)
    assert attrs.evolve(chain, params=PARIS).unbonding().days == pytest.approx(4 * 245_760 / 86_400)
    assert attrs.evolve(chain, unstake_finalization_delay=1).unbonding().days == 2.0
    baking, attesting = chain.slashing()
    assert (baking.name, baking.min, baking.max) == ("double baking", 0.05, 0.05)
    assert (attesting.name, attesting.min, attesting.max) == ("double attestation", 0.0, 1.0)
    assert attrs.evolve(chain, double_baking_slash=0.1).slashing()[0].max == 0.1
    assert "slash_percentage.ml" in baking.source
    assert "staking.rst" in unbonding.source


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"staked": 7e8},
            r"Tezos.staked: must be at most the supply 1\.083e\+09 together with delegated 4e\+08, got 700000000\.0",
        ),
        ({"staked": 0.0}, "Tezos.staked: must be in"),
        ({"supply": 0.0}, "Tezos.supply: must be in"),
        ({"delegated": -1.0}, "Tezos.delegated"),
        ({"cycle": -1}, "Tezos.cycle"),
        ({"bonus": Fraction(2)}, "Tezos.bonus"),
        ({"edge_of_staking_over_delegation": 0}, "Tezos.edge_of_staking_over_delegation"),
        ({"edge_of_staking_over_delegation": 101}, "Tezos.edge_of_staking_over_delegation"),
        ({"unstake_finalization_delay": -1}, "Tezos.unstake_finalization_delay"),
        ({"unstake_finalization_delay": 101}, "Tezos.unstake_finalization_delay"),
        ({"double_baking_slash": 1.1}, "Tezos.double_baking_slash"),
        ({"minimal_stake": 0.0}, "Tezos.minimal_stake"),
        ({"asset": ""}, "Tezos.asset"),
        ({"as_of": ""}, "Tezos.as_of"),
    ],
)
def test_states_that_cannot_be(changes, message):
    with pytest.raises(InputError, match=f"^{message}"):
        attrs.evolve(Tezos(), **changes)


def test_all_may_be_staked_or_delegated():
    assert Tezos(supply=10.0, staked=6.0, delegated=4.0).nominal_apr().value > 0.0


def test_the_adaptive_maximum_as_published():
    assert AdaptiveMaximum() == AdaptiveMaximum(
        highest=Fraction(1, 10),
        lowest=Fraction(1, 100),
        low_stake=Fraction(1, 20),
        high_stake=Fraction(1, 2),
        width=Fraction(21, 50),
        curvature=9,
    )


def test_fields_at_the_limits():
    assert AdaptiveMaximum(curvature=0).at(Fraction(1, 4)) == Fraction(1, 100)
    assert AdaptiveMaximum(curvature=1_000).curvature == 1_000
    narrow = attrs.evolve(RIO, initial_period=0, transition_period=0, launch_cycle=0, seconds_per_cycle=1)
    assert tezos.compute_min(narrow, new_cycle=0) == narrow.issuance_ratio_initial_min
    assert tezos.compute_min(narrow, new_cycle=1) == narrow.issuance_ratio_final_min
    last = 2**31 - 1
    wide = attrs.evolve(RIO, initial_period=last, transition_period=last, launch_cycle=last, seconds_per_cycle=last)
    assert tezos.compute_min(wide, new_cycle=last) == wide.issuance_ratio_initial_min
    chain = Tezos(cycle=0, edge_of_staking_over_delegation=1, unstake_finalization_delay=0)
    assert chain.unbonding().days == 1.0
    assert chain.nominal_apr().value > chain.supply_growth().value
    assert Tezos(edge_of_staking_over_delegation=100, unstake_finalization_delay=100).unbonding().days == 101.0


@pytest.mark.parametrize("kind", [AdaptiveMaximum, tezos.AdaptiveRewardsParams, Tezos])
def test_parameters_are_given_by_name(kind):
    with pytest.raises(TypeError, match="takes no positional"):
        kind("Rio")
