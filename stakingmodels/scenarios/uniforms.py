"""`Uniforms`: uniform draws by name and step, whose rare high values can be drawn alone."""

import attrs
import numpy as np

from stakingmodels._types import FloatArray, IntArray, PathValue
from stakingmodels.laws.binomial import binomial_quantile
from stakingmodels.market.now import NO_PATHS
from stakingmodels.scenarios.lanes import LANE, KeyedDraws
from stakingmodels.scenarios.sparse import SEGMENT
from stakingmodels.scenarios.streams import Streams, keyed
from stakingmodels.values import at, highest

RARE = 1.0 / 64.0
"""Share of the draws that are high: at least ``1 - RARE``."""
_LOG_MISS = float(np.log1p(-RARE))
NO_VALUES: FloatArray = np.empty(0)
NO_VALUES.flags.writeable = False


@attrs.frozen(eq=False)
class _Points:
    """Points on few paths in the steps of a segment, `first` to before `end`, in the order of steps and paths.

    `starts` has the first of each step.
    """

    first: int
    end: int
    starts: list[int]
    paths: IntArray
    values: FloatArray

    @classmethod
    def of(cls, segment: int, steps: IntArray, paths: IntArray, values: FloatArray) -> "_Points":
        starts = np.searchsorted(steps, np.arange(SEGMENT + 1)).tolist()
        return cls(segment * SEGMENT, (segment + 1) * SEGMENT, starts, paths, values)

    @property
    def steps(self) -> IntArray:
        return np.repeat(np.arange(SEGMENT), np.diff(self.starts))

    def at(self, step: int) -> tuple[IntArray, FloatArray]:
        row = step - self.first
        first, end = self.starts[row], self.starts[row + 1]
        return (NO_PATHS, NO_VALUES) if first == end else (self.paths[first:end], self.values[first:end])


class Uniforms:
    """One uniform draw in [0, 1) for every name, step and path, independent of the order of calls.

    Rare events need only the upper 1/64 of the uniforms. Their positions among the steps of a segment and the paths of
    a lane are drawn directly (geometric gaps), so the cost is proportional to the number of events.

    Parameters
    ----------
    streams, n_paths
        Streams of the market, and its number of paths.
    """

    def __init__(self, streams: Streams, n_paths: int) -> None:
        self._streams = streams
        self._n_paths = n_paths
        self._draws: dict[str, KeyedDraws] = {}
        self._high: dict[str, _Points] = {}
        self._successes: dict[str, tuple[PathValue, PathValue, _Points]] = {}

    def fresh(self) -> "Uniforms":
        """A copy with the same draws, for another reading of the market at the same time."""
        return Uniforms(self._streams, self._n_paths)

    def uniforms(self, name: str, step: int) -> FloatArray:
        """All draws of a step, ``(n_paths,)``."""
        drawn = self._keyed(f"{name}@").uniforms(step).reshape(-1)[: self._n_paths] * (1.0 - RARE)
        paths, high = self.high(name, step)
        drawn[paths] = high
        return drawn

    def high(self, name: str, step: int) -> tuple[IntArray, FloatArray]:
        """Paths whose draw is at least ``1 - RARE``, in order, with these draws."""
        return self._segment(name, step).at(step)

    def successes(self, name: str, step: int, n: PathValue, p: PathValue) -> tuple[IntArray, FloatArray] | None:
        """Paths with any success in `n` trials of probability `p`, and the number of successes.

        None unless ``n p <= RARE`` on every path. If both are read-only, the draws of many steps are computed at once.
        """
        known = self._successes.get(name)
        is_known = known is not None and _same(known[0], n) and _same(known[1], p)
        if known is not None and is_known and known[2].first <= step < known[2].end:
            return known[2].at(step)
        if not is_known and highest(n) * highest(p) > RARE:
            return None
        if not (_is_fixed(n) and _is_fixed(p)):
            paths, draws = self.high(name, step)
            return _counted(paths, draws, n, p)[1:]
        high = self._segment(name, step)
        kept, paths, counts = _counted(high.paths, high.values, n, p)
        known = self._successes[name] = (n, p, _Points.of(step // SEGMENT, high.steps[kept], paths, counts))
        return known[2].at(step)

    def _segment(self, name: str, step: int) -> _Points:
        """High draws of all paths in the segment of a step."""
        segment = step // SEGMENT
        known = self._high.get(name)
        if known is None or known.first != segment * SEGMENT:
            known = self._high[name] = _drawn(self._keyed(f"{name}/"), segment, self._n_paths)
        return known

    def _keyed(self, name: str) -> KeyedDraws:
        if name not in self._draws:
            self._draws[name] = keyed(self._streams, name, self._n_paths)
        return self._draws[name]


def _is_fixed(value: PathValue) -> bool:
    """Whether a value cannot change: a number, or a read-only array that owns its memory."""
    return not isinstance(value, np.ndarray) or (value.base is None and not value.flags.writeable)


def _same(known: PathValue, other: PathValue) -> bool:
    """Whether a value is the fixed one that is known: one array, or the same number."""
    return known is other or (isinstance(known, float) and isinstance(other, float) and known == other)


def _counted(paths: IntArray, draws: FloatArray, n: PathValue, p: PathValue) -> tuple[IntArray, IntArray, FloatArray]:
    """Draws with successes, their paths, and the number of successes; n and p are given for all paths.

    A draw below ``1 - n p`` has none, since ``n p`` bounds the probability of any.
    """
    kept = np.nonzero(draws >= 1.0 - highest(n) * highest(p))[0]
    paths = paths[kept]
    counts = binomial_quantile(draws[kept], at(n, paths), at(p, paths)) if kept.size else draws[kept]
    some = counts > 0.0
    return kept[some], paths[some], counts[some]


def _drawn(draws: KeyedDraws, segment: int, n_paths: int) -> _Points:
    """High draws of a segment: in each lane, gap and value of one after the other."""
    cells = SEGMENT * LANE
    expected = cells * RARE
    size = int(expected + 6.0 * expected**0.5)
    while True:
        drawn = draws.uniforms(segment, (size, 2))
        at = np.cumsum(1.0 + np.floor(np.log(1.0 - drawn[:, :, 0]) / _LOG_MISS), axis=1) - 1.0
        if (at[:, -1] >= cells).all():
            break
        size *= 2
    found = at < cells
    lane = np.repeat(np.arange(len(at)), np.count_nonzero(found, axis=1))
    cell = at[found].astype(np.int64)
    step, path = cell // LANE, cell % LANE + lane * LANE
    order = np.argsort(step.astype(np.uint8), kind="stable")
    if n_paths % LANE:
        order = order[path[order] < n_paths]
    values = 1.0 - RARE * (1.0 - drawn[:, :, 1][found])
    return _Points.of(segment, step[order], path[order], values[order])
