"""The fixed-point numbers of Substrate: parts of a billion or of 10**18, and FixedU128 with 18 places.

All are plain integers here; the name of an argument says its scale. Source: paritytech/polkadot-sdk
substrate/primitives/arithmetic, per_things.rs (commit 047de692) and fixed_point.rs.
"""

from stakingmodels import checks
from stakingmodels.protocols.chains.amounts import UINT128_MAX

PERBILL = 10**9
PERQUINTILL = 10**18
FIXED_DIV = 10**18
"""Representation of 1 in FixedU128."""
FIXED_MAX = UINT128_MAX // FIXED_DIV
"""Largest whole number that a FixedU128 holds: 3.4e20."""
MILLISECONDS_PER_YEAR = 1000 * 3600 * 24 * 36525 // 100
"""A Julian year of 365.25 days, which every payout rule counts in."""
MILLISECONDS_PER_DAY = 86_400_000


def balance(where: str, value: object) -> int:
    """An amount in base units (planck) that fits an unsigned 128-bit number."""
    return checks.integer(where, value, 0, UINT128_MAX)


def era_millis(where: str, value: object) -> int:
    """An era's length in milliseconds, an unsigned 64-bit number."""
    return checks.integer(where, value, 0, 2**64 - 1)


def from_rational(numerator: int, denominator: int, accuracy: int) -> int:
    """A ratio in parts of `accuracy`, rounded down; 1 where it is above 1 or the denominator is 0."""
    if denominator == 0 or numerator > denominator:
        return accuracy
    return numerator * accuracy // denominator


def times(parts: int, amount: int, accuracy: int) -> int:
    """Parts of an amount, to the nearest, halves down (`PerThing * Balance`)."""
    quotient, rest = divmod(parts * amount, accuracy)
    return quotient + (rest > accuracy // 2)


def product(parts: int, others: int, accuracy: int) -> int:
    """Parts of parts, rounded down (`PerThing * PerThing`)."""
    return parts * others // accuracy


def fixed_times(fixed: int, amount: int) -> int:
    """A FixedU128 times a whole number or a FixedU128, rounded down (saturating_mul_int, saturating_mul)."""
    return fixed * amount // FIXED_DIV


def fixed_power(fixed: int, exponent: int) -> int:
    """A FixedU128 to a whole power by repeated squaring, rounded down at each step (saturating_pow)."""
    result = FIXED_DIV
    while exponent:
        if exponent & 1:
            result = fixed_times(result, fixed)
        fixed = fixed_times(fixed, fixed)
        exponent >>= 1
    return result
