"""`Market`: what it takes, what it refuses, and the rows it gives."""

import warnings

import numpy as np
import pandas as pd
import pytest

from stakingmodels.errors import InputError, InputTypeError, UnitWarning
from stakingmodels.market import BlockFees, CashRate, Difficulty, Event, Market, Price, StakingReward, TimeGrid
from stakingmodels.market.chunking import PART_PATHS
from stakingmodels.products import Failure, Holding, StakingPool
from stakingmodels.rates import APR, APY

ETH, REWARD, STRIKE = Price("ETH"), StakingReward("ETH"), Event("x")
GRID = TimeGrid.daily("2026-01-01", days=2)  # 3 times, 2 steps
PRICES = np.array([[1.0, 10.0], [2.0, 20.0], [4.0, 30.0]])


def rows(market, factor):
    """All rows of a factor, joined over the chunks."""
    parts = [chunk.rows[factor] for chunk in market.chunks()]
    if factor.kind == "level":
        parts = [parts[0], *(part[1:] for part in parts[1:])]
    return np.concatenate(parts)


# Shapes


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (3.0, [[3.0]] * 3),
        (np.array(3.0), [[3.0]] * 3),
        (np.array([1.0, 2.0, 4.0]), [[1.0], [2.0], [4.0]]),
        (np.array([[1.0, 10.0]]), [[1.0, 10.0]] * 3),
        (PRICES, PRICES.tolist()),
    ],
)
def test_levels_have_a_row_for_every_time(value, expected):
    assert rows(Market(GRID, {ETH: value}), ETH).tolist() == expected


def test_quantities_have_a_row_for_every_step():
    fees = BlockFees("BTC")
    assert rows(Market(GRID, {fees: np.array([0.1, 0.2, 0.9])}), fees).tolist() == [[0.1], [0.2]]


def test_rates_arrive_accrued():
    grid = TimeGrid(np.array(["2026-01-01", "2026-01-02", "2027-01-01"], dtype="M8[D]"))
    series = np.array([0.365, 0.21, 9.0])
    assert rows(Market(grid, {REWARD: APR(series)}), REWARD)[:, 0] == pytest.approx([0.001, 0.21 * 364 / 365])
    assert rows(Market(grid, {REWARD: APY(series)}), REWARD)[:, 0] == pytest.approx(
        [1.365 ** (1 / 365) - 1, 1.21 ** (364 / 365) - 1]
    )


def test_the_number_of_paths_is_that_of_the_widest_series():
    market = Market(GRID, {ETH: PRICES, REWARD: APR(0.03), Price("BTC"): np.array([1.0, 2.0, 3.0])})
    assert market.n_paths == 2
    assert Market(GRID, {ETH: 1.0}).n_paths == 1


@pytest.mark.parametrize("wrap", [lambda a: a, APR], ids=["plain", "rate"])
@pytest.mark.parametrize(
    ("shape", "hint"),
    [
        ((2,), "n_times rows are needed; rates too are given at every grid time"),
        ((2, 5), "n_times rows are needed; rates too are given at every grid time"),
        ((2, 3), "time is axis 0; transposed?"),
        ((4, 2), "one row for each grid time"),
        ((4,), "one row for each grid time"),
    ],
)
def test_wrong_shapes(wrap, shape, hint):
    factor = REWARD if wrap is APR else ETH
    with pytest.raises(InputError) as caught:
        Market(GRID, {factor: wrap(np.full(shape, 0.5))})
    message = str(caught.value)
    assert message.startswith(f"{factor}: must have the shape (n_times, n_paths) with n_times = 3, got ")
    assert hint in message
    assert str(shape) in message or str((*shape, 1)) in message


@pytest.mark.parametrize("other", [(3, 1), (3, 5), (1, 5)])
def test_two_numbers_of_paths(other):
    with pytest.raises(InputError) as caught:
        Market(GRID, {ETH: PRICES, REWARD: APR(np.full(other, 0.1))})
    assert str(caught.value).startswith("Market.series: all series must have the same n_paths")
    for words in ('Price("ETH") is (3, 2)', f'StakingReward("ETH") is {other}'):
        assert words in str(caught.value)


# Values


@pytest.mark.parametrize("value", [np.array([1.0, -1e-12, 1.0]), -1.0])
def test_prices_are_not_negative(value):
    with pytest.raises(InputError, match=r'^Price\("ETH"\): must be at least 0; 1 values are not'):
        Market(GRID, {ETH: value})


def test_a_price_may_be_zero_but_a_difficulty_may_not():
    assert rows(Market(GRID, {ETH: 0.0}), ETH).tolist() == [[0.0]] * 3
    with pytest.raises(InputError, match=r'^Difficulty\("BTC"\): must be above 0'):
        Market(GRID, {Difficulty("BTC"): 0.0})


@pytest.mark.parametrize("factor", [REWARD, CashRate("USD")])
@pytest.mark.parametrize("value", [0.04, np.array([0.1, 0.1, 0.1]), 1, "4%", None])
def test_a_bare_number_is_no_rate(factor, value):
    with pytest.raises(InputTypeError, match=rf'^{type(factor).__name__}\("\w+"\): must be a rate; write APR\('):
        Market(GRID, {factor: value})


def test_a_rate_is_no_price():
    with pytest.raises(InputTypeError, match=r'^Price\("ETH"\): is not a rate.*write Price\("ETH"\): 3000.0'):
        Market(GRID, {ETH: APR(0.1)})


def test_percent_is_warned_of_once():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        Market(GRID, {REWARD: APR(np.array([4.2, 4.2, 0.1]))})
    assert [str(each.message).partition(";")[0] for each in caught] == [
        'StakingReward("ETH"): the median rate is 4.2, as a fraction 420% a year'
    ]
    assert caught[0].category is UnitWarning


@pytest.mark.parametrize("value", ["1", b"1", True, np.float32(1), 1j])
def test_numbers_of_other_types(value):
    with pytest.raises(InputTypeError, match=r'^Price\("ETH"\): '):
        Market(GRID, {ETH: value})


@pytest.mark.parametrize("series", [None, [(ETH, 1.0)], "x"])
def test_series_are_a_mapping(series):
    with pytest.raises(InputTypeError, match=r"^Market\.series: must be a mapping"):
        Market(GRID, series)


def test_keys_are_factors():
    with pytest.raises(InputTypeError, match=r'^Market\.series: must be Factor; write a factor such as Price\("ETH"\)'):
        Market(GRID, {"ETH": 1.0})  # type: ignore[dict-item]


@pytest.mark.parametrize("grid", [None, "2026-01-01", np.arange(3)])
def test_the_grid_is_a_grid(grid):
    with pytest.raises(InputTypeError, match=r"^Market\.grid: must be TimeGrid"):
        Market(grid, {})


@pytest.mark.parametrize(("numeraire", "error"), [("", InputError), (None, InputTypeError), ("a\nb", InputError)])
def test_the_numeraire_is_a_name(numeraire, error):
    with pytest.raises(error, match=r"^Market\.numeraire"):
        Market(GRID, {}, numeraire)


def test_the_price_of_the_numeraire_is_not_given():
    with pytest.raises(InputError, match=r'^Market: Price\("EUR"\): is 1'):
        Market(GRID, {Price("EUR"): 1.08}, "EUR")
    assert Market(GRID, {Price("USD"): 0.9}, "EUR").numeraire == "EUR"


# Copies


def test_arrays_are_copied():
    prices, rates, events = PRICES.copy(), np.full(3, 0.1), np.array([True, False, False])
    market = Market(GRID, {ETH: prices, REWARD: APR(rates), STRIKE: events})
    before = [rows(market, ETH).tobytes(), rows(market, REWARD).tobytes()]
    prices[:], rates[:], events[:] = 9.0, 9.0, True
    assert [rows(market, ETH).tobytes(), rows(market, REWARD).tobytes()] == before
    assert market.now().at(next(market.chunks()), 1).paths_with(STRIKE).size == 0


def test_two_factors_may_share_memory():
    market = Market(GRID, {ETH: PRICES, Price("BTC"): PRICES})
    assert not np.shares_memory(rows(market, ETH), rows(market, Price("BTC")))


def test_rows_are_read_only():
    market = Market(GRID, {ETH: PRICES, REWARD: APR(0.1)})
    chunk = next(market.chunks())
    assert not any(part.flags.writeable for part in chunk.rows.values())


# pandas


def test_pandas_with_the_index_of_the_grid():
    index = pd.DatetimeIndex(GRID.times)
    market = Market(
        GRID, {ETH: pd.DataFrame(PRICES, index=index), Price("BTC"): pd.Series([1.0, 2.0, 3.0], index=index)}
    )
    assert rows(market, ETH).tolist() == PRICES.tolist()
    assert rows(market, Price("BTC")).tolist() == [[1.0], [2.0], [3.0]]


@pytest.mark.parametrize(
    "index",
    [
        pd.date_range("2026-01-02", periods=3),
        pd.RangeIndex(3),
        pd.date_range("2026-01-01", periods=3)[::-1],
        pd.date_range("2026-01-01", periods=3, tz="UTC"),
    ],
    ids=["shifted", "numbers", "reversed", "zoned"],
)
def test_pandas_with_another_index(index):
    with pytest.raises(InputError, match=r'^Price\("ETH"\): the index must equal the grid'):
        Market(GRID, {ETH: pd.Series([1.0, 2.0, 3.0], index=index)})


def test_a_series_of_pandas_that_is_longer_than_the_grid():
    words = r"the index must equal the grid's times, 3 of them, got 9 \(reindex it to grid\.times; .*History\("
    with pytest.raises(InputError, match=rf'^Price\("ETH"\): {words}'):
        Market(GRID, {ETH: pd.Series(np.ones(9), index=pd.date_range("2026-01-01", periods=9))})


def test_a_series_of_other_days_is_told_with_them():
    with pytest.raises(InputError, match=r"got '2025-01-01T.* to 2025-01-03T"):
        Market(GRID, {ETH: pd.Series(np.ones(3), index=pd.date_range("2025-01-01", periods=3))})


def test_xarray_has_the_times_of_the_grid():
    xarray = pytest.importorskip("xarray")
    array = xarray.DataArray([1.0, 2.0, 3.0], coords={"time": GRID.times}, dims="time")
    assert Market(GRID, {ETH: array}).factors == {ETH}
    later = array.assign_coords(time=GRID.times + np.timedelta64(1, "D"))
    with pytest.raises(InputError, match=r'^Price\("ETH"\): the index must equal the grid'):
        Market(GRID, {ETH: later})


# Events


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, [[0, 1], [0, 1]]),
        (False, [[], []]),
        (np.array([False, True, True]), [[], [0, 1]]),
        (np.array([[True, False]]), [[0], [0]]),
        (np.array([[False, True], [True, True], [True, True]]), [[1], [0, 1]]),
    ],
)
def test_events_strike_in_the_interval_of_their_row(value, expected):
    market = Market(GRID, {ETH: PRICES, STRIKE: value})
    now, chunk = market.now(), next(market.chunks())
    assert [now.at(chunk, step).paths_with(STRIKE).tolist() for step in range(2)] == expected


def test_event_shapes():
    with pytest.raises(InputError, match=r'^Event\("x"\): must have the shape'):
        Market(GRID, {STRIKE: np.array([True, False])})


@pytest.mark.parametrize("value", [1, 0.1, np.array([0, 1, 0]), "no", None])
def test_events_are_booleans(value):
    with pytest.raises(InputTypeError, match=r'^Event\("x"\): '):
        Market(GRID, {STRIKE: value})


# Chunks and parts


@pytest.mark.parametrize("n_paths", [1, 100, 9000])
def test_chunks_cover_all_steps_once_and_share_their_edges(n_paths):
    grid = TimeGrid.daily("2026-01-01", days=90)
    prices = np.arange(91.0)[:, None] * np.ones(n_paths)
    market = Market(grid, {ETH: prices, BlockFees("BTC"): np.arange(91.0)})
    chunks = list(market.chunks())
    assert [chunk.start for chunk in chunks] == [0, *(chunk.stop for chunk in chunks[:-1])]
    assert chunks[-1].stop == 90
    for chunk in chunks:
        assert (chunk.rows[ETH][:, 0] == np.arange(chunk.start, chunk.stop + 1)).all()
        assert (chunk.rows[BlockFees("BTC")][:, 0] == np.arange(chunk.start, chunk.stop)).all()


def test_parts_are_paths_in_order():
    n = PART_PATHS + 3
    prices = np.arange(3.0 * n).reshape(3, n)
    events = np.zeros((3, n), dtype=bool)
    events[1, [0, PART_PATHS, n - 1]] = True
    parts = list(Market(GRID, {ETH: prices, REWARD: APR(0.1), STRIKE: events}).iter_blocks())
    assert [part.n_paths for part in parts] == [PART_PATHS, 3]
    assert np.concatenate([rows(part, ETH) for part in parts], axis=1).tobytes() == prices.tobytes()
    assert [part.now().at(next(part.chunks()), 1).paths_with(STRIKE).tolist() for part in parts] == [[0], [0, 2]]


def test_a_run_over_several_parts_is_that_of_each_path():
    n = PART_PATHS + 2
    prices = np.random.default_rng(1).uniform(1.0, 2.0, (3, n))
    whole = Holding(asset="ETH", buy_fee=0.1).run(Market(GRID, {ETH: prices}), capital=100.0)
    for path in (0, PART_PATHS - 1, PART_PATHS, n - 1):
        alone = Holding(asset="ETH", buy_fee=0.1).run(Market(GRID, {ETH: prices[:, path]}), capital=100.0)
        assert whole.closing[path] == alone.closing[0]


# Flat markets


def test_a_flat_market_takes_constants_only():
    assert Market.flat(GRID, {ETH: 3.0, REWARD: APR(0.1), Price("BTC"): np.array([[1.0, 2.0]])}).is_flat
    for value in (PRICES, np.array([1.0, 2.0, 3.0])):
        with pytest.raises(InputError, match=r'^Market\.flat: Price\("ETH"\): must be constant in time'):
            Market.flat(GRID, {ETH: value})


def test_flattened_stands_still_at_its_opening():
    market = Market(GRID, {ETH: PRICES, REWARD: APR(np.array([0.1, 0.5, 0.5])), STRIKE: True})
    flat = market.frozen_at_open()
    assert rows(flat, ETH).tolist() == [[1.0, 10.0]] * 3
    assert rows(flat, REWARD)[:, 0] == pytest.approx([0.1 / 365] * 2)
    assert flat.now().at(next(flat.chunks()), 0).paths_with(STRIKE).size == 0


def test_flattened_is_one_path_where_all_open_alike():
    assert Market(GRID, {ETH: np.array([[1.0, 1.0], [2.0, 3.0], [4.0, 5.0]])}).frozen_at_open().n_paths == 1


# What products need


def test_a_missing_factor_is_named_with_its_reader_and_the_way_to_give_it():
    with pytest.raises(InputError) as caught:
        StakingPool(asset="ETH").run(Market(GRID, {ETH: 1.0}), capital=1.0)
    message = str(caught.value)
    assert message.startswith('StakingPool: reads StakingReward("ETH")')
    assert 'add StakingReward("ETH"): APR(0.028)' in message


def test_a_missing_event_is_an_error_unless_the_market_is_flat():
    pool = StakingPool(asset="ETH", failures=(Failure(STRIKE, 0.5, line="slashing"),))
    with pytest.raises(InputError, match=r'^StakingPool: reads Event\("x"\)'):
        pool.run(Market(GRID, {ETH: 1.0, REWARD: APR(0.1)}), capital=1.0)
    assert pool.run(Market.flat(GRID, {ETH: 1.0, REWARD: APR(0.0)}), capital=1.0).closing[0] == 1.0


def test_repr_names_what_is_in_it():
    assert repr(Market(GRID, {ETH: PRICES, STRIKE: False}, "EUR")) == (
        'Market(2026-01-01, 2 steps, 2 paths, numeraire \'EUR\': Event("x"), Price("ETH"))'
    )


@pytest.mark.parametrize("price", [5e-324, 1e-320, 9e-31, np.array([1.0, 2.0, 1e-310]), np.array([[1.0, 1e-100]])])
def test_a_price_next_to_nothing_is_refused(price):
    with pytest.raises(
        InputError, match=r'^Price\("ETH"\): must be 0 or at least 1e-30; 1 values are not, the first at'
    ):
        Market(GRID, {ETH: price})


@pytest.mark.parametrize("price", [0.0, 1e-30, 1e-12])
def test_a_small_price_and_none_are_taken(price):
    Market(GRID, {ETH: price})


def test_an_apr_may_not_lose_more_than_all_within_one_step():
    years = TimeGrid(np.datetime64("2026-01-01", "s") + np.arange(3) * np.timedelta64(730, "D"))
    with pytest.raises(InputError, match=r"must not lose more than all within one step, got -1\.8 \(write an APY, or"):
        Market(years, {REWARD: APR(-0.9)})
    assert rows(Market(years, {REWARD: APR(-0.5)}), REWARD)[0, 0] == -1.0


# Made from others


def test_a_market_frozen_at_its_opening_has_its_first_interval_forever():
    market = Market(GRID, {ETH: PRICES, REWARD: APY(np.array([-0.5, 0.1, 0.1])), STRIKE: True})
    still = market.frozen_at_open()
    assert still.is_flat
    assert rows(still, ETH).tolist() == [[1.0, 10.0]] * 3
    assert rows(still, REWARD) == pytest.approx(np.full((2, 1), 0.5 ** (1 / 365) - 1))  # a loss, as an APY
    assert STRIKE not in still.factors


def test_a_level_whose_opening_is_random_is_frozen_at_the_value_set_for_this():
    market = Market.from_sources(GRID, 2, [], series={ETH: PRICES, REWARD: APR(0.1)}, frozen_levels={ETH: 5.0})
    assert dict(market.frozen_levels) == {ETH: 5.0}
    still = market.frozen_at_open()
    assert rows(still, ETH).tolist() == [[5.0]] * 3
    assert rows(still, REWARD) == pytest.approx(np.full((2, 1), 0.1 / 365))


def test_a_generated_market_tells_its_laws():
    hits, offsets = {STRIKE: {1: np.array([0])}}, np.array([0, 3], dtype="m8[D]")
    market = Market.from_sources(
        GRID, 2, [], series={ETH: PRICES}, event_hits=hits, hazards={STRIKE: 0.5}, time_offsets=offsets
    )
    assert {event: {k: i.tolist() for k, i in struck.items()} for event, struck in market.event_hits.items()} == {
        STRIKE: {1: [0]}
    }
    assert market.hazards == {STRIKE: 0.5}
    assert market.time_offsets is not None
    assert market.time_offsets.tolist() == offsets.tolist()


def test_only_a_given_market_of_one_path_is_widened():
    assert Market(GRID, {ETH: 1.0, STRIKE: True}).widened(3).n_paths == 3
    with pytest.raises(InputError, match=r"^Market\.widened: must be a market of one path .*got Market"):
        Market(GRID, {ETH: PRICES}).widened(3)


def test_factors_that_a_market_may_lack_are_not_asked_for():
    market = Market(GRID, {ETH: 1.0})
    market.require(frozenset({CashRate("USD"), ETH}), "Pool")
    with pytest.raises(InputError, match=r'^Pool: reads StakingReward\("ETH"\), which the market must give'):
        market.require(frozenset({CashRate("USD"), REWARD}), "Pool")
