"""`Passage`: what coins earn on the way in and out, by hand."""

import numpy as np
import pytest

from stakingmodels import Book, Line, Market, Price, TimeGrid
from stakingmodels.products.parts.passage import Passage

GRID = TimeGrid.daily("2026-01-01", days=4)
MARKET = Market(GRID, {Price("ETH"): np.full((5, 3), 10.0)})


@pytest.fixture
def days():
    chunk, now = next(MARKET.chunks()), MARKET.now()
    return lambda step: now.at(chunk, step)


def opened(now, *, pays=True, withdrawal_days=0.0):
    book = Book(now, "ETH")
    book.receive(book.cash, 140.0)
    coins, staked = book.account("ETH"), book.account("ETH", "staked")
    book.trade(book.cash, coins)
    book.move(coins, staked, 10.0)
    passage = Passage(book, staked, "unbonding", withdrawal_days=withdrawal_days, pays=pays, sell_fee=0.0)
    return book, staked, coins, passage


def test_coins_in_the_exit_queue_are_paid_and_pay_a_loss_themselves(days):
    book, _, _, passage = opened(days(-1))
    passage.ask(days(-1), 1.0, 3.0)
    passage.pay(days(0), Line.INTEREST, np.array([-0.125, 0.25, 0.0]), 0.5)
    assert book.account("ETH", "unbonding").units.tolist() == [8.75, 10.0, 10.0]
    assert book.paid_out.units.tolist() == [0.0, 12.5, 0.0]
    assert book.account("ETH", "earned").units.tolist() == [0.0, 0.0, 0.0]
    passage.pay(days(1), Line.INTEREST, 0.1, 0.0)
    assert book.paid_out.units.tolist() == pytest.approx([8.75, 22.5, 10.0])


def test_without_pay_in_the_queue_nothing_is_earned(days):
    book, _, _, passage = opened(days(-1), pays=False)
    passage.ask(days(-1), 1.0, 3.0)
    passage.pay(days(0), Line.INTEREST, np.array([-0.125, 0.25, 0.0]), 0.5)
    assert book.account("ETH", "unbonding").units.tolist() == [10.0, 10.0, 10.0]
    assert book.paid_out.units.tolist() == [0.0, 0.0, 0.0]


@pytest.mark.parametrize(("pays", "days_after", "places"), [(True, 2.0, 2), (True, 0.0, 1), (False, 2.0, 1)])
def test_a_withdrawal_without_pay_has_a_queue_of_its_own(days, pays, days_after, places):
    _, _, _, passage = opened(days(-1), pays=pays, withdrawal_days=days_after)
    assert len(passage.at_stake) == places
    assert [account.place for account in passage.at_stake] == ["unbonding", "withdrawing"][:places]


def test_coins_earn_for_their_part_of_the_interval(days):
    _, staked, coins, passage = opened(days(-1))
    passage.bring_in(days(-1), coins, 4.0, 0.25)
    now, out = days(0), np.empty(3)
    assert passage.earning(now, out).tolist() == [13.0] * 3
    assert passage.earning(now, out, leaving=0.5, until=0.5).tolist() == [7.5 + 1.5 + 0.5] * 3
    assert passage.earning(now, out, leaving=np.array([0.0, 0.5, 1.0]), until=0.5).tolist() == [13.0, 9.5, 6.0]
    passage.let_in(now)
    assert staked.units.tolist() == [14.0] * 3
    assert passage.earning(days(1), out).tolist() == [14.0] * 3


def test_a_share_that_leaves_within_a_longer_interval_earns_for_its_part():
    grid = TimeGrid(["2026-01-01", "2026-01-09"], exit=1)
    market = Market(grid, {Price("ETH"): np.full((2, 3), 10.0)})
    chunk, now = next(market.chunks()), market.now()
    _, _, _, passage = opened(now.at(chunk, -1))
    assert passage.earning(now.at(chunk, 0), np.empty(3), leaving=0.5, until=6.0).tolist() == [8.75] * 3
    assert passage.earning(now, np.empty(3), leaving=0.5, until=-4.0).tolist() == [5.0] * 3, "before the interval"


def test_what_waits_to_enter_is_there_as_what_is_staked_is(days):
    _, _, coins, passage = opened(days(-1))
    passage.bring_in(days(-1), coins, 4.0, 9.0)
    passage.ask(days(-1), 0.6, 3.0)  # 4 coins stay staked, and 1.6 wait
    passage._entering.enter(days(-1), passage._staked, 1.2, due_day=9.0)  # 2.8 each
    assert np.asarray(passage.earns_until(5.0, 7.0, None)).tolist() == 7.0


def test_coins_on_their_way_out_are_of_the_balance_where_they_earn(days):
    for pays, balance in ((True, 10.0), (False, 7.5)):
        _, _, _, passage = opened(days(-1), pays=pays)
        passage.ask(days(-1), 0.25, 3.0)
        assert passage.balance(days(0)).tolist() == [balance] * 3


def test_rewards_that_wait_are_those_of_the_paths_that_leave(days):
    book, _, coins, passage = opened(days(-1))
    some = np.array([0, 2])
    passage.pay_rewards(days(-1), coins, np.array([1.0, 2.0]), np.array([0.0, 2.0]), some)
    assert coins.units.tolist() == [3.0, 4.0, 2.0]
    assert book.paid_out.units.tolist() == [10.0, 0.0, 0.0]
    for step, paid in ((0, 0.0), (1, 20.0)):
        passage.pay_out(days(step))
        assert book.paid_out.units.tolist() == [10.0, 0.0, paid]


def test_the_last_day_of_earning_is_that_on_which_something_was_left(days):
    _, staked, _, passage = opened(days(-1))
    staked.raw_units[1:] = 0.0
    assert np.asarray(passage.earns_until(np.array([0.5, 0.0, 3.0]), 7.0, None)).tolist() == [7.0, 7.0, 3.0]
    assert np.asarray(passage.earns_until(None, 7.0, None)).tolist() == [7.0, 7.0, 7.0]
    assert np.asarray(passage.earns_until(np.array([1.0, 1.0, 1.0]), 7.0, np.array([0, 2]))).tolist() == [7.0, 1.0, 1.0]
