"""Rules of chains, a module each, and `Chain`: the few questions that all of them answer."""

import importlib
from typing import TYPE_CHECKING

from stakingmodels.numerics import entrances
from stakingmodels.protocols.chains.chain import Chain, Offence, Unbonding

if TYPE_CHECKING:
    from stakingmodels.protocols.chains import (
        avalanche,
        bitcoin,
        cardano,
        cosmos,
        ethereum,
        near,
        polkadot,
        polygon,
        solana,
        tezos,
    )

__all__ = [
    "Chain",
    "Offence",
    "Unbonding",
    "avalanche",
    "bitcoin",
    "cardano",
    "cosmos",
    "ethereum",
    "near",
    "polkadot",
    "polygon",
    "solana",
    "tezos",
]


def __getattr__(name: str) -> object:
    """A chain's module, loaded when it is first used."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return importlib.import_module(f"{__name__}.{name}")


def __dir__() -> list[str]:
    return [*__all__]


entrances(__name__)
