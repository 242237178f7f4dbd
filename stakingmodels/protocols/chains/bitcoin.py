"""Bitcoin's rules as far as mining contracts need them: subsidy, halvings, and the work behind a block."""

from typing import Any

import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray

SATOSHI_PER_BITCOIN = 100_000_000
HALVING_INTERVAL = 210_000
"""Blocks between halvings. Source: bitcoin/bitcoin src/kernel/chainparams.cpp, nSubsidyHalvingInterval."""
BLOCK_SECONDS = 600
"""Target spacing of blocks. Source: the same, nPowTargetSpacing."""
HASHES_PER_DIFFICULTY = 2**32
"""Hashes that one block takes on average per unit of difficulty (2**48 / 0xffff to the last digit, 1.5e-5 more)."""
HASHES_PER_TERAHASH = 1e12
_SECONDS_PER_DAY = 86_400.0

HALVINGS = np.array(
    ["2012-11-28T15:24:38", "2016-07-09T16:46:13", "2020-05-11T19:23:43", "2024-04-20T00:09:27"],
    dtype="datetime64[s]",
)
"""Times of the blocks 210,000, 420,000, 630,000 and 840,000 (block headers, UTC). Later halvings are estimated from the
last one at the target spacing."""
HALVINGS.flags.writeable = False


def block_subsidy(height: int) -> int:
    """New satoshi in the block at a height: 50 bitcoin, halved every 210,000 blocks, 0 from the 64th halving on.

    Source: bitcoin/bitcoin src/validation.cpp, GetBlockSubsidy.
    """
    checked = checks.integer("block_subsidy: height", height, 0, 2**63 - 1)
    return (50 * SATOSHI_PER_BITCOIN) >> min(checked // HALVING_INTERVAL, 64)


def _halving_times() -> "np.ndarray[tuple[int], np.dtype[np.datetime64]]":
    gap = np.timedelta64(HALVING_INTERVAL * BLOCK_SECONDS, "s")
    return np.concatenate([HALVINGS, HALVINGS[-1] + np.arange(1, 65 - HALVINGS.size) * gap])


_TIMES = _halving_times()
_NO_HALVING = np.datetime64("9999-12-31", "s")  # after the 64th there is nothing left to halve
_SUBSIDIES = np.array([block_subsidy(era * HALVING_INTERVAL) / SATOSHI_PER_BITCOIN for era in range(65)])


def subsidy_at(time: Any) -> float | FloatArray:
    """New bitcoin in a block mined at a time, in whole coins.

    Parameters
    ----------
    time
        datetime64 (naive UTC), one or an array. Past halvings are exact, later ones estimated at 600 s a block.
    """
    era = np.searchsorted(_TIMES, np.asarray(time, dtype="datetime64[s]"), side="right")
    return _SUBSIDIES[era]


def next_halving(time: Any) -> "np.datetime64 | np.ndarray[Any, np.dtype[np.datetime64]]":
    """Time of the first halving after a time, datetime64, one or an array."""
    era = np.searchsorted(_TIMES, np.asarray(time, dtype="datetime64[s]"), side="right")
    return np.append(_TIMES, _NO_HALVING)[era]


def coins_per_th_s_day(difficulty: Any, coins_per_block: Any) -> Any:
    """Expected coins that 1 TH/s mines in a day: ``1e12 * 86400 * coins / (difficulty * 2**32)``.

    Parameters
    ----------
    difficulty
        Above 0.
    coins_per_block
        Subsidy and fees of a block, in coins.
    """
    return coins_per_block * (HASHES_PER_TERAHASH * _SECONDS_PER_DAY / HASHES_PER_DIFFICULTY) / difficulty


def difficulty_of_hashrate(hashrate_th_s: Any) -> Any:
    """Difficulty at which a network of this hash rate (TH/s) finds a block every 600 s on average."""
    return hashrate_th_s * (HASHES_PER_TERAHASH * BLOCK_SECONDS / HASHES_PER_DIFFICULTY)
