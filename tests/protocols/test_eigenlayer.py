"""EigenLayer: scaling factors, slashings, and withdrawals in escrow."""

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.protocols.contracts import eigenlayer
from stakingmodels.protocols.contracts.eigenlayer import (
    MAINNET,
    WAD,
    Allocation,
    Deposit,
    Withdrawal,
    calc_deposit_shares,
    calc_slashed_amount,
    calc_withdrawable,
    get_slashable_shares_in_queue,
    get_slashing_factor,
    update_scaling_factor,
)

UINT256 = 2**256
HALF = WAD // 2
DELAY = 100_800
factors = st.integers(1, WAD)
shares = st.integers(0, 10**26)


def test_arithmetic_of_wads():
    assert eigenlayer.mul_wad(3, HALF) == 1
    assert eigenlayer.mul_wad_round_up(3, HALF) == 2
    assert eigenlayer.mul_wad_round_up(4, HALF) == 2
    assert eigenlayer.div_wad(1, 3 * WAD) == 0
    assert eigenlayer.div_wad(2, 3) == 666666666666666666


def test_the_factor_of_tokens_and_of_native_ether():
    assert get_slashing_factor(HALF) == HALF
    assert get_slashing_factor(HALF, HALF) == WAD // 4
    assert get_slashing_factor(1, WAD - 1) == 0
    assert get_slashing_factor(0) == get_slashing_factor(5, 0) == 0
    assert get_slashing_factor(WAD, WAD) == WAD


def test_slashed_shares_are_rounded_down():
    assert calc_slashed_amount(100, WAD, HALF) == 50
    assert calc_slashed_amount(7, WAD, WAD - 1) == 0
    assert calc_slashed_amount(3, 3, 1) == 2
    assert calc_slashed_amount(4, 3, 1) == 2
    assert calc_slashed_amount(5, 7, 7) == 0
    assert calc_slashed_amount(5, 7, 0) == 5
    assert calc_slashed_amount(5, 1, 0) == 5


@given(shares, factors, st.data())
def test_a_slashing_in_two_takes_no_more_than_in_one(amount, before, data):
    after = data.draw(st.integers(0, before))
    between = data.draw(st.integers(max(after, 1), before))
    first = calc_slashed_amount(amount, before, between)
    both = first + calc_slashed_amount(amount - first, between, after)
    assert 0 <= calc_slashed_amount(amount, before, after) - both <= 1 + between // before


def test_what_can_be_withdrawn_is_rounded_twice():
    assert calc_withdrawable(0, 100, HALF) == 50
    assert calc_withdrawable(WAD, 3, HALF) == 1
    assert calc_withdrawable(HALF, 3, HALF) == 0
    assert calc_withdrawable(3 * WAD, 3, HALF) == 4
    assert calc_withdrawable(3 * HALF, 3, WAD) == 4
    assert calc_withdrawable(WAD, 3, 0) == 0
    assert eigenlayer.scaling_factor(0) == WAD
    assert eigenlayer.scaling_factor(5) == 5


def test_the_deposit_behind_withdrawable_shares():
    assert calc_deposit_shares(2 * WAD, 5, HALF) == 4
    assert calc_deposit_shares(0, 5, WAD) == 5
    assert calc_deposit_shares(0, 5, 3) == 5 * WAD // 3


def test_the_first_deposit_forgives_earlier_slashings():
    assert update_scaling_factor(0, 0, 100, WAD) == WAD
    assert update_scaling_factor(0, 0, 100, HALF) == 2 * WAD
    assert update_scaling_factor(HALF, 0, 100, HALF) == WAD
    assert update_scaling_factor(0, 0, 100, 3) == WAD * WAD // 3


def test_a_later_deposit_bears_no_earlier_slashing():
    # 100 shares worth 50, and 50 more: 150 shares worth 100 at a factor of a half
    scaling = update_scaling_factor(0, 100, 50, HALF)
    assert scaling == 2 * (100 * WAD // 150)
    assert calc_withdrawable(scaling, 150, HALF) == 99
    assert update_scaling_factor(0, 100, 0, HALF) == WAD


@given(st.integers(1, 10**24), st.integers(1, 10**24), st.integers(10**15, WAD), st.integers(10**15, 10**20))
def test_a_deposit_adds_what_it_brings(before, added, slashing, scaling):
    start = calc_withdrawable(scaling, before, slashing)
    after = calc_withdrawable(update_scaling_factor(scaling, before, added, slashing), before + added, slashing)
    assert after <= start + added
    assert start + added - after <= 2 + (before + added) // 10**15


def test_a_scaling_factor_never_becomes_nothing():
    with pytest.raises(InputError) as error:
        update_scaling_factor(1, WAD + 1, 0, WAD)
    assert str(error.value) == "update_scaling_factor: added_shares: must leave a scaling factor above 0, got 0"


def test_an_allocation_is_slashed_and_rounded_up():
    assert Allocation(current_magnitude=HALF).slash(HALF) == Allocation(
        current_magnitude=WAD // 4, max_magnitude=3 * WAD // 4
    )
    assert Allocation(current_magnitude=3).slash(1) == Allocation(current_magnitude=2, max_magnitude=WAD - 1)
    assert Allocation(current_magnitude=5, max_magnitude=5).slash(WAD) == Allocation(
        current_magnitude=0, max_magnitude=0
    )
    assert Allocation(current_magnitude=0).slash(WAD) == Allocation(current_magnitude=0)
    message = r"^Allocation.current_magnitude: must be at most max_magnitude, 5, got 6$"
    with pytest.raises(InputError, match=message):
        Allocation(current_magnitude=6, max_magnitude=5)


@pytest.mark.parametrize("part", [0, WAD + 1, 1.0])
def test_a_part_that_cannot_be_slashed(part):
    with pytest.raises((InputError, InputTypeError), match=r"^slash: wad_to_slash: must be an integer"):
        Allocation(current_magnitude=5).slash(part)


def test_a_deposit_through_its_life():
    deposit = Deposit().add(100 * WAD, WAD)
    assert deposit == Deposit(100 * WAD, WAD)
    assert deposit.withdrawable(HALF) == 50 * WAD
    after = deposit.add(50 * WAD, HALF)
    assert after.shares == 150 * WAD
    assert after.withdrawable(HALF) == pytest.approx(100 * WAD, rel=1e-15)
    left, withdrawal = after.queue_withdrawal(60 * WAD, 7)
    assert left == Deposit(90 * WAD, after.deposit_scaling_factor)
    assert withdrawal == Withdrawal(start_block=7, scaled_shares=60 * after.deposit_scaling_factor)
    assert withdrawal.complete(HALF) == pytest.approx(40 * WAD, rel=1e-15)
    assert withdrawal.complete(HALF // 2) == pytest.approx(20 * WAD, rel=1e-15)


def test_a_deposit_that_has_gone_forgets_its_factor():
    gone, withdrawal = Deposit(5, 2 * WAD).queue_withdrawal(5, 0)
    assert gone == Deposit(0, 0)
    assert withdrawal.scaled_shares == 10
    assert Deposit(5).queue_withdrawal(5, 0)[1].scaled_shares == 5
    assert Deposit(5, 7).queue_withdrawal(0, 0)[0] == Deposit(5, 7)
    with pytest.raises(
        InputError, match=r"^queue_withdrawal: deposit_shares: must be at most the deposit's, 5, got 6$"
    ):
        Deposit(5).queue_withdrawal(6, 0)


def test_nothing_added_changes_nothing():
    deposit = Deposit(5, 7)
    assert deposit.add(0, HALF) is deposit
    empty = Deposit(0, 7)
    assert empty.delegate(HALF) is empty


def test_joining_an_operator_forgives_its_slashings():
    joined = Deposit(100 * WAD).delegate(HALF)
    assert joined == Deposit(100 * WAD, 2 * WAD)
    assert joined.withdrawable(HALF) == 100 * WAD
    assert Deposit(1).delegate(1) == Deposit(1, WAD * WAD)


def test_escrow_lasts_fourteen_days_and_is_slashable_throughout():
    withdrawal = Withdrawal(start_block=1000, scaled_shares=10)
    assert withdrawal.slashable_until() == 1000 + DELAY
    assert not withdrawal.is_completable(1000 + DELAY)
    assert not withdrawal.is_completable(0)
    assert withdrawal.complete(0) == 0
    assert MAINNET.days(0) == 0.0
    assert withdrawal.is_completable(1000 + DELAY + 1)
    soon = attrs.evolve(MAINNET, min_withdrawal_delay_blocks=5)
    assert withdrawal.slashable_until(soon) == 1005
    assert withdrawal.is_completable(1006, soon)
    assert MAINNET.days(MAINNET.min_withdrawal_delay_blocks) == 14.0
    assert MAINNET.days(MAINNET.allocation_configuration_delay) == 17.5
    assert MAINNET.days(MAINNET.deallocation_delay) == 14.0
    assert (MAINNET.as_of, MAINNET.default_operator_split_bips) == ("2026-05-01", 1_000)


def test_a_slashing_reaches_what_is_in_escrow():
    queue = [Withdrawal(start_block=block, scaled_shares=10) for block in (0, 1, 5)]

    def slashed(block: int) -> int:
        return get_slashable_shares_in_queue(queue, block, WAD, HALF)

    assert [slashed(block) for block in (0, 1, 5, DELAY, DELAY + 1, DELAY + 2, DELAY + 6)] == [5, 10, 15, 15, 10, 5, 0]
    assert get_slashable_shares_in_queue(queue, 5, HALF, 0) == 15
    assert get_slashable_shares_in_queue(queue, 5, HALF, HALF // 2) == 7
    assert get_slashable_shares_in_queue(queue, 5, 1, 0) == 0
    assert get_slashable_shares_in_queue(queue, 5, 0, 0) == 0
    assert get_slashable_shares_in_queue([], 5, WAD, 0) == 0
    soon = attrs.evolve(MAINNET, min_withdrawal_delay_blocks=2)
    assert get_slashable_shares_in_queue(queue, 5, WAD, HALF, soon) == 5


FUNCTIONS = {
    "get_slashing_factor: max_magnitude": get_slashing_factor,
    "get_slashing_factor: beacon_chain_slashing_factor": lambda value: get_slashing_factor(5, value),
    "calc_slashed_amount: operator_shares": lambda value: calc_slashed_amount(value, 5, 5),
    "calc_slashed_amount: prev_max_magnitude": lambda value: calc_slashed_amount(5, value, 0),
    "calc_slashed_amount: new_max_magnitude": lambda value: calc_slashed_amount(5, 5, value),
    "scaling_factor: deposit_scaling_factor": eigenlayer.scaling_factor,
    "calc_withdrawable: deposit_shares": lambda value: calc_withdrawable(0, value, 5),
    "calc_withdrawable: slashing_factor": lambda value: calc_withdrawable(0, 5, value),
    "calc_deposit_shares: withdrawable_shares": lambda value: calc_deposit_shares(0, value, 5),
    "calc_deposit_shares: slashing_factor": lambda value: calc_deposit_shares(0, 5, value),
    "update_scaling_factor: prev_deposit_shares": lambda value: update_scaling_factor(0, value, 5, 5),
    "update_scaling_factor: added_shares": lambda value: update_scaling_factor(0, 5, value, 5),
    "update_scaling_factor: slashing_factor": lambda value: update_scaling_factor(0, 5, 5, value),
    "is_completable: block": Withdrawal(start_block=5, scaled_shares=5).is_completable,
    "complete: slashing_factor": Withdrawal(start_block=5, scaled_shares=5).complete,
    "get_slashable_shares_in_queue: block": lambda value: get_slashable_shares_in_queue([], value, 5, 5),
    "get_slashable_shares_in_queue: prev_max_magnitude": lambda value: get_slashable_shares_in_queue([], 5, value, 0),
    "add: added_shares": lambda value: Deposit(5).add(value, 5),
    "delegate: max_magnitude": Deposit(5).delegate,
    "queue_withdrawal: deposit_shares": lambda value: Deposit(5).queue_withdrawal(value, 5),
    "queue_withdrawal: block": lambda value: Deposit(5).queue_withdrawal(5, value),
    "days: blocks": MAINNET.days,
    "Deposit.shares": Deposit,
    "Deposit.deposit_scaling_factor": lambda value: Deposit(5, value),
    "Withdrawal.start_block": lambda value: Withdrawal(start_block=value, scaled_shares=5),
    "Withdrawal.scaled_shares": lambda value: Withdrawal(start_block=5, scaled_shares=value),
    "Allocation.current_magnitude": lambda value: Allocation(current_magnitude=value),
    "Allocation.max_magnitude": lambda value: Allocation(current_magnitude=0, max_magnitude=value),
    "Settings.min_withdrawal_delay_blocks": lambda value: attrs.evolve(MAINNET, min_withdrawal_delay_blocks=value),
    "Settings.seconds_per_block": lambda value: attrs.evolve(MAINNET, seconds_per_block=value),
    "Settings.default_operator_split_bips": lambda value: attrs.evolve(MAINNET, default_operator_split_bips=value),
}


@pytest.mark.parametrize("where", FUNCTIONS)
@pytest.mark.parametrize("value", [-1, 1.0, True, None, "1", UINT256])
def test_what_is_no_amount_is_refused(where, value):
    with pytest.raises((InputError, InputTypeError), match=rf"^{where}: must be an integer"):
        FUNCTIONS[where](value)


@pytest.mark.parametrize(
    "where",
    [
        "calc_slashed_amount: prev_max_magnitude",
        "calc_deposit_shares: slashing_factor",
        "update_scaling_factor: slashing_factor",
        "delegate: max_magnitude",
    ],
)
def test_nothing_is_divided_by_nothing(where):
    with pytest.raises(InputError, match=rf"^{where}: must be an integer in \[1, {WAD}\]"):
        FUNCTIONS[where](0)


@pytest.mark.parametrize(
    "where",
    [
        "get_slashing_factor: max_magnitude",
        "get_slashing_factor: beacon_chain_slashing_factor",
        "calc_slashed_amount: prev_max_magnitude",
        "calc_withdrawable: slashing_factor",
        "calc_deposit_shares: slashing_factor",
        "update_scaling_factor: slashing_factor",
        "complete: slashing_factor",
        "get_slashable_shares_in_queue: prev_max_magnitude",
        "delegate: max_magnitude",
        "Allocation.max_magnitude",
    ],
)
def test_no_factor_is_above_one(where):
    FUNCTIONS[where](WAD)
    with pytest.raises(InputError, match=rf"^{where}: must be an integer in \[[01], {WAD}\]"):
        FUNCTIONS[where](WAD + 1)


def test_a_slashing_leaves_no_more_than_there_was():
    with pytest.raises(InputError, match=r"^calc_slashed_amount: new_max_magnitude: must be an integer in \[0, 5\]"):
        calc_slashed_amount(1, 5, 6)
    with pytest.raises(InputError, match=r"^update_scaling_factor: slashing_factor: must be an integer in \[1, "):
        Deposit(5).add(5, 0)
