"""`Histogram` and `ReturnCounts`: returns of a run of any number of paths, counted in steps of a thousandth."""

from collections.abc import Mapping

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray, IntArray
from stakingmodels.engine import Reducer
from stakingmodels.equality import ByValue
from stakingmodels.ledger import Outcome
from stakingmodels.measures import Distribution
from stakingmodels.series import frozen

PER_UNIT = 1_000
UNIT = 1.0 / PER_UNIT
"""Width of a bin of returns: a tenth of a percent."""
_HIGHEST = 100 * PER_UNIT  # returns above 10,000 % are counted there
_ROUNDING = 1e-6  # of a bin, by which a return at its lower end may fall short


@attrs.frozen(eq=False, kw_only=True)
class ReturnCounts(ByValue):
    """Returns of one product counted in bins of a thousandth, and the measures of their distribution.

    Attributes
    ----------
    numeraire
        The asset in which money is counted.
    n_paths
        Number of paths.
    confidence_level
        Confidence level of the two risks.
    mean, least, most
        Mean, smallest and largest return, fractions.
    value_at_risk, expected_shortfall
        As in `measures.Distribution`, from the returns themselves and not from the counts; losses are positive.
    first
        Place of the first bin: bin k holds returns in [(first + k) / 1000, (first + k + 1) / 1000).
    counts
        Paths in each bin, ``(n_bins,)``; returns above 100 are counted there.
    """

    numeraire: str
    n_paths: int
    confidence_level: float
    mean: float
    least: float
    most: float
    value_at_risk: float
    expected_shortfall: float
    first: int
    counts: IntArray = attrs.field(repr=False)

    @property
    def is_certain(self) -> bool:
        """Whether all paths lie in one bin."""
        return self.counts.size == 1

    @property
    def lowest(self) -> int:
        """Place of the bin of the lowest return."""
        return self.first

    def quantile_place(self, q: float) -> int:
        """Place of the bin in which a quantile of the returns lies."""
        return self.first + int(np.searchsorted(np.cumsum(self.counts), np.ceil(q * self.n_paths)))

    def above(self, place: int) -> float:
        """Share of the paths at a place or above, a fraction in [0, 1]."""
        return float(self.counts[max(place - self.first, 0) :].sum()) / self.n_paths

    def shares(self, low: int, high: int, step: int) -> FloatArray:
        """Shares of the paths in wider bins from one place to another, fractions, ``((high - low) / step,)``."""
        most = low + checks.CELLS_LIMIT
        checks.integer("ReturnCounts.shares: step", step, 1, checks.CELLS_LIMIT)
        whole = np.zeros(checks.integer("ReturnCounts.shares: high", high, low, most) - low, dtype=np.int64)
        if whole.size % step:
            checks.refuse("ReturnCounts.shares: step", f"must divide the {whole.size} places", step)
        from_here, from_there = max(low - self.first, 0), max(self.first - low, 0)
        part = self.counts[from_here : from_here + max(whole.size - from_there, 0)]
        whole[from_there : from_there + part.size] = part
        return np.asarray(whole.reshape(-1, step).sum(axis=1) / self.n_paths)


def _places(returns: FloatArray) -> tuple[int, IntArray]:
    """First place and the counts from it on."""
    places = np.minimum(np.floor(returns * PER_UNIT + _ROUNDING), _HIGHEST).astype(np.int64)
    first = int(places.min())
    return first, frozen(np.bincount(places - first))


def counts_of(outcome: Outcome, confidence_level: float) -> ReturnCounts:
    """Counted returns of an outcome."""
    spread = Distribution(outcome.returns)
    first, counts = _places(outcome.returns)
    return ReturnCounts(
        numeraire=outcome.numeraire,
        n_paths=outcome.n_paths,
        confidence_level=confidence_level,
        mean=spread.mean(),
        least=float(spread.values.min()),
        most=float(spread.values.max()),
        value_at_risk=spread.value_at_risk(confidence_level),
        expected_shortfall=spread.expected_shortfall(confidence_level),
        first=first,
        counts=counts,
    )


@attrs.frozen(eq=False)
class _Part:
    """Returns of a stretch of paths: counts, sum, ends and the worst."""

    numeraire: str
    n_paths: int
    sum: float
    most: float
    worst: FloatArray
    first: int
    counts: IntArray


@attrs.frozen
class Histogram(Reducer[Mapping[str, _Part]]):
    """Distribution of every product's return for `plotting.distribution`, of a run that keeps no paths.

    Its result is `ReturnCounts` by product. Returns are counted in steps of a thousandth; value at risk and expected
    shortfall are exact, from the worst paths alone, of which it keeps about ``(1 - confidence_level) * n_paths``.

    Parameters
    ----------
    n_paths
        Paths of the run, at most.
    confidence_level
        Confidence level of the two risks, a fraction in (0, 1).

    Examples
    --------
    >>> from stakingmodels import Constants, Holding, Price, TimeGrid, simulate
    >>> from stakingmodels.plotting import Histogram
    >>> grid = TimeGrid.daily("2026-01-01", days=30)
    >>> told = {"returns": Histogram(4)}
    >>> hold, world = {"hold": Holding("ETH", buy_fee=0.01)}, Constants({Price("ETH"): 3000.0})
    >>> found = simulate(hold, world, grid, capital=1.0, n_paths=4, keep="none", reducers=told).reduced["returns"]
    >>> found["hold"].n_paths, f"{found['hold'].value_at_risk:.3f}"
    (4, '0.011')
    """

    n_paths: int = attrs.field(validator=checks.field(checks.integer, 1, checks.PATHS_LIMIT))
    confidence_level: float = attrs.field(default=0.95, validator=checks.field(checks.open_fraction), kw_only=True)

    @property
    def _kept(self) -> int:
        return min(int(np.ceil((1.0 - self.confidence_level) * self.n_paths)) + 2, self.n_paths)

    def summarize(self, outcomes: Mapping[str, Outcome]) -> Mapping[str, _Part]:
        """Counts and worst returns of one block."""
        return {name: self._part(outcome) for name, outcome in outcomes.items()}

    def _part(self, outcome: Outcome) -> _Part:
        returns = outcome.returns
        first, counts = _places(returns)
        worst = np.sort(returns)[: self._kept]
        total, most = float(returns.sum()), float(returns.max())
        return _Part(outcome.numeraire, returns.size, total, most, worst, first, counts)

    def merge(self, first: Mapping[str, _Part], second: Mapping[str, _Part]) -> Mapping[str, _Part]:
        """Counts and worst returns of two stretches together."""
        return {name: self._joined(one, second[name]) for name, one in first.items()}

    def _joined(self, a: _Part, b: _Part) -> _Part:
        first = min(a.first, b.first)
        counts = np.zeros(max(each.first + each.counts.size for each in (a, b)) - first, dtype=np.int64)
        for each in (a, b):
            counts[each.first - first :][: each.counts.size] += each.counts
        worst = np.sort(np.concatenate([a.worst, b.worst]))[: self._kept]
        return _Part(a.numeraire, a.n_paths + b.n_paths, a.sum + b.sum, max(a.most, b.most), worst, first, counts)

    def result(self, total: Mapping[str, _Part]) -> dict[str, ReturnCounts]:
        """Counted returns by product."""
        return {name: self._counted(part) for name, part in total.items()}

    def _counted(self, part: _Part) -> ReturnCounts:
        if part.n_paths > self.n_paths:
            checks.refuse("Histogram.n_paths", f"must be at least the {part.n_paths} of the run", self.n_paths)
        # the other paths do not matter for the risks: they get the value of the last of the worst
        tail = Distribution(np.concatenate([part.worst, np.full(part.n_paths - part.worst.size, part.worst[-1])]))
        return ReturnCounts(
            numeraire=part.numeraire,
            n_paths=part.n_paths,
            confidence_level=self.confidence_level,
            mean=part.sum / part.n_paths,
            least=float(part.worst[0]),
            most=part.most,
            value_at_risk=tail.value_at_risk(self.confidence_level),
            expected_shortfall=tail.expected_shortfall(self.confidence_level),
            first=part.first,
            counts=frozen(part.counts),
        )
