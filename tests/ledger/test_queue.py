"""`Queue`: tickets, when they are due, and how they shrink."""

from typing import Any

import numpy as np
import pytest

from stakingmodels.ledger import Line, Queue
from stakingmodels.market import Market, Price, TimeGrid

GRID = TimeGrid.daily("2026-01-01", days=6)
MARKET = Market(GRID, {Price("ETH"): np.full((7, 2), 10.0)})


class Exit:
    """Acts for a script: coins enter on some days, and what is released is sold on the day it is due."""

    def __init__(self, entries, cuts=()):
        self.entries = entries  # step -> (units, due day)
        self.cuts = dict(cuts)  # step -> (paths, severity)
        self.released = {}
        self.waiting = {}

    def opening(self, book, now):
        book.trade(book.cash, book.account("ETH", "staked"))
        self.queue = Queue(book, book.account("ETH", "unbonding"))
        self.enter(book, now)

    def enter(self, book, now):
        for units, due in self.entries.get(now.step, ()):
            self.queue.enter(book.account("ETH", "staked"), units, due)

    def step(self, book, now):
        self.enter(book, now)
        if now.step in self.cuts:
            paths, severity = self.cuts[now.step]
            book.post(Line.SLASHING, self.queue.account, -self.queue.shrink(np.array(paths), severity), np.array(paths))
        released = self.queue.release(now)
        if released is not None:
            self.released[now.step + 1] = released.tolist()
            book.trade(self.queue.account, book.cash, released)
        self.waiting[now.step + 1] = len(self.queue)

    def acts(self):
        return {-1: self.opening, **dict.fromkeys(range(6), self.step)}


def test_a_ticket_comes_out_on_its_day(script):
    exit_ = Exit({-1: [(None, 3.0)]})
    outcome = script(MARKET, exit_.acts())
    assert exit_.released == {3: [10.0, 10.0]}
    assert exit_.waiting == {1: 1, 2: 1, 3: 0, 4: 0, 5: 0, 6: 0}
    assert outcome.units["USD", "wallet"].tolist() == [100.0, 100.0]


@pytest.mark.parametrize(("due", "day"), [(2.5, 3), (2.0, 2), (2.0 + 1e-12, 2), (0.0, 1)])
def test_a_ticket_due_within_a_step_comes_out_at_its_end(script, due, day):
    exit_ = Exit({-1: [(None, due)]})
    script(MARKET, exit_.acts())
    assert list(exit_.released) == [day]


def test_tickets_come_out_each_on_its_own_day(script):
    exit_ = Exit({-1: [(4.0, 5.0)], 0: [(1.0, 2.0), (2.0, 5.0)], 1: [(None, 4.0)]})
    script(MARKET, exit_.acts())
    assert exit_.released == {2: [1.0, 1.0], 4: [3.0, 3.0], 5: [6.0, 6.0]}


def test_due_days_may_differ_by_path(script):
    exit_ = Exit({-1: [(None, np.array([2.0, 4.0]))]})
    script(MARKET, exit_.acts())
    assert exit_.released == {2: [10.0, 0.0], 4: [0.0, 10.0]}


def test_a_ticket_that_is_never_due_stays(script):
    exit_ = Exit({-1: [(None, np.array([2.0, np.inf]))]})
    outcome = script(MARKET, exit_.acts())
    assert exit_.released == {2: [10.0, 0.0]}
    assert outcome.units["ETH", "unbonding"].tolist() == [0.0, 10.0]
    assert outcome.settled.tolist() == [True, False]


def test_the_last_ticket_leaves_no_dust(script):
    parts = [(0.1, 1.0), (0.2, 2.0), (0.3, 3.0), (0.7, 4.0)]
    outcome = script(MARKET, Exit({-1: parts}).acts())
    assert outcome.units["ETH", "unbonding"].tolist() == [0.0, 0.0]
    assert outcome.units["USD", "wallet"][0] == pytest.approx(13.0)


def test_slashing_shrinks_every_ticket_of_the_paths_it_strikes(script):
    exit_ = Exit({-1: [(6.0, 2.0), (4.0, 4.0)]}, cuts={0: ([1], 0.5)})
    outcome = script(MARKET, exit_.acts())
    assert exit_.released == {2: [6.0, 3.0], 4: [4.0, 2.0]}
    assert outcome.lines[Line.SLASHING].tolist() == [0.0, -50.0]


def test_what_is_out_already_is_not_slashed(script):
    exit_ = Exit({-1: [(6.0, 2.0), (4.0, 4.0)]}, cuts={2: ([0, 1], 0.5)})
    outcome = script(MARKET, exit_.acts())
    assert exit_.released == {2: [6.0, 6.0], 4: [2.0, 2.0]}
    assert outcome.lines[Line.SLASHING].tolist() == [-20.0, -20.0]


def test_two_cuts_multiply(script):
    exit_ = Exit({-1: [(8.0, 5.0)]}, cuts={0: ([0], 0.5), 1: ([0], 0.25)})
    script(MARKET, exit_.acts())
    assert exit_.released == {5: [3.0, 8.0]}


def test_shrink_returns_what_is_cut_on_each_path(script):
    def act(book, _now):
        queue = Queue(book, book.account("ETH", "unbonding"))
        book.trade(book.cash, book.account("ETH"))
        queue.enter(book.account("ETH"), np.array([4.0, 8.0]), 3.0)
        assert queue.shrink(np.array([1]), 0.25).tolist() == [2.0]
        assert queue.shrink(np.array([], dtype=int), 0.25).tolist() == []
        assert queue.shrink(np.array([0, 1]), 1.0).tolist() == [4.0, 6.0]
        book.post(Line.SLASHING, queue.account, np.array([-4.0, -8.0]))

    script(MARKET, {-1: act})


def test_an_empty_queue_releases_nothing(script):
    exit_ = Exit({})
    script(MARKET, exit_.acts())
    assert exit_.released == {}


def test_what_waits_moves_in_price_and_earns_nothing(script):
    market = Market(GRID, {Price("ETH"): np.linspace(10.0, 16.0, 7)})
    outcome = script(market, Exit({-1: [(None, 4.0)]}).acts())
    assert outcome.lines[Line.PRICE].tolist() == [40.0]
    assert set(outcome.lines) == {Line.PRICE}
    assert outcome.closing.tolist() == [140.0]


def test_what_is_due_later_than_a_day_neither_counts_until_it_nor_comes_out(script):
    """Tickets of days 0.25 and 0.75, asked for in the first day until 0.5 and then without a limit."""
    seen: dict[str, Any] = {}

    def opening(book, _):
        book.trade(book.cash, book.account("ETH", "staked"))
        seen["queue"] = Queue(book, book.account("ETH", "unbonding"))
        for due in (0.25, 0.75):
            seen["queue"].enter(book.account("ETH", "staked"), 5.0, due)

    def first(book, now):
        queue = seen["queue"]
        seen["until"], seen["all"] = queue.past_due(now, until=0.5), queue.past_due(now)
        released = queue.release(now, until=0.5)
        seen["early"] = released
        book.trade(queue.account, book.cash, released)
        book.trade(queue.account, book.cash, queue.release(now))
        assert len(queue) == 0

    script(MARKET, {-1: opening, 0: first})
    assert seen["until"].tolist() == [1.25, 1.25]
    assert seen["all"].tolist() == [5.0, 5.0]
    assert seen["early"].tolist() == [5.0, 5.0]
