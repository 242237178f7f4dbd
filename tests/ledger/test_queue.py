"""`Queue`: tickets, when they are due, and how they shrink."""

from typing import Any

import numpy as np
import pytest

from stakingmodels.ledger import Line
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
        self.queue = book.queue("unbonding")
        self.enter(book, now)

    def enter(self, book, now):
        for units, due in self.entries.get(now.step, ()):
            self.queue.enter(now, book.account("ETH", "staked"), units, due_day=due)

    def step(self, book, now):
        self.enter(book, now)
        if now.step in self.cuts:
            paths, severity = self.cuts[now.step]
            book.lose(Line.SLASHING, self.queue.account, severity, np.array(paths))
        released = self.queue.release(now)
        if released is not None:
            units, paths = released
            wide = np.zeros(now.n_paths)
            wide[slice(None) if paths is None else paths] = units
            self.released[now.step + 1] = wide.tolist()
            book.pay_out(self.queue.account, units, paths=paths)
        self.waiting[now.step + 1] = len(self.queue)

    def acts(self):
        return {-1: self.opening, **dict.fromkeys(range(6), self.step)}


def test_a_ticket_comes_out_on_its_day(script):
    exit_ = Exit({-1: [(None, 3.0)]})
    outcome = script(MARKET, exit_.acts())
    assert exit_.released == {3: [10.0, 10.0]}
    assert exit_.waiting == {1: 1, 2: 1, 3: 0, 4: 0, 5: 0, 6: 0}
    assert outcome.units["USD", "paid_out"].tolist() == [100.0, 100.0]


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
    assert outcome.units["USD", "paid_out"][0] == pytest.approx(13.0)


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


def test_a_loss_is_told_on_each_path(script):
    def act(book, now):
        queue = book.queue("unbonding")
        book.trade(book.cash, book.account("ETH"))
        queue.enter(now, book.account("ETH"), np.array([4.0, 8.0]), due_day=3.0)
        assert book.lose(Line.SLASHING, queue.account, 0.25, np.array([1])).tolist() == [2.0]
        assert book.lose(Line.SLASHING, queue.account, 0.25, np.array([], dtype=int)).tolist() == []
        assert book.lose(Line.SLASHING, queue.account, 1.0, np.array([0, 1])).tolist() == [4.0, 6.0]

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

    def opening(book, now):
        book.trade(book.cash, book.account("ETH", "staked"))
        for due in (0.25, 0.75):
            book.queue("unbonding").enter(now, book.account("ETH", "staked"), 5.0, due_day=due)

    def first(book, now):
        queue = book.queue("unbonding")
        seen["until"], seen["all"] = queue.maturing(now, until=0.5), queue.maturing(now)
        seen["early"], _ = queue.release(now, until=0.5)
        book.pay_out(queue.account, seen["early"])
        queue.deliver(now, book.paid_out)
        assert len(queue) == 0

    outcome = script(MARKET, {-1: opening, 0: first})
    assert seen["until"].tolist() == [1.25, 1.25]
    assert seen["all"].tolist() == [5.0, 5.0]
    assert seen["early"].tolist() == [5.0, 5.0]
    assert outcome.units["ETH", "unbonding"].tolist() == [0.0, 0.0]


def test_the_day_may_be_one_a_path(script):
    seen: dict[str, Any] = {}

    def opening(book, now):
        book.trade(book.cash, book.account("ETH", "staked"))
        book.queue("unbonding").enter(now, book.account("ETH", "staked"), due_day=0.75)

    def first(book, now):
        until = np.array([0.5, 0.8])
        seen["maturing"] = book.queue("unbonding").maturing(now, until)
        book.queue("unbonding").deliver(now, book.paid_out, until=until)
        seen["left"] = book.account("ETH", "unbonding").units.tolist()

    script(MARKET, {-1: opening, 0: first})
    assert seen["maturing"].tolist() == pytest.approx([0.0, 0.5])
    assert seen["left"] == [10.0, 0.0]


def test_units_of_a_few_paths_wait_and_come_out_there_alone(script):
    wide = Market(GRID, {Price("ETH"): np.full((7, 9), 10.0)})
    some = np.array([7, 2])

    def opening(book, now):
        book.trade(book.cash, book.account("ETH", "staked"))
        due = np.array([2.0, 4.0])
        book.queue("unbonding").enter(now, book.account("ETH", "staked"), np.array([4.0, 5.0]), due_day=due, paths=some)

    held: dict[int, Any] = {}

    def step(book, now):
        book.queue("unbonding").deliver(now, book.paid_out, cost=0.5)
        held[now.step + 1] = book.paid_out.units[[2, 7, 0]].tolist()

    outcome = script(wide, {-1: opening, **dict.fromkeys(range(6), step)})
    assert (held[1], held[2], held[4]) == ([0.0, 0.0, 0.0], [0.0, 20.0, 0.0], [25.0, 20.0, 0.0])
    assert outcome.units["ETH", "staked"].tolist() == [10.0, 10.0, 5.0, 10.0, 10.0, 10.0, 10.0, 6.0, 10.0]


def test_tickets_are_handed_over_in_part_and_on_some_paths(script):
    def opening(book, now):
        book.trade(book.cash, book.account("ETH", "staked"))
        for units, due in ((4.0, 1.0), (6.0, 2.0)):
            book.queue("entering").enter(now, book.account("ETH", "staked"), units, due_day=due)
        book.queue("entering").hand_over(now, book.queue("leaving"), 0.5, 3.0, np.array([1]))

    seen = {}

    def step(book, now):
        for place in ("entering", "leaving"):
            book.queue(place).deliver(now, book.paid_out)
        seen[now.step + 1] = book.paid_out.units.tolist()

    script(MARKET, {-1: opening, **dict.fromkeys(range(6), step)})
    others = [20.0, 50.0, 50.0, 70.0, 100.0, 100.0]
    assert list(seen.values()) == [[40.0, 20.0], *([100.0, other] for other in others[1:])]


def test_matured_tickets_pass_on_with_their_own_days(script):
    def opening(book, now):
        book.trade(book.cash, book.account("ETH", "staked"))
        for units, due in ((4.0, 0.5), (6.0, 1.5)):
            book.queue("exit").enter(now, book.account("ETH", "staked"), units, due_day=due)

    seen = {}

    def step(book, now):
        book.queue("exit").forward(now, book.queue("withdrawal"), 1.25)
        book.queue("withdrawal").deliver(now, book.paid_out)
        seen[now.step + 1] = book.paid_out.units.tolist()[0]

    script(MARKET, {-1: opening, **dict.fromkeys(range(6), step)})
    assert seen == {1: 0.0, 2: 40.0, 3: 100.0, 4: 100.0, 5: 100.0, 6: 100.0}


@pytest.mark.parametrize("seed", range(12))
def test_random_tickets_and_losses_are_those_of_one_path_after_the_other(script, seed):
    """Partial entries with days of their own, total losses and gains, against a list of tickets in plain Python."""
    n, steps = 11, 40
    random = np.random.default_rng(seed)
    grid = TimeGrid.daily("2026-01-01", days=steps)
    market = Market(grid, {Price("ETH"): np.full((steps + 1, n), 10.0)})
    tickets: list[list[list[float]]] = [[] for _ in range(n)]
    paid = np.zeros(n)

    def opening(book, _now):
        book.trade(book.cash, book.account("ETH", "staked"))

    def step(book, now):
        staked, queue = book.account("ETH", "staked"), book.queue("unbonding")
        paths = np.flatnonzero(random.random(n) < random.choice([0.1, 0.9]))
        units, due = staked.units[paths] * random.random(paths.size), now.elapsed_days + 9.0 * random.random(paths.size)
        queue.enter(now, staked, units, due_day=due, paths=paths)
        for path, amount, day in zip(paths.tolist(), units, due, strict=True):
            tickets[path].append([day, amount])
        for line, factor in ((Line.SLASHING, -random.random()), (Line.EXPLOIT, -1.0), (Line.INTEREST, 0.01)):
            some = np.flatnonzero(random.random(n) < 0.08)
            book.post(line, queue.account, factor * queue.account.units[some], some)
            for path in some.tolist():
                tickets[path] = [[day, amount * (1.0 + factor)] for day, amount in tickets[path]]
        queue.deliver(now, book.paid_out)
        for path in range(n):
            paid[path] += 10.0 * sum(amount for day, amount in tickets[path] if day <= now.elapsed_days)
            tickets[path] = [ticket for ticket in tickets[path] if ticket[0] > now.elapsed_days]
        assert book.paid_out.units == pytest.approx(paid, rel=1e-12, abs=1e-12)
        waiting = [sum(amount for _, amount in mine) for mine in tickets]
        assert queue.account.units == pytest.approx(waiting, rel=1e-9, abs=1e-13)
        assert (queue.account.units >= 0.0).all()

    script(market, {-1: opening, **dict.fromkeys(range(steps), step)})


@pytest.mark.parametrize("hands_over", [False, True])
def test_whole_numbers_are_units_too(script, hands_over):
    def step(book, now):
        staked, queue, other = book.account("ETH", "staked"), book.queue("unbonding"), book.queue("returning")
        if now.step == -1:
            book.trade(book.cash, staked)
        if now.step < 2:
            queue.enter(now, staked, np.array([1, 2]), due_day=5.0)
            book.lose(Line.SLASHING, queue.account, 0.5)
        if now.step == 2 and hands_over:
            queue.hand_over(now, other, 0.5, 0.0)
        for each in (queue, other):
            each.deliver(now, book.paid_out)

    outcome = script(MARKET, dict.fromkeys(range(-1, 6), step))
    assert outcome.units["USD", "paid_out"].tolist() == [8.75, 17.5]  # (1 / 8 + 1 / 4 + 1 / 2) * 10


def test_a_ticket_keeps_its_day_and_paths_where_the_caller_changes_the_arrays(script):
    days, paths = np.array([3.0, 3.0]), np.array([0, 1])

    def step(book, now):
        staked, queue, other = book.account("ETH", "staked"), book.queue("unbonding"), book.queue("returning")
        if now.step == -1:
            book.trade(book.cash, staked)
            queue.enter(now, staked, due_day=days, paths=paths)
            days[:], paths[:] = 100.0, 1
        queue.forward(now, other, 1.0)
        other.deliver(now, book.paid_out)

    outcome = script(MARKET, dict.fromkeys(range(-1, 6), step), keep="flows")
    assert outcome.flows.time.tolist() == [4, 4]


def test_work_and_memory_of_a_step_do_not_grow_with_the_tickets_that_wait(script):
    """A ticket a day, each for 300 days: entries of one day lie together, and those that wait are not touched."""
    grid = TimeGrid.daily("2026-01-01", days=320)
    touched: list[int] = []

    class Counting(dict):
        def get(self, *key):
            touched.append(1)
            return super().get(*key)

    def opening(book, _now):
        book.trade(book.cash, book.account("ETH", "staked"))
        book.queue("unbonding")._due = Counting()

    def step(book, now):
        queue = book.queue("unbonding")
        queue.enter(now, book.account("ETH", "staked"), 0.01, due_day=now.elapsed_days + 300.0)
        queue.maturing(now)
        queue.deliver(now, book.paid_out)

    script(Market(grid, {Price("ETH"): 10.0}), {-1: opening, **dict.fromkeys(range(320), step)})
    assert len(touched) == 320


def test_the_last_ticket_of_a_path_takes_all_whatever_waits_on_others(script):
    n = 400
    entered = np.random.default_rng(1).uniform(0.1, 1.0, n)
    later = np.where(np.arange(n) < n // 2, 0.0, 0.5)  # one ticket for all: nothing on the first half
    market = Market(GRID, {Price("ETH"): np.full((7, n), 10.0)})
    exit_ = Exit({-1: [(entered, 2.0)], 0: [(later, 5.0)]}, cuts={0: (range(n), 0.3), 1: (range(n), 0.1)})
    left = {}

    def look(book, now):
        exit_.step(book, now)
        left[now.step + 1] = exit_.queue.account.units.copy()

    script(market, {**exit_.acts(), **dict.fromkeys(range(6), look)})
    assert not left[2][: n // 2].any()
    assert (left[2][n // 2 :] > 0.3).all()
    assert not left[5].any()


def test_paths_that_share_tickets_keep_their_bits(script):
    n = 400
    prices = np.cumprod(np.random.default_rng(2).uniform(0.8, 1.2, (7, n)), axis=0)
    scripts = {}
    for width in (n, n // 2):
        first, some = np.random.default_rng(1).uniform(0.1, 1.0, (2, n))[:, :width]
        some = np.where(np.arange(width) < n // 2, 0.0, some)
        market = Market(GRID, {Price("ETH"): prices[:, :width]})
        exit_ = Exit({-1: [(first, 2.0)], 0: [(some, 5.0)]}, cuts={0: (range(width), 0.3), 1: (range(width), 0.1)})
        script(market, exit_.acts())
        scripts[width] = exit_.released
    assert scripts[n // 2][2] == scripts[n][2][: n // 2]
