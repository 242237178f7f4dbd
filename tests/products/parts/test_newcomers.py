"""`entry_days` of liquid tokens by hand: coins that do not earn yet, behind tokens that are there."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from stakingmodels import (
    APR,
    EntryWait,
    Event,
    Failure,
    InputError,
    LiquidStakingToken,
    Market,
    MarketRatio,
    Price,
    StakingReward,
    TimeGrid,
    Units,
)
from stakingmodels.ledger import Book
from stakingmodels.products import token_history
from stakingmodels.products.parts.newcomers import Newcomers
from tests.products.conform import conform

GRID = TimeGrid.daily("2026-01-01", days=6, settlement_days=1)
TEN = Units(10.0, "ETH")
DAILY = 0.001
TOKEN = LiquidStakingToken(protocol_fee=0.5, exit_route="sale")
EVENT = Event("exploit:drawn")


def market(ratio=1.0, **more):
    """A coin of 1 USD, and a reward of 0.1 % a day."""
    series = {Price("ETH"): 1.0, StakingReward("ETH"): APR(365 * DAILY), MarketRatio("stETH"): ratio}
    return Market(GRID, {**series, **more.get("also", {})})


def coins(days, **terms):
    return float(TOKEN.replace(entry_days=days, **terms).run(market(), capital=TEN).closing[0])


def test_coins_earn_from_their_day_on_within_an_interval_too():
    grown = 1.0 + DAILY / 2
    assert coins(0.0) == pytest.approx(10.0 * grown**6, rel=1e-13)
    assert coins(2.0) == pytest.approx(10.0 * grown**4, rel=1e-13)
    assert coins(2.25) == pytest.approx(10.0 * grown**3 * (1.0 + 0.75 * DAILY / 2), rel=1e-13)


def test_a_longer_wait_leaves_no_more_and_a_wait_beyond_the_exit_earns_nothing():
    found = [coins(days) for days in (0.0, 1e-9, 0.5, 3.0, 5.999, 6.0, 1e3)]
    assert found == sorted(found, reverse=True)
    assert found[1] == pytest.approx(found[0], rel=1e-11)
    assert found[-2:] == [10.0, 10.0]


def test_the_queue_of_the_market_is_read_on_each_path():
    series = {EntryWait("ETH"): np.broadcast_to([0.0, 3.0, 50.0], (GRID.n_times, 3))}
    found = TOKEN.replace(entry_days=EntryWait("ETH")).run(market(also=series), capital=TEN).closing
    np.testing.assert_allclose(found, [coins(0.0), coins(3.0), 10.0], rtol=1e-13)
    with pytest.raises(InputError, match=r"LiquidStakingToken.entry_days: must be EntryWait"):
        TOKEN.replace(entry_days=EntryWait("SOL"))


@pytest.mark.parametrize("accounting", ["rebasing", "accruing"])
def test_tokens_are_there_at_once_and_grow_later(accounting):
    held = token_history(TOKEN.replace(entry_days=2.0, accounting=accounting), market(0.9), capital=TEN)
    assert held.coins[:6, 0] == pytest.approx(10.0 * (1.0 + DAILY / 2) ** np.array([0, 0, 0, 1, 2, 3]), rel=1e-13)


def test_a_loss_strikes_coins_that_wait_and_they_earn_on_the_rest():
    struck = np.zeros(GRID.n_times, dtype=bool)
    struck[1] = True
    token = TOKEN.replace(entry_days=3.0, failures=Failure(EVENT, 0.5, line="slashing"))
    found = token.run(market(also={EVENT: struck}), capital=TEN).closing
    assert found == pytest.approx(5.0 * (1.0 + DAILY / 2) ** 3, rel=1e-13)


def test_each_deposit_waits_by_itself_and_a_part_that_leaves_takes_its_part_of_what_waits():
    where = market(also={Price("ETH"): np.ones((GRID.n_times, 2))})
    chunk = next(where.chunks())
    now = where.now().at(chunk, -1)
    book = Book(now, "ETH")
    book.receive(book.cash, 8.0)
    position = TOKEN.replace(entry_days=2.0).open(book, now)
    book.receive(book.cash, np.array([4.0, 4.0]))
    now.at(chunk, 0)
    position.step(now)
    position.add(now, np.array([4.0]), np.array([1]))  # earns from day 3
    position.exit(now, 0.5, paths=np.array([1]))
    found = []
    for step in (1, 2, 3):
        now.at(chunk, step)
        position.step(now)
        found.append(position.tokens.tolist())
    rate = DAILY / 2
    np.testing.assert_allclose(found[0], [8.0, 6.0], rtol=1e-13)
    np.testing.assert_allclose(found[1], [8.0 * (1 + rate), 4.0 * (1 + rate) + 2.0], rtol=1e-13)
    np.testing.assert_allclose(found[2], [8.0 * (1 + rate) ** 2, (4.0 * (1 + rate) + 2.0) * (1 + rate)], rtol=1e-13)


def test_a_coin_is_idle_once_in_an_interval_however_long_it_waits():
    def at(elapsed_days: float) -> Any:
        return SimpleNamespace(elapsed_days=elapsed_days, days=1.0)

    waiting = Newcomers(2)
    waiting.add(at(0.0), np.array([4.0, 8.0]), 3.5)
    waiting.add(at(0.0), np.array([1.0]), np.array([0.0, 2.0]), np.array([1]))
    waiting.scale(0.5, np.array([0]))
    found = [waiting.idle(at(float(day))).tolist() for day in range(1, 6)]
    assert found == [[2.0, 9.0], [2.0, 9.0], [2.0, 8.0], [1.0, 4.0], [0.0, 0.0]]
    assert not waiting


def test_where_all_is_lost_while_coins_wait_there_are_no_tokens_and_little_earns_as_much_does():
    struck = np.zeros((GRID.n_times, 2), dtype=bool)
    struck[1, 0] = True
    where = market(also={EVENT: struck, Price("ETH"): np.ones((GRID.n_times, 2))})
    chunk = next(where.chunks())
    now = where.now().at(chunk, -1)
    book = Book(now, "ETH")
    book.receive(book.cash, np.array([8.0, 0.5]))
    position = TOKEN.replace(entry_days=2.5, failures=Failure(EVENT, line="exploit")).open(book, now)
    found = []
    for step in range(5):
        position.step(now.at(chunk, step))
        found.append(position.tokens.tolist())
    rate = DAILY / 2
    little = [0.5, 0.5, 0.5 * (1.0 + 0.5 * rate), 0.5 * (1.0 + 0.5 * rate) * (1.0 + rate)]
    np.testing.assert_allclose(found[:4], [[8.0, little[0]], [0.0, little[1]], [0.0, little[2]], [0.0, little[3]]])


def test_a_loss_cuts_coins_that_wait_beside_those_that_earn():
    """8 coins that earn, and 4 that do not until day 9; half of both is lost on day 2."""
    struck = np.zeros((GRID.n_times, 1), dtype=bool)
    struck[1] = True
    where = market(also={EVENT: struck})
    chunk = next(where.chunks())
    now = where.now().at(chunk, -1)
    book = Book(now, "ETH")
    book.receive(book.cash, 8.0)
    position = TOKEN.replace(entry_days=3.0, failures=Failure(EVENT, 0.5, line="slashing")).open(book, now)
    position._new._lots.clear()
    book.receive(book.cash, 4.0)
    position.add(now, 4.0)
    found = []
    for step in range(5):
        position.step(now.at(chunk, step))
        found.append(float(position.tokens[0]))
    rate = DAILY / 2
    earning, waiting = 8.0, 4.0
    want = []
    for step in range(5):
        earning *= 1.0 + rate
        if step >= 3:
            waiting *= 1.0 + rate
        if step == 1:
            earning, waiting = 0.5 * earning, 0.5 * waiting
        want.append(earning + waiting)
    np.testing.assert_allclose(found, want, rtol=1e-13)


@conform
@pytest.mark.parametrize("days", [2.5, 40.0])
def test_tokens_that_earn_later_conform(check, days):
    check(LiquidStakingToken(entry_days=days))
