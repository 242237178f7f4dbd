"""Several markets side by side are what each is alone."""

import numpy as np
import pytest

from stakingmodels import (
    GBM,
    Event,
    GeometricBrownianMotion,
    InputError,
    Market,
    MarketRatio,
    Price,
    StakingReward,
    TimeGrid,
)
from stakingmodels.market import CashRate, Difficulty
from stakingmodels.market.concat import concat_markets
from stakingmodels.rates import APR
from stakingmodels.scenarios import (
    BLOCK,
    Constants,
    Copula,
    Hazards,
    Joint,
    MeanRevertingPeg,
    Merton,
    MertonJumpDiffusion,
    RegimeGBM,
    RegimeSwitching,
    Streams,
    reference,
    stress,
)

ETH, BTC, RATIO, WORK = Price("ETH"), Price("BTC"), MarketRatio("stETH"), Difficulty("BTC")
FIRE, FLOOD = Event("fire"), Event("flood")
GRID = TimeGrid.daily("2026-01-01", days=63)
PRICE = GeometricBrownianMotion({ETH: GBM(3000.0, volatility=0.7)})
PEG = MeanRevertingPeg(RATIO, mean=0.999, standard_deviation=0.002, half_life_days=20.0)
WORLDS = {
    "lognormal": GeometricBrownianMotion(
        {
            ETH: GBM(3000.0, volatility=0.7),
            BTC: GBM(9e4, volatility=0.5),
            WORK: GBM(1e14, volatility=0.0, drift=0.4),
        },
        correlation={(ETH, BTC): 0.8},
    ),
    "jumps": MertonJumpDiffusion(
        {ETH: Merton(3000.0, volatility=0.5, jump_intensity=40.0, log_jump_mean=-0.1, log_jump_volatility=0.1)}
    ),
    "regimes": RegimeSwitching(
        {ETH: RegimeGBM(3000.0, volatility={"calm": 0.4, "storm": 1.4})},
        transition_rates={("calm", "storm"): 4.0, ("storm", "calm"): 12.0},
    ),
    "peg, rates, events": Joint([PRICE, PEG, Constants({CashRate("USD"): APR(0.04), FIRE: 3.0, FLOOD: 5.0})]),
    "copula": Joint([PRICE, Hazards({FIRE: 3.0, FLOOD: 5.0}, copula=Copula({(FIRE, FLOOD): 0.5}))]),
    "stress": stress("stETH 2022-06", reference()),
}


def seen(market):
    """All rows of a market, and when its events strike: copies, since buffers are used again."""
    parts, strikes = [], {}
    for chunk in market.chunks():
        parts.append({factor: rows.copy() for factor, rows in chunk.rows.items()})
        strikes = chunk.hits
    rows = {factor: [part[factor] for part in parts] for factor in parts[0]}
    hits = {(event, step): paths.tolist() for event, found in strikes.items() for step, paths in found.items()}
    return rows, hits


@pytest.mark.parametrize("more", [1, 300, BLOCK])
@pytest.mark.parametrize("name", WORLDS)
def test_rows_and_strikes_are_those_of_each(name, more):
    world = WORLDS[name]
    sizes = (BLOCK, more)
    markets = [
        world.market(GRID, world.factors, streams=Streams(3, block), n_paths=size) for block, size in enumerate(sizes)
    ]
    alone = [
        seen(world.market(GRID, world.factors, streams=Streams(3, block), n_paths=size))
        for block, size in enumerate(sizes)
    ]
    both = concat_markets(markets)
    assert both.n_paths == sum(sizes)
    rows, hits = seen(both)
    for factor, chunks in rows.items():
        for k, chunk in enumerate(chunks):
            for (apart, _), first, size in zip(alone, (0, BLOCK), sizes, strict=True):
                here = np.broadcast_to(chunk, (len(chunk), both.n_paths))[:, first : first + size]
                assert np.array_equal(here, np.broadcast_to(apart[factor][k], here.shape)), factor
    expected: dict = {}
    for (_, apart), first in zip(alone, (0, BLOCK), strict=True):
        for key, paths in apart.items():
            expected[key] = expected.get(key, []) + [path + first for path in paths]
    assert {key: paths for key, paths in hits.items() if paths} == {k: paths for k, paths in expected.items() if paths}


def test_what_is_alike_on_all_paths_stays_one_number():
    markets = [
        WORLDS["lognormal"].market(GRID, frozenset({WORK}), streams=Streams(3, block), n_paths=BLOCK)
        for block in (0, 1)
    ]
    assert next(concat_markets(markets).chunks()).rows[WORK].shape[1] == 1


def test_what_differs_between_markets_is_spread():
    markets = [Market(GRID, {ETH: price, StakingReward("ETH"): APR(0.03)}) for price in (10.0, 20.0)]
    chunk = next(concat_markets(markets).chunks())
    assert chunk.rows[ETH][0].tolist() == [10.0, 20.0]
    assert chunk.rows[StakingReward("ETH")].shape[1] == 1


def test_one_market_is_itself():
    market = Market(GRID, {ETH: 10.0})
    assert concat_markets([market]) is market


class Placing:
    """A source of one price that rises by 1 a step, with rows where they are wanted."""

    factors = frozenset({ETH})

    def rows(self, bounds, filled, out):
        del filled
        for start, stop in bounds:
            table = out[ETH]
            table[: stop - start + 1] = np.arange(start, stop + 1.0)[:, None]
            yield {ETH: self.given(table, stop - start + 1)}

    def given(self, table, n):
        return table


class Cutting(Placing):
    def given(self, table, n):
        return table[:n]


class Late(Placing):
    """Rows elsewhere in the buffer."""

    def given(self, table, n):
        rows = table[:n].copy()
        table[:] = -1.0
        table[-n:] = rows
        return table[-n:]


class Elsewhere(Placing):
    def given(self, table, n):
        rows = table[:n].copy()
        table[:] = -1.0
        return rows


@pytest.mark.parametrize("kind", [Placing, Cutting, Late, Elsewhere])
@pytest.mark.parametrize("shared", [False, True])
def test_rows_are_right_wherever_a_source_puts_them(kind, shared):
    source = kind()
    sources = [source, source if shared else kind()]
    both = concat_markets([Market.from_sources(GRID, 4, (each,)) for each in sources])
    steps = [(chunk.start, chunk.stop) for chunk in both.chunks()]
    assert len({stop - start for start, stop in steps}) == 2  # the last chunk is shorter
    for chunk in both.chunks():
        assert chunk.rows[ETH].tolist() == [[float(k)] * 8 for k in range(chunk.start, chunk.stop + 1)]


def test_a_buffer_that_is_given_itself_is_not_copied():
    found = []

    class Watched(Placing):
        def rows(self, bounds, filled, out):
            for chunk in super().rows(bounds, filled, out):
                found.append(chunk[ETH])
                yield chunk

    for chunk in concat_markets([Market.from_sources(GRID, 4, (Watched(),)) for _ in range(2)]).chunks():
        assert all(np.shares_memory(chunk.rows[ETH], each) for each in found[-2:])


def test_a_buffer_that_is_given_itself_is_looked_at_too():
    class Negative(Placing):
        def given(self, table, n):
            table[n - 1, 2] = -1.0
            return table

    both = concat_markets([Market.from_sources(GRID, 4, (Negative(),)) for _ in range(2)])
    with pytest.raises(InputError, match="must be at least 0; the first that is not is in row 10 on path 2"):
        list(both.chunks())
