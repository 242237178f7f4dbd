"""Rare events: the few paths that are hit in a step."""

import attrs
import numpy as np

from stakingmodels._types import FloatArray, IntArray
from stakingmodels.laws.normal import LEAST_DRAW, normal_quantile
from stakingmodels.market.now import Hits
from stakingmodels.scenarios.lanes import LANE
from stakingmodels.scenarios.streams import Streams, keyed

SEGMENT = 64
"""Most steps whose rare events are drawn together."""
_MOST_POINTS = 1_024.0  # expected points of a lane in a segment, so that memory stays small at high intensities


@attrs.frozen(eq=False)
class Struck:
    """Points of a Poisson process in time order.

    Attributes
    ----------
    step, path
        Step and path of each point, ``(n_points,)``; a path may occur twice in one step.
    marks, normals
        Uniform marks in [0, 1) and standard normal marks of each point, ``(n_marks, n_points)`` and
        ``(n_normals, n_points)``.
    """

    step: IntArray
    path: IntArray
    marks: FloatArray
    normals: FloatArray

    def between(self, start: int, stop: int) -> "Struck":
        """Points in the steps [start, stop)."""
        first, last = np.searchsorted(self.step, [start, stop])
        return self.taken(slice(first, last))

    def taken(self, where: "IntArray | slice") -> "Struck":
        """Some of the points."""
        return Struck(self.step[where], self.path[where], self.marks[:, where], self.normals[:, where])

    def later(self, more: "Struck") -> "Struck":
        """These points and later ones."""
        pairs = zip(attrs.astuple(self, recurse=False), attrs.astuple(more, recurse=False), strict=True)
        return Struck(*(np.concatenate(pair, axis=-1) for pair in pairs))


class Points:
    """Points of a Poisson process over steps and paths, with marks.

    The points of a lane in a segment of steps come from one generator, keyed by name, segment and lane, each point in
    turn: its distance in cumulated intensity from the point before, its path and its marks. So no number depends on how
    many steps are read at once, on the steps that follow, or on the number of paths.

    Parameters
    ----------
    expected
        Mean number of points on one path in each step of the grid, ``(n_steps,)``.
    n_marks, normals
        Number of uniform marks of each point; and names of its standard normal marks, each drawn by itself. A normal
        mark of the name ``""`` is drawn with the points.
    """

    def __init__(
        self,
        streams: Streams,
        name: str,
        n_paths: int,
        expected: FloatArray,
        *,
        n_marks: int = 0,
        normals: tuple[str, ...] = (),
    ) -> None:
        self._draws = keyed(streams, name, n_paths)
        self._others = [keyed(streams, other, n_paths) if other else None for other in normals]
        self._n_marks = n_marks
        self._n_paths = n_paths
        self._expected = expected * LANE
        self._edges = _segments(self._expected)
        self._known: tuple[int, Struck] | None = None

    def between(self, start: int, stop: int) -> Struck:
        """Points in the steps [start, stop), in time order."""
        first = int(np.searchsorted(self._edges, start, side="right")) - 1
        last = int(np.searchsorted(self._edges, stop, side="left"))
        found = self._segment(first).between(start, stop)
        for number in range(first + 1, last):
            found = found.later(self._segment(number).between(start, stop))
        return found

    def _segment(self, number: int) -> Struck:
        if self._known is None or self._known[0] != number:
            self._known = number, self._drawn(number)
        return self._known[1]

    def _drawn(self, number: int) -> Struck:
        """All points of a segment."""
        first, end = self._edges[number], self._edges[number + 1]
        ends = np.cumsum(self._expected[first:end])
        columns = 2 + self._n_marks + self._others.count(None)
        size = int(ends[-1] + 6.0 * np.sqrt(ends[-1])) + 8
        while True:
            drawn = self._draws.uniforms(number, (size, columns))
            at = np.cumsum(-np.log(1.0 - drawn[:, :, 0]), axis=1)
            if (at[:, -1] >= ends[-1]).all():
                break
            size *= 2
        lane, point = np.nonzero(at < ends[-1])
        step = np.searchsorted(ends, at[lane, point], side="right")
        path = lane * LANE + (drawn[lane, point, 1] * LANE).astype(np.int64)
        order = np.argsort(step.astype(np.uint8), kind="stable")
        if self._n_paths % LANE:
            order = order[path[order] < self._n_paths]
        lane, point = lane[order], point[order]
        marks = drawn[lane, point, 2:].T
        return Struck(
            step[order] + first, path[order], marks[: self._n_marks], self._normals(number, lane, point, marks)
        )

    def _normals(self, number: int, lane: IntArray, point: IntArray, marks: FloatArray) -> FloatArray:
        """Standard normal marks of some points of a segment, ``(n_normals, n_points)``."""
        found = np.empty((len(self._others), lane.size))
        next_own = self._n_marks
        size = int(point.max()) + 1 if point.size else 0
        for row, other in zip(found, self._others, strict=True):
            if other is None:
                uniform = marks[next_own]
                next_own += 1
            else:
                uniform = other.uniforms(number, (size,))[lane, point]
            row[:] = normal_quantile(np.maximum(uniform, LEAST_DRAW))
        return found


def _segments(expected: FloatArray) -> list[int]:
    """First step of each segment, and the end: as many steps as have few points, 64 at most."""
    edges, points = [0], 0.0
    for step, more in enumerate(expected.tolist()):
        if step - edges[-1] == SEGMENT or (points + more > _MOST_POINTS and step > edges[-1]):
            edges.append(step)
            points = 0.0
        points += more
    return [*edges, len(expected)]


def joined(hits: Hits, more: Hits) -> dict[int, IntArray]:
    """Union of two sets of hits: path indices by step, each once and in order."""
    both = dict(hits)
    for step, paths in more.items():
        both[step] = np.union1d(both[step], paths) if step in both else paths
    return dict(sorted(both.items()))
