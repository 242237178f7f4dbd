"""The decimal number of the Cosmos SDK: 18 places, with the rounding that each operation of the SDK has."""

import re
from fractions import Fraction

import attrs

from stakingmodels import checks

PRECISION = 18
_ONE: int = 10**PRECISION
_HALF = _ONE // 2
_INT_LIMIT: int = 2**256 - 1
_LIMIT: int = 2**256 * _ONE - 1
_TEXT = re.compile(r"-?[0-9]+(\.[0-9]{1,18})?", re.ASCII)


def _truncated(numerator: int, denominator: int) -> int:
    """A quotient rounded towards zero, as Go divides."""
    quotient = abs(numerator) // abs(denominator)
    return quotient if (numerator < 0) == (denominator < 0) else -quotient


def _divisor(number: object) -> int:
    divisor = checks.integer("LegacyDec.quo", number, -_LIMIT, _LIMIT)
    if divisor == 0:
        checks.refuse("LegacyDec.quo", "the divisor must not be 0", number)
    return divisor


def _chopped(units: int) -> int:
    """18 places fewer, rounded to the nearest, halves to the even neighbour (chopPrecisionAndRound)."""
    quotient, rest = divmod(abs(units), _ONE)
    if rest > _HALF or (rest == _HALF and quotient % 2 == 1):
        quotient += 1
    return quotient if units >= 0 else -quotient


@attrs.frozen(order=True)
class LegacyDec:
    """A decimal number with 18 places, kept as a whole number of 10**-18.

    Parameters
    ----------
    units
        The number times 10**18; at most 2**256 * 10**18 - 1 either way, as in the SDK.

    Notes
    -----
    Source: cosmos/cosmos-sdk math/legacy_dec.go (commit 0ed2fd92).

    Examples
    --------
    >>> str(LegacyDec.from_str("0.13").quo(LegacyDec.from_int(7)))
    '0.018571428571428571'
    """

    units: int = attrs.field(validator=checks.field(checks.integer, -_LIMIT, _LIMIT))

    @classmethod
    def from_str(cls, text: str) -> "LegacyDec":
        """A number written as digits with at most 18 places: "0.13", "-5"."""
        if not isinstance(text, str):
            checks.refuse_type("LegacyDec.from_str", "must be a text", text, 'write "0.13"')
        if not _TEXT.fullmatch(text):
            checks.refuse("LegacyDec.from_str", "must be digits with at most 18 decimal places", text)
        return cls(int(Fraction(text) * _ONE))

    @classmethod
    def from_int(cls, number: int) -> "LegacyDec":
        """A whole number."""
        return cls(checks.integer("LegacyDec.from_int", number, -_INT_LIMIT, _INT_LIMIT) * _ONE)

    @property
    def fraction(self) -> Fraction:
        """Exact value as a fraction."""
        return Fraction(self.units, _ONE)

    def __float__(self) -> float:
        return float(self.fraction)

    def __str__(self) -> str:
        whole, rest = divmod(abs(self.units), _ONE)
        return f"{'-' if self.units < 0 else ''}{whole}.{rest:018d}"

    def add(self, other: "LegacyDec") -> "LegacyDec":
        """Sum, exact."""
        return LegacyDec(self.units + other.units)

    def sub(self, other: "LegacyDec") -> "LegacyDec":
        """Difference, exact."""
        return LegacyDec(self.units - other.units)

    def mul(self, other: "LegacyDec") -> "LegacyDec":
        """Product, to the nearest, halves to even."""
        return LegacyDec(_chopped(self.units * other.units))

    def mul_truncate(self, other: "LegacyDec") -> "LegacyDec":
        """Product, towards zero."""
        return LegacyDec(_truncated(self.units * other.units, _ONE))

    def mul_int(self, number: int) -> "LegacyDec":
        """Product with a whole number, exact."""
        return LegacyDec(self.units * checks.integer("LegacyDec.mul_int", number, -_INT_LIMIT, _INT_LIMIT))

    def quo(self, other: "LegacyDec") -> "LegacyDec":
        """Quotient to the nearest, halves to even; a half is judged on 36 truncated places."""
        return LegacyDec(_chopped(_truncated(self.units * _ONE * _ONE, _divisor(other.units))))

    def quo_truncate(self, other: "LegacyDec") -> "LegacyDec":
        """Quotient, towards zero."""
        return LegacyDec(_truncated(self.units * _ONE, _divisor(other.units)))

    def quo_int(self, number: int) -> "LegacyDec":
        """Quotient by a whole number that is not 0, towards zero."""
        return LegacyDec(_truncated(self.units, _divisor(number)))

    def truncate_int(self) -> int:
        """The whole part, towards zero."""
        return _truncated(self.units, _ONE)

    def round_int(self) -> int:
        """The nearest whole number, halves to even."""
        return _chopped(self.units)


ZERO = LegacyDec(0)
ONE = LegacyDec(_ONE)


def unit_dec(where: str, value: object) -> LegacyDec:
    """A `LegacyDec` in [0, 1]."""
    number = checks.instance(where, value, LegacyDec, 'LegacyDec.from_str("0.05")')
    if not ZERO <= number <= ONE:
        checks.refuse(where, "must be a fraction in [0, 1]", str(number))
    return number


def non_negative_dec(where: str, value: object) -> LegacyDec:
    """A `LegacyDec` of at least 0."""
    number = checks.instance(where, value, LegacyDec, 'LegacyDec.from_str("0.05")')
    if number < ZERO:
        checks.refuse(where, "must not be below 0", str(number))
    return number


UNIT_DEC = checks.field(unit_dec)
NON_NEGATIVE_DEC = checks.field(non_negative_dec)
