"""The worlds that several cases share: small, eventful, and written out."""

from collections.abc import Mapping
from typing import Literal

import numpy as np

from stakingmodels import (
    APR,
    APY,
    GBM,
    BlockFees,
    CashRate,
    Constants,
    Difficulty,
    EntryWait,
    Event,
    ExecutionReward,
    ExitWait,
    Factor,
    GeometricBrownianMotion,
    Hashrate,
    History,
    Joint,
    MarketRatio,
    MeanRevertingPeg,
    Price,
    StakingReward,
    TimeGrid,
)
from stakingmodels.scenarios import Hazards, QueueWaits, WaitCell, daily_series

ETH, BTC, DIFFICULTY = Price("ETH"), Price("BTC"), Difficulty("BTC")
STETH, REWARD, EXECUTION = MarketRatio("stETH"), StakingReward("ETH"), ExecutionReward("ETH")
FEES, CASH, HASHRATE = BlockFees("BTC"), CashRate("USD"), Hashrate("BTC")
ENTRY, EXIT = EntryWait("ETH"), ExitWait("ETH")
SLASHING, EXPLOIT = Event("slashing:one"), Event("exploit:one")
CUSTODIAN, PROVIDER = Event("custodian:one"), Event("provider:one")
GRID = TimeGrid.daily("2026-01-01", days=60, settlement_days=50)
UNEVEN = TimeGrid(
    np.datetime64("2026-01-01", "s")
    + np.cumsum([0, *[6, 18, 24, 24, 100, 168, 1, 500] * 3]) * np.timedelta64(3600, "s"),
    exit=20,
)
PATHS = 200

PRICES = GeometricBrownianMotion(
    {
        ETH: GBM(3000.0, volatility=0.7, drift=0.05),
        BTC: GBM(90_000.0, volatility=0.5, drift=0.03),
        DIFFICULTY: GBM(1.5e14, volatility=0.15, drift=0.4),
    },
    correlation={(ETH, BTC): 0.8, (BTC, DIFFICULTY): 0.2},
)
PEG = MeanRevertingPeg(STETH, mean=0.9995, standard_deviation=0.01, half_life_days=10.0)
CONSTANTS = Constants({REWARD: APR(0.029), EXECUTION: APR(0.006), FEES: 0.02, CASH: APY(0.037)})
WAITS = QueueWaits(
    [
        WaitCell(3.0, entry_days=2.0, exit_days=12.0, exit_spread=4.0),
        WaitCell(1.0, entry_days=10.0, exit_days=0.0, entry_spread=1.0),
        WaitCell(2.0, entry_days=0.0, exit_days=30.0),
    ]
)
EVENTS = Hazards({SLASHING: {0: 0.8}, EXPLOIT: {0: 0.5}, CUSTODIAN: {0: 0.2, 20: 1.5}, PROVIDER: {0: 1.0}})
WORLD = Joint([PRICES, PEG, CONSTANTS, WAITS, EVENTS])


def walk(seed: int, days: int, volatility: float, start: float, jump: float = 0.0) -> np.ndarray:
    """Made-up closes; every fifty days or so they jump."""
    random = np.random.default_rng(seed)
    moves = volatility / 365**0.5 * random.standard_normal(days - 1)
    moves += jump * random.standard_normal(days - 1) * (random.random(days - 1) < 0.02)
    return start * np.exp(np.concatenate([[0.0], np.cumsum(moves)]))


def reverting(seed: int, days: int) -> np.ndarray:
    """A made-up ratio near 1."""
    random = np.random.default_rng(seed)
    gap = np.zeros(days)
    for day in range(1, days):
        gap[day] = 0.93 * gap[day - 1] + 0.002 * random.standard_normal()
    return 0.999 * np.exp(gap)


def recorded(series: Mapping[Factor, object], first: str = "2022-01-01") -> History:
    """A history of arrays of one length, from one day on."""
    return History(
        {
            factor: daily_series(
                np.datetime64(first) + np.arange(len(np.asarray(values))),
                values,
                name="made up",
                rate_type=_rate(factor),
            )
            for factor, values in series.items()
        }
    )


def _rate(factor: Factor) -> Literal["", "apr"]:
    return "apr" if factor.is_rate else ""


CLOSES = recorded({ETH: walk(1, 1200, 0.6, 3000.0, 0.1), BTC: walk(2, 1200, 0.5, 40_000.0, 0.08)})
RECORD = recorded(
    {
        ETH: walk(1, 1200, 0.6, 3000.0, 0.1),
        BTC: walk(2, 1200, 0.5, 40_000.0, 0.08),
        DIFFICULTY: walk(3, 1200, 0.15, 5e13),
        HASHRATE: walk(4, 1200, 0.2, 4e8),
        STETH: reverting(5, 1200),
    }
)
