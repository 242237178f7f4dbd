"""Rows of custom worlds are looked at once a chunk: shape, dtype, finite, sign, and that levels go on."""

import re
from typing import Any

import attrs
import numpy as np
import pytest

from stakingmodels import (
    Difficulty,
    Event,
    Holding,
    InputError,
    InputTypeError,
    Market,
    NumericalError,
    Price,
    Scenario,
    StakingReward,
    TimeGrid,
    scenarios,
    simulate,
)
from stakingmodels.market.filled import checked
from stakingmodels.scenarios import BlockInputs, Shock, Shocked, Streams

pytestmark = pytest.mark.usefixtures("ten_rows")
ETH, REWARD, WORK, FIRE = Price("ETH"), StakingReward("ETH"), Difficulty("BTC"), Event("fire")
GRID = TimeGrid.daily("2026-01-01", days=25)
PATHS = 3
PRICES = np.linspace(1_000.0, 2_000.0, GRID.n_times)[:, None] * np.ones(PATHS)


class RowSource:
    """Gives what a function makes of the number of a chunk and its bounds."""

    def __init__(self, made, factors=(ETH,)):
        self.factors = frozenset(factors)
        self.made = made

    def rows(self, bounds, filled):
        for number, (start, stop) in enumerate(bounds):
            yield self.made(number, start, stop)


def levels(change=lambda rows, _: rows):
    """A source of prices whose rows are changed, chunk by chunk."""
    return lambda number, start, stop: {ETH: change(PRICES[start : stop + 1].copy(), number)}


def read(made, factors=(ETH,)):
    market = Market.from_sources(GRID, PATHS, [RowSource(made, factors)])
    return [chunk.rows for chunk in market.chunks()]


def spoilt(value, row=-1, chunk=2):
    def change(rows, number):
        if number == chunk:
            rows[row, 1] = value
        return rows

    return change


def masked(rows, _number):
    return np.ma.masked_invalid(rows)


def test_a_sound_source_is_read_as_it_is():
    rows = read(levels())
    assert np.array_equal(np.concatenate([rows[0][ETH], rows[1][ETH][1:], rows[2][ETH][1:]]), PRICES)


@pytest.mark.parametrize(
    ("made", "kind", "says"),
    [
        (lambda *_: {ETH: PRICES}, InputError, "steps 0 to 9: must have the shape (11, 3) or (11, 1)"),
        (lambda _, a, b: {ETH: PRICES[a:b]}, InputError, "levels have a row more than there are steps"),
        (lambda _, a, b: {ETH: PRICES[a : b + 1, :2]}, InputError, "must have the shape (11, 3) or (11, 1)"),
        (lambda _, a, b: {ETH: PRICES[a : b + 1, 0]}, InputError, "must have the shape"),
        (
            levels(lambda rows, n: rows[: len(rows) - (n == 2)]),
            InputError,
            "20 to 24: must have the shape (6, 3)",
        ),
        (levels(masked), InputTypeError, "must be a plain ndarray, not a masked array, got MaskedArray"),
        (levels(lambda rows, _: rows.tolist()), InputTypeError, "must be a plain ndarray"),
        (levels(lambda rows, _: rows.astype(np.float32)), InputTypeError, "must be of float64"),
        (levels(lambda rows, _: rows.astype(int)), InputTypeError, "must be of float64"),
        (levels(lambda rows, _: rows + 0j), InputTypeError, "must be of float64"),
        (levels(spoilt(np.nan)), InputError, "finite; the first that is not is in row 5 on path 1"),
        (levels(spoilt(np.inf)), NumericalError, "steps 20 to 24: overflow: must be finite; the first"),
        (levels(spoilt(-1e-9)), InputError, "must be at least 0; the first that is not is in row 5 on path 1"),
        (levels(spoilt(7.0, row=0, chunk=1)), InputError, "steps 10 to 19: must begin with the row that ended"),
        (levels(lambda rows, n: rows * (1.0 + n)), InputError, "must begin with the row that ended the chunk before"),
        (levels(lambda rows, _: rows * 0.0 + np.arange(len(rows))[:, None]), InputError, "must begin with the row"),
        (lambda *_: {}, InputError, 'Price("ETH"), steps 0 to 9: must be given'),
        (lambda *_: [PRICES], InputTypeError, "steps 0 to 9: must be Mapping"),
        (
            lambda _, a, b: {ETH: PRICES[a : b + 1], WORK: PRICES[a : b + 1]},
            InputError,
            "one of the source's factors",
        ),
    ],
)
def test_bad_rows_are_refused_with_source_factor_and_steps(made, kind, says):
    with pytest.raises(kind, match=re.escape(says)) as error:
        read(made)
    assert str(error.value).startswith("RowSource.rows: ")
    assert "\n" not in str(error.value)


def test_a_source_that_ends_early_is_refused():
    class Short(RowSource):
        def rows(self, bounds, filled):
            yield from list(super().rows(bounds, filled))[:1]

    market = Market.from_sources(GRID, PATHS, [Short(levels())])
    with pytest.raises(InputError, match=r"^Short\.rows: steps 10 to 19: must give a chunk"):
        list(market.chunks())


@pytest.mark.parametrize(
    ("factor", "value", "says"),
    [
        (WORK, 0.0, "must be above 0"),
        (REWARD, -1.1, "must be at least -1"),
        (REWARD, np.nan, "must be finite"),
    ],
)
def test_the_bound_is_that_of_the_factor(factor, value, says):
    rows = factor.kind == "level"
    with pytest.raises(InputError, match=says):
        read(lambda _, a, b: {factor: np.full((b - a + rows, 1), value)}, (factor,))


def test_a_rate_may_take_all_within_a_step():
    assert read(lambda _, a, b: {REWARD: np.full((b - a, 1), -1.0)}, (REWARD,))[0][REWARD].min() == -1.0


def test_rows_may_widen_from_one_chunk_to_the_next():
    def made(number, start, stop):
        return {ETH: np.full((stop - start + 1, PATHS if number else 1), 5.0)}

    assert [rows[ETH].shape[1] for rows in read(made)] == [1, 3, 3]


@pytest.mark.parametrize(
    ("hits", "says"),
    [
        ({30: np.array([0])}, "step: must be an integer in [0, 9]"),
        ({1: np.array([3])}, "must be indices of paths in [0, 2], in order and each once"),
        ({1: np.array([-1])}, "must be indices of paths in [0, 2]"),
        ({1: np.array([1, 1])}, "each once"),
        ({1: np.array([2, 0])}, "in order"),
        ({1: np.array([True, False, True])}, "must be an array of indices"),
        ({1: [0]}, "must be an array of indices"),
        ([1], "must be Mapping"),
    ],
)
def test_strikes_of_a_source_are_looked_at_too(hits, says):
    with pytest.raises((InputError, InputTypeError), match=re.escape(says)):
        read(lambda *_: {FIRE: hits}, (FIRE,))


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"event_hits": {FIRE: {99: np.array([0])}}}, 'event_hits: Event("fire"): step: must be an integer in [0, 24]'),
        ({"event_hits": {FIRE: {1: np.array([7])}}}, "must be indices of paths in [0, 2]"),
        ({"time_offsets": np.array([0, 1], dtype="timedelta64[D]")}, "time_offsets: must be timedelta64 of shape (3,)"),
        ({"time_offsets": np.array([0, 1, 2])}, "time_offsets: must be timedelta64 of shape (3,)"),
        ({"expected_growth": {ETH: np.ones(3)}}, 'growth of Price("ETH"): must have the shape (26,)'),
        ({"expected_growth": {ETH: np.zeros(26)}}, "finite and above 0"),
    ],
)
def test_what_is_known_beforehand_is_looked_at_at_once(more, says):
    with pytest.raises(InputError, match=re.escape(says)):
        Market.from_sources(GRID, PATHS, [RowSource(levels())], **more)


def test_no_source_fills_the_price_of_the_numeraire():
    with pytest.raises(InputError, match="must not fill Price"):
        Market.from_sources(GRID, PATHS, [RowSource(levels(), (Price("USD"),))])


@attrs.frozen
class Gaps(Scenario):
    """A world that gives rows of the whole grid at each chunk."""

    factors = frozenset({ETH})

    def generate(self, grid, factors, *, streams, noise, n_paths):
        return BlockInputs(sources=(RowSource(lambda *_: {ETH: np.broadcast_to(PRICES, (26, n_paths)).copy()}),))


@attrs.frozen
class Sound(Scenario):
    """The same, as it should be."""

    factors = frozenset({ETH})

    def generate(self, grid, factors, *, streams, noise, n_paths):
        return BlockInputs(sources=(RowSource(levels()),))


@pytest.mark.parametrize(
    "world", [Gaps(), Shocked(Gaps(), Shock(ETH, day=3.0, change=-0.5))], ids=["custom", "shocked"]
)
def test_a_run_in_such_a_world_ends_with_its_name(world):
    with pytest.raises(InputError, match=r'^Gaps: RowSource\.rows: Price\("ETH"\), steps 0 to 9: must have the shape'):
        simulate({"hold": Holding(asset="ETH")}, world, GRID, capital=1_000.0, n_paths=PATHS, rng=1)


def test_a_sound_custom_world_runs():
    found = simulate({"hold": Holding(asset="ETH")}, Sound(), GRID, capital=1_000.0, n_paths=PATHS, rng=1)
    assert found["hold"].closing == pytest.approx(2_000.0)


class Foreign:
    """A source of the library, looked at like anybody's."""

    def __init__(self, source):
        self.factors = source.factors
        self.rows = source.rows


LADDER = scenarios.Hazards({Event("fire"): 3.0})
OWN = {
    "reference": scenarios.reference(),
    "jumps and miners": scenarios.reference(jumps=True, miners=True),
    "shocked": Shocked(scenarios.reference(), Shock(ETH, day=3.0, change=-0.5)),
    "hazards": scenarios.Joint([scenarios.reference(), LADDER]),
}


@pytest.mark.parametrize("world", OWN.values(), ids=OWN)
def test_sources_of_the_library_pass_unseen_and_would_pass_if_seen(world):
    asked = frozenset(f for f in world.factors if not f.optional)
    market = world.market(GRID, asked, streams=Streams(1), n_paths=300)
    seen = Market.from_sources(GRID, 300, [Foreign(source) for source in market.sources])
    seen._rows.update(market._rows)
    again = Market.from_sources(GRID, 300, market.sources)
    again._rows.update(market._rows)
    for one, other in zip(seen.chunks(), again.chunks(), strict=True):
        assert one.rows.keys() == other.rows.keys()
        assert all(rows.shape[0] for rows in one.rows.values())


def test_all_chunks_of_a_source_can_be_read_to_the_end():
    bounds = [(0, 10), (10, 20)]
    read: list[Any] = list(checked(RowSource(levels()), bounds, {}, PATHS))
    assert [rows[ETH].shape for rows in read] == [(11, PATHS)] * 2
