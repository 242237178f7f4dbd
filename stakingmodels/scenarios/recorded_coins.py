"""Recorded numbers of seven more coins of the built-in scenario: opening prices, volatility, jumps, correlations.

Prices are daily closes in USDT, taken as USD, of the source named at each coin; a day is UTC and named by its start.
Method and days are those of `stakingmodels.scenarios.recorded`: daily log returns of 2022-01-02 to 2026-01-01, a jump
is a return beyond 4 robust deviations from the median, errors are those of Newey and West. Two records are shorter.
POL was MATIC until 2024-09-10, which became POL one for one: the four returns between the last close of the one and
the second of the other are left out. XTZ is a perpetual contract, recorded to 2025-11-12, and opens at that close.
"""

from collections.abc import Mapping

import attrs

from stakingmodels.market import Difficulty, Factor, Price
from stakingmodels.scenarios.calibration.estimates import Estimate, GBMFit, JumpFit
from stakingmodels.scenarios.calibration.fitted import Fit


@attrs.frozen(kw_only=True)
class CoinRecord:
    """Recorded price of a coin: its law, its jumps, and where they were measured.

    Parameters
    ----------
    source
        Market and pair.
    last
        Day of the last close, at which the price opens, ``YYYY-MM-DD``. The first return is of 2022-01-02.
    returns
        Volatility and trend of the daily log returns; the built-in scenario does not use the trend.
    jumps
        Jumps among them.
    with_difficulty
        Correlation of the log changes of monthly means with those of Bitcoin's hash rate (Coin Metrics community data).
    months
        First and last month of these changes, ``YYYY-MM``.
    """

    source: str
    last: str
    returns: GBMFit
    jumps: JumpFit
    with_difficulty: Estimate
    months: tuple[str, str]


BUILT_IN_COINS = ("ETH", "BTC", "SOL")
"""Coins whose prices the built-in scenario always has."""
REFERENCE_COINS = (*BUILT_IN_COINS, "ATOM", "ADA", "DOT", "AVAX", "POL", "NEAR", "XTZ")
"""Coins whose prices the built-in scenario can have, in the order in which their noises are correlated."""

RECORDS: Mapping[str, CoinRecord] = {
    "ATOM": CoinRecord(
        source="Binance, ATOMUSDT",
        last="2026-01-01",
        returns=GBMFit(
            initial_level=2.069,
            volatility=Estimate(0.8766, 0.0422),
            trend=Estimate(-0.716, 0.390),
            n_observations=1_461,
            excess_kurtosis=4.2,
            ks_statistic=0.065,
        ),
        jumps=JumpFit(
            volatility=Estimate(0.7622, 0.0251),
            jump_intensity=Estimate(6.00, 1.22),
            mean=Estimate(-0.0154, 0.0377),
            standard_deviation=Estimate(0.1801, 0.0088),
            count=24,
            expected_false_jumps=0.09,
            excess_kurtosis=0.7,
            ks_statistic=0.043,
        ),
        with_difficulty=Estimate(0.360, 0.092),
        months=("2020-02", "2025-12"),
    ),
    "ADA": CoinRecord(
        source="Binance, ADAUSDT",
        last="2026-01-01",
        returns=GBMFit(
            initial_level=0.3565,
            volatility=Estimate(0.8767, 0.0641),
            trend=Estimate(-0.338, 0.428),
            n_observations=1_461,
            excess_kurtosis=16.5,
            ks_statistic=0.082,
        ),
        jumps=JumpFit(
            volatility=Estimate(0.7417, 0.0241),
            jump_intensity=Estimate(4.50, 1.06),
            mean=Estimate(0.0490, 0.0530),
            standard_deviation=Estimate(0.2213, 0.0296),
            count=18,
            expected_false_jumps=0.09,
            excess_kurtosis=1.0,
            ks_statistic=0.049,
        ),
        with_difficulty=Estimate(0.219, 0.068),
        months=("2020-02", "2025-12"),
    ),
    "DOT": CoinRecord(
        source="Binance, DOTUSDT",
        last="2026-01-01",
        returns=GBMFit(
            initial_level=1.999,
            volatility=Estimate(0.8277, 0.0388),
            trend=Estimate(-0.665, 0.390),
            n_observations=1_461,
            excess_kurtosis=5.1,
            ks_statistic=0.061,
        ),
        jumps=JumpFit(
            volatility=Estimate(0.7321, 0.0215),
            jump_intensity=Estimate(4.25, 1.03),
            mean=Estimate(-0.0543, 0.0459),
            standard_deviation=Estimate(0.1852, 0.0173),
            count=17,
            expected_false_jumps=0.09,
            excess_kurtosis=0.8,
            ks_statistic=0.039,
        ),
        with_difficulty=Estimate(0.439, 0.117),
        months=("2020-10", "2025-12"),
    ),
    "AVAX": CoinRecord(
        source="Binance, AVAXUSDT",
        last="2026-01-01",
        returns=GBMFit(
            initial_level=13.59,
            volatility=Estimate(0.9655, 0.0415),
            trend=Estimate(-0.532, 0.494),
            n_observations=1_461,
            excess_kurtosis=4.0,
            ks_statistic=0.054,
        ),
        jumps=JumpFit(
            volatility=Estimate(0.8881, 0.0279),
            jump_intensity=Estimate(3.00, 0.87),
            mean=Estimate(-0.0862, 0.0623),
            standard_deviation=Estimate(0.2106, 0.0229),
            count=12,
            expected_false_jumps=0.09,
            excess_kurtosis=0.9,
            ks_statistic=0.037,
        ),
        with_difficulty=Estimate(0.475, 0.108),
        months=("2020-11", "2025-12"),
    ),
    "POL": CoinRecord(
        source="Binance, MATICUSDT to 2024-09-09 and POLUSDT from 2024-09-13",
        last="2026-01-01",
        returns=GBMFit(
            initial_level=0.1063,
            volatility=Estimate(0.9097, 0.0475),
            trend=Estimate(-0.816, 0.434),
            n_observations=1_457,
            excess_kurtosis=4.7,
            ks_statistic=0.060,
        ),
        jumps=JumpFit(
            volatility=Estimate(0.8093, 0.0262),
            jump_intensity=Estimate(4.01, 1.00),
            mean=Estimate(-0.0217, 0.0544),
            standard_deviation=Estimate(0.2133, 0.0147),
            count=16,
            expected_false_jumps=0.09,
            excess_kurtosis=0.9,
            ks_statistic=0.037,
        ),
        with_difficulty=Estimate(0.235, 0.134),
        months=("2022-02", "2025-12"),
    ),
    "NEAR": CoinRecord(
        source="Binance, NEARUSDT",
        last="2026-01-01",
        returns=GBMFit(
            initial_level=1.627,
            volatility=Estimate(1.0658, 0.0444),
            trend=Estimate(-0.558, 0.539),
            n_observations=1_461,
            excess_kurtosis=3.7,
            ks_statistic=0.054,
        ),
        jumps=JumpFit(
            volatility=Estimate(0.9846, 0.0296),
            jump_intensity=Estimate(3.00, 0.87),
            mean=Estimate(0.0343, 0.0720),
            standard_deviation=Estimate(0.2440, 0.0250),
            count=12,
            expected_false_jumps=0.09,
            excess_kurtosis=0.9,
            ks_statistic=0.041,
        ),
        with_difficulty=Estimate(0.459, 0.101),
        months=("2020-12", "2025-12"),
    ),
    "XTZ": CoinRecord(
        source="Bybit, perpetual XTZUSDT",
        last="2025-11-12",
        returns=GBMFit(
            initial_level=0.5831,
            volatility=Estimate(0.8611, 0.0493),
            trend=Estimate(-0.542, 0.414),
            n_observations=1_411,
            excess_kurtosis=10.0,
            ks_statistic=0.067,
        ),
        jumps=JumpFit(
            volatility=Estimate(0.7357, 0.0230),
            jump_intensity=Estimate(5.17, 1.16),
            mean=Estimate(-0.0066, 0.0459),
            standard_deviation=Estimate(0.2018, 0.0230),
            count=20,
            expected_false_jumps=0.09,
            excess_kurtosis=0.8,
            ks_statistic=0.046,
        ),
        with_difficulty=Estimate(0.425, 0.119),
        months=("2021-01", "2025-10"),
    ),
}
"""Records by coin."""

CORRELATIONS: Mapping[tuple[str, str], tuple[Estimate, Estimate]] = {
    ("ETH", "ATOM"): (Estimate(0.7163, 0.0224), Estimate(0.6850, 0.0203)),
    ("BTC", "ATOM"): (Estimate(0.6686, 0.0224), Estimate(0.6319, 0.0194)),
    ("SOL", "ATOM"): (Estimate(0.6795, 0.0280), Estimate(0.6641, 0.0216)),
    ("ETH", "ADA"): (Estimate(0.7458, 0.0215), Estimate(0.7456, 0.0178)),
    ("BTC", "ADA"): (Estimate(0.7138, 0.0190), Estimate(0.7095, 0.0191)),
    ("SOL", "ADA"): (Estimate(0.7104, 0.0230), Estimate(0.7260, 0.0206)),
    ("ATOM", "ADA"): (Estimate(0.7239, 0.0316), Estimate(0.7076, 0.0228)),
    ("ETH", "DOT"): (Estimate(0.7700, 0.0188), Estimate(0.7649, 0.0172)),
    ("BTC", "DOT"): (Estimate(0.7046, 0.0219), Estimate(0.7074, 0.0173)),
    ("SOL", "DOT"): (Estimate(0.7270, 0.0258), Estimate(0.7313, 0.0210)),
    ("ATOM", "DOT"): (Estimate(0.8109, 0.0178), Estimate(0.7803, 0.0174)),
    ("ADA", "DOT"): (Estimate(0.7991, 0.0279), Estimate(0.8070, 0.0173)),
    ("ETH", "AVAX"): (Estimate(0.7588, 0.0239), Estimate(0.7299, 0.0262)),
    ("BTC", "AVAX"): (Estimate(0.7244, 0.0201), Estimate(0.7044, 0.0208)),
    ("SOL", "AVAX"): (Estimate(0.7661, 0.0216), Estimate(0.7697, 0.0194)),
    ("ATOM", "AVAX"): (Estimate(0.7491, 0.0249), Estimate(0.7071, 0.0226)),
    ("ADA", "AVAX"): (Estimate(0.7573, 0.0263), Estimate(0.7587, 0.0201)),
    ("DOT", "AVAX"): (Estimate(0.8090, 0.0214), Estimate(0.8041, 0.0157)),
    ("ETH", "POL"): (Estimate(0.7842, 0.0160), Estimate(0.7367, 0.0187)),
    ("BTC", "POL"): (Estimate(0.7069, 0.0191), Estimate(0.6600, 0.0201)),
    ("SOL", "POL"): (Estimate(0.7117, 0.0254), Estimate(0.6936, 0.0241)),
    ("ATOM", "POL"): (Estimate(0.7709, 0.0221), Estimate(0.7294, 0.0206)),
    ("ADA", "POL"): (Estimate(0.7519, 0.0306), Estimate(0.7669, 0.0184)),
    ("DOT", "POL"): (Estimate(0.8059, 0.0182), Estimate(0.7892, 0.0173)),
    ("AVAX", "POL"): (Estimate(0.7648, 0.0250), Estimate(0.7353, 0.0247)),
    ("ETH", "NEAR"): (Estimate(0.7157, 0.0234), Estimate(0.6974, 0.0231)),
    ("BTC", "NEAR"): (Estimate(0.6785, 0.0253), Estimate(0.6598, 0.0221)),
    ("SOL", "NEAR"): (Estimate(0.6952, 0.0258), Estimate(0.6877, 0.0243)),
    ("ATOM", "NEAR"): (Estimate(0.7316, 0.0191), Estimate(0.7113, 0.0177)),
    ("ADA", "NEAR"): (Estimate(0.6804, 0.0336), Estimate(0.7079, 0.0266)),
    ("DOT", "NEAR"): (Estimate(0.7786, 0.0192), Estimate(0.7761, 0.0171)),
    ("AVAX", "NEAR"): (Estimate(0.7622, 0.0238), Estimate(0.7467, 0.0238)),
    ("POL", "NEAR"): (Estimate(0.7085, 0.0248), Estimate(0.6956, 0.0229)),
    ("ETH", "XTZ"): (Estimate(0.7192, 0.0351), Estimate(0.7341, 0.0180)),
    ("BTC", "XTZ"): (Estimate(0.6682, 0.0385), Estimate(0.6941, 0.0171)),
    ("SOL", "XTZ"): (Estimate(0.6522, 0.0412), Estimate(0.7037, 0.0190)),
    ("ATOM", "XTZ"): (Estimate(0.7352, 0.0261), Estimate(0.7320, 0.0202)),
    ("ADA", "XTZ"): (Estimate(0.6959, 0.0382), Estimate(0.7508, 0.0180)),
    ("DOT", "XTZ"): (Estimate(0.7660, 0.0282), Estimate(0.7947, 0.0155)),
    ("AVAX", "XTZ"): (Estimate(0.7146, 0.0357), Estimate(0.7426, 0.0219)),
    ("POL", "XTZ"): (Estimate(0.7308, 0.0267), Estimate(0.7398, 0.0181)),
    ("NEAR", "XTZ"): (Estimate(0.6956, 0.0299), Estimate(0.7249, 0.0211)),
}
"""Correlation of the daily log returns of two coins, on all days that both records have and on those on which neither
jumps. Sources and days of `RECORDS` and of `stakingmodels.scenarios.recorded`; 1,461 returns, 1,457 with POL, 1,411
with XTZ, 1,407 of both."""


def with_coins(found: Fit, coins: tuple[str, ...]) -> Fit:
    """Fit with the recorded laws of more coins, after its own levels.

    The share of common jumps and the correlation of their sizes stay those of ETH, BTC and SOL.

    Parameters
    ----------
    found
        Fitted parameters of ETH, BTC, Bitcoin's difficulty and SOL, and of coins that are not added again.
    coins
        Of `REFERENCE_COINS`.
    """
    prices = [Price(coin) for coin in REFERENCE_COINS if coin in coins and Price(coin) not in found.levels]
    if not prices:
        return found
    levels, jumps = dict(found.levels), dict(found.jumps)
    for price in prices:
        levels[price], jumps[price] = RECORDS[price.name].returns, RECORDS[price.name].jumps
    every, calm = dict(found.correlation), dict(found.no_jump_correlation)
    difficulty = Difficulty("BTC")
    for (one, other), (whole, apart) in CORRELATIONS.items():
        pair: tuple[Factor, Factor] = (Price(one), Price(other))
        if Price(other) in prices and pair[0] in levels:
            every[pair], calm[pair] = whole, apart
    if difficulty in levels:
        for price in prices:
            every[price, difficulty] = calm[price, difficulty] = RECORDS[price.name].with_difficulty
    return attrs.evolve(found, levels=levels, jumps=jumps, correlation=every, no_jump_correlation=calm)
