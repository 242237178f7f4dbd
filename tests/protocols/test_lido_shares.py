"""Shares behind stETH and wstETH: rounding in each direction, transfers, and what is refused."""

from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.protocols.contracts import lido
from stakingmodels.protocols.contracts.lido import V3, Settings, ShareRate

ETH = 10**18
MAX = 2**128 - 1
MAINNET = ShareRate(11_197_950_002879769148574910, 9_304_821_000000000123456789)

rates = st.builds(ShareRate, st.integers(ETH, 10**28), st.integers(ETH, 10**28))
amounts = st.integers(0, 10**24)

METHODS = {
    "get_shares_by_pooled_eth: eth_amount": MAINNET.get_shares_by_pooled_eth,
    "get_pooled_eth_by_shares: shares_amount": MAINNET.get_pooled_eth_by_shares,
    "get_pooled_eth_by_shares_round_up: shares_amount": MAINNET.get_pooled_eth_by_shares_round_up,
    "wrap: steth_amount": MAINNET.wrap,
    "unwrap: wsteth_amount": MAINNET.unwrap,
}


def test_a_rate_of_seven_thirds_is_rounded_as_asked():
    rate = ShareRate(7, 3)
    assert rate.get_shares_by_pooled_eth(10) == 4  # 30 / 7 = 4.29
    assert rate.get_pooled_eth_by_shares(4) == 9  # 28 / 3 = 9.33
    assert rate.get_pooled_eth_by_shares_round_up(4) == 10
    assert rate.get_pooled_eth_by_shares_round_up(3) == 7
    assert rate.transferred(10) == 9
    assert rate.wrap(10) == 4
    assert rate.unwrap(4) == 9


def test_one_token_of_each_kind():
    rate = ShareRate(12 * ETH, 10 * ETH)
    assert rate.st_eth_per_token() == 12 * ETH // 10
    assert rate.tokens_per_st_eth() == 833333333333333333
    assert rate.e27() == 12 * 10**26
    assert ShareRate(2, 3).e27() == 666666666666666666666666666


@given(rates, amounts)
def test_no_round_trip_gains(rate, amount):
    assert rate.get_pooled_eth_by_shares(rate.get_shares_by_pooled_eth(amount)) <= amount
    assert rate.get_shares_by_pooled_eth(rate.get_pooled_eth_by_shares(amount)) <= amount


@given(rates, amounts)
def test_rounding_up_is_at_most_one_above_rounding_down(rate, shares):
    down, up = rate.get_pooled_eth_by_shares(shares), rate.get_pooled_eth_by_shares_round_up(shares)
    assert up - down == (1 if shares * rate.ether % rate.shares else 0)


@given(rates, st.integers(0, 10**20))
def test_rounding_up_keeps_the_shares(rate, amount):
    kept = rate.get_shares_by_pooled_eth(rate.get_pooled_eth_by_shares_round_up(amount))
    assert kept == amount if rate.ether >= rate.shares else kept >= amount


@given(st.integers(ETH, 10**26), st.fractions(1, 2), st.integers(0, 10**26))
def test_a_transfer_loses_two_wei_at_most(shares, ratio, amount):
    rate = ShareRate(int(shares * ratio), shares)
    assert 0 <= amount - rate.transferred(amount) <= 2


@given(rates, amounts)
def test_real_numbers_agree_with_whole_ones(rate, amount):
    real = rate.ether / rate.shares
    assert lido.ether_of(float(amount), real) == pytest.approx(rate.get_pooled_eth_by_shares(amount), rel=1e-12, abs=1)
    assert lido.shares_of(float(amount), real) == pytest.approx(rate.get_shares_by_pooled_eth(amount), rel=1e-12, abs=1)


def test_real_numbers_come_in_arrays():
    rate = np.array([1.0, 1.25])
    np.testing.assert_array_equal(lido.shares_of(np.array([5.0, 5.0]), rate), [5.0, 4.0])
    np.testing.assert_array_equal(lido.ether_of(np.array([5.0, 4.0]), rate), [5.0, 5.0])


def test_internal_ether_counts_validators_under_way():
    assert lido.get_internal_ether(5, 700, 10, 10, V3) == 705
    assert lido.get_internal_ether(5, 700, 12, 10, V3) == 705 + 64 * ETH
    small = attrs.evolve(V3, deposit_size=3)
    assert lido.get_internal_ether(5, 700, 12, 10, small) == 711


def test_internal_ether_counts_deposits_under_way():
    assert lido.get_internal_ether(5, 700) == 705
    assert lido.get_internal_ether(5, 700, deposited_since_last_report=11) == 716
    with pytest.raises(InputError, match=r"^get_internal_ether: cl_validators: must be 0, .* counts balances, got 12"):
        lido.get_internal_ether(5, 700, 12, 10)
    with pytest.raises(InputError, match=r"^get_internal_ether: deposited_since_last_report: must be 0"):
        lido.get_internal_ether(5, 700, 12, 10, V3, deposited_since_last_report=11)


@pytest.mark.parametrize(
    ("changed", "value"),
    [(0, -1), (1, -1), (2, 9), (3, -1), (0, 1.0), (1, 1.0), (2, 1.0), (3, 1.0), (0, MAX), (1, MAX), (2, MAX), (3, MAX)],
)
def test_internal_ether_refuses_what_cannot_be(changed, value):
    name = ("buffered_ether", "cl_balance", "deposited_validators", "cl_validators")[changed]
    arguments: list[Any] = [5, 700, 12, 10, V3]
    arguments[changed] = value
    with pytest.raises((InputError, InputTypeError), match=rf"^get_internal_ether: {name}: must be an integer"):
        lido.get_internal_ether(*arguments)


@pytest.mark.parametrize("where", METHODS)
@pytest.mark.parametrize("value", [-1, MAX, 2**300, 1.0, True, None, "1", np.float64(2.0)])
def test_what_is_no_amount_is_refused(where, value):
    method = METHODS[where]
    with pytest.raises((InputError, InputTypeError), match=rf"^{where}: must be an integer"):
        method(value)


@pytest.mark.parametrize("where", METHODS)
def test_the_least_that_is_too_much_is_named(where):
    method = METHODS[where]
    with pytest.raises(
        InputError, match=rf"^{where}: must be an integer in \[[01], 2\*\*128 - 1\) \(base units\), got"
    ):
        method(MAX)


@pytest.mark.parametrize("where", METHODS)
def test_the_greatest_amount_is_taken(where):
    method = METHODS[where]
    assert method(MAX - 1) > 10**38


@pytest.mark.parametrize("method", [MAINNET.wrap, MAINNET.unwrap])
def test_nothing_cannot_be_wrapped(method):
    assert method(2) in (1, 2)
    assert method(1) in (0, 1)
    with pytest.raises(InputError, match=r"must be an integer in \[1, 2\*\*128 - 1\) \(base units\), got 0"):
        method(0)


def test_numpy_integers_are_whole_numbers():
    one: Any = np.int64(10**18)
    assert MAINNET.get_shares_by_pooled_eth(one) == MAINNET.tokens_per_st_eth()
    assert type(ShareRate(one, one).ether) is int


def test_a_pool_that_lost_all_gives_nothing_and_prices_nothing():
    rate = ShareRate(0, 5)
    assert rate.get_pooled_eth_by_shares(5) == 0
    with pytest.raises(InputError, match=r"^get_shares_by_pooled_eth: ether: must be above 0 to price a share, got 0$"):
        rate.get_shares_by_pooled_eth(5)


@pytest.mark.parametrize(("ether", "shares", "name"), [(-1, 1, "ether"), (1, 0, "shares"), (1.0, 1, "ether")])
def test_a_rate_of_what_is_no_amount_is_refused(ether, shares, name):
    with pytest.raises((InputError, InputTypeError), match=rf"^ShareRate\.{name}: must be an integer"):
        ShareRate(ether, shares)


def test_the_dated_settings():
    assert V3.as_of == "2026-06-23"
    assert V3.name == "V3"
    assert (V3.max_positive_token_rebase, V3.request_timestamp_margin) == (750_000, 7_680)
    assert (V3.min_steth_withdrawal_amount, V3.max_steth_withdrawal_amount) == (100, 1_000 * ETH)
    assert (V3.total_fee, V3.module_fees, V3.fee_precision) == (10 * ETH, (5 * ETH,), 100 * ETH)
    assert (V3.epochs_per_frame, V3.finalization_max_negative_rebase_epoch_shift) == (225, 1350)
    assert V3.seconds_per_epoch == 384
    assert V3.seconds_in_year == 365.25 * 86_400
    assert V3.deposit_size == 32 * ETH
    assert V3.max_batches_length == 36


def test_the_staking_router_v3_changes_what_lip_35_names():
    new = lido.STAKING_ROUTER_V3
    changed = {field.name for field in attrs.fields(Settings) if getattr(new, field.name) != getattr(V3, field.name)}
    assert changed == {
        "name",
        "as_of",
        "deposit_size",
        "deposits_reserve_target",
        "initial_slashing_amount",
        "inactivity_penalties_amount",
        "max_cl_balance_decrease_bp",
    }
    assert (new.deposit_size, new.deposits_reserve_target, new.max_cl_balance_decrease_bp) == (None, 1_500 * ETH, 360)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("total_fee", 101 * ETH, rf"Settings.total_fee: must be at most fee_precision, {100 * ETH}, got {101 * ETH}"),
        (
            "total_fee",
            4 * ETH,
            rf"Settings.module_fees: must add up to at most total_fee, {4 * ETH}, got \({5 * ETH},\)",
        ),
        ("module_fees", (1, 1.0), r"Settings.module_fees\[1\]: must be an integer, got float 1.0"),
        ("module_fees", 5, "Settings.module_fees: must be a tuple of fees, got int 5"),
        ("module_fees", (-1,), r"Settings.module_fees\[0\]: must be an integer in \[0, "),
        ("max_positive_token_rebase", 0, "Settings.max_positive_token_rebase: must be an integer in "),
        ("max_positive_token_rebase", 2**64, "Settings.max_positive_token_rebase: must be an integer in "),
        ("request_timestamp_margin", -1, "Settings.request_timestamp_margin: must be an integer in "),
        ("normalized_cl_reward_mistake_rate_bp", 10_001, "Settings.normalized_cl_reward_mistake_rate_bp: must be"),
        ("fee_precision", 0, "Settings.fee_precision: must be an integer in "),
        ("deposit_size", 0, "Settings.deposit_size: must be an integer in "),
        ("epochs_per_frame", 0, "Settings.epochs_per_frame: must be an integer in "),
        ("name", "", "Settings.name: must be 1 to 80"),
    ],
)
def test_settings_that_cannot_be(field, value, message):
    with pytest.raises((InputError, InputTypeError), match=f"^{message}"):
        attrs.evolve(V3, **{field: value})


def test_settings_at_their_bounds():
    fees: Any = [V3.fee_precision]
    full = attrs.evolve(V3, total_fee=V3.fee_precision, module_fees=fees)
    assert isinstance(full, Settings)
    assert full.module_fees == (V3.fee_precision,)


@pytest.mark.parametrize("rate", [0.0, -1.0, np.array([1.2, 0.0])])
def test_a_share_rate_is_above_0(rate):
    with pytest.raises(InputError, match=r"^shares_of: share_rate: must be above 0"):
        lido.shares_of(1.0, rate)
