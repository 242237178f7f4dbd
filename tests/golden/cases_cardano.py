"""Answers to the vectors of Cardano."""

from collections.abc import Mapping

import attrs

from stakingmodels.protocols.chains import cardano
from tests.golden.runner import Answer, Inputs


def _max_pool(inputs: Inputs) -> object:
    leverage = None if inputs["max_pledge_leverage"] is None else inputs.fraction("max_pledge_leverage")
    params = attrs.evolve(
        cardano.CONWAY, a0=inputs.fraction("a0"), n_opt=inputs.integer("k"), max_pledge_leverage=leverage
    )
    sigma, pledge = inputs.fraction("sigma"), inputs.fraction("relative_pledge")
    return {"reward": cardano.max_pool(inputs.integer("R"), sigma, pledge, params)}


def _operator_and_member(inputs: Inputs) -> object:
    reward, cost = inputs.integer("pool_reward_f"), inputs.integer("cost")
    margin, sigma = inputs.fraction("margin"), inputs.fraction("sigma")
    return {
        "operator": cardano.leader_reward(reward, cost, margin, inputs.fraction("owner_share_s"), sigma),
        "member": cardano.member_reward(reward, cost, margin, inputs.fraction("member_share_t"), sigma),
    }


def _epoch_pot(inputs: Inputs) -> object:
    params = attrs.evolve(cardano.CONWAY, rho=inputs.fraction("rho"), tau=inputs.fraction("tau"))
    pot = cardano.epoch_pot(
        reserves=inputs.integer("reserves"),
        fees=inputs.integer("fees"),
        blocks_made=inputs.integer("blocks_made"),
        params=params,
        expected_blocks=inputs.integer("expected_blocks"),
    )
    return {"delta_r1": pot.delta_r1, "pot": pot.pot, "treasury": pot.treasury, "R": pot.rewards}


CASES: Mapping[str, Answer | Mapping[str, Answer]] = {
    "cardano": {
        "maxPool'": _max_pool,
        "operator/member reward": _operator_and_member,
        "epoch pot": _epoch_pot,
    },
}
