import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.protocols.chains.ethereum import (
    BELLATRIX,
    DENEB,
    FULU,
    GWEI_PER_ETH,
    ChurnQueue,
    EpochState,
    Finality,
    Registry,
    SlashingEffects,
    SlashingLoss,
    Slashings,
    compute_exit_epoch_and_update_churn,
    counts_in_correlation_penalty,
    get_correlation_epoch,
    get_correlation_penalty,
    max_effective_balance_for,
    process_epoch,
    process_slashing,
    slash_validator,
    slashing_loss,
)

T = 35_600_000 * GWEI_PER_ETH
ETH32, ETH2048 = 32 * GWEI_PER_ETH, 2_048 * GWEI_PER_ETH
SMALL = 16_384 * ETH32


def test_immediate_effects():
    found = slash_validator(ETH32, ETH32, 1_000, 1_261, FULU)
    assert found == SlashingEffects(7_812_500, 976_562, 6_835_938, 9_192, ETH32)
    assert found.proposer_reward + found.whistleblower_reward == ETH32 // 4_096
    old = slash_validator(ETH32, ETH32, 1_000, 1_261, BELLATRIX)
    assert old == SlashingEffects(10**9, 7_812_500, 54_687_500, 9_192, ETH32)


def test_a_penalty_takes_no_more_than_there_is():
    assert slash_validator(ETH32, 7_812_499, 0, 1, FULU).penalty == 7_812_499
    assert slash_validator(ETH32, 0, 0, 1, FULU).penalty == 0
    assert slash_validator(0, 0, 0, 1, FULU) == SlashingEffects(0, 0, 0, 8_192, 0)


def test_a_long_queue_puts_off_the_withdrawal():
    assert [slash_validator(ETH32, ETH32, 10, exits, FULU).withdrawable_epoch for exits in (8_201, 8_202, 8_203)] == [
        8_202,
        8_202,
        8_203,
    ]


def test_bad_slashings():
    with pytest.raises(InputError, match="withdrawable_epoch: must be after epoch 10, got 10"):
        slash_validator(ETH32, ETH32, 10, 10, FULU)
    good = {"effective_balance": ETH32, "balance": ETH32, "epoch": 10, "withdrawable_epoch": 300}
    for name in good:
        with pytest.raises(InputError, match=f"slash_validator: {name}: must be an integer in \\[0"):
            slash_validator(**(good | {name: -1}), ruleset=FULU)
    with pytest.raises(InputTypeError, match="effective_balance"):
        slash_validator(32e9, ETH32, 10, 300, FULU)  # type: ignore[arg-type]


@pytest.mark.parametrize(("slashed", "eth"), [(1, 0.00585936), (100, 0.585937472), (1_000, 5.859374976), (5_462, 32.0)])
def test_published_correlation_penalties(slashed, eth):
    assert get_correlation_penalty(ETH32, slashed * ETH32, SMALL, FULU) == round(eth * 10**9)


@pytest.mark.parametrize("rules", [BELLATRIX, DENEB], ids=lambda rules: rules.name)
def test_before_electra_a_lone_slashing_cost_nothing_more(rules):
    assert get_correlation_penalty(ETH32, ETH32, T, rules) == 0
    # Whole ETH, rounded down: 32 * 3 * 1_000 / 16_384 = 5.86.
    assert get_correlation_penalty(ETH32, 1_000 * ETH32, SMALL, rules) == 5 * GWEI_PER_ETH
    assert get_correlation_penalty(np.array([ETH32]), 1_000 * ETH32, SMALL, rules).tolist() == [5 * GWEI_PER_ETH]


@pytest.mark.parametrize("rules", [BELLATRIX, FULU], ids=lambda rules: rules.name)
def test_a_third_of_the_stake_loses_everything(rules):
    third = 12_000_000 * GWEI_PER_ETH
    total = 36_000_000 * GWEI_PER_ETH
    assert get_correlation_penalty(ETH32, third, total, rules) == ETH32
    assert get_correlation_penalty(ETH32, total, total, rules) == ETH32
    assert get_correlation_penalty(ETH32, third - 10**12, total, rules) < ETH32
    assert get_correlation_penalty(ETH32, 0, total, rules) == 0


@given(st.integers(0, 2_048), st.integers(0, 40_000_000))
def test_correlation_in_plain_integers(eth, slashed):
    total = 40_000_000 * GWEI_PER_ETH
    expected = min(3 * slashed * GWEI_PER_ETH, total) // 40_000_000 * eth
    assert get_correlation_penalty(eth * GWEI_PER_ETH, slashed * GWEI_PER_ETH, total, FULU) == expected
    found = get_correlation_penalty(np.array([eth]) * GWEI_PER_ETH, slashed * GWEI_PER_ETH, total, FULU)
    assert found.tolist() == [expected]
    assert 0 <= expected <= eth * GWEI_PER_ETH
    assert type(get_correlation_penalty(ETH32, 0, total, FULU)) is int


def test_bad_correlations():
    with pytest.raises(InputError, match="effective_balance: must not be above total_active_balance"):
        get_correlation_penalty(ETH32 + 1, 0, ETH32, FULU)
    assert get_correlation_penalty(ETH32, 0, ETH32, FULU) == 0
    with pytest.raises(InputError, match="effective_balance: must not be above"):
        get_correlation_penalty(np.array([1, ETH32 + 1]), 0, ETH32, FULU)
    with pytest.raises(InputError, match="slashed_balance"):
        get_correlation_penalty(ETH32, (2**63 - 1) // 3 + 1, T, FULU)
    assert get_correlation_penalty(ETH32, (2**63 - 1) // 3, T, FULU) == ETH32
    with pytest.raises(InputError, match="total_active_balance"):
        get_correlation_penalty(0, 0, GWEI_PER_ETH - 1, FULU)
    assert get_correlation_penalty(0, 0, GWEI_PER_ETH, FULU) == 0
    with pytest.raises(InputError, match="effective_balance"):
        get_correlation_penalty(-1, 0, T, FULU)
    with pytest.raises(InputError, match="too large: a product passes int64"):
        get_correlation_penalty(np.array([300 * GWEI_PER_ETH]), T, T, BELLATRIX)
    assert get_correlation_penalty(np.array([259 * GWEI_PER_ETH]), T, T, BELLATRIX).tolist() == [259 * GWEI_PER_ETH]


def test_epochs_of_a_slashing():
    assert get_correlation_epoch(10_000, FULU) == 5_904
    assert get_correlation_epoch(4_096, FULU) == 0
    assert get_correlation_epoch(np.array([10_000]), FULU).tolist() == [5_904]
    with pytest.raises(InputError, match="withdrawable_epoch"):
        get_correlation_epoch(4_095, FULU)


def test_a_slashing_is_forgotten_after_8192_epochs():
    assert [counts_in_correlation_penalty(100, epoch, FULU) for epoch in (100, 8_291, 8_292)] == [True, True, False]
    assert counts_in_correlation_penalty(0, 0, FULU)
    assert not counts_in_correlation_penalty(0, 2**53, FULU)
    with pytest.raises(InputError, match="counts_in_correlation_penalty: epoch: must be an integer"):
        counts_in_correlation_penalty(0, 2**53 + 1, FULU)
    with pytest.raises(InputError, match="epoch: must not be before slashed_epoch 100, got 99"):
        counts_in_correlation_penalty(100, 99, FULU)
    with pytest.raises(InputError, match="slashed_epoch"):
        counts_in_correlation_penalty(-1, 99, FULU)
    with pytest.raises(InputError, match="counts_in_correlation_penalty: epoch"):
        counts_in_correlation_penalty(0, -1, FULU)


def test_the_record_of_slashings():
    none = Slashings.empty(FULU)
    assert none.by_epoch.shape == (8_192,)
    one = none.add(5, ETH32).add(5, ETH32).add(8_192 + 6, 7)
    assert (none.total(), one.total()) == (0, 2 * ETH32 + 7)
    assert type(one.total()) is int
    assert one.by_epoch[[5, 6]].tolist() == [2 * ETH32, 7]
    # The entry of epoch 5 makes room for epoch 5 + 8,192, at the end of the epoch before that.
    assert one.reset(5 + 8_190).total() == 2 * ETH32 + 7
    assert one.reset(5 + 8_191).total() == 7
    assert one.reset(5 + 8_191).add(5 + 8_192, 1).by_epoch[5] == 1
    assert one.total() == 2 * ETH32 + 7
    assert one.add(1, 3).reset(0).total() == 2 * ETH32 + 7
    assert none == Slashings.empty(FULU) != one


def test_bad_records():
    none = Slashings.empty(FULU)
    with pytest.raises(InputError, match=r"Slashings\.add: slashed_balance"):
        none.add(0, -1)
    with pytest.raises(InputError, match=r"Slashings\.add: epoch"):
        none.add(-1, 1)
    with pytest.raises(InputError, match=r"Slashings\.reset: epoch"):
        none.reset(-1)
    full = none.add(0, 2**63 - 1)
    assert full.total() == 2**63 - 1
    with pytest.raises(InputError, match=r"Slashings\.add: slashed_balance: must be an integer in \[0, 0\]"):
        full.add(1, 1)


def test_one_validator_alone():
    found = slashing_loss(ETH32, T)
    assert found.total == 63_440_532
    assert attrs.astuple(found)[:3] == (7_812_500, 55_541_760, 86_272)
    assert found.forgone_reward == pytest.approx(88_866_692.203, abs=0.01)
    assert (found.exit_epochs, found.withdrawable_epochs) == (5, 8_192)


def test_a_large_validator_alone():
    found = slashing_loss(ETH2048, T)
    assert found.total == 4_402_995_365
    assert found.exit_epochs == 12
    assert found.forgone_reward == pytest.approx(5_687_468_301.0, abs=1.0)


def test_a_long_queue_removes_the_correlation_penalty():
    found = slashing_loss(ETH32, T, exit_queue_ahead=3_500_000 * GWEI_PER_ETH)
    assert found.correlation_penalty == 0
    assert found.exit_epochs == 5 + 3_500_000 // 256 == 13_676
    assert found.withdrawable_epochs == 13_676 + 256
    # The last exit for which the slashing is remembered: 12,031 epochs.
    ahead = (12_031 - 5) * 256 * GWEI_PER_ETH
    assert slashing_loss(ETH32, T, exit_queue_ahead=ahead).correlation_penalty > 0
    after = slashing_loss(ETH32, T, exit_queue_ahead=ahead + 225 * GWEI_PER_ETH)
    assert (after.exit_epochs, after.correlation_penalty) == (12_032, 0)


def test_many_slashed_together_lose_more():
    losses = [slashing_loss(ETH32, T, other_slashed=share * T // 100).total for share in (0, 1, 10, 32, 34)]
    assert losses == sorted(losses)
    assert losses[-1] == ETH32
    assert slashing_loss(ETH32, T, other_slashed=T - ETH32).total == ETH32
    old = slashing_loss(ETH32, T, balance=10**6)
    assert old == attrs.evolve(old, initial_penalty=10**6, attestation_penalties=0, correlation_penalty=0)


SHORT = attrs.evolve(FULU, epochs_per_slashings_vector=128, min_validator_withdrawability_delay=40)
"""Slashings of 128 epochs, so that a whole life takes no time."""


def lived_loss(eb, balance, total, others, ahead, *, compounding):
    """The same with the whole transition, epoch by epoch: initial penalty, all that is lost, epochs."""
    rest = [total - eb - others] + [others] * (others > 0)
    most = max_effective_balance_for(compounding, SHORT)
    registry = Registry.of([balance, *rest], [eb, *rest], [most, *rest])
    flags = np.full(1 + len(rest), 7)
    queue = compute_exit_epoch_and_update_churn(ChurnQueue(), ahead, 1_000, total, SHORT) if ahead else ChurnQueue()
    state = EpochState(
        epoch=1_000,
        registry=registry,
        previous_participation=flags,
        current_participation=flags,
        finality=Finality.finalizing(1_000),
        exits=queue,
        slashings=Slashings.empty(SHORT).add(1_000, others),
    )
    state = process_slashing(state, 0, SHORT)
    initial = balance - int(state.registry.balances[0])
    end = int(state.registry.withdrawable_epochs[0])
    while state.epoch < end:
        state = attrs.evolve(state, previous_participation=flags, finality=Finality.finalizing(state.epoch))
        state = process_epoch(state, SHORT, justify=False)
    lost = balance - int(state.registry.balances[0])
    return initial, lost, int(state.registry.exit_epochs[0]) - 1_000, end - 1_000


@pytest.mark.parametrize(("others", "ahead"), [(0, 0), (20_000, 0), (0, 18_000), (20_000, 6_000)])
@pytest.mark.parametrize(("eth", "excess"), [(2_048, 0), (2_048, 10**9), (32, 0), (40, -(10**8)), (31, 4 * 10**9)])
def test_losses_are_those_of_the_whole_transition(eth, excess, others, ahead):
    eb, total = eth * GWEI_PER_ETH, 60_000 * GWEI_PER_ETH
    found = slashing_loss(
        eb,
        total,
        balance=eb + excess,
        other_slashed=others * GWEI_PER_ETH,
        exit_queue_ahead=ahead * GWEI_PER_ETH,
        ruleset=SHORT,
    )
    expected = lived_loss(eb, eb + excess, total, others * GWEI_PER_ETH, ahead * GWEI_PER_ETH, compounding=eth > 32)
    assert (found.initial_penalty, found.total, found.exit_epochs, found.withdrawable_epochs) == expected


def test_losses_as_the_epochs_go():
    """The same life with the whole transition, epoch by epoch, is in the reference vectors; here its edges."""
    # A balance above the effective balance loses the same until a step comes.
    assert slashing_loss(ETH32, T, balance=ETH32 + 10**9).total == 63_440_532
    # 0x02 at 32 ETH with 34 ETH rises to 33 at the end of the first epoch, 0x01 does not.
    rising = slashing_loss(ETH32, T, balance=34 * GWEI_PER_ETH, compounding=True)
    assert rising.total > slashing_loss(ETH32, T, balance=34 * GWEI_PER_ETH, compounding=False).total == 63_440_532
    assert slashing_loss(ETH32, T, balance=34 * GWEI_PER_ETH).total == 63_440_532
    assert slashing_loss(33 * GWEI_PER_ETH, T) == slashing_loss(33 * GWEI_PER_ETH, T, compounding=True)


def test_bad_losses():
    with pytest.raises(InputError, match="slashing_loss: effective_balance"):
        slashing_loss(T // 2 + GWEI_PER_ETH, T)
    with pytest.raises(InputError, match="slashing_loss: effective_balance"):
        slashing_loss(GWEI_PER_ETH - 1, T)
    with pytest.raises(InputError, match="slashing_loss: balance"):
        slashing_loss(ETH32, T, balance=-1)
    with pytest.raises(InputError, match="slashing_loss: balance"):
        slashing_loss(ETH32, T, balance=2**62)
    assert slashing_loss(ETH32, T, balance=2**62 - 1).initial_penalty == 7_812_500
    with pytest.raises(InputError, match="slashing_loss: exit_queue_ahead"):
        slashing_loss(ETH32, T, exit_queue_ahead=2**53 + 1)
    with pytest.raises(InputError, match="slashing_loss: other_slashed"):
        slashing_loss(ETH32, T, other_slashed=T)
    with pytest.raises(InputError, match="slashing_loss: exit_queue_ahead"):
        slashing_loss(ETH32, T, exit_queue_ahead=-1)
    with pytest.raises(InputError, match="slashing_loss: total_active_balance"):
        slashing_loss(ETH32, 0)
    with pytest.raises(InputError, match="must be of Electra or a later fork"):
        slashing_loss(ETH32, T, ruleset=DENEB)
    assert slashing_loss(GWEI_PER_ETH, T).initial_penalty == 10**9 // 4_096
    assert isinstance(slashing_loss(ETH32, 2 * ETH32), SlashingLoss)


def test_a_total_is_counted_in_whole_increments():
    total = 40_000_000 * GWEI_PER_ETH
    assert get_correlation_penalty(ETH32, total // 10, total + 1, FULU) == 3 * total // 10 // 40_000_000 * 32
