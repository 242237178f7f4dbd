"""`Quote`: gross to net, line by line, in a market that stands still."""

from typing import Any

import numpy as np
import pytest

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.ledger import Line
from stakingmodels.market import BlockFees, Difficulty, Event, Factor, Market, Price, StakingReward, TimeGrid
from stakingmodels.products import CloudMiningContract, Failure, Holding, StakingPool
from stakingmodels.rates import APR
from stakingmodels.scenarios import Constants

ETH, REWARD = Price("ETH"), StakingReward("ETH")
GRID = TimeGrid(np.datetime64("2026-01-01", "s") + np.arange(3) * np.timedelta64(365, "D"))
MARKET = Market(GRID, {ETH: np.array([10.0, 99.0, 1.0]), REWARD: APR(np.array([0.10, 0.9, 0.9]))})


@pytest.fixture
def quote():
    return StakingPool(commission=0.2, sell_fee=0.01).quote(MARKET, capital=1000.0)


def test_prices_and_rates_stay_as_they_open(quote):
    gross = 100.0 + 108.0
    assert quote.gross == pytest.approx(gross)
    assert quote.lines == pytest.approx(
        {Line.CONSENSUS: gross, Line.COMMISSION: -0.2 * gross, Line.TRADING: -0.01 * 1166.4}
    )
    assert quote.net == pytest.approx(0.8 * gross - 11.664)


def test_rows_lead_from_gross_to_net(quote):
    assert [label for label, _ in quote.rows] == ["consensus", "gross", "commission", "trading", "net"]
    rows = dict(quote.rows)
    assert rows["gross"] + rows["commission"] + rows["trading"] == pytest.approx(rows["net"])


def test_as_plain_numbers(quote):
    table = quote.to_dict()
    assert (table["product"], table["capital"], table["numeraire"], table["years_held"]) == (
        "StakingPool",
        1000.0,
        "USD",
        2.0,
    )
    assert table["rows"] == dict(quote.rows)
    assert all(type(value) is float for value in table["rows"].values())


def test_as_text(quote):
    assert str(quote).splitlines() == [
        "StakingPool: 1,000.00 USD, market standing still",
        "line         money  of capital    a year",
        "----------  ------  ----------  --------",
        "consensus   208.00    +20.800%  +10.400%",
        "gross       208.00    +20.800%  +10.400%",
        "commission  -41.60     -4.160%   -2.080%",
        "trading     -11.66     -1.166%   -0.583%",
        "net         154.74    +15.474%   +7.737%",
    ]
    assert repr(quote) == str(quote)


def test_as_html(quote):
    page = quote._repr_html_()
    assert "<caption>StakingPool: 1,000.00 USD, market standing still</caption>" in page
    assert page.count("<tr>") == 6


def test_events_never_happen():
    event = Event("slashed")
    series: dict[Factor, Any] = {ETH: 10.0, REWARD: APR(0.1), event: True}
    pool = StakingPool(commission=0.0, failures=(Failure(event, 1.0, line="slashing"),))
    assert pool.run(Market(GRID, series), capital=1000.0).closing[0] == 0.0
    assert pool.quote(Market(GRID, series), capital=1000.0).net == pytest.approx(210.0)


def test_the_market_itself_is_left_as_it_is():
    before = StakingPool().run(MARKET, capital=1000.0).closing.tobytes()
    StakingPool().quote(MARKET, capital=1000.0)
    assert StakingPool().run(MARKET, capital=1000.0).closing.tobytes() == before


def test_paths_that_open_apart_are_averaged():
    market = Market(GRID, {ETH: np.array([[10.0, 20.0], [1.0, 1.0], [1.0, 1.0]]), REWARD: APR(0.1)})
    quote = StakingPool(commission=0.0).quote(market, capital=1000.0)
    assert quote.outcome.n_paths == 2
    assert quote.net == pytest.approx(210.0)


def test_a_line_of_one_path_is_averaged_over_all():
    """Path 1 earns no reward."""
    market = Market(GRID, {ETH: np.array([[10.0, 20.0]] * 3), REWARD: APR(np.array([[0.1, 0.0]] * 3))})
    quote = StakingPool(commission=0.0).quote(market, capital=1000.0)
    assert quote.lines == pytest.approx({Line.CONSENSUS: 105.0})


def test_what_the_holder_adds_is_no_income():
    market = Market(GRID, {Price("BTC"): 1.0, Difficulty("BTC"): 1e14, BlockFees("BTC"): 0.0})
    contract = CloudMiningContract(electricity_usd_per_th_day=0.1, uptime=1.0, stop_after_days=None)
    quote = contract.quote(market, capital=925.0)
    assert "contribution" not in dict(quote.rows)
    assert quote.net == pytest.approx(-925.0 - 100 * 360 * 0.1, rel=1e-4)
    assert dict(quote.rows)["electricity"] == pytest.approx(-3600.0)


def test_a_product_without_rewards():
    quote = Holding(asset="ETH", buy_fee=0.25).quote(MARKET, capital=1000.0)
    assert quote.gross == 0.0
    assert quote.rows == [("gross", 0.0), ("trading", pytest.approx(-200.0)), ("net", pytest.approx(-200.0))]


def test_it_refuses_what_run_refuses():
    with pytest.raises(InputError, match=r'^StakingPool: reads StakingReward\("ETH"\)'):
        StakingPool().quote(Market(GRID, {ETH: 10.0}), capital=1.0)
    with pytest.raises(InputError, match=r"^run: capital: "):
        StakingPool().quote(MARKET, capital=0.0)
    with pytest.raises(InputTypeError, match="must be Market"):
        StakingPool().quote(None, capital=1.0)  # type: ignore[arg-type]


def test_the_rate_before_loss_events_is_above_the_mean_rate_after_them():
    """10 % a year less a fifth; a slashing of a half strikes one path in two after the first year."""
    fire = Event("fire")
    strikes = np.array([[False, False], [False, True], [False, False]])
    market = Market(GRID, {ETH: 10.0, REWARD: APR(0.10), fire: strikes})
    pool = StakingPool(commission=0.2, failures=(Failure(fire, 0.5, line="slashing"),))
    before = pool.quote(market, capital=1000.0).coin_rate
    assert before == pytest.approx((1.08**2 - 1) / 2)
    after = pool.run(market, capital=1000.0).yields().net_apr.mean()
    assert after == pytest.approx(((1.08**2 - 1) + (1.08**2 / 2 - 1)) / 4)


def test_a_scenario_is_no_market():
    world: Any = Constants({ETH: 10.0})
    with pytest.raises(InputTypeError, match=r"^Holding\.quote: market: must be (a )?Market.*scenario\.market"):
        Holding("ETH").quote(world, capital=1.0)


def test_money_that_is_not_out_is_noted():
    grid = TimeGrid.daily("2026-01-01", days=10, settlement_days=5)
    market = Market(grid, {ETH: 10.0, REWARD: APR(0.1)})
    late = StakingPool(commission=0.2, withdrawal_days=9.0).quote(market, capital=1000.0)
    assert late.to_dict()["unsettled"] == 1.0
    assert "5 days" in str(late)
    assert "5 days" not in str(StakingPool(commission=0.2).quote(market, capital=1000.0))


def test_a_frame_of_a_quote_by_hand(quote):
    pytest.importorskip("pandas")
    frame = quote.to_frame()
    assert frame.index.name == "line"
    assert [*frame.index] == ["consensus", "gross", "commission", "trading", "net"]
    assert frame.loc["gross", "money"] == pytest.approx(208.0)
    assert frame.loc["gross", "of_capital"] == pytest.approx(0.208)
    assert frame.loc["gross", "a_year"] == pytest.approx(0.104)
    assert "<table" in quote._repr_html_()
    assert [table.to_text() if hasattr(table, "to_text") else str(table) for table in quote._parts()] == [str(quote)]
