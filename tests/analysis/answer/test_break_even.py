"""Break-even prices: by hand, against a fine grid of views, and where there is none."""

import json
import math
import pickle

import numpy as np
import pytest
import scipy.optimize

from stakingmodels import (
    APR,
    APY,
    CloudMiningContract,
    Constants,
    Holding,
    Joint,
    Price,
    SoloValidator,
    StakingReward,
    TimeGrid,
    compare,
    products,
    scenarios,
    simulate,
)
from stakingmodels.analysis import break_even_prices
from stakingmodels.analysis.answer.break_even import _Gap, narrowed
from stakingmodels.analysis.answer.roots import Bracket
from stakingmodels.engine import Moments
from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.ledger import Line
from stakingmodels.market import BlockFees, CashRate, Difficulty, Event
from stakingmodels.products import Failure, Falls, LeaveWhen, Position, Product
from stakingmodels.scenarios import GBM, GeometricBrownianMotion, History, daily_series

ETH, BTC = Price("ETH"), Price("BTC")
GRID = TimeGrid.daily("2026-01-01", days=40)
PRICES = GeometricBrownianMotion({ETH: GBM(3000.0, volatility=0.7), BTC: GBM(9e4, volatility=0.5)})
MINING = Constants({Difficulty("BTC"): 1.5e14, BlockFees("BTC"): 0.02})
WORLD = Joint([PRICES, MINING, Constants({StakingReward("ETH"): APR(0.03)})])


def run(rows, world=WORLD, capital=1000.0, n_paths=50, grid=GRID):
    return simulate(rows, world, grid, capital=capital, n_paths=n_paths, rng=1)


def found(product, **how):
    results = run({"it": product}, **{k: how.pop(k) for k in ("world", "grid", "n_paths", "capital") if k in how})
    return break_even_prices(results, **how)["it"]


# By hand


def test_holding_breaks_even_at_its_opening_price():
    each = found(Holding("ETH"))
    assert (each.price, each.change, each.opening, each.coin) == (3000.0, 0.0, 3000.0, "ETH")
    assert each.error == 0.0
    assert each.or_more
    assert each.sentence() == "it gets its money back if ETH ends at 3,000 or more (now 3,000)"


def test_holding_with_fees_breaks_even_above_it():
    each = found(Holding("BTC", buy_fee=0.01, sell_fee=0.02))
    assert each.price == pytest.approx(9e4 * 1.01 / 0.98, rel=1e-9)
    assert each.change == pytest.approx(1.01 / 0.98 - 1.0, rel=1e-7)


def test_interest_after_the_exit_lowers_it():
    grid = TimeGrid.daily("2026-01-01", days=40, settlement_days=60)
    world = Joint([PRICES, Constants({CashRate("USD"): APY(0.04)})])
    each = found(Holding("ETH"), world=world, grid=grid)
    assert each.price == pytest.approx(3000.0 / 1.04 ** (60 / 365), rel=1e-9)


@pytest.mark.parametrize("dear", [0.2, 1.0, 9.0])
def test_mining_on_a_constant_difficulty(dear):
    """The same coins every day, sold on a price that goes to its end in a straight line of the logarithm."""
    price = 1.8 * dear
    contract = CloudMiningContract(
        price_usd_per_th_s=price,
        term_days=40.0,
        pool_fee=0.0,
        electricity_usd_per_th_day=0.0,
        uptime=1.0,
        minimum_payout_btc=0.0,
        stop_after_days=None,
    )
    coins = (1000.0 / price) * 1e12 * 86_400.0 * (3.125 + 0.02) / (1.5e14 * 2.0**32)

    def excess(multiple):
        return 9e4 * coins * sum(multiple ** (day / 40.0) for day in range(1, 41)) - 1000.0

    root = scipy.optimize.brentq(excess, 1e-4, 1e4, xtol=1e-14)
    assert found(contract).price == pytest.approx(9e4 * root, rel=1e-7)


def test_contributions_are_money_put_in():
    """A contract that runs at a loss: the price must pay for what the holder adds as well."""
    contract = CloudMiningContract(
        price_usd_per_th_s=1.0,
        term_days=40.0,
        pool_fee=0.0,
        electricity_usd_per_th_day=0.1,
        uptime=1.0,
        minimum_payout_btc=0.0,
        stop_after_days=None,
        payout="hold",
    )
    each = found(contract)
    results = run({"it": contract})
    at_it = compare(results).price_views(each.change).rows[0]
    assert at_it.put_in > 1_000.0
    assert at_it.money == pytest.approx(at_it.put_in, rel=1e-6)


# Against a fine grid of views


GONE = Event("custodian:x", hazard=1.0)
YEAR = TimeGrid.daily("2026-01-01", days=365, settlement_days=60)


@pytest.mark.parametrize("name", ["staking pool", "exchange earn", "cloud mining"])
def test_it_is_that_of_a_fine_grid_of_views(name):
    results = simulate({name: products.reference()[name]}, scenarios.reference(), YEAR, capital=1e5, n_paths=64, rng=2)
    each = break_even_prices(results)[name]
    comparison = compare(results)
    near = each.change + np.linspace(-0.02, 0.02, 9)
    rows = [comparison.price_views(float(change)).rows[0] for change in near]
    gaps = [row.money - row.put_in for row in rows]
    assert np.diff(gaps).min() > 0.0
    assert np.interp(0.0, gaps, near) == pytest.approx(each.change, abs=2e-5)
    far = [comparison.price_views(change).rows[0] for change in (-0.9, -0.5, 0.0, 0.5, 1.0, 3.0)]
    for row in far:
        assert (row.money >= row.put_in) == (row.price >= each.price)


def test_the_error_is_that_of_the_money_over_its_slope():
    custody = Holding("ETH", failures=(Failure(GONE, severity=1.0, line="credit"),))
    results = run({"it": custody}, n_paths=400)
    whole = results["it"].lines["credit"] == 0.0
    each = break_even_prices(results)["it"]
    assert each.price == pytest.approx(3000.0 / whole.mean(), rel=1e-7)
    spread = np.std(whole / whole.mean(), ddof=1) / 20.0
    assert each.error == pytest.approx(spread / whole.mean(), rel=1e-6)


def test_more_paths_on_request():
    custody = Holding("ETH", failures=(Failure(GONE, severity=1.0, line="credit"),))
    results = run({"it": custody}, n_paths=400)
    whole = results["it"].lines["credit"] == 0.0
    for n_paths, n in ((100, 100), (None, 400), (9_999, 400)):
        prices = break_even_prices(results, n_paths=n_paths)
        assert prices.n_paths == n
        assert prices["it"].price == pytest.approx(3000.0 / whole[:n].mean(), rel=1e-7)


# None, any, and the other side


class Bet(Product):
    """Cash with a fee at the opening, and at the exit a gain that rises as the coin falls."""

    asset = "ETH"
    factors = frozenset({ETH})
    can_leave_early = True

    def __init__(self, fee, gain=0.0, on_fall=0.0):
        self.fee, self.gain, self.on_fall = fee, gain, on_fall

    def open(self, book, now):
        return BetPosition(self, book, now)


class BetPosition(Position):
    def __init__(self, terms, book, now):
        self._terms, self._book = terms, book
        self._first = float(np.max(now[ETH]))
        book.post(Line.COMMISSION, book.cash, -terms.fee)

    def step(self, now):
        pass

    def exit(self, now, share=1.0, how=None, paths=None):
        fallen = np.maximum(1.0 - now[ETH] / self._first, 0.0)
        self._book.post(Line.INTEREST, self._book.cash, self._terms.gain + self._terms.on_fall * fallen)


def test_never():
    each = found(Bet(fee=100.0))
    assert (each.price, each.change, each.found) == (math.inf, math.inf, False)
    assert each.sentence() == "it does not get its money back, even if ETH ends at 1,024 times its price"


def test_at_any_price():
    each = found(Bet(fee=100.0, gain=150.0))
    assert (each.price, each.change, each.found) == (0.0, -1.0, False)
    assert each.sentence() == "it gets its money back wherever ETH ends"


def test_at_that_price_or_less():
    each = found(Bet(fee=100.0, on_fall=1000.0))
    assert each.price == pytest.approx(2700.0, rel=1e-7)
    assert not each.or_more
    assert each.sentence() == "it gets its money back if ETH ends at 2,700 or less (now 3,000)"


def test_a_short_that_gains_already_has_a_price_above_it():
    each = found(Bet(fee=300.0, gain=200.0, on_fall=1000.0))
    assert each.price == pytest.approx(2700.0, rel=1e-7)
    assert not each.or_more


def test_far_out():
    assert found(Holding("ETH", sell_fee=0.998)).price == pytest.approx(3000.0 / 0.002, rel=1e-6)
    assert found(Holding("ETH", sell_fee=0.9995)).price == math.inf


def test_money_itself_has_none():
    prices = break_even_prices(run({"cash": Holding("USD"), "hold": Holding("ETH")}))
    assert math.isnan(prices["cash"].price)
    assert prices["cash"].sentence() == "cash: has no break-even price"
    assert prices.sentences() == (prices["hold"].sentence(),)


def test_what_the_capital_never_opened_has_none():
    prices = break_even_prices(run({"solo": SoloValidator(), "hold": Holding("ETH")}, n_paths=2))
    assert math.isnan(prices["solo"].price)
    assert prices["hold"].price == 3000.0


def test_of_a_record_all_windows_are_run():
    days = np.arange("2024-01-01", "2024-07-01", dtype="datetime64[D]")
    closes = 3000.0 * np.exp(np.cumsum(np.random.default_rng(1).normal(0.0, 0.04, days.size)))
    for levels in ("rescaled", "as_recorded"):
        history = History({ETH: daily_series(days, closes, name="made up")}, window_levels=levels)
        rows = {"hold": Holding("ETH", sell_fee=0.01)}
        results = simulate(rows, history, history.grid(days=40), capital=1000.0, rng=1)
        prices = break_even_prices(results, n_paths=5)
        each = prices["hold"]
        assert prices.n_paths == results.n_paths
        assert each.change == pytest.approx(1.0 / 0.99 - 1.0, rel=1e-6)
        if levels == "rescaled":
            assert each.price == pytest.approx(closes[-1] / 0.99, rel=1e-7)
            continue
        assert math.isnan(each.price)
        assert math.isnan(each.opening)
        assert each.sentence() == "hold gets its money back if ETH ends at +1.01% or more from the opening"


def test_where_money_jumps_the_search_ends():
    """A stop-loss on the straight line: sold below 20 %, the money is what it is on that day."""
    each = found(LeaveWhen(Holding("ETH", buy_fee=0.15), Falls(ETH, 0.2)))
    assert each.price == pytest.approx(3000.0 * 1.15, rel=1e-6)


def test_the_search_of_a_jump_is_narrow():
    jump = narrowed(Bracket(0.5, -1.0, 1.0, 1.0, 1e-7), lambda x: _Gap(-1.0 if x < 0.7 else 1.0, 0.0))
    assert jump.multiple == pytest.approx(0.7, abs=1e-6)
    assert jump.or_more
    steep = narrowed(Bracket(1.0, 1.0, 1_024.0, -1.0, 1e-7), lambda x: _Gap(1.0 - (x / 900.0) ** 9, 0.0))
    assert steep.multiple == pytest.approx(900.0, rel=1e-6)
    assert not steep.or_more


# Against holding


def test_against_holding_a_contract_pays_where_the_coin_falls():
    results = simulate(
        {"mining": products.reference()["cloud mining"]},
        scenarios.reference(),
        YEAR,
        capital=1e5,
        n_paths=64,
        rng=2,
    )
    each = break_even_prices(results, against="holding")["mining"]
    assert not each.or_more
    comparison = compare(results)
    held = compare(simulate({"h": Holding("BTC")}, scenarios.reference(), YEAR, capital=1e5, n_paths=1, rng=2))
    below, above = each.change - 0.05, each.change + 0.05
    assert comparison.price_views(below).rows[0].money > held.price_views(below).rows[0].money
    assert comparison.price_views(above).rows[0].money < held.price_views(above).rows[0].money
    assert "does at least as well as holding BTC if its price ends at" in each.sentence()
    assert "or less" in each.sentence()


def test_against_holding_the_coin_itself_is_never_worse_and_with_a_fee_never_as_good():
    rows = {"hold": Holding("ETH"), "dear": Holding("ETH", buy_fee=0.01)}
    prices = break_even_prices(run(rows, n_paths=2), against="holding")
    assert prices["hold"].sentence() == "hold does at least as well as holding ETH wherever its price ends"
    assert (
        prices["dear"].sentence()
        == "dear does worse than holding ETH wherever its price ends, up to 1,024 times the opening"
    )


# Shapes


def test_the_text_in_full():
    rows = {
        "hold": Holding("ETH", sell_fee=0.01),
        "bet": Bet(100.0, on_fall=1000.0),
        "lost": Bet(100.0),
        "won": Bet(1, 2),
    }
    prices = break_even_prices(run({**rows, "cash": Holding("USD")}, n_paths=2))
    assert prices.table().to_text().split("\n\n")[0] == (
        "Price of the coin at the exit, in USD, at which a product gets back the money put in, on average\n"
        "product  coin  opens at  breaks even at   change   s.e.\n"
        "-------  ----  --------  --------------  -------  -----\n"
        "hold     ETH      3,000           3,030   +1.01%  0.00%\n"
        "bet      ETH      3,000   2,700 or less  -10.00%  0.00%\n"
        "lost     ETH      3,000           never        -      -\n"
        "won      ETH      3,000       any price        -      -\n"
        "cash     USD          -               -        -      -"
    )
    assert "永遠不會" in prices.to_text(language="zh-TW")
    assert repr(prices).startswith("Price of the coin")
    told = json.loads(json.dumps(prices.to_dict()))
    assert told["rows"][0]["product"] == "hold"
    assert told["rows"][2]["price"] == math.inf
    assert told["rows"][4]["price"] is None


def test_a_comparison_keeps_them_for_its_rows():
    comparison = compare(run({"hold": Holding("ETH"), "cash": Holding("USD")}, n_paths=2))
    assert comparison.break_even_prices is comparison.break_even_prices
    assert comparison.break_even_prices == break_even_prices(comparison.results)
    ranked = comparison.rank(max_es=0.0)
    assert tuple(ranked.break_even_prices) == tuple(row.product for row in ranked.rows)


def test_values_can_be_compared_copied_hashed_and_framed():
    pytest.importorskip("pandas")
    prices = break_even_prices(run({"hold": Holding("ETH")}, n_paths=2))
    again = pickle.loads(pickle.dumps(prices))  # noqa: S301
    assert again == prices
    assert hash(again) == hash(prices)
    assert prices.to_frame().loc["hold", "price"] == 3000.0


def test_digits_are_those_that_the_error_supports():
    results = simulate(
        {"mining": products.reference()["cloud mining"]},
        scenarios.reference(),
        YEAR,
        capital=1e5,
        n_paths=64,
        rng=2,
    )
    each = break_even_prices(results)["mining"]
    assert 0.01 < each.error < 0.2
    assert ",000 or more (now 88,684)" in each.sentence()


@pytest.mark.parametrize(
    ("how", "kind", "message"),
    [
        (
            {"against": "cash"},
            InputError,
            r"^break_even_prices: against: must be one of 'capital', 'holding', got 'cash'",
        ),
        ({"n_paths": 0}, InputError, r"^break_even_prices: n_paths: must be an integer in \[1, "),
        ({"n_paths": 1.5}, InputTypeError, r"^break_even_prices: n_paths: must be an integer"),
    ],
)
def test_bad_arguments_are_refused(how, kind, message):
    with pytest.raises(kind, match=message):
        break_even_prices(run({"hold": Holding("ETH")}, n_paths=2), **how)


def test_what_is_no_result_is_refused():
    with pytest.raises(InputTypeError, match=r"^break_even_prices: results: must be Results"):
        break_even_prices({})  # type: ignore[arg-type]
    none = simulate({"h": Holding("ETH")}, WORLD, GRID, capital=1.0, n_paths=2, keep="none", reducers={"m": Moments()})
    with pytest.raises(InputError, match=r"^break_even_prices: results: must have kept outcomes"):
        break_even_prices(none)
