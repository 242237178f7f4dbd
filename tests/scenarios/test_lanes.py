"""Lanes: a run of few paths is a prefix of a wider one, bit by bit, and draws no more than it needs."""

from types import SimpleNamespace

import numpy as np
import pytest

from stakingmodels import (
    GBM,
    BlockFees,
    Event,
    GeometricBrownianMotion,
    Holding,
    InputError,
    MarketRatio,
    Price,
    SoloValidator,
    StakingReward,
    TimeGrid,
    simulate,
)
from stakingmodels.engine import Moments, simulation
from stakingmodels.market import CashRate, Difficulty
from stakingmodels.market import chunking as market
from stakingmodels.rates import APR
from stakingmodels.scenarios import (
    BlockInputs,
    Constants,
    Contagion,
    Copula,
    Crash,
    Hazards,
    History,
    Joint,
    JumpingPeg,
    LogOrnsteinUhlenbeck,
    MeanRevertingFees,
    MeanRevertingPeg,
    Merton,
    MertonJumpDiffusion,
    RegimeGBM,
    RegimeSwitching,
    Scenario,
    Shock,
    Shocked,
    StakedSupply,
    StationaryBootstrap,
    Streams,
    daily_series,
    lanes,
    reference,
    stress,
)
from stakingmodels.scenarios.rows import RowFiller

ETH, BTC, RATIO, WORK = Price("ETH"), Price("BTC"), MarketRatio("stETH"), Difficulty("BTC")
FIRE, FLOOD = Event("fire"), Event("flood")
GRID = TimeGrid.daily("2026-01-01", days=75)
PRICE = GeometricBrownianMotion({ETH: GBM(3000.0, volatility=0.7)})
PEG = MeanRevertingPeg(RATIO, mean=0.999, standard_deviation=0.002, half_life_days=20.0)
JUMPS = MertonJumpDiffusion(
    {
        ETH: Merton(3000.0, volatility=0.5, jump_intensity=40.0, log_jump_mean=-0.1, log_jump_volatility=0.1),
        BTC: Merton(9e4, volatility=0.4, jump_intensity=900.0, log_jump_mean=0.0, log_jump_volatility=0.01),
    },
    common_share=0.4,
    size_correlation=0.5,
    correlation={(ETH, BTC): 0.8},
)
LAW = LogOrnsteinUhlenbeck(100.0, standard_deviation=0.6, half_life_days=4.0)
DAYS = np.arange("2025-01-01", "2025-09-01", dtype="M8[D]")
WAVES = 3000.0 + 100.0 * np.sin(np.arange(DAYS.size) ** 1.5)
RECORD = History({ETH: daily_series(DAYS, WAVES, name="made up")})


class Own(Scenario):
    """A scenario of somebody else, with rows of each kind."""

    factors = frozenset({ETH, BlockFees("BTC"), RATIO})

    def generate(self, grid, factors, *, streams, noise, n_paths):
        def begin(_longest):
            anew = streams.fresh()

            def fill(start, stop, rows, filled):
                del filled
                if start == 0:
                    rows[ETH][0] = 3000.0
                    anew.uniforms("opening", rows[RATIO][0])
                anew.normals("mine", rows[ETH][1:])
                anew.exponentials("fees", rows[BlockFees("BTC")])
                np.exp(0.02 * rows[ETH][1:], out=rows[ETH][1:])
                rows[RATIO][1:] = rows[RATIO][0]
                for k in range(stop - start):
                    rows[ETH][k + 1] *= rows[ETH][k]

            return fill

        return BlockInputs(
            sources=(RowFiller(factors=self.factors, begin=begin, widths=dict.fromkeys(self.factors, n_paths)),)
        )


WORLDS = {
    "lognormal": GeometricBrownianMotion(
        {
            ETH: GBM(3000.0, volatility=0.7),
            BTC: GBM(9e4, volatility=0.5),
            Price("SOL"): GBM(100.0, volatility=1.0),
            WORK: GBM(1e14, volatility=0.0, drift=0.4),
        },
        correlation={(ETH, BTC): 0.8, (ETH, Price("SOL")): 0.7, (BTC, Price("SOL")): 0.6},
    ),
    "jumps": JUMPS,
    "regimes": RegimeSwitching(
        {ETH: RegimeGBM(3000.0, volatility={"calm": 0.4, "storm": 1.4})},
        transition_rates={("calm", "storm"): 40.0, ("storm", "calm"): 120.0},
    ),
    "peg, rates, events": Joint([PRICE, PEG, Constants({CashRate("USD"): APR(0.04), FIRE: 3.0, FLOOD: 5.0})]),
    "jumping peg": Joint(
        [
            PRICE,
            JumpingPeg(
                RATIO,
                mean=0.999,
                standard_deviation=0.002,
                half_life_days=20.0,
                log_jump_mean=-0.01,
                log_jump_volatility=0.01,
                jump_intensity=20.0,
                crash=Crash(ETH, fall=0.1, within_days=7.0),
                crash_jumps_a_year=400.0,
            ),
        ]
    ),
    "copula": Joint([PRICE, Hazards({FIRE: 3.0, FLOOD: 5.0}, copula=Copula({(FIRE, FLOOD): 0.5}))]),
    "t copula": Hazards({FIRE: 3.0, FLOOD: 5.0}, copula=Copula({(FIRE, FLOOD): 0.5}, degrees_of_freedom=4)),
    "contagion": Joint(
        [PRICE, Hazards({FIRE: 3.0}, contagion={FIRE: Contagion(Crash(ETH, fall=0.2, within_days=7.0), hazard=9.0)})]
    ),
    "stake": StakedSupply(
        start_eth=35.4e6, supply_eth=120.7e6, elasticity=0.5, half_life_days=180.0, volatility=0.3, execution=LAW
    ),
    "fees": MeanRevertingFees(BlockFees("BTC"), LAW),
    "bootstrap": StationaryBootstrap(RECORD, mean_block_days=5.0),
    "days alone": StationaryBootstrap(RECORD, mean_block_days=1.0),
    "shocked": Shocked(JUMPS, Shock(ETH, day=30.0, change=-0.5)),
    "stress": stress("stETH 2022-06", reference()),
    "reference": reference(),
    "of somebody else": Own(),
}


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


@pytest.fixture(scope="module", params=WORLDS)
def wide(request):
    world = WORLDS[request.param]
    return world, seen(world, 2_300)


@pytest.mark.parametrize("n_paths", [1, 511, 513, 1_500])
def test_fewer_paths_are_a_prefix(wide, n_paths):
    world, rows = wide
    same(seen(world, n_paths), {factor: table[:, :n_paths] for factor, table in rows.items()})


def test_later_paths_are_the_same_alone(wide):
    world, rows = wide
    same(seen(world, 1_276, first_path=1_024), {factor: table[:, 1_024:] for factor, table in rows.items()})


@pytest.mark.parametrize("chunk", [1, 7, 64, 75])
def test_no_number_depends_on_the_length_of_a_chunk(wide, chunk, monkeypatch):
    world, rows = wide
    monkeypatch.setattr(market, "drawn_rows", lambda _: chunk)
    same(seen(world, 2_300), rows)


def test_a_longer_grid_begins_with_the_same(wide):
    world, rows = wide
    longer = seen(world, 513, grid=TimeGrid.daily("2026-01-01", days=140))
    for factor, table in rows.items():
        assert np.array_equal(table[:, :513], longer[factor][: len(table)]), factor


def test_a_market_read_twice_at_once_has_the_same_rows(wide):
    world, rows = wide
    found = world.market(GRID, world.factors, streams=Streams(3), n_paths=70)
    for one, other in zip(found.chunks(), found.chunks(), strict=True):
        for factor, table in one.rows.items():
            assert np.array_equal(table, other.rows[factor])
            assert np.array_equal(np.broadcast_to(table[0], 70), rows[factor][one.start, :70])


@pytest.mark.parametrize("name", ["jumps", "lognormal", "peg, rates, events", "copula"])
def test_a_factor_more_changes_no_other_number(name):
    world = WORLDS[name]
    everything = seen(world, 600)
    for factor in world.factors:
        one = seen(world, 600, factors=frozenset({factor}))
        same(one, {each: everything[each] for each in one})


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


@pytest.mark.parametrize("name", WORLDS)
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
