"""Products: term sheets and their positions, one file a product."""

from stakingmodels.display import displays
from stakingmodels.numerics import entrances
from stakingmodels.products.base import Position, Product
from stakingmodels.products.custody.exchange_staking import ExchangeStaking
from stakingmodels.products.holding import Holding
from stakingmodels.products.mining.cloud_mining_contract import CloudMiningContract
from stakingmodels.products.parts.assumed import Assumption
from stakingmodels.products.quote import Quote
from stakingmodels.products.reference import AssumedTerm, assumptions, reference
from stakingmodels.products.staking.liquid_staking_token import LiquidStakingToken
from stakingmodels.products.staking.solo_validator import SoloValidator
from stakingmodels.products.staking.staking_pool import StakingPool
from stakingmodels.products.written import terms_of

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
    "terms_of",
]

displays(__name__)
entrances(__name__, inside=("Position",))
