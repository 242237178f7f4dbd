"""Exits, partial withdrawals, consolidations and the switch to compounding, as asked for by stakers."""

import attrs
import pytest

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.protocols.chains.ethereum import FAR_FUTURE_EPOCH, FULU, GLOAS, GWEI_PER_ETH
from stakingmodels.protocols.chains.ethereum.churn import ChurnQueue
from stakingmodels.protocols.chains.ethereum.deposits import DepositQueue, PendingDeposit
from stakingmodels.protocols.chains.ethereum.requests import (
    PENDING_CONSOLIDATIONS_LIMIT,
    get_pending_balance_to_withdraw,
    initiate_validator_exit,
    process_consolidation_request,
    process_pending_consolidations,
    process_withdrawal_request,
    switch_to_compounding_validator,
)
from stakingmodels.protocols.chains.ethereum.state import (
    BeaconState,
    PendingConsolidation,
    PendingPartialWithdrawal,
    Validator,
)

ETH = GWEI_PER_ETH
NOW = 1000
TODAY = 35_600_000 * ETH
PLAIN = Validator(32 * ETH, 32 * ETH, 1)
COMPOUNDING = Validator(2048 * ETH, 2048 * ETH, 2)
ACTIVE_FOR_256 = NOW - 256


def _state(*validators, total=TODAY, **more):
    return BeaconState(current_epoch=NOW, total_active_balance=total, validators=validators, **more)


def _dropped(state, amount=0, index=0):
    return process_withdrawal_request(state, index, amount, FULU) is state


def test_an_exit_takes_its_turn_and_256_epochs():
    after = initiate_validator_exit(_state(PLAIN, COMPOUNDING), 1, FULU)
    assert after.validators[0] is PLAIN
    assert after.validators[1] == attrs.evolve(COMPOUNDING, exit_epoch=NOW + 12, withdrawable_epoch=NOW + 268)
    assert after.exits == ChurnQueue(NOW + 12, 0)
    again = initiate_validator_exit(after, 1, FULU)
    assert again is after


def test_an_exit_takes_up_effective_balance():
    after = initiate_validator_exit(_state(attrs.evolve(PLAIN, balance=40 * ETH)), 0, FULU)
    assert after.exits.balance_to_consume == 224 * ETH


@pytest.mark.parametrize("prefix", [1, 2])
def test_a_full_exit_is_asked_for_with_nothing(prefix):
    state = _state(attrs.evolve(PLAIN, withdrawal_prefix=prefix))
    after = process_withdrawal_request(state, 0, 0, FULU)
    assert after == initiate_validator_exit(state, 0, FULU)
    assert after.validators[0].exit_epoch == NOW + 5


@pytest.mark.parametrize(
    "changed",
    [
        {"withdrawal_prefix": 0},
        {"withdrawal_prefix": 3},
        {"exit_epoch": NOW + 1},
        {"exit_epoch": NOW},
        {"activation_epoch": ACTIVE_FOR_256 + 1},
        {"activation_epoch": FAR_FUTURE_EPOCH},
    ],
)
@pytest.mark.parametrize("amount", [0, ETH])
def test_requests_of_those_who_may_not_are_dropped(changed, amount):
    assert _dropped(_state(attrs.evolve(COMPOUNDING, **changed)), amount)


@pytest.mark.parametrize("amount", [0, ETH])
def test_256_epochs_of_duty_are_enough(amount):
    assert not _dropped(_state(attrs.evolve(COMPOUNDING, activation_epoch=ACTIVE_FOR_256)), amount)


def test_no_full_exit_while_a_partial_withdrawal_is_pending():
    pending = (PendingPartialWithdrawal(1, 1, NOW + 300),)
    state = _state(COMPOUNDING, COMPOUNDING, pending_partial_withdrawals=pending)
    assert _dropped(state, index=1)
    assert not _dropped(state, index=0)


def test_a_partial_withdrawal_takes_its_turn_among_exits():
    state = _state(COMPOUNDING, exits=ChurnQueue(NOW + 5, 10 * ETH))
    after = process_withdrawal_request(state, 0, 100 * ETH, FULU)
    assert after.pending_partial_withdrawals == (PendingPartialWithdrawal(0, 100 * ETH, NOW + 6 + 256),)
    assert after.exits == ChurnQueue(NOW + 6, 166 * ETH)
    assert after.validators == state.validators


def test_partial_withdrawals_are_cut_down_to_what_exceeds_32_eth():
    state = _state(COMPOUNDING)
    first = process_withdrawal_request(state, 0, 2000 * ETH, FULU)
    second = process_withdrawal_request(first, 0, 2000 * ETH, FULU)
    assert [each.amount for each in second.pending_partial_withdrawals] == [2000 * ETH, 16 * ETH]
    assert get_pending_balance_to_withdraw(second, 0) == 2016 * ETH
    assert _dropped(second, 1)


def test_the_last_gwei_can_be_asked_for():
    validator = Validator(32 * ETH, 32 * ETH + 1, 2)
    after = process_withdrawal_request(_state(validator), 0, 2**64 - 1, FULU)
    assert after.pending_partial_withdrawals[0].amount == 1


@pytest.mark.parametrize(
    "validator",
    [
        Validator(32 * ETH, 33 * ETH, 1),
        Validator(31 * ETH, 33 * ETH, 2),
        Validator(32 * ETH, 32 * ETH, 2),
        Validator(32 * ETH, 31 * ETH, 2),
    ],
)
def test_partial_withdrawals_of_those_who_may_not_are_dropped(validator):
    assert _dropped(_state(validator), 1)


def test_a_crowded_queue_takes_full_exits_only():
    rules = attrs.evolve(FULU, pending_partial_withdrawals_limit=1)
    pending = (PendingPartialWithdrawal(1, 1, NOW),)
    state = _state(COMPOUNDING, COMPOUNDING, pending_partial_withdrawals=pending)
    assert process_withdrawal_request(state, 0, 1, rules) is state
    assert process_withdrawal_request(state, 0, 0, rules).validators[0].exit_epoch == NOW + 12
    roomy = attrs.evolve(FULU, pending_partial_withdrawals_limit=2)
    assert len(process_withdrawal_request(state, 0, 1, roomy).pending_partial_withdrawals) == 2


def test_only_a_validators_own_withdrawals_are_pending_for_it():
    pending = tuple(PendingPartialWithdrawal(index, amount, NOW) for index, amount in ((0, 1), (1, 2), (0, 4)))
    state = _state(COMPOUNDING, COMPOUNDING, pending_partial_withdrawals=pending)
    assert [get_pending_balance_to_withdraw(state, index) for index in (0, 1)] == [5, 2]


@pytest.mark.parametrize(
    ("index", "amount", "error", "named"),
    [
        (1, 0, InputError, "index"),
        (-1, 0, InputError, "index"),
        (0, -1, InputError, "amount"),
        (0, 2**64, InputError, "amount"),
        (0, 1.0, InputTypeError, "amount"),
    ],
)
def test_bad_requests_are_refused(index, amount, error, named):
    with pytest.raises(error, match=f"process_withdrawal_request: {named}"):
        process_withdrawal_request(_state(COMPOUNDING), index, amount, FULU)


def test_an_exit_of_nobody_is_refused():
    with pytest.raises(InputError, match="initiate_validator_exit: index"):
        initiate_validator_exit(_state(PLAIN), 1, FULU)


def _consolidate(state, source=0, target=1, ruleset=FULU):
    return process_consolidation_request(state, source, target, ruleset)


def test_a_consolidation_takes_its_turn_in_a_queue_of_its_own():
    after = _consolidate(_state(PLAIN, COMPOUNDING, exits=ChurnQueue(5000, 1)))
    assert after.validators[0] == attrs.evolve(PLAIN, exit_epoch=NOW + 5, withdrawable_epoch=NOW + 261)
    assert after.validators[1] is COMPOUNDING
    assert after.consolidations == ChurnQueue(NOW + 5, (287 - 32) * ETH)
    assert after.pending_consolidations == (PendingConsolidation(0, 1),)
    assert after.exits == ChurnQueue(5000, 1)


def test_gloas_has_more_room_for_consolidations():
    assert _consolidate(_state(PLAIN, COMPOUNDING), ruleset=GLOAS).consolidations.balance_to_consume == 511 * ETH


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ({"withdrawal_prefix": 0}, {}),
        ({"exit_epoch": NOW + 1}, {}),
        ({"activation_epoch": ACTIVE_FOR_256 + 1}, {}),
        ({}, {"withdrawal_prefix": 1}),
        ({}, {"exit_epoch": NOW + 1}),
        ({}, {"activation_epoch": NOW + 1}),
    ],
)
def test_consolidations_of_those_who_may_not_are_dropped(source, target):
    state = _state(attrs.evolve(PLAIN, **source), attrs.evolve(COMPOUNDING, **target))
    assert _consolidate(state) is state


def test_a_target_may_be_new():
    state = _state(
        attrs.evolve(PLAIN, activation_epoch=ACTIVE_FOR_256), attrs.evolve(COMPOUNDING, activation_epoch=NOW)
    )
    assert _consolidate(state) is not state


def test_no_consolidation_while_a_partial_withdrawal_is_pending():
    pending = (PendingPartialWithdrawal(0, 1, NOW),)
    state = _state(COMPOUNDING, COMPOUNDING, pending_partial_withdrawals=pending)
    assert _consolidate(state) is state
    assert _consolidate(state, 1, 0) is not state


@pytest.mark.parametrize(("total", "taken"), [((256 + 32) * 65_536 * ETH, False), ((256 + 33) * 65_536 * ETH, True)])
def test_consolidations_are_dropped_where_there_is_little_churn(total, taken):
    state = _state(PLAIN, COMPOUNDING, total=total)
    assert (_consolidate(state) is not state) is taken


@pytest.mark.parametrize(
    ("count", "taken"), [(PENDING_CONSOLIDATIONS_LIMIT, False), (PENDING_CONSOLIDATIONS_LIMIT - 1, True)]
)
def test_a_full_queue_takes_no_consolidation(count, taken):
    assert PENDING_CONSOLIDATIONS_LIMIT == 262_144
    state = _state(PLAIN, COMPOUNDING, pending_consolidations=(PendingConsolidation(0, 1),) * count)
    assert (_consolidate(state) is not state) is taken


@pytest.mark.parametrize(("source", "target", "named"), [(2, 0, "source_index"), (0, 2, "target_index")])
def test_consolidations_of_nobody_are_refused(source, target, named):
    with pytest.raises(InputError, match=f"process_consolidation_request: {named}"):
        _consolidate(_state(PLAIN, COMPOUNDING), source, target)


def test_a_consolidation_with_itself_switches_to_compounding():
    queue = DepositQueue((PendingDeposit(5, 7),), 3)
    state = _state(attrs.evolve(PLAIN, balance=33 * ETH), PLAIN, pending_deposits=queue)
    after = _consolidate(state, 0, 0)
    assert after.validators == (Validator(32 * ETH, 32 * ETH, 2), PLAIN)
    assert after.pending_deposits == DepositQueue((PendingDeposit(5, 7), PendingDeposit(0, ETH, 0)), 3)
    assert after == switch_to_compounding_validator(state, 0, FULU)
    assert (after.exits, after.consolidations) == (state.exits, state.consolidations)


@pytest.mark.parametrize("balance", [32 * ETH, 31 * ETH])
def test_a_switch_without_excess_queues_no_deposit(balance):
    after = _consolidate(_state(attrs.evolve(PLAIN, balance=balance)), 0, 0)
    assert after.validators[0] == attrs.evolve(PLAIN, balance=balance, withdrawal_prefix=2)
    assert after.pending_deposits == DepositQueue()


@pytest.mark.parametrize(
    "changed",
    [{"withdrawal_prefix": 0}, {"withdrawal_prefix": 2}, {"exit_epoch": NOW + 1}, {"activation_epoch": NOW + 1}],
)
def test_a_switch_of_those_who_may_not_is_dropped(changed):
    state = _state(attrs.evolve(PLAIN, **changed))
    assert switch_to_compounding_validator(state, 0, FULU) is state
    assert _consolidate(state, 0, 0) is state


def test_a_switch_wants_no_256_epochs():
    assert _consolidate(_state(attrs.evolve(PLAIN, activation_epoch=NOW)), 0, 0).validators[0].withdrawal_prefix == 2


def test_a_switch_of_nobody_is_refused():
    with pytest.raises(InputError, match="switch_to_compounding_validator: index"):
        switch_to_compounding_validator(_state(PLAIN), 1, FULU)


def _gone(balance, withdrawable, *, slashed=False):
    return Validator(32 * ETH, balance, 1, 0, withdrawable - 256, withdrawable, slashed)


@pytest.mark.parametrize(
    ("balance", "withdrawable", "moved"),
    [
        (33 * ETH, NOW + 1, 32 * ETH),
        (31 * ETH, NOW + 1, 31 * ETH),
        (33 * ETH, NOW, 32 * ETH),
        (33 * ETH, NOW + 2, 0),
    ],
)
def test_the_stake_moves_when_it_is_withdrawable(balance, withdrawable, moved):
    state = _state(_gone(balance, withdrawable), COMPOUNDING, pending_consolidations=(PendingConsolidation(0, 1),))
    after = process_pending_consolidations(state)
    assert [each.balance for each in after.validators] == [balance - moved, 2048 * ETH + moved]
    assert len(after.pending_consolidations) == (moved == 0)
    assert [each.effective_balance for each in after.validators] == [32 * ETH, 2048 * ETH]


def test_one_that_waits_holds_up_the_rest():
    state = _state(
        _gone(32 * ETH, NOW + 2),
        _gone(32 * ETH, NOW + 1),
        COMPOUNDING,
        pending_consolidations=(PendingConsolidation(0, 2), PendingConsolidation(1, 2)),
    )
    assert process_pending_consolidations(state) == state


def test_those_behind_the_first_stay_in_the_queue():
    pending = tuple(PendingConsolidation(index, 3) for index in range(3))
    state = _state(
        _gone(32 * ETH, NOW),
        _gone(32 * ETH, NOW + 2),
        _gone(32 * ETH, NOW),
        COMPOUNDING,
        pending_consolidations=pending,
    )
    assert process_pending_consolidations(state).pending_consolidations == pending[1:]


def test_a_slashed_source_keeps_its_balance_and_lets_others_pass():
    state = _state(
        _gone(32 * ETH, NOW + 2, slashed=True),
        _gone(32 * ETH, NOW + 1),
        COMPOUNDING,
        pending_consolidations=(PendingConsolidation(0, 2), PendingConsolidation(1, 2)),
    )
    after = process_pending_consolidations(state)
    assert [each.balance for each in after.validators] == [32 * ETH, 0, 2080 * ETH]
    assert after.pending_consolidations == ()


def test_two_sources_of_one_target_add_up():
    state = _state(
        _gone(32 * ETH, NOW),
        _gone(40 * ETH, NOW),
        COMPOUNDING,
        pending_consolidations=(PendingConsolidation(0, 2), PendingConsolidation(1, 2)),
    )
    assert [each.balance for each in process_pending_consolidations(state).validators] == [0, 8 * ETH, 2112 * ETH]
