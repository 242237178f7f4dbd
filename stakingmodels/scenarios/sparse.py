"""Rare events: the few paths of a block that are hit in a step."""

from typing import TypeVar

import numpy as np

from stakingmodels._types import FloatArray, IntArray
from stakingmodels.market.now import Hits
from stakingmodels.scenarios.streams import BLOCK, Streams

Values = TypeVar("Values", FloatArray, IntArray)


class Points:
    """Points of a Poisson process over the steps and paths of a block.

    They are drawn for the whole block and then cut to its paths. Counts by step and path indices come from separate
    streams, so that no number depends on how many steps are drawn at once.

    Attributes
    ----------
    size
        Number of points drawn last, before the cut.
    """

    def __init__(self, streams: Streams, name: str, paths: int) -> None:
        self._counts = streams(f"{name}:counts")
        self._where = streams(f"{name}:paths")
        self._paths = paths
        self._kept: IntArray | None = None
        self.size = 0

    def draw(self, expected: FloatArray) -> tuple[IntArray, IntArray]:
        """Points of the next steps in time order: step, counted from the first of these steps, and path.

        A path may occur twice in one step.

        Parameters
        ----------
        expected
            Mean number of points on one path in each step, ``(n_steps,)``.
        """
        counts = self._counts.poisson(expected * BLOCK)
        self.size = int(counts.sum())
        step = np.repeat(np.arange(counts.size), counts)
        path = self._where.integers(0, BLOCK, size=self.size)
        self._kept = np.nonzero(path < self._paths)[0] if self._paths < BLOCK else None
        return self.cut(step), self.cut(path)

    def cut(self, values: Values) -> Values:
        """Values of the points drawn last, ``(size,)``, cut to the points on paths that are kept."""
        return values if self._kept is None else values[self._kept]


def joined(hits: Hits, more: Hits) -> dict[int, IntArray]:
    """Union of two sets of hits: path indices by step, each once and in order."""
    both = dict(hits)
    for step, paths in more.items():
        both[step] = np.union1d(both[step], paths) if step in both else paths
    return dict(sorted(both.items()))
