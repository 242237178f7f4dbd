"""The binomial law: its probabilities, its quantile for many paths, and the chance at which few successes are rare.

All come from one formula of a count's probability, `binomial_probability`.
"""

import math

import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray, IntArray, PathValue
from stakingmodels.laws.normal import LEAST_DRAW, normal_quantile
from stakingmodels.values import highest, lowest

_HALVINGS = 60  # of an interval of length 1: below the spacing of floats near 1
_BELOW_ONE = float(np.nextafter(1.0, 0.0))
_NOTHING = 1e-18  # the sum stops at a count whose probability is below this
_MANY = 2_500.0  # variance from which the normal law is used
_STEP = -1.0 / 24.0  # of a standard deviation's reciprocal: the steps of whole numbers take 1/12 off the variance


def binomial_quantile(uniform: FloatArray, n: PathValue, p: PathValue) -> FloatArray:
    """Smallest k with ``P(Binomial(n, p) <= k) > u``, by summing the probabilities upward.

    It turns each uniform draw into one count, so that no path depends on another.

    Parameters
    ----------
    uniform
        ``(n_paths,)`` in [0, 1).
    n, p
        Trials (whole numbers) and probability, the same for all paths or one per path.

    Returns
    -------
    FloatArray
        ``(n_paths,)`` whole numbers in [0, n]. The work grows with the largest draw, up to a variance of 2,500;
        beyond that the normal law takes over, corrected for skewness and kurtosis (Cornish and Fisher), which in a
        million draws is off by 1 a few times.

    Raises
    ------
    InputError
        For trials that are negative or infinite, and chances outside [0, 1].
    """
    most, trials_at_most = highest(p), highest(n)
    if not 0.0 <= lowest(n) <= trials_at_most < np.inf:
        checks.refuse("binomial: n", "must be finite and 0 or more", trials_at_most if lowest(n) >= 0.0 else lowest(n))
    if not 0.0 <= lowest(p) <= most <= 1.0:
        checks.refuse("binomial: p", "must be in [0, 1]", most if lowest(p) >= 0.0 else lowest(p))
    if most < 0.5 and trials_at_most * most < 0.5:
        return _counted_up(uniform, n, p)
    trials = np.broadcast_to(np.asarray(n, dtype=np.float64), uniform.shape)
    chance = np.broadcast_to(np.asarray(p, dtype=np.float64), uniform.shape)
    many = trials * chance * (1.0 - chance) > _MANY
    if not many.any():
        return _summed_up(uniform, trials, chance)
    drawn = np.empty(uniform.shape)
    drawn[many] = _by_normal_law(uniform[many], trials[many], chance[many])
    drawn[~many] = _summed_up(uniform[~many], trials[~many], chance[~many])
    return drawn


def binomial_probability(k: PathValue, n: PathValue, p: PathValue) -> FloatArray:
    """``P(Binomial(n, p) = k)``, by the saddle point: differences of ``log(n!)`` would lose their digits.

    Parameters
    ----------
    k, n, p
        Successes in [0, n] and trials, whole numbers, and probability in [0, 1); of shapes that go together.

    Returns
    -------
    FloatArray
        Good to about 1e-13 of itself for thousands of trials, and 1e-12 for many millions.

    References
    ----------
    Loader (2000), "Fast and accurate computation of binomial probabilities".
    """
    counts, trials, chance = np.broadcast_arrays(*(np.asarray(each, dtype=np.float64) for each in (k, n, p)))
    logarithm: FloatArray = trials * np.log1p(-chance)
    some = counts > 0.0
    if some.any():
        logarithm[some] = _logarithm(counts[some], trials[some], chance[some])
    with np.errstate(under="ignore"):
        probability: FloatArray = np.exp(logarithm)
    return probability


def binomial_masses(n: int, p: float, low: int, high: int) -> tuple[IntArray, FloatArray]:
    """Counts of successes from `low` to `high` and their probabilities, scaled to sum to 1.

    Parameters
    ----------
    n, p
        Trials, and the chance of a success in (0, 1).
    low, high
        First and last count, in [0, n].

    Returns
    -------
    tuple of ndarray, shape (high - low + 1,) each
        Counts, and probabilities whose sum is 1.
    """
    counts = np.arange(low, high + 1, dtype=np.int64)
    masses = binomial_probability(counts.astype(np.float64), float(n), p)
    return counts, masses / masses.sum()


def chance_of_at_most(k: int, n: int, share: float) -> float:
    """Success probability at which `k` or fewer of `n` trials succeed with probability `share`.

    Parameters
    ----------
    k, n
        Successes in [0, n], and trials.
    share
        In (0, 1).

    Returns
    -------
    float
        In (k / n, 1], by halving to about 1e-18; 1 where `k` is `n`.
    """
    if k == n:
        return 1.0
    # at chances from k / n on, far smaller counts have less than 1e-30 of the probability
    counts = np.arange(max(0.0, math.floor(k - 12.0 * math.sqrt(k) - 12.0)), k + 1.0)
    low, high = k / n, 1.0
    for _ in range(_HALVINGS):
        p = 0.5 * (low + high)
        if p == 1.0:
            break
        found = float(binomial_probability(counts, float(n), p).sum())
        low, high = (p, high) if found > share else (low, p)
    return 0.5 * (low + high)


def _by_normal_law(uniform: FloatArray, n: FloatArray, p: FloatArray) -> FloatArray:
    """The quantile by the expansion of Cornish and Fisher to its second order, with Sheppard's correction for steps.

    References
    ----------
    Cornish and Fisher (1938), "Moments and cumulants in the specification of distributions", Revue de l'Institut
    International de Statistique 5(4).
    """
    z = normal_quantile(np.maximum(uniform, LEAST_DRAW))
    variance = n * p * (1.0 - p)
    deviation = np.sqrt(variance)
    skewness, kurtosis = (1.0 - 2.0 * p) / deviation, (1.0 - 6.0 * p * (1.0 - p)) / variance
    moved = z + skewness * (z**2 - 1.0) / 6.0 + kurtosis * (z**3 - 3.0 * z) / 24.0
    moved -= skewness**2 * (2.0 * z**3 - 5.0 * z) / 36.0
    return np.clip(np.ceil(n * p + deviation * moved + _STEP * z / deviation - 0.5), 0.0, n)


def _summed_up(uniform: FloatArray, trials: FloatArray, chance: FloatArray) -> FloatArray:
    """Quantile by summing the probabilities upward from a count with negligible probability below it."""
    mirrored = chance > 0.5  # count the rarer outcome
    chance = np.where(mirrored, 1.0 - chance, chance)
    level = np.where(mirrored, np.minimum(1.0 - uniform, _BELOW_ONE), uniform)
    mean = trials * chance
    # Below this lies less than 1e-30 of the probability; from 0 on, (1 - p)**n would underflow for large n * p.
    drawn = np.maximum(0.0, np.floor(mean - 12.0 * np.sqrt(mean) - 12.0))
    mass = binomial_probability(drawn, trials, chance)
    odds = chance / (1.0 - chance)
    rest = level - mass
    while (todo := (rest >= 0.0) & (drawn < trials) & ((mass > _NOTHING) | (drawn < mean))).any():
        mass = mass * odds * (trials - drawn) / (drawn + 1.0)
        rest = np.where(todo, rest - mass, rest)
        drawn = drawn + todo
    return np.where(mirrored, trials - drawn, drawn)


def _counted_up(uniform: FloatArray, n: PathValue, p: PathValue) -> FloatArray:
    """Quantile for less than half a success on average, summed from 0: fewer calls, and the same bits."""
    mass = np.exp(n * np.log1p(-p))
    odds = p / (1.0 - p)
    rest = uniform - mass
    drawn = np.zeros(uniform.shape)
    for k in range(int(highest(n))):
        todo = rest >= 0.0
        if not todo.any() or highest(mass) <= _NOTHING:
            break
        drawn += todo
        mass = mass * odds * (n - k) / (k + 1.0)
        rest -= mass
    return np.minimum(drawn, n)


def _logarithm(k: FloatArray, n: FloatArray, p: FloatArray) -> FloatArray:
    """``log P(Binomial(n, p) = k)`` for k from 1 to n."""
    logarithm: FloatArray = n * np.log(p)
    some = k < n
    j, m, q = k[some], n[some], p[some]
    saddle = _stirling(m) - _stirling(j) - _stirling(m - j) - _deviance(j, m * q) - _deviance(m - j, m - m * q)
    logarithm[some] = saddle + 0.5 * np.log(m / (2.0 * np.pi * j * (m - j)))
    return logarithm


def _deviance(x: FloatArray, mean: FloatArray) -> FloatArray:
    """``x log(x / mean) + mean - x``, without loss of digits where they are close."""
    deviance: FloatArray = x * (np.log(x) - np.log(mean)) + mean - x
    near = np.abs(x - mean) < 0.5 * mean
    level = mean[near]
    off = (x[near] - level) / level
    deviance[near] = level * ((1.0 + off) * np.log1p(off) - off)
    return deviance


def _stirling(k: FloatArray) -> FloatArray:
    """Error of Stirling's formula for ``log(k!)``, for k of 1 or more: by its series from k + 8 down."""
    x = k + 8.0
    series = 1.0 / (12.0 * x) - 1.0 / (360.0 * x**3) + 1.0 / (1260.0 * x**5)
    series += 1.0 / (1188.0 * x**9) - 1.0 / (1680.0 * x**7)
    near = k < 1e6
    rest = np.zeros(k.shape)
    small, above = k[near], x[near]
    rest[near] = (above + 0.5) * np.log(above) - above - (small + 0.5) * np.log(small) + small
    for j in range(1, 9):
        rest[near] -= np.log(small + j)
    return np.where(near, series + rest, 1.0 / (12.0 * k))
