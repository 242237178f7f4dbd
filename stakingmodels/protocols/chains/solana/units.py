"""Solana's whole numbers: lamports and basis points in the protocol's own widths."""

from stakingmodels import checks

LAMPORTS_PER_SOL = 10**9
BASIS_POINTS_PER_UNIT = 10_000
U64_MAX = 2**64 - 1
U128_MAX = 2**128 - 1
_U16_MAX = 2**16 - 1


def u64(where: str, value: object) -> int:
    """A whole number in the protocol's 64 bits without sign: lamports, credits, epochs."""
    return checks.integer(where, value, 0, U64_MAX)


def u128(where: str, value: object) -> int:
    """A whole number in 128 bits without sign: points."""
    return checks.integer(where, value, 0, U128_MAX)


def commission_bps(where: str, value: object) -> int:
    """A vote account's commission: 16 bits of basis points, of which the protocol counts 10,000 at most."""
    return min(checks.integer(where, value, 0, _U16_MAX), BASIS_POINTS_PER_UNIT)


def bps(where: str, value: object) -> int:
    """Basis points of a whole, in [0, 10000]."""
    return checks.integer(where, value, 0, BASIS_POINTS_PER_UNIT)
