"""Bands of a token's premium are quantiles of the ratios that the run saw."""

from typing import Any

import numpy as np
import pytest

import stakingmodels
from stakingmodels import Market, TimeGrid, scenarios, simulate
from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.market import MarketRatio
from stakingmodels.scenarios import QuasiRandom, Streams
from tests.plotting.conftest import GRID

plotting: Any = stakingmodels.plotting  # whose artists are of many kinds
RATIO = MarketRatio("stETH")


def exact(results):
    """Premium by time and path."""
    n = results.sampling.n_replicates if isinstance(results.sampling, QuasiRandom) else 0
    streams = Streams(results.entropy, n_replicates=n)
    market = results.scenario.market(results.grid, frozenset({RATIO}), streams=streams, n_paths=results.n_paths)
    (chunk,) = market.chunks(results.grid.n_steps)
    return chunk.rows[RATIO] - 1.0


def faults(ax, premium):
    middle = ax.lines[0].get_ydata()
    found: list[Any] = [] if np.allclose(middle, np.median(premium, axis=1), atol=1.01e-5) else ["median"]
    for area, (low, high) in zip(ax.collections, ((0.05, 0.95), (0.25, 0.75)), strict=True):
        points = area.get_paths()[0].vertices
        for q, edge in ((low, np.min), (high, np.max)):
            drawn = [edge(points[points[:, 0] == day, 1]) for day in ax.lines[0].get_xdata()]
            told = np.quantile(premium, q, axis=1, method="inverted_cdf")
            found += [] if np.allclose(drawn, told, atol=1.01e-5) else [q]
    return found


def test_bands_are_quantiles_of_the_ratios(valued):
    ax = plotting.token_ratio(valued)
    assert [*ax.lines[0].get_xdata()] == [*valued.grid.elapsed_days]
    assert faults(ax, exact(valued)) == []


def test_a_planted_wrong_line_is_found(valued):
    ax = plotting.token_ratio(valued)
    ax.lines[0].set_ydata(ax.lines[0].get_ydata() + 1e-4)
    assert faults(ax, exact(valued)) == ["median"]


def test_paths_are_those_that_the_product_saw():
    """A token sold on the day of the exit brings its coins at that ratio."""
    token = stakingmodels.LiquidStakingToken()
    rows = {"token": token, "hold": stakingmodels.Holding("ETH")}
    results = simulate(rows, scenarios.reference(), GRID, capital=1e4, n_paths=50, rng=7, keep="values")
    assert results["token"].values is not None
    assert results["hold"].values is not None
    worth = results["token"].values / results["hold"].values
    premium = exact(results)
    grown = worth / (1.0 + premium)  # coins behind the token, which the ratio does not touch
    assert np.ptp(grown[20]) < 1e-3 * np.ptp(premium[20]) + 1e-6


def test_many_paths_are_counted_block_by_block():
    n = 8_192 + 300
    rows = {"token": stakingmodels.LiquidStakingToken()}
    grid = TimeGrid.daily("2026-01-01", days=4)
    results = simulate(rows, scenarios.reference(), grid, capital=1e4, n_paths=n, rng=7, keep="summary")
    assert faults(plotting.token_ratio(results), exact(results)) == []
    assert f"over {n:,} paths" in plotting.token_ratio(results).get_title("left").replace("\n", " ")


def test_quasi_random_paths_are_made_again():
    rows = {"token": stakingmodels.LiquidStakingToken()}
    grid = TimeGrid.daily("2026-01-01", days=4)
    how: dict[str, Any] = {"capital": 1e4, "n_paths": 256, "rng": 7, "sampling": QuasiRandom(n_replicates=4)}
    results = simulate(rows, scenarios.reference(), grid, **how)
    assert faults(plotting.token_ratio(results), exact(results)) == []


def test_a_recorded_path_is_drawn_as_it_is(valued):
    ratios = 1.0 - 0.06 * np.exp(-np.arange(valued.grid.n_times) / 10.0)
    recorded = Market(valued.grid, {RATIO: ratios})
    ax = plotting.token_ratio(valued, recorded=recorded)
    np.testing.assert_allclose(ax.lines[1].get_ydata(), ratios - 1.0, atol=1e-15)
    alone = plotting.token_ratio(recorded)
    np.testing.assert_allclose(alone.lines[0].get_ydata(), ratios - 1.0, atol=1.01e-5)


def test_the_day_of_asking_to_leave_and_the_level_are_told(valued):
    ax = plotting.token_ratio(valued)
    assert "the holder asks to leave on day 30" in plotting.alt(ax)
    assert [0.0, 0.0] in [[*line.get_ydata()] for line in ax.lines]
    assert ax.get_ylabel().replace("\n", " ") == "market price against the coins behind it (% of those coins)"


def test_other_things_are_refused(valued):
    with pytest.raises(InputTypeError, match=r"^token_ratio: must be Results"):
        plotting.token_ratio(valued["liquid token"])
    with pytest.raises(InputError, match=r"^token_ratio: token: must be one of stETH, got 'rETH'"):
        plotting.token_ratio(valued, token="rETH")  # noqa: S106
    two = Market(GRID, {RATIO: 1.0, MarketRatio("rETH"): 1.0})
    with pytest.raises(InputError, match=r"^token_ratio: token: must be one of rETH, stETH, got None"):
        plotting.token_ratio(two)
    assert "rETH" in plotting.token_ratio(two, token="rETH").get_title("left")  # noqa: S106
    with pytest.raises(InputError, match=r"^token_ratio: has no liquid token"):
        plotting.token_ratio(Market(GRID, {}))
    with pytest.raises(InputError, match=r"^token_ratio: recorded: must be a market of one path, got 2"):
        plotting.token_ratio(valued, recorded=Market(GRID, {RATIO: np.ones((1, 2))}))
