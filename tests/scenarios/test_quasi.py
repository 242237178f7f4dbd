"""Quasi-random paths of several scenarios: the law of every level at the exit, and the same bits in any part."""

import numpy as np
import pytest

from stakingmodels import MarketRatio, Price, TimeGrid
from stakingmodels.scenarios import (
    GBM,
    GeometricBrownianMotion,
    InCurrency,
    Joint,
    MeanRevertingPeg,
    Merton,
    MertonJumpDiffusion,
    QueueWaits,
    RegimeGBM,
    RegimeSwitching,
    Shock,
    Shocked,
    Streams,
    WaitCell,
    reference,
)

pytestmark = pytest.mark.once

ETH, BTC, PEG = Price("ETH"), Price("BTC"), MarketRatio("stETH")
PRICES = GeometricBrownianMotion(
    {ETH: GBM(3_000.0, volatility=0.7), BTC: GBM(90_000.0, volatility=0.5)}, correlation={(ETH, BTC): 0.8}
)
WORLDS = {
    "gbm": PRICES,
    "merton": MertonJumpDiffusion(
        {ETH: Merton(3_000.0, volatility=0.5, jump_intensity=10.0, log_jump_mean=-0.02, log_jump_volatility=0.1)}
    ),
    "regimes": RegimeSwitching(
        {ETH: RegimeGBM(3_000.0, volatility={"calm": 0.4, "storm": 1.2})},
        transition_rates={("calm", "storm"): 4.0, ("storm", "calm"): 12.0},
    ),
    "peg": Joint([PRICES, MeanRevertingPeg(PEG, mean=0.999, standard_deviation=0.01, half_life_days=10.0)]),
    "in ETH": InCurrency(PRICES, "ETH"),
    "shocked": Shocked(PRICES, [Shock(ETH, change=-0.3, day=10)]),
    "reference": reference(),
}
GRID = TimeGrid.daily("2026-01-01", days=30, settlement_days=10)
SEEDS = 30


def at_exit(world, seed, n_replicates):
    """Mean of the logarithm and of its square of each random level at the exit."""
    asked = frozenset(f for f in world.factors if f.kind == "level" and f != Price(world.numeraire))
    market = world.market(GRID, asked, streams=Streams(seed, n_replicates=n_replicates), n_paths=512)
    chunk = next(market.chunks(GRID.n_steps))
    rows = [np.log(chunk.rows[f][GRID.exit] / chunk.rows[f][0]) for f in sorted(asked, key=str)]
    moved = [row for row in rows if np.ptp(row) > 0.0]
    return np.array([[row.mean(), (row**2).mean()] for row in moved])


@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS)
@pytest.mark.few(2)
def test_levels_at_the_exit_have_their_law(world):
    quasi, plain = (np.array([at_exit(world, seed, n) for seed in range(SEEDS)]) for n in (16, 0))
    error = np.sqrt((quasi.var(axis=0, ddof=1) + plain.var(axis=0, ddof=1)) / SEEDS)
    assert (np.abs(quasi.mean(axis=0) - plain.mean(axis=0)) < 4.5 * error).all()
    if world is not WORLDS["peg"]:
        assert (quasi.var(axis=0) < plain.var(axis=0)).mean() > 0.7


def test_cells_of_waits_are_spread_evenly():
    waits = QueueWaits([WaitCell(3, entry_days=1.0, exit_days=10.0), WaitCell(1, entry_days=5.0, exit_days=2.0)])
    counts = {
        n: [int((waits.draw(Streams(seed, n_replicates=n), 1_024)[0] == 5.0).sum()) for seed in range(5)]
        for n in (1, 0)
    }
    assert counts[1] == [256] * 5
    assert len(set(counts[0])) > 1


def test_streams_keep_their_replicates():
    streams = Streams(3, n_replicates=8, first_path=512)
    assert streams.fresh().n_replicates == streams.replace(first_path=0).n_replicates == 8
