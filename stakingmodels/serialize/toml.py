"""Term sheets as TOML that people edit, in the form that ``stakingmodels --products`` reads."""

import json
import math
import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from stakingmodels import checks
from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.market import EntryWait, Event, ExitWait, PowerPrice
from stakingmodels.market.factors import as_factor, is_factor_text
from stakingmodels.products import Entry, Execution, Failure, Halt, Payout, Product, Schedule, Tiers
from stakingmodels.rates import APR, APY
from stakingmodels.serialize.kinds import terms_of
from stakingmodels.termsheets import KINDS, ROWS_LIMIT, product_of
from stakingmodels.tomlfiles import LINE_LIMIT, parsed

_JSON = 'save(..., "products.json") holds any'
_BARE = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)


def to_toml(products: Mapping[str, Product]) -> str:
    """TOML text of products by name, which ``stakingmodels compare --products FILE`` reads.

    Every term is written, those with default values too; a term that is None is left out.

    Parameters
    ----------
    products
        The library's own products by name; no wrappers and no classes of your own, which such a file cannot hold.

    Raises
    ------
    InputError, InputTypeError
        For another kind of product, and terms that TOML cannot hold.

    Examples
    --------
    >>> from stakingmodels import Holding, serialize
    >>> print(serialize.to_toml({"my coins": Holding("ETH", sell_fee=0.001)}), end="")
    ["my coins"]
    kind = "Holding"
    asset = "ETH"
    buy_fee = 0.0
    sell_fee = 0.001
    failures = []
    """
    if not isinstance(products, Mapping) or not products:
        checks.refuse_type("to_toml: products", 'must be a mapping such as {"pool": StakingPool()}', products)
    if len(products) > ROWS_LIMIT:
        checks.refuse("to_toml: products", f"must hold at most {ROWS_LIMIT:,} products", len(products))
    return "\n".join(_table(name, product) for name, product in products.items())


def _table(name: object, product: Product) -> str:
    title, kind = checks.text("to_toml: name", name), type(product)
    where = f"to_toml: {title}"
    if KINDS.get(kind.__name__) is not kind:
        rule = f"must be one of {', '.join(KINDS)}, which a TOML file can hold"
        checks.refuse_type(where, rule, product, _JSON)
    lines = [f"[{title if _BARE.fullmatch(title) else _quoted(title)}]", f"kind = {_quoted(kind.__name__)}"]
    for term in terms_of(kind):
        value = getattr(product, term)
        if value is not None:
            lines.append(f"{term} = {_value(f'{where}.{term}', value)}")
    text = "\n".join(lines) + "\n"
    _check(where, text, product)
    return text


def _check(where: str, text: str, product: Product) -> None:
    """Refuse terms that would not be read back as they are."""
    try:
        ((_, table),) = parsed(where, text).items()
        again = product_of(where, table.pop("kind"), table)
    except (InputError, InputTypeError) as error:
        raise type(error)(f"{where}: cannot be written to TOML: {error}") from error
    for term in terms_of(type(product)):
        value = getattr(product, term)
        if value is None and getattr(again, term) is not None:
            checks.refuse(f"{where}.{term}", "must be given, as TOML has no word for None", None, _JSON)
    if again != product:
        checks.refuse(where, "must have terms that TOML can hold", product, _JSON)


def _value(where: str, value: Any) -> str:
    if isinstance(value, tuple):
        is_plain = any(isinstance(each, (int, float, str, np.datetime64, APR, APY, Tiers)) for each in value)
        return f"[{', '.join(_value(where, each) for each in value)}]" if is_plain else _parts(where, value)
    if isinstance(value, (Entry, Execution, Payout, Schedule, Tiers)):
        return f"{{{_part(where, value)}}}"
    if isinstance(value, Event):
        return _event(where, value)
    if isinstance(value, (APR, APY)) and isinstance(value.value, float):
        return f"{{{type(value).__name__} = {value.value!r}}}"
    if isinstance(value, (EntryWait, ExitWait, PowerPrice)):
        return f"{{{type(value).__name__} = {_quoted(value.name)}}}"
    return _plain(where, value)


def _plain(where: str, value: Any) -> str:
    if isinstance(value, (str, np.datetime64)):
        return _quoted(str(value))
    if isinstance(value, (bool, int)) or (isinstance(value, float) and math.isfinite(value)):
        return str(value).lower() if isinstance(value, bool) else repr(value)
    return checks.refuse(where, "must be a term that TOML can hold", value)


def _parts(where: str, parts: tuple[Any, ...]) -> str:
    lines = [f"  {{{_part(where, each)}}}," for each in parts]
    if any(len(line) > LINE_LIMIT for line in lines):
        checks.refuse(where, f"must fit into lines of {LINE_LIMIT} characters", max(map(len, lines)))
    return "[\n" + "\n".join(lines) + "\n]" if lines else "[]"


def _part(where: str, part: object) -> str:
    """A term within terms; a term that is None is left out."""
    if not isinstance(part, (Entry, Execution, Halt, Payout, Schedule, Tiers)):
        checks.instance(where, part, Failure, "a tuple of Failure")
    given = {term: value for term in terms_of(type(part)) if (value := getattr(part, term)) is not None}
    return ", ".join(f"{term} = {_value(f'{where}.{term}', value)}" for term, value in given.items())


def _event(where: str, event: Event) -> str:
    """Name and hazard; the text of an event that has none."""
    if type(event) is not Event:
        checks.refuse_type(where, "must be an Event", event)
    if event.hazard is not None:
        return f"{{name = {_quoted(event.name)}, hazard = {event.hazard!r}}}"
    text = f"Event({event.name})"
    if not is_factor_text(text) or as_factor(where, text) != event:
        checks.refuse(where, "must have a name without brackets and quotes, as it has no hazard", event.name)
    return _quoted(text)


def _quoted(text: str) -> str:
    """Text in quotes, as JSON and TOML both write it."""
    return json.dumps(text, ensure_ascii=False)
