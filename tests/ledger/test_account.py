"""`Account` and `PricedGroup` on their own, by hand: shares, worth, what they can pay, prepaid units and roundings."""

from typing import Any

import numpy as np
import pytest

from stakingmodels.ledger.account import Account
from stakingmodels.market import Market, MarketRatio, Price, TimeGrid

ETH, RATIO = Price("ETH"), MarketRatio("stETH")
GRID = TimeGrid.daily("2026-01-01", days=2)
ALL, FIRST, SECOND = None, np.array([0]), np.array([1])


@pytest.fixture
def look(script):
    """Let a test look at a book with 10 coins, whose price is 0.5 and 0 on the next day, and the ratio 0.8 and 0."""

    def run(seen, prices=(0.5, 0.0)):
        market = Market(
            GRID, {ETH: np.array([[10.0, 10.0], prices, prices]), RATIO: np.array([[1.0, 1.0]] + [[0.8, 0.0]] * 2)}
        )
        script(market, {-1: lambda book, _: book.trade(book.cash, book.account("ETH")), 0: seen})

    return run


def test_a_share_is_units_and_all_of_them_is_none(look):
    def seen(book, _now):
        coins = book.account("ETH")
        assert coins.part(1.0) is None
        assert coins.part(0.5).tolist() == [5.0, 5.0]
        assert coins.part(0.25, SECOND).tolist() == [2.5]
        assert coins.part(np.array([1.0]), SECOND).tolist() == [10.0]
        assert coins.part(np.array([0.1, 0.2])).tolist() == [1.0, 2.0]

    look(seen)


def test_units_without_a_price_are_worth_infinitely_much_and_no_units_nothing(look):
    def seen(book, _now):
        group = book.account("ETH").priced_group
        assert group.worth(np.array([1.0, 1.0]), ALL).tolist() == [0.5, np.inf]
        assert group.worth(np.array([1.0, 0.0]), ALL).tolist() == [0.5, 0.0]
        assert group.worth(np.array([1.0]), FIRST).tolist() == [0.5]
        assert book.cash.priced_group.worth(np.array([1.0, 0.0]), ALL).tolist() == [1.0, 0.0]

    look(seen)


def test_a_value_is_above_0_where_price_and_mark_are(look):
    def seen(book, now):
        assert book.cash.priced_group.positive is True
        assert book.account("ETH").priced_group.positive is bool(now[ETH].all())
        marked = book.account("ETH", "token", RATIO).priced_group
        assert marked.positive is False
        assert marked.value.tolist() == [0.8 * now[ETH][0], 0.0]

    look(seen)
    look(seen, (0.5, 2.0))


def test_coins_pay_what_they_are_worth_and_at_most_what_is_there(look):
    def seen(book, _now):
        coins = book.account("ETH")
        paid, short = coins.affords(1.0, ALL, np.empty(2))
        assert (paid.tolist(), short.tolist()) == ([2.0, 0.0], [1])
        paid, short = coins.affords(np.array([5.5]), FIRST, np.empty(2))
        assert (paid.tolist(), short.tolist()) == ([10.0], [0])

    look(seen)


def test_only_money_in_the_wallet_or_paid_out_is_cash(look):
    def seen(book, _now):
        places = [("USD", "wallet"), ("USD", "paid_out"), ("USD", "prepaid"), ("ETH", "wallet"), ("ETH", "paid_out")]
        assert [book.account(*each).is_cash for each in places] == [True, True, False, False, False]
        alone = Account(book.cash.priced_group, "wallet", 2)
        assert (alone.book, alone.active, alone.units.tolist()) == ("", False, [0.0, 0.0])

    look(seen)


def test_an_overdraft_by_rounding_grows_with_the_largest_transfer_of_a_path(look):
    def seen(book, _now):
        account: Any = Account(book.cash.priced_group, "wallet", 2)
        account.allow(-3.0, SECOND)
        assert account.slack.tolist() == [0.0, 3.0]
        account.allow(np.array([2.0, 2.0]), ALL)
        assert account.slack.tolist() == [2.0, 3.0]
        account.allow(np.array([7.0]), FIRST)
        assert account.slack.tolist() == [7.0, 3.0]

    look(seen)


def test_prepaid_units_keep_the_average_of_the_coins_that_they_cost(look):
    def seen(book, _now):
        account: Any = Account(book.cash.priced_group, "prepaid", 2)
        coins = np.array([1.0, 1.0])
        account.add_prepaid(coins, 5.0, ALL)
        assert coins.tolist() == [1.0, 1.0]
        account.prepay(np.array([10.0, 10.0]), np.array([2.5, 5.0]))
        assert account.coins_a_unit.tolist() == [0.25, 0.5]
        account.add_prepaid(coins, 4.0, ALL)
        account.add_prepaid(coins, np.array([8.0]), SECOND)
        assert coins.tolist() == [2.0, 7.0]
        account.raw_units[:] = [10.0, 0.0]
        account.prepay(np.array([10.0, 2.0]), np.array([5.0, 0.5]))
        assert account.coins_a_unit.tolist() == [0.375, 0.25]

    look(seen)
