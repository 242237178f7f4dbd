"""The transition of an epoch for a few validators; whole lives are in the reference vectors."""

import math
from typing import Any

import attrs
import numpy as np
import pytest

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.protocols.chains.ethereum import (
    FAR_FUTURE_EPOCH,
    FULU,
    GWEI_PER_ETH,
    ChurnQueue,
    EpochState,
    Finality,
    Registry,
    Slashings,
    Validator,
    get_correlation_penalty,
    get_inactivity_penalty,
    process_epoch,
    process_rewards_and_penalties,
    process_slashing,
)

ETH32, ETH2048 = 32 * GWEI_PER_ETH, 2_048 * GWEI_PER_ETH
EPOCH = 20_000
DEFAULTS: dict[str, Any] = {
    "inactivity_scores": 0,
    "slashed": False,
    "exit_epochs": FAR_FUTURE_EPOCH,
    "withdrawable_epochs": FAR_FUTURE_EPOCH,
}


def state(effective=(ETH32,) * 4, *, flags=7, balances=None, most=ETH2048, finality=None, **columns: Any):
    """Validators in EPOCH, the last of 100,000 ETH so that nobody is most of the network."""
    effective = [*effective, 100_000 * GWEI_PER_ETH]
    held = effective if balances is None else [*balances, effective[-1]]
    columns = {name: [*values, DEFAULTS[name]] for name, values in columns.items()}
    registry = Registry.of(held, effective, [most] * (len(effective) - 1) + [effective[-1]], **columns)
    participation = np.array([*np.broadcast_to(flags, len(effective) - 1).tolist(), 7])
    return EpochState(
        epoch=EPOCH,
        registry=registry,
        previous_participation=participation,
        current_participation=participation,
        finality=Finality.finalizing(EPOCH) if finality is None else finality,
        exits=ChurnQueue(),
        slashings=Slashings.empty(FULU),
    )


LEAKING = Finality((False, False, False, False), 100, 100, 100)


def test_everything_moves_on():
    before = state()
    after = process_epoch(before, FULU)
    assert after.epoch == EPOCH + 1
    assert after.finality == Finality((True, True, True, True), EPOCH - 1, EPOCH, EPOCH - 1)
    assert (after.previous_participation == before.current_participation).all()
    assert (after.current_participation == 0).all()
    assert (after.registry.balances > before.registry.balances).all()
    assert (before.registry.balances == before.registry.effective_balances).all()
    fixed = process_epoch(before, FULU, justify=False)
    assert fixed.finality == before.finality


def test_totals():
    columns = state([ETH32, ETH2048, ETH32, ETH32], flags=[7, 3, 1, 0], slashed=[False, False, False, True])
    totals = columns.totals(FULU)
    rest = 100_000 * GWEI_PER_ETH
    assert totals.total_active_balance == rest + 3 * ETH32 + ETH2048
    assert totals.unslashed_participating_balances == (
        rest + 2 * ETH32 + ETH2048,
        rest + ETH32 + ETH2048,
        rest + ETH32,
    )
    assert totals.leak is False
    assert attrs.evolve(columns, finality=LEAKING).totals(FULU).leak is True


def test_who_is_active_and_eligible():
    registry = Registry.of(
        [ETH32] * 4,
        ETH32,
        ETH32,
        slashed=[False, True, True, False],
        exit_epochs=[10, 10, 10, 11],
        withdrawable_epochs=[266, 300, 12, 267],
    )
    assert registry.active(9).tolist() == [True] * 4
    assert registry.active(10).tolist() == [False, False, False, True]
    assert registry.eligible(10).tolist() == [False, True, True, True]
    assert registry.eligible(11).tolist() == [False, True, False, False]


def test_flags_of_those_who_have_left_do_not_count():
    left = state(flags=7, exit_epochs=[EPOCH - 1, EPOCH, EPOCH + 1, FAR_FUTURE_EPOCH])
    rest = 100_000 * GWEI_PER_ETH
    assert left.total_active_balance(FULU) == rest + 2 * ETH32
    assert left.unslashed_participating_balance(1, EPOCH, FULU) == rest + 2 * ETH32
    assert left.unslashed_participating_balance(1, EPOCH - 1, FULU) == rest + 3 * ETH32
    assert left.totals(FULU).unslashed_participating_balances == (rest + 3 * ETH32,) * 3
    after = process_epoch(left, FULU)
    # The first was not active in the previous epoch: neither reward nor penalty.
    assert after.registry.balances[0] == ETH32
    assert (after.registry.balances[1:] > left.registry.balances[1:]).all()


def test_a_slashed_validator_that_has_left_is_punished_until_it_is_withdrawable():
    gone = state(
        flags=7,
        slashed=[True] * 4,
        exit_epochs=[EPOCH - 5] * 4,
        withdrawable_epochs=[EPOCH - 1, EPOCH, EPOCH + 1, EPOCH + 100],
        inactivity_scores=[10] * 4,
        finality=LEAKING,
    )
    after = process_epoch(gone, FULU, justify=False).registry
    assert after.inactivity_scores.tolist() == [10, 10, 14, 14, 0]
    lost = (gone.registry.balances - after.balances)[:4]
    assert lost[:2].tolist() == [0, 0]
    assert lost[2] == lost[3] > get_inactivity_penalty(ETH32, 14, FULU) > 0


def test_who_has_left_may_have_had_more_than_all_who_are_there():
    """By the specification: what is asked of the stake is asked of those who are there, whoever it is paid to."""
    big = 400_000 * GWEI_PER_ETH
    left = state(
        [big] * 3,
        most=big,
        slashed=[False, True, True],
        exit_epochs=[EPOCH - 5] * 3,
        withdrawable_epochs=[EPOCH + 1_000, EPOCH + 1_000, EPOCH + 4_096],
    )
    left = attrs.evolve(left, slashings=Slashings.empty(FULU).add(EPOCH - 4_096, 2 * big))
    assert left.total_active_balance(FULU) == 100_000 * GWEI_PER_ETH
    after = process_epoch(left, FULU, justify=False).registry
    lost = (left.registry.balances - after.balances).tolist()
    per_increment = 64 * 10**9 // math.isqrt(100_000 * GWEI_PER_ETH)
    missed = sum(400_000 * per_increment * weight // 64 for weight in (14, 26))
    # three times what was slashed is above all that is there, so the last one loses everything
    assert lost[:3] == [0, missed, big]
    assert lost[3] < 0


def test_an_epoch_that_never_comes_is_also_the_one_of_the_specification():
    never = 2**64 - 1
    columns = (np.array([EPOCH + 9, never], dtype=np.uint64), [EPOCH + 9, never], never)
    for column in columns:
        registry = Registry.of([ETH32] * 2, [ETH32] * 2, [ETH2048] * 2, exit_epochs=column, withdrawable_epochs=column)
        assert registry.exit_epochs.dtype == np.int64
        assert registry.exit_epochs[1] == registry.withdrawable_epochs[1] == FAR_FUTURE_EPOCH
        assert registry.active(2**53).tolist() == [np.ndim(column) == 0, True]
    leaver = Validator(ETH32, ETH32, 1, exit_epoch=never, withdrawable_epoch=never)
    assert leaver == Validator(ETH32, ETH32, 1)
    for wrong in (never - 1, never + 1, -1):
        with pytest.raises(
            InputError, match=r"^Validator\.exit_epoch: must be an integer in \[0, 9223372036854775807\]"
        ):
            Validator(ETH32, ETH32, 1, exit_epoch=wrong)
        with pytest.raises((InputError, InputTypeError), match=r"^Registry\.of: exit_epochs: must"):
            Registry.of([ETH32], [ETH32], [ETH32], exit_epochs=[wrong])
    with pytest.raises(InputTypeError, match=r"^Registry\.of: exit_epochs: must be a sequence of integers"):
        Registry.of([ETH32], [ETH32], [ETH32], exit_epochs=[[1], 2])


def test_scores_come_before_penalties():
    leaking = state(flags=[7, 1, 0, 2], inactivity_scores=[0, 0, 100, 5], finality=LEAKING)
    after = process_epoch(leaking, FULU, justify=False).registry
    assert after.inactivity_scores.tolist() == [0, 4, 104, 4, 0]
    totals = leaking.totals(FULU)
    expected = process_rewards_and_penalties(
        leaking.registry.balances,
        leaking.registry.effective_balances,
        leaking.previous_participation,
        after.inactivity_scores,
        totals,
        FULU,
    )
    assert (after.balances == expected).all()


def test_the_poor_are_made_to_leave_in_order():
    poor = [16 * GWEI_PER_ETH, 17 * GWEI_PER_ETH, 15 * GWEI_PER_ETH, 16 * GWEI_PER_ETH]
    before = state(
        poor,
        exit_epochs=[FAR_FUTURE_EPOCH] * 3 + [EPOCH + 3],
        withdrawable_epochs=[FAR_FUTURE_EPOCH] * 3 + [EPOCH + 259],
    )
    after = process_epoch(before, FULU)
    out = EPOCH + 5
    assert after.registry.exit_epochs.tolist() == [out, FAR_FUTURE_EPOCH, out, EPOCH + 3, FAR_FUTURE_EPOCH]
    assert after.registry.withdrawable_epochs.tolist() == [
        out + 256,
        FAR_FUTURE_EPOCH,
        out + 256,
        EPOCH + 259,
        FAR_FUTURE_EPOCH,
    ]
    assert after.exits == ChurnQueue(out, (128 - 31) * GWEI_PER_ETH)
    # Those who have left are not made to leave again.
    again = process_epoch(attrs.evolve(after, epoch=out + 1, finality=Finality.finalizing(out + 1)), FULU)
    assert again.exits == after.exits


def test_ejection_takes_the_exit_queue_of_the_whole():
    before = attrs.evolve(state([16 * GWEI_PER_ETH] * 4), exits=ChurnQueue(EPOCH + 50, 20 * GWEI_PER_ETH))
    after = process_epoch(before, FULU)
    assert after.registry.exit_epochs[:4].tolist() == [EPOCH + 50] + [EPOCH + 51] * 3


def test_slashing():
    before = state([ETH2048, ETH32, ETH32, ETH32])
    after = process_slashing(before, 0, FULU)
    registry = after.registry
    assert registry.slashed.tolist() == [True, False, False, False, False]
    assert registry.balances[0] == ETH2048 - ETH2048 // 4_096
    # 2,048 ETH at 128 an epoch: the 16th from EPOCH + 5 on.
    assert registry.exit_epochs[0] == EPOCH + 20
    assert registry.withdrawable_epochs[0] == EPOCH + 8_192
    assert after.slashings.total() == ETH2048
    assert after.slashings.by_epoch[EPOCH % 8_192] == ETH2048
    assert before.registry.balances[0] == ETH2048
    assert not before.registry.slashed[0]


def test_slashing_one_that_leaves_already():
    leaving = state(
        exit_epochs=[EPOCH + 9_000] + [FAR_FUTURE_EPOCH] * 3,
        withdrawable_epochs=[EPOCH + 9_256] + [FAR_FUTURE_EPOCH] * 3,
    )
    after = process_slashing(leaving, 0, FULU)
    assert after.registry.exit_epochs[0] == EPOCH + 9_000
    assert after.registry.withdrawable_epochs[0] == EPOCH + 9_256
    assert after.exits == ChurnQueue()


def test_who_cannot_be_slashed():
    bad = state(
        slashed=[True, False, False, False],
        exit_epochs=[1] * 4,
        withdrawable_epochs=[EPOCH + 1, EPOCH, EPOCH + 1, EPOCH + 2],
    )
    for index in (0, 1):
        with pytest.raises(InputError, match="process_slashing: index: must be of a validator that can be slashed"):
            process_slashing(bad, index, FULU)
    assert process_slashing(bad, 2, FULU).registry.slashed[2]
    for index in (-1, 5):
        with pytest.raises(InputError, match=r"process_slashing: index: must be an integer in \[0, 4\]"):
            process_slashing(bad, index, FULU)


@pytest.mark.parametrize("away", [4_095, 4_096, 4_097])
def test_the_correlation_penalty_comes_half_way(away):
    # Flags do not help the slashed; both lose the same by attestations.
    before = state(
        slashed=[True, True, False, False],
        exit_epochs=[EPOCH + 10] * 4,
        withdrawable_epochs=[EPOCH + away, EPOCH + 8_000, EPOCH + 4_096, FAR_FUTURE_EPOCH],
    )
    before = attrs.evolve(before, slashings=before.slashings.add(EPOCH - 100, 5_000 * GWEI_PER_ETH))
    after = process_epoch(before, FULU).registry.balances
    total = before.total_active_balance(FULU)
    penalty = get_correlation_penalty(ETH32, 5_000 * GWEI_PER_ETH, total, FULU)
    assert after[1] - after[0] == (penalty if away == 4_096 else 0)
    assert after[2] == after[3]


def test_the_correlation_penalty_takes_no_more_than_there_is():
    before = state(
        balances=[10**6] * 4,
        slashed=[True, False, False, False],
        exit_epochs=[EPOCH + 10] * 4,
        withdrawable_epochs=[EPOCH + 4_096] * 4,
    )
    before = attrs.evolve(before, slashings=before.slashings.add(EPOCH, 50_000 * GWEI_PER_ETH))
    assert process_epoch(before, FULU).registry.balances[0] == 0


def test_the_record_of_slashings_makes_room():
    before = state()
    old = attrs.evolve(before, slashings=before.slashings.add(EPOCH + 1 - 8_192, 7).add(EPOCH + 2, 11))
    assert process_epoch(old, FULU).slashings.total() == 11


def test_effective_balances_follow_at_the_end():
    before = state(balances=[ETH32, 31_700_000_000, 33_300_000_000, 40_000_000_000], most=33 * GWEI_PER_ETH)
    after = process_epoch(before, FULU).registry.effective_balances // GWEI_PER_ETH
    assert after.tolist() == [32, 31, 33, 33, 100_000]


def test_justification_counts_the_unslashed_targets():
    missing = state([30_000 * GWEI_PER_ETH] * 2, flags=[1, 7], most=30_000 * GWEI_PER_ETH)
    assert process_epoch(missing, FULU).finality.finalized_epoch == EPOCH - 1
    slashed = state(
        [30_000 * GWEI_PER_ETH] * 2,
        flags=[1, 7],
        most=30_000 * GWEI_PER_ETH,
        slashed=[False, True],
        exit_epochs=[FAR_FUTURE_EPOCH, EPOCH + 9],
        withdrawable_epochs=[FAR_FUTURE_EPOCH, EPOCH + 9_000],
    )
    assert process_epoch(slashed, FULU).finality.finalized_epoch == EPOCH - 2
    # One that leaves with this epoch has still voted for the one before, and is no part of the total any more.
    leaving = state(
        [60_000 * GWEI_PER_ETH] * 2,
        flags=[7, 0],
        most=60_000 * GWEI_PER_ETH,
        exit_epochs=[EPOCH, FAR_FUTURE_EPOCH],
        withdrawable_epochs=[EPOCH + 256, FAR_FUTURE_EPOCH],
        finality=Finality((False, True, True, True), EPOCH - 2, EPOCH - 2, EPOCH - 3),
    )
    assert process_epoch(leaving, FULU).finality.current_justified_epoch == EPOCH - 1
    # Votes for this epoch and for the one before are counted apart.
    mixed = attrs.evolve(missing, current_participation=np.array([0, 0, 7]))
    assert process_epoch(mixed, FULU).finality == Finality((False, True, True, True), EPOCH - 1, EPOCH - 1, EPOCH - 2)


def test_registries_from_single_values_and_lists():
    registry = Registry.of([1, 2], 3, [4, 5])
    assert registry.balances.tolist() == [1, 2]
    assert registry.effective_balances.tolist() == [3, 3]
    assert registry.max_effective_balances.tolist() == [4, 5]
    assert registry.inactivity_scores.tolist() == [0, 0]
    assert registry.slashed.tolist() == [False, False]
    assert registry.exit_epochs.tolist() == registry.withdrawable_epochs.tolist() == [FAR_FUTURE_EPOCH] * 2
    assert Registry.of([1, 2], 3, 4, slashed=True).slashed.tolist() == [True, True]
    given = np.array([1, 2])
    held = Registry.of(given, 3, 4).balances
    given[0] = 9
    assert held.tolist() == [1, 2]
    with pytest.raises(ValueError, match="read-only"):
        held[0] = 9
    assert registry == Registry.of([1, 2], 3, [4, 5])
    assert registry != Registry.of([1, 2], 3, [4, 6])
    assert state() == state()


def test_bad_registries():
    of: Any = Registry.of
    with pytest.raises(InputError, match=r"Registry\.of: effective_balances: must have one entry for each of 2"):
        of([1, 2], [1, 2, 3], 4)
    with pytest.raises(InputError, match=r"Registry\.of: effective_balances: must have one entry"):
        of([1, 2], [[1, 2]], 4)
    for name in ("inactivity_scores", "exit_epochs", "withdrawable_epochs"):
        with pytest.raises(InputError, match=rf"Registry\.of: {name}: must be"):
            of([1, 2], 1, 1, **{name: -1})
    for place, name in enumerate(("balances", "effective_balances", "max_effective_balances")):
        arguments: list[Any] = [[1], [1], [1]]
        arguments[place] = [2**62]
        with pytest.raises(InputError, match=rf"Registry\.of: {name}: must be in \[0, {2**62 - 1}\]"):
            of(*arguments)
        arguments[place] = [2**62 - 1]
        assert of(*arguments)
    with pytest.raises(InputTypeError, match=r"Registry\.of: balances"):
        of([1.0], 1, 1)


def test_the_first_two_epochs_have_rules_of_their_own():
    with pytest.raises(InputError, match=r"EpochState\.epoch: must be an integer in \[2, "):
        attrs.evolve(state(), epoch=1)
    assert attrs.evolve(state(), epoch=2).epoch == 2
    with pytest.raises(InputError, match=r"EpochState\.epoch"):
        attrs.evolve(state(), epoch=2**53 + 1)
    with pytest.raises(InputError, match="finalized_epoch: must be before current_epoch"):
        process_epoch(attrs.evolve(state(), epoch=EPOCH - 2), FULU, justify=False)


def test_participation_of_this_epoch_is_that_of_the_last_one_afterwards():
    before = state(flags=[7, 3, 1, 0])
    after = process_epoch(attrs.evolve(before, current_participation=np.array([1, 2, 4, 7, 7])), FULU)
    assert after.previous_participation.tolist() == [1, 2, 4, 7, 7]
    assert after.current_participation.tolist() == [0] * 5


@pytest.mark.parametrize(
    ("balances", "slashed", "told"),
    [
        (32, False, "balances: must be a list or array of one number for each validator, got 32"),
        ([32, 32], [True], "slashed: must be one flag, or one of each of 2 validators"),
        ([32, 32], [True, 2], "slashed: must be True or False"),
    ],
)
def test_a_registry_has_a_balance_and_a_flag_for_each_validator(balances, slashed, told):
    with pytest.raises(InputError, match=rf"^Registry\.of: {told}"):
        Registry.of(balances, 32, 32, slashed=slashed)
