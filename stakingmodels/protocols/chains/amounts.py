"""Checks of amounts for several chains: exact ratios, whole coins in base units, stake within the supply."""

from fractions import Fraction

from stakingmodels import checks

UINT64_MAX = 2**64 - 1
UINT128_MAX = 2**128 - 1


def ratio(where: str, value: object, low: int = 0, high: int = 1) -> Fraction:
    """An exact ratio in [low, high]; floats are refused, since 0.3 is not three tenths.

    Parameters
    ----------
    where
        The argument, such as ``"max_pool: sigma"``.
    value
        `Fraction` or int.

    Raises
    ------
    InputTypeError
        For anything but a `Fraction` or an int.
    InputError
        For a ratio outside [low, high].
    """
    if isinstance(value, bool) or not isinstance(value, (int, Fraction)):
        checks.refuse_type(where, "must be an exact ratio", value, "write Fraction(3, 10)")
    if not low <= value <= high:
        checks.refuse(where, f"must be a ratio in [{low}, {high}]", value)
    return Fraction(value)


def base_units(coins: float, units_per_coin: int) -> int:
    """Whole coins in base units, rounded to the nearest: a float64 holds no more than 15 digits of them."""
    return round(Fraction(coins) * units_per_coin)
