"""Drawing prices: four correlated lognormal levels, by the library and by others; nothing is done with them."""

import math
from typing import NamedTuple

import numpy as np

from benchmarks.kernels_common import FloatArray, compiled
from benchmarks.sides import generator
from benchmarks.timing import ratio, take_turns
from benchmarks.worlds import SEED
from stakingmodels.engine.simulation import GROUP
from stakingmodels.market import Difficulty, Factor, Price, TimeGrid
from stakingmodels.rates import DAYS_PER_YEAR
from stakingmodels.scenarios import GBM, GeometricBrownianMotion, Streams
from stakingmodels.tables import Table

GRID = TimeGrid.daily("2025-11-19", days=365)
STEPS = GRID.n_steps
_ETH, _BTC, _SOL, _WORK = Price("ETH"), Price("BTC"), Price("SOL"), Difficulty("BTC")
LEVELS: dict[Factor, GBM] = {
    _ETH: GBM(initial_level=3000.0, volatility=0.70),
    _BTC: GBM(initial_level=90_000.0, volatility=0.52),
    _SOL: GBM(initial_level=140.0, volatility=0.99),
    _WORK: GBM(initial_level=1.5e14, volatility=0.23, drift=0.40),
}
CORRELATION: dict[tuple[Factor, Factor], float] = {
    (_ETH, _BTC): 0.84,
    (_ETH, _SOL): 0.74,
    (_BTC, _SOL): 0.74,
    (_ETH, _WORK): 0.26,
    (_BTC, _WORK): 0.31,
    (_SOL, _WORK): 0.29,
}
FEW_PATHS = 256
"""Paths that QuantLib and a loop over paths draw; their time is scaled to those of the others."""


class Numbers(NamedTuple):
    """The levels as arrays, one entry a level: at the start, and scale and drift of a day; the root of correlation."""

    start: FloatArray
    scale: FloatArray
    drift: FloatArray
    root: FloatArray


def correlation() -> FloatArray:
    """The matrix of `CORRELATION`."""
    order, matrix = list(LEVELS), np.eye(len(LEVELS))
    for (a, b), rho in CORRELATION.items():
        i, j = order.index(a), order.index(b)
        matrix[i, j] = matrix[j, i] = rho
    return matrix


def numbers() -> Numbers:
    """The levels' law for those who take arrays."""
    diffusions, years = LEVELS.values(), 1.0 / DAYS_PER_YEAR
    return Numbers(
        np.array([d.initial_level for d in diffusions]),
        np.array([d.volatility for d in diffusions]) * math.sqrt(years),
        np.array([d.drift - 0.5 * d.volatility**2 for d in diffusions]) * years,
        np.linalg.cholesky(correlation()),
    )


def library(paths: int, noise: str) -> None:
    """Chunk by chunk, in blocks of paths."""
    scenario, factors = GeometricBrownianMotion(LEVELS, correlation=CORRELATION), frozenset(LEVELS)
    for block in range(paths // GROUP):
        streams = Streams(SEED, first_path=GROUP * block, precision=noise)
        for _ in scenario.market(GRID, factors, streams=streams, n_paths=GROUP).chunks():
            pass


@compiled
def kernel(rng: np.random.Generator, law: Numbers, n_steps: int, last: FloatArray) -> None:
    """Path by path, into rows that stay in the innermost cache; the last of each level is kept."""
    rows = np.empty((4, n_steps + 1))
    root, scale, drift = law.root, law.scale, law.drift
    r10, r11, r20, r21, r22 = root[1, 0], root[1, 1], root[2, 0], root[2, 1], root[2, 2]
    r30, r31, r32, r33 = root[3, 0], root[3, 1], root[3, 2], root[3, 3]
    s0, s1, s2, s3 = scale[0], scale[1], scale[2], scale[3]
    d0, d1, d2, d3 = drift[0], drift[1], drift[2], drift[3]
    for path in range(last.shape[1]):
        x0, x1, x2, x3 = law.start[0], law.start[1], law.start[2], law.start[3]
        rows[0, 0], rows[1, 0], rows[2, 0], rows[3, 0] = x0, x1, x2, x3
        for k in range(1, n_steps + 1):
            z0, z1 = rng.standard_normal(), rng.standard_normal()
            z2, z3 = rng.standard_normal(), rng.standard_normal()
            x0 *= math.exp(s0 * z0 + d0)
            x1 *= math.exp(s1 * (r10 * z0 + r11 * z1) + d1)
            x2 *= math.exp(s2 * (r20 * z0 + r21 * z1 + r22 * z2) + d2)
            x3 *= math.exp(s3 * (r30 * z0 + r31 * z1 + r32 * z2 + r33 * z3) + d3)
            rows[0, k], rows[1, k], rows[2, k], rows[3, k] = x0, x1, x2, x3
        for level in range(4):
            last[level, path] = rows[level, n_steps]


def naive(rng: np.random.Generator, law: Numbers, paths: int) -> FloatArray:
    """Whole arrays at once, as one writes it in a notebook: (level, step, path), without the opening."""
    normals = np.tensordot(law.root, rng.standard_normal((len(law.start), STEPS, paths)), 1)
    moves = law.drift[:, None, None] + law.scale[:, None, None] * normals
    return law.start[:, None, None] * np.exp(np.cumsum(moves, axis=1))


def naive_by_path(rng: np.random.Generator, law: Numbers, paths: int) -> FloatArray:
    """The same path by path, in a loop of Python: (level, path), the last of each level."""
    last = np.empty((len(law.start), paths))
    for path in range(paths):
        normals = law.root @ rng.standard_normal((len(law.start), STEPS))
        moves = law.drift[:, None] + law.scale[:, None] * normals
        last[:, path] = (law.start[:, None] * np.exp(np.cumsum(moves, axis=1)))[:, -1]
    return last


class QuantLibPaths:
    """QuantLib's generator of correlated paths of geometric Brownian motions."""

    def __init__(self) -> None:
        import QuantLib as ql  # noqa: N813  # its own name for itself

        processes = [ql.GeometricBrownianMotionProcess(d.initial_level, d.drift, d.volatility) for d in LEVELS.values()]
        joint = ql.StochasticProcessArray(processes, correlation().tolist())
        uniforms = ql.UniformRandomSequenceGenerator(len(LEVELS) * STEPS, ql.UniformRandomGenerator(SEED))
        times = [day / DAYS_PER_YEAR for day in GRID.elapsed_days.tolist()]
        self._generator = ql.GaussianMultiPathGenerator(joint, times, ql.GaussianRandomSequenceGenerator(uniforms))

    def fill(self, out: FloatArray) -> None:
        """Draw paths into ``(path, level, time)``."""
        for path in out:
            drawn = self._generator.next().value()
            for level, row in enumerate(path):
                row[:] = drawn[level]

    def drop(self, paths: int) -> None:
        """Draw paths, and do not look at them."""
        for _ in range(paths):
            self._generator.next()


def report(blocks: int, rounds: int) -> str:
    """The table of times over the library's."""
    paths, law, rng, quantlib = blocks * GROUP, numbers(), generator(), QuantLibPaths()
    last, few = np.empty((len(LEVELS), paths)), np.empty((FEW_PATHS, len(LEVELS), STEPS + 1))
    calls = {
        "the library": lambda: library(paths, "float64"),
        "the library, float32 normals": lambda: library(paths, "float32"),
        "numba kernel": lambda: kernel(rng, law, STEPS, last),
        "numpy, whole arrays": lambda: naive(rng, law, paths),
        "numpy, path by path": lambda: naive_by_path(rng, law, FEW_PATHS),
        "QuantLib, paths into numpy": lambda: quantlib.fill(few),
        "QuantLib, paths dropped": lambda: quantlib.drop(FEW_PATHS),
    }
    seconds = dict(zip(calls, take_turns(tuple(calls.values()), rounds=rounds), strict=True))
    for case in calls:
        if case.startswith(("QuantLib", "numpy, path")):
            seconds[case] *= paths / FEW_PATHS
    ours = seconds["the library"]
    rows = [
        (case, f"{len(LEVELS) * paths * STEPS / float(np.median(took)) / 1e6:.1f}", str(ratio(took, ours)))
        for case, took in seconds.items()
    ]
    return Table(
        "", (f"{len(LEVELS)} correlated prices", "million levels/s", "time over the library's"), rows
    ).to_text()
