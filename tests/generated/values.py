"""The bad values, each with a name; made anew for every call, since some can be read only once."""

import datetime as dt
import decimal
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np


class Hostile:
    """An object without a repr."""

    def __repr__(self) -> str:
        raise RuntimeError("no repr")


def own() -> Any:
    """An object of the library's own that is wanted hardly anywhere."""
    from stakingmodels import rates

    return rates.APR(0.04)


def endless() -> list[Any]:
    """A list that holds itself."""
    items: list[Any] = [1.0]
    items.append(items)
    return items


BAD: dict[str, Callable[[], Any]] = {
    "None": lambda: None,
    "NaN": lambda: float("nan"),
    "inf": lambda: float("inf"),
    "-1": lambda: -1,
    "0": lambda: 0,
    "10**30": lambda: 10**30,
    "10**5000": lambda: 10**5000,
    "1e-320": lambda: 1e-320,
    "1e308": lambda: 1e308,
    "1j": lambda: 1j,
    "True": lambda: True,
    "''": str,
    "'x'": lambda: "x",
    "b''": bytes,
    "[]": list,
    "()": tuple,
    "{}": dict,
    "{1}": lambda: {1},
    "object()": object,
    "Hostile()": Hostile,
    "a class": lambda: Fraction,
    "a lambda": lambda: lambda *_, **__: None,
    "a generator": lambda: (each for each in (1.0, 2.0)),
    "[nan]": lambda: [1.0, float("nan")],
    "[[...]]": endless,
    "0-d": lambda: np.array(1.0),
    "2-d": lambda: np.ones((2, 3)),
    "objects": lambda: np.array([None, "x", 1.0], dtype=object),
    "texts": lambda: np.array(["x", "y"]),
    "moments": lambda: np.array(["2026-01-01", "NaT"], dtype="datetime64[s]"),
    "complex": lambda: np.array([1j, 2.0]),
    "masked": lambda: np.ma.masked_array([1.0, 2.0], mask=[False, True]),
    "Decimal": lambda: decimal.Decimal("1.5"),
    "Fraction": lambda: Fraction(1, 3),
    "datetime": lambda: dt.datetime(2026, 1, 1, 12),  # noqa: DTZ001  # naive, as a user may write it
    "Path": lambda: Path("no such file.csv"),
    "APR": own,
}
