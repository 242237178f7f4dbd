"""`SoloValidatorPosition`: exits in parts, by path, and the day on which the last validator is out of the queue."""

from typing import Any

import numpy as np
import pytest

from stakingmodels.errors import InputError
from stakingmodels.ledger import Book, Line
from stakingmodels.market import EntryWait, Event, ExecutionReward, ExitWait, Market, Price, StakingReward, TimeGrid
from stakingmodels.products import Failure, SoloValidator
from stakingmodels.rates import APR

ETH, SLASHED = Price("ETH"), Event("slashed")
BARE = SoloValidator(
    entry_days=0.0, exit_days=5.0, withdrawal_days=0.0, uptime=1.0, random_duties=False, running_cost_usd_per_day=0.0
)


def opened(held, terms=BARE, *, money=0.0, **waits: Any):
    """A position of so many coins on each path, its book, and the moments of eight days after the opening."""
    held = np.array(held, dtype=float)
    series: dict[Any, Any] = {
        ETH: np.full((9, held.size), 10.0),
        StakingReward("ETH"): APR(0.0365),
        ExecutionReward("ETH"): APR(0.0),
        SLASHED: np.arange(9)[:, np.newaxis] == np.ones(held.size),
    }
    names = {"entry": EntryWait("ETH"), "leave": ExitWait("ETH")}
    market = Market(
        TimeGrid.daily("2026-01-01", days=8),
        {**series, **{names[key]: np.tile(days, (9, 1)) for key, days in waits.items()}},
    )
    chunk = next(market.chunks())
    now = market.now().at(chunk, -1)
    book = Book(now, "ETH")
    book.receive(book.account("ETH"), held)
    if money:
        book.receive(book.cash, money)
    return terms.open(book, now), book, (now.at(chunk, step) for step in range(8))


def until(position):
    """Last day of earning on each path, or None."""
    days = position.earns_until_day
    return None if days is None else np.asarray(days).tolist()


def test_coins_that_one_has_are_not_bought():
    position, book, _ = opened([32.0, 31.0], BARE.replace(buy_fee=0.5), money=1.0)
    # path 1 buys a coin of 10 for 15, of which it has 1
    assert position.capital_shortfall.tolist() == [0.0, 14.0]
    assert book.account("ETH", "staked").units.tolist() == [32.0, 0.0]


def test_all_who_leave_at_once_have_one_day():
    position, _, moments = opened([32.0, 64.0])
    position.exit(next(moments))
    assert np.ndim(position.earns_until_day) == 0
    assert position.earns_until_day == 6.0


def test_who_leaves_with_a_part_has_no_last_day():
    position, _, moments = opened([32.0, 64.0])
    position.exit(next(moments), 0.5)
    assert position.earns_until_day is None
    assert position._exiting.tolist() == [1.0, 1.0]  # a share is rounded up to a whole validator


def test_a_path_that_stays_has_no_last_day():
    position, _, moments = opened([32.0, 32.0])
    position.exit(next(moments), paths=np.array([0]))
    assert until(position) == [6.0, 0.0]
    position.exit(next(moments), paths=np.array([1]))
    assert until(position) == [6.0, 7.0]


def test_the_waits_of_paths_in_another_order_are_theirs():
    position, _, moments = opened([32.0, 32.0], BARE.replace(exit_days=ExitWait("ETH")), leave=[2.0, 5.0])
    position.exit(next(moments), paths=np.array([1, 0]))
    assert until(position) == [3.0, 6.0]


def test_an_exit_without_a_validator_left_for_it_adds_no_day():
    """Path 0 has sent its validator out before; path 2 never had the coins for one."""
    position, _, moments = opened([32.0, 32.0, 16.0])
    position.exit(next(moments), 0.5, paths=np.array([0]))
    position.exit(next(moments))
    assert until(position) == [6.0, 7.0, 7.0]
    position.exit(next(moments))
    assert until(position) == [6.0, 7.0, 7.0]
    assert position._queued_to.tolist() == [6.0, 7.0, 0.0]


def test_only_validators_at_work_are_slashed():
    terms = BARE.replace(slashing=SLASHED, slashing_severity=0.5, slashing_wait_days=1.0, entry_days=EntryWait("ETH"))
    position, book, moments = opened([32.0, 32.0], terms, entry=[4.0, 0.0])
    next(moments)
    now = next(moments)
    assert now.occurs(SLASHED).tolist() == [True, True]
    position.step(now)
    assert position._validators.count.tolist() == [1.0, 0.0]
    assert book.account("ETH", "staked").units.tolist() == [32.0, 0.0]
    assert book.account("ETH", "slashed").units.tolist() == [0.0, pytest.approx(16.0)]


def test_nothing_is_booked_before_the_activation():
    position, book, moments = opened([32.0, 32.0], BARE.replace(entry_days=1.5))
    booked: list[float] = []
    book.observe(lambda _step, line, _account, units, _paths: booked.append(float(np.max(units))) if line else None)
    position.step(next(moments))
    assert not booked
    position.step(next(moments))
    assert booked == [pytest.approx(32.0 * 1e-4 / 2)]


def test_what_is_left_of_a_stake_leaves_where_no_validator_is_left():
    position, book, moments = opened([32.0, 64.0])
    now = next(moments)
    position._validators.remove(np.array([1.0, 0.0]))
    position._leave(now, 3.0, np.array([0.0, 1.0]), None)
    assert book.account("ETH", "withdrawing").units.tolist() == [32.0, 32.0]


def test_coins_in_the_wallet_are_sold_at_the_exit():
    position, book, moments = opened([33.0, 64.0])
    position.exit(next(moments), 0.5, paths=np.array([0]))
    assert book.account("ETH").units.tolist() == [0.5, 0.0]
    assert book.paid_out.units.tolist() == [5.0, 0.0]


def test_capital_may_fall_short_by_a_rounding():
    position, *_ = opened([32.0 * (1.0 - 5e-13), 31.0])
    assert position.capital_shortfall.tolist() == [0.0, 10.0]
    assert position._validators.count.tolist() == [1.0, 0.0]


def test_a_loss_of_all_reaches_coins_that_are_on_their_way_out():
    lost = BARE.replace(exit_days=0.0, withdrawal_days=4.0, failures=Failure(SLASHED))
    position, book, moments = opened([32.0, 64.0], lost)
    position.exit(next(moments))
    assert book.queue("withdrawing").account.units.tolist() == [32.0, 64.0]
    position.step(next(moments))
    assert book.queue("withdrawing").account.units.tolist() == [0.0, 0.0]


def test_where_the_coin_is_the_money_nothing_is_bought():
    ether = Market(TimeGrid.daily("2026-01-01", days=4), {StakingReward("ETH"): APR(0.0365)}, "ETH")
    assert BARE.run(ether, capital=32.0).closing.tolist() == pytest.approx([32.0 + 4 * 0.0032])
    with pytest.raises(InputError, match=r"too little"):
        BARE.run(ether, capital=31.5)


def test_of_a_part_of_a_validator_no_more_than_the_part_is_deposited():
    position, book, _ = opened([12.0, 16.0], BARE.replace(bond=8.0))
    assert book.account("ETH", "staked").units.tolist() == [8.0, 16.0]
    assert position.capital_shortfall.tolist() == [0.0, 0.0]


def test_rewards_that_are_not_swept_at_once_leave_a_stake_that_does_not_compound():
    """With so little time online a seat would cost more than it pays."""
    position, book, moments = opened([32.0], BARE.replace(uptime=0.45, compounding=False))
    for now in moments:
        position.step(now)
    assert book.account("ETH", "staked").units.tolist() == [32.0]
    assert book.account("ETH").units.tolist() == pytest.approx([8 * 0.0032 * (0.45 - 0.55 * 42 / 64)])


def test_named_paths_with_waits_of_their_own_leave_in_their_turns():
    position, book, moments = opened([32.0] * 3, BARE.replace(exit_days=ExitWait("ETH")), leave=[1.0, 2.0, 4.0])
    position.exit(next(moments), 1.0, paths=np.array([1, 2]))
    staked = book.account("ETH", "staked")
    found = [(position.step(now), (staked.units > 0.0).tolist())[1] for now in moments]
    assert found[:5] == [
        [True] * 3,
        [True, False, True],
        [True, False, True],
        [True, False, False],
        [True, False, False],
    ]
    assert until(position) == [0.0, 3.0, 5.0]


def test_nobody_and_one_path_alone_may_leave_where_waits_differ():
    position, _, moments = opened([32.0, 64.0], BARE.replace(exit_days=ExitWait("ETH")), leave=[1.0, 2.0])
    now = next(moments)
    position.exit(now, np.zeros(2))
    assert until(position) is None
    position.exit(now, 1.0, paths=np.array([1]))
    assert until(position) == [0.0, 3.0]


def test_an_exit_after_the_only_validator_has_left_ends_on_its_day():
    position, _, moments = opened([32.0], BARE.replace(exit_days=0.0))
    position.exit(next(moments), 0.5)  # a whole validator
    position.step(next(moments))
    position.exit(next(moments))
    assert until(position) in (1.0, [1.0])


def test_without_a_strike_or_a_path_that_has_left_nothing_is_entered():
    position, book, moments = opened(
        [32.0, 32.0], BARE.replace(exit_days=0.0, compounding=False, slashing=Event("slashed:never"))
    )
    told = []
    book.observe(lambda step, line, account, units, paths: told.append((step, line)))  # noqa: ARG005
    position.step(next(moments))
    assert {line for _, line in told} == {Line.CONSENSUS}
    position.exit(next(moments), 1.0, paths=np.array([0]))
    position.step(next(moments))
    told.clear()
    position.step(next(moments))
    assert {line for _, line in told} == {Line.CONSENSUS}
