"""Random streams keyed by seed, name and block, so that no number depends on who else draws, or when."""

import hashlib

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray, IntArray

BLOCK = 8_192
"""Paths in a block; part of the seed contract, so it is never adapted to the machine."""
NOISES = ("float64", "float32")
EVENTS = ("independent", "stratified")
_ENTROPY_LIMIT = 2**128
_GROUP = 128


@attrs.frozen
class Streams:
    """Generators for one block of paths.

    ``streams(name)`` is an SFC64 generator keyed by (entropy, blake2b(name), block): the same each time it is asked
    for, independent of every other name and block. What is drawn step by step is drawn for the whole block, 8,192
    paths wide, and then cut, so that a run of fewer paths is a prefix of a longer one.

    `noise` says how standard normals are drawn: in ``"float64"``, or in ``"float32"``, which is faster and has other
    numbers.

    `events` says how the first strikes of an event are drawn: ``"independent"``, or ``"stratified"``, so that in every
    block as many paths are struck as should be, to within one. Means and probabilities stay unbiased; standard errors
    are still those of independent draws, and so too large. Even so the first strikes of events in a `Copula`, later
    strikes, and how many of a holder's validators are struck are independent from path to path.
    """

    entropy: int
    block: int = 0
    noise: str = attrs.field(default="float64", validator=checks.field(checks.choice, NOISES))

    events: str = attrs.field(default="independent", validator=checks.field(checks.choice, EVENTS))

    def __call__(self, name: str) -> np.random.Generator:
        """The generator of a name, at its beginning."""
        digest = hashlib.blake2b(name.encode(), digest_size=8).digest()
        words = [int.from_bytes(digest[:4], "little"), int.from_bytes(digest[4:], "little")]
        sequence = np.random.SeedSequence(self.entropy, spawn_key=(*words, self.block))
        return np.random.Generator(np.random.SFC64(sequence))

    def exponentials(self, draws: np.random.Generator) -> FloatArray:
        """Unit exponentials of all paths of a block, ``(8192,)``, from the generator of an event.

        ``"independent"`` ones, or ``"stratified"``: ``-log((rank + u) / 8192)``, where the ranks are a random order of
        0 to 8,191 and u is uniform in (0, 1]. Then each path by itself has the same law as ever, so that means and
        probabilities stay unbiased, but in every block as many paths as should be, to within one, lie below any bound.
        So it is, to within one, in each group of 128 paths from the first on, for runs that end within a block: each
        group has one path in every 128th of the law.

        References
        ----------
        McKay, Beckman and Conover (1979), "A comparison of three methods for selecting values of input variables in
        the analysis of output from a computer code", Technometrics 21(2).
        """
        if self.events == "independent":
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


def as_entropy(where: str, rng: object) -> int:
    """The seed of a run as one integer, which gives the same run when passed as ``rng`` again.

    Takes what SPEC 7 names: an integer, a `numpy.random.SeedSequence`, a `numpy.random.Generator` (which advances), or
    None for fresh entropy.
    """
    if rng is None:
        return int(np.random.SeedSequence().generate_state(2, np.uint64)[0])
    if isinstance(rng, np.random.SeedSequence):
        return int.from_bytes(rng.generate_state(4, np.uint32).tobytes(), "little")
    if isinstance(rng, np.random.Generator):
        return int.from_bytes(rng.bytes(16), "little")
    return checks.integer(where, rng, 0, _ENTROPY_LIMIT - 1)
