"""`fit`: estimates of volatility, correlation, jumps, pegs and hash rate from a recorded history."""

from collections.abc import Mapping

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import BoolArray, DateArray, FloatArray
from stakingmodels.errors import InputError
from stakingmodels.market import Difficulty, Factor, Hashrate, MarketRatio, Price
from stakingmodels.rates import DAYS_PER_YEAR
from stakingmodels.scenarios.calibration import estimates
from stakingmodels.scenarios.calibration.estimates import Estimate
from stakingmodels.scenarios.calibration.fitted import Fit
from stakingmodels.scenarios.calibration.responses import response
from stakingmodels.scenarios.history.bootstrap import StationaryBootstrap
from stakingmodels.scenarios.history.history import History
from stakingmodels.series import FrozenMap, refuse_below

_FITTED = (Price, Difficulty, Hashrate, MarketRatio)
LEAST_DAYS = 61
LEAST_MONTHS = 25
_MONTHS_A_YEAR = 12.0
_MOST_LAGS = 365
_MOST_MONTHS_LAG = 6


def fit(history: History, *, jump_threshold: float = 4.0, ratio_lags: int = 30, response_lags: int = 3) -> Fit:
    """Measure the parameters of scenarios on a recorded history, each with its standard error and goodness of fit.

    - A price is fitted as a diffusion of its daily log returns, and also as one with jumps: the days with a return
      beyond `jump_threshold` robust deviations. So small jumps stay in the volatility, and only large ones are counted.
    - A difficulty or hash rate is a diffusion of the log changes of the means of whole months, as one day's estimate is
      off by a tenth. If it wandered at random from day to day, its volatility would come out a factor ``sqrt(2/3)`` too
      low (Working 1960). A hash rate is fitted as the `Difficulty` that it keeps, if none is recorded.
    - Correlations are those of daily returns between prices, and of the changes of monthly means for other pairs.
    - The logarithm of a market ratio reverts to a mean: a line through its log autocovariances
      (`OrnsteinUhlenbeckFit`).
    - A hash rate is regressed on the price of the same name, if there is one (`ResponseFit`).

    Errors of volatility, trend, correlation and response are those of Newey and West, which allow for clustered
    returns; errors of ratios are from a parametric bootstrap; errors of jumps assume independent jumps.

    Parameters
    ----------
    history
        The recorded levels; its `first` and `last` bound the days that are used, both included.
    jump_threshold
        Robust deviations beyond which a daily return is a jump, in [2, 20].
    ratio_lags
        Lags in days of the autocovariances of ratios, in [2, 365].
    response_lags
        Earlier months whose price may still affect the hash rate, in [0, 6].

    Raises
    ------
    InputError
        Where a series is too short (61 days, 25 whole months, or three times `ratio_lags`), is constant, or is no
        level; and where a ratio does not revert to a mean.

    Examples
    --------
    >>> import numpy as np
    >>> from stakingmodels import Price
    >>> from stakingmodels.scenarios import History, daily_series, fit
    >>> days = np.arange("2024-01-01", "2025-01-01", dtype="datetime64[D]")
    >>> closes = 3000.0 * np.exp(np.cumsum(np.random.default_rng(1).normal(0.0, 0.04, days.size)))
    >>> found = fit(History({Price("ETH"): daily_series(days, closes, name="made up")}))
    >>> found.levels[Price("ETH")].volatility
    Estimate(value=0.695, standard_error=0.032)
    """
    checks.instance("fit: history", history, History, 'History({Price("ETH"): "eth.csv"})')
    threshold = _threshold(jump_threshold)
    lags = checks.integer("fit: ratio_lags", ratio_lags, 2, _MOST_LAGS)
    months = checks.integer("fit: response_lags", response_lags, 0, _MOST_MONTHS_LAG)
    return _measure(_Record(history), threshold, lags, months)


def _measure(record: "_Record", threshold: float, lags: int, months: int) -> Fit:
    daily: dict[Factor, FloatArray] = {factor: record.returns(factor) for factor in record.prices}
    monthly: dict[Factor, FloatArray] = {factor: record.monthly(factor) for factor in record.slow}
    days = {f: estimates.jump_days(f"fit: {f}", r, threshold) for f, r in daily.items()}
    found = {f: j for f, r in daily.items() if (j := estimates.jumps(r, days[f], threshold)) is not None}
    share, sizes = _common(daily, {f: days[f] for f in found})
    a_year = dict.fromkeys(daily, DAYS_PER_YEAR) | dict.fromkeys(monthly, _MONTHS_A_YEAR)
    return Fit(
        first=str(record.dates[0]),
        last=str(record.dates[-1]),
        levels={
            f: estimates.diffusion(changes, a_year=a_year[f], start=record.opening(f))
            for f, changes in (daily | monthly).items()
        },
        correlation=_correlations(record, daily, monthly, {}),
        jumps=found,
        no_jump_correlation=_correlations(record, daily, monthly, days),
        common_share=share,
        size_correlation=sizes,
        ratios={f: estimates.reversion(f"fit: {f}", record.ratio(f, lags), lags) for f in record.ratios},
        responses={h: response(record.monthly(h), record.monthly(p), months) for h, p in record.answers.items()},
    )


def _threshold(value: object) -> float:
    where = "fit: jump_threshold"
    number = checks.real(where, value)
    if not 2.0 <= number <= 20.0:
        checks.refuse(where, "must be in [2, 20] robust deviations", value)
    return number


class _Record:
    """Recorded levels between the history's `first` and `last`, sorted by the method of measurement."""

    def __init__(self, history: History) -> None:
        for factor in history.series:
            if not isinstance(factor, _FITTED):
                rule = "must be a price, difficulty, hash rate or market ratio"
                checks.refuse(f"fit: {factor}", rule, factor.kind, "leave it out of the history")
        self._history = attrs.evolve(history, window_levels="rescaled")
        # it knows the closes of first and last
        try:
            self._days = StationaryBootstrap(self._history, mean_block_days=1.0)
        except InputError:  # a block of one day is refused only where there is none
            checks.refuse("fit: history", f"must have at least {LEAST_DAYS} days", "none from first to last")
        first, last = self._days.first_and_last()
        self.dates: DateArray = np.arange(first - np.timedelta64(1, "D"), last + np.timedelta64(1, "D"))
        if self.dates.size < LEAST_DAYS:
            span = f"{self.dates.size} days from {self.dates[0]} to {self.dates[-1]}"
            checks.refuse("fit: history", f"must have at least {LEAST_DAYS} days", span)
        series = history.series
        self.prices = tuple(f for f in series if isinstance(f, Price))
        self.slow = tuple(dict.fromkeys(Difficulty(f.name) for f in series if isinstance(f, (Difficulty, Hashrate))))
        self.ratios = tuple(f for f in series if isinstance(f, MarketRatio))
        self.answers = {f: Price(f.name) for f in series if isinstance(f, Hashrate) and Price(f.name) in self.prices}
        for factor in series:
            closes = self._days.closes(factor)
            refuse_below(f"fit: {factor}", closes, 0.0, strict=True)
            if (closes == closes[0]).all():
                checks.refuse(f"fit: {factor}", "must move", float(closes[0]), "use Constants")

    def opening(self, factor: Factor) -> float:
        """Level at which windows open: the one given, else the last one used."""
        given = self._history.initial_levels
        if factor in given or Hashrate(factor.name) in given:
            return self._history.opening_level(factor)
        return float(self._days.closes(factor)[-1])

    def returns(self, factor: Factor) -> FloatArray:
        """Daily log returns."""
        return np.asarray(np.diff(np.log(self._days.closes(factor))))

    def ratio(self, factor: Factor, lags: int) -> FloatArray:
        """Recorded ratios; refused if too few for the number of lags."""
        if self.dates.size < 3 * lags:
            checks.refuse(f"fit: {factor}", f"must have at least {3 * lags} days", self.dates.size, "fewer ratio_lags")
        return self._days.closes(factor)

    def monthly(self, factor: Factor) -> FloatArray:
        """Log changes of the means of whole months.

        For a difficulty derived from a hash rate, those of the hash rate.
        """
        recorded = factor if factor in self._history.series else Hashrate(factor.name)
        months = self.dates.astype("datetime64[M]")
        day = np.timedelta64(1, "D")
        # the month of the day before the record began earlier; the month of the day after it ends later
        before, after = (edge.astype("datetime64[M]") for edge in (self.dates[0] - day, self.dates[-1] + day))
        whole = (months > before) & (months < after)
        place = (months[whole] - months[0]).astype(np.int64)
        days = np.bincount(place)
        if (n := int((days > 0).sum())) < LEAST_MONTHS:
            checks.refuse(f"fit: {factor}", f"must have at least {LEAST_MONTHS} whole months", n)
        sums = np.bincount(place, weights=self._days.closes(recorded)[whole])
        return np.asarray(np.diff(np.log(sums[days > 0] / days[days > 0])))


def _correlations(
    record: _Record,
    daily: Mapping[Factor, FloatArray],
    monthly: Mapping[Factor, FloatArray],
    jumps: Mapping[Factor, BoolArray],
) -> Mapping[tuple[Factor, Factor], Estimate]:
    """Correlations of all pairs of levels; and of prices on the days on which neither jumps."""
    factors = (*daily, *monthly)
    found: dict[tuple[Factor, Factor], Estimate] = {}
    for i, first in enumerate(factors):
        for second in factors[i + 1 :]:
            if second in monthly:
                changes = monthly[first] if first in monthly else record.monthly(first)
                found[first, second] = estimates.correlation(changes, monthly[second])
                continue
            calm = np.ones(daily[first].size, dtype=bool)
            for factor in (first, second):
                if factor in jumps:
                    calm &= ~jumps[factor]
            found[first, second] = estimates.correlation(daily[first][calm], daily[second][calm])
    return FrozenMap(found)


def _common(daily: Mapping[Factor, FloatArray], jumps: Mapping[Factor, BoolArray]) -> tuple[Estimate, Estimate]:
    """Share of common jumps and correlation of their sizes, for `MertonJumpDiffusion`.

    Both are 0 where fewer than two prices jump, and the correlation for fewer than 3 common jumps.
    """
    nothing = Estimate(0.0, 0.0)
    if len(jumps) < 2:
        return nothing, nothing
    most = max(jumps, key=lambda factor: int(jumps[factor].sum()))
    others = [factor for factor in jumps if factor != most]
    n = sum(int(jumps[f].sum()) for f in others)
    both = {f: jumps[f] & jumps[most] for f in others}
    share = sum(int(days.sum()) for days in both.values()) / n
    common = Estimate(share, float(np.sqrt(share * (1.0 - share) / n)))
    pairs = [np.stack([_standard(daily[most], jumps[most]), _standard(daily[f], jumps[f])])[:, both[f]] for f in others]
    sizes = np.concatenate(pairs, axis=1)
    if sizes.shape[1] < estimates.LEAST_JUMPS:
        return common, nothing
    rho = estimates.correlation(sizes[0], sizes[1])
    return common, Estimate(min(max(rho.value, 0.0), 1.0), rho.standard_error)


def _standard(returns: FloatArray, days: BoolArray) -> FloatArray:
    """Returns standardised by the mean and deviation of those on some days."""
    sizes = returns[days]
    return np.asarray((returns - sizes.mean()) / sizes.std(ddof=1))
