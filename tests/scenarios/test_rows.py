"""`RowFiller`: what one function fills chunk by chunk, with levels that go on, the same at each reading."""

from typing import Any

import attrs
import numpy as np
import pytest

from stakingmodels import BlockFees, Constants, Event, InputError, InputTypeError, Price, TimeGrid
from stakingmodels.scenarios import BlockInputs, Drivers, Merton, MertonJumpDiffusion, Streams
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


def test_a_level_that_nobody_opens_is_not_a_number():
    unopened = attrs.evolve(SOURCE, openings={HIDDEN: 0.0})
    assert np.isnan(chunks(unopened)[0][ETH][0]).all()


def test_what_fill_returns_is_none_or_hits():
    def wrong(_longest: int) -> Any:
        return lambda _start, _stop, rows, _filled: rows[ETH]

    with pytest.raises(InputTypeError, match=r"RowFiller: fill: must return None, or hits as \{event: "):
        chunks(attrs.evolve(SOURCE, begin=wrong))


class Broken(Constants):
    """Answers what it is told to."""

    def generate(self, _grid: Any, _factors: Any, **_how: Any) -> Any:  # type: ignore[override]
        return BROKEN[str(self.as_of)]


SPOILT = BlockInputs()
object.__setattr__(SPOILT, "sources", SOURCE)  # the constructor refuses it
BROKEN: dict[str, Any] = {"2026-01-01": {ETH: 3000.0}, "2026-01-02": SPOILT}


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("2026-01-01", r"Broken\.generate: must be BlockInputs; write BlockInputs\(sources=.*, got dict"),
        ("2026-01-02", r"Broken\.generate: sources: must be tuple; write BlockInputs\(sources=.*, got RowFiller"),
    ],
)
def test_what_generate_returns_is_refused_by_name(day: str, sentence: str):
    with pytest.raises(InputTypeError, match=sentence):
        Broken({ETH: 3000.0}, as_of=day).market(GRID, frozenset({ETH}), streams=Streams(1), n_paths=1)


def test_noise_is_only_filled_for_drivers_and_in_rows_of_steps():
    noise = Drivers((ETH,)).noise(Streams(1), 4)
    with pytest.raises(InputError, match=r'Noise\.fill: Price\("hidden"\) must be among the drivers of the scenario'):
        noise.fill(HIDDEN, 0, 3, np.empty((3, 4)))
    with pytest.raises(InputError, match=r"Noise\.fill: out: must have a row for each of the 3 steps, got .*\(4, 4\)"):
        noise.fill(ETH, 0, 3, np.empty((4, 4)))
