"""`reference`: the small built-in world, with numbers of 19 November 2025; `reference_fit`, with their errors."""

import numpy as np

from stakingmodels import checks
from stakingmodels.market import (
    BlockFees,
    Difficulty,
    ExecutionReward,
    Factor,
    Hashrate,
    MarketRatio,
    Price,
    StakingReward,
)
from stakingmodels.protocols.chains.ethereum import FULU, GWEI_PER_ETH, issuance
from stakingmodels.rates import APR, APY, as_rate
from stakingmodels.scenarios.estimates import DiffusionFit, Estimate, JumpFit, ReversionFit
from stakingmodels.scenarios.fitted import Fit
from stakingmodels.scenarios.joint import Joint
from stakingmodels.scenarios.responses import ResponseFit

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
ETH_RETURNS = DiffusionFit(
    start=ETH_PRICE_USD,
    volatility=Estimate(0.7012, 0.0310),
    trend=Estimate(-0.051, 0.358),
    changes=1_419,
    excess_kurtosis=4.1,
    distance=0.075,
)
"""ETH's price. Yahoo Finance, the 1,419 daily log returns of 2022-01-01 to 2025-11-19. The built-in world does not use
the trend: prices drift at the cash rate."""
BTC_RETURNS = DiffusionFit(
    start=BTC_PRICE_USD,
    volatility=Estimate(0.5186, 0.0230),
    trend=Estimate(0.175, 0.264),
    changes=1_419,
    excess_kurtosis=4.5,
    distance=0.079,
)
"""BTC's price; same source, days and method as `ETH_RETURNS`."""
SOL_RETURNS = DiffusionFit(
    start=SOL_PRICE_USD,
    volatility=Estimate(0.9930, 0.0646),
    trend=Estimate(-0.056, 0.524),
    changes=1_419,
    excess_kurtosis=10.9,
    distance=0.064,
)
"""SOL's price; same source, days and method as `ETH_RETURNS`."""
ETH_BTC_CORRELATION = Estimate(0.8375, 0.0147)
"""Correlation of the daily log returns of ETH and BTC; same source and days as `ETH_RETURNS`."""
ETH_SOL_CORRELATION = Estimate(0.7447, 0.0214)
"""Correlation of the daily log returns of ETH and SOL; same source and days as `ETH_RETURNS`."""
BTC_SOL_CORRELATION = Estimate(0.7427, 0.0190)
"""Correlation of the daily log returns of BTC and SOL; same source and days as `ETH_RETURNS`."""

ETH_JUMPS = JumpFit(
    volatility=Estimate(0.5829, 0.0158),
    jumps_a_year=Estimate(8.49, 1.48),
    mean=Estimate(0.0020, 0.0243),
    deviation=Estimate(0.1359, 0.0051),
    count=33,
    by_chance=0.09,
    excess_kurtosis=0.8,
    distance=0.051,
)
"""ETH's jumps: days whose return is more than 4 robust deviations from the median; same source and days as
`ETH_RETURNS`."""
BTC_JUMPS = JumpFit(
    volatility=Estimate(0.4277, 0.0111),
    jumps_a_year=Estimate(9.26, 1.54),
    mean=Estimate(0.0150, 0.0165),
    deviation=Estimate(0.0966, 0.0059),
    count=36,
    by_chance=0.09,
    excess_kurtosis=0.9,
    distance=0.057,
)
"""BTC's jumps; same source, days and method as `ETH_JUMPS`."""
SOL_JUMPS = JumpFit(
    volatility=Estimate(0.8708, 0.0254),
    jumps_a_year=Estimate(3.86, 1.00),
    mean=Estimate(-0.0089, 0.0660),
    deviation=Estimate(0.2515, 0.0332),
    count=15,
    by_chance=0.09,
    excess_kurtosis=0.5,
    distance=0.036,
)
"""SOL's jumps; same source, days and method as `ETH_JUMPS`."""
ETH_BTC_CALM_CORRELATION = Estimate(0.7927, 0.0140)
"""As `ETH_BTC_CORRELATION`, on the days on which neither jumps."""
ETH_SOL_CALM_CORRELATION = Estimate(0.7182, 0.0190)
"""As `ETH_SOL_CORRELATION`, on the days on which neither jumps."""
BTC_SOL_CALM_CORRELATION = Estimate(0.7195, 0.0178)
"""As `BTC_SOL_CORRELATION`, on the days on which neither jumps."""
COMMON_JUMPS = Estimate(0.563, 0.072)
"""Share of the jumps of ETH and SOL that fall on a day on which BTC, which jumps most often, does too; same source and
days as `ETH_JUMPS`."""
JUMP_SIZE_CORRELATION = Estimate(0.966, 0.008)
"""Correlation of the sizes of such jumps, each price's own mean and deviation taken out."""

BTC_DIFFICULTY = 1.5227e14
"""Bitcoin's difficulty, mean of 2025-11-13 to 2025-11-19. Coin Metrics community data: hash rate times 86,400 over
2**32 times the blocks a day, which are the coins issued over the subsidy of 3.125."""
BTC_DIFFICULTY_GROWTH = DiffusionFit(
    start=BTC_DIFFICULTY,
    volatility=Estimate(0.234, 0.058),
    trend=Estimate(0.399, 0.099),
    changes=69,
    excess_kurtosis=7.7,
    distance=0.139,
)
"""Bitcoin's difficulty, about 3.3 % more a month. Coin Metrics community data: log changes of monthly mean hash rates,
69 months from 2020-02 to 2025-10."""
BTC_PRICE_DIFFICULTY_CORRELATION = Estimate(0.310, 0.123)
"""Correlation of log changes of monthly means, BTC price and hash rate; same source and months as the growth."""
ETH_PRICE_DIFFICULTY_CORRELATION = Estimate(0.261, 0.111)
"""Correlation of log changes of monthly means, ETH price (Yahoo Finance) and Bitcoin's hash rate; same months."""
SOL_PRICE_DIFFICULTY_CORRELATION = Estimate(0.292, 0.091)
"""Correlation of log changes of monthly means, SOL price (Yahoo Finance) and Bitcoin's hash rate; 65 months from
2020-06 to 2025-10."""
BTC_HASHRATE_RESPONSE = ResponseFit(
    by_lag=(Estimate(0.084, 0.078), Estimate(0.104, 0.071), Estimate(-0.003, 0.059)),
    elasticity=Estimate(0.185, 0.102),
    growth=Estimate(0.329, 0.129),
    volatility=Estimate(0.219, 0.045),
    months=67,
    r_squared=0.131,
)
"""How the hash rate answers to the price. Coin Metrics community data: log changes of monthly mean hash rates on those
of BTC's price in the same month and the two before (``response_lags=2``), 67 months from 2020-04 to 2025-10. In the
long run the elasticity is not identified: with a third month it is 0.09."""
BTC_HEIGHT = 924_350
"""Bitcoin's last block of 2025-11-19, give or take a few: block 840,000 of 2024-04-20 and the blocks since then, which
are the coins issued over the subsidy of 3.125. Coin Metrics community data."""

BTC_BLOCK_FEES = 0.0208
"""Transaction fees of a Bitcoin block, BTC. Coin Metrics community data: all fees over all blocks of 2025-10-21 to
2025-11-19."""

STAKED_ETH = 35_373_671.0
"""ETH staked. etheralpha/validatorqueue-com (MIT; upstream beaconcha.in), mean of `staked_amount` over 2025-11-13 to
2025-11-19."""
ETH_STAKING_REWARD = 0.0289
"""What staking paid a validator in all, a year. Mean of `apr`; same source and days as `STAKED_ETH`."""

STETH_REVERSION = ReversionFit(
    start=0.9986,
    mean=Estimate(0.9986, 0.0005),
    deviation=Estimate(0.0014, 0.00026),
    half_life_days=Estimate(27.3, 12.3),
    noise_share=0.62,
    r_squared=0.777,
    lags=30,
)
"""Ratio of stETH to ETH. Yahoo Finance, STETH-USD over ETH-USD, 573 days from 2023-05-15, when Lido opened withdrawals,
to 2024-12-07. A line through the logarithms of the autocovariances at lags of 1 to 30 days: the noise of two closes,
62 % of the variance, is not in it. The record ends a year before `REFERENCE_START`: the ratio opens at its mean."""


def reference_fit() -> Fit:
    """What the records behind the built-in world say: its parameters with their standard errors.

    `fit` gives them from the series that each constant of this module names, to the printed digits. As those are of
    several records, `first` and `last` are the ends of the longest.

    Examples
    --------
    >>> import numpy as np
    >>> from stakingmodels import Price
    >>> from stakingmodels.scenarios import reference, reference_fit
    >>> found = reference_fit()
    >>> found.levels[Price("ETH")].volatility
    Estimate(value=0.7012, error=0.031)
    >>> drawn = found.draw(np.random.default_rng(1))
    >>> reference(fitted=drawn).notes()[0]
    'Price("ETH") lognormal: start 3023.07, volatility 71.19%, drift 0.00% a year'
    """
    eth, btc, sol, difficulty = Price("ETH"), Price("BTC"), Price("SOL"), Difficulty("BTC")
    return Fit(
        first="2020-01-01",
        last=str(REFERENCE_START),
        # noises are built up in this order, which is part of the seed contract
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
        calm_correlation={
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


def reference(
    *,
    cash_rate: APR | APY | None = None,
    staked_eth: float = STAKED_ETH,
    jumps: bool = False,
    miners: bool = False,
    fitted: Fit | None = None,
) -> Joint:
    """The built-in world: prices, stETH's ratio and Bitcoin's difficulty drawn; staking reward and block fees constant.

    Prices of ETH, BTC and SOL and the difficulty open at their levels of `REFERENCE_START` and move as correlated
    geometric Brownian motions. The mean of every price grows at the risk-free rate, so that bearing its risk is not
    rewarded by itself. The ratio of stETH moves around its mean since withdrawals opened, so that there is no crash
    like that of 2022 in it. None of it is a forecast. It is the scenario of `reference_fit` and a few constants; every
    number is a constant of this module, with source, dates and method.

    Parameters
    ----------
    cash_rate
        Risk-free rate of the US dollar, and so the drift of prices; None (default) for 0.
    staked_eth
        ETH staked in the whole network, 32 at least, which sets the consensus reward by the protocol's rule
        (`protocols.chains.ethereum.issuance`).
    jumps
        Whether prices jump (`Fit.merton_jumps`); by default they do not.
    miners
        Whether Bitcoin's hash rate answers to what hashing earns, and the difficulty to the hash rate
        (`Fit.hashrate_response`); by default the difficulty wanders by itself.
    fitted
        Parameters that take the place of `reference_fit`, such as a draw of them.

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
    found = reference_fit() if fitted is None else fitted
    checks.instance("reference: fitted", found, Fit, "reference_fit().draw(np.random.default_rng(1))")
    follows = checks.flag("reference: miners", miners)
    return found.scenario(
        cash_rate=None if cash_rate is None else as_rate("reference: cash_rate", cash_rate),
        jumps=checks.flag("reference: jumps", jumps),
        miners=found.hashrate_response(height=BTC_HEIGHT, block_fees_btc=BTC_BLOCK_FEES) if follows else None,
        constants=staking_and_fees(staked_eth),
    )


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
