"""`ValueBands`: quantiles of a product's value by day; `Fan`, the reducer that makes them of any number of paths."""

from collections.abc import Mapping
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
from stakingmodels.plotting.counted import N_TIMES, SHARES, DayCounts, shown_times
from stakingmodels.plotting.given import values_of
from stakingmodels.series import FrozenMap, frozen

_WIDTH = 0.004  # of a bin of values, relative
_LEAST = 1e-12  # of money, below which there is none


@attrs.frozen(eq=False, kw_only=True)
class ValueBands(ByValue):
    """Quantiles over the paths of a product's value at some times of a run, in money.

    Attributes
    ----------
    product, numeraire
        Class of the product, and the asset in which money is counted.
    n_paths
        Number of paths.
    capital
        Money put in at the opening, mean over the paths.
    days, exit_day
        Days since the opening, ``(n_times,)``; and the day on which the holder asks to leave.
    quantiles
        Values by the share of the paths below, 0.05, 0.25, 0.5, 0.75 and 0.95; ``(n_times,)`` each.
    """

    product: str
    numeraire: str
    n_paths: int
    capital: float
    days: FloatArray
    exit_day: float
    quantiles: Mapping[float, FloatArray]


def bands_of(where: str, outcome: Outcome) -> ValueBands:
    """Exact quantiles of an outcome that kept its values."""
    values, grid = values_of(where, outcome), outcome.grid
    found = np.array([_row(np.ascontiguousarray(row)) for row in values])
    return ValueBands(
        product=outcome.product,
        numeraire=outcome.numeraire,
        n_paths=outcome.n_paths,
        capital=float(np.mean(outcome.capital)),
        days=grid.elapsed_days,
        exit_day=float(grid.elapsed_days[grid.exit]),
        quantiles=FrozenMap({q: frozen(found[:, place]) for place, q in enumerate(SHARES)}),
    )


def _row(values: FloatArray) -> list[float]:
    spread = Distribution(values)
    return [spread.median() if q == 0.5 else spread.quantile(q) for q in SHARES]


@attrs.frozen(eq=False)
class _Counted:
    """Values of a stretch of paths counted by time, in bins of their logarithm."""

    outcome: tuple[str, str]
    grid: TimeGrid
    n_paths: int
    capital: float
    counts: DayCounts


@attrs.frozen
class Fan(Reducer[Mapping[str, _Counted]]):
    """Quantiles of every product's value by day for `plotting.fan`, of a run that keeps no paths.

    Its result is `ValueBands` by product. Values are counted by time in bins of 0.4 % of their size, so that a quantile
    is off by 0.2 % at most. Blocks of the run hold their values while they are run, 8 bytes a path and time of each
    product: with many products, several runs take less memory.

    Parameters
    ----------
    n_times
        Times of the grid that are looked at, evenly spread, at most; the day of the exit and the last are among them.

    Examples
    --------
    >>> from stakingmodels import Constants, Holding, Price, TimeGrid, simulate
    >>> from stakingmodels.plotting import Fan
    >>> grid = TimeGrid.daily("2026-01-01", days=30)
    >>> hold, world = {"hold": Holding("ETH")}, Constants({Price("ETH"): 3000.0})
    >>> run = simulate(hold, world, grid, capital=1000.0, n_paths=4, keep="none", reducers={"fan": Fan()})
    >>> bands = run.reduced["fan"]["hold"]
    >>> bool(abs(bands.quantiles[0.5][-1] / 999.0 - 1.0) < 0.002)
    True
    """

    n_times: int = attrs.field(default=N_TIMES, validator=checks.field(checks.integer, 2, 100_001))
    keeps: ClassVar[Keep] = "values"

    def summarize(self, outcomes: Mapping[str, Outcome]) -> Mapping[str, _Counted]:
        """Counts of one block."""
        return {name: self._counted(outcome) for name, outcome in outcomes.items()}

    def _counted(self, outcome: Outcome) -> _Counted:
        values = values_of("Fan", outcome)
        rows = [_places(values[time]) for time in shown_times(outcome.grid, self.n_times)]
        counts = DayCounts.of([places for places, _ in rows], [none for _, none in rows])
        names = outcome.product, outcome.numeraire
        return _Counted(names, outcome.grid, outcome.n_paths, float(outcome.capital.sum()), counts)

    def merge(self, first: Mapping[str, _Counted], second: Mapping[str, _Counted]) -> Mapping[str, _Counted]:
        """Counts of two stretches together."""
        return {name: _joined(one, second[name]) for name, one in first.items()}

    def result(self, total: Mapping[str, _Counted]) -> dict[str, ValueBands]:
        """Quantiles by product."""
        return {name: self._bands(part) for name, part in total.items()}

    def _bands(self, part: _Counted) -> ValueBands:
        days, counts = part.grid.elapsed_days, part.counts
        values = np.exp((counts.places + 0.5) * _WIDTH)
        return ValueBands(
            product=part.outcome[0],
            numeraire=part.outcome[1],
            n_paths=part.n_paths,
            capital=part.capital / part.n_paths,
            days=frozen(days[shown_times(part.grid, self.n_times)]),
            exit_day=float(days[part.grid.exit]),
            quantiles=FrozenMap({q: frozen(counts.quantile(q, values)) for q in SHARES}),
        )


def _places(values: FloatArray) -> tuple[IntArray, int]:
    """Bins of the values at one time, and the number of paths without value."""
    some = values[values > _LEAST]
    return np.floor(np.log(some) / _WIDTH).astype(np.int64), values.size - some.size


def _joined(a: _Counted, b: _Counted) -> _Counted:
    counts = a.counts.joined(b.counts)
    return _Counted(a.outcome, a.grid, a.n_paths + b.n_paths, a.capital + b.capital, counts)
