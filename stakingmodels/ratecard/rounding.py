"""Decimals of a rate card: rounded so that no gain, rate or speed is overstated."""

import math
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal

START = 5
"""Decimals of the amount at which a tier begins."""
SHARE = 8
"""Decimals of shares of the amount, by which a million is off by at most a cent."""
RATE = 4
"""Decimals of rates a year: hundredths of a percent."""
CHANCE = 6
"""Decimals of chances a year and of losses."""
_ALL_DIGITS = Context(prec=400)  # of any float64; the context of the caller's thread may have few


def floored(number: float, decimals: int) -> float:
    """Largest decimal number of so many places that is not above a number."""
    return _rounded(number, decimals, ROUND_FLOOR)


def ceiled(number: float, decimals: int) -> float:
    """Smallest decimal number of so many places that is not below a number."""
    return _rounded(number, decimals, ROUND_CEILING)


def _rounded(number: float, decimals: int, way: str) -> float:
    if math.isinf(number):
        return float(number)
    unit = Decimal((0, (1,), -decimals))
    return float(Decimal(str(float(number))).quantize(unit, rounding=way, context=_ALL_DIGITS)) + 0.0  # no -0.0


def floored_money(money: float, decimals: int) -> float:
    """Money or a rate in so many decimals, not above it: as every reader of a card computes it, in double precision."""
    return math.floor(money * 10.0**decimals) / 10.0**decimals


def ceiled_money(money: float, decimals: int) -> float:
    """Money in its smallest units, not below it, as every reader of a card computes it."""
    return math.ceil(money * 10.0**decimals) / 10.0**decimals
