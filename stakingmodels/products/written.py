"""`terms_of`: a product's terms as plain numbers and text, from which it can be made again."""

from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np

from stakingmodels.display import brief
from stakingmodels.engine.protocols import RunnableProduct
from stakingmodels.market import Event, Factor
from stakingmodels.products.base import Product
from stakingmodels.products.parts.entries import Entry
from stakingmodels.products.parts.failures import Failure
from stakingmodels.products.parts.halts import Halt
from stakingmodels.products.parts.payouts import Payout
from stakingmodels.products.parts.schedules import Schedule
from stakingmodels.products.parts.tiers import Tiers
from stakingmodels.rates import APR, APY


def terms_of(product: RunnableProduct) -> dict[str, Any]:
    """Class of a product, and all of its terms by name, defaults included.

    They are written as in a file of products (`termsheets`): a rate with its convention, ``{"APR": 0.03}``, an event
    ``{"name": "custodian:x", "hazard": 0.02}``, a chain's queue ``{"ExitWait": "ETH"}``, a failure with its terms by
    name. Values that a file cannot express, such as a term of a third party's class, are text. A product that is no
    attrs class has no terms.
    """
    return {"kind": type(product).__name__} | (_fields(product) if attrs.has(type(product)) else {})


def _fields(owner: Any) -> dict[str, Any]:
    return {field.alias: _plain(getattr(owner, field.name)) for field in attrs.fields(type(owner)) if field.init}


def _plain(value: Any) -> Any:
    if isinstance(value, (APR, APY)):
        return {type(value).__name__: _plain(value.value)}
    if isinstance(value, Factor):
        return _fields(value) if isinstance(value, Event) else {type(value).__name__: value.name}
    if isinstance(value, (Entry, Failure, Halt, Payout, Schedule, Tiers)):
        return _fields(value)
    if isinstance(value, Product) and attrs.has(type(value)):
        return terms_of(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    return _number(value)


def _number(value: Any) -> Any:
    """Number, text, array or list of these in JSON form; anything else as text."""
    if isinstance(value, (np.ndarray, np.generic)):
        value = (value.astype(str) if value.dtype.kind == "M" else value).tolist()
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return value if value is None or isinstance(value, (bool, int, float, str)) else brief(value)
