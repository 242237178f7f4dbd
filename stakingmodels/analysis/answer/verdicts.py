"""`Verdicts`: which of two rows is above the other under all assumptions, and which pairs are not sure."""

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray
from stakingmodels.analysis.answer.bench import Bench, RowTerms, Trial
from stakingmodels.analysis.answer.ranges import SIDES, Side, cause_of, end_of
from stakingmodels.analysis.windows import Windows, Z
from stakingmodels.display import Summary
from stakingmodels.replicates import mean_error
from stakingmodels.tables import Shown, Table
from stakingmodels.words import Note

ERRORS = 2.0
"""Standard errors by which a difference must be away from 0 to count as one."""
_FEWEST = 3  # rows of which it is worth saying "all"
_OPPOSITE: tuple[tuple[Side, Side], ...] = (("worse", "better"), ("better", "worse"))
_MOST_BUNDLES = 4  # causes that two rows share and whose ends are combined; more move together
_GROUPS = 16  # groups of a stratified run, each of a stratum on every path
_GROUP_LEAST = 16
_SAME_TIME = 0.9  # least ratio of the times for which two rows pay, below which their yearly rates are not compared


@attrs.frozen(kw_only=True)
class Verdict:
    """Difference of the averages of two rows, a year in coins, over the ranges of all assumptions.

    Attributes
    ----------
    first, second
        Names of the rows.
    low, base, high
        Least, usual and largest mean difference, first less second, at the ends of the assumptions, of which those that
        both rows rest on move together.
    above
        The row with the higher average at all of those ends, by more than `ERRORS` standard errors; None if neither,
        and where the times differ.
    times_differ
        Whether one row pays for less than nine tenths of the time of the other, such as a product that is wound up
        early: a yearly rate of a month says nothing of the rest of the year.
    """

    first: str
    second: str
    low: float
    base: float
    high: float
    above: str | None
    times_differ: bool = False

    @property
    def below(self) -> str | None:
        """The row with the lower average under all assumptions; None if it is not sure."""
        return None if self.above is None else self.second if self.above == self.first else self.first


@attrs.frozen(repr=False)
class Verdicts(Shown, Sequence[Verdict]):
    """Verdicts of all pairs of rows that are not just held. Print it, or show it in a notebook."""

    pairs: tuple[Verdict, ...]

    def __getitem__(self, index: Any) -> Any:
        return self.pairs[index]

    def __len__(self) -> int:
        return len(self.pairs)

    def of(self, one: str, other: str) -> Verdict:
        """The verdict on two rows, in either order.

        Raises
        ------
        UnknownNameError
            Where there is no such pair.
        """
        for pair in self.pairs:
            if {pair.first, pair.second} == {one, other}:
                return pair
        checks.refuse_name(
            "Verdicts.of", other, dict.fromkeys(name for pair in self.pairs for name in (pair.first, pair.second))
        )

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the rows, in the order of the comparison."""
        return tuple(dict.fromkeys(name for pair in self.pairs for name in (pair.first, pair.second)))

    @property
    def sure(self) -> tuple[Note, ...]:
        """Clauses on pairs of which one is above under all assumptions, with the same words for several pairs."""
        return tuple(_clauses(self.names, {(p.above, p.below) for p in self.pairs if p.above and p.below}))

    @property
    def unsure(self) -> tuple[Note, ...]:
        """Clauses on the pairs of which neither is above under all assumptions."""
        return tuple(
            _against(self.names, [(p.first, p.second) for p in self.pairs if p.above is None and not p.times_differ])
        )

    @property
    def apart(self) -> tuple[Note, ...]:
        """Clauses on the pairs whose rows pay for different times."""
        return tuple(_against(self.names, [(p.first, p.second) for p in self.pairs if p.times_differ]))

    def to_dict(self) -> list[dict[str, Any]]:
        """Pairs as plain numbers and text; None for missing numbers."""
        rows = [attrs.asdict(pair) for pair in self.pairs]
        return [{k: None if isinstance(v, float) and math.isnan(v) else v for k, v in row.items()} for row in rows]

    def table(self) -> Table:
        """Table of the differences and of what is sure."""
        columns = [Note(f"verdicts.column.{name}") for name in ("first", "second", "low", "base", "high", "above")]
        rows = [
            [p.first, p.second, *(f"{x:+z.2%}" for x in (p.low, p.base, p.high)), p.above or Note("verdicts.unsure")]
            for p in self.pairs
        ]
        notes = [Note("verdicts.note", errors=ERRORS)]
        if self.apart:
            notes.append(Note("verdicts.apart", pairs=self.apart))
        return Table(Note("verdicts.title"), columns, rows, notes, left=2)

    def _parts(self) -> tuple[Table]:
        return (self.table(),)

    def _shown(self) -> Summary:
        return Summary.of(self.table())


def _clauses(names: tuple[str, ...], above: set[tuple[str, str]]) -> Iterator[Note]:
    """Clauses such as "all above c" and "a, b above c", which leave out what others imply."""
    left = set(above)
    for name in names:
        rest = [other for other in names if other != name]
        if len(rest) + 1 >= _FEWEST and all((other, name) in above for other in rest):
            left -= {(other, name) for other in rest}
            yield Note("verdicts.all_above", name=name)
    for name in names:
        others = [other for other in names if other != name]
        if len(others) + 1 >= _FEWEST and all((name, other) in left for other in others):
            left -= {(name, other) for other in others}
            yield Note("verdicts.above_all", name=name)
    by_upper: dict[tuple[str, ...], list[str]] = {}
    for lower in names:
        uppers = tuple(name for name in names if (name, lower) in left)
        if uppers:
            by_upper.setdefault(uppers, []).append(lower)
    for uppers, lowers in by_upper.items():
        yield Note("verdicts.above", above=uppers, below=tuple(lowers))


def _against(names: tuple[str, ...], pairs: list[tuple[str, str]]) -> Iterator[Note]:
    """Clauses such as "a against b, c"; one for rows all of whose pairs among themselves are unsure."""
    if not pairs:
        return
    members = tuple(name for name in names if any(name in pair for pair in pairs))
    if len(members) >= _FEWEST and len(pairs) == len(members) * (len(members) - 1) // 2:
        yield Note("verdicts.among", names=members)
        return
    by_first: dict[str, list[str]] = {}
    for first, second in pairs:
        by_first.setdefault(first, []).append(second)
    for first, seconds in by_first.items():
        yield Note("verdicts.against", first=first, seconds=tuple(seconds))


def verdicts_of(bench: Bench, names: Sequence[str], terms: RowTerms) -> Verdicts:
    """Verdicts of all pairs of some rows.

    The difference of two rows is looked at as they are and where each is at its worse and the other at its better ends,
    with numbers that both rest on at one end, whichever makes the difference larger or smaller. Between those ends it
    is taken as monotone in every number. Of rows that pay for different times none is above the other.
    """
    corners = {(a, b): _corners(a, b, terms) for a, b in itertools.combinations(names, 2)}
    bench.returns(trial for pairs in corners.values() for pair in pairs for trial in pair)
    return Verdicts(tuple(_verdict(bench, a, b, pairs) for (a, b), pairs in corners.items()))


def _corners(first: str, second: str, terms: RowTerms) -> list[tuple[Trial, Trial]]:
    """Pairs of trials at which the difference of two rows is largest and smallest; first as they are.

    What both rest on moves in bundles of one cause (``exploit.hazard`` with ``exploit.severity``), each to either end.
    """
    shared = {each.key for each in terms[first]} & {each.key for each in terms[second]}
    bundles = list(dict.fromkeys(cause_of(key) for key in sorted(shared)))
    if len(bundles) > _MOST_BUNDLES:
        bundles = [""]
    found = [(Trial(first), Trial(second))]
    for ends in itertools.product(SIDES, repeat=len(bundles)):
        sides: dict[str, Side] = dict(zip(bundles, ends, strict=True))
        both: dict[str, Side] = {key: sides[cause_of(key) if cause_of(key) in sides else ""] for key in shared}
        for one, other in _OPPOSITE:
            found.append((_at(first, terms, one, both), _at(second, terms, other, both)))
    return list(dict.fromkeys(found))


def _at(row: str, terms: RowTerms, side: Side, both: Mapping[str, Side]) -> Trial:
    """Trial of a row at one end, but for the numbers that have an end of their own."""
    return Trial.of(row, {each.key: end_of(each.assumption, both.get(each.key, side)) for each in terms[row]})


def _verdict(bench: Bench, first: str, second: str, corners: list[tuple[Trial, Trial]]) -> Verdict:
    returns = bench.returns(trial for pair in corners for trial in pair)
    found = [_difference(returns[one], returns[other], bench) for one, other in corners]
    means = [mean for mean, _ in found]
    years = sorted(map(bench.years_of, (first, second)))
    differ, above = years[0] < _SAME_TIME * years[1], None
    if differ:
        pass
    elif all(mean > ERRORS * error for mean, error in found):
        above = first
    elif all(mean < -ERRORS * error for mean, error in found):
        above = second
    return Verdict(
        first=first, second=second, low=min(means), base=means[0], high=max(means), above=above, times_differ=differ
    )


def _difference(one: FloatArray, other: FloatArray, bench: Bench) -> tuple[float, float]:
    """Mean difference over the paths on which both were opened, and its standard error.

    The error is NaN where it is not known: for too few windows of a record, and for one path, unless nothing is drawn.
    """
    known = ~(np.isnan(one) | np.isnan(other))
    if not known.any():
        return math.nan, math.nan
    apart = one[known] - other[known]
    windows = attrs.evolve(bench.windows, n_paths=apart.size)
    if windows.overlap or windows.few:
        return windows.mean(apart)
    if windows.n_replicates:  # with few replicates more errors make a difference sure
        whole = np.where(known, one - other, np.mean(apart))  # the others add nothing to the sum, nor to its error
        return float(np.mean(apart)), _replicate_error(whole, windows) / float(np.mean(known))
    if apart.size == 1 and not bench.is_certain:
        return float(apart[0]), math.nan
    return float(np.mean(apart)), _error(apart, _GROUPS if bench.is_stratified else 1)


def _replicate_error(values: FloatArray, windows: Windows) -> float:
    """Standard error of a mean of quasi-random paths, widened by Student's t for its few replicates."""
    return mean_error(values, windows.n_replicates) * windows.band / Z


def _error(values: FloatArray, groups: int) -> float:
    """Standard error of a mean: of independent paths, or from the means of stratified groups of neighbours."""
    if groups > 1 and values.size >= groups * _GROUP_LEAST:
        size = 1 << (values.size // groups).bit_length() - 1  # strata are filled evenly in aligned powers of two
        values = values[: values.size // size * size].reshape(-1, size).mean(axis=1)
    return float(np.std(values, ddof=1)) / math.sqrt(values.size) if values.size > 1 else 0.0
