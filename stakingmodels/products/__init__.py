"""Products: term sheets and their positions, one file a product."""

from stakingmodels.assumptions import Assumption
from stakingmodels.display import displays
from stakingmodels.numerics import entrances
from stakingmodels.products.assumed_terms import AssumedTerm, assumed_terms
from stakingmodels.products.base import Position, Product
from stakingmodels.products.custody.exchange_staking import ExchangeStaking
from stakingmodels.products.holding import Holding
from stakingmodels.products.mining.cloud_mining_contract import CloudMiningContract
from stakingmodels.products.mining.mining_machines import MiningMachines
from stakingmodels.products.parts.clients import client_failure
from stakingmodels.products.parts.entries import Entry
from stakingmodels.products.parts.execution import Execution
from stakingmodels.products.parts.exposure import Exposure
from stakingmodels.products.parts.failures import Failure, failures
from stakingmodels.products.parts.halts import Halt, halts
from stakingmodels.products.parts.operators import among_operators
from stakingmodels.products.parts.payouts import Payout, claim_interval_days
from stakingmodels.products.parts.schedules import Schedule
from stakingmodels.products.parts.tiers import Tiers
from stakingmodels.products.quote import Quote
from stakingmodels.products.reference import assumptions, reference
from stakingmodels.products.staking.liquid_staking_token import LiquidStakingToken
from stakingmodels.products.staking.solo_validator import SoloValidator
from stakingmodels.products.staking.staking_pool import StakingPool
from stakingmodels.products.term_paths import value_of, with_term
from stakingmodels.products.wrappers.base import Wrapper, WrapperPosition
from stakingmodels.products.wrappers.bounds import Above, Below
from stakingmodels.products.wrappers.falls import Drawdown, Falls
from stakingmodels.products.wrappers.leave_when import LeaveWhen
from stakingmodels.products.wrappers.moments import After, Occurs
from stakingmodels.products.wrappers.rules import AllOf, AnyOf, Rule
from stakingmodels.products.wrappers.token_history import TokenHistory, token_history
from stakingmodels.products.wrappers.watch import Watch
from stakingmodels.products.written import terms_of

__all__ = [
    "Above",
    "After",
    "AllOf",
    "AnyOf",
    "AssumedTerm",
    "Assumption",
    "Below",
    "CloudMiningContract",
    "Drawdown",
    "Entry",
    "ExchangeStaking",
    "Execution",
    "Exposure",
    "Failure",
    "Falls",
    "Halt",
    "Holding",
    "LeaveWhen",
    "LiquidStakingToken",
    "MiningMachines",
    "Occurs",
    "Payout",
    "Position",
    "Product",
    "Quote",
    "Rule",
    "Schedule",
    "SoloValidator",
    "StakingPool",
    "Tiers",
    "TokenHistory",
    "Watch",
    "Wrapper",
    "WrapperPosition",
    "among_operators",
    "assumed_terms",
    "assumptions",
    "claim_interval_days",
    "client_failure",
    "failures",
    "halts",
    "reference",
    "terms_of",
    "token_history",
    "value_of",
    "with_term",
]

displays(__name__)
entrances(__name__, inside=("Position", "Watch"))
