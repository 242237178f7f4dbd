"""EigenLayer's vectors: scaling factors after deposits, withdrawable shares, slashed shares."""

from collections.abc import Mapping

from stakingmodels.protocols.contracts import eigenlayer
from tests.golden.runner import Answer, Inputs


def _deposit_then_slash(inputs: Inputs) -> object:
    before, added = inputs.integer("prev_deposit_shares"), inputs.integer("added_shares")
    slashing = inputs.integer("slashing_factor")
    scaling = eigenlayer.update_scaling_factor(inputs.integer("dsf_before"), before, added, slashing)
    shares = before + added
    return {
        "dsf_after": scaling,
        "withdrawable_before_slash": eigenlayer.calc_withdrawable(scaling, shares, slashing),
        "withdrawable_after_slash": eigenlayer.calc_withdrawable(
            scaling, shares, inputs.integer("new_slashing_factor")
        ),
    }


def _slashed_amount(inputs: Inputs) -> object:
    return {
        "slashed": eigenlayer.calc_slashed_amount(
            inputs.integer("operator_shares"),
            inputs.integer("prev_max_magnitude"),
            inputs.integer("new_max_magnitude"),
        )
    }


CASES: Mapping[str, Answer | Mapping[str, Answer]] = {
    "eigenlayer_slashing": {"deposit_then_slash": _deposit_then_slash, "calcSlashedAmount": _slashed_amount}
}
