"""Conformance checks for products, scenarios, chains and reward functions of anybody; strategies for hypothesis."""

from typing import TYPE_CHECKING

from stakingmodels._lazy import on_demand
from stakingmodels.display import displays
from stakingmodels.numerics import entrances
from stakingmodels.testing.chains import CHAIN_CHECKS, ChainCheck, check_chain
from stakingmodels.testing.conformance import CHECKS, Check, check_product
from stakingmodels.testing.markets import default_markets
from stakingmodels.testing.parametrized import NamedCheck, parametrize_with_checks
from stakingmodels.testing.rewards import (
    REWARD_CHECKS,
    RewardCase,
    RewardCheck,
    RewardFunction,
    RewardReport,
    check_reward,
    reward_cases,
)
from stakingmodels.testing.scenarios import SCENARIO_CHECKS, ScenarioCheck, check_scenario

if TYPE_CHECKING:
    from stakingmodels.testing import strategies

__all__ = [
    "CHAIN_CHECKS",
    "CHECKS",
    "REWARD_CHECKS",
    "SCENARIO_CHECKS",
    "ChainCheck",
    "Check",
    "NamedCheck",
    "RewardCase",
    "RewardCheck",
    "RewardFunction",
    "RewardReport",
    "ScenarioCheck",
    "check_chain",
    "check_product",
    "check_reward",
    "check_scenario",
    "default_markets",
    "parametrize_with_checks",
    "reward_cases",
    "strategies",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = on_demand(__name__, ["strategies"])  # needs an extra

displays(__name__)
entrances(__name__)
