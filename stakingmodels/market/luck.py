"""`Luck`: uniform draws by name and step, of which the rare high ones can be had alone."""

from collections.abc import Callable, Sequence

import numpy as np

from stakingmodels._types import FloatArray, IntArray

BLOCK = 8_192
"""Paths in a block; part of the seed contract, so it is never adapted to the machine."""
RARE = 1.0 / 64.0
"""Share of the draws that are high: those of at least ``1 - RARE``."""
_SEGMENT = 64  # steps whose high draws are made together

Streams = Callable[[str], np.random.Generator]
"""A random generator for a name, the same each time it is asked."""
_High = tuple[IntArray, IntArray, FloatArray]  # where each step begins; path and draw of each point


class Luck:
    """One uniform draw in [0, 1) for every name, step and path, the same whoever asks and in whatever order.

    High draws are few, and are found without drawing the others: the gaps between them, in the order of steps and
    paths, are geometric. So what seldom happens on a path costs little.

    Parameters
    ----------
    blocks
        Streams and number of paths of each block, side by side. A block is drawn whole and then cut.
    """

    def __init__(self, blocks: Sequence[tuple[Streams, int]]) -> None:
        self.blocks = tuple(blocks)
        self._segments: dict[str, tuple[int, list[_High]]] = {}

    def uniforms(self, name: str, step: int) -> FloatArray:
        """All draws of a step, ``(n_paths,)``."""
        lower = [streams(f"{name}@{step}").random(n_paths) for streams, n_paths in self.blocks]
        drawn = np.concatenate(lower) * (1.0 - RARE)
        paths, high = self.high(name, step, RARE)
        drawn[paths] = high
        return drawn

    def high(self, name: str, step: int, share: float) -> tuple[IntArray, FloatArray]:
        """Paths whose draw is at least ``1 - share``, in order, and those draws; the share is `RARE` at most."""
        segment, row = divmod(step, _SEGMENT)
        known = self._segments.get(name)
        if known is None or known[0] != segment:
            known = self._segments[name] = (segment, [_drawn(streams(f"{name}/{segment}")) for streams, _ in self.blocks])
        paths: list[IntArray] = []
        draws: list[FloatArray] = []
        first = 0
        for (starts, path, draw), (_, n_paths) in zip(known[1], self.blocks, strict=True):
            begin = starts[row]
            end = begin + np.searchsorted(path[begin : starts[row + 1]], n_paths)
            kept = np.nonzero(draw[begin:end] >= 1.0 - share)[0] + begin
            paths.append(path[kept] + first)
            draws.append(draw[kept])
            first += n_paths
        return (paths[0], draws[0]) if len(paths) == 1 else (np.concatenate(paths), np.concatenate(draws))


def _drawn(generator: np.random.Generator) -> _High:
    """The high draws of one block in the steps of a segment."""
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
    return np.searchsorted(step, np.arange(_SEGMENT + 1)), path, 1.0 - RARE * (1.0 - generator.random(found.size))
