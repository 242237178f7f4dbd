"""`Book`: accounts of one position, and totals posted under each line. All changes of holdings go through it."""

from collections.abc import Callable, Iterable, Iterator
from typing import Self

import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray, IntArray, PathValue
from stakingmodels.display import packed
from stakingmodels.ledger.account import PREPAID, WALLET, Account, PricedGroup, divide
from stakingmodels.ledger.guards import check_cause, check_charge, check_cost, check_paths, check_units
from stakingmodels.ledger.journal import Journal
from stakingmodels.ledger.lines import Line, LineShares
from stakingmodels.ledger.record import Entry, wide
from stakingmodels.ledger.sums import LineSums
from stakingmodels.ledger.totals import BookTotals
from stakingmodels.market import CashRate, Factor, Now
from stakingmodels.series import frozen
from stakingmodels.values import at, is_zero, lowest


class Book:
    """Accounts of one position, and the total posted under each `Line`, in coins and in money, for a block of paths.

    A position gets its book when it is opened. Everything it earns, pays and loses goes through `post`, `charge`,
    `move`, `trade` and `pay_to`; then ``closing = opening + sum of lines`` on every path.
    """

    def __init__(self, now: Now, coin: str, *, name: str = "", record: list[Entry] | None = None) -> None:
        self.name = name
        self.children: list[Book] = []
        self.received: PathValue = 0.0
        """Value received from related books, net of value paid to them."""
        self._now = now
        self._coin = coin
        self._n = now.n_paths
        self._holdings: dict[tuple[str, Factor | None], PricedGroup] = {}
        self._members: dict[tuple[str, Factor | None], list[Account]] = {}
        self._accounts: dict[tuple[str, str, Factor | None], Account] = {}
        self._payment_accounts: list[Account] = []  # accounts that pay costs: cash, then coins in the wallet
        self._journal = Journal(coin, now)
        self._checked: IntArray | None = None
        self._dirty = self._cash_moved = True
        self._contributed: FloatArray | None = None  # in the step that closes
        self._tmp, self._need = now.book_scratch
        self._record = record
        self._cash_rate = CashRate(now.numeraire)
        self.cash = self.account(now.numeraire)

    def __repr__(self) -> str:
        return packed(f"Book({self._coin!r}, {self._n:,} paths: ", [f"{asset} {at}" for asset, at, _ in self._accounts])

    # Accounts

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
        key = (asset, place, mark)
        found = self._accounts.get(key)
        if found is None:
            holdings = self._holdings.get((asset, mark))
            if holdings is None:
                holdings = self._holdings[asset, mark] = PricedGroup(asset, mark, self._now)
            found = self._accounts[key] = Account(holdings, place, self._n)
            # not on the holdings, which the account knows: a reference cycle would keep dead books alive
            self._members.setdefault((asset, mark), []).append(found)
            if place == WALLET and mark is None:
                self._payment_accounts.append(found)
        return found

    def child(self, name: str, coin: str | None = None) -> "Book":
        """A book of its own for a part of this position, with its own coin; this book's totals include it."""
        book = Book(self._now, coin or self._coin, name=f"{self.name}/{name}", record=self._record)
        self.children.append(book)
        return book

    # Changes of holdings

    def post(self, cause: LineShares, account: Account, units: PathValue, paths: IntArray | None = None) -> None:
        """Book a gain (positive units) or a loss (negative) of an account, with its cause.

        Parameters
        ----------
        cause
            A line; or lines and the fixed share of `units` that each has, such as a reward and the commission on it,
            ``((Line.CONSENSUS, 1.0), (Line.COMMISSION, -0.1))``, which costs no more than one line. Shares should be
            the same in every step: each set of shares has a sum of its own.
        account
            The account that changes.
        units
            Change in units, for all paths or one per path.
        paths
            Indices of the paths that change, if not all; `units` then has one value for each of them.

        Raises
        ------
        BookError, InputTypeError
            For a line that the book alone posts (`PRICE`, `DISCOUNT`, `CONTRIBUTION`), shares whose signs contradict
            each other, and units or paths of a wrong shape. In a run also where a line ends up with the wrong sign.
        """
        sums = account.sums.get(cause)
        if sums is None:
            sums = account.sums[cause] = self._sums(check_cause("Book.post", cause), account)
        if paths is not None and paths is not self._checked:  # several lines may hit the same paths
            check_paths("Book.post", paths, self._n)
            self._checked = paths
        check_units("Book.post", units, self._n if paths is None else paths.size)
        self._enter(sums, account, account.unaliased(units), paths)

    def _enter(self, sums: LineSums, account: Account, units: PathValue, paths: IntArray | None) -> None:
        value = account.priced_group.value
        tmp = self._tmp
        if paths is None:
            if sums.net == -1.0:
                np.subtract(account.raw_units, units, out=account.raw_units)
            else:
                kept = units if sums.net == 1.0 else np.multiply(units, sums.net, out=tmp)
                np.add(account.raw_units, kept, out=account.raw_units)
            np.add(sums.units, units, out=sums.units)
            worth = units
            if sums.money is not None:
                worth = np.multiply(units, value, out=tmp)
                np.add(sums.money, worth, out=sums.money)
        else:
            account.raw_units[paths] += units * sums.net
            sums.units[paths] += units
            worth = units * at(value, paths)
            if sums.money is not None:
                sums.money[paths] += worth
        account.active = self._dirty = True
        if account is self.cash:
            self._cash_moved = True
        if sums.coins is not None and account.coins_a_unit is None:
            self._journal.add_coins(self._now, sums.coins, worth, paths)
        elif sums.coins is not None:
            account.add_prepaid(sums.coins, units, paths)
        if self._record is not None:
            for line, share in sums.shares:
                self._note(line, account, units * share, paths)

    def move(self, from_account: Account, to_account: Account, units: PathValue | None = None) -> None:
        """Move units of one asset between places; all of them by default. A different mark books a `DISCOUNT`."""
        if from_account.asset != to_account.asset:
            rule = f"must be between accounts of one asset; {to_account} is not"
            checks.refuse("Book.move", rule, from_account, "Book.trade")
        if units is not None or from_account.active:
            moved = from_account.units.copy() if units is None else to_account.unaliased(from_account.unaliased(units))
            if from_account.priced_group is not to_account.priced_group:
                self._journal.remark(self._now, moved, from_account.priced_group.value, to_account.priced_group.value)
            self._shift(from_account, moved, all_of_it=units is None, sign=-1.0)
            self._shift(to_account, moved)

    def trade(
        self,
        from_account: Account,
        to_account: Account,
        units: PathValue | None = None,
        cost: PathValue = 0.0,
        line: Line = Line.TRADING,
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

        Notes
        -----
        Where the price of `to_account` is 0 nothing is traded on that path. Between places of one asset this is a
        `move`, free of cost.
        """
        if from_account.asset == to_account.asset and from_account.mark == to_account.mark:
            self.move(from_account, to_account, units)
            return
        given = from_account.units.copy() if units is None else to_account.unaliased(from_account.unaliased(units))
        price = to_account.priced_group.value
        whole = units is None
        if not to_account.priced_group.positive:
            given = given * np.greater(price, 0.0)
            whole = False
        has_fee = not is_zero(cost)
        if has_fee:
            check_cost(line, cost)
        spent = given / (1.0 + cost) if has_fee and from_account is self.cash else given
        if has_fee and from_account is self.cash:
            self.post(line, from_account, spent - given)
        self._shift(from_account, spent, all_of_it=whole, sign=-1.0)
        bought = spent * from_account.priced_group.value
        if to_account is not self.cash:
            bought = divide(bought, price, np.empty(self._n), positive=to_account.priced_group.positive)
        self._shift(to_account, bought)
        if from_account is not self.cash and has_fee:
            self.post(line, to_account, bought * np.negative(cost))

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
        check_charge(line, amount, self._n)
        due: PathValue = amount
        paths: IntArray | None = None
        for purse in self._payment_accounts if first is None else [first, *self._payment_accounts]:
            if not purse.active:
                continue
            due, paths = self._pay(line, purse, due, paths)
            if paths is not None and not paths.size:
                return
        if is_zero(due):
            return
        paid_in = wide(due, paths, self._n)
        self._contributed = paid_in if self._contributed is None else self._contributed + paid_in
        self._enter(self._sums(Line.CONTRIBUTION, self.cash), self.cash, due, paths)
        self.post(line, self.cash, -due, paths)

    def _pay(
        self, line: Line, purse: Account, due: PathValue, paths: IntArray | None
    ) -> tuple[PathValue, IntArray | None]:
        """Pay money due on some paths (None for all) from one account; returns the unpaid amounts and their paths."""
        paid, short = purse.affords(due, paths, self._need)
        value = at(purse.priced_group.value, paths)
        left = at(due, short) - paid[short] * at(value, short)
        self.post(((line, -1.0),), purse, paid, paths)
        return left, short if paths is None else paths[short]

    def pay_to(self, book: "Book", account: Account, units: PathValue | None = None) -> None:
        """Transfer units to the same kind of account of a related book: it is no line, and both books still close."""
        moved = account.units.copy() if units is None else account.unaliased(units)
        paid = np.array(np.broadcast_to(moved * account.priced_group.value, (self._n,)))
        self._shift(account, moved, all_of_it=units is None, sign=-1.0)
        self.received = self.received - paid
        book.receive(book.account(account.asset, WALLET, account.mark), moved, paid)

    def receive(self, account: Account, units: PathValue, value: PathValue) -> None:
        """Receive units from a related book: the other side of `pay_to`."""
        self._shift(account, units)
        self.received = self.received + value

    # Called by the engine

    def deposit(self, capital: float) -> Self:
        """Put the opening capital into the wallet; it is not a line."""
        self._shift(self.cash, capital)
        return self

    def advance(self, now: Now) -> None:
        """Book the interval's price moves on the opening holdings, and the interest on cash."""
        self._dirty = self._cash_moved = False
        for holdings in self._holdings.values():
            if not holdings.is_money:
                if holdings.total is not None:
                    self._reprice(holdings, holdings.total, now)
                holdings.revalue(now)
        interest = now[self._cash_rate]
        if self.cash.active and not is_zero(interest):
            self.post(Line.INTEREST, self.cash, self.cash.units * interest)
            self._cash_moved = False
        for book in self.children:
            book.advance(now)

    @property
    def is_dirty(self) -> bool:
        """Whether the value may have changed since the interval began, in this book or its children."""
        return self._dirty or any(book.is_dirty for book in self.children)

    @property
    def cash_moved(self) -> bool:
        """Whether money may have moved into or out of a wallet in this interval, interest aside."""
        return self._cash_moved or any(book.cash_moved for book in self.children)

    def take_contributed(self) -> FloatArray | None:
        """Contributions of the holder since the last call, ``(n_paths,)``; None if there were none."""
        parts = [self._contributed, *(book.take_contributed() for book in self.children)]
        self._contributed = None
        paid_in = [part for part in parts if part is not None]
        return sum(paid_in[1:], paid_in[0]) if paid_in else None

    def value_into(self, out: FloatArray, *, begun: bool = False) -> bool:
        """Write the value of all holdings of this book and its children into `out`, ``(n_paths,)``.

        Parameters
        ----------
        begun
            Whether `out` already holds the value of other books, to which this is added; returned for the next book.
        """
        for key, holdings in self._holdings.items():
            total = holdings.add_up(self._members[key])
            if total is None:
                continue
            if not begun:
                np.multiply(total, holdings.value, out=out)
            elif holdings.is_money:
                np.add(out, total, out=out)
            else:
                np.add(out, np.multiply(total, holdings.value, out=self._tmp), out=out)
            begun = True
        for book in self.children:
            begun = book.value_into(out, begun=begun)
        return begun

    def market_value(self, counts: Callable[[Account], bool]) -> FloatArray:
        """Value of the accounts chosen by `counts`, in this book and its children, ``(n_paths,)``."""
        out = np.zeros(self._n)
        for account in self._accounts.values():
            if account.active and counts(account):
                out += account.units * account.priced_group.value
        for book in self.children:
            out += book.market_value(counts)
        return out

    def uncashed_value(self) -> FloatArray:
        """Absolute value of all holdings but money in a wallet, in this book and its children, ``(n_paths,)``."""
        out = np.zeros(self._n)
        for account in self._accounts.values():
            if account.active and account is not self.cash:
                out += account.gross_value()
        for book in self.children:
            out += book.uncashed_value()
        return out

    # Totals of this book and its children; ``(n_paths,)`` each

    def everywhere(self) -> Iterator[tuple[Iterable[Account], Iterable[LineSums]]]:
        """Accounts and sums of this book, then of each of its children."""
        yield self._accounts.values(), self._journal.posted()
        for book in self.children:
            yield from book.everywhere()

    @property
    def turnover(self) -> PathValue:
        """Largest value moved between marks, summed over this book and its children."""
        return sum((book.turnover for book in self.children), self._journal.turnover)

    def totals(self) -> BookTotals:
        """Lines, native amounts, coins and units."""
        below = [book.totals() for book in self.children]
        return self._journal.totals(self._accounts.values(), below)

    # Inside

    def _sums(self, cause: LineShares, account: Account) -> LineSums:
        return self._journal.sums(cause, account, is_cash=account is self.cash)

    def _shift(self, account: Account, units: PathValue, *, all_of_it: bool = False, sign: float = 1.0) -> None:
        self._dirty = True
        if account is self.cash:
            self._cash_moved = True
        elif account.place == PREPAID and sign > 0.0:
            account.prepay(units, self._journal.in_coins(self._now, units * account.priced_group.value))
        if all_of_it:
            account.raw_units.fill(0.0)  # exactly 0, where a subtraction might leave a rounding
            account.active = False
        else:
            change = np.add if sign > 0.0 else np.subtract
            change(account.raw_units, units, out=account.raw_units)
            account.active = True
            if sign < 0.0 and lowest(account.raw_units) < 0.0:  # roundings are judged by the amount moved
                account.slack = np.maximum(account.slack, np.abs(units))
        if self._record is not None:
            self._note(None, account, sign * np.asarray(units))

    def _reprice(self, holdings: PricedGroup, total: FloatArray, now: Now) -> None:
        """Book the interval's price and mark moves on the opening holdings."""
        self._dirty = True
        tmp = np.multiply(total, now.move(holdings.price, out=self._tmp), out=self._tmp)
        if holdings.mark is not None:
            np.multiply(tmp, now.opening(holdings.mark), out=tmp)
        self._journal.add_money(Line.PRICE, tmp)
        if holdings.mark is not None:
            np.multiply(total, now.move(holdings.mark, out=tmp), out=tmp)
            self._journal.discount(self._now, np.multiply(tmp, now[holdings.price], out=tmp))

    def _note(self, line: Line | None, account: Account, units: PathValue, paths: IntArray | None = None) -> None:
        """Keep an entry of the step ledger, if the run asked for one."""
        if self._record is not None:
            where = (self.name, account.asset, account.place, account.mark)
            self._record.append(Entry(self._now.step, line, *where, frozen(wide(units, paths, self._n))))
