"""Runs products through a market: the order of a step, the exit, and the reading of the books."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import numpy as np

from stakingmodels import checks
from stakingmodels._types import AnyArray, FloatArray, PathValue
from stakingmodels.capital import Capital, CapitalLike
from stakingmodels.display import kind_of
from stakingmodels.engine.benchmark import Benchmark
from stakingmodels.engine.keep import Keep, kept_of_one
from stakingmodels.engine.protocols import (
    OpenPosition,
    RunnableProduct,
    basket_of,
    committed_of,
    is_own,
    rests_when_paid_out,
)
from stakingmodels.engine.settlement import SETTLED, Settlement
from stakingmodels.ledger import Book, Line, Outcome
from stakingmodels.ledger.account import PAID_OUT, WALLET, Account
from stakingmodels.ledger.audit import Accounts, refuse_overdrawn
from stakingmodels.ledger.cashflows import PriceLog
from stakingmodels.ledger.collector import OutcomeBuilder
from stakingmodels.ledger.flows import FEW, FlowLog, Flows
from stakingmodels.ledger.lines import LineMap
from stakingmodels.ledger.observers import StepLedger
from stakingmodels.market import CashRate, Chunk, Market, Price
from stakingmodels.market.now import NO_STEPS
from stakingmodels.rates import DAYS_PER_YEAR
from stakingmodels.series import FrozenMap, frozen
from stakingmodels.values import any_of, at, is_zero, lowest

K = TypeVar("K")


def _in_wallet(account: Account) -> bool:
    return account.place == WALLET


def _is_cash(account: Account) -> bool:
    return account.is_cash


class Run:
    """One product on the paths of one market: opened at the first chunk, then driven chunk by chunk."""

    def __init__(
        self,
        product: RunnableProduct,
        market: Market,
        first: Chunk,
        capital: Capital,
        keep: Keep,
        scratch: FloatArray,
        *,
        first_path: int = 0,
        verified: bool = True,
    ) -> None:
        self._product = product
        self._first_path = first_path
        self._verified, self._rates_fell = verified, False
        self._grid = market.grid
        self._now = market.now(scratch).at(first, -1)
        self._asset = product.asset or market.numeraire
        self._book = Book(self._now, self._asset)
        n = market.n_paths
        self._keep = keep
        self._ledger = StepLedger() if keep == "ledger" else None
        if self._ledger is not None:
            self._book.observe(self._ledger)
        self._prices = None if self._ledger is None else PriceLog(self._grid.n_times, n)
        self._values = np.empty((self._grid.n_times, n)) if keep in {"values", "ledger"} else None
        self._flows = None if keep == "summary" else FlowLog(n, FEW if keep == "totals" else None)
        self._passed = self._book.observers.flows = None if keep == "summary" else []
        self._value, self._worst = np.empty(n), np.ones(n)
        self._late_interest: PathValue = 0.0  # on money in hand, after the day asked
        self._cash_rate = self._now.known(CashRate(market.numeraire))
        self._benchmark = Benchmark(basket_of(product), market, self._now)
        self._capital = self._deposit(capital)
        self._peak = np.array(np.broadcast_to(self._capital, (n,)))
        looks = keep != "summary"
        self._settlement = Settlement(self._grid, self._book, self._capital, self._benchmark, self._value, looks=looks)
        self._position = self._opened()
        # then only interest of 0 or more, which lowers no value, is left to book once all is paid out
        self._may_rest = keep in {"summary", "totals", "flows"} and rests_when_paid_out(self._position)
        self._rests = False
        self._committed: PathValue = committed_of(self._position)
        self._days_of_leavers: FloatArray | None = None  # sum of the days on which shares left, weighted by them
        self._close(0)
        self._deployed = (self._value - self._book.market_value(_in_wallet)) / self._capital
        self._note_flows(0)

    def _deposit(self, capital: Capital) -> PathValue:
        """Put the capital into the wallet, and return its value in money."""
        if capital.coin is None:
            self._book.receive(self._book.cash, capital.amount)
            return capital.amount
        worth = capital.amount * self._now[Price(capital.coin)]
        capital.check_worth("run: capital", worth)
        own = capital.coin == self._asset
        self._book.receive(
            self._book.account(capital.coin) if own else self._book.cash, capital.amount if own else worth
        )
        return worth

    def _opened(self) -> OpenPosition:
        position: OpenPosition = self._product.open(self._book, self._now)
        for name in ("step", "exit"):
            if not callable(getattr(position, name, None)):
                where = f"{kind_of(self._product)}.open"
                checks.refuse_type(where, f"must return a Position, which has `{name}`", position)
        return position

    def take(self, chunk: Chunk) -> None:
        """Run the steps of a chunk; chunks come in time order."""
        self._now.at(chunk, chunk.start)
        for step in range(chunk.start, chunk.stop):
            self._step(chunk, step)
        self._rates_fell |= chunk.rates_fall
        if self._verified and chunk.steps:
            steps = f"steps {chunk.start} to {chunk.stop - 1}"
            refuse_overdrawn(kind_of(self._product), self._book, steps, self._first_path)

    def _step(self, chunk: Chunk, step: int) -> None:
        now = self._now.at(chunk, step)
        interest = now[self._cash_rate]
        if self._rests and lowest(interest) < 0.0:
            self._rests = False
            self._note_value(self._value)
        if not is_zero(interest):
            self._benchmark.accrue(interest)
            if self._benchmark.is_cash:
                self._note_late_interest(interest)
        self._book.advance(now, interest)
        if self._rests:
            return
        self._position.step(now)
        self._watch(step + 1)
        if self._passed:
            self._note_flows(step + 1)
        self._close(step + 1)
        if self._settlement.begun:
            self._settlement.close(step + 1)
            self._rests = self._may_rest and self._settlement.is_over and self._book.is_paid_out

    def _note_late_interest(self, interest: PathValue) -> None:
        """Add up the interest on money in hand of paths that have left, where the own coin is the money itself."""
        asked = self._settlement.asked
        if any_of(asked):
            self._late_interest += self._book.market_value(_is_cash) * interest * asked

    def _watch(self, time: int) -> None:
        """Let the holder leave at the exit, and note the paths that have left by a rule of the product."""
        if self._settlement.some_wait:
            self._book.sweep(self._settlement.waiting)  # money that has come into the wallet since they asked
        committed = committed_of(self._position)
        if committed is not self._committed and time <= self._grid.exit:
            self._note_leavers(time, committed if isinstance(committed, np.ndarray) else self._per_path(committed))
        if time == self._grid.exit:
            self._position.exit(self._now)
            self._settlement.ask(time, np.flatnonzero(~self._settlement.asked))

    def _note_leavers(self, time: int, committed: FloatArray) -> None:
        """Note the paths whose commitment has changed, and the day."""
        paths = np.flatnonzero(np.not_equal(committed, self._committed))
        if self._days_of_leavers is None:
            self._days_of_leavers = np.zeros(committed.shape)
        self._days_of_leavers[paths] += (at(self._committed, paths) - committed[paths]) * np.minimum(
            self._now.elapsed_days, at(getattr(self._position, "ended_on_day", np.inf), paths)
        )
        self._committed = committed
        self._settlement.ask(time, paths[(committed[paths] <= 0.0) & ~self._settlement.asked[paths]])

    def _note_flows(self, time: int) -> None:
        if self._passed and self._flows is not None:
            self._flows.add(time, self._passed)
            self._passed.clear()
            if self._flows.is_full:
                self._passed = self._book.observers.flows = None

    def _close(self, time: int) -> None:
        """Value the book at a grid time, and update the peak."""
        value = self._value
        if self._prices is not None:
            self._prices.note(time, self._book, self._now)
        if self._book.is_dirty:
            self._note_value(value)
        if self._values is not None:
            self._values[time] = value

    def _note_value(self, value: FloatArray) -> None:
        """Write the value of the book into an array, and update the peak."""
        if not self._book.value_into(value):
            value.fill(0.0)
        np.maximum(self._peak, value, out=self._peak)
        share = np.divide(value, self._peak, out=self._now.scratch)
        np.minimum(self._worst, share, out=self._worst)

    def outcome(self) -> Outcome:
        """Outcome of the run, after the last chunk."""
        settled = self._settlement
        self._note_value(self._value)
        settled.finish()
        growth, growth_at_exit = self._benchmark.growth()
        booked = self._booked()
        self._verify(booked["lines"])
        offsets = None if self._ledger is None else self._now.time_offsets
        control = self._benchmark.control_variate
        return Outcome(
            product=kind_of(self._product),
            asset=self._product.asset,
            numeraire=self._now.numeraire,
            grid=self._grid,
            capital=self._per_path(self._capital),
            closing=_sealed(self._value),
            proceeds=_sealed(settled.proceeds),
            days_to_cash=_sealed(settled.days_to_cash),
            settled=_sealed(settled.settled),
            capital_shortfall=self._missing(),
            deployed=_sealed(self._deployed),
            max_drawdown=_sealed(1.0 - np.maximum(self._worst, 0.0)),
            opening_price=self._per_path(self._benchmark.first_price),
            day_asked=_sealed(settled.day_asked),
            asset_growth=_sealed(growth),
            asset_growth_at_exit=_sealed(growth_at_exit),
            cash_growth=self._per_path(self._benchmark.cash_growth),
            control_variate=None if control is None else _sealed(control),
            values=None if self._values is None else _sealed(self._values),
            earning_years=self._per_path(self._years_earning()),
            can_leave_early=bool(self._product.can_leave_early),
            flows=self._all_flows(),
            time_offsets=offsets if offsets is None else frozen(offsets),
            entries=None if self._ledger is None else tuple(self._ledger.entries),
            prices=None if self._prices is None else self._prices.levels(),
            **booked,
        )

    def _verify(self, lines: Mapping[Line, FloatArray]) -> None:
        """Verify the books of the run."""
        held = np.zeros(self._value.shape)
        self._book.value_into(held)  # the last value may be of an earlier step, if no entry has changed it
        turnover = sum((book.journal.turnover for book in self._book.family()), np.zeros(held.shape))
        accounts = Accounts(
            who=kind_of(self._product),
            first=self._first_path,
            capital=self._capital,
            closing=held,
            peak=np.maximum(self._peak, turnover),  # the value may have been higher within a step
            lines=lines,
            n_steps=self._grid.n_steps,
        )
        accounts.refuse_overflow()
        if self._verified:
            accounts.verify(self._book, rates_fell=self._rates_fell)

    def _booked(self) -> dict[str, Any]:
        """Totals of the books, as fields of an outcome."""
        totals, asset = self._book.totals(), self._asset
        absent = np.nan if self._product.asset is None else 0.0  # the coins of several are no sum
        late: list[PathValue] = [absent - np.asarray(self._late_interest)]
        found: dict[str, Any] = {
            "lines": _frozen_map(totals.lines),
            "coins_gross": self._sum([*totals.in_coin(asset, gross=True), *late]),
            "coins_net": self._sum([*totals.in_coin(asset, gross=False), *late]),
            "contract_price": self._sum(totals.prepaid(self._now.numeraire)),
            "contract_left": self._sum(totals.prepaid_left(self._now.numeraire)),
        }
        if self._keep != "summary":
            found |= {name: _frozen_map(getattr(totals, name)) for name in ("native", "coins")}
            found["units"] = FrozenMap({key: _sealed(units) for key, units in totals.units.items()})
            found["unpaid_by_day"] = FrozenMap(
                {day: _sealed(money) for day, money in self._settlement.unpaid().items()}
            )
        return found

    def _sum(self, amounts: Iterable[PathValue]) -> FloatArray:
        total = np.zeros(self._value.shape)
        for amount in amounts:
            total += amount
        return _sealed(total)

    def _all_flows(self) -> Flows | None:
        """Dated flows, with holdings not paid out by the end at their value; None where they were not kept."""
        if self._flows is None or self._flows.is_full:
            return None
        rest = self._value - self._book.market_value(lambda account: account.place == PAID_OUT)
        rest[np.abs(rest) <= SETTLED * np.asarray(self._capital)] = 0.0
        self._flows.add(self._grid.n_steps, [(None, rest)])
        return self._flows.flows()

    def _missing(self) -> FloatArray:
        """Capital shortfall; infinite where the own coin's price was 0, so that no money would buy it."""
        missing = self._position.capital_shortfall
        wide = self._per_path(0.0 if missing is None else missing)
        priceless = np.broadcast_to(np.less_equal(self._benchmark.first_price, 0.0), wide.shape)
        return _sealed(np.where(priceless, np.inf, wide)) if priceless.any() else wide

    def _years_earning(self) -> PathValue:
        """Years of the opening commitment until paths asked to leave, and on to the last day of earning in the grid."""
        days, last_day = self._settlement.day_asked, float(self._grid.elapsed_days[-1])
        paid_to = self._position.earns_until_day
        earned_to = (
            days
            if paid_to is None
            else np.clip(np.minimum(paid_to, getattr(self._position, "ended_on_day", np.inf)), days, last_day)
        )
        if self._days_of_leavers is not None:
            earned_to = earned_to - (days * np.subtract(1.0, self._committed) - self._days_of_leavers)
        return earned_to / DAYS_PER_YEAR

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
    capital: CapitalLike | Capital,
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
        money = Capital.of("run_block: capital", capital)
        runs = {name: Run(product, market, chunk, money, keep, scratch, **how) for name, product in products.items()}
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
    """Run one product through one market, in blocks of paths that fit the cache. See `Product.run`.

    A market of one path is run as one of two equal paths: numpy takes more than twice as long to change an array of
    one number in place.
    """
    where = f"{kind_of(product)}.run"
    checks.instance(f"{where}: market", market, Market, 'Market(grid, {Price("ETH"): 3000.0})')
    money = Capital.of("run: capital", capital)
    if market.n_paths == 1 and money.n_paths is not None:
        market = market.widened(money.n_paths)
    money.check_paths("run: capital", market.n_paths)
    kept = kept_of_one(keep, market.grid.n_times * market.n_paths, market.n_paths)
    market.require(product.factors, kind_of(product))
    money.check_coin(
        "run: capital", {market.numeraire} | {f.name for f in market.factors if isinstance(f, Price)}, "market"
    )
    collector, n_paths = OutcomeBuilder(market.n_paths), market.n_paths
    is_given = not market.sources and market.uniforms is None
    if n_paths == 1 and money.n_paths is None and is_given and is_own(product):
        market = market.widened(2)
    start = 0
    for part in market.iter_blocks():
        of_part = money.slice_paths(start, start + part.n_paths)
        part_run = run_block({"": product}, part, of_part, kept, first_path=start, verified=verified)
        collector.put(start, part_run[""].slice_paths(0, n_paths))
        start += part.n_paths
    outcome = collector.outcome()
    least = float(outcome.capital_shortfall.min())
    if 0.0 < least < np.inf:  # infinite where the coin's price is 0: such paths are marked, no capital would help
        rule = f"is too little for {kind_of(product)}: {least:,.2f} {market.numeraire} are missing"
        checks.refuse("run: capital", rule, money.given if money.n_paths is None else str(money))
    return outcome
