"""The library's own reward functions with a plain signature, held to the checks for those of others."""

from typing import Any

import pytest

from stakingmodels import APR, APY
from stakingmodels.protocols.chains import avalanche, solana
from stakingmodels.protocols.chains.ethereum import rewards, rulesets
from stakingmodels.protocols.contracts import aave, lido, rocketpool
from stakingmodels.testing import check_reward

CONFIG = avalanche.config_for_stake_start(avalanche.MAINNET, 0)


def simple_interest(coins, apr, days):
    return coins * APR(apr).accrued(days / 365.0)


def effective_interest(coins, apy, years):
    return coins * (1.0 + APY(apy).accrued(years))


def daily_interest(coins, apr, days):
    return coins * APR(apr).to_apy(compounding=365).accrued(days / 365.0)


def rebased(coins, rewards, fee):
    return coins * lido.share_rate_growth(rewards, total_fee=fee)


def solana_commission(rewards, commission):
    split = solana.rewards.commission_split(commission, rewards)
    return split.staker, split.voter


def solana_pool(rewards, commission, fee):
    split = solana.fees.stake_pool_split(rewards, commission, fee)
    return split.holders, split.validator + split.pool


def solana_tips(tips, commission, labs, dao):
    split = solana.split_tips(tips, commission, solana.TipRules(labs_bps=labs, dao_bps=dao))
    return split.stakers, split.labs + split.dao + split.validator


def solana_block(priority, base, burns):
    found = solana.block_reward(base, priority, 0, 0, fee_rules=solana.FeeRules(burns_priority_fees=burns))
    return found.base_fees + found.priority_fees, found.burned, base + priority


def lido_balances(ether, shares):
    rate = lido.ShareRate(ether, sum(shares))
    return [rate.get_pooled_eth_by_shares(each) for each in shares]


def avalanche_delegator(total, shares):
    fee, reward = avalanche.split(total, shares)
    return reward, fee


def avalanche_stake(stake, nanoseconds):
    return avalanche.calculate(CONFIG, nanoseconds, stake, 450_000_000 * 10**9)


def minipool(rewards, node_fee):
    node = rocketpool.nodes.calculate_node_rewards(8 * 10**18, 24 * 10**18, rewards, node_fee)
    return rewards - node, node


def attestations(balance):
    return rewards.attestation_reward(balance, 34_000_000 * 10**9, rulesets.ELECTRA)


def linear_debt(debt, rate, seconds):
    return debt * aave.calculate_linear_interest(rate, seconds) // aave.RAY


FLOATS: dict[str, Any] = {"homogeneous": True, "additive": True}
SPLIT: dict[str, Any] = {"returns": ("reward", "fee"), "integers": True}
OWN: list[tuple[Any, dict[str, Any]]] = [
    (
        simple_interest,
        {**FLOATS, "amount": "coins", "apr": "apr", "days": "days", "compounds": "never", "takes": "both"},
    ),
    (
        effective_interest,
        {**FLOATS, "amount": "coins", "apy": "apy", "years": "years", "returns": "balance", "compounds": "always"},
    ),
    (daily_interest, {**FLOATS, "amount": "coins", "apr": "apr", "days": "days", "compounds": 365, "takes": "both"}),
    (
        rebased,
        {**FLOATS, "amount": "coins", "period_rate": "rewards", "fee": "fee", "returns": "balance", "takes": "both"},
    ),
    (
        solana_commission,
        {**SPLIT, "pot": "rewards", "fee": "commission", "fee_scale": 10_000, "homogeneous": True, "rounds": "down"}
        | {"domain": {"rewards": (0, 2**64 - 1)}},
    ),
    (
        solana_pool,
        {**SPLIT, "pot": "rewards", "fee": "fee", "fee_scale": 10_000, "constants": {"commission": 800}, "dust": 2}
        | {
            "domain": {"rewards": (0, 2**64 - 1)},
            "expected_failures": {"zero": "the validator's commission is not the pool's"},
        },
    ),
    *(
        (
            solana_pool,
            {**SPLIT, "pot": "rewards", "fee": "fee", "fee_scale": 10_000, "constants": {"commission": bps}, "dust": 2}
            | {"domain": {"rewards": (0, 2**64 - 1)}}
            | ({} if bps == 0 else {"expected_failures": {"zero": "the validator's commission is not the pool's"}}),
        )
        for bps in (0, 3_333, 10_000)
    ),
    *(
        (
            solana_tips,
            {**SPLIT, "pot": "tips", "fee": "commission", "fee_scale": 10_000, "domain": {"tips": (0, 2**64 - 1)}}
            | {"constants": {"labs": labs, "dao": dao}}
            | ({} if labs + dao == 0 else {"expected_failures": {"zero": "the operators of tips take a part of them"}}),
        )
        for labs, dao in ((0, 0), (0, 600), (1, 3_333), (5_000, 5_000))
    ),
    *(
        (
            solana_block,
            {"returns": ("reward", "fee", "gross"), "integers": True, "amount": "priority"}
            | {"domain": {"priority": (0, 2**63)}, "constants": {"base": base, "burns": burns}}
            | ({} if base == 0 else {"expected_failures": {"zero": "the leader earns base fees, too"}}),
        )
        for base in (0, 5_001)
        for burns in (False, True)
    ),
    (
        lido_balances,
        {"pot": "ether", "shares": "shares", "returns": "parts", "integers": True, "rounds": "down", "additive": True}
        | {"domain": {"ether": (1, 10**28), "shares": (0, 10**27)}},
    ),
    (
        avalanche_delegator,  # beyond this amount it divides first, which shifts up to 0.001 AVAX to the fee
        {**SPLIT, "pot": "total", "fee": "shares", "fee_scale": 10**6, "homogeneous": True, "rounds": "down"}
        | {"domain": {"total": (0, 18 * 10**12)}},
    ),
    (
        avalanche_stake,
        {"amount": "stake", "periods": "nanoseconds", "integers": True, "homogeneous": True, "rounds": "down"}
        | {"domain": {"stake": (0, 10**16), "nanoseconds": (0, CONFIG.minting_period)}, "additive": True},
    ),
    (
        minipool,
        {**SPLIT, "pot": "rewards", "fee": "node_fee", "fee_scale": 10**18}
        | {"expected_failures": {"zero": "the node earns on its own capital, whatever its fee"}},
    ),
    (attestations, {"amount": "balance", "integers": True, "takes": "both", "domain": {"balance": (0, 2_048 * 10**9)}}),
    (
        linear_debt,
        {"amount": "debt", "apr": "rate", "rate_scale": aave.RAY, "seconds": "seconds", "returns": "balance"}
        | {"integers": True, "compounds": "never", "rounds": "down", "homogeneous": True, "additive": True},
    ),
]


@pytest.mark.parametrize(
    ("function", "promises"), OWN, ids=[f"{i}-{function.__name__}" for i, (function, _) in enumerate(OWN)]
)
def test_a_reward_function_of_the_library_keeps_its_promises(function, promises):
    check_reward(function, **promises)
