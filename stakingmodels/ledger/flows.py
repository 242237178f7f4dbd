"""`Flows`: dated flows of money between a product and its holder; and `FlowLog`, which gathers them step by step."""

from collections.abc import Iterable
from typing import NoReturn, Self

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray, IndexArray, IntArray, PathArray, PathValue
from stakingmodels.display import displays
from stakingmodels.ledger.observers import Flow
from stakingmodels.market import TimeGrid
from stakingmodels.measures.irr import solve
from stakingmodels.rates import DAYS_PER_YEAR
from stakingmodels.series import Sealed, frozen

FEW = 64
"""Most flows of a path that are kept by default: enough for a sale, a few pay-outs or an exit queue."""
_CELLS = 65_536  # flows laid out side by side at a time


@attrs.frozen(eq=False)
class Flows(Sealed):
    """Dated flows of money after the opening, as the holder sees them: payments in are negative, pay-outs positive.

    Money paid out is the holder's: interest on it is no flow. Money in the wallet pays costs; the rest comes back on
    the day on which the holder asks to leave. Holdings not paid out by the grid's end count as a flow of their value
    there.

    Attributes
    ----------
    path, time
        Of each flow, ``(n_flows,)`` each: index of the path, and of the grid's time. In the order of the paths, and of
        time on each; a time has one flow a path at most.
    money
        Amounts in the numeraire, ``(n_flows,)``.
    """

    path: IndexArray
    time: IndexArray
    money: FloatArray

    def of(self, path: int, capital: float, grid: TimeGrid) -> tuple[FloatArray, FloatArray]:
        """Days since the opening and money of each flow of one path, ``(n,)`` each; the capital comes first."""
        first, end = np.searchsorted(self.path, [path, path + 1])
        days = np.concatenate([[0.0], grid.elapsed_days[self.time[first:end]]])
        money = np.concatenate([[-capital], self.money[first:end]])
        if days.size > 1 and days[1] == 0.0:
            days, money = days[1:], np.concatenate([[money[0] + money[1]], money[2:]])
        return frozen(days), frozen(money)

    def irr(self, capital: PathValue, grid: TimeGrid, n_paths: int) -> PathArray:
        """Effective annual internal rate of return of each path, ``(n_paths,)``; NaN as in `measures.irr`."""
        count = np.bincount(self.path, minlength=n_paths)
        ends = np.cumsum(count)
        place = np.arange(self.path.size) - (ends - count)[self.path]
        rates = np.empty(n_paths)
        width = max(_CELLS // (int(count.max(initial=0)) + 2), 1)
        for start in range(0, n_paths, width):
            stop = min(start + width, n_paths)
            part = slice(int(ends[start] - count[start]), int(ends[stop - 1]))
            shape = (int(count[start:stop].max()) + 2, stop - start)
            money, days = np.zeros(shape), np.empty(shape)
            # an opening that falls together with a first flow, and flows of 0 after the last: times must increase
            days[:] = grid.elapsed_days[-1] + 1.0 + np.arange(shape[0])[:, None]
            days[0], money[0] = 0.0, -np.broadcast_to(capital, (n_paths,))[start:stop]
            rows, columns = place[part] + 1, self.path[part] - start
            at_once = self.time[part] == 0
            money[0, columns[at_once]] += self.money[part][at_once]
            money[rows[~at_once], columns[~at_once]] = self.money[part][~at_once]
            days[rows, columns] = grid.elapsed_days[self.time[part]]
            days[rows[at_once], columns[at_once]] = 0.5 * grid.elapsed_days[1]
            rates[start:stop] = solve(money, days / DAYS_PER_YEAR)
        return rates

    @classmethod
    def merge(cls, parts: "list[tuple[int, Flows]]", n_paths: int) -> Self:
        """Flows of all parts of the paths, joined; each part comes with the index of its first path."""
        parts = sorted(parts, key=lambda part: part[0])
        path = np.concatenate([flows.path + np.int32(start) for start, flows in parts])
        end = int(np.searchsorted(path, n_paths))
        time = np.concatenate([flows.time for _, flows in parts])
        money = np.concatenate([flows.money for _, flows in parts])
        return cls(frozen(path[:end]), frozen(time[:end]), frozen(money[:end]))

    def slice_paths(self, start: int, stop: int) -> "Flows":
        """Flows of the paths [start, stop), counted from 0."""
        first, end = np.searchsorted(self.path, [start, stop])
        path = self.path[first:end] - np.int32(start)
        return Flows(frozen(path), frozen(self.time[first:end]), frozen(self.money[first:end]))


class FlowLog:
    """Flows of a run, gathered step by step; dropped if a path has more than `most`.

    Parameters
    ----------
    n_paths
        Paths of the part.
    most
        Most flows of a path that are kept; None for all.
    """

    def __init__(self, n_paths: int, most: int | None) -> None:
        self._most = most
        self._count, self._total = np.zeros(n_paths, dtype=np.int32), np.empty(n_paths)
        self._entries: list[tuple[int, IndexArray, FloatArray]] = []
        self.is_full = False

    def add(self, time: int, given: Iterable[Flow]) -> None:
        """Keep the money that passed at a grid time, in one flow a path where it is not 0; times come in order."""
        if self.is_full:
            return
        found = list(given)
        if self._entries and self._entries[-1][0] == time:  # money paid out in the last step, and what is left then
            _, before, money = self._entries.pop()
            self._count[before] -= 1
            found.append((before.astype(np.int64), money))
        paths, money = self._together(found)
        if self._most is not None and int(self._count.max(initial=0)) > self._most:
            self.is_full = True
            self._entries.clear()
            return
        self._entries.append((time, paths.astype(np.int32), money))

    def _together(self, given: list[Flow]) -> tuple[IntArray, FloatArray]:
        """Paths with flows, in order, which are counted, and the sum on each; of amounts on some paths (None: all)."""
        if len(given) == 1 and given[0][0] is not None:
            paths, amounts = given[0][0], np.broadcast_to(given[0][1], given[0][0].shape)
            order = np.argsort(paths, kind="stable")
            order = order[amounts[order] != 0.0]
            paths = paths[order]
            self._count[paths] += 1
            return paths, amounts[order]
        total = self._total
        total.fill(0.0)
        for some, amount in given:
            if some is None:
                total += amount
            else:
                total[some] += amount
        flows = total != 0.0
        self._count += flows
        paths = flows.nonzero()[0]
        return paths, total[paths]

    def flows(self) -> Flows | None:
        """All flows in the order of the paths; None if there were too many."""
        if self.is_full:
            return None
        place = np.cumsum(self._count) - self._count  # of the next flow of each path
        time, money = np.empty(self._count.sum(), dtype=np.int32), np.empty(self._count.sum())
        for when, paths, amounts in self._entries:
            here = place[paths]
            time[here], money[here] = when, amounts
            place[paths] += 1
        path = np.repeat(np.arange(self._count.size, dtype=np.int32), self._count)
        return Flows(frozen(path), frozen(time), frozen(money))


def refuse_without_flows(where: str) -> NoReturn:
    """Raise `InputError` for a run that kept no dated flows."""
    rule = f'needs dated flows, of which keep="summary" keeps none, and a large run by itself no more than {FEW} a path'
    checks.refuse(where, rule, "none", 'keep="flows"')


displays(__name__)
