"""Inputs that products do not control: times, prices, rates, events."""

from stakingmodels.display import displays
from stakingmodels.market.factors import (
    ActiveStake,
    BlockFees,
    CashRate,
    Difficulty,
    EntryWait,
    Event,
    ExecutionReward,
    ExitWait,
    Factor,
    Hashrate,
    MarketRatio,
    PowerPrice,
    Price,
    StakingQueue,
    StakingReward,
)
from stakingmodels.market.filled import RowSource
from stakingmodels.market.grid import TimeGrid
from stakingmodels.market.market import Market
from stakingmodels.market.now import Chunk, Now, UniformSource
from stakingmodels.numerics import entrances

__all__ = [
    "ActiveStake",
    "BlockFees",
    "CashRate",
    "Chunk",
    "Difficulty",
    "EntryWait",
    "Event",
    "ExecutionReward",
    "ExitWait",
    "Factor",
    "Hashrate",
    "Market",
    "MarketRatio",
    "Now",
    "PowerPrice",
    "Price",
    "RowSource",
    "StakingQueue",
    "StakingReward",
    "TimeGrid",
    "UniformSource",
]

displays(__name__)
entrances(__name__, inside=("Chunk", "Factor", "Now"))
