"""`compare`: several products side by side, each paired with a benchmark on the same paths."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from os import PathLike
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels.analysis.answer.answered import Answered
from stakingmodels.analysis.answer.break_even import break_evens_of
from stakingmodels.analysis.answer.ranged import Ranged
from stakingmodels.analysis.answer.ranges import GivenRanges, terms_of_rows
from stakingmodels.analysis.answer.reruns import Reruns
from stakingmodels.analysis.answer.viewed import Viewed
from stakingmodels.analysis.answer.views import PriceView, PriceViews, as_views, check_coins, is_long
from stakingmodels.analysis.comparison_report import Report, has_ladder, held_days, tail_days
from stakingmodels.analysis.liquidity import LiquidityProfile, ladder_of
from stakingmodels.analysis.ranking import ranked
from stakingmodels.analysis.row import COLUMNS, OWN_COIN, ComparisonRow, absent, number, plain, row_of
from stakingmodels.analysis.windows import windows_of
from stakingmodels.assumptions import NEWEST, AssumptionSet, assumption_set
from stakingmodels.engine import Results
from stakingmodels.equality import ByValue
from stakingmodels.frames import frame_of_rows
from stakingmodels.products import terms_of
from stakingmodels.series import FrozenMap
from stakingmodels.tables import Notes, Table

if TYPE_CHECKING:
    import pandas as pd


@attrs.frozen(eq=False, repr=False, kw_only=True)
class Comparison(ByValue, Answered, Viewed, Ranged):
    """Comparison of products, returned by `compare`. Print it or show it in a notebook; `details` has the rest.

    Attributes
    ----------
    rows
        One `ComparisonRow` a product, in the order of the results.
    skipped
        Reason, by name, why a product could not be run in the scenario or does not fulfil the bounds of `rank`.
    results
        The results compared.
    confidence_level
        Confidence level of the risks.
    benchmark
        Name of the benchmark row; None for each row's own coin.
    ranked_by
        Column by which `rank` ordered the rows; None for the order of the results.
    views_asked
        Views of prices given to `compare`, which are shown with the tables; empty for none.
    reruns
        The assumed numbers of the rows, and what was run again for them.

    Notes
    -----
    Where paths are overlapping windows of one record, standard errors are those of Newey and West with the overlap as
    lag, but no less than for the number of non-overlapping windows; for independent paths they are the usual ones. With
    fewer than ten non-overlapping windows there are none. The effective number of paths is that of the return in money,
    since a difference may be the same on every path. Where the scenario gives the expected growth of the coin's price,
    mean differences use a control variate, which subtracts the sampling error of the prices' mean.

    Examples
    --------
    >>> from stakingmodels import APR, Constants, Price, StakingPool, StakingReward, TimeGrid, compare, simulate
    >>> scenario = Constants({Price("ETH"): 3000.0, StakingReward("ETH"): APR(0.03)})
    >>> grid = TimeGrid.daily("2026-01-01", days=365)
    >>> table = compare(simulate({"pool": StakingPool("ETH")}, scenario, grid, capital=1000.0, n_paths=1))
    >>> round(table.rows[0].excess_return, 4)
    0.0274
    """

    rows: tuple[ComparisonRow, ...]
    skipped: Mapping[str, str]
    results: Results
    confidence_level: float
    benchmark: str | None
    ranked_by: str | None = None
    views_asked: tuple[PriceView, ...] = ()
    reruns: Reruns
    _kept: dict[object, Any] = attrs.field(init=False, factory=dict)  # views and break-even prices, once computed

    @property
    def risk_free_rate(self) -> float:
        """Risk-free rate: effective annual rate of cash, mean over the paths."""
        outcome = next(iter(self.results.values()))
        return float(np.mean(outcome.cash_growth ** (1.0 / outcome.grid.years))) - 1.0

    @property
    def holding(self) -> dict[str, float]:
        """Mean return of holding each coin free of cost until the exit, then cash, by coin."""
        return {
            o.asset: float(np.mean(o.asset_growth_at_exit)) - 1.0
            for o in self.results.values()
            if o.asset is not None and o.asset != o.numeraire
        }

    def to_dict(self) -> dict[str, Any]:
        """All contents as plain numbers and text, fit for JSON; None for missing numbers, infinite stays infinite.

        The entries of ``"rows"`` have the keys `COLUMNS`, ``"shortfall_by_line"`` and
        ``"expected_shortfall_vs_holding_by_line"``. Skipped products follow the others, with the reason under
        ``"skipped"`` and None for every number. Those of ``"liquidity"`` have the fields of `LiquidityRow`,
        and under ``"products"`` stand the terms, as `products.terms_of` gives them. ``"ranges"`` and ``"verdicts"``,
        for which rows are run again, are None after an interruption.
        """
        results = self.results
        return {
            "capital": results.mean_capital,
            "numeraire": results.scenario.numeraire,
            "start": str(results.grid.times[0].astype("datetime64[D]")),
            "days": held_days(results.grid),
            "settlement_days": tail_days(results.grid),
            "n_paths": results.n_paths,
            "n_paths_requested": results.n_paths_requested,
            "overlap": results.overlap,
            "seed": results.entropy,
            "n_replicates": windows_of(results).n_replicates,
            "confidence_level": self.confidence_level,
            "benchmark": self.benchmark or OWN_COIN,
            "risk_free_rate": number(self.risk_free_rate),
            "holding": {coin: number(mean) for coin, mean in self.holding.items()},
            "scenario": list(results.scenario.describe()),
            "assumptions": results.scenario.assumption_set or None,
            "hazards": dict(results.hazards),
            "products": {name: terms_of(product) for name, product in results.products.items()},
            "keep": results.keep,
            "version": results.version,
            "rows": self.records(),
            "liquidity": self.liquidity.to_dict(),
            "ranked_by": self.ranked_by,
            "price_views": None if self.views is None else self.views.to_dict(),
            "ranges": self.ranges.to_dict() if self._is_ranged else None,
            "verdicts": self.verdicts.to_dict() if self._is_ranged else None,
        }

    def records(self) -> list[dict[str, Any]]:
        """Rows as plain numbers and text, then the skipped products: the entries of ``"rows"`` in `to_dict`."""
        return [plain(row) for row in self.rows] + [absent(*item) for item in self.skipped.items()]

    def to_frame(self) -> "pd.DataFrame":
        """A pandas data frame: one row a product, by name, and the other `COLUMNS`.

        Raises
        ------
        MissingExtraError
            Where pandas is not installed.
        """
        return frame_of_rows("Comparison.to_frame", self.records(), COLUMNS)

    @property
    def liquidity(self) -> LiquidityProfile:
        """Share of the money put in that is paid out within 1 to 365 days of the exit, at `confidence_level`."""
        return ladder_of([row.product for row in self.rows], self.results, self.confidence_level)

    def rank(
        self,
        by: str = "return_mean",
        *,
        max_es: float | None = None,
        max_days_to_cash: float | None = None,
        min_capital: float | None = None,
        max_infeasible: float = 0.05,
    ) -> "Comparison":
        """Comparison of the rows that fulfil the bounds, best first; the others are skipped, with the reason.

        Parameters
        ----------
        by
            A numeric column. More is better of returns, coins, differences and paths; less is better of errors,
            costs, losses, days, and shares of paths. Equal rows keep their order; those without a number come last.
        max_es
            Largest expected shortfall at `confidence_level`, a fraction of the capital in [0, 1].
        max_days_to_cash
            Most days from the exit to money in hand, at `confidence_level`.
        min_capital
            Money the holder has, at least the capital of the run, which is the default: rows that it could not open
            on more than `max_infeasible` of the paths are left out.
        max_infeasible
            Fraction of the paths in [0, 1]; default 0.05.

        Returns
        -------
        Comparison
            Of the same results. If no row fulfils the bounds it has none, with the reasons.

        Raises
        ------
        InputError, InputTypeError
            For an unknown column or one without numbers, bounds out of range, and a `min_capital` below the run's.

        Examples
        --------
        >>> from stakingmodels import Constants, Holding, Price, StakingPool, StakingReward, TimeGrid, APR
        >>> from stakingmodels import compare, simulate
        >>> scenario = Constants({Price("ETH"): 3000.0, StakingReward("ETH"): APR(0.03)})
        >>> rows = {"hold": Holding("ETH"), "pool": StakingPool(unbonding_days=9.0), "fast": StakingPool()}
        >>> grid = TimeGrid.daily("2026-01-01", days=365, settlement_days=9)
        >>> best = compare(simulate(rows, scenario, grid, capital=1000.0, n_paths=1)).rank(max_days_to_cash=7.0)
        >>> [row.product for row in best.rows], dict(best.skipped)
        (['fast', 'hold'], {'pool': '9 days to cash at 95%, more than 7'})
        """
        rows, skipped = ranked(
            self.rows,
            self.results,
            self.confidence_level,
            by,
            max_es=max_es,
            max_days_to_cash=max_days_to_cash,
            min_capital=min_capital,
            max_infeasible=max_infeasible,
        )
        return attrs.evolve(self, rows=rows, skipped=FrozenMap({**skipped, **self.skipped}), ranked_by=by)

    def _report(self) -> Report:
        return Report(
            rows=self.rows,
            skipped=self.skipped,
            results=self.results,
            level=self.confidence_level,
            benchmark=self.benchmark,
            ranked_by=self.ranked_by,
            risk_free_rate=self.risk_free_rate,
            holding=self.holding,
            ladder=self.liquidity if has_ladder(self.rows, self.results) else None,
        )

    def _short_report(self) -> Report:
        results = self.results
        prepaid = [row.product for row in self.rows if row.opened and results[row.product].contract_price.any()]
        break_evens = self._once("prepaid", lambda: break_evens_of(results, prepaid)) if prepaid else {}
        return attrs.evolve(
            self._report(),
            ranges=self.ranges if self._is_ranged else {},
            sure=self.verdicts.sure if self._is_ranged else (),
            unsure=self.verdicts.unsure if self._is_ranged else (),
            apart=self.verdicts.apart if self._is_ranged else (),
            break_evens=tuple(break_evens.values()),
            views=self.price_views() if self.views is None and is_long(results.grid) else None,
        )

    @property
    def _is_ranged(self) -> bool:
        """Whether rows are run again over their ranges: not after an interruption."""
        return not self.results.partial

    def _more_parts(self) -> Iterator[Table | Notes]:
        if self._is_ranged and any(found.terms for found in self.ranges.values()):
            yield self.ranges.table()
            yield self.verdicts.table()
            yield self.flip_points().table()
        if self.views is not None:
            yield from self.views.parts()

    def _views(self) -> PriceViews | None:
        return self.views


def compare(
    results: Results,
    *,
    benchmark: str | None = None,
    confidence_level: float = 0.95,
    price_views: PriceView | Sequence[PriceView] | None = None,
    assumptions: str | PathLike[str] | AssumptionSet | None = None,
    ranges: GivenRanges | None = None,
    executor: Executor | None = None,
) -> Comparison:
    """Compare the products of a run, each paired with a benchmark.

    All products were run on the same paths, so common moves cancel in the difference. A positive difference means the
    product ended with more money on average.

    Parameters
    ----------
    results
        Results of `simulate`.
    benchmark
        Name of the benchmark row. By default each row is compared with holding its own coin, free of cost, from the
        opening until that path's money is in hand (to the grid's end where it is not), then cash.
    confidence_level
        Confidence level of value at risk, expected shortfall and days to cash, a fraction in (0, 1).
    price_views
        Views of prices to show, as for `Comparison.price_views`: ``(-0.5, 0.0, 1.0)``, or ``{"ETH": -0.5}``.
    assumptions
        Assumption set whose ranges move the averages: a name, a file, or an `AssumptionSet`; by default the newest,
        with a warning if the scenario is of another. A number that is not the set's own is the caller's.
    ranges
        Ranges of a caller's own by row and term, such as ``{"pool": {"commission": (0.05, 0.15)}}``, in place of the
        set's.
    executor
        As in `simulate`, for what is run again.

    Raises
    ------
    InputError, InputTypeError
        For a level outside (0, 1), a name or a set that there is not, bad ranges or views, and a run without outcomes.
    """
    checks.instance("compare: results", results, Results, "compare(simulate(...))")
    _refuse_nothing(results)
    confidence = checks.open_fraction("compare: confidence_level", confidence_level)
    numbers = _numbers(results, assumptions)
    terms = terms_of_rows(results, numbers, ranges)
    other = None if benchmark is None else results[_benchmark(results, benchmark)].returns
    views = () if price_views is None else as_views("compare: price_views", price_views)
    check_coins("compare: price_views", views, results, results)
    windows = windows_of(results)
    return Comparison(
        rows=tuple(row_of(name, outcome, benchmark, other, confidence, windows) for name, outcome in results.items()),
        skipped=FrozenMap(dict(results.skipped)),
        results=results,
        confidence_level=confidence,
        benchmark=benchmark,
        views_asked=views,
        reruns=Reruns(results=results, numbers=numbers, terms=terms, executor=executor),
    )


def _numbers(results: Results, assumptions: str | PathLike[str] | AssumptionSet | None) -> AssumptionSet:
    """Set of the ranges; a warning where it is not said and the run's numbers are of another one."""
    numbers, named = assumption_set(NEWEST if assumptions is None else assumptions), results.scenario.assumption_set
    if assumptions is None and named not in ("", numbers.label):
        checks.warn(
            f"compare: assumptions: the ranges are of {numbers.label}, the scenario is of {named}; give that set "
            f"(write compare(results, assumptions=...))"
        )
    return numbers


def _refuse_nothing(results: Results) -> None:
    if not results:
        how = 'keep="none" keeps none; write keep="summary", or read results.reduced'
        checks.refuse("compare: results", "must have kept outcomes", 0, how)


def _benchmark(results: Results, name: object) -> str:
    where = "compare: benchmark"
    if not isinstance(name, str):
        checks.refuse_type(where, "must be the name of a row (str) or None", name)
    if name in results.skipped:
        checks.refuse(where, f"must have been run; it was left out: {results.skipped[name]}", name)
    if name not in results:
        near = checks.nearest(name, results)
        hint = f"did you mean {near!r}?" if near else ""
        checks.refuse(where, "must be one of " + ", ".join(map(repr, results)), name, hint)
    return name
