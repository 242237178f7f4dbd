"""OpenZeppelin's ERC-4626 vectors: conversions in every direction, and the inflation attack."""

from collections.abc import Mapping

import attrs

from stakingmodels.protocols.contracts import erc4626
from tests.golden.runner import Answer, Inputs


def _vault(inputs: Inputs) -> object:
    if "attacker_deposit" in inputs:
        amounts = {key: inputs.integer(key) for key in inputs}
        return attrs.asdict(erc4626.inflation_attack(**amounts))
    offset, amount = inputs.integer("decimals_offset"), inputs.integer("amount")
    vault = erc4626.Vault(inputs.integer("total_assets"), inputs.integer("total_supply"), offset)
    deposited, _ = erc4626.Vault(decimals_offset=offset).deposit(inputs.integer("first_deposit"))
    if deposited.donate(inputs.integer("donation")) != vault:
        raise ValueError(f"first_deposit and donation do not lead to {vault}")
    return {
        "previewDeposit": vault.preview_deposit(amount),
        "previewMint": vault.preview_mint(amount),
        "previewWithdraw": vault.preview_withdraw(amount),
        "previewRedeem": vault.preview_redeem(amount),
        "convertToShares": vault.convert_to_shares(amount),
        "convertToAssets": vault.convert_to_assets(amount),
    }


CASES: Mapping[str, Answer | Mapping[str, Answer]] = {"erc4626_openzeppelin": _vault}
