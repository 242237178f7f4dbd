"""Balances of suppliers and borrowers since v3.5, against exact fractions."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.protocols.contracts import aave, aave_tokens

RAY = aave.RAY
INDEX = 15 * 10**26
AMOUNTS = st.integers(0, 10**40)
INDICES = st.integers(RAY, 100 * RAY)


def test_ten_units_at_an_index_of_one_and_a_half():
    supplied = aave_tokens.get_a_token_mint_scaled_amount(10, INDEX)
    borrowed = aave_tokens.get_v_token_mint_scaled_amount(10, INDEX)
    assert (supplied, borrowed) == (6, 7)
    assert aave_tokens.get_a_token_balance(supplied, INDEX) == 9
    assert aave_tokens.get_v_token_balance(borrowed, INDEX) == 11
    # before v3.5 both were rounded half up
    assert aave.ray_mul(aave.ray_div(10, INDEX), INDEX) == 11


@given(AMOUNTS, INDICES)
def test_rounding_is_in_favour_of_the_pool(amount, index):
    exact = Fraction(amount * RAY, index)
    assert aave_tokens.get_a_token_mint_scaled_amount(amount, index) == math.floor(exact)
    assert aave_tokens.get_a_token_burn_scaled_amount(amount, index) == math.ceil(exact)
    assert aave_tokens.get_a_token_transfer_scaled_amount(amount, index) == math.ceil(exact)
    assert aave_tokens.get_v_token_mint_scaled_amount(amount, index) == math.ceil(exact)
    assert aave_tokens.get_v_token_burn_scaled_amount(amount, index) == math.floor(exact)
    held = Fraction(amount * index, RAY)
    assert aave_tokens.get_a_token_balance(amount, index) == math.floor(held)
    assert aave_tokens.get_v_token_balance(amount, index) == math.ceil(held)


@given(st.integers(0, 10**30), st.integers(1, 10**30))
def test_the_helpers_are_the_fractions(a, b):
    product, quotient = Fraction(a * b, RAY), Fraction(a * RAY, b)
    assert (aave_tokens.ray_mul_floor(a, b), aave_tokens.ray_mul_ceil(a, b)) == (
        math.floor(product),
        math.ceil(product),
    )
    assert (aave_tokens.ray_div_floor(a, b), aave_tokens.ray_div_ceil(a, b)) == (
        math.floor(quotient),
        math.ceil(quotient),
    )


@given(AMOUNTS, INDICES)
def test_who_supplies_and_withdraws_never_gains(amount, index):
    scaled = aave_tokens.get_a_token_mint_scaled_amount(amount, index)
    balance = aave_tokens.get_a_token_balance(scaled, index)
    assert balance <= amount
    assert aave_tokens.get_a_token_burn_scaled_amount(balance, index) <= scaled
    debt = aave_tokens.get_v_token_balance(aave_tokens.get_v_token_mint_scaled_amount(amount, index), index)
    assert debt >= amount


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (aave_tokens.get_a_token_mint_scaled_amount, "liquidity_index"),
        (aave_tokens.get_a_token_burn_scaled_amount, "liquidity_index"),
        (aave_tokens.get_a_token_transfer_scaled_amount, "liquidity_index"),
        (aave_tokens.get_a_token_balance, "liquidity_index"),
        (aave_tokens.get_v_token_mint_scaled_amount, "variable_borrow_index"),
        (aave_tokens.get_v_token_burn_scaled_amount, "variable_borrow_index"),
        (aave_tokens.get_v_token_balance, "variable_borrow_index"),
    ],
)
def test_an_index_is_a_ray_of_one_at_least(call, name):
    assert call(5, RAY) == 5
    for wrong in (1, RAY - 1, 2**256):
        with pytest.raises(InputError, match=f"^{call.__name__}: {name}: must be an integer in"):
            call(5, wrong)
    with pytest.raises(InputTypeError, match=f"^{call.__name__}: {name}: must be an integer, got float 1.5"):
        call(5, 1.5)
    with pytest.raises(InputError, match=f"^{call.__name__}: (scaled_)?amount: must be an integer"):
        call(-1, RAY)


@pytest.mark.parametrize("divide", [aave_tokens.ray_div_floor, aave_tokens.ray_div_ceil])
def test_nothing_is_divided_by_zero(divide):
    with pytest.raises(InputError, match=f"^{divide.__name__}: b: must be an integer in"):
        divide(1, 0)
