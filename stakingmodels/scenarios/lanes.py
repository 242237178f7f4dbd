"""Lanes: groups of 512 paths, each with random numbers of its own, so that a run draws no more than it needs."""

import hashlib
import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from stakingmodels._types import FloatArray
from stakingmodels.scenarios.normals import box_muller_float32

LANE = 512
"""Paths in a lane; part of the seed contract, so it is never adapted to the machine."""
_GROUP = 16  # lanes worked on together, so that a chunk of them stays in the cache of a core
_NO_BUFFER = np.zeros(4, dtype=np.uint64)

Raw = np.ndarray[Any, np.dtype[Any]]
"""Draws of all lanes, ``(n_lanes, n_rows, 512)``, in float64 or float32."""


def lanes_of(n_paths: int) -> int:
    """Number of lanes that hold so many paths."""
    return -(-n_paths // LANE)


class LaneDraws:
    """Draws of one name, row after row, from an SFC64 generator for each lane: keyed by seed, name and lane.

    Rows are the same however many are drawn at once.
    """

    def __init__(self, entropy: int, name: str, first_lane: int, n_lanes: int) -> None:
        digest = hashlib.blake2b(name.encode(), digest_size=8).digest()
        words = [int.from_bytes(digest[:4], "little"), int.from_bytes(digest[4:], "little")]
        keys = ((*words, lane) for lane in range(first_lane, first_lane + n_lanes))
        seeds = (np.random.SeedSequence(entropy, spawn_key=key) for key in keys)
        self._generators = [np.random.Generator(np.random.SFC64(seed)) for seed in seeds]

    def fill_uniforms(self, out: Raw) -> None:
        """Uniforms in [0, 1), in float64."""
        for generator, rows in zip(self._generators, out, strict=True):
            generator.random(out=rows)

    def fill_normals(self, out: Raw) -> None:
        """Standard normals, in the precision of `out`.

        In float64 they are numpy's own (the ziggurat of Marsaglia and Tsang 2000): the same on every machine.
        """
        for generator, rows in zip(self._generators, out, strict=True):
            if out.dtype == np.float32:
                bits = generator.bit_generator.random_raw(rows.size // 2).view(np.uint32)
                np.copyto(rows.view(np.uint32), bits.reshape(rows.shape))
            else:
                generator.standard_normal(out=rows)
        if out.dtype == np.float32:
            for first in range(0, len(out), _GROUP):
                box_muller_float32(out[first : first + _GROUP])


def spans(out: FloatArray, *draws: Raw) -> Iterator[tuple[FloatArray, ...]]:
    """Places of an array and the draws that belong there, ``(n_rows, n_lanes, width)`` each.

    First those of whole lanes, then those of a lane that is cut.

    Parameters
    ----------
    out
        ``(n_rows, n_paths)``.
    draws
        ``(n_lanes, n_rows, 512)`` each.
    """
    n_rows, n_paths = out.shape
    whole, rest = divmod(n_paths, LANE)
    if whole:
        places = out[:, : whole * LANE].reshape(n_rows, whole, LANE)
        yield places, *(each[:whole].transpose(1, 0, 2) for each in draws)
    if rest:
        yield out[:, None, whole * LANE :], *(each[whole:, :, :rest].transpose(1, 0, 2) for each in draws)


class Workspace:
    """Arrays that are used again and again, so that they stay in the cache of a core."""

    def __init__(self) -> None:
        self._arrays: dict[int, FloatArray] = {}

    def take(self, number: int, shape: tuple[int, ...]) -> FloatArray:
        """The array of a number, in a shape; what it holds is of no meaning."""
        size = math.prod(shape)
        if number not in self._arrays or self._arrays[number].size < size:
            self._arrays[number] = np.empty(size)
        return self._arrays[number][:size].reshape(shape)


class KeyedDraws:
    """Draws of one name that are keyed by seed, name, number and lane, where the number is that of a step, say.

    One Philox generator is set to each key in turn, which costs a tenth of making one.
    """

    def __init__(self, entropy: int, name: str, first_lane: int, n_lanes: int) -> None:
        digest = hashlib.blake2b(entropy.to_bytes(16, "little") + name.encode(), digest_size=16).digest()
        self._philox = np.random.Philox(0)
        self._counter = np.zeros(4, dtype=np.uint64)
        self._state: Any = {
            "bit_generator": "Philox",
            "state": {"counter": self._counter, "key": np.frombuffer(digest, dtype="<u8").astype(np.uint64)},
            "buffer": _NO_BUFFER,
            "buffer_pos": 4,
            "has_uint32": 0,
            "uinteger": 0,
        }
        self._generator = np.random.Generator(self._philox)
        self._first = first_lane
        self.n_lanes = n_lanes

    def each_lane(self, number: int) -> Iterator[np.random.Generator]:
        """The generator at the key of each lane in turn; to be used before the next is asked for."""
        for lane in range(self._first, self._first + self.n_lanes):
            self._counter[2], self._counter[3] = number, lane
            self._philox.state = self._state
            yield self._generator

    def uniforms(self, number: int, shape: tuple[int, ...] = (LANE,)) -> FloatArray:
        """Uniforms in [0, 1), ``(n_lanes, *shape)``; a larger first length of the shape only adds to them."""
        drawn = np.empty((self.n_lanes, *shape))
        for rows, generator in zip(drawn, self.each_lane(number), strict=False):
            generator.random(out=rows)
        return drawn
