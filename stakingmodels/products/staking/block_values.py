"""`BlockValues`: random values of blocks, each in units of the mean, by the law of recorded bids for them."""

import functools
from typing import Literal

import numpy as np

from stakingmodels._types import FloatArray, IntArray
from stakingmodels.laws.binomial import binomial_probability
from stakingmodels.market import Now
from stakingmodels.values import fixed

BlockLaw = Literal["equal", "recorded"]
"""Values of blocks: all the mean, or drawn from the law of recorded bids."""
BOUNDS_ETH = (0.001, 0.01, 0.1, 1.0, 10.0, 1_000.0)
"""Bounds of the classes of recorded blocks, by their highest bid."""
BLOCKS = (16_543, 3_419_728, 1_105_392, 47_954, 2_353)
"""Blocks in each class: all 4,591,970 with a bid, of 2022-11-24 to 2024-09-20.

ArtDemocrat/MEV-Theft-Loss-Report_10MHeight @ 08033ee (slots 5,203,000 to 9,999,999). The outermost bounds, 0.001 and
1,000 ETH, are those of the classes of its first report, ArtDemocrat/MEV-Theft-Loss-Report @ 00eae83 (2024-03).
"""
_COINS = 2**14  # tossed for a draw: their number of heads is nearly normal, in steps of 1/64 of a standard deviation
_MOST = 32  # blocks drawn one by one in a step


def bid_quantile(survival: FloatArray) -> FloatArray:
    """Bid, in ETH, that a share of the recorded blocks exceeds: a power law between the bounds of the classes.

    The last class has the exponent of the one before it, 1.33: of ten times the bid there are 21 times fewer.

    Parameters
    ----------
    survival
        Shares in (0, 1).
    """
    above = np.cumsum(np.array(BLOCKS[::-1], dtype=np.float64))[::-1] / sum(BLOCKS)  # of the lower bounds
    slopes = np.diff(np.log(above)) / np.diff(np.log(BOUNDS_ETH[:-1]))
    bids = np.exp(np.interp(-np.log(survival), -np.log(above), np.log(BOUNDS_ETH[:-1])))
    last, rest = float(slopes[-1]), (BOUNDS_ETH[-1] / BOUNDS_ETH[-2]) ** float(slopes[-1])
    within = np.minimum(survival / above[-1], 1.0)  # of the last class, which ends at its upper bound
    tail = BOUNDS_ETH[-2] * (rest + within * (1.0 - rest)) ** (1.0 / last)
    return np.where(survival < above[-1], tail, bids)


@functools.cache
def value_table() -> FloatArray:
    """Value of a block over the mean, by the number of heads of 16,384 coins, ``(16_385,)``; its mean is 1."""
    heads = np.arange(_COINS + 1.0)
    chance = binomial_probability(heads, float(_COINS), 0.5)
    survival = np.cumsum(chance[::-1])[::-1] - 0.5 * chance
    bids = bid_quantile(np.clip(survival, 1e-300, 1.0 - 1e-16))
    return fixed(bids / float(bids @ chance))


class BlockValues:
    """Draws of the values of proposed blocks, in units of the mean; the mean of many is 1.

    A market gives products whole numbers by the binomial law. The heads of 16,384 coins are nearly normal, and each
    number of heads stands for a quantile of the recorded bids.

    Parameters
    ----------
    asset
        Coin; it is in the names of the draws.
    """

    def __init__(self, asset: str) -> None:
        self._key = f"block values:{asset}"

    def mean_of(self, now: Now, paths: IntArray, blocks: FloatArray) -> FloatArray:
        """Mean value of each path's blocks in this interval, ``(paths.size,)``.

        Of more than 32 blocks, 32 are drawn, and their distance from the mean is that of the whole number.

        Parameters
        ----------
        now
            The interval that closes.
        paths, blocks
            Indices of paths, and the number of blocks proposed on each, 1 or more.
        """
        table = value_table()
        drawn = np.minimum(blocks, _MOST)
        total = np.zeros(paths.size)
        for number in range(int(drawn.max())):
            somewhere, found = now.successes(f"{self._key}:{number}", float(_COINS), 0.5)
            heads = np.zeros(now.n_paths, dtype=np.int64)
            heads[somewhere] = found
            value = table[heads[paths]]
            total += np.where(drawn > number, value, 0.0)
        mean: FloatArray = 1.0 + (total / drawn - 1.0) * np.sqrt(drawn / blocks)
        return mean
