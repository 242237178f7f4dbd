"""Chains that sheets name: their coin, and the rule by which the library knows its reward."""

from collections.abc import Mapping

from stakingmodels.scenarios.networks.coin_rewards import WITH_RULES

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


def has_rules(coin: str) -> bool:
    """Whether the library has the rules of a coin's chain, and so its reward."""
    return coin in WITH_RULES
