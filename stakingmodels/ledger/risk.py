"""`Risk`: risk of an outcome over its paths. Losses are positive, as fractions of all money paid in."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray
from stakingmodels.display import Summary
from stakingmodels.equality import ByValue
from stakingmodels.frames import data_frame, dataset
from stakingmodels.ledger.lines import Line, LineMap
from stakingmodels.ledger.results import PathResults
from stakingmodels.measures import Distribution
from stakingmodels.replicates import tail_errors
from stakingmodels.tolerances import REL_TOL

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

_PLAIN_NUMBERS = ("sharpe_ratio", "sortino_ratio", "days_to_cash")  # measures that are no fractions


@attrs.frozen(eq=False, kw_only=True)
class Risk(ByValue):
    """Risk of an outcome at a confidence level. Every loss is over all money paid in: capital and contributions.

    Attributes
    ----------
    confidence_level
        The confidence level, such as 0.95.
    value_at_risk, expected_shortfall
        Loss (positive) that is exceeded with probability ``1 - confidence_level``, and the mean loss beyond it.
    value_at_risk_error, expected_shortfall_error
        Their Monte Carlo standard errors: of independent paths, or from the spread over the replicates of quasi-random
        ones (NaN for one). NaN where too few paths lie in the tail.
    shortfall_by_line
        The expected shortfall split over the lines (Euler): the mean of each line's share in the tail paths, each over
        that path's money paid in. It sums to `expected_shortfall`.
    probability_of_loss
        Share of paths that end with less than was put in.
    probability_below_holding
        Share of paths that end with less than holding the product's own coin, free of cost, until that path's money is
        in hand (`Outcome.asset_growth`).
    annual_volatility
        Standard deviation over paths of the total return, divided by the square root of the years.
    max_drawdown
        Quantile at `confidence_level` of the largest fall from a peak.
    sharpe_ratio, sortino_ratio
        Annual mean return in excess of cash, divided by `annual_volatility` and by the downside deviation below cash;
        NaN where the divisor is 0.
    days_to_cash
        Quantile at `confidence_level` of the days from the exit to money in hand; infinite if more paths are unsettled.
    unsettled, infeasible
        Share of paths not paid out by the grid's end, and share on which the capital could not open the product.
    expected_shortfall_vs_holding
        Expected shortfall of the return less that of holding the product's own coin, free of cost, until that path's
        money is in hand: the mean shortfall against holding on the worst ``1 - confidence_level`` of paths.
    expected_shortfall_vs_holding_by_line
        `expected_shortfall_vs_holding` split over the lines: the mean of each on those paths. Holding's profit is
        subtracted from the price line, or from interest where the own coin is the money itself.
    expected_shortfall_vs_holding_error
        Monte Carlo standard error of `expected_shortfall_vs_holding`, likewise.
    """

    confidence_level: float
    value_at_risk: float
    expected_shortfall: float
    value_at_risk_error: float
    expected_shortfall_error: float
    shortfall_by_line: LineMap[float]
    probability_of_loss: float
    probability_below_holding: float
    annual_volatility: float
    max_drawdown: float
    sharpe_ratio: float
    sortino_ratio: float
    days_to_cash: float
    unsettled: float
    infeasible: float
    expected_shortfall_vs_holding: float
    expected_shortfall_vs_holding_by_line: LineMap[float]
    expected_shortfall_vs_holding_error: float

    def _numbers(self) -> dict[str, float]:
        """Measures that are single numbers, by name."""
        of = {field.name: getattr(self, field.name) for field in attrs.fields(Risk)}
        return {name: value for name, value in of.items() if isinstance(value, float)}

    def _splits(self) -> dict[str, LineMap[float]]:
        of = {field.name: getattr(self, field.name) for field in attrs.fields(Risk)}
        return {name: value for name, value in of.items() if isinstance(value, LineMap)}

    def to_frame(self) -> "pd.DataFrame":
        """A pandas data frame with a column ``value``: one row a measure, then the lines' shares of the shortfalls.

        A row of a split is named ``"shortfall_by_line: slashing"``.

        Raises
        ------
        MissingExtraError
            Where pandas is not installed.
        """
        split = {f"{name}: {line}": part for name, parts in self._splits().items() for line, part in parts.items()}
        rows = self._numbers() | split
        return data_frame("Risk.to_frame", {"value": list(rows.values())}, index="measure", labels=list(rows))

    def to_xarray(self) -> "xr.Dataset":
        """An xarray dataset: a variable a measure, the splits of the shortfalls over the dimension ``line``.

        Raises
        ------
        MissingExtraError
            Where xarray is not installed.
        """
        lines = list(dict.fromkeys(line for parts in self._splits().values() for line in parts))
        variables: dict[str, tuple[tuple[str, ...], Any]] = {
            **{name: ((), x) for name, x in self._numbers().items()},
            **{name: (("line",), [by.get(line, 0.0) for line in lines]) for name, by in self._splits().items()},
        }
        return dataset("Risk.to_xarray", variables, {"line": [line.label for line in lines]}, {})

    def _shown(self) -> Summary:
        found = self._numbers()
        rows = []
        for name, value in found.items():
            if not name.endswith("_error"):
                error = found.get(f"{name}_error", np.nan)
                rows.append((name, _written(name, value), "" if np.isnan(error) else f"{error:.2%}"))
        notes = [
            f"{name}: " + ", ".join(f"{line} {part:z.2%}" for line, part in parts.items() if part)
            for name, parts in self._splits().items()
        ]
        return Summary("Losses are positive, over all money paid in", ("risk", "value", "s.e."), rows, notes)


def _written(name: str, value: float) -> str:
    return "-" if np.isnan(value) else f"{value:.4g}" if name in _PLAIN_NUMBERS else f"{value:z.2%}"


def _quantile(values: FloatArray, confidence_level: float) -> float:
    """Inverted-CDF quantile; infinite values are allowed."""
    ordered = np.sort(values)
    return float(ordered[min(values.size - 1, int(np.ceil(confidence_level * values.size - 1e-9)) - 1)])


def _ratio(mean: float, deviation: float) -> float:
    return mean / deviation if deviation > 0.0 else float("nan")


def _below_holding(
    outcome: PathResults, lines: Mapping[Line, FloatArray], confidence_level: float
) -> tuple[float, LineMap[float], float]:
    """Expected shortfall against holding, its split over lines and its error.

    `lines` are fractions of money paid in.
    """
    holding = outcome.asset_growth - 1.0
    line = Line.INTEREST if outcome.asset == outcome.numeraire else Line.PRICE
    behind = outcome.returns - holding
    spread = Distribution(np.where(np.abs(behind) < REL_TOL, 0.0, behind))
    less = {**lines, line: lines.get(line, 0.0) - holding}
    split = LineMap(spread.expected_shortfall_split(less, confidence_level))
    return (
        spread.expected_shortfall(confidence_level),
        split,
        tail_errors(spread, confidence_level, outcome.n_replicates)[1],
    )


def risk_of(outcome: PathResults, *, confidence_level: float = 0.95) -> Risk:
    """Risk of an outcome. See `Outcome.risk`."""
    confidence_level = checks.open_fraction("Outcome.risk: confidence_level", confidence_level)
    total = outcome.returns
    spread = Distribution(total)
    invested = outcome.invested
    lines: dict[Line, FloatArray] = {
        line: amount / invested for line, amount in outcome.lines.items() if line is not Line.CONTRIBUTION
    }
    years = outcome.grid.years
    over_cash = Distribution(total - (outcome.cash_growth - 1.0))
    downside = float(np.sqrt(np.mean(np.square(np.minimum(over_cash.values, 0.0)))))
    below, below_by_line, below_error = _below_holding(outcome, lines, confidence_level)
    errors = tail_errors(spread, confidence_level, outcome.n_replicates)
    volatility = spread.standard_deviation() / float(np.sqrt(years)) if total.size > 1 else 0.0
    return Risk(
        confidence_level=confidence_level,
        value_at_risk=spread.value_at_risk(confidence_level),
        expected_shortfall=spread.expected_shortfall(confidence_level),
        value_at_risk_error=errors[0],
        expected_shortfall_error=errors[1],
        shortfall_by_line=LineMap(spread.expected_shortfall_split(lines, confidence_level)),
        probability_of_loss=spread.probability_of_loss(-REL_TOL),
        probability_below_holding=float(np.mean(total < outcome.asset_growth - 1.0 - REL_TOL)),
        annual_volatility=volatility,
        max_drawdown=_quantile(outcome.max_drawdown, confidence_level),
        sharpe_ratio=_ratio(over_cash.mean() / years, volatility),
        sortino_ratio=_ratio(over_cash.mean() / years, downside / float(np.sqrt(years))),
        days_to_cash=_quantile(outcome.days_to_cash, confidence_level),
        unsettled=float(np.mean(~outcome.settled)),
        infeasible=float(np.mean(~outcome.feasible)),
        expected_shortfall_vs_holding=below,
        expected_shortfall_vs_holding_by_line=below_by_line,
        expected_shortfall_vs_holding_error=below_error,
    )
