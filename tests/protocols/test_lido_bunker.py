"""Bunker mode: when the oracle asks for it, and how far back requests must have been made."""

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.protocols.contracts.lido import V3, bunker

GWEI = 10**9
NORMAL = 1_000_000


def test_normal_rewards_of_a_day():
    everyone, own = 35_600_000 * GWEI, 9_000_000 * GWEI
    expected = 64 * 9_000_000 * 225 / (35_600_000 * GWEI) ** 0.5
    assert bunker.calculate_normal_cl_rebase(everyone, own, 225) == pytest.approx(expected * GWEI, rel=1e-12)
    assert bunker.calculate_normal_cl_rebase(GWEI * 100, GWEI * 100, 1) == int(64 * GWEI * 100 / (GWEI * 100) ** 0.5)
    assert bunker.calculate_normal_cl_rebase(0, 0, 5) == 0
    assert bunker.calculate_normal_cl_rebase(4, 4, 1000) == int(64 * 4 * 1000 / GWEI**0.5)
    half = attrs.evolve(V3, normalized_cl_reward_per_epoch=32)
    assert bunker.calculate_normal_cl_rebase(4 * GWEI, GWEI, 1, half) == 505964


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((-1, 1, 1), "mean_sum_of_all_effective_balance: must be an integer"),
        ((1.0, 1, 1), "mean_sum_of_all_effective_balance: must be an integer"),
        ((1, -1, 1), "mean_sum_of_lido_effective_balance: must be an integer"),
        ((1, 1, -1), "epochs_passed: must be an integer"),
        ((1, 2, 1), "mean_sum_of_lido_effective_balance: must be at most all, 1, got 2$"),
        ((2**63, 1, 1), "mean_sum_of_all_effective_balance: must be an integer"),
    ],
)
def test_normal_rewards_of_what_cannot_be(arguments, message):
    with pytest.raises((InputError, InputTypeError), match=rf"^calculate_normal_cl_rebase: {message}"):
        bunker.calculate_normal_cl_rebase(*arguments)


def test_a_penalty_to_come_is_held_against_a_day_of_rewards():
    assert not bunker.is_high_midterm_slashing_penalty(0, 0, 225)
    assert not bunker.is_high_midterm_slashing_penalty(1000, 1000, 225)
    assert bunker.is_high_midterm_slashing_penalty(1001, 1000, 225)
    assert bunker.is_high_midterm_slashing_penalty(501, 1000, 450)
    assert not bunker.is_high_midterm_slashing_penalty(500, 1000, 450)
    assert not bunker.is_high_midterm_slashing_penalty(0, -5, 225)
    assert bunker.is_high_midterm_slashing_penalty(1, 0, 1)
    assert bunker.is_high_midterm_slashing_penalty(1, -1, 1)
    short = attrs.evolve(V3, epochs_per_frame=1)
    assert bunker.is_high_midterm_slashing_penalty(5, 1000, 225, short)
    assert not bunker.is_high_midterm_slashing_penalty(4, 1000, 225, short)
    assert not bunker.is_high_midterm_slashing_penalty(2**62, 2**62, 225)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ((-1, 1, 1), "max_midterm_penalty"),
        ((1, 1.0, 1), "report_cl_rebase"),
        ((1, 2**63, 1), "report_cl_rebase"),
        ((1, -(2**63), 1), "report_cl_rebase"),
        ((1, 1, 0), "epochs_passed"),
    ],
)
def test_a_penalty_that_cannot_be(arguments, name):
    with pytest.raises((InputError, InputTypeError), match=rf"^is_high_midterm_slashing_penalty: {name}: must be an"):
        bunker.is_high_midterm_slashing_penalty(*arguments)


def test_a_shortfall_of_more_than_a_tenth_is_abnormal():
    assert not bunker.is_abnormal_cl_rebase(900_000, NORMAL)
    assert bunker.is_abnormal_cl_rebase(899_999, NORMAL)
    assert bunker.is_abnormal_cl_rebase(0, NORMAL)
    assert bunker.is_abnormal_cl_rebase(-5, 1)
    assert not bunker.is_abnormal_cl_rebase(0, 0)
    assert not bunker.is_abnormal_cl_rebase(2 * NORMAL, NORMAL)
    patient = attrs.evolve(V3, normalized_cl_reward_mistake_rate_bp=2_000)
    assert not bunker.is_abnormal_cl_rebase(800_000, NORMAL, settings=patient)


def test_a_shortfall_is_forgiven_where_the_end_of_the_frame_was_good():
    assert not bunker.is_abnormal_cl_rebase(0, NORMAL, [0, 5])
    assert not bunker.is_abnormal_cl_rebase(0, NORMAL, [])
    assert bunker.is_abnormal_cl_rebase(0, NORMAL, [5, -1])
    assert bunker.is_abnormal_cl_rebase(0, NORMAL, [-1, 5])
    assert not bunker.is_abnormal_cl_rebase(NORMAL, NORMAL, [-1])


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ((1.0, 1), "report_cl_rebase"),
        ((2**63, 1), "report_cl_rebase"),
        ((-(2**63), 1), "report_cl_rebase"),
        ((1, -1), "normal_cl_rebase"),
        ((0, 1, [1.0]), "sampled_cl_rebases"),
        ((0, 1, [2**63]), "sampled_cl_rebases"),
        ((0, 1, [-(2**63)]), "sampled_cl_rebases"),
    ],
)
def test_a_rebase_that_cannot_be(arguments, name):
    with pytest.raises((InputError, InputTypeError), match=rf"^is_abnormal_cl_rebase: {name}: must be an integer"):
        bunker.is_abnormal_cl_rebase(*arguments)


def test_any_of_three_reasons():
    def mode(rebase: int, **more: object) -> bool:
        return bunker.is_bunker_mode(report_cl_rebase=rebase, normal_cl_rebase=NORMAL, epochs_passed=225, **more)  # type: ignore[arg-type]

    assert not mode(NORMAL)
    assert mode(-1)
    assert mode(-1, sampled_cl_rebases=[])
    assert not mode(0, sampled_cl_rebases=[])
    assert mode(0)
    assert mode(NORMAL, max_midterm_penalty=NORMAL + 1)
    assert not mode(NORMAL, max_midterm_penalty=NORMAL)
    assert mode(850_000)
    assert not mode(850_000, sampled_cl_rebases=[1])
    assert mode(850_000, sampled_cl_rebases=[-1])
    patient = attrs.evolve(V3, normalized_cl_reward_mistake_rate_bp=2_000, epochs_per_frame=450)
    assert not mode(850_000, settings=patient)
    assert not mode(NORMAL, settings=patient, max_midterm_penalty=2 * NORMAL)
    for rebase in (1.0, 2**63, -(2**63)):
        with pytest.raises(
            (InputError, InputTypeError), match=r"^is_bunker_mode: report_cl_rebase: must be an integer"
        ):
            mode(rebase)  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"epochs_passed: must be an integer"):
        bunker.is_bunker_mode(report_cl_rebase=5, normal_cl_rebase=5, epochs_passed=0)


def test_an_ordinary_report_leaves_twenty_epochs():
    assert bunker.default_requests_border_epoch(1000) == 980
    assert bunker.safe_border_epoch(1000) == 980
    assert bunker.safe_border_epoch(1000, earliest_slashed_epoch=10) == 980
    assert bunker.default_requests_border_epoch(0) == -20
    assert bunker.default_requests_border_epoch(5, attrs.evolve(V3, request_timestamp_margin=385)) == 3
    assert bunker.default_requests_border_epoch(5, attrs.evolve(V3, request_timestamp_margin=384)) == 4
    assert bunker.safe_border_epoch(5, settings=attrs.evolve(V3, request_timestamp_margin=0)) == 5


def test_a_negative_rebase_holds_requests_back_for_six_days():
    assert bunker.safe_border_epoch(10_000, bunker_start_epoch=9_900) == 9_880
    assert bunker.safe_border_epoch(10_000, bunker_start_epoch=8_670) == 8_650
    assert bunker.safe_border_epoch(10_000, bunker_start_epoch=8_669) == 8_650
    assert bunker.safe_border_epoch(10_000, bunker_start_epoch=0) == 8_650
    assert bunker.safe_border_epoch(10_000, bunker_start_epoch=10_000) == 9_980
    assert bunker.safe_border_epoch(0, bunker_start_epoch=0) == -20
    soon = attrs.evolve(V3, finalization_max_negative_rebase_epoch_shift=100)
    assert bunker.safe_border_epoch(10_000, bunker_start_epoch=1, settings=soon) == 9_900
    at_once = attrs.evolve(V3, finalization_max_negative_rebase_epoch_shift=0)
    assert bunker.safe_border_epoch(10_000, bunker_start_epoch=1, settings=at_once) == 9_980


def test_a_slashing_holds_requests_back_to_the_frame_in_which_it_began():
    def border(slashed: int, initial: int = 0) -> int:
        return bunker.safe_border_epoch(
            10_000, bunker_start_epoch=9_900, earliest_slashed_epoch=slashed, initial_epoch=initial
        )

    assert border(2_250) == 2_230
    assert border(2_474) == 2_230
    assert border(2_475) == 2_455
    assert border(2_249) == 2_005
    assert border(9_999) == 9_880
    assert border(2_250, initial=100) == 2_125 - 20
    assert border(100, initial=100) == 80
    daily = attrs.evolve(V3, epochs_per_frame=10)
    assert bunker.safe_border_epoch(100, bunker_start_epoch=99, earliest_slashed_epoch=57, settings=daily) == 30


@given(st.integers(0, 10**6), st.data())
def test_bunker_mode_never_finalises_more(reference, data):
    start = data.draw(st.integers(0, reference))
    slashed = data.draw(st.none() | st.integers(0, reference))
    border = bunker.safe_border_epoch(reference, bunker_start_epoch=start, earliest_slashed_epoch=slashed)
    assert border <= bunker.safe_border_epoch(reference)


@pytest.mark.parametrize(
    ("reference", "more", "name"),
    [
        (-1, {}, "ref_epoch"),
        (1.0, {}, "ref_epoch"),
        (5, {"bunker_start_epoch": 6}, "bunker_start_epoch"),
        (5, {"bunker_start_epoch": -1}, "bunker_start_epoch"),
        (5, {"bunker_start_epoch": 5, "earliest_slashed_epoch": 6}, "earliest_slashed_epoch"),
        (5, {"bunker_start_epoch": 5, "earliest_slashed_epoch": 1, "initial_epoch": 2}, "earliest_slashed_epoch"),
        (5, {"bunker_start_epoch": 5, "earliest_slashed_epoch": 5, "initial_epoch": 6}, "initial_epoch"),
        (5, {"bunker_start_epoch": 5, "earliest_slashed_epoch": 5, "initial_epoch": -1}, "initial_epoch"),
    ],
)
def test_epochs_that_cannot_be(reference, more, name):
    with pytest.raises((InputError, InputTypeError), match=rf"^safe_border_epoch: {name}: must be an integer"):
        bunker.safe_border_epoch(reference, **more)
    with pytest.raises((InputError, InputTypeError), match=r"^default_requests_border_epoch: ref_epoch: must be an"):
        bunker.default_requests_border_epoch(-1)
