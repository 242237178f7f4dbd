"""Term sheets and the positions they become; one file a product."""

from stakingmodels.numerics import entrances
from stakingmodels.products.assumed import Assumption
from stakingmodels.products.base import Position, Product
from stakingmodels.products.cloud_mining_contract import CloudMiningContract
from stakingmodels.products.exchange_staking import ExchangeStaking
from stakingmodels.products.holding import Holding
from stakingmodels.products.liquid_staking_token import LiquidStakingToken
from stakingmodels.products.quote import Quote
from stakingmodels.products.reference import AssumedTerm, assumptions, reference
from stakingmodels.products.run import run_block
from stakingmodels.products.solo_validator import SoloValidator
from stakingmodels.products.staking_pool import StakingPool

__all__ = [
    "AssumedTerm",
    "Assumption",
    "CloudMiningContract",
    "ExchangeStaking",
    "Holding",
    "LiquidStakingToken",
    "Position",
    "Product",
    "Quote",
    "SoloValidator",
    "StakingPool",
    "assumptions",
    "reference",
    "run_block",
]

entrances(__name__, inside=("Position",))
