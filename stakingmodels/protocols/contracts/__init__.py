"""Contracts that products stand on: exact rules in base units, under the contracts' own names."""

from typing import TYPE_CHECKING

from stakingmodels._lazy import on_demand

if TYPE_CHECKING:
    from stakingmodels.protocols.contracts import (
        aave,
        aave_safety,
        aave_tokens,
        compound,
        eigenlayer,
        erc4626,
        leverage,
        lido,
        rocketpool,
        uniswap,
    )

__all__ = [
    "aave",
    "aave_safety",
    "aave_tokens",
    "compound",
    "eigenlayer",
    "erc4626",
    "leverage",
    "lido",
    "rocketpool",
    "uniswap",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = on_demand(__name__, __all__)
