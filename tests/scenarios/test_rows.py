"""`RowFiller`: what one function fills chunk by chunk, with levels that go on, the same at each reading."""

from typing import Any

import numpy as np

from stakingmodels import BlockFees, Event, Price, TimeGrid
from stakingmodels.scenarios import Merton, MertonJumpDiffusion, Streams
from stakingmodels.scenarios.rows import RowFiller

ETH, HIDDEN, FEES, FIRE = Price("ETH"), Price("hidden"), BlockFees("BTC"), Event("fire")
GRID = TimeGrid.daily("2026-01-01", days=20)
BOUNDS = [(0, 3), (3, 6), (6, 7)]


def begin(longest):
    """Prices rise by the square of the step, fees are its number."""
    assert longest == 3

    def fill(start, stop, rows, filled):
        assert filled == {}
        for k in range(stop - start):
            rows[ETH][k + 1] = rows[ETH][k] + (start + k) ** 2
            rows[HIDDEN][k + 1] = rows[HIDDEN][k] + 1.0
            rows[FEES][k] = start + k
        return {FIRE: {start: np.array([0])}}

    return fill


SOURCE = RowFiller(
    factors=frozenset({ETH, FEES, FIRE}),
    begin=begin,
    widths={ETH: 2, HIDDEN: 2, FEES: 1},
    openings={ETH: 5.0, HIDDEN: 0.0},
)
PRICES = 5.0 + np.concatenate([[0.0], np.cumsum(np.arange(7.0) ** 2)])


def chunks(source) -> list[dict[Any, Any]]:
    """What a source gives for each chunk; buffers are copied, since they are used again."""
    given = source.rows(BOUNDS, {})
    return [{f: rows.copy() if isinstance(rows, np.ndarray) else rows for f, rows in each.items()} for each in given]


def test_levels_go_on_where_the_chunk_before_ended():
    for (start, stop), chunk in zip(BOUNDS, chunks(SOURCE), strict=True):
        assert chunk.keys() == {ETH, FEES, FIRE}
        assert chunk[ETH].tolist() == [[price] * 2 for price in PRICES[start : stop + 1]]
        assert chunk[FEES].tolist() == [[float(k)] for k in range(start, stop)]
        assert list(chunk[FIRE]) == [start]


def test_each_reading_has_buffers_of_its_own():
    for one, other in zip(SOURCE.rows(BOUNDS, {}), SOURCE.rows(BOUNDS, {}), strict=True):
        first, second = np.asarray(one[ETH]), np.asarray(other[ETH])
        assert not np.shares_memory(first, second)
        assert np.array_equal(first, second)


def test_a_source_read_again_draws_the_same():
    prices = MertonJumpDiffusion(
        {ETH: Merton(3000.0, volatility=0.5, jump_intensity=40.0, log_jump_mean=0.0, log_jump_volatility=0.1)}
    )
    streams = Streams(1)
    noise = prices.drivers.noise(streams, 5)
    (source,) = prices.generate(GRID, frozenset({ETH}), streams=streams, noise=noise, n_paths=5).sources
    first, again = ([np.array(chunk[ETH]) for chunk in source.rows([(0, 10), (10, 20)], {})] for _ in range(2))
    assert np.array_equal(first, again)
