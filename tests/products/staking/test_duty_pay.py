"""`DutyPay`: rewards and fines of some validators by hand, swept to the wallet or left on the stake."""

from typing import Any

import numpy as np
import pytest

from stakingmodels.ledger import Book, Line
from stakingmodels.market import ExecutionReward, Market, Price, StakingReward, TimeGrid
from stakingmodels.products import SoloValidator
from stakingmodels.products.staking.duty_pay import DutyPay
from stakingmodels.rates import APR

ETH = Price("ETH")
MARKET = Market(
    TimeGrid.daily("2026-01-01", days=2),
    {ETH: np.full((3, 3), 10.0), StakingReward("ETH"): APR(0.1), ExecutionReward("ETH"): APR(0.02)},
)
ALL = np.array([0, 1, 2])


@pytest.fixture
def paying():
    """`paying(uptime)`: the pay of duties, the stake of 32 coins and the wallet, which has 1, 0 and 0 coins."""

    def made(uptime: float, **terms: Any) -> Any:
        now = MARKET.now().at(next(MARKET.chunks()), -1)
        book = Book(now, "ETH")
        book.receive(book.cash, np.array([330.0, 320.0, 320.0]))
        coins, staked = book.account("ETH"), book.account("ETH", "staked")
        book.trade(book.cash, coins)
        book.move(coins, staked, 32.0)
        return DutyPay(book, SoloValidator(uptime=uptime, **terms), now, staked, coins), staked, coins

    return made


def test_a_reward_without_a_fine_goes_where_it_is_swept(paying):
    pay, staked, coins = paying(1.0)
    pay._pay_some(Line.CONSENSUS, None, ALL, np.array([1.0, 2.0, 3.0]))
    assert coins.units.tolist() == [2.0, 2.0, 3.0]
    pay._pay_some(Line.CONSENSUS, np.array([True, False, False]), ALL[1:], np.array([4.0, 5.0]))
    assert coins.units.tolist() == [2.0, 2.0, 3.0]
    assert staked.units.tolist() == [32.0, 36.0, 37.0]
    pay._pay_some(Line.CONSENSUS, np.array([True, False, False]), ALL[:2], np.array([4.0, 5.0]))
    assert coins.units.tolist() == [6.0, 2.0, 3.0]
    assert staked.units.tolist() == [32.0, 41.0, 37.0]


def test_a_fine_takes_no_more_than_is_there(paying):
    pay, staked, coins = paying(0.25)
    seats = ((Line.CONSENSUS, 0.25), (Line.DOWNTIME, -0.75))
    assert pay._seats == seats
    pay._pay_some(seats, np.array([True, False, False]), ALL, np.array([1.0, 2.0, 1_000.0]))
    assert coins.units.tolist() == [0.5, 0.0, 0.0]
    assert staked.units.tolist() == [32.0, 31.0, 0.0]
    pay._pay_some(seats, np.array([True, True, False]), ALL[:2], np.array([9.0, 9.0]))
    assert coins.units.tolist() == [0.0, 0.0, 0.0]


def test_a_reward_that_is_paid_more_than_fined_grows(paying):
    pay, staked, _ = paying(0.75)
    pay._pay_some(((Line.CONSENSUS, 0.75), (Line.DOWNTIME, -0.25)), np.zeros(3, dtype=np.bool_), ALL, np.full(3, 80.0))
    assert staked.units.tolist() == [72.0, 72.0, 72.0]


def test_rewards_are_swept_at_once_where_no_fine_is_above_them(paying):
    assert paying(1.0)[0].sweeps
    assert paying(0.75)[0].sweeps
    assert not paying(0.25)[0].sweeps
    assert not paying(1.0, compounding=True)[0].sweeps


def test_the_execution_part_is_within_the_reward(paying):
    pay, *_ = paying(1.0)
    assert pay._parts(0.5, 0.125) == (0.375, 0.125)
    assert pay._parts(0.5, 0.125) == (0.375, 0.125)
    assert pay._parts(0.5, 0.75) == (0.0, 0.5)
    assert pay._parts(-0.5, 0.25) == (-0.5, 0.0)
    assert pay._parts(0.5, -0.25) == (0.5, 0.0)
    total = np.array([0.5, 0.25])
    assert [part.tolist() for part in pay._parts(total, 0.125)] == [[0.375, 0.125], [0.125, 0.125]]
    total[0] = 1.0
    assert [part.tolist() for part in pay._parts(total, 0.125)] == [[0.875, 0.125], [0.125, 0.125]]
    assert [part.tolist() for part in pay._parts(0.5, np.array([0.125, 1.0]))] == [[0.375, 0.0], [0.125, 0.5]]
