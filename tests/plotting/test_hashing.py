"""Hash prices are those that the run's contract earned, and the stops are its own."""

from typing import Any

import numpy as np
import pytest

import stakingmodels
from stakingmodels import Constants, Line, Market, Price, TimeGrid, scenarios, simulate
from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.market import BlockFees, Difficulty
from stakingmodels.plotting.hashprices import cost_of, hashprice_bands_of
from stakingmodels.products import CloudMiningContract
from stakingmodels.protocols.chains import bitcoin

plotting: Any = stakingmodels.plotting  # whose artists are of many kinds
GRID = TimeGrid.daily("2026-01-01", days=120, settlement_days=10)
DEAR = CloudMiningContract(electricity_usd_per_th_day=0.034, hashrate_th_s=1_000.0, term_days=90.0)


@pytest.fixture(scope="module")
def run():
    return simulate({"dear": DEAR}, scenarios.reference(), GRID, capital=1e5, n_paths=301, rng=2)


@pytest.fixture(scope="module")
def ax(run):
    return plotting.hashprice(DEAR, run)


def prices(market):
    """Hash prices of a market by interval and path, from its rows."""
    (chunk,) = market.chunks(market.grid.n_steps)
    rows = chunk.rows
    ends = market.grid.times[1:] + np.timedelta64(1, "D")
    subsidy = np.asarray(bitcoin.subsidy_at(ends))[:, None]
    coins = bitcoin.coins_per_th_s_day(rows[Difficulty("BTC")][1:], subsidy + rows[BlockFees("BTC")])
    return coins * rows[Price("BTC")][1:]


@pytest.fixture(scope="module")
def exact(run):
    factors = frozenset({Price("BTC"), Difficulty("BTC"), BlockFees("BTC")})
    streams = scenarios.Streams(run.entropy)
    return prices(scenarios.reference().market(GRID, factors, streams=streams, n_paths=301))


def faults(ax, exact):
    """Bands and median that are not quantiles of the hash prices."""
    found: list[Any] = []
    middle = ax.lines[0]
    steps = np.searchsorted(GRID.elapsed_days[1:], middle.get_xdata())
    if not np.allclose(middle.get_ydata(), np.median(exact[steps], axis=1), rtol=1.1e-3):
        found.append("median")
    for area, (low, high) in zip(ax.collections, ((0.05, 0.95), (0.25, 0.75)), strict=True):
        points = area.get_paths()[0].vertices
        for q, edge in ((low, np.min), (high, np.max)):
            drawn = [edge(points[points[:, 0] == day, 1]) for day in middle.get_xdata()]
            told = np.quantile(exact[steps], q, axis=1, method="inverted_cdf")
            found += [] if np.allclose(drawn, told, rtol=1.1e-3) else [q]
    return found


def test_bands_are_quantiles_of_what_a_terahash_earns(ax, exact):
    assert faults(ax, exact) == []
    assert ax.lines[0].get_xdata()[-1] == 90.0  # the term


def test_a_planted_wrong_line_is_found(run, exact):
    ax = plotting.hashprice(DEAR, run)
    ax.lines[0].set_ydata(ax.lines[0].get_ydata() * 1.01)
    assert faults(ax, exact) == ["median"]


def test_the_cost_is_where_income_is_the_running_cost(ax):
    cost = cost_of("x", DEAR)
    assert cost * DEAR.uptime * (1.0 - DEAR.pool_fee) == pytest.approx(0.034 * DEAR.uptime)
    assert [cost, cost] in [[*line.get_ydata()] for line in ax.lines]
    also = CloudMiningContract(electricity_usd_per_th_day=0.02, maintenance_usd_per_th_day=0.01, uptime=0.5)
    assert cost_of("x", also) == pytest.approx(0.04 / 0.98)


def test_stops_are_those_of_the_run(run, ax):
    bands = hashprice_bands_of("x", DEAR, run)
    bill = run["dear"].lines[Line.ELECTRICITY]  # the same each day while the machines run
    days = np.rint(bill / (-DEAR.electricity_usd_per_th_day * DEAR.uptime * 1_000.0))
    for day in (25, 40, 60, 89):
        assert bands.stopped[day - 1] == pytest.approx(np.mean(days <= day))
    assert 0.3 < bands.stopped[-1] < 1.0
    (marks,) = (line for line in ax.lines if line.get_marker() == "X" and line.get_xdata().size)
    told = [np.mean(days < day) for day in marks.get_xdata()], [np.mean(days <= day) for day in marks.get_xdata()]
    shares = (0.05, 0.25, 0.5, 0.75, 0.95)[: len(told[0])]
    assert all(before < share <= by for before, share, by in zip(told[0], shares, told[1], strict=True))
    assert f"{100.0 * round(bands.stopped[-1], 3):g}% of the paths by the end" in plotting.alt(ax)


def test_a_contract_that_runs_on_has_no_stops(run):
    ax = plotting.hashprice(DEAR.replace(stop_after_days=None), run)
    assert not [line for line in ax.lines if line.get_marker() == "X"]
    assert "stopped" not in plotting.alt(ax)


def test_the_hash_price_of_a_single_day_is_a_point(run):
    day = simulate({"dear": DEAR}, scenarios.reference(), GRID.daily("2026-01-01", days=1), capital=1e5, n_paths=9)
    line = plotting.hashprice(DEAR, day).lines[0]
    assert len(line.get_xdata()) == 1
    assert line.get_marker() == "o"
    assert plotting.hashprice(DEAR, run).lines[0].get_marker() == "None"


def test_a_market_and_a_recorded_path_can_be_drawn():
    grid = TimeGrid.daily("2026-01-01", days=30)
    path: Any = {Price("BTC"): np.linspace(9e4, 6e4, 31), Difficulty("BTC"): 1.4e14, BlockFees("BTC"): 0.02}
    market = Market(grid, path)
    ax = plotting.hashprice(DEAR, market, recorded=market)
    assert list(ax.collections) == []
    recorded = ax.lines[1]
    np.testing.assert_allclose(recorded.get_ydata(), prices(market)[:, 0], rtol=1e-12)
    np.testing.assert_allclose(ax.lines[0].get_ydata(), recorded.get_ydata()[: ax.lines[0].get_ydata().size], rtol=2e-3)


def test_money_of_another_coin_is_told_in_dollars():
    grid = TimeGrid.daily("2026-01-01", days=30)
    levels: dict[Any, float] = {Price("BTC"): 2.7e6, Difficulty("BTC"): 1.4e14, BlockFees("BTC"): 0.02}
    taiwan = Market(grid, {**levels, Price("USD"): 30.0}, numeraire="TWD")
    usual = Market(grid, {**levels, Price("BTC"): 9e4})
    one, other = (plotting.hashprice(DEAR, each).lines[0].get_ydata() for each in (taiwan, usual))
    np.testing.assert_allclose(one, other)


def test_other_things_are_refused(run):
    with pytest.raises(InputTypeError, match=r"^hashprice: contract: must be CloudMiningContract"):
        plotting.hashprice(run, run)
    with pytest.raises(InputTypeError, match=r"^hashprice: must be Results"):
        plotting.hashprice(DEAR, run["dear"])
    with pytest.raises(InputError, match=r"^hashprice: recorded: must be a market of one path, got 2"):
        plotting.hashprice(DEAR, run, recorded=Market(GRID, {Price("BTC"): np.ones((1, 2))}))
    with pytest.raises(InputError, match=r"^hashprice: recorded: reads BlockFees"):
        plotting.hashprice(DEAR, run, recorded=Market(GRID, {Price("BTC"): 9e4}))
    nothing = r"^hashprice: must leave its holder some of what it mines, got 'uptime 1 and pool_fee 1'"
    with pytest.raises(InputError, match=nothing):
        plotting.hashprice(DEAR.replace(pool_fee=1.0, uptime=1.0), run)
    world = Constants({Price("ETH"): 3_000.0})
    held = simulate({"hold": stakingmodels.Holding("ETH")}, world, GRID, capital=1.0, n_paths=2, rng=1)
    with pytest.raises(InputError, match=r"^Constants: BlockFees\(\"BTC\"\): is not in this scenario"):
        plotting.hashprice(DEAR, held)


def test_a_coin_that_is_worth_nothing_earns_nothing():
    grid = TimeGrid.daily("2026-01-01", days=20)
    levels = {Price("BTC"): 0.0, Difficulty("BTC"): 1.5e14, BlockFees("BTC"): 0.03}
    bands = hashprice_bands_of("hashprice", CloudMiningContract(), Market(grid, levels))
    assert all(values[-1] == pytest.approx(0.0, abs=1e-11) for values in bands.quantiles.values())
