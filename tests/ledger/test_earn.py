"""`Book.earn` and `Book.lose`: rewards with their fees, and losses of a fraction."""

import tracemalloc
from typing import Any

import numpy as np
import pytest

from stakingmodels.errors import BookError
from stakingmodels.ledger import Line
from stakingmodels.market import Market, Price, StakingReward, TimeGrid
from stakingmodels.rates import APY

GRID = TimeGrid.daily("2026-01-01", days=3)
MARKET = Market(GRID, {Price("ETH"): np.full((4, 3), 10.0), StakingReward("ETH"): APY(-0.5)})
FEES = {
    "none": 0.0,
    "constant": 0.1,
    "all": 1.0,
    "one a path": np.array([0.1, 0.2, 0.3]),
}


def buy(book, _now):
    book.trade(book.cash, book.account("ETH", "staked"))


@pytest.mark.parametrize("fee", FEES.values(), ids=FEES)
@pytest.mark.parametrize("rate", [0.01, np.array([0.01, 0.0, -0.02]), -0.5])
def test_the_fee_is_taken_from_rewards_and_never_from_losses(script, fee, rate):
    def step(book, _now):
        staked = book.account("ETH", "staked")
        book.earn(Line.CONSENSUS, staked, staked.units, rate, fee_line=Line.COMMISSION, fee=fee)

    outcome = script(MARKET, {-1: buy, 0: step, 1: step})
    held, fees, rewards = np.full(3, 10.0), np.zeros(3), np.zeros(3)
    for _ in range(2):
        earned = held * rate
        taken = np.maximum(earned, 0.0) * fee
        held, fees, rewards = held + earned - taken, fees + taken, rewards + earned
    nothing = np.zeros(3)
    assert outcome.native.get((Line.CONSENSUS, "ETH"), nothing) == pytest.approx(rewards)
    assert outcome.native.get((Line.COMMISSION, "ETH"), nothing) == pytest.approx(-fees, abs=1e-15)
    assert outcome.closing == pytest.approx(held * 10.0)


def test_on_some_paths(script):
    some = np.array([2, 0])

    def step(book, _now):
        staked = book.account("ETH", "staked")
        book.earn(Line.CONSENSUS, staked, np.array([1.0, 2.0]), fee_line=Line.COMMISSION, fee=0.25, paths=some)
        book.earn(
            Line.CONSENSUS,
            staked,
            np.array([1.0, -2.0]),
            fee_line=Line.COMMISSION,
            fee=np.array([0.5, 0.5]),
            paths=some,
        )

    outcome = script(MARKET, {-1: buy, 0: step})
    assert outcome.native[Line.CONSENSUS, "ETH"].tolist() == [0.0, 0.0, 2.0]
    assert outcome.native[Line.COMMISSION, "ETH"].tolist() == [-0.5, 0.0, -0.75]


def test_a_fee_that_moves_adds_up_as_one_that_does_not(script):
    """The shares of the first fee, then of others, then of the first again."""
    moving = {0: 0.1, 1: 0.3, 2: 0.1}

    def step(book, now):
        staked = book.account("ETH", "staked")
        book.earn(Line.CONSENSUS, staked, 1.0, fee_line=Line.COMMISSION, fee=moving[now.step])

    outcome = script(MARKET, {-1: buy, **dict.fromkeys(range(3), step)})
    assert outcome.native[Line.CONSENSUS, "ETH"] == pytest.approx(np.full(3, 3.0))
    assert outcome.native[Line.COMMISSION, "ETH"] == pytest.approx(np.full(3, -0.5))


def test_a_fee_that_has_moved_is_checked_as_the_first_one_was(script):
    def step(book, now):
        staked = book.account("ETH", "staked")
        book.earn(Line.CONSENSUS, staked, 1.0, fee_line=Line.COMMISSION, fee=0.1 if now.step < 2 else 1.5)

    with pytest.raises(BookError, match=r"^Book\.earn: fee: must be a fraction in \[0, 1\], got 1\.5"):
        script(MARKET, {-1: buy, 0: step, 1: step, 2: step})


def test_a_fee_that_falls_to_0_is_entered_as_it_was_before(script):
    def step(book, now):
        staked = book.account("ETH", "staked")
        book.earn(Line.CONSENSUS, staked, 1.0, fee_line=Line.COMMISSION, fee=0.25 if now.step < 1 else 0.0)

    outcome = script(MARKET, {-1: buy, 0: step, 1: step})
    entered = [(each.step, each.line, each.units.tolist()) for each in outcome.entries if each.step >= 0]
    assert entered == [
        (0, Line.CONSENSUS, [1.0] * 3),
        (0, Line.COMMISSION, [-0.25] * 3),
        (1, Line.CONSENSUS, [1.0] * 3),
        (1, Line.COMMISSION, [0.0] * 3),
    ]


def test_rewards_of_several_places_add_up_in_one_order(script):
    """To the last bit, whatever was earned first: 0.1 + 0.2 + 0.3 is not 0.3 + 0.2 + 0.1 in floats."""

    def earn(parts):
        def act(book, _now):
            for place, units in parts:
                staked = book.account("ETH", place)
                book.earn(Line.CONSENSUS, staked, units, fee_line=Line.COMMISSION, fee=0.1)

        return act

    parts = [("first", 0.1), ("second", 0.2), ("third", 0.3)]
    one, other = (script(MARKET, {-1: buy, 0: earn(each)}) for each in (parts, parts[::-1]))
    assert one.native.keys() == other.native.keys()
    assert all(other.native[key].tobytes() == units.tobytes() for key, units in one.native.items())


def test_a_fee_that_moves_leaves_alone_what_is_posted_in_the_same_shares(script):
    def step(book, now):
        staked = book.account("ETH", "staked")
        book.post(((Line.CONSENSUS, 1.0), (Line.COMMISSION, -0.1)), staked, 1.0)
        fee = 0.1 if now.step < 1 else 0.2
        book.earn(Line.CONSENSUS, staked, 1.0, fee_line=Line.COMMISSION, fee=fee)

    outcome = script(MARKET, {-1: buy, 0: step, 1: step, 2: step})
    assert outcome.native[Line.CONSENSUS, "ETH"] == pytest.approx(np.full(3, 6.0))
    assert outcome.native[Line.COMMISSION, "ETH"] == pytest.approx(np.full(3, -0.8))


def test_a_fee_that_moves_needs_no_more_memory(script):
    grid = TimeGrid.daily("2026-01-01", days=200)
    market = Market(grid, {Price("ETH"): np.full((201, 4_000), 10.0)})

    def peak(fee):
        def step(book, now):
            staked = book.account("ETH", "staked")
            book.earn(Line.CONSENSUS, staked, staked.units, 0.0001, fee_line=Line.COMMISSION, fee=fee(now.step))

        tracemalloc.start()
        script(market, {-1: buy, **dict.fromkeys(range(200), step)}, keep="totals")
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    constant = peak(lambda _: 0.1)
    assert peak(lambda step: 0.1 + 0.0001 * step) <= 1.05 * constant


WRONG: dict[str, Any] = {
    "a fee above 1": ({"fee": 1.5}, r"Book\.earn: fee: must be a fraction in \[0, 1\], got 1\.5"),
    "a fee in percent": ({"fee": 10.0}, r"Book\.earn: fee: .*percent\? write 0\.1"),
    "a fee below 0 on a path": ({"fee": np.array([0.1, -0.1, 0.1])}, r"Book\.earn: fee: must be a fraction"),
    "a reward as a fee": ({"fee": 0.1, "fee_line": Line.MINING}, r"Book\.earn: fee_line: must be a line of cost"),
    "the price": ({"fee": 0.1, "line": Line.PRICE}, "is posted by the book alone"),
    "units of two paths": ({"fee": 0.1, "units": np.ones(2)}, r"must be one number or have the shape \(3,\)"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_refused(script, name):
    given, message = WRONG[name]
    told: dict[str, Any] = {"line": Line.CONSENSUS, "units": 1.0, "fee_line": Line.COMMISSION} | dict(given)

    def step(book, _now):
        line, units = told.pop("line"), told.pop("units")
        book.earn(line, book.account("ETH", "staked"), units, **told)

    with pytest.raises(Exception, match=message):
        script(MARKET, {-1: buy, 0: step})


def test_a_loss_is_a_fraction_of_what_is_there(script):
    def step(book, _now):
        staked = book.account("ETH", "staked")
        assert book.lose(Line.SLASHING, staked, 0.25, np.array([1])).tolist() == [2.5]
        assert book.lose(Line.SLASHING, staked, np.array([0.0, 1.0, 0.5])).tolist() == [0.0, 7.5, 5.0]
        assert book.lose(Line.SLASHING, book.account("ETH", "nowhere"), 0.5).tolist() == [0.0, 0.0, 0.0]

    outcome = script(MARKET, {-1: buy, 0: step})
    assert outcome.native[Line.SLASHING, "ETH"].tolist() == [0.0, -10.0, -5.0]


@pytest.mark.parametrize(("line", "fraction"), [(Line.SLASHING, 1.5), (Line.SLASHING, -0.1), (Line.MINING, 0.1)])
def test_a_loss_takes_a_part_and_nothing_else(script, line, fraction):
    with pytest.raises(BookError, match=r"Book\.lose: (fraction: must be a fraction|line: must be a line of cost)"):
        script(MARKET, {-1: buy, 0: lambda book, _: book.lose(line, book.account("ETH", "staked"), fraction)})


def test_money_paid_out_is_out(script):
    def out(book, _now):
        book.pay_out(book.account("ETH", "staked"), 4.0, cost=0.25)

    def bill(book, _now):
        book.charge(Line.OPERATING, 1.0)

    outcome = script(MARKET, {-1: buy, 0: out, 1: bill})
    assert outcome.units["USD", "paid_out"].tolist() == [30.0] * 3
    assert outcome.contributions.tolist() == [1.0] * 3
    for verb in ("move", "trade"):

        def again(book, _now, verb=verb):
            getattr(book, verb)(book.paid_out, book.cash if verb == "move" else book.account("ETH"))

        with pytest.raises(BookError, match=rf"Book\.{verb}: money paid out is the holder's"):
            script(MARKET, {-1: buy, 0: out, 1: again})
    with pytest.raises(BookError, match=r"Book\.charge: money paid out is the holder's"):
        script(MARKET, {-1: buy, 0: out, 1: lambda b, _: b.charge(Line.OPERATING, 1.0, first=b.paid_out)})


def test_observers_are_told_every_entry_of_all_books(script):
    told = []

    def act(book, _now):
        book.observe(
            lambda step, line, account, units, paths: told.append((step, line, account.place, units.tolist(), paths))
        )
        part = book.child("part")
        book.pay_to(part, book.cash, 10.0)
        part.trade(part.cash, part.account("ETH"), np.array([5.0]), paths=np.array([1]))

    script(MARKET, {0: act})
    assert told[:2] == [(0, None, "wallet", [-10.0] * 3, None), (0, None, "wallet", [10.0] * 3, None)]
    assert [(line, place, units, paths.tolist()) for _, line, place, units, paths in told[2:4]] == [
        (None, "wallet", [-5.0], [1]),
        (None, "wallet", [0.5], [1]),
    ]


def test_a_fee_without_its_line_is_refused(script):
    def pay(book, _now):
        book.earn(Line.INTEREST, book.cash, 1.0, fee=0.1)

    with pytest.raises(BookError, match=r"Book\.earn: fee_line: must name the line of the fee, got None \(Line\.COMM"):
        script(MARKET, {0: pay})
