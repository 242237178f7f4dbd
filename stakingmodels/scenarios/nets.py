"""Points of randomized Sobol' sequences: uniforms of paths that fill the unit cube evenly."""

import functools
import hashlib
import operator

import numpy as np

from stakingmodels._types import FloatArray
from stakingmodels.laws.normal import normal_quantile

Words = np.ndarray[tuple[int, ...], np.dtype[np.uint32]]

# Primitive polynomials over GF(2), their bits from the highest power down, and first direction numbers: Joe and Kuo,
# file new-joe-kuo-6.21201 of 16 September 2010, dimensions 2 to 37. The first dimension is van der Corput's.
_POLYNOMIALS = (
    3, 7, 11, 13, 19, 25, 37, 41, 47, 55, 59, 61, 67, 91, 97, 103, 109, 115, 131, 137, 143, 145, 157, 167, 171, 185,
    191, 193, 203, 211, 213, 229, 239, 241, 247, 253,
)  # fmt: skip
_FIRST = (
    (1,), (1, 3), (1, 3, 1), (1, 1, 1), (1, 1, 3, 3), (1, 3, 5, 13), (1, 1, 5, 5, 17), (1, 1, 5, 5, 5),
    (1, 1, 7, 11, 19), (1, 1, 5, 1, 1), (1, 1, 1, 3, 11), (1, 3, 5, 5, 31), (1, 3, 3, 9, 7, 49),
    (1, 1, 1, 15, 21, 21), (1, 3, 1, 13, 27, 49), (1, 1, 1, 15, 7, 5), (1, 3, 1, 15, 13, 25), (1, 1, 5, 5, 19, 61),
    (1, 3, 7, 11, 23, 15, 103), (1, 3, 7, 13, 13, 15, 69), (1, 1, 3, 13, 7, 35, 63), (1, 3, 5, 9, 1, 25, 53),
    (1, 3, 1, 13, 9, 35, 107), (1, 3, 1, 5, 27, 61, 31), (1, 1, 5, 11, 19, 41, 61), (1, 3, 5, 3, 3, 13, 69),
    (1, 1, 7, 13, 1, 19, 1), (1, 3, 7, 5, 13, 19, 59), (1, 1, 3, 9, 25, 29, 41), (1, 3, 5, 13, 23, 1, 55),
    (1, 3, 7, 3, 13, 59, 17), (1, 3, 1, 3, 5, 53, 69), (1, 1, 5, 5, 23, 33, 13), (1, 1, 7, 7, 1, 61, 123),
    (1, 1, 7, 9, 13, 61, 49), (1, 3, 3, 5, 3, 55, 33),
)  # fmt: skip
N_DIMENSIONS = 1 + len(_POLYNOMIALS)
"""Dimensions of the sequence."""
_EVENTS = (18, 20, 22, 23, 24, 27, 29, 30, 31, 34, 36)
# Dimensions of events: each is even together with each of the first five, which are those of prices at the exit: of
# 2**m points, for m = 7, 9, 11 and 13, one is in each box of 2**(4 - m) at most, at whose sides (t is 4 at most).
_BITS = 32
_SWAPS = tuple(
    (np.uint32(shift), np.uint32(mask))
    for shift, mask in ((1, 0x55555555), (2, 0x33333333), (4, 0x0F0F0F0F), (8, 0x00FF00FF), (16, 0x0000FFFF))
)
_EVEN = tuple(np.uint32(factor) for factor in (0x6C50B47C, 0xB82F1E52, 0xC7AFE638, 0x8D22F6E6))


class Net:
    """Uniforms of some paths by name and dimension, each uniform in (0, 1) by itself, and those of a replicate even.

    Of the paths, every `n_replicates`-th belongs to one replicate, and its k-th path takes the k-th point: so a run is
    the beginning of a longer one. Owen's nested scrambling, by seed, name, dimension and replicate, makes each point
    uniform, and replicates independent of each other.

    Two names may take the same dimension. In the order that names share, they then avoid each other or meet more often
    than they should in one replicate, never over many: an even pair of dimensions is better. A name may also have an
    order of its own: the number k is multiplied by a random upper triangular matrix of bits, by seed and name, which
    keeps each aligned block of 2**m points a net, so that no name needs to know of others.

    Parameters
    ----------
    entropy
        The seed.
    first_path, n_paths
        Number of the first path, a multiple of the replicates, and number of paths.
    n_replicates
        Number of replicates, a power of two.

    References
    ----------
    Sobol' (1967); Joe and Kuo (2008), "Constructing Sobol sequences with better two-dimensional projections", SIAM
    Journal on Scientific Computing 30(5). Owen (1995), "Randomly permuted (t,m,s)-nets and (t,s)-sequences". Burley
    (2020), "Practical hash-based Owen scrambling", Journal of Computer Graphics Techniques 9(4), for a scrambling by
    few multiplications: of the bits from the first digit up, each is changed by itself and by those before it.
    """

    def __init__(self, entropy: int, first_path: int, n_paths: int, n_replicates: int) -> None:
        self._entropy = entropy.to_bytes(16, "little")
        self._first = first_path // n_replicates
        self._n_points = -(-n_paths // n_replicates)
        self._n_paths = n_paths
        self._n_replicates = n_replicates

    def uniforms(self, name: str, dimension: int = 0, *, shared: bool = False) -> FloatArray:
        """Uniforms in (0, 1) of all paths, ``(n_paths,)``, in the order of the name or in that which names share."""
        key = f"{dimension}:{int(shared)}:{name}"
        drawn = self._points(None if shared else name, dimension)[:, None] + self._seeds(key, 0)
        for number, factor in enumerate(_EVEN, 1):
            drawn ^= drawn * factor  # an even factor: a bit is changed by lower ones, which are earlier digits, alone
            drawn += self._seeds(key, number)
        digits = _reversed(drawn.reshape(-1)[: self._n_paths])
        return (digits.astype(np.float64) + 0.5) * 2.0**-_BITS

    def normals(self, name: str, dimension: int = 0, *, shared: bool = False) -> FloatArray:
        """Standard normals of all paths, ``(n_paths,)``, none beyond 6.3."""
        return normal_quantile(self.uniforms(name, dimension, shared=shared))

    def of_event(self, name: str) -> FloatArray:
        """Uniforms in (0, 1) of an event, ``(n_paths,)``: of one of 11 dimensions that are even with those of prices.

        Which one the name says. Two events may have the same. Then they avoid each other or meet too often within a
        replicate, and figures of a product that both strike often may be worse than those of independent paths.
        """
        which = hashlib.blake2b(name.encode(), digest_size=8).digest()[0] % len(_EVENTS)
        return self.uniforms(name, _EVENTS[which], shared=True)

    def _points(self, name: str | None, dimension: int) -> Words:
        """Digits of the points that these paths take, unscrambled, the first digit in the lowest bit."""
        last = self._first + self._n_points - 1
        columns = _columns(self._entropy, name, dimension, last.bit_length())
        n_low = min((self._n_points - 1).bit_length(), len(columns))
        table = np.zeros(1, dtype=np.uint32)
        for column in columns[:n_low]:
            table = np.concatenate([table, table ^ np.uint32(column)])
        parts = []
        for block in range(self._first >> n_low, (last >> n_low) + 1):  # two at most
            high = functools.reduce(
                operator.xor, (column for bit, column in enumerate(columns[n_low:]) if block >> bit & 1), 0
            )
            start, stop = (min(max(number - (block << n_low), 0), table.size) for number in (self._first, last + 1))
            parts.append(table[start:stop] ^ np.uint32(high))
        return np.concatenate(parts)

    def _seeds(self, key: str, number: int) -> Words:
        """Seeds of the replicates for one round of the scrambling, ``(n_replicates,)``."""
        digest = hashlib.shake_128(self._entropy + f"scrambling:{number}:{key}".encode())
        return np.frombuffer(digest.digest(4 * self._n_replicates), dtype="<u4").astype(np.uint32)


def _columns(entropy: bytes, name: str | None, dimension: int, n: int) -> list[int]:
    """First columns of the generating matrix of a dimension, the first digit lowest; in the order of a name, if any."""
    plain = directions(dimension)[:n]
    if name is None:
        return list(plain)
    drawn = np.frombuffer(hashlib.shake_128(entropy + f"order:{name}".encode()).digest(4 * _BITS), dtype="<u4")
    rows = ((each for row, each in enumerate(plain[:k]) if bits >> row & 1) for k, bits in enumerate(drawn.tolist()))
    return [functools.reduce(operator.xor, more, column) for column, more in zip(plain, rows, strict=False)]


@functools.cache
def directions(dimension: int) -> tuple[int, ...]:
    """Direction numbers of a dimension of Sobol's sequence: 32 of 32 bits, the first digit lowest."""
    if dimension == 0:
        return tuple(1 << k for k in range(_BITS))
    polynomial, numbers = _POLYNOMIALS[dimension - 1], list(_FIRST[dimension - 1])
    degree = len(numbers)
    for k in range(degree, _BITS):
        found = numbers[k - degree] ^ (numbers[k - degree] << degree)
        for j in range(1, degree):
            if polynomial >> (degree - j) & 1:
                found ^= numbers[k - j] << j
        numbers.append(found)
    return tuple(int(f"{number:0{k + 1}b}"[::-1], 2) for k, number in enumerate(numbers))


def _reversed(words: Words) -> Words:
    """Words with their bits in the opposite order."""
    for shift, mask in _SWAPS:
        words = ((words >> shift) & mask) | ((words & mask) << shift)
    return words
