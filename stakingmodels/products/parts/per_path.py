"""State of a position: one number while it is the same on all paths, or an array with one per path."""

import numpy as np

from stakingmodels._types import BoolArray, FloatArray, IntArray, PathValue
from stakingmodels.ledger import Account
from stakingmodels.market.now import NO_PATHS
from stakingmodels.values import at


def put(state: PathValue | None, value: PathValue, paths: IntArray | None, n_paths: int) -> PathValue:
    """A state with a value put on some paths (None for all): a number, or a new array ``(n_paths,)``.

    Parameters
    ----------
    state
        The state before, one number or one per path; None for 0.
    value
        One number, or one for each of the paths.
    paths, n_paths
        Indices of the paths, and the number of all paths.
    """
    if paths is None:
        return value
    wide: FloatArray = np.array(np.broadcast_to(0.0 if state is None else state, (n_paths,)))
    wide[paths] = value
    return wide


def left_of(stays: PathValue, share: PathValue, paths: IntArray | None, n_paths: int) -> PathValue:
    """Share of a whole that stays when a share of it leaves on some paths (None for all)."""
    return put(stays, at(stays, paths) * (1.0 - np.asarray(share)), paths, n_paths)


def less_of(account: Account, units: PathValue | None, paths: IntArray | None) -> PathValue | None:
    """Units of an account on some paths less some of them, at least 0; None of all (None) is none."""
    if units is None:
        return None
    return np.maximum((account.units if paths is None else account.units[paths]) - units, 0.0)


def whole_paths(share: PathValue, paths: IntArray | None, n_paths: int) -> IntArray:
    """Indices of the paths that leave wholly, of those that leave with a share (None: all)."""
    if not isinstance(share, np.ndarray) and share != 1.0:
        return NO_PATHS
    there = np.arange(n_paths) if paths is None else paths
    return there[np.equal(share, 1.0)] if isinstance(share, np.ndarray) else there


def chosen_of(
    chosen: BoolArray, share: PathValue, paths: IntArray | None
) -> tuple[IntArray | None, PathValue, IntArray | None]:
    """Chosen ones of the paths that leave (None: all): their indices, their share, and their places among those."""
    if chosen.all():
        return paths, share, None
    there = np.flatnonzero(chosen)
    return there if paths is None else paths[there], at(share, there), there
