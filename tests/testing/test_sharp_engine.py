"""Faults in the engine itself, planted for the length of a test, are caught by name on a product of the library."""

from collections.abc import Callable

import numpy as np
import pytest

from stakingmodels import APR, Event, Line, Market, Price, StakingModelsError, StakingPool, StakingReward, TimeGrid
from stakingmodels.ledger import Book, Queue
from stakingmodels.market import Now
from stakingmodels.products import Failure
from stakingmodels.testing import CHECKS

pytestmark = pytest.mark.once

FIRE = Event("fire")
POOL = StakingPool(unbonding_days=2.0, failures=(Failure(FIRE, 0.2, line="slashing"),), sell_fee=0.01)


def market() -> Market:
    grid = TimeGrid.daily("2026-01-01", days=14, settlement_days=5)
    random = np.random.default_rng(3)
    shape = (grid.n_times, 5)
    strikes = np.zeros(shape, dtype=bool)
    strikes[[2, 5, 9, 14], [0, 1, 3, 4]] = True
    prices = 100.0 * np.exp(np.cumsum(0.1 * random.standard_normal(shape), axis=0))
    return Market(
        grid, {Price("ETH"): prices, StakingReward("ETH"): APR(random.uniform(0.1, 0.9, shape)), FIRE: strikes}
    )


def event_read_early(sound: Callable) -> Callable:
    def where(now: Now, event: Event):
        now.step += 1
        try:
            return sound(now, event)
        finally:
            now.step -= 1

    return where


def level_read_early(sound: Callable) -> Callable:
    def read(now: Now, factor):
        rows = now._chunk.rows.get(factor, np.empty(0))
        row = now.step + 2 - now._chunk.start
        return rows[row] if factor.kind == "level" and row < len(rows) else sound(now, factor)

    return read


def rate_read_early(sound: Callable) -> Callable:
    def read(now: Now, factor):
        rows = now._chunk.rows.get(factor, np.empty(0))
        row = now.step + 1 - now._chunk.start
        return rows[row] if factor.kind == "interval" and row < len(rows) else sound(now, factor)

    return read


def moves_of_half_the_size(sound: Callable) -> Callable:
    return lambda now, level: 0.5 * sound(now, level)


def money_of_fees_doubled(sound: Callable) -> Callable:
    def earn(book: Book, line, account, units, rate=1.0, *, fee_line=None, fee=0.0, paths=None):
        units = np.array(units)  # the account's own may be about to change
        sound(book, line, account, units, rate, fee_line=fee_line, fee=fee, paths=paths)
        if fee_line is Line.COMMISSION and fee:
            book.journal.add_money(fee_line, units * rate * -fee * account.value, paths)

    return earn


def fees_posted_twice(sound: Callable) -> Callable:
    def earn(book: Book, line, account, units, rate=1.0, *, fee_line=None, fee=0.0, paths=None):
        units = np.array(units)  # the account's own may be about to change
        sound(book, line, account, units, rate, fee_line=fee_line, fee=fee, paths=paths)
        if fee_line is Line.COMMISSION and fee:
            book.post(fee_line, account, units * rate * -fee, paths)

    return earn


def trades_that_give_too_much(sound: Callable) -> Callable:
    def trade(book: Book, source, target, units=None, cost=0.0, line=Line.TRADING, paths=None):
        sound(book, source, target, units, cost, line, paths)
        book.journal.shift(target, 1e-3, paths)

    return trade


def tickets_paid_twice(sound: Callable) -> Callable:
    del sound

    def deliver(queue: Queue, now: Now, to_account, cost=0.0, until=np.inf):
        due = queue.release(now, until)
        if due is not None:
            queue._book.trade(queue.account, to_account, 2.0 * due[0], cost, paths=due[1])

    return deliver


def strikes_that_stay_with_their_number(sound: Callable) -> Callable:
    def part(whole: Market, start: int, stop: int):
        found = sound(whole, start, stop)
        found._hits = whole.slice_paths(0, stop - start)._hits if start else found._hits
        return found

    return part


FAULTS = {
    event_read_early: (Now, "paths_with", {"event-timing", "no-look-ahead"}),
    level_read_early: (Now, "__getitem__", {"books-close", "no-look-ahead", "replay"}),
    rate_read_early: (Now, "__getitem__", {"no-look-ahead"}),
    moves_of_half_the_size: (Now, "move", {"books-close", "replay"}),
    money_of_fees_doubled: (Book, "earn", {"books-close", "replay"}),
    fees_posted_twice: (Book, "earn", {"booked-once"}),
    trades_that_give_too_much: (Book, "trade", {"books-close", "replay"}),
    tickets_paid_twice: (Queue, "deliver", {"non-negative"}),
    strikes_that_stay_with_their_number: (Market, "slice_paths", {"prefix-blocks"}),
}


def caught() -> set[str]:
    found = set()
    for name, check in CHECKS.items():
        try:
            check(POOL, market(), capital=1_000.0)
        except StakingModelsError:
            found.add(name)
    return found


def test_the_sound_engine_passes():
    assert caught() == set()


@pytest.mark.parametrize(
    ("fault", "owner", "name", "checks"),
    [(fault, *where) for fault, where in FAULTS.items()],
    ids=[fault.__name__ for fault in FAULTS],
)
@pytest.mark.few(4)
def test_a_fault_of_the_engine_is_caught_by_these_checks_at_least(monkeypatch, fault, owner, name, checks):
    monkeypatch.setattr(owner, name, fault(getattr(owner, name)))
    found = caught()
    assert checks <= found
    assert len(found) < len(CHECKS) // 2
