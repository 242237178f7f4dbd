"""Answers to the vectors of the Cosmos SDK."""

from collections.abc import Mapping

from stakingmodels.protocols.chains import cosmos
from stakingmodels.protocols.chains.cosmos import LegacyDec
from tests.golden.runner import Answer, Inputs


def _dec(inputs: Inputs, key: str) -> LegacyDec:
    return LegacyDec.from_str(str(inputs[key]))


def _mint_params(inputs: Inputs) -> cosmos.MintParams:
    return cosmos.MintParams(
        inflation_rate_change=_dec(inputs, "rate_change"),
        inflation_max=_dec(inputs, "max"),
        inflation_min=_dec(inputs, "min"),
        goal_bonded=_dec(inputs, "goal"),
        blocks_per_year=inputs.integer("blocks_per_year"),
        valid_from="",
        source="vector",
    )


def _next_inflation_rate(inputs: Inputs) -> object:
    inflation = _dec(inputs, "inflation")
    following = cosmos.next_inflation_rate(inflation, _dec(inputs, "bonded_ratio"), _mint_params(inputs))
    return {"delta": following.sub(inflation).fraction, "next": following.fraction}


def _block_provision(inputs: Inputs) -> object:
    params = cosmos.MintParams(
        inflation_rate_change=cosmos.SDK_MINT.inflation_rate_change,
        inflation_max=cosmos.SDK_MINT.inflation_max,
        inflation_min=cosmos.SDK_MINT.inflation_min,
        goal_bonded=cosmos.SDK_MINT.goal_bonded,
        blocks_per_year=inputs.integer("blocks_per_year"),
        valid_from="",
        source="vector",
    )
    return {"provision": cosmos.block_provision(_dec(inputs, "annual_provisions"), params)}


def _allocate_tokens_to_validator(inputs: Inputs) -> object:
    reward = cosmos.allocate_tokens_to_validator(_dec(inputs, "tokens"), _dec(inputs, "commission"))
    return {"commission": reward.commission.fraction, "delegators": reward.current_rewards.fraction}


def _allocate_tokens(inputs: Inputs) -> object:
    votes = [cosmos.Vote(each.integer("power"), _dec(each, "commission")) for each in inputs["validators"]]
    allocation = cosmos.allocate_tokens(inputs.integer("fees"), _dec(inputs, "community_tax"), votes)
    return {
        "community_pool": allocation.community_pool.fraction,
        "outstanding": [reward.outstanding.fraction for reward in allocation.validators],
        "commission": [reward.commission.fraction for reward in allocation.validators],
        "current_rewards": [reward.current_rewards.fraction for reward in allocation.validators],
    }


CASES: Mapping[str, Answer | Mapping[str, Answer]] = {
    "cosmos": {
        "NextInflationRate": _next_inflation_rate,
        "BlockProvision": _block_provision,
        "AllocateTokensToValidator": _allocate_tokens_to_validator,
        "AllocateTokens": _allocate_tokens,
    },
}
