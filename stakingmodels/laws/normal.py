"""The standard normal law: its quantile and its tail, for arrays."""

import math

import numpy as np

from stakingmodels._types import FloatArray

# Wichura (1988), "Algorithm AS 241: the percentage points of the normal distribution", Applied Statistics 37(3),
# PPND16: relative accuracy about 1e-16. Numerators and denominators from the highest power down.
_MIDDLE = (
    (2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
     13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608),
    (5226.495278852545925, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867,
     5394.1960214247511077, 687.1870074920579083, 42.313330701600911252, 1.0),
)  # fmt: skip
_OUTER = (
    (7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258,
     3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734),
    (1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459,
     0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1.0),
)  # fmt: skip
_FAR = (
    (2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386, 0.026532189526576123093,
     0.29656057182850489123, 1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772),
    (2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4,
     0.0148753612908506148525, 0.13692988092273580531, 0.59983220655588793769, 1.0),
)  # fmt: skip


LEAST_DRAW = 2.0**-54
"""Half of the smallest uniform draw above 0, taken for a draw of 0, which has no finite quantile."""


def normal_quantile(level: FloatArray) -> FloatArray:
    """Standard normal quantile: the value below which a draw falls with probability `level`; minus infinity at 0.

    Parameters
    ----------
    level
        Probabilities in [0, 1].
    """
    centred = np.asarray(level - 0.5)
    found: FloatArray = np.asarray(centred * _ratio(_MIDDLE, 0.180625 - centred * centred))
    far = np.abs(centred) > 0.425  # of the few beyond it the other ratios are taken
    share = np.asarray(level)[far]
    with np.errstate(divide="ignore", invalid="ignore"):
        distance = np.sqrt(-np.log(np.minimum(share, 1.0 - share)))
        tail = np.where(distance <= 5.0, _ratio(_OUTER, distance - 1.6), _ratio(_FAR, distance - 5.0))
    found[far] = np.sign(centred[far]) * np.where(np.isinf(distance), np.inf, tail)
    return found


def normal_tail(values: FloatArray) -> FloatArray:
    """Tail probability of a standard normal draw beyond each value, on the value's side of 0: at most one half.

    Parameters
    ----------
    values
        ``(n,)`` any numbers.
    """
    return np.array([0.5 * math.erfc(abs(z) / math.sqrt(2.0)) for z in values.tolist()])


def _ratio(polynomials: tuple[tuple[float, ...], ...], x: FloatArray) -> FloatArray:
    above, below = (np.polyval(np.array(each), x) for each in polynomials)
    return above / below
