"""``stakingmodels products``."""

import argparse
from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from stakingmodels import checks, terms, termsheets
from stakingmodels.cli.arguments import rows_of
from stakingmodels.cli.width import width_of
from stakingmodels.market import EntryWait, Event, ExitWait
from stakingmodels.products import Entry, Execution, Failure, Halt, Payout, Product, Schedule, Tiers
from stakingmodels.tables import Table
from stakingmodels.words import Note, class_name, label_note

_PARTS: Mapping[str, type[Any]] = {
    each.__name__: each for each in (Entry, Execution, Failure, Halt, Payout, Schedule, Tiers)
}
"""Terms within terms, by name."""


def products_command(arguments: argparse.Namespace) -> tuple[str, bool]:
    """Run the command; returns the text to print, and True for a complete result."""
    rows, name = rows_of(arguments), arguments.product
    if name is None:
        table = _kinds(rows)
    elif name in rows:
        table = _terms(name, type(rows[name]), rows[name])
    elif name in termsheets.KINDS:
        table = _terms(class_name(name), termsheets.KINDS[name], None)
    elif name in _PARTS:
        table = _terms(class_name(name), _PARTS[name], None)
    else:
        names = (*rows, *termsheets.KINDS, *_PARTS)
        checks.refuse("products", "must be one of " + ", ".join(names), name, checks.nearest_hint(name, names))
    return table.to_text(language=arguments.lang, width=width_of(arguments)), True


def _kinds(rows: Mapping[str, Product]) -> Table:
    """Table of all kinds, with the rows of each."""
    columns = [Note(f"products.column.{name}") for name in ("kind", "what", "rows")]
    cells = [
        (kind, label_note(kind), ", ".join(name for name, product in rows.items() if type(product).__name__ == kind))
        for kind in termsheets.KINDS
    ]
    return Table(Note("products.title"), columns, cells, [Note("products.more")], left=3)


def _terms(name: str, kind: type[Any], product: Product | None) -> Table:
    """Terms of a kind with their defaults, or of a row with its own values."""
    known = terms.of(kind)
    columns = [Note(f"products.column.{each}") for each in ("term", "meaning", "value", "unit")]
    cells = [
        (field.name, label_note(f"{kind.__name__}.{field.name}"), _value(field, product), _unit(known.get(field.name)))
        for field in attrs.fields(kind)
        if field.init
    ]
    parts = [note for field in attrs.fields(kind) if field.init for note in _parts(kind, field, product)]
    notes = [*parts, *_sources(known, kind, product), Note("products.set")]
    return Table(Note("products.terms", name=name), columns, cells, notes, left=4)


def _sources(known: Mapping[str, terms.Term], kind: Any, product: Product | None) -> Iterator[str]:
    """Sources of the defaults; a row's own values have other sources."""
    fields = attrs.fields_dict(kind)
    for name, term in known.items():
        kept = product is None or getattr(product, name) == fields[name].default
        if term.source and kept:
            yield Note("products.source", term=name, source=term.source, date=term.date)


def _parts(kind: type[Any], field: "attrs.Attribute[Any]", product: Product | None) -> Iterator[str]:
    """Notes on the terms within a term: those that are not as usual, with their labels."""
    value = field.default if product is None else getattr(product, field.name)
    for part in value if isinstance(value, tuple) else (value,):
        if type(part) in _PARTS.values():
            label = label_note(f"{kind.__name__}.{field.name}")
            yield Note("products.part", label=label, values=tuple(_within(part)))


def _within(part: Any) -> Iterator[str]:
    for field in attrs.fields(type(part)):
        value = getattr(part, field.name)
        if value != field.default:
            label = label_note(f"{type(part).__name__}.{field.name}")
            yield Note("products.within", label=label, value=_said(value))


def _value(field: "attrs.Attribute[Any]", product: Product | None) -> str:
    return _said(field.default if product is None else getattr(product, field.name))


def _said(value: Any) -> str:
    if value is attrs.NOTHING or isinstance(value, attrs.Factory):  # type: ignore[arg-type]
        return Note("products.required" if value is attrs.NOTHING else "products.derived")
    if value is None or (isinstance(value, tuple) and not value):
        return Note("products.none")
    if isinstance(value, bool):
        return Note("products.yes" if value else "products.no")
    if isinstance(value, float):
        return f"{value:g}"
    return _of_class(value)


def _of_class(value: Any) -> str:
    if isinstance(value, Event):
        rate = "" if value.hazard is None else Note("products.hazard", hazard=f"{100.0 * value.hazard:g}%")
        return Note("products.event", name=value.name, rate=rate)
    if isinstance(value, (EntryWait, ExitWait)):
        return Note("catalogue.queue", coin=value.name)
    values = value if isinstance(value, tuple) else (value,)
    if any(type(each) in _PARTS.values() for each in values):
        return Note("products.below")
    if isinstance(value, tuple):
        return Note("answer.about", parts=tuple(map(_said, value)))
    return str(value).removesuffix("T00:00:00")


def _unit(term: terms.Term | None) -> str:
    if term is None:
        return Note("kind.other")
    if term.choices and term.kind == "choice":
        return " | ".join(term.choices)
    if term.unit == "days" or term.kind in {"rate", "count"}:
        return Note("kind.days" if term.unit == "days" else f"kind.{term.kind}")
    return term.unit or Note(f"kind.{term.kind}")
