"""Numbers of an assumption set drawn from their ranges, with the generator that is handed over."""

import math
from collections.abc import Callable, Mapping

import numpy as np

from stakingmodels import checks
from stakingmodels._types import RNGLike
from stakingmodels.assumptions.assumption import Assumption
from stakingmodels.assumptions.known import CHECKS, KINDS, NumberKind
from stakingmodels.errors import InputError

_BAND = 1.959963984540054
"""Quantile of the normal law at 97.5 %: half the width of a 95 % band, in standard deviations."""
_TRIES = 100
_HALVINGS = 30
CORRELATIONS = "world.correlation."
"""Beginning of the keys of correlations; the rest are the names of the two, such as ``eth_btc``."""
Scale = tuple[Callable[[float], float], Callable[[float], float]]
_LINEAR: Scale = (lambda x: x, lambda x: x)
_LOGARITHM: Scale = (math.log, math.exp)
_ODDS: Scale = (lambda x: math.log(x / (1.0 - x)), lambda y: 1.0 / (1.0 + math.exp(-y)))


def drawn(numbers: Mapping[str, Assumption], rng: RNGLike) -> dict[str, float]:
    """Values by key, one drawn from each range, by the law of `AssumptionSet.draw`."""
    streams = checks.generator("AssumptionSet.draw: rng", rng).spawn(len(numbers))
    pairs_of = zip(numbers.items(), streams, strict=True)
    found = {key: _drawn(KINDS.get(key), number, stream) for (key, number), stream in pairs_of}
    pairs = {key: (x, numbers[key].base) for key, x in found.items() if key.startswith(CORRELATIONS)}
    for _ in range(_HALVINGS):
        if _is_consistent({key: x for key, (x, _) in pairs.items()}):
            break
        pairs = {key: (0.5 * (x + base), base) for key, (x, base) in pairs.items()}
    return {**found, **{key: x for key, (x, _) in pairs.items()}}


def _drawn(kind: NumberKind | None, number: Assumption, draws: np.random.Generator) -> float:
    if number.basis == "measured":
        return _measured(kind, number, draws)
    u = 2.0 * float(draws.random()) - 1.0
    end = number.low if u < 0.0 else number.high
    there, back = _scale(kind, number.base, end)
    value = back(there(number.base) + abs(u) * (there(end) - there(number.base)))
    return min(max(value, number.low), number.high)


def _measured(kind: NumberKind | None, number: Assumption, draws: np.random.Generator) -> float:
    """Draw from two halves of normal laws, within the bounds of the kind."""
    for _ in range(_TRIES):
        z = float(draws.standard_normal()) / _BAND
        value = number.base + z * ((number.high if z > 0.0 else number.base) - (number.base if z > 0.0 else number.low))
        if kind is None or _is_allowed(kind, value):
            return value
    return number.base


def _is_allowed(kind: NumberKind, value: float) -> bool:
    try:
        CHECKS[kind]("", value)
    except InputError:
        return False
    return True


def _scale(kind: NumberKind | None, base: float, end: float) -> Scale:
    if kind == "hazard" and base > 0.0 and end > 0.0:
        return _LOGARITHM
    if kind == "fraction" and 0.0 < base < 1.0 and 0.0 < end < 1.0:
        return _ODDS
    return _LINEAR


def _is_consistent(correlations: Mapping[str, float]) -> bool:
    """Whether the correlations of named pairs are those of some law: their matrix is positive definite."""
    pairs = {tuple(key.removeprefix(CORRELATIONS).split("_", 1)): rho for key, rho in correlations.items()}
    names = list(dict.fromkeys(name for pair in pairs for name in pair))
    matrix = np.eye(len(names))
    for (one, other), rho in pairs.items():
        i, j = names.index(one), names.index(other)
        matrix[i, j] = matrix[j, i] = rho
    return not names or bool(np.linalg.eigvalsh(matrix)[0] > 1e-9)
