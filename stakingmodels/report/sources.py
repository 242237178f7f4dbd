"""Tables of every assumed number and of every term, with its source and date."""

from collections.abc import Iterator, Mapping
from typing import Any

import attrs
import numpy as np

from stakingmodels import terms
from stakingmodels.analysis import Comparison
from stakingmodels.analysis.answer.numbers import number_name, number_text
from stakingmodels.assumptions import Assumption, AssumptionSet
from stakingmodels.assumptions.assumption import basis_note
from stakingmodels.assumptions.known import meaning
from stakingmodels.errors import InputError
from stakingmodels.market import Event, Factor
from stakingmodels.products import Entry, Execution, Failure, Halt, Payout, Product, Schedule, Tiers
from stakingmodels.products.assumed_terms import AssumedTerm
from stakingmodels.products.parts import assumed_keys
from stakingmodels.rates import APR, APY
from stakingmodels.tables import Table
from stakingmodels.words import Note, class_name, label_note

_DEEP = 16


def assumed_table(comparison: Comparison) -> Table:
    """Every assumed number that a row rests on: value, range, basis, evidence, source and date."""
    found: dict[str, list[AssumedTerm]] = {}
    for row in comparison.rows:
        for each in comparison.reruns.terms.get(row.product, ()):
            found.setdefault(each.key, []).append(each)
    columns = [Note(f"report.column.{name}") for name in ("number", "rows", "value", "range", "basis", "why")]
    rows = [_number_cells(several) for several in found.values()]
    notes = [Note("report.assumed.none")] if not rows else [Note("report.assumed.worse")]
    return Table(Note("report.assumed.title"), columns, rows, notes, left=2, left_last=3)


def _number_cells(several: list[AssumedTerm]) -> list[str]:
    first, number = several[0], several[0].assumption
    named = number_name(first)
    ends = {end: number_text(first, getattr(number, end)) for end in ("low", "high")}
    ends[number.worse] = Note("report.assumed.mark", value=ends[number.worse])
    return [
        label_note(f"assumption.{first.key}") if isinstance(named, Note) else named,
        Note("report.list", names=tuple(dict.fromkeys(each.product for each in several))),
        number_text(first, number.base),
        Note("assumptions.ends", **ends),
        basis_note(number.basis),
        _why(number),
    ]


def _why(number: Assumption) -> Note:
    return Note("assumptions.why", evidence=number.evidence, source=number.source, date=number.date)


def world_table(comparison: Comparison) -> Table | None:
    """The other numbers of the assumption set of which the scenario is made; None for another scenario."""
    numbers: AssumptionSet = comparison.reruns.numbers
    if comparison.results.scenario.assumption_set != numbers.label:
        return None
    told = {each.key for several in comparison.reruns.terms.values() for each in several}
    columns = [Note(f"report.column.{name}") for name in ("number", "value", "range", "basis", "why")]
    rows = [
        [meaning(key), _plain(number.base), _ends(number), basis_note(number.basis), _why(number)]
        for key, number in numbers.numbers.items()
        if key not in told
    ]
    title = Note("report.world.title", label=numbers.label)
    return Table(title, columns, rows, [Note("report.world.note")], left_last=3)


def _ends(number: Assumption) -> str:
    if number.low == number.high:
        return Note("report.world.fixed")
    return Note("assumptions.ends", low=_plain(number.low), high=_plain(number.high))


def _plain(value: float) -> str:
    return f"{value:,.7g}"


def terms_table(name: str, product: Any, comparison: Comparison) -> Table | None:
    """All terms of a product, those of what it holds too, with the source of each that is a default.

    None for a product that has no terms.
    """
    if not attrs.has(type(product)):
        return None
    assumed = {each.term: each.assumption for each in comparison.reruns.terms.get(name, ())}
    columns = [Note(f"products.column.{each}") for each in ("term", "meaning", "value")]
    cells = list(_rows("", product, assumed, comparison.reruns.numbers, _DEEP))
    title = Note("report.terms.title", name=name, kind=class_name(type(product).__name__))
    return Table(title, [*columns, Note("report.column.source")], cells, left=4)


def _rows(
    above: str, owner: Any, assumed: Mapping[str, Assumption], numbers: AssumptionSet, depth: int
) -> Iterator[list[str]]:
    kind = type(owner)
    known = terms.of(kind)
    for field in attrs.fields(kind):
        if not field.init:
            continue
        value, path = getattr(owner, field.name), f"{above}{field.alias}"
        within = _within(path, value) if depth else {}
        for inner, each in within.items():
            yield from _rows(f"{inner}.", each, assumed, numbers, depth - 1)
        if not within:
            source = _source(owner, field, known.get(field.alias), assumed.get(path), numbers)
            yield [path, label_note(f"{kind.__name__}.{field.name}"), _value(value, known.get(field.alias)), source]


def _within(path: str, value: object) -> dict[str, Any]:
    """Products and failures that a term holds, by their paths."""
    if isinstance(value, (Product, Entry, Execution, Failure, Halt, Payout, Schedule, Tiers)) and attrs.has(
        type(value)
    ):
        return {path: value}
    if isinstance(value, tuple) and value and all(isinstance(each, (Product, Failure, Halt)) for each in value):
        return {f"{path}[{number}]": each for number, each in enumerate(value)}
    return {}


def _source(owner: Any, field: Any, term: terms.Term | None, assumed: Assumption | None, numbers: AssumptionSet) -> str:
    """Source and date of a value; or that it is a default, or given."""
    number = assumed or _of_set(owner, field.alias, numbers)
    if number is not None:
        return Note("report.source", source=number.source, date=number.date)
    is_default = _is_default(getattr(owner, field.name), _default(owner, field))
    if is_default and term is not None and term.source:
        return Note("report.source", source=term.source, date=term.date)
    return Note("report.default" if is_default else "report.given")


def _default(owner: Any, field: Any) -> object:
    """Default of a field, of one that follows from other terms too."""
    default = field.default
    if not isinstance(default, attrs.Factory):  # type: ignore[arg-type]
        return default
    try:
        return default.factory(owner) if default.takes_self else default.factory()
    except InputError:  # there is none for these terms
        return attrs.NOTHING


def _is_default(value: object, default: object) -> bool:
    """Whether a value is that of the class; of a table, which an empty tuple stands for, whether it is empty."""
    if isinstance(value, np.ndarray):
        return value.size == 0
    return type(value) is type(default) and bool(value == default)


def _of_set(owner: Any, name: str, numbers: AssumptionSet) -> Assumption | None:
    """Number of the set that a term has as its value, though it has no range."""
    value: Any = getattr(owner, name, None)
    if isinstance(owner, Failure):
        key = assumed_keys.EVENTS.get(owner.event.name, {}).get(name)
        value = value.hazard if isinstance(value, Event) else value
    else:
        stated = [assumed_keys.TERMS.get(cls.__name__, {}).get(name) for cls in type(owner).__mro__]
        key = next(filter(None, stated), None)
    number = None if key is None else numbers.numbers.get(key)
    return number if number is not None and value == number.base else None


def _value(value: Any, term: terms.Term | None) -> str:
    if value is None or (isinstance(value, (tuple, np.ndarray)) and len(value) == 0):
        return Note("products.none")
    if isinstance(value, bool):
        return Note("products.yes" if value else "products.no")
    if isinstance(value, Event):
        hazard = "-" if value.hazard is None else f"{value.hazard:g}"
        return Note("report.event", name=value.name, hazard=hazard)
    if isinstance(value, (float, int)):
        return _with_unit(f"{value:,.7g}", "" if term is None else term.unit)
    return _written(value)


def _with_unit(number: str, unit: str) -> str:
    if unit == "days":
        return Note("number.days", value=number)
    return f"{number} {unit}" if unit else number


def _written(value: Any) -> str:
    if isinstance(value, np.datetime64):
        day = value.astype("datetime64[D]")
        return str(day if value == day else value)
    if isinstance(value, (APR, APY)):
        return f"{value.value:.4%} {type(value).__name__}"
    return str(value) if isinstance(value, (str, Factor)) else repr(value)
