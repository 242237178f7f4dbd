"""Recorded numbers of the built-in scenario: levels of 1 January 2026, laws of prices, peg, miners and rewards.

Prices of ETH and SOL are closes of Binance's spot market in USDT, taken as USD; those of BTC are Coin Metrics community
data (``PriceUSD``). Some closes of Yahoo Finance differ from the next day's open by up to 6 %, so they are not used
where Binance has the coin. A day is UTC and named by its start.
"""

import numpy as np

from stakingmodels.market import Difficulty, Hashrate, MarketRatio, Price
from stakingmodels.rates import APY
from stakingmodels.scenarios.calibration.estimates import Estimate, GBMFit, JumpFit, OrnsteinUhlenbeckFit
from stakingmodels.scenarios.calibration.fitted import Fit
from stakingmodels.scenarios.calibration.responses import ResponseFit
from stakingmodels.scenarios.networks.waits import WaitCell

REFERENCE_START = np.datetime64("2026-01-01", "D")
"""Day of the opening levels: the close of 1 January 2026, UTC.

The last day for which prices of ETH, BTC and SOL, difficulty and queues are all recorded in full.
"""

ETH_PRICE_USD = 3_004.19
"""Close of ETH on 2026-01-01. Binance, ETHUSDT."""
BTC_PRICE_USD = 88_684.22
"""Close of BTC on 2026-01-01, USD. Coin Metrics community data."""
SOL_PRICE_USD = 126.90
"""Close of SOL on 2026-01-01. Binance, SOLUSDT."""
ETH_RETURNS = GBMFit(
    initial_level=ETH_PRICE_USD,
    volatility=Estimate(0.6976, 0.0302),
    trend=Estimate(-0.056, 0.350),
    n_observations=1_461,
    excess_kurtosis=3.9,
    ks_statistic=0.071,
)
"""ETH's price. Binance, the 1,461 daily log returns of 2022-01-02 to 2026-01-01.

The built-in scenario does not use the trend: prices drift at the cash rate.
"""
BTC_RETURNS = GBMFit(
    initial_level=BTC_PRICE_USD,
    volatility=Estimate(0.5145, 0.0232),
    trend=Estimate(0.156, 0.258),
    n_observations=1_461,
    excess_kurtosis=4.9,
    ks_statistic=0.082,
)
"""BTC's price. Coin Metrics community data; same days and method as `ETH_RETURNS`."""
SOL_RETURNS = GBMFit(
    initial_level=SOL_PRICE_USD,
    volatility=Estimate(0.9842, 0.0629),
    trend=Estimate(-0.086, 0.510),
    n_observations=1_461,
    excess_kurtosis=10.9,
    ks_statistic=0.065,
)
"""SOL's price. Binance; same days and method as `ETH_RETURNS`."""
ETH_BTC_CORRELATION = Estimate(0.8331, 0.0145)
"""Correlation of the daily log returns of ETH and BTC; sources and days of `ETH_RETURNS` and `BTC_RETURNS`."""
ETH_SOL_CORRELATION = Estimate(0.7446, 0.0215)
"""Correlation of the daily log returns of ETH and SOL; same days."""
BTC_SOL_CORRELATION = Estimate(0.7405, 0.0197)
"""Correlation of the daily log returns of BTC and SOL; same days."""

ETH_JUMPS = JumpFit(
    volatility=Estimate(0.5840, 0.0157),
    jump_intensity=Estimate(8.24, 1.44),
    mean=Estimate(-0.0044, 0.0241),
    standard_deviation=Estimate(0.1350, 0.0050),
    count=33,
    expected_false_jumps=0.09,
    excess_kurtosis=0.8,
    ks_statistic=0.049,
)
"""ETH's jumps: days whose return is more than 4 robust deviations from the median; same source and days as
`ETH_RETURNS`."""
BTC_JUMPS = JumpFit(
    volatility=Estimate(0.4193, 0.0104),
    jump_intensity=Estimate(9.74, 1.56),
    mean=Estimate(0.0072, 0.0159),
    standard_deviation=Estimate(0.0966, 0.0052),
    count=39,
    expected_false_jumps=0.09,
    excess_kurtosis=0.8,
    ks_statistic=0.053,
)
"""BTC's jumps; source of `BTC_RETURNS`, days and method of `ETH_JUMPS`."""
SOL_JUMPS = JumpFit(
    volatility=Estimate(0.8654, 0.0255),
    jump_intensity=Estimate(3.75, 0.97),
    mean=Estimate(-0.0089, 0.0658),
    standard_deviation=Estimate(0.2508, 0.0331),
    count=15,
    expected_false_jumps=0.09,
    excess_kurtosis=0.6,
    ks_statistic=0.038,
)
"""SOL's jumps; source of `SOL_RETURNS`, days and method of `ETH_JUMPS`."""
ETH_BTC_CALM_CORRELATION = Estimate(0.7863, 0.0138)
"""As `ETH_BTC_CORRELATION`, on the days on which neither jumps."""
ETH_SOL_CALM_CORRELATION = Estimate(0.7203, 0.0191)
"""As `ETH_SOL_CORRELATION`, on the days on which neither jumps."""
BTC_SOL_CALM_CORRELATION = Estimate(0.7234, 0.0166)
"""As `BTC_SOL_CORRELATION`, on the days on which neither jumps."""
COMMON_JUMPS = Estimate(0.583, 0.071)
"""Share of the jumps of ETH and SOL that fall on a day on which BTC, which jumps most often, does too; same sources and
days as the jumps."""
JUMP_SIZE_CORRELATION = Estimate(0.972, 0.008)
"""Correlation of the sizes of such jumps, each price's own mean and deviation taken out."""

BTC_DIFFICULTY = 1.48258e14
"""Bitcoin's difficulty, mean of 2025-12-26 to 2026-01-01, in which it did not change. Coin Metrics community data: hash
rate times 86,400 over 2**32 times the blocks a day, which are the coins issued over the subsidy of 3.125."""
BTC_DIFFICULTY_GROWTH = GBMFit(
    initial_level=BTC_DIFFICULTY,
    volatility=Estimate(0.232, 0.056),
    trend=Estimate(0.382, 0.096),
    n_observations=71,
    excess_kurtosis=7.5,
    ks_statistic=0.127,
)
"""Bitcoin's difficulty, about 3.2 % more a month. Coin Metrics community data: log changes of monthly mean hash rates,
71 months from 2020-02 to 2025-12."""
BTC_PRICE_DIFFICULTY_CORRELATION = Estimate(0.322, 0.116)
"""Correlation of log changes of monthly means, BTC price and hash rate; same source and months as the growth."""
ETH_PRICE_DIFFICULTY_CORRELATION = Estimate(0.272, 0.105)
"""Correlation of log changes of monthly means, ETH price (Binance) and Bitcoin's hash rate; same months."""
SOL_PRICE_DIFFICULTY_CORRELATION = Estimate(0.331, 0.097)
"""Correlation of log changes of monthly means, SOL price (Binance) and Bitcoin's hash rate; 63 months from 2020-10 to
2025-12."""
BTC_HASHRATE_RESPONSE = ResponseFit(
    by_lag=(Estimate(0.088, 0.074), Estimate(0.107, 0.069), Estimate(-0.004, 0.059)),
    elasticity=Estimate(0.191, 0.097),
    growth=Estimate(0.317, 0.120),
    volatility=Estimate(0.216, 0.044),
    months=69,
    r_squared=0.142,
)
"""Response of the hash rate to the price.

Coin Metrics community data: log changes of monthly mean hash rates on those of BTC's price in the same month and the
two before (``response_lags=2``), 69 months from 2020-04 to 2025-12. The long-run elasticity is poorly identified: its
error is half of it.
"""
BTC_HEIGHT = 930_490
"""Bitcoin's last block of 2026-01-01, give or take a few: block 840,000 of 2024-04-20 and the blocks since then, which
are the coins issued over the subsidy of 3.125. Coin Metrics community data."""

BTC_BLOCK_FEES = 0.0183
"""Transaction fees of a Bitcoin block, BTC. Coin Metrics community data: all fees over all blocks of 2025-12-03 to
2026-01-01."""

STAKED_ETH = 35_555_714.0
"""ETH staked on 2026-01-01. etheralpha/validatorqueue-com (MIT; upstream beaconcha.in), `staked_amount`. It was 42.2
million on 2026-08-22."""
ETH_SUPPLY = 121_332_983.0
"""All ETH on 2026-01-01; same source, `supply`."""
ETH_STAKING_REWARD = 0.0283
"""Total staking reward of the average validator a year: consensus, tips and MEV, net of average downtime.

Mean of `apr` over the 27 days recorded of 2025-12-03 to 2026-01-01, 2.83 %; same source as `STAKED_ETH`. Monthly means
since then fell from 2.82 % to 2.63 % (August 2026), as the stake rose.
"""
NETWORK_UPTIME = 0.99
"""Share of their time that Ethereum's validators are online, on average: participation ran above 99 % (Glassnode, by
press of October 2022); the worst day of the month that the reward is of, 2025-12-04, had as little as 75 % within 42
epochs (Prysm's report). Low 0.98, the average of the CADLabs Ethereum economic model; high 0.998 [assumption]."""
ETH_STAKE_GROWTH = 0.0465
"""Growth of the stake a year and continuous; `staked_amount` of 2025-01-02 to 2026-01-01, same source."""
ETH_EXECUTION_DEVIATION = 0.51
"""Standard deviation of the logarithm of a day's tips and MEV.

These are `apr` less consensus rewards on the day's stake, 2025-06-01 to 2026-01-01, two days below 0 left out. Same
source.
"""
ETH_EXECUTION_HALF_LIFE_DAYS = 4.0
"""Half-life of that logarithm's gap to its mean, in days.

From its autocorrelations of 0.81 at one day and 0.61 at four. Same days and source.
"""
ETH_STAKE_ELASTICITY = 0.5
"""Elasticity of the wanted stake to the yield: an assumption of the library, November 2026. Low 0, high 1."""
ETH_STAKE_HALF_LIFE_DAYS = 180.0
"""Half-life of the gap to the wanted stake, in days: an assumption of the library, November 2026. Low 60, high 720."""
ETH_STAKE_VOLATILITY = 0.02
"""Volatility of the wanted stake a year: an assumption of the library, November 2026. Low 0, high 0.10."""

ETH_WAITS = (
    WaitCell(7, entry_days=11.24, exit_days=45.52, entry_spread=2.75, exit_spread=1.35),
    WaitCell(11, entry_days=5.44, exit_days=42.03, entry_spread=3.55, exit_spread=1.89),
    WaitCell(26, entry_days=23.93, exit_days=41.16, entry_spread=2.63, exit_spread=2.22),
    WaitCell(14, entry_days=21.80, exit_days=37.11, entry_spread=2.01, exit_spread=2.75),
    WaitCell(10, entry_days=3.72, exit_days=36.42, entry_spread=0.83, exit_spread=2.72),
    WaitCell(13, entry_days=16.57, exit_days=30.00, entry_spread=3.79, exit_spread=3.28),
    WaitCell(11, entry_days=10.56, exit_days=22.22, entry_spread=1.62, exit_spread=4.09),
    WaitCell(24, entry_days=11.08, exit_days=15.06, entry_spread=6.34, exit_spread=3.24),
    WaitCell(11, entry_days=10.36, exit_days=8.95, entry_spread=4.84, exit_spread=3.38),
    WaitCell(15, entry_days=59.04, exit_days=6.45, entry_spread=10.15, exit_spread=2.59),
    WaitCell(16, entry_days=50.51, exit_days=3.35, entry_spread=7.05, exit_spread=1.43),
    WaitCell(5, entry_days=16.27, exit_days=2.97, entry_spread=1.43, exit_spread=2.10),
    WaitCell(16, entry_days=64.64, exit_days=1.13, entry_spread=6.87, exit_spread=1.13),
    WaitCell(31, entry_days=52.11, exit_days=1.10, entry_spread=4.81, exit_spread=0.64),
    WaitCell(17, entry_days=49.48, exit_days=0.33, entry_spread=4.43, exit_spread=0.26),
    WaitCell(8, entry_days=27.22, exit_days=0.18, entry_spread=8.16, exit_spread=0.18),
    WaitCell(17, entry_days=69.61, exit_days=0.07, entry_spread=2.09, exit_spread=0.07),
    WaitCell(22, entry_days=61.75, exit_days=0.01, entry_spread=4.43, exit_spread=0.01),
    WaitCell(38, entry_days=51.05, exit_days=0.01, entry_spread=3.91, exit_spread=0.01),
    WaitCell(45, entry_days=42.47, exit_days=0.01, entry_spread=4.44, exit_spread=0.01),
)
"""Days in Ethereum's activation and exit queues.

The 357 days recorded of 2025-08-23 to 2026-08-22 in 20 cells of similar days (k-means of entry wait and the root of the
exit wait). etheralpha/validatorqueue-com (MIT; upstream beaconcha.in), `entry_wait` and `exit_wait`. A cell has the
count of its days, their means, and the root of 3 times their standard deviations, at most the mean; uniform draws in
this range keep the deviations. The draws have the record's means (38.3 and 11.4 days), deviations (20.4 and 15.8) and
correlation (-0.74), and its quantiles from 5 to 95 % to 0.35 days.
"""
ETH_ENTRY_WAIT_DAYS, ETH_EXIT_WAIT_DAYS = 15.65, 3.87
"""Days in the two queues on 2026-01-01; same source."""

USD_CASH_RATE = APY((1.0 + 0.0367 / 2.0) ** 2 - 1.0)
"""Risk-free rate of USD.

The 3-month yield of the US Treasury's daily par yield curve on 2025-12-31, the last trading day before
`REFERENCE_START`, 3.67 % with semi-annual compounding, which is 3.70 % as APY.
"""

STETH_REVERSION = OrnsteinUhlenbeckFit(
    initial_level=0.9986,
    mean=Estimate(0.9986, 0.0005),
    standard_deviation=Estimate(0.0014, 0.00026),
    half_life_days=Estimate(27.3, 12.3),
    noise_share=0.62,
    r_squared=0.777,
    lags=30,
)
"""Ratio of stETH to ETH. Yahoo Finance, STETH-USD over ETH-USD, 573 days from 2023-05-15, when Lido opened withdrawals,
to 2024-12-07. A line through the logarithms of the autocovariances at lags of 1 to 30 days: the noise of two closes,
62 % of the variance, is not in it. The record ends a year before `REFERENCE_START`: the ratio
opens at its mean."""


def reference_fit() -> Fit:
    """Fitted parameters of the built-in scenario, with their standard errors.

    `fit` returns them from the series named at each constant of this module, to the printed digits. The series come
    from several records; `first` and `last` are the ends of the longest.

    Examples
    --------
    >>> import numpy as np
    >>> from stakingmodels import Price
    >>> from stakingmodels.scenarios import reference, reference_fit
    >>> found = reference_fit()
    >>> found.levels[Price("ETH")].volatility
    Estimate(value=0.6976, standard_error=0.0302)
    >>> drawn = found.sample_parameters(np.random.default_rng(1))
    >>> reference(fitted=drawn).describe()[0]
    'Price("ETH") lognormal: start 3004.19, volatility 70.80% a year, mean growth +3.70% APY, median -19.29% APY'
    """
    eth, btc, sol, difficulty = Price("ETH"), Price("BTC"), Price("SOL"), Difficulty("BTC")
    return Fit(
        first="2020-01-01",
        last=str(REFERENCE_START),
        # noises are correlated in this order, which is part of the seed contract
        levels={eth: ETH_RETURNS, btc: BTC_RETURNS, difficulty: BTC_DIFFICULTY_GROWTH, sol: SOL_RETURNS},
        correlation={
            (eth, btc): ETH_BTC_CORRELATION,
            (btc, difficulty): BTC_PRICE_DIFFICULTY_CORRELATION,
            (eth, difficulty): ETH_PRICE_DIFFICULTY_CORRELATION,
            (eth, sol): ETH_SOL_CORRELATION,
            (btc, sol): BTC_SOL_CORRELATION,
            (sol, difficulty): SOL_PRICE_DIFFICULTY_CORRELATION,
        },
        jumps={eth: ETH_JUMPS, btc: BTC_JUMPS, sol: SOL_JUMPS},
        no_jump_correlation={
            (eth, btc): ETH_BTC_CALM_CORRELATION,
            (btc, difficulty): BTC_PRICE_DIFFICULTY_CORRELATION,
            (eth, difficulty): ETH_PRICE_DIFFICULTY_CORRELATION,
            (eth, sol): ETH_SOL_CALM_CORRELATION,
            (btc, sol): BTC_SOL_CALM_CORRELATION,
            (sol, difficulty): SOL_PRICE_DIFFICULTY_CORRELATION,
        },
        common_share=COMMON_JUMPS,
        size_correlation=JUMP_SIZE_CORRELATION,
        ratios={MarketRatio("stETH"): STETH_REVERSION},
        responses={Hashrate("BTC"): BTC_HASHRATE_RESPONSE},
    )
