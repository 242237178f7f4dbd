"""Types that users see of what they import: read by mypy and pyright, which fail on any other, and never run."""

from collections.abc import Mapping
from typing import Any, assert_type

import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.axes import Axes

import stakingmodels as sm
from stakingmodels import plotting, ratecard, report, serialize
from stakingmodels._types import FloatArray
from stakingmodels.analysis import ComparisonRow
from stakingmodels.assumptions import Assumption, AssumptionSet, assumption_set
from stakingmodels.engine import Moment, Moments, TailRisk, TailRiskReducer
from stakingmodels.measures import Distribution, annualized_return, irr
from stakingmodels.products import reference
from stakingmodels.protocols.chains import ethereum
from stakingmodels.scenarios import Streams

POOL = sm.StakingPool("ETH", commission=0.1)
GRID = sm.TimeGrid.daily("2026-01-01", days=365)
WORLD = sm.Constants({sm.Price("ETH"): 3000.0})


def products() -> None:
    assert_type(reference(), dict[str, sm.Product])
    assert_type(POOL.replace(commission=0.2), sm.StakingPool)
    assert_type(POOL.commission, float | sm.products.Schedule)
    assert_type(POOL.factors, frozenset[sm.Factor])
    leave = sm.LeaveWhen(POOL, sm.Drawdown(sm.Price("ETH"), 0.2))
    assert_type(leave.replace(share=0.5), sm.LeaveWhen)
    assert_type(leave.product, sm.Product)


def runs() -> None:
    results = sm.simulate({"pool": POOL}, WORLD, GRID, capital=1e4)
    assert_type(results, sm.Results)
    outcome = results["pool"]
    assert_type(outcome, sm.Outcome)
    assert_type(outcome.returns, FloatArray)
    assert_type(Distribution(outcome.returns).quantile(0.05), float)
    assert_type(outcome.risk(confidence_level=0.99), sm.Risk)
    assert_type(outcome.coins[sm.Line.COMMISSION], FloatArray)
    assert_type(outcome.closing, FloatArray)
    assert_type(outcome.yields(), sm.Yields)
    assert_type(results.to_frame(), pd.DataFrame)
    assert_type(results.to_xarray(), xr.Dataset)
    assert_type(sm.simulate({"a": POOL}, WORLD, GRID, capital=np.ones(3), reducers={"m": Moments()}), sm.Results)
    assert_type(Moments().summarize(results), dict[str, Moment])
    assert_type(TailRiskReducer(9).result((0, {}, True)), dict[str, TailRisk])


def markets() -> None:
    market = WORLD.market(GRID, POOL.factors, streams=Streams(1), n_paths=1)
    assert_type(market, sm.Market)
    quote = POOL.quote(market, capital=1e4)
    assert_type(quote, sm.Quote)
    assert_type(quote.net, float)
    assert_type(quote.lines, dict[sm.Line, float])
    assert_type(quote.to_text(language="zh-TW"), str)
    assert_type(POOL.run(market, capital=1e4), sm.Outcome)


def comparisons() -> None:
    comparison = sm.compare(sm.simulate({"pool": POOL}, WORLD, GRID, capital=1e4))
    assert_type(comparison, sm.Comparison)
    assert_type(comparison.rows, tuple[ComparisonRow, ...])
    assert_type(comparison.skipped, Mapping[str, str])
    assert_type(comparison.rank("return_mean"), sm.Comparison)
    assert_type(comparison.to_frame(), pd.DataFrame)
    assert_type(comparison.records(), list[dict[str, Any]])
    assert_type(report.write(comparison, "report.html"), None)
    assert_type(plotting.distribution(comparison), Axes)
    assert_type(plotting.svg(plotting.risk_return(comparison, language="zh-TW")), str)
    assert_type(serialize.dumps(comparison), str)


def rates() -> None:
    assert_type(sm.APR(0.03).to_apy(compounding=365), sm.APY)
    assert_type(sm.APY(0.03).to_apr(compounding=365), sm.APR)
    assert_type(irr(np.ones(3), np.ones(3)), float | FloatArray)
    assert_type(annualized_return(0.1, 2.0), float | FloatArray)


def numbers() -> None:
    numbers = assumption_set("2026.11")
    assert_type(numbers, AssumptionSet)
    assert_type(numbers["x"], Assumption)
    assert_type(ratecard.read("{}"), ratecard.RateCard)
    assert_type(ethereum.accepted_random_values(32, ethereum.ELECTRA), int)


def mistakes() -> None:
    """Calls that a checker refuses."""
    sm.StakingPool("ETH", comission=0.1)  # type: ignore[call-arg] # pyright: ignore[reportCallIssue]
    sm.simulate([POOL], WORLD, GRID, capital=1.0)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    sm.simulate({"a": POOL}, WORLD, 365, capital=1.0)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    sm.Price(3)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    sm.APR("3%")  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    plotting.fan("pool")  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
