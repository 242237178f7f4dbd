"""`DrawdownBands`: fall of a product below its highest value so far; `Drawdown`, the reducer that makes them."""

from collections.abc import Iterator, Mapping
from typing import ClassVar

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray, IntArray
from stakingmodels.engine import Reducer
from stakingmodels.engine.keep import Keep
from stakingmodels.equality import ByValue
from stakingmodels.ledger import Outcome
from stakingmodels.market import TimeGrid
from stakingmodels.measures import Distribution
from stakingmodels.plotting.counted import N_TIMES, DayCounts, shown_times
from stakingmodels.plotting.given import values_of
from stakingmodels.series import frozen

_DEEP = 0.05
_PER_UNIT = 1_000


@attrs.frozen(eq=False, kw_only=True)
class DrawdownBands(ByValue):
    """Fall of a product's value below its highest so far, the capital included, at some times of a run.

    Attributes
    ----------
    product
        Class of the product.
    n_paths
        Number of paths.
    days, exit_day
        Days since the opening, ``(n_times,)``; and the day on which the holder asks to leave.
    middle, deep
        Value over the highest so far less 1: the median, and the value that 5 % of the paths are at or below;
        ``(n_times,)`` each, in [-1, 0].
    """

    product: str
    n_paths: int
    days: FloatArray
    exit_day: float
    middle: FloatArray
    deep: FloatArray


def drawdown_bands_of(where: str, outcome: Outcome) -> DrawdownBands:
    """Exact quantiles of the falls of an outcome that kept its values."""
    grid = outcome.grid
    found = np.zeros((2, grid.n_times))
    for time, falls in enumerate(_falls(where, outcome)):
        spread = Distribution(falls)
        found[:, time] = spread.median(), spread.quantile(_DEEP)
    return DrawdownBands(
        product=outcome.product,
        n_paths=outcome.n_paths,
        days=grid.elapsed_days,
        exit_day=float(grid.elapsed_days[grid.exit]),
        middle=frozen(found[0]),
        deep=frozen(found[1]),
    )


def _falls(where: str, outcome: Outcome) -> Iterator[FloatArray]:
    """Value over its highest so far less 1 on each path, time by time."""
    peak = np.array(outcome.capital, dtype=np.float64)
    for row in values_of(where, outcome):
        np.maximum(peak, row, out=peak)
        yield row / peak - 1.0


@attrs.frozen(eq=False)
class _Counted:
    """Falls of a stretch of paths, counted by time."""

    product: str
    grid: TimeGrid
    counts: DayCounts


@attrs.frozen
class Drawdown(Reducer[Mapping[str, _Counted]]):
    """Fall of every product below its highest value so far for `plotting.drawdown`, of a run that keeps no paths.

    Its result is `DrawdownBands` by product. Falls are counted by time to the nearest thousandth. Blocks of the run
    hold their values while they are run, as for `Fan`.

    Parameters
    ----------
    n_times
        Times of the grid that are looked at, evenly spread, at most; the day of the exit and the last are among them.
        The highest value is that of all times.

    Examples
    --------
    >>> from stakingmodels import Constants, Holding, Price, TimeGrid, simulate
    >>> from stakingmodels.plotting import Drawdown
    >>> grid = TimeGrid.daily("2026-01-01", days=30)
    >>> hold, world = {"hold": Holding("ETH", buy_fee=0.02)}, Constants({Price("ETH"): 3000.0})
    >>> told = {"fall": Drawdown()}
    >>> run = simulate(hold, world, grid, capital=1000.0, n_paths=4, keep="none", reducers=told)
    >>> f"{run.reduced['fall']['hold'].middle[-1]:.3f}"
    '-0.020'
    """

    n_times: int = attrs.field(default=N_TIMES, validator=checks.field(checks.integer, 2, 100_001))
    keeps: ClassVar[Keep] = "values"
    """Data that the blocks of the run must keep while they are summarized."""

    def summarize(self, outcomes: Mapping[str, Outcome]) -> Mapping[str, _Counted]:
        """Counts of one block."""
        return {name: self._counted(outcome) for name, outcome in outcomes.items()}

    def _counted(self, outcome: Outcome) -> _Counted:
        times = {*shown_times(outcome.grid, self.n_times).tolist()}
        rows = [_places(falls) for time, falls in enumerate(_falls("Drawdown", outcome)) if time in times]
        return _Counted(outcome.product, outcome.grid, DayCounts.of(rows))

    def merge(self, first: Mapping[str, _Counted], second: Mapping[str, _Counted]) -> Mapping[str, _Counted]:
        """Counts of two stretches together."""
        return {name: attrs.evolve(one, counts=one.counts.joined(second[name].counts)) for name, one in first.items()}

    def result(self, total: Mapping[str, _Counted]) -> dict[str, DrawdownBands]:
        """Quantiles by product."""
        return {name: self._bands(part) for name, part in total.items()}

    def _bands(self, part: _Counted) -> DrawdownBands:
        days, counts = part.grid.elapsed_days, part.counts
        values = counts.places / _PER_UNIT
        return DrawdownBands(
            product=part.product,
            n_paths=counts.n_paths,
            days=frozen(days[shown_times(part.grid, self.n_times)]),
            exit_day=float(days[part.grid.exit]),
            middle=frozen(counts.quantile(0.5, values)),
            deep=frozen(counts.quantile(_DEEP, values)),
        )


def _places(falls: FloatArray) -> IntArray:
    return np.rint(falls * _PER_UNIT).astype(np.int64)
