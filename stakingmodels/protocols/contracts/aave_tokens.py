"""Aave's balances since v3.5: supplies are rounded down, debts are rounded up.

An account holds a scaled amount that does not change, and its balance is that times an index (a ray) which only grows.
Both directions are rounded in favour of the pool. Before v3.5 they were rounded half up (`aave.ray_mul`,
`aave.ray_div`), for suppliers and borrowers alike. Amounts are base units, plain int.

Source: aave-dao/aave-v3-origin, commit 070cd23 (v3.5 and later), src/contracts/protocol/libraries/helpers/TokenMath.sol
and math/WadRayMath.sol; functions are named at each rule.
"""

from stakingmodels.numerics import entrances
from stakingmodels.protocols.contracts.aave import RAY
from stakingmodels.protocols.contracts.evm import uint256


def ray_mul_floor(a: int, b: int) -> int:
    """``a * b`` of two rays, rounded down. Source: WadRayMath.rayMulFloor."""
    return uint256("ray_mul_floor: a", a) * uint256("ray_mul_floor: b", b) // RAY


def ray_mul_ceil(a: int, b: int) -> int:
    """``a * b`` of two rays, rounded up. Source: WadRayMath.rayMulCeil."""
    return -(-uint256("ray_mul_ceil: a", a) * uint256("ray_mul_ceil: b", b) // RAY)


def ray_div_floor(a: int, b: int) -> int:
    """``a / b`` of two rays, rounded down; `b` above 0. Source: WadRayMath.rayDivFloor."""
    return uint256("ray_div_floor: a", a) * RAY // uint256("ray_div_floor: b", b, 1)


def ray_div_ceil(a: int, b: int) -> int:
    """``a / b`` of two rays, rounded up; `b` above 0. Source: WadRayMath.rayDivCeil."""
    return -(-uint256("ray_div_ceil: a", a) * RAY // uint256("ray_div_ceil: b", b, 1))


def _amount(function: str, amount: object) -> int:
    return uint256(f"{function}: amount", amount)


def _scaled(function: str, scaled_amount: object) -> int:
    return uint256(f"{function}: scaled_amount", scaled_amount)


def _index(function: str, name: str, index: object) -> int:
    return uint256(f"{function}: {name}", index, RAY)  # indices begin at one ray and never fall


def get_a_token_mint_scaled_amount(amount: int, liquidity_index: int) -> int:
    """Scaled amount that a supplier is given for an amount, rounded down. Source: getATokenMintScaledAmount.

    Parameters
    ----------
    amount
        Base units supplied.
    liquidity_index
        A ray, at least 10**27.
    """
    where = "get_a_token_mint_scaled_amount"
    return ray_div_floor(_amount(where, amount), _index(where, "liquidity_index", liquidity_index))


def get_a_token_burn_scaled_amount(amount: int, liquidity_index: int) -> int:
    """Scaled amount that a supplier gives back for a withdrawal, rounded up. Source: getATokenBurnScaledAmount."""
    where = "get_a_token_burn_scaled_amount"
    return ray_div_ceil(_amount(where, amount), _index(where, "liquidity_index", liquidity_index))


def get_a_token_transfer_scaled_amount(amount: int, liquidity_index: int) -> int:
    """Scaled amount that a transfer moves, rounded up. Source: getATokenTransferScaledAmount."""
    where = "get_a_token_transfer_scaled_amount"
    return ray_div_ceil(_amount(where, amount), _index(where, "liquidity_index", liquidity_index))


def get_a_token_balance(scaled_amount: int, liquidity_index: int) -> int:
    """Balance of a supplier, rounded down. Source: getATokenBalance.

    Examples
    --------
    >>> index = 15 * 10**26
    >>> get_a_token_balance(get_a_token_mint_scaled_amount(10, index), index)
    9
    """
    where = "get_a_token_balance"
    return ray_mul_floor(_scaled(where, scaled_amount), _index(where, "liquidity_index", liquidity_index))


def get_v_token_mint_scaled_amount(amount: int, variable_borrow_index: int) -> int:
    """Scaled amount that a borrower owes for an amount, rounded up. Source: getVTokenMintScaledAmount.

    Parameters
    ----------
    amount
        Base units borrowed.
    variable_borrow_index
        A ray, at least 10**27.
    """
    where = "get_v_token_mint_scaled_amount"
    return ray_div_ceil(_amount(where, amount), _index(where, "variable_borrow_index", variable_borrow_index))


def get_v_token_burn_scaled_amount(amount: int, variable_borrow_index: int) -> int:
    """Scaled amount that a repayment takes off, rounded down. Source: getVTokenBurnScaledAmount."""
    where = "get_v_token_burn_scaled_amount"
    return ray_div_floor(_amount(where, amount), _index(where, "variable_borrow_index", variable_borrow_index))


def get_v_token_balance(scaled_amount: int, variable_borrow_index: int) -> int:
    """Debt of a borrower, rounded up. Source: getVTokenBalance.

    Examples
    --------
    >>> index = 15 * 10**26
    >>> get_v_token_balance(get_v_token_mint_scaled_amount(10, index), index)
    11
    """
    where = "get_v_token_balance"
    return ray_mul_ceil(_scaled(where, scaled_amount), _index(where, "variable_borrow_index", variable_borrow_index))


entrances(__name__)
