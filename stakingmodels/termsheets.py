"""Term sheets from TOML files, as read by ``stakingmodels --products``. Nothing in a file is evaluated."""

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs

from stakingmodels import checks
from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.market import EntryWait, Event, ExitWait, PowerPrice
from stakingmodels.products import (
    CloudMiningContract,
    Entry,
    ExchangeStaking,
    Execution,
    Failure,
    Halt,
    Holding,
    LiquidStakingToken,
    MiningMachines,
    Payout,
    Product,
    Schedule,
    SoloValidator,
    StakingPool,
    Tiers,
)
from stakingmodels.rates import APR, APY
from stakingmodels.replacing import Replaceable, given_terms
from stakingmodels.tomlfiles import LINE_LIMIT, parsed, read_text

KINDS: Mapping[str, type[Product]] = {
    kind.__name__: kind
    for kind in (
        Holding,
        SoloValidator,
        StakingPool,
        LiquidStakingToken,
        ExchangeStaking,
        CloudMiningContract,
        MiningMachines,
    )
}
"""Classes by the ``kind`` in a file."""

_WRITTEN: Mapping[str, type[Any]] = {kind.__name__: kind for kind in (APR, APY, EntryWait, ExitWait, PowerPrice)}
"""Classes of terms written as a table of one key."""
ROWS_LIMIT = 1_000
_HOW = '[my-pool] with kind = "StakingPool" and a line for each term'


def read_products(path: str | os.PathLike[str]) -> dict[str, Product]:
    """Products by name from a TOML file.

    Each is a table with its `kind` and the fields that differ from its defaults. A rate is written ``{APR = 0.03}`` or
    ``{APY = 0.03}``, an event ``{name = "custodian:x", hazard = 0.02}``, a chain's queue ``{EntryWait = "ETH"}`` or
    ``{ExitWait = "ETH"}``, a price of power ``{PowerPrice = "US"}``, and a failure as a table of its terms in a list:
    ``failures = [{event = {name = "custodian:x", hazard = 0.02}, recovery = 0.5}]``.

    Parameters
    ----------
    path
        A regular file of at most 1 MB and 1,000 tables, UTF-8, with lines of at most 1,000 characters.

    Raises
    ------
    InputError
        For a file that cannot be read or is no TOML, for an unknown kind or field, with the nearest name, and for a
        value that the product refuses, with its table.
    InputTypeError
        For a value of a type that the field does not take.
    """
    file = Path(path)
    where = checks.show(str(file.name or file))
    tables = parsed(where, read_text(where, file))
    if not tables:
        raise InputError(f"{where}: must hold a table for each product; write {_HOW}")
    if len(tables) > ROWS_LIMIT:
        checks.refuse(where, f"must hold at most {ROWS_LIMIT} products", len(tables))
    return {name: _product(where, name, table) for name, table in tables.items()}


def product_of(where: str, kind: str, terms: Mapping[str, object]) -> Product:
    """Product of a named kind with these terms; rates and events are written as in a file.

    Parameters
    ----------
    where
        Beginning of messages.
    kind
        A key of `KINDS`.
    terms
        Values by field.
    """
    if kind not in KINDS:
        rule = "must be one of " + ", ".join(KINDS)
        checks.refuse(f"{where}: kind", rule, kind, checks.nearest_hint(kind, KINDS))
    return _made(where, KINDS[kind], {}, terms)


def changed(where: str, product: Product, terms: Mapping[str, object]) -> Product:
    """Copy of a product with some terms replaced, arguments as in `product_of`; a default stays a default."""
    return _made(where, type(product), given_terms(product), terms)


def _fields(kind: Any) -> dict[str, "attrs.Attribute[Any]"]:
    """Fields of the terms that can be given, by name."""
    return {field.name: field for field in attrs.fields(kind) if field.init}


def _made(where: str, kind: type[Product], given: Mapping[str, object], terms: Mapping[str, object]) -> Product:
    fields = _fields(kind)
    for name in terms:
        if name not in fields:
            hint = checks.nearest_hint(name, fields) or "its fields are " + ", ".join(fields)
            raise InputError(f"{where}: {checks.show(name)} is no field of {kind.__name__} ({hint})")
    missing = [
        name for name, field in fields.items() if field.default is attrs.NOTHING and name not in (*given, *terms)
    ]
    if missing:
        raise InputError(f"{where}: {kind.__name__}.{missing[0]} must be given")
    try:
        return kind(**{**given, **{name: _term(f"{kind.__name__}.{name}", value) for name, value in terms.items()}})
    except (InputError, InputTypeError) as error:
        raise type(error)(f"{where}: {_as_written(str(error))}") from error
    except RecursionError as error:
        raise InputError(f"{where}: must not be nested so deeply") from error


def _as_written(message: str) -> str:
    """Message of the library with its examples in the form of a file."""
    message = re.sub(r"\b(APR|APY)\(([\d.]+)\)", r"{\1 = \2}", message)
    message = re.sub(r'\b(EntryWait|ExitWait|PowerPrice)\("([^"]*)"\)', r'{\1 = "\2"}', message)
    message = re.sub(r'Event\("([^"]*)", hazard=([^()]*)\)', r'{name = "\1", hazard = \2}', message)
    return re.sub(
        r"failures=\(Failure\(({[^{}]*}), recovery=([\d.]+)\),\)", r"failures = [{event = \1, recovery = \2}]", message
    )


def _product(where: str, name: str, table: object) -> Product:
    checks.text(f"{where}: name of a product", name)
    if not isinstance(table, dict):
        raise InputError(f"{where}: {checks.show(name)} stands outside of a table; write {_HOW}")
    here = f"{where}: [{name}]"
    kind = table.get("kind")
    if not isinstance(kind, str):
        raise InputError(f'{here}: kind must be given as a text; write kind = "StakingPool"')
    return product_of(here, kind, {key: value for key, value in table.items() if key != "kind"})


_PARTS: Mapping[str, type[Replaceable]] = {
    "effect": Halt,
    "every_days": Payout,
    "gas_usd": Entry,
    "minimum_deposit": Entry,
    "event": Failure,
    "values": Schedule,
    "after_days": Schedule,
    "rates": Tiers,
    "up_to": Tiers,
}
"""Terms within terms, by a key that only they have; a halt may have an event too."""


def _term(where: str, value: object) -> object:
    """Value of a file as a term.

    Tables become rates, events and failures; anything else is left to the product's own checks.
    """
    if isinstance(value, list):
        return [_term(f"{where}[{number}]", each) for number, each in enumerate(value)]
    if not isinstance(value, dict):
        return value
    keys = set(value)
    part = next((kind for key, kind in _PARTS.items() if key in keys), None)
    part = Execution if where.endswith(".execution") else part  # its keys are those of others too
    if ".halts[" in where and where.endswith("]"):
        part = Halt if "effect" in keys else None  # without one, its event would make it a failure
    if where.endswith(".payout") and "every_days" not in keys:
        rule = 'must be a payout with its days; write {every_days = 7.0, to = "holder"}'
        checks.refuse(where, rule, sorted(keys))
    if part is not None:
        return _part(where, part, value)
    if len(keys) == 1 and (name := next(iter(keys))) in _WRITTEN:
        return _WRITTEN[name](value[name])
    if keys == {"name", "hazard"}:
        return Event(value["name"], hazard=value["hazard"])
    how = 'write {APR = 0.03}, {APY = 0.03}, {ExitWait = "ETH"} or {name = "custodian:x", hazard = 0.02}'
    if where.endswith("]"):  # within a list
        how = 'write [{event = {name = "custodian:x", hazard = 0.02}, recovery = 0.5}]'
        if ".halts[" in where:
            how = 'write [{effect = "pause", on = "2026-07-01", days = 30.0}]'
        what = "halt with its effect" if ".halts[" in where else "failure with its event"
        checks.refuse(where, f"must be a {what}; {how}", sorted(keys))
    checks.refuse(where, f"must be a rate or an event; {how}", sorted(keys))


def _part(where: str, kind: type[Replaceable], table: Mapping[str, object]) -> Replaceable:
    fields = _fields(kind)
    for name in table:
        if name not in fields:
            hint = checks.nearest_hint(name, fields) or "its fields are " + ", ".join(fields)
            raise InputError(f"{where}: {checks.show(name)} is no field of {kind.__name__} ({hint})")
    given: Any = {name: _term(f"{where}.{name}", value) for name, value in table.items()}
    return kind(**given)


def read_value(text: str) -> object:
    """One value in TOML form; a bare word, such as ``queue``, is a text."""
    try:
        if len(text) <= LINE_LIMIT and "\n" not in text and "\r" not in text:
            found = tomllib.loads(f"value = {text}")
            if set(found) == {"value"}:
                return found["value"]
    except (ValueError, RecursionError):
        pass
    return text
