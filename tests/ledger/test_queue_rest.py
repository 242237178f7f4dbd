"""`Queue` over an account that holds more than its tickets: who takes the rest, and what is left of a queue."""

import numpy as np

from stakingmodels.ledger.queue import Queue
from stakingmodels.market import Market, Price, TimeGrid

ETH = Price("ETH")
GRID = TimeGrid.daily("2026-01-01", days=3)
TWO = Market(GRID, {ETH: np.full((4, 2), 10.0)})  # 10 coins on each path
WIDE = Market(GRID, {ETH: np.full((4, 16), 10.0)})


def opened(book):
    book.trade(book.cash, book.account("ETH", "staked"))
    return book.account("ETH", "staked"), book.queue("unbonding"), book.queue("pending")


def test_a_queue_stands_on_its_account(script):
    def opening(book, _now):
        account = book.account("ETH", "waiting")
        queue = Queue(book, account)
        assert account.tickets is queue
        assert book.queue("waiting") is queue

    script(TWO, {-1: opening})


def test_what_is_passed_on_no_longer_waits_so_that_the_next_ticket_takes_the_rest(script):
    seen = {}

    def opening(book, now):
        seen["staked"], seen["first"], seen["second"] = opened(book)
        seen["first"].enter(now, seen["staked"], 4.0, due_day=1.0)

    def first(book, now):
        seen["first"].forward(now, seen["second"], 4.0)
        seen["first"].enter(now, seen["staked"], 2.0, due_day=2.0)
        book.move(seen["staked"], seen["first"].account, 1.0)

    def second(book, now):
        del book
        seen["units"] = seen["first"].release(now)[0].tolist()

    script(TWO, {-1: opening, 0: first, 1: second})
    assert seen["units"] == [3.0, 3.0]


def test_a_queue_without_tickets_hands_nothing_over(script):
    def opening(book, now):
        staked, first, second = opened(book)
        book.move(staked, first.account, 4.0)
        first.hand_over(now, second, 1.0, 1.0)
        assert first.account.units.tolist() == [4.0, 4.0]

    script(TWO, {-1: opening})


def test_a_queue_that_has_handed_all_over_is_empty(script):
    def opening(book, now):
        staked, first, second = opened(book)
        first.enter(now, staked, 4.0, due_day=1.0)
        book.move(staked, first.account, 1.0)
        first.hand_over(now, second, 1.0, 1.0)
        assert (bool(first), len(first), len(second)) == (False, 0, 1)
        assert first.account.units.tolist() == [0.0, 0.0]
        assert second.account.units.tolist() == [5.0, 5.0]

    script(TWO, {-1: opening})


def test_the_rest_goes_only_where_a_last_ticket_goes_in_whole(script):
    seen = {}

    def opening(book, now):
        staked, first, second = opened(book)
        seen["first"] = first
        first.enter(now, staked, 4.0, due_day=1.0)
        book.move(staked, first.account, 1.0)
        first.hand_over(now, second, np.array([1.0, 0.5]), 1.0)
        assert first.account.units.tolist() == [0.0, 3.0]
        assert second.account.units.tolist() == [5.0, 2.0]

    def step(book, now):
        del book
        units, paths = seen["first"].release(now)
        seen["units"] = (np.broadcast_to(units, paths.shape).tolist(), paths.tolist())

    script(TWO, {-1: opening, 0: step})
    assert seen["units"] == ([3.0], [1])


def test_units_without_a_ticket_stay_where_others_hand_theirs_over(script):
    def opening(book, now):
        staked, first, second = opened(book)
        first.enter(now, staked, 4.0, due_day=1.0, paths=np.array([0]))
        book.move(staked, first.account, 2.0, np.array([1]))
        first.hand_over(now, second, np.array([1.0, 0.5]), 1.0)
        assert first.account.units.tolist() == [0.0, 2.0]

    script(TWO, {-1: opening})


def test_units_without_a_ticket_are_not_released(script):
    seen = {}

    def opening(book, now):
        staked, seen["queue"], _ = opened(book)
        seen["queue"].enter(now, staked, 4.0, due_day=1.0, paths=np.array([0]))
        book.move(staked, seen["queue"].account, 2.0, np.array([1]))

    def step(book, now):
        del book
        units, paths = seen["queue"].release(now)
        seen["released"] = (units.tolist(), paths.tolist())

    script(TWO, {-1: opening, 0: step})
    assert seen["released"] == ([4.0], [0])


def test_tickets_of_a_few_paths_are_released_on_these(script):
    seen = {}

    def opening(book, now):
        staked, seen["queue"], _ = opened(book)
        for path, units in ((15, 1.0), (3, 2.0), (15, 0.5), (7, 1.0)):
            seen["queue"].enter(now, staked, units, due_day=1.0, paths=np.array([path]))

    def step(book, now):
        del book
        units, paths = seen["queue"].release(now)
        seen["released"] = (units.tolist(), paths.tolist())

    script(WIDE, {-1: opening, 0: step})
    assert seen["released"] == ([2.0, 1.0, 1.5], [3, 7, 15])


def test_a_queue_whose_tickets_are_all_due_by_their_days_is_empty(script):
    seen = {}

    def opening(book, now):
        staked, seen["queue"], _ = opened(book)
        seen["queue"].enter(now, staked, due_day=1.0)

    def step(book, now):
        del book
        assert seen["queue"].release(now, np.array([0.5, 0.5])) is None
        assert len(seen["queue"]) == 1
        assert seen["queue"].release(now, np.array([1.0, 1.0]))[0].tolist() == [10.0, 10.0]
        assert len(seen["queue"]) == 0

    script(TWO, {-1: opening, 0: step})
