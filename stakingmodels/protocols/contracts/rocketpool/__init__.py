"""Rocket Pool: the rate of rETH, its deposit pool, bonds of nodes, and split of rewards; exact to the wei."""

from stakingmodels.display import displays
from stakingmodels.numerics import entrances
from stakingmodels.protocols.contracts.rocketpool.nodes import (
    RewardSplit,
    calculate_node_rewards,
    calculate_node_share,
    calculate_rewards,
    get_bond_requirement,
    get_capital_ratio,
    get_node_demand,
    get_node_fee_by_demand,
    rpl_rewards,
)
from stakingmodels.protocols.contracts.rocketpool.reth import (
    Mint,
    NetworkBalances,
    deposit,
    get_excess_balance,
    get_maximum_deposit_amount,
    get_reth_collateral_shortfall,
)
from stakingmodels.protocols.contracts.rocketpool.settings import CALC_BASE, ETHER, SATURN, Settings

__all__ = [
    "CALC_BASE",
    "ETHER",
    "SATURN",
    "Mint",
    "NetworkBalances",
    "RewardSplit",
    "Settings",
    "calculate_node_rewards",
    "calculate_node_share",
    "calculate_rewards",
    "deposit",
    "get_bond_requirement",
    "get_capital_ratio",
    "get_excess_balance",
    "get_maximum_deposit_amount",
    "get_node_demand",
    "get_node_fee_by_demand",
    "get_reth_collateral_shortfall",
    "rpl_rewards",
]

displays(__name__)
entrances(__name__)
