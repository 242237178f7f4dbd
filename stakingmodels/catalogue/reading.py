"""`read_sheet` and `check_sheet`: a sheet from its TOML text, refused where a number lacks its source or its date."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs

from stakingmodels import checks, terms, termsheets
from stakingmodels.catalogue.days import checked_day
from stakingmodels.catalogue.networks import COINS
from stakingmodels.catalogue.sheet import ATTRIBUTES, FEES, HELD_BY, REWARDS, Sheet
from stakingmodels.catalogue.stated import BASES, Document, Stated, line, only_keys, rate_of, read_document, read_stated
from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.series import FrozenMap
from stakingmodels.tomlfiles import parsed, read_text

_TEXTS = ("name", "provider", "chain", "coin", "kind", "held_by", "as_of")
_MORE = ("aliases", "token", "reward", "native", "documents", "terms", "rate", "attributes")
_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_NOT_STATED = ("asset", "token", "posted_rate", "failures", "slashing")
"""Fields that a sheet does not state as terms: they have keys of their own, or no document states them."""
_WAITING = ("EntryWait", "ExitWait")


def check_sheet(source: str | os.PathLike[str]) -> None:
    """Refuse a sheet that breaks a rule of the catalogue, in one sentence; a good one passes without a word.

    Every number has the figure as it stands in a document with an address and a date, a rate has its kind and says
    whether it is gross or net, the coin is the chain's own, no date is after the sheet's `as_of`, every key is known,
    and the terms go together in a product.

    Parameters
    ----------
    source
        The text of a sheet, or the path of its file, which ends in ``.toml``.

    Raises
    ------
    InputError
        For the first rule that is broken, with the table and the key.
    InputTypeError
        For a value of a type that a term does not take.

    Examples
    --------
    >>> from stakingmodels import catalogue
    >>> catalogue.check_sheet('name = "My pool"')
    Traceback (most recent call last):
        ...
    stakingmodels.errors.InputError: sheet: provider must be given as a text; write provider = "..."
    """
    read_sheet(source)


def read_sheet(source: str | os.PathLike[str]) -> Sheet:
    """A sheet from its text or file, checked as by `check_sheet`; the name of the file is its key.

    Parameters
    ----------
    source
        As in `check_sheet`.

    Raises
    ------
    InputError
        As in `check_sheet`.
    """
    if isinstance(source, str) and ("\n" in source or not source.endswith(".toml")):
        return sheet_of("sheet", "sheet", source)
    if not isinstance(source, (str, os.PathLike)):
        checks.refuse_type("read_sheet: source", "must be the text of a sheet or a path", source)
    file = Path(source)
    where = checks.show(str(file.name or file))
    return sheet_of(where, file.stem, read_text(where, file))


def sheet_of(where: str, key: str, text: str) -> Sheet:
    """A sheet from its text.

    Parameters
    ----------
    where
        Beginning of messages.
    key
        Its name in the catalogue.
    text
        TOML.
    """
    if not _KEY.fullmatch(key):
        checks.refuse(where, "must be named by small letters, digits and hyphens", key, "my-pool.toml")
    found = only_keys(where, parsed(where, text), (*_TEXTS, *_MORE))
    for name in _TEXTS:
        if not isinstance(found.get(name), str):
            raise InputError(f'{where}: {name} must be given as a text; write {name} = "..."')
        line(f"{where}: {name}", found[name])
    as_of = checked_day(f"{where}: as_of", found["as_of"], "")
    _check_coin(where, found)
    documents = {
        name: read_document(f"{where}: [documents.{name}]", table, as_of)
        for name, table in _tables(where, found, "documents").items()
    }
    sheet = Sheet(
        key=key,
        **{name: found[name] for name in ("name", "provider", "chain", "coin", "kind")},
        aliases=_aliases(where, found.get("aliases", [])),
        token=_token(where, found),
        held_by=checks.choice(f"{where}: held_by", found["held_by"], HELD_BY),
        reward=checks.choice(f"{where}: reward", found.get("reward", "chain"), REWARDS),
        native=checks.flag(f"{where}: native", found.get("native", False)),
        as_of=as_of,
        terms=FrozenMap(_terms(where, found, documents)),
        published=_published(where, found.get("rate"), documents),
        attributes=FrozenMap(_attributes(where, found, documents)),
    )
    if sheet.reward == "posted" and sheet.kind != "ExchangeStaking":
        checks.refuse(f"{where}: reward", 'must be "chain" for any kind but ExchangeStaking', sheet.reward)
    if not sheet.missing or sheet.kind != "CloudMiningContract":  # a contract without a price or an end is none
        _made(where, sheet)
    return sheet


def _made(where: str, sheet: Sheet) -> None:
    """Refuse terms that the product refuses."""
    try:
        sheet.with_placeholders()
    except (InputError, InputTypeError) as error:
        raise type(error)(str(error).replace(f"catalogue: {sheet.key}", where, 1)) from error


def _check_coin(where: str, found: Mapping[str, Any]) -> None:
    if found["chain"] not in COINS:
        hint = checks.nearest_hint(found["chain"], COINS)
        checks.refuse(f"{where}: chain", "must be one of " + ", ".join(COINS), found["chain"], hint)
    coin = COINS[found["chain"]]
    if found["coin"] != coin:
        checks.refuse(f"{where}: coin", f"must be {coin} on {found['chain']}", found["coin"])
    if found["kind"] not in FEES:
        hint = checks.nearest_hint(found["kind"], FEES)
        checks.refuse(f"{where}: kind", "must be one of " + ", ".join(FEES), found["kind"], hint)


def _tables(where: str, found: Mapping[str, Any], name: str) -> dict[str, Any]:
    tables = found.get(name, {})
    if not isinstance(tables, dict):
        checks.refuse(f"{where}: {name}", f"must be tables such as [{name}.one]", tables)
    return tables


def _aliases(where: str, names: object) -> tuple[str, ...]:
    if not isinstance(names, list) or not all(isinstance(name, str) and _KEY.fullmatch(name) for name in names):
        rule = "must be a list of names of small letters, digits and hyphens"
        checks.refuse(f"{where}: aliases", rule, names, 'write aliases = ["lido"]')
    for name in names:
        if names.count(name) > 1:
            checks.refuse(f"{where}: aliases", "must name each once", name)
    return tuple(names)


def _token(where: str, found: Mapping[str, Any]) -> str:
    is_token = found["kind"] == "LiquidStakingToken"
    if is_token != ("token" in found):
        rule = "must be given for a LiquidStakingToken, and for nothing else"
        raise InputError(f'{where}: token {rule}; write token = "stETH"')
    return line(f"{where}: token", found["token"]) if is_token else ""


def _terms(where: str, found: Mapping[str, Any], documents: Mapping[str, Document]) -> dict[str, Stated]:
    kind = termsheets.KINDS[found["kind"]]
    fields = [name for name in attrs.fields_dict(kind) if name not in _NOT_STATED]
    stated: dict[str, Stated] = {}
    for name, table in _tables(where, found, "terms").items():
        here = f"{where}: [terms.{name}]"
        if name not in fields:
            hint = checks.nearest_hint(name, fields) or "its terms are " + ", ".join(fields)
            raise InputError(checks.sentence(f"{here}: is no term of {found['kind']}", hint))
        each = read_stated(here, table, documents)
        if each.basis:
            raise InputError(f"{here}: basis goes with a published rate, under [rate]")
        if isinstance(each.value, dict):
            _check_queue(here, each.value, found["coin"])
        about = terms.of(kind).get(name)
        if about is not None and about.kind == "rate":
            rate_of(f"{here}: value", each.value)
        stated[name] = each
    return stated


def _check_queue(where: str, value: Mapping[str, object], coin: str) -> None:
    for queue, name in value.items():
        if queue in _WAITING and name != coin:
            checks.refuse(where, f"must name the queue of {coin}", name, f'write {{{queue} = "{coin}"}}')


def _published(where: str, table: object, documents: Mapping[str, Document]) -> Stated | None:
    return None if table is None else published_rate(f"{where}: [rate]", table, documents)


def published_rate(where: str, table: object, documents: Mapping[str, Document]) -> Stated:
    """A published rate of a file, with its kind, and gross or net."""
    stated = read_stated(where, table, documents)
    rate_of(f"{where}: value", stated.value)
    if stated.basis not in BASES:
        raise InputError(f'{where}: basis must be given; write basis = "net" (after the provider\'s fee) or "gross"')
    return stated


def _attributes(where: str, found: Mapping[str, Any], documents: Mapping[str, Document]) -> dict[str, Stated]:
    stated: dict[str, Stated] = {}
    for name, table in _tables(where, found, "attributes").items():
        here = f"{where}: [attributes.{name}]"
        if name not in ATTRIBUTES:
            hint = checks.nearest_hint(name, ATTRIBUTES) or "they are " + ", ".join(ATTRIBUTES)
            raise InputError(checks.sentence(f"{here}: is no attribute", hint))
        each = read_stated(here, table, documents)
        if name == "minimum":
            checks.non_negative(f"{here}: value", each.value)
        else:
            checks.flag(f"{here}: value", each.value)
        stated[name] = each
    return {name: stated[name] for name in ATTRIBUTES if name in stated}
