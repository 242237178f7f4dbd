"""`ComparisonRow`: one product in a comparison, and its columns."""

import math
from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np

from stakingmodels._types import BoolArray, FloatArray, PathArray
from stakingmodels.analysis.windows import Windows
from stakingmodels.equality import ByValue
from stakingmodels.ledger import Line, Outcome
from stakingmodels.ledger.yields import coin_return
from stakingmodels.measures import Distribution
from stakingmodels.scenarios.networks.coin_rewards import real_rate
from stakingmodels.series import FrozenMap
from stakingmodels.tolerances import REL_TOL
from stakingmodels.words import Note

SEVERAL = Note("cell.several_coins")
"""Coin of a product of several."""
OWN_COIN = Note("own_coin")
"""Default benchmark of rows: holding their own coin, free of cost."""
NOT_OPENED = Note("cell.not_opened")
"""Text of a row in place of a cause of loss, if the capital opened the product on no path."""
STRIKES = (Line.SLASHING, Line.CREDIT, Line.EXPLOIT)
"""Lines of loss events; downtime, leak and forfeits are not events."""
_LARGEST = 2
_SHOWN = 0.005  # a cause with a smaller share of the loss is not named


@attrs.frozen(eq=False, kw_only=True)
class ComparisonRow(ByValue):
    """One product in a comparison. Returns, shares and risks are fractions; losses are positive.

    A number that does not exist is NaN: a standard error over one path, a mean over no path.

    Attributes
    ----------
    product, product_class, coin
        Name in the results, class of the product, and its own coin.
    return_mean, return_median, return_q05, return_q95
        Return in money over the whole grid, profit over capital and contributions: its mean; its median, the mean of
        the two middle values where the number of paths is even; and the values that 5 % of the paths stay below and
        above. `return_q05` is the value at risk at 95 % with its sign turned.
    return_error
        Standard error of the mean return.
    gross_coin_return, net_coin_return
        Mean return in the product's own coin, a year of the time that the product pays (`Yields.gross_apr`,
        `Yields.net_apr`), over the paths on which the capital opened it: rewards alone, and all lines but the price.
    cost
        Mean of fees and costs over capital.
    benchmark
        Benchmark of the row: ``"own coin"``, or the name of another row.
    excess_return, excess_return_error
        Mean of the return in money less the benchmark's on the same path, and its standard error. The own coin is held
        until that path's money is in hand. Where the scenario gives the coin's expected growth, both are computed with
        a control variate (`measures.ControlVariateMean`), which removes most of the sampling error of the prices.
    excess_over_cash, excess_over_cash_error
        The mean return less that of cash at the risk-free rate, path by path.
    probability_of_loss
        Share of the paths that end with less than was put in.
    value_at_risk, expected_shortfall
        Loss over all money paid in that is not exceeded with probability `confidence_level`, and the mean loss beyond
        it.
    main_loss_lines
        Main causes of loss on the worst paths, as shares of all losses there, before gains.
    days_to_cash, days_to_cash_mean
        Days from the exit until all money is in hand: not exceeded on `confidence_level` of the paths (infinite if more
        are unsettled at the grid's end), and the mean over the settled paths.
    unsettled, infeasible
        Share of the paths not paid out by the grid's end, and share on which the capital could not open the product. If
        the latter is 1, every number but these two and `n_paths` is NaN.
    n_paths, effective_paths
        Number of paths, and number of independent paths with the same standard error of the mean return: more
        than there are where paths are quasi-random.
    shortfall_by_line
        Contribution of each line to `expected_shortfall`, by label; negative for a gain.
    expected_shortfall_vs_holding, expected_shortfall_vs_holding_by_line
        Mean shortfall against holding the own coin until the money is in hand, on the ``1 - confidence_level`` of paths
        where it is largest; and the contribution of each line.
    contributions
        Mean of the money added after the opening, over the capital.
    deployed
        Mean share of the capital at work after the opening.
    value_at_risk_error, expected_shortfall_error, expected_shortfall_vs_holding_error
        Standard errors of the three measures: for `effective_paths` independent paths, or from the replicates of
        quasi-random ones (`Risk`).
    net_coin_return_no_event
        `net_coin_return` on the paths without a loss event (`STRIKES`); NaN if there are none.
    exit_delay, exit_delay_error
        Gain or loss from the wait for the money, against a sale of the coin at the exit (`Yields.exit_delay`): mean and
        standard error.
    probability_below_holding
        Share of the paths that end with less than the coin held until that path's money is in hand.
    can_leave_early
        Whether the terms let the holder out before their end.
    real_coin_return
        `net_coin_return` after the growth of the coin's supply, ``(1 + net) / (1 + growth) - 1``: the growth a year of
        the holder's share of all coins. The growth is that of the chain's rule at its dated supply
        (`Chain.supply_growth`); NaN for a coin whose chain the library has no rules of.
    """

    product: str
    product_class: str
    coin: str
    return_mean: float
    return_median: float
    return_q05: float
    return_q95: float
    return_error: float
    gross_coin_return: float
    net_coin_return: float
    cost: float
    benchmark: str
    excess_return: float
    excess_return_error: float
    excess_over_cash: float
    excess_over_cash_error: float
    probability_of_loss: float
    value_at_risk: float
    expected_shortfall: float
    main_loss_lines: str
    days_to_cash: float
    days_to_cash_mean: float
    unsettled: float
    infeasible: float
    n_paths: int
    effective_paths: float
    shortfall_by_line: Mapping[str, float]
    expected_shortfall_vs_holding: float
    contributions: float
    deployed: float
    expected_shortfall_vs_holding_by_line: Mapping[str, float]
    value_at_risk_error: float
    expected_shortfall_error: float
    expected_shortfall_vs_holding_error: float
    net_coin_return_no_event: float
    exit_delay: float
    exit_delay_error: float
    probability_below_holding: float
    can_leave_early: bool
    real_coin_return: float

    @property
    def opened(self) -> bool:
        """Whether the capital opened the product on any path."""
        return self.infeasible < 1.0


COLUMNS = tuple(
    "skipped" if field.name == "shortfall_by_line" else field.name
    for field in attrs.fields(ComparisonRow)
    if field.name != "expected_shortfall_vs_holding_by_line"
)
"""Columns of `Comparison.to_frame` and of the command line's CSV, in order; only ever added to at the end."""


def row_of(
    name: str, outcome: Outcome, benchmark: str | None, other: PathArray | None, confidence: float, windows: Windows
) -> ComparisonRow:
    """Row of an outcome; `other` has the returns of the benchmark, None for holding the own coin."""
    risk = outcome.risk(confidence_level=confidence)
    returns = outcome.returns
    spread = Distribution(returns)
    excess = returns - (outcome.asset_growth - 1.0 if other is None else other)
    mean, error = windows.mean(np.where(np.abs(excess) < REL_TOL, 0.0, excess), outcome.control_variate)
    over_cash, excess_over_cash_error = windows.mean(returns - (outcome.cash_growth - 1.0))
    delay, delay_error = windows.mean(outcome.asset_growth - outcome.asset_growth_at_exit, outcome.control_variate)
    net = coin_return(outcome, gross=False) / outcome.earning_years
    effective = windows.effective(returns)
    widened = math.nan if windows.few else 1.0 if windows.n_replicates else math.sqrt(returns.size / effective)
    in_coins = mean_of(net[outcome.feasible])
    row = ComparisonRow(
        product=name,
        product_class=outcome.product,
        coin=outcome.asset or SEVERAL,
        return_mean=spread.mean(),
        return_median=spread.median(),
        return_q05=spread.lower_end(0.05),
        return_q95=spread.quantile(0.95),
        return_error=windows.mean(returns)[1],
        gross_coin_return=mean_of((coin_return(outcome, gross=True) / outcome.earning_years)[outcome.feasible]),
        net_coin_return=in_coins,
        cost=float(np.mean(outcome.cost / outcome.capital)),
        benchmark=benchmark or OWN_COIN,
        excess_return=mean,
        excess_return_error=error,
        excess_over_cash=over_cash,
        excess_over_cash_error=excess_over_cash_error,
        probability_of_loss=risk.probability_of_loss,
        value_at_risk=risk.value_at_risk,
        expected_shortfall=risk.expected_shortfall,
        main_loss_lines=_made_of(risk.shortfall_by_line, risk.expected_shortfall),
        days_to_cash=risk.days_to_cash,
        days_to_cash_mean=mean_of(outcome.days_to_cash[outcome.feasible]),
        unsettled=risk.unsettled,
        infeasible=risk.infeasible,
        n_paths=outcome.n_paths,
        effective_paths=effective,
        shortfall_by_line=_labelled(risk.shortfall_by_line),
        expected_shortfall_vs_holding=risk.expected_shortfall_vs_holding,
        contributions=float(np.mean(outcome.contributions / outcome.capital)),
        deployed=float(np.mean(outcome.deployed)),
        expected_shortfall_vs_holding_by_line=_labelled(risk.expected_shortfall_vs_holding_by_line),
        value_at_risk_error=widened * risk.value_at_risk_error,
        expected_shortfall_error=widened * risk.expected_shortfall_error,
        expected_shortfall_vs_holding_error=widened * risk.expected_shortfall_vs_holding_error,
        net_coin_return_no_event=mean_of(net[unstruck(outcome) & outcome.feasible]),
        exit_delay=delay,
        exit_delay_error=delay_error,
        probability_below_holding=risk.probability_below_holding,
        can_leave_early=outcome.can_leave_early,
        real_coin_return=math.nan if outcome.asset is None else real_rate(in_coins, outcome.asset),
    )
    return row if row.opened else _blank(row)


def unstruck(outcome: Outcome) -> BoolArray:
    """Paths without a loss from an event."""
    struck = np.zeros(outcome.n_paths, dtype=np.bool_)
    for line in STRIKES:
        if line in outcome.lines:
            struck |= outcome.lines[line] != 0.0
    return ~struck


def _blank(row: ComparisonRow) -> ComparisonRow:
    """Row of a product that was never opened: the return of the idle money is not the product's."""
    kept = {"infeasible", "unsettled", "n_paths", "product", "product_class", "coin", "benchmark", "can_leave_early"}
    nothing: dict[str, Any] = {f.name: math.nan for f in attrs.fields(ComparisonRow) if f.name not in kept}
    empty: FrozenMap[str, float] = FrozenMap({})
    splits = {"shortfall_by_line": empty, "expected_shortfall_vs_holding_by_line": empty}
    return attrs.evolve(row, **nothing | splits | {"main_loss_lines": NOT_OPENED})


def mean_of(values: FloatArray) -> float:
    """Mean over the paths that have a value; NaN if none has."""
    known = values[np.isfinite(values)]
    return float(np.mean(known)) if known.size else math.nan


def _labelled(by_line: Mapping[Line, float]) -> Mapping[str, float]:
    return FrozenMap({line.label: part for line, part in by_line.items()})


def _made_of(by_line: Mapping[Line, float], shortfall: float) -> str:
    """Largest causes of loss on the worst paths, as shares of all losses there."""
    losses = {line.label: part for line, part in by_line.items() if part > 0.0}
    if shortfall <= 0.0 or not losses:
        return Note("cell.no_loss")
    whole = sum(losses.values())
    largest = sorted(losses.items(), key=lambda item: -item[1])[:_LARGEST]
    parts = tuple(
        Note("cell.part_of_loss", line=Note(f"line.{label}"), share=part / whole)
        for label, part in largest
        if part >= _SHOWN * whole
    )
    return Note("cell.several", parts=parts)


def number(value: Any) -> Any:
    """The value, or None for a number that does not exist; infinite stays infinite."""
    return None if isinstance(value, float) and math.isnan(value) else value


def plain(row: ComparisonRow) -> dict[str, Any]:
    """A row as plain numbers and text."""
    cells: dict[str, Any] = {name: number(getattr(row, name)) for name in COLUMNS if name != "skipped"}
    return {
        **{name: cells.get(name) for name in COLUMNS},
        "shortfall_by_line": {label: number(part) for label, part in row.shortfall_by_line.items()},
        "expected_shortfall_vs_holding_by_line": {
            label: number(part) for label, part in row.expected_shortfall_vs_holding_by_line.items()
        },
    }


def absent(name: str, reason: str) -> dict[str, Any]:
    """A skipped product as plain numbers and text."""
    splits: dict[str, Any] = {"shortfall_by_line": {}, "expected_shortfall_vs_holding_by_line": {}}
    return {**dict.fromkeys(COLUMNS), "product": name, "skipped": reason, **splits}
