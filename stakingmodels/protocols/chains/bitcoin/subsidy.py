"""New coins: the subsidy of a block by height and by time, and the coins issued up to a height."""

import datetime as dt
from typing import Any

import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray
from stakingmodels.protocols.chains.bitcoin.params import BLOCK_SECONDS, HALVING_INTERVAL, MAIN, ConsensusParams

SATOSHI_PER_BITCOIN = 100_000_000
_FIRST_SUBSIDY = 50 * SATOSHI_PER_BITCOIN
_ERAS = 64
"""Halvings after which the subsidy is 0 by rule: a shift of a 64-bit number by 64 is undefined in C++."""
_HEIGHT_LIMIT = 2**63 - 1

HALVINGS = np.array(
    ["2012-11-28T15:24:38", "2016-07-09T16:46:13", "2020-05-11T19:23:43", "2024-04-20T00:09:27"],
    dtype="datetime64[s]",
)
"""Times of the blocks 210,000, 420,000, 630,000 and 840,000 (block headers, UTC). Later halvings are estimated from the
last one at the target spacing."""
HALVINGS.flags.writeable = False


def block_subsidy(height: int, params: ConsensusParams = MAIN) -> int:
    """New satoshi in the block at a height: 50 bitcoin, halved every 210,000 blocks, 0 from the 64th halving on.

    Source: bitcoin/bitcoin src/validation.cpp, GetBlockSubsidy.
    """
    checked = checks.integer("block_subsidy: height", height, 0, _HEIGHT_LIMIT)
    return _FIRST_SUBSIDY >> min(checked // params.subsidy_halving_interval, _ERAS)


def issued(height: int, params: ConsensusParams = MAIN) -> int:
    """Satoshi that the blocks from 0 to this height may create, that height included.

    Ends at 2,099,999,997,690,000 (20,999,999.9769 bitcoin). Less exists: the coins of block 0 cannot be spent, and some
    miners claimed less than the subsidy. Source of the end: bitcoin/bitcoin src/test/validation_tests.cpp,
    subsidy_limit_test.
    """
    blocks = checks.integer("issued: height", height, 0, _HEIGHT_LIMIT) + 1
    interval = params.subsidy_halving_interval
    full_eras, rest = divmod(blocks, interval)
    of_full_eras = sum(interval * (_FIRST_SUBSIDY >> era) for era in range(min(full_eras, _ERAS)))
    return of_full_eras + rest * block_subsidy(height, params)


def _halving_times() -> "np.ndarray[tuple[int], np.dtype[np.datetime64]]":
    gap = np.timedelta64(HALVING_INTERVAL * BLOCK_SECONDS, "s")
    return np.concatenate([HALVINGS, HALVINGS[-1] + np.arange(1, _ERAS + 1 - HALVINGS.size) * gap])


_TIMES = _halving_times()
_NO_HALVING = np.datetime64("9999-12-31", "s")  # after the 64th there is nothing left to halve
_SUBSIDIES = np.array([block_subsidy(era * HALVING_INTERVAL) / SATOSHI_PER_BITCOIN for era in range(_ERAS + 1)])


def _times(where: str, time: Any) -> "np.ndarray[Any, np.dtype[np.datetime64]]":
    """Times as datetime64[s]; text and numbers are refused, which numpy would read as years or as seconds."""
    if isinstance(time, dt.datetime) and time.tzinfo is not None:
        checks.refuse(where, "must be naive UTC", time, "time.astimezone(datetime.UTC).replace(tzinfo=None)")
    times = np.asarray(time, dtype="datetime64[s]") if isinstance(time, dt.date) else np.asarray(time)
    if times.dtype.kind != "M":
        checks.refuse_type(where, "must be a datetime64 or an array of them", time, 'numpy.datetime64("2026-01-01")')
    return times.astype("datetime64[s]")


def subsidy_at(time: Any) -> float | FloatArray:
    """New bitcoin in a block mined at a time, in whole coins.

    Parameters
    ----------
    time
        datetime64 (naive UTC), one or an array. Past halvings are exact, later ones estimated at 600 s a block.
    """
    era = np.searchsorted(_TIMES, _times("subsidy_at: time", time), side="right")
    return _SUBSIDIES[era]


def next_halving(time: Any) -> "np.datetime64 | np.ndarray[Any, np.dtype[np.datetime64]]":
    """Time of the first halving after a time, datetime64, one or an array."""
    era = np.searchsorted(_TIMES, _times("next_halving: time", time), side="right")
    return np.append(_TIMES, _NO_HALVING)[era]
