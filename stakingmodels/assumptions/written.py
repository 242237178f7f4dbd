"""Assumption sets as TOML text that people read, and its tables as numbers."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from stakingmodels import checks
from stakingmodels.assumptions.assumption import Assumption
from stakingmodels.errors import InputError, InputTypeError

_DEEP = 5
TABLE = "[exploit.hazard] with low, base, high, worse, basis, evidence, source and date"
"""Form of a table."""
_HEAD = """\
# Assumption set of stakingmodels. Each table is one number: its lowest, usual and highest value, the end that is worse
# for the holder, and what it rests on: a protocol's rule, a measurement, a provider's word, or an assumption.
"""


def toml_of(name: str, date: str, numbers: Mapping[str, Assumption]) -> str:
    """Text of a file with a table for each number."""
    lines = [_HEAD, f"name = {_value(name)}", f"date = {_value(date)}"]
    for key, number in numbers.items():
        lines += ["", f"[{key}]"]
        lines += [f"{field} = {_value(x)}" for field, x in attrs.asdict(number).items() if x is not None]
    return "\n".join(lines) + "\n"


def _value(value: object) -> str:
    """A number by its `repr`, which reads back to the same bits; a text in quotes, as JSON and TOML both write it."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def tables_of(where: str, tables: Mapping[str, Any]) -> Iterator[tuple[str, Assumption]]:
    """Numbers by key from the tables of a file.

    Parameters
    ----------
    where
        Beginning of messages.
    tables
        Tables by name, in which ``[a.b]`` stands within ``a``.

    Raises
    ------
    InputError
        For a table that is no number, an unknown or missing field, and a value that `Assumption` refuses, with its key.
    InputTypeError
        For a value of another type.
    """
    yield from _within(where, "", tables, _DEEP)


def _within(where: str, above: str, tables: Mapping[str, Any], depth: int) -> Iterator[tuple[str, Assumption]]:
    if depth == 0:
        raise InputError(f"{where}: [{above}] must not be nested so deeply")
    for name, table in tables.items():
        key = f"{above}.{name}" if above else name
        here = f"{where}: [{checks.show(key)[1:-1]}]"
        if not isinstance(table, dict):
            raise InputError(f"{where}: {checks.show(key)} is no table of a number; write {TABLE}")
        if table and all(isinstance(value, dict) for value in table.values()):
            yield from _within(where, key, table, depth - 1)
        else:
            yield key, _number(here, table)


def _number(here: str, table: Mapping[str, Any]) -> Assumption:
    fields = attrs.fields_dict(Assumption)
    for name in table:
        if name not in fields:
            hint = checks.nearest_hint(name, fields) or "its fields are " + ", ".join(fields)
            raise InputError(checks.sentence(f"{here}: {checks.show(name)} is no field of an assumption", hint))
    missing = [name for name, field in fields.items() if field.default is attrs.NOTHING and name not in table]
    if missing:
        raise InputError(f"{here}: {missing[0]} must be given")
    try:
        return Assumption(**table)
    except (InputError, InputTypeError) as error:
        raise type(error)(f"{here}: {str(error).removeprefix('Assumption.')}") from error
