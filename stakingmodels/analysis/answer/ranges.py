"""`Ranges`: average a year of each row with all of its assumed numbers at their worse, and at their better ends."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, get_args

import attrs

from stakingmodels import checks
from stakingmodels.analysis.answer.bench import Bench, RowTerms, Trial, mean_opened
from stakingmodels.analysis.answer.held import is_held
from stakingmodels.analysis.answer.numbers import kind_of
from stakingmodels.assumptions import Assumption, AssumptionSet
from stakingmodels.display import Summary
from stakingmodels.engine import Results
from stakingmodels.market import Event
from stakingmodels.products import Product
from stakingmodels.products.assumed_terms import AssumedTerm, assumed_terms
from stakingmodels.products.term_paths import value_of, with_term
from stakingmodels.series import FrozenMap
from stakingmodels.tables import Shown, Table
from stakingmodels.words import Note

GivenRanges = Mapping[str, "Mapping[str, Sequence[float] | Assumption]"]
"""Ranges of a caller's own: row -> term -> ``(low, high)`` or an `Assumption`."""
Side = Literal["worse", "better"]
SIDES: tuple[Side, ...] = get_args(Side)
_HOW = '{"staking pool": {"commission": (0.05, 0.15)}}'
_TRIAL_PATHS = 512
_CHOICES = frozenset({"waiting_cost_per_year"})
"""Numbers by which a holder chooses, which are neither better nor worse at an end."""
_GIVEN = "given by the caller"


@attrs.frozen(eq=False, kw_only=True)
class RowRange:
    """Average a year of one row at the ends of its assumptions: net return in its own coin, a fraction.

    Attributes
    ----------
    product
        Name of the row.
    low, base, high
        The average with all assumed numbers at their worse ends, as they are, and at their better ends. The three are
        one number for a row that rests on no assumption; NaN for a row that the capital did not open.
    terms
        The assumed numbers, each with its range.
    """

    product: str
    low: float
    base: float
    high: float
    terms: tuple[AssumedTerm, ...]


@attrs.frozen(eq=False, repr=False)
class Ranges(Shown, Mapping[str, RowRange]):
    """Ranges of all rows by name, in the order of the comparison. Print it, or show it in a notebook."""

    rows: Mapping[str, RowRange]

    def __getitem__(self, name: str) -> RowRange:
        if name not in self.rows:
            checks.refuse_name("Ranges", name, self.rows)
        return self.rows[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def to_dict(self) -> dict[str, Any]:
        """Numbers by row, and the terms that move each: plain numbers and text, None for missing numbers."""
        return {
            name: {
                "low": _plain(row.low),
                "base": _plain(row.base),
                "high": _plain(row.high),
                "terms": [term.term for term in row.terms],
            }
            for name, row in self.items()
        }

    def table(self) -> Table:
        """Table of the averages and of how many assumed numbers move them."""
        headers = (Note(f"ranges.column.{name}") for name in ("low", "base", "high", "terms"))
        columns = [Note("column.product"), *headers]
        rows = [[name, *map(_percent, (r.low, r.base, r.high)), str(len(r.terms))] for name, r in self.items()]
        return Table(Note("ranges.title"), columns, rows, [Note("ranges.note"), Note("ranges.shared")])

    def _parts(self) -> tuple[Table]:
        return (self.table(),)

    def _shown(self) -> Summary:
        return Summary.of(self.table())


def terms_of_rows(results: Results, numbers: AssumptionSet, given: GivenRanges | None = None) -> RowTerms:
    """Assumed numbers of every row that is not just held: those of a set, and those given by a caller.

    Raises
    ------
    InputError, InputTypeError
        For a row or a term that is not there, and a range whose low end is above its high end.
    """
    found = {name: _of_set(results, name, numbers) for name in results}
    for row, ranges in _rows(given).items():
        if row not in found:
            checks.refuse_name("compare: ranges: name of a row", row, list(found))
        own = tuple(_given(results, row, term, value) for term, value in ranges.items())
        replaced = {each.term for each in own}
        found[row] = (*(each for each in found[row] if each.term not in replaced), *own)
    return FrozenMap(found)


def _of_set(results: Results, name: str, numbers: AssumptionSet) -> tuple[AssumedTerm, ...]:
    """Numbers of a set that a row rests on, without hazards that the scenario sets itself."""
    product = results.products[name]
    if not isinstance(product, Product) or is_held(results, name):
        return ()
    settled = {event for event, how in results.scenario.events.items() if how in {"hazard", "off"}}
    found = [each for each in assumed_terms(name, product, numbers) if each.key not in _CHOICES]
    return tuple(each for each in found if kind_of(each) != "hazard" or not _events_of(product, each) <= settled)


def _events_of(product: Product, number: AssumedTerm) -> frozenset[Event]:
    """Events of which a term is the hazard."""
    hazards = {event.name: event.hazard for event in product.factors if isinstance(event, Event)}
    other = with_term(product, number.term, 1.0 + number.assumption.base)
    after = (event for event in other.factors if isinstance(event, Event))
    return frozenset(event for event in after if event.hazard != hazards.get(event.name))


def _rows(given: object) -> GivenRanges:
    if given is None:
        return {}
    if not isinstance(given, Mapping) or not all(isinstance(ranges, Mapping) for ranges in given.values()):
        checks.refuse_type("compare: ranges", f"must be ranges by row and term; write {_HOW}", given)
    return given


def _given(results: Results, row: str, term: object, value: object) -> AssumedTerm:
    where = f"compare: ranges[{row!r}]"
    if not isinstance(term, str):
        checks.refuse_type(where, "must be named by terms (str)", term)
    product: Any = results.products[row]
    where = f"{where}[{term!r}]"
    base = value_of(product, term)
    if isinstance(value, Assumption):
        if value.base != base:
            checks.refuse(f"{where}: base", f"must be the {base:g} of the row", value.base)
        for end in (value.low, value.high):
            with_term(product, term, end)
        return AssumedTerm(row, term, f"{row}/{term}", value)
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        checks.refuse_type(where, "must be a low and a high end; write (0.05, 0.15)", value)
    low, high = (checks.real(where, end) for end in value)
    if low > high:
        checks.refuse(where, "must have its low end first", tuple(value), f"write ({high:g}, {low:g})")
    if not low <= base <= high:
        checks.refuse(where, f"must contain the {base:g} of the row", tuple(value))
    for end in (low, high):
        with_term(product, term, end)  # what the product refuses is refused here
    worse = _worse_end(results, row, term, low, high)
    number = Assumption(
        low=low, base=base, high=high, worse=worse, basis="assumed", evidence=_GIVEN, source=_GIVEN, date="-"
    )
    return AssumedTerm(row, term, f"{row}/{term}", number)


def _worse_end(results: Results, row: str, term: str, low: float, high: float) -> Literal["low", "high"]:
    """End of a range at which the row has the lower average, by a trial on few paths."""
    number = Assumption(
        low=low, base=low, high=high, worse="high", basis="assumed", evidence=_GIVEN, source=_GIVEN, date="-"
    )
    bench = Bench(results, {row: (AssumedTerm(row, term, term, number),)}, n_paths=_TRIAL_PATHS)
    at_low, at_high = Trial.of(row, {term: low}), Trial.of(row, {term: high})
    means = bench.means([at_low, at_high])
    return "low" if means[at_low] < means[at_high] else "high"


def end_of(assumption: Assumption, side: Side) -> float:
    """Value of an assumption at its worse or its better end."""
    is_low = (assumption.worse == "low") == (side == "worse")
    return assumption.low if is_low else assumption.high


def cause_of(key: str) -> str:
    """Cause that a number belongs to: its key up to the first dot."""
    return key.partition(".")[0]


def all_at(row: str, terms: tuple[AssumedTerm, ...], side: Side) -> Trial:
    """Trial of a row with all of its assumed numbers at one end."""
    return Trial.of(row, {each.key: end_of(each.assumption, side) for each in terms})


def ranges_of(bench: Bench, results: Results, terms: RowTerms) -> Ranges:
    """Ranges of all rows, by two more runs of those that rest on assumptions."""
    moved = [name for name in results if terms[name] and results[name].feasible.any()]
    bench.returns(all_at(name, terms[name], side) for name in moved for side in SIDES)
    found = {}
    for name in results:
        base = mean_opened(bench.returns([Trial(name)])[Trial(name)])
        ends = [base, base]
        if name in moved:
            means = bench.means(all_at(name, terms[name], side) for side in SIDES)
            ends = sorted(means.values())  # ends that were declared the wrong way round still bound the average
        found[name] = RowRange(product=name, low=ends[0], base=base, high=ends[1], terms=terms[name])
    return Ranges(FrozenMap(found))


def _plain(value: float) -> float | None:
    return None if math.isnan(value) else value


def _percent(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:+z.2%}"
