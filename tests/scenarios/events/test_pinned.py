"""`Pinned`: where a price goes, that nothing else moves but what follows it, and what is refused."""

from typing import Any

import numpy as np
import pytest

from stakingmodels import APR, Holding, simulate
from stakingmodels.errors import InputError, InputTypeError, NumericalError, ScenarioWarning
from stakingmodels.market import (
    BlockFees,
    Difficulty,
    Event,
    Factor,
    Hashrate,
    MarketRatio,
    Price,
    StakingReward,
    TimeGrid,
)
from stakingmodels.scenarios import (
    GBM,
    BlockInputs,
    Constants,
    GeometricBrownianMotion,
    HashrateResponse,
    History,
    Joint,
    Pinned,
    Scenario,
    Shock,
    Shocked,
    StationaryBootstrap,
    Streams,
    daily_series,
    reference,
)
from stakingmodels.testing import check_scenario
from stakingmodels.words import in_language

ETH, BTC, RATIO = Price("ETH"), Price("BTC"), MarketRatio("stETH")
DIFFICULTY, REWARD = Difficulty("BTC"), StakingReward("ETH")
CUSTODIAN = Event("custodian:exchange", hazard=0.01)
GRID = TimeGrid.daily("2026-01-01", days=40, settlement_days=10)
DAYS = np.arange("2024-01-01", "2024-08-01", dtype="datetime64[D]")


def record(seed, **terms):
    closes = 3000.0 * np.exp(np.cumsum(np.random.default_rng(seed).normal(0.0, 0.04, DAYS.size)))
    return History(
        {ETH: daily_series(DAYS, closes, name="made up"), RATIO: daily_series(DAYS, closes**0, name="one")}, **terms
    )


def rows(world, *factors, n_paths=30, grid=GRID, seed=7):
    market = world.market(grid, frozenset(factors), streams=Streams(seed), n_paths=n_paths)
    found: dict[Factor, list[np.ndarray]] = {factor: [] for factor in factors}
    for chunk in market.chunks():
        for factor in factors:
            n = chunk.stop - chunk.start + (factor.kind == "level" and chunk.stop == grid.n_steps)
            found[factor].append(np.broadcast_to(chunk.rows[factor][:n], (n, n_paths)).copy())
    return {factor: np.concatenate(parts) for factor, parts in found.items()}


def line(opening, change, grid=GRID):
    """Straight line of the logarithm to the exit, written out."""
    parts = np.clip(grid.elapsed_days / grid.elapsed_days[grid.exit], 0.0, 1.0)[:, None]
    return np.exp(np.log(opening) + parts * np.log(1.0 + change))


WORLDS: dict[str, Any] = {
    "constant": lambda: Constants({ETH: 3000.0, RATIO: 1.0}),
    "drawn": reference,
    "everything": lambda: reference(jumps=True, miners=True, contagion=True, staked_supply=True),
    "record": lambda: record(1),
    "record as it was": lambda: record(1, window_levels="as_recorded"),
    "bootstrap": lambda: StationaryBootstrap(record(1), mean_block_days=5.0),
    "shocked": lambda: Shocked(reference(), [Shock(ETH, day=3.0, change=-0.3)]),
    "pinned": lambda: Pinned(reference(), {BTC: 0.5}),
}


@pytest.mark.parametrize("change", [-0.5, 0.0, 1.0, 8.0])
@pytest.mark.parametrize("name", WORLDS)
def test_a_price_goes_in_a_straight_line_of_its_logarithm_and_stays(name, change):
    world = WORLDS[name]()
    opening = rows(world, ETH)[ETH][0]
    found = rows(Pinned(world, {ETH: change}), ETH)[ETH]
    assert found == pytest.approx(line(opening, change), rel=1e-13)
    assert np.array_equal(found[0], opening)
    assert found[40:] == pytest.approx(np.broadcast_to((1.0 + change) * opening, (11, 30)), rel=1e-15)


def test_a_price_that_stays_is_its_opening_to_the_bit():
    found = rows(Pinned(reference(), {ETH: 0.0}), ETH)[ETH]
    assert (found == 3_004.19).all()


def test_windows_of_a_record_open_where_they_open():
    world = record(1, window_levels="as_recorded")
    found = rows(Pinned(world, {ETH: -0.5}), ETH)[ETH]
    assert np.ptp(found[0]) > 100.0
    assert found[40] == pytest.approx(0.5 * found[0], rel=1e-15)
    market = Pinned(world, {ETH: -0.5}).market(GRID, frozenset({ETH}), streams=Streams(1), n_paths=3)
    assert market.time_offsets is not None


def test_nothing_else_moves():
    others = (BTC, RATIO, DIFFICULTY, REWARD)
    plain = rows(reference(), ETH, *others)
    found = rows(Pinned(reference(), {ETH: -0.5}), ETH, *others)
    for factor in others:
        assert np.array_equal(found[factor], plain[factor])


def test_the_hash_rate_follows_a_pinned_price():
    miners = HashrateResponse(
        difficulty=1.5e14,
        height=924_000,
        elasticity=0.5,
        half_life_days=20.0,
        breakeven=35.0,
        breakeven_growth=0.0,
        volatility=0.1,
    )
    fees = BlockFees("BTC")
    drawn = GeometricBrownianMotion({BTC: GBM(9e4, volatility=0.5)})
    around = Pinned(Joint([drawn, Constants({fees: 0.02}), miners]), {BTC: 3.0})
    within = Joint([Pinned(drawn, {BTC: 3.0}), Constants({fees: 0.02}), miners])
    plain = rows(Joint([drawn, Constants({fees: 0.02}), miners]), Hashrate("BTC"))
    one, other = (rows(world, Hashrate("BTC")) for world in (around, within))
    assert np.array_equal(one[Hashrate("BTC")], other[Hashrate("BTC")])
    assert one[Hashrate("BTC")][-1].mean() > 1.1 * plain[Hashrate("BTC")][-1].mean()


def test_hazards_while_a_price_crashes_follow_the_pinned_price():
    world = reference(contagion={CUSTODIAN: 1_000.0})

    def struck(scenario):
        market = scenario.market(GRID, frozenset({CUSTODIAN, BTC}), streams=Streams(3), n_paths=300)
        return sum(paths.size for paths in [*market.chunks()][-1].hits[CUSTODIAN].values())

    assert struck(Pinned(world, {BTC: 0.0})) <= 3
    assert struck(world) > 0
    assert struck(Pinned(world, {BTC: -0.9})) > struck(world)


def test_growth_is_known():
    world = Pinned(reference(), {ETH: -0.5})
    assert world.expected_growth(ETH, GRID) == pytest.approx(line(1.0, -0.5)[:, 0], rel=1e-14)
    growths: list[Any] = [each.expected_growth(BTC, GRID) for each in (world, reference())]
    assert np.array_equal(*growths)
    assert Pinned(record(1), {ETH: 1.0}).expected_growth(RATIO, GRID) is None


def test_a_frozen_market_opens_as_without():
    factors = frozenset({ETH, BTC})
    markets = [
        w.market(GRID, factors, streams=Streams(1), n_paths=4) for w in (reference(), Pinned(reference(), {ETH: 1.0}))
    ]
    one, other = (next(market.frozen_at_open().chunks()).rows for market in markets)
    assert {f: r[0, 0] for f, r in one.items()} == {f: r[0, 0] for f, r in other.items()}


@pytest.mark.parametrize("name", WORLDS)
@pytest.mark.few(1)
def test_it_passes_the_checks_of_every_scenario(name):
    why = "the change at the exit sets the days before it"
    check_scenario(Pinned(WORLDS[name](), {ETH: -0.5}), expected_failures={"truncation": why})


def test_uneven_steps():
    times = np.array(["2026-01-01", "2026-01-03", "2026-01-13", "2026-02-12", "2026-03-01"], dtype="datetime64[D]")
    grid = TimeGrid(times, exit=3)
    found = rows(Pinned(Constants({ETH: 100.0}), {ETH: 3.0}), ETH, grid=grid)[ETH][:, 0]
    assert found == pytest.approx([100.0, 100.0 * 4.0 ** (2 / 42), 100.0 * 4.0 ** (12 / 42), 400.0, 400.0], rel=1e-14)


def test_of_two_pins_the_outer_holds():
    world = Pinned(Pinned(reference(), {ETH: 1.0, BTC: 1.0}), {ETH: -0.5})
    found = rows(world, ETH, BTC)
    assert found[ETH][40, 0] == pytest.approx(0.5 * 3_004.19)
    assert found[BTC][40, 0] == pytest.approx(2.0 * 88_684.22)


def test_it_tells_of_itself():
    world = Pinned(Constants({ETH: 3000.0}), {ETH: -0.5})
    sentence = 'Price("ETH") in a straight line of its logarithm to -50.00% on the day of the exit, then constant'
    assert world.describe() == ('Price("ETH") constant at 3000.0', sentence)
    assert world.shocked == {sentence: frozenset({ETH})}
    assert in_language(world.describe()[-1], "zh-TW").startswith('Price("ETH") 的對數沿直線')


def test_a_price_that_no_product_follows_is_told():
    world = Pinned(reference(), {BTC: -0.5})
    with pytest.warns(ScenarioWarning, match=r'^Price\("BTC"\) in a straight line.* hits no product'):
        simulate({"hold": Holding("ETH")}, world, GRID, capital=100.0, n_paths=2, rng=1)


@pytest.mark.parametrize(
    ("changes", "kind", "message"),
    [
        (
            {Price("ADA"): 0.1},
            InputError,
            r'^Pinned: Price\("ADA"\): is not in the scenario, whose prices are, got \'Price',
        ),
        (
            {ETH: -1.0},
            InputError,
            r'^Pinned\.changes: Price\("ETH"\): must be a fraction above -1 and at most .*, got -1\.0$',
        ),
        ({ETH: -50}, InputError, r"got -50 \(percent\? write -0\.5\)$"),
        ({ETH: float("nan")}, InputError, r'^Pinned\.changes: Price\("ETH"\): must be finite, got nan$'),
        ({DIFFICULTY: 0.5}, InputTypeError, r"^Pinned\.changes: must be Price; write"),
        ({}, InputTypeError, r"^Pinned\.changes: must be a mapping such as"),
        (-0.5, InputTypeError, r"^Pinned\.changes: must be a mapping such as"),
        ({"Prise(ETH)": 0.1}, InputError, r"did you mean 'Price'"),
    ],
)
def test_bad_changes_are_refused(changes, kind, message):
    with pytest.raises(kind, match=message):
        Pinned(reference(), changes)


def test_what_is_no_scenario_is_refused():
    with pytest.raises(InputTypeError, match=r"^Pinned\.scenario: must be Scenario"):
        Pinned({ETH: 3000.0}, {ETH: -0.5})  # type: ignore[arg-type]


class Broken(Scenario):
    """A scenario whose source gives infinite prices."""

    factors = frozenset({ETH})

    def generate(self, grid, factors, *, streams, noise, n_paths):
        del grid, streams, noise, n_paths, factors
        return BlockInputs(sources=(Infinite(),))


class Infinite:
    factors = frozenset({ETH})

    def rows(self, bounds, filled):
        del filled
        for start, stop in bounds:
            yield {ETH: np.full((stop - start + 1, 1), np.inf)}


def test_rows_of_a_scenario_of_others_are_looked_at():
    with pytest.raises(NumericalError, match=r"^Broken: test_pinned\.?\w*Infinite\.rows|^Broken: Infinite\.rows"):
        rows(Pinned(Broken(), {ETH: -0.5}), ETH)


def test_rewards_are_untouched():
    world = Joint([Constants({ETH: 3000.0}), Constants({REWARD: APR(0.0365)})])
    assert rows(Pinned(world, {ETH: 1.0}), REWARD)[REWARD] == pytest.approx(np.full((50, 30), 0.0001))
