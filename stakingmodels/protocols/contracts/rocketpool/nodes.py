"""Nodes of Rocket Pool: bonds, and split of rewards between a node and the holders whose ether it borrows.

Source: rocket-pool/rocketpool @ fef41a4 (2026-04-17), contracts/contract/: network/RocketNetworkFees.sol,
node/RocketNodeDeposit.sol, megapool/RocketMegapoolDelegate.sol and minipool/RocketMinipoolDelegate.sol. Amounts are
wei, fractions parts of 1e18.
"""

from typing import Any

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels.protocols.contracts.evm import UINT256_MAX, uint256
from stakingmodels.protocols.contracts.rocketpool.settings import CALC_BASE, SATURN, Settings
from stakingmodels.protocols.numbers import number

_DEMAND_DIVISOR = 10**12
_SHARE_SCALE = 10**13  # fractions are stored in five decimals
_INT256_MAX = UINT256_MAX // 2
_INT64 = 2**63 - 1


def get_node_demand(deposit_pool_balance: int, minipool_capacity: int) -> int:
    """Demand of nodes for ether, in wei; negative where minipools wait for ether."""
    balance = uint256("get_node_demand: deposit_pool_balance", deposit_pool_balance)
    return balance - uint256("get_node_demand: minipool_capacity", minipool_capacity)


def get_node_fee_by_demand(node_demand: int, settings: Settings = SATURN) -> int:
    """Commission of a new minipool: the target at no demand, on a cubic to the maximum or minimum at the ends.

    With ``t = (|demand| / range)**3`` in six decimals of the base, ``target + (maximum - target) * t`` for nodes in
    demand, and ``minimum + (target - minimum) * (1 - t)`` for too many of them.

    Parameters
    ----------
    node_demand
        wei, of either sign (`get_node_demand`).
    """
    demand = checks.integer("get_node_fee_by_demand: node_demand", node_demand, -_INT256_MAX, _INT256_MAX)
    least, target, most = settings.node_fee_minimum, settings.node_fee_target, settings.node_fee_maximum
    normalized = abs(demand) * CALC_BASE // settings.node_fee_demand_range
    if normalized >= CALC_BASE:
        return most if demand > 0 else least
    t = (normalized // _DEMAND_DIVISOR) ** 3
    if demand > 0:
        return target + (most - target) * t // CALC_BASE
    return least + (target - least) * (CALC_BASE - t) // CALC_BASE


def get_bond_requirement(num_validators: int, settings: Settings = SATURN) -> int:
    """Wei that a node must have bonded for a number of validators in its megapool (RPIP-42)."""
    number = checks.integer("get_bond_requirement: num_validators", num_validators, 0, _INT64)
    first = settings.base_bond_array
    if number == 0:
        return 0
    if number <= len(first):
        return first[number - 1]
    return first[-1] + (number - len(first)) * settings.reduced_bond


def get_capital_ratio(node_bond: int, user_capital: int) -> int:
    """The node's part of a megapool's ether, in five decimals, as rewards are split by.

    Parameters
    ----------
    node_bond, user_capital
        wei; not both 0.
    """
    bond = uint256("get_capital_ratio: node_bond", node_bond)
    whole = bond + uint256("get_capital_ratio: user_capital", user_capital)
    if whole == 0:
        checks.refuse("get_capital_ratio: node_bond", "must be above 0 where no ether is borrowed", node_bond)
    ratio = bond * CALC_BASE // whole
    return ratio - ratio % _SHARE_SCALE


@attrs.frozen(kw_only=True)
class RewardSplit:
    """Wei of a megapool's rewards to the node, RPL voters, the protocol DAO, and holders of rETH."""

    node: int
    voter: int
    pdao: int
    reth: int


def calculate_rewards(amount: int, capital_ratio: int, settings: Settings = SATURN) -> RewardSplit:
    """The split of a megapool's rewards: shares of the borrowed part, rounded down; all the rest is the node's.

    Parameters
    ----------
    amount
        wei.
    capital_ratio
        The node's part of the ether, of 1e18: the mean since the last distribution (`get_capital_ratio`).
    """
    rewards = uint256("calculate_rewards: amount", amount)
    ratio = checks.integer("calculate_rewards: capital_ratio", capital_ratio, 0, CALC_BASE)
    borrowed = rewards - rewards * ratio // CALC_BASE
    reth = settings.reth_share * borrowed // CALC_BASE
    voter = settings.voter_share * borrowed // CALC_BASE
    pdao = settings.pdao_share * borrowed // CALC_BASE
    return RewardSplit(node=rewards - reth - voter - pdao, voter=voter, pdao=pdao, reth=reth)


def calculate_node_rewards(node_capital: int, user_capital: int, rewards: int, node_fee: int) -> int:
    """Wei of a minipool's rewards to its node: by capital, and a commission on the rest.

    Parameters
    ----------
    node_capital, user_capital
        wei; not both 0. A minipool of 8 ETH earns ``0.25 * rewards + 0.75 * rewards * fee``.
    rewards
        wei.
    node_fee
        The minipool's commission, of 1e18.
    """
    where = "calculate_node_rewards"
    own = uint256(f"{where}: node_capital", node_capital)
    capital = own + uint256(f"{where}: user_capital", user_capital)
    if capital == 0:
        checks.refuse(f"{where}: node_capital", "must be above 0 where no ether is borrowed", node_capital)
    earned = uint256(f"{where}: rewards", rewards)
    fee = checks.integer(f"{where}: node_fee", node_fee, 0, CALC_BASE)
    node_portion = earned * own // capital
    return node_portion + (earned - node_portion) * fee // CALC_BASE


def calculate_node_share(
    balance: int,
    *,
    node_capital: int,
    user_capital: int,
    node_fee: int,
    penalty_rate: int = 0,
    settings: Settings = SATURN,
) -> int:
    """Wei of a minipool's balance that are its node's: losses come off the node's capital first.

    Parameters
    ----------
    balance
        wei. Below `Settings.minipool_rewards_below` it is rewards, and above the capital the rest is.
    node_capital, user_capital
        wei.
    node_fee
        The minipool's commission, of 1e18.
    penalty_rate
        Part (of 1e18) of a returned capital that the oracle takes from a node that stole fees.
    """
    where = "calculate_node_share"
    held = uint256(f"{where}: balance", balance)
    own = uint256(f"{where}: node_capital", node_capital)
    borrowed = uint256(f"{where}: user_capital", user_capital)
    rate = checks.integer(f"{where}: penalty_rate", penalty_rate, 0, CALC_BASE)
    if held < settings.minipool_rewards_below:
        return calculate_node_rewards(own, borrowed, held, node_fee)
    share = max(0, held - borrowed)
    if held > own + borrowed:
        share = own + calculate_node_rewards(own, borrowed, held - own - borrowed, node_fee)
    return share - share * rate // CALC_BASE


def rpl_rewards(inflation: float, supply: float, node_operators_share: float, staked: Any, total_staked: Any) -> Any:
    """RPL a year to a node from inflation, in whole coins: its part of all RPL staked, of the nodes' share of it.

    Parameters
    ----------
    inflation
        New RPL a year over the supply, a fraction.
    supply
        RPL.
    node_operators_share
        Fraction of new RPL that goes to nodes, in [0, 1].
    staked, total_staked
        RPL that the node and that all nodes have staked; floats or arrays, the second above 0.
    """
    share = checks.fraction("rpl_rewards: node_operators_share", node_operators_share)
    new = checks.fraction("rpl_rewards: inflation", inflation) * checks.non_negative("rpl_rewards: supply", supply)
    own, whole = number("rpl_rewards: staked", staked), number("rpl_rewards: total_staked", total_staked)
    if np.any(np.asarray(whole) <= 0):
        checks.refuse("rpl_rewards: total_staked", "must be above 0", total_staked)
    return share * new * own / whole
