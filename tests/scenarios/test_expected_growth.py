"""How the mean of a level grows: against drawn paths, from the opening and any time on, and where it is unknown."""

import attrs
import numpy as np
import pytest

from stakingmodels.errors import InputError
from stakingmodels.market import Event, Market, Price, StakingReward, TimeGrid
from stakingmodels.rates import APR, APY
from stakingmodels.scenarios import (
    GBM,
    BlockInputs,
    Constants,
    GeometricBrownianMotion,
    History,
    Joint,
    Merton,
    MertonJumpDiffusion,
    RegimeGBM,
    RegimeSwitching,
    Scenario,
    Shock,
    Shocked,
    StationaryBootstrap,
    Streams,
    daily_series,
    reference,
)

MANY = 8_192

ETH, BTC = Price("ETH"), Price("BTC")
GRID = TimeGrid(np.array(["2026-01-01", "2026-02-15", "2026-04-01", "2026-09-01", "2027-06-01"], dtype="M8[D]"))
BLOCKS = 4

LOGNORMAL = GeometricBrownianMotion(
    {ETH: GBM(3000.0, volatility=0.7, drift=0.3), BTC: GBM(9e4, volatility=0.5)},
    correlation={(ETH, BTC): 0.8},
)
JUMPS = MertonJumpDiffusion(
    {ETH: Merton(3000.0, volatility=0.3, drift=0.2, jump_intensity=5.0, log_jump_mean=0.1, log_jump_volatility=0.1)}
)
SWITCHES = {("calm", "storm"): 4.0, ("storm", "calm"): 12.0}
REGIMES = RegimeSwitching(
    {ETH: RegimeGBM(3000.0, volatility={"calm": 0.4, "storm": 1.2}, drift=-0.3)}, transition_rates=SWITCHES
)
EQUAL = RegimeSwitching(
    {ETH: RegimeGBM(3000.0, volatility={"calm": 0.4, "storm": 1.2}, drift={"calm": 0.1, "storm": 0.1})},
    transition_rates=SWITCHES,
)
UNEQUAL = RegimeSwitching(
    {ETH: RegimeGBM(3000.0, volatility={"calm": 0.4, "storm": 1.2}, drift={"calm": 1.0, "storm": -3.0})},
    transition_rates=SWITCHES,
)
SHOCKED = Shocked(LOGNORMAL, [Shock(ETH, day=60, change=-0.5, half_life_days=100.0), Shock(ETH, day=0, change=0.2)])

KNOWN = {
    "lognormal": LOGNORMAL,
    "jumps": JUMPS,
    "regimes of one drift": REGIMES,
    "regimes of equal drifts": EQUAL,
    "joint": Joint([Constants({StakingReward("ETH"): APR(0.03)}), JUMPS, LOGNORMAL]),
    "shocked": SHOCKED,
}


def grown(world, factor=ETH, grid=GRID):
    """The growth, as a list."""
    growth = world.expected_growth(factor, grid)
    return None if growth is None else growth.tolist()


def rows_of(world, factor=ETH, blocks=BLOCKS):
    """``(n_times, n_paths)`` of some blocks."""
    found = []
    for block in range(blocks):
        market = world.market(GRID, frozenset({factor}), streams=Streams(5, first_path=8_192 * block), n_paths=MANY)
        parts = [chunk.rows[factor].copy() for chunk in market.chunks()]
        found.append(np.concatenate([parts[0], *(part[1:] for part in parts[1:])]))
    return np.concatenate(found, axis=1)


def off(ratios):
    """How many standard errors the mean of some ratios is away from 1."""
    return abs(ratios.mean() - 1.0) / (ratios.std() / np.sqrt(ratios.size))


def test_regimes_of_different_drifts_depend_on_what_happened():
    assert UNEQUAL.expected_growth(ETH, GRID) is None
    rows = rows_of(UNEQUAL)
    rough = np.abs(np.log(rows[2] / rows[1])) > 0.4  # a storm, in which the price falls
    assert off((rows[4] / rows[2])[rough] / (rows[4] / rows[2]).mean()) > 4.0


def test_constants_stay():
    world = Constants({ETH: 3000.0, StakingReward("ETH"): APR(0.03), Event("x"): 0.1})
    assert grown(world) == [1.0] * GRID.n_times
    assert world.expected_growth(StakingReward("ETH"), GRID) is None
    assert world.expected_growth(Event("x"), GRID) is None


def test_a_joint_asks_the_part_that_gives_the_factor():
    joint = Joint([Constants({ETH: 3000.0}), LOGNORMAL])
    assert grown(joint) == [1.0] * GRID.n_times
    assert grown(joint, BTC) == grown(LOGNORMAL, BTC)
    assert joint.expected_growth(Price("SOL"), GRID) is None


def test_the_built_in_world_grows_at_the_rate_of_cash():
    grid = TimeGrid.daily("2026-01-01", days=365)
    growth = reference(cash_rate=APY(0.04)).expected_growth(ETH, grid)
    assert growth == pytest.approx(1.04 ** (np.arange(366) / 365), rel=1e-12)


def test_a_shock_changes_the_growth_of_what_it_strikes_alone():
    assert grown(Shocked(LOGNORMAL, Shock(ETH, day=60, change=-0.5)), BTC) == [1.0] * 5
    almost = Shocked(Constants({ETH: 3.0}), Shock(ETH, day=60, change=-0.99))
    assert grown(almost) == pytest.approx([1.0, 1.0, 0.01, 0.01, 0.01])


def test_recorded_worlds_do_not_know_it():
    days = np.arange("2025-01-01", "2025-01-11", dtype="datetime64[D]")
    history = History({ETH: daily_series(days, np.linspace(3000.0, 3900.0, 10), name="made up")})
    assert history.expected_growth(ETH, GRID) is None
    assert StationaryBootstrap(history, mean_block_days=5.0).expected_growth(ETH, GRID) is None
    assert Joint([history]).expected_growth(ETH, GRID) is None


@pytest.mark.parametrize("world", [LOGNORMAL, JUMPS, REGIMES])
def test_unknown_factors_have_none(world):
    assert world.expected_growth(Price("SOL"), GRID) is None


# In a market


@attrs.frozen(eq=False)
class Told(Scenario):
    """A price of 1 whose mean grows as told."""

    growth: object

    @property
    def factors(self):
        return frozenset({ETH})

    def generate(self, grid, factors, *, streams, noise, n_paths):
        return BlockInputs(series={ETH: 1.0})

    def expected_growth(self, factor, grid):
        return self.growth


def market(world, grid=GRID):
    return world.market(grid, frozenset({ETH}), streams=Streams(1), n_paths=3)


def test_a_market_tells_it():
    known = market(LOGNORMAL).expected_growth(ETH)
    assert known.tolist() == grown(LOGNORMAL)
    with pytest.raises(ValueError, match="read-only"):
        known[0] = 2.0
    assert market(LOGNORMAL).expected_growth(Price("USD")).tolist() == [1.0] * GRID.n_times
    assert market(LOGNORMAL).expected_growth(BTC) is None  # was not asked for
    assert market(UNEQUAL).expected_growth(ETH) is None
    assert Market(GRID, {ETH: 1.0}).expected_growth(ETH) is None


@pytest.mark.parametrize("drift", [10.0, -10.0])
def test_beyond_the_range_of_a_float_it_is_not_known(drift):
    long = TimeGrid(np.datetime64("2026-01-01", "s") + np.arange(101) * np.timedelta64(365, "D"))
    assert (
        market(GeometricBrownianMotion({ETH: GBM(1.0, volatility=0.5, drift=drift)}), long).expected_growth(ETH) is None
    )
    assert market(Told(np.array([1.0, 0.0, 1.0, 1.0, 1.0]))).expected_growth(ETH) is None


@pytest.mark.parametrize("growth", [1.0, np.ones(4), np.ones((5, 3))])
def test_other_shapes_are_refused(growth):
    with pytest.raises(InputError, match=r'^Told\.expected_growth\(Price\("ETH"\)\): must be None or have the shape'):
        market(Told(growth))
