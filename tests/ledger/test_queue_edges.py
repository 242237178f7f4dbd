"""`Queue` where little is on it: odd steps, few of the paths, all of it lost, and what is asked in the wrong form."""

import numpy as np
import pytest

from stakingmodels.errors import BookError
from stakingmodels.ledger import Line
from stakingmodels.market import Market, Price, TimeGrid

ETH = Price("ETH")
LONG = TimeGrid(np.array(["2026-01-01", "2026-01-03", "2026-01-07", "2026-01-08"], dtype="M8[D]"))
WIDE = Market(TimeGrid.daily("2026-01-01", days=3), {ETH: np.full((4, 16), 10.0)})
TWO = Market(LONG, {ETH: np.full((4, 2), 10.0)})


def opened(book):
    book.trade(book.cash, book.account("ETH", "staked"))
    return book.account("ETH", "staked"), book.queue("unbonding")


def test_units_of_another_shape_are_refused_by_name(script):
    def act(book, now):
        staked, queue = opened(book)
        with pytest.raises(BookError, match=r"^Queue\.enter: units must be one number or have the shape \(2,\)"):
            queue.enter(now, staked, np.ones(5), due_day=1.0)

    script(TWO, {-1: act})


def test_of_some_paths_only_the_one_with_units_waits(script):
    units = np.array([0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 3.0])
    seen = {}

    def opening(book, now):
        staked, seen["queue"] = opened(book)
        seen["queue"].enter(now, staked, units, due_day=1.0, paths=np.arange(8, 16))

    def step(book, now):
        del book
        seen["units"], seen["paths"] = seen["queue"].release(now)

    script(WIDE, {-1: opening, 0: step})
    assert (seen["units"].tolist(), seen["paths"].tolist()) == ([3.0], [15])


def test_a_ticket_that_has_lost_all_releases_nothing(script):
    seen = {}

    def opening(book, now):
        staked, seen["queue"] = opened(book)
        seen["queue"].enter(now, staked, due_day=2.0)
        book.lose(Line.SLASHING, seen["queue"].account, 1.0)

    def step(book, now):
        del book
        seen["released"] = seen["queue"].release(now)

    script(TWO, {-1: opening, 0: step})
    assert seen["released"] is None
    assert not seen["queue"]


@pytest.mark.parametrize(
    ("due", "weight"),
    [(4.0, 0.5), (5.0, 0.25), (6.0, 0.0), (2.5, 0.875)],  # the second step goes from day 2 to day 6
)
def test_a_ticket_matures_for_its_part_of_a_long_step_with_what_is_left_of_it(script, due, weight):
    seen = {}

    def opening(book, now):
        staked, seen["queue"] = opened(book)
        seen["queue"].enter(now, staked, due_day=due)
        book.lose(Line.SLASHING, seen["queue"].account, 0.25, np.array([1]))

    def step(book, now):
        del book
        found = seen["queue"].maturing(now)
        seen["matured"] = None if found is None else found.tolist()

    script(TWO, {-1: opening, 1: step})
    assert seen["matured"] == (None if weight == 0.0 else [10.0 * weight, 7.5 * weight])


def test_a_ticket_that_was_due_before_the_step_matures_for_the_step_alone(script):
    seen = {}

    def step(book, now):
        staked, queue = opened(book)
        queue.enter(now, staked, due_day=-3.0)
        seen["matured"] = queue.maturing(now).tolist()

    script(TWO, {0: step})
    assert seen["matured"] == [10.0, 10.0]


def test_what_passes_on_has_lost_what_it_lost_and_leaves_the_first_queue_empty(script):
    seen = {}

    def opening(book, now):
        staked, seen["first"] = opened(book)
        seen["second"] = book.queue("pending")
        seen["first"].enter(now, staked, 4.0, due_day=2.0)
        seen["first"].enter(now, staked, 6.0, due_day=7.0)
        book.lose(Line.SLASHING, seen["first"].account, 0.5, np.array([0]))

    def first(book, now):
        del book
        seen["first"].forward(now, seen["second"], 4.0)
        seen["after"] = (seen["first"].account.units.tolist(), seen["second"].account.units.tolist())

    def second(book, now):
        units, paths = seen["second"].release(now)
        book.pay_out(seen["second"].account, units, paths=paths)
        seen["open"] = (units.tolist(), paths)

    def third(book, now):
        del book
        seen["last"] = seen["first"].release(now)[0].tolist()  # all that is there

    script(TWO, {-1: opening, 0: first, 1: second, 2: third})
    assert seen["after"] == ([3.0, 6.0], [2.0, 4.0])
    assert seen["open"] == ([2.0, 4.0], None)
    assert seen["last"] == [3.0, 6.0]


def test_the_rows_of_prices_are_of_coins_and_0_before_there_is_an_account(script):
    market = Market(TimeGrid.daily("2026-01-01", days=3), {ETH: 10.0, Price("BTC"): 50.0})
    outcome = script(market, {1: lambda book, now: book.trade(book.cash, book.account("BTC"))})  # noqa: ARG005
    assert outcome.prices is not None
    assert Price("USD") not in outcome.prices
    assert outcome.prices[Price("BTC")][:, 0].tolist() == [0.0, 0.0, 50.0, 50.0]
