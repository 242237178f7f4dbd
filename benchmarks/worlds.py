"""The terms and the world that the library and the numba kernels are both given."""

from collections.abc import Iterable

from stakingmodels import APR
from stakingmodels.market import BlockFees, Difficulty, Event, Factor, Price, StakingReward, TimeGrid
from stakingmodels.products import CloudMiningContract, Holding, Product, StakingPool
from stakingmodels.scenarios import Constants, Diffusion, Joint, Lognormal, Scenario

CAPITAL = 100_000.0
GRID = TimeGrid.daily("2025-11-19", days=365, tail=60)

ETH, BTC, WORK = Price("ETH"), Price("BTC"), Difficulty("BTC")
LEVELS: dict[Factor, Diffusion] = {
    ETH: Diffusion(start=3000.0, volatility=0.70),
    BTC: Diffusion(start=90_000.0, volatility=0.52),
    WORK: Diffusion(start=1.5e14, volatility=0.10, drift=0.35),
}
CORRELATION: dict[tuple[Factor, Factor], float] = {(ETH, BTC): 0.84}
REWARD = APR(0.0287)
BLOCK_FEES = 0.02
SLASHING = Event("slashing:pool", hazard=0.01)
PROVIDER = Event("provider:mine", hazard=0.10)

HOLD_ETH = "hold ETH"
HOLD_BTC = "hold BTC"
POOL = "staking pool"
MINE = "cloud mining"
PRODUCTS: dict[str, Product] = {
    HOLD_ETH: Holding(asset="ETH", buy_fee=0.001, sell_fee=0.001),
    HOLD_BTC: Holding(asset="BTC", buy_fee=0.001, sell_fee=0.001),
    POOL: StakingPool(
        asset="ETH",
        commission=0.10,
        unbonding_days=10,
        buy_fee=0.001,
        sell_fee=0.001,
        slashing=SLASHING,
        slashing_severity=0.01,
    ),
    MINE: CloudMiningContract(provider=PROVIDER, sell_fee=0.001),
}


def levels_of(names: Iterable[str]) -> tuple[Factor, ...]:
    """The random levels that some products read, in the order of `LEVELS`."""
    read = frozenset[Factor]().union(*(PRODUCTS[name].factors for name in names))
    return tuple(level for level in LEVELS if level in read)


def scenario_of(levels: Iterable[Factor]) -> Scenario:
    """A world with these random levels and the constants."""
    asked = {level: LEVELS[level] for level in levels}
    linked = {pair: rho for pair, rho in CORRELATION.items() if asked.keys() >= set(pair)}
    constants = Constants({StakingReward("ETH"): REWARD, BlockFees("BTC"): BLOCK_FEES})
    return Joint([Lognormal(asked, linked), constants])
