"""First occurrences of events: unit exponentials of all paths, independent or stratified."""

import hashlib

import numpy as np

from stakingmodels._types import FloatArray
from stakingmodels.scenarios.lanes import LANE, KeyedDraws
from stakingmodels.scenarios.streams import Streams, keyed, net_of

_LEVELS = 24  # halvings of the law: 2**24 paths have a stratum each
_WEYL = np.uint64(0x9E3779B97F4A7C15)
_MIX = (np.uint64(30), np.uint64(0xBF58476D1CE4E5B9)), (np.uint64(27), np.uint64(0x94D049BB133111EB))
_FACTOR = np.uint64(0xD6E8FEB86659FD93)
_ONE, _HALF, _LAST = np.uint64(1), np.uint64(32), np.uint64(63)

Words = np.ndarray[tuple[int, ...], np.dtype[np.uint64]]


class Exponentials:
    """Unit exponentials of an event on each path, for its first occurrence, the second and so on.

    The first are independent, or stratified as the streams say: then each path by itself keeps its law, so that means
    and probabilities stay unbiased, but in every aligned group of 2**k paths there is one in each of 2**k equal strata.
    So the number of paths below any bound is its expectation, to within one. In a quasi-random run they are a dimension
    of its points, even together with those of prices. Later ones are independent.
    """

    def __init__(self, streams: Streams, name: str, n_paths: int) -> None:
        self._draws: KeyedDraws = keyed(streams, name, n_paths)
        self._ranks = None
        self._points = None
        if streams.n_replicates:
            self._points = net_of(streams, n_paths).of_event(name)
        elif streams.event_sampling == "stratified":
            self._ranks = ranks(streams.entropy, name, streams.first_path, self._draws.n_lanes * LANE)
        self._n_paths = n_paths

    def round(self, number: int) -> FloatArray:
        """Draws for the n-th occurrence, counted from 0, ``(n_paths,)``."""
        if number == 0 and self._points is not None:
            return -np.log(self._points)
        above_0 = np.subtract(1.0, self._draws.uniforms(number).reshape(-1)[: self._n_paths])
        if number == 0 and self._ranks is not None:
            np.add(above_0, self._ranks[: self._n_paths], out=above_0)
            np.multiply(above_0, 2.0**-_LEVELS, out=above_0)
        np.log(above_0, out=above_0)
        return np.subtract(0.0, above_0, out=above_0)  # 0 rather than -0


def ranks(entropy: int, name: str, first_path: int, n_paths: int) -> Words:
    """Strata of some paths, out of ``2**24``: a nested random permutation of the numbers of all paths.

    Digit k of a path's rank is bit k of its number, the lowest first, flipped or not at random: by name, k, the bits
    above k and the digits before. So in each aligned group of ``2**k`` paths, whose bits above agree, the first k
    digits take each value once; two paths that differ in an earlier digit are independent from there on; and for one
    path all flips are, so that its rank is uniform. No table is needed, and no path depends on how many there are.

    References
    ----------
    Owen (1995), "Randomly permuted (t,m,s)-nets and (t,s)-sequences", for the nesting.
    """
    digest = hashlib.blake2b(entropy.to_bytes(16, "little") + b"strata:" + name.encode(), digest_size=8).digest()
    keys = _mixed((np.arange(1, _LEVELS + 1, dtype=np.uint64) * _WEYL) + np.uint64(int.from_bytes(digest, "little")))
    paths = np.arange(first_path, first_path + n_paths, dtype=np.uint64)
    found: Words = np.zeros(n_paths, dtype=np.uint64)
    above = paths.copy()
    flips, tmp = np.empty_like(found), np.empty_like(found)
    for key in keys:
        np.right_shift(above, _ONE, out=above)
        first = int(above[0])
        groups = _mixed(np.arange(first + 1, int(above[-1]) + 2, dtype=np.uint64) * _WEYL + key)
        np.take(groups, (above - above[0]).astype(np.intp), out=flips, mode="clip")
        np.bitwise_xor(flips, np.multiply(found, _WEYL, out=tmp), out=flips)
        np.bitwise_xor(flips, np.right_shift(flips, _HALF, out=tmp), out=flips)
        np.multiply(flips, _FACTOR, out=flips)
        np.right_shift(flips, _LAST, out=flips)  # the highest bit, on which all others bear
        np.bitwise_xor(flips, np.bitwise_and(paths, _ONE, out=tmp), out=flips)
        np.right_shift(paths, _ONE, out=paths)
        np.left_shift(found, _ONE, out=found)
        np.bitwise_or(found, flips, out=found)
    return found


def _mixed(words: Words) -> Words:
    """Hashes of whole numbers: the finalizer of SplitMix64."""
    for shift, factor in _MIX:
        words = (words ^ (words >> shift)) * factor
    return words ^ (words >> np.uint64(31))
