"""Staking rewards of coins by the rules of their chains, at each chain's dated stake."""

from collections.abc import Callable, Mapping

from stakingmodels.protocols import chains
from stakingmodels.protocols.chains import Chain
from stakingmodels.rates import APR
from stakingmodels.words import Note

WITH_RULES = ("ETH", "SOL", "ATOM", "ADA", "DOT", "KSM", "AVAX", "POL", "NEAR", "XTZ")
"""Coins whose chains the library has the rules of."""


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


def reward_by_rule(coin: str) -> tuple[APR, str] | None:
    """Realised reward rate of a coin's chain at its dated stake, and the note that says so; None without rules.

    The rate is simple, of 365 days, before any fee, at the pace at which the chain makes blocks
    (`Chain.realized_apr`).

    Parameters
    ----------
    coin
        A coin such as ``"ATOM"``.
    """
    chain = chain_of(coin)
    if chain is None:
        return None
    rate = chain.realized_apr()
    return rate, Note("note.reward_by_rule", coin=coin, rate=rate.value, day=chain.as_of)
