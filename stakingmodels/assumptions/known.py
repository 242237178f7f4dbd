"""Kinds of the numbers that the library reads from an assumption set, by key, and the bounds of each kind."""

from collections.abc import Callable, Mapping
from typing import Literal

from stakingmodels import checks
from stakingmodels.words import label_note

NumberKind = Literal["hazard", "fraction", "days", "amount", "level", "rate", "growth", "correlation"]
"""Kind of a number: a hazard a year, a fraction, days, an amount (0 or more), a level (above 0), a rate or a growth a
year, a correlation."""

KINDS: Mapping[str, NumberKind] = {
    "entry_days": "days",
    "exit_days": "days",
    "withdrawal_days": "days",
    "service_withdrawal_days": "days",
    "token_withdrawal_days": "days",
    "uptime": "fraction",
    "running_cost_usd_per_day": "amount",
    "solo_slashing.hazard": "hazard",
    "solo_slashing.severity": "fraction",
    "pool_slashing.hazard": "hazard",
    "pool_slashing.severity": "fraction",
    "exploit.hazard": "hazard",
    "exploit.severity": "fraction",
    "waiting_cost_per_year": "amount",
    "pool_commission": "fraction",
    "token_fee": "fraction",
    "exchange_commission": "fraction",
    "custodian.hazard": "hazard",
    "custodian.recovery": "fraction",
    "custodian.recovery_days": "days",
    "provider.hazard": "hazard",
    "mining.price_usd_per_th_s": "level",
    "mining.minimum_payout_btc": "amount",
    "mining.term_days": "level",
    "mining.stop_after_days": "level",
    "network_validators": "level",
    "world.eth.price": "level",
    "world.eth.volatility": "amount",
    "world.btc.price": "level",
    "world.btc.volatility": "amount",
    "world.sol.price": "level",
    "world.sol.volatility": "amount",
    "world.correlation.eth_btc": "correlation",
    "world.correlation.btc_difficulty": "correlation",
    "world.correlation.eth_difficulty": "correlation",
    "world.correlation.eth_sol": "correlation",
    "world.correlation.btc_sol": "correlation",
    "world.correlation.sol_difficulty": "correlation",
    "world.btc_difficulty.level": "level",
    "world.btc_difficulty.growth": "growth",
    "world.btc_difficulty.volatility": "amount",
    "world.btc_block_fees": "amount",
    "world.steth.ratio": "level",
    "world.steth.deviation": "amount",
    "world.steth.half_life_days": "level",
    "world.eth_staking_reward": "rate",
    "world.staked_eth": "level",
    "world.eth_supply": "level",
    "world.network_uptime": "fraction",
    "world.cash_rate.usd": "rate",
    "world.stake.growth": "growth",
    "world.stake.elasticity": "amount",
    "world.stake.half_life_days": "level",
    "world.stake.volatility": "amount",
    "world.execution.deviation": "amount",
    "world.execution.half_life_days": "level",
    "world.hashrate.elasticity": "fraction",
    "world.hashrate.growth": "growth",
    "world.hashrate.volatility": "amount",
    "world.crash.hazard": "hazard",
}
"""Kind of each number that the compared products and the built-in scenario read."""


def meaning(key: str) -> str:
    """Words for a number, by its key; the key's last part for one that the library does not know."""
    return label_note(f"assumption.{key}")


_HAZARD_LIMIT = 1_000.0
_DAYS_LIMIT = 100_000.0


def _correlation(where: str, value: object) -> float:
    number = checks.real(where, value)
    if not -1.0 < number < 1.0:
        checks.refuse(where, "must be in (-1, 1)", value)
    return number


def _rate(where: str, value: object) -> float:
    number = checks.real(where, value)
    if not -1.0 < number <= 10.0:
        checks.refuse(where, "must be in (-1, 10] (0.05 means 5 %)", value)
    return number


CHECKS: Mapping[NumberKind, Callable[[str, object], float]] = {
    "hazard": lambda where, value: checks.non_negative(where, value, _HAZARD_LIMIT),
    "fraction": checks.fraction,
    "days": lambda where, value: checks.non_negative(where, value, _DAYS_LIMIT),
    "amount": checks.non_negative,
    "level": checks.positive,
    "rate": _rate,
    "growth": _rate,
    "correlation": _correlation,
}
"""Check of each kind."""
