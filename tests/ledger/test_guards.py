"""What a book refuses at once."""

import re
from typing import Any

import numpy as np
import pytest

from stakingmodels import BookError, InputTypeError, Line, Market, MarketRatio, Price, StakingModelsError, TimeGrid
from stakingmodels.ledger.guards import OWN_LINES, check_cause, check_cost, check_line, check_paths

GRID = TimeGrid.daily("2026-01-01", days=2)
STILL = Market(GRID, {Price("ETH"): np.full((1, 3), 10.0), MarketRatio("stETH"): 1.0})


def post(line, units, paths=None, asset="ETH"):
    return lambda book, _now: book.post(line, book.account(asset), units, paths)


@pytest.mark.parametrize("line", sorted(OWN_LINES, key=repr), ids=repr)
@pytest.mark.parametrize("units", [5.0, -5.0, np.array([1.0, 0.0, 0.0])], ids=["gain", "loss", "on one path"])
def test_lines_that_follow_from_prices_and_costs_are_no_positions_to_post(script, line, units):
    with pytest.raises(BookError, match=f"^Book.post: {line!r} is posted by the book alone"):
        script(STILL, {0: post(line, units)})


@pytest.mark.parametrize("line", sorted(OWN_LINES, key=repr), ids=repr)
def test_nor_as_one_of_several(script, line):
    with pytest.raises(BookError, match="by the book alone"):
        script(STILL, {0: post(((Line.INTEREST, 1.0), (line, 0.5)), 5.0)})


def test_a_contribution_stays_the_books_own_after_a_cost_has_made_one(script):
    def act(book, _now):
        book.charge(Line.OPERATING, 500.0)
        with pytest.raises(BookError, match="by the book alone"):
            book.post(Line.CONTRIBUTION, book.cash, 5.0)

    assert script(STILL, {0: act}).contributions.tolist() == [400.0] * 3


def test_a_posted_discount_is_refused_after_a_move_has_booked_one(script):
    def act(book, _now):
        ratio = MarketRatio("stETH")
        book.trade(book.cash, book.account("ETH"))
        book.move(book.account("ETH"), book.account("ETH", "token", ratio))
        with pytest.raises(BookError, match="by the book alone"):
            book.post(Line.DISCOUNT, book.account("ETH", "token", ratio), 5.0)

    script(STILL, {0: act})


@pytest.mark.parametrize(
    ("cause", "says"),
    [
        (((Line.CONSENSUS, 1.0), (Line.COMMISSION, 0.1)), "shares must have the signs of their lines"),
        (((Line.CONSENSUS, -1.0), (Line.COMMISSION, -0.1)), "shares must have the signs of their lines"),
        (((Line.CONSENSUS, np.nan),), "share of Line.CONSENSUS: must be finite"),
        ("consensus", "must be a Line"),
        ((Line.CONSENSUS, 1.0), "must be a Line"),
        (((Line.CONSENSUS, 1.0, 2.0),), "must be a Line"),
        (None, "must be a Line"),
    ],
)
def test_a_cause_is_a_line_or_lines_with_shares(script, cause, says):
    with pytest.raises(StakingModelsError, match=says):
        script(STILL, {0: post(cause, 1.0)})


@pytest.mark.parametrize(
    "cause",
    [
        Line.MAINTENANCE,
        ((Line.CONSENSUS, 1.0), (Line.COMMISSION, -0.1)),
        ((Line.OPERATING, -1.0),),
        ((Line.CONSENSUS, 0.0), (Line.DOWNTIME, -0.1)),
    ],
)
def test_sound_causes_are_taken_as_they_are(cause):
    assert check_cause("here", cause) is cause


def trade(cost, line=Line.TRADING):
    return lambda book, _now: book.trade(book.cash, book.account("ETH"), cost=cost, line=line)


@pytest.mark.parametrize(
    "cost", [-0.01, 1.01, 10.0, np.nan, np.inf, np.array([0.0, 0.0, -0.1]), np.array([0.0, 2.0, 0.1])]
)
def test_a_cost_of_trading_is_a_fraction(script, cost):
    with pytest.raises(BookError, match=r"^Book\.trade: cost: must be a fraction in \[0, 1\], got "):
        script(STILL, {0: trade(cost)})


@pytest.mark.parametrize("cost", [0.0, 1.0, np.array([0.0, 0.5, 1.0])])
def test_every_fraction_is_taken(script, cost):
    script(STILL, {0: trade(cost)})


@pytest.mark.parametrize("line", [Line.INTEREST, Line.PRICE, Line.CONTRIBUTION, Line.DISCOUNT])
def test_a_cost_stands_under_a_line_that_takes(script, line):
    with pytest.raises(BookError, match=r"^Book\.trade: line: "):
        script(STILL, {0: trade(0.01, line)})
    with pytest.raises(BookError, match=r"^Book\.charge: line: "):
        script(STILL, {0: lambda book, _now: book.charge(line, 1.0)})


@pytest.mark.parametrize("amount", [-1.0, -1e-9, np.array([1.0, 1.0, -1.0]), np.array([1.0, np.nan, 1.0])])
def test_a_charge_is_never_negative(script, amount):
    with pytest.raises(BookError, match=r"^Book\.charge: amount: must be 0 or more, got (-1|nan)"):
        script(STILL, {0: lambda book, _now: book.charge(Line.OPERATING, amount)})


@pytest.mark.parametrize(
    ("units", "paths", "says"),
    [
        (np.nan, None, "units must be finite, got nan"),
        (np.inf, None, "units must be finite, got inf"),
        (np.ones(2), None, r"must be one number or have the shape \(3,\), got an array of shape \(2,\)"),
        (np.ones(1), None, "must be one number or have the shape"),
        (np.ones((3, 1)), None, "must be one number or have the shape"),
        (np.ones((1, 3)), None, "must be one number or have the shape"),
        (np.ones(3) + 0j, None, "units must be numbers"),
        (np.array(["1", "2", "3"]), None, "units must be numbers"),
        ([1.0, 1.0, 1.0], None, "units must be a number or an array"),
        ("1", None, "units must be a number or an array"),
        (None, None, "units must be a number or an array"),
        (np.ones(3), np.array([0, 1]), r"must be one number or have the shape \(2,\)"),
        (1.0, np.array([0, 0]), "paths must stand there once each"),
        (1.0, np.array([1, 0, 1]), "paths must stand there once each"),
        (1.0, np.array([3]), r"paths must be in \[0, 2\]"),
        (1.0, np.array([-1]), r"paths must be in \[0, 2\]"),
        (1.0, np.array([True, False, True]), "paths must be an array of indices"),
        (1.0, [0, 1], "paths must be an array of indices"),
    ],
)
def test_units_are_one_number_or_one_for_each_path(script, units, paths, says):
    with pytest.raises((BookError, InputTypeError), match=rf"^Book\.post: .*{says}") as error:
        script(STILL, {0: post(Line.INTEREST, units, paths)})
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("units", "paths"),
    [
        (1, None),
        (np.float64(1.0), None),
        (np.array(1.0), None),
        (np.array([1, 1, 1]), None),
        (np.array([True, True, True]), None),
        (np.ones(3), np.array([2, 0, 1])),
        (1.0, np.array([0, 1, 2], dtype=np.uint8)),
    ],
)
def test_numbers_of_any_kind_are_taken(script, units, paths):
    assert script(STILL, {0: post(Line.INTEREST, units, paths)}).native[Line.INTEREST, "ETH"].tolist() == [1.0] * 3


def test_nothing_on_no_path_is_taken(script):
    outcome = script(STILL, {0: post(Line.INTEREST, np.empty(0), np.empty(0, dtype=np.int64))})
    assert outcome.closing.tolist() == [100.0] * 3


def test_the_message_says_what_to_do():
    with pytest.raises(BookError, match=re.escape("(name what caused the gain or loss)")):
        check_cause("Book.post", Line.PRICE)


@pytest.mark.parametrize(
    ("line", "cost", "said"),
    [
        (Line.TRADING, 1.5, "must be a fraction in [0, 1], got 1.5"),
        (Line.TRADING, np.array([0.5, -0.25]), "must be a fraction in [0, 1], got -0.25"),
        (Line.TRADING, np.array([2.0, -0.25]), "must be a fraction in [0, 1], got -0.25"),
        (Line.TRADING, np.array([0.0, 1.5]), "must be a fraction in [0, 1], got 1.5"),
        (Line.TRADING, np.array([0.5, 1.5]), "must be a fraction in [0, 1], got 1.5"),
        (Line.CONSENSUS, 0.5, "must be a line of cost, fee or loss, got Line.CONSENSUS"),
        (Line.DISCOUNT, 0.5, "Line.DISCOUNT is posted by the book alone"),
    ],
)
def test_the_number_or_the_line_of_a_cost_that_is_wrong(line, cost, said):
    with pytest.raises(BookError) as told:
        check_cost(line, cost)
    assert said in str(told.value)


@pytest.mark.parametrize("line", [Line.TRADING, Line.SLASHING])
def test_a_cost_between_nothing_and_all(line):
    for cost in (0.0, 1.0, np.array([0.0, 1.0])):
        check_cost(line, cost)
    check_line("here", line, takes=True)


def test_lines_that_may_give_take_nothing():
    check_line("here", Line.CONSENSUS)
    for line in (Line.CONSENSUS, Line.MINING):
        with pytest.raises(BookError, match=r"^here: must be a line of cost, fee or loss"):
            check_line("here", line, takes=True)


def test_paths_are_indices_once_each_in_any_order():
    for paths in ([], [0], [0, 1, 2], [2, 0, 1]):
        check_paths("here", np.array(paths, dtype=np.int64), 3)
    wrong = {
        (1, 1): "once each",
        (2, 0, 2): "once each",
        (0, 2, 2): "once each",
        (0, 3): "in [0, 2]",
        (-1,): "in [0, 2]",
    }
    for twice, said in wrong.items():
        with pytest.raises(BookError) as told:
            check_paths("here", np.array(twice), 3)
        assert said in str(told.value)
    with pytest.raises(BookError) as told:
        check_paths("here", np.arange(20), 3)
    assert "[0, 1, 2, 3, 4, 5, 6, 7]" in str(told.value)
    with pytest.raises(InputTypeError):
        check_paths("here", np.array([[0]]), 3)


def test_one_line_has_the_whole_of_what_is_posted(script):
    def act(book, _now):
        words: Any = "interest"
        assert check_cause("here", Line.INTEREST) is Line.INTEREST
        with pytest.raises(InputTypeError, match="must be a Line, or pairs"):
            check_cause("here", words)
        book.charge(Line.OPERATING, np.array([1.0, 2.0, 3.0]))
        with pytest.raises(BookError, match=r"^Book.charge: amount: units must be one number or have the shape \(3,\)"):
            book.charge(Line.OPERATING, np.array([1.0, 2.0]))

    outcome = script(STILL, {0: act})
    assert outcome.lines[Line.OPERATING].tolist() == [-1.0, -2.0, -3.0]
