"""`reference`: the products that are compared when nothing else is said, with dated terms."""

from stakingmodels.market import Event
from stakingmodels.products.base import Product
from stakingmodels.products.cloud_mining_contract import CloudMiningContract
from stakingmodels.products.exchange_staking import ExchangeStaking
from stakingmodels.products.holding import Holding
from stakingmodels.products.liquid_staking_token import LiquidStakingToken
from stakingmodels.products.solo_validator import SoloValidator
from stakingmodels.products.staking_pool import StakingPool

POOL_UNBONDING_DAYS = 34.7
"""Days from asking to leave to the coins: Ethereum's exit queue, mean wait of 2025-11-13 to 2025-11-19.
etheralpha/validatorqueue-com (MIT; upstream beaconcha.in). The wait was 0 on most days of 2023 and 2024, and 46 at its
longest, in September 2025. The sweep that pays the coins out is not in it."""
POOL_SLASHING = Event("slashing:staking pool", hazard=0.01)
"""A slashing that the whole pool feels. The hazard of one in a hundred years is an assumption of the library,
November 2026. The liquid token, whose terms are Lido's as well, is struck with it."""
POOL_SLASHING_SEVERITY = 0.05
"""What such a slashing takes of the pool: the largest fall of its stake that one oracle report may bring to Lido's
contracts (sanity limit; lidofinance/docs#381). That a slashing takes all of it is an assumption of the library."""
SOLO_SLASHING = Event("slashing:solo validator", hazard=0.0002)
"""A slashing of one validator by a fault of its own. The hazard of one in 5,000 years is an assumption of the library,
November 2026."""
TOKEN_EXPLOIT = Event("exploit:liquid token", hazard=0.01)
"""The contracts of the token are exploited. The hazard of one in a hundred years is an assumption of the library,
November 2026."""
TOKEN_EXPLOIT_SEVERITY = 0.50
"""What such an exploit takes of all coins: an assumption of the library, November 2026."""
EXCHANGE_CUSTODIAN = Event("custodian:exchange", hazard=0.02)
"""The exchange defaults. The hazard of one in fifty years is an assumption of the library, November 2026."""
EXCHANGE_RECOVERY = 0.50
"""What creditors get back, in money of the day of default: an assumption of the library, November 2026."""
EXCHANGE_RECOVERY_DAYS = 730.0
"""Days until they get it: an assumption of the library, November 2026."""
EXCHANGE_REDEMPTION_DAYS = POOL_UNBONDING_DAYS
"""Days of redemption: the exchange passes the chain's queue on, as Coinbase does (user agreement, read November
2026)."""
MINING_PROVIDER = Event("provider:cloud mining", hazard=0.10)
"""The provider vanishes with contract and balance. The hazard of one in ten years is an assumption of the library;
BitClub and HashFlare, both large, ended in criminal cases."""


def reference() -> dict[str, Product]:
    """Holding ETH and BTC, a solo validator, a pool, a liquid token, an exchange, cloud mining, and cash.

    Terms that firms and chains set are those of November 2025 or as near as sources go; every one is a constant of
    this module or a field of its product. Hazards are assumptions of the library.

    Returns
    -------
    dict of str to Product
        In the order in which they are compared; a new one at each call.

    Examples
    --------
    >>> from stakingmodels.products import reference
    >>> reference()["staking pool"].commission
    0.1
    """
    return {
        "hold ETH": Holding(asset="ETH"),
        "hold BTC": Holding(asset="BTC"),
        "solo validator": SoloValidator(slashing=SOLO_SLASHING),
        "staking pool": StakingPool(
            asset="ETH",
            unbonding_days=POOL_UNBONDING_DAYS,
            slashing=POOL_SLASHING,
            slashing_severity=POOL_SLASHING_SEVERITY,
        ),
        "liquid token": LiquidStakingToken(
            exploit=TOKEN_EXPLOIT,
            exploit_severity=TOKEN_EXPLOIT_SEVERITY,
            slashing=POOL_SLASHING,
            slashing_severity=POOL_SLASHING_SEVERITY,
        ),
        "exchange earn": ExchangeStaking(
            redemption_days=EXCHANGE_REDEMPTION_DAYS,
            custodian=EXCHANGE_CUSTODIAN,
            recovery=EXCHANGE_RECOVERY,
            recovery_days=EXCHANGE_RECOVERY_DAYS,
        ),
        "cloud mining": CloudMiningContract(provider=MINING_PROVIDER),
        "cash": Holding(asset="USD"),
    }
