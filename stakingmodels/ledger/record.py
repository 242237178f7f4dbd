"""`Entry`: one line of the step ledger, kept on request."""

import attrs
import numpy as np

from stakingmodels._types import FloatArray, IntArray, PathValue
from stakingmodels.ledger.lines import Line
from stakingmodels.market import Factor
from stakingmodels.series import Sealed


@attrs.frozen(eq=False)
class Entry(Sealed):
    """One change of one account in one step.

    Attributes
    ----------
    step
        The interval it happened in; -1 at the opening.
    line
        Its cause, or None for one side of a move, trade or transfer.
    book, asset, place, mark
        The account.
    units
        Change in units, ``(n_paths,)``.
    """

    step: int
    line: Line | None
    book: str
    asset: str
    place: str
    mark: Factor | None
    units: FloatArray


def wide(units: PathValue, paths: IntArray | None, n_paths: int) -> FloatArray:
    """Units of some paths (None for all) as an array over all paths."""
    if paths is None:
        return np.array(np.broadcast_to(units, (n_paths,)))
    spread = np.zeros(n_paths)
    spread[paths] = units
    return spread
