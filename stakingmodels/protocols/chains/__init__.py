"""Rules of chains, a module each, and `Chain`: the few questions that all of them answer."""

from typing import TYPE_CHECKING

from stakingmodels._lazy import on_demand
from stakingmodels.display import displays
from stakingmodels.numerics import entrances
from stakingmodels.protocols.chains.chain import Chain, Offense, Unbonding

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
    "Offense",
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

if not TYPE_CHECKING:
    __getattr__, __dir__ = on_demand(__name__, [name for name in __all__ if name.islower()])

displays(__name__)
entrances(__name__)
