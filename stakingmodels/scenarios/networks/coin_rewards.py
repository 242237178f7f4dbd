"""Staking rewards of coins by the rules of their chains, at each chain's dated stake."""

import math
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


def supply_growth(coin: str) -> float | None:
    """Growth of a coin's supply a year by its chain's rule, a fraction (`Chain.supply_growth`); None without rules.

    Parameters
    ----------
    coin
        A coin such as ``"ATOM"``.
    """
    chain = chain_of(coin)
    return None if chain is None else float(chain.supply_growth().value)


def real_rate(rate: float, coin: str) -> float:
    """Real rate of a year in a coin, ``(1 + rate) / (1 + growth) - 1``; NaN where the growth is not known.

    Parameters
    ----------
    rate
        Rate of a year in the coin, a fraction; below -1 where a loss of a shorter time is told as that of a year.
    coin
        The coin.
    """
    growth = supply_growth(coin)
    return math.nan if growth is None else (1.0 + rate) / (1.0 + growth) - 1.0
