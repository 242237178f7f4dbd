"""`Outcome.cashflows`: every change of wealth on one path, in units and money."""

import json
import pickle

import numpy as np
import pytest

from stakingmodels import Holding, Market, MarketRatio, Price, TimeGrid, simulate
from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.ledger import Line
from stakingmodels.ledger.cashflows import CashFlows
from tests.corpus import products, worlds

ETH = Price("ETH")
GRID = TimeGrid.daily("2026-01-01", days=2, settlement_days=1)
PRICES = np.array([[10.0, 10.0, 10.0], [20.0, 5.0, 10.0], [15.0, 8.0, 11.0], [1.0, 1.0, 1.0]])
MARKET = Market(GRID, {ETH: PRICES})
HELD = Holding(asset="ETH", buy_fee=0.25, sell_fee=0.1)


@pytest.fixture(scope="module")
def held():
    return HELD.run(MARKET, capital=100.0, keep="ledger")


def test_every_change_of_one_path_by_hand(held):
    found = [(r.date, r.step, r.asset, r.line, r.units, r.price, r.money, r.balance) for r in held.cashflows(1)]
    assert found == [
        ("2026-01-01", -1, "USD", "trading", -20.0, 1.0, -20.0, 80.0),
        ("2026-01-01", -1, "USD", "", -80.0, 1.0, -80.0, 0.0),
        ("2026-01-01", -1, "ETH", "", 8.0, 10.0, 80.0, 80.0),
        ("2026-01-02", 0, "ETH", "price", 0.0, 5.0, -40.0, 40.0),
        ("2026-01-03", 1, "ETH", "price", 0.0, 8.0, 24.0, 64.0),
        ("2026-01-03", 1, "ETH", "", -8.0, 8.0, -64.0, 0.0),
        ("2026-01-03", 1, "USD", "", 64.0, 1.0, 64.0, 64.0),
        ("2026-01-03", 1, "USD", "trading", pytest.approx(-6.4), 1.0, pytest.approx(-6.4), pytest.approx(57.6)),
    ]
    assert {row.group for row in held.cashflows(1)} == {"fee", "market", ""}


@pytest.fixture(scope="module")
def outcomes():
    return simulate(products.VARIANTS, worlds.WORLD, worlds.GRID, capital=250_000.0, n_paths=40, rng=11, keep="ledger")


@pytest.mark.parametrize("name", products.VARIANTS)
@pytest.mark.few(12)
def test_money_sums_to_closing_less_capital_line_by_line(outcomes, name):
    outcome = outcomes[name]
    for path in range(0, outcome.n_paths, 3):
        table = outcome.cashflows(path)
        capital = float(outcome.capital[path])
        turned = sum(abs(row.money) for row in table) + capital
        assert sum(row.money for row in table) == pytest.approx(
            float(outcome.closing[path]) - capital, abs=1e-12 * turned
        )
        assert table.closing == pytest.approx(float(outcome.closing[path]), abs=1e-12 * turned)
        for line in Line:
            booked = float(outcome.lines[line][path]) if line in outcome.lines else 0.0
            assert table.totals.get(line.label, 0.0) == pytest.approx(booked, abs=1e-12 * turned), line


@pytest.mark.parametrize("name", products.VARIANTS)
def test_the_balance_is_the_value_at_the_end_of_every_step(outcomes, name):
    outcome = outcomes[name]
    table = outcome.cashflows(3)
    balance = outcome.capital
    by_step = {row.step: row.balance for row in table}  # the last of each step
    for time in range(outcome.grid.n_times):
        balance = by_step.get(time - 1, balance)
        assert balance == pytest.approx(float(outcome.values[time, 3]), rel=1e-9, abs=1e-6)


def test_units_and_price_make_the_money_where_units_change(outcomes):
    rows = [row for name in products.VARIANTS for row in outcomes[name].cashflows(5) if row.units]
    assert all(row.money == row.units * row.price for row in rows)
    assert any(row.book == "" and row.place == "staked" for row in rows)


def test_a_move_between_marks_is_a_row_of_discount(outcomes):
    marked = [o for o in outcomes.values() if any(isinstance(entry.mark, MarketRatio) for entry in o.entries)]
    assert marked
    for outcome in marked:
        rows = outcome.cashflows(3)
        assert any(row.line == "discount" and row.units == 0.0 for row in rows)


def test_a_part_of_it_has_its_own_paths(outcomes):
    outcome = outcomes["pool/plain"]
    assert [row.money for row in outcome.slice_paths(4, 9).cashflows(1)] == [row.money for row in outcome.cashflows(5)]
    copy = pickle.loads(pickle.dumps(outcome))  # noqa: S301
    assert copy.cashflows(5).rows == outcome.cashflows(5).rows
    with pytest.raises(ValueError, match="WRITEABLE"):
        next(iter(copy.prices.values())).setflags(write=True)


def test_it_is_a_sequence_and_goes_into_tables(held):
    table = held.cashflows(1)
    assert len(table) == 8
    assert table[0].line == "trading"
    assert table[-2:] == table.rows[-2:]
    assert json.loads(json.dumps(table.to_dict()))[3]["money"] == -40.0
    frame = table.to_frame()
    assert frame["money"].sum() == pytest.approx(float(held.closing[1]) - 100.0)
    assert list(frame.columns)[:3] == ["date", "step", "book"]
    assert frame["date"].dt.day.tolist() == [1, 1, 1, 2, 3, 3, 3, 3]
    assert table.totals == {"trading": pytest.approx(-26.4), "price": -16.0}


def test_it_shows_its_first_rows_and_the_sums(outcomes):
    table = outcomes["pool/plain"].cashflows(0)
    text = repr(table)
    assert len(table) > 50
    assert len(text.splitlines()) <= 25
    assert "more" in text
    assert f"became {table.closing:,.2f}" in text
    assert "By line: " in text


def test_it_needs_the_ledger():
    with pytest.raises(InputError, match=r'^Outcome\.cashflows: needs the step ledger.*keep="ledger"'):
        HELD.run(MARKET, capital=100.0).cashflows()


@pytest.mark.parametrize(("path", "error"), [(3, InputError), (-1, InputError), (0.0, InputTypeError)])
def test_a_path_that_is_not_there(held, path, error):
    with pytest.raises(error, match=r"^Outcome\.cashflows: path: "):
        held.cashflows(path)


def test_rows_of_two_books_marks_and_a_price_that_moves_by_hand(script):
    """A trade, a move to a marked place, a mark that moves, and a coin in a book below."""
    token = MarketRatio("stETH")
    market = Market(GRID, {ETH: np.array([10.0, 10.0, 20.0, 20.0]), token: np.array([0.5, 0.5, 0.75, 0.75])})

    def opened(book, _now):
        book.trade(book.cash, book.account("ETH"), 60.0)
        book.move(book.account("ETH"), book.account("ETH", "token", token), 2.0)
        book.pay_to(book.child("below"), book.account("ETH"), 1.0)

    def last(book, _now):
        book.post(Line.SLASHING, book.account("ETH", "token", token), -1.0)

    table = script(market, {-1: opened, 1: last}).cashflows(0)
    found = [(r.step, r.book, r.place, r.line, r.units, r.price, r.money, r.balance) for r in table]
    assert found == [
        (-1, "", "wallet", "", -60.0, 1.0, -60.0, 40.0),
        (-1, "", "wallet", "", 6.0, 10.0, 60.0, 100.0),
        (-1, "", "wallet", "", -2.0, 10.0, -20.0, 80.0),
        (-1, "", "token", "", 2.0, 10.0, 20.0, 100.0),
        (-1, "", "token", "discount", 0.0, 5.0, -10.0, 90.0),
        (-1, "", "wallet", "", -1.0, 10.0, -10.0, 80.0),
        (-1, "/below", "wallet", "", 1.0, 10.0, 10.0, 90.0),
        (1, "", "wallet", "price", 0.0, 20.0, 30.0, 120.0),
        (1, "", "token", "price", 0.0, 15.0, 10.0, 130.0),
        (1, "", "token", "discount", 0.0, 15.0, 10.0, 140.0),
        (1, "/below", "wallet", "price", 0.0, 20.0, 10.0, 150.0),
        (1, "", "token", "slashing", -1.0, 15.0, -15.0, 135.0),
        (1, "", "wallet", "", -40.0, 1.0, -40.0, 95.0),
        (1, "", "paid_out", "", 40.0, 1.0, 40.0, 135.0),
    ]
    assert table.closing == 135.0
    text = repr(table)
    assert "ETH token" in text
    assert "/below/ETH wallet" in text


def test_without_rows_the_capital_is_the_closing():
    table = CashFlows(rows=(), product="Holding", numeraire="USD", capital=100.0, path=0)
    assert (len(table), table.closing, table.totals) == (0, 100.0, {})
    assert "By line: nothing." in repr(table)


def test_prices_move_to_the_end_of_the_grid(script):
    market = Market(GRID, {ETH: np.array([10.0, 10.0, 10.0, 20.0])})
    idle = script(market, {-1: lambda book, _: book.trade(book.cash, book.account("ETH"))})
    assert [(row.step, row.line, row.money) for row in idle.cashflows(0)][2:] == [(2, "price", 100.0)]


def test_cells_of_a_row_as_they_are_shown(held):
    lines = [" ".join(line.split()) for line in repr(held.cashflows(1)).splitlines()]
    assert "2026-01-01 USD wallet trading -20 1 -20.00 80.00" in lines
    assert "2026-01-01 ETH wallet - +8 10 +80.00 80.00" in lines
    assert "2026-01-02 ETH wallet price 5 -40.00 40.00" in lines
