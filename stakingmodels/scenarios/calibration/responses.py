"""`ResponseFit`: response of a recorded hash rate to the price."""

import math

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray, RNGLike
from stakingmodels.rates import DAYS_PER_YEAR
from stakingmodels.scenarios.calibration.estimates import Estimate, mean_error, volatility
from stakingmodels.scenarios.levels import LIMIT

_DAYS_A_MONTH = DAYS_PER_YEAR / 12.0
_MOST = 0.99  # an elasticity to hashprice of 99, near the limit of 100


@attrs.frozen(kw_only=True)
class ResponseFit:
    """Response of the hash rate to the price.

    Regression of log changes of its monthly means on those of the price in the same and earlier months.

    Parameters
    ----------
    by_lag
        Change of the log hash rate per change of the log price in the same month, one month before, and so on.
    elasticity
        Sum of `by_lag`: the long-run response to a lasting change of price.
    growth
        Growth of the log hash rate a year at a constant price.
    volatility
        Volatility of the residual a year: the hash rate's own.
    months
        Number of monthly changes regressed.
    r_squared
        Share of the variance explained.
    """

    by_lag: tuple[Estimate, ...]
    elasticity: Estimate
    growth: Estimate
    volatility: Estimate
    months: int
    r_squared: float

    @property
    def hashprice_elasticity(self) -> float:
        """Elasticity to hashprice for `HashrateResponse`: ``e / (1 - e)``, since hash rate lowers hashprice."""
        e = self.elasticity.value
        if not 0.0 <= e < 1.0:
            checks.refuse("ResponseFit.hashprice_elasticity", "must have an elasticity to price in [0, 1)", e)
        return e / (1.0 - e)

    @property
    def half_life_days(self) -> float:
        """Half-life for `HashrateResponse` in days: ``log(2) tau / (1 - e)``, tau being the mean lag of the response.

        A rising difficulty closes part of the gap and so speeds up the response, hence ``1 - e``. It does so only from
        the next retarget on, so the half-life is a fifth to a third too short.
        """
        weights = np.array([x.value for x in self.by_lag])
        total = float(weights.sum())
        lag = _DAYS_A_MONTH * float(np.arange(weights.size) @ weights) / total if total > 0.0 else 0.0
        if not lag > 0.0:
            rule = "must have a response that lags behind the price"
            shown = tuple(round(x.value, 3) for x in self.by_lag)
            checks.refuse("ResponseFit.half_life_days", rule, shown, "give half_life_days")
        return math.log(2.0) * lag * (1.0 + self.hashprice_elasticity)

    def sample_parameters(self, rng: RNGLike = None) -> "ResponseFit":
        """A copy with all but the lags drawn from their errors; an elasticity in (0, 0.99) stays there."""
        draws = checks.generator("ResponseFit.sample_parameters: rng", rng)
        offers = 0.0 < self.elasticity.value < _MOST
        low, high = (0.0, _MOST) if offers else (-math.inf, math.inf)
        return attrs.evolve(
            self,
            elasticity=self.elasticity.sample_parameters(draws, low, high),
            growth=self.growth.sample_parameters(draws),
            volatility=self.volatility.sample_parameters(draws, 0.0, LIMIT),
        )


def response(hashrate: FloatArray, price: FloatArray, lags: int) -> ResponseFit:
    """Regress log changes of monthly mean hash rates on those of prices, ``(n,)``, of this and `lags` earlier months.

    Least squares with Newey-West errors, since changes of means of neighbouring months share days.
    """
    n = hashrate.size - lags
    y = hashrate[lags:]
    x = np.column_stack([np.ones(n), *(price[lags - k : price.size - k] for k in range(lags + 1))])
    inverse = np.linalg.inv(x.T @ x)
    slopes = inverse @ (x.T @ y)
    left = y - x @ slopes
    influence = n * (x * left[:, None]) @ inverse * math.sqrt(n / (n - x.shape[1]))
    by_lag = tuple(Estimate(float(slopes[k]), mean_error(influence[:, k])) for k in range(1, lags + 2))
    return ResponseFit(
        by_lag=by_lag,
        elasticity=Estimate(float(slopes[1:].sum()), mean_error(influence[:, 1:].sum(axis=1))),
        growth=Estimate(12.0 * float(slopes[0]), 12.0 * mean_error(influence[:, 0])),
        volatility=volatility(left, 12.0),
        months=n,
        r_squared=1.0 - float(left @ left) / float(np.sum((y - y.mean()) ** 2)),
    )
