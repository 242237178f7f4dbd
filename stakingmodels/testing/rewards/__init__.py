"""Checks of reward functions that the library does not know, whatever their signature."""

from stakingmodels.display import displays
from stakingmodels.numerics import entrances
from stakingmodels.testing.rewards.adapter import RewardFunction
from stakingmodels.testing.rewards.cases import RewardCase
from stakingmodels.testing.rewards.conformance import REWARD_CHECKS, RewardCheck, RewardReport, check_reward
from stakingmodels.testing.rewards.drawn import reward_cases

__all__ = [
    "REWARD_CHECKS",
    "RewardCase",
    "RewardCheck",
    "RewardFunction",
    "RewardReport",
    "check_reward",
    "reward_cases",
]

displays(__name__)
entrances(__name__)
