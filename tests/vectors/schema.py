"""JSON Schema (draft 2020-12) of a file of vectors."""

from typing import Any

SCHEMA = 1
"""Number of the format; a form that older readers could not read gets a new one."""
GENERATOR = "python -m tests.vectors --write"
_TEXT = {"type": "string", "minLength": 1}
_KIND = {"enum": ["integer", "number", "flag", "object"]}
_NAME = "^[a-z][a-z0-9_]*$"


def _named(values: Any) -> dict[str, Any]:
    return {"type": "object", "propertyNames": {"pattern": _NAME}, "additionalProperties": values, "minProperties": 1}


def _object(**properties: Any) -> dict[str, Any]:
    needed = [name for name, value in properties.items() if not value.get("$comment")]
    return {"type": "object", "required": needed, "properties": properties, "additionalProperties": False}


def schema() -> dict[str, Any]:
    """The schema."""
    defs = {
        "integer": {"type": "string", "pattern": "^(0|-?[1-9][0-9]*)$"},
        "answer": {"anyOf": [{"$ref": "#/$defs/integer"}, {"type": ["number", "boolean"]}]},
        "value": {"anyOf": [{"$ref": "#/$defs/answer"}, {"type": "object"}]},
        "distance": {"type": "number", "exclusiveMinimum": 0.0},
    }
    answer, value, distance = ({"$ref": f"#/$defs/{name}"} for name in ("answer", "value", "distance"))
    case = _object(
        arguments=_named(value),
        expected={"anyOf": [answer, _named(answer)]},
        tolerance={"anyOf": [distance, _named(distance)], "$comment": "only where answers are numbers"},
    )
    vector = _object(
        name={"type": "string", "pattern": _NAME},
        about=_TEXT,
        source=_TEXT,
        arguments=_named(_KIND),
        answers={"anyOf": [_KIND, _named(_KIND)]},
        cases={"type": "array", "minItems": 1, "items": case},
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:stakingmodels:vectors:{SCHEMA}",
        "title": "Vectors of stakingmodels",
        **_object(
            schema={"const": SCHEMA},
            stakingmodels=_TEXT,
            generator={"const": GENERATOR},
            topic=_TEXT,
            vectors={"type": "array", "minItems": 1, "items": vector},
        ),
        "$defs": defs,
    }
