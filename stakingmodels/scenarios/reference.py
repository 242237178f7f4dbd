"""`reference`: the small built-in world, with numbers of 19 November 2025."""

import numpy as np

from stakingmodels import checks
from stakingmodels.market import (
    BlockFees,
    CashRate,
    Difficulty,
    ExecutionReward,
    Factor,
    MarketRatio,
    Price,
    StakingReward,
)
from stakingmodels.protocols.chains.ethereum import FULU, GWEI_PER_ETH, issuance
from stakingmodels.rates import APR, APY
from stakingmodels.scenarios.joint import Constants, Joint
from stakingmodels.scenarios.levels import cash_drift
from stakingmodels.scenarios.pegs import MeanReverting
from stakingmodels.scenarios.prices import Diffusion, Lognormal

_STAKE_LEAST = FULU.min_activation_balance / GWEI_PER_ETH
_STAKE_LIMIT = 1e9  # more ETH than there will be; in Gwei it fits int64

REFERENCE_START = np.datetime64("2025-11-19", "D")
"""The day of the opening levels: the close of 19 November 2025, UTC."""

ETH_PRICE_USD = 3_023.07
"""Close of ETH on 2025-11-19, USD. Yahoo Finance, ETH-USD."""
BTC_PRICE_USD = 91_465.99
"""Close of BTC on 2025-11-19, USD. Yahoo Finance, BTC-USD."""
SOL_PRICE_USD = 136.77
"""Close of SOL on 2025-11-19, USD. Yahoo Finance, SOL-USD."""
ETH_VOLATILITY = 0.7012
"""Volatility of ETH a year. Yahoo Finance, 1,419 daily log returns of 2022-01-01 to 2025-11-19, standard deviation
(``ddof=1``) times sqrt(365)."""
BTC_VOLATILITY = 0.5186
"""Volatility of BTC a year; same source, days and method as `ETH_VOLATILITY`."""
SOL_VOLATILITY = 0.9930
"""Volatility of SOL a year; same source, days and method as `ETH_VOLATILITY`."""
ETH_BTC_CORRELATION = 0.8375
"""Correlation of the daily log returns of ETH and BTC; same source and days as `ETH_VOLATILITY`."""
ETH_SOL_CORRELATION = 0.7447
"""Correlation of the daily log returns of ETH and SOL; same source and days as `ETH_VOLATILITY`."""
BTC_SOL_CORRELATION = 0.7427
"""Correlation of the daily log returns of BTC and SOL; same source and days as `ETH_VOLATILITY`."""

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
SOL_PRICE_DIFFICULTY_CORRELATION = 0.292
"""Correlation of log changes of monthly means, SOL price (Yahoo Finance) and Bitcoin's hash rate; 65 months from
2020-06 to 2025-10."""

BTC_BLOCK_FEES = 0.0208
"""Transaction fees of a Bitcoin block, BTC. Coin Metrics community data: all fees over all blocks of 2025-10-21 to
2025-11-19."""

STAKED_ETH = 35_373_671.0
"""ETH staked. etheralpha/validatorqueue-com (MIT; upstream beaconcha.in), mean of `staked_amount` over 2025-11-13 to
2025-11-19."""
ETH_STAKING_REWARD = 0.0289
"""What staking paid a validator in all, a year. Mean of `apr`; same source and days as `STAKED_ETH`."""

STETH_RATIO = 0.9986
"""Ratio of stETH to ETH around which its market moves: exponential of the mean log ratio of two closes. Yahoo Finance,
STETH-USD over ETH-USD, 573 days from 2023-05-15, when Lido opened withdrawals, to 2024-12-07."""
STETH_DEVIATION = 0.0014
"""Standard deviation of the log ratio that lasts; same source and days as `STETH_RATIO`. A line through the logarithm
of the autocovariances at lags of 1 to 30 days, read at lag 0: the noise of two closes taken apart, 62 % of the
variance, is not in it."""
STETH_HALF_LIFE_DAYS = 27.3
"""Days in which half of a gap has closed: the slope of the same line."""


def reference(*, cash_rate: APR | APY | None = None, staked_eth: float = STAKED_ETH) -> Joint:
    """The built-in world: prices, stETH's ratio and Bitcoin's difficulty drawn; staking reward and block fees constant.

    Prices of ETH, BTC and SOL and the difficulty open at their levels of `REFERENCE_START` and move as correlated
    geometric Brownian motions. The mean of every price grows at the risk-free rate, so that bearing its risk is not
    rewarded by itself. The ratio of stETH moves around its mean since withdrawals opened, so that there is no crash
    like that of 2022 in it. None of it is a forecast. Every number is a constant of this module, with source, dates
    and method.

    Parameters
    ----------
    cash_rate
        Risk-free rate of the US dollar, and so the drift of prices; None (default) for 0.
    staked_eth
        ETH staked in the whole network, 32 at least, which sets the consensus reward by the protocol's rule
        (`protocols.chains.ethereum.issuance`).

    Raises
    ------
    InputTypeError
        For a bare rate: write ``APY(0.04)``.

    Examples
    --------
    >>> from stakingmodels import TimeGrid, simulate
    >>> from stakingmodels.products import reference as products
    >>> from stakingmodels.scenarios import REFERENCE_START, reference
    >>> grid = TimeGrid.daily(REFERENCE_START, days=365, tail=60)
    >>> results = simulate(products(), reference(), grid, capital=100_000.0, paths=100, rng=1)
    >>> list(results)
    ['hold ETH', 'hold BTC', 'solo validator', 'staking pool', 'liquid token', 'exchange earn', 'cloud mining', 'cash']
    """
    constants: dict[Factor, object] = dict(staking_and_fees(staked_eth))
    drift = 0.0
    if cash_rate is not None:
        drift = cash_drift("reference: cash_rate", cash_rate)
        constants[CashRate("USD")] = cash_rate
    peg = MeanReverting(
        MarketRatio("stETH"), mean=STETH_RATIO, deviation=STETH_DEVIATION, half_life_days=STETH_HALF_LIFE_DAYS
    )
    return Joint([_levels(drift), peg, Constants(constants)])


def staking_and_fees(staked_eth: float = STAKED_ETH) -> dict[Factor, APR | float]:
    """The constants of the built-in world: Ethereum's staking reward, its execution part, and Bitcoin's block fees.

    Tips and MEV are what the whole reward of `REFERENCE_START` leaves over what consensus pays at best: 0.10 %, a lower
    bound, since the network does not perform at its best.
    """
    execution = ETH_STAKING_REWARD - _consensus_reward(STAKED_ETH)
    return {
        StakingReward("ETH"): APR(_consensus_reward(staked_eth) + execution),
        ExecutionReward("ETH"): APR(execution),
        BlockFees("BTC"): BTC_BLOCK_FEES,
    }


def _consensus_reward(staked_eth: object) -> float:
    where = "reference: staked_eth"
    stake = checks.positive(where, staked_eth, _STAKE_LIMIT)
    if stake < _STAKE_LEAST:
        checks.refuse(where, f"must be at least {_STAKE_LEAST:g}, one validator", staked_eth)
    return float(issuance(round(stake * GWEI_PER_ETH)).per_year.total)


def _levels(drift: float) -> Lognormal:
    eth, btc, sol, difficulty = Price("ETH"), Price("BTC"), Price("SOL"), Difficulty("BTC")
    # a drift is the growth of the mean, the trend that of the logarithm
    growth = BTC_DIFFICULTY_TREND + 0.5 * BTC_DIFFICULTY_VOLATILITY**2
    return Lognormal(
        {
            eth: Diffusion(ETH_PRICE_USD, ETH_VOLATILITY, drift),
            btc: Diffusion(BTC_PRICE_USD, BTC_VOLATILITY, drift),
            difficulty: Diffusion(BTC_DIFFICULTY, BTC_DIFFICULTY_VOLATILITY, growth),
            sol: Diffusion(SOL_PRICE_USD, SOL_VOLATILITY, drift),
        },
        {
            (eth, btc): ETH_BTC_CORRELATION,
            (btc, difficulty): BTC_PRICE_DIFFICULTY_CORRELATION,
            (eth, difficulty): ETH_PRICE_DIFFICULTY_CORRELATION,
            (eth, sol): ETH_SOL_CORRELATION,
            (btc, sol): BTC_SOL_CORRELATION,
            (sol, difficulty): SOL_PRICE_DIFFICULTY_CORRELATION,
        },
    )
