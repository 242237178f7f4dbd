"""NEAR's vectors: the rewards of an epoch."""

from collections.abc import Mapping
from fractions import Fraction

from stakingmodels.protocols.chains import near
from tests.golden.runner import Answer, Inputs

_RULES = near.MAINNET_FROM_81


def _fraction(inputs: Inputs, key: str, default: Fraction) -> Fraction:
    return inputs.fraction(key) if key in inputs else default


def _validator(inputs: Inputs) -> near.Validator:
    produced, expected = (int(part) for part in inputs["uptime"].split("/"))
    return near.Validator(account_id=inputs["id"], stake=inputs.integer("stake"), blocks=(produced, expected))


def _calculate_reward(inputs: Inputs) -> object:
    rules = near.RewardRules(
        max_inflation_rate=inputs.fraction("max_inflation"),
        protocol_reward_rate=_fraction(inputs, "treasury_rate", _RULES.protocol_reward_rate),
        online_min_threshold=_fraction(inputs, "online_min", _RULES.online_min_threshold),
        online_max_threshold=_fraction(inputs, "online_max", _RULES.online_max_threshold),
        num_seconds_per_year=inputs.get("seconds_per_year", _RULES.num_seconds_per_year),
    )
    rewards, minted = near.calculate_reward(
        [_validator(each) for each in inputs["validators"]],
        total_supply=inputs.integer("total_supply"),
        epoch_duration=inputs.get("epoch_duration_s", 1) * near.NANOSECONDS_PER_SECOND,
        rules=rules,
    )
    # a vector that does not say how long the epoch was does not say what was minted either
    return rewards | {"minted": minted} if "epoch_duration_s" in inputs else rewards


CASES: Mapping[str, Answer | Mapping[str, Answer]] = {"near": {"calculate_reward": _calculate_reward}}
