"""Random streams keyed by seed, name and block, so that no number depends on other draws or their order."""

import hashlib
from typing import Literal

import attrs
import numpy as np

from stakingmodels import checks, terms
from stakingmodels._types import FloatArray, IntArray, RNGLike
from stakingmodels.replacing import Replaceable

BLOCK = 8_192
"""Paths in a block; part of the seed contract, so it is never adapted to the machine."""
NoiseKind = Literal["float64", "float32"]
"""Precision of standard normal draws."""
EventDraws = Literal["independent", "stratified"]
"""Sampling of the first occurrences of an event."""
_GROUP = 128


@terms.sheet
class Streams(Replaceable):
    """Random generators of one block of paths, by name.

    ``streams(name)`` is an SFC64 generator keyed by (entropy, blake2b(name), block): the same on each call, independent
    of every other name and block. Each step is drawn for the whole block, 8,192 paths wide, and then cut, so that a run
    of fewer paths is a prefix of a longer one.

    `precision` says how standard normals are drawn: in ``"float64"``, or in ``"float32"``, which is faster and has
    other numbers.

    `event_sampling` says how the first occurrences of an event are drawn: ``"independent"``, or ``"stratified"``, so
    that in every block the number of paths hit is its expectation, to within one. Means and probabilities stay
    unbiased; standard errors are still computed as for independent draws, and so too large. First occurrences of events
    in a `Copula`, later occurrences, and the number of a holder's validators that are hit stay independent from path to
    path.
    """

    entropy: int = attrs.field(kw_only=False)
    block: int = attrs.field(default=0, kw_only=False)
    precision: NoiseKind = terms.choice(NoiseKind, default="float64")
    event_sampling: EventDraws = terms.choice(EventDraws, default="independent")

    def __call__(self, name: str) -> np.random.Generator:
        """Generator of a name, at the start of its stream."""
        digest = hashlib.blake2b(name.encode(), digest_size=8).digest()
        words = [int.from_bytes(digest[:4], "little"), int.from_bytes(digest[4:], "little")]
        sequence = np.random.SeedSequence(self.entropy, spawn_key=(*words, self.block))
        return np.random.Generator(np.random.SFC64(sequence))

    def exponentials(self, draws: np.random.Generator) -> FloatArray:
        """Unit exponential draws of all paths of a block, ``(8192,)``, from the generator of an event.

        ``"independent"`` ones, or ``"stratified"``: ``-log((rank + u) / 8192)``, where the ranks are a random order of
        0 to 8,191 and u is uniform in (0, 1]. Then each path by itself keeps its law, so that means and probabilities
        stay unbiased, but in every block the number of paths below any bound is its expectation, to within one. The
        same holds in each group of 128 paths from the first on, for runs that end within a block: each group has one
        path in every 128th of the law.

        References
        ----------
        McKay, Beckman and Conover (1979), "A comparison of three methods for selecting values of input variables in
        the analysis of output from a computer code", Technometrics 21(2).
        """
        if self.event_sampling == "independent":
            return draws.standard_exponential(BLOCK)
        # which of the 64 ranks in each 128th goes to which group, then the order within each group
        groups = BLOCK // _GROUP
        fine = _orders(draws, _GROUP, groups)
        ranks = (groups * np.arange(_GROUP)[:, None] + fine).T
        ranks = np.take_along_axis(ranks, _orders(draws, groups, _GROUP), axis=1).reshape(-1)
        above_0 = 1.0 - draws.random(BLOCK)
        return np.asarray(0.0 - np.log((ranks + above_0) / BLOCK))

    @property
    def first_path(self) -> int:
        """Number of the block's first path."""
        return self.block * BLOCK


def _orders(draws: np.random.Generator, rows: int, size: int) -> IntArray:
    """Random orders of 0 to ``size - 1``, one in each row."""
    return np.argsort(draws.random((rows, size)), axis=1, kind="stable")


def as_entropy(where: str, rng: RNGLike) -> int:
    """Seed of a run as one integer, which repeats the run when passed as ``rng``.

    Takes what SPEC 7 names: an integer, a `numpy.random.SeedSequence`, a `numpy.random.Generator` (which advances), or
    None for fresh entropy.
    """
    if rng is None:
        return int(np.random.SeedSequence().generate_state(2, np.uint64)[0])
    if isinstance(rng, np.random.SeedSequence):
        return int.from_bytes(rng.generate_state(4, np.uint32).tobytes(), "little")
    if isinstance(rng, np.random.Generator):
        return int.from_bytes(rng.bytes(16), "little")
    return checks.integer(where, rng, 0, checks.ENTROPY_LIMIT - 1)
