"""What all numba kernels share: the rows of levels and events, the world that drives a path, and how they are compiled.

A kernel is a product once more: the path outside, scalar state, the sums that an `Outcome` keeps. It is a yardstick, so
it is as fast as its author could make it: one core, float64, no fast-math; the rows of one path stay in the innermost
cache, constants are taken out of the loop, only sums are stored, and a path is left once its product is settled. It
knows the terms of `benchmarks.worlds` and no others.

In the sums, a bare name of a line is its money; with the suffix of an asset it is units of that asset; with `_coins` it
is what entries in cash came to in the product's coin.
"""

from typing import NamedTuple

import numba
import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

ETH, BTC, WORK, RATIO = 0, 1, 2, 3
"""Rows of the levels."""
SLASHING, SOLO, EXPLOIT, CUSTODIAN, PROVIDER, PROPOSALS, SEATS = 0, 1, 2, 3, 4, 5, 6
"""Rows of the events: the steps in which each strikes, in order, then the number of steps. The last two are the solo
validator's: blocks proposed, of which a step has one entry for each, and seats in sync committees."""
N_EVENTS = 7

compiled = numba.njit(error_model="numpy")  # division as in C, without a test for zero


class World(NamedTuple):
    """What drives a path; arrays have one entry a lognormal level or an event, and all is per step."""

    start: FloatArray
    scale: FloatArray
    drift: FloatArray
    rho: float
    ratio: float
    ratio_scale: float
    ratio_kept: float
    hazard: FloatArray
    first_slot: int
    last_slot: int
    slots_per_step: int
    slots_per_proposal: float
    first_step: int
    last_step: int
    first_part: float
    last_part: float
    steps_per_seat: float
    exit: int
