"""The rules of the vectors once more, in plain Python and without the library: fractions, loops and products."""

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

ETH = 10**9
ONE = 10**18
RAY = 10**27
Given = Mapping[str, Any]


def nearest_even(number: Fraction) -> int:
    return round(number)  # Python rounds halves to even


def cut_off(number: Fraction) -> int:
    return math.trunc(number)


def block_subsidy(height: int) -> int:
    subsidy = 50 * 10**8
    for _ in range(height // 210_000):
        subsidy //= 2
    return subsidy


def issued(height: int) -> int:
    total, begun = 0, 0
    while begun <= height:
        total += min(210_000, height + 1 - begun) * block_subsidy(begun)
        begun += 210_000
    return total


def next_work(at: Given) -> int:
    seconds = min(max(at["last_block_time"] - at["first_block_time"], 302_400), 4_838_400)
    old = Fraction(at["bits"] & 0x7FFFFF) * Fraction(256) ** ((at["bits"] >> 24) - 3)
    target = min(math.floor(old * seconds / 1_209_600), 0xFFFF * 256**26 + 256**26 - 1)
    digits = target.to_bytes(33, "big").lstrip(b"\0")
    if digits[0] >= 0x80:  # the highest bit is a sign
        digits = b"\0" + digits
    return int.from_bytes(bytes([len(digits)]) + digits[:3].ljust(3, b"\0"), "big")


def increment_reward(total: int) -> int:
    return 64 * ETH // math.isqrt(total)


def flag_deltas(at: Given) -> tuple[int, int]:
    weight = (14, 26, 14)[at["flag_index"]]
    base = at["effective_balance"] // ETH * increment_reward(at["total_active_balance"])
    share = Fraction(at["participating_balance"] // ETH, at["total_active_balance"] // ETH)
    reward = 0 if at["leak"] else math.floor(base * Fraction(weight, 64) * share)
    return reward, 0 if at["flag_index"] == 2 else base * weight // 64


def correlation(at: Given) -> int:
    total = at["total_active_balance"]
    return min(3 * at["slashed_balance"], total) // (total // ETH) * (at["effective_balance"] // ETH)


def effective_balance(at: Given) -> int:
    off = at["balance"] - at["effective_balance"]
    if -off > ETH // 4 or off > 5 * ETH // 4:
        return min(at["balance"] // ETH * ETH, at["max_effective_balance"])
    return at["effective_balance"]


def inflation_rate(at: Given) -> int:
    bonded = nearest_even(Fraction(cut_off(Fraction(at["bonded_ratio"] * ONE * ONE, at["goal_bonded"])), ONE))
    change = nearest_even(Fraction((ONE - bonded) * at["inflation_rate_change"], ONE))
    per_block = nearest_even(Fraction(cut_off(Fraction(change * ONE, at["blocks_per_year"])), ONE))
    return max(min(at["inflation"] + per_block, at["inflation_max"]), at["inflation_min"])


def avalanche(at: Given) -> int:
    spread = at["max_consumption_rate"] - at["min_consumption_rate"]
    period, duration = at["minting_period"], at["staked_duration"]
    left = at["supply_cap"] - at["current_supply"]
    rate = (at["min_consumption_rate"] * period + spread * duration) * duration * at["staked_amount"] * left
    return min(left, rate // (period * 1_000_000) // at["current_supply"] // period)


def ray_mul(a: int, b: int) -> int:
    return math.floor(Fraction(a * b, RAY) + Fraction(1, 2))


def compounded(at: Given) -> int:
    x = at["rate"] * at["seconds"] // (365 * 86_400)
    return RAY + x + ray_mul(x, x // 2 + ray_mul(x, x // 6))


def amount_out(at: Given) -> int:
    paid = Fraction(at["amount_in"] * 997, 1_000)
    return math.floor(paid * at["reserve_out"] / (at["reserve_in"] + paid))


def amount_in(at: Given) -> int:
    left = at["reserve_out"] - at["amount_out"]
    return math.floor(Fraction(at["reserve_in"] * at["amount_out"] * 1_000, left * 997)) + 1


def vault(at: Given) -> Fraction:
    """Assets of one share."""
    return Fraction(at["total_assets"] + 1, at["total_supply"] + 10 ** at["decimals_offset"])


def ether(at: Given) -> Fraction:
    """Ether of one share."""
    return Fraction(at["ether"], at["shares"])


def node_rewards(at: Given) -> int:
    own = at["rewards"] * at["node_capital"] // (at["node_capital"] + at["user_capital"])
    return own + (at["rewards"] - own) * at["node_fee"] // ONE


FORMULAS: Mapping[str, Callable[[Given], Any]] = {
    "bitcoin_block_subsidy": lambda at: block_subsidy(at["height"]),
    "bitcoin_issued": lambda at: issued(at["height"]),
    "bitcoin_next_work": next_work,
    "ethereum_base_reward_per_increment": lambda at: increment_reward(at["total_active_balance"]),
    "ethereum_base_reward": lambda at: at["effective_balance"] // ETH * increment_reward(at["total_active_balance"]),
    "ethereum_flag_deltas": flag_deltas,
    "ethereum_inactivity_penalty": lambda at: at["effective_balance"] * at["inactivity_score"] // 2**26,
    "ethereum_correlation_penalty": correlation,
    "ethereum_sync_reward": lambda at: (
        increment_reward(at["total_active_balance"]) * (at["total_active_balance"] // ETH) // 32 // 32 // 512
    ),
    "ethereum_effective_balance": effective_balance,
    "cosmos_next_inflation_rate": inflation_rate,
    "cosmos_block_provision": lambda at: at["annual_provisions"] // at["blocks_per_year"] // ONE,
    "cosmos_slash_amount": lambda at: at["tokens"] * at["slash_factor"] // ONE,
    "solana_inflation_total": lambda at: max(at["terminal"], at["initial"] * (1 - at["taper"]) ** at["year"]),
    "solana_epoch_rewards": lambda at: int(at["validator_rate"] * at["capitalization"] * at["epoch_years"]),
    "solana_commission_split": lambda at: (
        at["rewards"] * at["commission"] // 10_000,
        at["rewards"] * (10_000 - at["commission"]) // 10_000,
    ),
    "avalanche_reward": avalanche,
    "lido_shares_by_pooled_eth": lambda at: math.floor(at["eth_amount"] / ether(at)),
    "lido_pooled_eth_by_shares": lambda at: math.floor(at["shares_amount"] * ether(at)),
    "lido_pooled_eth_by_shares_round_up": lambda at: math.ceil(at["shares_amount"] * ether(at)),
    "lido_transferred": lambda at: math.floor(math.floor(at["eth_amount"] / ether(at)) * ether(at)),
    "erc4626_convert_to_shares": lambda at: math.floor(at["assets"] / vault(at)),
    "erc4626_convert_to_assets": lambda at: math.floor(at["shares"] * vault(at)),
    "erc4626_preview_mint": lambda at: math.ceil(at["shares"] * vault(at)),
    "erc4626_preview_withdraw": lambda at: math.ceil(at["assets"] / vault(at)),
    "rocketpool_node_rewards": node_rewards,
    "uniswap_amount_out": amount_out,
    "uniswap_amount_in": amount_in,
    "aave_compounded_interest": compounded,
}
