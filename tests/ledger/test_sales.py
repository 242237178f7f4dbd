"""Sales for the holder: the proceeds, and the fee on them, of one fraction or of several."""

import numpy as np
import pytest

from stakingmodels.ledger import Line
from stakingmodels.market import Market, Price, TimeGrid

MARKET = Market(
    TimeGrid.daily("2026-01-01", days=3),
    {Price("ETH"): np.array([[10.0, 10.0], [12.0, 5.0], [15.0, 20.0], [15.0, 10.0]])},
)


def buy(book, _now):
    book.trade(book.cash, book.account("ETH"), 60.0)  # 6 ETH; 40 USD stay


def sells(fees):
    """One ETH in each step, for the fee of that step."""
    return lambda book, now: book.pay_out(book.account("ETH"), 1.0, fees[now.step])


@pytest.mark.parametrize(
    "fees",
    [
        {0: 0.1, 1: 0.1, 2: 0.1},
        {0: 0.1, 1: 0.3, 2: 0.1},
        {0: 0.1, 1: np.array([0.0, 0.3]), 2: 0.2},
        {0: np.array([0.0, 0.3]), 1: 0.1, 2: 0.1},
    ],
)
def test_proceeds_and_fees_by_hand(script, fees):
    outcome = script(MARKET, {-1: buy, **dict.fromkeys(range(3), sells(fees))})
    prices = np.array([[12.0, 5.0], [15.0, 20.0], [15.0, 10.0]])
    taken = np.array([price * fees[step] for step, price in enumerate(prices)])
    assert outcome.lines[Line.TRADING] == pytest.approx(-taken.sum(axis=0))
    assert outcome.coins[Line.TRADING] == pytest.approx(-(taken / prices).sum(axis=0))
    assert outcome.units["USD", "paid_out"] == pytest.approx((prices - taken).sum(axis=0) + 40.0)


def test_the_ledger_tells_proceeds_and_fee_apart(script):
    outcome = script(MARKET, {-1: buy, 0: sells({0: 0.1})})
    told = [(each.line, each.units.tolist()) for each in outcome.entries if each.step == 0 and each.place == "paid_out"]
    assert told == [(None, [12.0, 5.0]), (Line.TRADING, [-1.2000000000000002, -0.5])]


def test_a_sale_on_some_paths(script):
    def step(book, _now):
        book.pay_out(book.account("ETH"), np.array([2.0]), 0.1, paths=np.array([1]))

    outcome = script(MARKET, {-1: buy, 0: step})
    assert outcome.lines[Line.TRADING] == pytest.approx(np.array([0.0, -1.0]))


def test_a_fee_that_only_follows_a_sale_is_no_gain_of_the_holder(script):
    """What is sold without a fee, before and after, is under no line."""
    free = script(MARKET, {-1: buy, **dict.fromkeys(range(3), sells({0: 0.0, 1: 0.0, 2: 0.0}))})
    assert Line.TRADING not in free.lines
    once = script(MARKET, {-1: buy, **dict.fromkeys(range(3), sells({0: 0.0, 1: 0.1, 2: 0.0}))})
    assert once.lines[Line.TRADING] == pytest.approx(np.array([-1.5, -2.0]))
    assert free.closing - once.closing == pytest.approx(np.array([1.5, 2.0]))


def test_a_sale_is_one_flow(script):
    outcome = script(MARKET, {-1: buy, 1: sells({1: 0.1})}, keep="flows")
    days = outcome.flows.time[outcome.flows.path == 0].tolist()
    assert days.count(2) == 1
    assert outcome.flows.money[(outcome.flows.path == 0) & (outcome.flows.time == 2)] == pytest.approx([13.5])
