"""The queue of withdrawals: the contract's own tests, nominal and discounted claims, batches, and what is refused."""

from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.protocols.contracts.lido import (
    V3,
    Checkpoint,
    FinalizationBatches,
    Prefinalized,
    ShareRate,
    WithdrawalQueue,
)

ETH = 10**18
E27 = 10**27
LATER = 2**40 - 1
ONE = Prefinalized(eth_to_lock=ETH, shares_to_burn=ETH)


def unfit(*values: Any) -> tuple[Any, ...]:
    """Values that a type checker would not let through."""
    return values


def queue(*requests: tuple[int, int], apart: bool = False) -> WithdrawalQueue:
    """Requests at the times 1, 2, ..., each after a report of its own if apart."""
    made = WithdrawalQueue()
    for time, (steth, shares) in enumerate(requests, 1):
        made = made.enqueue(steth, shares, time)
        made = made.on_oracle_report(time) if apart else made
    return made


def finalized(made: WithdrawalQueue, batches: list[int], rate: int = E27) -> WithdrawalQueue:
    return made.finalize(batches[-1], made.prefinalize(batches, rate).eth_to_lock, rate)


def test_requests_add_up():
    made = queue((3, 2), (5, 4), apart=True)
    assert made.last_request_id == 2
    assert made.unfinalized_steth == 8
    assert [each.cumulative_steth for each in made.requests] == [0, 3, 8]
    assert [each.cumulative_shares for each in made.requests] == [0, 2, 6]
    assert [each.timestamp for each in made.requests] == [0, 1, 2]
    assert [each.report_timestamp for each in made.requests] == [0, 0, 1]
    assert [each.claimed for each in made.requests] == [True, False, False]
    assert WithdrawalQueue().enqueue(1, 1).requests[1].timestamp == 0
    assert (WithdrawalQueue().last_request_id, WithdrawalQueue().unfinalized_steth) == (0, 0)


def test_a_holder_asks_for_an_amount():
    rate = ShareRate(12, 10)
    made = WithdrawalQueue().request_withdrawal(100, rate, 7).request_withdrawal(1_000 * ETH, rate, 7)
    assert made.requests[1].cumulative_shares == 83
    assert made.requests[1].timestamp == made.requests[2].timestamp == 7
    assert WithdrawalQueue().request_withdrawal(100, rate).requests[1].timestamp == 0


@pytest.mark.parametrize("amount", [0, 99, 1_000 * ETH + 1])
def test_an_amount_out_of_bounds(amount):
    message = rf"^request_withdrawal: amount_of_steth: must be in \[100, {1_000 * ETH}\] wei, got {amount}$"
    with pytest.raises(InputError, match=message):
        WithdrawalQueue().request_withdrawal(amount, ShareRate(1, 1))
    wide = attrs.evolve(V3, min_steth_withdrawal_amount=1, max_steth_withdrawal_amount=2_000 * ETH)
    assert WithdrawalQueue().request_withdrawal(max(amount, 1), ShareRate(1, 1), settings=wide).last_request_id == 1


@pytest.mark.parametrize("value", [-1, 1.0, None, 2**128])
def test_what_is_no_amount(value):
    for name, arguments in (("amount_of_steth", (value, 1)), ("amount_of_shares", (1, value))):
        with pytest.raises((InputError, InputTypeError), match=rf"^enqueue: {name}: must be an integer"):
            WithdrawalQueue().enqueue(*arguments)
    with pytest.raises((InputError, InputTypeError), match=r"^request_withdrawal: amount_of_steth: must be an integer"):
        WithdrawalQueue().request_withdrawal(value, ShareRate(1, 1))
    with pytest.raises((InputError, InputTypeError), match=r"^finalize: amount_of_eth: must be an integer"):
        queue((5, 5)).finalize(1, value, E27)


def test_a_request_has_a_share_at_least_and_time_does_not_go_back():
    assert WithdrawalQueue().enqueue(0, 1).unfinalized_steth == 0
    with pytest.raises(InputError, match=r"^enqueue: amount_of_shares: must be an integer in \[1, "):
        WithdrawalQueue().enqueue(1, 0)
    made = WithdrawalQueue().enqueue(1, 1, 5)
    assert made.enqueue(1, 1, 5).last_request_id == 2
    for time in unfit(4, -1, LATER + 1, 1.0):
        with pytest.raises((InputError, InputTypeError), match=r"^enqueue: timestamp: must be an integer"):
            made.enqueue(1, 1, time)
    assert made.enqueue(1, 1, LATER).requests[-1].timestamp == LATER
    with pytest.raises(InputError, match=r"^WithdrawalQueue.last_report_timestamp: must be an integer"):
        made.on_oracle_report(-1)


def test_nominal_and_discounted_batches():
    assert queue((ETH, ETH)).prefinalize([1], E27) == ONE
    both = queue((2 * ETH, ETH), (ETH, ETH))
    assert both.prefinalize([1, 2], E27) == Prefinalized(eth_to_lock=2 * ETH, shares_to_burn=2 * ETH)
    assert both.prefinalize((2,), E27) == Prefinalized(eth_to_lock=2 * ETH, shares_to_burn=2 * ETH)
    assert both.prefinalize([1, 2], 2 * E27) == Prefinalized(eth_to_lock=3 * ETH, shares_to_burn=2 * ETH)
    assert both.prefinalize([1], 3 * E27 // 2) == Prefinalized(eth_to_lock=3 * ETH // 2, shares_to_burn=ETH)
    assert both.prefinalize(unfit(np.array([1, 2]))[0], E27).shares_to_burn == 2 * ETH


def test_a_rate_is_rounded_before_it_is_compared():
    made = queue((1, 3))  # 0.333..., rounded down at the 27th place
    assert made.prefinalize([1], E27 // 3) == Prefinalized(eth_to_lock=1, shares_to_burn=3)
    assert made.prefinalize([1], E27 // 3 - 1) == Prefinalized(eth_to_lock=0, shares_to_burn=3)


@pytest.mark.parametrize("batches", [[0], [3], [2, 1], [1, 1], [1, 3]])
def test_batches_that_cannot_be(batches):
    with pytest.raises(InputError, match=r"^prefinalize: batches: must be an integer in \["):
        queue((1, 1), (1, 1)).prefinalize(batches, E27)


def test_no_batches_and_no_rate():
    with pytest.raises(InputError, match=r"^prefinalize: batches: must hold one id at least, got \[\]$"):
        queue((1, 1)).prefinalize([], E27)
    for rate in unfit(0, 1.0):
        with pytest.raises((InputError, InputTypeError), match=r"^prefinalize: max_share_rate: must be an integer"):
            queue((1, 1)).prefinalize([1], rate)
        with pytest.raises((InputError, InputTypeError), match=r"^finalize: max_share_rate: must be an integer"):
            queue((1, 1)).finalize(1, 1, rate)
    assert queue((1, 1)).prefinalize([1], 1).eth_to_lock == 0
    assert queue((1, 1)).finalize(1, 0, 1).last_finalized_request_id == 1


def test_what_was_finalised_is_not_finalised_again():
    made = finalized(queue((1, 1), (1, 1)), [1])
    with pytest.raises(InputError, match=r"^prefinalize: batches: must be an integer in \[2, 2\]"):
        made.prefinalize([1], E27)
    with pytest.raises(InputError, match=r"^finalize: last_request_id: must be an integer in \[2, 2\]"):
        made.finalize(1, 1, E27)
    with pytest.raises(InputError, match=r"^finalize: last_request_id: must be an integer in \[2, 2\]"):
        made.finalize(3, 1, E27)
    assert made.prefinalize([2], E27) == Prefinalized(eth_to_lock=1, shares_to_burn=1)


def test_no_more_is_locked_than_was_asked_for():
    with pytest.raises(InputError, match=r"^finalize: amount_of_eth: must be at most the requests' stETH, 5, got 6$"):
        queue((5, 5)).finalize(1, 6, E27)
    made = queue((5, 5), (4, 4)).finalize(1, 5, E27).finalize(2, 3, 2 * E27)
    assert made.locked_ether_amount == 8
    assert made.checkpoints == (Checkpoint(1, E27), Checkpoint(2, 2 * E27))
    assert made.unfinalized_steth == 0
    with pytest.raises(InputError, match=r"^finalize: amount_of_eth: must be at most the requests' stETH, 4, got 5$"):
        queue((5, 5), (4, 4)).finalize(1, 5, E27).finalize(2, 5, E27)


def test_each_claims_at_the_rate_of_its_finalisation():
    made = queue((10, 10), (10, 10), (10, 5), (10, 10))
    made = finalized(made, [2], E27 // 2)
    made = finalized(made, [3], E27)
    assert [made.get_claimable_ether(each) for each in (1, 2, 3, 4)] == [5, 5, 5, 0]
    made = finalized(made, [4], E27)
    assert made.get_claimable_ether(4) == 10
    assert made.locked_ether_amount == 25


def test_a_claim_is_paid_once():
    made = finalized(queue((10, 10), (6, 6)), [2])
    after, paid = made.claim(1)
    assert (paid, after.locked_ether_amount, after.get_claimable_ether(1)) == (10, 6, 0)
    assert [each.claimed for each in after.requests] == [True, True, False]
    assert after.requests[0] == made.requests[0]
    assert after.requests[2] == made.requests[2]
    assert after.claim(2)[1] == 6
    with pytest.raises(InputError, match=r"^claim: request_id: must be finalised and not yet claimed, got 1$"):
        after.claim(1)


def test_a_claim_that_is_too_early_or_unknown():
    made = finalized(queue((10, 10), (6, 6)), [1])
    with pytest.raises(InputError, match=r"^claim: request_id: must be finalised and not yet claimed, got 2$"):
        made.claim(2)
    for request in unfit(0, 3, 1.0):
        with pytest.raises((InputError, InputTypeError), match=r"^claim: request_id: must be an integer"):
            made.claim(request)
        with pytest.raises((InputError, InputTypeError), match=r"^get_claimable_ether: request_id: must be an integer"):
            made.get_claimable_ether(request)


def test_a_claim_beyond_what_was_locked():
    made = queue((10, 10)).finalize(1, 9, E27)
    message = r"^claim: locked_ether_amount: must be at least the claim, 10, got 9$"
    with pytest.raises(InputError, match=message):
        made.claim(1)
    assert queue((10, 10)).finalize(1, 10, E27).claim(1)[0].locked_ether_amount == 0


def test_batches_within_a_budget():
    made = queue((ETH, ETH), (ETH, ETH))
    assert made.calculate_finalization_batches(E27, LATER, 2 * ETH) == FinalizationBatches((2,), 0)
    assert made.calculate_finalization_batches(E27, LATER, 2 * ETH - 1) == FinalizationBatches((1,), ETH - 1)
    assert made.calculate_finalization_batches(E27, LATER, ETH // 2) == FinalizationBatches((), ETH // 2)
    assert made.calculate_finalization_batches(E27 // 2, LATER, 3 * ETH) == FinalizationBatches((2,), 2 * ETH)


def test_batches_up_to_a_time():
    made = queue((1, 1), (1, 1), (1, 1))
    assert made.calculate_finalization_batches(E27, 2, 9).batches == (2,)
    assert made.calculate_finalization_batches(E27, 0, 9) == FinalizationBatches((), 9)
    assert WithdrawalQueue().calculate_finalization_batches(E27, 2, 9) == FinalizationBatches((), 9)


def test_batches_start_after_what_was_finalised():
    made = finalized(queue((1, 1), (1, 1), (1, 1)), [2])
    assert made.calculate_finalization_batches(E27, LATER, 9) == FinalizationBatches((3,), 8)


def test_batches_are_of_one_kind():
    # below, below, above, above, below
    rates = ((1, 1), (1, 1), (2, 1), (3, 1), (1, 1))
    apart = queue(*rates, apart=True)
    assert apart.calculate_finalization_batches(E27, LATER, 9) == FinalizationBatches((2, 4, 5), 4)
    assert apart.calculate_finalization_batches(2 * E27, LATER, 99).batches == (3, 4, 5)
    assert apart.calculate_finalization_batches(9 * E27, LATER, 99).batches == (5,)
    mixed = WithdrawalQueue().enqueue(1, 1).on_oracle_report(1).enqueue(1, 1).enqueue(2, 1)
    assert mixed.calculate_finalization_batches(E27, LATER, 9).batches == (3,)
    # between the same two reports there is one rate, whatever rounding makes of it
    assert queue(*rates).calculate_finalization_batches(E27, LATER, 9).batches == (5,)


def test_there_are_only_so_many_batches():
    made = queue((1, 1), (2, 1), (1, 1), apart=True)
    two = attrs.evolve(V3, max_batches_length=2)
    # the contract has taken the third request off its budget before it sees that there is no room
    assert made.calculate_finalization_batches(E27, LATER, 9, two) == FinalizationBatches((1, 2), 6)
    assert made.calculate_finalization_batches(E27, LATER, 9).batches == (1, 2, 3)
    many = queue(*[(1 + each % 2, 1) for each in range(40)], apart=True)
    assert many.calculate_finalization_batches(E27, LATER, 99).batches == tuple(range(1, 37))


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ((0, 1, 1), "max_share_rate"),
        ((1.0, 1, 1), "max_share_rate"),
        ((1, -1, 1), "max_timestamp"),
        ((1, LATER + 1, 1), "max_timestamp"),
        ((1, 1, 0), "eth_budget"),
        ((1, 1, 1.0), "eth_budget"),
    ],
)
def test_batches_of_what_cannot_be(arguments, name):
    with pytest.raises((InputError, InputTypeError), match=rf"^calculate_finalization_batches: {name}: must be an"):
        queue((1, 1)).calculate_finalization_batches(*arguments)


def test_the_least_arguments_of_batches():
    assert queue((1, 1)).calculate_finalization_batches(1, 1, 1) == FinalizationBatches((1,), 1)


@given(
    st.lists(st.tuples(st.integers(1, 10**21), st.integers(1, 10**21), st.booleans()), min_size=1, max_size=12),
    st.integers(10**25, 10**29),
    st.integers(1, 10**22),
)
def test_what_is_locked_covers_all_claims(requests, rate, budget):
    made = WithdrawalQueue()
    for time, (steth, shares, report) in enumerate(requests, 1):
        made = made.enqueue(steth, shares, time)
        made = made.on_oracle_report(time) if report else made
    found = made.calculate_finalization_batches(rate, LATER, budget)
    if not found.batches:
        return
    needed = made.prefinalize(found.batches, rate)
    made = made.finalize(found.batches[-1], needed.eth_to_lock, rate)
    claims = [made.get_claimable_ether(each) for each in range(1, found.batches[-1] + 1)]
    assert sum(claims) == budget - found.remaining_eth_budget
    assert all(claim <= steth for claim, (steth, _, _) in zip(claims, requests, strict=False))
    assert sum(claims) <= needed.eth_to_lock
