"""Contracts that products stand on: exact rules in base units, under the contracts' own names."""

import importlib
from typing import TYPE_CHECKING

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


def __getattr__(name: str) -> object:
    """A contract's module, loaded when it is first used."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return importlib.import_module(f"{__name__}.{name}")


def __dir__() -> list[str]:
    return [*__all__]
