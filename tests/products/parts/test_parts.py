"""Parts that products share: a term, pay-outs of a balance, purchases, and state by path."""

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from stakingmodels import Book, Line, Market, Price, TimeGrid
from stakingmodels.errors import InputError
from stakingmodels.market import EntryWait
from stakingmodels.products.parts.buying import Buying
from stakingmodels.products.parts.passage import Passage, pay_reward
from stakingmodels.products.parts.payout import Payout, never_paid_out
from stakingmodels.products.parts.per_path import left_of, put, whole_paths
from stakingmodels.products.parts.term import Term
from stakingmodels.products.parts.waits import days_of

PATHS = 3
PRICES = np.full((9, PATHS), 10.0)


def days():
    """The ends of the steps of eight days, the opening first."""
    market = Market(TimeGrid.daily("2026-01-01", days=8), {Price("ETH"): PRICES})
    chunk = next(market.chunks())
    now = market.now()
    for step in range(-1, 8):
        yield now.at(chunk, step)


def book_of(now, money=100.0):
    book = Book(now, "ETH")
    book.receive(book.cash, money)
    return book


# State by path


def test_a_state_stays_one_number_until_paths_differ():
    assert put(1.0, 2.0, None, PATHS) == 2.0
    first = put(1.0, np.array([5.0]), np.array([1]), PATHS)
    assert np.asarray(first).tolist() == [1.0, 5.0, 1.0]
    assert put(first, 7.0, np.array([0, 2]), PATHS) is not first
    assert np.asarray(put(None, 3.0, np.array([2]), PATHS)).tolist() == [0.0, 0.0, 3.0]


def test_what_stays_of_what_stayed():
    half = left_of(1.0, 0.5, np.array([1]), PATHS)
    assert np.asarray(left_of(half, np.array([0.5, 1.0]), np.array([1, 2]), PATHS)).tolist() == [1.0, 0.25, 0.0]
    assert left_of(1.0, 1.0, None, PATHS) == 0.0


@pytest.mark.parametrize(
    ("share", "paths", "whole"),
    [
        (1.0, None, [0, 1, 2]),
        (0.5, None, []),
        (1.0, [2, 0], [2, 0]),
        (np.array([1.0, 0.5, 1.0]), None, [0, 2]),
        (np.array([0.5, 1.0]), [2, 1], [1]),
    ],
)
def test_paths_that_leave_wholly(share, paths, whole):
    found = whole_paths(share, None if paths is None else np.array(paths), PATHS)
    assert found.tolist() == whole


# A term


def test_days_into_a_term_of_three():
    term, *_ = (Term(now, 3.0, "free", 0.0) for now in days())
    assert [term.days_in(now) for now in days()] == [0.0, 1.0, 2.0, 0.0, 1.0, 2.0, 0.0, 1.0, 2.0]
    flexible, *_ = (Term(now, None, "free", 0.0) for now in days())
    assert [flexible.days_in(now) for now in days()] == [0.0] * 9


def test_a_term_counts_from_its_own_opening():
    term = Term(next(each for k, each in enumerate(days()) if k == 2), 3.0, "free", 0.0)
    found = [term.days_in(now) for now in days()]
    assert found[2:] == [0.0, 1.0, 2.0, 0.0, 1.0, 2.0, 0.0]


@pytest.mark.parametrize(
    ("early", "forfeited"), [("forfeit_all", [0.0, 2.5, 5.0]), ("forfeit_period", [0.0, 1.0, 2.0])]
)
def test_rewards_are_forfeited_once(early, forfeited):
    """A reward of one a day; on day five half of path 1 and all of path 2 leave, twice."""
    term: Any = None
    for now in days():
        if term is None:
            term, book = Term(now, 3.0, early, 0.0), book_of(now)
            staked, rewards = book.account("ETH", "staked"), book.account("ETH", "rewards")
            continue
        book.post(Line.INTEREST, rewards, np.ones(PATHS))
        term.earned(now, np.ones(PATHS))
        if now.step == 4:
            some, share = np.array([1, 2]), np.array([0.5, 1.0])
            term.forfeit(now, book, staked, rewards, share, some)
            assert (5.0 - rewards.units).tolist() == forfeited
            term.forfeit(now, book, staked, rewards, 1.0, np.array([2]))
            assert (5.0 - rewards.units).tolist() == forfeited


def test_a_failure_cuts_what_could_be_forfeited():
    term: Any = None
    for now in days():
        term = term or Term(now, 10.0, "forfeit_all", 0.0)
        if now.step == 0:
            book = book_of(now)
            staked, rewards = book.account("ETH", "staked"), book.account("ETH", "rewards")
            book.post(Line.INTEREST, rewards, np.full(PATHS, 4.0))
            term.earned(now, np.full(PATHS, 4.0))
            term.cut(0.75, np.array([1]))
            term.forfeit(now, book, staked, rewards, 1.0, None)
            assert rewards.units.tolist() == [0.0, 3.0, 0.0]


def test_a_share_waits_for_the_end_of_a_term_that_cannot_be_left():
    term: Any = None
    found = []
    for now in days():
        term = term or Term(now, 4.0, "refused", 0.0)
        if now.step == 0:
            assert term.hold(now, 0.5, np.array([1]))
            assert term.hold(now, np.array([0.5, 1.0]), np.array([1, 2]))
            assert term.end == 4.0
        if now.step == 3:  # on the day on which it ends one can leave
            assert not term.hold(now, 1.0, None)
        ended = term.release(now)
        if ended is not None:
            share, paths, day = ended
            found.append((now.step, share.tolist(), paths.tolist(), day))
    assert found == [(3, [0.75, 1.0], [1, 2], 4.0)]


def test_deposits_join_until_the_day_on_which_a_share_leaves():
    term: Any = None
    found = []
    for now in days():
        term = term or Term(now, 4.0, "refused", 0.0)
        if now.step == 0:
            term.hold(now, 0.5, None)
            assert term.leaving == 0.5
            assert np.ndim(term.leaving) == 0
        found.append(term.let_in_until(now))
    assert found == [math.inf] * 5 + [4.0] * 4
    assert not any(isinstance(day, np.ndarray) for day in found)
    term.leaving = np.array([0.0, 0.5, 1.0])
    assert term.let_in_until(now).tolist() == [math.inf, 4.0, 4.0]


# Pay-outs and purchases


def test_a_balance_is_paid_out_at_its_minimum_and_a_share_is_sold_after_leaving():
    payout: Any = None
    for now in days():
        if payout is None:
            book = book_of(now)
            balance = book.account("ETH", "unpaid")
            payout = Payout(book, balance, minimum=2.0, sells=False, sell_fee=0.1)
            continue
        book.post(Line.MINING, balance, np.array([1.0, 1.0, 2.0]))
        payout.step(now)
        if now.step == 1:
            payout.sell_share(0.5, np.array([1]))
            payout.sell_share(1.0, np.array([2]))
    # eight coins a path, every other day, or twice as many every day; the first two days are kept
    assert book.account("ETH").units.tolist() == [8.0, 2.0 + 3.0, 4.0]
    assert book.paid_out.units.tolist() == pytest.approx([0.0, 3.0 * 9.0, 12.0 * 9.0])
    assert balance.units.tolist() == [0.0, 0.0, 0.0]


def test_paths_without_a_wait_pass_no_queue():
    now = next(days())
    book = book_of(now)
    coins, staked = book.account("ETH"), book.account("ETH", "staked")
    book.trade(book.cash, coins)
    passage = Passage(book, staked, "unbonding", withdrawal_days=0.0, pays=False, sell_fee=0.0)
    passage.bring_in(now, coins, np.array([3.0, 5.0]), np.array([0.0, 2.0]), np.array([2, 0]))
    assert staked.units.tolist() == [0.0, 0.0, 3.0]
    assert book.account("ETH", "entering").units.tolist() == [5.0, 0.0, 0.0]
    passage.ask(now, np.array([1.0, 0.5]), np.array([0.0, 1.0]), np.array([2, 0]))
    assert book.paid_out.units.tolist() == [0.0, 0.0, 30.0]
    assert book.account("ETH", "returning").units.tolist() == [2.5, 0.0, 0.0]


def test_a_wait_of_less_than_a_day_is_one():
    now = next(days())
    book = book_of(now)
    coins, staked = book.account("ETH"), book.account("ETH", "staked")
    book.trade(book.cash, coins)
    passage = Passage(book, staked, "unbonding", withdrawal_days=0.0, pays=True, sell_fee=0.0)
    passage.bring_in(now, coins, None, np.array([0.5, 0.0, 2.0]))
    assert staked.units.tolist() == [0.0, 10.0, 0.0]
    assert book.account("ETH", "entering").units.tolist() == [10.0, 0.0, 10.0]


def test_coins_that_leave_with_a_number_wait_from_the_day_that_is_given():
    """Two of ten coins, which are due already; then half of the rest, without a wait."""
    now = next(days())
    book = book_of(now)
    coins, staked = book.account("ETH"), book.account("ETH", "staked")
    book.trade(book.cash, coins)
    passage = Passage(book, staked, "unbonding", withdrawal_days=0.0, pays=False, sell_fee=0.5)
    passage.bring_in(now, coins, None, np.zeros(PATHS))
    assert staked.units.tolist() == [10.0] * PATHS
    passage.ask(now, 1.0, 3.0, None, units=2.0, since=-4.0)  # due already
    assert staked.units.tolist() == [8.0] * PATHS
    assert book.paid_out.units.tolist() == [10.0] * PATHS
    passage.ask(now, 0.5, 0.0, np.array([1]))
    assert book.paid_out.units.tolist() == [10.0, 30.0, 10.0]


def test_a_day_until_which_all_earn_is_one_number():
    now = next(days())
    book = book_of(now)
    coins, staked = book.account("ETH"), book.account("ETH", "staked")
    book.trade(book.cash, coins)
    passage = Passage(book, staked, "unbonding", withdrawal_days=0.0, pays=True, sell_fee=0.0)
    passage.bring_in(now, coins, None, 0.0)
    assert ("ETH", "earned") in {(account.asset, account.place) for account in book.valuation.accounts()}
    until = passage.earns_until(None, 5.0, None)
    assert (until, np.ndim(until)) == (5.0, 0)
    passage.ask(now, 1.0, 0.0, np.array([1]))
    assert np.asarray(passage.earns_until(until, 7.0, None)).tolist() == [7.0, 5.0, 7.0]


def test_a_negative_reward_is_taken_from_the_stake_where_it_is_one():
    now = next(days())
    book = book_of(now)
    staked, rewards = book.account("ETH", "staked"), book.account("ETH", "rewards")
    book.receive(staked, 8.0)
    rate = np.array([-0.25, 0.25, 0.0])
    pay_reward(book, Line.CONSENSUS, staked, rewards, np.full(PATHS, 8.0), rate, 0.5)
    assert staked.units.tolist() == [6.0, 8.0, 8.0]
    assert rewards.units.tolist() == [0.0, 1.0, 0.0]


def test_paths_that_invest_nothing_are_left_out_of_those_that_are_given():
    now = next(days())
    book = book_of(now)
    buying = Buying("It", book, "ETH", 0.0)
    money, paths = buying.allowed(np.array([0.0, 25.0]), np.array([2, 0]), 1.0)
    assert (np.asarray(money).tolist(), np.asarray(paths).tolist()) == ([25.0], [0])


def test_nothing_can_be_invested_from_an_empty_wallet():
    now = next(days())
    book = book_of(now, np.array([0.0, 100.0, 10.0]))
    buying = Buying("It", book, "ETH", 0.0)
    assert np.asarray(buying.allowed(0.0, None, 1.0)[0]).tolist() == []
    with pytest.raises(InputError, match=r"^It\.add: money: must be in the wallet, which has 10, got 20"):
        buying.allowed(np.array([0.0, 0.0, 20.0]), None, 1.0)


def test_money_is_invested_as_far_as_it_is_there_and_taken():
    now = next(days())
    book = book_of(now)
    buying = Buying("It", book, "ETH", 0.25)
    solvent = np.array([1.0, 0.0, 1.0])
    money, paths = buying.allowed(np.array([50.0, 50.0, 0.0]), None, solvent)
    assert (np.asarray(money).tolist(), np.asarray(paths).tolist()) == ([50.0], [0])
    account, units = buying.some_money(money, paths)
    assert (account.units.tolist(), units) == ([4.0, 0.0, 0.0], None)
    with pytest.raises(InputError, match=r"^It\.add: money: must be in the wallet, which has 50, got 51"):
        buying.allowed(51.0, np.array([0]), solvent)


def test_money_that_is_the_coin_itself_is_not_bought():
    now = next(days())
    book = book_of(now)
    buying = Buying("It", book, "USD", 0.25)
    assert not buying.trades
    assert buying.all_money() is book.cash
    account, units = buying.some_money(40.0, None)
    assert account is book.cash
    assert units == 40.0


def test_money_that_comes_later_is_bought_into_one_account():
    now = next(days())
    book = book_of(now)
    buying = Buying("It", book, "ETH", 0.25)
    account, units = buying.some_money(50.0, None)
    assert units is None
    assert account.place == "bought"
    assert account.units.tolist() == [4.0] * PATHS
    assert buying.some_money(np.array([25.0]), np.array([1]))[0] is account
    assert account.units.tolist() == [4.0, 6.0, 4.0]
    assert book.cash.units.tolist() == [50.0, 25.0, 50.0]


def test_the_wallet_may_lack_a_rounding_and_no_more():
    now = next(days())
    book = book_of(now)
    buying = Buying("It", book, "ETH", 0.0)
    money, paths = buying.allowed(100.0, None, 1.0)
    assert (np.asarray(money).tolist(), paths) == ([100.0] * PATHS, None)
    with pytest.raises(InputError, match="must be in the wallet, which has 100"):
        buying.allowed(100.0 * (1.0 + 1e-6), None, 1.0)


def test_without_a_forfeit_rewards_are_not_counted():
    term: Any = None
    for now in days():
        if term is None:
            term, book = Term(now, 4.0, "penalty", 0.5), book_of(now)
            staked, rewards = book.account("ETH", "staked"), book.account("ETH", "rewards")
            book.trade(book.cash, staked)
            continue
        assert not term.forfeits
        term.earned(now, np.ones(PATHS))
        if now.step == 1:
            term.forfeit(now, book, staked, rewards, 0.5, np.array([1]))
        if now.step == 3:  # a term ends
            term.forfeit(now, book, staked, rewards, 1.0, None)
    assert staked.units.tolist() == [10.0, 7.5, 10.0]
    assert rewards.units.tolist() == [0.0] * PATHS


@pytest.mark.parametrize(
    ("share", "paths", "until"),
    [(0.5, None, 2.5), (np.array([0.5]), np.array([1]), [np.inf, 2.5, np.inf])],
)
def test_deposits_join_the_stake_until_the_term_ends(share, paths, until):
    term: Any = None
    found = []
    for now in days():
        term = term or Term(now, 2.5, "refused", 0.0)
        if now.step == 0:
            assert term.hold(now, share, paths)
        found.append(np.asarray(term.let_in_until(now)).tolist())
        if now.step == 2:
            released = term.release(now)
            assert released is not None
            assert (np.asarray(released[0]).tolist(), released[2]) == ([0.5] if paths is not None else 0.5, 2.5)
    assert found == [np.inf, np.inf, np.inf, until, *[np.inf] * 5]


def test_all_of_every_path_is_released_as_one_share():
    term: Any = None
    for now in days():
        term = term or Term(now, 4.0, "refused", 0.0)
        if now.step == 0:
            assert term.hold(now, np.array([1.0, 1.0, 1.0]), None)
        if now.step == 3:
            assert term.release(now) == (1.0, None, 4.0)
            assert term.release(now) is None
            assert (term.leaving, term.end) == (0.0, np.inf)


def test_what_was_mined_and_lost_below_the_smallest_pay_out_is_told_by_path():
    units = {
        (Line.MINING, "BTC"): np.array([5.0, 5.0, 0.0]),
        (Line.FORFEIT, "BTC"): np.array([-5.0, -2.0, 0.0]),
    }
    mined: Any = SimpleNamespace(n_paths=3, native=units)
    assert never_paid_out(mined).tolist() == [True, False, False]
    staked: Any = SimpleNamespace(n_paths=3, native={(Line.FORFEIT, "ETH"): -np.ones(3)})
    assert never_paid_out(staked).tolist() == [False] * 3


def test_a_wait_that_is_read_off_the_market_is_an_array_of_its_own():
    row = np.array([1.0, 2.0])
    now: Any = {EntryWait("ETH"): row}
    wait = days_of(now, EntryWait("ETH"))
    row[:] = 9.0
    assert np.asarray(wait).tolist() == [1.0, 2.0]
    assert days_of(now, 3.0) == 3.0
