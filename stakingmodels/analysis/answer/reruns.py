"""`Reruns`: what a comparison needs to run again, computed when it is first asked for and kept."""

from collections.abc import Sequence
from concurrent.futures import Executor
from typing import Any

import attrs

from stakingmodels.analysis.answer.bench import Bench, RowTerms
from stakingmodels.analysis.answer.flips import FLIP_PATHS, FlipPoints, flip_points_of, pairs_of
from stakingmodels.analysis.answer.ranges import Ranges, ranges_of
from stakingmodels.analysis.answer.verdicts import Verdicts, verdicts_of
from stakingmodels.assumptions import AssumptionSet
from stakingmodels.engine import Results
from stakingmodels.equality import ByValue


@attrs.frozen(eq=False, kw_only=True, repr=False)
class Reruns(ByValue):
    """Ranges, verdicts and flip points of a run, each computed once.

    Attributes
    ----------
    results
        The run.
    numbers
        The assumption set whose numbers move.
    terms
        Assumed numbers by row.
    executor
        As in `simulate`.
    """

    results: Results
    numbers: AssumptionSet
    terms: RowTerms
    executor: Executor | None = attrs.field(default=None, eq=False)
    _kept: dict[object, Any] = attrs.field(init=False, factory=dict)

    def __reduce__(self) -> tuple[Any, ...]:
        return _reruns, (self.results, self.numbers, self.terms)  # what was run can be run again

    def _once(self, key: object, make: Any) -> Any:
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]

    @property
    def _bench(self) -> Bench:
        bench: Bench = self._once("bench", lambda: Bench(self.results, self.terms, executor=self.executor))
        return bench

    def ranges(self) -> Ranges:
        """Ranges of all rows, on all paths."""
        found: Ranges = self._once("ranges", lambda: ranges_of(self._bench, self.results, self.terms))
        return found

    def verdicts(self, names: Sequence[str]) -> Verdicts:
        """Verdicts of all pairs of some rows, on all paths."""
        self.ranges()
        key = ("verdicts", *names)
        found: Verdicts = self._once(key, lambda: verdicts_of(self._bench, names, self.terms))
        return found

    def flip_points(
        self, names: Sequence[str], first: str | None, second: str | None, n_paths: int | None = FLIP_PATHS
    ) -> FlipPoints:
        """Flip points of some pairs of these rows, on the first paths; on all of a record."""
        pairs = pairs_of(names, first, second)
        self.ranges()  # what it runs bounds what any number can move
        few = self.results.scenario.is_recorded or n_paths is None or n_paths >= self.results.n_paths
        bench: Bench = self._bench if few else self._once(("bench", n_paths), lambda: self._bench.first(n_paths or 1))
        found: FlipPoints = self._once(
            ("flips", None if few else n_paths, *pairs), lambda: flip_points_of(bench, pairs, self.terms)
        )
        return found


def _reruns(results: Results, numbers: AssumptionSet, terms: RowTerms) -> Reruns:
    return Reruns(results=results, numbers=numbers, terms=terms)
