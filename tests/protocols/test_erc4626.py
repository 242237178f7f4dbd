"""ERC-4626 vaults: rounding in favour of the vault, and what an offset does to an inflation attack."""

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.protocols.contracts.erc4626 import MAX_DECIMALS_OFFSET, InflationAttack, Vault, inflation_attack

UINT256 = 2**256
FULL = Vault(110, 100)
vaults = st.builds(Vault, st.integers(0, 10**27), st.integers(0, 10**27), st.integers(0, 12))
amounts = st.integers(0, 10**27)


def test_conversions_of_a_worked_example():
    # (100 + 1) / (110 + 1) shares an asset
    assert FULL.convert_to_shares(7) == FULL.preview_deposit(7) == 6  # 6.37
    assert FULL.preview_withdraw(7) == 7
    assert FULL.convert_to_assets(7) == FULL.preview_redeem(7) == 7  # 7.69
    assert FULL.preview_mint(7) == 8


def test_an_empty_vault_has_a_price():
    assert Vault().deposit(5) == (Vault(5, 5), 5)
    assert Vault(decimals_offset=3).deposit(5) == (Vault(5, 5000, 3), 5000)
    assert Vault(5, 0, 0).preview_deposit(11) == 1


@given(vaults, amounts)
def test_what_is_given_is_never_more_than_what_is_taken(vault, amount):
    assert vault.preview_redeem(vault.preview_deposit(amount)) <= amount
    assert vault.preview_withdraw(amount) >= vault.preview_deposit(amount)
    assert vault.preview_mint(amount) >= vault.preview_redeem(amount)
    assert vault.preview_withdraw(amount) - vault.preview_deposit(amount) <= 1
    assert vault.preview_mint(amount) - vault.preview_redeem(amount) <= 1


@given(vaults, amounts)
def test_a_round_trip_through_the_vault_gains_nothing(vault, amount):
    after, shares = vault.deposit(amount)
    assert after.redeem(shares)[1] <= amount
    minted, cost = vault.mint(amount)
    assert minted.total_supply == vault.total_supply + amount
    assert minted.redeem(amount)[1] <= cost


@given(vaults, amounts, amounts)
def test_no_step_lowers_the_price_of_a_share(vault, amount, part):
    def price_rose(after: Vault) -> bool:
        virtual = 10**vault.decimals_offset
        before = (vault.total_assets + 1) * (after.total_supply + virtual)
        return (after.total_assets + 1) * (vault.total_supply + virtual) >= before

    assert price_rose(vault.deposit(amount)[0])
    assert price_rose(vault.mint(amount)[0])
    assert price_rose(vault.donate(amount))
    if vault.total_supply:
        shares = part % (vault.total_supply + 1)
        assert price_rose(vault.redeem(shares)[0])


def test_each_step_moves_both_sides():
    assert FULL.deposit(7) == (Vault(117, 106), 6)
    assert FULL.mint(7) == (Vault(118, 107), 8)
    assert FULL.withdraw(7) == (Vault(103, 93), 7)
    assert FULL.redeem(7) == (Vault(103, 93), 7)
    assert FULL.donate(7) == Vault(117, 100)
    assert attrs.evolve(FULL, decimals_offset=2).donate(7).decimals_offset == 2


def test_no_more_than_there_is():
    assert Vault(5, 5).redeem(5) == (Vault(0, 0), 5)
    assert Vault(5, 5).withdraw(5) == (Vault(0, 0), 5)
    with pytest.raises(InputError, match=r"^redeem: shares: must take at most the vault's shares, 5, got 6$"):
        Vault(9, 5).redeem(6)
    with pytest.raises(InputError, match=r"^withdraw: assets: must take at most the vault's shares, 9, got 10$"):
        Vault(5, 9).withdraw(6)
    with pytest.raises(InputError, match=r"^withdraw: assets: must take at most the vault's shares, 5, got 6$"):
        Vault(5, 5).withdraw(6)


@given(vaults, amounts)
def test_shares_are_never_worth_more_than_the_vault_holds(vault, part):
    after, assets = vault.redeem(part % (vault.total_supply + 1))
    assert after.total_assets == vault.total_assets - assets >= 0


def test_an_attack_without_an_offset_and_with_one():
    amounts = {"attacker_deposit": 1, "donation": 10**18, "victim_deposit": 5 * 10**17}
    bare = inflation_attack(decimals_offset=0, **amounts)
    assert bare == InflationAttack(
        attacker_shares=1, victim_shares=0, victim_redeemable=0, attacker_redeemable=750000000000000001
    )
    losses = []
    for offset in (0, 3, 6):
        outcome = inflation_attack(decimals_offset=offset, **amounts)
        losses.append(5 * 10**17 - outcome.victim_redeemable)
        assert outcome.attacker_redeemable < 10**18 + 1
    assert losses[0] > losses[1] > losses[2]
    assert losses[2] < 10**12


@given(st.integers(0, 8), st.integers(1, 10**20), st.integers(0, 10**22), st.integers(1, 10**22))
def test_an_attack_never_pays_back_more_than_was_put_in(offset, first, donation, victim):
    outcome = inflation_attack(decimals_offset=offset, attacker_deposit=first, donation=donation, victim_deposit=victim)
    assert outcome.victim_redeemable <= victim
    assert outcome.attacker_redeemable + outcome.victim_redeemable <= first + donation + victim


METHODS = {
    "convert_to_shares: assets": FULL.convert_to_shares,
    "convert_to_assets: shares": FULL.convert_to_assets,
    "preview_mint: shares": FULL.preview_mint,
    "preview_withdraw: assets": FULL.preview_withdraw,
    "donate: assets": FULL.donate,
    "Vault.total_assets": Vault,
    "Vault.total_supply": lambda value: Vault(5, value),
}


@pytest.mark.parametrize("where", METHODS)
@pytest.mark.parametrize("value", [-1, 1.0, True, None, "1", UINT256])
def test_what_is_no_amount_is_refused(where, value):
    with pytest.raises((InputError, InputTypeError), match=rf"^{where}: must be an integer"):
        METHODS[where](value)


@pytest.mark.parametrize("value", [-1, 1.0])
def test_steps_refuse_it_too(value):
    for step in (FULL.preview_deposit, FULL.preview_redeem, FULL.deposit, FULL.mint, FULL.withdraw, FULL.redeem):
        with pytest.raises((InputError, InputTypeError), match="must be an integer"):
            step(value)


@pytest.mark.parametrize(
    ("call", "where"),
    [
        (Vault(0, 9).convert_to_shares, "convert_to_shares: shares"),
        (Vault(9, 0).convert_to_assets, "convert_to_assets: assets"),
        (Vault(9, 0).preview_mint, "preview_mint: assets"),
        (Vault(0, 9).preview_withdraw, "preview_withdraw: shares"),
    ],
)
def test_a_result_past_256_bits_is_refused(call, where):
    with pytest.raises(InputError, match=rf"^{where}: must be an integer in \[0, 2\*\*256 - 1\]"):
        call(UINT256 - 1)


def test_the_greatest_offset():
    assert Vault(decimals_offset=MAX_DECIMALS_OFFSET).preview_deposit(1) == 10**77


@pytest.mark.parametrize("offset", [-1, 78, 1.0])
def test_an_offset_that_cannot_be(offset):
    with pytest.raises((InputError, InputTypeError), match=r"^Vault.decimals_offset: must be an integer"):
        Vault(decimals_offset=offset)
