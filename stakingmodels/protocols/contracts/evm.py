"""Amounts of tokens as Ethereum's virtual machine holds them: unsigned integers of 256 bits, plain int here."""

from stakingmodels import checks

UINT256_MAX = 2**256 - 1


def uint256(where: str, value: object, low: int = 0) -> int:
    """A whole number of base units in [low, 2**256 - 1].

    Raises
    ------
    InputTypeError
        For anything but an integer: a float has lost digits of a wei amount before anyone looks at it.
    InputError
        For a number outside the range.
    """
    if isinstance(value, int) and not isinstance(value, bool) and not low <= value <= UINT256_MAX:
        checks.refuse(where, f"must be an integer in [{low}, 2**256 - 1] (base units)", value)
    return checks.integer(where, value, low, UINT256_MAX)
