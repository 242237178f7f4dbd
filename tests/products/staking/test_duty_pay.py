"""`DutyPay`: rewards and fines of some validators by hand, swept to the wallet or left on the stake."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from stakingmodels.ledger import Book, Line
from stakingmodels.market import ExecutionReward, Market, Price, StakingReward, TimeGrid
from stakingmodels.market.now import NO_PATHS
from stakingmodels.products import SoloValidator
from stakingmodels.products.staking.duty_pay import DutyPay
from stakingmodels.rates import APR

ETH, REWARD, EXECUTION = Price("ETH"), StakingReward("ETH"), ExecutionReward("ETH")
MARKET = Market(
    TimeGrid.daily("2026-01-01", days=2),
    {ETH: np.full((3, 3), 10.0), REWARD: APR(0.1), EXECUTION: APR(0.02)},
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
    assert not paying(0.45)[0].sweeps  # 0.45 - 0.55 * 42/64 is above 0, and a seat's 0.45 - 0.55 is not
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


# One interval by hand


class Moment(dict[Any, Any]):
    """Rewards of an interval, each a fraction of the stake."""

    def __init__(self, reward: Any, execution: float = 0.0) -> None:
        super().__init__({REWARD: reward, EXECUTION: execution})
        self.scratch = np.empty(3)


class Luck:
    """Draws that are given: the proposals as a stake on path 0; it keeps the names of its calls."""

    def __init__(self, proposals: float = 0.0) -> None:
        self.calls: list[str] = []
        self._drawn = (np.array([0]), np.array([proposals])) if proposals else (NO_PATHS, np.empty(0))

    def forget(self) -> None:
        self.calls.append("forget")

    def look(self, *_: Any) -> None:
        self.calls.append("look")

    def proposals(self, _: Any) -> Any:
        return self._drawn

    def seats(self, _: Any) -> Any:
        return NO_PATHS, np.empty(0)


def validators(excess=(0.0, 0.0, 0.0)):
    """A validator of 32 coins on each path, whose rewards stay on its stake."""
    return SimpleNamespace(
        stake=np.full(3, 32.0),
        count=np.ones(3),
        full=np.zeros(3, dtype=np.bool_),
        all_full=False,
        excess=lambda: np.array(excess),
        update_effective=lambda: None,
    )


def test_the_shares_of_a_reward_that_is_paid_by_lot_in_part(paying):
    _, staked, coins = paying(0.75)
    drawn: Any = SimpleNamespace(is_drawn=True)
    pay = DutyPay(MARKET.now(), SoloValidator(uptime=0.75), drawn, staked, coins)  # type: ignore[arg-type]
    # of 64 parts 8 are for proposals and 2 for seats; of the fine of 42 parts, 2 are for seats
    assert pay._duties == ((Line.CONSENSUS, 0.75 * 54 / 64), (Line.DOWNTIME, -0.25 * 40 / 64))
    assert pay._seats == ((Line.CONSENSUS, 0.75), (Line.DOWNTIME, -0.25))


def test_what_is_above_the_stake_goes_to_the_wallet(paying):
    pay, staked, coins = paying(1.0)
    pay.step(Moment(0.0), validators(excess=(0.5, 0.0, -1.0)), 1.0)
    assert staked.units.tolist() == [31.5, 32.0, 32.0]
    assert coins.units.tolist() == [1.5, 0.0, 0.0]


def test_fines_of_an_interval_take_no_more_than_the_stake(paying):
    pay, staked, _ = paying(0.25)
    pay._book.post(Line.SLASHING, staked, np.array([-31.5, 0.0, 0.0]))
    pay.step(Moment(1.0), validators(), 1.0)
    rest = 32.0 + 32.0 * (0.25 - 0.75 * 42 / 64)
    assert staked.units.tolist() == [pytest.approx(0.0, abs=1e-12), rest, rest]


def test_a_fine_that_is_all_of_the_reward_changes_nothing(paying):
    pay, staked, _ = paying(0.5)
    pay._duties = ((Line.CONSENSUS, 0.5), (Line.DOWNTIME, -0.5))
    pay.step(Moment(1.0), validators(), 1.0)
    assert staked.units.tolist() == [32.0] * 3


def test_a_proposal_is_paid_the_reward_of_the_stake_that_is_drawn(paying):
    pay, staked, coins = paying(1.0)
    pay._luck = Luck(proposals=8.0)
    lines: list[Any] = []
    pay._book.observe(lambda _step, line, _account, _units, _paths: lines.append(line))
    pay.step(Moment(0.5), validators(), 1.0)
    # on each stake 32 * 0.5, and on path 0 an eighth of 8 * 0.5
    assert staked.units.tolist() == [48.5, 48.0, 48.0]
    assert Line.EXECUTION not in lines
    pay.step(Moment(0.5, 0.25), validators(), 1.0)
    assert coins.units.tolist() == [3.0, 0.0, 0.0]
    assert Line.EXECUTION in lines


def test_probabilities_are_dropped_when_the_stake_has_changed(paying):
    pay, *_ = paying(1.0)
    pay._luck = luck = Luck()
    one = validators()
    for each in (one, one, validators()):
        pay.step(Moment(0.0), each, 1.0)
    assert luck.calls == ["forget", "look", "look", "forget", "look"]


def test_a_rate_below_0_on_one_path_is_taken_there_alone(paying):
    pay, staked, coins = paying(0.5)
    pay.step(Moment(np.array([0.25, -0.25, 0.0])), validators(), 1.0)
    fined = 8.0 * (0.5 - 0.5 * 42 / 64)
    assert staked.units.tolist() == [32.0 + fined, 32.0 - 0.5 * 8.0, 32.0]
    assert coins.units.tolist() == [1.0, 0.0, 0.0]


def test_a_fine_of_just_the_reward_is_not_above_it(paying):
    assert paying(0.5, compounding=False)[0].sweeps
    assert not paying(0.499, compounding=False)[0].sweeps


def test_no_fee_that_is_not_taken_is_a_share(paying):
    pay, *_ = paying(1.0)
    assert pay._tips_shares(0.0, 0.0) == ((Line.EXECUTION, 1.0),)
    assert pay._tips_shares(0.25, 0.0) == ((Line.EXECUTION, 1.0), (Line.PROTOCOL, -0.25))
    assert pay._tips_shares(0.25, 0.5) == (
        (Line.EXECUTION, 1.0),
        (Line.PROTOCOL, -0.25),
        (Line.COMMISSION, -0.375),
    )


def test_an_operator_takes_its_commission_of_the_part_that_is_the_owners(paying):
    pay, *_ = paying(1.0)
    pay._part, pay._commission = 0.25, 0.5
    assert pay._shares(1.0, 1.0) == ((Line.CONSENSUS, 0.25), (Line.COMMISSION, -0.125))
    pay._uptime = 0.5
    fined = ((Line.CONSENSUS, 0.5), (Line.DOWNTIME, -0.5))
    assert pay._shares(1.0, 1.0) == fined, "of a reward that the fine takes wholly there is no part"
    pay._uptime = 0.75
    assert pay._shares(1.0, 1.0) == ((Line.CONSENSUS, 0.1875), (Line.DOWNTIME, -0.0625), (Line.COMMISSION, -0.0625))


def test_a_smoothing_pool_leaves_the_lots_of_the_consensus_reward(paying):
    pay, staked, _ = paying(1.0, smoothing_fee=0.05)
    pay._luck = Luck(proposals=8.0)
    pay.step(Moment(0.5), validators(), 1.0)
    assert staked.units.tolist() == [48.5, 48.0, 48.0]
