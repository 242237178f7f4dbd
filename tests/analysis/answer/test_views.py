"""Views of prices: money at the end against runs on given prices, which rows they concern, and what is refused."""

import json
import math
import pickle

import numpy as np
import pytest

from stakingmodels import (
    APR,
    APY,
    CloudMiningContract,
    Constants,
    Holding,
    Joint,
    Market,
    Price,
    SoloValidator,
    StakingPool,
    StakingReward,
    TimeGrid,
    Units,
    compare,
    products,
    scenarios,
    simulate,
)
from stakingmodels.analysis.answer.views import amount, is_long
from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.market import BlockFees, CashRate, Difficulty, Event
from stakingmodels.products import Failure, Falls, LeaveWhen, Position, Product
from stakingmodels.scenarios import GBM, GeometricBrownianMotion, History, InCurrency, daily_series

ETH, BTC, REWARD, CASH = Price("ETH"), Price("BTC"), StakingReward("ETH"), CashRate("USD")
GRID = TimeGrid.daily("2026-01-01", days=40, settlement_days=10)
REST = Constants({REWARD: APR(0.0365), CASH: APY(0.04), Difficulty("BTC"): 1.5e14, BlockFees("BTC"): 0.02})
PRICES = GeometricBrownianMotion({ETH: GBM(3000.0, volatility=0.7), BTC: GBM(9e4, volatility=0.5)})
WORLD = Joint([PRICES, REST])
GONE = Event("custodian:x", hazard=1.0)
INTEREST = 1.04 ** (10.0 / 365.0)
"""Growth of the money that is in hand at the exit until the last day."""


class Both(Product):
    """Half of the money in each coin, which is not rebalanced."""

    @property
    def asset(self):
        return None

    @property
    def benchmark(self):
        return {"ETH": 0.5, "BTC": 0.5}

    @property
    def factors(self):
        return frozenset({ETH, BTC})

    def open(self, book, now):
        return BothPosition(book)


class BothPosition(Position):
    def __init__(self, book):
        self._book = book
        half = 0.5 * book.cash.units
        self._coins = [book.account(coin) for coin in ("ETH", "BTC")]
        for account in self._coins:
            book.trade(book.cash, account, half, cost=0.0)

    def step(self, now):
        pass

    def exit(self, now, share=1.0, how=None, paths=None):
        for account in self._coins:
            self._book.pay_out(account, account.units, 0.0)


ROWS = {
    "hold": Holding("ETH", buy_fee=0.001, sell_fee=0.002),
    "pool": StakingPool(unbonding_days=5.0),
    "custody": Holding("ETH", failures=(Failure(GONE, severity=1.0, line="credit"),)),
    "bitcoin": Holding("BTC"),
    "cash": Holding("USD"),
}


def run(rows=None, world=WORLD, capital=1000.0, n_paths=400, grid=GRID):
    return simulate(ROWS if rows is None else rows, world, grid, capital=capital, n_paths=n_paths, rng=1)


def line(opening, change, grid=GRID):
    parts = np.minimum(grid.elapsed_days / grid.elapsed_days[grid.exit], 1.0)
    return opening * np.exp(parts * np.log(1.0 + change))


def money(views, product, view):
    [found] = [row for row in views.rows if row.product == product and row.view == view]
    return found


@pytest.mark.parametrize("change", [-0.5, 0.0, 1.0])
@pytest.mark.parametrize("name", ["hold", "pool", "bitcoin", "cash"])
def test_money_is_that_of_a_run_on_the_straight_line(name, change):
    market = Market(GRID, {ETH: line(3000.0, change), BTC: line(9e4, change), REWARD: APR(0.0365), CASH: APY(0.04)})
    by_itself = ROWS[name].run(market, capital=1000.0).closing[0]
    row = money(compare(run()).price_views((change,)), name, change)
    assert row.money == pytest.approx(by_itself, rel=1e-12)
    assert row.money_no_event == pytest.approx(by_itself, rel=1e-12)
    assert row.money_q05 == pytest.approx(by_itself, rel=1e-12)
    assert row.error == pytest.approx(0.0, abs=1e-9)
    assert row.put_in == 1000.0


def test_events_are_those_of_the_run():
    results = run()
    struck = results["custody"].lines["credit"] != 0.0
    assert 0.05 < struck.mean() < 0.5
    row = money(compare(results).price_views(1.0), "custody", 1.0)
    whole = 2000.0 * INTEREST
    assert row.money_no_event == pytest.approx(whole)
    assert row.money == pytest.approx(np.where(struck, 0.0, whole).mean())
    assert row.error == pytest.approx(np.where(struck, 0.0, whole).std(ddof=1) / 20.0)
    assert row.money_q05 == pytest.approx(0.0, abs=1e-9)


def test_a_view_of_one_coin_concerns_its_rows_only():
    views = compare(run()).price_views({"ETH": -0.5})
    assert views.products == ("hold", "pool", "custody")
    assert {row.product for row in views.rows} == {"hold", "pool", "custody"}
    row = money(views, "hold", {"ETH": -0.5})
    assert (row.opening, row.price) == (3000.0, 1500.0)
    assert row.money == money(compare(run()).price_views(-0.5), "hold", -0.5).money


def test_several_coins_of_one_mapping_move_together():
    rows = {"both": Both(), **ROWS}
    views = compare(run(rows)).price_views([{"ETH": -0.5, "BTC": 1.0}, {"ETH": -0.5}, 1.0])
    together, alone, each = (row for row in views.rows if row.product == "both")
    assert together.money == pytest.approx((250.0 + 1000.0) * INTEREST)
    assert each.money == pytest.approx(2000.0 * INTEREST)
    drawn = 500.0 * run(rows)["bitcoin"].asset_growth_at_exit
    assert alone.money == pytest.approx(np.mean(250.0 * INTEREST + drawn))
    assert alone.error == pytest.approx(np.std(drawn, ddof=1) / 20.0)
    assert math.isnan(together.opening)
    assert together.coin == "several"
    assert math.isnan(together.price)
    assert views.products[0] == "both"
    assert {row.product for row in views.rows if row.view == {"ETH": -0.5, "BTC": 1.0}} == {*rows} - {"cash"}


def test_rows_follow_the_order_of_the_comparison():
    views = compare(run()).price_views([{"BTC": 1.0}, -0.5])
    assert views.products == tuple(ROWS)
    assert views.table().rows[0][:2] == ("hold", "ETH")
    assert views.table().rows[0][3] == "-"


def test_a_rule_on_the_price_sees_the_straight_line():
    rows = {"stop": LeaveWhen(Holding("ETH"), Falls(ETH, 0.2))}
    row = money(compare(run(rows)).price_views(-0.5), "stop", -0.5)
    sold = math.ceil(40.0 * math.log(0.8) / math.log(0.5))
    expected = 1000.0 * 0.5 ** (sold / 40.0) * 1.04 ** ((50.0 - sold) / 365.0)
    assert row.money == pytest.approx(expected, rel=1e-12)


def test_of_the_paths_the_first_ones_are_run_and_all_on_request():
    results = run()
    struck = results["custody"].lines["credit"] != 0.0
    for n_paths, n in ((50, 50), (None, 400), (1_000, 400)):
        views = compare(results).price_views(0.0, n_paths=n_paths)
        assert views.n_paths == n
        mean = np.where(struck[:n], 0.0, 1000.0).mean() * INTEREST
        assert money(views, "custody", 0.0).money == pytest.approx(mean)


def test_amounts_of_each_path_and_coins_are_put_in_again():
    amounts = np.linspace(100.0, 500.0, 400)
    views = compare(run(capital=amounts)).price_views(1.0, n_paths=10)
    assert money(views, "bitcoin", 1.0).money == pytest.approx(2.0 * amounts[:10].mean() * INTEREST)
    coins = compare(run(capital=Units(0.1, "ETH"))).price_views(1.0)
    assert money(coins, "bitcoin", 1.0).money == pytest.approx(600.0 * INTEREST)
    assert coins.capital == 300.0


def test_money_paid_in_later_is_told():
    dear = CloudMiningContract(electricity_usd_per_th_day=1.0, stop_after_days=None, minimum_payout_btc=0.0)
    views = compare(run({"dear": dear}, n_paths=20)).price_views(0.0)
    row = views.rows[0]
    assert row.put_in > 1_100.0
    assert f"dear: the holder pays in another {amount(row.put_in - 1_000.0)} on average" in views.to_text()


def test_what_the_capital_never_opened_has_no_money():
    rows = {"solo": SoloValidator(), "hold": Holding("ETH")}
    views = compare(run(rows, n_paths=3)).price_views((-0.5, 0.0))
    assert math.isnan(money(views, "solo", -0.5).money)
    assert views.table().rows[0] == ("solo", "ETH", "-", "-", "-")
    assert views.to_dict()["rows"][0]["money"] is None


def test_windows_of_a_record_open_at_their_own_price():
    days = np.arange("2024-01-01", "2024-07-01", dtype="datetime64[D]")
    closes = 3000.0 * np.exp(np.cumsum(np.random.default_rng(1).normal(0.0, 0.04, days.size)))
    for levels in ("rescaled", "as_recorded"):
        history = History({ETH: daily_series(days, closes, name="made up")}, window_levels=levels)
        results = simulate({"hold": Holding("ETH")}, history, history.grid(days=40), capital=1000.0, rng=1)
        views = compare(results).price_views(-0.5, n_paths=5)
        assert views.n_paths == results.n_paths == 142
        assert views.rows[0].money == pytest.approx(500.0)
        assert views.openings_differ == (levels == "as_recorded")
        assert ("opens at a price of its own" in views.to_text()) == views.openings_differ
        assert views.rows[0].opening == pytest.approx(results["hold"].opening_price.mean())


def test_the_text_in_full():
    rows = {"hold": Holding("ETH"), "cash": Holding("USD")}
    views = compare(run(rows, world=Constants({ETH: 3000.0}))).price_views((-0.5, 0.0, {"ETH": 0.123}))
    assert views.table().to_text() == (
        "Average money at the end in USD, of 1,000 put in, if by the exit the coin's price changes by\n"
        "product  coin  opens at   -50%  stays  ETH +12.3%\n"
        "-------  ----  --------  -----  -----  ----------\n"
        "hold     ETH      3,000    500  1,000       1,123\n"
        "cash     USD          -  1,000  1,000           -"
    )
    assert max(map(len, views.to_text().split("\n"))) <= 116
    assert "straight line" in repr(views)


def test_views_of_compare_are_shown_and_told():
    comparison = compare(run(n_paths=20), price_views=(-0.5, 1.0))
    assert comparison.views is not None
    assert comparison.views is comparison.views
    assert comparison.views is comparison.price_views([-0.5, 1])
    assert comparison.views is not comparison.price_views((-0.5, 1.0), n_paths=3)
    assert comparison.price_views({"ETH": 1.0}) is comparison.price_views([{"ETH": 1.0}])
    assert comparison.views == compare(run(n_paths=20)).price_views((-0.5, 1.0))
    assert comparison.views.table().to_text() in comparison.to_text()
    told = comparison.to_dict()["price_views"]
    assert told["rows"][0] == {**told["rows"][0], "product": "hold", "coin": "ETH", "view": -0.5}
    assert len(told["rows"]) == 10
    json.dumps(told)
    plain = compare(run(n_paths=20))
    assert plain.views is None
    assert plain.to_dict()["price_views"] is None
    ranked = comparison.rank("return_mean", max_days_to_cash=1.0)
    assert ranked.views is not None
    assert ranked.views.products == tuple(row.product for row in ranked.rows)
    assert "pool" not in ranked.views.products


def test_the_frame_has_a_row_a_product_and_view():
    pytest.importorskip("pandas")
    frame = compare(run(n_paths=20)).price_views((-0.5, {"ETH": 1.0})).to_frame()
    assert frame.index.name == "product"
    assert frame.loc["bitcoin", "view"] == "-50%"
    assert frame["view"].loc[["hold"]].tolist() == ["-50%", "ETH +100%"]
    assert frame.loc["bitcoin", "money"] == pytest.approx(500.0 * INTEREST)


def test_values_can_be_compared_copied_and_hashed():
    views = compare(run(n_paths=20)).price_views((-0.5, {"ETH": 1.0}))
    again = pickle.loads(pickle.dumps(views))  # noqa: S301
    assert again == views
    assert hash(again) == hash(views)
    assert again != compare(run(n_paths=20)).price_views(-0.5)


def test_in_chinese():
    views = compare(run(n_paths=20)).price_views((-0.5, 0.0))
    text = views.to_text(language="zh-TW")
    assert "不變" in text
    assert "幣價的對數從開始價格沿直線走到" in text
    assert "stays" not in views.to_markdown(language="zh-TW")


def test_the_run_does_not_warn_again(recwarn):
    compare(run(n_paths=20)).price_views({"BTC": 1.0})
    assert not recwarn.list


@pytest.mark.parametrize(
    ("views", "kind", "message"),
    [
        (50, InputError, r"must be a fraction above -1 and at most 9: .*, got 50 \(percent\? write 0\.5\)$"),
        (-50.0, InputError, r"got -50\.0 \(percent\? write -0\.5\)$"),
        (
            -1,
            InputError,
            r"must be a fraction above -1 and at most 9: -0\.5 halves the price, 1\.0 doubles it, got -1$",
        ),
        (math.nan, InputError, r"must be finite, got nan$"),
        (
            (),
            InputTypeError,
            r'must be changes such as \(-0\.5, 0\.0, 1\.0\) of each row\'s own coin, or \{"ETH": -0\.5\}',
        ),
        ({}, InputTypeError, r"must be changes such as"),
        ("ETH", InputTypeError, r"must be changes such as .*, got str 'ETH'$"),
        ((None,), InputTypeError, r"must be changes such as"),
        ({"ETH": "half"}, InputTypeError, r"\['ETH'\]: must be a number, got str 'half'$"),
        ({1: 0.5}, InputTypeError, r"coin: must be a text"),
        ({"SOL": 1.0}, InputError, r"coin: must be the coin of a row, of which there are BTC, ETH, got 'SOL'$"),
        ({"eth": 1.0}, InputError, r"of which there are BTC, ETH, got 'eth' \(did you mean ETH\?\)$"),
        ((0.0, {"USD": 1.0}), InputError, r"of which there are BTC, ETH, got 'USD'"),
    ],
)
def test_bad_views_are_refused(views, kind, message):
    results = run(n_paths=2)
    with pytest.raises(kind, match="^compare: price_views.*" + message):
        compare(results, price_views=views)
    with pytest.raises(kind, match=r"^Comparison\.price_views: views.*" + message):
        compare(results).price_views(views)


def test_rows_without_a_coin_have_no_view_of_one():
    results = run({"cash": Holding("USD")}, n_paths=2)
    assert compare(results).price_views((-0.5,)).table().rows == (
        ("cash", "USD", "-", amount(1000.0 * 1.04 ** (50 / 365))),
    )
    with pytest.raises(InputError, match=r"^compare: price_views: coin: no row has a coin, got 'ETH'$"):
        compare(results, price_views={"ETH": 1.0})


@pytest.mark.parametrize("n_paths", [0, -1, 1.5, True])
def test_bad_numbers_of_paths_are_refused(n_paths):
    with pytest.raises((InputError, InputTypeError), match=r"^Comparison\.price_views: n_paths: must be an integer"):
        compare(run(n_paths=2)).price_views(n_paths=n_paths)


@pytest.mark.parametrize(("days", "long"), [(365, False), (730, False), (731, True)])
def test_above_two_years_a_run_is_long(days, long):
    assert is_long(TimeGrid.daily("2026-01-01", days=days, settlement_days=60)) == long


def test_mining_if_the_coin_doubles():
    grid = TimeGrid.daily("2026-01-01", days=365, settlement_days=60)
    rows = {"cloud mining": products.reference()["cloud mining"]}
    results = simulate(rows, scenarios.reference(), grid, capital=100_000.0, n_paths=256, rng=1)
    halved, stays, doubled = (row.money for row in compare(results).price_views().rows)
    assert halved < stays < doubled < 2.0 * stays


@pytest.mark.parametrize(
    ("money", "text"),
    [
        (1_234_567.8, "1,234,568"),
        (1_000.0, "1,000"),
        (126.9, "126.9"),
        (500.0, "500"),
        (0.573, "0.5730"),
        (12.0, "12.00"),
    ],
)
def test_amounts_as_text(money, text):
    assert amount(money) == text
    assert amount(-money) == f"-{text}"
    assert (amount(0.0), amount(math.nan), amount(math.inf)) == ("0", "-", "-")


def test_money_in_another_currency():
    """At a constant exchange rate the coin halves in TWD as in USD, and counted in ETH it is BTC that may halve."""
    twd = compare(run(world=InCurrency(WORLD, "TWD", exchange_rate=32.0, cash_rate=APY(0.04)), capital=32_000.0))
    for row in twd.price_views((-0.5, 1.0)).rows:
        if row.coin != "USD":
            assert row.money == pytest.approx(
                32.0 * money(compare(run()).price_views(row.view), row.product, row.view).money
            )
    assert twd.price_views(-0.5).rows[0].opening == pytest.approx(96_000.0)
    in_eth = compare(run(world=InCurrency(WORLD, "ETH"), capital=1.0)).price_views(-0.5)
    assert money(in_eth, "bitcoin", -0.5).money == pytest.approx(0.5)
    assert math.isnan(money(in_eth, "hold", -0.5).opening)


def test_capital_that_differs_between_paths_is_that_of_the_paths_of_the_view():
    capital = np.linspace(1_000.0, 5_000.0, 400)
    views = compare(run(capital=capital)).price_views((0.0,), n_paths=100)
    first = float(np.mean(capital[:100]))
    assert views.capital == pytest.approx(first, rel=1e-12)
    cash = money(views, "cash", 0.0)
    assert cash.put_in == pytest.approx(first, rel=1e-12)
    assert cash.money == pytest.approx(first * 1.04 ** (50.0 / 365.0), rel=1e-12)
    assert "pays in another" not in views.notes().to_text()
