"""Estimates from recorded series: `Estimate`, a number with its error; diffusion, jumps, reversion."""

import math

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import BoolArray, FloatArray, RNGLike
from stakingmodels.rates import DAYS_PER_YEAR
from stakingmodels.scenarios.levels import LIMIT

LEAST_JUMPS = 3
"""Fewest jumps that are fitted: fewer have no meaningful deviation and stay in the volatility."""
_TRIES = 100
_SAMPLES = 200  # an error from this many samples is known to a twentieth
_MAD_TO_DEVIATION = 1.4826  # of a normal: 1 over the third quartile, 0.6745


@attrs.frozen
class Estimate:
    """Estimate of a number, with its standard error.

    Parameters
    ----------
    value
        Value measured.
    standard_error
        Standard deviation of the estimate over other records of the same length.
    """

    value: float
    standard_error: float

    def sample_parameters(self, rng: RNGLike = None, low: float = -np.inf, high: float = np.inf) -> "Estimate":
        """A copy with a value drawn from the normal law of this value and error, conditional on (low, high)."""
        draws = checks.generator("Estimate.sample_parameters: rng", rng)
        for _ in range(_TRIES):
            drawn = self.value + self.standard_error * float(draws.standard_normal())
            if low < drawn < high:
                return attrs.evolve(self, value=drawn)
        return self


@attrs.frozen(kw_only=True)
class GBMFit:
    """Fitted diffusion of a level with independent normal log changes.

    Parameters
    ----------
    initial_level
        The opening level.
    volatility
        Standard deviation of the log changes (``ddof=1``), times the root of the changes a year.
    trend
        Mean log change times the changes a year: the growth of the logarithm.
    n_observations
        Number of changes measured.
    excess_kurtosis
        Excess kurtosis of the changes; 0 if they are normal.
    ks_statistic
        Kolmogorov-Smirnov statistic: the largest gap between the distribution of the changes and the normal law with
        their mean and deviation. If they are normal it is below ``0.886 / sqrt(n_observations)`` in 95 of 100 records
        (Lilliefors 1967).
    """

    initial_level: float
    volatility: Estimate
    trend: Estimate
    n_observations: int
    excess_kurtosis: float
    ks_statistic: float

    @property
    def drift(self) -> float:
        """Continuous growth of the mean a year, for `GBM`: ``trend + volatility**2 / 2``."""
        return self.trend.value + 0.5 * self.volatility.value**2

    def sample_parameters(self, rng: RNGLike = None) -> "GBMFit":
        """A copy with trend and volatility drawn from their errors."""
        draws = checks.generator("GBMFit.sample_parameters: rng", rng)
        volatility = self.volatility.sample_parameters(draws, 0.0, LIMIT)
        return attrs.evolve(
            self, volatility=volatility, trend=self.trend.sample_parameters(draws, -0.5 * LIMIT, 0.5 * LIMIT)
        )


@attrs.frozen(kw_only=True)
class JumpFit:
    """Fitted jumps of a price, separated from its diffusion by their size.

    Parameters
    ----------
    volatility
        Volatility a year of the days without a jump.
    jump_intensity
        Jumps counted, over years of 365 days.
    mean, standard_deviation
        Mean and standard deviation of the log returns on days with a jump, without the diffusion of these days.
    count
        Days with a jump.
    expected_false_jumps
        Expected number of days counted as jumps if all returns were normal.
    excess_kurtosis, ks_statistic
        As in `GBMFit`, for the days without a jump.
    """

    volatility: Estimate
    jump_intensity: Estimate
    mean: Estimate
    standard_deviation: Estimate
    count: int
    expected_false_jumps: float
    excess_kurtosis: float
    ks_statistic: float

    def sample_parameters(self, rng: RNGLike = None) -> "JumpFit":
        """A copy with parameters drawn from their errors."""
        draws = checks.generator("JumpFit.sample_parameters: rng", rng)
        return attrs.evolve(
            self,
            volatility=self.volatility.sample_parameters(draws, 0.0, LIMIT),
            jump_intensity=self.jump_intensity.sample_parameters(draws, 0.0, DAYS_PER_YEAR),
            mean=self.mean.sample_parameters(draws, -LIMIT, LIMIT),
            standard_deviation=self.standard_deviation.sample_parameters(draws, 0.0, LIMIT),
        )


@attrs.frozen(kw_only=True)
class OrnsteinUhlenbeckFit:
    """Fitted mean reversion of the logarithm of a ratio.

    Parameters
    ----------
    initial_level
        Last ratio recorded.
    mean
        Exponential of the mean logarithm.
    standard_deviation
        Standard deviation of the logarithm, without the part that is gone the next day.
    half_life_days
        Half-life of a gap, in days.
    noise_share
        Share of the variance that does not last to the next day, such as from closes taken at different minutes.
    r_squared
        Share of variance explained by the line through the logarithms of the autocovariances.
    lags
        Number of lags that the line goes through.
    """

    initial_level: float
    mean: Estimate
    standard_deviation: Estimate
    half_life_days: Estimate
    noise_share: float
    r_squared: float
    lags: int

    def sample_parameters(self, rng: RNGLike = None) -> "OrnsteinUhlenbeckFit":
        """A copy with parameters drawn from their errors."""
        draws = checks.generator("OrnsteinUhlenbeckFit.sample_parameters: rng", rng)
        return attrs.evolve(
            self,
            mean=self.mean.sample_parameters(draws, 0.0),
            standard_deviation=self.standard_deviation.sample_parameters(draws, 0.0, LIMIT),
            half_life_days=self.half_life_days.sample_parameters(draws, 0.0),
        )


def mean_error(values: FloatArray) -> float:
    """Standard error of the mean of a series whose values may be correlated (Newey and West 1987).

    Autocovariances up to the cube root of n count, with weights that fall to 0, so that clusters of volatility widen
    the error.
    """
    n = values.size
    y = values - values.mean()
    lags = round(n ** (1.0 / 3.0))
    total = float(y @ y) + sum(2.0 * (1.0 - k / (lags + 1.0)) * float(y[k:] @ y[:-k]) for k in range(1, lags + 1))
    return math.sqrt(max(total, 0.0) / (n * (n - 1.0)))


def correlation(first: FloatArray, second: FloatArray) -> Estimate:
    """Correlation of two series, ``(n,)`` each.

    With both standardised, its error is the error of the mean of ``a b - rho (a**2 + b**2) / 2``; with independent
    normal changes that is ``(1 - rho**2) / sqrt(n)``.
    """
    a = (first - first.mean()) / first.std()
    b = (second - second.mean()) / second.std()
    rho = float(np.mean(a * b))
    return Estimate(rho, mean_error(a * b - 0.5 * rho * (a * a + b * b)))


def normal_gap(changes: FloatArray) -> float:
    """Kolmogorov-Smirnov distance of a sample from the normal with its mean and deviation."""
    z = np.sort((changes - changes.mean()) / changes.std(ddof=1))
    below = np.array([0.5 * math.erfc(-x / math.sqrt(2.0)) for x in z])
    ranks = np.arange(z.size + 1) / z.size
    return float(max(np.max(ranks[1:] - below), np.max(below - ranks[:-1])))


def excess_kurtosis(changes: FloatArray) -> float:
    """Fourth moment over the square of the second, less the 3 of a normal."""
    y = changes - changes.mean()
    return float(np.mean(y**4) / np.mean(y**2) ** 2 - 3.0)


def volatility(changes: FloatArray, a_year: float) -> Estimate:
    """Standard deviation (``ddof=1``) times ``sqrt(a_year)``; its error is half the relative error of the mean square.

    With independent normal changes the error is ``volatility / sqrt(2 n)``.
    """
    value = float(changes.std(ddof=1))
    error = mean_error((changes - changes.mean()) ** 2) / (2.0 * value)
    return Estimate(value * math.sqrt(a_year), error * math.sqrt(a_year))


def diffusion(changes: FloatArray, *, a_year: float, start: float) -> GBMFit:
    """Fit a diffusion to log changes, ``(n,)``, `a_year` of them a year."""
    return GBMFit(
        initial_level=start,
        volatility=volatility(changes, a_year),
        trend=Estimate(float(changes.mean()) * a_year, mean_error(changes) * a_year),
        n_observations=changes.size,
        excess_kurtosis=excess_kurtosis(changes),
        ks_statistic=normal_gap(changes),
    )


def jump_days(where: str, returns: FloatArray, threshold: float) -> BoolArray:
    """Days with a return more than `threshold` robust deviations from the median.

    The robust deviation is 1.4826 times the median distance from the median, the standard deviation if returns are
    normal; the jumps themselves hardly affect it.
    """
    gaps = np.abs(returns - np.median(returns))
    deviation = _MAD_TO_DEVIATION * float(np.median(gaps))
    if deviation == 0.0:
        rule = "must move: more than half of its daily returns are the same"
        checks.refuse(where, rule, float(np.median(returns)), "leave out days that were filled in")
    return np.asarray(gaps > threshold * deviation)


def jumps(returns: FloatArray, found: BoolArray, threshold: float) -> JumpFit | None:
    """Fit jumps to daily log returns, ``(n,)``, on the days `found`; None for fewer than `LEAST_JUMPS`."""
    count, n = int(found.sum()), returns.size
    if count < LEAST_JUMPS:
        return None
    sizes, rest = returns[found], returns[~found]
    spread = float(sizes.std(ddof=1))
    # at least a tenth is left, so that the deviation stays above 0
    deviation = math.sqrt(max(spread**2 - float(rest.var(ddof=1)), (0.1 * spread) ** 2))
    fourth = float(np.mean((sizes - sizes.mean()) ** 4)) - spread**4 * (count - 3) / (count - 1)
    return JumpFit(
        volatility=volatility(rest, DAYS_PER_YEAR),
        jump_intensity=Estimate(count / n * DAYS_PER_YEAR, math.sqrt(count) / n * DAYS_PER_YEAR),
        mean=Estimate(float(sizes.mean() - rest.mean()), spread / math.sqrt(count)),
        standard_deviation=Estimate(deviation, math.sqrt(max(fourth, 0.0) / count) / (2.0 * deviation)),
        count=count,
        expected_false_jumps=n * math.erfc(threshold / math.sqrt(2.0)),
        excess_kurtosis=excess_kurtosis(rest),
        ks_statistic=normal_gap(rest),
    )


def _covariance_line(y: FloatArray, lags: int) -> tuple[float, float, float, int]:
    """Slope, value at lag 0, R squared and lags of the line through the log autocovariances of a centred series.

    The line ends before the first autocovariance that is not above 0. Both numbers are NaN for fewer than 2 lags.
    """
    covariances = np.array([y @ y] + [y[:-k] @ y[k:] for k in range(1, lags + 1)]) / y.size
    ends = np.flatnonzero(covariances <= 0.0)
    used = int(ends[0]) - 1 if ends.size else lags
    if used < 2:
        return math.nan, math.nan, math.nan, used
    x, logs = np.arange(1.0, used + 1.0), np.log(covariances[1 : used + 1])
    u, v = x - x.mean(), logs - logs.mean()
    slope = float(u @ v / (u @ u))
    return slope, float(logs.mean() - slope * x.mean()), float((u @ v) ** 2 / ((u @ u) * (v @ v))), used


def _spread(values: FloatArray) -> float:
    """Half the range of the middle 68 %: the deviation of a normal law, but robust to a few extreme samples."""
    low, high = np.nanpercentile(values, [15.87, 84.13])
    return float(high - low) / 2.0


def reversion(where: str, ratios: FloatArray, lags: int) -> OrnsteinUhlenbeckFit:
    """Fit mean reversion to daily ratios, ``(n,)``, by a line through the log autocovariances at lags of 1 to `lags`.

    Errors are the spread over 200 records of the same length, drawn from the fitted law (parametric bootstrap). In a
    record of fewer than a hundred half-lives the mean is itself uncertain, so the half-life tends to be too short.
    """
    logs = np.log(ratios)
    centre = float(logs.mean())
    slope, at_zero, r_squared, used = _covariance_line(logs - centre, lags)
    if not slope < 0.0:
        rule = f"must return to a mean: its autocovariances must fall over {lags} days"
        checks.refuse(
            where, rule, f"{used} of them above 0 and a slope of {slope:g}", "leave it out or take fewer lags"
        )
    deviation, half_life = math.exp(0.5 * at_zero), -math.log(2.0) / slope
    noise = max(float(logs.var()) - deviation**2, 0.0)
    samples = _reverting(logs.size, math.exp(slope), deviation, math.sqrt(noise))
    means = samples.mean(axis=0)
    lines = np.array([_covariance_line(y, lags)[:2] for y in (samples - means).T])
    falling = np.where(lines[:, :1] < 0.0, lines, np.nan)
    mean = math.exp(centre)
    return OrnsteinUhlenbeckFit(
        initial_level=float(ratios[-1]),
        mean=Estimate(mean, mean * _spread(means)),
        standard_deviation=Estimate(deviation, _spread(np.exp(0.5 * falling[:, 1]))),
        half_life_days=Estimate(half_life, _spread(-math.log(2.0) / falling[:, 0])),
        noise_share=noise / float(logs.var()),
        r_squared=r_squared,
        lags=used,
    )


def _reverting(days: int, kept: float, deviation: float, noise: float) -> FloatArray:
    """Autoregressions with added noise, ``(days, 200)``; the same at each call, so that a fit is reproducible."""
    draws = np.random.default_rng(0)
    rows = draws.standard_normal((days, _SAMPLES)) * deviation
    rows[1:] *= math.sqrt(1.0 - kept**2)
    for k in range(1, days):
        rows[k] += kept * rows[k - 1]
    return np.asarray(rows + noise * draws.standard_normal(rows.shape))
