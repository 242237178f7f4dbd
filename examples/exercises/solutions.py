"""Solutions of the exercises, by the library where it has the answer."""

import numpy as np

from stakingmodels import (
    APR,
    APY,
    CashRate,
    Constants,
    Event,
    Holding,
    LiquidStakingToken,
    Market,
    MarketRatio,
    Price,
    StakingPool,
    StakingReward,
    TimeGrid,
    Units,
)
from stakingmodels.measures import Distribution, real_yield
from stakingmodels.protocols.chains import bitcoin
from stakingmodels.scenarios import Streams


def answer_1() -> float:
    """Return the APR of an APY."""
    return float(APY(0.12).to_apr(compounding=365).value)


def answer_2() -> float:
    """Return the profit of a round trip: 0.5 ETH with the fee of buying them is what must be put in."""
    grid = TimeGrid.daily("2026-01-01", days=30)
    market = Market(grid, {Price("ETH"): np.linspace(3_000.0, 3_500.0, grid.n_times)})
    outcome = Holding("ETH", buy_fee=0.001, sell_fee=0.001).run(market, capital=0.5 * 3_000.0 * 1.001)
    return float(outcome.profit[0])


def answer_3() -> float:
    """Return the coins that a pool pays in half a year."""
    grid = TimeGrid.daily("2026-01-01", days=180)
    market = Market(grid, {Price("ETH"): 3_000.0, StakingReward("ETH"): APR(0.04)})
    pool = StakingPool("ETH", commission=0.15, compounding=False)
    return float(pool.run(market, capital=Units(10.0, "ETH")).coins_net[0])


def answer_4() -> float:
    """Return the fall at which the coins gained just make up for the price."""
    return 1.0 - 1.0 / (1.0 + float(APY(0.20).value))


def answer_5() -> float:
    """Return the days from asking to the money."""
    grid = TimeGrid.daily("2026-01-01", days=30, settlement_days=30)
    market = Market(grid, {Price("ETH"): 3_000.0, StakingReward("ETH"): APR(0.04)})
    pool = StakingPool("ETH", unbonding_days=9.0, withdrawal_days=5.0)
    return float(pool.run(market, capital=10_000.0).days_to_cash[0])


def answer_6() -> float:
    """Return the chance of an event; 20,000 paths agree with it."""
    exploit = Event("exploit")
    grid = TimeGrid.daily("2026-01-01", days=730)
    market = Constants({exploit: 0.01}).market(grid, frozenset({exploit}), streams=Streams(1), n_paths=20_000)
    *_, last = market.chunks()
    struck = np.unique(np.concatenate(list(last.hits[exploit].values()))).size / 20_000
    chance = float(-np.expm1(-0.01 * 2.0))
    if abs(struck - chance) > 4.0 * np.sqrt(chance / 20_000):
        raise ValueError(f"{struck} is not {chance}")
    return chance


def answer_7() -> float:
    """Return the hashprice."""
    return float(bitcoin.hashprice_per_ph_s_day(1e14, 3.125, 100_000.0))


def answer_8() -> float:
    """Return the pay-out of a contract over its price."""
    return 360.0 * float(bitcoin.hashprice_per_th_s_day(1e14, 3.125, 100_000.0)) / 20.0


def answer_9() -> float:
    """Return the rate after the growth of supply."""
    return float(real_yield(0.12, 0.08))


def answer_10() -> float:
    """Return the paths for a quarter of the error."""
    return 1_000.0 * (0.02 / 0.005) ** 2


def answer_11() -> float:
    """Return the mean loss of the worst five of a hundred."""
    return Distribution(np.arange(-50, 50) / 100.0).expected_shortfall(0.95)


def answer_12() -> float:
    """Return the money of the patient holder above that of the seller, over the worth of the coins inside."""
    grid = TimeGrid.daily("2026-01-01", days=1, settlement_days=30)
    rates = {StakingReward("ETH"): APR(0.0), CashRate("USD"): APR(0.0365)}
    market = Market(grid, {Price("ETH"): 3_000.0, MarketRatio("stETH"): 0.95, **rates})
    token = LiquidStakingToken("ETH", queue_days=30.0, redeemable_from=None)
    sold, queued = (token.replace(exit_route=route).run(market, capital=30_000.0) for route in ("sale", "queue"))
    return float(queued.closing[0] - sold.closing[0]) / 30_000.0
