"""Comparisons, ladders, controlled means, backtests, and measures of fixed arrays."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from stakingmodels import Holding, StakingPool, TimeGrid, backtest, compare
from stakingmodels.analysis import Backtest, control_variate_means
from stakingmodels.measures import (
    ControlVariateMean,
    Distribution,
    annual_volatility,
    annualized_return,
    clopper_pearson,
    effective_sample_size,
    garwood,
    irr,
    max_drawdown,
    newey_west,
    real_yield,
    sharpe_ratio,
    simple_rate,
    sortino_ratio,
    total_return,
)
from stakingmodels.products import reference as reference_products
from stakingmodels.scenarios import reference as reference_world
from tests.corpus import worlds
from tests.corpus.read import comparison_values, controlled_means_values, controlled_values
from tests.corpus.runs import SHORT, run


def compared(**how: Any) -> object:
    """Rows by their order, then ranked in other ways."""
    level, benchmark = how.pop("level", 0.95), how.pop("benchmark", None)
    found = compare(run(**how), confidence_level=level, benchmark=benchmark)
    ranked = found.rank("return_median", max_es=0.9, max_days_to_cash=1e3, max_infeasible=0.5)
    return [comparison_values(found), comparison_values(ranked), found.rank().rows[0].return_mean]


def controlled(**how: Any) -> object:
    return controlled_means_values(control_variate_means(run(**how)))


def backtest_values(found: Backtest) -> object:
    """Every window, then coverage, ranks and histogram of each product in its order."""
    rows = [
        [row.start, row.end, row.realized, row.low, row.median, row.high, row.pit, row.inside] for row in found.rows
    ]
    covered = [
        [
            each.n_windows,
            each.n_inside,
            each.n_below,
            each.n_above,
            each.share,
            each.ci_low,
            each.ci_high,
            each.expected,
        ]
        for each in found.coverage(confidence_level=0.9)
    ]
    return [
        rows,
        covered,
        [found.pits(name) for name in found.products],
        [list(counts) for counts in found.histogram(5).values()],
    ]


def tested(**how: Any) -> object:
    given: dict[str, Any] = {"days": 40, "first": "2022-12-01", "capital": 1e4, "n_paths": 300, "rng": 3} | how
    held = {"eth": Holding(asset="ETH"), "btc": Holding(asset="BTC", sell_fee=0.01)}
    return backtest_values(backtest(held, worlds.CLOSES, **given))


def staked_backtest() -> object:
    """With a recorded reward, and windows with tails."""
    record = worlds.recorded(
        {worlds.ETH: worlds.walk(21, 400, 0.7, 2000.0), worlds.REWARD: np.linspace(0.05, 0.03, 400)}
    )
    held = {"pool": StakingPool(unbonding_days=5.0)}
    return backtest_values(
        backtest(
            held,
            record,
            days=30,
            first="2022-09-01",
            settlement_days=10,
            capital=1e4,
            lookback_days=120,
            n_paths=200,
            rng=4,
        )
    )


RANDOM = np.random.default_rng(17)
VALUES = np.exp(np.cumsum(0.02 * RANDOM.standard_normal((90, 40)), axis=0))
RETURNS = 0.1 + 0.4 * RANDOM.standard_normal(5_001)
FLOWS = np.concatenate([-np.ones((1, 40)), 0.3 * RANDOM.random((6, 40))])
TIMES = np.array([0.0, 0.1, 0.3, 0.35, 1.0, 1.7, 2.0])


def tails() -> object:
    found = Distribution(RETURNS)
    parts = {0: 0.3 * RETURNS, 1: 0.7 * RETURNS}
    one_each = [found.mean(), found.median(), found.standard_deviation(), found.probability_of_loss(0.05)]
    by_level = [
        [
            found.quantile(level),
            found.lower_end(level),
            found.value_at_risk(level),
            found.expected_shortfall(level),
            found.standard_error_of_value_at_risk(level),
            found.standard_error_of_expected_shortfall(level),
            found.tail_weights(level),
            list(found.expected_shortfall_split(parts, level).values()),
        ]
        for level in (0.8, 0.95, 0.9917)
    ]
    return [one_each, by_level]


def of_paths() -> object:
    single = VALUES[:, 0]
    return [
        [max_drawdown(VALUES), annual_volatility(VALUES), annual_volatility(VALUES, periods_per_year=52, ddof=0)],
        [sharpe_ratio(VALUES, risk_free_apy=0.03), sortino_ratio(VALUES, risk_free_apy=0.03)],
        [max_drawdown(single), annual_volatility(single), sharpe_ratio(single), sortino_ratio(single)],
    ]


def rates() -> object:
    periods, years = np.linspace(-0.9, 3.0, 50), np.linspace(0.05, 4.0, 50)
    return [
        annualized_return(periods, years),
        simple_rate(periods, years),
        total_return(1.0 + years, 2.0 + periods),
        real_yield(0.01 * years, 0.01 * periods),
        irr(FLOWS, TIMES),
        irr(FLOWS[:, 3], TIMES),
    ]


def counts() -> object:
    return [
        [
            list(clopper_pearson(k, n, confidence_level=level))
            for k, n in ((0, 9), (3, 40), (40, 40))
            for level in (0.9, 0.95)
        ],
        [
            list(garwood(k, years, confidence_level=level))
            for k, years in ((0, 3.0), (5, 120.0))
            for level in (0.9, 0.95)
        ],
        [newey_west(RETURNS[:400], lag) for lag in (0, 3, 30)],
        [effective_sample_size(RETURNS[:400], lag) for lag in (0, 3, 30)],
    ]


def means() -> object:
    control = 1.0 + 0.5 * (RETURNS - 0.1)
    one, other = (
        ControlVariateMean.of(RETURNS[:2000], control[:2000]),
        ControlVariateMean.of(RETURNS[2000:], control[2000:]),
    )
    return [controlled_values(mean) for mean in (one, other, one.merge(other), ControlVariateMean.of(RETURNS, None))]


def cases() -> dict[str, Callable[[], object]]:
    reference = {
        "products": reference_products(),
        "world": reference_world(),
        "grid": TimeGrid.daily("2026-01-01", days=90, settlement_days=90),
        "n_paths": 250,
    }
    return {
        "compare/rows": compared,
        "compare/benchmark, level": partial(compared, benchmark="pool", level=0.8, n_paths=333),
        "compare/reference": partial(compared, **reference),
        "compare/lines": partial(compared, keep="summary", benchmark="hold", n_paths=9_000, grid=SHORT),
        "compare/stratified": partial(compared, event_sampling="stratified"),
        "compare/record": partial(
            compared, world=worlds.RECORD, n_paths=None, products={"a": Holding(asset="ETH"), "b": Holding(asset="BTC")}
        ),
        "controlled/rows": controlled,
        "controlled/reference": partial(controlled, **reference),
        "backtest/plain": tested,
        "backtest/lookback, band": partial(tested, lookback_days=200, band=(0.1, 0.8)),
        "backtest/staked": staked_backtest,
        "measures/tails": tails,
        "measures/paths": of_paths,
        "measures/rates": rates,
        "measures/counts": counts,
        "measures/means": means,
    }
