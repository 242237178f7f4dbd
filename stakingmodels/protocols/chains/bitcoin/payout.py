"""Pay-out schemes of mining pools: five laws, each with the mean and variance of the coins of some days.

Blocks are found as a Poisson process at the expected rate `mining.blocks_per_day`; every block brings the same coins.
Share counting is taken as exact: a miner's share of the work is its share of the hash rate. A scheme decides who bears
the variance of the blocks: the pool (PPS, FPPS), both (PPS+), or the miners (PPLNS, solo). Schemes as described in Meni
Rosenfeld, Analysis of Bitcoin Pooled Mining Reward Systems (2011), and in the pools' documentation.
"""

import math
from abc import ABC, abstractmethod

import attrs

from stakingmodels import checks
from stakingmodels.protocols.chains.bitcoin.mining import blocks_per_day

_LARGE = checks.field(checks.positive, 1e30)
_COINS_LIMIT = 21_000_000.0


def _coins(where: str, value: object) -> float:
    coins = checks.non_negative(where, value)
    if coins > _COINS_LIMIT:
        checks.refuse(where, f"must be at most {_COINS_LIMIT:g} coins a block", value, "satoshi? divide by 10**8")
    return coins


_COINS = checks.field(_coins)
_DAYS_LIMIT = 1e6


@attrs.frozen(kw_only=True)
class Miner:
    """A miner in a pool, and the blocks that both work on.

    Parameters
    ----------
    hashrate_th_s
        The miner's own hash rate, TH/s.
    pool_hashrate_th_s
        The whole pool's, the miner's included, TH/s.
    difficulty
        Difficulty of a block.
    subsidy, fees
        New coins of a block, and the mean of its transaction fees, in coins.
    """

    hashrate_th_s: float = attrs.field(validator=_LARGE)
    pool_hashrate_th_s: float = attrs.field(validator=_LARGE)
    difficulty: float = attrs.field(validator=_LARGE)
    subsidy: float = attrs.field(validator=_COINS)
    fees: float = attrs.field(validator=_COINS)

    def __attrs_post_init__(self) -> None:
        if self.hashrate_th_s > self.pool_hashrate_th_s:
            rule = "must not be above pool_hashrate_th_s, which includes it"
            checks.refuse("Miner.hashrate_th_s", rule, self.hashrate_th_s)

    @property
    def share(self) -> float:
        """The miner's share of the pool's work, in (0, 1]."""
        return self.hashrate_th_s / self.pool_hashrate_th_s

    def blocks(self, days: float) -> float:
        """Blocks that the miner's own hash rate is expected to find in some days."""
        return float(blocks_per_day(self.hashrate_th_s, self.difficulty)) * days

    def pool_blocks(self, days: float) -> float:
        """Blocks that the whole pool is expected to find in some days."""
        return float(blocks_per_day(self.pool_hashrate_th_s, self.difficulty)) * days


@attrs.frozen
class Coins:
    """Mean and variance of the coins that a miner is paid."""

    mean: float
    variance: float

    @property
    def standard_deviation(self) -> float:
        """In coins."""
        return math.sqrt(self.variance)


@attrs.frozen
class Payout(ABC):
    """A pay-out scheme: the miner's coins, and the party that bears the variance.

    Parameters
    ----------
    pool_fee
        Fraction that the pool keeps of what it pays for, in [0, 1].
    """

    pool_fee: float = attrs.field(validator=checks.FRACTION)

    def coins(self, miner: Miner, days: float = 1.0) -> Coins:
        """Law of the coins that a miner is paid for some days of work, after the pool's fee.

        Days are independent of each other, so mean and variance grow in proportion to them.
        """
        law = self._before_fee(miner, checks.positive(f"{type(self).__name__}.coins: days", days, _DAYS_LIMIT))
        kept = 1.0 - self.pool_fee
        return Coins(law.mean * kept, law.variance * kept**2)

    @abstractmethod
    def _before_fee(self, miner: Miner, days: float) -> Coins:
        """The law without the pool's fee."""


@attrs.frozen
class Solo(Payout):
    """The miner keeps the whole reward of every block of its own: ``N * (subsidy + fees)``, N Poisson.

    `pool_fee` is 0 (default) with a node of one's own.
    """

    pool_fee: float = attrs.field(default=0.0, validator=checks.FRACTION)

    def _before_fee(self, miner: Miner, days: float) -> Coins:
        return _of_blocks(miner.blocks(days), miner.subsidy + miner.fees)

    def probability_of_nothing(self, miner: Miner, days: float = 1.0) -> float:
        """Probability that some days bring no block at all: ``exp(-expected blocks)``."""
        where = f"{type(self).__name__}.probability_of_nothing: days"
        return math.exp(-miner.blocks(checks.positive(where, days, _DAYS_LIMIT)))


@attrs.frozen
class PPS(Payout):
    """Pay per share: every share is paid its part of the subsidy at once, block or no block; the pool keeps the fees.

    `pool_fee` defaults to 0.04 [assumption: the level of PPS+, early 2026].
    """

    pool_fee: float = attrs.field(default=0.04, validator=checks.FRACTION)

    def _before_fee(self, miner: Miner, days: float) -> Coins:
        return _certain(miner.blocks(days) * miner.subsidy)


@attrs.frozen
class FPPS(Payout):
    """Full pay per share: as PPS, with the average transaction fees paid like the subsidy.

    `pool_fee` defaults to 0.02 (Braiins pool; press, early 2026; others 0.007 to 0.04).
    """

    pool_fee: float = attrs.field(default=0.02, validator=checks.FRACTION)

    def _before_fee(self, miner: Miner, days: float) -> Coins:
        return _certain(miner.blocks(days) * (miner.subsidy + miner.fees))


@attrs.frozen
class PPSPlus(Payout):
    """PPS+: the subsidy per share as in PPS, the transaction fees of the pool's own blocks as in PPLNS.

    `pool_fee` defaults to 0.04 (ViaBTC; press, early 2026), charged on both parts.
    """

    pool_fee: float = attrs.field(default=0.04, validator=checks.FRACTION)

    def _before_fee(self, miner: Miner, days: float) -> Coins:
        subsidy = miner.blocks(days) * miner.subsidy
        fees = _of_blocks(miner.pool_blocks(days), miner.share * miner.fees)
        return Coins(subsidy + fees.mean, fees.variance)


@attrs.frozen
class PPLNS(Payout):
    """Pay per last N shares: each block of the pool is split by the last N shares, so miners bear the pool's variance.

    Holds in the steady state: a miner that joins is paid less until the window has filled, and the rest after leaving.
    `pool_fee` defaults to 0.02 (OCEAN, whose TIDES is close to PPLNS; press, early 2026; range 0 to 0.02).
    """

    pool_fee: float = attrs.field(default=0.02, validator=checks.FRACTION)

    def _before_fee(self, miner: Miner, days: float) -> Coins:
        return _of_blocks(miner.pool_blocks(days), miner.share * (miner.subsidy + miner.fees))


def _certain(coins: float) -> Coins:
    return Coins(coins, 0.0)


def _of_blocks(expected_blocks: float, coins_per_block: float) -> Coins:
    """A Poisson number of blocks, each of the same coins."""
    return Coins(expected_blocks * coins_per_block, expected_blocks * coins_per_block**2)
