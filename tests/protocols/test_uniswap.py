"""Uniswap v2: swaps, shares, the protocol's sixth, impermanent loss."""

import math

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.protocols.contracts import uniswap
from stakingmodels.protocols.contracts.uniswap import Pair, get_amount_in, get_amount_out, impermanent_loss

ONE = 10**18
UINT112_MAX = 2**112 - 1
reserves = st.integers(10**6, 10**24)


def funded(reserve0=1_000 * ONE, reserve1=1_000 * ONE, *, fee_on=False):
    pair, _ = Pair(fee_on=fee_on).mint(reserve0, reserve1)
    return pair


def test_constants():
    assert (uniswap.MINIMUM_LIQUIDITY, uniswap.FEE_BPS, uniswap.PROTOCOL_FEE_DENOMINATOR) == (1_000, 30, 6)
    assert uniswap.UINT112_MAX == UINT112_MAX


@pytest.mark.parametrize(
    ("amount_in", "reserve_in", "reserve_out", "out"),
    [
        (ONE, 5 * ONE, 10 * ONE, 1662497915624478906),
        (2 * ONE, 10 * ONE, 5 * ONE, 831248957812239453),
        (1, 1, 1, 0),
        (1_000, 1, 10**6, 998_997),
    ],
)
def test_a_swap_pays_out_less_than_the_price(amount_in, reserve_in, reserve_out, out):
    assert get_amount_out(amount_in, reserve_in, reserve_out) == out


def test_the_fee_is_a_parameter():
    assert get_amount_out(100, 100, 100, fee_bps=0) == 50
    assert get_amount_out(10_000, 10_000, 10_000, fee_bps=5_000) == 3_333
    assert get_amount_out(10_000, 1, 1_000, fee_bps=9_999) == 500
    assert get_amount_in(50, 100, 100, fee_bps=0) == 101
    assert get_amount_in(1, 100, 101, fee_bps=9_999) == 10_001


def test_what_must_be_paid_in():
    assert get_amount_in(1, 100, 100) == 2
    assert get_amount_in(1662497915624478906, 5 * ONE, 10 * ONE) == ONE
    assert get_amount_in(99, 100, 100) == 9_930


@given(st.integers(1, 10**24), reserves, reserves)
def test_what_must_be_paid_in_suffices(amount_in, reserve_in, reserve_out):
    out = get_amount_out(amount_in, reserve_in, reserve_out)
    assert out < reserve_out
    if out:
        assert get_amount_in(out, reserve_in, reserve_out) <= amount_in + 1
        assert get_amount_out(get_amount_in(out, reserve_in, reserve_out), reserve_in, reserve_out) >= out


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"amount_in": 0}, r"amount_in: must be an integer in \[1, "),
        ({"reserve_in": 0}, r"reserve_in: must be an integer in \[1, "),
        ({"reserve_out": 0}, r"reserve_out: must be an integer in \[1, "),
        ({"reserve_in": UINT112_MAX + 1}, "reserve_in"),
        ({"reserve_out": UINT112_MAX + 1}, "reserve_out"),
        ({"fee_bps": -1}, r"fee_bps: must be an integer in \[0, 9999\]"),
        ({"fee_bps": 10_000}, "fee_bps"),
    ],
)
def test_swaps_are_checked(changes, message):
    with pytest.raises(InputError, match=f"^get_amount_out: {message}"):
        get_amount_out(**({"amount_in": 1, "reserve_in": 1, "reserve_out": 1} | changes))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"amount_out": 0}, r"amount_out: must be an integer in \[1, 1\]"),
        ({"amount_out": 2}, "amount_out"),
        ({"reserve_in": 0}, r"reserve_in: must be an integer in \[1, "),
        ({"reserve_out": 0}, r"reserve_out: must be an integer in \[1, "),
        ({"reserve_in": UINT112_MAX + 1}, "reserve_in"),
        ({"reserve_out": UINT112_MAX + 1}, "reserve_out"),
        ({"fee_bps": -1}, "fee_bps"),
        ({"fee_bps": 10_000}, "fee_bps"),
    ],
)
def test_wanted_amounts_are_checked(changes, message):
    with pytest.raises(InputError, match=f"^get_amount_in: {message}"):
        get_amount_in(**({"amount_out": 1, "reserve_in": 1, "reserve_out": 2} | changes))


def test_the_largest_reserves():
    assert get_amount_out(1, UINT112_MAX, UINT112_MAX, fee_bps=0) == 0
    assert get_amount_in(1, UINT112_MAX, UINT112_MAX, fee_bps=0) == 2
    assert get_amount_out(1, 1, 1, fee_bps=0) == 0


def test_the_first_deposit_locks_a_thousand_shares():
    pair, shares = Pair().mint(ONE, 4 * ONE)
    assert shares == 2 * ONE - 1_000
    assert pair == Pair(reserve0=ONE, reserve1=4 * ONE, total_supply=2 * ONE)


def test_later_deposits_get_the_smaller_proportion():
    pair, shares = funded(ONE, 4 * ONE).mint(ONE // 2, 2 * ONE)
    assert shares == ONE
    assert pair == Pair(reserve0=3 * ONE // 2, reserve1=6 * ONE, total_supply=3 * ONE, fee_on=False)
    assert funded(ONE, 4 * ONE).mint(ONE // 2, 4 * ONE)[1] == ONE
    assert funded(ONE, 4 * ONE).mint(ONE, 2 * ONE)[1] == ONE
    assert funded(3_000, 3_000).mint(1, 10)[1] == 1


def test_who_withdraws_gets_a_part_of_both():
    pair, out0, out1 = funded(ONE, 4 * ONE).burn(ONE // 2)
    assert (out0, out1) == (ONE // 4, ONE)
    assert pair == Pair(reserve0=3 * ONE // 4, reserve1=3 * ONE, total_supply=3 * ONE // 2, fee_on=False)


def test_the_locked_shares_stay():
    pair = funded(3 * ONE, 3 * ONE)
    emptied, out0, out1 = pair.burn(3 * ONE - 1_000)
    assert (out0, out1) == (3 * ONE - 1_000, 3 * ONE - 1_000)
    assert emptied == Pair(reserve0=1_000, reserve1=1_000, total_supply=1_000, fee_on=False)
    with pytest.raises(InputError, match=r"^Pair.burn: liquidity: must be an integer in \[1, 2999999999999999000\]"):
        pair.burn(3 * ONE - 999)
    with pytest.raises(InputError, match=r"^Pair.burn: liquidity: must be an integer"):
        pair.burn(0)


@pytest.mark.parametrize("amounts", [(1_000, 1_000), (1_001, 1_000), (0, ONE), (0, 0)])
def test_a_first_deposit_of_too_little(amounts):
    with pytest.raises(InputError, match=r"^Pair.mint: amounts must be worth at least one share, got "):
        Pair().mint(*amounts)


def test_the_smallest_first_deposit():
    assert Pair().mint(1_001, 1_001)[1] == 1


@pytest.mark.parametrize("amounts", [(1, 0), (0, 1)])
def test_a_deposit_needs_both(amounts):
    with pytest.raises(InputError, match=r"^Pair.mint: amounts must be worth"):
        funded().mint(*amounts)


def test_a_share_must_be_worth_a_unit_of_each():
    lopsided = Pair(reserve0=1_000, reserve1=10**9, total_supply=10**6)
    for pair in (lopsided, attrs.evolve(lopsided, reserve0=10**9, reserve1=1_000)):
        with pytest.raises(
            InputError, match=r"^Pair.burn: liquidity: must be worth at least one base unit of each token"
        ):
            pair.burn(999)
        assert sorted(pair.burn(1_000)[1:]) == [1, 10**6]


def test_an_empty_pool_has_nothing_to_give():
    with pytest.raises(InputError, match=r"^Pair.burn: the pool must hold something"):
        Pair().burn(1)
    with pytest.raises(InputError, match=r"^Pair.swap: amount0_out: must be an integer in \[0, 0\]"):
        Pair().swap(amount1_in=1, amount0_out=1)
    with pytest.raises(InputError, match=r"^Pair.swap: amount1_out: must be an integer in \[0, 0\]"):
        Pair().swap(amount0_in=1, amount1_out=1)


@given(reserves, reserves, st.integers(1, 10**24), st.integers(1, 10**24))
def test_a_deposit_withdrawn_at_once_never_gains(reserve0, reserve1, amount0, amount1):
    pair = funded(reserve0, reserve1)
    try:
        deeper, shares = pair.mint(amount0, amount1)
        _, out0, out1 = deeper.burn(shares)
    except InputError:
        return
    assert out0 <= amount0
    assert out1 <= amount1


def test_a_swap_must_keep_the_product():
    pair = funded()
    assert pair.swap(amount1_in=ONE, amount0_out=996006981039903216) == Pair(
        reserve0=1_000 * ONE - 996006981039903216, reserve1=1_001 * ONE, total_supply=1_000 * ONE, fee_on=False
    )
    assert pair.swap(amount0_in=ONE, amount1_out=996006981039903216).reserve0 == 1_001 * ONE
    for swap in ({"amount1_in": ONE, "amount0_out": 996006981039903217}, {"amount0_out": 1}, {"amount1_out": 1}):
        with pytest.raises(
            InputError, match=r"^Pair.swap: must pay in enough to keep reserve0 \* reserve1 after the fee"
        ):
            pair.swap(**swap)


def test_a_swap_may_take_and_give_the_same_token():
    pair = funded()
    assert (
        pair.swap(amount0_in=1_003_009_027_081_243_732, amount0_out=ONE).reserve0 == 1_000 * ONE + 3_009_027_081_243_732
    )
    with pytest.raises(InputError, match=r"^Pair.swap: must pay in enough"):
        pair.swap(amount0_in=1_003_009_027_081_243_731, amount0_out=ONE)


@pytest.mark.parametrize(
    ("amounts", "message"),
    [
        ({"amount0_in": 1}, "must pay out some of at least one token"),
        ({"amount0_in": -1, "amount1_out": 1}, "amount0_in: must be an integer"),
        ({"amount1_in": -1, "amount0_out": 1}, "amount1_in: must be an integer"),
        ({"amount0_out": -1}, "amount0_out: must be an integer"),
        ({"amount1_out": -1}, "amount1_out: must be an integer"),
        (
            {"amount1_in": 10**30, "amount0_out": 1_000 * ONE},
            rf"amount0_out: must be an integer in \[0, {1_000 * ONE - 1}\]",
        ),
        ({"amount0_in": 10**30, "amount1_out": 1_000 * ONE}, "amount1_out: must be an integer"),
    ],
)
def test_amounts_of_a_swap_are_checked(amounts, message):
    with pytest.raises(InputError, match=f"^Pair.swap: {message}"):
        funded().swap(**amounts)


@given(reserves, reserves, st.integers(1, 10**24))
def test_the_quoted_amount_passes_and_one_more_does_not(reserve0, reserve1, amount):
    pair = funded(reserve0, reserve1)
    out = get_amount_out(amount, reserve0, reserve1)
    if out:
        assert pair.swap(amount0_in=amount, amount1_out=out).reserve1 == reserve1 - out
    if out + 1 < reserve1:
        with pytest.raises(InputError):
            pair.swap(amount0_in=amount, amount1_out=out + 1)


def test_the_protocols_sixth():
    pair = funded(fee_on=True)
    assert pair.k_last == 10**42
    assert pair.mint_fee() == 0
    swapped = pair.swap(amount1_in=ONE, amount0_out=996006981039903216)
    assert swapped.mint_fee() == 249750499251388
    assert attrs.evolve(swapped, fee_on=False).mint_fee() == 0
    assert attrs.evolve(swapped, k_last=0).mint_fee() == 0
    assert attrs.evolve(swapped, k_last=10**43).mint_fee() == 0


def test_the_sixth_is_taken_at_deposits_and_withdrawals():
    swapped = funded(fee_on=True).swap(amount1_in=ONE, amount0_out=996006981039903216)
    fee = swapped.mint_fee()
    burned, out0, out1 = swapped.burn(ONE)
    supply = 1_000 * ONE + fee
    assert (out0, out1) == (swapped.reserve0 * ONE // supply, swapped.reserve1 * ONE // supply)
    assert burned.total_supply == supply - ONE
    assert burned.k_last == burned.reserve0 * burned.reserve1
    minted, shares = swapped.mint(swapped.reserve0, swapped.reserve1)
    assert shares == supply
    assert minted.total_supply == 2 * supply
    assert minted.mint_fee() == 0
    assert funded().k_last == 0


def test_the_protocol_takes_its_sixth_unless_told():
    assert Pair().fee_on
    assert (uniswap.provider_fee_bps(), uniswap.provider_fee_bps(fee_on=False)) == (25.0, 30.0)
    given = Pair(reserve0=1_000 * ONE, reserve1=1_000 * ONE, total_supply=1_000 * ONE)
    assert given == Pair().mint(1_000 * ONE, 1_000 * ONE)[0]
    assert attrs.evolve(given, fee_on=False, k_last=0) == funded()


def test_who_provides_liquidity_keeps_five_sixths_of_the_fees():
    """2,000 swaps to and fro; what the shares gained over the square root of the product, with the fee off and on."""
    gains = []
    for fee_on in (False, True):
        pair = funded(fee_on=fee_on)
        shares, start = pair.total_supply - 1_000, ONE
        for step in range(2_000):
            if step % 2:
                pair = pair.swap(amount1_in=start, amount0_out=get_amount_out(start, pair.reserve1, pair.reserve0))
            else:
                pair = pair.swap(amount0_in=start, amount1_out=get_amount_out(start, pair.reserve0, pair.reserve1))
        _, out0, out1 = pair.burn(shares)
        gains.append(math.isqrt(out0 * out1) / (1_000 * ONE) - 1.0)
    assert gains[1] / gains[0] == pytest.approx(5 / 6, abs=2e-3)


def test_a_withdrawal_with_the_fee_off_forgets_the_product():
    pair = attrs.evolve(funded(fee_on=True), fee_on=False)
    assert pair.burn(ONE)[0].k_last == 0


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"reserve0": -1}, r"reserve0: must be an integer in \[0, "),
        ({"reserve1": UINT112_MAX + 1}, "reserve1: must be an integer"),
        ({"total_supply": -1}, "total_supply: must be an integer"),
        ({"k_last": -1}, "k_last: must be an integer"),
        ({"total_supply": 1}, r"total_supply: must be above 0 just where both reserves \(0, 0\) are, got 1"),
        ({"reserve0": 1, "reserve1": 1}, r"total_supply: must be above 0 just where both reserves \(1, 1\) are, got 0"),
        ({"reserve0": 1, "total_supply": 1}, "total_supply: must be above 0"),
    ],
)
def test_pools_that_cannot_be(fields, message):
    with pytest.raises(InputError, match=f"^Pair.{message}"):
        Pair(**fields)


def test_a_pool_can_hold_no_more_than_112_bits():
    pair = Pair(reserve0=UINT112_MAX, reserve1=UINT112_MAX, total_supply=UINT112_MAX)
    with pytest.raises(InputError, match=r"^Pair.reserve0"):
        pair.mint(1, 1)


def test_the_fee_switch_is_a_switch():
    with pytest.raises(InputTypeError, match=r"^Pair.fee_on"):
        Pair(fee_on=1)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("ratio", "percent"), [(1.25, 0.6), (1.5, 2.0), (1.75, 3.8), (2.0, 5.7), (3.0, 13.4), (4.0, 20.0), (5.0, 25.5)]
)
def test_the_published_table_of_impermanent_loss(ratio, percent):
    assert round(-100 * impermanent_loss(ratio), 1) == percent


def test_no_move_no_loss():
    assert impermanent_loss(1.0) == 0.0
    assert impermanent_loss(1.0 + 2e-8) == pytest.approx(-5e-17, rel=1e-6)


@given(st.floats(1e-6, 1e6))
def test_a_fall_costs_as_much_as_the_rise_back(ratio):
    assert impermanent_loss(1.0 / ratio) == pytest.approx(impermanent_loss(ratio), rel=1e-8, abs=1e-18)
    assert -1.0 < impermanent_loss(ratio) <= 0.0


@given(st.integers(10**12, 10**24), st.floats(0.01, 100.0))
def test_the_loss_is_what_a_pool_without_fee_loses(reserve, times):
    amount = int(reserve * times)
    out = get_amount_out(amount, reserve, reserve, fee_bps=0)
    inside, outside = reserve + amount, reserve - out
    price = inside / outside  # of the token paid out, in the one paid in
    pooled, held = inside + outside * price, reserve + reserve * price
    assert pooled / held - 1.0 == pytest.approx(impermanent_loss(price), abs=1e-6)


def test_a_whole_array():
    loss = impermanent_loss(np.array([[0.25, 1.0], [4.0, 2.0]]))
    np.testing.assert_allclose(loss, [[-0.2, 0.0], [-0.2, impermanent_loss(2.0)]], rtol=1e-15)


@pytest.mark.parametrize("ratio", [0.0, -1.0, math.nan, math.inf, np.array([1.0, 0.0]), np.array([math.nan])])
def test_prices_are_above_zero(ratio):
    with pytest.raises(InputError, match=r"^impermanent_loss: price_ratio: must be"):
        impermanent_loss(ratio)


@pytest.mark.parametrize("ratio", ["2", None, True])
def test_prices_are_numbers(ratio):
    with pytest.raises(InputTypeError, match=r"^impermanent_loss: price_ratio: must be a number"):
        impermanent_loss(ratio)


def test_pools_are_given_by_name():
    with pytest.raises(TypeError, match="positional"):
        Pair(1, 1, 1)  # type: ignore[call-arg]


def test_a_swap_may_leave_the_product_just_as_it_was():
    pair = Pair(
        reserve0=997, reserve1=2_000, total_supply=1_000, fee_on=False
    )  # 1,000 in less 0.3 % doubles the first reserve
    after = pair.swap(amount0_in=1_000, amount1_out=1_000)
    assert (after.reserve0, after.reserve1) == (1_997, 1_000)
    with pytest.raises(InputError, match=r"^Pair\.swap"):
        pair.swap(amount0_in=1_000, amount1_out=1_001)


def test_without_growth_the_protocol_gets_nothing():
    for k_last in (10**6, 2 * 10**6):
        assert Pair(reserve0=1_000, reserve1=1_000, total_supply=10**6, k_last=k_last).mint_fee() == 0


@pytest.mark.parametrize("bad", [0.0, -1.0, np.inf, np.nan])
def test_one_bad_ratio_among_good_ones_is_refused(bad):
    with pytest.raises(InputError, match=r"^impermanent_loss: price_ratio: must be finite and above 0 everywhere"):
        impermanent_loss(np.array([1.0, bad]))
