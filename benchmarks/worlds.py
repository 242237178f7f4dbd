"""The terms and the world that the library and the numba kernels are both given."""

from collections.abc import Iterable
from typing import Any

import attrs

from stakingmodels import APR
from stakingmodels.market import (
    BlockFees,
    Difficulty,
    Event,
    ExecutionReward,
    Factor,
    MarketRatio,
    Price,
    StakingReward,
    TimeGrid,
)
from stakingmodels.products import (
    CloudMiningContract,
    ExchangeStaking,
    Failure,
    LiquidStakingToken,
    Product,
    SoloValidator,
    StakingPool,
)
from stakingmodels.products.reference import (
    EXCHANGE_FAILURES,
    MINING_FAILURES,
    POOL_FAILURES,
    SOLO_SLASHING,
    TOKEN_FAILURES,
)
from stakingmodels.scenarios import GBM, Constants, GeometricBrownianMotion, Joint, MeanRevertingPeg, Scenario

SEED = 1
CAPITAL = 100_000.0
GRID = TimeGrid.daily("2025-11-19", days=365, settlement_days=60)

ETH, BTC, WORK, RATIO = Price("ETH"), Price("BTC"), Difficulty("BTC"), MarketRatio("stETH")
DIFFUSIONS: dict[Factor, GBM] = {
    ETH: GBM(initial_level=3000.0, volatility=0.70),
    BTC: GBM(initial_level=90_000.0, volatility=0.52),
    WORK: GBM(initial_level=1.5e14, volatility=0.10, drift=0.35),
}
CORRELATION: dict[tuple[Factor, Factor], float] = {(ETH, BTC): 0.84}
PEG = MeanRevertingPeg(RATIO, mean=0.9986, standard_deviation=0.0014, half_life_days=27.3)
LEVELS: tuple[Factor, ...] = (*DIFFUSIONS, RATIO)
REWARD = APR(0.0289)
EXECUTION = APR(0.0030)
BLOCK_FEES = 0.02
CONSTANTS: dict[Factor, object] = {
    StakingReward("ETH"): REWARD,
    ExecutionReward("ETH"): EXECUTION,
    BlockFees("BTC"): BLOCK_FEES,
}

SOLO = "solo validator"
POOL = "staking pool"
TOKEN = "liquid token"  # noqa: S105  # a coin
EXCHANGE = "exchange earn"
MINE = "cloud mining"
_SLASHING, _EXPLOIT = POOL_FAILURES[0], TOKEN_FAILURES[1]
_FEES: dict[str, Any] = {"buy_fee": 0.001, "sell_fee": 0.001}
PRODUCTS: dict[str, Product] = {
    SOLO: SoloValidator(slashing=SOLO_SLASHING, **_FEES),
    POOL: StakingPool(unbonding_days=34.7, failures=(_SLASHING,), **_FEES),
    TOKEN: LiquidStakingToken(queue_days=34.7, failures=(_SLASHING, _EXPLOIT), **_FEES),
    EXCHANGE: ExchangeStaking(redemption_days=35.0, failures=EXCHANGE_FAILURES, **_FEES),
    MINE: CloudMiningContract(failures=MINING_FAILURES, sell_fee=0.001),
}
"""Fixed waits, as the kernels take them, and one slashing for the pool and the token."""


def failure(product: Product, line: str) -> Failure:
    """The failure of a product that is booked under a line."""
    held: Any = product
    found: Failure = next(each for each in held.failures if each.line == line)
    return found


def _solo_slashing() -> Event:
    solo = PRODUCTS[SOLO]
    if not isinstance(solo, SoloValidator) or solo.slashing is None:
        raise TypeError(f"{SOLO} has no slashing: {solo!r}")
    return solo.slashing


EVENTS: tuple[Event, ...] = (
    failure(PRODUCTS[POOL], "slashing").event,
    _solo_slashing(),
    failure(PRODUCTS[TOKEN], "exploit").event,
    failure(PRODUCTS[EXCHANGE], "credit").event,
    failure(PRODUCTS[MINE], "credit").event,
)
"""In the order of the kernels' rows."""


def dear(name: str) -> Product:
    """A product in hard times: a validator that costs a hundred times as much, so that its holder must add money."""
    product = PRODUCTS[name]
    if isinstance(product, SoloValidator):
        return attrs.evolve(product, running_cost_usd_per_day=100.0 * product.running_cost_usd_per_day)
    return product


def levels_of(names: Iterable[str]) -> tuple[Factor, ...]:
    """The random levels that some products read, in the order of `LEVELS`."""
    read = frozenset[Factor]().union(*(PRODUCTS[name].factors for name in names))
    return tuple(level for level in LEVELS if level in read)


def scenario_of(levels: Iterable[Factor]) -> Scenario:
    """A world with these random levels and the constants."""
    asked = frozenset(levels)
    diffusions = {level: terms for level, terms in DIFFUSIONS.items() if level in asked}
    linked = {pair: rho for pair, rho in CORRELATION.items() if asked >= set(pair)}
    peg = [PEG] if RATIO in asked else []
    return Joint([GeometricBrownianMotion(diffusions, correlation=linked), *peg, Constants(CONSTANTS)])
