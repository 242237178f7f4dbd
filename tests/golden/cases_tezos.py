"""Tezos' vectors: yearly issuance over the supply, with given bounds and bonus."""

from collections.abc import Mapping

from stakingmodels.protocols.chains import tezos
from tests.golden.runner import Answer, Inputs


def _yearly_issuance_rate(inputs: Inputs) -> object:
    rate = tezos.compute_reward_coeff_ratio(
        inputs.fraction("staked_ratio"),
        bonus=inputs.fraction("bonus"),
        issuance_ratio_min=inputs.fraction("min"),
        issuance_ratio_max=inputs.fraction("max"),
    )
    return {"rate": rate}


CASES: Mapping[str, Answer | Mapping[str, Answer]] = {
    "tezos_adaptive_issuance": {"yearly_issuance_rate": _yearly_issuance_rate}
}
