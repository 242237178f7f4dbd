"""Bitcoin: subsidy, difficulty, revenue and cost of mining, and pay-out schemes of pools."""

from stakingmodels.display import displays
from stakingmodels.numerics import entrances
from stakingmodels.protocols.chains.bitcoin.cloud_mining import StaticReturn, static_calculator
from stakingmodels.protocols.chains.bitcoin.difficulty import (
    bits_of_target,
    block_proof,
    calculate_next_work_required,
    difficulty_of_target,
    equilibrium_block_seconds,
    get_next_work_required,
    next_difficulty,
    target_of_bits,
    target_of_difficulty,
)
from stakingmodels.protocols.chains.bitcoin.mining import (
    HASHES_PER_DIFFICULTY,
    HASHES_PER_TERAHASH,
    SECONDS_PER_DAY,
    attack_cost_per_day,
    blocks_per_day,
    coins_per_th_s_day,
    difficulty_of_hashrate,
    electricity_cost_per_coin,
    expected_days_per_block,
    hashcost_per_ph_s_day,
    hashcost_per_th_s_day,
    hashprice_coins_per_ph_s_day,
    hashprice_per_ph_s_day,
    hashprice_per_th_s_day,
    share_of_network,
)
from stakingmodels.protocols.chains.bitcoin.params import BLOCK_SECONDS, HALVING_INTERVAL, MAIN, ConsensusParams
from stakingmodels.protocols.chains.bitcoin.payout import FPPS, PPLNS, PPS, Coins, Miner, Payout, PPSPlus, Solo
from stakingmodels.protocols.chains.bitcoin.subsidy import (
    HALVINGS,
    SATOSHI_PER_BITCOIN,
    block_subsidy,
    issued,
    next_halving,
    subsidy_at,
)

__all__ = [
    "BLOCK_SECONDS",
    "FPPS",
    "HALVINGS",
    "HALVING_INTERVAL",
    "HASHES_PER_DIFFICULTY",
    "HASHES_PER_TERAHASH",
    "MAIN",
    "PPLNS",
    "PPS",
    "SATOSHI_PER_BITCOIN",
    "SECONDS_PER_DAY",
    "Coins",
    "ConsensusParams",
    "Miner",
    "PPSPlus",
    "Payout",
    "Solo",
    "StaticReturn",
    "attack_cost_per_day",
    "bits_of_target",
    "block_proof",
    "block_subsidy",
    "blocks_per_day",
    "calculate_next_work_required",
    "coins_per_th_s_day",
    "difficulty_of_hashrate",
    "difficulty_of_target",
    "electricity_cost_per_coin",
    "equilibrium_block_seconds",
    "expected_days_per_block",
    "get_next_work_required",
    "hashcost_per_ph_s_day",
    "hashcost_per_th_s_day",
    "hashprice_coins_per_ph_s_day",
    "hashprice_per_ph_s_day",
    "hashprice_per_th_s_day",
    "issued",
    "next_difficulty",
    "next_halving",
    "share_of_network",
    "static_calculator",
    "subsidy_at",
    "target_of_bits",
    "target_of_difficulty",
]

displays(__name__)
entrances(__name__)
