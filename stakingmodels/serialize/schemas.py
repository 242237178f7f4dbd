"""`schema`: JSON Schema of files, made from the terms of the classes: bounds, units, choices, sources and dates."""

import datetime as dt
import types
from collections.abc import Callable, Mapping
from typing import Any, Literal, Union, get_args, get_origin

import attrs
import numpy as np

from stakingmodels import checks, terms
from stakingmodels.market import Factor
from stakingmodels.products import Failure, Product, Rule
from stakingmodels.scenarios import Scenario
from stakingmodels.serialize.arrays import DTYPES
from stakingmodels.serialize.fitting import plain_type
from stakingmodels.serialize.kinds import MEASURED, own_kinds, terms_of
from stakingmodels.serialize.things import NAMED, SCHEMA
from stakingmodels.terms import Term
from stakingmodels.words import label

DRAFT = "https://json-schema.org/draft/2020-12/schema"
_BASES: Mapping[type[Any], str] = {Factor: "Factor", Product: "Product", Rule: "Rule", Scenario: "Scenario"}
_RUNS = ("Comparison", "Quote", "Results")
_NUMBERS = {"type": "array", "items": {"anyOf": [{"type": ["number", "boolean", "string"]}]}}
_TEXT = {"type": "string"}
_COUNT = {"type": "integer", "minimum": 0}


def schema(kind: str | None = None) -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of files of one kind, or of all that this version writes.

    Bounds, units, choices and sources are those of the terms. It accepts every file that `save` writes as text; what it
    refuses `load` refuses too, which knows further rules, such as those between two terms.

    Parameters
    ----------
    kind
        Name of a class, such as ``"StakingPool"``; None (default) for all.

    Raises
    ------
    InputError
        For a kind that there is not, with the nearest.

    Examples
    --------
    >>> from stakingmodels import serialize
    >>> serialize.schema("StakingPool")["$defs"]["StakingPool"]["properties"]["sell_fee"]["maximum"]
    1.0
    """
    kinds = {name: each for name, each in own_kinds().items() if each not in MEASURED}
    if kind is not None:
        checks.instance("schema: kind", kind, str, '"StakingPool"')
        if kind not in kinds:
            hint = checks.nearest_hint(kind, kinds) or "such as StakingPool"
            checks.refuse("schema: kind", "must be a kind of thing that files know", kind, hint)
    made = _Schemas()
    things = [made.reference(name) for name in ([kind] if kind else sorted(kinds))]
    if kind is None:
        things += [made.reference(name) for name in (NAMED, *_RUNS)]
    made.fill()
    head = {"stakingmodels": _TEXT, "schema": {"const": SCHEMA}, "numpy": _TEXT}
    return {
        "$schema": DRAFT,
        "$id": f"urn:stakingmodels:schema:{SCHEMA}:{kind or 'file'}",
        "title": f"{kind or 'File'} of stakingmodels",
        "type": "object",
        "required": ["stakingmodels", "schema", "kind"],
        "properties": head,
        "anyOf": things,
        "unevaluatedProperties": False,
        "$defs": dict(sorted(made.found.items())),
    }


class _Schemas:
    """Definitions that are needed, each made once.

    Attributes
    ----------
    found
        Definitions by name.
    """

    def __init__(self) -> None:
        self.found: dict[str, Any] = {}
        self._asked: list[str] = []

    def reference(self, name: str) -> dict[str, Any]:
        """Reference to a definition, which is made later."""
        if name not in self.found and name not in self._asked:
            self._asked.append(name)
        return {"$ref": f"#/$defs/{name}"}

    def fill(self) -> None:
        """Make all definitions that were asked for, and those that they ask for."""
        while self._asked:
            name = self._asked.pop()
            if name in _OWN_FORMS:
                self.found[name] = _OWN_FORMS[name](self)
            elif name in own_kinds():
                self.found[name] = self._of_class(name, own_kinds()[name])
            else:
                (base,) = (each for each, known in _BASES.items() if known == name)
                self.found[name] = self._any_of(base)

    def _any_of(self, base: type[Any]) -> dict[str, Any]:
        names = sorted(name for name, each in own_kinds().items() if issubclass(each, base))
        return {"anyOf": [self.closed(name) for name in names]}

    def closed(self, name: str) -> dict[str, Any]:
        """A thing within another, which has no keys but its own."""
        return {**self.reference(name), "unevaluatedProperties": False}

    def _of_class(self, name: str, kind: type[Any]) -> dict[str, Any]:
        known, fields = terms.of(kind), terms_of(kind)
        properties = {"kind": {"const": name}}
        for alias, field in fields.items():
            properties[alias] = self._of_field(f"{name}.{alias}", field, known.get(alias))
        required = [alias for alias, field in fields.items() if field.default is attrs.NOTHING]
        told = {"title": label(name)} if label(name) != name else {}
        return {"type": "object", **told, "required": ["kind", *required], "properties": properties}

    def _of_field(self, name: str, field: "attrs.Attribute[Any]", term: Term | None) -> dict[str, Any]:
        found = self.of(field.type, _bounds(term))
        if term is not None and term.kind == "failures" and term.choices:
            of_lines = {"properties": {"line": {"enum": list(term.choices)}}}
            found = {"type": "array", "items": {"allOf": [self.closed(Failure.__name__), of_lines]}}
        told = _told(name, term)
        default = {"default": field.default} if type(field.default) in (bool, int, float, str) else {}
        return {**({"description": told} if told else {}), **found, **default}

    def of(self, annotation: Any, bounds: Mapping[str, Any]) -> dict[str, Any]:
        """Schema of a type, with the bounds of its numbers."""
        annotation = plain_type(annotation)
        origin, arguments = get_origin(annotation), get_args(annotation)
        if annotation in _PLAIN:
            return _PLAIN[annotation](bounds)
        if origin in (Union, types.UnionType):
            return {"anyOf": [self.of(each, bounds) for each in dict.fromkeys(arguments)]}
        if origin is Literal:
            return {"enum": list(arguments)}
        if origin in (tuple, Mapping):
            return self._of_tuple(arguments) if origin is tuple else self._of_mapping(*arguments)
        return self._of_text(bounds) if annotation is str else self._of_type(origin or annotation)

    def _of_text(self, bounds: Mapping[str, Any]) -> dict[str, Any]:
        """A word of limited length; or any text, which may be a note."""
        lengths = {key: end for key, end in bounds.items() if "Length" in key}
        return {**_TEXT, **lengths} if lengths else {"anyOf": [_TEXT, self.reference("Note")]}

    def _of_type(self, kind: Any) -> dict[str, Any]:
        if kind in (np.datetime64, dt.date):
            return {"anyOf": [_TEXT, self.reference("date")]}
        if kind is np.ndarray:
            return self.reference("array")
        if kind in _BASES:
            return self.reference(_BASES[kind])
        name = str(getattr(kind, "__name__", ""))
        return self.closed(name) if name in own_kinds() and own_kinds()[name] is kind else {}

    def _of_tuple(self, arguments: tuple[Any, ...]) -> dict[str, Any]:
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            return {"type": "array", "items": self.of(arguments[0], {})}
        items = [self.of(each, {}) for each in arguments]
        return {"type": "array", "prefixItems": items, "minItems": len(items), "maxItems": len(items)}

    def _of_mapping(self, key: Any, value: Any) -> dict[str, Any]:
        """An object by word or by a factor's text; pairs, where a text does not say all of a key."""
        each = self.of(value, {})
        by_text = {"type": "object", "not": {"required": ["kind"]}, "additionalProperties": each}
        pair = {"type": "array", "prefixItems": [self.of(key, {}), each], "minItems": 2, "maxItems": 2}
        items = {"kind": {"const": "pairs"}, "items": {"type": "array", "items": pair}}
        return {"anyOf": [by_text, _closed_object(items)]}


def _closed_object(properties: Mapping[str, Any]) -> dict[str, Any]:
    required = list(properties)
    return {"type": "object", "required": required, "properties": properties, "additionalProperties": False}


def _bounds(term: Term | None) -> dict[str, Any]:
    if term is None:
        return {}
    low, high = ("exclusiveMinimum", "exclusiveMaximum") if term.open_ends else ("minimum", "maximum")
    found: dict[str, Any] = {key: end for key, end in ((low, term.low), (high, term.high)) if end is not None}
    return found | ({"minLength": 1, "maxLength": 80} if term.kind in ("coin", "text") else {})


def _told(name: str, term: Term | None) -> str:
    """Label, unit, and source with its date."""
    known = label(name)
    parts = [known] if known != name.rpartition(".")[2] else []
    if term is not None:
        parts += [f"in {term.unit}"] if term.unit else []
        parts += [f"source: {term.source} ({term.date})"] if term.source else []
    return "; ".join(parts)


def _number(bounds: Mapping[str, Any], kind: str) -> dict[str, Any]:
    return {"type": kind, **{key: end for key, end in bounds.items() if "imum" in key}}


_PLAIN: Mapping[Any, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    Any: lambda _: {},
    type(None): lambda _: {"type": "null"},
    float: lambda bounds: _number(bounds, "number"),
    int: lambda bounds: _number(bounds, "integer"),
    bool: lambda _: {"type": "boolean"},
}


def _array(_: _Schemas) -> dict[str, Any]:
    shape = {"type": "array", "items": _COUNT, "maxItems": 2}
    kind = {"kind": {"const": "array"}, "dtype": {"enum": list(DTYPES)}, "shape": shape}
    stored = [_closed_object({**kind, "values": _NUMBERS}), _closed_object({**kind, "member": _TEXT})]
    return {"anyOf": stored}


def _grid(_: _Schemas) -> dict[str, Any]:
    ending = {"kind": {"const": "TimeGrid"}, "exit": {"type": "integer", "minimum": 1}}
    positive = {"type": "integer", "minimum": 1}
    equal = {**ending, "first": _TEXT, "step_seconds": positive, "n_steps": positive}
    times = {**ending, "times": {"type": "array", "items": _TEXT, "minItems": 2}}
    return {
        "type": "object",
        "anyOf": [{"required": list(each), "properties": each} for each in (equal, times)],
    }


def _series(made: _Schemas) -> dict[str, Any]:
    plain = {"kind": {"const": "DailySeries"}, "name": _TEXT, "first": _TEXT, "values": made.reference("array")}
    plain |= {
        "unit": _TEXT,
        "rate_type": {"enum": ["", "apr", "apy"]},
        "filled_days": {"type": "array", "items": _TEXT},
    }
    plain["remarks"] = {"type": "array", "items": {"anyOf": [_TEXT, made.reference("Note")]}}
    return {"type": "object", "required": list(plain), "properties": plain}


def _named(made: _Schemas) -> dict[str, Any]:
    names = [name for name, each in own_kinds().items() if each not in MEASURED]
    things = {"anyOf": [made.closed(name) for name in sorted(names)]}
    items = {"type": "object", "propertyNames": {"minLength": 1, "maxLength": 80}, "additionalProperties": things}
    return {"type": "object", "required": ["kind", "items"], "properties": {"kind": {"const": NAMED}, "items": items}}


def _run(name: str) -> Callable[[_Schemas], dict[str, Any]]:
    """Results, whose many arrays `load` itself holds to the paths and times of the run."""
    return lambda _: {"type": "object", "properties": {"kind": {"const": name}}, "additionalProperties": True}


_OWN_FORMS: Mapping[str, Callable[[_Schemas], dict[str, Any]]] = {
    "array": _array,
    "date": lambda _: _closed_object({"kind": {"const": "date"}, "value": _TEXT}),
    "Note": lambda _: _closed_object(
        {"kind": {"const": "Note"}, "text": _TEXT, "key": _TEXT, "values": {"type": "object"}}
    ),
    "TimeGrid": _grid,
    "DailySeries": _series,
    NAMED: _named,
    **{name: _run(name) for name in _RUNS},
}
