"""Runs products through a market: the order of a step, the exit, and the reading of the books."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import numpy as np

from stakingmodels import checks
from stakingmodels._types import AnyArray, BoolArray, FloatArray, PathValue
from stakingmodels.engine.keep import Keep, kept_of_one
from stakingmodels.engine.protocols import OpenPosition, RunnableProduct
from stakingmodels.ledger import Book, Entry, Line, Outcome
from stakingmodels.ledger.account import OWING, WALLET, Account
from stakingmodels.ledger.audit import Accounts, refuse_overdrawn
from stakingmodels.ledger.cashflows import PriceLog
from stakingmodels.ledger.collector import OutcomeBuilder
from stakingmodels.ledger.flows import FEW, FlowLog, Flows
from stakingmodels.ledger.lines import LineMap
from stakingmodels.ledger.outcome import LIQUIDITY_DAYS
from stakingmodels.market import CashRate, Chunk, Market, Price
from stakingmodels.market.now import NO_STEPS
from stakingmodels.rates import DAYS_PER_YEAR
from stakingmodels.series import FrozenMap, frozen
from stakingmodels.tolerances import LIQUIDITY_DAY_TOL
from stakingmodels.values import is_zero

K = TypeVar("K")
_SETTLED = 1e-12  # of the capital: rounding allowed in an emptied account


def _in_wallet(account: Account) -> bool:
    return account.place == WALLET


def _is_cash(account: Account) -> bool:
    return account.place == WALLET and account.priced_group.is_money


def _in_hand(account: Account) -> bool:
    """Money in hand of the holder, net of debts."""
    return account.place in OWING or (account.place == WALLET and account.priced_group.is_money)


class Run:
    """One product on the paths of one market: opened at the first chunk, then driven chunk by chunk."""

    def __init__(
        self,
        product: RunnableProduct,
        market: Market,
        first: Chunk,
        capital: float,
        keep: Keep,
        scratch: FloatArray,
        *,
        first_path: int = 0,
        verified: bool = True,
    ) -> None:
        self._product = product
        self._first_path = first_path
        self._verified, self._rates_fell = verified, False
        self._capital = capital
        self._grid = market.grid
        self._now = market.now(scratch).at(first, -1)
        self._record: list[Entry] | None = [] if keep == "ledger" else None
        self._book = Book(self._now, product.asset, record=self._record)
        n = market.n_paths
        self._keep = keep
        self._prices = None if self._record is None else PriceLog(self._grid.n_times, n)
        self._values = np.empty((self._grid.n_times, n)) if keep in {"values", "ledger"} else None
        self._flows = None if keep == "summary" else FlowLog(n, FEW if keep == "totals" else None)
        self._value, self._peak = np.empty(n), np.full(n, capital)
        self._worst = np.ones(n)
        self._days_to_cash = np.full(n, np.inf)
        self._returned = np.empty(n)
        self._in_hand: dict[int, FloatArray] = {}
        self._settled = np.zeros(n, dtype=np.bool_)
        self._all_settled = False
        self._price = Price(product.asset)
        self._own_is_cash = product.asset == market.numeraire
        self._late_interest: PathValue = 0.0  # on money in hand, after the day asked
        self._cash_rate = CashRate(market.numeraire)
        self._mean_growth = market.expected_growth(self._price)
        self._control = np.ones(n)
        self._cash_growth: PathValue = 1.0
        self._growth_at_exit, self._growth = np.ones(n), np.ones(n)
        self._cash_growth_at_exit, self._cash_growth_then = np.ones(n), np.ones(n)
        self._first_price = np.copy(self._now[self._price])
        self._book.deposit(capital)
        self._position: OpenPosition = product.open(self._book, self._now)
        for name in ("step", "exit"):
            if not callable(getattr(self._position, name, None)):
                where = f"{type(product).__name__}.open"
                checks.refuse_type(where, f"must return a Position, which has `{name}`", self._position)
        self._close(0)
        self._deployed = (self._value - self._book.market_value(_in_wallet)) / capital
        self._idle = self._book.market_value(_is_cash)
        self._cash = self._idle.copy()  # money in hand at the start of the step, with the interest of that step
        self._note_contributions(0)

    def take(self, chunk: Chunk) -> None:
        """Run the steps of a chunk; chunks come in time order."""
        self._now.at(chunk, chunk.start)
        for step in range(chunk.start, chunk.stop):
            self._step(chunk, step)
        self._rates_fell |= chunk.rates_fall
        if self._verified and chunk.steps:
            steps = f"steps {chunk.start} to {chunk.stop - 1}"
            refuse_overdrawn(type(self._product).__name__, self._book, steps, self._first_path)

    def _step(self, chunk: Chunk, step: int) -> None:
        now = self._now.at(chunk, step)
        interest = now[self._cash_rate]
        if not is_zero(interest):
            self._cash_growth = self._cash_growth * (1.0 + np.asarray(interest))
        if self._own_is_cash and step >= self._grid.exit and not is_zero(interest):
            self._late_interest += self._book.market_value(_is_cash) * interest
        self._book.advance(now)
        self._position.step(now)
        if step + 1 == self._grid.exit:
            self._position.exit(now)
            self._cash_growth_at_exit[:] = self._cash_growth
            self._growth_at_exit[:] = self._grown(now[self._price])
        if self._flows is not None and not self._flows.is_full:
            self._note_flows(self._flows, step + 1, interest)
        self._close(step + 1)
        if step + 1 >= self._grid.exit:
            self._settle(step + 1)

    def _note_flows(self, flows: FlowLog, time: int, interest: PathValue) -> None:
        """Keep the money paid out or in during the step; interest on money in hand is no flow.

        Costs are paid from money that was idle at the opening, as long as there is some; its rest comes back at the
        exit.
        """
        if not is_zero(interest):
            growth = 1.0 + np.asarray(interest)
            self._cash *= growth
            self._idle *= growth
        if self._book.cash_moved:
            in_hand = self._book.market_value(_is_cash)
            gained = in_hand - self._cash
            # rounding of interest that was added up twice is no money
            gained[np.abs(gained) <= _SETTLED * (np.abs(in_hand) + self._capital)] = 0.0
            self._cash = in_hand
            spent = np.clip(-gained, 0.0, self._idle)
            self._idle -= spent
            gained += spent
            flows.add(time, gained)
        if time == self._grid.exit:
            flows.add(time, self._idle)
            self._idle = np.zeros_like(self._idle)
        self._note_contributions(time)

    def _note_contributions(self, time: int) -> None:
        paid_in = self._book.take_contributed()
        if paid_in is not None and self._flows is not None:
            self._flows.add(time, -paid_in)

    def _grown(self, price: PathValue) -> FloatArray:
        """Growth of the own coin's price since the opening; 1 where that price was 0."""
        grown = np.ones(np.broadcast_shapes(np.shape(price), self._first_price.shape))
        return np.divide(price, self._first_price, out=grown, where=self._first_price > 0.0)

    def _close(self, time: int) -> None:
        """Value the book at a grid time, and update the peak."""
        value = self._value
        if self._prices is not None:
            self._prices.note(time, self._book, self._now)
        if not self._book.is_dirty:
            if self._values is not None:
                self._values[time] = value
            return
        if not self._book.value_into(value):
            value.fill(0.0)
        np.maximum(self._peak, value, out=self._peak)
        share = np.divide(value, self._peak, out=self._now.scratch)
        np.minimum(self._worst, share, out=self._worst)
        if self._values is not None:
            self._values[time] = value

    def _settle(self, time: int) -> None:
        """Mark the paths settled after the exit, and keep the money in hand on the days of `LIQUIDITY_DAYS`."""
        if self._all_settled:
            return
        days = self._grid.elapsed_days - self._grid.elapsed_days[self._grid.exit]
        arrived = ~self._settled & (self._book.uncashed_value() <= _SETTLED * self._capital)
        self._days_to_cash[arrived] = days[time]
        self._returned[arrived] = self._value[arrived]
        self._settled |= arrived
        self._all_settled = bool(self._settled.all())
        is_last = time + 1 == days.size
        self._keep_benchmark(time, arrived | ~self._settled if is_last else arrived)
        looks = [rung for rung in LIQUIDITY_DAYS if is_last or days[time + 1] > rung + LIQUIDITY_DAY_TOL]
        for rung in looks:
            if rung not in self._in_hand and not self._all_settled:
                hand = np.maximum(self._book.market_value(_in_hand), 0.0)
                self._in_hand[rung] = np.where(self._settled, np.nan, hand)

    def _keep_benchmark(self, time: int, paths: BoolArray) -> None:
        """Keep the growth of the own coin on the day on which some paths settle, and its ratio to the expected one."""
        if not paths.any():
            return
        grown = np.broadcast_to(self._grown(self._now[self._price]), paths.shape)
        self._growth[paths] = grown[paths]
        self._cash_growth_then[paths] = np.broadcast_to(self._cash_growth, paths.shape)[paths]
        if self._mean_growth is not None:
            self._control[paths] = (grown / self._mean_growth[time])[paths]

    def _late(self) -> dict[int, FloatArray]:
        """Part of the proceeds not yet paid out on the days of `LIQUIDITY_DAYS`; NaN marks paths already settled."""
        return {rung: np.nan_to_num(self._returned - hand) for rung, hand in self._in_hand.items()}

    def outcome(self) -> Outcome:
        """Outcome of the run, after the last chunk."""
        name = type(self._product).__name__
        self._returned[~self._settled] = self._value[~self._settled]
        growth, growth_at_exit = self._benchmarks()
        exit_day = self._grid.elapsed_days[self._grid.exit]
        booked = self._booked()
        self._verify(booked["lines"])
        offsets = None if self._record is None else self._now.time_offsets
        return Outcome(
            product=name,
            asset=self._product.asset,
            numeraire=self._now.numeraire,
            grid=self._grid,
            capital=self._capital,
            closing=_sealed(self._value),
            proceeds=_sealed(self._returned),
            days_to_cash=_sealed(self._days_to_cash),
            settled=_sealed(self._settled),
            capital_shortfall=self._missing(),
            deployed=_sealed(self._deployed),
            max_drawdown=_sealed(1.0 - np.maximum(self._worst, 0.0)),
            opening_price=self._per_path(self._first_price),
            day_asked=self._per_path(exit_day),
            asset_growth=_sealed(growth),
            asset_growth_at_exit=_sealed(growth_at_exit),
            cash_growth=self._per_path(self._cash_growth),
            control_variate=None if self._mean_growth is None else _sealed(self._control),
            values=None if self._values is None else _sealed(self._values),
            earning_years=self._per_path(self._years_earning()),
            can_leave_early=bool(self._product.can_leave_early),
            flows=self._all_flows(),
            time_offsets=offsets if offsets is None else frozen(offsets),
            entries=None if self._record is None else tuple(self._record),
            prices=None if self._prices is None else self._prices.levels(),
            **booked,
        )

    def _verify(self, lines: Mapping[Line, FloatArray]) -> None:
        """Verify the books of the run."""
        held = np.zeros(self._value.shape)
        self._book.value_into(held)  # the last value may be of an earlier step, if no entry has changed it
        accounts = Accounts(
            who=type(self._product).__name__,
            first=self._first_path,
            capital=self._capital,
            closing=held,
            peak=np.maximum(self._peak, self._book.turnover),  # the value may have been higher within a step
            lines=lines,
            n_steps=self._grid.n_steps,
        )
        accounts.refuse_overflow()
        if self._verified:
            accounts.verify(self._book, rates_fell=self._rates_fell)

    def _booked(self) -> dict[str, Any]:
        """Totals of the books, as fields of an outcome."""
        totals, asset = self._book.totals(), self._product.asset
        found: dict[str, Any] = {
            "lines": _frozen_map(totals.lines),
            "coins_gross": self._sum([*totals.in_coin(asset, gross=True), np.negative(self._late_interest)]),
            "coins_net": self._sum([*totals.in_coin(asset, gross=False), np.negative(self._late_interest)]),
            "contract_price": self._sum(totals.prepaid(self._now.numeraire)),
            "contract_left": self._sum(totals.prepaid_left(self._now.numeraire)),
        }
        if self._keep != "summary":
            found |= {name: _frozen_map(getattr(totals, name)) for name in ("native", "coins")}
            found["units"] = FrozenMap({key: _sealed(units) for key, units in totals.units.items()})
            found["unpaid_by_day"] = FrozenMap({days: _sealed(money) for days, money in self._late().items()})
        return found

    def _sum(self, amounts: Iterable[PathValue]) -> FloatArray:
        total = np.zeros(self._value.shape)
        for amount in amounts:
            total += amount
        return _sealed(total)

    def _benchmarks(self) -> tuple[FloatArray, FloatArray]:
        """Final value of a unit of money held in the own coin, then cash: until all is in hand, and until the exit."""
        if self._own_is_cash:
            cash = np.array(self._per_path(self._cash_growth))
            return cash, cash
        held, held_to_exit = self._cash_growth / self._cash_growth_then, self._cash_growth / self._cash_growth_at_exit
        return self._growth * held, self._growth_at_exit * held_to_exit

    def _all_flows(self) -> Flows | None:
        """Dated flows, with holdings not paid out by the end at their value; None where they were not kept."""
        if self._flows is None or self._flows.is_full:
            return None
        rest = self._value - self._book.market_value(_is_cash)
        rest[np.abs(rest) <= _SETTLED * self._capital] = 0.0
        self._flows.add(self._grid.n_steps, rest)
        return self._flows.flows()

    def _missing(self) -> FloatArray:
        """Capital shortfall; infinite where the own coin's price was 0, so that no money would buy it."""
        missing = self._position.capital_shortfall
        wide = self._per_path(0.0 if missing is None else missing)
        priceless = np.broadcast_to(self._first_price <= 0.0, wide.shape)
        return _sealed(np.where(priceless, np.inf, wide)) if priceless.any() else wide

    def _years_earning(self) -> PathValue:
        """Years to the exit, or to the last day of earning after it within the grid."""
        exit_day, last_day = float(self._grid.elapsed_days[self._grid.exit]), float(self._grid.elapsed_days[-1])
        paid_to = self._position.earns_until_day
        return (exit_day if paid_to is None else np.clip(paid_to, exit_day, last_day)) / DAYS_PER_YEAR

    def _per_path(self, value: PathValue) -> FloatArray:
        return np.broadcast_to(np.asarray(value, dtype=np.float64), self._value.shape)


def _sealed(values: AnyArray) -> AnyArray:
    """Read-only view without a copy: the arrays of a part are copied when parts are joined."""
    view = values.view()
    view.flags.writeable = False
    return view


def _frozen_map(arrays: Mapping[K, FloatArray]) -> Mapping[K, FloatArray]:
    return LineMap({key: _sealed(array) for key, array in arrays.items()})


def run_block(
    products: Mapping[str, RunnableProduct],
    market: Market,
    capital: float,
    keep: Keep,
    *,
    first_path: int = 0,
    verified: bool = True,
) -> dict[str, Outcome]:
    """Run several products through one market; every product takes each chunk of the market in turn.

    Parameters
    ----------
    products, market, capital, keep
        As in `Product.run`.
    first_path
        Number of the market's first path in messages.
    verified
        Whether the books are verified (`ledger.audit`); False in checks that do so themselves.
    """
    with np.errstate(all="ignore"):  # independent of the host's state; overflow is found at the end
        chunks = market.chunks()
        chunk = next(chunks)
        scratch = np.empty((3, market.n_paths))
        how: dict[str, Any] = {"first_path": first_path, "verified": verified}
        runs = {name: Run(product, market, chunk, capital, keep, scratch, **how) for name, product in products.items()}
        while chunk.steps:
            for run in runs.values():
                run.take(chunk)
            chunk = next(chunks, NO_STEPS)
        for run in runs.values():
            run.take(chunk)  # releases the last rows
    return {name: runs.pop(name).outcome() for name in products}  # free each book once it is read


def run_market(
    product: RunnableProduct, market: Market, *, capital: object, keep: object, verified: bool = True
) -> Outcome:
    """Run one product through one market, in blocks of paths that fit the cache. See `Product.run`."""
    where = f"{type(product).__name__}.run"
    checks.instance(f"{where}: market", market, Market, 'Market(grid, {Price("ETH"): 3000.0})')
    money = checks.capital("run: capital", capital)
    kept = kept_of_one(keep, market.grid.n_times * market.n_paths, market.n_paths)
    market.require(product.factors, type(product).__name__)
    collector = OutcomeBuilder(market.n_paths)
    start = 0
    for part in market.iter_blocks():
        part_run = run_block({"": product}, part, money, kept, first_path=start, verified=verified)
        collector.put(start, part_run[""])
        start += part.n_paths
    outcome = collector.outcome()
    least = float(outcome.capital_shortfall.min())
    if 0.0 < least < np.inf:  # infinite where the coin's price is 0: such paths are marked, no capital would help
        rule = f"is too little for {type(product).__name__}: {least:,.2f} {market.numeraire} are missing"
        checks.refuse("run: capital", rule, money)
    return outcome
