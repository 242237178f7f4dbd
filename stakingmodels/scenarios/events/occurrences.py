"""Occurrences of events at a constant hazard."""

import numpy as np

from stakingmodels._types import IntArray
from stakingmodels.market import TimeGrid
from stakingmodels.market.now import Hits
from stakingmodels.rates import DAYS_PER_YEAR
from stakingmodels.scenarios.strata import Exponentials
from stakingmodels.scenarios.streams import Streams


def strike(name: str, hazard: float, grid: TimeGrid, streams: Streams, paths: int) -> Hits:
    """Steps and paths in which an event of constant hazard occurs.

    The event occurs when its cumulated hazard reaches a unit exponential draw, and then renews: a larger hazard only
    brings the same occurrences forward. The first draw is independent or stratified, as set by the streams; later draws
    are independent.

    Parameters
    ----------
    hazard
        Intensity a year of 365 days, 0 or more.
    """
    if hazard == 0.0:
        return {}
    draws = Exponentials(streams, f"event:{name}", paths)
    edges = grid.elapsed_days * (hazard / DAYS_PER_YEAR)
    reached = draws.round(0)
    steps, struck = [], []
    while (alive := np.nonzero(reached < edges[-1])[0]).size:
        steps.append(np.searchsorted(edges, reached[alive], side="right") - 1)
        struck.append(alive)
        reached[alive] += draws.round(len(steps))[alive]
    return _by_step(np.concatenate(steps), np.concatenate(struck), paths) if steps else {}


def _by_step(steps: IntArray, struck: IntArray, paths: int) -> Hits:
    """Paths hit in each step, by step, each once and in order."""
    cells = np.unique(steps * paths + struck)
    steps, struck = np.divmod(cells, paths)
    which, starts = np.unique(steps, return_index=True)
    return dict(zip(which.tolist(), np.split(struck, starts[1:]), strict=True)) if which.size else {}
