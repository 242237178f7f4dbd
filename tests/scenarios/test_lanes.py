"""Lanes: a run of few paths is a prefix of a wider one, bit by bit, and draws no more than it needs."""

from types import SimpleNamespace

import numpy as np
import pytest

from stakingmodels import (
    Holding,
    InputError,
    SoloValidator,
    StakingReward,
    TimeGrid,
    simulate,
)
from stakingmodels.engine import Moments, simulation
from stakingmodels.market import chunking as market
from stakingmodels.rates import APR
from stakingmodels.scenarios import (
    Constants,
    Joint,
    Streams,
    lanes,
    reference,
)
from tests.scenarios.own import ETH, PRICE, WORLDS

GRID = TimeGrid.daily("2026-01-01", days=75)


def seen(world, n_paths, *, grid=GRID, first_path=0, factors=None, **how):
    """All rows of a market as paths see them, and a mask of the strikes of each event."""
    streams = Streams(3, first_path=first_path, **how)
    found = world.market(grid, factors or world.factors, streams=streams, n_paths=n_paths)
    parts, hits = [], {}
    for chunk in found.chunks():
        last = chunk.stop == grid.n_steps
        rows = {f: table if last or f.kind != "level" else table[:-1] for f, table in chunk.rows.items()}
        parts.append({f: np.broadcast_to(table, (len(table), n_paths)).copy() for f, table in rows.items()})
        hits = chunk.hits
    rows = {factor: np.concatenate([part[factor] for part in parts]) for factor in parts[0]}
    for event, struck in hits.items():
        rows[event] = np.zeros((grid.n_steps, n_paths), dtype=bool)
        for step, paths in struck.items():
            rows[event][step, paths] = True
    return rows


def same(one, other):
    assert one.keys() == other.keys()
    for factor, rows in one.items():
        assert rows.tobytes() == np.ascontiguousarray(other[factor]).tobytes(), factor


@pytest.mark.parametrize("how", [{"precision": "float32"}, {"event_sampling": "stratified"}], ids=str)
def test_other_ways_of_drawing_are_prefixes_too(how):
    world = WORLDS["peg, rates, events"]
    rows = seen(world, 1_800, **how)
    same(seen(world, 700, **how), {factor: table[:, :700] for factor, table in rows.items()})
    same(seen(world, 776, first_path=1_024, **how), {factor: table[:, 1_024:] for factor, table in rows.items()})


# How much is drawn


class Counting:
    """Counts the numbers that a generator makes."""

    def __init__(self, generator, counted):
        self._generator, self._counted = generator, counted
        self.bit_generator = generator.bit_generator

    def random(self, out):
        self._counted.append(out.size)
        return self._generator.random(out=out)

    def standard_normal(self, out):
        self._counted.append(out.size)
        return self._generator.standard_normal(out=out)

    def chisquare(self, freedom, size):
        self._counted.append(size)
        return self._generator.chisquare(freedom, size)


@pytest.fixture
def counted(monkeypatch):
    """Numbers drawn by each call."""
    found: list[int] = []
    random = SimpleNamespace(**{name: getattr(np.random, name) for name in ("SFC64", "Philox", "SeedSequence")})
    random.Generator = lambda bits: Counting(np.random.Generator(bits), found)
    monkeypatch.setattr(lanes, "np", SimpleNamespace(**{**vars(np), "random": random}))
    return found


def n_drawn(world, n_paths, counted):
    counted.clear()
    seen(world, n_paths)
    return sum(counted)


@pytest.mark.parametrize("name", sorted(WORLDS.keys() - {"as recorded", "constants"}))
@pytest.mark.few(5)
def test_1000_paths_draw_no_more_than_1024(name, counted):
    world = WORLDS[name]
    few, lane, block = (n_drawn(world, n_paths, counted) for n_paths in (1_000, 1_024, 8_192))
    assert few <= lane <= few + 32  # the sizes of the last jumps of a lane, which may be on paths that are left out
    assert few <= 1.001 * block / 8.0  # a later occurrence is drawn as long as any path has one
    assert few > 0


def test_a_lane_is_all_that_one_path_draws(counted):
    assert n_drawn(PRICE, 1, counted) == 512 * GRID.n_steps
    assert n_drawn(PRICE, 513, counted) == 1_024 * GRID.n_steps


def test_draws_of_products_are_counted_too(counted):
    def run(n_paths):
        counted.clear()
        simulate({"solo": SoloValidator()}, reference(), GRID, capital=200_000.0, n_paths=n_paths, rng=1)
        return sum(counted)

    assert run(1_000) == run(1_024) <= 1.001 * run(8_192) / 8.0


# The width of a market, and the length of its chunks


def test_results_do_not_depend_on_the_length_of_a_chunk(monkeypatch):
    def closing(rows):
        monkeypatch.setattr(market, "drawn_rows", lambda _: rows)
        products = {"solo": SoloValidator(), "hold": Holding(asset="ETH")}
        results = simulate(products, reference(), GRID, capital=200_000.0, n_paths=60, rng=1)
        return [each.closing.tobytes() for each in results.outcomes.values()]

    expected = closing(10)
    assert [closing(rows) for rows in (1, 7, 64)] == [expected] * 3


def test_narrow_markets_have_longer_chunks():
    assert [market.drawn_rows(n_paths) for n_paths in (1, 2_048, 4_096, 8_192, 65_536)] == [64, 64, 32, 16, 8]


def test_a_market_may_be_as_wide_as_65536_paths():
    assert PRICE.market(GRID, frozenset({ETH}), streams=Streams(1), n_paths=65_536).n_paths == 65_536
    with pytest.raises(InputError, match=r"^Scenario\.market: n_paths: must be an integer in \[1, 65536\]"):
        PRICE.market(GRID, frozenset({ETH}), streams=Streams(1), n_paths=65_537)


@pytest.mark.parametrize("part", [8_192, 16_384, 65_536])
def test_results_have_the_same_bits_for_parts_of_any_size(part, monkeypatch):
    def run():
        world = Joint([PRICE, Constants({StakingReward("ETH"): APR(0.03)})])
        return simulate(
            {"hold": Holding(asset="ETH")},
            world,
            TimeGrid.daily("2026-01-01", days=12),
            capital=1.0,
            n_paths=20_000,
            rng=1,
            reducers={"moments": Moments()},
        )

    expected = run()
    monkeypatch.setattr(simulation, "PART", part)
    found = run()
    assert found["hold"].closing.tobytes() == expected["hold"].closing.tobytes()
    assert found.reduced["moments"] == expected.reduced["moments"]
