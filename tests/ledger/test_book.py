"""`Book`: every way in which holdings change, by hand."""

import numpy as np
import pytest

from stakingmodels.errors import InputError
from stakingmodels.ledger import Line
from stakingmodels.market import CashRate, Market, MarketRatio, Price, TimeGrid
from stakingmodels.rates import APR

ETH, RATIO = Price("ETH"), MarketRatio("stETH")
GRID = TimeGrid.daily("2026-01-01", days=2)
STILL = Market(GRID, {ETH: 10.0, Price("BTC"): 50.0})
MOVING = Market(GRID, {ETH: np.array([[10.0, 10.0], [12.0, 5.0], [15.0, 20.0]]), Price("BTC"): 50.0})


def plain(table):
    """Arrays as lists, for comparison."""
    return {key: value.tolist() for key, value in table.items()}


# Accounts


def test_an_account_is_found_again(script):
    def act(book, _now):
        assert book.account("ETH") is book.account("ETH", "wallet")
        assert book.account("USD") is book.cash
        assert book.account("ETH", "staked") is not book.account("ETH")
        assert book.account("ETH", "staked", RATIO) is not book.account("ETH", "staked")

    script(Market(GRID, {ETH: 10.0, RATIO: 1.0}), {-1: act})


def test_units_are_a_read_only_view(script):
    def act(book, _now):
        units = book.cash.units
        with pytest.raises(ValueError, match="read-only"):
            units[0] = 5.0
        book.post(Line.EXECUTION, book.cash, 7.0)
        assert units.tolist() == [107.0]

    script(STILL, {-1: act})


def test_the_value_of_a_unit_is_that_of_the_end_of_the_interval(script):
    seen = []
    script(MOVING, {step: lambda book, _now: seen.append(book.account("ETH").value.tolist()) for step in (-1, 0, 1)})
    assert seen == [[10.0, 10.0], [12.0, 5.0], [15.0, 20.0]]


def test_an_account_that_is_opened_late_has_todays_value(script):
    seen = []
    script(MOVING, {1: lambda book, _now: seen.append(book.account("ETH", "late").value.tolist())})
    assert seen == [[15.0, 20.0]]


# Posting


def test_a_post_is_booked_in_units_and_in_money_at_the_price_of_its_moment(script):
    def earn(book, _now):
        book.post(Line.CONSENSUS, book.account("ETH", "staked"), 2.0)

    outcome = script(MOVING, {0: earn, 1: earn})
    assert plain(outcome.native) == {(Line.CONSENSUS, "ETH"): [4.0, 4.0]}
    assert outcome.lines[Line.CONSENSUS].tolist() == [2 * 12 + 2 * 15, 2 * 5 + 2 * 20]
    assert outcome.lines[Line.PRICE].tolist() == [2 * 3, 2 * 15]
    assert outcome.closing.tolist() == [160.0, 180.0]


def test_a_post_on_few_paths_is_the_same_as_one_on_all(script):
    market = Market(GRID, {ETH: np.array([[10.0, 10.0, 10.0], [12.0, 5.0, 1.0], [15.0, 20.0, 2.0]])})
    paths = np.array([0, 2])

    def few(book, _now):
        book.post(Line.MINING, book.account("ETH", "staked"), np.array([1.0, 3.0]), paths)

    def all_of_them(book, _now):
        book.post(Line.MINING, book.account("ETH", "staked"), np.array([1.0, 0.0, 3.0]))

    some, dense = script(market, {1: few}), script(market, {1: all_of_them})
    assert plain(some.lines) == plain(dense.lines)
    assert plain(some.native) == plain(dense.native)
    assert plain(some.units) == plain(dense.units)
    assert some.entries[-1].units.tolist() == dense.entries[-1].units.tolist()


def test_what_is_paid_in_money_is_also_counted_in_the_products_coin(script):
    def act(book, _now):
        book.post(Line.OPERATING, book.cash, -6.0)
        book.post(Line.EXECUTION, book.account("BTC"), 0.5)
        book.post(Line.CONSENSUS, book.account("ETH"), 1.0)

    coins = plain(script(MOVING, {0: act, 1: act}).coins)
    assert coins == {
        Line.OPERATING: pytest.approx([-6 / 12 - 6 / 15, -6 / 5 - 6 / 20]),
        Line.EXECUTION: pytest.approx([25 / 12 + 25 / 15, 25 / 5 + 25 / 20]),
    }


# Price


def test_the_price_line_is_what_was_held_at_the_start_times_the_move(script):
    def buy(book, _now):
        book.trade(book.cash, book.account("ETH"))

    outcome = script(MOVING, {0: buy})
    assert outcome.lines[Line.PRICE].tolist() == [100 / 12 * 3, 100 / 5 * 15]
    assert outcome.closing.tolist() == pytest.approx([125.0, 400.0])


def test_places_of_one_coin_share_the_price_line(script):
    def spread(book, _now):
        book.post(Line.EXECUTION, book.account("ETH"), 1.0)
        book.post(Line.EXECUTION, book.account("ETH", "staked"), 2.0)
        book.post(Line.EXECUTION, book.account("ETH", "unbonding"), 3.0)

    assert script(MOVING, {-1: spread}).lines[Line.PRICE].tolist() == [6 * 5, 6 * 10]


def test_a_debt_loses_when_its_coin_rises(script):
    def borrow(book, _now):
        book.post(Line.MAINTENANCE, book.account("ETH", "debt"), -2.0)
        book.post(Line.EXECUTION, book.cash, 20.0)

    outcome = script(MOVING, {-1: borrow})
    assert outcome.lines[Line.PRICE].tolist() == [-10.0, -20.0]
    assert outcome.closing.tolist() == [90.0, 80.0]


# Moving


def test_a_move_is_no_line(script):
    def act(book, _now):
        book.move(book.cash, book.account("USD", "safe"), 30.0)

    outcome = script(STILL, {-1: act})
    assert plain(outcome.lines) == {}
    assert plain(outcome.units) == {("USD", "wallet"): [0.0], ("USD", "paid_out"): [70.0], ("USD", "safe"): [30.0]}


def test_moving_all_leaves_exactly_nothing(script):
    def act(book, _now):
        for part in (0.1, 0.2, 0.3):
            book.post(Line.EXECUTION, book.cash, part)
        book.move(book.cash, book.account("USD", "safe"))

    outcome = script(STILL, {-1: act})
    assert outcome.units["USD", "paid_out"].tolist() == [0.0]
    assert outcome.units["USD", "safe"][0] == pytest.approx(100.6)


def test_moving_all_of_an_empty_account_does_nothing(script):
    outcome = script(STILL, {-1: lambda book, _now: book.move(book.account("ETH"), book.account("ETH", "staked"))})
    assert outcome.closing.tolist() == [100.0]


def test_a_move_between_assets_is_refused(script):
    with pytest.raises(InputError, match=r"^Book\.move: must be between accounts of one asset.*Book\.trade"):
        script(STILL, {-1: lambda book, _now: book.move(book.cash, book.account("ETH"))})


@pytest.mark.parametrize(
    "act",
    [
        lambda book: book.move(book.cash, book.account("USD", "safe"), book.cash.units),
        lambda book: book.trade(book.cash, book.account("ETH"), book.cash.units),
        lambda book: book.pay_to(book.child("part"), book.cash, book.cash.units),
    ],
    ids=["move", "trade", "pay_to"],
)
def test_units_may_be_given_as_the_view_of_an_account(script, act):
    outcome = script(STILL, {-1: lambda book, _now: act(book)})
    assert outcome.closing.tolist() == [100.0]


def test_a_post_of_as_much_as_there_is_doubles_it(script):
    outcome = script(STILL, {-1: lambda book, _now: book.post(Line.EXECUTION, book.cash, book.cash.units)})
    assert outcome.lines[Line.EXECUTION].tolist() == [100.0]
    assert outcome.closing.tolist() == [200.0]


# Marks


def test_a_move_to_another_mark_books_the_difference_as_discount(script):
    def act(book, _now):
        book.trade(book.cash, book.account("ETH"))
        book.move(book.account("ETH"), book.account("ETH", "liquid", RATIO), 4.0)

    outcome = script(Market(GRID, {ETH: 10.0, RATIO: 0.95}), {-1: act})
    assert plain(outcome.lines) == {Line.DISCOUNT: pytest.approx([-2.0]), Line.PRICE: [0.0]}
    assert outcome.coins[Line.DISCOUNT].tolist() == pytest.approx([-0.2])
    assert outcome.closing.tolist() == pytest.approx([98.0])


def test_a_marked_account_parts_its_move_into_price_and_discount(script):
    def act(book, _now):
        book.trade(book.cash, book.account("ETH", "liquid", RATIO))

    prices, ratios = np.array([10.0, 12.0, 9.0]), np.array([1.0, 0.9, 0.95])
    outcome = script(Market(GRID, {ETH: prices, RATIO: ratios}), {-1: act})
    units = 100 / 10
    price = units * 1.0 * (12 - 10) + units * 0.9 * (9 - 12)
    discount = units * 12 * (0.9 - 1.0) + units * 9 * (0.95 - 0.9)
    assert outcome.lines[Line.PRICE].tolist() == pytest.approx([price])
    assert outcome.lines[Line.DISCOUNT].tolist() == pytest.approx([discount])
    assert outcome.coins[Line.DISCOUNT].tolist() == pytest.approx([units * (-0.1 + 0.05)])
    assert outcome.closing.tolist() == pytest.approx([units * 9 * 0.95])


def test_the_sale_of_a_marked_account_costs_its_fee_only(script):
    def act(book, _now):
        book.trade(book.account("ETH", "liquid", RATIO), book.cash, cost=0.01)

    def buy(book, _now):
        book.trade(book.cash, book.account("ETH", "liquid", RATIO))

    market = Market(GRID, {ETH: 10.0, RATIO: np.array([1.0, 0.9, 0.9])})
    outcome = script(market, {-1: buy, 1: act})
    assert outcome.lines[Line.TRADING].tolist() == pytest.approx([-0.9])
    assert outcome.lines[Line.DISCOUNT].tolist() == pytest.approx([-10.0])
    assert outcome.closing.tolist() == pytest.approx([89.1])


# Trading


def test_the_fee_of_a_purchase_comes_on_top(script):
    outcome = script(STILL, {-1: lambda book, _now: book.trade(book.cash, book.account("ETH"), cost=0.25)})
    assert outcome.units["ETH", "wallet"].tolist() == [8.0]
    assert outcome.lines[Line.TRADING].tolist() == [-20.0]
    assert outcome.units["USD", "paid_out"].tolist() == [0.0]


def test_the_fee_of_a_sale_is_taken_from_the_proceeds(script):
    def act(book, _now):
        book.trade(book.cash, book.account("ETH"))
        book.trade(book.account("ETH"), book.cash, 4.0, cost=0.25)

    outcome = script(STILL, {-1: act})
    assert outcome.units["ETH", "wallet"].tolist() == [6.0]
    assert outcome.units["USD", "paid_out"].tolist() == [30.0]
    assert outcome.lines[Line.TRADING].tolist() == [-10.0]


def test_units_and_fee_may_differ_by_path(script):
    def act(book, _now):
        book.trade(book.cash, book.account("ETH"), np.array([22.0, 55.0]), cost=np.array([0.1, 0.0]))

    outcome = script(MOVING, {-1: act})
    assert outcome.units["ETH", "wallet"].tolist() == pytest.approx([2.0, 5.5])
    assert outcome.units["USD", "paid_out"].tolist() == pytest.approx([78.0, 45.0])
    assert outcome.lines[Line.TRADING].tolist() == pytest.approx([-2.0, 0.0])


def test_one_coin_for_another(script):
    def act(book, _now):
        book.trade(book.cash, book.account("ETH"))
        book.trade(book.account("ETH"), book.account("BTC"), cost=0.1)

    outcome = script(STILL, {-1: act})
    assert outcome.units["BTC", "wallet"].tolist() == pytest.approx([2.0 - 0.2])
    assert outcome.lines[Line.TRADING].tolist() == pytest.approx([-10.0])


def test_the_cost_may_have_another_line(script):
    def act(book, _now):
        book.trade(book.cash, book.account("ETH"), cost=0.25, line=Line.PROTOCOL)

    assert plain(script(STILL, {-1: act}).lines)[Line.PROTOCOL] == [-20.0]


def test_nothing_is_bought_where_the_price_is_zero(script):
    market = Market(GRID, {ETH: np.array([[0.0, 10.0], [4.0, 10.0], [4.0, 10.0]])})
    outcome = script(market, {-1: lambda book, _now: book.trade(book.cash, book.account("ETH"), cost=0.25)})
    assert outcome.units["ETH", "wallet"].tolist() == [0.0, 8.0]
    assert outcome.closing.tolist() == [100.0, 80.0]


def test_what_is_worth_nothing_is_sold_for_nothing(script):
    def buy(book, _now):
        book.trade(book.cash, book.account("ETH"))

    market = Market(GRID, {ETH: np.array([[10.0, 10.0], [0.0, 10.0], [4.0, 10.0]])})
    outcome = script(market, {-1: buy, 0: lambda book, _now: book.trade(book.account("ETH"), book.cash, cost=0.5)})
    assert outcome.closing.tolist() == [0.0, 50.0]


def test_a_trade_between_places_of_one_asset_is_a_free_move(script):
    outcome = script(STILL, {-1: lambda book, _now: book.trade(book.cash, book.account("USD", "safe"), cost=0.5)})
    assert plain(outcome.lines) == {}
    assert outcome.units["USD", "safe"].tolist() == [100.0]


# Charging


def with_purses(first_units, coins):
    """At the opening: cash 100 in all, of which some is in a purse that pays first, and some in coins."""

    def act(book, _now):
        book.move(book.cash, book.account("USD", "prepaid"), first_units)
        book.trade(book.cash, book.account("ETH"), coins * 10.0)

    return act


@pytest.mark.parametrize(
    ("amount", "prepaid", "cash", "coins", "contribution"),
    [
        (20.0, 10.0, 30.0, 4.0, 0.0),
        (30.0, 0.0, 30.0, 4.0, 0.0),
        (45.0, 0.0, 15.0, 4.0, 0.0),
        (65.0, 0.0, 0.0, 3.5, 0.0),
        (100.0, 0.0, 0.0, 0.0, 0.0),
        (130.0, 0.0, 0.0, 0.0, 30.0),
        (0.0, 30.0, 30.0, 4.0, 0.0),
    ],
)
def test_a_charge_takes_the_first_purse_then_cash_then_coins_then_the_holders_pocket(
    script, amount, prepaid, cash, coins, contribution
):
    def pay(book, _now):
        book.charge(Line.MAINTENANCE, amount, first=book.account("USD", "prepaid"))

    outcome = script(STILL, {-1: with_purses(30.0, 4.0), 0: pay})
    assert outcome.units["USD", "prepaid"].tolist() == pytest.approx([prepaid])
    assert outcome.units["USD", "paid_out"].tolist() == pytest.approx([cash])
    assert outcome.units["ETH", "wallet"].tolist() == pytest.approx([coins])
    assert outcome.contributions.tolist() == pytest.approx([contribution])
    assert sum(m for t, m in zip(outcome.flows.time, outcome.flows.money, strict=True) if t == 1) == -contribution
    assert outcome.lines[Line.MAINTENANCE].tolist() == pytest.approx([-amount])


def test_a_charge_differs_by_path(script):
    amounts = np.array([20.0, 45.0, 65.0, 130.0])
    market = Market(GRID, {ETH: np.full((3, 4), 10.0)})

    def pay(book, _now):
        book.charge(Line.MAINTENANCE, amounts, first=book.account("USD", "prepaid"))

    outcome = script(market, {-1: with_purses(30.0, 4.0), 1: pay})
    assert outcome.units["USD", "prepaid"].tolist() == [10.0, 0.0, 0.0, 0.0]
    assert outcome.units["USD", "paid_out"].tolist() == [30.0, 15.0, 0.0, 0.0]
    assert outcome.units["ETH", "wallet"].tolist() == pytest.approx([4.0, 4.0, 3.5, 0.0])
    assert outcome.contributions.tolist() == pytest.approx([0.0, 0.0, 0.0, 30.0])
    on_the_second_day = outcome.flows.time == 2
    assert -30.0 in outcome.flows.money[on_the_second_day & (outcome.flows.path == 3)]
    assert outcome.lines[Line.MAINTENANCE].tolist() == pytest.approx((-amounts).tolist())
    assert (outcome.proceeds == outcome.closing).all()


@pytest.mark.parametrize("place", ["staked", "unbonding", "rewards"])
def test_a_charge_leaves_what_is_not_in_the_wallet(script, place):
    def act(book, _now):
        book.trade(book.cash, book.account("ETH"))
        book.move(book.account("ETH"), book.account("ETH", place))
        book.charge(Line.OPERATING, 7.0)

    outcome = script(STILL, {-1: act})
    assert outcome.units["ETH", place].tolist() == [10.0]
    assert outcome.contributions.tolist() == [7.0]


def test_marked_coins_do_not_pay(script):
    def act(book, _now):
        book.trade(book.cash, book.account("ETH", mark=RATIO))
        book.charge(Line.OPERATING, 7.0)

    outcome = script(Market(GRID, {ETH: 10.0, RATIO: 1.0}), {-1: act})
    assert outcome.contributions.tolist() == [7.0]


def test_coins_that_are_worth_nothing_pay_nothing_on_their_path_and_only_there(script):
    def act(book, _now):
        book.charge(Line.OPERATING, 8.0)

    def buy(book, _now):
        book.trade(book.cash, book.account("ETH"))

    market = Market(GRID, {ETH: np.array([[10.0, 10.0], [0.0, 4.0], [5.0, 5.0]])})
    outcome = script(market, {-1: buy, 0: act})
    assert outcome.units["ETH", "wallet"].tolist() == [10.0, 8.0]
    assert outcome.contributions.tolist() == [8.0, 0.0]
    assert outcome.closing.tolist() == [50.0, 40.0]


# Related books


def test_a_childs_lines_count_in_the_whole(script):
    def act(book, _now):
        part = book.child("part")
        book.pay_to(part, book.cash, 60.0)
        part.post(Line.INTEREST, part.cash, 6.0)
        part.trade(part.cash, part.account("ETH"))
        book.post(Line.OPERATING, book.cash, -1.0)

    outcome = script(MOVING, {-1: act})
    assert outcome.lines[Line.INTEREST].tolist() == [6.0, 6.0]
    assert outcome.lines[Line.OPERATING].tolist() == [-1.0, -1.0]
    assert outcome.lines[Line.PRICE].tolist() == pytest.approx([6.6 * 5, 6.6 * 10])
    assert plain(outcome.units)["ETH", "wallet"] == pytest.approx([6.6, 6.6])
    assert outcome.closing.tolist() == pytest.approx([39 + 6.6 * 15, 39 + 6.6 * 20])


def test_payment_between_books_is_no_line_and_both_books_close(script):
    books = []

    def act(book, _now):
        book.trade(book.cash, book.account("ETH"))
        part = book.child("part")
        book.pay_to(part, book.account("ETH"), 4.0)
        part.pay_to(book, part.account("ETH"), 1.0)
        books.extend([book, part])

    outcome = script(MOVING, {-1: act})
    part = books[1]
    assert set(outcome.lines) == {Line.PRICE}
    assert part.account("ETH").units.tolist() == [3.0, 3.0]
    worth = np.zeros(2)
    part.value_into(worth)
    assert worth.tolist() == pytest.approx((30.0 + part.totals().lines[Line.PRICE]).tolist())


def test_paying_all_leaves_exactly_nothing(script):
    def act(book, _now):
        book.post(Line.EXECUTION, book.cash, 0.1)
        book.pay_to(book.child("part"), book.cash)
        assert book.cash.units.tolist() == [0.0]

    assert script(STILL, {-1: act}).closing.tolist() == [100.1]


def test_books_of_books(script):
    def act(book, _now):
        inner = book.child("a").child("b")
        book.pay_to(inner, book.cash, 10.0)
        inner.post(Line.CREDIT, inner.cash, -4.0)

    outcome = script(STILL, {-1: act})
    assert plain(outcome.lines) == {Line.CREDIT: [-4.0]}
    assert outcome.entries[-1].book == "/a/b"
    assert outcome.closing.tolist() == [96.0]


# Cash


def test_cash_that_waits_earns(script):
    market = Market(GRID, {ETH: 10.0, CashRate("USD"): APR(np.array([0.365, 0.73, 0.0]))})
    outcome = script(market, {}, asset="USD")
    assert outcome.closing.tolist() == pytest.approx([100 * 1.001 * 1.002])
    assert outcome.lines[Line.INTEREST].tolist() == pytest.approx([100 * 1.001 * 1.002 - 100])


def test_the_cash_of_a_child_earns_too_but_not_money_elsewhere(script):
    def act(book, _now):
        book.pay_to(book.child("part"), book.cash, 50.0)
        book.move(book.cash, book.account("USD", "prepaid"), 50.0)

    outcome = script(Market(GRID, {CashRate("USD"): APR(0.365), ETH: 10.0}), {-1: act})
    assert outcome.lines[Line.INTEREST].tolist() == pytest.approx([50 * 1.001**2 - 50])


def test_what_is_paid_in_advance_twice_counts_in_coins_at_both_prices_by_what_was_paid(script):
    """60 at a price of 10 and 20 at one of 20 are 7 coins, of which as many are used up as of the money."""

    def pay(money):
        return lambda book, _now: book.move(book.cash, book.account("USD", "prepaid"), money)

    def use_up(money):
        return lambda book, _now: book.post(Line.CONTRACT, book.account("USD", "prepaid"), -money)

    grid = TimeGrid.daily("2026-01-01", days=4)
    market = Market(grid, {ETH: np.array([10.0, 20.0, 500.0, 1.0, 7.0])})
    outcome = script(market, {-1: pay(60.0), 0: pay(20.0), 1: use_up(20.0), 2: use_up(60.0)})
    assert outcome.coins[Line.CONTRACT].tolist() == pytest.approx([-7.0])
    half_way = script(market, {-1: pay(60.0), 0: use_up(30.0), 1: pay(30.0), 2: use_up(30.0)})
    assert half_way.coins[Line.CONTRACT].tolist() == pytest.approx([-3.0 - 0.5 * (3.0 + 30.0 / 500.0)])


def test_interest_on_cash_is_no_reward_in_the_products_coin(script):
    outcome = script(Market(GRID, {CashRate("USD"): APR(0.365), ETH: 10.0}), {})
    assert plain(outcome.coins) == {}
    assert outcome.yields().gross_apr.tolist() == [0.0]


# The step ledger


def test_entries_say_when_where_why_and_how_much(script):
    def act(book, _now):
        book.trade(book.cash, book.account("ETH", "staked"), 20.0, cost=0.25)

    record = script(STILL, {1: act}).entries
    assert [(e.step, e.line, e.book, e.asset, e.place, e.units.tolist()) for e in record[1:4]] == [
        (1, Line.TRADING, "", "USD", "wallet", [-4.0]),
        (1, None, "", "USD", "wallet", [-16.0]),
        (1, None, "", "ETH", "staked", [1.6]),
    ]


def test_entries_add_up_to_what_is_held_and_booked(script):
    def act(book, _now):
        staked = book.account("ETH", "staked")
        book.trade(book.cash, staked, 50.0, cost=0.01)
        book.post(Line.CONSENSUS, staked, staked.units * 0.1)
        book.move(staked, book.account("ETH", "unbonding"), staked.units * 0.5)
        book.charge(Line.OPERATING, np.array([1.0, 60.0]))

    outcome = script(MOVING, {0: act, 1: act})
    held: dict = {}
    booked: dict = {}
    for entry in outcome.entries:
        held[entry.asset, entry.place] = held.get((entry.asset, entry.place), 0.0) + entry.units
        if entry.line is not None:
            booked[entry.line, entry.asset] = booked.get((entry.line, entry.asset), 0.0) + entry.units
    held["USD", "paid_out"] = np.zeros(2)  # nothing was in the wallet at the exit, so that there is no entry
    assert plain(held) == {key: pytest.approx(units) for key, units in plain(outcome.units).items()}
    assert plain(booked) == {key: pytest.approx(units) for key, units in plain(outcome.native).items()}


@pytest.mark.parametrize(("keep", "has_values", "has_record"), [("totals", False, False), ("values", True, False)])
def test_no_ledger_unless_asked(script, keep, has_values, has_record):
    outcome = script(STILL, {}, keep=keep)
    assert (outcome.values is not None, outcome.entries is not None) == (has_values, has_record)
