"""`payback_days`: the day on which each path has its money back."""

from collections.abc import Mapping
from concurrent.futures import Executor
from typing import TYPE_CHECKING, Any, Literal, get_args

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray, RNGLike
from stakingmodels.analysis.row import number
from stakingmodels.analysis.solving.runs import World
from stakingmodels.capital import CapitalLike
from stakingmodels.display import Summary
from stakingmodels.engine import Reducer, simulate
from stakingmodels.engine.keep import Keep
from stakingmodels.engine.protocols import RunnableProduct, as_product
from stakingmodels.equality import ByValue
from stakingmodels.frames import data_frame
from stakingmodels.ledger import Outcome
from stakingmodels.ledger.flows import refuse_without_flows
from stakingmodels.market import Market, TimeGrid
from stakingmodels.scenarios import Scenario
from stakingmodels.series import frozen
from stakingmodels.tables import Shown, Table
from stakingmodels.tolerances import REL_TOL
from stakingmodels.words import Note, class_name

if TYPE_CHECKING:
    import pandas as pd

Counted = Literal["paid_out", "value"]
"""Money that counts: what is paid out to the holder, or the value of all holdings."""
_NAME = "product"
_QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


@attrs.frozen(eq=False, repr=False, kw_only=True)
class PaybackDays(ByValue, Shown):
    """Days until the money put in is back, by path. Print it, or show it in a notebook.

    Attributes
    ----------
    product
        Class of the product.
    counted
        ``"paid_out"``: money paid out to the holder, less what was added later, has reached the capital.
        ``"value"``: the value of all holdings has reached it after it was last below.
    days
        Days from the opening, ``(n_paths,)``; infinite on paths whose money is not back by the grid's end.
    last_day
        Last day of the grid.
    """

    product: str
    counted: Counted
    days: FloatArray = attrs.field(converter=frozen)
    last_day: float

    @property
    def never(self) -> float:
        """Share of the paths whose money is not back by the grid's end."""
        return float(np.mean(np.isinf(self.days)))

    def quantile(self, share: float) -> float:
        """Day by which a share of all paths have their money back; infinite where fewer have.

        Parameters
        ----------
        share
            A fraction in [0, 1].
        """
        rank = checks.fraction("PaybackDays.quantile: share", share)
        return float(np.quantile(self.days, rank, method="inverted_cdf"))

    def to_dict(self) -> dict[str, Any]:
        """Product, quantiles and share of paths without a day, as plain numbers and text; infinite stays infinite."""
        return {
            "product": self.product,
            "counted": self.counted,
            "last_day": self.last_day,
            "n_paths": int(self.days.size),
            "never": number(self.never),
            "quantiles": {f"{share:g}": self.quantile(share) for share in _QUANTILES},
        }

    def to_frame(self) -> "pd.DataFrame":
        """A pandas data frame: one row a path, with its day.

        Raises
        ------
        MissingExtraError
            Where pandas is not installed.
        """
        return data_frame("PaybackDays.to_frame", {"day": self.days}, index="path")

    def table(self) -> Table:
        """Quantiles of the days, which are shown as text, HTML or Markdown."""
        columns = [*(f"{share:.0%}" for share in _QUANTILES), Note("payback.column.never")]
        later = Note("payback.later", day=self.last_day)
        cells = [f"{x:g}" if np.isfinite(x) else later for x in map(self.quantile, _QUANTILES)]
        given = {"product": class_name(self.product), "n": int(self.days.size)}
        title = Note("payback.paid_out" if self.counted == "paid_out" else "payback.value", **given)
        return Table(title, columns, [[*cells, f"{self.never:.2%}"]], left=0)

    def _parts(self) -> tuple[Table]:
        return (self.table(),)

    def _shown(self) -> Summary:
        return Summary.of(self.table())

    def _repr_html_(self) -> str:
        return self._shown().html()


@attrs.frozen
class PaybackReducer(Reducer[FloatArray]):
    """Day on which each path has its money back, so that a run keeps nothing else."""

    counted: Counted

    @property
    def keeps(self) -> Keep:  # type: ignore[override]
        """Data that the blocks of the run must keep while they are summarized."""
        return "flows" if self.counted == "paid_out" else "values"

    def summarize(self, outcomes: Mapping[str, Outcome]) -> FloatArray:
        """Days of one block."""
        return _days(outcomes[_NAME], self.counted)

    def merge(self, first: FloatArray, second: FloatArray) -> FloatArray:
        """Days of two stretches of paths."""
        return np.concatenate([first, second])


def payback_days(
    product: RunnableProduct,
    world: World,
    grid: TimeGrid | None = None,
    *,
    capital: CapitalLike,
    counted: Counted = "paid_out",
    n_paths: int | None = None,
    rng: RNGLike = None,
    executor: Executor | None = None,
) -> PaybackDays:
    """Day on which the money put into a product is back, on each path of one run.

    Parameters
    ----------
    product, world, grid
        The product; a market, or a scenario with the grid.
    capital, n_paths, rng, executor
        As in `simulate`.
    counted
        ``"paid_out"`` (default): the first day on which all pay-outs, less costs paid later, have reached the capital;
        a product that pays at its end has it back then or never. ``"value"``: the first day from which the value of all
        holdings stays at or above the money put in, to the grid's end.

    Returns
    -------
    PaybackDays
        Infinite where the money is not back by the grid's end.

    Raises
    ------
    InputError, InputTypeError
        For another word, and all that `simulate` refuses.

    Examples
    --------
    >>> from stakingmodels import CloudMiningContract, Constants, Difficulty, BlockFees, Price, TimeGrid
    >>> from stakingmodels.analysis import payback_days
    >>> world = Constants({Price("BTC"): 90_000.0, Difficulty("BTC"): 1.5e14, BlockFees("BTC"): 0.0})
    >>> mine, grid = CloudMiningContract(price_usd_per_th_s=2.0), TimeGrid.daily("2026-01-01", days=360)
    >>> payback_days(mine, world, grid, capital=1e4, n_paths=1).days.tolist()
    [128.0]
    """
    runnable = as_product("payback_days: product", product)
    checks.choice("payback_days: counted", counted, get_args(Counted))
    if isinstance(world, Market):
        if grid is not None:
            checks.refuse("payback_days: grid", "must be left out with a market, which has its own", str(grid))
        keep: Keep = "flows" if counted == "paid_out" else "values"
        outcome = checks.instance("payback_days: world", _run(runnable, world, capital, keep), Outcome, "a product")
        return _found(product, counted, _days(outcome, counted), world.grid)
    if not isinstance(world, Scenario):
        checks.refuse_type("payback_days: world", "must be a Market, or a Scenario with a grid", world)
    times = checks.instance("payback_days: grid", grid, TimeGrid, 'TimeGrid.daily("2026-01-01", days=365)')
    run: dict[str, Any] = {"capital": capital, "n_paths": n_paths, "rng": rng, "executor": executor, "keep": "none"}
    results = simulate({_NAME: runnable}, world, times, reducers={"days": PaybackReducer(counted)}, **run)
    return _found(product, counted, results.reduced["days"], times)


def _run(product: Any, market: Market, capital: CapitalLike, keep: Keep) -> object:
    return product.run(market, capital=capital, keep=keep)


def _found(product: object, counted: Counted, days: FloatArray, grid: TimeGrid) -> PaybackDays:
    last = float(grid.elapsed_days[-1])
    return PaybackDays(product=type(product).__name__, counted=counted, days=days, last_day=last)


def _days(outcome: Outcome, counted: Counted) -> FloatArray:
    return _of_flows(outcome) if counted == "paid_out" else _of_values(outcome)


def _of_flows(outcome: Outcome) -> FloatArray:
    """First day on which flows have reached the capital; what is not paid out by the end is no pay-out."""
    flows = outcome.flows
    if flows is None:
        refuse_without_flows("payback_days")
    last = outcome.grid.n_times - 1
    paid = (flows.money < 0.0) | (flows.time < last) | outcome.settled[flows.path]
    path, time, money = flows.path[paid], flows.time[paid], flows.money[paid]
    order = np.argsort(time, kind="stable")
    bounds = np.searchsorted(time[order], np.arange(last + 2))
    left, days = np.array(outcome.capital), np.full(outcome.n_paths, np.inf)
    least = REL_TOL * outcome.capital
    for k in range(last + 1):
        part = order[bounds[k] : bounds[k + 1]]
        if part.size:
            left -= np.bincount(path[part], money[part], outcome.n_paths)
            days[(left <= least) & np.isinf(days)] = outcome.grid.elapsed_days[k]
    return days


def _of_values(outcome: Outcome) -> FloatArray:
    """First day from which the value stays at or above the money put in."""
    values = checks.instance("payback_days: values", outcome.values, np.ndarray, 'keep="values"')
    below = values < outcome.invested * (1.0 - REL_TOL)
    last_below = outcome.grid.n_times - 1 - below[::-1].argmax(axis=0)
    from_day = np.where(below.any(axis=0), last_below + 1, 0)
    days = np.append(outcome.grid.elapsed_days, np.inf)
    return np.asarray(days[from_day])
