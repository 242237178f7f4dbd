"""`compare`: several products side by side, each paired with a benchmark on the same paths."""

import difflib
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import PathArray
from stakingmodels.analysis.comparison_text import as_html, as_text, held_days, tail_days
from stakingmodels.engine import Results
from stakingmodels.errors import MissingExtraError
from stakingmodels.ledger import Line, Outcome
from stakingmodels.ledger.yields import coin_return
from stakingmodels.measures import Distribution, effective_sample_size, newey_west
from stakingmodels.series import FrozenMap

if TYPE_CHECKING:
    import pandas as pd

OWN_COIN = "own coin"
"""What rows are compared with by default: holding their own coin, free of cost."""
_SAME = 1e-12  # differences of less are rounding
_LARGEST = 2
_SHOWN = 0.005  # a cause of less than this share of the loss is not named


@attrs.frozen(eq=False, kw_only=True)
class Row:
    """One product in a comparison. Returns, shares and risks are fractions; losses are positive.

    A number that does not exist is NaN: a standard error over one path, a mean over no path.

    Attributes
    ----------
    product, terms, coin
        Name in the results, class of the product, and its own coin.
    return_mean, return_median, return_5, return_95
        Return in money over the whole grid, profit over capital and contributions: its mean and its quantiles at
        50 %, 5 % and 95 %.
    return_error
        Standard error of the mean return.
    coins_gross, coins_net
        Mean return in the product's own coin until the exit: rewards alone, and everything but the price.
    cost
        Mean of fees and costs over capital.
    benchmark
        What the row is compared with: ``"own coin"``, or the name of another row.
    difference, difference_error
        Mean of the return in money less the benchmark's on the same path, and its standard error.
    over_cash, over_cash_error
        The same against cash at the risk-free rate.
    probability_of_loss
        Share of the paths that end with less than was put in.
    value_at_risk, expected_shortfall
        Loss over capital that is not exceeded with probability `level`, and the mean loss beyond it.
    loss_made_of
        What took the money on the worst paths: shares of all that was lost there, before what was gained.
    days_to_cash, days_to_cash_mean
        Days from the exit until all money is in hand: not exceeded on `level` of the paths (infinite if more are
        not out by the grid's end), and the mean over the paths that are out.
    unsettled, infeasible
        Share of the paths not out by the grid's end, and of those on which the capital could not open the product.
    paths, effective_paths
        Number of paths, and of independent paths which would give the mean return the same standard error.
    shortfall_by_line
        Label of a line -> what it adds to `expected_shortfall`; negative for a gain.
    """

    product: str
    terms: str
    coin: str
    return_mean: float
    return_median: float
    return_5: float
    return_95: float
    return_error: float
    coins_gross: float
    coins_net: float
    cost: float
    benchmark: str
    difference: float
    difference_error: float
    over_cash: float
    over_cash_error: float
    probability_of_loss: float
    value_at_risk: float
    expected_shortfall: float
    loss_made_of: str
    days_to_cash: float
    days_to_cash_mean: float
    unsettled: float
    infeasible: float
    paths: int
    effective_paths: float
    shortfall_by_line: Mapping[str, float]


COLUMNS = (*(field.name for field in attrs.fields(Row) if field.name != "shortfall_by_line"), "left_out")
"""Columns of `Comparison.to_frame` and of the command line's CSV, in order; only ever added to at the end."""


@attrs.frozen(eq=False, repr=False, kw_only=True)
class Comparison:
    """Products side by side: what `compare` returns. Print it, or show it in a notebook.

    Attributes
    ----------
    rows
        One `Row` a product, in the order of the results.
    left_out
        Name -> why a product could not be run in the scenario.
    results
        What was compared.
    level
        Confidence level of the risks.
    benchmark
        Name of the row that the others are compared with; None for each row's own coin.
    """

    rows: tuple[Row, ...]
    left_out: Mapping[str, str]
    results: Results
    level: float
    benchmark: str | None

    @property
    def risk_free_rate(self) -> float:
        """What cash earned, as an effective rate a year, mean over the paths."""
        outcome = next(iter(self.results.values()))
        return float(np.mean(outcome.cash_growth ** (1.0 / outcome.grid.years))) - 1.0

    @property
    def holding(self) -> dict[str, float]:
        """Coin -> mean return of holding it free of cost until the exit, and cash after."""
        return {o.asset: float(np.mean(o.asset_growth)) - 1.0 for o in self.results.values() if o.asset != o.numeraire}

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain numbers and text, fit for JSON; what is not finite is None.

        The entries of ``"rows"`` have the keys `COLUMNS` and ``"shortfall_by_line"``. Products that were left out
        follow the others, with the reason under ``"left_out"`` and None for every number.
        """
        results = self.results
        return {
            "capital": results.capital,
            "numeraire": results.scenario.numeraire,
            "start": str(results.grid.times[0].astype("datetime64[D]")),
            "days": held_days(self),
            "tail_days": tail_days(self),
            "paths": results.paths,
            "overlap": results.overlap,
            "seed": results.entropy,
            "level": self.level,
            "benchmark": self.benchmark or OWN_COIN,
            "risk_free_rate": _finite(self.risk_free_rate),
            "holding": {coin: _finite(mean) for coin, mean in self.holding.items()},
            "scenario": list(results.scenario.notes()),
            "hazards": dict(results.hazards),
            "rows": [_plain(row) for row in self.rows] + [_absent(*item) for item in self.left_out.items()],
        }

    def to_frame(self) -> "pd.DataFrame":
        """A pandas data frame: one row a product, by name, and the other `COLUMNS`.

        Raises
        ------
        MissingExtraError
            Where pandas is not installed.
        """
        try:
            import pandas as pd
        except ImportError as error:
            raise MissingExtraError("Comparison.to_frame: needs pandas; pip install 'stakingmodels[pandas]'") from error
        return pd.DataFrame(self.to_dict()["rows"], columns=list(COLUMNS)).set_index("product")

    def __str__(self) -> str:
        return as_text(self)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return as_html(self)


def compare(results: Results, *, benchmark: str | None = None, level: float = 0.95) -> Comparison:
    """Set the products of a run side by side.

    All products lived on the same paths, so each is paired with its benchmark path by path, and what both share
    cancels out of the difference. The benchmark never needs to be the better or the simpler choice: a positive
    difference says that the product left more money on average.

    Parameters
    ----------
    results
        What `simulate` returned.
    benchmark
        Name of the row that all others are compared with. By default each is compared with holding its own coin
        from the opening to the exit, free of cost.
    level
        Confidence level of value at risk, expected shortfall and days to cash, a fraction in (0, 1).

    Returns
    -------
    Comparison

    Raises
    ------
    InputTypeError
        If `results` is something else.
    InputError
        For a level outside (0, 1) and a benchmark that is not in the results.

    Notes
    -----
    Where paths are overlapping windows of one record, standard errors are those of Newey and West with the overlap
    as lag, but no less than what as many windows as could lie apart would give; for independent paths they are the
    usual ones. The effective number of paths is that of the return in
    money, since a difference may be the same on every path.

    Examples
    --------
    >>> from stakingmodels import Constants, Holding, Price, StakingPool, StakingReward, TimeGrid, APR, simulate
    >>> world = Constants({Price("ETH"): 3000.0, StakingReward("ETH"): APR(0.03)})
    >>> products = {"hold": Holding(asset="ETH"), "pool": StakingPool(asset="ETH")}
    >>> grid = TimeGrid.daily("2026-01-01", days=365)
    >>> table = compare(simulate(products, world, grid, capital=1000.0, paths=1))
    >>> round(table.rows[1].difference, 4)
    0.0274
    """
    checks.instance("compare: results", results, Results, "compare(simulate(...))")
    confidence = checks.open_fraction("compare: level", level)
    other = None if benchmark is None else _returns(results[_benchmark(results, benchmark)])
    return Comparison(
        rows=tuple(
            _row(name, outcome, benchmark, other, confidence, results.overlap) for name, outcome in results.items()
        ),
        left_out=FrozenMap(dict(results.left_out)),
        results=results,
        level=confidence,
        benchmark=benchmark,
    )


def _benchmark(results: Results, name: object) -> str:
    where = "compare: benchmark"
    if not isinstance(name, str):
        checks.refuse_type(where, "must be the name of a row (str) or None", name)
    if name in results.left_out:
        checks.refuse(where, f"must have been run; it was left out: {results.left_out[name]}", name)
    if name not in results:
        near = difflib.get_close_matches(name, list(results), n=1)
        hint = f"did you mean {near[0]!r}?" if near else ""
        checks.refuse(where, "must be one of " + ", ".join(map(repr, results)), name, hint)
    return name


def _returns(outcome: Outcome) -> PathArray:
    return outcome.profit / outcome.invested


def _row(
    name: str, outcome: Outcome, benchmark: str | None, other: PathArray | None, level: float, overlap: int
) -> Row:
    risk = outcome.risk(level=level)
    returns = _returns(outcome)
    spread = Distribution(returns)
    difference = returns - (outcome.asset_growth - 1.0 if other is None else other)
    difference = np.where(np.abs(difference) < _SAME, 0.0, difference)
    over_cash = returns - (outcome.cash_growth - 1.0)
    return Row(
        product=name,
        terms=outcome.product,
        coin=outcome.asset,
        return_mean=spread.mean(),
        return_median=spread.quantile(0.5),
        return_5=spread.quantile(0.05),
        return_95=spread.quantile(0.95),
        return_error=_error(returns, overlap),
        coins_gross=float(np.mean(coin_return(outcome, gross=True))),
        coins_net=float(np.mean(coin_return(outcome, gross=False))),
        cost=float(np.mean(outcome.cost)) / outcome.capital,
        benchmark=benchmark or OWN_COIN,
        difference=float(np.mean(difference)),
        difference_error=_error(difference, overlap),
        over_cash=float(np.mean(over_cash)),
        over_cash_error=_error(over_cash, overlap),
        probability_of_loss=risk.probability_of_loss,
        value_at_risk=risk.value_at_risk,
        expected_shortfall=risk.expected_shortfall,
        loss_made_of=_made_of(risk.shortfall_by_line, risk.expected_shortfall),
        days_to_cash=risk.days_to_cash,
        days_to_cash_mean=float(np.mean(outcome.days_to_cash[outcome.settled])) if outcome.settled.any() else math.nan,
        unsettled=risk.unsettled,
        infeasible=risk.infeasible,
        paths=outcome.n_paths,
        effective_paths=min(effective_sample_size(returns, overlap), windows_apart(returns.size, overlap)),
        shortfall_by_line=FrozenMap({line.label: part for line, part in risk.shortfall_by_line.items()}),
    )


def windows_apart(n_paths: int, overlap: int) -> float:
    """How many windows without common days the record could hold."""
    return (n_paths + overlap) / (overlap + 1)


def _error(values: PathArray, overlap: int) -> float:
    """Standard error of the mean: Newey-West, and no less than that of as many windows as could lie apart.

    With the overlap as lag, Newey-West sees two thirds of the variance at best, and far less in a short record.
    """
    error = newey_west(values, overlap)
    if overlap == 0 or values.size < 2:
        return error
    return max(error, float(np.std(values)) / math.sqrt(windows_apart(values.size, overlap)))


def _made_of(by_line: Mapping[Line, float], shortfall: float) -> str:
    """The largest causes of loss on the worst paths, as shares of all losses there."""
    losses = {line.label: part for line, part in by_line.items() if part > 0.0}
    if shortfall <= 0.0 or not losses:
        return "no loss"
    whole = sum(losses.values())
    largest = sorted(losses.items(), key=lambda item: -item[1])[:_LARGEST]
    return ", ".join(f"{label} {part / whole:.0%}" for label, part in largest if part >= _SHOWN * whole)


def _finite(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _plain(row: Row) -> dict[str, Any]:
    cells: dict[str, Any] = {name: _finite(getattr(row, name)) for name in COLUMNS[:-1]}
    by_line = {label: _finite(part) for label, part in row.shortfall_by_line.items()}
    return {**cells, "left_out": None, "shortfall_by_line": by_line}


def _absent(name: str, reason: str) -> dict[str, Any]:
    return {**dict.fromkeys(COLUMNS), "product": name, "left_out": reason, "shortfall_by_line": {}}
