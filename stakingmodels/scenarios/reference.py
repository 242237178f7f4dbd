"""`reference`: the small built-in world, with numbers of 19 November 2025."""

import numpy as np

from stakingmodels import checks
from stakingmodels.market import BlockFees, CashRate, Difficulty, Factor, Price, StakingReward
from stakingmodels.rates import APR, APY, DAYS_PER_YEAR, as_rate
from stakingmodels.scenarios.joint import Constants, Joint
from stakingmodels.scenarios.prices import Diffusion, Lognormal

REFERENCE_START = np.datetime64("2025-11-19", "D")
"""The day of the opening levels: the close of 19 November 2025, UTC."""

ETH_PRICE_USD = 3_023.07
"""Close of ETH on 2025-11-19, USD. Yahoo Finance, ETH-USD."""
BTC_PRICE_USD = 91_465.99
"""Close of BTC on 2025-11-19, USD. Yahoo Finance, BTC-USD."""
ETH_VOLATILITY = 0.7012
"""Volatility of ETH a year. Yahoo Finance, 1,419 daily log returns of 2022-01-01 to 2025-11-19, standard deviation
(``ddof=1``) times sqrt(365)."""
BTC_VOLATILITY = 0.5186
"""Volatility of BTC a year; same source, days and method as `ETH_VOLATILITY`."""
ETH_BTC_CORRELATION = 0.8375
"""Correlation of the daily log returns of ETH and BTC; same source and days as `ETH_VOLATILITY`."""

BTC_DIFFICULTY = 1.5227e14
"""Bitcoin's difficulty, mean of 2025-11-13 to 2025-11-19. Coin Metrics community data: hash rate times 86,400 over
2**32 times the blocks a day, which are the coins issued over the subsidy of 3.125."""
BTC_DIFFICULTY_TREND = 0.399
"""Growth of the logarithm of Bitcoin's difficulty a year, about 3.3 % a month. Coin Metrics community data: 12 times
the mean log change of monthly mean hash rates, 69 months from 2020-02 to 2025-10."""
BTC_DIFFICULTY_VOLATILITY = 0.234
"""Volatility of Bitcoin's difficulty a year; same source and months as the trend, standard deviation of the log changes
(``ddof=1``) times sqrt(12)."""
BTC_PRICE_DIFFICULTY_CORRELATION = 0.310
"""Correlation of log changes of monthly means, BTC price and hash rate; same source and months as the trend."""
ETH_PRICE_DIFFICULTY_CORRELATION = 0.261
"""Correlation of log changes of monthly means, ETH price (Yahoo Finance) and Bitcoin's hash rate; same months."""

BTC_BLOCK_FEES = 0.0208
"""Transaction fees of a Bitcoin block, BTC. Coin Metrics community data: all fees over all blocks of 2025-10-21 to
2025-11-19."""
ETH_STAKING_REWARD = APR(0.0289)
"""What Ethereum pays on stake, consensus and execution rewards together. etheralpha/validatorqueue-com (MIT; upstream
beaconcha.in), mean of `apr` over 2025-11-13 to 2025-11-19."""


def reference(*, cash_rate: APR | APY | None = None) -> Joint:
    """The built-in world: ETH and BTC prices and Bitcoin's difficulty drawn, staking reward and block fees constant.

    Levels open at those of `REFERENCE_START` and move as correlated geometric Brownian motions. The mean of both
    prices grows at the risk-free rate, so that bearing their risk is not rewarded by itself. None of it is a
    forecast. Every number is a constant of this module, with source, dates and method.

    Parameters
    ----------
    cash_rate
        Risk-free rate of the US dollar, and so the drift of prices; None (default) for 0.

    Raises
    ------
    InputTypeError
        For a bare number: write ``APY(0.04)``.

    Examples
    --------
    >>> from stakingmodels import TimeGrid, simulate
    >>> from stakingmodels.products import reference as products
    >>> from stakingmodels.scenarios import REFERENCE_START, reference
    >>> grid = TimeGrid.daily(REFERENCE_START, days=365, tail=60)
    >>> results = simulate(products(), reference(), grid, capital=100_000.0, paths=100, rng=1)
    >>> list(results)
    ['hold ETH', 'hold BTC', 'staking pool', 'cloud mining', 'cash']
    """
    constants: dict[Factor, object] = {StakingReward("ETH"): ETH_STAKING_REWARD, BlockFees("BTC"): BTC_BLOCK_FEES}
    drift = 0.0
    if cash_rate is not None:
        rate = as_rate("reference: cash_rate", cash_rate)
        daily = checks.real("reference: cash_rate", rate.accrued(1.0 / DAYS_PER_YEAR))
        drift = DAYS_PER_YEAR * float(np.log1p(daily))
        constants[CashRate("USD")] = rate
    return Joint([_levels(drift), Constants(constants)])


def _levels(drift: float) -> Lognormal:
    eth, btc, difficulty = Price("ETH"), Price("BTC"), Difficulty("BTC")
    # a drift is the growth of the mean, the trend that of the logarithm
    growth = BTC_DIFFICULTY_TREND + 0.5 * BTC_DIFFICULTY_VOLATILITY**2
    return Lognormal(
        {
            eth: Diffusion(ETH_PRICE_USD, ETH_VOLATILITY, drift),
            btc: Diffusion(BTC_PRICE_USD, BTC_VOLATILITY, drift),
            difficulty: Diffusion(BTC_DIFFICULTY, BTC_DIFFICULTY_VOLATILITY, growth),
        },
        {
            (eth, btc): ETH_BTC_CORRELATION,
            (btc, difficulty): BTC_PRICE_DIFFICULTY_CORRELATION,
            (eth, difficulty): ETH_PRICE_DIFFICULTY_CORRELATION,
        },
    )
