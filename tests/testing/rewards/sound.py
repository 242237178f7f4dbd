"""Three sound reward functions in three styles, rewritten from public documentation, and what each promises.

Sources, looked at on 2026-12-01: docs.lido.fi (balanceOf = shares * totalPooledEther / totalShares; the fee is paid in
new shares, lidofinance/core, Accounting.sol); docs.compound.finance, v2, protocol math (APY of daily compounding);
specs.namada.net, reward distribution (rewards restaked each epoch, after commission).
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from stakingmodels.testing import RewardFunction

PRECISION = 10**27


def report(pooled: int, shares: list[int], rewards: int, fee_bps: int) -> tuple[list[int], int, int]:
    """Balances after one report of a pool, in wei; what the fee's new shares are worth; wei a share, times 1e27."""
    fee = rewards * fee_bps // 10_000
    ether, issued = pooled + rewards, sum(shares)
    minted = fee * issued // (ether - fee)
    total = issued + minted
    return [each * ether // total for each in shares], minted * ether // total, ether * PRECISION // total


def supplied(principal: float, apr: float, days: int) -> float:
    """Balance after some days, interest being added every day."""
    return principal * (1.0 + apr / 365.0) ** days


def restaked(stake, rates, commission):
    """Stake at the beginning and after each epoch, for one delegator or an array of them."""
    factors = np.cumprod([1.0, *(1.0 + rates * (1.0 - commission))])
    return np.multiply.outer(factors, stake)


PROMISES: dict[str, dict[str, Any]] = {
    "report": {
        "amount": "pooled",
        "shares": "shares",
        "pot": "rewards",
        "fee": "fee_bps",
        "fee_scale": 10_000,
        "returns": ("balances", "fee", "share_price"),
        "price_scale": PRECISION,
        "integers": True,
        "rounds": "down",
        "additive": True,
        "domain": {"pooled": (1, 10**26), "shares": (0, 10**26), "rewards": (0, 10**26), "fee_bps": (0, 9_999)},
        "accepts": lambda pooled, shares, rewards, **_: rewards <= pooled <= 2 * sum(shares),
    },
    "supplied": {
        "amount": "principal",
        "apr": "apr",
        "days": "days",
        "returns": "balance",
        "compounds": 365,
        "homogeneous": True,
        "additive": True,
    },
    "restaked": {
        "amount": "stake",
        "rate_path": "rates",
        "fee": "commission",
        "returns": "balance",
        "by_step": True,
        "takes": "both",
        "compounds": "always",
        "homogeneous": True,
        "additive": True,
    },
}
SOUND: dict[str, Callable[..., Any]] = {"report": report, "supplied": supplied, "restaked": restaked}


def adapted(name: str, function=None) -> RewardFunction:
    """A function with the promises of one of the three."""
    return RewardFunction(SOUND[name] if function is None else function, **PROMISES[name])
