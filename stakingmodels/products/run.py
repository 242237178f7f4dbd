"""Runs products through a market: the order of a step, the exit, and the reading of the books."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import numpy as np

from stakingmodels import checks
from stakingmodels._types import AnyArray, BoolArray, FloatArray, PathValue
from stakingmodels.ledger import Book, Collector, Entry, Line, Outcome
from stakingmodels.ledger.account import OWING, WALLET, Account
from stakingmodels.ledger.audit import Accounts, refuse_overdrawn
from stakingmodels.ledger.outcome import RUNGS, refuse_wide_ledger
from stakingmodels.market import CashRate, Chunk, Market, Price
from stakingmodels.market.now import NO_STEPS
from stakingmodels.rates import DAYS_PER_YEAR
from stakingmodels.series import FrozenMap, frozen
from stakingmodels.values import is_zero

if TYPE_CHECKING:
    from stakingmodels.products.base import Position, Product

K = TypeVar("K")
Keep = Literal["lines", "totals", "values", "ledger"]
KEEPS: tuple[Keep, ...] = ("lines", "totals", "values", "ledger")
_DAY_SLACK = 1e-6  # days are sums of floats
_SETTLED = 1e-12  # of the capital: what roundings may leave behind in an emptied account


def _in_wallet(account: Account) -> bool:
    return account.place == WALLET


def _in_hand(account: Account) -> bool:
    """Money that the holder may keep: what is owed comes off it."""
    return account.place in OWING or (account.place == WALLET and account.holdings.is_money)


class Run:
    """One product on the paths of one market: opened at the first chunk, then driven chunk by chunk."""

    def __init__(
        self,
        product: "Product",
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
        self._verified = verified
        self._rates_fell = False
        self._capital = capital
        self._grid = market.grid
        self._now = market.now(scratch).at(first, -1)
        record: list[Entry] | None = [] if keep == "ledger" else None
        self._record = record
        self._book = Book(self._now, product.asset, record=record)
        n = market.n_paths
        self._keep = keep
        self._values = np.empty((self._grid.n_times, n)) if keep in {"values", "ledger"} else None
        self._value, self._peak = np.empty(n), np.full(n, capital)
        self._worst = np.ones(n)
        self._days_to_cash = np.full(n, np.inf)
        self._returned = np.empty(n)
        self._in_hand: dict[int, FloatArray] = {}
        self._settled = np.zeros(n, dtype=np.bool_)
        self._all_settled = False
        self._price = Price(product.asset)
        self._cash_rate = CashRate(market.numeraire)
        self._mean_growth = market.expected_growth(self._price)
        self._control = np.ones(n)
        self._cash_growth: PathValue = 1.0
        self._cash_growth_at_exit: PathValue = 1.0
        self._asset_growth: PathValue = 1.0
        self._first_price = np.copy(self._now[self._price])
        self._book.deposit(capital)
        self._position: Position = product.open(self._book, self._now)
        if not hasattr(self._position, "step"):
            checks.refuse_type(f"{type(product).__name__}.open", "must return a Position", self._position)
        self._close(0)
        self._deployed = (self._value - self._book.worth(_in_wallet)) / capital

    def take(self, chunk: Chunk) -> None:
        """Live through the steps of a chunk; chunks come in time order."""
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
        self._book.advance(now)
        self._position.step(now)
        if step + 1 == self._grid.exit:
            self._position.exit(now)
            self._cash_growth_at_exit = self._cash_growth
            self._asset_growth = self._grown(now[self._price])
        self._close(step + 1)
        if step + 1 >= self._grid.exit:
            self._settle(step + 1)

    def _grown(self, price: PathValue) -> FloatArray:
        """What a coin bought at the opening has become; 1 where it was worth nothing then."""
        grown = np.ones(np.broadcast_shapes(np.shape(price), self._first_price.shape))
        return np.divide(price, self._first_price, out=grown, where=self._first_price > 0.0)

    def _close(self, time: int) -> None:
        """Value the book at a grid time, and follow the peak."""
        value = self._value
        if not self._book.stirred:
            if self._values is not None:
                self._values[time] = value
            return
        if not self._book.put_value(value):
            value.fill(0.0)
        np.maximum(self._peak, value, out=self._peak)
        share = np.divide(value, self._peak, out=self._now.scratch)
        np.minimum(self._worst, share, out=self._worst)
        if self._values is not None:
            self._values[time] = value

    def _settle(self, time: int) -> None:
        """After the exit: mark the paths that are wholly out, and on the ladder's days look at the money in hand."""
        if self._all_settled:
            return
        days = self._grid.days - self._grid.days[self._grid.exit]
        arrived = ~self._settled & (self._book.outside_cash() <= _SETTLED * self._capital)
        self._days_to_cash[arrived] = days[time]
        self._returned[arrived] = self._value[arrived]
        self._settled |= arrived
        self._all_settled = bool(self._settled.all())
        is_last = time + 1 == days.size
        self._keep_control(time, arrived | ~self._settled if is_last else arrived)
        looks = [rung for rung in RUNGS if is_last or days[time + 1] > rung + _DAY_SLACK]
        for rung in looks:
            if rung not in self._in_hand and not self._all_settled:
                hand = np.maximum(self._book.worth(_in_hand), 0.0)
                self._in_hand[rung] = np.where(self._settled, np.nan, hand)

    def _keep_control(self, time: int, paths: BoolArray) -> None:
        """On the day on which some paths are out: growth of the own coin over what was to be expected of it."""
        if self._mean_growth is not None and paths.any():
            grown = self._grown(self._now[self._price]) / self._mean_growth[time]
            self._control[paths] = np.broadcast_to(grown, paths.shape)[paths]

    def _late(self) -> dict[int, FloatArray]:
        """What of the money returned was not in hand on the ladder's days; NaN marks the paths that were out."""
        return {rung: np.nan_to_num(self._returned - hand) for rung, hand in self._in_hand.items()}

    def outcome(self) -> Outcome:
        """What the books say, after the last chunk."""
        name = type(self._product).__name__
        self._returned[~self._settled] = self._value[~self._settled]
        booked = self._booked()
        self._verify(booked["lines"])
        missing = self._position.missing_capital
        waited = self._cash_growth / self._cash_growth_at_exit
        growth = self._cash_growth if self._product.asset == self._now.numeraire else self._asset_growth * waited
        return Outcome(
            product=name,
            asset=self._product.asset,
            numeraire=self._now.numeraire,
            grid=self._grid,
            capital=self._capital,
            closing=_sealed(self._value),
            returned=_sealed(self._returned),
            days_to_cash=_sealed(self._days_to_cash),
            settled=_sealed(self._settled),
            missing_capital=self._per_path(0.0 if missing is None else missing),
            deployed=_sealed(self._deployed),
            drawdown=_sealed(1.0 - np.maximum(self._worst, 0.0)),
            contribution_days=_sealed(self._book.contribution_days()),
            opening_price=self._per_path(self._first_price),
            asset_growth=self._per_path(growth),
            cash_growth=self._per_path(self._cash_growth),
            control=None if self._mean_growth is None else _sealed(self._control),
            values=None if self._values is None else _sealed(self._values),
            years_earning=self._years_earning(),
            starts=None if self._record is None or self._now.starts is None else frozen(self._now.starts),
            record=None if self._record is None else tuple(self._record),
            **booked,
        )

    def _verify(self, lines: Mapping[Line, FloatArray]) -> None:
        """The books of every run are held to what is promised of them."""
        held = np.zeros(self._value.shape)
        self._book.put_value(held)  # the last value may be of a step before, where no entry has changed it
        accounts = Accounts(
            who=type(self._product).__name__,
            first=self._first_path,
            capital=self._capital,
            closing=held,
            peak=self._peak,
            lines=lines,
            n_steps=self._grid.n_steps,
        )
        accounts.refuse_overflow()
        if self._verified:
            accounts.verify(self._book, rates_fell=self._rates_fell)

    def _booked(self) -> dict[str, Any]:
        """What stands in the books, as fields of an outcome."""
        totals, asset = self._book.totals(), self._product.asset
        found: dict[str, Any] = {
            "lines": _frozen_map(totals.lines),
            "coins_gross": self._sum(totals.in_coin(asset, gross=True)),
            "coins_net": self._sum(totals.in_coin(asset, gross=False)),
            "contract_price": _sealed(-self._sum(totals.prepaid(self._now.numeraire))),
        }
        if self._keep != "lines":
            found |= {name: _frozen_map(getattr(totals, name)) for name in ("native", "coins", "units")}
            found["late"] = _frozen_map(self._late())
        return found

    def _sum(self, amounts: Iterable[FloatArray]) -> FloatArray:
        total = np.zeros(self._value.shape)
        for amount in amounts:
            total += amount
        return _sealed(total)

    def _years_earning(self) -> float:
        """Years to the exit, or to the last day of pay after it that the grid still holds."""
        exit_day, last_day = float(self._grid.days[self._grid.exit]), float(self._grid.days[-1])
        paid_to = self._position.last_day_of_pay
        return exit_day / DAYS_PER_YEAR if paid_to is None else min(max(paid_to, exit_day), last_day) / DAYS_PER_YEAR

    def _per_path(self, value: PathValue) -> FloatArray:
        return np.broadcast_to(np.asarray(value, dtype=np.float64), self._value.shape)


def _sealed(values: AnyArray) -> AnyArray:
    """A view that cannot be written through, without a copy: the arrays of a part are copied when parts are joined."""
    view = values.view()
    view.flags.writeable = False
    return view


def _frozen_map(arrays: Mapping[K, FloatArray]) -> Mapping[K, FloatArray]:
    return FrozenMap({key: _sealed(array) for key, array in arrays.items()})


def run_block(
    products: Mapping[str, "Product"],
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
        What the market's first path is called in messages.
    verified
        Whether the books are verified (`ledger.audit`). Checks that do so themselves leave it out.
    """
    with np.errstate(all="ignore"):  # whatever the host has set; overflow is found at the end
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
            run.take(chunk)  # which lets go of the last rows
    return {name: runs.pop(name).outcome() for name in products}  # free each book once it is read


def run_market(product: "Product", market: Market, *, capital: object, keep: object, verified: bool = True) -> Outcome:
    """Run one product through one market, in blocks of paths that fit the cache. See `Product.run`."""
    where = f"{type(product).__name__}.run"
    checks.instance(f"{where}: market", market, Market, 'Market(grid, {Price("ETH"): 3000.0})')
    money = checks.positive("run: capital", capital)
    kept: Keep = checks.choice("run: keep", keep, KEEPS)  # type: ignore[assignment]
    if kept == "ledger":
        refuse_wide_ledger(market.n_paths)
    market.require(product.factors, type(product).__name__)
    collector = Collector(market.n_paths)
    start = 0
    for part in market.parts():
        part_run = run_block({"": product}, part, money, kept, first_path=start, verified=verified)
        collector.put(start, part_run[""])
        start += part.n_paths
    outcome = collector.outcome()
    if not outcome.feasible.any():
        least = float(outcome.missing_capital.min())
        rule = f"is too little for {type(product).__name__}: {least:,.2f} {market.numeraire} are missing"
        checks.refuse("run: capital", rule, money)
    return outcome
