"""JSON as text: read strictly, within limits that are checked before parsing; written to be read by people."""

import json
import math
import re
from typing import Any, NoReturn

from stakingmodels import checks
from stakingmodels.errors import InputError

TEXT_LIMIT = 10_000_000
"""Most characters of a text."""
DEPTH_LIMIT = 100
"""Most brackets within brackets. Scenarios may be nested 32 deep, each in two brackets."""
_DIGITS = 60  # a seed of 128 bits has 39
_COLUMNS = 110
_TOKEN = re.compile(r'"(?:[^"\\]|\\(?:.|\Z))*+(?:"|\Z)|[\[{]|[\]}]', re.DOTALL)
_SHORT = 12


def parsed(where: str, text: str) -> Any:
    """Value of a JSON text.

    Parameters
    ----------
    where
        Beginning of messages.
    text
        At most 10,000,000 characters and 100 brackets within brackets.

    Raises
    ------
    InputError
        For a text that is too long or nested too deeply, that is no JSON, that has a key twice in one object, or a
        number that is not finite.
    InputTypeError
        For anything but a text.
    """
    if not isinstance(text, str):
        checks.refuse_type(where, "must be a text (str)", text)
    if len(text) > TEXT_LIMIT:
        checks.refuse(where, f"must have at most {TEXT_LIMIT:,} characters", f"{len(text):,} characters")
    _check_depth(where, text)

    rules = _Rules(where)
    try:
        return json.loads(
            text,
            parse_int=rules.whole,
            parse_float=rules.real,
            parse_constant=rules.constant,
            object_pairs_hook=rules.keys,
        )
    except RecursionError as error:
        raise InputError(f"{where}: must not be nested so deeply") from error
    except json.JSONDecodeError as error:
        raise InputError(f"{where}: must be JSON: {error.msg.lower()} in line {error.lineno}") from error


class _Rules:
    """Rules for numbers and keys that the parser itself does not have."""

    def __init__(self, where: str) -> None:
        self._where = where

    def whole(self, digits: str) -> int:
        """A whole number of few digits."""
        if len(digits) > _DIGITS:
            raise InputError(f"{self._where}: must have whole numbers of at most {_DIGITS} digits, got {len(digits)}")
        return int(digits)

    def real(self, digits: str) -> float:
        """A number that a float64 holds."""
        found = float(digits)
        if not math.isfinite(found):
            checks.refuse(self._where, "must have numbers within the range of a float64", digits[:_SHORT])
        return found

    def constant(self, word: str) -> NoReturn:
        """Refuse NaN and infinity, which Python would read."""
        raise InputError(f"{self._where}: must be JSON, which has no {word}; a number must be finite")

    def keys(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        """An object whose keys are all different."""
        found = dict(pairs)
        if len(found) < len(pairs):
            seen: set[str] = set()
            twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
            raise InputError(f"{self._where}: must have each key once, got {checks.show(twice)} twice")
        return found


def _check_depth(where: str, text: str) -> None:
    depth = 0
    for token in _TOKEN.finditer(text):
        sign = text[token.start()]
        if sign in "[{":
            depth += 1
            if depth > DEPTH_LIMIT:
                raise InputError(f"{where}: must not be nested more than {DEPTH_LIMIT} deep")
        elif sign in "]}":
            depth -= 1


def written(where: str, value: Any) -> str:
    """JSON text of plain values: what is short stands on one line, and so do plain numbers, however many.

    Raises
    ------
    InputError
        For a text of more than 10,000,000 characters, which could not be read back.
    """
    text = _text(value, "") + "\n"
    if len(text) > TEXT_LIMIT:
        refuse_long(where, f"{len(text):,} characters")
    return text


def refuse_long(where: str, found: str) -> NoReturn:
    """Refuse to write a text that could not be read back."""
    rule = f"must fit into {TEXT_LIMIT:,} characters of JSON"
    checks.refuse(where, rule, found, 'write save(results, "results.npz")')


def _text(value: Any, indent: str) -> str:
    flat = json.dumps(value, ensure_ascii=False, allow_nan=False)
    if not isinstance(value, (dict, list)) or len(indent) + len(flat) <= _COLUMNS:
        return flat
    deeper = f"{indent}  "
    if isinstance(value, dict):
        parts = [f"{json.dumps(key, ensure_ascii=False)}: {_text(each, deeper)}" for key, each in value.items()]
        opening, closing = "{}"
    elif any(isinstance(each, (dict, list)) for each in value):
        parts, (opening, closing) = [_text(each, deeper) for each in value], "[]"
    else:
        return flat
    return f"{opening}\n{deeper}" + f",\n{deeper}".join(parts) + f"\n{indent}{closing}"
