"""`WholeUnits`: a pool of whole validators, with the coins of its other members, by hand."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from stakingmodels.errors import InputError
from stakingmodels.ledger import Book
from stakingmodels.market import Event, Market, Price, StakingReward, TimeGrid
from stakingmodels.products import Failure, StakingPool
from stakingmodels.products.parts.whole_units import WholeUnits
from stakingmodels.rates import APR
from tests.products.conform import conform
from tests.products.plans import Planned, PlannedPosition

ETH, REWARD, SLASHED = Price("ETH"), StakingReward("ETH"), Event("slashed")
WHOLE = StakingPool(commission=0.0, validator_size=32.0)


def market(days, tail=0, *, reward=APR(0.365), **more):
    """A price of 10, and by default a reward of 0.1 % a day."""
    series: dict[Any, Any] = {ETH: 10.0, REWARD: reward} | ({SLASHED: more["slashed"]} if more else {})
    return Market(TimeGrid.daily("2026-01-01", days=days, settlement_days=tail), series)


def coins(pool, n, days=1, **more):
    return float(pool.run(market(days, **more), capital=10.0 * n).closing[0]) / 10.0


@pytest.mark.parametrize(
    ("own", "others", "staked"),
    [(31.0, 0.0, 0.0), (32.0, 0.0, 32.0), (63.0, 0.0, 32.0), (16.0, 16.0, 16.0), (16.0, 30.0, 16 * 32 / 46)],
)
def test_only_whole_validators_earn_and_each_member_has_the_same_share(own, others, staked):
    assert coins(WHOLE.replace(other_coins=others), own) == pytest.approx(own + 0.001 * staked, rel=1e-12)


def test_rewards_of_the_others_fill_the_next_validator():
    pool = WHOLE.replace(other_coins=63.96 - 8.0)  # 32 of 63.96 work, and 64.02 on the third day
    first, second = 8 * (1 + 0.001 * 32 / 63.96), 63.96 + 0.001 * 32
    third = first * (1 + 0.001 * 32 / second)
    assert coins(pool, 8.0, days=2) == pytest.approx(third, rel=1e-12)
    assert coins(pool, 8.0, days=3) == pytest.approx(third * (1 + 0.001 * 64 / (second + 0.032)), rel=1e-12)


def test_members_who_join_fill_it_and_those_who_leave_empty_it():
    joins = WHOLE.replace(joining_coins_per_day=8.0)
    assert [coins(joins, 16.0, days=n) for n in (1, 2, 3)] == pytest.approx([16.0, 16.0, 16.016], rel=1e-12)
    leave = WHOLE.replace(other_coins=16.0, joining_coins_per_day=-8.0)
    assert [coins(leave, 16.0, days=n) for n in (1, 2)] == pytest.approx([16.016, 16.016], rel=1e-12)


def test_a_large_pool_has_next_to_nothing_idle():
    assert coins(WHOLE.replace(other_coins=9e6), 10.0, days=30) == pytest.approx(
        coins(StakingPool(commission=0.0), 10.0, days=30), rel=1e-6
    )


def test_more_idle_coins_are_never_better():
    ends = [coins(WHOLE.replace(validator_size=size, other_coins=100.0), 10.0, days=9) for size in (1.0, 32.0, 64.0)]
    assert ends == sorted(ends, reverse=True)


def test_idle_coins_are_not_slashed_but_exploited():
    struck = np.array([[False], [True], [False], [False]])
    cases: Any = (("slashing", 0.5 * 16 * 32 / 46), ("exploit", 8.0))
    for line, lost in cases:
        pool = WHOLE.replace(other_coins=30.0, failures=Failure(SLASHED, 0.5, line=line))
        outcome = pool.run(market(3, slashed=struck, reward=APR(0.0)), capital=160.0)
        assert outcome.lines[line].tolist() == pytest.approx([-10.0 * lost])


def test_a_loss_of_ones_own_may_leave_the_pool_short_of_a_validator():
    struck = np.array([[False], [True], [False], [False]])
    pool = WHOLE.replace(failures=Failure(SLASHED, 0.5, line="slashing"))
    assert coins(pool, 32.0, days=3, slashed=struck) == pytest.approx(32.064 * (1 - 0.5 * 32 / 32.032))


def test_a_claim_is_the_part_that_was_at_work():
    struck = np.array([[True], [False]])
    cases: Any = ((16.0, 30.0, 16 * 32 / 46), (32.0, 0.0, 32.0))
    for own, others, works in cases:
        pool = WHOLE.replace(other_coins=others, failures=Failure(SLASHED, recovery=0.25, line="slashing"))
        outcome = pool.run(market(1, slashed=struck, reward=APR(0.0)), capital=10 * own)
        assert outcome.lines["slashing"].tolist() == pytest.approx([-7.5 * works])


def test_coins_that_leave_are_at_work_as_long_as_they_are_in_the_queue():
    pool = WHOLE.replace(unbonding_days=3.0, earns_while_unbonding=True)
    assert pool.run(market(1, tail=4), capital=480.0).closing[0] == pytest.approx(480.0 + 0.32 * 4)


def test_what_is_idle_leaves_with_the_rest_and_after_the_same_wait():
    outcome = WHOLE.replace(unbonding_days=2.0).run(market(1, tail=3), capital=400.0)
    assert outcome.closing.tolist() == pytest.approx([400.32])
    assert outcome.days_to_cash.tolist() == [2.0]


def test_terms_of_the_others_need_a_size():
    message = "StakingPool.other_coins: is felt only by a pool of whole validators, got 5.0; validator_size=32.0"
    with pytest.raises(InputError) as error:
        StakingPool(other_coins=5.0)
    assert str(error.value).startswith(message.partition(";")[0])
    with pytest.raises(InputError, match="joining_coins_per_day"):
        StakingPool(joining_coins_per_day=-5.0)
    with pytest.raises(InputError, match="validator_size"):
        StakingPool(validator_size=0.0)


@conform
@pytest.mark.parametrize(
    "pool",
    [
        WHOLE,
        WHOLE.replace(
            other_coins=20.0,
            joining_coins_per_day=5.0,
            entry_days=2.5,
            unbonding_days=3.0,
            compounding=False,
            buffer=0.1,
            failures=Failure(SLASHED, 0.4, line="slashing"),
        ),
    ],
    ids=["alone", "with others"],
)
def test_it_conforms(check, pool):
    check(pool)


def test_coins_on_their_way_in_make_up_whole_validators_with_the_others():
    pool = WHOLE.replace(other_coins=14.0, entry_days=1.5)
    assert coins(pool, 18.0, days=2) == pytest.approx(18.0 + 0.5 * 0.001 * 18.0 * 32.0 / 32.014, rel=1e-12)


def test_a_path_is_the_same_beside_paths_that_lose_or_leave():
    struck = np.zeros((6, 3), dtype=bool)
    struck[1, 0] = True
    pool = WHOLE.replace(other_coins=20.0, failures=Failure(SLASHED, 0.3, line="slashing"))
    beside = pool.run(market(5, slashed=struck), capital=500.0).closing
    alone = pool.run(market(5, slashed=struck[:, 1:]), capital=500.0).closing
    assert beside[1:].tolist() == alone.tolist()
    assert beside[0] < beside[1]


class _Asked(PlannedPosition):
    def __init__(self, plan, book, now):
        self.idle = []
        super().__init__(plan, book, now)

    def _read(self):
        super()._read()
        self.idle.append(self.inner.idle_share.tolist())  # type: ignore[attr-defined]


class _Asking(Planned):
    def open(self, book, now):
        ASKED.append(_Asked(self, book, now))
        return ASKED[-1]


ASKED: list[Any] = []


def idle(pool, **plan):
    """Idle share at the opening and after each of two days, of 16 coins and of 48."""
    ASKED.clear()
    terms = _Asking(pool, kept=320.0, **plan)
    terms.run(market(2, reward=APR(0.0)), capital=np.array([480.0, 800.0]))
    return ASKED[0].idle[:3]


def test_the_idle_share_is_the_buffer_and_what_is_short_of_whole_validators():
    assert idle(StakingPool(commission=0.0)) == [[0.0, 0.0]] * 3
    assert idle(StakingPool(commission=0.0, buffer=0.25)) == [[0.25, 0.25]] * 3
    assert np.allclose(idle(WHOLE), [[1.0, 1 / 3]] * 3, rtol=1e-12)
    assert np.allclose(idle(WHOLE.replace(other_coins=16.0)), [[0.0, 0.0]] * 3, rtol=1e-12)
    assert np.allclose(idle(WHOLE.replace(buffer=0.25)), [[1.0, 1 / 3]] * 3, rtol=1e-12)  # of 48 coins 36 for 32
    more = idle(WHOLE, add={0: (160.0, [0])})  # 16 more coins on the first path, by 10 USD each
    assert np.allclose(more, [[1.0, 1 / 3], [0.0, 1 / 3], [0.0, 1 / 3]], rtol=1e-12)


def test_units_of_less_than_a_coin_and_a_stake_short_of_one_by_a_rounding():
    account: Any = SimpleNamespace(units=np.array([0.6, 0.2]))
    small = WholeUnits((account,), size=0.25, others=0.0, joining_per_day=0.0, buffer=0.0)
    small.fill()
    assert small.whole.tolist() == [pytest.approx(0.5 / 0.6), 0.0]
    account.units = np.array([32.0 * (1.0 - 5e-13), 31.9])
    large = WholeUnits((account,), size=32.0, others=0.0, joining_per_day=0.0, buffer=0.0)
    large.fill()
    assert large.whole.tolist() == [1.0, 0.0]


def test_a_part_that_leaves_at_once_changes_the_share_at_work_at_once():
    market = Market(TimeGrid.daily("2026-01-01", days=2), {Price("ETH"): 10.0, StakingReward("ETH"): APR(0.0)})
    chunk = next(market.chunks())
    now = market.now().at(chunk, -1)
    book = Book(now, "ETH")
    book.receive(book.cash, 640.0)
    position: Any = StakingPool(validator_size=32.0, unbonding_days=0.0).open(book, now)
    assert position.idle_share.tolist() == [0.0]
    position.exit(now.at(chunk, 0), 0.4)
    assert position.idle_share.tolist() == pytest.approx([1.0 - 32.0 / 38.4])
    assert book.account("ETH", "staked").units.tolist() == pytest.approx([38.4])
