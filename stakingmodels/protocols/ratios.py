"""Exact ratios: rational numbers of protocols, without a float in between."""

from fractions import Fraction

from stakingmodels import checks


def ratio(where: str, value: object, high: int = 1) -> Fraction:
    """A `Fraction` in [0, high], compared exactly.

    Raises
    ------
    InputTypeError
        For anything else: a float such as 0.05 is not the ratio that it is written as.
    InputError
        Outside the range.
    """
    number = checks.instance(where, value, Fraction, 'Fraction("0.05")')
    if not 0 <= number <= high:
        checks.refuse(where, f"must be a ratio in [0, {high}]", str(number))
    return number
