"""`schema`: what a rate card must look like, as JSON Schema; and the check of a document by it."""

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

SCHEMA = 1
"""Number of the schema of rate cards that this version of the library writes and reads."""
KIND = "stakingmodels rate card"
"""Text by which a rate card says that it is one."""

Schema = Mapping[str, Any]

_LARGEST = 1e300
"""Largest number of a card: JSON knows larger ones, which would be infinite in double precision."""
_FEWEST_DAYS = 1e-3
"""Fewest days over which a rate is counted: of fewer, rates a year are out of any range."""
_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"


def _object(about: str, **fields: Schema) -> dict[str, Any]:
    return {
        "description": about,
        "type": "object",
        "properties": fields,
        "required": list(fields),
        "additionalProperties": False,
    }


def _text(about: str, **more: Any) -> dict[str, Any]:
    return {"description": about, "type": "string", "minLength": 1, **more}


def _number(about: str, **more: Any) -> dict[str, Any]:
    return {"description": about, "type": "number", **more}


def _whole(about: str, **more: Any) -> dict[str, Any]:
    return {"description": about, "type": "integer", "minimum": 0, **more}


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    return {**schema, "type": [schema["type"], "null"]}


def _line(about: str) -> dict[str, Any]:
    return _object(
        about,
        fixed=_number("Money, whatever the amount."),
        share=_number("Fraction of the amount."),
    )


_RATE = "a fraction a year of the amount, of the card's rate_kind, rounded down"
_TIER = _object(
    "Amounts from this one on, until the next tier begins.",
    **{"from": _number("Smallest amount, in money.", exclusiveMinimum=0)},
    gain=_line("Gain over the term, fixed + share * amount, net of all fees and costs; rounded down."),
    cost=_line("Fees and costs over the term, fixed + share * amount, which the gain is net of; rounded up."),
    net_rate=_number(f"Lowest net rate in the tier if nothing fails: {_RATE}."),
    low=_or_null(_number(f"Average with all assumptions at their bad ends: {_RATE}; null if there is none.")),
    average=_or_null(_number(f"Average over the assumed failures: {_RATE}; null if there is none.")),
    high=_or_null(_number(f"Average with all assumptions at their good ends: {_RATE}; null if there is none.")),
)
_WORST = _object(
    "Assumed failure with the largest expected loss a year.",
    event=_text("Name of the event."),
    wording=_or_null(_text("Id of the wording for its kind; null for an event of another kind.")),
    chance_a_year=_or_null(_number("Hazard a year, rounded up; null if it strikes in another way.", minimum=0)),
    loss=_or_null(_number("Fraction lost for good, rounded up; null if it is not said.", minimum=0, maximum=1)),
)
_WORDING = {"type": "array", "items": _text("Id of a wording.")}
_OFFER = _object(
    "A product for a term.",
    product=_text("Name of the product."),
    kind=_text("Class of the product in the library."),
    asset=_or_null(_text("Coin; null for a product of several.")),
    term_days=_whole("Days until the holder asks to leave.", minimum=1),
    rate_days=_number("Days that the product pays for, over which rates are counted.", minimum=_FEWEST_DAYS),
    minimum=_number("Smallest amount, in money, rounded up.", exclusiveMinimum=0),
    days=_object(
        "Days of waiting, rounded up.",
        **{"in": _whole("Until it earns, as the queue is now.")},
        out=_whole("From asking to leave to money in hand, as the queue is now."),
        out_at_confidence=_or_null(_whole("The same, not exceeded at the confidence level; null if that is unknown.")),
    ),
    worst=_or_null(_WORST),
    tiers={"type": "array", "minItems": 1, "items": _TIER},
    wording=_WORDING,
    understated=_object(
        "Largest understatement of the gain that was measured, in whole units of the money.",
        money=_number("Money.", minimum=0),
        share=_number("Fraction of the amount.", minimum=0),
    ),
)
_LEFT_OUT = _object(
    "A product and term that the card does not have.",
    product=_text("Name of the product."),
    term_days=_whole("Days until the holder asks to leave.", minimum=1),
    wording=_WORDING,
)
_CARD = _object(
    "Rates, costs and waits of staking and mining products, for a wallet to scale by the amount.",
    schema={"description": "Number of this schema.", "const": SCHEMA},
    kind={"description": "Kind of document.", "const": KIND},
    version=_text("Version of the library that made it."),
    issued=_text("Day of issue.", pattern=_DAY),
    valid_until=_text("Last day on which it may be shown.", pattern=_DAY),
    money=_text("Currency of all money."),
    decimals=_whole("Decimals of money.", maximum=8),
    rate_kind={"description": "Kind of all rates.", "enum": ["APR", "APY"]},
    capital=_object(
        "Amounts for which the card holds, in money, both ends included.",
        low=_number("Smallest.", exclusiveMinimum=0),
        high=_number("Largest.", exclusiveMinimum=0),
    ),
    basis=_object(
        "Origin of the numbers.",
        assumptions=_text("Name of the assumption set."),
        digest=_text("SHA-256 of the set.", pattern="^[0-9a-f]{64}$"),
        opening=_text("Day of the market that the rates are of.", pattern=_DAY),
        settlement_days=_whole("Days in which the money must come out."),
        confidence_level=_number("Confidence level of days.out_at_confidence.", exclusiveMinimum=0, exclusiveMaximum=1),
        paths=_whole("Paths of each run for the averages; the fewest, where records are cut into windows.", minimum=1),
        seed=_whole("Seed of these runs."),
    ),
    wordings={
        "description": "Texts by id.",
        "type": "object",
        "additionalProperties": _object(
            "A text in both languages.", **{"en": _text("English."), "zh-TW": _text("Traditional Chinese.")}
        ),
    },
    offers={"type": "array", "items": _OFFER},
    left_out={"type": "array", "items": _LEFT_OUT},
)


def schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a rate card, as published in ``docs/reference/schema/ratecard.json``.

    Returns
    -------
    dict
        A new one at each call.

    Examples
    --------
    >>> from stakingmodels.ratecard import schema
    >>> schema()["properties"]["schema"]["const"]
    1
    """
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": KIND}
    return {**head, **deepcopy(_CARD)}


_TYPES: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "null": (type(None),),
}


def faults(document: object, what: Schema = _CARD, where: str = "") -> Iterator[str]:
    """Place and rule of each part of a document that breaks the schema."""
    place = where or "the document"
    if "const" in what or "enum" in what:
        options = what.get("enum", (what.get("const"),))
        if document not in options or isinstance(document, bool):
            yield f"{place} must be {' or '.join(map(str, options))}"
        return
    names = [what["type"]] if isinstance(what["type"], str) else what["type"]
    kinds = tuple(kind for name in names for kind in _TYPES[name])
    if not isinstance(document, kinds) or isinstance(document, bool):
        yield f"{place} must be of type {' or '.join(names)}"
    elif isinstance(document, dict):
        yield from _object_faults(document, what, where)
    elif isinstance(document, list):
        yield from _list_faults(document, what, where)
    elif isinstance(document, str):
        if not document or ("pattern" in what and not re.fullmatch(what["pattern"], document)):
            yield f"{place} must be a text like {what.get('pattern', 'any')}"
    elif document is not None and not _in_bounds(document, what):
        yield f"{place} is out of bounds"


def _list_faults(document: list[Any], what: Schema, where: str) -> Iterator[str]:
    if len(document) < what.get("minItems", 0):
        yield f"{where} must not be empty"
    for number, each in enumerate(document):
        yield from faults(each, what["items"], f"{where}[{number}]")


def _object_faults(document: dict[str, Any], what: Schema, where: str) -> Iterator[str]:
    fields, others = what.get("properties", {}), what["additionalProperties"]
    dot = f"{where}." if where else ""
    for name in what.get("required", ()):
        if name not in document:
            yield f"{dot}{name} is missing"
    for name, value in document.items():
        if name in fields:
            yield from faults(value, fields[name], f"{dot}{name}")
        elif others is False:
            yield f"{dot}{name} is unknown"
        else:
            yield from faults(value, others, f"{dot}{name}")


def _in_bounds(number: Any, what: Schema) -> bool:
    return bool(
        abs(number) <= _LARGEST
        and number >= what.get("minimum", -float("inf"))
        and number <= what.get("maximum", float("inf"))
        and ("exclusiveMinimum" not in what or number > what["exclusiveMinimum"])
        and ("exclusiveMaximum" not in what or number < what["exclusiveMaximum"])
    )
