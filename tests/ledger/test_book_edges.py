"""Verbs of a book on nothing, on some paths and with unusual shares, by hand; and which entries they leave."""

import numpy as np
import pytest

from stakingmodels.errors import BookError
from stakingmodels.ledger import Line
from stakingmodels.market import CashRate, Market, Price, TimeGrid
from stakingmodels.rates import APR

ETH, BTC = Price("ETH"), Price("BTC")
GRID = TimeGrid.daily("2026-01-01", days=3)
LEVEL = Market(GRID, {ETH: np.full((4, 2), 10.0), BTC: np.full((4, 2), 50.0)})
CASH = Market(GRID, {ETH: np.full((4, 2), 10.0), CashRate("USD"): APR(0.365)})
FIRST = np.array([0])


def entries(outcome, step=0):
    return [(each.line, each.place) for each in outcome.entries if each.step == step]


@pytest.mark.parametrize(
    "act",
    [
        lambda book: book.move(book.account("ETH", "empty"), book.account("ETH", "other")),
        lambda book: book.trade(book.account("ETH", "empty"), book.cash),
        lambda book: book.lose(Line.SLASHING, book.account("ETH", "empty"), 0.5),
        lambda book: book.pay_out(book.account("ETH", "empty")),
        lambda book: book.child("below").sweep(None),
    ],
)
def test_of_nothing_no_entry_is_made(script, act):
    outcome = script(LEVEL, {0: lambda book, now: act(book)})  # noqa: ARG005
    assert entries(outcome) == []


def test_units_that_an_empty_account_lacks_are_not_sold(script):
    with pytest.raises(BookError):
        script(LEVEL, {0: lambda book, now: book.trade(book.account("ETH", "empty"), book.cash, 1.0)})  # noqa: ARG005


def test_money_paid_out_stays_paid_out(script):
    def act(book, _now):
        book.pay_out(book.cash, 60.0)
        book.pay_out(book.paid_out)

    assert script(LEVEL, {0: act}).closing.tolist() == [100.0, 100.0]


def test_a_price_below_one_is_a_price(script):
    market = Market(GRID, {ETH: np.tile([0.5, 0.0], (4, 1))})

    def act(book, _now):
        book.trade(book.cash, book.account("ETH"))
        assert book.account("ETH").units.tolist() == [200.0, 0.0]
        assert book.cash.units.tolist() == [0.0, 100.0]

    script(market, {-1: act})


def test_a_trade_free_of_cost_asks_for_no_line_of_cost(script):
    outcome = script(
        LEVEL,
        {0: lambda book, now: book.trade(book.cash, book.account("ETH"), line=Line.CONSENSUS)},  # noqa: ARG005
    )
    assert outcome.closing.tolist() == [100.0, 100.0]


def test_paths_and_units_of_a_move_are_looked_at(script):
    def act(book, _now):
        other = book.account("USD", "other")
        with pytest.raises(BookError, match=r"^Book\.move: paths must stand there once each"):
            book.move(book.cash, other, None, np.array([1, 1]))
        with pytest.raises(BookError, match=r"^Book\.move: units must be one number or have the shape \(2,\)"):
            book.move(book.cash, other, np.ones(3))

    script(LEVEL, {0: act})


def test_a_sweep_takes_the_money_of_its_paths(script):
    def act(book, _now):
        book.sweep(FIRST)
        assert book.cash.units.tolist() == [0.0, 100.0]
        assert book.paid_out.units.tolist() == [100.0, 0.0]

    script(LEVEL, {0: act})


def test_a_sweep_of_an_empty_wallet_makes_no_entry(script):
    def buy(book, _now):
        book.trade(book.cash, book.account("ETH"), 100.0)

    def sweep(book, _now):
        book.sweep(None)

    assert entries(script(LEVEL, {-1: buy, 0: sweep})) == []


def test_an_empty_wallet_earns_no_interest(script):
    def act(book, _now):
        book.move(book.cash, book.paid_out, 0.0)
        book.trade(book.cash, book.account("ETH"), book.cash.units)

    outcome = script(CASH, {0: act})
    assert (Line.INTEREST, "wallet") in entries(outcome)
    assert [line for step in (1, 2) for line, _ in entries(outcome, step) if line is Line.INTEREST] == []


def test_interest_on_money_paid_out_is_no_flow(script):
    outcome = script(CASH, {0: lambda book, now: book.pay_out(book.cash, 60.0)}, keep="flows")  # noqa: ARG005
    days, money = outcome.flows.of(0, 100.0, outcome.grid)
    assert (days.tolist()[:2], money.tolist()[:2]) == ([0.0, 1.0], [-100.0, 60.0])
    assert 2.0 not in days.tolist()


def test_a_reward_and_its_fee_are_the_only_entries(script):
    def act(book, _now):
        book.earn(Line.INTEREST, book.cash, book.cash.units, 0.1, fee_line=Line.COMMISSION, fee=0.5)

    outcome = script(LEVEL, {0: act})
    assert entries(outcome) == [(Line.INTEREST, "wallet"), (Line.COMMISSION, "wallet")]


@pytest.mark.parametrize("paths", [None, np.array([0, 1])])
def test_shares_whose_sum_is_two(script, paths):
    costs = ((Line.OPERATING, -1.0), (Line.ELECTRICITY, -1.0))
    gains = ((Line.CONSENSUS, 1.0), (Line.EXECUTION, 1.0))

    def act(book, _now):
        book.post(costs, book.cash, 5.0, paths)
        book.post(gains, book.account("BTC"), 1.0, paths)

    outcome = script(LEVEL, {0: act})
    assert outcome.closing.tolist() == [100.0 - 10.0 + 100.0] * 2
    assert outcome.lines[Line.OPERATING].tolist() == [-5.0] * 2
    assert outcome.coins[Line.EXECUTION].tolist() == [5.0] * 2


def test_a_new_book_has_a_value_to_be_computed(script):
    script(LEVEL, {0: lambda book, now: _is_dirty(book)})  # noqa: ARG005


def _is_dirty(book):
    assert book.child("below").is_dirty is True


def test_coins_paid_in_advance_count_at_the_price_of_their_path(script):
    def act(book, _now):
        prepaid = book.account("BTC", "prepaid")
        book.trade(book.cash, prepaid, 50.0, paths=FIRST)
        assert prepaid.coins_a_unit.tolist() == [5.0, 0.0]
        book.trade(book.cash, prepaid, 25.0)
        assert prepaid.coins_a_unit.tolist() == [5.0, 5.0]
        assert prepaid.units.tolist() == [1.5, 0.5]

    script(LEVEL, {-1: act})


def test_an_account_that_gave_all_counts_as_empty_and_makes_no_more_entries(script):
    def opening(book, now):
        staked, queue = book.account("ETH", "staked"), book.queue("unbonding")
        book.trade(book.cash, staked)
        queue.enter(now, staked, due_day=1.0)
        assert staked.active is False

    def step(book, now):
        queue = book.queue("unbonding")
        queue.deliver(now, book.account("ETH"))
        assert queue.account.active is False
        book.pay_to(book.child("below"), book.account("ETH"))
        assert book.account("ETH").active is False

    script(LEVEL, {-1: opening, 0: step})


def test_money_that_a_part_has_paid_out_goes_to_its_wrapper_and_no_further(script):
    def act(book, _now):
        part = book.child("part")
        book.pay_to(part, book.cash, 60.0)
        part.pay_out(part.cash, 40.0)
        with pytest.raises(BookError, match=r"^Book\.move: money paid out is the holder's"):
            part.move(part.paid_out, part.cash)
        part.pay_to(book, part.paid_out, 30.0)
        assert (part.paid_out.units.tolist(), book.cash.units.tolist()) == ([10.0, 10.0], [70.0, 70.0])

    assert script(LEVEL, {0: act}).closing.tolist() == [100.0, 100.0]
