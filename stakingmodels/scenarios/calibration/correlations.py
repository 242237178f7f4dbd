"""Correlations that are those of some random variables, and correlations between jumps that make up a given total."""

from collections.abc import Mapping

import attrs
import numpy as np

from stakingmodels.errors import InputError
from stakingmodels.market import Factor
from stakingmodels.scenarios.calibration.estimates import Estimate, GBMFit, JumpFit
from stakingmodels.scenarios.drivers import Drivers

Pairs = Mapping[tuple[Factor, Factor], Estimate]
_HALVINGS = 30


def moved_back(wanted: Pairs, measured: Pairs, factors: tuple[Factor, ...]) -> Pairs:
    """Correlations as wanted, or as near to them, from those measured, as some random variables can have.

    The distance to those measured is halved until the matrix is positive definite.
    """
    moved = dict(wanted)
    for _ in range(_HALVINGS):
        try:
            Drivers(factors, {pair: rho.value for pair, rho in moved.items()})
        except InputError:
            moved = {p: attrs.evolve(x, value=0.5 * (x.value + measured[p].value)) for p, x in moved.items()}
        else:
            return moved
    return measured


def between_jumps(
    whole: Pairs,
    measured: Pairs,
    levels: Mapping[Factor, GBMFit],
    jumps: Mapping[Factor, JumpFit],
    size_correlation: float,
) -> Pairs:
    """Correlations of the diffusions with which log returns, jumps included, have given correlations.

    All jumps of the rarer of two levels are at times of the other's, so that with the jump intensities ``l``, means
    ``m``, deviations ``s`` and volatilities ``v`` between jumps of two levels, and the correlation ``r`` of sizes::

        rho_total sqrt(V1 V2) = rho v1 v2 + min(l1, l2) (m1 m2 + r s1 s2),   V = v**2 + l (m**2 + s**2)

    Parameters
    ----------
    whole
        Correlations of all days, jumps included.
    measured
        Correlations of the days without a jump, towards which those found are moved if they contradict each other.
    levels, jumps
        Diffusion of each level, and the jumps of those that jump.
    size_correlation
        Correlation of the logarithms of two levels' jumps at a common time.
    """
    laws = {factor: _law(level, jumps.get(factor)) for factor, level in levels.items()}
    wanted = {}
    for (a, b), rho in whole.items():
        (v1, l1, m1, s1), (v2, l2, m2, s2) = laws[a], laws[b]
        total = np.sqrt((v1**2 + l1 * (m1**2 + s1**2)) * (v2**2 + l2 * (m2**2 + s2**2)))
        together = min(l1, l2) * (m1 * m2 + size_correlation * s1 * s2)
        value = float((rho.value * total - together) / (v1 * v2)) if v1 * v2 > 0.0 else rho.value
        wanted[a, b] = attrs.evolve(measured[a, b], value=value)
    return moved_back(wanted, measured, tuple(levels))


def _law(level: GBMFit, jumps: JumpFit | None) -> tuple[float, float, float, float]:
    """Volatility between jumps, and intensity, mean and deviation of the jumps."""
    if jumps is None:
        return level.volatility.value, 0.0, 0.0, 0.0
    law = (jumps.volatility, jumps.jump_intensity, jumps.mean, jumps.standard_deviation)
    volatility, intensity, mean, deviation = (each.value for each in law)
    return volatility, intensity, mean, deviation
