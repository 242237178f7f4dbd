"""`Distribution`: quantiles, value at risk, expected shortfall and its split, from one sort of the results."""

import math
from collections.abc import Mapping
from typing import TypeVar

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import PathArray
from stakingmodels.measures import _arrays
from stakingmodels.series import Sealed, frozen

K = TypeVar("K")

_EPS = float(np.finfo(np.float64).eps)


def _frozen(value: object) -> PathArray:
    return np.frombuffer(_arrays.floats("Distribution.values", value).tobytes(), dtype=np.float64)


def _sorted(self: "Distribution") -> PathArray:
    ordered = self.values + 0.0  # makes -0.0 0.0: a sort would leave the two in the order of the paths
    ordered.sort()
    ordered.setflags(write=False)
    return ordered


def _paths_in(share: float, n: int) -> float:
    """Number of `n` paths that make up a share; whole where only rounding keeps ``0.07 * 100`` from being 7."""
    count = share * n
    whole = round(count)
    return float(whole) if abs(count - whole) <= 4.0 * _EPS * count else count


@attrs.frozen(eq=False)
class Distribution(Sealed):
    """Distribution of the results of a run, one per path, and its risk measures. All paths weigh the same.

    The results are sorted once, here. Every measure reads them sorted, so not even its last bit depends on the order of
    the paths. Unless it says otherwise a measure has the unit of the results.

    Parameters
    ----------
    values
        Profit of each path, gains positive, in any unit: money, coins or a fraction. Shape ``(n_paths,)``, at
        least one path, finite, within 1e150; copied.

    Raises
    ------
    InputTypeError
        For anything but a numeric ndarray or pandas Series: lists, masked arrays, narrow floats, text.
    InputError
        For an empty array, another shape, and NaN or infinite values, with their count and the first index.

    Examples
    --------
    >>> profit = Distribution(np.array([30.0, -10.0, 20.0, -40.0, 10.0]))
    >>> profit.value_at_risk(0.8), profit.expected_shortfall(0.8), profit.probability_of_loss()
    (10.0, 40.0, 0.4)
    """

    values: PathArray = attrs.field(converter=_frozen, repr=lambda results: f"<{results.size} paths>")
    _ordered: PathArray = attrs.field(init=False, repr=False, default=attrs.Factory(_sorted, takes_self=True))

    def quantile(self, q: float) -> float:
        """Quantile of the results: the smallest that at least this share of the paths do not exceed; 0 gives the worst.

        This is the inverse of the empirical distribution function: always one of the results, and the same when every
        path is given twice. Where a share of the paths is a whole number it is taken as one, which
        ``method="inverted_cdf"`` of `numpy.quantile` loses to rounding for some: 0.07 of 100 paths are 7, not 8. At the
        lower end ``-value_at_risk(1 - q)`` is the next result above; see `lower_end`.

        Parameters
        ----------
        q
            Fraction in [0, 1].

        Raises
        ------
        InputError
            For a share outside [0, 1].
        """
        count = _paths_in(checks.fraction("quantile: q", q), self._ordered.size)
        return float(self._ordered[max(math.ceil(count), 1) - 1])

    def median(self) -> float:
        """Median result; for an even number of paths the mean of the two middle ones."""
        ordered, n = self._ordered, self._ordered.size
        return float(ordered[n // 2] if n % 2 else 0.5 * ordered[n // 2 - 1] + 0.5 * ordered[n // 2])

    def lower_end(self, q: float) -> float:
        """Result below which no more than this share of the paths end: ``-value_at_risk(1 - q)``.

        Parameters
        ----------
        q
            Fraction in (0, 1), such as 0.05 for the result that 5 % of the paths stay below.

        Raises
        ------
        InputError
            For a share outside (0, 1).
        """
        below = math.floor(_paths_in(checks.open_fraction("lower_end: q", q), self._ordered.size))
        return float(self._ordered[min(below, self._ordered.size - 1)])

    def value_at_risk(self, confidence_level: float) -> float:
        """Value at risk: the loss not exceeded with probability `confidence_level`, a quantile of ``-values``.

        Losses are positive: 100 says that with probability `confidence_level` no more than 100 is lost, -5 that no less
        than 5 is gained. The value at risk of a sum may be more than the sum of the values at risk.

        Parameters
        ----------
        confidence_level
            Fraction in (0, 1), such as 0.95.

        Raises
        ------
        InputError
            For a level outside (0, 1).
        """
        beyond, _ = self._tail("value_at_risk", confidence_level)
        return float(0.0 - self._ordered[beyond])

    def expected_shortfall(self, confidence_level: float) -> float:
        """Expected shortfall: the mean loss over the worst ``1 - confidence_level`` of the paths; positive for a loss.

        The tail has exactly ``n_paths * (1 - confidence_level)`` paths. If that is no whole number, the best path in it
        counts in part, which makes the measure coherent: the shortfall of a sum is at most the sum of the shortfalls.
        It is never below `value_at_risk`.

        Parameters
        ----------
        confidence_level
            Fraction in (0, 1), such as 0.95.

        Raises
        ------
        InputError
            For a level outside (0, 1).

        References
        ----------
        Acerbi and Tasche (2002), "On the coherence of expected shortfall", Journal of Banking & Finance
        26(7).
        """
        beyond, size = self._tail("expected_shortfall", confidence_level)
        boundary = self._ordered[beyond]
        if beyond == 0:  # less than one path: the size of the tail may have been rounded to 0
            return float(0.0 - boundary)
        return float((boundary - self._ordered[:beyond]).sum() / size - boundary)

    def standard_error_of_value_at_risk(self, confidence_level: float) -> float:
        """Monte Carlo standard error of `value_at_risk`, for independent paths, without an assumed law of the losses.

        The number of paths beyond the true value is Binomial(n_paths, 1 - confidence_level). The error is half the
        distance between the results that lie one standard deviation of this number to either side.

        Parameters
        ----------
        confidence_level
            Fraction in (0, 1), such as 0.95.

        Returns
        -------
        float
            Not negative. NaN if either result lies beyond the last path.

        Raises
        ------
        InputError
            For a level outside (0, 1).
        """
        beyond, size = self._tail("standard_error_of_value_at_risk", confidence_level)
        step = math.sqrt(size * confidence_level)
        low, high = math.floor(beyond - step), math.ceil(beyond + step)
        if low < 0 or high >= self._ordered.size:
            return math.nan
        return float(0.5 * (self._ordered[high] - self._ordered[low]))

    def standard_error_of_expected_shortfall(self, confidence_level: float) -> float:
        """Monte Carlo standard error of `expected_shortfall`, for a large number of independent paths.

        With v the value at risk, e the expected shortfall, V the variance of the losses in the tail and c the
        confidence level, it is ``sqrt((V + c * (e - v)**2) / (n_paths * (1 - c)))``.

        Parameters
        ----------
        confidence_level
            Fraction in (0, 1), such as 0.95.

        Returns
        -------
        float
            Not negative. NaN if the tail, ``n_paths * (1 - confidence_level)``, has fewer than two paths: too few to
            show any spread.

        Raises
        ------
        InputError
            For a level outside (0, 1).

        References
        ----------
        Manistre and Hancock (2005), "Variance of the CTE estimator", North American Actuarial Journal 9(2).
        """
        beyond, size = self._tail("standard_error_of_expected_shortfall", confidence_level)
        if size < 2.0:
            return math.nan
        with np.errstate(under="ignore"):
            excess = self._ordered[beyond] - self._ordered[:beyond]
            mean = float(excess.sum()) / size
            # the boundary path, which is in the tail in part, has no excess
            squares = float(((excess - mean) ** 2).sum()) + (size - beyond) * mean**2
            return math.sqrt((squares / size + confidence_level * mean**2) / size)

    def tail_weights(self, confidence_level: float) -> PathArray:
        """Weight of each path in the expected shortfall: ``expected_shortfall(c) = -sum(tail_weights(c) * values)``.

        With c the confidence level, a path in the tail weighs ``1 / (n_paths * (1 - c))``, one above it 0. All paths
        that end exactly on the boundary share the rest of the weight equally.

        Parameters
        ----------
        confidence_level
            Fraction in (0, 1), such as 0.95.

        Returns
        -------
        ndarray, shape (n_paths,)
            In the order of the paths, not negative, of sum 1.

        Raises
        ------
        InputError
            For a level outside (0, 1).
        """
        boundary, inner, shared = self._weights("tail_weights", confidence_level)
        weights = np.zeros(self.values.size)
        weights[self.values < boundary] = inner
        weights[self.values == boundary] = shared
        return frozen(weights)

    def expected_shortfall_split(self, lines: Mapping[K, PathArray], confidence_level: float) -> dict[K, float]:
        """Contribution of each line to the expected shortfall: its mean loss over the same tail of paths.

        This is Euler's allocation. If the lines of each path add up to its result, the contributions add up
        to `expected_shortfall`.

        Parameters
        ----------
        lines
            Any names and the profit under each, gains positive, of shape ``(n_paths,)``, in the unit and in
            the order of `results`.
        confidence_level
            Fraction in (0, 1), such as 0.95.

        Returns
        -------
        dict
            The contribution of each line, in the order given: positive where it adds to the loss.

        Raises
        ------
        InputError
            For a level outside (0, 1), and for a line of another shape or with values that are not finite.
        InputTypeError
            If `lines` is no mapping or a line no numeric array.

        References
        ----------
        Tasche (2002), "Expected shortfall and beyond", Journal of Banking & Finance 26(7).
        """
        where = "expected_shortfall_split"
        _check_mapping(f"{where}: lines", lines)
        boundary, inner, shared = self._weights(where, confidence_level)
        below = np.flatnonzero(self.values < boundary)
        tied = np.flatnonzero(self.values == boundary)
        contributions: dict[K, float] = {}
        for name, line in lines.items():
            profit = _arrays.floats(f"{where}: lines[{checks.show(name)}]", line)
            if profit.size != self.values.size:
                rule = f"must have one value per path, {self.values.size}"
                checks.refuse(f"{where}: lines[{checks.show(name)}]", rule, profit)
            mean = inner * _sum_in_any_order(profit[below]) + shared * _sum_in_any_order(profit[tied])
            contributions[name] = 0.0 - mean
        return contributions

    def probability_of_loss(self, threshold: float = 0.0) -> float:
        """Probability of loss: share of the paths that end below `threshold`, a fraction in [0, 1].

        Parameters
        ----------
        threshold
            In the unit of the results. A path that ends exactly on it has not lost.

        Raises
        ------
        InputError
            For a threshold that is not finite.
        """
        limit = checks.real("probability_of_loss: threshold", threshold)
        return int(np.searchsorted(self._ordered, limit, side="left")) / self._ordered.size

    def mean(self) -> float:
        """Mean result; exactly the common one if all paths end alike."""
        middle, distances = self._distances()
        return middle + float(distances.mean())

    def standard_deviation(self) -> float:
        """Sample standard deviation (``ddof=1``, in two passes); exactly 0 if all paths end alike.

        Returns
        -------
        float
            Not negative. NaN for a single path, which shows no spread.
        """
        if self._ordered.size == 1:
            return math.nan
        with np.errstate(under="ignore"):
            return float(np.std(self._distances()[1], ddof=1))

    def _distances(self) -> tuple[float, PathArray]:
        """Middle result, and each result's distance from it: equal results then cause no rounding."""
        middle = float(self._ordered[self._ordered.size // 2])
        return middle, self._ordered - middle

    def _tail(self, where: str, confidence_level: float) -> tuple[int, float]:
        """Number of paths beyond the boundary of the tail, and size of the tail with the boundary."""
        n = self._ordered.size
        kept = _paths_in(checks.open_fraction(f"{where}: confidence_level", confidence_level), n)
        return n - math.ceil(kept), n - kept

    def _weights(self, where: str, confidence_level: float) -> tuple[float, float, float]:
        """Result on the boundary of the tail, weight of a path below it, and weight of each path on it."""
        beyond, size = self._tail(where, confidence_level)
        boundary = float(self._ordered[beyond])
        below = int(np.searchsorted(self._ordered, boundary, side="left"))
        tied = int(np.searchsorted(self._ordered, boundary, side="right")) - below
        if below == 0:
            return boundary, 0.0, 1.0 / tied
        return boundary, 1.0 / size, (1.0 - below / size) / tied


def _check_mapping(where: str, value: object) -> None:
    if not isinstance(value, Mapping):
        checks.refuse_type(where, "must map names to arrays", value, 'write {"reward": ...}')


def _sum_in_any_order(values: PathArray) -> float:
    """Sum that does not depend on the order of the values, which it sorts in place."""
    values.sort()
    return float(values.sum())
