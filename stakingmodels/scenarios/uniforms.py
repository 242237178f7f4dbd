"""`Uniforms`: uniform draws by name and step, whose rare high values can be drawn alone."""

from collections.abc import Sequence

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray, IntArray, PathValue
from stakingmodels.laws.binomial import binomial_quantile
from stakingmodels.market import UniformSource
from stakingmodels.scenarios.streams import BLOCK, Streams
from stakingmodels.values import at, highest

RARE = 1.0 / 64.0
"""Share of the draws that are high: at least ``1 - RARE``."""
_SEGMENT = 64  # steps whose high draws are made together


@attrs.frozen(eq=False)
class _Points:
    """Points on few paths in the steps of a segment, in the order of steps and paths.

    `starts` has the first of each step.
    """

    segment: int
    starts: list[int]
    paths: IntArray
    values: FloatArray

    @classmethod
    def of(cls, segment: int, steps: IntArray, paths: IntArray, values: FloatArray) -> "_Points":
        return cls(segment, np.searchsorted(steps, np.arange(_SEGMENT + 1)).tolist(), paths, values)

    @property
    def steps(self) -> IntArray:
        return np.repeat(np.arange(_SEGMENT), np.diff(self.starts))

    def at(self, step: int) -> tuple[IntArray, FloatArray]:
        row = step - self.segment * _SEGMENT
        here = slice(self.starts[row], self.starts[row + 1])
        return self.paths[here], self.values[here]


class Uniforms:
    """One uniform draw in [0, 1) for every name, step and path, independent of the order of calls.

    Rare events need only the upper 1/64 of the uniforms. Their positions, in the order of steps and paths, are drawn
    directly (geometric gaps), so the cost is proportional to the number of events.

    Parameters
    ----------
    blocks
        Streams and number of paths of each block, side by side. A block is drawn whole and then cut.
    """

    def __init__(self, blocks: Sequence[tuple[Streams, int]]) -> None:
        self.blocks = tuple(blocks)
        self._high: dict[str, _Points] = {}
        self._successes: dict[str, tuple[PathValue, PathValue, _Points]] = {}

    def fresh(self) -> "Uniforms":
        """A copy with the same draws, for another reading of the market at the same time."""
        return Uniforms(self.blocks)

    def concat(self, others: Sequence[UniformSource]) -> "Uniforms":
        """Draws of this source and of others, concatenated along the paths."""
        alike = [checks.instance("Uniforms.concat: others", other, Uniforms, "Uniforms(...)") for other in others]
        return Uniforms([block for each in (self, *alike) for block in each.blocks])

    def uniforms(self, name: str, step: int) -> FloatArray:
        """All draws of a step, ``(n_paths,)``."""
        lower = [streams(f"{name}@{step}").random(n_paths) for streams, n_paths in self.blocks]
        drawn = np.concatenate(lower) * (1.0 - RARE)
        paths, high = self.high(name, step)
        drawn[paths] = high
        return drawn

    def high(self, name: str, step: int) -> tuple[IntArray, FloatArray]:
        """Paths whose draw is at least ``1 - RARE``, in order, with these draws."""
        return self._segment(name, step).at(step)

    def is_rare(self, name: str, n: PathValue, p: PathValue) -> bool:
        """Whether successes in `n` trials of probability `p` are rare on every path, so that `successes` is cheaper."""
        known = self._successes.get(name)
        if known is not None and _same(known[0], n) and _same(known[1], p):
            return True
        return highest(n) * highest(p) <= RARE

    def successes(self, name: str, step: int, n: PathValue, p: PathValue) -> tuple[IntArray, FloatArray]:
        """Paths with any success in `n` trials of probability `p`, and the number of successes, where ``n p <= RARE``.

        If both are read-only, the draws of many steps are computed at once.
        """
        if not (_is_fixed(n) and _is_fixed(p)):
            paths, draws = self.high(name, step)
            return _counted(paths, draws, n, p)[1:]
        known = self._successes.get(name)
        if known is None or known[2].segment != step // _SEGMENT or not (_same(known[0], n) and _same(known[1], p)):
            high = self._segment(name, step)
            kept, paths, counts = _counted(high.paths, high.values, n, p)
            known = self._successes[name] = (n, p, _Points.of(high.segment, high.steps[kept], paths, counts))
        return known[2].at(step)

    def _segment(self, name: str, step: int) -> _Points:
        """High draws of all blocks in the segment of a step."""
        segment = step // _SEGMENT
        known = self._high.get(name)
        if known is None or known.segment != segment:
            steps: list[IntArray] = []
            paths: list[IntArray] = []
            draws: list[FloatArray] = []
            first = 0
            for streams, n_paths in self.blocks:
                step_of, path, drawn = _drawn(streams(f"{name}/{segment}"))
                kept = path < n_paths
                steps.append(step_of[kept])
                paths.append(path[kept] + first)
                draws.append(drawn[kept])
                first += n_paths
            order = np.argsort(np.concatenate(steps), kind="stable")
            known = _Points.of(
                segment, np.concatenate(steps)[order], np.concatenate(paths)[order], np.concatenate(draws)[order]
            )
            self._high[name] = known
        return known


def _is_fixed(value: PathValue) -> bool:
    """Whether a value cannot change: a number, or a read-only array that owns its memory."""
    return not isinstance(value, np.ndarray) or (value.base is None and not value.flags.writeable)


def _same(one: PathValue, other: PathValue) -> bool:
    """Whether two values are one array, or the same number."""
    return (one is other and _is_fixed(one)) or (isinstance(one, float) and isinstance(other, float) and one == other)


def _counted(paths: IntArray, draws: FloatArray, n: PathValue, p: PathValue) -> tuple[IntArray, IntArray, FloatArray]:
    """Draws with successes, their paths, and the number of successes; n and p are given for all paths.

    A draw below ``1 - n p`` has none, since ``n p`` bounds the probability of any.
    """
    kept = np.nonzero(draws >= 1.0 - highest(n) * highest(p))[0]
    paths = paths[kept]
    counts = binomial_quantile(draws[kept], at(n, paths), at(p, paths)) if kept.size else draws[kept]
    some = counts > 0.0
    return kept[some], paths[some], counts[some]


def _drawn(generator: np.random.Generator) -> tuple[IntArray, IntArray, FloatArray]:
    """Step, path and value of the high draws of one block in a segment."""
    cells = _SEGMENT * BLOCK
    expected = cells * RARE
    found = np.empty(0, dtype=np.int64)
    last = -1
    while last < cells:
        more = last + np.cumsum(generator.geometric(RARE, size=int(expected + 8.0 * expected**0.5)))
        found = np.concatenate([found, more])
        last = int(found[-1])
    found = found[: np.searchsorted(found, cells)]
    step, path = np.divmod(found, BLOCK)
    return step, path, 1.0 - RARE * (1.0 - generator.random(found.size))
