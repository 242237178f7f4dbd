"""What stands in a book: sums of causes, line by line."""

import attrs
import numpy as np
import pytest

from stakingmodels import Line, Market, MarketRatio, TimeGrid
from stakingmodels.ledger.sums import LineSums
from stakingmodels.ledger.totals import BookTotals

GRID = TimeGrid.daily("2026-01-01", days=2)
FEE = ((Line.CONSENSUS, 1.0), (Line.COMMISSION, -0.1))


def sums(cause, units, money=None, asset="ETH"):
    found = LineSums(cause, asset, 2, has_money=money is not None, has_coins=False)
    found.units += units
    if money is not None:
        found.money += money
    return found


def test_a_cause_of_two_lines_is_split_by_its_shares():
    totals = BookTotals.of([sums(FEE, 2.0, 20.0)], {}, {}, [], [])
    assert {line: money.tolist() for line, money in totals.lines.items()} == {
        Line.CONSENSUS: [20.0, 20.0],
        Line.COMMISSION: [-2.0, -2.0],
    }
    assert totals.native[Line.COMMISSION, "ETH"].tolist() == [-0.2, -0.2]


def test_the_order_of_posting_does_not_matter():
    parts = [sums(Line.CONSENSUS, 0.1, 0.3), sums(FEE, 0.2, 0.7), sums(((Line.CONSENSUS, 0.5),), 0.3, 0.9)]
    found = [BookTotals.of(order, {}, {}, [], []) for order in (parts, parts[::-1], [parts[1], parts[0], parts[2]])]
    for other in found[1:]:
        assert [list(table) for table in (other.lines, other.native)] == [
            list(table) for table in (found[0].lines, found[0].native)
        ]
        assert all(other.lines[line].tobytes() == money.tobytes() for line, money in found[0].lines.items())


def test_nothing_is_not_minus_nothing():
    totals = BookTotals.of([sums(((Line.OPERATING, -1.0),), 0.0, 0.0)], {}, {}, [], [])
    assert not np.signbit(totals.lines[Line.OPERATING]).any()


def test_prepaid_is_contract_and_credit_in_money_where_there_is_a_contract():
    credit, contract = np.full(2, -3.0), np.full(2, -5.0)
    left = {("USD", "prepaid"): np.array([1.0, 0.0])}
    lost = BookTotals({}, {(Line.CREDIT, "USD"): credit}, {}, {})
    assert lost.prepaid("USD") == []
    assert np.sum(attrs.evolve(lost, units=left).prepaid("USD"), axis=0).tolist() == [4.0, 3.0]
    both = BookTotals({}, {(Line.CREDIT, "USD"): credit, (Line.CONTRACT, "USD"): contract}, {}, left)
    assert np.sum(both.prepaid("USD"), axis=0).tolist() == [9.0, 8.0]


def test_one_line_on_money_and_on_a_marked_holding_of_it(script):
    ratio = MarketRatio("stETH")

    def lose(book, _now):
        marked = book.account("ETH", "staked", ratio)
        book.post(Line.SLASHING, book.cash, -1.0)
        book.move(book.cash, marked, 40.0)
        book.post(Line.SLASHING, marked, -4.0)

    outcome = script(Market(GRID, {ratio: 0.5}, "ETH"), {0: lose}, asset="ETH")  # which looks whether the books close
    assert outcome.lines[Line.SLASHING].tolist() == pytest.approx([-1.0 - 4.0 * 0.5])


def test_sums_are_added_up_by_line_then_those_with_a_price_then_by_share():
    parts = [sums(Line.CONSENSUS, 0.1), sums(Line.CONSENSUS, 1.0, 0.3), sums(((Line.CONSENSUS, 0.5),), 1.0, 0.4)]
    for order in (parts, parts[::-1]):
        money = BookTotals.of(order, {}, {}, [], []).lines[Line.CONSENSUS]
        assert money.tolist() == [(0.2 + 0.3) + 0.1] * 2 != [(0.1 + 0.2) + 0.3] * 2


def test_a_share_of_two_counts_twice():
    totals = BookTotals.of([sums(((Line.CONSENSUS, 2.0),), 3.0, 5.0)], {}, {}, [], [])
    assert totals.lines[Line.CONSENSUS].tolist() == [10.0] * 2
    assert totals.native[Line.CONSENSUS, "ETH"].tolist() == [6.0] * 2


def test_what_is_left_of_a_prepaid_amount():
    left = BookTotals({}, {}, {}, {("USD", "prepaid"): np.array([1.0, 2.0])})
    assert [each.tolist() for each in left.prepaid_left("USD")] == [[1.0, 2.0]]
    assert left.prepaid_left("EUR") == []


def test_a_sum_of_money_has_no_other_worth_and_takes_only_what_both_count():
    money = LineSums(Line.OPERATING, "USD", 2, has_money=False, has_coins=True)
    assert (money.money, money.place) == (None, "")
    money.units += 3.0
    assert money.in_money() is money.units
    coins = LineSums(Line.OPERATING, "ETH", 2, has_money=True, has_coins=False)
    coins.units += 1.0
    money.take(coins, 0.5)
    coins.take(money, 2.0)
    assert (money.units.tolist(), coins.units.tolist()) == ([3.5] * 2, [8.0] * 2)
    assert coins.money is not None
    assert coins.money.tolist() == [0.0] * 2
