"""`Journal` and the verbs of a book that lead to it, by hand: rewards and fees, moves of all or some, prepaid money."""

from typing import Any

import numpy as np
import pytest

from stakingmodels.errors import BookError
from stakingmodels.ledger import Line
from stakingmodels.market import Market, Price, TimeGrid

ETH, BTC = Price("ETH"), Price("BTC")
GRID = TimeGrid.daily("2026-01-01", days=4)
MARKET = Market(GRID, {ETH: np.array([[10.0, 10.0]] + [[20.0, 0.0]] * 4), BTC: np.full((5, 2), 50.0)})
LEVEL = Market(GRID, {ETH: np.full((5, 2), 10.0)})
FIRST, SECOND = np.array([0]), np.array([1])


def buy(book, _now):
    book.trade(book.cash, book.account("ETH"))


class SeenError(Exception):
    """Ends a run whose books a test has changed."""


def look(script, seen, market=MARKET):
    def ended(book, now):
        seen(book, now)
        raise SeenError

    with pytest.raises(SeenError):
        script(market, {-1: buy, 0: ended})


def test_a_discount_counts_in_money_and_in_the_own_coin(script):
    def seen(book, now):
        journal = book.journal
        journal.discount_of(now, BTC, np.array([2.0, 3.0]))
        assert journal._money[Line.DISCOUNT].tolist() == [100.0, 150.0]
        assert journal._coins[Line.DISCOUNT].tolist() == [5.0, 0.0]
        journal.discount_of(now, now.known(ETH), np.array([1.0, 3.0]))
        assert journal._money[Line.DISCOUNT].tolist() == [120.0, 150.0]
        assert journal._coins[Line.DISCOUNT].tolist() == [6.0, 0.0]
        journal.discount(now, np.array([-40.0]), FIRST)
        assert journal._money[Line.DISCOUNT].tolist() == [80.0, 150.0]
        assert journal._coins[Line.DISCOUNT].tolist() == [4.0, 0.0]

    look(script, seen)


def test_a_discount_of_the_own_coin_comes_first_as_well(script):
    def seen(book, now):
        units = np.array([0.5, 3.0])
        book.journal.discount_of(now, now.known(ETH), units)
        assert units.tolist() == [10.0, 0.0]
        assert book.journal._coins[Line.DISCOUNT].tolist() == [0.5, 0.0]

    look(script, seen)


def test_a_price_below_one_is_a_price(script):
    def seen(book, now):
        book.journal.discount_of(now, now.known(ETH), np.array([4.0, 4.0]))
        assert book.journal._coins[Line.DISCOUNT].tolist() == [4.0, 0.0]

    look(script, seen, Market(GRID, {ETH: np.array([[10.0, 10.0]] + [[0.5, 0.0]] * 4)}))


def test_a_reward_and_a_fee_that_stays_have_one_sum_until_it_moves(script):
    key = Line.CONSENSUS, Line.COMMISSION

    def earn(fee, kept, paths=None, units=1.0):
        def act(book, _now):
            coins = book.account("ETH")
            book.earn(*key[:1], coins, units, fee_line=key[1], fee=fee, paths=paths)
            assert (coins.rewards[key] and coins.rewards[key][0]) == kept

        return act

    stays = script(LEVEL, {-1: buy, 0: earn(0.25, 0.25), 1: earn(0.25, 0.25), 2: earn(0.25, 0.25, FIRST, np.ones(1))})
    assert stays.lines[Line.CONSENSUS].tolist() == [30.0, 20.0]
    assert stays.lines[Line.COMMISSION].tolist() == [-7.5, -5.0]
    moves = script(LEVEL, {-1: buy, 0: earn(0.25, 0.25), 1: earn(0.5, None), 2: earn(0.25, None)})
    assert moves.lines[Line.CONSENSUS].tolist() == [30.0, 30.0]
    assert moves.lines[Line.COMMISSION].tolist() == [-10.0, -10.0]
    by_path = np.array([0.0, 1.0])
    paths = script(LEVEL, {-1: buy, 0: earn(by_path, None), 1: earn(0.5, None)})
    assert paths.lines[Line.CONSENSUS].tolist() == [20.0, 20.0]
    assert paths.lines[Line.COMMISSION].tolist() == [-5.0, -15.0]
    assert paths.units["ETH", "wallet"].tolist() == [11.5, 10.5]


def test_a_reward_times_a_rate_below_0_pays_no_fee(script):
    def act(book, _now):
        rate = np.array([-0.1, 0.1])
        book.earn(
            Line.INTEREST, book.account("ETH"), book.account("ETH").units, rate, fee_line=Line.COMMISSION, fee=0.5
        )

    with pytest.raises(BookError, match=r"path 0: Line.INTEREST must not take, got -10.0$"):
        script(LEVEL, {-1: buy, 0: act})


def test_a_reward_without_a_fee_has_one_line(script):
    def act(book, _now):
        coins = book.account("ETH")
        book.earn(Line.INTEREST, coins, coins.units, 0.5)
        book.earn(Line.INTEREST, coins, coins.units[SECOND], np.array([1.0]), paths=SECOND)
        book.earn(Line.CONSENSUS, coins, 1.0, fee_line=Line.COMMISSION)
        assert not coins.rewards

    outcome = script(LEVEL, {-1: buy, 0: act})
    assert outcome.lines[Line.INTEREST].tolist() == [50.0, 200.0]
    assert outcome.lines[Line.CONSENSUS].tolist() == [10.0, 10.0]
    assert Line.COMMISSION not in outcome.lines


def test_a_move_of_all_empties_an_account_and_a_move_of_some_leaves_the_rest(script):
    def act(book, _now):
        coins, staked = book.account("ETH"), book.account("ETH", "staked")
        book.move(coins, staked, np.array([9.5]), SECOND)
        assert (coins.units.tolist(), staked.units.tolist(), coins.slack) == ([10.0, 0.5], [0.0, 9.5], 0.0)
        book.move(coins, staked, np.array([10.0, 0.25]))
        assert (coins.units.tolist(), coins.active, coins.slack) == ([0.0, 0.25], True, 0.0)
        book.move(coins, staked, paths=SECOND)
        assert coins.units.tolist() == [0.0, 0.0]
        book.move(staked, coins)
        assert (staked.active, staked.units.tolist(), coins.units.tolist()) == (False, [0.0, 0.0], [10.0, 10.0])

    script(LEVEL, {-1: buy, 0: act})


def test_a_move_that_leaves_less_than_nothing_is_the_scale_of_its_rounding(script):
    def act(book, _now):
        coins, staked = book.account("ETH"), book.account("ETH", "staked")
        book.move(coins, staked, np.array([10.0 + 1e-12]), SECOND)
        assert coins.slack.tolist() == [0.0, 10.0 + 1e-12]
        book.move(coins, staked, np.array([1.0]), FIRST)
        assert coins.slack.tolist() == [0.0, 10.0 + 1e-12]
        book.move(staked, coins, np.array([0.5, 0.5]))
        assert staked.slack == 0.0

    script(LEVEL, {-1: buy, 0: act})


def test_prepaid_money_is_worth_the_coins_of_the_day_on_which_it_was_paid(script):
    def prepay(units, paths=None):
        return lambda book, _now: book.move(book.cash, book.account("USD", "prepaid"), units, paths)

    def seen(book, _now):
        told.append(book.account("USD", "prepaid").coins_a_unit.tolist())

    told: list[Any] = []
    prices = Market(GRID, {ETH: np.array([[10.0, 10.0], [20.0, 5.0], [20.0, 5.0], [20.0, 5.0], [20.0, 5.0]])})
    acts = {-1: prepay(np.array([20.0]), SECOND), 0: prepay(np.array([20.0]), SECOND), 1: prepay(40.0), 2: seen}
    script(prices, acts)
    assert told == [[0.05, (2.0 + 4.0 + 8.0) / 80.0]]


def test_nothing_to_pay_is_no_entry(script):
    def act(book, _now):
        book.charge(Line.OPERATING, 0.0)
        book.charge(Line.OPERATING, np.zeros(2))

    def leave(book, _now):
        book.pay_out(book.account("ETH"))

    outcome = script(LEVEL, {-1: buy, 0: leave, 1: act})
    assert {*outcome.lines} <= {Line.PRICE, Line.INTEREST}


def test_a_charge_is_paid_from_the_first_purse_and_then_from_the_pocket(script):
    def act(book, _now):
        book.charge(Line.OPERATING, np.array([30.0, 150.0]))

    outcome = script(LEVEL, {-1: buy, 0: act})
    assert outcome.lines[Line.OPERATING].tolist() == [-30.0, -150.0]
    assert outcome.lines.get(Line.CONTRIBUTION).tolist() == [0.0, 50.0]
    assert outcome.units["ETH", "wallet"].tolist() == [7.0, 0.0]


def test_a_wallet_that_was_emptied_is_left_out_of_the_next_step(script):
    def act(book, now):
        assert book.cash.active is False
        book.receive(book.cash, np.array([5.0, 0.0]))
        book.trade(book.cash, book.account("ETH"), np.array([5.0, 0.0]))
        assert book.cash.active is True
        book.advance(now, 0.5)
        assert book.cash.active is False
        assert book.account("ETH").active is True
        assert not book.cash.sums.get(Line.INTEREST)
        book.receive(book.cash, np.array([0.0, 8.0]))
        book.advance(now, 0.5)
        assert book.cash.units.tolist() == [0.0, 12.0]
        assert book.paid_out.units.tolist() == [0.0, 0.0]

    look(script, act, LEVEL)


def test_a_queue_is_made_once(script):
    def act(book, now):
        queue = book.queue("unbonding")
        assert book.queue("unbonding") is queue
        assert not queue
        queue.enter(now, book.account("ETH"), 1.0, due_day=9.0)
        assert bool(book.queue("unbonding"))
        assert repr(queue) == "Queue(Account('ETH', 'unbonding'), 1 tickets)"

    script(LEVEL, {-1: buy, 0: act})


def test_books_below_count_for_what_has_changed_and_what_is_left(script):
    def act(book, _now):
        one, other = book.child("one"), book.child("other")
        for each in (book, one, other):
            each.journal.is_dirty = False
        assert not book.is_dirty
        assert not book.is_paid_out
        book.pay_to(one, book.account("ETH"))
        for each in (book, other):
            each.journal.is_dirty = False
        assert book.is_dirty
        assert not book.is_paid_out
        coins = one.account("ETH")
        coins.raw_units[0] = 0.0
        assert not book.is_paid_out
        coins.raw_units[1] = 0.0
        assert book.is_paid_out
        book.receive(book.paid_out, 5.0)
        assert book.is_paid_out
        one.journal.is_dirty = book.journal.is_dirty = False
        assert not book.is_dirty

    look(script, act, LEVEL)
