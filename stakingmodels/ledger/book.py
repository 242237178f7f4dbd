"""`Book`: accounts of one position, and totals posted under each line. All changes of holdings go through it."""

from collections.abc import Callable, Iterator

import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray, IntArray, PathValue
from stakingmodels.display import packed
from stakingmodels.ledger.account import PAID_OUT, WALLET, Account, divide
from stakingmodels.ledger.guards import (
    check_cause,
    check_charge,
    check_cost,
    check_paths,
    check_units,
    check_unpaid,
    refuse_books,
)
from stakingmodels.ledger.journal import Journal
from stakingmodels.ledger.lines import Line, LineShares
from stakingmodels.ledger.observers import Observer, Observers
from stakingmodels.ledger.queue import Queue
from stakingmodels.ledger.sums import LineSums
from stakingmodels.ledger.totals import BookTotals
from stakingmodels.ledger.valuation import Valuation
from stakingmodels.market import Factor, Now
from stakingmodels.values import any_of, at, is_zero, lowest

_TRANSFER = "Book.pay_to"


class Book:
    """Accounts of one position, and the total posted under each `Line`, in coins and in money, for a block of paths.

    A position gets its book when it is opened. Everything it earns, pays and loses goes through its verbs; then
    ``closing = opening + sum of lines`` on every path. Most verbs take `paths`, the indices of the paths that change
    (all by default); amounts are then one number, or one for each of these paths.

    Attributes
    ----------
    cash
        Money in the wallet, kept for costs and for investing.
    paid_out
        Money paid out to the holder: it earns the cash rate, and is never charged nor invested again.
    journal, valuation, observers
        Entries and their totals; accounts with their values; and who is told of entries. The engine reads them.
    """

    def __init__(self, now: Now, coin: str, *, name: str = "", observers: Observers | None = None) -> None:
        self.name = name
        self.children: list[Book] = []
        self._coin, self._now, self._n = coin, now, now.n_paths
        self.observers = Observers() if observers is None else observers
        self.journal = Journal(coin, now, self.observers)
        self.valuation = Valuation(now, name)
        self._checked: IntArray | None = None
        _, self._need = now.book_scratch
        self.cash = self.account(now.numeraire)
        self.paid_out = self.account(now.numeraire, PAID_OUT)

    def __repr__(self) -> str:
        named = [f"{account.asset} {account.place}" for account in self.valuation.accounts() if account.active]
        return packed(f"Book({self._coin!r}, {self._n:,} paths: ", named)

    # Places

    def account(self, asset: str, place: str = WALLET, mark: Factor | None = None) -> Account:
        """The account of an asset in a place; opened empty when first asked for.

        Parameters
        ----------
        asset
            Name of the coin or money.
        place
            Where it is: ``"wallet"``, ``"staked"``, ``"unbonding"``, ... Only ``"debt"`` and ``"owed"`` go negative.
        mark
            A factor by which the asset's price is multiplied, such as ``MarketRatio("stETH")``.
        """
        return self.valuation.account(asset, place, mark)

    def queue(self, place: str, asset: str | None = None, mark: Factor | None = None) -> Queue:
        """The queue of units that wait in a place, of the book's own coin by default."""
        account = self.account(asset or self._coin, place, mark)
        return account.tickets if isinstance(account.tickets, Queue) else Queue(self, account)

    def child(self, name: str, coin: str | None = None) -> "Book":
        """A book of its own for a part of this position, with its own coin; this book's totals include it."""
        book = Book(self._now, coin or self._coin, name=f"{self.name}/{name}", observers=self.observers)
        self.children.append(book)
        return book

    def observe(self, observer: Observer) -> None:
        """Call ``observer(step, line, account, units, paths)`` at every entry of this book and all related books.

        `line` is None for one side of a move, trade or transfer; `units` are signed, one for each of the `paths` (None:
        all), and only valid during the call.
        """
        self.observers.add(observer)

    # Gains and losses

    def post(self, cause: LineShares, account: Account, units: PathValue, paths: IntArray | None = None) -> None:
        """Book a gain (positive units) or a loss (negative) of an account, with its cause.

        Parameters
        ----------
        cause
            A line; or lines and the fixed share of `units` that each has, such as
            ``((Line.CONSENSUS, 0.99), (Line.DOWNTIME, -0.01))``, which costs no more than one line. Shares must be the
            same in every step: each set of shares has a sum of its own. See `earn` for a reward and its fee.
        account
            The account that changes. A queue's tickets change with it, in proportion.
        units
            Change in units.
        paths
            Indices of the paths that change, if not all.

        Raises
        ------
        BookError, InputTypeError
            For a line that the book alone posts (`PRICE`, `DISCOUNT`, `CONTRIBUTION`), shares whose signs contradict
            each other, and units or paths of a wrong shape. In a run also where a line ends up with the wrong sign.
        """
        sums = account.sums.get(cause) or self._first(check_cause("Book.post", cause), account)
        self._check("Book.post", units, paths)
        self.journal.enter(sums, account, account.unaliased(units), paths)

    def earn(
        self,
        line: Line,
        account: Account,
        units: PathValue,
        rate: PathValue = 1.0,
        *,
        fee_line: Line | None = None,
        fee: PathValue = 0.0,
        paths: IntArray | None = None,
    ) -> None:
        """Book a reward in an account, with the fee on it. A negative reward is booked alone, without a fee.

        Parameters
        ----------
        line, account, units, rate
            The reward is ``units * rate``; of units that earn, 0 or more, if a rate is given.
        fee_line, fee
            Line of the fee, and the fraction of the reward that it takes, one number or one per path.
        paths
            Indices of the paths that change, if not all.
        """
        self._check("Book.earn", units, paths)
        if fee_line is None and not is_zero(fee):
            refuse_books("Book.earn: fee_line", "must name the line of the fee", fee_line, "Line.COMMISSION")
        has_rate = isinstance(rate, np.ndarray) or rate != 1.0
        earned = np.multiply(units, rate, out=self._need if paths is None else None) if has_rate else units
        if lowest(rate if has_rate else units) < 0.0:
            self.post(line, account, np.minimum(earned, 0.0), paths)
            earned = np.maximum(earned, 0.0)
        known = None if fee_line is None else account.rewards.get((line, fee_line))
        if fee_line is None or (known is None and is_zero(fee)):
            self.post(line, account, earned, paths)
            return
        if known is None or known[0] is not fee:  # a constant fee is checked once
            check_cause("Book.earn", line)
            check_cost(fee_line, fee, "Book.earn", ("fee_line", "fee"))
        self.journal.reward(line, fee_line, fee, account, account.unaliased(earned), paths)

    def lose(self, line: Line, account: Account, fraction: PathValue, paths: IntArray | None = None) -> FloatArray:
        """Book the loss of a fraction of an account's units, in [0, 1]; returns the units lost, one for each path."""
        check_cost(line, fraction, "Book.lose", ("line", "fraction"))
        units = account.units if paths is None else account.units[paths]
        lost: FloatArray = units * np.asarray(fraction)
        if account.active:
            self.post(line, account, -lost, paths)
        return lost

    def charge(self, line: Line, amount: PathValue, first: Account | None = None) -> None:
        """Pay a cost in money: from cash, then from wallet coins, then from the holder's pocket (`CONTRIBUTION`).

        Parameters
        ----------
        line
            A line of cost, fee or loss.
        amount
            Money, 0 or more (otherwise `BookError`), for all paths or one per path.
        first
            An account that pays before all others, such as the balance a contract deducts its fees from.
        """
        check_charge(line, amount, self._n, first)
        due: PathValue = amount
        paths: IntArray | None = None
        for purse in self.valuation.payers if first is None else [first, *self.valuation.payers]:
            if not purse.active:
                continue
            due, paths = self._pay(line, purse, due, paths)
            if paths is not None and not paths.size:
                return
        if is_zero(due):
            return
        self.journal.pay_in(due, paths)
        paid_in: LineShares = ((Line.CONTRIBUTION, 1.0), (line, -1.0))  # and spent at once: one entry for both
        self.journal.enter(self.cash.sums.get(paid_in) or self._first(paid_in, self.cash), self.cash, due, paths)

    def _pay(
        self, line: Line, purse: Account, due: PathValue, paths: IntArray | None
    ) -> tuple[PathValue, IntArray | None]:
        """Pay money due on some paths (None for all) from one account; returns the unpaid amounts and their paths."""
        paid, short = purse.affords(due, paths, self._need)
        left = at(due, short) - paid[short] * at(at(purse.priced_group.value, paths), short) if short.size else 0.0
        cause = ((line, -1.0),)
        self.journal.enter(purse.sums.get(cause) or self._first(cause, purse), purse, paid, paths)
        return left, short if paths is None else paths[short]

    # Moves

    def move(
        self,
        from_account: Account,
        to_account: Account,
        units: PathValue | None = None,
        paths: IntArray | None = None,
    ) -> None:
        """Move units of one asset between places; all of them by default. A different mark books a `DISCOUNT`."""
        if from_account.asset != to_account.asset:
            rule = f"must be between accounts of one asset; {to_account} is not"
            checks.refuse("Book.move", rule, from_account, "Book.trade")
        if units is None and not from_account.active:
            return
        moved = self._given("Book.move", from_account, to_account, units, paths)
        if from_account.priced_group is not to_account.priced_group:
            values = from_account.priced_group.value, to_account.priced_group.value
            self.journal.remark(self._now, moved, *values, paths)
        self.journal.shift(from_account, moved, paths, whole=units is None, sign=-1.0)
        self.journal.shift(to_account, moved, paths)

    def trade(
        self,
        from_account: Account,
        to_account: Account,
        units: PathValue | None = None,
        cost: PathValue = 0.0,
        line: Line = Line.TRADING,
        paths: IntArray | None = None,
    ) -> None:
        """Give `units` of one asset for another at market; all of them by default.

        Parameters
        ----------
        units
            Units of `from_account` given up in all, the cost of a purchase included.
        cost
            Fraction of the amount traded, in [0, 1]: on top of a purchase with the wallet's money (``units / (1 +
            cost)`` is spent on coins), out of the proceeds of any other trade. Others raise `BookError`.
        line
            The line of the cost: a fee, cost or loss.
        paths
            Indices of the paths that trade, if not all.

        Notes
        -----
        Where the price of `to_account` is 0 nothing is traded on that path. Between places of one asset this is a
        `move`, free of cost.
        """
        if from_account.asset == to_account.asset and from_account.mark == to_account.mark:
            self.move(from_account, to_account, units, paths)
            return
        if units is None and not from_account.active:
            return
        given = self._given("Book.trade", from_account, to_account, units, paths)
        price, positive = at(to_account.priced_group.value, paths), to_account.priced_group.positive
        whole = units is None and positive
        if not positive:
            given = given * np.greater(price, 0.0)
        has_fee, buys = not is_zero(cost), from_account is self.cash
        if has_fee:
            check_cost(line, cost)
        spent = given / (1.0 + cost) if has_fee and buys else given
        if has_fee and buys:
            self.post(line, from_account, spent - given, paths)
        self.journal.shift(from_account, spent, paths, whole=whole, sign=-1.0)
        bought = spent * at(from_account.priced_group.value, paths)
        if not to_account.priced_group.is_money:
            bought = divide(bought, price, np.empty(self._n if paths is None else paths.size), positive=positive)
        if has_fee and to_account is self.paid_out:
            self.journal.reward(None, line, cost, to_account, bought, paths)
        else:
            self.journal.shift(to_account, bought, paths)
            if has_fee and not buys:
                self.post(line, to_account, bought * -cost, paths)

    def pay_out(
        self, account: Account, units: PathValue | None = None, cost: PathValue = 0.0, paths: IntArray | None = None
    ) -> None:
        """Sell units, all by default, and pay the proceeds out to the holder; `cost` is the fraction of the sale."""
        if account.active and account is not self.paid_out:
            self.trade(account, self.paid_out, units, cost, paths=paths)

    def pay_to(
        self, book: "Book", account: Account, units: PathValue | None = None, paths: IntArray | None = None
    ) -> None:
        """Transfer units into the wallet of a related book: it is no line, and both books still close."""
        to_account = book.account(account.asset, WALLET, account.mark)
        moved = self._given(_TRANSFER, account, to_account, units, paths)
        self.journal.shift(account, moved, paths, whole=units is None, sign=-1.0)
        book.receive(to_account, moved, paths)

    def receive(self, account: Account, units: PathValue, paths: IntArray | None = None) -> None:
        """Receive units from a related book, or the opening capital; it is no line."""
        self.journal.shift(account, units, paths)

    # Called by the engine

    def advance(self, now: Now, interest: PathValue) -> None:
        """Book the interval's price moves on the opening holdings, and the interest on cash."""
        self.journal.is_dirty = self.valuation.reprice(self.journal, now)
        if not is_zero(interest):
            for account in (self.cash, self.paid_out):
                sums = account.sums.get(Line.INTEREST)
                if account is self.cash or sums is None:  # the wallet may have been emptied
                    account.active = account.active and any_of(account.units)
                if account.active:
                    sums = sums or self._first(Line.INTEREST, account)
                    self.journal.enter(sums, account, account.units * interest, None, flows=False)
        for book in self.children:
            book.advance(now, interest)

    @property
    def is_dirty(self) -> bool:
        """Whether the value may have changed since the interval began, in this book or its children."""
        return self.journal.is_dirty or any(book.is_dirty for book in self.children)

    @property
    def is_paid_out(self) -> bool:
        """Whether it and its children hold nothing on any path but money paid out."""
        accounts = (account for book in self.family() for account in book.valuation.accounts())
        return not any(each.active and each.place != PAID_OUT and any_of(each.units) for each in accounts)

    def sweep(self, paths: IntArray | None) -> None:
        """Pay out the money in the wallets of this book and its children."""
        for book in self.family():
            if book.cash.active and not is_zero(at(book.cash.units, paths)):
                book.move(book.cash, book.paid_out, paths=paths)

    def value_into(self, out: FloatArray, *, begun: bool = False) -> bool:
        """Write the value of all holdings into `out`, or add it if that has `begun`; returns whether it has then."""
        begun = self.valuation.value_into(out, begun=begun)
        for book in self.children:
            begun = book.value_into(out, begun=begun)
        return begun

    def market_value(self, counts: Callable[[Account], bool], paths: IntArray | None = None) -> FloatArray:
        """Value of the accounts chosen by `counts`, in all books, one for each of the paths."""
        out = np.zeros(self._n if paths is None else paths.size)
        for book in self.family():
            book.valuation.add_value(out, counts, paths)
        return out

    def uncashed_value(self, paths: IntArray | None = None) -> FloatArray:
        """Absolute value of all holdings but money in a wallet or paid out, one for each of the paths."""
        out = np.zeros(self._n if paths is None else paths.size)
        for book in self.family():
            book.valuation.add_uncashed(out, paths)
        return out

    def family(self) -> "Iterator[Book]":
        """The book, its children, and theirs."""
        yield self
        for book in self.children:
            yield from book.family()

    def totals(self) -> BookTotals:
        """Lines, native amounts, coins and units."""
        below = [book.totals() for book in self.children]
        return self.journal.totals(self.valuation.accounts(), below)

    # Inside

    def _first(self, cause: LineShares, account: Account) -> LineSums:
        """Totals of a cause that is entered in an account for the first time."""
        return account.sums.setdefault(cause, self.journal.sums(cause, account))

    def _check(self, where: str, units: PathValue, paths: IntArray | None) -> None:
        if paths is not None and paths is not self._checked:  # several lines may hit the same paths
            check_paths(where, paths, self._n)
            self._checked = paths
        check_units(where, units, self._n if paths is None else paths.size)

    def _given(
        self, where: str, from_account: Account, to_account: Account, units: PathValue | None, paths: IntArray | None
    ) -> PathValue:
        """Units to be moved, in an array that no change of either account changes."""
        if where != _TRANSFER:
            check_unpaid(where, from_account)
        if units is None:
            self._check(where, 0.0, paths)
            return from_account.units.copy() if paths is None else from_account.units[paths]
        self._check(where, units, paths)
        return to_account.unaliased(from_account.unaliased(units))
