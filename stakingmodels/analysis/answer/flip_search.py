"""`moving` and `Search`: numbers that move a row far enough to matter, and roots of differences, by common trials."""

from collections.abc import Iterable, Mapping, Sequence

import attrs

from stakingmodels.analysis.answer.bench import Bench, RowTerms, Trial
from stakingmodels.analysis.answer.ranges import SIDES, Side, cause_of, end_of
from stakingmodels.analysis.answer.roots import Bracket, closed
from stakingmodels.products.assumed_terms import AssumedTerm

HOLDING = ""
"""Second of a pair for holding the row's own coin, free of cost, whose average in coins is 0."""
Point = tuple[str, str, str]
"""First row, second row and key."""
_ROUNDS = 30


class Search:
    """Differences of pairs of rows at values of one number, by trials on the same paths."""

    def __init__(self, bench: Bench, terms: RowTerms) -> None:
        self._bench = bench
        self._base = {name: {each.key: each.assumption.base for each in terms[name]} for name in terms}

    def _trial(self, row: str, key: str, value: float) -> Trial:
        usual = self._base[row].get(key)
        return Trial(row) if usual is None or usual == value else Trial(row, ((key, value),))

    def usual(self, first: str, second: str) -> float:
        """Difference with all numbers as they are."""
        rows = [Trial(row) for row in (first, second) if row != HOLDING]
        means = self._bench.means(rows)
        return means[rows[0]] - (means[rows[1]] if len(rows) > 1 else 0.0)

    def differences(self, asked: Iterable[tuple[Point, float]]) -> dict[tuple[Point, float], float]:
        """Mean of the first row less that of the second with one number at a value, by pair, key and value."""
        trials = {
            (point, x): [self._trial(row, point[2], x) for row in point[:2] if row != HOLDING] for point, x in asked
        }
        means = self._bench.means(trial for pair in trials.values() for trial in pair)
        return {at: means[pair[0]] - (means[pair[1]] if len(pair) > 1 else 0.0) for at, pair in trials.items()}

    def roots(self, brackets: Mapping[Point, Bracket]) -> dict[Point, float]:
        """Root within each bracket; every round of all searches is one set of runs."""
        active = dict(brackets)
        found: dict[Point, float] = {}
        for _ in range(_ROUNDS):
            found |= {point: bracket.root for point, bracket in active.items() if closed(bracket)}
            active = {point: bracket for point, bracket in active.items() if point not in found}
            if not active:
                break
            at = {(point, bracket.next()) for point, bracket in active.items()}
            values = self.differences(at)
            for point, x in at:
                active[point] = active[point].narrowed(x, values[point, x])
        return found | {point: bracket.root for point, bracket in active.items()}


@attrs.frozen
class _Group:
    """Numbers of a row at one of their ends, and how far they must move its average to matter."""

    row: str
    side: Side
    numbers: tuple[AssumedTerm, ...]
    need: float

    @property
    def trial(self) -> Trial:
        return Trial.of(self.row, {each.key: end_of(each.assumption, self.side) for each in self.numbers})

    def parts(self) -> "list[_Group]":
        """The numbers of each cause, or each number where there is one cause."""
        causes = dict.fromkeys(cause_of(each.key) for each in self.numbers)
        groups = [tuple(each for each in self.numbers if cause_of(each.key) == cause) for cause in causes]
        singles = [(each,) for each in self.numbers]
        return [attrs.evolve(self, numbers=part) for part in (groups if len(groups) > 1 else singles)]


def moving(bench: Bench, terms: RowTerms, usual: Mapping[tuple[str, str], float]) -> set[tuple[str, str]]:
    """Rows and keys of the numbers that by themselves move a row as far as the nearest row that it is compared with.

    Numbers are moved together, and then by their causes and one by one where that is far enough: the average of a row
    is monotone in each.
    """
    groups = list[_Group]()
    for row in dict.fromkeys(name for pair in usual for name in pair if name != HOLDING):
        numbers = tuple(each for each in terms[row] if each.assumption.low < each.assumption.high)
        for side, need in zip(SIDES, _needs(row, usual), strict=True):
            groups += [_Group(row, side, numbers, need)] if numbers and need is not None else []
    found = set[tuple[str, str]]()
    while groups:
        means = bench.means([*(group.trial for group in groups), *(Trial(group.row) for group in groups)])
        far = [group for group in groups if abs(means[group.trial] - means[Trial(group.row)]) >= group.need]
        found |= {(group.row, group.numbers[0].key) for group in far if len(group.numbers) == 1}
        groups = [part for group in far if len(group.numbers) > 1 for part in group.parts()]
    return found


def _needs(row: str, usual: Mapping[tuple[str, str], float]) -> Sequence[float | None]:
    """Least fall and least rise of a row's average that makes it equal to another's; None if no row is that way."""
    ahead = [apart if pair[0] == row else -apart for pair, apart in usual.items() if row in pair]
    falls = [apart for apart in ahead if apart >= 0.0]
    rises = [-apart for apart in ahead if apart <= 0.0]
    return min(falls, default=None), min(rises, default=None)
