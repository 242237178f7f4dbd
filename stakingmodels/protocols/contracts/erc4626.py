"""ERC-4626 vaults as OpenZeppelin builds them: shares of assets, always rounded in the vault's favour.

A vault counts one virtual asset and ``10**decimals_offset`` virtual shares, so that it has a price when it is empty,
and so that whoever donates to it to spoil its rounding for others loses most of the donation to those shares.

Source: OpenZeppelin/openzeppelin-contracts v5.1.0, contracts/token/ERC20/extensions/ERC4626.sol. Amounts are base units
in Python integers, uint256 in the contract.
"""

import attrs

from stakingmodels import checks
from stakingmodels.display import displays
from stakingmodels.numerics import entrances
from stakingmodels.protocols.contracts.evm import uint256

MAX_DECIMALS_OFFSET = 77
"""The greatest power of ten that 256 bits hold."""
_AMOUNT = checks.field(uint256)


@attrs.frozen
class Vault:
    """The assets and shares of a vault at one moment; each step returns the vault after it.

    Parameters
    ----------
    total_assets, total_supply
        Base units of the asset, and of shares.
    decimals_offset
        Decimals that a share has more than the asset; each tenfolds what a donation costs (OpenZeppelin's default 0).
    """

    total_assets: int = attrs.field(default=0, validator=_AMOUNT)
    total_supply: int = attrs.field(default=0, validator=_AMOUNT)
    decimals_offset: int = attrs.field(default=0, validator=checks.field(checks.integer, 0, MAX_DECIMALS_OFFSET))

    def convert_to_shares(self, assets: int) -> int:
        """Shares for assets, rounded down: ``floor(assets * (supply + 10**offset) / (total_assets + 1))``."""
        amount = uint256("convert_to_shares: assets", assets)
        return uint256("convert_to_shares: shares", amount * self._shares // self._assets)

    def convert_to_assets(self, shares: int) -> int:
        """Assets for shares, rounded down: ``floor(shares * (total_assets + 1) / (supply + 10**offset))``."""
        amount = uint256("convert_to_assets: shares", shares)
        return uint256("convert_to_assets: assets", amount * self._assets // self._shares)

    def preview_deposit(self, assets: int) -> int:
        """Shares that a deposit of assets brings: rounded down."""
        return self.convert_to_shares(assets)

    def preview_mint(self, shares: int) -> int:
        """Assets needed to mint shares, rounded up."""
        amount = uint256("preview_mint: shares", shares)
        return uint256("preview_mint: assets", -(-amount * self._assets // self._shares))

    def preview_withdraw(self, assets: int) -> int:
        """Shares needed to withdraw assets, rounded up."""
        amount = uint256("preview_withdraw: assets", assets)
        return uint256("preview_withdraw: shares", -(-amount * self._shares // self._assets))

    def preview_redeem(self, shares: int) -> int:
        """Assets that shares bring: rounded down."""
        return self.convert_to_assets(shares)

    def deposit(self, assets: int) -> tuple["Vault", int]:
        """Vault after a deposit, and the shares minted."""
        shares = self.preview_deposit(assets)
        return self._moved(assets, shares), shares

    def mint(self, shares: int) -> tuple["Vault", int]:
        """Vault after minting shares, and the assets paid in."""
        assets = self.preview_mint(shares)
        return self._moved(assets, shares), assets

    def withdraw(self, assets: int) -> tuple["Vault", int]:
        """Vault after a withdrawal of assets, and the shares burned.

        Raises
        ------
        InputError
            For assets worth more shares than the vault has given.
        """
        shares = self.preview_withdraw(assets)
        self._must_have("withdraw: assets", shares)
        return self._moved(-assets, -shares), shares

    def redeem(self, shares: int) -> tuple["Vault", int]:
        """Vault after a redemption of shares, and the assets paid out.

        Raises
        ------
        InputError
            For more shares than the vault has given.
        """
        assets = self.preview_redeem(shares)
        self._must_have("redeem: shares", shares)
        return self._moved(-assets, -shares), assets

    def donate(self, assets: int) -> "Vault":
        """The vault after assets came that nobody was given shares for: earnings, or an attack."""
        return attrs.evolve(self, total_assets=self.total_assets + uint256("donate: assets", assets))

    @property
    def _assets(self) -> int:
        return self.total_assets + 1

    @property
    def _shares(self) -> int:
        return self.total_supply + int(10**self.decimals_offset)

    def _moved(self, assets: int, shares: int) -> "Vault":
        return attrs.evolve(self, total_assets=self.total_assets + assets, total_supply=self.total_supply + shares)

    def _must_have(self, where: str, shares: int) -> None:
        # shares within the supply are never worth more than all assets: virtual shares own a part
        if shares > self.total_supply:
            checks.refuse(where, f"must take at most the vault's shares, {self.total_supply}", shares)


@attrs.frozen(kw_only=True)
class InflationAttack:
    """Result of an attack on a new vault: shares of both, and the amount that each could redeem by itself."""

    attacker_shares: int
    victim_shares: int
    victim_redeemable: int
    attacker_redeemable: int


def inflation_attack(
    *, decimals_offset: int, attacker_deposit: int, donation: int, victim_deposit: int
) -> InflationAttack:
    """The first depositor donates to the vault, so that the next one's deposit rounds down to few shares or none.

    Without an offset the attacker takes half the victim's deposit and loses half the donation; with one, virtual
    shares take nearly all of the donation, and the victim loses next to nothing.

    Parameters
    ----------
    decimals_offset
        Of the vault.
    attacker_deposit, donation, victim_deposit
        Base units of the asset, in this order.
    """
    vault, attacker = Vault(decimals_offset=decimals_offset).deposit(attacker_deposit)
    vault, victim = vault.donate(donation).deposit(victim_deposit)
    return InflationAttack(
        attacker_shares=attacker,
        victim_shares=victim,
        victim_redeemable=vault.preview_redeem(victim),
        attacker_redeemable=vault.preview_redeem(attacker),
    )


displays(__name__)
entrances(__name__)
