"""`BackShares`: share of the money put in that has come back by day; `MoneyBack`, the reducer that makes them."""

import functools
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
from stakingmodels.ledger.flows import refuse_without_flows
from stakingmodels.market import TimeGrid
from stakingmodels.measures import Distribution
from stakingmodels.plotting.counted import N_TIMES, DayCounts, shown_times
from stakingmodels.series import frozen

_PER_UNIT = 1_000
_HIGHEST = 10 * _PER_UNIT  # shares above 1,000 % are counted there
_TOGETHER = 1_024  # paths whose flows are laid out by time at once
_ROUNDING = 1e-6  # of a bin, by which a share at its lower end may fall short


@attrs.frozen(eq=False, kw_only=True)
class BackShares(ByValue):
    """Share of the money put in that has come back by each day, for a share of the paths.

    Attributes
    ----------
    n_paths
        Number of paths.
    confidence_level
        Share of the paths that have reached `shares`.
    days, exit_day
        Days since the opening, ``(n_times,)``; and the day on which the holder asks to leave.
    shares
        Largest share of the money put in that so many of the paths have been paid out by then, ``(n_times,)``.
    at_exit
        The same on the day on which the holder asks to leave.
    """

    n_paths: int
    confidence_level: float
    days: FloatArray
    exit_day: float
    shares: FloatArray

    @property
    def at_exit(self) -> float:
        """Share on the day on which the holder asks to leave."""
        return float(self.shares[np.searchsorted(self.days, self.exit_day)])


def back_shares_of(where: str, outcome: Outcome, confidence_level: float) -> BackShares:
    """Exact shares of an outcome with dated flows, at all times of its grid."""
    shares = np.empty(outcome.grid.n_times)
    level = 0.0
    for time, (paid, is_changed) in enumerate(_paid(where, outcome)):
        if is_changed:
            level = Distribution(paid / outcome.invested).lower_end(1.0 - confidence_level)
        shares[time] = level
    return BackShares(
        n_paths=outcome.n_paths,
        confidence_level=confidence_level,
        days=outcome.grid.elapsed_days,
        exit_day=float(outcome.grid.elapsed_days[outcome.grid.exit]),
        shares=frozen(shares),
    )


def _paid(where: str, outcome: Outcome) -> Iterator[tuple[FloatArray, bool]]:
    """Money paid out on each path by each time, in an array that is used again, and whether it has changed."""
    flows = outcome.flows
    if flows is None:
        refuse_without_flows(where)
    last = outcome.grid.n_times - 1
    counted = (flows.money > 0.0) & ((flows.time < last) | outcome.settled[flows.path])
    path, time, amount = flows.path[counted], flows.time[counted], flows.money[counted]
    order = np.argsort(time, kind="stable")
    bounds = np.searchsorted(time[order], np.arange(last + 2))
    paid = np.zeros(outcome.n_paths)
    for k in range(last + 1):
        part = order[bounds[k] : bounds[k + 1]]
        if part.size:
            paid += np.bincount(path[part], amount[part], outcome.n_paths)
        yield paid, part.size > 0


@attrs.frozen(eq=False)
class _Counted:
    """Shares of a stretch of paths, counted by time."""

    grid: TimeGrid
    counts: DayCounts


@attrs.frozen
class MoneyBack(Reducer[Mapping[str, _Counted]]):
    """Share of the money put in that has come back by day for `plotting.money_back`, of a run that keeps no paths.

    Its result is `BackShares` by product. Shares are counted by time in steps of a thousandth of the money put in, and
    rounded down to one.

    Parameters
    ----------
    confidence_level
        Share of the paths that have reached the result, a fraction in (0, 1); 0.5 (default) for half of them.
    n_times
        Times of the grid that are looked at, evenly spread, at most; the day of the exit and the last are among them.

    Examples
    --------
    >>> from stakingmodels import Constants, Holding, Price, TimeGrid, simulate
    >>> from stakingmodels.plotting import MoneyBack
    >>> grid = TimeGrid.daily("2026-01-01", days=30)
    >>> hold, world = {"hold": Holding("ETH", sell_fee=0.01)}, Constants({Price("ETH"): 3000.0})
    >>> told = {"back": MoneyBack()}
    >>> run = simulate(hold, world, grid, capital=1000.0, n_paths=4, keep="none", reducers=told)
    >>> f"{run.reduced['back']['hold'].at_exit:.3f}"
    '0.990'
    """

    confidence_level: float = attrs.field(default=0.5, validator=checks.field(checks.open_fraction), kw_only=True)
    n_times: int = attrs.field(default=N_TIMES, validator=checks.field(checks.integer, 2, 100_001), kw_only=True)
    keeps: ClassVar[Keep] = "flows"
    """Data that the blocks of the run must keep while they are summarized."""

    def summarize(self, outcomes: Mapping[str, Outcome]) -> Mapping[str, _Counted]:
        """Counts of one block."""
        return {name: self._counted(outcome) for name, outcome in outcomes.items()}

    def _counted(self, outcome: Outcome) -> _Counted:
        times = {*shown_times(outcome.grid, self.n_times).tolist()}
        parts = (outcome.slice_paths(k, k + _TOGETHER) for k in range(0, outcome.n_paths, _TOGETHER))
        return _Counted(outcome.grid, functools.reduce(DayCounts.joined, (_counts(part, times) for part in parts)))

    def merge(self, first: Mapping[str, _Counted], second: Mapping[str, _Counted]) -> Mapping[str, _Counted]:
        """Counts of two stretches together."""
        return {name: attrs.evolve(one, counts=one.counts.joined(second[name].counts)) for name, one in first.items()}

    def result(self, total: Mapping[str, _Counted]) -> dict[str, BackShares]:
        """Shares by product."""
        return {name: self._shares(part) for name, part in total.items()}

    def _shares(self, part: _Counted) -> BackShares:
        days, counts = part.grid.elapsed_days, part.counts
        return BackShares(
            n_paths=counts.n_paths,
            confidence_level=self.confidence_level,
            days=frozen(days[shown_times(part.grid, self.n_times)]),
            exit_day=float(days[part.grid.exit]),
            shares=frozen(counts.reached_by(self.confidence_level, counts.places / _PER_UNIT)),
        )


def _counts(outcome: Outcome, times: set[int]) -> DayCounts:
    paid = enumerate(_paid("MoneyBack", outcome))
    return DayCounts.of([_places(money / outcome.invested) for time, (money, _) in paid if time in times])


def _places(shares: FloatArray) -> IntArray:
    return np.minimum(np.floor(shares * _PER_UNIT + _ROUNDING), _HIGHEST).astype(np.int64)
