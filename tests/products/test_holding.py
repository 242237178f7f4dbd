"""`Holding`: buy, keep, sell."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.ledger import Line
from stakingmodels.market import CashRate, Market, Price, TimeGrid
from stakingmodels.products import Holding
from stakingmodels.rates import APR
from tests.products.plans import Planned

ETH = Price("ETH")
GRID = TimeGrid.daily("2026-01-01", days=1)
FRACTIONS = st.floats(0.0, 1.0)


def rise(start=3000.0, end=3500.0):
    return Market(GRID, {ETH: np.array([start, end])})


def test_half_a_coin_from_3000_to_3500():
    outcome = Holding(asset="ETH", buy_fee=0.001, sell_fee=0.001).run(rise(), capital=1501.5)
    assert outcome.profit[0] == pytest.approx(246.75, rel=1e-12)
    assert outcome.lines[Line.PRICE][0] == pytest.approx(0.5 * 500)
    assert outcome.lines[Line.TRADING][0] == pytest.approx(-1.5 - 1.75)


def test_without_fees_money_moves_with_the_price():
    outcome = Holding(asset="ETH").run(rise(), capital=3000.0)
    assert outcome.closing[0] == pytest.approx(3500.0, rel=1e-15)
    assert set(outcome.lines) == {Line.PRICE}


@given(st.floats(1e-6, 1e6), st.floats(1e-6, 1e6), FRACTIONS, FRACTIONS, st.floats(1e-3, 1e9))
def test_closed_form(start, end, buy_fee, sell_fee, capital):
    outcome = Holding(asset="ETH", buy_fee=buy_fee, sell_fee=sell_fee).run(rise(start, end), capital=capital)
    sold = capital / (1 + buy_fee) * end / start
    assert outcome.closing[0] == pytest.approx(sold * (1 - sell_fee), rel=1e-12, abs=1e-15 * sold)


def test_coins_are_sold_at_the_exit_and_wait_as_cash():
    grid = TimeGrid.daily("2026-01-01", days=2, settlement_days=2)
    market = Market(grid, {ETH: np.array([10.0, 20.0, 40.0, 1.0, 1.0]), CashRate("USD"): APR(0.365)})
    outcome = Holding(asset="ETH").run(market, capital=100.0, keep="values")
    assert outcome.values is not None
    assert outcome.values[:, 0].tolist() == pytest.approx([100.0, 200.0, 400.0, 400.4, 400.4 * 1.001])
    assert outcome.proceeds[0] == pytest.approx(400.0)
    assert outcome.asset_growth[0] == pytest.approx(4.0 * 1.001**2)
    assert outcome.cash_growth[0] == pytest.approx(1.001**4)
    assert outcome.days_to_cash[0] == 0.0


def test_of_the_numeraire_it_just_keeps_the_money():
    outcome = Holding(asset="USD", buy_fee=0.5, sell_fee=0.5).run(Market(GRID, {}), capital=100.0)
    assert outcome.closing.tolist() == [100.0]
    assert dict(outcome.lines) == {}


def test_another_numeraire():
    market = Market(GRID, {ETH: np.array([0.05, 0.04])}, "BTC")
    outcome = Holding(asset="ETH", buy_fee=0.25).run(market, capital=2.0)
    assert outcome.numeraire == "BTC"
    assert outcome.closing[0] == pytest.approx(1.6 / 0.05 * 0.04)
    assert outcome.units["BTC", "paid_out"][0] == outcome.closing[0]


def test_where_there_is_no_price_the_money_stays():
    market = Market(GRID, {ETH: np.array([[0.0, 10.0], [5.0, 5.0]])})
    assert Holding(asset="ETH").run(market, capital=100.0).closing.tolist() == [100.0, 50.0]


def test_a_coin_that_dies_takes_everything():
    outcome = Holding(asset="ETH", sell_fee=0.1).run(rise(10.0, 0.0), capital=100.0)
    assert outcome.closing.tolist() == [0.0]
    assert outcome.max_drawdown.tolist() == [1.0]


@pytest.mark.parametrize("field", ["buy_fee", "sell_fee"])
@pytest.mark.parametrize(("value", "error"), [(1.5, InputError), (-0.1, InputError), ("0.1", InputTypeError)])
def test_fees_out_of_range(field, value, error):
    with pytest.raises(error, match=rf"^Holding\.{field}: "):
        Holding(asset="ETH", **{field: value})


@pytest.mark.parametrize("asset", ["", None, 3])
def test_the_asset_is_a_name(asset):
    with pytest.raises((InputError, InputTypeError), match=r"^Holding\.asset: "):
        Holding(asset=asset)


def test_equal_terms_are_equal():
    assert Holding(asset="ETH", buy_fee=0) == Holding(asset="ETH", buy_fee=0.0)
    assert len({Holding(asset="ETH"), Holding(asset="ETH"), Holding(asset="BTC")}) == 2


# Leaving in part, and coming back, through a wrapper


def test_leaving_in_part_and_coming_back():
    grid = TimeGrid.daily("2026-01-01", days=3)
    market = Market(grid, {ETH: np.array([10.0, 20.0, 40.0, 50.0])})
    half = 5 * 20 * 0.9  # 5 of 10 coins sold at 20; the same amount is invested a day later
    plan = Planned(Holding(asset="ETH", buy_fee=0.25, sell_fee=0.1), {0: (0.5, None)}, {1: (half, None)}, kept=half)
    outcome = plan.run(market, capital=125.0 + half, keep="values")
    assert outcome.values is not None
    coins = 5 + half / 1.25 / 40
    assert (outcome.values[:, 0] - half).tolist() == pytest.approx([100, 5 * 20 + half, coins * 40, coins * 50 * 0.9])
    fees = 25 + 5 * 20 * 0.1 + half / 1.25 * 0.25 + coins * 50 * 0.1
    assert outcome.lines[Line.TRADING][0] == pytest.approx(-fees)
    assert outcome.settled.all()


def test_more_money_of_a_holding_of_cash_stays_cash():
    more = Planned(Holding(asset="USD"), add={0: (30.0, None)}, kept=30.0)
    grid = TimeGrid.daily("2026-01-01", days=2)
    outcome = more.run(Market(grid, {ETH: 10.0}), capital=100.0)
    assert outcome.closing.tolist() == [100.0]
    assert outcome.units["USD", "paid_out"].tolist() == [100.0]
