"""The limit of one report's positive rebase: the contract's own tests, and the order in which it is used up."""

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.protocols.contracts.lido import (
    UNLIMITED_REBASE,
    ShareRate,
    SmoothenedRebase,
    TokenRebaseLimiter,
    init_limiter_state,
    smoothen_token_rebase,
)

ETH = 10**18
BASE = 10**9
LIMIT = 750_000
POOL = ShareRate(9_600_000 * ETH, 8_000_000 * ETH)


def limiter(limit: int = BASE // 10, ether: int = 100 * ETH, shares: int = 100 * ETH) -> TokenRebaseLimiter:
    return init_limiter_state(limit, ether, shares)


def test_the_state_at_the_start():
    assert attrs.astuple(init_limiter_state(3, 7 * BASE, 5)) == (7 * BASE, 5, 7 * BASE, 3, 7 * BASE + 21)
    assert init_limiter_state(1, BASE - 1, 5).max_total_pooled_ether == BASE - 1


def test_an_empty_pool_and_the_greatest_limit_have_none():
    for state in (init_limiter_state(LIMIT, 0, 0), init_limiter_state(2**64 - 1, 100, 100)):
        assert state.is_unlimited
        assert state.positive_rebase_limit == UNLIMITED_REBASE == 2**64 - 1
        assert state.max_total_pooled_ether == 2**256 - 1
    assert not init_limiter_state(2**64 - 2, 100, 100).is_unlimited


def test_without_a_limit_nothing_is_counted():
    state = limiter(UNLIMITED_REBASE)
    assert state.decrease_ether(20 * ETH) is state
    assert state.decrease_ether(200 * ETH) is state
    assert state.increase_ether(20 * ETH) == (state, 20 * ETH)
    assert state.get_shares_to_burn_limit() == 100 * ETH
    assert not state.is_limit_reached()


def test_ether_is_added_up_to_the_limit():
    state, consumed = limiter().increase_ether(4 * ETH)
    assert (consumed, state.current_total_pooled_ether, state.is_limit_reached()) == (4 * ETH, 104 * ETH, False)
    state, consumed = state.increase_ether(20 * ETH)
    assert (consumed, state.current_total_pooled_ether, state.is_limit_reached()) == (6 * ETH, 110 * ETH, True)
    assert state.increase_ether(1)[1] == 0
    assert state.get_shares_to_burn_limit() == 0


def test_ether_that_is_taken_makes_room():
    state = limiter().decrease_ether(20 * ETH)
    assert state.current_total_pooled_ether == 80 * ETH
    assert state.increase_ether(31 * ETH)[1] == 30 * ETH
    assert limiter().decrease_ether(100 * ETH).current_total_pooled_ether == 0


def test_more_than_there_is_cannot_be_taken():
    with pytest.raises(
        InputError, match=r"^decrease_ether: ether_amount: must be at most the pooled ether, 100, got 101$"
    ):
        limiter(ether=100).decrease_ether(101)


def test_shares_to_burn():
    # one of 1 + 0.1 - 1.05 over 1.1, of 100 shares
    state, _ = limiter().increase_ether(5 * ETH)
    assert state.get_shares_to_burn_limit() == 4_545454545454545454
    assert limiter(BASE, 10, 9).get_shares_to_burn_limit() == 4  # 9 * (2 - 1) / 2
    assert limiter(BASE, 3, 10**12).decrease_ether(1).get_shares_to_burn_limit() == 10**12 * (2 * BASE - 666666666) // (
        2 * BASE
    )


@given(st.integers(1, 10**9), st.integers(1, 10**27), st.integers(1, 10**27), st.integers(0, 10**27))
def test_the_rate_never_rises_beyond_the_limit(limit, ether, shares, increase):
    state, consumed = init_limiter_state(limit, ether, shares).increase_ether(increase)
    assert 0 <= consumed <= increase
    burnt = state.get_shares_to_burn_limit()
    assert 0 <= burnt < shares or consumed == 0
    after = state.current_total_pooled_ether * shares * BASE
    assert after <= (BASE + limit) * ether * (shares - burnt) + shares * ether + ether * (BASE + limit)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ((0, 1, 1), "rebase_limit"),
        ((2**64, 1, 1), "rebase_limit"),
        ((1.0, 1, 1), "rebase_limit"),
        ((1, -1, 1), "pre_total_pooled_ether"),
        ((1, 1.5, 1), "pre_total_pooled_ether"),
        ((1, 1, -1), "pre_total_shares"),
        ((1, 1, True), "pre_total_shares"),
    ],
)
def test_a_start_that_cannot_be(arguments, name):
    with pytest.raises((InputError, InputTypeError), match=rf"^init_limiter_state: {name}: must be an integer"):
        init_limiter_state(*arguments)


@pytest.mark.parametrize("value", [-1, 1.0, None, 2**128])
def test_amounts_that_cannot_be(value):
    for name, method in (("decrease", limiter().decrease_ether), ("increase", limiter().increase_ether)):
        with pytest.raises((InputError, InputTypeError), match=rf"^{name}_ether: ether_amount: must be an integer"):
            method(value)


def test_a_state_beyond_its_limit_is_refused():
    assert TokenRebaseLimiter(5, 5, 6, 1, 6).is_limit_reached()
    message = r"^TokenRebaseLimiter.current_total_pooled_ether: must be at most max_total_pooled_ether, 6, got 7$"
    with pytest.raises(InputError, match=message):
        TokenRebaseLimiter(5, 5, 7, 1, 6)


def smoothen(**changes: int) -> SmoothenedRebase:
    given = {
        "rebase_limit": LIMIT,
        "pre_cl_balance": 9_000_000 * ETH,
        "post_cl_balance": 9_000_000 * ETH,
        "withdrawal_vault_balance": 0,
        "el_rewards_vault_balance": 0,
    }
    return smoothen_token_rebase(POOL, **(given | changes))


def test_a_quiet_report_takes_all_there_is():
    taken = smoothen(withdrawal_vault_balance=500 * ETH, el_rewards_vault_balance=100 * ETH)
    assert taken == SmoothenedRebase(500 * ETH, 100 * ETH, 0, 0)


def test_the_limit_is_used_up_in_order():
    # 0.075 % of 9.6 M is 7,200 ETH: validators first, then withdrawals, then rewards, then burns.
    assert smoothen(withdrawal_vault_balance=7_000 * ETH, el_rewards_vault_balance=300 * ETH) == SmoothenedRebase(
        7_000 * ETH, 200 * ETH, 0, 0
    )
    vaults = {"withdrawal_vault_balance": 7_000 * ETH, "el_rewards_vault_balance": 300 * ETH}
    assert smoothen(**vaults, post_cl_balance=9_001_000 * ETH) == SmoothenedRebase(6_200 * ETH, 0, 0, 0)
    assert smoothen(**vaults, post_cl_balance=9_008_000 * ETH) == SmoothenedRebase(0, 0, 0, 0)
    assert smoothen(**vaults, post_cl_balance=8_999_000 * ETH) == SmoothenedRebase(7_000 * ETH, 300 * ETH, 0, 0)
    assert smoothen(**vaults, post_cl_balance=8_999_950 * ETH) == SmoothenedRebase(7_000 * ETH, 250 * ETH, 0, 0)
    assert smoothen(**vaults, shares_requested_to_burn=ETH) == SmoothenedRebase(7_000 * ETH, 200 * ETH, 0, 0)


def test_shares_are_burnt_as_far_as_the_limit_goes():
    most = 8_000_000 * ETH * LIMIT // (BASE + LIMIT)
    assert smoothen(shares_requested_to_burn=5) == SmoothenedRebase(0, 0, 0, 5)
    assert smoothen(shares_requested_to_burn=7_000 * ETH) == SmoothenedRebase(0, 0, 0, most)


def test_withdrawals_free_room_for_their_own_shares():
    out = {"ether_to_lock_for_withdrawals": 1_200 * ETH, "new_shares_to_burn_for_withdrawals": 1_000 * ETH}
    assert smoothen(**out) == SmoothenedRebase(0, 0, 1_000 * ETH, 1_000 * ETH)
    assert smoothen(**out, shares_requested_to_burn=5) == SmoothenedRebase(0, 0, 1_000 * ETH, 1_000 * ETH + 5)
    # With the limit used up by the vaults the burnt shares are what the ether locked for them lets through.
    full = smoothen(**out, withdrawal_vault_balance=7_200 * ETH)
    assert full.withdrawals == 7_200 * ETH
    rate = (9_607_200 - 1_200) * ETH * BASE // POOL.ether
    assert full.shares_to_burn == min(1_000 * ETH, POOL.shares * (BASE + LIMIT - rate) // (BASE + LIMIT))
    assert full.shares_from_wq_to_burn == full.shares_to_burn


@pytest.mark.parametrize(
    "name",
    [
        "pre_cl_balance",
        "post_cl_balance",
        "shares_requested_to_burn",
        "new_shares_to_burn_for_withdrawals",
    ],
)
@pytest.mark.parametrize("value", [-1, 1.0, 2**128])
def test_a_report_of_what_cannot_be(name, value):
    with pytest.raises((InputError, InputTypeError), match=rf"^smoothen_token_rebase: {name}: must be an integer"):
        smoothen(**{name: value})


def test_a_greater_loss_than_the_pool_is_refused():
    with pytest.raises(InputError, match=r"^decrease_ether: ether_amount: must be at most the pooled ether"):
        smoothen(pre_cl_balance=POOL.ether + 1, post_cl_balance=0)
