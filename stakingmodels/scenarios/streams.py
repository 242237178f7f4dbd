"""Random streams keyed by seed, name and block, so that no number depends on who else draws, or when."""

import hashlib

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels.market.luck import BLOCK

NOISES = ("float64", "float32")
_ENTROPY_LIMIT = 2**128


@attrs.frozen
class Streams:
    """Generators for one block of paths.

    ``streams(name)`` is an SFC64 generator keyed by (entropy, blake2b(name), block): the same each time it is asked
    for, independent of every other name and block. What is drawn step by step is drawn for the whole block, 8,192
    paths wide, and then cut, so that a run of fewer paths is a prefix of a longer one.

    `noise` says how standard normals are drawn: in ``"float64"``, or in ``"float32"``, which is faster and has other
    numbers.
    """

    entropy: int
    block: int = 0
    noise: str = attrs.field(default="float64", validator=checks.field(checks.choice, NOISES))

    def __call__(self, name: str) -> np.random.Generator:
        """The generator of a name, at its beginning."""
        digest = hashlib.blake2b(name.encode(), digest_size=8).digest()
        words = [int.from_bytes(digest[:4], "little"), int.from_bytes(digest[4:], "little")]
        sequence = np.random.SeedSequence(self.entropy, spawn_key=(*words, self.block))
        return np.random.Generator(np.random.SFC64(sequence))

    @property
    def first_path(self) -> int:
        """Number of the block's first path."""
        return self.block * BLOCK


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
