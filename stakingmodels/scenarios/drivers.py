"""`Drivers`: the standard normal noises of a scenario, correlated in a declared order.

And `Noise`, which draws them.
"""

from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray
from stakingmodels.market import Factor
from stakingmodels.scenarios.streams import BLOCK, Streams
from stakingmodels.series import FrozenMap, Sealed, frozen

Correlation = Mapping[tuple[Factor, Factor], float]
_HOW = '{(Price("ETH"), Price("BTC")): 0.84}'


@attrs.frozen(eq=False)
class Drivers(Sealed):
    """Noises by the factor that each drives, and their correlations.

    Parameters
    ----------
    factors
        Names of the noises, in the order of the Cholesky factor: the first is drawn as it is.
    correlation
        Pairs of factors -> correlation in (-1, 1); pairs that are not named have 0.
    where
        Beginning of messages.

    Raises
    ------
    InputError
        Where the correlations are not those of any random variables (not positive definite).
    """

    factors: tuple[Factor, ...] = ()
    correlation: Correlation = attrs.field(factory=dict)
    where: str = attrs.field(default="Drivers", kw_only=True)
    _root: FloatArray = attrs.field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        checks.instance(f"{self.where}.correlation", self.correlation, Mapping, f"a mapping such as {_HOW}")
        object.__setattr__(self, "_root", frozen(_cholesky(self.where, self.factors, self.correlation)))
        object.__setattr__(self, "correlation", FrozenMap(self.correlation))

    def noise(self, streams: Streams, n_paths: int) -> "Noise":
        """Noises of one block of paths."""
        return Noise(self.factors, self._root, streams, n_paths)


class Noise:
    """Correlated standard normals, chunk by chunk; every source of a market reads the same chunk in turn.

    A raw noise is drawn by the stream ``noise:<factor>`` for the whole block, when a chunk first needs it, so that it
    does not depend on other factors read.
    """

    def __init__(self, factors: tuple[Factor, ...], root: FloatArray, streams: Streams, paths: int) -> None:
        self._factors = factors
        self._root = root
        self._streams = streams
        self._paths = paths
        self._chunk = (0, 0)
        self._draws: dict[int, np.random.Generator] = {}
        self._buffers: dict[int, np.ndarray[tuple[int, int], np.dtype[Any]]] = {}
        self._drawn: set[int] = set()
        self._tmp: FloatArray = np.empty((0, paths))

    def fill(self, factor: Factor, start: int, stop: int, out: FloatArray, scale: float | FloatArray = 1.0) -> None:
        """Write the noise of the steps [start, stop), times a scale, into `out`, ``(stop - start, n_paths)``.

        Steps are read in order; step 0 starts over with the same numbers.

        Parameters
        ----------
        scale
            One number, or one for each step, ``(stop - start, 1)``.
        """
        if (start, stop) != self._chunk:
            self._chunk = (start, stop)
            self._drawn.clear()
            if start == 0:
                self._draws.clear()
        i = self._factors.index(factor)
        np.multiply(self._raw(i, stop - start), self._root[i, i] * scale, out=out)
        if self._tmp.shape[0] < len(out):
            self._tmp = np.empty(out.shape)
        tmp = self._tmp[: len(out)]
        for j in range(i):
            if self._root[i, j] != 0.0:
                np.multiply(self._raw(j, stop - start), self._root[i, j] * scale, out=tmp)
                np.add(out, tmp, out=out)

    def _raw(self, i: int, n: int) -> Any:
        """Uncorrelated noise of a driver in this chunk, ``(n, n_paths)``."""
        if i not in self._drawn:
            self._drawn.add(i)
            if i not in self._draws:
                self._draws[i] = self._streams(f"noise:{self._factors[i].stream_name}")
            if i not in self._buffers or len(self._buffers[i]) < n:
                self._buffers[i] = np.empty((n, BLOCK), dtype=self._streams.precision)
            draw = _box_muller_float32 if self._streams.precision == "float32" else _box_muller
            draw(self._draws[i], self._buffers[i][:n])
        return self._buffers[i][:n, : self._paths]


def _box_muller(draws: np.random.Generator, rows: FloatArray) -> None:
    """Fill rows with standard normals, half of each row from radius and half from angle.

    ``r cos(2 pi v)`` and ``r sin(2 pi v)`` with ``r = sqrt(-2 log(u))``, of two uniforms (Box and Muller 1958). In
    these functions numpy works on several values at a time, which it cannot do for its own standard normals. Neither
    can it for cosine and sine in double precision: both come from ``t = tan(pi v)``, as ``2 / (1 + t**2) - 1`` and
    ``2 t / (1 + t**2)``. None is beyond 8.6, since a uniform has 53 bits.
    """
    draws.random(out=rows)
    radius, angle = np.moveaxis(rows.reshape(len(rows), 2, -1), 1, 0)
    np.subtract(1.0, radius, out=radius)  # in (0, 1]
    np.log(radius, out=radius)
    np.multiply(radius, -8.0, out=radius)
    np.sqrt(radius, out=radius)  # 2 r
    np.multiply(angle, np.pi, out=angle)
    np.tan(angle, out=angle)
    tmp = np.multiply(angle, angle)
    np.add(tmp, 1.0, out=tmp)
    np.divide(radius, tmp, out=tmp)
    np.multiply(angle, tmp, out=angle)
    np.multiply(radius, -0.5, out=radius)
    np.add(radius, tmp, out=radius)


def _box_muller_float32(draws: np.random.Generator, rows: FloatArray) -> None:
    """Fill rows with standard normals in single precision.

    None is beyond 5.8, since a uniform has 24 bits, two of them from one raw draw.
    """
    bits = draws.bit_generator.random_raw(rows.size // 2).view(np.uint32)
    np.copyto(rows, np.right_shift(bits, 8, out=bits).reshape(rows.shape), casting="unsafe")  # exact below 2**24
    radius, angle = np.moveaxis(rows.reshape(len(rows), 2, -1), 1, 0)
    np.add(radius, np.float32(1.0), out=radius)
    np.multiply(radius, np.float32(2.0**-24), out=radius)  # in (0, 1]
    np.log(radius, out=radius)
    np.multiply(radius, np.float32(-2.0), out=radius)
    np.sqrt(radius, out=radius)
    np.multiply(angle, np.float32(2.0 * np.pi * 2.0**-24), out=angle)
    cosine = np.cos(angle)
    np.sin(angle, out=angle)
    np.multiply(angle, radius, out=angle)
    np.multiply(radius, cosine, out=radius)


def _cholesky(where: str, factors: tuple[Factor, ...], correlation: Correlation) -> FloatArray:
    """Lower root of the correlation matrix, by plain loops: BLAS would change bits between machines."""
    n = len(factors)
    matrix = np.eye(n)
    for pair, value in correlation.items():
        i, j = _positions(where, pair, factors)
        named = f"{where}.correlation[{factors[i]}, {factors[j]}]"
        rho = checks.real(named, value)
        if not -1.0 < rho < 1.0:
            alike = "two that move as one: write 0.9999" if rho == 1.0 else ""
            checks.refuse(named, "must be in (-1, 1)", value, alike or checks.fraction_hint(abs(rho)))
        if (factors[j], factors[i]) in correlation:
            checks.refuse(named, "must be given once for a pair, in either order", value)
        matrix[i, j] = matrix[j, i] = rho
    root = np.zeros((n, n))
    for i in range(n):
        for j in range(i + 1):
            rest = matrix[i, j] - sum(root[i, m] * root[j, m] for m in range(j))
            if i == j and rest <= 0.0:
                rule = f"must be positive definite; those of {factors[i]} contradict the ones before"
                row = ", ".join(f"{factors[m]}: {matrix[i, m]:g}" for m in range(i))
                checks.refuse(f"{where}.correlation", rule, row, "bring them closer to 0")
            root[i, j] = np.sqrt(rest) if i == j else rest / root[j, j]
    return root


def _positions(where: str, pair: object, factors: tuple[Factor, ...]) -> tuple[int, int]:
    if not isinstance(pair, tuple) or len(pair) != 2:
        checks.refuse_type(f"{where}.correlation", f"must have pairs of factors as keys; write {_HOW}", pair)
    first, second = pair
    if first not in factors or second not in factors or first == second:
        rule = "must name two different random factors of this scenario"
        known = ", ".join(map(str, factors)) or "none"
        checks.refuse(f"{where}.correlation", rule, f"{first}, {second}", f"it has {known}")
    return factors.index(first), factors.index(second)
