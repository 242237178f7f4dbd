"""Rocket Pool's vectors: rate of rETH, commission by demand, bonds, split of a megapool's rewards."""

from collections.abc import Mapping
from fractions import Fraction

import attrs

from stakingmodels.protocols.contracts import rocketpool
from tests.golden.runner import Answer, Inputs


def _wei(ether: Fraction) -> int:
    amount = ether * rocketpool.ETHER
    if amount.denominator != 1:
        raise ValueError(f"no whole number of wei: {ether}")
    return amount.numerator


def _node_fee(inputs: Inputs) -> object:
    settings = attrs.evolve(
        rocketpool.SATURN,
        node_fee_minimum=inputs.integer("min"),
        node_fee_target=inputs.integer("target"),
        node_fee_maximum=inputs.integer("max"),
        node_fee_demand_range=inputs.integer("range"),
    )
    return {"fee": rocketpool.get_node_fee_by_demand(inputs.integer("demand"), settings)}


def _reth_rate(inputs: Inputs) -> object:
    balances = rocketpool.NetworkBalances(inputs.integer("total_eth_balance"), inputs.integer("reth_supply"))
    amount = inputs.integer("amount")
    return {
        "getEthValue": balances.get_eth_value(amount),
        "getRethValue": balances.get_reth_value(amount),
        "getExchangeRate": balances.get_exchange_rate(),
    }


def _rewards(inputs: Inputs) -> object:
    settings = attrs.evolve(
        rocketpool.SATURN,
        node_commission_share=_wei(inputs.fraction("node_share")),
        voter_share=_wei(inputs.fraction("voter_share")),
        pdao_share=_wei(inputs.fraction("pdao_share")),
    )
    split = rocketpool.calculate_rewards(inputs.integer("rewards"), inputs.integer("capital_ratio"), settings)
    return attrs.asdict(split)


def _bond(inputs: Inputs) -> object:
    settings = attrs.evolve(rocketpool.SATURN, reduced_bond=_wei(inputs.fraction("reduced_bond_eth")))
    bond = Fraction(rocketpool.get_bond_requirement(inputs["validators"], settings), rocketpool.ETHER)
    return {"cumulative_bond_eth": bond.numerator if bond.denominator == 1 else float(bond)}


CASES: Mapping[str, Answer | Mapping[str, Answer]] = {
    "rocketpool": {
        "getNodeFeeByDemand": _node_fee,
        "reth_rate": _reth_rate,
        "megapool_calculateRewards": _rewards,
        "getBondRequirement": _bond,
    }
}
