"""Vectors of chains: Bitcoin, Ethereum, Cosmos, Solana and Avalanche, in base units."""

from typing import Any

from stakingmodels.protocols.chains import avalanche, bitcoin, cosmos, ethereum, solana
from tests.vectors.seeded import Case
from tests.vectors.vector import Inputs, Vector

ETH = 10**9
"""Gwei."""
ONE = 10**18
"""A whole of the decimals of Cosmos."""
_TOTAL = (10_000_000 * ETH, 120_000_000 * ETH)
_MINT = ("inflation_rate_change", "inflation_max", "inflation_min", "goal_bonded")


def _height(case: Case) -> Inputs:
    """Heights about those where the subsidy halves, and in between."""
    era = case.choice("era", range(67)) if case.number else 0
    return {"height": max(era * bitcoin.HALVING_INTERVAL + case.choice("off", (-1, 0, 1, 123_456)), 0)}


def _next_work(case: Case) -> Inputs:
    first = case.integer("first_block_time", 1_231_006_505, 2**31)
    return {
        "bits": bitcoin.bits_of_target(case.integer("target", 2**170, bitcoin.MAIN.pow_limit)),
        "first_block_time": first,
        "last_block_time": first + case.integer("seconds", 1, 10_000_000),
    }


def _ask_next_work(at: Inputs) -> int:
    return bitcoin.calculate_next_work_required(at["bits"], at["first_block_time"], at["last_block_time"])


BITCOIN = [
    Vector(
        name="bitcoin_block_subsidy",
        about="New satoshi in the block at a height: 50 bitcoin, halved every 210,000 blocks, 0 from the 64th halving.",
        source="bitcoin/bitcoin src/validation.cpp, GetBlockSubsidy",
        arguments={"height": "integer"},
        answers="integer",
        draw=_height,
        ask=lambda at: bitcoin.block_subsidy(at["height"]),
    ),
    Vector(
        name="bitcoin_issued",
        about="Satoshi that the blocks from 0 to a height may create, that height included.",
        source="the sum of bitcoin_block_subsidy",
        arguments={"height": "integer"},
        answers="integer",
        draw=_height,
        ask=lambda at: bitcoin.issued(at["height"]),
    ),
    Vector(
        name="bitcoin_next_work",
        about="Compact target of the next 2,016 blocks, by the seconds that the last ones took.",
        source="bitcoin/bitcoin src/pow.cpp, CalculateNextWorkRequired",
        arguments={"bits": "integer", "first_block_time": "integer", "last_block_time": "integer"},
        answers="integer",
        draw=_next_work,
        ask=_ask_next_work,
    ),
]


def _total(case: Case) -> int:
    return case.integer("total_active_balance", *_TOTAL)


def _effective(case: Case) -> int:
    return case.integer("effective_balance", 1, 2_048) * ETH


def _flag(case: Case) -> Inputs:
    total = _total(case)
    part = case.integer("participation_bps", 0, 10_000)
    return {
        "effective_balance": _effective(case),
        "flag_index": case.choice("flag_index", (0, 1, 2)),
        "participating_balance": max(total // 10_000 * part // ETH * ETH, ETH),
        "total_active_balance": total,
        "leak": case.choice("leak", (False, False, True)),
    }


def _ask_flag(at: Inputs) -> Any:
    return ethereum.get_flag_index_deltas(
        at["effective_balance"],
        at["flag_index"],
        at["participating_balance"],
        at["total_active_balance"],
        leak=at["leak"],
        ruleset=ethereum.FULU,
    )


def _balances(case: Case) -> Inputs:
    effective = _effective(case)
    edges = (ETH // 4, ETH // 4 + 1, 5 * ETH // 4, 5 * ETH // 4 + 1)
    off = case.choice("off", (*edges, case.integer("far", ETH // 5, 3 * ETH))) * case.choice("sign", (-1, 1))
    return {"balance": max(effective + off, 0), "effective_balance": effective, "max_effective_balance": 2_048 * ETH}


def _ask_effective(at: Inputs) -> Any:
    return ethereum.process_effective_balance_updates(
        at["balance"], at["effective_balance"], at["max_effective_balance"], ethereum.FULU
    )


def _slashed(case: Case) -> Inputs:
    total = _total(case)
    return {
        "effective_balance": _effective(case),
        "slashed_balance": total // 10_000 * case.integer("slashed_bps", 0, 5_000) // ETH * ETH,
        "total_active_balance": total,
    }


def _ask_correlation(at: Inputs) -> Any:
    return ethereum.get_correlation_penalty(
        at["effective_balance"], at["slashed_balance"], at["total_active_balance"], ethereum.FULU
    )


ETHEREUM = [
    Vector(
        name="ethereum_base_reward_per_increment",
        about="Gwei of base reward an epoch for each ETH of effective balance, by the total in Gwei.",
        source="ethereum/consensus-specs altair, get_base_reward_per_increment (as of Fulu)",
        arguments={"total_active_balance": "integer"},
        answers="integer",
        draw=lambda case: {"total_active_balance": _total(case)},
        ask=lambda at: ethereum.get_base_reward_per_increment(at["total_active_balance"], ethereum.FULU),
    ),
    Vector(
        name="ethereum_base_reward",
        about="Gwei of base reward of a validator in an epoch.",
        source="ethereum/consensus-specs altair, get_base_reward (as of Fulu)",
        arguments={"effective_balance": "integer", "total_active_balance": "integer"},
        answers="integer",
        draw=lambda case: {"effective_balance": _effective(case), "total_active_balance": _total(case)},
        ask=lambda at: ethereum.get_base_reward(at["effective_balance"], at["total_active_balance"], ethereum.FULU),
    ),
    Vector(
        name="ethereum_flag_deltas",
        about="Gwei for a participation flag (0 source, 1 target, 2 head) and penalty without it, by who has it.",
        source="ethereum/consensus-specs altair, get_flag_index_deltas (as of Fulu)",
        arguments={
            "effective_balance": "integer",
            "flag_index": "integer",
            "participating_balance": "integer",
            "total_active_balance": "integer",
            "leak": "flag",
        },
        answers={"reward": "integer", "penalty": "integer"},
        draw=_flag,
        ask=_ask_flag,
        n_cases=36,
    ),
    Vector(
        name="ethereum_inactivity_penalty",
        about="Gwei taken in an epoch from a validator that missed the target, by its inactivity score.",
        source="ethereum/consensus-specs bellatrix, get_inactivity_penalty_deltas (as of Fulu)",
        arguments={"effective_balance": "integer", "inactivity_score": "integer"},
        answers="integer",
        draw=lambda case: {
            "effective_balance": _effective(case),
            "inactivity_score": case.integer("inactivity_score", 0, 200_000),
        },
        ask=lambda at: ethereum.get_inactivity_penalty(at["effective_balance"], at["inactivity_score"], ethereum.FULU),
    ),
    Vector(
        name="ethereum_correlation_penalty",
        about="Gwei taken from a slashed validator half way to its withdrawal, by the stake slashed around that time.",
        source="ethereum/consensus-specs electra, process_slashings (as of Fulu)",
        arguments={"effective_balance": "integer", "slashed_balance": "integer", "total_active_balance": "integer"},
        answers="integer",
        draw=_slashed,
        ask=_ask_correlation,
    ),
    Vector(
        name="ethereum_sync_reward",
        about="Gwei of one seat in the sync committee for one slot.",
        source="ethereum/consensus-specs altair, process_sync_aggregate (as of Fulu)",
        arguments={"total_active_balance": "integer"},
        answers="integer",
        draw=lambda case: {"total_active_balance": _total(case)},
        ask=lambda at: ethereum.get_sync_participant_reward(at["total_active_balance"], ethereum.FULU),
    ),
    Vector(
        name="ethereum_effective_balance",
        about="Gwei of effective balance after an epoch: it moves once the balance is far enough away.",
        source="ethereum/consensus-specs electra, process_effective_balance_updates (as of Fulu)",
        arguments={"balance": "integer", "effective_balance": "integer", "max_effective_balance": "integer"},
        answers="integer",
        draw=_balances,
        ask=_ask_effective,
    ),
]


def _inflation(case: Case) -> Inputs:
    low, spread = case.integer("inflation_min", ONE // 200, ONE // 10), case.integer("spread", ONE // 50, ONE // 5)
    return {
        "inflation": low + spread * case.integer("place", 0, 1_100) // 1_000,
        "bonded_ratio": case.integer("bonded_ratio", 0, ONE),
        "inflation_rate_change": case.integer("inflation_rate_change", ONE // 100, ONE),
        "inflation_max": low + spread,
        "inflation_min": low,
        "goal_bonded": case.integer("goal_bonded", ONE // 2, ONE),
        "blocks_per_year": case.integer("blocks_per_year", 1_000_000, 20_000_000),
    }


def _params(at: Inputs) -> cosmos.MintParams:
    given = {"inflation_rate_change": ONE, "inflation_max": ONE, "inflation_min": 0, "goal_bonded": ONE} | at
    rates = {name: cosmos.LegacyDec(given[name]) for name in _MINT}
    return cosmos.MintParams(
        **rates, blocks_per_year=at["blocks_per_year"], valid_from="2026-01-01", source="made by a rule"
    )


def _ask_inflation(at: Inputs) -> int:
    now, bonded = cosmos.LegacyDec(at["inflation"]), cosmos.LegacyDec(at["bonded_ratio"])
    return cosmos.next_inflation_rate(now, bonded, _params(at)).units


COSMOS = [
    Vector(
        name="cosmos_next_inflation_rate",
        about="Inflation of the next block, of 10**18 as are all rates: products and quotients to the nearest, halves"
        " to even, then clamped.",
        source="cosmos/cosmos-sdk x/mint/types/minter.go, NextInflationRate; math/legacy_dec.go",
        arguments={
            "inflation": "integer",
            "bonded_ratio": "integer",
            "inflation_rate_change": "integer",
            "inflation_max": "integer",
            "inflation_min": "integer",
            "goal_bonded": "integer",
            "blocks_per_year": "integer",
        },
        answers="integer",
        draw=_inflation,
        ask=_ask_inflation,
        n_cases=36,
    ),
    Vector(
        name="cosmos_block_provision",
        about="Base units minted in a block, by the yearly provisions of 10**18, cut off.",
        source="cosmos/cosmos-sdk x/mint/types/minter.go, BlockProvision",
        arguments={"annual_provisions": "integer", "blocks_per_year": "integer"},
        answers="integer",
        draw=lambda case: {
            "annual_provisions": case.integer("annual_provisions", 10**8 * ONE, 10**15 * ONE),
            "blocks_per_year": case.integer("blocks_per_year", 1_000_000, 20_000_000),
        },
        ask=lambda at: cosmos.block_provision(cosmos.LegacyDec(at["annual_provisions"]), _params(at)),
    ),
    Vector(
        name="cosmos_slash_amount",
        about="Base units that a slash takes of a stake, by a factor of 10**18, cut off.",
        source="cosmos/cosmos-sdk x/staking/keeper/slash.go, Slash",
        arguments={"tokens": "integer", "slash_factor": "integer"},
        answers="integer",
        draw=lambda case: {
            "tokens": case.integer("tokens", 10**3, 10**15),
            "slash_factor": case.integer("slash_factor", ONE // 10_000, ONE),
        },
        ask=lambda at: cosmos.slash_amount(at["tokens"], cosmos.LegacyDec(at["slash_factor"])),
    ),
]


def _schedule(case: Case) -> Inputs:
    return {
        "initial": case.number_of("initial", 0.0, 0.2),
        "terminal": case.number_of("terminal", 0.0, 0.05),
        "taper": case.number_of("taper", 0.0, 0.5),
        "year": case.number_of("year", 0.0, 30.0, 3),
    }


def _ask_schedule(at: Inputs) -> float:
    schedule = solana.Inflation(initial=at["initial"], terminal=at["terminal"], taper=at["taper"])
    return schedule.total(at["year"])


def _ask_split(at: Inputs) -> tuple[int, int]:
    split = solana.commission_split(at["commission"], at["rewards"])
    return split.voter, split.staker


SOLANA = [
    Vector(
        name="solana_inflation_total",
        about="New SOL a year over all SOL, some years after inflation began.",
        source="anza-xyz/solana-sdk inflation/src/lib.rs, Inflation::total",
        arguments={"initial": "number", "terminal": "number", "taper": "number", "year": "number"},
        answers="number",
        draw=_schedule,
        ask=_ask_schedule,
        tolerance=lambda _, answer: max(1e-11 * answer, 1e-30),
    ),
    Vector(
        name="solana_epoch_rewards",
        about="Lamports for all stakes of an epoch: rate * capitalization * years in doubles, in this order, cut off.",
        source="anza-xyz/agave runtime/src/bank.rs, calculate_previous_epoch_inflation_rewards",
        arguments={"validator_rate": "number", "capitalization": "integer", "epoch_years": "number"},
        answers="integer",
        draw=lambda case: {
            "validator_rate": case.number_of("validator_rate", 0.0, 0.08, 6),
            "capitalization": case.integer("capitalization", 10**15, 10**18),
            "epoch_years": case.number_of("epoch_years", 0.004, 0.008, 9),
        },
        ask=lambda at: solana.epoch_rewards(at["validator_rate"], at["capitalization"], at["epoch_years"]),
    ),
    Vector(
        name="solana_commission_split",
        about="Lamports of a reward to validator and stake, both rounded down, by a commission in basis points.",
        source="anza-xyz/agave runtime/src/inflation_rewards/mod.rs, commission_split",
        arguments={"commission": "integer", "rewards": "integer"},
        answers={"voter": "integer", "staker": "integer"},
        draw=lambda case: {
            "commission": case.integer("commission", 0, 10_000),
            "rewards": case.integer("rewards", 0, 2**60),
        },
        ask=_ask_split,
    ),
]


def _stake(case: Case) -> Inputs:
    day = 86_400 * 10**9
    return {
        "max_consumption_rate": 120_000,
        "min_consumption_rate": case.choice("min_consumption_rate", (100_000, 110_000)),
        "minting_period": 365 * day,
        "supply_cap": 720_000_000 * ETH,
        "staked_duration": case.integer("hours", 24, 365 * 24) * day // 24,
        "staked_amount": case.integer("staked_amount", 25 * ETH, 3_000_000 * ETH),
        "current_supply": 360_000_000 * ETH + case.integer("minted", 0, 360_000_000 * ETH),
    }


def _ask_stake(at: Inputs) -> int:
    config = avalanche.RewardConfig(
        max_consumption_rate=at["max_consumption_rate"],
        min_consumption_rate=at["min_consumption_rate"],
        minting_period=at["minting_period"],
        supply_cap=at["supply_cap"],
    )
    return avalanche.calculate(config, at["staked_duration"], at["staked_amount"], at["current_supply"])


AVALANCHE = [
    Vector(
        name="avalanche_reward",
        about="nAVAX of reward of one stake, rounded down after each division; rates in millionths, times in"
        " nanoseconds.",
        source="ava-labs/avalanchego vms/platformvm/reward/calculator.go, Calculate",
        arguments={
            "max_consumption_rate": "integer",
            "min_consumption_rate": "integer",
            "minting_period": "integer",
            "supply_cap": "integer",
            "staked_duration": "integer",
            "staked_amount": "integer",
            "current_supply": "integer",
        },
        answers="integer",
        draw=_stake,
        ask=_ask_stake,
    )
]
