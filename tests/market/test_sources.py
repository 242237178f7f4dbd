"""Every reading of a market has sources of its own: several at once give the same bits, or are refused."""

import copy
import pickle
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from stakingmodels import (
    BlockFees,
    Event,
    ExecutionError,
    History,
    Market,
    MarketRatio,
    Price,
    Scenario,
    TimeGrid,
)
from stakingmodels.market.sources import Sources
from stakingmodels.products import reference as products
from stakingmodels.scenarios import (
    GBM,
    BlockInputs,
    Constants,
    Contagion,
    Copula,
    Crash,
    EventShock,
    GeometricBrownianMotion,
    HashrateResponse,
    Hazards,
    Joint,
    JumpingPeg,
    LogOrnsteinUhlenbeck,
    MeanRevertingPeg,
    Merton,
    MertonJumpDiffusion,
    RegimeGBM,
    RegimeSwitching,
    Shock,
    Shocked,
    StakedSupply,
    StationaryBootstrap,
    Streams,
    daily_series,
    reference,
)

pytestmark = pytest.mark.usefixtures("ten_rows")
ETH, BTC, RATIO, FEES = Price("ETH"), Price("BTC"), MarketRatio("stETH"), BlockFees("BTC")
FIRE, FLOOD = Event("fire"), Event("flood")
GRID = TimeGrid.daily("2026-01-01", days=60)
PATHS = 700
DAYS = np.arange("2022-01-01", "2026-06-01", dtype="datetime64[D]")
PRICES = GeometricBrownianMotion(
    {ETH: GBM(3000.0, volatility=0.7), BTC: GBM(9e4, volatility=0.5)}, correlation={(ETH, BTC): 0.8}
)
RECORD = History({ETH: daily_series(DAYS, np.arange(2000.0, 2000.0 + DAYS.size), name="eth")})
WORLDS: dict[str, Scenario] = {
    "lognormal": PRICES,
    "jumps": MertonJumpDiffusion(
        {ETH: Merton(3000.0, volatility=0.5, jump_intensity=40.0, log_jump_mean=-0.1, log_jump_volatility=0.1)}
    ),
    "regimes": RegimeSwitching(
        {ETH: RegimeGBM(3000.0, volatility={"calm": 0.4, "storm": 1.4})},
        transition_rates={("calm", "storm"): 4.0, ("storm", "calm"): 12.0},
    ),
    "pegs": Joint(
        [
            PRICES,
            MeanRevertingPeg(RATIO, mean=0.999, standard_deviation=0.002, half_life_days=20.0),
            JumpingPeg(
                MarketRatio("rETH"),
                mean=0.998,
                standard_deviation=0.002,
                half_life_days=10.0,
                jump_intensity=0.5,
                log_jump_mean=-0.02,
                log_jump_volatility=0.01,
                crash=Crash(ETH, fall=0.25, within_days=7.0),
                crash_jumps_a_year=100.0,
            ),
        ]
    ),
    "hash rate": Joint(
        [
            GeometricBrownianMotion({BTC: GBM(9e4, volatility=0.5)}),
            Constants({FEES: 0.025}),
            HashrateResponse(
                difficulty=1.5e14,
                height=923_328,
                elasticity=0.5,
                half_life_days=30.0,
                breakeven=40.0,
                breakeven_growth=0.0,
                volatility=0.1,
            ),
        ]
    ),
    "stake": StakedSupply(
        start_eth=35.4e6,
        supply_eth=120.7e6,
        elasticity=0.5,
        half_life_days=50.0,
        volatility=0.05,
        execution=LogOrnsteinUhlenbeck(100.0, standard_deviation=0.6, half_life_days=4.0),
    ),
    "hazards": Joint(
        [
            PRICES,
            Hazards(
                {FIRE: 3.0, FLOOD: 5.0},
                copula=Copula({(FIRE, FLOOD): 0.5}),
                contagion={FIRE: Contagion(Crash(ETH, fall=0.25, within_days=7.0), hazard=50.0)},
            ),
        ]
    ),
    "shocked": Shocked(
        Joint([PRICES, Hazards({FIRE: 3.0})]), [Shock(ETH, day=30, change=-0.5), EventShock(FIRE, day=20.0)]
    ),
    "history": RECORD,
    "bootstrap": StationaryBootstrap(RECORD, mean_block_days=10.0),
    "reference": reference(),
}


def market_of(world, paths=PATHS):
    return world.market(GRID, world.factors, streams=Streams(3), n_paths=paths)


def seen(chunks):
    """All that the chunks say, as bytes: rows are copied at once, since buffers are used again."""
    return [one(chunk) for chunk in chunks]


def one(chunk):
    """What a chunk says."""
    rows = {str(factor): np.ascontiguousarray(rows).tobytes() for factor, rows in chunk.rows.items()}
    steps = range(chunk.start, chunk.stop)
    hits = {
        (event.name, step): struck[step].tolist()
        for event, struck in chunk.hits.items()
        for step in steps & struck.keys()
    }
    return rows, hits


@pytest.mark.parametrize("name", WORLDS)
def test_readings_that_take_turns_see_what_each_alone_would(name):
    world = WORLDS[name]
    alone = seen(market_of(world).chunks())
    assert len(alone) > 3
    market = market_of(world)
    found: list[list[Any]] = [[], []]
    early, late = market.chunks(), market.chunks()
    found[0].append(one(next(early)))
    for _ in alone[1:]:
        found[1].append(one(next(late)))
        found[0].append(one(next(early)))
    found[1].append(one(next(late)))
    assert found == [alone, alone]
    assert seen(market.chunks()) == alone


def test_one_market_run_from_eight_threads_gives_the_same_bits():
    world, grid = reference(), TimeGrid.daily("2025-12-01", days=24, settlement_days=12)
    factors = frozenset().union(*(product.factors for product in products().values()))
    market = world.market(grid, factors, streams=Streams(1), n_paths=300)
    rows = [*products().values()]
    alone = [product.run(market, capital=1e6).closing.tobytes() for product in rows]
    begin = threading.Barrier(8)

    def run(k):
        begin.wait(60.0)
        return [rows[(k + i) % 8].run(market, capital=1e6).closing.tobytes() for i in range(8)]

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(8) as threads:
            found = list(threads.map(run, range(8)))
    finally:
        sys.setswitchinterval(interval)
    for k, closings in enumerate(found):
        assert closings == [alone[(k + i) % 8] for i in range(8)]


class Growing:
    """A source that keeps what it has come to, and its buffer, as sources of other people do."""

    factors = frozenset({ETH})

    def __init__(self):
        self.level = 1.0
        self.table = np.empty((100, 4))

    def rows(self, bounds, filled):
        self.level = 1.0
        for start, stop in bounds:
            for k in range(stop - start + 1):
                self.table[k] = self.level + k
            self.level += stop - start
            yield {ETH: self.table[: stop - start + 1]}


def test_sources_that_cannot_be_made_anew_serve_the_latest_run_and_refuse_the_others():
    market = Market.from_sources(GRID, 4, [Growing()])
    early = market.chunks()
    next(early)
    late = market.chunks()
    first = one(next(late))
    with pytest.raises(ExecutionError, match=r"^Market: another run has begun to read this market"):
        next(early)
    assert [first, *seen(late)] == seen(Market.from_sources(GRID, 4, [Growing()]).chunks())


def test_a_run_is_refused_at_its_end_where_its_last_rows_may_be_those_of_another():
    market = Market.from_sources(GRID, 4, [Growing()])
    early = market.chunks()
    for chunk in early:
        if chunk.stop == GRID.n_steps:
            market.frozen_at_open()
            break
    with pytest.raises(ExecutionError, match=r"make a market for each run"):
        next(early)


@pytest.mark.parametrize("give", [lambda: ([Growing()], Growing), lambda: ([Growing()], None)], ids=["anew", "given"])
def test_given_sources_from_eight_threads_are_right_or_refused(give):
    (sources, anew), alone = give(), seen(Market.from_sources(GRID, 4, [Growing()]).chunks())
    market = Market.from_sources(GRID, 4, sources, make_sources=None if anew is None else lambda: [anew()])
    refused = []

    def read(_):
        try:
            return seen(market.chunks())
        except ExecutionError as error:
            refused.append(error)

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(read, range(200)))
    assert all(rows == alone for rows in found if rows is not None)
    assert any(rows is not None for rows in found)
    assert anew is None or not refused


class Keeping(Scenario):
    """A scenario that hands out the same source each time."""

    def __init__(self):
        self.source = Growing()

    @property
    def factors(self):
        return frozenset({ETH})

    def generate(self, grid, factors, *, streams, noise, n_paths):
        return BlockInputs(sources=(self.source,))


def test_a_scenario_that_keeps_its_sources_is_found_out():
    market = Keeping().market(GRID, frozenset({ETH}), streams=Streams(1), n_paths=4)
    early, late = market.chunks(), market.chunks()
    next(early)
    next(late)
    with pytest.raises(ExecutionError, match="another run has begun"):
        next(early)
    assert len(list(late)) == 5


@pytest.mark.parametrize("again", [copy.deepcopy, lambda market: pickle.loads(pickle.dumps(market))])  # noqa: S301
@pytest.mark.parametrize("name", WORLDS)
def test_copies_of_a_market_give_the_same_bits(name, again):
    market = market_of(WORLDS[name])
    alone = seen(market.chunks())
    assert seen(again(market).chunks()) == alone
    assert seen(market.chunks()) == alone


def test_what_is_given_is_what_is_read_first():
    source = Growing()
    assert Sources([source]).reading().sources == (source,)


def test_sources_that_are_made_anew_but_are_the_same_are_found_once():
    kept: list[Any] = [object()]
    sources = Sources(kept, lambda: kept)
    readings = [sources.reading() for _ in range(3)]  # the second finds that they are shared, the third knows
    assert all(each.sources == tuple(kept) for each in readings)
    readings[2].check()
    with pytest.raises(ExecutionError, match="another run has begun to read this market"):
        readings[1].check()
