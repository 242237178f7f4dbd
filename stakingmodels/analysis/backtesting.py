"""`backtest`: predictions made with the parameters known at each start, against recorded returns."""

from collections.abc import Callable, Mapping, Sequence

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import DateArray, DateLike, FloatArray, PathArray, RNGLike
from stakingmodels.analysis.coverage import Backtest, BacktestRow
from stakingmodels.engine import simulate
from stakingmodels.errors import InputError
from stakingmodels.market import Event, Factor, TimeGrid
from stakingmodels.market.grid import as_time
from stakingmodels.products import Product
from stakingmodels.rates import APR
from stakingmodels.scenarios import Constants, DailySeries, History, Joint, Scenario, as_entropy, fit
from stakingmodels.series import FrozenMap
from stakingmodels.tolerances import REL_TOL
from stakingmodels.words import Note

Known = Mapping[Factor, float]
Terms = Callable[[np.datetime64, Known], Mapping[str, Product]]
World = Callable[[History], Scenario | Sequence[Scenario]]

CONSTANT_DAYS = 14
"""Days before the start over which the mean of rates and fees is taken as their prediction: one difficulty period."""
_DAYS_LIMIT = 10_000
_DAY = np.timedelta64(1, "D")


def fitted(past: History) -> Scenario:
    """Default model of `backtest`: the scenario fitted to the past, with prices as diffusions without drift."""
    return fit(past).scenario()


def backtest(
    products: Mapping[str, Product] | Terms,
    history: History,
    *,
    days: int,
    first: DateLike,
    last: DateLike | None = None,
    capital: float,
    lookback_days: int | None = None,
    model: World = fitted,
    band: tuple[float, float] = (0.05, 0.95),
    settlement_days: int = 0,
    n_paths: int = 8_192,
    rng: RNGLike = None,
) -> Backtest:
    """Predict each window with the parameters known at its start, and count the recorded returns within the band.

    Parameters
    ----------
    products
        Products by name; or a function of the date and of the values known then (factor -> level, or mean rate or fee)
        that returns them, for terms that follow the market, such as the price of a mining contract.
    history
        The recorded series, without bounds or opening levels. Levels are cut to their common days. Rates and fees may
        be shorter: a product that reads one is left out of the windows that it does not cover.
    days, settlement_days
        Days from the first close to the exit, and for queues after it; windows start `days` + `settlement_days` apart.
    first, last
        Bounds of the first days, both included: a window starts on `first`; `last` is by default the last that fits.
    capital
        Money put into each product at each start, in [1e-9, 1e15]; enough to open it.
    lookback_days
        Days before a start that are measured, at least 14; None (default) for all.
    model
        Function of the past levels that returns a scenario, or several that share the paths; see `Backtest`.
    band
        Low and high quantile of the predicted return, fractions in (0, 1).
    n_paths
        Paths of a window; default 8,192. A recorded scenario has as many as it has windows.
    rng
        As in `simulate`. The draws of a window depend only on the seed and its date.

    Raises
    ------
    InputError, InputTypeError
        For bad arguments, a record too short for look-back and window, and a past that `model` refuses.
    """
    run = _Run(
        record=_Record(history),
        products=products,
        model=model,
        lookback_days=lookback_days,
        days=days,
        settlement_days=settlement_days,
        capital=capital,
        band=band,
        paths=n_paths,
        entropy=as_entropy("backtest: rng", rng),
    )
    return run.result(first, last)


def _band(value: object) -> tuple[float, float]:
    where = "backtest: band"
    if not isinstance(value, tuple) or len(value) != 2:
        checks.refuse_type(where, "must be two quantiles; write (0.05, 0.95)", value)
    low, high = (checks.open_fraction(where, end) for end in value)
    if not low < high:
        checks.refuse(where, "must have the low quantile first", value)
    return low, high


def _reason(windows: list[tuple[np.datetime64, str]]) -> str:
    (first, why), last, n = windows[0], windows[-1][0], len(windows)
    key = "backtest.skipped" if n == 1 else "backtest.skipped_of_several"
    return Note(key, n=n, first=first, last=last, why=why)


def _lookback(value: object) -> int | None:
    return None if value is None else checks.integer("backtest: lookback_days", value, CONSTANT_DAYS, 1_000_000)


def _days(value: object) -> int:
    return checks.integer("backtest: days", value, 1, _DAYS_LIMIT)


def _tail(value: object) -> int:
    return checks.integer("backtest: settlement_days", value, 0, _DAYS_LIMIT)


def _capital(value: object) -> float:
    return checks.capital("backtest: capital", value)


def _paths(value: object) -> int:
    return checks.integer("backtest: n_paths", value, 1, checks.PATHS_LIMIT)


def _world(value: World) -> World:
    if not callable(value):
        checks.refuse_type("backtest: model", "must be a function of a History; write lambda past: ...", value)
    return value


class _Record:
    """Recorded series, and the part of them known on each day."""

    def __init__(self, history: History) -> None:
        checks.instance("backtest: history", history, History, 'History({Price("ETH"): "eth.csv"})')
        if history.first is not None or history.last is not None:
            checks.refuse(
                "backtest: history", "must have no bounds", (history.first, history.last), "first= of backtest"
            )
        if history.initial_levels:
            checks.refuse(
                "backtest: history", "must have no opening levels: windows open as recorded", history.initial_levels
            )
        self.steady = {f: s for f, s in history.series.items() if f.kind != "level"}
        levels = {f: s for f, s in history.series.items() if f.kind == "level"}
        if not levels:
            checks.refuse("backtest: history", "must hold a price or another level", tuple(map(str, self.steady)))
        self.levels = History(levels)
        # in the units of a history, which converts fees of a day to fees of a block
        self._constants = {f: History({f: s}).recorded(f) for f, s in self.steady.items()}
        # a difficulty is derived from a hash rate once, whatever days other series have
        self._recorded: dict[Factor, DailySeries] = levels | {
            f: DailySeries(self.levels.dates, self.levels.recorded(f), f"{f} of the hash rate")
            for f in self.levels.factors
            if f not in levels
        }

    def past(self, start: np.datetime64, lookback: int | None) -> History:
        """Levels up to the close of a day."""
        first = self.levels.dates[0] if lookback is None else start - lookback * _DAY
        return History({f: _cut(s, first, start) for f, s in self.levels.series.items()})

    def unknown(self, factors: frozenset[Factor], start: np.datetime64, end: np.datetime64) -> str:
        """Reason why a product that reads these factors cannot be tested in a window; empty if it can."""
        for factor, series in self.steady.items():
            first = series.dates[0] + (CONSTANT_DAYS - 1) * _DAY
            if factor in factors and not (first <= start and end <= series.dates[-1]):
                return Note("backtest.recorded", factor=factor, first=series.dates[0], last=series.dates[-1])
        return ""

    def constants(self, factors: frozenset[Factor], start: np.datetime64) -> dict[Factor, float]:
        """Means of the rates and fees among some factors up to a start; those not known then are left out."""
        found: dict[Factor, float] = {}
        for factor, series in self.steady.items():
            stop = int((start - series.dates[0]).astype(np.int64)) + 1
            if factor in factors and CONSTANT_DAYS <= stop <= series.dates.size:
                found[factor] = float(self._constants[factor][stop - CONSTANT_DAYS : stop].mean())
        return found

    def level(self, factor: Factor, start: np.datetime64) -> float:
        """A level at the close of a day."""
        series = self._recorded[factor]
        return float(series.values[int((start - series.dates[0]).astype(np.int64))])

    def window(self, factors: frozenset[Factor], start: np.datetime64) -> History:
        """The one recorded window that starts on a day."""
        steady = {f: s for f, s in self.steady.items() if f in factors}
        return History(self._recorded | steady, window_levels="as_recorded", first=start, last=start)


def _cut(series: DailySeries, first: np.datetime64, last: np.datetime64) -> DailySeries:
    kept = (series.dates >= first) & (series.dates <= last)
    return DailySeries(series.dates[kept], series.values[kept], series.name)


@attrs.frozen(eq=False, kw_only=True)
class _Run:
    """Arguments common to all windows."""

    record: _Record
    products: object
    model: World = attrs.field(converter=_world)
    lookback_days: int | None = attrs.field(converter=_lookback)
    days: int = attrs.field(converter=_days)
    settlement_days: int = attrs.field(converter=_tail)
    capital: float = attrs.field(converter=_capital)
    band: tuple[float, float] = attrs.field(converter=_band)
    paths: int = attrs.field(converter=_paths)
    entropy: int

    def result(self, first: object, last: object) -> Backtest:
        """Backtest of all windows."""
        rows: list[BacktestRow] = []
        skipped: dict[str, list[tuple[np.datetime64, str]]] = {}
        for start in self._starts(first, last):
            try:
                rows += self._window(start, skipped)
            except InputError as error:
                raise InputError(f"backtest: window from {start}: {error}") from error
        reasons = {name: _reason(windows) for name, windows in skipped.items()}
        if not rows:
            checks.refuse("backtest: products", "none can be tested in any window", dict(reasons))
        return Backtest(
            rows=tuple(rows),
            skipped=FrozenMap(reasons),
            days=self.days,
            settlement_days=self.settlement_days,
            lookback_days=self.lookback_days,
            band=self.band,
            n_paths=self.paths,
            entropy=self.entropy,
        )

    def _starts(self, first: object, last: object) -> DateArray:
        """First days of consecutive windows."""
        days, length = self.record.levels.dates, self.days + self.settlement_days
        begin = as_time("backtest: first", first).astype("datetime64[D]")
        fits = days[-1] - length * _DAY
        end = fits if last is None else min(as_time("backtest: last", last).astype("datetime64[D]"), fits)
        least = days[0] + (1 if self.lookback_days is None else self.lookback_days) * _DAY
        span = f"the record of {days[0]} to {days[-1]}"
        if fits < least:
            need = f"the look-back and a window of {length} days"
            checks.refuse("backtest: history", f"must be longer: it must hold {need}", span)
        if begin < least:
            checks.refuse("backtest: first", f"must be {least} or later: {span} must hold the look-back", str(begin))
        if begin > fits:
            rule = f"must be {fits} or before: {span} must hold {length} days from it"
            checks.refuse("backtest: first", rule, str(begin))
        if begin > end:
            checks.refuse("backtest: last", f"must not be before first, {begin}", str(end))
        return np.arange(begin, end + _DAY, length * _DAY)

    def _window(self, start: np.datetime64, skipped: dict[str, list[tuple[np.datetime64, str]]]) -> list[BacktestRow]:
        """Rows of one window; products that cannot be tested in it are noted."""
        grid = TimeGrid.daily(start, days=self.days, settlement_days=self.settlement_days)
        end = start + grid.n_steps * _DAY
        products = self._terms(start)
        tested: dict[str, Product] = {}
        for name, product in products.items():
            checks.instance(f"backtest: products[{name!r}]", product, Product, 'Holding("ETH")')
            if why := self.record.unknown(product.factors, start, end):
                skipped.setdefault(name, []).append((start, why))
            else:
                tested[name] = product
        if not tested:
            return []
        factors = frozenset().union(*(product.factors for product in tested.values()))
        predicted = self._predicted(tested, factors, grid, start)
        realised = self._realised(tested, factors, grid, start)
        return [self._row(name, (start, end), predicted[name], realised[name]) for name in tested]

    def _terms(self, start: np.datetime64) -> Mapping[str, Product]:
        products = self.products
        if callable(products):
            known = {f: self.record.level(f, start) for f in self.record.levels.factors}
            known |= self.record.constants(frozenset(self.record.steady), start)
            products = products(start, FrozenMap(known))
        if not isinstance(products, Mapping):
            how = 'must be a mapping such as {"hold": Holding("ETH")}, or a function of date and levels'
            checks.refuse_type("backtest: products", how, products)
        if not products:
            checks.refuse("backtest: products", "must not be empty", products)
        return products

    def _predicted(
        self, products: Mapping[str, Product], factors: frozenset[Factor], grid: TimeGrid, start: np.datetime64
    ) -> dict[str, PathArray]:
        """Returns in money of each product, in all scenarios."""
        worlds = self._worlds(start)
        constants = {f: APR(x) if f.is_rate else x for f, x in self.record.constants(factors, start).items()}
        parts: dict[str, list[FloatArray]] = {name: [] for name in products}
        for i, scenario in enumerate(worlds):
            steady = Constants({f: x for f, x in constants.items() if f not in scenario.factors})
            share = self.paths // len(worlds) + (i < self.paths % len(worlds))
            results = simulate(
                products,
                Joint([steady, scenario]),  # which may follow fees
                grid,
                capital=self.capital,
                n_paths=share if scenario.n_paths(grid) is None else None,
                rng=self._seed(start, i),
            )
            for name, outcome in results.items():
                parts[name].append(outcome.returns)
        return {name: np.concatenate(each) for name, each in parts.items()}

    def _worlds(self, start: np.datetime64) -> Sequence[Scenario]:
        made = self.model(self.record.past(start, self.lookback_days))
        worlds = [made] if isinstance(made, Scenario) else made
        where = "backtest: model"
        if not isinstance(worlds, Sequence):
            checks.refuse_type(where, "must return a Scenario, or a list of them", made)
        if not 1 <= len(worlds) <= self.paths:
            checks.refuse(where, f"must return 1 to {self.paths} scenarios, as many as there are paths", len(worlds))
        return [checks.instance(where, each, Scenario, "fit(past).scenario()") for each in worlds]

    def _realised(
        self, products: Mapping[str, Product], factors: frozenset[Factor], grid: TimeGrid, start: np.datetime64
    ) -> dict[str, float]:
        """Return in money of each product on the recorded window, without events."""
        quiet: dict[Factor, float] = {f: 0.0 for f in factors if isinstance(f, Event)}
        recorded = Joint([self.record.window(factors, start), Constants(quiet)])
        results = simulate(products, recorded, grid, capital=self.capital, rng=self._seed(start, self.paths))
        return {name: float(outcome.returns[0]) for name, outcome in results.items()}

    def _seed(self, start: np.datetime64, part: int) -> np.random.SeedSequence:
        day = int(start.astype(np.int64)) % 2**32  # those before 1970 count from the end
        return np.random.SeedSequence(self.entropy, spawn_key=(day, part))

    def _row(
        self, name: str, dates: tuple[np.datetime64, np.datetime64], predicted: PathArray, realised: float
    ) -> BacktestRow:
        low, median, high = (float(q) for q in np.quantile(predicted, [self.band[0], 0.5, self.band[1]]))
        below = np.count_nonzero(predicted < realised - REL_TOL)
        equal = np.count_nonzero(np.abs(predicted - realised) <= REL_TOL)
        return BacktestRow(
            product=name,
            start=str(dates[0]),
            end=str(dates[1]),
            realized=realised,
            low=low,
            median=median,
            high=high,
            pit=float(below + 0.5 * equal) / predicted.size,
            inside=low - REL_TOL <= realised <= high + REL_TOL,
        )
