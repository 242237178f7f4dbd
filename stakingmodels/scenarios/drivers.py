"""`Drivers`: the standard normal noises of a scenario, correlated in a declared order.

And `Noise`, which draws them.
"""

from collections.abc import Iterator, Mapping

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray
from stakingmodels.market import Factor, TimeGrid
from stakingmodels.scenarios.bridge import Bridge
from stakingmodels.scenarios.lanes import LANE, LaneDraws, Raw, Workspace, lanes_of
from stakingmodels.scenarios.streams import Streams, net_of
from stakingmodels.series import FrozenMap, Sealed, frozen

Correlation = Mapping[tuple[Factor, Factor], float]
_CELLS = 65_536  # numbers worked on together
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

    def noise(self, streams: Streams, n_paths: int, grid: TimeGrid | None = None) -> "Noise":
        """Noises of the paths of one market.

        Parameters
        ----------
        streams, n_paths
            Random numbers of the paths, and their number.
        grid
            The times, at some of which quasi-random streams set the sums of each noise; None: all independent.
        """
        return Noise(self.factors, self._root, streams, n_paths, grid)


class Noise:
    """Correlated standard normals, chunk by chunk; every source of a market reads the same chunk in turn.

    A raw noise is drawn by the stream ``noise:<factor>``, when a chunk first needs it, so that it does not depend on
    other factors read. Quasi-random streams set the sums of each raw noise at the knots of the grid (`Bridge`).
    """

    def __init__(
        self,
        factors: tuple[Factor, ...],
        root: FloatArray,
        streams: Streams,
        paths: int,
        grid: TimeGrid | None = None,
    ) -> None:
        self._factors = factors
        self._root = root
        self._streams = streams
        self._n_lanes = lanes_of(paths)
        self._grid = grid if streams.n_replicates else None
        self._chunk = (0, 0)
        self._draws: dict[int, LaneDraws] = {}
        self._bridges: dict[int, Bridge] = {}
        self._buffers: dict[int, Raw] = {}
        self._drawn: set[int] = set()
        self._tmp = Workspace()

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
        if factor not in self._factors:
            rule = f"{factor} must be among the drivers of the scenario"
            checks.refuse("Noise.fill", rule, tuple(map(str, self._factors)), f"Drivers(({factor},))")
        i, n = self._factors.index(factor), stop - start
        if out.shape[0] != n:
            checks.refuse("Noise.fill: out", f"must have a row for each of the {n} steps", out, "rows[factor][1:]")
        own, *others = (j for j in range(i, -1, -1) if self._root[i, j] != 0.0)
        scale = _one_number(scale)
        raws = [(self._raw(j, n), self._root[i, j] * scale) for j in (own, *reversed(others))]
        size = max(1, _CELLS // LANE)
        for k in range(0, n, size):
            rows = slice(k, k + size)
            self._mix(out[rows], [(raw[:, rows], by[rows] if isinstance(by, np.ndarray) else by) for raw, by in raws])

    def _mix(self, out: FloatArray, raws: list[tuple[Raw, float | FloatArray]]) -> None:
        """Write the sum of noises, each with its scale, into some rows.

        Some lanes at a time, so that the sum stays in the cache of a core; it is laid out as the noises are, since
        numpy is faster on numbers that stand side by side.
        """
        (first, by_first), *more = raws
        for lanes, width in _groups(out.shape[1], max(1, _CELLS // (out.shape[0] * LANE))):
            columns = slice(lanes.start * LANE, lanes.start * LANE + (lanes.stop - lanes.start) * width)
            places = out[:, columns].reshape(len(out), -1, width).transpose(1, 0, 2)
            if not more:
                np.multiply(first[lanes, :, :width], by_first, out=places)
                continue
            total, term = (self._tmp.take(number, places.shape) for number in (0, 2))
            np.multiply(first[lanes, :, :width], by_first, out=total)
            for number, (raw, by) in enumerate(more, 1):
                np.multiply(raw[lanes, :, :width], by, out=term)
                np.add(total, term, out=places if number == len(more) else total)

    def _raw(self, i: int, n: int) -> Raw:
        """Uncorrelated noise of a driver in this chunk, ``(n_lanes, n, 512)``."""
        if i not in self._drawn:
            self._drawn.add(i)
            if i not in self._draws:
                name = f"noise:{self._factors[i].stream_name}"
                first = self._streams.first_path // LANE
                self._draws[i] = LaneDraws(self._streams.entropy, name, first, self._n_lanes)
                if self._grid is not None:
                    net = net_of(self._streams, self._n_lanes * LANE)
                    self._bridges[i] = Bridge(self._grid, net, name, i, self._n_lanes)
            if i not in self._buffers or self._buffers[i].shape[1] < n:
                self._buffers[i] = np.empty((self._n_lanes, n, LANE), dtype=self._streams.precision)
            self._draws[i].fill_normals(self._buffers[i][:, :n])
            if i in self._bridges:
                self._bridges[i].pin(self._chunk[0], self._buffers[i][:, :n])
        return self._buffers[i][:, :n]


def _one_number(scale: float | FloatArray) -> float | FloatArray:
    """A scale that is the same for all steps as one number, which numpy multiplies by faster."""
    if isinstance(scale, np.ndarray) and scale.size and (scale == scale.flat[0]).all():
        return scale.flat[0]  # in the precision of the array
    return scale


def _groups(n_paths: int, size: int) -> Iterator[tuple[slice, int]]:
    """Groups of so many whole lanes, and then the one that is cut, each with the paths of a lane."""
    whole, rest = divmod(n_paths, LANE)
    for first in range(0, whole, size):
        yield slice(first, min(first + size, whole)), LANE
    if rest:
        yield slice(whole, whole + 1), rest


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
