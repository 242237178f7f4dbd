"""The values of a result, in an order that is written here: the only place to change where a name changes."""

from typing import Any

import numpy as np

from stakingmodels import Group, Line, Outcome, Quote, Results, Risk, Yields
from stakingmodels.analysis import Comparison, ControlVariateMeans
from stakingmodels.engine import Moment, TailRisk
from stakingmodels.market import Event, Factor, Market
from stakingmodels.measures import ControlVariateMean
from tests.corpus.digest import bag

LINES = (
    Line.CONSENSUS,
    Line.EXECUTION,
    Line.MINING,
    Line.INTEREST,
    Line.COMMISSION,
    Line.PROTOCOL,
    Line.TRADING,
    Line.OPERATING,
    Line.ELECTRICITY,
    Line.MAINTENANCE,
    Line.CONTRACT,
    Line.DOWNTIME,
    Line.SLASHING,
    Line.CREDIT,
    Line.EXPLOIT,
    Line.FORFEIT,
    Line.DISCOUNT,
    Line.PRICE,
    Line.CONTRIBUTION,
)
GROUPS = (Group.REWARD, Group.FEE, Group.COST, Group.LOSS, Group.EXIT, Group.MARKET, Group.OTHER)
ASSETS = ("ETH", "BTC", "USD", "stETH", "wstETH")
DAYS_AFTER = (1, 7, 30, 90, 365)


def by_line(found: Any) -> list[Any]:
    """What stands under each line; None where there is none."""
    return [found.get(line) for line in LINES]


def by_line_and_asset(found: Any) -> list[Any]:
    return [found.get((line, asset)) for line in LINES for asset in ASSETS]


def outcome_values(outcome: Outcome) -> list[Any]:
    """All that an outcome holds and derives, but for yields and risk."""
    found = [
        outcome.capital,
        outcome.closing,
        by_line(outcome.lines),
        outcome.coins_gross,
        outcome.coins_net,
        outcome.contract_price,
        outcome.contract_left,
        outcome.proceeds,
        outcome.days_to_cash,
        outcome.settled,
        outcome.capital_shortfall,
        outcome.deployed,
        outcome.max_drawdown,
        outcome.opening_price,
        outcome.day_asked,
        outcome.asset_growth,
        outcome.asset_growth_at_exit,
        outcome.cash_growth,
        outcome.earning_years,
        outcome.can_leave_early,
        outcome.control_variate,
        outcome.values,
        outcome.feasible,
        outcome.opening,
        outcome.contributions,
        outcome.invested,
        outcome.profit,
        outcome.returns,
        outcome.day_out,
        outcome.coin_years,
        outcome.cost,
        [outcome.group(group) for group in GROUPS],
    ]
    if not outcome.is_summary:
        found += [
            by_line_and_asset(outcome.native),
            by_line_and_asset(outcome.coins),
            bag(outcome.units.values()),
            [outcome.unpaid_by_day.get(days) for days in DAYS_AFTER],
        ]
    flows = outcome.flows
    found.append(None if flows is None else [flows.path, flows.time, flows.money])
    return [*found, ledger_values(outcome)]


def ledger_values(outcome: Outcome) -> list[Any]:
    """The step ledger, and the entries of the first path."""
    if outcome.entries is None:
        return []
    entries = [
        [entry.step, None if entry.line is None else LINES.index(entry.line), entry.asset, entry.units]
        for entry in outcome.entries
    ]
    shift = np.timedelta64(0, "s") if outcome.time_offsets is None else outcome.time_offsets[0]
    opening = [str((outcome.grid.times[0] + shift).astype("datetime64[D]")), outcome.capital]
    changes = [[row.date, row.units] for row in outcome.cashflows(0) if row.units]
    return [outcome.time_offsets, entries, [opening, *changes]]


def yields_values(yields: Yields) -> list[Any]:
    return [
        yields.gross_apr,
        yields.gross_apy,
        yields.net_apr,
        yields.net_apy,
        yields.real_apy,
        yields.total_return,
        yields.annualized_return,
        yields.excess_over_holding,
        yields.excess_over_cash,
        yields.exit_delay,
        yields.deployed,
        yields.gross_apr_deployed,
        yields.net_apr_deployed,
        yields.contributions,
        yields.payout_ratio,
        yields.payout_ratio - 1.0,
    ]


def risk_values(risk: Risk) -> list[Any]:
    return [
        risk.confidence_level,
        risk.value_at_risk,
        risk.expected_shortfall,
        risk.value_at_risk_error,
        risk.expected_shortfall_error,
        by_line(risk.shortfall_by_line),
        risk.probability_of_loss,
        risk.probability_below_holding,
        risk.annual_volatility,
        risk.max_drawdown,
        risk.sharpe_ratio,
        risk.sortino_ratio,
        risk.days_to_cash,
        risk.unsettled,
        risk.infeasible,
        risk.expected_shortfall_vs_holding,
        by_line(risk.expected_shortfall_vs_holding_by_line),
        risk.expected_shortfall_vs_holding_error,
    ]


def everything(outcome: Outcome) -> list[Any]:
    """An outcome with its yields and its risk."""
    yields = outcome.yields(supply_growth=0.005)
    return [
        outcome_values(outcome),
        yields_values(yields),
        None if outcome.flows is None else yields.irr,
        risk_values(outcome.risk(confidence_level=0.9)),
    ]


def results_values(results: Results) -> list[Any]:
    """All outcomes of a run, in their order, and what is told of the run."""
    told = [results.capital, results.n_paths, results.n_paths_requested, results.entropy, results.overlap]
    return [*told, bag(results.hazards.values()), [outcome_values(outcome) for outcome in results.values()]]


def quote_values(quote: Quote) -> list[Any]:
    return [
        by_line(quote.lines),
        quote.gross,
        quote.net,
        quote.earning_years,
        quote.coin_rate,
        [number for _, number in quote.rows],
    ]


def comparison_values(comparison: Comparison) -> list[Any]:
    """The numbers of every row, in the order of the rows; then the ladder, and what holding came to."""
    rows = [
        [
            row.return_mean,
            row.return_median,
            row.return_q05,
            row.return_q95,
            row.return_error,
            row.gross_coin_return,
            row.net_coin_return,
            row.cost,
            row.excess_return,
            row.excess_return_error,
            row.excess_over_cash,
            row.excess_over_cash_error,
            row.probability_of_loss,
            row.value_at_risk,
            row.expected_shortfall,
            row.days_to_cash,
            row.days_to_cash_mean,
            row.unsettled,
            row.infeasible,
            row.n_paths,
            row.effective_paths,
            bag(row.shortfall_by_line.values()),
            row.expected_shortfall_vs_holding,
            row.contributions,
            row.deployed,
            bag(row.expected_shortfall_vs_holding_by_line.values()),
            row.value_at_risk_error,
            row.expected_shortfall_error,
            row.expected_shortfall_vs_holding_error,
            row.net_coin_return_no_event,
            row.exit_delay,
            row.exit_delay_error,
            row.probability_below_holding,
            row.can_leave_early,
        ]
        for row in comparison.rows
    ]
    steps = [
        [row.paid_by_1d, row.paid_by_7d, row.paid_by_30d, row.paid_by_90d, row.paid_by_365d]
        for row in comparison.liquidity.rows
    ]
    return [rows, steps, comparison.confidence_level, bag(comparison.holding.values()), comparison.risk_free_rate]


def controlled_values(mean: ControlVariateMean) -> list[Any]:
    return [
        mean.n_paths,
        mean.plain_mean,
        mean.control_mean,
        mean.m2,
        mean.control_m2,
        mean.has_control,
        mean.beta,
        mean.mean,
        mean.standard_error,
        mean.plain_error,
        mean.error_ratio,
    ]


def controlled_means_values(means: ControlVariateMeans) -> list[Any]:
    return [controlled_values(mean) for mean in means.values()]


def moment_values(moment: Moment) -> list[Any]:
    return [moment.n_paths, moment.mean, moment.m2, moment.min, moment.max, moment.standard_error]


def tail_values(tail: TailRisk) -> list[Any]:
    return [
        tail.value_at_risk,
        tail.expected_shortfall,
        tail.value_at_risk_error,
        tail.expected_shortfall_error,
    ]


def market_values(market: Market, factors: tuple[Factor, ...]) -> list[Any]:
    """What a step sees of some factors, step by step; and of levels what is expected and what they stand still at."""
    now, steps = market.now(), []
    for chunk in market.chunks():
        for step in range(chunk.start, chunk.stop):
            now.at(chunk, step)
            steps.append(
                [
                    np.array(now.paths_with(f) if isinstance(f, Event) else np.broadcast_to(now[f], (market.n_paths,)))
                    for f in factors
                ]
            )
    growth = [None if isinstance(f, Event) else market.expected_growth(f) for f in factors]
    return [steps, growth, [market.frozen_levels.get(f) for f in factors], market.time_offsets]
