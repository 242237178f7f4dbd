"""`RowSource`: what one function fills chunk by chunk, with levels that go on and buffers where they are wanted."""

from typing import Any

import attrs
import numpy as np

from stakingmodels import BlockFees, Event, Price
from stakingmodels.scenarios.rows import RowSource

ETH, HIDDEN, FEES, FIRE = Price("ETH"), Price("hidden"), BlockFees("BTC"), Event("fire")
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


SOURCE = RowSource(
    factors=frozenset({ETH, FEES, FIRE}),
    begin=begin,
    widths={ETH: 2, HIDDEN: 2, FEES: 1},
    openings={ETH: 5.0, HIDDEN: 0.0},
)
PRICES = 5.0 + np.concatenate([[0.0], np.cumsum(np.arange(7.0) ** 2)])


def chunks(source, out) -> list[dict[Any, Any]]:
    """What a source gives for each chunk; buffers are copied, since they are used again."""
    given = source.rows(BOUNDS, {}, out)
    return [{f: rows.copy() if isinstance(rows, np.ndarray) else rows for f, rows in each.items()} for each in given]


def test_levels_go_on_where_the_chunk_before_ended():
    for (start, stop), chunk in zip(BOUNDS, chunks(SOURCE, {}), strict=True):
        assert chunk.keys() == {ETH, FEES, FIRE}
        assert chunk[ETH].tolist() == [[price] * 2 for price in PRICES[start : stop + 1]]
        assert chunk[FEES].tolist() == [[float(k)] for k in range(start, stop)]
        assert list(chunk[FIRE]) == [start]


def test_a_buffer_that_fits_is_filled_and_given_itself():
    wide = np.zeros((4, 5))
    out: dict[Any, Any] = {ETH: wide[:, 1:3], FEES: np.zeros((3, 2))}
    for (start, stop), chunk in zip(BOUNDS, SOURCE.rows(BOUNDS, {}, out), strict=True):
        assert chunk[ETH] is out[ETH]
        assert wide[: stop - start + 1, 1].tolist() == PRICES[start : stop + 1].tolist()
    assert not wide[:, 3:].any()
    assert not out[FEES].any()  # two columns, where the source has one


def test_what_is_only_needed_on_the_way_leaves_the_buffers_of_others_alone():
    out = {HIDDEN: np.full((4, 2), 7.0)}
    assert len(chunks(SOURCE, out)) == 3
    assert (out[HIDDEN] == 7.0).all()


def test_buffers_that_are_part_of_wider_ones_do_not_fit_where_rows_must_be_contiguous():
    wide = np.zeros((4, 5))
    chunk = chunks(attrs.evolve(SOURCE, together=True), {ETH: wide[:, 1:3]})[-1]
    assert chunk[ETH][-1].tolist() == [PRICES[7]] * 2
    assert not wide.any()
