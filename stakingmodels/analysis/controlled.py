"""`control_variate_means`: mean return of every product, with holding its coin as a control variate."""

import math
from collections.abc import Mapping
from typing import ClassVar

import attrs

from stakingmodels import checks
from stakingmodels.analysis.by_product import ByProduct, by_name
from stakingmodels.engine import Results
from stakingmodels.measures import ControlVariateMean
from stakingmodels.replicates import controlled
from stakingmodels.tables import Table
from stakingmodels.words import Note

CONTROL_VARIATE_COLUMNS = (
    "product",
    "n_paths",
    "plain_mean",
    "plain_error",
    "mean",
    "standard_error",
    "beta",
    "error_ratio",
)
"""Columns of `ControlVariateMeans.to_frame`, in order; only ever added to at the end."""
_COLUMNS = ("plain", "controlled", "beta", "cut")
_SHOWN_CUT = 1000.0
_ROUNDS_TO_ZERO = 0.5e-5  # shown with three decimals of a percent, and without a sign


def _means(value: object) -> Mapping[str, ControlVariateMean]:
    return by_name("ControlVariateMeans.means", value, ControlVariateMean, 'results.reduced["controlled"]')


@attrs.frozen(eq=False, repr=False)
class ControlVariateMeans(ByProduct[ControlVariateMean]):
    """Mean returns with and without the control, by product. Print it, or show it in a notebook.

    Parameters
    ----------
    means
        `measures.ControlVariateMean` by product name, from `control_variate_means` or the reducer
        `engine.ControlVariates`.
    """

    _FIELD: ClassVar[str] = "means"
    _COLUMNS: ClassVar[tuple[str, ...]] = CONTROL_VARIATE_COLUMNS

    means: Mapping[str, ControlVariateMean] = attrs.field(converter=_means)

    def table(self) -> Table:
        """Table of the means, which is shown as text, HTML or Markdown."""
        columns = (Note("column.product"), *(Note(f"controlled.column.{name}") for name in _COLUMNS))
        bare = [name for name, mean in self.items() if not mean.has_control]
        notes = [Note("controlled.note"), *(Note("controlled.none", product=name) for name in bare)]
        return Table(Note("controlled.title"), columns, [_cells(*item) for item in self.items()], notes)

    def _repr_html_(self) -> str:
        return self._shown().html()


def _cells(name: str, mean: ControlVariateMean) -> list[str]:
    plain = _with_error(mean.plain_mean, mean.plain_error)
    if not mean.has_control:
        return [name, plain, plain, "-", "-"]
    cut = mean.error_ratio
    shown = "-" if math.isnan(cut) else f"{cut:.1f}" if cut < _SHOWN_CUT else f"> {_SHOWN_CUT:g}"
    return [name, plain, _with_error(mean.mean, mean.standard_error), f"{mean.beta:.2f}", shown]


def _with_error(mean: float, error: float) -> str:
    signed = "0.000%" if abs(mean) < _ROUNDS_TO_ZERO else f"{mean:+.3%}"
    return f"{signed} ({'-' if math.isnan(error) else f'{error:.3%}'})"


def control_variate_means(results: Results) -> ControlVariateMeans:
    """Mean return of every product, with holding its own coin as a control variate, from the same paths.

    Most of the spread of a product held in a coin is the coin's own. If the scenario gives the coin's expected growth
    (`scenarios.Scenario.expected_growth`), the sampling error of the coin's mean is known and can be subtracted. The
    coin is held until the day on which the product's money is all in hand.

    Parameters
    ----------
    results
        Results of `simulate`, with its outcomes; for ``keep="none"`` use the reducer `engine.ControlVariates`.

    Raises
    ------
    InputTypeError
        If `results` is something else.
    InputError
        Where it kept no outcomes, or its paths are overlapping windows of one record.

    Examples
    --------
    >>> from stakingmodels import APR, Constants, GBM, Joint, GeometricBrownianMotion, Price, StakingPool, StakingReward
    >>> from stakingmodels import TimeGrid, simulate
    >>> from stakingmodels.analysis import control_variate_means
    >>> prices = GeometricBrownianMotion({Price("ETH"): GBM(3000.0, volatility=0.7)})
    >>> scenario = Joint([prices, Constants({StakingReward("ETH"): APR(0.03)})])
    >>> grid = TimeGrid.daily("2026-01-01", days=365, settlement_days=10)
    >>> pool = StakingPool(unbonding_days=9.0)
    >>> results = simulate({"pool": pool}, scenario, grid, capital=1000.0, n_paths=1000, rng=1)
    >>> found = control_variate_means(results)["pool"]
    >>> round(found.mean, 4), found.error_ratio > 100
    (0.0274, True)
    """
    checks.instance("control_variate_means: results", results, Results, "control_variate_means(simulate(...))")
    if not results:
        how = 'simulate(..., reducers={"controlled": ControlVariates()})'
        checks.refuse("control_variate_means: results", "must have kept outcomes", "none", how)
    if results.overlap:
        rule = "must have independent paths: overlapping windows of a record have another error"
        checks.refuse("control_variate_means: results.overlap", rule, results.overlap, "compare(results)")
    return ControlVariateMeans(
        {name: controlled(o.returns, o.control_variate, o.n_replicates) for name, o in results.items()}
    )
