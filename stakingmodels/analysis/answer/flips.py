"""`FlipPoints`: value of each assumed number at which the better of two rows changes."""

import itertools
import math
from collections.abc import Sequence
from typing import Any

import attrs

from stakingmodels import checks
from stakingmodels.analysis.answer.bench import Bench, RowTerms
from stakingmodels.analysis.answer.flip_search import HOLDING, Point, Search, moving
from stakingmodels.analysis.answer.numbers import number_name, number_text
from stakingmodels.analysis.answer.roots import Bracket
from stakingmodels.display import Summary
from stakingmodels.products.assumed_terms import AssumedTerm
from stakingmodels.tables import Shown, Table
from stakingmodels.words import Note

FLIP_PATHS = 4_096
"""Paths of a run on which flip points are searched, the first ones."""
_DIGITS = 2  # of a flip point, which is found to 0.3 % of a range on few paths
_TOLERANCE = 3e-3  # of the range of a number


@attrs.frozen(kw_only=True)
class FlipPoint:
    """Value of one assumed number at which the better of two rows changes, with all others as they are.

    Attributes
    ----------
    first, second
        Names of the rows; `second` is empty for holding the first row's coin.
    number
        The number with its range, as a term of the first row that rests on it.
    value
        Value within the range at which the averages of the two rows are equal; NaN if there is none, or if they are
        equal at all of them.
    difference
        Average of the first row less that of the second with all numbers as they are, a fraction a year in coins.
    """

    first: str
    second: str
    number: AssumedTerm
    value: float
    difference: float

    @property
    def is_never(self) -> bool:
        """Whether the better of the two stays the same throughout the range, or neither is better anywhere in it."""
        return math.isnan(self.value)

    @property
    def sentence(self) -> Note:
        """The flip point as a sentence."""
        number, a = self.number, self.number.assumption
        words = {"first": self.first, "second": self.second, "number": number_name(number)}
        words |= {end: number_text(number, getattr(a, end)) for end in ("low", "base", "high")}
        if not self.is_never:
            words["value"] = number_text(number, self.value, _DIGITS)
            return Note("flip.hold" if self.second == HOLDING else "flip.pair", **words)
        if self.difference == 0.0:
            return Note("flip.hold.level" if self.second == HOLDING else "flip.pair.level", **words)
        if self.second == HOLDING:
            return Note("flip.hold.above" if self.difference > 0.0 else "flip.hold.below", **words)
        return Note("flip.pair.above" if self.difference > 0.0 else "flip.pair.below", **words)


@attrs.frozen(repr=False)
class FlipPoints(Shown, Sequence[FlipPoint]):
    """Flip points of pairs of rows. Print them, or show them in a notebook.

    Attributes
    ----------
    points
        One for each pair and each number that either of them rests on; those that exist first.
    n_paths
        Paths on which they were searched.
    """

    points: tuple[FlipPoint, ...]
    n_paths: int

    def __getitem__(self, index: Any) -> Any:
        return self.points[index]

    def __len__(self) -> int:
        return len(self.points)

    def of(self, first: str, second: str = HOLDING) -> tuple[FlipPoint, ...]:
        """Flip points of two rows in either order; of one row, those against holding its coin."""
        return tuple(p for p in self.points if {p.first, p.second} == {first, second})

    def to_dict(self) -> list[dict[str, Any]]:
        """Flip points as plain numbers and text; None for one that is never reached."""
        return [
            {
                "first": p.first,
                "second": p.second or "holding",
                "key": p.number.key,
                "term": f"{p.number.product}/{p.number.term}",
                "value": None if p.is_never else p.value,
                "low": p.number.assumption.low,
                "base": p.number.assumption.base,
                "high": p.number.assumption.high,
            }
            for p in self.points
        ]

    def table(self) -> Table:
        """Table of the flip points that exist, and the number of those that are never reached.

        Where there is none, those that are never reached are listed.
        """
        columns = [Note(f"flip.column.{name}") for name in ("first", "second", "number", "value", "range")]
        there = [p for p in self.points if not p.is_never]
        rows = [_cells(p) for p in there or self.points]
        never = len(self.points) - len(there)
        notes = [Note("flip.nevers", n=never)] if never and there else []
        return Table(Note("flip.title"), columns, rows, [*notes, Note("flip.note", n=self.n_paths)], left=3)

    @property
    def sentences(self) -> tuple[Note, ...]:
        """A sentence for each flip point, those that are never reached last."""
        return tuple(p.sentence for p in self.points)

    def _parts(self) -> tuple[Table]:
        return (self.table(),)

    def _shown(self) -> Summary:
        return Summary.of(self.table())


def _cells(point: FlipPoint) -> list[str]:
    number, a = point.number, point.number.assumption
    ends = Note("flip.range", **{end: number_text(number, getattr(a, end)) for end in ("low", "base", "high")})
    value = Note("flip.never") if point.is_never else number_text(number, point.value, _DIGITS)
    return [point.first, point.second or Note("flip.holding"), number_name(number), value, ends]


def pairs_of(names: Sequence[str], first: str | None, second: str | None) -> list[tuple[str, str]]:
    """Pairs asked for: of two rows, of one row with all others and holding, or all.

    Raises
    ------
    UnknownNameError
        For a name that is no row which rests on assumptions or can be compared.
    """
    for argument, name in (("first", first), ("second", second)):
        if name is not None and name not in names and not (argument == "second" and name == HOLDING):
            checks.refuse_name(f"Comparison.flip_points: {argument}", name, list(names))
    everything = [*itertools.combinations(names, 2), *((name, HOLDING) for name in names)]
    if first is None and second is None:
        return everything
    if first is None or second is None:
        one = first if second is None else second
        return [pair for pair in everything if one in pair]
    return [(first, second)]


def flip_points_of(bench: Bench, pairs: Sequence[tuple[str, str]], terms: RowTerms) -> FlipPoints:
    """Flip points of some pairs, for each number that either row rests on.

    The average of a row is taken as monotone in each of its numbers, as it is in all of ours. So numbers that together
    do not move a row far enough are not looked at one by one, and a difference that has one sign at both ends of a
    number has it in between. Roots are searched for all pairs at once by regula falsi, on common paths.
    """
    numbers = {(a, b, each.key): each for a, b in pairs for each in reversed(_numbers(a, b, terms))}
    search = Search(bench, terms)
    usual = {pair: search.usual(*pair) for pair in pairs}
    movers = moving(bench, terms, usual)
    near = {point: each for point, each in numbers.items() if any((row, point[2]) in movers for row in point[:2])}
    ends = {point: (each.assumption.low, each.assumption.high) for point, each in near.items()}
    at_ends = search.differences({(point, x) for point, values in ends.items() for x in values})
    found = {
        point: near[point].assumption.base
        for point, values in ends.items()
        if usual[point[:2]] == 0.0 and any(at_ends[point, x] != 0.0 for x in values)
    }
    brackets: dict[Point, Bracket] = {}
    for point, (low, high) in ends.items():
        base, middle = near[point].assumption.base, usual[point[:2]]
        for end in (low, high):
            edge = at_ends[point, end]
            if edge == 0.0 and middle != 0.0:
                found.setdefault(point, end)
            elif (edge > 0.0) != (middle > 0.0) and point not in brackets and point not in found:
                brackets[point] = Bracket(end, edge, base, middle, (high - low) * _TOLERANCE)
    found |= search.roots(brackets)
    made = [
        FlipPoint(first=a, second=b, number=each, value=found.get((a, b, key), math.nan), difference=usual[a, b])
        for (a, b, key), each in numbers.items()
    ]
    return FlipPoints(tuple(sorted(made, key=lambda point: point.is_never)), bench.n_paths)


def _numbers(first: str, second: str, terms: RowTerms) -> list[AssumedTerm]:
    both = (*terms[first], *(terms[second] if second != HOLDING else ()))
    return [each for each in both if each.assumption.low < each.assumption.high]
