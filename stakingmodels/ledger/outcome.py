"""`Outcome`: results of one product on every path."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import BoolArray, FloatArray
from stakingmodels.capital import spread_text
from stakingmodels.equality import ByValue
from stakingmodels.frames import data_frame
from stakingmodels.ledger.cashflows import CashFlows, Prices, rows_of
from stakingmodels.ledger.flows import Flows
from stakingmodels.ledger.lines import Group, Line, LineMap, as_group
from stakingmodels.ledger.record import Entry
from stakingmodels.ledger.risk import Risk, risk_of
from stakingmodels.ledger.tabulated import outcome_dataset, per_path
from stakingmodels.ledger.yields import Yields, yields_of
from stakingmodels.market import TimeGrid
from stakingmodels.market.now import TimeOffsets
from stakingmodels.series import FrozenMap, frozen

LIQUIDITY_DAYS = (1, 7, 30, 90, 365)
"""Days after the exit at which a run measures the part of the proceeds not yet paid out."""

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

M = TypeVar("M")


@attrs.frozen(eq=False, kw_only=True)
class Outcome(ByValue):
    """Results of a run of one product; all arrays are ``(n_paths,)``, read-only, money in the numeraire.

    An array with the same number on all paths stores it once, with a stride of 0; `numpy.ascontiguousarray` expands it.

    Attributes
    ----------
    product, asset, numeraire
        Class of the product, its own coin (None for a product of several), and the asset in which money is counted.
    grid
        The times of the run.
    capital
        Money put in at the opening, ``(n_paths,)``; coins put in count at their price of that day.
    closing
        Value of all holdings at the grid's end. ``closing = capital + sum of lines`` on every path.
    lines
        Money booked under each line, signed as it changes the holder's wealth. A line may be given by its label, here
        and in the other mappings by line: ``lines["commission"]``.
    coins_gross, coins_net
        Rewards in the product's own coin; and the sum of all lines except price moves and contributions. Entries in
        other assets count at the price of their day, prepaid money at the price of the day on which it was paid.
        Interest on cash does not count; where the coin is the money itself, it counts until the exit.
    contract_price, contract_left
        Money prepaid for contracts, less what was paid back of it and claims for it; and the part not yet written off,
        where a term outlasts the grid. 0 without contracts.
    proceeds
        Money in hand on the day on which the last of it was paid out; the closing value if some was not.
    days_to_cash
        Days from the exit until all is money in the wallet; infinite if it is not by the grid's end. Up to 1e-12 of the
        capital may be elsewhere; coins whose price is 0 still count as elsewhere.
    settled
        Whether all is money in the wallet by the grid's end.
    capital_shortfall
        Money by which the capital fell short of opening the product; 0 where it was enough. On paths that fell short
        nothing was at work: the capital stayed money, or coins if the product takes only whole lots of them. Infinite
        where the coin's price was 0 at the opening, so that no money would buy it.
    deployed
        Share of the capital at work: the value of all holdings outside the wallet just after the opening, over the
        capital. Fees paid at the opening are not at work. Holding coins or cash puts nothing to work; a pool's own
        liquid reserve counts as at work.
    max_drawdown
        Largest fall of the value from its peak, the capital put in included, as a fraction of the peak, in [0, 1].
    opening_price
        Price of the product's own coin at the opening.
    day_asked
        Days from the opening to the day on which the holder asks to leave, from which `days_to_cash` counts.
    asset_growth, asset_growth_at_exit, cash_growth
        Final value of one unit of money under three alternatives. `asset_growth` is the benchmark of the product: its
        own coin bought at the opening and held until this path's money is in hand (not before the exit; to the grid's
        end if it never is), then cash. `asset_growth_at_exit` sells the coin at the exit; the difference between the
        two is the price of the wait. `cash_growth` holds cash throughout.
    control_variate
        Growth of the product's own coin to the day of `proceeds` (to the grid's end where a path is unsettled), over
        its expected growth to that day: a control variate of mean exactly 1, since nothing looks ahead. All 1 where the
        own coin is the numeraire; None where the market gives no expected growth. See `measures.ControlVariateMean`.
    native
        Units booked under each (line, asset). Not in a run that kept the summary only, as the next three.
    coins
        Value of entries in other assets in the product's own coin, at the prices of their days.
    units
        Units held at the end by (asset, place).
    unpaid_by_day
        Part of `proceeds` not yet paid out N days after the exit, by N in `LIQUIDITY_DAYS`. Days by which every path is
        paid out in full are left out.
    values
        Value of all holdings at every grid time, ``(n_times, n_paths)``, where the run kept it.
    earning_years
        Years of 365 days from the opening to the last day on which the product pays: the exit, or the end of an exit
        queue that still earns.
    can_leave_early
        Whether the terms let the holder out before their end; see `Product.can_leave_early`.
    flows
        Dated flows of money, for internal rates of return; None in a run that kept the summary only, and in a large run
        of a product with many flows unless they were asked for.
    time_offsets
        Offsets added to the grid's times, in a run that kept the ledger and whose paths have dates of their own.
    entries
        The step ledger, where the run kept it.
    prices
        Prices and market ratios by which accounts are valued, by factor, ``(n_times, n_paths)``; with the ledger.
    n_replicates
        Number of independent replicates that the paths belong to in turn, in a quasi-random run; 0 for independent
        paths. See `scenarios.QuasiRandom`.
    """

    product: str
    asset: str | None
    numeraire: str
    grid: TimeGrid
    capital: FloatArray
    closing: FloatArray
    lines: LineMap[FloatArray]
    coins_gross: FloatArray
    coins_net: FloatArray
    contract_price: FloatArray
    contract_left: FloatArray
    proceeds: FloatArray
    days_to_cash: FloatArray
    settled: BoolArray
    capital_shortfall: FloatArray
    deployed: FloatArray
    max_drawdown: FloatArray
    opening_price: FloatArray
    day_asked: FloatArray
    asset_growth: FloatArray
    asset_growth_at_exit: FloatArray
    cash_growth: FloatArray
    earning_years: FloatArray
    can_leave_early: bool = True
    control_variate: FloatArray | None = None
    flows: Flows | None = None
    _native: LineMap[FloatArray] | None = None
    _coins: LineMap[FloatArray] | None = None
    _units: Mapping[tuple[str, str], FloatArray] | None = None
    _unpaid_by_day: Mapping[int, FloatArray] | None = None
    values: FloatArray | None = None
    time_offsets: TimeOffsets | None = None
    entries: tuple[Entry, ...] | None = None
    prices: Prices | None = None
    n_replicates: int = 0

    def __reduce__(self) -> tuple[Callable[[dict[str, Any]], "Outcome"], tuple[dict[str, Any]]]:
        return _restored, (
            {field.name.removeprefix("_"): getattr(self, field.name) for field in attrs.fields(Outcome)},
        )

    @property
    def native(self) -> LineMap[FloatArray]:
        """Units booked under each (line, asset)."""
        return self._kept("native", self._native)

    @property
    def coins(self) -> LineMap[FloatArray]:
        """Value of entries in other assets in the product's own coin."""
        return self._kept("coins", self._coins)

    @property
    def units(self) -> Mapping[tuple[str, str], FloatArray]:
        """Units held at the end by (asset, place)."""
        return self._kept("units", self._units)

    @property
    def unpaid_by_day(self) -> Mapping[int, FloatArray]:
        """Part of the proceeds not yet paid out N days after the exit (N in 1, 7, 30, 90, 365)."""
        return self._kept("unpaid_by_day", self._unpaid_by_day)

    def _kept(self, name: str, found: M | None) -> M:
        if found is None:
            checks.refuse(f"Outcome.{name}", "is not in a run that kept lines only", "summary", 'keep="totals"')
        return found

    @property
    def is_summary(self) -> bool:
        """Whether the run kept the summary only, without `native`, `coins`, `units` and `unpaid_by_day`."""
        return self._native is None

    @property
    def n_paths(self) -> int:
        """Number of paths."""
        return int(self.closing.size)

    @property
    def feasible(self) -> BoolArray:
        """Whether the capital could open the product."""
        return frozen(self.capital_shortfall == 0.0)

    @property
    def opening(self) -> FloatArray:
        """Money put in at the opening, per path."""
        return self.capital

    @property
    def contributions(self) -> FloatArray:
        """Money added by the holder after the opening, for costs that no account could pay."""
        found = self.lines.get(Line.CONTRIBUTION)
        return frozen(np.zeros(self.n_paths)) if found is None else found

    @property
    def invested(self) -> FloatArray:
        """Capital plus contributions."""
        return frozen(self.capital + self.contributions)

    @property
    def profit(self) -> FloatArray:
        """Closing less capital and contributions."""
        return frozen(self.closing - self.invested)

    @property
    def returns(self) -> FloatArray:
        """Return in money: profit over capital and contributions, the denominator of every return and risk."""
        return frozen(self.profit / self.invested)

    @property
    def day_out(self) -> FloatArray:
        """Day after the opening on which the last money is in hand, not before `day_asked`; infinite if never."""
        return frozen(self.day_asked + self.days_to_cash)

    @property
    def coin_years(self) -> FloatArray:
        """Coins committed times years committed: the denominator of coin yields.

        The coins are those that the capital bought at the opening price; the years end with `earning_years`.
        """
        coins = np.full(self.n_paths, np.inf)
        np.divide(self.capital, self.opening_price, out=coins, where=self.opening_price > 0.0)
        return frozen(self.earning_years * coins)

    def group(self, group: Group | str) -> FloatArray:
        """Sum of the lines of one group, such as ``Group.FEE`` or ``"fee"``.

        Raises
        ------
        InputError
            For a name that is no group.
        """
        group = as_group("Outcome.group", group)
        total = np.zeros(self.n_paths)
        for line, amount in self.lines.items():
            if line.group is group:
                total += amount
        return frozen(total)

    @property
    def cost(self) -> FloatArray:
        """Fees and costs, as a positive amount of money."""
        return frozen(-(self.group(Group.FEE) + self.group(Group.COST)))

    def slice_paths(self, start: int, stop: int) -> "Outcome":
        """The results on the paths [start, stop), as views."""
        if start == 0 and stop >= self.n_paths:
            return self
        cut: dict[str, Any] = {}
        for field in attrs.fields(Outcome):
            value = getattr(self, field.name)
            if isinstance(value, np.ndarray):
                cut[field.name] = value[..., start:stop]
            elif isinstance(value, Mapping):
                parts = {key: x[..., start:stop] for key, x in value.items()}
                cut[field.name.removeprefix("_")] = LineMap(parts) if isinstance(value, LineMap) else FrozenMap(parts)
            elif isinstance(value, Flows):
                cut[field.name] = value.slice_paths(start, stop)
            elif isinstance(value, tuple):
                cut[field.name] = tuple(attrs.evolve(entry, units=entry.units[start:stop]) for entry in value)
        return attrs.evolve(self, **cut)

    def cashflows(self, path: int = 0) -> CashFlows:
        """Every change of wealth on one path in time order: date, account, line, units, price, money and balance.

        Parameters
        ----------
        path
            Index of the path.

        Raises
        ------
        InputError
            Where the run kept no ledger.
        """
        if self.entries is None or self.prices is None:
            checks.refuse("Outcome.cashflows", "needs the step ledger", None, 'run(..., keep="ledger")')
        chosen = checks.integer("Outcome.cashflows: path", path, 0, self.n_paths - 1)
        start = np.timedelta64(0, "s") if self.time_offsets is None else self.time_offsets[chosen]
        capital = float(self.capital[chosen])
        of: dict[str, Any] = {"numeraire": self.numeraire, "capital": capital, "path": chosen}
        rows = rows_of(self.entries, self.prices, self.grid, **of, start=start)
        return CashFlows(rows=rows, product=self.product, **of)

    def to_frame(self) -> "pd.DataFrame":
        """A pandas data frame: one row a path; a column a line, by its label, then the other results (`COLUMNS`).

        Raises
        ------
        MissingExtraError
            Where pandas is not installed.
        """
        return data_frame("Outcome.to_frame", per_path(self), index="path")

    def to_xarray(self) -> "xr.Dataset":
        """An xarray dataset: ``lines`` over line and path, the other results (`COLUMNS`) over path.

        ``values`` is over time and path where the run kept it.

        Raises
        ------
        MissingExtraError
            Where xarray is not installed.
        """
        return outcome_dataset(self)

    def yields(self, *, supply_growth: float = 0.0) -> Yields:
        """Rates of return, in coins and in money.

        Parameters
        ----------
        supply_growth
            Growth of the coin's supply a year, for the real (dilution-adjusted) yield.
        """
        return yields_of(self, supply_growth=supply_growth)

    def risk(self, *, confidence_level: float = 0.95) -> Risk:
        """Risk over the paths at a confidence level (a fraction in (0, 1)); losses are positive."""
        return risk_of(self, confidence_level=confidence_level)

    def __repr__(self) -> str:
        mean, capital = float(np.mean(self.profit / self.capital)), spread_text(self.capital)
        paths = "1 path" if self.n_paths == 1 else f"{self.n_paths:,} paths"
        return (
            f"Outcome({self.product}, {paths}, {self.grid.years_held:.2f} years held: "
            f"{capital} {self.numeraire}, mean return {mean:+z.2%})"
        )


def _restored(fields: dict[str, Any]) -> Outcome:
    """An outcome from its pickle, with its arrays frozen again."""
    for name, value in fields.items():
        if isinstance(value, np.ndarray):
            fields[name] = frozen(value)
        elif isinstance(value, FrozenMap):
            arrays = {key: frozen(array) for key, array in value.items()}
            fields[name] = LineMap(arrays) if isinstance(value, LineMap) else FrozenMap(arrays)
    return Outcome(**fields)
