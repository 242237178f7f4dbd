"""Answers to the vectors of Avalanche."""

from collections.abc import Mapping

import attrs

from stakingmodels.protocols.chains import avalanche
from tests.golden.runner import Answer, Inputs


def _config(inputs: Inputs) -> avalanche.RewardConfig:
    return avalanche.RewardConfig(
        max_consumption_rate=inputs.integer("max_rate_ppm"),
        min_consumption_rate=inputs.integer("min_rate_ppm"),
        minting_period=inputs.integer("minting_period_ns"),
        supply_cap=inputs.integer("supply_cap_navax"),
    )


def _reward(config: avalanche.RewardConfig, inputs: Inputs) -> object:
    duration, stake, supply = (inputs.integer(key) for key in ("duration_ns", "stake_navax", "supply_navax"))
    return {"reward_navax": avalanche.calculate(config, duration, stake, supply)}


def _calculate(inputs: Inputs) -> object:
    return _reward(_config(inputs), inputs)


def _calculate_helicon(inputs: Inputs) -> object:
    rules = attrs.evolve(avalanche.HELICON, reward_config=_config(inputs))
    since = round(inputs["days_after_helicon"] * avalanche.DAY_NS)
    return _reward(avalanche.config_for_stake_start(rules, since), inputs)


def _split(inputs: Inputs) -> object:
    fee, rest = avalanche.split(inputs.integer("amount"), inputs.integer("shares_ppm"))
    return {"from_shares": fee, "remainder": rest}


CASES: Mapping[str, Answer | Mapping[str, Answer]] = {
    "avalanche": {
        "Calculate": _calculate,
        "PrimaryNetworkCalculate_Helicon": _calculate_helicon,
        "Split (delegation fee)": _split,
    },
}
