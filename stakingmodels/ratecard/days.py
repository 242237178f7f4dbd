"""Days of a rate card: dates from texts, and days until a product earns."""

import datetime as dt
from typing import Any

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels.market import Factor, Market, Now
from stakingmodels.products import Product

_DEEP = 8


def day_of(where: str, value: object) -> dt.date:
    """Day from a date or its text, such as 2026-12-01.

    Raises
    ------
    InputError, InputTypeError
        For any other text, and what is neither a text nor a date.
    """
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    if not isinstance(value, str):
        checks.refuse_type(where, "must be a day such as 2026-12-01", value)
    try:
        day = dt.date.fromisoformat(value)
    except ValueError:
        day = None
    if day is None or day.isoformat() != value:
        checks.refuse(where, "must be a day such as 2026-12-01", value)
    return day


def days_in(product: Product, market: Market) -> float:
    """Days until the first coins earn, with the queues of the market's opening."""
    still = market.frozen_at_open()
    return _entry_days(product, still.now().at(next(still.chunks()), -1), _DEEP)


def _entry_days(product: Any, now: Now, depth: int) -> float:
    """Longest wait among the terms of a product and those of products that it holds."""
    found = [0.0]
    if depth and attrs.has(type(product)):
        for field in attrs.fields(type(product)):
            value = getattr(product, field.name)
            if field.name == "entry_days":
                wait: Any = now[value] if isinstance(value, Factor) else value
                found.append(float(np.max(wait)))
            several = value if isinstance(value, tuple) else (value,)
            found += [_entry_days(each, now, depth - 1) for each in several if isinstance(each, Product)]
    return max(found)
