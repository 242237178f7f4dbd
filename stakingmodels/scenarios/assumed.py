"""Numbers of the built-in scenario as assumptions, by their keys in an assumption set; and its fit from a set.

They are the scenario's numbers of the newest set, which a test holds to them. Not in a set, since they are records that
one number alone would break: the cells of the queues, the jumps (which follow the volatility), the lags of the hash
rate's response, and the height of the last block.
"""

from collections.abc import Mapping
from typing import Any

import attrs

from stakingmodels.assumptions import Assumption, AssumptionSet, Basis, End
from stakingmodels.market import Difficulty, Factor, Hashrate, MarketRatio
from stakingmodels.scenarios import recorded
from stakingmodels.scenarios.calibration.correlations import Pairs
from stakingmodels.scenarios.calibration.estimates import Estimate, GBMFit, JumpFit
from stakingmodels.scenarios.calibration.fitted import Fit
from stakingmodels.scenarios.recorded import REFERENCE_START, reference_fit

_BAND = 1.959963984540054
"""Half the width of a 95 % band in standard errors, of the normal law."""
_COINMETRICS = "Coin Metrics community data"
_QUEUES = "etheralpha/validatorqueue-com (upstream beaconcha.in)"
_OURS = "assumption of the library"
_DAY = str(REFERENCE_START)
_DAILY = "1,461 daily log returns of 2022-01-02 to 2026-01-01; 95 % band of the estimate"
_MONTHLY = "log changes of monthly means, 71 months from 2020-02 to 2025-12; 95 % band of the estimate"
_RESPONSE = "regression of 69 months from 2020-04 to 2025-12; 95 % band of the estimate"
_RATIO = "573 days from 2023-05-15 to 2024-12-07; 95 % band of the estimate"


def _known(base: float, worse: End, evidence: str, source: str) -> Assumption:
    """Assumption on a level that was read off: its range is a point."""
    return _ranged(base, base, base, worse, evidence, source)


def _ranged(low: float, base: float, high: float, worse: End, evidence: str, source: str) -> Assumption:
    basis: Basis = "assumed" if source == _OURS else "measured"
    date = "2026-11" if source == _OURS else _DAY
    return Assumption(
        low=low, base=base, high=high, worse=worse, basis=basis, evidence=evidence, source=source, date=date
    )


def _band(found: Estimate, worse: End, evidence: str, source: str) -> Assumption:
    """Assumption on an estimate: its 95 % band."""
    half = _BAND * found.standard_error
    return _ranged(found.value - half, found.value, found.value + half, worse, evidence, source)


_BINANCE = "Binance, ETHUSDT and SOLUSDT"
_BOTH = f"{_BINANCE}; {_COINMETRICS}"
_RESPONDS = recorded.BTC_HASHRATE_RESPONSE
_STETH = recorded.STETH_REVERSION

NUMBERS: Mapping[str, Assumption] = {
    "world.eth.price": _known(recorded.ETH_PRICE_USD, "low", "close of 2026-01-01", "Binance, ETHUSDT"),
    "world.eth.volatility": _band(recorded.ETH_RETURNS.volatility, "high", _DAILY, "Binance, ETHUSDT"),
    "world.btc.price": _known(recorded.BTC_PRICE_USD, "low", "close of 2026-01-01", _COINMETRICS),
    "world.btc.volatility": _band(recorded.BTC_RETURNS.volatility, "high", _DAILY, _COINMETRICS),
    "world.sol.price": _known(recorded.SOL_PRICE_USD, "low", "close of 2026-01-01", "Binance, SOLUSDT"),
    "world.sol.volatility": _band(recorded.SOL_RETURNS.volatility, "high", _DAILY, "Binance, SOLUSDT"),
    "world.correlation.eth_btc": _band(recorded.ETH_BTC_CORRELATION, "high", _DAILY, _BOTH),
    "world.correlation.btc_difficulty": _band(
        recorded.BTC_PRICE_DIFFICULTY_CORRELATION, "high", _MONTHLY, _COINMETRICS
    ),
    "world.correlation.eth_difficulty": _band(recorded.ETH_PRICE_DIFFICULTY_CORRELATION, "high", _MONTHLY, _BOTH),
    "world.correlation.eth_sol": _band(recorded.ETH_SOL_CORRELATION, "high", _DAILY, _BINANCE),
    "world.correlation.btc_sol": _band(recorded.BTC_SOL_CORRELATION, "high", _DAILY, _BOTH),
    "world.correlation.sol_difficulty": _band(
        recorded.SOL_PRICE_DIFFICULTY_CORRELATION,
        "high",
        "log changes of monthly means, 63 months from 2020-10 to 2025-12; 95 % band of the estimate",
        _BOTH,
    ),
    "world.btc_difficulty.level": _known(
        recorded.BTC_DIFFICULTY, "high", "mean of 2025-12-26 to 2026-01-01, in which it did not change", _COINMETRICS
    ),
    "world.btc_difficulty.growth": _band(recorded.BTC_DIFFICULTY_GROWTH.trend, "high", _MONTHLY, _COINMETRICS),
    "world.btc_difficulty.volatility": _band(recorded.BTC_DIFFICULTY_GROWTH.volatility, "high", _MONTHLY, _COINMETRICS),
    "world.btc_block_fees": _ranged(
        0.0175,
        recorded.BTC_BLOCK_FEES,
        0.0311,
        "low",
        "all fees over all blocks of 2025-12-03 to 2026-01-01; monthly means of July 2025 to June 2026",
        _COINMETRICS,
    ),
    "world.steth.ratio": _band(_STETH.mean, "low", _RATIO, "Yahoo Finance, STETH-USD over ETH-USD"),
    "world.steth.deviation": _band(_STETH.standard_deviation, "high", _RATIO, "Yahoo Finance, STETH-USD over ETH-USD"),
    "world.steth.half_life_days": _band(_STETH.half_life_days, "high", _RATIO, "Yahoo Finance, STETH-USD over ETH-USD"),
    "world.eth_staking_reward": _ranged(
        0.0262,
        recorded.ETH_STAKING_REWARD,
        0.0291,
        "low",
        "mean of the 27 days recorded of 2025-12-03 to 2026-01-01; monthly means of September 2025 to August 2026",
        _QUEUES,
    ),
    "world.staked_eth": _known(recorded.STAKED_ETH, "high", "counted on 2026-01-01", _QUEUES),
    "world.eth_supply": _known(recorded.ETH_SUPPLY, "high", "counted on 2026-01-01", _QUEUES),
    "world.network_uptime": _ranged(
        0.98,
        recorded.NETWORK_UPTIME,
        0.998,
        "low",
        "participation ran above 0.99 (Glassnode, by press of October 2022); low: CADLabs' model",
        _OURS,
    ),
    "world.cash_rate.usd": _known(
        float(recorded.USD_CASH_RATE.value),
        "low",
        "3-month yield of 2025-12-31, 3.67 % with semi-annual compounding, as an effective rate a year",
        "US Treasury, daily par yield curve",
    ),
    "world.stake.growth": _known(
        recorded.ETH_STAKE_GROWTH, "high", "growth of the stake from 2025-01-02 to 2026-01-01", _QUEUES
    ),
    "world.stake.elasticity": _ranged(
        0.0, recorded.ETH_STAKE_ELASTICITY, 1.0, "low", "no record: none, half, and in proportion", _OURS
    ),
    "world.stake.half_life_days": _ranged(
        60.0, recorded.ETH_STAKE_HALF_LIFE_DAYS, 720.0, "high", "no record: two months to two years", _OURS
    ),
    "world.stake.volatility": _ranged(
        0.0, recorded.ETH_STAKE_VOLATILITY, 0.1, "high", "no record: none to 0.10", _OURS
    ),
    "world.execution.deviation": _known(
        recorded.ETH_EXECUTION_DEVIATION, "high", "210 days of 2025-06-01 to 2026-01-01", _QUEUES
    ),
    "world.execution.half_life_days": _known(
        recorded.ETH_EXECUTION_HALF_LIFE_DAYS, "high", "autocorrelations of 0.81 at one day and 0.61 at four", _QUEUES
    ),
    "world.hashrate.elasticity": _band(_RESPONDS.elasticity, "high", _RESPONSE, _COINMETRICS),
    "world.hashrate.growth": _band(_RESPONDS.growth, "high", _RESPONSE, _COINMETRICS),
    "world.hashrate.volatility": _band(_RESPONDS.volatility, "high", _RESPONSE, _COINMETRICS),
    "world.crash.hazard": _ranged(
        0.3, 1.0, 3.0, "high", "no record: five failures of 2022 fell within a week of such a crash", _OURS
    ),
}
"""Numbers by their keys in an assumption set."""


def fit_of(found: AssumptionSet) -> Fit:
    """Fitted parameters of the built-in scenario with the numbers of a set.

    A price's jumps follow its volatility: their sizes and the volatility of calm days change in proportion.

    Parameters
    ----------
    found
        The set.
    """
    base, difficulty = reference_fit(), Difficulty("BTC")
    levels: dict[Factor, GBMFit] = {}
    for factor, terms in base.levels.items():
        if factor == difficulty:
            levels[factor] = attrs.evolve(
                terms,
                initial_level=found["world.btc_difficulty.level"].base,
                trend=_estimate(found, "world.btc_difficulty.growth", terms.trend),
                volatility=_estimate(found, "world.btc_difficulty.volatility", terms.volatility),
            )
        else:
            coin = f"world.{factor.name.lower()}"
            levels[factor] = attrs.evolve(
                terms,
                initial_level=found[f"{coin}.price"].base,
                volatility=_estimate(found, f"{coin}.volatility", terms.volatility),
            )
    ratio, hashrate = MarketRatio("stETH"), Hashrate("BTC")
    reversion, response = base.ratios[ratio], base.responses[hashrate]
    return attrs.evolve(
        base,
        levels=levels,
        correlation=_pairs(found, base.correlation, base.correlation),
        no_jump_correlation=_pairs(found, base.no_jump_correlation, base.correlation),
        jumps={
            f: _scaled(x, levels[f].volatility.value / base.levels[f].volatility.value) for f, x in base.jumps.items()
        },
        ratios={
            ratio: attrs.evolve(
                reversion,
                initial_level=found["world.steth.ratio"].base,
                mean=_estimate(found, "world.steth.ratio", reversion.mean),
                standard_deviation=_estimate(found, "world.steth.deviation", reversion.standard_deviation),
                half_life_days=_estimate(found, "world.steth.half_life_days", reversion.half_life_days),
            )
        },
        responses={
            hashrate: attrs.evolve(
                response,
                elasticity=_estimate(found, "world.hashrate.elasticity", response.elasticity),
                growth=_estimate(found, "world.hashrate.growth", response.growth),
                volatility=_estimate(found, "world.hashrate.volatility", response.volatility),
            )
        },
    )


def _estimate(found: AssumptionSet, key: str, recorded_one: Estimate) -> Estimate:
    """Estimate with the set's value, and the error of its band: that of the record where the number is the record's."""
    number = found[key]
    if number == NUMBERS[key]:
        return recorded_one
    return Estimate(number.base, (number.high - number.low) / (2.0 * _BAND))


def _pairs(found: AssumptionSet, pairs: Pairs, whole: Pairs) -> Pairs:
    """Correlations of a set; of calm days those of the record, moved as the set moves those of all days."""
    moved = {}
    for pair, rho in pairs.items():
        key = "world.correlation." + "_".join(_short(factor) for factor in pair)
        number = _estimate(found, key, whole[pair])
        moved[pair] = number if rho == whole[pair] else attrs.evolve(rho, value=_calm(rho, whole[pair], number))
    return moved


def _calm(calm: Estimate, whole: Estimate, now: Estimate) -> float:
    """Correlation of calm days, as far from 1 or -1 in proportion as the record's is from that of all days."""
    if now == whole:
        return calm.value
    bound = 1.0 if now.value > whole.value else -1.0
    return bound - (bound - calm.value) * (bound - now.value) / (bound - whole.value)


def _short(factor: Factor) -> str:
    return "difficulty" if isinstance(factor, Difficulty) else factor.name.lower()


def _scaled(jumps: JumpFit, by: float) -> JumpFit:
    if by == 1.0:
        return jumps
    sizes: dict[str, Any] = {
        name: Estimate(by * each.value, by * each.standard_error)
        for name in ("volatility", "mean", "standard_deviation")
        for each in [getattr(jumps, name)]
    }
    return attrs.evolve(jumps, **sizes)
