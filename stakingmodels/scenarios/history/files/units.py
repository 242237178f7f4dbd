"""Units of the files of known providers: hash rates in EH/s, fees of a day in satoshi, rates in percent, APYs."""

import re
from collections.abc import Mapping
from typing import Literal

import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray
from stakingmodels.market import BlockFees, EntryWait, ExitWait, Factor, PowerPrice
from stakingmodels.protocols.chains import bitcoin

RateKind = Literal["", "apr", "apy"]
"""Kinds of rate: simple for a year of 365 days, or compounded daily; empty where the source says."""

_BLOCKS_A_DAY = 86_400 // bitcoin.BLOCK_SECONDS
_SATOSHI = 1e-8
_RATES = {"fraction": 1.0, "percent": 0.01, "basis points": 1e-4, "ray": 1e-27}
_WAITS = {"days": 1.0, "hours": 1.0 / 24.0, "minutes": 1.0 / 1_440.0, "seconds": 1.0 / 86_400.0}
UNITS: Mapping[str, Mapping[str, float]] = {
    "Hashrate": {
        f"{prefix}H/s": 10.0 ** (power - 12)
        for prefix, power in zip(("", "k", "M", "G", "T", "P", "E", "Z"), range(0, 24, 3), strict=True)
    },
    "Difficulty": {"G": 1e9, "T": 1e12, "P": 1e15, "hashes": 2.0**-32},
    "BlockFees": {
        "coins/block": 1.0,
        "coins/day": 1.0 / _BLOCKS_A_DAY,
        "satoshi/block": _SATOSHI,
        "satoshi/day": _SATOSHI / _BLOCKS_A_DAY,
    },
    "PowerPrice": {"USD/kWh": 1.0, "cents/kWh": 0.01, "USD/MWh": 1e-3},
    "MarketRatio": {"wei": 1e-18},
    "EntryWait": _WAITS,
    "ExitWait": _WAITS,
    "StakingReward": _RATES,
    "ExecutionReward": _RATES,
    "CashRate": _RATES,
}
"""Units allowed by factor, with the multiplier of a number."""

_ALIASES = {"%": "percent", "pct": "percent", "bps": "basis points"}
_PERCENT = re.compile(r"percent|pct\b|pct$|%", re.IGNORECASE)
_BASIS_POINTS = re.compile(r"(?<![a-z])(bps?|basis[ _]points?)(?![a-z])", re.IGNORECASE)
_SATOSHIS = re.compile(r"(^|[^a-z])sat(s|oshis?)?($|[^a-z])", re.IGNORECASE)
_A_DAY = re.compile(r"per[ _]day|/day|daily|a day", re.IGNORECASE)
_PREFIX = re.compile(r"[ _(]([GTP])\)?$")
_TIME = re.compile(r"(?<![a-z])(hour|minute|second)s?(?![a-z])", re.IGNORECASE)
_POWER = re.compile(r"(mwh)|(?<![a-z])cents?(?![a-z])", re.IGNORECASE)
_HASHES = re.compile(r"\b([kMGTPEZ]?)H/?s\b|[ _(]([kmgtpez])h[_/]?s\b", re.ASCII)


def check_unit(where: str, factor: Factor, unit: object) -> str:
    """Unit as written in `UNITS`, or empty for the factor's own; anything else is refused."""
    if not isinstance(unit, str):
        checks.refuse_type(where, "must be the name of a unit (str)", unit)
    known = UNITS.get(type(factor).__name__, {})
    if not unit or unit in known:
        return unit
    name = _ALIASES.get(unit, unit)
    if isinstance(factor, BlockFees):
        name = re.sub(rf"^{re.escape(factor.name)}/", "coins/", name, flags=re.IGNORECASE)
    found = [each for each in known if each.casefold() == name.casefold()]
    if len(found) != 1:
        names = ", ".join(known) or "none: only its own"
        checks.refuse(where, f"must be a unit of {factor} ({names})", unit, checks.nearest_hint(name, known))
    return found[0]


def unit_of_name(factor: Factor, column: str) -> tuple[str, str]:
    """Unit and kind of rate in the name of a column, each empty if the name has none."""
    if factor.is_rate:
        return unit_of_rate(column)
    if type(factor).__name__ == "Hashrate" and (match := _HASHES.search(column)):
        prefix = match[1] if match[1] is not None else (match[2] or "")
        wanted = f"{prefix}H/s".casefold()
        return next(name for name in UNITS["Hashrate"] if name.casefold() == wanted), ""
    if isinstance(factor, BlockFees):
        amount, span = "satoshi" if _SATOSHIS.search(column) else "coins", "day" if _A_DAY.search(column) else "block"
        return ("" if (amount, span) == ("coins", "block") else f"{amount}/{span}"), ""
    if type(factor).__name__ == "Difficulty" and (match := _PREFIX.search(column)):
        return match[1], ""
    if isinstance(factor, (EntryWait, ExitWait)) and (match := _TIME.search(column)):
        return f"{match[1].casefold()}s", ""
    return (_power_unit(column) if isinstance(factor, PowerPrice) else ""), ""


def _power_unit(column: str) -> str:
    match = _POWER.search(column)
    return "" if match is None else "USD/MWh" if match[1] else "cents/kWh"


def unit_of_rate(column: str) -> tuple[str, str]:
    """Unit and kind in the name of a column of rates, each empty if the name has none."""
    kind = next((kind for kind in ("apy", "apr") if kind in column.casefold()), "")
    if _BASIS_POINTS.search(column):
        return "basis points", kind
    return "percent" if _PERCENT.search(column) else "", kind


def is_own(factor: Factor, unit: str) -> bool:
    """Whether a unit is the factor's own, so that numbers stay as they are."""
    return not unit or UNITS.get(type(factor).__name__, {}).get(unit) == 1.0


def in_units_of(factor: Factor, values: FloatArray, unit: str, rate: str) -> FloatArray:
    """Values in the unit of their factor; an APY becomes the APR with the same daily rate."""
    factors = UNITS.get(type(factor).__name__, {})
    scaled = values * factors[unit] if unit else values
    if factor.is_rate and rate == "apy":
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(np.expm1(np.log1p(scaled) / 365.0) * 365.0)
    return scaled
