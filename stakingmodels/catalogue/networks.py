"""Chains that sheets name: their coin, and the rule by which the library knows its reward."""

from collections.abc import Callable, Mapping

from stakingmodels.protocols import chains
from stakingmodels.protocols.chains import Chain

COINS: Mapping[str, str] = {
    "Ethereum": "ETH",
    "Solana": "SOL",
    "Cosmos Hub": "ATOM",
    "Cardano": "ADA",
    "Polkadot": "DOT",
    "Kusama": "KSM",
    "Avalanche": "AVAX",
    "Polygon": "POL",
    "NEAR": "NEAR",
    "Tezos": "XTZ",
    "BNB Smart Chain": "BNB",
    "TRON": "TRX",
    "Sui": "SUI",
    "Bitcoin": "BTC",
}
"""Coin of each chain."""

_WITH_RULES = ("ETH", "SOL", "ATOM", "ADA", "DOT", "KSM", "AVAX", "POL", "NEAR", "XTZ")


def chain_of(coin: str) -> Chain | None:
    """Chain of a coin with its dated supply and stake; None if the library has no rules for it."""
    rules: Mapping[str, Callable[[], Chain]] = {
        "ETH": chains.ethereum.Ethereum,
        "SOL": chains.solana.Solana,
        "ATOM": chains.cosmos.Cosmos,
        "ADA": chains.cardano.Cardano,
        "DOT": chains.polkadot.Polkadot,
        "KSM": chains.polkadot.Kusama,
        "AVAX": chains.avalanche.Avalanche,
        "POL": chains.polygon.Polygon,
        "NEAR": chains.near.Near,
        "XTZ": chains.tezos.Tezos,
    }
    return rules[coin]() if coin in rules else None


def has_rules(coin: str) -> bool:
    """Whether the library has the rules of a coin's chain, and so its reward."""
    return coin in _WITH_RULES
