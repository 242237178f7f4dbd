"""`Queue.hand_over`, `forward` and what is due by a day: tickets that go on to another queue, by hand."""

from typing import Any

import numpy as np
import pytest

from stakingmodels.ledger import Line
from stakingmodels.market import Market, Price, TimeGrid

GRID = TimeGrid.daily("2026-01-01", days=8)
MARKET = Market(GRID, {Price("ETH"): np.full((9, 2), 10.0)})
FIRST, SECOND, BOTH = np.array([0]), np.array([1]), np.array([0, 1])


@pytest.fixture
def released(script):
    """What comes out of two queues, by day, after acts at steps: `{day: units}` of the first and of the second."""

    def run(acts, market=MARKET):
        out: dict[str, dict[int, Any]] = {"first": {}, "second": {}}

        def opened(book, now):
            book.trade(book.cash, book.account("ETH", "staked"))
            acts.get(-1, lambda *_: None)(book, now, book.queue("first"), book.queue("second"))

        def stepped(book, now):
            acts.get(now.step, lambda *_: None)(book, now, book.queue("first"), book.queue("second"))
            for name, told in out.items():
                due = book.queue(name).release(now)
                if due is not None:
                    wide = np.zeros(now.n_paths)
                    wide[slice(None) if due[1] is None else due[1]] = due[0]
                    told[now.step + 1] = wide.tolist()
                    book.pay_out(book.account("ETH", name), due[0], paths=due[1])

        outcome = script(market, {-1: opened, **dict.fromkeys(range(8), stepped)})
        return out["first"], out["second"], outcome

    return run


def waiting(book, now, first, _second):
    """Two tickets on both paths: 6 due on day 3, and 4 due on day 5."""
    first.enter(now, book.account("ETH", "staked"), 6.0, due_day=3.0)
    first.enter(now, book.account("ETH", "staked"), 4.0, due_day=5.0)


def hand(share, days, paths=None):
    return lambda _book, now, first, second: first.hand_over(now, second, share, days, paths)


def lose(share, paths=BOTH):
    return lambda book, _now, first, _second: book.lose(Line.SLASHING, first.account, share, paths)


def test_all_tickets_of_a_path_go_and_part_of_those_of_another(released):
    first, second, outcome = released({-1: waiting, 0: hand(np.array([1.0, 0.5]), 1.0)})
    assert first == {3: [0.0, 3.0], 5: [0.0, 2.0]}
    assert second == {4: [6.0, 3.0], 6: [4.0, 2.0]}
    assert outcome.units["ETH", "first"].tolist() == [0.0, 0.0]


def test_what_leaves_no_rounding_behind_is_entered_ticket_by_ticket(released):
    _, _, outcome = released({-1: waiting, 0: hand(0.5, 1.0)})
    entered = [(each.place, each.units.tolist()) for each in outcome.entries if each.step == 0]
    assert entered == [
        ("first", [-3.0, -3.0]),
        ("second", [3.0, 3.0]),
        ("first", [-2.0, -2.0]),
        ("second", [2.0, 2.0]),
    ]


def test_tickets_of_other_paths_stay(released):
    first, second, _ = released({-1: waiting, 0: hand(0.5, np.array([2.0]), SECOND)})
    assert first == {3: [6.0, 3.0], 5: [4.0, 2.0]}
    assert second == {5: [0.0, 3.0], 7: [0.0, 2.0]}


def test_a_ticket_that_is_on_none_of_the_paths_stays(released):
    def enter(book, now, first, _second):
        first.enter(now, book.account("ETH", "staked"), np.array([10.0]), due_day=3.0, paths=FIRST)
        first.enter(now, book.account("ETH", "staked"), np.array([8.0]), due_day=3.0, paths=SECOND)

    first, second, _ = released({-1: enter, 0: hand(1.0, 1.0, SECOND)})
    assert first == {3: [10.0, 0.0]}
    assert second == {4: [0.0, 8.0]}


def test_what_was_lost_before_does_not_go_on(released):
    first, second, _ = released({-1: waiting, 0: lose(0.5, SECOND), 1: hand(np.array([0.5, 0.25]), 0.0)})
    assert first == {3: [3.0, 2.25], 5: [2.0, 1.5]}
    assert second == {3: [3.0, 0.75], 5: [2.0, 0.5]}


def test_two_parts_and_then_the_rest_leave_nothing(released):
    acts = {-1: waiting, 0: hand(0.1, 0.0), 1: hand(0.7, 1.0), 2: hand(1.0, 2.0)}
    first, second, outcome = released(acts)
    assert first == {}
    assert [*second] == [3, 4, 5, 6, 7]
    assert np.sum([*second.values()], axis=0) == pytest.approx([10.0, 10.0], rel=1e-15)
    assert outcome.units["ETH", "first"].tolist() == [0.0, 0.0]
    assert outcome.units["ETH", "second"].tolist() == [0.0, 0.0]


def test_the_last_ticket_takes_the_rounding_with_it(released):
    def enter(book, now, first, _second):
        for units in (0.1, 0.2, 0.7):
            first.enter(now, book.account("ETH", "staked"), units, due_day=3.0)

    def move(book, now, first, second):
        first.hand_over(now, second, 1.0, 1.0)
        left.append(book.account("ETH", "first").units.tolist())
        there.append(book.account("ETH", "second").units.tolist())

    left: list[Any] = []
    there: list[Any] = []
    released({-1: enter, 0: lose(1.0 / 3.0), 1: move})
    assert left == [[0.0, 0.0]]
    assert there[0] == pytest.approx([2.0 / 3.0] * 2, rel=1e-15)


def test_tickets_go_on_for_so_many_days_with_what_was_lost(released):
    def enter(book, now, first, _second):
        first.enter(now, book.account("ETH", "staked"), np.array([6.0, 3.0]), due_day=np.array([1.5, 2.5]))
        first.enter(now, book.account("ETH", "staked"), np.array([4.0]), due_day=2.0, paths=FIRST)

    def on(_book, now, first, second):
        first.forward(now, second, 3.0)

    acts = {-1: enter, 0: lose(0.5, FIRST), 1: on, 2: on}
    first, second, outcome = released(acts)
    assert first == {}
    assert second == {5: [5.0, 0.0], 6: [0.0, 3.0]}
    assert outcome.units["ETH", "first"].tolist() == [0.0, 0.0]


@pytest.mark.parametrize(
    ("until", "told"),
    [
        (3.0, [6.0, 3.0]),
        (2.25, [6.0, 0.0]),
        (2.2, None),
        (np.array([2.25, 3.0]), [6.0, 3.0]),
        (np.array([2.0, 3.0]), [0.0, 3.0]),
    ],
)
def test_what_is_due_by_a_day_comes_out_and_the_rest_stays(script, until, told):
    def opened(book, now):
        book.trade(book.cash, book.account("ETH", "staked"))
        book.queue("first").enter(
            now, book.account("ETH", "staked"), np.array([6.0, 3.0]), due_day=np.array([2.25, 2.5])
        )

    def look(book, now):
        queue = book.queue("first")
        assert queue.maturing(now).tolist() == [4.5, 1.5]
        assert queue.maturing(now, 2.375).tolist() == [0.75, 0.0]
        assert queue.maturing(now, 2.25) is None
        due = queue.release(now, until)
        if told is None:
            assert due is None
            assert len(queue) == 1
            return
        wide = np.zeros(2)
        wide[slice(None) if due[1] is None else due[1]] = due[0]
        assert wide.tolist() == told
        book.pay_out(queue.account, due[0], paths=due[1])
        rest = queue.release(now)
        assert (0.0 if rest is None else float(np.sum(rest[0]))) == 9.0 - sum(told)
        if rest is not None:
            book.pay_out(queue.account, rest[0], paths=rest[1])

    script(MARKET, {-1: opened, 2: look})


def test_of_many_paths_a_ticket_on_few_is_kept_by_index(script):
    market = Market(GRID, {Price("ETH"): np.full((9, 9), 10.0)})
    kept: list[Any] = []

    def opened(book, now):
        book.trade(book.cash, book.account("ETH", "staked"))
        queue = book.queue("first")
        for there in ([1, 4], [1, 4, 7]):
            units = np.zeros(9)
            units[there] = 1.0
            queue.enter(now, book.account("ETH", "staked"), units, due_day=np.arange(9) * 0.25)
        kept.extend(ticket.paths for tickets in queue._due.values() for ticket in tickets)

    def look(book, now):
        due = book.queue("first").release(now)
        told[now.step] = None if due is None else (due[0].tolist(), due[1] if due[1] is None else due[1].tolist())
        if due is not None:
            book.pay_out(book.account("ETH", "first"), due[0], paths=due[1])

    told: dict[int, Any] = {}
    script(market, {-1: opened, 0: look, 1: look})
    assert kept[0].tolist() == [1, 4]
    assert told[0] == ([2.0, 2.0], [1, 4]) or told[0][0] == [0.0, 2.0, 0.0, 0.0, 2.0, 0.0, 0.0, 0.0, 0.0]
    assert sum(told[1][0]) == 1.0
