"""Events: when they strike, and the hazards that a scenario sets for them."""

import numpy as np

from stakingmodels.market import TimeGrid
from stakingmodels.market.now import Hits
from stakingmodels.rates import DAYS_PER_YEAR
from stakingmodels.scenarios.streams import BLOCK, Streams


def strike(name: str, hazard: float, grid: TimeGrid, streams: Streams, paths: int) -> Hits:
    """Steps and paths in which an event of constant hazard strikes, drawn for the whole block.

    The event strikes when its cumulated hazard reaches a unit exponential draw, and then renews: a larger hazard
    only brings the same strikes forward. The first draw is independent or stratified, as the streams say; those of
    renewals are independent.

    Parameters
    ----------
    hazard
        Intensity a year of 365 days, 0 or more.
    """
    if hazard == 0.0:
        return {}
    draws = streams(f"event:{name}")
    edges = grid.days * (hazard / DAYS_PER_YEAR)
    reached = streams.exponentials(draws)
    found: dict[int, list[np.ndarray[tuple[int], np.dtype[np.int64]]]] = {}
    while (alive := np.nonzero(reached < edges[-1])[0]).size:
        steps = np.searchsorted(edges, reached[alive], side="right") - 1
        for step in np.unique(steps):
            found.setdefault(int(step), []).append(alive[steps == step])
        renewal = draws.standard_exponential(BLOCK)
        reached[alive] += renewal[alive]
    hits = {step: np.unique(np.concatenate(parts)) for step, parts in sorted(found.items())}
    return {step: struck[struck < paths] for step, struck in hits.items() if (struck < paths).any()}
